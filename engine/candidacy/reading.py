"""What a function reads, as its code says: for what no rule may read."""

import dis
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from types import CellType, CodeType, FunctionType
from typing import Any, TypeVar

READS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
JUMPS = frozenset({*dis.hasjrel, *dis.hasjabs})
K = TypeVar("K")


def attributes_read(judge: Callable[..., Any]) -> set[str]:
    """The names that a function, or one of its own package that it reaches, may read: attributes, and every word in its code.

    It reaches what it calls by name, what it closes over, its defaults, and what it wraps.
    What is only read by a computed name, or with all the rest of an event, is not seen.
    """
    found = set[str]()
    for _, code in _reached(judge):
        found |= {i.argval for i in _instructions(code) if i.opname in READS}
        found |= set(_words(code.co_consts))
    return found


def used(judge: Callable[..., Any], kind: type[K]) -> list[K]:
    """The objects of a kind that a function, or one of its own package that it reaches, knows by a name and calls or hands on.

    What it only reads an attribute of is left out, but for a method that it calls on it.
    """
    found: list[K] = []
    for function, code in _reached(judge):
        known = {name for name in code.co_names if isinstance(function.__globals__.get(name), kind)}
        instructions = _instructions(code) if known else ()
        for here, after in pairwise(instructions):
            if here.opname == "LOAD_GLOBAL" and here.argval in known and not _reads_a_value(after, kind):
                found.append(function.__globals__[here.argval])
    return found


def _reads_a_value(instruction: dis.Instruction, kind: type[Any]) -> bool:
    return instruction.opname in READS and not callable(getattr(kind, str(instruction.argval), None))


def given_as(judge: Callable[..., Any], keyword: str) -> list[str]:
    """The words that a function, or one of its own package that it reaches, gives to others by a keyword.

    A word that is computed is not seen, nor one before an argument that branches.
    """
    found: list[str] = []
    for function, code in _reached(judge):
        instructions = _instructions(code) if any(isinstance(c, tuple) and keyword in c for c in code.co_consts) else ()
        for i, instruction in enumerate(instructions):
            names = _keywords(instruction, instructions[i + 1 : i + 2], code)
            if keyword not in names:
                continue
            end: int | None = i - 1
            for _ in range(len(names) - 1 - names.index(keyword)):
                start = _start(instructions, end) if end is not None else None
                end = None if start is None else start - 1
            if end is None or _start(instructions, end) != end:
                continue
            one = instructions[end]
            value: Any = one.argval if one.opname == "LOAD_CONST" else None
            value = function.__globals__.get(one.argval) if one.opname == "LOAD_GLOBAL" else value
            if isinstance(value, str):
                found.append(value)
    return found


def _keywords(instruction: dis.Instruction, after: tuple[dis.Instruction, ...], code: CodeType) -> tuple[str, ...]:
    """The keywords of the call that follows, in their order."""
    named = instruction.opname == "KW_NAMES" or (after and after[0].opname == "CALL_KW" and instruction.opname == "LOAD_CONST")
    names = code.co_consts[instruction.arg] if named and instruction.arg is not None else ()
    return names if isinstance(names, tuple) else ()


def _start(instructions: tuple[dis.Instruction, ...], end: int) -> int | None:
    """Where the expression begins whose last instruction is *end*; None where that branches."""
    left = 1
    for i in range(end, -1, -1):
        one = instructions[i]
        if one.opcode in JUMPS:
            return None
        left -= dis.stack_effect(one.opcode, one.arg)
        if left <= 0:
            return i
    return None


def _reached(judge: Callable[..., Any]) -> Iterator[tuple[Any, CodeType]]:
    """A function and those of its own package that it reaches, each with its code and the codes inside."""
    seen = set[CodeType]()
    waiting: list[Any] = [judge]
    while waiting:
        function = waiting.pop()
        code = getattr(function, "__code__", None)
        if not isinstance(code, CodeType) or code in seen:
            continue
        called: list[Any] = []
        for part in _parts(code):
            seen.add(part)
            yield function, part
            called += [function.__globals__.get(name) for name in part.co_names]
        waiting += [other for other in (*called, *_held(function)) if _own(other, judge)]


@lru_cache(4096)
def _instructions(code: CodeType) -> tuple[dis.Instruction, ...]:
    return tuple(dis.get_instructions(code))


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
