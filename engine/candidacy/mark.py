"""The mark that a ledger's file carries while a writer has it open: the numbers of the file and of its device.

A copy made meanwhile has the mark and another number: records may still have stood in the log beside the file it was
copied from. The last writer to close takes the mark away, once everything is in the file.
"""

import os
import sqlite3
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from urllib.parse import quote

TRIES, MORE = 5, 40
"""How often it is tried to take the mark away: while others have the file open, and while nobody seems to."""
INODE, DEVICE = 2**44 - 1, 2**19 - 1
"""How much of the number of a file and of its device stands in the mark."""
NONE, OWN, ALONE, FOREIGN = "none", "own", "alone", "foreign"
"""What is found: no mark; that of the very file; the same, and no log beside it; that of a file of which this one is a copy."""


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
        """What mark the file has that *db* has open: NONE, OWN, ALONE or FOREIGN.

        Args:
            log: whether a log stands beside the file. Then the device may have got another number: after a crash, machines
                number their devices anew, and the file is still the one that was marked.
        """
        (number,) = db.execute("SELECT file FROM candidacy_open").fetchone() or (0,)
        own = self._number()
        if type(number) is not int:
            return FOREIGN
        same = number == own or (log and number & INODE == own & INODE)
        return NONE if not number else FOREIGN if not same else OWN if log else ALONE

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
        for tries in range(1, MORE + 1):
            try:
                self._take_away()
            except sqlite3.OperationalError as wrong:
                busy = getattr(wrong, "sqlite_errorname", "").startswith("SQLITE_BUSY")
                if not busy or tries == MORE or (tries >= TRIES and os.access(self._log, os.F_OK)):  # else nobody has it for long
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
