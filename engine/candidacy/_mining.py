"""A ledger as an event log for process mining: XES (IEEE 1849-2016) and OCEL 2.0 JSON (ocel-standard.org). Needs no plugin.

What both logs say, and what they do not:

* Every record is an event, refused ones too: ``decision`` says which it is. Filter on it before counting what happened,
  or use the classifier ``name_and_decision`` that XES declares.
* An event takes effect on a ``day``; its hour is not known, and ``hour`` says so. Its time is therefore the midnight that
  begins the day in the ledger's zone, with the offset of that day, plus one millisecond for each place in the ledger: the
  same day, and in order of entry within it. (Milliseconds, since many tools keep nothing finer; up to 82 million records.)
* The order within a case is by day, then ``sequence``, its version. What was entered late stands where it took effect;
  ``index`` and ``recorded`` say when it was entered.
* ``stage_from`` and ``stage`` are the states before and after it as it was entered. They differ where it moved the case.
* Ids, codes and days only: no payload, and no finding.

Both are ASCII and the same bytes on every run.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from candidacy.decision import Json
from candidacy.record import Record

KINDS: Mapping[str, str] = {
    "day": "string",
    "sequence": "integer",
    "index": "integer",
    "recorded": "time",
    "type": "string",
    "command": "string",
    "decision": "string",
    "stage_from": "string",
    "stage": "string",
    "hour": "string",
}
"""The attributes of an event that no standard names, each with its OCEL type."""
TAGS = {"time:timestamp": "date", "recorded": "date", "sequence": "int", "index": "int"}
"""The XES element of an attribute, where it is no string."""
HOUR = "not known"
UNKNOWN: Mapping[str, str | int] = {
    **dict.fromkeys(KINDS, "unknown"),
    "day": "1970-01-01",
    "sequence": 0,
    "index": 0,
    "recorded": "1970-01-01T00:00:00Z",
    "type": "any.unknown.1",
    "hour": HOUR,
}
"""What XES wants declared for an event that lacks an attribute; none does."""
MINUTE, MILLISECOND = timedelta(minutes=1), timedelta(milliseconds=1)


def _described(record: Record) -> list[str | int]:
    """The values of `KINDS`, in that order; they sort by day and version."""
    data, moved = record.data, record.data["moved"]
    decision = "asked for" if record.is_request and record.accepted else data["decision"]
    entered = [record.version, record.index, data["recorded_at"], data["type"], data["command"], decision]
    return [data["day"], *entered, moved["from"], moved["to"], HOUR]


def _begins(day: str, index: int, zone: ZoneInfo) -> str:
    """When an event of *day* is said to be, in RFC 3339; an offset with seconds, as before standard time, loses them."""
    midnight = datetime.combine(datetime.fromisoformat(day), time(), zone)
    offset = timezone((midnight.utcoffset() or timedelta()) // MINUTE * MINUTE)
    return (midnight.replace(tzinfo=offset) + index * MILLISECOND).isoformat(timespec="milliseconds")


def _name(type_name: str) -> str:
    """An event's type name without owner and version, in words."""
    return type_name.split(".")[1].replace("_", " ")


def _activity(record: Record) -> str:
    """What was done: the event in words; what was only asked for is another activity than the act."""
    return _name(record.type_name) + " (asked for)" * record.is_request


def _remember(begun: dict[str, tuple[bool, str, str]], record: Record) -> None:
    """Keep by which program and edition a case began; of one that never did, by which it was last refused."""
    if not begun.get(record.case, (False,))[0]:
        begun[record.case] = (record.accepted, record.data["edition"]["program"], record.data["edition"]["name"])


# --- XES


def xes(records: Iterable[Record], zone: ZoneInfo) -> Iterator[str]:
    """*records* in order of index, as an XES document in pieces: a trace for each case, in order of their first records.

    A trace holds all events of its case, so that nothing can be written before the last record is read. Until then
    some 180 bytes are held for each record (180 MB for a million), and a single trace is unfolded at a time.
    """
    held: dict[str, bytearray] = {}
    begun: dict[str, tuple[bool, str, str]] = {}
    ledger = ""
    for record in records:
        if record.index:
            _remember(begun, record)
            packed = json.dumps([*_described(record)[:-1], record.data["actor"]["person"]], separators=(",", ":"))
            held.setdefault(record.case, bytearray()).extend(packed.encode() + b"\n")
        else:
            ledger = record.data["ledger"]
    yield from _head(ledger, zone)
    for case, events in held.items():
        _, program, edition = begun[case]
        yield f"<trace>{_tagged({'concept:name': case, 'program': program, 'edition': edition})}\n"
        for *described, person in sorted(map(json.loads, events.splitlines())):
            yield f"<event>{_event(dict(zip(KINDS, [*described, HOUR], strict=True)), person, zone)}</event>\n"
        yield "</trace>\n"
    yield "</log>\n"


def _head(ledger: str, zone: ZoneInfo) -> Iterator[str]:
    """The beginning of the document, in the order of IEEE 1849-2016, section 5.1."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield "<!-- The day of an event is known, its hour is not: its time is midnight and a millisecond for each record. -->\n"
    yield '<log xes.version="1849.2016" xes.features="">\n'
    for name, prefix in (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org")):
        yield f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    yield f'<global scope="trace">{_tagged(dict.fromkeys(("concept:name", "program", "edition"), "unknown"))}</global>\n'
    yield f'<global scope="event">{_event(UNKNOWN, "unknown", zone)}</global>\n'
    for name, keys in (("name_and_decision", "concept:name decision"), ("name", "concept:name")):
        yield f'<classifier name="{name}" scope="event" keys="{keys}"/>\n'
    yield _tagged({"concept:name": f"ledger {ledger}", "lifecycle:model": "standard", "zone": str(zone), "hour": HOUR}) + "\n"


def _event(described: Mapping[str, str | int], person: str, zone: ZoneInfo) -> str:
    at = _begins(str(described["day"]), int(described["index"]), zone)
    standard = {"concept:name": _name(str(described["type"])), "lifecycle:transition": "complete", "org:resource": person}
    return _tagged({**standard, "time:timestamp": at, **described})


def _tagged(attributes: Mapping[str, str | int]) -> str:
    """The XES elements of *attributes*."""
    return "".join(f'<{TAGS.get(key, "string")} key="{key}" value="{_quoted(str(value))}"/>' for key, value in attributes.items())


def _quoted(text: str) -> str:
    """*text* as the value of an XML attribute; U+FFFD for characters that XML 1.0 cannot hold (section 2.2)."""
    return text.translate(ESCAPES).encode("ascii", "xmlcharrefreplace").decode()


ESCAPES = {
    **dict.fromkeys((*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd"),
    **{ord(sign): f"&#{ord(sign)};" for sign in "\t\n\r"},
    **{ord(sign): f"&{name};" for sign, name in {"&": "amp", "<": "lt", ">": "gt", '"': "quot"}.items()},
}


# --- OCEL

Object = tuple[str, ...]
"""Its type and its ids."""
STATIC = "1970-01-01T00:00:00Z"
"""The time from which OCEL 2.0 has an attribute of an object that never changes."""


def ocel(records: Iterable[Record], zone: ZoneInfo) -> Iterator[str]:
    """*records* in order of index, as an OCEL 2.0 JSON document in pieces.

    Objects are cases, people who entered something, programs, and each kind of strand. An event is related to its ``case``,
    its ``actor``, its ``program``, and to a strand as ``strand open`` or ``strand ended``; a case to its program, a strand
    to its case. An object's id is its type and its ids, with spaces between, since ids of different types may be alike.

    Events are written as they are read, and only the objects are held, some 200 bytes each. Numbers are written as
    numbers, as in the standard's own example; its JSON schema would have every value be text.
    """
    begun: dict[str, tuple[bool, str, str]] = {}
    objects: dict[Object, str] = {}
    names: dict[str, None] = {}

    def events() -> Iterator[Json]:
        for record in records:
            if record.index:
                _remember(begun, record)
                about = _about(record)
                objects.update(about)
                names[_activity(record)] = None
                yield _ocel_event(record, about, zone)

    yield '{"events":[\n'
    yield from _listed(events())
    yield '],\n"objects":[\n'
    yield from _listed(_ocel_object(thing, begun) for thing in objects)
    yield '],\n"eventTypes":[\n'
    yield from _listed(_declared(name, KINDS) for name in names)
    yield '],\n"objectTypes":[\n'
    of_case = dict.fromkeys(("id", "program", "edition"), "string")
    yield from _listed(_declared(t, of_case if t == "case" else {"id": "string"}) for t in dict.fromkeys(o[0] for o in objects))
    yield "]}\n"


def _listed(items: Iterable[Json]) -> Iterator[str]:
    for n, item in enumerate(items):
        yield (",\n" if n else "") + json.dumps(item, separators=(",", ":"))


def _declared(name: str, kinds: Mapping[str, str]) -> Json:
    return {"name": name, "attributes": [{"name": attribute, "type": kind} for attribute, kind in kinds.items()]}


def _about(record: Record) -> dict[Object, str]:
    """The objects that an event is about, each with how. A kind of strand may be called as one of our types is."""
    case, person, program = record.case, record.data["actor"]["person"], record.data["edition"]["program"]
    about: dict[Object, str] = {("case", case): "case", ("person", person): "actor", ("program", program): "program"}
    for strand in record.data["moved"]["strands"]:
        kind = strand["strand"] + (" strand" if strand["strand"] in {"case", "person", "program"} else "")
        about[kind, case, strand["id"]] = f"strand {strand['is']}"
    return about


def _ocel_event(record: Record, about: Mapping[Object, str], zone: ZoneInfo) -> Json:
    return {
        "id": str(record.index),
        "type": _activity(record),
        "time": _begins(record.data["day"], record.index, zone),
        "attributes": [{"name": name, "value": value} for name, value in zip(KINDS, _described(record), strict=True)],
        "relationships": [{"objectId": " ".join(thing), "qualifier": how} for thing, how in about.items()],
    }


def _ocel_object(thing: Object, begun: Mapping[str, tuple[bool, str, str]]) -> Json:
    """An object, and what it belongs to: a case to the program that it began under, a strand to its case."""
    kind, *ids = thing
    told, belongs = {"id": ids[-1]}, {}
    if kind == "case":
        _, told["program"], told["edition"] = begun[ids[0]]
        belongs = {"program": f"program {told['program']}"}
    elif ids[1:]:
        belongs = {"case": f"case {ids[0]}"}
    return {
        "id": " ".join(thing),
        "type": kind,
        "attributes": [{"name": name, "value": value, "time": STATIC} for name, value in told.items()],
        "relationships": [{"objectId": other, "qualifier": how} for how, other in belongs.items()],
    }
