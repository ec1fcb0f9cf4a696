"""A draft of a program in a folder, asked in a process of its own: its code is never loaded into this one.

The process is sent records and sends back answers; it is told neither where the ledger is nor what stands in the environment.
What it prints goes to standard error. It is no prison: code can do there what a program of this user can do.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Self

from candidacy._answered import CaseAnswered
from candidacy.errors import InputError, Problem

if TYPE_CHECKING:
    from candidacy._answered import Asked
    from candidacy.decision import Json
    from candidacy.record import Record

SECONDS = 60
"""How long a draft may take to load, and for each case."""
PIECE = 2**16
LONGEST_ANSWER = 2**26
"""Bytes at most of what a draft answers about one case."""
START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from candidacy._drafting import main; main()"
A_DRAFT = "a draft that loads and answers"


class Draft:
    """A draft, loaded. Use it in a ``with``: at its end the process is ended.

    Attributes:
        programs: the names of the programs that it offers.
    """

    def __init__(self, folder: Path, edition: str, asked: Asked, seconds: int) -> None:
        """Start a process and load the draft there.

        Args:
            edition: the one to judge by; "" for the one of the same name as the record's, else the newest.
            seconds: how long it may take to load, and for each case.

        Raises:
            InputError: there is no such folder, or it does not load.
        """
        if not folder.is_dir():
            raise InputError([Problem("rules", f"no folder at {folder}", "the folder of a draft")])
        self._seconds, self._late, self._folder = seconds, False, TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = self._started()
        os.set_blocking(self._process.stdin.fileno(), False)  # type: ignore[union-attr]
        try:
            as_of = str(asked.as_of) if asked.as_of else None
            said = self._ask({"folder": str(folder.resolve()), "edition": edition, "follow": asked.follow, "as_of": as_of}, "")
        except BaseException:
            self.close()
            raise
        offered = said.get("programs")
        if not isinstance(offered, list):
            self.close()
            raise InputError([Problem("rules", "a draft that answers in its own words", A_DRAFT)])
        self.programs: tuple[str, ...] = tuple(map(str, offered))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and what it has started in its own session."""
        self._kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        self._process.wait()
        self._folder.cleanup()

    def case(self, records: list[Record], *, days: bool) -> CaseAnswered:
        """What the records of a case would have been answered.

        Raises:
            InputError: the draft ends, raises something, or takes too long.
        """
        raws = [[r.index, r.raw.decode()] for r in records]
        said = self._ask({"records": raws, "days": days}, records[0].case)
        try:
            return CaseAnswered.from_data(said)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise InputError([Problem("rules", "a draft that answers in its own words", A_DRAFT)]) from None

    # --- inside

    def _started(self) -> subprocess.Popen[bytes]:
        paths = [os.path.abspath(p) for p in sys.path if p]  # noqa: PTH100 (as Python has them)
        return subprocess.Popen(  # noqa: S603 (this Python, and code of our own)
            [sys.executable, "-I", "-B", "-c", START, json.dumps(paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},  # without it nothing starts on Windows
            cwd=self._folder.name,
            start_new_session=True,
        )

    def _ask(self, question: Json, case: str) -> Json:
        answered = _read(self._exchanged(json.dumps(question).encode() + b"\n"))
        if answered is None or "wrong" in answered:
            what = self._ended(case) if answered is None else str(answered["wrong"])
            raise InputError([Problem("rules", what, A_DRAFT)])
        return answered

    def _exchanged(self, asks: bytes) -> bytes:
        """The line that is answered; what there is of it, where the draft ends, takes too long, or says too much."""
        until, said = monotonic() + self._seconds, bytearray()
        to, back = (stream.fileno() for stream in (self._process.stdin, self._process.stdout))  # type: ignore[union-attr]
        while not said.endswith(b"\n"):
            ready, able, _ = select([back], [to] if asks else [], [], max(0.0, until - monotonic()))
            if not ready and not able:
                self._late = True
                self._kill()
                break
            try:
                if able:
                    asks = asks[os.write(to, asks) :]
                piece = os.read(back, PIECE) if ready else None
            except OSError:  # it is no longer there
                break
            if piece == b"" or len(said) > LONGEST_ANSWER:
                break
            said += piece or b""
        return bytes(said)

    def _ended(self, case: str) -> str:
        doing = f"over the case {case}" if case else "to load"
        if self._late:
            return f"a draft that took more than {self._seconds} seconds {doing}"
        self._kill()
        code = self._process.wait()
        how = f"signal {-code}" if code < 0 and -code != KILLED else f"exit code {code}" if code >= 0 else "no answer"
        return f"a draft whose process ended ({how}) {doing.replace('to load', 'while it loaded')}"

    def _kill(self) -> None:
        if self._process.returncode is not None:  # its number may be another's by now
            return
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()


KILLED = 9


def _read(line: bytes) -> Json | None:
    """What was answered; None where that is no answer, or not all of one."""
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
