"""Work days: Mondays to Fridays, but for those of a dated table that an edition declares."""

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property

import attrs

from candidacy.citation import Citation
from candidacy.errors import DefinitionError, MissingValueError
from candidacy.spans import DAY

SATURDAY = 5
WORK_DAYS = "work days"
"""The unit."""


@attrs.frozen(slots=False)
class WorkCalendar:
    """Which days are work days.

    Attributes:
        name: as in "90 work days of the federal calendar".
        first, last: the days that the table covers, both included; beyond them nothing can be told.
        off: the days beside Saturdays and Sundays on which no work is done, oldest first.
        reading: what the authority leaves open, and how it is read.
    """

    name: str
    first: date
    last: date
    off: tuple[date, ...]
    citation: Citation
    reading: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a table that is out of order, or reaches beyond what it covers."""
        problems = ["found days off out of order; needed each once, the oldest first"] * (list(self.off) != sorted(set(self.off)))
        beyond = [str(day) for day in self.off if not self.first <= day <= self.last]
        problems += [f"found the days {', '.join(beyond)} outside of what the table covers"] * bool(beyond)
        if problems:
            raise DefinitionError(f"calendar {self.name!r}", problems)

    def is_work_day(self, day: date) -> bool:
        """Whether work is done on a day.

        Raises:
            MissingValueError: the table does not cover it; the asking rule is then undetermined.
        """
        if not self.first <= day <= self.last:
            raise MissingValueError(f"{WORK_DAYS} of the {self.name} calendar on {day}")
        return day.weekday() < SATURDAY and day not in self._days_off

    def after(self, day: date, n: int) -> date:
        """The *n*-th work day after *day*, which itself does not count; *day* where *n* is 0.

        Raises:
            MissingValueError: the table ends before.
        """
        while n > 0:
            day += DAY
            n -= self.is_work_day(day)
        return day

    def count(self, first: date, last: date) -> int:
        """The work days from *first* through *last*; both ends count.

        Raises:
            MissingValueError: the table covers one of them not.
        """
        if first > last:
            return 0
        for day in (first, last):
            self.is_work_day(day)
        length = (last - first).days + 1
        weeks, rest = divmod(length, 7)
        weekdays = weeks * 5 + sum((first.weekday() + n) % 7 < SATURDAY for n in range(rest))
        off = self.off[bisect_left(self.off, first) : bisect_right(self.off, last)]
        return weekdays - sum(day.weekday() < SATURDAY for day in off)

    @cached_property
    def _days_off(self) -> frozenset[date]:
        return frozenset(self.off)
