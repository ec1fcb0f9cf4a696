"""Strict reading of JSON from outside: everything that is wrong, with its path, all at once."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from candidacy.canonical import LARGEST
from candidacy.errors import InputError, Problem

NO_TEXT = re.compile("[\0\ud800-\udfff]")
TOO_LONG = "beyond 53 bits"
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
    _walk(value, "", 0, problems)
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


def _walk(value: object, path: str, depth: int, problems: list[Problem]) -> None:
    if depth > DEEPEST:
        problems.append(Problem(path, "a value nested too deeply", f"at most {DEEPEST} levels"))
    elif isinstance(value, _Object):
        problems.extend(Problem(_join(path, shown(key)), "the key twice", "each key once") for key in value.twice)
        for key, inner in value.items():
            if not _clean(key):
                problems.append(Problem(path, "a key with characters that are not text", "plain text"))
            _walk(inner, _join(path, shown(key)), depth + 1, problems)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            _walk(inner, f"{path}[{i}]", depth + 1, problems)
    elif isinstance(value, str) and not _clean(value):
        problems.append(Problem(path, "text with characters that are not text", "plain text"))
    elif isinstance(value, Fraction) and value.text.strip("-") in {"NaN", "Infinity"}:
        problems.append(Problem(path, value.text, "a value that JSON knows"))
    elif value == Fraction(TOO_LONG) or (type(value) is int and abs(value) > LARGEST):
        problems.append(Problem(path, "a number beyond 53 bits", f"a whole number of at most {LARGEST}"))


def _clean(text: str) -> bool:
    return NO_TEXT.search(text) is None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def shown(key: str) -> str:
    """A key or a name as it may be echoed: itself where it looks like an identifier, else only its length."""
    plain = IDENTIFIER.fullmatch(key)
    return key if plain and any(c.isalpha() for c in key) else f"({len(key)} characters)"


def _error(path: str, found: str, needed: str) -> InputError:
    return InputError([Problem(path, found, needed)])
