"""The Widget Fellowship of the fictional Department of Widgets, written as any agency would write its plugin.

It is written for release 0.1.0, with the names that this release had and no others, and is to work for ever.
"""

from collections.abc import Iterable
from datetime import date

from candidacy import (
    NOT_BEGUN,
    Authority,
    CandidateSelected,
    Case,
    Check,
    Count,
    Edition,
    Fact,
    Lifecycle,
    Move,
    Program,
    ProgramCompleted,
    Role,
    Withdrawn,
    at_least,
    enter,
    fact,
    hookimpl,
)

FELLOW, OFFICE = "fellow", "fellowship office"

CHARTER = Authority(
    "widgets",
    title="Charter of the Widget Fellowship",
    publisher="Department of Widgets",
    obtain="it is invented and cannot be had",
    sha256="e27e73fcdd75a54f5838f29e6aef6a2e22c96c4af85ddc8d2b6ee4131fa16d12",
)
WIDGETS = CHARTER.sets("widgets to inspect", 100, "widgets", since=date(2024, 1, 1), at="WID-1", lines=(3, 4))


@fact("widgets.widgets_inspected.1")
class WidgetsInspected(Fact):
    """The fellow inspected a number of widgets."""

    widgets: Count


@CHARTER.requires(before=ProgramCompleted, at="WID-1", lines=(3, 4))
def a_hundred_widgets_are_inspected(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """At least 100 widgets are inspected."""
    inspected = case.all(WidgetsInspected).total(lambda i: i.widgets, "widgets")
    return at_least(inspected, WIDGETS(case), by=lambda short: enter(WidgetsInspected, by=FELLOW, widgets=Count(short)))


EDITION_2024 = Edition(
    program="widgets",
    name="2024",
    revision=1,
    in_force=date(2024, 1, 1),
    lifecycle=Lifecycle(
        stages=("inspecting", "completed"),
        exits=("withdrawn",),
        moves=(
            Move(NOT_BEGUN, CandidateSelected, "inspecting"),
            Move("inspecting", ProgramCompleted, "completed"),
            Move("inspecting", Withdrawn, "withdrawn"),
        ),
    ),
    roles=(Role(FELLOW), Role(OFFICE)),
    entered_by={
        CandidateSelected: (OFFICE,),
        WidgetsInspected: (FELLOW, OFFICE),
        ProgramCompleted: (OFFICE,),
        Withdrawn: (FELLOW,),
    },
    rules=(a_hundred_widgets_are_inspected,),
    parameters=(WIDGETS,),
    authorities=(CHARTER,),
)


@hookimpl
def candidacy_programs() -> Iterable[Program]:
    """The one program of the department."""
    return [Program("widgets", title="Widget Fellowship", editions=(EDITION_2024,), announcements={"class-of-2024": "2024"})]
