"""The mark that a ledger's file carries while a writer has it open: the number by which the file system knows the file.

A copy made meanwhile has the mark and another number: records may still have stood in the log beside the file it was
copied from. The last writer to close takes the mark away, once everything is in the file.
"""

import sqlite3
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

NONE, OWN, FOREIGN = "none", "own", "foreign"
"""What is found: no mark; that of the very file; that of another file, of which this one is a copy."""


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
        self._path = path

    def found(self, db: sqlite3.Connection) -> str:
        """What mark the file has that *db* has open: NONE, OWN or FOREIGN."""
        (number,) = db.execute("SELECT file FROM candidacy_open").fetchone() or (0,)
        return NONE if not number else OWN if number == self._number() else FOREIGN

    def put(self, db: sqlite3.Connection, wait: float) -> bool:
        """Mark the file itself, not only the log beside it, before anything else is written; whether that could be done.

        Args:
            wait: seconds to wait for readers of what the log holds.
        """
        db.execute("UPDATE candidacy_open SET file = ?", (self._number(),))
        until = monotonic() + wait
        while not all_in_the_file(db, "FULL"):
            if monotonic() > until:
                return False
            sleep(0.01)
        return True

    def take_away(self) -> None:
        """Unless another one has the file open. Everything is in the file before the mark is taken away.

        Raises:
            sqlite3.Error: another one has it open, or it cannot be written: then the mark stays.
        """
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
        """The number by which the file system knows the file; never 0."""
        return (self._path.stat().st_ino & (2**63 - 1)) or 1
