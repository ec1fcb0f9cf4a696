"""Parameters: what an authority sets to a value, with the day each value takes effect and where it is stated."""

from datetime import date
from typing import Generic, TypeVar

import attrs

from candidacy.case import Case
from candidacy.citation import Citation
from candidacy.errors import DefinitionError, MissingValueError
from candidacy.spans import Sometime, Span
from candidacy.terms import plain

V = TypeVar("V")


@attrs.frozen
class Value(Generic[V]):
    """One value, the first day it is in force, and its source."""

    value: V
    since: date
    citation: Citation


@attrs.frozen
class Parameter(Generic[V]):
    """A quantity with a unit and a history of dated, cited values, oldest first. It never defaults."""

    name: str
    unit: str
    values: tuple[Value[V], ...]
    reading: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse values out of order, or that no finding could show."""
        problems = []
        since = [v.since for v in self.values]
        if not all(type(day) is date for day in since):
            problems.append(f"found since={', '.join(map(repr, since))}; needed days, such as date(2004, 1, 1)")
        elif since != sorted(set(since)):
            problems.append(f"found values from {', '.join(map(str, since))} on; needed the oldest first, one a day")
        try:
            plain(tuple(v.value for v in self.values))
        except TypeError as wrong:
            problems.append(str(wrong))
        problems += _misfits(self.unit, [v.value for v in self.values])
        if problems:
            raise DefinitionError(f"parameter {self.name!r}", problems)

    def amended_by(self, later: "Parameter[V]") -> "Parameter[V]":
        """The same number, with the values that a later document gives it from their days on.

        An edition pins its cases to the value in force on its own day, so that one such number serves every edition.

        Raises:
            DefinitionError: it is another number, or counted in another unit; or a value is not later than those before.
        """
        if (later.name, later.unit) != (self.name, self.unit):
            found = f"found {later.name!r} in {later.unit}; needed the same number, in {self.unit}"
            raise DefinitionError(f"parameter {self.name!r}", [found])
        readings = "; ".join(dict.fromkeys(filter(None, (self.reading, later.reading))))
        return Parameter(self.name, self.unit, (*self.values, *later.values), readings)

    def __call__(self, case: Case) -> V:
        """The value of the edition that *case* is pinned to.

        Raises:
            MissingValueError: where that edition has none; the asking rule is then undetermined.
        """
        return case.value(self.name, type(self.values[0].value) if self.values else object)  # type: ignore[return-value]

    def current(self, day: date) -> V:
        """The value in force on *day*, whatever the case is pinned to."""
        found = self.on(day)
        if found is None:
            raise MissingValueError(self.name)
        return found.value

    def on(self, day: date) -> Value[V] | None:
        """The newest value in force on *day*, if any."""
        return next((v for v in reversed(self.values) if v.since <= day), None)


def _misfits(unit: str, values: list[object]) -> list[str]:
    """Values that are no amount in their unit, or of several types."""
    of = {"day": (date, Sometime), "months": (Span,)}.get(unit)
    needed = {"day": "a day, or a Sometime", "months": "a length, such as months(6)"}.get(unit, f"a whole number of {unit}")
    wrong = [value for value in values if (not isinstance(value, of) if of else isinstance(value, str | bool | float))]
    found = [f"found {value!r} in {unit}; needed {needed}" for value in wrong]
    kinds = dict.fromkeys(type(value).__name__ for value in values)
    return found + [f"found values of the types {', '.join(kinds)}; needed one type"] * (len(kinds) > 1)
