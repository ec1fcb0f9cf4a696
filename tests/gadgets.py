"""A program of a department that does not exist, in which everything may be waived, extended, moved and corrected that can be."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from candidacy import (
    CERTIFYING,
    SUSPENSIONS,
    Answer,
    Authority,
    CandidateAppointed,
    CandidateCertified,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    Case,
    CertificationDenied,
    CertificationRequested,
    Check,
    Clock,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    Discontinued,
    Edition,
    EditionMoved,
    Engine,
    Event,
    Fact,
    FactVoided,
    How,
    Id,
    MemoryLedger,
    OverrideGranted,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Program,
    Registry,
    Removed,
    RequestReturned,
    Resumed,
    Role,
    RoleEnded,
    RoleGiven,
    RoleName,
    RoleNamed,
    Strands,
    Suspended,
    Takes,
    Withdrawn,
    at_least,
    enter,
    fact,
    holds,
    judged,
    months,
    not_after,
    not_before,
    once,
)
from candidacy.case import Decided

IN_2005, LATER = date(2005, 1, 1), date(2005, 3, 15)
MANUAL = Authority("gadgets", title="Gadgets manual", publisher="Department of Gadgets", obtain="nowhere")
STATUTE = Authority("statute", title="Gadgets statute", publisher="Parliament", obtain="nowhere")
HOURS = MANUAL.sets("hours of training", 10, "hours", since=IN_2005, at="G-1", lines=(1, 1))
MORE_HOURS = MANUAL.sets("hours of training", 20, "hours", since=LATER, at="G-1", lines=(1, 1))
YEAR: Clock = MANUAL.runs("a-year", stops=True, extended_by=("board",), at="G-2", lines=(2, 2))
HALF_YEAR: Clock = MANUAL.runs("half-a-year", stops=True, at="G-3", lines=(3, 3))
FIT = MANUAL.asks("fit-for-gadgets", "Is the candidate fit?", by=("board",), at="G-4", lines=(4, 4))


@fact("gadgets.trained.1", credits_earlier=True)
class Trained(Fact):
    hours: Count


@fact("gadgets.desk_recorded.1", state_of=("person",))
class DeskRecorded(Fact):
    person: Id
    desk: Id


@fact("gadgets.detail_begun.1")
class DetailBegun(Fact):
    detail: Id


@fact("gadgets.detail_over.1")
class DetailOver(Fact):
    detail: Id


DETAILS = Strands("detail", DetailBegun, DetailOver, by="candidate")


@MANUAL.requires(before=CertificationRequested, at="G-1", lines=(1, 1))
def enough_hours(case: Case, request: CertificationRequested, day: date) -> Check:
    """Enough hours of training."""
    hours = case.all(Trained).total(lambda t: t.hours, "hours")
    return at_least(hours, case.value("hours of training", int), by=lambda n: enter(Trained, by="candidate", hours=n))


@MANUAL.requires(before=CertificationRequested, at="G-2", lines=(2, 2))
def within_a_year(case: Case, request: CertificationRequested, day: date) -> Check:
    """Not more than a year after enrolment."""
    since = case.day_of(CandidateEnrolled)
    if since is None:
        return holds(None, "a-first-day")
    return not_after(day, YEAR.closes(case, since, months(12), day), what="a-year")


@MANUAL.requires(before=CertificationRequested, at="G-3", lines=(3, 3))
def after_half_a_year(case: Case, request: CertificationRequested, day: date) -> Check:
    """Not before half a year has passed since enrolment."""
    since = case.day_of(CandidateEnrolled)
    if since is None:
        return holds(None, "a-first-day")
    return not_before(day, HALF_YEAR.opens(case, since, months(6), day), what="half-a-year")


@STATUTE.requires(before=CertificationRequested, at="S-1", section="1")
def thirty_days_elsewhere(case: Case, request: CertificationRequested, day: date) -> Check:
    """Thirty days of details, no day counted twice."""
    return DETAILS.pooled(once(DETAILS.of(case)), 30, day)


@MANUAL.requires(before=CandidateGraduated, at="G-4", lines=(4, 4))
def is_fit(case: Case, graduation: CandidateGraduated, day: date) -> Check:
    """The board finds the candidate fit."""
    return judged(case, FIT)


@MANUAL.requires(before=CandidateCertified, at="G-5", lines=(5, 5))
def desk_is_known(case: Case, certified: CandidateCertified, day: date) -> Check:
    """The candidate's desk is recorded."""
    known = case.last(DeskRecorded)
    by = enter(DeskRecorded, by="office")
    return holds(known is not None, "a-desk", by=by, desk=known.desk if known else None)


RULES = (enough_hours, within_a_year, after_half_a_year, thirty_days_elsewhere, is_fit, desk_is_known)
OFFICE, BOARD, CANDIDATE = ("office",), ("board",), ("candidate",)
ROLES = (Role("candidate"), Role("office"), Role("board"), Role("guest"))
ENTERED_BY: dict[Any, tuple[str, ...]] = {
    CandidateSelected: OFFICE, CandidateEnrolled: OFFICE, PlanSubmitted: CANDIDATE, PlanReturned: BOARD, PlanApproved: BOARD,
    CertificationRequested: CANDIDATE, RequestReturned: OFFICE, CandidateGraduated: BOARD, CandidateCertified: BOARD,
    CertificationDenied: BOARD, CandidateAppointed: OFFICE, Withdrawn: CANDIDATE, Discontinued: OFFICE, Removed: BOARD,
    Suspended: OFFICE, Resumed: OFFICE, RoleGiven: OFFICE, RoleEnded: OFFICE, Trained: ("candidate", "office"),
    DeskRecorded: OFFICE, DetailBegun: CANDIDATE, DetailOver: CANDIDATE, FactVoided: OFFICE, DecisionAffirmed: BOARD,
    DecisionVoided: BOARD, OverrideGranted: BOARD, EditionMoved: OFFICE,
}  # fmt: skip
STAYS = {s: s for s in ("enrolled", "planning", "developing", "certifying")}
BACK = {**STAYS, "developing": "planning", "certifying": "planning"}
"""Where the plan is approved again."""


def edition(name: str = "2005", **more: Any) -> Edition:
    """An edition of the program."""
    later = name == "2006"
    given: dict[str, Any] = {
        "program": "gadgets", "name": name, "revision": 1, "in_force": LATER if later else IN_2005, "lifecycle": CERTIFYING,
        "roles": ROLES, "entered_by": ENTERED_BY, "rules": RULES, "parameters": (MORE_HOURS if later else HOURS,),
        "strands": (DETAILS, SUSPENSIONS), "questions": (FIT,), "authorities": (MANUAL, STATUTE), "clocks": (YEAR, HALF_YEAR),
        "waivers": (MANUAL.lets_waive(enough_hours, by=BOARD, at="G-6", lines=(6, 6)),
                    MANUAL.lets_waive(desk_is_known, by=BOARD, at="G-6", lines=(6, 6))),
        "two_people": {Removed: OFFICE, OverrideGranted: OFFICE},
        "takes": (Takes("2005", BACK, again=(PlanApproved,)) if more.pop("again", False) else Takes("2005", STAYS),) if later else (),
    }  # fmt: skip
    return Edition(**{**given, **more})


FIRST, SECOND = edition(), edition("2006")


def registry(*editions: Edition) -> Registry:
    """A registry of that program alone."""
    editions = editions or (FIRST, SECOND)
    announcements = {"spring": "2005", **({"autumn": "2006"} if any(e.name == "2006" for e in editions) else {})}
    return Registry.of(Program("gadgets", title="Gadgets", editions=editions, announcements=announcements))


@attrs.define
class World:
    """An engine in memory whose clock is told, and one case in it."""

    editions: tuple[Edition, ...] = ()
    now: datetime = datetime(2005, 3, 1, 17, tzinfo=UTC)
    case: str = "g1"
    told: int = 0
    engine: Engine = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """An engine by the clock of this world."""
        self.engine = Engine(MemoryLedger("UTC"), registry(*self.editions), clock=lambda: self.now)

    @classmethod
    def begin(cls, *editions: Edition) -> "World":
        """A case selected on 1 March 2005."""
        world = cls(editions)
        who = tuple(RoleNamed(Id(f"g1.{part}"), RoleName(role)) for part, role in (
            ("c", "candidate"), ("o", "office"), ("b", "board"), ("b2", "board"), ("o2", "office"), ("x", "guest")))  # fmt: skip
        world.enter("2005-03-01", "o", CandidateSelected(Id("gadgets"), Id("spring"), who))
        return world

    def enter(self, day: str, who: str, event: Event, *, at: str = "", how: How = How(), expect: bool | None = True) -> Answer:  # noqa: B008 (frozen)
        """Enter an event on its day, or as recorded on another."""
        on = date.fromisoformat(at or day)
        self.now = max(self.now + timedelta(seconds=1), datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
        self.told += 1
        answer = self.engine.submit(self.command(day, who, event, how))
        if expect is not None:
            assert answer.accepted is expect, "\n".join(self.engine.explain(answer))
        return answer

    def command(self, day: str, who: str, event: Event, how: How) -> Any:
        """The command of an event."""
        from candidacy import Actor, Command

        special = (how.corrects or None, how.request, how.confirms or None)
        on = date.fromisoformat(day)
        return Command(f"c-{self.told}", self.case, event, on, Actor(f"g1.{who}"), None, *special)

    @property
    def stands(self) -> Case:
        """The case as it stands."""
        return self.engine.case(self.case)[0]

    def developing(self) -> "World":
        """Up to an approved plan, on 1 April 2005: versions 1 to 4."""
        self.enter("2005-03-02", "o", CandidateEnrolled())
        self.enter("2005-03-10", "c", PlanSubmitted(Id("p1")))
        self.enter("2005-04-01", "b", PlanApproved(Id("p1")))
        return self

    def ready(self, hours: int = 10) -> "World":
        """With hours (version 5) and a detail of 31 days (6, 7): a request is possible from 2 September 2005 on."""
        self.developing()
        self.enter("2005-05-02", "c", Trained(Count(hours)))
        self.enter("2005-05-03", "c", DetailBegun(Id("d1")))
        self.enter("2005-06-02", "c", DetailOver(Id("d1")))
        return self

    def certified(self) -> "World":
        """Up to a certification on 1 December 2005: request 8, answer 9, graduation 10, desk 11, certification 12."""
        from candidacy import JudgementGiven

        self.ready()
        self.enter("2005-10-03", "c", CertificationRequested())
        self.enter("2005-10-10", "b", JudgementGiven(Id(FIT.id), True))
        self.enter("2005-11-01", "b", CandidateGraduated())
        self.enter("2005-11-02", "o", DeskRecorded(Id("g1.c"), Id("desk-1")))
        self.enter("2005-12-01", "b", CandidateCertified())
        return self


def rules_of(answer: Answer, outcome: str) -> list[str]:
    """The rules whose findings came out so."""
    return [f.rule for f in answer.findings if f.outcome == outcome]


def versions(records: Iterable[Any]) -> list[int]:
    """Their versions."""
    return [r.version for r in records]


def decided(version: int, day: date, affirms: int) -> Decided:
    """An affirmation, as it stands in a case."""
    return Decided(version, day, frozenset({affirms}), affirms=affirms)
