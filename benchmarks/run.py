"""Every measurement in one run: ratios to a floor, paired within rounds. `make bench`, or with --quick on small ledgers.

Rates of a shared machine drift; quote ratios. Nothing here passes or fails by speed.
"""

import argparse
import os
import platform
import sqlite3
import tempfile
from importlib.metadata import version
from pathlib import Path

import decisions
import replays
import starts

import paths
from candidacy import discover

PACKAGES = ("candidacy", "attrs", "cattrs", "click", "orjson", "pluggy", "structlog", "transitions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="2,000 and 10,000 records, not 10,000 and 100,000; fewer rounds")
    quick = parser.parse_args().quick
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, {platform.platform()}")
    print(", ".join(f"{package} {version(package)}" for package in PACKAGES))
    print("median [least-most]; the first case of each table is the floor, ratios are taken within each round")
    with tempfile.TemporaryDirectory() as name:
        folder, registry = Path(name), discover()
        decisions.run(folder, registry, rounds=5 if quick else 15)
        replays.run(folder, registry, {2_000: 3, 10_000: 3} if quick else {10_000: 7, 100_000: 3})
        starts.run(folder, rounds=10 if quick else 20)
        paths.run(folder, registry, path_rounds=1 if quick else 3, cohort_rounds=1 if quick else 3)


if __name__ == "__main__":
    main()
