"""``candidacy plugin check``: whether a plugin keeps its promises, point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, seconds_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._plugin_check import Checked


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@seconds_for("for the whole", 300)
@click.option(
    "--of-a-rule",
    type=click.FloatRange(0.01, 3600),
    default=5,
    show_default=True,
    metavar="SECONDS",
    help="For one answer of a rule.",
)
@click.option("--explain", metavar="CODE", help="Say how a point is looked at, and what to do where it fails; look at nothing.")
@as_json
def check(path: str, timeout: int, of_a_rule: float, explain: str | None, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Check the plugin in the folder PATH (this one, where none is named), in processes of their own.

    Exit codes: 0 every point passed; 1 one failed; 3 none failed, and not all could be looked at.
    """
    from candidacy._plugin_check import check_plugin

    if explain is not None:
        return _explained(explain, as_json=as_json)
    found = check_plugin(path, seconds=timeout, of_a_rule=of_a_rule)
    answer(found.as_data(), list(_lines(found)), as_json=as_json)
    return YES if found.passed else NO if found.failed else CANNOT_BE_TOLD


def _lines(found: Checked) -> Iterator[str]:
    for looked in found.points:
        mark = "✓" if looked.passed else "✗" if looked.looked else "-"
        yield f"{mark} {looked.point.code} {looked.point.says}" + (f" ({looked.note})" if looked.note else "")
        yield from (f"    - {failure}" for failure in looked.failures)
        if looked.failures:
            yield f"    what to do: {looked.point.mend}"
    passed = sum(looked.passed for looked in found.points)
    yield ""
    yield f"{found.plugin}: {passed} of {len(found.points)} points passed"
    if found.failed:
        yield f"`candidacy plugin check --explain {found.failed[0]}` says more; docs/plugin-check.md has every point"


def _explained(code: str, *, as_json: bool) -> int:
    import attrs

    from candidacy._points import BY_CODE
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    point = BY_CODE.get(code.upper())
    if point is None:
        raise InputError([Problem("--explain", f"the code {shown(code)}", f"one of {', '.join(BY_CODE)}")])
    lines = [f"{point.code}: {point.says}", "", f"How it is looked at: {point.how}", "", f"What to do where it fails: {point.mend}"]
    return answer(attrs.asdict(point), lines, as_json=as_json)
