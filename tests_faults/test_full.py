"""The disk is full: what was acknowledged stays, reading goes on, and writing goes on when there is space again."""

from collections import Counter
from pathlib import Path

import pytest

from candidacy import Registry
from faults.full import ALSO_WRONG, fulls
from faults.life import WRONG

SIZES, ALL_SIZES, TEETH = 6, 100, 4


def filled_up(folder: Path, registry: Registry, many: int, seed: int, kind: str = "") -> Counter[str]:
    seen = fulls(folder, registry, many, seed, kind)
    print(f"\nseed {seed} {kind}: {dict(seen)}")
    assert seen["sizes"] == many
    assert seen["acknowledged"] > many, "hardly anything was acknowledged before the disk was full: this run shows nothing"
    assert seen["too small for a ledger"] < many / 2
    return seen


def test_keeps_what_it_acknowledged_reads_on_and_resumes_on_disks_of_many_sizes(
    mounts: Path, registry: Registry, thorough: bool
) -> None:
    seen = filled_up(mounts, registry, ALL_SIZES if thorough else SIZES, 1)
    assert {name: seen[name] for name in (*WRONG, *ALSO_WRONG)} == dict.fromkeys((*WRONG, *ALSO_WRONG), 0)
    assert seen["read alone"] > 0, "no disk had so little room that a reader was alone"


def test_would_be_seen_to_stop_reading_if_a_reader_could_not_do_without_a_file_beside(
    mounts: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("candidacy.sqlite.NO_ROOM", "never")
    assert filled_up(mounts, registry, SIZES, 1)["reads stopped"] > 0


def test_would_be_seen_to_lose_commands_on_a_full_disk_if_they_were_acknowledged_before_the_commit(
    mounts: Path, registry: Registry
) -> None:
    assert filled_up(mounts, registry, TEETH, 2, "hasty")["lost"] > 0
