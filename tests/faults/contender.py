"""One of many writers on a few hot cases: submits commands and says of each when it was sent and what came back.

    python contender.py ADDRESS NAME MANY SEED [hasty | careless | pushing]

One command in ten is sent a second time, under its id, now or by another one of them, at once or later. Prints "ready", waits for a
line on standard input, and prints a line of JSON for each command sent; at the end one for all of its turns.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic_ns
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from candidacy import Engine, PostgresLedger, Record, SqliteLedger
from candidacy.address import is_address
from candidacy.ledger import Place, TakenError
from support import NOW, command
from widgets import developing, registry

CASES = tuple(f"hot-{n}" for n in range(8))
DUPLICATES = 0.1
REFUSED = 0.2
WAIT = 120.0
"""Seconds; patience is not what is tried here."""


class Watched:
    """The ledger under test; notes when this writer came for each turn, and when it was served."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.turns: list[tuple[int, int]] = []
        super().__init__(*given, **more)

    def _begin(self, *asked: str) -> Any:
        came = monotonic_ns()
        place = self._ask_for_the_lock(*asked)
        self.turns.append((came, monotonic_ns()))
        return place

    def _ask_for_the_lock(self, *asked: str) -> Any:
        return super()._begin(*asked)


class Pushing(Watched):
    """The planted fault: no line; SQLite's own waiting decides who is next."""

    def _ask_for_the_lock(self, *_: str) -> Any:
        self._db.execute("BEGIN IMMEDIATE")


class Hasty(Watched):
    """The planted fault: acknowledges before the commit, which then does not happen, now and then."""

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], **more: Any) -> Record:
        if hashlib.sha256(command.encode()).digest()[0] < 16:
            _, previous = self.head(case)
            return make(Place(self.size(), version + 1, previous))
        return super().append(case, version, command, make, **more)


class Careless(Watched):
    """The planted fault: appends to whatever the case has become in the meantime, which nobody has judged."""

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], **more: Any) -> Record:
        while True:
            try:
                return super().append(case, self.head(case)[0], command, make, **more)
            except TakenError:
                continue


LEDGERS = {"hasty": Hasty, "careless": Careless, "pushing": Pushing}


def opened(address: str, flag: str = "") -> Any:
    """The ledger there."""
    place = PostgresLedger if is_address(address) else SqliteLedger
    return type("Tried", (LEDGERS.get(flag, Watched), place), {})(address, wait=WAIT)


def prepare(address: str) -> None:
    """Begin the cases."""
    with opened(address) as ledger:
        engine = Engine(ledger, registry(), clock=lambda: NOW)
        for case in CASES:
            engine.submit_many(developing(case))


def planned(seed: int, name: str, number: int) -> dict[str, Any]:
    """The command of that number of that writer: anyone can make it, byte for byte. One in five is refused."""
    chance = Random(f"{seed}-{name}-{number}")
    case = chance.choice(CASES)
    if chance.random() < REFUSED:
        made = command(case, "candidacy.program_completed.1", "2005-05-01", f"{case}.o")
    else:
        made = command(case, "widgets.trained.1", "2005-05-01", f"{case}.c", {"hours": 1})
    return {**made, "id": f"{name}-{number}"}


def sent(engine: Engine, given: dict[str, Any]) -> dict[str, Any]:
    """What became of it, and when."""
    before = monotonic_ns()
    answer = engine.submit(given)
    record = answer.record
    return {
        "sent": before,
        "acked": monotonic_ns(),
        "id": given["id"],
        "by": sys.argv[2],
        "index": record.index,
        "case": record.case,
        "version": record.version,
        "leaf": record.leaf.hex(),
        "word": record.word,
        "repeated": answer.repeated,
    }


def main() -> None:
    address, name, many, seed, *flags = sys.argv[1:]
    chance = Random(f"{seed}-{name}")
    with opened(address, *flags) as ledger:
        engine = Engine(ledger, registry(), clock=lambda: NOW)
        print("ready", flush=True)
        others = json.loads(sys.stdin.readline())
        for number in range(int(many)):
            print(json.dumps(sent(engine, planned(int(seed), name, number))))
            if chance.random() < DUPLICATES:
                whose, which = chance.choice([(name, number), (chance.choice(others), number)])
                print(json.dumps(sent(engine, planned(int(seed), whose, which))))
        print(json.dumps(ledger.turns))


if __name__ == "__main__":
    main()
