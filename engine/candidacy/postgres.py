"""A ledger in a PostgreSQL database: a total order from one head row that each writer locks until it has committed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from candidacy import _postgres_layout as layout
from candidacy._postgres_layout import grants as grants  # noqa: PLC0414 (part of what hosts use)
from candidacy._postgres_session import connected, lost, named, ours, run, together
from candidacy._postgres_settings import refuse_what_would_lose
from candidacy.address import shown
from candidacy.checkpoint import read_checkpoint
from candidacy.errors import DamagedRecordError, LedgerError, UnknownOutcomeError
from candidacy.hosting import HostLedger
from candidacy.ledger import Place, Row, checked, first_record, row_of
from candidacy.stored import INSERT, NEWEST, StoredLedger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from psycopg import Connection, Error
    from psycopg.errors import Diagnostic

    from candidacy.record import Record

SECONDS_TO_WAIT = 10.0
"""How long a writer waits for another one."""
SESSION = """SELECT pg_catalog.set_config('synchronous_commit',
    CASE pg_catalog.current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
  pg_catalog.set_config('default_transaction_isolation', 'read committed', false),
  pg_catalog.set_config('row_security', 'off', false), pg_catalog.set_config('lock_timeout', %s, false),
  pg_catalog.set_config('default_transaction_read_only', %s, false)"""
"""What is set in a session of our own; to wait is bounded, and a policy that would hide rows is an error in place of a gap."""


TAKEN = INSERT + r" RETURNING position, sha256('\x00'::bytea || bytes)"
"""Gives the index and the leaf hash, as the database has them."""
KEPT = f"WITH kept AS ({TAKEN} AS leaf) SELECT 1 / count(*) FROM kept WHERE position = ? AND leaf = ?"
"""Fails where the database did not take the row as it is, so that what follows is not run."""


class PostgresTable(StoredLedger):
    """A ledger on one connection to a PostgreSQL database, inside a transaction that somebody else began and will end."""

    _db: Connection[Any]

    def __init__(
        self, db: Connection[Any], where: str, *, ledger: str = "", schema: str = "", at: tuple[str, int] | None = None
    ) -> None:
        """A ledger on *db*; in *schema*, or the first one on the search path that has one; *at* what `which` says of *db*."""
        self._schema, self._statements = schema, dict[str, str]()
        super().__init__(db, where, ledger=ledger)
        with self._translated():
            self._at = at or which(db)

    def within(self, connection: Any) -> PostgresTable:
        """See `candidacy.ledger.Ledger.within`."""
        if connection is self._db:
            return _Joined(connection, self._where, ledger=self.id, schema=self._schema, at=self._at)
        refuse_no_connection(connection)
        host = "the host's database"
        with as_ours(connection, host):
            refuse_what_would_lose(connection, "the host's connection", standbys=False)
            at = which(connection)
        if at != self._at:  # asked when it was opened: its own connection may be busy, or waiting for this one
            raise LedgerError("the host's connection: found it to be to another database; needed one to the ledger's own")
        return PostgresTable(connection, host, ledger=self.id, schema=self._schema, at=at)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on its connection, so that what is read may yet be rolled back."""
        with self._locked():
            return is_open(self._db)

    # --- what PostgreSQL says

    def _ask(self, statement: str, *values: object) -> list[Any]:
        return run(self._db, self._written(statement), *values)

    def _written(self, statement: str) -> str:
        written = self._statements.get(statement)
        if written is None:
            schema = layout.quoted(self._schema).replace("%", "%%")
            tables = {"records": f"{schema}.candidacy_record", "checkpoints": f"{schema}.candidacy_checkpoint"}
            written = self._statements[statement] = statement.replace("?", "%s").format(**tables)
        return written

    def _put(self, row: Row) -> None:
        values = row.index, row.case, row.version, row.command, row.leaf, row.raw
        if self._ask(TAKEN, *values) != [(row.index, row.leaf)]:
            raise self._not_taken

    @property
    def _not_taken(self) -> LedgerError:
        found = "found that the database did not take a record as it is"
        return LedgerError(f"{self._where}: {found}; needed a table without rules")

    def _refuse_what_is_no_ledger(self) -> None:
        given = self._schema
        self._schema = given or layout.schema_of(self._db)
        if not self._schema or not layout.is_there(self._db, self._schema):
            raise LedgerError(f"{self._where}: found no ledger in it; {self._made_with}")
        if given:
            return  # it was looked at when the ledger was opened
        looked = (*layout.vital(self._db, self._schema), *(layout.guards(self._db, self._schema) if self.writes else ()))
        wrong = [condition.sentence for condition in looked if condition.verdict == "FAIL"]
        if wrong:
            raise LedgerError(f"{self._where}: {'; '.join(wrong)}")

    def _make_room_for_checkpoints(self) -> None:
        """It was made with the ledger."""

    @property
    def _made_with(self) -> str:
        return "needed one that `candidacy.HostLedger.create` made"

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        refuse_no_transaction(self._db, self._where)
        self._take_turn()
        yield

    def _take_turn(self) -> None:
        """Wait until nobody else writes; whoever comes next waits until this transaction has ended."""
        run(self._db, f"SELECT {layout.quoted(self._schema).replace('%', '%%')}.candidacy_turn()")

    def _failed(self, *, gone: bool) -> None:
        """Told of every error of the database, and whether the connection is gone with it."""

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with as_ours(self._db, self._where, self):
            yield


class _Joined(PostgresTable):
    """Inside a transaction of the ledger's own, in which it is the turn of nobody else already."""

    def _take_turn(self) -> None:
        """It is taken."""


class PostgresLedger(PostgresTable):
    """A ledger in a PostgreSQL database. Several threads may share one; several processes each open their own.

    Attributes:
        address: where it is, without a password.
        opened: what is to be said of how the server is set up, in sentences; "" where nothing is.
        short: "": a database has all of its records.
    """

    joins = False
    short = ""

    def __init__(self, address: str, *, read_only: bool = False, wait: float | None = None) -> None:
        """Open the ledger at *address*, ``postgresql://USER@HOST/DATABASE``.

        Args:
            address: ``?options=-csearch_path%3DNAME`` at its end picks the schema, where a database has several ledgers. What it
                does not say, the PostgreSQL library takes from where it always does: ``PGPASSWORD``, ``~/.pgpass`` and the like.
            read_only: also for readers in a process that writes.
            wait: seconds to wait for another writer; 10 by default.

        Raises:
            LedgerError: no server, no ledger, or the settings that make it durable do not hold.
        """
        self.address, self._address = shown(address), str(address)
        self._read_only, self._wait = read_only, SECONDS_TO_WAIT if wait is None else wait
        self._process, self._broken, self._closed, self._inside = os.getpid(), False, False, False
        self._acknowledged: tuple[int, bytes] | None = None
        self._warned = False
        self._where = self.address
        db = self._opened()
        try:
            super().__init__(db, self.address)
        except BaseException:
            db.close()
            raise

    @classmethod
    def create(cls, address: str, zone: str) -> Self:
        """Make a new, empty ledger at *address* and open it.

        Args:
            zone: IANA name of the time zone that says what day it is.

        Raises:
            LedgerError: there is one, or it cannot be made.
            InputError: *zone* is no time zone.
        """
        return cls.made_of(address, [first_record(zone)])

    @classmethod
    def made_of(cls, address: str, records: Iterable[Record], checkpoints: Iterable[str] = ()) -> Self:
        """Make a ledger of *records* (oldest first, record 0 included) at *address* and open it: whole, or not at all.

        Args:
            checkpoints: those kept with the ledger of which it is a copy.

        Raises:
            LedgerError: there is one, or it cannot be made. Whatever *records* raises.
            InputError: one of *checkpoints* is none.
        """
        where = shown(address)
        notes = [(read_checkpoint(note.encode())[1].size, note) for note in checkpoints]
        db = connected(str(address))
        try:
            with as_ours(db, where):
                begin_session(db, wait=SECONDS_TO_WAIT, read_only=False)
                refuse_what_would_lose(db, where)
                with db.transaction():
                    schema = _laid_out(db, where)
                    _pour(db, schema, records)
                    for size, note in notes:
                        run(
                            db,
                            f"INSERT INTO {layout.quoted(schema).replace('%', '%%')}.candidacy_checkpoint VALUES (%s, %s)",
                            size,
                            note,
                        )
        finally:
            db.close()
        return cls(address)

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], *, connection: Any = None) -> Record:
        """See `candidacy.ledger.Ledger.append`."""
        record = super().append(case, version, command, make, connection=connection)
        if connection is None:
            self._acknowledged = record.index, record.leaf
        return record

    @contextmanager
    def transaction(self) -> Iterator[Connection[Any]]:
        """See `candidacy.ledger.Ledger.transaction`."""
        acknowledged = self._acknowledged
        with super().transaction() as connection:
            yield connection
            if is_open(connection):
                ((index, *_, leaf, _),) = self._ask(NEWEST)
                acknowledged = index, leaf
        self._acknowledged = acknowledged

    def close(self) -> None:
        """Let go of the connection."""
        if os.getpid() == self._process:  # otherwise it is another process's
            self._closed = True
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def complaints(self) -> list[str]:
        """What is wrong with the tables and what guards them."""
        with self._locked(), self._translated():
            self._mend()
            found = list(layout.objects(self._db, self._schema))
        return [condition.sentence for condition in found if condition.verdict == "FAIL"]

    # --- inside

    @property
    def _patience(self) -> float:
        return self._wait

    @property
    def _busy(self) -> str:
        own = "a transaction of your own is joined by passing its connection"
        return f"{self.address}: another writer has held the ledger for {self._wait:g} seconds; try again ({own})"

    @property
    def _made_with(self) -> str:
        return f"needed one made with `candidacy new {self.address} --zone ZONE`"

    def _opened(self) -> Connection[Any]:
        db = connected(self._address)
        try:
            with as_ours(db, self.address):
                db.add_notice_handler(self._noticed)
                self._beginning = begin_session(db, wait=self._wait, read_only=self._read_only)
                self.opened = "; ".join(refuse_what_would_lose(db, self.address, read_only=self._read_only))
        except BaseException:
            db.close()
            raise
        return db

    def _ask(self, statement: str, *values: object) -> list[Any]:
        if not self._inside:
            self._mend()
        return super()._ask(statement, *values)

    def _mend(self) -> None:
        """After a lost connection: connect anew, and look whether the newest record, and what was acknowledged last, is there."""
        if self._closed:
            raise LedgerError(f"{self.address}: found it closed; needed it open")
        if not self._broken and not self._db.closed:
            return
        self._broken = True
        self._db.close()
        self._db = self._opened()
        self._at = which(self._db)
        ((*newest,),) = run(self._db, self._written(NEWEST))
        checked(Row(*newest))
        if self._acknowledged:
            index, leaf = self._acknowledged
            there = run(self._db, self._written("SELECT leaf FROM {records} WHERE position = ?"), index)
            if there != [(leaf,)]:
                raise DamagedRecordError(
                    index, "it was acknowledged and is not there any more: the server has lost what it had committed"
                )
        self._broken = False

    def _failed(self, *, gone: bool) -> None:
        self._broken = self._broken or gone

    @contextmanager
    def _alone(self) -> Iterator[Connection[Any]]:
        """A connection for a transaction of its own, which is rolled back where it goes wrong."""
        if self._inside:
            raise LedgerError(f"{self.address}: found a transaction of its own open; needed what it gave as the connection")
        self._mend()
        db, self._inside = self._db, True
        try:
            yield db
        except BaseException:
            self._roll_back(db)
            raise
        finally:
            self._inside = False

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._alone() as db:
            self._begin()
            yield
            self._commit(db)

    @contextmanager
    def _place(self, command: str, case: str) -> Iterator[tuple[Any, ...]]:
        """See `candidacy.stored.StoredLedger`; `_keep` commits it. Two journeys to the server in all."""
        with self._alone():
            yield self._begin(command, case)

    def _begin(self, *asked: str) -> tuple[Any, ...]:
        """Begin a transaction, when it is one's turn; the place for a record of what is *asked*, a command and a case."""
        from psycopg import ClientCursor
        from psycopg.rows import tuple_row

        schema = layout.quoted(self._schema).replace("%", "%%")
        turn = f"candidacy_place({', '.join(['%s'] * len(asked))})" if asked else "candidacy_turn()"
        with ClientCursor(self._db, row_factory=tuple_row) as cursor:
            cursor.execute(f"{self._beginning}; SELECT * FROM {schema}.{turn}".encode(), asked)
            while cursor.nextset():
                pass
            return tuple(cursor.fetchone() or ())

    def _keep(self, row: Row) -> None:
        """One more row, and the end of the transaction: it is not reached where the row is not taken as it is."""
        from psycopg.errors import DivisionByZero

        values = row.index, row.case, row.version, row.command, row.leaf, row.raw, row.index, row.leaf
        try:
            self._end(self._db, [(self._written(KEPT), values)])
        except DivisionByZero:
            raise self._not_taken from None

    def _commit(self, db: Connection[Any]) -> None:
        """Commit, and believe nothing but that the server says so."""
        if db.closed:
            self._broken = True
            raise LedgerError(f"{self.address}: the connection was lost before the end; nothing of it is kept; try again")
        if not is_open(db):
            found = "found a transaction in which a statement failed, or that others ended"
            raise LedgerError(f"{self.address}: {found}; needed it open to the end; it is not kept, unless others committed it")
        self._end(db, [])

    def _end(self, db: Connection[Any], statements: list[tuple[str, tuple[object, ...]]]) -> None:
        """The last statements of a transaction and COMMIT, in one journey.

        Where one of them failed and the server still has the transaction, COMMIT was not reached: that is told as any other error.
        """
        from psycopg import Error as AnyError
        from psycopg.pq import TransactionStatus

        self._warned = False
        try:
            said = together(db, [*statements, ("COMMIT", ())])[-1].statusmessage
        except AnyError as wrong:
            not_reached = not db.closed and db.info.transaction_status == TransactionStatus.INERROR
            if not_reached or (not lost(db, wrong) and wrong.sqlstate):
                raise
            self._broken = True
            raise UnknownOutcomeError(self.address, f"the connection was lost: {named(wrong)}") from None
        if said != "COMMIT" or self._warned:  # such as that a standby was not waited for to the end
            raise UnknownOutcomeError(self.address, "the server did not plainly say that it has committed")

    def _noticed(self, said: Diagnostic) -> None:
        self._warned = self._warned or said.severity_nonlocalized == "WARNING"

    def _roll_back(self, db: Connection[Any]) -> None:
        from psycopg import Error as AnyError
        from psycopg.pq import TransactionStatus

        if db.closed:
            self._broken = True
        elif db.info.transaction_status != TransactionStatus.IDLE:
            try:
                run(db, "ROLLBACK")
            except AnyError:
                self._broken = True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        if os.getpid() != self._process:
            raise LedgerError(f"{self.address}: found it opened in another process; needed it opened anew in this one")
        with super()._translated():
            yield


class HostedInPostgres(HostLedger, PostgresTable):
    """A ledger in a host's PostgreSQL database; made as `candidacy.HostLedger`."""

    def __init__(self, connection: Connection[Any]) -> None:
        refuse_no_connection(connection)
        self._schema, self._statements = "", dict[str, str]()
        with as_ours(connection, "the host's database"):
            self.opened = "; ".join(refuse_what_would_lose(connection, "the host's connection"))
        super().__init__(connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        refuse_what_would_lose(self._db, "the host's connection", standbys=False)
        with super()._transaction():
            yield

    @classmethod
    def create(cls, connection: Connection[Any], zone: str) -> Self:
        """See `candidacy.hosting.HostLedger.create`."""
        refuse_no_connection(connection)
        first, where = first_record(zone), "the host's database"
        with as_ours(connection, where):
            refuse_what_would_lose(connection, "the host's connection")
            refuse_no_transaction(connection, where)
            _pour(connection, _laid_out(connection, where), [first])
        return cls(connection)


def _laid_out(db: Connection[Any], where: str) -> str:
    """The schema in which the objects of a ledger were made just now."""
    schema = layout.schema_to_make_in(db)
    if not schema:
        raise LedgerError(f"{where}: found no schema to make a ledger in; needed one that is there (CREATE SCHEMA)")
    if layout.is_there(db, schema):
        raise LedgerError(f"{where}: no ledger can be made in it: found one in the schema {schema}; needed a schema without")
    layout.lay_out(db, schema)
    return schema


def _pour(db: Connection[Any], schema: str, records: Iterable[Record]) -> None:
    from psycopg import Cursor

    with (
        Cursor(db) as cursor,
        cursor.copy(f"COPY {layout.quoted(schema)}.candidacy_record FROM STDIN (FORMAT BINARY)".encode()) as copy,
    ):
        copy.set_types(["int8", "text", "int8", "text", "bytea", "bytea"])
        for record in records:
            row = row_of(record)
            copy.write_row((row.index, row.case, row.version, row.command, row.leaf, row.raw))


def begin_session(db: Connection[Any], *, wait: float, read_only: bool) -> str:
    """Set what a session of our own needs; how the transactions begin in which it writes.

    They set anew what keeps a commit: a pool between us and the server may give each transaction another session.

    Args:
        wait: seconds to wait for a lock.
    """
    waits = f"{max(round(wait * 1000), 1)}ms"
    ((level, *_),) = run(db, SESSION, waits, "on" if read_only else "off")
    local = f"SET LOCAL synchronous_commit = {level}; SET LOCAL lock_timeout = '{waits}'"
    return f"BEGIN ISOLATION LEVEL READ COMMITTED READ {'ONLY' if read_only else 'WRITE'}; {local}"


WHICH = """SELECT pg_catalog.current_database()::pg_catalog.text,
  (pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time()) * 1000000::pg_catalog.float8)::pg_catalog.int8"""


def which(db: Connection[Any]) -> tuple[str, int]:
    """The name of its database, and when the server was started, in microseconds: a copy of it has others."""
    ((name, started),) = run(db, WHICH)
    return name, started


def refuse_no_connection(connection: object) -> None:
    """Raise LedgerError unless it is an open connection of psycopg."""
    from psycopg import Connection as PsycopgConnection

    if not isinstance(connection, PsycopgConnection) or connection.closed:
        found = "one that is closed" if isinstance(connection, PsycopgConnection) else type(connection).__name__
        raise LedgerError(f"the host's connection: found {found}; needed an open psycopg.Connection")


def is_open(db: Connection[Any]) -> bool:
    """Whether the connection is in a transaction that can be gone on with."""
    from psycopg.pq import TransactionStatus

    return not db.closed and db.info.transaction_status == TransactionStatus.INTRANS


def refuse_no_transaction(db: Connection[Any], where: str) -> None:
    """Raise LedgerError unless a transaction is open, or the next statement begins one."""
    from psycopg.pq import TransactionStatus

    if db.autocommit and db.info.transaction_status == TransactionStatus.IDLE:
        raise LedgerError(f"{where}: found no open transaction; needed one, as connection.transaction() begins it")


@contextmanager
def as_ours(db: Connection[Any], where: str, ledger: PostgresTable | None = None) -> Iterator[None]:
    """PostgreSQL's errors as ours."""
    from psycopg import Error as AnyError

    try:
        yield
    except AnyError as wrong:
        raise _told(wrong, db, where, ledger) from None


def _told(wrong: Error, db: Connection[Any], where: str, ledger: PostgresTable | None) -> LedgerError:
    gone = lost(db if ledger is None else ledger._db, wrong)  # noqa: SLF001 (of this module)
    if ledger is not None:
        ledger._failed(gone=gone)  # noqa: SLF001 (of this module)
    busy = ledger._busy if ledger is not None else f"{where}: others hold what is needed; try again"  # noqa: SLF001
    return ours(wrong, where, busy=busy, gone=gone)
