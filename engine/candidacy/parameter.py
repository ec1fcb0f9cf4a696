"""Parameters: what an authority sets to a value, with the day each value takes effect and where it is stated."""

from datetime import date
from typing import Generic, TypeVar

import attrs

from candidacy.case import Case
from candidacy.citation import Citation
from candidacy.errors import DefinitionError, MissingValueError
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
        if since != sorted(set(since)):
            problems.append(f"found values from {', '.join(map(str, since))} on; needed the oldest first, one a day")
        try:
            plain(tuple(v.value for v in self.values))
        except TypeError as wrong:
            problems.append(str(wrong))
        if problems:
            raise DefinitionError(f"parameter {self.name!r}", problems)

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
