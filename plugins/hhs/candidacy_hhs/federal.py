"""What the federal floor asks, told in the events of this agency, and what stands with it from 2009-12-10 on."""

from datetime import date

from candidacy import (
    CandidateEnrolled,
    CandidateGraduated,
    Case,
    CertificationRequested,
    Fact,
    Id,
    Open,
    Sha256,
    enter,
    fact,
    partial,
)
from candidacy_hhs import events as e
from candidacy_hhs.candidate import AppointmentRecorded
from candidacy_hhs.rules import (
    eighty_hours_of_interagency_training,
    formal_training,
    plan_is_approved_by_the_board,
    train,
)
from candidacy_opm import Floor, VocabularyName

COORDINATOR, MANAGER = "program coordinator", "program manager"
APPROVED_PLAN, EIGHTY_HOURS = "development_plan_is_approved", "eighty_hours_across_agencies_or_sectors"


@fact("hhs.employing_agency_recorded.1", state_of=())
class EmployingAgencyRecorded(Fact):
    """Which agency other than HHS employs the candidate from this day on; none of a candidate from outside the government."""

    agency: Id | None


@fact("hhs.agreement_signed.1")
class AgreementSigned(Fact):
    """HHS and the agency that employs the candidate have both signed the agreement on the participation, and OPM has it."""

    agency: Id
    document: Sha256 | None = None


@fact("hhs.continuation_approved.1")
class ContinuationApproved(Fact):
    """The employing agency has approved that the candidate goes on in the program from this position."""

    position: Id


@fact("hhs.ecqs_retagged.1")
class EcqsRetagged(Fact):
    """What the case shows of the candidate was told anew in the words of this list of core qualifications."""

    vocabulary: VocabularyName


ENTERED_BY = {
    EmployingAgencyRecorded: (COORDINATOR, MANAGER),
    AgreementSigned: (COORDINATOR, MANAGER),
    ContinuationApproved: (COORDINATOR, MANAGER),
    EcqsRetagged: ("candidate", COORDINATOR, MANAGER),
}
"""What is recorded because of the floor, and by whom."""


def employing_agency(case: Case) -> str | None:
    """The other agency that employs the candidate; "" where none does, as of one in HHS; None where that is not known."""
    told, own = case.last(EmployingAgencyRecorded), case.last(e.PositionRecorded)
    if told is not None:
        return told.agency or ""
    return "" if own is not None and own.inside_hhs else None


def schedule_b(case: Case) -> date | None:
    """The first day of the appointment under Schedule B, if the candidate is under one."""
    since: date | None = None
    for day, appointment in case.all(AppointmentRecorded):
        since = (since or day) if appointment.kind == "Schedule B appointment" else None
    return since


FLOOR = Floor(
    board="ERB",
    office=COORDINATOR,
    started=CandidateEnrolled,
    graduated=CandidateGraduated,
    submitted=e.RequestForwarded,
    began=lambda case: case.day_of(CandidateEnrolled),
    enrol=enter(CandidateEnrolled, by=COORDINATOR),
    assignments=e.ASSIGNMENTS,
    full_time=lambda a: bool(a.begun.full_time),
    position=e.PositionRecorded,
    begin=lambda _: partial(e.AssignmentStarted, full_time=True, position=Open("a position outside the position of record")),
    hours=lambda case: formal_training(case).total(lambda t: t.hours, "hours"),
    train=train,
    mentors=lambda case, day: [p.begun.mentor for p in e.PAIRINGS.open_on(case, day)],
    choose=enter(e.MentorSelected, by="candidate"),
    schedule_b=schedule_b,
    continued=ContinuationApproved,
    agreed=AgreementSigned,
    employing_agency=employing_agency,
    find_agency=enter(EmployingAgencyRecorded, by=COORDINATOR, supposing="no other agency employs the candidate", agency=None),
    retagged=EcqsRetagged,
    already={APPROVED_PLAN: (CertificationRequested,), EIGHTY_HOURS: (CertificationRequested,)},
)
STAYS_WHERE_IT_IS = (
    "no text that is held says how a case begun before 2009-12-10 goes on: it stays in its stage, and what was approved stays"
)
ALIKE = (
    (plan_is_approved_by_the_board, FLOOR.rule(APPROVED_PLAN)),
    (eighty_hours_of_interagency_training, FLOOR.rule(EIGHTY_HOURS)),
)
"""What guidelines and regulation both ask, told in the same events, before the request."""
