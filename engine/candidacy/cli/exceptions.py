"""The command that lists what an inspector asks for."""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from candidacy.cli import YES
from candidacy.cli.shared import as_json, harmless, ledger_argument, opened_ledger, registry_found, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy._excepted import Counting, Excepted, Unlisted

COLUMNS = (
    "kind", "case", "record", "event", "act or fact", "effective day", "by", "on behalf of", "days", "taken back by record",
    "other records", "in words", "type",
)  # fmt: skip


@click.command()
@ledger_argument
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="Only this kind, such as 'entered late' or 'waiver' may be repeated.",
)
@click.option("--case", metavar="CASE", help="Only this case.")
@click.option(
    "--late",
    default=0,
    show_default=True,
    metavar="DAYS",
    help="Not late: what was entered within so many calendar days after it took effect.",
)
@as_json
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@click.option("-o", "--output", default="-", metavar="FILE", help="A new file; standard output by default.")
def exceptions(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    kinds: tuple[str, ...],
    case: str | None,
    late: int,
    as_json: bool,  # noqa: FBT001 (click)
    form: str,
    output: str,
) -> int:
    """List what stands out in LEDGER: what an inspector asks for, each with the records behind it.

    Acts that rest on facts since corrected; waivers, overrides, corrections and the like, by person; approvals after the act; late
    entries; who decided with another part in the case; cases taken over; judgements without a note. Each may be in order.
    A list is an answer: the exit code is 0, also where nothing stands out. Records are not verified: `candidacy audit` does that.
    """
    from candidacy import _exceptions
    from candidacy._excepted import Counting
    from candidacy.cli.exchange import write
    from candidacy.errors import InputError, Problem

    if as_json and form != "text":
        raise InputError([Problem("--json", f"--format {form}", "one of the two")])
    counting, left = Counting(), list[Any]()
    registry = registry_found()
    with opened_ledger(ledger, read_only=True) as opened:
        try:
            found = _exceptions.exceptions(opened, registry, late=late, kinds=kinds or None, case=case, left_out=left.append)
        except InputError as wrong:
            options = {"kinds": "--kind", "late": "--late", "case": "--case"}
            raise InputError([Problem(options.get(p.path, p.path), p.found, p.needed) for p in wrong.problems]) from None
        seen = map(counting.see, found)
        if form == "csv":
            write(output, _csv(seen))
        else:
            which = {"ledger": opened.id, "newest": opened.size() - 1}
            write(output, _json(seen, counting, left, {**which, "late": late}) if as_json else _text(seen, counting, left, which))
    for one in left if form == "csv" else ():
        say(_left(one))
    return YES


def _text(seen: Iterable[Excepted], counting: Counting, left: list[Unlisted], which: dict[str, Any]) -> Iterator[bytes]:
    yield "ledger {ledger}, newest record {newest}\n".format(**which).encode()
    for line in _lines(seen, counting, left):
        yield harmless(line).encode() + b"\n"


def _lines(seen: Iterable[Excepted], counting: Counting, left: list[Unlisted]) -> Iterator[str]:
    from candidacy._columns import table

    for one in seen:
        whose = f" for {one.on_behalf_of}" if one.on_behalf_of else ""
        yield f"{one.case}, record {one.record}: {one.kind}, by {one.person}{whose}"
        yield f"    {one.sentence}"
    rows = counting.rows()
    if not rows:
        yield "nothing stands out"
    else:
        yield ""
        yield from table(("kind", "by", "how many", "of them taken back"), ((k, p, n, b or "") for k, p, n, b in rows))
        yield ""
        yield from table(("kind", "how many"), _by_kind(rows).items())
        yield f"{sum(n for _, _, n, _ in rows)} in all"
    yield from (f"CANNOT BE TOLD {_left(one)}" for one in left)


def _by_kind(rows: Iterable[tuple[str, str, int, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, _, n, _ in rows:
        found[kind] = found.get(kind, 0) + n
    return found


def _left(one: Unlisted) -> str:
    return f"case {one.case}: {one.why}"


def _json(seen: Iterable[Excepted], counting: Counting, left: list[Unlisted], head: dict[str, Any]) -> Iterator[bytes]:
    """One object, written as it is found."""
    yield f'{_dumped(head).removesuffix(chr(10) + "}")},\n  "exceptions": ['.encode()
    between = "\n"
    for one in seen:
        yield (between + indent(_dumped(one.as_data()), "    ")).encode()
        between = ",\n"
    by = [{"kind": k, "person": p, "count": n, "taken_back": back} for k, p, n, back in counting.rows()]
    untold = [{"case": one.case, "why": one.why} for one in left]
    rest = _dumped({"by_kind": _by_kind(counting.rows()), "by_person": by, "cannot_be_told": untold}).removeprefix("{")
    yield f"{'' if between == chr(10) else chr(10) + '  '}],{rest}\n".encode()


def _dumped(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)


def _csv(seen: Iterable[Excepted]) -> Iterator[bytes]:
    from candidacy import _exports

    return _exports.csv_lines(_rows(seen))


def _rows(seen: Iterable[Excepted]) -> Iterator[tuple[Any, ...]]:
    from candidacy._phrases import named

    yield COLUMNS
    for one in seen:
        back, others = "" if one.taken_back is None else one.taken_back, " ".join(map(str, one.records))
        yield (
            one.kind, one.case, one.record, named(one.type_name), one.form, str(one.day), one.person, one.on_behalf_of,
            one.days or "", back, others, one.sentence, one.type_name,
        )  # fmt: skip
