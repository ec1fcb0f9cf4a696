"""Ledgers to measure on: the caseloads of the installed agencies, as often as it takes."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice, repeat
from pathlib import Path

from candidacy import Engine, MemoryLedger, Record, Registry, SqliteLedger

ZONE = "America/New_York"


def played(registry: Registry) -> list[Record]:
    """Every caseload, judged once."""
    ledger = MemoryLedger(ZONE)
    engine = Engine(ledger, registry)
    for caseload in registry.caseloads.values():
        for command in caseload():
            engine.submit(command)
    return [record for record in ledger.records() if record.index]


def grown(path: Path, registry: Registry, records: int) -> Path:
    """A ledger of so many records and record 0: the same lives again and again under other names."""
    return written(path, repeat(played(registry)), records)


def written(path: Path, told: Iterable[Sequence[Record]], records: int | None = None) -> Path:
    """A ledger of what is told, one telling after another, each under names of its own; of so many records at most.

    They are not judged anew, only named and chained anew; `verify` and `audit` find them sound and identical.
    """
    SqliteLedger.create(path, ZONE).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        (first,) = db.execute("SELECT bytes FROM candidacy_record").fetchone()
        rows = islice(_copies(told, json.loads(first)["ledger"]), records)
        db.execute("BEGIN")
        db.executemany("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", rows)
        db.execute("COMMIT")
    return path


def _copies(told: Iterable[Sequence[Record]], ledger: str) -> Iterator[tuple[int, str, int, str, bytes, bytes]]:
    index = count(1)
    for copy, records in enumerate(told):
        heads: dict[str, str] = {}
        for record in records:
            case = f"{record.case}x{copy}"
            data = json.loads(record.raw.replace(f'"{record.case}'.encode(), f'"{case}'.encode()))
            named = Record.make({**data, "index": next(index), "ledger": ledger, "previous": heads.get(case, "")})
            heads[case] = named.leaf.hex()
            yield named.index, named.case, named.version, named.command, named.leaf, named.raw
