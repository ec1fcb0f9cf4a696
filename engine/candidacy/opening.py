"""Opening and making a ledger wherever it is: at a path, in SQLite, or at an address, in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy.address import is_address
from candidacy.sqlite import SqliteLedger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from candidacy.postgres import PostgresLedger
    from candidacy.record import Record


def open_ledger(ledger: str | Path, *, read_only: bool = False, wait: float | None = None) -> SqliteLedger | PostgresLedger:
    """The ledger at a path, or at an address such as ``postgresql://USER@HOST/DATABASE``.

    Args:
        read_only: to read from only.
        wait: seconds to wait for another writer; 10 by default.

    Raises:
        LedgerError: there is none, or it cannot be used.
    """
    return _kind(ledger)(str(ledger), read_only=read_only, wait=wait)


def new_ledger(ledger: str | Path, zone: str) -> SqliteLedger | PostgresLedger:
    """A new, empty ledger at a path or an address, opened.

    Args:
        zone: IANA name of the time zone that says what day it is.

    Raises:
        LedgerError: something is there, or it cannot be made.
        InputError: *zone* is no time zone.
    """
    return _kind(ledger).create(str(ledger), zone)


def ledger_made_of(ledger: str | Path, records: Iterable[Record], checkpoints: Iterable[str] = ()) -> SqliteLedger | PostgresLedger:
    """A ledger of *records* (oldest first, record 0 included) at a path or an address, opened: whole, or not at all.

    Args:
        checkpoints: those kept with the ledger of which it is a copy.

    Raises:
        LedgerError: something is there, or it cannot be made. Whatever *records* raises.
        InputError: one of *checkpoints* is none.
    """
    return _kind(ledger).made_of(str(ledger), records, checkpoints)


def _kind(ledger: str | Path) -> type[SqliteLedger | PostgresLedger]:
    if not is_address(ledger):
        return SqliteLedger
    from candidacy.postgres import PostgresLedger

    return PostgresLedger
