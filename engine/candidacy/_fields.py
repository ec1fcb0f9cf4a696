"""The open fields of a plan: what may stand in each of them, so that the plan still holds."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from candidacy._plans import Plan, Planned, Trial
from candidacy.decision import Json
from candidacy.draft import Open, SomeDay, SomeNumber, StandIn, kind_of, open_fields
from candidacy.events import Event, content_of, partial
from candidacy.structure import EARLIEST, LATEST
from candidacy.terms import plain

FAR = 10_000
"""How far beyond what stands in a field without a bound it is tried, in its unit (a number, or calendar days)."""


@attrs.frozen
class OpenField:
    """A field of a step that is still to be filled in.

    Attributes:
        label: the same for fields that take the same content; "" where it is free.
        type: its type in words; *said*, what a requirement says of it, no wider than the plan allows.
    """

    label: str
    type: str
    said: Open

    def as_data(self) -> Json:
        """As plain values."""
        bounds = {"least": plain(self.said.least), "most": plain(self.said.most), "among": [plain(v) for v in self.said.among]}
        return {"label": self.label, "type": self.type, "kind": self.said.kind} | {
            k: v for k, v in bounds.items() if v not in (None, [])
        }


def stand_ins(event: Event) -> Iterator[tuple[str, Any]]:
    """The fields of an event in which something stands for what is still to be chosen."""
    for name, value in content_of(event).items():
        if isinstance(value, StandIn):
            yield name, value
        elif isinstance(value, tuple) and value and isinstance(value[0], StandIn):
            yield name, value[0]


def said_of(label: str, plan: Plan) -> Open:
    """What the step that first has an open field says of it."""
    for p in plan:
        for name, value in stand_ins(p.event):
            if value.label == label and (said := open_fields(p.draft).get(name)):
                return said
    return Open()


Place = tuple[int, str]
"""The number of an act, and a field of its steps."""


def narrowed(trial: Trial, plan: Plan, target: Planned) -> dict[Place, Open]:
    """What may stand in the open fields of a plan, where a requirement says something of them, so that each step still is accepted.

    A number or a day may be any in a range, as long as more of it always helps, or less; of values to choose from each is tried.
    """
    narrowing = _Narrowing(trial, (*plan, target))
    places = dict.fromkeys(place for p in narrowing.plan for place in _places(p))
    allowed = {place: narrowing.of_those(place) for place in places}
    ranges = [place for place in places if not allowed[place].among]
    for way in (-1, 1):  # each as low as may be, those before it being so too; then each as high
        narrowing.plan = (*plan, target)
        if not narrowing.at_the_ends({place: allowed[place] for place in ranges}, way):
            for place in ranges:
                value = narrowing.farthest(place, allowed[place], way)
                allowed[place] = attrs.evolve(allowed[place], **{"least" if way < 0 else "most": value})
    return allowed


def _places(p: Planned) -> Iterator[Place]:
    filled = content_of(p.event)
    for name, said in open_fields(p.draft).items():
        value = filled.get(name)
        if (said.among and name in filled) or isinstance(value, SomeNumber | SomeDay):
            yield p.act, name


class _Narrowing:
    """Tries other content in the fields of a plan, the last of which is the target."""

    def __init__(self, trial: Trial, plan: Plan) -> None:
        self.trial, self.plan = trial, plan

    def of_those(self, place: Place) -> Open:
        """What a requirement says, of which only those values that the plan can do with."""
        said = next(open_fields(p.draft)[place[1]] for p in self.plan if place in _places(p))
        ours = self._value(place)
        return attrs.evolve(said, among=tuple(v for v in said.among if v == ours or self._fits(place, v)))

    def at_the_ends(self, ranges: Mapping[Place, Open], way: int) -> bool:
        """Whether the plan holds with every number and day at that end of its range."""
        first, plan = self.plan, self.plan
        for place, said in ranges.items():
            if end := self._end(place, said, way):
                self.plan = plan = self._with(place, _moved(self._value(place), way * end))
        self.plan = first
        return plan == first or self._holds(plan)

    def farthest(self, place: Place, said: Open, way: int) -> Any:
        """The least value of a range, or the most, with which the plan still holds; it stays in the plan. None for no end."""
        ours, end = self._value(place), self._end(place, said, way)
        if end == 0 or self._fits(place, _moved(ours, way * end)):
            self.plan = self._with(place, _moved(ours, way * end))
            return said.least if way < 0 else said.most
        low, high = 0, end - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._fits(place, _moved(ours, way * middle)) else (low, middle - 1)
        value = _moved(ours, way * low)
        self.plan = self._with(place, value)
        return date.fromordinal(value.toordinal()) if isinstance(value, date) else int(value)

    def _end(self, place: Place, said: Open, way: int) -> int:
        """How far away the end of a range is."""
        ours, stated = self._value(place), said.least if way < 0 else said.most
        return self._far(ours, way) if stated is None else _steps(ours, stated)

    @staticmethod
    def _far(ours: Any, way: int) -> int:
        """How far away a value without a bound is tried."""
        if isinstance(ours, date):
            return min(FAR, (ours - EARLIEST).days if way < 0 else (LATEST - ours).days - 1)
        return min(FAR, int(ours)) if way < 0 else FAR

    def _value(self, place: Place) -> Any:
        return next(content_of(p.event)[place[1]] for p in self.plan if place in _places(p))

    def _fits(self, place: Place, value: Any) -> bool:
        return self._holds(self._with(place, value))

    def _holds(self, made: Plan) -> bool:
        *plan, target = made
        return self.trial.replay(tuple(plan), target.event, target.on) is None

    def _with(self, place: Place, value: Any) -> Plan:
        act, name = place
        return tuple(
            attrs.evolve(p, event=partial(kind_of(p.event), **{**content_of(p.event), name: value}))
            if p.act == act and place in _places(p)
            else p
            for p in self.plan
        )


def _steps(ours: Any, theirs: Any) -> int:
    return abs(int((theirs - ours).days if isinstance(ours, date) else theirs - ours))


def _moved(ours: Any, by: int) -> Any:
    """The same stand-in for another number or day."""
    other: Any = date.fromordinal(ours.toordinal() + by) if isinstance(ours, date) else int(ours) + by
    made: Any = SomeDay(other.year, other.month, other.day) if isinstance(ours, date) else SomeNumber(other)
    made.label = ours.label
    return made
