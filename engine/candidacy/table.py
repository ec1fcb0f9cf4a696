"""The table of records in an SQLite database, and a ledger on it. Files, settings and their marks are `candidacy.sqlite`'s."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self

from candidacy.errors import LedgerBusyError, LedgerError
from candidacy.hosting import HostLedger
from candidacy.ledger import Row, first_record, row_of
from candidacy.record import Record
from candidacy.stored import INSERT, StoredLedger

NEVER = 99
RECORDS, CHECKPOINTS = "main.candidacy_record", "main.candidacy_checkpoint"
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
CHECKPOINTS_SCHEMA = (
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
    """One more checkpoint, in the connection's transaction; the table is made for the first one."""
    make_room_for_checkpoints(db)
    db.execute(f"INSERT INTO {CHECKPOINTS} VALUES (?, ?)", (size, note))


def make_room_for_checkpoints(db: sqlite3.Connection) -> None:
    """Make the table of checkpoints, in the connection's transaction, unless it is there."""
    for statement in () if has_checkpoints(db) else CHECKPOINTS_SCHEMA:
        db.execute(statement)


def has_checkpoints(db: sqlite3.Connection) -> bool:
    """Whether there is a table of checkpoints.

    Raises:
        LedgerError: it is not laid out as it is made.
    """
    made = one(db, "SELECT type, sql FROM main.sqlite_schema WHERE name = 'candidacy_checkpoint'")
    if made is not None and (made[0], str(made[1]).split()) != ("table", CHECKPOINTS_SCHEMA[0].split()):
        raise LedgerError("table candidacy_checkpoint: found it laid out in another way; needed it as it is made")
    return made is not None


def put(db: sqlite3.Connection, row: Row) -> None:
    """One more row."""
    took(db, row)


def took(db: sqlite3.Connection, row: Row) -> bool:
    """Whether the table took one more row, which a trigger of somebody else's can prevent without an error."""
    return db.execute(_written(INSERT), (row.index, row.case, row.version, row.command, row.leaf, row.raw)).rowcount == 1


def triggers(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Of the triggers that a ledger is made with: how many are there, how many it should have; and how many others there are."""
    tables = "('candidacy_record', 'candidacy_checkpoint')"  # SQLite keeps the name as it was written with the trigger
    query = f"SELECT sql FROM main.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) IN {tables}"
    there = [" ".join(str(row[0]).split()) for row in run(db, query).fetchall()]
    keeps = one(db, "SELECT 1 FROM main.sqlite_schema WHERE name = 'candidacy_checkpoint'")
    made = {" ".join(statement.split()) for statement in (*SCHEMA[1:], *(CHECKPOINTS_SCHEMA[1:] if keeps else ()))}
    return len(made & {*there}), len(made), sum(trigger not in made for trigger in there)


def of_others(db: sqlite3.Connection) -> str:
    """What is wrong with triggers that no ledger is made with: they can keep a record from being kept; "" where there is none."""
    _, _, others = triggers(db)
    needed = "needed none, since such a trigger can take away what has just been acknowledged"
    return f"triggers: found {others} with which no ledger is made; {needed}" if others else ""


def unguarded(db: sqlite3.Connection) -> str:
    """What is wrong where a trigger is gone that refuses to change or remove what is kept; "" where all are there."""
    there, made, _ = triggers(db)
    return f"triggers: found {there} of the {made} that refuse to change or remove what is kept" if there < made else ""


@cache
def _written(statement: str) -> str:
    """A statement as SQLite takes it."""
    return statement.format(records=RECORDS, checkpoints=CHECKPOINTS)


def one(db: sqlite3.Connection, query: str, *values: object) -> tuple[object, ...] | None:
    """The first row that *query* gives."""
    found: tuple[object, ...] | None = run(db, query, *values).fetchone()
    return found


def run(db: sqlite3.Connection, query: str, *values: object) -> sqlite3.Cursor:
    """A query whose rows are tuples, whatever rows the host has its connection make."""
    cursor = db.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


class TableLedger(StoredLedger):
    """A ledger on one connection to an SQLite database, inside a transaction that somebody else began and will end."""

    _db: sqlite3.Connection

    def __init__(self, db: sqlite3.Connection, where: str, *, ledger: str = "") -> None:
        """A ledger on *db*; as `candidacy.stored.StoredLedger` has it."""
        super().__init__(db, where, ledger=ledger)
        with self._translated():
            self._lies_in = file_of(db)

    def within(self, connection: sqlite3.Connection) -> "TableLedger":
        """See `candidacy.ledger.Ledger.within`."""
        if connection is self._db:
            return TableLedger(connection, self._where, ledger=self.id)
        refuse_a_ledgers_own_file(connection)
        assert_durable(connection, "the host's connection")
        inside = TableLedger(connection, "the host's database", ledger=self.id)
        if not is_same(self.file, inside.file):
            raise LedgerError("the host's connection: found it to be to another file; needed one to the ledger's own database")
        return inside

    # --- what SQLite says

    def _ask(self, statement: str, *values: object) -> list[Any]:
        return run(self._db, _written(statement), *values).fetchall()

    def _refuse_what_is_no_ledger(self) -> None:
        there = one(self._db, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'candidacy_record'")
        if there == (0,):
            needed = "needed one that `candidacy.HostLedger.create` made"
            raise LedgerError(f"{self._where}: found no ledger in it; {needed}")
        made = one(self._db, "SELECT type, sql FROM main.sqlite_schema WHERE name = 'candidacy_record'")
        if made is None or (made[0], str(made[1]).split()) != ("table", SCHEMA[0].split()):
            raise LedgerError(f"{self._where}: found a table that is not laid out as a ledger's is; needed one as it was made")

    def _put(self, row: Row) -> None:
        if not took(self._db, row):
            found = "found that the database did not take a record, and gave no error"
            raise LedgerError(f"{self._where}: {found}; needed a table without triggers of others")

    def _keeps_checkpoints(self) -> bool:
        return has_checkpoints(self._db)

    def _make_room_for_checkpoints(self) -> None:
        make_room_for_checkpoints(self._db)

    @property
    def file(self) -> Path | None:
        """The file that its database lies in; None where that is in no file."""
        return self._lies_in

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on its connection, so that what is read may yet be rolled back."""
        with self._locked():
            return self._db.in_transaction

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if not self._db.in_transaction:
            raise LedgerError(f"{self._where}: found no open transaction; needed one, begun with BEGIN IMMEDIATE")
        yield

    def _failed(self, code: str) -> None:
        """Told of every error of the database that is not just another writer at work."""

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
        except (sqlite3.DatabaseError, UnicodeDecodeError) as wrong:
            code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
            self._failed(code)
            raise LedgerError(f"{self._where}: found a file that is no sound ledger ({code})") from None


class HostedInSqlite(HostLedger, TableLedger):
    """A ledger in a host's SQLite database; made as `candidacy.HostLedger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
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
        """See `candidacy.hosting.HostLedger.create`."""
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


def file_of(db: sqlite3.Connection) -> Path | None:
    """The file of a connection's database; None where that is in none."""
    found = next((row[2] for row in run(db, "PRAGMA database_list") if row[1] == "main"), "")
    return Path(found) if found else None


def is_same(one: Path | None, other: Path | None) -> bool:
    """Whether two databases are in the same file; of one that is in none, nothing can be said against it."""
    try:
        return one is None or (other is not None and one.samefile(other))
    except OSError:
        return False


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


MAY_BE = (
    ("SQLITE_FULL", "the disk may be full"),
    ("SQLITE_IOERR_WRITE", "the disk may be full or failing"),
    ("SQLITE_IOERR_SHM", "the disk may be full or failing"),
    ("SQLITE_CANTOPEN", "it may not be read, or nothing may be written beside it"),
    ("SQLITE_READONLY", "it, or what lies beside it, may not be written"),
)
"""What errors of SQLite may mean, by how they begin."""


def named(wrong: sqlite3.Error) -> str:
    """SQLite's name for an error, and what it may mean."""
    code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
    return next((f"{code}: {may}" for begins, may in MAY_BE if code.startswith(begins)), code)
