"""HHS: money, travel, leave and appraisal beside the program (S9): recorded and checked, not paid."""

from typing import Any, get_args

import pytest

from candidacy import Answer, Count, Id, InputError, RoleGiven, RoleName
from candidacy_hhs import side as s
from candidacy_hhs.caseload import Candidate
from stories.test_hhs_plan import A1, COURSES, Planner, course
from support import engine, outcomes, play


def last(life: Candidate) -> Answer:
    return play(engine(), life)[-1]


def enrolled() -> Planner:
    """A candidate with a plan of two courses, at home until 2 August 2004, then on an assignment of 60 days."""
    return Planner("c").handed_in().assigned("a1", "2004-08-02", 60)  # type: ignore[return-value]


def expense(purpose: s.Purpose, payer: s.Payer, **more: Any) -> s.ExpenseRecorded:
    return s.ExpenseRecorded(Id("x1"), purpose, payer, Count(more.pop("cents", 100_00)), **more)


def of_expense(told: s.ExpenseRecorded, *before: Any, day: str = "2004-09-06") -> dict[str, str]:
    """What is said of an expense; it is recorded whatever is said."""
    life = enrolled()
    for event in before:
        life.on("2004-07-15", "manager", event)
    answer = last(life.on(day, "candidate", told))
    assert answer.accepted
    return outcomes(answer)


@pytest.mark.parametrize(
    ("purpose", "named"),
    [
        ("assessment", {"program"}),
        ("assignment", {"program", "home division", "assignment organization"}),
        ("travel of an assignment", {"program", "assignment organization"}),
        ("quarterly training", {"program"}),
        ("core training", {"program"}),
        ("orientation", {"home division"}),
        ("salary and benefits", {"home division"}),
        ("course", {"program", "home division"}),
        ("course beyond the cap", {"home division"}),
        ("travel to a course", {"program", "home division"}),
        ("course about the host's work", {"assignment organization", "home division"}),
        ("work of the host", {"assignment organization"}),
        ("activity the board did not approve", {"home division", "assignment organization"}),
    ],
)
def test_s9_each_expense_has_its_payer(purpose: s.Purpose, named: set[str]) -> None:
    for payer in get_args(s.Payer):
        seen = "met" if payer in named else "unmet"
        assert of_expense(expense(purpose, payer))["payer_is_the_one_named"] == seen
    assert set(s.PAYERS) == set(get_args(s.Purpose))


def test_s9_who_approves_what_the_board_did_not_pays_for_it() -> None:
    for purpose in s.BY_WHO_APPROVES:
        for by in get_args(s.Office):
            for payer in get_args(s.Payer):
                seen = "met" if payer == by else "unmet"
                assert of_expense(expense(purpose, payer, approved_by=by))["payer_is_the_one_named"] == seen


def test_s9_what_the_program_pays_for_the_home_division_may_pay_first_on_a_transfer() -> None:
    rule, transfer = "payer_is_the_one_named", s.FundsTransferred(Id("f1"), Count(500_00))
    out_of_it = expense("travel of an assignment", "home division", transfer=Id("f1"))
    assert of_expense(out_of_it)[rule] == "unmet", "there is none"
    assert of_expense(out_of_it, transfer)[rule] == "met"
    assert of_expense(expense("travel of an assignment", "home division"), transfer)[rule] == "unmet", "paid out of something else"
    for purpose in ("work of the host", "assessment"):
        assert of_expense(expense(purpose, "home division", transfer=Id("f1")), transfer)[rule] == "unmet", "no travel, no training"


def test_c12_whoever_comes_from_outside_has_no_home_division_to_pay_or_to_prepare_papers() -> None:
    life = Candidate("c").selected("state-health", inside_hhs=False).enrolled()
    for told, rule in (
        (expense("salary and benefits", "program"), "payer_is_the_one_named"),
        (s.PapersPrepared("course", "assignment organization"), "course_papers_are_the_home_division_s"),
    ):
        assert outcomes(last(life.on("2004-09-06", "candidate", told)))[rule] == "not applicable"


# --- courses


def test_s9_the_program_pays_for_courses_of_the_approved_plan_alone() -> None:
    """Nobody else could say so: the plan of that day, with what the coordinator and the board have put in since."""
    cap = s.SpendingCapAnnounced(Count(1000_00))
    of_plan, other = (expense("course", "program", course=Id(name)) for name in ("leading-change", "ethics"))
    assert of_expense(of_plan, cap)["course_paid_centrally_is_in_the_plan"] == "met"
    assert of_expense(other, cap)["course_paid_centrally_is_in_the_plan"] == "unmet"
    assert (
        of_expense(expense("course", "home division", course=Id("ethics")))["course_paid_centrally_is_in_the_plan"]
        == "not applicable"
    )
    life = Planner("c").handed_in().revised("coordinator", courses=(COURSES[0], course("ethics")))
    assert outcomes(last(life.on("2004-09-06", "candidate", other)))["course_paid_centrally_is_in_the_plan"] == "met"
    dropped = expense("course", "program", course=Id("leading-people"))
    seen = outcomes(last(life.on("2004-09-06", "candidate", dropped)))["course_paid_centrally_is_in_the_plan"]
    assert seen == "unmet", "of the version in force it is no part any more"
    out_of_a_transfer = expense("course", "home division", course=Id("none"), transfer=Id("f1"))
    assert of_expense(out_of_a_transfer)["course_paid_centrally_is_in_the_plan"] == "unmet", "that is the program's money"


def test_s9_of_a_plan_whose_contents_are_not_on_record_it_cannot_be_told() -> None:
    life = Candidate("c").selected().enrolled().planned()
    said = outcomes(last(life.on("2004-09-06", "candidate", expense("course", "program", course=Id("ethics")))))
    assert said["course_paid_centrally_is_in_the_plan"] == "undetermined"


@pytest.mark.parametrize(("cents", "seen"), [(600_00, "met"), (600_01, "unmet")])
def test_s9_courses_at_the_program_s_cost_stay_within_what_the_manager_told(cents: int, seen: str) -> None:
    """Both sides of a cent; the same expense told twice counts once."""
    life = enrolled().on("2004-07-15", "manager", s.SpendingCapAnnounced(Count(1000_00)))
    first = s.ExpenseRecorded(Id("x0"), "course", "program", Count(400_00), Id("leading-people"))
    life.on("2004-09-01", "candidate", first, first)
    told = expense("course", "program", cents=cents, course=Id("leading-change"))
    assert outcomes(last(life.on("2004-09-06", "candidate", told)))["central_training_stays_within_the_cap"] == seen


def test_s9_before_the_manager_has_told_a_sum_it_cannot_be_told_and_no_sum_is_made_up() -> None:
    told = expense("course", "program", course=Id("leading-change"))
    assert of_expense(told)["central_training_stays_within_the_cap"] == "undetermined"


# --- transfers


@pytest.mark.parametrize(
    ("transfer", "document", "seen"), [("f1", "a" * 64, "met"), ("f1", None, "unmet"), ("f2", "a" * 64, "unmet")]
)
def test_s9_what_went_beyond_the_sum_is_paid_back_on_papers(transfer: str, document: Any, seen: str) -> None:
    life = enrolled().on("2004-07-15", "manager", s.FundsTransferred(Id("f1"), Count(500_00)))
    answer = last(life.on("2004-10-01", "manager", s.ExpensesReimbursed(Id(transfer), Count(20_00), document)))
    assert outcomes(answer)["reimbursement_is_documented"] == seen


@pytest.mark.parametrize(
    ("use", "fiscal", "seen"),
    [
        ("fiscal year", 2004, "unmet"), ("fiscal year", 2005, "met"), ("fiscal year", 2006, "met"), ("fiscal year", 2007, "unmet"),
        ("fiscal year", None, "undetermined"), ("returned", None, "met"),
    ],
)  # fmt: skip
def test_c32_calendar_and_fiscal_year_are_both_recorded(use: Any, fiscal: int | None, seen: str) -> None:
    """C32: calendar year 2004 ends inside fiscal year 2005; which of 2005 and 2006 is the next is not said."""
    rest = s.FundsSettled(Id("f1"), Count(80_00), use, Count(2004), Count(fiscal) if fiscal else None)
    assert outcomes(last(enrolled().on("2004-12-31", "manager", rest)))["rest_serves_the_next_fiscal_year"] == seen


def test_s9_the_coordinator_gets_the_papers_of_what_the_program_paid() -> None:
    def asked(*told: Any) -> str:
        life = enrolled().on("2004-09-06", "candidate", *told)
        return outcomes(last(life.requested()))["central_expenses_are_documented"]

    travel = expense("travel to a course", "program")
    assert asked() == asked(expense("orientation", "home division")) == "not applicable"
    assert asked(travel) == "unmet"
    assert asked(travel, s.ExpenseDocumented(Id("x1"), "a" * 64)) == "met"


# --- papers


@pytest.mark.parametrize(
    ("paper", "day", "office", "seen"),
    [
        ("assignment", "2004-07-20", "assignment organization", "met"),
        ("assignment", "2004-07-20", "home division", "unmet"),
        ("travel of an assignment", "2004-07-20", "home division", "unmet"),
        ("travel to a course", "2004-08-01", "home division", "met"),
        ("travel to a course", "2004-08-02", "home division", "unmet"),
        ("travel to a course", "2004-08-02", "assignment organization", "met"),
        ("travel to a course", "2004-09-30", "assignment organization", "met"),
        ("travel to a course", "2004-10-01", "assignment organization", "unmet"),
        ("course", "2004-08-02", "home division", "not applicable"),
    ],
)
def test_s9_travel_papers_are_of_the_office_where_the_candidate_works_on_that_day(
    paper: s.Paper, day: str, office: s.Office, seen: str
) -> None:
    """Nobody else could say so: who prepares them turns on whether an assignment runs on that day."""
    answer = last(enrolled().on(day, "candidate", s.PapersPrepared(paper, office)))
    assert outcomes(answer)["travel_papers_are_prepared_where_the_candidate_works"] == seen


@pytest.mark.parametrize(("office", "seen"), [("home division", "met"), ("assignment organization", "unmet")])
def test_s9_course_papers_are_the_home_division_s_wherever_the_candidate_works(office: s.Office, seen: str) -> None:
    answer = last(enrolled().on("2004-09-01", "candidate", s.PapersPrepared("course", office)))
    assert outcomes(answer)["course_papers_are_the_home_division_s"] == seen


@pytest.mark.parametrize(("sent", "seen"), [(True, "met"), (False, "unmet"), (None, "undetermined")])
def test_s9_papers_of_travel_to_a_course_go_straight_to_the_institution(sent: bool | None, seen: str) -> None:
    told = s.PapersPrepared("travel to a course", "assignment organization", sent_to_institution=sent)
    answer = last(enrolled().on("2004-09-01", "candidate", told))
    assert outcomes(answer)["papers_of_travel_to_a_course_go_to_the_institution"] == seen


# --- leave and appraisal


@pytest.mark.parametrize(
    ("first", "ends", "by", "seen"),
    [
        ("2004-07-30", "2004-08-01", "supervisor of record", "not applicable"),
        ("2004-08-02", "2004-08-02", "supervisor of record", "unmet"),
        ("2004-08-02", "2004-08-03", "assignment supervisor", "met"),
        ("2004-09-30", "2004-10-05", "supervisor of record", "unmet"),
        ("2004-10-01", "2004-10-05", "supervisor of record", "not applicable"),
    ],
)
def test_s9_on_assignment_its_supervisor_approves_leave(first: str, ends: str, by: Any, seen: str) -> None:
    """Both ends of the assignment; and no day of it is taken off for leave, which no text says."""
    from datetime import date

    leave = s.LeaveTaken(date.fromisoformat(ends), by, "home division", reported=True)
    life = enrolled().on(first, "candidate", leave)
    assert outcomes(last(life))["leave_is_approved_by_the_assignment_supervisor"] == seen


@pytest.mark.parametrize(
    ("kept_by", "reported", "kept", "told"),
    [("home division", True, "met", "met"), ("assignment organization", False, "unmet", "unmet")],
)
def test_s9_the_home_timekeeper_keeps_the_record_and_hears_of_leave(kept_by: Any, reported: bool, kept: str, told: str) -> None:
    leave = s.LeaveTaken(A1.first, "assignment supervisor", kept_by, reported)
    said = outcomes(last(enrolled().on("2004-08-02", "candidate", leave)))
    assert (said["time_is_kept_by_the_home_division"], said["leave_is_reported_to_the_timekeeper"]) == (kept, told)


def test_s9_leave_takes_no_day_off_an_assignment() -> None:
    life = Planner("c").handed_in().developed().packaged()
    life.on("2004-08-09", "candidate", s.LeaveTaken(A1.last, "assignment supervisor", "home division", reported=True))
    assert last(life.requested()).accepted


@pytest.mark.parametrize(("fits", "seen"), [(True, "met"), (False, "unmet"), (None, "unmet")])
def test_s9_the_performance_plan_is_fitted_to_the_program(fits: bool | None, seen: str) -> None:
    life = enrolled()
    if fits is not None:
        life.on("2004-10-04", "candidate", s.PerformancePlanReviewed(Count(2004), fits))
    assert outcomes(last(life.requested()))["performance_plan_is_revised"] == seen


def test_s9_the_supervisor_of_record_prepares_the_appraisal_and_nobody_else() -> None:
    life = enrolled().on("2004-07-05", "coordinator", RoleGiven(Id("c.boss"), RoleName("supervisor of record")))
    appraisal = s.AppraisalPrepared(Count(2004), includes_assignments=True)
    life.on("2004-12-31", "boss", appraisal)
    assert last(life).accepted
    with pytest.raises(InputError, match="needed a role that may enter this fact: supervisor of record"):
        last(life.on("2004-12-31", "host", appraisal))


def test_s9_none_of_it_stands_before_an_act() -> None:
    """It is recorded and checked, never paid: money, leave and papers refuse nobody's certification."""
    assert not any(rule.binding and rule.before for rule in s.RULES)
