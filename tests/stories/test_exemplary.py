"""One life of each program in which everything is done that its document asks or advises: nothing is left to say."""

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

import pytest

from candidacy import (
    DAY,
    Count,
    Document,
    Id,
    JudgementGiven,
    PlanApproved,
    PlanSubmitted,
    Removed,
    RoleGiven,
    RoleName,
    SesMembershipRecorded,
)
from candidacy_commerce import events as c
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_dol import events as d
from candidacy_dol.caseload import CLOSE, Participant
from candidacy_dol.rules import MISSED_SESSION
from candidacy_hhs import assignment as a
from candidacy_hhs import candidate as x
from candidacy_hhs import events as e
from candidacy_hhs import mentoring as m
from candidacy_hhs import plan as p
from candidacy_hhs import reviews as v
from candidacy_hhs import side as s
from candidacy_hhs import training as t
from candidacy_hhs.authority import ECQS, REMOVAL
from candidacy_hhs.caseload import Candidate, document
from stories.test_commerce_descriptions import form
from stories.test_hhs_plan import COURSES, EDP, PARTNERS, drawn, stay
from support import engine, play


def of_commerce() -> CommerceCandidate:
    """Described before it began, talked over, trained for, four months long."""
    life = CommerceCandidate("x-1").enrolled().paired().on("2004-10-20", "mentor", c.PlanDiscussed(Id("edp-1"))).planned()
    life.on("2004-10-26", "office", c.MentorTrained(life.person("mentor"))).on("2005-01-10", "candidate", form(assignment=Id("a")))
    return life.assigned("a", "2005-02-01", 123).on("2005-03-01", "mentor", c.MentorMet(Id("talk-1"))).completed()


def of_dol() -> Participant:
    """A participant of a region, who attended one coaching session from a computer, with a webcam."""
    life = Participant("x-2").enrolled("region").rated("pre", "2013-11-12")
    for n, topic in enumerate(get_args(d.Topic)):
        life.on("2013-11-04", "office", d.SessionScheduled(Id(f"w-{n}"), date(2013, 12, 10), together=False, topic=topic))
        life.on(
            "2013-11-05", "office", d.FacilitatorRecorded(Id(f"w-{n}"), Id("x-2.leader"), in_the_ses=True, responsible_for=topic)
        )
        life.on("2013-12-10", "partnership", d.SessionAttended(Id(f"w-{n}"), "remote"))
    life.on("2013-12-10", "office", d.MaterialProvided("coach biographies"))
    life.on("2013-11-18", "office", *(d.MaterialProvided(what) for what in ("schedule", "WebEx instructions", "webcam")))
    text = Document.of(b"text", kind="text", title="text", pages=1)
    parties = {"participant": "participant", "mentor": "mentor"}
    for person, party in parties.items():
        life.on("2014-01-06", "partnership", d.QuestionnaireAnswered(life.person(person), party, text, text))  # type: ignore[arg-type]
    life.paired().attended(coaching="remote").rated("post", CLOSE)
    for n, kind in enumerate(get_args(d.TimeKind)):
        life.on("2014-07-01", "participant", d.TimeSpent(Id(f"time-{n}"), kind, Count(50)))
    life.on("2014-03-03", "office", RoleGiven(life.person("coach"), RoleName("coach")))
    life.on("2014-03-04", "coach", d.TeamSupported(Id("team-3"))).on(
        "2014-06-02", "participant", d.StrengthsDiscussed(Id("talk-1"))
    )
    return life.on(CLOSE, "partnership", d.ResultDelivered(Id("team-3"), measurable=True, positive=True)).completed()


A1, A2, A3 = stay("a1", "2004-08-02", 123), stay("a2", "2005-01-03", 60), stay("a3", "2005-03-21", 60)


def of_hhs() -> Candidate:
    """A candidate who does what the guidelines ask and advise, to the QRB; the plan is revised once, by the board, in time."""
    life = Candidate("x-3").selected().on("2004-05-04", "coordinator", x.GradeRecorded("GS-15"))
    life.on("2004-05-20", "candidate", m.MentorConsidered(Id("x-3.mentor"), background=True, interests=True)).enrolled()
    _session(life, "orientation", "2004-06-01")
    life.on("2004-06-02", "candidate", t.BegunAtOrientation("selecting a mentor"), t.BegunAtOrientation("development plan"))
    life.on("2004-06-07", "candidate", x.MobilityStatementSigned("a" * 64, get_args(x.Mobility)))
    life.on("2004-06-11", "coordinator", t.AssessmentCompleted(("Leading People", "Results Driven")))
    _planned(life)
    life.on("2004-07-07", "candidate", s.PerformancePlanReviewed(Count(2004), fits_the_program=True))
    for n, planned in enumerate((A1, A2)):
        _assigned(life, planned)
        _session(life, "core", str(planned.first.replace(day=20)), f"core-{n}")
    life.on("2004-10-01", "coordinator", e.PositionRecorded(True, Id("fda"), Id("deputy-director")))
    life.on("2004-10-01", "coordinator", SesMembershipRecorded(Id("x-3.mentor"), member=True))
    _trained(life)
    _besides(life)
    life.on("2005-03-04", "candidate", *(m.ProgressDiscussed(who) for who in get_args(p.Partner))).packaged("2005-03-07")
    life.on("2005-03-08", "coordinator", v.MidProgramReviewed(True, True, True, True, core_activities_are_attended=True))
    assessment = document("program assessment", "program-assessment", 1).sha256
    life.on("2005-03-08", "candidate", v.ProgramAssessed(assessment, get_args(v.Part))).requested("2005-03-09")
    life.on("2005-03-10", "mentor", v.ProgramEvaluated("mentor"))
    life.on("2005-03-10", "host", *(v.ProgramEvaluated("assignment supervisor", planned.assignment) for planned in (A1, A2)))
    return life.graduated("2005-04").certified("2005-05-03")


def _session(life: Candidate, kind: t.Session, day: str, name: str = "orientation") -> None:
    life.on(day, "coordinator", t.SessionHeld(Id(name), kind, Count(3), "Washington"))
    life.on(day, "coordinator", t.SessionAttended(Id(name), kind, Count(3)))


def _planned(life: Candidate) -> None:
    """A plan of one assignment; the second comes by a revision that the board approves before it begins."""
    life.on("2004-06-21", "candidate", drawn(assignments=(A1,), short_term=()), PlanSubmitted(EDP))
    life.on("2004-06-22", "candidate", *(p.PlanDiscussed(EDP, Count(1), partner) for partner in PARTNERS))
    life.on("2004-06-25", "coordinator", e.PlanReviewed(EDP)).on("2004-07-02", "board", PlanApproved(EDP))
    life.on("2004-07-06", "candidate", *(p.FinalPlanForwarded(EDP, to) for to in get_args(p.Recipient)))
    life.on("2004-07-12", "candidate", drawn(2, assignments=(A1, A2), short_term=()))
    life.on("2004-07-13", "candidate", *(p.PlanDiscussed(EDP, Count(2), partner) for partner in get_args(p.Recipient)))
    life.on("2004-07-20", "board", p.SignificantRevisionApproved(EDP, Count(2)))


def _assigned(life: Candidate, planned: p.PlannedAssignment) -> None:
    """From the agreement to the copies that are sent on."""
    name, first, last = planned.assignment, planned.first, planned.last
    life.on("2004-07-21", "host", a.AssignmentAgreed(name, Id("nih"), first, last, equal_opportunity=True))
    life.on("2004-07-22", "candidate", a.CoordinatorNotified(name, by_email=True))
    life.on("2004-07-22", "candidate", a.ConflictDeclared(name, conflict=False, appearance=False))
    life.on(first, "host", a.ObjectivesSet(name, (Id("budget-rule"),), (Id("lead-a-staff"),)))
    life.on(first + 10 * DAY, "host", a.PerformanceDiscussed(name, satisfactory=True))
    life.assigned(name, str(first), (last - first).days + 1)
    life.on(last, "host", a.ProgressEvaluated(name, ECQS, objectives_met=True))
    life.on(last, "host", *(a.FeedbackGiven(name, to) for to in get_args(a.Told)))
    life.on(last, "candidate", *(a.EvaluationForwarded(name, to) for to in get_args(a.Copied)))
    life.on(last, "candidate", a.AssignmentEvaluated(name, True, ECQS, sent_to_coordinator=True))
    life.on(last + DAY, "mentor", m.MentorMet(("outcome of an assignment",), (name,)))


def _trained(life: Candidate) -> None:
    """Both courses of the plan, evaluated, at the program's cost and within what the manager told."""
    life.on("2004-07-08", "manager", s.SpendingCapAnnounced(Count(5000_00)))
    for n, course in enumerate(COURSES):
        day = f"2004-09-{14 + n}"
        life.trained(course.course, day, course.hours).on(day, "candidate", t.TrainingEvaluated(course.course))
        life.on(day, "candidate", s.ExpenseRecorded(course.course, "course", "program", Count(2000_00), course.course))
        life.on(day, "coordinator", s.ExpenseDocumented(course.course, "d" * 64))
        life.on(day, "coordinator", s.PapersPrepared("course", "home division", course.course))
        travel = s.PapersPrepared("travel to a course", "assignment organization", course.course, sent_to_institution=True)
        life.on(day, "host", travel)


def _besides(life: Candidate) -> None:
    """Leave, and money that the university transferred."""
    life.on("2004-09-20", "host", s.LeaveTaken(date(2004, 9, 21), "assignment supervisor", "home division", reported=True))
    life.on("2004-07-09", "manager", s.FundsTransferred(Id("f1"), Count(300_00)))
    life.on("2004-12-20", "manager", s.ExpensesReimbursed(Id("f1"), Count(10_00), "e" * 64))
    life.on("2004-12-31", "manager", s.FundsSettled(Id("f1"), Count(50_00), "fiscal year", Count(2004), Count(2005)))


def removed() -> Candidate:
    """A removal as the guidelines describe it."""
    life = Candidate("x-4").selected().enrolled().planned()
    life.on("2005-03-01", "manager", v.PeriodicallyReviewed(successful=False), v.BoardAdvised("periodic review"))
    return life.on("2005-03-14", "board", JudgementGiven(Id(REMOVAL.id), answer=True)).on("2005-03-21", "secretary", Removed())


def excused() -> Participant:
    """A session was missed, and the office judged it before that was entered."""
    life = Participant("x-5").enrolled()
    life.on("2014-01-20", "office", JudgementGiven(Id(MISSED_SESSION.id), answer=True, about=Id("agency-presentations")))
    return life.on("2014-01-21", "partnership", d.SessionMissed(Id("agency-presentations")))


LIVES: dict[str, tuple[Callable[[], Any], ...]] = {
    "commerce": (of_commerce,),
    "dol": (of_dol, excused),
    "hhs": (of_hhs, removed),
}
NOT_SET = "commerce.mentor_and_candidate_talk_from_time_to_time"
"""Nobody has set how often that is."""


@pytest.mark.parametrize("life", [of_commerce, of_dol, of_hhs])
def test_leaves_nothing_to_say(life: Callable[[], Any]) -> None:
    """Everything can be met together: no two rules of an agency ask for what cannot both be."""
    answers = play(engine(), life())
    left = {(f.rule, str(f.outcome)) for said in answers for f in said.findings if not f.outcome.good}
    assert all(said.accepted for said in answers)
    assert {rule for rule, _ in left} <= {NOT_SET}, left
