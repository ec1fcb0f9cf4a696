"""Submits commands one by one and acknowledges each on standard output as soon as `Engine.submit` has returned.

    python writer.py LEDGER MANY [anew]

They are the first MANY of the installed agencies' caseloads; with ``anew`` it opens the ledger anew for each command.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from itertools import chain, islice

from candidacy import Engine, Registry, SqliteLedger, discover


def planned(registry: Registry, many: int) -> list[str]:
    """So many commands, as documents."""
    return [
        json.dumps(command) for command in islice(chain.from_iterable(caseload() for caseload in registry.caseloads.values()), many)
    ]


def acknowledge(pipe: int, command: str) -> None:
    os.write(pipe, f"{command}\n".encode())


def submit_all(ledger: SqliteLedger, registry: Registry, commands: Iterable[str], acked: Callable[[str], None]) -> None:
    engine = Engine(ledger, registry)
    for command in commands:
        acked(engine.submit(command).record.command)


def main() -> None:
    path, many, *flags = sys.argv[1:]
    registry = discover()

    def acked(command: str) -> None:
        acknowledge(sys.stdout.fileno(), command)

    commands = planned(registry, int(many))
    if "anew" not in flags:
        with SqliteLedger(path) as ledger:
            submit_all(ledger, registry, commands, acked)
        return
    for command in commands:
        with SqliteLedger(path) as ledger:
            submit_all(ledger, registry, [command], acked)


if __name__ == "__main__":
    main()
