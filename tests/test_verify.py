"""Every byte of every column of a ledger of thirty records: changed, it is found, and the record is named."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import DamagedRecordError, MemoryLedger, SqliteLedger, verify
from candidacy._verify import Checking
from candidacy.canonical import canonical
from candidacy.ledger import Row
from candidacy.merkle import roots
from candidacy.record import leaf_hash
from candidacy_commerce.caseload import Candidate
from forging import written_into
from support import ZONE, engine, play


class Held(MemoryLedger):
    """Rows at hand, read as a ledger."""

    def __init__(self, rows: list[Row]) -> None:
        self._held = rows

    def rows(self) -> Iterator[Row]:
        yield from self._held


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Thirty records of three cases of Commerce, one refusal among them."""
    on = engine()
    for case in ("c1", "c2", "c3"):
        life = Candidate(case).enrolled().paired().planned()
        play(on, list(life.assigned("a1", "2005-02-01", 119).completed("2006-06-01"))[: 9 if case == "c3" else None])
    found = list(on.ledger.rows())[:30]
    assert len(found) == 30
    assert verify(Held(found)).sound
    return found


def changes(row: Row) -> Iterator[Row]:
    """The row with one byte of one column changed, each byte of each column in turn."""
    for column in ("raw", "leaf"):
        whole: bytes = getattr(row, column)
        for i, byte in enumerate(whole):
            yield attrs.evolve(row, **{column: whole[:i] + bytes([byte ^ 1]) + whole[i + 1 :]})
    for column in ("case", "command"):
        text: str | None = getattr(row, column)
        for i in range(len(text or "")):
            assert text is not None
            yield attrs.evolve(row, **{column: text[:i] + chr(ord(text[i]) ^ 1) + text[i + 1 :]})
        yield attrs.evolve(row, **{column: "x" if text is None else None})
    for column in ("index", "version"):
        number: int | None = getattr(row, column)
        for bit in range(63):
            yield attrs.evolve(row, **{column: (number or 0) ^ (1 << bit)})


def test_finds_every_changed_byte_and_names_the_record(rows: list[Row]) -> None:
    """The row that is changed is judged after the rows before it, as `verify` does."""
    checking, tried = Checking(), 0
    for row in rows:
        count, ledger, heads = checking.count, checking.ledger, dict(checking.heads)
        for changed in changes(row):
            checking.count, checking.ledger, checking.heads, checking.failures = count, ledger, dict(heads), []
            checking.row(changed)
            assert checking.failures, f"record {row.index}: a change was not found"
            assert {f.index for f in checking.failures} == {changed.index}
            tried += 1
        checking.count, checking.ledger, checking.heads, checking.failures = count, ledger, dict(heads), []
        checking.row(row)
        assert not checking.failures
    print(f"{tried} changed bytes and bits, all found")
    assert tried > 30_000


def stored(path: Path, rows: list[Row]) -> Path:
    """The rows in a file, in place of its own."""
    SqliteLedger.create(path, ZONE).close()
    with written_into(path) as db:
        db.execute("DELETE FROM candidacy_record")
        db.executemany("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", [attrs.astuple(row) for row in rows])
    return path


ATTACKS: dict[str, Any] = {
    "deleted": "DELETE FROM candidacy_record WHERE position = 12",
    "deleted and closed up": "DELETE FROM candidacy_record WHERE position = 12; UPDATE candidacy_record SET position = position - 1 WHERE position > 12",
    "swapped": "UPDATE candidacy_record SET position = 99 WHERE position = 12; UPDATE candidacy_record SET position = 12 WHERE position = 13; "
    "UPDATE candidacy_record SET position = 13 WHERE position = 99",
    "moved to another case": "UPDATE candidacy_record SET case_id = 'c9' WHERE position = 12",
    "given another command": "UPDATE candidacy_record SET command = 'other' WHERE position = 12",
    "without first record": "DELETE FROM candidacy_record WHERE position = 0",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_finds_rows_that_were_tampered_with_in_the_file(rows: list[Row], tmp_path: Path, attack: str) -> None:
    path = stored(tmp_path / "t.ledger", rows)
    with SqliteLedger(path) as ledger:
        assert verify(ledger).sound
    with written_into(path) as db:
        db.executescript(ATTACKS[attack])
    if attack == "without first record":
        with pytest.raises(DamagedRecordError, match="record 0: it is not there"):
            SqliteLedger(path)
        return
    with SqliteLedger(path) as ledger:
        found = verify(ledger)
    assert not found.sound
    assert min(f.index for f in found.failures) in {12, 13}


def forged(row: Row, **changes: Any) -> Row:
    """The row with other data, written and hashed as if it were whole."""
    from candidacy import Record

    raw = canonical({**Record.read(row.index, row.raw).data, **changes})
    return attrs.evolve(row, raw=raw, leaf=leaf_hash(raw))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"index": 13}, "index 13"),
        ({"version": 5}, "version"),
        ({"previous": "00"}, "does not name the leaf"),
        ({"ledger": "0" * 32}, "another ledger"),
        ({"moved": {"from": "x", "to": "x", "strands": []}}, "in state 'x'"),
        ({"decision": "maybe"}, "decision"),
        ({"day": "2005-13-01"}, "day"),
        ({"findings": [{"rule": "r", "outcome": "great"}]}, r"findings\[0\]"),
        ({"payload": []}, "payload"),
        ({"actor": {"person": 3, "identified": "asserted"}}, "actor.person"),
        ({"recorded_at": "yesterday"}, "recorded_at"),
        ({"extra": 1}, "extra"),
        ({"case": "c9"}, "case"),
    ],
)
def test_finds_a_record_that_was_rewritten_and_hashed_anew(rows: list[Row], changes: dict[str, Any], said: str) -> None:
    found = verify(Held([*rows[:12], forged(rows[12], **changes), *rows[13:]]))
    assert any(f.index == 12 for f in found.failures)
    assert any(re.search(said, f.what) for f in found.failures), found.failures


def test_finds_bytes_that_say_the_same_in_another_way(rows: list[Row]) -> None:
    raw = rows[12].raw.replace(b'{"actor"', b'{ "actor"', 1)
    found = verify(Held([*rows[:12], attrs.evolve(rows[12], raw=raw, leaf=leaf_hash(raw)), *rows[13:]]))
    assert "its bytes are not written in the canonical way" in [f.what for f in found.failures]


def test_cannot_see_that_the_end_was_cut_off(rows: list[Row]) -> None:
    """Said openly: without a checkpoint kept elsewhere a shorter ledger looks like a younger one, hence NOT ANCHORED."""
    assert verify(Held(rows[:20])).sound


def test_gives_the_roots_of_the_numbers_that_are_asked_for(rows: list[Row]) -> None:
    found = verify(Held(rows), sizes=(1, 7, -1, 31)).roots
    leaves = [row.leaf for row in rows]
    assert found == {n: roots(leaves, [n])[n] for n in (1, 7, 30)}
    assert verify(Held(rows)).roots == {}
    assert verify(Held(rows), sizes=(0,)).roots == roots([], [0])


def test_gives_the_root_over_the_bytes_whatever_stands_beside_them(rows: list[Row]) -> None:
    lying = [attrs.evolve(row, leaf=bytes(32)) if row.index == 3 else row for row in rows]
    assert verify(Held(lying), sizes=(30,)).roots == verify(Held(rows), sizes=(30,)).roots
