"""Every bit of a ledger's file, flipped: what changes a row, or which rows a case has, is found, and no traceback comes of it.

The file is read from memory, so that all of its bits can be tried; some are tried in a file, too. Counts are printed: ``pytest -s``.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from candidacy import CandidacyError, LedgerError, SqliteLedger
from candidacy import _verify as verifying
from candidacy._levels import levels
from candidacy._verify import verify
from candidacy.stored import COLUMNS
from candidacy.table import TableLedger
from support import engine, play
from widgets import begun, developing
from widgets import registry as widgets

SEED = 20261130
SOME, MANY = 500, 10**9
PARTS = 4
IN_FILES = 60
BY_ROW = f"SELECT {COLUMNS} FROM candidacy_record ORDER BY position"
BY_CASE = f"SELECT {COLUMNS} FROM candidacy_record WHERE (case_id, version) > ('', 0) ORDER BY case_id, version"
BY_COMMAND = "SELECT position FROM candidacy_record WHERE command = ?"


@pytest.fixture
def image(ledger_file: Path) -> bytearray:
    """A small ledger as bytes, made to be read from memory: what says that it has a log beside it is taken out."""
    with SqliteLedger(ledger_file) as ledger:
        on = engine(widgets(), ledger)
        play(on, developing("w1"))
        play(on, begun("w2"))
    found = bytearray(ledger_file.read_bytes())
    assert not ledger_file.with_name(ledger_file.name + "-wal").exists()
    found[18:20] = b"\1\1"
    return found


def opened(image: bytes) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.deserialize(image)
    db.execute("PRAGMA cell_size_check=1")
    return db


def rows_of(image: bytes, commands: list[str]) -> object:
    """What SQLite itself reads: each row in order, each row by case, and where each command is; or that it cannot."""
    db = opened(image)
    try:
        where = [db.execute(BY_COMMAND, (command,)).fetchall() for command in commands]
        return db.execute(BY_ROW).fetchall(), db.execute(BY_CASE).fetchall(), where
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as wrong:
        return type(wrong)
    finally:
        db.close()


def is_found(image: bytes) -> str:
    """By what the engine finds something wrong with it; "" where it does not."""
    db = opened(image)
    try:
        ledger = TableLedger(db, "the image")
        if verify(ledger).failures:
            return "a record"
        if [row for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]:
            return "the file"
        list(ledger.by_case())
    except CandidacyError:
        return "refused"
    except sqlite3.DatabaseError:
        return "the file"
    finally:
        db.close()
    return ""


def flips(image: bytearray, most: int, part: int = 0, parts: int = 1) -> Iterator[tuple[int, bytes]]:
    """Bits of a part of the file, all of them or so many at random, each with the file in which it alone is flipped."""
    bits = range(part, len(image) * 8, parts)
    for bit in bits if most >= len(bits) else sorted(Random(SEED + part).sample(bits, most)):
        changed = bytearray(image)
        changed[bit // 8] ^= 1 << bit % 8
        yield bit, bytes(changed)


def tried(image: bytearray, most: int, part: int = 0, parts: int = 1) -> tuple[Counter[str], list[int]]:
    """How many flips changed what, and the bits of those that changed a row and were not found."""
    commands = [str(row[3]) for row in opened(bytes(image)).execute(BY_ROW) if row[3]]
    whole = rows_of(bytes(image), commands)
    counts, missed = Counter[str](), list[int]()
    for bit, changed in flips(image, most, part, parts):
        if rows_of(changed, commands) == whole:
            counts["change no row"] += 1
            continue
        found = is_found(changed)
        counts[f"change a row, found by {found}" if found else "MISSED"] += 1
        missed += [] if found else [bit]
    return counts, missed


@pytest.mark.scaled
@pytest.mark.parametrize("part", range(PARTS))
def test_finds_every_bit_that_changes_a_row(image: bytearray, thorough: bool, part: int) -> None:
    counts, missed = tried(image, MANY if thorough else SOME, part, PARTS)
    print(
        f"\n{len(image)} bytes, part {part + 1} of {PARTS}: {sum(counts.values())} bits flipped, seed {SEED + part}: {dict(counts)}"
    )
    assert missed == []
    assert counts["change a row, found by a record"] > sum(counts.values()) / 20
    assert counts["change no row"] > sum(counts.values()) / 20


def test_finds_it_in_a_file_too_and_says_so_in_a_sentence(ledger_file: Path, image: bytearray) -> None:
    """As `candidacy verify` opens it, with its log; never a traceback."""
    whole = ledger_file.read_bytes()
    commands = [str(row[3]) for row in opened(bytes(image)).execute(BY_ROW) if row[3]]
    rows = rows_of(bytes(image), commands)
    found = Counter[bool]()
    for bit, changed in flips(image, IN_FILES):
        ledger_file.write_bytes(whole[: bit // 8] + changed[bit // 8 : bit // 8 + 1] + whole[bit // 8 + 1 :])
        for end in ("-wal", "-shm"):
            ledger_file.with_name(ledger_file.name + end).unlink(missing_ok=True)
        try:
            with SqliteLedger(ledger_file, read_only=True) as ledger:
                failed = levels(ledger).failed
        except LedgerError:
            failed = True
        assert failed or rows_of(changed, commands) == rows, bit
        found[failed] += 1
    assert min(found[True], found[False]) > 5


@pytest.mark.parametrize("blind", ["leaves", "integrity alone"])
def test_would_be_seen_to_miss_some(image: bytearray, monkeypatch: pytest.MonkeyPatch, blind: str) -> None:
    """Teeth: without leaf hashes the bits of a record pass, and what SQLite says of itself misses most of them."""
    if blind == "leaves":

        class Alike(bytes):
            __slots__ = ()

            def __eq__(self, _: object) -> bool:
                return True

            def __ne__(self, _: object) -> bool:
                return False

            def __hash__(self) -> int:
                return 0

        monkeypatch.setattr(verifying, "leaf_hash", lambda _: Alike())
        monkeypatch.setattr("candidacy.ledger.leaf_hash", lambda _: Alike())
    else:
        monkeypatch.setattr("test_flips.verify", lambda _: verifying.Verification(0, 0, ()))
        monkeypatch.setattr(TableLedger, "by_case", lambda _: [])
    counts, missed = tried(image, 2 * SOME)
    assert len(missed) > sum(counts.values()) / 50, counts
