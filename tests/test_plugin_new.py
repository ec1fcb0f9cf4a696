"""The beginning of a plugin: written whole or not at all, sound as it stands, named after its agency."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidacy import API_VERSION, InputError, _starter
from candidacy._points import BY_CODE
from candidacy._starter import LONGEST_AGENCY, LONGEST_PROGRAM, TEMPLATES, owner, program_of, starter
from support import ROOT, cli

TOOLS = Path(sys.executable).parent
AGENCIES = {
    "Department of Widgets": "",
    "Bureau of Ünïque Gadgets & Co. (it's theirs), Inc.": "",
    "18F": "a" * LONGEST_PROGRAM,
    "X": "x",
}
"""With the name of the program, where it is given."""


def written(folder: Path, agency: str = "Department of Widgets", program: str = "") -> Path:
    starter(agency, program).write(folder)
    return folder


def tool(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A tool of the author's, run in the plugin's folder, seeing this engine and nothing of this repository's settings."""
    path = os.pathsep.join(str(ROOT / part) for part in ("engine", *sorted(str(p) for p in (ROOT / "plugins").iterdir())))
    env = {**os.environ, "PYTHONPATH": path, "MYPYPATH": str(ROOT / "engine"), "PYTHONUTF8": "1"}
    return subprocess.run([sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, text=True, check=False)


def points(folder: Path, package: str, name: str) -> None:
    """An installation of the folder: what pip writes for an editable one."""
    (folder / f"{package}-0.1.0.dist-info").mkdir()
    (folder / f"{package}-0.1.0.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1.0\n")
    (folder / f"{package}-0.1.0.dist-info" / "entry_points.txt").write_text(f"[candidacy]\n{name} = {package}\n")


# --- what is written


@pytest.mark.parametrize(("agency", "program"), AGENCIES.items())
def test_is_linted_and_formatted_as_it_stands(agency: str, program: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "p", agency, program)
    checked = tool(folder, "ruff", "check", "--no-cache")
    formatted = tool(folder, "ruff", "format", "--check", "--no-cache")
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout


def test_is_typed_as_it_stands_and_its_types_are_looked_at(tmp_path: Path) -> None:
    folder = written(tmp_path / "p")
    done = tool(folder, "mypy")
    assert done.returncode == 0, done.stdout
    assert "4 source files" in done.stdout
    rules = folder / "candidacy_widgets" / "rules.py"
    rules.write_text(rules.read_text().replace("hours=hours)", "hours=hours).no_such_thing"))
    assert tool(folder, "mypy").returncode == 1


def test_tells_its_own_life_and_notices_another_number(tmp_path: Path) -> None:
    folder = written(tmp_path / "p")
    stories = ("pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "tests/test_stories.py")
    done = tool(folder, *stories)
    assert done.returncode == 0, done.stdout + done.stderr
    rules = folder / "candidacy_widgets" / "rules.py"
    for number in (39, 41):
        rules.write_text(re.sub(r"\b(39|40|41),", f"{number},", rules.read_text()))
        done = tool(folder, *stories)
        assert (done.returncode, "1 failed" in done.stdout) == (1, True), number


def test_loads_beside_the_installed_agencies_and_covers_its_statement(tmp_path: Path) -> None:
    folder = written(tmp_path / "p")
    points(folder, "candidacy_widgets", "widgets")
    listed = tool(folder, "candidacy", "programs")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert re.findall("^[a-z]+", listed.stdout, re.MULTILINE) == ["commerce", "commercementors", "dol", "hhs", "widgets"]
    covered = tool(folder, "candidacy", "coverage", "widgets")
    assert covered.returncode == 0, covered.stderr
    assert "W-1" in covered.stdout
    assert "not modelled" not in covered.stdout


def test_lets_a_case_end_in_every_way_that_its_lifecycle_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its one life completes the program; the acts that lead elsewhere have somebody who may enter them."""
    folder = written(tmp_path / "p", program="reachable")
    monkeypatch.syspath_prepend(str(folder))
    from importlib import import_module

    edition = import_module("candidacy_reachable").EDITION
    moved = {act for _, act in edition.table}
    assert edition.lifecycle.finals == ("completed", "withdrawn")
    assert {kind.type_name for kind in edition.entered_by} == {*moved, "reachable.training_completed.1"}
    assert all(kind.__doc__ for kind in edition.entered_by)
    assert [s.by for s in edition.catalogue] == [(*edition.rules, *edition.parameters)]
    assert [a.title for a in edition.authorities] == [edition.rules[0].citation.document]


def test_holds_the_text_whose_digest_its_authority_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "p", "Bureau of Ünïque Gadgets", "digested")
    monkeypatch.syspath_prepend(str(folder))
    from importlib import import_module

    rules = import_module("candidacy_digested.rules")
    text = (folder / "authorities" / "guide.txt").read_bytes()
    assert rules.GUIDE.sha256 == sha256(text).hexdigest()
    first, last = rules.HOURS.values[0].citation.lines[0]
    assert "forty hours" in " ".join(text.decode().splitlines()[first - 1 : last])
    assert len(text.splitlines()) == last


def test_is_told_by_the_check_what_a_first_change_leaves_open(tmp_path: Path) -> None:
    """What its README says of the failures to come."""
    folder = written(tmp_path / "p")
    rules, table = folder / "candidacy_widgets" / "rules.py", folder / "requirements.csv"
    rules.write_text(
        re.sub('    sha256="[0-9a-f]*",\n', "", rules.read_text()).replace(
            'publisher="Department of Widgets"', 'publisher="who issued it"'
        )
    )
    table.write_text(f'{table.read_text()}W-2,info,Guide,4,,"More."\n')
    done = tool(folder, "candidacy", "plugin", "check")
    failed = re.findall("^✗ (P[0-9]+)", done.stdout, re.MULTILINE)
    assert (done.returncode, failed) == (1, ["P601", "P603"]), done.stdout
    assert "has no sha256 of the text worked from" in done.stdout
    assert "has the publisher 'who issued it', as the skeleton wrote it; needed your own words" in done.stdout
    told = set(re.findall(r"^\| (P[0-9]+) \|", (folder / "README.md").read_text(), re.MULTILINE))
    assert set(failed) <= told <= set(BY_CODE)


def test_declares_the_api_it_was_written_for(tmp_path: Path) -> None:
    assert f"\nCANDIDACY_API = {API_VERSION}\n" in (written(tmp_path / "p") / "candidacy_widgets" / "__init__.py").read_text()


def test_uses_public_names_alone_and_few_lines_of_python(tmp_path: Path) -> None:
    import candidacy

    package = written(tmp_path / "p") / "candidacy_widgets"
    source = "".join(file.read_text() for file in sorted(package.glob("*.py")))
    assert set(re.findall(r"\bc\.(\w+)", source)) <= set(candidacy.__all__)
    assert len([line for line in source.splitlines() if line.strip()]) <= 120


def test_writes_every_template_and_no_other() -> None:
    kept = {file.name for file in (ROOT / "engine" / "candidacy" / "_scaffold").iterdir()}
    assert kept == {f"{name}.template" for name in TEMPLATES.values() if name}


# --- the command


def test_writes_a_plugin_and_says_what_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("plugin", "new", "Department of Widgets")
    assert (done.returncode, done.stderr) == (0, "")
    assert "candidacy-widgets: a plugin for Department of Widgets, program widgets, 13 files" in done.stdout
    found = {
        file.relative_to(tmp_path / "candidacy-widgets").as_posix()
        for file in (tmp_path / "candidacy-widgets").rglob("*")
        if file.is_file()
    }
    assert found == {path.format(package="candidacy_widgets") for path in TEMPLATES}
    assert [p.name for p in tmp_path.iterdir()] == ["candidacy-widgets"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["123"], "found no letter"),
        (["Widgets\nand more\x1b"], "characters that are part of no name"),
        (['Department of "Widgets"'], "characters that are part of no name"),
        (["Department of $program"], "characters that are part of no name"),
        (["W" * (LONGEST_AGENCY + 1)], f"found {LONGEST_AGENCY + 1} characters"),
        (["日本"], "--program: found no name"),
        (["18F"], "--program: found no name"),
        (["Widgets", "--program", "Widgets"], "the name Widgets"),
        (["Widgets", "--program", "wid_gets"], "the name wid_gets"),
        (["Widgets", "--program", "1widgets"], "the name 1widgets"),
        (["Widgets", "--program", "a" * (LONGEST_PROGRAM + 1)], f"at most {LONGEST_PROGRAM}"),
        (["Widgets", "--program", "candidacy"], "the engine's own name"),
        (["Widgets", "--program", "hhs"], "which an installed plugin has"),
        (["Commerce"], "which an installed plugin has"),
        (["Widgets", "--program", "opm"], "which an installed plugin has"),
        (["Widgets", "--program", "commercementors"], "which an installed plugin has"),
    ],
)
def test_refuses_names_that_would_not_do(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = cli("plugin", "new", *arguments, "-o", str(tmp_path / "p"))
    assert done.returncode == 2
    assert words in done.stderr
    assert not list(tmp_path.iterdir())


def test_says_everything_that_is_wrong_with_names_at_once() -> None:
    with pytest.raises(InputError) as wrong:
        starter('"', "No")
    assert [p.path for p in wrong.value.problems] == ["NAME", "NAME", "--program"]


def test_refuses_the_name_of_a_package_that_can_be_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert starter("Sprigs").program == "sprigs"
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "candidacy_sprigs.py").write_text("")
    with pytest.raises(InputError, match="the package candidacy_sprigs, which is installed"):
        starter("Sprigs")


def test_takes_names_at_the_length_they_may_have() -> None:
    assert starter("W" * LONGEST_AGENCY, "a" * LONGEST_PROGRAM).folder == "candidacy-" + "a" * LONGEST_PROGRAM
    assert owner("hhs") == "hhs"


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_leaves_what_is_there(there: str, tmp_path: Path) -> None:
    place = tmp_path / "p"
    {"file": place.touch, "folder": place.mkdir, "link": lambda: place.symlink_to("nowhere")}[there]()
    done = cli("plugin", "new", "Department of Widgets", "-o", str(place))
    assert done.returncode == 2
    assert "needed a path where nothing is" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["p"]
    assert not place.is_dir() or not list(place.iterdir())


def test_says_where_nothing_can_be_written(tmp_path: Path) -> None:
    for place in (tmp_path / "missing" / "p", tmp_path / ("n" * 300), Path("/proc/p")):
        done = cli("plugin", "new", "Department of Widgets", "-o", str(place))
        assert (done.returncode, "cannot be written" in done.stderr) == (2, True), place
    assert not list(tmp_path.iterdir())


def filled_at(fails_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the disk is full when the file of that number is written; those before it are there."""
    write, count = Path.write_bytes, iter(range(len(TEMPLATES)))

    def full(path: Path, data: bytes) -> int:
        if next(count) == fails_at:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)


@pytest.mark.parametrize("fails_at", range(len(TEMPLATES)))
def test_leaves_nothing_half_written(fails_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled_at(fails_at, monkeypatch)
    done = cli("plugin", "new", "Department of Widgets", "-o", str(tmp_path / "p"))
    assert (done.returncode, "cannot be written (no space left on device)" in done.stderr) == (2, True)
    assert not list(tmp_path.iterdir())


def test_would_leave_something_if_it_wrote_at_the_place_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teeth of the last one."""

    @contextmanager
    def at_once(path: Path) -> Iterator[Path]:
        path.mkdir()
        yield path

    monkeypatch.setattr(_starter, "folder_in_place", at_once)
    filled_at(3, monkeypatch)
    with pytest.raises(OSError, match="No space left"):
        starter("Department of Widgets").write(tmp_path / "p")
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 3


# --- the name of the program


@pytest.mark.parametrize(
    ("agency", "program"),
    [
        ("Department of Widgets", "widgets"),
        ("The Bureau of Widgets and Sprockets", "widgetssprockets"),
        ("Agency", "agency"),
        ("Office of Special Projects for Interplanetary Commerce", "spic"),
        ("Children's Widget Board", "childrenswidgetboard"),
        ("Département des Gadgets", "departementdesgadgets"),
        ("W" * (LONGEST_PROGRAM + 1), "w"),
        ("18F", ""),
    ],
)
def test_calls_the_program_by_the_agency_s_own_words(agency: str, program: str) -> None:
    assert program_of(agency) == program


@given(st.text(max_size=120))
def test_takes_any_text_for_a_name_and_makes_files_that_can_be_read(text: str) -> None:
    import json
    import tomllib

    try:
        made = starter(text)
    except InputError:
        return
    files = dict(made.files())
    for path, content in files.items():
        if path.endswith(".py"):
            compile(content, path, "exec")
        if path.endswith(".jsonl"):
            assert all(json.loads(line) for line in content.splitlines())
    assert made.agency in tomllib.loads(files["pyproject.toml"])["project"]["description"]
    assert all("$" not in content for content in files.values())


@pytest.mark.parametrize("name", ['Widgets"', "Widgets\\", "Widgets\n#"])
def test_would_make_files_that_cannot_be_read_of_names_that_it_refuses(name: str) -> None:
    """The teeth of the property: without the look at the name these would go through."""
    import tomllib

    from candidacy._starter import Starter

    files = dict(Starter(name, "widgets").files())
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(files["pyproject.toml"])
    with pytest.raises(InputError):
        starter(name + '"')
