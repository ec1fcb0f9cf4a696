"""A ledger of two dozen records that somebody tampered with, in every way at every record: never clean, and named.

With the hashes left as they were, `verify` names the record. With its own hash recomputed, it names the next record of the case, which
says what the hash was.
With every hash after it recomputed, `verify` cannot know (exit 3: not anchored), and the audit names what would be answered otherwise.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import Audit, DamagedRecordError, Record, Registry, SqliteLedger, audit, verify
from candidacy import _audit as auditing
from candidacy import _verify as verifying
from candidacy._judging import Judging
from candidacy._verify import Checking
from candidacy.cli import audited
from candidacy.ledger import Row
from candidacy.record import leaf_hash
from candidacy_commerce.caseload import Candidate
from forging import written_into
from support import ZONE, cli, engine, play

RECORDS = 24
Rows = list[Row]


@pytest.fixture(scope="module")
def rows(registry: Registry) -> Rows:
    """Record 0, and 23 of two cases, two of each in turn, refusals among them."""
    on = engine(registry)
    lives = [
        list(Candidate(case).enrolled().paired().planned().assigned("a1", "2005-02-01", 119).completed("2006-06-01"))
        for case in ("c1", "c2")
    ]
    play(on, [command for n in range(0, RECORDS, 2) for life in lives for command in life[n : n + 2]][: RECORDS - 1])
    found = list(on.ledger.rows())
    assert len(found) == RECORDS
    assert not all(Record.read(row.index, row.raw).accepted for row in found[1:])
    return found


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file for other rows."""
    path = tmp_path_factory.mktemp("bare") / "bare.ledger"
    SqliteLedger.create(path, ZONE).close()
    return path


def put(path: Path, rows: Rows) -> Path:
    """These rows in the file, in the place of all others."""
    with written_into(path) as db:
        db.execute("DELETE FROM candidacy_record")
        db.executemany("INSERT INTO candidacy_record VALUES (?, ?, ?, ?, ?, ?)", [attrs.astuple(row) for row in rows])
    return path


# --- ways to tamper


def remade(row: Row, *, hashed: bool = True, **changes: Any) -> Row:
    """The row with other data in its bytes; its columns say what they did."""
    raw = Record.make({**json.loads(row.raw), **changes}).raw
    return attrs.evolve(row, raw=raw, leaf=leaf_hash(raw) if hashed else row.leaf)


def chained(rows: Rows) -> Rows:
    """The rows as someone who knows the format would leave them: indexes, versions, columns and every hash made anew."""
    heads: dict[str, tuple[int, str]] = {}
    found = rows[:1]
    for n, row in enumerate(rows[1:], 1):
        case = json.loads(row.raw)["case"]
        version, leaf = heads.get(case, (0, ""))
        made = remade(row, index=n, version=version + 1, previous=leaf)
        heads[case] = version + 1, made.leaf.hex()
        found.append(attrs.evolve(made, index=n, case=case, version=version + 1))
    return found


def placed(rows: Rows) -> Rows:
    """The rows numbered as they lie, in the column alone."""
    return [attrs.evolve(row, index=n) for n, row in enumerate(rows)]


def finding_changed(data: Any) -> None:
    if data["findings"]:
        one = data["findings"][-1]
        one["outcome"] = "met" if one["outcome"] != "met" else "unmet"
    else:
        data["findings"].append({"rule": "commerce.made_up", "outcome": "met"})


def digest_changed(data: Any) -> None:
    data["edition"]["declared"] = data["edition"]["declared"][::-1]


EDITS: dict[str, Callable[[Any], None]] = {
    "content": lambda data: data["payload"].update(extra=1),
    "decision": lambda data: data.update(decision={"accepted": "refused", "refused": "accepted"}[data["decision"]]),
    "finding": finding_changed,
    "edition digest": digest_changed,
    "type": lambda data: data.update(type="commerce.renamed_since.1"),
}
SHOWN_BY_A_NOTE = "edition digest"


def edited(rows: Rows, at: int, change: Callable[[Any], None], how: str) -> Rows:
    data = json.loads(rows[at].raw)
    change(data)
    made = [*rows[:at], remade(rows[at], hashed=how != "bytes alone", **data), *rows[at + 1 :]]
    return chained(made) if how == "every hash" else made


def after(rows: Rows, at: int) -> int | None:
    """The next record of the same case."""
    return next((row.index for row in rows[at + 1 :] if row.case == rows[at].case), None)


def looked(path: Path, registry: Registry) -> tuple[Audit, str]:
    """What an audit finds, and what it prints."""
    with SqliteLedger(path, read_only=True) as ledger:
        found = audit(ledger, registry)
    return found, "\n".join(audited.audit(found, registry))


def verified(path: Path) -> tuple[int, list[int], str]:
    """The exit code of `verify` of the records alone, the records it names, and what it prints."""
    done = cli("verify", str(path), "--no-replay")
    return done.returncode, [int(n) for n in re.findall(r"^FAIL record (\d+)", done.stdout, re.MULTILINE)], done.stdout


NOT_ANCHORED = "NOT ANCHORED"


def clean_edits(rows: Rows, bare: Path, registry: Registry, what: str, how: str) -> Iterator[str]:
    """Where an edit of one record was not found as it must be. What does not verify is audited at every fifth record."""
    for at in range(1, len(rows)):
        path = put(bare, edited(rows, at, EDITS[what], how))
        code, named, printed = verified(path)
        follows = after(rows, at)
        if how == "every hash" or follows is None or at % 5 == 0:
            found, said = looked(path, registry)
            judged, answer = [d.index for d in found.divergent], found.answer
        else:
            judged, answer, said = [], "divergent", printed
        if how == "bytes alone":
            fine = (code, set(named), answer) == (1, {at, follows} - {None}, "divergent") and named[0] == at
        elif how == "own hash" and follows is not None:
            leaf = f"FAIL record {follows}: it does not name the leaf of version {rows[at].version} of case {rows[at].case}"
            fine = (code, named, answer) == (1, [follows], "divergent") and leaf in printed and leaf in said
        elif what == SHOWN_BY_A_NOTE:
            fine = code == 3 and NOT_ANCHORED in printed and NOT_ANCHORED in said and "is not what the records name" in said
        else:
            fine = code == 3 and NOT_ANCHORED in printed and judged[:1] == [at] and f"DIVERGENT record {at}," in said
        if not fine:
            yield f"record {at}, {what}, {how}: verify {code} {named}; audit {answer} {judged}"


WITH_THEIR_HASHES = ("finding", "edition digest", "type")
"""Of the others `tests/test_verify.py` changes every byte."""


@pytest.mark.parametrize(
    ("what", "how"),
    [*((w, "every hash") for w in EDITS), *((w, how) for w in WITH_THEIR_HASHES for how in ("bytes alone", "own hash"))],
)
def test_names_an_edited_record(rows: Rows, bare: Path, registry: Registry, what: str, how: str) -> None:
    assert list(clean_edits(rows, bare, registry, what, how)) == []


# --- rows that are gone, added, or lie elsewhere


def deleted(rows: Rows, at: int) -> Rows:
    return [*rows[:at], *rows[at + 1 :]]


def inserted(rows: Rows, at: int) -> Rows:
    """A further record behind one, made of it: another command, the version after the last of its case."""
    version = max(row.version or 0 for row in rows if row.case == rows[at].case) + 1
    more = remade(rows[at], index=at + 1, version=version, command="made-up")
    return [*rows[: at + 1], attrs.evolve(more, command="made-up", version=version), *rows[at + 1 :]]


def swapped(rows: Rows, at: int) -> Rows:
    return [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]


SHIFTS: dict[str, tuple[Callable[[Rows, int], Rows], Callable[[int], set[int]]]] = {
    "deleted": (deleted, lambda at: {at + 1}),
    "deleted and closed up": (lambda rows, at: placed(deleted(rows, at)), lambda at: {at}),
    "inserted": (lambda rows, at: placed(inserted(rows, at)), lambda at: {at + 1}),
    "swapped": (lambda rows, at: placed(swapped(rows, at)), lambda at: {at, at + 1}),
}
"""How the rows are left, and the records that are the least to be named."""
LAST = RECORDS - 1


def clean_shifts(rows: Rows, bare: Path, registry: Registry, what: str) -> Iterator[str]:
    """Where rows that are gone, added or elsewhere were not found. What lies before the place is named by nobody."""
    shift, least = SHIFTS[what]
    for at in range(1, LAST):
        path = put(bare, shift(rows, at))
        code, named, printed = verified(path)
        first = min(named, default=-1)
        fine = code == 1 and least(at) <= set(named) and first == min(least(at))
        if at % 5 == 0:
            found, said = looked(path, registry)
            fine = fine and found.answer == "divergent" and f"FAIL record {first}:" in said
        if not fine:
            yield f"{what} at {at}: verify {code} {printed}"


@pytest.mark.parametrize("what", SHIFTS)
def test_names_where_a_record_is_gone_added_or_elsewhere(rows: Rows, bare: Path, registry: Registry, what: str) -> None:
    assert list(clean_shifts(rows, bare, registry, what)) == []


@pytest.mark.parametrize("shift", [deleted, inserted, swapped])
def test_calls_nothing_clean_that_was_made_anew_with_every_hash(
    rows: Rows, bare: Path, registry: Registry, shift: Callable[[Rows, int], Rows]
) -> None:
    """It may be a ledger like any other: then `verify` says that it is not anchored, and never 0; and so does the audit."""
    codes, answers = [], []
    for at in range(1, LAST):
        path = put(bare, chained(shift(rows, at)))
        code, named, printed = verified(path)
        found, said = looked(path, registry)
        assert (code == 1 and named) or (code == 3 and NOT_ANCHORED in printed), (at, printed)
        assert found.answer == "divergent" or NOT_ANCHORED in said
        codes.append(code)
        answers.append(found.answer)
    print(shift.__name__, codes, answers)
    assert answers.count("divergent") > 5, "much of what was made anew is answered otherwise"


def test_cannot_know_that_the_end_is_gone_and_says_so(rows: Rows, bare: Path, registry: Registry) -> None:
    for kept in range(1, RECORDS):
        path = put(bare, rows[:kept])
        code, named, printed = verified(path)
        assert (code, named, NOT_ANCHORED in printed) == (3, [], True)
        found, said = looked(path, registry)
        assert (found.answer, NOT_ANCHORED in said) == ("identical", True)


# --- columns, and the first record


@pytest.mark.parametrize("column", ["case", "version", "command", "leaf"])
def test_names_a_record_whose_columns_alone_were_changed(rows: Rows, bare: Path, registry: Registry, column: str) -> None:
    other: dict[str, Any] = {"case": "c9", "version": 99, "command": "other", "leaf": bytes(32)}
    for at in range(1, RECORDS):
        path = put(bare, [*rows[:at], attrs.evolve(rows[at], **{column: other[column]}), *rows[at + 1 :]])
        code, named, printed = verified(path)
        said = (
            "its bytes are not those that were hashed"
            if column == "leaf"
            else f"its column '{column}' does not say what its bytes say"
        )
        assert (code, set(named)) == (1, {at}), printed
        assert f"FAIL record {at}: {said}" in printed
        assert at % 5 or looked(path, registry)[0].answer == "divergent"


def test_names_the_first_record_that_is_gone_or_was_changed(rows: Rows, bare: Path) -> None:
    other = "0" * 32
    for made in (rows[1:], [remade(rows[0], hashed=False, zone="Asia/Tokyo"), *rows[1:]]):
        done = cli("verify", str(put(bare, made)))
        assert (done.returncode, "FAIL record 0:" in done.stdout) == (1, True), done
    code, named, _ = verified(put(bare, [remade(rows[0], ledger=other), *rows[1:]]))
    assert (code, set(named)) == (1, set(range(1, RECORDS))), "each belongs to another ledger"
    code, named, printed = verified(put(bare, [remade(rows[0], zone="Asia/Tokyo"), *rows[1:]]))
    assert (code, named, NOT_ANCHORED in printed) == (3, [], True), "nothing names the hash of the first record"


# --- by the command line


@pytest.mark.parametrize(
    ("made", "verifies", "audits", "says"),
    [
        (lambda rows: rows, 3, 0, "audit: identical"),
        (lambda rows: edited(rows, 9, finding_changed, "bytes alone"), 1, 1, "FAIL record 9:"),
        (lambda rows: edited(rows, 9, finding_changed, "own hash"), 1, 1, "FAIL record 10:"),
        (lambda rows: edited(rows, 9, finding_changed, "every hash"), 3, 1, "DIVERGENT record 9, case c1"),
        (lambda rows: edited(rows, 9, EDITS["type"], "every hash"), 3, 1, "DIVERGENT record 9, case c1"),
        (lambda rows: edited(rows, 9, digest_changed, "every hash"), 3, 0, "its declared data is not what the records name"),
        (lambda rows: deleted(rows, 9), 1, 1, "FAIL record 10:"),
        (lambda rows: placed(inserted(rows, 9)), 1, 1, "FAIL record 10:"),
        (lambda rows: placed(swapped(rows, 9)), 1, 1, "FAIL record 9:"),
        (lambda rows: rows[:9], 3, 0, NOT_ANCHORED),
    ],
)
def test_answers_by_its_exit_code(  # noqa: PLR0917
    rows: Rows, bare: Path, tmp_path: Path, made: Callable[[Rows], Rows], verifies: int, audits: int, says: str
) -> None:
    path = Path(shutil.copy(put(bare, made(rows)), tmp_path / "x.ledger"))
    assert cli("verify", str(path)).returncode == verifies
    done = cli("audit", str(path))
    assert (done.returncode, says in done.stdout) == (audits, True), done.stdout


def test_answers_cleanly_of_what_nobody_touched(rows: Rows, bare: Path, registry: Registry) -> None:
    """And chaining anew what is whole gives the very same rows: the forger of these tests makes no fault of its own."""
    assert chained(rows) == rows
    path = put(bare, rows)
    with SqliteLedger(path, read_only=True) as ledger:
        assert verify(ledger).sound
    assert looked(path, registry)[0].identical == RECORDS - 1


# --- teeth


def test_would_be_seen_to_miss_edits_if_a_check_were_left_out(
    rows: Rows, bare: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without hashes, without the chain, and without comparing findings."""
    some = [*rows[:9]]
    with monkeypatch.context() as blind:
        blind.setattr(verifying, "leaf_hash", lambda raw: Kept())
        blind.setattr(auditing, "leaf_hash", lambda raw: Kept())
        blind.setattr("candidacy._judging._chained", lambda raws: map(Record.verified, raws))
        assert len(list(clean_edits(some, bare, registry, "finding", "bytes alone"))) == 8
    with monkeypatch.context() as blind:
        blind.setattr(Checking, "_contents", lambda *_: iter(()))
        with pytest.raises(DamagedRecordError):  # the audit looks at the chain again
            list(clean_edits(some, bare, registry, "finding", "own hash"))
        blind.setattr("candidacy._judging._chained", lambda raws: map(Record.verified, raws))
        with pytest.raises(DamagedRecordError):  # and whether it is what was verified
            list(clean_edits(some, bare, registry, "finding", "own hash"))
        blind.setattr(auditing, "_verified", lambda _, cases: ([row.raw for row in rows] for rows in cases))
        assert len(list(clean_edits(some, bare, registry, "finding", "own hash"))) == 6, "all but the last of each case"
    with monkeypatch.context() as blind:
        blind.setattr(Judging, "_compare", lambda *_: None)
        assert len(list(clean_edits(some, bare, registry, "finding", "every hash"))) == 8


class Kept:
    """A hash that is like any other."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_would_be_seen_to_miss_shifts_if_columns_and_order_were_not_looked_at(
    rows: Rows, bare: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_columns", lambda *_: iter(()))
    assert list(clean_shifts(rows, bare, registry, "swapped"))
