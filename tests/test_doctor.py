"""`candidacy doctor`: what was found of each thing a ledger rests on, and whether it does."""

import json
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from candidacy import SqliteLedger
from candidacy import _doctor as looking
from candidacy._doctor import conditions
from candidacy.postgres import grants
from pg import Server
from support import ZONE, cli

FILE = {
    "SQLite",
    "journal_mode",
    "synchronous",
    "secure_delete",
    "trusted_schema",
    "cell_size_check",
    "triggers",
    "mark",
    "file system",
    "free space",
}


def verdicts(ledger: str | Path) -> dict[str, str]:
    return {condition.name: condition.verdict for condition in conditions(ledger)}


def test_passes_a_ledger_as_it_was_made(ledger_file: Path) -> None:
    found = verdicts(ledger_file)
    assert set(found) == FILE
    assert "FAIL" not in found.values()
    done = cli("doctor", str(ledger_file), "--json")
    assert done.returncode == 0
    assert {c["name"] for c in json.loads(done.stdout)["conditions"]} == FILE
    assert "PASS  journal_mode: found wal" in cli("doctor", str(ledger_file)).stdout


@pytest.mark.parametrize(
    ("statement", "failed", "said"),
    [
        ("PRAGMA journal_mode=DELETE", {"journal_mode", "synchronous"}, "journal_mode: found delete; needed wal"),
        ("DROP TRIGGER candidacy_record_is_never_changed", {"triggers"}, "triggers: found 1 of 2; needed the 2"),
        (
            "CREATE TRIGGER t BEFORE INSERT ON candidacy_record BEGIN SELECT raise(IGNORE); END",
            {"triggers"},
            "found 2 of 2, and 1 others",
        ),
    ],
)
def test_fails_a_file_that_was_set_up_otherwise(ledger_file: Path, statement: str, failed: set[str], said: str) -> None:
    db = sqlite3.connect(ledger_file)
    db.execute(statement)
    db.commit()
    db.close()
    assert {name for name, verdict in verdicts(ledger_file).items() if verdict == "FAIL"} == failed
    done = cli("doctor", str(ledger_file))
    assert done.returncode == 1
    assert f"FAIL  {said}" in done.stdout or said in done.stdout


def test_tells_the_journal_of_a_file_beside_which_nothing_can_be_written(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself answers there as if it had none; that it is so is a warning, and the file's own word counts."""
    whole = SqliteLedger._connected

    def reluctant(self: SqliteLedger, uri: str) -> sqlite3.Connection:
        return whole(self, uri if "immutable" in uri else "file:/nowhere/at/all?mode=ro")

    monkeypatch.setattr(SqliteLedger, "_connected", reluctant)
    found = verdicts(ledger_file)
    assert {name: verdict for name, verdict in found.items() if verdict != "PASS"} == {"reading": "WARN"}
    with SqliteLedger(ledger_file, read_only=True) as ledger:
        assert ledger.complaints() == []
    monkeypatch.undo()
    db = sqlite3.connect(ledger_file)
    db.execute("PRAGMA journal_mode=DELETE")
    db.close()
    monkeypatch.setattr(SqliteLedger, "_connected", reluctant)
    assert verdicts(ledger_file)["journal_mode"] == "FAIL"
    with SqliteLedger(ledger_file, read_only=True) as ledger:
        assert ledger.complaints() == ["journal_mode: found another than wal; needed wal"]


def test_says_that_a_packet_or_an_export_has_no_place_to_look_at(ledger_file: Path, tmp_path: Path) -> None:
    for name, option in (("packet", "c.zip"), ("export", "c.jsonl")):
        assert cli(name, str(ledger_file), "-o", str(tmp_path / option)).returncode == 0
        done = cli("doctor", str(tmp_path / option))
        assert (done.returncode, f"found {'an' if name == 'export' else 'a'} {name}; needed a ledger" in done.stderr) == (2, True)
    assert "doctor" not in cli("open", str(tmp_path / "c.zip")).stdout


@pytest.mark.parametrize(
    ("right", "word"),
    [
        ("UPDATE (bytes) ON {s}.candidacy_record", "UPDATE too"),
        ("DELETE ON {s}.candidacy_head", "DELETE too"),
        ("TRIGGER ON {s}.candidacy_checkpoint", "TRIGGER too"),
        ("REFERENCES (position) ON {s}.candidacy_record", "REFERENCES too"),
        ("CREATE ON SCHEMA {s}", "CREATE too"),
    ],
)
def test_warns_of_every_right_beyond_adding_and_reading(postgres: Server, right: str, word: str) -> None:
    place = postgres.place()
    assert cli("new", place, "--zone", ZONE).returncode == 0
    schema = place.rpartition("%3D")[2]
    role = f"clerk_{schema}"
    postgres.run(f"CREATE ROLE {role} LOGIN")
    for statement in grants(role, schema):
        postgres.run(statement)
    as_clerk = postgres.address(role=role, schema=schema)
    assert "PASS  role: found no more" in cli("doctor", as_clerk).stdout
    postgres.run(f"GRANT {right.format(s=schema)} TO {role}")
    assert f"WARN  role: found {word}" in cli("doctor", as_clerk).stdout


def test_fails_a_copy_that_may_be_short(ledger_file: Path, tmp_path: Path) -> None:
    with SqliteLedger(ledger_file):
        shutil.copyfile(ledger_file, tmp_path / "copy.ledger")
        assert verdicts(ledger_file)["mark"] == "PASS", "the very file, while it is open"
    assert verdicts(tmp_path / "copy.ledger")["mark"] == "FAIL"


def test_has_nothing_to_say_of_what_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 1000)
    for path in ("nothing", "text"):
        assert cli("doctor", str(tmp_path / path)).returncode == 2


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("ext4", "PASS"), ("nfs4", "WARN"), ("cifs", "WARN"), ("9p", "WARN"), ("fuse.sshfs", "WARN"), ("tmpfs", "WARN")],
)
def test_warns_where_the_file_system_is_none_that_keeps(
    ledger_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, verdict: str
) -> None:
    folder = str(tmp_path.resolve()).replace(" ", "\\040")
    mounts = f"1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / {folder} rw,relatime shared:1 - {kind} somewhere rw\n"
    (tmp_path / "mounts").write_text(mounts)
    seen = looking._file_system
    monkeypatch.setattr(looking, "_file_system", lambda path: seen(path, str(tmp_path / "mounts")))
    assert verdicts(ledger_file)["file system"] == verdict
    assert cli("doctor", str(ledger_file)).returncode == 0, "a warning is no failure"
    monkeypatch.setattr(looking, "_file_system", lambda path: seen(path, str(tmp_path / "nothing")))
    assert "file system" not in verdicts(ledger_file)


@pytest.mark.parametrize(("mib", "verdict"), [(99, "WARN"), (100, "PASS")])
def test_warns_when_the_disk_is_nearly_full(ledger_file: Path, monkeypatch: pytest.MonkeyPatch, mib: int, verdict: str) -> None:
    usage = namedtuple("usage", "free")  # noqa: PYI024 (as the library has it)
    monkeypatch.setattr(looking.shutil, "disk_usage", lambda _: usage(mib * 2**20))
    assert verdicts(ledger_file)["free space"] == verdict


def test_looks_at_a_server_its_tables_and_the_role(postgres: Server) -> None:
    place = postgres.place()
    assert cli("doctor", place).returncode == 2, "no ledger yet"
    assert cli("new", place, "--zone", ZONE).returncode == 0
    found = verdicts(place)
    assert {name for name, verdict in found.items() if verdict != "PASS"} == {"role"}, "the superuser of the tests"
    assert {"fsync", "full_page_writes", "synchronous_commit", "server version", "standbys", "data_checksums"} < set(found)
    done = cli("doctor", place)
    assert done.returncode == 0
    assert "WARN  role: found a superuser; needed a role that may insert and select, and no more" in done.stdout
    schema = place.rpartition("%3D")[2]
    postgres.run(f"DROP TRIGGER candidacy_checkpoint_is_never_changed ON {schema}.candidacy_checkpoint")
    assert cli("doctor", place).returncode == 1
