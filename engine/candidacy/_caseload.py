"""The caseload of a ledger, held against what it would have been answered, case by case."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Protocol

import attrs

from candidacy._answered import UNTOLD, Asked, CaseAnswered
from candidacy._firstday import FirstDay
from candidacy._path import path
from candidacy._rejudged import KINDS, Rejudged, Turned, weighed
from candidacy.case import Case
from candidacy.errors import InputError
from candidacy.interventions import EditionMoved
from candidacy.keeping import Keeper
from candidacy.program import Edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from candidacy.decision import Json
    from candidacy.record import Record


class Answers(Protocol):
    """Tells what the records of a case would have been answered; with its earliest day, where *days*."""

    def __call__(self, records: list[Record], *, days: bool) -> CaseAnswered: ...


@attrs.frozen
class DayMoved:
    """A case under way whose earliest day is another one by the other edition. *own*: by its own."""

    case: str
    own: FirstDay
    other: FirstDay

    def as_data(self) -> Json:
        """As plain values."""
        return {"case": self.case, "own": self.own.as_data(), "other": self.other.as_data()}


@attrs.frozen
class WhatIf:
    """A caseload as another edition would have judged it.

    Attributes:
        rules: what was asked for: an edition, or the folder of a draft; *editions*, those that judged.
        counted: how much was judged and left aside: ``cases``, ``acts``, ``facts``; ``cases of other programs``,
            ``cases already under it``, ``records already under it``, ``moves to another edition``.
        flips: acts that would have been decided otherwise.
        untold: acts of which that cannot be told: a fact or an answer was never recorded, or the edition knows nothing like it.
        consequences: acts that would be decided otherwise only because of what the case would have been before them; only
            where it was followed.
        reasons: acts decided in the same word for other reasons; *shows*, facts that would have shown otherwise.
        as_of: the day for which earliest days were asked; None where they were not.
        days: cases under way whose earliest day would move; *days_told*, of how many both days are known.
        days_untold: cases under way of which a day cannot be told, each with why.
        followed: whether each case was also run again without what would have been refused.
        ledger: its id; *newest*, the index of its newest record.
    """

    rules: str
    editions: tuple[str, ...]
    counted: dict[str, int]
    flips: tuple[Rejudged, ...] = ()
    untold: tuple[Rejudged, ...] = ()
    consequences: tuple[Rejudged, ...] = ()
    reasons: tuple[Rejudged, ...] = ()
    shows: tuple[Rejudged, ...] = ()
    as_of: date | None = None
    days: tuple[DayMoved, ...] = ()
    days_told: int = 0
    days_untold: tuple[tuple[str, str], ...] = ()
    followed: bool = False
    ledger: str = ""
    newest: int = 0

    @property
    def answer(self) -> str:
        """``otherwise`` where an act would flip; ``cannot be told`` where none is known to and one may; else ``the same``."""
        return "otherwise" if self.flips else UNTOLD if self.untold else "the same"

    @property
    def requirements(self) -> tuple[tuple[Turned, int], ...]:
        """The requirements by which acts flip, each with how many; those with most first."""
        first: dict[str, Turned] = {}
        for turned in (t for flip in self.flips for t in flip.because):
            if turned.rule not in first or not first[turned.rule].citation:
                first[turned.rule] = turned
        many = Counter(rule for flip in self.flips for rule in {t.rule for t in flip.because})
        return tuple((first[rule], n) for rule, n in sorted(many.items(), key=lambda pair: (-pair[1], pair[0])))

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "rules": self.rules,
            "editions": list(self.editions),
            "answer": self.answer,
            "counted": dict(self.counted),
            "requirements": [
                {"rule": t.rule, "requirement": t.requirement, "citation": t.citation, "flips": n} for t, n in self.requirements
            ],
            **{kind: [r.as_data() for r in getattr(self, kind)] for kind in KINDS},
            "as_of": str(self.as_of) if self.as_of else None,
            "days_told": self.days_told,
            "days": [d.as_data() for d in self.days],
            "days_untold": [{"case": case, "why": why} for case, why in self.days_untold],
            "followed": self.followed,
            "ledger": self.ledger,
            "newest": self.newest,
        }


class Caseload:
    """The cases of some programs in a ledger, each asked the same."""

    def __init__(  # noqa: PLR0913, PLR0917 (what is asked, and of whom)
        self, engine: Keeper, asked: Asked, rules: str, programs: Iterable[str], answered: Answers, already: str = ""
    ) -> None:
        self.engine, self.asked, self.rules, self.programs, self.answered = engine, asked, rules, frozenset(programs), answered
        self.already = already
        self.lists: dict[str, list[Rejudged]] = {kind: [] for kind in KINDS}
        self.counted: Counter[str] = Counter()
        self.editions: set[str] = set()
        self.days: list[DayMoved] = []
        self.days_told = 0
        self.days_untold: list[tuple[str, str]] = []

    def found(self) -> WhatIf:
        """What was found in all of them. Raises what its ledger and *answered* do."""
        newest = self.engine.ledger.size() - 1
        for records in self.engine.ledger.by_case():
            if records[0].edition["program"] not in self.programs:
                self.counted["cases of other programs"] += 1
            elif all(r.edition_id == self.already for r in records):
                self.counted["cases already under it"] += 1
            else:
                self._case(records)
        names = ("cases", "acts", "facts", "cases of other programs", "cases already under it", "records already under it")
        counted = {name: self.counted[name] for name in (*names, "moves to another edition")}
        lists = {kind: tuple(found) for kind, found in self.lists.items()}
        return WhatIf(
            self.rules,
            tuple(sorted(self.editions)),
            counted,
            **lists,
            as_of=self.asked.as_of,
            days=tuple(self.days),
            days_told=self.days_told,
            days_untold=tuple(self.days_untold),
            followed=self.asked.follow,
            ledger=self.engine.ledger.id,
            newest=newest,
        )

    def _case(self, records: list[Record]) -> None:
        self.counted["cases"] += 1
        own = self._own(records)
        found = self.answered(records, days=own is not None)
        for n, record in enumerate(records):
            now, again = found.then[n], found.rerun[n] if found.rerun else None
            if record.type_name == EditionMoved.type_name:
                self.counted["moves to another edition"] += 1
                continue
            if record.edition_id == self.already:
                self.counted["records already under it"] += 1
                continue
            self.editions.add(now.edition)
            self.counted["acts" if record.is_act else "facts"] += 1
            was = self.engine.registry.edition(record.edition)
            for kind, rejudged in weighed(record, now, again, was[0] if was else None):
                self.lists[kind].append(rejudged)
        if own is not None:
            self._day(records[0].case, own, found)

    # --- days

    def _own(self, records: list[Record]) -> tuple[Case, Edition] | str | None:
        """The case as it stood on the day, by its own edition; why not; None where it was not under way, or is not asked about."""
        if self.asked.as_of is None:
            return None
        begun = next((r for r in records if r.accepted), None)
        if begun is None or begun.day > self.asked.as_of:
            return None
        try:
            stands, edition = self.engine.case(begun.case, as_of=self.asked.as_of)
        except InputError as wrong:
            return "; ".join(p.found for p in wrong.problems)
        over = stands.began is None or stands.state in {*edition.lifecycle.finals, *edition.lifecycle.exits}
        return None if over or edition.id == self.already else (stands, edition)

    def _day(self, case: str, own: tuple[Case, Edition] | str, found: CaseAnswered) -> None:
        as_of = self.asked.as_of
        if isinstance(own, str) or as_of is None:
            self.days_untold.append((case, str(own)))
            return
        ours = path(*own, as_of=as_of, whole=False)
        if ours.reached:
            return
        if found.day is None:
            self.days_untold.append((case, found.why))
            return
        self.days_told += 1
        if ours.day != found.day.day:
            self.days.append(DayMoved(case, FirstDay.of(ours, own[1]), found.day))
