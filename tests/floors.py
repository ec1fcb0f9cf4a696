"""HHS as it would stand from 2009-12-10: its guidelines of 2004, with the federal floor on top. An edition for tests alone."""

from datetime import date
from typing import Any

import attrs

from candidacy import CandidateEnrolled, CandidateGraduated, Case, Edition, Open, Registry, Strand, discover, enter, partial
from candidacy_hhs import EDITION_2004
from candidacy_hhs import events as e
from candidacy_hhs.candidate import AppointmentRecorded
from candidacy_hhs.rules import formal_training, open_pairings, train
from candidacy_opm import CFR, FEDERAL, Floor
from candidacy_opm.floor import PARAMETERS, SCHEDULE_B


def _elsewhere(case: Case, assignment: Strand[Any]) -> bool | None:
    own = case.at(assignment.first).last(e.PositionRecorded)
    return None if own is None else bool(assignment.begun.position != own.position)


def _schedule_b(case: Case) -> date | None:
    found = case.all(e.PositionRecorded) and case.all(AppointmentRecorded).where(lambda _, a: a.kind == "Schedule B appointment")
    return found.first.day if found and found.first else None


FLOOR = Floor(
    board="ERB",
    graduated=CandidateGraduated,
    submitted=e.RequestForwarded,
    began=lambda case: case.day_of(CandidateEnrolled),
    enrol=enter(CandidateEnrolled, by="program coordinator"),
    assignments=e.ASSIGNMENTS,
    full_time=lambda a: bool(a.begun.full_time),
    elsewhere=_elsewhere,
    begin=lambda _: partial(e.AssignmentStarted, full_time=True, position=Open("a position outside the position of record")),
    hours=lambda case: formal_training(case).total(lambda t: t.hours, "hours"),
    train=train,
    mentors=lambda case, day: [p.begun.mentor for p in open_pairings(case, day)],
    choose=enter(e.MentorSelected, by="candidate"),
    schedule_b=_schedule_b,
)


def hhs_2009() -> Edition:
    """Both stand: the rules of the guidelines and those of the floor."""
    return attrs.evolve(
        EDITION_2004,
        name="2009",
        in_force=date(2009, 12, 10),
        rules=(*EDITION_2004.rules, *FLOOR.rules),
        parameters=(*EDITION_2004.parameters, *PARAMETERS),
        questions=(*EDITION_2004.questions, *FLOOR.questions),
        authorities=(*EDITION_2004.authorities, CFR, SCHEDULE_B),
        calendars=(FEDERAL,),
        catalogue=(),
    )


def registry() -> Registry:
    """The same announcement, pinned to that edition."""
    found = discover()
    program = attrs.evolve(found.programs["hhs"], editions=(hhs_2009(),), announcements={"january-2004": "2009"})
    return Registry(programs={**found.programs, "hhs": program})
