"""What guidelines ask again and again, made of the words in `check`; each carries its remedy."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import attrs

from candidacy.case import Case
from candidacy.check import Check, each, enter, holds
from candidacy.draft import Open
from candidacy.events import Event
from candidacy.rule import Question, judged
from candidacy.spans import Window


def since_first(case: Case, kind: type[Event], that: str, then: Callable[[date], Check], *, by: str) -> Check:
    """What *then* says of the day on which the first event of *kind* took effect; without one undetermined, and it is asked for.

    Args:
        that: a code for what is lacking where there is none: ``a-first-day-in-the-program``.
        by: the role that enters such an event.
    """
    first = case.day_of(kind)
    return holds(None, that, by=enter(kind, by=by)) if first is None else then(first)


def recorded(  # noqa: PLR0913 (what is asked for has a role, days and content)
    case: Case,
    kind: type[Event],
    that: str,
    /,
    *,
    by: str,
    when: Window = Window(),  # noqa: B008 (frozen)
    supposing: str = "",
    shows: tuple[str, ...] = (),
    **content: object,
) -> Check:
    """There is an event of *kind* with this *content*; without one unmet, and it is asked for.

    Args:
        by: the role that enters it, on the days *when*, *supposing* what is taken for granted.
        shows: the fields of the content that the finding tells.
        content: fields that the event must have so; one that is `Open` is asked for and not looked at.
    """
    asked = {name: value for name, value in content.items() if not isinstance(value, Open)}
    found = case.all(kind).where(lambda _, e: all(getattr(e, name) == value for name, value in asked.items()))
    remedy = enter(kind, by=by, when=when, supposing=supposing, **content)
    told: dict[str, Any] = {name: content[name] for name in shows}
    return holds(bool(found), that, by=remedy, **told)


def each_recorded(  # noqa: PLR0913 (what is asked for has a role and a field)
    case: Case, things: Iterable[str], kind: type[Event], field: str, that: str, *, by: str, none: str
) -> Check:
    """Each of *things* is named by an event of *kind* in its *field*; those that are not are asked for.

    Args:
        by: the role that enters such an event.
        none: why nothing is asked where there are no things.
    """
    named = {getattr(event, field) for _, event in case.all(kind)}

    def check(thing: str) -> Check:
        told: dict[str, Any] = {field: thing}
        return holds(thing in named, that, by=enter(kind, by=by, **told), **told)

    return each(map(check, things), none=none)


def else_judged(within: Check, case: Case, question: Question) -> Check:
    """*within*, which has a last day, where it is met; after that day the judgement that *question* leaves to a role."""
    return within if within.good else attrs.evolve(judged(case, question), closes=within.closes)
