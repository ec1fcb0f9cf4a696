"""What the federal floor asks, told in the events of this agency, and what stands with it from 2009-12-10 on."""

from datetime import date

from candidacy import CandidateEnrolled, Case, Count, Do, Fact, Id, Open, ProgramCompleted, enter, fact, partial
from candidacy_commerce import events as e
from candidacy_commerce.rules import serving
from candidacy_opm import Floor

BOARD = "ERB"
"""The announcement names no board; the regulation does: it approves the plan, and finds whether a mentor has the capacity."""


@fact("commerce.training_completed.1", credits_earlier=True)
class TrainingCompleted(Fact):
    """A formal interagency or multi-sector course on the ECQs was completed; the announcement of 2004 asks for no hours."""

    course: Id
    hours: Count


def mentors(case: Case, day: date) -> list[str]:
    """Who serves as mentor on a day."""
    return [p.begun.mentor for p in serving(case, day)]


def train(hours: int) -> Do:
    """A course of so many hours."""
    return enter(TrainingCompleted, by="candidate", hours=hours)


FLOOR = Floor(
    board=BOARD,
    graduated=ProgramCompleted,
    began=lambda case: case.day_of(CandidateEnrolled),
    enrol=enter(CandidateEnrolled, by="program office"),
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
    choose=enter(e.MentorPaired, by="program office"),
)
