"""What signs checkpoints: a key, and the memory of what it has signed, both in a folder away from the ledger.

A checkpoint once signed binds: who has it can show that the ledger went another way later. So a signer must never sign two
histories, and its memory is no part of the ledger, whose files may be put back to an older state.
"""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol, Self

from candidacy.checkpoint import NUMBER, Checkpoint, read_checkpoint
from candidacy.errors import InconsistentLedgerError, InputError, LedgerBusyError, OutputError, Problem, why
from candidacy.note import SigningKey, VerifierKey

RootAt = Callable[[int], bytes | None]
"""The root over so many first records of the ledger as it is now; None where it has fewer."""
KEY, VERIFIER, MEMORY, MAKING = "signing.key", "verifier.key", "checkpoints", ".making"
OTHERS = 0o077
"""What nobody but the owner may do with the key and its folder."""
SECONDS_TO_WAIT = 60.0
"""How long a signer waits for another one at the same folder, which may read the ledger meanwhile."""


class Signer(Protocol):
    """What signs checkpoints of one ledger: a key in a folder, or a host's own key store."""

    @property
    def name(self) -> str:
        """The ledger's name in its checkpoints, which is the key's, too: a name, a slash, and the ledger's id."""

    @property
    def verifier(self) -> VerifierKey:
        """What its signatures are checked with: for the auditor."""

    def sign(self, size: int, root: bytes, root_at: RootAt) -> str:
        """The signed checkpoint over the first *size* records, remembered before it is given away.

        What it signed last must still be so, by *root_at*. Where another process has signed more records meanwhile, and the ledger
        holds them, it is that checkpoint. The same size and root give the same text.

        Raises:
            InconsistentLedgerError: the ledger has fewer records than it signed, or others.
        """


class FileSigner:
    """A signing key in a file that only its owner can read, with every checkpoint it has signed beside it.

    In the folder: ``signing.key``; ``verifier.key``, the line for the auditor; and in ``checkpoints/``, by their numbers of
    records, all that it has signed, of which the newest is its memory.

    Attributes:
        folder: where it is.
    """

    def __init__(self, folder: str | Path, *, wait: float = SECONDS_TO_WAIT) -> None:
        """The signer that `made` put in *folder*.

        Args:
            wait: seconds to wait for another one that signs.

        Raises:
            InputError: there is none, or others than its owner can read it.
        """
        self.folder, self._wait = Path(folder), wait
        for path, mode in ((self.folder.resolve(), 0o700), (self.folder / KEY, 0o600)):
            _refuse_others(path, mode)
        if (self.folder / MEMORY).is_dir():
            _refuse_others(self.folder / MEMORY, 0o700)
        try:
            self._key = SigningKey.read(_text(self.folder / KEY))
        except InputError as wrong:
            raise InputError([Problem(str(self.folder / KEY), one.found, one.needed) for one in wrong.problems]) from None
        self.name, self.verifier = self._key.name, self._key.verifier

    @classmethod
    def made(cls, folder: str | Path, name: str) -> Self:
        """A new key in *folder*, where nothing may be yet.

        Args:
            name: of the ledger in its checkpoints: a name, a slash, and the ledger's id.

        Raises:
            InputError: *name* is none that a key can have, or the library that signs is not installed.
            OutputError: something is in *folder*, or it cannot be written.
        """
        key, folder = SigningKey.made(name), Path(folder).absolute()
        making = folder.with_name(f".{folder.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            for place in (*reversed(folder.parents), making, making / MEMORY):
                if not place.exists():
                    place.mkdir(0o700)
            _write(making / KEY, key.written() + "\n", 0o600)
            _write(making / VERIFIER, f"{key.verifier}\n", 0o644)
            _synced(making)
            making.rename(folder)  # whole or not at all, and over an empty folder alone
            _synced(folder.parent)
        except OSError as wrong:
            what = "something in it already" if _has_content(folder) else f"that it cannot be written ({why(wrong)})"
            raise OutputError(f"{folder}: found {what}; needed a new folder for a key, on a file system of this machine") from None
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return cls(folder)

    @property
    def newest(self) -> int:
        """Of how many records its newest checkpoint is; 0 where it has signed none.

        Raises:
            InputError: its memory cannot be read; the file is named.
        """
        last = self._last()
        return last[0].size if last else 0

    def sign(self, size: int, root: bytes, root_at: RootAt) -> str:
        """See `Signer.sign`.

        Raises:
            InconsistentLedgerError: the ledger has fewer records than it signed, or others.
            InputError: its memory cannot be read; the file is named.
            LedgerBusyError: another one has been signing for longer than it waits.
            OutputError: its memory cannot be written. Nothing was signed.
        """
        with self._alone():
            last = self._last()
            if last is not None:
                said, note = last
                found = root if size == said.size else root_at(said.size)
                if found != said.root:
                    raise InconsistentLedgerError(self.name, [_unlike(said, size, found)])
                if size <= said.size:
                    return note
            note = str(self._key.signed(str(Checkpoint(self.name, size, root))))
            self._remember(size, note)
        return note

    # --- inside

    def _last(self) -> tuple[Checkpoint, str] | None:
        """The newest that it has signed."""
        memory = self.folder / MEMORY
        try:
            names = [path.name for path in memory.iterdir() if not path.name.startswith(".")]
        except OSError:
            raise InputError([Problem(str(memory), "no folder that can be read", NEEDED)]) from None
        strange = [Problem(str(memory / name), "no checkpoint by its name", NEEDED) for name in names if not _number(name)]
        if strange:
            raise InputError(strange)
        if not names:
            return None
        newest = memory / max(names, key=int)
        text = _text(newest)
        try:
            note, said = read_checkpoint(text.encode())
        except InputError:
            raise InputError([Problem(str(newest), "what is no checkpoint: perhaps it is torn", NEEDED)]) from None
        if (said.origin, str(said.size)) != (self.name, newest.name) or note.signed_by(self.verifier) is not True:
            raise InputError([Problem(str(newest), "a checkpoint that this key has not signed for so many records", NEEDED)])
        return said, text

    def _remember(self, size: int, note: str) -> None:
        """Durably, and whole or not at all."""
        memory = self.folder / MEMORY
        try:
            _write(memory / MAKING, note, 0o600)
            (memory / MAKING).rename(memory / str(size))
            _synced(memory)
        except OSError as wrong:
            raise OutputError(f"{memory}: cannot be written ({why(wrong)}); nothing was signed") from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time, threads and processes alike."""
        try:
            import fcntl  # late: where there is none, all but signing works
        except ModuleNotFoundError:
            raise InputError(
                [Problem(str(self.folder), "a system without locks on files", "one such as Linux to sign on")]
            ) from None
        until = monotonic() + self._wait
        try:
            held = os.open(self.folder, os.O_RDONLY)
        except OSError:
            raise InputError([Problem(str(self.folder), "nothing that can be read", "the folder of the key")]) from None
        try:
            while True:
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if monotonic() > until:
                        found = f"another one has been signing for {self._wait:g} seconds"
                        raise LedgerBusyError(f"{self.folder}: {found}; try again") from None
                    sleep(0.01)
            yield
        finally:
            os.close(held)


NEEDED = (
    "what this key signed, as it was written: put the folder back from its newest backup, with every checkpoint that others "
    "have kept since then, each named by its number of records; where that cannot be done, sign on with a new key"
)


def _unlike(said: Checkpoint, size: int, found: bytes | None) -> str:
    signed = f"needed the ledger to go on from the checkpoint over {said.size} records that this key has signed"
    return f"found {size} records; {signed}" if found is None else f"found other records among the first {said.size}; {signed}"


def _number(name: str) -> bool:
    return re.fullmatch(NUMBER, name) is not None


def _refuse_others(path: Path, mode: int) -> None:
    """Raises InputError where *path* is not there, or others than its owner can do something with it."""
    try:
        status = path.lstat()
    except OSError:
        needed = "a folder with a key that `candidacy checkpoint` or `candidacy.FileSigner.made` made"
        raise InputError([Problem(str(path), "nothing that can be read", needed)]) from None
    found = status.st_mode & 0o777
    if stat.S_ISLNK(status.st_mode):
        raise InputError(
            [Problem(str(path), "a link, which leads to where others may write", "the key's own files in its own folder")]
        )
    if status.st_uid != getattr(os, "geteuid", lambda: status.st_uid)():
        raise InputError(
            [Problem(str(path), "that another user owns it", "the user who signs to own it, and nobody else to use it")]
        )
    if found & OTHERS:
        raise InputError([Problem(str(path), f"that others may use it (mode {found:o})", f"mode {mode:o}, for its owner alone")])


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as wrong:
        raise InputError([Problem(str(path), f"a file that cannot be read ({why(wrong)})", "it as it was made")]) from None


def _write(path: Path, text: str, mode: int) -> None:
    """A file, in place of any of that name, that is on the disk on return."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(opened, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _synced(folder: Path) -> None:
    """The names in a folder, on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _has_content(folder: Path) -> bool:
    try:
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        return False
