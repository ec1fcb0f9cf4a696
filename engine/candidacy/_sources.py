"""Files of commands: read from a copy of their own, again and again, each command or problem with its line or row."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import attrs

from candidacy import _sheets
from candidacy._cells import MOST_BYTES, MOST_ROWS, cannot_be_read
from candidacy._mapping import SheetMapping
from candidacy.codec import Codec
from candidacy.decision import Command
from candidacy.errors import InputError, OutputError, Problem, why
from candidacy.strict import LONGEST_DOCUMENT

Told = Iterator[tuple[str, Command | Problem]]
"""Commands and problems of a file in its order, each with where it stands."""


@attrs.frozen
class Source:
    """A file that can be read again from its beginning: it is a copy of its own."""

    path: Path
    codec: Codec
    mapping: SheetMapping | None = None

    def __iter__(self) -> Told:
        return _lines(self.path, self.codec) if self.mapping is None else _rows(self.path, self.mapping)


@contextmanager
def opened(file: BinaryIO, codec: Codec, mapping: bytes | None = None) -> Iterator[Source]:
    """The commands in *file*: JSONL, or with a *mapping* the rows of a CSV or XLSX file.

    Raises:
        InputError: the file has more bytes than it may, or the mapping is wrong.
    """
    read = None if mapping is None else SheetMapping(mapping, codec)
    with tempfile.TemporaryDirectory(prefix="candidacy-") as folder:
        path = Path(folder) / "import"
        try:
            with path.open("wb") as copy:
                shutil.copyfileobj(_Bounded(file), copy)
        except OSError as wrong:
            raise OutputError(f"{folder}: no room for a copy of the file ({why(wrong)})") from None
        yield Source(path, codec, read)


def _lines(path: Path, codec: Codec) -> Told:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_DOCUMENT + 2):
            number += 1
            if number > MOST_ROWS:
                raise InputError([Problem(f"line {number}", f"more than {MOST_ROWS} lines", "fewer: cut the file into several")])
            where = f"line {number}"
            if not line.strip():
                continue
            if number == 1 and line.lstrip()[:1] not in {b"{", b"["}:
                needed = "a command a line, as JSON documents; for a CSV or XLSX file, --mapping MAPPING"
                raise cannot_be_read(where, "a file of another kind", needed)
            if len(line) > LONGEST_DOCUMENT + 1:
                raise InputError([Problem(where, f"more than {LONGEST_DOCUMENT} bytes", "one command, as a JSON document")])
            try:
                command, problems, _ = codec.examine_command(line.rstrip(b"\r\n"))
            except InputError as wrong:
                command, problems = None, list(wrong.problems)
            if command is not None:
                yield where, command
            yield from ((where, problem) for problem in _explained(line, problems))


def _explained(line: bytes, problems: list[Problem]) -> list[Problem]:
    """The problems of a line; one sentence where it is not a command at all but a record of an export."""
    if problems and b'"findings":' in line and b'"leaf"' not in line and b'"previous":' in line:
        return [
            Problem("", "a record of a ledger", "a command: `candidacy restore` takes records, `export --commands` gives commands")
        ]
    return problems


def _rows(path: Path, mapping: SheetMapping) -> Told:
    for row in _sheets.rows(path, mapping.layout):
        if isinstance(row, Problem):
            yield "", row
            continue
        for said in mapping.commands(row):
            yield f"row {row.number}", said


class _Bounded:
    """A file that ends with a sentence where it has more bytes than it may."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_BYTES

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise InputError([Problem("FILE", f"more than {MOST_BYTES} bytes", "fewer: cut the file into several")])
        return chunk
