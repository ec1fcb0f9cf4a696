"""Where a requirement stands: document, lines or section, requirement ids."""

import attrs

from candidacy.errors import DefinitionError


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


Lines = tuple[int, int] | tuple[tuple[int, int], ...] | tuple[()]
"""One pair of first and last line, or several pairs; none where a section stands for them."""


def cite(document: str, at: str | tuple[str, ...], lines: Lines, section: str = "") -> Citation:
    """A citation from the forms that authors write."""
    pairs: tuple[tuple[int, int], ...] = (lines,) if lines and isinstance(lines[0], int) else lines
    wrong = [pair for pair in pairs if not 0 < pair[0] <= pair[1]]
    if wrong:
        raise DefinitionError(f"citation of {document}", [f"found lines {wrong}; needed first and last line, from 1 on"])
    if bool(pairs) is bool(section):
        raise DefinitionError(f"citation of {document}", ["needed either the lines of the text worked from, or a section"])
    return Citation(document, (at,) if isinstance(at, str) else at, pairs, section)
