"""What is due in a ledger, by when, for whom and under which rule: a query, nothing is armed.

A due day is only ever a day that an authority states: the last day for an act, or the one on which something is scheduled.
A step without one has the first day on which it is possible, and no due day.
"""

from __future__ import annotations

import operator
from datetime import date
from functools import cached_property
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args

import attrs

from candidacy import _phrases as say
from candidacy._path import Bound, path
from candidacy._remaining import Told
from candidacy._words import GUARDS
from candidacy.check import leaves, parts_of
from candidacy.deciding import judge
from candidacy.draft import Open, StandIn, stood_in
from candidacy.errors import InputError, Problem, refuse_other_types
from candidacy.events import Act, JudgementGiven, Sha256, content_of, fields_of, partial
from candidacy.interventions import DecisionAffirmed
from candidacy.keeping import Keeper
from candidacy.latitude import settlers
from candidacy.settling import SETTLED
from candidacy.strict import shown
from candidacy.terms import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from candidacy._path import Path, PlannedStep
    from candidacy.case import Case
    from candidacy.check import Check, Do
    from candidacy.decision import Json
    from candidacy.events import Event
    from candidacy.program import Edition
    from candidacy.record import Record
    from candidacy.rule import Rule

STAND_IN = "open."
"""How the name of something still to be chosen begins."""
NOT_WORKED_OUT = "The first possible day could not be worked out; the one shown is a bound."


@attrs.frozen
class Stated:
    """A day that an authority states.

    Attributes:
        day: the last one, itself included; where *scheduled*, the one on which it is held.
        keeps: the last day for the thing itself: *day*, or so much earlier as what it begins has to last.
        before: the type name of what must be done by then.
        rule, requirement, citation: where it is stated; *binding*, whether it refuses what comes later ("must") or only shows.
        own: whether the day is that of the thing itself, and not of a later act that it serves.
        firm: whether it is the same as things stand today; otherwise it moves with the steps that the plan has before it.
    """

    day: date
    keeps: date
    before: str
    rule: str
    requirement: str
    citation: str
    binding: bool
    scheduled: bool
    own: bool
    firm: bool

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "day": str(self.day), "keeps": str(self.keeps)}


@attrs.frozen
class Due:
    """One thing to do in one case, or what stands in its way.

    Attributes:
        name: what it is, whatever its days: the same as of other days, and after further records.
        what: the same in plain words.
        role: who acts; "" where nobody is known who could. *people* hold it.
        first: the first possible day; None where no way is known.
        exact: whether that day depends on nothing; otherwise it is a lower bound, and *depends* says on what.
        known: how the day is known.
        stated: the days that authorities state for it and for what it serves, the nearest first.
        rule, requirement, citation, binding: what asks for it; the rule is the engine's own where only the order of steps does.
        hindered: what stands in the way, where nothing can be planned.
        step: the step of the plan, if it is one.
    """

    case: str
    program: str
    edition: str
    as_of: date
    name: str
    type_name: str
    what: str
    role: str
    people: tuple[str, ...]
    first: date | None
    exact: bool
    known: Told
    depends: tuple[Bound, ...]
    stated: tuple[Stated, ...]
    rule: str
    requirement: str
    citation: str
    binding: bool
    hindered: tuple[str, ...] = ()
    step: PlannedStep | None = None

    @property
    def day(self) -> date | None:
        """The due day: the last that can keep every day that authorities state; None where they state none.

        It is one of those days, or lies so much earlier as what is to be begun has to last.
        """
        return self.stated[0].keeps if self.stated else None

    @property
    def days_overdue(self) -> int:
        """Calendar days since the due day; 0 on that day, and where there is none."""
        return max(0, (self.as_of - self.day).days) if self.day else 0

    @property
    def days_late(self) -> int:
        """Calendar days by which it takes effect after the due day, at the earliest; 0 where it does not.

        What was done in time and is only recorded late takes effect in time.
        """
        effective = self.step.day if self.step else self.first
        return max(0, (effective - self.day).days) if self.day and effective else 0

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "program": self.program,
            "edition": self.edition,
            "as_of": str(self.as_of),
            "name": self.name,
            "type": self.type_name,
            "what": self.what,
            "role": self.role,
            "people": list(self.people),
            "due": str(self.day) if self.day else None,
            "days_overdue": self.days_overdue,
            "days_late": self.days_late,
            "stated": [s.as_data() for s in self.stated],
            "first_possible": str(self.first) if self.first else None,
            "exact": self.exact,
            "known": str(self.known),
            "depends_on": [bound.as_data() for bound in self.depends],
            "rule": self.rule,
            "requirement": self.requirement,
            "citation": self.citation,
            "binding": self.binding,
            "hindered_by": list(self.hindered),
            "step": self.step.as_data() if self.step else None,
        }


@attrs.frozen
class LeftOut:
    """A case that cannot be asked, and why, in a sentence."""

    case: str
    why: str


@attrs.frozen(eq=False)
class Ahead:
    """What lies ahead of one case: its path and what is due; *newest* is its newest record in the ledger."""

    case: Case
    edition: Edition
    path: Path
    rows: tuple[Due, ...]
    newest: Record


def due(  # noqa: PLR0913 (the question, and what narrows it)
    engine: Keeper,
    *,
    as_of: date,
    role: str | None = None,
    until: date | None = None,
    case: str | None = None,
    program: str | None = None,
    left_out: Callable[[LeftOut], None] | None = None,
) -> list[Due]:
    """What is due in every open case, by due day; what has none follows, by the first day on which it is possible.

    One row for each step of the plan of each case; where nothing can be planned, one for each thing that stands in the way.
    All spans are in calendar days. Nothing is entered or kept.

    Args:
        engine: on the ledger that holds the cases.
        as_of: the day from which the plans run; what took effect later is left out.
        role: only what this role does, by its name or by another title that the program knows it by.
        until: only what is due, or without a due day is possible, on or before this day; what has neither is left out.
        case, program: only this one.
        left_out: is told of each case that cannot be asked, such as one of a program that is not installed; without it
            the first such case raises.

    Raises:
        InputError: a case, program or role that the ledger does not have, or a case that cannot be asked.
    """
    refuse_other_types(as_of=(as_of, date), until=(until, (date, NoneType)))
    seen = ahead(engine, as_of=as_of, role=role, case=case, program=program, left_out=left_out)
    rows = [row for one in seen for row in one.rows if until is None or (row.day or row.first or date.max) <= until]
    return sorted(rows, key=lambda row: (row.day or date.max, row.first or date.max, row.case))


def ahead(  # noqa: PLR0913 (the same question)
    engine: Keeper,
    *,
    as_of: date,
    role: str | None = None,
    case: str | None = None,
    program: str | None = None,
    left_out: Callable[[LeftOut], None] | None = None,
) -> Iterator[Ahead]:
    """What lies ahead of each open case, in order of case id; see `due`."""
    text = (str, NoneType)
    refuse_other_types(engine=(engine, Keeper), as_of=(as_of, date), role=(role, text), case=(case, text), program=(program, text))
    begun = list(_begun(engine, as_of, case, program))
    installed = [found[0] for _, newest in begun if (found := engine.registry.edition(newest.edition))]
    if role is not None:
        _known_role(role, installed)
    for one, _ in begun:
        try:
            folded, edition = engine.case(one, as_of=as_of)
        except InputError as wrong:
            if left_out is None or case is not None:
                raise
            left_out(LeftOut(one, str(wrong)))
            continue
        if folded.state in edition.lifecycle.finals and not folded.unsettled:
            continue
        asking = _Asking(folded, edition, as_of)
        rows = tuple(row for row in asking.rows() if role is None or row.role in _titled(role, edition))
        yield Ahead(folded, edition, asking.path, rows, engine.ledger.of_case(one)[-1])


def _begun(engine: Keeper, as_of: date, case: str | None, program: str | None) -> Iterator[tuple[str, Record]]:
    """The cases that are asked about and had begun on that day, each with the record that began it."""
    cases = engine.ledger.cases()
    problems = []
    if case is not None and case not in cases:
        problems.append(Problem("case", f"the case {shown(case)}", "a case in this ledger; `candidacy status` lists them"))
    firsts = {c: next((r for r in engine.ledger.of_case(c) if r.accepted), None) for c in cases if case in {None, c}}
    programs = sorted({first.edition["program"] for first in firsts.values() if first})
    if program is not None and program not in programs and not problems:
        needed = f"one that a case belongs to: {', '.join(programs) or 'none has begun'}"
        problems.append(Problem("program", f"the program {shown(program)}", needed))
    if problems:
        raise InputError(problems)
    for one, first in firsts.items():
        if first is None or program not in {None, first.edition["program"]}:
            continue
        if first.day <= as_of:
            yield one, first
        elif case is not None:
            raise InputError([Problem("as_of", f"{as_of}, before the case {one} began", f"a day from {first.day} on")])


def _known_role(role: str, editions: list[Edition]) -> None:
    if editions and not any(_titled(role, edition) for edition in editions):
        known = sorted({r.name for edition in editions for r in edition.roles})
        raise InputError([Problem("role", f"the role {shown(role)}", f"one of {', '.join(known)}")])


def _titled(role: str, edition: Edition) -> frozenset[str]:
    """The roles of an edition that are called so, whatever the case of the letters."""
    called = role.casefold()
    return frozenset(r.name for r in edition.roles if called in {title.casefold() for title in (r.name, *r.aliases)})


class _Asking:
    """One case, asked once."""

    def __init__(self, case: Case, edition: Edition, as_of: date) -> None:
        self.case, self.edition, self.as_of = case, edition, as_of
        self.path = path(case, edition, as_of=as_of, whole=False)
        self.rules = {r.id: r for r in edition.rules}
        kinds: tuple[type[Event], ...] = (*edition.entered_by, JudgementGiven)
        self.kinds = {kind.type_name: kind for kind in kinds}
        self._checks: dict[tuple[str, str], Check] = {}

    def rows(self) -> Iterator[Due]:
        """One for each step of the plan; where there is none, one for each obstacle."""
        if self.case.unsettled and (self.path.reached or self.case.state in self.edition.lifecycle.finals):
            yield self._to_settle()
            return
        if self.path.reached:
            return
        stated = self._stated()
        named: dict[str, int] = {}
        for i, step in enumerate(self.path.plan):
            yield self._row(i, step, stated[i], named)
        if not self.path.plan:
            yield from self._hindered()

    def _row(self, i: int, step: PlannedStep, stated: tuple[Stated, ...], named: dict[str, int]) -> Due:
        depends = self._depends(i, step)
        rule = self.rules.get(step.rule)
        return attrs.evolve(
            self._blank,
            name=self._name(step.type_name, _labelled(step), named),
            type_name=step.type_name,
            what=say.what(step, self.edition),
            role=step.by,
            people=step.people,
            first=step.on,
            exact=not depends,
            known=step.known,
            depends=depends,
            stated=stated,
            rule=step.rule,
            requirement=rule.requirement if rule else f"The next step on the way to {self.path.to}.",
            citation=str(rule.citation) if rule else "",
            binding=rule.binding if rule else True,
            step=step,
        )

    def _to_settle(self) -> Due:
        """Of a case that needs nothing else: what rests on something wrong is to be affirmed or taken back."""
        newest, by = self.case.unsettled[-1], settlers(self.edition)[0]
        return attrs.evolve(
            self._blank,
            name=f"{DecisionAffirmed.type_name}|{newest}",
            type_name=DecisionAffirmed.type_name,
            what=f"affirm or take back version {newest} of the case, which rests on what was found to be wrong",
            role=by,
            people=self.case.people(by, self.as_of),
            first=self.as_of,
            exact=True,
            rule=SETTLED,
            requirement=GUARDS[SETTLED],
        )

    @cached_property
    def _blank(self) -> Due:
        return Due(
            case=self.case.id, program=self.edition.program, edition=self.edition.id, as_of=self.as_of, name="", type_name="",
            what="", role="", people=(), first=None, exact=False, known=Told.COMPUTED, depends=(), stated=(), rule="",
            requirement="", citation="", binding=True,
        )  # fmt: skip

    # --- what it is

    def _name(self, type_name: str, content: Json, named: dict[str, int]) -> str:
        """What a step is, whatever its day: its type, the ids and words that are fixed, and which one of its like it is.

        Those that the case has already are counted, and so are its assignments, pairings and other strands: the second
        assignment is the second one before and after the first has begun, whatever id it is given when it begins. Amounts
        and days are left out: what is still missing changes from day to day.
        """
        of = self._identity(type_name, content)
        before = sum(
            self._identity(type_name, content_of(e.event), like=of) == of
            for e in self.case.entries
            if e.event.type_name == type_name
        )
        named["|".join(of)] = named.get("|".join(of), 0) + 1
        return "|".join((*of, str(before + named["|".join(of)])))

    def _identity(self, type_name: str, content: Mapping[str, Any], like: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Its type and the ids and words in its content; of what was entered only those fields that *like* has."""
        found = []
        wanted = {part.partition("=")[0] for part in like[1:]}
        for a in fields_of(self.kinds[type_name]):
            value = content.get(a.name)
            if not isinstance(value, str) or (like and a.name not in wanted) or {date, Sha256} & {a.type, *get_args(a.type)}:
                continue
            number = self._numbers.get(a.name, {}).get(value)
            if number or not value.startswith(STAND_IN):
                found.append(f"{a.name}={f'#{number}' if number else value}")
        return (type_name, *sorted(found))

    @cached_property
    def _numbers(self) -> dict[str, dict[str, int]]:
        """The number of each strand in the case, by its kind and its id: those that have begun, then those that are planned."""
        found: dict[str, dict[str, int]] = {}
        for strand in self.edition.strands:
            begun = sorted((e for e in self.case.entries if isinstance(e.event, strand.begun)), key=lambda e: e.version)
            ids = [strand.id_of(e.event) for e in begun]
            for step in self.path.plan:
                planned = _labelled(step).get(strand.name)
                ids += [planned] if isinstance(planned, str) else []
            found[strand.name] = {name: n for n, name in enumerate(dict.fromkeys(ids), 1)}
        return found

    def _depends(self, i: int, step: PlannedStep) -> tuple[Bound, ...]:
        """What its first possible day depends on: an act comes after everything that is planned before it."""
        earlier = self.path.plan[: i + 1] if issubclass(self.kinds[step.type_name], Act) else (step,)
        return say.bounds(earlier, self.edition, self.path.bounds if step is self.path.plan[-1] else ())

    # --- the days that are stated

    def _stated(self) -> list[tuple[Stated, ...]]:
        """For each step of the plan: its own days, and those of later acts that its rule stands before."""
        plan = self.path.plan
        found: list[tuple[Stated, ...]] = [()] * len(plan)
        for i in reversed(range(len(plan))):
            step = plan[i]
            lasts = max(p.on for p in plan if p.act == step.act) - step.on
            days = [*self._limits(step), *self._asked_by(step)]
            for j in self._served(i):
                # An answer that is asked for because a day has passed is not due on that day.
                mine = (s for s in found[j] if not (s.rule == step.rule and _is_answer(step)))
                days += [attrs.evolve(s, own=False, keeps=s.keeps - lasts) for s in mine]
            nearest: dict[tuple[str, str, bool], Stated] = {}
            for s in sorted(days, key=lambda s: (s.keeps, not s.own)):
                nearest.setdefault((s.rule, s.before, s.scheduled), s)
            found[i] = tuple(sorted(nearest.values(), key=operator.attrgetter("keeps", "rule")))
        return found

    def _served(self, i: int) -> list[int]:
        """The later acts of the plan that the rule which asks for a step stands before."""
        rule, plan = self.rules.get(self.path.plan[i].rule), self.path.plan
        return [j for j in range(i + 1, len(plan)) if rule and self._stands_before(rule, plan[j].type_name)]

    def _stands_before(self, rule: Rule, type_name: str) -> bool:
        kind = self.kinds[type_name]
        return issubclass(kind, Act) and rule.concerns(kind)

    def _limits(self, step: PlannedStep) -> Iterator[Stated]:
        """The last days that are stated for this very act."""
        for limit in self.path.limits:
            if (limit.type_name, limit.planned) == (step.type_name, step.on):
                yield self._of(self.rules[limit.rule], step.type_name, limit.closes)

    def _of(self, rule: Rule, type_name: str, day: date) -> Stated:
        firm = any(part.closes == day for part in parts_of(self._check(rule, type_name)))
        return _of(rule, type_name, day, scheduled=False, firm=firm)

    def _asked_by(self, step: PlannedStep) -> Iterator[Stated]:
        """The last or scheduled days that the rule which asks for a step gives for it, as the case stands today."""
        rule = self.rules.get(step.rule)
        if rule is None or _is_answer(step):
            return
        for act in dict.fromkeys(s.type_name for s in self.path.plan if self._stands_before(rule, s.type_name)):
            for part in parts_of(self._check(rule, act)):
                dos = [do for do in leaves(part.remedy) if _is_of(do, step)]
                if dos and part.closes is not None:
                    yield _of(rule, step.type_name, part.closes, scheduled=False, firm=True)
                for do in dos:
                    if do.when.only:
                        yield _of(rule, step.type_name, max(do.when.only), scheduled=True, firm=True)
                    elif do.when.last is not None and not do.settles:  # what is found out later has no last day
                        yield _of(rule, step.type_name, do.when.last, scheduled=False, firm=True)

    def _check(self, rule: Rule, type_name: str) -> Check:
        """What a rule says before an act, as the case stands today."""
        if (rule.id, type_name) not in self._checks:
            event = stood_in(partial(self.kinds[type_name]), lambda name: f"open.0.{name}", {})
            self._checks[rule.id, type_name] = judge(self.edition, self.case, event, self.as_of, rules=(rule,))[0].check
        return self._checks[rule.id, type_name]

    # --- where nothing can be planned

    def _hindered(self) -> Iterator[Due]:
        acts = tuple(self.kinds[name] for name in self.path.way)
        for o in self.path.obstacles:
            rule = self.rules.get(o.rule)
            act = next((a for a in acts if rule and rule.concerns(a)), acts[-1] if acts else None)
            who = self._check(rule, act.type_name).who if rule and act else ()
            why = "; ".join(o.because) or (str(o.known) if o.known in {Told.NO_WAY_KNOWN, Told.CLOSED} else "")
            yield attrs.evolve(
                self._blank,
                name=self._name(act.type_name, {}, {}) if act else "",
                type_name=act.type_name if act else "",
                what=say.named(act.type_name) if act else self.path.to,
                role=who[0] if who else "",
                people=self.case.people(who[0], self.as_of) if who else (),
                known=o.known,
                stated=(self._of(rule, act.type_name, o.closes),) if rule and act and o.closes else (),
                rule=o.rule,
                requirement=rule.requirement if rule else f"{say.NO_WAY_LEADS_THERE.capitalize()}.",
                citation=str(rule.citation) if rule else "",
                binding=rule.binding if rule else True,
                hindered=(why,) if why else (),
            )
        if not self.path.obstacles:  # the search gave up: only a day before which it is not reached is told
            bounds = self.path.bounds
            told = tuple(bound.what for bound in bounds)
            to, first = self.path.to, self.path.not_before
            yield attrs.evolve(
                self._blank, name=to, what=to, first=first, depends=bounds, requirement=NOT_WORKED_OUT, hindered=told
            )


def _of(rule: Rule, type_name: str, day: date, *, scheduled: bool, firm: bool) -> Stated:
    return Stated(
        day, day, type_name, rule.id, rule.requirement, str(rule.citation), rule.binding, scheduled=scheduled, own=True, firm=firm
    )


def _is_of(do: Do, step: PlannedStep) -> bool:
    """Whether a step is one that a remedy asks for."""
    return any(
        s.event.type_name == step.type_name
        and all(
            plain(value) == step.content.get(name)
            for name, value in content_of(s.event).items()
            if not isinstance(value, Open | StandIn) and value is not None and value != ()
        )
        for s in do.steps
    )


def _is_answer(step: PlannedStep) -> bool:
    return step.type_name == JudgementGiven.type_name


def _labelled(step: PlannedStep) -> Json:
    """The content of a step, with its label where something is still to be chosen."""
    return {**step.content, **{name: field.label for name, field in step.open.items() if field.label}}
