"""Mapping files: how the rows of a sheet become commands. A JSON document that people write once for each kind of sheet."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from candidacy._cells import Cell, Layout, Row, Unreadable
from candidacy.codec import Codec
from candidacy.decision import Command, Json
from candidacy.errors import InputError, Problem
from candidacy.events import Count, Id, fields_of
from candidacy.strict import read_json, shown
from candidacy.structure import structured

WRITTEN = {
    "YYYY-MM-DD": r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})",
    "MM/DD/YYYY": r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})",
    "DD/MM/YYYY": r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})",
    "DD.MM.YYYY": r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})",
}
"""Ways to write a day, none of which is ever guessed."""
NUMBER = re.compile("-?[0-9]{1,15}")


@attrs.frozen
class _Reference:
    """The place of a cell's content in a command."""

    column: str
    date: Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY"] | None = None
    words: dict[str, Any] | None = None
    split: str | None = None
    optional: bool = False


@attrs.frozen
class _Template:
    """One kind of command that a row may become."""

    type: str
    case: Any
    day: Any
    actor: dict[str, Any]
    payload: dict[str, Any] = attrs.field(factory=dict)
    part: Id | None = None
    when: dict[str, str] = attrs.field(factory=dict)
    filled: tuple[str, ...] = ()


@attrs.frozen
class _Mapping:
    source: Id
    record: str
    commands: tuple[_Template, ...]
    sheet: str = ""
    header: Count = Count(1)
    delimiter: str = ","


_LEFT_OUT = object()
"""In place of content that an optional cell does not have."""


class SheetMapping:
    """Reads rows as commands. The id of a command is the source system and the source's own id of the record."""

    def __init__(self, document: bytes, codec: Codec) -> None:
        """The mapping in a JSON document.

        Raises:
            InputError: with everything that is wrong with it.
        """
        self._codec = codec
        self._mapping: _Mapping = structured(read_json(document), _Mapping, "mapping")
        problems = list(self._problems())
        if problems:
            raise InputError(problems)

    @property
    def layout(self) -> Layout:
        """What it expects of the file."""
        m = self._mapping
        columns = {m.record, *(c for t in m.commands for c in (*t.when, *t.filled, *_columns(attrs.asdict(t, recurse=False))))}
        return Layout(tuple(sorted(columns)), m.sheet, m.header, m.delimiter)

    def commands(self, row: Row) -> Iterator[Command | Problem]:
        """What a row says: its commands, and everything that keeps one from being read."""
        mapping = self._mapping
        deciding = sorted({c for t in mapping.commands for c in (*t.when, *t.filled)})
        unread = [(c, cell.what) for c in deciding if isinstance(cell := row.cells.get(c), Unreadable)]
        if unread:
            yield from (Problem(f"row {row.number}, {column}", what, "content for this cell") for column, what in unread)
            return
        told = [t for t in mapping.commands if _says(t, row)]
        if not told:
            yield Problem(
                f"row {row.number}",
                "a row that fits none of the mapping's commands",
                "one of: " + "; ".join(map(_condition, mapping.commands)),
            )
        for template in told:
            yield from self._command(template, row)

    # --- inside

    def _command(self, template: _Template, row: Row) -> Iterator[Command | Problem]:
        filling = _Filling(row)
        name = filling.cell(self._mapping.record, Id)
        document: Json = {"type": template.type}
        parts = [self._mapping.source, name, *([template.part] if template.part else [])]
        document["id"] = ":".join(map(str, parts)) if name is not None else None
        kind = self._codec.kinds[template.type]
        for field, type_ in (("case", Id), ("day", date), ("actor", None), ("payload", kind)):
            document[field] = filling.filled(getattr(template, field), type_, field)
        if filling.problems:
            yield from filling.problems
            return
        command, problems, _ = self._codec.examine_command(document)
        if command is not None:
            yield command
        filling.columns["id"] = self._mapping.record
        yield from (attrs.evolve(p, path=filling.named(p.path)) for p in problems)

    def _problems(self) -> Iterator[Problem]:
        mapping = self._mapping
        if not mapping.commands:
            yield Problem("mapping.commands", "none", "at least one kind of command")
        if len(mapping.delimiter) != 1:
            yield Problem("mapping.delimiter", f"{len(mapping.delimiter)} characters", "one character")
        if mapping.header < 1:
            yield Problem("mapping.header", "0", "the number of a row, from 1 on")
        parts = [t.part for t in mapping.commands]
        if len(parts) != len(set(parts)):
            yield Problem("mapping.commands", "two commands with the same part", "a part for each, so that their ids differ")
        for n, template in enumerate(mapping.commands):
            yield from self._wrong(template, f"mapping.commands[{n}]")

    def _wrong(self, template: _Template, path: str) -> Iterator[Problem]:
        kind = self._codec.kinds.get(template.type)
        if kind is None:
            yield Problem(
                f"{path}.type", f"the event type {shown(template.type)}, which no installed program has", "a known event type"
            )
            return
        for column, word in template.when.items():
            if not isinstance(word, str):
                yield Problem(f"{path}.when", f"no text for the column {column!r}", "the word that the cell says")
        known = [a.name for a in fields_of(kind)]
        yield from (
            Problem(f"{path}.payload.{shown(name)}", "no such field", f"one of {', '.join(known) or 'none'}")
            for name in template.payload
            if name not in known
        )
        for where, reference in _references(attrs.asdict(template, recurse=False), path):
            try:
                structured(reference, _Reference, where)
            except InputError as wrong:
                yield from wrong.problems


class _Filling:
    """A row's content on its way into a document: where each part comes from, and what is wrong with it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.columns: dict[str, str] = {}
        self.problems: list[Problem] = []

    def filled(self, template: Any, kind: Any, path: str) -> Any:
        """The template with cells in place of references; *kind* is what the field takes."""
        if _is_reference(template):
            reference: _Reference = structured(template, _Reference, path)
            self.columns[path] = reference.column
            return self.cell(reference.column, kind, reference)
        if isinstance(template, Mapping):
            inner = {name: self.filled(value, _inside(kind, name), f"{path}.{name}") for name, value in template.items()}
            return {name: value for name, value in inner.items() if value is not _LEFT_OUT}
        if isinstance(template, list):
            return [value for i, part in enumerate(template) if (value := self._part(part, kind, f"{path}[{i}]")) is not _LEFT_OUT]
        return template

    def _part(self, template: Any, kind: Any, path: str) -> Any:
        """One of a list; the whole of it is left out where an optional cell in it is empty."""
        optional = [r["column"] for _, r in _references(template, path) if r.get("optional")]
        if any(self.row.cells.get(column) is None for column in optional):
            return _LEFT_OUT
        return self.filled(template, _element(kind), path)

    def cell(self, column: str, kind: Any, reference: _Reference | None = None) -> Any:
        """The content of a cell as a document has it, for a field of that kind."""
        said, where = self.row.cells.get(column), f"row {self.row.number}, {column}"
        if said is None and reference and reference.optional:
            return _LEFT_OUT
        if said is None or isinstance(said, Unreadable):
            self.problems.append(Problem(where, said.what if said else "nothing", "content for this cell"))
            return None
        if reference and reference.split:
            texts = [text.strip() for text in str(said).split(reference.split) if text.strip()]
            return [self._value(text, _element(kind), reference, where) for text in texts]
        return self._value(said, kind, reference, where)

    def _value(self, said: Cell, kind: Any, reference: _Reference | None, where: str) -> Any:
        if reference and reference.words is not None:
            word = said.isoformat() if isinstance(said, date) else str(said)
            if word not in reference.words:
                known = ", ".join(reference.words)
                self.problems.append(
                    Problem(where, f"{len(word)} characters that are none of the mapping's words", f"one of: {known}")
                )
                return None
            return reference.words[word]
        return self._as_kind(said, _plain(kind), reference.date if reference else None, where)

    def _as_kind(self, said: Cell, kind: Any, written: str | None, where: str) -> Any:
        if isinstance(said, date):
            return said.isoformat()
        if kind is date and isinstance(said, str):
            found = re.fullmatch(WRITTEN[written or "YYYY-MM-DD"], said)
            if not found:
                self.problems.append(
                    Problem(where, f"{len(said)} characters that are no day so written", f"a day as {written or 'YYYY-MM-DD'}")
                )
                return None
            return f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}"
        if kind in {int, Count} and isinstance(said, str) and NUMBER.fullmatch(said):
            return int(said)
        if kind is Id and type(said) is int:
            return str(said)
        return said

    def named(self, path: str) -> str:
        """A path in the document, with the row and the column it comes from."""
        column = next(
            (c for p, c in sorted(self.columns.items(), reverse=True) if path == p or path.startswith((f"{p}[", f"{p}."))), None
        )
        return f"row {self.row.number}, {column} ({path})" if column else f"row {self.row.number} ({path})"


def _says(template: _Template, row: Row) -> bool:
    """Whether a row is of the kind the template is for."""
    words = all(_word(row.cells.get(column)) == word for column, word in template.when.items())
    return words and all(row.cells.get(column) is not None for column in template.filled)


def _word(cell: Cell) -> str:
    """A cell as the word that people see."""
    return "" if cell is None else str(cell).upper() if isinstance(cell, bool) else str(cell)


def _condition(template: _Template) -> str:
    said = [f"{column} is {word!r}" for column, word in template.when.items()] + [
        f"{column} is filled" for column in template.filled
    ]
    return " and ".join(said) or "any row"


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and "column" in value


def _references(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every reference in a template, with its path."""
    if _is_reference(value):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _references(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _references(inner, f"{path}[{i}]")


def _columns(value: Any) -> Iterator[str]:
    return (str(reference["column"]) for _, reference in _references(value, ""))


def _plain(kind: Any) -> Any:
    """What an optional field takes when it is not left out."""
    return get_args(kind)[0] if get_origin(kind) in {Union, UnionType} else kind


def _element(kind: Any) -> Any:
    """What each of a list is."""
    return get_args(_plain(kind))[0] if get_origin(_plain(kind)) is tuple else None


def _inside(kind: Any, name: str) -> Any:
    """What a field of an object takes."""
    plain = _plain(kind)
    known: dict[str, Any] = {a.name: a.type for a in fields_of(plain)} if attrs.has(plain) else {"person": Id, "on_behalf_of": Id}
    return known.get(name)
