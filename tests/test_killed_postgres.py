"""PostgreSQL under kills, of the server and of connections, while several write: nothing acknowledged is lost, nothing is doubled.

Counts and seeds are printed: ``pytest -s``. The thorough run kills the server 100 times and connections 2,000 times.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from time import sleep
from typing import Any

import psycopg
import pytest

from candidacy import LedgerError, PostgresLedger, Record, UnknownOutcomeError, verify
from pg import Server
from support import ZONE, engine
from widgets import begun, registry

WRITERS = 4


class Writer(threading.Thread):
    """Adds one small record after the other, each under an id of its own, and again until it is answered, as a host would."""

    def __init__(self, address: str, number: int, kind: type[PostgresLedger] = PostgresLedger) -> None:
        super().__init__(daemon=True)
        self.ledger, self.number, self.stopping = kind(address), number, threading.Event()
        self.acknowledged: dict[str, Record] = {}
        self.errors: Counter[str] = Counter()

    def run(self) -> None:
        on, n = engine(registry(), self.ledger), 0
        while not self.stopping.is_set():
            (command,), n = begun(f"c{self.number}-{n}"), n + 1
            while command["id"] not in self.acknowledged and not self.stopping.is_set():
                try:
                    self.acknowledged[command["id"]] = on.submit(command).record
                except LedgerError as wrong:
                    self.errors[type(wrong).__name__] += 1
                    sleep(0.01)
        self.ledger.close()


@contextmanager
def writing(address: str, kind: type[PostgresLedger] = PostgresLedger) -> Iterator[list[Writer]]:
    """Several writers at work; when the block ends, each has stopped."""
    writers = [Writer(address, n, kind) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join()


def wrong_in(address: str, writers: list[Writer]) -> list[str]:
    """What was acknowledged and is not there in its bytes, what is there twice, and what is out of order."""
    with PostgresLedger(address, read_only=True) as ledger:
        rows = list(ledger.rows())
    there = {row.command: row.raw for row in rows[1:]}
    wrong = [f"lost {c}" for writer in writers for c, record in writer.acknowledged.items() if there.get(c) != record.raw]
    wrong += [f"doubled {c}" for c, many in Counter(row.command for row in rows).items() if many > 1]
    wrong += [f"index {n}" for n, row in enumerate(rows) if row.index != n]
    return wrong


def progressed(writers: list[Writer], many: int) -> None:
    """Wait until the writers have had so many more answers together."""
    before = sum(len(writer.acknowledged) for writer in writers)
    for _ in range(3_000):
        if sum(len(writer.acknowledged) for writer in writers) >= before + many:
            return
        sleep(0.01)
    raise AssertionError([writer.errors for writer in writers])


def counted(writers: list[Writer], kills: int, seed: int) -> None:
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    errors = sum((writer.errors for writer in writers), Counter[str]())
    print(f"\n{kills} kills, seed {seed}: {acknowledged} acknowledged, {dict(errors)}")
    assert acknowledged > kills
    assert sum(errors.values()) >= kills / 2, "the kills were felt"


@pytest.fixture
def place(postgres: Server) -> str:
    address = postgres.place()
    PostgresLedger.create(address, ZONE).close()
    return address


@pytest.mark.scaled
def test_loses_and_doubles_nothing_when_connections_are_killed(postgres: Server, place: str, thorough: bool) -> None:
    kills, done, seed = 2_000 if thorough else 40, 0, 7
    chance = Random(seed)
    with writing(place) as writers, psycopg.connect(postgres.address(), autocommit=True) as db:
        while done < kills:
            with suppress(psycopg.OperationalError):  # its own connection is closed already
                pid = chance.choice(writers).ledger._db.info.backend_pid
                done += sum(row[0] for row in db.execute("SELECT pg_terminate_backend(%s)::int", (pid,)))
            progressed(writers, 2)
            sleep(chance.uniform(0, 0.005))
    counted(writers, kills, seed)
    assert wrong_in(place, writers) == []


@pytest.mark.scaled
def test_loses_and_doubles_nothing_when_the_server_is_killed(postgres: Server, place: str, thorough: bool) -> None:
    kills, seed = 100 if thorough else 3, 8
    chance = Random(seed)
    with writing(place) as writers:
        for _ in range(kills):
            progressed(writers, 8)
            sleep(chance.uniform(0, 0.05))
            postgres.halt("immediate")
            postgres.start()
        progressed(writers, 4)
    counted(writers, kills, seed)
    assert wrong_in(place, writers) == []


def test_would_be_seen_to_lose_what_was_acknowledged_without_a_sync(
    postgres: Server, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teeth: the same with commits that the server does not wait for."""
    import candidacy.postgres

    whole = candidacy.postgres.begin_session

    def hasty(db: Any, *, wait: float, read_only: bool) -> str:
        return whole(db, wait=wait, read_only=read_only).replace("synchronous_commit = on", "synchronous_commit = off")

    monkeypatch.setattr(candidacy.postgres, "begin_session", hasty)
    postgres.halt("fast")
    postgres.start("wal_writer_delay=10s")
    try:
        with writing(place) as writers:
            progressed(writers, 30)
            for writer in writers:
                writer.stopping.set()
            postgres.halt("immediate")
        postgres.start()
    finally:
        postgres.halt("fast")
        postgres.start()
    lost = [what for what in wrong_in(place, writers) if what.startswith("lost")]
    print(f"\n{len(lost)} lost of {sum(len(writer.acknowledged) for writer in writers)}")
    assert lost


def test_would_be_seen_to_double_what_is_sent_again_under_another_id(postgres: Server, place: str) -> None:
    """Teeth: what is there twice, or not there, is found."""

    class Forgetful(PostgresLedger):
        def append(self, *given: Any, **more: Any) -> Record:
            record = super().append(*given, **more)
            raise UnknownOutcomeError(self.address, f"as if its answer were lost: {record.index}")

    with writing(place, Forgetful) as writers:
        progressed(writers, 8)  # each is answered from its record, the second time
    assert wrong_in(place, writers) == []
    writers[0].acknowledged["never-sent"] = next(iter(writers[0].acknowledged.values()))
    assert wrong_in(place, writers) == ["lost never-sent"]
    assert not verify(PostgresLedger(place, read_only=True)).ledger_failures
