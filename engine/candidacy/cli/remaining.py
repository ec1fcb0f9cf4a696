"""Commands about what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, engine_on, ledger_argument, of_case, opened_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from candidacy._path import Path
    from candidacy._remaining import Requirement
    from candidacy._transfer import Transfer
    from candidacy.engine import Engine
    from candidacy.program import Edition

as_of_day = click.option("--as-of", "as_of", metavar="DAY", help="The day it is asked for, YYYY-MM-DD; today by default.")
cite = click.option("--cite", is_flag=True, help="Also where each requirement stands, and how it is read.")


def day_asked(engine: Engine, as_of: str | None) -> date:
    """The day asked for, or today in the ledger's time zone."""
    return engine.today() if as_of is None else engine.registry.codec.read_day(as_of, "--as-of")


@click.command()
@ledger_argument
@click.argument("case")
@click.option("--to", default="", metavar="STAGE", help="The stage to reach; the one the program is for by default.")
@as_of_day
@cite
@as_json
def path(ledger: str, case: str, to: str, as_of: str | None, cite: bool, as_json: bool) -> int:  # noqa: FBT001, PLR0913, PLR0917 (click)
    """What remains until CASE is in a stage: what is open, who must act, the earliest day, and a plan.

    Exit codes: 0 the day is known, 1 the stage cannot be reached, 3 it cannot be told.
    """
    from candidacy._path import path as path_of

    with opened_ledger(ledger, read_only=True) as opened:
        of_case(opened, case)
        engine = engine_on(opened)
        on = day_asked(engine, as_of)
        found_case, edition = engine.case(case, as_of=on)
        found = path_of(found_case, edition, to=to, as_of=on)
    code = YES if found.day else CANNOT_BE_TOLD if not found.exact else NO
    return answer(found.as_data(), told(found, edition, cite=cite), as_json=as_json, code=code)


def told(found: Path, edition: Edition, *, cite: bool) -> Iterator[str]:
    """What remains, as lines for a coordinator."""
    from candidacy import _phrases as say

    yield f"{found.case}, {found.state}: what remains until {found.to}, as of {say.spoken(found.as_of)}"
    yield ""
    if found.reached:
        yield f"It is there, since {say.spoken(found.not_before)}."
        return
    yield from _headline(found)
    requirements = {r.rule: r for r in found.remaining}
    if found.critical:
        held = requirements.get(found.critical)
        rule = next((r.requirement for r in edition.rules if r.id == found.critical), "")
        yield f"What takes longest: {held.requirement if held else rule or 'the order of the steps'}"
    for limit in found.limits:
        yield f"{'Stated limit' if limit.binding else 'Stated, but not binding'}: {say.limit(limit)}"
        yield f"    {limit.requirement}"
    if found.remaining:
        yield ""
        yield "What is open today"
        yield from _open(found.remaining, found.as_of, cite=cite)
    if found.plan:
        yield ""
        yield "A plan that gets there (the day may slip to the one under 'latest' while the others stay)"
        yield from _plan(found, edition)


def _headline(found: Path) -> Iterator[str]:
    from candidacy import _phrases as say

    if found.day:
        yield f"{'Earliest day' if found.exact else 'At the earliest'}: {say.spoken(found.day)}{say.if_each(found)}."
    elif found.exact:
        yield "It cannot be reached, because:"
    else:
        yield f"It cannot be told; not before {say.spoken(found.not_before)}."
    if found.otherwise:
        yield f"Without what is only supposed of facts that are not known: {say.spoken(found.otherwise)}."
    if found.usually:
        yield f"With the waiting times that are usual: {say.spoken(found.usually)}."
    yield from (f"  {line}" for line in say.why_not(found))
    if found.bounds and not found.obstacles:
        yield "It may come later; it hangs on"
        yield from (f"  - {say.depends(bound)}" for bound in found.bounds)


def _open(remaining: tuple[Requirement, ...], as_of: date, *, cite: bool) -> Iterator[str]:
    from candidacy import _phrases as say
    from candidacy._words import MARKS

    before = ""
    for r in remaining:
        if r.before != before:
            before = r.before
            yield f"  before: {say.named(before)}"
        mark = MARKS[r.outcome] if r.binding else "i"
        yield f"    {mark} {'' if r.binding else 'advice: '}{r.requirement}"
        yield from (f"        {line}" for line in _told(r, as_of))
        if cite:
            yield f"        [{r.citation}] {r.rule}"
            yield from [f"        our reading: {r.reading}"] if r.reading else []


def _told(r: Requirement, as_of: date) -> Iterator[str]:
    from candidacy import _phrases as say

    when = f"earliest {say.spoken(r.earliest)}" if r.earliest else str(r.known)
    known = f", {r.known}" if r.earliest and str(r.known) != "computed" else ""
    if r.question and str(r.known) == "needs a judgement":
        yield f"waits for the answer of the {' or '.join(r.who)} to: {r.question} Possible from {say.spoken(r.earliest or as_of)}"
        return
    if not r.parts:
        yield f"{r.told}; {when}{known}" if r.told else f"{when}{known}"
        return
    if r.joint == "or" and len(r.parts) > 1:
        yield f"in one of these ways; {when}{known}:"
    for n, part in enumerate(r.parts):
        lines = list(_told(part, as_of))
        yield f"{'or ' if n and r.joint == 'or' else '- '}{lines[0]}"
        yield from (f"    {line}" for line in lines[1:])


def _plan(found: Path, edition: Edition) -> Iterator[str]:
    from candidacy import _phrases as say
    from candidacy.cli.show import table

    head = ("day", "latest", "who", "what")
    rows = []
    for s in found.plan:
        who = f"{s.by} ({', '.join(s.people)})" if s.people else s.by
        earlier = f", for {s.day}" if s.day != s.on else ""
        supposing = f"  [supposing: {s.supposing}]" if s.supposing and str(s.known) != "needs a judgement" else ""
        rows.append((s.on, s.at_latest or "", who, f"{say.step(s, edition)}{earlier}{supposing}"))
    yield from (f"  {line}" for line in table(head, rows))


@click.command()
@ledger_argument
@click.argument("case")
@click.option("--to", "other", required=True, metavar="PROGRAM", help="The program under which the same facts are looked at.")
@as_of_day
@cite
@as_json
def transfer(ledger: str, case: str, other: str, as_of: str | None, cite: bool, as_json: bool) -> int:  # noqa: FBT001, PLR0913, PLR0917 (click)
    """What the facts of CASE would leave open under another PROGRAM, beside what they leave open under its own."""
    from candidacy._transfer import transfer as under
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    with opened_ledger(ledger, read_only=True) as opened:
        of_case(opened, case)
        engine = engine_on(opened)
        on = day_asked(engine, as_of)
        program = engine.registry.programs.get(other)
        if program is None:
            known = ", ".join(engine.registry.programs) or "none is installed"
            raise InputError([Problem("--to", f"the program {shown(other)}", f"an installed program: {known}")])
        found_case, edition = engine.case(case, as_of=on)
        newest = max(program.editions, key=lambda e: (e.in_force, e.revision))
        found = under(found_case, edition, newest, as_of=on)
    return answer(found.as_data(), side_by_side(found, edition, newest, cite=cite), as_json=as_json)


def side_by_side(found: Transfer, own: Edition, other: Edition, *, cite: bool) -> Iterator[str]:
    """Both programs in two columns, and what could not be carried over."""
    from textwrap import wrap

    from candidacy import _phrases as say

    yield f"{found.own.case}: the same facts under {own.id} and under {other.id}, as of {say.spoken(found.own.as_of)}"
    yield ""
    columns = [list(_column(of, cite=cite)) for of in (found.own, found.other)]
    columns = [[part for line in lines for part in wrap(line, 62, subsequent_indent="    ") or [""]] for lines in columns]
    for row in range(max(map(len, columns))):
        left, right = (lines[row] if row < len(lines) else "" for lines in columns)
        yield f"{left:<64}{right}".rstrip()
    yield ""
    lost = sorted({say.named(c.type_name) for c in found.entries if not c.as_type})
    yield f"Unknown there: {', '.join(lost) or 'nothing'}"
    lacking = {say.named(c.as_type): c.open for c in found.entries if c.as_type and c.open}
    for what, fields in lacking.items():
        yield f"Not recorded here, but asked there, of {what}: {', '.join(f.replace('_', ' ') for f in fields)}"


def _column(found: Path, *, cite: bool) -> Iterator[str]:
    from candidacy import _phrases as say
    from candidacy._words import MARKS

    yield f"{found.edition}: {found.state}, to be {found.to}"
    if found.reached:
        yield f"It is there, since {say.spoken(found.not_before)}."
        return
    yield from _headline(found)
    for r in found.remaining:
        if r.binding:
            yield f"{MARKS[r.outcome]} {r.requirement}"
            yield from (f"    {line}" for line in _told(r, found.as_of))
            yield from [f"    [{r.citation}]"] if cite else []
