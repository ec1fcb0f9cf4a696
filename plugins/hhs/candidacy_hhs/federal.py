"""What the federal floor asks, told in the events of this agency, and what stands with it from 2009-12-10 on."""

from datetime import date

from candidacy import CandidateEnrolled, CandidateGraduated, Case, Open, enter, partial
from candidacy_hhs import events as e
from candidacy_hhs.candidate import AppointmentRecorded
from candidacy_hhs.rules import formal_training, open_pairings, train
from candidacy_opm import Floor


def schedule_b(case: Case) -> date | None:
    """The first day of an appointment under Schedule B, if the candidate has one."""
    first = case.all(AppointmentRecorded).where(lambda _, a: a.kind == "Schedule B appointment").first
    return first.day if first else None


FLOOR = Floor(
    board="ERB",
    graduated=CandidateGraduated,
    submitted=e.RequestForwarded,
    began=lambda case: case.day_of(CandidateEnrolled),
    enrol=enter(CandidateEnrolled, by="program coordinator"),
    assignments=e.ASSIGNMENTS,
    full_time=lambda a: bool(a.begun.full_time),
    position=e.PositionRecorded,
    begin=lambda _: partial(e.AssignmentStarted, full_time=True, position=Open("a position outside the position of record")),
    hours=lambda case: formal_training(case).total(lambda t: t.hours, "hours"),
    train=train,
    mentors=lambda case, day: [p.begun.mentor for p in open_pairings(case, day)],
    choose=enter(e.MentorSelected, by="candidate"),
    schedule_b=schedule_b,
)
