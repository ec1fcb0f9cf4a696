"""Reading workbooks (XLSX), within limits: archives that are larger than they look, sheets that would fill the memory."""

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from candidacy._cells import LONGEST_CELL, MOST_COLUMNS, Cell, Layout, Unreadable, cannot_be_read
from candidacy.errors import InputError, Problem
from candidacy.strict import shown

MOST_ROWS_OF_A_SHEET = 200_000
"""Empty ones included."""
LAST_ROW = 1_048_576
"""Of any sheet; empty ones cost nothing."""
MOST_PARTS = 1_000
"""Files in a workbook, which is a ZIP archive."""
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of all of them."""
MOST_OF_A_SHEET = 64 * 1024 * 1024
MOST_OF_A_PART = 8 * 1024 * 1024
"""Bytes of one that is not a sheet: it is held in memory."""
MOST_OF_STYLES = 1024 * 1024
MOST_RATIO = 100
"""How many times its packed size a part may have; ordinary sheets have up to some twenty."""
SMALL = 64 * 1024
"""Bytes of a part whose ratio does not matter."""
SHEETS = "xl/worksheets/"
SAVE = "one as a spreadsheet program saves it"


def cells(path: Path, layout: Layout) -> Iterator[tuple[int, list[Cell]] | Problem]:
    """The rows of a workbook's sheet, each with its number.

    Raises:
        InputError: it cannot be read, or holds more than it may.
    """
    try:
        from openpyxl import DEFUSEDXML, load_workbook
    except ModuleNotFoundError:
        DEFUSEDXML = False  # noqa: N806 (the library's own name)
    if not DEFUSEDXML:  # without it a small file could expand to fill the memory
        raise cannot_be_read(
            "", "a workbook, and no library that reads one safely", "openpyxl and defusedxml (the extra `sheets`), or a CSV file"
        )
    _refuse_a_bomb(path)
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they may hold what stands in the cells
        try:
            book = load_workbook(file, read_only=True, keep_links=False)
            names = [sheet.title for sheet in book.worksheets]
        except MemoryError:
            raise
        except Exception as failure:  # noqa: BLE001 (the library raises what it likes at a file it cannot read)
            raise cannot_be_read("", f"a workbook that cannot be read ({type(failure).__name__})", SAVE) from None
        if not layout.sheet and len(names) != 1:
            raise cannot_be_read("sheet", f"{len(names)} sheets", 'the name of one of them, as "sheet" in the mapping')
        if layout.sheet and names.count(layout.sheet) != 1:
            raise cannot_be_read("sheet", f"no sheet {layout.sheet!r} among {len(names)}", "the mapping to name one that is there")
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
        raise cannot_be_read(f"row {number + 1}", f"a sheet that cannot be read on ({type(failure).__name__})", SAVE) from None


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
        raise cannot_be_read("", "an archive that cannot be read", f"a workbook: {SAVE}") from None
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
                raise cannot_be_read(f"row {self._row}", f"more than {MOST_COLUMNS} cells", "fewer columns")
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        self._text += len(text)
        if self._text > 2 * LONGEST_CELL:
            raise cannot_be_read(f"row {self._row}", f"a cell of more than {LONGEST_CELL} characters", "shorter ones")

    def end(self, _tag: str) -> None:
        self._text = 0

    def close(self) -> None:
        if self.problems:
            raise InputError(self.problems)

    def _begins(self, written: str) -> None:
        number = int(written) if written.isascii() and written.isdigit() else self._row + 1
        self._rows, self._cells = self._rows + 1, 0
        if self._rows > MOST_ROWS_OF_A_SHEET:
            raise cannot_be_read(
                f"row {number}", f"more than {MOST_ROWS_OF_A_SHEET} rows, empty ones included", "a sheet without them"
            )
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
