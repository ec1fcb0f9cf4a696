"""The engine: one command in, one judged record kept."""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import attrs
import structlog

from candidacy._status import Status, statuses
from candidacy._words import Reason, reasons, told
from candidacy.case import Case
from candidacy.decision import Actor, Command
from candidacy.errors import InputError, Problem
from candidacy.events import Event
from candidacy.keeping import Answer, Document, Keeper
from candidacy.record import Record

LONGEST_ID = 64
PENDING = {"kept": "when the transaction commits"}
log: Any = structlog.wrap_logger(
    logging.getLogger("candidacy"),
    processors=[structlog.stdlib.render_to_log_kwargs],
    wrapper_class=structlog.stdlib.BoundLogger,
)
"""Goes to the host's own logging; nothing is configured here. One line a command, one a transaction of many; no personal data."""


class Engine(Keeper):
    """Judges commands by the programs that are installed and keeps each with its answer.

    Starts no threads, reads no environment, configures no logging. May be shared by threads. In asyncio, call it in a
    thread: ``await asyncio.to_thread(engine.submit, command)``.
    """

    def submit(self, command: Document, *, actor: Actor | None = None, connection: Any = None) -> Answer:
        """Judge a command and keep the answer; durable on return.

        Args:
            command: a Command, or the JSON document of one (text, bytes or an object).
            actor: who enters it, where the host says so; then the document may not.
            connection: a transaction to do it in, as `Ledger.append` says: then the answer stands when that commits,
                and its index is only then taken for good.

        Raises:
            InputError: it cannot be understood, or may not be dated or entered so. Nothing was entered.
            CommandIdReusedError: its id was used with other content.
            OvertakenError: it names a version of the case that is no longer the newest.
            LedgerError: the ledger cannot be read or written, or is busy.
        """
        inside = self if connection is None else self.within(connection)
        answer = inside.keep(command, actor)
        self._log(answer, joins=connection is not None or self.ledger.joins)
        return answer

    def submit_many(self, commands: Iterable[Document], *, actor: Actor | None = None, connection: Any = None) -> list[Answer]:
        """Judge commands in order and keep all of the answers, or none where one cannot be judged.

        Raises:
            What `submit` does, for the first command that cannot be judged.
        """
        with (self.ledger if connection is None else self.ledger.within(connection)).transaction() as joined:
            inside = self.within(joined)
            answers = [inside.keep(command, actor) for command in commands]
        self._log_many(answers, joins=connection is not None or self.ledger.joins)
        return answers

    def submit_all(  # noqa: PLR0913 (a command is nothing without them)
        self, event: Event, day: date, actor: Actor, *, whole: str, where: Callable[[Case], bool], connection: Any = None
    ) -> list[Answer]:
        """Enter one event into every case for which *where* says so: all of them, or none.

        An outside fact, such as a change of somebody's SES membership, concerns several cases and is entered into each,
        so that each is complete in itself.

        Args:
            whole: an id for all of it; each command's id is made of it and of its case, so that the same call adds nothing twice.
            where: asked of every case in the ledger, as it stands.

        Raises:
            InputError: with everything that is wrong in any of the cases, each path beginning with the case.
            LedgerError: as `submit`.
        """
        with (self.ledger if connection is None else self.ledger.within(connection)).transaction() as joined:
            inside = self.within(joined)
            cases = [case for case in inside.ledger.cases() if where(inside.case(case)[0])]
            answers, problems = list[Answer](), list[Problem]()
            for case in cases:
                try:
                    answers.append(inside.keep(Command(_fanned(whole, case), case, event, day, actor)))
                except InputError as wrong:
                    problems += [attrs.evolve(p, path=f"case {case}: {p.path}") for p in wrong.problems]
            if problems:
                raise InputError(problems)
        self._log_many(answers, joins=connection is not None or self.ledger.joins)
        return answers

    def status(self, case: str, *, as_of: date | None = None, known: datetime | None = None) -> Status:
        """Where a case stands, by its records alone; on a day, or as was known at an instant.

        Raises:
            InputError: it has no record in this ledger, or had none then.
        """
        found = next(statuses(self.records(case, known), as_of=as_of), None)
        if found is None:
            raise InputError([Problem("as_of", f"{as_of}, before the case {case} began", "a later day")])
        return found

    def reasons(self, kept: Answer | Record, *, all_of_them: bool = False) -> list[Reason]:
        """Why it was answered so: every open finding, or every one, with requirement and citation where they are installed."""
        record = kept.record if isinstance(kept, Answer) else kept
        found = self.registry.edition(record.edition)
        edition = found[0] if found else None
        return list(reasons(record.findings, edition, all_of_them=all_of_them, type_name=record.type_name))

    def explain(self, kept: Answer | Record, *, all_of_them: bool = False) -> list[str]:
        """The same as lines of plain words."""
        return list(told(self.reasons(kept, all_of_them=all_of_them)))

    def _log(self, answer: Answer, *, joins: bool) -> None:
        record = answer.record
        if not answer.repeated:
            log.info(
                "command_judged",
                index=record.index,
                case=record.case,
                type=record.type_name,
                decision=record.word,
                refused_by=[f.rule for f in record.findings if f.refuses],
                **(PENDING if joins else {}),
            )

    def _log_many(self, answers: list[Answer], *, joins: bool) -> None:
        new = [answer.record for answer in answers if not answer.repeated]
        accepted = sum(record.accepted for record in new)
        log.info(
            "commands_judged",
            accepted=accepted,
            refused=len(new) - accepted,
            repeated=len(answers) - len(new),
            **(PENDING if joins else {}),
        )


def _fanned(whole: str, case: str) -> str:
    """The id of one of many commands; where both names are long, the digest of both stands for what is cut off."""
    plain = f"{whole}:{case}"
    return plain if len(plain) <= LONGEST_ID else f"{whole[: LONGEST_ID - 33]}:{sha256(plain.encode()).hexdigest()[:32]}"
