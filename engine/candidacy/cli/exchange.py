"""The commands that take records and commands out of a ledger and into one."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from candidacy.cli import NO, YES
from candidacy.cli.shared import answer, as_json, engine_on, harmless_line, ledger_argument, opened_ledger, registry_found, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from candidacy._imports import Arrival
    from candidacy._sources import Source
    from candidacy.keeping import Keeper
    from candidacy.ledger import Ledger
    from candidacy.packet_ledger import HeldRecords
    from candidacy.postgres import PostgresLedger
    from candidacy.sqlite import SqliteLedger

short_ok = click.option("--short-ok", is_flag=True, help="Go on although the file was copied while a writer had it open.")
SHOWN = 1_000
"""Lines of refusals and offers shown; --json lists all."""


@click.command()
@ledger_argument
@click.option("-o", "--output", default="-", metavar="FILE", help="A new file; standard output by default.")
@click.option("--commands", is_flag=True, help="The commands alone, as `candidacy import` takes them.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "xlsx", "xes", "ocel"]), default="jsonl", show_default=True)
@click.option("--names", is_flag=True, help="With csv or xlsx: a column with names from the name book.")
@short_ok
def export(ledger: str, output: str, commands: bool, form: str, names: bool, short_ok: bool) -> int:  # noqa: FBT001, PLR0913, PLR0917 (click)
    """Write what LEDGER holds: its records exactly as hashed, a line each, as `candidacy restore` takes them.

    csv and xlsx are a flat view for people; xes and ocel are for process mining. Needs no plugin.
    """
    from candidacy import _exports
    from candidacy.errors import InputError, Problem
    from candidacy.names import NameBook

    wrong = []
    if commands and form != "jsonl":
        wrong.append(Problem("--commands", f"--format {form}", "--format jsonl, the only one for commands"))
    if names and form not in {"csv", "xlsx"}:
        wrong.append(Problem("--names", f"--format {form}", "--format csv or xlsx: records hold no names"))
    if form == "xlsx" and output == "-":
        wrong.append(Problem("-o", "standard output", "a file: a workbook is no stream"))
    if wrong:
        raise InputError(wrong)
    with _whole(ledger, short_ok=short_ok) as opened:
        if form == "xlsx":
            from candidacy.placing import in_place

            book = dict(NameBook.beside(ledger)) if names else None
            with in_place(output) as making:
                _exports.write_xlsx(making, _exports.flat(opened.records(), book.get if book is not None else None))
            return YES
        write(output, _lines_of(opened, ledger, form, commands=commands, names=names))
    return YES


def _lines_of(opened: Ledger, path: str, form: str, *, commands: bool, names: bool) -> Iterable[bytes]:
    from candidacy import _exports

    if form == "csv":
        from candidacy.names import NameBook

        book = dict(NameBook.beside(path)) if names else None
        return _exports.csv_lines(_exports.flat(opened.records(), book.get if book is not None else None))
    if form in {"xes", "ocel"}:
        from candidacy import _mining

        made = (_mining.xes if form == "xes" else _mining.ocel)(opened.records(), opened.zone)
        return (part.encode() for part in made)
    return (_exports.command_lines if commands else _exports.record_lines)(opened.records())


@click.command()
@ledger_argument
@click.argument("file")
@short_ok
def copy(ledger: str, file: str, short_ok: bool) -> int:  # noqa: FBT001 (click)
    """Copy LEDGER, which others may be using, into a new FILE or to an address: every record, each checked, and its checkpoints."""
    from candidacy import _restore
    from candidacy.address import shown
    from candidacy.opening import ledger_made_of

    with (
        _whole(ledger, short_ok=short_ok) as opened,
        ledger_made_of(file, _restore.sound(opened), opened.checkpoints()) as made,
    ):
        click.echo(harmless_line(f"{shown(file)}: {made.size()} records of ledger {made.id}"))
    return YES


@click.command()
@click.argument("ledger", metavar="NEW")
@click.argument("file")
def restore(ledger: str, file: str) -> int:
    """Make the ledger NEW of the records in FILE (or - for standard input), as `candidacy export` writes them.

    Byte for byte, or not at all. Needs no plugin.
    """
    from candidacy import _restore
    from candidacy.address import shown
    from candidacy.opening import ledger_made_of

    with stream(file) as lines, ledger_made_of(ledger, _restore.exported(lines)) as made:
        click.echo(harmless_line(f"{shown(ledger)}: {made.size()} records of ledger {made.id}, as exported"))
    return YES


@click.command("import")
@ledger_argument
@click.argument("file")
@click.option("--mapping", metavar="MAPPING", help="A JSON document that says how rows of a CSV or XLSX file become commands.")
@click.option("--dry-run", is_flag=True, help="Judge the whole file, in order, on a copy in memory; keep nothing.")
@click.option(
    "--transaction", "many", type=click.IntRange(1, 10_000), default=500, show_default=True, help="Commands kept together."
)
@as_json
def import_(ledger: str, file: str, mapping: str | None, dry_run: bool, many: int, as_json: bool) -> int:  # noqa: FBT001, PLR0913, PLR0917 (click)
    """Judge the commands in FILE now, in order, and keep the answers in LEDGER.

    FILE (or - for standard input) is JSONL, a command a line; with a mapping, CSV or XLSX. Everything in it is read and
    looked at first: where something cannot be, all of it is told and nothing is entered. After each transaction a line
    `N of M kept` says how far what is in the ledger reaches. Importing the same file again adds nothing and goes on.
    """
    from candidacy import _imports, _sources

    with opened_ledger(ledger, read_only=dry_run) as opened, stream(file) as given:
        engine = engine_on(opened)
        with _sources.opened(given, engine.registry.codec, _bytes_of(mapping)) as source:
            total = _imports.checked(source)
            arrivals = list(_imports.rehearsed(engine, source))
            if not dry_run:
                arrivals = list(_kept(engine, source, total, many, as_json=as_json))
    data = {
        "commands": total,
        "kept": not dry_run,
        "outcomes": _counts(arrivals),
        "arrivals": [a.as_data() for a in arrivals],
    }
    fine = {_imports.Outcome.ACCEPTED, _imports.Outcome.ALREADY_THERE}
    code = YES if all(a.outcome in fine for a in arrivals) else NO
    return answer(data, _told(arrivals, total, dry_run=dry_run), as_json=as_json, code=code)


def _kept(engine: Keeper, source: Source, total: int, many: int, *, as_json: bool) -> Iterator[Arrival]:
    from candidacy import _imports

    done = 0
    for together in _imports.kept(engine, source, a_transaction=many):
        done += sum(a.outcome is not _imports.Outcome.OFFERED for a in together)
        click.echo(f"{done} of {total} kept", err=as_json)
        sys.stdout.flush()
        yield from together


def _counts(arrivals: list[Arrival]) -> dict[str, int]:
    from candidacy._imports import Outcome

    return {str(outcome): sum(a.outcome is outcome for a in arrivals) for outcome in Outcome}


def _told(arrivals: list[Arrival], total: int, *, dry_run: bool) -> Iterator[str]:
    from candidacy._imports import Outcome
    from candidacy._words import short

    counts = _counts(arrivals)
    would = "would be " if dry_run else ""
    yield f"{total} commands: " + ", ".join(f"{many} {would}{outcome}" for outcome, many in counts.items())
    listed = [a for a in arrivals if a.outcome in {Outcome.REFUSED, Outcome.OFFERED}]
    for a in listed[:SHOWN]:
        what = f"{short(a.type_name)} on {a.day}, case {a.case}"
        if a.outcome is Outcome.REFUSED:
            yield f"{a.where}: {would}refused{'' if dry_run else f' (record {a.index})'}: {what}: {', '.join(a.refused_by)}"
        else:
            yield (
                f"{a.where}: not entered: {a.command} was accepted in record {a.index} with other content "
                f"({', '.join(a.differs)}): {what}; it is offered as a correction, which cannot be entered yet"
            )
    if len(listed) > SHOWN:
        yield f"... and {len(listed) - SHOWN} more; --json lists all"


@click.command()
@ledger_argument
@click.option("--set", "given", nargs=2, multiple=True, metavar="PERSON NAME", help="Enter or change the name of a person.")
@click.option("--forget", multiple=True, metavar="PERSON", help="Take a person's name out of the book.")
@as_json
def names(ledger: str, given: tuple[tuple[str, str], ...], forget: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001 (click)
    """The name book of LEDGER: who its opaque person ids are. A file of its own beside it, LEDGER.names."""
    from candidacy.errors import LedgerError
    from candidacy.names import NameBook

    with opened_ledger(ledger, read_only=True) as opened:
        if (given or forget) and hasattr(opened, "in_ledger"):
            raise LedgerError(f"{ledger}: found a packet; needed a ledger: a packet can only be read, and names are no part of one")
        book = NameBook.beside(ledger)
    for person, name in given:
        book.put(person, name)
    unknown = [person for person in forget if not book.forget(person)]
    found = dict(book)
    lines = [*(f"{person}: not in the book" for person in unknown), *(f"{person}  {name}" for person, name in found.items())]
    return answer({"names": found, "unknown": unknown}, lines or ["no names"], as_json=as_json, code=NO if unknown else YES)


@click.command()
@click.option("-o", "--output", metavar="FOLDER", help="Write them into this folder; otherwise their names are listed.")
@click.option("--check", metavar="FOLDER", help="Say which files in this folder are not what would be written; exit code 1 if any.")
def schemas(output: str | None, check: str | None) -> int:
    """The JSON Schemas (2020-12) of records, decisions, findings, commands and every event of every program."""
    from candidacy._schemas import schemas, written

    made = {name: written(schema) for name, schema in schemas(registry_found()).items()}
    if output:
        written_into(output, made)
    if check:
        there = {str(p.relative_to(check).as_posix()): p.read_text(encoding="utf-8") for p in Path(check).rglob("*.json")}
        stale = sorted(name for name in {*made, *there} if made.get(name) != there.get(name))
        return answer(stale, [f"{name}: not what the programs say now" for name in stale], as_json=False, code=NO if stale else YES)
    return answer(None, [f"{output}: {len(made)} schemas"] if output else sorted(made), as_json=False)


def written_into(folder: str, made: Mapping[str, str]) -> None:
    """Write texts into files of a folder, by their names, over what is there."""
    for name, text in made.items():
        _folder_of(Path(folder) / name)
        (Path(folder) / name).write_text(text, encoding="utf-8")


def _folder_of(path: Path) -> None:
    from candidacy.errors import OutputError, why

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise OutputError(f"{path.parent}: cannot be made ({why(wrong)})") from None


# --- files


@contextmanager
def _whole(ledger: str, *, short_ok: bool) -> Iterator[SqliteLedger | PostgresLedger | HeldRecords]:
    """A ledger to take records out of; one that may be short only where that is wanted."""
    from candidacy.address import shown
    from candidacy.errors import LedgerError

    with opened_ledger(ledger, read_only=True) as opened:
        if opened.short and not short_ok:
            raise LedgerError(f"{shown(ledger)}: not taken for a whole ledger; --short-ok takes what is there")
        yield opened


def _bytes_of(mapping: str | None) -> bytes | None:
    from candidacy.strict import LONGEST_DOCUMENT

    if mapping is None:
        return None
    with stream(mapping) as given:
        return given.read(LONGEST_DOCUMENT + 1)


def write(output: str, lines: Iterable[bytes]) -> None:
    """Lines to a new file, whole or not at all; to standard output where it is -."""
    from candidacy.errors import OutputError, why
    from candidacy.placing import in_place

    if output == "-":
        try:
            _pour(lines, sys.stdout.buffer.write)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            pass  # nobody reads any more
        except OSError as wrong:
            raise OutputError(f"standard output: cannot be written ({why(wrong)})") from None
        return
    with in_place(output) as making, making.open("xb") as file:
        _pour(lines, file.write)


def _pour(lines: Iterable[bytes], write: Callable[[bytes], Any]) -> None:
    for line in lines:
        write(line)
