"""A sample is drawn by seed alone, alike by anybody, a fair share of each stratum, and never of what is not there."""

import csv
import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from candidacy import InputError, Ledger, MemoryLedger, Sample, SqliteLedger, sample
from candidacy._sample import STRATA, allotted
from support import ZONE, cli, engine, play
from widgets import developing
from widgets import registry as widgets

# --- the same again, from the exported lines alone: nothing of ours but the documented order and shares


def told(path: Path) -> list[Any]:
    return [json.loads(line) for line in cli("export", str(path)).stdout.splitlines()]


PARTS: dict[str, Callable[[Any], str]] = {
    "agency": lambda r: r["edition"]["program"],
    "edition": lambda r: r["edition"]["program"] + "/" + r["edition"]["name"],
    "outcome": lambda r: r["decision"],
    "type": lambda r: r["type"],
    "month": lambda r: r["day"][:7],
    "person": lambda r: r["actor"]["person"],
}


def is_act(record: Any) -> bool:
    return any(finding["rule"] == "candidacy.role" for finding in record["findings"])


def naively(records: list[Any], seed: int, n: int, by: Iterable[str], of: str = "acts", *, text: str = "{}:{}:{}") -> list[int]:
    ledger = records[0]["ledger"]
    strata = defaultdict(list)
    for record in records[1:]:
        if of == "records" or is_act(record):
            strata[tuple(PARTS[name](record) for name in by)].append(record["index"])
    largest = sorted(strata, key=lambda key: (-len(strata[key]), key))
    share = {key: 1 if place < n else 0 for place, key in enumerate(largest)}
    total = sum(map(len, strata.values()))
    rest = min(n, total) - sum(share.values())
    if rest > 0:
        exact = {key: Fraction(rest * (len(strata[key]) - 1), total - len(strata)) for key in largest}
        whole = {key: int(quota) for key, quota in exact.items()}
        missing = rest - sum(whole.values())
        for key in sorted(largest, key=lambda key: (whole[key] - exact[key], -len(strata[key]), key))[:missing]:
            whole[key] += 1
        share = {key: share[key] + whole[key] for key in largest}
    drawn = []
    for key, indexes in strata.items():
        indexes.sort(key=lambda index: sha256(text.format(seed, ledger, index).encode()).hexdigest())
        drawn += indexes[: share[key]]
    return sorted(drawn)


@pytest.fixture(scope="module")
def records(demo_file: Path) -> list[Any]:
    return told(demo_file)


def indexes(found: Sample) -> list[int]:
    return [one.index for one in found.drawn]


ASKED = [
    (seed, n, by, of)
    for seed in (7, -(2**70))
    for n, by, of in (
        (25, ("agency", "outcome"), "acts"), (5, ("agency", "outcome"), "acts"), (6, ("agency", "outcome"), "acts"), (7, ("agency", "outcome"), "acts"),
        (1, (), "acts"), (40, ("person",), "records"), (300, ("month", "type"), "records"), (356, ("edition",), "acts"), (357, ("edition",), "acts"),
        (358, ("edition",), "acts"), (100, ("outcome", "agency", "type"), "acts"),
    )
]  # fmt: skip


def test_draws_what_anybody_else_draws_who_reads_how(demo_file: Path, records: list[Any]) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        for seed, n, by, of in ASKED:
            found = sample(ledger, seed=seed, n=n, strata=by, of=of)
            assert indexes(found) == naively(records, seed, n, by, of), (seed, n, by, of)
            assert len(found.drawn) == min(n, found.population)


@pytest.mark.parametrize("text", ["{}:{}:{}0", "{} {} {}", "{1}:{0}:{2}"])
def test_would_see_another_order(demo_file: Path, records: list[Any], text: str) -> None:
    """Teeth."""
    with SqliteLedger(demo_file, read_only=True) as ledger:
        found = sample(ledger, seed=7, n=25)
    assert indexes(found) != naively(records, 7, 25, ("agency", "outcome"), text=text)


def test_counts_every_stratum_and_says_what_each_record_is(demo_file: Path, records: list[Any]) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        found = sample(ledger, seed=7, n=25)
        leaves = {r.index: r.leaf.hex() for r in ledger.records()}
    counts = Counter((r["edition"]["program"], r["decision"]) for r in records[1:] if is_act(r))
    assert {s.key: s.population for s in found.strata} == dict(counts)
    assert Counter(d.stratum for d in found.drawn) == {s.key: s.drawn for s in found.strata}
    for drawn in found.drawn:
        record = records[drawn.index]
        assert (drawn.case, drawn.type_name, drawn.day, drawn.outcome, drawn.person, drawn.leaf) == (
            record["case"], record["type"], record["day"], record["decision"], record["actor"]["person"], leaves[drawn.index],
        )  # fmt: skip


# --- shares


def test_shares_by_hand() -> None:
    """Nine, three and one: 5 of 13 are one each and 2 more, of which 2 * 8/10 = 1.6 and 2 * 2/10 = 0.4 are due."""
    population = {("a",): 3, ("b",): 9, ("c",): 1}
    assert allotted(population, 1) == {("b",): 1, ("a",): 0, ("c",): 0}
    assert allotted(population, 2) == {("b",): 1, ("a",): 1, ("c",): 0}
    assert allotted(population, 3) == {("b",): 1, ("a",): 1, ("c",): 1}
    assert allotted(population, 5) == {("b",): 3, ("a",): 1, ("c",): 1}
    assert allotted(population, 12) == {("b",): 8, ("a",): 3, ("c",): 1}
    assert allotted(population, 13) == allotted(population, 10**9) == {("b",): 9, ("a",): 3, ("c",): 1}
    assert allotted({("b",): 2, ("a",): 2}, 3) == {("a",): 2, ("b",): 1}  # the same remainder: the first key
    assert allotted({}, 3) == {}


def test_gives_each_stratum_one_and_never_more_than_it_has() -> None:
    dice = random.Random(11)
    for _ in range(500):
        population = {(str(i),): dice.choice([1, 1, 2, 5, 40, 1000]) for i in range(dice.randrange(1, 12))}
        total, n = sum(population.values()), dice.randrange(1, 1500)
        share = allotted(population, n)
        assert sum(share.values()) == min(n, total)
        assert all(0 <= share[key] <= population[key] for key in population)
        if n >= len(population):
            assert min(share.values()) >= 1
            rest, left = min(n, total) - len(population), total - len(population)
            for key, there in population.items():
                due = Fraction(rest * (there - 1), left) if left else Fraction(0)
                assert abs(share[key] - 1 - due) < 1


# --- who draws, and when


@pytest.fixture(scope="module")
def small() -> Ledger:
    return filled(MemoryLedger(ZONE))


def filled(ledger: Ledger) -> Ledger:
    for case in ("w1", "w2", "w3", "w4", "w5"):
        play(engine(widgets(), ledger), developing(case))
    return ledger


def test_draws_the_same_with_a_seed_and_otherwise_with_another_or_from_another_ledger(small: Ledger) -> None:
    assert sample(small, seed=1, n=5) == sample(small, seed=1, n=5)
    assert indexes(sample(small, seed=1, n=5)) != indexes(sample(small, seed=2, n=5))
    other = filled(MemoryLedger(ZONE))
    assert other.size() == small.size()
    many = [indexes(sample(other, seed=seed, n=5)) == indexes(sample(small, seed=seed, n=5)) for seed in range(5)]
    assert not all(many)


def test_draws_each_record_about_equally_often(small: Ledger) -> None:
    """5 of 20 acts, 200 times: each is due 50 times, with a standard deviation below 7."""
    drawn = Counter(index for seed in range(200) for index in indexes(sample(small, seed=seed, n=5, strata=())))
    assert len(drawn) == 20
    assert sum(drawn.values()) == 1000
    assert all(25 <= times <= 75 for times in drawn.values()), drawn


def test_draws_again_of_a_longer_ledger_what_was_drawn_when_it_was_shorter(demo_file: Path, tmp_path: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        first = list(takewhile(lambda r: r.index <= 500, ledger.records()))
        with SqliteLedger.made_of(tmp_path / "shorter", first) as shorter:
            then, again = sample(shorter, seed=4), sample(ledger, seed=4, to=500)
        assert then == again
        assert then != sample(ledger, seed=4)  # teeth
        assert sample(ledger, seed=4, to=907) == sample(ledger, seed=4)
        assert sample(ledger, seed=4, to=0).drawn == ()


def test_includes_the_last_record_and_not_the_one_after(small: Ledger) -> None:
    last = small.size() - 1
    assert last in indexes(sample(small, seed=1, n=1000, of="records"))
    assert indexes(sample(small, seed=1, n=1000, of="records")) == list(range(1, last + 1))
    assert last not in indexes(sample(small, seed=1, n=1000, of="records", to=last - 1))


def test_knows_acts_from_facts(demo_file: Path, records: list[Any]) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        acts, everything = (sample(ledger, seed=1, n=10_000, of=of) for of in ("acts", "records"))
    assert indexes(acts) == [r["index"] for r in records[1:] if is_act(r)]
    assert len(everything.drawn) == len(records) - 1 > len(acts.drawn)


# --- wrong


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ({"n": 0}, ["n"]), ({"n": -1}, ["n"]), ({"n": 1}, []), ({"n": True}, ["n"]), ({"seed": "1"}, ["seed"]), ({"seed": True}, ["seed"]), ({"of": "facts"}, ["of"]),
        ({"strata": ("agency", "agency")}, ["strata"]), ({"strata": ("agency", "color", "size")}, ["strata", "strata"]), ({"to": -1}, ["to"]),
        ({"to": 20}, []), ({"to": 21}, ["to"]), ({"n": 0, "strata": ("x",), "of": "", "to": 999}, ["strata", "n", "of", "to"]),
    ],
)  # fmt: skip
def test_says_everything_that_is_asked_for_wrongly(small: Ledger, asked: dict[str, Any], paths: list[str]) -> None:
    assert small.size() == 21
    found = []
    try:
        sample(small, **{"seed": 1, **asked})
    except InputError as wrong:
        found = [p.path for p in wrong.problems]
    assert found == paths


def test_names_what_can_be_grouped_by(demo_file: Path) -> None:
    done = cli("sample", str(demo_file), "--seed", "1", "--strata", "agency,colour")
    assert done.returncode == 2
    assert all(name in done.stderr for name in STRATA)
    assert "colour" in done.stderr


# --- the command


def test_prints_the_same_as_text_json_and_csv(demo_file: Path) -> None:
    asked = ("sample", str(demo_file), "--seed", "12", "-n", "9", "--strata", "outcome,agency")
    text, data, table = (cli(*asked, *more) for more in ((), ("--json",), ("--format", "csv")))
    assert [done.returncode for done in (text, data, table)] == [0, 0, 0]
    found = json.loads(data.stdout)
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert table.stdout.endswith('"\r\n')
    assert [int(row["index"]) for row in rows] == [one["index"] for one in found["drawn"]]
    assert [row["leaf hash"] for row in rows] == [one["leaf"] for one in found["drawn"]]
    assert [row["stratum"] for row in rows] == ["/".join(one["stratum"]) for one in found["drawn"]]
    lines = text.stdout.splitlines()
    assert "9 of 357 acts drawn with seed 12" in lines[0]
    assert [line.split()[0] for line in lines[-9:]] == [row["index"] for row in rows]
    assert sum(stratum["drawn"] for stratum in found["strata"]) == 9


def test_draws_without_strata_and_takes_one_format(demo_file: Path) -> None:
    done = cli("sample", str(demo_file), "--seed", "1", "--strata", "none", "--json")
    assert [s["key"] for s in json.loads(done.stdout)["strata"]] == [[]]
    assert cli("sample", str(demo_file), "--seed", "1", "--format", "csv", "--json").returncode == 2
    assert cli("sample", str(demo_file)).returncode == 2  # a seed is one's own
