"""How late each step of a plan may be."""

from datetime import date

import attrs

from candidacy._plans import Plan, Planned, Trial, by_day
from candidacy.check import earliest
from candidacy.spans import DAY

SITTINGS = 60
"""On how many days of a body that sits on some days a step is tried, to find the last that is not too late."""


def at_the_latest(trial: Trial, plan: Plan, target: Planned) -> dict[int, date]:
    """For each act of a plan the last first day that does not make its target later, the others staying where they are.

    Found by bisection: the later, the harder. Where only a day has to be waited for (a body that sits on some days), from there
    on anew. Where it is harder and then easier again for another reason, a day may be told that is not quite the last.
    """
    return {act: _Slipping(trial, plan, target, act).last() for act in sorted({p.act for p in plan})}


class _Slipping:
    """One act of a plan that begins some days later."""

    def __init__(self, trial: Trial, plan: Plan, target: Planned, act: int) -> None:
        self.trial, self.plan, self.target, self.act = trial, plan, target, act
        self.mine = [p for p in plan if p.act == act]

    def last(self) -> date:
        slips, most = 0, (self.target.on - max(p.on for p in self.mine)).days
        for _ in range(SITTINGS):
            slips = self._most(slips, most)
            opens = self._opens(slips + 1) if slips < most else None
            if opens is None or opens > most or not self._fits(opens):
                break
            slips = opens
        return self.mine[0].on + slips * DAY

    def _most(self, low: int, high: int) -> int:
        middle = high
        while low < high:
            low, high = (middle, high) if self._fits(middle) else (low, middle - 1)
            middle = (low + high + 1) // 2
        return low

    def _fits(self, by: int) -> bool:
        return self._window(by) == 0 and self._refused(by) is None

    def _refused(self, by: int) -> int | None:
        return self.trial.replay(self._moved(by), self.target.event, self.target.on)

    def _window(self, by: int) -> int | None:
        """How many days later still it may begin at the earliest; None where never."""
        do, day = self.mine[0].do, _later(self.mine[0], by).day
        opens = day if do.settles else do.when.next(day)
        return None if opens is None else (opens - day).days

    def _opens(self, by: int) -> int | None:
        """By how much more than *by* it must be late at least to be accepted again; None where that is not for waiting."""
        if window := self._window(by):
            return by + window
        refused, order = self._refused(by), by_day(self._moved(by))
        if refused is None or refused == len(order) or order[refused].act != self.act:
            return None
        p, case = order[refused], self.trial.case
        for before in order[:refused]:
            case = self.trial.after(case, before)
        ready = [earliest(j.check.remedy, p.on) for j in self.trial.judge(case, p.event, p.day) if j.refuses]
        waits = [opens for opens in ready if opens is not None]
        return by + (max(waits) - p.on).days if waits and len(waits) == len(ready) and max(waits) > p.on else None

    def _moved(self, by: int) -> Plan:
        return tuple(_later(p, by) if p.act == self.act else p for p in self.plan)


def _later(p: Planned, by: int) -> Planned:
    """The same so many days later; what only finds out what happened keeps the day on which it did."""
    return attrs.evolve(p, on=p.on + by * DAY, day=p.day if p.on != p.day else p.day + by * DAY)
