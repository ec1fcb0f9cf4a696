"""What the path of an unfinished case costs beside judging its next act, and the cohort view beside an audit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial as bound
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import attrs
from ledgers import ZONE, written
from paired import Case as Timed
from paired import heading, line, measured, ratios, spread, timed, times_over
from replays import identical, must

from candidacy import Act, Case, Edition, Engine, MemoryLedger, Record, Registry, SqliteLedger, cohort, path
from candidacy.deciding import judge
from candidacy.draft import stood_in
from candidacy.events import partial

SIXTHS = (1, 3, 5)
"""How much of a life is told before it is asked what remains."""
AGAIN = 20
"""How often an act is judged in one run, so that a run lasts long enough to be compared."""
CASES = 1_000
WAY, SHORT, WHOLE = "judging every act on the way", "path(whole=False)", "path(whole=True)"


def run(folder: Path, registry: Registry, *, path_rounds: int, cohort_rounds: int) -> None:
    print(f"\nThe path of an unfinished case; of each the median of {path_rounds} rounds, then [least-most] over the cases")
    for program in registry.caseloads:
        _paths(registry, program, path_rounds)
    _cohorts(folder, registry, cohort_rounds)


# --- cases under way


@attrs.frozen
class Unfinished:
    """A case under way, its records, and the day of the last of them."""

    records: tuple[Record, ...]
    case: Case
    edition: Edition
    as_of: date


def unfinished(registry: Registry, program: str, until: date = date.max) -> Iterator[Unfinished]:
    """The lives of a caseload, each told up to some sixths of what happens by a day; none that has ended."""
    lives = defaultdict[str, list[Mapping[str, Any]]](list)
    for command in registry.caseloads[program]():
        if _day(command) <= until:
            lives[command["case"]].append(command)
    for name, life in lives.items():
        for sixths in SIXTHS:
            found = _told(registry, name, life[: max(1, len(life) * sixths // 6)])
            if not path(found.case, found.edition, as_of=found.as_of, whole=False).reached and not _has_ended(found):
                yield found


def _told(registry: Registry, name: str, life: Sequence[Mapping[str, Any]]) -> Unfinished:
    engine = Engine(MemoryLedger(ZONE), registry)
    for command in life:
        engine.submit(command)
    records = tuple(record for record in engine.ledger.records() if record.index)
    return Unfinished(records, *engine.case(name), max(map(_day, life)))


def _has_ended(one: Unfinished) -> bool:
    return one.case.state in {*one.edition.lifecycle.finals, *one.edition.lifecycle.exits}


def _day(command: Mapping[str, Any]) -> date:
    return date.fromisoformat(command["day"])


# --- the path of a case


def _paths(registry: Registry, program: str, rounds: int) -> None:
    times, times_the_floor, times_the_way = (defaultdict[str, list[float]](list) for _ in range(3))
    judged: dict[str, list[int]] = {"to find the day": [], "in all": []}
    asked = list(unfinished(registry, program))
    for one in asked:
        seconds = measured(_asked(one), rounds)
        for name in seconds:
            times[name].append(median(seconds[name]))
            times_the_floor[name].append(median(ratios(seconds, name)))
            times_the_way[name].append(median(ratios(seconds, name, WAY)))
        for what, often in zip(judged, path(one.case, one.edition, as_of=one.as_of).judged, strict=True):
            judged[what].append(often)
    heading(f"{program}: {len(asked)} cases", "case")
    for name in times:
        line(name, times[name], times_the_floor[name])
    for name in (SHORT, WHOLE):
        print(f"  {name} to {WAY}: {spread(times_the_way[name], times_over)}")
    for what, counts in judged.items():
        print(f"  acts judged {what}: {spread(counts, '{:.0f}'.format)}")


def _asked(one: Unfinished) -> dict[str, Timed]:
    """The next act, every act on the way to the stage, and both kinds of path."""
    found = path(one.case, one.edition, as_of=one.as_of, whole=False)
    acts = {kind.type_name: kind for kind in one.edition.entered_by if issubclass(kind, Act)}
    way, *_ = one.edition.lifecycle.routes(one.case.state, found.to)
    steps = ((acts[step.type_name], step.on) for step in found.plan if step.type_name in acts)
    following = next(steps, (way[0], one.as_of))
    return {
        "floor: judging the next act": _judging(one, following),
        WAY: _judging(one, *((kind, found.day or one.as_of) for kind in way)),
        SHORT: timed(bound(path, one.case, one.edition, as_of=one.as_of, whole=False)),
        WHOLE: timed(bound(path, one.case, one.edition, as_of=one.as_of, whole=True)),
    }


def _judging(one: Unfinished, *acts: tuple[type[Act], date]) -> Timed:
    """Each act on its day, with a stand-in for each id that it needs, as a path judges it."""
    asked = [(stood_in(partial(kind), lambda name: f"open.0.{name}", {}), day) for kind, day in acts]
    often = timed(lambda: [judge(one.edition, one.case, act, day) for _ in range(AGAIN) for act, day in asked])
    return lambda: often() / AGAIN


# --- all cases of a ledger


def _cohorts(folder: Path, registry: Registry, rounds: int) -> None:
    """One ledger with cases of every program in turn; each program is asked as of a day of its own."""
    days = {program: _in_mid_program(registry, program) for program in registry.caseloads}
    told = [cycle([one.records for one in unfinished(registry, program, day)]) for program, day in days.items()]
    ledger = written(folder / "cohorts.ledger", islice(chain.from_iterable(zip(*told, strict=True)), CASES))
    under_way = {program: _cohort(ledger, registry, program, day) for program, day in days.items()}
    must(sum(under_way.values()) == CASES, "a ledger of cases that are all under way")
    with SqliteLedger(ledger, read_only=True) as opened:
        records = sum(bool(record.index) for record in opened.records())
    views = {program: timed(bound(_cohort, ledger, registry, program, day)) for program, day in days.items()}
    audit = "floor: audit of the ledger"
    seconds = measured({audit: timed(lambda: identical(ledger, registry)), **views}, rounds)
    seconds["all"] = [sum(took) for took in zip(*(seconds[program] for program in views), strict=True)]
    heading(f"The cohort view of {CASES:,} cases under way, in a ledger of {records:,} records ({rounds} rounds)", "case")
    for name in seconds:
        cases = under_way.get(name, CASES)
        what = audit if name == audit else f"cohort of {name}, {cases:,} cases"
        line(what, [s / cases for s in seconds[name]], ratios(seconds, name))


def _in_mid_program(registry: Registry, program: str) -> date:
    """A day by which two thirds of what a caseload tells have happened."""
    days = sorted(map(_day, registry.caseloads[program]()))
    return days[len(days) * 2 // 3]


def _cohort(ledger: Path, registry: Registry, program: str, day: date) -> int:
    """How many cases are under way."""
    with SqliteLedger(ledger, read_only=True) as opened:
        found = cohort(Engine(opened, registry), program, as_of=day)
    must(not found.untold, "a cohort of which everything can be told")
    return len(found.rows)
