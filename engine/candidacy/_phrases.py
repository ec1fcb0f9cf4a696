"""Days, steps and days' certainty in plain words, for people who plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from candidacy._remaining import Told
from candidacy._words import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from candidacy._path import Bound, Limit, Path, PlannedStep
    from candidacy.program import Edition

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ANSWER = "candidacy.judgement_given.1"


def spoken(day: date) -> str:
    """A day as it is said: 9 May 2005."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def named(type_name: str) -> str:
    """What is done, without its owner and version: certification requested."""
    return type_name.split(".")[1].replace("_", " ")


def days_of(n: int) -> str:
    """A number of calendar days: 1 day, 52 days."""
    return f"{n} day" if n == 1 else f"{n} days"


def step(made: PlannedStep, edition: Edition) -> str:
    """One step of a plan: training completed (hours 40, interagency; course to be named)."""
    if made.type_name == ANSWER:
        question = edition.question(made.content["question"])
        about = f", about {made.content['about']}" if "about" in made.content else ""
        return f"answers yes to: {question.asks if question else made.content['question']}{about}"
    fixed = ", ".join(_fixed(name, value) for name, value in made.content.items())
    said = ", ".join(f"{_plain(name)}: {field.said.kind}" for name, field in made.open.items() if field.said.kind)
    free = ", ".join(_plain(name) for name, field in made.open.items() if not field.said.kind)
    inside = "; ".join(part for part in (fixed, said, f"open: {free}" if free else "") if part)
    return named(made.type_name) + (f" ({inside})" if inside else "")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _fixed(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _plain(name) if value else f"not {_plain(name)}"
    return f"{_plain(name)} {words(value)}"


def if_each(found: Path) -> str:
    """The condition under which the day holds: every decision falls on the first possible day."""
    return f", if each decides the same day: {', '.join(found.deciders)}" if found.deciders else ""


def depends(bound: Bound) -> str:
    """What an earliest day depends on."""
    if bound.known is Told.JUDGEMENT:
        return f"the answer yes of the {bound.by} to: {bound.what}"
    if bound.known is Told.UNKNOWN_FACT:
        return f"what is not known yet, and is supposed here: {bound.what}"
    if bound.known is Told.NO_WAY_KNOWN:
        return f"somebody must tell how this can be met: {bound.what}"
    return bound.what


def limit(of: Limit) -> str:
    """A stated limit and what is left of it."""
    what = f"{named(of.type_name)} not after {spoken(of.closes)}"
    left = f"{days_of(of.slack)} after the plan has it" if of.slack > 0 else "the very day the plan has it"
    return f"{what}, {left if of.slack >= 0 else f'{days_of(-of.slack)} before the plan has it'}"


def why_not(found: Path) -> Iterator[str]:
    """Why a stage cannot be reached: each obstacle, with the one that made the case wait for it."""
    rules = {r.rule: r.requirement for r in found.remaining}
    for o in found.obstacles:
        what = o.requirement or "no way leads there from where the case is"
        closed = f" The last day is {spoken(o.closes)}." if o.closes else ""
        reasons = f" ({'; '.join(o.because)})" if o.because and not o.closes else ""
        yield f"{what}{reasons}{closed}"
        if o.not_before_because:
            other = rules.get(o.not_before_because, o.not_before_because)
            yield f"    and not before {spoken(o.day)}, because of: {other}"
