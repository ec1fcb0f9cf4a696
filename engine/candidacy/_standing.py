"""What of the engine stands as it did: every name of its modules and classes, and where lifecycles lead."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from candidacy.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENGINE = "candidacy"
OF_EVERY_CLASS = frozenset({"__dict__", "__weakref__", "_abc_impl", "__doc__"})


def standing() -> dict[str, Any]:
    """What each name of the engine's loaded modules, and of the classes they define, is now."""
    found = dict[str, Any]()
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] != ENGINE:
            continue
        for of, value in list(vars(module).items()):
            found[f"{name}.{of}"] = value
            if isinstance(value, Lifecycle):
                found[f"{name}.{of}, where it leads"] = dict(value.table())
            if isinstance(value, type) and value.__module__ == name:
                found |= {f"{name}.{of}.{a}": v for a, v in vars(value).items() if a not in OF_EVERY_CLASS}
    return found


def changed(before: Mapping[str, Any]) -> Iterator[str]:
    """Names that are something else than before, or gone. What was added disturbs nobody."""
    now = standing()
    for name, value in before.items():
        other = now.get(name)
        if other is not value and not (isinstance(value, dict) and name.endswith(", where it leads") and other == value):
            yield name
