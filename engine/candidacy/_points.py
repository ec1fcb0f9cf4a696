"""What the check of a plugin looks at: each point with a code that stays, how it is looked at, and what to do where it fails.

The words stand in ``_points.toml``; ``docs/plugin-check.md`` is made of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import attrs

from candidacy.api import OLDEST_API

GROUPS = {
    "P1": "Loading",
    "P2": "The lifecycle",
    "P3": "The rules",
    "P4": "The same answer every time",
    "P5": "Nothing but what is asked about",
    "P6": "What is written about it",
}
"""What the points whose codes begin so are about."""


@attrs.frozen
class Point:
    """One thing that the check looks at.

    Attributes:
        code: stays for ever.
        says: what holds where it passes.
        how: how it is looked at, and what is not seen so.
        mend: what to do where it fails.
        since: the version of the API from which on plugins can pass it; those written for an older one need not.
    """

    code: str
    says: str
    how: str
    mend: str
    since: int = OLDEST_API


def _read() -> Iterator[Point]:
    told = tomllib.loads(files("candidacy").joinpath("_points.toml").read_text(encoding="utf-8"))
    for code, parts in told.items():
        says, how, mend = (" ".join(parts[name].split()) for name in ("says", "how", "mend"))
        yield Point(code, says, how, mend, parts.get("since", OLDEST_API))


POINTS = tuple(_read())
BY_CODE = {point.code: point for point in POINTS}


def page() -> str:
    """The page of the documents that tells of every point, in Markdown."""
    lines = [
        "# What the check of a plugin looks at",
        "",
        "`candidacy plugin check` prints these codes; they stay. `candidacy plugin check --explain P301` prints what stands here.",
        "",
        "| code | what holds where it passes |",
        "|---|---|",
        *(f"| [{p.code}](#{p.code.lower()}) | {p.says} |" for p in POINTS),
    ]
    for start, title in GROUPS.items():
        lines += ["", f"## {title}"]
        for point in POINTS:
            if point.code.startswith(start):
                lines += ["", f"### {point.code}", "", f"**{point.says}.** {point.how}", "", f"*What to do.* {point.mend}"]
                if point.since > OLDEST_API:
                    lines += ["", f"Plugins written for a version of the API before {point.since} need not pass it."]
    return "\n".join([*lines, ""])
