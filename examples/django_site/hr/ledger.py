"""The engine, on the ledger that lives in the site's own database."""

from functools import cache

from django.db import connection

from candidacy import Engine, HostLedger, discover

programs = cache(discover)
"""What the installed plugins offer, found once a process."""


def engine() -> Engine:
    """An engine on this thread's own connection, and so in the transaction that is open there.

    It takes microseconds. Make one where it is needed and keep none: Django closes and opens connections as it likes.
    """
    connection.ensure_connection()
    return Engine(HostLedger(connection.connection), programs())
