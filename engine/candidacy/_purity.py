"""What reaches outside: in source that is read, and in calls that are noticed while rules are asked."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

BANNED_CALLS = frozenset({"open", "eval", "exec", "compile", "input", "__import__", "print", "globals", "breakpoint", "id", "hash"})
BANNED_METHODS = frozenset(
    {"today", "now", "utcnow", "fromtimestamp", "read_text", "write_text", "read_bytes", "getenv", "urandom", "import_module"}
)
PURE_MODULES = frozenset(
    {
        "__future__", "abc", "attrs", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime", "decimal", "enum",
        "fractions", "functools", "heapq", "itertools", "math", "operator", "re", "string", "types", "typing",
    }
)  # fmt: skip
"""What a plugin may import beside `candidacy` and plugins."""
OUTSIDE = frozenset(
    {
        "_io", "_locale", "_random", "_socket", "_strptime", "asyncio", "glob", "http", "io", "locale", "logging",
        "multiprocessing", "nt", "os", "pathlib", "posix", "random", "secrets", "shutil", "socket", "sqlite3", "ssl",
        "subprocess", "tempfile", "threading", "time", "urllib", "uuid",
    }
)  # fmt: skip
"""Modules whose functions no rule may reach."""
BUILTINS = frozenset({"open", "eval", "exec", "compile", "input", "__import__", "print", "breakpoint"})
CLOCK = frozenset({"today", "now", "utcnow"})
AUDITED = ("open", "socket.", "subprocess.", "os.", "shutil.", "ctypes.", "urllib.")
"""Beginnings of the names of what Python itself announces."""


def impurities(source: str, allowed: frozenset[str]) -> Iterator[str]:
    """What a module's source does that no rule may: each with its line.

    Args:
        allowed: the packages that it may import beside.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.expr | ast.stmt):
            continue
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if isinstance(node.func, ast.Name) and name in BANNED_CALLS:
                yield f"line {node.lineno} calls {name}"
            if isinstance(node.func, ast.Attribute) and name in BANNED_METHODS:
                yield f"line {node.lineno} calls .{name}"
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            yield f"line {node.lineno} reads the environment"
        modules = (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
        yield from (f"line {node.lineno} imports {m}" for m in modules if m.partition(".")[0] not in allowed)


class Listening:
    """Notices, in a ``with``, what the code of rules reaches outside. Each is told once by its name."""

    def __init__(self, told: Callable[[str], None]) -> None:
        """Tell *told* of each."""
        self._told, self._on = told, False
        sys.addaudithook(self._announced)

    def __enter__(self) -> None:
        self._on = True
        sys.setprofile(self._called)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        self._on = False

    def _announced(self, event: str, _: tuple[Any, ...]) -> None:
        if self._on and event.startswith(AUDITED):
            self._told(f"does what Python announces as {event}")

    def _called(self, frame: FrameType, event: str, of: Any) -> None:
        if event == "c_call":
            if what := _outside(of):
                self._told(f"calls {what}")
        elif event == "call":
            module = str(frame.f_globals.get("__name__", ""))
            if module.partition(".")[0] in OUTSIDE:
                self._told(f"calls {module}.{frame.f_code.co_name}")


def _outside(of: Any) -> str:
    """The name of a function of C that reaches outside; "" where it does not."""
    name, owner = of.__name__, getattr(of, "__self__", None)
    module = str(getattr(of, "__module__", None) or getattr(type(owner), "__module__", "") or "")
    if name in CLOCK and isinstance(owner, type):
        return f"{owner.__name__}.{name}"
    if module == "builtins" or owner is sys.modules.get("builtins"):
        return name if name in BUILTINS else ""
    return f"{module}.{name}" if module.partition(".")[0] in OUTSIDE else ""
