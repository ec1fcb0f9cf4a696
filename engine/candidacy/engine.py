"""The engine: one command in, one judged record kept. Everything it decides is decided by pure functions."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial as bound
from typing import Any

import attrs
import structlog

from candidacy.case import Case
from candidacy.codec import command_in, write_command
from candidacy.deciding import decide, fold
from candidacy.door import at_the_door
from candidacy.errors import CommandIdReusedError, InputError, OpenFieldError, OvertakenError, Problem
from candidacy.events import Beginning, Event
from candidacy.ledger import Ledger, Place, TakenError, instant
from candidacy.program import Edition
from candidacy.record import FORMAT, Actor, Command, Decision, Finding, Record
from candidacy.registry import Registry, discover

log: Any = structlog.wrap_logger(
    logging.getLogger("candidacy"),
    processors=[structlog.stdlib.render_to_log_kwargs],
    wrapper_class=structlog.stdlib.BoundLogger,
)
"""Goes to the host's own logging; nothing is configured here. One line a command, no personal data."""


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


class Engine:
    """Judges commands by the programs that are installed and keeps each with its answer.

    Starts no threads, reads no environment, configures no logging. May be shared by threads.
    """

    def __init__(self, ledger: Ledger, registry: Registry | None = None, clock: Callable[[], datetime] | None = None) -> None:
        """An engine on *ledger*.

        Args:
            registry: the programs; those of the installed plugins by default.
            clock: tells the present instant, aware; for tests and simulations.
        """
        self.ledger = ledger
        self.registry = registry if registry is not None else discover()
        self._clock = clock or bound(datetime.now, UTC)

    def today(self) -> date:
        """The day it is, in the ledger's time zone."""
        return self._clock().astimezone(self.ledger.zone).date()

    def submit(self, command: Command | bytes | str | Mapping[str, Any]) -> Answer:
        """Judge a command and keep the answer; durable on return.

        Args:
            command: a Command, or the JSON document of one (text, bytes or an object).

        Raises:
            InputError: it cannot be understood, or may not be dated or entered so. Nothing was entered.
            CommandIdReusedError: its id was used with other content.
            OvertakenError: it names a version of the case that is no longer the newest.
            LedgerError: the ledger cannot be read or written, or is busy.
        """
        if not isinstance(command, Command):
            command = self.registry.codec.read_command(command)
        while True:
            before = self.ledger.of_command(command.id)
            if before is not None:
                return self._repeated(command, before)
            case, edition = self.case(command.case, command.event)
            self._admit(command, case, edition)
            decision = decide(edition, case, command.event, command.day, command.actor)
            try:
                record = self.ledger.append(command.case, case.version, command.id, bound(self._record, command, edition, decision))
            except (TakenError, CommandIdReusedError):
                continue  # another writer was first: look again, and judge on what stands now
            self._log(record, decision)
            return Answer(record)

    def consider(self, case: str, event: Event, day: date | None = None, actor: Actor | None = None) -> Decision:
        """What would be decided on *event* now; nothing is kept.

        Raises:
            InputError: an unknown case, or an event its program does not have.
        """
        day = day or self.today()
        folded, edition = self.case(case, event)
        command = Command("-", case, event, day, actor or Actor("-"))
        try:
            problems = [p for p in at_the_door(edition, folded, command, self.today()) if actor or not p.path.startswith("actor")]
        except OpenFieldError:
            problems = []  # what has no content yet is left to the findings, which name the field
        if problems:
            raise InputError(problems)
        return decide(edition, folded, event, day, actor)

    def case(self, case: str, event: Event | None = None) -> tuple[Case, Edition]:
        """The case as its records tell, and the edition it is pinned to (or that *event* would pin it to).

        Raises:
            InputError: an unknown case, or a program or announcement that is not installed.
        """
        records = self.ledger.of_case(case)
        begun = next((r for r in records if r.accepted), None)
        if begun is None:
            return attrs.evolve(self._to_begin(case, event).case(case), version=len(records)), self._to_begin(case, event)
        found = self.registry.edition(begun.edition)
        if found is None:
            name = f"{begun.edition['program']}/{begun.edition['name']}"
            raise InputError([Problem("case", f"a case of {name}, which no installed plugin offers", "that plugin")])
        newest = self.registry.programs[begun.edition["program"]].edition(begun.edition["name"]) or found[0]
        return fold(records, newest.case(case), self.read), newest

    def read(self, record: Record) -> Event:
        """The event of a record."""
        return self.registry.codec.read_event(record.type_name, record.data["payload"])

    # --- inside

    def _to_begin(self, case: str, event: Event | None) -> Edition:
        if not isinstance(event, Beginning):
            raise InputError([Problem("case", f"the case {case}, which has not begun", "a case in this ledger")])
        program = self.registry.programs.get(event.program)
        if program is None:
            known = ", ".join(self.registry.programs) or "none is installed"
            raise InputError([Problem("payload.program", f"the program {event.program}", f"an installed one: {known}")])
        edition = program.edition(program.announcements.get(event.announcement, ""))
        if edition is None:
            known = ", ".join(program.announcements)
            raise InputError([Problem("payload.announcement", f"the announcement {event.announcement}", f"one of {known}")])
        return edition

    def _admit(self, command: Command, case: Case, edition: Edition) -> None:
        """At the door: what may not even be judged."""
        problems = at_the_door(edition, case, command, self.today())
        if problems:
            raise InputError(problems)
        if command.expects is not None and command.expects != case.version:
            between = [f"{r.type_name} ({r.data['decision']})" for r in self.ledger.of_case(case.id)[command.expects :]]
            raise OvertakenError(case.id, command.expects, case.version, between)

    def _repeated(self, command: Command, before: Record) -> Answer:
        if write_command(command) != command_in(before.data):
            raise CommandIdReusedError(command.id, before.index)
        return Answer(before, repeated=True)

    def _record(self, command: Command, edition: Edition, decision: Decision, place: Place) -> Record:
        document = write_command(command)
        record = Record.make(
            {
                "format": FORMAT,
                "ledger": self.ledger.id,
                "index": place.index,
                "case": command.case,
                "version": place.version,
                "previous": place.previous,
                "command": command.id,
                **{k: document[k] for k in ("type", "day", "actor", "payload", "expects") if k in document},
                "recorded_at": instant(self._clock()),
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
        if self.read(Record.read(place.index, record.raw)) != command.event:
            raise AssertionError(f"the record of {command.event.type_name} does not hold the event that was judged")
        return record

    def _log(self, record: Record, decision: Decision) -> None:
        log.info(
            "command_judged",
            index=record.index,
            case=record.case,
            type=record.type_name,
            decision=decision.word,
            refused_by=[f.rule for f in decision.findings if f.refuses],
        )
