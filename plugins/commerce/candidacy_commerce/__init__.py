"""Commerce: the SES Candidate Development Program 2004-2006."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from candidacy import (
    COMPLETING,
    SUSPENSIONS,
    CandidateEnrolled,
    CandidateSelected,
    CaseTakenOver,
    Discontinued,
    Edition,
    EditionMoved,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Program,
    ProgramCompleted,
    ReferenceRecorded,
    Removed,
    Resumed,
    Role,
    RoleEnded,
    RoleGiven,
    SesMembershipRecorded,
    Suspended,
    Takes,
    Withdrawn,
    corrected_by,
    hookimpl,
)
from candidacy_commerce import events as e
from candidacy_commerce import mentors
from candidacy_commerce.catalogue import CATALOGUE
from candidacy_commerce.federal import BACK_TO_THE_BOARD, BOARD, FLOOR, GO_ON
from candidacy_commerce.federal import ENTERED_BY as FLOOR_ENTERED_BY
from candidacy_commerce.rules import ANNOUNCEMENT, PARAMETERS, RULES
from candidacy_opm import CFR, FEDERAL, FINAL_RULE, HOLIDAYS, IN_FORCE, SCHEDULE_B
from candidacy_opm import PARAMETERS as FLOOR_PARAMETERS

CANDIDACY_API = 2
"""The version of the API that this package is written for."""

CANDIDATE, MENTOR, OFFICE, ASSIGNMENT = "candidate", "mentor", "program office", "assignment supervisor"

EDITION_2004 = Edition(
    program="commerce",
    name="2004",
    revision=4,
    in_force=date(2004, 9, 30),
    lifecycle=COMPLETING.staying(e.MentorPaired, "selected", "enrolled", "planning", "developing")
    .staying(e.AssignmentDescribed, "enrolled", "planning", "developing")
    .taking_over(CaseTakenOver),
    roles=(
        Role(CANDIDATE),
        Role(MENTOR, named_by=((e.MentorPaired, "mentor"),)),
        Role(OFFICE, apart_from=(CANDIDATE, MENTOR, ASSIGNMENT)),
        Role(ASSIGNMENT, aliases=("supervisor of assignment",)),
    ),
    entered_by={
        CandidateSelected: (OFFICE,),
        CaseTakenOver: (OFFICE,),
        ReferenceRecorded: (OFFICE,),
        CandidateEnrolled: (OFFICE,),
        e.PositionRecorded: (OFFICE,),
        e.ChainRecorded: (OFFICE,),
        SesMembershipRecorded: (OFFICE,),
        e.MentorPaired: (OFFICE,),
        e.PairingEnded: (OFFICE, MENTOR),
        e.MentorTrained: (OFFICE,),
        PlanSubmitted: (CANDIDATE,),
        PlanReturned: (OFFICE,),
        PlanApproved: (OFFICE,),
        e.PlanDiscussed: (MENTOR, CANDIDATE),
        e.MentorMet: (MENTOR, CANDIDATE),
        e.AssignmentDescribed: (CANDIDATE,),
        e.AssignmentStarted: (CANDIDATE, ASSIGNMENT, OFFICE),
        e.AssignmentEnded: (CANDIDATE, ASSIGNMENT, OFFICE),
        ProgramCompleted: (OFFICE,),
        Withdrawn: (CANDIDATE,),
        Discontinued: (OFFICE,),
        Removed: (OFFICE,),
        Suspended: (OFFICE,),
        Resumed: (OFFICE,),
        RoleGiven: (OFFICE,),
        RoleEnded: (OFFICE,),
        **corrected_by(facts=(OFFICE,), decisions=(OFFICE,)),
    },
    rules=RULES,
    parameters=PARAMETERS,
    strands=(e.ASSIGNMENTS, e.PAIRINGS, SUSPENSIONS),
    authorities=(ANNOUNCEMENT,),
    catalogue=CATALOGUE,
)

EDITION_2009 = attrs.evolve(
    EDITION_2004,
    name="2009",
    revision=2,
    in_force=IN_FORCE,
    roles=(*EDITION_2004.roles, Role(BOARD, aliases=("executive resources board",), apart_from=(CANDIDATE, MENTOR, ASSIGNMENT))),
    entered_by={
        **EDITION_2004.entered_by,
        PlanApproved: (BOARD,),
        PlanReturned: (OFFICE, BOARD),
        ProgramCompleted: (BOARD,),
        **FLOOR_ENTERED_BY,
        EditionMoved: (OFFICE,),
    },
    rules=(*RULES, *FLOOR.rules),
    parameters=(*PARAMETERS, *FLOOR_PARAMETERS),
    questions=FLOOR.questions,
    authorities=(ANNOUNCEMENT, CFR, SCHEDULE_B, FINAL_RULE, HOLIDAYS),
    calendars=(FEDERAL,),
    catalogue=FLOOR.catalogue,
    takes=(Takes("2004", GO_ON, again=(PlanApproved,), reading=BACK_TO_THE_BOARD),),
)
"""The announcement of 2004 as it would stand with the federal floor on top."""

PROGRAM = Program(
    "commerce",
    title="Commerce SES Candidate Development Program 2004-2006",
    editions=(EDITION_2004, EDITION_2009),
    announcements={"september-2004": "2004", "from-2009-12-10": "2009"},
)


@hookimpl
def candidacy_programs() -> Iterable[Program]:
    """The programs of this agency."""
    return [PROGRAM, mentors.PROGRAM]


@hookimpl
def candidacy_caseload() -> Iterator[Mapping[str, Any]]:
    """Invented people of every kind of outcome."""
    from candidacy_commerce.caseload import commands

    return commands()
