"""Paired rounds: every case runs once a round, the order turns, and ratios are taken within the round."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

Case = Callable[[], float]
"""Does its work once and says how many seconds it took."""


def timed(work: Callable[[], object]) -> Case:
    """All of *work* is measured."""

    def case() -> float:
        gc.collect()
        begun = perf_counter()
        work()
        return perf_counter() - begun

    return case


def compared(title: str, cases: Mapping[str, Case], rounds: int, *, per: int = 1, unit: str = "run") -> None:
    """Run *cases* and print a table; the first is the floor that the others are divided by.

    Args:
        per: how many things one run does; the time of one is printed, too.
        unit: what such a thing is called.
    """
    names = list(cases)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for n in range(rounds):
        turn = n % len(names)
        for name in names[turn:] + names[:turn]:
            seconds[name].append(cases[name]())
    print(f"\n{title} ({rounds} rounds)")
    print(f"  {'case':<44} {'time per ' + unit:>24}   {'times the floor':>24}")
    floor = seconds[names[0]]
    for name in names:
        times = [1e6 * s / per for s in seconds[name]]
        ratios = [s / f for s, f in zip(seconds[name], floor, strict=True)]
        print(f"  {name:<44} {_spread(times, _microseconds):>24}   {_spread(ratios, '{:.2f}'.format):>24}")


def _spread(values: list[float], form: Callable[[float], str]) -> str:
    return f"{form(median(values))} [{form(min(values))}-{form(max(values))}]"


def _microseconds(value: float) -> str:
    return f"{value / 1000:.0f} ms" if value >= 10_000 else f"{value:.0f} µs"
