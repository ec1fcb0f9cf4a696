"""`fold` makes a case of its records: a function of its arguments alone. No agency code is needed."""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from candidacy.case import Case, Decided, Entry, Requested
from candidacy.events import Unread
from candidacy.interventions import CORRECTIONS, DecisionAffirmed, DecisionVoided, EditionMoved, FactVoided
from candidacy.record import Record

ABOUT_THE_RECORD = frozenset(kind.type_name for kind in CORRECTIONS)


def fold(records: Iterable[Record], case: Case, read: Callable[[Record], Any]) -> Case:
    """*case* after *records*, oldest first. *read* gives a record's event; no agency code is needed for the rest."""
    for record in records:
        case = after(case, record, read)
    return case


def fold_as_of(records: Iterable[Record], case: Case, read: Callable[[Record], Any], day: date) -> Case:
    """The same as it stood at the end of *day*, as all of *records* tell.

    What was voided or corrected never was, on whatever day that was found; what took effect later has not happened yet.
    """
    known = [r for r in records if r.accepted]
    gone = {version for r in known for version in r.gone if r.type_name != EditionMoved.type_name}
    for record in known:
        late = record.day > day
        if record.is_request and (late or record.version in gone):
            continue
        if record.corrects and (late or record.version in gone):
            case = case.but(corrected={**case.corrected, record.corrects: record.version})
        elif record.version in gone:  # what was asked for with it stays used up
            case = case.without(record.confirms) if record.confirms and not late else case
        elif late and record.type_name in ABOUT_THE_RECORD:
            case = _about_the_record_alone(after(case, record, read), record)
        elif not late:
            case = after(case, record, read)
    return case.but(open_strands=_open_on(known, {e.version for e in case.entries}))


def _about_the_record_alone(case: Case, record: Record) -> Case:
    """What is dated later is no entry yet, and no act that could rest on what is wrong; what it says of the record holds."""
    acts = tuple(attrs.evolve(a, rests_on=frozenset({a.affirms})) if a.version == record.version else a for a in case.acts)
    return case.but(acts=acts, entries=tuple(e for e in case.entries if e.version != record.version))


def _open_on(known: Iterable[Record], stand: Container[int]) -> frozenset[tuple[str, str]]:
    """What of the entries that *stand* has begun and not ended, in whatever order they were entered.

    Which types begin and which end is read out of all records: what opened a strand begins; what ended one that
    nothing had touched before ends.
    """
    touching = (r for r in known if r.moved["strands"] and r.type_name not in ABOUT_THE_RECORD)
    own = [(r, r.moved["strands"][-1]) for r in touching]
    begins, ends, touched = set[str](), set[str](), set[tuple[str, str]]()
    for record, strand in own:
        it = (strand["strand"], strand["id"])
        if strand["is"] == "open":
            begins.add(record.type_name)
        elif it not in touched:
            ends.add(record.type_name)
        touched.add(it)
    kinds = {s["strand"]: {r.type_name for r, t in own if t["strand"] == s["strand"]} for _, s in own}
    begins |= {t for types in kinds.values() if types & ends for t in types - ends}
    there = [(r.type_name in begins, (s["strand"], s["id"])) for r, s in own if r.version in stand]
    return frozenset(it for begun, it in there if begun) - frozenset(it for begun, it in there if not begun)


def unread(record: Record) -> Unread:
    """The event of a record as stored, for folding without its program."""
    return Unread(record.type_name, record.data["payload"])


def after(case: Case, record: Record, read: Callable[[Record], Any]) -> Case:
    """*case* after one more record; a refused one only adds to its version."""
    made: dict[str, Any] = {"id": record.case, "version": record.version}
    if not record.accepted:
        return case.but(**made)
    if record.is_request:
        asked = Requested(record.version, record.day, read(record), record.people, record.rests_on)
        return case.but(requests=(*case.requests, asked), **made)
    moved, kind = record.data["moved"], record.type_name
    stage = {case.since[1]} if case.since else set()
    shown_then = next((r.rests_on for r in case.requests if r.version == record.confirms), frozenset[int]())
    if record.corrects or kind == FactVoided.type_name:
        made["corrected"] = {**case.corrected, **dict.fromkeys(record.gone, record.version)}
    case = case.without(*record.gone, *([record.confirms] if record.confirms else ()))
    moves = moved["to"] != moved["from"] and kind != DecisionVoided.type_name
    if kind == EditionMoved.type_name:
        moves = True
    if moves:
        made |= {"state": moved["to"], "since": (record.day, record.version)}
    if not case.edition or kind == EditionMoved.type_name:
        made["edition"] = record.edition_id
    if moved["strands"]:
        made["open_strands"] = _strands(case.open_strands, moved["strands"])
    if record.is_act:
        affirms = record.names if kind == DecisionAffirmed.type_name else 0
        rests_on = record.rests_on | shown_then | ({affirms} if affirms else stage)
        to, voids = moved["to"] if moves else None, kind == DecisionVoided.type_name
        made["acts"] = (*case.acts, Decided(record.version, record.day, rests_on, to, affirms, voids))
    return case.then(Entry(record.version, record.day, read(record)), **made)


def _strands(open_ones: frozenset[tuple[str, str]], moved: Iterable[Mapping[str, str]]) -> frozenset[tuple[str, str]]:
    for strand in moved:
        it = {(strand["strand"], strand["id"])}
        open_ones = open_ones | it if strand["is"] == "open" else open_ones - it
    return open_ones
