"""Many writers at once on a few hot cases: nothing is lost, doubled or out of order, and nobody is passed over.

Each also runs against a planted fault and must find it. Counts and seeds are printed: ``pytest -s``. The thorough run has 32 processes
with 500 commands each.
"""

import json
import subprocess
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from candidacy import PostgresLedger, SqliteLedger, audit, verify
from faults.contender import opened, prepare
from support import ZONE
from widgets import registry

CONTENDER = Path(__file__).parent / "faults" / "contender.py"
OVERTAKEN = 8
"""Turns of one other writer that may overtake one who came before: he may lose the processor between coming and standing in the line."""
Sent = dict[str, Any]
Turn = tuple[int, int]


@pytest.fixture(params=["sqlite"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new ledger of each kind."""
    if request.param == "postgres":
        place: str = request.getfixturevalue("postgres").place()
        PostgresLedger.create(place, ZONE).close()
        return place
    path = tmp_path / "hot.ledger"
    SqliteLedger.create(path, ZONE).close()
    return str(path)


def contended(address: str, writers: int, many: int, seed: int, *flags: str) -> tuple[list[Sent], dict[str, list[Turn]]]:
    """Everything that was sent by so many writers at once, with what came back; and when each came and was served."""
    prepare(address)
    names = [f"w{n:02}" for n in range(writers)]
    piped: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [
        subprocess.Popen([sys.executable, CONTENDER, address, name, str(many), str(seed), *flags], **piped) for name in names
    ]
    assert [one.stdout.readline() for one in running] == ["ready\n"] * writers
    for one in running:
        one.stdin.write(json.dumps(names) + "\n")
        one.stdin.flush()
    told = [one.communicate()[0] for one in running]
    assert [one.returncode for one in running] == [0] * writers
    turns = {name: json.loads(said.splitlines()[-1]) for name, said in zip(names, told, strict=True)}
    everything = [json.loads(line) for said in told for line in said.splitlines()[:-1]]
    repeated = sum(s["repeated"] for s in everything)
    print(f"\n{writers} writers with {many} each, seed {seed} {flags}: {len(everything)} sent, {repeated} of them answered before")
    assert len(everything) > writers * many
    assert repeated > 0
    return everything, turns


# --- what must hold


def lost(address: str, everything: Iterable[Sent]) -> list[str]:
    """The ids of commands whose answer is not in the ledger at its index, in its very bytes."""
    with opened(address) as ledger:
        leaves = {row.index: (row.command, row.case, row.version, row.leaf.hex()) for row in ledger.rows()}
    return [s["id"] for s in everything if leaves.get(s["index"]) != (s["id"], s["case"], s["version"], s["leaf"])]


def doubled(address: str, everything: Iterable[Sent]) -> list[str]:
    """The ids of commands that were answered in two ways, or hold two places."""
    answers = defaultdict(set)
    for s in everything:
        answers[s["id"]].add((s["index"], s["leaf"], s["word"]))
    with opened(address) as ledger:
        places = Counter(row.command for row in ledger.rows())
    new = Counter(s["id"] for s in everything if not s["repeated"])
    return [name for name, found in answers.items() if len(found) > 1 or places[name] > 1 or new[name] != 1]


def gaps(address: str) -> list[str]:
    """Where an index is left out, or a version of a case."""
    with opened(address) as ledger:
        rows = list(ledger.rows())
    versions: dict[str, list[int | None]] = defaultdict(list)
    for row in rows[1:]:
        versions[str(row.case)].append(row.version)
    wrong = [f"index {row.index}" for n, row in enumerate(rows) if row.index != n]
    return wrong + [case for case, found in versions.items() if found != list(range(1, len(found) + 1))]


def judged_otherwise(address: str) -> bool:
    """Whether any record would be judged otherwise on what stood before it, or is not sound."""
    with opened(address) as ledger:
        return audit(ledger, registry()).answer != "identical" or not verify(ledger).sound


def first_sent(everything: Iterable[Sent]) -> list[Sent]:
    """Each command once: as first sent, and as first acknowledged."""
    found: dict[str, Sent] = {}
    for s in everything:
        one = found.setdefault(s["id"], dict(s))
        one["by"] = one["by"] if one["sent"] <= s["sent"] else s["by"]
        one["sent"], one["acked"] = min(one["sent"], s["sent"]), min(one["acked"], s["acked"])
    return list(found.values())


def out_of_order(everything: Iterable[Sent]) -> list[str]:
    """The ids of commands that were sent when a later one had already been acknowledged.

    In the order of sending, each is compared with the largest index acknowledged before: n log n for n commands.
    """
    commands = first_sent(everything)
    acknowledged = sorted(commands, key=lambda s: s["acked"])
    instants, largest, most = [s["acked"] for s in acknowledged], [], -1
    for s in acknowledged:
        most = max(most, s["index"])
        largest.append(most)
    found = []
    for s in commands:
        before = bisect_right(instants, s["sent"] - 1)
        if before and largest[before - 1] > s["index"]:
            found.append(s["id"])
    return found


def overtaken(turns: dict[str, list[Turn]]) -> Counter[int]:
    """By how many turns of one other writer, who came later for each, a turn was overtaken; how often that was so."""
    found: Counter[int] = Counter()
    for name, mine in turns.items():
        for came, served in mine:
            theirs = (
                sum(1 for other in turns[writer] if came < other[0] and other[1] < served) for writer in turns if writer != name
            )
            found[max(theirs, default=0)] += 1
    return found


@pytest.mark.scaled
@pytest.mark.parametrize("address", ["sqlite", "postgres"], indirect=True)
def test_loses_doubles_and_swaps_nothing_where_many_write_to_a_few_cases(address: str, thorough: bool) -> None:
    everything, turns = contended(address, *((32, 500) if thorough else (6, 40)), 1)
    assert lost(address, everything) == []
    assert doubled(address, everything) == []
    assert gaps(address) == []
    assert out_of_order(everything) == []
    assert not judged_otherwise(address)
    overtook = overtaken(turns)
    print(f"turns by how many of one other writer overtook them: {sorted(overtook.items())}")
    assert max(overtook) <= OVERTAKEN
    assert not Path(f"{address}-line").exists()


def test_would_be_seen_to_lose_what_is_acknowledged_before_it_is_committed(address: str) -> None:
    everything, _ = contended(address, 4, 30, 2, "hasty")
    assert lost(address, everything)


def test_would_be_seen_to_enter_what_was_judged_on_something_else(address: str) -> None:
    everything, _ = contended(address, 6, 30, 3, "careless")
    assert judged_otherwise(address)
    assert lost(address, everything) == []


def test_would_be_seen_to_pass_over_those_who_wait_without_a_line(address: str) -> None:
    _, turns = contended(address, 6, 40, 1, "pushing")
    overtook = overtaken(turns)
    print(f"turns by how many of one other writer overtook them: {sorted(overtook.items())}")
    assert max(overtook) > OVERTAKEN


def told(name: str, sent: int, acked: int, index: int, **more: Any) -> Sent:
    """What came back for a command."""
    given = {
        "id": name,
        "by": "w00",
        "sent": sent,
        "acked": acked,
        "index": index,
        "repeated": False,
        "leaf": name,
        "word": "accepted",
    }
    return {**given, **more}


@pytest.mark.parametrize(("sent", "swapped"), [(20, []), (21, ["late"])])
def test_finds_what_was_sent_after_a_later_one_was_acknowledged(sent: int, swapped: list[str]) -> None:
    """Both sides: sent in the instant of the other's acknowledgement, and one later."""
    assert out_of_order([told("early", 10, 20, 7), told("late", sent, 30, 6)]) == swapped
    assert out_of_order([told("early", 10, 20, 7), told("late", 5, 12, 6, repeated=True), told("late", sent, 30, 6)]) == []


def test_finds_what_was_answered_in_two_ways(address: str) -> None:
    with SqliteLedger(address) as ledger:
        assert ledger.size() == 1
    assert doubled(address, [told("one", 1, 2, 1), told("one", 3, 4, 1, repeated=True)]) == []
    assert doubled(address, [told("one", 1, 2, 1), told("one", 3, 4, 2, repeated=True)]) == ["one"]
    assert doubled(address, [told("one", 1, 2, 1), told("one", 3, 4, 1)]) == ["one"]
    assert lost(address, [told("one", 1, 2, 1, case="c", version=1)]) == ["one"]
