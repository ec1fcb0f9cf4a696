"""Commerce: the SES Candidate Development Program 2004-2006."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from candidacy import (
    COMPLETING,
    SUSPENSIONS,
    CandidateEnrolled,
    CandidateSelected,
    CaseTakenOver,
    Discontinued,
    Edition,
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
    Withdrawn,
    hookimpl,
)
from candidacy_commerce import events as e
from candidacy_commerce import mentors
from candidacy_commerce.catalogue import CATALOGUE
from candidacy_commerce.rules import ANNOUNCEMENT, PARAMETERS, RULES

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
    },
    rules=RULES,
    parameters=PARAMETERS,
    strands=(e.ASSIGNMENTS, e.PAIRINGS, SUSPENSIONS),
    authorities=(ANNOUNCEMENT,),
    catalogue=CATALOGUE,
)

PROGRAM = Program(
    "commerce",
    title="Commerce SES Candidate Development Program 2004-2006",
    editions=(EDITION_2004,),
    announcements={"september-2004": "2004"},
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
