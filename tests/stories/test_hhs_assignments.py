"""HHS: an assignment from the agreement to its evaluations (S6), and the mentor at work, as a program officer can read them."""

from datetime import date
from typing import Any, get_args

import pytest

from candidacy import Answer, CertificationRequested, Count, Id, InputError
from candidacy_hhs import assignment as a
from candidacy_hhs import mentoring as m
from candidacy_hhs.authority import ECQS
from candidacy_hhs.caseload import Candidate
from candidacy_hhs.plan import Partner, SignificantRevisionApproved
from stories.test_hhs_plan import A1, EDP, Planner, drawn, stay
from stories.test_taking_over import hhs
from support import engine, outcomes, play

A = Id("a1")
LAST = "2004-09-30"
"""The last of 60 calendar days from 2 August on."""


class Assigned(Planner):
    """A candidate on one assignment of 60 days, everything about it told but what is left out by *without*."""

    def through(self, *without: str, first: str = "2004-08-02", days: int = 60, talk: str = "2004-08-31") -> "Assigned":
        """From the agreement to the copies that are sent on, and the mentor beside it."""
        self.handed_in(drawn(assignments=(A1, stay("a2", "2004-10-04", 60))))
        told = {
            "agreement": ("2004-07-20", "host", a.AssignmentAgreed(A, Id("nih"), A1.first, A1.last, equal_opportunity=True)),
            "e-mail": ("2004-07-21", "candidate", a.CoordinatorNotified(A, by_email=True)),
            "declaration": ("2004-07-21", "candidate", a.ConflictDeclared(A, conflict=False, appearance=False)),
            "objectives": (first, "host", a.ObjectivesSet(A, (Id("budget-rule"),), (Id("lead-a-staff"),))),
            "talk": (talk, "host", a.PerformanceDiscussed(A, satisfactory=True)),
        }
        self._tell(told, without)
        self.assigned("a1", first, days)
        after = {
            "progress": (LAST, "host", a.ProgressEvaluated(A, ECQS, objectives_met=True)),
            **{f"copy for the {to}": (LAST, "candidate", a.EvaluationForwarded(A, to)) for to in get_args(a.Copied)},
            **{f"feedback for the {to}": (LAST, "host", a.FeedbackGiven(A, to)) for to in get_args(a.Told)},
            "own evaluation": (LAST, "candidate", a.AssignmentEvaluated(A, True, ECQS, sent_to_coordinator=True)),
            "outcome": ("2004-10-01", "mentor", m.MentorMet(("outcome of an assignment", "progress"), (A,))),
            **{f"progress with the {who}": ("2004-10-01", "candidate", m.ProgressDiscussed(who)) for who in get_args(Partner)},
        }
        self._tell(after, without)
        return self

    def _tell(self, told: dict[str, Any], without: tuple[str, ...]) -> None:
        for what, (day, by, event) in told.items():
            if what not in without:
                self.on(day, by, event)

    def asked(self) -> Answer:
        """What is said of a request at the end."""
        self.on("2004-12-13", "candidate", CertificationRequested())
        return play(engine(), self)[-1]


RULES = [rule.id.partition(".")[2] for rule in (*a.RULES, *m.RULES) if CertificationRequested in rule.before]


def test_s6_an_assignment_as_the_guidelines_want_it_leaves_nothing_to_say() -> None:
    said = outcomes(Assigned("c").through().asked())
    assert {said[rule] for rule in RULES} == {"met"}


@pytest.mark.parametrize(
    ("without", "rule"),
    [
        ("e-mail", "coordinator_is_notified"),
        ("declaration", "assignments_are_free_of_conflict"),
        ("objectives", "objectives_are_set_at_the_beginning"),
        ("talk", "performance_is_discussed_midway"),
        ("progress", "progress_is_evaluated"),
        ("copy for the mentor", "evaluation_is_forwarded"),
        ("copy for the program coordinator", "evaluation_is_forwarded"),
        ("feedback for the mentor", "feedback_reaches_all_three"),
        ("feedback for the supervisor of record", "feedback_reaches_all_three"),
        ("feedback for the program coordinator", "feedback_reaches_all_three"),
        ("own evaluation", "candidate_evaluates_each_assignment"),
        ("outcome", "assignment_outcomes_are_discussed"),
        ("progress with the supervisor of record", "progress_is_discussed_with_all_three"),
        ("progress with the program coordinator", "progress_is_discussed_with_all_three"),
    ],
)
def test_s6_what_is_left_out_shows_by_its_name(without: str, rule: str) -> None:
    """C31: none of it has a day, so none of it refuses the request; the mentor's talk of the outcome is a meeting, too."""
    said = outcomes(Assigned("c").through(without).asked())
    also = {"mentor_meets_the_candidate"} if without == "outcome" else set[str]()
    assert {r for r in RULES if said[r] != "met"} == {rule} | also


@pytest.mark.parametrize(
    ("days", "talk", "seen"),
    [
        (60, "2004-08-31", "met"), (60, "2004-09-01", "unmet"), (61, "2004-09-01", "met"), (61, "2004-09-02", "unmet"),
        (60, "2004-08-02", "met"), (60, "2004-08-01", "unmet"),
    ],
)  # fmt: skip
def test_s6_the_talk_comes_by_the_middle(days: int, talk: str, seen: str) -> None:
    """Of 60 calendar days the thirtieth is in time, of 61 the thirty-first; both ends count (C3), a day before it began does not."""
    answer = Assigned("c").through("agreement", days=days, talk=talk).asked()
    assert outcomes(answer)["performance_is_discussed_midway"] == seen


def test_s6_the_middle_of_one_day_is_that_day() -> None:
    day = date(2004, 8, 2)
    assert a.middle_of(day, day) == day


@pytest.mark.parametrize(("on", "seen"), [("2004-08-01", "met"), ("2004-08-02", "met"), ("2004-08-03", "undetermined")])
def test_s6_how_long_the_beginning_lasts_nobody_says(on: str, seen: str) -> None:
    """No number is made up: what was set on the first day is at the beginning, of a later day it cannot be told."""
    life = Assigned("c").through("objectives")
    life.on(on, "host", a.ObjectivesSet(A, (Id("budget-rule"),), (Id("lead-a-staff"),)))
    assert outcomes(life.asked())["objectives_are_set_at_the_beginning"] == seen
    assert a.OBJECTIVES_DUE.values == ()


def test_s6_objectives_may_be_set_one_kind_after_the_other() -> None:
    life = Assigned("c").through("objectives").on("2004-08-01", "host", a.ObjectivesSet(A, (Id("x"),), ()))
    assert outcomes(life.on("2004-08-02", "host", a.ObjectivesSet(A, (), (Id("y"),))).asked())[OBJECTIVES] == "met"
    late = Assigned("c").through("objectives").on("2004-08-02", "host", a.ObjectivesSet(A, (Id("x"),), ()))
    assert outcomes(late.on("2004-08-03", "host", a.ObjectivesSet(A, (), (Id("y"),))).asked())[OBJECTIVES] == "undetermined"


OBJECTIVES = "objectives_are_set_at_the_beginning"


@pytest.mark.parametrize(("day", "seen"), [("2004-08-31", "not applicable"), ("2004-09-01", "unmet")])
def test_s6_that_nobody_has_talked_shows_as_soon_as_the_middle_of_the_agreed_days_is_past(day: str, seen: str) -> None:
    life = Planner("c").handed_in()
    life.on("2004-07-20", "host", a.AssignmentAgreed(A, Id("nih"), A1.first, A1.last, equal_opportunity=True))
    life.assigned("a1", "2004-08-02", None).on(day, "candidate", CertificationRequested())
    assert outcomes(play(engine(), life)[-1])["performance_is_discussed_midway"] == seen


def test_s6_an_assignment_cut_short_keeps_the_middle_of_the_days_agreed_on() -> None:
    life = Assigned("c").through(days=30, talk="2004-08-31")
    assert outcomes(life.asked())["performance_is_discussed_midway"] == "met"


def test_s6_a_later_revision_of_the_plan_changes_nothing_of_what_was_to_be_evaluated() -> None:
    life = Assigned("c").through("progress").on(LAST, "host", a.ProgressEvaluated(A, ECQS[:1], objectives_met=True))
    fewer = stay("a1", "2004-08-02", 60, ecqs=ECQS[:1])
    life.on("2004-10-05", "candidate", drawn(2, assignments=(fewer, stay("a2", "2004-10-04", 60))))
    life.on("2004-10-06", "board", SignificantRevisionApproved(EDP, Count(2)))
    assert outcomes(life.asked())["progress_is_evaluated"] == "unmet"


def test_s6_what_ended_before_the_case_was_taken_over_is_not_asked_for() -> None:
    life = hhs().assigned("a2", "2004-10-04", 60)
    answer = play(engine(), life.on("2004-12-13", "candidate", CertificationRequested()))[-1]
    (finding,) = [f for f in answer.findings if f.rule == "hhs.candidate_evaluates_each_assignment"]
    assert "a1" not in str(finding.as_data())
    assert "a2" in str(finding.as_data())


@pytest.mark.parametrize("told", [((Id("x"),), ()), ((), (Id("x"),))])
def test_s6_objectives_are_of_both_kinds(told: Any) -> None:
    life = Assigned("c").through("objectives").on("2004-08-02", "host", a.ObjectivesSet(A, *told))
    assert outcomes(life.asked())["objectives_are_set_at_the_beginning"] == "unmet"


def test_s6_progress_is_told_in_each_ecq_that_the_plan_aims_at() -> None:
    """The plan aims at all five; four of them are not enough, wherever the evaluation is filed."""
    life = Assigned("c").through("progress").on(LAST, "host", a.ProgressEvaluated(A, ECQS[:4], objectives_met=True))
    answer = life.asked()
    assert outcomes(answer)["progress_is_evaluated"] == "unmet"
    (left,) = [f for f in answer.findings if f.rule == "hhs.progress_is_evaluated"]
    assert "Building Coalitions/Communications" in str(left.as_data())


def test_s6_a_copy_sent_on_before_the_end_is_none_but_feedback_may_come_on_any_day() -> None:
    """The copy is of the evaluation at the end (line 137); feedback has no day (line 351)."""
    life = Assigned("c").through("copy for the mentor")
    life.on("2004-09-29", "candidate", a.EvaluationForwarded(A, "mentor"))
    assert outcomes(life.asked())["evaluation_is_forwarded"] == "unmet"
    early = Assigned("c").through("feedback for the mentor").on("2004-09-20", "host", a.FeedbackGiven(A, "mentor"))
    assert outcomes(early.asked())["feedback_reaches_all_three"] == "met"


@pytest.mark.parametrize("conflict", [{"conflict": True, "appearance": False}, {"conflict": False, "appearance": True}])
def test_s6_a_conflict_of_interest_shows_and_so_does_what_looks_like_one(conflict: dict[str, bool]) -> None:
    life = Assigned("c").through("declaration").on("2004-07-21", "candidate", a.ConflictDeclared(A, **conflict))
    assert outcomes(life.asked())["assignments_are_free_of_conflict"] == "unmet"


def test_s6_the_last_declaration_counts() -> None:
    life = Assigned("c").through("declaration").on("2004-07-21", "candidate", a.ConflictDeclared(A, conflict=True, appearance=True))
    life.on("2004-07-25", "candidate", a.ConflictDeclared(A, conflict=False, appearance=False))
    assert outcomes(life.asked())["assignments_are_free_of_conflict"] == "met"


def test_s6_who_is_told_by_word_of_mouth_has_no_e_mail_and_who_agreed_without_equal_opportunity_shows() -> None:
    life = Assigned("c").through("e-mail").on("2004-07-21", "candidate", a.CoordinatorNotified(A, by_email=False))
    assert outcomes(life.asked())["coordinator_is_notified"] == "unmet"
    agreed = a.AssignmentAgreed(A, Id("nih"), A1.first, A1.last, equal_opportunity=False)
    answer = play(engine(), Planner("c").handed_in().on("2004-07-20", "host", agreed))[-1]
    assert answer.accepted
    assert outcomes(answer)["assignment_is_given_with_equal_opportunity"] == "unmet"


def test_s6_the_candidate_decides_who_else_reads_their_own_evaluation() -> None:
    """Only the coordinator reads it, for the fit and the worth of the assignment; a copy that is shared is a class of its own."""
    own, shared, supervisor = a.CANDIDATE_EVALUATION, a.SHARED_WITH_THE_MENTOR, a.SUPERVISOR_EVALUATION
    assert own.may_read("program coordinator", "worth to other candidates")
    assert not any(own.may_read(role, "fit of the assignment") for role in ("mentor", "supervisor of record", "ERB"))
    assert not own.may_read("program coordinator", "annual appraisal")
    assert shared.may_read("mentor", "development")
    assert not any(shared.may_read(role, "development") for role in ("program coordinator", "supervisor of record"))
    assert not a.SHARED_WITH_THE_SUPERVISOR.may_read("mentor", "development")
    assert supervisor.may_read("supervisor of record", "annual appraisal"), "as nowhere else (line 243)"


def test_s6_what_the_candidate_writes_is_not_taken_before_it_can_be_sealed() -> None:
    told = a.AssignmentEvaluated(A, as_expected=True, gained=ECQS, sent_to_coordinator=True)
    document = list(Planner("c").handed_in().on(LAST, "candidate", told))[-1]
    on = engine()
    with pytest.raises(InputError, match=r"payload\.experiences: found confidential content"):
        on.submit({**document, "payload": {**document["payload"], "experiences": "what I thought of it"}})


# --- the mentor


def test_c11_private_notes_and_what_may_be_told_are_two_classes() -> None:
    """C11: what is said in confidence stays with the two; what the mentor may tell goes to those who are named."""
    assert m.PRIVATE.may_read("candidate", "counsel")
    assert not any(m.PRIVATE.may_read(role, "counsel") for role in ("supervisor of record", "ERB", "program manager"))
    assert not m.PRIVATE.may_read("mentor", "removal")
    assert m.NEEDS.may_read("ERB", "development")
    assert not m.NEEDS.may_read("program manager", "development")
    assert m.CONCERNS.may_read("program manager", "concerns with the program")
    assert not m.CONCERNS.may_read("ERB", "concerns with the program")


@pytest.mark.parametrize(
    ("considered", "seen"), [(None, "undetermined"), ((True, True), "met"), ((True, False), "unmet"), ((False, True), "unmet")]
)
def test_a_mentor_suits_the_candidate_by_background_and_by_interests(considered: Any, seen: str) -> None:
    life = Candidate("c").selected()
    if considered:
        life.on("2004-05-20", "candidate", m.MentorConsidered(Id("c.mentor"), *considered))
    assert outcomes(play(engine(), life.enrolled())[-1])["mentor_is_compatible"] == seen


def test_how_often_mentor_and_candidate_meet_nobody_says() -> None:
    """C31: that they met is asked, no number is made up; of a meeting its topics tell whether it was about progress."""
    assert m.MEETINGS.values == ()
    life = Candidate("c").selected().enrolled().planned().on("2004-07-15", "mentor", m.MentorMet(("career",)))
    life.on("2004-07-16", "mentor", m.ConcernDiscussed("program manager"))
    life.on("2004-12-13", "candidate", CertificationRequested())
    said = outcomes(play(engine(), life)[-1])
    assert (said["mentor_meets_the_candidate"], said["progress_is_discussed_with_all_three"]) == ("met", "unmet")
