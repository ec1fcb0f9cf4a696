"""What rules ask a case, and what the case remembers of it."""

import random
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidacy import (
    Case,
    Entry,
    Fact,
    Id,
    MissingValueError,
    Parameter,
    RoleEnded,
    RoleGiven,
    RoleName,
    Strand,
    Strands,
    days,
    fact,
    once,
)


@fact("widgets.course_taken.1")
class CourseTaken(Fact):
    hours: int


@fact("widgets.detail_started.1")
class DetailStarted(Fact):
    detail: Id


@fact("widgets.detail_ended.1")
class DetailEnded(Fact):
    detail: Id


DETAILS = Strands("detail", DetailStarted, DetailEnded, by="someone")
D = date(2005, 1, 1)


def told(*events: tuple[int, Fact]) -> Case:
    """Events on the n-th day of 2005, entered in the order given."""
    case = Case("c1")
    for version, (n, event) in enumerate(events, 1):
        case = case.then(Entry(version, D + timedelta(days=n - 1), event))
    return case


def test_orders_entries_by_day_whatever_the_order_of_entry() -> None:
    case = told((9, CourseTaken(1)), (3, CourseTaken(2)), (9, CourseTaken(3)))
    assert [e.event.hours for e in case.entries] == [2, 1, 3]


def test_stands_as_it_stood_at_the_end_of_a_day() -> None:
    case = told((3, CourseTaken(2)), (9, CourseTaken(1)))
    assert len(case.at(D + timedelta(days=1)).all(CourseTaken)) == 0
    assert len(case.at(D + timedelta(days=2)).all(CourseTaken)) == 1
    assert case.at(date(2006, 1, 1)) is case


def test_keeps_aside_what_a_question_cannot_decide() -> None:
    courses = told((1, CourseTaken(40)), (2, CourseTaken(24)), (3, CourseTaken(7))).all(CourseTaken)
    found = courses.where(lambda _, c: None if c.hours == 24 else c.hours == 40)
    assert str(found.total(lambda c: c.hours, "hours")) == "40 to 64 hours"
    assert str(found.count("courses")) == "1 to 2 courses"
    assert found.where(lambda _, c: c.hours != 24).unsure == ()


def test_remembers_only_the_entries_it_has_shown() -> None:
    case = told((1, CourseTaken(40)), (2, CourseTaken(8)), (3, DetailStarted(Id("a")))).watched()
    case.all(CourseTaken).where(lambda _, c: c.hours > 8).total(lambda c: c.hours, "hours")
    assert case.seen == (1,)
    case.at(date(2005, 1, 2)).last(CourseTaken)
    assert case.seen == (1, 2)
    assert case.watched().seen == ()


def test_misses_a_parameter_that_its_edition_does_not_have() -> None:
    with pytest.raises(MissingValueError, match="hours of training"):
        Case().value("hours of training", int)
    assert Case(parameters={"n": 3}).value("n", int) == 3


def test_holds_a_role_from_its_day_to_the_day_before_it_ends() -> None:
    given_, ended = RoleGiven(Id("p"), RoleName("mentor")), RoleEnded(Id("p"), RoleName("mentor"))
    case = told((5, given_), (8, ended))
    assert case.roles_of("p", D + timedelta(days=3)) == frozenset()
    assert case.roles_of("p", D + timedelta(days=4)) == {"mentor"}
    assert case.roles_of("p", D + timedelta(days=6)) == {"mentor"}
    assert case.roles_of("p", D + timedelta(days=7)) == frozenset()
    assert case.people("mentor", D + timedelta(days=4)) == ("p",)


def test_takes_the_earliest_end_of_a_strand_and_of_two_beginnings_the_later() -> None:
    a = Id("a")
    case = told((20, DetailEnded(a)), (3, DetailStarted(a)), (10, DetailEnded(a)), (5, DetailStarted(a)), (4, DetailEnded(Id("b"))))
    (strand,) = DETAILS.of(case)
    assert (strand.first, strand.last) == (D + timedelta(days=4), D + timedelta(days=9))


def test_counts_a_strand_from_both_ends() -> None:
    strand = Strand(Id("a"), DetailStarted(Id("a")), D, D + timedelta(days=59), counts_from=D)
    assert strand.days(date(2006, 1, 1)) == 60
    assert strand.days(D + timedelta(days=9)) == 10
    assert strand.lasted(days(60))
    assert not strand.lasted(days(61))
    assert not attrs.evolve(strand, last=None).lasted(days(1))
    assert strand.open_on(D)
    assert strand.open_on(D + timedelta(days=59))
    assert not strand.open_on(D + timedelta(days=60))


SPELLS = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 40))), max_size=6)


def spell(i: int, first: int, length: int | None) -> Strand[DetailStarted]:
    last = None if length is None else D + timedelta(days=first + length)
    return Strand(str(i), DetailStarted(Id(f"s{i}")), D + timedelta(days=first), last, D + timedelta(days=first))


@given(SPELLS)
def test_counts_no_day_twice_and_loses_none(spells: list[tuple[int, int | None]]) -> None:
    """Against a count day by day of what has ended; what is still open takes nothing away."""
    strands = [spell(i, a, n) for i, (a, n) in enumerate(spells)]
    end = D + timedelta(days=500)
    by_hand = {s.first + timedelta(days=k) for s in strands if s.last for k in range((s.last - s.first).days + 1)}
    assert sum(s.days(end) for s in once(strands) if s.last) == len(by_hand)


@given(SPELLS, st.randoms())
def test_counts_the_same_in_whatever_order_things_were_entered(spells: list[tuple[int, int | None]], rng: random.Random) -> None:
    strands = [spell(i, a, n) for i, (a, n) in enumerate(spells)]
    shuffled = list(strands)
    rng.shuffle(shuffled)
    assert once(strands) == once(shuffled)


def test_counts_days_twice_without_once() -> None:
    """The teeth of the test above: without `once` the sum is too large."""
    first = Strand("a", DetailStarted(Id("a")), D, D + timedelta(days=9), D)
    assert sum(s.days(D + timedelta(days=30)) for s in [first, first]) == 20
    assert sum(s.days(D + timedelta(days=30)) for s in once([first, first])) == 10


def test_has_no_value_of_a_parameter_that_nobody_sets() -> None:
    unset: Parameter[int] = Parameter("meetings", "meetings", ())
    with pytest.raises(MissingValueError, match="meetings"):
        unset(Case("c", parameters={"hours": 3}))
