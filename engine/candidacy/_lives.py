"""Lives told in command documents: read as a whole, strictly, before anything is judged.

In a life `id` and `case` may be left out: it is then the life of one case, and nobody will ask for a command by its id.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from candidacy.codec import write_command
from candidacy.decision import Command
from candidacy.errors import InputError, Problem, why
from candidacy.events import Beginning
from candidacy.strict import LONGEST_DOCUMENT, examine, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from candidacy.codec import Codec

CASE = "life"
"""The case of a command that names none."""
MOST = 10_000
"""Commands of a life at most."""
LONGEST_LIFE = 2**25
"""Bytes of a file at most that holds one."""
IN_A_LINE = "line 1, "
"""What stands in front of a place in a document of one line."""


@attrs.frozen
class Line:
    """One command of a life, and where it stands: ``line 3``, or ``command 3`` where there is no file."""

    number: int
    where: str
    command: Command


def read_life(life: Any, codec: Codec) -> list[Line]:
    """The commands of a life, in its order.

    Args:
        life: a `Story`; a `pathlib.Path` to a file of JSONL; its bytes; or commands or their documents, one by one.

    Raises:
        InputError: with everything in it that cannot be read, each with its line; it has no command, or too many; two commands
            have the same id; a case begins with something else than what begins one.
    """
    found: list[Line] = []
    problems: list[Problem] = []
    for number, where, document in _documents(life):
        if number > MOST:
            problems.append(Problem(where, f"more than {MOST} commands", "fewer"))
            break
        command, wrong = _read(document, number, codec)
        problems += [attrs.evolve(p, path=_place(where, p.path)) for p in wrong]
        found += [Line(number, where, command)] if command else []
    if not problems:
        problems += _as_a_whole(found)
    if problems:
        raise InputError(problems)
    return found


def within(wrong: InputError, where: str) -> list[Problem]:
    """What is wrong with a command, with where it stands."""
    return [attrs.evolve(p, path=_place(where, p.path)) for p in wrong.problems]


def _place(where: str, path: str) -> str:
    inner = path.removeprefix(IN_A_LINE)
    return f"{where}, {inner}" if inner else where


def _documents(life: Any) -> Iterator[tuple[int, str, Any]]:
    """Each document with its number and where it stands; lines without anything in them are left out."""
    if isinstance(life, Path):
        life = _bytes_of(life)
    if isinstance(life, bytes):
        if len(life) > LONGEST_LIFE:
            raise InputError([Problem("", f"more than {LONGEST_LIFE} bytes", "fewer")])
        lines = enumerate(life.split(b"\n"), 1)
        yield from ((n, f"line {n}", line.rstrip(b"\r")) for n, line in lines if line.strip())
        return
    if isinstance(life, (str, Command, dict)) or not hasattr(life, "__iter__"):
        needed = "a Story, the pathlib.Path of a file with a command document in each line, or a list of documents"
        raise InputError([Problem("life", f"a {type(life).__name__}", needed)])
    for n, document in enumerate(life, 1):
        yield n, f"command {n}", write_command(document) if isinstance(document, Command) else document


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_LIFE + 1)
    except OSError as wrong:
        raise InputError([Problem(str(path), f"a path that cannot be read ({why(wrong)})", "a file")]) from None


def _read(document: Any, number: int, codec: Codec) -> tuple[Command | None, list[Problem]]:
    if not isinstance(document, (bytes, str)) and not hasattr(document, "keys"):
        return None, [Problem("", f"a {type(document).__name__}", "a command document, or a Command")]
    try:
        tree, problems = examine(document)
        if isinstance(tree, dict):
            document = _completed(document, tree, number)
        command, said, _ = codec.examine_command(document)
    except InputError as wrong:
        return None, list(wrong.problems)
    return (None if problems else command), [*problems, *(p for p in said if p not in problems)]


def _completed(document: Any, tree: Mapping[str, Any], number: int) -> Any:
    """The document with a case and an id where it has none; text stays the text that it is, to be read as strictly."""
    case = tree.get("case", CASE)
    left_out = {"case": CASE, "id": f"{case if isinstance(case, str) else CASE}-{number:03}"[-64:]}
    added = {name: value for name, value in left_out.items() if name not in tree}
    if not added or len(document) > LONGEST_DOCUMENT - len(str(added)):
        return document
    if not isinstance(document, (bytes, str)):
        return {**added, **document}
    text = document.decode() if isinstance(document, bytes) else document
    inner = text.strip().removeprefix("{")
    return json.dumps(added)[:-1] + (", " if tree else "") + inner


def _as_a_whole(found: list[Line]) -> Iterator[Problem]:
    """What is wrong though each command can be read by itself."""
    if not found:
        yield Problem("life", "no command", "at least the one that begins a case")
    ids: dict[str, Line] = {}
    cases = set[str]()
    for line in found:
        command, first = line.command, ids.setdefault(line.command.id, line)
        if first is not line:
            yield Problem(f"{line.where}, id", f"the id of {first.where}, {shown(command.id)}", "one of its own, or none")
        if command.case not in cases and not isinstance(command.event, Beginning):
            what = f"{command.event.type_name} as the first command of the case {shown(command.case)}"
            yield Problem(f"{line.where}, type", what, "what begins a case, such as candidacy.candidate_selected.1")
        cases.add(command.case)
