"""Putting a finished file in its place: whole or not at all, and over what is there only where that is what is renewed."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from candidacy.errors import OutputError, why

BESIDE = ("", "-wal", "-shm", "-journal")
"""What may be left of a file that was being made, by the ends of their names."""


@contextmanager
def in_place(path: str | Path) -> Iterator[Path]:
    """A path at which to make a file; when the block ends well, the file stands at *path*.

    Raises:
        OutputError: something is at *path*, or it cannot be written.
    """
    path = Path(path)
    _refuse_what_is_there(path)
    left = [path.name + end for end in BESIDE[1:] if os.path.lexists(f"{path}{end}")]
    if left:
        raise OutputError(f"{path}: found {' and '.join(left)} there, left of another ledger; needed a path where nothing is")
    making = _beside(path)
    try:
        yield making
        _place(making, path)
    except FileExistsError:
        _refuse_what_is_there(path)
        raise
    except OSError as wrong:
        raise OutputError(f"{path}: cannot be written ({why(wrong)})") from None
    finally:
        for end in BESIDE:
            with suppress(OSError):
                making.with_name(making.name + end).unlink(missing_ok=True)


def _refuse_what_is_there(path: Path) -> None:
    if os.path.lexists(path):
        what = "a folder" if path.is_dir() else "a file"
        raise OutputError(f"{path}: found {what} there; needed a path where nothing is")


def _beside(path: Path) -> Path:
    """A path beside it that nobody else takes."""
    return path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")


def _place(making: Path, path: Path) -> None:
    try:
        os.link(making, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        _refuse_what_is_there(path)
        making.rename(path)
    else:
        with suppress(OSError):
            making.unlink()


def left_beside(path: Path) -> Iterator[Path]:
    """The other names that a file was given while it was made, by somebody who was killed before taking them away."""
    for other in path.parent.glob(f".{escape(path.name)}.*"):
        if re.fullmatch(r"\.[0-9]+\.[0-9a-f]{8}", other.name[len(path.name) + 1 :]) and other.samefile(path):
            yield other


@contextmanager
def folder_in_place(path: str | Path) -> Iterator[Path]:
    """An empty folder to fill; when the block ends well, it stands at *path*, whole.

    Raises:
        OutputError: something is at *path*, or it cannot be written.
    """
    path = Path(path)
    _refuse_what_is_there(path)
    making = _beside(path)
    try:
        making.mkdir()
        yield making
        _refuse_what_is_there(path)
        making.rename(path)
    except (OSError, ValueError) as wrong:
        raise OutputError(f"{path}: cannot be written ({why(wrong)})") from None
    finally:
        shutil.rmtree(making, ignore_errors=True)


def replaced(path: str | Path, make: Callable[[bytes | None], bytes]) -> None:
    """Put at *path* what *make* makes of the file that is there, of None where none is; that is left as it is where it raises.

    Raises:
        OutputError: it cannot be read or written; or what *make* raises.
    """
    path = Path(path)
    if not os.path.lexists(path):
        new = make(None)
        with in_place(path) as placed:
            placed.write_bytes(new)
        return
    if path.is_dir():
        _refuse_what_is_there(path)
    making = _beside(path)
    try:
        making.write_bytes(make(path.read_bytes()))
        making.replace(path)
    except OSError as wrong:
        raise OutputError(f"{path}: cannot be written ({why(wrong)})") from None
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)
