"""Ledgers: append-only logs of judged commands. A protocol, and one held in memory."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from threading import RLock
from typing import Any, ClassVar, Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from candidacy.errors import CommandIdReusedError, DamagedRecordError, InputError, LedgerError, Problem
from candidacy.form import FORMAT
from candidacy.record import LARGEST_RECORD, Record, leaf_hash


@attrs.frozen
class Place:
    """Where a record will stand: its index, and the version and previous leaf of its case."""

    index: int
    version: int
    previous: str


class TakenError(Exception):
    """The place a record was made for is taken: the case has moved on. The caller judges again."""


class Ledger(Protocol):
    """An append-only log. Record 0 says its format, id and time zone; every other one is a judged command."""

    @property
    def id(self) -> str:
        """The ledger's own random id."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that says what day it is."""

    @property
    def joins(self) -> bool:
        """Whether what is appended is only kept when somebody else commits."""

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], *, connection: Any = None) -> Record:
        """Keep the record that *make* gives for its place, if the case still has *version* records. Durable on return.

        Args:
            connection: a transaction to do it in, that `transaction` gave or the host began on its own connection to
                the ledger's database. Then the record is kept when that transaction commits, and a rollback leaves no gap.

        Raises:
            TakenError: the case has moved on.
            CommandIdReusedError: the command's id is taken.
        """

    def of_case(self, case: str) -> list[Record]:
        """The records of one case, oldest first; each is checked against its leaf hash."""

    def head(self, case: str) -> tuple[int, str]:
        """The version of a case and the leaf hash of its newest record, hexadecimal; 0 and "" where it has none."""

    def of_command(self, command: str) -> Record | None:
        """The record that judged a command, if any."""

    def record(self, index: int) -> Record | None:
        """The record with that index, checked against its leaf hash."""

    def cases(self) -> list[str]:
        """The ids of all cases, sorted."""

    def size(self) -> int:
        """How many records it holds, record 0 included: the index of the next one."""

    def rows(self) -> "Iterator[Row]":
        """Every row as stored, in order of index, unchecked: for `verify`."""

    def records(self) -> Iterator[Record]:
        """Every record, in order of index, checked against its leaf hash."""

    def by_case(self) -> Iterator[list[Record]]:
        """The records of one case after the other, oldest first, in order of the cases' ids; each checked against its leaf hash."""

    def rows_by_case(self) -> "Iterator[list[Row]]":
        """The same as stored, unchecked."""

    def after(self, index: int) -> Iterator[Record]:
        """The records that follow the one with that index: a feed, for a reader that remembers how far it has come.

        An index once seen is never given to another record, and none is ever passed over.
        """

    def transaction(self) -> AbstractContextManager[Any]:
        """Several records, kept together or not at all: pass what it gives as *connection*. Others wait meanwhile."""

    def checkpoints(self) -> list[str]:
        """The checkpoints kept with it, in order of size: signed notes, unchecked. Whoever can write the ledger can write these."""

    def keep_checkpoint(self, size: int, note: str) -> None:
        """Keep the checkpoint over the first *size* records, so that proofs can be made of it. Kept twice it is kept once.

        Raises:
            LedgerError: another one is kept for that size, or it cannot be written.
        """

    def within(self, connection: Any) -> "Ledger":
        """The same ledger, as seen and written inside a transaction that `transaction` gave or the host began.

        Raises:
            LedgerError: the connection is to another database, or would lose what it commits.
        """


NO_BYTES = "its columns hold no bytes"
"""What is said of a row that has lost its record or its leaf."""


@attrs.define
class Row:
    """A record as stored: its bytes, the leaf hash beside them, and the columns that repeat what the bytes say.

    Never changed; not frozen, because there are as many of them as records, and a frozen one takes three times as long to make.
    """

    index: int
    case: str | None
    version: int | None
    command: str | None
    leaf: bytes
    raw: bytes
    after_a_gap: ClassVar[bool] = False
    """Whether rows may be left out before it, as they are where only some cases of a ledger are at hand."""


def holds_bytes(row: Row) -> bool:
    """Whether the row has a leaf and a record at all: in a damaged file there may be a number, or nothing."""
    return type(row.raw) is bytes and type(row.leaf) is bytes


def row_of(record: Record) -> Row:
    """A record as it is stored."""
    data = record.data
    return Row(record.index, data.get("case"), data.get("version"), data.get("command"), record.leaf, record.raw)


def checked(row: Row) -> Record:
    """The record of a row, if it is what was hashed and its columns say what its bytes say."""
    if not holds_bytes(row):
        raise DamagedRecordError(row.index, NO_BYTES)
    if leaf_hash(row.raw) != row.leaf:
        raise DamagedRecordError(row.index, "its bytes are not those that were hashed")
    if row.index < 0:
        raise DamagedRecordError(row.index, "it stands before the first record")
    record = Record.read(row.index, row.raw)
    said = (record.data["index"], record.data.get("case"), record.data.get("version"), record.data.get("command"))
    if said != (row.index, row.case, row.version, row.command):
        raise DamagedRecordError(row.index, "its columns do not say what its bytes say")
    return record


def first_record(zone: str) -> Record:
    """Record 0 of a new ledger.

    Raises:
        InputError: *zone* is no time zone of the IANA database.
    """
    zone_of(zone)
    now = instant(datetime.now(UTC))
    return Record.make({"format": FORMAT, "index": 0, "ledger": uuid4().hex, "recorded_at": now, "zone": zone})


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name."""
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        if name not in {"localtime", "posixrules", "Factory"}:  # these depend on the machine, or are no place
            return ZoneInfo(name)
    needed = "a time zone of the IANA database, such as America/New_York"
    raise InputError([Problem("zone", "a name that is no time zone", needed)])


def instant(at: datetime) -> str:
    """An aware instant as RFC 3339 in UTC, with six digits."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fitting(record: Record) -> Record:
    """The record, if it is not too large.

    Raises:
        InputError: its bytes are more than a record may have.
    """
    if len(record.raw) > LARGEST_RECORD:
        raise InputError([Problem("", f"a command whose record takes {len(record.raw)} bytes", f"at most {LARGEST_RECORD}")])
    return record


def newly_kept(size: int, note: str, before: object) -> bool:
    """Whether a checkpoint is to be kept, where *before* is what is kept for its size so far, None for nothing.

    Raises:
        LedgerError: that is another one.
    """
    if before not in {None, note}:
        raise LedgerError(f"checkpoint of {size} records: found another one kept already; needed the same, or one of more records")
    return before is None


class MemoryLedger:
    """A ledger in memory, for trying things out and for tests. Lost with the process.

    It is its own connection: `transaction` gives the ledger itself.
    """

    joins = False

    def __init__(self, zone: str) -> None:
        self._rows: list[Row] = []
        self._cases: dict[str, list[int]] = {}
        self._commands: dict[str, int] = {}
        self._checkpoints: dict[int, str] = {}
        self._lock, self._inside = RLock(), 0
        record = first_record(zone)
        self._rows.append(Row(0, None, None, None, record.leaf, record.raw))
        self.id: str = record.data["ledger"]
        self.zone: ZoneInfo = zone_of(zone)

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], *, connection: Any = None) -> Record:
        """See `Ledger.append`."""
        if connection is not None:
            self.within(connection)
        with self._lock:
            if command in self._commands:
                raise CommandIdReusedError(command, self._commands[command])
            mine = self._cases.get(case, [])
            if len(mine) != version:
                raise TakenError
            previous = self._rows[mine[-1]].leaf.hex() if mine else ""
            record = fitting(make(Place(len(self._rows), version + 1, previous)))
            self._cases.setdefault(case, []).append(record.index)
            self._commands[command] = record.index
            self._rows.append(Row(record.index, case, record.version, command, record.leaf, record.raw))
            return record

    @contextmanager
    def transaction(self) -> Iterator["MemoryLedger"]:
        """See `Ledger.transaction`."""
        with self._lock:
            kept, checkpoints = len(self._rows), dict(self._checkpoints)
            self._inside += 1
            try:
                yield self
            except BaseException:
                for row in reversed(self._rows[kept:]):
                    self._cases[str(row.case)].pop()
                    del self._commands[str(row.command)]
                del self._rows[kept:]
                self._checkpoints = checkpoints
                raise
            finally:
                self._inside -= 1

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction of this thread's is open, so that what is read may yet be rolled back."""
        with self._lock:
            return self._inside > 0

    def within(self, connection: object) -> "MemoryLedger":
        """See `Ledger.within`."""
        if connection is self:
            return self
        raise LedgerError("a ledger in memory: found another connection; needed what its own `transaction` gives")

    def head(self, case: str) -> tuple[int, str]:
        """See `Ledger.head`."""
        with self._lock:
            mine = self._cases.get(case)
            return (len(mine), self._rows[mine[-1]].leaf.hex()) if mine else (0, "")

    def of_case(self, case: str) -> list[Record]:
        """See `Ledger.of_case`."""
        with self._lock:
            return [Record.read(i, self._rows[i].raw) for i in self._cases.get(case, ())]

    def of_command(self, command: str) -> Record | None:
        """See `Ledger.of_command`."""
        with self._lock:
            index = self._commands.get(command)
            return None if index is None else Record.read(index, self._rows[index].raw)

    def record(self, index: int) -> Record | None:
        """See `Ledger.record`."""
        with self._lock:
            return Record.read(index, self._rows[index].raw) if 0 <= index < len(self._rows) else None

    def cases(self) -> list[str]:
        """See `Ledger.cases`."""
        with self._lock:
            return sorted(case for case, mine in self._cases.items() if mine)

    def size(self) -> int:
        """See `Ledger.size`."""
        with self._lock:
            return len(self._rows)

    def rows(self) -> Iterator[Row]:
        """See `Ledger.rows`."""
        with self._lock:
            rows = tuple(self._rows)
        yield from rows

    def records(self) -> Iterator[Record]:
        """See `Ledger.records`."""
        return (Record.read(row.index, row.raw) for row in self.rows())

    def by_case(self) -> Iterator[list[Record]]:
        """See `Ledger.by_case`."""
        return (list(map(checked, rows)) for rows in self.rows_by_case())

    def rows_by_case(self) -> Iterator[list[Row]]:
        """See `Ledger.rows_by_case`."""
        with self._lock:
            cases = {case: tuple(mine) for case, mine in sorted(self._cases.items()) if mine}
        return ([self._rows[i] for i in mine] for mine in cases.values())

    def after(self, index: int) -> Iterator[Record]:
        """See `Ledger.after`."""
        with self._lock:
            rows = self._rows[max(index + 1, 0) :]
        return (Record.read(row.index, row.raw) for row in rows)

    def checkpoints(self) -> list[str]:
        """See `Ledger.checkpoints`."""
        with self._lock:
            return [note for _, note in sorted(self._checkpoints.items())]

    def keep_checkpoint(self, size: int, note: str) -> None:
        """See `Ledger.keep_checkpoint`."""
        with self._lock:
            if newly_kept(size, note, self._checkpoints.get(size)):
                self._checkpoints[size] = note
