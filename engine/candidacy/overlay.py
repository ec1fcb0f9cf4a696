"""A ledger in memory on top of another one: what is entered stays here, the one below is only read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import chain
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from candidacy.errors import CommandIdReusedError, LedgerError
from candidacy.ledger import Ledger, Place, Row, TakenError, checked, fitting
from candidacy.record import Record


class OverlayLedger:
    """What a ledger would be with more records, for trying things out: the ledger below is never written to."""

    joins = False

    def __init__(self, below: Ledger) -> None:
        """On top of *below*, which should not change meanwhile; what it gains is not seen consistently."""
        self._below, self._size = below, below.size()
        self.id: str = below.id
        self.zone: ZoneInfo = below.zone
        self._rows: list[Row] = []
        self._cases: dict[str, list[int]] = {}
        self._commands: dict[str, int] = {}

    def append(self, case: str, version: int, command: str, make: Callable[[Place], Record], *, connection: Any = None) -> Record:
        """See `candidacy.ledger.Ledger.append`."""
        if connection is not None:
            self.within(connection)
        before = self.of_command(command)
        if before is not None:
            raise CommandIdReusedError(command, before.index)
        found, previous = self.head(case)
        if found != version:
            raise TakenError
        record = fitting(make(Place(self.size(), version + 1, previous)))
        self._cases.setdefault(case, []).append(len(self._rows))
        self._commands[command] = len(self._rows)
        self._rows.append(Row(record.index, case, record.version, command, record.leaf, record.raw))
        return record

    @contextmanager
    def transaction(self) -> Iterator["OverlayLedger"]:
        """See `candidacy.ledger.Ledger.transaction`; nothing is kept anyway."""
        yield self

    def within(self, connection: object) -> "OverlayLedger":
        """See `candidacy.ledger.Ledger.within`."""
        if connection is self:
            return self
        raise LedgerError("a ledger in memory: found another connection; needed what its own `transaction` gives")

    def checkpoints(self) -> list[str]:
        """See `candidacy.ledger.Ledger.checkpoints`: those of the ledger below."""
        return self._below.checkpoints()

    def keep_checkpoint(self, *_: object) -> None:
        """Refuse to: what is only tried out is not signed."""
        raise LedgerError("a ledger for trying things out: found a checkpoint to keep; needed the ledger itself")

    def head(self, case: str) -> tuple[int, str]:
        """See `candidacy.ledger.Ledger.head`."""
        mine = self._cases.get(case)
        if not mine:
            return self._below.head(case)
        newest = self._rows[mine[-1]]
        return newest.version or 0, newest.leaf.hex()

    def of_case(self, case: str) -> list[Record]:
        """See `candidacy.ledger.Ledger.of_case`."""
        return [*self._below.of_case(case), *(_record(self._rows[n]) for n in self._cases.get(case, ()))]

    def of_command(self, command: str) -> Record | None:
        """See `candidacy.ledger.Ledger.of_command`."""
        mine = self._commands.get(command)
        return self._below.of_command(command) if mine is None else _record(self._rows[mine])

    def record(self, index: int) -> Record | None:
        """See `candidacy.ledger.Ledger.record`."""
        mine = index - self._size
        return _record(self._rows[mine]) if 0 <= mine < len(self._rows) else self._below.record(index)

    def cases(self) -> list[str]:
        """See `candidacy.ledger.Ledger.cases`."""
        return sorted({*self._below.cases(), *self._cases})

    def size(self) -> int:
        """See `candidacy.ledger.Ledger.size`."""
        return self._size + len(self._rows)

    def rows(self) -> Iterator[Row]:
        """See `candidacy.ledger.Ledger.rows`."""
        return chain(self._below.rows(), tuple(self._rows))

    def records(self) -> Iterator[Record]:
        """See `candidacy.ledger.Ledger.records`."""
        return chain(self._below.records(), map(_record, tuple(self._rows)))

    def by_case(self) -> Iterator[list[Record]]:
        """See `candidacy.ledger.Ledger.by_case`."""
        return (list(map(checked, rows)) for rows in self.rows_by_case())

    def rows_by_case(self) -> Iterator[list[Row]]:
        """See `candidacy.ledger.Ledger.rows_by_case`."""
        mine = sorted(case for case in self._cases if not self._below.head(case)[0])
        there = ((rows[0].case or "", rows) for rows in self._below.rows_by_case())
        both = merge(there, ((case, list[Row]()) for case in mine), key=itemgetter(0))
        return ([*rows, *(self._rows[n] for n in self._cases.get(case, ()))] for case, rows in both)

    def after(self, index: int) -> Iterator[Record]:
        """See `candidacy.ledger.Ledger.after`."""
        mine = (row for row in tuple(self._rows) if row.index > index)
        return chain(self._below.after(index), map(_record, mine))


def _record(row: Row) -> Record:
    return Record.read(row.index, row.raw)
