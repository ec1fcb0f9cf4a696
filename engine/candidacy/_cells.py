"""What a sheet is made of: cells, rows and how they are laid out, and how much of them may come."""

from collections.abc import Mapping
from datetime import date

import attrs

from candidacy.errors import InputError, Problem

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_768
"""Characters."""


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


def cannot_be_read(path: str, found: str, needed: str) -> InputError:
    """The error that says why a file, or its rest, cannot be read."""
    return InputError([Problem(path, found, needed)])
