"""An assignment from the agreement on it to its evaluations: objectives, the talk midway, two evaluations, who receives them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Literal, TypeVar, get_args

from candidacy import (
    DAY,
    TAKEN_OVER,
    UNKNOWN,
    Case,
    CertificationRequested,
    Check,
    Fact,
    Id,
    Open,
    Parameter,
    Sealed,
    Strand,
    Window,
    all_of,
    calendar_days,
    does_not_apply,
    each,
    enter,
    fact,
    holds,
    never,
    sealed,
)
from candidacy_hhs.authority import ECQS, GUIDELINES
from candidacy_hhs.events import ASSIGNMENTS, AssignmentStarted, Ecq
from candidacy_hhs.plan import versions

Copied = Literal["mentor", "program coordinator"]
Told = Literal["mentor", "supervisor of record", "program coordinator"]
Reader = Literal["mentor", "supervisor of record"]

OBJECTIVES_DUE: Parameter[int] = Parameter(
    "objectives of an assignment", "days", (),
    reading="the guidelines do not say how many days of an assignment are still its beginning; who runs the program could set it",
)  # fmt: skip
"""How many days of an assignment are still its beginning: nobody says."""
SUPERVISOR_EVALUATION = GUIDELINES.keeps(
    "supervisor's evaluation",
    readers=(
        "candidate", "assignment supervisor", "mentor", "supervisor of record", "program coordinator", "program manager", "ERB",
    ),
    purposes=("development", "certification", "annual appraisal"),
    at=("HHS-064", "HHS-083", "HHS-092", "HHS-117", "HHS-156"), lines=((137, 137), (177, 177), (195, 195), (243, 243), (351, 351)),
)  # fmt: skip
CANDIDATE_EVALUATION = GUIDELINES.keeps(
    "candidate's evaluation of an assignment", readers=("candidate", "program coordinator"),
    purposes=("fit of the assignment", "worth to other candidates"), at="HHS-066", lines=(141, 141),
)  # fmt: skip
SHARED_WITH_THE_MENTOR, SHARED_WITH_THE_SUPERVISOR = (
    GUIDELINES.keeps(
        f"evaluation shared with the {reader}", readers=("candidate", reader), purposes=("development",),
        at="HHS-068", lines=(141, 141),
    )
    for reader in ("mentor", "supervisor of record")
)  # fmt: skip


@fact("hhs.assignment_agreed.1")
class AssignmentAgreed(Fact):
    """The receiving organization takes the candidate on for these days; *equal_opportunity* in choosing among candidates."""

    assignment: Id
    division: Id
    first: date
    last: date
    equal_opportunity: bool


@fact("hhs.coordinator_notified.1")
class CoordinatorNotified(Fact):
    """The candidate told the coordinator of an assignment that was agreed on."""

    assignment: Id
    by_email: bool


@fact("hhs.conflict_declared.1")
class ConflictDeclared(Fact):
    """The candidate declares whether an assignment is, or looks like, a conflict of interest."""

    assignment: Id
    conflict: bool
    appearance: bool


@fact("hhs.objectives_set.1")
class ObjectivesSet(Fact):
    """Supervisor and candidate set the objectives and standards of an assignment, of both kinds."""

    assignment: Id
    organizational: tuple[Id, ...]
    individual: tuple[Id, ...]


@fact("hhs.performance_discussed.1")
class PerformanceDiscussed(Fact):
    """The assignment supervisor talked with the candidate about their performance."""

    assignment: Id
    satisfactory: bool


@fact("hhs.progress_evaluated.1")
class ProgressEvaluated(Fact):
    """The assignment supervisor evaluated progress in these ECQs, and whether the objectives were met."""

    assignment: Id
    ecqs: tuple[Ecq, ...]
    objectives_met: bool
    performance: Sealed = sealed("supervisor's evaluation")


@fact("hhs.evaluation_forwarded.1")
class EvaluationForwarded(Fact):
    """The candidate sent a copy of the signed evaluation on."""

    assignment: Id
    recipient: Copied


@fact("hhs.feedback_given.1")
class FeedbackGiven(Fact):
    """The assignment supervisor told one of those concerned how the candidate did."""

    assignment: Id
    recipient: Told


@fact("hhs.assignment_evaluated.1")
class AssignmentEvaluated(Fact):
    """The candidate evaluated an assignment: was it as expected, in which ECQs did it help, does the coordinator have it."""

    assignment: Id
    as_expected: bool
    gained: tuple[Ecq, ...]
    sent_to_coordinator: bool
    experiences: Sealed = sealed("candidate's evaluation of an assignment")


@fact("hhs.candidate_evaluation_shared.1")
class CandidateEvaluationShared(Fact):
    """The candidate let somebody else read that evaluation, too; nobody else can."""

    assignment: Id
    reader: Reader
    for_the_mentor: Sealed = sealed("evaluation shared with the mentor")
    for_the_supervisor: Sealed = sealed("evaluation shared with the supervisor of record")


Assignment = Strand[AssignmentStarted]
R = TypeVar("R", bound=str)


def ended(case: Case) -> Iterator[tuple[str, Assignment, date]]:
    """The assignments that have ended, with their last days."""
    return ((a.id, a, a.last) for a in ASSIGNMENTS.of(case) if a.last is not None)


def of_each_ended(case: Case, check: Callable[[str, date], Check]) -> Check:
    """What is asked of each assignment that has ended; of one that ended before the case was taken over, only what is on record."""
    return each((unless_behind(case, last, check(name, last)) for name, _, last in ended(case)), none="no-assignment-has-ended")


def unless_behind(case: Case, on: date, check: Check) -> Check:
    """*check* of something of a day; not applicable where it is not good and the case was taken over later."""
    taken = case.taken_over
    return does_not_apply(TAKEN_OVER) if not check.good and taken is not None and on < taken else check


# --- before it begins


@GUIDELINES.advises(before=CertificationRequested, at="HHS-048", lines=(108, 108), reading="no day is given: it shows (C31)")
def coordinator_is_notified(case: Case, request: CertificationRequested, day: date) -> Check:
    """The coordinator was told by e-mail of each assignment agreed on or begun."""
    of = {told.assignment: on for on, told in case.all(AssignmentAgreed)} | {a.id: a.first for a in ASSIGNMENTS.of(case)}
    mailed = {told.assignment for _, told in case.all(CoordinatorNotified) if told.by_email}
    checks = (unless_behind(case, on, _mailed(name, name in mailed)) for name, on in of.items())
    return each(checks, none="no-assignment-was-agreed-on")


def _mailed(name: str, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    by = enter(CoordinatorNotified, by="candidate", assignment=name, by_email=True)
    return holds(done, "word-to-the-coordinator", by=by, assignment=name)


@GUIDELINES.requires(on=AssignmentAgreed, at="HHS-153", lines=(345, 345))
def assignment_is_given_with_equal_opportunity(case: Case, agreed: AssignmentAgreed, day: date) -> Check:
    """Whoever takes candidates on considers them with equal opportunity."""
    return holds(agreed.equal_opportunity, "equal-opportunity", assignment=agreed.assignment)


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-140", lines=(306, 306),
    reading="how a conflict is found out is not said: the candidate declares it for each assignment, and it shows",
)  # fmt: skip
def assignments_are_free_of_conflict(case: Case, request: CertificationRequested, day: date) -> Check:
    """Of each assignment the candidate has declared that it neither is nor looks like a conflict of interest."""
    checks = (unless_behind(case, a.first, _no_conflict(case, a.id)) for a in ASSIGNMENTS.of(case))
    return each(checks, none="no-assignment-has-begun")


def _no_conflict(case: Case, name: str) -> Check:
    declared = case.all(ConflictDeclared).where(lambda _, d: d.assignment == name).last
    by = enter(ConflictDeclared, by="candidate", assignment=name, conflict=False, appearance=False)
    if declared is None:
        return holds(False, "a-declaration", by=by, assignment=name)
    told = declared.event
    free = not told.conflict and not told.appearance
    return holds(free, "no-conflict-of-interest", by=UNKNOWN, assignment=name, conflict=told.conflict, appearance=told.appearance)


# --- while it lasts


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-061", lines=(135, 135),
    reading="set on the first day or before is at the beginning; how much later still is, nobody says, and it cannot be told",
)  # fmt: skip
def objectives_are_set_at_the_beginning(case: Case, request: CertificationRequested, day: date) -> Check:
    """Objectives for the organization and for the person were set at the beginning of each assignment."""
    checks = (unless_behind(case, a.first, _objectives(case, a)) for a in ASSIGNMENTS.of(case))
    return each(checks, none="no-assignment-has-begun")


def _objectives(case: Case, assignment: Assignment) -> Check:
    told = [(on, o) for on, o in case.all(ObjectivesSet) if o.assignment == assignment.id]
    both = ([on for on, o in told if o.organizational], [on for on, o in told if o.individual])
    kinds = {of: Open(f"objectives for the {of}", least=1) for of in ("organization", "person")}
    content: dict[str, Any] = {"assignment": assignment.id, "organizational": kinds["organization"], "individual": kinds["person"]}
    by = enter(ObjectivesSet, by="assignment supervisor", **content)
    if not all(both):
        return holds(False, "objectives-of-both-kinds", by=by, assignment=assignment.id)
    on = max(min(days) for days in both)
    early = on <= assignment.first or calendar_days(assignment.first, on) <= OBJECTIVES_DUE(case)
    return holds(early, "objectives-at-the-beginning", by=UNKNOWN, assignment=assignment.id, on=on)


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-062", lines=(135, 135),
    reading="once at least, on a day of the assignment that is not past its middle: of 60 calendar days the thirtieth, of 61 the "
    "thirty-first; both ends count; the days are those agreed on, else those it took, and without either it has no middle yet",
)  # fmt: skip
def performance_is_discussed_midway(case: Case, request: CertificationRequested, day: date) -> Check:
    """The supervisor had talked about performance by the middle of each assignment."""
    agreed: dict[str, date] = {told.assignment: told.last for _, told in case.all(AssignmentAgreed)}
    lasts = ((a, agreed.get(a.id, a.last)) for a in ASSIGNMENTS.of(case))
    found = [(a, middle_of(a.first, last)) for a, last in lasts if last is not None]
    checks = (unless_behind(case, middle, _midway(case, a, middle)) for a, middle in found if a.last is not None or day > middle)
    return each(checks, none="no-assignment-is-past-its-middle")


def _midway(case: Case, assignment: Assignment, middle: date) -> Check:
    talks = [on for on, told in case.all(PerformanceDiscussed) if told.assignment == assignment.id]
    there = any(assignment.first <= on <= middle for on in talks)
    late = never("its middle is past; only a talk that was held by then can still be entered")
    return holds(there, "a-talk-by-the-middle", by=late, assignment=assignment.id, middle=middle)


def middle_of(first: date, last: date) -> date:
    """The last day of the first half; of an odd number of days the day in the middle."""
    return first + (calendar_days(first, last) - 1) // 2 * DAY


# --- at its end


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-155", lines=(349, 349),
    reading="the competencies are the ECQs that the plan aimed at with the assignment, as approved by its last day; where no such "
    "version names it, any ECQ",
)  # fmt: skip
def progress_is_evaluated(case: Case, request: CertificationRequested, day: date) -> Check:
    """At the end of each assignment its supervisor evaluated progress in the ECQs aimed at."""
    aims = [(on, a) for on, version in versions(case) for a in version.assignments]

    def check(name: str, last: date) -> Check:
        of = [a.ecqs for on, a in aims if a.assignment == name and on <= last]
        return _progress(case, name, last, of[-1] if of else ())

    return of_each_ended(case, check)


def _progress(case: Case, name: str, last: date, aims: tuple[Ecq, ...]) -> Check:
    told = [p for on, p in case.all(ProgressEvaluated) if p.assignment == name and on >= last]
    seen = {ecq for evaluated in told for ecq in evaluated.ecqs}
    left = tuple(ecq for ecq in aims if ecq not in seen)
    by = enter(ProgressEvaluated, by="assignment supervisor", when=Window(first=last), assignment=name, ecqs=aims or ECQS)
    told_of: dict[str, Any] = {"left_out": left} if seen else {}
    return holds(bool(seen) and not left, "progress-in-each-ECQ-aimed-at", by=by, assignment=name, **told_of)


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-064", lines=(137, 137),
    reading="on the last day or later; the candidate forwards to two, and the supervisor's own feedback to three is asked apart "
    "(line 351)",
)  # fmt: skip
def evaluation_is_forwarded(case: Case, request: CertificationRequested, day: date) -> Check:
    """At the end of each assignment the candidate forwarded the signed evaluation to mentor and coordinator."""
    sent: dict[tuple[str, str], date] = {(e.assignment, e.recipient): on for on, e in case.all(EvaluationForwarded)}

    def check(name: str, last: date, to: Copied) -> Check:
        by = enter(EvaluationForwarded, by="candidate", when=Window(first=last), assignment=name, recipient=to)
        return holds(sent.get((name, to), date.min) >= last, "a-copy-received", by=by, assignment=name, recipient=to)

    return _of_each_recipient(case, get_args(Copied), check)


def _of_each_recipient(case: Case, recipients: tuple[R, ...], check: Callable[[str, date, R], Check]) -> Check:
    checks = (unless_behind(case, last, check(name, last, to)) for name, _, last in ended(case) for to in recipients)
    return each(checks, none="no-assignment-has-ended")


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-065", "HHS-067"), lines=(141, 141),
    reading="no day is given: it shows (C31)",
)  # fmt: skip
def candidate_evaluates_each_assignment(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate evaluated each assignment and sent the coordinator a copy."""
    return of_each_ended(case, lambda name, _: _own(case, name))


def _own(case: Case, name: str) -> Check:
    told = [e for _, e in case.all(AssignmentEvaluated) if e.assignment == name]
    by = enter(AssignmentEvaluated, by="candidate", assignment=name, sent_to_coordinator=True)
    written = holds(bool(told), "an-evaluation-by-the-candidate", by=by, assignment=name)
    sent = holds(any(e.sent_to_coordinator for e in told), "a-copy-for-the-coordinator", by=by, assignment=name)
    return all_of(written, sent) if told else written


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-156", lines=(351, 351),
    reading="the three named here, on any day; the signed copy that the candidate forwards goes to two of them (line 137)",
)  # fmt: skip
def feedback_reaches_all_three(case: Case, request: CertificationRequested, day: date) -> Check:
    """The assignment supervisor told mentor, supervisor of record and coordinator how the candidate did."""
    given: set[tuple[str, str]] = {(told.assignment, told.recipient) for _, told in case.all(FeedbackGiven)}

    def check(name: str, _: date, to: Told) -> Check:
        by = enter(FeedbackGiven, by="assignment supervisor", assignment=name, recipient=to)
        return holds((name, to) in given, "feedback-received", by=by, assignment=name, recipient=to)

    return _of_each_recipient(case, get_args(Told), check)


PARAMETERS = (OBJECTIVES_DUE,)
CONFIDENTIAL = (SUPERVISOR_EVALUATION, CANDIDATE_EVALUATION, SHARED_WITH_THE_MENTOR, SHARED_WITH_THE_SUPERVISOR)
RULES = (
    coordinator_is_notified,
    objectives_are_set_at_the_beginning,
    performance_is_discussed_midway,
    evaluation_is_forwarded,
    candidate_evaluates_each_assignment,
    assignments_are_free_of_conflict,
    assignment_is_given_with_equal_opportunity,
    progress_is_evaluated,
    feedback_reaches_all_three,
)
BOTH = ("candidate", "assignment supervisor")
ENTERED_BY = {
    AssignmentAgreed: BOTH,
    CoordinatorNotified: ("candidate", "program coordinator"),
    ConflictDeclared: ("candidate",),
    ObjectivesSet: BOTH,
    PerformanceDiscussed: BOTH,
    ProgressEvaluated: ("assignment supervisor",),
    EvaluationForwarded: ("candidate",),
    FeedbackGiven: ("assignment supervisor",),
    AssignmentEvaluated: ("candidate",),
    CandidateEvaluationShared: ("candidate",),
}
