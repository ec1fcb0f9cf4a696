"""The power fails: on a simulated disk that loses, reorders and tears what was not synced, nothing acknowledged is lost.

The ledger's own code lives there, with its own settings; see `faults.simulated` for what differs from Python's SQLite. Counts
and seeds are printed: ``pytest -s``.
"""

from collections import Counter
from random import Random

import pytest

from candidacy import Registry
from faults.disk import SECTOR, Cropped, Disk, Wrote
from faults.life import WRONG
from faults.power import cuts

CUTS, ALL_CUTS = 150, 5_000
"""With each seed."""
TEETH = 300


def counted(registry: Registry, many: int, seed: int, *flags: str) -> Counter[str]:
    seen = cuts(registry, many, seed, *flags)
    print(f"\nseed {seed} {' '.join(flags)}: {dict(seen)}")
    assert seen["looked"] == many
    assert seen["acknowledged"] > many, "hardly anything was acknowledged before the power failed: this run shows nothing"
    return seen


def wrong(seen: Counter[str]) -> dict[str, int]:
    return {name: seen[name] for name in WRONG if seen[name]}


@pytest.mark.scaled
@pytest.mark.parametrize("seed", [1, 2])
def test_loses_nothing_acknowledged_when_the_power_fails(registry: Registry, thorough: bool, seed: int) -> None:
    seen = counted(registry, ALL_CUTS if thorough else CUTS, seed)
    assert seen["unacknowledged"] > 0, "no cut fell between a commit and its acknowledgement: this run shows little"
    assert not wrong(seen)


@pytest.mark.scaled
@pytest.mark.parametrize("seed", [3])
def test_loses_nothing_acknowledged_where_a_write_spoils_its_whole_sector_size(
    registry: Registry, thorough: bool, seed: int
) -> None:
    assert not wrong(counted(registry, ALL_CUTS if thorough else CUTS, seed, "coarse"))


@pytest.mark.scaled
@pytest.mark.parametrize(("seed", "kind"), [(4, "fine"), (5, "fine")])
def test_loses_nothing_acknowledged_when_a_sync_has_failed_before_and_its_data_are_gone(
    registry: Registry, thorough: bool, seed: int, kind: str
) -> None:
    seen = counted(registry, ALL_CUTS if thorough else CUTS, seed, "failing", kind)
    assert seen["syncs that failed"] > 0
    assert seen["errors"] > 0, "no command was answered with an error"
    assert not wrong(seen)


def test_would_be_seen_to_lose_commands_if_not_every_commit_were_synced(registry: Registry) -> None:
    assert counted(registry, TEETH, 6, "loose")["lost"] > 0


def test_would_be_seen_to_lose_commands_if_they_were_acknowledged_before_the_commit(registry: Registry) -> None:
    seen = cuts(registry, TEETH, 7, "hasty")
    print(f"\n{dict(seen)}")
    assert seen["lost"] > 0


def test_would_be_seen_to_lose_commands_if_the_connection_were_kept_after_a_sync_that_failed(registry: Registry) -> None:
    assert counted(registry, TEETH * 3, 12, "failing", "coarse", "unmended")["lost"] > 0


# --- the disk itself


def left(*pieces: Wrote | Cropped, synced: bool, cuts: int = 200) -> set[bytes]:
    """What is left of a file after a power cut, in so many cuts."""
    disk = Disk({"a": bytes(2 * SECTOR)})
    for piece in pieces:
        disk.changed(piece)
    if synced:
        disk.synced(0, names=False)
    chance = Random(1)
    return {disk.cut(len(disk.happened), chance)["a"] for _ in range(cuts)}


WHOLE = Wrote(0, 0, b"x" * 2 * SECTOR)


def test_keeps_on_the_simulated_disk_what_was_synced_and_loses_tears_and_keeps_what_was_not() -> None:
    old, new = bytes(SECTOR), b"x" * SECTOR
    assert left(WHOLE, synced=True) == {new + new}
    assert left(WHOLE, synced=False) == {old + old, new + new, old + new, new + old}


def test_reorders_on_the_simulated_disk_what_was_not_synced() -> None:
    one, other = Wrote(0, 0, b"1"), Wrote(0, SECTOR, b"2")
    seen = {(content[0:1], content[SECTOR : SECTOR + 1]) for content in left(one, other, synced=False)}
    assert (b"\0", b"2") in seen
    assert len(left(Cropped(0, 0), one, synced=False)) == 4


def test_forgets_on_the_simulated_disk_a_name_whose_directory_was_not_synced() -> None:
    disk = Disk()
    disk.made("a")
    disk.synced(0, names=False)
    chance = Random(1)
    assert {"a" in disk.cut(2, chance) for _ in range(100)} == {True, False}
    disk.synced(0, names=True)
    assert {"a" in disk.cut(4, chance) for _ in range(100)} == {True}
