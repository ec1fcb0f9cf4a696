"""What remains, worked by hand: the days below were counted on a calendar, not by the engine."""

from datetime import date
from typing import Any

import pytest

from candidacy import (
    CandidateEnrolled,
    CandidateSelected,
    Engine,
    Id,
    JudgementGiven,
    Path,
    PlannedStep,
    Resumed,
    RoleEnded,
    RoleGiven,
    RoleName,
    Suspended,
    path,
)
from candidacy._remaining import Told
from candidacy_commerce import events as doc
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_dol import events as dol
from candidacy_dol.caseload import Participant
from candidacy_dol.rules import MISSED_SESSION
from candidacy_hhs import events as hhs
from candidacy_hhs.caseload import Candidate

TWO_OR_ONE = "hhs.two_short_assignments_or_one_long"


def asked(on: Engine, story: Any, as_of: str, to: str = "") -> Path:
    """The path of a story told so far."""
    for command in story:
        answer = on.submit(command)
        assert answer.accepted, on.explain(answer)
    day = date.fromisoformat(as_of)
    case, edition = on.case(story.case, as_of=day)
    return path(case, edition, to=to, as_of=day)


def steps(found: Path, name: str) -> list[PlannedStep]:
    return [s for s in found.plan if s.type_name.split(".")[1] == name]


def told(found: Path, rule: str) -> Any:
    return next(r for r in found.remaining if r.rule == rule)


def developing(case: str = "h1") -> Candidate:
    """Enrolled on 2004-06-01, plan approved on 2004-07-02: six months are over on 2004-12-01, eighteen on 2006-01-02."""
    return Candidate(case).selected().enrolled().planned()


def test_sixty_one_days_done_leave_sixty_more_both_ends_counted(memory: Engine) -> None:
    story = developing().trained("x", "2004-07-20", 80).assigned("a1", "2004-08-02", 61).packaged("2004-10-01")
    found = asked(memory, story, "2004-12-01", to="certifying")
    assert found.day == date(2005, 1, 29), "60 days from 2004-12-01: 31 of December, 29 of January"
    assert found.exact
    assert found.critical == TWO_OR_ONE
    begun, ended = (*steps(found, "assignment_started"), *steps(found, "assignment_ended"))
    assert (begun.on, ended.on) == (date(2004, 12, 1), date(2005, 1, 29))
    assert begun.open["division"].said.kind == "a host outside the division cdc"
    assert begun.open["assignment"].label == ended.open["assignment"].label
    (two, one) = told(found, TWO_OR_ONE).parts
    assert (two.earliest, one.earliest) == (date(2005, 1, 29), date(2005, 3, 30)), "120 days: 31, 31, 28 and 30"
    assert two.data["missing"] == [1, "assignments of at least 60 calendar days"]
    evaluation = next(s for s in steps(found, "document_filed") if s.content["kind"] == "supervisor evaluation")
    assert evaluation.on == date(2005, 1, 29)
    assert evaluation.by == "assignment supervisor"


def test_lets_a_running_assignment_go_on_rather_than_begin_another(memory: Engine) -> None:
    story = developing().trained("x", "2004-07-20", 80).assigned("a1", "2004-08-02", 61).assigned("a2", "2004-11-20", None)
    found = asked(memory, story.packaged("2004-11-21"), "2004-12-01", to="certifying")
    assert found.day == date(2005, 1, 18), "60 days from 2004-11-20: 11 of November, 31 of December, 18 of January"
    assert not steps(found, "assignment_started")
    assert steps(found, "assignment_ended")[0].content == {"assignment": "a2"}


def test_a_day_in_two_assignments_counts_once(memory: Engine) -> None:
    """The second began on the 30th day of the first: its days from the 61st on are its own."""
    story = developing().trained("x", "2004-07-20", 80).assigned("a1", "2004-08-02", 60).assigned("a2", "2004-08-31", None)
    found = asked(memory, story.packaged("2004-10-10"), "2004-10-10", to="certifying")
    assert found.day == date(2004, 12, 1), "the six months; a2 counts from 2004-10-01 and has its 60 days on 2004-11-29"
    assert found.critical == "hhs.six_months_in_the_program"
    assert steps(found, "assignment_ended")[0].on == date(2004, 11, 29)


def test_an_external_candidate_needs_a_host_inside(memory: Engine) -> None:
    story = Candidate("h1").selected("state-health", inside_hhs=False).enrolled().planned().trained("x", "2004-07-20", 80)
    found = asked(memory, story, "2004-08-02", to="certifying")
    assert found.day == date(2004, 12, 1), "the six months; 120 days from 2004-08-02 are over on 2004-11-29"
    begun = steps(found, "assignment_started")
    assert [s.content for s in begun] == [{"inside_hhs": True}] * len(begun)
    assert begun


@pytest.mark.parametrize(("known", "day"), [(False, date(2004, 12, 21)), (True, date(2004, 12, 21))])
def test_training_bought_before_an_announcement_that_is_known_to_the_month(memory: Engine, known: bool, day: date) -> None:
    """Completed on 2002-07-15: it counts if January's announcement came by the 15th, eighteen months later."""
    story = developing().assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 60)
    story.trained("early", "2002-07-15", 40).trained("x", "2004-11-10", 40).packaged()
    if known:
        story.on("2004-12-20", "coordinator", hhs.AnnouncementDated(date(2004, 1, 12)))
    found = asked(memory, story, "2004-12-21", to="certifying")
    assert found.day == day
    assert found.exact
    assert len(steps(found, "training_completed")) == (0 if known else 1), "rather 40 hours more than what is not known"
    if not known:
        left = told(found, "hhs.training_lies_within_the_credit_window")
        assert left.known is Told.UNKNOWN_FACT
        assert left.data["observed"]["found"] == [40, 80, "hours"]


@pytest.mark.parametrize(
    ("enrolled", "opens"), [("2004-08-31", date(2005, 2, 28)), ("2004-08-28", date(2005, 2, 28)), ("2004-08-27", date(2005, 2, 27))]
)
def test_six_months_end_with_a_shorter_month(memory: Engine, enrolled: str, opens: date) -> None:
    story = Candidate("h1").selected()
    story.on(enrolled, "coordinator", CandidateEnrolled())
    found = asked(memory, story, enrolled, to="certifying")
    assert found.day == opens, "120 days from then on are over in December"


def test_a_suspension_holds_the_clock(memory: Engine) -> None:
    story = developing().developed().packaged("2004-11-30").on("2004-11-30", "manager", Suspended(Id("s1")))
    found = asked(memory, story, "2004-12-10", to="certifying")
    assert found.day == date(2004, 12, 11), "six months on 2004-12-01, and the 10 days from 2004-11-30 to 2004-12-09"
    assert steps(found, "resumed")[0].content == {"suspension": "s1"}
    story.on("2004-12-10", "manager", Resumed(Id("s1")))


def test_a_mentor_who_moves_into_the_chain_of_command(memory: Engine) -> None:
    story = CommerceCandidate("c1").enrolled().paired().planned().assigned("a1", "2005-01-03", 120)
    story.on("2005-06-01", "office", doc.ChainRecorded((story.person("mentor"), story.person("director"))))
    found = asked(memory, story, "2005-06-01")
    assert found.day == date(2005, 6, 2), "the old pairing lasts to the end of its last day"
    assert found.exact
    ended, paired = (*steps(found, "pairing_ended"), *steps(found, "mentor_paired"))
    assert ended.content == {"pairing": "m1"}
    assert set(paired.open) == {"pairing", "mentor"}
    (recorded,) = steps(found, "ses_membership_recorded")
    assert recorded.open["person"].label == paired.open["mentor"].label, "the one who is chosen is in the SES"
    assert found.deciders == ("program office",)


def test_nothing_a_participant_can_do_about_a_missed_session_but_the_office_may_excuse_it(memory: Engine) -> None:
    story = Participant("d1").enrolled().rated("pre", "2013-11-01").paired().attended(missing="mentoring-best-practices")
    story.rated("post", "2014-07-17")
    found = asked(memory, story, "2014-07-18")
    assert found.day == date(2014, 7, 18)
    assert not found.exact
    (answer,) = [s for s in found.plan if s.type_name == JudgementGiven.type_name]
    assert answer.content == {"question": MISSED_SESSION.id, "answer": True, "about": "mentoring-best-practices"}
    assert answer.by == "program office"
    assert [b.known for b in found.bounds] == [Told.JUDGEMENT]
    no = story.on("2014-07-18", "office", JudgementGiven(Id(MISSED_SESSION.id), answer=False, about=Id("mentoring-best-practices")))
    found = asked(memory, no, "2014-07-18")
    assert found.day is None
    assert found.exact
    assert [o.because for o in found.obstacles] == [("the judgement was no",)]


def test_sessions_stand_on_the_calendar(memory: Engine) -> None:
    story = Participant("d1").enrolled().rated("pre", "2013-11-01")
    story.on("2013-12-10", "partnership", dol.SessionAttended(Id("first-coaching"), "in person"))
    found = asked(memory, story, "2014-01-02")
    days = {s.content["session"]: s.on for s in steps(found, "session_attended")}
    assert days == {
        "agency-presentations": date(2014, 1, 21), "mentoring-best-practices": date(2014, 2, 19), "team-presentations-and-close": date(2014, 7, 16),
    }  # fmt: skip
    assert found.day == date(2014, 7, 16)
    (limit,) = found.limits
    assert (limit.rule, limit.closes, limit.slack, limit.binding) == ("dol.program_takes_nine_months", date(2014, 7, 16), 0, False)


def test_eighteen_months_that_run_out_before_120_days_fit_are_reached_only_if_the_board_extends(memory: Engine) -> None:
    """The plan was approved on 2004-07-02: the last day is 2006-01-02. 60 days from 2005-11-05 end on 2006-01-03."""
    story = developing().trained("x", "2004-07-20", 80).assigned("a1", "2004-08-02", 60).packaged()
    found = asked(memory, story, "2005-11-05", to="certifying")
    assert found.day == date(2006, 1, 3)
    assert not found.exact
    (bound,) = found.bounds
    assert (bound.known, bound.by) == (Told.JUDGEMENT, "ERB")
    (limit,) = (one for one in found.limits if one.binding)
    assert (limit.closes, limit.slack) == (date(2006, 1, 2), -1)


def test_one_day_earlier_the_eighteen_months_suffice(memory: Engine) -> None:
    story = developing().trained("x", "2004-07-20", 80).assigned("a1", "2004-08-02", 60).packaged()
    found = asked(memory, story, "2005-11-04", to="certifying")
    assert found.day == date(2006, 1, 2)
    assert found.exact
    assert [one.slack for one in found.limits if one.binding] == [0]


def test_what_is_dated_back_is_entered_by_who_held_the_role_then(memory: Engine) -> None:
    """The coordinator was replaced on 2004-12-02: the position of 2004-08-02 is told by the one who served on that day."""
    story = Candidate("h1")
    people = story.cast(
        candidate="candidate", mentor="mentor", host="assignment supervisor", coordinator="program coordinator",
        manager="program manager", board="ERB",
    )  # fmt: skip
    story.on("2004-05-03", "coordinator", CandidateSelected(Id("hhs"), Id("january-2004"), people)).enrolled().planned()
    story.assigned("a1", "2004-08-02", 120).trained("x", "2004-07-20", 80).packaged("2004-12-01")
    story.on("2004-12-02", "manager", RoleGiven(Id("h1.successor"), RoleName("program coordinator")))
    story.on("2004-12-02", "manager", RoleEnded(Id(story.person("coordinator")), RoleName("program coordinator")))
    found = asked(memory, story, "2004-12-10", to="certifying")
    (recorded,) = steps(found, "position_recorded")
    assert (recorded.on, recorded.day) == (date(2004, 12, 10), date(2004, 8, 2))
    assert recorded.people == (story.person("coordinator"),)
