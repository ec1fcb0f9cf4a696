"""Where a requirement stands: document, lines or section, requirement ids."""

from collections.abc import Iterator
from typing import Any

import attrs

from candidacy.errors import DefinitionError

PAIR = 2


@attrs.frozen
class Citation:
    """A place in a published document: by lines of the text worked from, or by its section where the text is not held."""

    document: str
    requirements: tuple[str, ...]
    lines: tuple[tuple[int, int], ...]
    section: str = ""

    def __str__(self) -> str:
        return f"{self.document}, {self.place} ({', '.join(self.requirements)})"

    @property
    def place(self) -> str:
        """The place alone: "lines 34-36", "section 412.302(c)(3)"."""
        if self.section:
            return f"section {self.section}"
        places = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.lines)
        word = "line" if len(self.lines) == 1 and self.lines[0][0] == self.lines[0][1] else "lines"
        return f"{word} {places}"


Lines = int | tuple[int, int] | tuple[tuple[int, int], ...] | tuple[()]
"""One line; one pair of first and last line, or several pairs; none where a section stands for them."""


def cite(document: str, at: str | tuple[str, ...], lines: Lines, section: str = "", *, of: str = "") -> Citation:
    """A citation from the forms that authors write; *of*, what is cited so: ``rule widgets.ten_hours``.

    Raises:
        DefinitionError: for what names no place, or two; it says everything that is wrong.
    """
    ids = (at,) if isinstance(at, str) else at
    pairs: Any = ((lines, lines),) if isinstance(lines, int) else (lines,) if _is_pair(lines) else lines
    problems = list(_wrong(ids, pairs, lines, section))
    if problems:
        raise DefinitionError(of or f"citation of {document}", problems)
    return Citation(document, ids, pairs, section)


def _is_pair(lines: Any) -> bool:
    return isinstance(lines, tuple) and bool(lines) and not isinstance(lines[0], tuple)


def _wrong(ids: Any, pairs: Any, lines: Any, section: Any) -> Iterator[str]:
    ids = ids[0] if ids == ("",) else ids
    if not isinstance(ids, tuple) or not ids or not all(isinstance(name, str) and name.strip() for name in ids):
        yield f"found at={ids!r}; needed the id of a requirement, or a tuple of ids"
    if not isinstance(pairs, tuple) or not all(
        _is_pair(pair) and len(pair) == PAIR and set(map(type, pair)) == {int} for pair in pairs
    ):
        yield f"found lines={lines!r}; needed a line, its first and last line, or a tuple of such pairs"
    elif wrong := [pair for pair in pairs if not 0 < pair[0] <= pair[1]]:
        yield f"found lines {wrong}; needed first and last line, from 1 on"
    if not isinstance(section, str):
        yield f"found section={section!r}; needed its name"
    elif bool(pairs) is bool(section):
        found = f"lines and section={section!r}" if section else "neither"
        yield f"found {found}; needed either the lines of the text worked from, or a section"
