"""Kills an import again and again, looks each time at what the ledger kept, lets it finish, and prints the counts as JSON.

    python importkiller.py FOLDER KILLS SEED [hasty]

Each import is a fork that runs `candidacy import` on the commands of one candidate, a few in each transaction, its output a
pipe. It gets SIGKILL after a random number of lines `N of M kept`, at once or after a random delay.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import NoReturn

from candidacy import SqliteLedger, discover, verify
from candidacy.cli import run
from candidacy.cli.exchange import export  # noqa: F401 (so that forks have everything imported)

CASE = "hhs-001"
KILLS_PER_LEDGER = 10
MOST_WAITED = 0.05
"""Seconds within which a kill falls that waits for no line."""


def write(path: Path, file: Path, many: int, pipe: int, *, hasty: bool) -> NoReturn:
    """The import's whole life, its output going into the pipe."""
    try:
        os.dup2(pipe, 1)
        sys.stdout = os.fdopen(1, "w", buffering=1)
        if hasty:
            acknowledge_early()
        run(["import", str(path), str(file), "--transaction", str(many)])
        sys.stdout.flush()
        while True:
            signal.pause()
    finally:
        os._exit(70)


def acknowledge_early() -> None:
    """The planted fault: the line comes before the commit."""
    whole = SqliteLedger._transaction

    @contextmanager
    def slow(self: SqliteLedger) -> Iterator[None]:
        with whole(self):
            yield
            os.write(1, f"{len(done) + 1} transactions kept\n".encode())
            done.append(1)

    done: list[int] = []
    SqliteLedger._transaction = slow  # type: ignore[assignment, method-assign]


def killed(path: Path, file: Path, many: int, chance: Random, *, hasty: bool) -> list[str]:
    """The lines that came out of an import until it was killed."""
    reading, writing = os.pipe()
    importer = os.fork()
    if not importer:
        os.close(reading)
        write(path, file, many, writing, hasty=hasty)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        begun, wanted = monotonic(), chance.randrange(8)
        lines = []
        while len(lines) < wanted and (line := pipe.readline()) and "of" in line and "commands:" not in line:
            lines.append(line)
        longest = 1.5 * (monotonic() - begun) / len(lines) if lines else MOST_WAITED
        sleep(chance.choice((0, chance.uniform(0, longest))))
        os.kill(importer, signal.SIGKILL)
        lines += pipe.readlines()
    os.waitpid(importer, 0)
    return lines


def acknowledged(lines: list[str], many: int, *, hasty: bool) -> int:
    """How many commands the lines say are kept."""
    kept = [int(line.split()[0]) for line in lines if line.endswith("kept\n")]
    return (max(kept, default=0) * many) if hasty else max(kept, default=0)


def main() -> None:
    folder, kills, seed, *flags = sys.argv[1:]
    chance, registry, hasty = Random(int(seed)), discover(), "hasty" in flags
    life = [json.dumps(command) for command in registry.caseloads["hhs"]() if command["case"] == CASE]
    counts: Counter[str] = Counter()
    sys.stdout = sys.stderr
    for kill in range(int(kills)):
        path = Path(folder) / f"{kill // KILLS_PER_LEDGER}.ledger"
        if not kill % KILLS_PER_LEDGER:
            SqliteLedger.create(path, "America/New_York").close()
        case = f"kill-{kill}"
        commands = [line.replace(f'"{CASE}', f'"{case}') for line in life]
        file = Path(folder) / "commands.jsonl"
        file.write_text("\n".join(commands))
        many = chance.randrange(1, 6)
        lines = killed(path, file, many, chance, hasty=hasty)
        said = min(acknowledged(lines, many, hasty=hasty), len(commands))
        with SqliteLedger(path, read_only=True) as ledger:
            found = [record.command for record in ledger.of_case(case)]
            sound = verify(ledger).sound
        planned = [json.loads(command)["id"] for command in commands]
        counts.update(
            kills=1,
            acknowledged=said,
            found=len(found),
            between=0 < len(found) < len(planned),
            lost=max(0, said - len(found)),
            half_a_transaction=len(found) not in {*range(0, len(planned), many), len(planned)},
            out_of_order=found != planned[: len(found)],
            not_sound=not sound,
        )
        code = run(["import", str(path), str(file), "--transaction", str(many)])
        with SqliteLedger(path, read_only=True) as ledger:
            after = [record.command for record in ledger.of_case(case)]
        counts.update(not_completed=code not in {0, 1} or after != planned, twice=len(after) - len(set(after)))
    sys.__stdout__.write(json.dumps(counts) + "\n")  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
