"""The records of a packet as a ledger that can only be read. Everything in the packet is checked before anything is told."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Self
from zipfile import BadZipFile

import attrs

from candidacy._verify import Checking
from candidacy.errors import FailedPacketError, LedgerError
from candidacy.ledger import Row
from candidacy.standalone.verify import Check
from candidacy.table import TableLedger, lay_out, put
from candidacy.zipped import LARGEST_MIB, UnsafeZipError, read

MOST_FAILURES = 1_000
"""After so many it is no use to go on naming them."""
MALFORMED = (ArithmeticError, AttributeError, BadZipFile, LookupError, RecursionError, TypeError, ValueError)
"""What a document brings about that is not made as it should be."""


Fill = Callable[[Callable[[Row], None]], None]
"""Hands over rows, one after the other, to what it is given."""


class HeldRecords(TableLedger):
    """Records as a ledger that can only be read, in a private database that spills to disk and is gone when it is closed.

    Attributes:
        partial: whether it holds some cases of a ledger only.
        in_ledger: how many records the ledger has; None where that is not known.
    """

    joins = False
    in_ledger: int | None = None

    def __init__(self, fill: Fill, where: str, *, partial: bool = False, checkpoints: Sequence[str] = ()) -> None:
        """A ledger of the rows that *fill* hands over, oldest first, record 0 included; *where* is what messages call it.

        Args:
            checkpoints: the signed checkpoints that came with them, by size.
        """
        self.partial, self._checkpoints = partial, tuple(checkpoints)
        db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        try:
            lay_out(db)
            db.execute("BEGIN")
            fill(lambda row: put(db, row))
            db.execute("COMMIT")
            db.execute("PRAGMA query_only=1")
            super().__init__(db, where)
        except BaseException:
            db.close()
            raise

    def rows(self, after: int | None = None) -> Iterator[Row]:
        """See `candidacy.ledger.Ledger.rows`."""
        rows = super().rows(after)
        return (_RowOfPart(*attrs.astuple(row)) for row in rows) if self.partial else rows

    def checkpoints(self) -> list[str]:
        """See `candidacy.ledger.Ledger.checkpoints`: those it was given."""
        return list(self._checkpoints)

    def keep_checkpoint(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse to."""
        raise self._only_read()

    def append(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse to."""
        raise self._only_read()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Refuse to begin one."""
        raise self._only_read()
        yield self._db

    def within(self, connection: object) -> TableLedger:  # noqa: ARG002 (as every ledger has it)
        """Refuse to join one."""
        raise self._only_read()

    def _only_read(self) -> LedgerError:
        return LedgerError(f"{self._where}: found a packet; needed a ledger to write to: a packet can only be read")

    def close(self) -> None:
        """Let go of it; the private database is gone."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class PacketLedger(HeldRecords):
    """A packet's records as a ledger that can only be read.

    Attributes:
        path: where the packet is.
        sha256: of the zip, in hexadecimal: what tells, kept elsewhere, that it is the one that was made.
        about: what packet.json says.
        told: what the stand-alone verifier has to say of it, in lines.
        in_ledger: how many records the ledger had from which it was made.
        short: why it cannot be taken for the whole ledger, in a sentence; "" where it can.
    """

    def __init__(self, path: str | Path, *, largest_mib: int = LARGEST_MIB, sha256: str | None = None) -> None:
        """Open the packet in *path*, and check everything in it.

        Args:
            largest_mib: MiB that all its files together may have.
            sha256: what the SHA-256 of the zip must be, in hexadecimal.

        Raises:
            LedgerError: it cannot be read, or is no packet, or none that can be read safely.
            FailedPacketError: it is one, and not what it says.
            NewerFormatError: a record is in a format this version does not know.
        """
        self.path = Path(path)
        checked = _Checked()
        super().__init__(lambda keep: self._fill(checked, keep, largest_mib, sha256), str(path))
        self.about, self.told = checked.said, tuple(checked.told())
        self.partial, self.in_ledger = checked.partial, int(self.about["records_in_ledger"])
        self.short = "it is a packet of some cases of a ledger" * self.partial

    def _fill(self, checked: "_Checked", keep: Callable[[Row], None], largest_mib: int, expected: str | None) -> None:
        """Hand over its records, as long as nothing is wrong; at the end, say everything that is."""
        checked.keep = keep
        try:
            if not self.path.is_file():  # a pipe would never end
                raise LedgerError(f"{self.path}: found no file; needed a packet")
            with self.path.open("rb") as file:
                counted = _Hashed(file)
                checked.files(read(counted, largest_mib))
            "".join(checked.told())
        except OSError as wrong:
            raise LedgerError(f"{self.path}: cannot be read ({type(wrong).__name__})") from None
        except UnsafeZipError as wrong:
            raise LedgerError(f"{self.path}: {wrong}") from None
        except MALFORMED:
            needed = "a packet as `candidacy packet` writes it"
            raise LedgerError(f"{self.path}: found a manifest or a packet.json that cannot be read; needed {needed}") from None
        self.sha256 = counted.digest.hexdigest()
        failures = checked.wrong[:MOST_FAILURES] + ["and more"] * (len(checked.wrong) > MOST_FAILURES)
        if expected is not None and expected.lower() != self.sha256:
            failures.insert(0, f"its SHA-256 is {self.sha256}, which is not the one that was given")
        if failures:
            raise FailedPacketError(str(self.path), failures)


@attrs.frozen
class _RowOfPart(Row):
    after_a_gap = True


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, sha256()

    def read(self, most: int) -> bytes:
        piece = self._file.read(most)
        self.digest.update(piece)
        return piece


class _Checked(Check):
    """The stand-alone verifier's checks, and then the engine's own of every record; what passes both is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.keep: Callable[[Row], None] = _nowhere
        self._checking = Checking()
        self._data = dict[str, Any]()

    @property
    def partial(self) -> bool:
        return self.said["part"] is True

    def line(self, raw: bytes) -> list[str]:
        """What is wrong with one more record."""
        found = super().line(raw)
        if found or self.wrong:
            return found if len(self.wrong) <= MOST_FAILURES else []
        data = self._data
        columns = data["index"], data.get("case"), data.get("version"), data.get("command")
        row = (_RowOfPart if self.partial else Row)(*columns, bytes.fromhex(self.leaf), raw)
        self._checking.row(row)
        if not self._checking.failures:
            self.keep(row)
        return [str(failure) for failure in self._checking.failures]

    def _record(self, data: dict[str, Any], leaf: str) -> Iterator[str]:
        self._data = data
        return super()._record(data, leaf)


def _nowhere(_: Row) -> None:
    """Keep a row nowhere."""
