"""Proofs that rules are alive: lives in which one of them alone refuses, each an accepted life with one thing changed.

The accepted lives are made of what the path of a case that has just begun says, to every stage and exit, and of those given.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from candidacy._filling import NothingFitsError, filled
from candidacy._path import path
from candidacy.engine import Engine
from candidacy.errors import CandidacyError, InputError
from candidacy.ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.decision import Json
    from candidacy.keeping import Answer
    from candidacy.program import Edition
    from candidacy.registry import Registry

Life = list[dict[str, Any]]
"""Command documents of one case, in order."""
TRIES = 600
"""How many changes of one life are tried."""
SEEDS = 12
"""How many times what a plan leaves open is filled in, until it is accepted."""
MANY, DIGEST = 8, 64
"""How many ids that a life names more than once are tried in the place of another; a digest is none."""
MUCH_LATER = datetime(2200, 1, 1, tzinfo=UTC)
"""When every life is over: no day in one lies after it."""


@attrs.frozen
class Proof:
    """A rule, an accepted life, and the change with which the rule alone refuses an act of it.

    Attributes:
        life: what the accepted life is called; *change*, what is otherwise in the one that is refused; *act*, the type of what is.
        accepted, refused: both, as command documents; the refused one up to what is refused.
    """

    rule: str
    life: str
    change: str
    act: str
    accepted: Life = attrs.field(factory=list, repr=False)
    refused: Life = attrs.field(factory=list, repr=False)

    def __str__(self) -> str:
        return f"{self.rule}: {self.life}, {self.change}: refused {self.act}"


def playing(registry: Registry) -> Engine:
    """An engine in memory, at a time when every life is over."""
    return Engine(MemoryLedger("UTC"), registry, clock=lambda: MUCH_LATER)


def judged(registry: Registry, life: Iterable[Json]) -> tuple[bool, set[str], str]:
    """Whether all of a life is accepted; else what refuses the first act that is refused, and its type."""
    accepted, rules, act, _ = _judged(playing(registry), life)
    return accepted, rules, act


def _judged(on: Engine, life: Iterable[Json]) -> tuple[bool, set[str], str, int]:
    n = 0
    for n, document in enumerate(life, 1):
        try:
            answer: Answer = on.submit(document)
        except (InputError, CandidacyError):
            return False, set(), "", n
        if not answer.accepted:
            return False, {f.rule for f in answer.findings if f.refuses}, str(document["type"]), n
    return True, set(), "", n


class Changes:
    """One accepted life, and what is said of others that begin as it does: what they share is told once."""

    def __init__(self, registry: Registry, life: Life) -> None:
        self.registry, self.life = registry, life
        self.on, self.told = playing(registry), 0

    def judged(self, other: Life) -> tuple[bool, set[str], str]:
        """As `judged`, of a life that shares its first documents with this one."""
        accepted, rules, act, _ = self.how_far(other)
        return accepted, rules, act

    def how_far(self, other: Life) -> tuple[bool, set[str], str, int]:
        """The same, and how many documents of it were looked at."""
        shared = self._shared(other)
        found = False, set[str](), "", 0
        with suppress(_UndoneError), self.on.ledger.transaction():
            found = _judged(self.on, other[shared:])
            _undo()
        return *found[:3], shared + found[3]

    def play(self, other: Life) -> None:
        """Play the whole of a life that shares its first documents with this one, refusals and all."""
        shared = self._shared(other)
        with suppress(_UndoneError), self.on.ledger.transaction():
            for document in other[shared:]:
                with suppress(CandidacyError):
                    self.on.submit(document)
            _undo()

    def _shared(self, other: Life) -> int:
        """How many documents both share, which are told then."""
        shared = next((i for i, (one, two) in enumerate(zip(self.life, other, strict=False)) if one is not two), len(self.life))
        if shared < self.told:
            self.on, self.told = playing(self.registry), 0
        for document in self.life[self.told : shared]:
            self.on.submit(document)
        self.told = shared
        return shared


class _UndoneError(Exception):
    """Takes back what was tried."""


def _undo() -> NoReturn:
    raise _UndoneError


def lives(
    registry: Registry, edition: Edition, begun: Life, seeds: int = SEEDS, wanted: tuple[str, ...] = ()
) -> Iterator[tuple[str, Life]]:
    """An accepted life to every stage and exit that a case which has just begun can reach, as its path says.

    Args:
        wanted: only to these; () for all.
    """
    on = playing(registry)
    if not all(on.submit(document).accepted for document in begun):
        return
    name = str(begun[0]["case"])
    case, _ = on.case(name)
    as_of = max(date.fromisoformat(document["day"]) for document in begun)
    kinds = registry.codec.kinds
    stages = dict.fromkeys(s.partition("/")[0] for s in (*edition.lifecycle.stages, *edition.lifecycle.exits))
    for stage in wanted or stages:
        found = path(case, edition, to=stage, as_of=as_of, whole=False)
        if found.reached or found.day is None:
            continue
        for seed in range(seeds):
            try:
                steps = filled(Random(seed), found.as_data(), as_of, kinds)  # noqa: S311 (a seed, nothing secret)
            except NothingFitsError:
                continue
            more = [{"id": f"{name}-{stage}-{n}", "case": name, "day": str(s.day), **s.command} for n, s in enumerate(steps)]
            life = [*begun, *more]
            if judged(registry, life)[0]:
                yield f"to {stage}", life
                break


def changed(life: Life, kept: int) -> Iterator[tuple[str, Life]]:
    """The same life with one thing changed: left out, on another day, with other content, so once more, or so everywhere."""
    places = range(kept, len(life))
    said = {i: f"{life[i]['type']} of {life[i]['day']}" for i in places}
    for i in places:
        yield f"without {said[i]}", [*life[:i], *life[i + 1 :]]
    for i in places:
        for days in (-400, -1, 1, 400):
            day = date.fromisoformat(life[i]["day"]) + timedelta(days=days)
            yield f"{said[i]} {days:+} days", _with(life, i, {"day": str(day)})
    named = Counter(_ids([{"by": document["actor"]["person"], **document["payload"]} for document in life]))
    ids = [name for name, n in named.most_common() if n > 1 and len(name) < DIGEST][:MANY]
    for i in places:
        for name, other in _others(life[i]["payload"], ids):
            yield f"{said[i]} with another {name}", _with(life, i, {"payload": other})
    for i in places:
        alike = [j for j in places if life[j]["type"] == life[i]["type"]]
        for name, other in _others(life[i]["payload"], ids):
            last = life[-1]["day"]
            more = {**life[i], "id": f"{life[i]['id']}-again", "day": last, "payload": other}
            yield f"{said[i]} once more on {last} with another {name}", [*life[:-1], more, life[-1]]
            if len(alike) > 1 and name in other:
                yield f"every {life[i]['type']} with another {name}", _everywhere(life, alike, name, other[name])


def _with(life: Life, i: int, change: Json) -> Life:
    return [*life[:i], {**life[i], **change}, *life[i + 1 :]]


def _everywhere(life: Life, places: list[int], name: str, value: Any) -> Life:
    for i in places:
        life = _with(life, i, {"payload": {**life[i]["payload"], name: value}})
    return life


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _ids(part)


def _others(payload: Any, ids: list[str]) -> Iterator[tuple[str, Json]]:
    for name, value in payload.items():
        for other in _other(value, ids):
            copy = deepcopy(payload)
            copy[name] = other
            yield name, copy


def _other(value: Any, ids: list[str]) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value - 1, value + 1, 0, value + 100)
    elif isinstance(value, str):
        yield from (_another_day(value) or (other for other in (*ids, "somebody-else") if other != value))
    elif isinstance(value, list):
        yield from ([], value[:-1], value[1:])
        for i, item in enumerate(value):
            yield from ([*value[:i], other, *value[i + 1 :]] for other in _other(item, ids))
    elif isinstance(value, dict):
        yield from (other for _, other in _others(value, ids))
    yield from [None] if value is not None and not isinstance(value, bool) else []


def _another_day(value: str) -> list[str]:
    """Days far before and after, where it is one."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return []
    return [str(day + timedelta(days=days)) for days in (-400, -1, 1, 400)]


def proofs(
    registry: Registry,
    edition: Edition,
    begun: Life,
    more: Iterable[tuple[str, Life, tuple[str, ...]]] = (),
    but: frozenset[str] = frozenset(),
) -> dict[str, Proof]:
    """For each binding rule that stands before an act, the first change with which it alone refuses, if one of the first TRIES is.

    *more*, lives beside those of the path, each with the rules it is told for; *but*, rules that are not looked for.
    """
    there = list(more)
    told_for = {rule for _, _, rules in there for rule in rules}
    others = {r.id for r in edition.rules if r.binding and r.before} - but - told_for
    found: dict[str, Proof] = {}
    for name, life, wanted in (*((*life, tuple(others)) for life in lives(registry, edition, begun)), *there):
        prove(registry, (name, life), len(begun), {*wanted, *told_for}, found, set(wanted))
    return found


def prove(  # noqa: PLR0913, PLR0917 (what is looked for, and where)
    registry: Registry,
    told: tuple[str, Life],
    kept: int,
    wanted: set[str],
    found: dict[str, Proof],
    until: set[str],
    tries: int = TRIES,
) -> None:
    """Add to *found* proofs of the rules *wanted* that changes of an accepted life give, until those of *until* are there.

    Args:
        told: what the life is called, and the life; its first *kept* documents stay as they are.
        tries: how many changes are tried.
    """
    name, life = told
    like = Changes(registry, life)
    for change, other in islice(changed(life, kept), tries):
        if until <= set(found):
            return
        _, rules, act, n = like.how_far(other)
        if len(rules) == 1 and (rule := next(iter(rules))) in wanted and rule not in found:
            found[rule] = Proof(rule, name, change, act, life, other[:n])
