"""The lifecycle of a program as a page: a picture in Mermaid, and the same as a table and as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy._markdown import block, page, table, text
from candidacy._picture import moves, sentence
from candidacy._words import short
from candidacy.case import NOT_BEGUN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.program import Edition, Program


def mermaid(edition: Edition) -> Iterator[str]:
    """The lifecycle as Mermaid; an act that moves nothing is drawn as an arrow back to its state."""
    states = (NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits)
    ids = {state: f"s{n}" for n, state in enumerate(states)}
    yield "stateDiagram-v2"
    for state in states[1:]:
        yield f'    state "{state}" as {ids[state]}'
    for row in moves(edition):
        source = "[*]" if row["state"] == NOT_BEGUN else ids[row["state"]]
        yield f"    {source} --> {ids[row['to'] or row['state']]}: {short(row['act'])} ({' or '.join(row['by'])})"
    for final in edition.lifecycle.finals:
        yield f"    {ids[final]} --> [*]"


def lifecycle_page(program: Program, editions: Iterable[Edition]) -> str:
    """The page; an edition with the moves of the one before it says so."""
    lines = ["The picture, the table and the outline of an edition say the same, move by move."]
    before: Edition | None = None
    for edition in editions:
        lines += ["", f"## Edition {text(edition.name)}", ""]
        if before is not None and _same(before, edition):
            lines.append(f"The moves are those of edition {text(before.name)}.")
        else:
            lines += _told(edition)
        before = edition
    return page(f"{program.title}: the lifecycle", lines)


def _same(one: Edition, two: Edition) -> bool:
    return moves(one) == moves(two) and one.lifecycle.stages == two.lifecycle.stages and one.lifecycle.exits == two.lifecycle.exits


def _told(edition: Edition) -> Iterator[str]:
    cycle = edition.lifecycle
    yield f"Stages, in order: {text(', '.join(cycle.stages))}. Exits: {text(', '.join(cycle.exits) or 'none')}."
    yield f"The program is for the stage {text(cycle.goal or cycle.stages[-1])}."
    yield from ("", "### As a picture")
    yield from block(mermaid(edition), "mermaid")
    yield "### As a table"
    rows = moves(edition)
    head = ("stage", "what is done", "by whom", "leads to")
    yield from table(
        head, ((text(r["state"]), text(short(r["act"])), text(" or ".join(r["by"])), text(r["to"] or "(stays)")) for r in rows)
    )
    yield from ("### As an outline", "")
    for state in (NOT_BEGUN, *cycle.stages, *cycle.exits):
        mine = [row for row in rows if row["state"] == state]
        begins = "Before a case has begun" if state == NOT_BEGUN else f"From {state}"
        yield f"- {text(begins)}:" if mine else f"- {text(state)}: the end; no act leads on."
        yield from (f"    - {text(sentence(row))}" for row in mine)
