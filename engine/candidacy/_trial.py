"""What became of a life that was tried out: plain values, and the same as lines for a reader."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs

from candidacy import _phrases as say
from candidacy._answered import UNTOLD
from candidacy._path_told import told as path_told
from candidacy._status_told import told as status_told
from candidacy._words import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._path import Path
    from candidacy._status import Status
    from candidacy._words import Reason
    from candidacy.decision import Finding, Json
    from candidacy.program import Edition

ACCEPTED, REFUSED, NOT_PLAYED = "accepted", "refused", "not played"


@attrs.frozen
class TriedCommand:
    """One command of a life, as it was answered.

    Attributes:
        line: its place in the life, from 1; of a file its line.
        by: the person who enters it.
        word: ``accepted``, ``refused`` for what is known, ``cannot be told`` where it is refused for want of a fact or an answer,
            or ``not played``, and *why* not.
        moved: the states it leads from and to.
        findings: every finding; *reasons*, the open ones in words, each with what would meet it.
    """

    line: int
    case: str
    day: date
    type_name: str
    by: str
    word: str
    moved: tuple[str, str] = ("", "")
    findings: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()
    why: str = ""

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "line": self.line,
            "day": str(self.day),
            "type": self.type_name,
            "by": self.by,
            "answer": self.word,
            "from": self.moved[0],
            "to": self.moved[1],
            "findings": [f.as_data() for f in self.findings],
            "reasons": [r.as_data() for r in self.reasons],
            "why": self.why,
        }

    def lines(self) -> Iterator[str]:
        """As lines for a reader."""
        way = f", {self.moved[0]} -> {self.moved[1]}" if self.moved[0] != self.moved[1] else ""
        refused = f"{REFUSED}, since it {UNTOLD}" if self.word == UNTOLD else self.word
        yield f"{self.day}  {say.named(self.type_name)}, by {self.by}: {refused}{way}{f' ({self.why})' if self.why else ''}"
        yield from (f"    {line}" for line in told(self.reasons))


@attrs.frozen
class TriedCase:
    """What became of one case of a life.

    Attributes:
        edition: the one that judges it, ``widgets/2004``; "" where it did not begin.
        commands: in the order in which they were told.
        status: where it stands on the day asked for; None where it did not begin.
        path: what remains from that day on; None where there is none to tell, and *why*.
    """

    case: str
    edition: str
    commands: tuple[TriedCommand, ...]
    status: Status | None = None
    path: Path | None = None
    why: str = ""
    _rules: Edition | None = attrs.field(default=None, repr=False, eq=False)

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "edition": self.edition,
            "commands": [c.as_data() for c in self.commands],
            "status": self.status.as_data() if self.status else None,
            "path": self.path.as_data() if self.path else None,
            "why": self.why,
        }

    def lines(self) -> Iterator[str]:
        """As lines for a reader."""
        yield f"case {self.case}{f', under {self.edition}' if self.edition else ''}"
        yield from (f"  {line}" for command in self.commands for line in command.lines())
        yield ""
        if self.status:
            yield from status_told(self.status)
            yield ""
        if self.path and self._rules:
            yield from path_told(self.path, self._rules, cite=False)
        else:
            yield f"What remains cannot be told: {self.why}"


@attrs.frozen
class Trial:
    """A life, played: what each command was answered, where each case stands, and what remains. ``print(trial)`` shows it.

    Attributes:
        cases: in the order in which they begin.
    """

    cases: tuple[TriedCase, ...]

    @property
    def commands(self) -> tuple[TriedCommand, ...]:
        """Every command, in the order of the life."""
        return tuple(sorted((c for case in self.cases for c in case.commands), key=lambda c: c.line))

    @property
    def answer(self) -> str:
        """``accepted`` where every command was; ``refused`` where one was for what is known; else that it cannot be told."""
        words = {c.word for c in self.commands}
        return REFUSED if words & {REFUSED, NOT_PLAYED} else UNTOLD if UNTOLD in words else ACCEPTED

    def as_data(self) -> Json:
        """As plain values."""
        return {"answer": self.answer, "cases": [case.as_data() for case in self.cases]}

    def lines(self) -> Iterator[str]:
        """As lines for a reader."""
        for n, case in enumerate(self.cases):
            yield from [""] if n else []
            yield from case.lines()

    def __str__(self) -> str:
        return "\n".join(self.lines())
