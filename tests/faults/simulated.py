"""SQLite on a disk in memory: `sqlite3.connect` as the ledger calls it, answered by apsw on a `Disk`.

The ledger's own code runs on it unchanged: its settings, its statements, its mark, its mending. What differs: it is apsw's
SQLite and not Python's, and `locking_mode=EXCLUSIVE`, since the index of the log can only be kept in the process here: so a
connection that is opened closes the one before, which the ledger does a moment later. Both then leave a log without what a failed
commit wrote into it, as they do where two share the index.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw

from faults.disk import Cropped, Disk, Wrote

VFS = "simulated disk"
JOURNALS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL
"""What SQLite's unix layer syncs the directory for, when it is first synced."""
KINDS = {
    apsw.SQLITE_CORRUPT: sqlite3.DatabaseError,
    apsw.SQLITE_NOTADB: sqlite3.DatabaseError,
    apsw.SQLITE_CONSTRAINT: sqlite3.IntegrityError,
    apsw.SQLITE_MISUSE: sqlite3.ProgrammingError,
}
"""Python's own kinds of error, where they are not OperationalError."""


class _File:
    """One open file of the disk; a temporary one has no name, and nothing of it is written down."""

    def __init__(self, disk: Disk, number: int | None, flags: int, *, new: bool, careful: bool) -> None:
        self._disk, self._number, self._careful = disk, number, careful
        self._name_too = new and bool(flags & JOURNALS)
        self._temporary = bytearray()

    @property
    def _content(self) -> bytearray:
        return self._temporary if self._number is None else self._disk.content(self._number)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 (apsw calls it so)
        return bytes(self._content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._number is None:
            self._temporary[offset : offset + len(data)] = data
        else:
            self._disk.changed(Wrote(self._number, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        if self._number is None:
            del self._temporary[size:]
        else:
            self._disk.changed(Cropped(self._number, size))

    def xSync(self, _: int) -> None:  # noqa: N802
        if self._number is None:
            return
        if not self._disk.synced(self._number, names=self._name_too):
            wrong = apsw.IOError("a sync that fails")
            wrong.extendedresult = apsw.SQLITE_IOERR_FSYNC
            raise wrong
        self._name_too = False

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._content)

    def xLock(self, _: int) -> None:  # noqa: N802
        """Nobody else is there."""

    def xUnlock(self, _: int) -> None:  # noqa: N802
        """Nobody else is there."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, _: int, __: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE if self._careful else 0

    def xClose(self) -> None:  # noqa: N802
        """Nothing is held."""


class SimulatedDisk(apsw.VFS):
    """SQLite's way to whatever disk is put in.

    Attributes:
        disk: the one that is in.
        careful: whether a write leaves alone what stands beside it in its sector, as SQLite believes of Linux.
    """

    def __init__(self) -> None:
        self.disk, self.careful = Disk(), True
        super().__init__(VFS, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        named = name.filename() if isinstance(name, apsw.URIFilename) else name
        number = self.disk.number(named) if named else None
        new = bool(named) and number is None
        if new:
            if not flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.CantOpenError(f"no {named}")
            number = self.disk.made(named)
        flags[1] = flags[0]
        return _File(self.disk, number, flags[0], new=new, careful=self.careful)

    def xAccess(self, name: str, _: int) -> bool:  # noqa: N802
        return self.disk.number(name) is not None

    def xDelete(self, name: str, synced: bool) -> None:  # noqa: N802
        if self.disk.number(name) is None:
            wrong = apsw.IOError(f"no {name}")
            wrong.extendedresult = apsw.SQLITE_IOERR_DELETE_NOENT
            raise wrong
        self.disk.removed(name, synced=bool(synced))

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


@contextmanager
def _as_python_says() -> Iterator[None]:
    """apsw's errors as `sqlite3` raises them."""
    try:
        yield
    except apsw.Error as wrong:
        code = getattr(wrong, "result", apsw.SQLITE_ERROR)
        extended = getattr(wrong, "extendedresult", code)
        said = KINDS.get(code & 0xFF, sqlite3.OperationalError)(str(wrong))
        names: dict[Any, Any] = {**apsw.mapping_result_codes, **apsw.mapping_extended_result_codes}
        said.sqlite_errorcode, said.sqlite_errorname = extended, names.get(extended, names.get(code, ""))
        raise said from None


class _Cursor:
    row_factory = None

    def __init__(self, connection: "_Connection") -> None:
        self._connection, self._cursor = connection, connection.db.cursor()

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> "_Cursor":
        self._connection.rolled_back = False
        with _as_python_says():
            try:
                self._cursor.execute(statement, values)
            except apsw.IOError:
                # apsw raises what went wrong on the disk also where SQLite goes on: when the log could not be moved into the
                # file after a commit. `sqlite3` does not, and nothing was rolled back.
                if self._connection.rolled_back or not statement.startswith(("COMMIT", "UPDATE")):
                    raise
        return self

    @property
    def rowcount(self) -> int:
        return self._connection.db.changes()

    def fetchone(self) -> Any:
        with _as_python_says():
            return self._cursor.fetchone()

    def fetchall(self) -> Any:
        with _as_python_says():
            return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


class _Connection:
    """So much of a `sqlite3.Connection` as the ledger uses."""

    def __init__(self, where: str, autocheckpoint: int) -> None:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        with _as_python_says():
            self.db = apsw.Connection(where, flags=flags, vfs=VFS)
        self.rolled_back = False
        self.db.set_rollback_hook(self._rolls_back)
        self.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
        self.execute(f"PRAGMA wal_autocheckpoint={autocheckpoint}").fetchall()

    def _rolls_back(self) -> None:
        self.rolled_back = True

    def cursor(self) -> _Cursor:
        return _Cursor(self)

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> _Cursor:
        return self.cursor().execute(statement, values)

    @property
    def in_transaction(self) -> bool:
        return self.db.in_transaction

    def close(self) -> None:
        with suppress(apsw.IOError):  # `sqlite3` does not say what went wrong at the close
            self.db.close(force=True)


@contextmanager
def connected(autocheckpoint: Callable[[], int]) -> Iterator[SimulatedDisk]:
    """While it lasts, `sqlite3.connect` opens files of the disk that is in what this gives.

    Args:
        autocheckpoint: the pages after which SQLite moves the log into the file: asked at each opening.
    """
    way, last = SimulatedDisk(), list[_Connection]()

    def connect(where: str | Path, **_: Any) -> _Connection:
        while last:
            last.pop().close()  # each keeps an index of the log for itself here, so that two at a time would be at odds
        last.append(_Connection(str(where), autocheckpoint()))
        return last[0]

    with (
        patch("sqlite3.connect", connect),
        patch("candidacy.sqlite.LOOKS", 1),
    ):  # the log, which is not looked for here, is never there
        yield way
