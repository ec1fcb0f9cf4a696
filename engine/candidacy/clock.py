"""Clocks: how long something may or must take, where a suspension stops it or a named role may extend it."""

from datetime import date, timedelta

import attrs

from candidacy.case import Case, once
from candidacy.citation import Citation
from candidacy.events import RoleName
from candidacy.interventions import ExtensionGranted, Resumed, Suspended
from candidacy.spans import Span
from candidacy.strands import Strands

SUSPENSIONS = Strands("suspension", Suspended, Resumed, by="", last_day_included=False)
"""Open ones hold up every act that may not pass while the case is suspended."""


def suspended_days(case: Case, since: date, on: date) -> int:
    """Calendar days, from *since* to *on*, both included, on which the case was suspended; no day counts twice."""
    spells = [attrs.evolve(s, counts_from=max(s.first, since)) for s in SUSPENSIONS.of(case)]
    return sum(max(0, s.days(on)) for s in once(spells))


@attrs.frozen
class Clock:
    """A period of the program, as its authority tells it.

    Attributes:
        name: an id, such as ``eighteen-months``.
        stops: whether it stands still while the case is suspended.
        extended_by: the roles that may let it run longer.
    """

    name: str
    citation: Citation
    stops: bool = False
    extended_by: tuple[RoleName, ...] = ()
    reading: str = ""

    def opens(self, case: Case, since: date, span: Span, on: date) -> date:
        """The day that lies *span* after *since*, as it looks on a day: later by the days on which the clock stood still."""
        return span.after(since) + timedelta(days=suspended_days(case, since, on) if self.stops else 0)

    def closes(self, case: Case, since: date, span: Span, on: date) -> date:
        """The same as the last day of a period, or the day to which it was extended, whichever is later."""
        granted = case.at(on).all(ExtensionGranted).where(lambda _, e: e.clock == self.name)
        return max([self.opens(case, since, span, on), *(e.until for _, e in granted)])
