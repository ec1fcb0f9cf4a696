"""What an attacker of the audit found, each with its shortest way: never a clean answer, a traceback, or a wait without end."""

import json
import os
import subprocess
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from time import monotonic
from typing import Any

import attrs
import pytest

from candidacy import (
    DamagedRecordError,
    InputError,
    LedgerError,
    MemoryLedger,
    Record,
    SqliteLedger,
    audit,
    replay,
    verify,
    what_if,
)
from candidacy.ledger import Row
from candidacy.record import DEEPEST, LARGEST_RECORD, leaf_hash
from support import ZONE, cli, engine, play
from test_whatif import drafted
from widgets import developing, registry

ESCAPE = "\x1b]0;owned\x07"


def lives(cases: int = 3) -> MemoryLedger:
    ledger = MemoryLedger(ZONE)
    for n in range(cases):
        play(engine(registry(), ledger), developing(f"w{n}"))
    return ledger


def changed(ledger: MemoryLedger, index: int, **change: Any) -> MemoryLedger:
    """One record rewritten, with every hash after it in its case."""
    previous: dict[str, str] = {}
    for i, row in enumerate(ledger._rows):
        data = json.loads(row.raw) | (change if i == index else {})
        if i:
            data["previous"] = previous.get(str(row.case), "")
        record = Record.make(data)
        ledger._rows[i] = Row(i, data.get("case"), data.get("version"), data.get("command"), record.leaf, record.raw)
        if i:
            previous[str(row.case)] = record.leaf.hex()
    return ledger


def renamed(case: str) -> MemoryLedger:
    """A life under another id, with every hash made anew."""
    ledger, previous = lives(1), ""
    for i, row in enumerate(ledger._rows[1:], 1):
        record = Record.make({**json.loads(row.raw), "case": case, "previous": previous})
        ledger._rows[i] = attrs.evolve(row, case=case, leaf=record.leaf, raw=record.raw)
        previous = record.leaf.hex()
    ledger._cases = {case: ledger._cases["w0"]}
    return ledger


# --- clean answers that were none


class Shifting(MemoryLedger):
    """One answer when it is verified, another one when it is judged."""

    other: "list[list[Row]] | None" = None

    def rows_by_case(self) -> Any:
        return iter(self.other) if self.other is not None else super().rows_by_case()


@pytest.mark.parametrize("whole", [True, False])
def test_judges_nothing_but_what_it_has_verified(whole: bool) -> None:
    """Others of the same number, each as it was hashed: as a case of its own, or put together of two."""
    ledger, forged = Shifting(ZONE), lives(1)
    play(engine(registry(), ledger), developing("w0"))
    mine, theirs = (list(next(iter(MemoryLedger.rows_by_case(of)))) for of in (ledger, forged))
    ledger.other = [theirs] if whole else [[*theirs[:-1], mine[-1]]]
    with pytest.raises(DamagedRecordError):
        audit(ledger, registry())
    ledger.other = None
    assert audit(ledger, registry()).answer == "identical"


def laid_out(path: Path, *statements: str) -> Path:
    import sqlite3

    SqliteLedger.create(path, ZONE).close()
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()
    return path


COPY = "CREATE TABLE copy AS SELECT * FROM candidacy_record"


@pytest.mark.parametrize(
    "statements",
    [
        (COPY, "DROP TABLE candidacy_record", "CREATE VIEW candidacy_record AS SELECT * FROM copy"),
        (COPY, "DROP TABLE candidacy_record", "ALTER TABLE copy RENAME TO candidacy_record"),
        ("ALTER TABLE candidacy_record ADD COLUMN more TEXT",),
    ],
)
def test_reads_no_table_that_is_laid_out_otherwise(tmp_path: Path, statements: tuple[str, ...]) -> None:
    """A view could say one thing now and another one later; a table without its keys holds a command twice."""
    path = laid_out(tmp_path / "x.ledger", *statements)
    for command in ("verify", "audit", "status"):
        done = cli(command, str(path))
        assert (done.returncode, "a table that is not laid out as a ledger's is" in done.stderr) == (2, True)


def test_loses_no_case_whose_column_says_nothing(demo_file: Path, tmp_path: Path) -> None:
    import shutil
    import sqlite3

    path = Path(shutil.copy(demo_file, tmp_path / "x.ledger"))
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("DROP TRIGGER candidacy_record_is_never_changed")
    db.execute("UPDATE candidacy_record SET case_id = NULL WHERE case_id = 'hhs-001'")
    db.close()
    assert cli("verify", str(path)).returncode == 1
    for command in (["status"], ["exceptions"], ["whatif", "--rules", "hhs/2009", "--no-days"]):
        done = cli(command[0], str(path), *command[1:])
        assert (done.returncode, "its columns do not say what its bytes say" in done.stderr) == (2, True), command


@pytest.mark.parametrize("case", ["", "a\x00b", ESCAPE, "x" * 300, "Jane Roe"])
def test_does_not_find_identical_what_no_command_could_have_said(case: str) -> None:
    ledger = renamed(case)
    found = audit(ledger, registry())
    assert verify(ledger).sound
    assert found.answer == "divergent"
    assert "Jane" not in json.dumps([d.judged for d in found.divergent])


def test_finds_a_record_that_is_too_large_for_one() -> None:
    ledger = lives(1)
    title = "x" * LARGEST_RECORD
    payload = json.loads(ledger._rows[1].raw)["payload"]
    changed(ledger, 1, payload={**payload, "title": title})
    assert any("more than the 65535" in f.what for f in verify(ledger).failures if f.index == 1)
    row = ledger._rows[1]
    fits = row.raw.replace(title.encode(), title[: LARGEST_RECORD - (len(row.raw) - len(title))].encode())
    assert len(fits) == LARGEST_RECORD
    ledger._rows[1] = attrs.evolve(row, raw=fits, leaf=leaf_hash(fits))
    assert not any("more than" in f.what for f in verify(ledger).failures if f.index == 1)


def test_reads_records_as_deep_as_any_may_be_and_no_deeper() -> None:
    """By a fixed number, and not by how deep the reader is in its own calls."""
    deep: Any = 1
    for _ in range(DEEPEST - 2):
        deep = [deep]
    for payload, fits in (({"x": deep}, True), ({"x": [deep]}, False)):
        failures = verify(changed(lives(1), 2, payload=payload)).failures
        assert (failures == ()) is fits, failures


# --- what ends otherwise


@pytest.mark.parametrize(
    ("type_name", "payload"),
    [
        ("candidacy.waiver_granted.1", {"rule": "x", "until": "soon"}),
        ("candidacy.waiver_granted.1", {"rule": "x", "until": 5}),
        ("candidacy.decision_affirmed.1", {}),
        ("candidacy.decision_affirmed.1", {"entry": [1]}),
        ("candidacy.case_taken_over.1", {}),
        ("candidacy.reference_recorded.1", {"system": ["a"], "reference": {}}),
        ("candidacy.reference_recorded.1", {}),
        ("candidacy.edition_moved.1", {"to": 5}),
        ("candidacy.judgement_noted.1", {"entry": "x"}),
    ],
)
def test_answers_although_the_content_is_not_what_its_type_says(type_name: str, payload: dict[str, Any], tmp_path: Path) -> None:
    """As a restored export can hold it. It verifies; the audit finds it divergent; everything else still answers."""
    ledger = changed(lives(2), 3, type=type_name, payload=payload, decision="accepted")
    lines = tmp_path / "forged.jsonl"
    lines.write_bytes(b"".join(row.raw + b"\n" for row in ledger._rows))
    path = str(tmp_path / "x.ledger")
    assert cli("restore", path, str(lines)).returncode == 0
    assert audit(ledger, registry()).answer == "divergent"
    for command in (["status"], ["history", "w0"], ["trace", "w0"], ["exceptions"], ["diff", "--from", "1"], ["verify"], ["audit"]):
        done = cli(command[0], path, *command[1:])
        assert done.returncode in {0, 1, 3}, (command, done.stderr)
    assert list(replay(ledger))


def test_shows_no_character_that_a_terminal_would_obey(tmp_path: Path) -> None:
    ledger = renamed(f"w{ESCAPE}")
    lines = tmp_path / "forged.jsonl"
    lines.write_bytes(b"".join(row.raw + b"\n" for row in ledger._rows))
    path = str(tmp_path / "x.ledger")
    assert cli("restore", path, str(lines)).returncode == 0
    for command in (["status"], ["exceptions"], ["diff", "--from", "1"], ["sample", "--seed", "1"]):
        done = cli(command[0], path, *command[1:])
        assert "owned" in done.stdout + done.stderr, command
        assert not {"\x1b", "\x07"} & {*done.stdout}, command


class Odd(Executor):
    """Gives something else than what its workers found."""

    def __init__(self, gives: object) -> None:
        self.gives = gives

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if isinstance(self.gives, Exception):
            future.set_exception(self.gives)
        else:
            future.set_result(self.gives)
        return future


@pytest.mark.parametrize("gives", [None, "identical", 0])
def test_says_so_where_an_executor_gives_something_else(gives: object) -> None:
    with pytest.raises(LedgerError, match="found an executor that gives"):
        audit(lives(1), registry(), executor=Odd(gives))


def test_says_so_where_a_process_that_judged_has_ended() -> None:
    from concurrent.futures import BrokenExecutor

    with pytest.raises(LedgerError, match="a process which judged has ended without an answer"):
        audit(lives(1), registry(), executor=Odd(BrokenExecutor()))


# --- drafts


HANGS = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"], start_new_session=True, close_fds=False)
"""


def keeps_the_pipe_open() -> str:
    """A grandchild out of reach that holds every descriptor, and a parent that never answers."""
    return (
        HANGS
        + "for n in range(3, 20):\n    try: os.set_inheritable(n, True)\n    except OSError: pass\n"
        + HANGS
        + "import time\ntime.sleep(30)\n"
    )


def test_waits_for_a_draft_no_longer_than_it_was_told(demo_file: Path, tmp_path: Path) -> None:
    folder = drafted(tmp_path, more=keeps_the_pipe_open())
    begun = monotonic()
    done = cli("whatif", str(demo_file), "--rules", str(folder), "--no-days", "--timeout", "2")
    assert (done.returncode, "took more than 2 seconds" in done.stderr) == (2, True), done.stderr
    assert monotonic() - begun < 20


TALKS = """
import os
while True:
    for n in range(3, 20):
        try: os.write(n, b"x" * 65536)
        except OSError: pass
"""


def test_takes_no_endless_answer_of_a_draft(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidacy._drafts.LONGEST_ANSWER", 2**20)
    done = cli("whatif", str(demo_file), "--rules", str(drafted(tmp_path, more=TALKS)), "--no-days", "--timeout", "20")
    assert (done.returncode, "candidacy: rules: found a draft" in done.stderr) == (2, True), done.stderr


SPEAKS = """
import os
for n in range(3, 20):
    try: os.write(n, b'{}\\n')
    except OSError: pass
os._exit(0)
"""


def test_takes_no_answer_in_other_words(demo_file: Path, tmp_path: Path) -> None:
    done = cli("whatif", str(demo_file), "--rules", str(drafted(tmp_path, more=SPEAKS)), "--no-days")
    assert (done.returncode, "in its own words" in done.stderr) == (2, True), done.stderr


# --- packets


def test_waits_for_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.zip")
    done = cli("open", str(tmp_path / "p.zip"))
    assert (done.returncode, "found no file" in done.stderr) == (2, True)
    verifier = Path(sys.modules["candidacy"].__file__ or "").parent / "standalone" / "verify.py"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", verifier, tmp_path / "p.zip"], capture_output=True, text=True, timeout=20, check=False
    )
    assert (ran.returncode, "NO PACKET" in ran.stdout) == (2, True)


def test_names_are_no_part_of_a_packet(demo_file: Path, tmp_path: Path) -> None:
    zipped = str(tmp_path / "p.zip")
    assert cli("packet", str(demo_file), "-o", zipped, "--case", "hhs-001").returncode == 0
    assert cli("names", zipped, "--set", "p1", "Jane").returncode == 2
    assert not Path(f"{zipped}.names").exists()


def test_says_of_a_part_that_it_is_one_in_the_report_itself(demo_file: Path, tmp_path: Path) -> None:
    zipped = str(tmp_path / "p.zip")
    assert cli("packet", str(demo_file), "-o", zipped, "--case", "hhs-001").returncode == 0
    data = json.loads(cli("audit", zipped, "--json").stdout)
    assert (data["part_of"], data["newest"]) == (908, json.loads(cli("open", zipped, "--json").stdout)["newest"]["index"])
    assert "PART of a ledger of 908 records" in cli("audit", zipped).stdout
    assert json.loads(cli("audit", str(demo_file), "--json").stdout)["part_of"] is None


def test_asks_for_a_draft_by_a_path(demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger, pytest.raises(InputError):
        what_if(engine(registry(), ledger), Path("/nowhere/at/all"))
