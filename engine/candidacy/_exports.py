"""What goes out of a ledger: records as hashed, the commands alone, and a flat view for people."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from candidacy._taken_over import is_attested
from candidacy._words import spelt, words
from candidacy.canonical import canonical
from candidacy.codec import command_in
from candidacy.errors import InputError, OutputError, Problem
from candidacy.record import Record

COLUMNS = (
    "index", "recorded at", "case", "version", "program", "edition", "event", "effective day", "decision", "attested",
    "of the record", "from", "to", "entered by", "identified", "on behalf of", "content", "open findings", "type", "command",
    "leaf hash",
)  # fmt: skip
FORMULA = re.compile("^[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for the beginning of a formula, full-width signs included."""
MOST_ROWS = 1_048_576
"""Of a sheet, its head included."""
LONGEST_CELL = 32_767
"""Characters that a cell can hold."""
GOOD = {"met", "waived", "not applicable"}


def record_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Each record exactly as it was hashed, a line each."""
    return (record.raw + b"\n" for record in records)


def command_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """The command that each record judged, as the document it was read from, a line each."""
    return (canonical(command_in(record.data)) + b"\n" for record in records if record.index)


def flat(records: Iterable[Record], name: Callable[[str], str | None] | None = None) -> Iterator[tuple[Any, ...]]:
    """The head, then a row for each judged command.

    Args:
        name: gives a person's name from a name book; adds a column.
    """
    yield (*COLUMNS, *(("name",) if name else ()))
    for record in records:
        if record.index:
            yield (*_cells(record), *((name(record.data["actor"]["person"]) or "",) if name else ()))


def _cells(record: Record) -> tuple[Any, ...]:
    data, edition, moved, actor = record.data, record.edition, record.moved, record.data["actor"]
    content = "; ".join(f"{k.replace('_', ' ')} {words(v)}" for k, v in data["payload"].items())
    still_open = "; ".join(f"{f.rule}: {f.outcome}" for f in record.findings if f.binding and str(f.outcome) not in GOOD)
    return (
        record.index, data["recorded_at"], record.case, record.version, edition["program"], edition["name"],
        spelt(record.type_name.split(".")[1].replace("_", "-")), str(record.day), record.word,
        "yes" if is_attested(record) else "", _of_the_record(record), moved["from"], moved["to"],
        actor["person"], actor["identified"], actor.get("on_behalf_of", ""), content, still_open, record.type_name,
        record.command, record.leaf.hex(),
    )  # fmt: skip


def _of_the_record(record: Record) -> str:
    """What it says of other records: what it corrects, takes out or confirms; that it is only asked for."""
    said = [f"corrects version {record.corrects}"] * bool(record.corrects)
    said += [f"takes out version {v}" for v in record.gone if v != record.corrects]
    said += [f"confirms version {record.confirms}"] * bool(record.confirms)
    return "; ".join([*said, *(["only asked for"] * record.is_request)])


def guarded(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that might be one begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def csv_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """Rows as CSV (RFC 4180), every cell quoted, in UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def write_xlsx(path: Path, rows: Iterable[tuple[Any, ...]], sheet: str = "records") -> None:
    """Rows as a workbook of one sheet, text always as text.

    Raises:
        InputError: the library that writes workbooks is not installed.
        OutputError: more rows than a sheet can hold.
    """
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError:
        raise InputError(
            [Problem("--format", "no library that writes workbooks", "xlsxwriter (the extra `sheets`), or --format csv")]
        ) from None
    with Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for n, row in enumerate(rows):
            if n == MOST_ROWS:
                raise OutputError(f"found more records than the {MOST_ROWS - 1} rows of a sheet; needed --format csv or jsonl")
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(n, column, cell)
                else:
                    page.write_string(n, column, guarded(cell)[:LONGEST_CELL])
