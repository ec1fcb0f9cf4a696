"""What a durable decision costs, beside a bare insert of the same rows, and where its time goes."""

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

from ledgers import ZONE
from paired import Case, compared, timed

import candidacy.keeping as home
from candidacy import Engine, Record, Registry, SqliteLedger
from candidacy.ledger import Place
from candidacy.table import SCHEMA

CASE = "hhs-001"
LIVES = 5
"""Played in one round, so that a round lasts long enough to be compared."""
COLUMNS = "position INTEGER PRIMARY KEY, case_id TEXT, version INTEGER, command TEXT, leaf BLOB, bytes BLOB"
BARE = f"CREATE TABLE candidacy_record ({COLUMNS})"


def run(folder: Path, registry: Registry, rounds: int) -> None:
    life = [json.dumps(command) for command in registry.caseloads["hhs"]() if command["case"] == CASE]
    names = count()

    def commands() -> list[str]:
        """The lives of some candidates from selection to appointment, under new names."""
        cases = [f"life-{next(names)}" for _ in range(LIVES)]
        return [command.replace(f'"{CASE}', f'"{case}') for case in cases for command in life]

    with (
        closing(_database(folder / "bare.db", BARE)) as bare,
        closing(_database(folder / "indexed.db", ";".join(SCHEMA))) as indexed,
        SqliteLedger.create(folder / "decisions.ledger", ZONE) as ledger,
    ):
        engine = Engine(ledger, registry)
        rows = [_row(engine.submit(command).record) for command in commands()]
        cases = {
            "bare insert, WAL, synchronous=FULL": inserts(bare, rows),
            "insert into the ledger's own table": inserts(indexed, rows),
            "Engine.submit": submits(lambda: engine, commands),
            "Engine.submit, no case remembered": submits(lambda: Engine(ledger, registry), commands),
        }
        size = sum(len(row[-1]) for row in rows) // len(rows)
        title = (
            f"A durable decision: {len(life)} commands of each of {LIVES} HHS candidates, one a transaction, {size} bytes a record"
        )
        compared(title, cases, rounds, per=len(rows), unit="command")
    _shares(folder, registry, [commands() for _ in range(rounds)])


def _row(record: Record) -> tuple[int, str, int, str, bytes, bytes]:
    return record.index, record.case, record.version, record.command, record.leaf, record.raw


def submits(engine: Callable[[], Engine], commands: Callable[[], list[str]]) -> Case:
    def case() -> float:
        fresh = commands()
        return timed(lambda: [engine().submit(command) for command in fresh])()

    return case


def _database(path: Path, schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.executescript(schema)
    return db


def inserts(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> Case:
    """The same rows again and again, one a transaction, under new positions, cases and commands."""
    positions, runs = count(), count()

    def insert(row: tuple[Any, ...]) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", row)
        db.execute("COMMIT")

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

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record]) -> Record:
        with self.watch.part("append: transaction"):
            return super().append(case, version, command, self.watch.watched("append: make the record", make))

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
                (home, "fold", "fold"),
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
