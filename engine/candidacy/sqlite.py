"""A ledger in one SQLite file: WAL with ``synchronous=FULL``, asserted whenever the file is opened.

While a writer has the file open, the file itself carries a mark (`candidacy.mark`), so that a copy made meanwhile can
never pass for the whole ledger.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from candidacy import mark
from candidacy.errors import LedgerBusyError, LedgerError, OutputError
from candidacy.ledger import Row, checked, first_record
from candidacy.mark import FOREIGN, Mark
from candidacy.placing import in_place
from candidacy.record import Record
from candidacy.table import APPLICATION, COLUMNS, DURABLE, DURABLE_OTHERWISE, TableLedger, insert, lay_out, named, one

LAYOUT = 2
SECONDS_TO_WAIT = 10.0
"""How long a writer waits for another one."""
SETTINGS = {"secure_delete": 1, "trusted_schema": 0, "cell_size_check": 1}
"""Per connection: set, read back, and the file is not used otherwise; `synchronous` too, by journal mode."""
SHORT = (
    "it is a copy of a file that a writer had open or never closed, so that records may be missing from its end: "
    "hand over what `candidacy copy` or `candidacy export` makes"
)
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
    """

    joins = False
    _beside = True
    """Whether a log stood beside the file when it was opened."""

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
        if not self.path.is_file():
            raise LedgerError(f"{self.path}: found no ledger; needed one made with `candidacy new {self.path} --zone ZONE`")
        self._file = self.path.resolve()
        self._where, self._broken, self._process, self.opened, self.short = str(self.path), False, os.getpid(), "", ""
        self._closed = False
        _refuse_after_a_fork(self.path)
        with self._translated():
            self._db = self._opened()
        try:
            self._own = self._assert_settings()
            super().__init__(self._db, self._where)
            if self._own:
                self._assert_whole()
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
    def made_of(cls, path: str | Path, records: Iterable[Record]) -> "SqliteLedger":
        """Make a ledger of *records* (oldest first, record 0 included) in *path* and open it: whole, or not at all.

        Raises:
            LedgerError: something is at *path*, or it cannot be written. Whatever *records* raises.
        """
        try:
            with in_place(path) as making:
                _make(making, records)
        except OutputError as wrong:
            raise LedgerError(str(wrong)) from None
        except sqlite3.Error as wrong:
            raise LedgerError(f"{path}: cannot be written ({named(wrong)})") from None
        return cls(path)

    def close(self) -> None:
        """Let go of the file; the last writer to do so takes the mark away."""
        if os.getpid() != self._process:
            return  # the connection is another process's: to close it here would let go of that one's locks
        self._db.close()
        if not self._closed:
            OPEN[self._counted] -= 1
        self._closed = True
        if self._own and not self._read_only:
            with suppress(sqlite3.Error, OSError):
                Mark(self._file).take_away()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def complaints(self) -> list[str]:
        """What is wrong with the file as a whole: in SQLite's own words, and whether it may be short."""
        with self._locked(), self._translated():
            found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return [*found, *([self.short] if self.short else [])]

    # --- inside

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
            return self._connected(f"{where}?mode={'ro' if self._read_only and beside else 'rw'}")
        except sqlite3.OperationalError as wrong:
            code = named(wrong)
            if not self._read_only or not code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", NO_ROOM)):
                raise
        if code.startswith(NO_ROOM):
            self.opened = "opened for this reader alone, since what several share cannot be laid beside it: the disk may be full"
            return self._connected(f"{where}?mode=rw", alone=True)
        if beside:
            found = f"found records in {self._wal.name} that cannot be read here"
            raise LedgerError(f"{self.path}: {found}; needed both files where they can be written")
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
            raise LedgerError(f"{self.path}: found another kind of file; needed a ledger")
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

    def _pragma(self, name: str) -> Any:
        return self._db.execute(f"PRAGMA {name}").fetchone()[0]

    @property
    def _busy(self) -> str:
        own = "a transaction of your own is joined by passing its connection"
        return f"{self.path}: another writer has held the ledger for {self._wait:g} seconds; try again ({own})"

    def _assert_whole(self) -> None:
        """Say that a copy made while a writer had the file open may be short; mark the file if this is a writer."""
        mark = Mark(self._file)
        with self._translated():
            if mark.found(self._db, log=self._beside) == FOREIGN:
                self.short = SHORT
            elif not self._read_only and not mark.put(self._db, self._wait):
                raise LedgerBusyError(f"{self.path}: others have been reading the ledger for {self._wait:g} seconds; try again")
        if self.short and not self._read_only:
            raise LedgerError(f"{self.path}: found a file that cannot be gone on with; {self.short}")

    # --- transactions

    def _mend(self) -> None:
        """After an input or output error: close, open anew, and look whether the newest record is whole."""
        if not self._broken:
            return
        self._db.close()
        self._db = self._opened()
        self._assert_settings()
        if self._own:
            self._assert_whole()
        row = one(self._db, f"SELECT {COLUMNS} FROM main.candidacy_record ORDER BY position DESC LIMIT 1")
        checked(Row(*row))  # type: ignore[misc]
        self._broken = False

    def _failed(self, code: str) -> None:
        if code.startswith("SQLITE_IOERR"):
            self._broken = True  # a sync that failed and is tried again on the same handle may lie

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
        if os.getpid() != self._process:
            raise LedgerError(f"{self.path}: found it opened in another process; needed it opened anew in this one")
        with super()._translated():
            yield


def _make(path: Path, records: Iterable[Record]) -> None:
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
        db.execute("COMMIT")
        if not mark.all_in_the_file(db, "TRUNCATE"):
            raise LedgerError(f"{path}: the new ledger could not be written to its place")
    finally:
        db.close()
