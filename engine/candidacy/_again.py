"""Records judged again under another edition of their program: what each would have been answered there.

Either each on the case as it was accepted then, or one after the other, each on what the ones before it would have led to.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from candidacy.case import NOT_BEGUN, Case
from candidacy.cases import Cases, placed_from
from candidacy.check import Outcome
from candidacy.deciding import decide, moved
from candidacy.decision import Actor, Command, Decision, Json
from candidacy.door import unknown_to
from candidacy.errors import CandidacyError, InputError, Problem
from candidacy.events import Event
from candidacy.folding import after, unread
from candidacy.guards import is_attested
from candidacy.interventions import EditionMoved
from candidacy.program import Edition
from candidacy.record import Record

Read = Callable[[Record], Event]
By = Callable[[Record], Edition]
"""The edition that judges a record."""
FORGED = (AttributeError, KeyError, TypeError, ValueError)
"""What judging raises on a case with content that was never read: as stored in a ledger that somebody forged."""
MOVES = "it moves the case to another edition"


@attrs.frozen
class Again:
    """One record and what it would have been answered; *why* not, where that cannot be told."""

    record: Record
    edition: str
    decision: Decision | None
    why: str = ""

    @property
    def otherwise(self) -> bool:
        """Whether it would have been decided otherwise."""
        return self.decision is not None and self.decision.word != self.record.word

    def as_data(self) -> Json:
        """As plain values."""
        found: Json = {"edition": self.edition, "decision": None, "why": self.why}
        if self.decision is not None:
            findings = [f.as_data() for f in self.decision.findings]
            found = {"edition": self.edition, "decision": self.decision.word, "findings": findings, "moved": self.decision.moved}
        return {"record": self.record.data, "under": found}


def judged_again(cases: Cases, records: Iterable[Record], edition: Edition) -> Iterator[Again]:
    """Each of a case's *records* judged by *edition*, on what was entered before it, as it was accepted then."""
    return again(records, cases.read, lambda _: edition)


def again(records: Iterable[Record], read: Read, by: By) -> Iterator[Again]:
    """The same by whatever edition *by* says. What *read* cannot read counts as stored, and no rule can see what is in it."""
    case = Case()
    for record in records:
        edition = by(record)
        yield _again(_stays(case, record, edition), read, record, edition)
        case = after(case, record, or_unread(read))


def rerun(records: Iterable[Record], read: Read, by: By) -> Iterator[Again]:
    """Each of a case's *records* judged by an edition, on what the records before it would have led to there.

    An act that would have been refused is not entered, one that would have been accepted is. Where that cannot be told, it
    stands or does not as it did then. A fact is always entered.
    """
    case = Case()
    for record in records:
        edition = by(record)
        found = _again(case, read, record, edition)
        yield found
        case = _entered(case, read, found, edition)


# --- inside


def _again(case: Case, read: Read, record: Record, edition: Edition) -> Again:
    if record.type_name == EditionMoved.type_name:
        return Again(record, edition.id, None, MOVES)
    if case.state not in {NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits}:
        return Again(record, edition.id, None, f"a case in {case.state}, for which {edition.id} has no place")
    try:
        return Again(record, edition.id, _decided(case, read(record), record, edition))
    except InputError as wrong:
        return Again(record, edition.id, None, "; ".join(map(_said, wrong.problems)))
    except CandidacyError as wrong:
        return Again(record, edition.id, None, str(wrong))
    except FORGED:
        return Again(record, edition.id, None, "its case holds what no command could have entered")


def _decided(case: Case, event: Event, record: Record, edition: Edition) -> Decision:
    seen, actor, how = _under(case, record, edition), Actor(**record.data["actor"]), record.how
    special = (how.corrects or None, how.request, how.confirms or None)
    command = Command(record.command, record.case, event, record.day, actor, None, *special)
    if unknown := unknown_to(edition, seen, command):
        raise InputError(unknown)
    return decide(edition, seen, event, record.day, actor, how)


def _under(case: Case, record: Record, edition: Edition) -> Case:
    return attrs.evolve(case, id=record.case, parameters=edition.values, edition=edition.id)


def _said(problem: Problem) -> str:
    return problem.found if problem.path == "rules" else str(problem)


def _stays(case: Case, record: Record, edition: Edition) -> Case:
    """The case in the state it was in, where the edition has one of that name; else in the one where it would go on."""
    if case.state in {NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits}:
        return case
    try:
        return placed_from(case, record.edition["name"], edition)
    except InputError:
        return case


def or_unread(read: Read) -> Callable[[Record], Any]:
    """What *read* reads, and what it cannot read as it is stored."""

    def event(record: Record) -> Any:
        try:
            return read(record)
        except InputError:
            return unread(record)

    return event


def is_open(decision: Decision) -> bool:
    """Whether an act is neither accepted nor refused for anything that is known: it lacks a fact, or an answer."""
    return not decision.accepted and not any(f.outcome is Outcome.UNMET for f in decision.findings if f.refuses)


def _entered(case: Case, read: Read, found: Again, edition: Edition) -> Case:
    """*case* with a record as it would have been answered, or as it was where that cannot be told."""
    record, decision = found.record, found.decision
    if decision is None:
        return _stays(after(case, record, or_unread(read)), record, edition)
    answered = {"decision": decision.word, "moved": decision.moved}
    if is_open(decision):
        answered = {"decision": record.word, "moved": _move(case, read, record, edition)}
    data = {**record.data, **answered, "findings": [f.as_data() for f in decision.findings]}
    return after(_under(case, record, edition), attrs.evolve(record, data=data), read)


def _move(case: Case, read: Read, record: Record, edition: Edition) -> Json:
    """What an acceptance would move."""
    seen, moves = _under(case, record, edition), record.accepted and not is_attested(case, record.day)
    return moved(edition, seen, read(record), record.how, moves=moves, enters=record.accepted and not record.is_request)
