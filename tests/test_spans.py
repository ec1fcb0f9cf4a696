"""Days, spans and amounts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidacy import Quantity, Sometime, Window, calendar_days, days, exactly, months
from candidacy.spans import add_months, amount

DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))


def test_counts_both_ends() -> None:
    assert calendar_days(date(2004, 10, 1), date(2005, 1, 28)) == 120
    assert days(120).last(date(2004, 10, 1)) == date(2005, 1, 28)
    assert calendar_days(date(2005, 1, 2), date(2005, 1, 1)) == 0


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [
        (date(2004, 10, 1), date(2005, 1, 31), 123),
        (date(2004, 2, 1), date(2004, 5, 31), 121),
        (date(2005, 2, 1), date(2005, 5, 31), 120),
        (date(2005, 3, 1), date(2005, 6, 30), 122),
        (date(2004, 10, 31), date(2005, 2, 27), 120),
    ],
)
def test_makes_four_months_of_120_to_123_days(first: date, last: date, length: int) -> None:
    assert months(4).last(first) == last
    assert calendar_days(first, last) == length


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        (date(2004, 8, 31), 6, date(2005, 2, 28)),
        (date(2004, 2, 29), 24, date(2006, 2, 28)),
        (date(2004, 1, 1), -18, date(2002, 7, 1)),
        (date(2004, 1, 31), -18, date(2002, 7, 31)),
        (date(2003, 12, 31), 2, date(2004, 2, 29)),
        (date(2004, 12, 15), 1, date(2005, 1, 15)),
    ],
)
def test_clamps_months_at_the_end_of_shorter_ones(day: date, n: int, then: date) -> None:
    assert add_months(day, n) == then


@given(DAYS, st.integers(1, 400))
def test_lasts_as_many_calendar_days_as_it_says(first: date, n: int) -> None:
    assert calendar_days(first, days(n).last(first)) == n


@given(DAYS, st.integers(-60, 60))
def test_adds_months_like_an_independent_count(day: date, n: int) -> None:
    found = add_months(day, n)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == n
    following = found + timedelta(days=1)
    assert found.day == day.day or (found.day < day.day and following.month != found.month)


def test_knows_a_day_only_within_bounds() -> None:
    january = Sometime.month(2004, 1)
    opens = january.shifted(months(18).before)
    assert (opens.first, opens.last) == (date(2002, 7, 1), date(2002, 7, 31))
    assert opens.by(date(2002, 6, 30)) is False
    assert opens.by(date(2002, 7, 1)) is None
    assert opens.by(date(2002, 7, 30)) is None
    assert opens.by(date(2002, 7, 31)) is True


def test_says_amounts_in_words() -> None:
    assert str(exactly(1, "hours")) == "1 hour"
    assert str(Quantity(40, 64, "hours")) == "40 to 64 hours"
    assert amount(1, "assignments of at least 60 calendar days") == "1 assignment of at least 60 calendar days"
    assert str(days(60)) == "60 calendar days"
    assert str(months(1)) == "1 month"
    assert str(days(0)) == "0 calendar days"
    assert str(Sometime.on(date(2004, 1, 5))) == "2004-01-05"


def test_finds_the_next_day_in_a_window() -> None:
    day = date(2005, 1, 10)
    assert Window().next(day) == day
    assert Window(first=date(2005, 2, 1)).next(day) == date(2005, 2, 1)
    assert Window(last=date(2005, 1, 9)).next(day) is None
    assert Window(only=(date(2005, 1, 5), date(2005, 1, 15))).next(day) == date(2005, 1, 15)
    assert Window(only=(date(2005, 1, 5),)).next(day) is None
