"""A Python process of its own for code of others: one line of JSON in, lines of JSON out, and an end to it in time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from select import select
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from candidacy.decision import Json

PIECE = 2**16
LONGEST_LINE = 2**28
"""Bytes of one line of an answer at most."""
START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import main; main()"


class Apart:
    """A process. Use it in a ``with``: at its end the process is ended, and what it has started in its own session.

    Attributes:
        late: whether it was ended because it took too long.
    """

    def __init__(self, module: str, env: Mapping[str, str], *, quiet: bool = False) -> None:
        """Start a process that calls the `main` of *module*, in an environment with nothing but *env*.

        Args:
            quiet: whether what is printed there is dropped; else it goes to standard error.
        """
        self.late, self._folder = False, TemporaryDirectory(ignore_cleanup_errors=True)
        paths = [os.path.abspath(p) for p in sys.path if p]  # noqa: PTH100 (as Python has them)
        self._process = subprocess.Popen(  # noqa: S603 (this Python, and code of our own)
            [sys.executable, "-s", "-P", "-B", "-c", START.format(module=module), json.dumps(paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            env={**{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}, **env},
            cwd=self._folder.name,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        self._process.wait()
        self._folder.cleanup()

    @property
    def ended(self) -> str:
        """How it ended, in words; called where it has."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        self._kill()
        code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def asked(self, question: Json, left: Callable[[], float]) -> Iterator[Json]:
        """What it answers, line by line, until it ends or says too much, or nothing is *left* of the seconds it has."""
        with suppress(OSError):
            self._process.stdin.write(json.dumps(question).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        back, said = self._process.stdout.fileno(), bytearray()  # type: ignore[union-attr]
        until = monotonic() + left()
        while True:
            ready, _, _ = select([back], [], [], max(0.0, until - monotonic()))
            if not ready:
                self.late = True
                self._kill()
                return
            piece = os.read(back, PIECE)
            said += piece
            *lines, rest = said.split(b"\n")
            said = bytearray(rest)
            yield from map(json.loads, lines)
            if not piece or len(said) > LONGEST_LINE:
                return

    def _kill(self) -> None:
        if self._process.poll() is not None:  # its number may be another's by now
            return
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
