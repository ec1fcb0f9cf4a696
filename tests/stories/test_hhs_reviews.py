"""HHS: the program from selection to the QRB (S4), reviews and removal (S8), the package of eight (S7), as an officer can read them."""

from typing import Any, get_args

import pytest

from candidacy import Answer, CandidateGraduated, Count, Id, JudgementGiven, Removed, RoleGiven, RoleName
from candidacy_hhs import assignment as a
from candidacy_hhs import events as e
from candidacy_hhs import reviews as v
from candidacy_hhs import training as t
from candidacy_hhs.authority import COMPETENCE, ECQS, GOALS, OBJECTIVES, REMOVAL
from candidacy_hhs.caseload import Candidate, document
from support import engine, outcomes, play, refused_by

ALL_WELL = {
    "plan_is_carried_out": True,
    "performance_is_fully_satisfactory": True,
    "activities_are_reported": True,
    "courses_are_documented": True,
    "core_activities_are_attended": True,
}
PARTS = get_args(v.Part)


def last(life: Candidate) -> Answer:
    return play(engine(), life)[-1]


def developed() -> Candidate:
    return Candidate("c").selected().enrolled().planned().developed()


# --- S4


def test_s4_the_program_goes_from_selection_to_the_qrb_and_every_step_has_its_decider() -> None:
    life = developed().packaged().requested().graduated().certified()
    on = engine()
    answers = play(on, life)
    assert all(answer.accepted for answer in answers)
    assert on.case("c")[0].state == "certified"
    moved = [a.record.type_name.split(".")[1] for a in answers if a.record.data["moved"]["from"] != a.record.data["moved"]["to"]]
    assert moved == [
        "candidate_selected", "candidate_enrolled", "plan_submitted", "plan_reviewed", "plan_approved",
        "certification_requested", "request_reviewed", "candidate_graduated", "request_forwarded", "candidate_certified",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "by"), [(CandidateGraduated(), "manager"), (e.RequestForwarded(), "board"), (e.RequestReviewed(), "coordinator")]
)
def test_s4_nobody_decides_in_the_place_of_another(act: Any, by: str) -> None:
    life = developed().packaged().requested()
    if not isinstance(act, e.RequestReviewed):
        yes = (JudgementGiven(Id(q.id), answer=True) for q in (COMPETENCE, GOALS, OBJECTIVES))
        life.on("2005-01-03", "manager", *yes, e.RequestReviewed())
    if isinstance(act, e.RequestForwarded):
        life.on("2005-01-10", "board", CandidateGraduated())
    answer = last(life.on("2005-01-12", by, act))
    assert "candidacy.role" in {f.rule for f in answer.findings if f.refuses}


def test_s4_three_days_of_orientation_then_the_first_core_session() -> None:
    life = Candidate("c").selected().enrolled()
    life.on("2004-06-01", "coordinator", t.SessionHeld(Id("o"), "orientation", Count(3), "Washington"))
    assert outcomes(last(life))["sessions_last_three_days"] == "met"


# --- the review in the middle


def reviewed(life: Candidate, day: str = "2004-12-03", **answers: bool) -> Candidate:
    return life.on(day, "coordinator", v.MidProgramReviewed(**{**ALL_WELL, **answers}))


def test_s4_the_answers_of_the_review_are_held_against_the_record() -> None:
    """No spreadsheet does this: the coordinator says that courses are documented, and the record has no certificate."""
    life = developed()
    answer = last(reviewed(life))
    assert answer.accepted
    assert outcomes(answer)["answers_agree_with_the_record"] == "unmet"
    (finding,) = [f for f in answer.findings if f.rule == "hhs.answers_agree_with_the_record"]
    assert "course-papers" in str(finding.as_data())
    honest = last(reviewed(with_sessions(developed()), courses_are_documented=False))
    assert outcomes(honest)["answers_agree_with_the_record"] == "met"
    silent = last(reviewed(reported(developed()), courses_are_documented=False))
    assert outcomes(silent)["answers_agree_with_the_record"] == "undetermined", "of core sessions nothing is on record"


def reported(life: Candidate) -> Candidate:
    """The candidate has evaluated both assignments."""
    told = (a.AssignmentEvaluated(Id(name), True, ECQS, sent_to_coordinator=True) for name in ("a1", "a2"))
    return life.on("2004-12-02", "candidate", *told)


def with_sessions(life: Candidate, days: int = 3) -> Candidate:
    """The same, and a core session was held and attended on so many of its days."""
    life.on("2004-09-07", "coordinator", t.SessionHeld(Id("s1"), "core", Count(3), "around Washington", "first"))
    return reported(life).on("2004-09-07", "candidate", t.SessionAttended(Id("s1"), "core", Count(days)))


@pytest.mark.parametrize(("hours", "seen"), [(79, "unmet"), (80, "met")])
def test_s4_certificates_of_as_many_hours_as_were_taken(hours: int, seen: str) -> None:
    life = with_sessions(developed()).packaged("2004-12-02", hours=hours)
    assert outcomes(last(reviewed(life)))["answers_agree_with_the_record"] == seen


@pytest.mark.parametrize(("days", "seen"), [(3, "met"), (2, "unmet")])
def test_s4_core_activities_held_so_far_were_attended(days: int, seen: str) -> None:
    life = with_sessions(developed(), days).packaged("2004-12-02")
    assert outcomes(last(reviewed(life)))["answers_agree_with_the_record"] == seen


def test_s4_an_assignment_without_any_report_shows() -> None:
    life = Candidate("c").selected().enrolled().planned()
    start = e.AssignmentStarted(Id("a1"), True, Id("nih"), Id("acting-director"), full_time=True)
    life.on("2004-08-02", "candidate", start).on("2004-09-30", "candidate", e.AssignmentEnded(Id("a1")))
    life.on("2004-09-07", "coordinator", t.SessionHeld(Id("s1"), "core", Count(3), "around Washington", "first"))
    life.on("2004-09-07", "candidate", t.SessionAttended(Id("s1"), "core", Count(3))).trained("t", "2004-09-15", 80).packaged(
        "2004-12-02"
    )
    assert outcomes(last(reviewed(life)))["answers_agree_with_the_record"] == "unmet"
    assert outcomes(last(reviewed(life, "2004-12-04", activities_are_reported=False)))["answers_agree_with_the_record"] == "met"


@pytest.mark.parametrize("question", ["plan_is_carried_out", "performance_is_fully_satisfactory", "core_activities_are_attended"])
def test_s4_the_board_is_alerted_to_slow_progress(question: str) -> None:
    def asked(*told: tuple[str, Any]) -> str:
        life = reviewed(developed().packaged("2004-12-02"), **{question: False})
        for day, event in told:
            life.on(day, "coordinator", event)
        return outcomes(last(life.requested()))["board_is_alerted_to_slow_progress"]

    word = v.BoardAdvised("mid-program review")
    assert asked() == asked(("2004-12-02", word)) == "unmet", "word of the day before is of something else"
    assert asked(("2004-12-03", word)) == "met"


def test_s4_who_progresses_as_wished_is_nothing_to_alert_the_board_to_and_without_a_review_that_shows() -> None:
    said = outcomes(last(reviewed(developed().packaged("2004-12-02")).requested()))
    assert (said["mid_program_review_is_held"], said["board_is_alerted_to_slow_progress"]) == ("met", "not applicable")
    assert outcomes(last(developed().packaged().requested()))["mid_program_review_is_held"] == "unmet"
    assert v.MIDDLE.values == (), "of what the middle is meant, nobody says"


# --- S7


@pytest.mark.parametrize("missing", PARTS)
def test_s7_an_assessment_of_the_program_that_lacks_a_part_shows(missing: v.Part) -> None:
    """The document must be there; of what it holds the guidelines say should (line 185)."""
    rule, filed = "program_assessment_has_its_parts", document("program assessment", "program-assessment", 1).sha256
    parts = tuple(part for part in PARTS if part != missing)
    answer = last(developed().packaged().on("2004-12-11", "candidate", v.ProgramAssessed(filed, parts)).requested())
    assert answer.accepted
    assert outcomes(answer)[rule] == "unmet"
    whole = last(developed().packaged().on("2004-12-11", "candidate", v.ProgramAssessed(filed, PARTS)).requested())
    assert outcomes(whole)[rule] == "met"
    other = last(developed().packaged().on("2004-12-11", "candidate", v.ProgramAssessed("c" * 64, parts)).requested())
    assert outcomes(other)[rule] == "not applicable", "of another document than the one that is filed"


def test_s7_a_package_without_the_assessment_refuses_the_request() -> None:
    """The eight documents, each alone: tests/stories/test_hhs.py."""
    life = list(developed().packaged().requested())
    answer = play(engine(), [c for c in life if c["payload"].get("kind") != "program assessment"])[-1]
    assert refused_by(answer) == ["program_assessment_is_filed"]


def test_s7_of_a_document_whose_parts_nobody_told_only_the_document_is_asked_for() -> None:
    answer = last(developed().packaged().requested())
    assert answer.accepted
    assert outcomes(answer)["program_assessment_has_its_parts"] == "not applicable"


@pytest.mark.parametrize("who", get_args(v.Evaluator))
def test_s7_mentor_and_supervisor_take_part_in_the_evaluation_the_candidate_by_the_package(who: str) -> None:
    life = developed().packaged().requested()
    parts = {"candidate": "candidate", "mentor": "mentor", "assignment supervisor": "host"}
    for evaluator, part in parts.items():
        of = (Id("a1"), Id("a2")) if part == "host" else (None,)
        if evaluator != who:
            life.on("2005-01-02", part, *(v.ProgramEvaluated(evaluator, name) for name in of))  # type: ignore[arg-type]
    answer = [said for said in play(engine(), life.graduated()) if said.record.type_name == "candidacy.candidate_graduated.1"][-1]
    assert answer.accepted
    seen = "met" if who == "candidate" else "unmet"
    assert outcomes(answer)["everybody_evaluates_the_program"] == seen


def test_s8_word_to_the_board_is_asked_for_before_certification_too() -> None:
    """HHS-099 follows from what the review found, whether anybody is removed or not."""
    life = developed().packaged().on("2004-12-10", "manager", v.PeriodicallyReviewed(successful=False)).requested()
    assert outcomes(last(life))["board_is_alerted_to_slow_progress"] == "unmet"


# --- S8


def removed(*told: tuple[str, str, Any], recommended: bool = True) -> Answer:
    life = Candidate("c").selected().enrolled().planned()
    for day, by, event in told:
        life.on(day, by, event)
    if recommended:
        life.on("2005-03-14", "board", JudgementGiven(Id(REMOVAL.id), answer=True))
    return last(life.on("2005-03-21", "secretary", Removed()))


FAILING = ("2005-03-01", "manager", v.PeriodicallyReviewed(successful=False))
WORD = v.BoardAdvised("periodic review")


def test_s8_the_secretary_removes_on_the_board_s_recommendation_alone() -> None:
    assert refused_by(removed(recommended=False)) == ["board_recommends_removal"]
    assert removed().accepted


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ((), "unmet"),
        ((FAILING,), "unmet"),
        ((FAILING, ("2005-02-28", "manager", WORD)), "unmet"),
        ((FAILING, ("2005-03-01", "manager", WORD)), "met"),
        ((("2005-03-01", "manager", v.PeriodicallyReviewed(successful=True)),), "unmet"),
        ((("2005-03-02", "coordinator", WORD),), "met"),
        ((FAILING, ("2005-03-14", "manager", WORD)), "met"),
        ((FAILING, ("2005-03-15", "manager", WORD)), "unmet"),
    ],
)
def test_s8_the_board_was_told_what_the_manager_found(told: tuple[Any, ...], seen: str) -> None:
    """It shows and does not refuse: the manager may review and need not; the board's recommendation is what is needed (C9)."""
    answer = removed(*told)
    assert answer.accepted
    assert outcomes(answer)["board_was_advised_before_removal"] == seen


def test_s8_the_same_for_an_appointee_from_outside_the_government() -> None:
    """HHS-101: a Schedule B appointment changes nothing."""
    from candidacy_hhs.candidate import AppointmentRecorded

    life = Candidate("c").selected("state-health", inside_hhs=False).enrolled().planned()
    life.on("2004-07-05", "coordinator", AppointmentRecorded("Schedule B appointment"))
    assert refused_by(last(life.on("2005-03-21", "secretary", Removed()))) == ["board_recommends_removal"]


def test_s8_the_board_does_not_remove_and_a_named_delegate_of_the_secretary_may() -> None:
    """Delegated authority is a dated fact: a person who is given the role from a day on decides from that day on."""
    life = Candidate("c").selected().enrolled().planned().on("2005-03-14", "board", JudgementGiven(Id(REMOVAL.id), answer=True))
    answer = last(life.on("2005-03-15", "board", Removed()))
    assert [f.rule for f in answer.findings if f.refuses] == ["candidacy.role"]
    life.on("2005-03-18", "manager", RoleGiven(Id("c.delegate"), RoleName("Secretary")))
    assert last(life.on("2005-03-18", "delegate", Removed())).accepted
