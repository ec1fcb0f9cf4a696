"""The public names, the purity of what decides, and that the engine names no agency."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import candidacy
from candidacy._purity import impurities
from candidacy.registry import DECIDING
from support import ROOT

ENGINE = ROOT / "engine" / "candidacy"
PLUGINS = sorted(ROOT.glob("plugins/*/candidacy_*"))
PURE = [ENGINE / f"{m}.py" for m in DECIDING] + [f for p in PLUGINS for f in sorted(p.glob("*.py"))]


def test_keeps_its_three_lists_of_public_names_equal() -> None:
    tree = ast.parse((ENGINE / "__init__.py").read_text())
    (block,) = [n for n in tree.body if isinstance(n, ast.If)]
    imported = {a.name: n.module for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert imported == {name: f"candidacy.{home}" for name, home in candidacy._HOME.items()}
    assert sorted(imported) == sorted(candidacy.__all__)
    for name in candidacy.__all__:
        assert getattr(candidacy, name) is not None
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = candidacy.nothing_like_it  # type: ignore[attr-defined]


def test_warns_of_a_name_that_will_go_and_says_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(candidacy._GOING, "Story", (3, "candidacy.try_out"))
    candidacy.__dict__.pop("Story", None)
    with pytest.warns(DeprecationWarning, match=r"candidacy\.Story goes with version 3 of the API; use candidacy\.try_out"):
        assert candidacy.Story is not None


def test_warns_of_no_other_name() -> None:
    code = "import candidacy; [getattr(candidacy, n) for n in candidacy.__all__]"
    going = [f"-Wignore:candidacy.{name} goes" for name in candidacy._GOING]
    subprocess.run([sys.executable, "-W", "error::DeprecationWarning:candidacy", *going, "-c", code], check=True)
    assert candidacy._GOING.keys() <= set(candidacy.__all__)


def test_documents_every_public_name() -> None:
    silent = [
        n for n in candidacy.__all__ if callable(o := getattr(candidacy, n)) and not (getattr(o, "__doc__", "") or "").strip()
    ]
    assert silent == []


def test_names_no_agency_in_the_engine() -> None:
    words = re.compile(r"\b(hhs|commerce|dol|labor|opdiv|nih|cdc|erb|qrb|partnership)\b", re.IGNORECASE)
    found = [f"{f.name}: {m}" for f in sorted(ENGINE.rglob("*.py")) for m in set(words.findall(f.read_text()))]
    assert found == []


ALLOWED_IMPORTS = {
    "attrs", "bisect", "calendar", "cattrs", "collections", "contextlib", "datetime", "enum", "functools", "hashlib", "itertools", "json",
    "msgspec", "re",
    "transitions", "types", "typing",
}  # fmt: skip


@pytest.mark.parametrize("path", PURE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_decides_without_clock_files_or_environment(path: Path) -> None:
    own = {"candidacy"} if path.parent == ENGINE else {"candidacy", path.parent.name, "candidacy_opm"}  # the floor they may name
    found = list(impurities(path.read_text(), frozenset(ALLOWED_IMPORTS | own)))
    defined = path.parent == ENGINE and "def __hash__" in path.read_text()  # which says what hash is, and orders nothing by it
    assert [what for what in found if not (defined and what.endswith("calls hash"))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import date\nx = date.today()",
        "def f(day):\n    return type(day).today()",
        "x = open('f')",
        "from pathlib import Path\nPath('x').read_text()",
        "import os",
        "import random",
        "import time as t",
        "from datetime import datetime\ndatetime.now()",
        "eval('1')",
        "__import__('os')",
        "import candidacy_hhs",
    ],
)
def test_sees_a_planted_impurity(planted: str) -> None:
    assert list(impurities(planted, frozenset(ALLOWED_IMPORTS | {"candidacy"})))


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda p: p.name)
def test_lets_plugins_import_public_names_only(plugin: Path) -> None:
    for file in plugin.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "candidacy":
                assert node.module == "candidacy", f"{file.name} imports {node.module}"
                assert {a.name for a in node.names} <= set(candidacy.__all__)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_gives_the_same_digests_in_every_process(seed: str) -> None:
    code = (
        "import candidacy as c; r = c.discover(); print([(e.declared, r.code(e)) for p in r.programs.values() for e in p.editions])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": s, "PATH": "", "TZ": tz}, capture_output=True, check=True
        ).stdout
        for s, tz in ((seed, "UTC"), ("7", "Asia/Tokyo"))
    }
    assert len(runs) == 1


def test_starts_without_importing_what_it_does_not_need() -> None:
    code = "import sys, candidacy.cli; candidacy.cli.run(['--help']); print([m for m in ('structlog', 'cattrs', 'transitions', 'pluggy', 'attrs') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] in {"[]", "['attrs']"}
