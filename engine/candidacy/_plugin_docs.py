"""The documents of a plugin: made in a process of their own, and put in a folder, over nothing but what was written so before."""

from __future__ import annotations

import os
import re
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from candidacy._apart import Apart
from candidacy._drafting import package
from candidacy._markdown import MADE
from candidacy._pages import INDEX, PAGES
from candidacy.errors import InputError, OutputError, Problem, why
from candidacy.placing import folder_in_place, replaced
from candidacy.strict import shown

if TYPE_CHECKING:
    from candidacy.decision import Json

SECONDS = 300
PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
LINES = 5
"""In how many first lines of a page it says who writes it."""


def plugin_docs(of: str | Path, *, seconds: int = SECONDS) -> dict[str, dict[str, str]]:
    """By program and file, the pages of the plugin in a folder (a Path), or of an installed program (its name).

    Raises:
        InputError: there is no such folder or program, it does not load, or takes too long.
    """
    question: Json = {"asks": "docs"}
    if isinstance(of, Path):
        if not of.is_dir():
            raise InputError([Problem("PATH", f"no folder at {of}", "the folder of a plugin")])
        package(of)
        question["folder"] = str(of.resolve())
    else:
        question["program"] = of
    found, until, doing, fault, done = dict[str, dict[str, str]](), monotonic() + seconds, "loading it", "", False
    with Apart("candidacy._checking", {"PYTHONHASHSEED": "0", "TZ": "UTC"}) as process:
        for said in process.answers(question, lambda: max(0.0, until - monotonic())):
            if "wrong" in said:
                name = "the plugin" if isinstance(of, Path) else f"the program {shown(of)}"
                needed = "a plugin that loads: `candidacy plugin check` says more" if isinstance(of, Path) else "an installed one"
                raise InputError([Problem("PATH", f"{name}: {said['wrong']}", needed)])
            doing, fault, done = said.get("doing", doing), said.get("fault", fault), done or "done" in said
            if "pages" in said:
                found[str(said["program"])] = said["pages"]
        if fault or not done:
            how = f"took more than {seconds} seconds" if process.late else fault or f"ended with {process.ended()}"
            needed = "more time: --timeout SECONDS" if process.late else "a plugin that passes `candidacy plugin check`"
            raise InputError([Problem("PATH", f"a plugin that {how}: {doing}", needed)])
    return {name: _read(name, files) for name, files in found.items()}


def _read(name: str, files: dict[str, str]) -> dict[str, str]:
    """What the process says of one program, where it is what it is asked for: it runs the code of others."""
    if not PROGRAM.fullmatch(name) or {*files} != {INDEX, *PAGES} or not all(isinstance(t, str) for t in files.values()):
        raise InputError([Problem("PATH", f"a program {shown(name)} with other pages than asked for", "the pages of a program")])
    return files


def write_docs(found: dict[str, dict[str, str]], folder: str | Path) -> list[Path]:
    """Write the pages to *folder*, those of each program to a folder in it; everything is looked at before anything is written.

    Raises:
        OutputError: something is in the way that this has not written, or it cannot be written.
    """
    root = Path(folder)
    in_the_way = [str(root / n / file) for n, files in found.items() for file in files if not _may_be_written_over(root / n / file)]
    others = [str(path) for path in (root, *(root / n for n in found)) if os.path.lexists(path) and not path.is_dir()]
    if in_the_way or others:
        names = ", ".join(sorted((*others, *in_the_way)))
        raise OutputError(f"{names}: found what `candidacy plugin docs` has not written; needed another folder")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise OutputError(f"{root}: cannot be made ({why(wrong)})") from None
    for name, files in found.items():
        _put(root / name, files)
    return [root / name / file for name, files in found.items() for file in files]


def _put(place: Path, files: dict[str, str]) -> None:
    if not place.is_dir():
        with folder_in_place(place) as making:
            for file, said in files.items():
                (making / file).write_bytes(said.encode())
        return
    for file, said in files.items():
        replaced(place / file, lambda _, said=said: said.encode())  # type: ignore[misc]


def _may_be_written_over(path: Path) -> bool:
    """Whether nothing is there, or a page that says it was written by this."""
    if not os.path.lexists(path):
        return True
    try:
        with path.open(encoding="utf-8") as opened:
            return any(MADE in opened.readline(1000) for _ in range(LINES))
    except (OSError, UnicodeDecodeError):
        return False
