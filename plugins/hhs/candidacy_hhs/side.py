"""Money, travel, leave and appraisal beside the program: who pays, prepares, approves; recorded and checked, not paid."""

from datetime import date
from typing import Literal

from candidacy import (
    Case,
    CertificationRequested,
    Check,
    Count,
    Fact,
    Id,
    Sha256,
    all_of,
    does_not_apply,
    each_recorded,
    enter,
    fact,
    holds,
)
from candidacy_hhs.authority import GUIDELINES
from candidacy_hhs.events import ASSIGNMENTS, PositionRecorded
from candidacy_hhs.plan import in_force

Payer = Literal["program", "home division", "assignment organization"]
Office = Literal["home division", "assignment organization"]
Purpose = Literal[
    "assessment", "assignment", "travel of an assignment", "quarterly training", "core training", "orientation",
    "salary and benefits", "course", "travel to a course", "course beyond the cap", "course about the host's work",
    "work of the host", "activity the board did not approve",
]  # fmt: skip
Paper = Literal["course", "assignment", "travel of an assignment", "travel to a course"]

PAYERS: dict[Purpose, tuple[Payer, ...]] = {
    "assessment": ("program",),
    "assignment": ("program", "assignment organization", "home division"),
    "travel of an assignment": ("program", "assignment organization"),
    "quarterly training": ("program",),
    "core training": ("program",),
    "orientation": ("home division",),
    "salary and benefits": ("home division",),
    "course": ("program", "home division"),
    "travel to a course": ("program", "home division"),
    "course beyond the cap": ("home division",),
    "course about the host's work": ("assignment organization", "home division"),
    "work of the host": ("assignment organization",),
    "activity the board did not approve": ("home division", "assignment organization"),
}
"""Who may pay for what, as the guidelines name them."""
TRANSFERABLE = frozenset({"travel of an assignment", "quarterly training", "core training", "course", "travel to a course"})
"""Travel and training, which the home division may pay out of a transfer."""
BY_WHO_APPROVES = frozenset({"activity the board did not approve", "course about the host's work"})
"""What the home division or the host may approve, and whoever does then pays."""


@fact("hhs.expense_recorded.1")
class ExpenseRecorded(Fact):
    """What something cost, in whole US cents, and who pays.

    *approved_by* where an office approved what the board did not; *transfer* where the home division pays out of one.
    """

    expense: Id
    purpose: Purpose
    payer: Payer
    cents: Count
    course: Id | None = None
    assignment: Id | None = None
    approved_by: Office | None = None
    transfer: Id | None = None


@fact("hhs.expense_documented.1")
class ExpenseDocumented(Fact):
    """The coordinator has the papers of an expense."""

    expense: Id
    document: Sha256


@fact("hhs.spending_cap_announced.1")
class SpendingCapAnnounced(Fact):
    """How much may be spent on the candidate's training, in whole US cents, as the manager told."""

    cents: Count


@fact("hhs.funds_transferred.1")
class FundsTransferred(Fact):
    """The university transfers the sum agreed on, in whole US cents, to the home division that asked for it."""

    transfer: Id
    cents: Count


@fact("hhs.expenses_reimbursed.1")
class ExpensesReimbursed(Fact):
    """What went beyond the sum agreed on was reimbursed, on these papers."""

    transfer: Id
    cents: Count
    document: Sha256 | None = None


@fact("hhs.funds_settled.1")
class FundsSettled(Fact):
    """What was left of a transfer at the end of a calendar year serves a fiscal year's expenses, or goes back."""

    transfer: Id
    cents: Count
    use: Literal["fiscal year", "returned"]
    calendar_year: Count
    fiscal_year: Count | None = None


@fact("hhs.papers_prepared.1")
class PapersPrepared(Fact):
    """An office prepared papers; *sent_to_institution* where they went straight to the training institution."""

    paper: Paper
    office: Office
    course: Id | None = None
    assignment: Id | None = None
    sent_to_institution: bool | None = None


@fact("hhs.leave_taken.1")
class LeaveTaken(Fact):
    """Leave, its last day, who approved it, who keeps the record, and whether the home timekeeper heard of it."""

    last: date
    approved_by: Literal["assignment supervisor", "supervisor of record"]
    kept_by: Office
    reported: bool


@fact("hhs.performance_plan_reviewed.1")
class PerformancePlanReviewed(Fact):
    """Candidate and supervisor went through the yearly performance plan."""

    year: Count
    fits_the_program: bool


@fact("hhs.appraisal_prepared.1")
class AppraisalPrepared(Fact):
    """The yearly appraisal is prepared; whether it takes in performance on assignments."""

    year: Count
    includes_assignments: bool


# --- who pays


@GUIDELINES.requires(
    on=ExpenseRecorded,
    at=("HHS-104", "HHS-105", "HHS-106", "HHS-107", "HHS-110", "HHS-111", "HHS-121", "HHS-122", "HHS-128"),
    lines=((224, 226), (254, 254), (278, 278)),
    reading="whether the program funds an assignment is left open (line 267): then home or host pays; travel and training the home "
    "division may pay out of a transfer; what the host has done for its work it pays (line 278), what an office approves beside "
    "the plan is that office's (line 226); whoever comes from outside HHS has no home division, and nothing is asked of it (C12)",
)  # fmt: skip
def payer_is_the_one_named(case: Case, expense: ExpenseRecorded, day: date) -> Check:
    """Each expense is paid by the office that the guidelines name for it."""
    named = PAYERS[expense.purpose]
    if named == ("home division",) and not _has_a_home(case):
        return does_not_apply("from-outside-HHS")
    if expense.approved_by and expense.purpose in BY_WHO_APPROVES:
        named = (expense.approved_by,)
    if expense.purpose in TRANSFERABLE and _transferred(case, expense):
        named = (*named, "home division")
    return holds(expense.payer in named, "the-payer-named", expense=expense.expense, payer=expense.payer, named=named)


def _has_a_home(case: Case) -> bool:
    """Whether the candidate comes from inside HHS, as far as is known."""
    own = case.last(PositionRecorded)
    return own is None or own.inside_hhs


def _transferred(case: Case, expense: ExpenseRecorded) -> bool:
    return any(told.transfer == expense.transfer for _, told in case.all(FundsTransferred))


@GUIDELINES.requires(
    on=ExpenseRecorded, at="HHS-119", lines=(252, 252),
    reading="in the plan is in the version in force on that day; a course that the coordinator put in by a minor revision stands "
    "in it as the board lets it be revised (line 96); what is paid out of a transfer the program pays",
)  # fmt: skip
def course_paid_centrally_is_in_the_plan(case: Case, expense: ExpenseRecorded, day: date) -> Check:
    """The program pays only for courses of the approved plan."""
    if not _central_course(expense):
        return does_not_apply("no-course-that-the-program-pays-for")
    plan = in_force(case)
    if plan is None:
        return holds(None, "a-course-of-the-approved-plan", expense=expense.expense)
    listed = any(c.course == expense.course for c in plan.courses)
    return holds(listed, "a-course-of-the-approved-plan", expense=expense.expense, course=expense.course or "none")


@GUIDELINES.requires(
    on=ExpenseRecorded, at=("HHS-120", "HHS-121"), lines=((252, 252), (254, 254)),
    reading="the sum is the one that the manager told last; before it is told it cannot be told whether a course is beyond it",
)  # fmt: skip
def central_training_stays_within_the_cap(case: Case, expense: ExpenseRecorded, day: date) -> Check:
    """The courses that the program pays for cost no more than the manager told."""
    if not _central_course(expense):
        return does_not_apply("no-course-that-the-program-pays-for")
    told = case.last(SpendingCapAnnounced)
    if told is None:
        return holds(None, "a-sum-told-by-the-manager", by=enter(SpendingCapAnnounced, by="program manager"))
    paid = {e.expense: e.cents for _, e in case.all(ExpenseRecorded) if _central_course(e)} | {expense.expense: expense.cents}
    return holds(sum(paid.values()) <= told.cents, "within-the-sum-told", cents=sum(paid.values()), cap=told.cents)


def _central_course(expense: ExpenseRecorded) -> bool:
    return expense.purpose == "course" and (expense.payer == "program" or expense.transfer is not None)


@GUIDELINES.requires(on=ExpensesReimbursed, at="HHS-108", lines=(224, 224))
def reimbursement_is_documented(case: Case, paid: ExpensesReimbursed, day: date) -> Check:
    """What goes beyond the sum agreed on is reimbursed on papers, after a transfer."""
    agreed = any(transfer.transfer == paid.transfer for _, transfer in case.all(FundsTransferred))
    return all_of(
        holds(paid.document is not None, "papers-of-the-expenses", transfer=paid.transfer),
        holds(agreed, "a-transfer-agreed-on", transfer=paid.transfer),
    )


@GUIDELINES.requires(
    on=FundsSettled, at="HHS-109", lines=(224, 224),
    reading="a calendar year ends inside the fiscal year named after the following one, and which fiscal year is the next is not "
    "said: that one or the one after it; both years are recorded (C32)",
)  # fmt: skip
def rest_serves_the_next_fiscal_year(case: Case, settled: FundsSettled, day: date) -> Check:
    """What is left at the end of a calendar year serves the next fiscal year, or goes back."""
    if settled.use == "returned":
        return holds(True, "returned", transfer=settled.transfer)
    year, rest = settled.calendar_year, settled.fiscal_year
    if rest is None:
        return holds(None, "the-fiscal-year", transfer=settled.transfer, calendar_year=year)
    return holds(
        rest - year in {1, 2}, "the-next-fiscal-year", transfer=settled.transfer, calendar_year=year, fiscal_year=rest
    )  # fmt: skip


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-125", lines=((267, 267), (269, 269)),
    reading="assignments, courses and the travel to either, where the program pays; no day is given: it shows (C31)",
)  # fmt: skip
def central_expenses_are_documented(case: Case, request: CertificationRequested, day: date) -> Check:
    """The coordinator has the papers of what the program paid for assignments and courses."""
    central = [
        e.expense for _, e in case.all(ExpenseRecorded)
        if e.payer == "program" and e.purpose in {"assignment", "travel of an assignment", "course", "travel to a course"}
    ]  # fmt: skip
    none = "no-such-expense-of-the-program"
    return each_recorded(case, central, ExpenseDocumented, "expense", "papers-with-the-coordinator", by="candidate", none=none)


# --- who does the papers


@GUIDELINES.requires(
    on=PapersPrepared, at=("HHS-106", "HHS-118"), lines=((224, 224), (252, 252)),
    reading="whoever comes from outside HHS has no home division, and nothing is asked of it (C12)",
)  # fmt: skip
def course_papers_are_the_home_division_s(case: Case, papers: PapersPrepared, day: date) -> Check:
    """The papers for taking a course are the home division's to prepare."""
    if papers.paper != "course":
        return does_not_apply("no-papers-of-a-course")
    if not _has_a_home(case):
        return does_not_apply("from-outside-HHS")
    return holds(papers.office == "home division", "papers-of-the-home-division", office=papers.office)


@GUIDELINES.advises(
    on=PapersPrepared, at=("HHS-124", "HHS-126"), lines=((224, 224), (267, 267), (269, 269)),
    reading="one passage gives all travel papers to the home division (line 224), later ones those of an assignment to the host "
    "and those to a course to the office where the candidate works on that day: the later and closer ones decide",
)  # fmt: skip
def travel_papers_are_prepared_where_the_candidate_works(case: Case, papers: PapersPrepared, day: date) -> Check:
    """The host prepares assignment and travel; for a course, the office where the candidate works that day."""
    if papers.paper == "course":
        return does_not_apply("no-travel")
    away = any(a.open_on(day) for a in ASSIGNMENTS.of(case))
    named: Office = "assignment organization" if away or papers.paper != "travel to a course" else "home division"
    return holds(papers.office == named, "papers-of-the-office-named", paper=papers.paper, office=papers.office, named=named)


@GUIDELINES.advises(on=PapersPrepared, at="HHS-127", lines=(269, 269))
def papers_of_travel_to_a_course_go_to_the_institution(case: Case, papers: PapersPrepared, day: date) -> Check:
    """Papers of travel to a course go straight to the training institution."""
    if papers.paper != "travel to a course":
        return does_not_apply("no-travel-to-a-course")
    return holds(papers.sent_to_institution, "sent-to-the-institution", office=papers.office)


# --- leave


@GUIDELINES.requires(on=LeaveTaken, at="HHS-112", lines=(236, 236))
def time_is_kept_by_the_home_division(case: Case, leave: LeaveTaken, day: date) -> Check:
    """The home division's timekeeper keeps the record of time and leave."""
    return holds(leave.kept_by == "home division", "kept-at-home", kept_by=leave.kept_by)


@GUIDELINES.advises(
    on=LeaveTaken, at="HHS-113", lines=(236, 236),
    reading="leave that begins on a day of an assignment; whether it shortens the assignment is not said, and no day is taken off",
)  # fmt: skip
def leave_is_approved_by_the_assignment_supervisor(case: Case, leave: LeaveTaken, day: date) -> Check:
    """During an assignment its supervisor approves leave."""
    away = [a.id for a in ASSIGNMENTS.of(case) if a.open_on(day)]
    if not away:
        return does_not_apply("not-on-an-assignment")
    return holds(leave.approved_by == "assignment supervisor", "approved-by-the-assignment-supervisor", assignment=away[0])


@GUIDELINES.advises(on=LeaveTaken, at="HHS-114", lines=(236, 236))
def leave_is_reported_to_the_timekeeper(case: Case, leave: LeaveTaken, day: date) -> Check:
    """The home timekeeper hears of leave taken on an assignment."""
    if not any(a.open_on(day) for a in ASSIGNMENTS.of(case)):
        return does_not_apply("not-on-an-assignment")
    return holds(leave.reported, "reported-to-the-timekeeper", first=day)


# --- appraisal


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-115", lines=(243, 243),
    reading="once at least, and revised to fit the program; in which year is not said (C31)",
)  # fmt: skip
def performance_plan_is_revised(case: Case, request: CertificationRequested, day: date) -> Check:
    """Candidate and supervisor fitted the yearly performance plan to the program."""
    fits = any(told.fits_the_program for _, told in case.all(PerformancePlanReviewed))
    by = enter(PerformancePlanReviewed, by="candidate", fits_the_program=True)
    return holds(fits, "a-performance-plan-that-fits", by=by)


RULES = (
    payer_is_the_one_named,
    reimbursement_is_documented,
    rest_serves_the_next_fiscal_year,
    time_is_kept_by_the_home_division,
    leave_is_approved_by_the_assignment_supervisor,
    leave_is_reported_to_the_timekeeper,
    performance_plan_is_revised,
    course_papers_are_the_home_division_s,
    course_paid_centrally_is_in_the_plan,
    central_training_stays_within_the_cap,
    travel_papers_are_prepared_where_the_candidate_works,
    papers_of_travel_to_a_course_go_to_the_institution,
    central_expenses_are_documented,
)
OFFICE = ("candidate", "program coordinator")
ENTERED_BY = {
    ExpenseRecorded: OFFICE,
    ExpenseDocumented: OFFICE,
    SpendingCapAnnounced: ("program manager",),
    FundsTransferred: ("program coordinator", "program manager"),
    ExpensesReimbursed: ("program coordinator", "program manager"),
    FundsSettled: ("program coordinator", "program manager"),
    PapersPrepared: (*OFFICE, "assignment supervisor"),
    LeaveTaken: (*OFFICE, "assignment supervisor", "supervisor of record"),
    PerformancePlanReviewed: ("candidate", "supervisor of record"),
    AppraisalPrepared: ("supervisor of record",),
}
