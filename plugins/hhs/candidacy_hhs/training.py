"""Orientation, assessment, core sessions, and the evaluation of courses."""

from datetime import date, timedelta
from typing import Literal

from candidacy import (
    CandidateEnrolled,
    Case,
    CertificationRequested,
    Check,
    Count,
    Do,
    Every,
    Fact,
    Id,
    Parameter,
    Sealed,
    all_of,
    at_least,
    each,
    each_recorded,
    enter,
    fact,
    holds,
    sealed,
    since_first,
)
from candidacy_hhs.authority import GUIDELINES, IN_2004
from candidacy_hhs.events import Ecq, TrainingCompleted

Session = Literal["orientation", "core"]

SESSION_DAYS = GUIDELINES.sets(
    "days of a session", 3, "days", since=IN_2004, at=("HHS-017", "HHS-057"), lines=((49, 49), (124, 124))
)
CORE_SESSIONS = GUIDELINES.sets("core sessions before a request", 2, "core sessions", since=IN_2004, at="HHS-130", lines=(288, 288))
PAPERS_DUE: Parameter[int] = Parameter(
    "papers of an activity", "days", (),
    reading="the guidelines do not say within how many days the papers are due; who runs the program could set it",
)  # fmt: skip
ASSESSMENT = GUIDELINES.keeps(
    "assessment", readers=("candidate", "program coordinator", "program manager", "ERB"), purposes=("development",),
    at="HHS-019", lines=(53, 53),
)  # fmt: skip
TRAINING_COMMENTS = GUIDELINES.keeps(
    "comments on a course", readers=("candidate", "program coordinator"), purposes=("worth of the course",),
    at="HHS-123", lines=(256, 256),
)  # fmt: skip


@fact("hhs.session_held.1")
class SessionHeld(Fact):
    """Orientation or a core session was held, from this day on, for so many days."""

    session: Id
    kind: Session
    days: Count
    place: Literal["Washington", "around Washington", "elsewhere"]
    quarter: Literal["first", "second", "third", "fourth"] | None = None


@fact("hhs.session_attended.1")
class SessionAttended(Fact):
    """The candidate took part in a session, on so many of its days."""

    session: Id
    kind: Session
    days: Count


@fact("hhs.begun_at_orientation.1")
class BegunAtOrientation(Fact):
    """What a candidate starts at orientation was begun."""

    what: Literal["selecting a mentor", "development plan"]


@fact("hhs.assessment_completed.1")
class AssessmentCompleted(Fact):
    """The candidate was assessed: in which ECQs they are to grow."""

    needs: tuple[Ecq, ...]
    assessment_results: Sealed = sealed("assessment")


@fact("hhs.training_evaluated.1")
class TrainingEvaluated(Fact):
    """The candidate evaluated a course and sent that to the coordinator."""

    course: Id
    course_comments: Sealed = sealed("comments on a course")


@GUIDELINES.requires(
    on=SessionHeld, at=("HHS-017", "HHS-057"), lines=((49, 49), (124, 124)),
    reading="the text tells where core sessions are held and asks nothing: only orientation has to be in Washington",
)  # fmt: skip
def sessions_last_three_days(case: Case, held: SessionHeld, day: date) -> Check:
    """Orientation and each core session take three days; orientation is in Washington."""
    lasts = holds(held.days == SESSION_DAYS(case), "three-days", session=held.session, days=held.days)
    there = holds(held.place == "Washington", "in-Washington", session=held.session)
    return all_of(lasts, there) if held.kind == "orientation" else lasts


@GUIDELINES.requires(
    on=BegunAtOrientation, at=("HHS-018", "HHS-020"), lines=((51, 51), (55, 55)),
    reading="orientation begins on the day of enrolment; begun on one of its days is begun there",
)  # fmt: skip
def orientation_work_is_begun(case: Case, begun: BegunAtOrientation, day: date) -> Check:
    """The search for a mentor and the plan are begun by the last day of orientation."""

    def there(first: date) -> Check:
        last = first + timedelta(days=SESSION_DAYS(case) - 1)
        return holds(day <= last, "begun-at-orientation", begun=day, last_day=last)

    return since_first(case, CandidateEnrolled, "a-first-day-in-the-program", there, by="program coordinator")


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-015", "HHS-054", "HHS-130"), lines=((40, 40), (124, 124), (288, 288)),
    reading="every session held by the day of the request, at least orientation and two core sessions; the certificate of the "
    "package decides, attendance shows (C6)",
)  # fmt: skip
def sessions_are_attended(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate took every session held until the request: orientation and two core sessions at least."""
    return all_of(everything_held_was_attended(case), _came(case, "orientation", 1), _came(case, "core", CORE_SESSIONS(case)))


def everything_held_was_attended(case: Case, *kinds: Session) -> Check:
    """Every session of these kinds, or of any, held so far was attended on all of its days."""
    held = (told for _, told in case.all(SessionHeld) if not kinds or told.kind in kinds)
    return each((_whole(case, session) for session in held), none="no-session-was-held")


def _whole(case: Case, held: SessionHeld) -> Check:
    days = max((a.days for _, a in case.all(SessionAttended).where(lambda _, a: a.session == held.session)), default=0)
    by = enter(SessionAttended, by="program coordinator", session=held.session, kind=held.kind, days=held.days)
    return holds(days >= held.days, "every-day-of-the-session", by=by, session=held.session, days=days)


def _came(case: Case, kind: Session, needed: int) -> Check:
    there = case.all(SessionAttended).where(lambda _, a: a.kind == kind)
    found = there.distinct(lambda a: a.session, least=lambda a: a.days).count(CORE_SESSIONS.unit if kind == "core" else "sessions")
    return at_least(found, needed, by=lambda short: Every((_attend(kind),) * short))


def _attend(kind: Session) -> Do:
    return enter(SessionAttended, by="program coordinator", kind=kind)


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-015", "HHS-019"), lines=((40, 40), (53, 53)),
    reading="who asks for certification has been assessed; no day is given, so that it only shows (C31)",
)  # fmt: skip
def assessment_is_completed(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate has been assessed."""
    by = enter(AssessmentCompleted, by="program coordinator")
    return holds(case.day_of(AssessmentCompleted) is not None, "an-assessment", by=by)


@GUIDELINES.advises(before=CertificationRequested, at="HHS-123", lines=(256, 256))
def each_course_is_evaluated(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate has evaluated every course they took."""
    courses = dict.fromkeys(done.course for _, done in case.all(TrainingCompleted))
    none = "no-course-was-taken"
    return each_recorded(case, courses, TrainingEvaluated, "course", "an-evaluation", by="candidate", none=none)


PARAMETERS = (SESSION_DAYS, CORE_SESSIONS, PAPERS_DUE)
CONFIDENTIAL = (ASSESSMENT, TRAINING_COMMENTS)
RULES = (
    orientation_work_is_begun,
    sessions_last_three_days,
    assessment_is_completed,
    sessions_are_attended,
    each_course_is_evaluated,
)
ENTERED_BY = {
    SessionHeld: ("program coordinator",),
    SessionAttended: ("program coordinator", "candidate"),
    BegunAtOrientation: ("candidate", "program coordinator"),
    AssessmentCompleted: ("program coordinator",),
    TrainingEvaluated: ("candidate",),
}
