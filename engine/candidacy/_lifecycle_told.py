"""A lifecycle as text: a picture for Mermaid, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy._columns import table
from candidacy._picture import moves
from candidacy._words import short
from candidacy.case import NOT_BEGUN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy.program import Edition


def diagram(edition: Edition) -> Iterator[str]:
    """Mermaid, then the same as a table; an act that moves nothing is drawn as an arrow back to its state."""
    yield from mermaid(edition)
    yield ""
    head = ("state", "act", "entered by", "next state")
    rows = moves(edition)
    yield from table(head, ((r["state"], short(r["act"]), " or ".join(r["by"]), r["to"] or "(stays)") for r in rows))


def mermaid(edition: Edition) -> Iterator[str]:
    """The picture alone."""
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
