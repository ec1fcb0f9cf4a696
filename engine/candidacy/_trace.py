"""From an outcome to the findings, to the facts they rest on, to the citation. Needs no plugin but for words and citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from candidacy._interventions import since
from candidacy._taken_over import is_attested
from candidacy._texts import authority_of
from candidacy._words import Reason, reasons
from candidacy.case import Case
from candidacy.errors import InputError, Problem, UnknownCaseError
from candidacy.folding import after, unread
from candidacy.interventions import DecisionAffirmed
from candidacy.registry import discover
from candidacy.strict import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from candidacy.authority import Authority
    from candidacy.citation import Citation
    from candidacy.decision import Finding, Json
    from candidacy.ledger import Ledger
    from candidacy.program import Edition
    from candidacy.record import Record
    from candidacy.registry import Registry


@attrs.frozen
class Ground:
    """An entry that a finding rests on.

    Attributes:
        day: from when it takes effect; *recorded_at*, since when it is known.
        person: who entered it; *on_behalf_of*, for whom, "" for nobody else.
        since: what has become of it: corrected, voided, affirmed; "" where nothing has.
        act: whether it is a decision itself, with findings of its own.
        attested: whether it was entered without being judged, since it lies before its case was taken over.
        notes: what is out of the ordinary between it and what rests on it.
    """

    index: int
    version: int
    type_name: str
    content: Json
    day: date
    person: str
    identified: str
    on_behalf_of: str
    recorded_at: str
    since: str = ""
    act: bool = False
    attested: bool = False
    notes: tuple[str, ...] = ()

    def as_data(self) -> Json:
        """As plain values."""
        data = {**attrs.asdict(self), "day": str(self.day), "notes": list(self.notes)}
        data["type"] = data.pop("type_name")
        return data


@attrs.frozen
class TracedFinding:
    """A finding with its requirement, what it rests on, and where the requirement stands.

    Attributes:
        said: the finding in words; its citation and reading where the edition is installed.
        citation, authority: the same as values; None where they are not known, and for the engine's own guards.
        missing: versions it says it rests on that the case does not have: that cannot be.
    """

    said: Reason
    refuses: bool
    rests_on: tuple[Ground, ...]
    missing: tuple[int, ...] = ()
    citation: Citation | None = None
    authority: Authority | None = None

    def as_data(self) -> Json:
        """As plain values."""
        grounds = [ground.as_data() for ground in self.rests_on]
        return {**self.said.as_data(), "refuses": self.refuses, "rests_on": grounds, "missing": list(self.missing)}


@attrs.frozen
class Traced:
    """One record and why it was answered so.

    Attributes:
        stands_on: entries that it rests on and no finding shows: the act that had made the stage, what it affirms, its request.
        since: what has become of it; *unsettled*, whether it waits to be affirmed or voided.
        edition: as it stands in the record; *installed*, the revision that words and citations are taken from; 0 for none.
        findings: every one, what refuses first.
    """

    record: Record
    findings: tuple[TracedFinding, ...]
    stands_on: tuple[Ground, ...] = ()
    since: str = ""
    unsettled: bool = False
    installed: int = 0

    def as_data(self) -> Json:
        """As plain values."""
        record = self.record
        return {
            "record": record.data,
            "index": record.index,
            "leaf": record.leaf.hex(),
            "since": self.since,
            "unsettled": self.unsettled,
            "words_of_revision": self.installed or None,
            "stands_on": [ground.as_data() for ground in self.stands_on],
            "findings": [finding.as_data() for finding in self.findings],
        }


@attrs.frozen
class Trace:
    """Why a case stands where it does, or why one of its records was answered as it was.

    Attributes:
        state: where the case stands now.
        asked: whether a record was asked for; otherwise it is the act that put the case where it stands.
        outcome: that record.
        further: with *deep*, the acts that it rests on, and those that they rest on, each once, nearest first.
    """

    case: str
    state: str
    asked: bool
    outcome: Traced
    further: tuple[Traced, ...] = ()

    @property
    def all(self) -> tuple[Traced, ...]:
        """The outcome and what is told further."""
        return (self.outcome, *self.further)

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "state": self.state,
            "outcome": self.outcome.as_data(),
            "further": [traced.as_data() for traced in self.further],
        }


def trace(ledger: Ledger, case: str, *, record: int | None = None, deep: bool = False, registry: Registry | None = None) -> Trace:
    """Why *case* stands where it does.

    Args:
        record: the index of another record of the case, whose answer is to be traced; a refused one, too.
        deep: also trace the acts that it rests on.
        registry: where words and citations come from; those of the installed plugins by default.

    Raises:
        InputError: there is no such case, no such record of it, or no act has put it anywhere.
    """
    records = ledger.of_case(case)
    if not records:
        raise UnknownCaseError([Problem("case", f"the case {shown(case)}", "a case in this ledger; `candidacy status` lists them")])
    tracing = _Tracing(records, registry if registry is not None else discover())
    first = tracing.chosen(record)
    outcome, further = tracing.traced(first), list[Traced]()
    told, next_ones = {first}, [outcome]
    while deep and next_ones:
        acts = _acts(next_ones.pop(0))
        for version in acts:
            if version not in told:
                told.add(version)
                further.append(tracing.traced(version))
                next_ones.append(further[-1])
    return Trace(case, tracing.stands.state, record is not None, outcome, tuple(further))


def _acts(traced: Traced) -> Iterator[int]:
    """The versions of the acts that a record rests on, in the order in which they are told."""
    grounds = [*traced.stands_on, *(ground for finding in traced.findings for ground in finding.rests_on)]
    return (ground.version for ground in grounds if ground.act)


class _Tracing:
    """The records of one case, how it stood before each, and what has become of them."""

    def __init__(self, records: Sequence[Record], registry: Registry) -> None:
        self.records, self.registry = {r.version: r for r in records}, registry
        self.become = since(records)
        self.before: dict[int, tuple[int, ...]] = {}
        self.stands = Case()
        for r in records:
            self.before[r.version] = tuple(_beside(self.stands, r))
            self.stands = after(self.stands, r, unread)

    def chosen(self, index: int | None) -> int:
        """The version of the record that is asked for."""
        needed = "the index of one of its records: `candidacy history` lists them"
        if index is not None:
            found = next((r.version for r in self.records.values() if r.index == index), None)
            if found is None:
                raise InputError([Problem("record", f"{index}, which is no record of the case", needed)])
            return found
        if self.stands.since is None:
            raise InputError([Problem("case", "a case that no accepted act has put anywhere", f"--record, with {needed}")])
        return self.stands.since[1]

    def traced(self, version: int) -> Traced:
        record = self.records[version]
        found = self.registry.edition(record.edition)
        edition = found[0] if found else None
        findings = sorted(record.findings, key=lambda f: (f.outcome.good, not f.binding))
        beside = (v for v in self.before[version] if v not in record.rests_on)
        return Traced(
            record,
            tuple(self._finding(record, finding, edition) for finding in findings),
            tuple(self._grounds(record, beside)),
            self.become.get(version, ""),
            version in self.stands.unsettled,
            edition.revision if edition else 0,
        )

    def _finding(self, record: Record, finding: Finding, edition: Edition | None) -> TracedFinding:
        (said,) = reasons([finding], edition, all_of_them=True, type_name=record.type_name)
        rule = next((r for r in edition.rules if r.id == finding.rule), None) if edition else None
        versions = finding.data.get("rests_on", ())
        citation = rule.citation if rule else None
        return TracedFinding(
            said,
            finding.refuses and not record.accepted,
            tuple(self._grounds(record, versions)),
            tuple(v for v in versions if v not in self.records),
            citation,
            authority_of(edition, citation),
        )

    def _grounds(self, record: Record, versions: Iterable[int]) -> Iterator[Ground]:
        return (_ground(self.records[v], record, self.become) for v in versions if v in self.records)


def _beside(case: Case, record: Record) -> Iterator[int]:
    """What an act rests on, whatever its findings show: the act it affirms, or the one that had made the stage; its request."""
    if record.type_name == DecisionAffirmed.type_name:
        yield record.names
    elif record.is_act and case.since is not None:
        yield case.since[1]
    if record.confirms:
        yield record.confirms


def _ground(ground: Record, record: Record, become: Mapping[int, str]) -> Ground:
    data = ground.data
    return Ground(
        index=ground.index,
        version=ground.version,
        type_name=ground.type_name,
        content=data["payload"],
        day=ground.day,
        person=data["actor"]["person"],
        identified=data["actor"]["identified"],
        on_behalf_of=data["actor"].get("on_behalf_of", ""),
        recorded_at=data["recorded_at"],
        since=become.get(ground.version, ""),
        act=ground.is_act and ground.version != record.version,
        attested=is_attested(ground),
        notes=tuple(_notes(ground, record)),
    )


def _notes(ground: Record, record: Record) -> Iterator[str]:
    """What is out of the ordinary between an entry and the record that rests on it."""
    if ground.version == record.version:
        yield "this record itself"
    if ground.version > record.version:
        yield "recorded after what rests on it, which cannot be: `candidacy audit` says more"
    elif ground.recorded_at > record.recorded_at:
        yield "recorded before what rests on it, though at a later instant: a clock was set back between them"
    if ground.day > record.day:
        yield "takes effect only after the day of what rests on it"
    if not ground.accepted:
        yield "refused, and so never entered, which cannot be: `candidacy audit` says more"
