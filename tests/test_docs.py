"""The documents keep their word: their commands run in order and print what they say."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from candidacy import discover
from candidacy._mapping import SheetMapping
from support import ROOT, cli

DOCS = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def told(name: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / "docs" / name).read_text())


def pattern(text: str) -> re.Pattern[str]:
    """What is printed, where a line or a word `...` stands for anything."""
    lines = (re.escape(line).replace(re.escape("..."), "[^\n]*") + "\n" for line in text.splitlines())
    return re.compile("".join("(?:.*\n)*?" if line.startswith("[^\n]*\n") else line for line in lines))


def python(source: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Python as a process of its own."""
    return subprocess.run([sys.executable, "-c", source], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "name",
    ["in-and-out.md", "taking-over.md", "remaining.md", "interventions.md", "what-if.md", "audit.md", "packet.md", "trying.md"],
)
def test_runs_its_commands_and_prints_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples" / "taking_over", tmp_path / "taking_over")
    monkeypatch.chdir(tmp_path)
    ran, printed = 0, ""
    for kind, text in told(name):
        if kind == "sh":
            printed = ""
            for line in text.splitlines():
                command, _, note = line.partition("#")
                done = cli(*shlex.split(command)[1:])
                assert done.returncode == (int(note.split()[1]) if "exit" in note else 0), f"{line}\n{done.stderr}"
                printed, ran = printed + done.stdout, ran + 1
        elif kind == "python":
            done = python(text)
            assert done.returncode == 0, done.stderr
            printed = done.stdout
        elif kind == "text" and printed:
            assert pattern(text).fullmatch(printed), f"found\n{printed}\nneeded\n{text}"
    assert ran > 5


def test_shows_rows_that_are_in_the_sheet() -> None:
    shown = next(text for kind, text in told("taking-over.md") if kind == "text")
    sheet = (ROOT / "examples" / "taking_over" / "hhs" / "sheet.csv").read_text().splitlines()
    assert set(shown.splitlines()) <= set(sheet)


def test_shows_a_mapping_that_is_one() -> None:
    (mapping,) = [text for kind, text in told("in-and-out.md") if kind == "json"]
    columns = SheetMapping(mapping.encode(), discover().codec).layout.columns
    assert set(columns) == {"No.", "Case", "Done", "Entered by", "Course", "Hours", "Interagency", "ECQs"}
    assert json.loads(mapping)["source"] == "training-office"


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_to_what_is_there(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize("name", ["embedding.md", "rules.md"])
def test_runs_its_program_and_prints_what_it_says(name: str, tmp_path: Path) -> None:
    (source,) = [text for kind, text in told(name) if kind == "python"]
    (printed,) = [text for kind, text in told(name) if kind == "text"]
    done = python(source, tmp_path)
    assert (done.returncode, done.stdout) == (0, printed), done.stderr


def test_shows_in_the_readme_what_the_commands_print(demo_file: Path) -> None:
    shown = [text for kind, text in BLOCK.findall((ROOT / "README.md").read_text()) if kind == "console"]
    assert shown
    for text in shown:
        command, _, printed = text.partition("\n")
        assert command.startswith("$ candidacy ")
        done = cli(*(str(demo_file) if word == "demo.ledger" else word for word in shlex.split(command)[2:]))
        assert pattern(printed).fullmatch(done.stdout), f"found\n{done.stdout}\nneeded\n{printed}"


def test_names_for_each_system_a_test_that_exists() -> None:
    rows = [line for line in (ROOT / "docs" / "systems.md").read_text().splitlines() if line.startswith("| S")]
    assert [row.split()[1] for row in rows] == [f"S{n}" for n in range(1, 14)]
    for row in rows:
        file, _, name = row.split("`")[-2].partition("::")
        (path,) = (ROOT / "tests").rglob(file)
        assert f"def {name.partition('[')[0]}(" in path.read_text(), row
