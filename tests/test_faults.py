"""Rivals, crashes, readers beside a writer, a busy and a full disk: nothing acknowledged is lost, nothing is done twice.

Each harness also runs against a planted fault and must find it. Counts and seeds are printed: ``pytest -s``.
"""

import json
import resource
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Thread, Timer
from time import monotonic, sleep
from typing import Any

import pytest

from candidacy import (
    CandidacyError,
    CandidateSelected,
    Engine,
    Id,
    LedgerBusyError,
    LedgerError,
    RoleName,
    RoleNamed,
    SqliteLedger,
    Story,
    Withdrawn,
    audit,
    discover,
    verify,
)
from candidacy._status import statuses
from candidacy.cli import WRONG_INPUT, YES, run
from faults.racer import CONTENDED
from faults.writer import planned

FAULTS = Path(__file__).parent / "faults"
ZONE = "America/New_York"
MANY = 800
"""Commands a writer submits beside a reader."""
PATIENCE = 0.3
"""Seconds a writer waits here."""
LONGEST_HEAD_START = 0.0005
"""Seconds by which one rival may start before the other: less than a decision takes, so that they overlap."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new ledger."""
    path = tmp_path / "one.ledger"
    SqliteLedger.create(path, ZONE).close()
    return path


def program(name: str, *arguments: object, **streams: Any) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, FAULTS / name, *map(str, arguments)], text=True, **streams)


# --- two processes, one act


def selection(case: str) -> dict[str, Any]:
    """The command that begins a case of Commerce."""
    roles = (RoleNamed(Id(f"{case}.office"), RoleName("program office")), RoleNamed(Id(case), RoleName("candidate")))
    begun = CandidateSelected(Id("commerce"), Id("september-2004"), roles)
    return next(iter(Story(case).tell("2004-08-30", begun, by=f"{case}.office")))


def withdrawal(case: str, rival: str, *, expects: int | None) -> dict[str, Any]:
    """A rival's command that the candidate withdraws, which can be accepted once only."""
    request = next(iter(Story(case).tell("2004-09-01", Withdrawn(), by=case)))
    return {**request, "id": f"{case}-{rival}"} | ({} if expects is None else {"expects": expects})


@contextmanager
def rivals(path: Path, *flags: str) -> Iterator[Callable[[list[dict[str, Any]], float], list[str]]]:
    """Two processes on one ledger, and a function that gives each a command and returns what became of both."""
    piped: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 1}
    with program("racer.py", path, *flags, **piped) as one, program("racer.py", path, *flags, **piped) as other:
        both = (one, other)
        assert [rival.stdout.readline() for rival in both] == ["ready\n"] * 2

        def race(commands: list[dict[str, Any]], head_start: float) -> list[str]:
            for rival, command in zip(both, commands, strict=True):
                rival.stdin.write(json.dumps(command) + "\n")
                sleep(head_start)
            return [rival.stdout.readline().strip() for rival in both]

        yield race
    assert [rival.returncode for rival in both] == [0, 0]


def raced(path: Path, rounds: int, seed: int, *flags: str, names: str = "ab", expects: int | None = None) -> list[Counter[str]]:
    """The words of both answers in each round."""
    chance = Random(seed)
    cases = [f"c{n:03}" for n in range(rounds)]
    with SqliteLedger(path) as ledger:
        engine = Engine(ledger)
        for case in cases:
            engine.submit(selection(case))
    seen, contended = [], 0
    with rivals(path, *flags) as race:
        for case in cases:
            commands = [withdrawal(case, name, expects=expects) for name in names]
            answers = race(chance.sample(commands, 2), chance.uniform(0, LONGEST_HEAD_START))
            seen.append(Counter(answer.removesuffix(CONTENDED) for answer in answers))
            contended += any(answer.endswith(CONTENDED) for answer in answers)
    became = Counter(" and ".join(sorted(words.elements())) for words in seen)
    print(f"\nrounds {rounds}, seed {seed}, contended {contended}: {dict(became)}")
    assert contended > rounds / 50, "the rivals hardly met: this run shows nothing"
    return seen


def test_accepts_one_of_two_equal_acts_requested_at_once_and_refuses_the_other(path: Path) -> None:
    seen = raced(path, 400, 1)
    assert seen == [Counter(accepted=1, refused=1)] * 400
    with SqliteLedger(path) as ledger:
        assert Counter(record.word for record in ledger.records() if record.index) == Counter(accepted=800, refused=400)
        assert audit(ledger).answer == "identical"


def test_tells_the_second_what_came_first_where_both_name_the_version_they_expect(path: Path) -> None:
    seen = raced(path, 100, 2, expects=1)
    assert seen == [Counter({"accepted": 1, "overtaken by candidacy.withdrawn.1 (accepted)": 1})] * 100
    with SqliteLedger(path) as ledger:
        assert sum(1 for record in ledger.records() if record.index) == 200
        assert verify(ledger).sound


def test_keeps_one_record_of_a_command_that_is_sent_twice_at_once(path: Path) -> None:
    seen = raced(path, 100, 3, names="aa")
    assert seen == [Counter(accepted=1, repeated=1)] * 100
    with SqliteLedger(path) as ledger:
        assert sum(1 for record in ledger.records() if record.index) == 200


def test_would_be_seen_to_accept_both_if_versions_were_not_checked(path: Path) -> None:
    seen = raced(path, 100, 4, "careless")
    assert seen.count(Counter(accepted=2)) > 0
    with SqliteLedger(path) as ledger:
        assert not verify(ledger).sound


# --- kill -9


def killed(folder: Path, kills: int, seed: int, *flags: str) -> dict[str, int]:
    killer = program("killer.py", folder, kills, seed, *flags, stdout=subprocess.PIPE)
    counts = json.loads(killer.communicate()[0])
    print(f"\nseed {seed} {' '.join(flags)}: {counts}")
    assert counts["kills"] == kills
    assert counts["between"] >= kills / 2, "too few kills fell between an acknowledgement and the end of the work"
    return counts


KILLS, ALL_KILLS = 100, 5_000
"""With each seed."""


@pytest.mark.scaled
@pytest.mark.parametrize("seed", [1, 3])
def test_loses_no_acknowledged_command_to_many_kills(tmp_path: Path, thorough: bool, seed: int) -> None:
    counts = killed(tmp_path, ALL_KILLS if thorough else KILLS, seed)
    wrong = ("lost", "lost_later", "not_sound", "out_of_order", "more_than_one_unacknowledged")
    assert {name: counts[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert counts["found"] == counts["acknowledged"] + counts["unacknowledged"]


def test_would_be_seen_to_lose_commands_if_it_acknowledged_before_the_commit(tmp_path: Path) -> None:
    assert killed(tmp_path, 40, 2, "hasty")["lost"] > 0


# --- readers beside a writer


class Blind(SqliteLedger):
    """The planted fault: a reader that does not look into the write-ahead log."""

    def _opened(self) -> sqlite3.Connection:
        return self._connected(f"file:{self.path}?mode=ro&immutable=1")


def read(path: Path, reader: type[SqliteLedger], commands: list[str], already: int) -> tuple[int, list[str]]:
    """How many commands one reading shows, and what is wrong with it. *already* so many were acknowledged before it."""
    try:
        with reader(path, read_only=True) as ledger:
            verified = verify(ledger)
            found = [record.command for record in ledger.records() if record.index]
            standing = sum(status.records for status in statuses(ledger.records()))
    except CandidacyError as wrong:
        return 0, [type(wrong).__name__]
    wrong = {
        "not sound": not verified.sound,
        "an acknowledged record is missing": verified.records < already + 1,
        "not the first ones in order": found != commands[: len(found)],
        "a later reading shows less": not verified.records - 1 <= len(found) <= standing,
    }
    return len(found), [what for what, so in wrong.items() if so]


def readings(path: Path, *flags: str, reader: type[SqliteLedger] = SqliteLedger) -> Counter[str]:
    """What was wrong with the readings while a writer was appending, and how often."""
    commands = [json.loads(command)["id"] for command in planned(discover(), MANY)]
    writer = program("writer.py", path, MANY, *flags, stdout=subprocess.PIPE)
    acked: list[str] = []
    listener = Thread(target=lambda: acked.extend(writer.stdout))
    listener.start()
    wrong: Counter[str] = Counter()
    lengths = []
    while not acked and writer.poll() is None:
        sleep(0.01)
    while writer.poll() is None:
        shown, complaints = read(path, reader, commands, len(acked))
        lengths.append(shown)
        wrong.update(complaints)
    listener.join()
    print(f"\n{len(lengths)} readings of {len(set(lengths))} lengths, {min(lengths)} to {max(lengths)}; wrong: {dict(wrong)}")
    assert (writer.wait(), len(acked)) == (0, len(commands))
    assert len(lengths) > 5, "the reader hardly met the writer: this run shows nothing"
    return wrong


def test_shows_a_whole_prefix_to_readers_while_a_writer_appends(path: Path) -> None:
    assert not readings(path)


def test_shows_a_whole_prefix_to_readers_while_the_ledger_is_opened_anew_for_each_command(path: Path) -> None:
    assert not readings(path, "anew")


def test_would_be_seen_to_show_less_if_readers_ignored_the_write_ahead_log(path: Path) -> None:
    assert readings(path, reader=Blind)["an acknowledged record is missing"] > 0


# --- a ledger that is busy, or cannot be written


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """A file with a command."""
    file = tmp_path / "command.json"
    file.write_text(json.dumps(selection("c1")))
    return file


@pytest.fixture
def held(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A ledger that another connection is writing to, and little patience."""
    monkeypatch.setattr("candidacy.sqlite.SECONDS_TO_WAIT", PATIENCE)
    with SqliteLedger(path) as other, other.transaction():
        yield path


def test_says_that_the_ledger_is_busy_when_another_writer_holds_it_for_too_long(held: Path) -> None:
    with SqliteLedger(held) as ledger:
        begun = monotonic()
        with pytest.raises(LedgerBusyError, match=r"another writer has held the ledger for .* try again"):
            Engine(ledger).submit(selection("c1"))
        assert PATIENCE * 0.9 <= monotonic() - begun < PATIENCE + 5
        assert verify(ledger).records == 1


def test_exits_with_2_on_a_busy_ledger(held: Path, command: Path, capsys: Any) -> None:
    assert run(["submit", str(held), str(command)]) == WRONG_INPUT
    assert "another writer has held the ledger" in capsys.readouterr().err


def test_reads_on_while_another_writer_holds_the_ledger(held: Path) -> None:
    assert run(["verify", str(held), "--unanchored-ok"]) == YES
    assert run(["status", str(held)]) == YES


def test_waits_for_another_writer_that_lets_go_in_time(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = Timer(0.3, other.close)
    release.start()
    with SqliteLedger(path) as ledger:
        engine = Engine(ledger)
        assert engine.submit(selection("c1")).accepted
    release.join()


def confined(most: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A program run where no file may grow beyond *most* bytes: a full disk, for root too, and without a mount."""
    started = program("confined.py", most, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, complained = started.communicate(timeout=60)
    return subprocess.CompletedProcess([], started.returncode, said, complained)


def test_exits_with_2_and_a_sentence_when_the_ledger_cannot_be_written(path: Path, command: Path) -> None:
    before = path.read_bytes()
    ended = confined(0, "-m", "candidacy", "submit", path, command)
    assert ended.returncode == WRONG_INPUT
    assert ended.stderr.startswith(f"candidacy: {path}: cannot be read or written (")
    assert ended.stderr.count("\n") == 1
    assert path.read_bytes() == before
    assert run(["submit", str(path), str(command)]) == YES


@contextmanager
def nothing_can_grow() -> Iterator[None]:
    """No file of this process may grow, as where the disk is full to its last byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_reads_on_where_nothing_can_be_laid_beside_the_ledger(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        Engine(ledger).submit(selection("c1"))
    with nothing_can_grow(), SqliteLedger(path, read_only=True) as ledger:
        assert (verify(ledger).sound, verify(ledger).records) == (True, 2)
        assert "for this reader alone" in ledger.opened
    with SqliteLedger(path, read_only=True) as ledger:
        assert ledger.opened == ""
    assert run(["status", str(path)]) == YES


def test_would_be_seen_not_to_read_there_if_a_reader_needed_a_file_beside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidacy.sqlite.NO_ROOM", "never")
    with nothing_can_grow(), pytest.raises(LedgerError, match="SQLITE_IOERR_SHM"), SqliteLedger(path, read_only=True):
        pass


def test_lets_one_reader_at_a_time_read_there_and_tells_the_next_one_so(path: Path) -> None:
    with (
        nothing_can_grow(),
        SqliteLedger(path, read_only=True, wait=PATIENCE),
        pytest.raises(LedgerBusyError),
        SqliteLedger(path, read_only=True, wait=PATIENCE),
    ):
        pass


def test_exits_with_2_where_the_ledger_is_a_folder_or_nothing(tmp_path: Path, command: Path, capsys: Any) -> None:
    for where in (tmp_path, tmp_path / "nothing"):
        assert run(["submit", str(where), str(command)]) == WRONG_INPUT
        assert "; needed a ledger" in capsys.readouterr().err


@pytest.mark.parametrize("most", [40_000, 90_000, 300_000])
def test_keeps_what_it_acknowledged_when_the_disk_is_full_and_goes_on_when_there_is_space(path: Path, most: int) -> None:
    ended = confined(most, FAULTS / "writer.py", path, MANY)
    acked = ended.stdout.split()
    assert "UnknownOutcomeError" in ended.stderr.splitlines()[-1]
    with SqliteLedger(path) as ledger:
        assert verify(ledger).sound
        assert [record.command for record in ledger.records() if record.index] == acked
        commands = list(planned(discover(), MANY))
        engine = Engine(ledger)
        assert [engine.submit(command).repeated for command in commands[: len(acked) + 1]] == [True] * len(acked) + [False]
    print(f"\n{len(acked)} acknowledged before the disk was full at {most} bytes")
    assert 0 < len(acked) < len(commands)
