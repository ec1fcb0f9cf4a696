"""Runs a ledger's life in which one call to the system goes wrong: this call, in this way, and what is kept is looked at.

The writer is a fork of this process with nothing changed in it; strace attaches to it, counts its calls, and lets one of them
fail, or all from one on, or kills the writer as it makes it.
"""

import ctypes
import os
import re
import signal
import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import attrs

from candidacy import Registry
from faults.life import Life, looked_at

CALLS = ("pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "unlink", "link", "rename")
"""What changes a file, its length, its name, or makes it durable; what is acknowledged goes out by another call, `write`."""
FAULTS = {
    "killed": "signal=KILL:when={n}",
    "EIO": "error=EIO:when={n}",
    "ENOSPC": "error=ENOSPC:when={n}",
    "EIO from then on": "error=EIO:when={n}+",
    "ENOSPC from then on": "error=ENOSPC:when={n}+",
}
PATIENCE = 30.0
"""Seconds for a writer to be attached to."""
TRACER_ANY = 0x59616D61, 2**64 - 1
"""`prctl` of Linux that lets any process of the user trace this one, where the machine asks for it."""


@attrs.frozen
class Fault:
    """One call that goes wrong: the *n*th of its name."""

    call: str
    n: int
    how: str


def forked(life: Life, given: list[str], begin: int, out: int) -> int:
    """A writer, which waits until *begin* gives it a byte."""
    writer = os.fork()
    if writer:
        return writer
    try:
        with suppress(OSError):
            ctypes.CDLL(None).prctl(TRACER_ANY[0], ctypes.c_ulong(TRACER_ANY[1]), 0, 0, 0)
        os.dup2(out, 1)
        os.read(begin, 1)
        life.lived(given)
    finally:
        os._exit(0)


def attached(writer: int, tracer: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + PATIENCE
    while f"TracerPid:\t{tracer.pid}\n" not in Path(f"/proc/{writer}/status").read_text():
        if tracer.poll() is not None or monotonic() > until:
            os.kill(writer, signal.SIGKILL)
            raise SystemExit("strace did not attach to the writer: needed strace, and leave to trace processes of one's own")
        sleep(0.0005)


def traced(
    path: Path, registry: Registry, given: list[str], options: list[str], flags: tuple[str, ...] = ()
) -> tuple[list[str], str]:
    """What a writer said whose calls were traced so, and what strace wrote."""
    written = path.with_name("calls")
    begin, start = os.pipe()
    reading, out = os.pipe()
    life = Life(path, registry, lambda line: os.write(1, f"{line}\n".encode()) and None, flags)  # type: ignore[func-returns-value]
    writer = forked(life, given, begin, out)
    os.close(out)
    trace = [
        "strace",
        "-qq",
        "-p",
        str(writer),
        "-o",
        str(written),
        "-e",
        "trace=" + ",".join(f"?{call}" for call in CALLS),
        *options,
    ]
    with subprocess.Popen(trace, stderr=subprocess.DEVNULL) as tracer:
        attached(writer, tracer)
        os.write(start, b"x")
        with os.fdopen(reading, "rb") as pipe:
            said = [line.decode().rstrip("\n") for line in pipe if line.endswith(b"\n")]
        os.waitpid(writer, 0)
    os.close(begin)
    os.close(start)
    return said, written.read_text()


def counted(path: Path, registry: Registry, given: list[str]) -> dict[str, int]:
    """How often a life without any fault makes each call."""
    said, written = traced(path, registry, given, [])
    if said[-1] != "end" or sum(line.startswith("kept") for line in said) != len(given):
        raise SystemExit(f"a life without a fault did not end well: {said}")
    return dict(Counter(re.findall(r"^(\w+)\(", written, re.MULTILINE)))


def injected(folder: Path, registry: Registry, given: list[str], fault: Fault, flags: tuple[str, ...] = ()) -> Counter[str]:
    """What came of a life with that fault."""
    folder.mkdir()
    path = folder / "a.ledger"
    how = FAULTS[fault.how].format(n=fault.n)
    said, written = traced(path, registry, given, ["-e", f"inject={fault.call}:{how}"], flags)
    seen = looked_at(path, said, registry)
    happened = "+++ killed by SIGKILL +++" in written if fault.how == "killed" else "(INJECTED)" in written
    seen["did not happen"] += not happened
    once = fault.how in {"EIO", "ENOSPC"}
    seen["stuck after one fault"] += once and (not seen["ended"] or seen["acknowledged"] != len(given))
    return seen
