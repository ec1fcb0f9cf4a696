"""After an error of the disk nothing is acknowledged, the connection is not used again, and what was acknowledged is looked for.

Each is also tried with a ledger that trusts its connection, and must find it.
"""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from candidacy import (
    DamagedRecordError,
    LedgerBusyError,
    LedgerError,
    SqliteLedger,
    UnknownOutcomeError,
    verify,
)
from candidacy import sqlite as module
from support import ROOT, engine
from widgets import begun, developing, registry

FILLER = ROOT / "tests" / "faults" / "filler.py"


class Disk(sqlite3.Connection):
    """A connection whose disk fails as it is told: before the statement that so begins, or once it was done."""

    fails: ClassVar[dict[str, str]] = {}
    too_late = False
    made: ClassVar[list["Disk"]] = []

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.made.append(self)

    def execute(self, statement: str, *given: Any) -> sqlite3.Cursor:
        code = next((code for begins, code in self.fails.items() if statement.startswith(begins)), "")
        done = super().execute(statement, *given) if self.too_late or not code else None
        if code or done is None:
            raise failure(code)
        return done

    def cursor(self, *_: Any, **__: Any) -> Any:
        return super().cursor(Statements)


class Statements(sqlite3.Cursor):
    def execute(self, statement: str, *given: Any) -> "Statements":
        for begins, code in Disk.fails.items():
            if statement.startswith(begins):
                raise failure(code)
        return super().execute(statement, *given)


def failure(code: str) -> sqlite3.Error:
    wrong = (sqlite3.DatabaseError if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) else sqlite3.OperationalError)(code)
    wrong.sqlite_errorname = code
    return wrong


class Trusting(SqliteLedger):
    """The planted fault: goes on with a connection on which the disk failed."""

    def _failed(self, code: str) -> None:
        pass


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Disk]]:
    """The disk of all ledgers that are opened."""
    connect = sqlite3.connect
    monkeypatch.setattr(module.sqlite3, "connect", lambda *given, **more: connect(*given, **more, factory=Disk))
    Disk.fails, Disk.too_late, Disk.made = {}, False, []
    yield Disk
    Disk.fails, Disk.too_late = {}, False


def codes(begins: str) -> list[str]:
    return sorted(name for name in dir(sqlite3) if name.startswith(begins))


FROM_THE_DISK = [
    *codes("SQLITE_IOERR"), "SQLITE_FULL", *codes("SQLITE_CANTOPEN"), *(c for c in codes("SQLITE_CORRUPT")), "SQLITE_NOTADB", "SQLITE_PROTOCOL",
    *codes("SQLITE_READONLY"), "SQLITE_NOLFS", "SQLITE_INTERNAL",
]  # fmt: skip
OTHERS = [
    "SQLITE_ERROR",
    *codes("SQLITE_CONSTRAINT"),
    "SQLITE_MISUSE",
    "SQLITE_TOOBIG",
    "SQLITE_INTERRUPT",
    "SQLITE_SCHEMA",
    "SQLITE_RANGE",
]


@pytest.mark.parametrize("code", FROM_THE_DISK)
def test_never_uses_a_connection_again_on_which_the_disk_failed(ledger_file: Path, disk: type[Disk], code: str) -> None:
    with SqliteLedger(ledger_file) as ledger:
        used = ledger._db
        disk.fails = {"INSERT": code}
        with pytest.raises(LedgerError, match=code):
            engine(registry(), ledger).submit_many(begun())
        disk.fails = {}
        assert ledger.size() == 1
        engine(registry(), ledger).submit_many(developing())
        assert ledger._db is not used
        with pytest.raises(sqlite3.ProgrammingError):
            used.execute("SELECT 1")
        assert verify(ledger).records == 5


@pytest.mark.parametrize("code", OTHERS)
def test_goes_on_with_a_connection_on_which_anything_else_failed(ledger_file: Path, disk: type[Disk], code: str) -> None:
    with SqliteLedger(ledger_file) as ledger:
        used = ledger._db
        disk.fails = {"INSERT": code}
        with pytest.raises(LedgerError):
            engine(registry(), ledger).submit_many(begun())
        disk.fails = {}
        engine(registry(), ledger).submit_many(developing())
        assert ledger._db is used


def test_would_be_seen_to_use_it_again(ledger_file: Path, disk: type[Disk]) -> None:
    with Trusting(ledger_file) as ledger:
        used = ledger._db
        disk.fails = {"INSERT": "SQLITE_IOERR_WRITE"}
        with pytest.raises(LedgerError):
            engine(registry(), ledger).submit_many(begun())
        disk.fails = {}
        engine(registry(), ledger).submit_many(developing())
        assert ledger._db is used


@pytest.mark.parametrize("statement", ["BEGIN", "SELECT", "PRAGMA busy"])
def test_says_so_when_the_disk_fails_at_the_beginning_or_while_reading(ledger_file: Path, disk: type[Disk], statement: str) -> None:
    with SqliteLedger(ledger_file) as ledger:
        used = ledger._db
        disk.fails = {statement: "SQLITE_IOERR_READ"}
        with pytest.raises(LedgerError, match="cannot be read or written") as wrong:
            engine(registry(), ledger).submit(next(iter(begun())))
        assert not isinstance(wrong.value, UnknownOutcomeError)
        disk.fails = {}
        assert engine(registry(), ledger).submit(next(iter(begun()))).record.index == 1
        assert ledger._db is not used


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("many", [1, 4])
def test_says_that_it_is_not_known_whether_it_was_kept_when_the_commit_fails(
    ledger_file: Path, disk: type[Disk], kept: bool, many: int
) -> None:
    """Both sides: a commit that failed and one that was done all the same. The same command may be sent again either way."""
    commands = list(developing())[:many]
    with SqliteLedger(ledger_file) as ledger:
        on, used = engine(registry(), ledger), ledger._db
        disk.fails, disk.too_late = {"COMMIT": "SQLITE_IOERR_FSYNC"}, kept
        with pytest.raises(
            UnknownOutcomeError, match=r"cannot be read or written \(SQLITE_IOERR_FSYNC\); whether it was kept is not known; send"
        ):
            on.submit_many(commands) if many > 1 else on.submit(commands[0])
        disk.fails = {}
        answers = on.submit_many(commands)
        assert [a.repeated for a in answers] == [kept] * many
        assert ledger._db is not used
        assert (verify(ledger).sound, ledger.size()) == (True, many + 1)


def test_raises_what_failed_first_when_rolling_back_fails_too(ledger_file: Path, disk: type[Disk]) -> None:
    with SqliteLedger(ledger_file) as ledger:
        on, used = engine(registry(), ledger), ledger._db
        disk.fails = {"ROLLBACK": "SQLITE_IOERR_WRITE"}
        with pytest.raises(ZeroDivisionError), ledger.transaction() as connection:  # noqa: PT012 (the block is what is tried)
            on.submit_many(begun(), connection=connection)
            raise ZeroDivisionError
        disk.fails = {}
        assert (ledger.size(), ledger._db is not used) == (1, True)
        assert on.submit_many(developing())[-1].record.index == 4


def test_keeps_nothing_of_a_transaction_in_which_the_disk_failed_and_somebody_passed_over_it(
    ledger_file: Path, disk: type[Disk]
) -> None:
    with SqliteLedger(ledger_file) as ledger:
        on = engine(registry(), ledger)
        with (  # noqa: PT012 (the block is what is tried)
            pytest.raises(LedgerError, match="found that the disk failed during the transaction"),
            ledger.transaction() as connection,
        ):
            on.submit_many(begun("a"), connection=connection)
            disk.fails = {"INSERT": "SQLITE_FULL"}
            with pytest.raises(LedgerError, match="SQLITE_FULL"):
                on.submit_many(begun("b"), connection=connection)
            disk.fails = {}
            on.submit_many(begun("c"), connection=connection)
        assert (ledger.size(), ledger.cases()) == (1, [])


def test_would_be_seen_to_keep_the_rest_of_it(ledger_file: Path, disk: type[Disk]) -> None:
    with Trusting(ledger_file) as ledger:
        on = engine(registry(), ledger)
        with ledger.transaction() as connection:
            on.submit_many(begun("a"), connection=connection)
            disk.fails = {"INSERT": "SQLITE_FULL"}
            with pytest.raises(LedgerError):
                on.submit_many(begun("b"), connection=connection)
            disk.fails = {}
        assert ledger.cases() == ["a"]


@pytest.mark.parametrize("writing", [True, False])
def test_says_so_each_time_while_it_cannot_be_opened_anew_and_goes_on_once_it_can(ledger_file: Path, writing: bool) -> None:
    elsewhere = ledger_file.with_name("elsewhere")
    with SqliteLedger(ledger_file) as ledger:
        on = engine(registry(), ledger)
        on.submit_many(begun())
        ledger._at_work = writing
        ledger._failed("SQLITE_IOERR_FSYNC")
        ledger._at_work = False
        ledger_file.rename(elsewhere)
        for _ in range(2):
            with pytest.raises(
                LedgerError, match=r"cannot be opened anew since the disk failed \(SQLITE_CANTOPEN: it may not be read"
            ):
                on.submit_many(developing("w2"))
            if writing:
                assert ledger.size() == 2, "what can be read is read on"
            else:
                with pytest.raises(
                    LedgerError, match=r"cannot be opened anew since the disk failed \(SQLITE_CANTOPEN: it may not be read"
                ):
                    ledger.size()
        elsewhere.rename(ledger_file)
        assert ledger.size() == 2
        assert on.submit_many(developing("w2"))[-1].record.index == 5
        assert verify(ledger).sound


def test_does_not_open_anew_what_was_closed(ledger_file: Path) -> None:
    ledger = SqliteLedger(ledger_file)
    ledger._failed("SQLITE_IOERR_FSYNC")
    ledger.close()
    with pytest.raises(LedgerError, match="found it closed"):
        ledger.size()


def emptied_log(ledger: SqliteLedger, path: Path) -> None:
    """The log is lost under an open ledger, and the disk is heard of."""
    Path(f"{path}-wal").write_bytes(b"")
    ledger._db.execute("PRAGMA shrink_memory")
    ledger._db.execute("PRAGMA cache_size=1")


def test_says_which_acknowledged_record_is_gone_when_the_log_was_lost(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        on = engine(registry(), ledger)
        on.submit_many(developing())
        emptied_log(ledger, ledger_file)
        with pytest.raises(LedgerError, match="SQLITE_IOERR_SHORT_READ"):
            list(ledger.records())
        for _ in range(2):
            with pytest.raises(DamagedRecordError, match="record 4: it was acknowledged, and is not there"):
                on.submit_many(begun("w2"))


def test_would_be_seen_to_go_on_as_if_nothing_had_been_acknowledged(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        on, first = engine(registry(), ledger), ledger._newest
        on.submit_many(developing())
        emptied_log(ledger, ledger_file)
        with pytest.raises(LedgerError):
            list(ledger.records())
        ledger._newest = first
        assert on.submit_many(begun("w2"))[0].record.index == 1, "the index of an acknowledged record is given to another"


def test_empties_the_log_of_a_failed_commit_before_it_writes_again(ledger_file: Path, disk: type[Disk]) -> None:
    """A reader that still reads the log is waited for, and nothing is written meanwhile."""
    with SqliteLedger(ledger_file, wait=0.2) as ledger:
        on = engine(registry(), ledger)
        on.submit_many(begun())
        reader = sqlite3.connect(ledger_file, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM candidacy_record").fetchall()
        disk.fails = {"COMMIT": "SQLITE_IOERR_FSYNC"}
        with pytest.raises(UnknownOutcomeError):
            on.submit_many(begun("w2"))
        disk.fails = {}
        with pytest.raises(LedgerBusyError, match="others have been reading the ledger"):
            on.submit_many(begun("w2"))
        reader.close()
        on.submit_many(begun("w2"))
        assert verify(ledger).records == 3


# --- a disk that is full, for a while


@pytest.mark.parametrize("room", [0, 1, 5_000, 20_000])
def test_acknowledges_nothing_while_the_disk_is_full_and_goes_on_with_the_same_ledger_once_there_is_room(
    ledger_file: Path, room: int
) -> None:
    done = subprocess.run([sys.executable, FILLER, ledger_file, str(room)], capture_output=True, text=True, check=True, timeout=120)
    found = json.loads(done.stdout)
    print(f"\n{room} bytes of room: {found}")
    assert found["failures"] >= 3
    assert found["read while full"] == found["acknowledged before"] + 1
    assert set(found["errors"]) <= {"LedgerError", "UnknownOutcomeError"}
    assert found["opened anew"]
    with SqliteLedger(ledger_file) as ledger:
        assert verify(ledger).sound
        assert [r.command for r in ledger.records() if r.index] == found["acknowledged"]


def test_would_be_seen_to_have_a_disk_that_is_not_full(ledger_file: Path) -> None:
    done = subprocess.run(
        [sys.executable, FILLER, ledger_file, "10000000"], capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout)["failures"] == 0
