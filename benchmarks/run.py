"""Every measurement in one run: ratios to a floor, paired within rounds. `make bench`, or with --quick on small ledgers.

Rates of a shared machine drift; quote ratios. Nothing here passes or fails by speed.
"""

import argparse
import os
import platform
import sqlite3
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import decisions
import replays
import starts

import paths
from candidacy import discover

PACKAGES = (
    "candidacy",
    "attrs",
    "cattrs",
    "click",
    "eventsourcing",
    "msgspec",
    "orjson",
    "pluggy",
    "psycopg",
    "structlog",
    "transitions",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("decisions", "replays", "starts", "paths"), help="one part of it")
    parser.add_argument("--quick", action="store_true", help="2,000 and 10,000 records, not up to a million; fewer rounds")
    asked = parser.parse_args()
    quick, parts = asked.quick, [asked.only] if asked.only else ["decisions", "replays", "starts", "paths"]
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, {platform.platform()}")
    print(", ".join(f"{package} {installed(package)}" for package in PACKAGES))
    print("median [least-most]; the first case of each table is the floor, ratios are taken within each round")
    with tempfile.TemporaryDirectory() as name:
        folder, registry = Path(name), discover()
        if "decisions" in parts:
            decisions.run(folder, registry, rounds=5 if quick else 15)
        if "replays" in parts:
            replays.run(folder, registry, {2_000: 3, 10_000: 3} if quick else {10_000: 7, 100_000: 3, 1_000_000: 1})
        if "starts" in parts:
            starts.run(folder, rounds=10 if quick else 20)
        if "paths" in parts:
            paths.run(folder, registry, path_rounds=1 if quick else 3, cohort_rounds=1 if quick else 3)


def installed(package: str) -> str:
    """Its version; psycopg may be left out."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    main()
