"""Writing the documents of a plugin: made in a process of its own, written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from candidacy._apart import Apart
from candidacy._drafting import package
from candidacy._handbook import MADE
from candidacy.errors import InputError, OutputError, Problem

if TYPE_CHECKING:
    from candidacy.decision import Json

SECONDS = 600


def plugin_documents(folder: str | Path, *, seconds: int = SECONDS) -> dict[str, str]:
    """The documents of each program of the plugin in a folder, by path: ``widgets/handbook.md``.

    Raises:
        InputError: there is no such folder, it does not load, or it takes more than so many *seconds*.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError([Problem("PATH", f"no folder at {path}", "the folder of a plugin")])
    package(path)
    until, found = monotonic() + seconds, dict[str, str]()
    doing, wrong, done = "loading it", "", False
    with Apart("candidacy._checking", {"PYTHONHASHSEED": "0", "TZ": "UTC"}, quiet=True) as process:
        question: Json = {"asks": "documents", "folder": str(path.resolve()), "seconds": 5, "blocked": [], "owners": {}}
        for said in process.asked(question, lambda: max(0.0, until - monotonic())):
            doing, done = said.get("doing", doing), done or "done" in said
            wrong = (
                wrong
                or said.get("wrong", "")
                or said.get("fault", "")
                or ("hung" in said and f"the rule {said['hung']} never ends")
                or ""
            )
            found |= said.get("documents", {})
        if not done and not wrong:
            wrong = f"it took more than {seconds} seconds: {doing}" if process.late else f"it ended with {process.ended}: {doing}"
    if wrong:
        raise InputError([Problem("PATH", f"a plugin of which nothing can be written: {wrong}", "one that loads and answers")])
    return found


def write_documents(made: dict[str, str], folder: str | Path) -> list[str]:
    """Write documents below a folder, over those that were made before and over nothing else; their paths.

    Raises:
        OutputError: something else is there, or it cannot be written.
    """
    root = Path(folder)
    taken = [name for name in made if (root / name).exists() and not _made(root / name)]
    if taken:
        raise OutputError(f"{root}: found {', '.join(taken)} there, which this command has not written; needed another folder")
    try:
        for name, text in made.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise OutputError(f"{root}: cannot be written ({type(wrong).__name__})") from None
    return list(made)


def _made(file: Path) -> bool:
    try:
        return file.read_text(encoding="utf-8").startswith(MADE)
    except (OSError, UnicodeDecodeError):
        return False
