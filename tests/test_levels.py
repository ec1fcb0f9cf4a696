"""Levels of trust: what each says of a ledger nobody touched, of one that was altered, and what an anchor changes."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import PacketLedger, Registry, SqliteLedger, packet
from candidacy import _levels as trust
from candidacy import _trust as words
from candidacy._anchoring import Anchoring, Seen, read_anchor
from candidacy._levels import levels
from candidacy._trust import Trust, Word
from candidacy._verify import verify
from candidacy.checkpoint import Checkpoint
from candidacy.ledger import Row
from candidacy.merkle import EMPTY
from candidacy.note import SigningKey
from candidacy.record import Record
from forging import reforged, written_into
from support import cli, engine, play
from widgets import begun, developing
from widgets import registry as widgets

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PASSED = [Word.PASS, Word.PASS, Word.NOT_CHECKED, Word.NOT_ANCHORED, Word.PASS, Word.PASS]


@pytest.fixture(scope="module")
def programs() -> Registry:
    return widgets()


@pytest.fixture
def path(ledger_file: Path, programs: Registry) -> Path:
    """Fourteen records: three cases that went on, and one that has just begun."""
    with SqliteLedger(ledger_file) as ledger:
        for case in ("w1", "w2", "w3"):
            play(engine(programs, ledger), developing(case))
        play(engine(programs, ledger), begun("w4"))
    return ledger_file


@pytest.fixture
def key(path: Path) -> SigningKey:
    with SqliteLedger(path, read_only=True) as ledger:
        return SigningKey.made(f"widgets.example/{ledger.id}")


def anchored(path: Path, key: SigningKey, size: int) -> Seen:
    """A checkpoint of the first records, as somebody keeps it."""
    with SqliteLedger(path, read_only=True) as ledger:
        root = verify(ledger, sizes=[size]).roots[size]
    return read_anchor("mine", str(key.signed(str(Checkpoint(key.name, size, root)))).encode())


def looked(path: Path, **given: Any) -> Trust:
    with SqliteLedger(path, read_only=True) as ledger:
        return levels(ledger, now=NOW, **given)


def word(found: Trust, name: str) -> tuple[Word, str]:
    level = next(level for level in found.levels if level.name == name)
    return level.word, "; ".join(level.told)


def size_of(path: Path) -> int:
    with SqliteLedger(path, read_only=True) as ledger:
        return ledger.size()


def test_passes_what_nobody_touched_and_calls_it_not_anchored(path: Path, programs: Registry) -> None:
    found = looked(path, registry=programs)
    assert [level.word for level in found.levels] == PASSED
    assert (found.failed, found.anchored, found.answer) == (False, 0, "nothing failed, not anchored")
    unasked = looked(path, states=False)
    assert [level.word for level in unasked.levels][4:] == [Word.NOT_CHECKED] * 2
    assert not unasked.untold


def test_is_anchored_as_far_as_the_checkpoint_reaches(path: Path, key: SigningKey) -> None:
    size = size_of(path)
    for covered in (1, 5, size):
        found = looked(path, anchors=[anchored(path, key, covered)])
        told = word(found, words.ANCHOR)
        assert told[0] is Word.PASS
        assert f"records 0 to {covered - 1} are those it was made of" in told[1]
        assert (f"{size - covered} newer record{'s are' if size - covered > 1 else ' is'} NOT ANCHORED" in told[1]) == (
            covered < size
        )
        assert "days ago" in told[1]
        assert "signatures NOT CHECKED: no key was given" in told[1]
        assert found.answer == f"nothing failed, anchored to record {covered - 1}"


def test_checks_signatures_by_the_key_it_is_given(path: Path, key: SigningKey) -> None:
    anchor = anchored(path, key, 5)
    assert f"signed by {key.name}+" in word(looked(path, anchors=[anchor], keys=[key.verifier]), words.ANCHOR)[1]
    other = SigningKey.made(key.name).verifier
    assert "has no signature of" in word(looked(path, anchors=[anchor], keys=[other]), words.ANCHOR)[1]
    changed = attrs.evolve(anchor, note=attrs.evolve(anchor.note, text=anchor.note.text + "more\n"))
    refused = looked(path, anchors=[changed], keys=[key.verifier])
    assert refused.failed
    assert "has a signature that is not right" in word(refused, words.ANCHOR)[1]
    assert refused.answer == "failed"


def altered(path: Path, index: int) -> None:
    """Change what one record says and every hash after it, as somebody can who can write the file and knows the format."""
    with SqliteLedger(path, read_only=True) as ledger:
        rows = list(ledger.rows())

    def other(data: Any) -> None:
        data["actor"]["person"] = "somebody.else"

    put_in_place(path, reforged(rows, index, other))


def put_in_place(path: Path, rows: Iterable[Row]) -> None:
    with written_into(path) as db:
        for row in rows:
            db.execute("UPDATE candidacy_record SET bytes = ?, leaf = ? WHERE position = ?", (row.raw, row.leaf, row.index))


def shortened(path: Path, to: int) -> None:
    with written_into(path) as db:
        db.execute("DELETE FROM candidacy_record WHERE position >= ?", (to,))


def test_sees_a_record_that_was_rewritten_with_every_hash_where_it_is_anchored(path: Path, key: SigningKey) -> None:
    """And between which checkpoints it lies; without an anchor nothing is seen."""
    anchors = [anchored(path, key, size) for size in (4, 9, 12)]
    altered(path, 6)
    assert looked(path).answer == "nothing failed, not anchored"
    found = looked(path, anchors=anchors)
    told = word(found, words.ANCHOR)
    assert told[0] is Word.FAIL
    assert "the checkpoint of 9 records has another root: among records 4 to 8" in told[1]
    assert "the checkpoint of 12 records has another root: among records 4 to 11" in told[1]
    assert "checkpoint of 4 " not in told[1]
    assert found.anchored == 0
    assert looked(path, anchors=anchors[:1]).answer == "nothing failed, anchored to record 3"  # it lies after that one


def test_sees_that_the_end_is_missing_where_it_is_anchored(path: Path, key: SigningKey) -> None:
    anchor = anchored(path, key, 12)
    for to, seen in ((12, False), (11, True)):
        shortened(path, to)
        found = looked(path, anchors=[anchor])
        assert found.failed == seen
    assert "covers 1 more than there are: found 11 records" in word(found, words.ANCHOR)[1]
    assert looked(path).answer == "nothing failed, not anchored"


def test_refuses_the_checkpoint_of_another_ledger(path: Path) -> None:
    stranger = SigningKey.made("widgets.example/0123456789abcdef0123456789abcdef")
    assert "is of another ledger" in word(looked(path, anchors=[anchored(path, stranger, 5)]), words.ANCHOR)[1]


def test_is_not_anchored_by_a_checkpoint_of_nothing(path: Path, key: SigningKey) -> None:
    nothing = read_anchor("mine", str(key.signed(str(Checkpoint(key.name, 0, EMPTY)))).encode())
    found = looked(path, anchors=[nothing])
    assert word(found, words.ANCHOR)[0] is Word.NOT_ANCHORED
    assert (found.failed, found.anchored) == (False, 0)


def test_sees_a_decision_that_was_turned_round_with_every_hash(path: Path) -> None:
    """The acts that stand no longer put the case where its records leave it."""
    with SqliteLedger(path, read_only=True) as ledger:
        rows = list(ledger.rows())
    at = next(
        row.index
        for row in reversed(rows)
        if row.case == "w3" and Record.read(row.index, row.raw).moved["from"] != Record.read(row.index, row.raw).moved["to"]
    )

    def refused(data: Any) -> None:
        data["decision"] = "refused"

    put_in_place(path, reforged(rows, at, refused))
    found = looked(path)
    assert word(found, words.RECORDS)[0] is Word.PASS
    assert word(found, words.STATES)[0] is Word.FAIL
    assert "case w3: its acts put it in" in word(found, words.STATES)[1]


def test_judges_nothing_again_where_the_records_are_not_as_they_were(path: Path, programs: Registry) -> None:
    with written_into(path) as db:
        db.execute("UPDATE candidacy_record SET leaf = zeroblob(32) WHERE position = 3")
    found = looked(path, registry=programs)
    assert [level.word for level in found.levels] == [
        Word.PASS,
        Word.FAIL,
        Word.NOT_CHECKED,
        Word.NOT_ANCHORED,
        Word.NOT_CHECKED,
        Word.NOT_CHECKED,
    ]
    assert "record 3" in word(found, words.RECORDS)[1]


def test_says_where_rules_cannot_tell(path: Path) -> None:
    found = looked(path, registry=Registry.of())
    assert word(found, words.RULES)[0] is Word.NOT_CHECKED
    assert found.untold
    assert found.answer == "nothing failed, not anchored, not all could be judged again"


def test_asks_the_newest_kept_checkpoint_alone_for_its_signature(path: Path, key: SigningKey) -> None:
    """Since a key may be followed by another one; either of two keys will do."""
    after = SigningKey.made(key.name)
    with SqliteLedger(path) as ledger:
        ledger.keep_checkpoint(5, str(anchored(path, key, 5).note))
        assert f"signed by {key.name}+" in word(levels(ledger, keys=[key.verifier]), words.SIGNED)[1]
        ledger.keep_checkpoint(9, str(anchored(path, after, 9).note))
        told = word(levels(ledger, keys=[after.verifier]), words.SIGNED)
        assert (told[0], "2, the newest of 9 records" in told[1]) == (Word.PASS, True)
        assert word(levels(ledger, keys=[key.verifier]), words.SIGNED)[0] is Word.FAIL
        assert word(levels(ledger, keys=[key.verifier, after.verifier]), words.SIGNED)[0] is Word.PASS
        ledger.keep_checkpoint(12, str(key.signed(str(Checkpoint(key.name, 12, bytes(32))))))
        assert "the checkpoint of 12 records has another root: among records 9 to 11" in word(levels(ledger), words.SIGNED)[1]
        ledger.keep_checkpoint(13, "what is none")
        assert "number 4 cannot be read" in word(levels(ledger), words.SIGNED)[1]


def test_compares_a_part_of_a_ledger_with_the_checkpoint_that_its_proofs_lead_to(
    path: Path, key: SigningKey, programs: Registry, tmp_path: Path
) -> None:
    with SqliteLedger(path) as ledger:
        for size in (5, 12):
            ledger.keep_checkpoint(size, str(anchored(path, key, size).note))
        packet(ledger, tmp_path / "part.zip", programs, cases=["w1"])
    older, newest = anchored(path, key, 5), anchored(path, key, 12)
    with PacketLedger(tmp_path / "part.zip") as part:
        found = levels(part, anchors=[newest], keys=[key.verifier])
        assert [level.word for level in found.levels[:4]] == [Word.NOT_CHECKED, Word.PASS, Word.PASS, Word.PASS]
        assert "the records here that it covers are those it was made of" in word(found, words.ANCHOR)[1]
        assert "cannot be read" not in word(found, words.ANCHOR)[1]
        told = word(levels(part, anchors=[older]), words.ANCHOR)
        assert told[0] is Word.NOT_ANCHORED
        assert "only be compared with the checkpoint to which its proofs lead" in told[1]
        stranger = SigningKey.made(f"widgets.example/{'0' * 32}")
        assert word(levels(part, anchors=[anchored(path, stranger, 12)]), words.ANCHOR)[0] is Word.FAIL


# --- the command


def test_answers_by_its_exit_code(path: Path, key: SigningKey, tmp_path: Path) -> None:
    mine, verifier = tmp_path / "mine.checkpoint", tmp_path / "key"
    mine.write_text(str(anchored(path, key, 9).note), "utf-8")
    verifier.write_text(f"{key.verifier}\n", "utf-8")
    assert cli("verify", str(path)).returncode == 3
    assert cli("verify", str(path), "--unanchored-ok").returncode == 0
    done = cli("verify", str(path), "--anchor", str(mine), "--key", str(verifier), "--json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert (data["anchored"], data["anchored_records"]) == (True, 9)
    assert [level["result"] for level in data["levels"]] == ["PASS", "PASS", "NOT CHECKED", "PASS", "PASS", "NOT CHECKED"]
    assert cli("verify", str(path), "--anchor", str(mine), "--judge").returncode == 3, "the program of these tests is not installed"
    copy = shutil.copy(path, tmp_path / "copy.ledger")
    altered(Path(copy), 6)
    done = cli("verify", str(copy), "--anchor", str(mine))
    assert (done.returncode, "FAIL" in done.stdout, "verify: failed" in done.stdout) == (1, True, True)
    assert cli("verify", str(copy)).returncode == 3


def test_verifies_an_export_a_copy_and_a_packet_by_the_same_anchor(path: Path, key: SigningKey, tmp_path: Path) -> None:
    """And says of an export line by line what is no record, of one that is cut off at a line that records are missing."""
    mine, out = tmp_path / "mine.checkpoint", tmp_path / "out.jsonl"
    mine.write_text(str(anchored(path, key, size_of(path)).note), "utf-8")
    assert cli("export", str(path), "-o", str(out)).returncode == 0
    assert cli("copy", str(path), str(tmp_path / "copy.ledger")).returncode == 0
    assert cli("packet", str(path), "-o", str(tmp_path / "p.zip")).returncode == 0
    for form in ("out.jsonl", "copy.ledger", "p.zip"):
        done = cli("verify", str(tmp_path / form), "--anchor", str(mine))
        assert (done.returncode, f"anchored to record {size_of(path) - 1}" in done.stdout) == (0, True), form
    lines = out.read_bytes().splitlines(keepends=True)
    out.write_bytes(b"".join(lines[:-1]))
    done = cli("verify", str(out), "--anchor", str(mine))
    assert (done.returncode, "covers 1 more than there are" in done.stdout) == (1, True)
    out.write_bytes(b"".join([*lines[:3], *lines[4:6], lines[6][:-9]]))
    done = cli("verify", str(out))
    assert (done.returncode, done.stdout) == (1, "")
    assert "FAIL line 4" in done.stderr
    assert "FAIL line 6" in done.stderr
    assert cli("submit", str(out), "-", stdin="{}").returncode == 2


def test_refuses_an_export_in_which_one_command_stands_twice(path: Path, tmp_path: Path) -> None:
    """Which no record says of itself."""
    with SqliteLedger(path, read_only=True) as ledger:
        rows = list(ledger.rows())
    first = Record.read(1, rows[1].raw).command

    def again(data: Any) -> None:
        data["command"] = first

    (tmp_path / "out.jsonl").write_bytes(b"".join(row.raw + b"\n" for row in reforged(rows, 3, again)))
    done = cli("verify", str(tmp_path / "out.jsonl"))
    assert (done.returncode, "stands in two records" in done.stderr) == (1, True)


@pytest.mark.parametrize("spoil", [lambda note: note[:-3], lambda note: "", lambda note: note.replace("\n\n", "\n")])
def test_refuses_an_anchor_that_is_none(path: Path, key: SigningKey, tmp_path: Path, spoil: Callable[[str], str]) -> None:
    wrong = tmp_path / "mine.checkpoint"
    wrong.write_text(spoil(str(anchored(path, key, 9).note)), "utf-8")
    done = cli("verify", str(path), "--anchor", str(wrong))
    assert (done.returncode, done.stdout) == (2, "")
    assert "mine.checkpoint: found what is no checkpoint" in done.stderr
    assert cli("verify", str(path), "--anchor", str(tmp_path / "nowhere")).returncode == 2
    done = cli("verify", str(path), "--key", str(wrong))
    assert (done.returncode, "mine.checkpoint: found what is no key" in done.stderr) == (2, True)


@pytest.mark.parametrize("gone", ["candidacy_record_is_never_removed", "candidacy_checkpoint_is_never_changed"])
def test_fails_a_file_from_which_a_guard_is_gone(path: Path, key: SigningKey, gone: str) -> None:
    """Whoever took it away could change what is kept; there is no other trace of it."""
    with SqliteLedger(path) as ledger:
        ledger.keep_checkpoint(9, str(anchored(path, key, 9).note))
    assert word(looked(path), words.SETTINGS)[0] is Word.PASS
    db = sqlite3.connect(path)
    db.execute(f"DROP TRIGGER {gone}")
    db.close()
    found = looked(path)
    assert word(found, words.SETTINGS) == (
        Word.FAIL,
        "file: triggers: found 3 of the 4 that refuse to change or remove what is kept",
    )
    assert word(found, words.RECORDS)[0] is Word.PASS
    assert found.failed


def test_fails_where_the_file_cannot_be_read_to_its_end(path: Path) -> None:
    """A column that holds no text, in a file that says nothing else: an answer, and not an error of whoever asks."""
    with written_into(path) as db:
        db.execute("UPDATE candidacy_record SET command = CAST(x'ff41' AS TEXT) WHERE position = 5")
    done = cli("verify", str(path))
    assert (done.returncode, "FAIL file: " in done.stdout, "NOT CHECKED  records" in done.stdout) == (1, True, True), done
    assert done.stdout.splitlines()[-1] == "verify: failed"


# --- teeth


def test_would_be_seen_to_call_a_fork_anchored(path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the roots are taken over the hashes beside the bytes, or are not compared, a rewritten ledger passes."""
    anchor = anchored(path, key, 12)
    altered(path, 6)
    monkeypatch.setattr(Anchoring, "wrong", lambda *_: iter(()))
    assert looked(path, anchors=[anchor]).answer == "nothing failed, anchored to record 11"


def test_would_be_seen_to_miss_a_case_whose_acts_lead_elsewhere(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trust.replay
    monkeypatch.setattr(trust, "replay", lambda ledger: (attrs.evolve(status, state="elsewhere") for status in whole(ledger)))
    found = looked(path)
    assert word(found, words.STATES)[0] is Word.FAIL
    assert found.answer == "failed"


def test_rows_are_what_is_compared(path: Path) -> None:
    """The forger of these tests makes no fault of its own: chaining anew what is whole gives the very same rows."""
    with SqliteLedger(path, read_only=True) as ledger:
        rows: list[Row] = list(ledger.rows())
    assert reforged(rows, 3, lambda _: None) == rows
