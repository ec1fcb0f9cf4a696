"""Checks: what a rule saw against what it wants, what is missing, and what would supply it.

A remedy is an AND/OR tree (Every, Either) with one kind of leaf, Do. Waiting is a Do without steps,
"never" an Either without ways. A remedy says only what the rule demands of the calendar; it never knows today.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

import attrs

from candidacy.events import Event, Fact, partial
from candidacy.spans import Quantity, Span, Window, exactly
from candidacy.terms import Term


class Outcome(StrEnum):
    """How a check came out."""

    MET = "met"
    WAIVED = "waived"
    NOT_APPLICABLE = "not applicable"
    UNMET = "unmet"
    UNDETERMINED = "undetermined"
    NEEDS_JUDGEMENT = "needs judgement"

    @property
    def good(self) -> bool:
        """Whether an act may be accepted with it."""
        return self in GOOD


GOOD = frozenset({Outcome.MET, Outcome.WAIVED, Outcome.NOT_APPLICABLE})
WORST_FIRST = (Outcome.UNMET, Outcome.UNDETERMINED, Outcome.NEEDS_JUDGEMENT, Outcome.WAIVED, Outcome.MET)
BEST_FIRST = (Outcome.MET, Outcome.WAIVED, Outcome.NEEDS_JUDGEMENT, Outcome.UNDETERMINED, Outcome.UNMET)

# --- remedies


@attrs.frozen
class Step:
    """An event on the last day of *lasting*, counted from the day its Do begins (None: on that day)."""

    event: Event
    lasting: Span | None = None

    def on(self, start: date) -> date:
        """The day of the event where the Do begins on *start*."""
        return start if self.lasting is None else self.lasting.last(start)


@attrs.frozen
class Do:
    """Steps at fixed distances, by a role, beginning on a day in the window. Without steps only time has to pass.

    Attributes:
        supposing: what is taken for granted: that an answer is yes, that a fact turns out so.
        settles: whether it only finds out what happened, and so may be dated in the past.
    """

    steps: tuple[Step, ...]
    by: str
    when: Window = Window()
    supposing: str = ""
    settles: bool = False

    def ready(self, today: date) -> date | None:
        """The earliest day by which it can be done, looking at nothing else; None if never."""
        start = self.when.next(today)
        if start is None:
            return today if self.settles else None
        return max(start, *(step.on(start) for step in self.steps)) if self.steps else start


@attrs.frozen
class Every:
    """All of them."""

    of: "tuple[Remedy, ...]" = ()


@attrs.frozen
class Either:
    """One of them; without any, no way is left, *because*."""

    of: "tuple[Remedy, ...]" = ()
    because: str = ""


Remedy = Do | Every | Either
NOTHING = Every()
"""Nothing is left to do."""
UNKNOWN = Either()
"""No way is known to the rule; another may exist."""
TIME = "time"
SO = "it turns out so"
"""What is supposed of a fact that is not known yet."""


def enter(kind: type[Event], /, *, by: str, when: Window = Window(), supposing: str = "", **content: object) -> Do:  # noqa: B008 (frozen)
    """One event of *kind*, entered by a role; *content* are the fields that the requirement fixes, others stay open."""
    return Do((Step(partial(kind, **content)),), by, when, supposing)


def wait_until(day: date) -> Do:
    """Only time has to pass."""
    return Do((), TIME, Window(first=day))


def never(because: str) -> Either:
    """No way is left."""
    return Either((), because)


def who_can(remedy: Remedy) -> tuple[str, ...]:
    """The roles that can supply what a remedy asks for, in its order."""
    return tuple(dict.fromkeys(do.by for do in leaves(remedy) if do.by != TIME))


def leaves(remedy: Remedy) -> Iterator[Do]:
    """Every Do in it, in its order."""
    if isinstance(remedy, Do):
        yield remedy
    else:
        for part in remedy.of:
            yield from leaves(part)


WAYS = 256
"""How many ways are told of a remedy at most."""


def ways(remedy: Remedy) -> list[tuple[Do, ...]]:
    """The ways to do it, each a set of Dos; of ways that differ only in roles or in their order the first stands for all.

    Of more than WAYS of them one more than that is told.
    """
    if isinstance(remedy, Do):
        return [(remedy,)]
    if isinstance(remedy, Either):
        return _distinct(way for part in remedy.of for way in ways(part))
    found: list[tuple[Do, ...]] = [()]
    for part in remedy.of:
        others = ways(part)
        found = _distinct((*way, *other) for way in found for other in others)
    return found


def _distinct(found: Iterable[tuple[Do, ...]]) -> list[tuple[Do, ...]]:
    known: dict[object, tuple[Do, ...]] = {}
    for way in found:
        known.setdefault(frozenset(Counter((do.steps, do.when, do.supposing) for do in way).items()), way)
        if len(known) > WAYS:
            break
    return list(known.values())


def earliest(remedy: Remedy, today: date, on: date | None = None) -> date | None:
    """A day before which it cannot be done, looking at nothing else; None if never.

    Args:
        on: the day to which things have come already, where only time has to pass; *today*, where none is given.
    """
    if isinstance(remedy, Do):
        return remedy.ready(today if remedy.steps else on or today)
    ready = [earliest(part, today, on) for part in remedy.of]
    known = [day for day in ready if day is not None]
    if isinstance(remedy, Every):
        return max(known, default=today) if len(known) == len(ready) else None
    return min(known, default=None)


def found_out(remedy: Remedy) -> Remedy:
    """The same remedy, whose facts only find out what is not known: they may be dated in the past."""
    if isinstance(remedy, Do):
        facts = bool(remedy.steps) and all(isinstance(step.event, Fact) for step in remedy.steps)
        return attrs.evolve(remedy, settles=True, supposing=remedy.supposing or SO) if facts else remedy
    return attrs.evolve(remedy, of=tuple(found_out(part) for part in remedy.of))


# --- checks


@attrs.frozen
class Check:
    """What a rule saw against what it wants.

    Attributes:
        observed: what it saw, by name.
        required: what it wants: ``at least`` an amount, ``not before`` or ``not after`` a day, and ``that``, a code of
            words joined by hyphens, which says in short what must be so.
        missing: the shortfall in an amount, or the day that is waited for; None when good, or where there is none.
        remedy: what would meet it.
        rests_on: versions of the case whose records it was shown; filled by `decide`.
        parts, joint: the checks it is made of, joined by "and" or "or".
        instead: the event as it would have to be, where its own content is at fault; no part of a finding.
        closes: the last day on which it can be met, as an authority states it; no part of a finding.
    """

    outcome: Outcome
    observed: Mapping[str, Term]
    required: Mapping[str, Term]
    missing: Term = None
    remedy: Remedy = NOTHING
    rests_on: tuple[int, ...] = ()
    parts: "tuple[Check, ...]" = ()
    joint: str = ""
    instead: Event | None = None
    closes: date | None = None

    @property
    def good(self) -> bool:
        """Whether an act may be accepted with it."""
        return self.outcome.good

    @property
    def who(self) -> tuple[str, ...]:
        """The roles that can supply what is missing."""
        return who_can(self.remedy)

    def resting(self, versions: tuple[int, ...]) -> "Check":
        """This check, and the versions of the case whose records it was shown."""
        return Check(
            self.outcome, self.observed, self.required, self.missing, self.remedy, versions,
            self.parts, self.joint, self.instead, self.closes,
        )  # fmt: skip

    def __and__(self, other: "Check") -> "Check":
        return all_of(self, other)

    def __or__(self, other: "Check") -> "Check":
        return any_of(self, other)


def parts_of(check: Check) -> Iterator[Check]:
    """A check and everything it is made of."""
    yield check
    for part in check.parts:
        yield from parts_of(part)


def closing(check: Check) -> date | None:
    """The nearest last day that is stated in a check or a part of it; None where none is."""
    return min((part.closes for part in parts_of(check) if part.closes), default=None)


def all_of(*checks: Check) -> Check:
    """As bad as its worst part. Parts that are not applicable are left out; if all are, so is the whole."""
    return _join(checks, "and", WORST_FIRST)


def any_of(*checks: Check) -> Check:
    """As good as its best part. Parts that are not applicable are left out; if all are, so is the whole."""
    return _join(checks, "or", BEST_FIRST)


def each(checks: Iterable[Check], *, none: str) -> Check:
    """Every one of them; not applicable, because of *none*, when there is none."""
    found = tuple(checks)
    return all_of(*found) if found else does_not_apply(none)


def unless_met(check: Check, unknown: Iterable[Check]) -> Check:
    """*check* where it is good, or nothing is unknown; else the first of *unknown*, which could still meet it."""
    return check if check.good else next(iter(unknown), check)


def _join(checks: tuple[Check, ...], joint: str, order: tuple[Outcome, ...]) -> Check:
    asked = tuple(c for c in checks if c.outcome is not Outcome.NOT_APPLICABLE)
    if not asked:
        return attrs.evolve(does_not_apply("no-part-applies"), parts=checks, joint=joint)
    outcome = next(o for o in order if any(c.outcome is o for c in asked))
    if outcome.good:
        return Check(outcome, {}, {}, parts=checks, joint=joint)
    open_parts = tuple(c for c in asked if not c.good)
    ways = tuple(c.remedy for c in open_parts)
    remedy: Remedy = Every(ways) if joint == "and" else Either(ways)
    return Check(outcome, {}, {}, None, remedy, parts=checks, joint=joint)


def does_not_apply(because: str) -> Check:
    """Nothing is asked here, and why: a code of words joined by hyphens."""
    return Check(Outcome.NOT_APPLICABLE, {"because": because}, {})


def holds(  # noqa: PLR0913 (what would make it so, what would tell, and until when)
    ok: bool | None,  # noqa: FBT001 (the question itself)
    that: str,
    *,
    by: Remedy = UNKNOWN,
    settle: Remedy | None = None,
    instead: Event | None = None,
    closes: date | None = None,
    **observed: Term,
) -> Check:
    """A plain condition. None means the facts do not say.

    Args:
        that: what must be so, a code of words joined by hyphens: ``mentor-in-the-SES``. The sentence is the rule's own.
        by: what would make it so; where the facts do not say, what would tell, unless *settle* is given.
        settle: what would find out, where the facts do not say.
        instead: the event that is judged as it would have to be, where its own content is at fault.
        closes: the last day on which it can be so, as an authority states it.
        observed: what was seen, by name: ids, days, amounts, truth values, words of closed vocabularies.
    """
    refuse_no_remedy(by=by, settle=settle or by)
    outcome = Outcome.UNDETERMINED if ok is None else Outcome.MET if ok else Outcome.UNMET
    remedy = NOTHING if ok else by if ok is not None else found_out(settle or by)
    return Check(outcome, observed, {"that": that}, None, remedy, instead=None if ok else instead, closes=closes)


def refuse_no_remedy(**given: object) -> None:
    """Refuse what is no remedy, by the name of the argument: the rule is then undetermined, and no path meets it.

    Raises:
        TypeError: for a role in the place of what it would enter, most of all.
    """
    for name, remedy in given.items():
        if not isinstance(remedy, Do | Every | Either):
            raise TypeError(f"found {name}={remedy!r}; needed a remedy, such as enter(Event, by='office')")


def at_least(observed: Quantity, required: int, *, by: Callable[[int], Remedy], settle: Remedy | None = None) -> Check:
    """*observed* reaches *required*, in the same unit; undetermined where its bounds straddle it.

    Args:
        by: makes the remedy of the shortfall, given in units.
        settle: what would find out what is not known.
    """
    wanted = {"at least": exactly(required, observed.unit)}
    if observed.least >= required:
        return Check(Outcome.MET, {"found": observed}, wanted)
    short = required - observed.least
    outcome, remedy = Outcome.UNMET, by(short)
    refuse_no_remedy(by=remedy)
    if observed.most >= required:
        outcome = Outcome.UNDETERMINED
        remedy = Either((found_out(settle), remedy)) if settle else remedy
    return Check(outcome, {"found": observed}, wanted, exactly(short, observed.unit), remedy)


def not_before(day: date, opens: date, *, what: str) -> Check:
    """*day* has reached *opens*; the remedy is to wait. *what* is a code for what opens."""
    if day >= opens:
        return Check(Outcome.MET, {"day": day}, {"not before": opens, "that": what})
    return Check(Outcome.UNMET, {"day": day}, {"not before": opens, "that": what}, opens, wait_until(opens))


def not_after(day: date, closes: date, *, what: str) -> Check:
    """*day* is not past *closes*, the last day; once it is, no way is left (an extension moves *closes*)."""
    if day <= closes:
        return Check(Outcome.MET, {"day": day}, {"not after": closes, "that": what}, closes=closes)
    return Check(Outcome.UNMET, {"day": day}, {"not after": closes, "that": what}, closes, never(what), closes=closes)
