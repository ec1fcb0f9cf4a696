"""Imports mutated files again and again, looks each time at what came of it, and prints the counts as JSON.

    python mangler.py FOLDER FILES SEED [careless]
    python mangler.py large FOLDER [unbounded] [NAME ...]

Every file is a CSV, XLSX or JSONL file of good rows with up to four things done to it. Whatever they are, an import ends
in a plain report and an untouched ledger, or in a clean import. Large ones are imported in processes of their own, whose
memory is measured; ``careless`` and ``unbounded`` are planted faults.
"""

import csv
import io
import json
import re
import resource
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from candidacy import (
    CandidacyError,
    Engine,
    InputError,
    SqliteLedger,
    _cells,
    _imports,
    _mapping,
    _sources,
    _workbooks,
    discover,
    verify,
)
from candidacy.cli import run
from candidacy_hhs.caseload import Candidate

ROOT = Path(__file__).parent.parent.parent
SHEET, MAPPING = (ROOT / "examples" / "taking_over" / "hhs" / name for name in ("sheet.csv", "mapping.json"))
FILES_PER_LEDGER = 40
WORDS = [
    "", " ", "0", "-1", "²", "①", "٣", "1e3", "40.0", "1,000", "9" * 30, "=1+1", "=cmd|' /C calc'!A0", "@x", "+1", "\t", "\0", "\ufeff",
    "\u202e", "\ud7ff", "é" * 70, "x" * 65, "x" * 40_000, "Jane Roe", '"', '""', '","', "\n", "\r\n", ";", "{}", "[]", "null", "true", "NaN",
    "02/30/2004", "2004-10-01", "10/1/2004", "13/13/2004", "10/01/20045", "0/0/0", "9999-99-99", "12/31/9999", "1/1/1", "hhs-301", "hhs-999",
    "taken over", "enrolled", "developing", "removed", "hhs-coordinator", "Leading Change;;;", "'", "\\", "%s", "${x}", "<x>", "&a;",
]  # fmt: skip
NUMBERS = ["²", "①", "٣", "-0", "007", "1e1", "4.0", "1,0", "0x1", "1_0", "9" * 16, "+4", "4 0"]
BYTES = [b"\xff", b"\xfe\xff", b"\x00", b'"', b"\n", b"\r", b",", b"\xc3", b"\xed\xa0\x80", b"PK\x03\x04", b"\xef\xbb\xbf", b"\x1a"]
XML = [
    b"<c r='ZZZ9'/>", b"<c t='s'><v>999999</v></c>", b"<c t='b'><v>7</v></c>", b"<c><v>1e999</v></c>", b"<c><f>1+1</f><v>2</v></c>",
    b"<c t='e'><v>#N/A</v></c>", b"<c s='1'><v>99999999</v></c>", b"<c t='d'><v>2004-13-01</v></c>", b"<row r='0'/>", b"<row r='1048577'/>",
    b"<row r='99999999999'/>", b"<row r='x'/>", b"<row r='-3'/>", b"<mergeCells><mergeCell ref='A1:B9'/></mergeCells>", b"]]>", b"<", b"&b;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<mergeCell/>", b"<c r='A1'/>", b"<c r='1A'/>", b"<c t='inlineStr'><is><t>x</t></is></c>", b"\xff",
]  # fmt: skip


# --- good files


def good_csv() -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(SHEET.read_text(), newline="")))
    course = next(row for row in rows if row[2] == "course completed")
    return [*rows, *([str(n), *course[1:]] for n in range(101, 113))]


def good_xlsx() -> dict[str, bytes]:
    from openpyxl import Workbook

    book, text = Workbook(), io.BytesIO()
    for row in good_csv():
        book.active.append([cell or None for cell in row])
    book.save(text)
    with zipfile.ZipFile(text) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def good_jsonl() -> list[Any]:
    life = (
        Candidate("c").selected().enrolled().planned().assigned("a1", "2004-08-02", 60).trained("t", "2004-09-01", 80).requested()
    )
    return list(life)


# --- what is done to them


def bent(chance: Random, data: bytes, pool: list[bytes]) -> bytes:
    """Bytes with one thing done to them."""
    at = chance.randrange(len(data) + 1)
    what = chance.randrange(6)
    if what == 0:
        return data[:at]
    if what == 1 and data:
        at = min(at, len(data) - 1)
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if what == 2:
        return data[:at] + data[at + chance.randrange(1, 40) :]
    if what == 3:
        return data[:at] + data[at : at + chance.randrange(1, 200)] + data[at:]
    return data[:at] + chance.choice(pool) + data[at:]


def bent_rows(chance: Random, rows: list[list[str]]) -> list[list[str]]:
    rows = [list(row) for row in rows]
    row = chance.randrange(len(rows))
    what = chance.randrange(9)
    digits = [n for n, cell in enumerate(rows[row]) if cell.isdigit()]
    if what <= 1 and digits:
        rows[row][chance.choice(digits)] = chance.choice(NUMBERS)
    elif what <= 3:
        filled = [n for n, cell in enumerate(rows[row]) if cell] or [0]
        rows[row][chance.choice(filled)] = chance.choice(WORDS)
    elif what == 4:
        del rows[row][chance.randrange(len(rows[row]))]
    elif what == 5:
        rows[row].insert(chance.randrange(len(rows[row])), chance.choice(WORDS))
    elif what == 6:
        rows.append(rows[row])
    elif what == 7:
        chance.shuffle(rows)
    else:
        at = chance.randrange(len(rows[0]))
        for each in rows:
            each[at : at + 1] = [chance.choice(WORDS)] if chance.random() < 0.1 else each[at : at + 1]
    return rows


def mangled_csv(chance: Random) -> bytes:
    rows = good_csv()
    for _ in range(chance.randrange(4)):
        rows = bent_rows(chance, rows) if rows and all(rows) else rows
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=chance.choice(",,,,,;\t"), quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerows(rows)
    data = text.getvalue().encode(chance.choice(["utf-8"] * 7 + ["utf-8-sig", "utf-16", "latin-1", "cp1252"]), "replace")
    return bent(chance, data, BYTES) if chance.random() < 0.5 else data


def mangled_xlsx(chance: Random) -> bytes:
    parts = good_xlsx()
    for _ in range(chance.randrange(1, 4)):
        name = chance.choice(sorted(parts))
        what = chance.randrange(8)
        if what == 0:
            del parts[name]
        elif what <= 5:
            sheet = next((n for n in parts if n.startswith(_workbooks.SHEETS)), name)
            parts[sheet] = bent(chance, parts[sheet], XML)
        else:
            parts[name] = bent(chance, parts[name], XML)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return bent(chance, data.getvalue(), BYTES) if chance.random() < 0.3 else data.getvalue()


def mangled_jsonl(chance: Random) -> bytes:
    commands = [json.loads(json.dumps(c)) for c in good_jsonl()]
    for _ in range(chance.randrange(4)):
        holder = chance.choice(commands)
        while holder and chance.random() < 0.6:
            inner = [v for v in holder.values() if isinstance(v, dict) and v]
            if not inner:
                break
            holder = chance.choice(inner)
        key = chance.choice(sorted(holder)) if holder else "x"
        what = chance.randrange(4)
        if what == 0 and holder:
            del holder[key]
        elif what == 1:
            holder[chance.choice(WORDS)] = 1
        else:
            holder[key] = chance.choice([*WORDS, None, True, 0, -1, 1.5, 2**60, [], {}, [[]], {"a": {}}])
    if chance.random() < 0.2:
        chance.shuffle(commands)
    data = b"".join(json.dumps(c, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass") + b"\n" for c in commands)
    return bent(chance, data, BYTES) if chance.random() < 0.4 else data


def large() -> dict[str, Callable[[], bytes]]:
    """Files of a million rows, bombs, and lines without end, by name."""
    n, rows = 1_000_000, SHEET.read_bytes().splitlines(keepends=True)
    sheet = _workbooks.SHEETS + "sheet1.xml"
    return {
        "a million rows.csv": lambda: rows[0] + rows[3] * n,
        "a million short rows.csv": lambda: rows[0] + b"1,c\n" * n,
        "a million empty rows.csv": lambda: rows[0] + b",\n" * n,
        "commas.csv": lambda: rows[0] + b"," * 30_000_000,
        "one cell.csv": lambda: b'"' + b"x\n" * 20_000_000,
        "a million commands.jsonl": lambda: b"".join(b'{"id":"c-%d"}\n' % i for i in range(n)),
        "as many good commands as there may be.jsonl": good_commands,
        "a million empty lines.jsonl": lambda: b"\n" * n,
        "brackets.jsonl": lambda: b"[" * 40_000_000,
        "one string.jsonl": lambda: b'{"id":"' + b"x" * 45_000_000,
        "strings.xlsx": lambda: archived(
            {**good_xlsx(), "xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 900_000 + b"</sst>"}
        ),
        "a million empty rows.xlsx": lambda: archived({**good_xlsx(), sheet: sheet_of(lambda i: b"<row r='%d'/>" % i, n)}),
        "a hundred thousand rows.xlsx": lambda: archived({**good_xlsx(), sheet: sheet_of(_wrong_row, 100_000)}),
        "cells.xlsx": lambda: archived(
            {**good_xlsx(), sheet: sheet_of(lambda i: b"<row>" + b"<c/><c r='B1'/>" * 500_000 + b"</row>", 2)}
        ),
        "one text.xlsx": lambda: archived(
            {**good_xlsx(), sheet: sheet_of(lambda i: b"<row><c><v>" + noise(40_000_000) + b"</v></c></row>", 2)}
        ),
        "a picture.xlsx": lambda: archived({**good_xlsx(), "xl/media/x": b"\0" * 100_000_000}),
        "styles.xlsx": lambda: archived({**good_xlsx(), "xl/styles.xml": STYLES + b"<xf/>" * 200_000 + b"</cellXfs></styleSheet>"}),
    }


STYLES = b"<styleSheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><cellXfs>"


def _wrong_row(number: int) -> bytes:
    cells = b"".join(b"<c t='inlineStr'><is><t>%d-%d</t></is></c>" % (number, n) for n in range(12))
    return b"<row r='%d'>%s</row>" % (number, cells)


def noise(size: int) -> bytes:
    return Random(1).randbytes(size // 2).hex().encode()


def good_commands() -> bytes:
    life = [json.dumps(command) for command in Candidate("c").selected().enrolled().planned().assigned("a1", "2004-08-02", 60)]
    lives = (re.sub('"c(?=[".-])', f'"c{n}', line) for n in range(100_000 // len(life)) for line in life)
    return "".join(f"{line}\n" for line in lives).encode()[: _cells.MOST_BYTES].rpartition(b"\n")[0]


def sheet_of(row: Callable[[int], bytes], many: int) -> bytes:
    head = good_xlsx()[_workbooks.SHEETS + "sheet1.xml"].partition(b"</sheetData>")
    last = len(good_csv())
    return head[0] + b"".join(row(n) for n in range(last + 1, last + many)) + head[1] + head[2]


def archived(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


MANGLED: dict[str, Callable[[Random], bytes]] = {"csv": mangled_csv, "xlsx": mangled_xlsx, "jsonl": mangled_jsonl}


# --- what comes of them


def imported(engine: Engine, kind: str, data: bytes) -> Counter[str]:
    """One import, and everything about it that must not be."""
    before = engine.ledger.size()
    mapping = None if kind == "jsonl" else MAPPING.read_bytes()
    seen: Counter[str] = Counter({kind: 1})
    try:
        with _sources.opened(io.BytesIO(data), engine.registry.codec, mapping) as source:
            total = _imports.checked(source)
            foreseen = [a.outcome for a in _imports.rehearsed(engine, source)]
            found = [a for together in _imports.kept(engine, source, a_transaction=5) for a in together]
        new = sum(a.outcome in {"accepted", "refused"} for a in found)
        seen["imported"] += 1
        seen["entered"] += new
        seen["not as foreseen"] += [a.outcome for a in found] != foreseen or len(found) != total
        seen["half a transaction"] += engine.ledger.size() != before + new
    except CandidacyError as wrong:
        said = str(wrong)
        seen["reported"] += 1
        seen["half a transaction"] += engine.ledger.size() != before
        seen["no plain report"] += not isinstance(wrong, InputError) or not said or "Traceback" in said
        seen["names echoed"] += "Roe" in said
    except Exception as fault:  # noqa: BLE001 (any of them is a fault)
        place = sys.exc_info()[2]
        while place and place.tb_next:
            place = place.tb_next
        seen[f"fault {type(fault).__name__} at {place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else "fault"] += 1
    return seen


class Careless:
    """The planted fault: what Python calls a digit is not what `int` takes."""

    fullmatch = staticmethod(str.isdigit)


def measured(path: Path, folder: Path, *flags: str) -> dict[str, Any]:
    """The import of a large file, dry, as a process of its own."""
    ledger = folder / "large.ledger"
    if not ledger.exists():
        SqliteLedger.create(ledger, "America/New_York").close()
    mapping = [] if path.suffix == ".jsonl" else ["--mapping", str(MAPPING)]
    program = [sys.executable, str(Path(__file__)), "unbounded"] if "unbounded" in flags else [sys.executable, "-m", "candidacy"]
    command = [
        sys.executable,
        str(Path(__file__).with_name("measured.py")),
        *program,
        "import",
        str(ledger),
        str(path),
        "--dry-run",
        *mapping,
    ]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return found


def peak() -> int:
    """The most memory this process has held, in MiB; what `getrusage` says includes the parent it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    if sys.argv[1] == "unbounded":  # the planted fault: an import whose reader knows no limits
        for limit in ("MOST_ROWS_OF_A_SHEET", "MOST_UNPACKED", "MOST_OF_A_SHEET", "MOST_OF_A_PART", "MOST_RATIO"):
            setattr(_workbooks, limit, 2**50)
        _workbooks._refuse_a_tangle = lambda *_: None
        sys.exit(run(sys.argv[2:]))
    if sys.argv[1] == "large":
        folder, names = Path(sys.argv[2]), sys.argv[3:]
        flags = [name for name in names if name == "unbounded"]
        for name, make in large().items():
            if not set(names) - {"unbounded"} or name in names:
                (folder / name).write_bytes(make())
                print(json.dumps({"name": name, **measured(folder / name, folder, *flags)}), flush=True)
                (folder / name).unlink()
        return
    folder, files, seed, *flags = sys.argv[1:]
    chance, registry = Random(int(seed)), discover()
    warnings.simplefilter("ignore")
    if "careless" in flags:
        _mapping.NUMBER = Careless  # type: ignore[assignment]
    counts: Counter[str] = Counter()
    ledger: SqliteLedger | None = None
    for n in range(int(files)):
        if not n % FILES_PER_LEDGER:
            if ledger:
                counts["not sound"] += not verify(ledger).sound
                ledger.close()
            ledger = SqliteLedger.create(Path(folder) / f"{n}.ledger", "America/New_York")
            engine = Engine(ledger, registry)
        kind = chance.choice(sorted(MANGLED))
        counts.update(imported(engine, kind, MANGLED[kind](chance)))
    print(json.dumps({**counts, "peak MiB": peak()}))


if __name__ == "__main__":
    main()
