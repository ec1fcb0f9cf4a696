"""`fold` makes a case of its records: a function of its arguments alone. No agency code is needed."""

from collections.abc import Callable, Iterable
from typing import Any

import attrs

from candidacy.case import Case, Entry
from candidacy.events import Unread
from candidacy.record import Record


def fold(records: Iterable[Record], case: Case, read: Callable[[Record], Any]) -> Case:
    """*case* after *records*, oldest first. *read* gives a record's event; no agency code is needed for the rest."""
    for record in records:
        case = after(case, record, read)
    return case


def unread(record: Record) -> Unread:
    """The event of a record as stored, for folding without its program."""
    return Unread(record.type_name, record.data["payload"])


def after(case: Case, record: Record, read: Callable[[Record], Any]) -> Case:
    """*case* after one more record; a refused one only adds to its version."""
    if not record.accepted:
        return attrs.evolve(case, id=record.case, version=record.version)
    moved = record.data["moved"]
    made: dict[str, Any] = {"id": record.case, "version": record.version}
    if moved["to"] != moved["from"]:
        made |= {"state": moved["to"], "since": (record.day, record.version)}
    if moved["strands"]:
        opened = {(s["strand"], s["id"]) for s in moved["strands"] if s["is"] == "open"}
        ended = {(s["strand"], s["id"]) for s in moved["strands"] if s["is"] == "ended"}
        made["open_strands"] = (case.open_strands | opened) - ended
    return case.then(Entry(record.version, record.day, read(record)), **made)
