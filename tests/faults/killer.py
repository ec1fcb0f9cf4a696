"""Kills a writer again and again, looks each time at what the ledger kept, and prints the counts as JSON.

    python killer.py FOLDER KILLS SEED [hasty]

Each writer is a fork that submits the life of one candidate and acknowledges each command on a pipe. It gets SIGKILL
after a random number of acknowledgements, at once or after a random delay: anywhere in the next submission.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import NoReturn

from writer import acknowledge, submit_all

from candidacy import Record, Registry, SqliteLedger, discover, verify
from candidacy.ledger import Place

CASE = "hhs-001"
"""Whose life is submitted again and again, under other names."""
COMMANDS = 10
KILLS_PER_LEDGER = 10
STARTING = 0.02
"""Seconds in which a kill falls that waits for no acknowledgement; others fall within one and a half submissions."""
END = "end"


class Hasty(SqliteLedger):
    """The planted fault: acknowledges before the record is committed."""

    pipe: int

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record]) -> Record:
        acknowledge(self.pipe, command)
        return super().append(case, version, command, make)


def write(path: Path, registry: Registry, commands: list[str], pipe: int, *, hasty: bool) -> NoReturn:
    """The writer's whole life; it ends by SIGKILL only."""
    try:
        ledger = (Hasty if hasty else SqliteLedger)(path)
        ledger._db.execute("PRAGMA wal_autocheckpoint=20")  # so that kills fall into checkpoints too
        if isinstance(ledger, Hasty):
            ledger.pipe = pipe
        submit_all(ledger, registry, commands, (lambda _: None) if hasty else lambda command: acknowledge(pipe, command))
        acknowledge(pipe, END)
        while True:
            signal.pause()
    finally:
        os._exit(70)


def killed(path: Path, registry: Registry, commands: list[str], chance: Random, *, hasty: bool) -> list[str]:
    """What a writer acknowledged until it was killed."""
    reading, writing = os.pipe()
    writer = os.fork()
    if not writer:
        os.close(reading)
        write(path, registry, commands, writing, hasty=hasty)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        begun, many = monotonic(), chance.randrange(len(commands))
        acked = [pipe.readline() for _ in range(many)]
        longest = 1.5 * (monotonic() - begun) / many if many else STARTING
        sleep(chance.choice((0, chance.uniform(0, longest))))
        os.kill(writer, signal.SIGKILL)
        acked += pipe.readlines()
    _, status = os.waitpid(writer, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit("the writer ended by itself")
    return [line.decode().strip() for line in acked]


def looked_at(path: Path, case: str, commands: list[str], acked: list[str], before: int) -> Counter[str]:
    """Opens the ledger as anyone would after a crash, and counts. *before* this writer it held so many records."""
    planned = [json.loads(command)["id"] for command in commands]
    ended = acked[-1:] == [END]
    acked = acked[:-1] if ended else acked
    with SqliteLedger(path) as ledger:
        verified = verify(ledger)
        found = [record.command for record in ledger.of_case(case)]
    return Counter(
        kills=1,
        acknowledged=len(acked),
        found=len(found),
        unacknowledged=len(set(found) - set(acked)),
        between=bool(acked) and not ended,
        lost=len(set(acked) - set(found)),
        lost_later=verified.records != before + len(found),
        not_sound=not verified.sound,
        out_of_order=found != planned[: len(found)],
        more_than_one_unacknowledged=len(set(found) - set(acked)) > 1,
    )


def main() -> None:
    folder, kills, seed, *flags = sys.argv[1:]
    chance, registry = Random(int(seed)), discover()
    life = [json.dumps(command) for command in registry.caseloads["hhs"]() if command["case"] == CASE][:COMMANDS]
    counts: Counter[str] = Counter()
    for kill in range(int(kills)):
        path = Path(folder) / f"{kill // KILLS_PER_LEDGER}.ledger"
        if not kill % KILLS_PER_LEDGER:
            SqliteLedger.create(path, "America/New_York").close()
            records = 1
        case = f"kill-{kill}"
        commands = [command.replace(f'"{CASE}', f'"{case}') for command in life]
        acked = killed(path, registry, commands, chance, hasty="hasty" in flags)
        seen = looked_at(path, case, commands, acked, records)
        records += seen["found"]
        counts.update(seen)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
