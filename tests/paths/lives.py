"""Random unfinished lives of the three agencies' programs, and a reader who does what a path says, knowing its JSON alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NoReturn, get_args
from zoneinfo import ZoneInfo

import attrs

from candidacy import (
    NOT_BEGUN,
    Act,
    Actor,
    CandidateAppointed,
    CandidateCertified,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    Case,
    CaseTakenOver,
    CertificationRequested,
    Command,
    Count,
    Discontinued,
    Document,
    Edition,
    Engine,
    Event,
    Id,
    InputError,
    JudgementGiven,
    MemoryLedger,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    ProgramCompleted,
    Registry,
    Removed,
    RequestReturned,
    Resumed,
    RoleName,
    RoleNamed,
    SesMembershipRecorded,
    StateName,
    Suspended,
    Withdrawn,
)
from candidacy._filling import Filled, NothingFitsError, filled
from candidacy.decision import Json
from candidacy.lifecycle import is_in
from candidacy_commerce import events as c
from candidacy_dol import events as d
from candidacy_dol.rules import LATE_PAIRING, MISSED_SESSION
from candidacy_hhs import events as h
from candidacy_hhs import plan as hp
from candidacy_hhs.authority import COMPETENCE, ECQS, GOALS, LATE_REQUEST, OBJECTIVES, REMOVAL
from candidacy_hhs.caseload import CAST, document
from support import ZONE

DAY = timedelta(days=1)
NEAR = (58, 59, 60, 61, 62, 118, 119, 120, 121, 122)
"""Lengths on both sides of what the programs ask of an assignment."""
Told = tuple[date, str, Event]


class Drawn(Random):
    """Chance, and what happens: events by day, each with the part of the person who enters it."""

    def __init__(self, case: str, seed: str) -> None:
        super().__init__(seed)
        self.case, self.told = case, list[Told]()

    def chance(self, p: float) -> bool:
        """True so often."""
        return self.random() < p

    def around(self, day: str | date, spread: int) -> date:
        """A day on or after *day*; often the last of its month."""
        found = (date.fromisoformat(day) if isinstance(day, str) else day) + self.randint(0, spread) * DAY
        return month_end(found) if self.chance(0.2) else found

    def person(self, part: str) -> Id:
        return Id(f"{self.case}.{part}")

    def cast(self, parts: dict[str, str], *needed: str) -> tuple[RoleNamed, ...]:
        """The first roles; some of them nobody has yet."""
        return tuple(RoleNamed(self.person(p), RoleName(r)) for p, r in parts.items() if p in needed or self.chance(0.92))

    def on(self, day: date, part: str, *events: Event) -> None:
        self.told += [(day, part, event) for event in events]


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


# --- lives; what a rule refuses on the way is refused, and the life goes on


def hhs(r: Drawn) -> str:
    """A candidate of HHS, more or less as far as certification; the part that attests."""
    selected = r.around("2004-05-03", 28)
    r.on(selected, "coordinator", CandidateSelected(Id("hhs"), Id("january-2004"), r.cast(CAST, "coordinator", "candidate")))
    inside = r.chance(0.75)
    if r.chance(0.9):
        r.on(r.around(selected, r.choice((0, 0, 0, 90))), "coordinator", h.PositionRecorded(inside, Id("cdc"), Id("deputy")))
    enrolled = r.around(selected, 30)
    r.on(enrolled, "coordinator", CandidateEnrolled())
    _mentors(r, enrolled, "coordinator", "candidate", (h.MentorSelected, h.MentorReleased))
    approved = _plan(r, enrolled, "board", "coordinator")
    _revised(r, approved)
    _assignments_at_hhs(r, approved, inside=inside)
    _training(r, enrolled)
    requested = r.around(approved + r.choice((60, 150, 200, 250)) * DAY, 60)
    _package(r, requested)
    if r.chance(0.2):
        r.on(r.around(enrolled, 300), "coordinator", h.AnnouncementDated(date(2004, 1, r.choice((1, 12, 31)))))
    if r.chance(0.15):
        r.on(r.around("2006-01-02", 90), "board", JudgementGiven(Id(LATE_REQUEST.id), r.chance(0.7)))
    _suspension(r, r.around(enrolled, 300), "manager")
    _review(r, requested)
    if r.chance(0.05):
        r.on(r.around(requested, 60), "board", JudgementGiven(Id(REMOVAL.id), r.chance(0.5)))
    if r.chance(0.02):
        r.on(r.around(requested, 60), "candidate", Withdrawn())
    return "coordinator"


def _mentors(r: Drawn, since: date, office: str, by: str, kinds: tuple[Any, Any]) -> None:
    """Up to two pairings, with people known to be in the SES, known not to be, or unknown; some leave the SES, some go."""
    begun, ended = kinds
    for n in range(r.choice((0, 1, 1, 1, 1, 2))):
        day, person = r.around(since, 20 + 100 * n), r.person(r.choice(("mentor", "mentor", f"m{n}")))
        if r.chance(0.85):
            r.on(r.choice((day, since)), office, SesMembershipRecorded(person, r.chance(0.88)))
        r.on(day, by, begun(Id(f"p{n}"), person))
        if r.chance(0.15):
            r.on(r.around(day, 200), office, SesMembershipRecorded(person, r.chance(0.3)))
        if r.chance(0.15):
            r.on(r.around(day, 200), office, ended(Id(f"p{n}")))


def _plan(r: Drawn, since: date, approves: str, reviews: str = "") -> date:
    """A plan, some with its document, some returned and handed in again; the day of its approval."""
    day = r.around(since, 25)
    while True:
        paper = Document.of(f"{day}".encode(), kind="plan", title="plan", pages=2) if r.chance(0.3) else None
        plan, revision = Id(f"edp-{day}"), paper.sha256 if paper else None
        r.on(day, "candidate", PlanSubmitted(plan, paper))
        if reviews and r.chance(0.3):
            _drawn_up(r, day, plan)
        if reviews:
            r.on(day := r.around(day, 5), reviews, h.PlanReviewed(plan, revision))
        day = r.around(day, 10)
        if r.chance(0.75):
            r.on(day, approves, PlanApproved(plan, revision))
            return day
        r.on(day, approves, PlanReturned(plan, revision))


def _drawn_up(r: Drawn, day: date, plan: Id, version: int = 1) -> None:
    """What a plan of HHS holds, some of it too little, and with whom it was talked over."""
    first, wrong = day + 30 * DAY, r.choice(("nothing", "ECQs", "ECQs of courses", "days", "hours", "sessions", "all"))
    lengths = (58, 59, 60, 118, 119) if wrong in {"days", "all"} else (120, 121)
    aims, ecqs = (() if wrong in {it, "all"} else ECQS for it in ("ECQs", "ECQs of courses"))
    stays = tuple(
        hp.PlannedAssignment(Id(f"a{n}"), first, first + (r.choice(lengths) - 1) * DAY, True, Id("nih"), aims)
        for n in range(r.choice((1, 1, 2, 2, 3)))
    )
    hours = (39, 40, 0) if wrong in {"hours", "all"} else (40, 41)
    courses = tuple(hp.PlannedCourse(Id(f"t{n}"), Count(r.choice(hours)), True, ecqs) for n in range(2))
    sessions = () if wrong in {"sessions", "all"} else (Id("fall"),)
    r.on(day, "candidate", hp.PlanDrawnUp(plan, Count(version), stays, courses, sessions))
    for partner in get_args(hp.Partner):
        if r.chance(0.8):
            r.on(day, "candidate", hp.PlanDiscussed(plan, Count(version), partner))


def _revised(r: Drawn, approved: date) -> None:
    """Another version of the plan, approved by the coordinator or the board; what is changed, and by how much, is drawn anew."""
    plan = next(event.plan for _, _, event in reversed(r.told) if isinstance(event, PlanApproved))
    for version in range(2, 2 + r.choice((0, 0, 1, 2))):
        day = r.around(approved, 90)
        kind, by = r.choice(((hp.MinorRevisionApproved, "coordinator"), (hp.SignificantRevisionApproved, "board")))
        _drawn_up(r, day, plan, version)
        r.on(day, by, kind(plan, Count(version)))


def _assignments_at_hhs(r: Drawn, approved: date, *, inside: bool) -> None:
    for name, first, last in _spells(r, approved - 20 * DAY, r.choice((0, 1, 1, 2, 2, 3))):
        within = r.chance(0.9 if inside else 0.85)
        start = h.AssignmentStarted(name, within, Id(r.choice(("nih", "fda", "nih", "cdc"))), Id("acting"), r.chance(0.7))
        r.on(first, "candidate", start)
        if last:
            r.on(last, "candidate", h.AssignmentEnded(name))
            if r.chance(0.8):
                filed = r.choice((last, last, last + 5 * DAY, last - DAY))
                r.on(filed, "host", document("supervisor evaluation", f"ev-{name}", 3, assignment=name))


def _spells(r: Drawn, since: date, n: int) -> Iterator[tuple[Id, date, date | None]]:
    """So many spells from a day on, one after another or overlapping, of lengths around those that are asked for."""
    first = r.around(since, 60)
    for i in range(n):
        length = r.choice((*NEAR, 20, 45, 75, 90))
        last = first + (length - 1) * DAY
        yield Id(f"a{i}"), first, last if r.chance(0.92) else None
        first = r.around(max(since, last - r.choice((-1, 0, 1, 10, -20)) * DAY), r.choice((0, 30)))


def _training(r: Drawn, since: date) -> None:
    for n in range(r.choice((0, 1, 2, 2, 3))):
        day = r.choice((r.around(since, 200), r.around(since, 200), r.around("2002-07-01", 31), r.around("2002-06-01", 25)))
        ecqs = ECQS[: r.choice((0, 1, 5, 5, 5, 5))]
        course = Id(f"t{r.choice((n, n, n, 0))}")
        r.on(day, "candidate", h.TrainingCompleted(course, Count(r.choice((24, 39, 40, 41, 79, 80))), r.chance(0.85), ecqs))


def _package(r: Drawn, day: date) -> None:
    """The documents; of most lives all of them, of others some."""
    there = r.choice((1.0, 1.0, 0.9, 0.5))
    for kind, part in (
        ("memorandum", "candidate"), ("annotated plan", "candidate"), ("program assessment", "candidate"),
        ("mentor evaluation", "mentor"), ("quarterly sessions certificate", "coordinator"),
    ):  # fmt: skip
        if r.chance(there):
            r.on(day, r.choice((part, "coordinator")), document(kind, kind.replace(" ", "-"), 1))  # type: ignore[arg-type]
    for n, ecq in enumerate(ECQS, 1):
        if r.chance(there):
            r.on(day - r.randint(0, 9) * DAY, "candidate", document("ECQ summary", f"s-{n}", r.choice((1, 2, 2, 2, 3)), ecq=ecq))
    for n in range(r.choice((0, 1, 1, 2))):
        hours = Count(r.choice((40, 79, 80, 81)))
        r.on(day, "candidate", document("training certificate", f"certificate-{r.choice((n, 0))}", 1, hours=hours))


def _suspension(r: Drawn, first: date, by: str) -> None:
    for n in range(r.choice((0, 0, 0, 1, 2))):
        r.on(first, by, Suspended(Id(f"s{n}")))
        first = r.around(first, 30)
        if r.chance(0.7):
            r.on(first, by, Resumed(Id(f"s{n}")))


def _review(r: Drawn, day: date) -> None:
    """The request, asked for once or again, and what the manager, the boards and the Secretary do."""
    for again in (False, True):
        r.on(day, "candidate", CertificationRequested())
        day = r.around(day, 20)
        for question in (COMPETENCE, GOALS, OBJECTIVES):
            if r.chance(0.8):
                r.on(day - r.choice((0, 0, 1)) * DAY, "manager", JudgementGiven(Id(question.id), r.chance(0.9)))
        if r.chance(0.8):
            r.on(day, "manager", h.RequestReviewed())
            day = r.around(day, 9)
        if again or r.chance(0.7):
            break
        r.on(day, "manager", RequestReturned())
        day = r.around(day, 20)
    for part, event in (
        ("board", CandidateGraduated()), ("manager", h.RequestForwarded()), ("qrb", CandidateCertified()), ("secretary", CandidateAppointed()),
    ):  # fmt: skip
        r.on(day := r.around(day, 9), part, event)


def commerce(r: Drawn) -> str:
    """A candidate of Commerce, more or less as far as the end of the program."""
    selected = r.around("2004-08-30", 20)
    parts = {"candidate": "candidate", "mentor": "mentor", "office": "program office", "host": "assignment supervisor"}
    r.on(selected, "office", CandidateSelected(Id("commerce"), Id("september-2004"), r.cast(parts, "office")))
    if r.chance(0.85):
        r.on(r.around(selected, r.choice((0, 0, 200))), "office", c.PositionRecorded(Id("chief")))
    for day in (r.around(selected, r.choice((0, 0, 90))), r.around(selected, 700)):
        if r.chance(0.85):
            above = r.choice((("chief", "director"), ("chief", "director"), ("chief", "mentor"), ("m0", "m1")))
            r.on(day, "office", c.ChainRecorded(tuple(map(r.person, above))))
    enrolled = r.around(selected, 35)
    r.on(enrolled, "office", CandidateEnrolled())
    _mentors(r, enrolled, "office", "office", (c.MentorPaired, c.PairingEnded))
    if r.chance(0.6):
        r.on(r.around(enrolled, 30), "office", c.MentorTrained(r.person("mentor")))
    approved = _plan(r, enrolled, "office")
    ecqs = tuple(r.sample(ECQS, r.choice((1, 2, 5))))
    for name, first, last in _spells(r, approved, r.choice((0, 1, 1, 2, 2, 3))):
        position = Id(r.choice(("acting", "acting", "staff", "chief")))
        if r.chance(0.5):
            r.on(r.around(approved, 60), "candidate", _described(r, name, first, ecqs))
        r.on(first, "candidate", c.AssignmentStarted(name, position, ecqs if r.chance(0.96) else ()))
        if last:
            r.on(last, "candidate", c.AssignmentEnded(name))
    if r.chance(0.1):
        r.on(r.around(approved, 200), "office", c.PositionRecorded(Id("staff")))
    _suspension(r, r.around(enrolled, 500), "office")
    r.on(r.around(approved, 700), "office", ProgramCompleted())
    if r.chance(0.02):
        r.on(r.around(approved, 300), "office", r.choice((Discontinued(), Removed())))
    return "office"


TEXT = Document.of(b"a text", kind="text", title="a-text", pages=1)


def _described(r: Drawn, name: Id, first: date, ecqs: tuple[Any, ...]) -> c.AssignmentDescribed:
    """The form, not always as the guidance asks."""
    reached = dict.fromkeys(("supervisor", "bureau", "title_and_series", "phone", "address", "e_mail"), Id("id-1"))
    ticked = ecqs if r.chance(0.9) else ()
    reasons = tuple(c.EcqReason(ecq, TEXT) for ecq in (ecqs if r.chance(0.9) else ecqs[1:]))
    last = first + r.choice((-1, 0, 60, 120)) * DAY
    texts = {"duties": TEXT, "evaluation": TEXT}
    return c.AssignmentDescribed(name, **reached, first=first, last=last, ecqs=ticked, **texts, reasons=reasons)


def dol(r: Drawn) -> str:
    """A participant of DOL, more or less as far as the end of the program."""
    began = r.around("2013-10-17", 14)
    parts = {"participant": "participant", "supervisor": "supervisor", "partnership": "Partnership", "office": "program office"}
    roles = r.cast(parts, "office", *(["participant"] * r.chance(0.95)))
    r.on(began, "office", d.ParticipantEnrolled(Id("dol"), Id("cohort-2013"), roles))
    if r.chance(0.85):
        station: Any = r.choice(("national office", "region"))
        r.on(r.around(began, r.choice((0, 0, 100))), "office", d.DutyStationRecorded(station))
    if r.chance(0.85):
        r.on(r.around(began, r.choice((0, 0, 40))), "office", d.SupervisorRecorded(r.person("supervisor")))
    if r.chance(0.2):
        r.on(r.around(began, 270), "office", d.SupervisorRecorded(r.person("successor")))
    _sessions(r, began)
    _answers(r, began)
    _matched(r, began)
    _together(r, began)
    if r.chance(0.3):
        r.on(r.around("2014-03-03", 150), "office", JudgementGiven(Id(LATE_PAIRING.id), r.chance(0.85)))
    r.on(r.around("2014-07-16", 60), "office", ProgramCompleted())
    if r.chance(0.02):
        r.on(r.around(began, 200), "participant", Withdrawn())
    return "office"


def _answers(r: Drawn, began: date) -> None:
    instrument, questions = Id("180-v1"), r.choice((15, 18, 18, 20))
    for wave, first in (("pre", r.around(began, 40)), ("post", r.choice((date(2014, 7, 16), r.around("2014-06-01", 60))))):
        for rater in ("participant", "supervisor"):
            if r.chance(0.92 if wave == "pre" else 0.7):
                n = questions if r.chance(0.985) else r.choice((14, 16, 21))
                which = instrument if r.chance(0.99) else Id("180-v2")
                day = r.choice((first, first, first + 3 * DAY))
                answer = d.AssessmentAnswered(Id(f"{wave}-{rater}"), wave, r.person(rater), which, Count(n))  # type: ignore[arg-type]
                r.on(day, "partnership", answer)


def _together(r: Drawn, began: date) -> None:
    """Cohort, team, what becomes of the mentoring, and the report."""
    cohorts: tuple[Any, ...] = ("first", "second")
    for cohort in cohorts[: r.choice((0, 1, 1, 1, 2))]:
        r.on(r.around(began, 60), "partnership", d.CohortAssigned(cohort, r.person("coach")))
    if r.chance(0.8):
        teams = Count(r.choice((3, 4, 4, 5)))
        r.on(r.around(began, 60), "partnership", d.TeamJoined(Id("t1"), Id("challenge"), r.person("coach"), teams))
    reviews: tuple[Any, ...] = ("mid-point check-in", "final assessment", "close-out")
    for review, first in zip(reviews, ("2014-04-01", "2014-05-15", "2014-06-30"), strict=True):
        if r.chance(0.7):
            r.on(r.around(first, 60), "partnership", d.MentoringReviewed(review))
    if r.chance(0.2):
        serves = r.chance(0.5)
        r.on(r.around("2014-01-15", 100), "partnership", d.MatchReassessed(Id("p0"), serves))
    if r.chance(0.6):
        boss = r.person(r.choice(("supervisor", "supervisor", "successor")))
        r.on(r.around("2014-07-16", 30), "partnership", d.ReportDelivered(Id("report"), r.person("participant"), boss))


def _matched(r: Drawn, began: date) -> None:
    mid_point = r.around("2014-02-01", 10)
    if r.chance(0.8):
        r.on(r.around(began, r.choice((0, 60, 250))), "partnership", d.MidPointScheduled(mid_point))
    for n in range(r.choice((0, 1, 1, 1, 2))):
        day = r.choice((r.around(began, 90), mid_point, mid_point + DAY, r.around(mid_point, 60)))
        if own := r.chance(0.15):
            r.on(r.around(began, 30), "partnership", d.GuidelinesAccepted(r.person("mentor"), r.chance(0.6)))
        r.on(day, "partnership", d.MentorPaired(Id(f"p{n}"), r.person("mentor"), kept=own or None))
        if r.chance(0.15):
            r.on(r.choice((mid_point - DAY, mid_point, r.around(day, 60))), "partnership", d.PairingEnded(Id(f"p{n}")))


def _sessions(r: Drawn, began: date) -> None:
    dated = {
        "agency-presentations": date(2014, 1, 21),
        "mentoring-best-practices": date(2014, 2, 19),
        "team-presentations-and-close": date(2014, 7, 16),
    }
    for n in range(r.choice((0, 1, 1, 2))):
        dated[f"s{n}"] = r.around("2013-12-10", 200)
        kind: Any = r.choice((None, "team", "team"))
        scheduled = d.SessionScheduled(Id(f"s{n}"), dated[f"s{n}"], r.chance(0.3), kind=kind)
        r.on(r.around(began, r.choice((0, 60))), "partnership", scheduled)
    if r.chance(0.1):
        moved = r.choice(tuple(dated))
        dated[moved] = r.around(dated[moved], 30)
        r.on(r.around(began, 60), "office", d.SessionScheduled(Id(moved), dated[moved], r.chance(0.5)))
    kept = r.choice((1.0, 0.95, 0.8))
    for session, day in dated.items():
        if r.chance(kept):
            mode: Any = r.choice(("in person", "in person", "in person", "remote"))
            r.on(day, "partnership", d.SessionAttended(Id(session), mode, webcam=r.choice((True, True, False, None))))
        elif r.chance(0.6):
            r.on(day, "partnership", d.SessionMissed(Id(session)))
        if r.chance(0.25):
            r.on(r.around(day, 60), "office", JudgementGiven(Id(MISSED_SESSION.id), r.chance(0.85), Id(session)))


LIVES: dict[str, Callable[[Drawn], str]] = {"hhs": hhs, "commerce": commerce, "dol": dol}
OTHERS = {
    "hhs": ("developing", "certifying", "graduated", "appointed", "removed", "planning"),
    "commerce": ("planning", "developing", "withdrawn"),
    "dol": ("discontinued",),
}
"""Where else than to its goal a life is asked to lead."""


# --- a world in which a life has been lived


@attrs.define(eq=False)
class World:
    """A ledger with one case, an engine whose clock is moved by hand, and the question asked of the case."""

    program: str
    seed: int
    engine: Engine
    case: str
    as_of: date
    to: str
    today: date
    entered: int = 0

    @property
    def edition(self) -> Edition:
        return self.engine.case(self.case)[1]

    def stands(self) -> Case:
        return self.engine.case(self.case)[0]

    def enter(self, event: Json) -> str:
        """What became of a command: "" where it was accepted."""
        self.entered += 1
        try:
            answer = self.engine.submit({"id": f"{self.case}-{self.entered}", "case": self.case, **event})
        except InputError as error:
            return f"error: {error}"
        return "" if answer.accepted else "refused: " + ", ".join(f"{f.rule} {f.data}" for f in answer.findings if f.refuses)


def lived(program: str, seed: int, registry: Registry) -> World:
    """A life, told up to a day."""
    r = Drawn(f"{program}-{seed}", f"{program} {seed}")
    attests = LIVES[program](r)
    told = sorted(r.told, key=lambda t: t[0])
    begun = next(t for t in told if isinstance(t[2], CandidateSelected | d.ParticipantEnrolled))
    told.remove(begun)
    days = [begun[0], *(day for day, _, _ in told if day >= begun[0])]
    as_of = r.around(days[int(len(days) * r.random() ** 0.7)], r.choice((0, 0, 3, 40)))
    if r.chance(0.08):
        as_of = r.around(days[-1], 700)
    if r.chance(0.2):  # some of it is entered late
        for _ in range(5):
            told.insert(r.randrange(len(told)), told.pop(r.randrange(len(told))))
    world = _world(program, seed, registry, r.case, as_of)
    world.to = r.choice(OTHERS[program]) if r.chance(0.15) else ""
    if r.chance(0.12):
        begun, told = _taken_over(r, world, [begun, *told], attests)
    for day, part, event in (begun, *told):
        if day <= as_of:
            world.enter(written(registry, day, r.person(part), event))
    return world


def _world(program: str, seed: int, registry: Registry, case: str, as_of: date) -> World:
    world = World(program, seed, None, case, as_of, "", as_of)  # type: ignore[arg-type]
    world.engine = Engine(
        MemoryLedger(ZONE),
        registry,
        clock=lambda: datetime.combine(world.today, datetime.min.time(), ZoneInfo(ZONE)).astimezone(UTC) + timedelta(hours=12),
    )
    return world


def written(registry: Registry, day: date, person: str, event: Event) -> Json:
    """A command as a document, without its id and case."""
    from candidacy.codec import write_command

    document = write_command(Command("x", "x", event, day, Actor(person)))
    return {name: value for name, value in document.items() if name not in {"id", "case"}}


def _taken_over(r: Drawn, world: World, life: list[Told], attests: str) -> tuple[Told, list[Told]]:
    """The same life, begun elsewhere: taken over on a day in the stage in which it would have been."""
    begun, *told = life
    on = max(r.choice([day for day, _, _ in life if begun[0] <= day <= world.as_of]), begun[0] + DAY)
    edition = world.engine.registry.programs[world.program].editions[0]
    table, state = edition.lifecycle.table(), NOT_BEGUN
    for day, _, event in life:
        if day < on and isinstance(event, Act):
            state = table.get((state, event.way), state)
    if on > world.as_of or state in edition.lifecycle.finals:
        return begun, told
    first: Any = begun[2]
    taken = CaseTakenOver(first.program, first.announcement, first.roles, StateName(state))
    attested = [(day, attests if day < on and isinstance(event, Act) else part, event) for day, part, event in life]
    return (on, begun[1], taken), attested


# --- what a reader of the program knows


def target(world: World) -> type[Act] | None:
    """The act that leads into the stage asked for; None where no way leads there."""
    edition = world.edition
    to = world.to or edition.lifecycle.goal or edition.lifecycle.stages[-1]
    routes = edition.lifecycle.routes(world.stands().state, to)
    return routes[0][-1] if routes else None


def never(world: World) -> tuple[set[str], set[str]]:
    """Rules that bar the goal for good, as a reader of the program knows: those that surely do, and those that may."""
    case = world.stands()
    if world.edition.lifecycle.finals and case.state in world.edition.lifecycle.finals:
        return {"candidacy.lifecycle"}, {"candidacy.lifecycle"}
    return {"hhs": _never_at_hhs, "commerce": _never_at_commerce, "dol": _never_at_dol}[world.program](case)


def _last_no(case: Case, question: str, about: str | None = None) -> bool:
    answers = [a.answer for _, a in case.all(JudgementGiven) if a.question == question and a.about == about]
    return bool(answers) and not answers[-1]


def _never_at_hhs(case: Case) -> tuple[set[str], set[str]]:
    """Where the manager's judgement was no, the request may be returned and made anew."""
    begun = [(case.at(day).last(h.PositionRecorded), a) for day, a in case.all(h.AssignmentStarted)]
    outside = any(own is not None and not own.inside_hhs and not a.inside_hhs for own, a in begun)
    may = {"hhs.outsiders_are_assigned_inside_hhs"} if outside else set[str]()
    sure = set[str]() if case.state.startswith(("certifying", "graduated", "certified")) else set(may)
    if _last_no(case, LATE_REQUEST.id):
        may.add("hhs.requested_within_eighteen_months_of_the_plan")
    return sure, may


def _never_at_commerce(case: Case) -> tuple[set[str], set[str]]:
    sure = {"commerce.every_assignment_names_an_ecq" for _, a in case.all(c.AssignmentStarted) if not a.ecqs}
    return sure, sure


def _never_at_dol(case: Case) -> tuple[set[str], set[str]]:
    answers = list(case.all(d.AssessmentAnswered))
    sure, may = set[str](), set[str]()
    if any(not 15 <= a.questions <= 20 for _, a in answers):
        sure.add("dol.assessment_has_fifteen_to_twenty_questions")
    if len({(a.instrument, a.questions) for _, a in answers}) > 1:
        sure.add("dol.every_answer_is_to_the_same_instrument")
    pre, post = ([on for on, a in answers if a.wave == wave] for wave in ("pre", "post"))
    if pre and post and max(pre) >= min(post):
        sure.add("dol.answers_before_precede_answers_after")
    if post and case.taken_over is None:  # who has not answered before cannot any more
        may.add("dol.answers_before_precede_answers_after")
    if any(not a.answer and a.question == LATE_PAIRING.id for _, a in case.all(JudgementGiven)):
        may.add("dol.mentor_is_paired_at_the_mid_point")
    if any(not a.answer and a.question == MISSED_SESSION.id for _, a in case.all(JudgementGiven)):
        may |= {"dol.every_session_is_attended", "dol.webcam_is_used_in_remote_team_sessions"}
    return sure, sure | may


# --- doing what a plan says


@attrs.frozen
class Failed:
    """What a plan did not do as it said."""

    what: str
    step: int | None = None
    why: str = ""

    def __str__(self) -> str:
        return f"{self.what} at step {self.step}: {self.why}"


class UndoneError(Exception):
    """Takes back what was tried."""


def followed(world: World, told: Json) -> Failed | None:
    """What fails where a path that has a day is followed to the letter; None where nothing does.

    Each step is accepted and the stage reached on that day. On the day before, what reaches it is refused; nor is it
    reached a day sooner where everything from any day of the plan on is done a day sooner, or where what runs already
    goes on in place of a new one. A step is done on the last day that it names, not on the next, and the stage is reached.
    """
    try:
        steps = filled(Random(f"filled {world.program} {world.seed}"), told, world.as_of)
    except NothingFitsError as error:
        return Failed("nothing fits", None, str(error))
    days = [step.on for step in steps]
    if days != sorted(days) or days[0] < world.as_of or str(days[-1]) != told["day"]:
        return Failed("days out of order", None, str(days))
    return _instead(world, steps, told["to"]) or _at_the_latest(world, steps, told["to"]) or _fed(world, steps, told["to"])


def _fed(world: World, steps: list["Filled"], to: str) -> Failed | None:
    """What fails where the steps are entered on their days."""
    for i, step in enumerate(steps):
        if step.on > world.as_of and (i == 0 or steps[i - 1].on < step.on) and (wrong := _sooner(world, steps, i, to)):
            return wrong
        if step.on > world.today:
            if step.on == steps[-1].on and (wrong := _early(world, steps[-1])):
                return wrong
            world.today = step.on
        if said := world.enter(step.command):
            return Failed("step", i, f"{step.command['type']} of {step.day} on {step.on}: {said}")
    return None if is_in(world.stands().state, to) else Failed("not reached", None, world.stands().state)


def _early(world: World, last: Filled) -> Failed | None:
    """Whether the last step is accepted on the day before."""
    day = last.on - DAY
    world.today = max(day, world.today)
    event = world.engine.registry.codec.read_event(last.said["type"], last.said["payload"])
    try:
        decision = world.engine.consider(world.case, event, day, Actor(last.said["actor"]["person"]))
    except InputError:
        return None
    return Failed("accepted the day before", None, f"{event.type_name} on {day}") if decision.accepted else None


def _sooner(world: World, steps: list[Filled], i: int, to: str) -> Failed | None:
    """Whether the stage is reached where all steps from one on come a day sooner."""
    reached = tried(world, [step.moved(-1) for step in steps[i:]], to)
    return Failed("reached a day sooner", i, f"all from {steps[i].on} on") if reached else None


def _instead(world: World, steps: list[Filled], to: str) -> Failed | None:
    """Whether it is reached a day sooner where something that runs already goes on in place of a new one."""
    for strand in world.edition.strands:
        kinds, field = (strand.begun.type_name, strand.ended.type_name), strand.name
        new = [(s.said["payload"][field], s.act) for s in steps if s.said["type"] == kinds[0]]
        for _, running in sorted(pair for pair in world.stands().open_strands if pair[0] == field):
            for name, act in new:
                if any(s.said["payload"].get(field) == running for s in steps):
                    continue
                rest = [s for s in steps if not (s.act == act and s.said["type"] == kinds[0])]
                told = [attrs.evolve(s, said=_renamed(s.said, name, running)) for s in rest]
                end = next((i for i, s in enumerate(told) if s.act == act and s.said["type"] == kinds[1]), None)
                if end is None or told[end].on <= world.as_of:
                    continue
                if tried(world, [s.moved(-1) if i >= end else s for i, s in enumerate(told)], to):
                    return Failed("reached otherwise", end, f"{field} {running} goes on in place of a new one")
    return None


def _renamed(said: Json, old: str, new: str) -> Json:
    return {**said, "payload": {name: new if value == old else value for name, value in said["payload"].items()}}


def _at_the_latest(world: World, steps: list[Filled], to: str) -> Failed | None:
    """Whether one of the acts, done on its last day, makes the stage later, or does not do so on the next."""
    acts = sorted({s.act for s in steps if s.at_latest and s.at_latest > s.on})
    if not acts:
        return None
    act = Random(world.seed).choice(acts)
    by = next((s.at_latest - s.on).days for s in steps if s.act == act and s.at_latest)
    for more, fine in ((0, True), (1, False)):
        moved = sorted((s.moved(by + more) if s.act == act else s for s in steps), key=lambda s: s.on)
        if max(s.on for s in moved) <= steps[-1].on and tried(world, moved, to) is not fine:
            first = next(i for i, s in enumerate(steps) if s.act == act)
            return Failed("its last day is too late" if fine else "it has more time", first, steps[first].said["type"])
    return None


def tried(world: World, steps: list[Filled], to: str) -> bool:
    """Whether these steps reach the stage, none of them refused; nothing of it is kept."""
    today, entered, reached = world.today, world.entered, False
    try:
        with world.engine.ledger.transaction():
            for step in steps:
                world.today = max(step.on, world.today)
                if refused := bool(world.enter(step.command)):
                    break
            reached = not refused and is_in(world.stands().state, to)
            _undo()
    except UndoneError:
        world.today, world.entered = today, entered
    return reached


def _undo() -> NoReturn:
    raise UndoneError
