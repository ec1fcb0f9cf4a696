"""What would meet a requirement, in words: the remedy that its rule names, way by way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy import _phrases as say
from candidacy._remaining import because
from candidacy._words import spelt, words
from candidacy.check import Do, Step, ways
from candidacy.draft import Open, kind_of
from candidacy.events import JudgementGiven, Sealed, content_of
from candidacy.spans import amount
from candidacy.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy.check import Check
    from candidacy.events import Event
    from candidacy.program import Edition

SHOWN = 5
"""Ways told at most, and things to be done of one; of the others, how many there are."""


def supplied(check: Check, edition: Edition) -> Iterator[str]:
    """Lines that say what would meet an open check: ``would be met by: trained: 30 hours, by candidate``."""
    found = [way for way in ways(check.remedy) if way]
    if not found:
        left = because(check)
        yield f"no way is left ({', '.join(map(spelt, left))})" if left else "the rule names no way in which it could be met"
        return
    for n, way in enumerate(found[:SHOWN]):
        parts = list(dict.fromkeys(_done(do, edition) for do in way))
        more = [f"{len(parts) - SHOWN} more"] if len(parts) > SHOWN else []
        yield f"{'or by' if n else 'would be met by'}: {'; and '.join([*parts[:SHOWN], *more])}"
    if len(found) > SHOWN:
        yield f"or in one of {len(found) - SHOWN} more ways"


def _done(do: Do, edition: Edition) -> str:
    """One thing to be done, by whom and from when on."""
    if not do.steps:
        return f"waiting{_from(do)}"
    steps = ", then ".join(_event(step.event, edition) + _length(step) for step in do.steps)
    return f"{steps}, by {do.by}{_from(do)}"


def _length(step: Step) -> str:
    return f" on the last day of {words(plain(step.lasting))}" if step.lasting else ""


def _from(do: Do) -> str:
    window = do.when
    if window.only:
        return f", on one of {', '.join(map(say.spoken, window.only[:SHOWN]))}"
    said = f" from {say.spoken(window.first)} on" if window.first and do.steps else ""
    said = f" until {say.spoken(window.first)}" if window.first and not do.steps else said
    return said + (f", until {say.spoken(window.last)}" if window.last else "")


def _event(event: Event, edition: Edition) -> str:
    content, kind = content_of(event), kind_of(event)
    if issubclass(kind, JudgementGiven):
        question = edition.question(str(content.get("question", "")))
        about = f" (about {content['about']})" if isinstance(content.get("about"), str) else ""
        return (
            f"the answer {words(content.get('answer', True))} to: {question.asks if question else content.get('question')}{about}"
        )
    said = [told for name, value in content.items() if (told := _field(say.plain(name), value))]
    return say.named(kind.type_name) + (f": {', '.join(said)}" if said else "")


def _field(name: str, value: object) -> str:
    """A field and what is to stand there; "" where that is left open, is nothing, or is for few to read."""
    if value is None or value == () or isinstance(value, Sealed):
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return amount(value, name)
    said = _value(value)
    return f"{name} {said}" if said else ""


def _value(value: object) -> str:
    """A fixed field, or what may stand in an open one; "" where anything may."""
    if not isinstance(value, Open):
        return words(plain(value))
    if value.kind:
        return f"({value.kind})"
    if value.among:
        return f"one of {', '.join(words(plain(v)) for v in value.among)}"
    least, most = (None if bound is None else words(plain(bound)) for bound in (value.least, value.most))
    return " and ".join([*([f"at least {least}"] if least else []), *([f"at most {most}"] if most else [])])
