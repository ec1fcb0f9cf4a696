"""How a candidate is followed: the review in the middle, periodic reviews, word to the board, and the evaluation of the program."""

from datetime import date
from typing import Any, Literal, get_args

from candidacy import (
    CandidateGraduated,
    Case,
    CertificationRequested,
    Check,
    Fact,
    Id,
    JudgementGiven,
    Outcome,
    Parameter,
    Removed,
    Sha256,
    Window,
    all_of,
    at_least,
    does_not_apply,
    each,
    enter,
    exactly,
    fact,
    holds,
    never,
)
from candidacy_hhs.assignment import AssignmentEvaluated, EvaluationForwarded, ended
from candidacy_hhs.authority import GUIDELINES, REMOVAL
from candidacy_hhs.events import DocumentFiled, TrainingCompleted
from candidacy_hhs.training import everything_held_was_attended

Review = Literal["mid-program review", "periodic review"]
Part = Literal["overview", "highlights", "benefits to the person", "benefits to the profession", "recommendations"]
Evaluator = Literal["candidate", "mentor", "assignment supervisor"]

MIDDLE: Parameter[int] = Parameter(
    "middle of the program", "days", (),
    reading="the program takes 6 to 18 months, and the guidelines do not say what the middle is; who runs it could set a day",
)  # fmt: skip
"""The program takes 6 to 18 months: of what the middle is meant, nobody says."""


@fact("hhs.mid_program_reviewed.1")
class MidProgramReviewed(Fact):
    """The coordinator's review in the middle of the program: five questions; of performance none where nobody was assigned yet."""

    plan_is_carried_out: bool
    performance_is_fully_satisfactory: bool | None
    activities_are_reported: bool
    courses_are_documented: bool
    core_activities_are_attended: bool


@fact("hhs.periodically_reviewed.1")
class PeriodicallyReviewed(Fact):
    """The program manager looked at the candidate's performance."""

    successful: bool


@fact("hhs.board_advised.1")
class BoardAdvised(Fact):
    """The board was told of what a review found."""

    review: Review


@fact("hhs.program_assessed.1")
class ProgramAssessed(Fact):
    """What the candidate's assessment of the program, filed under this digest, tells of."""

    document: Sha256
    parts: tuple[Part, ...]


@fact("hhs.program_evaluated.1")
class ProgramEvaluated(Fact):
    """Somebody took part in the formal evaluation of the program; of *assignment*, who supervised it."""

    evaluator: Evaluator
    assignment: Id | None = None


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-069", lines=(148, 148),
    reading="of which length the middle is meant is not said: that there was a review by the request is asked, no day of it (C31)",
)  # fmt: skip
def mid_program_review_is_held(case: Case, request: CertificationRequested, day: date) -> Check:
    """The coordinator has reviewed the candidate's progress."""
    by = enter(MidProgramReviewed, by="program coordinator")
    return holds(case.day_of(MidProgramReviewed) is not None, "a-review-of-progress", by=by)


@GUIDELINES.advises(
    on=MidProgramReviewed, at=("HHS-073", "HHS-074", "HHS-075"), lines=((154, 154), (156, 156), (158, 158)),
    reading="what the record tells goes beside the answer that was given: a candidate reports an assignment by their own "
    "evaluation or the copy they forward, and courses by certificates of as many hours; where nothing is on record it cannot "
    "be told; whether the plan is carried out and performance satisfies is for the coordinator alone",
)  # fmt: skip
def answers_agree_with_the_record(case: Case, review: MidProgramReviewed, day: date) -> Check:
    """The answers on reports, course papers and core sessions agree with what is on record on that day."""
    asked = (
        ("reports", review.activities_are_reported, _reported(case)),
        ("course-papers", review.courses_are_documented, _documented(case)),
        ("core-sessions", review.core_activities_are_attended, everything_held_was_attended(case, "core")),
    )
    return all_of(*(_agrees(question, answer, record) for question, answer, record in asked))


def _agrees(question: str, answer: bool, record: Check) -> Check:  # noqa: FBT001 (the answer itself)
    if record.outcome is Outcome.NOT_APPLICABLE:
        return holds(None, "something-on-record", question=question, answer=answer)
    return holds(answer == record.good, "the-answer-of-the-record", question=question, answer=answer, record=record.good)


def _reported(case: Case) -> Check:
    papers = {told.assignment for _, told in case.all(AssignmentEvaluated)}
    papers |= {told.assignment for _, told in case.all(EvaluationForwarded)}
    return each((holds(name in papers, "a-report", assignment=name) for name, *_ in ended(case)), none="no-assignment-has-ended")


def _documented(case: Case) -> Check:
    certificates = case.all(DocumentFiled).where(lambda _, d: d.kind == "training certificate")
    shown = certificates.distinct(lambda d: d.sha256, least=lambda d: d.hours or 0).total(lambda d: d.hours or 0, "hours")
    courses = case.all(TrainingCompleted).distinct(lambda t: t.course, least=lambda t: t.hours).total(lambda t: t.hours, "hours")
    if not courses.least:
        return does_not_apply("no-course-was-taken")
    return at_least(exactly(shown.least, "hours"), courses.least, by=lambda n: enter(DocumentFiled, by="candidate", hours=n))


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-070", "HHS-071", "HHS-076", "HHS-099"), lines=((150, 152), (158, 160), (210, 210)),
    reading="not progressing as desired is a no to the plan, to performance or to the core activities; the two other answers are "
    "about papers; the manager's own review counts where it finds performance less than successful",
)  # fmt: skip
def board_is_alerted_to_slow_progress(case: Case, request: CertificationRequested, day: date) -> Check:
    """The board was told of every review that found the candidate not to progress as wished."""
    slow = [on for on, review in case.all(MidProgramReviewed) if _is_slow(review)]
    told = [_advised(case, "mid-program review", on, "program coordinator") for on in slow]
    told += [_advised(case, "periodic review", on, "program manager") for on in _failing(case)]
    return each(told, none="no-slow-progress-was-found")


def _is_slow(review: MidProgramReviewed) -> bool:
    asked = (review.plan_is_carried_out, review.performance_is_fully_satisfactory, review.core_activities_are_attended)
    return any(answer is False for answer in asked)


def _failing(case: Case) -> list[date]:
    """The days of the manager's reviews that found performance less than successful."""
    return [on for on, review in case.all(PeriodicallyReviewed) if not review.successful]


@GUIDELINES.advises(
    before=Removed, at=("HHS-098", "HHS-099"), lines=(210, 210),
    reading="the manager may review and need not: that the board had word by the day of its recommendation shows, and the "
    "recommendation decides",
)  # fmt: skip
def board_was_advised_before_removal(case: Case, removal: Removed, day: date) -> Check:
    """By its recommendation the board had been told that performance was less than successful."""
    recommended = case.all(JudgementGiven).where(lambda _, a: a.question == REMOVAL.id and a.answer).last
    by_then = recommended.day if recommended else day
    since = max((on for on in _failing(case) if on <= by_then), default=date.min)
    told = any(since <= on <= by_then for on, _ in case.all(BoardAdvised))
    by = enter(BoardAdvised, by="program manager", review="periodic review") if recommended is None else never("it has recommended")
    return holds(told, "word-to-the-board", by=by)


def _advised(case: Case, review: Review, on: date, by: str) -> Check:
    told = any(told.review == review and day >= on for day, told in case.all(BoardAdvised))
    remedy = enter(BoardAdvised, by=by, when=Window(first=on), review=review)
    return holds(told, "word-to-the-board", by=remedy, reviewed=on)


# --- the program is evaluated


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-088", "HHS-089", "HHS-090", "HHS-091"), lines=(185, 193),
    reading="the document must be there; what it holds is introduced by a should (line 185), so that a part that is missing shows; "
    "the benefits are of two kinds, to the person and to their work",
)  # fmt: skip
def program_assessment_has_its_parts(case: Case, request: CertificationRequested, day: date) -> Check:
    """The assessment of the program tells of the whole, of what stood out, of the benefits, and of what could be better."""
    filed = {d.sha256 for _, d in case.all(DocumentFiled) if d.kind == "program assessment"}
    described = case.all(ProgramAssessed).where(lambda _, a: a.document in filed).last
    if described is None:
        return does_not_apply("its-parts-are-not-on-record")
    left = tuple(part for part in get_args(Part) if part not in described.event.parts)
    by = enter(ProgramAssessed, by="candidate", document=described.event.document, parts=get_args(Part))
    return holds(not left, "every-part-of-the-assessment", by=by, left_out=left)


@GUIDELINES.advises(
    before=CandidateGraduated, at=("HHS-141", "HHS-152"), lines=((308, 308), (337, 337), (353, 353)),
    reading="the board's approval ends the program; the assessment in the package is the candidate's part",
)  # fmt: skip
def everybody_evaluates_the_program(case: Case, graduation: CandidateGraduated, day: date) -> Check:
    """Candidate, mentor and the supervisor of each assignment have taken part in the evaluation of the program."""
    told = {(evaluated.evaluator, evaluated.assignment) for _, evaluated in case.all(ProgramEvaluated)}
    assessed = any(d.kind == "program assessment" for _, d in case.all(DocumentFiled))
    candidate = _took_part("candidate", None, done=assessed or ("candidate", None) in told)
    mentor = _took_part("mentor", None, done=("mentor", None) in told)
    hosts = ("assignment supervisor", [name for name, *_ in ended(case)])
    return all_of(candidate, mentor, *(_took_part(hosts[0], name, done=(hosts[0], name) in told) for name in hosts[1]))


def _took_part(who: str, assignment: str | None, *, done: bool) -> Check:
    by = enter(ProgramEvaluated, by=who, evaluator=who, assignment=assignment)
    of: dict[str, Any] = {"assignment": assignment} if assignment else {}
    return holds(done, "a-part-in-the-evaluation", by=by, evaluator=who, **of)


PARAMETERS = (MIDDLE,)
RULES = (
    mid_program_review_is_held,
    answers_agree_with_the_record,
    board_is_alerted_to_slow_progress,
    program_assessment_has_its_parts,
    board_was_advised_before_removal,
    everybody_evaluates_the_program,
)
ENTERED_BY = {
    MidProgramReviewed: ("program coordinator",),
    PeriodicallyReviewed: ("program manager",),
    BoardAdvised: ("program coordinator", "program manager"),
    ProgramAssessed: ("candidate",),
    ProgramEvaluated: get_args(Evaluator),
}
