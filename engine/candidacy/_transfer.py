"""The same facts under another program: what they would leave open there, beside what they leave open here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import attrs

from candidacy._path import Path, path
from candidacy.case import Case, Entry
from candidacy.decision import PLAIN, Finding
from candidacy.errors import refuse_other_types
from candidacy.events import (
    Act,
    Beginning,
    Event,
    Id,
    JudgementGiven,
    RoleEnded,
    RoleGiven,
    RoleName,
    StateName,
    content_of,
    fields_of,
    partial,
    type_words,
)
from candidacy.interventions import EditionMoved
from candidacy.program import Edition
from candidacy.settling import MOVING, goes, place_in, settling
from candidacy.standard import JudgementNoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy.decision import Json


@attrs.frozen
class Carried:
    """What became of one entry of the case.

    Attributes:
        version: its number in the case; *day*, the day it took effect.
        type_name: what it is in its own program; *as_type*, what it is in the other one, "" where that knows nothing like it.
        open: the fields that the other program asks for and this one does not record.
    """

    version: int
    day: date
    type_name: str
    as_type: str
    open: tuple[str, ...] = ()

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "day": str(self.day), "open": list(self.open)}


@attrs.frozen
class Moving:
    """What moving the case to another edition of its own program would do.

    Attributes:
        possible: whether that edition takes the case, and has a place for its stage and for what is open in it.
        finding: what was found of that.
        stage: the stage in which it would go on.
        again: the acts of the case that would have to be done again, by version and type.
    """

    possible: bool
    finding: Finding
    stage: str
    again: tuple[tuple[int, str], ...]

    def as_data(self) -> Json:
        """As plain values."""
        again = [{"version": version, "type": type_name} for version, type_name in self.again]
        return {"possible": self.possible, "finding": self.finding.as_data(), "stage": self.stage, "again": again}


@attrs.frozen
class Transfer:
    """A case under its own program and under another one.

    Attributes:
        own: what remains until the stage that its own program is for; *other*, until the one that the other program is for.
        entries: what became of each entry of the case, in its order.
        moving: where the other one is an edition of its own program, what moving the case there would do, and *other* as after it.
    """

    own: Path
    other: Path
    entries: tuple[Carried, ...]
    moving: Moving | None = None

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "own": self.own.as_data(),
            "other": self.other.as_data(),
            "entries": [c.as_data() for c in self.entries],
            "moving": self.moving.as_data() if self.moving else None,
        }


def transfer(case: Case, edition: Edition, other: Edition, *, as_of: date) -> Transfer:
    """What *case* would leave open under the edition *other*, beside what it leaves open under its own.

    What is recorded is carried over where the other program knows something of the same name, with the fields that both
    have in the same words; a field that only the other one has stays open, and rules that ask for it cannot tell.
    The case stands there in the stage of the same name, or as far as the acts that both know have brought it.
    Nothing is entered anywhere.

    Args:
        case: as its records tell, up to *as_of*; `Engine.case` gives it, and its *edition*.
        other: an edition of another program, as ``engine.registry.programs["widgets"].editions`` has them; of the same program,
            the case is looked at as it would be once it was moved there, where it can be.
        as_of: the day from which both paths run.

    Raises:
        InputError: as in `path`.
    """
    refuse_other_types(case=(case, Case), edition=(edition, Edition), other=(other, Edition), as_of=(as_of, date))
    moving = _moving(case, other, as_of) if other.program == edition.program and other.name != edition.name else None
    if moving is not None and moving.possible:
        own = path(case, edition, as_of=as_of)
        return Transfer(own, path(_after(case, other, moving, as_of), other, as_of=as_of), tuple(map(_kept, case.entries)), moving)
    entries: list[Entry[Any]] = []
    told: list[Carried] = []
    for entry in case.entries:
        event = _counterpart(entry.event, edition, other)
        lacking = tuple(a.name for a in fields_of(type(event)) if a.name not in content_of(event)) if event else ()
        told.append(Carried(entry.version, entry.day, entry.event.type_name, event.type_name if event else "", lacking))
        if event is not None:
            entries.append(Entry(entry.version, entry.day, event))
    there = attrs.evolve(
        other.case(case.id), entries=tuple(entries), version=case.version, state=_state(case, other, entries), since=case.since
    )
    return Transfer(path(case, edition, as_of=as_of), path(there, other, as_of=as_of), tuple(told), moving)


def _moving(case: Case, other: Edition, on: date) -> Moving:
    act = partial(EditionMoved, to=Id(other.name))
    (judged,) = (j for j in settling(other, case, act, on, None, PLAIN) if j.rule == MOVING)
    again = tuple((v, e.event.type_name) for v in goes(other, case, act, PLAIN) if (e := case.entry(v)))
    finding = Finding.of(judged.rule, judged.check, binding=judged.binding)
    return Moving(judged.check.good, finding, place_in(other, case), again)


def _after(case: Case, other: Edition, moving: Moving, on: date) -> Case:
    """The case as it would be once it was moved."""
    left = case.without(*(version for version, _ in moving.again))
    since = (on, case.version + 1)
    return attrs.evolve(left, state=moving.stage, since=since, version=case.version + 1, edition=other.id, parameters=other.values)


def _kept(entry: Entry[Any]) -> Carried:
    return Carried(entry.version, entry.day, entry.event.type_name, entry.event.type_name)


def _state(case: Case, other: Edition, entries: list[Entry[Any]]) -> str:
    if same := _same(case.state, other):
        return same
    state = other.case().state
    for entry in sorted(entries, key=lambda e: e.version):
        if isinstance(entry.event, Act):
            state = other.table.get((state, entry.event.way), state)
    return state


def _same(state: str, other: Edition) -> str:
    """The state of *other* that is called so, or else the first of the stage that is; "" where it has neither."""
    states = (*other.lifecycle.stages, *other.lifecycle.exits)
    stage = state.partition("/")[0]
    return next((s for s in states if s == state), next((s for s in states if s.partition("/")[0] == stage), ""))


def _counterpart(event: Event, edition: Edition, other: Edition) -> Event | None:
    """What *other* would have been told instead; None where it knows nothing like it."""
    if isinstance(event, Beginning):
        return _beginning(event, edition.roles[0].name, other)
    if isinstance(event, JudgementGiven | JudgementNoted):
        return event if other.question(event.question) else None
    if isinstance(event, RoleGiven | RoleEnded) and event.role == edition.roles[0].name:
        return type(event)(event.person, RoleName(other.roles[0].name))
    kind = next(_alike(event, edition, other), None)
    return _redrawn(event, kind) if kind else None


def _alike(event: Event, edition: Edition, other: Edition) -> Iterator[type[Event]]:
    """What *other* has of the same type, of the same name, or for the beginning or end of what both call the same."""
    name = event.type_name.split(".")[1]
    yield from (k for k in other.entered_by if k.type_name == event.type_name)
    yield from (k for k in other.entered_by if k.type_name.split(".")[1] == name)
    ours = edition.strand_of(type(event))
    for theirs in other.strands:
        if ours is not None and theirs.name == ours.name:
            yield theirs.begun if isinstance(event, ours.begun) else theirs.ended


def _beginning(event: Beginning, own: str, other: Edition) -> Event | None:
    """The beginning there: whom the case is about takes that part there; other roles stay where both programs have them.

    What was taken over is taken over there too, so that what lies before counts as attested in both.
    """
    subject = RoleName(other.roles[0].name)
    kinds = [k for k in other.entered_by if issubclass(k, Beginning)]
    alike = [k for k in kinds if k.names_its_state == event.names_its_state] or [k for k in kinds if not k.names_its_state]
    if not alike:
        return None
    known = {r.name for r in other.roles}
    roles = tuple(r if r.role in known else attrs.evolve(r, role=subject) for r in event.roles if r.role in {*known, own})
    content: dict[str, object] = {**dict(_shared(event, alike[0])), "program": Id(other.program), "roles": roles}
    if alike[0].names_its_state:
        content["stage"] = StateName(_same(str(content["stage"]), other) or other.lifecycle.stages[0])
    return partial(alike[0], **content)


def _redrawn(event: Event, kind: type[Event]) -> Event:
    return event if isinstance(event, kind) else partial(kind, **dict(_shared(event, kind)))


def _shared(event: Event, kind: type[Event]) -> Iterator[tuple[str, object]]:
    ours, content = {a.name: a.type for a in fields_of(type(event))}, content_of(event)
    for field in fields_of(kind):
        if field.name in content and _fits(content[field.name], ours[field.name], field.type):
            yield field.name, content[field.name]


def _fits(value: object, ours: Any, theirs: Any) -> bool:
    literal = theirs if get_origin(theirs) is Literal else None
    return value in get_args(literal) if literal else type_words(ours) == type_words(theirs)
