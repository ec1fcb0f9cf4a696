"""Submits while no file may grow beyond a size, then with room again, on one open ledger; prints what happened as JSON.

python filler.py LEDGER ROOM

ROOM is in bytes, beyond what the log beside the ledger takes when the disk becomes full.
"""

import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from candidacy import Engine, LedgerError, SqliteLedger
from support import NOW
from widgets import begun, developing, registry

TRIES = 12


def main() -> None:
    path, room = Path(sys.argv[1]), int(sys.argv[2])
    acknowledged, errors = list[str](), list[str]()
    with SqliteLedger(path) as ledger:
        engine = Engine(ledger, registry(), clock=lambda: NOW)
        acknowledged += [a.record.command for a in engine.submit_many(developing("before"))]
        first, (_, most) = ledger._db, resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{path}-wal").stat().st_size + room, most))
        for n in range(TRIES):
            try:
                acknowledged += [a.record.command for a in engine.submit_many(begun(f"full-{n}"))]
            except LedgerError as wrong:
                errors.append(type(wrong).__name__)
        before = len(acknowledged)
        try:
            read = len(list(ledger.records()))
        except LedgerError as wrong:
            read = str(wrong)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for n in range(TRIES):
            acknowledged += [a.record.command for a in engine.submit_many(begun(f"full-{n}")) if not a.repeated]
        found = {
            "failures": len(errors),
            "errors": sorted(set(errors)),
            "acknowledged before": before,
            "read while full": read,
            "opened anew": ledger._db is not first,
            "acknowledged": acknowledged,
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
