"""Cuts the power of a simulated disk again and again while a ledger lives on it, and counts what is found afterwards.

A life is lived once and everything that happens to the disk written down; then the power is cut, afterwards, at so many
points of it and in as many ways.
"""

import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from candidacy import Registry
from candidacy.ledger import first_record
from candidacy.sqlite import _make
from faults.disk import Disk, Forgot, Said
from faults.life import ZONE, Life, commands, looked_at
from faults.simulated import SimulatedDisk, connected

COMMANDS = 12
CUTS_PER_LIFE = 15
SYNCS = 40
"""Of these one fails, where one is to."""
PAGES = (1000, 12)
"""SQLite's own number of pages after which the log is moved into the file; and few, so that cuts fall into that too."""


def lived(path: Path, registry: Registry, way: SimulatedDisk, chance: Random, flags: tuple[str, ...]) -> Disk:
    """The disk that a ledger lived on."""
    way.careful = "coarse" not in flags
    disk = way.disk = Disk()
    path.unlink(missing_ok=True)
    _make(path, [first_record(ZONE)], ())
    if "failing" in flags:
        disk.fails = disk.syncs + chance.randrange(SYNCS)
    life = Life(path, registry, lambda line: disk.happened.append(Said(line)), flags)
    life.lived(commands(registry, COMMANDS))
    return disk


def cuts(registry: Registry, many: int, seed: int, *flags: str) -> Counter[str]:
    """What was found after so many power cuts."""
    chance, seen = Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, connected(lambda: chance.choice(PAGES)) as way:
        path = Path(folder) / "a.ledger"  # a file stands there, for its number; its content is on the disk in memory
        for cut in range(many):
            if not cut % CUTS_PER_LIFE:
                disk = lived(path, registry, way, chance, flags)
                first = disk.happened.index(Said("made"))
                seen["lives"] += 1
                seen["syncs that failed"] += any(isinstance(happened, Forgot) for happened in disk.happened)
            at = chance.randint(first + 1, len(disk.happened))
            way.disk = Disk(disk.cut(at, chance))
            found = looked_at(path, disk.said(at))
            found["lost in"] = bool(found["lost"])
            seen.update(found)
    return seen
