"""Plain Markdown: words that mean nothing else there, tables with heads, blocks, and pages that say who writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MADE = "Written by `candidacy plugin docs`: change the plugin and write it again, not this page."
"""By this line a page is known as one that may be written over."""
MEANING = re.compile(r"[\\`*\[\]<>|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=[#A-Za-z])")
BEGINNING = re.compile(r"^(?:[#+-]|\d+[.)](?= ))")
FENCE = re.compile(r"`{3,}")


def text(words: object) -> str:
    """Words on one line, that stand in Markdown for themselves, in a table, too."""
    said = MEANING.sub(lambda found: "\\" + found.group(), " ".join(str(words).split()))
    return BEGINNING.sub(lambda found: found.group()[:-1] + "\\" + found.group()[-1], said)


def code(name: object) -> str:
    """A name as it is written in a program."""
    said = " ".join(str(name).split())
    return text(said) if set(said) & {"`", "|"} or not said else f"`{said}`"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table with an empty line around it; its cells are Markdown already."""
    head = list(head)
    yield from ("", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}")
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def block(lines: Iterable[str], language: str = "text") -> Iterator[str]:
    """Lines exactly as they are."""
    lines = [line.replace("\r", " ") for line in "\n".join(lines).split("\n")]
    fence = max(("```", *(found + "`" for line in lines for found in FENCE.findall(line))), key=len)
    yield from ("", f"{fence}{language}", *lines, fence, "")


def page(title: str, lines: Iterable[str]) -> str:
    """A page: its title, who writes it, and its lines, no two empty ones in a row."""
    said = [f"# {text(title)}", "", MADE, ""]
    for line in lines:
        if line or said[-1]:
            said.append(line)
    return "\n".join(said).rstrip("\n") + "\n"
