"""Writers of one ledger are served in the order in which they came, and a line that cannot be kept costs nothing but the order."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock, Thread
from time import monotonic, sleep
from typing import Any

import pytest

from candidacy import LedgerBusyError, LedgerError, SqliteLedger, turns, verify
from candidacy.turns import InOrder, in_turn
from support import cli, engine
from widgets import begun, developing, registry

WAITER = Path(__file__).parent / "faults" / "waiter.py"
LONG = 60.0
"""Seconds that nobody will wait."""


def waiting(line: str) -> int:
    """How many stand in the line."""
    if not os.path.lexists(line):
        return 0
    looking = turns._Place(line, 2**62)
    try:
        return len(looking.ahead())
    finally:
        looking.leave()


def until(so: Any) -> None:
    """Wait until something is so; the test fails if it never is."""
    end = monotonic() + LONG
    while not so():
        assert monotonic() < end
        sleep(0.002)


def served(line: str, many: int, *, after: Any = lambda: None) -> list[int]:
    """In which order so many were served who came one after the other; *after* is done when all of them wait."""
    lock, order, running = Lock(), list[int](), list[Thread]()

    def come(number: int) -> None:
        assert in_turn(line, lambda: lock.acquire(blocking=False), LONG)
        order.append(number)
        sleep(0.003)
        lock.release()

    lock.acquire()
    for number in range(many):
        running.append(Thread(target=come, args=(number,)))
        running[-1].start()
        until(lambda: waiting(line) == number + 1 or not hasattr(turns._standing, "__wrapped__"))  # noqa: B023 (asked at once)
    after()
    lock.release()
    for one in running:
        one.join()
    return order


# --- the line


def test_serves_those_who_wait_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    line = str(tmp_path / "line")
    assert served(line, 12) == list(range(12))
    assert list(tmp_path.iterdir()) == []


def test_would_be_seen_to_serve_them_otherwise_without_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def nowhere(*_: object) -> Iterator[Any]:
        yield turns._NoPlace()

    del nowhere.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(turns, "_standing", nowhere)
    assert served(str(tmp_path / "line"), 12) != list(range(12))


def test_keeps_the_order_when_the_line_is_taken_away_under_those_who_wait(tmp_path: Path) -> None:
    line = tmp_path / "line"

    def after() -> None:
        line.unlink()
        until(
            lambda: sum(os.fstat(place).st_nlink for place in tuple(turns.OPEN) if os.path.lexists(f"/proc/self/fd/{place}")) == 8
        )

    assert served(str(line), 8, after=after) == list(range(8))
    assert list(tmp_path.iterdir()) == []


def test_leaves_the_line_when_it_has_waited_long_enough(tmp_path: Path) -> None:
    line = tmp_path / "line"
    assert not in_turn(str(line), lambda: False, 0.05)
    assert not in_turn(str(line), lambda: False, 0)
    assert list(tmp_path.iterdir()) == []


def test_tries_once_more_when_it_has_waited_long_enough(tmp_path: Path) -> None:
    tries = iter([False, True])
    assert in_turn(str(tmp_path / "line"), lambda: next(tries), 0)


@pytest.mark.parametrize("there", ["a folder", "a file with content", "a link", "a line left behind"])
def test_serves_whatever_stands_where_the_line_would_be(tmp_path: Path, there: str) -> None:
    line, other = tmp_path / "line", tmp_path / "other"
    if there == "a folder":
        line.mkdir()
    elif there == "a link":
        other.touch()
        line.symlink_to(other)
    else:
        line.write_text("content" if there == "a file with content" else "")
    assert in_turn(str(line), lambda: True, 0.05)
    tries = iter([False, True])
    assert in_turn(str(line), lambda: next(tries), LONG)
    assert line.exists() == (there != "a line left behind"), "only what is ours is taken away"


def test_has_no_line_where_nobody_waits(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger, ledger.transaction() as connection:
        engine(registry(), ledger).submit_many(developing(), connection=connection)
        assert not [path for path in ledger_file.parent.iterdir() if path.name.endswith("-line")]


def test_has_no_line_where_there_are_no_such_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "locks", None)
    tries = iter([False, False, True])
    assert in_turn(str(tmp_path / "line"), lambda: next(tries), LONG)
    assert list(tmp_path.iterdir()) == []


# --- processes


@contextmanager
def waiters(path: Path, *names: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that wait for a ledger that another one is writing to, having come in that order."""
    running = list[subprocess.Popen[str]]()
    try:
        for name in names:
            running.append(subprocess.Popen([sys.executable, WAITER, path, name], text=True, stdout=subprocess.PIPE))
            until(lambda: waiting(f"{path}-line") == len(running))
        yield running
    finally:
        for one in running:
            with suppress(OSError):
                one.kill()
            one.communicate()


def order(path: Path) -> list[str]:
    """Which cases have begun, in the order of their records."""
    with SqliteLedger(path, read_only=True) as ledger:
        return [record.case for record in ledger.records() if record.index]


def test_serves_processes_in_the_order_in_which_they_came(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        with ledger.transaction(), waiters(ledger_file, "c", "a", "d", "b") as running:
            ledger._db.execute("ROLLBACK")
            assert [one.wait(LONG) for one in running] == [0] * 4
            ledger._db.execute("BEGIN IMMEDIATE")
        assert order(ledger_file) == ["c", "a", "d", "b"]
        assert not Path(f"{ledger_file}-line").exists()


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_goes_on_without_one_who_was_killed_or_stopped_in_the_line(ledger_file: Path, blow: signal.Signals) -> None:
    with SqliteLedger(ledger_file) as ledger:
        with ledger.transaction(), waiters(ledger_file, "a", "b", "c") as running:
            running[1].send_signal(blow)
            until(lambda: waiting(f"{ledger_file}-line") == (2 if blow == signal.SIGKILL else 3))
            ledger._db.execute("ROLLBACK")
            assert [running[n].wait(LONG) for n in (0, 2)] == [0, 0]
            ledger._db.execute("BEGIN IMMEDIATE")
        assert order(ledger_file) == ["a", "c"]
        assert verify(ledger).sound


def test_would_be_seen_to_wait_for_one_who_was_killed_if_its_place_were_kept(tmp_path: Path) -> None:
    """Teeth: a place that a child of the one who was killed keeps, as it would if the child did not leave it."""
    line = str(tmp_path / "line")
    kept = turns._Place(line, 1)
    turns.OPEN.discard(kept._file)
    child = os.fork()
    if not child:
        signal.pause()
    try:
        os.close(kept._file)  # as the kernel does for a process that is killed
        assert waiting(line) == 1
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert waiting(line) == 0


def test_keeps_no_place_in_a_child_of_one_who_was_killed(tmp_path: Path) -> None:
    line = str(tmp_path / "line")
    kept = turns._Place(line, 1)
    child = os.fork()
    if not child:
        signal.pause()
    try:
        until(lambda: not os.path.lexists(f"/proc/{child}/fd/{kept._file}"))
        turns.OPEN.discard(kept._file)
        os.close(kept._file)
        assert waiting(line) == 0
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_copies_and_exports_nothing_of_a_line_that_was_left_behind(ledger_file: Path, tmp_path: Path) -> None:
    Path(f"{ledger_file}-line").touch()
    assert cli("copy", str(ledger_file), str(tmp_path / "copy.ledger")).returncode == 0
    assert cli("export", str(ledger_file), "-o", str(tmp_path / "export.jsonl")).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.ledger", "cases.ledger-line", "copy.ledger", "export.jsonl"]
    ledger_file.unlink()
    SqliteLedger.create(ledger_file, "UTC").close()
    with SqliteLedger(ledger_file) as ledger:
        engine(registry(), ledger).submit_many(begun())
    assert not Path(f"{ledger_file}-line").exists(), "the next writer takes it away"


def test_has_readers_wait_for_nobody(ledger_file: Path) -> None:
    with (
        SqliteLedger(ledger_file) as ledger,
        ledger.transaction(),
        waiters(ledger_file, "a"),
        SqliteLedger(ledger_file, read_only=True) as reader,
    ):
        assert (reader.size(), reader.cases()) == (1, [])


def test_says_that_a_transaction_of_its_own_is_open(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file, wait=LONG) as ledger:
        on = engine(registry(), ledger)
        with ledger.transaction(), pytest.raises(LedgerError, match="found a transaction of its own open"):
            on.submit_many(begun())
        assert ledger.size() == 1


# --- threads


def first_come(lock: Any, many: int) -> list[int]:
    """In which order threads had the lock, who came one after the other while it was held by one that wants it again and again."""
    order, running, asking = list[int](), list[Thread](), list[int]()

    def come(number: int) -> None:
        asking.append(number)
        lock.acquire()
        order.append(number)
        lock.release()

    lock.acquire()
    for number in range(many):
        running.append(Thread(target=come, args=(number,)))
        running[-1].start()
        until(lambda: len(asking) == number + 1)  # noqa: B023 (asked at once)
        sleep(0.01)
    for _ in range(many):
        lock.release()
        lock.acquire()
        order.append(-1)
    lock.release()
    for one in running:
        one.join()
    return order


def test_gives_the_lock_to_threads_in_the_order_in_which_they_came() -> None:
    assert first_come(InOrder(), 5) == [0, 1, 2, 3, 4] + [-1] * 5


def test_would_be_seen_to_give_it_to_the_one_who_had_it_last() -> None:
    """Teeth: what stood there before, which does so more often than not."""
    assert any(first_come(RLock(), 5)[0] == -1 for _ in range(20))


def test_gives_the_lock_again_to_whoever_has_it_and_only_he_gives_it_back() -> None:
    lock, said = InOrder(), list[Any]()
    assert lock.acquire()
    assert lock.acquire(timeout=0)
    lock.release()

    def other() -> None:
        said.append(lock.acquire(timeout=0.01))
        try:
            lock.release()
        except RuntimeError as wrong:
            said.append(str(wrong))

    for expected in ([False, "found a lock that another thread has; needed it taken in this one"], [True]):
        said.clear()
        one = Thread(target=other)
        one.start()
        one.join()
        assert said == expected
        if len(expected) == 2:
            lock.release()
    with pytest.raises(RuntimeError):
        lock.release()


def test_serves_threads_of_one_ledger_in_the_order_in_which_they_came(ledger_file: Path) -> None:
    with SqliteLedger(ledger_file) as ledger:
        on, running = engine(registry(), ledger), list[Thread]()
        with ledger.transaction():
            for number in range(6):
                running.append(Thread(target=on.submit_many, args=(begun(f"t{number}"),)))
                running[-1].start()
                until(lambda: len(ledger._lock._waiting) == number + 1)  # noqa: B023 (asked at once)
        for one in running:
            one.join()
        assert order(ledger_file) == [f"t{n}" for n in range(6)]


def test_says_who_is_in_the_way_and_leaves_the_line(ledger_file: Path) -> None:
    other = sqlite3.connect(ledger_file, isolation_level=None)
    with SqliteLedger(ledger_file, wait=0.1) as ledger:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBusyError, match=r"another writer has held the ledger for 0.1 seconds; try again"):
            engine(registry(), ledger).submit_many(begun())
        assert not Path(f"{ledger_file}-line").exists()
        other.close()
        engine(registry(), ledger).submit_many(begun())
