"""Reading sheets that people keep: CSV and XLSX, within limits, each row with its number and its cells by column.

Nothing is guessed and nothing is run: a formula, a merged cell or an error value is said to be one.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO
from zipfile import BadZipFile, ZipFile, ZipInfo

import attrs

from candidacy.errors import InputError, Problem
from candidacy.strict import shown

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_ROWS_OF_A_SHEET = 200_000
"""Empty ones included."""
MOST_COLUMNS = 200
LAST_ROW = 1_048_576
"""Of any sheet; empty ones cost nothing."""
LONGEST_CELL = 32_768
"""Characters."""
MOST_PARTS = 1_000
"""Files in a workbook, which is a ZIP archive."""
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of all of them."""
MOST_OF_A_SHEET = 64 * 1024 * 1024
MOST_OF_A_PART = 16 * 1024 * 1024
"""Bytes of one that is not a sheet: it is held in memory."""
MOST_OF_STYLES = 1024 * 1024
MOST_RATIO = 100
"""How many times its packed size a part may have; ordinary sheets have up to some twenty."""
SMALL = 64 * 1024
"""Bytes of a part whose ratio does not matter."""
SHEETS = "xl/worksheets/"
SAVE = "one as a spreadsheet program saves it"


@attrs.frozen
class Unreadable:
    """A cell that holds no value of its own: what it holds, in words."""

    what: str


Cell = str | int | bool | date | Unreadable | None
"""Text without spaces around it, a whole number, a truth value, a day; None where the cell is empty."""


@attrs.frozen
class Row:
    """A row of a sheet: its number, counted from 1 with the head included, and its cells by column."""

    number: int
    cells: Mapping[str, Cell]


@attrs.frozen
class Layout:
    """How a file is laid out.

    Attributes:
        sheet: the sheet's name in a workbook; "" where it has only one.
        header: the row that names the columns.
        delimiter: between cells of a CSV file.
        columns: those that are needed.
    """

    columns: tuple[str, ...]
    sheet: str = ""
    header: int = 1
    delimiter: str = ","


def rows(path: Path, layout: Layout) -> Iterator[Row | Problem]:
    """The rows of a CSV or XLSX file that are not empty, and whatever keeps one from being read.

    Raises:
        InputError: the file as a whole cannot be read as one.
    """
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    cells = partial(_workbook, path, layout) if packed else partial(_text, path, layout)
    return _named(cells, layout)


def _named(cells: Callable[[], Iterator[tuple[int, list[Cell]] | Problem]], layout: Layout) -> Iterator[Row | Problem]:
    places: dict[str, int] = {}
    count = width = 0
    for found in cells():
        if isinstance(found, Problem):
            yield found
            continue
        number, row = found
        if number < layout.header:
            continue
        if number == layout.header:
            places = _places(row, layout)
            width = max(n for n, cell in enumerate(row, 1) if cell is not None)
            continue
        if not places:
            break
        if all(cell is None for cell in row):
            continue
        count += 1
        if count > MOST_ROWS:
            raise _wrong(f"row {number}", f"more than {MOST_ROWS} rows", "fewer: cut the file into several")
        if any(cell is not None for cell in row[width:]):
            yield Problem(f"row {number}", f"cells beyond the {width} columns that have a name", "none there")
            continue
        yield Row(number, {name: row[place] if place < len(row) else None for name, place in places.items()})
    if not places:
        raise _wrong(f"row {layout.header}", "no such row", "the row that names the columns")


def _places(row: list[Cell], layout: Layout) -> dict[str, int]:
    names = [cell if isinstance(cell, str) else None for cell in row]
    problems = []
    for column in layout.columns:
        where = f"row {layout.header}"
        if names.count(column) > 1:
            problems.append(Problem(where, f"the column {column!r} {names.count(column)} times", "it once"))
        elif column not in names:
            found = f"no column {column!r} among {sum(n is not None for n in names)}"
            problems.append(Problem(where, found, "it: the mapping names it"))
    if problems:
        raise InputError(problems)
    return {column: names.index(column) for column in layout.columns}


# --- CSV


def _text(path: Path, layout: Layout) -> Iterator[tuple[int, list[Cell]] | Problem]:
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(_lines(file), delimiter=layout.delimiter, strict=True)
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                raise _wrong(f"row {number} or soon after", "bytes that are not UTF-8", "a file saved as CSV in UTF-8") from None
            except csv.Error as wrong:
                long = "field limit" in str(wrong)
                found = f"a cell of more than {LONGEST_CELL} characters" if long else "quotation marks that do not match"
                needed = "each cell between its own quotation marks, and the delimiter after it"
                raise _wrong(f"row {number}", found, needed) from None
            yield number, [cell.strip() or None for cell in row]


def _lines(file: TextIO) -> Iterator[str]:
    """Lines, none of them read whole where it is longer than any row may be."""
    longest = LONGEST_CELL * MOST_COLUMNS
    while line := file.readline(longest):
        yield line


# --- XLSX


def _workbook(path: Path, layout: Layout) -> Iterator[tuple[int, list[Cell]] | Problem]:
    try:
        from openpyxl import DEFUSEDXML, load_workbook
    except ModuleNotFoundError:
        DEFUSEDXML = False  # noqa: N806 (the library's own name)
    if not DEFUSEDXML:  # without it a small file could expand to fill the memory
        raise _wrong("", "a workbook, and no library that reads one safely", "`pip install candidacy[sheets]`, or a CSV file")
    _refuse_a_bomb(path)
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, keep_links=False)
            names = [sheet.title for sheet in book.worksheets]
        except MemoryError:
            raise
        except Exception as failure:  # noqa: BLE001 (the library raises what it likes at a file it cannot read)
            raise _wrong("", f"a workbook that cannot be read ({type(failure).__name__})", SAVE) from None
        if not layout.sheet and len(names) != 1:
            raise _wrong("sheet", f"{len(names)} sheets", 'the name of one of them, as "sheet" in the mapping')
        if layout.sheet and names.count(layout.sheet) != 1:
            raise _wrong("sheet", f"no sheet {layout.sheet!r} among {len(names)}", "the mapping to name one that is there")
        yield from _cells_of(path, book.worksheets[names.index(layout.sheet) if layout.sheet else 0], layout)


def _cells_of(path: Path, sheet: Any, layout: Layout) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    try:
        _refuse_a_tangle(path, str(getattr(sheet, "_worksheet_path", "no part")), layout)
        for row in sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS):
            number += 1
            yield number, [_value(cell) for cell in row]
    except (MemoryError, GeneratorExit, InputError):
        raise
    except Exception as failure:  # noqa: BLE001 (the library raises what it likes at a sheet it cannot read)
        raise _wrong(f"row {number + 1}", f"a sheet that cannot be read on ({type(failure).__name__})", SAVE) from None


def _value(cell: Any) -> Cell:  # noqa: PLR0911 (one for each kind of cell)
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return Unreadable("a formula")
    if kind == "e":
        return Unreadable("an error value")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        text = value.strip()
        return Unreadable(f"more than {LONGEST_CELL} characters") if len(text) > LONGEST_CELL else text or None
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date() if midnight else Unreadable("a day with a time of day")
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return Unreadable("a fraction" if isinstance(value, float) else "a time")


def _refuse_a_bomb(path: Path) -> None:
    """Look at the archive's list before anything in it is unpacked."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise _wrong("", "an archive that cannot be read", f"a workbook: {SAVE}") from None
    problems = []
    if len(parts) > MOST_PARTS:
        problems.append(Problem("", f"a workbook of {len(parts)} parts", f"at most {MOST_PARTS}"))
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        problems.append(Problem("", "a workbook that unpacks to more than it may", f"at most {MOST_UNPACKED} bytes"))
    problems += [problem for part in parts[:MOST_PARTS] for problem in _wrong_part(part)]
    if problems:
        raise InputError(problems)


def _wrong_part(part: ZipInfo) -> Iterator[Problem]:
    where = f"part {shown(part.filename)}"
    if part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
        yield Problem(where, "one that unpacks to more than a hundred times its size", f"at most {MOST_RATIO} times")
    styles, sheet = part.filename.endswith("styles.xml"), part.filename.startswith(SHEETS)
    most = MOST_OF_STYLES if styles else MOST_OF_A_SHEET if sheet else MOST_OF_A_PART
    if part.file_size > most:
        yield Problem(where, f"{part.file_size} bytes", f"at most {most}")
    if part.flag_bits & 1:
        yield Problem(where, "one that is locked with a password", "a workbook without")


class _Scanner:
    """Looks through a sheet before it is read, holding nothing of it: `xml.etree.ElementTree.XMLParser` calls it."""

    def __init__(self, header: int) -> None:
        self._header, self._row, self._rows, self._cells, self._text = header, 0, 0, 0, 0
        self.problems: dict[Problem, None] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, self._text = tag.rpartition("}")[2], 0
        if name == "row":
            self._begins(attributes.get("r", ""))
        elif name == "c":
            self._cells += 1
            if self._cells > MOST_COLUMNS:
                raise _wrong(f"row {self._row}", f"more than {MOST_COLUMNS} cells", "fewer columns")
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        self._text += len(text)
        if self._text > 2 * LONGEST_CELL:
            raise _wrong(f"row {self._row}", f"a cell of more than {LONGEST_CELL} characters", "shorter ones")

    def end(self, _tag: str) -> None:
        self._text = 0

    def close(self) -> None:
        if self.problems:
            raise InputError(self.problems)

    def _begins(self, written: str) -> None:
        number = int(written) if written.isascii() and written.isdigit() else self._row + 1
        self._rows, self._cells = self._rows + 1, 0
        if self._rows > MOST_ROWS_OF_A_SHEET:
            raise _wrong(f"row {number}", f"more than {MOST_ROWS_OF_A_SHEET} rows, empty ones included", "a sheet without them")
        if number <= self._row:
            self.problems[Problem(f"row {number}", f"it after row {self._row}", "rows in order")] = None
        self._row = number

    def _merged(self, cells: str) -> None:
        last = re.search("[0-9]{1,7}$", cells)
        if last and int(last.group()) >= self._header:
            name = shown(cells.replace(":", "-"))
            self.problems[Problem(f"cells {name}", "merged cells", "each row with cells of its own")] = None


def _refuse_a_tangle(path: Path, part: str, layout: Layout) -> None:
    """Refuse what would fill the memory, merged cells, whose rows look empty, and rows out of order, which would be passed over."""
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=_Scanner(layout.header), forbid_dtd=True)
    with ZipFile(path) as archive, archive.open(part) as file:
        while chunk := file.read(SMALL):
            parser.feed(chunk)
    parser.close()


def _wrong(path: str, found: str, needed: str) -> InputError:
    return InputError([Problem(path, found, needed)])
