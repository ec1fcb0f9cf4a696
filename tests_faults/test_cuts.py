"""The power fails on a real file system: nothing acknowledged is lost. Counts and seeds are printed: ``pytest -s``."""

from collections import Counter
from pathlib import Path

import pytest

from candidacy import Registry
from faults.cuts import cut_powers
from faults.life import WRONG

CUTS, ALL_CUTS, TEETH = 4, 100, 8


OFTEN, SELDOM = 60, 4
"""How often the ledger is opened anew within the 600 commands that a writer submits at most."""


def cut(folder: Path, registry: Registry, many: int, seed: int, parts: int, *flags: str) -> Counter[str]:
    seen = cut_powers(folder, registry, many, seed, parts, *flags)
    print(f"\nseed {seed}, opened anew {parts} times {' '.join(flags)}: {dict(seen)}")
    assert seen["looked"] == many
    assert seen["acknowledged"] > many, "hardly anything was acknowledged before the power failed: this run shows nothing"
    return seen


@pytest.mark.parametrize(("seed", "parts"), [(1, OFTEN), (2, SELDOM)])
def test_loses_nothing_acknowledged_when_the_power_fails_on_ext4(
    mounts: Path, registry: Registry, thorough: bool, seed: int, parts: int
) -> None:
    seen = cut(mounts, registry, ALL_CUTS if thorough else CUTS // 2, seed, parts)
    assert {name: seen[name] for name in WRONG} == dict.fromkeys(WRONG, 0)


def test_would_be_seen_to_lose_commands_on_ext4_if_not_every_commit_were_synced(mounts: Path, registry: Registry) -> None:
    assert cut(mounts, registry, TEETH, 3, SELDOM, "loose")["lost"] > 0
