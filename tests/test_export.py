"""What goes out of a ledger goes back in: byte for byte, or as commands that are judged again and answered the same."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from candidacy import CandidacyError, NameBook, Registry, SqliteLedger, verify
from candidacy._exports import guarded
from candidacy._status import statuses
from candidacy.canonical import canonical
from support import ZONE, cli, engine, process


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def told(path: Path) -> list[Any]:
    """Every answer of a ledger, without what differs between two ledgers that were told the same."""
    with SqliteLedger(path, read_only=True) as ledger:
        return [
            [r.command, r.case, r.version, r.word, r.data["findings"], r.data["moved"], r.data["payload"], r.data["actor"]]
            for r in ledger.records()
            if r.index
        ]


def standing(path: Path) -> list[Any]:
    with SqliteLedger(path, read_only=True) as ledger:
        return [{**s.as_data(), "last": None} for s in statuses(ledger.records())]


def leaves(path: Path) -> list[bytes]:
    with SqliteLedger(path, read_only=True) as ledger:
        return [row.leaf for row in ledger.rows()]


def there_and_back(path: Path, folder: Path) -> int:
    """Export and restore, export the commands and import them; how many records."""
    exported, commands, restored, again = (folder / name for name in ("e.jsonl", "c.jsonl", "restored", "again"))
    assert cli("export", str(path), "-o", str(exported)).returncode == 0
    assert cli("restore", str(restored), str(exported)).returncode == 0
    assert leaves(restored) == leaves(path)
    assert cli("export", str(restored)).stdout == exported.read_text()
    assert cli("export", str(path), "--commands", "-o", str(commands)).returncode == 0
    assert cli("new", str(again), "--zone", ZONE).returncode == 0
    assert cli("import", str(again), str(commands)).returncode in {0, 1}
    assert told(again) == told(path)
    assert standing(again) == standing(path)
    for file in folder.iterdir():
        file.unlink()
    return len(leaves(path)) - 1


def test_exports_and_restores_the_demonstration_and_judges_its_commands_alike(demo_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    assert there_and_back(demo_file, folder) == 907


def random_life(registry: Registry, chance: Random) -> list[dict[str, Any]]:
    """Commands of some of the demonstration's people, shaken: days moved, commands left out, told twice, out of order."""
    people = [list(_people(commands())) for commands in registry.caseloads.values()]
    chosen = [life for lives in people for life in chance.sample(lives, chance.randrange(1, 3))]
    commands = []
    for life in chosen:
        kept = [c for c in life if chance.random() > 0.1]
        if chance.random() < 0.5 and len(kept) > 3:
            at = chance.randrange(1, len(kept) - 1)
            kept[at], kept[at + 1] = kept[at + 1], kept[at]
        for n, command in enumerate(kept):
            moved = chance.choice((0, 0, 0, 1, -1, 30))
            day = date.fromisoformat(command["day"]) + timedelta(days=moved if n else 0)
            commands.append({**command, "day": str(day), "id": f"{command['id']}-{n}"})
    cases = {c["case"]: [d for d in commands if d["case"] == c["case"]] for c in commands}
    mixed = []
    while any(cases.values()):  # interleaved, each case in its own order
        case = chance.choice([name for name, left in cases.items() if left])
        mixed.append(cases[case].pop(0))
    return mixed


def _people(commands: Iterator[Any]) -> Iterator[list[Any]]:
    lives: dict[str, list[Any]] = {}
    for command in commands:
        lives.setdefault(command["case"], []).append(command)
    yield from lives.values()


@pytest.mark.scaled
def test_exports_and_restores_random_ledgers_alike(registry: Registry, tmp_path: Path, thorough: bool) -> None:
    chance, records, refused, many = Random(3), 0, 0, 200 if thorough else 40
    folder = tmp_path / "f"
    folder.mkdir()
    for n in range(many):
        path = tmp_path / f"{n}.ledger"
        with SqliteLedger.create(path, ZONE) as ledger:
            on = engine(registry, ledger)
            for command in random_life(registry, chance):
                try:
                    refused += not on.submit(command).accepted
                except CandidacyError:
                    continue  # it cannot be judged, and leaves no record
        records += there_and_back(path, folder)
    print(f"\n{many} ledgers, seed 3, {records} records, {refused} of them refused")
    assert records > 40 * many
    assert refused > many


# --- restoring refuses


def lines_of(path: Path) -> list[bytes]:
    return process_bytes(path).splitlines(keepends=True)


def process_bytes(path: Path) -> bytes:
    with SqliteLedger(path, read_only=True) as ledger:
        return b"".join(r.raw + b"\n" for r in ledger.records())


def changed(line: bytes, **fields: Any) -> bytes:
    return canonical({**json.loads(line), **fields}) + b"\n"


DAMAGE: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "nothing": (lambda _: [], "line 1: found nothing"),
    "no record 0": (lambda ls: ls[1:], "found at this index; needed index 0"),
    "one missing": (lambda ls: [*ls[:9], *ls[10:]], "line 10"),
    "two swapped": (lambda ls: [*ls[:9], ls[10], ls[9], *ls[11:]], "line 10"),
    "one twice": (lambda ls: [*ls[:9], ls[8], *ls[9:]], "line 10"),
    "cut in a line": (lambda ls: [*ls[:9], ls[9][:40]], "line 10: found what is not the next record (its bytes are not JSON"),
    "an empty line": (lambda ls: [*ls[:9], b"\n", *ls[9:]], "line 10: found what is not the next record (an empty line"),
    "carriage returns": (lambda ls: [line.replace(b"\n", b"\r\n") for line in ls], "(a line end of two characters"),
    "a byte order mark": (
        lambda ls: [b"\xef\xbb\xbf" + ls[0], *ls[1:]],
        "line 1: found what is not the next record (a byte order mark",
    ),
    "spaces": (lambda ls: [*ls[:9], ls[9].replace(b'":', b'": '), *ls[10:]], "its bytes are not written"),
    "a day changed": (lambda ls: [*ls[:9], changed(ls[9], day="1999-01-01"), *ls[10:]], "does not name the leaf"),
    "a field more": (lambda ls: [*ls[:9], changed(ls[9], extra=1), *ls[10:]], "(its field 'extra'"),
    "of another ledger": (
        lambda ls: [*ls[:9], changed(ls[9], ledger="x"), *ls[10:]],
        "(it belongs to another ledger",
    ),
    "a newer format": (lambda ls: [*ls[:9], changed(ls[9], format=3), *ls[10:]], "found format 3"),
    "too long": (lambda ls: [*ls[:9], b'{"a":"' + b"x" * 70_000 + b'"}\n', *ls[10:]], "(more than 65535 bytes"),
    "text": (lambda _: [b"Dear auditor\n"], "(its bytes are not JSON"),
    "numbers": (lambda _: [b"7\n"], "(its bytes are no record"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_restores_no_damaged_export(demo_file: Path, tmp_path: Path, damage: str) -> None:
    harm, said = DAMAGE[damage]
    (tmp_path / "e.jsonl").write_bytes(b"".join(harm(lines_of(demo_file))))
    done = cli("restore", str(tmp_path / "new.ledger"), str(tmp_path / "e.jsonl"))
    assert done.returncode == 2
    assert said in done.stderr
    assert [f.name for f in tmp_path.iterdir()] == ["e.jsonl"], "nothing is left"


def test_names_every_line_of_an_export_that_is_wrong(demo_file: Path, tmp_path: Path) -> None:
    lines = lines_of(demo_file)
    for n in (20, 400, 800):
        lines[n] = b"?\n"
    (tmp_path / "e.jsonl").write_bytes(b"".join(lines))
    said = cli("restore", str(tmp_path / "new.ledger"), str(tmp_path / "e.jsonl")).stderr
    assert all(f"line {n + 1}: found what is not the next record (its bytes are not JSON" in said for n in (20, 400, 800))


def test_restores_an_export_whose_last_line_does_not_end(demo_file: Path, tmp_path: Path) -> None:
    done = cli("restore", str(tmp_path / "new.ledger"), "-", stdin=process_bytes(demo_file).removesuffix(b"\n"))
    assert done.returncode == 0
    assert "908 records" in done.stdout
    assert leaves(tmp_path / "new.ledger") == leaves(demo_file)


def test_writes_over_nothing(demo_file: Path, out: Path, tmp_path: Path) -> None:
    for arguments in (
        ("export", str(demo_file), "-o"),
        ("export", str(demo_file), "--format", "xlsx", "-o"),
        ("copy", str(demo_file)),
    ):
        out.write_text("mine")
        done = cli(*arguments, str(out))
        assert (done.returncode, out.read_text()) == (2, "mine")
        assert f"{out}: found a file there; needed a path where nothing is" in done.stderr
    assert cli("restore", str(out), str(demo_file)).returncode == 2
    assert cli("export", str(demo_file), "-o", str(tmp_path / "no" / "x")).returncode == 2
    assert sorted(f.name for f in tmp_path.iterdir()) == ["out.jsonl"]


# --- a copy


def test_copies_a_ledger_that_others_are_writing_to(ledger_file: Path, registry: Registry, tmp_path: Path) -> None:
    commands = list(registry.caseloads["dol"]())
    with SqliteLedger(ledger_file) as ledger:
        on = engine(registry, ledger)
        on.submit_many(commands[:50])
        done = process("copy", str(ledger_file), str(tmp_path / "copy.ledger"))
        on.submit_many(commands[50:])
    assert (done.returncode, "51 records" in done.stdout) == (0, True)
    assert leaves(tmp_path / "copy.ledger") == leaves(ledger_file)[:51]
    assert process("verify", str(tmp_path / "copy.ledger")).returncode == 3


def test_takes_a_file_that_may_be_short_only_when_told_to(ledger_file: Path, registry: Registry, out: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.ledger"
    with SqliteLedger(ledger_file) as ledger:
        engine(registry, ledger).submit_many(registry.caseloads["dol"]())
        short.write_bytes(ledger_file.read_bytes())
    for arguments in (("export", str(short), "-o", str(out)), ("copy", str(short), str(out))):
        done = cli(*arguments)
        assert (done.returncode, out.exists()) == (2, False)
        assert "--short-ok takes what is there" in done.stderr
        assert cli(*arguments, "--short-ok").returncode == 0
        out.unlink()


# --- for people


def test_shows_each_record_in_a_row_with_csv(demo_file: Path) -> None:
    rows = list(csv.reader(io.StringIO(cli("export", str(demo_file), "--format", "csv").stdout, newline="")))
    head, rows = rows[0], rows[1:]
    assert len(rows) == 907
    refused = [dict(zip(head, row, strict=True)) for row in rows if row[head.index("decision")] == "refused"]
    assert len(refused) == 29
    assert all(row["open findings"] for row in refused)
    one = next(row for row in refused if row["case"] == "hhs-004")
    assert (one["event"], one["effective day"], one["from"], one["to"]) == (
        "certification requested",
        "2004-12-13",
        "developing",
        "developing",
    )
    assert "hhs.two_short_assignments_or_one_long: unmet" in one["open findings"]


def test_shows_the_same_in_a_workbook(demo_file: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    assert cli("export", str(demo_file), "--format", "xlsx", "-o", str(tmp_path / "x.xlsx")).returncode == 0
    rows = list(csv.reader(io.StringIO(cli("export", str(demo_file), "--format", "csv").stdout, newline="")))
    cells = load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert [[str(c.value if c.value is not None else "") for c in row] for row in cells.iter_rows()] == rows
    assert all(c.data_type != "f" for row in cells.iter_rows() for c in row)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
)
def test_lets_no_cell_begin_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded(f"x{text}") == f"x{text}"


def test_keeps_a_name_that_looks_like_a_formula_from_being_one(demo_file: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    NameBook.beside(demo_file).put("hhs-001.candidate", '=HYPERLINK("x")')
    said = cli("export", str(demo_file), "--format", "csv", "--names").stdout
    assert cli("export", str(demo_file), "--format", "xlsx", "--names", "-o", str(tmp_path / "x.xlsx")).returncode == 0
    assert '"\'=HYPERLINK(""x"")"' in said
    cells = [c for row in load_workbook(tmp_path / "x.xlsx").worksheets[0].iter_rows() for c in row]
    assert {c.data_type for c in cells if "HYPERLINK" in str(c.value)} == {"s"}
    NameBook.beside(demo_file).path.unlink()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--commands", "--format", "csv"), "--format jsonl, the only one for commands"),
        (("--names",), "records hold no names"),
        (("--format", "xlsx"), "a workbook is no stream"),
    ],
)
def test_says_which_options_do_not_go_together(demo_file: Path, arguments: tuple[str, ...], said: str) -> None:
    done = cli("export", str(demo_file), *arguments)
    assert (done.returncode, said in done.stderr) == (2, True)


@pytest.mark.parametrize(("form", "begins"), [("xes", "<?xml"), ("ocel", "{")])
def test_writes_for_process_mining(demo_file: Path, tmp_path: Path, form: str, begins: str) -> None:
    assert cli("export", str(demo_file), "--format", form, "-o", str(tmp_path / "x")).returncode == 0
    assert (tmp_path / "x").read_text().startswith(begins)


def test_stops_without_complaint_when_nobody_reads_on(demo_file: Path) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m candidacy export {demo_file} | head -c 100 | wc -c"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("100", "")


# --- the name book


def test_keeps_names_beside_the_ledger_and_never_in_it(demo_file: Path) -> None:
    before = leaves(demo_file)
    assert cli("names", str(demo_file), "--set", "hhs-001.candidate", "Pat Example", "--set", "x.y", "Zoë Ünal").returncode == 0
    done = cli("names", str(demo_file))
    assert done.stdout.splitlines() == ["hhs-001.candidate  Pat Example", "x.y  Zoë Ünal"]
    assert NameBook.beside(demo_file).path.stat().st_mode & 0o077 == 0, "nobody else may read it"
    for arguments in (
        ("status", str(demo_file)),
        ("history", str(demo_file), "hhs-001"),
        ("export", str(demo_file)),
        ("audit", str(demo_file)),
    ):
        assert "Pat" not in cli(*arguments).stdout
    assert leaves(demo_file) == before
    assert cli("names", str(demo_file), "--forget", "x.y").returncode == 0
    assert cli("names", str(demo_file), "--forget", "x.y").returncode == 1
    book = NameBook.beside(demo_file)
    assert "Ünal".encode() not in book.path.read_bytes(), "what is forgotten leaves no bytes"
    book.path.unlink()
    assert cli("names", str(demo_file)).stdout == "no names\n"


@pytest.mark.parametrize(
    ("person", "name"), [("two words", "A"), ("p", ""), ("p", "a\nb"), ("p", "x" * 201), ("p", "a\u202eb"), ("", "A")]
)
def test_takes_no_name_that_cannot_be_shown(demo_file: Path, person: str, name: str) -> None:
    done = cli("names", str(demo_file), "--set", person, name)
    assert done.returncode == 2
    assert not NameBook.beside(demo_file).path.exists()


def test_verifies_what_it_restores(demo_file: Path, out: Path, tmp_path: Path) -> None:
    assert cli("export", str(demo_file), "-o", str(out)).returncode == 0
    assert cli("restore", str(tmp_path / "r"), str(out)).returncode == 0
    with SqliteLedger(tmp_path / "r", read_only=True) as ledger:
        assert verify(ledger).records == 908
    assert cli("audit", str(tmp_path / "r")).returncode == 0
