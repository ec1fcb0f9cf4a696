"""Paired rounds: every case runs once a round, the order turns, and ratios are taken within the round."""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """Run *cases* and print a `table`."""
    table(title, measured(cases, rounds), per=per, unit=unit)


def table(title: str, seconds: Mapping[str, Sequence[float]], *, per: int = 1, unit: str = "run") -> None:
    """Print what was measured; the first case is the floor that the others are divided by.

    Args:
        per: how many things one run does; the time of one is printed, too.
        unit: what such a thing is called.
    """
    heading(f"{title} ({len(next(iter(seconds.values())))} rounds)", unit)
    for name in seconds:
        line(name, [s / per for s in seconds[name]], ratios(seconds, name))


def measured(cases: Mapping[str, Case], rounds: int) -> dict[str, list[float]]:
    """The seconds that each case took in each round."""
    names = list(cases)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for n in range(rounds):
        turn = n % len(names)
        for name in names[turn:] + names[:turn]:
            seconds[name].append(cases[name]())
    return seconds


def ratios(seconds: Mapping[str, Sequence[float]], name: str, floor: str = "") -> list[float]:
    """How many times the floor, which is the first unless it is named, a case took in each round."""
    least = seconds[floor or next(iter(seconds))]
    return [s / f for s, f in zip(seconds[name], least, strict=True)]


def heading(title: str, unit: str) -> None:
    """The head of a table."""
    print(f"\n{title}")
    print(f"  {'case':<44} {'time per ' + unit:>24}   {'times the floor':>24}")


def line(name: str, seconds: Iterable[float], times_the_floor: Sequence[float]) -> None:
    """A line of it: how long one thing took, and the ratios."""
    times = [1e6 * s for s in seconds]
    print(f"  {name:<44} {spread(times, _microseconds):>24}   {spread(times_the_floor, times_over):>24}")


def spread(values: Sequence[float], form: Callable[[float], str]) -> str:
    """Median, least and most."""
    return f"{form(median(values))} [{form(min(values))}-{form(max(values))}]"


def times_over(value: float) -> str:
    """A ratio."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _microseconds(value: float) -> str:
    return f"{value / 1000:.0f} ms" if value >= 10_000 else f"{value:.0f} µs"
