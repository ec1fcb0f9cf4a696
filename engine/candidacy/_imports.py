"""Importing: a file of commands, read as a whole, judged in order, and kept in transactions that are each acknowledged.

First everything is read; if anything cannot be read, all of it is said and nothing is entered. Then everything is judged
on a copy in memory; what may not even be judged (an unknown case, a day to come) is treated the same. Only then is
anything entered. Refusals by rules are records like any other and stop nothing.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from sys import intern

import attrs

from candidacy._sources import Source
from candidacy.codec import command_in, write_command
from candidacy.decision import Command, Json
from candidacy.errors import CandidacyError, InputError, OvertakenError, Problem
from candidacy.events import Beginning
from candidacy.keeping import Keeper
from candidacy.overlay import OverlayLedger
from candidacy.record import Record

MOST_PROBLEMS = 10_000
"""How many of a file are told; after so many, nobody reads on."""
A_TRANSACTION = 500
"""Commands kept together."""
LONGEST_ID = 64


class Outcome(StrEnum):
    """What becomes of a command of the file."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    ALREADY_THERE = "already there"
    OFFERED = "offered as a correction"


@attrs.frozen
class Arrival:
    """A command of the file and what became of it.

    Attributes:
        where: the line or row it came from.
        index: of the record that answers it; of a correction that is offered, of the accepted record it would correct.
        refused_by: the rules that refuse it.
        differs: of a correction that is offered, the parts of the command that are not the same.
    """

    where: str
    command: str
    case: str
    type_name: str
    day: date
    outcome: Outcome
    index: int
    refused_by: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "where": self.where,
            "command": self.command,
            "outcome": str(self.outcome),
            "record": self.index,
            "case": self.case,
            "refused_by": list(self.refused_by),
            "differs": list(self.differs),
        }


def checked(source: Source) -> int:
    """How many commands the file holds, everything in it having been read.

    Raises:
        InputError: with everything in the file that cannot be read, each with its line or row.
    """
    problems, count = _Problems(), 0
    try:
        for where, said in source:
            if isinstance(said, Problem):
                problems.add(where, said)
            else:
                count += 1
            if problems.too_many:
                break
    except InputError as wrong:  # it cannot be read on
        for problem in wrong.problems:
            problems.add("", problem)
    problems.raise_if_any()
    return count


def rehearsed(keeper: Keeper, source: Source) -> Iterator[Arrival]:
    """What would become of each command, judged in order on a copy in memory.

    Raises:
        InputError: at the end, with every command that may not even be judged.
    """
    inside = keeper.on(OverlayLedger(keeper.ledger))
    problems, not_begun = _Problems(), dict[str, int]()
    for where, command in _commands(source):
        if command.case in not_begun:
            not_begun[command.case] += 1
            continue
        try:
            yield _arrival(inside, where, command)
        except CandidacyError as wrong:
            if isinstance(command.event, Beginning) and not inside.ledger.of_case(command.case):
                not_begun[command.case] = 0
            for problem in _told_of(wrong):
                problems.add(where, problem)
            if problems.too_many:
                break
    for case, many in not_begun.items():
        if many:
            found = f"{many} more commands of this case, which were not looked at"
            problems.add("", Problem(f"case {case}", found, "its beginning to be entered first"))
    problems.raise_if_any()


def kept(keeper: Keeper, source: Source, *, a_transaction: int = A_TRANSACTION) -> Iterator[list[Arrival]]:
    """Judge and keep each command, in transactions; each list is durable when it is given.

    Raises:
        CandidacyError: another writer made it impossible to go on. What was given before stays; importing again goes on.
    """
    waiting: list[tuple[str, Command]] = []

    def together() -> list[Arrival]:
        with keeper.ledger.transaction() as connection:
            inside = keeper.within(connection)
            return [_arrival(inside, where, command) for where, command in waiting]

    for told in _commands(source):
        waiting.append(told)
        if len(waiting) == a_transaction:
            yield together()
            waiting = []
    if waiting:
        yield together()


def _commands(source: Source) -> Iterator[tuple[str, Command]]:
    return ((where, said) for where, said in source if isinstance(said, Command))


def _arrival(keeper: Keeper, where: str, command: Command) -> Arrival:
    """Keep a command, unless it is there already, or was accepted with other content. A refused one may be tried anew."""
    attempt, tries = command, 1
    while (before := keeper.ledger.of_command(attempt.id)) is not None:
        differs = _differences(command_in(before.data), write_command(attempt))
        if not differs:
            return _arrived(where, before, Outcome.ALREADY_THERE)
        if before.accepted:
            return _arrived(where, before, Outcome.OFFERED, differs)
        tries += 1
        attempt = attrs.evolve(command, id=f"{command.id}#{tries}")
        if len(attempt.id) > LONGEST_ID:
            raise InputError([Problem("id", f"{len(command.id)} characters", f"at most {LONGEST_ID - 4}, to be tried anew")])
    record = keeper.keep(attempt).record
    return _arrived(where, record, Outcome.ACCEPTED if record.accepted else Outcome.REFUSED)


def _arrived(where: str, record: Record, outcome: Outcome, differs: tuple[str, ...] = ()) -> Arrival:
    refused_by = tuple(f.rule for f in record.findings if f.refuses) if outcome is Outcome.REFUSED else ()
    case, name = intern(record.case), intern(record.type_name)
    return Arrival(where, record.command, case, name, record.day, outcome, record.index, refused_by, differs)


def _differences(one: object, other: object, path: str = "") -> tuple[str, ...]:
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        inner = (_differences(one.get(n), other.get(n), f"{path}.{n}" if path else n) for n in names)
        return tuple(p for paths in inner for p in paths)
    return () if type(one) is type(other) and one == other else (path,)


def _told_of(wrong: CandidacyError) -> tuple[Problem, ...]:
    if isinstance(wrong, InputError):
        return wrong.problems
    needed = "a command made for the case as it stands" if isinstance(wrong, OvertakenError) else "a command that can be judged"
    return (Problem("", str(wrong), needed),)


class _Problems:
    """What is wrong with a file, as far as it can be told."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, where: str, problem: Problem) -> None:
        path = problem.path if not where or problem.path.startswith(where) else f"{where}, {problem.path}".rstrip(", ")
        self._found.append(attrs.evolve(problem, path=path))

    @property
    def too_many(self) -> bool:
        """Whether it is not worth while to read on."""
        return len(self._found) >= MOST_PROBLEMS

    def raise_if_any(self) -> None:
        if self.too_many:
            self._found.append(Problem("", f"{len(self._found)} problems, and did not read on", "these to be mended first"))
        if self._found:
            raise InputError(self._found)
