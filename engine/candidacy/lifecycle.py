"""Lifecycles: the stages a case passes, as data. `transitions` holds the topology; the engine reads its table out of it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

import attrs
from transitions import Machine

from candidacy.case import NOT_BEGUN
from candidacy.errors import DefinitionError
from candidacy.events import ROLE_NAME, Act, Beginning, way_of

Table = Mapping[tuple[str, str], str]
"""(state, way of an act) to the state it leads to; the way is the act's type name, and its stage where it names one."""


def is_in(state: str, stage: str) -> bool:
    """Whether a state is the stage so named, or one of its steps."""
    return state == stage or state.startswith(f"{stage}/")


K = TypeVar("K")
V = TypeVar("V")


def _growing(found: dict[K, V]) -> Iterator[tuple[K, V]]:
    """What is in it, in its order, with what is added meanwhile."""
    n = 0
    while n < len(found):
        yield list(found.items())[n]
        n += 1


@attrs.frozen
class Move:
    """In *state*, an accepted *act* leads to *to*; the same state where the act moves nothing."""

    state: str
    act: type[Act]
    to: str

    @property
    def way(self) -> str:
        """What the table knows it by."""
        return way_of(self.act, self.to)


class Topology(Machine):
    """A machine that counts its changes, so that what is read out of it can be read again."""

    changes = 0

    def add_transition(self, *given: Any, **named: Any) -> None:
        """As in `transitions`."""
        super().add_transition(*given, **named)
        self.changes += 1

    def remove_transition(self, *given: Any, **named: Any) -> None:
        """As in `transitions`."""
        super().remove_transition(*given, **named)
        self.changes += 1


@attrs.frozen(eq=False)
class Lifecycle:
    """Stages and exits and the moves between them.

    A state is a stage, or ``stage/step`` where a program refined the stage into its own steps.
    ``machine`` is the topology: what is removed there is gone from decisions, diagram and explanations.
    ``goal`` is the stage that the program is for; the last one where none is named.
    """

    stages: tuple[str, ...]
    exits: tuple[str, ...]
    moves: tuple[Move, ...]
    goal: str = ""
    machine: Topology = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Check what `transitions` accepts in silence, then build the machine."""
        problems = list(self._problems())
        if problems:
            raise DefinitionError("lifecycle", problems)
        machine = Topology(
            model=None,
            states=[NOT_BEGUN, *self.stages, *self.exits],
            initial=NOT_BEGUN,
            auto_transitions=False,
            transitions=[{"trigger": m.way, "source": m.state, "dest": m.to} for m in self.moves],
        )
        object.__setattr__(self, "machine", machine)

    def _problems(self) -> Iterator[str]:
        states, ways = (*self.stages, *self.exits), [(m.state, m.way) for m in self.moves]
        yield from (f"found the state {s!r} twice; needed each once" for s in sorted({s for s in states if states.count(s) > 1}))
        wrong = [s for s in states if not ROLE_NAME.fullmatch(s)]
        yield from (f"found the state {s!r}; needed a plain name of at most 40 characters, a letter first" for s in wrong)
        if self.goal and not any(is_in(s, self.goal) for s in self.stages):
            yield f"found the goal {self.goal!r}; needed a stage"
        if NOT_BEGUN in states:
            yield f"found a stage {NOT_BEGUN!r}; needed another name: it is the state before a case begins"
        for m in self.moves:
            if not (isinstance(m.act, type) and issubclass(m.act, Act) and m.act.type_name):
                yield f"found a move on {m.act.__name__}; needed an act declared with @act"
            yield from (
                f"{m.act.__name__} moves from {m.state!r} to {m.to!r}: {s!r} is no declared state"
                for s in (m.state, m.to)
                if s not in {NOT_BEGUN, *states}
            )
            if m.to == NOT_BEGUN:
                yield f"{m.act.__name__} leads back to {NOT_BEGUN!r}; needed a stage or an exit"
            if m.state == NOT_BEGUN and not issubclass(m.act, Beginning):
                yield f"{m.act.__name__} begins a case; needed an act that is a Beginning"
            if m.state != NOT_BEGUN and issubclass(m.act, Beginning):
                yield f"{m.act.__name__} is a Beginning; found it possible in {m.state!r}, needed it in {NOT_BEGUN!r} alone"
        yield from (f"{name} has two moves from {state!r}" for state, name in sorted({w for w in ways if ways.count(w) > 1}))
        kinds = {m.act for m in self.moves}
        names = [k.type_name for k in kinds]
        yield from (f"found two acts with the type name {n}" for n in sorted({n for n in names if names.count(n) > 1}))

    def table(self) -> Table:
        """The moves as the machine has them now, read out of it anew whenever that has changed."""
        changes = self.machine.changes
        if changes not in self._tables:
            self._tables.clear()
            self._next.clear()
            self._tables[changes] = {
                (source, name): str(transition.dest)
                for name, event in self.machine.events.items()
                for source, transitions in event.transitions.items()
                for transition in transitions
            }
        return self._tables[changes]

    @cached_property
    def _tables(self) -> dict[int, Table]:
        return {}

    @cached_property
    def _next(self) -> dict[tuple[str, str], tuple[type[Act], ...]]:
        return {}

    @cached_property
    def acts(self) -> dict[str, type[Act]]:
        """The acts it knows, by their way."""
        return {m.way: m.act for m in self.moves}

    @property
    def finals(self) -> tuple[str, ...]:
        """States that no act leaves for another one."""
        left = {source for (source, _), to in self.table().items() if to != source}
        return tuple(s for s in (*self.stages, *self.exits) if s not in left)

    def refined(self, stage: str, steps: tuple[str, ...], moves: Iterable[Move] = ()) -> "Lifecycle":
        """The same lifecycle with *stage* made of steps, ``stage/step``.

        What led to the stage leads to its first step. What left it onward, or for an exit that no other stage
        has, leaves its last step; ways back, shared exits, and acts that move nothing are possible in every step.
        *moves* lead from step to step.
        """
        if stage not in self.stages or not steps:
            raise DefinitionError("lifecycle", [f"found the stage {stage!r} to refine; needed one of {self.stages} and steps"])
        names = tuple(f"{stage}/{step}" for step in steps)
        shared = {m.to for m in self.moves if m.state != stage and m.to in self.exits}
        new: list[Move] = list(moves)
        for m in self.moves:
            to = names[0] if m.to == stage and m.state != stage else m.to
            if m.state != stage:
                new.append(attrs.evolve(m, to=to))
            elif m.to == stage:
                new.extend(Move(name, m.act, name) for name in names)
            elif m.to in shared or (m.to in self.stages and self.stages.index(m.to) < self.stages.index(stage)):
                new.extend(Move(name, m.act, to) for name in names)
            else:
                new.append(Move(names[-1], m.act, to))
        place = self.stages.index(stage)
        return Lifecycle((*self.stages[:place], *names, *self.stages[place + 1 :]), self.exits, tuple(new), self.goal)

    def staying(self, act: type[Act], *states: str) -> "Lifecycle":
        """The same lifecycle in which *act* is possible in *states* (all open ones, if none is named) and moves nothing."""
        open_states = states or tuple(s for s in self.stages if s not in self.finals)
        return attrs.evolve(self, moves=(*self.moves, *(Move(s, act, s) for s in open_states)))

    def taking_over(self, act: type[Act], *states: str) -> "Lifecycle":
        """The same lifecycle in which *act*, which names its stage, begins a case in any of *states* (by default all open ones)."""
        open_states = states or tuple(s for s in self.stages if s not in self.finals)
        return attrs.evolve(self, moves=(*self.moves, *(Move(NOT_BEGUN, act, s) for s in open_states)))

    def routes(self, state: str, stage: str) -> list[tuple[type[Act], ...]]:
        """The ways from *state* into *stage*, the shortest to each of their last acts, each as the acts in their order.

        Shorter ones come first. An act that names the stage it leads to is no way.
        """
        steps = self._steps()
        found: dict[type[Act], tuple[type[Act], ...]] = {}
        ways: dict[str, tuple[type[Act], ...]] = {state: ()}
        for at, acts in _growing(ways):
            for source, act, to in steps:
                if source == at and is_in(to, stage):
                    found.setdefault(self.acts[act], (*acts, self.acts[act]))
                elif source == at:
                    ways.setdefault(to, (*acts, self.acts[act]))
        return list(found.values())

    def next_acts(self, state: str, way: str) -> tuple[type[Act], ...]:
        """The acts that lead from *state* towards one where the act so known has a move; those of the shortest ways first."""
        table = self.table()
        if (state, way) not in self._next:
            self._next[state, way] = self._towards(state, way, table)
        return self._next[state, way]

    def _towards(self, state: str, way: str, table: Table) -> tuple[type[Act], ...]:
        steps = self._steps()
        found: dict[type[Act], int] = {}
        for source, act, first in steps:
            distance = {first: 0}
            for at, n in _growing(distance) if source == state else ():
                if (at, way) in table:
                    found[self.acts[act]] = min(n, found.get(self.acts[act], n))
                    break
                for before, _, to in steps:
                    if before == at and to != state:
                        distance.setdefault(to, n + 1)
        return tuple(sorted(found, key=lambda act: found[act]))

    def _steps(self) -> list[tuple[str, str, str]]:
        """State, way of an act, and the other state it leads to, but for acts that name it."""
        return [(s, act, to) for (s, act), to in self.table().items() if s != to and not self.acts[act].names_its_state]

    def acts_before(self, stage: str) -> tuple[type[Act], ...]:
        """The acts on the shortest ways from the beginning to *stage*, but for those that name the stage they lead to."""
        steps = self._steps()
        distance = {NOT_BEGUN: 0}
        frontier = [NOT_BEGUN]
        while frontier:
            reached = [(s, to) for s, _, to in steps if s in frontier and to not in distance]
            distance |= {to: distance[s] + 1 for s, to in reached}
            frontier = [to for _, to in reached]
        wanted, found = {stage}, list[type[Act]]()
        for state in sorted(distance, key=lambda s: -distance[s]):
            ways = [(s, a) for s, a, to in steps if to == state and state in wanted and distance.get(s) == distance[state] - 1]
            wanted |= {s for s, _ in ways}
            found += [self.acts[a] for _, a in ways]
        return tuple(dict.fromkeys(reversed(found)))
