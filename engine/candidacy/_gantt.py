"""A cohort as a picture (SVG) on a line of days: the same cases, days and words as its table.

Plain SVG 1.1: no script, nothing from elsewhere, the same bytes for the same cohort. What differs, differs in form, hatching
and words, never in colour alone, so that it can be read in print.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import attrs

from candidacy import _phrases as say
from candidacy._cohort import Bar, Cohort, CohortRow, Doing, Finished
from candidacy.spans import DAY, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT, CHART, RIGHT = 250, 760, 400
"""Pixels: the names of the cases, the line of days, the days in words."""
TOP, LANE, LINE, GAP = 132, 13, 14, 10
"""Pixels: above the first case; of a bar; of a line of words; between two cases."""
NARROWEST = 42
"""Pixels that the name of a month needs."""
LETTER = 5.2
"""Pixels of a letter in a bar, about."""
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

STYLE = """
text { font-family: sans-serif; font-size: 11px; fill: #000 }
.head { font-size: 16px; font-weight: bold }
.name, .risk { font-weight: bold }
.small { font-size: 9px }
.paper { fill: #fff }
.grid { stroke: #ccc; stroke-width: 1 }
.edge { stroke: #000; stroke-width: 1 }
.passage { fill: #d9d9d9; stroke: #555; stroke-width: 1 }
.done { fill: #6f8fb3; stroke: #000; stroke-width: 1 }
.running { fill: url(#running); stroke: #000; stroke-width: 1 }
.planned { fill: url(#planned); stroke: #000; stroke-width: 1; stroke-dasharray: 4 2 }
.today { stroke: #000; stroke-width: 1.5; stroke-dasharray: 2 3 }
.exact { fill: #000; stroke: #000; stroke-width: 1.5 }
.bound { fill: #fff; stroke: #000; stroke-width: 1.5 }
.limit { fill: none; stroke: #000; stroke-width: 3 }
"""
LEGEND = {
    "passage": "in the program",
    "done": "done",
    "running": "running",
    "planned": "planned",
    "exact": "earliest day, exact",
    "bound": "earliest day, if nothing makes it later",
    "limit": "last day that is stated",
}
PATTERNS = """<defs>
<pattern id="running" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/>\
<path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" stroke="#24517f" stroke-width="2"/></pattern>
<pattern id="planned" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/>\
<circle cx="3" cy="3" r="1.1" fill="#000"/></pattern>
</defs>"""


@attrs.frozen
class Scale:
    """Days to pixels; both are whole months."""

    first: date
    last: date

    @classmethod
    def of(cls, found: Cohort) -> Scale:
        """From the month of the earliest day that is drawn to the end of that of the latest."""
        days = [found.as_of]
        for row in found.cases:
            days += [row.began, *(d for bar in row.bars for d in (bar.first, bar.last) if d)]
        for row in found.rows:
            days += [d for d in (row.day, row.limit.closes if row.limit else None) if d]
        days += [done.since for done in found.finished]
        return cls(min(days).replace(day=1), add_months(max(days).replace(day=1), 1))

    def x(self, day: date) -> float:
        """Where a day begins."""
        return LEFT + CHART * (day - self.first).days / (self.last - self.first).days

    def months(self) -> Iterator[date]:
        """The months that have room for their names."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((n for n in (1, 2, 3, 6, 12) if CHART / count * n >= NARROWEST), 24)
        yield from (add_months(self.first, n) for n in range(0, count, step))


def svg(found: Cohort) -> str:
    """The picture of a cohort."""
    scale = Scale.of(found)
    rows, y = list[str](), TOP
    for row in found.cases:
        drawn, height = _row(row, scale, y, found.as_of)
        rows += drawn
        y += height + GAP
    return "\n".join(_whole(found, scale, rows, y)) + "\n"


def _whole(found: Cohort, scale: Scale, rows: list[str], bottom: int) -> Iterator[str]:
    width, height = LEFT + CHART + RIGHT, bottom + 34
    title = f"{found.title}: until {found.target}, as of {say.spoken(found.as_of)}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title desc">'
    )
    yield f'<title id="title">{_text(title)}</title>'
    yield f'<desc id="desc">{_text(" ".join(_described(found)))}</desc>'
    yield f"<style>{STYLE}</style>"
    yield PATTERNS
    yield f'<rect width="{width}" height="{height}" fill="#fff"/>'
    yield _label(10, 24, title, "head")
    yield _label(10, 44, summary(found))
    yield from _legend()
    yield from _axis(scale, bottom)
    yield from rows
    yield from _today(found.as_of, scale, bottom)
    yield "</svg>"


def summary(found: Cohort) -> str:
    """How many cases there are, and how many of them are at risk."""
    risks = sum(bool(row.at_risk) for row in found.rows)
    reached = sum(done.reached for done in found.finished)
    said = [f"{len(found.rows)} under way, {risks} of them at risk", f"{reached} there already"]
    said += [f"{len(found.finished) - reached} ended without getting there"] * (len(found.finished) > reached)
    said += [f"{len(found.untold)} of which nothing can be told"] * bool(found.untold)
    return "; ".join(said)


def _described(found: Cohort) -> Iterator[str]:
    yield f"{summary(found)}. One row for each case, in the order of the table."
    yield from (f"{row.case}: {row.sentence}" for row in found.rows)
    yield from (f"{done.case}: {_ended(done)}." for done in found.finished)


def _ended(done: Finished) -> str:
    if done.reached:
        return f"reached on {say.spoken(done.since)}; now {done.stage}"
    return f"ended: {done.stage}, since {say.spoken(done.since)}"


# --- what all cases share


def _legend() -> Iterator[str]:
    x = 10
    for name, words in LEGEND.items():
        yield _diamond(x + 12, 64, name) if name in {"exact", "bound"} else ""
        yield _post(x + 12, 58, 12, name) if name == "limit" else ""
        yield f'<rect class="{name}" x="{x}" y="58" width="24" height="12"/>' if name in {"passage", *Doing} else ""
        yield _label(x + 30, 68, words)
        x += 52 + round(len(words) * 6.2)


def _axis(scale: Scale, bottom: int) -> Iterator[str]:
    for month in scale.months():
        x = scale.x(month)
        yield f'<line class="grid" x1="{x:.1f}" y1="{TOP - 26}" x2="{x:.1f}" y2="{bottom}"/>'
        for y in (TOP - 30, bottom + 12):
            yield _label(x + 2, y, f"{say.MONTHS[month.month - 1][:3]} {month.year % 100:02}")
    yield f'<line class="edge" x1="{LEFT}" y1="{TOP - 26}" x2="{LEFT + CHART}" y2="{TOP - 26}"/>'


def _today(day: date, scale: Scale, bottom: int) -> Iterator[str]:
    x = scale.x(day)
    yield f'<line class="today" data-day="{day}" x1="{x:.1f}" y1="{TOP - 14}" x2="{x:.1f}" y2="{bottom}"/>'
    yield _label(x + 3, TOP - 14, say.spoken(day), "small")


# --- one case


def _row(row: CohortRow | Finished, scale: Scale, y: int, as_of: date) -> tuple[list[str], int]:
    """What is drawn of a case, and how high it is."""
    lanes = _lanes(row, as_of)
    words = _in_words(row)
    height = max(LANE * (1 + len(lanes)), LINE * len(words), 2 * LINE)
    end = row.since if isinstance(row, Finished) else as_of
    marks = _days_of(row)
    named = "".join(f" data-{name}={quoteattr(text)}" for name, text in marks.items())
    drawn = [f"<g data-case={quoteattr(_clean(row.case))}{named}>"]
    drawn.append(f"<title>{_text(row.case)}: {_text(row.sentence if isinstance(row, CohortRow) else _ended(row))}</title>")
    drawn.append(f'<line class="grid" x1="0" y1="{y - GAP / 2}" x2="{LEFT + CHART + RIGHT}" y2="{y - GAP / 2}"/>')
    drawn += [_label(10, y + 10, row.case, "name"), _label(10, y + 24, row.stage)]
    drawn.append(_rect("passage", scale.x(row.began), scale.x(end + DAY), y, LANE - 3))
    for n, lane in enumerate(lanes, 1):
        drawn += [part for bar in lane for part in _bar(bar, scale, y + n * LANE, row, as_of)]
    if isinstance(row, CohortRow):
        drawn += _marks(row, scale, y, height)
    x = LEFT + CHART + 12
    drawn += [_label(x, y + 10 + LINE * n, said, style) for n, (said, style) in enumerate(words)]
    return [*drawn, "</g>"], height


def _days_of(row: CohortRow | Finished) -> dict[str, str]:
    """The days and words of the table's row."""
    if isinstance(row, Finished):
        return {"began": str(row.began), "since": str(row.since), "standing": row.standing}
    days = {"began": row.began, "earliest": row.day, "last-day": row.limit.closes if row.limit else None, "days-left": row.slack}
    return {**{name: str(day) for name, day in days.items() if day is not None}, "standing": row.standing}


def _in_words(row: CohortRow | Finished) -> list[tuple[str, str]]:
    if isinstance(row, Finished):
        return [(_ended(row), "")]
    risk = f"AT RISK: {row.standing}" if row.at_risk else ""
    if row.day is None:
        return [(risk or row.standing, "risk")]
    said = [(f"{'earliest' if row.exact else 'at the earliest'} {say.spoken(row.day)}", "")]
    if row.limit:
        slack, what = row.limit.slack, f"the{'' if row.limit.binding else ' advised'} last day, {say.spoken(row.limit.closes)}"
        left = f"{say.days_of(abs(slack))} {'before' if slack > 0 else 'after'}" if slack else "on"
        said.append((f"{left} {what}", ""))
    return [*([(risk, "risk")] * bool(risk)), *said]


def _marks(row: CohortRow, scale: Scale, y: int, height: int) -> Iterator[str]:
    if row.limit:
        yield _post(scale.x(row.limit.closes), y - 2, height, "limit", row.limit.closes)
    if row.day:
        yield _diamond(scale.x(row.day), y + 5, "exact" if row.exact else "bound", row.day)


def _lanes(row: CohortRow | Finished, as_of: date) -> list[list[Bar]]:
    """The bars of a case in lanes, one kind in each, none over another."""
    lanes = list[list[Bar]]()
    for bar in row.bars:
        free = (lane for lane in lanes if lane[0].kind == bar.kind and all(_apart(bar, other, row, as_of) for other in lane))
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(bar)
    return lanes


def _apart(bar: Bar, other: Bar, row: CohortRow | Finished, as_of: date) -> bool:
    return bar.first > _end(other, row, as_of) or other.first > _end(bar, row, as_of)


def _end(bar: Bar, row: CohortRow | Finished, as_of: date) -> date:
    """Up to where a bar is drawn: an open one to the day asked about, one planned without an end to the earliest day."""
    if bar.doing is Doing.PLANNED:
        return bar.last or (row.day if isinstance(row, CohortRow) else None) or bar.first
    ended = row.since if isinstance(row, Finished) else as_of
    return min(bar.last, as_of) if bar.last else max(ended, bar.first)


def _bar(bar: Bar, scale: Scale, y: int, row: CohortRow | Finished, as_of: date) -> Iterator[str]:
    end = _end(bar, row, as_of)
    begins, ends = scale.x(bar.first), scale.x(end + DAY)
    name = f"{bar.kind} {bar.name}".strip()
    until = f" to {say.spoken(bar.last)}" if bar.last else ", without an end"
    yield f"<g><title>{_text(f'{name}, {bar.doing}: {say.spoken(bar.first)}{until}')}</title>"
    yield _rect(str(bar.doing), begins, ends, y, LANE - 3)
    fitting = next((words for words in (name, bar.name or bar.kind) if len(words) * LETTER < ends - begins - 6), None)
    if fitting:
        yield _rect("paper", begins + 2, begins + 6 + len(fitting) * LETTER, y + 1, LANE - 5)
        yield _label(begins + 4, y + LANE - 5, fitting, "small")
    yield "</g>"


# --- shapes


def _rect(style: str, begins: float, ends: float, y: int, height: int) -> str:
    return f'<rect class="{style}" x="{begins:.1f}" y="{y}" width="{max(ends - begins, 1):.1f}" height="{height}"/>'


def _diamond(x: float, y: float, style: str, day: date | None = None) -> str:
    mark = f' data-day="{day}" data-x="{x:.1f}"' if day else ""
    return f'<path class="{style}"{mark} d="M{x:.1f},{y - 7:.1f} l6,7 l-6,7 l-6,-7 z"/>'


def _post(x: float, y: float, height: int, style: str, day: date | None = None) -> str:
    mark = f' data-day="{day}" data-x="{x:.1f}"' if day else ""
    return f'<path class="{style}"{mark} d="M{x:.1f},{y:.1f} v{height} m-5,{-height} h10"/>'


def _label(x: float, y: float, words: str, style: str = "") -> str:
    styled = f' class="{style}"' if style else ""
    return f'<text{styled} x="{x:.1f}" y="{y:.1f}">{_text(words)}</text>'


def _text(words: str) -> str:
    return escape(_clean(words))


def _clean(words: str) -> str:
    """Without what no XML may hold."""
    return NOT_XML.sub("\ufffd", words)
