"""A ledger's life as a host lives it: made, opened, written to, closed, opened anew, written to; all of it said aloud.

What is said goes out line by line, and as soon as it is so: ``made``, ``kept COMMAND INDEX LEAF`` once `Engine.submit` has
returned, ``failed ERROR`` where the engine answered with an error of its own, ``crashed ERROR`` where anything else came out,
``end``. What failed is tried once more, as a host does, under the same id.

    python life.py LEDGER MANY [hasty | deaf | loose | without end]
"""

import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from candidacy import CandidacyError, Engine, LedgerError, Record, Registry, SqliteLedger, discover, verify

ZONE = "America/New_York"
CASE = "hhs-001"
"""Whose life is submitted, under another name."""
TRIES = 2

Say = Callable[[str], None]


def commands(registry: Registry, many: int, case: str = "c1") -> list[str]:
    """So many commands of one candidate after the other."""
    life = [json.dumps(command) for command in registry.caseloads["hhs"]() if command["case"] == CASE]
    return [life[n % len(life)].replace(f'"{CASE}', f'"{case}-{n // len(life)}') for n in range(many)]


def acknowledgement(record: Record) -> str:
    return f"kept {record.command} {record.index} {record.leaf.hex()}"


class Hasty(SqliteLedger):
    """A planted fault: acknowledges before the record is committed."""

    say: Say

    def append(self, case: str, version: int, command: str, make: Callable[[Any], Record], **more: Any) -> Record:
        def made(place: Any) -> Record:
            record = make(place)
            self.say(acknowledgement(record))
            return record

        return super().append(case, version, command, made, **more)


class Loose(SqliteLedger):
    """A planted fault: a setting under which what is committed can be lost."""

    def _connected(self, uri: str, **more: Any) -> sqlite3.Connection:
        db = super()._connected(uri, **more)
        db.execute("PRAGMA synchronous=NORMAL")
        return db

    def _assert_settings(self) -> bool:
        return True


class Unmended(SqliteLedger):
    """A planted fault: goes on with the connection on which a sync has failed."""

    def _mend(self) -> None:
        """Think nothing of it."""
        self._broken = self._unreadable = False


KINDS = {"hasty": Hasty, "loose": Loose, "unmended": Unmended}


class Life:
    """One life, in one process."""

    def __init__(self, path: Path, registry: Registry, say: Say, flags: tuple[str, ...] = ()) -> None:
        self._path, self._registry, self._say, self._flags = path, registry, say, flags
        self._kind = next((KINDS[flag] for flag in flags if flag in KINDS), SqliteLedger)

    def lived(self, commands: list[str], parts: int = 2) -> None:
        """From beginning to end; each part opens the ledger anew."""
        try:
            if not self._made():
                return
            size = -(-len(commands) // parts)
            for start in range(0, len(commands), size):
                self._part(commands[start : start + size])
            self._say("end")
        except Exception as wrong:  # noqa: BLE001 (any of them is what is looked for)
            self._say(f"crashed {type(wrong).__name__}: {wrong}".replace("\n", " "))

    def _made(self) -> bool:
        for _ in range(TRIES):
            if not self._path.exists():
                with self._said():
                    SqliteLedger.create(self._path, ZONE).close()
            if self._path.exists():
                self._say("made")
                return True
        return False

    def _part(self, commands: list[str]) -> None:
        for _ in range(TRIES):
            with self._said(), self._kind(self._path) as ledger:
                if isinstance(ledger, Hasty):
                    ledger.say = self._say
                self._submitted(Engine(ledger, self._registry), commands)
                return

    def _submitted(self, engine: Engine, commands: list[str]) -> None:
        for command in commands:
            for _ in range(TRIES):
                with self._said(json.loads(command)["id"]):
                    record = engine.submit(command).record
                    self._say(acknowledgement(record))
                    break

    @contextmanager
    def _said(self, command: str = "") -> Iterator[None]:
        """An error of the engine's own is said, and nothing else is stopped."""
        try:
            yield
        except CandidacyError as wrong:
            self._say(f"failed {type(wrong).__name__}: {wrong}".replace("\n", " "))
            if "deaf" in self._flags and command:
                self._say(f"kept {command} 0 -")  # a planted fault: the error is not heard


def looked_at(path: Path, said: list[str], registry: Registry | None = None) -> Counter[str]:
    """Opens the ledger as anyone would after the fault, and counts what is there and what is wrong.

    Args:
        said: what was said, whole lines only.
        registry: that of the programs, to go on with one more command; None to look only.
    """
    kept = {words[1]: words[2:] for words in map(str.split, said) if words[:1] == ["kept"]}
    seen: Counter[str] = Counter(
        looked=1,
        acknowledged=len(kept),
        errors=sum(line.startswith("failed") for line in said),
        crashed=sum(line.startswith("crashed") for line in said),
        ended="end" in said,
    )
    if not path.exists():
        seen["lost"] += len(kept)
        seen["not opened"] += "made" in said
        return seen
    try:
        with SqliteLedger(path) as ledger:
            verified = verify(ledger)
            found = {record.command: record for record in ledger.records() if record.index}
            if registry is not None:
                (after,) = commands(registry, 1, "after")
                seen["does not go on"] += Engine(ledger, registry).submit(after).repeated
    except LedgerError as wrong:
        print(f"not opened: {wrong}", file=sys.stderr)
        seen["not opened"] += 1
        seen["lost"] += len(kept)
        return seen
    return seen + Counter(
        {
            "found": len(found),
            "unacknowledged": len(found.keys() - kept.keys()),
            "lost": len(kept.keys() - found.keys()),
            "changed": sum(
                name in found and words != [str(found[name].index), found[name].leaf.hex()] for name, words in kept.items()
            ),
            "not sound": not verified.sound,
        }
    )


WRONG = ("lost", "changed", "not opened", "not sound", "does not go on", "crashed")
"""What must never be counted."""


def main() -> None:
    path, many, *flags = sys.argv[1:]

    def say(line: str) -> None:
        os.write(1, f"{line}\n".encode())

    registry = discover()
    life = Life(Path(path), registry, say, tuple(flags))
    if "endless" not in flags:
        life.lived(commands(registry, int(many)))
        return
    for n in count():
        life.lived(commands(registry, int(many), f"c{n}"))


if __name__ == "__main__":
    main()
