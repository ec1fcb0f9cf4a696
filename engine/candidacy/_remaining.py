"""What remains before an act: every open requirement, with what it would take and the earliest day for it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._plans import Aim, StoppedError
from candidacy._solver import Solver
from candidacy._words import sentence
from candidacy.answering import Judged
from candidacy.check import TIME, Check, Either, Every, Outcome, earliest, leaves
from candidacy.deciding import judge
from candidacy.decision import Finding, Json
from candidacy.draft import stood_in
from candidacy.guards import LIFECYCLE, guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from candidacy.case import Case
    from candidacy.events import Act, Event
    from candidacy.rule import Rule


class Told(StrEnum):
    """How the day of a requirement is known."""

    COMPUTED = "computed"
    JUDGEMENT = "needs a judgement"
    UNKNOWN_FACT = "hangs on an unknown fact"
    NO_WAY_KNOWN = "no way is known"
    CLOSED = "no way is left"


@attrs.frozen
class Requirement:
    """An open requirement, or a part of one.

    Attributes:
        before: type name of the act that it stands before.
        told: what was found, what is needed, what is missing and from whom, in words; *data* has the same as stored.
        who: the roles that can supply what is missing.
        earliest: the first day on which it can be met, looking at nothing but it and what it takes (and, where that leads nowhere,
            at how the case comes so far that the act is next); None if never.
        known: how that day is known.
        closes: the last day on which it can be met, where an authority states one.
        question: what a role is asked, where a judgement is needed.
        parts, joint: what it is made of, joined by "and" or "or"; ways to choose from come by day.
        alike: the rule of another document that asks and says the same here, so that lines tell both once; "" where none does.
    """

    rule: str
    before: str
    requirement: str
    citation: str
    reading: str
    binding: bool
    outcome: Outcome
    told: str
    who: tuple[str, ...]
    earliest: date | None
    known: Told
    closes: date | None = None
    question: str = ""
    parts: tuple[Requirement, ...] = ()
    joint: str = ""
    data: Json = attrs.field(factory=dict)
    alike: str = ""

    def as_data(self) -> Json:
        """As plain values; a part does not repeat what the whole says."""
        return {
            **({"alike": self.alike} if self.alike else {}),
            "rule": self.rule,
            "before": self.before,
            "requirement": self.requirement,
            "citation": self.citation,
            "reading": self.reading,
            "binding": self.binding,
            **self.as_part(),
        }

    def as_part(self) -> Json:
        """As plain values, but for what the whole says."""
        return {
            "outcome": str(self.outcome),
            "told": self.told,
            "who": list(self.who),
            "earliest": _day(self.earliest),
            "known": str(self.known),
            "closes": _day(self.closes),
            "question": self.question,
            "joint": self.joint,
            "parts": [part.as_part() for part in self.parts],
            **{name: value for name, value in self.data.items() if name in {"observed", "required", "missing"}},
        }


def _day(day: date | None) -> str | None:
    return str(day) if day else None


def told_once(remaining: Iterable[Requirement]) -> Iterator[tuple[Requirement, ...]]:
    """Each open requirement; two that are alike together, where the first of them stands."""
    left = list(remaining)
    while left:
        r = left.pop(0)
        also = next((other for other in left if (other.before, other.rule) == (r.before, r.alike)), None)
        left = [other for other in left if other is not also]
        yield (r, also) if also else (r,)


class Remaining:
    """Asks what is open before acts of a case; counts how often it judges."""

    def __init__(self, solver: Solver, budget: int) -> None:
        """For the case, edition and day of a solver; *budget* is how often an act may be judged for one requirement."""
        self._of, self._budget = solver, budget
        self.judged = 0

    def before(self, kind: type[Act], draft: Event) -> Iterator[Requirement]:
        """The open requirements before an act of *kind*, those that bind first, each as it stands on the day."""
        found = list(self._before(kind, draft))
        said = {r.rule: (r.binding, r.as_part()) for r in found}
        for r in found:
            other = self._of.edition.alike_to.get(r.rule, "")
            yield attrs.evolve(r, alike=other if said[r.rule] == said.get(other) else "")

    def _before(self, kind: type[Act], draft: Event) -> Iterator[Requirement]:
        for rule in sorted(self._of.edition.rules_for(kind), key=lambda r: not r.binding):
            event = stood_in(draft, lambda name: f"open.0.{name}", {})
            check = self._judge(self._of.case, event, self._of.as_of, rule)
            if not check.good:
                yield self._requirement(rule, kind, draft, check, ())

    def _judge(self, case: Case, event: Event, day: date, rule: Rule) -> Check:
        self.judged += 1
        return judge(self._of.edition, case, event, day, rules=(rule,))[0].check

    def _requirement(self, rule: Rule, kind: type[Act], draft: Event, check: Check, place: tuple[int, ...]) -> Requirement:
        data = Finding.of(rule.id, check, binding=rule.binding).data
        parts = tuple(
            self._requirement(rule, kind, draft, part, (*place, i)) for i, part in enumerate(check.parts) if not part.good
        )
        day = self._earliest(rule, draft, check, place)
        if check.joint == "and":  # one that alone does not come about comes about with the others
            parts = tuple(attrs.evolve(p, earliest=p.earliest or day) for p in parts)
        if check.joint == "or":
            parts = tuple(sorted(parts, key=lambda p: (p.earliest is None, p.earliest)))
        asked = self._of.edition.question(str(check.observed.get("question", "")))
        return Requirement(
            rule=rule.id,
            before=kind.type_name,
            requirement=rule.requirement,
            citation=str(rule.citation),
            reading=rule.reading,
            binding=rule.binding,
            outcome=check.outcome,
            told=sentence(data),
            who=check.who,
            earliest=day,
            known=known(check, self._of.as_of),
            closes=check.closes,
            question=asked.asks if asked else "",
            parts=parts,
            joint=check.joint if parts else "",
            data=data,
        )

    def _earliest(self, rule: Rule, draft: Event, check: Check, place: tuple[int, ...]) -> date | None:
        """The first day on which the part of the rule's check at *place* is good, found by the same search.

        Looking at nothing but it; where that leads nowhere, once the case has come so far that the act is next.
        """
        if earliest(check.remedy, self._of.as_of) is None:
            return None

        def alone(case: Case, event: Event, day: date) -> list[Judged]:
            found = judge(self._of.edition, case, event, day, rules=(rule,))[0]
            return [Judged(found.rule, _at(found.check, place), binding=True)]

        def in_its_place(case: Case, event: Event, day: date) -> list[Judged]:
            place = [j for j in guards(self._of.edition, case, event, day) if j.rule == LIFECYCLE]
            return [*place, *alone(case, event, day)]

        return self._first(draft, alone, check) or self._first(draft, in_its_place, check)

    def _first(self, draft: Event, aim: Aim, check: Check) -> date | None:
        solver = Solver(self._of.edition, self._of.case, self._of.as_of, self._budget)
        try:
            found = solver.search((draft, TIME), aim=aim)
        except StoppedError:
            return earliest(check.remedy, self._of.as_of)
        finally:
            self.judged += solver.judged
        return found.day if found else None


def _at(check: Check, place: Iterable[int]) -> Check:
    """The part at *place*; the whole, where it has no such part any more."""
    for i in place:
        if i >= len(check.parts):
            return check
        check = check.parts[i]
    return check


def known(check: Check, as_of: date) -> Told:
    """How the day is known on which a check can be met."""
    if earliest(check.remedy, as_of) is None:
        over = any(True for _ in leaves(check.remedy))
        return Told.CLOSED if because(check) or check.closes or over else Told.NO_WAY_KNOWN
    told = {Outcome.NEEDS_JUDGEMENT: Told.JUDGEMENT, Outcome.UNDETERMINED: Told.UNKNOWN_FACT}
    return told.get(check.outcome, Told.COMPUTED)


def because(check: Check) -> tuple[str, ...]:
    """Why no way is left, where a rule says so."""
    return tuple(dict.fromkeys(_because(check.remedy)))


def _because(remedy: Any) -> Iterator[str]:
    if isinstance(remedy, Either) and not remedy.of and remedy.because:
        yield remedy.because
    elif isinstance(remedy, Every | Either):
        for part in remedy.of:
            yield from _because(part)
