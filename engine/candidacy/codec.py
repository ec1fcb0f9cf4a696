"""Outside documents to commands and events, and back."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any, Literal

import attrs

from candidacy.decision import Actor, Command, Json
from candidacy.errors import DefinitionError, InputError, Problem
from candidacy.events import Count, Event, Id, Sealed, fields_of
from candidacy.strict import examine, shown
from candidacy.structure import check_fields, structured
from candidacy.terms import plain


@attrs.frozen
class _Actor:
    person: Id
    identified: Literal["asserted", "host", "token"] = "asserted"
    on_behalf_of: Id | None = None


@attrs.frozen
class _Envelope:
    """A command document but for its payload."""

    id: Id
    case: Id
    type: str
    day: date
    actor: _Actor
    payload: dict[str, Any]
    expects: Count | None = None
    corrects: Count | None = None
    request: bool = False
    confirms: Count | None = None


OPTIONAL = ("expects", "corrects", "request", "confirms")
"""What a command says beside its event, only where it is so."""


class Codec:
    """Reads and writes the events of the programs that are installed, and the engine's own."""

    def __init__(self, kinds: Iterable[type[Event]]) -> None:
        self.kinds: dict[str, type[Event]] = {}
        for kind in kinds:
            taken = self.kinds.get(kind.type_name)
            if taken is not None and taken is not kind:
                raise DefinitionError(f"event {kind.type_name}", [f"declared by {taken.__module__} and by {kind.__module__}"])
            check_fields(kind)
            self.kinds[kind.type_name] = kind

    def read_event(self, type_name: str, payload: object, path: str = "payload") -> Event:
        """The event of that type with that content.

        Raises:
            InputError: an unknown type, or content that does not fit it.
        """
        kind = self.kinds.get(type_name)
        if kind is None:
            found = f"the event type {shown(type_name)}, which no installed program has"
            raise InputError([Problem("type", found, "a known event type; `candidacy programs PROGRAM` lists them")])
        return structured(payload, kind, path)  # type: ignore[no-any-return]

    def read_command(self, document: bytes | str | Mapping[str, Any]) -> Command:
        """The command in a document.

        Raises:
            InputError: with everything that is wrong with the document.
        """
        command, problems, _ = self.examine_command(document)
        if command is None:
            raise InputError(problems)
        return command

    def examine_command(
        self, document: bytes | str | Mapping[str, Any], actor: Actor | None = None
    ) -> tuple[Command | None, list[Problem], dict[str, Any]]:
        """The command in a document, everything that is wrong with it, and its parts that can be read all the same.

        There is a command only where nothing is wrong. Parts are `id`, `case`, `type`, `day`, `actor` and `event`.

        Args:
            actor: who enters it, where that is not the document's to say; then the document may not say it.
        """
        tree, problems = examine(document)
        if actor is not None and isinstance(tree, Mapping):
            if "actor" in tree:
                problems.append(Problem("actor", "an actor in the document", "none: who acts is said from outside"))
            tree = {**tree, "actor": actor_document(actor)}
        try:
            envelope = structured(tree, _Envelope, "")
            parts = {field.name: getattr(envelope, field.name) for field in fields_of(_Envelope)}
        except InputError as wrong:
            problems += wrong.problems
            parts = dict(_readable(tree))
        if "type" in parts and "payload" in parts:
            try:
                parts["event"] = self.read_event(parts["type"], parts["payload"])
            except InputError as wrong:
                problems += wrong.problems
        if "actor" in parts:
            parts["actor"] = Actor(**attrs.asdict(parts["actor"]))
        if problems:
            return None, list({p.path: p for p in reversed(problems)}.values())[::-1], parts
        names = ("id", "case", "event", "day", "actor", "expects", "corrects", "request", "confirms")
        return Command(*(parts[name] for name in names)), [], parts

    def read_day(self, text: str, path: str) -> date:
        """A day written as YYYY-MM-DD.

        Raises:
            InputError: it is not.
        """
        return read_day(text, path)

    def read_field(self, kind: type[Event], name: str, value: object) -> object:
        """The content of one field of an event.

        Raises:
            InputError: no such field, or content that does not fit it.
        """
        fields: dict[str, Any] = {a.name: a.type for a in fields_of(kind)}
        if name not in fields:
            raise InputError([Problem(shown(name), "no such field", f"one of {', '.join(fields)}")])
        return structured({"value": value}, _holder(fields[name]), "").value


def read_day(text: str, path: str) -> date:
    """A day written as YYYY-MM-DD.

    Raises:
        InputError: it is not.
    """
    day: date = structured({"value": text}, _holder(date), path).value
    return day


def _readable(tree: Any) -> Iterator[tuple[str, Any]]:
    """The parts of an envelope that can be read by themselves, where the whole cannot."""
    for field in fields_of(_Envelope) if isinstance(tree, Mapping) else ():
        if field.name not in tree and field.default is not attrs.NOTHING:
            yield field.name, field.default
            continue
        kind: Any = field.type
        with suppress(InputError):
            yield field.name, structured({"value": tree.get(field.name)}, _holder(kind), "").value


@cache
def _holder(kind: Any) -> Any:
    return attrs.make_class("Holder", {"value": attrs.field(type=kind)}, frozen=True)


def write(event: object) -> Json:
    """The fields of a value by name. What the class of the value declares is written, whatever it is declared as."""
    return {
        a.name: _written(getattr(event, a.name))
        for a in fields_of(type(event))
        if not isinstance(getattr(event, a.name), Sealed) and not (getattr(event, a.name) is None and a.default is None)
    }


def _written(value: object) -> Any:
    if isinstance(value, tuple):
        return [_written(v) for v in value]
    return write(value) if attrs.has(type(value)) else plain(value)


def write_command(command: Command) -> Json:
    """A command as the document it was read from."""
    document: Json = {
        "id": command.id,
        "case": command.case,
        "type": command.event.type_name,
        "day": command.day.isoformat(),
        "actor": actor_document(command.actor),
        "payload": write(command.event),
    }
    said = {name: getattr(command, name) for name in OPTIONAL}
    return {**document, **{name: value for name, value in said.items() if value is not None and value is not False}}


def actor_document(actor: Actor) -> Json:
    """An actor as it stands in a document."""
    return {k: v for k, v in attrs.asdict(actor).items() if v is not None}


def command_in(data: Json) -> Json:
    """The command document that a record judged."""
    document = {"id": data["command"], **{k: data[k] for k in ("case", "type", "day", "actor", "payload")}}
    return {**document, **{name: data[name] for name in OPTIONAL if name in data}}
