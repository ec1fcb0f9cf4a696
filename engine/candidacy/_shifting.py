"""The same question on other days: a case and an event moved as a whole, so that one of their days falls where calendars bend."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from candidacy.events import content_of, fields_of, partial
from candidacy.spans import Quantity, Sometime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._watching import Situation
    from candidacy.case import Case
    from candidacy.events import Event

DAYS_TRIED = 4
"""How many of a case's days are moved there."""
LEAP_DAY = (2, 29)
LEAP = ((2, 28), LEAP_DAY, (3, 1))
ENDS = ((1, 31), (4, 30), (12, 31), (1, 1))


def shifts(situation: Situation, ends: tuple[tuple[int, int], ...]) -> Iterator[tuple[Case, Event, date]]:
    """The question of a situation, moved so that its day, or one of an entry, falls on such a day of a leap year.

    Where none of *ends* is a leap day, none falls on one: what is raised then is said of the leap day alone.
    """
    days = [situation.day, *(e.day for e in reversed(situation.case.entries))]
    for day in list(dict.fromkeys(days))[:DAYS_TRIED]:
        for month, of_month in ends:
            by = _next(day, month, of_month) - day
            if LEAP_DAY not in ends and any(((d + by).month, (d + by).day) == LEAP_DAY for d in days):
                continue
            yield moved(situation.case, by), _moved(situation.event, by), situation.day + by


def moved(case: Case, by: timedelta) -> Case:
    """A case in which everything lies so much later."""
    entries = tuple(attrs.evolve(e, day=e.day + by, event=_moved(e.event, by)) for e in case.entries)
    since = (case.since[0] + by, case.since[1]) if case.since else None
    return case.but(entries=entries, since=since)


def _next(day: date, month: int, of_month: int) -> date:
    """The first such day on or after *day*, in a leap year."""
    year = day.year + (-day.year % 4)
    while True:
        try:
            found = date(year, month, of_month)
        except ValueError:
            year += 4
            continue
        if found >= day and _leap(year):
            return found
        year += 4


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _moved(value: Any, by: timedelta) -> Any:
    """A value with every day in it so much later."""
    if type(value) is date:
        return value + by
    if isinstance(value, tuple):
        return tuple(_moved(v, by) for v in value)
    if isinstance(value, Sometime):
        return Sometime(value.first + by, value.last + by)
    if isinstance(value, Quantity) or not attrs.has(type(value)):
        return value
    if hasattr(value, "_content"):  # a draft
        kind = next(k for k in type(value).__mro__ if "type_name" in k.__dict__)
        return partial(kind, **{name: _moved(v, by) for name, v in content_of(value).items()})
    content = {a.name: _moved(getattr(value, a.name), by) for a in fields_of(type(value)) if a.init}
    return type(value)(**content)
