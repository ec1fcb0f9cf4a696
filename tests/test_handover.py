"""A ledger that is handed over: a copy made of an open file never passes for the whole ledger."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from candidacy import LedgerError, SqliteLedger, verify
from candidacy.sqlite import SHORT, UNSURE
from support import ROOT, ZONE, cli, engine, play, process
from widgets import begun, developing, registry


def files(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm") if path.with_name(path.name + end).exists()]


def by_cp(path: Path, to: Path, *, beside: bool) -> Path:
    """What `cp` makes: of the file alone, or of the file and those beside it."""
    for file in files(path) if beside else [path]:
        shutil.copyfile(file, to.with_name(file.name.replace(path.name, to.name)))
    return to


@contextmanager
def open_with_records(path: Path, many: int = 4) -> Iterator[SqliteLedger]:
    with SqliteLedger(path) as ledger:
        play(engine(registry(), ledger), [*developing("w1"), *begun("w2")][:many])
        yield ledger


@pytest.mark.parametrize("beside", [False, True], ids=["file alone", "with the log beside it"])
def test_reports_a_copy_of_an_open_file_as_short_and_never_as_clean(ledger_file: Path, tmp_path: Path, beside: bool) -> None:
    with open_with_records(ledger_file):
        copy = by_cp(ledger_file, tmp_path / "copy.ledger", beside=beside)
        done = process("verify", str(copy))
        live = process("verify", str(ledger_file))
    assert (live.returncode, "FAIL" in live.stdout) == (3, False), "the open file itself is whole"
    assert done.returncode == 1
    assert f"FAIL file: {SHORT}" in done.stdout
    assert process("verify", str(copy), "--unanchored-ok").returncode == 1
    assert process("audit", str(copy)).returncode == 1
    with pytest.raises(LedgerError, match="cannot be gone on with"):
        SqliteLedger(copy)
    status = process("status", str(copy))
    assert (status.returncode, SHORT in status.stderr) == (0, True)


def test_reports_a_copy_of_a_closed_file_as_what_it_is(ledger_file: Path, tmp_path: Path) -> None:
    with open_with_records(ledger_file):
        pass
    assert files(ledger_file) == [ledger_file], "closed, everything is in the one file"
    copy = by_cp(ledger_file, tmp_path / "copy.ledger", beside=False)
    done = process("verify", str(copy))
    assert (done.returncode, "5 records" in done.stdout) == (3, True)
    with SqliteLedger(copy) as ledger:
        assert play(engine(registry(), ledger), begun("w9"))[0].accepted


def test_would_pass_a_short_copy_for_clean_without_the_mark(
    ledger_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teeth: the same copy of the same open file, by a writer that sets no mark."""
    monkeypatch.setattr("candidacy.mark.Mark.put", lambda *_: True)
    with open_with_records(ledger_file):
        copy = by_cp(ledger_file, tmp_path / "copy.ledger", beside=False)
    done = process("verify", str(copy))
    assert (done.returncode, "1 records" in done.stdout) == (3, True)


def test_takes_the_mark_away_only_with_the_last_writer(ledger_file: Path, tmp_path: Path) -> None:
    with SqliteLedger(ledger_file) as one, SqliteLedger(ledger_file) as other:
        one.close()
        play(engine(registry(), other), begun())
        assert process("verify", str(by_cp(ledger_file, tmp_path / "a", beside=False))).returncode == 1
    assert process("verify", str(by_cp(ledger_file, tmp_path / "b", beside=False))).returncode == 3


def killed_writer(path: Path) -> None:
    code = (
        f"import sys, os; sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "from candidacy import SqliteLedger; from support import engine, play; from widgets import developing, registry\n"
        f"ledger = SqliteLedger({str(path)!r}); play(engine(registry(), ledger), developing('w1')); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9


@pytest.mark.parametrize("how", ["put back in its own place", "moved without its log", "its log removed"])
def test_says_of_a_marked_file_without_its_log_that_it_may_be_short(ledger_file: Path, tmp_path: Path, how: str) -> None:
    """Its number alone says nothing: `cp` keeps the number of the file it writes over, and `mv` that of the one it moves."""
    if how == "put back in its own place":
        with open_with_records(ledger_file):
            copy = by_cp(ledger_file, tmp_path / "backup", beside=False)
        number = ledger_file.stat().st_ino
        shutil.copyfile(copy, ledger_file)
        assert ledger_file.stat().st_ino == number
    else:
        killed_writer(ledger_file)
        Path(f"{ledger_file}-wal").rename(tmp_path / "log")
        Path(f"{ledger_file}-shm").unlink()
    if how == "moved without its log":
        ledger_file = ledger_file.rename(tmp_path / "moved.ledger")
    done = process("verify", str(ledger_file))
    assert (done.returncode, f"NOT CHECKED  file and settings: {UNSURE}" in done.stdout) == (3, True), done.stdout
    assert UNSURE in done.stderr
    assert "WARN  log: found none, although a writer left it marked" in process("doctor", str(ledger_file)).stdout
    with SqliteLedger(ledger_file) as ledger:
        assert (ledger.unsure, ledger.size()) == (UNSURE, 1)
    done = process("verify", str(ledger_file))
    assert (done.returncode, "PASS         file and settings" in done.stdout, done.stderr) == (3, True, "")


def test_says_nothing_of_a_log_that_is_beside_its_file_or_was_moved_into_it(ledger_file: Path) -> None:
    killed_writer(ledger_file)
    for unsure, read_only in (("", True), ("", False), ("", False)):
        with SqliteLedger(ledger_file, read_only=read_only) as ledger:
            assert (ledger.unsure, ledger.size()) == (unsure, 5)


def test_takes_the_mark_of_a_killed_writer_away_with_its_log(ledger_file: Path) -> None:
    """A reader that was there before the writer moves the log into the file as it closes: it is whole then, and not marked."""
    with SqliteLedger(ledger_file, read_only=True) as reader:
        killed_writer(ledger_file)
        assert reader.size() == 5
    assert files(ledger_file) == [ledger_file]
    with SqliteLedger(ledger_file, read_only=True) as ledger:
        assert (ledger.unsure, ledger.short, ledger.size()) == ("", "", 5)


def test_writes_no_file_that_has_two_names(ledger_file: Path, tmp_path: Path) -> None:
    """Each name would have a log of its own, and what the one writer adds the other would not see."""
    other = tmp_path / "other.ledger"
    other.hardlink_to(ledger_file)
    for path in (ledger_file, other):
        with pytest.raises(LedgerError, match=r"found it under 2 names \(hard links\)"):
            SqliteLedger(path)
        with SqliteLedger(path, read_only=True) as ledger:
            assert ledger.size() == 1
    other.unlink()
    with SqliteLedger(ledger_file) as ledger:
        assert play(engine(registry(), ledger), begun())[0].accepted


def test_leaves_a_file_whose_writer_was_killed_whole_and_goes_on_with_it(ledger_file: Path, tmp_path: Path) -> None:
    killed_writer(ledger_file)
    assert process("verify", str(by_cp(ledger_file, tmp_path / "a", beside=False))).returncode == 1, "a copy of it is not whole"
    done = process("verify", str(ledger_file))
    assert (done.returncode, "5 records" in done.stdout) == (3, True)
    with SqliteLedger(ledger_file) as ledger:
        assert play(engine(registry(), ledger), begun("w2"))[0].accepted
    assert process("verify", str(by_cp(ledger_file, tmp_path / "b", beside=False))).returncode == 3


def test_goes_on_with_a_file_that_was_moved(ledger_file: Path, tmp_path: Path) -> None:
    killed_writer(ledger_file)
    for file in files(ledger_file):
        file.rename(tmp_path / file.name.replace(ledger_file.name, "moved.ledger"))
    with SqliteLedger(tmp_path / "moved.ledger") as ledger:
        assert verify(ledger).records == 5


def test_says_how_a_file_is_opened_where_nothing_can_be_written(ledger_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first way of opening fails as SQLite fails on read-only media."""
    whole = SqliteLedger._connected

    def reluctant(self: SqliteLedger, uri: str) -> sqlite3.Connection:
        return whole(self, uri if "immutable" in uri else "file:/nowhere/at/all?mode=ro")

    with open_with_records(ledger_file):
        pass
    monkeypatch.setattr(SqliteLedger, "_connected", reluctant)
    done = cli("verify", str(ledger_file))
    assert done.returncode == 3
    assert "opened as a file that nobody changes" in done.stderr
    assert "5 records" in done.stdout
    with open(f"{ledger_file}-wal", "wb") as log:  # noqa: PTH123
        log.write(b"x")
    assert "found records in cases.ledger-wal that cannot be read here" in cli("verify", str(ledger_file)).stderr


def test_opens_a_file_on_a_read_only_mount(ledger_file: Path, tmp_path: Path) -> None:
    """Where this machine lets us mount, in a name space of our own; what is written to no user can write to."""
    with open_with_records(ledger_file):
        pass
    media = tmp_path / "media"
    media.mkdir()
    shutil.copyfile(ledger_file, media / "cases.ledger")
    script = f"mount --bind {media} {media} && mount -o remount,ro,bind {media} && exec {sys.executable} -m candidacy verify {media}/cases.ledger"
    apart = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    can_mount = bool(shutil.which("unshare")) and subprocess.run([*apart, "true"], check=False, capture_output=True).returncode == 0
    command = [*apart, script] if can_mount else [sys.executable, "-m", "candidacy", "verify", str(media / "cases.ledger")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, "5 records" in done.stdout) == (3, True), done.stderr
    assert ("opened as a file that nobody changes" in done.stderr) == can_mount
    assert [f.name for f in media.iterdir()] == ["cases.ledger"] or not can_mount


def test_refuses_to_be_used_in_a_process_that_did_not_open_it(ledger_file: Path) -> None:
    """A connection carried over a fork would let go of the parent's locks."""
    with open_with_records(ledger_file) as ledger:
        child = os.fork()
        if not child:
            try:
                ledger.head("w1")
            except LedgerError as wrong:
                os._exit(0 if "another process" in str(wrong) else 1)
            finally:
                ledger.close()
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert ledger.head("w1")[0] == 4
        assert cli("verify", str(ledger_file)).returncode == 3


def test_makes_a_ledger_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaks() -> Iterator[object]:
        yield from ()
        raise LedgerError("in the middle")

    with pytest.raises(LedgerError, match="in the middle"):
        SqliteLedger.made_of(tmp_path / "x", breaks())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    SqliteLedger.create(tmp_path / "x", ZONE).close()
    with pytest.raises(LedgerError, match="found a file there"):
        SqliteLedger.made_of(tmp_path / "x", [])


def test_moves_into_the_file_a_mark_that_a_killed_writer_left_in_the_log_alone(ledger_file: Path, tmp_path: Path) -> None:
    code = (
        "import os, candidacy.mark as m; from candidacy import SqliteLedger\n"
        "m.all_in_the_file = lambda *_: os.kill(os.getpid(), 9)\n"
        f"SqliteLedger({str(ledger_file)!r})"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with open_with_records(ledger_file):
        copy = by_cp(ledger_file, tmp_path / "copy.ledger", beside=False)
        assert process("verify", str(copy)).returncode == 1


def test_makes_no_ledger_beside_the_log_of_another(ledger_file: Path, demo_file: Path, tmp_path: Path) -> None:
    killed_writer(ledger_file)
    ledger_file.unlink()
    (tmp_path / "e.jsonl").write_text(cli("export", str(demo_file)).stdout)
    for arguments in (("new", str(ledger_file), "--zone", ZONE), ("restore", str(ledger_file), str(tmp_path / "e.jsonl"))):
        done = cli(*arguments)
        assert (done.returncode, "left of another ledger" in done.stderr) == (2, True)
    assert not ledger_file.exists()


def test_finds_the_log_of_a_file_that_is_reached_through_a_link(ledger_file: Path, tmp_path: Path) -> None:
    killed_writer(ledger_file)
    (tmp_path / "link.ledger").symlink_to(ledger_file)
    done = process("verify", str(tmp_path / "link.ledger"))
    assert (done.returncode, "5 records" in done.stdout) == (3, True)
    (tmp_path / "nowhere").symlink_to(tmp_path / "nothing")
    assert process("copy", str(ledger_file), str(tmp_path / "nowhere")).returncode == 2


def test_refuses_to_open_in_a_child_what_was_open_at_the_fork(ledger_file: Path) -> None:
    with open_with_records(ledger_file):
        child = os.fork()
        if not child:
            try:
                SqliteLedger(ledger_file)
            except LedgerError as wrong:
                os._exit(0 if "closed before the fork" in str(wrong) else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    child = os.fork()
    if not child:
        with SqliteLedger(ledger_file) as ledger:
            os._exit(0 if ledger.size() == 5 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_writes_to_a_ledger_s_own_file_through_no_other_connection(ledger_file: Path) -> None:
    from candidacy import HostLedger

    db = sqlite3.connect(ledger_file, isolation_level=None)
    db.execute("PRAGMA synchronous=FULL")
    with pytest.raises(LedgerError, match="a ledger's own file"):
        HostLedger(db)
    db.close()


def test_restores_no_ledger_whose_time_zone_is_unknown(demo_file: Path, tmp_path: Path) -> None:
    text = cli("export", str(demo_file)).stdout.splitlines()[0].replace("America/New_York", "America/Old_York")
    (tmp_path / "e.jsonl").write_text(text + "\n")
    done = cli("restore", str(tmp_path / "new.ledger"), str(tmp_path / "e.jsonl"))
    assert (done.returncode, "a name that is no time zone" in done.stderr) == (2, True)
    assert not (tmp_path / "new.ledger").exists()


def test_says_that_readers_keep_a_writer_from_opening_where_they_do(ledger_file: Path) -> None:
    with open_with_records(ledger_file):
        pass
    reader = sqlite3.connect(ledger_file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM candidacy_record").fetchone()
    with pytest.raises(LedgerError, match=r"others have been reading the ledger for 0\.1 seconds"):
        SqliteLedger(ledger_file, wait=0.1)
    reader.close()
    with SqliteLedger(ledger_file, wait=0.1) as ledger:
        assert ledger.size() == 5
