"""Strands: things inside a case with a small lifecycle of their own. They begin, last and may end, keyed by an id."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Generic, TypeVar

import attrs

from candidacy.case import Case, Strand
from candidacy.check import (
    UNKNOWN,
    Check,
    Do,
    Either,
    Every,
    Remedy,
    Step,
    all_of,
    at_least,
    holds,
    never,
    not_before,
)
from candidacy.errors import DefinitionError
from candidacy.events import Event, fields_of, partial
from candidacy.spans import DAY, Quantity, Span, Window, days, exactly

B = TypeVar("B", bound=Event)


@attrs.frozen
class Counted(Generic[B]):
    """Strands by whether they count towards something.

    Attributes:
        found: those that do.
        unknown: those of which it is not known.
        not_counted: the ids of the others, each with the reason, a code of words joined by hyphens.
    """

    found: tuple[Strand[B], ...]
    unknown: tuple[Strand[B], ...]
    not_counted: tuple[tuple[str, str], ...]


@attrs.frozen
class Strands(Generic[B]):
    """A kind of strand.

    Attributes:
        name: singular, such as "assignment"; also the field of both events that holds the strand's id.
        begun, ended: the events that open and close one.
        by: the role that enters them; "" where the program alone can say.
        last_day_included: whether the day of *ended* still belongs to it (an assignment) or no longer (a suspension).
    """

    name: str
    begun: type[B]
    ended: type[Event]
    by: str
    last_day_included: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse events without the field that names the strand."""
        strange = [k for k in (self.begun, self.ended) if not (isinstance(k, type) and issubclass(k, Event) and k.type_name)]
        if strange:
            raise DefinitionError(
                f"strands {self.name!r}", [f"found {k!r}; needed an event declared with @fact or @act" for k in strange]
            )
        lacking = [k.__name__ for k in (self.begun, self.ended) if self.name not in {a.name for a in fields_of(k)}]
        if lacking:
            raise DefinitionError(f"strands {self.name!r}", [f"{k} has no field {self.name!r}" for k in lacking])

    def id_of(self, event: Event) -> str:
        """The id of the strand that an event of this kind belongs to."""
        name: str = getattr(event, self.name)
        return name

    def concerns(self, kind: type[Event]) -> bool:
        """Whether events of *kind* open or close such a strand."""
        return issubclass(kind, self.begun | self.ended)

    def of(self, case: Case) -> list[Strand[B]]:
        """The strands of *case*, oldest first. Each takes its earliest end.

        One that was begun twice counts from the later day: a contradiction never adds days.
        """
        ends: dict[str, date] = {}
        for day, event in case.all(self.ended):
            ends.setdefault(self.id_of(event), day)
        found: dict[str, Strand[B]] = {}
        for day, event in case.all(self.begun):
            end = ends.get(self.id_of(event))
            last = end - DAY if end and not self.last_day_included else end
            found[self.id_of(event)] = Strand(self.id_of(event), event, day, last, counts_from=day)
        return sorted(found.values(), key=lambda s: (s.first, s.id))

    def open_on(self, case: Case, day: date) -> list[Strand[B]]:
        """Those of *case* in which *day* lies, oldest first."""
        return [strand for strand in self.of(case) if strand.open_on(day)]

    def fits(self, case: Case, event: Event, day: date) -> Check:
        """A strand begins once and ends once, not before its beginning. *case* is all that was ever entered."""
        kind, name = self.name, self.id_of(event)
        begun = case.all(self.begun).where(lambda _, e: self.id_of(e) == name).first
        ended = case.all(self.ended).where(lambda _, e: self.id_of(e) == name).first
        if isinstance(event, self.begun):
            return holds(begun is None, "a-new-id", by=never("the id is taken"), strand=kind, id=name)
        if begun is None:
            begin: Remedy = Do((Step(partial(self.begun, **{kind: name})),), self.by) if self.by else UNKNOWN
            return holds(False, "has-begun", by=begin, strand=kind, id=name)
        return all_of(
            holds(ended is None, "has-not-ended", by=never("it has ended"), strand=kind, id=name),
            not_before(day, begun.day, what="beginning"),
        )

    def lasting(self, span: Span, new: Event | None = None) -> Do:
        """Begin a new one and let it last *span*; *new* drafts its beginning, where the requirement fixes any of it."""
        return Do((Step(new or partial(self.begun)), Step(partial(self.ended), span)), self.by)

    def finish(self, strand: Strand[B], span: Span) -> Do:
        """Let an open one go on until it has lasted *span*."""
        earliest = span.last(strand.counts_from)
        return Do((Step(partial(self.ended, **{self.name: strand.id})),), self.by, Window(first=earliest))

    def counted(self, case: Case, counts: Callable[[Strand[B]], Strand[B] | str | None]) -> Counted[B]:
        """The strands of a case by whether they count.

        Args:
            counts: gives the strand, perhaps with a later day to count from; why it does not count; None where that is not known.
        """
        answers = [(strand, counts(strand)) for strand in self.of(case)]
        return Counted(
            tuple(answer for _, answer in answers if isinstance(answer, Strand)),
            tuple(strand for strand, answer in answers if answer is None),
            tuple((strand.id, answer) for strand, answer in answers if isinstance(answer, str)),
        )

    def enough(
        self,
        strands: Iterable[Strand[B]],
        n: int,
        *,
        lasting: Span,
        new: Event | None = None,
        not_counted: tuple[tuple[str, str], ...] = (),
    ) -> Check:
        """*n* ended ones of at least *lasting* each. What is missing is supplied by open ones that go on, or new ones.

        Args:
            new: a draft of the beginning of a new one, with what the requirement fixes.
            not_counted: those that do not, to be shown; see `counted`.
        """
        if not isinstance(lasting, Span):  # at run time: the rule is then undetermined, and no remedy has it
            raise TypeError(f"found lasting={lasting!r}; needed a length, such as days(60)")
        strands = list(strands)
        done = sum(s.lasted(lasting) for s in strands)
        running = [self.finish(s, lasting) for s in strands if s.last is None]
        another = self.lasting(lasting, new)

        def supply(short: int) -> Remedy:
            last_new = max(0, short - len(running))
            return Every((*(Either((*running, another)) for _ in range(short - last_new)), *((another,) * last_new)))

        check = at_least(exactly(done, f"{self.name}s of at least {lasting}"), n, by=supply)
        return attrs.evolve(check, observed={**check.observed, "lasted": _lengths(strands), **_not_counted(not_counted)})

    def pooled(
        self,
        strands: Iterable[Strand[B]],
        required: int,
        on: date,
        *,
        new: Event | None = None,
        not_counted: tuple[tuple[str, str], ...] = (),
    ) -> Check:
        """At least *required* calendar days over all ended ones; pass them through `once` so that no day counts twice.

        Args:
            new: a draft of the beginning of a new one, with what the requirement fixes.
            not_counted: those that do not, to be shown; see `counted`.
        """
        strands = list(strands)
        done = sum(s.days(on) for s in strands if s.last is not None)
        running = [s for s in strands if s.last is None]

        def supply(short: int) -> Remedy:
            ways: list[Do] = [self.finish(s, days(short)) for s in running]
            return Either((*ways, self.lasting(days(short), new)))

        check = at_least(exactly(done, "calendar days"), required, by=supply)
        return attrs.evolve(check, observed={**check.observed, **_not_counted(not_counted)})


def _not_counted(of: tuple[tuple[str, str], ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    return {"not_counted": of} if of else {}


def _lengths(strands: list[Strand[B]]) -> tuple[tuple[str, Quantity | str], ...]:
    return tuple((s.id, exactly(s.days(s.last), "calendar days") if s.last else "open") for s in strands)
