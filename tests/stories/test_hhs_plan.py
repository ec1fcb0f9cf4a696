"""HHS: the development plan and its revisions (S5), and what else is told of a candidate, as a program officer can read them."""

from datetime import date, timedelta
from typing import Any

import pytest

from candidacy import Answer, Count, Id, PlanApproved, PlanSubmitted, Sha256, path
from candidacy_hhs import candidate as x
from candidacy_hhs import events as e
from candidacy_hhs import plan as p
from candidacy_hhs import training as t
from candidacy_hhs.authority import ECQS
from candidacy_hhs.caseload import Candidate
from support import engine, outcomes, play, refused_by

EDP = Id("edp-1")
PARTNERS: tuple[p.Partner, ...] = ("supervisor of record", "mentor", "program coordinator")
MINOR, MINIMUM = "minor_revision_is_minor", "revision_keeps_the_minimum"


def stay(name: str, first: str, days: int, division: str = "nih", ecqs: tuple[e.Ecq, ...] = ECQS) -> p.PlannedAssignment:
    """A planned assignment of so many calendar days, both ends counted."""
    begins = date.fromisoformat(first)
    return p.PlannedAssignment(Id(name), begins, begins + timedelta(days=days - 1), True, Id(division), ecqs)


def course(name: str, hours: int = 40, ecqs: tuple[e.Ecq, ...] = ECQS, *, interagency: bool = True) -> p.PlannedCourse:
    return p.PlannedCourse(Id(name), Count(hours), interagency, ecqs)


A1, A2 = stay("a1", "2004-08-02", 60), stay("a2", "2004-10-04", 60)
FORCE = p.ShortTerm(Id("task-force"), "leading", ECQS)
COURSES = (course("leading-change"), course("leading-people"))


def drawn(version: int = 1, **changed: Any) -> p.PlanDrawnUp:
    """The plan of these stories, or the same with something changed: two assignments of 60 days, 80 hours, a task force."""
    content = {"assignments": (A1, A2), "courses": COURSES, "sessions": (Id("fall"),), "short_term": (FORCE,), **changed}
    return p.PlanDrawnUp(EDP, Count(version), **content)


class Planner(Candidate):
    """A candidate whose plan is on record."""

    def handed_in(self, version: p.PlanDrawnUp | None = None, partners: tuple[p.Partner, ...] = PARTNERS) -> "Planner":
        """The plan is drawn up, talked over, reviewed, and before the board on 2004-07-02."""
        self.selected().enrolled()
        self.on("2004-06-21", "candidate", version or drawn(), PlanSubmitted(EDP))
        self.on("2004-06-22", "candidate", *(p.PlanDiscussed(EDP, Count(1), partner) for partner in partners))
        self.on("2004-06-25", "coordinator", e.PlanReviewed(EDP)).on("2004-07-02", "board", PlanApproved(EDP))
        return self

    def revised(self, by: str, day: str = "2004-07-12", version: int = 2, **changed: Any) -> "Planner":
        """Another version is drawn up, and approved by the coordinator or the board."""
        kind = p.MinorRevisionApproved if by == "coordinator" else p.SignificantRevisionApproved
        self.on("2004-07-12", "candidate", drawn(version, **changed))
        self.on(day, by, kind(EDP, Count(version)))
        return self


def last(life: Candidate) -> Answer:
    return play(engine(), life)[-1]


def revision(by: str, **changed: Any) -> Answer:
    """What is said of the approval of a revision."""
    return last(Planner("c").handed_in().revised(by, **changed))


def with_gaps() -> Planner:
    """A candidate of whom much shows: most of what is told leaves something open."""
    life = Planner("h-4")
    life.handed_in(drawn(assignments=(stay("a1", "2004-08-02", 120, ecqs=("Leading People",)),)))
    life.on("2004-07-05", "coordinator", x.GradeRecorded("other"), t.AssessmentCompleted(("Results Driven",)))
    life.on("2004-07-05", "coordinator", t.SessionHeld(Id("s"), "orientation", Count(2), "elsewhere"))
    life.on("2004-07-05", "candidate", t.BegunAtOrientation("development plan"), x.MobilityStatementSigned(Sha256("a" * 64), ()))
    life.on("2004-07-05", "candidate", drawn(2)).assigned("a2", "2004-07-06", 60)
    life.on("2004-07-07", "candidate", drawn(3, assignments=(stay("a2", "2004-07-06", 120, ecqs=("Leading People",)),)))
    life.on("2004-09-06", "board", p.SignificantRevisionApproved(EDP, Count(2))).assigned("a3", "2004-09-06", 60)
    life.packaged().requested()
    return life


# --- what a plan holds


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, None),
        ({"courses": (course("a", 80),)}, None),
        ({"courses": (course("a", 79),)}, "eighty_hours_are_planned"),
        ({"courses": (course("a", 79), course("b", 1, interagency=False))}, "eighty_hours_are_planned"),
        ({"courses": (course("a", 40), course("a", 40))}, "eighty_hours_are_planned"),
        ({"courses": (course("a", 80, ecqs=()),)}, "planned_activities_serve_ecqs"),
        ({"short_term": (p.ShortTerm(Id("s"), "another skill", ()),)}, "planned_activities_serve_ecqs"),
        ({"assignments": (A1, stay("a2", "2004-10-04", 59))}, "planned_assignments_are_long_enough"),
        ({"assignments": (A1, A1)}, "planned_assignments_are_long_enough"),
        ({"assignments": (stay("a", "2004-08-02", 120),)}, None),
        ({"assignments": (stay("a", "2004-08-02", 119),)}, "planned_assignments_are_long_enough"),
        ({"assignments": (A1, A2, stay("a3", "2005-01-03", 20, ecqs=()))}, "planned_assignments_have_days_and_ecqs"),
        ({"assignments": (A1, A2, stay("a3", "2005-01-03", 0))}, "planned_assignments_have_days_and_ecqs"),
        ({"sessions": ()}, "quarterly_sessions_are_planned"),
    ],
)  # fmt: skip
def test_s5_the_board_approves_a_plan_that_holds_what_it_must(changed: dict[str, Any], rule: str | None) -> None:
    """Both sides of 80 hours, 60 days and 120 days; short ones are not added up (C2), both ends count (C3)."""
    answers = play(engine(), Planner("c").handed_in(drawn(**changed)))
    assert refused_by(answers[-1]) == ([rule] if rule else [])
    if rule:
        (told,) = [a for a in answers if a.record.type_name == "hhs.plan_drawn_up.1"]
        assert told.accepted, "a draft is kept"
        assert outcomes(told)[rule] == "unmet", "and shows what it lacks from the beginning"


FLAWS: list[dict[str, Any]] = [
    {"courses": (course("course-1", 79, ecqs=()),)},
    {"assignments": (stay("a1", "2004-08-02", 59, ecqs=()), stay("a2", "2004-10-04", 0))},
    {"sessions": (), "short_term": (p.ShortTerm(Id("s"), "leading", ()),)},
]


@pytest.mark.parametrize("changed", FLAWS)
def test_s5_the_path_says_how_a_plan_is_put_right(changed: dict[str, Any]) -> None:
    """The candidate draws the version again with all that is missing and talks it over; that plan is approved."""
    on = engine()
    answers = play(on, Planner("c").handed_in(drawn(**changed), PARTNERS[:2]))
    assert not answers[-1].accepted
    found = path(*on.case("c"), to="developing", as_of=date(2004, 7, 5))
    assert found.day == date(2004, 7, 5)
    steps = [(step.type_name, step.by) for step in found.plan]
    assert sorted(steps[:-1]) == [("hhs.plan_discussed.1", "candidate"), ("hhs.plan_drawn_up.1", "candidate")]
    assert steps[-1] == ("candidacy.plan_approved.1", "ERB")


@pytest.mark.parametrize("missing", PARTNERS)
def test_s5_the_plan_is_talked_over_with_three(missing: p.Partner) -> None:
    life = Planner("c").handed_in(partners=tuple(partner for partner in PARTNERS if partner != missing))
    assert refused_by(last(life)) == ["plan_is_made_in_consultation"]
    life.on("2004-07-05", "candidate", p.PlanDiscussed(EDP, Count(1), missing)).on("2004-07-06", "board", PlanApproved(EDP))
    assert last(life).accepted


def test_s5_of_a_plan_whose_contents_are_not_on_record_that_alone_shows() -> None:
    answer = last(Candidate("c").selected().enrolled().planned())
    assert answer.accepted
    said = outcomes(answer)
    assert said["contents_are_on_record"] == "unmet"
    assert said["eighty_hours_are_planned"] == said["plan_is_made_in_consultation"] == "not applicable"


def test_s5_the_plan_aims_at_what_the_assessment_found() -> None:
    found: tuple[tuple[tuple[e.Ecq, ...], str], ...] = (
        (("Leading People",), "met"),
        (("Leading People", "Results Driven"), "unmet"),
    )
    for needs, seen in found:
        life = Planner("c").selected().enrolled().on("2004-06-11", "coordinator", t.AssessmentCompleted(needs))
        life.on("2004-06-21", "candidate", drawn(assignments=(stay("a", "2004-08-02", 120, ecqs=("Leading People",)),)))
        assert outcomes(last(life))["planned_assignments_serve_what_was_assessed"] == seen


# --- revisions

SMALL: list[tuple[str, dict[str, Any]]] = [
    ("other-days", {"assignments": (A1, stay("a2", "2004-10-11", 60))}),
    ("other-courses", {"courses": (COURSES[0], course("another", 40))}),
    ("dropped-activity", {"short_term": ()}),
]
LARGE: list[tuple[str, dict[str, Any]]] = [
    ("another-assignment", {"assignments": (A1, A2, stay("a3", "2005-01-03", 30))}),
    ("another-assignment", {"short_term": (FORCE, p.ShortTerm(Id("workgroup"), "leading", ECQS))}),
    ("another-division", {"assignments": (A1, stay("a2", "2004-10-04", 60, "fda"))}),
    ("more-training", {"courses": (*COURSES, course("one-more", 1))}),
    ("more-training", {"courses": (COURSES[0], course("leading-people", 41))}),
    ("something-else", {"sessions": (Id("winter"),)}),
    ("something-else", {"assignments": (A1, stay("a2", "2004-10-04", 60, ecqs=ECQS[:1]))}),
    ("something-else", {"short_term": (p.ShortTerm(Id("task-force"), "another skill", ECQS),)}),
]


@pytest.mark.parametrize(("kind", "changed"), SMALL)
def test_s5_the_coordinator_approves_a_minor_revision(kind: str, changed: dict[str, Any]) -> None:
    """C8: other days, other courses of no more hours, and dropping what can be spared."""
    answer = revision("coordinator", **changed)
    assert answer.accepted
    assert observed(answer, "changes") == [kind]


@pytest.mark.parametrize(("kind", "changed"), LARGE)
def test_s5_the_board_approves_a_significant_revision_and_the_coordinator_does_not(kind: str, changed: dict[str, Any]) -> None:
    """C8: the class is computed from the two versions."""
    refused = revision("coordinator", **changed)
    assert refused_by(refused) == [MINOR]
    assert observed(refused, "changes")[0] == kind
    assert revision("board", **changed).accepted


def observed(answer: Answer, name: str) -> Any:
    (finding,) = [f for f in answer.findings if f.rule == f"hhs.{MINOR}"]
    return finding.as_data()["observed"][name]


def test_s5_nobody_approves_for_another() -> None:
    """Neither the coordinator as the board, nor the candidate at all."""
    for by in ("coordinator", "candidate"):
        assert refused_by(last(Planner("c").handed_in().on("2004-07-12", "candidate", drawn(2)).on(
            "2004-07-12", by, p.SignificantRevisionApproved(EDP, Count(2))))) == ["role"]  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"courses": (COURSES[0], course("leading-people", 39))},
        {"assignments": (A1, stay("a2", "2004-10-04", 59))},
        {"assignments": (A1,)},
    ],
)
def test_s5_no_revision_takes_the_plan_below_a_minimum(changed: dict[str, Any]) -> None:
    """C8: the minima run again, for the coordinator and for the board."""
    assert refused_by(revision("coordinator", **changed)) == [MINOR, MINIMUM]
    assert refused_by(revision("board", **changed)) == [MINIMUM]


def test_s5_a_person_raises_a_revision_and_nobody_lowers_it() -> None:
    """C8: a minor change that somebody holds to be significant goes to the board, under whatever number it comes again."""
    _, change = SMALL[0]
    raised = Planner("c").handed_in().on("2004-07-12", "mentor", p.RevisionRaised(EDP, Count(2)))
    assert refused_by(last(raised.revised("coordinator", **change))) == [MINOR]
    assert refused_by(last(raised.revised("coordinator", version=3, **change))) == [MINOR]
    assert last(raised.revised("board", version=3, **change)).accepted


def test_s5_another_minor_revision_is_not_raised_with_it() -> None:
    raised = Planner("c").handed_in().on("2004-07-12", "board", p.RevisionRaised(EDP, Count(2)))
    raised.on("2004-07-12", "candidate", drawn(2, **SMALL[0][1]))
    assert last(raised.revised("coordinator", version=3, **SMALL[1][1])).accepted


def test_s5_a_revision_is_compared_with_the_version_in_force() -> None:
    """After the board let a third assignment in, dropping it again is minor; drawing a version alone puts it in force for nobody."""
    third: dict[str, Any] = {"assignments": (A1, A2, stay("a3", "2005-01-03", 30))}
    assert last(Planner("c").handed_in().revised("board", **third).revised("coordinator", version=3)).accepted
    life = Planner("c").handed_in().on("2004-07-12", "candidate", drawn(2, **third))
    assert refused_by(last(life.revised("coordinator", version=3, **third))) == [MINOR]


def test_s5_without_the_versions_on_record_nothing_is_minor() -> None:
    life = Planner("c").handed_in().on("2004-07-12", "coordinator", p.MinorRevisionApproved(EDP, Count(2)))
    assert refused_by(last(life)) == [MINOR, MINIMUM]
    bare = Planner("c")
    bare.selected().enrolled().planned()
    assert refused_by(last(bare.revised("coordinator"))) == [MINOR]
    assert last(bare.revised("board")).accepted


def test_s5_a_revision_is_discussed_with_two_in_advance() -> None:
    told: tuple[p.Partner, ...] = ("supervisor of record", "mentor")
    for partners, seen in ((told[:1], "unmet"), (told, "met")):
        life = Planner("c").handed_in().on("2004-07-08", "candidate", *(p.PlanDiscussed(EDP, Count(2), who) for who in partners))
        answer = last(life.revised("coordinator", **SMALL[0][1]))
        assert answer.accepted
        assert outcomes(answer)["revision_is_discussed_in_advance"] == seen


# --- what began before its approval


def third(approved: str, ended: str) -> Planner:
    """A first assignment as planned, a second one of another kind from 2005-01-03 on, let into the plan on a day."""
    life = Planner("c").handed_in()
    life.trained("leading-change", "2004-09-15", 40).trained("leading-people", "2004-11-10", 40).assigned("a1", "2004-08-02", 60)
    life.on("2004-12-01", "candidate", drawn(2, assignments=(A1, A2, stay("a3", "2005-01-03", 60))))
    days = (date.fromisoformat(ended) - date(2005, 1, 3)).days + 1
    if approved < "2005-01-03":
        life.on(approved, "board", p.SignificantRevisionApproved(EDP, Count(2))).assigned("a3", "2005-01-03", days)
    else:
        life.assigned("a3", "2005-01-03", days).on(approved or "2004-12-02", "board", p.SignificantRevisionApproved(EDP, Count(2)))
    return life


def certified(life: Candidate) -> Answer:
    return last(life.packaged("2005-04-01").requested("2005-04-01"))


@pytest.mark.parametrize(
    ("approved", "ended", "counts"),
    [
        ("2005-01-02", "2005-03-03", True),
        ("2005-01-02", "2005-03-02", False),
        ("2005-01-10", "2005-03-10", True),
        ("2005-01-10", "2005-03-09", False),
    ],
)
def test_s5_days_before_the_approval_do_not_count(approved: str, ended: str, counts: bool) -> None:
    """C8: the sixtieth day, with the first one that counts, and the day before."""
    answer = certified(third(approved, ended))
    assert refused_by(answer) == ([] if counts else ["two_short_assignments_or_one_long"])


@pytest.mark.parametrize(("day", "seen"), [("2005-01-02", "not applicable"), ("2005-01-03", "unmet"), ("2005-01-10", "unmet")])
def test_s5_that_the_board_came_late_shows(day: str, seen: str) -> None:
    """C8: the day on which it begins is not before it."""
    life = Planner("c").handed_in().on("2004-12-01", "candidate", drawn(2, assignments=(A1, A2, stay("a3", "2005-01-03", 60))))
    if day >= "2005-01-03":
        life.assigned("a3", "2005-01-03", None)
    answer = last(life.on(day, "board", p.SignificantRevisionApproved(EDP, Count(2))))
    assert answer.accepted
    assert outcomes(answer)["significant_revision_precedes_the_activity"] == seen


def test_s5_an_assignment_of_a_version_that_nobody_approved_does_not_count() -> None:
    life = Planner("c").handed_in().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 60)
    life.on("2004-12-01", "candidate", drawn(2, assignments=(A1, A2, stay("a3", "2005-01-03", 60))))
    answer = certified(life.assigned("a3", "2005-01-03", 60))
    assert refused_by(answer) == ["two_short_assignments_or_one_long"]
    assert outcomes(answer)["assignments_are_in_the_plan"] == "unmet"


def test_s5_drawing_an_approved_version_again_changes_nothing_of_what_was_approved() -> None:
    """Also where the record says that it had been drawn before the approval."""
    life = Planner("c").handed_in().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 60)
    life.on("2004-07-01", "candidate", drawn(1, assignments=(A1, A2, stay("a3", "2005-01-03", 60))))
    assert refused_by(certified(life.assigned("a3", "2005-01-03", 60))) == ["two_short_assignments_or_one_long"]


def test_s5_an_assignment_outside_the_plan_counts_and_shows() -> None:
    life = Planner("c").handed_in().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 60)
    answer = certified(life.assigned("a3", "2005-01-03", 60))
    assert answer.accepted
    assert outcomes(answer)["assignments_are_in_the_plan"] == "unmet"
    assert outcomes(answer)["planned_activities_are_completed"] == "unmet"


def test_s5_the_plan_is_carried_out_and_sent_on() -> None:
    life = Planner("c").handed_in().developed()
    life.on("2004-07-05", "candidate", p.FinalPlanForwarded(EDP, "mentor"))
    said = outcomes(certified(life))
    assert said["planned_activities_are_completed"] == "met"
    assert said["assignments_are_in_the_plan"] == "met"
    assert said["final_plan_is_forwarded"] == "unmet"
    again = Planner("c").handed_in().developed()
    again.on("2004-07-05", "candidate", p.FinalPlanForwarded(EDP, "mentor"), p.FinalPlanForwarded(EDP, "supervisor of record"))
    assert outcomes(certified(again))["final_plan_is_forwarded"] == "met"


# --- sessions, assessment, courses


def held(kind: t.Session, days: int = 3, place: Any = "Washington", name: str = "s") -> t.SessionHeld:
    return t.SessionHeld(Id(name), kind, Count(days), place)


@pytest.mark.parametrize(
    ("session", "seen"),
    [
        (held("orientation"), "met"),
        (held("orientation", 2), "unmet"),
        (held("core", 4), "unmet"),
        (held("orientation", place="around Washington"), "unmet"),
        (held("core", place="around Washington"), "met"),
    ],
)
def test_sessions_take_three_days_and_orientation_is_in_washington(session: t.SessionHeld, seen: str) -> None:
    answer = last(Candidate("c").selected().enrolled().on("2004-06-11", "coordinator", session))
    assert answer.accepted
    assert outcomes(answer)["sessions_last_three_days"] == seen


@pytest.mark.parametrize(("day", "seen"), [("2004-06-03", "met"), ("2004-06-04", "unmet")])
def test_the_search_for_a_mentor_begins_by_the_last_day_of_orientation(day: str, seen: str) -> None:
    life = Candidate("c").selected().enrolled().on(day, "candidate", t.BegunAtOrientation("selecting a mentor"))
    assert outcomes(last(life))["orientation_work_is_begun"] == seen


@pytest.mark.parametrize(
    ("core", "days", "more", "seen"),
    [(2, 3, 0, "met"), (1, 3, 0, "unmet"), (2, 2, 0, "unmet"), (2, 3, 1, "unmet"), (3, 3, 0, "met")],
)
def test_every_session_held_until_the_request_is_attended(core: int, days: int, more: int, seen: str) -> None:
    """C6: what was held by the day of the request, on all its days, and orientation and two core ones at least."""
    life = Candidate("c").selected().enrolled().planned().developed()
    for n in range(core + more + 1):
        kind: t.Session = "core" if n else "orientation"
        life.on(f"2004-07-{20 + n}", "coordinator", held(kind, name=f"s{n}"))
        if n <= core:
            life.on(f"2004-07-{20 + n}", "coordinator", t.SessionAttended(Id(f"s{n}"), kind, Count(days)))
    answer = last(life.packaged().requested())
    assert answer.accepted, "the certificate of the package decides"
    assert outcomes(answer)["sessions_are_attended"] == seen


def test_a_session_after_the_request_is_not_missed() -> None:
    """C6."""
    life = Candidate("c").selected().enrolled().planned().developed()
    for n in range(3):
        kind: t.Session = "core" if n else "orientation"
        life.on(f"2004-07-{20 + n}", "coordinator", held(kind, name=f"s{n}"), t.SessionAttended(Id(f"s{n}"), kind, Count(3)))
    life.on("2004-12-14", "coordinator", held("core", name="after"))
    assert outcomes(last(life.packaged().requested("2004-12-13")))["sessions_are_attended"] == "met"


def test_the_assessment_and_the_evaluation_of_each_course_show() -> None:
    life = Candidate("c").selected().enrolled().planned().developed()
    said = outcomes(last(life.packaged().requested()))
    assert (said["assessment_is_completed"], said["each_course_is_evaluated"]) == ("unmet", "unmet")
    life = Candidate("c").selected().enrolled().planned().developed()
    life.on("2004-06-11", "coordinator", t.AssessmentCompleted(("Leading People",)))
    life.on("2004-11-11", "candidate", t.TrainingEvaluated(Id("leading-change")), t.TrainingEvaluated(Id("leading-people")))
    said = outcomes(last(life.packaged().requested()))
    assert (said["assessment_is_completed"], said["each_course_is_evaluated"]) == ("met", "met")


def test_the_assessment_is_read_for_development_alone_and_no_day_is_invented_for_papers() -> None:
    """C31."""
    assert t.ASSESSMENT.may_read("candidate", "development")
    assert not t.ASSESSMENT.may_read("ERB", "removal")
    assert not t.ASSESSMENT.may_read("supervisor of record", "development")
    assert not t.TRAINING_COMMENTS.may_read("ERB", "worth of the course")
    assert t.PAPERS_DUE.values == ()


# --- grade, appointment, mobility


@pytest.mark.parametrize(
    ("grade", "equivalence", "seen"),
    [("GS-14", None, "met"), ("GS-15", None, "met"), ("other", "a" * 64, "met"), ("other", None, "unmet")],
)
def test_the_grade_or_a_documented_equivalent(grade: Any, equivalence: Any, seen: str) -> None:
    """C13: people from outside the government have no grade; a Schedule B appointment is told beside it."""
    life = Candidate("c").selected().on("2004-05-04", "coordinator", x.AppointmentRecorded("Schedule B appointment"))
    answer = last(life.on("2004-05-04", "coordinator", x.GradeRecorded(grade, equivalence)))
    assert answer.accepted
    assert outcomes(answer)["grade_is_fourteen_or_fifteen_or_equivalent"] == seen


def test_the_statement_on_mobility_is_signed_and_every_kind_accepted() -> None:
    for kinds, seen in ((("organizational", "functional"), "unmet"), (("geographic", "functional", "organizational"), "met")):
        life = Candidate("c").selected().enrolled().planned()
        life.on("2004-07-05", "candidate", x.MobilityStatementSigned("a" * 64, kinds))  # type: ignore[arg-type]
        assert outcomes(last(life))["all_kinds_of_mobility_are_accepted"] == seen
        assert outcomes(last(life.developed().packaged().requested()))["mobility_statement_is_signed"] == "met"
    bare = Candidate("c").selected().enrolled().planned().developed().packaged().requested()
    assert outcomes(last(bare))["mobility_statement_is_signed"] == "unmet"
