"""The pages of a program: its index, and all that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy._coverage import markdown
from candidacy._examples import examples
from candidacy._forms import forms
from candidacy._gathering import gathered
from candidacy._handbook import handbook, in_units
from candidacy._lifecycle_page import lifecycle_page
from candidacy._markdown import MADE, code, page, table, text
from candidacy._noting import Noting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from candidacy._gathering import Told
    from candidacy.parameter import Parameter
    from candidacy.program import Edition, Program

PAGES = {
    "handbook.md": "the rules, each with a life that passes and one that fails",
    "lifecycle.md": "the lifecycle, as a picture, a table and an outline",
    "forms.md": "what may be entered, by whom and when",
    "coverage.md": "what becomes of each statement of the documents",
}
"""By file, what stands there; the index leads to each."""
INDEX = "index.md"


def pages(program: Program, editions: list[Edition], told: Iterable[Told], doing: Callable[[str], None]) -> dict[str, str]:
    """The text of every page, by file. Rules are changed in place: for a process that does nothing else."""
    noted, told = Noting(), list(told)
    noted.over(editions)
    found = {}
    for edition in editions:
        of = gathered(program, edition, told, doing)
        found[edition.id] = examples(of, doing) if of.begun else {}
    covered = any(e.catalogue for e in editions)
    return {
        INDEX: index(program, editions),
        "handbook.md": handbook(program, editions, found, noted),
        "lifecycle.md": lifecycle_page(program, editions),
        "forms.md": forms(program, editions),
        "coverage.md": markdown(program, MADE)
        if covered
        else page(f"{program.title}: what becomes of each statement", ["The program has no catalogue of statements."]),
    }


def index(program: Program, editions: list[Edition]) -> str:
    """The first page."""
    lines = [f"- [{name}]({name}): {what}" for name, what in PAGES.items()]
    lines += ["", "## Editions"]
    announced = {e.name: [a for a, name in program.announcements.items() if name == e.name] for e in editions}
    lines += table(
        ("edition", "revision", "in force from", "cases that begin under"),
        ((text(e.name), str(e.revision), str(e.in_force), ", ".join(map(code, announced[e.name])) or "none") for e in editions),
    )
    lines += ["## Documents", *_documents(editions), "## Numbers", *_numbers(editions), "## Who takes part", *_roles(editions)]
    return page(program.title, lines)


def _documents(editions: list[Edition]) -> Iterator[str]:
    """Each document once, with the editions that use it."""
    found = list(dict.fromkeys(a for e in editions for a in e.authorities))
    head = ("document", "publisher", "dated", "how to obtain it", "SHA-256 of the text worked from", "used by")
    yield from table(
        head,
        (
            (text(a.title), text(a.publisher), str(a.dated or "undated"), text(a.obtain),
             code(a.sha256) if a.sha256 else "not held", text(", ".join(e.name for e in editions if a in e.authorities)))
            for a in found
        ),
    )  # fmt: skip


def _numbers(editions: list[Edition]) -> Iterator[str]:
    """Every value of every parameter, with its day, and the editions whose cases are judged by it."""
    found: list[Parameter[object]] = list(dict.fromkeys(p for e in editions for p in e.parameters))
    if not found:
        yield from ("", "It has none.", "")
        return
    rows = []
    for parameter in found:
        for value in parameter.values:
            by = [e.name for e in editions if parameter in e.parameters and parameter.on(e.in_force) == value]
            rows.append(
                (text(parameter.name), text(in_units(parameter, value)), str(value.since), text(value.citation),
                 text(", ".join(by) or "none"), text(parameter.reading))
            )  # fmt: skip
        if not parameter.values:
            rows.append((text(parameter.name), "not set", "", "", "", text(parameter.reading)))
    yield from table(("number", "value", "since", "where it stands", "judges cases of edition", "the reading taken"), rows)


def _roles(editions: list[Edition]) -> Iterator[str]:
    found = {role.name: role for e in editions for role in e.roles}
    head = ("role", "also called", "kept apart from")
    yield from table(head, ((text(r.name), text(", ".join(r.aliases)), text(", ".join(r.apart_from))) for r in found.values()))
