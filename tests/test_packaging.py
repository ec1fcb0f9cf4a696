"""From the files of the repository to an installed product: with its agencies, with one more, and with none."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from configparser import ConfigParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import candidacy
from candidacy import Registry, SqliteLedger
from support import ROOT, ZONE, engine, play

OUTSIDE = Path(__file__).parent / "outside_agency"
AGENCIES = sorted(ROOT.glob("plugins/*/candidacy_*"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index")
CACHES = shutil.ignore_patterns("__pycache__")

Place = list[Path]
"""Folders that together are everything Python can import beside its own library."""


# --- building, installing, running


def pip(command: str, *arguments: str | Path) -> None:
    """Run pip without network, environment or user's settings."""
    whole = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", command, *map(str, arguments)]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


PROGRAMS = ["commerce", "commercementors", "dol", "hhs"]


def copied(folders: Iterable[str], to: Path) -> Path:
    """What a build needs of the repository, so that nothing is written into the checkout."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, to)
    for folder in folders:
        shutil.copytree(ROOT / folder, to / folder, ignore=CACHES)
    return to


def needed(requirements: Iterable[str]) -> set[str]:
    """The distributions that these requirements name, and all that those require."""
    wanted = [r for r in map(Requirement, requirements) if r.marker is None or r.marker.evaluate({"extra": ""})]
    return {r.name for r in wanted}.union(*(needed(distribution(r.name).requires or ()) for r in wanted))


def run(place: Place, *arguments: str | Path, document: str = "") -> subprocess.CompletedProcess[str]:
    """The command line, seeing *place* alone: -S leaves out the environment of the tests, -P the working folder."""
    command = [sys.executable, "-S", "-P", "-m", "candidacy", *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, place)), "PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=env, input=document)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def answer(place: Place, *arguments: str | Path) -> tuple[int, Any]:
    """Exit code and answer of a command that reports."""
    done = run(place, *arguments, "--json")
    return done.returncode, json.loads(done.stdout)


def programs(place: Place) -> list[str]:
    """The names of the programs installed there, none of them at fault."""
    code, data = answer(place, "programs")
    assert (code, data["faults"]) == (0, [])
    return [p["program"] for p in data["programs"]]


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The libraries that pyproject.toml declares, and theirs, copied out of the environment of the tests."""
    folder = tmp_path_factory.mktemp("libraries")
    for name in needed(PYPROJECT["project"]["dependencies"]):
        for file in distribution(name).files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), folder / file)
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the repository."""
    source, folder = copied(("engine", "plugins"), tmp_path_factory.mktemp("source")), tmp_path_factory.mktemp("wheel")
    pip("wheel", source, *OFFLINE, "--wheel-dir", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def whole(wheel: Path, libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The wheel installed: the engine and the agencies of the repository."""
    folder = tmp_path_factory.mktemp("whole")
    pip("install", wheel, *OFFLINE, "--target", folder)
    return [folder, libraries]


@pytest.fixture(scope="session")
def widened(whole: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same and the agency from outside, built and installed from a copy of its own folder."""
    source, folder = tmp_path_factory.mktemp("outside") / "agency", tmp_path_factory.mktemp("widened")
    shutil.copytree(OUTSIDE, source, ignore=CACHES)
    pip("install", source, *OFFLINE, "--target", folder)
    return [folder, *whole]


@pytest.fixture(scope="session")
def engine_alone(libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A wheel of engine/candidacy alone, installed: no agency, no entry point."""
    source, folder = copied(("engine",), tmp_path_factory.mktemp("engine")), tmp_path_factory.mktemp("engine_alone")
    text = (source / "pyproject.toml").read_text("utf-8")
    text = re.sub(r"^\[project\.entry-points\.candidacy\]\n(?:.+\n)+", "", text, flags=re.MULTILINE)
    text = re.sub(r'^  "plugins/.+",\n', "", text, flags=re.MULTILINE)
    (source / "pyproject.toml").write_text(text, "utf-8")
    pip("install", source, *OFFLINE, "--target", folder)
    assert not list(folder.glob("candidacy_*"))
    return [folder, libraries]


@pytest.fixture(scope="session")
def ledger(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger written with the agencies installed: the caseload of DOL."""
    path = tmp_path_factory.mktemp("ledger") / "dol.ledger"
    with SqliteLedger.create(path, ZONE) as made:
        play(engine(registry, made), registry.caseloads["dol"]())
    return path


# --- the lists and the wheel


def test_names_the_same_agencies_wherever_it_lists_them() -> None:
    """A new agency is built, found, typed and linted, or this test says where it was forgotten."""
    packages = [folder.name for folder in AGENCIES]
    folders = [folder.parent.relative_to(ROOT).as_posix() for folder in AGENCIES]
    hatch, tool = PYPROJECT["tool"]["hatch"]["build"], PYPROJECT["tool"]
    contracts = {c["name"]: c for c in tool["importlinter"]["contracts"]}

    assert len(packages) >= 3
    assert hatch["targets"]["wheel"]["packages"] == ["engine/candidacy", *(f.relative_to(ROOT).as_posix() for f in AGENCIES)]
    assert hatch["dev-mode-dirs"] == ["engine", *folders]
    assert PYPROJECT["project"]["entry-points"]["candidacy"] == {folder.parent.name: folder.name for folder in AGENCIES}
    assert tool["mypy"]["mypy_path"].split(":") == ["engine", *folders]
    assert tool["mypy"]["packages"] == ["candidacy", *packages]
    assert tool["ruff"]["src"] == ["engine", *folders, "tests"]
    assert tool["ruff"]["lint"]["isort"]["known-first-party"] == ["candidacy", *packages]
    assert tool["importlinter"]["root_packages"] == ["candidacy", *packages]
    assert contracts["the engine knows no agency"]["forbidden_modules"] == packages
    agencies = [package for package in packages if package != FLOOR]
    assert contracts["agencies do not know each other"]["modules"] == agencies
    assert contracts["the federal floor knows no agency"]["forbidden_modules"] == agencies


FLOOR = "candidacy_opm"
"""The one that agencies may name in their editions."""


def test_builds_a_wheel_that_holds_every_file_and_nothing_else(wheel: Path) -> None:
    """Engine and agencies with their py.typed, the licence, the entry points."""
    with ZipFile(wheel) as opened:
        names = opened.namelist()
        about = next(n.partition("/")[0] for n in names if ".dist-info/" in n)
        licence = opened.read(f"{about}/licenses/LICENSE")
        points = ConfigParser()
        points.read_string(opened.read(f"{about}/entry_points.txt").decode())
    packages = [ROOT / "engine/candidacy", *AGENCIES]
    files = [f for p in packages for f in p.rglob("*") if f.is_file() and "__pycache__" not in f.parts]

    assert {f"{p.name}/py.typed" for p in packages} <= set(names)
    assert {n for n in names if ".dist-info/" not in n} == {
        f.relative_to(p.parent).as_posix() for p in packages for f in files if f.is_relative_to(p)
    }
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert dict(points["candidacy"]) == PYPROJECT["project"]["entry-points"]["candidacy"]
    assert dict(points["console_scripts"]) == {"candidacy": "candidacy.cli:main"}


def test_lists_its_programs_from_an_isolated_installation(whole: Place) -> None:
    assert programs(whole) == PROGRAMS


def test_is_not_found_where_only_its_libraries_are(libraries: Path) -> None:
    """The teeth of the isolation: nothing of the environment of the tests reaches the program under test."""
    done = run([libraries], "programs")
    assert done.returncode == 1
    assert "No module named candidacy" in done.stderr


# --- an agency from outside


@pytest.mark.parametrize("agency", [OUTSIDE, *AGENCIES], ids=lambda folder: folder.name)
def test_serves_agencies_through_public_names_alone(agency: Path) -> None:
    """No agency imports a module of the engine, or a name it does not declare public."""
    own = {f.stem for f in agency.glob("*.py")} | {agency.name}
    nodes = [n for f in agency.rglob("*.py") for n in ast.walk(ast.parse(f.read_bytes()))]
    plain = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    named = [(n.module or "", alias.name) for n in nodes if isinstance(n, ast.ImportFrom) for alias in n.names]
    public = {name for module, name in named if module == "candidacy"}
    roots = {name.partition(".")[0] for name in plain} | {m.partition(".")[0] for m, _ in named if m != "candidacy"}

    assert "hookimpl" in public
    assert public <= set(candidacy.__all__)
    assert roots <= own | {"attrs", FLOOR} | sys.stdlib_module_names


def test_lists_an_agency_installed_from_outside_the_repository(widened: Place) -> None:
    assert programs(widened) == [*PROGRAMS, "widgets"]


def test_checks_a_plugin_that_was_written_for_the_first_release(widened: Place) -> None:
    """It is installed as it was then, uses no name that the release did not have, and passes every point that applies to it."""
    release = json.loads((ROOT / "tests" / "golden" / "0.1.0" / "names.json").read_text())["names"]
    nodes = ast.walk(ast.parse((OUTSIDE / "candidacy_widgets.py").read_bytes()))
    used = {alias.name for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "candidacy" for alias in n.names}
    assert used <= set(release)
    done = run(widened, "plugin", "check", OUTSIDE)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "counts as written for version 1" in done.stdout


def commands() -> list[str]:
    """A fellow who asks one widget too early: selected, 99 inspected, completed?, one more, completed."""
    roles = [{"person": "p1", "role": "fellow"}, {"person": "p2", "role": "fellowship office"}]
    begun = {"program": "widgets", "announcement": "class-of-2024", "roles": roles}
    told = (
        ("candidacy.candidate_selected.1", "2024-02-01", begun),
        ("widgets.widgets_inspected.1", "2024-02-29", {"widgets": 99}),
        ("candidacy.program_completed.1", "2024-03-01", {}),
        ("widgets.widgets_inspected.1", "2024-03-04", {"widgets": 1}),
        ("candidacy.program_completed.1", "2024-03-04", {}),
    )
    documents: list[dict[str, Any]] = [
        {"id": f"w-{n}", "case": "w", "type": kind, "day": day, "actor": {"person": "p2"}, "payload": payload}
        for n, (kind, day, payload) in enumerate(told)
    ]
    return [json.dumps(document) for document in documents]


def test_judges_by_the_rules_of_an_agency_from_outside(widened: Place, tmp_path: Path) -> None:
    """Refused at 99 widgets with the citation, accepted at 100, and audited; a changed rule is then found out."""
    path = tmp_path / "widgets.ledger"
    SqliteLedger.create(path, ZONE).close()
    given = [run(widened, "submit", path, "-", document=document) for document in commands()]
    assert [(g.returncode, g.stdout.partition(":")[0]) for g in given] == [
        (0, "accepted"), (0, "accepted"), (1, "refused"), (0, "accepted"), (0, "accepted"),
    ]  # fmt: skip
    assert "unmet: At least 100 widgets are inspected." in given[2].stdout
    assert "[Charter of the Widget Fellowship, lines 3-4 (WID-1)]" in given[2].stdout

    code, audit = answer(widened, "audit", path)
    assert (code, audit["answer"], audit["identical"], audit["notes"]) == (0, "identical", 5, [])

    changed = shutil.copytree(widened[0], tmp_path / "changed", ignore=CACHES)
    module = changed / "candidacy_widgets.py"
    module.write_text(module.read_text("utf-8").replace("WIDGETS(case),", "WIDGETS(case) + 1,"), "utf-8")
    code, audit = answer([changed, *widened[1:]], "audit", path)
    assert (code, audit["answer"]) == (1, "divergent")
    assert [(d["index"], d["changed"]) for d in audit["divergent"]] == [(3, ["code"]), (5, ["code"])]


def test_begins_an_agency_that_can_be_installed_beside_the_others(whole: Place, tmp_path: Path) -> None:
    done = run(whole, "plugin", "new", "Department of Sprockets", "-o", tmp_path / "plugin")
    assert (done.returncode, done.stderr) == (0, "")
    pip("install", tmp_path / "plugin", *OFFLINE, "--target", tmp_path / "installed")
    assert {p.name for p in (tmp_path / "installed" / "candidacy_sprockets").glob("*.py*")} >= {"__init__.py", "rules.py"}
    assert (tmp_path / "installed" / "candidacy_sprockets" / "py.typed").exists()
    assert programs([tmp_path / "installed", *whole]) == [*PROGRAMS, "sprockets"]


# --- the engine alone


def test_installs_without_any_agency(engine_alone: Place) -> None:
    assert programs(engine_alone) == []


def test_verifies_a_ledger_without_its_agency(engine_alone: Place, whole: Place, ledger: Path, registry: Registry) -> None:
    code, found = answer(engine_alone, "verify", ledger)
    assert (code, found["answer"]) == (3, "nothing failed, not anchored")
    assert found["records"] == len(list(registry.caseloads["dol"]())) + 1
    assert (code, found) == answer(whole, "verify", ledger)
    assert run(engine_alone, "verify", ledger, "--unanchored-ok").returncode == 0


def test_tells_status_and_history_without_the_agency(engine_alone: Place, whole: Place, ledger: Path, registry: Registry) -> None:
    """The same content, whether the agency is installed or not: of all cases, and of one refused before it was accepted."""
    code, statuses = answer(engine_alone, "status", ledger)
    assert (code, [s["case"] for s in statuses]) == (0, sorted({c["case"] for c in registry.caseloads["dol"]()}))
    assert (code, statuses) == answer(whole, "status", ledger)

    code, records = answer(engine_alone, "history", ledger, "dol-003")
    assert (code, {record["decision"] for record in records}) == (0, {"accepted", "refused"})
    assert (code, records) == answer(whole, "history", ledger, "dol-003")

    told = run(engine_alone, "history", ledger, "dol-003")
    assert (told.returncode, told.stderr) == (0, "")
    assert "program completed: refused" in told.stdout


def test_cannot_tell_an_audit_without_the_agency(engine_alone: Place, whole: Place, ledger: Path) -> None:
    """And says which edition is not installed; with the agency, wherever it is installed, the same ledger is identical."""
    told = run(engine_alone, "audit", ledger)
    assert told.returncode == 3
    assert "audit: cannot be told" in told.stdout
    assert "CANNOT BE TOLD 288 records 1, 2, 3, " in told.stdout
    assert "and 268 more: the edition dol/2013 is not installed" in told.stdout

    code, audit = answer(engine_alone, "audit", ledger)
    assert (code, audit["answer"], audit["identical"]) == (3, "cannot be told", 0)
    assert len(audit["cannot_be_told"]) == audit["records"] - 1
    assert {u["why"] for u in audit["cannot_be_told"]} == {"the edition dol/2013 is not installed"}

    code, audit = answer(whole, "audit", ledger)
    assert (code, audit["answer"], audit["cannot_be_told"], audit["notes"]) == (0, "identical", [], [])


# --- in and out


def test_exports_and_restores_without_the_agency(engine_alone: Place, ledger: Path, tmp_path: Path) -> None:
    assert run(engine_alone, "export", ledger, "-o", tmp_path / "e.jsonl").returncode == 0
    assert run(engine_alone, "restore", tmp_path / "r.ledger", tmp_path / "e.jsonl").returncode == 0
    assert run(engine_alone, "export", tmp_path / "r.ledger").stdout == (tmp_path / "e.jsonl").read_text()
    for form in ("csv", "xes", "ocel"):
        assert run(engine_alone, "export", ledger, "--format", form).returncode == 0


def test_says_what_to_install_where_the_library_for_workbooks_is_not(whole: Place, ledger: Path, tmp_path: Path) -> None:
    done = run(whole, "export", ledger, "--format", "xlsx", "-o", tmp_path / "x.xlsx")
    assert (done.returncode, "the extra `sheets`" in done.stderr) == (2, True)
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04")
    mapping = ROOT / "examples" / "taking_over" / "hhs" / "mapping.json"
    done = run(whole, "import", ledger, tmp_path / "x.xlsx", "--mapping", mapping)
    assert (done.returncode, "the extra `sheets`" in done.stderr) == (2, True)


@pytest.mark.parametrize("release", sorted(p.name for p in (ROOT / "tests" / "golden").iterdir() if p.name[0].isdigit()))
def test_offers_in_the_wheel_every_name_that_a_release_offered(whole: Place, release: str) -> None:
    code = "import candidacy, json; print(json.dumps([n for n in candidacy.__all__ if getattr(candidacy, n) is not None]))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, whole))}
    done = subprocess.run([sys.executable, "-S", "-P", "-c", code], capture_output=True, text=True, check=True, env=env)
    names = json.loads((ROOT / "tests" / "golden" / release / "names.json").read_text())["names"]
    assert set(names) - set(json.loads(done.stdout)) == set()
