"""A small program of a department that does not exist, for tests that need rules of their own."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from candidacy import (
    COMPLETING,
    SUSPENSIONS,
    Act,
    Authority,
    CandidateEnrolled,
    CandidateSelected,
    Case,
    Check,
    Count,
    Discontinued,
    Edition,
    Fact,
    Id,
    JudgementGiven,
    Parameter,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Program,
    ProgramCompleted,
    Registry,
    Removed,
    Resumed,
    Role,
    RoleEnded,
    RoleGiven,
    Rule,
    SqliteLedger,
    Story,
    Strands,
    Suspended,
    Withdrawn,
    act,
    at_least,
    enter,
    fact,
    holds,
    judged,
)
from support import ZONE, engine, play, roles

HANDBOOK = Authority("widgets", title="Widgets handbook", publisher="Department of Widgets", obtain="nowhere", sha256="")
IN_2005 = date(2005, 1, 1)
HOURS = HANDBOOK.sets("hours of training", 10, "hours", since=IN_2005, at="W-1", lines=(1, 1))
UNKNOWN_HOURS: Parameter[int] = HANDBOOK.sets("hours to come", 10, "hours", since=date(2030, 1, 1), at="W-2", lines=(2, 2))
FIT = HANDBOOK.asks("fit-for-widgets", "Is the candidate fit?", by=("office",), at="W-3", lines=(3, 3))


@fact("widgets.trained.1", credits_earlier=True)
class Trained(Fact):
    hours: Count


@fact("widgets.desk_recorded.1", state_of=("person",))
class DeskRecorded(Fact):
    person: Id
    desk: Id


@fact("widgets.detail_begun.1")
class DetailBegun(Fact):
    detail: Id


@fact("widgets.detail_over.1")
class DetailOver(Fact):
    detail: Id


@act("widgets.toured.1")
class Toured(Act):
    floor: Count
    days: Count


DETAILS = Strands("detail", DetailBegun, DetailOver, by="candidate")


@HANDBOOK.requires(before=ProgramCompleted, at="W-1", lines=(1, 1))
def ten_hours(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Ten hours of training."""
    hours = case.all(Trained).total(lambda t: t.hours, "hours")
    return at_least(hours, HOURS(case), by=lambda n: enter(Trained, by="candidate", hours=n))


@HANDBOOK.requires(before=ProgramCompleted, at="W-3", lines=(3, 3))
def is_fit(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The office finds the candidate fit."""
    return judged(case, FIT)


@HANDBOOK.advises(on=Trained, at="W-4", lines=(4, 4))
def trains_little(case: Case, trained: Trained, day: date) -> Check:
    """Not more than 20 hours in all."""
    return holds(case.all(Trained).total(lambda t: t.hours, "hours").most <= 20, "at-most-20-hours")


RULES = (ten_hours, is_fit, trains_little)


def before_tour(judge: Any) -> Rule:
    """A rule in front of a tour, as an author would write it."""
    return HANDBOOK.requires(before=Toured, at="W-9", lines=(9, 9))(judge)


def edition(extra: Iterable[Rule] = (), **more: Any) -> Edition:
    """The program's edition, with more rules."""
    office, candidate = ("office",), ("candidate", "office")
    by: dict[Any, tuple[str, ...]] = {
        CandidateSelected: office, CandidateEnrolled: office, PlanSubmitted: ("candidate",), PlanReturned: office,
        PlanApproved: office, ProgramCompleted: office, Withdrawn: ("candidate",), Discontinued: office, Removed: office,
        Suspended: office, Resumed: office, RoleGiven: office, RoleEnded: office, Trained: candidate, DeskRecorded: office,
        DetailBegun: candidate, DetailOver: candidate, Toured: ("candidate",),
    }  # fmt: skip
    given: dict[str, Any] = {
        "program": "widgets", "name": "2005", "revision": 1, "in_force": IN_2005,
        "lifecycle": COMPLETING.staying(Toured), "roles": (Role("candidate"), Role("office"), Role("guest")),
        "entered_by": by, "rules": (*RULES, *extra), "parameters": (HOURS, UNKNOWN_HOURS), "strands": (DETAILS, SUSPENSIONS),
        "questions": (FIT,),
    }  # fmt: skip
    return Edition(**{**given, **more})


def registry(*editions: Edition) -> Registry:
    """A registry of that program alone."""
    editions = editions or (edition(),)
    return Registry.of(Program("widgets", title="Widgets", editions=editions, announcements={"spring": editions[0].name}))


def begun(case: str = "w1", day: str = "2005-03-01") -> Story:
    """A case just begun, with a candidate, an office and a guest."""
    who = roles(case, c="candidate", o="office", g="guest")
    return Story(case).tell(day, CandidateSelected(Id("widgets"), Id("spring"), who), by=f"{case}.o")


def developing(case: str = "w1") -> Story:
    """A case whose plan was approved on 2005-04-01."""
    story = begun(case).tell("2005-03-02", CandidateEnrolled(), by=f"{case}.o")
    story.tell("2005-03-10", PlanSubmitted(Id("p1")), by=f"{case}.c")
    return story.tell("2005-04-01", PlanApproved(Id("p1")), by=f"{case}.o")


def developed(path: Path) -> Path:
    """A ledger in a file with one such case."""
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(registry(), ledger), developing("w1"))
    return path


def fit(case: str = "w1", *, answer: bool = True) -> JudgementGiven:
    """The office's answer."""
    return JudgementGiven(Id(FIT.id), answer)
