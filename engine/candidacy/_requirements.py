"""Tables of requirements, as analysts keep them: a row for each statement of a document, in their own words."""

import re
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

import attrs

from candidacy import _sheets
from candidacy._cells import MOST_BYTES, Cell, Layout, Row, Unreadable, cannot_be_read
from candidacy.catalogue import Force
from candidacy.errors import InputError, Problem
from candidacy.strict import shown

COLUMNS = {
    "id": ("id",),
    "force": ("force",),
    "document": ("document",),
    "lines": ("lines", "line"),
    "section": ("section",),
    "says": ("says",),
    "reading": ("reading",),
}
"""What a table may tell, and the names of columns that tell it, in any case; others are left alone."""
NEEDED = ("id", "force", "says")
STATEMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()/-]{0,39}")
RANGE = re.compile(r"([0-9]{1,6})(?:\s*[-\N{EN DASH}]\s*([0-9]{1,6}))?")
LONGEST = {"document": 200, "section": 200, "says": 2_000, "reading": 2_000}
"""Characters."""
MOST_PROBLEMS = 1_000
"""How many of a table are told; after so many, nobody reads on."""


@attrs.frozen
class Requirement:
    """A row of the table: one statement of a document. It has lines, or a section where the text is not held."""

    id: str
    force: Force
    document: str
    lines: tuple[tuple[int, int], ...]
    section: str
    says: str
    reading: str = ""

    @property
    def asks(self) -> bool:
        """Whether it is a requirement, binding or not, for which a rule may stand."""
        return self.force in {Force.MUST, Force.SHOULD}


def requirements(file: BinaryIO, document: str = "") -> list[Requirement]:
    """The statements of a table (CSV, or XLSX with one sheet) in its order; *document* is the one where a row names none.

    Raises:
        InputError: with everything that is wrong with the table, each with its row.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise cannot_be_read("FILE", f"more than {MOST_BYTES} bytes", "fewer: cut the table into several")
    with tempfile.TemporaryDirectory(prefix="candidacy-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        try:
            return _read(path, document)
        except InputError as wrong:
            one = "a workbook with one sheet, or a CSV file"
            raise InputError(attrs.evolve(p, needed=one) if p.path == "sheet" else p for p in wrong.problems) from None


def _read(path: Path, document: str) -> list[Requirement]:
    columns = _columns(_sheets.heads(path, Layout(())))
    found, problems = list[Requirement](), list[Problem]()
    at: dict[str, int] = {}
    for row in _sheets.rows(path, Layout(tuple(columns.values()))):
        if len(problems) >= MOST_PROBLEMS:
            problems.append(Problem("", f"{len(problems)} problems, and did not read on", "these to be mended first"))
            break
        if isinstance(row, Problem):
            problems.append(row)
            continue
        reading = _Reading(row, columns)
        requirement = reading.requirement(document)
        first = at.setdefault(requirement.id, row.number)
        if requirement.id and first != row.number:
            reading.wrong("id", f"{requirement.id}, which row {first} has, too", "an id of its own")
        problems += reading.problems
        found.append(requirement)
    if not found and not problems:
        problems.append(Problem("row 2", "no row", "one for each statement of the document"))
    if problems:
        raise InputError(problems)
    return found


def _columns(names: list[Cell]) -> dict[str, str]:
    """By what it tells, the name of the table's column."""
    known = {name: tells for tells, those in COLUMNS.items() for name in those}
    found: dict[str, list[str]] = {}
    for name in names:
        if isinstance(name, str) and name.lower() in known:
            found.setdefault(known[name.lower()], []).append(name)
    problems = [
        Problem("row 1", f"{len(those)} columns for {tells} ({', '.join(those)})", "one")
        for tells, those in found.items()
        if len(those) > 1
    ]
    for tells in NEEDED:
        if tells not in found:
            needed = "it: what the document says, in our own words, never its own" if tells == "says" else "it"
            problems.append(Problem("row 1", f"no column {tells!r} among {sum(n is not None for n in names)}", needed))
    if len(names) == 1 and not found:
        problems.append(Problem("row 1", "one column", "several, with a comma between them"))
    if not {"lines", "section"} & set(found):
        problems.append(Problem("row 1", "no column 'lines' and no column 'section'", "where each statement stands"))
    if problems:
        raise InputError(problems)
    return {tells: those[0] for tells, those in found.items()}


class _Reading:
    """A row on its way to a requirement, and everything that is wrong with it."""

    def __init__(self, row: Row, columns: dict[str, str]) -> None:
        self._row, self._columns = row, columns
        self.problems: list[Problem] = []

    def requirement(self, document: str) -> Requirement:
        """What the row tells, as far as it can be read."""
        return Requirement(
            self._id(),
            self._force(),
            self._words("document") or document,
            *self._place(),
            self._words("says", needed="the statement in our own words"),
            self._words("reading"),
        )

    def wrong(self, tells: str, found: str, needed: str) -> None:
        """One more thing that is wrong with the row."""
        self.problems.append(Problem(f"row {self._row.number}, {self._columns[tells]}", found, needed))

    def _id(self) -> str:
        text = self._text("id", needed="the id by which the statement is cited")
        if text and not STATEMENT.fullmatch(text):
            self.wrong("id", shown(text), "a letter or digit, then letters, digits and . _ ( ) / -, at most 40 of them")
        return text

    def _force(self) -> Force:
        text = self._text("force", needed="must, should, may or info").lower()
        if text in set(Force):
            return Force(text)
        if text:
            self.wrong("force", shown(text), "must, should, may or info")
        return Force.INFO

    def _place(self) -> tuple[tuple[tuple[int, int], ...], str]:
        """Lines, or where there are none the section."""
        before = len(self.problems)
        lines, section = self._lines(), self._words("section")
        if not lines and not section and len(self.problems) == before:
            self.wrong("lines" if "lines" in self._columns else "section", "nothing", "lines such as 34-36, or a section")
        return lines, "" if lines else section

    def _lines(self) -> tuple[tuple[int, int], ...]:
        text = self._text("lines")
        read = [RANGE.fullmatch(part.strip()) for part in re.split("[,;]", text)] if text else []
        pairs = tuple((int(part[1]), int(part[2] or part[1])) for part in read if part)
        if len(pairs) < len(read) or any(not 0 < first <= last for first, last in pairs):
            found = f"{len(text)} characters that are no lines" if len(pairs) < len(read) else f"lines {text}"
            self.wrong("lines", found, "lines from 1 on, such as 38 or 34-36, or 34, 38-40")
        return pairs

    def _words(self, tells: str, needed: str = "") -> str:
        """Text on one line."""
        text = " ".join(self._text(tells, needed).split())
        if len(text) > LONGEST[tells]:
            self.wrong(tells, f"{len(text)} characters", f"at most {LONGEST[tells]}")
        if any(unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} for character in text):
            self.wrong(tells, "a character that is no text", "plain text")
        return text

    def _text(self, tells: str, needed: str = "") -> str:
        cell = self._row.cells[self._columns[tells]] if tells in self._columns else None
        if isinstance(cell, str) or (isinstance(cell, int) and not isinstance(cell, bool)):
            return str(cell)
        if cell is not None:
            found = cell.what if isinstance(cell, Unreadable) else "a day" if not isinstance(cell, bool) else "yes or no"
            self.wrong(tells, found, "a cell with text")
        elif needed:
            self.wrong(tells, "nothing", needed)
        return ""
