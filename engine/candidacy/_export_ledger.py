"""An export's records as a ledger that can only be read. Every line is checked before anything is told."""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import IntegrityError

from candidacy._restore import exported
from candidacy.errors import FailedPacketError, InputError, LedgerError, why
from candidacy.ledger import Row, row_of
from candidacy.packet_ledger import HeldRecords


class ExportLedger(HeldRecords):
    """The records that `candidacy export` wrote.

    Attributes:
        path: where the file is.
    """

    what = "an export"

    def __init__(self, path: str | Path) -> None:
        """Open the export in *path*, and check every line.

        Raises:
            LedgerError: it cannot be read.
            FailedPacketError: a line is not the next record of a whole ledger; naming every one.
            NewerFormatError: a record is in a format this version does not know.
        """
        self.path = Path(path)
        super().__init__(self._fill, str(path))

    def _fill(self, keep: Callable[[Row], None]) -> None:
        try:
            with self.path.open("rb") as lines:
                for record in exported(lines):
                    keep(row_of(record))
        except IntegrityError:
            raise FailedPacketError(str(self.path), ["a command's id stands in two records"]) from None
        except InputError as wrong:
            raise FailedPacketError(str(self.path), (f"{p.path}: {p.found}" for p in wrong.problems)) from None
        except OSError as wrong:
            raise LedgerError(f"{self.path}: cannot be read ({why(wrong)})") from None
