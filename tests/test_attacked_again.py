"""What a second attacker found: rows that nobody read, files put in each other's place, words that speak to a terminal."""

import json
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import psycopg.conninfo
import pytest

from candidacy import (
    DamagedRecordError,
    Engine,
    FileSigner,
    HostLedger,
    InputError,
    LedgerError,
    MemoryLedger,
    PacketLedger,
    PostgresLedger,
    Record,
    SqliteLedger,
    sign_checkpoint,
    verify,
)
from candidacy._audit import audit
from candidacy._levels import levels
from candidacy._trust import STATES, Trust, Word
from candidacy.address import shown
from candidacy.canonical import canonical
from candidacy.cli.shared import answer, harmless_line
from candidacy.ledger import Row, row_of
from candidacy.packet_ledger import HeldRecords
from candidacy.record import leaf_hash
from candidacy.stored import LEAST
from forging import written_into
from pg import Server
from support import ZONE, cli, engine, play
from widgets import begun, developed, developing, registry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return developed(tmp_path / "w.ledger")


def word(found: Trust, name: str) -> Word:
    return next(level.word for level in found.levels if level.name == name)


# --- a row before the first one


def before_the_first(newest: Record, position: int) -> Row:
    """A record that would be the next one of its case, by somebody who knows the format, where no reader begins."""
    data = {**newest.data, "index": position, "version": newest.version + 1, "previous": newest.leaf.hex(), "command": "forged"}
    data["moved"] = {"from": newest.moved["to"], "to": newest.moved["to"], "strands": []}
    raw = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return Row(position, newest.case, newest.version + 1, "forged", leaf_hash(raw), raw)


@pytest.mark.parametrize("position", [LEAST, LEAST + 1, -1])
def test_reads_a_row_before_the_first_one_and_takes_it_for_no_record(path: Path, position: int) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        forged = before_the_first(ledger.of_case("w1")[-1], position)
    with written_into(path) as db:
        values = forged.index, forged.case, forged.version, forged.command, forged.leaf, forged.raw
        db.execute("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", values)
    done = cli("verify", str(path))
    assert (done.returncode, f"FAIL record {position}: found at this index" in done.stdout) == (1, True), done.stdout
    with SqliteLedger(path) as ledger:
        assert [row.index for row in ledger.rows()][:2] == [position, 0]
        for read in (lambda: ledger.of_case("w1"), lambda: list(ledger.by_case()), lambda: Engine(ledger, registry()).case("w1")):
            with pytest.raises(DamagedRecordError, match=f"record {position}: it stands before the first record"):
                read()
    assert cli("checkpoint", str(path), "--keys", str(path.parent / "keys")).returncode == 1
    with SqliteLedger(path, read_only=True) as ledger:
        told = [audit(ledger, registry()).as_data(), levels(ledger).as_data()]
    named = position if position > -(2**53) else str(position)
    assert [data["failures"][0]["index"] for data in told] == [named, named], "a number that every reader of JSON knows, or text"
    assert all(canonical(data["failures"]) for data in told)


def test_would_be_seen_to_pass_a_row_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teeth: a reader that begins one position later answers that nothing failed, and the case has one record more."""
    with SqliteLedger(path, read_only=True) as ledger:
        forged = before_the_first(ledger.of_case("w1")[-1], LEAST)
    with written_into(path) as db:
        values = forged.index, forged.case, forged.version, forged.command, forged.leaf, forged.raw
        db.execute("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", values)
    monkeypatch.setattr("candidacy.stored.LEAST", LEAST + 1)
    with SqliteLedger(path, read_only=True) as ledger:
        assert verify(ledger).sound
        assert ledger.head("w1")[0] == 5


def test_opens_no_postgresql_ledger_whose_rows_may_be_anything(postgres: Server) -> None:
    place = postgres.place()
    PostgresLedger.create(place, ZONE).close()
    schema = place.rpartition("%3D")[2]
    postgres.run(f"ALTER TABLE {schema}.candidacy_record DROP CONSTRAINT candidacy_record_can_be_one")
    wrong = "checks of candidacy_record: found none; needed candidacy_record_can_be_one"
    with pytest.raises(LedgerError, match=wrong):
        PostgresLedger(place)
    with PostgresLedger(place, read_only=True) as ledger:
        assert any(complaint.startswith(wrong) for complaint in ledger.complaints())


class Later(HeldRecords):
    """Rows of which more than were verified are read when the states are looked at."""

    later: tuple[Row, ...] = ()

    def rows_by_case(self) -> Any:
        return ([*rows, *(row for row in self.later if row.case == rows[0].case)] for rows in super().rows_by_case())


@pytest.mark.parametrize(("index", "word_"), [(4, Word.FAIL), (5, Word.PASS)])
def test_takes_what_is_no_newer_record_in_a_case_for_a_wrong_one(index: int, word_: Word) -> None:
    """Others may write while states are replayed: what they wrote comes after what was verified."""
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), developing("w1"))
    rows = list(ledger.rows())
    held = Later(lambda keep: [keep(row) for row in rows] and None, "held")
    held.later = (before_the_first(Record.read(4, rows[-1].raw), index),)
    assert word(levels(held), STATES) is word_


# --- a trigger in PostgreSQL that takes away what was acknowledged


def test_opens_no_postgresql_ledger_with_triggers_of_others(postgres: Server) -> None:
    place = postgres.place()
    PostgresLedger.create(place, ZONE).close()
    table = f"{place.rpartition('%3D')[2]}.candidacy_record"
    postgres.run(f"ALTER TABLE {table} DISABLE TRIGGER candidacy_record_is_never_changed")
    with PostgresLedger(place) as ledger:
        assert "triggers of candidacy_record: found none" in ledger.complaints()[0]
    postgres.run(
        f"CREATE FUNCTION {table}_gone() RETURNS trigger LANGUAGE plpgsql AS "
        f"'BEGIN DELETE FROM {table} WHERE position = new.position; RETURN null; END'"
    )
    postgres.run(f"CREATE TRIGGER gone AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_gone()")
    with pytest.raises(LedgerError, match="triggers of others on candidacy_record: found gone; needed none"):
        PostgresLedger(place)
    with PostgresLedger(place, read_only=True) as ledger:
        assert "triggers of candidacy_record: found gone; needed" in ledger.complaints()[0]
        assert levels(ledger).levels[0].word is Word.FAIL


def test_writes_through_a_session_that_another_one_left_read_only(postgres: Server) -> None:
    """As a pool between us and the server hands sessions on."""
    with PostgresLedger.create(postgres.place(), ZONE) as ledger:
        ledger._db.execute("SET default_transaction_read_only = on")
        assert play(engine(registry(), ledger), begun())[0].accepted
        with ledger.transaction() as joined:
            assert Engine(ledger, registry()).submit(next(iter(begun("w2"))), connection=joined).accepted


# --- another database than the ledger's


def hosted_in(path: Path) -> None:
    """A host's database with a ledger in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"):
            db.execute(statement)
        HostLedger.create(db, ZONE)
        db.execute("COMMIT")


def test_joins_no_transaction_on_a_copy_of_the_host_s_database(tmp_path: Path) -> None:
    """It has the same ledger in it, and what is added there the ledger has not."""
    host, copy = tmp_path / "host.db", tmp_path / "copy.db"
    hosted_in(host)
    shutil.copyfile(host, copy)
    with SqliteLedger(host) as ledger:
        for path, joins in ((copy, False), (host, True)):
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("PRAGMA synchronous=FULL")
            other.execute("BEGIN IMMEDIATE")
            if joins:
                assert play(engine(registry(), ledger.within(other)), begun())[0].accepted
            else:
                with pytest.raises(LedgerError, match="found it to be to another file; needed one to the ledger's own database"):
                    Engine(ledger, registry()).submit(next(iter(begun())), connection=other)
            other.execute("COMMIT")
            other.close()
        assert ledger.size() == 2


def test_joins_no_transaction_on_a_copy_of_the_ledger_s_database(postgres: Server) -> None:
    place = postgres.new_database()
    PostgresLedger.create(place, ZONE).close()
    name, copy = psycopg.conninfo.conninfo_to_dict(place)["dbname"], "copied"
    postgres.run(f"CREATE DATABASE {copy} TEMPLATE {name}")
    with PostgresLedger(place) as ledger:
        for database, joins in ((copy, False), (name, True)):
            with psycopg.connect(postgres.address(str(database))) as connection:
                connection.execute("SET TimeZone = 'Asia/Tokyo'")
                if joins:
                    assert play(engine(registry(), ledger.within(connection)), begun())[0].accepted
                else:
                    with pytest.raises(LedgerError, match="found it to be to another database; needed one to the ledger's own"):
                        Engine(ledger, registry()).submit(next(iter(begun())), connection=connection)
        assert ledger.size() == 2


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_joins_a_transaction_while_its_own_connection_is_busy(postgres: Server, tmp_path: Path, where: str) -> None:
    """Which may itself wait for that very transaction to end."""
    connection: Any
    ledger: Any
    if where == "postgres":
        place = postgres.place()
        PostgresLedger.create(place, ZONE).close()
        ledger, connection = PostgresLedger(place), psycopg.connect(place)
    else:
        hosted_in(tmp_path / "host.db")
        ledger, connection = SqliteLedger(tmp_path / "host.db"), sqlite3.connect(tmp_path / "host.db", isolation_level=None)
        for statement in ("PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"):
            connection.execute(statement)
    with ThreadPoolExecutor(1) as other, closing(connection), ledger:
        held, done = Event(), Event()
        busy = other.submit(lambda: [ledger._lock.acquire(), held.set(), done.wait(60), ledger._lock.release()])
        assert held.wait(60)
        assert play(engine(registry(), ledger.within(connection)), begun())[0].accepted
        assert not busy.done()
        done.set()
        busy.result(60)


# --- the signer


def test_signs_with_no_key_that_others_own_or_that_is_a_link(path: Path, tmp_path: Path) -> None:
    with SqliteLedger(path) as ledger:
        keys = FileSigner.made(tmp_path / "keys", f"x/{ledger.id}").folder
    memory, key = keys / "checkpoints", keys / "signing.key"
    for place, mode in ((memory, 0o770), (key, 0o640), (keys, 0o750)):
        own = place.stat().st_mode & 0o777
        place.chmod(mode)
        with pytest.raises(InputError, match=f"found that others may use it \\(mode {mode:o}\\)"):
            FileSigner(keys)
        place.chmod(own)
    for place in (memory, key):
        elsewhere = place.rename(tmp_path / place.name)
        place.symlink_to(elsewhere)
        with pytest.raises(InputError, match=f"{place.name}: found a link"):
            FileSigner(keys)
        place.unlink()
        elsewhere.rename(place)
    assert FileSigner(keys).newest == 0
    (tmp_path / "by another name").symlink_to(keys)
    assert FileSigner(tmp_path / "by another name").newest == 0, "the folder that was named is the one it leads to"


def test_signs_with_no_key_of_another_user(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SqliteLedger(path) as ledger:
        keys = FileSigner.made(tmp_path / "keys", f"x/{ledger.id}").folder
    monkeypatch.setattr(os, "geteuid", lambda: keys.stat().st_uid + 1)
    with pytest.raises(InputError, match="found that another user owns it"):
        FileSigner(keys)


def test_signs_nothing_that_may_be_rolled_back_or_whose_checkpoint_cannot_be_kept(path: Path, tmp_path: Path) -> None:
    memory = MemoryLedger(ZONE)
    signer = FileSigner.made(tmp_path / "keys", f"x/{memory.id}")
    with memory.transaction():
        play(engine(registry(), memory), begun())
        with pytest.raises(LedgerError, match="found it inside a transaction"):
            sign_checkpoint(memory, signer)
    sign_checkpoint(memory, signer)
    with SqliteLedger(path, read_only=True) as ledger:
        other = FileSigner.made(tmp_path / "others", f"x/{ledger.id}")
        with pytest.raises(LedgerError, match="found it opened to be read only"):
            sign_checkpoint(ledger, other)
    assert other.newest == 0


# --- words that speak to whoever reads them


SPEAKS = "w1\x1b[2J\nPASS         outside anchor: mine\nverify: nothing failed, anchored to record 4"


@pytest.mark.parametrize("field", ["case", "ledger"])
def test_lets_no_record_speak_to_a_terminal(path: Path, tmp_path: Path, field: str) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        records = [record.data for record in ledger.records()]
    lines = [Record.make({**data, **({field: SPEAKS} if field in data else {})}).raw for data in records]
    (tmp_path / "e.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    for asked in (("verify", str(tmp_path / "e.jsonl")), ("restore", str(tmp_path / "new.ledger"), str(tmp_path / "e.jsonl"))):
        done = cli(*asked)
        said = (done.stdout + done.stderr).splitlines()
        assert done.returncode in {1, 2}
        assert not any(line.startswith(("PASS         outside", "verify: nothing failed")) for line in said), said
        assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("as_json", [True, False])
def test_answers_with_no_sign_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    said = "a\u009b2Jb\u202ec\u001bd\u00e9"
    answer({"said": said}, [said], as_json=as_json)
    told = capsys.readouterr().out
    assert not {"\u009b", "\u202e", "\u001b"} & set(told)
    assert json.loads(told)["said"] == said if as_json else told == "a<009B>2Jb<202E>c<001B>d\u00e9\n"


def test_shows_a_line_as_one_line() -> None:
    assert harmless_line("a\nb\x1b[8mc\u202ed") == "a<000A>b<001B>[8mc<202E>d"
    assert harmless_line("two words, \u00e9\tand a tab") == "two words, \u00e9\tand a tab"


@pytest.mark.parametrize(
    "told",
    [
        "DATABASE_URL=postgresql://u:s3cret@h",
        "psql postgresql://u:s3cret@h/db",
        "(postgresql://u:s3cret@h/db)",
        "u%3As3cret@h/db",
        "host=h sslpassword=s3cret",
        "postgresql://h/db?dbname=postgresql%3A//u%3As3cret%40h",
        "postgresql://h/db?options=-csearch_path%3Dx%20-cfoo%3Ds3cret",
        "postgresql://h/db?user=u%3As3cret",
    ],
)
def test_shows_no_password_wherever_it_stands(told: str) -> None:
    assert "s3cret" not in shown(told)


# --- parts, exports, copies


def test_says_what_of_a_part_no_anchor_covers(path: Path, tmp_path: Path) -> None:
    mine, part = tmp_path / "mine", tmp_path / "part.zip"
    assert cli("checkpoint", str(path), "--keys", str(tmp_path / "keys"), "-o", str(mine)).returncode == 0
    with SqliteLedger(path) as ledger:
        play(engine(registry(), ledger), [*list(developing("w2"))[:2], *begun("w3")])
        size = ledger.size()
    from candidacy import packet

    with SqliteLedger(path, read_only=True) as ledger:
        packet(ledger, part, registry(), cases=["w1", "w2"])
    with PacketLedger(part) as opened:
        assert (opened.partial, opened.in_ledger) == (True, size)
    done = cli("verify", str(part), "--anchor", str(mine))
    assert "2 newer records are NOT ANCHORED, the first recorded at" in done.stdout, done.stdout
    assert done.returncode == 0


def test_makes_a_packet_of_an_export(path: Path, tmp_path: Path) -> None:
    export, made = tmp_path / "e.jsonl", tmp_path / "p.zip"
    assert cli("export", str(path), "-o", str(export)).returncode == 0
    done = cli("packet", str(export), "-o", str(made))
    assert done.returncode == 0, done.stderr
    with PacketLedger(made) as opened:
        assert (opened.partial, opened.in_ledger) == (False, 5)


def test_copies_no_ledger_whose_records_do_not_follow_one_another(path: Path, tmp_path: Path) -> None:
    """Each alone is what was hashed."""
    with SqliteLedger(path, read_only=True) as ledger:
        (newest,) = [record for record in ledger.records() if record.index == 4]
    row = row_of(Record.make({**newest.data, "version": 9}))
    with written_into(path) as db:
        db.execute("UPDATE candidacy_record SET bytes = ?, leaf = ?, version = 9 WHERE position = 4", (row.raw, row.leaf))
    done = cli("copy", str(path), str(tmp_path / "new.ledger"))
    assert (done.returncode, "record 4: found version 9 of case w1; needed version 4" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "new.ledger").exists()


def test_verifies_no_ledger_with_an_id_that_none_is_given() -> None:
    ledger = MemoryLedger(ZONE)
    held = HeldRecords(
        lambda keep: keep(row_of(Record.make({**Record.read(0, next(ledger.rows()).raw).data, "ledger": "A" * 32}))), "held"
    )
    assert [failure.what for failure in verify(held).failures] == ["its ledger has an id that no ledger is given"]
    assert json.loads(next(held.rows()).raw)["ledger"] == "A" * 32


def test_takes_away_the_name_under_which_a_ledger_was_made(path: Path) -> None:
    """Whoever made it was killed in between; a name that another file has, or that nobody gives, is left alone."""
    left, other, own = (path.with_name(name) for name in (".w.ledger.12.0a1b2c3d", ".w.ledger.12.0a1b2c3e", ".w.ledger.mine"))
    left.hardlink_to(path)
    other.touch()
    with SqliteLedger(path) as ledger:
        assert play(engine(registry(), ledger), begun("w2"))[0].accepted
    assert (left.exists(), other.exists()) == (False, True)
    own.hardlink_to(path)
    with pytest.raises(LedgerError, match="under 2 names"):
        SqliteLedger(path)
    assert own.exists()


def test_opens_a_file_whose_path_looks_like_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("2026-01-01T10:00/me@office.ledger", "a:b@c.ledger"):
        Path(name).parent.mkdir(exist_ok=True)
        SqliteLedger.create("made.ledger", ZONE).close()
        Path("made.ledger").rename(name)
        with SqliteLedger(name) as ledger:
            assert ledger.size() == 1


def test_says_what_was_found_in_the_place_of_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    for name, found in (("empty", "an empty file"), ("folder", "a folder"), ("none", "no file")):
        done = cli("verify", str(tmp_path / name))
        assert (done.returncode, f"{name}: found {found}; needed a ledger" in done.stderr) == (2, True), done.stderr


def test_names_no_case_as_unknown_where_the_act_that_begins_it_lacks_something(path: Path) -> None:
    document = {**next(iter(begun("w7"))), "payload": {"program": "widgets"}}
    with SqliteLedger(path) as ledger, pytest.raises(InputError) as refused:
        Engine(ledger, registry()).submit(document)
    assert {problem.path for problem in refused.value.problems} == {"payload.announcement", "payload.roles"}
