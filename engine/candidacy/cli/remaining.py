"""Commands about what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import (
    answer,
    as_json,
    as_of_day,
    by_rules,
    day_asked,
    engine_on,
    instant_asked,
    known_at,
    ledger_argument,
    of_case,
    opened_ledger,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._path import Path
    from candidacy._transfer import Moving, Transfer
    from candidacy.program import Edition

COLUMN = 62
"""Characters of a column, where two stand side by side."""
cite = click.option("--cite", is_flag=True, help="Also where each requirement stands, and how it is read.")


@click.command()
@ledger_argument
@click.argument("case")
@click.option("--to", default="", metavar="STAGE", help="The stage to reach; the one the program is for by default.")
@as_of_day
@known_at
@by_rules
@cite
@as_json
def path(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    case: str,
    to: str,
    as_of: str | None,
    known: str | None,
    rules: str,
    cite: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """What remains until CASE is in a stage: what is open, who must act, the earliest day, and a plan.

    Exit codes: 0 the day is known, 1 the stage cannot be reached, 3 it cannot be told.
    """
    from candidacy._path import path as path_of
    from candidacy._path_told import told

    with opened_ledger(ledger, read_only=True) as opened:
        of_case(opened, case)
        engine = engine_on(opened)
        instant, on = instant_asked(opened.zone, known), day_asked(engine, as_of)
        found_case, edition = engine.case(case, as_of=on, known=instant, rules=rules)
        found = path_of(found_case, edition, to=to, as_of=on)
    code = YES if found.day else CANNOT_BE_TOLD if not found.exact else NO
    return answer(found.as_data(), told(found, edition, cite=cite), as_json=as_json, code=code)


@click.command()
@ledger_argument
@click.argument("case")
@click.option(
    "--to", "other", required=True, metavar="PROGRAM[/EDITION]",
    help="The program under which the same records are looked at: its edition in force on that day, or the one named.",
)  # fmt: skip
@as_of_day
@cite
@as_json
def transfer(ledger: str, case: str, other: str, as_of: str | None, cite: bool, as_json: bool) -> int:  # noqa: FBT001, PLR0913, PLR0917 (click)
    """What the records of CASE would leave open under another PROGRAM, beside what they leave open under its own."""
    from candidacy._transfer import transfer as under
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    with opened_ledger(ledger, read_only=True) as opened:
        of_case(opened, case)
        engine = engine_on(opened)
        on = day_asked(engine, as_of)
        name, _, named = other.partition("/")
        program = engine.registry.programs.get(name)
        if program is None:
            known = ", ".join(engine.registry.programs) or "none is installed"
            raise InputError([Problem("--to", f"the program {shown(name)}", f"an installed program: {known}")])
        theirs = program.edition(named) if named else program.edition_on(on)
        if theirs is None:
            known = ", ".join(dict.fromkeys(e.id for e in program.editions))
            raise InputError([Problem("--to", f"the edition {shown(other)}", f"one of {known}")])
        found_case, edition = engine.case(case, as_of=on)
        found = under(found_case, edition, theirs, as_of=on)
    return answer(found.as_data(), side_by_side(found, edition, theirs, cite=cite), as_json=as_json)


def side_by_side(found: Transfer, own: Edition, other: Edition, *, cite: bool) -> Iterator[str]:
    """Both programs in two columns, and what could not be carried over."""
    from itertools import zip_longest

    from candidacy import _phrases as say

    yield f"{found.own.case}: what is recorded, under {own.id} and under {other.id}, as of {say.spoken(found.own.as_of)}"
    yield ""
    columns = [
        [part for line in _column(of, edition, cite=cite) for part in _wrapped(line)]
        for of, edition in ((found.own, own), (found.other, other))
    ]
    yield from (f"{left:<{COLUMN + 2}}{right}".rstrip() for left, right in zip_longest(*columns, fillvalue=""))
    yield ""
    if found.moving is not None:
        yield from _moving(found.moving, own, other)
        return
    lost = sorted({say.named(c.type_name) for c in found.entries if not c.as_type})
    yield f"Recorded here, unknown there: {', '.join(lost) or 'nothing'}"
    lacking: dict[str, dict[str, None]] = {}
    for c in found.entries:
        if c.as_type:
            lacking.setdefault(say.named(c.as_type), {}).update(dict.fromkeys(map(say.plain, c.open)))
    for what, fields in lacking.items():
        yield from [f"Asked there, not recorded here, of {what}: {', '.join(fields)}"] if fields else []


def _moving(found: Moving, own: Edition, other: Edition) -> Iterator[str]:
    """What a move to another edition would do, or why it cannot be."""
    from candidacy import _phrases as say
    from candidacy._words import explain
    from candidacy.interventions import EditionMoved

    if not found.possible:
        yield f"The case cannot be moved to {other.id}; it is looked at there as if its records were another program's."
        yield from (f"  {line}" for line in explain([found.finding], other))
        return
    yield f"The case can be moved to {other.id} (edition moved, by {' or '.join(other.entered_by[EditionMoved])}):"
    yield f"  it goes on in {found.stage}; every fact stays, and what is open stays open"
    again = ", ".join(f"{say.named(type_name)} (version {version})" for version, type_name in found.again)
    yield f"  to be done again: {again or 'nothing'}"
    yield from (f"  our reading: {t.reading}" for t in other.takes if t.reading and f"{other.program}/{t.edition}" == own.id)


def _wrapped(line: str) -> list[str]:
    """A line in a column, what it goes on with indented further."""
    from textwrap import wrap

    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text) + 2)
    return wrap(line, COLUMN, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _column(found: Path, edition: Edition, *, cite: bool) -> Iterator[str]:
    from candidacy._path_told import headline, still
    from candidacy._remaining import told_once
    from candidacy._words import MARKS

    yield f"{found.edition}: {found.state}, until {found.to}"
    yield from headline(found, edition)
    for r, *also in told_once(found.remaining):
        if r.binding:
            yield f"{MARKS[r.outcome]} {r.requirement}"
            yield from (f"  {line}" for line in still(r))
            yield from [f"  [{of.citation}]" for of in (r, *also)] if cite else []


@click.command()
@ledger_argument
@click.argument("index", type=int)
@as_of_day
@as_json
def letter(ledger: str, index: int, as_of: str | None, as_json: bool) -> int:  # noqa: FBT001 (click)
    """The decision in record INDEX, as a letter to the person it concerns: the answer, why, who decided, what remains."""
    from candidacy._letter import letter as letter_of
    from candidacy._letter import told as letter_told
    from candidacy.address import is_address
    from candidacy.names import NameBook

    with opened_ledger(ledger, read_only=True) as opened:
        engine = engine_on(opened)
        found = letter_of(engine, index, as_of=day_asked(engine, as_of))
    names = {} if is_address(ledger) else dict(NameBook.beside(ledger))  # beside an address there is no place for a book
    return answer(found.as_data(), letter_told(found, names), as_json=as_json)
