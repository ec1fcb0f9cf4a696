"""The mentor at work: compatible, there for the candidate, talking of progress; what stays between them, and what may be told."""

from datetime import date
from typing import Literal, get_args

from candidacy import (
    Case,
    CertificationRequested,
    Check,
    Fact,
    Id,
    Parameter,
    Sealed,
    all_of,
    enter,
    fact,
    holds,
    sealed,
)
from candidacy_hhs.assignment import of_each_ended
from candidacy_hhs.authority import GUIDELINES
from candidacy_hhs.events import MentorSelected
from candidacy_hhs.plan import Partner

Topic = Literal[
    "progress", "outcome of an assignment", "career", "obstacles", "skills and contacts", "choice of assignments", "a concern"
]

MEETINGS: Parameter[int] = Parameter(
    "meetings with the mentor", "meetings", (),
    reading="the guidelines do not say how often is periodic or regular; who runs the program could set a number",
)  # fmt: skip
"""How often is periodic or regular: nobody says."""
PRIVATE = GUIDELINES.keeps(
    "mentor's private notes", readers=("mentor", "candidate"), purposes=("counsel",), at="HHS-025", lines=(59, 59)
)
NEEDS = GUIDELINES.keeps(
    "needs that a mentor tells of", readers=("mentor", "candidate", "supervisor of record", "ERB"), purposes=("development",),
    at="HHS-145", lines=(322, 322),
)  # fmt: skip
CONCERNS = GUIDELINES.keeps(
    "concerns that a mentor tells of", readers=("mentor", "candidate", "program coordinator", "program manager"),
    purposes=("concerns with the program",), at="HHS-151", lines=(335, 335),
)  # fmt: skip


@fact("hhs.mentor_considered.1")
class MentorConsidered(Fact):
    """Whether a mentor suits the candidate by professional background, and by interests."""

    mentor: Id
    background: bool
    interests: bool


@fact("hhs.mentor_met.1")
class MentorMet(Fact):
    """Mentor and candidate met, and of what they talked; *assignments* where it was about some."""

    topics: tuple[Topic, ...]
    assignments: tuple[Id, ...] = ()
    notes: Sealed = sealed("mentor's private notes")


@fact("hhs.progress_discussed.1")
class ProgressDiscussed(Fact):
    """The candidate talked with one of the three about progress towards the goals of the program."""

    partner: Partner


@fact("hhs.needs_discussed.1")
class NeedsDiscussed(Fact):
    """The mentor talked of the candidate's competencies and needs."""

    to: Literal["supervisor of record", "ERB"]
    needs_told: Sealed = sealed("needs that a mentor tells of")


@fact("hhs.concern_discussed.1")
class ConcernDiscussed(Fact):
    """The mentor talked of a concern with the program."""

    to: Literal["program coordinator", "program manager"]
    concern_told: Sealed = sealed("concerns that a mentor tells of")


@GUIDELINES.advises(
    before=MentorSelected, at="HHS-021", lines=(57, 57),
    reading="membership must be, and is asked apart; what is compatible is a judgement of those who choose, and no role is named "
    "that decides it: that it was considered, and what was found, shows",
)  # fmt: skip
def mentor_is_compatible(case: Case, selection: MentorSelected, day: date) -> Check:
    """The mentor suits the candidate by professional background and by interests."""
    found = case.all(MentorConsidered).where(lambda _, c: c.mentor == selection.mentor).last
    by = enter(MentorConsidered, by="candidate", mentor=selection.mentor)
    if found is None:
        return holds(None, "a-compatible-mentor", by=by, mentor=selection.mentor)
    told = found.event
    return holds(
        told.background and told.interests, "a-compatible-mentor",
        mentor=selection.mentor, background=told.background, interests=told.interests,
    )  # fmt: skip


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-024", "HHS-147"), lines=((59, 59), (326, 326)),
    reading="how often is not said: that they have met at all is asked, and no number is made up (C31)",
)  # fmt: skip
def mentor_meets_the_candidate(case: Case, request: CertificationRequested, day: date) -> Check:
    """Mentor and candidate have met to talk."""
    meetings = len(case.all(MentorMet))
    return holds(meetings > 0, "a-meeting-with-the-mentor", by=enter(MentorMet, by="mentor"), meetings=meetings)


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-136", "HHS-149"), lines=((300, 300), (331, 331)),
    reading="with each of the three at least once; how often is not said (C31); of a meeting with the mentor its topic counts",
)  # fmt: skip
def progress_is_discussed_with_all_three(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate has talked about progress with supervisor of record, mentor and coordinator."""
    partners = {told.partner for _, told in case.all(ProgressDiscussed)}
    met = any("progress" in told.topics for _, told in case.all(MentorMet))
    return all_of(*(_talked(who, who in partners or (who == "mentor" and met)) for who in get_args(Partner)))


def _talked(partner: str, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    by = enter(ProgressDiscussed, by="candidate", partner=partner)
    return holds(done, "a-talk-about-progress", by=by, partner=partner)


@GUIDELINES.advises(before=CertificationRequested, at="HHS-150", lines=(333, 333), reading="no day is given: it shows (C31)")
def assignment_outcomes_are_discussed(case: Case, request: CertificationRequested, day: date) -> Check:
    """Mentor and candidate have talked about what each assignment brought."""
    about = {name for _, met in case.all(MentorMet) if "outcome of an assignment" in met.topics for name in met.assignments}
    return of_each_ended(case, lambda name, _: _outcome(name, name in about))


def _outcome(name: str, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    by = enter(MentorMet, by="mentor", topics=("outcome of an assignment",), assignments=(name,))
    return holds(done, "a-talk-about-the-outcome", by=by, assignment=name)


PARAMETERS = (MEETINGS,)
CONFIDENTIAL = (PRIVATE, NEEDS, CONCERNS)
RULES = (
    mentor_is_compatible,
    mentor_meets_the_candidate,
    progress_is_discussed_with_all_three,
    assignment_outcomes_are_discussed,
)
ENTERED_BY = {
    MentorConsidered: ("candidate", "mentor", "program coordinator"),
    MentorMet: ("mentor", "candidate"),
    ProgressDiscussed: ("candidate", *get_args(Partner)),
    NeedsDiscussed: ("mentor",),
    ConcernDiscussed: ("mentor",),
}
