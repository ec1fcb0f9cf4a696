"""One of two rivals: submits each command given on standard input and says on standard output what became of it.

python racer.py LEDGER [careless]
"""

import sys
from collections.abc import Callable

from candidacy import CommandIdReusedError, Engine, OvertakenError, Record, SqliteLedger
from candidacy.ledger import Place, TakenError

CONTENDED = ", the case having moved on in the meantime"


class Watched(SqliteLedger):
    """The ledger under test; counts the appends that came second."""

    second = 0

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record]) -> Record:
        try:
            return super().append(case, version, command, make)
        except (TakenError, CommandIdReusedError):
            self.second += 1
            raise


class Careless(Watched):
    """The planted fault: appends to whatever the case has become in the meantime, and nobody judges again."""

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record]) -> Record:
        while True:
            try:
                return super().append(case, version, command, make)
            except TakenError:
                version = len(self.of_case(case))


def outcome(engine: Engine, command: str) -> str:
    try:
        answer = engine.submit(command)
    except OvertakenError as overtaken:
        return f"overtaken by {', '.join(overtaken.between)}"
    return "repeated" if answer.repeated else answer.record.word


def main() -> None:
    path, *flags = sys.argv[1:]
    with (Careless if "careless" in flags else Watched)(path) as ledger:
        engine = Engine(ledger)
        print("ready", flush=True)
        for command in sys.stdin:
            already = ledger.second
            became = outcome(engine, command)
            print(became + (CONTENDED if ledger.second > already else ""), flush=True)


if __name__ == "__main__":
    main()
