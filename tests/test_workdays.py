"""Work days by a dated table: the days of the federal calendar, against hand-made values and another package."""

from datetime import date, timedelta

import attrs
import holidays as others
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidacy import DefinitionError, MissingValueError, WorkCalendar
from candidacy_opm import CFR, FEDERAL, HOLIDAYS, WITH_CLOSURES
from candidacy_opm.calendar import CLOSED_ONCE, YEARS
from candidacy_opm.calendar import holidays as of_year

DAY = timedelta(days=1)
SMALL = HOLIDAYS.observes("small", (date(2005, 1, 6),), first=date(2005, 1, 1), last=date(2005, 1, 31), at="T-1", section="1")


@pytest.mark.parametrize(
    ("graduated", "last", "without_closures"),
    [
        ("2010-06-30", "2010-11-08", "2010-11-08"), ("2014-10-01", "2015-02-12", "2015-02-13"),
        ("2020-12-31", "2021-05-11", "2021-05-11"), ("2021-04-01", "2021-08-10", "2021-08-10"),
        ("2024-12-02", "2025-04-11", "2025-04-15"),
    ],
)  # fmt: skip
def test_counts_ninety_work_days_from_five_days_of_graduation(graduated: str, last: str, without_closures: str) -> None:
    """The count starts on the day after. Of the last, two closures lie inside: of 2014 one."""
    day = date.fromisoformat(graduated)
    assert str(FEDERAL.after(day, 90)) == last
    assert str(WITH_CLOSURES.after(day, 90)) == without_closures
    assert 130 <= (FEDERAL.after(day, 90) - day).days <= 134, "90 calendar days would be wrong by six weeks"


@pytest.mark.parametrize("year", YEARS)
def test_agrees_with_another_package_on_every_holiday(year: int) -> None:
    theirs = others.country_holidays("US", years=range(year - 1, year + 2), observed=True)
    weekdays = {day for day in theirs if day.year == year and day.weekday() < 5}
    ours = {day for day in FEDERAL.off if day.year == year}
    assert ours == weekdays


def test_has_the_closures_apart() -> None:
    assert set(WITH_CLOSURES.off) - set(FEDERAL.off) == set(CLOSED_ONCE)
    listed = others.country_holidays("US", categories=("government",), years=range(2012, 2026), observed=True)
    assert all(day in listed for day in CLOSED_ONCE)


def test_has_juneteenth_from_2021_on_and_what_is_observed_elsewhere() -> None:
    assert date(2020, 6, 19) not in FEDERAL.off
    assert date(2021, 6, 18) in FEDERAL.off, "a Saturday in 2021"
    assert date(2010, 12, 31) in FEDERAL.off, "New Year's Day of 2011 is a Saturday"
    assert (len(list(of_year(2020))), len(list(of_year(2021)))) == (10, 11)


def test_counts_both_ends_and_neither_weekends_nor_days_off() -> None:
    assert SMALL.count(date(2005, 1, 3), date(2005, 1, 7)) == 4
    assert SMALL.count(date(2005, 1, 6), date(2005, 1, 6)) == 0
    assert SMALL.count(date(2005, 1, 7), date(2005, 1, 3)) == 0
    assert SMALL.after(date(2005, 1, 5), 1) == date(2005, 1, 7)
    assert SMALL.after(date(2005, 1, 8), 0) == date(2005, 1, 8)


def test_tells_nothing_beyond_the_table() -> None:
    """The rule that asks is undetermined, and names what is missing."""
    with pytest.raises(MissingValueError, match="work days of the small calendar on 2005-02-01"):
        SMALL.after(date(2005, 1, 28), 2)
    for first, last in ((date(2004, 12, 31), date(2005, 1, 3)), (date(2005, 1, 31), date(2005, 2, 1))):
        with pytest.raises(MissingValueError):
            SMALL.count(first, last)
    assert SMALL.after(date(2005, 1, 28), 1) == date(2005, 1, 31)


@given(st.dates(FEDERAL.first, date(2034, 12, 31)), st.integers(0, 200))
def test_counts_as_many_as_it_goes_on(day: date, n: int) -> None:
    then = FEDERAL.after(day, n)
    assert FEDERAL.count(day + DAY, then) == n
    assert n == 0 or FEDERAL.is_work_day(then)


@given(st.dates(FEDERAL.first, date(2034, 12, 31)), st.integers(0, 400))
def test_counts_like_one_who_goes_day_by_day(first: date, length: int) -> None:
    last = first + length * DAY
    last = min(last, FEDERAL.last)
    assert FEDERAL.count(first, last) == sum(FEDERAL.is_work_day(first + n * DAY) for n in range((last - first).days + 1))


def test_would_see_a_table_that_lacks_a_day() -> None:
    """Teeth."""
    lame = attrs.evolve(FEDERAL, off=tuple(day for day in FEDERAL.off if day != date(2010, 9, 6)))
    assert lame.after(date(2010, 6, 30), 90) == date(2010, 11, 5)


@pytest.mark.parametrize(
    ("off", "what"),
    [
        ((date(2005, 1, 7), date(2005, 1, 6)), "out of order"),
        ((date(2005, 1, 6), date(2005, 1, 6)), "out of order"),
        ((date(2005, 2, 1),), "2005-02-01 outside of what the table covers"),
    ],
)
def test_refuses_a_table_out_of_order_or_beyond_its_days(off: tuple[date, ...], what: str) -> None:
    with pytest.raises(DefinitionError, match=what):
        attrs.evolve(SMALL, off=off)


def test_cites_by_section_where_the_text_is_not_held() -> None:
    assert str(FEDERAL.citation) == "5 U.S.C. 6103, section 6103(a) and (b) (6103)"
    with pytest.raises(DefinitionError, match="needed either the lines of the text worked from, or a section"):
        CFR.sets("n", 1, "hours", since=date(2010, 1, 1), at="R-1")
    with pytest.raises(DefinitionError, match="needed either"):
        CFR.sets("n", 1, "hours", since=date(2010, 1, 1), at="R-1", lines=(1, 1), section="(a)")
    assert isinstance(SMALL, WorkCalendar)
