"""What a Commerce case is told, beside the engine's own events."""

from datetime import date
from typing import Literal

import attrs

from candidacy import Act, Document, Fact, Id, Strands, act, fact

Ecq = Literal["Leading Change", "Leading People", "Results Driven", "Business Acumen", "Building Coalitions/Communications"]
AssignmentKind = Literal["from scratch", "turnaround", "larger scope", "project or task force", "staff office"]


@fact("commerce.position_recorded.1", state_of=())
class PositionRecorded(Fact):
    """The candidate's position of record from this day on."""

    position: Id


@fact("commerce.chain_recorded.1", state_of=())
class ChainRecorded(Fact):
    """The candidate's chain of command from this day on: the direct supervisor first, then upward."""

    above: tuple[Id, ...]


@act("commerce.mentor_paired.1")
class MentorPaired(Act):
    """The program office assigns a mentor to the candidate."""

    pairing: Id
    mentor: Id


@fact("commerce.pairing_ended.1")
class PairingEnded(Fact):
    """The last day of a mentor pairing."""

    pairing: Id


@fact("commerce.mentor_trained.1")
class MentorTrained(Fact):
    """A mentor attended the session that prepares mentors."""

    mentor: Id


@fact("commerce.plan_discussed.1")
class PlanDiscussed(Fact):
    """The mentor helped the candidate with the development plan."""

    plan: Id


@fact("commerce.mentor_met.1")
class MentorMet(Fact):
    """Mentor and candidate discussed how the candidate comes on."""

    meeting: Id


@attrs.frozen
class EcqReason:
    """How an assignment is to strengthen an ECQ, in a text that the host keeps."""

    ecq: Ecq
    text: Document


@act("commerce.assignment_described.1")
class AssignmentDescribed(Act):
    """The candidate describes a developmental assignment on the program's form.

    The supervisor's name is the person's id; the host's directory keeps what the ids of place and reach stand for.
    """

    assignment: Id
    supervisor: Id
    bureau: Id
    title_and_series: Id
    phone: Id
    address: Id
    e_mail: Id
    first: date
    last: date
    ecqs: tuple[Ecq, ...]
    duties: Document
    evaluation: Document
    reasons: tuple[EcqReason, ...]
    deliverables: tuple[Id, ...] = ()
    kind: AssignmentKind | None = None
    fax: Id | None = None


@fact("commerce.assignment_started.1")
class AssignmentStarted(Fact):
    """The first day of a developmental assignment: position taken, ECQs it is to strengthen, whether it is full-time."""

    assignment: Id
    position: Id
    ecqs: tuple[Ecq, ...]
    full_time: bool | None = None


@fact("commerce.assignment_ended.1")
class AssignmentEnded(Fact):
    """The last day of a developmental assignment."""

    assignment: Id


ASSIGNMENTS = Strands("assignment", AssignmentStarted, AssignmentEnded, by="candidate")
PAIRINGS = Strands("pairing", MentorPaired, PairingEnded, by="program office")
