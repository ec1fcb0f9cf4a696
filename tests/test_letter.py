"""The decision letter: for the person concerned, from the ledger alone, complete and in plain words."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from candidacy import Engine, InputError, Letter, Registry, SqliteLedger, letter
from candidacy._letter import told
from candidacy.names import NameBook
from support import cli, engine

JUNE = date(2006, 6, 2)


@pytest.fixture(scope="module")
def demo(demo_file: Path, registry: Registry) -> Iterator[Engine]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        yield engine(registry, ledger)


def refused(demo: Engine) -> Any:
    """The decision that 119 days are one too few."""
    return next(r for r in demo.ledger.of_case("commerce-003") if not r.accepted)


def text(of: Letter, **names: str) -> str:
    return "\n".join(told(of, names))


def test_says_what_was_asked_the_answer_why_who_decided_and_what_remains(demo: Engine) -> None:
    record = refused(demo)
    found = letter(demo, record.index, as_of=JUNE)
    assert (found.concerns, found.asked, found.day, found.decided, found.moved) == (
        "commerce-003.candidate", "program completed", date(2006, 6, 1), "refused", "",
    )  # fmt: skip
    assert (found.by, found.roles, found.edition) == ("commerce-003.office", ("program office",), "commerce/2004, revision 4")
    said = text(found)
    for line in (
        "To: commerce-003.candidate",
        "  program completed, from 1 June 2006 on",
        "  It was refused. Nothing was changed by it.",
        "  What stood in the way:",
        "    ✗ unmet: Developmental assignments outside the position of record take at least 120 calendar days in all.",
        "        found 119 calendar days; needs at least 120 calendar days; missing 1 calendar day; from candidate",
        "  What shows, and holds nothing up:",
        "  What is as it should be:",
        "  Judged by the rules of commerce/2004, revision 4.",
        "  Earliest day for completed: 2 June 2006, if each decides the same day (program office).",
        "  - version 11 of the case (record 39), assignment ended, 30 May 2005: candidate or assignment supervisor or program office",
    ):
        assert line in said.splitlines(), line


def test_gives_each_reason_its_citation(demo: Engine) -> None:
    found = letter(demo, refused(demo).index, as_of=JUNE)
    ours = [r for r in found.why if not r.rule.startswith("candidacy.")]
    assert ours
    assert all(r.citation for r in ours)
    assert all(f"[{r.citation}]" in text(found) for r in ours)
    assert [r.rule for r in found.why if r.binding and not r.outcome.good] == [
        "commerce.one_hundred_and_twenty_days_of_assignments"
    ]


def test_lists_the_entries_that_the_decision_rests_on_and_who_may_enter_them(demo: Engine) -> None:
    record = refused(demo)
    found = letter(demo, record.index, as_of=JUNE)
    versions = {v for f in record.findings for v in f.data.get("rests_on", ())}
    assert {r.record for r in found.rests_on} == {
        r.index for r in demo.ledger.of_case("commerce-003") if r.version in versions and r.version < record.version
    }
    assert all(r.may_enter for r in found.rests_on)


def test_tells_of_every_record_of_the_demonstration(demo: Engine) -> None:
    """Also of facts, of what began a case, of what was attested: no part is ever empty."""
    for record in demo.ledger.after(0):
        lines = text(letter(demo, record.index, as_of=demo.today())).splitlines()
        for heading in ("What was asked", "The answer", "Why", "Who decided", "If something that this rests on is wrong"):
            assert lines[lines.index(heading) + 1].startswith("  "), (record.index, heading)
        whole = "\n".join(lines)
        assert ("accepted" in whole) == record.accepted or record.accepted is False
        assert not {"guard", "event", "transition", "None", "payload"} & set(whole.replace(".", " ").replace(",", " ").split())


@pytest.mark.parametrize("index", [0, -1, 10**6, 2**70])
def test_refuses_a_record_that_holds_no_decision(demo: Engine, index: int) -> None:
    with pytest.raises(
        InputError, match=r"record: found (no such record|the record that begins the ledger).*; needed one from 1 to"
    ):
        letter(demo, index, as_of=JUNE)


def test_refuses_what_is_no_record_number_and_no_day(demo: Engine) -> None:
    with pytest.raises(InputError, match="record: found a str; needed an int; as_of: found a str; needed a date"):
        letter(demo, "3", as_of="2006-06-02")  # type: ignore[arg-type]


def test_is_written_without_the_plugin_as_far_as_the_ledger_goes(demo: Engine, demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        bare = letter(Engine(ledger, Registry.of()), refused(demo).index, as_of=JUNE)
    said = text(bare).splitlines()
    assert "  The rules of commerce/2004, revision 4 are not installed here: their names stand for them." in said
    assert "  It cannot be told here." in said
    assert "  It was refused. Nothing was changed by it." in said


def test_the_command_names_the_person_from_the_name_book_and_nowhere_else(demo_file: Path, demo: Engine, tmp_path: Path) -> None:
    copied = tmp_path / "copied.ledger"
    assert cli("copy", str(demo_file), str(copied)).returncode == 0
    NameBook.beside(copied).put("commerce-003.candidate", "Jane Roe")
    index = str(refused(demo).index)
    done = cli("letter", str(copied), index, "--as-of", "2006-06-02")
    assert (done.returncode, done.stderr) == (0, "")
    assert "To: Jane Roe (commerce-003.candidate)" in done.stdout
    data = cli("letter", str(copied), index, "--as-of", "2006-06-02", "--json")
    assert "Roe" not in data.stdout
    assert json.loads(data.stdout) == json.loads(json.dumps(letter(demo, int(index), as_of=JUNE).as_data()))
    wrong = cli("letter", str(copied), "99999")
    assert wrong.returncode == 2
    assert "found no such record" in wrong.stderr
    assert cli("letter", str(copied), "three").returncode == 2
