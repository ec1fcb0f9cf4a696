"""What pm4py understands of the logs is what the ledger holds: every event, its attributes, instant and order, and the stages.

Not part of `make test`: `make test-mining` gives pm4py a virtual environment of its own and names its Python in PM4PY_PYTHON.
"""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from candidacy import (
    CandidateEnrolled,
    CandidateSelected,
    Id,
    MemoryLedger,
    PlanApproved,
    PlanSubmitted,
    Record,
    Withdrawn,
    discover,
)
from candidacy._mining import ocel, xes
from candidacy.case import NOT_BEGUN
from candidacy_commerce.caseload import Candidate
from support import engine, play

PROGRAM = Path(__file__).with_name("read_back.py")
ZONES = ("America/New_York", "Pacific/Auckland", "UTC")
MOVES_OF_A_DAY = [NOT_BEGUN, "selected", "enrolled", "planning", "developing", "withdrawn"]


@attrs.frozen
class Export:
    """A ledger's records, its zone, and the two logs of it."""

    records: list[Record]
    zone: ZoneInfo
    xes: str
    ocel: str


def hurried() -> Candidate:
    """Every stage on the day on which the clocks go back, which no candidate of the demonstration has."""
    life, day = Candidate("hurried"), "2004-10-31"
    life.on(
        day,
        "office",
        CandidateSelected(Id("commerce"), Id("september-2004"), life.cast(candidate="candidate", office="program office")),
    )
    life.on(day, "office", CandidateEnrolled()).on(day, "candidate", PlanSubmitted(Id("edp-1")))
    return life.on(day, "office", PlanApproved(Id("edp-1"))).on(day, "candidate", Withdrawn())


def exported(zone: str) -> Export:
    """The demonstration and the hurried candidate, in a ledger of that zone."""
    on = engine(ledger=MemoryLedger(zone))
    for commands in (*(caseload() for caseload in discover().caseloads.values()), hurried()):
        play(on, commands)
    records = list(on.ledger.records())
    logs = ("".join(log(records, on.ledger.zone)) for log in (xes, ocel))
    return Export(records[1:], on.ledger.zone, *logs)


@pytest.fixture(scope="module")
def ledger() -> Export:
    return exported(ZONES[0])


def read_back(folder: Path, xes_log: str, ocel_log: str) -> Any:
    """What pm4py understands of the two logs."""
    python = os.environ.get("PM4PY_PYTHON")
    assert python, "found no PM4PY_PYTHON; needed the path of a Python that has pm4py, as `make test-mining` gives"
    files = folder / "log.xes", folder / "log.jsonocel"
    for file, log in zip(files, (xes_log, ocel_log), strict=True):
        file.write_text(log, encoding="utf-8")
    env = {**os.environ, "PM4PY_SHOW_PROGRESS_BAR": "False"}
    done = subprocess.run([python, PROGRAM, *files], capture_output=True, text=True, check=False, timeout=300, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- what the ledger's own records say, computed without the export


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def event_of(record: Record, zone: ZoneInfo) -> dict[str, Any]:
    """An event as pm4py should have it."""
    data, day = record.data, record.day
    return {
        "case:concept:name": record.case,
        "concept:name": record.type_name.split(".")[1].replace("_", " "),
        "time:timestamp": utc(datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(milliseconds=record.index)),
        "day": data["day"],
        "hour": "not known",
        "sequence": record.version,
        "index": record.index,
        "recorded": utc(record.recorded_at),
        "type": record.type_name,
        "command": record.command,
        "decision": record.word,
        "stage_from": record.moved["from"],
        "stage": record.moved["to"],
        "case:program": record.edition["program"],
        "case:edition": record.edition["name"],
    }


def in_order(records: list[Record]) -> Iterator[list[Record]]:
    """The records of each case, by effective day and then by version."""
    for _, held in groupby(sorted(records, key=lambda r: (r.case, r.day, r.version)), key=lambda r: r.case):
        yield list(held)


def stages_of(records: list[Record]) -> dict[str, Any]:
    """By program, how often each stage follows another, begins and ends, as the moves were recorded: days play no part."""
    programs: dict[str, Any] = {}
    for _, held in groupby(sorted(records, key=lambda r: (r.case, r.version)), key=lambda r: r.case):
        moves = [r for r in held if r.accepted and r.moved["from"] != r.moved["to"]]
        order = [moves[0].moved["from"], *(r.moved["to"] for r in moves)]
        of = programs.setdefault(moves[0].edition["program"], {"follows": Counter(), "starts": Counter(), "ends": Counter()})
        of["follows"].update(pairwise(order[1:]))
        of["starts"][order[1]] += 1
        of["ends"][order[-1]] += 1
    return {p: {**of, "follows": sorted([a, b, n] for (a, b), n in of["follows"].items())} for p, of in sorted(programs.items())}


def differences(read: Any, ledger: Export) -> list[str]:
    """What pm4py understood otherwise than the ledger has it."""
    events: dict[str, list[dict[str, Any]]] = {"xes": [], "ocel": []}
    cases = list(in_order(ledger.records))
    for record in (r for case in cases for r in case):
        event = event_of(record, ledger.zone)
        xes_only = {"lifecycle:transition": "complete", "org:resource": record.data["actor"]["person"]}
        ocel_only = {"ocel:eid": str(record.index), "case:ocel:type": "case", "case:id": record.case}
        events["xes"].append({**event, **xes_only})
        events["ocel"].append({**event, **ocel_only, "case:concept:name": f"case {record.case}"})
    expected = {
        log: {
            "cases": len(cases),
            "events": events[log],
            "starts": Counter(event_of(c[0], ledger.zone)["concept:name"] for c in cases),
            "ends": Counter(event_of(c[-1], ledger.zone)["concept:name"] for c in cases),
            "stages": stages_of(ledger.records),
        }
        for log in ("xes", "ocel")
    }
    return [f"{log} {what}" for log, parts in expected.items() for what, part in parts.items() if read[log][what] != part]


def related(records: list[Record]) -> Iterator[list[str]]:
    """Which objects each event is about, and how."""
    for r in records:
        yield [str(r.index), "case", f"case {r.case}"]
        yield [str(r.index), "actor", f"person {r.data['actor']['person']}"]
        yield [str(r.index), "program", f"program {r.edition['program']}"]
        yield from ([str(r.index), f"strand {s['is']}", f"{s['strand']} {r.case} {s['id']}"] for s in r.moved["strands"])


@pytest.mark.parametrize("zone", ZONES)
def test_reads_every_event_back_with_its_attributes_instant_and_order_and_finds_the_order_of_stages(
    zone: str, tmp_path: Path
) -> None:
    ledger = exported(zone)
    read = read_back(tmp_path, ledger.xes, ledger.ocel)
    assert differences(read, ledger) == []
    assert len(read["xes"]["events"]) == len(read["ocel"]["events"]) == len(ledger.records)
    counts = {"cases": read["xes"]["cases"], **{what: len(read[what]) for what in ("objects", "related")}}
    print(f"pm4py {read['pm4py']}, {zone}: {len(ledger.records)} events, {counts}")


def test_reads_every_object_and_relation_back(ledger: Export, tmp_path: Path) -> None:
    read = read_back(tmp_path, ledger.xes, ledger.ocel)
    held = sorted(related(ledger.records))
    assert read["related"] == held
    assert [name for name, _ in read["objects"]] == sorted({name for _, _, name in held})
    assert all(name.startswith(f"{kind} ") for name, kind in read["objects"])
    assert Counter(kind for _, kind in read["objects"])["case"] == len({r.case for r in ledger.records})
    strands = {(f"{s['strand']} {r.case} {s['id']}", r.case) for r in ledger.records for s in r.moved["strands"]}
    programs = {(r.case, r.edition["program"]) for r in ledger.records}
    belongs = [[name, "case", f"case {case}"] for name, case in strands]
    assert read["belongs"] == sorted([*belongs, *([f"case {c}", "program", f"program {p}"] for c, p in programs)])


def test_finds_no_step_that_is_no_move_of_the_programs_lifecycle(ledger: Export, tmp_path: Path) -> None:
    read, registry, tried = read_back(tmp_path, ledger.xes, ledger.ocel), discover(), 0
    editions = {r.edition["program"]: r.edition for r in ledger.records}
    for log in ("xes", "ocel"):
        assert set(read[log]["stages"]) == set(editions) == set(registry.caseloads)
        for program, found in read[log]["stages"].items():
            named = registry.edition(editions[program])
            assert named is not None
            moves = {(state, to) for (state, _), to in named[0].table.items()}
            steps = {(a, b) for a, b, _ in found["follows"]} | {(NOT_BEGUN, first) for first in found["starts"]}
            assert steps <= moves
            tried += len(steps)
            print(f"{log}, {program}: {len(steps)} steps of {len({m for m in moves if m[0] != m[1]})} moves found")
    assert tried > 40


def test_is_tried_on_late_entries_refusals_and_several_moves_on_one_day(ledger: Export) -> None:
    cases = list(in_order(ledger.records))
    assert sum([r.version for r in case] != sorted(r.version for r in case) for case in cases) > 10
    assert sum(not r.accepted for r in ledger.records) > 20
    of_a_day = [r.moved for r in ledger.records if r.case == "hurried"]
    assert [of_a_day[0]["from"], *(m["to"] for m in of_a_day)] == MOVES_OF_A_DAY


# --- teeth: what is broken in the logs must be seen


XES_VALUE = r'(?<=key="{key}" value=")[^"]*'


def in_xes(log: str, key: str, change: Callable[[list[str]], list[str]]) -> str:
    """The log with the values of *key* changed, all values of a case at once."""

    def changed(trace: str) -> str:
        values = iter(change(re.findall(XES_VALUE.format(key=key), trace)))
        return re.sub(XES_VALUE.format(key=key), lambda _: next(values), trace)

    head, *traces = log.split("<trace>")
    return "<trace>".join([head, *map(changed, traces)])


def in_ocel(log: str, key: str, change: Callable[[list[Any]], list[Any]]) -> str:
    """The same in the other format."""
    data = json.loads(log)
    events = sorted(data["events"], key=lambda e: (e["relationships"][0]["objectId"], datetime.fromisoformat(e["time"])))
    for _, held in groupby(events, key=lambda e: e["relationships"][0]["objectId"]):
        places = [e if key == "time" else next(a for a in e["attributes"] if a["name"] == key) for e in held]
        name = "time" if key == "time" else "value"
        for place, value in zip(places, change([p[name] for p in places]), strict=True):
            place[name] = value
    return json.dumps(data)


def turned(values: list[Any]) -> list[Any]:
    return values[::-1]


def without_offset(values: list[str]) -> list[str]:
    return [re.sub(r"[+-]\d\d:\d\d$", "", value) for value in values]


def accepted(values: list[str]) -> list[str]:
    return ["accepted" for _ in values]


@pytest.mark.parametrize(
    ("key", "change", "seen"),
    [
        ("time", turned, {"events", "starts", "ends", "stages"}),
        ("time", without_offset, {"events"}),
        ("sequence", turned, {"events"}),
        ("stage", turned, {"events", "stages"}),
        ("decision", accepted, {"events"}),
    ],
)
def test_would_see_a_log_that_was_shuffled_or_lost_its_zone(
    ledger: Export, tmp_path: Path, key: str, change: Any, seen: set[str]
) -> None:
    changed = in_xes(ledger.xes, "time:timestamp" if key == "time" else key, change), in_ocel(ledger.ocel, key, change)
    assert changed[0] != ledger.xes
    assert json.loads(changed[1]) != json.loads(ledger.ocel)
    found = differences(read_back(tmp_path, *changed), ledger)
    assert set(found) == {f"{log} {what}" for log in ("xes", "ocel") for what in seen}
