"""Where each case stands, folded from the records alone. Needs no plugin."""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from candidacy._interventions import Intervening, Intervention
from candidacy.case import Case
from candidacy.decision import Json
from candidacy.events import CaseTakenOver, ReferenceRecorded
from candidacy.folding import after, fold_as_of, unread
from candidacy.interventions import EditionMoved
from candidacy.record import Record


@attrs.frozen
class Status:
    """Where a case stands.

    Attributes:
        since: the effective day of the act that put it in its state.
        refused: how many acts were refused.
        open_strands: kind and id of what has begun and not ended.
        last: the newest record.
        taken_over: the day on which it was taken over from elsewhere, if it was.
        references: by which ids other systems know it: the person ("" for the case itself), the system, the id there.
        unsettled: versions of the acts that rest on what was voided or corrected since, and wait to be affirmed or voided.
        requests: versions and types of acts that one person asked for and another has to enter.
        interventions: every waiver, extension, suspension, correction and the like.
    """

    case: str
    program: str
    edition: str
    state: str
    since: date | None
    records: int
    refused: int
    open_strands: tuple[tuple[str, str], ...]
    last: Record
    taken_over: date | None = None
    references: tuple[tuple[str, str, str], ...] = ()
    unsettled: tuple[int, ...] = ()
    requests: tuple[tuple[int, str], ...] = ()
    interventions: tuple[Intervention, ...] = ()

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "program": self.program,
            "edition": self.edition,
            "state": self.state,
            "since": str(self.since) if self.since else None,
            "records": self.records,
            "refused": self.refused,
            "open": [{"strand": kind, "id": name} for kind, name in self.open_strands],
            "taken_over": str(self.taken_over) if self.taken_over else None,
            "references": [{"person": who or None, "system": system, "reference": name} for who, system, name in self.references],
            "unsettled": list(self.unsettled),
            "requests": [{"version": version, "type": type_name} for version, type_name in self.requests],
            "interventions": [i.as_data() for i in self.interventions],
            "last": {"index": self.last.index, "type": self.last.type_name, "decision": self.last.data["decision"]},
        }


def statuses(records: Iterable[Record], *, as_of: date | None = None) -> Iterator[Status]:
    """The status of every case, in order of case id.

    Args:
        as_of: as it stood at the end of that day, as *records* tell; cases that had not begun are left out.
    """
    cases: dict[str, _Standing] = {}
    for record in records:
        if record.index:
            if record.case not in cases:
                cases[record.case] = _Standing(record.case, as_of)
            cases[record.case].see(record)
    return (case.status() for _, case in sorted(cases.items()) if case.seen and (case.begun or as_of is None))


def known_as(records: Iterable[Record], system: str, reference: str) -> list[tuple[str, str]]:
    """The cases that another system knows by an id, each with the person it is the id of ("" for the case itself)."""
    return [(s.case, who) for s in statuses(records) for who, where, name in s.references if (where, name) == (system, reference)]


def referred(records: Iterable[Record]) -> tuple[tuple[str, str, str], ...]:
    """By which ids other systems know a case and its people, as the newest of *records* that say so have it."""
    known: dict[tuple[str, str], tuple[date, int, str]] = {}
    for record in records:
        if record.type_name == ReferenceRecorded.type_name:
            said = record.data["payload"]
            who, system, name = (said.get(part, "") for part in ("person", "system", "reference"))
            if type(who) is type(system) is type(name) is str:  # as every command has it
                newest = record.day, record.version, name
                known[who, system] = max(known.get((who, system), newest), newest)
    return tuple((*about, said) for about, (_, _, said) in sorted(known.items()))


class _Standing:
    """One case as far as its records have been read."""

    def __init__(self, case: str, as_of: date | None) -> None:
        self.case, self.as_of = Case(case), as_of
        self.all: list[Record] = []
        self.refused = self.seen = 0
        self.intervening = Intervening()
        self.begun: Record | None = None
        self.last: Record
        self.referring: list[Record] = []
        self.gone = set[int]()

    def see(self, record: Record) -> None:
        self.gone |= set(record.gone) if record.accepted and record.type_name != EditionMoved.type_name else set()
        if self.as_of is not None:
            self.all.append(record)
            if record.day > self.as_of:
                self.intervening.take_out(record)
                return
        else:
            self.case = after(self.case, record, unread).but(entries=())  # the state is all that is asked
        self.seen += 1
        self.intervening.see(record)
        self.refused += not record.accepted
        self.begun = self.begun or (record if record.accepted and record.is_act else None)
        self.last = record
        if record.type_name == ReferenceRecorded.type_name:
            self.referring.append(record)

    def status(self) -> Status:
        first, case = self.begun or self.last, self.case
        if self.as_of is not None:
            case = fold_as_of(self.all, case, unread, self.as_of)
        return Status(
            case=self.case.id,
            program=first.edition["program"],
            edition=case.edition.partition("/")[2] or first.edition["name"],
            state=case.state,
            since=case.since[0] if case.since else None,
            records=self.seen,
            refused=self.refused,
            open_strands=tuple(sorted(case.open_strands)),
            last=self.last,
            taken_over=first.day if self.begun and first.type_name == CaseTakenOver.type_name else None,
            references=referred(r for r in self.referring if r.version not in self.gone),
            unsettled=case.unsettled,
            requests=tuple((r.version, r.event.type_name) for r in case.requests),
            interventions=self.intervening.found(),
        )
