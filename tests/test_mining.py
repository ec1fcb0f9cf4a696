"""The logs for process mining: XES and OCEL 2.0, parsed again. That pm4py reads them is tried in tests_mining/."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from candidacy import Record, SqliteLedger
from candidacy._mining import KINDS, ocel, xes
from candidacy.ledger import first_record
from support import ZONE

NEW_YORK = ZoneInfo(ZONE)
FIRST = first_record(ZONE)
AWKWARD = """a&b<c>"d'\te\nf\r\0\x1b\ufffeß\U0001f600"""
KEPT = """a&b<c>"d'\te\nf\r\ufffd\ufffd\ufffdß\U0001f600"""


def record(index: int, case: str, version: int, day: str, **changes: Any) -> Record:
    """A record as the ledger holds it, made by hand."""
    edition = {"code": "", "declared": "", "name": "2004", "program": "widgets", "revision": 1}
    return Record.make(
        {
            "actor": {"identified": "asserted", "person": f"{case}.office"},
            "case": case,
            "command": f"{case}-{version}",
            "day": day,
            "decision": "accepted",
            "edition": edition,
            "findings": [],
            "format": 1,
            "index": index,
            "ledger": FIRST.data["ledger"],
            "moved": {"from": "selected", "strands": [], "to": "selected"},
            "payload": {"person": "nobody-may-see-this"},
            "previous": "",
            "recorded_at": f"2026-11-22T15:00:{index:02}.000001Z",
            "sealed": [],
            "type": "widgets.desk_recorded.1",
            "version": version,
            **changes,
        }
    )


def moved(*strands: tuple[str, str, str], before: str = "selected", after: str = "selected") -> dict[str, Any]:
    return {"from": before, "to": after, "strands": [{"strand": s, "id": i, "is": became} for s, i, became in strands]}


@pytest.fixture(scope="module")
def demo(demo_file: Path) -> list[Record]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        return list(ledger.records())


def text(log: Any, *records: Record, zone: ZoneInfo = NEW_YORK) -> str:
    return "".join(log((FIRST, *records), zone))


def root_of(*records: Record, zone: ZoneInfo = NEW_YORK) -> ET.Element:
    """The XES log, parsed by a parser that knows nothing of it."""
    return ET.fromstring(text(xes, *records, zone=zone))  # noqa: S314 (we wrote it)


def attributes(element: ET.Element) -> dict[str, Any]:
    """The attributes of a log, trace or event, by key; whole numbers and instants as such."""
    read: dict[str, Any] = {"string": str, "int": int, "date": datetime.fromisoformat}
    return {a.attrib["key"]: read[a.tag](a.attrib["value"]) for a in element if a.tag in read}


def traces(*records: Record, zone: ZoneInfo = NEW_YORK) -> dict[str, list[dict[str, Any]]]:
    """The events of the XES log, by case."""
    logged = root_of(*records, zone=zone).iter("trace")
    return {attributes(t)["concept:name"]: [attributes(e) for e in t.iter("event")] for t in logged}


def objects(*records: Record) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The objects of the OCEL log by id, and its events."""
    log = json.loads(text(ocel, *records))
    return {o["id"]: o for o in log["objects"]}, log["events"]


# --- what both say


def test_gives_every_record_but_the_first_an_event_of_its_own(demo: list[Record]) -> None:
    held = [(r.case, r.index) for r in demo[1:]]
    in_xes = [(case, e["index"]) for case, events in traces(*demo[1:]).items() for e in events]
    in_ocel = [(e["relationships"][0]["objectId"].removeprefix("case "), int(e["id"])) for e in objects(*demo[1:])[1]]
    assert len(held) > 800
    assert sorted(in_xes) == sorted(held)
    assert in_ocel == held


def test_says_of_an_event_what_its_record_says() -> None:
    said = record(7, "c1", 3, "2004-10-04", type="widgets.mentor_paired.2", moved=moved(before="selected", after="enrolled"))
    (event,) = traces(said)["c1"]
    assert event == {
        "concept:name": "mentor paired",
        "lifecycle:transition": "complete",
        "org:resource": "c1.office",
        "time:timestamp": datetime(2004, 10, 4, 4, 0, 0, 7000, UTC),
        "day": "2004-10-04",
        "sequence": 3,
        "index": 7,
        "recorded": datetime(2026, 11, 22, 15, 0, 7, 1, UTC),
        "type": "widgets.mentor_paired.2",
        "command": "c1-3",
        "decision": "accepted",
        "stage_from": "selected",
        "stage": "enrolled",
        "hour": "not known",
    }
    _, (same,) = objects(said)
    told = {a["name"]: a["value"] for a in same["attributes"]}
    assert (same["id"], same["type"], same["time"]) == ("7", "mentor paired", "2004-10-04T00:00:00.007-04:00")
    assert told == {key: event[key] for key in KINDS} | {"recorded": "2026-11-22T15:00:07.000001Z"}


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        ("2004-04-03", "-05:00"),
        ("2004-04-04", "-05:00"),  # the clock goes forward at two in the morning
        ("2004-04-05", "-04:00"),
        ("2004-10-30", "-04:00"),
        ("2004-10-31", "-04:00"),  # the clock goes back at two in the morning
        ("2004-11-01", "-05:00"),
    ],
)
def test_gives_each_day_the_offset_of_its_midnight(day: str, offset: str) -> None:
    on_the_day = record(1, "c1", 1, day)
    assert f'key="time:timestamp" value="{day}T00:00:00.001{offset}"' in text(xes, on_the_day)
    assert objects(on_the_day)[1][0]["time"] == f"{day}T00:00:00.001{offset}"


@pytest.mark.parametrize(
    ("zone", "day", "offset"),
    [
        ("UTC", "2004-10-31", "+00:00"),
        ("Pacific/Auckland", "2004-01-15", "+13:00"),
        ("America/Havana", "2004-03-28", "-05:00"),  # it has no midnight: the day begins at one
        ("America/Havana", "2003-10-26", "-04:00"),  # it has two, and begins at the first
        ("Africa/Monrovia", "1960-01-01", "-00:45"),  # 44 minutes and 30 seconds, which neither format can say
    ],
)
def test_keeps_the_calendar_day_in_every_zone(zone: str, day: str, offset: str) -> None:
    for index in (1, 999_999):
        (event,) = traces(record(index, "c1", 1, day, recorded_at="2026-11-22T15:00:00.000001Z"), zone=ZoneInfo(zone))["c1"]
        at = event["time:timestamp"]
        assert at.isoformat().endswith(offset)
        assert at.date() == date.fromisoformat(day)
        assert (at + timedelta(seconds=30)).astimezone(ZoneInfo(zone)).date() == date.fromisoformat(day)


def test_keeps_the_order_of_entry_within_a_day_and_puts_late_entries_where_they_took_effect() -> None:
    days = ["2004-10-31", "2004-11-01", "2004-10-31", "2004-11-01", "2004-10-30", *["2004-11-01"] * 8]
    told = [record(2 * n, "c1", n, day) for n, day in enumerate(days, 1)]
    between = [record(2 * n + 1, "c2", n, "2004-11-01") for n in range(1, 4)]
    order = [5, 1, 3, 2, 4, *range(6, 14)]
    found = traces(*sorted([*told, *between], key=lambda r: r.index))
    assert list(found) == ["c1", "c2"]
    assert [e["sequence"] for e in found["c1"]] == order
    assert [e["index"] for e in found["c1"]] == [2 * n for n in order]
    times = [e["time:timestamp"] for e in found["c1"]]
    assert all(a < b for a, b in pairwise(times))
    events = sorted(objects(*told)[1], key=lambda e: datetime.fromisoformat(e["time"]))
    assert [e["id"] for e in events] == [str(2 * n) for n in order]


def test_keeps_the_order_of_every_case_of_the_demonstration_by_time_alone(demo: list[Record]) -> None:
    found = traces(*demo[1:])
    late = 0
    for case, events in found.items():
        held = sorted((r for r in demo[1:] if r.case == case), key=lambda r: (r.day, r.version))
        assert [e["index"] for e in events] == [r.index for r in held]
        assert [e["index"] for e in sorted(events, key=lambda e: e["time:timestamp"])] == [r.index for r in held]
        late += [e["sequence"] for e in events] != sorted(e["sequence"] for e in events)
    assert late > 10, "late entries are among them"


def test_marks_what_was_refused() -> None:
    told = record(1, "c1", 1, "2004-10-04"), record(2, "c1", 2, "2004-10-04", decision="refused")
    assert [e["decision"] for e in traces(*told)["c1"]] == ["accepted", "refused"]
    assert [a["value"] for e in objects(*told)[1] for a in e["attributes"] if a["name"] == "decision"] == ["accepted", "refused"]


def test_holds_no_payload_and_no_finding(demo: list[Record]) -> None:
    finding = {"rule": "widgets.fit", "outcome": "unmet", "observed": {"found": "a-code"}}
    for log in (xes, ocel):
        assert "nobody-may-see-this" not in text(log, record(1, "c1", 1, "2004-10-04"))
        assert text(log, record(1, "c1", 1, "2004-10-04", findings=[finding])) == text(log, record(1, "c1", 1, "2004-10-04"))
        assert text(log, *(Record.make({**r.data, "payload": {}, "findings": []}) for r in demo[1:])) == text(log, *demo[1:])


def test_is_ascii_and_the_same_bytes_on_every_run(demo: list[Record]) -> None:
    for log in (xes, ocel):
        assert text(log, *demo[1:]) == text(log, *demo[1:])
        assert text(log, record(1, AWKWARD, 1, "2004-10-04")).isascii()


def test_tells_of_a_ledger_without_cases() -> None:
    assert traces() == {}
    assert objects() == ({}, [])
    assert "".join(ocel((), NEW_YORK)) == text(ocel)


# --- XES


def test_is_well_formed_in_the_order_of_the_standard(demo: list[Record]) -> None:
    root = root_of(*demo[1:])
    assert root.tag == "log"
    assert root.attrib == {"xes.version": "1849.2016", "xes.features": ""}
    places = ["extension", "global", "classifier", "string", "trace"]
    found = [child.tag for child in root]
    assert set(found) == set(places)
    assert found == sorted(found, key=places.index)
    assert attributes(root) == {
        "concept:name": f"ledger {FIRST.data['ledger']}",
        "lifecycle:model": "standard",
        "zone": ZONE,
        "hour": "not known",
    }


def test_declares_every_extension_global_and_classifier_that_it_uses(demo: list[Record]) -> None:
    root = root_of(*demo[1:])
    assert {e.attrib["prefix"]: e.attrib["uri"] for e in root.iter("extension")} == {
        prefix: f"http://www.xes-standard.org/{prefix}.xesext" for prefix in ("concept", "time", "lifecycle", "org")
    }
    declared = {g.attrib["scope"]: {(a.tag, a.attrib["key"]) for a in g} for g in root.iter("global")}
    for scope in ("trace", "event"):
        for element in root.iter(scope):
            assert {(a.tag, a.attrib["key"]) for a in element if a.tag != "event"} == declared[scope]
    keys = {key for _, key in declared["event"]}
    assert {key.partition(":")[0] for key in keys if ":" in key} <= {"concept", "time", "lifecycle", "org"}
    classifiers = {c.attrib["name"]: c.attrib["keys"].split() for c in root.iter("classifier")}
    assert classifiers == {"name_and_decision": ["concept:name", "decision"], "name": ["concept:name"]}
    assert {key for used in classifiers.values() for key in used} <= keys


def test_escapes_whatever_stands_in_an_id() -> None:
    told = record(1, AWKWARD, 1, "2004-10-04", command=AWKWARD, moved=moved(("detail", AWKWARD, "open"), after=AWKWARD))
    ((case, (event,)),) = traces(told).items()
    assert {case, event["command"], event["stage"]} == {KEPT}
    assert event["org:resource"] == f"{KEPT}.office"
    ids, (event,) = objects(told)
    assert [r["objectId"] for r in event["relationships"]][0::3] == [f"case {AWKWARD}", f"detail {AWKWARD} {AWKWARD}"]
    assert {r["objectId"] for r in event["relationships"]} == set(ids)


def test_names_the_edition_a_case_began_under_or_else_the_last_that_refused_it() -> None:
    def judged(index: int, version: int, edition: str, decision: str, case: str = "c1") -> Record:
        told = record(index, case, version, "2004-10-04", decision=decision)
        return Record.make({**told.data, "edition": {**told.data["edition"], "name": edition}})

    told = [judged(1, 1, "2003", "refused"), judged(2, 2, "2004", "accepted"), judged(3, 3, "2005", "accepted")]
    told += [judged(4, 1, "2003", "refused", "c2"), judged(5, 2, "2006", "refused", "c2")]
    root = root_of(*told)
    assert [attributes(t)["edition"] for t in root.iter("trace")] == ["2004", "2006"]
    ids, _ = objects(*told)
    assert [{a["name"]: a["value"] for a in ids[f"case {c}"]["attributes"]}["edition"] for c in ("c1", "c2")] == ["2004", "2006"]


# --- OCEL 2.0


def faults(log: Any) -> Iterator[str]:
    """What the structure of OCEL 2.0 JSON does not allow: the standard's schema, declared types, and references.

    The schema would have every value be text; the standard's text and its example have a value of the declared type.
    """
    wanted = {"eventTypes", "objectTypes", "events", "objects"}
    if set(log) != wanted or not all(isinstance(part, list) for part in log.values()):
        yield "top level"
        return
    types = {"string": str, "time": str, "integer": int, "float": float, "boolean": bool}
    ids = [o["id"] for o in log["objects"]], [e["id"] for e in log["events"]]
    if len({*ids[0], *ids[1]}) != len(ids[0]) + len(ids[1]):
        yield "an id twice"
    for things, kinds, keys in (("events", "eventTypes", {"name", "value"}), ("objects", "objectTypes", {"name", "value", "time"})):
        declared = {t["name"]: {a["name"]: types[a["type"]] for a in t["attributes"]} for t in log[kinds]}
        if len(declared) != len(log[kinds]):
            yield f"{kinds}: a name twice"
        for thing in log[things]:
            if set(thing) != {"id", "type", "attributes", "relationships"} | ({"time"} if things == "events" else set()):
                yield f"{thing['id']}: keys"
            for a in thing["attributes"]:
                if set(a) != keys or type(a["value"]) is not declared.get(thing["type"], {}).get(a["name"]):
                    yield f"{thing['id']}: attribute {a['name']}"
            yield from (f"{thing['id']}: relationship" for r in thing["relationships"] if set(r) != {"objectId", "qualifier"})
            yield from (f"{thing['id']}: no {r.get('objectId')}" for r in thing["relationships"] if r.get("objectId") not in ids[0])
    instant = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
    times = [e["time"] for e in log["events"]] + [a["time"] for o in log["objects"] for a in o["attributes"]]
    times += [a["value"] for e in log["events"] for a in e["attributes"] if KINDS[a["name"]] == "time"]
    yield from (f"time {t}" for t in times if not instant.fullmatch(t))


def test_has_the_structure_of_ocel_2_with_every_attribute_declared_and_every_object_there(demo: list[Record]) -> None:
    log = json.loads(text(ocel, *demo[1:]))
    assert list(faults(log)) == []
    assert {t["name"] for t in log["objectTypes"]} >= {"case", "person", "program", "assignment"}
    kinds = {t["name"]: {a["name"]: a["type"] for a in t["attributes"]} for t in log["eventTypes"]}
    assert "plan approved" in kinds
    for of_type in kinds.values():
        assert {name: kind for name, kind in of_type.items() if kind != "string"} == {
            "sequence": "integer",
            "index": "integer",
            "recorded": "time",
        }


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda log: log.pop("objectTypes") and log.update(other=[]), "top level"),
        (lambda log: log["objects"].pop(0), "no case commerce-001"),
        (lambda log: log["objects"].append(log["objects"][0]), "an id twice"),
        (lambda log: log["eventTypes"][0]["attributes"].pop(1), "attribute sequence"),
        (lambda log: log["events"][0]["attributes"][1].update(value="1"), "attribute sequence"),
        (lambda log: log["events"][0].update(time=log["events"][0]["time"][:-6]), "time "),
        (lambda log: log["events"][0].pop("relationships") and log["events"][0].update(relationships=[{}]), "relationship"),
    ],
)
def test_would_see_another_structure(demo: list[Record], broken: Any, said: str) -> None:
    """The teeth of the test before."""
    log = json.loads(text(ocel, *demo[1:30]))
    broken(log)
    found = list(faults(log))
    assert any(said in f for f in found), found


def test_relates_an_event_to_its_case_actor_program_and_strands() -> None:
    opened = record(1, "c1", 1, "2004-10-04", moved=moved(("detail", "d1", "open")))
    ended = record(2, "c1", 2, "2004-12-04", moved=moved(("detail", "d1", "ended")), actor={"identified": "host", "person": "c1"})
    ids, events = objects(opened, ended, record(3, "c2", 1, "2004-12-04", moved=moved(("detail", "d1", "open"))))
    assert [{r["qualifier"]: r["objectId"] for r in e["relationships"]} for e in events] == [
        {"case": "case c1", "actor": "person c1.office", "program": "program widgets", "strand open": "detail c1 d1"},
        {"case": "case c1", "actor": "person c1", "program": "program widgets", "strand ended": "detail c1 d1"},
        {"case": "case c2", "actor": "person c2.office", "program": "program widgets", "strand open": "detail c2 d1"},
    ]
    assert {name: [r["objectId"] for r in o["relationships"]] for name, o in ids.items()} == {
        "case c1": ["program widgets"],
        "case c2": ["program widgets"],
        "person c1.office": [],
        "person c1": [],
        "person c2.office": [],
        "program widgets": [],
        "detail c1 d1": ["case c1"],
        "detail c2 d1": ["case c2"],
    }


def test_keeps_a_strand_apart_that_is_called_as_a_type_of_ours() -> None:
    log = json.loads(text(ocel, record(1, "c1", 1, "2004-10-04", moved=moved(("case", "c1", "open")))))
    assert list(faults(log)) == []
    assert [(o["id"], o["type"]) for o in log["objects"]][0::3] == [("case c1", "case"), ("case strand c1 c1", "case strand")]


def test_gives_the_first_events_before_the_last_record_is_read() -> None:
    """Events of OCEL are written as they are read; XES groups them by case, so it cannot."""
    read = []

    def records() -> Iterator[Record]:
        for n in range(100):
            read.append(n)
            yield record(n + 1, "c1", n + 1, "2004-10-04", recorded_at="2026-11-22T15:00:00.000001Z")

    pieces = ocel(records(), NEW_YORK)
    next(piece for piece in pieces if '"id":"1"' in piece)
    assert len(read) == 1
