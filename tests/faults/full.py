"""Lets a disk become full while a ledger is written to; looks what still goes on, and whether writing is resumed with space.

The disk is a tmpfs of so many bytes, which needs root. How the writer ends varies, and whether what is left of the disk is
filled by others before anybody reads.
"""

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from candidacy import CandidacyError, Engine, Registry, SqliteLedger
from candidacy.cli import WRONG_INPUT, YES
from faults.life import KINDS, WRONG, ZONE, Hasty, acknowledgement, commands, looked_at
from support import cli

ENDS = ("goes", "killed", "killed, and what it shared is gone", "stays")
ROOM = "64m"
"""So large is the disk once there is space again."""
SMALLEST, LARGEST = 56 * 2**10, 2 * 2**20
COMMANDS = 400
"""More than any of these disks takes."""
FULL = "the disk may be full"
PLAIN = ("failed LedgerError: ", "failed UnknownOutcomeError: ")
ALSO_WRONG = ("reads stopped", "not all exported", "no plain error", "was never full")


@contextmanager
def disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of so many bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


class Writer:
    """A fork that makes a ledger and writes to it until it cannot."""

    def __init__(self, path: Path, registry: Registry, given: list[str], end: str, kind: type[SqliteLedger]) -> None:
        self._path, self._kind, self._stays = path, kind, end == "stays"
        reading, self._out = os.pipe()
        waits, self._go = os.pipe()
        self._process = os.fork()
        if not self._process:
            try:
                os.close(reading)
                os.close(self._go)
                self._lives(registry, given, end, waits)
            finally:
                os._exit(0)
        os.close(self._out)
        os.close(waits)
        with os.fdopen(reading) as pipe:
            self.said = pipe.read().splitlines()
        if not self._stays:
            self.ends()

    def ends(self) -> None:
        if self._process:
            os.close(self._go)
            os.waitpid(self._process, 0)
        self._process = 0

    def _lives(self, registry: Registry, given: list[str], end: str, waits: int) -> None:
        ledger: SqliteLedger | None = None
        try:
            SqliteLedger.create(self._path, ZONE).close()
            self._say("made")
            ledger = self._kind(self._path)
            if isinstance(ledger, Hasty):
                ledger.say = self._say
            engine = Engine(ledger, registry)
            for command in given:
                self._say(acknowledgement(engine.submit(command).record))
            self._say("end")
        except CandidacyError as wrong:
            self._say(f"failed {type(wrong).__name__}: {wrong}")
        except Exception as wrong:  # noqa: BLE001 (nothing else may come out)
            self._say(f"crashed {type(wrong).__name__}: {wrong}")
        if end.startswith("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        if end == "stays":
            os.close(self._out)
            os.read(waits, 1)
        if ledger:
            ledger.close()

    def _say(self, line: str) -> None:
        os.write(self._out, f"{line}\n".encode())


def filled(folder: Path) -> None:
    """To the last byte, by somebody else."""
    with suppress(OSError), (folder / "somebody else's").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def full(
    folder: Path, registry: Registry, size: int, end: str, *, others: bool, kind: type[SqliteLedger] = SqliteLedger
) -> Counter[str]:
    """What was found on a disk of so many bytes."""
    given = commands(registry, COMMANDS)
    with disk(folder / "disk", size) as place:
        path = place / "a.ledger"
        writer = Writer(path, registry, given, end, kind)
        try:
            said = writer.said
            seen = Counter(
                {
                    "sizes": 1,
                    "too small for a ledger": not path.exists(),
                    "was never full": "end" in said,
                    "no plain error": not (said and said[-1].startswith(PLAIN) and FULL in said[-1]),
                }
            )
            if "gone" in end:
                place.joinpath("a.ledger-shm").unlink(missing_ok=True)
            if others:
                filled(place)
            if path.exists():
                seen += _on_the_full_disk(path, folder, said, given)
        finally:
            writer.ends()
        subprocess.run(["mount", "-o", f"remount,size={ROOM}", place], check=True)
        if not path.exists():
            SqliteLedger.create(path, ZONE).close()
        seen += looked_at(path, said, registry)
    (folder / "disk").rmdir()
    return seen


def _on_the_full_disk(path: Path, folder: Path, said: list[str], given: list[str]) -> Counter[str]:
    kept = [line.split()[1] for line in said if line.startswith("kept")]
    export, command = folder / "export.jsonl", folder / "command.json"
    export.unlink(missing_ok=True)
    command.write_text(given[len(kept)])
    answers = [
        cli("verify", str(path), "--unanchored-ok"),
        cli("status", str(path)),
        cli("export", str(path), "-o", str(export)),
        cli("verify", str(path), "--unanchored-ok"),
    ]
    exported = {json.loads(line).get("command") for line in export.read_text().splitlines()} if export.exists() else set()
    written = cli("submit", str(path), str(command))
    plain = written.returncode == YES or (
        written.returncode == WRONG_INPUT and FULL in written.stderr and written.stderr.count("\n") == 1
    )
    return Counter(
        {
            "read": len(answers),
            "reads stopped": sum(answer.returncode != YES for answer in answers),
            "not all exported": not set(kept) <= exported,
            "written all the same": written.returncode == YES,
            "no plain error": not plain,
            "read alone": sum("for this reader alone" in answer.stderr for answer in answers),
        }
    )


def fulls(folder: Path, registry: Registry, many: int, seed: int, kind: str = "") -> Counter[str]:
    """What was found on so many disks, of sizes spread evenly over the logarithm."""
    chance, seen = Random(seed), Counter[str]()
    for n in range(many):
        size = int(SMALLEST * (LARGEST / SMALLEST) ** ((n + chance.random()) / many))
        end, others = ENDS[n % len(ENDS)], chance.random() < 0.5
        found = full(folder, registry, size, end, others=others, kind=KINDS.get(kind, SqliteLedger))
        wrong = {name: found[name] for name in (*WRONG, *ALSO_WRONG) if found[name]}
        if wrong:
            print(f"{size} bytes, the writer {end}, {others=}: {wrong}")
        seen.update(found)
    return seen
