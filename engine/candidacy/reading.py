"""What a function reads, as its code says: for what no rule may read."""

import dis
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

READS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


def attributes_read(judge: Callable[..., Any]) -> set[str]:
    """The names of attributes that a function, or one of its own package that it calls by name, may read.

    What is only read by a computed name is not seen.
    """
    found = set[str]()
    seen = set[CodeType]()
    waiting = [judge]
    while waiting:
        function: Any = waiting.pop()
        code = getattr(function, "__code__", None)
        if not isinstance(code, CodeType) or code in seen:
            continue
        for part in _parts(code):
            seen.add(part)
            instructions = list(dis.get_instructions(part))
            found |= {i.argval for i in instructions if i.opname in READS}
            called = (function.__globals__.get(i.argval) for i in instructions if i.opname == "LOAD_GLOBAL")
            waiting += [other for other in called if _own(other, function)]
    return found


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


def _own(other: Any, function: Any) -> bool:
    ours = str(function.__module__).partition(".")[0]
    return isinstance(other, FunctionType) and str(other.__module__).partition(".")[0] == ours
