"""What `verify` and `audit` cost beside the least that any reader must do: rows, orjson, sha256."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import orjson
from ledgers import grown
from paired import compared, timed

from candidacy import Registry, SqliteLedger, audit, verify


def run(folder: Path, registry: Registry, sizes: dict[int, int]) -> None:
    """*sizes*: how many rounds at how many records."""
    for records, rounds in sizes.items():
        path = grown(folder / f"{records}.ledger", registry, records)
        megabytes = path.stat().st_size / 1e6
        cases = {
            "floor: rows + orjson + sha256": timed(lambda path=path: floor(path)),
            "verify": timed(lambda path=path: _sound(path)),
            "audit": timed(lambda path=path: identical(path, registry)),
        }
        title = f"Replay of {records:,} records ({megabytes:.0f} MB)"
        compared(title, cases, rounds, per=records, unit="record")


def floor(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        for leaf, raw in db.execute("SELECT leaf, bytes FROM candidacy_record ORDER BY position"):
            orjson.loads(raw)
            must(sha256(b"\0" + raw).digest() == leaf, "a leaf hash")


def _sound(path: Path) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        must(verify(ledger).sound, "a sound ledger")


def identical(path: Path, registry: Registry) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        must(audit(ledger, registry).answer == "identical", "an identical audit")


def must(so: bool, what: str) -> None:  # noqa: FBT001 (said beside it)
    if not so:
        raise SystemExit(f"this run measures nothing: {what} was needed")
