"""What a Commerce case is told, beside the engine's own events."""

from typing import Literal

from candidacy import Act, Fact, Id, Strands, act, fact

Ecq = Literal["Leading Change", "Leading People", "Results Driven", "Business Acumen", "Building Coalitions/Communications"]


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


@fact("commerce.assignment_started.1")
class AssignmentStarted(Fact):
    """The first day of a developmental assignment: the position taken, and the ECQs it is to strengthen."""

    assignment: Id
    position: Id
    ecqs: tuple[Ecq, ...]


@fact("commerce.assignment_ended.1")
class AssignmentEnded(Fact):
    """The last day of a developmental assignment."""

    assignment: Id


ASSIGNMENTS = Strands("assignment", AssignmentStarted, AssignmentEnded, by="candidate")
PAIRINGS = Strands("pairing", MentorPaired, PairingEnded, by="program office")
