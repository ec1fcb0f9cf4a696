"""What the federal floor asks, told in the events of this agency, and what stands with it from 2009-12-10 on."""

from datetime import date

from candidacy import CandidateEnrolled, Case, Count, Do, Fact, Id, Open, ProgramCompleted, enter, fact, partial
from candidacy_commerce import events as e
from candidacy_opm import Floor

BOARD, OFFICE = "ERB", "program office"
"""The announcement names no board; the regulation does: it approves the plan, and finds whether a mentor has the capacity."""


@fact("commerce.training_completed.1", credits_earlier=True)
class TrainingCompleted(Fact):
    """A formal interagency or multi-sector course on the ECQs was completed; the announcement of 2004 asks for no hours."""

    course: Id
    hours: Count


@fact("commerce.employing_agency_recorded.1", state_of=())
class EmployingAgencyRecorded(Fact):
    """Which agency other than the department employs the candidate from this day on; none of one from outside the government."""

    agency: Id | None


@fact("commerce.agreement_signed.1")
class AgreementSigned(Fact):
    """The department and the agency that employs the candidate have both signed their agreement, and OPM has it."""

    agency: Id


@fact("commerce.continuation_approved.1")
class ContinuationApproved(Fact):
    """The employing agency has approved that the candidate goes on in the program from this position."""

    position: Id


GO_ON = {"selected": "selected", "enrolled": "enrolled", "planning": "planning", "developing": "planning"}
BACK_TO_THE_BOARD = (
    "no text that is held says how a case begun before 2009-12-10 goes on: since the regulation has the board approve the plan, "
    "and the announcement has no board, a plan that the program office approved goes before it and is approved again"
)
ENTERED_BY = {
    TrainingCompleted: ("candidate", OFFICE),
    EmployingAgencyRecorded: (OFFICE,),
    AgreementSigned: (OFFICE,),
    ContinuationApproved: (OFFICE,),
}
"""What is recorded because of the floor, and by whom."""


def employing_agency(case: Case) -> str:
    """The other agency that employs the candidate; "" where none is recorded: others are taken for the department's own."""
    told = case.last(EmployingAgencyRecorded)
    return (told.agency if told else None) or ""


def mentors(case: Case, day: date) -> list[str]:
    """Who serves as mentor on a day."""
    return [p.begun.mentor for p in e.PAIRINGS.open_on(case, day)]


def train(hours: int) -> Do:
    """A course of so many hours."""
    return enter(TrainingCompleted, by="candidate", hours=hours)


FLOOR = Floor(
    board=BOARD,
    office=OFFICE,
    started=CandidateEnrolled,
    graduated=ProgramCompleted,
    began=lambda case: case.day_of(CandidateEnrolled),
    enrol=enter(CandidateEnrolled, by=OFFICE),
    assignments=e.ASSIGNMENTS,
    full_time=lambda a: a.begun.full_time,
    position=e.PositionRecorded,
    begin=lambda _: partial(
        e.AssignmentStarted,
        full_time=True,
        position=Open("a position other than the one of record"),
        ecqs=Open("at least one of the five ECQs", least=1),
    ),
    hours=lambda case: (
        case.all(TrainingCompleted).distinct(lambda t: t.course, least=lambda t: t.hours).total(lambda t: t.hours, "hours")
    ),
    train=train,
    mentors=mentors,
    choose=enter(e.MentorPaired, by=OFFICE),
    continued=ContinuationApproved,
    agreed=AgreementSigned,
    employing_agency=employing_agency,
)
"""Nothing says which core qualifications a case is submitted in: the announcement sends nobody to the QRB, so that no act asks."""
