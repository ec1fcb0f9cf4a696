"""A ledger in PostgreSQL: who may write, in what order, under which settings, and what happens when a connection is lost."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row, scalar_row

from candidacy import (
    DamagedRecordError,
    HostLedger,
    InputError,
    LedgerBusyError,
    LedgerError,
    PostgresLedger,
    SqliteLedger,
    UnknownOutcomeError,
    audit,
    open_ledger,
    verify,
)
from candidacy.address import is_address, shown
from candidacy.checkpoint import Checkpoint
from candidacy.ledger import row_of
from candidacy.note import SigningKey
from candidacy.postgres import grants, is_open
from candidacy.stored import _PLACE
from pg import Server
from support import ROOT, ZONE, cli, engine, play
from widgets import begun, developing, registry


@pytest.fixture
def place(postgres: Server) -> str:
    return postgres.place()


@pytest.fixture
def ledger(place: str) -> Iterator[PostgresLedger]:
    with PostgresLedger.create(place, ZONE) as made:
        yield made


def schema(ledger: PostgresLedger) -> str:
    return ledger._schema


def end_connection(postgres: Server, ledger: PostgresLedger) -> None:
    postgres.run(f"SELECT pg_terminate_backend({ledger._db.info.backend_pid}, 5000)")


# --- who may what


def test_lets_a_writer_s_role_insert_and_select_and_nothing_else(postgres: Server, ledger: PostgresLedger) -> None:
    mine = schema(ledger)
    postgres.run("CREATE ROLE clerk LOGIN")
    for statement in grants("clerk", mine):
        postgres.run(statement)
    address = postgres.address(role="clerk", schema=mine)
    with PostgresLedger(address) as written:
        assert [a.accepted for a in play(engine(registry(), written), developing())] == [True] * 4
        written.keep_checkpoint(5, "a note")
        assert written.complaints() == []
    tables = [f"{mine}.{name}" for name in ("candidacy_record", "candidacy_checkpoint", "candidacy_head")]
    attempts = [
        *(f"UPDATE {t} SET {c} = {c}" for t, c in zip(tables, ("case_id", "note", "one"), strict=True)),
        *(f"DELETE FROM {table}" for table in tables),
        *(f"TRUNCATE {table}" for table in tables),
        *(f"DROP TABLE {table}" for table in tables),
        *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables),
        *(f"DROP TRIGGER {t.partition('.')[2]}_is_never_changed ON {t}" for t in tables),
        f"ALTER TABLE {tables[0]} DROP CONSTRAINT candidacy_record_pkey",
        f"ALTER TABLE {tables[0]} SET UNLOGGED",
        f"CREATE RULE r AS ON INSERT TO {tables[0]} DO INSTEAD NOTHING",
        f"CREATE TRIGGER t BEFORE INSERT ON {tables[0]} FOR EACH ROW EXECUTE FUNCTION {mine}.candidacy_refuses()",
        f"INSERT INTO {tables[0]} VALUES (1, 'x', 1, 'x', '', '') ON CONFLICT (position) DO UPDATE SET bytes = ''",
        f"MERGE INTO {tables[0]} r USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
        f"SELECT * FROM {tables[0]} FOR UPDATE",
        f"SELECT * FROM {tables[2]}",
        f"INSERT INTO {tables[2]} VALUES (true)",
        f"CREATE OR REPLACE FUNCTION {mine}.candidacy_turn() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        f"DROP FUNCTION {mine}.candidacy_turn()",
        f"DROP FUNCTION {mine}.candidacy_place(text, text)",
        f"CREATE TABLE {mine}.other (x int)",
        f"DROP SCHEMA {mine} CASCADE",
        "SET session_replication_role = replica",
    ]
    with psycopg.connect(address, autocommit=True) as db:
        for attempt in attempts:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(attempt.encode())
    print(f"{len(attempts)} statements refused")
    with PostgresLedger(address, read_only=True) as read:
        assert verify(read).records == 5


def test_sets_anew_what_keeps_a_commit_in_each_transaction(ledger: PostgresLedger) -> None:
    """As behind a pool that gives each transaction another session; teeth: outside of one it stays off."""
    ledger._db.execute("SET synchronous_commit = off")
    with ledger.transaction() as joined:
        assert joined.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert joined.execute("SHOW lock_timeout").fetchone() == ("10s",)
    assert ledger._db.execute("SHOW synchronous_commit").fetchone() == ("off",)


def test_guards_even_its_owner_against_changing_records_by_accident(postgres: Server, ledger: PostgresLedger) -> None:
    """Teeth: without the trigger it is changed, and that is said."""
    record = f"{schema(ledger)}.candidacy_record"
    for statement in (f"UPDATE {record} SET case_id = 'x'", f"DELETE FROM {record}", f"TRUNCATE {record}"):
        with pytest.raises(psycopg.errors.RestrictViolation, match="never changed or removed"):
            postgres.run(statement)
    assert ledger.complaints() == []
    postgres.run(f"ALTER TABLE {record} DISABLE TRIGGER candidacy_record_is_never_changed")
    (complaint,) = ledger.complaints()
    assert complaint == "triggers of candidacy_record: found none; needed candidacy_record_is_never_changed alone"
    assert not verify(ledger).sound
    postgres.run(f"UPDATE {record} SET bytes = 'x'")
    with pytest.raises(DamagedRecordError):
        list(ledger.records())


def test_lets_a_reader_s_role_only_read(postgres: Server, ledger: PostgresLedger) -> None:
    play(engine(registry(), ledger), developing())
    postgres.run("CREATE ROLE auditor LOGIN")
    for statement in grants("auditor", schema(ledger), writes=False):
        postgres.run(statement)
    address = postgres.address(role="auditor", schema=schema(ledger))
    with PostgresLedger(address, read_only=True) as read:
        assert audit(read, registry()).answer == "identical"
    with PostgresLedger(address) as read, pytest.raises(LedgerError, match="found a role that may not do this"):
        play(engine(registry(), read), begun("w2"))
    with PostgresLedger(postgres.address(schema=schema(ledger)), read_only=True) as read:
        with pytest.raises(LedgerError, match="ReadOnlySqlTransaction"):
            play(engine(registry(), read), begun("w2"))
        assert read.size() == 5


# --- order


def test_adds_nothing_where_the_end_is_gone_that_a_checkpoint_covers(postgres: Server, ledger: PostgresLedger, place: str) -> None:
    """It would take the place of what is gone. A checkpoint that is none of it says nothing."""
    play(engine(registry(), ledger), developing())
    key = SigningKey.made(f"widgets.example/{ledger.id}")
    for size, name in ((5, key.name), (9, "widgets.example/other")):
        ledger.keep_checkpoint(size, str(key.signed(str(Checkpoint(name, size, bytes(32))))) if name == key.name else "nonsense")
    with PostgresLedger(place) as other:
        play(engine(registry(), other), begun("w2"))
    postgres.run(f"DELETE FROM {schema(ledger)}.candidacy_checkpoint WHERE size = 9", replica(postgres))
    postgres.run(f"DELETE FROM {schema(ledger)}.candidacy_record WHERE position > 3", replica(postgres))
    with PostgresLedger(place) as other:
        for write in (lambda: play(engine(registry(), other), begun("w3")), lambda: other.transaction().__enter__()):
            with pytest.raises(LedgerError, match="found 4 records, and a checkpoint over 5 that was kept with them"):
                write()
        assert other.size() == 4


def replica(postgres: Server) -> str:
    """An address by which no trigger is run."""
    return postgres.address(options="-csession_replication_role%3Dreplica")


PROCESS = """
import sys
sys.path.insert(0, {tests!r})
from candidacy import open_ledger
from support import engine, play
from widgets import developing, registry
with open_ledger({address!r}) as ledger:
    on = engine(registry(), ledger)
    print(sum(not a.repeated for n in range(15) for a in play(on, developing("w%d" % n))))
"""


def test_keeps_one_order_for_several_processes(place: str, ledger: PostgresLedger) -> None:
    code = PROCESS.format(tests=str(ROOT / "tests"), address=place)
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    seen = list[int]()
    while len(seen) < 60:  # a reader that follows misses none
        seen += [record.index for record in ledger.after(seen[-1] if seen else 0)]
        sleep(0.005)
    assert sum(int(process.communicate()[0]) for process in running) == 60
    assert seen == list(range(1, 61))
    assert verify(ledger).sound


def test_gives_no_turn_before_the_one_before_has_ended(place: str, ledger: PostgresLedger) -> None:
    on = engine(registry(), ledger)
    with PostgresLedger(place) as other, ThreadPoolExecutor(1) as pool:
        with ledger.transaction() as joined:
            on.submit(next(iter(begun("w1"))), connection=joined)
            waiting = pool.submit(play, engine(registry(), other), begun("w2"))
            sleep(0.2)
            assert not waiting.done()
            with PostgresLedger(place, read_only=True) as reader:
                assert reader.size() == 1, "nobody else sees it yet, and reading does not wait"
        assert [a.record.index for a in waiting.result()] == [2]


def test_is_kept_in_order_by_its_constraints_where_no_turn_is_taken(
    place: str, ledger: PostgresLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teeth of the test above: without the turn both take the same index; the database keeps the first only."""

    def hasty(self: PostgresLedger, *asked: str) -> Any:
        self._db.execute("BEGIN")
        return self._ask(_PLACE, *asked, asked[1])[0] if asked else ()

    monkeypatch.setattr(PostgresLedger, "_begin", hasty)
    on = engine(registry(), ledger)
    with PostgresLedger(place) as other, ThreadPoolExecutor(1) as pool:
        with ledger.transaction() as joined:
            on.submit(next(iter(begun("w1"))), connection=joined)
            waiting = pool.submit(play, engine(registry(), other), begun("w2"))
            sleep(0.2)
        with pytest.raises(
            LedgerBusyError, match="others have written since the transaction began; needed it rolled back, and begun anew"
        ):
            waiting.result()
    assert ledger.size() == 2


def test_waits_as_long_as_it_is_told(place: str, ledger: PostgresLedger) -> None:
    with PostgresLedger(place, wait=0.1) as other, ledger.transaction():
        before = monotonic()
        with pytest.raises(LedgerBusyError, match=r"for 0.1 seconds; try again \(a transaction of your own is joined by passing"):
            play(engine(registry(), other), begun())
        assert monotonic() - before < 5
        with PostgresLedger(place, wait=0) as impatient, pytest.raises(LedgerBusyError, match="for 0 seconds"):
            play(engine(registry(), impatient), begun())


# --- the host's own transaction


@pytest.fixture
def host(place: str, ledger: PostgresLedger) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(place, autocommit=True) as db:
        db.execute("CREATE TABLE people (name text)")
        yield db


def test_keeps_a_record_when_the_host_commits_and_leaves_no_gap_when_it_rolls_back(host: Any, ledger: PostgresLedger) -> None:
    on = engine(registry(), ledger)
    first, second, third, *_ = developing()
    for command, end in ((first, "COMMIT"), (second, "ROLLBACK"), (second, "COMMIT"), (third, "ROLLBACK")):
        host.execute("BEGIN")
        host.execute("INSERT INTO people VALUES ('someone')")
        answer = on.submit(command, connection=host)
        assert answer.accepted
        assert ledger.of_command(answer.record.command) is None or answer.repeated, "nobody else sees it yet"
        host.execute(end)
    assert [r.index for r in ledger.records()] == [0, 1, 2]
    assert on.submit(third).record.index == 3
    assert verify(ledger).sound
    assert audit(ledger, on.registry).answer == "identical"
    assert host.execute("SELECT count(*) FROM people").fetchone() == (2,)


def test_works_on_a_host_s_connection_alone(postgres: Server, place: str) -> None:
    with psycopg.connect(postgres.place()) as db:  # which begins a transaction by itself
        on = engine(registry(), HostLedger.create(db, ZONE))
        assert on.ledger.joins
        play(on, developing("w1"))
        with pytest.raises(InputError):
            on.submit_many([*begun("w2"), {**next(iter(begun("w3"))), "day": "2005-13-01"}])
        db.commit()
        assert (on.ledger.cases(), on.ledger.size()) == (["w1"], 5)
        play(on, begun("w4"))
        db.rollback()
        assert on.ledger.cases() == ["w1"]
        with pytest.raises(LedgerError, match="no ledger can be made in it: found one"):
            HostLedger.create(db, ZONE)
    with psycopg.connect(place, autocommit=True) as db:
        with pytest.raises(LedgerError, match=r"no ledger in it; needed one that `candidacy\.HostLedger.create` made"):
            HostLedger(db)
        with pytest.raises(LedgerError, match="found no open transaction"):
            HostLedger.create(db, ZONE)
    with pytest.raises(LedgerError, match=r"found one that is closed; needed an open psycopg\.Connection"):
        HostLedger(db)


def test_refuses_a_connection_without_a_transaction_or_of_another_ledger(
    host: Any, ledger: PostgresLedger, postgres: Server
) -> None:
    on, command = engine(registry(), ledger), next(iter(begun()))
    with pytest.raises(LedgerError, match=r"found no open transaction; needed one, as connection\.transaction"):
        on.submit(command, connection=host)
    with psycopg.connect(postgres.new_database()) as other, pytest.raises(LedgerError, match="to be to another database"):
        on.submit(command, connection=other)
    with psycopg.connect(postgres.place()) as other:  # another search path, and the same ledger all the same
        HostLedger.create(other, ZONE)
        assert on.submit(command, connection=other).record.data["ledger"] == ledger.id
        other.rollback()
    for wrong in (7, "host.db"):
        with pytest.raises(LedgerError, match="needed an open psycopg"):
            on.submit(command, connection=wrong)
    assert ledger.size() == 1


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_tells_a_host_whose_view_is_stale_to_begin_again(host: Any, ledger: PostgresLedger, isolation: str) -> None:
    on = engine(registry(), ledger)
    host.execute(f"BEGIN ISOLATION LEVEL {isolation}".encode())
    host.execute("SELECT count(*) FROM people").fetchone()
    play(on, begun("w9"))
    with pytest.raises(
        LedgerBusyError, match="others have written since the transaction began; needed it rolled back, and begun anew"
    ):
        on.submit(next(iter(begun())), connection=host)
    with pytest.raises(LedgerError, match="a transaction in which a statement failed; needed it rolled back"):
        on.submit(next(iter(begun())), connection=host)
    host.execute("ROLLBACK")
    assert ledger.size() == 2


@pytest.mark.parametrize(("value", "fine"), [("on", True), ("remote_apply", True), ("local", True), ("off", False)])
def test_refuses_a_host_s_connection_that_would_lose_what_it_commits(
    host: Any, ledger: PostgresLedger, value: str, fine: bool
) -> None:
    on, command = engine(registry(), ledger), next(iter(begun()))
    host.execute(f"SET synchronous_commit = {value}".encode())
    with host.transaction():
        if fine:
            assert on.submit(command, connection=host).accepted
            return
        with pytest.raises(LedgerError, match="the host's connection: synchronous_commit: found off; needed on"):
            on.submit(command, connection=host)
    with pytest.raises(LedgerError, match="synchronous_commit: found off"):
        HostLedger(host)


@pytest.mark.parametrize("rows", [dict_row, scalar_row])
def test_reads_tuples_whatever_rows_the_host_has_its_connection_make(host: Any, rows: Any) -> None:
    host.row_factory = rows
    on = engine(registry(), HostLedger(host))
    with host.transaction():
        play(on, developing())
    assert (on.ledger.size(), on.ledger.cases(), on.case("w1")[0].state) == (5, ["w1"], "developing")
    assert verify(on.ledger).sound


# --- settings and objects


@contextmanager
def altered(postgres: Server, setting: str, value: str) -> Iterator[None]:
    """The server with another setting, for new sessions."""
    postgres.run(f"ALTER SYSTEM SET {setting} = '{value}'")
    reload(postgres, setting, value)
    try:
        yield
    finally:
        postgres.run(f"ALTER SYSTEM RESET {setting}")
        reload(postgres, setting, None if value else "")


def reload(postgres: Server, setting: str, value: str | None) -> None:
    before = postgres.run(f"SHOW {setting}")
    postgres.run("SELECT pg_reload_conf()")
    until = monotonic() + 20
    while monotonic() < until:
        found = postgres.run(f"SHOW {setting}")
        if found == [(value,)] or (value is None and found != before):
            return
        sleep(0.02)
    raise AssertionError(setting)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("fsync", "off"), ("full_page_writes", "off"), ("zero_damaged_pages", "on"), ("ignore_checksum_failure", "on")],
)
def test_refuses_a_server_that_would_lose_what_it_acknowledges(
    postgres: Server, place: str, ledger: PostgresLedger, setting: str, value: str
) -> None:
    with altered(postgres, setting, value):
        for attempt in (PostgresLedger, lambda at: PostgresLedger.create(at, ZONE)):
            with pytest.raises(LedgerError, match=f"{setting}: found {value}; needed"):
                attempt(place)
        done = cli("doctor", place)
        assert done.returncode == 1
        assert f"FAIL  {setting}: found {value}" in done.stdout
    PostgresLedger(place).close()


def test_commits_durably_where_the_server_by_itself_does_not(postgres: Server, place: str, ledger: PostgresLedger) -> None:
    with altered(postgres, "synchronous_commit", "off"), PostgresLedger(place) as opened:
        assert opened._db.execute("SHOW synchronous_commit").fetchone() == ("on",)
        opened._db.execute("SET synchronous_commit = off")  # teeth: what is asserted is seen
        from candidacy._postgres_settings import refuse_what_would_lose

        with pytest.raises(LedgerError, match="synchronous_commit: found off"):
            refuse_what_would_lose(opened._db, "here")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE {s}.candidacy_record SET UNLOGGED", "a table that loses its rows in a crash"),
        ("CREATE RULE r AS ON INSERT TO {s}.candidacy_record DO INSTEAD NOTHING", "with rules"),
        ("ALTER TABLE {s}.candidacy_record ENABLE ROW LEVEL SECURITY", "with row security"),
        (
            "ALTER TABLE {s}.candidacy_record DROP CONSTRAINT candidacy_record_case_id_version_key",
            "unique keys: found command; position",
        ),
        ("CREATE TABLE {s}.more () INHERITS ({s}.candidacy_record)", "with tables that inherit from it"),
        ("ALTER TABLE {s}.candidacy_record ADD COLUMN more text", "columns of candidacy_record: found .*more text"),
        ("ALTER FUNCTION {s}.candidacy_turn() SECURITY INVOKER", "candidacy_turn.*one with other rights"),
        (
            "ALTER FUNCTION {s}.candidacy_place(text, text) SECURITY INVOKER",
            r"candidacy_place\(text, text\).*one with other rights",
        ),
        ("DROP FUNCTION {s}.candidacy_place(text, text)", r"candidacy_place\(text, text\): found none"),
        ("DROP TABLE {s}.candidacy_head CASCADE", "candidacy_head: found none"),
    ],
)
def test_refuses_tables_that_are_not_as_they_were_made(
    postgres: Server, place: str, ledger: PostgresLedger, statement: str, said: str
) -> None:
    ledger.close()
    postgres.run(statement.format(s=schema(ledger)))
    with pytest.raises(LedgerError, match=said):
        PostgresLedger(place)
    assert cli("doctor", place).returncode == 1


@pytest.mark.parametrize("does", ["RETURN NULL", "NEW.position := 99; RETURN NEW", "NEW.bytes := 'x'; RETURN NEW"])
def test_keeps_nothing_that_a_trigger_swallowed_or_changed(postgres: Server, ledger: PostgresLedger, does: str) -> None:
    """In a transaction for one record, where the end is sent with it, and in one of several."""
    s, on = schema(ledger), engine(registry(), ledger)
    postgres.run(f"CREATE FUNCTION {s}.f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {does}; END$$")
    postgres.run(f"CREATE TRIGGER t BEFORE INSERT ON {s}.candidacy_record FOR EACH ROW EXECUTE FUNCTION {s}.f()")
    for submit in (on.submit, lambda command: on.submit_many([command])):
        with pytest.raises(LedgerError, match="did not take a record as it is"):
            submit(next(iter(begun())))
        assert postgres.run(f"SELECT count(*) FROM {s}.candidacy_record") == [(1,)]
    assert "found candidacy_record_is_never_changed, t; needed" in ledger.complaints()[0]
    postgres.run(f"DROP TRIGGER t ON {s}.candidacy_record")
    assert on.submit(next(iter(begun()))).record.index == 1


def journeys(ledger: PostgresLedger, folder: Path, work: Callable[[], object]) -> int:
    """How often the server said during some work that it had done everything it was sent: libpq's own account."""
    with (folder / "trace").open("w+") as trace:
        ledger._db.pgconn.trace(trace.fileno())
        try:
            work()
        finally:
            ledger._db.pgconn.untrace()
        trace.seek(0)
        return sum("ReadyForQuery" in line for line in trace)


def kept_alone(ledger: PostgresLedger, record: Any) -> None:
    ledger.append(record.case, 0, record.command, lambda place: type(record)(record.raw, {**record.data, "index": place.index}))


def test_adds_a_record_in_two_journeys_to_the_server(
    postgres: Server, ledger: PostgresLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teeth: with a library that sends one statement at a time there are more, and what is kept is the same."""
    (made,) = (a.record for a in play(engine(registry(), ledger), begun()))
    with PostgresLedger.create(postgres.place(), ZONE) as one, PostgresLedger.create(postgres.place(), ZONE) as other:
        for ledger_ in (one, other):
            with ledger_.transaction():
                """Before the first record the end is looked for that a checkpoint covers."""
        assert journeys(one, tmp_path, lambda: kept_alone(one, made)) == 2
        assert journeys(one, tmp_path, one.size) == 1
        monkeypatch.setattr(psycopg.Pipeline, "is_supported", lambda: False)
        assert journeys(other, tmp_path, lambda: kept_alone(other, made)) == 3
        assert list(one.rows())[1:] == list(other.rows())[1:]
        play(engine(registry(), ledger), developing("w2"))
    assert verify(ledger).records == 6


@pytest.mark.parametrize("one_by_one", [False, True])
def test_names_the_first_error_of_several_statements_and_logs_none(
    place: str, ledger: PostgresLedger, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, one_by_one: bool
) -> None:
    """However the answers come in: the statements behind the one that failed were not run, which is no news."""
    if one_by_one:
        monkeypatch.setattr(psycopg.Pipeline, "is_supported", lambda: False)
    many = 100
    with PostgresLedger(place, wait=0) as other, ledger.transaction():
        for n in range(many):
            with pytest.raises(LedgerBusyError, match="another writer has held the ledger"):
                play(engine(registry(), other), begun(f"w{n}"))
    (made,) = (a.record for a in play(engine(registry(), ledger), begun()))
    with ledger._alone():
        for n in range(many):
            ledger._begin(f"c{n}", "w1")
            with pytest.raises(psycopg.errors.UniqueViolation):
                ledger._keep(row_of(made))  # its index is taken
            assert not is_open(ledger._db)
            ledger._roll_back(ledger._db)
    assert ledger.size() == 2
    assert caplog.messages == []


def test_picks_a_ledger_by_the_search_path_and_never_a_temporary_one(postgres: Server) -> None:
    odd = 'co"hort %s {2025}'
    postgres.run('CREATE SCHEMA "co""hort %s {2025}"')
    places = [postgres.place(), postgres.place(), postgres.address(schema="%22co%22%22hort%5C%20%25s%5C%20%7B2025%7D%22")]
    ids = []
    for place in places:
        with PostgresLedger.create(place, ZONE) as made:
            play(engine(registry(), made), developing())
            ids.append(made.id)
            assert verify(made).sound
    assert made._schema == odd
    assert len(set(ids)) == 3
    for place, ledger_id in zip(places, ids, strict=True):
        with PostgresLedger(place) as opened:
            assert (opened.id, opened.size()) == (ledger_id, 5)
    with psycopg.connect(places[0], autocommit=True) as db:
        db.execute("CREATE TEMP TABLE candidacy_record (LIKE candidacy_record)")
        assert HostLedger(db).id == ids[0]
    both = postgres.address(schema="nowhere,s0,s1".replace("s0", schema_in(places[0])).replace("s1", schema_in(places[1])))
    with PostgresLedger(both) as opened:
        assert opened.id == ids[0]
    with pytest.raises(LedgerError, match="found no schema to make a ledger in"):
        PostgresLedger.create(postgres.address(schema="nowhere"), ZONE)


def schema_in(address: str) -> str:
    return address.rpartition("%3D")[2]


def test_makes_a_ledger_whole_or_not_at_all(place: str, demo_file: Path) -> None:
    def some() -> Iterator[Any]:
        with SqliteLedger(demo_file, read_only=True) as source:
            yield from list(source.records())[:100]
        raise InputError([])

    with pytest.raises(InputError):
        PostgresLedger.made_of(place, some())
    with pytest.raises(LedgerError, match="found no ledger in it; needed one made with `candidacy new postgresql://"):
        PostgresLedger(place)
    with PostgresLedger.create(place, ZONE), pytest.raises(LedgerError, match="found one in the schema"):
        PostgresLedger.create(place, ZONE)


# --- lost connections


def test_goes_on_after_a_lost_connection_and_has_all_it_acknowledged(postgres: Server, ledger: PostgresLedger) -> None:
    on = engine(registry(), ledger)
    for n in range(5):
        play(on, begun(f"w{n}"))
        end_connection(postgres, ledger)
        with pytest.raises(LedgerError, match=r"the connection was lost .*; what was not yet committed is not kept; try again"):
            play(on, begun(f"v{n}"))
        assert ledger.size() == n + 2
    assert verify(ledger).sound


def test_keeps_nothing_when_the_connection_is_lost_before_the_end(postgres: Server, ledger: PostgresLedger) -> None:
    (command,) = begun()
    on = engine(registry(), ledger)

    def ended_by(what: Callable[[Any], object]) -> None:
        with ledger.transaction() as joined:
            on.submit(command, connection=joined)
            with suppress(LedgerError, psycopg.Error):
                what(joined)

    def lost(_: Any) -> None:
        end_connection(postgres, ledger)
        ledger.size()  # what goes on after it is not carried on in another connection

    with pytest.raises(LedgerError, match="the connection was lost before the end; nothing of it is kept"):
        ended_by(lost)
    for statement in ("ROLLBACK", "SELECT 1 / 0"):
        with pytest.raises(LedgerError, match="a transaction in which a statement failed, or that others ended"):
            ended_by(lambda joined, statement=statement: joined.execute(statement))
    assert ledger.size() == 1
    play(on, begun())
    assert verify(ledger).records == 2


class Cutting:
    """Stands between a client and the server, and cuts the line at COMMIT: before it is passed on, or before its answer is."""

    def __init__(self, postgres: Server, folder: Path) -> None:
        self.folder, self.cut, self.cuts = folder, "", 0
        self._to = next(postgres.folder.glob(".s.PGSQL.*[0-9]"))
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / self._to.name))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, server = self._listening.accept()[0], socket.socket(socket.AF_UNIX)
                server.connect(str(self._to))
                commits = threading.Event()
                for source, target, asks in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass, args=(source, target, commits, asks), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, commits: threading.Event, asks: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if asks and b"COMMIT\0" in piece and self.cut:
                    commits.set()
                    if self.cut == "before":
                        break
                elif not asks and commits.is_set():
                    break
                target.sendall(piece)
        if commits.is_set():
            self.cuts += asks == (self.cut == "before")
        for line in (source, target):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()


@pytest.mark.parametrize(("cut", "kept"), [("before", False), ("after", True)])
def test_does_not_know_what_became_of_a_commit_without_an_answer_and_says_so(
    postgres: Server, ledger: PostgresLedger, cut: str, kept: bool
) -> None:
    """Teeth: the line is cut on both sides of the commit; the sentence is the same, what is found afterwards is not."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        between = Cutting(postgres, Path(folder))
        address = postgres.address(schema=schema(ledger)).replace(
            str(postgres.folder).replace("/", "%2F"), folder.replace("/", "%2F")
        )
        with PostgresLedger(address) as cut_off:
            on, (command,) = engine(registry(), cut_off), begun()
            between.cut = cut
            with pytest.raises(
                UnknownOutcomeError,
                match=r"the connection was lost.*whether it was kept is not known; send the same again under the same id",
            ):
                on.submit(command)
            assert between.cuts == 1
            between.cut = ""
            answer = on.submit(command)
            assert (answer.accepted, answer.repeated, answer.record.index) == (True, kept, 1)
        between.close()
    assert verify(ledger).records == 2


def test_sees_that_an_acknowledged_record_is_gone(postgres: Server, ledger: PostgresLedger) -> None:
    """As after a fail-over to a standby that lagged behind."""
    on = engine(registry(), ledger)
    play(on, developing())
    record = f"{schema(ledger)}.candidacy_record"
    postgres.run(f"ALTER TABLE {record} DISABLE TRIGGER USER")
    postgres.run(f"DELETE FROM {record} WHERE position = 4")
    end_connection(postgres, ledger)
    with pytest.raises(LedgerError, match="lost"):
        ledger.size()
    for _ in range(2):
        with pytest.raises(DamagedRecordError, match="record 4: it was acknowledged and is not there any more"):
            play(on, begun("w2"))


def test_loses_nothing_when_the_server_is_killed(postgres: Server, place: str, ledger: PostgresLedger) -> None:
    on, kept = engine(registry(), ledger), list[Any]()
    for n in range(3):
        kept += play(on, begun(f"w{n}"))
        postgres.halt("immediate")
        with pytest.raises(LedgerError, match=r"the connection was lost|cannot be reached"):
            play(on, begun(f"v{n}"))
        with pytest.raises(LedgerError, match="cannot be reached"):
            PostgresLedger(place)
        postgres.start()
    assert [(r.index, r.raw) for r in ledger.after(0)] == [(a.record.index, a.record.raw) for a in kept]
    assert verify(ledger).sound


def test_is_used_by_no_process_but_the_one_that_opened_it(ledger: PostgresLedger) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover (another process)
        try:
            ledger.size()
        except LedgerError as wrong:
            ledger.close()
            os._exit(7 if "opened in another process" in str(wrong) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert ledger.size() == 1
    ledger.close()
    with pytest.raises(LedgerError, match="found it closed; needed it open"):
        ledger.size()


def test_warns_of_a_standby_that_may_lag_behind_and_reads_from_it(postgres: Server, place: str, ledger: PostgresLedger) -> None:
    play(engine(registry(), ledger), developing())
    with standby(postgres) as address:
        with PostgresLedger(place) as opened:
            assert opened.opened == (
                "standbys: found 1 that may lag behind (behind); "
                "needed synchronous ones, since a fail-over to one of these could lose acknowledged records"
            )
        there = address(schema_in(place))
        with PostgresLedger(there, read_only=True) as behind:
            assert verify(behind).records == 5
            assert "in recovery: found a standby, which may lag behind" in behind.opened
        with pytest.raises(LedgerError, match="in recovery: found yes; needed no"):
            PostgresLedger(there)
    with PostgresLedger(place) as opened:
        assert opened.opened == ""


@contextmanager
def standby(postgres: Server) -> Iterator[Callable[[str], str]]:
    """A standby of the server that follows it asynchronously."""
    other = Server.__new__(Server)
    import tempfile

    from pg import SETTINGS, dropped

    other._programs = postgres._programs
    other.folder, other.settings = Path(tempfile.mkdtemp(prefix="pg")), list(SETTINGS)
    if dropped():
        os.chown(other.folder, dropped()["user"], dropped()["group"])
    other._watch()
    try:
        line = f"host={postgres.folder} user=candidacy application_name=behind"
        other.program("pg_basebackup", "-R", "-c", "fast", "-X", "stream", "-d", line)
        other.start()
        until = monotonic() + 20
        while not postgres.run("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'") and monotonic() < until:
            sleep(0.05)
        postgres.run("SELECT pg_switch_wal()")
        yield lambda schema: other.address(schema=schema)
    finally:
        other.stop()
        until = monotonic() + 20
        while postgres.run("SELECT 1 FROM pg_stat_replication") and monotonic() < until:
            sleep(0.05)


# --- addresses


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            "postgresql://u:secret@h:5433/db?options=-csearch_path%3Dx&password=secret",
            "postgresql://u@h:5433/db?options=-csearch_path%3Dx",
        ),
        ("postgres://u:secret@/db", "postgres://u@/db"),
        ("postgresql://u:sec/ret@h/db", "postgresql://..."),
        ("postgresql://u:sec@secret@h/db", "postgresql://..."),
        ("postgresql://u:s#secret@h/db", "postgresql://..."),
        ("postgresql:///db?sslpassword=secret", "postgresql:///db"),
        ("cases.ledger", "cases.ledger"),
    ],
)
def test_tells_no_password(address: str, told: str) -> None:
    assert shown(address) == told
    assert is_address(address) == (told != address or address == told != "cases.ledger")


def test_never_says_the_password_whatever_goes_wrong(postgres: Server) -> None:
    at = postgres.address("nowhere").replace("candidacy@", "candidacy:secret@")
    wrong = [at, at.replace("host=", "hots="), "postgresql://u:secret@/db?host=%2Fnowhere", "postgresql://u:sec/secret@h/db"]
    for address in wrong:
        for command in (("new", address, "--zone", ZONE), ("verify", address), ("doctor", address), ("copy", address, "x")):
            done = cli(*command)
            assert done.returncode == 2, command
            assert "secret" not in done.stdout + done.stderr
    assert "does not exist" in cli("verify", at).stderr
    assert "No such file" in cli("verify", wrong[2]).stderr


def test_names_the_extra_where_the_driver_is_not_installed() -> None:
    code = "import sys; sys.modules['psycopg'] = None; import candidacy; candidacy.open_ledger('postgresql://u:secret@h/d')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "candidacy.errors.LedgerError: postgresql://u@h/d: found no driver for PostgreSQL; needed psycopg: pip install 'candidacy[postgres]'"
    )


def test_moves_to_postgres_and_back_with_every_byte(place: str, postgres: Server, demo_file: Path, tmp_path: Path) -> None:
    back, file, again = tmp_path / "back.ledger", tmp_path / "export.jsonl", postgres.place()
    for command in (
        ("copy", str(demo_file), place),
        ("copy", place, str(back)),
        ("export", place, "-o", str(file)),
        ("restore", again, str(file)),
    ):
        done = cli(*command)
        assert done.returncode == 0, done.stderr
    rows = []
    for where in (demo_file, place, back, again):
        with open_ledger(where, read_only=True) as opened:
            rows.append(list(opened.rows()))
            assert verify(opened).sound
            by_case = list(opened.rows_by_case())
            assert [case[0].case for case in by_case] == opened.cases() == sorted(opened.cases())
    assert rows[0] == rows[1] == rows[2] == rows[3]
    assert len(rows[0]) > 900
    print(f"{len(rows[0])} records moved there and back")


def test_answers_every_command_at_an_address(postgres: Server, place: str, tmp_path: Path) -> None:
    assert cli("new", place, "--zone", ZONE).stdout.startswith(place.replace("&", "&"))
    assert cli("names", place, "--set", "p", "Somebody").returncode == 2
    assert cli("verify", place, "--unanchored-ok").returncode == 0
    assert cli("audit", place).returncode == 0
    assert cli("new", place, "--zone", ZONE).returncode == 2
    assert cli("doctor", place).returncode == 0


def test_runs_the_example_of_its_document_and_prints_what_it_says(postgres: Server) -> None:
    text = (ROOT / "docs" / "embedding.md").read_text().partition("\n## PostgreSQL\n")[2]
    source, printed, granted = (text.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("python", "text", "sql"))
    assert "postgresql:///hr" in source
    code = source.replace("postgresql:///hr", postgres.new_database())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, printed), done.stderr
    assert granted == "".join(f"{statement};\n" for statement in grants("clerk"))
