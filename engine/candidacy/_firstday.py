"""The earliest day of one case, by an edition that it may never have been under."""

from datetime import date
from typing import Self

import attrs

from candidacy._again import By, Read, or_unread
from candidacy._path import Path, path
from candidacy._words import GUARDS
from candidacy.case import Case
from candidacy.cases import placed_from
from candidacy.decision import Json
from candidacy.folding import fold, fold_as_of
from candidacy.interventions import EditionMoved
from candidacy.program import Edition
from candidacy.record import Record


@attrs.frozen
class FirstDay:
    """The earliest day on which a case can be in the stage that its program is for, by one edition.

    Attributes:
        edition: by which it is told, such as ``widgets/2004``; *stage*, where the case stands by it; *to*, the stage to reach.
        day: None where no way leads there.
        exact: whether it hangs on nothing unknown; where not, the day is the earliest that is known of.
        rule: the one that makes the day so late, or that no way leads past; "" where only the order of steps does.
        requirement, citation: of that rule.
    """

    edition: str
    stage: str
    to: str
    day: date | None
    exact: bool
    rule: str
    requirement: str
    citation: str

    @classmethod
    def of(cls, found: Path, edition: Edition) -> Self:
        """What a path tells of it."""
        rule = found.critical or next((o.rule for o in found.obstacles), "")
        stated = next((r for r in edition.rules if r.id == rule), None)
        requirement, citation = (stated.requirement, str(stated.citation)) if stated else (GUARDS.get(rule, ""), "")
        return cls(found.edition, found.state, found.to, found.day, found.exact, rule, requirement, citation)

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "day": str(self.day) if self.day else None}

    @classmethod
    def from_data(cls, data: Json) -> Self:
        """The same again."""
        return cls(**{**data, "day": date.fromisoformat(data["day"]) if data["day"] else None})


def first_day(records: list[Record], read: Read, by: By, as_of: date) -> FirstDay | None:
    """The earliest day of the case that has these records, as they tell on a day; None before it began.

    Args:
        by: says the edition.

    Raises:
        InputError: the edition has no place for its stage.
    """
    there = [r for r in records if r.accepted and r.day <= as_of]
    if not there:
        return None
    moves = (r for r in reversed(there) if r.type_name == EditionMoved.type_name and not r.is_request)
    pinned = next(moves, there[0])
    edition, name = by(pinned), pinned.edition["name"]
    empty, event = edition.case(pinned.case), or_unread(read)
    late = any(r.day > as_of for r in records)
    case: Case = fold_as_of(records, empty, event, as_of) if late else fold(records, empty, event)
    seen = placed_from(attrs.evolve(case, parameters=edition.values, edition=edition.id), name, edition)
    return FirstDay.of(path(seen, edition, as_of=as_of, whole=False), edition)
