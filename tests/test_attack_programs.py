"""Random attacks by someone who can write the ledger: edits, removals, insertions, swaps, short ends, old backups, forks, in any mixture.

With hashes made anew or not. Every one is found where a checkpoint was kept elsewhere; without one, none is ever called anything
better than NOT ANCHORED. Counts and seeds are printed: ``pytest -s``.
"""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import attrs
import pytest

from candidacy import Engine, MemoryLedger, Record, Registry
from candidacy._anchoring import Anchoring, Seen, read_anchor
from candidacy._levels import levels
from candidacy._trust import Trust
from candidacy.checkpoint import Checkpoint
from candidacy.ledger import Row
from candidacy.merkle import roots
from candidacy.note import SigningKey
from candidacy.record import leaf_hash
from forging import reforged
from support import ZONE, engine, play
from widgets import begun, developing
from widgets import registry as widgets

SEED = 9
SHORT, LONG = 400, 5_000
Rows = list[Row]


class Stolen(MemoryLedger):
    """A ledger in memory whose rows are whatever somebody put there."""

    def __init__(self, whole: MemoryLedger, rows: Rows) -> None:
        self.__dict__.update(whole.__dict__)
        self._rows = rows
        self._cases, self._commands = {}, {}
        for n, row in enumerate(rows):
            if row.case is not None:
                self._cases.setdefault(row.case, []).append(n)
                self._commands[str(row.command)] = n


@pytest.fixture(scope="module")
def programs() -> Registry:
    return widgets()


@pytest.fixture(scope="module")
def whole(programs: Registry) -> MemoryLedger:
    """Some thirty records of seven cases."""
    ledger = MemoryLedger(ZONE)
    on = engine(programs, ledger)
    for n in range(6):
        play(on, developing(f"w{n}"))
    play(on, begun("w6"))
    return ledger


@pytest.fixture(scope="module")
def anchor(whole: MemoryLedger) -> Seen:
    """The checkpoint of all of it that somebody else has."""
    rows = list(whole.rows())
    key = SigningKey.made(f"widgets.example/{whole.id}")
    root = roots((row.leaf for row in rows), [len(rows)])[len(rows)]
    return read_anchor("elsewhere", str(key.signed(str(Checkpoint(key.name, len(rows), root)))).encode())


# --- what an attacker does; each gives other rows


def edit(rows: Rows, random: Random, _: Engine) -> Rows:
    at = random.randrange(1, len(rows))
    field, value = random.choice(
        [
            ("day", "2005-03-09"),
            ("command", f"x{random.random()}"),
            ("type", "widgets.made_up.1"),
            ("sealed", []),
            ("person", "no.body"),
            ("decision", "refused"),
        ]
    )

    def change(data: Any) -> None:
        (data["actor"] if field == "person" else data)[field] = value

    return [
        *rows[:at],
        *reforged(rows[at : at + 1], rows[at].index, lambda data: (change(data), data.update(previous=""))[0]),
        *rows[at + 1 :],
    ]


def delete(rows: Rows, random: Random, _: Engine) -> Rows:
    at = random.randrange(1, len(rows))
    return rows[:at] + rows[at + 1 :]


def insert(rows: Rows, random: Random, _: Engine) -> Rows:
    at, more = random.randrange(1, len(rows) + 1), random.choice(rows[1:])
    return [*rows[:at], attrs.evolve(more, command=f"more{random.random()}"), *rows[at:]]


def swap(rows: Rows, random: Random, _: Engine) -> Rows:
    one, other = random.sample(range(1, len(rows)), 2) if len(rows) > 2 else (0, 0)
    made = list(rows)
    made[one], made[other] = made[other], made[one]
    return made


def truncate(rows: Rows, random: Random, _: Engine) -> Rows:
    return rows[: random.randrange(1, len(rows))] if len(rows) > 1 else rows


def fork(rows: Rows, random: Random, on: Engine) -> Rows:
    """From some record on another history, judged by the very engine: an old backup that was gone on with."""
    kept = rows[: random.randrange(1, len(rows))] if len(rows) > 1 else rows
    going_on = Stolen(on.ledger, list(kept))  # type: ignore[arg-type]
    other = Engine(going_on, on.registry)
    for n in range(random.randrange(1, 12)):
        play(other, begun(f"fork{n}"))
    return going_on._rows


def stale(rows: Rows, random: Random, on: Engine) -> Rows:
    """An old backup."""
    return list(on.ledger.rows())[: random.randrange(1, on.ledger.size())]


def columns(rows: Rows, random: Random, _: Engine) -> Rows:
    at = random.randrange(1, len(rows))
    changed = random.choice([{"case": "w0x"}, {"version": 9}, {"command": "spent"}, {"leaf": bytes(32)}])
    return [*rows[:at], attrs.evolve(rows[at], **changed), *rows[at + 1 :]]


ATTACKS: tuple[Callable[[Rows, Random, Engine], Rows], ...] = (edit, delete, insert, swap, truncate, fork, stale, columns)


def rehashed(rows: Rows) -> Rows:
    """Everything made to fit again: indexes, versions, columns, links and leaf hashes."""
    heads: dict[str, tuple[int, str, str]] = {}
    made: Rows = rows[:1]
    for n, row in enumerate(rows[1:], 1):
        data = json.loads(row.raw)
        version, leaf, state = heads.get(data["case"], (0, "", data["moved"]["from"]))
        data |= {"index": n, "version": version + 1, "previous": leaf, "moved": {**data["moved"], "from": state}}
        data["command"] = f"{data['command'][:40]}-{n}" if any(r.command == data["command"] for r in made) else data["command"]
        raw = Record.make(data).raw
        made.append(Row(n, data["case"], version + 1, data["command"], leaf_hash(raw), raw))
        heads[data["case"]] = version + 1, made[-1].leaf.hex(), data["moved"]["to"]
    return made


def attacked(whole: MemoryLedger, on: Engine, random: Random) -> tuple[str, Rows]:
    """The name of a program of attacks, and the rows it leaves; never those that were there."""
    before = list(whole.rows())
    while True:
        rows, names = list(before), list[str]()
        for attack in random.choices(ATTACKS, k=random.randint(1, 4)):
            if len(rows) > 2:
                rows = attack(rows, random, on)
                names.append(attack.__name__)
        again = random.random() < 0.6
        rows = rehashed(rows) if again else rows
        if rows[: len(before)] != before:
            return ("rehashed" if again else "as they were"), rows


def campaign(whole: MemoryLedger, programs: Registry, anchor: Seen, number: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What *number* of programs came to, and those that were called better than they are."""
    random, on = Random(seed), Engine(whole, programs)
    counts, wrong = Counter[str](), list[str]()
    for n in range(number):
        how, rows = attacked(whole, on, random)
        given = looked(Stolen(whole, rows), [anchor])
        without = looked(Stolen(whole, rows), [])
        counts[f"{how}: found with the anchor"] += given.failed
        counts[f"{how}: found without it"] += without.failed
        counts[f"{how}: not anchored without it"] += not without.failed
        if not given.failed or "anchored to" in without.answer or not (without.failed or without.answer.endswith("not anchored")):
            wrong.append(f"program {n}, {how}: {given.answer}; without the anchor: {without.answer}")
    return counts, wrong


def looked(ledger: MemoryLedger, anchors: list[Seen]) -> Trust:
    return levels(ledger, anchors=anchors, states=False)


@pytest.mark.scaled
def test_finds_every_attack_given_a_checkpoint_and_calls_nothing_anchored_without(
    whole: MemoryLedger, programs: Registry, anchor: Seen, thorough: bool
) -> None:
    number = LONG if thorough else SHORT
    counts, wrong = campaign(whole, programs, anchor, number, SEED)
    print(f"\n{number} programs of attacks, seed {SEED}: {dict(counts)}")
    assert wrong == []
    assert counts["rehashed: not anchored without it"] > number / 3, "most whose hashes fit are not seen without an anchor"
    assert counts["as they were: found without it"] > number / 5


def test_calls_the_ledger_itself_sound(whole: MemoryLedger, anchor: Seen) -> None:
    """The attacker's tools make no fault of their own."""
    rows = list(whole.rows())
    assert rehashed(rows) == rows
    assert looked(Stolen(whole, rows), [anchor]).answer == f"nothing failed, anchored to record {len(rows) - 1}"


def test_would_be_seen_to_miss_attacks_if_roots_were_not_compared(
    whole: MemoryLedger, programs: Registry, anchor: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Anchoring, "wrong", lambda *_: iter(()))
    assert len(campaign(whole, programs, anchor, 40, SEED)[1]) > 10
