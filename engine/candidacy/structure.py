"""Plain JSON data to typed values. The only place that knows cattrs.

Each field type accepts its own JSON type and nothing else; unknown keys are refused; all that is wrong is
reported at once, with paths, and no content that could be personal is echoed.
"""

import re
from collections.abc import Callable, Mapping
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
from candidacy.events import ROLE_NAME, WORDS, Count, Id, RoleName, Sealed, Sha256, StateName, fields_of, type_words
from candidacy.spans import amount
from candidacy.strict import TOO_LONG, Fraction, shown
from candidacy.terms import CODE as ID

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_NUMBER = 20
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)
HARMLESS = frozenset({"", "yes", "no", "true", "false", "True", "False", "0", "1", "null", "none", "None"})
"""Text that may be echoed: it is about nobody."""


class _MismatchError(ValueError):
    """A value of the wrong kind."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(needed)
        self.found, self.needed = found, needed


def structured(value: object, kind: Any, path: str) -> Any:
    """*value*, read from JSON, as a *kind*.

    Raises:
        InputError: with everything that does not fit, each with its path below *path*.
    """
    try:
        return _converter().structure(value, kind)
    except (BaseValidationError, _MismatchError) as wrong:
        raise InputError(_problems(wrong, path)) from None


def check_fields(kind: Any) -> None:
    """Refuse an event whose fields are of types that no document could hold, or that could hold free text.

    Raises:
        DefinitionError: naming each such field.
    """
    fields = fields_of(kind)
    wrong = [
        f"field {a.name!r} is {type_words(a.type)}; needed {_field_types()}"
        for a in fields
        if not (_known(a.type) or a.type is Sealed)
    ]
    wrong += [
        f"field {a.name!r} is {'' if a.type is Sealed else 'not '}Sealed; needed `{a.name}: Sealed = sealed(…)`, both or none"
        for a in fields
        if (a.type is Sealed) is not ("sealed" in a.metadata)
    ]
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
    return kind in WORDS or (attrs.has(kind) and all(_known(a.type) for a in fields_of(kind)))


def _field_types() -> str:
    simple = "Id, Count, RoleName, StateName, Sha256, bool, int, date, Literal words"
    return f"{simple}, tuple[…, ...] of these, … | None, or an attrs class of these"


# --- cattrs, made to accept only a field's own JSON type


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


def _text_like(pattern: re.Pattern[str], kind: Any) -> Callable[[object, object], str]:
    def read(value: object, _: object) -> str:
        return value if isinstance(value, str) and pattern.fullmatch(value) else _mismatch(value, WORDS[kind])

    return read


TEXT: dict[Any, re.Pattern[str]] = {Id: ID, RoleName: ROLE_NAME, StateName: ROLE_NAME, Sha256: SHA256}
"""What text of each kind looks like, from its first character to its last."""
NAMED: dict[Any, Any] = {Count: _count, **{kind: _text_like(pattern, kind) for kind, pattern in TEXT.items()}}


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
