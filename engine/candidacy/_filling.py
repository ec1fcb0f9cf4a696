"""Filling in what a plan leaves open: a reader who knows what the path's JSON says of a field, and nothing of any agency."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args

import attrs

from candidacy.events import fields_of, type_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from candidacy.decision import Json
    from candidacy.events import Event

DAY = timedelta(days=1)
HALF = 0.5
"""How often what may be left out is."""


class NothingFitsError(Exception):
    """An open field says that nothing may stand in it."""


class Filler:
    """Completes the open fields of steps from what the path's JSON says of them; what has one label gets one content.

    *kinds*, events by their type names: with them also fields that hold objects are filled in.
    """

    def __init__(self, r: Random, as_of: date, kinds: Mapping[str, type[Event]] | None = None) -> None:
        self.r, self.as_of, self.kinds = r, as_of, kinds or {}
        self.known: dict[str, Any] = {}

    def payload(self, step: Json) -> Json:
        """The whole content of a step's command."""
        types = {a.name: a.type for a in fields_of(self.kinds[step["type"]])} if step["type"] in self.kinds else {}
        filled = {name: self._of(field, types.get(name)) for name, field in step["open"].items()}
        return {**step["payload"], **{name: value for name, value in filled.items() if value is not None}}

    def actor(self, step: Json) -> str:
        """Who enters it: who holds the role, or who was chosen for it."""
        return str(step["people"][0] if step["people"] else self._labelled(f"open.role.{step['by']}", self._id))

    def _of(self, field: Json, kind: Any = None) -> Any:
        words = field["type"]
        if words.endswith(" or nothing") and not words.startswith("a list"):
            if not field["label"] and not field.keys() & {"least", "most", "among"} and self.r.random() < HALF:
                return None
            words = words.removesuffix(" or nothing")
        if words.startswith("confidential"):
            return None
        if words.startswith("a list, each "):
            return self._list(field, words.removeprefix("a list, each "), kind)
        return self._labelled(field["label"], lambda: self._one(field, words, kind))

    def _labelled(self, label: str, make: Callable[[], Any]) -> Any:
        if not label:
            return make()
        if label not in self.known:
            self.known[label] = make()
        return self.known[label]

    def _one(self, field: Json, words: str, kind: Any) -> Any:
        if words.startswith("an object: "):
            return self._object(kind)
        if field.get("among"):
            return self.r.choice(field["among"])
        if words.startswith("one of "):
            return self.r.choice(words.removeprefix("one of ").split(", "))
        if words.startswith("a whole number"):
            least = field.get("least", min(0, field.get("most", 0)))
            return self._between(least, field.get("most", least + 9))
        if words.startswith("a day"):
            return self._day(field)
        kinds: dict[str, Callable[[], Any]] = {"true": lambda: self.r.random() < HALF, "an id": self._id, "a SHA-256": self._digest}
        return next(make for start, make in kinds.items() if words.startswith(start))()

    def _list(self, field: Json, words: str, kind: Any) -> list[Any]:
        least = field.get("least", 0)
        first = [self._labelled(field["label"], self._id)] if field["label"] else []
        most = field.get("most", max(least, 1) + 2)
        if words.startswith("one of ") or field.get("among"):
            choice = field.get("among") or words.removeprefix("one of ").split(", ")
            return self.r.sample(choice, self.r.randint(least, min(most, len(choice))))
        more = self.r.randint(max(least, len(first)), max(most, len(first))) - len(first)
        return [*first, *(self._one({}, words, kind) for _ in range(more))]

    def _object(self, kind: Any) -> Json:
        """Content for the first class of objects that a type names."""
        inner = [kind]
        while inner and not attrs.has(inner[0]):
            inner = [*get_args(inner[0]), *inner[1:]]
        if not inner:
            raise NothingFitsError("an object of a kind that is not known")
        free = {a.name: ({"type": type_words(a.type), "label": ""}, a.type) for a in fields_of(inner[0])}
        return {name: self._of(field, of) for name, (field, of) in free.items()}

    def _day(self, field: Json) -> str:
        least, most = (date.fromisoformat(field[b]) if b in field else None for b in ("least", "most"))
        first = least or (most - 400 * DAY if most else self.as_of)
        return str(first + self._between(0, ((most or first + 400 * DAY) - first).days) * DAY)

    def _between(self, least: int, most: int) -> int:
        if least > most:
            raise NothingFitsError(f"{most - least} more than nothing")
        return self.r.randint(least, most)

    def _id(self) -> str:
        return f"new-{self.r.randrange(16**8):08x}"

    def _digest(self) -> str:
        return sha256(self._id().encode()).hexdigest()


def filled(r: Random, told: Json, as_of: date, kinds: Mapping[str, type[Event]] | None = None) -> list[Filled]:
    """The steps of a plan with nothing left open; for *kinds* see `Filler`."""
    filler = Filler(r, as_of, kinds)
    return [
        Filled(
            date.fromisoformat(step["on"]),
            date.fromisoformat(step["day"]),
            {"type": step["type"], "actor": {"person": filler.actor(step)}, "payload": filler.payload(step)},
            (step["act"], step["rule"] == "candidacy.role"),
            date.fromisoformat(step["at_latest"]) if step["at_latest"] else None,
        )
        for step in told["plan"]
    ]


@attrs.frozen
class Filled:
    """A step of a plan: when it is entered, when it takes effect, and what is entered."""

    on: date
    day: date
    said: Json
    act: tuple[int, bool]
    """Steps that move together; somebody is named for a role on a day of its own."""
    at_latest: date | None

    @property
    def command(self) -> Json:
        return {**self.said, "day": str(self.day)}

    def moved(self, by: int) -> Filled:
        """The same so many days later; what is found to have happened stays where it is."""
        return attrs.evolve(self, on=self.on + by * DAY, day=self.day + by * DAY if self.on == self.day else self.day)
