"""The table of records in an SQLite database, and a ledger on it. Files, settings and their marks are `candidacy.sqlite`'s."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, starmap
from operator import attrgetter
from pathlib import Path
from threading import RLock
from typing import Self
from zoneinfo import ZoneInfo

from candidacy.errors import CommandIdReusedError, DamagedRecordError, LedgerBusyError, LedgerError
from candidacy.ledger import Place, Row, TakenError, checked, first_record, fitting, newly_kept, row_of, zone_of
from candidacy.record import Record

COLUMNS = "position, case_id, version, command, leaf, bytes"
NEVER = 99
INDEXES = range(2**63)
PAGE = 500
"""Rows fetched at a time."""
SCHEMA = (
    """CREATE TABLE candidacy_record (
  position INTEGER PRIMARY KEY,
  case_id TEXT,
  version INTEGER,
  command TEXT UNIQUE,
  leaf BLOB NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (case_id, version)
) STRICT""",
    """CREATE TRIGGER candidacy_record_is_never_changed BEFORE UPDATE ON candidacy_record
BEGIN SELECT raise(ABORT, 'records are never changed'); END""",
    """CREATE TRIGGER candidacy_record_is_never_removed BEFORE DELETE ON candidacy_record
BEGIN SELECT raise(ABORT, 'records are never removed'); END""",
)
CHECKPOINTS = (
    "CREATE TABLE candidacy_checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT",
    """CREATE TRIGGER candidacy_checkpoint_is_never_changed BEFORE UPDATE ON candidacy_checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are never changed'); END""",
    """CREATE TRIGGER candidacy_checkpoint_is_never_removed BEFORE DELETE ON candidacy_checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are never removed'); END""",
)
"""Made with the first checkpoint: a ledger without the table has none."""
OLDEST_SQLITE = (3, 37)
"""The first version that knows STRICT tables."""
DURABLE_OTHERWISE = 3
DURABLE = {"wal": 2, "delete": 3, "truncate": 3, "persist": 3, "memory": 0}
"""The least `synchronous` under which a commit survives a power cut, by journal mode; no other mode can be rolled back."""
APPLICATION = 0x43444359
"""SQLite application id of a ledger's own file: "CDCY"."""


def lay_out(db: sqlite3.Connection) -> None:
    """Make the table, in the connection's transaction."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise LedgerError(f"found SQLite {sqlite3.sqlite_version}; needed 3.37 or newer")
    for statement in SCHEMA:
        db.execute(statement)


def insert(db: sqlite3.Connection, record: Record) -> None:
    """One more record."""
    put(db, row_of(record))


def put_checkpoint(db: sqlite3.Connection, size: int, note: str) -> None:
    """One more checkpoint, in the connection's transaction; the table is made for the first one.

    Raises:
        LedgerError: another one is kept for that size, or the table is not laid out as it is made.
    """
    there = has_checkpoints(db)
    before = one(db, "SELECT note FROM main.candidacy_checkpoint WHERE size = ?", size) if there else None
    if not newly_kept(size, note, before and before[0]):
        return
    for statement in () if there else CHECKPOINTS:
        db.execute(statement)
    db.execute("INSERT INTO main.candidacy_checkpoint VALUES (?, ?)", (size, note))


def has_checkpoints(db: sqlite3.Connection) -> bool:
    """Whether there is a table of checkpoints.

    Raises:
        LedgerError: it is not laid out as it is made.
    """
    made = one(db, "SELECT type, sql FROM main.sqlite_schema WHERE name = 'candidacy_checkpoint'")
    if made is not None and (made[0], str(made[1]).split()) != ("table", CHECKPOINTS[0].split()):
        raise LedgerError("table candidacy_checkpoint: found it laid out in another way; needed it as it is made")
    return made is not None


def put(db: sqlite3.Connection, row: Row) -> None:
    """One more row."""
    values = row.index, row.case, row.version, row.command, row.leaf, row.raw
    db.execute("INSERT INTO main.candidacy_record VALUES (?, ?, ?, ?, ?, ?)", values)


def one(db: sqlite3.Connection, query: str, *values: object) -> tuple[object, ...] | None:
    """The first row that *query* gives."""
    found: tuple[object, ...] | None = run(db, query, *values).fetchone()
    return found


def run(db: sqlite3.Connection, query: str, *values: object) -> sqlite3.Cursor:
    """A query whose rows are tuples, whatever rows the host has its connection make."""
    cursor = db.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


class TableLedger:
    """A ledger on one connection, inside a transaction that somebody else began and will end."""

    joins = True
    """Whether what is appended is only kept when somebody else commits."""

    def __init__(self, db: sqlite3.Connection, where: str = "the host's database", *, ledger: str = "") -> None:
        """A ledger on *db*.

        Args:
            where: what messages call it.
            ledger: the id that is expected; "" for any.

        Raises:
            LedgerError: there is no ledger in it, or another one.
        """
        self._db, self._where, self._lock = db, where, RLock()
        with self._translated():
            there = one(db, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'candidacy_record'")
            if there == (0,):
                raise LedgerError(f"{where}: found no ledger in it; needed one that `candidacy.HostLedger.create` made")
            made = one(db, "SELECT type, sql FROM main.sqlite_schema WHERE name = 'candidacy_record'")
            if made is None or (made[0], str(made[1]).split()) != ("table", SCHEMA[0].split()):
                raise LedgerError(f"{where}: found a table that is not laid out as a ledger's is; needed one as it was made")
            row = one(db, f"SELECT {COLUMNS} FROM main.candidacy_record ORDER BY position LIMIT 1")
        if row is None or row[0] != 0:
            raise DamagedRecordError(0, "it is not there")
        first = checked(Row(*row))  # type: ignore[arg-type]
        self.id: str = first.data["ledger"]
        self.zone: ZoneInfo = zone_of(first.data["zone"])
        if ledger not in {"", self.id}:
            raise LedgerError(f"{where}: found another ledger, {self.id}; needed {ledger}")

    def append(
        self,
        case: str,
        version: int,
        command: str,
        make: Callable[[Place], Record],
        *,
        connection: sqlite3.Connection | None = None,
    ) -> Record:
        """See `candidacy.ledger.Ledger.append`."""
        if connection is not None:
            return self.within(connection).append(case, version, command, make)
        with self._locked(), self._translated(), self._transaction():
            taken = one(self._db, "SELECT position FROM main.candidacy_record WHERE command = ?", command)
            if taken:
                raise CommandIdReusedError(command, int(str(taken[0])))
            found, previous = self._head(case)
            if found != version:
                raise TakenError
            record = fitting(make(Place(self._next(), version + 1, previous)))
            insert(self._db, record)
        return record

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """See `candidacy.ledger.Ledger.transaction`."""
        with self._locked(), self._translated(), self._transaction():
            if not self.joins:
                yield self._db
                return
            self._db.execute("SAVEPOINT candidacy")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK TO candidacy")
                raise
            finally:
                self._db.execute("RELEASE candidacy")

    def within(self, connection: sqlite3.Connection) -> "TableLedger":
        """See `candidacy.ledger.Ledger.within`."""
        if connection is self._db:
            return TableLedger(connection, self._where, ledger=self.id)
        refuse_a_ledgers_own_file(connection)
        assert_durable(connection, "the host's connection")
        return TableLedger(connection, ledger=self.id)

    def head(self, case: str) -> tuple[int, str]:
        """See `candidacy.ledger.Ledger.head`."""
        with self._locked(), self._translated():
            return self._head(case)

    def of_case(self, case: str) -> list[Record]:
        """See `candidacy.ledger.Ledger.of_case`."""
        query = f"SELECT {COLUMNS} FROM main.candidacy_record WHERE case_id = ? ORDER BY version"
        with self._locked(), self._translated():
            return [checked(Row(*row)) for row in run(self._db, query, case).fetchall()]

    def of_command(self, command: str) -> Record | None:
        """See `candidacy.ledger.Ledger.of_command`."""
        with self._locked(), self._translated():
            row = one(self._db, f"SELECT {COLUMNS} FROM main.candidacy_record WHERE command = ?", command)
        return checked(Row(*row)) if row else None  # type: ignore[arg-type]

    def record(self, index: int) -> Record | None:
        """See `candidacy.ledger.Ledger.record`."""
        if index not in INDEXES:
            return None
        with self._locked(), self._translated():
            row = one(self._db, f"SELECT {COLUMNS} FROM main.candidacy_record WHERE position = ?", index)
        return checked(Row(*row)) if row else None  # type: ignore[arg-type]

    def cases(self) -> list[str]:
        """See `candidacy.ledger.Ledger.cases`."""
        query = "SELECT DISTINCT case_id FROM main.candidacy_record WHERE case_id IS NOT NULL ORDER BY case_id"
        with self._locked(), self._translated():
            return [str(row[0]) for row in run(self._db, query).fetchall()]

    def size(self) -> int:
        """See `candidacy.ledger.Ledger.size`."""
        with self._locked(), self._translated():
            return self._next()

    def rows(self, after: int | None = None) -> Iterator[Row]:
        """See `candidacy.ledger.Ledger.rows`. Rows appended while reading are read too."""
        last = -(2**63) if after is None else min(max(after, -1), INDEXES[-1])
        query = f"SELECT {COLUMNS} FROM main.candidacy_record WHERE position > ? ORDER BY position LIMIT ?"
        while True:
            with self._locked(), self._translated():
                page = run(self._db, query, last, PAGE).fetchall()
            yield from starmap(Row, page)
            if len(page) < PAGE:
                return
            last = page[-1][0]

    def records(self) -> Iterator[Record]:
        """See `candidacy.ledger.Ledger.records`."""
        return (checked(row) for row in self.rows())

    def by_case(self) -> Iterator[list[Record]]:
        """See `candidacy.ledger.Ledger.by_case`. Cases that begin while reading may be read too."""
        return (list(map(checked, rows)) for rows in self.rows_by_case())

    def rows_by_case(self) -> Iterator[list[Row]]:
        """See `candidacy.ledger.Ledger.rows_by_case`."""
        return (list(rows) for _, rows in groupby(self._in_order_of_cases(), key=attrgetter("case")))

    def _in_order_of_cases(self) -> Iterator[Row]:
        where = "WHERE (case_id, version) > (?, ?) ORDER BY case_id, version LIMIT ?"
        query = f"SELECT {COLUMNS} FROM main.candidacy_record {where}"
        last: tuple[object, object] = "", 0
        with self._locked(), self._translated():
            nobodys = (
                "SELECT position FROM main.candidacy_record WHERE position > 0 AND (case_id IS NULL OR version IS NULL) LIMIT 1"
            )
            lost = one(self._db, nobodys)
        if lost:
            raise DamagedRecordError(int(str(lost[0])), "its columns do not say what its bytes say")
        while True:
            with self._locked(), self._translated():
                page = run(self._db, query, *last, PAGE).fetchall()
            yield from starmap(Row, page)
            if len(page) < PAGE:
                return
            last = page[-1][1], page[-1][2]

    def after(self, index: int) -> Iterator[Record]:
        """See `candidacy.ledger.Ledger.after`."""
        return (checked(row) for row in self.rows(after=index))

    def checkpoints(self) -> list[str]:
        """See `candidacy.ledger.Ledger.checkpoints`."""
        with self._locked(), self._translated():
            found = run(self._db, "SELECT note FROM main.candidacy_checkpoint ORDER BY size") if has_checkpoints(self._db) else ()
            return [str(row[0]) for row in found]

    def keep_checkpoint(self, size: int, note: str) -> None:
        """See `candidacy.ledger.Ledger.keep_checkpoint`."""
        with self._locked(), self._translated(), self._transaction():
            put_checkpoint(self._db, size, note)

    @property
    def file(self) -> Path | None:
        """The file that its database lies in; None where that is in no file."""
        with self._locked(), self._translated():
            found = next((row[2] for row in run(self._db, "PRAGMA database_list") if row[1] == "main"), "")
        return Path(found) if found else None

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on its connection, so that what is read may yet be rolled back."""
        with self._locked():
            return self._db.in_transaction

    # --- inside

    def _next(self) -> int:
        (index,) = run(self._db, "SELECT max(position) + 1 FROM main.candidacy_record").fetchone()
        return int(index or 0)

    def _head(self, case: str) -> tuple[int, str]:
        query = "SELECT version, leaf FROM main.candidacy_record WHERE case_id = ? ORDER BY version DESC LIMIT 1"
        row = run(self._db, query, case).fetchone()
        return (row[0], row[1].hex()) if row else (0, "")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if not self._db.in_transaction:
            raise LedgerError(f"{self._where}: found no open transaction; needed one, begun with BEGIN IMMEDIATE")
        yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One thread at a time; none waits for another one longer than for another process."""
        if not self._lock.acquire(timeout=self._patience):
            raise LedgerBusyError(f"{self._where}: another thread has held the ledger for {self._patience:g} seconds; try again")
        try:
            yield
        finally:
            self._lock.release()

    @property
    def _patience(self) -> float:
        """Seconds; -1 without end, where it is the host who knows how many threads there are."""
        return -1

    @property
    def _busy(self) -> str:
        """What is said where another writer is at work."""
        return f"{self._where}: another writer holds the ledger; try again"

    def _failed(self, code: str) -> None:
        """Told of every operational error that is not just another writer at work."""

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as ours, without a trace of the content."""
        try:
            yield
        except sqlite3.OperationalError as wrong:
            code = named(wrong)
            if code == "SQLITE_BUSY_SNAPSHOT":
                found = "found that others have written since the transaction began"
                raise LedgerBusyError(
                    f"{self._where}: {found}; needed it rolled back, and begun anew with BEGIN IMMEDIATE"
                ) from None
            if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise LedgerBusyError(self._busy) from None
            self._failed(code)
            raise LedgerError(f"{self._where}: cannot be read or written ({code})") from None
        except sqlite3.ProgrammingError:
            raise LedgerError(
                f"{self._where}: found it closed, or a connection of another thread; needed it open in this one"
            ) from None
        except sqlite3.DatabaseError as wrong:
            code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
            raise LedgerError(f"{self._where}: found a file that is no sound ledger ({code})") from None


class HostLedger(TableLedger):
    """A ledger in a host's SQLite database, on the host's own connection and in its transactions; make one for each connection.

    Nothing is kept until the host commits. An engine is put on it with ``engine.on(HostLedger(connection))``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """The ledger that `create` made in the connection's database.

        Raises:
            LedgerError: there is none, or the connection's settings would lose what it commits.
        """
        assert_durable(connection, "the host's connection")
        refuse_a_ledgers_own_file(connection)
        super().__init__(connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        assert_durable(self._db, "the host's connection")
        with super()._transaction():
            yield

    @classmethod
    def create(cls, connection: sqlite3.Connection, zone: str) -> Self:
        """Make a new, empty ledger in the connection's database, in the host's transaction.

        Args:
            zone: IANA name of the time zone that says what day it is.

        Raises:
            LedgerError: the connection's settings would lose what it commits, no transaction is open, or there is a ledger.
            InputError: *zone* is no time zone.
        """
        assert_durable(connection, "the host's connection")
        if not connection.in_transaction:
            raise LedgerError("the host's database: found no open transaction; needed one, begun with BEGIN IMMEDIATE")
        first = first_record(zone)
        try:
            lay_out(connection)
            insert(connection, first)
        except sqlite3.OperationalError as wrong:
            raise LedgerError(f"the host's database: no ledger can be made in it ({named(wrong)})") from None
        return cls(connection)


def refuse_a_ledgers_own_file(db: sqlite3.Connection) -> None:
    """A ledger's own file is written through `SqliteLedger` alone, which marks it while it does.

    Raises:
        LedgerError: the connection is to such a file.
    """
    if one(db, "PRAGMA main.application_id") == (APPLICATION,):
        raise LedgerError("the host's connection: found it to be to a ledger's own file; needed a host's database, or SqliteLedger")


def assert_durable(db: sqlite3.Connection, where: str) -> None:
    """Refuse a connection that would lose, in a power cut, what it has committed.

    Raises:
        LedgerError: naming the setting.
    """
    if not isinstance(db, sqlite3.Connection):
        raise LedgerError(f"{where}: found {type(db).__name__}; needed an open sqlite3.Connection")
    journal, synchronous = (one(db, f"PRAGMA main.{name}") for name in ("journal_mode", "synchronous"))
    mode, found = str((journal or ("",))[0]), int(str((synchronous or (0,))[0]))
    least = DURABLE.get(mode, NEVER)
    if mode == "memory" and any(row[2] for row in run(db, "PRAGMA database_list")):
        raise LedgerError(f"{where}: found journal_mode=memory on a file; needed wal")
    if found < least:
        needed = (
            f"synchronous={least}, or journal_mode=wal and synchronous=2" if least < NEVER else "journal_mode=wal and synchronous=2"
        )
        raise LedgerError(f"{where}: found journal_mode={mode} and synchronous={found}; needed {needed}, so that no commit is lost")


def named(wrong: sqlite3.Error) -> str:
    """SQLite's name for an error, and what it may mean."""
    code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
    full = code.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHM"))
    return f"{code}: the disk may be full" if full else code
