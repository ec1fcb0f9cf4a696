"""A Python process of its own for code of others: lines of JSON in, lines of JSON out, and an end to it in time.

It is told nothing but what it is asked, and stands in an environment that holds nothing but what starting it needs.
It is no prison: code can do there what a program of this user can do.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from select import select
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from candidacy.decision import Json

PIECE = 2**16
LONGEST_LINE = 2**28
"""Bytes of one line of an answer at most, where no other limit is given."""
GRACE = 1.0
"""Seconds that a process has to end by itself once it says nothing more."""
KILLED = 9
START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import main; main()"


class Apart:
    """A process. Use it in a ``with``: at its end the process is ended, and what it has started in its own session.

    Attributes:
        late: whether it was ended because it took too long.
    """

    def __init__(self, module: str, env: Mapping[str, str] | None = None, *, quiet: bool = False) -> None:
        """Start a process that calls the `main` of *module*, in an environment with nothing but *env*.

        Args:
            quiet: whether what is printed there is dropped; else it goes to standard error.
        """
        self.late, self._said, self._folder = False, bytearray(), TemporaryDirectory(ignore_cleanup_errors=True)
        paths = [os.path.abspath(p) for p in sys.path if p]  # noqa: PTH100 (as Python has them)
        needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # without it nothing starts on Windows
        self.process = subprocess.Popen(  # noqa: S603 (this Python, and code of our own)
            [sys.executable, "-s", "-P", "-B", "-c", START.format(module=module), json.dumps(paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            env={**needed, **(env or {})},
            cwd=self._folder.name,
            start_new_session=True,
        )
        os.set_blocking(self.process.stdin.fileno(), False)  # type: ignore[union-attr]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._kill()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        self.process.wait()
        self._folder.cleanup()

    def ended(self) -> str:
        """How it ended, in words, once it says nothing more."""
        until = monotonic() + GRACE
        while self._runs() and monotonic() < until:
            sleep(0.01)
        self._kill()
        code = self.process.wait()
        return "no answer" if code == -KILLED else f"signal {-code}" if code < 0 else f"exit code {code}"

    def exchanged(self, asks: Json, seconds: float, longest: int = LONGEST_LINE) -> bytes:
        """The line that is answered; what there is of it, where the process ends, takes too long, or says too much."""
        until = monotonic() + seconds
        self._ask(asks, until)
        return self._line(until, longest)

    def answers(self, asks: Json, left: Callable[[], float]) -> Iterator[Json]:
        """Ask at once; what is answered, line by line, until it ends, says too much, or has nothing *left* of its seconds."""
        self._ask(asks, monotonic() + left())
        lines = iter(lambda: read(self._line(monotonic() + left(), LONGEST_LINE)), None)
        return (line for line in lines if line is not None)

    # --- inside

    def _ask(self, asks: Json, until: float) -> None:
        """Write a question, which is read as a whole before anything is answered."""
        question, to = json.dumps(asks).encode() + b"\n", self.process.stdin.fileno()  # type: ignore[union-attr]
        with suppress(OSError):  # it is no longer there: that no answer comes says so
            while question and self._in_time(until, writes=to):
                question = question[os.write(to, question) :]

    def _line(self, until: float, longest: int) -> bytes:
        back = self.process.stdout.fileno()  # type: ignore[union-attr]
        with suppress(OSError):
            while b"\n" not in self._said and len(self._said) <= longest and self._in_time(until, reads=back):
                piece = os.read(back, PIECE)
                if not piece:
                    break
                self._said += piece
        end = self._said.find(b"\n") + 1 or len(self._said)
        line, self._said = bytes(self._said[:end]), self._said[end:]
        return line

    def _in_time(self, until: float, reads: int | None = None, writes: int | None = None) -> bool:
        """Whether it can be read from or written to in time; where not, it is ended."""
        given = [[fd for fd in (reads,) if fd is not None], [fd for fd in (writes,) if fd is not None]]
        if not self.late and any(select(given[0], given[1], [], max(0.0, until - monotonic()))[:2]):
            return True
        self.late = True
        self._kill()
        return False

    def _runs(self) -> bool:
        """Whether it still runs; where not, its number stays its own until it is waited for."""
        if self.process.returncode is not None or not hasattr(os, "waitid"):
            return self.process.poll() is None
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def _kill(self) -> None:
        if self.process.returncode is not None:  # its number may be another's by now
            return
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()


def read(line: bytes) -> Json | None:
    """What was answered; None where that is no answer, or not all of one."""
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
