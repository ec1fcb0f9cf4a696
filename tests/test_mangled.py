"""Whatever a file is, importing it ends in a plain report or a clean import; killed, what it acknowledged is there.

Each harness also runs against a planted fault and must find it. Counts and seeds are printed: ``pytest -s``.
``make test-thorough`` runs the full counts.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FAULTS = Path(__file__).parent / "faults"
MOST_MEMORY = 300
"""MiB."""


def harness(name: str, *arguments: object) -> list[dict[str, Any]]:
    """What a harness printed, a line of JSON each."""
    done = subprocess.run([sys.executable, FAULTS / name, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    print("\n" + done.stdout.strip())
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.scaled
def test_reports_or_imports_whatever_file_it_is_given(tmp_path: Path, thorough: bool) -> None:
    many = 5_000 if thorough else 1_000
    (counts,) = harness("mangler.py", tmp_path, many, 1)
    wrong = ("not as foreseen", "half a transaction", "no plain report", "names echoed", "not sound")
    assert {name: counts[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert [name for name in counts if name.startswith("fault")] == []
    assert counts["imported"] + counts["reported"] == counts["csv"] + counts["xlsx"] + counts["jsonl"] == many
    assert min(counts["imported"], counts["entered"]) > many / 20, "hardly any file was good: this run shows little"
    assert counts["peak MiB"] < MOST_MEMORY


def test_would_be_seen_to_fail_at_a_sign_that_only_looks_like_a_digit(tmp_path: Path) -> None:
    (counts,) = harness("mangler.py", tmp_path, 800, 1, "careless")
    assert any(name.startswith("fault ValueError") for name in counts)


SLOW = "as many good commands as there may be.jsonl"


@pytest.mark.scaled
def test_takes_little_memory_for_the_largest_files(tmp_path: Path, thorough: bool) -> None:
    from faults.mangler import large

    names = [name for name in large() if thorough or name != SLOW]
    found = harness("mangler.py", "large", tmp_path, *names)
    assert [f["name"] for f in found] == names
    assert [f for f in found if f["peak MiB"] >= MOST_MEMORY] == []
    assert [f for f in found if f["code"] not in {0, 2} or "Traceback" in f["err"]] == []
    assert [f for f in found if f["code"] == 2 and not f["err"].startswith("candidacy: ")] == []


def test_would_be_seen_to_take_more_without_limits(tmp_path: Path) -> None:
    (found,) = harness("mangler.py", "large", tmp_path, "unbounded", "cells.xlsx")
    assert found["peak MiB"] >= MOST_MEMORY


@pytest.mark.scaled
def test_loses_nothing_acknowledged_when_an_import_is_killed_and_completes_when_run_again(tmp_path: Path, thorough: bool) -> None:
    kills = 500 if thorough else 100
    (counts,) = harness("importkiller.py", tmp_path, kills, 1)
    wrong = ("lost", "half_a_transaction", "out_of_order", "not_sound", "not_completed", "twice")
    assert {name: counts[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert counts["kills"] == kills
    assert counts["acknowledged"] > kills
    assert counts["between"] > kills / 4, "the kills hardly met an import at work: this run shows little"


def test_would_be_seen_to_lose_commands_if_it_acknowledged_before_the_commit(tmp_path: Path) -> None:
    (counts,) = harness("importkiller.py", tmp_path, 40, 2, "hasty")
    assert counts["lost"] > 0
