"""What a durable decision costs, beside a bare insert of the same rows and beside a peer, and where its time goes.

In SQLite and in PostgreSQL. Which of two things is quicker hangs on the disk: what is not synced costs the same on every one.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
import peers
from ledgers import ZONE
from paired import Case, measured, spread, table, timed, times_over
from servers import server

import candidacy.cases as standing
import candidacy.keeping as home
from candidacy import Engine, PostgresLedger, Record, Registry, SqliteLedger
from candidacy.ledger import Ledger, Place
from candidacy.table import SCHEMA

CASE = "hhs-001"
LIVES = 5
"""Played in one round, so that a round lasts long enough to be compared."""
COLUMNS = "position INTEGER PRIMARY KEY, case_id TEXT, version INTEGER, command TEXT, leaf BLOB, bytes BLOB"
BARE = f"CREATE TABLE candidacy_record ({COLUMNS})"


SUBMIT, PEER = "Engine.submit", "eventsourcing: one event saved"


def run(folder: Path, registry: Registry, rounds: int) -> None:
    life = [json.dumps(command) for command in registry.caseloads["hhs"]() if command["case"] == CASE]
    names = count()

    def commands() -> list[str]:
        """The lives of some candidates from selection to appointment, under new names."""
        cases = [f"life-{next(names)}" for _ in range(LIVES)]
        return [command.replace(f'"{CASE}', f'"{case}') for case in cases for command in life]

    _in_sqlite(folder, registry, commands, rounds)
    _in_postgres(registry, commands, rounds)
    _shares(folder, registry, [commands() for _ in range(rounds)])


def _in_sqlite(folder: Path, registry: Registry, commands: Callable[[], list[str]], rounds: int) -> None:
    with (
        closing(_database(folder / "bare.db", BARE)) as bare,
        closing(_database(folder / "indexed.db", ";".join(SCHEMA))) as indexed,
        SqliteLedger.create(folder / "decisions.ledger", ZONE) as ledger,
        SqliteLedger.create(folder / "appends.ledger", ZONE) as appended,
    ):
        engine, application = Engine(ledger, registry), peers.application_at(folder / "decisions.eventsourcing")
        rows = [_row(engine.submit(command).record) for command in commands()]
        cases = {
            "bare insert, WAL, synchronous=FULL": inserts(bare, rows),
            "insert into the ledger's own table": inserts(indexed, rows),
            "Ledger.append of records made before": appends(appended, rows),
            SUBMIT: submits(lambda: engine, commands),
            "Engine.submit, no case remembered": submits(lambda: Engine(ledger, registry), commands),
            PEER: saves(application, rows),
        }
        seconds = _compared("SQLite", rows, cases, rounds)
        over = [peer / ours for peer, ours in zip(seconds[PEER], seconds[SUBMIT], strict=True)]
        print(f"  {SUBMIT} beside {PEER} ({peers.pragmas(application)}): {spread(over, times_over)} times its rate")
        application.close()


def _in_postgres(registry: Registry, commands: Callable[[], list[str]], rounds: int) -> None:
    with server() as running, ExitStack() as stack:
        if running is None:
            return
        import psycopg

        ledger, appended = (stack.enter_context(PostgresLedger.create(running.place(), ZONE)) for _ in range(2))
        bare, joined = (stack.enter_context(psycopg.connect(running.place(), autocommit=True)) for _ in range(2))
        for db in (bare, joined):
            db.execute("SET synchronous_commit = on")
            db.execute(BARE.replace("INTEGER", "bigint").replace("BLOB", "bytea").encode())
        engine = Engine(ledger, registry)
        rows = [_row(engine.submit(command).record) for command in commands()]
        cases = {
            "bare insert, synchronous_commit=on": pours(bare, rows, joined=False),
            "the same between BEGIN and COMMIT": pours(joined, rows, joined=True),
            "Ledger.append of records made before": appends(appended, rows),
            SUBMIT: submits(lambda: engine, commands),
            "Engine.submit, no case remembered": submits(lambda: Engine(ledger, registry), commands),
        }
        _compared(f"PostgreSQL {bare.info.server_version // 10_000}", rows, cases, rounds)


def _compared(database: str, rows: list[tuple[Any, ...]], cases: dict[str, Case], rounds: int) -> dict[str, list[float]]:
    size = sum(len(row[-1]) for row in rows) // len(rows)
    lives = f"{len(rows) // LIVES} commands of each of {LIVES} HHS candidates, one a transaction, {size} bytes a record"
    seconds = measured(cases, rounds)
    table(f"A durable decision in {database}: {lives}", seconds, per=len(rows), unit="command")
    floor = next(iter(seconds.values()))
    for name in ("Ledger.append of records made before", SUBMIT):
        rate = [least / took for least, took in zip(floor, seconds[name], strict=True)]
        print(f"  {name}: {spread(rate, times_over)} of the bare insert's rate")
    return seconds


def _row(record: Record) -> tuple[int, str, int, str, bytes, bytes]:
    return record.index, record.case, record.version, record.command, record.leaf, record.raw


def submits(engine: Callable[[], Engine], commands: Callable[[], list[str]]) -> Case:
    def case() -> float:
        fresh = commands()
        return timed(lambda: [engine().submit(command) for command in fresh])()

    return case


def appends(ledger: Ledger, rows: list[tuple[Any, ...]]) -> Case:
    """The same bytes through the ledger alone, under new places, cases and commands; such a ledger is not sound."""
    runs, records = count(), [(version, orjson.loads(raw), raw) for _, _, version, _, _, raw in rows]

    def case() -> float:
        run = next(runs)
        fresh = [
            (version, {**d, "case": f"{d['case']}{run}", "command": f"{d['command']}{run}"}, raw) for version, d, raw in records
        ]

        def append(version: int, data: dict[str, Any], raw: bytes) -> None:
            ledger.append(data["case"], version - 1, data["command"], lambda place: Record(raw, {**data, "index": place.index}))

        return timed(lambda: [append(*each) for each in fresh])()

    return case


def saves(application: Any, rows: list[tuple[Any, ...]]) -> Case:
    """What the records hold, as events of theirs, one saved after the other; each case's aggregate is there already."""
    told = [(name, orjson.loads(raw)) for _, name, _, _, _, raw in rows]
    runs = count()

    def case() -> float:
        run = next(runs)
        kept = {name: peers.Kept(name=f"{name}{run}", state="not begun") for name, _ in told}
        application.save(*kept.values())

        def save(name: str, data: dict[str, Any]) -> None:
            kept[name].record(data=data)
            application.save(kept[name])

        return timed(lambda: [save(*each) for each in told])()

    return case


def pours(db: Any, rows: list[tuple[Any, ...]], *, joined: bool) -> Case:
    """As `inserts`, into PostgreSQL; each statement is prepared by psycopg, and a commit in itself unless *joined*."""
    insert = "INSERT INTO candidacy_record VALUES (%s, %s, %s, %s, %s, %s)"

    def alone(row: tuple[Any, ...]) -> None:
        db.execute(insert, row)

    def together(row: tuple[Any, ...]) -> None:
        db.execute("BEGIN")
        db.execute(insert, row)
        db.execute("COMMIT")

    return repeated(rows, together if joined else alone)


def _database(path: Path, schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.executescript(schema)
    return db


def inserts(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> Case:
    """The same rows again and again, one a transaction."""

    def insert(row: tuple[Any, ...]) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", row)
        db.execute("COMMIT")

    return repeated(rows, insert)


def repeated(rows: list[tuple[Any, ...]], insert: Callable[[tuple[Any, ...]], None]) -> Case:
    """The same rows again and again, under new positions, cases and commands."""
    positions, runs = count(), count()

    def case() -> float:
        run = next(runs)
        fresh = [(next(positions), f"{name}{run}", version, f"{id_}{run}", leaf, raw) for _, name, version, id_, leaf, raw in rows]
        return timed(lambda: [insert(row) for row in fresh])()

    return case


# --- where the time goes


class Watch:
    """Seconds by part, each without the parts inside it."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._inside = [0.0]

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        begun = perf_counter()
        self._inside.append(0.0)
        yield
        took = perf_counter() - begun
        self.seconds[name] += took - self._inside.pop()
        self._inside[-1] += took

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return run


class WatchedLedger(SqliteLedger):
    """Its transaction without the record that is made inside it, and its reading."""

    watch: Watch

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], *, connection: Any = None) -> Record:
        with self.watch.part("append: transaction"):
            made = self.watch.watched("append: make the record", make)
            return super().append(case, version, command, made, connection=connection)

    def head(self, case: str) -> tuple[int, str]:
        with self.watch.part("look up command and head"):
            return super().head(case)

    def of_case(self, case: str) -> list[Record]:
        with self.watch.part("fold: read the records"):
            return super().of_case(case)

    def of_command(self, command: str) -> Record | None:
        with self.watch.part("look up command and head"):
            return super().of_command(command)


def _shares(folder: Path, registry: Registry, rounds: list[list[str]]) -> None:
    SqliteLedger.create(folder / "shares.ledger", ZONE).close()
    shares = []
    for commands in rounds:
        with WatchedLedger(folder / "shares.ledger") as ledger, ExitStack() as stack:
            ledger.watch = watch = Watch()
            for owner, name, part in (
                (home, "decide", "decide"),
                (standing, "fold", "fold"),
                (home, "after", "fold"),
                (home, "at_the_door", "the door"),
                (registry.codec, "examine_command", "read the document"),
            ):
                stack.enter_context(_replaced(owner, name, watch.watched(part, getattr(owner, name))))
            engine = Engine(ledger, registry)
            for command in commands:
                with watch.part("the rest"):
                    engine.submit(command)
        shares.append({part: seconds / watch.seconds.total() for part, seconds in watch.seconds.items()})
    print("\n  where the time of a decision goes (median of the shares of each round)")
    for part in sorted(shares[0], key=lambda p: -median(s[p] for s in shares)):
        print(f"    {part:<28} {median(s[part] for s in shares):6.1%}")


@contextmanager
def _replaced(owner: object, name: str, function: Callable[..., Any]) -> Iterator[None]:
    vars(owner)[name], before = function, vars(owner).get(name)
    try:
        yield
    finally:
        if before is None:
            del vars(owner)[name]
        else:
            vars(owner)[name] = before
