"""A draft of a program in a folder, asked in a process of its own: its code is never loaded into this one.

The process is sent records and sends back answers; it is told neither where the ledger is nor what stands in the environment.
What it prints goes to standard error. It is no prison: code can do there what a program of this user can do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from candidacy._answered import CaseAnswered
from candidacy._apart import Apart, read
from candidacy.errors import InputError, Problem

if TYPE_CHECKING:
    from datetime import date

    from candidacy._answered import Asked
    from candidacy.decision import Json
    from candidacy.record import Record

SECONDS = 60
"""How long a draft may take to load, and for each case or life."""
LONGEST_ANSWER = 2**26
"""Bytes at most of what a draft answers at once."""
A_DRAFT, IN_OTHER_WORDS = "a draft that loads and answers", "a draft that answers in its own words"
TO_LOAD = "to load"
CASE, LIFE = "case", "life"
"""What a draft is asked of: the records of a case, judged by it; a life, played against it."""


class Draft:
    """A draft, loaded. Use it in a ``with``: at its end the process is ended.

    Attributes:
        programs: the names of the programs that it offers.
    """

    def __init__(self, folder: Path, edition: str, seconds: int, *, named: str = "rules") -> None:
        """Start a process and load the draft there.

        Args:
            edition: the one to judge by; "" for the one of the same name as the record's, else the newest.
            seconds: how long it may take to load, and for each case or life.
            named: what the folder was given as, for what is said of it.

        Raises:
            InputError: there is no such folder, or it does not load.
        """
        if not folder.is_dir():
            raise InputError([Problem(named, f"no folder at {folder}", "the folder of a draft")])
        self._named, self._seconds, self._process = named, seconds, Apart("candidacy._drafting")
        try:
            self.programs: tuple[str, ...] = self._loaded(folder, edition)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and what it has started in its own session."""
        self._process.close()

    def case(self, asked: Asked, records: list[Record], *, days: bool) -> CaseAnswered:
        """What the records of a case would have been answered.

        Raises:
            InputError: the draft ends, raises something, or takes too long.
        """
        raws = [[r.index, r.raw.decode()] for r in records]
        how = {"days": days, "follow": asked.follow, "as_of": _day(asked.as_of)}
        said = self._ask({"asks": CASE, "case": records[0].case, "records": raws, **how}, f"over the case {records[0].case}")
        try:
            return CaseAnswered.from_data(said)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._wrong(IN_OTHER_WORDS) from None

    def life(self, life: bytes, *, to: str | None, as_of: date | None) -> tuple[Json, list[str]]:
        """What became of a life, as plain values and as lines; *life* is a file with a command document in each line.

        Raises:
            InputError: with everything that is wrong with the life; or the draft ends, raises something, or takes too long.
        """
        text = life.decode("latin-1")  # a character a byte: whether that is UTF-8, the reader of lives says
        said = self._ask({"asks": LIFE, "life": text, "to": to, "as_of": _day(as_of)}, "over the life")
        try:
            problems = [Problem(*map(str, problem)) for problem in said.get("problems", ())]
            lines, found = [str(line) for line in said.get("lines", ())], said.get("trial")
        except TypeError:
            raise self._wrong(IN_OTHER_WORDS) from None
        if problems:
            raise InputError(problems)
        if not isinstance(found, dict):
            raise self._wrong(IN_OTHER_WORDS)
        return found, lines

    # --- inside

    def _loaded(self, folder: Path, edition: str) -> tuple[str, ...]:
        offered = self._ask({"folder": str(folder.resolve()), "edition": edition}, TO_LOAD).get("programs")
        if not isinstance(offered, list):
            raise self._wrong(IN_OTHER_WORDS)
        return tuple(map(str, offered))

    def _ask(self, question: Json, doing: str) -> Json:
        answered = read(self._process.exchanged(question, self._seconds, LONGEST_ANSWER))
        if answered is None or "wrong" in answered:
            raise self._wrong(self._ended(doing) if answered is None else str(answered["wrong"]))
        return answered

    def _wrong(self, found: str) -> InputError:
        return InputError([Problem(self._named, found, A_DRAFT)])

    def _ended(self, doing: str) -> str:
        if self._process.late:
            return f"a draft that took more than {self._seconds} seconds {doing}"
        return f"a draft whose process ended ({self._process.ended()}) {'while it loaded' if doing == TO_LOAD else doing}"


def _day(day: date | None) -> str | None:
    return str(day) if day else None
