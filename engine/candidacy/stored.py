"""A ledger in a table of a database: one algorithm. What differs is said by `candidacy.table` and `candidacy.postgres`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import groupby, starmap
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from candidacy.canonical import LARGEST
from candidacy.checkpoint import read_checkpoint
from candidacy.errors import CommandIdReusedError, DamagedRecordError, InputError, LedgerBusyError, LedgerError, Problem
from candidacy.ledger import NO_BYTES, Place, Row, TakenError, checked, fitting, newly_kept, row_of, zone_of
from candidacy.record import Record
from candidacy.turns import InOrder

COLUMNS = "position, case_id, version, command, leaf, bytes"
INDEXES, LEAST = range(2**63), -(2**63)
PAGE = 500
"""Rows fetched at a time."""

_FROM = f"SELECT {COLUMNS} FROM {{records}}"
FIRST = f"{_FROM} WHERE position = 0"
NEWEST = f"{_FROM} ORDER BY position DESC LIMIT 1"
INSERT = "INSERT INTO {records} VALUES (?, ?, ?, ?, ?, ?)"
"""Statements have ? for a value, {records} and {checkpoints} for the tables; each database writes them its own way."""
_NEWEST_OF_CASE = "FROM {records} WHERE case_id = ? ORDER BY version DESC LIMIT 1"
_PLACE = (
    "SELECT (SELECT position FROM {records} WHERE command = ?), (SELECT max(position) + 1 FROM {records}), "
    f"(SELECT version {_NEWEST_OF_CASE}), (SELECT leaf {_NEWEST_OF_CASE})"
)
_NOBODYS = "SELECT position FROM {records} WHERE position > 0 AND (case_id IS NULL OR version IS NULL) LIMIT 1"
_FROM_ON = f"{_FROM} WHERE position >= ? ORDER BY position LIMIT ?"
_BY_CASE = f"{_FROM} WHERE (case_id, version) > (?, ?) ORDER BY case_id, version LIMIT ?"


class StoredLedger(ABC):
    """A ledger on one connection to a database.

    A database says how a statement is run (`_ask`), what a transaction is and which of its errors are which of ours.
    """

    joins = True
    """Whether what is appended is only kept when somebody else commits."""

    unsure = ""
    """Why it cannot be told whether it is whole, in a sentence."""
    _read_only = False

    id: str
    zone: ZoneInfo

    def __init__(self, db: Any, where: str, *, ledger: str = "") -> None:
        """A ledger on *db*.

        Args:
            where: what messages call it.
            ledger: the id that is expected; "" for any.

        Raises:
            LedgerError: there is no ledger in it, or another one.
        """
        self._db, self._where, self._lock, self._has_its_end = db, where, InOrder(), self.joins
        with self._translated():
            self._refuse_what_is_no_ledger()
            rows = self._ask(FIRST)
        if not rows or rows[0][0] != 0:
            raise DamagedRecordError(0, "it is not there")
        first = checked(Row(*rows[0]))
        self.id = first.data["ledger"]
        self.zone = zone_of(first.data["zone"])
        if ledger not in {"", self.id}:
            raise LedgerError(f"{where}: found another ledger, {self.id}; needed {ledger}")

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], *, connection: Any = None) -> Record:
        """See `candidacy.ledger.Ledger.append`."""
        if connection is not None:
            return self.within(connection).append(case, version, command, make)
        self._refuse_without_its_end()
        with self._locked(), self._translated(), self._place(command, case) as (taken, index, found, leaf):
            if taken is not None:
                raise CommandIdReusedError(command, taken)
            if (found or 0) != version:
                raise TakenError
            if leaf is not None and type(leaf) is not bytes:
                raise LedgerError(f"{self._where}: found a newest record of the case without a leaf hash; needed it as it was made")
            if index is not None and not (type(index) is int and index <= LARGEST):
                raise LedgerError(f"{self._where}: found no index that can follow its newest; needed them one after the other")
            record = fitting(make(Place(index or 0, version + 1, leaf.hex() if leaf else "")))
            self._keep(row_of(record))
        return record

    @property
    def writes(self) -> bool:
        """Whether it was opened to write, too."""
        return not self._read_only

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """See `candidacy.ledger.Ledger.transaction`."""
        self._refuse_without_its_end()
        with self._locked(), self._translated(), self._transaction():
            if not self.joins:
                yield self._db
                return
            self._ask("SAVEPOINT candidacy")
            try:
                yield self._db
            except BaseException:
                self._ask("ROLLBACK TO candidacy")
                raise
            finally:
                self._ask("RELEASE candidacy")

    @abstractmethod
    def within(self, connection: Any) -> "StoredLedger":
        """See `candidacy.ledger.Ledger.within`."""

    def head(self, case: str) -> tuple[int, str]:
        """See `candidacy.ledger.Ledger.head`."""
        rows = self._read(f"SELECT position, version, leaf {_NEWEST_OF_CASE}", case)
        if rows and not (type(rows[0][1]) is int and type(rows[0][2]) is bytes):
            raise DamagedRecordError(rows[0][0], NO_BYTES)
        return (rows[0][1], rows[0][2].hex()) if rows else (0, "")

    def of_case(self, case: str) -> list[Record]:
        """See `candidacy.ledger.Ledger.of_case`."""
        return [checked(Row(*row)) for row in self._read(f"{_FROM} WHERE case_id = ? ORDER BY version", case)]

    def of_command(self, command: str) -> Record | None:
        """See `candidacy.ledger.Ledger.of_command`."""
        rows = self._read(f"{_FROM} WHERE command = ?", command)
        return checked(Row(*rows[0])) if rows else None

    def record(self, index: int) -> Record | None:
        """See `candidacy.ledger.Ledger.record`."""
        rows = self._read(f"{_FROM} WHERE position = ?", index) if index in INDEXES else []
        return checked(Row(*rows[0])) if rows else None

    def cases(self) -> list[str]:
        """See `candidacy.ledger.Ledger.cases`."""
        query = "SELECT DISTINCT case_id FROM {records} WHERE case_id IS NOT NULL ORDER BY case_id"
        return [str(row[0]) for row in self._read(query)]

    def size(self) -> int:
        """See `candidacy.ledger.Ledger.size`."""
        ((index,),) = self._read("SELECT max(position) + 1 FROM {records}")
        return int(index or 0)

    def rows(self, after: int | None = None) -> Iterator[Row]:
        """See `candidacy.ledger.Ledger.rows`. Rows appended while reading are read too."""
        first = LEAST if after is None else max(after + 1, 0)
        while first <= INDEXES[-1]:
            page = self._read(_FROM_ON, first, PAGE)
            yield from starmap(Row, page)
            if len(page) < PAGE:
                return
            first = page[-1][0] + 1

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
        lost = self._read(_NOBODYS)
        if lost:
            raise DamagedRecordError(lost[0][0], "its columns do not say what its bytes say")
        last: tuple[object, object] = "", 0
        while True:
            page = self._read(_BY_CASE, *last, PAGE)
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
            rows = self._ask("SELECT note FROM {checkpoints} ORDER BY size") if self._keeps_checkpoints() else []
        return [str(row[0]) for row in rows]

    def keep_checkpoint(self, size: int, note: str) -> None:
        """See `candidacy.ledger.Ledger.keep_checkpoint`."""
        with self._locked(), self._translated(), self._transaction():
            self._make_room_for_checkpoints()
            there = self._ask("SELECT note FROM {checkpoints} WHERE size = ?", size)
            if newly_kept(size, note, there[0][0] if there else None):
                self._ask("INSERT INTO {checkpoints} VALUES (?, ?)", size, note)

    # --- what a database says

    @abstractmethod
    def _ask(self, statement: str, *values: object) -> list[Any]:
        """The rows that a statement gives, as tuples."""

    @abstractmethod
    def _refuse_what_is_no_ledger(self) -> None:
        """Raise LedgerError where the tables are not there, or not laid out as a ledger's are."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[None]:
        """In which nobody else writes; ended by whoever began it."""

    @abstractmethod
    def _translated(self) -> AbstractContextManager[None]:
        """The database's errors as ours, without a trace of the content."""

    def _keeps_checkpoints(self) -> bool:
        """Whether there is a place for checkpoints."""
        return True

    @abstractmethod
    def _make_room_for_checkpoints(self) -> None:
        """Make the place for checkpoints, if there is none yet."""

    # --- inside

    def _read(self, statement: str, *values: object) -> list[Any]:
        try:
            with self._locked(), self._translated():
                return self._ask(statement, *values)
        except UnicodeEncodeError:
            raise InputError([Problem("", "a name that cannot be written in UTF-8", "one that can")]) from None

    def _refuse_without_its_end(self) -> None:
        """What follows a record that is gone would take its place: so once, before anything is written, the end is looked for."""
        if self._has_its_end:
            return
        covered, size = self._covered(), self.size()
        if covered > size:
            found = f"found {size} records, and a checkpoint over {covered} that was kept with them"
            raise LedgerError(f"{self._where}: {found}; needed the records that are gone from its end: put it back from a backup")
        self._has_its_end = True

    def _covered(self) -> int:
        """How many records the newest checkpoint covers that is kept; 0 for what is none of this ledger, as `verify` says."""
        with self._locked(), self._translated():
            newest = self._ask("SELECT note FROM {checkpoints} ORDER BY size DESC LIMIT 1") if self._keeps_checkpoints() else []
        for (note,) in newest:
            with suppress(InputError, UnicodeEncodeError):
                said = read_checkpoint(str(note).encode())[1]
                return said.size if said.ledger == self.id else 0
        return 0

    @contextmanager
    def _place(self, command: str, case: str) -> Iterator[tuple[Any, ...]]:
        """A transaction for one record: the index that the command has, the next one, the case's newest version and its leaf."""
        with self._transaction():
            ((*place,),) = self._ask(_PLACE, command, case, case)
            yield tuple(place)

    def _keep(self, row: Row) -> None:
        """One more row, the last of a transaction for one record."""
        self._put(row)

    def _put(self, row: Row) -> None:
        self._ask(INSERT, row.index, row.case, row.version, row.command, row.leaf, row.raw)

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
