"""The records of a packet as a ledger that can only be read. Everything in the packet is checked before anything is told."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Self
from zipfile import BadZipFile

import attrs

from candidacy._verify import Checking
from candidacy.checkpoint import Inclusion, read_checkpoint
from candidacy.errors import FailedPacketError, InputError, LedgerError, why
from candidacy.ledger import Row
from candidacy.merkle import Tree
from candidacy.record import leaf_hash
from candidacy.standalone.proofs import Proofs
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
        opened, short: what is to be said of it, as of a ledger in a file; "" where nothing is.
    """

    joins, _read_only = False, True
    opened = short = ""
    in_ledger: int | None = None
    what = "a packet"
    """What messages call it, where somebody would write to it."""

    def __init__(self, fill: Fill, where: str, *, partial: bool = False, checkpoints: Iterable[str] = ()) -> None:
        """A ledger of the rows that *fill* hands over, oldest first, record 0 included; *where* is what messages call it.

        Args:
            checkpoints: those that came with the records, in order of size.
        """
        self.partial, self._checkpoints = partial, list(checkpoints)
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
        """See `candidacy.ledger.Ledger.checkpoints`."""
        return list(self._checkpoints)

    def keep_checkpoint(self, *_: object) -> None:
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
        return LedgerError(f"{self._where}: found {self.what}; needed a ledger to write to: {self.what} can only be read")

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
        proofs: of a part, by index the proof that the record stands in the ledger of the newest checkpoint, as text.
    """

    proofs: Mapping[int, str]

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
        self._checkpoints, self.proofs = checked.checkpoints(), checked.kept.proofs()

    def _fill(self, checked: "_Checked", keep: Callable[[Row], None], largest_mib: int, expected: str | None) -> None:
        """Hand over its records, as long as nothing is wrong; at the end, say everything that is."""
        checked.keep = keep
        try:
            if not self.path.is_file():  # a pipe would never end
                raise LedgerError(f"{self.path}: found no file; needed a packet")
            with self.path.open("rb") as file:
                counted = _Hashed(file)
                checked.files(read(counted, largest_mib))
            checked.wrong += [] if checked.wrong else checked.unproved()
            "".join(checked.told())
        except OSError as wrong:
            raise LedgerError(f"{self.path}: cannot be read ({why(wrong)})") from None
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


class _KeptProofs(Proofs):
    """The stand-alone verifier's checks of checkpoints and proofs, which also keeps the proofs."""

    def __init__(self) -> None:
        super().__init__()
        self._heads = dict[str, bytes]()

    def file(self, name: str, raw: bytes) -> list[str]:
        """What is wrong with one more file."""
        found = super().file(name, raw)
        if not found and name.startswith("proofs/"):
            self._heads[name] = raw.removesuffix(self.raw[self.newest])
        return found

    def proofs(self) -> dict[int, str]:
        """The proofs as text, by the index of the record."""
        heads = {index: self._heads[f"proofs/{index}.tlog-proof"] for index in sorted(self.leaves)}
        return {index: (head + self.raw[self.newest]).decode() for index, head in heads.items()}


class _Checked(Check):
    """The stand-alone verifier's checks, and then the engine's own of every record and proof; what passes both is kept."""

    def __init__(self) -> None:
        self.kept = _KeptProofs()
        super().__init__(self.kept)
        self.keep: Callable[[Row], None] = _nowhere
        self._checking = Checking()
        self._tree, self._roots = Tree(), dict[int, bytes]()
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
            self._grow(leaf_hash(raw))
        return [str(failure) for failure in self._checking.failures]

    def _grow(self, leaf: bytes) -> None:
        if self.partial or self._tree.size >= self.kept.newest:
            return  # no root is asked for that has this leaf
        self._tree.add(leaf)
        if self._tree.size in self.kept.wanted:
            self._roots[self._tree.size] = self._tree.root

    def _record(self, data: dict[str, Any], leaf: str) -> Iterator[str]:
        self._data = data
        return super()._record(data, leaf)

    def checkpoints(self) -> list[str]:
        """The checkpoints as text, in order of size."""
        return [raw.decode() for _, raw in sorted(self.kept.raw.items())]

    def unproved(self) -> list[str]:
        """What of the checkpoints and proofs does not hold, as the engine itself reads them."""
        try:
            said = [read_checkpoint(raw)[1] for _, raw in sorted(self.kept.raw.items())]
            proofs = {index: Inclusion.read(text.encode()) for index, text in self.kept.proofs().items()}
        except InputError as wrong:
            return [f"checkpoints and proofs: {problem}" for problem in wrong.problems]
        wrong_roots = [c.size for c in said if not self.partial and self._roots.get(c.size) != c.root]
        wrong_proofs = [i for i, proof in proofs.items() if proof.index != i or not proof.shows(self.kept.leaves[i])]
        return [f"checkpoints/{size}: its root is not that of the first {size} records" for size in wrong_roots] + [
            f"proofs/{index}.tlog-proof: it does not lead from record {index} to the root" for index in wrong_proofs
        ]


def _nowhere(_: Row) -> None:
    """Keep a row nowhere."""
