"""What departs from the rules in a case on a day: what is waived, overridden or extended, what is suspended, what is unsettled."""

from collections.abc import Iterator
from datetime import date

import attrs

from candidacy.case import Case
from candidacy.clock import SUSPENSIONS
from candidacy.decision import Json
from candidacy.interventions import EditionMoved, ExtensionGranted, WaiverGranted
from candidacy.program import Edition
from candidacy.settling import granted


@attrs.frozen
class Departure:
    """One departure that counts on a day.

    Attributes:
        kind: ``waiver``, ``override``, ``extension``, ``suspension``, ``unsettled``, ``edition``.
        about: the rules, the clock, the suspension, the edition that the case was moved to.
        until: its last day; None where it has none.
        version: of the entry; of what is unsettled, the act that rests on something wrong.
    """

    kind: str
    about: tuple[str, ...]
    until: date | None
    version: int

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "about": list(self.about), "until": str(self.until) if self.until else None}


def departures(case: Case, edition: Edition, on: date) -> tuple[Departure, ...]:
    """Those that count in *case* on a day, in the order of their entries; spent overrides are left out."""
    view = case.watched()
    found = [*_granted(view, edition, on)]
    if SUSPENSIONS in edition.strands:
        begun = {s.id: s for s in SUSPENSIONS.of(view) if s.open_on(on)}
        versions = {str(e.event.suspension): e.version for e in view.all(SUSPENSIONS.begun).sure}
        found += [Departure("suspension", (name,), s.last, versions[name]) for name, s in begun.items()]
    found += [Departure("edition", (str(e.event.to),), None, e.version) for e in view.all(EditionMoved).sure[-1:]]
    found += [Departure("unsettled", (), None, version) for version in view.unsettled]
    return tuple(sorted(found, key=lambda d: (d.version, d.kind)))


def _granted(case: Case, edition: Edition, on: date) -> Iterator[Departure]:
    for entry in granted(edition, case, on):
        event = entry.event
        if isinstance(event, WaiverGranted):
            yield Departure("waiver", (event.rule,), event.until, entry.version)
        else:
            yield Departure("override", tuple(event.rules), event.until, entry.version)
    for extended in case.all(ExtensionGranted).sure:
        if on <= extended.event.until:
            yield Departure("extension", (extended.event.clock,), extended.event.until, extended.version)
