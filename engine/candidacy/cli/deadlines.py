"""Commands about what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli import YES
from candidacy.cli.remaining import cite
from candidacy.cli.shared import answer, as_json, as_of_day, day_asked, days_asked, engine_on, ledger_argument, opened_ledger, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from candidacy._due import Due, LeftOut, Stated

one_role = click.option("--role", metavar="ROLE", help="Only what this role does, such as 'program office'.")
one_case = click.option("--case", metavar="CASE", help="Only this case.")
one_program = click.option("--program", metavar="PROGRAM", help="Only cases of this program.")


@click.command()
@ledger_argument
@one_role
@click.option("--until", metavar="DAY", help="Only what is due, or without a due day is possible, on or before this day.")
@one_case
@one_program
@as_of_day
@cite
@as_json
def due(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    role: str | None,
    until: str | None,
    case: str | None,
    program: str | None,
    as_of: str | None,
    cite: bool,  # noqa: FBT001 (click)
    as_json: bool,  # noqa: FBT001 (click)
) -> int:
    """What is due in LEDGER, by when, for whom: what can be asked of every open case today.

    A due day is one that an authority states. What has none is listed with the first day on which it is possible.
    """
    from candidacy._due import due as due_of

    with opened_ledger(ledger, read_only=True) as opened:
        engine = engine_on(opened)
        on, last = days_asked({"--as-of": as_of, "--until": until})
        left: list[LeftOut] = []
        today = on or engine.today()
        rows = due_of(engine, as_of=today, role=role, until=last, case=case, program=program, left_out=left.append)
    _say_left_out(left)
    data = {
        "as_of": str(today),
        "due": [row.as_data() for row in rows],
        "left_out": [{"case": one.case, "why": one.why} for one in left],
    }
    return answer(data, told(rows, today, cite=cite), as_json=as_json)


@click.command()
@ledger_argument
@click.option("-o", "--output", required=True, metavar="FILE.ics", help="The file; - for standard output.")
@one_case
@one_program
@one_role
@as_of_day
def calendar(  # noqa: PLR0913, PLR0917 (click)
    ledger: str, output: str, case: str | None, program: str | None, role: str | None, as_of: str | None
) -> int:
    """Write what is due in LEDGER as a calendar file (iCalendar): stated days, planned steps, and when each goal can be reached.

    Made again later, it holds the same entries, on their new days. A calendar of the same question that is there already is
    replaced, and what is no longer in it is cancelled; nothing else is written over.
    """
    from candidacy._calendar import calendar as calendar_of
    from candidacy.cli.exchange import write

    with opened_ledger(ledger, read_only=True) as opened:
        engine = engine_on(opened)
        left: list[LeftOut] = []
        on = day_asked(engine, as_of)

        def made(before: bytes | None) -> bytes:
            return calendar_of(engine, as_of=on, role=role, case=case, program=program, left_out=left.append, before=before)

        if output == "-":
            write(output, [made(None)])
        else:
            _renewed(output, made)
    _say_left_out(left)
    return YES


def _renewed(output: str, made: Callable[[bytes | None], bytes]) -> None:
    """Put the calendar where one of the same question may be; what else is there is named by its path."""
    from candidacy.errors import InputError, OutputError
    from candidacy.placing import replaced

    try:
        replaced(output, made)
    except InputError as wrong:
        there = [p for p in wrong.problems if p.path == "before"]
        if not there:
            raise
        raise OutputError(f"{output}: found {there[0].found} there; needed {there[0].needed}, or a path where nothing is") from None


def _say_left_out(left: Iterable[LeftOut]) -> None:
    for one in left:
        say(f"case {one.case} is left out: {one.why}")


def told(rows: list[Due], as_of: date, *, cite: bool) -> Iterator[str]:
    """What is due, as tables for a coordinator."""
    from candidacy import _phrases as say

    if not rows:
        yield f"As of {say.spoken(as_of)}, nothing is due."
        return
    yield f"What is due as of {say.spoken(as_of)}"
    dated = [row for row in rows if row.day]
    open_ended = [row for row in rows if not row.day and row.first]
    stuck = [row for row in rows if not row.day and not row.first]
    for title, some in (
        ("With a due day: a last day that an authority states, for this or for what it serves", dated),
        ("Without a due day: possible from the day shown", open_ended),
        ("Cannot go on as things stand", stuck),
    ):
        if some:
            yield ""
            yield f"{title} ({len(some)})"
            yield from _table(some, cite=cite)
    yield from _notes(rows)


def _notes(rows: list[Due]) -> Iterator[str]:
    """What the days in the tables mean, where it matters."""
    first = [row for row in rows if row.first]
    moves = any(row.day and not row.stated[0].firm for row in rows)
    if first:
        yield ""
        yield "possible from: the first possible day, if each decides the same day"
    if any(not row.exact for row in first):
        yield "or later: it depends on answers or on what is not known yet; --cite says on which"
    if any(row.day and row.stated[0].keeps != row.stated[0].day for row in rows):
        yield "for a later day: that is the stated one, and what begins has to last until then"
    yield from ["moves with the plan: it is counted from a step that is only planned"] if moves else []


def _table(rows: list[Due], *, cite: bool) -> Iterator[str]:
    from candidacy import _phrases as say
    from candidacy._columns import table

    cells: list[tuple[str, ...]]
    head: tuple[str, ...]
    if rows[0].day:
        head, cells = ("due", "", "possible from"), [(_day(r), _left(r), _first(r)) for r in rows]
    elif rows[0].first:
        head, cells = ("possible from",), [(_first(r),) for r in rows]
    else:
        head, cells = (), [()] * len(rows)
    shown = ((*cell, r.case, say.who(r.role, r.people), r.what) for cell, r in zip(cells, rows, strict=True))
    first, line, *lines = table((*head, "case", "who", "what"), shown)
    yield from (f"  {text}" for text in (first, line))
    for text, row in zip(lines, rows, strict=True):
        yield f"  {text}"
        yield from (f"      {more}" for more in _beneath(row, cite=cite))


def _day(row: Due) -> str:
    nearest = row.stated[0]
    counted = "" if nearest.keeps == nearest.day else f" for {nearest.day}"
    return f"{nearest.keeps}{counted}{'' if nearest.binding else ', advised'}{'' if nearest.firm else ', moves with the plan'}"


def _left(row: Due) -> str:
    from candidacy import _phrases as say

    left = (row.stated[0].keeps - row.as_of).days
    return f"overdue by {say.days_of(-left)}" if left < 0 else f"in {say.days_of(left)}" if left else "today"


def _first(row: Due) -> str:
    from candidacy import _phrases as say

    if row.first is None:
        return "no way is known"
    late = f", {say.days_of(row.days_late)} late" if row.days_late else ""
    dated = f", dated {row.step.day}" if row.step and row.step.day != row.step.on else ""
    return f"{row.first}{'' if row.exact else ' or later'}{late}{dated}"


def _beneath(row: Due, *, cite: bool) -> Iterator[str]:
    """What stands in the way; on request also the requirements, where they stand, and what the first day depends on."""
    from candidacy import _phrases as say

    if row.step is None:
        yield row.requirement + (f" ({'; '.join(row.hindered)})" if row.hindered else "")
    if not cite:
        return
    if row.step is not None:
        yield f"asked for: {row.requirement}"
    if row.citation:
        yield f"    [{row.citation}] {row.rule}"
    yield from (line for stated in row.stated for line in _stated(stated))
    yield from (f"depends on {say.depends(bound)}" for bound in row.depends)


def _stated(stated: Stated) -> Iterator[str]:
    from candidacy import _phrases as say

    what = "is held on" if stated.scheduled else "not after"
    yield f"{say.named(stated.before)} {what} {say.spoken(stated.day)}: {stated.requirement}"
    yield f"    [{stated.citation}] {stated.rule}"
