"""From a wheel to a changed rule: seconds for each command of an author's first minutes, in an environment of its own.

Run it by itself: ``python benchmarks/afternoon.py``. It needs PyPI, for what the wheel depends on. With --keep FOLDER it works
there and leaves everything; the folder must not be there yet.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
AIM_SECONDS = 300
REFUSED = """
import json, pathlib
import candidacy as c, candidacy_widgets as widgets
engine = c.Engine(c.MemoryLedger("America/New_York"), c.Registry.of(widgets.PROGRAM))
for n, line in enumerate(pathlib.Path("stories/pat.jsonl").read_text("utf-8").splitlines()):
    answer = engine.submit({"id": f"pat-{n}", "case": "pat", **json.loads(line)})
    print(answer.record.type_name, answer.record.word, *c.explain(answer.findings, engine.case("pat")[1]), sep="\\n  ")
"""


class Author:
    """Somebody at a terminal: what was run, how long it took, what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.plugin, self.bin = folder, folder / "plugin", folder / "env" / "bin"
        self.took: dict[str, float] = {}
        outside = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV", "MYPYPATH"}}
        self.env = {**outside, "PATH": f"{self.bin}{os.pathsep}{outside.get('PATH', '')}", "PYTHONUTF8": "1"}

    def runs(self, what: str, *command: str | Path, at: Path | None = None, may_fail: bool = False) -> str:
        begun = perf_counter()
        done = subprocess.run(
            [*map(str, command)], cwd=at or self.folder, env=self.env, capture_output=True, encoding="utf-8", check=False
        )
        self.took[what] = perf_counter() - begun
        print(f"{self.took[what]:7.1f} s  {what}" + (f": exit code {done.returncode}" if done.returncode else ""), flush=True)
        if done.returncode and not may_fail:
            sys.exit(done.stdout + done.stderr)
        return done.stdout + done.stderr


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="work in this new folder and leave it")
    keep = parser.parse_args().keep
    if keep:
        keep.mkdir()
        afternoon(Author(keep.resolve()))
        return
    with tempfile.TemporaryDirectory(prefix="afternoon-") as name:
        afternoon(Author(Path(name)))


def afternoon(author: Author) -> None:
    pip, python, candidacy = (author.bin / name for name in ("pip", "python", "candidacy"))
    wheels = author.folder / "wheels"
    author.runs(
        "building the wheel (no author does)", sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", wheels, ROOT
    )
    wheel = next(wheels.glob("candidacy-*.whl"))
    author.took.clear()
    author.runs("python -m venv", sys.executable, "-m", "venv", author.folder / "env")
    author.runs("pip install candidacy pytest", pip, "install", "--quiet", wheel, "pytest")
    author.runs("candidacy plugin new", candidacy, "plugin", "new", "Department of Widgets", "-o", author.plugin)
    author.runs("pip install --editable", pip, "install", "--quiet", "--editable", author.plugin)
    before = author.runs("the life of Pat", python, "-c", REFUSED, at=author.plugin)
    rules = author.plugin / "candidacy_widgets" / "rules.py"
    rules.write_text(re.sub(r"^    40,$", "    60,", rules.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    after = author.runs("the life of Pat, 60 hours asked", python, "-c", REFUSED, at=author.plugin)
    if before.count("refused") != 1 or after.count("refused") != 2 or "at least 60" not in after:  # the changed rule must show
        sys.exit(f"found another story:\n{before}\n{after}")
    tried = author.runs("candidacy try", candidacy, "try", "widgets", "stories/pat.jsonl", at=author.plugin, may_fail=True)
    checked = author.runs("candidacy plugin check", candidacy, "plugin", "check", ".", at=author.plugin)
    whole = sum(author.took.values())
    print(f"{whole:7.1f} s  in all; the aim is under {AIM_SECONDS}")
    for what, said in (("the life with the changed rule", after), ("candidacy try", tried), ("candidacy plugin check", checked)):
        print(f"\n{what}:\n{said}")


if __name__ == "__main__":
    main()
