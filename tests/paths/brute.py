"""The earliest day found by living every life, day by day. It knows the moves of a program and whether they are accepted, no remedy.

What never hurts is done as soon as it is accepted. What may be done or left is both done and left.
"""

from collections.abc import Hashable
from datetime import date, timedelta

from candidacy import Case, JudgementGiven, Strand
from candidacy.events import Act, Event, content_of
from paths.generated import DETAILS, TODAY, DetailBegun, DetailOver, Made, acceptable, entered

DAY = timedelta(days=1)

MOST = 6000
"""How many lives it goes through at most."""


class TooManyError(Exception):
    """There are more lives than it can go through."""


class Brute:
    """Every life of one case under one program, as of a day."""

    def __init__(self, made: Made, case: Case, as_of: date = TODAY) -> None:
        self.made, self.as_of = made, as_of
        self.first = case
        self.known = case.version
        self.lives = 0

    def day(self, until: date) -> date | None:
        """The first day on which the stage aimed at can be reached; None if that is later than *until*."""
        lives, day = [self.first], self.as_of
        while day <= until:
            lives = self._lived(lives, day)
            if any(self._reached(case, day) for case in lives):
                return day
            day += DAY
        return None

    def _reached(self, case: Case, day: date) -> bool:
        return any(acceptable(self.made.edition, case, event, on) for event, on in self.made.targets(case, day))

    def _lived(self, lives: list[Case], day: date) -> list[Case]:
        """All lives at the end of a day."""
        found: dict[Hashable, Case] = {}
        coming = list(lives)
        while coming:
            case = self._settled(coming.pop(), day)
            key = self.key(case, day)
            if key in found:
                continue
            found[key] = case
            self.lives += 1
            if self.lives > MOST:
                raise TooManyError
            coming += [
                entered(self.made.edition, case, event, on)
                for event, on in self.made.choices(case, day)
                if acceptable(self.made.edition, case, event, on)
            ]
        return list(found.values())

    def _settled(self, case: Case, day: date) -> Case:
        """The case after everything that never hurts."""
        again = True
        while again:
            again = False
            for event, on in self.made.ready(case, day):
                if acceptable(self.made.edition, case, event, on):
                    case, again = entered(self.made.edition, case, event, on), True
                    break
        return case

    # --- which lives are the same

    def key(self, case: Case, day: date) -> Hashable:
        """The same for lives whose further ways are the same: a day counts only where a rule looks at it."""
        new = [e for e in case.entries if e.version > self.known]
        acts = {e.event.type_name: e.version for e in new if isinstance(e.event, Act) and not isinstance(e.event, JudgementGiven)}
        rest = []
        for e in new:
            if DETAILS.concerns(type(e.event)) or _about(e.event):
                continue
            on = e.day if type(e.event) in self.made.days else None
            later = sorted(name for name, v in acts.items() if v < e.version) if isinstance(e.event, JudgementGiven) else []
            rest.append((e.event.type_name, repr(sorted(content_of(e.event).items())), str(on), str(later)))
        return case.state, self._details(case, day), tuple(sorted(rest))

    def _details(self, case: Case, day: date) -> Hashable:
        """What counts of the details: how many are long enough, how long they are in all, what is still open about each."""
        found = sorted(DETAILS.of(case), key=lambda d: (d.first, -(d.last or date.max).toordinal()))
        away = [d for d in found if d.begun.place == "away"]
        begun = sum(d.id.startswith("new") for d in found)
        pending = tuple(sorted(self._pending(case, d) for d in found if d.last))
        going = tuple((d.begun.place, str(d.first)) for d in found if d.last is None)
        since = min((d.first for d in away if d.last is None), default=date.max)
        if any(d.last and d.last >= since for d in away):  # what is still open may yet take days from others
            return begun, pending, going, tuple((str(d.first), str(d.last)) for d in away)
        lengths, covered = [], date.min
        for d in (d for d in away if d.last):
            lengths.append(max(0, (d.last - max(d.first - DAY, covered)).days))  # type: ignore[operator]
            covered = max(covered, d.last)  # type: ignore[type-var]
        counts = tuple(min(3, sum(n >= span for n in lengths)) for span in self.made.spans)
        return begun, pending, going, counts, min(self.made.pool, sum(lengths)), covered >= day

    def _pending(self, case: Case, detail: Strand[DetailBegun]) -> tuple[str, ...]:
        """What has been said about a detail that is over; its day, where a rule looks at that."""
        said = sorted({e.event.type_name for e in case.entries if getattr(e.event, "about", None) == detail.id})
        asked = {"each", "judged-about"} & set(self.made.blocks)
        if not asked:
            return ()
        return (*said, "" if said or DetailOver not in self.made.days else str(detail.last))


def _about(event: Event) -> bool:
    return getattr(event, "about", None) is not None
