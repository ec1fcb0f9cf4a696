"""What another edition would have answered, in words: as lines, and as tables for a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from candidacy import _phrases as say
from candidacy._answered import UNTOLD
from candidacy._words import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy._caseload import DayMoved, WhatIf
    from candidacy._firstday import FirstDay
    from candidacy._rejudged import Rejudged, Turned


def counts(found: WhatIf) -> Iterator[str]:
    """What was judged and what was found, in sentences."""
    n, by = found.counted, ", ".join(found.editions)
    yield f"{found.rules}{f' ({by})' if by and by != found.rules else ''}"
    yield f"judged: {many(n['cases'], 'case')}, {many(n['acts'], 'act')} and {many(n['facts'], 'fact')}, each on the case as it was"
    aside = [
        (n["cases of other programs"], "case", "of other programs"),
        (n["cases already under it"], "case", "already under it"),
        (n["records already under it"], "record", "already under it, in cases that moved there"),
        (n["moves to another edition"], "move", "to another edition"),
    ]
    if left := [f"{many(k, what)} {which}" for k, what, which in aside if k]:
        yield f"left aside: {'; '.join(left)}"
    accepted = sum(f.would_be == "accepted" for f in found.flips)
    yield f"would be decided otherwise: {many(len(found.flips), 'act')}" + (
        f", in {many(len({f.case for f in found.flips}), 'case')}: {len(found.flips) - accepted} refused, {accepted} accepted"
        if found.flips
        else ""
    )
    yield f"cannot be told: {many(len(found.untold), 'record')}"
    if found.followed:
        yield f"consequences, if each case is run again: {many(len(found.consequences), 'act')}"
    yield f"the same word for other reasons: {many(len(found.reasons), 'act')}"
    yield f"would have shown otherwise: {many(len(found.shows), 'fact')}"
    if found.as_of:
        untold = f"; of {len(found.days_untold)} no day can be told" if found.days_untold else ""
        yield (
            f"earliest day, as of {say.spoken(found.as_of)}: moves in {len(found.days)} of {many(found.days_told, 'case')} "
            f"under way{untold}"
        )


def many(n: int, what: str) -> str:
    """A number of things: no case, 1 case, 12 cases."""
    return f"{n or 'no'} {what}{'s' * (n > 1)}"


def text(found: WhatIf) -> Iterator[str]:
    """All of it as lines."""
    first, *rest = counts(found)
    yield f"under {first}"
    yield from (f"  {line}" for line in rest)
    if found.requirements:
        yield from ("", "Decided otherwise by")
        for turned, n in found.requirements:
            yield f"  {n:>4}  {turned.requirement}"
            yield f"        [{turned.citation}] {turned.rule}" if turned.citation else f"        {turned.rule}"
    yield from _list("Decided otherwise", found.flips)
    yield from _list("Cannot be told", found.untold)
    yield from _list("Consequences: otherwise only because of what came before in the same case", found.consequences)
    if found.days:
        yield from ("", "Earliest days that move")
    for moved in found.days:
        yield f"  case {moved.case}, {moved.own.stage}, until {_to(moved)}: {day(moved.own)}, would be {day(moved.other)}"
        yield from (f"      {line}" for line in _binds(moved))
    if found.days_untold:
        yield from ("", "No earliest day can be told")
        yield from (f"  case {case}: {why}" for case, why in found.days_untold)


def _list(title: str, of: Iterable[Rejudged]) -> Iterator[str]:
    for n, rejudged in enumerate(of):
        yield from ("", title) if not n else ()
        yield f"  case {rejudged.case}, record {rejudged.index}: {act(rejudged)} was {rejudged.was}, {would(rejudged)}"
        yield from [f"      {rejudged.why}"] if rejudged.why else []
        for turned in rejudged.because:
            yield f"    {MARKS.get(turned.now, '-')} {_came_out(turned)}: {turned.requirement}"
            yield from [f"        {turned.told}"] if turned.told else []
            yield from (f"        {detail}" for detail in turned.details)
            yield f"        [{turned.citation}] {turned.rule}" if turned.citation else f"        {turned.rule}"


def act(rejudged: Rejudged) -> str:
    """What was entered, and its day."""
    return f"{say.named(rejudged.type_name)} on {say.spoken(rejudged.day)}"


def would(rejudged: Rejudged) -> str:
    """What it would be, and what in the case run again, where that is not the same."""
    said = UNTOLD if rejudged.would_be == UNTOLD else f"would be {rejudged.would_be}"
    again = rejudged.rerun if rejudged.rerun not in {"", rejudged.would_be} else ""
    return said + (f" (run again: {again})" if again else "")


def _came_out(turned: Turned) -> str:
    """How it comes out there, and how it did."""
    then = turned.then or "not asked"
    return f"{turned.now or 'not asked'} (was {then})" if turned.now != turned.then else turned.now


def _to(moved: DayMoved) -> str:
    return moved.own.to if moved.own.to == moved.other.to else f"{moved.own.to}, or {moved.other.to}"


def day(first: FirstDay) -> str:
    """The earliest day by one edition."""
    if first.day is None:
        return "no day" if first.exact else "no day that is known"
    return f"{say.spoken(first.day)}{'' if first.exact else ' at the earliest'}"


def _binds(moved: DayMoved) -> Iterator[str]:
    """By which requirement the day is so late, there and here."""
    for whose, first in (("would take longest", moved.other), ("takes longest", moved.own)):
        if first.requirement:
            cited = f" [{first.citation}] {first.rule}" if first.citation else ""
            yield f"{whose if first.day else 'no way past'}: {first.requirement}{cited}"


# --- for a pull request


def markdown(found: WhatIf) -> Iterator[str]:
    """All of it in GitHub's Markdown: what was counted, then tables. What stands in the first one, the others only name."""
    first, *rest = counts(found)
    yield f"### What if: {escaped(first)}"
    yield ""
    yield from (f"* {escaped(line)}" for line in rest)
    yield f"* asked of the ledger {escaped(found.ledger)}, records 1 to {found.newest}"
    requirements = [(n, t.requirement, t.citation, code(t.rule)) for t, n in found.requirements]
    yield from _table("Decided otherwise by", ("acts", "requirement", "where it stands", "rule"), requirements)
    told = {t.rule for t, _ in found.requirements}
    head = ("case", "record", "act", "was", "would be", "by")
    for title, of in (
        ("Decided otherwise", found.flips),
        ("Cannot be told", found.untold),
        ("Consequences: otherwise only because of what came before in the same case", found.consequences),
    ):
        rows = [(r.case, r.index, act(r), r.was, would(r).removeprefix("would be "), list(_by(r, told))) for r in of]
        yield from _table(title, head, rows)
    days = [(m.case, m.own.stage, day(m.own), day(m.other), list(_late_by(m))) for m in found.days]
    yield from _table("Earliest days that move", ("case", "stage", "is", "would be", "by"), days)
    yield from _table("No earliest day can be told", ("case", "why"), found.days_untold)


def _late_by(moved: DayMoved) -> Iterator[str]:
    """The rules by which the day is so late, in short."""
    ours, theirs = moved.other.rule, moved.own.rule
    yield from [f"{ours} (as now)" if ours == theirs else ours] if ours else []
    yield from [f"now {theirs}"] if theirs and theirs != ours else []


def _by(rejudged: Rejudged, known: set[str]) -> Iterator[str]:
    yield from [rejudged.why] if rejudged.why else []
    for turned in rejudged.because:
        cited = f" [{turned.citation}]" if turned.citation else ""
        which = turned.rule if turned.rule in known else f"{turned.requirement.rstrip('.')}{cited}"
        yield f"{which}: {_came_out(turned)}{f'; {turned.told}' if turned.told else ''}"


class _Code(str):
    """What is shown as it is written in code."""

    __slots__ = ()


def code(name: str) -> str:
    """The name of a rule, as it is written."""
    return _Code(f"`{name}`")


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for n, row in enumerate(rows):
        if not n:
            yield from ("", f"#### {title}", "", _row(head), _row(["---"] * len(head)))
        yield _row([_cell(cell) for cell in row])


def _cell(cell: object) -> str:
    if isinstance(cell, list):
        return "<br>".join(map(escaped, cell))
    return cell if isinstance(cell, _Code) else escaped(str(cell))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(said: str) -> str:
    """Text in which nothing is a sign of Markdown or of HTML, on one line."""
    return re.sub(r"([\\|`*_<>\[\]#~])", r"\\\1", " ".join(said.split()))
