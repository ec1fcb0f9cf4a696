"""Every way is looked at: of stages, of open fields, of what is held back; and what nobody knows is said to be so."""

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

import widgets
from candidacy import (
    COMPLETING,
    UNKNOWN,
    Act,
    Case,
    Check,
    Do,
    JudgementGiven,
    Move,
    Open,
    PlanApproved,
    PlanSubmitted,
    ProgramCompleted,
    Window,
    act,
    any_of,
    at_least,
    days,
    does_not_apply,
    enter,
    holds,
    judged,
    not_after,
    not_before,
)
from candidacy._path import Path as Found
from candidacy._remaining import Told
from paths.test_path_cli import AS_OF, asked, required, trained

DAY = timedelta(days=1)
LATER = AS_OF + 20 * DAY
FINE = widgets.HANDBOOK.asks("late-is-fine", "Is it fine to be late?", by=("office",), at="W-5", lines=(5, 5))


def twenty_days(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """One detail of twenty days."""
    return widgets.DETAILS.enough(widgets.DETAILS.of(case), 1, lasting=days(20))


def in_twenty_days(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Not before that day."""
    return not_before(day, LATER, what="that-day")


def of(*rules: Any, story: Any = None, **more: Any) -> Found:
    return asked(widgets.edition(tuple(map(required, rules)), **more), story or trained(), AS_OF)


# --- the stages


@act("widgets.hurried.1")
class Hurried(Act):
    pass


@act("widgets.checked.1")
class Checked(Act):
    pass


def by_the_office(*kinds: type[Act]) -> dict[Any, tuple[str, ...]]:
    return {**widgets.edition().entered_by, **dict.fromkeys(kinds, ("office",))}


def in_a_year(case: Case, hurry: Hurried, day: date) -> Check:
    """Nobody hurries within a year."""
    return not_before(day, AS_OF + 365 * DAY, what="a-year")


def fit_to_hurry(case: Case, hurry: Hurried, day: date) -> Check:
    """The candidate is fit to hurry."""
    return holds(False, "fit-to-hurry")


@pytest.mark.parametrize("judge", [in_a_year, fit_to_hurry])
def test_takes_the_way_of_more_acts_where_it_is_the_sooner(judge: Any) -> None:
    moves = (Move("enrolled", Hurried, "completed"),)
    lifecycle = attrs.evolve(COMPLETING, moves=(*COMPLETING.moves, *moves)).staying(widgets.Toured)
    hurrying = widgets.HANDBOOK.requires(before=Hurried, at="W-6", lines=(6, 6))(judge)
    edition = widgets.edition((hurrying,), lifecycle=lifecycle, entered_by=by_the_office(Hurried))
    story = widgets.begun().tell("2005-03-02", widgets.CandidateEnrolled(), by="w1.o")
    story.tell("2005-04-02", widgets.Trained(10), by="w1.c").tell("2005-04-02", widgets.fit(), by="w1.o")
    found = asked(edition, story, AS_OF)
    assert found.day == AS_OF
    assert found.way == ("candidacy.plan_submitted.1", "candidacy.plan_approved.1", "candidacy.program_completed.1")


def test_takes_the_way_of_more_acts_to_an_act_on_the_way() -> None:
    moves = (
        Move("enrolled", Hurried, "developing"),
        Move("enrolled", Checked, "checking"),
        Move("checking", widgets.Toured, "developing"),
    )
    kept = (attrs.evolve(m, state="selected") if (m.state, m.act) == ("enrolled", PlanSubmitted) else m for m in COMPLETING.moves)
    lifecycle = attrs.evolve(COMPLETING, stages=(*COMPLETING.stages[:2], "checking", *COMPLETING.stages[2:]), moves=(*kept, *moves))
    hurrying = widgets.HANDBOOK.requires(before=Hurried, at="W-6", lines=(6, 6))(in_a_year)
    edition = widgets.edition((hurrying,), lifecycle=lifecycle, entered_by=by_the_office(Hurried, Checked))
    story = widgets.begun().tell("2005-03-02", widgets.CandidateEnrolled(), by="w1.o")
    story.tell("2005-04-02", widgets.Trained(10), by="w1.c").tell("2005-04-02", widgets.fit(), by="w1.o")
    found = asked(edition, story, AS_OF)
    assert (found.day, found.way[:2]) == (AS_OF, ("widgets.checked.1", "widgets.toured.1"))


# --- what is held back


def a_fresh_desk(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A desk was recorded, at most five days ago."""
    recorded = case.day_of(widgets.DeskRecorded)
    if recorded is None:
        return holds(False, "a-desk", by=enter(widgets.DeskRecorded, by="office"))
    return not_after(day, recorded + 5 * DAY, what="fresh")


def test_records_no_sooner_what_is_good_for_some_days() -> None:
    found = of(a_fresh_desk, in_twenty_days)
    assert (found.day, found.exact) == (LATER, True)
    assert [s.on for s in found.plan if s.type_name == "widgets.desk_recorded.1"] == [LATER - 5 * DAY]


def fresh_or_fine(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A desk was recorded at most five days ago, or it is fine to be late."""
    fresh = a_fresh_desk(case, completion, day)
    return any_of(fresh, judged(case, FINE)) if fresh.closes else fresh


def test_needs_no_judgement_where_holding_something_back_does() -> None:
    found = of(fresh_or_fine, in_twenty_days, questions=(widgets.FIT, FINE))
    assert (found.day, found.exact) == (LATER, True)
    assert not [s for s in found.plan if s.type_name == JudgementGiven.type_name]


def test_does_not_do_twice_what_once_is_enough() -> None:
    def a_recent_desk(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """A desk was recorded in the last five days."""
        recent = any(day - 5 * DAY <= on for on, _ in case.all(widgets.DeskRecorded))
        return holds(recent, "a-recent-desk", by=enter(widgets.DeskRecorded, by="office"))

    found = of(a_recent_desk, twenty_days)
    assert len([s for s in found.plan if s.type_name == "widgets.desk_recorded.1"]) == 1


# --- open fields


def courses(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Fifty hours, at most 24 in a course."""
    hours = case.all(widgets.Trained).total(lambda t: t.hours, "hours")

    def course(missing: int) -> Do:
        return enter(widgets.Trained, by="candidate", hours=Open("at most 24 hours", least=1, most=min(24, missing)))

    return at_least(hours, 50, by=course)


def fields(found: Found, name: str) -> list[Open]:
    return [s.open[name].said for s in found.plan if name in s.open]


def test_asks_for_as_much_as_the_plan_needs() -> None:
    """Ten hours are done: 24 and 16 are missing, and with fewer a third course would be needed."""
    assert [(o.least, o.most) for o in fields(of(courses), "hours")] == [(24, 24), (16, 16)]


def toured(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A tour of at most nine days."""
    return holds(bool(case.all(widgets.Toured)), "a-tour", by=enter(widgets.Toured, by="candidate", days=Open("a few", most=9)))


def long_enough(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The longest tour has at least three days."""
    longest = max((t.days for _, t in case.all(widgets.Toured)), default=None)
    return does_not_apply("no-tour") if longest is None else holds(longest >= 3, "three-days")


def test_says_of_a_field_what_all_requirements_say() -> None:
    assert [(o.least, o.most) for o in fields(of(toured, long_enough), "days")] == [(3, 9)]


def on_a_floor(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A tour of one of three floors."""
    seen = any(t.floor in {1, 2, 3} for _, t in case.all(widgets.Toured))
    return holds(seen, "a-floor", by=enter(widgets.Toured, by="candidate", floor=Open("a floor", among=(1, 2, 3)), days=1))


def up_there(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Only on the two upper floors."""
    lowest = min((t.floor for _, t in case.all(widgets.Toured)), default=None)
    return does_not_apply("no-tour") if lowest is None else holds(lowest >= 2, "an-upper-floor")


def test_lets_choose_only_what_leads_there() -> None:
    assert [o.among for o in fields(of(on_a_floor, up_there), "floor")] == [(2, 3)]


def a_tour_of_days(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A tour of one to thirty days, which are over."""
    tour = case.all(widgets.Toured).last
    if tour is None:
        draft = enter(widgets.Toured, by="candidate", floor=1, days=Open("up to thirty", least=1, most=30))
        return holds(False, "a-tour", by=draft)
    return not_before(day, tour.day + tour.event.days * DAY, what="the-end-of-the-tour")


def test_chooses_what_leads_there_sooner() -> None:
    found = of(a_tour_of_days)
    assert (found.day, found.exact) == (AS_OF + DAY, True)
    assert [(o.least, o.most) for o in fields(found, "days")] == [(1, 1)]


# --- what nobody knows


def a_way(case: Case, *, good: bool, opens: date, day: date) -> Check:
    return any_of(holds(good, "another-way", by=UNKNOWN), not_before(day, opens, what="that-day"))


def known_or_not(case: Case, approval: PlanApproved, day: date) -> Check:
    """Approved on that day, or sooner in another way."""
    return a_way(case, good=False, opens=LATER, day=day)


@pytest.mark.parametrize("completed", [LATER - DAY, LATER, LATER + DAY])
def test_says_so_where_an_act_on_the_way_may_come_sooner_in_a_way_that_nobody_knows(completed: date) -> None:
    def no_sooner(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """Not before a day."""
        return not_before(day, completed, what="a-day")

    approving = widgets.HANDBOOK.requires(before=PlanApproved, at="W-8", lines=(8, 8))(known_or_not)
    found = asked(widgets.edition((approving, required(no_sooner))), trained(plan=False), AS_OF)
    assert found.day == max(completed, LATER)
    assert found.exact == (completed >= LATER)
    assert found.not_before == completed
    assert [b.rule for b in found.bounds] == ["widgets.known_or_not"] * (completed < LATER)


def test_gives_no_firm_no_where_an_act_on_the_way_has_a_way_that_nobody_knows() -> None:
    def by_then(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """Not after a day."""
        return not_after(day, LATER - DAY, what="a-day")

    approving = widgets.HANDBOOK.requires(before=PlanApproved, at="W-8", lines=(8, 8))(known_or_not)
    found = asked(widgets.edition((approving, required(by_then))), trained(plan=False), AS_OF)
    assert (found.day, found.exact) == (None, False)
    assert [(b.known, b.rule) for b in found.bounds] == [(Told.NO_WAY_KNOWN, "widgets.known_or_not")]


# --- how late


SITTINGS = tuple(AS_OF + n * DAY for n in (0, 7, 14))


def sits(case: Case, tour: widgets.Toured, day: date) -> Check:
    """Tours are on three days."""
    return holds(day in SITTINGS, "a-day-of-tours", by=Do((), "time", Window(only=SITTINGS)))


def test_knows_the_last_of_the_days_on_which_it_can_be_done() -> None:
    edition = widgets.edition((required(toured), required(in_twenty_days), widgets.before_tour(sits)))
    found = asked(edition, trained(), AS_OF)
    assert [(s.on, s.at_latest) for s in found.plan if s.type_name == "widgets.toured.1"] == [(AS_OF, SITTINGS[-1])]


def test_asks_for_no_day_beyond_the_calendar() -> None:
    def for_ever(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """One detail of nine thousand years."""
        return widgets.DETAILS.enough(widgets.DETAILS.of(case), 1, lasting=days(9000 * 366))

    found = of(for_ever)
    assert (found.day, found.exact) == (None, False)
    assert found.bounds[0].what == "days more than 12 years ahead were not looked at"
