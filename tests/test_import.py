"""What comes in is read as a whole, judged in order, kept in acknowledged transactions, and never entered twice."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from candidacy import Id, SqliteLedger, verify
from candidacy._cells import MOST_ROWS
from candidacy.strict import LONGEST_DOCUMENT
from candidacy_hhs.caseload import Candidate
from support import ROOT, cli, process

EXAMPLES = ROOT / "examples" / "taking_over"
MAPPING: dict[str, Any] = {
    "source": "courses",
    "record": "No.",
    "commands": [
        {
            "type": "hhs.training_completed.1",
            "case": {"column": "Case"},
            "day": {"column": "Done", "date": "MM/DD/YYYY"},
            "actor": {"person": {"column": "Entered by"}},
            "payload": {
                "course": {"column": "Course"},
                "hours": {"column": "Hours"},
                "interagency": {"column": "Interagency", "words": {"yes": True, "no": False}},
                "ecqs": {"column": "ECQs", "split": ";"},
            },
        }
    ],
}
HEAD = ("No.", "Case", "Done", "Entered by", "Course", "Hours", "Interagency", "ECQs")
GOOD = ("1", "c", "09/15/2004", "c.candidate", "leading", "40", "yes", "Leading Change; Leading People")


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING))
    return path


@pytest.fixture
def begun(ledger_file: Path, tmp_path: Path) -> Path:
    """A ledger in which one HHS candidate has been selected and enrolled."""
    assert given(ledger_file, jsonl(tmp_path, Candidate("c").selected().enrolled())).returncode == 0
    return ledger_file


def jsonl(folder: Path, commands: Iterable[Any], name: str = "commands.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(c) + "\n" for c in commands))
    return path


def sheet(folder: Path, *rows: Iterable[Any], name: str = "sheet.csv", head: Iterable[str] = HEAD) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    path = folder / name
    path.write_bytes(text.getvalue().encode())
    return path


def workbook(folder: Path, *rows: Iterable[Any], change: Any = None) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(list(row))
    if change:
        change(book)
    book.save(folder / "sheet.xlsx")
    return folder / "sheet.xlsx"


def given(ledger: Path, file: Path, *options: str) -> Any:
    return cli("import", str(ledger), str(file), *options)


def size(ledger: Path) -> int:
    with SqliteLedger(ledger, read_only=True) as opened:
        assert verify(opened).sound
        return opened.size()


# --- commands, a line each


def test_keeps_what_is_accepted_and_what_is_refused_and_lists_the_refused(ledger_file: Path, tmp_path: Path) -> None:
    done = given(ledger_file, jsonl(tmp_path, Candidate("c").selected().enrolled().planned().requested("2004-07-05")))
    assert done.returncode == 1
    *kept, counts, refused = done.stdout.splitlines()
    assert kept == ["9 of 9 kept"]
    assert counts == "9 commands: 8 accepted, 1 refused, 0 already there, 0 offered as a correction"
    assert refused.startswith("line 9: refused (record 9): certification requested on 2004-07-05, case c: hhs.")
    assert "hhs.eighty_hours_of_interagency_training" in refused
    assert size(ledger_file) == 10


def test_acknowledges_each_transaction_with_a_line(ledger_file: Path, tmp_path: Path) -> None:
    file = jsonl(tmp_path, Candidate("c").selected().enrolled().planned())
    done = given(ledger_file, file, "--transaction", "3")
    assert done.stdout.splitlines()[:3] == ["3 of 8 kept", "6 of 8 kept", "8 of 8 kept"]
    told = given(ledger_file, file, "--transaction", "3", "--json")
    assert told.stderr.splitlines() == ["3 of 8 kept", "6 of 8 kept", "8 of 8 kept"]
    assert json.loads(told.stdout)["outcomes"] == {"accepted": 0, "refused": 0, "already there": 8, "offered as a correction": 0}


def test_adds_nothing_when_the_same_file_comes_twice(ledger_file: Path, tmp_path: Path) -> None:
    file = jsonl(tmp_path, Candidate("c").selected().enrolled().planned())
    first, second = given(ledger_file, file), given(ledger_file, file)
    assert (first.returncode, second.returncode, size(ledger_file)) == (0, 0, 9)
    assert "8 already there" in second.stdout


def test_tells_every_line_that_cannot_be_read_and_enters_nothing(ledger_file: Path, tmp_path: Path) -> None:
    good = list(Candidate("c").selected().enrolled().planned())
    lines = [json.dumps(c) for c in good]
    lines[1] = lines[1].replace('"inside_hhs": true', '"inside_hhs": "Jane Roe"')
    lines[3] = lines[3][:-5]
    lines[5] = json.dumps({**good[5], "id": "two words", "day": "2004-02-30", "extra": 1})
    file = tmp_path / "f.jsonl"
    file.write_text("\n".join(lines))
    done = given(ledger_file, file)
    assert (done.returncode, done.stdout, size(ledger_file)) == (2, "", 1)
    told = done.stderr.splitlines()
    assert [line.partition(": found")[0].rstrip(" 0123456789") for line in told] == [
        "candidacy: line 2, payload.inside_hhs", "candidacy: line 4, line 1, column", "candidacy: line 6, id",
        "candidacy: line 6, day", "candidacy: line 6, extra",
    ]  # fmt: skip
    assert "Roe" not in done.stderr


def test_tells_every_command_that_may_not_be_judged_and_enters_nothing(ledger_file: Path, tmp_path: Path) -> None:
    commands = list(Candidate("c").selected().enrolled())
    commands[2] = {**commands[2], "actor": {"person": "a-stranger"}}
    commands += [{**c, "case": "d"} for c in Candidate("d").enrolled()]
    commands += [{**next(iter(Candidate("e").selected())), "day": "2999-01-01"}, *list(Candidate("e").selected())[1:]]
    done = given(ledger_file, jsonl(tmp_path, commands))
    assert (done.returncode, size(ledger_file)) == (2, 1)
    assert "line 3, actor.person: found a person with no role in the case" in done.stderr
    assert all(f"line {n}, case: found the case d, which has not begun" in done.stderr for n in (6, 7, 8))
    assert "line 9, day: found 2999-01-01, which is to come" in done.stderr
    assert "case e: found 1 more commands of this case, which were not looked at" in done.stderr


def test_judges_the_whole_file_on_a_copy_and_keeps_nothing_in_a_dry_run(begun: Path, tmp_path: Path) -> None:
    more = list(Candidate("c").selected().enrolled().planned().requested("2004-07-05"))
    before = begun.read_bytes()
    done = given(begun, jsonl(tmp_path, more), "--dry-run")
    assert done.returncode == 1
    counts, refused = done.stdout.splitlines()
    assert (
        counts
        == "9 commands: 3 would be accepted, 1 would be refused, 5 would be already there, 0 would be offered as a correction"
    )
    assert refused.startswith("line 9: would be refused: certification requested")
    assert begun.read_bytes() == before
    assert given(begun, tmp_path / "commands.jsonl").returncode == 1


def test_says_the_same_in_a_dry_run_and_in_earnest(ledger_file: Path, tmp_path: Path, registry: Any) -> None:
    file = jsonl(tmp_path, [c for commands in registry.caseloads.values() for c in commands()])
    dry, real = (json.loads(given(ledger_file, file, "--json", *options).stdout) for options in (["--dry-run"], []))
    assert dry["arrivals"] == real["arrivals"]
    assert (dry["kept"], real["kept"], dry["outcomes"]["refused"]) == (False, True, 29)


# --- the same id with other content


def test_offers_a_correction_where_the_first_was_accepted_and_applies_none(begun: Path, tmp_path: Path) -> None:
    commands = list(Candidate("c").selected().enrolled())
    changed = [*commands[:1], {**commands[1], "payload": {**commands[1]["payload"], "division": "fda"}}, *commands[2:]]
    done = given(begun, jsonl(tmp_path, changed))
    assert (done.returncode, size(begun)) == (1, 6)
    assert done.stdout.splitlines()[-1] == (
        "line 2: not entered: c-002 was accepted in record 2 with other content (payload.division): position recorded on "
        "2004-05-03, case c; it is offered as a correction, which cannot be entered yet"
    )
    told = json.loads(given(begun, tmp_path / "commands.jsonl", "--json").stdout)["arrivals"][1]
    assert (told["outcome"], told["record"], told["differs"]) == ("offered as a correction", 2, ["payload.division"])


def test_judges_anew_where_the_first_was_refused(begun: Path, tmp_path: Path) -> None:
    def requested(day: str) -> dict[str, Any]:
        return {**next(iter(Candidate("c").requested(day))), "id": "request"}

    for day, outcome in (
        ("2004-07-05", "refused"),
        ("2004-07-06", "refused"),
        ("2004-07-06", "already there"),
        ("2004-07-05", "already there"),
    ):
        told = json.loads(given(begun, jsonl(tmp_path, [requested(day)]), "--json").stdout)
        assert [a["outcome"] for a in told["arrivals"]] == [outcome]
    assert size(begun) == 8
    with SqliteLedger(begun, read_only=True) as ledger:
        assert [r.command for r in ledger.records()][6:] == ["request", "request#2"]


def test_takes_an_accepted_second_attempt_for_the_one_to_correct(begun: Path, tmp_path: Path) -> None:
    def mentored(person: str) -> dict[str, Any]:
        from candidacy_hhs.events import MentorSelected

        return {**next(iter(Candidate("c").on("2004-06-20", "candidate", MentorSelected(Id("m2"), Id(person))))), "id": "m"}

    outcomes = []
    for person in ("nobody", "c.mentor", "c.mentor", "c.host"):
        told = json.loads(given(begun, jsonl(tmp_path, [mentored(person)]), "--json").stdout)["arrivals"][0]
        outcomes.append((told["outcome"], told["command"]))
    assert outcomes == [("refused", "m"), ("accepted", "m#2"), ("already there", "m#2"), ("offered as a correction", "m#2")]


# --- sheets


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xlsx typed"])
def test_reads_rows_as_a_mapping_says(begun: Path, tmp_path: Path, mapping: Path, kind: str) -> None:
    second = ("2", "c", "10/01/2004", "c.coordinator", "ethics", "8", "no", "Business Acumen")
    if kind == "csv":
        file = sheet(tmp_path, GOOD, (), second)
    else:
        typed = (2, "c", date(2004, 10, 1), "c.coordinator", "ethics", 8.0, "no", "Business Acumen") if "typed" in kind else second
        file = workbook(tmp_path, GOOD, [None] * 8, typed)
    done = given(begun, file, "--mapping", str(mapping))
    assert done.returncode == 0, done.stderr
    with SqliteLedger(begun, read_only=True) as ledger:
        first, other = list(ledger.records())[6:]
    assert (first.command, str(first.day)) == ("courses:1", "2004-09-15")
    assert first.data["payload"] == {
        "course": "leading",
        "hours": 40,
        "interagency": True,
        "ecqs": ["Leading Change", "Leading People"],
    }
    assert (other.command, str(other.day), other.data["payload"]["hours"]) == ("courses:2", "2004-10-01", 8)
    again = given(begun, sheet(tmp_path, second, GOOD), "--mapping", str(mapping))
    assert "2 already there" in again.stdout, "the order of rows does not matter, nor the kind of file"


def test_tells_every_cell_that_cannot_be_read_in_plain_words(begun: Path, tmp_path: Path, mapping: Path) -> None:
    rows = [
        ("1", "c", "15.09.2004", "c.candidate", "leading", "forty", "maybe", "Leading Change"),
        ("", "c", "09/15/2004", "", "leading", "40.5", "yes", "Leading Change; Leading"),
        ("3 a", "c", "02/30/2004", "c.candidate", "Jane Roe", "-1", "yes", ""),
    ]
    done = given(begun, sheet(tmp_path, *rows), "--mapping", str(mapping))
    assert (done.returncode, done.stdout, size(begun)) == (2, "", 6)
    assert done.stderr.splitlines() == [
        "candidacy: row 2, Done: found 10 characters that are no day so written; needed a day as MM/DD/YYYY",
        "candidacy: row 2, Interagency: found 5 characters that are none of the mapping's words; needed one of: yes, no",
        "candidacy: row 3, No.: found nothing; needed content for this cell",
        "candidacy: row 3, Entered by: found nothing; needed content for this cell",
        "candidacy: row 4, ECQs: found nothing; needed content for this cell",
    ]
    mended = [
        (*rows[0][:2], "09/15/2004", *rows[0][3:6], "yes", rows[0][7]),
        ("2", "c", rows[1][2], "c.candidate", *rows[1][4:]),
        (*rows[2][:7], "Leading Change"),
    ]
    told = given(begun, sheet(tmp_path, *mended), "--mapping", str(mapping)).stderr
    assert [line.partition(";")[0] for line in told.splitlines()] == [
        "candidacy: row 2, Hours (payload.hours): found 5 characters of text",
        "candidacy: row 3, Hours (payload.hours): found 4 characters of text",
        "candidacy: row 3, ECQs (payload.ecqs[1]): found 7 characters of text",
        "candidacy: row 4, No. (id): found 11 characters of text",
        "candidacy: row 4, Done (day): found 2004-02-30, which is no day of the calendar",
        "candidacy: row 4, Course (payload.course): found 8 characters of text",
        "candidacy: row 4, Hours (payload.hours): found the number -1",
    ]
    assert "Roe" not in told


def changed_cell(place: str, value: Any, style: str = "") -> Any:
    def change(book: Any) -> None:
        book.active[place] = value
        if style:
            book.active[place].number_format = style

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed_cell("F2", "=40+0"), "row 2, Hours: found a formula"),
        (changed_cell("F2", "#REF!"), "row 2, Hours: found an error value"),
        (changed_cell("F2", 40.5), "row 2, Hours: found a fraction"),
        (changed_cell("C2", datetime(2004, 9, 15, 12, 30)), "row 2, Done: found a day with a time of day"),  # noqa: DTZ001 (a cell)
        (changed_cell("F2", 0.25, "[h]:mm"), "row 2, Hours: found a time"),
        (changed_cell("F2", True), "row 2, Hours (payload.hours): found true"),
        (lambda book: book.active.merge_cells("B2:B3"), "cells B2-B3: found merged cells; needed each row with cells of its own"),
        (lambda book: book.create_sheet("more"), 'sheet: found 2 sheets; needed the name of one of them, as "sheet" in the mapping'),
        (changed_cell("A1", "Number"), "row 1: found no column 'No.' among 8"),
        (changed_cell("B1", "No."), "row 1: found the column 'No.' 2 times"),
        (changed_cell("J2", "note"), "row 2: found cells beyond the 8 columns that have a name"),
    ],
)  # fmt: skip
def test_refuses_cells_that_hold_no_value_of_their_own(begun: Path, tmp_path: Path, mapping: Path, change: Any, said: str) -> None:
    done = given(begun, workbook(tmp_path, GOOD, change=change), "--mapping", str(mapping))
    assert (done.returncode, size(begun)) == (2, 6)
    assert said in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "row 1: found no such row"),
        (b"\xff\xfeN\x00o\x00", "row 1 or soon after: found bytes that are not UTF-8"),
        (b'No.,"Case\n1,c', "row 1: found quotation marks that do not match"),
        (b"No.;Case;Done", "row 1: found no column 'Case' among 1"),
        (b"PK\x03\x04 not really", "found an archive that cannot be read"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "found bytes that are not UTF-8"),
        (b"No.," + b"x" * 40_000, "row 1: found a cell of more than 32768 characters"),
    ],
)
def test_says_what_kind_of_file_it_cannot_read(begun: Path, tmp_path: Path, mapping: Path, content: bytes, said: str) -> None:
    (tmp_path / "f").write_bytes(content)
    done = given(begun, tmp_path / "f", "--mapping", str(mapping))
    assert (done.returncode, size(begun)) == (2, 6)
    assert said in done.stderr


def test_reads_a_byte_order_mark_another_delimiter_and_a_head_further_down(begun: Path, tmp_path: Path) -> None:
    text = "Courses of 2004\n" + ";".join(HEAD) + "\n" + ";".join((*GOOD[:7], "Leading Change")) + "\n"
    (tmp_path / "f.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (tmp_path / "m.json").write_text(json.dumps({**MAPPING, "delimiter": ";", "header": 2}))
    done = given(begun, tmp_path / "f.csv", "--mapping", str(tmp_path / "m.json"))
    assert done.returncode == 0, done.stderr
    assert size(begun) == 7


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"commands": []}, "mapping.commands: found none"),
        ({"source": "two words"}, "mapping.source: found 9 characters of text"),
        ({"delimiter": ";;"}, "mapping.delimiter: found 2 characters"),
        ({"header": 0}, "mapping.header: found 0"),
        ({"colour": "red"}, "mapping.colour: found an unknown key"),
        ({"commands": [{**MAPPING["commands"][0], "type": "hhs.dreamt.1"}]}, "mapping.commands[0].type: found the event type hhs.dreamt.1, which no"),
        ({"commands": [MAPPING["commands"][0]] * 2}, "two commands with the same part"),
        ({"commands": [{**MAPPING["commands"][0], "payload": {"hour": 1}}]}, "mapping.commands[0].payload.hour: found no such field"),
        ({"commands": [{**MAPPING["commands"][0], "day": {"column": "Done", "date": "Y-M-D"}}]}, "mapping.commands[0].day.date: found"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_a_mapping(begun: Path, tmp_path: Path, change: Any, said: str) -> None:
    (tmp_path / "m.json").write_text(json.dumps({**MAPPING, **change}))
    done = given(begun, sheet(tmp_path, GOOD), "--mapping", str(tmp_path / "m.json"))
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_makes_several_commands_of_a_row_and_none_of_what_it_does_not_know(begun: Path, tmp_path: Path) -> None:
    common = {"case": "c", "actor": {"person": "c.candidate"}}
    both = [
        {**common, "part": "began", "filled": ["From"], "type": "hhs.assignment_started.1", "day": {"column": "From"},
         "payload": {"assignment": {"column": "Id"}, "inside_hhs": True, "division": "nih", "position": "director", "full_time": True}},
        {**common, "part": "ended", "filled": ["To"], "type": "hhs.assignment_ended.1", "day": {"column": "To"},
         "payload": {"assignment": {"column": "Id"}}},
    ]  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps({"source": "s", "record": "Id", "commands": both}))
    file = sheet(tmp_path, ("a1", "2004-08-02", "2004-09-30"), ("a2", "2004-10-04", ""), head=("Id", "From", "To"))
    assert given(begun, file, "--mapping", str(tmp_path / "m.json")).returncode == 0
    with SqliteLedger(begun, read_only=True) as ledger:
        assert [r.command for r in ledger.records()][6:] == ["s:a1:began", "s:a1:ended", "s:a2:began"]
    done = given(begun, sheet(tmp_path, ("a3", "", ""), head=("Id", "From", "To")), "--mapping", str(tmp_path / "m.json"))
    assert done.returncode == 2
    assert "row 2: found a row that fits none of the mapping's commands; needed one of: From is filled; To is filled" in done.stderr


def test_passes_over_no_command_whose_kind_a_formula_hides(begun: Path, tmp_path: Path) -> None:
    command = {**MAPPING["commands"][0], "when": {"Interagency": "yes"}}
    (tmp_path / "m.json").write_text(json.dumps({**MAPPING, "commands": [command, {**command, "when": {}, "part": "b"}]}))
    done = given(begun, workbook(tmp_path, GOOD, change=changed_cell("G2", '="yes"')), "--mapping", str(tmp_path / "m.json"))
    assert (done.returncode, "row 2, Interagency: found a formula" in done.stderr) == (2, True)
    (tmp_path / "m.json").write_text(json.dumps({**MAPPING, "commands": [{**command, "when": {"Hours": 40}}]}))
    done = given(begun, sheet(tmp_path, GOOD), "--mapping", str(tmp_path / "m.json"))
    assert (done.returncode, "found no text for the column 'Hours'" in done.stderr) == (2, True)


def test_asks_for_a_mapping_where_a_sheet_comes_without_one(begun: Path, tmp_path: Path) -> None:
    for file in (sheet(tmp_path, GOOD), workbook(tmp_path, GOOD)):
        done = given(begun, file)
        assert done.returncode == 2
        assert done.stderr.splitlines() == [
            "candidacy: line 1: found a file of another kind; needed a command a line, as JSON documents; for a CSV or XLSX file, --mapping MAPPING"
        ]


def test_says_that_records_are_restored_and_not_imported(ledger_file: Path, demo_file: Path, tmp_path: Path) -> None:
    (tmp_path / "e").write_text(cli("export", str(demo_file)).stdout)
    done = given(ledger_file, tmp_path / "e")
    assert done.returncode == 2
    assert "line 2: found a record of a ledger; needed a command: `candidacy restore` takes records" in done.stderr


# --- limits, each with its sentence


def test_has_a_sentence_for_each_limit_of_a_file(
    begun: Path, tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "f"
    file.write_bytes(b'{"id": "' + b"x" * LONGEST_DOCUMENT + b'"}\n')
    assert f"line 1: found more than {LONGEST_DOCUMENT} bytes" in given(begun, file).stderr
    file.write_text("[" * 40 + "]" * 40 + "\n")
    assert "found a value nested too deeply; needed at most 32 levels" in given(begun, file).stderr
    file.write_bytes(b"\n" * (MOST_ROWS + 1))
    assert f"line {MOST_ROWS + 1}: found more than {MOST_ROWS} lines" in given(begun, file).stderr
    text = ",".join(HEAD) + "\n" + (",".join(GOOD) + "\n") * (MOST_ROWS + 1)
    file.write_text(text)
    assert (
        f"found more than {MOST_ROWS} rows; needed fewer: cut the file into several"
        in given(begun, file, "--mapping", str(mapping)).stderr
    )
    with file.open("wb") as large:
        large.truncate(50 * 1024 * 1024 + 1)
    assert "FILE: found more than 52428800 bytes; needed fewer" in given(begun, file).stderr
    assert size(begun) == 6


def zipped(folder: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return folder / "bomb.xlsx"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl/worksheets/sheet1.xml": b"0" * 30_000_000}, "unpacks to more than a hundred times its size"),
        ({f"xl/worksheets/{n}.xml": b"" for n in range(1_001)}, "a workbook of 1001 parts; needed at most 1000"),
        ({f"xl/worksheets/{n}.xml": b"0" * 30_000_000 for n in range(8)}, "a workbook that unpacks to more than it may"),
        ({"xl/sharedStrings.xml": b"0" * 17_000_000}, "17000000 bytes; needed at most 8388608"),
        ({"xl/styles.xml": b"0" * 1_048_577}, "1048577 bytes; needed at most 1048576"),
        ({"[Content_Types].xml": b"<a/>"}, "a workbook that cannot be read"),
    ],
)
def test_unpacks_no_archive_that_is_larger_than_it_looks(begun: Path, tmp_path: Path, mapping: Path, parts: Any, said: str) -> None:
    done = given(begun, zipped(tmp_path, parts), "--mapping", str(mapping))
    assert done.returncode == 2
    assert said in done.stderr


def test_expands_no_entities(begun: Path, tmp_path: Path, mapping: Path) -> None:
    path = workbook(tmp_path, GOOD)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    lol = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<worksheet", lol + b"<worksheet", 1).replace(b"leading", b"&b;", 1)
    done = given(begun, zipped(tmp_path, parts), "--mapping", str(mapping))
    assert done.returncode == 2
    assert "found a workbook that cannot be read" in done.stderr
    parts[name] = parts[name].replace(lol, b"").replace(b"&b;", b"leading")
    assert given(begun, zipped(tmp_path, parts), "--mapping", str(mapping)).returncode == 0, "it was the entities that were refused"


# --- as a program


def test_reads_from_standard_input(ledger_file: Path) -> None:
    text = "".join(json.dumps(c) + "\n" for c in Candidate("c").selected())
    done = process("import", str(ledger_file), "-", stdin=text)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "2 of 2 kept")


def test_imports_ten_thousand_rows_with_progress(begun: Path, tmp_path: Path, mapping: Path) -> None:
    cases = [f"c{n}" for n in range(400)]
    assert given(begun, jsonl(tmp_path, (c for case in cases for c in Candidate(case).selected()))).returncode == 0
    rows = (
        (n, case := cases[n % 400], "09/15/2004", f"{case}.candidate", f"course-{n}", 1, "yes", "Leading Change")
        for n in range(10_000)
    )
    done = process("import", str(begun), str(sheet(tmp_path, *rows)), "--mapping", str(mapping))
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.endswith("kept")] == [
        f"{n} of 10000 kept" for n in range(500, 10_001, 500)
    ]
    assert size(begun) == 10_806


@pytest.mark.parametrize("agency", ["commerce", "dol", "hhs"])
def test_takes_over_people_from_the_sheet_of_each_agency(ledger_file: Path, agency: str) -> None:
    folder = EXAMPLES / agency
    done = given(ledger_file, folder / "sheet.csv", "--mapping", str(folder / "mapping.json"))
    assert done.returncode == 0, done.stderr
    audited = json.loads(cli("audit", str(ledger_file), "--json").stdout)
    attested = {(a["type"].split(".")[1], a["by"]) for case in audited["taken_over"] for a in case["attested"]}
    assert audited["answer"] == "identical"
    assert len(attested) >= 5
    assert all(case["not_checked"] for case in audited["taken_over"] if len(case["attested"]) > 3)
