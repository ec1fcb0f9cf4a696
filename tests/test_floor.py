"""The federal floor on top of an agency's rules: what passes under one edition and fails under the other, by name."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from candidacy import Answer, CandidateGraduated, Id, JudgementGiven, MissingValueError, SesMembershipRecorded
from candidacy_hhs import events as e
from candidacy_hhs.authority import COMPETENCE, GOALS, OBJECTIVES
from candidacy_hhs.candidate import AppointmentRecorded
from candidacy_hhs.caseload import Candidate
from candidacy_opm import FEDERAL
from candidacy_opm.floor import PARAMETERS
from floors import FLOOR, hhs_2009, registry
from support import engine, outcomes, play, refused_by

SERVICE, CONTINUOUS, LENGTH = "four_months_of_full_time_service", "ninety_continuous_days_elsewhere", "twelve_months_in_the_program"
SUBMITTED, SCHEDULE = "submitted_within_ninety_work_days_of_graduation", "schedule_b_appointment_is_not_over"
MENTOR = "mentor_is_in_the_ses_or_found_capable"
GRADUATED = "2005-06-01"


def ready() -> Candidate:
    return Candidate("c").selected().enrolled().planned()


def reviewed(life: Candidate, day: str = "2005-03-01") -> Candidate:
    """Packaged, requested and reviewed."""
    yes = (JudgementGiven(Id(q.id), answer=True) for q in (COMPETENCE, GOALS, OBJECTIVES))
    return life.packaged(day).requested(day).on(day, "manager", *yes, e.RequestReviewed())


def both(life: Callable[[], Candidate], day: str = GRADUATED) -> tuple[list[str], list[str]]:
    """What refuses the graduation under the guidelines alone, and with the floor."""
    answers = [play(engine(of), reviewed(life()).on(day, "board", CandidateGraduated()))[-1] for of in (None, registry())]
    return refused_by(answers[0]), refused_by(answers[1])


def two_sixties() -> Candidate:
    return ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 60)


def one(days: int) -> Callable[[], Candidate]:
    return lambda: ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", days)


def test_two_sixties_pass_under_the_guidelines_and_fail_under_the_floor_by_name() -> None:
    assert both(two_sixties) == ([], [SERVICE, CONTINUOUS])


@pytest.mark.parametrize(("days", "wrong"), [(122, []), (121, [SERVICE]), (120, [SERVICE])])
def test_four_months_of_service_may_be_three_days_longer_than_120(days: int, wrong: list[str]) -> None:
    """From 2 August to 1 December are 122 days."""
    assert both(one(days)) == ([], wrong)


@pytest.mark.parametrize(("days", "wrong"), [(90, []), (89, [CONTINUOUS])])
def test_one_of_them_is_ninety_days_long(days: int, wrong: list[str]) -> None:
    """The other makes up the four months: 122 days in all."""
    life = ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", days).assigned("a2", "2004-11-15", 60)
    answer = play(engine(registry()), reviewed(life).on(GRADUATED, "board", CandidateGraduated()))[-1]
    assert refused_by(answer) == wrong


@pytest.mark.parametrize(("day", "wrong"), [("2005-05-31", [LENGTH]), ("2005-06-01", []), ("2005-06-02", [])])
def test_twelve_months_lie_between_the_first_day_and_graduation(day: str, wrong: list[str]) -> None:
    """Six are enough under the guidelines."""
    assert both(one(122), day) == ([], wrong)


def test_what_does_not_count_is_named_with_the_reason() -> None:
    """In the position of record it is service, but no assignment away from it; part-time it is neither."""

    def life(position: str, *, full_time: bool) -> Answer:
        c = ready().trained("t", "2004-09-15", 80)
        c.on("2004-08-02", "candidate", e.AssignmentStarted(Id("a"), True, Id("nih"), Id(position), full_time))
        c.on("2004-12-31", "candidate", e.AssignmentEnded(Id("a")))
        return play(engine(registry()), reviewed(c).on(GRADUATED, "board", CandidateGraduated()))[-1]

    for position, full_time, failing, why in (
        ("deputy-director", True, {CONTINUOUS}, "in-the-position-of-record"),
        ("elsewhere", False, {SERVICE, CONTINUOUS}, "not-full-time"),
    ):
        answer = life(position, full_time=full_time)
        opm = {f.rule.partition(".")[2]: f for f in answer.findings if f.rule.startswith("opm.")}
        assert {name for name, f in opm.items() if f.refuses} == failing
        assert ["a", why] in opm[CONTINUOUS].data["observed"]["not_counted"]


@pytest.mark.parametrize(("answer", "wrong"), [(None, [MENTOR]), (False, [MENTOR]), (True, [])])
def test_the_board_may_find_a_mentor_capable_who_is_not_in_the_ses(answer: bool | None, wrong: list[str]) -> None:
    """Under the guidelines none but a member serves: both stand, and the stricter governs by itself."""
    life = one(122)()
    life = reviewed(life)
    life.on("2005-05-02", "coordinator", SesMembershipRecorded(Id("c.mentor"), member=False))
    if answer is not None:
        life.on("2005-05-03", "board", JudgementGiven(Id("federal-mentor-capable"), answer, about=Id("c.mentor")))
    assert refused_by(play(engine(registry()), life.on(GRADUATED, "board", CandidateGraduated()))[-1]) == wrong


def submitted(day: date) -> Answer:
    life = reviewed(one(122)()).on("2010-06-30", "board", CandidateGraduated())
    return play(engine(registry()), life.on(str(day), "manager", e.RequestForwarded()))[-1]


def test_a_graduate_is_submitted_within_ninety_work_days() -> None:
    """8 November 2010 is the ninetieth after 30 June; ninety calendar days would have been over on 28 September."""
    last = FEDERAL.after(date(2010, 6, 30), 90)
    assert str(last) == "2010-11-08"
    assert submitted(last).accepted
    assert refused_by(submitted(last + timedelta(days=1))) == [SUBMITTED]
    assert submitted(date(2010, 9, 29)).accepted


def test_beyond_the_calendar_it_cannot_be_told() -> None:
    life = reviewed(one(122)()).on("2005-06-01", "board", CandidateGraduated())
    answer = play(engine(registry()), life.on("2005-06-02", "manager", e.RequestForwarded()))[-1]
    assert outcomes(answer)[SUBMITTED] == "undetermined", "the table begins in 2009"
    with pytest.raises(MissingValueError):
        FEDERAL.after(date(2005, 6, 1), 1)


@pytest.mark.parametrize(("day", "wrong"), [("2007-05-02", []), ("2007-05-03", [SCHEDULE])])
def test_a_schedule_b_appointment_lasts_three_years(day: str, wrong: list[str]) -> None:
    life = ready().on("2004-05-03", "coordinator", AppointmentRecorded("Schedule B appointment"))
    life.trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 122)
    answer = play(engine(registry()), reviewed(life).on(day, "board", CandidateGraduated()))[-1]
    assert refused_by(answer) == wrong


def test_both_requirements_stand_each_with_its_citation() -> None:
    """80 hours of the guidelines and 80 of the regulation: two findings, two citations."""
    life = ready().trained("t", "2004-09-15", 79).assigned("a1", "2004-08-02", 122)
    on = engine(registry())
    answers = play(on, reviewed(life).on(GRADUATED, "board", CandidateGraduated()))
    said = "\n".join(line for answer in answers for line in on.explain(answer))
    assert "5 CFR 412.302 (as in force from 2009-12-10), section (c)(2) (R-10)" in said
    assert "HHS SES CDP guidelines, lines 38, 118" in said


def test_declares_its_calendar_and_its_numbers() -> None:
    made = hhs_2009()
    data = made.as_data()
    assert data["calendars"]["federal"][2][:2] == ["2009-01-01", "2009-01-19"]
    assert made.declared != hhs_2009_without_a_holiday().declared
    assert {p.name for p in PARAMETERS} <= set(made.values)
    assert {r.id for r in FLOOR.rules} <= {r.id for r in made.rules}
    assert made.values["federal: submission of graduates"] == 90


def hhs_2009_without_a_holiday() -> Any:
    fewer = attrs.evolve(FEDERAL, off=FEDERAL.off[1:])
    return attrs.evolve(hhs_2009(), calendars=(fewer,))
