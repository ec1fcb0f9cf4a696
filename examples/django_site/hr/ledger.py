"""The engine of this process, on the ledger that lives in the site's own database."""

import atexit
import os
from threading import Lock

from django.db import connection

from candidacy import Engine, SqliteLedger

_engines: dict[int, Engine] = {}
_lock = Lock()
# A server that forks must not fork while a thread is opening the ledger: the child's lock would stay locked for ever.
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


def engine() -> Engine:
    """The engine of this process, made when it is first asked for and shared by its threads.

    Not in `AppConfig.ready`: that runs before the first migration has made the ledger, and, where a server loads the
    site and then forks, once for all workers. An SQLite connection must not be carried over a fork, not even to be
    closed there, so each process has an entry of its own and leaves the one of its parent alone.
    """
    process = os.getpid()
    with _lock:
        if process not in _engines:
            ledger = SqliteLedger(connection.settings_dict["NAME"])
            atexit.register(ledger.close)
            _engines[process] = Engine(ledger)
        return _engines[process]


def close() -> None:
    """Let go of the ledger; who asks for the engine next opens it anew."""
    with _lock:
        made = _engines.pop(os.getpid(), None)
    if made is not None:
        made.ledger.close()
