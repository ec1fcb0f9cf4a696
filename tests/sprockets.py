"""A program of a department that does not exist, in two editions of which the later one asks more, and once less.

Written as any agency would write its plugin: copied into a folder it is a draft.
"""

from collections.abc import Iterable
from datetime import date

from candidacy import (
    COMPLETING,
    SUSPENSIONS,
    Authority,
    CandidateEnrolled,
    CandidateSelected,
    Case,
    Check,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    Discontinued,
    Edition,
    EditionMoved,
    Fact,
    FactVoided,
    Id,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Program,
    ProgramCompleted,
    Removed,
    Resumed,
    Role,
    RoleGiven,
    Suspended,
    Takes,
    Withdrawn,
    at_least,
    calendar_days,
    enter,
    fact,
    holds,
    hookimpl,
    judged,
    months,
    not_after,
    not_before,
)

MANUAL = Authority("sprockets", title="Sprockets manual", publisher="Department of Sprockets", obtain="nowhere")
IN_2004, IN_2010 = date(2004, 1, 1), date(2010, 1, 1)
HOURS = MANUAL.sets("hours of training", 10, "hours", since=IN_2004, at="S-1", lines=(1, 1))
MORE_HOURS = MANUAL.sets("hours of training", 20, "hours", since=IN_2004, at="S-1", lines=(1, 1))
FIT = MANUAL.asks("fit-for-sprockets", "Is the candidate fit?", by=("office",), at="S-9", lines=(9, 9))


@fact("sprockets.trained.1")
class Trained(Fact):
    """Hours of training."""

    hours: Count


@fact("sprockets.detailed.1")
class Detailed(Fact):
    """Days in another office."""

    days: Count


@fact("sprockets.desk_recorded.1")
class DeskRecorded(Fact):
    """Where the candidate sits."""

    desk: Id


@MANUAL.requires(before=ProgramCompleted, at="S-1", lines=(1, 1))
def enough_hours(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Enough hours of training."""
    hours = case.all(Trained).total(lambda t: t.hours, "hours")
    return at_least(hours, case.value("hours of training", int), by=lambda n: enter(Trained, by="candidate", hours=n))


@MANUAL.requires(before=ProgramCompleted, at="S-2", lines=(2, 2))
def within_the_year(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program ends in the year in which it begins."""
    return not_after(day, date((case.began or day).year, 12, 31), what="the-end-of-the-year")


@MANUAL.requires(before=ProgramCompleted, at="S-3", lines=(3, 3))
def thirty_days_elsewhere(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Thirty days in another office."""
    found = case.all(Detailed).total(lambda d: d.days, "days")
    return at_least(found, 30, by=lambda n: enter(Detailed, by="candidate", days=n))


@MANUAL.requires(before=PlanApproved, at="S-4", lines=(4, 4))
def approved_within_sixty_days(case: Case, approval: PlanApproved, day: date) -> Check:
    """The plan is approved within sixty days of being handed in."""
    handed_in = case.day_of(PlanSubmitted)
    took = None if handed_in is None else calendar_days(handed_in, day) - 1
    return holds(None if took is None else took <= 60, "sixty-days-at-most", took=took or 0)


@MANUAL.requires(before=ProgramCompleted, at="S-5", lines=(5, 5))
def six_months_in_the_program(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program lasts six months."""
    since = case.day_of(CandidateEnrolled)
    return holds(None, "a-first-day") if since is None else not_before(day, months(6).after(since), what="six-months")


@MANUAL.requires(before=ProgramCompleted, at="S-6", lines=(6, 6))
def has_a_desk(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The candidate has a desk."""
    desk = case.last(DeskRecorded)
    return holds(True if desk else None, "a-desk", by=enter(DeskRecorded, by="office"))


@MANUAL.advises(on=Trained, at="S-7", lines=(7, 7))
def not_all_at_once(case: Case, trained: Trained, day: date) -> Check:
    """No course takes more than thirty hours."""
    return holds(trained.hours <= 30, "thirty-hours-at-most", hours=trained.hours)


@MANUAL.requires(before=ProgramCompleted, at="S-9", lines=(9, 9))
def is_fit(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The office finds the candidate fit."""
    return judged(case, FIT)


OFFICE, CANDIDATE = ("office",), ("candidate",)
ENTERED_BY = {
    CandidateSelected: OFFICE, CandidateEnrolled: OFFICE, PlanSubmitted: CANDIDATE, PlanReturned: OFFICE, PlanApproved: OFFICE,
    ProgramCompleted: OFFICE, Withdrawn: CANDIDATE, Discontinued: OFFICE, Removed: OFFICE, Suspended: OFFICE, Resumed: OFFICE,
    RoleGiven: OFFICE, Trained: CANDIDATE, Detailed: CANDIDATE, DeskRecorded: OFFICE, FactVoided: OFFICE,
    DecisionVoided: OFFICE, DecisionAffirmed: OFFICE, EditionMoved: OFFICE,
}  # fmt: skip
ROLES = (Role("candidate"), Role("office"))
STRANDS = (SUSPENSIONS,)

EDITION_2004 = Edition(
    program="sprockets", name="2004", revision=1, in_force=IN_2004, lifecycle=COMPLETING, roles=ROLES, entered_by=ENTERED_BY,
    rules=(enough_hours, within_the_year), parameters=(HOURS,), strands=STRANDS, questions=(FIT,), authorities=(MANUAL,),
)  # fmt: skip
EDITION_2010 = Edition(
    program="sprockets", name="2010", revision=1, in_force=IN_2010, lifecycle=COMPLETING, roles=ROLES, entered_by=ENTERED_BY,
    rules=(enough_hours, thirty_days_elsewhere, approved_within_sixty_days, six_months_in_the_program, has_a_desk, not_all_at_once),
    parameters=(MORE_HOURS,), strands=STRANDS, questions=(FIT,), authorities=(MANUAL,),
    takes=(Takes("2004", {s: s for s in ("selected", "enrolled", "planning", "developing")}),),
)  # fmt: skip
PROGRAM = Program(
    "sprockets",
    title="Sprockets",
    editions=(EDITION_2004, EDITION_2010),
    announcements={"spring": "2004", "later": "2010"},
)


@hookimpl
def candidacy_programs() -> Iterable[Program]:
    """The one program of the department."""
    return [PROGRAM]
