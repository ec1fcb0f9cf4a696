"""Coverage: what a program does with each statement of its documents."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import attrs

from candidacy.catalogue import Kind, NotModelled, kind_of, named
from candidacy.parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.catalogue import Statement
    from candidacy.decision import Json
    from candidacy.program import Edition, Program


@attrs.frozen
class Covered:
    """One statement of a document, and what the program does with it.

    Attributes:
        id, force, says, citation: the statement, restated.
        kind: what stands for it foremost; *objects*, the dotted names of all that does, each with its kind.
        status: "modelled"; "not set", where a parameter has no value since the text gives none; or "not modelled".
        reason: why it is not modelled; "" where it is.
    """

    program: str
    edition: str
    id: str
    force: str
    kind: str
    objects: tuple[tuple[str, str], ...]
    status: str
    reason: str
    says: str
    citation: str
    place: str

    @property
    def object(self) -> str:
        """The dotted name of what stands for it foremost; "" where nothing does."""
        return self.objects[0][1] if self.objects else ""

    def as_data(self) -> Json:
        """As plain values."""
        objects = [{"kind": kind, "object": name} for kind, name in self.objects]
        return {**attrs.asdict(self, recurse=False), "object": self.object, "objects": objects}


def coverage(programs: Iterable[Program]) -> Iterator[Covered]:
    """Every statement in the catalogues of programs, of the newest revision of each edition, in the order of the documents."""
    for program in programs:
        names = dict.fromkeys(e.name for e in program.editions)
        for edition in (program.edition(name) for name in names):
            if edition is not None:
                yield from (_covered(edition, statement) for statement in edition.catalogue)


def _covered(edition: Edition, of: Statement) -> Covered:
    by = [b for b in of.by if not isinstance(b, NotModelled)]
    unset = bool(by) and isinstance(by[0], Parameter) and not by[0].values
    return Covered(
        program=edition.program,
        edition=edition.id,
        id=of.id,
        force=str(of.force),
        kind=str(of.kind),
        objects=tuple((str(kind_of(b)), named(b, edition.program)) for b in by),
        status="not modelled" if of.kind is Kind.NOT_MODELLED else "not set" if unset else "modelled",
        reason=of.reason,
        says=of.says,
        citation=str(of.citation),
        place=of.citation.place,
    )


MADE = "Made by `make coverage` from the program's catalogue; `candidacy coverage` prints it."


def markdown(program: Program, made: str = MADE) -> str:
    """The coverage of a program as a document in Markdown; *made*, how."""
    rows = list(coverage([program]))
    first = rows[0].edition if rows else ""
    counts = ", ".join(f"{n} {kind}" for kind, n in Counter(row.kind for row in rows if row.edition == first).most_common())
    lines = [
        f"# {program.title}: what becomes of each statement",
        "",
        f"{made} The words are ours.",
        "",
        f"{sum(row.edition == first for row in rows)} statements: {counts}.",
        *_table(first, rows),
    ]
    return "\n".join([*lines, ""])


def _table(first: str, rows: list[Covered]) -> Iterator[str]:
    """The rows, those of each edition after the first under a heading."""
    for edition, of in groupby(rows, key=lambda row: row.edition):
        yield from ("", f"## What edition {edition.partition('/')[2]} adds") if edition != first else ()
        yield from ("", "| id | force | the statement, restated | kind | what stands for it, or why nothing does | where |")
        yield "|---|---|---|---|---|---|"
        yield from map(_row, of)


def _row(row: Covered) -> str:
    objects = ", ".join(f"`{name}`" for _, name in row.objects)
    what = "; ".join(part for part in (objects, row.reason, "not set" * (row.status == "not set")) if part)
    place = row.place.removeprefix("lines ").removeprefix("line ")
    return f"| {row.id} | {row.force} | {_cell(row.says)} | {row.kind} | {_cell(what)} | {place} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
