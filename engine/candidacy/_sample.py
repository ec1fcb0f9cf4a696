"""A sample of a ledger's records that anybody can draw again: by a seed, from strata, with no random numbers. Needs no plugin.

Within a stratum records stand in the order of SHA-256 of ``seed:ledger id:index`` (UTF-8, the numbers in decimal), and the
first ones are drawn. How many, `allotted` says in whole numbers. So another program in another language draws the same.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import takewhile

import attrs

from candidacy.decision import Json
from candidacy.errors import InputError, Problem
from candidacy.ledger import Ledger
from candidacy.record import Record
from candidacy.strict import shown

STRATA: Mapping[str, Callable[[Record], str]] = {
    "agency": lambda r: str(r.edition["program"]),
    "edition": lambda r: r.edition_id,
    "outcome": lambda r: r.word,
    "type": lambda r: r.type_name,
    "month": lambda r: r.day.isoformat()[:7],
    "person": lambda r: str(r.data["actor"]["person"]),
}
"""By what records may be grouped: program, edition, answer, event type, month of the effective day, who entered it."""
USUAL = ("agency", "outcome")
OF = ("acts", "records")
Key = tuple[str, ...]


@attrs.frozen
class Stratum:
    """The records that are alike in what was asked for: how many there are, and how many of them were drawn."""

    key: Key
    population: int
    drawn: int


@attrs.frozen
class Drawn:
    """A record that was drawn, with the stratum it stands for and its leaf hash, hexadecimal."""

    index: int
    stratum: Key
    case: str
    type_name: str
    day: str
    outcome: str
    person: str
    leaf: str

    def as_data(self) -> Json:
        """As plain values."""
        data = attrs.asdict(self)
        data["type"] = data.pop("type_name")
        return {**data, "stratum": list(self.stratum)}


@attrs.frozen
class Sample:
    """Records drawn from a ledger.

    Attributes:
        ledger: its id; *last*, the index of the newest record that was looked at.
        seed, asked, of: what was asked for.
        by: the names of what the strata are made of, in the order of the parts of each stratum's key.
        strata: every stratum there is, in order of key.
        drawn: the records, in order of index.
    """

    ledger: str
    last: int
    seed: int
    asked: int
    of: str
    by: Key
    strata: tuple[Stratum, ...]
    drawn: tuple[Drawn, ...]

    @property
    def population(self) -> int:
        """How many records could have been drawn."""
        return sum(stratum.population for stratum in self.strata)

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "ledger": self.ledger,
            "last": self.last,
            "seed": self.seed,
            "asked": self.asked,
            "of": self.of,
            "by": list(self.by),
            "population": self.population,
            "strata": [{"key": list(s.key), "population": s.population, "drawn": s.drawn} for s in self.strata],
            "drawn": [d.as_data() for d in self.drawn],
        }


def sample(  # noqa: PLR0913 (a sample is nothing without its seed, size, kind and strata)
    ledger: Ledger, *, seed: int, n: int = 25, strata: Key = USUAL, of: str = "acts", to: int | None = None
) -> Sample:
    """Draw *n* records of *ledger*, or all where there are fewer.

    Args:
        seed: chosen by whoever draws; the same seed draws the same.
        strata: names out of `STRATA`; none for one stratum of all.
        of: ``acts``, the decisions, or ``records``, facts too.
        to: only records up to that index, as when the ledger held no more; all by default.

    Raises:
        InputError: with everything that is asked for wrongly.
    """
    last = ledger.size() - 1
    _refuse(seed, n, strata, of, to, last)
    last = last if to is None else to
    parts = [STRATA[name] for name in strata]
    population, first = Counter[Key](), dict[Key, list[tuple[int, int]]]()
    for record in takewhile(lambda r: r.index <= last, ledger.records()):
        if record.index and (of == "records" or record.is_act):
            key = tuple(part(record) for part in parts)
            population[key] += 1
            _keep(first.setdefault(key, []), (-place(seed, ledger.id, record.index), record.index), n)
    share = allotted(population, n)
    drawn = [_drawn(ledger, key, index) for key in population for _, index in sorted(first[key], reverse=True)[: share[key]]]
    found = tuple(Stratum(key, population[key], share[key]) for key in sorted(population))
    return Sample(ledger.id, last, seed, n, of, tuple(strata), found, tuple(sorted(drawn, key=lambda d: d.index)))


def place(seed: int, ledger: str, index: int) -> int:
    """Where a record stands in the order of drawing: the smaller comes first."""
    return int.from_bytes(sha256(f"{seed}:{ledger}:{index}".encode()).digest())


def allotted(population: Mapping[Key, int], n: int) -> dict[Key, int]:
    """How many are drawn of each stratum.

    One of each, the largest strata first where *n* is less than there are strata. What is left is shared in proportion to what
    is left of each stratum: whole parts first, then one more where the remainder of the division is largest; of equal remainders
    the larger stratum comes first, then the one whose key is first. Never more than a stratum has.
    """
    order = sorted(population, key=lambda key: (-population[key], key))
    share = dict.fromkeys(order, 0) | dict.fromkeys(order[:n], 1)
    rest, left = min(n, population_of(population)) - sum(share.values()), population_of(population) - len(order)
    if rest <= 0:
        return share
    parts = {key: divmod(rest * (population[key] - 1), left) for key in order}
    over = rest - sum(whole for whole, _ in parts.values())
    more = sorted(order, key=lambda key: (-parts[key][1], -population[key], key))[:over]
    return {key: share[key] + parts[key][0] + (key in more) for key in order}


def population_of(population: Mapping[Key, int]) -> int:
    """How many there are in all strata."""
    return sum(population.values())


def _keep(heap: list[tuple[int, int]], one: tuple[int, int], n: int) -> None:
    """Keep the *n* that come first; their places are negative, so that the last of them is at the top of the heap."""
    (heapq.heappush if len(heap) < n else heapq.heappushpop)(heap, one)


def _drawn(ledger: Ledger, key: Key, index: int) -> Drawn:
    record = ledger.record(index)
    assert record is not None  # noqa: S101 (no record is ever taken out)
    data = record.data
    return Drawn(
        index, key, record.case, record.type_name, data["day"], record.word, data["actor"]["person"], record.leaf.hex()
    )  # fmt: skip


def _refuse(seed: int, n: int, strata: Key, of: str, to: int | None, last: int) -> None:  # noqa: PLR0913, PLR0917 (all at once)
    known = ", ".join(STRATA)
    unknown = [name for name in strata if name not in STRATA]
    problems = [Problem("strata", f"{shown(name)}, by which nothing is grouped", f"names out of {known}") for name in unknown]
    problems += [Problem("strata", f"{name} twice", "each once") for name in STRATA if list(strata).count(name) > 1]
    problems += list(_wrong_numbers(seed, n))
    problems += [Problem("of", shown(str(of)), " or ".join(OF))] * (of not in OF)
    if to is not None and (type(to) is not int or not 0 <= to <= last):
        problems.append(Problem("to", f"the index {to}", f"the index of a record of this ledger: from 0 to {last}"))
    if problems:
        raise InputError(problems)


def _wrong_numbers(seed: int, n: int) -> Iterator[Problem]:
    if type(seed) is not int:
        yield Problem("seed", f"a value of type {type(seed).__name__}", "a whole number")
    if type(n) is not int or n < 1:
        found = f"{n}" if type(n) is int else f"a value of type {type(n).__name__}"
        yield Problem("n", found, "how many to draw: a whole number from 1 on")
