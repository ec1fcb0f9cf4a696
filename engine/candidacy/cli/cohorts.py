"""Commands about all cases of a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from candidacy.cli import YES
from candidacy.cli.remaining import cite
from candidacy.cli.shared import answer, as_json, as_of_day, day_asked, engine_on, ledger_argument, opened_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy._cohort import Cohort, CohortRow, Finished, Untold

COLUMNS = (
    "case", "edition", "stage", "began", "standing", "at risk", "since", "earliest day", "exact", "depends on",
    "if each decides the same day", "last day", "last day for", "last day binds", "last day stands already", "days left",
    "missing", "more open", "next step", "next day", "next by", "next people", "stated so", "in words",
)  # fmt: skip
CITATIONS = ("requirements", "citations", "readings")


@click.command()
@ledger_argument
@click.argument("program")
@as_of_day
@click.option("--to", default="", metavar="STAGE", help="The stage to reach; the one the program is for by default.")
@cite
@as_json
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "xlsx", "svg"]),
    default="text",
    show_default=True,
    help="svg is a picture of the same table.",
)
@click.option("-o", "--output", default="-", metavar="FILE", help="A new file; standard output by default.")
def cohort(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    program: str,
    as_of: str | None,
    to: str,
    cite: bool,  # noqa: FBT001 (click)
    as_json: bool,  # noqa: FBT001 (click)
    form: str,
    output: str,
) -> int:
    """List the cases of PROGRAM by how near each is to the nearest last day that an authority states.

    First those for which no day is known, then by the days left, then those without a stated last day by their earliest day.
    A case is at risk where it comes too late, cannot get there, or gets there only if that is so decided in its case.
    """
    from candidacy._cohort import cohort as cohort_of
    from candidacy.cli.exchange import write

    _refuse_what_does_not_fit(form, output, as_json=as_json)
    with opened_ledger(ledger, read_only=True) as opened:
        engine = engine_on(opened)
        found = cohort_of(engine, program, as_of=day_asked(engine, as_of), to=to)
    if form == "xlsx":
        from candidacy import _exports
        from candidacy.placing import in_place

        with in_place(output) as making:
            _exports.write_xlsx(making, flat(found, cite=cite), sheet="cohort")
        return YES
    if output == "-" and form == "text":
        return answer(found.as_data(), told(found, cite=cite), as_json=as_json)
    write(output, _lines(found, form, cite=cite, as_json=as_json))
    return YES


def _refuse_what_does_not_fit(form: str, output: str, *, as_json: bool) -> None:
    from candidacy.errors import InputError, Problem

    wrong = []
    if as_json and form != "text":
        wrong.append(Problem("--json", f"--format {form}", "one of the two"))
    if form == "xlsx" and output == "-":
        wrong.append(Problem("-o", "standard output", "a file: a workbook is no stream"))
    if wrong:
        raise InputError(wrong)


def _lines(found: Cohort, form: str, *, cite: bool, as_json: bool) -> Iterable[bytes]:
    if form == "csv":
        from candidacy import _exports

        return _exports.csv_lines(flat(found, cite=cite))
    if form == "svg":
        from candidacy import _gantt

        return [_gantt.svg(found).encode()]
    if as_json:
        return [json.dumps(found.as_data(), indent=2, ensure_ascii=False).encode() + b"\n"]
    return (line.encode() + b"\n" for line in told(found, cite=cite))


# --- in words


def told(found: Cohort, *, cite: bool) -> Iterator[str]:
    """A cohort as lines for a coordinator."""
    from candidacy import _phrases as say
    from candidacy._columns import table
    from candidacy._gantt import summary

    yield f"{found.title}: until {found.target}, as of {say.spoken(found.as_of)}"
    yield summary(found)
    if found.rows:
        yield ""
        head, rule, *lines = table(("case", "stage", "earliest day", "last day", "days left", "at risk"), map(_short, found.rows))
        yield f"{head.ljust(len(rule))}  in words"
        yield f"{rule}  {'-' * 8}"
        for row, line in zip(found.rows, lines, strict=True):
            yield f"{line.ljust(len(rule))}  {row.sentence}"
            yield from _cited(row) if cite else ()
        yield ""
        yield "earliest day: with ~ it is not exact: it depends on answers or on what is not known yet"
        yield from ["last day: in brackets where it is advised"] if any(r.limit and not r.limit.binding for r in found.rows) else []
        if found.deciders:
            yield f"the days hold {say.if_each(found.deciders)}"
    if found.finished:
        yield ""
        yield from table(("case", "stage", "since", ""), ((d.case, d.stage, d.since, d.standing) for d in found.finished))
    if found.untold:
        yield ""
        yield from (f"{one.case}: nothing can be told: {one.why}" for one in found.untold)


def _short(row: CohortRow) -> tuple[object, ...]:
    limit = row.limit
    closes = "" if limit is None else str(limit.closes) if limit.binding else f"({limit.closes})"
    earliest = "" if row.day is None else str(row.day) if row.exact else f"~{row.day}"
    left = "" if row.slack is None else row.slack
    return row.case, row.stage, earliest, closes, left, _at_risk(row)


def _at_risk(row: CohortRow) -> str:
    return {True: "yes", False: "", None: "cannot be told"}[row.at_risk]


def _cited(row: CohortRow) -> Iterator[str]:
    for cited in row.cited:
        yield f"    {cited.requirement}"
        yield f"        [{cited.citation}] {cited.rule}"
        yield from [f"        our reading: {cited.reading}"] if cited.reading else []


# --- as a table


def flat(found: Cohort, *, cite: bool) -> Iterator[tuple[Any, ...]]:
    """The head, then a row for each case, those under way first."""
    columns = (*COLUMNS, *(CITATIONS if cite else ()))
    yield columns
    cells = [*map(_cells, found.rows), *map(_finished, found.finished), *map(_untold, found.untold)]
    yield from (tuple(row.get(column, "") for column in columns) for row in cells)


def _cells(row: CohortRow) -> dict[str, Any]:
    from candidacy import _phrases as say

    cells: dict[str, Any] = {
        "case": row.case,
        "edition": row.edition,
        "stage": row.stage,
        "began": str(row.began),
        "standing": row.standing,
        "at risk": _at_risk(row) or "no",
        "exact": "yes" if row.exact else "no",
        "depends on": "; ".join(row.depends),
        "if each decides the same day": ", ".join(row.path.deciders),
        "missing": row.missing,
        "more open": row.others,
        "in words": row.sentence,
        "requirements": "; ".join(c.requirement for c in row.cited),
        "citations": "; ".join(c.citation for c in row.cited),
        "readings": "; ".join(c.reading for c in row.cited if c.reading),
    }
    if row.day is not None:
        cells |= {"earliest day": str(row.day)}
    if row.limit is not None:
        cells |= {
            "last day": str(row.limit.closes),
            "last day for": say.named(row.limit.type_name),
            "last day binds": "yes" if row.limit.binding else "no",
            "last day stands already": "yes" if row.limit_stands else "no",
            "days left": row.limit.slack,
            "stated so": row.limit.requirement,
        }
    if row.next is not None:
        people = ", ".join(row.next.people)
        cells |= {"next step": row.next_step, "next day": str(row.next.on), "next by": row.next.by, "next people": people}
    return cells


def _finished(done: Finished) -> dict[str, Any]:
    return {
        "case": done.case,
        "edition": done.edition,
        "stage": done.stage,
        "began": str(done.began),
        "standing": done.standing,
        "since": str(done.since),
    }


def _untold(one: Untold) -> dict[str, Any]:
    return {"case": one.case, "standing": "nothing can be told", "in words": one.why}
