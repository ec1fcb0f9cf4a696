"""Where a requirement stands: document, lines, requirement ids."""

import attrs

from candidacy.errors import DefinitionError


@attrs.frozen
class Citation:
    """A place in a published document."""

    document: str
    requirements: tuple[str, ...]
    lines: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        places = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.lines)
        word = "line" if len(self.lines) == 1 and self.lines[0][0] == self.lines[0][1] else "lines"
        return f"{self.document}, {word} {places} ({', '.join(self.requirements)})"


Lines = tuple[int, int] | tuple[tuple[int, int], ...]
"""One pair of first and last line, or several pairs."""


def cite(document: str, at: str | tuple[str, ...], lines: Lines) -> Citation:
    """A citation from the forms that authors write."""
    pairs = (lines,) if isinstance(lines[0], int) else lines
    wrong = [pair for pair in pairs if not 0 < pair[0] <= pair[1]]
    if wrong:
        raise DefinitionError(f"citation of {document}", [f"found lines {wrong}; needed first and last line, from 1 on"])
    return Citation(document, (at,) if isinstance(at, str) else at, pairs)
