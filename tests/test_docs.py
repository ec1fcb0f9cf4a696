"""The documents keep their word: their commands run in order and print what they say."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from inspect import isfunction
from pathlib import Path

import attrs
import pytest

import candidacy
from candidacy import discover
from candidacy._mapping import SheetMapping
from pg import Server
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
    [
        "in-and-out.md",
        "taking-over.md",
        "remaining.md",
        "interventions.md",
        "what-if.md",
        "audit.md",
        "packet.md",
        "trying.md",
        "checkpoints.md",
    ],
)
def test_runs_its_commands_and_prints_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples" / "taking_over", tmp_path / "taking_over")
    monkeypatch.chdir(tmp_path)
    run_through(told(name))


def test_operates_a_ledger_as_the_document_says(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups, what is put back, and to PostgreSQL and back: with a real server in the place of the one it names."""
    monkeypatch.chdir(tmp_path)
    place = postgres.place()
    run_through([(kind, text.replace("postgresql:///ledgers", f"'{place}'")) for kind, text in told("operating.md")])
    assert (tmp_path / "keys.backup" / "verifier.key").read_bytes() == (tmp_path / "keys" / "verifier.key").read_bytes()


def run_through(blocks: list[tuple[str, str]]) -> None:
    """Run what a document tells, in order, and compare what it says is printed."""
    ran, printed = 0, ""
    for kind, text in blocks:
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
        elif kind == "bash" and text.startswith("cp "):
            subprocess.run(shlex.split(text), check=True)
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


@pytest.mark.parametrize("name", ["embedding.md"])
def test_runs_its_program_and_prints_what_it_says(name: str, tmp_path: Path) -> None:
    source, *_ = [text for kind, text in told(name) if kind == "python"]  # the others are run by test_postgres.py
    printed, *_ = [text for kind, text in told(name) if kind == "text"]
    done = python(source, tmp_path)
    assert (done.returncode, done.stdout) == (0, printed), done.stderr


AUTHORS = [
    "authority",
    "citation",
    "parameter",
    "rule",
    "catalogue",
    "confidential",
    "role",
    "events",
    "standard",
    "document",
    "interventions",
    "case",
    "strands",
    "spans",
    "workdays",
    "clock",
    "check",
    "asking",
    "draft",
    "lifecycle",
    "latitude",
    "program",
]
"""The modules whose public names are for authors of rules, in the order of the reference."""


def test_runs_the_language_of_rules_from_top_to_bottom_and_prints_what_it_says() -> None:
    """All blocks in one namespace; each that prints has what it prints under it."""
    blocks = told("rules.md")
    marked = "".join(f"{text}\nprint(chr(0))\n" for kind, text in blocks if kind == "python")
    done = python(marked)
    assert done.returncode == 0, done.stderr
    printed = iter(done.stdout.split("\0\n"))
    for (kind, _), (under, text) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "python":
            assert next(printed) == (text if under == "text" else "")
    assert [kind for kind, _ in blocks].count("text") >= 20


def unshown(names: Iterable[str], source: str) -> set[str]:
    """The functions among these names that no example calls."""
    return {name for name in names if isfunction(getattr(candidacy, name)) and f"c.{name}(" not in source}


def test_has_every_name_for_authors_in_the_reference_and_every_block_in_an_example() -> None:
    """So that a block that is new, and has no example, turns it red."""
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", (ROOT / "docs" / "rules-reference.md").read_text(), re.MULTILINE)
    public = [name for module in AUTHORS for name in candidacy._HOMES[module].split()]
    assert sorted(name for name, _ in rows if "." not in name) == sorted(public)
    assert all(len(meaning) > 5 for _, meaning in rows)
    source = "".join(text for kind, text in told("rules.md") if kind == "python")
    assert unshown(public, source) == set()
    assert unshown(public, source.replace("c.recorded(", "")) == {"recorded"}  # the teeth


def test_names_in_the_reference_only_what_the_classes_can_do() -> None:
    text = (ROOT / "docs" / "rules-reference.md").read_text()
    calls = re.findall(r"^\| `(\w+)\.(\w+)` \| ", text, re.MULTILINE)
    assert all(hasattr(getattr(candidacy, kind), name) for kind, name in calls)
    offered = {name for name in vars(candidacy.Authority) if not name.startswith("_")} - {
        a.name for a in attrs.fields(candidacy.Authority)
    }
    assert {name for kind, name in calls if kind == "Authority"} == offered


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


# --- adding an agency


STEP = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.DOTALL | re.MULTILINE)
ABOUT = "Metadata-Version: 2.1\nName: candidacy-lights\nVersion: 0.1.0\n"


class Afternoon:
    """A folder in which the document is followed step by step, by processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.printed = folder, ""

    def take(self, kind: str, place: str, text: str) -> None:
        if kind == "sh":
            self.printed = "".join(self._run(line) for line in text.splitlines())
        elif kind == "diff":
            self._edit(self.folder / place, text)
        elif kind == "remove":
            for name in text.splitlines():
                (self.folder / name).unlink()
        elif place:
            (self.folder / place).write_text(text)
        else:
            assert kind == "text"
            assert pattern(text).fullmatch(self.printed), f"found\n{self.printed}\nneeded\n{text}"

    def _edit(self, file: Path, text: str) -> None:
        """Lines with a minus, each run of them replaced by the lines with a plus behind it."""
        content, lines = file.read_text(), text.splitlines(keepends=True)
        for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", "".join(lines), re.MULTILINE):
            then, now = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE) for part in (old, new))
            assert content.count(then) >= 1, then
            content = content.replace(then, now, 1)
        file.write_text(content)

    def _run(self, line: str) -> str:
        command, _, note = line.partition("  #")
        name, *arguments = shlex.split(command)
        if name == "pip":  # as an installer leaves it
            about = self.folder / "site" / "candidacy_lights-0.1.0.dist-info"
            about.mkdir(parents=True)
            (about / "METADATA").write_text(ABOUT)
            (about / "entry_points.txt").write_text("[candidacy]\nlights = candidacy_lights\n")
            return ""
        more = ["-p", "no:cacheprovider"] if name == "pytest" else []
        paths = [str(self.folder / p) for p in ("site", "candidacy-lights")]
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(
            [sys.executable, "-m", name, *arguments, *more], cwd=self.folder, capture_output=True, text=True, check=False, env=env
        )
        assert done.returncode == (int(note.split()[1]) if note else 0), f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout


def test_goes_from_guidelines_to_a_checked_plugin_as_the_document_says(tmp_path: Path) -> None:
    afternoon = Afternoon(tmp_path)
    steps = STEP.findall((ROOT / "docs" / "adding-an-agency.md").read_text())
    for kind, place, text in steps:
        afternoon.take(kind, place, text)
    assert len(steps) > 20
    assert sorted(p.name for p in (tmp_path / "documents" / "lights").iterdir()) == [
        "coverage.md",
        "forms.md",
        "handbook.md",
        "index.md",
        "lifecycle.md",
    ]


def test_would_see_a_step_that_does_not_print_what_it_says(tmp_path: Path) -> None:
    """Teeth: another number in a file, another text below a command, an edit of what is not there."""
    afternoon = Afternoon(tmp_path)
    afternoon.take("text", "a.txt", "one\n")
    with pytest.raises(AssertionError):
        afternoon.take("diff", "a.txt", "-two\n+three\n")
    afternoon.take("sh", "", "candidacy plugin check --explain P301\n")
    with pytest.raises(AssertionError, match="found"):
        afternoon.take("text", "", "P301: Every rule is dead\n...\n")
    with pytest.raises(AssertionError):
        afternoon.take("sh", "", "candidacy plugin check nowhere\n")
