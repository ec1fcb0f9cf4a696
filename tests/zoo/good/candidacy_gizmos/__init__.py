"""The fellowship of the Department of Gizmos, which does not exist."""

from collections.abc import Iterable
from datetime import date

import candidacy as c

from .rules import (
    BOARD,
    CATALOGUE,
    CHARTER,
    FELLOW,
    NOTES,
    OFFICE,
    PARAMETERS,
    READY,
    RULES,
    TOURS,
    Assessed,
    TourBegun,
    TourEnded,
    TrainingCompleted,
)

CANDIDACY_API = 2

LIFECYCLE = c.Lifecycle(
    stages=("developing", "completed"),
    exits=("withdrawn",),
    moves=(
        c.Move(c.NOT_BEGUN, c.CandidateSelected, "developing"),
        c.Move("developing", c.ProgramCompleted, "completed"),
        c.Move("developing", c.Withdrawn, "withdrawn"),
    ),
).staying(c.JudgementGiven, "developing")
EDITION = c.Edition(
    program="gizmos",
    name="2024",
    revision=1,
    in_force=date(2024, 1, 1),
    lifecycle=LIFECYCLE,
    roles=(c.Role(FELLOW), c.Role(OFFICE), c.Role(BOARD)),
    entered_by={
        c.CandidateSelected: (OFFICE,),
        TrainingCompleted: (FELLOW, OFFICE),
        TourBegun: (FELLOW,),
        TourEnded: (FELLOW,),
        Assessed: (OFFICE,),
        c.JudgementGiven: (BOARD,),
        c.ProgramCompleted: (OFFICE,),
        c.Withdrawn: (FELLOW,),
    },
    rules=RULES,
    parameters=PARAMETERS,
    questions=(READY,),
    strands=(TOURS,),
    confidential=(NOTES,),
    authorities=(CHARTER,),
    catalogue=CATALOGUE,
)
EDITIONS = (EDITION,)
ANNOUNCED = {"class-of-2024": "2024"}


@c.hookimpl
def candidacy_programs() -> Iterable[c.Program]:
    """The one program of the department."""
    return [c.Program("gizmos", title="Fellowship of gizmos", editions=EDITIONS, announcements=ANNOUNCED)]
