"""A ledger that someone altered and hashed anew: every command still answers with a sentence, and none hangs."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from candidacy import Record, SqliteLedger
from candidacy_commerce.caseload import Candidate
from support import ZONE, cli, engine, play


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with SqliteLedger.create(tmp_path / "x.ledger", ZONE) as ledger:
        play(
            engine(ledger=ledger),
            Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 119).completed("2006-06-01"),
        )
    return tmp_path / "x.ledger"


def rewritten(path: Path, change: Callable[[Any], None]) -> None:
    """Change the last record as someone who can write the file could: bytes, hash and columns agree."""
    db = sqlite3.connect(path)
    db.executescript("DROP TRIGGER candidacy_record_is_never_changed")
    index, raw = db.execute("SELECT position, bytes FROM candidacy_record ORDER BY position DESC LIMIT 1").fetchone()
    data = json.loads(raw)
    change(data)
    record = Record.make(data)
    db.execute("UPDATE candidacy_record SET bytes = ?, leaf = ? WHERE position = ?", (record.raw, record.leaf, index))
    db.commit()
    db.close()


DAMAGE: dict[str, Callable[[Any], None]] = {
    "findings a number": lambda d: d.update(findings=5),
    "findings true": lambda d: d.update(findings=True),
    "an outcome that is a list": lambda d: d["findings"][0].update(outcome=["met"]),
    "an outcome that is unknown": lambda d: d["findings"][0].update(outcome="great"),
    "actor a number": lambda d: d.update(actor=5),
    "parts a number": lambda d: d["findings"][0].update(parts=5),
    "parts without outcome": lambda d: d["findings"][0].update(parts=[{}], joint="and"),
    "who a number": lambda d: d["findings"][-1].update(who=5),
    "observed a number": lambda d: d["findings"][0].update(observed=5),
    "a type that is none": lambda d: d.update(type="x"),
    "an instant of another age": lambda d: d.update(recorded_at="0001-01-01T00:00:00.000000Z"),
    "an instant that is none": lambda d: d.update(recorded_at="2026-02-30T00:00:00.000000Z"),
    "advises a number": lambda d: d["findings"][-1].update(advises=1),
    "format nought": lambda d: d.update(format=0),
    "something sealed": lambda d: d.update(sealed=["x"]),
    "strands a number": lambda d: d["moved"].update(strands=5),
    "a strand without id": lambda d: d["moved"].update(strands=[{"strand": "x"}]),
    "edition a list": lambda d: d.update(edition=[]),
    "a day that is none": lambda d: d.update(day="2005-02-30"),
    "nothing left": dict.clear,
    "rests on words": lambda d: d["findings"][0].update(rests_on=["x"]),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_names_the_record_and_never_fails(path: Path, name: str) -> None:
    rewritten(path, DAMAGE[name])
    done = cli("verify", str(path))
    assert done.returncode == 1, done
    assert "FAIL record 12" in done.stdout
    for command in (["audit"], ["status"], ["history", "c"]):
        done = cli(command[0], str(path), *command[1:])
        assert done.returncode in {1, 2}, (command, done)
        assert "record 12" in done.stdout + done.stderr


def test_refuses_a_case_whose_columns_lie_instead_of_trying_for_ever(path: Path) -> None:
    db = sqlite3.connect(path)
    db.executescript("DROP TRIGGER candidacy_record_is_never_changed; UPDATE candidacy_record SET version = 99 WHERE position = 12")
    db.close()
    command = {
        "id": "n",
        "case": "c",
        "type": "candidacy.withdrawn.1",
        "day": "2006-09-26",
        "actor": {"person": "c.candidate"},
        "payload": {},
    }
    done = cli("submit", str(path), "-", stdin=json.dumps(command))
    assert done.returncode == 2
    assert "record 12: its columns do not say what its bytes say" in done.stderr


@pytest.mark.parametrize(("index", "told"), [(2**53 - 1, "FAIL record 9007199254740991"), (2**53, "FAIL record 9007199254740992"), (2**63 - 1, f"FAIL record {2**63 - 1}")])  # fmt: skip
def test_names_a_record_at_an_index_that_none_can_have(path: Path, index: int, told: str) -> None:
    db = sqlite3.connect(path)
    db.executescript(
        f"DROP TRIGGER candidacy_record_is_never_changed; UPDATE candidacy_record SET position = {index} WHERE position = 12"
    )
    db.close()
    done = cli("verify", str(path))
    assert (done.returncode, told in done.stdout) == (1, True), done
    done = cli("audit", str(path), "--json")
    assert (done.returncode, f"{index}" in done.stdout) == (1, True), done


def test_reports_a_flipped_format_as_damage_not_as_news(path: Path) -> None:
    """Only a record whose hash is right can be from the future."""
    db = sqlite3.connect(path)
    db.executescript("DROP TRIGGER candidacy_record_is_never_changed")
    (raw,) = db.execute("SELECT bytes FROM candidacy_record WHERE position = 7").fetchone()
    db.execute("UPDATE candidacy_record SET bytes = ? WHERE position = 7", (raw.replace(b'"format":1', b'"format":9'),))
    db.commit()
    db.close()
    done = cli("verify", str(path))
    assert done.returncode == 1
    assert "FAIL record 7: its bytes are not those that were hashed" in done.stdout
