"""Trying things out: a life played against programs at hand, in a ledger in memory that nobody keeps.

It is for authors: what each command is answered and why, what would meet what refuses it, where the case then stands, and
what remains.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._answered import kind_of
from candidacy._lives import Line, read_life, within
from candidacy._path import path
from candidacy._status import statuses
from candidacy._supplied import supplied
from candidacy._trial import ACCEPTED, NOT_PLAYED, Trial, TriedCase, TriedCommand
from candidacy._words import Reason, reasons
from candidacy.deciding import judge
from candidacy.errors import CandidacyError, InputError, OvertakenError, Problem, refuse_other_types
from candidacy.events import Beginning
from candidacy.keeping import Keeper
from candidacy.ledger import MemoryLedger
from candidacy.program import Program
from candidacy.registry import Registry, why
from candidacy.strict import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from candidacy.case import Case
    from candidacy.keeping import Document
    from candidacy.program import Edition
    from candidacy.story import Story

ZONE = "UTC"
"""Of a ledger that nobody keeps; days are told, and never made of the hour."""


def try_out(
    programs: Program | Iterable[Program],
    life: Story | File | bytes | Iterable[Document],
    *,
    to: str | None = None,
    as_of: date | None = None,
    edition: str = "",
) -> Trial:
    """Play a life against programs at hand: every answer with its reasons, where each case stands, and what remains.

    Nothing is kept. The clock stands at the end of the last day that is told, so that no day of the life is one to come, and
    the same life is answered in the same way whenever it is played.

    Args:
        programs: one, or several.
        life: a `Story`; the `pathlib.Path` of a file with a command document in each line, or its bytes; or commands, or their
            documents, one by one. In a document ``id`` and ``case`` may be left out.
        to: the stage to reach; the one that the program is for, where none is named.
        as_of: the day for which to tell where each case stands and what remains; by default the last that is told of it.
        edition: begin cases under the edition so named, whatever their announcement says.

    Raises:
        InputError: with everything in the life that cannot be read or may not even be judged, each with its place; there is no
            such edition or stage.
    """
    refuse_other_types(to=(to, (str, type(None))), as_of=(as_of, (date, type(None))), edition=(edition, str))
    keeper = _keeper(_pinned(_chosen(programs), edition))
    lines = read_life(life, keeper.registry.codec)
    at = datetime.combine(max(line.command.day for line in lines), time.max, UTC)
    keeper = Keeper(keeper.ledger, keeper.registry, lambda: at)
    commands = _played(keeper, lines)
    by_case: dict[str, list[TriedCommand]] = {}
    for command in commands:
        by_case.setdefault(command.case, []).append(command)
    asked = _Asked(keeper, to or "", as_of)
    cases = tuple(asked.stands(case, tuple(of)) for case, of in by_case.items())
    if asked.no_stage and not any(case.path for case in cases):
        raise InputError(asked.no_stage)
    return Trial(cases)


# --- the programs


def _chosen(programs: object) -> list[Program]:
    given = list(programs) if not isinstance(programs, Program) and hasattr(programs, "__iter__") else [programs]
    chosen = [p for p in given if isinstance(p, Program)]
    wrong = [type(p).__name__ for p in given if not isinstance(p, Program)]
    if wrong or not chosen or len(chosen) != len({p.name for p in chosen}):
        found = f"a {wrong[0]}" if wrong else "a program twice" if chosen else "no program"
        raise InputError([Problem("programs", found, "a candidacy.Program, or several, each once")])
    return chosen


def _pinned(programs: list[Program], edition: str) -> list[Program]:
    """The programs, all of whose announcements pin cases to one edition, where it is named."""
    if not edition:
        return programs
    known = dict.fromkeys(e.name for p in programs for e in p.editions)
    if edition not in known:
        raise InputError([Problem("edition", f"the edition {shown(edition)}", f"one of {', '.join(known)}")])
    return [attrs.evolve(p, announcements=dict.fromkeys(p.announcements, edition)) if p.edition(edition) else p for p in programs]


def _keeper(programs: list[Program]) -> Keeper:
    return Keeper(MemoryLedger(ZONE), Registry.of(*programs))


# --- the commands


def _played(keeper: Keeper, lines: list[Line]) -> list[TriedCommand]:
    """Every command answered, or all that is wrong with those that may not even be judged."""
    found: list[TriedCommand] = []
    problems: list[Problem] = []
    refused: dict[str, Line] = {}  # of each case that has not begun, what was to begin it
    passed_over = set[str]()
    for line in lines:
        case, begins = line.command.case, isinstance(line.command.event, Beginning)
        if case in passed_over:
            continue
        if case in refused and not begins:
            found.append(_tried(line, NOT_PLAYED, why=f"the case has not begun: {refused[case].where} was not accepted"))
            continue
        try:
            tried = _answered(keeper, line)
        except CandidacyError as wrong:
            problems += _told_of(wrong, line.where)
            passed_over |= {case} if begins else set()  # what follows would only be told of a case that is not there
            continue
        found.append(tried)
        if tried.word == ACCEPTED:
            refused.pop(case, None)
        elif begins and not any(r.accepted for r in keeper.ledger.of_case(case)):
            refused.setdefault(case, line)
    if problems:
        raise InputError(problems)
    return found


def _told_of(wrong: CandidacyError, where: str) -> list[Problem]:
    if isinstance(wrong, InputError):
        return within(wrong, where)
    needed = "the version it has reached, or none" if isinstance(wrong, OvertakenError) else "a command that can be judged"
    return [Problem(where, str(wrong), needed)]


def _tried(line: Line, word: str, **more: Any) -> TriedCommand:
    command = line.command
    return TriedCommand(line.number, command.case, command.day, command.event.type_name, command.actor.person, word, **more)


def _answered(keeper: Keeper, line: Line) -> TriedCommand:
    before: tuple[Case, Edition] | None = None
    with suppress(InputError):  # what is wrong, `keep` says in full
        before = keeper.case(line.command.case, line.command.event)
    record = keeper.keep(line.command).record
    offered = keeper.registry.edition(record.edition)
    edition = offered[0] if offered else None
    said = tuple(reasons(record.findings, edition, type_name=record.type_name))
    if said and before and edition is before[1]:
        said = _with_remedies(said, line, *before)
    moved = record.moved["from"], record.moved["to"]
    word = kind_of(record.word, record.findings)
    return _tried(line, word, moved=moved, findings=record.findings, reasons=said)


def _with_remedies(said: tuple[Reason, ...], line: Line, case: Case, edition: Edition) -> tuple[Reason, ...]:
    """The reasons, those that are rules of the edition with what would meet them; the records keep none of that."""
    command = line.command
    judged = judge(edition, case, command.event, command.day, command.actor, command.how)
    checks = {j.rule: j.check for j in judged if not j.check.good}
    own = {rule.id for rule in edition.rules}
    with_them = []
    for reason in said:
        lines: tuple[str, ...] = ()
        if reason.rule in own & checks.keys() and not reason.outcome.good:
            try:
                lines = tuple(supplied(checks[reason.rule], edition))
            except Exception as failure:  # noqa: BLE001 (what a rule offers may be of any kind)
                lines = (f"what the rule offers to meet it cannot be read ({type(failure).__name__})",)
        with_them.append(attrs.evolve(reason, details=(*reason.details, *lines)))
    return tuple(with_them)


# --- where the cases stand


class _Asked:
    """Where cases stand on a day and what remains; *no_stage* is what is wrong where a case knows no stage of that name."""

    def __init__(self, keeper: Keeper, to: str, as_of: date | None) -> None:
        self.keeper, self.to, self.as_of = keeper, to, as_of
        self.no_stage: list[Problem] = []

    def stands(self, case: str, commands: tuple[TriedCommand, ...]) -> TriedCase:
        """The case as it stands and what remains."""
        records = self.keeper.ledger.of_case(case)
        on = self.as_of or max(c.day for c in commands)
        begun = next((r for r in records if r.accepted), None)
        if begun is None:
            return TriedCase(case, "", commands, why="the case did not begin")
        made = TriedCase(case, begun.edition_id, commands, next(statuses(records, as_of=on), None))
        try:
            folded, edition = self.keeper.case(case, as_of=on)
            made = attrs.evolve(made, edition=edition.id, rules=edition)
            return attrs.evolve(made, path=path(folded, edition, to=self.to, as_of=on))
        except InputError as wrong:
            self.no_stage += [p for p in wrong.problems if p.path == "to"]
            return attrs.evolve(made, why="; ".join(map(str, wrong.problems)))
        except Exception as failure:  # noqa: BLE001 (what a rule offers may be of any kind)
            return attrs.evolve(made, why=why(failure, "looking for it"))
