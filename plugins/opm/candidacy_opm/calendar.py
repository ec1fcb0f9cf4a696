"""Federal work days: the holidays of 5 U.S.C. 6103 as they are observed, day by day, and days on which offices closed once."""

from collections.abc import Iterator
from datetime import date, timedelta

from candidacy import Authority

HOLIDAYS = Authority(
    "opm",
    title="5 U.S.C. 6103",
    publisher="Congress of the United States",
    obtain="United States Code, title 5, section 6103; the text is not held here",
)
YEARS = range(1997, 2036)
"""The table's years. A holiday that a later law adds belongs to a later edition."""
JUNETEENTH_SINCE = 2021
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6

CLOSED_ONCE = (
    date(2012, 12, 24), date(2014, 12, 26), date(2018, 12, 5), date(2018, 12, 24), date(2019, 12, 24), date(2020, 12, 24),
    date(2024, 12, 24), date(2025, 1, 9),
)  # fmt: skip
"""Days on which executive orders closed the offices once. Known from memory alone: none of them is a day off here."""


def holidays(year: int) -> Iterator[date]:
    """The holidays of a year, each on the day on which it is observed."""
    yield observed(date(year, 1, 1))
    yield nth(year, 1, MONDAY, 3)
    yield nth(year, 2, MONDAY, 3)
    yield last_monday_of_may(year)
    if year >= JUNETEENTH_SINCE:
        yield observed(date(year, 6, 19))
    yield observed(date(year, 7, 4))
    yield nth(year, 9, MONDAY, 1)
    yield nth(year, 10, MONDAY, 2)
    yield observed(date(year, 11, 11))
    yield nth(year, 11, THURSDAY, 4)
    yield observed(date(year, 12, 25))


def observed(day: date) -> date:
    """A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after."""
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The *n*-th such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def last_monday_of_may(year: int) -> date:
    """The Monday in the last week of May."""
    return nth(year, 5, MONDAY, 5) if nth(year, 5, MONDAY, 5).month == 5 else nth(year, 5, MONDAY, 4)  # noqa: PLR2004 (May)


def table(*closed: date) -> tuple[date, ...]:
    """The days off of all the years, and those given."""
    found = {day for year in (*YEARS, YEARS[-1] + 1) for day in holidays(year)} | {*closed}
    return tuple(sorted(day for day in found if day.year in YEARS))


READING = (
    "the rule on graduates says work days and not which: Mondays to Fridays but for federal holidays as observed; Inauguration Day "
    "is one of one area alone, and a day on which offices closed once is a work day like others; the rule's own text is not held"
)
FIRST, LAST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
FEDERAL = HOLIDAYS.observes("federal", table(), first=FIRST, last=LAST, at="6103", section="6103(a) and (b)", reading=READING)
WITH_CLOSURES = HOLIDAYS.observes(
    "federal, closures left out", table(*CLOSED_ONCE), first=FIRST, last=LAST, at="6103", section="6103(a) and (b)",
    reading="the other reading: a day on which offices closed once is no work day; these are known from memory, not all of them",
)  # fmt: skip
