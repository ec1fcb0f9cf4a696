"""Terms: what findings and parameters are made of, and their one form as plain JSON data."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import attrs

from candidacy.canonical import LARGEST
from candidacy.events import fields_of
from candidacy.spans import Quantity, Sometime, Span

Term = bool | int | str | date | Quantity | Span | Sometime | None | tuple["Term", ...]
"""Amounts with units, days, truth values, ids and words of closed vocabularies; no free text."""


CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#+-]{0,63}")
"""The form of an id, and of a code of words joined by hyphens."""
LENGTH = re.compile(r"[0-9]+ (calendar days?|months?)( and [0-9]+ calendar days?)?")
LIMITS = frozenset({"at least", "not before", "not after"})


def refuse_other_words(data: Any, words: frozenset[str]) -> None:
    """Let pass only what a finding may hold: amounts, days, ids, codes, and *words* of the edition's vocabularies.

    Raises:
        ValueError: for any other text, so that nothing free can be kept or compared.
        TypeError: for what has no place in a record.
    """
    _refuse(data, words)


def _refuse(data: Any, words: frozenset[str]) -> None:
    if isinstance(data, str):
        if data not in words and not CODE.fullmatch(data):
            raise ValueError("found free text; needed a word of the edition, an id or a code")
    elif isinstance(data, dict):
        for key, value in data.items():
            if not _is_name(key):
                raise ValueError("found free text as a name; needed a plain name")
            _refuse(value, words)
    elif isinstance(data, list):
        for value in data:
            if not (isinstance(value, str) and _is_length(value, words)):
                _refuse(value, words)
    elif isinstance(data, int) and abs(data) > LARGEST:
        raise ValueError("found a number beyond 53 bits; needed one that a record can hold")


@lru_cache(1024)
def _is_name(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and (key.isidentifier() or key in LIMITS)


def _is_length(text: str, words: frozenset[str]) -> bool:
    """Whether it is a word of the edition with a length: assignments of at least 60 calendar days."""
    head, of, length = text.partition(" of at least ")
    return bool(of) and head in words and LENGTH.fullmatch(length) is not None


def plain(value: Term | object) -> Any:  # noqa: PLR0911 (one for each kind of term)
    """A term as JSON: amounts as [n, unit] or [least, most, unit], days as YYYY-MM-DD, open days as {"between": [...]}."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if isinstance(value, Quantity):
        return [value.least, value.unit] if value.least == value.most else [value.least, value.most, value.unit]
    if isinstance(value, Sometime):
        return str(value.first) if value.first == value.last else {"between": [str(value.first), str(value.last)]}
    if isinstance(value, Span):
        return [part for n, unit in ((value.months, "months"), (value.days, "calendar days")) if n for part in (n, unit)]
    if isinstance(value, date):
        return str(value)
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if attrs.has(type(value)):
        return {a.name: plain(getattr(value, a.name)) for a in fields_of(type(value))}
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"found {type(value).__name__}; needed an amount, a day, a truth value, an id or a word")
