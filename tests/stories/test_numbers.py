"""Figures worked out by hand from the documents, hit by the rules and by the days they count with."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidacy import CertificationRequested, Id, SesMembershipRecorded, Strand, calendar_days, days, months, once
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_commerce.events import ChainRecorded
from candidacy_dol.caseload import CLOSE
from candidacy_hhs.authority import ANNOUNCED, LOOK_BACK
from candidacy_hhs.caseload import Candidate
from support import engine, outcomes, play
from test_boundaries import assigned

DAY = timedelta(days=1)


def test_the_credit_window_of_hhs_opens_between_the_first_and_the_last_of_july_2002() -> None:
    announced, back = ANNOUNCED.values[0].value, LOOK_BACK.values[0].value
    opens = announced.shifted(back.before)
    assert (opens.first, opens.last) == (date(2002, 7, 1), date(2002, 7, 31))


@pytest.mark.parametrize(
    ("first", "after", "length"),
    [
        ("2004-10-01", "2005-02-01", 123), ("2004-02-01", "2004-06-01", 121), ("2005-02-01", "2005-06-01", 120),
        ("2005-03-01", "2005-07-01", 122), ("2004-10-31", "2005-02-28", 120),
    ],
)  # fmt: skip
def test_four_months_are_120_to_123_days(first: str, after: str, length: int) -> None:
    begins, day = date.fromisoformat(first), date.fromisoformat(after)
    assert months(4).after(begins) == day
    assert (day - begins).days == length
    assert months(4).last(begins) == day - DAY


def test_of_1461_first_days_so_many_make_four_months_of_each_length() -> None:
    """2004 to 2007: 273 of 120 days, 185 of 121, 650 of 122 and 353 of 123; 120 days may be three short."""
    first = date(2004, 1, 1)
    found = Counter((months(4).after(day) - day).days for day in (first + n * DAY for n in range(1461)))
    assert dict(sorted(found.items())) == {120: 273, 121: 185, 122: 650, 123: 353}


def test_months_end_on_the_last_day_of_a_shorter_one() -> None:
    assert months(6).after(date(2004, 8, 31)) == date(2005, 2, 28)
    assert months(24).after(date(2004, 2, 29)) == date(2006, 2, 28)


@pytest.mark.parametrize("day", range(20, 31))
def test_commerce_plans_24_months_from_the_last_days_of_september_2004(day: int) -> None:
    assert months(24).after(date(2004, 9, day)) == date(2006, 9, day)


def test_the_days_that_are_named_are_the_weekdays_that_are_meant() -> None:
    """The mentors' session is on a Tuesday; the DOL days are a Tuesday after a holiday, and two Wednesdays."""
    named = {"2004-10-26": "Tuesday", "2014-01-21": "Tuesday", "2014-02-19": "Wednesday", CLOSE: "Wednesday"}
    assert {day: f"{date.fromisoformat(day):%A}" for day in named} == named


def test_the_unit_is_decisive() -> None:
    """120 calendar days hold 85 or 86 weekdays, and are enough; 120 weekdays would take about 168 calendar days."""
    first = date(2004, 1, 1)
    held = {weekdays(day, days(120).last(day)) for day in (first + n * DAY for n in range(366))}
    assert held == {85, 86}
    assert play(engine(), assigned(("2004-08-02", 120))())[-1].accepted
    lengths = {workdays(120, day) for day in (first + n * DAY for n in range(366))}
    assert {166, 167, 168} >= lengths >= {166, 168}


def weekdays(first: date, last: date) -> int:
    return sum((first + n * DAY).weekday() < 5 for n in range(calendar_days(first, last)))


def workdays(n: int, first: date) -> int:
    """How many calendar days it takes until so many weekdays have gone by."""
    day, found = first, int(first.weekday() < 5)
    while found < n:
        day += DAY
        found += day.weekday() < 5
    return calendar_days(first, day)


# --- properties


SPELLS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 130)), max_size=6)


@given(SPELLS)
def test_a_union_of_spells_counts_no_day_twice(spells: list[tuple[int, int]]) -> None:
    """The days that count are the days covered, each once, whatever overlaps; and no spell counts a day outside itself."""
    begin = date(2004, 1, 1)
    made = [
        Strand(f"a{i}", None, begin + first * DAY, begin + (first + length - 1) * DAY, begin + first * DAY)
        for i, (first, length) in enumerate(spells)
    ]
    covered = {s.first + n * DAY for s in made for n in range(calendar_days(s.first, s.last or s.first))}
    counted = [s.counts_from + n * DAY for s in once(made) for n in range(s.days(date(2006, 1, 1)))]
    assert sorted(counted) == sorted(covered)
    assert all(s.first <= s.counts_from for s in once(made))


@given(SPELLS, st.randoms())
def test_the_order_of_spells_decides_nothing(spells: list[tuple[int, int]], r: Random) -> None:
    begin = date(2004, 1, 1)
    made = [
        Strand(f"a{i}", None, begin + first * DAY, begin + (first + length - 1) * DAY, begin + first * DAY)
        for i, (first, length) in enumerate(spells)
    ]
    mixed = r.sample(made, len(made))
    assert [(s.id, s.counts_from) for s in once(made)] == [(s.id, s.counts_from) for s in once(mixed)]


FACTS = st.lists(
    st.tuples(st.sampled_from(("member", "no member", "trained", "position")), st.integers(0, 40)),
    min_size=2,
    max_size=7,
    unique_by=lambda fact: (fact[0].split()[-1], fact[1]),
)


@given(FACTS, st.randoms())
def test_any_order_of_the_facts_between_two_acts_gives_the_same_findings_on_the_next(
    facts: list[tuple[str, int]], r: Random
) -> None:
    """Facts count from the day they took effect; two of one kind on one day are no two facts."""

    def asked(told: list[tuple[str, int]]) -> list[object]:
        life = Candidate("c").selected().enrolled().planned().assigned("a1", "2004-08-02", 120)
        for what, n in told:
            day = str(date(2004, 9, 1) + n * DAY)
            if what == "trained":
                life.trained(f"t{n}", day, 40)
            elif what == "position":
                life.on(day, "coordinator", position(n))
            else:
                life.on(day, "coordinator", SesMembershipRecorded(Id("c.mentor"), what == "member"))
        answer = play(engine(), life.on("2004-12-13", "candidate", CertificationRequested()))[-1]
        return [{k: v for k, v in f.as_data().items() if k != "rests_on"} for f in answer.findings]

    assert asked(facts) == asked(r.sample(facts, len(facts)))


def position(n: int) -> object:
    from candidacy_hhs.events import PositionRecorded

    return PositionRecorded(True, Id(("cdc", "nih")[n % 2]), Id("deputy"))


@given(st.dictionaries(st.integers(0, 700), st.booleans(), min_size=1, max_size=6))
def test_a_random_life_is_completed_only_while_the_mentor_was_never_above(moves: dict[int, bool]) -> None:
    """The accepted end and the rule agree, whenever and however often either person is reassigned."""
    life = CommerceCandidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 123)
    for n, above in moves.items():
        day = date(2004, 10, 4) + n * DAY
        life.on(day, "office", ChainRecorded((Id("c.mentor" if above else "c.chief"),)))
    answer = play(engine(), life.completed())[-1]
    seen = outcomes(answer)["mentor_stays_outside_the_chain_of_command"]
    assert (seen == "unmet") == any(moves.values())
    assert not answer.accepted or all(f.outcome.good for f in answer.findings if f.binding)


def test_teeth_a_union_that_counts_a_day_twice_is_seen() -> None:
    begin = date(2004, 1, 1)
    made = [Strand(f"a{i}", None, begin + i * DAY, begin + (i + 9) * DAY, begin + i * DAY) for i in range(2)]
    assert sum(s.days(date(2005, 1, 1)) for s in made) == 20
    assert sum(s.days(date(2005, 1, 1)) for s in once(made)) == 11
    assert all(a.counts_from <= b.counts_from for a, b in pairwise(once(made)))
