"""What remains until a stage is reached: what is open, who must act, the earliest day, and a plan that reaches it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._departures import Departure, departures
from candidacy._fields import OpenField, Place, narrowed, said_of, stand_ins
from candidacy._latest import at_the_latest
from candidacy._plans import BUDGET, Plan, Planned, StoppedError
from candidacy._remaining import Remaining, Requirement, Told, because, known
from candidacy._solver import Blocked, Found, Solver
from candidacy.case import NOT_BEGUN, Case
from candidacy.check import UNKNOWN, closing, parts_of
from candidacy.deciding import judge
from candidacy.draft import Open, kind_of, open_fields, stood_in
from candidacy.errors import InputError, Problem, refuse_other_types
from candidacy.events import Act, JudgementGiven, RoleGiven, RoleName, Sealed, content_of, fields_of, partial, type_words
from candidacy.guards import is_attested
from candidacy.lifecycle import is_in
from candidacy.program import Edition
from candidacy.strict import shown
from candidacy.structure import EARLIEST, LATEST
from candidacy.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from candidacy.decision import Json
    from candidacy.events import Event


MORE_TO_ATTEST = "what happened before the case was taken over may still be attested"
VAIN = "what the rule offers to meet it does not"


@attrs.frozen
class PlannedStep:
    """One command of a plan.

    Attributes:
        on: the first day on which it can be entered; *day*, on which it takes effect, is earlier only for what is found out.
        at_latest: the last day that does not make the target later, the other steps staying where they are; None where not asked.
        by: the role that enters it; *people* hold it on that day.
        content: the fields that are fixed; *open*, those that are not.
        rule: the requirement that asks for it.
        supposing: what is taken for granted.
        known: how it is known that it can be done.
        act: the same number for steps that move together.
        asked_by: of an act that takes two people and was not asked for yet, the roles that may ask for it.
    """

    on: date
    day: date
    type_name: str
    by: str
    people: tuple[str, ...]
    content: Json
    open: dict[str, OpenField]
    rule: str
    supposing: str
    known: Told
    act: int
    decides: bool
    at_latest: date | None = None
    asked_by: tuple[str, ...] = ()

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "on": str(self.on),
            "day": str(self.day),
            "at_latest": str(self.at_latest) if self.at_latest else None,
            "type": self.type_name,
            "by": self.by,
            "people": list(self.people),
            "payload": self.content,
            "open": {name: field.as_data() for name, field in self.open.items()},
            "rule": self.rule,
            "supposing": self.supposing,
            "known": str(self.known),
            "decides": self.decides,
            "asked_by": list(self.asked_by),
            "act": self.act,
        }


@attrs.frozen
class Limit:
    """The last day that an authority states for an act, and the day on which the plan has it."""

    rule: str
    requirement: str
    citation: str
    binding: bool
    type_name: str
    closes: date
    planned: date

    @property
    def slack(self) -> int:
        """Calendar days between the two; negative where the plan comes too late."""
        return (self.closes - self.planned).days

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "rule": self.rule,
            "requirement": self.requirement,
            "citation": self.citation,
            "binding": self.binding,
            "type": self.type_name,
            "closes": str(self.closes),
            "planned": str(self.planned),
            "slack": self.slack,
        }


@attrs.frozen
class Obstacle:
    """Why a stage cannot be reached: a requirement on a day, to which the case had to wait because of another."""

    rule: str
    requirement: str
    day: date
    known: Told
    because: tuple[str, ...]
    closes: date | None
    not_before_because: str

    def as_data(self) -> Json:
        """As plain values."""
        return {
            **attrs.asdict(self),
            "day": str(self.day),
            "known": str(self.known),
            "closes": str(self.closes) if self.closes else None,
        }


@attrs.frozen
class Path:
    """What remains until a case is in a stage.

    Attributes:
        reached: whether it is there already.
        day: the earliest day on which it can be there; None if no way is known.
        not_before: a day before which it is not there, whatever is done.
        exact: whether no day depends on an answer, on an unknown fact, on a requirement without a known way, or on the budget.
        bounds: what it depends on, where it is not exact.
        way: the acts that lead there, in the order of the plan, or of the shortest way where there is no plan.
        critical: the requirement that makes the day so late; "" where only the order of steps does.
        remaining: what is open today before each act on the way.
        plan: steps that reach it, by day.
        limits: last days that authorities state for acts of the plan, the nearest first.
        obstacles: why it is not reached, where it is not.
        otherwise: the day that does without what is supposed of unknown facts, where another way is known.
        usually: the day with the usual waiting times that the program declares; None where it declares none.
        departures: what is waived, overridden, extended, suspended or unsettled on that day.
        judged: how often an act was judged, to find the day, and in all.
    """

    case: str
    edition: str
    state: str
    to: str
    as_of: date
    reached: bool
    day: date | None
    not_before: date
    exact: bool
    bounds: tuple[Bound, ...] = ()
    way: tuple[str, ...] = ()
    critical: str = ""
    remaining: tuple[Requirement, ...] = ()
    plan: tuple[PlannedStep, ...] = ()
    limits: tuple[Limit, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    otherwise: date | None = None
    usually: date | None = None
    judged: tuple[int, int] = (0, 0)
    departures: tuple[Departure, ...] = ()

    @property
    def deciders(self) -> tuple[str, ...]:
        """The roles whose decisions the plan waits for, in its order."""
        return tuple(dict.fromkeys(step.by for step in self.plan if step.decides))

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "edition": self.edition,
            "stage": self.state,
            "to": self.to,
            "as_of": str(self.as_of),
            "reached": self.reached,
            "day": str(self.day) if self.day else None,
            "not_before": str(self.not_before),
            "exact": self.exact,
            "bounds": [bound.as_data() for bound in self.bounds],
            "way": list(self.way),
            "critical": self.critical,
            "if_each_decides_the_same_day": list(self.deciders),
            "otherwise": str(self.otherwise) if self.otherwise else None,
            "usually": str(self.usually) if self.usually else None,
            "remaining": [r.as_data() for r in self.remaining],
            "plan": [step.as_data() for step in self.plan],
            "limits": [limit.as_data() for limit in self.limits],
            "obstacles": [o.as_data() for o in self.obstacles],
            "departures": [d.as_data() for d in self.departures],
            "judged": {"to_find_the_day": self.judged[0], "in_all": self.judged[1]},
        }


@attrs.frozen
class Bound:
    """What an earliest day depends on that nobody can compute."""

    known: Told
    rule: str
    by: str
    what: str

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "known": str(self.known)}


def path(  # noqa: PLR0913 (the question, and how far to go)
    case: Case, edition: Edition, *, to: str = "", as_of: date, budget: int = BUDGET, whole: bool = True
) -> Path:
    """What remains until *case* is in the stage *to*, as of a day.

    Args:
        case: of that edition, as its records tell on that day: ``engine.case(id, as_of=…)`` leaves out what took effect later.
        to: a stage of the edition; the one that its program is for, where none is named.
        as_of: the day from which the plan runs.
        budget: how often an act may be judged to find the day; where it is spent, only ``not_before`` is told.
        whole: also what remains before each act, and the last day of each step; without, the day, the plan and the limits.

    Raises:
        InputError: with everything that is wrong: something of another type, a case of another edition, one that began later or has
            entries of later days, a stage that the edition does not have, a day that no record could have.
    """
    refuse_other_types(case=(case, Case), edition=(edition, Edition), to=(to, str), as_of=(as_of, date), budget=(budget, int))
    return _Asking(case, edition, to or edition.lifecycle.goal or edition.lifecycle.stages[-1], as_of, budget).path(whole=whole)


def _wrong_case(case: Case, edition: Edition, as_of: date) -> Iterator[Problem]:
    if case.edition and case.edition != edition.id:
        yield Problem("case", f"a case of {case.edition}", f"one of {edition.id}")
    last = max((e.day for e in case.entries), default=as_of)
    if case.began is not None and case.began > as_of:
        yield Problem("as_of", f"{as_of}, before the case {case.id} began", f"a day from {case.began} on")
    elif last > as_of:
        yield Problem("case", f"the case as of {last}", f"as of {as_of}: engine.case(id, as_of=…) leaves out what came later")


class _Asking:
    """One question about one case."""

    def __init__(self, case: Case, edition: Edition, to: str, as_of: date, budget: int) -> None:
        stages = edition.lifecycle.stages
        problems = list(_wrong_case(case, edition, as_of))
        if budget < 1:
            problems.append(Problem("budget", f"{budget}", "a whole number from 1 on"))
        if not any(is_in(state, to) for state in (*stages, *edition.lifecycle.exits)):
            named = ", ".join(dict.fromkeys(s.partition("/")[0] for s in stages))
            problems.append(Problem("to", f"the stage {shown(to)}, which the program does not have", f"one of {named}"))
        if not EARLIEST <= as_of < LATEST:
            problems.append(Problem("as_of", f"the day {as_of}", f"a day from {EARLIEST} on and before {LATEST}"))
        if problems:
            raise InputError(problems)
        self.case, self.edition, self.to, self.as_of = case, edition, to, as_of
        self.solver = Solver(edition, case, as_of, budget)
        self.more, self.budget = 0, budget
        self.rules = {r.id: r for r in edition.rules}

    def path(self, *, whole: bool) -> Path:
        made = Path(
            self.case.id,
            self.edition.id,
            self.case.state,
            self.to,
            self.as_of,
            reached=False,
            day=None,
            not_before=self.as_of,
            exact=True,
            departures=departures(self.case, self.edition, self.as_of),
        )
        if (since := self._behind()) is not None:
            return attrs.evolve(made, reached=True, day=since, not_before=since)
        routes = self.edition.lifecycle.routes(self.case.state, self.to)
        if not routes:
            ended = Obstacle("candidacy.lifecycle", "", self.as_of, Told.CLOSED, ("no way leads there",), None, "")
            return attrs.evolve(made, obstacles=(ended,))
        made = attrs.evolve(made, way=tuple(act.type_name for act in routes[0]))
        targets = tuple(acts[-1] for acts in routes)
        stopped = False
        try:
            found = self._chosen(self._first(self.solver, targets), targets)
        except StoppedError:
            found, stopped = None, True
        judged = self.solver.judged + self.more
        if found is not None:
            made = self._reached(made, found, whole=whole)
            made = self._also(made, found, targets)
        elif stopped:
            spent = Bound(Told.COMPUTED, "", "", f"the search stopped after judging {judged} times")
            made = attrs.evolve(made, not_before=max(self.solver.bound, self.as_of), exact=False, bounds=(spent,))
        else:
            made = self._blocked(made)
        remaining = Remaining(self.solver, self.budget // 4)
        if whole:
            acts = [self.edition.lifecycle.acts[name] for name in made.way]
            open_now = tuple(r for act in acts for r in remaining.before(act, partial(act)))
            made = attrs.evolve(made, remaining=open_now)
        return attrs.evolve(made, judged=(judged, self.solver.judged + remaining.judged + self.more))

    def _first(self, solver: Solver, targets: tuple[type[Act], ...]) -> Found | None:
        """How the stage is reached by the act that leads there first."""
        return solver.search(*((partial(act), self.edition.entered_by[act][0]) for act in targets))

    def _chosen(self, found: Found | None, targets: tuple[type[Act], ...]) -> Found | None:
        """The same with other content in the open fields, where a requirement lets choose: what is reached first."""
        for choice in range(1, self.solver.choices):
            other = Solver(self.edition, self.case, self.as_of, self.budget, choice=choice)
            with suppress(StoppedError):
                sooner = self._first(other, targets)
                if sooner is not None and (found is None or sooner.day < found.day):
                    found, self.solver, other = sooner, other, self.solver
            self.more += other.judged
        return found

    def _also(self, made: Path, found: Found, targets: tuple[type[Act], ...]) -> Path:
        """The day without what is supposed of unknown facts, and the one with usual waiting times."""
        if any(p.offered and p.do.settles for p in found.plan):
            made = attrs.evolve(made, otherwise=self._day(targets, certain=True))
        return attrs.evolve(made, usually=self._day(targets, waits=self.edition.waits)) if self.edition.waits else made

    def _day(self, targets: tuple[type[Act], ...], **more: Any) -> date | None:
        solver = Solver(self.edition, self.case, self.as_of, BUDGET, **more)
        found = None
        with suppress(StoppedError):
            found = self._first(solver, targets)
        self.more += solver.judged
        return found.day if found else None

    def _behind(self) -> date | None:
        """The day on which the case came into the stage, where it is in it or beyond."""
        stages = self.edition.lifecycle.stages
        there = [i for i, stage in enumerate(stages) if is_in(stage, self.to)]
        beyond = self.case.state in stages and bool(there) and stages.index(self.case.state) > max(there)
        if not (beyond or is_in(self.case.state, self.to)):
            return None
        state, found = NOT_BEGUN, None
        for entry in sorted(self.case.entries, key=lambda e: e.version):
            if isinstance(entry.event, Act) and not is_attested(self.case, entry.day):
                state = self.edition.table.get((state, entry.event.way), state)
                found = entry.day if found is None and is_in(state, self.to) else found
        return found or (self.case.since[0] if self.case.since else self.as_of)

    # --- reached

    def _reached(self, made: Path, found: Found, *, whole: bool) -> Path:
        goal = found.target
        self.solver.budget = self.solver.judged + 50 * BUDGET
        latest: dict[int, date] = {}
        fits: dict[Place, Open] = {}
        with suppress(StoppedError):
            fits = narrowed(self.solver, found.plan, goal)
            latest = at_the_latest(self.solver, found.plan, goal) if whole else {}
        every = (*found.plan, goal)
        steps = tuple(self._step(p, every, latest, fits) for p in every)
        steps = self._with_roles(steps)
        cut = [(day, what) for day, what in self.solver.cut if day < found.day]
        kinds = {kind_of(p.event) for p in every if isinstance(p.event, Act)}
        sooner, unknown = self._sooner(kinds, found.day)
        bounds = tuple(dict.fromkeys((*self._bounds(steps), *unknown, *self._cut(cut))))
        limits = sorted(self._limits(every), key=lambda limit: (limit.closes, limit.rule))
        return attrs.evolve(
            made,
            day=found.day,
            not_before=min((found.day, sooner or found.day, *(day for day, _ in cut))),
            exact=not bounds,
            bounds=bounds,
            way=tuple(self._moving(every)),
            critical=found.because,
            plan=steps,
            limits=tuple(limits),
        )

    def _moving(self, plan: Plan) -> Iterator[str]:
        """The acts of a plan that lead from one state to another."""
        state = self.case.state
        for p in plan:
            to = self.edition.table.get((state, p.event.way), state) if isinstance(p.event, Act) else state
            if to != state:
                yield p.event.type_name
            state = to

    def _sooner(self, acts: Iterable[type[Event]], day: date) -> tuple[date | None, list[Bound]]:
        """From when on it were reached, if before *day*, were rules met that have ways which nobody knows; and which rules."""
        rules = dict.fromkeys(b.rule for b in self.solver.blocked if not b.vain and known(b.check, b.day) is Told.NO_WAY_KNOWN)
        for kind in acts:
            event = stood_in(partial(kind), lambda name: f"open.0.{name}", {})
            self.solver.judged += 1
            for said in judge(self.edition, self.case, event, self.as_of, rules=self.edition.rules_for(kind)):
                if said.refuses and any(part.remedy == UNKNOWN and not part.good for part in parts_of(said.check)):
                    rules[said.rule] = None
        asked = [rule for rule in rules if rule in self.rules]
        first = self._without(asked, day) if asked else None
        if first is None:
            return None, []
        if len(asked) > 1:  # those that alone would do
            asked = [rule for rule in asked if self._without([rule], day)] or asked
        return first, [Bound(Told.NO_WAY_KNOWN, rule, "", self.rules[rule].requirement) for rule in asked]

    def _without(self, rules: Sequence[str], day: date) -> date | None:
        """The day from which on it is reached if some rules are met, where that is before *day*."""
        edition = attrs.evolve(self.edition, catalogue=(), rules=tuple(r for r in self.edition.rules if r.id not in rules))
        solver = Solver(edition, self.case, self.as_of, self.budget)
        routes = edition.lifecycle.routes(self.case.state, self.to)
        try:
            found = self._first(solver, tuple(acts[-1] for acts in routes))
        except StoppedError:
            return solver.bound if solver.bound < day else None
        finally:
            self.more += solver.judged
        return found.day if found and found.day < day else None

    @staticmethod
    def _cut(cut: Iterable[tuple[date, str]]) -> Iterator[Bound]:
        """What the search left out."""
        yield from dict.fromkeys(Bound(Told.COMPUTED, "", "", what) for _, what in cut)

    def _step(self, p: Planned, plan: Plan, latest: dict[int, date], fits: dict[Place, Open]) -> PlannedStep:
        content, fields = dict[str, Any](), dict[str, OpenField]()
        types = {a.name: type_words(a.type) for a in fields_of(kind_of(p.event)) if a.type is not Sealed}
        said, ids = open_fields(p.draft), dict(stand_ins(p.event))
        for name, words in types.items():
            if name in ids:
                label = ids[name].label
                fields[name] = OpenField(label, words, fits.get((p.act, name)) or said.get(name) or said_of(label, plan))
            elif name in said:
                fields[name] = OpenField("", words, fits.get((p.act, name)) or said[name])
            elif (value := content_of(p.event)[name]) is not None and value != ():
                content[name] = plain(value)
        by, known = self._entered_by(p), self._known(p)
        slip = (latest[p.act] - next(q.on for q in plan if q.act == p.act)) if p.act in latest else None
        return PlannedStep(
            on=p.on,
            day=p.day,
            type_name=p.event.type_name,
            by=by,
            people=self.case.people(by, self._stands_on(p)),
            content=content,
            open=fields,
            rule=p.rule,
            supposing="" if known is Told.COMPUTED else p.do.supposing,
            known=known,
            act=p.act,
            decides=isinstance(p.event, Act) and by != self.edition.roles[0].name,
            at_latest=p.on + slip if slip is not None else None,
            asked_by=self._asked_by(p.event),
        )

    def _asked_by(self, event: Event) -> tuple[str, ...]:
        """Who may ask for an act that takes two people, where nobody has yet."""
        asked = any(type(r.event) is kind_of(event) for r in self.case.requests)
        return () if asked else self.edition.two_people.get(kind_of(event), ())  # type: ignore[arg-type]

    @staticmethod
    def _known(p: Planned) -> Told:
        """A fact about what is still to be chosen is no unknown one: whom or what to choose is said there."""
        if isinstance(p.event, JudgementGiven):
            return Told.JUDGEMENT
        chosen = any(not value.label.startswith(f"open.{p.act}.") for _, value in stand_ins(p.event))
        return Told.UNKNOWN_FACT if p.do.supposing and not (p.do.settles and chosen) else Told.COMPUTED

    def _entered_by(self, p: Planned) -> str:
        """The role that the requirement names, or else one that may enter it and that somebody holds."""
        may = self.edition.may_enter(p.event)
        wanted = (p.do.by, *(role for role in may if role != p.do.by)) if p.do.by in may or not may else may
        return next((role for role in wanted if self.case.people(role, self._stands_on(p))), wanted[0])

    def _stands_on(self, p: Planned) -> date:
        """The day on which who enters it must hold the role: the one on which it takes effect, once the case has begun."""
        return max(p.day, self.case.began or p.day)

    def _with_roles(self, steps: tuple[PlannedStep, ...]) -> tuple[PlannedStep, ...]:
        """The plan, with somebody named for each role that nobody holds, before it has to act."""
        given, made = set[str](), list[PlannedStep]()
        may = self.edition.entered_by.get(RoleGiven, ())
        acts = max(step.act for step in steps)
        for step in steps:
            by = next((role for role in may if self.case.people(role, step.on)), "")
            if not step.people and by and step.by not in given:
                given.add(step.by)
                person = OpenField(
                    f"open.role.{step.by}", type_words(_field(RoleGiven, "person")), Open(f"who serves as {step.by}")
                )
                made.append(
                    PlannedStep(
                        on=step.on,
                        day=step.on,
                        type_name=RoleGiven.type_name,
                        by=by,
                        people=self.case.people(by, step.on),
                        content={"role": str(RoleName(step.by))},
                        open={"person": person},
                        rule="candidacy.role",
                        supposing="",
                        known=Told.COMPUTED,
                        act=acts + len(given),
                        decides=False,
                        at_latest=step.on if step.at_latest else None,
                    )
                )
            made.append(step)
        return tuple(made)

    def _bounds(self, steps: tuple[PlannedStep, ...]) -> Iterator[Bound]:
        named = {s.content.get("role") for s in steps if s.type_name == RoleGiven.type_name}
        givers = self.edition.entered_by.get(RoleGiven, ())
        begun = any(self.case.people(role, e.day) for role in givers for e in self.case.entries)
        for step in steps:
            if begun and not step.people and step.by not in named:
                yield Bound(Told.NO_WAY_KNOWN, step.rule, step.by, f"nobody is {step.by}, and nobody can make anybody so")
            if step.known is not Told.COMPUTED:
                question = self.edition.question(step.content.get("question", "")) if step.known is Told.JUDGEMENT else None
                yield Bound(step.known, step.rule, step.by, question.asks if question else step.supposing)

    def _limits(self, plan: Plan) -> Iterator[Limit]:
        """The last days that are stated for the acts of a plan, as the rules before them say."""
        case = self.case
        for p in plan:
            if isinstance(p.event, Act):
                self.solver.judged += 1
                for j in judge(self.edition, case, p.event, p.day):
                    closes = closing(j.check)
                    if closes is not None and j.rule in self.rules:
                        rule = self.rules[j.rule]
                        yield Limit(j.rule, rule.requirement, str(rule.citation), rule.binding, p.event.type_name, closes, p.on)
            case = self.solver.after(case, p)

    # --- not reached

    def _blocked(self, made: Path) -> Path:
        """Why not, as near to the target as it was noted; each rule once, on the latest day."""
        blocked: dict[str, Blocked] = {}
        for b in self.solver.blocked:
            known_before = blocked.get(b.rule)
            if known_before is None or (b.depth, -b.day.toordinal()) <= (known_before.depth, -known_before.day.toordinal()):
                blocked[b.rule] = b
        nearest = min((b.depth for b in blocked.values()), default=0)
        obstacles = tuple(self._obstacle(b) for b in blocked.values() if b.depth == nearest)
        unknown = [Bound(o.known, o.rule, "", o.requirement) for o in obstacles if o.known is Told.NO_WAY_KNOWN]
        unknown += [] if unknown else self._sooner([self.edition.lifecycle.acts[name] for name in made.way], date.max)[1]
        attested = (Bound(Told.NO_WAY_KNOWN, "", "", MORE_TO_ATTEST),) * (self.case.taken_over is not None)
        bounds = (*unknown, *self._cut(self.solver.cut), *attested)
        return attrs.evolve(
            made, obstacles=obstacles, exact=not bounds, bounds=bounds, not_before=max(self.as_of, self.solver.bound)
        )

    def _obstacle(self, b: Blocked) -> Obstacle:
        rule = self.rules.get(b.rule)
        closes = closing(b.check)
        told = Told.NO_WAY_KNOWN if b.vain else known(b.check, b.day)
        why = because(b.check) or (VAIN,) * b.vain
        return Obstacle(b.rule, rule.requirement if rule else "", b.day, told, why, closes, "" if b.vain else b.because)


def _field(kind: type[Event], name: str) -> Any:
    return next(a.type for a in fields_of(kind) if a.name == name)
