"""One case as an inspector looks at it: its records, what stands of them now, and what took back what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from candidacy import _segregation as apart
from candidacy._excepted import APART, RESTS_ON_WRONG, Excepted
from candidacy._phrases import named, spoken
from candidacy._taken_over import is_attested
from candidacy.case import Case, Decided
from candidacy.errors import CandidacyError, DamagedRecordError
from candidacy.folding import after, unread
from candidacy.interventions import INTERVENTIONS, DecisionAffirmed, EditionMoved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from candidacy._interventions import Intervention
    from candidacy.program import Edition
    from candidacy.record import Record
    from candidacy.registry import Registry


LET_OFF = frozenset({"waiver", "override"})
"""What a finding names that was let off."""


@attrs.frozen(eq=False)
class Looking:
    """A case, read once.

    Attributes:
        entered: its accepted records that are no mere requests.
        case: all that stands in it now.
        acts: every act that was ever accepted, by version, with what it rests on, also those taken back since.
        made: by the version of an act, that of the act which had put the case into the state it was entered in.
        wrong: facts that were voided or corrected, by version, each to the version that did it.
    """

    records: list[Record]
    registry: Registry
    zone: tzinfo
    entered: tuple[Record, ...]
    versions: Mapping[int, Record]
    events: Mapping[int, Any]
    case: Case
    acts: Mapping[int, Decided]
    made: Mapping[int, int]
    gone: Mapping[int, int]

    @classmethod
    def at(cls, records: list[Record], registry: Registry, zone: tzinfo) -> Looking:
        """Look at the records of one case, oldest first.

        Raises:
            DamagedRecordError: a record does not hold what its type says.
        """
        events: dict[int, Any] = {r.version: _event(r, registry) for r in records if r.accepted}
        case, acts, made, gone = Case(), dict[int, Decided](), dict[int, int](), dict[int, int]()
        for record in records:
            since = case.since
            case = after(case, record, lambda r: events[r.version])
            decided = case.decided(record.version)
            if decided is not None:
                acts[record.version] = decided
                made |= {record.version: since[1]} if since else {}
            gone |= dict.fromkeys(record.gone, record.version) if record.accepted else {}
        entered = tuple(r for r in records if r.accepted and not r.is_request)
        return cls(records, registry, zone, entered, {r.version: r for r in records}, events, case, acts, made, gone)

    @property
    def wrong(self) -> Mapping[int, int]:
        """Facts that were voided or corrected, by version, each to the version that did it."""
        return self.case.corrected

    def index(self, version: int) -> int:
        """The index of the record of that version."""
        return self.versions[version].index

    def entered_on(self, record: Record) -> date:
        """The day of entry, in the ledger's time zone."""
        return record.recorded_at.astimezone(self.zone).date()

    def back(self, version: int) -> Record | None:
        """The record that took an entry back, corrected it or set it aside."""
        return self.versions[self.gone[version]] if version in self.gone else None

    def gone_before(self, version: int, other: int) -> bool:
        """Whether an entry stood no longer when another was made."""
        return version in self.gone and self.gone[version] < other

    def affirming(self, version: int) -> list[int]:
        """Versions of the affirmations of an act that stand."""
        return [act.version for act in self.case.acts if act.affirms == version]

    def settled_by(self, version: int) -> set[int]:
        """Indexes of the records that affirmed an act or took it back."""
        back = self.back(version)
        return {self.index(v) for v in self.affirming(version)} | ({back.index} if back else set())

    def let_off_by(self, one: Intervention) -> set[int]:
        """Indexes of the records in which a waiver or an override let something off."""
        if one.kind not in LET_OFF:
            return set()
        return {r.index for r in self.records for f in r.data["findings"] if f.get("observed", {}).get(one.kind) == one.version}

    def named_in(self, record: Record) -> set[int]:
        """Indexes of the records that one is about: what it took back, corrected, set aside or affirmed."""
        event = self.events[record.version]
        affirmed = [event.entry] if isinstance(event, DecisionAffirmed) else []
        return {self.index(v) for v in (*record.gone, *affirmed) if v in self.versions}

    def said(self, record: Record) -> str:
        """An act or fact as a sentence begins with it: Program completed of 3 October 2005."""
        name = named(record.type_name)
        return f"{name[0].upper()}{name[1:]} of {spoken(record.day)}"

    def excepted(self, kind: str, record: Record, said: str, behind: Iterable[int], days: int = 0) -> Excepted:
        """One that stands out."""
        actor, back = record.data["actor"], self.back(record.version)
        whose = actor.get("on_behalf_of", "")
        end = f"; it was {how_gone(back)} by record {back.index}" if back and kind != RESTS_ON_WRONG else ""
        records = tuple(sorted({*behind, *([back.index] if back else [])} - {record.index}))
        return Excepted(
            kind=kind,
            case=record.case,
            record=record.index,
            type_name=record.type_name,
            form="act" if record.is_act else "fact",
            day=record.day,
            person=actor["person"],
            on_behalf_of=whose,
            records=records,
            sentence=f"{said}{end}.",
            days=days,
            taken_back=back.index if back else None,
        )

    # --- who decided

    def edition(self, record: Record) -> Edition | None:
        """The edition that a record was judged by, where it is installed."""
        found = self.registry.edition(record.edition)
        return found[0] if found else None

    def deciding_twice(self) -> Iterator[Excepted]:
        """Accepted acts by one who also asked for them, or had another part in the case."""
        for record in self.entered:
            if not record.is_act or is_attested(record):
                continue
            also = apart.other_parts(self.edition(record), self.case, record, self.events[record.version])
            asked = self._asked_by_the_same(record)
            said = [f"who on that day was also {' and '.join(also)} in the case"] if also else []
            said += [f"who also entered what it decides on (record {asked.index})"] if asked else []
            if said:
                by = f"{self.said(record)} was decided by {record.data['actor']['person']}, {', and '.join(said)}"
                yield self.excepted(APART, record, by, [asked.index] if asked else ())

    def _asked_by_the_same(self, record: Record) -> Record | None:
        """The request that an act confirms, or the act that it decides on, where the same person or in their place entered both."""
        version = record.confirms or self._decides_on(record)
        asked = self.versions.get(version)
        ours = apart.behind(self.case, record.people)
        return asked if asked and ours & apart.behind(self.case, asked.people) else None

    def _decides_on(self, record: Record) -> int:
        edition, version = self.edition(record), self.made.get(record.version, 0)
        event = self.events[record.version]
        if edition is None or not version or record.type_name in INTERVENTIONS or getattr(event, "anywhere", False):
            return 0
        asked = self.versions[version]
        answers = apart.answers(edition, self.case, (asked, self.events[version]), (record, event))
        return version if answers else 0

    def untold(self, kinds: frozenset[str]) -> Iterator[str]:
        """What cannot be told of the case because an edition is not installed."""
        lacking = sorted({r.edition_id for r in self.entered if self.edition(r) is None})
        if lacking and APART in kinds:
            far = "who decided with another part in the case is told only as far as the records say so themselves"
            yield f"{' and '.join(lacking)} is not installed, so that {far}"


def how_gone(by: Record) -> str:
    """What a record has done to an entry that stands no longer."""
    return "corrected" if by.corrects else "set aside" if by.type_name == EditionMoved.type_name else "taken back"


def _event(record: Record, registry: Registry) -> Any:
    """The event of a record, as stored where its type is of no program that is installed."""
    if record.type_name not in registry.codec.kinds:
        return unread(record)
    try:
        return registry.codec.read_event(record.type_name, record.data["payload"])
    except CandidacyError:
        raise DamagedRecordError(record.index, f"its content is not that of a {record.type_name}") from None
