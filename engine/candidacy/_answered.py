"""What an edition would have answered in one case: plain values that pass between processes."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Self

import attrs

from candidacy._again import Again, By, Read, again, rerun
from candidacy._firstday import FirstDay, first_day
from candidacy._words import Reason, reasons
from candidacy.check import Outcome
from candidacy.codec import Codec
from candidacy.decision import Finding, Json
from candidacy.errors import InputError, Problem
from candidacy.events import Event
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.registry import ENGINE_EVENTS


@attrs.frozen(slots=False)
class Answered:
    """What one record would have been answered.

    Attributes:
        word: ``accepted``, ``refused``, or "" where it could not be judged, and *why* not.
        findings: every finding; *reasons*, the open ones in words.
    """

    edition: str
    word: str
    findings: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()
    why: str = ""

    @classmethod
    def of(cls, found: Again, edition: Edition) -> Self:
        """What was found, in the words of the edition."""
        if found.decision is None:
            return cls(edition.id, "", why=found.why)
        findings = found.decision.findings
        if not any(f.outcome not in GOOD for f in findings):
            return cls(edition.id, found.decision.word, findings)
        said = tuple(reasons(findings, edition, type_name=found.record.type_name))
        return cls(edition.id, found.decision.word, findings, said)

    @cached_property
    def kind(self) -> str:
        """``accepted``; ``refused`` for what is known; ``cannot be told`` where a fact or an answer is lacking, or all."""
        return kind_of(self.word, self.findings)

    def as_data(self) -> Json:
        """As plain values."""
        made = [f.as_data() for f in self.findings], [r.as_data() for r in self.reasons]
        return {"edition": self.edition, "word": self.word, "findings": made[0], "reasons": made[1], "why": self.why}

    @classmethod
    def from_data(cls, data: Json) -> Self:
        """The same again."""
        findings = tuple(map(Finding.from_data, data["findings"]))
        return cls(data["edition"], data["word"], findings, tuple(map(_reason, data["reasons"])), data["why"])


GOOD = frozenset(outcome for outcome in Outcome if outcome.good)
UNTOLD = "cannot be told"


def kind_of(word: str, findings: Iterable[Finding]) -> str:
    """``accepted``, ``refused`` for what is known, or else that it cannot be told."""
    if word == "accepted":
        return word
    return word if any(f.outcome is Outcome.UNMET for f in findings if f.refuses) else UNTOLD


def _reason(data: Json) -> Reason:
    return Reason(**{**data, "outcome": Outcome(data["outcome"]), "details": tuple(data["details"])})


@attrs.frozen
class CaseAnswered:
    """What the records of one case would have been answered, in their order.

    Attributes:
        then: each on the case as it was; *rerun*, each on what the ones before it would have led to, where asked for.
        day: the earliest day, where asked for and the case was under way; *why* none can be told.
    """

    then: tuple[Answered, ...]
    rerun: tuple[Answered, ...] = ()
    day: FirstDay | None = None
    why: str = ""

    def as_data(self) -> Json:
        """As plain values."""
        parts = [a.as_data() for a in self.then], [a.as_data() for a in self.rerun]
        return {"then": parts[0], "rerun": parts[1], "day": self.day.as_data() if self.day else None, "why": self.why}

    @classmethod
    def from_data(cls, data: Json) -> Self:
        """The same again."""
        then, followed = (tuple(map(Answered.from_data, data[part])) for part in ("then", "rerun"))
        return cls(then, followed, FirstDay.from_data(data["day"]) if data["day"] else None, data["why"])


@attrs.frozen
class Asked:
    """What is asked of every case: also the *rerun* of each, and the earliest day as of a day, where one is given."""

    follow: bool = False
    as_of: date | None = None

    def of(self, records: list[Record], read: Read, by: By, *, days: bool = True) -> CaseAnswered:
        """What is answered of the case that has these records; without its day where not *days*."""
        then = tuple(Answered.of(a, by(a.record)) for a in again(records, read, by))
        followed = tuple(Answered.of(a, by(a.record)) for a in rerun(records, read, by)) if self.follow else ()
        if self.as_of is None or not days:
            return CaseAnswered(then, followed)
        try:
            return CaseAnswered(then, followed, first_day(records, read, by, self.as_of))
        except InputError as wrong:
            return CaseAnswered(then, followed, None, "; ".join(p.found for p in wrong.problems))


def reading(kinds: Iterable[type[Event]]) -> Read:
    """What reads the events of one edition or program, and the engine's own."""
    codec = Codec([*ENGINE_EVENTS, *kinds])

    def event(record: Record) -> Event:
        if record.type_name not in codec.kinds:
            program = record.edition["program"]
            raise InputError([Problem("type", f"the event type {record.type_name}", f"one of the program {program}")])
        return codec.read_event(record.type_name, record.data["payload"])

    return event
