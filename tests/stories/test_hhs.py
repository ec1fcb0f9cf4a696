"""HHS: lives that a program officer can read."""

from datetime import date

import pytest

from candidacy import (
    Actor,
    CandidateCertified,
    CandidateGraduated,
    CertificationRequested,
    Command,
    Count,
    Id,
    JudgementGiven,
    Removed,
    RequestReturned,
    Resumed,
    SesMembershipRecorded,
    Suspended,
    Withdrawn,
)
from candidacy_hhs import events as e
from candidacy_hhs.caseload import Candidate, document
from candidacy_hhs.rules import COMPETENCE, GOALS, LATE_REQUEST, OBJECTIVES, REMOVAL
from support import engine, outcomes, play, refused_by


def test_certifies_a_candidate_who_does_everything_in_order() -> None:
    on = engine()
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested().graduated().certified()
    answers = play(on, life)
    assert all(a.accepted for a in answers)
    assert on.case("c")[0].state == "certified"


def test_lets_nobody_skip_the_manager_the_board_or_opm() -> None:
    on = engine()
    play(on, Candidate("c").selected().enrolled().planned().developed().packaged().requested())
    for skipping, by in ((CandidateGraduated(), "board"), (CandidateCertified(), "qrb"), (e.RequestForwarded(), "manager")):
        decision = on.consider("c", skipping, date(2005, 1, 3), Actor(f"c.{by}"))
        assert [f.rule for f in decision.findings if f.refuses] == ["candidacy.lifecycle"]


def test_asks_of_a_candidate_from_outside_that_every_assignment_is_inside_hhs() -> None:
    both = ["two_short_assignments_or_one_long", "outsiders_are_assigned_inside_hhs"]
    for inside, refusing in ((True, []), (False, both)):
        on = engine()
        life = Candidate("c").selected("state-health", inside_hhs=False).enrolled().planned().trained("t", "2004-09-01", 80)
        start = e.AssignmentStarted(Id("a"), inside, Id("health"), Id("p"), full_time=True)
        life.on("2004-08-02", "candidate", start).on("2004-12-10", "candidate", e.AssignmentEnded(Id("a")))
        life.on("2004-12-10", "host", document("supervisor evaluation", "ev", 1, assignment=Id("a")))
        assert refused_by(play(on, life.packaged().requested("2004-12-31"))[-1]) == refusing


def test_takes_the_own_division_of_the_day_the_assignment_began() -> None:
    """A move into the host's division afterwards takes nothing away; one before it does."""
    for moved, refusing in (("2004-08-03", []), ("2004-08-02", ["two_short_assignments_or_one_long"])):
        on = engine()
        life = Candidate("c").selected().enrolled().planned().trained("t", "2004-09-01", 80).assigned("a", "2004-08-02", 120)
        life.on(moved, "coordinator", e.PositionRecorded(True, Id("nih"), Id("p2")))
        assert refused_by(play(on, life.packaged().requested("2004-12-31"))[-1]) == refusing


def test_cannot_tell_without_a_position_of_record() -> None:
    on = engine()
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
    told = [c for c in life if c["type"] != "hhs.position_recorded.1"]
    answer = play(on, told)[-1]
    assert outcomes(answer)["two_short_assignments_or_one_long"] == "undetermined"
    assert not answer.accepted


def test_wants_all_eight_kinds_of_document() -> None:
    package = {
        "memorandum": "memorandum_is_filed", "summary-3": "each_ecq_is_summarized", "annotated-plan": "annotated_plan_is_filed",
        "evaluation-a2": "each_assignment_is_evaluated", "mentor-evaluation": "mentor_evaluation_is_filed",
        "quarterly-sessions-certificate": "quarterly_sessions_are_certified", "certificate-1": "certificates_cover_eighty_hours",
        "program-assessment": "program_assessment_is_filed",
    }  # fmt: skip
    for lacking, rule in package.items():
        life = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
        told = [c for c in life if c["payload"].get("title") != lacking]
        assert refused_by(play(engine(), told)[-1]) == [rule], lacking


def test_takes_summaries_of_two_pages_but_not_of_three_until_a_shorter_one_is_filed() -> None:
    on = engine()
    life = Candidate("c").selected().enrolled().planned().developed().packaged()
    told = [c for c in life if c["payload"].get("title") != "summary-3"]
    play(on, told)
    for n, (pages, refusing) in enumerate(((3, ["hhs.each_ecq_is_summarized"]), (2, []))):
        filed = document("ECQ summary", f"s3-{n}", pages, ecq="Results Driven")
        on.submit(Command(f"s{n}", "c", filed, date(2004, 12, 11 + n), Actor("c.candidate")))
        decision = on.consider("c", CertificationRequested(), date(2004, 12, 13))
        assert [f.rule for f in decision.findings if f.refuses] == refusing


def test_needs_a_mentor_who_is_still_in_the_ses_on_the_day_of_the_request() -> None:
    for member, refusing in ((True, []), (False, ["mentor_from_the_ses_serves"])):
        life = Candidate("c").selected().enrolled().planned().developed().packaged()
        life.on("2004-12-13", "coordinator", SesMembershipRecorded(Id("c.mentor"), member)).requested()
        assert refused_by(play(engine(), life)[-1]) == refusing
    gone = Candidate("c").selected().enrolled().planned().developed().packaged()
    gone.on("2004-12-12", "mentor", e.MentorReleased(Id("m1"))).requested()
    assert refused_by(play(engine(), gone)[-1]) == ["mentor_from_the_ses_serves"]


def test_leaves_the_four_criteria_to_the_program_manager() -> None:
    for said_no, refusing in ((None, []), (GOALS, ["program_manager_finds_the_criteria_met"])):
        life = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
        for question in (COMPETENCE, GOALS, OBJECTIVES):
            life.on("2005-01-03", "manager", JudgementGiven(Id(question.id), question is not said_no))
        life.on("2005-01-03", "manager", e.RequestReviewed())
        assert refused_by(play(engine(), life)[-1]) == refusing
    unasked = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
    answer = play(engine(), unasked.on("2005-01-03", "manager", e.RequestReviewed()))[-1]
    assert outcomes(answer)["program_manager_finds_the_criteria_met"] == "needs judgement"


def test_lets_a_request_be_returned_and_made_again() -> None:
    on = engine()
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
    life.on("2005-01-03", "manager", RequestReturned()).requested("2005-01-10")
    assert play(on, life)[-1].accepted


def test_lets_the_board_judge_a_request_after_eighteen_months() -> None:
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested("2006-01-03")
    life.on("2006-01-09", "board", JudgementGiven(Id(LATE_REQUEST.id), True)).requested("2006-01-10")
    answers = play(engine(), life)
    late = [a for a in answers if a.record.type_name == "candidacy.certification_requested.1"]
    assert [a.accepted for a in late] == [False, True]
    assert outcomes(late[0])["requested_within_eighteen_months_of_the_plan"] == "needs judgement"


def test_removes_only_on_the_board_s_recommendation_and_the_secretary_s_decision() -> None:
    on = engine()
    life = Candidate("c").selected().enrolled().planned()
    life.on("2005-03-01", "secretary", Removed()).on("2005-03-02", "board", JudgementGiven(Id(REMOVAL.id), True))
    life.on("2005-03-03", "manager", Removed()).on("2005-03-03", "secretary", Removed())
    answers = play(on, life)
    removals = [a for a in answers if a.record.type_name == "candidacy.removed.1"]
    assert [refused_by(a) for a in removals] == [["board_recommends_removal"], ["role"], []]


def test_shows_an_announcement_outside_the_month_the_guidelines_name() -> None:
    for day, seen in ((date(2004, 1, 31), "met"), (date(2004, 2, 1), "unmet")):
        answer = play(engine(), Candidate("c").selected().on("2004-06-01", "coordinator", e.AnnouncementDated(day)))[-1]
        assert answer.accepted
        assert outcomes(answer)["announcement_lies_in_the_month_named"] == seen


def test_does_not_count_suspended_days_among_the_six_months() -> None:
    for day, refusing in (("2004-12-14", ["six_months_in_the_program"]), ("2004-12-15", [])):
        life = Candidate("c").selected().enrolled().planned().on("2004-07-12", "manager", Suspended(Id("s")))
        life.on("2004-07-26", "manager", Resumed(Id("s"))).developed().packaged().requested(day)
        assert refused_by(play(engine(), life)[-1]) == refusing


def test_lets_a_candidate_withdraw_at_any_time_before_certification() -> None:
    assert play(engine(), Candidate("c").selected().on("2004-05-11", "candidate", Withdrawn()))[-1].accepted
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested().graduated()
    assert play(engine(), life.on("2005-01-13", "candidate", Withdrawn()))[-1].accepted
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested().graduated().certified()
    assert refused_by(play(engine(), life.on("2005-02-02", "candidate", Withdrawn()))[-1]) == ["lifecycle"]


def test_counts_a_course_or_a_certificate_once_however_often_it_is_reported() -> None:
    life = Candidate("c").selected().enrolled().planned().assigned("a", "2004-08-02", 120)
    course = e.TrainingCompleted(Id("t"), Count(40), True, ("Leading Change",))
    life.on("2004-09-01", "candidate", course).on("2004-09-02", "coordinator", course)
    assert refused_by(play(engine(), life.packaged().requested("2004-12-31"))[-1]) == ["eighty_hours_of_interagency_training"]
    life = Candidate("c").selected().enrolled().planned().developed().packaged(hours=40)
    certificate = document("training certificate", "certificate-1", 1, hours=Count(40))
    life.on("2004-12-11", "candidate", certificate).requested()
    assert refused_by(play(engine(), life)[-1]) == ["certificates_cover_eighty_hours"]


def test_lets_an_assignment_that_still_runs_take_nothing_from_one_that_has_ended() -> None:
    life = Candidate("c").selected().enrolled().planned().trained("t", "2004-09-01", 80)
    life.assigned("open", "2004-08-01", None).assigned("whole", "2004-08-02", 120).packaged().requested("2004-12-31")
    assert play(engine(), life)[-1].accepted


def test_takes_no_days_from_an_earlier_beginning_under_the_same_id() -> None:
    life = Candidate("c").selected().enrolled().planned().trained("t", "2004-09-01", 80).assigned("a", "2004-08-20", 100)
    again = e.AssignmentStarted(Id("a"), True, Id("nih"), Id("p"), full_time=True)
    life.on("2004-07-05", "candidate", again).packaged().requested("2004-12-31")
    assert refused_by(play(engine(), life)[-1]) == ["two_short_assignments_or_one_long"]


def test_takes_the_newest_summary_not_the_shortest() -> None:
    life = Candidate("c").selected().enrolled().planned().developed().packaged()
    life.on("2004-12-12", "candidate", document("ECQ summary", "long", 9, ecq="Leading Change")).requested()
    assert refused_by(play(engine(), life)[-1]) == ["each_ecq_is_summarized"]


def test_takes_no_evaluation_made_before_the_end_of_the_assignment() -> None:
    for day, refusing in (("2004-11-28", ["each_assignment_is_evaluated"]), ("2004-11-29", [])):
        life = Candidate("c").selected().enrolled().planned().trained("t", "2004-09-01", 80).assigned("a", "2004-08-02", 120)
        told = [c for c in life.packaged() if c["payload"].get("kind") != "supervisor evaluation"]
        on = engine()
        play(on, told)
        filed = document("supervisor evaluation", "ev", 1, assignment=Id("a"))
        on.submit(Command("ev", "c", filed, date.fromisoformat(day), Actor("c.host")))
        decision = on.consider("c", CertificationRequested(), date(2004, 12, 31))
        assert [f.rule.partition(".")[2] for f in decision.findings if f.refuses] == refusing


def test_keeps_to_the_month_named_when_a_day_outside_it_is_entered() -> None:
    life = Candidate("c").selected().enrolled().planned().assigned("a", "2004-08-02", 120).trained("t", "2001-09-01", 80)
    life.on("2004-12-01", "coordinator", e.AnnouncementDated(date(2003, 1, 5))).packaged().requested("2004-12-31")
    assert refused_by(play(engine(), life)[-1]) == ["training_lies_within_the_credit_window"]


def test_takes_a_division_of_the_same_name_outside_hhs_for_another_one() -> None:
    life = Candidate("c").selected("cdc").enrolled().planned().trained("t", "2004-09-01", 80)
    life.on("2004-08-02", "candidate", e.AssignmentStarted(Id("a"), False, Id("cdc"), Id("p"), full_time=True))
    life.on("2004-11-29", "candidate", e.AssignmentEnded(Id("a")))
    life.on("2004-11-29", "host", document("supervisor evaluation", "ev", 1, assignment=Id("a")))
    assert play(engine(), life.packaged().requested("2004-12-31"))[-1].accepted


def test_judges_a_request_anew_when_it_is_made_anew() -> None:
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
    for question in (COMPETENCE, GOALS, OBJECTIVES):
        life.on("2005-01-03", "manager", JudgementGiven(Id(question.id), True))
    life.on("2005-01-04", "manager", RequestReturned()).requested("2005-02-01").on("2005-02-02", "manager", e.RequestReviewed())
    answer = play(engine(), life)[-1]
    assert outcomes(answer)["program_manager_finds_the_criteria_met"] == "needs judgement"


def test_removes_a_suspended_candidate_on_the_board_s_recommendation() -> None:
    life = Candidate("c").selected().enrolled().planned().on("2004-07-12", "manager", Suspended(Id("s")))
    life.on("2004-07-16", "board", JudgementGiven(Id(REMOVAL.id), True)).on("2004-07-17", "secretary", Removed())
    assert play(engine(), life)[-1].accepted


def test_judges_anew_what_was_requested_anew_on_the_same_day() -> None:
    life = Candidate("c").selected().enrolled().planned().developed().packaged().requested("2005-01-03")
    for question in (COMPETENCE, GOALS, OBJECTIVES):
        life.on("2005-01-03", "manager", JudgementGiven(Id(question.id), True))
    life.on("2005-01-03", "manager", RequestReturned()).requested("2005-01-03").on("2005-01-03", "manager", e.RequestReviewed())
    assert outcomes(play(engine(), life)[-1])["program_manager_finds_the_criteria_met"] == "needs judgement"


def test_asks_for_a_position_only_where_the_answer_hangs_on_it() -> None:
    for length, seen in ((120, "met"), (119, "undetermined")):
        life = Candidate("c").selected().enrolled().planned().trained("t", "2004-09-01", 80)
        life.assigned("early", "2004-07-05", 20).assigned("long", "2004-08-02", length).packaged()
        told = [{**c, "day": "2004-08-01"} if c["type"] == "hhs.position_recorded.1" else c for c in life.requested("2004-12-31")]
        answer = play(engine(), told)[-1]
        assert outcomes(answer)["two_short_assignments_or_one_long"] == seen
        if seen == "undetermined":
            (finding,) = [f for f in answer.findings if f.rule == "hhs.two_short_assignments_or_one_long"]
            assert finding.data["observed"] == {"assignment": "early", "on": "2004-07-05"}


def test_names_an_assignment_that_does_not_count_and_says_why() -> None:
    """Nobody has to guess why 120 days are not enough."""
    rule, on = "hhs.two_short_assignments_or_one_long", engine()
    life = Candidate("c").selected().enrolled().planned().assigned("a1", "2004-08-02", 120, division="cdc")
    answer = play(
        on, life.assigned("a2", "2004-12-06", 60).trained("t", "2004-07-20", 80).packaged("2005-02-04").requested("2005-02-04")
    )[-1]
    (finding,) = [f for f in answer.findings if f.rule == rule]
    assert finding.data["parts"][0]["observed"]["not_counted"] == [["a1", "in-the-own-division"]]
    assert "not counted a1 (in the own division)" in "\n".join(on.explain(answer))


@pytest.mark.parametrize(("inside", "approved", "why"), [(False, True, "outside-HHS"), (True, False, "not-in-an-approved-plan")])
def test_says_why_an_assignment_of_somebody_from_outside_or_without_a_plan_does_not_count(
    inside: bool, approved: bool, why: str
) -> None:
    life = Candidate("c").selected("state-health", inside_hhs=False).enrolled()
    if approved:
        life.planned()
    life.on("2004-08-02", "candidate", e.AssignmentStarted(Id("a"), inside, Id("nih"), Id("x"), full_time=True))
    answer = play(engine(), life.on("2004-12-13", "candidate", CertificationRequested()))[-1]
    (finding,) = [f for f in answer.findings if f.rule == "hhs.two_short_assignments_or_one_long"]
    assert finding.data["parts"][0]["observed"]["not_counted"] == [["a", why]]
