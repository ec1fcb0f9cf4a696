"""Strict reading of JSON from outside: everything that is wrong, with its path, all at once."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from candidacy.canonical import LARGEST
from candidacy.errors import InputError, Problem

NO_TEXT = re.compile("[\0\ud800-\udfff]")
TOO_LONG = "beyond 53 bits"
BEYOND = "a number beyond 53 bits", f"a whole number of at most {LARGEST}"
DEEPEST = 32
IDENTIFIER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,63}")
LONGEST_DOCUMENT = 1_048_576
"""Bytes of a document at most."""


@attrs.frozen
class Fraction:
    """A number with a point or an exponent, as written: no field takes one."""

    text: str


class _Object(dict[str, Any]):
    """An object that remembers keys written twice."""

    twice: tuple[str, ...] = ()


def read_json(document: bytes | str) -> Any:
    """The value a JSON document holds.

    Fractions are kept as Fraction, for the field that meets one to refuse it with its path.

    Raises:
        InputError: not UTF-8, too large, too deep, not JSON, a duplicate key, NaN or Infinity, a lone surrogate,
            a NUL character, or an integer beyond 53 bits.
    """
    value, problems = examine(document)
    if problems:
        raise InputError(problems)
    return value


def examine(document: bytes | str | Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    """The value a JSON document (or an object that could be one) holds, and what is wrong inside it.

    Raises:
        InputError: it cannot be read at all.
    """
    text = _text(document if isinstance(document, bytes | str) else _dumped(document))
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=Fraction, parse_constant=Fraction, parse_int=_integer)
    except json.JSONDecodeError as wrong:
        what = "nothing" if not text.strip() else "text that is not JSON"
        raise _error(f"line {wrong.lineno}, column {wrong.colno}", what, "a JSON document") from None
    except RecursionError:
        raise _error("", "a document nested too deeply", f"at most {DEEPEST} levels") from None
    problems: list[Problem] = []
    _walk(value, (), problems)
    return value, problems


def _dumped(document: Mapping[str, Any]) -> str:
    try:
        return json.dumps(document, ensure_ascii=False, default=_day)
    except (TypeError, ValueError, RecursionError):
        raise _error(
            "", "an object with values that JSON cannot hold", "objects, lists, text, whole numbers, true, false, null"
        ) from None


def _day(value: object) -> str:
    if type(value) is date:
        return value.isoformat()
    raise TypeError


def _text(document: bytes | str) -> str:
    size = len(document)
    if size > LONGEST_DOCUMENT:
        raise _error("", f"a document of {size} bytes", f"at most {LONGEST_DOCUMENT} bytes")
    if isinstance(document, str):
        return document
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise _error(f"byte {wrong.start}", "bytes that are not UTF-8", "a document in UTF-8") from None
    if text.startswith("\ufeff"):
        raise _error("byte 0", "a byte order mark", "a document in UTF-8 without one")
    return text


def _integer(digits: str) -> int | Fraction:
    return int(digits) if len(digits) <= 17 else Fraction(TOO_LONG)  # noqa: PLR2004 (more digits cannot be 53 bits)


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        keys = [k for k, _ in pairs]
        found.twice = tuple(sorted({k for k in keys if keys.count(k) > 1}))
    return found


def _walk(value: object, steps: tuple[str | int, ...], problems: list[Problem]) -> None:
    """Gather what is wrong in a value to which these keys and places lead."""
    if len(steps) > DEEPEST:
        problems.append(Problem(_path(steps), "a value nested too deeply", f"at most {DEEPEST} levels"))
    elif isinstance(value, _Object):
        problems.extend(Problem(_path((*steps, key)), "the key twice", "each key once") for key in value.twice)
        for key, inner in value.items():
            if not _clean(key):
                problems.append(Problem(_path(steps), "a key with characters that are not text", "plain text"))
            _walk(inner, (*steps, key), problems)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            _walk(inner, (*steps, i), problems)
    elif wrong := _wrong(value):
        problems.append(Problem(_path(steps), *wrong))


def _wrong(value: object) -> tuple[str, str] | None:
    """What was found in a plain value and what was needed, where that is wrong."""
    if isinstance(value, str):
        return None if _clean(value) else ("text with characters that are not text", "plain text")
    if isinstance(value, Fraction):
        known = value.text.strip("-") not in {"NaN", "Infinity"}
        return BEYOND if value.text == TOO_LONG else None if known else (value.text, "a value that JSON knows")
    return BEYOND if type(value) is int and abs(value) > LARGEST else None


def _path(steps: Iterable[str | int]) -> str:
    """As people read it: ``payload.tasks[2].title``."""
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{shown(step)}" if path else shown(step)
    return path


def _clean(text: str) -> bool:
    return NO_TEXT.search(text) is None


def shown(key: str) -> str:
    """A key or a name as it may be echoed: itself where it looks like an identifier, else only its length."""
    plain = IDENTIFIER.fullmatch(key)
    return key if plain and any(c.isalpha() for c in key) else f"({len(key)} characters)"


def _error(path: str, found: str, needed: str) -> InputError:
    return InputError([Problem(path, found, needed)])
