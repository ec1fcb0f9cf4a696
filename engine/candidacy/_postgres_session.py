"""A session with a PostgreSQL server: connecting, asking, and what its errors mean. psycopg is imported when one is begun."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from candidacy.address import NO_ADDRESS, UNREADABLE, shown
from candidacy.errors import LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection, Cursor, Error

SECONDS_TO_CONNECT = 10
TOLD = (
    "Connection refused",
    "No such file",
    "timeout expired",
    "no password supplied",
    "password authentication failed",
    "does not exist",
    "starting up",
    "shutting down",
    "too many clients",
    "could not translate host name",
    "failed to resolve host",
    "permission denied",
    "server closed the connection",
)
"""What of a failed connection is told: the server's other words may hold what nobody should read."""
LOST = ("08", "57P", "58", "XX", "F0")
"""States, by their beginnings, after which a connection is not used again: lost, shut down, input or output, damage."""
AGAIN = {"40001", "40P01", "23505"}
"""Others were first: a stale view, a deadlock, a place or a command that is taken."""


def connected(address: str) -> Connection[Any]:
    """A new session in which each statement stands for itself.

    Raises:
        LedgerError: psycopg is not installed, or the server cannot be reached.
    """
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        needed = "needed psycopg: pip install 'candidacy[postgres]'"
        raise LedgerError(f"{shown(address)}: found no driver for PostgreSQL; {needed}") from None
    unreadable = LedgerError(f"{shown(address)}: found an address that cannot be read; needed postgresql://USER@HOST/DATABASE")
    if shown(address) == UNREADABLE:
        raise LedgerError(NO_ADDRESS)
    try:
        given = conninfo_to_dict(address)
    except psycopg.Error:
        raise unreadable from None
    usual = {"connect_timeout": SECONDS_TO_CONNECT, "fallback_application_name": "candidacy", "client_encoding": "utf8"}
    try:
        return psycopg.connect(address, autocommit=True, **{k: v for k, v in usual.items() if k not in given})  # type: ignore[arg-type]
    except psycopg.Error as wrong:
        told = next((words for words in TOLD if words in str(wrong)), type(wrong).__name__)
        raise LedgerError(f"{shown(address)}: the server cannot be reached, or does not let this user in ({told})") from None


def run(db: Connection[Any], statement: str, *values: object) -> list[Any]:
    """The rows that a statement gives, as tuples, whatever rows and cursors the host has its connection make."""
    from psycopg import Cursor
    from psycopg.rows import tuple_row

    with Cursor(db, row_factory=tuple_row) as cursor:
        cursor.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def together(db: Connection[Any], statements: Sequence[tuple[str, tuple[object, ...]]]) -> list[Cursor[Any]]:
    """What comes of each of several statements, which are sent in one journey.

    After one that fails none is run, as if each had been sent when the one before it was answered; which is what is done where the
    PostgreSQL library is older than 14.
    """
    from psycopg import Cursor, Pipeline
    from psycopg import Error as AnyError
    from psycopg.rows import tuple_row

    cursors, wrong = list[Cursor[Any]](), list[AnyError]()
    try:
        with db.pipeline() if len(statements) > 1 and Pipeline.is_supported() else nullcontext():
            try:
                for statement, values in statements:
                    cursors.append(Cursor(db, row_factory=tuple_row))
                    cursors[-1].execute(statement.encode(), values, prepare=None if values else False)
            except AnyError as first:
                wrong.append(first)  # raised only when the pipeline has been ended in order
    except AnyError as first:
        wrong.append(_reason(first))
    if wrong:
        raise wrong[0]
    return cursors


def _reason(wrong: Error) -> Error:
    """The error because of which the statements after it were not run."""
    from psycopg import Error as AnyError
    from psycopg.errors import PipelineAborted

    while isinstance(wrong, PipelineAborted) and isinstance(wrong.__context__, AnyError):
        wrong = wrong.__context__
    return wrong


def lost(db: Connection[Any], wrong: Error) -> bool:
    """Whether the connection is of no use any more."""
    return db.closed or (wrong.sqlstate or "").startswith(LOST)


def named(wrong: Error) -> str:
    """PostgreSQL's name for an error: none of its words, which may hold content."""
    full = ": the disk may be full" if wrong.sqlstate == "53100" else ""
    return f"{type(wrong).__name__}{f' {wrong.sqlstate}' if wrong.sqlstate else ''}{full}"


def ours(wrong: Error, where: str, *, busy: str, gone: bool) -> LedgerError:
    """An error of PostgreSQL as one of ours, without a trace of the content.

    Args:
        busy: what is said where another writer is at work.
        gone: whether the connection is.
    """
    if gone:
        sentence = f"{where}: the connection was lost ({named(wrong)}); what was not yet committed is not kept; try again"
        return LedgerError(sentence)
    if wrong.sqlstate == "55P03":
        return LedgerBusyError(busy)
    if wrong.sqlstate in AGAIN:
        found = "found that others have written since the transaction began"
        return LedgerBusyError(f"{where}: {found}; needed it rolled back, and begun anew")
    if wrong.sqlstate == "25P02":
        return LedgerError(f"{where}: found a transaction in which a statement failed; needed it rolled back, and begun anew")
    if wrong.sqlstate == "42501":
        return LedgerError(f"{where}: found a role that may not do this; needed the rights that docs/embedding.md lists")
    return LedgerError(f"{where}: cannot be read or written ({named(wrong)})")
