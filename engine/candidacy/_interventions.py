"""Interventions and corrections as the records tell them: of what, by whom, why, until when. Needs no plugin."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import attrs

from candidacy.decision import Json
from candidacy.interventions import CORRECTED, INTERVENTIONS, DecisionAffirmed, EditionMoved
from candidacy.record import Record

ASKED_FOR = "request"
"""The kind of what is asked for by one person and waits for another."""
ABOUT = ("rule", "clock", "act", "rules", "to", "suspension", "entry")
"""Fields that say what an intervention is about."""


@attrs.frozen
class Intervention:
    """One departure from the rules, or from the record, that was accepted.

    Attributes:
        kind: waiver, extension, override, suspension, fact corrected and so on.
        about: what it names: a rule, a clock, an act, an entry.
        reason: the id of the ground or of the paper; "" where the act names none.
        until: the last day on which it counts; None where it has none.
        gone: the version that took it back; 0 while it stands.
    """

    case: str
    version: int
    record: int
    kind: str
    about: tuple[str, ...]
    person: str
    on_behalf_of: str
    day: date
    reason: str = ""
    until: date | None = None
    gone: int = 0

    def as_data(self) -> Json:
        """As plain values."""
        data = attrs.asdict(self)
        return {**data, "about": list(self.about), "day": str(self.day), "until": str(self.until) if self.until else None}


class Intervening:
    """The interventions of a ledger or a case, as far as its records have been read."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Intervention] = {}

    def see(self, record: Record) -> None:
        """One more record."""
        self.take_out(record)
        kind = kind_of(record)
        if kind:
            self._found[record.case, record.version] = _intervention(record, kind)

    def take_out(self, record: Record) -> None:
        """What stands no longer because of one record, whatever day it is dated."""
        for version in record.gone if record.accepted else ():
            taken = self._found.get((record.case, version))
            if taken is not None:
                self._found[record.case, version] = attrs.evolve(taken, gone=record.version)

    def found(self) -> tuple[Intervention, ...]:
        """Those that were seen, in order of case and version."""
        return tuple(found for _, found in sorted(self._found.items()))


def interventions(records: Iterable[Record]) -> tuple[Intervention, ...]:
    """The interventions in *records*, which may be of many cases."""
    seen = Intervening()
    for record in records:
        if record.index:
            seen.see(record)
    return seen.found()


def by_person(found: Iterable[Intervention]) -> list[tuple[str, str, int]]:
    """How many there are by person and kind, also of those taken back."""
    counts = Counter((i.person, i.kind) for i in found)
    return [(person, kind, n) for (person, kind), n in sorted(counts.items())]


def marks(records: Iterable[Record]) -> dict[int, str]:
    """By version, what a record of one case is to another one, and what has become of it since."""
    records = list(records)
    become, found = since(records), dict[int, str]()
    for r in records:
        said = [f"corrects version {r.corrects}"] * bool(r.corrects) + [f"confirms version {r.confirms}"] * bool(r.confirms)
        said += ["only asked for: another person has to enter it"] * (r.is_request and r.accepted)
        said += [become[r.version]] if r.version in become else []
        if said:
            found[r.version] = "; ".join(said)
    return found


def since(records: Iterable[Record]) -> dict[int, str]:
    """By version, what has become of a record of one case since it was made: corrected, voided, set aside, affirmed, confirmed."""
    found: dict[int, list[str]] = {}
    for r in records:
        if not r.accepted or r.is_request:
            continue
        for version in r.gone:
            how = "corrected" if r.corrects else "set aside" if r.type_name == EditionMoved.type_name else "voided"
            found.setdefault(version, []).append(f"{how} by version {r.version}")
        if r.confirms:
            found.setdefault(r.confirms, []).append(f"confirmed by version {r.version}")
        if r.type_name == DecisionAffirmed.type_name:
            found.setdefault(r.names, []).append(f"affirmed by version {r.version}")
    return {version: "; ".join(said) for version, said in found.items()}


def kind_of(record: Record) -> str:
    """What kind of intervention an accepted record is; "" where it is none."""
    if not record.accepted:
        return ""
    if record.is_request:
        return ASKED_FOR
    return CORRECTED if record.corrects else INTERVENTIONS.get(record.type_name, "")


def _intervention(record: Record, kind: str) -> Intervention:
    said, actor = record.data["payload"], record.data["actor"]
    about = [str(part) for name in ABOUT if name in said for part in (said[name] if isinstance(said[name], list) else [said[name]])]
    if record.corrects:
        about = [str(record.corrects)]
    elif record.is_request:
        about = [record.type_name, *about]
    until = _day(said.get("until"))
    return Intervention(
        case=record.case,
        version=record.version,
        record=record.index,
        kind=kind,
        about=tuple(about),
        person=actor["person"],
        on_behalf_of=actor.get("on_behalf_of", ""),
        day=record.day,
        reason=str(said.get("reason", "")),
        until=until,
    )


def _day(text: object) -> date | None:
    """A last day; None where there is none, or the content of a record that no command made says something else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
