"""What an HHS case is told, beside the engine's own events."""

from datetime import date
from typing import Literal

from candidacy import Act, Count, Fact, Id, OnPlan, Sha256, Strands, act, fact

Ecq = Literal["Leading Change", "Leading People", "Results Driven", "Business Acumen", "Building Coalitions/Communications"]
DocumentKind = Literal[
    "memorandum",
    "ECQ summary",
    "annotated plan",
    "supervisor evaluation",
    "mentor evaluation",
    "quarterly sessions certificate",
    "training certificate",
    "program assessment",
]


@fact("hhs.position_recorded.1", state_of=())
class PositionRecorded(Fact):
    """The position of record from this day on: inside HHS or not, its operating or staff division, and the position itself."""

    inside_hhs: bool
    division: Id
    position: Id


@fact("hhs.announcement_dated.1", state_of=())
class AnnouncementDated(Fact):
    """The exact day of the public announcement, once found out."""

    on: date


@fact("hhs.training_completed.1", credits_earlier=True)
class TrainingCompleted(Fact):
    """A formal course was completed; *interagency* where people from outside HHS took part."""

    course: Id
    hours: Count
    interagency: bool
    ecqs: tuple[Ecq, ...]


@fact("hhs.assignment_started.1")
class AssignmentStarted(Fact):
    """The first day of a developmental assignment, and where it is."""

    assignment: Id
    inside_hhs: bool
    division: Id
    position: Id
    full_time: bool


@fact("hhs.assignment_ended.1")
class AssignmentEnded(Fact):
    """The last day of a developmental assignment."""

    assignment: Id


@fact("hhs.document_filed.1")
class DocumentFiled(Fact):
    """A document of the certification package exists; its bytes stay with the agency, its SHA-256 tells it from others."""

    kind: DocumentKind
    sha256: Sha256
    title: Id
    pages: Count
    signed_by: Id | None = None
    signed_on: date | None = None
    ecq: Ecq | None = None
    assignment: Id | None = None
    hours: Count | None = None


@act("hhs.mentor_selected.1")
class MentorSelected(Act):
    """The candidate selects a mentor."""

    pairing: Id
    mentor: Id


@fact("hhs.mentor_released.1")
class MentorReleased(Fact):
    """The last day of a mentor pairing."""

    pairing: Id


@act("hhs.plan_reviewed.1")
class PlanReviewed(OnPlan):
    """The coordinator has reviewed the draft plan; it goes to the board."""

    plan: Id
    revision: Sha256 | None = None


@act("hhs.request_reviewed.1")
class RequestReviewed(Act):
    """The program manager has reviewed the request; it goes to the board."""


@act("hhs.request_forwarded.1")
class RequestForwarded(Act):
    """The program manager forwards the approved request to OPM for the QRB."""


ASSIGNMENTS = Strands("assignment", AssignmentStarted, AssignmentEnded, by="candidate")
PAIRINGS = Strands("pairing", MentorSelected, MentorReleased, by="candidate")
