"""What a ledger needs of the place where it is: each setting and object, what was found, what is needed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from candidacy.address import is_address, shown
from candidacy.condition import Condition, needs
from candidacy.errors import LedgerError
from candidacy.sqlite import SETTINGS, SqliteLedger
from candidacy.table import APPLICATION, DURABLE, NEVER, OLDEST_SQLITE, one, triggers

if TYPE_CHECKING:
    from collections.abc import Iterator

MOUNTS = "/proc/self/mountinfo"
OVER_A_NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "afs",
    "9p",
    "virtiofs",
    "ceph",
    "gluster",
    "lustre",
    "gpfs",
    "beegfs",
    "fuse.sshfs",
    "davfs",
)
IN_MEMORY = {"tmpfs", "ramfs"}
LITTLE_MIB = 100
"""MiB of free space under which it is time to make room."""


def conditions(ledger: str | Path) -> list[Condition]:
    """Each condition of the ledger at a path or an address.

    Raises:
        LedgerError: there is no ledger, or it cannot be read.
    """
    return list(_of_address(str(ledger)) if is_address(ledger) else _of_file(str(ledger)))


# --- a file


def _of_file(path: str) -> Iterator[Condition]:
    with SqliteLedger(path, read_only=True) as ledger:
        db, short = ledger._db, ledger.short  # noqa: SLF001 (its own connection is what is looked at)
        version = sqlite3.sqlite_version
        oldest = ".".join(map(str, OLDEST_SQLITE))
        yield needs("SQLite", version, f"{oldest} or newer", fine=sqlite3.sqlite_version_info >= OLDEST_SQLITE)
        hosted = _pragma(db, "application_id") != APPLICATION
        mode, synchronous = ledger.journal_mode, int(_pragma(db, "synchronous"))
        least = DURABLE.get(mode, NEVER)
        needed = "wal, or another one that can be rolled back" if hosted else "wal"
        yield needs("journal_mode", mode, needed, fine=mode == "wal" or (hosted and least < NEVER))
        yield needs(
            "synchronous", synchronous, f"{least} or more" if least < NEVER else "another journal", fine=synchronous >= least
        )
        for name, value in SETTINGS.items():
            found = int(_pragma(db, name))
            yield needs(name, found, str(value), fine=found == value)
        yield _triggers(db)
        whole = "a file that no writer had open when it was copied"
        if ledger.opened:
            yield needs("reading", ledger.opened, "a place where SQLite can lay its files beside it", fine=False, otherwise="WARN")
        yield needs("mark", "that of a copy which may be short" if short else "nothing against it", whole, fine=not short)
        if ledger.unsure:
            yield needs("log", "none, although a writer left it marked as open", "one beside it", fine=False, otherwise="WARN")
    yield from _around(Path(path).resolve())


def _pragma(db: sqlite3.Connection, name: str) -> Any:
    return (one(db, f"PRAGMA main.{name}") or (0,))[0]


def _triggers(db: sqlite3.Connection) -> Condition:
    there, made, others = triggers(db)
    found = f"{there} of {made}{f', and {others} others' if others else ''}"
    return needs("triggers", found, f"the {made} that the ledger was made with", fine=there == made and not others)


def _around(path: Path) -> Iterator[Condition]:
    kind = _file_system(path)
    if kind:
        local = "one on a disk of this machine, whose locks hold"
        over_a_network = kind.startswith(OVER_A_NETWORK)
        found = f"{kind}{', over a network' * over_a_network}{', gone with the power' * (kind in IN_MEMORY)}"
        yield needs("file system", found, local, fine=found == kind, otherwise="WARN")
    free = shutil.disk_usage(path.parent).free // 2**20
    yield needs("free space", f"{free} MiB", f"{LITTLE_MIB} MiB or more", fine=free >= LITTLE_MIB, otherwise="WARN")


def _file_system(path: Path, mounts: str = MOUNTS) -> str:
    """The kind of file system a path is on; "" where it cannot be seen."""
    found = dict[Path, str]()
    with suppress(OSError):
        for line in Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines():
            before, _, after = line.partition(" - ")
            place = before.split(" ")[4].encode().decode("unicode_escape")  # a blank stands as \040
            found[Path(place)] = after.split(" ")[0]
    return next((found[folder] for folder in (path, *path.parents) if folder in found), "")


# --- an address


def _of_address(address: str) -> Iterator[Condition]:
    from candidacy import _postgres_layout as layout
    from candidacy._postgres_session import connected
    from candidacy._postgres_settings import settings, standbys_of
    from candidacy.postgres import as_ours, begin_session

    where = shown(address)
    with closing(connected(address)) as db, as_ours(db, where):
        begin_session(db, wait=1, read_only=True)
        schema = layout.schema_of(db)
        if not schema:
            raise LedgerError(f"{where}: found no ledger in it; needed one made with `candidacy new {where} --zone ZONE`")
        yield from settings(db, read_only=True)
        yield from standbys_of(db)
        yield from layout.objects(db, schema)
        yield layout.rights(db, schema)
