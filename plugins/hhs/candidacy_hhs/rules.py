"""The rules of the HHS SES CDP, in the order of the guidelines. Each states the requirement in our words."""

from datetime import date
from typing import Any

import attrs

from candidacy import (
    SUSPENSIONS,
    CandidateEnrolled,
    Case,
    CertificationRequested,
    Check,
    Counted,
    Do,
    Either,
    Event,
    Every,
    Facts,
    Open,
    PlanApproved,
    Removed,
    RequestReturned,
    Resumed,
    SesMembershipRecorded,
    Sometime,
    Strand,
    Window,
    all_of,
    any_of,
    at_least,
    does_not_apply,
    each,
    else_judged,
    enter,
    holds,
    in_the_ses,
    judged,
    never,
    not_before,
    once,
    partial,
    since_first,
    unless_met,
)
from candidacy_hhs.authority import (
    ANNOUNCED,
    COMPETENCE,
    EARLIEST_REQUEST,
    ECQS,
    EIGHTEEN_MONTHS,
    GOALS,
    GUIDELINES,
    HOURS,
    LATE_REQUEST,
    LONG,
    LONGEST_PERIOD,
    LOOK_BACK,
    OBJECTIVES,
    REMOVAL,
    ROTATION,
    SHORT,
    SIX_MONTHS,
)
from candidacy_hhs.events import (
    ASSIGNMENTS,
    PAIRINGS,
    AnnouncementDated,
    AssignmentStarted,
    MentorSelected,
    PositionRecorded,
    RequestReviewed,
    TrainingCompleted,
)
from candidacy_hhs.package import (
    annotated_plan_is_filed,
    certificates_cover_eighty_hours,
    each_assignment_is_evaluated,
    each_ecq_is_summarized,
    memorandum_is_filed,
    mentor_evaluation_is_filed,
    program_assessment_is_filed,
    quarterly_sessions_are_certified,
)
from candidacy_hhs.plan import counts_since
from candidacy_opm import SERVICE

# --- what several rules ask


def announced(case: Case) -> Sometime:
    """The day of the public announcement: as entered, if it lies in the month the guidelines name; else that month.

    Where an edition names no month, it is the day entered, or any until the case began: who is selected was announced for.
    """
    found, named = case.last(AnnouncementDated), ANNOUNCED.name in case.parameters
    month = ANNOUNCED(case) if named else Sometime(date.min, case.began or date.max)
    return Sometime.on(found.on) if found and month.first <= found.on <= month.last else month


def formal_training(case: Case) -> Facts[TrainingCompleted]:
    """Interagency courses that address the ECQs, each once however often it was reported."""
    courses = case.all(TrainingCompleted).where(lambda _, course: course.interagency and bool(course.ecqs))
    return courses.distinct(lambda course: course.course, least=lambda course: course.hours)


def credited(case: Case, courses: Facts[TrainingCompleted]) -> Facts[TrainingCompleted]:
    """Those not completed earlier than the look-back allows; unsure where that hangs on the announcement."""
    opens = announced(case).shifted(LOOK_BACK(case).before)
    return courses.where(lambda done, _: opens.by(done))


def elsewhere(case: Case) -> Counted[AssignmentStarted]:
    """Assignments away from the own division, or inside HHS for those from outside.

    The position of record is that of the assignment's first day. Days before the approval of the plan
    do not count; of an assignment that a version of it names, no day before the first approval of such a version.
    """
    approved = case.day_of(PlanApproved)

    def counts(assignment: Strand[AssignmentStarted]) -> Strand[AssignmentStarted] | str | None:
        own, host = case.at(assignment.first).last(PositionRecorded), assignment.begun
        if own is None:
            return None
        if not own.inside_hhs and not host.inside_hhs:
            return "outside-HHS"
        if own.inside_hhs and host.division == own.division and host.inside_hhs:
            return "in-the-own-division"
        since = counts_since(case, assignment.id, approved) if approved else None
        return attrs.evolve(assignment, counts_from=max(assignment.first, since)) if since else "not-in-an-approved-plan"

    return ASSIGNMENTS.counted(case, counts)


def new_assignment(case: Case) -> Event:
    """A draft of an assignment that would count: away from the division of record, or inside HHS for those from outside.

    Where the federal floor asks for service, too, one that serves both.
    """
    own, more = case.last(PositionRecorded), dict[str, Any]()
    if SERVICE.name in case.parameters:
        more = {"full_time": True, "position": Open("a position outside the position of record")}
    if own is None:
        return partial(AssignmentStarted, **more)
    if not own.inside_hhs:
        return partial(AssignmentStarted, inside_hhs=True, **more)
    return partial(AssignmentStarted, division=Open(f"a host outside the division {own.division}"), **more)


def position_is_known(assignment: Strand[AssignmentStarted]) -> Check:
    """What is missing where no position of record stands on an assignment's first day."""
    division = Open("the division of record on that day, another one than the assignment's")
    by = enter(
        PositionRecorded,
        by="program coordinator",
        when=Window(last=assignment.first),
        supposing="the position of record lay elsewhere then",
        inside_hhs=True,
        division=division,
    )
    return holds(None, "a-position-of-record", by=by, assignment=assignment.id, on=assignment.first)


# --- the rules


@GUIDELINES.requires(
    before=CertificationRequested, at="HHS-006", lines=(15, 15),
    reading="the document gives no consequence after 18 months: the board judges then (C5)",
)  # fmt: skip
def requested_within_eighteen_months_of_the_plan(case: Case, request: CertificationRequested, day: date) -> Check:
    """Certification follows within 18 months of the approved plan; after that the board judges."""

    def ends(approved: date) -> Check:
        closes = EIGHTEEN_MONTHS.closes(case, approved, LONGEST_PERIOD(case), day)
        within = holds(day <= closes, "within-the-period", closes=closes, last_day=closes)
        return else_judged(within, case, LATE_REQUEST)

    return since_first(case, PlanApproved, "an-approved-plan", ends, by="ERB")


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-006", lines=(15, 15),
    reading="two passages start the six months differently; the one from the approved plan only shows (C4)",
)  # fmt: skip
def six_months_since_the_plan_was_approved(case: Case, request: CertificationRequested, day: date) -> Check:
    """Six months also lie between the approved plan and the request."""

    def opens(approved: date) -> Check:
        return not_before(day, EARLIEST_REQUEST(case).after(approved), what="six-months-after-the-plan")

    return since_first(case, PlanApproved, "an-approved-plan", opens, by="ERB")


@GUIDELINES.requires(before=MentorSelected, at="HHS-007", lines=(28, 28))
def mentor_is_in_the_ses(case: Case, selection: MentorSelected, day: date) -> Check:
    """The mentor selected is a member of the SES on that day."""
    member = in_the_ses(case, selection.mentor, day)
    no, known = never("this person is not a member of the SES"), _membership(selection.mentor)
    return holds(member, "mentor-in-the-SES", by=no, settle=known, mentor=selection.mentor)


def _membership(person: str) -> Do:
    """The record that a person is a member of the SES."""
    supposing = "this person is a member of the SES"
    return enter(SesMembershipRecorded, by="program coordinator", supposing=supposing, person=person, member=True)


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-007", "HHS-008"), lines=(28, 28))
def mentor_from_the_ses_serves(case: Case, request: CertificationRequested, day: date) -> Check:
    """A mentor who is a current member of the SES serves during the program."""
    another, found = enter(MentorSelected, by="candidate"), PAIRINGS.open_on(case, day)
    if not found:
        return holds(False, "a-mentor", by=another)
    return any_of(*(_serves(case, p.begun.mentor, day, another) for p in found))


def _serves(case: Case, mentor: str, day: date, another: Do) -> Check:
    member = in_the_ses(case, mentor, day)
    by = another if member is False else Either((_membership(mentor), another))
    return holds(member, "mentor-in-the-SES", by=by, mentor=mentor)


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-009", "HHS-036"), lines=((30, 30), (87, 87)))
def plan_is_approved_by_the_board(case: Case, request: CertificationRequested, day: date) -> Check:
    """The board has approved an executive development plan."""
    return holds(case.day_of(PlanApproved) is not None, "an-approved-plan", by=enter(PlanApproved, by="ERB"))


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-010", lines=(32, 32),
    reading="one passage asks for four months in one full-time rotation, another for 2 x 60 or 1 x 120 days: "
    "the days decide, the four months only show (C1)",
)  # fmt: skip
def four_months_full_time_elsewhere(case: Case, request: CertificationRequested, day: date) -> Check:
    """One full-time rotation of four months outside the position of record."""

    def counts(rotation: Strand[AssignmentStarted]) -> Strand[AssignmentStarted] | str | None:
        own = case.at(rotation.first).last(PositionRecorded)
        if own is None:
            return None
        if rotation.begun.position == own.position:
            return "in-the-position-of-record"
        return rotation if rotation.begun.full_time else "not-full-time"

    of = ASSIGNMENTS.counted(case, counts)
    new = partial(AssignmentStarted, full_time=True, position=Open("a position outside the position of record"))
    check = ASSIGNMENTS.enough(of.found, 1, lasting=ROTATION(case), new=new, not_counted=of.not_counted)
    return unless_met(check, map(position_is_known, of.unknown))


@GUIDELINES.requires(
    before=CertificationRequested, at=("HHS-011", "HHS-012", "HHS-013"), lines=(34, 36),
    reading="both ends count; a day in two assignments counts once, for the one that began first; no day before the "
    "plan was approved counts (C2, C3, C8); the own division is that of the first day, and other assignments may lie in it (C12)",
)  # fmt: skip
def two_short_assignments_or_one_long(case: Case, request: CertificationRequested, day: date) -> Check:
    """Two assignments of at least 60 calendar days each, or one of at least 120, outside the own division.

    For candidates from outside HHS, inside HHS.
    """
    sorted_out, new = elsewhere(case), new_assignment(case)
    found, not_counted = once(sorted_out.found), sorted_out.not_counted
    two = ASSIGNMENTS.enough(found, 2, lasting=SHORT(case), new=new, not_counted=not_counted)
    check = two | ASSIGNMENTS.enough(found, 1, lasting=LONG(case), new=new, not_counted=not_counted)
    return unless_met(check, map(position_is_known, sorted_out.unknown))


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-013", "HHS-044"), lines=((36, 36), (102, 102)))
def outsiders_are_assigned_inside_hhs(case: Case, request: CertificationRequested, day: date) -> Check:
    """Every assignment of a candidate from outside HHS is inside HHS."""
    return each((_inside(case, a) for a in ASSIGNMENTS.of(case)), none="no-assignment-has-begun")


def _inside(case: Case, assignment: Strand[AssignmentStarted]) -> Check:
    own = case.at(assignment.first).last(PositionRecorded)
    if own is None:
        return position_is_known(assignment)
    if own.inside_hhs:
        return does_not_apply("from-inside-HHS")
    gone = never("it has begun outside HHS")
    return holds(assignment.begun.inside_hhs, "an-assignment-inside-HHS", by=gone, assignment=assignment.id)


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-014", "HHS-049", "HHS-050"), lines=((38, 38), (118, 118)))
def eighty_hours_of_interagency_training(case: Case, request: CertificationRequested, day: date) -> Check:
    """Formal interagency courses on the ECQs come to 80 hours or more."""
    return at_least(formal_training(case).total(lambda t: t.hours, "hours"), HOURS(case), by=train)


@GUIDELINES.requires(
    before=CertificationRequested, at="HHS-052", lines=(122, 122),
    reading="training counts from 18 months before the announcement on, through the day of the request (C7)",
)  # fmt: skip
def training_lies_within_the_credit_window(case: Case, request: CertificationRequested, day: date) -> Check:
    """The 80 hours were completed in the program or in the 18 months before it was announced."""
    courses = formal_training(case)
    if courses.total(lambda t: t.hours, "hours").least < HOURS(case):
        return does_not_apply("too-few-hours-in-all")
    early = max(announced(case).first, min(day for day, _ in courses))  # in no month, as early as the first of them
    settle = enter(AnnouncementDated, by="program coordinator", supposing="it was announced early enough", on=early)
    return at_least(credited(case, courses).total(lambda t: t.hours, "hours"), HOURS(case), by=train, settle=settle)


def train(hours: int) -> Either:
    """Interagency courses of so many hours."""
    return Either((enter(TrainingCompleted, by="candidate", hours=hours, interagency=True, ecqs=ECQS),))


@GUIDELINES.requires(
    before=CertificationRequested, at=("HHS-016", "HHS-077"), lines=((42, 42), (169, 169)),
    reading="the program begins on the first day of orientation; suspended days do not count (C4)",
)  # fmt: skip
def six_months_in_the_program(case: Case, request: CertificationRequested, day: date) -> Check:
    """Six months in the program lie before the request."""
    since = case.day_of(CandidateEnrolled)
    if since is None:
        return holds(None, "a-first-day-in-the-program", by=enter(CandidateEnrolled, by="program coordinator"))
    opens = SIX_MONTHS.opens(case, since, EARLIEST_REQUEST(case), day)
    waiting = not_before(day, opens, what="six-months-in-the-program")
    still = next((s for s in SUSPENSIONS.of(case) if s.last is None), None)
    return waiting if still is None else all_of(waiting, holds(False, "not-suspended", by=_resume(still.id)))


def _resume(suspension: str) -> Either:
    return Either((enter(Resumed, by="program manager", suspension=suspension),))


# --- review, and removal


@GUIDELINES.requires(
    before=RequestReviewed, at=("HHS-092", "HHS-093", "HHS-094", "HHS-095", "HHS-096"), lines=(195, 205),
    reading="the fourth criterion, all required elements complete, is what the binding rules before the request compute: sessions "
    "by their certificate; the assessment, of which no paper is asked, shows there as advice",
)  # fmt: skip
def program_manager_finds_the_criteria_met(case: Case, review: RequestReviewed, day: date) -> Check:
    """The program manager judges competence in each ECQ, the goals of the plan, and performance in the assignments."""
    requested = case.all(CertificationRequested).last
    again = Every((enter(RequestReturned, by="program manager"), enter(CertificationRequested, by="candidate")))
    return all_of(*(judged(case, question, since=requested, again=again) for question in (COMPETENCE, GOALS, OBJECTIVES)))


@GUIDELINES.requires(
    before=Removed, at=("HHS-100", "HHS-101", "HHS-158", "HHS-161"), lines=((210, 212), (360, 360), (366, 366)),
    reading="the board advises the Secretary, who decides; the same for every kind of appointment (C9)",
)  # fmt: skip
def board_recommends_removal(case: Case, removal: Removed, day: date) -> Check:
    """The board has recommended removal to the Secretary, who decides."""
    return judged(case, REMOVAL)


# --- what shows on a fact


@GUIDELINES.requires(
    on=SesMembershipRecorded, at=("HHS-007", "HHS-008"), lines=(28, 28),
    reading="a mentor who leaves the SES shows on that day, not only when certification is asked for (C14)",
)  # fmt: skip
def mentor_stays_in_the_ses(case: Case, recorded: SesMembershipRecorded, day: date) -> Check:
    """A person who serves as mentor does not cease to be a member of the SES."""
    mentors = {p.begun.mentor for p in PAIRINGS.open_on(case, day)}
    if recorded.person not in mentors:
        return does_not_apply("no-mentor-of-this-case")
    return holds(recorded.member, "mentor-in-the-SES", mentor=recorded.person)


@GUIDELINES.advises(
    on=PositionRecorded, at="HHS-012", lines=(34, 36),
    reading="the own division is that of the first day of an assignment, so that a reassignment takes no day away; that the "
    "assignment now lies in the own division shows (C12, C14)",
)  # fmt: skip
def running_assignments_stay_elsewhere(case: Case, recorded: PositionRecorded, day: date) -> Check:
    """No assignment under way lies in the division to which the candidate is reassigned."""
    running = [a for a in ASSIGNMENTS.of(case) if a.open_on(day) and a.first < day]
    return each((_elsewhere(a, recorded) for a in running), none="no-assignment-is-under-way")


def _elsewhere(assignment: Strand[AssignmentStarted], recorded: PositionRecorded) -> Check:
    apart = assignment.begun.division != recorded.division
    return holds(apart, "outside-the-new-division", assignment=assignment.id, division=recorded.division)


@GUIDELINES.requires(on=AnnouncementDated, at="HHS-052", lines=(122, 122))
def announcement_lies_in_the_month_named(case: Case, dated: AnnouncementDated, day: date) -> Check:
    """The day entered for the announcement lies in the month that the guidelines give."""
    month = ANNOUNCED(case)
    return holds(month.first <= dated.on <= month.last, "in-the-month-named", on=dated.on, named=month)


@GUIDELINES.requires(on=TrainingCompleted, at="HHS-052", lines=(122, 122))
def training_is_recent_enough_to_count(case: Case, done: TrainingCompleted, day: date) -> Check:
    """Training counts from 18 months before the public announcement on."""
    opens = announced(case).shifted(LOOK_BACK(case).before)
    return holds(opens.by(day), "in-the-credit-window", by=Either(), window_opens=opens, completed=day)


RULES = (
    requested_within_eighteen_months_of_the_plan,
    six_months_since_the_plan_was_approved,
    mentor_is_in_the_ses,
    mentor_from_the_ses_serves,
    plan_is_approved_by_the_board,
    four_months_full_time_elsewhere,
    two_short_assignments_or_one_long,
    outsiders_are_assigned_inside_hhs,
    eighty_hours_of_interagency_training,
    training_lies_within_the_credit_window,
    six_months_in_the_program,
    memorandum_is_filed,
    each_ecq_is_summarized,
    annotated_plan_is_filed,
    each_assignment_is_evaluated,
    mentor_evaluation_is_filed,
    quarterly_sessions_are_certified,
    certificates_cover_eighty_hours,
    program_assessment_is_filed,
    program_manager_finds_the_criteria_met,
    board_recommends_removal,
    mentor_stays_in_the_ses,
    running_assignments_stay_elsewhere,
    announcement_lies_in_the_month_named,
    training_is_recent_enough_to_count,
)
