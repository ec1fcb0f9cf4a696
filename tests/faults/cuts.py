"""Cuts the power of a real file system: ext4 in a file, of which a copy is taken while a writer is stopped in its work.

What the kernel has not yet written to the file is in its memory only and is not in the copy, as after a power cut. The copy is
mounted, so that the file system's own recovery runs, and the ledger in it is looked at. Needs root.
"""

import filecmp
import os
import select
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic

from candidacy import Registry
from faults.life import Life, commands, looked_at

SIZE = 32 * 2**20
CUTS_PER_WRITER = 5
COMMANDS = 600
LONGEST = 0.4
"""Seconds between two cuts."""


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", image, folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def file_system(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A new file system: its file, and where it is mounted."""
    image = folder / "disk"
    with image.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    with mounted(image, folder / "mounted") as place:
        yield image, place


def copied(image: Path, copy: Path) -> None:
    """As it is in one moment: the kernel may write to it even though the writer is stopped."""
    while True:
        subprocess.run(["cp", "--sparse=always", image, copy], check=True)
        if filecmp.cmp(image, copy, shallow=False):
            return
        filecmp.clear_cache()


def drained(pipe: int, seconds: float) -> bytes:
    """What comes through it for so long."""
    read, until = b"", monotonic() + seconds
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - monotonic()))
        piece = os.read(pipe, 65536) if ready else b""
        read += piece
        if not piece:
            return read


class Writer:
    """A fork that writes until it is told to end, and has begun to."""

    def __init__(self, path: Path, registry: Registry, parts: int, flags: tuple[str, ...]) -> None:
        self._pipe, out = os.pipe()
        self._said = b""
        self.process = os.fork()
        if not self.process:
            try:
                Life(path, registry, lambda line: os.write(out, f"{line}\n".encode()) and None, flags).lived(  # type: ignore[func-returns-value]
                    commands(registry, COMMANDS), parts
                )
                signal.pause()
            finally:
                os._exit(0)
        os.close(out)
        while b"kept" not in self._said and (piece := os.read(self._pipe, 65536)):
            self._said += piece

    def stopped_after(self, seconds: float) -> list[str]:
        """What it has said until it is stopped then, and that it is stopped."""
        self._said += drained(self._pipe, seconds)
        os.kill(self.process, signal.SIGSTOP)
        os.waitpid(self.process, os.WUNTRACED)
        self._said += drained(self._pipe, 0)
        return self._said.decode().splitlines()

    def goes_on(self) -> None:
        os.kill(self.process, signal.SIGCONT)

    def ends(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self._pipe)


def cut_powers(folder: Path, registry: Registry, many: int, seed: int, parts: int, *flags: str) -> Counter[str]:
    """What was found after so many power cuts."""
    chance, seen = Random(seed), Counter[str]()
    while seen["looked"] < many:
        with file_system(folder) as (image, place):
            writer = Writer(place / "a.ledger", registry, parts, flags)
            try:
                for _ in range(min(CUTS_PER_WRITER, many - seen["looked"])):
                    said = writer.stopped_after(chance.uniform(0, LONGEST))
                    seen.update(_found(image, folder, said))
                    writer.goes_on()
            finally:
                writer.ends()
    return seen


def _found(image: Path, folder: Path, said: list[str]) -> Counter[str]:
    copy = folder / "copy"
    copied(image, copy)
    with mounted(copy, folder / "after") as place:
        found = looked_at(place / "a.ledger", said)
    copy.unlink()
    return found + Counter({"lost in": bool(found["lost"])})
