"""Someone without this package reads what it has written: `examples/read_export.py`, Python's standard library alone."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from candidacy import Record, SqliteLedger
from support import ROOT, cli

SCRIPT = ROOT / "examples" / "read_export.py"
MOST_LINES = 20


@pytest.fixture(scope="module")
def export(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's records, as exported."""
    path = tmp_path_factory.mktemp("export") / "demo.jsonl"
    assert cli("export", str(demo_file), "-o", str(path)).returncode == 0
    return path


def printed(file: Path, case: str) -> list[str]:
    """What the script prints, run with no environment of Python's and no installed package."""
    done = subprocess.run([sys.executable, "-I", "-S", str(SCRIPT), str(file), case], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def told(records: Iterable[Record]) -> Iterator[str]:
    """What it should print, told by the engine's own records."""
    for record in records:
        what = record.type_name.partition(".")[2].rpartition(".")[0].replace("_", " ")
        moved, person = record.moved, record.data["actor"]["person"]
        yield f"{record.day}  {what}  {record.word}  {moved['from']} -> {moved['to']}  by {person}"
        if not record.accepted:
            yield from (f"    {f.rule}: {f.outcome}" for f in record.findings if f.refuses)


def test_tells_every_case_as_the_ledger_does(demo_file: Path, export: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        histories = {case: list(told(ledger.of_case(case))) for case in ledger.cases()}
    assert len(histories) >= 40
    assert {case: printed(export, case) for case in histories} == histories
    everything = [line for history in histories.values() for line in history]
    assert any(line.startswith("    ") and line.endswith("undetermined") for line in everything)
    assert any("  refused  " in line for line in everything)


@pytest.mark.parametrize(
    ("field", "value"), [("day", "2004-05-04"), ("decision", "refused"), ("type", "candidacy.withdrawn.1"), ("case", "hhs-002")]
)
def test_would_tell_another_story_of_other_records(export: Path, tmp_path: Path, field: str, value: str) -> None:
    changed = tmp_path / "changed.jsonl"
    records = [json.loads(line) for line in export.read_bytes().splitlines()]
    first = next(r for r in records if r.get("case") == "hhs-001")
    assert first[field] != value
    first[field] = value
    changed.write_text("".join(json.dumps(r) + "\n" for r in records))
    assert printed(changed, "hhs-001") != printed(export, "hhs-001")


def test_leaves_out_what_only_advises(export: Path, tmp_path: Path) -> None:
    record = next(r for r in map(json.loads, export.read_bytes().splitlines()) if r.get("decision") == "refused")
    advice = [{**f, "advises": True} for f in record["findings"]]
    (tmp_path / "one.jsonl").write_text(json.dumps(record) + "\n")
    (tmp_path / "advice.jsonl").write_text(json.dumps({**record, "findings": advice}) + "\n")
    assert len(printed(tmp_path / "one.jsonl", record["case"])) > 1
    assert len(printed(tmp_path / "advice.jsonl", record["case"])) == 1


def test_is_at_most_twenty_lines_of_the_standard_library() -> None:
    source = SCRIPT.read_text()
    assert len(source.splitlines()) <= MOST_LINES
    assert imported(source) <= sys.stdlib_module_names


def imported(source: str) -> set[str]:
    """The packages that a source imports."""
    found = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_sees_what_is_not_of_the_standard_library() -> None:
    assert not imported("import json\nfrom candidacy import explain") <= sys.stdlib_module_names
