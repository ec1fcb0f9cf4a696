"""Drafts: events of which a requirement fixes some fields and leaves others open, saying what may stand in them."""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs

from candidacy.events import Event, Id, Sha256, content_of, fields_of, partial


@attrs.frozen
class Open:
    """What may stand in a field that a requirement leaves open.

    Attributes:
        kind: in words: ``a host outside the division d-3``.
        least, most: bounds, themselves included: of a number, of a day, or of how many things a list holds.
        among: the values that may stand there; () where all of the field's type may, and of ids any new one.
    """

    kind: str = ""
    least: int | date | None = None
    most: int | date | None = None
    among: tuple[Any, ...] = ()

    def admits(self, value: Any) -> bool:
        """Whether *value* may stand there; of an id nothing is known but what *among* lists."""
        if self.among:
            return value in self.among
        if isinstance(value, str) and not isinstance(value, bool):
            return False
        size: Any = len(value) if isinstance(value, tuple) else value
        return (self.least is None or size >= self.least) and (self.most is None or self.most >= size)

    @property
    def choices(self) -> int:
        """How many values are worth trying: each of those listed; of a range its ends."""
        return len(self.among) or 1 + (None not in {self.least, self.most} and self.least != self.most)

    def both(self, other: "Open") -> "Open | None":
        """What may stand there for both; None where nothing may."""
        least = max((b for b in (self.least, other.least) if b is not None), default=None)
        most = min((b for b in (self.most, other.most) if b is not None), default=None)
        among = tuple(v for v in self.among if v in other.among) if self.among and other.among else self.among or other.among
        if (self.among and other.among and not among) or (least is not None and most is not None and least > most):  # type: ignore[operator]
            return None
        return Open(" and ".join(dict.fromkeys(k for k in (self.kind, other.kind) if k)), least, most, among)


def kind_of(event: Event) -> type[Event]:
    """The class that *event*, or the event it is a draft of, was declared with."""
    return next(k for k in type(event).__mro__ if "type_name" in k.__dict__)


def amended(draft: Event, **content: object) -> Event:
    """The same draft with other content in some fields."""
    return partial(kind_of(draft), **{**content_of(draft), **content})


def open_fields(draft: Event) -> dict[str, Open]:
    """The fields that have no content yet, by name, and what may stand in each."""
    content = content_of(draft)
    found = {a.name: content.get(a.name, Open()) for a in fields_of(kind_of(draft))}
    return {name: value for name, value in found.items() if isinstance(value, Open)}


def merged(one: Event, other: Event) -> Event | None:
    """A draft that is both; None where they contradict each other."""
    if kind_of(one) is not kind_of(other):
        return None
    content = content_of(one)
    for name, theirs in content_of(other).items():
        ours = content.get(name, theirs)
        both = _both(ours, theirs)
        if both is None and (ours, theirs) != (None, None):
            return None
        content[name] = both
    return partial(kind_of(one), **content)


def _both(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, Open):
        return ours.both(theirs) if isinstance(theirs, Open) else theirs if ours.admits(theirs) else None
    if isinstance(theirs, Open):
        return ours if theirs.admits(ours) else None
    return ours if ours == theirs else None


class NewId(str):
    """An id that stands for one still to be chosen, *label* in the plan."""

    __slots__ = ("label",)
    label: str


class SomeNumber(int):
    """A number that stands for one still to be chosen, *label* in the plan."""

    label: str


class SomeDay(date):
    """A day that stands for one still to be chosen, *label* in the plan."""

    label: str


StandIn = NewId | SomeNumber | SomeDay


def stood_in(draft: Event, label: Callable[[str], str], known: Mapping[str, object], choice: int = 0) -> Event:
    """The draft with something in every open field that a rule may ask for.

    Ids get new ones. Within bounds stands the most where there is one, else the least. What no requirement says anything
    about stays open: a rule that asks for it is undetermined.

    Args:
        label: makes a label of a field's name.
        known: what stands in for some fields already, by name.
        choice: the place in what is listed, the last where there are fewer; from 1 on, the least of a range.
    """
    content = content_of(draft)
    for field in fields_of(kind_of(draft)):
        said = content.get(field.name, Open())
        if isinstance(said, Open):
            content.pop(field.name, None)
            value = known.get(field.name) or _stand_in(field.type, said, label(field.name), choice)
            if value is not None:
                content[field.name] = value
    return partial(kind_of(draft), **content)


def _stand_in(kind: Any, said: Open, label: str, choice: int) -> Any:  # noqa: PLR0911 (one for each kind of type)
    args = [a for a in get_args(kind) if a is not type(None)]
    if get_origin(kind) in {Union, UnionType} and len(args) == 1:
        return _stand_in(args[0], said, label, choice)
    if get_origin(kind) is tuple:
        of, n = args[0], said.least if isinstance(said.least, int) else 0
        if get_origin(of) is Literal:
            return (said.among or get_args(of))[:n] or None
        return tuple(_new(f"{label}-{i + 1}") for i in range(n or 1)) if of is Id else None
    if said.among:
        return said.among[min(choice, len(said.among) - 1)]
    if kind is Id:
        return _new(label)
    if kind is Sha256:
        return _new(label, sha256(label.encode()).hexdigest())
    bound = said.least if said.most is None or (choice and said.least is not None) else said.most
    if isinstance(bound, date):
        return _labelled(SomeDay(bound.year, bound.month, bound.day), label)
    return None if bound is None else _labelled(SomeNumber(bound), label)


def _new(label: str, text: str = "") -> NewId:
    return _labelled(NewId(text or label), label)


S = TypeVar("S", NewId, SomeNumber, SomeDay)


def _labelled(value: S, label: str) -> S:
    value.label = label
    return value
