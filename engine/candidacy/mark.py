"""The mark that a ledger's file carries while a writer has it open: the numbers of the file and of its device.

A copy made meanwhile has the mark and another number: records may still have stood in the log beside the file it was
copied from. The last writer to close takes the mark away, once everything is in the file.
"""

import sqlite3
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from urllib.parse import quote

TRIES = 5
INODE, DEVICE = 2**44 - 1, 2**19 - 1
"""How much of the number of a file and of its device stands in the mark."""
NONE, OWN, FOREIGN = "none", "own", "foreign"
"""What is found: no mark; that of the very file, with its log; that of a file of which this one is a copy, or without its log."""


def lay_out(db: sqlite3.Connection) -> None:
    """Make the place of the mark, in the connection's transaction."""
    db.execute("CREATE TABLE candidacy_open (file INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO candidacy_open VALUES (0)")


def all_in_the_file(db: sqlite3.Connection, how: str) -> bool:
    """Move what stands in the log beside the file into the file; whether all of it is there now."""
    busy, logged, moved = db.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
    return not busy and logged == moved


class Mark:
    """The mark of one file."""

    def __init__(self, path: Path) -> None:
        self._path, self._log = path, path.with_name(path.name + "-wal")

    def found(self, db: sqlite3.Connection, *, log: bool = True) -> str:
        """What mark the file has that *db* has open: NONE, OWN or FOREIGN.

        The device may have got another number: after a crash, machines number their devices anew, and the file is still the one
        that was marked.

        Args:
            log: whether a log stood beside the file before it was opened. A marked file without one is none that a writer has
                open or was killed at, whatever its number: a copy was put in its place, or the log was left behind.
        """
        (number,) = db.execute("SELECT file FROM candidacy_open").fetchone() or (0,)
        if type(number) is not int:
            return FOREIGN
        same = log and number & INODE == self._number() & INODE
        return NONE if not number else OWN if same else FOREIGN

    def put(self, db: sqlite3.Connection, wait: float) -> bool:
        """Mark the file itself, not only the log beside it, before anything else is written; whether that could be done.

        A mark that is there already may stand in the log alone, if its writer was killed in between: that is made sure too.

        Args:
            wait: seconds to wait for readers of what the log holds.
        """
        if self.found(db) == NONE:
            db.execute("UPDATE candidacy_open SET file = ?", (self._number(),))
        until = monotonic() + wait
        while not all_in_the_file(db, "PASSIVE"):
            if monotonic() > until:
                return False
            sleep(0.01)
        return True

    def take_away(self) -> None:
        """Unless another one has the file open. Everything is in the file before the mark is taken away.

        Raises:
            sqlite3.Error: another one has it open, or it cannot be written: then the mark stays.
        """
        for tries in range(TRIES):
            try:
                self._take_away()
            except sqlite3.OperationalError:
                if tries == TRIES - 1 or not self._log.exists():  # without a log beside it, nobody has it open
                    raise
                sleep(uniform(0, 0.01))  # noqa: S311 (nothing is secret) one that closes in the same moment may have been in the way
            else:
                return

    def _take_away(self) -> None:
        db = sqlite3.connect(f"file:{quote(str(self._path.absolute()))}?mode=rw", uri=True, timeout=0, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=1")
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            if self.found(db) == OWN and all_in_the_file(db, "TRUNCATE"):
                db.execute("UPDATE candidacy_open SET file = 0")
                all_in_the_file(db, "TRUNCATE")
        finally:
            db.close()

    def _number(self) -> int:
        """The numbers by which the file system knows the file and the machine its device; never 0."""
        status = self._path.stat()
        return ((status.st_dev & DEVICE) << INODE.bit_length() | status.st_ino & INODE) or 1
