"""The search for the earliest day an act can be accepted, over the ways that remedies offer. It knows no agency and no clock.

One best-first search over nodes of a day, a plan and the acts still pursued, the innermost last. Whatever is added to its plan,
a node's target is not accepted before its day; days only rise to bounds that every continuation obeys, and the smallest is
taken first. So the first target accepted is the earliest of all plans made of the ways offered.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product

import attrs

from candidacy._plans import Aim, Plan, Planned, Trial, by_day, is_second, key_of
from candidacy.answering import Judged
from candidacy.check import WAYS, Check, Do, Outcome, Remedy, Step, closing, earliest, leaves, parts_of, ways
from candidacy.draft import StandIn, amended, kind_of, merged, open_fields, stood_in
from candidacy.events import Act, Event, content_of
from candidacy.guards import LIFECYCLE, STRAND, SUSPENSION
from candidacy.settling import SETTLED
from candidacy.spans import DAY, Span, Window

YEARS = 12
"""How far ahead it looks."""
DELAYS = 50
"""How often a goal is put off because only time has to pass."""
AGAIN = 2
"""How often more is done of the very same for a rule that is not met by it."""
VAIN = 1
"""How often an act is held back further although that has not helped."""


CHOICES = 4
"""How many contents of a field are tried."""

HOLDING = (SUSPENSION, SETTLED)
"""What holds up every act, and is met first."""
Asked = tuple[str, Remedy]


@attrs.frozen(eq=False)
class Goal:
    """An event that is pursued.

    Attributes:
        do: the step that is pursued and those that follow at fixed distances.
        events: of all of its steps, with stand-ins.
        day: it is not entered before; *because* of a rule.
        choosing: whether it occupies time and its first day is still to be chosen.
        waited: whether the role that enters it has had its usual time; *delays*, how often it was put off.
        tried: what was done for it already; *again*, what was done once more, not before *since*.
        wanted: what may last some time and is still asked for.
        key, first_key: what it is, whatever it is called, now and before its content was amended.
        asker: the place in the stack of the goal that it is pursued for.
    """

    do: Do
    events: tuple[Event, ...]
    rule: str
    act: int
    day: date
    because: str = ""
    choosing: bool = False
    offered: bool = False
    waited: bool = False
    delays: int = 0
    tried: tuple[Asked, ...] = ()
    again: tuple[Asked, ...] = ()
    since: date = date.min
    wanted: tuple[Do, ...] = ()
    key: str = ""
    first_key: str = ""
    asker: int = 0

    @property
    def event(self) -> Event:
        """What is pursued."""
        return self.events[0]


@attrs.frozen
class Floor:
    """What is held back: not before *day*, since a period that it may begin was over on *closes*, *short* days too early.

    *what* is the type of an act, or the key of a fact; *vain* counts how often holding it back further has not made it less.
    """

    what: str
    day: date
    closes: date
    short: int
    vain: int = 0


@attrs.frozen(eq=False)
class Node:
    """A plan, and what is still pursued; *floors* holds acts back that would otherwise come too early."""

    plan: Plan
    stack: tuple[Goal, ...]
    acts: int
    floors: tuple[Floor, ...] = ()

    @property
    def bound(self) -> date:
        """No continuation reaches the target before."""
        return max(goal.day for goal in self.stack)


@attrs.frozen(eq=False)
class Found:
    """The earliest day, the plan that reaches it, the target as it is entered then, and the rule that made it so late."""

    day: date
    plan: Plan
    target: Planned
    because: str


@attrs.frozen(eq=False)
class Blocked:
    """Where the search could go no further: a rule and its check, on a day, to which the case had to wait because of another.

    *vain*, where what the rule itself offers was done and did not meet it.
    """

    rule: str
    check: Check
    day: date
    because: str
    depth: int
    vain: bool = False


@attrs.define(eq=False)
class Solver(Trial):
    """One case under one edition, as of a day; counts how often it judges.

    Attributes:
        waits: how long roles usually take to decide, or the days on which they sit; {} to have them decide the same day.
        cut: what the search left out, and the day before which nothing is missed by it.
        certain: leave out ways that suppose something, where there are others.
        choice: which content stands in open fields where a requirement lets choose; *choices*, how many there were at most.
    """

    waits: Mapping[str, Span | tuple[date, ...]] = attrs.Factory(dict)
    certain: bool = False
    choice: int = 0
    choices: int = 1
    bound: date = date.min
    blocked: list[Blocked] = attrs.Factory(list)
    cut: list[tuple[date, str]] = attrs.Factory(list)
    _answer: Found | None = attrs.field(default=None, init=False)

    # --- searching

    def search(self, *targets: tuple[Event, str], aim: Aim | None = None) -> Found | None:
        """The earliest day on which one of *targets* is accepted, or *aim* finds nothing that refuses; None if there is none.

        Args:
            targets: acts, each with the role that enters it.

        Raises:
            StoppedError: the budget is spent; ``bound`` is then a day before which it is not reached.
        """
        self._answer = None
        heap: list[tuple[date, int, int, Node]] = []
        seen: set[object] = set()
        serial = 0
        coming = [Node((), (self._goal(Do((Step(target),), by), "", 0, self.as_of),), 1) for target, by in targets]
        while True:
            for node in coming:
                if node.bound <= self._horizon:
                    serial -= 1
                    supposed = sum(p.offered and bool(p.do.supposing) for p in node.plan)
                    heapq.heappush(heap, (node.bound, supposed, serial, node))
                else:
                    self.cut.append((node.bound, f"days more than {YEARS} years ahead were not looked at"))
            if not heap:
                return None
            self.bound, _, _, node = heapq.heappop(heap)
            coming = []
            if (key := _signature(node)) in seen:
                continue
            seen.add(key)
            coming = list(self._grown(node, aim))[::-1]
            if self._answer is not None:
                return self._answer

    @property
    def _horizon(self) -> date:
        return self.as_of.replace(day=1, year=self.as_of.year + YEARS)

    def _reached(self, node: Node, aim: Aim | None) -> Iterator[Node]:
        """The answer, where everything planned, entered day by day, and then the target are accepted.

        Where an act is refused because of what was planned since, it and the acts after it are planned anew.
        """
        (goal,) = node.stack
        refused = self.replay(node.plan, goal.event, goal.day, aim)
        if refused is None:
            plan = self.shortened(node.plan, goal.event, goal.day, aim)
            target = Planned(goal.day, goal.day, goal.event, goal.do.steps[0].event, goal.do, "", 0)
            self._answer = Found(goal.day, plan, target, goal.because)
        elif refused < len(node.plan):
            order = by_day(node.plan)
            gone = {p.act for p in order[refused:] if isinstance(p.event, Act) or p is order[refused]}
            kept = tuple(p for p in node.plan if p.act not in gone)
            yield attrs.evolve(node, plan=kept, stack=(attrs.evolve(goal, tried=()),))

    def _grown(self, node: Node, aim: Aim | None) -> Iterator[Node]:
        """What follows from a node: its innermost goal is met, waits, or is pursued in each of its ways."""
        goal, outer = node.stack[-1], node.stack[:-1]
        if goal.choosing:
            yield from (self._with(node, goal, day=day, choosing=False) for day in self._starts(node.plan, goal))
            return
        on = goal.do.when.next(goal.day)
        effective = on or self._past(goal)
        if effective is None:
            self._note(node, goal.rule, None)
        elif on is not None and on > goal.day:
            yield self._with(node, goal, day=on)
        else:
            yield from self._judged(node, goal, effective, None if outer else aim)

    def _judged(self, node: Node, goal: Goal, effective: date, aim: Aim | None) -> Iterator[Node]:
        strand = self.edition.strand_of(type(goal.event))
        over = strand and isinstance(goal.event, strand.ended) and next((p.on for p in node.plan if p.key == goal.key), None)
        if over:  # it has ended for another reason meanwhile
            yield attrs.evolve(node, stack=_met(node.stack, goal, over, ""))
            return
        bad = self._bad(node, goal, effective, aim)
        if bad is None:
            yield self._with(node, goal, day=goal.day + DAY)
        elif not bad and (later := self._waiting(goal) or self._better(node, goal, effective, aim)):
            yield self._with(node, goal, day=later, waited=True)
        elif not bad and len(node.stack) == 1:
            yield from self._reached(node, aim)
        elif not bad:
            yield from self._entered(node, goal, goal.day, effective)
        elif right := self._amended(goal, bad):
            yield self._with(node, goal, **right)
        elif (first := self._pending(node, bad)) is not None:
            yield attrs.evolve(node, stack=_brought_up(node.stack, first))
        else:
            yield from self._pursued(node, goal, goal.day, bad)

    @staticmethod
    def _pending(node: Node, bad: list[Judged]) -> int | None:
        """The place of a goal that comes later in the stack and is needed first, however what is bad may be met."""
        places, above = {g.key: i for i, g in enumerate(node.stack)}, {*_above(node.stack), len(node.stack) - 1}
        for j in bad:
            keys = [{key_of(do.steps[0].event) for do in way if do.steps} for way in ways(j.check.remedy)]
            needed = [places[key] for key in set.intersection(*keys) if key in places and places[key] not in above] if keys else []
            if needed:
                return min(needed)
        return None

    def _bad(self, node: Node, goal: Goal, day: date, aim: Aim | None) -> list[Judged] | None:
        """What stands against a goal on a day; None where only another day will do. Against a fact stands what has a remedy."""
        event = goal.event
        if is_second(event, day, self.project(node.plan, day)):
            return None
        if not isinstance(event, Act) and not self.edition.rules_for(type(event)) and self.edition.strand_of(type(event)) is None:
            return []  # nothing is said of it
        bad = [j for j in self._judge(node.plan, goal, day, aim) if j.refuses]
        if isinstance(event, Act) or aim is not None:
            return bad
        above = {node.stack[i].key for i in _above(node.stack)}
        return [j for j in bad if j.rule == STRAND or self._stands_against(goal, j, above)]

    def _stands_against(self, goal: Goal, bad: Judged, pursued: set[str]) -> bool:
        """Whether a rule stands against a planned fact: it has a remedy, not tried yet, and not on its way already.

        What only finds out what happened is told as it happened.
        """
        if goal.do.settles or earliest(bad.check.remedy, self.as_of) is None or _asked(bad) in goal.tried:
            return False
        found = ways(bad.check.remedy)
        return not all(any(do.steps and key_of(do.steps[0].event) in pursued for do in way) for way in found)

    def _waiting(self, goal: Goal) -> date | None:
        """The day on which a role usually decides, where that is later."""
        wait = self.waits.get(goal.do.by) if isinstance(goal.event, Act) and not goal.waited else None
        if wait is None:
            return None
        later = wait.after(goal.day) if isinstance(wait, Span) else Window(only=wait).next(goal.day)
        if later is None:
            return date.max  # past the last day that is declared
        return later if later > goal.day else None

    def _better(self, node: Node, goal: Goal, day: date, aim: Aim | None) -> date | None:
        """A later day of the plan for a fact against which something is said today that cannot be mended, and can be then."""
        if isinstance(goal.event, Act) or aim is not None or goal.do.settles or goal.waited:
            return None
        if not any(j.refuses for j in self._said(node, goal, day)):
            return None
        later = sorted({p.on for p in node.plan if p.on > goal.day and goal.do.when.next(p.on) == p.on})
        return next(
            (on for on in later if all(earliest(j.check.remedy, on) for j in self._said(node, goal, on) if j.refuses)), None
        )

    def _said(self, node: Node, goal: Goal, day: date) -> list[Judged]:
        return self._judge(node.plan, goal, day, None) if self.edition.rules_for(type(goal.event)) else []

    def _pursued(self, node: Node, goal: Goal, on: date, bad: list[Judged]) -> Iterator[Node]:
        later = min((p.on for p in node.plan if p.on > on), default=None)
        if later is not None:  # what is planned already may meet it
            yield self._with(node, goal, day=later)
        ready = [(earliest(j.check.remedy, self.as_of, on), j) for j in bad]
        stuck = [j for day, j in ready if day is None or _asked(j) in goal.tried]
        if stuck and (vain := self._in_vain(goal, stuck)):
            yield from self._done_again(node, goal, vain)
            return
        for j in stuck:
            self._note(node, j.rule, j.check, vain=_asked(j) in goal.tried and not closing(j.check))
        over = [j for j in stuck or bad if (closing(j.check) or on) < on]
        if over and len(over) >= len(stuck):
            yield from self._held_back(node, over, on)
        holding = [j for j in bad if j.rule in HOLDING and any(do.steps for do in leaves(j.check.remedy))]
        if not stuck and holding:  # what waits may have to wait longer while it holds; a last day may come later, too
            yield from self._by_each_way(node, goal, holding[0], [])
        if not stuck:
            yield from self._advanced(node, goal, on, bad, ready)

    def _advanced(
        self, node: Node, goal: Goal, on: date, bad: list[Judged], ready: list[tuple[date | None, Judged]]
    ) -> Iterator[Node]:
        """The goal waits for what takes longest, or something is done."""
        latest, slowest = max(((day, j) for day, j in ready if day), key=lambda r: r[0])
        plain = [j for j in bad if self._is_plain(j) and not self._cuts_short(j, bad)]
        if latest > on and slowest in plain and self._waits_for_more(slowest, on):
            yield from self._all_at_once(node, goal, [slowest])
        elif latest > on and goal.delays < DELAYS:
            yield self._with(node, goal, day=latest, because=slowest.rule, delays=goal.delays + 1)
        elif latest > on:
            self.cut.append((node.bound, f"after {DELAYS} times that it had to wait, it is to wait again: {slowest.rule}"))
        elif plain:
            yield from self._all_at_once(node, attrs.evolve(goal, wanted=tuple(self._lasting(bad))), plain)
        else:
            yield from self._branched(node, goal, ready)

    @staticmethod
    def _in_vain(goal: Goal, stuck: list[Judged]) -> list[Judged]:
        """What was done and does not count, or no longer, where that is all that stands in the way and it can be done again."""
        done = [j for j in stuck if _asked(j) in goal.tried and _asked(j) not in goal.again and not closing(j.check)]
        acting = [j for j in done if any(do.steps for do in leaves(j.check.remedy))]
        return acting if len(acting) == len(stuck) else []

    def _done_again(self, node: Node, goal: Goal, vain: list[Judged]) -> Iterator[Node]:
        """The same once more, but no sooner than what it is done for."""
        asked = tuple(map(_asked, vain))
        redone = attrs.evolve(
            goal, tried=tuple(t for t in goal.tried if t not in asked), again=(*goal.again, *asked), since=goal.day
        )
        yield from self._by_each_way(node, redone, vain[0], self._lasting(vain))

    def _waits_for_more(self, judged: Judged, on: date) -> bool:
        """Whether something can be done at once for what also has to wait: how long it waits may depend on that."""
        return all((do.ready(self.as_of) or on) <= on for do in leaves(judged.check.remedy) if do.steps)

    def _branched(self, node: Node, goal: Goal, ready: list[tuple[date | None, Judged]]) -> Iterator[Node]:
        """The slowest of what is open is met in each of its ways: each must be, by some way of its own."""
        acting = [part for _, j in ready for part in self._acting_parts(j)]
        if not acting:
            for _, j in ready:
                self._note(node, j.rule, j.check)
            return
        hardest = max(acting, key=lambda j: earliest(j.check.remedy, self.as_of) or self.as_of)
        pool = [*self._lasting(j for _, j in ready), *(do for i in _above(node.stack) for do in node.stack[i].wanted)]
        yield from self._by_each_way(node, goal, hardest, pool)
        lasting = self._begun_by(hardest.check)
        for other in acting:
            if other is not hardest and lasting & self._begun_by(other.check):  # it may be enough for the slowest too
                yield from self._by_each_way(node, goal, other, pool)

    @staticmethod
    def _lasting(bad: Iterable[Judged]) -> list[Do]:
        """What lasts some time of what would mend it."""
        return [do for j in bad for do in leaves(j.check.remedy) if do.steps and (len(do.steps) > 1 or do.when.first)]

    def _begun_by(self, check: Check) -> set[str]:
        """The types of what lasts some time that would be begun for it."""
        return {kind_of(do.steps[0].event).type_name for do in leaves(check.remedy) if len(do.steps) > 1}

    def _by_each_way(self, node: Node, goal: Goal, hardest: Judged, pool: list[Do]) -> Iterator[Node]:
        if _asked(hardest) in goal.tried:
            self._note(node, hardest.rule, hardest.check, vain=True)
            return
        offered = ways(hardest.check.remedy)
        if len(offered) > WAYS:
            self.cut.append((goal.day, f"only the first {WAYS} ways to meet it were looked at: {hardest.rule}"))
            offered = offered[:WAYS]
        if self.certain:
            offered = [way for way in offered if not any(do.settles for do in way)] or offered
        for way in offered:
            for varied in product(*(self._variants(do, pool) for do in way)):
                yield from self._set_out(node, goal, [(hardest.rule, do) for do in varied], [hardest], offered=len(offered) > 1)

    def _acting_parts(self, judged: Judged) -> Iterator[Judged]:
        """The open parts, where all must be met, for which something can be done: the others are asked again once they are."""
        if not any(do.steps for do in leaves(judged.check.remedy)):
            return
        parts = judged.check.parts if judged.check.joint == "and" else ()
        open_parts = [attrs.evolve(judged, check=part) for part in parts if not part.good]
        found = [acting for part in open_parts for acting in self._acting_parts(part)]
        yield from found or [judged]

    def _is_plain(self, judged: Judged) -> bool:
        """Whether there is one way, and nothing in it occupies time."""
        dos = [do for do in leaves(judged.check.remedy) if do.steps]
        return bool(dos) and not any(map(self._occupies_time, dos)) and len(ways(judged.check.remedy)) == 1

    def _cuts_short(self, judged: Judged, bad: list[Judged]) -> bool:
        """Whether it ends what something else wants to go on."""
        ends = [do for do in leaves(judged.check.remedy) if do.steps and not do.when.first]
        return any(do.steps == longer.steps and longer.when.first for do in ends for longer in self._lasting(bad))

    def _occupies_time(self, do: Do) -> bool:
        """Whether it lasts, or lets something go on: then how long is a choice."""
        return len(do.steps) > 1 or (do.when != Window() and self.edition.strand_of(kind_of(do.steps[0].event)) is not None)

    def _all_at_once(self, node: Node, goal: Goal, plain: list[Judged]) -> Iterator[Node]:
        """Everything that has but one way is needed in any plan; of a kind that two ask for, the first comes first."""
        dos: list[tuple[str, Do]] = []
        met: list[Judged] = []
        for j in plain:
            (way,) = (tuple(dict.fromkeys(way)) for way in ways(j.check.remedy))
            others = [do for _, do in dos]
            kinds = {kind_of(do.steps[0].event) for do in others if do.steps}
            if all(do in others or not do.steps or kind_of(do.steps[0].event) not in kinds for do in way):
                dos += [(j.rule, do) for do in way if do not in others]
                met.append(j)
        yield from self._set_out(node, goal, dos, met, offered=False)

    def _set_out(self, node: Node, goal: Goal, dos: list[tuple[str, Do]], met: list[Judged], *, offered: bool) -> Iterator[Node]:
        """The same goal, with what is done for it pursued first."""
        above = (goal, *(node.stack[i] for i in _above(node.stack)))
        pursued = {key for g in above for key in (g.key, g.first_key)}
        steps = [(rule, do) for rule, do in dos if do.steps]
        if any(key_of(do.steps[0].event) in pursued for _, do in steps):
            return  # it would be done for its own sake
        if any(_is_planned(node.plan, do, goal.day) for _, do in steps):
            return  # the goal waits for it instead
        again = Counter((p.rule, p.key) for p in node.plan) - Counter((rule, key_of(do.steps[0].event)) for rule, do in steps)
        if any(again[rule, key_of(do.steps[0].event)] > AGAIN for rule, do in steps):
            return  # more of the same has not helped
        # Once something is done, what had to be waited for may be another day.
        ready = [(do.ready(self.as_of if do.steps else goal.day), rule) for rule, do in steps or dos]
        if any(day is None for day, _ in ready):
            return
        bound, because = max(((day, rule) for day, rule in ready if day), default=(goal.day, ""), key=lambda r: r[0])
        held = attrs.evolve(
            goal,
            day=max(goal.day, bound),
            because=because if bound > goal.day else goal.because,
            tried=(*goal.tried, *map(_asked, met)),
            since=date.min,
        )
        goals = [
            attrs.evolve(
                self._goal(do, rule, node.acts + i, max(goal.since, self._floor(node, rule, do, goal.day)), offered=offered),
                asker=len(node.stack) - 1,
            )
            for i, (rule, do) in enumerate(steps)
        ]
        yield attrs.evolve(node, stack=(*node.stack[:-1], held, *goals[::-1]), acts=node.acts + len(goals))

    def _goal(self, do: Do, rule: str, act: int, day: date, *, offered: bool = False) -> Goal:
        """A goal, with the same stand-in for the same open field of all its steps."""
        known: dict[str, object] = {}
        events = []
        for step in do.steps:
            event = stood_in(step.event, lambda name: f"open.{act}.{name}", known, self.choice)
            self.choices = max([self.choices, *(min(said.choices, CHOICES) for said in open_fields(step.event).values())])
            known |= {n: v for n, v in content_of(event).items() if isinstance(v, StandIn)}
            events.append(event)
        choosing, key = bool(act) and len(do.steps) > 1, key_of(do.steps[0].event)
        return Goal(do, tuple(events), rule, act, day, choosing=choosing, offered=offered, key=key, first_key=key)

    def _floor(self, node: Node, rule: str, do: Do, day: date) -> date:
        """A day before which it is not entered: what the lifecycle asks for follows the act that made the state."""
        event = do.steps[0].event
        held = [f.day for f in node.floors if f.what in {event.type_name, key_of(event)}]
        since = self.project(node.plan, day).since if rule == LIFECYCLE else None
        return max([self.as_of, *held, *([since[0]] if since else [])])

    def _entered(self, node: Node, goal: Goal, on: date, effective: date) -> Iterator[Node]:
        """The goal is entered, with what follows it; the outer goal comes no earlier."""
        draft = goal.do.steps[0].event
        made = [Planned(on, effective, goal.event, draft, goal.do, goal.rule, goal.act, goal.offered, goal.key)]
        for step, event in zip(goal.do.steps[1:], goal.events[1:], strict=True):
            day = step.on(effective)
            made.append(attrs.evolve(made[0], on=max(on, day), day=day, event=event, draft=step.event, key=key_of(step.event)))
        last = max(p.on for p in made)
        because = goal.because if goal.because and last == goal.day else goal.rule
        yield attrs.evolve(node, plan=(*node.plan, *made), stack=_met(node.stack, goal, last, because))

    def _amended(self, goal: Goal, bad: list[Judged]) -> dict[str, object] | None:
        """The goal with the content that the requirement fixes, where its own is at fault."""
        for check in (part for j in bad for part in parts_of(j.check)):
            if check.instead is None:
                continue
            ours, theirs = content_of(goal.event), content_of(check.instead)
            changed = {name: value for name, value in theirs.items() if name not in ours or ours[name] != value}
            if changed:
                first, *rest = goal.do.steps
                do = attrs.evolve(goal.do, steps=(attrs.evolve(first, event=amended(first.event, **changed)), *rest))
                again = self._goal(do, goal.rule, goal.act, goal.day)
                return {"do": do, "events": again.events, "key": again.key}
        return None

    def _variants(self, do: Do, pool: Iterable[Do]) -> list[Do]:
        """*do*, and what else serves another finding too: the same thing as long, or as short, as that one asks."""
        found = [do]
        if not do.steps or self.edition.strand_of(kind_of(do.steps[0].event)) is None:
            return found
        for other in pool:
            if len(other.steps) != len(do.steps):
                continue
            both = [merged(a.event, b.event) for a, b in zip(do.steps, other.steps, strict=True)]
            events = [event for event in both if event is not None]
            if len(events) < len(both):
                continue
            for model in (do, other):
                steps = tuple(attrs.evolve(s, event=e) for s, e in zip(model.steps, events, strict=True))
                varied = attrs.evolve(do, steps=steps, when=model.when)
                found += [varied] * (varied not in found)
        return found

    def _starts(self, plan: Plan, goal: Goal) -> list[date]:
        """First days worth trying for what occupies time: as soon as may be, or when something of its kind has ended."""
        ended = kind_of(goal.events[-1]).type_name
        known = self.project(plan, goal.day).entries
        acts = {p.on for p in plan if isinstance(p.event, Act) and p.on > goal.day and p.act != goal.act}
        return sorted({goal.day, *acts, *(e.day + DAY for e in known if e.day >= goal.day and e.event.type_name == ended)})

    def _past(self, goal: Goal) -> date | None:
        """The day in the past on which something is found to have happened."""
        when = goal.do.when
        days = when.only or ((when.last,) if when.last else ())
        began = None if self.case.taken_over else self.case.began
        return max((d for d in days if began is None or d >= began), default=None) if goal.do.settles else None

    def _with(self, node: Node, goal: Goal, **changes: object) -> Node:
        return attrs.evolve(node, stack=(*node.stack[:-1], attrs.evolve(goal, **changes)))  # type: ignore[arg-type]

    def _held_back(self, node: Node, over: list[Judged], on: date) -> Iterator[Node]:
        """The same again with what may have begun a period that is over too early so many days later: an act, or a fact seen."""
        again = self._goal(node.stack[0].do, "", 0, self.as_of)
        floors = {f.what: f for f in node.floors}
        order = by_day(node.plan)
        for j in sorted(over, key=lambda j: closing(j.check) or on):
            closes = closing(j.check) or on
            short = (on - closes).days
            seen = [p for i, p in enumerate(order, self.case.version + 1) if isinstance(p.event, Act) or i in j.check.rests_on]
            for p in seen:
                first = next(q for q in order if q.act == p.act)
                name = first.event.type_name if isinstance(p.event, Act) else first.key
                before = floors.get(name, Floor(name, first.on, date.min, short + 1))
                vain = before.vain + (short >= before.short)
                if not first.do.when.last and closes > before.closes and vain <= VAIN:
                    floor = Floor(name, first.on + short * DAY, closes, min(short, before.short), vain)
                    yield Node((), (again,), 1, tuple(sorted({**floors, name: floor}.values(), key=lambda f: f.what)))

    def _note(self, node: Node, rule: str, check: Check | None, *, vain: bool = False) -> None:
        goal = node.stack[-1]
        because = next((g.because for g in node.stack[::-1] if g.because and g.because != rule), "")
        self.blocked.append(Blocked(rule, check or Check(Outcome.UNMET, {}, {}), goal.day, because, len(node.stack), vain))

    # --- judging

    def _judge(self, plan: Plan, goal: Goal, day: date, aim: Aim | None) -> list[Judged]:
        case = self.project(plan, day)
        if aim is not None:
            self.count()
            return aim(case, goal.event, day)
        return self.judge(case, goal.event, day)


def _is_planned(plan: Plan, do: Do, day: date) -> bool:
    """Whether the plan has the act already, on a later day."""
    draft = do.steps[0].event
    return isinstance(draft, Act) and any(p.on > day and merged(p.draft, draft) is not None for p in plan)


def _met(stack: tuple[Goal, ...], goal: Goal, on: date, because: str) -> tuple[Goal, ...]:
    """What is still pursued when the innermost goal is met on a day: the one it was pursued for comes no earlier."""
    asker, rest = stack[goal.asker], list(stack[:-1])
    if on > asker.day:
        rest[goal.asker] = attrs.evolve(asker, day=on, because=because)
    return tuple(rest)


def _above(stack: tuple[Goal, ...]) -> list[int]:
    """The places of the goals that the innermost is pursued for."""
    place, found = len(stack) - 1, []
    while place:
        place = stack[place].asker
        found.append(place)
    return found


def _brought_up(stack: tuple[Goal, ...], place: int) -> tuple[Goal, ...]:
    """The same goals, the one at *place* innermost."""
    moved = (*stack[:place], *stack[place + 1 :], stack[place])
    return tuple(attrs.evolve(g, asker=g.asker - (g.asker > place)) for g in moved)


def _asked(judged: Judged) -> Asked:
    return judged.rule, judged.check.remedy


def _signature(node: Node) -> object:
    goals = tuple(
        (g.key, g.do, g.day, g.choosing, g.waited, tuple(rule for rule, _ in g.tried), tuple(rule for rule, _ in g.again))
        for g in node.stack
    )
    return goals, frozenset((p.on, p.day, p.key) for p in node.plan), node.floors
