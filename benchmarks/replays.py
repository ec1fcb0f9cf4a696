"""What verifying, replaying and auditing cost beside the least that any reader must do, and beside the peers.

The least is to read rows, decode them with orjson and hash them. What `verify` must do beyond that is measured part by part:
fetching all columns, decoding strictly, writing anew to see that the bytes are the canonical ones, and hashing. The peers' part
ends at the state of every case; see `peers`. Memory is the most that a fresh process took, Python and imports included.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
import peers
from ledgers import grown
from paired import Case, heading, line, measured, ratios, timed

from candidacy import Registry, SqliteLedger, audit, discover, replay, verify
from candidacy import form as forms
from candidacy.record import leaf_hash

PARTS = (
    "  of it: all columns as rows",
    "  of it: decoding, strictly",
    "  of it: writing anew (canonical form)",
    "  of it: hashing",
)
LEAST = "  these four together"
PEERS = ("eventsourcing: the same aggregates rebuilt", "transitions: the same moves driven")
PEAK = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import replays
replays.WORK[sys.argv[2]](Path(sys.argv[3]))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def run(folder: Path, registry: Registry, sizes: dict[int, int]) -> None:
    """*sizes*: how many rounds at how many records. The peers are measured up to 100,000 records."""
    costs: dict[int, dict[str, float]] = {}
    for records, rounds in sizes.items():
        path = grown(folder / f"{records}.ledger", registry, records)
        cases: dict[str, Case] = {
            "floor: rows + orjson + sha256": timed(lambda path=path: floor(path)),
            "verify": timed(lambda path=path: _sound(path)),
            **_parts(path),
            "replay to states": timed(lambda path=path: _states(path)),
            "audit": timed(lambda path=path: identical(path, registry)),
            **_peers(folder, path, records),
        }
        seconds = measured(cases, rounds)
        seconds = _with_their_sum(seconds)
        megabytes = path.stat().st_size / 1e6
        heading(f"Replay of {records:,} records ({megabytes:.0f} MB, {rounds} rounds)", "record")
        for name, taken in seconds.items():
            line(name, [s / records for s in taken], ratios(seconds, name))
        print("  how many times as long as replaying to states the peers took:")
        for name in PEERS:
            if name in seconds:
                line(name, [s / records for s in seconds[name]], ratios(seconds, name, "replay to states"))
        peak = {name: _peak(name, path) for name in WORK}
        print("  most memory, MiB: " + ", ".join(f"{name} {mib:.0f}" for name, mib in peak.items()))
        costs[records] = {n: median(taken) / records for n, taken in seconds.items() if n not in {*PEERS, *PARTS, LEAST}}
        path.unlink()
    _growth(costs)


def _parts(path: Path) -> dict[str, Case]:
    """What of `verify` no verifier can leave out, each part by itself."""
    decode = forms._decoded  # noqa: SLF001 (without what is looked at besides)
    work: list[tuple[Callable[[Any], object], Callable[[bytes], object]]] = [
        (decode, bytes),
        (forms.written, decode),
        (leaf_hash, bytes),
    ]
    return dict(zip(PARTS, [timed(lambda: _fetched(path)), *(_timed_alone(path, *each) for each in work)], strict=True))


def _fetched(path: Path) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        for _ in ledger.rows():
            pass


def _timed_alone(path: Path, work: Callable[[Any], object], first: Callable[[bytes], object]) -> Case:
    """The seconds of *work* on what *first* makes of a record's bytes, record 0, which has another form, left out."""

    def case() -> float:
        took = 0.0
        with SqliteLedger(path, read_only=True) as ledger:
            for row in islice(ledger.rows(), 1, None):
                given = first(row.raw)
                begun = perf_counter()
                work(given)
                took += perf_counter() - begun
        return took

    return case


def _with_their_sum(seconds: dict[str, list[float]]) -> dict[str, list[float]]:
    """With a line for the parts together, behind them, round by round."""
    found = {}
    for name, taken in seconds.items():
        found[name] = taken
        if name == PARTS[-1]:
            found[LEAST] = [sum(each) for each in zip(*(seconds[part] for part in PARTS), strict=True)]
    return found


def _peers(folder: Path, path: Path, records: int) -> dict[str, Case]:
    if records > 100_000:
        return {}
    states = _states(path)
    application, ids = peers.aggregates(folder / f"{records}.eventsourcing", path)
    machine = peers.machine_of(path)

    def rebuilt() -> None:
        must(peers.rebuilt(application, ids) == states, "the same states rebuilt")

    def driven() -> None:
        must(peers.driven(machine, path) == states, "the same states driven")

    return {PEERS[0]: timed(rebuilt), PEERS[1]: timed(driven)}


def _growth(costs: dict[int, dict[str, float]]) -> None:
    """What a record costs in a ledger beside what it costs in the next smaller one."""
    sizes = sorted(costs)
    for less, more in pairwise(sizes):
        grown_by = ", ".join(f"{name.partition(':')[0]} {costs[more][name] / costs[less][name]:.2f}" for name in costs[more])
        print(f"\nCost of a record at {more:,} beside that at {less:,}: {grown_by}")


def _peak(name: str, path: Path) -> float:
    """MiB that a process of its own took at most."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(Path(__file__).parent), name, str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def floor(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        for leaf, raw in db.execute("SELECT leaf, bytes FROM candidacy_record ORDER BY position"):
            orjson.loads(raw)
            must(sha256(b"\0" + raw).digest() == leaf, "a leaf hash")


def _sound(path: Path) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        must(verify(ledger).sound, "a sound ledger")


def _states(path: Path) -> dict[str, str]:
    with SqliteLedger(path, read_only=True) as ledger:
        return {status.case: status.state for status in replay(ledger)}


def identical(path: Path, registry: Registry) -> None:
    with SqliteLedger(path, read_only=True) as ledger:
        must(audit(ledger, registry).answer == "identical", "an identical audit")


def _audited(path: Path) -> None:
    identical(path, discover())


WORK = {"floor": floor, "verify": _sound, "replay to states": _states, "audit": _audited}
"""What memory is measured of."""


def must(so: bool, what: str) -> None:  # noqa: FBT001 (said beside it)
    if not so:
        raise SystemExit(f"this run measures nothing: {what} was needed")
