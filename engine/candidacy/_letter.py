"""The letter about one decision, for the person it concerns: what was asked, the answer, why, who decided, what remains."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs

from candidacy import _phrases as say
from candidacy._interventions import since
from candidacy._path import path
from candidacy._remaining import told_once
from candidacy._words import MARKS, WAIVED, Reason, reasons, words
from candidacy._words import told as reasons_told
from candidacy.case import Case
from candidacy.decision import Actor
from candidacy.errors import InputError, Problem, refuse_other_types
from candidacy.folding import fold, unread
from candidacy.guards import roles_held
from candidacy.interventions import CORRECTIONS, DecisionAffirmed
from candidacy.keeping import Keeper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from candidacy._path import Path
    from candidacy.decision import Json
    from candidacy.program import Edition
    from candidacy.record import Record


@attrs.frozen
class Rested:
    """An entry that a decision rests on: its record in the ledger, its version of the case, and who may enter one like it."""

    record: int
    version: int
    day: date
    what: str
    may_enter: tuple[str, ...]

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "day": str(self.day), "may_enter": list(self.may_enter)}


@attrs.frozen
class Letter:
    """One decision, told to the person it concerns.

    Attributes:
        concerns: the opaque id of the person the case is about; "" where nobody is known.
        asked: what was asked, in words; *content*, with which content; *day*, from when on.
        decided: accepted or refused; *moved*, the stage it led to, "" where it moved nothing.
        why: every finding in words, what refuses first.
        edition: the rules it was judged by; *installed*, whether their words and citations are at hand.
        by: who entered it; *roles*, those that person held on that day; *identified*, how.
        rests_on: the entries that its findings were shown.
        since: what has become of the decision since: voided, corrected, affirmed; "" where nothing has.
        unsettled: whether it waits to be affirmed or voided.
        about: what it affirms or voids, in words; "" where it is about nothing of the kind.
        remains: what remains as of a day; None where that cannot be told; *closed*, where the case has come to an end.
    """

    record: int
    case: str
    concerns: str
    program: str
    asked: str
    content: tuple[tuple[str, str], ...]
    day: date
    decided: str
    moved: str
    why: tuple[Reason, ...]
    edition: str
    installed: bool
    by: str
    roles: tuple[str, ...]
    identified: str
    recorded_on: date
    rests_on: tuple[Rested, ...]
    as_of: date
    remains: Path | None
    since: str = ""
    unsettled: bool = False
    about: str = ""
    closed: bool = False
    affirmed_against: tuple[str, ...] = ()
    """Rules that bind and do not hold for what is affirmed, as it is known now."""
    asked_for: bool = False
    """Whether the act was only asked for, for another person to enter."""

    @property
    def accepted(self) -> bool:
        """Whether it was accepted."""
        return self.decided == "accepted"

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "record": self.record,
            "case": self.case,
            "concerns": self.concerns,
            "program": self.program,
            "asked": self.asked,
            "content": dict(self.content),
            "day": str(self.day),
            "decided": self.decided,
            "moved_to": self.moved,
            "why": [reason.as_data() for reason in self.why],
            "edition": self.edition,
            "installed": self.installed,
            "by": self.by,
            "roles": list(self.roles),
            "identified": self.identified,
            "recorded_on": str(self.recorded_on),
            "rests_on": [r.as_data() for r in self.rests_on],
            "since": self.since,
            "unsettled": self.unsettled,
            "about": self.about,
            "closed": self.closed,
            "only_asked_for": self.asked_for,
            "as_of": str(self.as_of),
            "remains": self.remains.as_data() if self.remains else None,
        }


def letter(engine: Keeper, record: int, *, as_of: date) -> Letter:
    """The letter about the decision in a record.

    Args:
        engine: on the ledger that holds it.
        record: its index in the ledger.
        as_of: the day from which what remains is told.

    Raises:
        InputError: there is no such record, or it holds no decision.
    """
    refuse_other_types(engine=(engine, Keeper), record=(record, int), as_of=(as_of, date))
    found = engine.ledger.record(record)
    if found is None or not found.case:
        what = "the record that begins the ledger, which holds no decision" if found else "no such record"
        raise InputError([Problem("record", what, f"one from 1 to {engine.ledger.size() - 1}")])
    installed = engine.registry.edition(found.edition)
    edition = installed[0] if installed else None
    return _letter(engine, found, edition, as_of)


def _letter(engine: Keeper, found: Record, edition: Edition | None, as_of: date) -> Letter:
    named = f"{found.edition['program']}/{found.edition['name']}, revision {found.edition['revision']}"
    actor, records = found.data["actor"], engine.ledger.of_case(found.case)
    return Letter(
        record=found.index,
        case=found.case,
        concerns=_concerns(engine, found, edition),
        program=engine.registry.programs[edition.program].title if edition else found.edition["program"],
        asked=say.named(found.type_name),
        content=tuple((say.plain(name), words(value)) for name, value in found.data["payload"].items() if value not in (None, [])),
        day=found.day,
        decided=found.word,
        moved=found.moved["to"] if found.moved["to"] != found.moved["from"] else "",
        why=tuple(reasons(found.findings, edition, all_of_them=True, type_name=found.type_name)),
        edition=named,
        installed=edition is not None,
        by=actor["person"],
        roles=_roles(engine, found, edition),
        identified=actor["identified"],
        recorded_on=found.recorded_at.astimezone(engine.ledger.zone).date(),
        rests_on=tuple(_rested(engine, found, edition)),
        as_of=as_of,
        remains=_remains(engine, found, as_of) if edition else None,
        since=since(records).get(found.version, ""),
        unsettled=found.version in fold(records, Case(), unread).unsettled,
        about=_about(records, found),
        closed=_closed(engine, found, as_of),
        affirmed_against=_affirmed_against(found, edition),
        asked_for=found.is_request,
    )


def _case(engine: Keeper, found: Record) -> Case | None:
    """The case, where it has begun."""
    try:
        return engine.case(found.case)[0]
    except InputError:
        return None


def _concerns(engine: Keeper, found: Record, edition: Edition | None) -> str:
    case = _case(engine, found)
    if edition is None or case is None:
        return ""
    return next(iter(case.people(edition.roles[0].name, max(found.day, case.began or found.day))), "")


def _roles(engine: Keeper, found: Record, edition: Edition | None) -> tuple[str, ...]:
    case = _case(engine, found)
    if edition is None or case is None:
        return ()
    actor = Actor(found.data["actor"]["person"], found.data["actor"]["identified"])
    held = roles_held(case, None, actor, found.day)
    return tuple(role.name for role in edition.roles if role.name in held)


def _rested(engine: Keeper, found: Record, edition: Edition | None) -> Iterator[Rested]:
    """What the findings were shown, oldest first; this record itself left out."""
    versions = {v for finding in found.findings for v in finding.data.get("rests_on", ())}
    for r in engine.ledger.of_case(found.case):
        if r.version in versions and r.version < found.version:
            may = edition.may_enter(engine.read(r)) if edition else ()
            yield Rested(r.index, r.version, r.day, say.named(r.type_name), may)


def _about(records: list[Record], found: Record) -> str:
    """What a decision affirms or voids, and what a correction stands for, in words."""
    entry = found.corrects or (found.data["payload"].get("entry", 0) if found.type_name in ABOUT_AN_ENTRY else 0)
    named = next((r for r in records if r.version == entry), None)
    return f"{say.named(named.type_name)} of {say.spoken(named.day)}, version {named.version} of the case" if named else ""


def _affirmed_against(found: Record, edition: Edition | None) -> tuple[str, ...]:
    binding = {r.id for r in edition.rules if r.binding} if edition and found.type_name == DecisionAffirmed.type_name else set()
    return tuple(f.rule for f in found.findings if f.rule in binding and not f.outcome.good)


ABOUT_AN_ENTRY = {kind.type_name for kind in CORRECTIONS}


def _closed(engine: Keeper, found: Record, as_of: date) -> bool:
    """Whether the case has come to an end by a day, and waits for nobody to settle anything."""
    try:
        case, edition = engine.case(found.case, as_of=as_of)
    except InputError:
        return False
    return case.state in edition.lifecycle.finals and not case.unsettled


def _remains(engine: Keeper, found: Record, as_of: date) -> Path | None:
    try:
        case, edition = engine.case(found.case, as_of=as_of)
        return None if case.state in edition.lifecycle.finals else path(case, edition, as_of=as_of)
    except InputError:
        return None


# --- as lines


def told(of: Letter, names: Mapping[str, str]) -> Iterator[str]:
    """The letter as lines; *names* are those of a name book, by person."""
    yield of.program
    yield ""
    yield f"To: {_person(of.concerns, names) if of.concerns else 'whom it concerns'}"
    yield f"About: case {of.case}, decision {of.record} of {say.spoken(of.recorded_on)}"
    yield ""
    yield "What was asked"
    yield f"  {of.asked}, from {say.spoken(of.day)} on"
    yield from (f"    {name}: {value}" for name, value in of.content)
    yield from [f"    about: {of.about}"] if of.about else []
    yield ""
    yield "The answer"
    yield f"  {_answer(of)}"
    yield from [f"  Since then: {of.since}."] if of.since else []
    yield from (f"  {line}" for line in UNSETTLED if of.unsettled)
    yield ""
    yield "Why"
    yield from (f"  {line}" for line in _why(of))
    yield ""
    yield "Who decided"
    held = f", {' and '.join(of.roles)}" if of.roles else ""
    yield f"  Entered by {_person(of.by, names)}{held} on {say.spoken(of.recorded_on)}."
    yield f"  Judged by the rules of {of.edition}."
    yield ""
    yield f"What remains, as of {say.spoken(of.as_of)}"
    yield from (f"  {line}" for line in _what_remains(of))
    yield ""
    yield "If something that this rests on is wrong"
    yield from (f"  {line}" for line in _to_correct(of))


def _person(person: str, names: Mapping[str, str]) -> str:
    return f"{names[person]} ({person})" if person in names else person


def _answer(of: Letter) -> str:
    if not of.accepted:
        return "It was refused. Nothing was changed by it."
    if of.asked_for:
        return "It was asked for. Nothing has changed yet: another person has to enter it."
    return f"It was accepted. The case is {of.moved} with it." if of.moved else "It was accepted and entered."


UNSETTLED = (
    "It rests on something that was found to be wrong since. It stands until it is affirmed or taken back by someone named,",
    "and no further step is taken before that.",
)


def _why(of: Letter) -> Iterator[str]:
    if not of.installed:
        yield f"The rules of {of.edition} are not installed here: their names stand for them."
    if not of.why:
        yield "No rule stands before it."
    shows = [r for r in of.why if not r.binding and not r.outcome.good]
    for heading, some in (
        ("What stood in the way" if not of.accepted else "What is open", [r for r in of.why if r.binding and not r.outcome.good]),
        ("What the rules say of it now, although it is affirmed", [r for r in shows if r.rule in of.affirmed_against]),
        ("What shows, and holds nothing up", [r for r in shows if r.rule not in of.affirmed_against]),
        ("What was waived, and by which entry", [r for r in of.why if str(r.outcome) == WAIVED]),
        ("What is as it should be", [r for r in of.why if r.outcome.good and str(r.outcome) != WAIVED]),
    ):
        if some:
            yield f"{heading}:"
            yield from (f"  {line}" for line in reasons_told(some))


def _what_remains(of: Letter) -> Iterator[str]:
    found = of.remains
    if found is None:
        untold = "It cannot be told for that day." if of.installed else "It cannot be told here."
        yield "Nothing remains: the case is closed." if of.closed else untold
        return
    if found.reached:
        yield f"The case has come to {found.to}."
        return
    for r, *_ in told_once(found.remaining):
        if r.binding:
            yield f"{MARKS[r.outcome]} {r.requirement} ({say.still(r)})" if not r.parts else f"{MARKS[r.outcome]} {r.requirement}"
    if found.day:
        each = say.if_each(found.deciders)
        yield f"{say.earliest(found.bounds).capitalize()} for {found.to}: {say.spoken(found.day)}{f', {each}' if each else ''}."
    else:
        yield f"No day can be told on which the case can be {found.to}."


def _to_correct(of: Letter) -> Iterator[str]:
    if not of.rests_on:
        yield f"It rests on nothing but what was asked itself. Quote decision {of.record} to whoever entered it."
        return
    yield f"Quote decision {of.record}, and the entry that is wrong, to one who may enter it. What is right is entered"
    yield "in its place, nothing is erased. A decision that was accepted is then looked at again, and affirmed or taken back"
    yield "by someone named; one that was refused can be asked for anew."
    for entry in of.rests_on:
        by = f": {' or '.join(entry.may_enter)}" if entry.may_enter else ""
        yield f"- version {entry.version} of the case (record {entry.record}), {entry.what}, {say.spoken(entry.day)}{by}"
