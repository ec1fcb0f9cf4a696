"""DOL: the SES Training Program 2013-14. Its participants are sitting executives; no board certifies anyone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from candidacy import (
    NOT_BEGUN,
    CaseTakenOver,
    Discontinued,
    Edition,
    JudgementGiven,
    Lifecycle,
    Move,
    Program,
    ProgramCompleted,
    ReferenceRecorded,
    Role,
    RoleEnded,
    RoleGiven,
    Withdrawn,
    corrected_by,
    hookimpl,
)
from candidacy_dol import events as e
from candidacy_dol.catalogue import CATALOGUE
from candidacy_dol.rules import ASSESSMENT, OVERVIEW, PARAMETERS, QUESTIONS, RULES

CANDIDACY_API = 2
"""The version of the API that this package is written for."""

PARTICIPANT, SUPERVISOR, MENTOR, COACH = "participant", "supervisor", "mentor", "coach"
PARTNERSHIP, OFFICE = "Partnership", "program office"
PARTIES = (PARTICIPANT, SUPERVISOR, MENTOR)
"""Those about whom, or beside whom, the others decide."""

LIFECYCLE = (
    Lifecycle(
        stages=("participating", "completed"),
        exits=("withdrawn", "discontinued"),
        moves=(
            Move(NOT_BEGUN, e.ParticipantEnrolled, "participating"),
            Move("participating", ProgramCompleted, "completed"),
            Move("participating", Withdrawn, "withdrawn"),
            Move("participating", Discontinued, "discontinued"),
        ),
    )
    .staying(e.CohortAssigned, "participating")
    .staying(e.TeamJoined, "participating")
    .staying(e.MentorPaired, "participating")
    .staying(e.ReportDelivered, "participating")
    .staying(JudgementGiven, "participating")
    .taking_over(CaseTakenOver)
)

EDITION_2013 = Edition(
    program="dol",
    name="2013",
    revision=5,
    in_force=date(2013, 10, 16),
    lifecycle=LIFECYCLE,
    roles=(
        Role(PARTICIPANT),
        Role(SUPERVISOR, aliases=("first-level supervisor", "direct supervisor"), named_by=((e.SupervisorRecorded, "supervisor"),)),
        Role(MENTOR, named_by=((e.MentorPaired, "mentor"),)),
        Role(COACH, aliases=("executive coach",)),
        Role(PARTNERSHIP, apart_from=PARTIES),
        Role(OFFICE, aliases=("Office of Executive Resources",), apart_from=PARTIES),
    ),
    entered_by={
        e.ParticipantEnrolled: (OFFICE,),
        CaseTakenOver: (OFFICE,),
        ReferenceRecorded: (OFFICE,),
        e.DutyStationRecorded: (OFFICE,),
        e.SupervisorRecorded: (OFFICE,),
        e.SessionScheduled: (OFFICE, PARTNERSHIP),
        e.SessionAttended: (PARTICIPANT, PARTNERSHIP),
        e.SessionMissed: (PARTICIPANT, PARTNERSHIP),
        e.AssessmentAnswered: (PARTICIPANT, SUPERVISOR, PARTNERSHIP),
        e.ReportDelivered: (PARTNERSHIP,),
        e.StrengthsDiscussed: (PARTICIPANT, SUPERVISOR),
        e.FacilitatorRecorded: (OFFICE, PARTNERSHIP),
        e.MaterialProvided: (OFFICE, PARTNERSHIP),
        e.TimeSpent: (PARTICIPANT, PARTNERSHIP),
        e.CohortAssigned: (PARTNERSHIP,),
        e.TeamJoined: (PARTNERSHIP,),
        e.TeamSupported: (COACH, PARTNERSHIP),
        e.ResultDelivered: (PARTNERSHIP, OFFICE),
        e.QuestionnaireAnswered: (PARTICIPANT, MENTOR, PARTNERSHIP),
        e.GuidelinesAccepted: (MENTOR, PARTNERSHIP),
        e.MidPointScheduled: (PARTNERSHIP,),
        e.MentorPaired: (PARTNERSHIP,),
        e.PairingEnded: (PARTNERSHIP,),
        e.MatchReassessed: (PARTNERSHIP,),
        e.SupportGiven: (PARTNERSHIP,),
        e.MentoringReviewed: (PARTNERSHIP,),
        ProgramCompleted: (OFFICE,),
        Withdrawn: (PARTICIPANT,),
        Discontinued: (OFFICE,),
        RoleGiven: (OFFICE,),
        RoleEnded: (OFFICE,),
        **corrected_by(facts=(OFFICE,), decisions=(OFFICE,)),
    },
    rules=RULES,
    parameters=PARAMETERS,
    strands=(e.PAIRINGS,),
    questions=QUESTIONS,
    authorities=(OVERVIEW,),
    confidential=(ASSESSMENT,),
    catalogue=CATALOGUE,
)

PROGRAM = Program(
    "dol",
    title="DOL SES Training Program 2013-14",
    editions=(EDITION_2013,),
    announcements={"cohort-2013": "2013"},
)


@hookimpl
def candidacy_programs() -> Iterable[Program]:
    """The program of this agency."""
    return [PROGRAM]


@hookimpl
def candidacy_caseload() -> Iterator[Mapping[str, Any]]:
    """Invented people of every kind of outcome."""
    from candidacy_dol.caseload import commands

    return commands()
