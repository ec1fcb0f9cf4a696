"""A ledger in one SQLite file: WAL with ``synchronous=FULL``, asserted whenever the file is opened."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Self
from urllib.parse import quote
from zoneinfo import ZoneInfo

from candidacy.errors import CommandIdReusedError, DamagedRecordError, LedgerBusyError, LedgerError
from candidacy.ledger import Place, Row, TakenError, first_record, fitting, zone_of
from candidacy.record import Record, leaf_hash

APPLICATION = 0x43444359
"""SQLite application id of our files: "CDCY"."""
LAYOUT = 1
SECONDS_TO_WAIT = 10.0
"""How long a writer waits for another one."""
COLUMNS = "position, case_id, version, command, leaf, bytes"
PAGE = 500
"""Rows fetched at a time."""

SCHEMA = """
CREATE TABLE record (
  position INTEGER PRIMARY KEY,
  case_id TEXT,
  version INTEGER,
  command TEXT UNIQUE,
  leaf BLOB NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (case_id, version)
) STRICT;
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record BEGIN SELECT raise(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record BEGIN SELECT raise(ABORT, 'records are never removed'); END;
"""
SETTINGS = {"synchronous": 2, "secure_delete": 1, "trusted_schema": 0, "cell_size_check": 1}
"""Per connection: set, read back, and the file is not used otherwise."""


class SqliteLedger:
    """A ledger in a file. Several threads may share one; several processes may each open the file."""

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        """Open the ledger in *path*.

        Raises:
            LedgerError: no file, no ledger, not writable, or the settings that make it durable do not hold.
        """
        self.path = Path(path)
        if not self.path.is_file():
            raise LedgerError(f"{self.path}: found no ledger; needed one made with `candidacy new {self.path} --zone ZONE`")
        self._lock, self._broken = RLock(), False
        with self._translated():
            self._db = self._opened(read_only=read_only)
        try:
            self._assert_settings(read_only=read_only)
            first = self._first()
        except BaseException:
            self._db.close()
            raise
        self.id: str = first.data["ledger"]
        self.zone: ZoneInfo = zone_of(first.data["zone"])

    @classmethod
    def create(cls, path: str | Path, zone: str) -> "SqliteLedger":
        """Make a new, empty ledger in *path* and open it.

        Args:
            zone: IANA name of the time zone that says what day it is.

        Raises:
            LedgerError: something is at *path*, or it cannot be written.
            InputError: *zone* is no time zone.
        """
        path, record = Path(path), first_record(zone)
        if path.exists():
            what = "a folder" if path.is_dir() else "a file"
            raise LedgerError(f"{path}: found {what} there; needed a path where nothing is")
        making = path.with_name(f".{path.name}.{record.data['ledger']}")
        try:
            _make(making, record)
            os.link(making, path)  # whole or not at all, and never over what somebody else has made meanwhile
        except FileExistsError:
            raise LedgerError(f"{path}: found a file there; needed a path where nothing is") from None
        except OSError as wrong:
            raise LedgerError(f"{path}: cannot be written ({type(wrong).__name__})") from None
        except sqlite3.Error as wrong:
            raise LedgerError(f"{path}: cannot be written ({_named(wrong)})") from None
        finally:
            for left in (making, *(making.with_name(making.name + end) for end in ("-wal", "-shm", "-journal"))):
                left.unlink(missing_ok=True)
        return cls(path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record]) -> Record:
        """See `candidacy.ledger.Ledger.append`."""
        with self._lock, self._translated(), self._transaction():
            taken = self._one("SELECT position FROM record WHERE command = ?", command)
            if taken:
                raise CommandIdReusedError(command, taken[0])
            found, previous = self._head(case)
            if found != version:
                raise TakenError
            (index,) = self._one("SELECT max(position) + 1 FROM record") or (0,)
            record = fitting(make(Place(index, version + 1, previous)))
            row = (record.index, case, record.version, command, record.leaf, record.raw)
            self._db.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", row)
        return record

    def head(self, case: str) -> tuple[int, str]:
        """See `candidacy.ledger.Ledger.head`."""
        with self._lock, self._translated():
            return self._head(case)

    def of_case(self, case: str) -> list[Record]:
        """See `candidacy.ledger.Ledger.of_case`."""
        query = f"SELECT {COLUMNS} FROM record WHERE case_id = ? ORDER BY version"
        with self._lock, self._translated():
            return [_checked(Row(*row)) for row in self._db.execute(query, (case,)).fetchall()]

    def of_command(self, command: str) -> Record | None:
        """See `candidacy.ledger.Ledger.of_command`."""
        with self._lock, self._translated():
            row = self._one(f"SELECT {COLUMNS} FROM record WHERE command = ?", command)
        return _checked(Row(*row)) if row else None

    def rows(self) -> Iterator[Row]:
        """See `candidacy.ledger.Ledger.rows`. Rows appended while reading are read too."""
        after = -(2**63)
        query = f"SELECT {COLUMNS} FROM record WHERE position > ? ORDER BY position LIMIT ?"
        while True:
            with self._lock, self._translated():
                page = self._db.execute(query, (after, PAGE)).fetchall()
            yield from (Row(*row) for row in page)
            if len(page) < PAGE:
                return
            after = page[-1][0]

    def records(self) -> Iterator[Record]:
        """See `candidacy.ledger.Ledger.records`."""
        return (_checked(row) for row in self.rows())

    def complaints(self) -> list[str]:
        """What SQLite itself finds wrong with the file, in its own words; nothing when it is whole."""
        with self._lock, self._translated():
            return [str(row[0]) for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok"]

    # --- inside

    def _opened(self, *, read_only: bool) -> sqlite3.Connection:
        where = f"file:{quote(str(self.path.absolute()))}"
        writable = not read_only or self._wal.exists()
        db = self._connected(f"{where}?mode={'rw' if writable else 'ro'}")
        try:
            db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as wrong:
            db.close()
            if not read_only or self._wal.exists() or not _named(wrong).startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
                raise
            db = self._connected(f"{where}?mode=ro&immutable=1")  # read-only media: a WAL file opens no other way
        return db

    def _connected(self, uri: str) -> sqlite3.Connection:
        db = sqlite3.connect(uri, uri=True, timeout=SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False)
        for setting, value in SETTINGS.items():
            db.execute(f"PRAGMA {setting}={value}")
        return db

    @property
    def _wal(self) -> Path:
        return self.path.with_name(self.path.name + "-wal")

    def _assert_settings(self, *, read_only: bool) -> None:
        with self._translated():
            application, layout = self._pragma("application_id"), self._pragma("user_version")
            found = {name: self._pragma(name) for name in SETTINGS}
            journal = self._pragma("journal_mode")
        if application != APPLICATION:
            raise LedgerError(f"{self.path}: found another kind of file; needed a ledger")
        if layout != LAYOUT:
            raise LedgerError(f"{self.path}: found layout {layout}; needed layout {LAYOUT}: use another version of candidacy")
        wrong = [f"{name}={found[name]}" for name, value in SETTINGS.items() if found[name] != value]
        if journal != "wal" and not read_only:
            wrong.append(f"journal_mode={journal}")
        if wrong:
            raise LedgerError(
                f"{self.path}: found {', '.join(wrong)}; needed the settings under which nothing acknowledged is lost"
            )

    def _head(self, case: str) -> tuple[int, str]:
        row = self._one("SELECT version, leaf FROM record WHERE case_id = ? ORDER BY version DESC LIMIT 1", case)
        return (row[0], row[1].hex()) if row else (0, "")

    def _first(self) -> Record:
        first = next(self.records(), None)
        if first is None or first.index:
            raise DamagedRecordError(0, "it is not there")
        return first

    def _pragma(self, name: str) -> Any:
        return self._db.execute(f"PRAGMA {name}").fetchone()[0]

    def _one(self, query: str, *values: object) -> Any:
        return self._db.execute(query, values).fetchone()

    def _mend(self) -> None:
        """After an input or output error: close, open anew, and look whether the newest record is whole."""
        if not self._broken:
            return
        self._db.close()
        self._db = self._opened(read_only=False)
        self._assert_settings(read_only=False)
        row = self._one(f"SELECT {COLUMNS} FROM record ORDER BY position DESC LIMIT 1")
        _checked(Row(*row))
        self._broken = False

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._mend()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as ours, without a trace of the content."""
        try:
            yield
        except sqlite3.OperationalError as wrong:
            code = _named(wrong)
            if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                said = f"{self.path}: another writer has held the ledger for {SECONDS_TO_WAIT:.0f} seconds; try again"
                raise LedgerBusyError(said) from None
            if code.startswith("SQLITE_IOERR"):
                self._broken = True  # a sync that failed and is tried again on the same handle may lie
            raise LedgerError(f"{self.path}: cannot be read or written ({code})") from None
        except sqlite3.DatabaseError as wrong:
            code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
            raise LedgerError(f"{self.path}: found a file that is no sound ledger ({code})") from None


def _checked(row: Row) -> Record:
    """The record of a row, if it is what was hashed and its columns say what its bytes say."""
    if leaf_hash(row.raw) != row.leaf:
        raise DamagedRecordError(row.index, "its bytes are not those that were hashed")
    record = Record.read(row.index, row.raw)
    said = (record.data["index"], record.data.get("case"), record.data.get("version"), record.data.get("command"))
    if said != (row.index, row.case, row.version, row.command):
        raise DamagedRecordError(row.index, "its columns do not say what its bytes say")
    return record


def _make(path: Path, record: Record) -> None:
    """A whole ledger of one record in a new file."""
    if sqlite3.sqlite_version_info < (3, 37):
        raise LedgerError(f"found SQLite {sqlite3.sqlite_version}; needed 3.37 or newer")
    path.open("xb").close()
    db = sqlite3.connect(path.absolute(), isolation_level=None)
    try:
        db.execute(f"PRAGMA application_id={APPLICATION}")
        db.execute(f"PRAGMA user_version={LAYOUT}")
        (journal,) = db.execute("PRAGMA journal_mode=WAL").fetchone()
        if journal != "wal":  # SQLite says so instead of failing
            raise LedgerError(f"{path}: found journal_mode={journal}; needed wal, which this place does not take")
        db.execute("PRAGMA synchronous=FULL")
        db.executescript(f"BEGIN IMMEDIATE; {SCHEMA}")
        db.execute("INSERT INTO record VALUES (0, NULL, NULL, NULL, ?, ?)", (record.leaf, record.raw))
        db.execute("COMMIT")
        (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LedgerError(f"{path}: the new ledger could not be written to its place")
    finally:
        db.close()


def _named(wrong: sqlite3.Error) -> str:
    """SQLite's name for an error, and what it may mean."""
    code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
    full = code.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHM"))
    return f"{code}: the disk may be full" if full else code
