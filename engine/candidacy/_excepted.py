"""What an inspector asks for: one record that stands out, of what kind, and the records behind it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import attrs

from candidacy.interventions import CORRECTED, INTERVENTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from candidacy.decision import Json

RESTS_ON_WRONG = "rests on a corrected fact"
APPROVED_AFTER = "approved after the act"
LATE = "entered late"
APART = "segregation of duties"
TAKEN_OVER = "taken over"
NO_NOTE = "judgement without a note"
DEPARTURES = (*INTERVENTIONS.values(), CORRECTED)
"""Waivers, overrides, corrections and the like: the words of `INTERVENTIONS`, and what corrects a fact."""
KINDS = (RESTS_ON_WRONG, *DEPARTURES, APPROVED_AFTER, LATE, APART, TAKEN_OVER, NO_NOTE)
"""Every kind, in the order in which they are counted."""
PLUGIN_NEEDED = (APART,)
"""What cannot be told whole where the edition is not installed."""


@attrs.frozen
class Excepted:
    """One record that stands out.

    Attributes:
        kind: one of `KINDS`.
        record: its index in the ledger.
        type_name: the type of its event; *form*, whether that is an ``act`` or a ``fact``.
        day: the day on which its event takes effect.
        person: who entered it; ``on_behalf_of`` in whose name, "" where in their own.
        records: indexes of the other records behind it, ascending.
        sentence: what is to be seen, in words.
        days: calendar days from its effective day to the day of entry, of what was entered late or confirmed late; otherwise 0.
        taken_back: index of the record that took it back, corrected it or set it aside; None while it stands.
    """

    kind: str
    case: str
    record: int
    type_name: str
    form: str
    day: date
    person: str
    on_behalf_of: str
    records: tuple[int, ...]
    sentence: str
    days: int = 0
    taken_back: int | None = None

    @property
    def is_departure(self) -> bool:
        """Whether it is a waiver, an override, a correction or the like."""
        return self.kind in DEPARTURES

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "day": str(self.day), "records": list(self.records)}


@attrs.frozen
class Unlisted:
    """A case of which not everything can be told, and why, in a sentence."""

    case: str
    why: str


@attrs.define
class Counting:
    """How many there are by person and kind, counted while they go by."""

    all: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    back: Counter[tuple[str, str]] = attrs.field(factory=Counter)

    def see(self, found: Excepted) -> Excepted:
        """One more; gives it back."""
        key = (found.kind, found.person)
        self.all[key] += 1
        self.back[key] += found.taken_back is not None
        return found

    def rows(self) -> list[tuple[str, str, int, int]]:
        """Kind, person, how many, and how many of these were taken back; in order of kind, then of person."""
        keys = sorted(self.all, key=lambda key: (KINDS.index(key[0]), key[1]))
        return [(kind, person, self.all[kind, person], self.back[kind, person]) for kind, person in keys]


def by_person(found: Iterable[Excepted]) -> list[tuple[str, str, int, int]]:
    """Kind, person, how many there are, and how many of these were taken back."""
    counting = Counting()
    for one in found:
        counting.see(one)
    return counting.rows()
