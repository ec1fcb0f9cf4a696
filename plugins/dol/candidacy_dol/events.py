"""What a DOL case is told, beside the engine's own events. Participants are sitting executives, never candidates."""

from datetime import date
from typing import Literal

from candidacy import Act, Beginning, Count, Document, Fact, Id, RoleNamed, Sealed, Strands, act, fact, sealed

Station = Literal["national office", "region"]
Mode = Literal["in person", "remote"]
Wave = Literal["pre", "post"]
Topic = Literal[
    "Human Resources", "Budget", "Procurement", "Information Technology", "Organizational Performance Management",
    "Management Overview",
]  # fmt: skip
SessionKind = Literal["workshop", "coaching", "team", "mentoring", "presentation"]
Cohort = Literal["first", "second", "third", "fourth"]
Material = Literal["schedule", "WebEx instructions", "webcam", "coach biographies", "readings"]
TimeKind = Literal["classroom", "team or mentor"]
Party = Literal["participant", "mentor"]
Helper = Literal["executive coach", "DOL", "Partnership"]
Review = Literal["mid-point check-in", "final assessment", "close-out"]


@act("dol.participant_enrolled.1")
class ParticipantEnrolled(Beginning):
    """A sitting executive takes up the training program."""

    program: Id
    announcement: Id
    roles: tuple[RoleNamed, ...]


@fact("dol.duty_station_recorded.1", state_of=())
class DutyStationRecorded(Fact):
    """Where the participant works from this day on."""

    station: Station


@fact("dol.supervisor_recorded.1", state_of=())
class SupervisorRecorded(Fact):
    """The participant's first-level supervisor from this day on."""

    supervisor: Id


@fact("dol.session_scheduled.1", state_of=("session",))
class SessionScheduled(Fact):
    """A session beside those that the document dates, and its day; *together* where everyone comes in person.

    *topic* is what a workshop is about; *kind* says of a team session that it is one.
    """

    session: Id
    held_on: date
    together: bool
    kind: SessionKind | None = None
    topic: Topic | None = None


@fact("dol.facilitator_recorded.1", state_of=("session",))
class FacilitatorRecorded(Fact):
    """Who facilitates a workshop: whether in the SES, and the function that this person is responsible for."""

    session: Id
    facilitator: Id
    in_the_ses: bool
    responsible_for: Topic


@fact("dol.material_provided.1", state_of=("material",))
class MaterialProvided(Fact):
    """The participant was given something that the program provides."""

    material: Material


@fact("dol.time_spent.1")
class TimeSpent(Fact):
    """Hours that the participant spent in the classroom, or with the action-learning team and the mentor."""

    entry: Id
    kind: TimeKind
    hours: Count


@fact("dol.session_attended.1", state_of=("session",))
class SessionAttended(Fact):
    """The participant attended a session on its day; *webcam* where it was attended with one."""

    session: Id
    mode: Mode
    webcam: bool | None = None


@fact("dol.session_missed.1", state_of=("session",))
class SessionMissed(Fact):
    """The participant missed a session."""

    session: Id


@fact("dol.assessment_answered.1")
class AssessmentAnswered(Fact):
    """A rater answered the 180 assessment. What was answered is confidential and not kept here."""

    response: Id
    wave: Wave
    rater: Id
    instrument: Id
    questions: Count
    answers: Sealed = sealed("assessment180")


@act("dol.report_delivered.1")
class ReportDelivered(Act):
    """The Partnership hands two people the report of what was answered before and after. Its content is confidential."""

    report: Id
    participant: Id
    supervisor: Id
    results: Sealed = sealed("assessment180")


@fact("dol.strengths_discussed.1")
class StrengthsDiscussed(Fact):
    """Participant and supervisor discussed strengths and areas for development. What was said is not kept."""

    discussion: Id


@act("dol.cohort_assigned.1")
class CohortAssigned(Act):
    """The participant is put into one of the four coaching cohorts, which an executive coach leads."""

    cohort: Cohort
    coach: Id


@act("dol.team_joined.1")
class TeamJoined(Act):
    """The participant joins an action-learning team, led by a coach, on a challenge; *of_teams* is how many teams there are."""

    team: Id
    challenge: Id
    coach: Id
    of_teams: Count


@fact("dol.team_supported.1")
class TeamSupported(Fact):
    """The executive coach supported the participant's team."""

    team: Id


@fact("dol.result_delivered.1", state_of=("team",))
class ResultDelivered(Fact):
    """What came of the participant's team: whether its result can be measured, and whether it is positive."""

    team: Id
    measurable: bool
    positive: bool


@fact("dol.questionnaire_answered.1", state_of=("person",))
class QuestionnaireAnswered(Fact):
    """The mentoring questionnaire of a participant or of a possible mentor: experience and goals, in texts that the host keeps."""

    person: Id
    party: Party
    experience: Document
    goals: Document


@fact("dol.guidelines_accepted.1", state_of=("mentor",))
class GuidelinesAccepted(Fact):
    """A mentor says whether he or she works within the guidelines for mentoring."""

    mentor: Id
    accepted: bool


@fact("dol.mid_point_scheduled.1", state_of=())
class MidPointScheduled(Fact):
    """The day on which mentors are matched, as scheduled."""

    matching_on: date


@act("dol.mentor_paired.1")
class MentorPaired(Act):
    """A mentor is formally paired with the participant, or one already there is *kept*."""

    pairing: Id
    mentor: Id
    kept: bool | None = None


@fact("dol.pairing_ended.1")
class PairingEnded(Fact):
    """The last day of a mentor pairing."""

    pairing: Id


@fact("dol.match_reassessed.1")
class MatchReassessed(Fact):
    """The Partnership looked at a pairing again: whether it serves what the program intends."""

    pairing: Id
    serves: bool


@fact("dol.support_given.1", state_of=("pairing", "helper"))
class SupportGiven(Fact):
    """One of the three who help a pairing that does not serve gave support."""

    pairing: Id
    helper: Helper


@fact("dol.mentoring_reviewed.1", state_of=("review",))
class MentoringReviewed(Fact):
    """The Partnership held the check-in, the final assessment or the close-out of the mentoring."""

    review: Review


PAIRINGS = Strands("pairing", MentorPaired, PairingEnded, by="Partnership")
