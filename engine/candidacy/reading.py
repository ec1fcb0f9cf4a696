"""What a function reads, as its code says: for what no rule may read."""

import dis
from collections.abc import Callable, Iterator
from types import CellType, CodeType, FunctionType
from typing import Any

READS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


def attributes_read(judge: Callable[..., Any]) -> set[str]:
    """The names that a function, or one of its own package that it reaches, may read: attributes, and every word in its code.

    It reaches what it calls by name, what it closes over, its defaults, and what it wraps.
    What is only read by a computed name, or with all the rest of an event, is not seen.
    """
    found = set[str]()
    seen = set[CodeType]()
    waiting: list[Any] = [judge]
    while waiting:
        function = waiting.pop()
        code = getattr(function, "__code__", None)
        if not isinstance(code, CodeType) or code in seen:
            continue
        for part in _parts(code):
            seen.add(part)
            instructions = list(dis.get_instructions(part))
            found |= {i.argval for i in instructions if i.opname in READS}
            found |= set(_words(part.co_consts))
            called = [function.__globals__.get(i.argval) for i in instructions if i.opname == "LOAD_GLOBAL"]
            waiting += [other for other in (*called, *_held(function)) if _own(other, judge)]
    return found


def _held(function: Any) -> Iterator[Any]:
    """What a function has with it: closed over, as a default, or wrapped."""
    yield from (cell.cell_contents for cell in function.__closure__ or () if cell != CellType())
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield getattr(function, "__wrapped__", None)


def _words(constants: tuple[Any, ...]) -> Iterator[str]:
    """The words among constants: names in a pattern, or given to a function that reads by name."""
    for constant in constants:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple | frozenset):
            yield from _words(tuple(constant))


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


def _own(other: Any, function: Any) -> bool:
    ours = str(function.__module__).partition(".")[0]
    return isinstance(other, FunctionType) and str(other.__module__).partition(".")[0] == ours
