"""Turns: the writers of one ledger are served in the order in which they came, whatever process or thread they are in.

SQLite gives its lock to whoever happens to ask when it is free, and `threading.RLock` does much the same. So writers of
different processes stand in a line while SQLite's lock is taken: a file beside the ledger's, which exists only as long as
anybody waits and never holds a byte. A place in it is a lock on the byte whose number is the instant at which one came;
whoever finds no byte before his own locked asks SQLite next. SQLite's lock remains the one that counts: a line that is
missing, cannot be made, or is taken away costs the order, never a record.

The kernel lets go of the locks of a process that ends, however it ends. Where there are no locks of open file
descriptions (they are Linux's), there is no line, and nobody's turn.
"""

import os
import stat
import struct
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import uniform
from threading import Lock, get_ident
from time import monotonic, monotonic_ns, sleep
from typing import Any

try:
    import fcntl as locks
except ModuleNotFoundError:  # no POSIX system
    locks: Any = None  # type: ignore[no-redef]

STEP = 0.0005
"""Seconds between two looks of the first in the line; of one behind, as often as many are in front."""
MOST_STEPS = 20
STILL = 0.25
"""Seconds after which one in front who has not moved may be stopped: then those behind try, too, the nearest most often."""
TRIES_ANEW = 0.1
"""Seconds, for each one in front, between two such tries."""
FLOCK = "hhqqi0q"
"""The kernel's `struct flock`: type, whence, start, length, process."""
EVERYTHING = 0
"""As a length: to the end, wherever that is."""
OPEN = set[int]()
"""Descriptors by which this process stands in lines."""


def _leave_all() -> None:
    """A forked child holds its parent's places too, and would keep them when the parent is gone."""
    for descriptor in OPEN:
        with suppress(OSError):
            os.close(descriptor)
    OPEN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)


def in_turn(line: str, tried: Callable[[], bool], wait: float) -> bool:
    """Whether *tried* said yes; it is asked when everybody who came earlier has gone, and once more at the end.

    Args:
        line: where the line is while anybody waits. Without one, *tried* is asked at once.
        wait: seconds until the last try.
    """
    came = monotonic_ns()
    if not os.access(line, os.F_OK) and tried():
        return True
    now = moved = monotonic()
    until, first = now + wait, -1
    with _standing(line, came) as place:
        while now < until:
            ahead = place.ahead()
            if ahead and ahead[0] != first:
                first, moved = ahead[0], now
            if not ahead or now - moved > STILL:
                if tried():
                    return True
                moved += TRIES_ANEW * len(ahead)
            sleep(max(0.0, min(place.pause(len(ahead)), until - now)))
            now = monotonic()
        return tried()


class _NoPlace:
    """Where there can be no line: everybody tries now and then."""

    def ahead(self) -> list[int]:
        return []

    def pause(self, many: int) -> float:  # noqa: ARG002 (as in a line)
        return uniform(STEP, MOST_STEPS * STEP)  # noqa: S311 (nothing is secret)


class _Place(_NoPlace):
    """A place in a line, held by a lock on one byte of its file."""

    def __init__(self, line: str, came: int) -> None:
        self._line, self._came = line, came
        self._open()

    def ahead(self) -> list[int]:
        """When they came who came earlier and are still in the line; perhaps not all of them, but none only if there is none."""
        found, start = list[int](), 0
        with suppress(OSError):  # a line that cannot be looked at has nobody in it
            if not os.fstat(self._file).st_nlink:  # taken away by one who thought that he was the last
                self._close()
                self._open()
            while start < self._came and (next_one := self._locked(start, self._came - start)) is not None:
                found.append(next_one)
                start = next_one + 1
        return found

    def pause(self, many: int) -> float:
        return STEP * min(max(many, 1), MOST_STEPS)

    def leave(self) -> None:
        """Take the line away, too, if nobody else is in it."""
        found = os.fstat(self._file)
        ours = stat.S_ISREG(found.st_mode) and not found.st_size and found.st_nlink == 1
        if ours and self._locked(0, EVERYTHING) is None:
            with suppress(OSError):
                os.unlink(self._line)  # noqa: PTH108 (no more is needed of it)
        self._close()

    def _open(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        self._file = os.open(self._line, flags, 0o666)
        OPEN.add(self._file)
        try:
            while not self._took():
                self._came += 1
        except BaseException:
            self._close()
            raise

    def _close(self) -> None:
        with suppress(OSError):  # said outright, since a process that is being started may hold the file for a moment longer
            self._lock(locks.F_UNLCK)
        closed, self._file = self._file, -1
        OPEN.discard(closed)
        os.close(closed)

    def _took(self) -> bool:
        """Whether the byte of one's own was free."""
        try:
            self._lock(locks.F_WRLCK)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _lock(self, kind: int) -> None:
        locks.fcntl(self._file, locks.F_OFD_SETLK, struct.pack(FLOCK, kind, os.SEEK_SET, self._came, 1, 0))

    def _locked(self, start: int, length: int) -> int | None:
        """A byte that another one has locked, if there is any."""
        asked = struct.pack(FLOCK, locks.F_WRLCK, os.SEEK_SET, start, length, 0)
        kind, _, found, _, _ = struct.unpack(FLOCK, locks.fcntl(self._file, locks.F_OFD_GETLK, asked))
        return None if kind == locks.F_UNLCK else int(found)


@contextmanager
def _standing(line: str, came: int) -> Iterator[_NoPlace]:
    """A place in the line, or none where there cannot be one."""
    if not hasattr(locks, "F_OFD_SETLK"):
        yield _NoPlace()
        return
    try:
        place = _Place(line, came)
    except OSError:
        yield _NoPlace()
        return
    try:
        yield place
    finally:
        with suppress(OSError):
            place.leave()


class InOrder:
    """A lock for threads, given to them in the order in which they came; whoever has it may take it again."""

    def __init__(self) -> None:
        self._guard, self._waiting = Lock(), deque[tuple[int, Any]]()
        self._owner, self._times = 0, 0

    def acquire(self, *, timeout: float = -1) -> bool:
        """Whether it could be had in so many seconds; -1 waits without end."""
        me = get_ident()
        if self._owner == me:
            self._times += 1
            return True
        with self._guard:
            if not self._owner:
                self._owner, self._times = me, 1
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append((me, turn))
        try:
            if turn.acquire(timeout=timeout):
                return True
        except BaseException:
            if self._gave_up(me, turn):
                raise
            self.release()
            raise
        return not self._gave_up(me, turn)

    def release(self) -> None:
        """Give it to the one who has waited longest.

        Raises:
            RuntimeError: another thread has it.
        """
        if self._owner != get_ident():
            raise RuntimeError("found a lock that another thread has; needed it taken in this one")
        self._times -= 1
        if self._times:
            return
        with self._guard:
            self._owner = 0
            if self._waiting:
                self._owner, turn = self._waiting.popleft()
                self._times = 1
                turn.release()

    def _gave_up(self, me: int, turn: Any) -> bool:
        """Whether one left the line; not if it was one's turn in that very moment."""
        with self._guard:
            if self._owner == me:
                return False
            self._waiting.remove((me, turn))
            return True
