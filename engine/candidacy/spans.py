"""Days, spans, and amounts that may be known only within bounds. Days are ``datetime.date``; no clock is read here."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

import attrs

from candidacy.errors import DefinitionError

DAY = timedelta(days=1)


def add_months(day: date, n: int) -> date:
    """The same day *n* months on (or back); clamped to the last day of a shorter month.

    2004-08-31 and six months is 2005-02-28.
    """
    month = day.year * 12 + day.month - 1 + n
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def calendar_days(first: date, last: date) -> int:
    """Calendar days from *first* to *last*; both ends count. Never below zero."""
    return max(0, (last - first).days + 1)


@attrs.frozen
class Span:
    """A length of time in months and calendar days. Make one with ``days(60)`` or ``months(6)``."""

    days: int = 0
    months: int = 0

    def last(self, first: date) -> date:
        """The last day of a span that begins on *first*; both ends count."""
        return self.after(first) - DAY

    def after(self, day: date) -> date:
        """The day that lies this span after *day* (an anniversary: *day* itself does not count); at most the calendar's last."""
        try:
            return add_months(day, self.months) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return date.max

    def before(self, day: date) -> date:
        """The day that lies this span before *day*; at least the calendar's first."""
        try:
            return add_months(day, -self.months) - timedelta(days=self.days)
        except (ValueError, OverflowError):
            return date.min

    def __str__(self) -> str:
        parts = [amount(self.months, "months")] * bool(self.months)
        if self.days or not parts:
            parts.append(amount(self.days, "calendar days"))
        return " and ".join(parts)


def days(n: int) -> Span:
    """*n* calendar days."""
    return Span(days=_whole(n, "days"))


def months(n: int) -> Span:
    """*n* months, clamped at the end of shorter ones."""
    return Span(months=_whole(n, "months"))


def _whole(n: int, of: str) -> int:
    if isinstance(n, bool) or not isinstance(n, int) or n < 0:
        raise DefinitionError(f"{of}({n!r})", [f"found {n!r}; needed a whole number from 0 on"])
    return n


@attrs.frozen
class Sometime:
    """A day known only to lie between two days, both possible: ``Sometime.month(2004, 1)`` is January 2004."""

    first: date
    last: date

    @classmethod
    def month(cls, year: int, month: int) -> "Sometime":
        """Some day of that month."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def on(cls, day: date) -> "Sometime":
        """Exactly that day."""
        return cls(day, day)

    def by(self, day: date) -> bool | None:
        """Whether it lies on or before *day*; None where that depends on the missing day."""
        return True if self.last <= day else False if self.first > day else None

    def shifted(self, move: Callable[[date], date]) -> "Sometime":
        """Both bounds moved by the same function, such as ``months(18).before``."""
        return Sometime(move(self.first), move(self.last))

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"between {self.first} and {self.last}"


@attrs.frozen
class Quantity:
    """A number with its unit; exact when *least* equals *most*. Units are plural words: "hours", "calendar days"."""

    least: int
    most: int
    unit: str

    def __str__(self) -> str:
        return amount(self.least, self.unit) if self.least == self.most else f"{self.least} to {self.most} {self.unit}"


def exactly(n: int, unit: str) -> Quantity:
    """A quantity that is known."""
    return Quantity(n, n, unit)


def amount(n: int, unit: str) -> str:
    """*n* and its unit in words: "1 hour", "80 hours", "1 assignment of at least 60 calendar days"."""
    if n != 1:
        return f"{n} {unit}"
    head, of, rest = unit.partition(" of ")
    return f"1 {head.removesuffix('s')}{of}{rest}"


@attrs.frozen
class Window:
    """The days on which something can be done; ``only`` lists scheduled days (a board's sittings, a session)."""

    first: date | None = None
    last: date | None = None
    only: tuple[date, ...] = ()

    def next(self, day: date) -> date | None:
        """The first day in the window on or after *day*; None when there is none."""
        start = max(day, self.first) if self.first else day
        found = min((d for d in self.only if d >= start), default=None) if self.only else start
        return None if found is None or (self.last and found > self.last) else found
