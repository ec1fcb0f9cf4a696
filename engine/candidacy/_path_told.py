"""What remains, as lines for a coordinator: the same words wherever a path is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy import _phrases as say
from candidacy._columns import table
from candidacy._remaining import told_once
from candidacy._words import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._path import Path
    from candidacy._remaining import Requirement
    from candidacy.program import Edition


def told(found: Path, edition: Edition, *, cite: bool) -> Iterator[str]:
    """What remains, as lines for a coordinator."""
    yield f"{found.case}, {found.state}: what remains until {found.to}, as of {say.spoken(found.as_of)}"
    yield ""
    yield from headline(found, edition)
    if found.reached:
        yield from (f"  But {say.departure(d, edition)}" for d in found.departures if d.kind == "unsettled")
        return
    if found.critical:
        slowest = next((r.requirement for r in edition.rules if r.id == found.critical), "the order of the steps")
        yield f"What takes longest: {slowest}"
    for limit in found.limits:
        yield f"{say.limit(limit)}."
        yield f"    {limit.requirement}"
        yield from [f"    [{limit.citation}] {limit.rule}"] if cite else []
    if found.departures:
        yield ""
        yield "What departs from the rules today, and by which entry"
        yield from (f"  {say.departure(d, edition)}" for d in found.departures)
    if found.remaining:
        yield ""
        yield "What is open today (✗ not met; ? not known yet, or waits for an answer)"
        yield from _open(found.remaining, cite=cite)
    if found.plan:
        yield ""
        yield "A plan that gets there"
        yield from _plan(found, edition)
        if any(s.at_latest for s in found.plan):
            yield "  latest: a step can wait until then without a later end, if the others keep their days"


def headline(found: Path, edition: Edition) -> Iterator[str]:
    """The day, how certain it is, and what else could be; or why there is none."""
    if found.reached:
        yield f"It was reached on {say.spoken(found.not_before)}."
        return
    if found.day:
        each = say.if_each(found.deciders)
        depends_on = say.bounds(found.plan, edition, found.bounds)
        yield f"{say.earliest(depends_on).capitalize()}: {say.spoken(found.day)}{f', {each}' if each else ''}."
        yield from (f"  {line}" if line.startswith("-") else line for line in say.certainty(depends_on))
    elif found.obstacles:
        known = "" if found.exact else f" in any way that is known, and not before {say.spoken(found.not_before)}"
        yield f"It cannot be reached{known}:"
        yield from (f"  - {say.obstacle(o, edition)}" for o in found.obstacles)
        yield from (f"  But: {bound.what}." for bound in found.bounds if not bound.rule)
    else:
        why = "; ".join(map(say.depends, found.bounds))
        yield f"The day cannot be told; it is not before {say.spoken(found.not_before)}: {why}."
    if found.otherwise:
        yield f"If what is supposed turns out otherwise: {say.spoken(found.otherwise)}."
    if found.usually:
        yield f"With the usual waiting times, which the earliest day leaves out: {say.spoken(found.usually)}."


def _open(remaining: tuple[Requirement, ...], *, cite: bool) -> Iterator[str]:
    before = ""
    for r, *also in told_once(remaining):
        if r.before != before:
            before = r.before
            yield f"  before: {say.named(before)}"
        yield f"    {f'{MARKS[r.outcome]} ' if r.binding else 'advice: '}{r.requirement}"
        yield from (f"        {line}" for line in still(r))
        for of in (r, *also) if cite else ():
            yield f"        [{of.citation}] {of.rule}"
            yield from [f"        our reading: {of.reading}"] if of.reading else []


def still(r: Requirement) -> Iterator[str]:
    """An open requirement and its parts: what was found and is missing, from whom, and when it can be met."""
    if not r.parts:
        yield say.still(r)
        return
    if r.joint == "or" and len(r.parts) > 1:
        yield f"in one of these ways, {say.when(r)}:"
    for n, part in enumerate(r.parts):
        first, *lines = still(part)
        yield f"{'or ' if n and r.joint == 'or' else '- '}{first}"
        yield from (f"    {line}" for line in lines)


def _plan(found: Path, edition: Edition) -> Iterator[str]:
    rows: list[tuple[object, ...]] = []
    chosen: dict[str, str] = {}
    for s in found.plan:
        rows.append((s.on, s.at_latest or "", say.who(s.by, s.people), say.step(s, edition, chosen)))
        for label in (field.label for field in s.open.values() if field.label):
            chosen.setdefault(label, f"{say.named(s.type_name)}, {s.on}")
    yield from (f"  {line}" for line in table(("day", "latest", "who", "what"), rows))
