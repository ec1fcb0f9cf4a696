"""Outside documents to commands and events, and back. The only place that knows cattrs.

Each field type accepts its own JSON type and nothing else; unknown keys are refused; all that is wrong is
reported at once, with paths, and no content that could be personal is echoed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn

from candidacy.errors import DefinitionError, InputError, Problem
from candidacy.events import ROLE_NAME, WORDS, Count, Event, Id, RoleName, Sealed, Unread, fields_of, type_words
from candidacy.record import Actor, Command, Json
from candidacy.spans import amount
from candidacy.strict import TOO_LONG, Fraction, examine, shown
from candidacy.terms import plain

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#+-]{0,63}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_NUMBER = 20
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)
HARMLESS = frozenset({"", "yes", "no", "true", "false", "True", "False", "0", "1", "null", "none", "None"})
"""Text that may be echoed: it is about nobody."""


class _MismatchError(ValueError):
    """A value of the wrong kind."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(needed)
        self.found, self.needed = found, needed


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
            raise InputError(
                [Problem("type", f"the event type {shown(type_name)}, which no installed program has", "a known event type")]
            )
        return _structured(payload, kind, path)  # type: ignore[no-any-return]

    def read_command(self, document: bytes | str | Mapping[str, Any]) -> Command:
        """The command in a document.

        Raises:
            InputError: with everything that is wrong with the document.
        """
        command, problems = self.examine_command(document)
        if command is None or problems:
            raise InputError(problems)
        return command

    def examine_command(self, document: bytes | str | Mapping[str, Any]) -> tuple[Command | None, list[Problem]]:
        """The command in a document as far as it can be read, and everything that is wrong with the document.

        The command is None unless its case, day and actor can be read; one whose event cannot be read has an Unread.
        """
        tree, problems = examine(document)
        try:
            envelope = _structured(tree, _Envelope, "")
            parts = {field.name: getattr(envelope, field.name) for field in fields_of(_Envelope)}
        except InputError as wrong:
            problems += wrong.problems
            parts = dict(_readable(tree))
        name, payload = parts.get("type"), parts.get("payload")
        event: Any = Unread(str(name), payload)
        if name is not None and payload is not None:
            try:
                event = self.read_event(name, payload)
            except InputError as wrong:
                problems += wrong.problems
        problems = list(dict.fromkeys(problems))
        if not {"case", "day", "actor"} <= set(parts):
            return None, problems
        actor = Actor(**attrs.asdict(parts["actor"]))
        return Command(parts.get("id", ""), parts["case"], event, parts["day"], actor, parts.get("expects")), problems

    def read_day(self, text: str, path: str) -> date:
        """A day written as YYYY-MM-DD.

        Raises:
            InputError: it is not.
        """
        day: date = _structured({"value": text}, _holder(date), path).value
        return day

    def read_field(self, kind: type[Event], name: str, value: object) -> object:
        """The content of one field of an event.

        Raises:
            InputError: no such field, or content that does not fit it.
        """
        fields = {a.name: a.type for a in fields_of(kind)}
        if name not in fields:
            raise InputError([Problem(shown(name), "no such field", f"one of {', '.join(fields)}")])
        return _structured({"value": value}, _holder(fields[name]), "").value


def _readable(tree: Any) -> Iterator[tuple[str, Any]]:
    """The parts of an envelope that can be read by themselves, where the whole cannot."""
    for field in fields_of(_Envelope) if isinstance(tree, Mapping) else ():
        if field.name not in tree and field.default is not attrs.NOTHING:
            yield field.name, field.default
            continue
        with suppress(InputError):
            yield field.name, _structured({"value": tree.get(field.name)}, _holder(field.type), "").value


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
    actor = {k: v for k, v in attrs.asdict(command.actor).items() if v is not None}
    document: Json = {
        "id": command.id,
        "case": command.case,
        "type": command.event.type_name,
        "day": command.day.isoformat(),
        "actor": actor,
        "payload": write(command.event),
    }
    return document if command.expects is None else {**document, "expects": command.expects}


def command_in(data: Json) -> Json:
    """The command document that a record judged."""
    document = {"id": data["command"], **{k: data[k] for k in ("case", "type", "day", "actor", "payload")}}
    return {**document, "expects": data["expects"]} if "expects" in data else document


def check_fields(kind: type[Event]) -> None:
    """Refuse an event whose fields are of types that no document could hold, or that could hold free text.

    Raises:
        DefinitionError: naming each such field.
    """
    wrong = [f"field {a.name!r} is {type_words(a.type)}; needed {_field_types()}" for a in fields_of(kind) if not _known(a.type)]
    if wrong:
        raise DefinitionError(f"event {kind.__name__}", wrong)


def _known(kind: Any) -> bool:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return all(type(word) is str for word in args)
    if origin is tuple:
        return len(args) == 2 and args[1] is Ellipsis and _known(args[0])  # noqa: PLR2004 (one type, then any number)
    if _optional(kind):
        return _known(_inner(kind))
    if origin is not None:
        return False
    return kind in WORDS or kind is Sealed or (attrs.has(kind) and all(_known(a.type) for a in fields_of(kind)))


def _field_types() -> str:
    return "Id, Count, RoleName, bool, int, date, Literal words, tuple[…, ...] of these, … | None, or an attrs class of these"


# --- cattrs, made to accept only a field's own JSON type


def _structured(value: object, kind: Any, path: str) -> Any:
    try:
        return _converter().structure(value, kind)
    except (BaseValidationError, _MismatchError) as wrong:
        raise InputError(_problems(wrong, path)) from None


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    reads: dict[Any, Any] = {bool: _bool, int: _int, str: _str, date: _date, dict: _dict, Sealed: _sealed}
    for kind, read in reads.items():
        converter.register_structure_hook(kind, read)
    converter.register_structure_hook_func(lambda t: t in NAMED, lambda v, t: NAMED[t](v, t))
    converter.register_structure_hook_func(_is(dict), _dict)
    converter.register_structure_hook_func(_is(Literal), _literal)
    converter.register_structure_hook_factory(_is(tuple), _list_first(converter))
    converter.register_structure_hook_factory(
        lambda t: attrs.has(t) and t is not Sealed,
        lambda t: _object_first(make_dict_structure_fn(t, converter, _cattrs_forbid_extra_keys=True, _cattrs_use_alias=False), t),
    )
    converter.register_structure_hook_func(_optional, lambda v, t: None if v is None else converter.structure(v, _inner(t)))
    return converter


def _is(origin: Any) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is origin


def _optional(kind: Any) -> bool:
    args = get_args(kind)
    return get_origin(kind) in {Union, UnionType} and len(args) == 2 and args[1] is type(None)  # noqa: PLR2004 (X | None)


def _inner(kind: Any) -> Any:
    return get_args(kind)[0]


def _list_first(converter: Converter) -> Any:
    def factory(kind: Any) -> Any:
        inner = get_args(kind)[0]

        def read(value: object, _: object) -> tuple[Any, ...]:
            if type(value) is not list and type(value) is not tuple:
                raise _MismatchError(_found(value), f"a list, each {type_words(inner)}")
            return tuple(converter.structure(value, list[inner]))  # type: ignore[valid-type]

        return read

    return factory


def _object_first(structure: Any, kind: Any) -> Any:
    def read(value: object, _: object) -> Any:
        if not isinstance(value, Mapping):
            raise _MismatchError(_found(value), f"an object with {', '.join(a.name for a in fields_of(kind)) or 'no fields'}")
        return structure(value, kind)

    return read


def _bool(value: object, _: object) -> bool:
    return value if isinstance(value, bool) else _mismatch(value, WORDS[bool])


def _int(value: object, _: object) -> int:
    return value if type(value) is int else _mismatch(value, WORDS[int])


def _count(value: object, _: object) -> int:
    if type(value) is int and value < 0:
        raise _MismatchError(f"the number {value}", WORDS[Count])
    return value if type(value) is int else _mismatch(value, WORDS[Count])


def _str(value: object, _: object) -> str:
    return value if isinstance(value, str) else _mismatch(value, "text")


def _id(value: object, _: object) -> str:
    return value if isinstance(value, str) and ID.fullmatch(value) else _mismatch(value, WORDS[Id])


def _role(value: object, _: object) -> str:
    return value if isinstance(value, str) and ROLE_NAME.fullmatch(value) else _mismatch(value, WORDS[RoleName])


NAMED: dict[Any, Any] = {Id: _id, Count: _count, RoleName: _role}


def _date(value: object, _: object) -> Any:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return _mismatch(value, WORDS[date])
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _MismatchError(f"{value}, which is no day of the calendar", WORDS[date]) from None
    if not EARLIEST <= day < LATEST:
        raise _MismatchError(f"the day {value}", f"a day from {EARLIEST} on and before {LATEST}")
    return day


def _dict(value: object, _: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else _mismatch(value, "an object")


def _sealed(_value: object, _: object) -> Sealed:
    raise _MismatchError("confidential content", "no content: it cannot be accepted until it can be sealed; leave the field out")


def _literal(value: object, kind: Any) -> Any:
    words = get_args(kind)
    return value if type(value) is str and value in words else _mismatch(value, type_words(kind))


def _mismatch(value: object, needed: str) -> Any:
    raise _MismatchError(_found(value), needed)


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction | float):
        text = str(value.text if isinstance(value, Fraction) else value)
        return (
            f"the fraction {text}"
            if len(text) <= LONGEST_NUMBER and text != TOO_LONG
            else "a number that is no whole number of 53 bits"
        )
    if isinstance(value, int):
        return "a number"
    if isinstance(value, str):
        return f'the text "{value}"' if value in HARMLESS else amount(len(value), "characters of text")
    return "a list" if isinstance(value, list | tuple) else "an object"


def _problems(wrong: BaseException, path: str) -> list[Problem]:
    if isinstance(wrong, ClassValidationError | IterableValidationError):
        found = []
        for inner in wrong.exceptions:
            found += _problems(inner, _deeper(path, inner))
        return found
    if isinstance(wrong, ForbiddenExtraKeysError):
        known = ", ".join(a.name for a in fields_of(wrong.cl)) or "no fields"
        return [
            Problem(_dotted(path, shown(str(k))), "an unknown key", f"only {known}") for k in sorted(map(str, wrong.extra_fields))
        ]
    if isinstance(wrong, _MismatchError):
        return [Problem(path, wrong.found, wrong.needed)]
    if isinstance(wrong, KeyError):
        return [Problem(path, "nothing", "content for this field")]
    return [Problem(path, "something that cannot be read", "content of the field's own kind")]


def _deeper(path: str, inner: BaseException) -> str:
    for note in getattr(inner, "__notes__", ()):
        if isinstance(note, IterableValidationNote):
            return f"{path}[{note.index}]"
        if isinstance(note, AttributeValidationNote):
            return _dotted(path, note.name)
    return path


def _dotted(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
