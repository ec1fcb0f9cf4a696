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
    Window,
    all_of,
    each,
    enter,
    fact,
    holds,
    sealed,
)
from candidacy_hhs.assignment import ended
from candidacy_hhs.authority import GUIDELINES
from candidacy_hhs.events import MentorSelected
from candidacy_hhs.plan import Partner

Topic = Literal[
    "progress", "outcome of an assignment", "career", "obstacles", "skills and contacts", "choice of assignments", "a concern"
]
Superior = Literal["supervisor of record", "ERB", "program coordinator", "program manager"]

MEETINGS: Parameter[int] = Parameter("meetings with the mentor", "meetings", ())
"""How often is periodic or regular: nobody says."""
PRIVATE = GUIDELINES.keeps(
    "mentor's private notes", readers=("mentor", "candidate"), purposes=("counsel",),
    never=("evaluation", "certification", "removal", "annual appraisal"), at="HHS-025", lines=(59, 59),
)  # fmt: skip
REPORTABLE = GUIDELINES.keeps(
    "what a mentor may tell",
    readers=("mentor", "candidate", "supervisor of record", "ERB", "program coordinator", "program manager"),
    purposes=("development", "concerns with the program"), at=("HHS-145", "HHS-151"), lines=((322, 322), (335, 335)),
)  # fmt: skip


@fact("hhs.mentor_considered.1")
class MentorConsidered(Fact):
    """Whether a mentor suits the candidate by professional background, and by interests."""

    mentor: Id
    background: bool
    interests: bool


@fact("hhs.mentor_met.1")
class MentorMet(Fact):
    """Mentor and candidate met, and of what they talked; *assignment* where it was about one."""

    topics: tuple[Topic, ...]
    assignment: Id | None = None
    notes: Sealed = sealed("mentor's private notes")


@fact("hhs.progress_discussed.1")
class ProgressDiscussed(Fact):
    """The candidate talked with one of the three about progress towards the goals of the program."""

    partner: Partner


@fact("hhs.matter_reported.1")
class MatterReported(Fact):
    """The mentor told somebody of what the candidate needs, or of a concern with the program."""

    to: Superior
    about: Literal["needs of the candidate", "a concern with the program"]
    report: Sealed = sealed("what a mentor may tell")


@GUIDELINES.advises(
    before=MentorSelected, at="HHS-021", lines=(57, 57),
    reading="what is compatible is left to those who choose: that it was considered, and what was found, is recorded",
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
    told = {met.assignment for _, met in case.all(MentorMet) if "outcome of an assignment" in met.topics}
    return each((_outcome(name, last, name in told) for name, _, last in ended(case)), none="no-assignment-has-ended")


def _outcome(name: str, last: date, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    by = enter(MentorMet, by="mentor", when=Window(first=last), topics=("outcome of an assignment",), assignment=name)
    return holds(done, "a-talk-about-the-outcome", by=by, assignment=name)


PARAMETERS = (MEETINGS,)
CONFIDENTIAL = (PRIVATE, REPORTABLE)
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
    MatterReported: ("mentor",),
}
