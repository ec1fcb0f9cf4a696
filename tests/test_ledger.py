"""One suite for every ledger, and what only a file can get wrong."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from candidacy import (
    CommandIdReusedError,
    DamagedRecordError,
    InputError,
    LedgerError,
    MemoryLedger,
    NewerFormatError,
    PostgresLedger,
    Record,
    SqliteLedger,
    verify,
)
from candidacy.canonical import canonical
from candidacy.ledger import Place, TakenError
from candidacy.record import leaf_hash
from support import ZONE, engine, play
from widgets import begun, developing, registry


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryLedger(ZONE)
        return
    if request.param == "postgres":
        with PostgresLedger.create(request.getfixturevalue("postgres").place(), ZONE) as at_an_address:
            yield at_an_address
        return
    with SqliteLedger.create(tmp_path / "l.ledger", ZONE) as made:
        yield made


def note(ledger: Any, case: str, command: str) -> Any:
    """A maker of a small record."""

    def make(place: Place) -> Record:
        return Record.make(
            {
                "format": 1,
                "index": place.index,
                "case": case,
                "version": place.version,
                "previous": place.previous,
                "command": command,
            }
        )

    return make


def test_begins_with_a_record_of_format_id_and_zone(ledger: Any) -> None:
    (first,) = ledger.records()
    assert set(first.data) == {"format", "index", "ledger", "recorded_at", "zone"}
    assert (first.data["ledger"], first.data["zone"], str(ledger.zone)) == (ledger.id, ZONE, ZONE)


def test_gives_each_record_the_next_index_version_and_the_leaf_before_it(ledger: Any) -> None:
    a = ledger.append("a", 0, "c1", note(ledger, "a", "c1"))
    b = ledger.append("b", 0, "c2", note(ledger, "b", "c2"))
    c = ledger.append("a", 1, "c3", note(ledger, "a", "c3"))
    assert [(r.index, r.version, r.data["previous"]) for r in (a, b, c)] == [(1, 1, ""), (2, 1, ""), (3, 2, a.leaf.hex())]


def test_keeps_nothing_for_a_place_that_is_taken(ledger: Any) -> None:
    ledger.append("a", 0, "c1", note(ledger, "a", "c1"))
    for version in (0, 2):
        with pytest.raises(TakenError):
            ledger.append("a", version, "c2", note(ledger, "a", "c2"))
    with pytest.raises(CommandIdReusedError, match="record 1"):
        ledger.append("b", 0, "c1", note(ledger, "b", "c1"))
    assert len(list(ledger.rows())) == 2


def test_keeps_nothing_when_the_maker_fails(ledger: Any) -> None:
    def fails(place: Place) -> Record:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (the maker's own)
        ledger.append("a", 0, "c1", fails)
    assert len(list(ledger.rows())) == 1
    ledger.append("a", 0, "c1", note(ledger, "a", "c1"))


def test_finds_records_by_case_and_by_command(ledger: Any) -> None:
    answers = play(engine(registry(), ledger), [*developing("w1"), *begun("w2")])
    assert [r.raw for r in ledger.of_case("w1")] == [a.record.raw for a in answers[:4]]
    assert ledger.of_case("w9") == []
    assert ledger.of_command("w2-001").raw == answers[4].record.raw
    assert ledger.of_command("w2-009") is None
    assert [r.index for r in ledger.records()] == [0, 1, 2, 3, 4, 5]
    assert verify(ledger).sound


def test_knows_its_time_zone_or_refuses_it(tmp_path: Path) -> None:
    for zone in ("Nowhere/Land", "localtime", "", "../etc/passwd", "America"):
        with pytest.raises(InputError, match="America/New_York"):
            MemoryLedger(zone)
        with pytest.raises(InputError):
            SqliteLedger.create(tmp_path / "x.ledger", zone)
    assert not (tmp_path / "x.ledger").exists()


def test_keeps_checkpoints_by_size_each_once(ledger: Any) -> None:
    assert ledger.checkpoints() == []
    for size in (2, 10, 1, 2):
        ledger.keep_checkpoint(size, f"checkpoint of {size}\n")
    with pytest.raises(LedgerError, match="checkpoint of 2 records: found another one kept already"):
        ledger.keep_checkpoint(2, "another")
    assert ledger.checkpoints() == ["checkpoint of 1\n", "checkpoint of 2\n", "checkpoint of 10\n"]
    assert ledger.size() == 1


def test_refuses_a_name_that_no_record_can_have(ledger: Any) -> None:
    """Such as a terminal gives that is not in UTF-8."""
    if isinstance(ledger, MemoryLedger):
        assert ledger.of_case("\udcff") == []
        return
    for ask in (ledger.of_case, ledger.head, ledger.of_command):
        with pytest.raises(InputError, match="cannot be written in UTF-8"):
            ask("\udcff")
    assert ledger.of_case("w1") == []


def test_goes_on_reading_what_comes_while_it_reads(ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidacy.stored.PAGE", 3)
    on = engine(registry(), ledger)
    play(on, developing("w1"))
    read = []
    for record in ledger.records():
        read.append(record.index)
        if record.index == 2:
            play(on, developing("w2"))
    assert read in ([*range(5)], [*range(9)]), "a memory ledger reads what was there"


# --- files


def test_asserts_its_settings_at_every_open(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        found = {
            name: ledger._pragma(name)
            for name in ("journal_mode", "synchronous", "secure_delete", "trusted_schema", "cell_size_check")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "trusted_schema": 0, "cell_size_check": 1}


def test_refuses_settings_under_which_it_could_lose_what_it_acknowledged(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teeth: the very assertion is tried against a connection set up otherwise."""
    db = sqlite3.connect(ledger_file)
    db.execute("PRAGMA journal_mode=DELETE")
    db.close()
    with pytest.raises(LedgerError, match="journal_mode=delete"):
        SqliteLedger(ledger_file)
    import candidacy.sqlite

    whole = candidacy.sqlite.SqliteLedger._connected

    def careless(self: SqliteLedger, uri: str) -> sqlite3.Connection:
        connection = whole(self, uri)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    monkeypatch.setattr(candidacy.sqlite.SqliteLedger, "_connected", careless)
    with pytest.raises(LedgerError, match="synchronous=1"):
        SqliteLedger(ledger_file)


def test_refuses_what_is_no_ledger(tmp_path: Path) -> None:
    for name, content in {"empty": b"", "text": b"hello" * 1000}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(LedgerError, match=r"needed a ledger|no sound ledger"):
            SqliteLedger(tmp_path / name)
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(LedgerError, match="another kind of file"):
        SqliteLedger(tmp_path / "other")
    with pytest.raises(LedgerError, match="candidacy new"):
        SqliteLedger(tmp_path / "nothing")
    with pytest.raises(LedgerError):
        SqliteLedger(tmp_path)


def test_never_writes_over_a_file(ledger_file: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="found a file there"):
        SqliteLedger.create(ledger_file, ZONE)
    with pytest.raises(LedgerError, match="cannot be written"):
        SqliteLedger.create(tmp_path / "no" / "such" / "folder", ZONE)


def test_guards_against_changing_records_by_accident(ledger_file: Path) -> None:
    db = sqlite3.connect(ledger_file)
    for statement in ("UPDATE candidacy_record SET case_id = 'x'", "DELETE FROM candidacy_record"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            db.execute(statement)


def damaged(path: Path, index: int, raw: bytes, *, rehashed: bool) -> None:
    """Change a record's bytes, and its leaf hash too where *rehashed*."""
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER candidacy_record_is_never_changed")
    db.execute("UPDATE candidacy_record SET bytes = ? WHERE position = ?", (raw, index))
    if rehashed:
        db.execute("UPDATE candidacy_record SET leaf = ? WHERE position = ?", (leaf_hash(raw), index))
    db.commit()
    db.close()


def test_serves_no_record_that_is_not_what_was_hashed(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        play(engine(registry(), ledger), developing())
        raw = ledger.of_case("w1")[1].raw
    damaged(ledger_file, 2, raw.replace(b"2005-03-02", b"2005-03-03"), rehashed=False)
    with SqliteLedger(ledger_file) as ledger:
        for read in (lambda: ledger.of_case("w1"), lambda: ledger.of_command("w1-002"), lambda: list(ledger.records())):
            with pytest.raises(DamagedRecordError, match="record 2"):
                read()


@pytest.mark.parametrize("index", [0, 2])
def test_stops_at_a_record_of_a_newer_format(ledger_file: Path, index: int) -> None:
    with SqliteLedger(ledger_file) as ledger:
        play(engine(registry(), ledger), developing())
        data = list(ledger.records())[index].data
    damaged(ledger_file, index, canonical({**data, "format": 3, "novelty": {}}), rehashed=True)
    with (
        pytest.raises(NewerFormatError, match=f"record {index}: found format 3; needed format 2"),
        SqliteLedger(ledger_file) as ledger,
    ):
        verify(ledger)


def test_opens_on_media_that_cannot_be_written(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        play(engine(registry(), ledger), developing())
    with SqliteLedger(ledger_file, read_only=True) as ledger:
        assert len(list(ledger.records())) == 5
        with pytest.raises(LedgerError, match="READONLY"):
            play(engine(registry(), ledger), begun("w2"))


def test_reads_case_by_case(ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same records as in order of index, whatever a page ends with."""
    monkeypatch.setattr("candidacy.stored.PAGE", 7)
    on = engine(registry(), ledger)
    for n in range(30):
        play(on, begun(f"c{n % 15}-{n // 15}"))
    for n in range(0, 30, 7):
        play(on, developing(f"d{n}"))
    cases = list(ledger.by_case())
    assert [records[0].case for records in cases] == ledger.cases()
    assert [len({r.case for r in records}) for records in cases] == [1] * len(cases)
    assert all([r.version for r in records] == list(range(1, len(records) + 1)) for records in cases)
    assert {r.index for records in cases for r in records} == set(range(1, ledger.size()))
    assert ledger.size() > 50
