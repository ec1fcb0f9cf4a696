"""How a candidate is followed: the review in the middle, periodic reviews, word to the board, and the evaluation of the program."""

from datetime import date
from typing import Literal, get_args

from candidacy import (
    CandidateGraduated,
    Case,
    CertificationRequested,
    Check,
    Fact,
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
)
from candidacy_hhs.assignment import AssignmentEvaluated, ended
from candidacy_hhs.authority import GUIDELINES
from candidacy_hhs.events import DocumentFiled, TrainingCompleted
from candidacy_hhs.training import everything_held_was_attended

Review = Literal["mid-program review", "periodic review"]
Part = Literal["overview", "highlights", "benefits to the person", "benefits to the profession", "recommendations"]
Evaluator = Literal["candidate", "mentor", "assignment supervisor"]

MIDDLE: Parameter[int] = Parameter("middle of the program", "days", ())
"""The program takes 6 to 18 months: of what the middle is meant, nobody says."""


@fact("hhs.mid_program_reviewed.1")
class MidProgramReviewed(Fact):
    """The coordinator's review in the middle of the program: the five questions, each answered yes or no."""

    plan_is_carried_out: bool
    performance_is_fully_satisfactory: bool
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
    """Somebody took part in the formal evaluation of the program."""

    evaluator: Evaluator


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-069", lines=(148, 148),
    reading="of which length the middle is meant is not said: that there was a review by the request is asked, no day of it (C31)",
)  # fmt: skip
def mid_program_review_is_held(case: Case, request: CertificationRequested, day: date) -> Check:
    """The coordinator has reviewed the candidate's progress."""
    by = enter(MidProgramReviewed, by="program coordinator")
    return holds(case.day_of(MidProgramReviewed) is not None, "a-review-of-progress", by=by)


@GUIDELINES.requires(
    on=MidProgramReviewed, at=("HHS-073", "HHS-074", "HHS-075"), lines=((154, 154), (156, 156), (158, 158)),
    reading="what the record tells of reports, certificates and attendance goes beside the answer that was given: an assignment is "
    "reported by either evaluation, courses by certificates of as many hours; whether the plan is carried out and performance "
    "satisfies is for the coordinator alone",
)  # fmt: skip
def answers_agree_with_the_record(case: Case, review: MidProgramReviewed, day: date) -> Check:
    """The answers on reports, course papers and core sessions agree with what is on record on that day."""
    asked = (
        ("reports", review.activities_are_reported, _reported(case)),
        ("course-papers", review.courses_are_documented, _documented(case)),
        ("core-sessions", review.core_activities_are_attended, everything_held_was_attended(case)),
    )
    return all_of(*(_agrees(question, answer, record) for question, answer, record in asked))


def _agrees(question: str, answer: bool, record: Check) -> Check:  # noqa: FBT001 (the answer itself)
    return holds(answer == record.good, "the-answer-of-the-record", question=question, answer=answer, record=record.good)


def _reported(case: Case) -> Check:
    papers = {d.assignment for _, d in case.all(DocumentFiled) if d.kind == "supervisor evaluation"}
    papers |= {told.assignment for _, told in case.all(AssignmentEvaluated)}
    return each((holds(name in papers, "a-report", assignment=name) for name, *_ in ended(case)), none="no-assignment-has-ended")


def _documented(case: Case) -> Check:
    certificates = case.all(DocumentFiled).where(lambda _, d: d.kind == "training certificate")
    shown = certificates.distinct(lambda d: d.sha256, least=lambda d: d.hours or 0).total(lambda d: d.hours or 0, "hours")
    courses = case.all(TrainingCompleted).distinct(lambda t: t.course, least=lambda t: t.hours).total(lambda t: t.hours, "hours")
    return at_least(exactly(shown.least, "hours"), courses.least, by=lambda n: enter(DocumentFiled, by="candidate", hours=n))


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-070", "HHS-071", "HHS-076"), lines=((150, 152), (160, 160)),
    reading="not progressing as desired is a no to the plan or to performance; the other answers are about papers",
)  # fmt: skip
def board_is_alerted_to_slow_progress(case: Case, request: CertificationRequested, day: date) -> Check:
    """The board was told of every review in the middle that found the plan not carried out or performance not satisfactory."""
    slow = [
        on for on, r in case.all(MidProgramReviewed) if not (r.plan_is_carried_out and r.performance_is_fully_satisfactory)
    ]  # fmt: skip
    return each((_advised(case, "mid-program review", on, "program coordinator") for on in slow), none="no-slow-progress-was-found")


@GUIDELINES.advises(
    before=Removed, at=("HHS-098", "HHS-099"), lines=(210, 210),
    reading="the manager may review and need not: word to the board before its recommendation shows, the recommendation decides",
)  # fmt: skip
def board_was_advised_before_removal(case: Case, removal: Removed, day: date) -> Check:
    """The board was told that performance was less than successful."""
    failing = [on for on, review in case.all(PeriodicallyReviewed) if not review.successful]
    if failing:
        return all_of(*(_advised(case, "periodic review", on, "program manager") for on in failing))
    told = bool(case.all(BoardAdvised))
    by = enter(BoardAdvised, by="program manager", review="periodic review")
    return holds(told, "word-to-the-board", by=by)


def _advised(case: Case, review: Review, on: date, by: str) -> Check:
    told = any(told.review == review and day >= on for day, told in case.all(BoardAdvised))
    remedy = enter(BoardAdvised, by=by, when=Window(first=on), review=review)
    return holds(told, "word-to-the-board", by=remedy, reviewed=on)


# --- the program is evaluated


@GUIDELINES.requires(
    before=CertificationRequested, at=("HHS-088", "HHS-089", "HHS-090", "HHS-091"), lines=(187, 193),
    reading="of an assessment whose parts are not on record only the document is asked for; the benefits are of two kinds, to the "
    "person and to their work",
)  # fmt: skip
def program_assessment_has_its_parts(case: Case, request: CertificationRequested, day: date) -> Check:
    """The assessment of the program tells of the whole, of what stood out, of the benefits, and of what could be better."""
    described = case.last(ProgramAssessed)
    if described is None:
        return does_not_apply("its-parts-are-not-on-record")
    left = tuple(part for part in get_args(Part) if part not in described.parts)
    by = enter(ProgramAssessed, by="candidate", document=described.document, parts=get_args(Part))
    return holds(not left, "every-part-of-the-assessment", by=by, left_out=left)


@GUIDELINES.advises(
    before=CandidateGraduated, at=("HHS-141", "HHS-152"), lines=((308, 308), (337, 337), (353, 353)),
    reading="the board's approval ends the program; the assessment in the package is the candidate's part",
)  # fmt: skip
def everybody_evaluates_the_program(case: Case, graduation: CandidateGraduated, day: date) -> Check:
    """Candidate, mentor and assignment supervisor have taken part in the evaluation of the program."""
    told = {evaluated.evaluator for _, evaluated in case.all(ProgramEvaluated)}
    assessed = any(d.kind == "program assessment" for _, d in case.all(DocumentFiled))
    return all_of(*(_took_part(who, who in told or (who == "candidate" and assessed)) for who in get_args(Evaluator)))


def _took_part(who: str, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    return holds(done, "a-part-in-the-evaluation", by=enter(ProgramEvaluated, by=who, evaluator=who), evaluator=who)


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
