"""What verifying, replaying and auditing cost beside the least that any reader must do, and beside the peers.

The least is to read rows, decode them with orjson and hash them. The peers' part ends at the state of every case; see
`peers`. Memory is the most that a fresh process took, Python and imports included.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from statistics import median

import orjson
import peers
from ledgers import grown
from paired import Case, heading, line, measured, ratios, timed

from candidacy import Registry, SqliteLedger, audit, discover, replay, verify

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
            "replay to states": timed(lambda path=path: _states(path)),
            "audit": timed(lambda path=path: identical(path, registry)),
            **_peers(folder, path, records),
        }
        seconds = measured(cases, rounds)
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
        costs[records] = {name: median(taken) / records for name, taken in seconds.items() if name not in PEERS}
        path.unlink()
    _growth(costs)


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
