"""Reading sheets that people keep: CSV and XLSX, within limits, each row with its number and its cells by column.

Nothing is guessed and nothing is run: a formula, a merged cell or an error value is said to be one.
"""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

from candidacy import _workbooks
from candidacy._cells import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Cell, Layout, Row, cannot_be_read
from candidacy.errors import InputError, Problem


def rows(path: Path, layout: Layout) -> Iterator[Row | Problem]:
    """The rows of a CSV or XLSX file that are not empty, and whatever keeps one from being read.

    Raises:
        InputError: the file as a whole cannot be read as one.
    """
    return _named(_cells_of(path, layout), layout)


def heads(path: Path, layout: Layout) -> list[Cell]:
    """The names of the columns; the layout's own columns are not looked at.

    Raises:
        InputError: the file cannot be read as far as that row.
    """
    for found in _cells_of(path, layout)():
        if not isinstance(found, Problem) and found[0] == layout.header:
            return found[1]
    return []


def _cells_of(path: Path, layout: Layout) -> Callable[[], Iterator[tuple[int, list[Cell]] | Problem]]:
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    return partial(_workbooks.cells if packed else _text, path, layout)


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
            raise cannot_be_read(f"row {number}", f"more than {MOST_ROWS} rows", "fewer: cut the file into several")
        if any(cell is not None for cell in row[width:]):
            yield Problem(f"row {number}", f"cells beyond the {width} columns that have a name", "none there")
            continue
        yield Row(number, {name: row[place] if place < len(row) else None for name, place in places.items()})
    if not places:
        raise cannot_be_read(f"row {layout.header}", "no such row", "the row that names the columns")


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
                raise cannot_be_read(
                    f"row {number} or soon after", "bytes that are not UTF-8", "a file saved as CSV in UTF-8"
                ) from None
            except csv.Error as wrong:
                long = "field limit" in str(wrong)
                found = f"a cell of more than {LONGEST_CELL} characters" if long else "quotation marks that do not match"
                needed = "each cell between its own quotation marks, and the delimiter after it"
                raise cannot_be_read(f"row {number}", found, needed) from None
            yield number, [cell.strip() or None for cell in row]


def _lines(file: TextIO) -> Iterator[str]:
    """Lines, none of them read whole where it is longer than any row may be."""
    longest = LONGEST_CELL * MOST_COLUMNS
    while line := file.readline(longest):
        yield line
