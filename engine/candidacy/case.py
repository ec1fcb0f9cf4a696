"""The case that rules ask: accepted events with the day each took effect. No rule reads another case.

A case remembers which entries an asking rule was shown, so that a finding can name the records it rests on.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import Any, Generic, TypeVar

import attrs

from candidacy.errors import MissingValueError
from candidacy.events import Beginning, CaseTakenOver, Event, RoleEnded, RoleGiven, Unread
from candidacy.spans import DAY, Quantity, Span, calendar_days

E = TypeVar("E", bound=Event)
B = TypeVar("B", bound=Event)
V = TypeVar("V")

NOT_BEGUN = "not begun"
ABOUT_ENTRIES = ("_kinds", "_beginning", "_about_roles", "_held")
"""What a case remembers of its entries."""


@attrs.frozen
class Entry(Generic[E]):
    """An accepted event: the version of the case that its record made, its effective day, and itself."""

    version: int
    day: date
    event: E


@attrs.frozen
class Facts(Generic[E]):
    """Entries of one kind, oldest first. *unsure* are those a question could not decide."""

    sure: tuple[Entry[E], ...]
    unsure: tuple[Entry[E], ...]
    _seen: set[int]

    def where(self, holds: Callable[[date, E], bool | None]) -> "Facts[E]":
        """Those for which *holds* says True; None keeps one aside as unsure, False drops it."""
        sure: list[Entry[E]] = []
        unsure: list[Entry[E]] = []
        for entry in self.sure:
            answer = holds(entry.day, entry.event)
            if answer is None:
                unsure.append(entry)
            elif answer:
                sure.append(entry)
        unsure.extend(e for e in self.unsure if holds(e.day, e.event) is not False)
        return Facts(tuple(sure), tuple(unsure), self._seen)

    def after(self, entry: "Entry[Any] | None") -> "Facts[E]":
        """Those entered after *entry*; all of them where there is none."""
        if entry is None:
            return self
        return Facts(
            tuple(e for e in self.sure if e.version > entry.version),
            tuple(e for e in self.unsure if e.version > entry.version),
            self._seen,
        )

    def distinct(self, by: Callable[[E], object], *, least: Callable[[E], int]) -> "Facts[E]":
        """One of each: what was reported twice counts once, with the smallest amount that was reported."""

        def first_of_each(entries: tuple[Entry[E], ...]) -> tuple[Entry[E], ...]:
            kept: dict[object, Entry[E]] = {}
            for entry in sorted(entries, key=lambda e: (least(e.event), e.day, e.version)):
                kept.setdefault(by(entry.event), entry)
            return tuple(sorted(kept.values(), key=lambda e: (e.day, e.version)))

        sure = first_of_each(self.sure)
        taken = {by(e.event) for e in sure}
        return Facts(sure, tuple(e for e in first_of_each(self.unsure) if by(e.event) not in taken), self._seen)

    def total(self, of: Callable[[E], int], unit: str) -> Quantity:
        """The sum over them: least from the sure ones, most with the unsure ones."""
        self._shown(self.sure + self.unsure)
        least = sum(of(e.event) for e in self.sure)
        return Quantity(least, least + sum(of(e.event) for e in self.unsure), unit)

    def count(self, unit: str) -> Quantity:
        """How many there are: least the sure ones, most with the unsure ones."""
        return self.total(lambda _: 1, unit)

    @property
    def first(self) -> Entry[E] | None:
        """The oldest sure one."""
        return self._shown(self.sure[:1])[0] if self.sure else None

    @property
    def last(self) -> Entry[E] | None:
        """The newest sure one."""
        return self._shown(self.sure[-1:])[0] if self.sure else None

    def __iter__(self) -> Iterator[tuple[date, E]]:
        for entry in self._shown(self.sure):
            yield entry.day, entry.event

    def __len__(self) -> int:
        return len(self._shown(self.sure))

    def _shown(self, entries: tuple[Entry[E], ...]) -> tuple[Entry[E], ...]:
        self._seen.update(e.version for e in entries)
        return entries


@attrs.frozen
class Strand(Generic[B]):
    """One thing inside a case that begins, lasts and may end: an assignment, a mentor pairing, a suspension."""

    id: str
    begun: B
    first: date
    last: date | None
    """Its last day, itself included; None while it is open."""
    counts_from: date
    """The first day that counts: later than *first* where an approval came late or another strand has counted the days."""

    def days(self, on: date) -> int:
        """Calendar days that count, up to its end or *on*, whichever is earlier; both ends count."""
        return calendar_days(self.counts_from, min(self.last or on, on))

    def lasted(self, span: Span) -> bool:
        """Whether it has ended and the days that count cover *span*."""
        return self.last is not None and self.last >= span.last(self.counts_from)

    def open_on(self, day: date) -> bool:
        """Whether *day* lies in it; both ends count."""
        return self.first <= day and (self.last is None or day <= self.last)


def once(strands: Iterable[Strand[B]]) -> list[Strand[B]]:
    """The same strands, oldest first, no calendar day counted twice.

    A day counts for the strand that began first; of two that began together, for the longer. An open strand takes
    no day from others until it ends. The order in which facts were entered decides nothing.
    """
    covered = date.min
    counted = []
    for strand in sorted(strands, key=lambda s: (s.counts_from, s.first, -(s.last or date.max).toordinal(), s.id)):
        start = max(strand.counts_from, covered + DAY) if covered > date.min else strand.counts_from
        counted.append(attrs.evolve(strand, counts_from=start))
        covered = max(covered, strand.last or date.min)
    return counted


@attrs.frozen
class Decided:
    """An accepted act that stands.

    Attributes:
        rests_on: versions of the entries that its decision was shown, and of the act that had made the stage; of an affirmation,
            that of the act which it affirms.
        to: the state it moved the case to; None where it moved nothing.
        affirms: the version of the act that it affirms; 0 where it affirms none.
        voids: whether it voids another act: then it may be unsettled like any other, and holds up the voiding of none.
    """

    version: int
    day: date
    rests_on: frozenset[int]
    to: str | None = None
    affirms: int = 0
    voids: bool = False


@attrs.frozen
class Requested:
    """An act that one person asks for, and that another has to enter: what it is, and who must not be the other.

    *rests_on* is what the findings of the request were shown.
    """

    version: int
    day: date
    event: Event
    people: frozenset[str]
    rests_on: frozenset[int] = frozenset()


@attrs.frozen(eq=False, slots=False)
class Case:
    """A passage through one program, as far as its accepted events tell.

    Attributes:
        entries: accepted events that stand, in order of effective day, then of entry.
        state: where the lifecycle has it; ``since`` is the effective day and version of the act that put it there.
        version: how many records it has, refused ones included.
        edition: the edition it is pinned to.
        parameters: the values of the edition it is pinned to, by parameter name.
        acts: the accepted acts that stand, by version, with what each rests on.
        corrected: facts that were voided or corrected, by version, each to the version that did it.
        requests: acts that were asked for and wait for another person.
    """

    id: str = ""
    entries: tuple[Entry[Any], ...] = ()
    state: str = NOT_BEGUN
    since: tuple[date, int] | None = None
    version: int = 0
    edition: str = ""
    open_strands: frozenset[tuple[str, str]] = frozenset()
    parameters: Mapping[str, object] = attrs.field(factory=dict)
    acts: tuple[Decided, ...] = ()
    corrected: Mapping[int, int] = attrs.field(factory=dict)
    requests: tuple[Requested, ...] = ()
    _seen: set[int] = attrs.field(factory=set)

    # --- asking

    def all(self, kind: type[E]) -> Facts[E]:
        """The accepted events of *kind*, oldest first: iterating gives pairs of effective day and event."""
        return Facts(self._kinds.get(kind.type_name, ()), (), self._seen)

    def last(self, kind: type[E]) -> E | None:
        """The newest event of *kind*, if any."""
        entry = self.all(kind).last
        return entry.event if entry else None

    def day_of(self, kind: type[Event]) -> date | None:
        """The day the first event of *kind* took effect, if any has."""
        entry = self.all(kind).first
        return entry.day if entry else None

    def at(self, day: date) -> "Case":
        """The case as it stood at the end of *day*: events effective later are left out. The state stays today's."""
        if not self.entries or self.entries[-1].day <= day:
            return self
        known = self.entries[: bisect_right(self.entries, day, key=lambda e: e.day)]
        return self.but(entries=known)

    def value(self, parameter: str, kind: type[V]) -> V:
        """The value of a parameter in the pinned edition. Raises MissingValueError where it has none."""
        found = self.parameters.get(parameter)
        if found is None or not isinstance(found, kind):
            raise MissingValueError(parameter)
        return found

    @property
    def began(self) -> date | None:
        """The day of the act that began it."""
        beginning = self._beginning
        if beginning is None:
            return None
        self._seen.add(beginning.version)
        return beginning.day

    @property
    def taken_over(self) -> date | None:
        """The day on which it was taken over from elsewhere; None where it began here."""
        beginning = self._beginning
        if beginning is None or not isinstance(beginning.event, CaseTakenOver):
            return None
        self._seen.add(beginning.version)
        return beginning.day

    @property
    def taken_over_into(self) -> str:
        """The stage in which it was taken over; "" where it began here."""
        event = self._beginning.event if self._beginning else None
        return event.stage if isinstance(event, CaseTakenOver) else ""

    @property
    def put_here(self) -> date | None:
        """The effective day of the act that put it in its state."""
        if self.since is None:
            return None
        self._seen.add(self.since[1])
        return self.since[0]

    def roles_of(self, person: str, day: date) -> frozenset[str]:
        """The roles a person holds at the end of *day*."""
        found = {role: version for (who, role), version in self._roles(day).items() if who == person}
        self._seen.update(found.values())
        return frozenset(found)

    def people(self, role: str, day: date) -> tuple[str, ...]:
        """Who holds a role at the end of *day*, longest-serving first."""
        found = {who: version for (who, held), version in self._roles(day).items() if held == role}
        self._seen.update(found.values())
        return tuple(found)

    # --- corrections

    @property
    def unsettled(self) -> tuple[int, ...]:
        """Versions of the acts that rest on a fact which was voided or corrected since, oldest first, until they are affirmed."""
        if not self.corrected:
            return ()
        affirmed: dict[int, int] = {}
        for act in self.acts:
            affirmed[act.affirms] = max(act.version, affirmed.get(act.affirms, 0))
        wrong = self.corrected
        return tuple(act.version for act in self.acts if any(wrong.get(v, 0) > affirmed.get(act.version, 0) for v in act.rests_on))

    def decided(self, version: int) -> Decided | None:
        """The accepted act of that version, if it stands."""
        return next((act for act in self.acts if act.version == version), None)

    def request(self, version: int) -> Requested | None:
        """The request of that version, where it still waits."""
        self._seen.update({version} & {r.version for r in self.requests})
        return next((r for r in self.requests if r.version == version), None)

    def resting_on(self, version: int) -> tuple[int, ...]:
        """Versions of the acts that stand and rest on the act of that version."""
        return tuple(act.version for act in self.acts if version in act.rests_on and not act.voids)

    def entry(self, version: int) -> Entry[Any] | None:
        """The entry of that version, if it stands."""
        self._seen.update({version} & {e.version for e in self.entries})
        return next((e for e in self.entries if e.version == version), None)

    def without(self, *versions: int) -> "Case":
        """This case without some entries, the acts and requests among them; the state is that of the last act left."""
        if not versions:
            return self
        gone = frozenset(versions)
        acts = tuple(act for act in self.acts if act.version not in gone)
        changes: dict[str, Any] = {"acts": acts}
        if any(act.to is not None for act in self.acts if act.version in gone):
            last = next((act for act in reversed(acts) if act.to is not None), None)
            changes |= {"state": last.to, "since": (last.day, last.version)} if last else {"state": NOT_BEGUN, "since": None}
        return self.but(
            entries=tuple(e for e in self.entries if e.version not in gone),
            requests=tuple(r for r in self.requests if r.version not in gone),
            **changes,
        )

    # --- for the engine

    def then(self, entry: Entry[Any], **changes: Any) -> "Case":
        """This case with one more entry, and other changes; entries stay in order of day, then version."""
        place = bisect_right(self.entries, (entry.day, entry.version), key=lambda e: (e.day, e.version))
        return self.but(entries=(*self.entries[:place], entry, *self.entries[place:]), **changes)

    def watched(self) -> "Case":
        """The same case with a memory of its own of what it was asked."""
        return self.but(_seen=set())

    def but(self, **changes: Any) -> "Case":
        """This case with other attributes; what was found out about its entries stays known while they are the same."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__, **changes)
        if "entries" in changes:
            for name in ABOUT_ENTRIES:
                new.__dict__.pop(name, None)
        return new

    @property
    def seen(self) -> tuple[int, ...]:
        """Versions of the entries it has shown since it was made or watched."""
        return tuple(sorted(self._seen))

    @cached_property
    def _kinds(self) -> dict[str, tuple[Entry[Any], ...]]:
        kinds: dict[str, list[Entry[Any]]] = {}
        for entry in self.entries:
            kinds.setdefault(entry.event.type_name, []).append(entry)
        return {name: tuple(entries) for name, entries in kinds.items()}

    @cached_property
    def _beginning(self) -> Entry[Beginning] | None:
        # A program's own beginning is unreadable where the program is not installed: it is the first entry made.
        begun = (e for e in self.entries if isinstance(e.event, Beginning | Unread))
        return min(begun, key=lambda e: e.version, default=None)

    @cached_property
    def _about_roles(self) -> list[Entry[Any]]:
        found = (e for e in self.entries if isinstance(e.event, Beginning | RoleGiven | RoleEnded))
        return sorted(found, key=lambda e: (e.day, isinstance(e.event, RoleEnded), e.version))

    @cached_property
    def _held(self) -> dict[date, dict[tuple[str, str], int]]:
        return {}

    def _roles(self, day: date) -> dict[tuple[str, str], int]:
        """Who holds what, and the version that gave it. Of a role given and ended on one day, the end counts."""
        if day not in self._held:
            self._held[day] = self._roles_on(day)
        return self._held[day]

    def _roles_on(self, day: date) -> dict[tuple[str, str], int]:
        held: dict[tuple[str, str], int] = {}
        for entry in takewhile(lambda e: e.day <= day, self._about_roles):
            event = entry.event
            if isinstance(event, Beginning):
                held.update({(named.person, named.role): entry.version for named in event.roles})
            elif isinstance(event, RoleGiven):
                held[event.person, event.role] = entry.version
            elif isinstance(event, RoleEnded):
                held.pop((event.person, event.role), None)
        return held
