"""Judging commands on one ledger and keeping the answers. Everything that is decided is decided by pure functions."""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, date, datetime
from functools import partial as bound
from typing import Any, Self

import attrs

from candidacy.case import Case
from candidacy.cases import A_CASE, Cases, unknown_case
from candidacy.check import holds
from candidacy.codec import OPTIONAL, command_in, write_command
from candidacy.deciding import decide
from candidacy.decision import PLAIN, Actor, Command, Decision, Finding
from candidacy.door import at_the_door, half_read
from candidacy.errors import (
    CommandIdReusedError,
    InputError,
    LedgerBusyError,
    OpenFieldError,
    OvertakenError,
    Problem,
    UnknownCaseError,
)
from candidacy.events import Beginning, Event, content_of, fields_of
from candidacy.folding import after
from candidacy.form import FORMAT
from candidacy.interventions import EditionMoved
from candidacy.ledger import Ledger, Place, TakenError, instant
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.registry import Registry, discover

Document = Command | bytes | str | Mapping[str, Any]
"""A Command, or the JSON document of one."""
CONTENT = "candidacy.content"
TRIES = 2
"""How often a command is judged before its turn comes; if others were first each time, it is judged in its turn."""


@attrs.frozen
class Answer:
    """What became of a command: its record, and whether it had been answered before."""

    record: Record
    repeated: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the event was entered into the case."""
        return self.record.accepted

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in reading order."""
        return self.record.findings


class Keeper(Cases):
    """Judges commands by the programs that are installed and keeps each with its answer, on one ledger."""

    def __init__(self, ledger: Ledger, registry: Registry | None = None, clock: Callable[[], datetime] | None = None) -> None:
        """An engine on *ledger*.

        Args:
            registry: the programs; those of the installed plugins by default.
            clock: tells the present instant, aware; for tests and simulations.
        """
        super().__init__(ledger, registry if registry is not None else discover())
        self._clock = clock or bound(datetime.now, UTC)

    def today(self) -> date:
        """The day it is, in the ledger's time zone."""
        return self._day(self._now())

    def keep(self, command: Document, actor: Actor | None = None) -> Answer:
        """Judge a command and keep the answer. See `Engine.submit`."""
        read = self._read(command, actor)
        for _ in range(TRIES):
            kept = self._kept(read)
            if kept is not None:
                return kept
        with self.ledger.transaction() as joined:  # in which nobody else can be first
            kept = self.within(joined)._kept(read)  # noqa: SLF001 (the same on the transaction)
            if kept is None:
                raise LedgerBusyError(f"case {read.case}: found others entering during a transaction; try again")
        return kept

    def rehearse(
        self, command: Document, actor: Actor | None = None, *, known: datetime | None = None, rules: str = ""
    ) -> tuple[Decision, Edition, Record | None]:
        """What would be decided on a whole command now, and by which edition; nothing is kept. Raises what `submit` does.

        Where the command was answered before, that record too: `submit` would only repeat it, its id is spent.
        *known* and *rules* as `case` has them.
        """
        read = self._read(command, actor)
        before = self._answered(read)
        again = attrs.evolve(read, expects=None) if before else read
        _, edition, decision = self._judge(again, self._day(known) if known else self.today(), known, rules)
        return decision, edition, before

    def consider(  # noqa: PLR0913 (the question, and the clocks by which it is asked)
        self,
        case: str,
        event: Event,
        day: date | None = None,
        actor: Actor | None = None,
        *,
        known: datetime | None = None,
        rules: str = "",
    ) -> Decision:
        """What would be decided on *event* now; nothing is kept.

        Args:
            event: may be `partial`: what needs content that it does not have is undetermined, naming the field.
            day: today by default.
            actor: who would enter it; without, the question of the role is left open.
            known: as was known at that instant, and as if it were entered then.
            rules: under another edition of the program.

        Raises:
            InputError: an unknown case, an event its program does not have, or a day it may not have.
        """
        today = self._day(known) if known else self.today()
        folded, edition = self.case(case, event, known=known, rules=rules)
        command = Command("-", case, event, day or today, actor or Actor("-"))
        untold = self._no_target(edition, event)
        folded, edition = self._under(folded, edition, event)
        problems = [*untold, *at_the_door(edition, folded, command, today)]
        problems = [p for p in problems if (not untold or p.path != "type") and (actor or not p.path.startswith("actor"))]
        if problems:
            raise InputError(problems)
        return _with_open_fields(decide(edition, folded, event, day or today, actor), event)

    # --- inside

    def _kept(self, read: Command) -> Answer | None:
        """The answer to a command; None where another writer was first, so that it is to be judged on what stands then."""
        now = self._now()
        before = self._answered(read)
        if before is not None:
            return Answer(before, repeated=True)
        case, edition, decision = self._judge(read, self._day(now))
        try:
            record = self.ledger.append(case.id, case.version, read.id, bound(self._record, read, edition, decision, now))
        except (TakenError, CommandIdReusedError):
            return None
        if isinstance(read.event, EditionMoved):
            keeps = record.accepted and not record.is_request  # else it was judged by an edition that is not the case's
        else:
            keeps = record.accepted or case.began is not None
        if keeps:
            self._remember(record, after(case, record, lambda _: read.event), edition)
        return Answer(record)

    def _now(self) -> datetime:
        now = self._clock()
        if now.tzinfo is None:
            raise ValueError("found a clock without a time zone; needed aware instants")
        return now

    def _day(self, now: datetime) -> date:
        return now.astimezone(self.ledger.zone).date()

    def _read(self, command: Document, actor: Actor | None) -> Command:
        """The command, read as strictly as a document even where it was made by a program."""
        if actor is not None and not isinstance(actor, Actor):
            raise InputError([Problem("actor", f"a {type(actor).__name__}", "a candidacy.Actor")])
        if isinstance(command, Command) and command.actor == actor:
            actor = None
        document = _document(command) if isinstance(command, Command) else command
        read, problems, parts = self.registry.codec.examine_command(document, actor)
        if read is not None:
            return read
        raise _input_error([*problems, *self._about_parts(parts, self.today())])

    def _about_parts(self, parts: Mapping[str, Any], today: date) -> list[Problem]:
        """What is wrong at the door with what could be read of a command."""
        kind = self.registry.codec.kinds.get(parts.get("type", ""))
        event, begins = parts.get("event"), kind is not None and issubclass(kind, Beginning)
        if "case" not in parts:
            return half_read(None, None, parts, today)
        if not self.ledger.of_case(parts["case"]) and not begins:
            return [unknown_case(parts["case"]), *half_read(None, None, parts, today)]
        try:
            case, edition = self.case(parts["case"], event)
        except InputError as wrong:
            program = self.registry.programs.get(getattr(event, "program", ""))
            newest = max(program.editions, key=lambda e: (e.in_force, e.revision)) if program else None
            there = [p for p in wrong.problems if not (begins and p == unknown_case(parts["case"]))]
            return [*there, *half_read(newest, None, parts, today)]
        return half_read(edition, case, parts, today)

    def _answered(self, command: Command) -> Record | None:
        """The record that answered the very same command before, if any."""
        before = self.ledger.of_command(command.id)
        if before is not None and write_command(command) != command_in(before.data):
            raise CommandIdReusedError(command.id, before.index)
        return before

    def _judge(
        self, command: Command, today: date, known: datetime | None = None, rules: str = ""
    ) -> tuple[Case, Edition, Decision]:
        """The case, its edition, and the decision."""
        try:
            case, edition = self.case(command.case, command.event, known=known, rules=rules)
        except InputError:
            parts = {**attrs.asdict(command, recurse=False), "type": command.event.type_name}
            raise _input_error(self._about_parts(parts, today)) from None
        untold = self._no_target(edition, command.event)
        case, edition = self._under(case, edition, command.event)
        problems = [*untold, *(p for p in at_the_door(edition, case, command, today) if not untold or p.path != "type")]
        if problems:
            raise InputError(problems)
        if command.expects is not None and command.expects != case.version:
            between = [f"{r.type_name} ({r.word})" for r in self.ledger.of_case(case.id)[command.expects :]]
            raise OvertakenError(case.id, command.expects, case.version, between)
        return case, edition, decide(edition, case, command.event, command.day, command.actor, command.how)

    def _record(self, command: Command, edition: Edition, decision: Decision, now: datetime, place: Place) -> Record:
        document = write_command(command)
        newer = command.how != PLAIN or "gone" in decision.moved
        record = Record.make(
            {
                "format": FORMAT if newer else 1,
                "ledger": self.ledger.id,
                "index": place.index,
                "case": command.case,
                "version": place.version,
                "previous": place.previous,
                "command": command.id,
                **{k: document[k] for k in ("type", "day", "actor", "payload", *OPTIONAL) if k in document},
                "recorded_at": instant(now),
                "edition": {
                    "program": edition.program,
                    "name": edition.name,
                    "revision": edition.revision,
                    "declared": edition.declared,
                    "code": self.registry.code(edition),
                },
                "decision": decision.word,
                "findings": [f.as_data() for f in decision.findings],
                "moved": decision.moved,
                "sealed": [],
            }
        )
        # What is kept must be what was judged: a field lost on the way to the bytes would leave no other trace.
        kept = Record.read(place.index, record.raw)
        if self.read(kept) != command.event:
            raise AssertionError(f"the record of {command.event.type_name} does not hold the event that was judged")
        return kept

    def within(self, connection: Any) -> Self:
        """The same inside a transaction, as `Ledger.within` says."""
        return self.on(self.ledger.within(connection))

    def on(self, ledger: Ledger) -> Self:
        """The same on another ledger, or on another view of the same one."""
        twin = copy(self)
        twin.ledger = ledger
        return twin


def _document(command: Command) -> Mapping[str, Any]:
    try:
        return write_command(command)
    except (TypeError, AttributeError, OpenFieldError):
        found, needed = "a command with content of other types than it declares", "content of its fields' own types"
        raise InputError([Problem("", found, needed)]) from None


def _input_error(problems: list[Problem]) -> InputError:
    cases = [p for p in problems if p.path == "case" and p.needed == A_CASE]
    return (UnknownCaseError if len(problems) == len(cases) == 1 else InputError)(problems)


def _with_open_fields(decision: Decision, event: Event) -> Decision:
    """The decision, undetermined also for each field without content that no rule asked for."""
    asked = {f.data.get("observed", {}).get("field") for f in decision.findings}
    lacking = [a.name for a in fields_of(type(event)) if a.name not in content_of(event) and a.name not in asked]
    found = (Finding.of(CONTENT, holds(None, "content-of-the-field", field=name), binding=True) for name in lacking)
    findings = (*decision.findings, *found)
    return attrs.evolve(decision, accepted=decision.accepted and not lacking, findings=findings)
