"""The standard candidate lifecycle: its acts, its stages and every move, in one place.

Graduated (the board), certified (the qualifications review board) and appointed are three things. Who decides
each step, and the steps inside a stage, are the program's. A program without certification ends in ``completed``.
"""

from datetime import date

from candidacy.case import NOT_BEGUN, Case
from candidacy.document import Document
from candidacy.events import Act, Beginning, Count, Fact, Id, JudgementGiven, RoleNamed, Sha256, act, fact
from candidacy.interventions import Resumed, Suspended
from candidacy.lifecycle import Lifecycle, Move


@act("candidacy.candidate_selected.1")
class CandidateSelected(Beginning):
    """A candidate is selected under an announcement of a program. Begins the case and names its first roles."""

    program: Id
    announcement: Id
    roles: tuple[RoleNamed, ...]


@act("candidacy.candidate_enrolled.1")
class CandidateEnrolled(Act):
    """The candidate takes up the program: the first day in it."""


@act("candidacy.plan_submitted.1")
class PlanSubmitted(Act):
    """A development plan is handed in for approval; its *document* says which revision."""

    plan: Id
    document: Document | None = None


class OnPlan(Act):
    """An act about the plan that was last submitted; a subclass repeats the fields.

    Where that plan has a document, *revision* is the SHA-256 of the very document the act is about.
    """

    __slots__ = ()
    plan: Id
    revision: Sha256 | None


@act("candidacy.plan_returned.1")
class PlanReturned(OnPlan):
    """The plan goes back to be worked over."""

    plan: Id
    revision: Sha256 | None = None


@act("candidacy.plan_approved.1")
class PlanApproved(OnPlan):
    """The plan is approved; development may begin."""

    plan: Id
    revision: Sha256 | None = None


@act("candidacy.certification_requested.1")
class CertificationRequested(Act):
    """The candidate asks to be certified."""


@act("candidacy.request_returned.1")
class RequestReturned(Act):
    """The request goes back to the candidate."""


@act("candidacy.candidate_graduated.1")
class CandidateGraduated(Act):
    """The board finds that the program is completed and recommends certification."""


@act("candidacy.candidate_certified.1")
class CandidateCertified(Act):
    """The qualifications review board certifies the candidate."""


@act("candidacy.certification_denied.1")
class CertificationDenied(Act):
    """The qualifications review board does not certify the candidate."""


@act("candidacy.candidate_appointed.1")
class CandidateAppointed(Act):
    """The certified candidate is appointed."""


@act("candidacy.program_completed.1")
class ProgramCompleted(Act):
    """A program without certification is completed."""


@act("candidacy.withdrawn.1", while_suspended=True)
class Withdrawn(Act):
    """The person leaves the program of their own will."""


@act("candidacy.discontinued.1", while_suspended=True)
class Discontinued(Act):
    """The employing agency ends the participation."""


@act("candidacy.removed.1", while_suspended=True)
class Removed(Act):
    """The person is removed from the program."""


@fact("candidacy.ses_membership_recorded.1", state_of=("person",))
class SesMembershipRecorded(Fact):
    """Whether a person is a member of the SES from this day on."""

    person: Id
    member: bool


@fact("candidacy.judgement_noted.1")
class JudgementNoted(Fact):
    """There is a note of why a question was answered so; *entry* is the version of the answer, *question* what it answers.

    Whoever may answer the question may file the note, then or later. No rule asks for one; the bytes stay with the host.
    """

    entry: Count
    question: Id
    note: Document


def in_the_ses(case: Case, person: str, on: date) -> bool | None:
    """Whether a person is a member of the SES on that day; None where nothing was recorded."""
    found = case.at(on).all(SesMembershipRecorded).where(lambda _, m: m.person == person).last
    return found.event.member if found else None


UNDER_WAY = ("selected", "enrolled", "planning", "developing")
TO_THE_BOARD = (*UNDER_WAY, "certifying", "graduated")


def _exits(*stages: str) -> tuple[Move, ...]:
    ways = ((Withdrawn, "withdrawn"), (Discontinued, "discontinued"), (Removed, "removed"))
    return tuple(Move(stage, leaving, to) for stage in stages for leaving, to in ways)


_BEGINNING = (
    Move(NOT_BEGUN, CandidateSelected, "selected"),
    Move("selected", CandidateEnrolled, "enrolled"),
    Move("enrolled", PlanSubmitted, "planning"),
    Move("planning", PlanReturned, "enrolled"),
    Move("planning", PlanApproved, "developing"),
)

CERTIFYING = (
    Lifecycle(
        stages=("selected", "enrolled", "planning", "developing", "certifying", "graduated", "certified", "appointed"),
        exits=("withdrawn", "discontinued", "removed", "not certified"),
        moves=(
            *_BEGINNING,
            Move("developing", CertificationRequested, "certifying"),
            Move("certifying", RequestReturned, "developing"),
            Move("certifying", CandidateGraduated, "graduated"),
            Move("graduated", CandidateCertified, "certified"),
            Move("graduated", CertificationDenied, "not certified"),
            Move("certified", CandidateAppointed, "appointed"),
            *_exits(*TO_THE_BOARD),
        ),
        goal="certified",
    )
    .staying(JudgementGiven)
    .staying(Suspended, *TO_THE_BOARD)
    .staying(Resumed, *TO_THE_BOARD)
)
"""The candidate lifecycle that ends in certification and appointment."""

COMPLETING = (
    Lifecycle(
        stages=("selected", "enrolled", "planning", "developing", "completed"),
        exits=("withdrawn", "discontinued", "removed"),
        moves=(*_BEGINNING, Move("developing", ProgramCompleted, "completed"), *_exits(*UNDER_WAY)),
    )
    .staying(JudgementGiven)
    .staying(Suspended, *UNDER_WAY)
    .staying(Resumed, *UNDER_WAY)
)
"""The candidate lifecycle of a program without certification."""
