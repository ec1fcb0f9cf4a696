"""Begins one case in a ledger, however long that takes.

python waiter.py LEDGER CASE
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from candidacy import Engine, SqliteLedger
from support import NOW
from widgets import begun, registry

if __name__ == "__main__":
    path, case = sys.argv[1:]
    with SqliteLedger(path, wait=120.0) as ledger:
        Engine(ledger, registry(), clock=lambda: NOW).submit_many(begun(case))
