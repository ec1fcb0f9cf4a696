"""Where the moves of a lifecycle lead: what is never reached, and what never comes to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy.case import NOT_BEGUN
from candidacy.lifecycle import is_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy.program import Edition


def onward(edition: Edition) -> dict[str, set[str]]:
    """By state, the states that acts lead to from it, itself included."""
    table, found = edition.table, dict[str, set[str]]()
    for state in (NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits):
        reached, left = {state}, [state]
        while left:
            here = left.pop()
            new = {to for (source, _), to in table.items() if source == here} - reached
            reached |= new
            left += new
        found[state] = reached
    return found


def unreached(edition: Edition) -> Iterator[str]:
    """The stages and exits to which no move leads."""
    reached = onward(edition)[NOT_BEGUN]
    yield from (f"edition {edition.id}: no move leads to {s!r}"
                for s in (*edition.lifecycle.stages, *edition.lifecycle.exits) if s not in reached)  # fmt: skip


def traps(edition: Edition) -> Iterator[str]:
    """The stages from which no end can be reached. Ends are the exits, the last stage, and the goal."""
    cycle, leads = edition.lifecycle, onward(edition)
    goal = cycle.goal or cycle.stages[-1]
    ends = {*cycle.exits, cycle.stages[-1]} | {s for s in cycle.stages if is_in(s, goal)}
    for stage in cycle.stages:
        if stage not in ends and not leads[stage] & ends:
            yield f"edition {edition.id}: a case in {stage!r} never comes to an end"
