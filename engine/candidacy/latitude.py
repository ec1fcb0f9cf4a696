"""Latitude: which rules may be waived and by whom, which acts take two people, which other editions' cases are taken."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from candidacy.citation import Citation
from candidacy.clock import SUSPENSIONS, Clock
from candidacy.errors import DefinitionError, twice
from candidacy.events import Act, Beginning, Event, RoleName
from candidacy.interventions import (
    BY_NAME,
    DecisionAffirmed,
    DecisionVoided,
    EditionMoved,
    FactVoided,
    OverrideGranted,
    Suspended,
)
from candidacy.rule import Rule
from candidacy.terms import CODE


@attrs.frozen
class Waivable:
    """A rule that its own authority lets certain roles waive."""

    rule: Rule
    by: tuple[RoleName, ...]
    citation: Citation


@attrs.frozen
class Takes:
    """Cases of another edition of the program that this one takes.

    Attributes:
        edition: the name of the other one.
        stages: by the state there, the state here in which such a case goes on; one that is not named has no place here.
        again: acts that have to be done again: those done before the move count no longer.
        reading: why it is so.
    """

    edition: str
    stages: Mapping[str, str]
    again: tuple[type[Act], ...] = ()
    reading: str = ""


def by_role(roles: Mapping[str, tuple[type[Event], ...]]) -> dict[type[Event], tuple[str, ...]]:
    """What an edition's `entered_by` says, told the other way round: by role, the events that it may enter.

    An event under several roles is entered by each of them, in the order of the roles.

    Raises:
        DefinitionError: a role without a tuple of events, or with one event twice.
    """
    found: dict[type[Event], tuple[str, ...]] = {}
    problems: list[str] = []
    for role, events in roles.items():
        if not isinstance(events, tuple):
            problems.append(f"found {events!r} for what {role!r} enters; needed a tuple of events: `(CandidateEnrolled,)`")
            continue
        wrong = [kind for kind in events if not (isinstance(kind, type) and issubclass(kind, Event))]
        problems += [f"found {kind!r} among what {role!r} enters; needed classes of events" for kind in wrong]
        problems += twice(f"under {role!r} the event", [kind.__name__ for kind in events if kind not in wrong])
        for kind in dict.fromkeys(kind for kind in events if kind not in wrong):
            found[kind] = (*found.get(kind, ()), role)
    if problems:
        raise DefinitionError("by_role", problems)
    return found


def corrected_by(*, facts: tuple[str, ...], decisions: tuple[str, ...]) -> dict[type[Event], tuple[str, ...]]:
    """What an edition's `entered_by` says where it has corrections.

    Args:
        facts: the roles that void facts; a fact is corrected by whoever may enter it.
        decisions: the roles that affirm or void what rested on them.
    """
    return {FactVoided: facts, DecisionAffirmed: decisions, DecisionVoided: decisions}


def settlers(edition: Any) -> tuple[str, ...]:
    """The roles that affirm or void what rests on wrong facts; () where the edition has no corrections."""
    affirm, void = (edition.entered_by.get(kind, ()) for kind in (DecisionAffirmed, DecisionVoided))
    return affirm if affirm and void else ()


def wrong_latitude(edition: Any) -> Iterator[str]:
    """What contradicts itself in the latitude that an edition gives."""
    mistyped = list(_mistyped(edition))
    yield from mistyped
    if not mistyped:
        yield from _wrong_waivers(edition)
        yield from _wrong_clocks(edition)
        yield from _wrong_pairs_of_people(edition)
        yield from _wrong_takes(edition)
    yield from _wrong_corrections(edition)
    yield from (
        f"{kind.__name__} is entered by whom the waivable rule or the clock names; needed it left out of entered_by"
        for kind in BY_NAME
        if kind in edition.entered_by
    )


def _mistyped(edition: Any) -> Iterator[str]:
    for name, kind in (("waivers", Waivable), ("clocks", Clock), ("takes", Takes)):
        found = (x for x in getattr(edition, name) if not isinstance(x, kind))
        yield from (f"found {type(x).__name__} among its {name}; needed {kind.__name__}" for x in found)
    acts = [act for t in edition.takes if isinstance(t, Takes) for act in (t.again if isinstance(t.again, tuple) else [t.again])]
    yield from (f"found again={t.again!r}; needed a tuple of acts" for t in edition.takes
                if isinstance(t, Takes) and not isinstance(t.again, tuple))  # fmt: skip
    acts += list(edition.two_people)
    yield from (f"found {act!r} for an act; needed a class of acts" for act in acts
                if not (isinstance(act, type) and issubclass(act, Act)))  # fmt: skip
    yield from (f"found {by!r} for those who ask; needed a tuple of roles" for by in edition.two_people.values()
                if not isinstance(by, tuple))  # fmt: skip


def _wrong_clocks(edition: Any) -> Iterator[str]:
    roles, names = {r.name for r in edition.roles}, [c.name for c in edition.clocks]
    yield from twice("clock", names)
    yield from (f"the name {n!r} of a clock is no id" for n in names if not CODE.fullmatch(n))
    yield from (
        f"clock {c.name} is extended by {role!r}, which is no declared role"
        for c in edition.clocks
        for role in c.extended_by
        if role not in roles
    )
    if (Suspended in edition.entered_by or any(c.stops for c in edition.clocks)) and SUSPENSIONS not in edition.strands:
        yield "cases are suspended, or clocks stop, but SUSPENSIONS is none of its strands: nothing would wait"


def _wrong_pairs_of_people(edition: Any) -> Iterator[str]:
    roles = {r.name for r in edition.roles}
    for act, by in edition.two_people.items():
        if act not in edition.entered_by and act not in BY_NAME:
            yield f"{act.__name__} takes two people, but is no act that a role may enter"
        if issubclass(act, Beginning):
            yield f"{act.__name__} takes two people, but begins a case: there is none to ask for it in"
        yield from [] if by else [f"{act.__name__} takes two people, and nobody may ask for it"]
        yield from (f"{act.__name__} is asked for by {role!r}, which is no declared role" for role in by if role not in roles)
    if OverrideGranted in edition.entered_by and OverrideGranted not in edition.two_people:
        yield "OverrideGranted may be entered, but by one person alone: needed it among the acts that take two people"


def _wrong_waivers(edition: Any) -> Iterator[str]:
    roles, documents = {r.name for r in edition.roles}, {a.title: a for a in edition.authorities}
    rules = [w.rule for w in edition.waivers]
    yield from twice("waivable rule", [r.id for r in rules])
    for waiver in edition.waivers:
        rule, authority = waiver.rule, documents.get(waiver.rule.citation.document)
        if rule not in edition.rules:
            yield f"rule {rule.id} is waivable, but is none of its rules"
        if not own(edition, rule) or (authority is not None and authority.owner != rule.id.partition(".")[0]):
            yield f"rule {rule.id} is waivable, but is another authority's: no program may waive it"
        elif rule.citation.document != waiver.citation.document:
            yield f"rule {rule.id} of {rule.citation.document} is waivable by {waiver.citation.document}: needed its own word"
        if not rule.binding or not rule.before:
            yield f"rule {rule.id} is waivable, but refuses nothing"
        if not CODE.fullmatch(rule.id):
            yield f"rule {rule.id} is waivable, but its name is longer than the 64 characters that a waiver can name"
        if not waiver.by:
            yield f"rule {rule.id} is waivable by nobody"
        yield from (f"rule {rule.id} is waivable by {role!r}, which is no declared role" for role in waiver.by if role not in roles)


def own(edition: Any, rule: Rule) -> bool:
    """Whether a rule is the program's own, and not of another authority that it stands under."""
    owner = next((a.owner for a in edition.authorities if a.title == rule.citation.document), edition.program)
    return bool(rule.id.partition(".")[0] == edition.program == owner)


def _wrong_corrections(edition: Any) -> Iterator[str]:
    there = [kind for kind in (FactVoided, DecisionAffirmed, DecisionVoided) if kind in edition.entered_by]
    if there and not settlers(edition):
        yield f"{there[0].__name__} may be entered, but nobody settles what rests on it: needed DecisionAffirmed and DecisionVoided"


def _wrong_takes(edition: Any) -> Iterator[str]:
    states = {*edition.lifecycle.stages, *edition.lifecycle.exits}
    names = [takes.edition for takes in edition.takes]
    yield from twice("edition whose cases are taken", names)
    if edition.takes and EditionMoved not in edition.entered_by:
        yield "it takes cases of other editions, but nobody may enter EditionMoved"
    for takes in edition.takes:
        yield from (
            f"cases of the edition {takes.edition!r} go on in {to!r}, which is no declared state"
            for to in takes.stages.values()
            if to not in states
        )
        for act in takes.again:
            yield from _wrong_again(edition, takes, act)


def _wrong_again(edition: Any, takes: Takes, act: type[Act]) -> Iterator[str]:
    """Why an act cannot be done again after a move: no move for it, what it begins stays, or it lies behind where cases go on."""
    lifecycle = edition.lifecycle
    there = {state for (state, way) in lifecycle.table() if lifecycle.acts[way] is act}
    if not there:
        yield f"{act.__name__} is to be done again, but the lifecycle has no move for it"
    elif issubclass(act, Beginning) or any(s.concerns(act) for s in edition.strands):
        yield f"{act.__name__} is to be done again, but begins a case, or begins or ends what lasts: that stays"
    else:
        stuck = [to for to in takes.stages.values() if there.isdisjoint(_onward(lifecycle, to)) and _behind(lifecycle, to, there)]
        yield from (f"{act.__name__} is to be done again, but a case that goes on in {to!r} never comes to where it can be"
                    for to in dict.fromkeys(stuck))  # fmt: skip


def _onward(lifecycle: Any, state: str) -> set[str]:
    """The state and those that acts lead to from it."""
    found, left = {state}, [state]
    while left:
        here = left.pop()
        new = {to for (source, _), to in lifecycle.table().items() if source == here} - found
        found |= new
        left += new
    return found


def _behind(lifecycle: Any, state: str, there: set[str]) -> bool:
    """Whether a case in a state may have done what is possible *there*."""
    return any(state in _onward(lifecycle, where) for where in there)
