"""A ledger in a host's own database, on the host's connection."""

import sqlite3
from importlib import import_module
from typing import Any, Self

from candidacy.errors import LedgerError
from candidacy.stored import StoredLedger

_HOMES = {"sqlite3": ("candidacy.table", "HostedInSqlite"), "psycopg": ("candidacy.postgres", "HostedInPostgres")}
"""What is a ledger on which connection, by the package that the connection is of; imported when it is met."""


class HostLedger(StoredLedger):
    """A ledger in a host's SQLite or PostgreSQL database, on the host's own connection and in its transactions.

    Make one for each connection. Nothing is kept until the host commits. An engine is put on it with
    ``engine.on(HostLedger(connection))``.
    """

    def __new__(cls, connection: Any) -> Self:  # noqa: D102 (the class says it)
        return object.__new__(_class_for(connection) if cls is HostLedger else cls)  # type: ignore[return-value]

    def __init__(self, connection: Any) -> None:
        """The ledger that `create` made in the connection's database.

        Raises:
            LedgerError: there is none, or the connection's settings would lose what it commits.
        """
        super().__init__(connection, "the host's database")

    @classmethod
    def create(cls, connection: Any, zone: str) -> "HostLedger":
        """Make a new, empty ledger in the connection's database, in the host's transaction.

        Args:
            zone: IANA name of the time zone that says what day it is.

        Raises:
            LedgerError: the connection's settings would lose what it commits, no transaction is open, or there is a ledger.
            InputError: *zone* is no time zone.
        """
        return _class_for(connection).create(connection, zone)


def _class_for(connection: object) -> type[HostLedger]:
    for base in type(connection).__mro__:
        home = _HOMES.get(base.__module__.partition(".")[0])
        if base is sqlite3.Connection or (home and base.__name__ == "Connection"):
            module, name = home or _HOMES["sqlite3"]
            found: type[HostLedger] = getattr(import_module(module), name)
            return found
    needed = "an open sqlite3.Connection or psycopg.Connection"
    raise LedgerError(f"the host's connection: found {type(connection).__name__}; needed {needed}")
