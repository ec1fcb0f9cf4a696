"""The zoo: a good plugin, and bad ones that are the good one with one thing changed, as `tests/zoo` tells."""

import shutil
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path
from textwrap import indent
from typing import Any

import attrs

from candidacy import Checked, check_plugin
from support import ROOT

ZOO = ROOT / "tests" / "zoo"
GOOD = ZOO / "good"
PACKAGE = "candidacy_gizmos"
WORDS = '    """No course takes more than a day."""\n'
ANSWER = '    return c.holds(training.hours <= 8, "a-day-at-most", hours=training.hours)\n'
FILES = {"rules": f"{PACKAGE}/rules.py", "package": f"{PACKAGE}/__init__.py", "pyproject": "pyproject.toml"}
LEDGER = """
import json
import sys
from pathlib import Path
import candidacy as c
sys.path.insert(0, sys.argv[1])
from candidacy_gizmos import candidacy_programs
engine_of = c.Registry.of(*candidacy_programs())
with c.SqliteLedger.create(sys.argv[2], "UTC") as ledger:
    engine = c.Engine(ledger, engine_of)
    for n, line in enumerate(Path(sys.argv[1], "stories", "life.jsonl").read_text().splitlines()):
        engine.submit({"id": f"life-{n}", "case": "life", **json.loads(line)})
"""


@attrs.frozen
class Animal:
    """A plugin with one thing changed: which points see it, and the change as its file tells it."""

    name: str
    fails: frozenset[str]
    told: dict[str, Any]

    def place(self, folder: Path) -> Path:
        """Write it to a new folder."""
        shutil.copytree(GOOD, folder, ignore=shutil.ignore_patterns("__pycache__"))
        if self.told.get("golden"):
            keep(folder)
        for key, name in FILES.items():
            for then, now in self.told.get(key, ()):
                _replace(folder / name, then, now)
        for then, now in self.told.get("everywhere", ()):
            files = [f for f in folder.rglob("*") if f.suffix in {".py", ".jsonl"} and then in f.read_text()]
            assert files, then
            for file in files:
                file.write_text(file.read_text().replace(then, now))
        self._rule(folder / FILES["rules"])
        self._files(folder)
        return folder

    def _rule(self, file: Path) -> None:
        if "does" in self.told:
            _replace(file, WORDS, WORDS + indent(self.told["does"], "    ") + "\n")
        if "says" in self.told:
            _replace(file, ANSWER, f"    return {self.told['says']}\n")

    def _files(self, folder: Path) -> None:
        for name, text in self.told.get("files", {}).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        for name in self.told.get("without", ()):
            (folder / name).unlink()
        for name, text in self.told.get("adds", {}).items():
            (folder / name).write_text((folder / name).read_text() + text)
        if self.told.get("damaged"):
            ledger = folder / "golden" / "0.1.0" / "life.ledger"
            ledger.write_bytes(ledger.read_bytes()[:5000])

    def checked(self, folder: Path) -> Checked:
        """What the check finds of it in a new folder."""
        limits = {k: self.told[k] for k in ("seconds", "of_a_rule") if k in self.told}
        return check_plugin(self.place(folder), **limits)


def animals() -> list[Animal]:
    """All of them, in the order of the points that see them."""
    told = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(ZOO.glob("*.toml"))]
    return [Animal(name, frozenset(of["fails"]), of) for kept in told for name, of in kept.items()]


def keep(folder: Path) -> Path:
    """Keep a ledger of the story of the plugin in a folder, as it is answered now."""
    place = folder / "golden" / "0.1.0"
    place.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-B", "-c", LEDGER, str(folder), str(place / "life.ledger")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return place


def _replace(file: Path, then: str, now: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert then in text, f"{file.name} has no {then!r}"

    file.write_text(text.replace(then, now.replace("DIGEST-OF-A-COPY", sha256(b"one\ntwo\n").hexdigest()), 1), encoding="utf-8")
