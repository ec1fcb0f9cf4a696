"""A record that is read fast is one that is read slowly, and the other way round."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

import gadgets
from candidacy import Count, MemoryLedger, Record, form
from candidacy.canonical import LARGEST, canonical
from candidacy.decision import How
from candidacy.record import wrong_fields
from gadgets import World
from support import ZONE, engine, play
from widgets import Trained, developing, registry

ODD: list[Any] = [
    None, True, False, 0, 1, -1, 7, 2**53 - 1, 2**53, -(2**53), 2**70, 1.0, 0.5, 1e300, "", "x", "met", "accepted", "é", "\x00", "\u2028", "\ud800",
    [], [None], [0], [1], [True], ["a"], [{}], {}, {"a": 1}, {"a": 1.5}, {"é": 1}, {"outcome": "met"}, {"joint": "and", "parts": []},
    {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}, [[[[[[[[[[1]]]]]]]]]], {"between": ["2004-01-01", "2004-01-31"]}, "2004-02-30", "2004-02-29",
    "1899-12-31", "2004-01-01T00:00:00.000000Z", "2004-01-01T24:00:00.000000Z", "2004-02-30T00:00:00.000000Z", "a.b.1", "A.b.1", "candidacy.x.0",
]  # fmt: skip
NAMES = ("outcome", "advises", "parts", "joint", "missing", "observed", "who", "rests_on", "request", "corrects", "confirms", "expects", "gone", "x", "é", "on_behalf_of")  # fmt: skip


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Of each shape: facts, acts, refusals, parts in parts, corrections, requests and confirmations."""
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), developing().tell("2005-05-01", Trained(Count(30)), by="w1.c"))
    found = [r for r in ledger.records() if r.index]
    world = World.begin().certified()
    world.enter("2005-05-02", "c", gadgets.Trained(Count(2)), at="2005-12-05", how=How(corrects=5))
    found += [r for r in world.engine.ledger.records() if r.index]
    assert found[-1].data["format"] == 2
    demo = engine()
    for caseload in demo.registry.caseloads.values():
        play(demo, list(caseload())[:60])
    return found + [r for r in demo.ledger.records() if r.index]


def slow(raw: bytes) -> bool:
    """Whether it is a record but the first, in the canonical way, as the measure has it."""
    try:
        data = json.loads(raw)
        whole = (
            isinstance(data, dict) and type(data.get("format")) is int and data["format"] <= form.FORMAT and not wrong_fields(data)
        )
        return bool(whole and data["index"] > 0 and canonical(data) == raw)
    except (ValueError, TypeError, RecursionError, UnicodeError):
        return False


def declined(raw: bytes) -> bool:
    """What is read slowly although nothing is wrong with it: text beyond ASCII, and what lies deep."""
    return not raw.isascii() or depth(json.loads(raw)) > form.DEEPEST


def depth(tree: Any) -> int:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a tree."""
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from paths(value, (*path, key))


def mangled(raw: bytes, random: Random) -> bytes:
    """One thing changed: a value, a name, the place of something, or a byte."""
    tree = json.loads(raw)
    *way, last = random.choice([p for p in paths(tree) if p])
    at = tree
    for key in way:
        at = at[key]
    match random.randrange(6):
        case 0:
            del at[last]
        case 1 if isinstance(at, dict):
            at[random.choice(NAMES)] = random.choice(ODD)
        case 2 if isinstance(at, dict):
            return json.dumps(tree, separators=(",", ":"), sort_keys=random.random() < 0.5, ensure_ascii=random.random() < 0.5, indent=None).encode("utf-8", "surrogatepass")  # fmt: skip
        case 3:
            place = random.randrange(len(raw))
            return raw[:place] + bytes([raw[place] ^ (1 << random.randrange(8))]) + raw[place + 1 :]
        case 4:
            at[last] = random.choice(ODD)
            return json.dumps(tree, separators=(", ", ": "), sort_keys=True).encode()
        case _:
            at[last] = random.choice(ODD)
    try:
        return canonical(tree)
    except TypeError:
        return json.dumps(tree, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except UnicodeEncodeError:
        return json.dumps(tree, separators=(",", ":"), sort_keys=True).encode()


def differing(records: list[Record], seeds: range) -> Iterator[tuple[int, bytes]]:
    """Bytes of which the two do not say the same."""
    for seed in seeds:
        random = Random(seed)
        raw = random.choice(records).raw
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            try:
                raw = mangled(raw, random)
            except (ValueError, IndexError, KeyError):  # what cannot be mangled further
                break
        fast, right = form.read(raw) is not None, slow(raw)
        if fast != right and not (right and declined(raw)):
            yield seed, raw


def test_reads_every_record_of_the_demonstration_fast_and_gives_the_same_values(records: list[Record]) -> None:
    assert len(records) > 150
    for record in records:
        assert slow(record.raw)
        assert form.read(record.raw) is not None or declined(record.raw)
        assert json.dumps(form.plain(record.raw)) == json.dumps(json.loads(record.raw))


@pytest.mark.scaled
def test_agrees_with_the_measure_on_whatever_was_changed(records: list[Record], thorough: bool) -> None:
    seeds = range(200_000 if thorough else 6_000)
    read = {True: 0, False: 0}
    for seed, raw in differing(records, seeds):
        pytest.fail(f"seed {seed}: {raw!r}")
    for seed in seeds[:1000]:
        random = Random(seed)
        read[slow(mangled(random.choice(records).raw, random))] += 1
    print(f"{len(seeds)} records, the first thousand changed once: {read}")
    assert min(read.values()) > 20, "both kinds"


@pytest.mark.parametrize("name", ["_whole", "_is_day", "_is_type"])
def test_would_see_a_check_that_is_left_out(records: list[Record], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Teeth."""
    monkeypatch.setattr(form, name, lambda _: True)
    assert next(differing(records, range(60_000)), None) is not None


def test_takes_numbers_up_to_the_largest_and_refuses_the_next(records: list[Record]) -> None:
    data = json.loads(records[0].raw)
    for number, fits in ((LARGEST, True), (-LARGEST, True), (LARGEST + 1, False), (-LARGEST - 1, False)):
        raw = json.dumps({**data, "payload": {"n": number}}, separators=(",", ":"), sort_keys=True).encode()
        assert (form.read(raw) is not None, slow(raw)) == (fits, fits)


@pytest.mark.parametrize("text", ["\x00", "\x1f", "\x7f", '"\\/', "\b\t\n\f\r", "a" * 5000])
def test_writes_text_as_the_canonical_way_does(text: str) -> None:
    assert form.written({"b": text, "a": [1, None, True, text]}) == canonical({"b": text, "a": [1, None, True, text]})
