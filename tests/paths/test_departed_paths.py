"""Earliest days where rules are waived for a time, clocks stand still or run longer, and cases are moved or unsettled.

Each day is compared with a search that knows the program: every day from the first on, with everything done that could help.
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import attrs
import pytest

import gadgets as g
from candidacy import (
    SUSPENSIONS,
    Case,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    Edition,
    EditionMoved,
    Entry,
    ExtensionGranted,
    How,
    Id,
    Path,
    RequestReturned,
    Resumed,
    Suspended,
    WaiverGranted,
    path,
    settling,
)
from candidacy.deciding import judge
from gadgets import DETAILS, DetailBegun, DetailOver, Trained, World

SEED = 20261129
MEMO = Id("memo-1")
HALF, HOURS = g.after_half_a_year, g.enough_hours
WAIVABLE = tuple(g.MANUAL.lets_waive(rule, by=("board",), at="G-6", lines=(6, 6)) for rule in (HALF, HOURS))
EDITIONS = tuple(g.edition(name, waivers=WAIVABLE) for name in ("2005", "2006"))
LAST = 420
"""Days from the first on that the other search looks at."""


@attrs.define
class Living:
    """A case in development while it is lived: its world, its chances, the day it has come to."""

    world: World
    r: Random
    day: date = date(2005, 4, 2)

    def on(self, most: int = 25) -> str:
        """Some days later."""
        self.day += timedelta(days=self.r.randint(0, most))
        return str(self.day)

    def tell(self, who: str, event: Any, most: int = 25) -> bool:
        """Some days later, an event; whether it was accepted."""
        return self.world.enter(self.on(most), who, event, expect=None).accepted

    def spell(self, name: str) -> None:
        self.tell("c", DetailBegun(Id(name)))
        if self.r.random() < 0.7:
            self.tell("c", DetailOver(Id(name)), 20)

    def suspended(self) -> None:
        if self.tell("o", Suspended(Id("s1"))) and self.r.random() < 0.6:
            self.tell("o", Resumed(Id("s1")), 60)

    def waived(self, rule: Any) -> None:
        self.on(10)
        self.tell("b", WaiverGranted(Id(rule.id), MEMO, self.day + timedelta(days=self.r.randint(0, 120))), 0)

    def extended(self) -> None:
        self.on(120)
        self.tell("b", ExtensionGranted(Id("a-year"), self.day + timedelta(days=self.r.randint(0, 500)), MEMO), 0)

    def undermined(self) -> None:
        """A request that was accepted and returned, and then hours that it rested on were others."""
        trained = self.world.enter(self.on(5), "c", Trained(Count(20)))
        self.tell("c", DetailBegun(Id("long")), 5)
        self.day += timedelta(days=200)
        self.tell("c", DetailOver(Id("long")), 3)
        if self.tell("c", CertificationRequested(), 5):
            self.tell("o", RequestReturned(), 3)
            how, hours = How(corrects=trained.record.version), Count(self.r.choice([0, 5, 20]))
            self.world.enter(str(trained.record.day), "c", Trained(hours), at=str(self.day), how=how)


def life(seed: int) -> tuple[World, date]:
    """A case in development, with departures of every kind, and the day from which its path is asked."""
    r = Random(f"{SEED}.{seed}")
    lived = Living(World.begin(*EDITIONS).developing(), r)
    steps: list[Any] = [
        lambda: lived.spell("d1"), lambda: lived.spell("d2"), lived.suspended, lived.extended,
        lambda: lived.waived(HALF), lambda: lived.waived(HOURS), lambda: lived.tell("o", EditionMoved(Id("2006"), MEMO)),
        lambda: lived.tell("c", Trained(Count(r.randint(1, 12)))), lambda: lived.tell("c", Trained(Count(3))),
    ]  # fmt: skip
    if r.random() < 0.25:
        lived.undermined()
    for step in r.sample(steps, r.randint(1, len(steps))):
        step()
    return lived.world, lived.day + timedelta(days=r.randint(0, r.choice([90, 90, 450])))


def answer(edition: Edition, case: Case, day: date) -> bool:
    return not any(j.refuses for j in judge(edition, case, CertificationRequested(), day))


def by_hand(case: Case, edition: Edition, first: date) -> date | None:
    """The first day on which a request would be accepted, if everything were done that helps: each day is tried, and each day
    until then on which a suspended case could be resumed."""
    wrong = case.unsettled
    for entry in reversed(wrong):
        event = DecisionAffirmed(Count(entry), MEMO)
        settled = (*case.acts, g.decided(case.version + 1, first, entry))
        case = case.then(Entry(case.version + 1, first, event), version=case.version + 1, acts=settled)
    held = [s for s in SUSPENSIONS.of(case) if s.last is None]
    for n in range(LAST):
        day = first + timedelta(days=n)
        done = with_everything(case, first, day)
        for late in range(n + 1) if held else [0]:
            tried = done
            for s in held:
                tried = entered(tried, first + timedelta(days=late), Resumed(Id(s.id)))
            if answer(edition, tried, day):
                return day
    return None


def with_everything(case: Case, first: date, day: date) -> Case:
    """A detail from the first day to that day, everything open ended then, and more hours than anybody asks for."""
    case = entered(case, day, Trained(Count(100)))
    for s in DETAILS.of(case):
        case = entered(case, day, DetailOver(Id(s.id))) if s.last is None else case
    return entered(entered(case, first, DetailBegun(Id("new"))), day, DetailOver(Id("new")))


def entered(case: Case, day: date, event: Any) -> Case:
    return case.then(Entry(case.version + 1, day, event), version=case.version + 1)


def follow(world: World, found: Path) -> str:
    """What goes wrong where the plan is entered, day by day; "" where the case is where it said on the day that it said."""
    who = {"candidate": "c", "office": "o", "board": "b"}
    named: dict[str, str] = {}
    for n, step in enumerate(found.plan):
        content = dict(step.content)
        for name, field in step.open.items():
            if name == "detail":
                content[name] = named.setdefault(field.label or str(n), f"new-{n}")
            elif name == "reason":
                content[name] = "memo-2"
        event = world.engine.registry.codec.read_event(step.type_name, content)
        answered = world.enter(str(step.day), who[step.by], event, at=str(step.on), expect=None)
        if not answered.accepted:
            return f"step {n}, {step.type_name} on {step.on}: {world.engine.explain(answered)}"
    return "" if world.stands.state == "certifying" and world.stands.since and world.stands.since[0] == found.day else "elsewhere"


@pytest.mark.scaled
def test_the_earliest_day_is_right_whatever_departs_from_the_rules(thorough: bool) -> None:
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    spent = 0
    for seed in range(2_000 if thorough else 40):
        world, first = life(seed)
        case, edition = world.engine.case("g1", as_of=first)
        if case.state != "developing":
            continue
        found = path(case, edition, to="certifying", as_of=first, whole=False)
        kinds.update({d.kind for d in found.departures} | {edition.id, "a day" if found.day else "no day", "in all"})
        expected = by_hand(case, edition, first)
        if any("the search stopped" in b.what for b in found.bounds):
            spent += 1
        elif found.day != expected:
            wrong.append(f"seed {seed}: found {found.day}, needed {expected}, from {first}: {[str(d) for d in found.departures]}")
        elif found.day and (failed := follow(world, found)):
            wrong.append(f"seed {seed}: {failed}")
    print(f"\nlives with departures: {dict(sorted(kinds.items()))}; {len(wrong)} wrong, {spent} stopped")
    assert wrong == []
    assert spent == 0
    assert {"waiver", "extension", "suspension", "unsettled", "gadgets/2006", "no day", "a day"} <= set(kinds)


def never_over(edition: Edition, case: Case, *rest: Any) -> Any:
    """Waivers that let off after their last day, too."""
    freed = [
        attrs.evolve(e, event=attrs.evolve(e.event, until=date.max)) if isinstance(e.event, WaiverGranted) else e
        for e in case.entries
    ]
    return settling.let_off(edition, attrs.evolve(case, entries=tuple(freed)), *rest)


@pytest.mark.parametrize("broken", ["a waiver that never ends", "a clock that does not stop", "an extension that is not seen"])
def test_sees_what_is_broken(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from candidacy import _path, clock

    whole: dict[str, Any] = {
        "candidacy.deciding.let_off": settling.let_off,
        "candidacy.clock.suspended_days": clock.suspended_days,
        "candidacy.clock.Clock.closes": clock.Clock.closes,
    }
    changed = {
        "a waiver that never ends": ("candidacy.deciding.let_off", never_over),
        "a clock that does not stop": ("candidacy.clock.suspended_days", lambda *_: 0),
        "an extension that is not seen": ("candidacy.clock.Clock.closes", clock.Clock.opens),
    }
    monkeypatch.setattr(*changed[broken])
    for seed in range(120):
        with monkeypatch.context() as whole_again:
            world, first = life(seed)
            case, edition = world.engine.case("g1", as_of=first)
            if case.state != "developing":
                continue
            found = _path.path(case, edition, to="certifying", as_of=first, whole=False)
            for name, value in whole.items():
                whole_again.setattr(name, value)
            if found.day != by_hand(case, edition, first):
                return
    raise AssertionError(f"nothing was seen of {broken}")


def test_the_departures_of_a_day_are_told() -> None:
    world = World.begin(*EDITIONS).developing()
    world.enter("2005-05-01", "b", WaiverGranted(Id(HALF.id), MEMO, date(2005, 5, 31)))
    world.enter("2005-05-02", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), MEMO))
    world.enter("2005-05-03", "o", Suspended(Id("s1")))
    for day, kinds in ((date(2005, 5, 31), ["waiver", "extension", "suspension"]), (date(2005, 6, 1), ["extension", "suspension"])):
        case, edition = world.engine.case("g1", as_of=day)
        found = path(case, edition, to="certifying", as_of=day, whole=False)
        assert [d.kind for d in found.departures] == kinds
        assert attrs.asdict(found.departures[0])["version"] in {5, 6}
