"""HHS: the SES Candidate Development Program as announced in January 2004."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from candidacy import (
    CERTIFYING,
    SUSPENSIONS,
    CandidateAppointed,
    CandidateCertified,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    CaseTakenOver,
    CertificationDenied,
    CertificationRequested,
    Discontinued,
    Edition,
    EditionMoved,
    Move,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Program,
    ReferenceRecorded,
    Removed,
    RequestReturned,
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
from candidacy_hhs import assignment, candidate, mentoring, plan, reviews, side, training
from candidacy_hhs import events as e
from candidacy_hhs.authority import ANNOUNCED, CLOCKS, GUIDELINES, PARAMETERS, QUESTIONS
from candidacy_hhs.catalogue import CATALOGUE
from candidacy_hhs.federal import ALIKE, FLOOR, STAYS_WHERE_IT_IS
from candidacy_hhs.federal import ENTERED_BY as FLOOR_ENTERED_BY
from candidacy_hhs.rules import RULES, announcement_lies_in_the_month_named
from candidacy_opm import CFR, FEDERAL, FINAL_RULE, HOLIDAYS, IN_FORCE, QUALIFICATIONS, SCHEDULE_B
from candidacy_opm import PARAMETERS as FLOOR_PARAMETERS

CANDIDACY_API = 2
"""The version of the API that this package is written for."""
CANDIDACY_NEVER_ALONE = {
    "hhs.plan_is_approved_by_the_board": (
        "the lifecycle lets no case come to a request without the approval but one that was taken over, and there nothing counts "
        "from the approval either, so that other rules refuse with it; it stays since the guidelines ask for it by itself"
    ),
}
"""Rules of which no life can show that they alone refuse, each with the reason."""

CANDIDATE, MENTOR, RECORD, ASSIGNMENT = "candidate", "mentor", "supervisor of record", "assignment supervisor"
COORDINATOR, MANAGER, BOARD, QRB, SECRETARY = "program coordinator", "program manager", "ERB", "QRB", "Secretary"
PARTIES = (CANDIDATE, MENTOR, RECORD, ASSIGNMENT)
"""Those about whom, or beside whom, the others decide."""

LIFECYCLE = (
    CERTIFYING.refined(
        "planning",
        ("coordinator review", "board review"),
        [Move("planning/coordinator review", e.PlanReviewed, "planning/board review")],
    )
    .refined(
        "certifying",
        ("manager review", "board review"),
        [Move("certifying/manager review", e.RequestReviewed, "certifying/board review")],
    )
    .refined("graduated", ("approved", "forwarded"), [Move("graduated/approved", e.RequestForwarded, "graduated/forwarded")])
    .staying(e.MentorSelected, "selected", "enrolled", "planning/coordinator review", "planning/board review", "developing")
    .staying(plan.MinorRevisionApproved, "developing")
    .staying(plan.SignificantRevisionApproved, "developing")
    .taking_over(CaseTakenOver)
)

PARTS = (candidate, training, plan, mentoring, assignment, reviews, side)
"""What the guidelines say of one subject each: its events, its rules, and what goes with them."""

EDITION_2004 = Edition(
    program="hhs",
    name="2004",
    revision=5,
    in_force=date(2004, 1, 31),
    lifecycle=LIFECYCLE,
    roles=(
        Role(CANDIDATE),
        Role(MENTOR, named_by=((e.MentorSelected, "mentor"),)),
        Role(RECORD),
        Role(ASSIGNMENT),
        Role(COORDINATOR, aliases=("SES CDP Coordinator",), apart_from=PARTIES),
        Role(MANAGER, aliases=("SES CDP Manager",), apart_from=PARTIES),
        Role(BOARD, aliases=("Executive Review Board", "Executive Resources Board"), apart_from=PARTIES),
        Role(QRB, aliases=("Qualifications Review Board",), apart_from=PARTIES),
        Role(SECRETARY, apart_from=PARTIES),
    ),
    entered_by={
        CandidateSelected: (COORDINATOR, MANAGER),
        CaseTakenOver: (COORDINATOR, MANAGER),
        ReferenceRecorded: (COORDINATOR, MANAGER),
        CandidateEnrolled: (COORDINATOR,),
        e.PositionRecorded: (COORDINATOR,),
        SesMembershipRecorded: (COORDINATOR,),
        e.AnnouncementDated: (COORDINATOR,),
        e.MentorSelected: (CANDIDATE,),
        e.MentorReleased: (CANDIDATE, MENTOR, COORDINATOR),
        PlanSubmitted: (CANDIDATE,),
        e.PlanReviewed: (COORDINATOR,),
        PlanReturned: (COORDINATOR, BOARD),
        PlanApproved: (BOARD,),
        e.AssignmentStarted: (CANDIDATE, ASSIGNMENT, COORDINATOR),
        e.AssignmentEnded: (CANDIDATE, ASSIGNMENT, COORDINATOR),
        e.TrainingCompleted: (CANDIDATE, COORDINATOR),
        e.DocumentFiled: (CANDIDATE, MENTOR, ASSIGNMENT, COORDINATOR),
        CertificationRequested: (CANDIDATE,),
        e.RequestReviewed: (MANAGER,),
        RequestReturned: (MANAGER, BOARD),
        CandidateGraduated: (BOARD,),
        e.RequestForwarded: (MANAGER,),
        CandidateCertified: (QRB,),
        CertificationDenied: (QRB,),
        CandidateAppointed: (SECRETARY,),
        Withdrawn: (CANDIDATE,),
        Discontinued: (MANAGER,),
        Removed: (SECRETARY,),
        Suspended: (MANAGER,),
        Resumed: (MANAGER,),
        RoleGiven: (COORDINATOR, MANAGER),
        RoleEnded: (COORDINATOR, MANAGER),
        **corrected_by(facts=(COORDINATOR, MANAGER), decisions=(BOARD, MANAGER)),
        **{event: by for part in PARTS for event, by in part.ENTERED_BY.items()},
    },
    rules=(*RULES, *(rule for part in PARTS for rule in part.RULES)),
    parameters=(*PARAMETERS, *training.PARAMETERS, *mentoring.PARAMETERS, *assignment.PARAMETERS, *reviews.PARAMETERS),
    confidential=(*training.CONFIDENTIAL, *mentoring.CONFIDENTIAL, *assignment.CONFIDENTIAL),
    strands=(e.ASSIGNMENTS, e.PAIRINGS, SUSPENSIONS),
    clocks=CLOCKS,
    questions=QUESTIONS,
    authorities=(GUIDELINES,),
    catalogue=CATALOGUE,
)

EDITION_2009 = attrs.evolve(
    EDITION_2004,
    name="2009",
    revision=2,
    in_force=IN_FORCE,
    entered_by={**EDITION_2004.entered_by, **FLOOR_ENTERED_BY, EditionMoved: (MANAGER,)},
    rules=(*(rule for rule in EDITION_2004.rules if rule is not announcement_lies_in_the_month_named), *FLOOR.rules),
    parameters=(*(p for p in EDITION_2004.parameters if p is not ANNOUNCED), *FLOOR_PARAMETERS),
    questions=(*QUESTIONS, *FLOOR.questions),
    authorities=(GUIDELINES, CFR, SCHEDULE_B, QUALIFICATIONS, FINAL_RULE, HOLIDAYS),
    calendars=(FEDERAL,),
    catalogue=FLOOR.catalogue,
    alike=ALIKE,
    takes=(
        Takes("2004", {stage: stage for stage in LIFECYCLE.stages if stage not in LIFECYCLE.finals}, reading=STAYS_WHERE_IT_IS),
    ),
)
"""The guidelines of 2004 as they would stand with the federal floor on top; the month of another announcement is not theirs."""

PROGRAM = Program(
    "hhs",
    title="HHS SES Candidate Development Program",
    editions=(EDITION_2004, EDITION_2009),
    announcements={"january-2004": "2004", "from-2009-12-10": "2009"},
)


@hookimpl
def candidacy_programs() -> Iterable[Program]:
    """The program of this agency."""
    return [PROGRAM]


@hookimpl
def candidacy_caseload() -> Iterator[Mapping[str, Any]]:
    """Invented people of every kind of outcome."""
    from candidacy_hhs.caseload import commands

    return commands()
