"""Replaying fast gives what folding every record gives, whatever is in the case."""

import json
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from candidacy import DamagedRecordError, Engine, MemoryLedger, SqliteLedger, replay, statuses
from candidacy import _replay as module
from candidacy.canonical import canonical
from candidacy.interventions import EditionMoved
from candidacy.ledger import Row
from candidacy.overlay import OverlayLedger
from candidacy.record import leaf_hash
from gadgets import World
from support import ROOT, ZONE, cli, engine, play
from test_corrections import undermined
from widgets import begun, developing, registry

GOLDEN = ROOT / "tests" / "golden" / "0.1.0" / "demo.ledger"


class Held(MemoryLedger):
    """Rows at hand, read as a ledger."""

    def __init__(self, rows: list[list[Row]]) -> None:
        self._held = rows

    def rows_by_case(self) -> Iterator[list[Row]]:
        yield from self._held


def test_gives_where_every_case_of_the_demonstration_stands(demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        slow, fast = list(statuses(ledger.records())), list(replay(ledger))
        plain = sum(module._plainly(rows) is not None for rows in ledger.rows_by_case())
    assert fast == slow
    assert [s.as_data() for s in fast] == [s.as_data() for s in slow]
    assert plain == len(slow) >= 46, "none of them goes the long way"


def test_goes_the_long_way_where_anything_was_corrected() -> None:
    world = undermined()
    ledger = world.engine.ledger
    assert list(replay(ledger)) == list(statuses(ledger.records()))
    assert [module._plainly(rows) for rows in ledger.rows_by_case()] == [None]
    assert next(replay(ledger)).unsettled


def test_would_see_a_correction_that_was_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teeth."""
    ledger = undermined().engine.ledger
    found = module.glance
    monkeypatch.setattr(module, "glance", lambda raw: found(_as_the_first_format(raw)))
    assert list(replay(ledger)) != list(statuses(ledger.records()))


def _as_the_first_format(raw: bytes) -> bytes:
    data = json.loads(raw)
    data["moved"].pop("gone", None)
    return canonical({**{k: v for k, v in data.items() if k not in {"corrects", "request", "confirms"}}, "format": 1})


def test_follows_a_case_through_every_stage_of_its_life() -> None:
    """After each record, of plain lives and of such as take over, suspend, end early, and are refused."""
    for world in (World.begin().developing(), World.begin().certified()):
        rows = list(next(iter(world.engine.ledger.rows_by_case())))
        for n in range(1, len(rows) + 1):
            ledger = Held([rows[:n]])
            assert list(replay(ledger)) == list(statuses(r for part in ledger.by_case() for r in part))


def test_knows_the_types_that_take_the_long_way() -> None:
    assert EditionMoved.type_name in module.THE_LONG_WAY
    assert len(module.THE_LONG_WAY) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"leaf": bytes(32)}, {"case": "other"}, {"version": 9}, {"command": "other"}, {"index": 77},
        {"raw": b'{"format":1}'}, {"raw": b"nothing"},
    ],
)  # fmt: skip
def test_serves_no_record_that_is_not_what_was_hashed(change: dict[str, object]) -> None:
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), developing())
    rows = next(iter(ledger.rows_by_case()))
    assert list(replay(Held([rows]))) == list(statuses(ledger.records()))
    rows[2] = attrs.evolve(rows[2], **change)  # type: ignore[arg-type]
    with pytest.raises(DamagedRecordError):
        list(replay(Held([rows])))


def test_reads_a_ledger_on_top_of_another_in_order_of_cases() -> None:
    below = MemoryLedger(ZONE)
    play(engine(registry(), below), developing("b"))
    play(engine(registry(), below), begun("d"))
    above = OverlayLedger(below)
    on: Engine = engine(registry(), above)
    for case in ("c", "a", "e"):
        play(on, begun(case))
    play(on, list(developing("d"))[1:])
    cases = list(above.by_case())
    assert [records[0].case for records in cases] == above.cases() == ["a", "b", "c", "d", "e"]
    assert [[r.version for r in records] for records in cases] == [
        [r.version for r in above.of_case(case)] for case in above.cases()
    ]
    assert list(replay(above)) == list(statuses(above.records()))


def test_is_what_the_status_of_all_cases_is_read_from(demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        slow = [s.as_data() for s in statuses(ledger.records())]
    assert json.loads(cli("status", str(demo_file), "--json").stdout) == slow


@pytest.mark.parametrize(
    "change", [{"findings": None}, {"payload": None}, {"extra": 1}, {"format": 0}, {"corrects": 1}, {"request": True}]
)
def test_takes_no_record_that_the_measure_refuses(change: dict[str, object]) -> None:
    """With every hash recomputed: a field that is missing, one too many, or one that its format does not have."""
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), developing())
    rows = next(iter(ledger.rows_by_case()))
    data = json.loads(rows[2].raw) | change
    raw = canonical({k: v for k, v in data.items() if v is not None})
    rows[2] = attrs.evolve(rows[2], raw=raw, leaf=leaf_hash(raw))
    with pytest.raises(DamagedRecordError):
        list(replay(Held([rows])))
