"""The process in which a draft is loaded and asked: one line in, one line out. It reads no ledger and writes no file."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from candidacy._answered import Asked, CaseAnswered, reading
from candidacy.errors import InputError, Problem
from candidacy.record import Record
from candidacy.registry import GROUP, Fault, load, why
from candidacy.strict import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from candidacy._again import Read
    from candidacy.decision import Json
    from candidacy.program import Edition, Program

NO_PART = ("setup", "conftest", "noxfile")
"""Python files in a folder that are not the draft."""


def main() -> None:
    """Load the draft that the first line names, then answer each line."""
    asks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what the draft prints is no part of an answer
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    first = json.loads(asks.readline())
    try:
        drafted = _Drafted(_programs(Path(first["folder"])), first["edition"])
    except InputError as wrong:
        return _answer(answers, {"wrong": wrong.problems[0].found})
    except BaseException as failure:  # noqa: BLE001 (code of others may raise anything)
        return _answer(answers, {"wrong": f"a draft that does not load: {why(failure)}"})
    _answer(answers, {"programs": sorted(drafted.programs)})
    for line in asks:
        _answer(answers, drafted.answered(json.loads(line)))
    return None


def _answer(answers: BinaryIO, data: Json) -> None:
    answers.write(json.dumps(data).encode() + b"\n")
    answers.flush()


class _Drafted:
    """The programs of a draft."""

    def __init__(self, programs: Mapping[str, Program], edition: str) -> None:
        self.programs, self.edition = programs, edition
        self.readers: dict[str, Read] = {}
        names = dict.fromkeys(e.name for p in programs.values() for e in p.editions)
        if edition and edition not in names:
            raise _wrong(f"the edition {shown(edition)}, which the draft does not offer: it has {', '.join(names)}")
        for name, program in programs.items():
            self.readers[name] = reading(k for e in program.editions for k in e.entered_by)

    def answered(self, question: Json) -> Json:
        """What is answered of a case or a life; what went wrong, where the draft's code raised something."""
        asks, doing = {
            "case": (self._case, f"judging the case {question.get('case')}"),
            "life": (self._life, "playing the life"),
        }[question["asks"]]
        try:
            return asks(question)
        except BaseException as failure:  # noqa: BLE001 (code of others may raise anything)
            return {"wrong": f"a draft that does not answer: {why(failure, f'{doing} by it')}"}

    def _case(self, question: Json) -> Json:
        """What the records of a case would have been answered."""
        asked = Asked(question["follow"], _day(question["as_of"]))
        records = [Record.read(index, raw.encode()) for index, raw in question["records"]]
        read = self.readers[records[0].edition["program"]]
        found: CaseAnswered = asked.of(records, read, self._by, days=question["days"])
        return found.as_data()

    def _life(self, question: Json) -> Json:
        """What becomes of a life, as plain values and as lines."""
        from candidacy._tryout import try_out

        life, programs, day = question["life"].encode("latin-1"), self.programs.values(), _day(question["as_of"])
        try:
            found = try_out(programs, life, to=question["to"], as_of=day, edition=self.edition)
        except InputError as wrong:
            return {"problems": [[p.path, p.found, p.needed] for p in wrong.problems]}
        return {"trial": found.as_data(), "lines": list(found.lines())}

    def _by(self, record: Record) -> Edition:
        """The edition that was asked for; the one of the same name as the record's; the newest."""
        program = self.programs[record.edition["program"]]
        own = program.edition(self.edition or record.edition["name"])
        return own or max(program.editions, key=lambda e: (e.in_force, e.revision))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# --- loading


def _wrong(found: str) -> InputError:
    return InputError([Problem("rules", found, "")])


def _programs(folder: Path) -> dict[str, Program]:
    """The programs that the package in a folder offers, by name."""
    root, name = package(folder)
    if name in sys.modules or name in sys.stdlib_module_names:
        raise _wrong(f"a draft called {name}, which is the name of another package; it needs one of its own")
    sys.path.insert(0, str(root))
    found = load(EntryPoint(name, name, GROUP))
    if isinstance(found, Fault):
        raise _wrong(f"a draft that does not load: {found.why}")
    offered = found[1]
    names = [p.name for p in offered]
    if not offered or len(names) != len(set(names)):
        raise _wrong(f"a draft that offers {'a program twice' if offered else 'no program'}")
    if root not in Path(str(sys.modules[name].__file__)).parents:
        raise _wrong(f"a draft called {name}, which is the name of a package that is installed elsewhere; it needs one of its own")
    if foreign := sorted(_foreign(offered, root)):
        said = f"rules of its own that come from {', '.join(foreign)}, which is not in the folder"
        raise _wrong(f"a draft with {said}: its folder needs the name that its files import from")
    return {p.name: p for p in offered}


def _foreign(offered: Iterable[Program], root: Path) -> set[str]:
    """Packages outside the folder that make rules in the name of the draft's own programs, or of whom it speaks for inside."""
    made = [(rule.id.partition(".")[0], rule.judge.__module__) for p in offered for e in p.editions for rule in e.rules]
    inside = {owner for owner, module in made if _lies_in(module, root)} | {p.name for p in offered}
    return {module.partition(".")[0] for owner, module in made if owner in inside and not _lies_in(module, root)}


def _lies_in(module: str, root: Path) -> bool:
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is not None and root in Path(file).parents


def package(folder: Path) -> tuple[Path, str]:
    """Where the package of a draft is imported from, and its name."""
    if (folder / "__init__.py").is_file():
        found = [folder]
    else:
        found = sorted(_candidates(folder))
        if len(found) != 1:
            names = ", ".join(p.name for p in found) or "none"
            raise _wrong(f"a folder with {len(found)} Python packages ({names}); one is needed, or the folder of the one")
    name = found[0].name.removesuffix(".py")
    if not name.isidentifier():
        raise _wrong(f"a package in a folder called {shown(name)}; its name has to be one that Python can import")
    return found[0].parent, name


def _candidates(folder: Path) -> Iterator[Path]:
    packages = [p.parent for p in folder.glob("*/__init__.py") if p.parent.name not in {"tests", "test"}]
    yield from packages
    if not packages:
        yield from (p for p in folder.glob("*.py") if p.stem not in NO_PART and not p.stem.startswith("test_"))
