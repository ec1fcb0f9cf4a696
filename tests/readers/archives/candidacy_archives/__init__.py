"""Bureau of Archives: the Senior Archivist Development Program."""

from collections.abc import Iterable
from datetime import date

import candidacy as c

from . import rules as r

CANDIDACY_API = 2

ENTERED_BY = {
    **c.by_role({
        r.CANDIDATE: (r.AgreementSigned, c.PlanSubmitted, r.RotationBegun, r.RotationEnded, r.CircleAttended, r.CapstoneWritten, c.Withdrawn),
        r.OFFICE: (r.AgreementSigned, c.CandidateEnrolled, r.HomeDivisionRecorded, r.RotationEnded, c.Suspended, c.Resumed, c.ProgramCompleted, c.Removed, c.Discontinued, c.EditionMoved, c.RoleGiven, c.RoleEnded),
        r.PANEL: (c.CandidateSelected, r.ProgressReviewed, c.JudgementGiven),
        r.LEARNING: (c.PlanReturned, c.PlanApproved, r.CourseCompleted, r.CircleAttended, c.JudgementGiven),
        r.COORDINATOR: (r.LibraryReported,),
        r.DEPUTY: (c.JudgementGiven,),
        r.CHIEF: (r.AgreementSigned,),
        r.READER: (r.CapstoneGraded,),
    }),
    **c.corrected_by(facts=(r.OFFICE,), decisions=(r.PANEL,)),
}


def edition(name: str, in_force: date, takes: tuple[c.Takes, ...] = ()) -> c.Edition:
    """Policy 14, or Policy 14 as revised."""
    return c.Edition(
        program="archives", name=name, revision=1, in_force=in_force,
        lifecycle=c.COMPLETING.staying(r.RotationBegun).staying(r.ProgressReviewed),
        roles=tuple(map(c.Role, (r.CANDIDATE, r.OFFICE, r.PANEL, r.LEARNING, r.CHIEF, r.COORDINATOR, r.DEPUTY, r.READER))),
        entered_by=ENTERED_BY, rules=r.RULES, parameters=(r.CREDITS, r.SINGLE, r.REVIEW, r.EARLIER, r.CIRCLES), strands=(r.ROTATIONS, c.SUSPENSIONS),
        questions=(r.STAY, r.BOTH, r.DIFFER, r.PASSES, r.READY), authorities=(r.POLICY,), confidential=(r.GRADES,), calendars=(r.WORK,),
        catalogue=r.CATALOGUE, clocks=(r.LONGEST, r.HALFWAY), takes=takes,
        waivers=(r.POLICY.lets_waive(r.credit_points_are_earned, by=(r.DEPUTY,), at="W-1", lines=(57, 58)),),
        two_people={c.ExtensionGranted: (r.CANDIDATE,), c.EditionMoved: (r.CANDIDATE,)},
    )


STAGES = {stage: stage for stage in ("selected", "enrolled", "planning", "developing")}
EDITIONS = (
    edition("2022", r.FIRST),
    edition("revision-a", r.REVISED, (c.Takes("2022", STAGES, reading="the review is not repeated"),)),
)
PROGRAM = c.Program("archives", title="Senior Archivist Development Program", editions=EDITIONS, announcements={"spring-2023": "2022", "spring-2024": "revision-a"})


@c.hookimpl
def candidacy_programs() -> Iterable[c.Program]:
    """The one program of the agency."""
    return [PROGRAM]
