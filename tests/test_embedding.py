"""The engine in a host's process: inside its transactions, from its threads, processes and event loop."""

import ast
import asyncio
import json
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from candidacy import (
    Actor,
    Case,
    Engine,
    HostLedger,
    Id,
    InputError,
    LedgerBusyError,
    LedgerError,
    MemoryLedger,
    PostgresLedger,
    ReferenceRecorded,
    SesMembershipRecorded,
    SqliteLedger,
    UnknownCaseError,
    Withdrawn,
    audit,
    explain,
    known_as,
    verify,
)
from candidacy_hhs.caseload import Candidate
from support import ROOT, ZONE, cli, engine, play
from widgets import begun, developing, registry


def connected(path: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={synchronous}")
    return db


@pytest.fixture
def host(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """A host's database with a table of its own, and a ledger made in it."""
    path = tmp_path / "host.db"
    with closing(connected(path)) as db:
        db.execute("CREATE TABLE people (name TEXT)")
        db.execute("BEGIN IMMEDIATE")
        HostLedger.create(db, ZONE)
        db.execute("COMMIT")
        yield path, db


# --- the host's own connection and transaction


def test_keeps_a_record_when_the_host_commits_and_leaves_no_gap_when_it_rolls_back(host: Any) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        on = engine(registry(), ledger)
        first, second, third, *_ = developing()
        for command, end in ((first, "COMMIT"), (second, "ROLLBACK"), (second, "COMMIT"), (third, "ROLLBACK")):
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO people VALUES ('someone')")
            answer = on.submit(command, connection=db)
            assert answer.accepted
            assert ledger.of_command(answer.record.command) is None or answer.repeated, "nobody else sees it yet"
            db.execute(end)
        assert [r.index for r in ledger.records()] == [0, 1, 2]
        assert on.submit(third).record.index == 3
        assert verify(ledger).sound
        assert audit(ledger, on.registry).answer == "identical"
    assert db.execute("SELECT count(*) FROM people").fetchone() == (2,)


def test_judges_what_the_host_has_entered_earlier_in_the_same_transaction(host: Any) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        on = engine(registry(), ledger)
        db.execute("BEGIN IMMEDIATE")
        assert all(on.submit(command, connection=db).accepted for command in developing())
        assert on.submit(next(iter(developing())), connection=db).repeated
        db.execute("ROLLBACK")
        with pytest.raises(InputError, match="has not begun"):
            on.submit(list(developing())[-1])


def test_appends_through_the_ledger_alone(host: Any) -> None:
    path, db = host
    with SqliteLedger(path) as ledger, SqliteLedger.create(path.with_name("o.ledger"), ZONE) as own:
        record = play(engine(registry(), own), begun())[0].record
        db.execute("BEGIN IMMEDIATE")
        ledger.append("w1", 0, "w1-001", lambda _: record, connection=db)
        db.execute("COMMIT")
        assert ledger.head("w1") == (1, record.leaf.hex())


def test_refuses_a_connection_without_a_transaction_or_of_another_database(host: Any, tmp_path: Path) -> None:
    path, db = host
    with SqliteLedger(path) as ledger, SqliteLedger.create(tmp_path / "other.ledger", ZONE):
        on = engine(registry(), ledger)
        with pytest.raises(LedgerError, match="found no open transaction; needed one, begun with BEGIN IMMEDIATE"):
            on.submit(next(iter(begun())), connection=db)
        with closing(connected(tmp_path / "other.ledger")) as own, pytest.raises(LedgerError, match="a ledger's own file"):
            on.submit(next(iter(begun())), connection=own)
        with closing(connected(tmp_path / "other.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            HostLedger.create(other, ZONE)
            with pytest.raises(LedgerError, match="found another ledger"):
                on.submit(next(iter(begun())), connection=other)
            other.execute("ROLLBACK")
        with closing(connected(tmp_path / "empty.db")) as empty, pytest.raises(LedgerError, match="found no ledger in it"):
            on.submit(next(iter(begun())), connection=empty)
    with closing(connected(tmp_path / "new.db")) as db, pytest.raises(LedgerError, match="no open transaction"):
        HostLedger.create(db, ZONE)


@pytest.mark.parametrize(
    ("journal", "synchronous", "fine"),
    [
        ("WAL", "FULL", True),
        ("WAL", "NORMAL", False),
        ("DELETE", "EXTRA", True),
        ("DELETE", "FULL", False),
        ("MEMORY", "EXTRA", False),
    ],
)
def test_refuses_a_host_s_connection_that_would_lose_what_it_commits(host: Any, journal: str, synchronous: str, fine: bool) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        on = engine(registry(), ledger)
        ledger._db.close()
        assert db.execute(f"PRAGMA journal_mode={journal}").fetchone() == (journal.lower(),)
        db.execute(f"PRAGMA synchronous={synchronous}")
        db.execute("BEGIN IMMEDIATE")
        if fine:
            assert on.submit(next(iter(begun())), connection=db).accepted
        else:
            with pytest.raises(LedgerError, match=r"so that no commit is lost|needed wal"):
                on.submit(next(iter(begun())), connection=db)
        db.execute("ROLLBACK")


def test_tells_a_host_whose_transaction_began_before_another_one_wrote_to_begin_again(host: Any) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        on = engine(registry(), ledger)
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM people").fetchone()
        on.submit(next(iter(begun("w9"))))
        with pytest.raises(LedgerBusyError, match="needed it rolled back, and begun anew with BEGIN IMMEDIATE"):
            on.submit(next(iter(begun())), connection=db)
        db.execute("ROLLBACK")


def test_reads_a_host_s_database_with_every_command(host: Any) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        play(engine(ledger=ledger), Candidate("c").selected())
    assert cli("verify", str(path), "--unanchored-ok").returncode == 0
    assert cli("audit", str(path)).returncode == 0
    assert "hhs/2004" in cli("status", str(path)).stdout
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- several records at once


@pytest.fixture(params=["memory", "file", "postgres"])
def ledger(request: pytest.FixtureRequest, ledger_file: Path) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryLedger(ZONE)
        return
    if request.param == "postgres":
        with PostgresLedger.create(request.getfixturevalue("postgres").place(), ZONE) as at_an_address:
            yield at_an_address
        return
    with SqliteLedger(ledger_file) as opened:
        yield opened


def test_keeps_many_commands_together_or_none(ledger: Any) -> None:
    on = engine(registry(), ledger)
    assert [a.record.index for a in on.submit_many(developing("w1"))] == [1, 2, 3, 4]
    wrong = [*begun("w2"), {**next(iter(begun("w3"))), "day": "2005-13-01"}]
    with pytest.raises(InputError, match=r"2005-13-01"):
        on.submit_many(wrong)
    assert ledger.cases() == ["w1"]
    assert [a.record.index for a in on.submit_many(wrong[:1])] == [5]
    assert verify(ledger).sound


def recorded(on: Engine, member: bool, day: str, where: Any) -> list[Any]:
    event = SesMembershipRecorded(Id("m"), member)
    return on.submit_all(event, date.fromisoformat(day), Actor("office"), whole="ses-m-1", where=where)


def test_enters_an_outside_fact_into_every_case_it_concerns(ledger: Any) -> None:
    on = engine(ledger=ledger)
    for n in range(3):
        life = Candidate(f"c{n}")
        life.selected()
        told = [
            {**c, "payload": {**c["payload"], "roles": [{"person": "office", "role": "program coordinator"}]}}
            if "roles" in c["payload"]
            else c
            for c in life
        ]
        play(on, [{**c, "actor": {"person": "office"}} for c in told])

    def concerned(case: Case) -> bool:
        return case.id != "c1"

    answers = recorded(on, True, "2004-06-01", concerned)
    assert [(a.record.case, a.record.command, a.accepted) for a in answers] == [
        ("c0", "ses-m-1:c0", True),
        ("c2", "ses-m-1:c2", True),
    ]
    assert [a.repeated for a in recorded(on, True, "2004-06-01", concerned)] == [True, True]
    before = len(list(ledger.rows()))
    with pytest.raises(InputError) as wrong:  # a second fact of state for the day in two cases; in the third it would be fine
        on.submit_all(
            SesMembershipRecorded(Id("m"), False), date(2004, 6, 1), Actor("office"), whole="ses-m-2", where=lambda _: True
        )
    assert [p.path for p in wrong.value.problems] == ["case c0: payload", "case c2: payload"]
    assert len(list(ledger.rows())) == before, "all of them, or none"


def test_makes_ids_that_fit_where_names_are_long(memory: Engine) -> None:
    case, whole = "c" * 60, "w" * 60
    play(memory, Candidate(case[:40]).selected())
    (answer,) = memory.submit_all(
        SesMembershipRecorded(Id("m"), True), date(2004, 6, 1), Actor(f"{case[:40]}.coordinator"), whole=whole, where=lambda _: True
    )
    assert len(answer.record.command) == 64
    assert answer.record.command.startswith("w" * 31 + ":")


def test_feeds_what_has_come_since(ledger: Any) -> None:
    on = engine(registry(), ledger)
    play(on, developing("w1"))
    assert [r.index for r in ledger.after(-1)] == [0, 1, 2, 3, 4]
    assert [r.index for r in ledger.after(2)] == [3, 4]
    assert list(ledger.after(4)) == []
    play(on, begun("w2"))
    assert [r.case for r in ledger.after(4)] == ["w2"]


# --- threads, processes, asyncio


def test_may_be_shared_by_threads(ledger: Any) -> None:
    on = engine(registry(), ledger)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: play(on, developing(f"w{n % 20}")), range(40)))
    assert sum(a.repeated for each in answers for a in each) == 80
    assert sum(a.accepted and not a.repeated for each in answers for a in each) == 80
    assert verify(ledger).records == 81
    assert audit(ledger, on.registry).answer == "identical"


def test_may_be_called_from_asyncio(ledger: Any) -> None:
    on = engine(registry(), ledger)

    async def live(case: str) -> list[Any]:
        return [await asyncio.to_thread(on.submit, command) for command in developing(case)]

    async def all_of_them() -> list[list[Any]]:
        return await asyncio.gather(*(live(f"w{n}") for n in range(25)))

    assert all(a.accepted for each in asyncio.run(all_of_them()) for a in each)
    assert verify(ledger).records == 101


PROCESS = """
import sys
sys.path.insert(0, {tests!r})
from candidacy import SqliteLedger
from support import engine, play
from widgets import developing, registry
with SqliteLedger({path!r}) as ledger:
    on = engine(registry(), ledger)
    print(sum(not a.repeated for n in range(20) for a in play(on, developing("w%d" % n))))
"""


def test_may_be_opened_by_several_processes(ledger_file: Path) -> None:
    code = PROCESS.format(tests=str(ROOT / "tests"), path=str(ledger_file))
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sum(int(process.communicate()[0]) for process in running) == 80
    with SqliteLedger(ledger_file, read_only=True) as ledger:
        assert verify(ledger).records == 81
        assert not ledger.short


def test_starts_no_threads_and_configures_no_logging(ledger: Any, caplog: pytest.LogCaptureFixture) -> None:
    before = threading.active_count(), list(logging.root.handlers), logging.root.level, dict(os.environ)
    with caplog.at_level(logging.INFO, logger="candidacy"):
        on = engine(registry(), ledger)
        play(on, begun())
        on.submit_many([*developing("w2")])
        with ledger.transaction() as joined:
            on.submit(next(iter(begun("w3"))), connection=joined)
    assert (threading.active_count(), list(logging.root.handlers), logging.root.level, dict(os.environ)) == before
    said = [record.getMessage() for record in caplog.records]
    assert said == ["command_judged", "commands_judged", "command_judged"]
    assert caplog.records[-1].__dict__["kept"] == "when the transaction commits"


REACHES_OUT = {"environ", "getenv", "Thread", "Timer", "basicConfig", "fork", "Popen", "create_task", "ThreadPoolExecutor"}


STARTS = {"_apart.py": {"Popen", "environ"}}
"""What is asked to judge by a draft, or to check a plugin, starts a process for it, in an environment that holds nothing but what starting one needs."""


@pytest.mark.parametrize("path", sorted((ROOT / "engine" / "candidacy").glob("*.py")), ids=lambda p: p.name)
def test_reads_no_environment_and_starts_nothing(path: Path) -> None:
    assert reached(path.read_text()) == STARTS.get(path.name, set())


def reached(source: str) -> set[str]:
    return {name for n in ast.walk(ast.parse(source)) if (name := getattr(n, "attr", getattr(n, "id", ""))) in REACHES_OUT}


def test_sees_what_reaches_out() -> None:
    assert reached("import os\nos.environ['x']\nthreading.Thread()") == {"environ", "Thread"}


def test_says_who_acted_and_how_they_were_identified(memory: Engine) -> None:
    told = [
        {**c, "actor": {**c["actor"], "identified": how}}
        for c, how in zip(Candidate("c").selected(), ("host", "token"), strict=True)
    ]
    assert [a.record.data["actor"]["identified"] for a in play(memory, told)] == ["host", "token"]
    (command,) = Candidate("c").on("2004-05-11", "candidate", Withdrawn())
    document = json.dumps({**command, "id": "w", "actor": {"person": "c.candidate", "identified": "guessed"}})
    with pytest.raises(InputError, match="one of asserted, host, token"):
        memory.submit(document)


# --- what a host asks


def test_takes_the_actor_from_the_host_where_the_host_says_it(memory: Engine) -> None:
    selected, recorded = Candidate("c").selected()
    office = Actor("c.coordinator", "host")
    bare = {k: v for k, v in selected.items() if k != "actor"}
    answer = memory.submit(json.dumps(bare), actor=office)
    assert answer.record.data["actor"] == {"identified": "host", "person": "c.coordinator"}
    for document in (recorded, json.dumps(recorded), b'{"actor": 7}'):
        with pytest.raises(InputError, match="actor: found an actor in the document; needed none"):
            memory.submit(document, actor=office)
    with pytest.raises(InputError, match="actor: found nothing"):
        memory.submit(bare)
    assert [a.accepted for a in memory.submit_many([{k: v for k, v in recorded.items() if k != "actor"}], actor=office)] == [True]


def test_works_on_a_host_s_connection_alone(host: Any) -> None:
    path, db = host
    on = engine(registry(), HostLedger(db))
    with pytest.raises(LedgerError, match="no open transaction"):
        on.submit(next(iter(begun())))
    db.execute("BEGIN IMMEDIATE")
    play(on, begun())
    db.execute("COMMIT")
    with closing(connected(path)) as other:
        assert on.on(HostLedger(other)).case("w1")[0].state == "selected"
        other.execute("PRAGMA synchronous=OFF")
        with pytest.raises(LedgerError, match="no commit is lost"):
            HostLedger(other)


def test_gives_reasons_field_by_field_and_as_lines(memory: Engine) -> None:
    answer = play(memory, Candidate("c").selected().enrolled().planned().requested("2004-07-05"))[-1]
    found = memory.reasons(answer)
    assert {r.outcome for r in found} <= {"unmet", "undetermined", "needs judgement"}
    hours = next(r for r in found if r.rule == "hhs.eighty_hours_of_interagency_training")
    assert (hours.outcome, hours.binding, hours.told) == (
        "unmet",
        True,
        "found 0 hours; needs at least 80 hours; missing 80 hours; from candidate",
    )
    assert "lines 38, 118 (HHS-014, HHS-049, HHS-050)" in hours.citation
    assert memory.explain(answer.record) == list(explain(answer.findings, memory.case("c")[1], type_name=answer.record.type_name))
    assert len(memory.reasons(answer, all_of_them=True)) > len(found)


def test_tells_an_unknown_case_from_other_wrong_input(memory: Engine) -> None:
    (command,) = Candidate("c").requested()
    with pytest.raises(UnknownCaseError):
        memory.submit(command)
    with pytest.raises(UnknownCaseError):
        memory.case("c")
    with pytest.raises(InputError) as wrong:
        memory.submit({**command, "day": "2999-01-01"})
    assert not isinstance(wrong.value, UnknownCaseError)


def test_gives_a_record_by_its_index(ledger: Any) -> None:
    answers = play(engine(registry(), ledger), developing())
    assert [ledger.record(n).command for n in (1, 4)] == ["w1-001", "w1-004"]
    assert ledger.record(0).data["zone"] == ZONE
    assert ledger.record(5) is ledger.record(-1) is None
    assert [list(a.record.data) for a in answers] == [list(ledger.record(a.record.index).data) for a in answers]


def test_finds_a_case_by_the_id_another_system_knows_it_by(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        life = Candidate("c").selected()
        life.on("2004-05-04", "coordinator", ReferenceRecorded(Id("hr"), Id("E-100"), life.person("candidate")))
        play(engine(ledger=ledger), [*life, *Candidate("d").selected()])
        assert known_as(ledger.records(), "hr", "E-100") == [("c", "c.candidate")]
        assert known_as(ledger.records(), "hr", "E-999") == []
    found = cli("status", str(ledger_file), "--reference", "hr=E-100", "--json")
    assert [s["case"] for s in json.loads(found.stdout)] == ["c"]
    assert cli("status", str(ledger_file), "--reference", "hr=E-999").returncode == 1
    assert "known to hr as E-100: person c.candidate" in cli("status", str(ledger_file), "c").stdout


def test_waits_as_long_as_it_is_told_and_hints_at_a_transaction_of_one_s_own(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger, SqliteLedger(ledger_file, wait=0.1) as other, ledger.transaction():
        before = monotonic()
        with pytest.raises(LedgerBusyError, match=r"for 0.1 seconds; try again \(a transaction of your own is joined by passing"):
            play(engine(registry(), other), begun())
        assert monotonic() - before < 5


def test_answers_any_index_and_follows_from_any(ledger: Any) -> None:
    play(engine(registry(), ledger), begun())
    assert [ledger.record(n) for n in (2, -1, 2**63, 10**30)] == [None] * 4
    assert [len(list(ledger.after(n))) for n in (-(10**30), -1, 0, 1, 2**63, 10**30)] == [2, 2, 1, 0, 0, 0]


def test_says_where_a_case_stands_by_its_records_alone(memory: Engine) -> None:
    play(memory, Candidate("c").selected().enrolled())
    assert (memory.status("c").state, memory.status("c").records) == ("enrolled", 5)
    with pytest.raises(UnknownCaseError):
        memory.status("d")


@pytest.mark.parametrize("connection", [None, "host.db", 7])
def test_says_what_it_was_given_in_place_of_a_connection(connection: Any) -> None:
    with pytest.raises(LedgerError, match="needed an open sqlite3"):
        HostLedger(connection)


def test_says_that_a_database_has_no_ledger_or_already_one(host: Any, tmp_path: Path) -> None:
    _, db = host
    with closing(connected(tmp_path / "empty.db")) as empty, pytest.raises(LedgerError, match="found no ledger in it"):
        HostLedger(empty)
    db.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="no ledger can be made in it"):
        HostLedger.create(db, ZONE)


def test_takes_an_actor_beside_a_command_only_where_it_is_the_same(memory: Engine) -> None:
    (selected, _), office = Candidate("c").selected(), Actor("c.coordinator")
    command = memory.registry.codec.read_command(selected)
    with pytest.raises(InputError, match="actor: found an actor in the document"):
        memory.submit(command, actor=Actor("somebody"))
    with pytest.raises(InputError, match=r"actor: found a str; needed a candidacy\.Actor"):
        memory.submit(selected, actor="c.coordinator")  # type: ignore[arg-type]
    assert memory.submit(command, actor=office).accepted


def test_waits_for_no_other_thread_longer_than_it_is_told(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file, wait=0.2) as ledger, ThreadPoolExecutor(3) as pool:
        on = engine(registry(), ledger)
        with ledger.transaction():
            before = monotonic()
            waiting = [pool.submit(on.submit, next(iter(begun(f"w{n}")))) for n in range(3)]
            assert all("another thread has held the ledger for 0.2 seconds" in str(w.exception()) for w in waiting)
            assert monotonic() - before < 2


def test_logs_that_a_host_has_yet_to_commit(host: Any, caplog: pytest.LogCaptureFixture) -> None:
    _, db = host
    on = engine(registry(), HostLedger(db))
    with caplog.at_level(logging.INFO, logger="candidacy"):
        db.execute("BEGIN IMMEDIATE")
        on.submit(next(iter(begun())))
        on.submit_many(begun("w2"))
        db.execute("COMMIT")
    assert [r.__dict__.get("kept") for r in caplog.records] == ["when the transaction commits"] * 2


def test_leaves_nothing_of_many_that_failed_in_a_transaction_that_the_host_commits(host: Any) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        on = engine(registry(), ledger)
        db.execute("BEGIN IMMEDIATE")
        on.submit(next(iter(begun("w0"))), connection=db)
        with pytest.raises(InputError):
            on.submit_many([*begun("w1"), {**next(iter(begun("w2"))), "day": "2005-13-01"}], connection=db)
        db.execute("COMMIT")
        assert ledger.cases() == ["w0"]
        assert verify(ledger).sound


@pytest.mark.parametrize("journal", ["OFF"])
def test_refuses_a_journal_that_cannot_be_rolled_back(host: Any, journal: str) -> None:
    path, db = host
    with SqliteLedger(path) as ledger:
        ledger._db.close()
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute(f"PRAGMA journal_mode={journal}")
        db.execute("PRAGMA synchronous=EXTRA")
        with pytest.raises(LedgerError, match="needed journal_mode=wal"):
            HostLedger(db)


def test_keeps_apart_what_is_entered_everywhere_under_long_names_that_begin_alike(memory: Engine) -> None:
    case = "c" * 40
    play(memory, Candidate(case).selected())
    ids = set()
    for n, day in enumerate((1, 2)):
        (answer,) = memory.submit_all(
            SesMembershipRecorded(Id("m"), True),
            date(2004, 6, day),
            Actor(f"{case}.coordinator"),
            whole="w" * 60 + str(n),
            where=lambda _: True,
        )
        ids.add(answer.record.command)
    assert len(ids) == 2


@pytest.mark.parametrize("rows", [sqlite3.Row, lambda _, row: {"all": row}, lambda _, row: row[0]], ids=["Row", "dict", "scalar"])
def test_reads_tuples_whatever_rows_the_host_has_its_connection_make(host: Any, rows: Any) -> None:
    _, db = host
    db.row_factory = rows
    on = engine(registry(), HostLedger(db))
    db.execute("BEGIN IMMEDIATE")
    play(on, developing())
    db.execute("COMMIT")
    assert (on.ledger.size(), on.ledger.cases(), on.case("w1")[0].state) == (5, ["w1"], "developing")
    assert verify(on.ledger).sound
