"""What a DOL case is told, beside the engine's own events. Participants are sitting executives, never candidates."""

from datetime import date
from typing import Literal

from candidacy import Act, Beginning, Count, Fact, Id, RoleNamed, Sealed, Strands, act, fact, sealed

Station = Literal["national office", "region"]
Mode = Literal["in person", "remote"]
Wave = Literal["pre", "post"]


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
    """A session beside those that the document dates, and its day; *together* where everyone comes in person."""

    session: Id
    held_on: date
    together: bool


@fact("dol.session_attended.1", state_of=("session",))
class SessionAttended(Fact):
    """The participant attended a session on its day."""

    session: Id
    mode: Mode


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


@fact("dol.mid_point_scheduled.1", state_of=())
class MidPointScheduled(Fact):
    """The day on which mentors are matched, as scheduled."""

    matching_on: date


@act("dol.mentor_paired.1")
class MentorPaired(Act):
    """A mentor is formally paired with the participant, or one already there is kept."""

    pairing: Id
    mentor: Id


@fact("dol.pairing_ended.1")
class PairingEnded(Fact):
    """The last day of a mentor pairing."""

    pairing: Id


PAIRINGS = Strands("pairing", MentorPaired, PairingEnded, by="Partnership")
