"""Plans: events still to come, by day, entered on trial; how often an act is judged for it is counted."""

from collections.abc import Callable
from datetime import date

import attrs

from candidacy.answering import Judged
from candidacy.case import Case, Decided, Entry
from candidacy.check import Do
from candidacy.deciding import judge
from candidacy.door import second_state
from candidacy.draft import StandIn, merged
from candidacy.errors import OpenFieldError
from candidacy.events import Act, Event, content_of
from candidacy.interventions import DecisionAffirmed, DecisionVoided
from candidacy.program import Edition

BUDGET = 4000
"""How often a search may judge before it gives up and says how far it came."""


@attrs.frozen(eq=False)
class Planned:
    """One event of a plan.

    Attributes:
        on: the day it is entered; *day*, the day it takes effect, is earlier only where it finds out what happened.
        event: with stand-ins where *draft* is open.
        rule: what asked for it; "" for the target.
        act: a number that steps have in common which move together.
        offered: whether other ways were offered too.
        key: what it is, whatever it is called.
    """

    on: date
    day: date
    event: Event
    draft: Event
    do: Do
    rule: str
    act: int
    offered: bool = False
    key: str = ""


Plan = tuple[Planned, ...]
Aim = Callable[[Case, Event, date], list[Judged]]


class StoppedError(Exception):
    """The budget is spent."""


@attrs.define(eq=False)
class Trial:
    """One case under one edition, with plans for it; counts how often it judges, and stops where that is too often."""

    edition: Edition
    case: Case
    as_of: date
    budget: int = BUDGET
    judged: int = 0
    _cases: dict[tuple[Plan, int], Case] = attrs.field(factory=dict, init=False)

    def judge(self, case: Case, event: Event, day: date) -> list[Judged]:
        """What is said of an event; counted."""
        self.count()
        return judge(self.edition, case, event, day)

    def count(self) -> None:
        self.judged += 1
        if self.judged > self.budget:
            raise StoppedError

    def project(self, plan: Plan, day: date) -> Case:
        """The case with the whole plan in it, in the state to which the acts up to *day* have moved it."""
        order = tuple(by_day(plan))
        return self._with_all(order, sum(p.on <= day for p in order))

    def _with_all(self, order: Plan, moved: int) -> Case:
        """The case with everything of *order* in it, of which the first *moved* have moved it."""
        known = len(order)
        while known and (order[:known], min(moved, known)) not in self._cases:
            known -= 1
        case = self._cases[order[:known], min(moved, known)] if known else self.case
        for n in range(known + 1, len(order) + 1):
            case = self.after(case, order[n - 1], moves=moved >= n)
            self._cases[order[:n], min(moved, n)] = case
        return case

    def after(self, case: Case, planned: Planned, *, moves: bool = True) -> Case:
        """The case with one thing planned; where it *moves*, in the state that leads to."""
        version = case.version + 1
        changes: dict[str, object] = {"version": version}
        if moves and isinstance(planned.event, Act):
            to = self.edition.table.get((case.state, planned.event.way), case.state)
            if to != case.state:
                changes |= {"state": to, "since": (planned.day, version)}
            case, settled = _settled(case, planned, version)
            changes |= settled
        return case.then(Entry(version, planned.day, planned.event), **changes)

    # --- what a plan is worth

    def replay(self, plan: Plan, target: Event, day: date, aim: Aim | None = None) -> int | None:
        """Everything planned is entered day by day, and then the target: the place of the first that is refused, if any is."""
        case = self.case
        for i, p in enumerate(by_day(plan)):
            if p.on > day or self._refused(case, p):
                return i
            case = self.after(case, p)
        self.count()
        said = aim(case, target, day) if aim else judge(self.edition, case, target, day)
        return len(plan) if any(j.refuses for j in said) else None

    def _refused(self, case: Case, planned: Planned) -> bool:
        event, day = planned.event, planned.day
        if is_second(event, day, case):
            return True
        if isinstance(event, Act):
            return any(j.refuses for j in self.judge(case, event, day))
        strand = self.edition.strand_of(type(event))
        return strand is not None and not strand.fits(case, event, day).good

    def shortened(self, plan: Plan, target: Event, day: date, aim: Aim | None = None) -> Plan:
        """The plan, by day, without what it can do without: of things of one kind, and of ways among several."""
        alike = {p.act for p in plan for q in plan if p.act != q.act and merged(p.draft, q.draft) is not None}
        for act in sorted({p.act for p in plan if p.offered or p.act in alike}, reverse=True):
            gone = resting_on(plan, act)
            fewer = tuple(p for p in plan if p.act not in gone)
            if self.replay(fewer, target, day, aim) is None:
                plan = fewer
        return tuple(by_day(plan))


def _settled(case: Case, planned: Planned, version: int) -> tuple[Case, dict[str, object]]:
    """The case with an act affirmed or voided, where that is what is planned."""
    event = planned.event
    if isinstance(event, DecisionVoided):
        return case.without(event.entry), {}
    if isinstance(event, DecisionAffirmed):
        affirmed = Decided(version, planned.day, frozenset({event.entry}), affirms=event.entry)
        return case, {"acts": (*case.acts, affirmed)}
    return case, {}


def is_second(event: Event, day: date, case: Case) -> bool:
    """Whether a fact of state of the same subject and day is there already."""
    try:
        return event.state_of is not None and any(second_state(event, day, case))
    except OpenFieldError:
        return False


def resting_on(plan: Plan, act: int) -> set[int]:
    """An act, and those about something that only it introduces."""
    gone = {act}
    for p in plan:
        labels = (value.label for value in content_of(p.draft).values() if isinstance(value, StandIn))
        gone |= {p.act for label in labels if label.startswith(tuple(f"open.{n}." for n in gone))}
    return gone


def by_day(plan: Plan) -> list[Planned]:
    return sorted(plan, key=lambda p: p.on)


def key_of(draft: Event) -> str:
    return f"{draft.type_name} {sorted((n, repr(v)) for n, v in content_of(draft).items())}"
