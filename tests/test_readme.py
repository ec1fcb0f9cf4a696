"""The README keeps its word: its Python runs and prints what it says, its commands exist and its ten lines are ten."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, process

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def test_runs_the_ten_lines_of_embedding_and_of_audit_and_prints_what_it_says(tmp_path: Path) -> None:
    sources, prints = ([text for kind, text in BLOCKS if kind == k] for k in ("python", "text"))
    assert len(sources) == len(prints) == 2
    for source, printed in zip(sources, prints, strict=True):
        done = subprocess.run([sys.executable, "-c", source], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == printed
    (tmp_path / "command.json").write_text(next(text for kind, text in BLOCKS if kind == "json"))
    for line in next(text for kind, text in BLOCKS if kind == "sh" and "candidacy why" in text).splitlines():
        arguments = line.partition("#")[0].split()[1:]
        done = process(*(str(tmp_path / a) if a.endswith((".ledger", ".json")) else a for a in arguments))
        assert done.returncode == (1 if "exit 1" in line else 0), done.stderr


@pytest.mark.parametrize("which", [0, 1])
def test_embeds_and_audits_in_ten_statements(which: int) -> None:
    import ast

    source = [text for kind, text in BLOCKS if kind == "python"][which]
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(source)))
    assert statements <= 11, "an import and ten"


def test_lists_every_command_and_no_other() -> None:
    listed = set(re.findall(r"^\| `candidacy ((?:plugin )?\w+)", README, re.MULTILINE))
    offered = commands() - {"plugin"} | {f"plugin {command}" for command in commands("plugin")}
    assert {"new", "plugin new"} <= offered
    assert listed == offered


def commands(*group: str) -> set[str]:
    """What a group of commands offers."""
    return set(re.findall(r"^  (\w+) ", process(*group, "--help").stdout.partition("Commands:")[2], re.MULTILINE))


def test_counts_its_people_right() -> None:
    from candidacy import discover

    people = {c["case"] for caseload in discover().caseloads.values() for c in caseload()}
    assert f"{len(people)} invented people" in README
    assert len(people) >= 40


def test_names_modules_that_exist_in_the_order_of_the_layers() -> None:
    named = re.findall(r"`([a-z_]+)`", README.partition("order of its layers:")[2].partition("[CONTRIBUTING")[0])
    modules = {p.stem for p in (ROOT / "engine" / "candidacy").glob("*.py")} | {"cli"}
    assert set(named) <= modules
    for link in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / link).exists(), link
