"""A ledger in one SQLite file: WAL with ``synchronous=FULL``, asserted whenever the file is opened.

While a writer has the file open, the file itself carries a mark (`candidacy.mark`), so that a copy made meanwhile can
never pass for the whole ledger.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any, Self
from urllib.parse import quote

from candidacy import mark
from candidacy.address import NO_ADDRESS, looks_like_another
from candidacy.checkpoint import read_checkpoint
from candidacy.errors import DamagedRecordError, LedgerBusyError, LedgerError, OutputError, UnknownOutcomeError, why
from candidacy.ledger import Place, Row, checked, first_record
from candidacy.mark import ALONE, FOREIGN, OWN, Mark
from candidacy.placing import in_place, left_beside
from candidacy.record import Record
from candidacy.stored import COLUMNS, INDEXES
from candidacy.table import (
    APPLICATION,
    DURABLE,
    DURABLE_OTHERWISE,
    TableLedger,
    insert,
    lay_out,
    named,
    of_others,
    one,
    put_checkpoint,
    unguarded,
)
from candidacy.turns import in_turn

LAYOUT = 2
SECONDS_TO_WAIT = 10.0
"""How long a writer waits for another one."""
SETTINGS = {"secure_delete": 1, "trusted_schema": 0, "cell_size_check": 1}
"""Per connection: set, read back, and the file is not used otherwise; `synchronous` too, by journal mode."""
FROM_THE_DISK = (
    "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_PROTOCOL", "SQLITE_READONLY",
    "SQLITE_NOLFS", "SQLITE_INTERNAL",
)  # fmt: skip
"""How those errors begin after which a connection is not used again."""
SHORT = (
    "it is a copy of a file that a writer had open or never closed, so that records may be missing from its end: "
    "hand over what `candidacy copy` or `candidacy export` makes"
)
UNSURE = (
    "a writer left it marked as open, and the log that should be beside it is not there: so it may be where several opened and "
    "closed it at once, and then nothing is missing; or where a copy was put in its place, or it was moved without its log, and "
    "then the newest records are: an anchor tells"
)
LOOKS, SECONDS_TO_CLOSE = 4, 0.05
"""How often, and after how long, it is looked whether a writer was only just closing."""
NO_ROOM = "SQLITE_IOERR_SHM"
"""What SQLite answers, by the beginning of its name, where it cannot lay beside the file what its connections share."""
ROWS_A_TRANSACTION = 5_000
"""Of a ledger that is being copied."""


OPEN: Counter[tuple[int, int]] = Counter()
"""How often this process, or one that it was forked from, has a file open: by process and the file's number."""


def _refuse_after_a_fork(path: Path) -> None:
    """A file that was open at the fork: SQLite believes here to hold locks that only the other process holds."""
    number = path.stat().st_ino
    if any(many > 0 and process != os.getpid() and file == number for (process, file), many in OPEN.items()):
        found = "found it open in the process that this one was forked from"
        raise LedgerError(f"{path}: {found}; needed it closed before the fork")


class SqliteLedger(TableLedger):
    """A ledger in a file. Several threads may share one; several processes may each open the file.

    The file is the ledger's own, made with `create`, or a host's database in which `HostLedger.create` made one.

    Attributes:
        path: where it is.
        opened: how it was opened where that is out of the ordinary, in a sentence; "" otherwise.
        short: why it cannot be taken for the whole ledger, in a sentence; "" where nothing speaks against it.
        unsure: why it cannot be told whether it is whole, in a sentence; "" where it can.
    """

    joins = False
    _beside, _folds = True, False
    """Whether a log stood beside the file when it was opened; whether SQLite may move it into the file as this one closes."""

    def __init__(self, path: str | Path, *, read_only: bool = False, wait: float | None = None) -> None:
        """Open the ledger in *path*.

        Args:
            read_only: also for readers in a process that writes: a reader of its own does not queue behind a writer that waits.
            wait: seconds to wait for another writer; 10 by default.

        Raises:
            LedgerError: no file, no ledger, not writable, a copy made while a writer had the file open (such a one can
                only be read), or the settings that make it durable do not hold.
        """
        self.path, self._read_only, self._wait = Path(path), read_only, SECONDS_TO_WAIT if wait is None else wait
        refuse_no_path(path)
        try:
            there = self.path.is_file()
        except OSError as wrong:
            raise LedgerError(f"{self.path}: cannot be read ({why(wrong)})") from None
        if not there:
            found = "found a folder" if self.path.is_dir() else "found no file"
            raise LedgerError(
                f"{self.path}: {found}; needed a ledger: is the path right? `candidacy new PATH --zone ZONE` makes one"
            )
        self._file = self.path.resolve()
        self._where, self._broken, self._process, self.opened, self.short = str(self.path), False, os.getpid(), "", ""
        self._closed = self._at_work = self._unreadable = self._immutable = False
        self._line = f"{self._file}-line"
        _refuse_after_a_fork(self.path)
        if not read_only:
            self._refuse_two_names()
        with self._translated():
            self._db = self._opened()
        try:
            self._own = self._assert_settings()
            super().__init__(self._db, self._where)
            if self._own:
                self._refuse_triggers_of_others()
                self.unsure = UNSURE if self._found_alone() else ""
            with self._translated():
                self._newest = self._tail() or (0, b"")
        except BaseException:
            self._db.close()
            raise
        self._counted = self._process, self._file.stat().st_ino
        OPEN[self._counted] += 1

    @classmethod
    def create(cls, path: str | Path, zone: str) -> "SqliteLedger":
        """Make a new, empty ledger in *path* and open it.

        Args:
            zone: IANA name of the time zone that says what day it is.

        Raises:
            LedgerError: something is at *path*, or it cannot be written.
            InputError: *zone* is no time zone.
        """
        return cls.made_of(path, [first_record(zone)])

    @classmethod
    def made_of(cls, path: str | Path, records: Iterable[Record], checkpoints: Iterable[str] = ()) -> "SqliteLedger":
        """Make a ledger of *records* (oldest first, record 0 included) in *path* and open it: whole, or not at all.

        Args:
            checkpoints: those kept with the ledger of which it is a copy.

        Raises:
            LedgerError: something is at *path*, or it cannot be written. Whatever *records* raises.
            InputError: one of *checkpoints* is none.
        """
        refuse_no_path(path)
        try:
            with in_place(path) as making:
                _make(making, records, [(read_checkpoint(note.encode())[1].size, note) for note in checkpoints])
        except OutputError as wrong:
            raise LedgerError(str(wrong)) from None
        except sqlite3.Error as wrong:
            raise LedgerError(f"{path}: cannot be written ({named(wrong)})") from None
        return cls(path)

    def close(self) -> None:
        """Let go of the file; the last writer to do so takes the mark away."""
        if os.getpid() != self._process:
            return  # the connection is another process's: to close it here would let go of that one's locks
        folds = self._own and not self._closed and (not self._read_only or self._may_be_left_a_mark())
        self._db.close()
        if not self._closed:
            OPEN[self._counted] -= 1
        self._closed = True
        if folds:
            with suppress(sqlite3.Error, OSError):
                Mark(self._file).take_away()

    def _may_be_left_a_mark(self) -> bool:
        """Whether a writer came while this reader had the file open, or before it, and could not take its mark away or was killed.

        SQLite moves its log into the file as the last one closes who may write; a reader may who found no log, or no room.
        """
        with suppress(sqlite3.Error, OSError):
            return self._folds and not (self.short or self.unsure) and Mark(self._file).found(self._db) == OWN
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def complaints(self) -> list[str]:
        """What is wrong with the file as a whole: in SQLite's own words, and whether it may be short."""
        with self._locked(), self._translated():
            found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok"]
            guards = (of_others(self._db), unguarded(self._db))
            mode = self.journal_mode
        journal = f"journal_mode: found {mode}; needed wal" if self._own and mode != "wal" else ""
        return [*found, *(what for what in (*guards, journal, self.short) if what)]

    @property
    def journal_mode(self) -> str:
        """What the file itself says, also where it is opened as one that nobody changes."""
        with self._locked(), self._translated():
            if self._immutable:  # SQLite answers as if there were no log
                with self._file.open("rb") as file:
                    return "wal" if file.read(20)[18:] == b"\2\2" else "another than wal"
            return str(self._pragma("journal_mode"))

    # --- inside

    @property
    def file(self) -> Path:
        """Where it is, links followed."""
        return self._file

    @property
    def _patience(self) -> float:
        return self._wait

    def _opened(self) -> sqlite3.Connection:
        where = f"file:{quote(str(self._file))}"
        size = self._size_of_log()
        self._beside, beside = size is not None, bool(size)
        try:
            # A reader that could write clears away, as the last one, what SQLite lays beside the file; but what a writer
            # has left beside it is moved into the file by writers alone.
            self._folds = not (self._read_only and beside)
            return self._connected(f"{where}?mode={'rw' if self._folds else 'ro'}")
        except sqlite3.OperationalError as wrong:
            code = named(wrong)
            if not self._read_only or not code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", NO_ROOM)):
                raise
        if code.startswith(NO_ROOM):
            self.opened = "opened for this reader alone, since what several share cannot be laid beside it: the disk may be full"
            self._folds = True
            return self._connected(f"{where}?mode=rw", alone=True)
        if beside:
            found = f"found records in {self._wal.name} that cannot be read here"
            raise LedgerError(f"{self.path}: {found}; needed both files where they can be written")
        self._immutable, self._folds = True, False
        self.opened = "opened as a file that nobody changes, since nothing can be written beside it"
        return self._connected(f"{where}?mode=ro&immutable=1")  # read-only media: a WAL file opens no other way

    def _connected(self, uri: str, *, alone: bool = False) -> sqlite3.Connection:
        db = sqlite3.connect(uri, uri=True, timeout=self._wait, isolation_level=None, check_same_thread=False)
        try:
            if alone:  # the index of the log is then kept in memory, and not in a file beside
                db.execute("PRAGMA locking_mode=EXCLUSIVE")
            for setting, value in SETTINGS.items():
                db.execute(f"PRAGMA {setting}={value}")
            db.execute(f"PRAGMA synchronous={DURABLE['wal']}")
            one(db, "SELECT count(*) FROM sqlite_schema")
            db.execute(f"PRAGMA query_only={int(self._read_only)}")
        except BaseException:
            db.close()
            raise
        return db

    @property
    def _wal(self) -> Path:
        return self._file.with_name(self._file.name + "-wal")

    def _size_of_log(self) -> int | None:
        """Bytes of the log beside the file; None where there is none."""
        try:
            return self._wal.stat().st_size
        except OSError:
            return None

    def _assert_settings(self) -> bool:
        """Whether the file is the ledger's own. Raises LedgerError where it is no ledger or would lose what it commits."""
        with self._translated():
            application, layout, journal = (self._pragma(name) for name in ("application_id", "user_version", "journal_mode"))
            found = {name: self._pragma(name) for name in SETTINGS}
            hosted = application != APPLICATION
            there = one(self._db, "SELECT count(*) FROM sqlite_schema WHERE name = 'candidacy_record'")
            if hosted and journal != "wal":
                self._db.execute(f"PRAGMA synchronous={DURABLE_OTHERWISE}")
            synchronous = self._pragma("synchronous")
        if hosted and not (there and there[0]):
            what = "an empty file" if not self._file.stat().st_size else "another kind of file"
            raise LedgerError(f"{self.path}: found {what}; needed a ledger")
        if not hosted and layout != LAYOUT:
            raise LedgerError(f"{self.path}: found layout {layout}; needed layout {LAYOUT}: use another version of candidacy")
        wrong = [f"{name}={found[name]}" for name, value in SETTINGS.items() if found[name] != value]
        if synchronous < (DURABLE["wal"] if journal == "wal" or not hosted else DURABLE_OTHERWISE):
            wrong.append(f"synchronous={synchronous}")
        if journal != "wal" and not self._read_only and not hosted:
            wrong.append(f"journal_mode={journal}")
        if wrong:
            raise LedgerError(
                f"{self.path}: found {', '.join(wrong)}; needed the settings under which nothing acknowledged is lost"
            )
        return not hosted

    def _refuse_triggers_of_others(self) -> None:
        with self._translated():
            wrong = "" if self._read_only else of_others(self._db)
        if wrong:
            raise LedgerError(f"{self.path}: {wrong}")

    def _pragma(self, name: str) -> Any:
        return self._db.execute(f"PRAGMA {name}").fetchone()[0]

    @property
    def _busy(self) -> str:
        own = "a transaction of your own is joined by passing its connection"
        return f"{self.path}: another writer has held the ledger for {self._wait:g} seconds; try again ({own})"

    def _refuse_two_names(self) -> None:
        """Each would have a log of its own. The one under which it was made goes, where whoever made it was killed too early."""
        if self._file.stat().st_nlink == 1:
            return
        with suppress(OSError):
            for name in left_beside(self._file):
                name.unlink()
        if (names := self._file.stat().st_nlink) > 1:
            found = f"found it under {names} names (hard links), each of which would have a log of its own"
            raise LedgerError(f"{self.path}: {found}; needed one name: remove the others, or `candidacy copy` it")

    def _found_alone(self) -> bool:
        """Whether it is marked and has no log, also a little later: as a writer closes, that is so for a moment."""
        for looks in range(LOOKS):
            if self._assert_whole() != ALONE:
                return False
            if self._immutable:
                break
            if looks < LOOKS - 1:
                self._db.close()  # which lets it finish
                sleep(SECONDS_TO_CLOSE)
                self._db = self._opened()
        return True

    def _assert_whole(self) -> str:
        """Say that a copy made while a writer had the file open may be short; mark the file for a writer. The mark it had."""
        mark = Mark(self._file)
        with self._translated():
            found = mark.found(self._db, log=self._beside)
            if found == FOREIGN:
                self.short = SHORT
            elif not self._read_only and not mark.put(self._db, self._wait):
                raise LedgerBusyError(f"{self.path}: others have been reading the ledger for {self._wait:g} seconds; try again")
        if self.short and not self._read_only:
            raise LedgerError(f"{self.path}: found a file that cannot be gone on with; {self.short}")
        return found

    # --- transactions

    @contextmanager
    def _translated(self) -> Iterator[None]:
        if os.getpid() != self._process:
            raise LedgerError(f"{self.path}: found it opened in another process; needed it opened anew in this one")
        with super()._translated():
            if self._unreadable:
                self._mend()
            yield

    def within(self, connection: sqlite3.Connection) -> TableLedger:
        """See `candidacy.ledger.Ledger.within`."""
        inside = super().within(connection)
        if connection is self._db:
            inside._failed = self._failed  # type: ignore[method-assign]  # noqa: SLF001 (what fails in its transaction fails for it)
        return inside

    def _failed(self, code: str) -> None:
        if code.startswith(FROM_THE_DISK) and not (self._read_only and code == "SQLITE_READONLY"):
            self._broken = True  # a sync that failed and is tried again on the same handle may lie
            self._unreadable |= not self._at_work

    def _mend(self) -> None:
        """After an error of the disk: close, open anew, and look whether everything that was acknowledged is there.

        Where writing failed, as on a full disk, what could be read is read on until the new connection has been found good.
        """
        if not self._broken or self._at_work or self._closed:
            return
        old, self._at_work = self._db, True
        try:
            if self._unreadable:
                _close(old)
            self._db = self._opened()
            self._look_anew()
        except BaseException as wrong:
            if not self._unreadable and self._db is not old:
                _close(self._db)
                self._db = old
            if isinstance(wrong, sqlite3.DatabaseError | OSError) and not self._is_busy(wrong):
                what = named(wrong) if isinstance(wrong, sqlite3.Error) else why(wrong)
                raise LedgerError(f"{self.path}: cannot be opened anew since the disk failed ({what})") from None
            raise
        finally:
            self._at_work = False
        _close(old)
        self._broken = self._unreadable = False

    def _look_anew(self) -> None:
        self._assert_settings()
        if self._own:
            self._assert_whole()
        if not self._read_only and not mark.all_in_the_file(self._db, "TRUNCATE"):
            # What a failed commit left in the log may be lost with the power, and what followed it there would be too.
            raise LedgerBusyError(f"{self.path}: others have been reading the ledger for {self._wait:g} seconds; try again")
        row = one(self._db, f"SELECT {COLUMNS} FROM main.candidacy_record ORDER BY position DESC LIMIT 1")
        if row is None:
            raise DamagedRecordError(0, "it is not there")
        newest = checked(Row(*row))  # type: ignore[arg-type]
        index, leaf = self._newest
        found = newest.leaf if newest.index == index else (self._tail(index) or (0, b""))[1]
        if found != leaf:
            raise DamagedRecordError(index, "it was acknowledged, and is not there since the disk failed")

    def _tail(self, last: int = INDEXES[-1]) -> tuple[int, bytes] | None:
        """Index and leaf hash of the newest record up to that index."""
        query = "SELECT position, leaf FROM main.candidacy_record WHERE position <= ? ORDER BY position DESC LIMIT 1"
        return one(self._db, query, last)  # type: ignore[return-value]

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
        record = super().append(case, version, command, make, connection=connection)
        if connection is None:
            self._newest = max(self._newest, (record.index, record.leaf))
        return record

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """See `candidacy.ledger.Ledger.transaction`."""
        newest = self._newest
        with super().transaction() as connection:
            yield connection
            if not self._broken:
                newest = self._tail() or newest
        self._newest = max(self._newest, newest)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._begin()
        self._at_work = True
        try:
            yield
            self._commit()
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._at_work = False

    def _begin(self) -> None:
        """Take the lock of writers, when it is one's turn."""
        if self._at_work:
            raise LedgerError(f"{self.path}: found a transaction of its own open; needed its connection passed")
        self._mend()
        if not in_turn(self._line, self._begun, self._wait):
            raise LedgerBusyError(self._busy)

    @staticmethod
    def _is_busy(wrong: BaseException) -> bool:
        return isinstance(wrong, sqlite3.OperationalError) and named(wrong).startswith("SQLITE_BUSY")

    def _begun(self) -> bool:
        """Whether a transaction could be begun at once."""
        self._db.execute("PRAGMA busy_timeout=0")
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as wrong:
            if not self._is_busy(wrong):
                raise
            return False
        finally:
            self._db.execute(f"PRAGMA busy_timeout={int(self._wait * 1000)}")
        return True

    def _commit(self) -> None:
        if self._broken:
            raise LedgerError(f"{self.path}: found that the disk failed during the transaction; needed it begun anew")
        try:
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as wrong:
            if self._is_busy(wrong):  # without WAL a reader can be in the way, and nothing has been written
                raise
            self._broken = True
            raise UnknownOutcomeError(str(self.path), named(wrong)) from None

    def _roll_back(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            self._broken = self._unreadable = True  # what was not committed goes with the connection


def refuse_no_path(path: str | Path) -> None:
    """Raise LedgerError where what should be a path looks like an address: it is not shown, since it may hold a password."""
    if looks_like_another(path) and not os.access(path, os.F_OK):
        raise LedgerError(NO_ADDRESS)


def _close(db: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        db.close()


def _make(path: Path, records: Iterable[Record], checkpoints: Iterable[tuple[int, str]]) -> None:
    """A whole ledger in a new file."""
    path.open("xb").close()
    db = sqlite3.connect(path.absolute(), isolation_level=None)
    try:
        db.execute(f"PRAGMA application_id={APPLICATION}")
        db.execute(f"PRAGMA user_version={LAYOUT}")
        (journal,) = db.execute("PRAGMA journal_mode=WAL").fetchone()
        if journal != "wal":  # SQLite says so instead of failing
            raise LedgerError(f"{path}: found journal_mode={journal}; needed wal, which this place does not take")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("BEGIN IMMEDIATE")
        mark.lay_out(db)  # first, so that whoever copies the file from its beginning has the mark before any record
        lay_out(db)
        for n, record in enumerate(records, 1):
            insert(db, record)
            if n % ROWS_A_TRANSACTION == 0:
                db.execute("COMMIT")
                db.execute("BEGIN IMMEDIATE")
        for size, note in checkpoints:
            put_checkpoint(db, size, note)
        db.execute("COMMIT")
        if not mark.all_in_the_file(db, "TRUNCATE"):
            raise LedgerError(f"{path}: the new ledger could not be written to its place")
    finally:
        db.close()
