"""A lifecycle three times: as a picture (SVG), as a table, and as sentences to be heard. All are made of the edition's own moves.

The stages stand in a line from top to bottom. What leads back, or past a stage, runs on the left; exits stand aside, below
on the right, and a dot shows where a way joins. Acts that move nothing are no arrows: the table has them.
Words stand in the gaps between the stages and crossing lines run beside the stages, so that no word lies over another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from candidacy._markup import Markup, Part, element, sheet
from candidacy._phrases import named
from candidacy.case import NOT_BEGUN

if TYPE_CHECKING:
    from candidacy.program import Edition

BOX, GAP, LINE, MARGIN = 38, 46, 14, 14
"""Pixels: the height of a stage; between two; of a line of words; around all."""
LANE = 26
"""Pixels between two lines side by side, beside the words."""
STEM = 26
"""Pixels from the edge of a stage to the arrows that lead onward."""
LETTERS = 18
"""Letters of a line of words beside a line, about."""
WIDE, NARROW = frozenset("mwMW@%"), frozenset("ijltfr.,:;'|!()/- ")

STYLE = """
.lifecycle text { font: 12px sans-serif; fill: #1b1b1b }
.lifecycle .small { font-size: 11px }
.lifecycle .stage { fill: #fff; stroke: #565c65; stroke-width: 1 }
.lifecycle .passed { fill: #e7f2fb; stroke: #1b4b72; stroke-width: 2 }
.lifecycle .now { fill: #e7f2fb; stroke: #1b4b72; stroke-width: 4 }
.lifecycle .way { fill: none; stroke: #71767a; stroke-width: 1 }
.lifecycle .taken { fill: none; stroke: #1b4b72; stroke-width: 3.5 }
.lifecycle .tip, .lifecycle .dot { fill: #71767a }
.lifecycle .tip.of-taken { fill: #1b4b72 }
"""

Step: TypeAlias = "tuple[str, str, str]"
"""State, type name of the act, next state."""


WHOEVER = "as the question says"
"""Of an answer to a question, in the place of the roles that may enter it."""


def moves(edition: Edition) -> list[dict[str, Any]]:
    """The lifecycle as rows: state, act, who may enter it, next state; acts that move nothing have no next state."""
    acts = edition.lifecycle.acts
    order = {s: i for i, s in enumerate((NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits))}
    rows = [(order[state], state, name, to) for (state, name), to in edition.table.items()]
    return [
        {"state": state, "act": name, "by": _by(edition, acts[name]), "to": to if to != state else None}
        for _, state, name, to in sorted(rows, key=lambda r: (r[0], r[1] == r[3], order[r[3]]))
    ]


def _by(edition: Edition, act: Any) -> list[str]:
    return list(edition.entered_by.get(act, (WHOEVER,)))


def outline(edition: Edition) -> Markup:
    """The lifecycle as sentences, one list in another."""
    rows = moves(edition)
    said = []
    for state in (NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits):
        mine = [row for row in rows if row["state"] == state]
        head = (
            "Before a case has begun:"
            if state == NOT_BEGUN
            else f"From {state}:"
            if mine
            else f"{_capital(state)}: the end; no act leads on."
        )
        said.append(element("li", head, element("ul", [element("li", sentence(row)) for row in mine]) if mine else None))
    return element("ul", said, class_="outline")


def sentence(row: Mapping[str, Any]) -> str:
    """One move as a sentence."""
    by = " or ".join("whoever the question names" if role == WHOEVER else f"the {role}" for role in row["by"])
    leads = f"leads to {row['to']}" if row["to"] else "changes nothing about the stage"
    return f"“{named(row['act'].partition(' ')[0])}”, by {by}, {leads}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@attrs.frozen
class _Lane:
    """A line beside the stages: from rows of stages to one row, or to an exit; -1 is the beginning."""

    steps: tuple[Step, ...]
    sources: tuple[int, ...]
    target: int
    words: tuple[str, ...]

    @property
    def span(self) -> tuple[int, int]:
        rows = (*self.sources, self.target)
        return min(rows), max(rows)


class Drawing:
    """One lifecycle laid out, with the way that a case took, if one is given."""

    def __init__(self, edition: Edition, taken: Iterable[Step] = (), now: str = "", notes: Mapping[str, str] | None = None) -> None:
        """*notes*, by state, stand in its box below its name."""
        self.edition, self.taken, self.now, self.notes = edition, set(taken), now, dict(notes or {})
        self.passed = {state for step in self.taken for state in (step[0], step[2])}
        self.stages, self.exits = edition.lifecycle.stages, edition.lifecycle.exits
        steps = [(s, a.partition(" ")[0], to) for (s, a), to in edition.table.items() if s != to]
        rows = {NOT_BEGUN: -1, **{s: n for n, s in enumerate(self.stages)}}
        self.rows = rows
        self.onward = {n: [s for s in steps if rows[s[0]] == n - 1 and rows.get(s[2]) == n] for n in range(len(self.stages))}
        onward = {s for found in self.onward.values() for s in found}
        self.lanes = self._columns(self._lanes([s for s in steps if s[2] in rows and s not in onward]))
        self.ways_out = [s for s in steps if s[2] not in rows]
        self._measure()

    def _lanes(self, steps: list[Step]) -> list[_Lane]:
        """Steps of one act, from several stages to one or from one to several, as one line each."""
        found: dict[tuple[str, ...], list[Step]] = {}
        for step in steps:
            found.setdefault((NOT_BEGUN, step[1]) if step[0] == NOT_BEGUN else ("to", step[1], step[2]), []).append(step)
        lanes = []
        for mine in found.values():
            rows = tuple(sorted({self.rows[s[0]] for s in mine} | {self.rows[s[2]] for s in mine[1:]}))
            sources = rows if mine[0][0] == NOT_BEGUN else tuple(sorted(self.rows[s[0]] for s in mine))
            lanes.append(_Lane(tuple(mine), sources, self.rows[mine[0][2]], tuple(wrap(named(mine[0][1]), LETTERS))))
        return lanes

    @staticmethod
    def _columns(lanes: list[_Lane]) -> list[list[_Lane]]:
        """Lines in columns, shorter ones nearer to the stages, none over another in its column."""
        columns: list[list[_Lane]] = []
        for lane in sorted(lanes, key=lambda of: (of.span[1] - of.span[0], of.span, of.words)):
            free = (c for c in columns if all(lane.span[0] > o.span[1] or lane.span[1] < o.span[0] for o in c))
            column = next(free, None)
            if column is None:
                columns.append(column := [])
            column.append(lane)
        return columns

    def _measure(self) -> None:
        texts = [t for s in self.stages for t in (s, self.notes.get(s, ""))]
        self.widths = [max(map(width, (w for lane in c for w in lane.words)), default=0) + LANE for c in self.lanes]
        self.left = MARGIN + sum(self.widths) + LANE
        onward = [line for steps in self.onward.values() for line in self._onward_words(steps)]
        self.box = max(*map(width, texts), max(map(width, onward), default=0) + STEM + 10, 120) + 24
        self.right = self.left + self.box
        self.top = MARGIN + BOX + GAP
        self.bottom = self.top + len(self.stages) * (BOX + GAP)
        self.columns, x = dict[str, float](), self.right + LANE
        beside = {e: STEM + max(map(width, self._exit_words(e)), default=0) for e in self.exits}
        self.exit_widths = {e: max(width(e), width(self.notes.get(e, "")), beside[e], 60) + 20 for e in self.exits}
        for name in self.exits:
            self.columns[name] = x + STEM
            x += self.exit_widths[name] + MARGIN
        self.exit_lines = max((len(self._exit_words(e)) for e in self.exits), default=0)
        self.exit_top = self.bottom - GAP + MARGIN + LINE * self.exit_lines + 22
        self.width = x + MARGIN
        self.height = (self.exit_top + BOX if self.exits else self.bottom - GAP) + MARGIN

    def _onward_words(self, steps: list[Step]) -> list[str]:
        """The acts between two stages, one below the other."""
        return [line for name in dict.fromkeys(named(s[1]) for s in steps) for line in wrap(name, LETTERS + 10)]

    def _exit_words(self, name: str) -> list[str]:
        acts = dict.fromkeys(named(s[1]) for s in self.ways_out if s[2] == name)
        return [line for act in acts for line in wrap(act, LETTERS)]

    # --- where things stand

    def y(self, row: int) -> float:
        """The upper edge of a stage; of the beginning, where row is -1."""
        return self.top + row * (BOX + GAP)

    def svg(self, ident: str, *, alone: bool = False) -> Markup:
        """The picture.

        Args:
            ident: what ids in it begin with; unique on its page.
            alone: whether it brings its style along and says what it is to a reader of files.
        """
        size = f"0 0 {self.width:.0f} {self.height:.0f}"
        more: dict[str, Any] = {"xmlns": "http://www.w3.org/2000/svg"} if alone else {}
        return element(
            "svg",
            element("title", self.title, id=f"{ident}-title"),
            element("desc", self.told, id=f"{ident}-desc"),
            sheet(STYLE) if alone else None,
            list(self._drawn()),
            viewBox=size, width=f"{self.width:.0f}", height=f"{self.height:.0f}", role="img", class_="lifecycle",
            aria_labelledby=f"{ident}-title {ident}-desc", **more,
        )  # fmt: skip

    @property
    def title(self) -> str:
        """What the picture shows."""
        return f"Lifecycle of {self.edition.id}" + (", with the way the case took" if self.taken else "")

    @property
    def told(self) -> str:
        """The picture in a sentence or two."""
        exits = f" Exits: {', '.join(self.exits)}." if self.exits else ""
        passed = [s for s in (*self.stages, *self.exits) if s in self.passed]
        way = f" The case passed: {', '.join(passed)}; it is now in: {self.now}." if self.taken else ""
        return f"Stages in their order: {', '.join(self.stages)}.{exits}{way}"

    def _drawn(self) -> Iterator[Markup]:
        yield from self._exits()
        for steps in self.onward.values():
            yield from self._arrow(steps)
        edge = self.left
        taps = self._taps()
        for wide, column in zip(self.widths, self.lanes, strict=True):
            edge -= wide
            for lane in column:
                yield from self._lane(lane, edge + wide - LANE / 2, taps)
        yield element("circle", class_="dot", cx=_n(self.left + STEM), cy=_n(self.y(-1) + BOX / 2), r=7)
        yield _label(self.left + STEM + 14, self.y(-1) + BOX / 2 + 4, "beginning")
        for n, stage in enumerate(self.stages):
            yield from self._state(stage, self.left, self.y(n), self.box)
        for name in self.exits:
            yield from self._state(name, self.columns[name] - STEM, self.exit_top, self.exit_widths[name])

    def _state(self, name: str, x: float, y: float, wide: float) -> Iterator[Markup]:
        style = "now" if name == self.now else "passed" if name in self.passed else "stage"
        yield element("rect", class_=style, x=_n(x), y=_n(y), width=_n(wide), height=BOX, rx=3)
        note = self.notes.get(name, "")
        yield _label(x + wide / 2, y + (17 if note else 24), name, anchor="middle")
        yield from [_label(x + wide / 2, y + 32, note, "small", anchor="middle")] if note else []

    def _arrow(self, steps: list[Step]) -> Iterator[Markup]:
        if not steps:
            return
        row, x = self.rows[steps[0][2]], self.left + STEM
        begins = self.y(row - 1) + (BOX if row else BOX / 2 + 7)
        yield from self._line([(x, begins), (x, self.y(row))], any(s in self.taken for s in steps))
        words = self._onward_words(steps)
        first = (begins + self.y(row)) / 2 - LINE * (len(words) - 1) / 2
        yield from (_label(x + 10, first + 2 + LINE * n, line) for n, line in enumerate(words))

    def _taps(self) -> dict[tuple[int, int], float]:
        """Where each line on the left meets a stage: none at the height of another."""
        at: dict[int, list[int]] = {}
        for column in self.lanes:
            for lane in column:
                for row in dict.fromkeys((*lane.sources, lane.target)):
                    at.setdefault(row, []).append(id(lane))
        return {
            (row, lane): self.y(row) + BOX * (n + 1) / (len(lanes) + 1) for row, lanes in at.items() for n, lane in enumerate(lanes)
        }

    def _lane(self, lane: _Lane, x: float, taps: Mapping[tuple[int, int], float]) -> Iterator[Markup]:
        for step in sorted(lane.steps, key=lambda s: s in self.taken):
            source, target = self.rows[step[0]], self.rows[step[2]]
            begins = self.left if source >= 0 else self.left + STEM - 7
            path = [
                (begins, taps[source, id(lane)]),
                (x, taps[source, id(lane)]),
                (x, taps[target, id(lane)]),
                (self.left, taps[target, id(lane)]),
            ]
            yield from self._line(path, step in self.taken)
        first = self.y(self._gap(lane)) + BOX + (GAP - LINE * len(lane.words)) / 2 + 11
        yield from (_label(x - 8, first + LINE * n, line, anchor="end") for n, line in enumerate(lane.words))

    def _gap(self, lane: _Lane) -> int:
        """The stage below which its words stand: in the middle of its line."""
        first, last = lane.span
        return (first + last - 1) // 2 if last > first else first

    def _exits(self) -> Iterator[Markup]:
        for step in sorted(self.ways_out, key=lambda s: s in self.taken):
            row, x = self.rows[step[0]], self.columns[step[2]]
            y = self.y(row) + BOX / 2
            begins = self.right if row >= 0 else self.left + STEM + 90
            yield from self._line([(begins, y), (x, y), (x, self.exit_top)], step in self.taken)
            yield element("circle", class_="dot", cx=_n(x), cy=_n(y), r=3)
        for name in self.exits:
            for n, line in enumerate(self._exit_words(name)):
                yield _label(self.columns[name] + 8, self.exit_top - 18 - LINE * (len(self._exit_words(name)) - 1 - n), line)

    def _line(self, points: list[tuple[float, float]], taken: bool) -> Iterator[Markup]:  # noqa: FBT001 (said by the name)
        """A line through points, with a tip at its end."""
        (x0, y0), (x, y) = points[-2:]
        yield element("path", class_="taken" if taken else "way", d="M" + " L".join(f"{_n(a)},{_n(b)}" for a, b in points))
        style = "tip of-taken" if taken else "tip"
        if y == y0:
            yield element("path", class_=style, d=f"M{_n(x)},{_n(y)} l{-9 if x > x0 else 9},-5 v10 z")
        else:
            yield element("path", class_=style, d=f"M{_n(x)},{_n(y)} l-5,{-9 if y > y0 else 9} h10 z")


def _label(x: float, y: float, words: Part, style: str = "", anchor: str | None = None) -> Markup:
    return element("text", words, class_=style or None, x=_n(x), y=_n(y), text_anchor=anchor)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def width(text: str) -> float:
    """Pixels that a text takes at most, about, in a wide sans-serif of 12 pixels."""
    return sum(12.2 if c in WIDE or not c.isascii() else 9.8 if c.isupper() else 5.4 if c in NARROW else 7.9 for c in text)
