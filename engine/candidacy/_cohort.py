"""The cases of a program by how near they are to the nearest limit that an authority states. Computed; nothing is guessed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from candidacy import _phrases as say
from candidacy._path import Bound, Limit, Path, PlannedStep, path
from candidacy._remaining import Told
from candidacy.case import NOT_BEGUN, Entry
from candidacy.check import Check, Outcome, earliest, parts_of
from candidacy.deciding import judge
from candidacy.draft import stood_in
from candidacy.errors import InputError, Problem, refuse_other_types
from candidacy.events import Beginning, partial
from candidacy.keeping import Keeper
from candidacy.lifecycle import is_in
from candidacy.spans import DAY, Quantity, amount
from candidacy.strict import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy.case import Case
    from candidacy.decision import Json
    from candidacy.engine import Engine
    from candidacy.events import Event
    from candidacy.program import Edition, Program
    from candidacy.rule import Rule


class Risk(StrEnum):
    """Why a case is at risk. There is no other reason: no number of days is called few that nobody calls so."""

    CANNOT = "cannot be reached"
    LATE = "after a stated last day"
    IF_DECIDED = "only if it is so decided"
    """An answer that a case without a history of its own would not be asked for."""


class Doing(StrEnum):
    """How far a thing that takes time has come."""

    DONE = "done"
    RUNNING = "running"
    PLANNED = "planned"


@attrs.frozen
class Bar:
    """Something in a case that takes time: an assignment, a pairing, a suspension.

    Attributes:
        kind: what it is, in the program's word; *name*, its id, "" where it is still to be named.
        last: its last day, itself included; None where it is open, or planned without an end.
    """

    kind: str
    name: str
    doing: Doing
    first: date
    last: date | None

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "doing": str(self.doing), "first": str(self.first), "last": _day(self.last)}


@attrs.frozen
class Cited:
    """A requirement that an answer names, and where it stands."""

    rule: str
    requirement: str
    citation: str
    reading: str
    binding: bool

    def as_data(self) -> Json:
        """As plain values."""
        return attrs.asdict(self)


@attrs.frozen
class CohortRow:
    """One case under way.

    Attributes:
        path: what remains, without the requirements one by one.
        limit: the stated last day with the fewest days left; None where no last day is stated for an act of the plan.
        limit_stands: whether it is that day already, as things are; otherwise it is where the plan is kept.
        risks: why the case is at risk; () where it is not.
        bounds: what the day depends on that nobody can compute; what is supposed names its step.
        unusual: the answers among them that a case without a history of its own would not be asked for.
        missing: what takes longest, or else what stands open before the next act, and how much of it, in words.
        others: how many more binding requirements stand open today before the acts on the way.
        why: why the stage cannot be reached, in words, where it cannot.
        next: the first step of the plan; *next_step*, the same in words.
        cited: the requirements that are named here.
        bars: what takes time: done, running and planned.
    """

    case: str
    edition: str
    stage: str
    began: date
    path: Path
    limit: Limit | None
    limit_stands: bool
    risks: tuple[Risk, ...]
    bounds: tuple[Bound, ...]
    unusual: tuple[Bound, ...]
    missing: str
    others: int
    why: tuple[str, ...]
    next: PlannedStep | None
    next_step: str
    cited: tuple[Cited, ...]
    bars: tuple[Bar, ...]

    @property
    def day(self) -> date | None:
        """The earliest day; where it is not exact, a day before which it cannot be."""
        return self.path.day

    @property
    def exact(self) -> bool:
        """Whether the earliest day depends on nothing that nobody can compute."""
        return self.path.exact

    @property
    def slack(self) -> int | None:
        """Calendar days from the act's day in the plan to its stated last day, negative where it comes too late."""
        return self.limit.slack if self.limit else None

    @property
    def at_risk(self) -> bool | None:
        """Whether there is a risk; None where that cannot be told, because the search for a day stopped."""
        return True if self.risks else None if self.day is None else False

    @property
    def standing(self) -> str:
        """In a few words: why it is at risk, or else how it stands."""
        if self.risks:
            return ", ".join(self.risks)
        if self.day is None:
            return "cannot be told"
        return "in time" if self.limit else "no last day is stated"

    @property
    def depends(self) -> tuple[str, ...]:
        """What the day depends on, in words; what is peculiar to this case comes first."""
        return tuple(say.depends(b) for b in [*self.unusual, *(b for b in self.bounds if b not in self.unusual)])

    @property
    def sentence(self) -> str:
        """What it needs, the earliest day and the nearest limit, for a coordinator."""
        if self.day is None and not self.why:
            return f"Cannot be told; not before {say.spoken(self.path.not_before)}: {'; '.join(self.depends)}."
        if self.day is None:
            known = "Cannot be reached" if self.path.exact else "Cannot be reached in any way that is known"
            return f"{known}: {'; '.join(self.why)}."
        when = f"{'earliest possible' if self.exact else say.earliest(self.bounds)} {say.spoken(self.day)}"
        asked = [f'only if the {b.by} answers yes to "{b.what}"' for b in self.unusual]
        return "; ".join([self._needs, when, *asked, *_left(self)]) + "."

    @property
    def _needs(self) -> str:
        """What is missing, and how much else stands open."""
        more = "1 more requirement is open" if self.others == 1 else f"{self.others} more requirements are open"
        return f"{self.missing} ({more})" if self.others else self.missing

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "edition": self.edition,
            "stage": self.stage,
            "to": self.path.to,
            "began": str(self.began),
            "day": _day(self.day),
            "exact": self.exact,
            "not_before": str(self.path.not_before),
            "depends_on": [bound.as_data() for bound in self.bounds],
            "depends_on_in_words": list(self.depends),
            "if_each_decides_the_same_day": list(self.path.deciders),
            "limit": self.limit.as_data() if self.limit else None,
            "limits": [limit.as_data() for limit in self.path.limits],
            "limit_stands": self.limit_stands,
            "slack": self.slack,
            "at_risk": self.at_risk,
            "risks": [str(risk) for risk in self.risks],
            "unusual": [bound.as_data() for bound in self.unusual],
            "standing": self.standing,
            "critical": self.path.critical,
            "missing": self.missing,
            "others_open": self.others,
            "why": list(self.why),
            "next": self.next.as_data() if self.next else None,
            "next_in_words": self.next_step,
            "obstacles": [o.as_data() for o in self.path.obstacles],
            "cited": [cited.as_data() for cited in self.cited],
            "bars": [bar.as_data() for bar in self.bars],
            "sentence": self.sentence,
        }


@attrs.frozen
class Finished:
    """A case that needs nothing more: it has reached the stage, or it has ended without.

    Attributes:
        since: the day on which it came there.
        unsettled: whether something that it rests on was found to be wrong, and waits to be affirmed or taken back.
    """

    case: str
    edition: str
    stage: str
    reached: bool
    began: date
    since: date
    bars: tuple[Bar, ...]
    unsettled: bool = False

    @property
    def standing(self) -> str:
        """In a word."""
        return ("reached" if self.reached else "ended") + ", unsettled" * self.unsettled

    def as_data(self) -> Json:
        """As plain values."""
        days = {"began": str(self.began), "since": str(self.since), "standing": self.standing}
        return {**attrs.asdict(self, recurse=False), **days, "bars": [bar.as_data() for bar in self.bars]}


@attrs.frozen
class Untold:
    """A case of which nothing can be told, and why."""

    case: str
    why: str

    def as_data(self) -> Json:
        """As plain values."""
        return attrs.asdict(self)


@attrs.frozen
class Cohort:
    """The cases of a program that had begun on a day.

    Attributes:
        to: the stage asked about; "" where each edition's own is meant.
        rows: those under way: first those without a known day, then by days left to the nearest limit, then those
            without a limit by their earliest day.
        finished: those that have reached the stage or ended; *untold*, those of which nothing can be told.
    """

    program: str
    title: str
    to: str
    as_of: date
    rows: tuple[CohortRow, ...]
    finished: tuple[Finished, ...]
    untold: tuple[Untold, ...]

    @property
    def cases(self) -> tuple[CohortRow | Finished, ...]:
        """Those under way, then those that have finished."""
        return (*self.rows, *self.finished)

    @property
    def deciders(self) -> tuple[str, ...]:
        """The roles whose decisions the plans wait for."""
        return tuple(dict.fromkeys(role for row in self.rows for role in row.path.deciders))

    @property
    def target(self) -> str:
        """The stage asked about, or the stages that the editions' cases are for."""
        return self.to or " or ".join(dict.fromkeys(row.path.to for row in self.rows)) or "the end of the program"

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "program": self.program,
            "title": self.title,
            "to": self.to,
            "as_of": str(self.as_of),
            "at_risk": [row.case for row in self.rows if row.at_risk],
            "rows": [row.as_data() for row in self.rows],
            "finished": [done.as_data() for done in self.finished],
            "untold": [untold.as_data() for untold in self.untold],
        }


def cohort(engine: Engine | Keeper, program: str, *, as_of: date, to: str = "") -> Cohort:
    """The cases of *program* that had begun on *as_of*, by how near they are to the nearest stated limit.

    First those for which no day is known, then by calendar days left to the limit, then those without one by their earliest
    day. Each is asked as `path` asks it, and no risk is guessed. Nothing is entered or kept.

    Args:
        engine: on the ledger that holds them.
        program: its name.
        as_of: the day it is asked for; what took effect later is left out.
        to: the stage to reach; for each case the one its edition is for, where none is named.

    Raises:
        InputError: no such program is installed, or no edition of it has such a stage.
    """
    refuse_other_types(engine=(engine, Keeper), program=(program, str), as_of=(as_of, date), to=(to, str))
    known = engine.registry.programs.get(program)
    if known is None:
        names = ", ".join(engine.registry.programs) or "none is installed"
        raise InputError([Problem("program", f"the program {shown(program)}", f"an installed one: {names}")])
    _refuse_an_unknown_stage(known, to)
    asking = _Asking(engine, program, as_of, to)
    rows, finished, untold = list[CohortRow](), list[Finished](), list[Untold]()
    for case in engine.ledger.cases():
        found = asking.told(case)
        if isinstance(found, CohortRow):
            rows.append(found)
        elif isinstance(found, Finished):
            finished.append(found)
        elif found is not None:
            untold.append(found)
    finished.sort(key=lambda done: (not done.reached, done.since, done.case))
    return Cohort(program, known.title, to, as_of, tuple(sorted(rows, key=_nearness)), tuple(finished), tuple(untold))


def _refuse_an_unknown_stage(program: Program, to: str) -> None:
    stages = [state for e in program.editions for state in (*e.lifecycle.stages, *e.lifecycle.exits)]
    if to and not any(is_in(state, to) for state in stages):
        named = ", ".join(dict.fromkeys(state.partition("/")[0] for state in stages))
        raise InputError([Problem("to", f"the stage {shown(to)}", f"one of {named}")])


def _nearness(row: CohortRow) -> tuple[int, int, str]:
    """Without a known day first; then by the days left; then, where no last day is stated, by the earliest day."""
    if row.day is None:
        return 0, 0 if row.risks else 1, row.case
    return (1, row.slack, row.case) if row.slack is not None else (2, row.day.toordinal(), row.case)


class _Asking:
    """One question about many cases."""

    def __init__(self, engine: Engine | Keeper, program: str, as_of: date, to: str) -> None:
        self.engine, self.program, self.as_of, self.to = engine, program, as_of, to
        self.usual: dict[str, frozenset[tuple[str, str]]] = {}

    def told(self, name: str) -> CohortRow | Finished | Untold | None:
        """What can be told of a case; None where it is none of this program's, or had not begun."""
        try:
            case, edition = self.engine.case(name, as_of=self.as_of)
            if edition.program != self.program or case.began is None:  # what is credited from before it began may stand alone
                return None
            found = path(case, edition, to=self.to, as_of=self.as_of, whole=False)
        except InputError as wrong:
            return self._untold(name, wrong)
        began, bars = case.began or self.as_of, tuple(_bars(case, edition, found, self.as_of))
        since = case.since[0] if case.since else began
        if found.reached:
            return Finished(name, edition.id, case.state, True, began, found.not_before, bars, bool(case.unsettled))
        if found.day is None and case.state in {*edition.lifecycle.finals, *edition.lifecycle.exits}:
            return Finished(name, edition.id, case.state, False, began, since, bars, bool(case.unsettled))
        return self._row(case, edition, found, bars)

    def _untold(self, name: str, wrong: InputError) -> Untold | None:
        """Why nothing can be told of a case of this program that had begun."""
        begun = next((r for r in self.engine.ledger.of_case(name) if r.accepted), None)
        if begun is None or begun.day > self.as_of or begun.edition["program"] != self.program:
            return None
        return Untold(name, "; ".join(f"found {p.found}; needed {p.needed}" for p in wrong.problems))

    def _row(self, case: Case, edition: Edition, found: Path, bars: tuple[Bar, ...]) -> CohortRow:
        limit = min(found.limits, key=lambda one: (one.slack, not one.binding, one.rule), default=None)
        missing, others, rules = _missing(case, edition, found, bars)
        answers = [b for b in found.bounds if b.known is Told.JUDGEMENT]
        unusual = tuple(b for b in answers if (b.rule, b.what) not in self._usual(case, edition))
        risks = [Risk.CANNOT] * (found.day is None and bool(found.obstacles))
        risks += [Risk.LATE] * (limit is not None and limit.slack < 0)
        risks += [Risk.IF_DECIDED] * bool(unusual)
        named = [*rules, *([limit.rule] if limit else []), *(o.rule for o in found.obstacles), *(b.rule for b in unusual)]
        cited = [_cited(rule) for rule in edition.rules if rule.id in named]
        first = _first(found)
        return CohortRow(
            case=case.id,
            edition=edition.id,
            stage=case.state,
            began=case.began or self.as_of,
            path=found,
            limit=limit,
            limit_stands=limit is not None and _stands(case, edition, limit, self.as_of),
            risks=tuple(risks),
            bounds=say.bounds(found.plan, edition, found.bounds) or found.bounds,
            unusual=unusual,
            missing=missing,
            others=others,
            why=tuple(say.obstacle(o, edition) for o in found.obstacles),
            next=first,
            next_step=say.step(first, edition) if first else "",
            cited=tuple(sorted(cited, key=lambda c: named.index(c.rule))),
            bars=bars,
        )

    def _usual(self, case: Case, edition: Edition) -> frozenset[tuple[str, str]]:
        """The answers that every case waits for: those on the path of one of which nothing is known but that it began.

        Found once for each edition and way to begin.
        """
        begun = min((e for e in case.entries if isinstance(e.event, Beginning)), key=lambda e: e.version)
        way = begun.event.way
        if (key := f"{edition.id} {way}") not in self.usual:
            state = edition.table.get((NOT_BEGUN, way), case.state)
            fresh = edition.case(case.id).then(Entry(1, begun.day, begun.event), state=state, since=(begun.day, 1), version=1)
            found = path(fresh, edition, to=self.to, as_of=begun.day, whole=False)
            self.usual[key] = frozenset((b.rule, b.what) for b in found.bounds if b.known is Told.JUDGEMENT)
        return self.usual[key]


def _cited(rule: Rule) -> Cited:
    return Cited(rule.id, rule.requirement, str(rule.citation), rule.reading, rule.binding)


def _first(found: Path) -> PlannedStep | None:
    """The first step of the plan."""
    return found.plan[0] if found.plan else None


# --- what takes time


def _bars(case: Case, edition: Edition, found: Path, as_of: date) -> Iterator[Bar]:
    """What took, takes and would take time: as the case tells, then as the plan has it."""
    for strands in edition.strands:
        for s in strands.of(case.at(as_of)):
            done = s.last is not None and s.last <= as_of
            yield Bar(strands.name, s.id, Doing.DONE if done else Doing.RUNNING, s.first, s.last)
        begins = {step.act: step for step in found.plan if step.type_name == strands.begun.type_name}
        ends = {step.act: step for step in found.plan if step.type_name == strands.ended.type_name}
        for act in dict.fromkeys((*begins, *ends)):
            begin, end = begins.get(act), ends.get(act)
            last = end.day if end else None
            last = last - DAY if last and not strands.last_day_included else last
            named = (begin or end or found.plan[0]).content.get(strands.name, "")
            if begin or last is None or last > as_of:
                yield Bar(strands.name, str(named), Doing.PLANNED, begin.day if begin else as_of + DAY, last)


# --- what is missing


def _missing(case: Case, edition: Edition, found: Path, bars: tuple[Bar, ...]) -> tuple[str, int, list[str]]:
    """In words what takes longest, or else what stands open before the next act; how much else is; the rules that are named."""
    way = [edition.lifecycle.acts[name] for name in found.way]
    if not way:
        return say.NO_WAY_LEADS_THERE.capitalize(), 0, []
    front = way[0]
    before = {act: [rule for rule in edition.rules_for(act) if rule.binding] for act in way}
    open_now = {act: _open(case, edition, found.as_of, act, rules) for act, rules in before.items()}
    still, everything = open_now[front], {rule for found_open in open_now.values() for rule in found_open}
    slowest = next((rule for rule in edition.rules if rule.id == found.critical), None)
    if slowest is not None:
        check = still.get(slowest.id) or _ahead(case, edition, found, slowest)
        words = _words(slowest, check, found, bars) if check else f"Takes longest: {say.clause(slowest.requirement)}"
        return words, len(everything - {slowest.id}), [slowest.id]
    if still:
        rule = next(rule for rule in edition.rules if rule.id in still)
        return _words(rule, still[rule.id], found, bars), len(everything) - 1, list(still)
    first = _first(found)
    who = f", by the {first.by}" if first else ""
    return f"Next: {say.step(first, edition) if first else say.named(front.type_name)}{who}", len(everything), []


def _ahead(case: Case, edition: Edition, found: Path, rule: Rule) -> Check | None:
    """What a rule says today of the act of the plan that it stands before; None where nothing is open."""
    planned = {step.type_name for step in found.plan}
    act = next((kind for kind in edition.entered_by if kind.type_name in planned and issubclass(kind, rule.before)), None)
    return _open(case, edition, found.as_of, act, [rule]).get(rule.id) if act else None


def _open(case: Case, edition: Edition, day: date, kind: type[Event], rules: list[Rule]) -> dict[str, Check]:
    """What stands open before an act, were it entered on *day*, by rule."""
    return {rule: check for rule, check in _asked(case, edition, day, kind, rules).items() if not check.good}


def _asked(case: Case, edition: Edition, day: date, kind: type[Event], rules: list[Rule]) -> dict[str, Check]:
    draft = stood_in(partial(kind), lambda name: f"open.0.{name}", {})
    return {j.rule: j.check for j in judge(edition, case, draft, day, rules=tuple(rules))}


def _stands(case: Case, edition: Edition, limit: Limit, day: date) -> bool:
    """Whether the last day is the same without anything that is only planned."""
    kind = next(kind for kind in edition.entered_by if kind.type_name == limit.type_name)
    rules = [rule for rule in edition.rules if rule.id == limit.rule]
    return any(
        limit.closes == part.closes for check in _asked(case, edition, day, kind, rules).values() for part in parts_of(check)
    )


def _words(rule: Rule, check: Check, found: Path, bars: tuple[Bar, ...]) -> str:
    """How much is missing of a requirement, where that is an amount or a day; else the requirement itself."""
    taking = [step for step in found.plan if step.rule == rule.id]
    part = _nearest(check, len({step.act for step in taking}), found.as_of)
    clause = say.clause(rule.requirement)
    if check.outcome is Outcome.NEEDS_JUDGEMENT:
        return f"Waits for an answer of the {' or '.join(check.who)}: {clause}"
    if part is not None and isinstance(part.missing, Quantity):
        running = [bar for bar in bars if bar.doing is Doing.RUNNING and any(_ends(step, bar) for step in taking)]
        named = " and ".join(f"{bar.kind} {bar.name}" for bar in running)
        if running and all(any(_ends(step, bar) for bar in running) for step in taking):
            return f"Waits for the end of {named}, {say.spoken(max(step.day for step in taking))} or later: {clause}"
        up_to = "up to " if part.outcome is Outcome.UNDETERMINED else ""
        goes_on = f" ({named} counts once it has ended)" if running else ""
        of = "" if " of " in part.missing.unit else f": {clause}"
        return f"Needs {up_to}{_more(part.missing)}{goes_on}{of}"
    opens = part.required.get("not before") if part is not None else None
    return f"Waits until {say.spoken(opens)}: {clause}" if isinstance(opens, date) else f"Still open: {clause}"


def _ends(step: PlannedStep, bar: Bar) -> bool:
    """Whether a step of the plan is about a thing that takes time already."""
    return step.content.get(bar.kind) == bar.name


def _more(missing: Quantity) -> str:
    """What is missing: 1 more assignment of at least 60 calendar days."""
    number, _, unit = amount(missing.least, missing.unit).partition(" ")
    return f"{number} more {unit}"


def _nearest(check: Check, steps: int, as_of: date) -> Check | None:
    """The open part that says how much is missing; of several ways the one that the plan takes, or else the nearest."""
    if not check.parts:
        return check
    still = [part for part in check.parts if not part.good]
    if check.joint == "or":

        def nearness(part: Check) -> tuple[bool, bool, date]:
            day = earliest(part.remedy, as_of)
            planned = isinstance(part.missing, Quantity) and part.missing.least == steps
            return not planned, day is None, day or as_of

        return _nearest(min(still, key=nearness), steps, as_of) if still else None
    return _nearest(still[0], steps, as_of) if len(still) == 1 else None


# --- words


def _left(row: CohortRow) -> Iterator[str]:
    """The nearest stated limit, and what is left of it."""
    limit = row.limit
    if limit is None:
        return
    act, closes, slack = say.named(limit.type_name), say.spoken(limit.closes), limit.slack
    there = "" if limit.planned == row.day else f"{act} on {say.spoken(limit.planned)}, "
    advised = "" if limit.binding else "advised "
    what = f"{'the' if row.limit_stands else 'then the'} {advised}last day for {act} ({say.clause(limit.requirement)})"
    if slack == 0:
        yield f"{there}on {closes} itself, {what}"
    else:
        yield f"{there}{say.days_of(abs(slack))} {'before' if slack > 0 else 'after'} {closes}, {what}"


def _day(day: date | None) -> str | None:
    return str(day) if day else None
