"""An agency from outside the repository, as its author has it: a folder with the plugin, seen by processes started here."""

import os
import subprocess
import sys
from pathlib import Path

import attrs

from support import ROOT

AGENCY = ROOT / "tests" / "outside_agency" / "candidacy_widgets.py"


@attrs.frozen
class Outside:
    """The author's folder, in which the plugin may be changed."""

    folder: Path

    @classmethod
    def placed(cls, folder: Path) -> "Outside":
        """The plugin and what an installer leaves beside it, without pip."""
        (folder / AGENCY.name).write_text(AGENCY.read_text())
        about = folder / "candidacy_widgets-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: candidacy-widgets\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text("[candidacy]\nwidgets = candidacy_widgets\n")
        return cls(folder)

    def change(self, then: str, now: str) -> None:
        """Another release of the plugin."""
        file = self.folder / AGENCY.name
        text = file.read_text()
        assert then in text
        file.write_text(text.replace(then, now))

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python as the author has it: with the plugin installed."""
        env = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        command = [sys.executable, *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=env, cwd=self.folder, timeout=120)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line."""
        done = self.python("-m", "candidacy", *arguments)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def ledger(self, name: str, widgets: int) -> Path:
        """A ledger with one fellow, who inspects some widgets and completes the program, or does not."""
        path = self.folder / name
        done = self.python("-c", LIFE, str(path), str(widgets))
        assert done.returncode == 0, done.stderr
        return path


LIFE = """
import sys
import candidacy as c
from candidacy_widgets import WidgetsInspected
with c.SqliteLedger.create(sys.argv[1], "UTC") as ledger:
    life = c.Story("w1")
    life.on("2024-02-01", "o", c.CandidateSelected("widgets", "class-of-2024", life.cast(f="fellow", o="fellowship office")))
    life.on("2024-03-01", "f", WidgetsInspected(c.Count(int(sys.argv[2]))))
    life.on("2024-04-01", "o", c.ProgramCompleted())
    for command in life:
        c.Engine(ledger).submit(command)
"""
