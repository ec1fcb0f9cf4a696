"""Random unfinished lives of the three agencies: what a path says, done on the days it names, reaches the stage on its day."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import product
from statistics import median
from typing import Any

import attrs
import pytest

from candidacy import InputError, Outcome, Path, Registry, Span, Strands, Told, Window, case, check, path, rule, spans
from candidacy.draft import Open
from candidacy.events import partial
from paths.lives import DAY, LIVES, Failed, World, followed, lived, never, target

ON_FACTS = {
    "hhs.announcement_lies_in_the_month_named", "hhs.training_is_recent_enough_to_count", "dol.no_session_is_missed",
    "hhs.grade_is_fourteen_or_fifteen_or_equivalent", "hhs.orientation_work_is_begun", "hhs.sessions_last_three_days",
    "hhs.mentor_stays_in_the_ses", "hhs.assignment_is_given_with_equal_opportunity", "hhs.payer_is_the_one_named",
    "hhs.course_paid_centrally_is_in_the_plan", "hhs.central_training_stays_within_the_cap", "hhs.reimbursement_is_documented",
    "hhs.rest_serves_the_next_fiscal_year", "hhs.course_papers_are_the_home_division_s", "hhs.time_is_kept_by_the_home_division",
}  # fmt: skip
"""Binding rules that stand before no act: they show, they never refuse."""


@attrs.define
class Counted:
    """What came of many lives."""

    kinds: Counter[str] = attrs.Factory(Counter)
    blocked: Counter[str] = attrs.Factory(Counter)
    bounds: Counter[str] = attrs.Factory(Counter)
    judged: list[tuple[int, int]] = attrs.Factory(list)
    failed: list[tuple[int, Failed]] = attrs.Factory(list)


def asked(world: World, *, whole: bool = True) -> Path:
    """What remains in a life."""
    return path(world.stands(), world.edition, to=world.to, as_of=world.as_of, whole=whole)


def kept(world: World, found: Path) -> Failed | None:
    """Whether a path keeps its word: what is wrong with it, if anything is."""
    if found.reached:
        return None if found.day and world.as_of >= found.day else Failed("reached in days to come")
    if found.day is None:
        return barred(world, found)
    sure, _ = never(world)
    return Failed("a way where there is none", why=str(sure)) if sure and not world.to else followed(world, found.as_data())


def barred(world: World, found: Path) -> Failed | None:
    """Whether it says why there is no way, and rightly so."""
    why, (_, may) = str([(o.rule, str(o.known), o.because) for o in found.obstacles] or found.bounds), never(world)
    if not found.obstacles or not (world.to or may & {o.rule for o in found.obstacles}):
        return Failed("no way and no reason", why=why)
    act = target(world)
    try:
        accepted = act is not None and world.engine.consider(world.case, partial(act), world.as_of).accepted
    except InputError:
        accepted = False
    return Failed("no way, but accepted", why=why) if accepted else None


def blocking(world: World, found: Path) -> set[str]:
    """The binding rules that stood in the way: of acts of the life, today before an act on the way, for good, or before a step."""
    refused = {f.rule for r in world.engine.ledger.of_case(world.case) for f in r.findings if f.refuses and not r.accepted}
    ahead = {r.rule for r in found.remaining if r.binding} | {o.rule for o in found.obstacles} | {s.rule for s in found.plan}
    return refused | ahead


def kind(found: Path) -> str:
    if found.reached:
        return "reached already"
    if found.day is None:
        return "unreachable: " + ", ".join(sorted({f"{o.rule} ({o.known})" for o in found.obstacles}))
    return "exact" if found.exact else "within bounds"


def counted(program: str, n: int, registry: Registry) -> Counted:
    """So many lives, each path followed."""
    made = Counted()
    for seed in range(n):
        world = lived(program, seed, registry)
        found = asked(world)
        made.kinds[kind(found)] += 1
        made.blocked.update(blocking(world, found))
        made.bounds.update({f"{b.known}: {b.rule}" for b in found.bounds})
        made.judged.append(found.judged)
        if wrong := kept(world, found):
            made.failed.append((seed, wrong))
    return made


@pytest.mark.scaled
@pytest.mark.parametrize("program", LIVES)
def test_reaches_the_stage_on_the_day_it_names_and_not_sooner(program: str, registry: Registry, thorough: bool) -> None:
    n = 2000 if thorough else 100
    made = counted(program, n, registry)
    binding = [r.id for r in registry.programs[program].editions[0].rules if r.binding and r.id not in ON_FACTS]
    for what, times in zip(("to find the day", "in all"), zip(*made.judged, strict=True), strict=True):
        print(f"\n{program}: {n} lives; judged {what} {max(times)} times at most, {median(times):.0f} in the middle", end="")
    print()
    for name, found in (("lives", made.kinds), ("bounds of", made.bounds)):
        print("".join(f"  {name} {what}: {times}\n" for what, times in found.most_common()), end="")
    print("".join(f"  blocked by {r}: {made.blocked[r]}\n" for r in binding), end="")
    assert not made.failed, "\n".join(f"{program} {seed}: {wrong}" for seed, wrong in made.failed[:20])
    assert not [b for b in made.bounds if b.startswith(Told.COMPUTED)], "a search stopped before its end"
    assert not thorough or min(made.blocked[r] for r in binding) >= 20


# --- teeth: the same question of paths found with one building block off by one


def everywhere(m: pytest.MonkeyPatch, old: Any, new: Any) -> None:
    """Put another function in the place of one, wherever it was imported."""
    for module in [m_ for name, m_ in sys.modules.items() if name.partition(".")[0].startswith("candidacy")]:
        for name, value in list(vars(module).items()):
            if value is old:
                m.setattr(module, name, new)


def method(owner: Any, name: str, change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """What a method answers, changed."""
    old = getattr(owner, name)
    return lambda m: m.setattr(owner, name, lambda self, *given: change(old(self, *given)))


def function(old: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """What a function answers, changed."""
    return lambda m: everywhere(m, old, lambda *given, **named: change(old(*given, **named)))


def later(day: date | None) -> date | None:
    return day and day + DAY


def sooner(day: date | None) -> date | None:
    return day and day - DAY


def anniversary(by: int) -> Callable[[pytest.MonkeyPatch], None]:
    """Months that end a day off."""
    old = Span.after
    return lambda m: m.setattr(Span, "after", lambda self, day: old(self, day) + by * DAY * bool(self.months))


def more_than(m: pytest.MonkeyPatch) -> None:
    """``>`` in place of ``>=``."""
    old = check.at_least
    everywhere(m, old, lambda observed, required, **named: old(observed, required + 1, **named))


def shortly(off: int) -> Callable[[pytest.MonkeyPatch], None]:
    """A shortfall that is handed on too large or too small."""
    old = check.at_least

    def wrong(observed: Any, required: int, *, by: Any, settle: Any = None) -> Any:
        return old(observed, required, by=lambda short: by(max(0, short + off)), settle=settle)

    return lambda m: everywhere(m, old, wrong)


def reaching(old: Callable[..., Any], by: int) -> Callable[[pytest.MonkeyPatch], None]:
    """A limit (the second argument) that lies a day off."""
    return lambda m: everywhere(m, old, lambda day, limit, **named: old(day, limit + by * DAY, **named))


def waiting(by: int) -> Callable[[pytest.MonkeyPatch], None]:
    old = check.wait_until
    return lambda m: everywhere(m, old, lambda day: old(day + by * DAY))


def lasted_longer(m: pytest.MonkeyPatch) -> None:
    old = case.Strand.lasted
    m.setattr(case.Strand, "lasted", lambda self, span: old(self, Span(span.days + 1, span.months)))


def finishing(by: int) -> Callable[[pytest.MonkeyPatch], None]:
    old = Strands.finish

    def wrong(self: Any, strand: Any, span: Span) -> Any:
        do = old(self, strand, span)
        return attrs.evolve(do, when=attrs.evolve(do.when, first=do.when.first + by * DAY))

    return lambda m: m.setattr(Strands, "finish", wrong)


def yes_for_no(m: pytest.MonkeyPatch) -> None:
    """A no is taken for a yes, and the other way round."""
    old = rule.judged

    def wrong(*given: Any, **named: Any) -> Any:
        said = old(*given, **named)
        turned = {Outcome.MET: (Outcome.UNMET, check.never("no")), Outcome.UNMET: (Outcome.MET, check.NOTHING)}
        outcome, remedy = turned.get(said.outcome, (said.outcome, said.remedy))
        return attrs.evolve(said, outcome=outcome, remedy=remedy)

    everywhere(m, old, wrong)


def counted_twice(m: pytest.MonkeyPatch) -> None:
    """Days in two strands count in both."""
    everywhere(m, case.once, lambda found: sorted(found, key=lambda s: (s.counts_from, s.id)))


def bounds(by: int) -> Callable[[pytest.MonkeyPatch], None]:
    """What may stand in an open field, one more at each end, or one less."""

    def wrong(kind: str = "", least: Any = None, most: Any = None, among: Any = ()) -> Open:
        one = DAY if isinstance(least or most, date) else 1
        return Open(kind, least if least is None else least - by * one, most if most is None else most + by * one, among)

    def patch(m: pytest.MonkeyPatch) -> None:
        for module in [m_ for name, m_ in sys.modules.items() if name.startswith("candidacy_")]:
            if getattr(module, "Open", None) is Open:
                m.setattr(module, "Open", wrong)

    return patch


LIVES_PER_BLOCK = 60
SEEN_AT = {"Open one wider": ("dol",)}
"""Where a block is seen first, if not at HHS."""
BLOCKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "Span.last later": method(Span, "last", later),
    "Span.last sooner": method(Span, "last", sooner),
    "Span.after of months later": anniversary(1),
    "Span.after of months sooner": anniversary(-1),
    "at_least as more than": more_than,
    "a shortfall of one more": shortly(1),
    "a shortfall of one less": shortly(-1),
    "Strand.lasted a day longer": lasted_longer,
    "Strand.days one more": method(case.Strand, "days", lambda n: n + 1),
    "Strand.days one less": method(case.Strand, "days", lambda n: max(0, n - 1)),
    "Strands.finish later": finishing(1),
    "Strands.finish sooner": finishing(-1),
    "Window.next later": method(Window, "next", later),
    "not_before later": reaching(check.not_before, 1),
    "not_before sooner": reaching(check.not_before, -1),
    "wait_until later": waiting(1),
    "wait_until sooner": waiting(-1),
    "once as twice": counted_twice,
    "judged turned round": yes_for_no,
    "calendar_days one more": function(spans.calendar_days, lambda n: n + 1),
    "calendar_days one less": function(spans.calendar_days, lambda n: max(0, n - 1)),
    "Open one wider": bounds(1),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_sees_a_building_block_that_is_off_by_one(block: str, registry: Registry) -> None:
    """Teeth: the path is found with a wrong block, followed with the right one."""
    for seed, program in product(range(LIVES_PER_BLOCK), SEEN_AT.get(block, ("hhs",))):
        world = lived(program, seed, registry)
        with pytest.MonkeyPatch.context() as m:
            BLOCKS[block](m)
            found = asked(world, whole=False)
        wrong = kept(world, found)
        if wrong and (right := lived(program, seed, registry)) and not kept(right, asked(right, whole=False)):
            print(f"{block}: {program} {seed}: {wrong}")
            return
    pytest.fail(f"nobody saw {block}")


@pytest.mark.parametrize(("by", "seen"), [(1, "its last day is too late"), (-1, "it has more time")])
def test_sees_a_last_day_that_is_off_by_one(by: int, seen: str, registry: Registry) -> None:
    """Teeth: all that has time is said to have a day more, or less."""
    for seed in range(LIVES_PER_BLOCK):
        world = lived("dol", seed, registry)
        found = asked(world)
        plan = [attrs.evolve(s, at_latest=s.at_latest + by * DAY) if s.at_latest and s.at_latest > s.on else s for s in found.plan]
        wrong = found.day and kept(world, attrs.evolve(found, plan=tuple(plan)))
        if wrong and wrong.what == seen:
            return
    pytest.fail("nobody saw it")
