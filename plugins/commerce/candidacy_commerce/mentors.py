"""Commerce: SES members who volunteer as mentors of the 2004-2006 program. A case is one volunteer."""

from datetime import date
from typing import Literal

from candidacy import (
    NOT_BEGUN,
    Act,
    Beginning,
    Case,
    Check,
    Count,
    Edition,
    Fact,
    Force,
    FormField,
    Id,
    Lifecycle,
    LifecycleMove,
    Move,
    NotModelled,
    Program,
    ReferenceRecorded,
    Role,
    RoleEnded,
    RoleGiven,
    RoleNamed,
    SesMembershipRecorded,
    Vocabulary,
    Window,
    Withdrawn,
    act,
    at_least,
    corrected_by,
    enter,
    fact,
    holds,
    in_the_ses,
    never,
    not_before,
    since_first,
)
from candidacy_commerce.rules import ANNOUNCEMENT, IN_2004, LENGTH, TRAIN_THE_MENTOR

VOLUNTEER, OFFICE = "volunteer", "program office"
Trait = Literal[
    "people oriented",
    "motivates",
    "listens",
    "keeps confidences",
    "gives feedback",
    "asks",
    "coaches",
    "advises kindly",
]


@act("commercementors.form_submitted.1")
class FormSubmitted(Beginning):
    """An SES member volunteers. The name is the person's id; the host's directory keeps what the other ids stand for."""

    program: Id
    announcement: Id
    roles: tuple[RoleNamed, ...]
    bureau: Id
    title_and_series: Id
    phone: Id
    e_mail: Id
    traits: tuple[Trait, ...] = ()


@act("commercementors.volunteer_accepted.1")
class VolunteerAccepted(Act):
    """The program office takes the volunteer as a mentor."""


@act("commercementors.volunteer_declined.1")
class VolunteerDeclined(Act):
    """The program office does not take the volunteer."""


@fact("commercementors.session_attended.1")
class SessionAttended(Fact):
    """The mentor attended the session that prepares mentors, for so many hours."""

    hours: Count


@act("commercementors.paired.1")
class Paired(Act):
    """The mentor is assigned to a candidate, by the id of the candidate's case."""

    candidate: Id


@act("commercementors.service_ended.1")
class ServiceEnded(Act):
    """The mentor has worked with the candidate and the pairing is over."""


SESSION_HOURS = ANNOUNCEMENT.sets("hours of the Train-the-Mentor session", 2, "hours", since=IN_2004, at="DOC-14", lines=(18, 18))


def volunteer(case: Case, on: date) -> str:
    """Who volunteers."""
    return next(iter(case.people(VOLUNTEER, max(on, case.began or on))), "")


def member_of_the_ses(case: Case, on: date) -> Check:
    """Whether the volunteer is a member of the SES on that day."""
    person = volunteer(case, on)
    member = in_the_ses(case, person, on)
    yes, no = "this person is a member of the SES", never("this person is not a member of the SES")
    known = enter(SesMembershipRecorded, by=OFFICE, when=Window(last=on), supposing=yes, person=person, member=True)
    return holds(member, "volunteer-in-the-SES", by=no, settle=known, on=on)


@ANNOUNCEMENT.requires(before=VolunteerAccepted, at=("DOC-05", "DOC-07"), lines=(8, 8))
def volunteer_is_in_the_ses(case: Case, accepted: VolunteerAccepted, day: date) -> Check:
    """Who is taken as a mentor is a member of the SES on that day."""
    return member_of_the_ses(case, day)


@ANNOUNCEMENT.requires(
    before=Paired, at="DOC-05", lines=(8, 8), reading="looked at on the day of the assignment, whatever was so at the acceptance"
)
def mentor_is_in_the_ses_when_assigned(case: Case, paired: Paired, day: date) -> Check:
    """A mentor is a member of the SES on the day of the assignment to a candidate."""
    return member_of_the_ses(case, day)


@ANNOUNCEMENT.advises(
    before=ServiceEnded, at="DOC-14", lines=(18, 18),
    reading="planned for all mentors, after the program has begun: it holds up no pairing",
)  # fmt: skip
def mentor_attended_the_session(case: Case, ended: ServiceEnded, day: date) -> Check:
    """The mentor attended the two-hour session that prepares mentors."""
    hours = case.all(SessionAttended).total(lambda s: s.hours, "hours")
    return at_least(hours, SESSION_HOURS(case), by=lambda n: enter(SessionAttended, by=OFFICE, hours=n))


@ANNOUNCEMENT.advises(before=ServiceEnded, at="DOC-09", lines=(10, 10), reading="the length of the program, from the pairing on")
def mentor_serves_the_length_of_the_program(case: Case, ended: ServiceEnded, day: date) -> Check:
    """A mentor works with the candidate over the 24 months of the program; an earlier end shows."""

    def ends(first: date) -> Check:
        return not_before(day, LENGTH(case).last(first), what="the-planned-end")

    return since_first(case, Paired, "a-first-day-with-the-candidate", ends, by=OFFICE)


MUST, SHOULD, INFO = Force.MUST, Force.SHOULD, Force.INFO
TRAITS = Vocabulary(FormSubmitted, "traits")
CATALOGUE = (
    ANNOUNCEMENT.says(
        "DOC-01", INFO, 7, "Who fills in the form is told to save it often.",
        NotModelled("it is about a word processor; what is submitted here is kept once it is accepted"),
    ),
    ANNOUNCEMENT.says(
        "DOC-02", MUST, 7, "The form is sent to the program office; no day is set for it.", LifecycleMove(FormSubmitted, NOT_BEGUN)
    ),
    ANNOUNCEMENT.says(
        "DOC-07", INFO, 8, "Members of the SES who can and want to serve as mentors are asked to come forward.",
        LifecycleMove(FormSubmitted, NOT_BEGUN), volunteer_is_in_the_ses,
    ),
    ANNOUNCEMENT.says(
        "DOC-08", INFO, 10, "Mentors show by their example what is expected of an executive.",
        NotModelled("it describes what a good mentor is; nothing is to be entered, and nothing follows from it"),
    ),
    ANNOUNCEMENT.says("DOC-15", INFO, (24, 30), "A mentor likes people, and is somebody to confide in.", TRAITS),
    ANNOUNCEMENT.says("DOC-16", INFO, (24, 40), "Eight traits are listed for volunteers to look for in themselves.", TRAITS),
    ANNOUNCEMENT.says("DOC-17", INFO, 36, "A mentor asks questions that make the other think.", TRAITS),
    ANNOUNCEMENT.says("DOC-18", INFO, 40, "A mentor advises without finding fault.", TRAITS),
    ANNOUNCEMENT.says(
        "DOC-19", MUST, (42, 45), "The form asks for name, bureau or office, title and series, telephone number and e-mail.",
        FormField(FormSubmitted, "bureau"), FormField(FormSubmitted, "title_and_series"), FormField(FormSubmitted, "phone"),
        FormField(FormSubmitted, "e_mail"), FormField(FormSubmitted, "roles"),
    ),
)  # fmt: skip

EDITION_2004 = Edition(
    program="commercementors",
    name="2004",
    revision=2,
    in_force=date(2004, 9, 30),
    lifecycle=Lifecycle(
        stages=("volunteered", "accepted", "mentoring", "served"),
        exits=("declined", "withdrawn"),
        moves=(
            Move(NOT_BEGUN, FormSubmitted, "volunteered"),
            Move("volunteered", VolunteerAccepted, "accepted"),
            Move("volunteered", VolunteerDeclined, "declined"),
            Move("accepted", Paired, "mentoring"),
            Move("mentoring", ServiceEnded, "served"),
            *(Move(state, Withdrawn, "withdrawn") for state in ("volunteered", "accepted", "mentoring")),
        ),
    ),
    roles=(Role(VOLUNTEER, aliases=("mentor",)), Role(OFFICE, apart_from=(VOLUNTEER,))),
    entered_by={
        FormSubmitted: (VOLUNTEER,),
        VolunteerAccepted: (OFFICE,),
        VolunteerDeclined: (OFFICE,),
        SesMembershipRecorded: (OFFICE,),
        SessionAttended: (OFFICE,),
        Paired: (OFFICE,),
        ServiceEnded: (OFFICE,),
        Withdrawn: (VOLUNTEER,),
        ReferenceRecorded: (OFFICE,),
        RoleGiven: (OFFICE,),
        RoleEnded: (OFFICE,),
        **corrected_by(facts=(OFFICE,), decisions=(OFFICE,)),
    },
    rules=(
        volunteer_is_in_the_ses,
        mentor_is_in_the_ses_when_assigned,
        mentor_attended_the_session,
        mentor_serves_the_length_of_the_program,
    ),
    parameters=(TRAIN_THE_MENTOR, SESSION_HOURS, LENGTH),
    authorities=(ANNOUNCEMENT,),
    catalogue=CATALOGUE,
)
PROGRAM = Program(
    "commercementors",
    title="Commerce: mentors for the SES Candidate Development Program 2004-2006",
    editions=(EDITION_2004,),
    announcements={"september-2004": "2004"},
)
