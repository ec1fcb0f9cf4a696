"""An audit split by case: the same report, to the byte, whatever it was split into and whoever judged."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Any

import pytest

from candidacy import Audit, InputError, LedgerError, MemoryLedger, Registry, SqliteLedger, audit, discover
from candidacy.cli import audited
from support import ROOT, ZONE, cli, engine, play
from widgets import developing
from widgets import registry as widgets

GOLDEN = ROOT / "tests" / "golden" / "0.1.0" / "demo.ledger"


def fewer() -> Registry:
    """The installed programs without one of them: its records cannot be told."""
    programs = dict(discover().programs)
    del programs["dol"]
    return Registry(programs)


class Counting(Executor):
    """Judges in this thread when it is asked for the result, and remembers how much it was given."""

    def __init__(self, *, loses: int = -1) -> None:
        self.given: list[list[list[bytes]]] = []
        self.loses = loses

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        piece = args[2]
        self.given.append(piece)
        future: Future[Any] = Future()
        future.set_result(fn(*args[:2], [] if len(self.given) - 1 == self.loses else piece))
        return future


class Late(Executor):
    """Judges slowly, one piece after the other, and remembers how many were handed over and not yet answered at most."""

    def __init__(self) -> None:
        self.slow, self.lock = ThreadPoolExecutor(1), Lock()
        self.given = self.waiting = self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        with self.lock:
            self.given, self.waiting = self.given + 1, self.waiting + 1
            self.most = max(self.most, self.waiting)
        return self.slow.submit(self._late, fn, *args)

    def _late(self, fn: Callable[..., Any], *args: Any) -> Any:
        sleep(0.02)
        found = fn(*args)
        with self.lock:
            self.waiting -= 1
        return found


def report(found: Audit, registry: Registry) -> bytes:
    """All that is said, as data and as lines."""
    return json.dumps([found.as_data(), list(audited.audit(found, registry))]).encode()


def piece(parts: int, cases: list[int]) -> int:
    """The size of a piece that cases of so many records come to so many of."""

    def come_to(size: int) -> int:
        pieces, held = 1, 0
        for records in cases:
            pieces, held = (pieces + 1, records) if held >= size else (pieces, held + records)
        return pieces

    return next(size for size in range(1, sum(cases) + 1) if come_to(size) == parts)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteLedger]:
    """A ledger in which much is divergent, and without one program much cannot be told."""
    path = tmp_path_factory.mktemp("golden") / "demo.ledger"
    path.write_bytes(GOLDEN.read_bytes())
    with SqliteLedger(path, read_only=True) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def whole(golden: SqliteLedger) -> bytes:
    registry = fewer()
    found = audit(golden, registry)
    assert min(map(len, (found.divergent, found.untold, found.notes, found.interventions, found.totals, found.editions))) > 0
    assert [d.index for d in found.divergent] == sorted({d.index for d in found.divergent})
    return report(found, registry)


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_says_the_same_whatever_it_was_split_into(
    golden: SqliteLedger, whole: bytes, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, records = fewer(), golden.size() - 1
    monkeypatch.setattr("candidacy._audit.PIECE", piece(parts, [len(case) for case in golden.by_case()]))
    executor = Counting()
    assert report(audit(golden, registry, executor=executor), registry) == whole
    assert len(executor.given) == parts
    assert sum(len(case) for piece in executor.given for case in piece) == records


def test_would_see_a_part_that_was_lost(golden: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Teeth."""
    monkeypatch.setattr("candidacy._audit.PIECE", 100)
    registry = fewer()
    for lost in range(3):
        with pytest.raises(LedgerError, match="other records than were verified"):
            audit(golden, registry, executor=Counting(loses=lost))


@pytest.mark.parametrize(("allowed", "most"), [(5, 5), (1, 1), (1_000, 46)])
def test_hands_over_so_much_at_a_time_and_no_more(
    golden: SqliteLedger, monkeypatch: pytest.MonkeyPatch, allowed: int, most: int
) -> None:
    """The last is its teeth: without a bound all of it is handed over before much is answered."""
    monkeypatch.setattr("candidacy._audit.PIECE", 1)
    monkeypatch.setattr("candidacy._audit.WAITING", allowed)
    executor = Late()
    audit(golden, fewer(), executor=executor)
    assert executor.given == 46
    assert executor.most == most if allowed < 46 else executor.most > 5


def test_says_the_same_judged_by_threads_and_by_processes(
    golden: SqliteLedger, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("candidacy._audit.PIECE", 50)
    registry = Registry.made_by(fewer)
    with ThreadPoolExecutor(3) as threads:
        assert report(audit(golden, registry, executor=threads), registry) == whole
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert report(audit(golden, registry, executor=processes), registry) == whole


@pytest.mark.enable_socket
def test_says_the_same_judged_on_a_cluster(golden: SqliteLedger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A real Dask scheduler with two workers, each a process."""
    from distributed import Client, LocalCluster

    monkeypatch.setattr("candidacy._audit.PIECE", 50)
    monkeypatch.setenv("DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED", "false")
    registry = discover()
    alone = report(audit(golden, registry), registry)
    one_thread_each: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "host": "127.0.0.1"}
    with (
        LocalCluster(**one_thread_each, dashboard_address=None, local_directory=str(tmp_path)) as cluster,
        Client(cluster) as client,
    ):
        executor = client.get_executor()
        assert report(audit(golden, registry, executor=executor), registry) == alone
        pids = client.run(os.getpid)
    assert len({*pids.values(), os.getpid()}) == 3


def test_says_the_same_however_many_workers_there_are(golden: SqliteLedger) -> None:
    one, two = (cli("audit", str(golden.path), "--workers", n) for n in ("1", "2"))
    assert (one.stdout, one.returncode) == (two.stdout, two.returncode)
    assert "audit: divergent" in one.stdout
    assert cli("audit", str(golden.path), "--workers", "0").returncode == 2


def test_refuses_programs_at_hand_where_processes_judge() -> None:
    ledger = MemoryLedger(ZONE)
    play(engine(widgets(), ledger), developing())
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes, pytest.raises(InputError) as wrong:
        audit(ledger, widgets(), executor=processes)
    (problem,) = wrong.value.problems
    assert (problem.path, problem.needed) == ("registry", "`discover()`, or one made with `Registry.made_by`")


class Growing(MemoryLedger):
    """A ledger that is written to between being verified and being judged."""

    def rows_by_case(self) -> Iterator[list[Any]]:
        if self.size() < 10:
            play(engine(widgets(), self), developing("late"))
        return super().rows_by_case()


def test_judges_what_it_has_verified_and_nothing_that_came_later() -> None:
    ledger = Growing(ZONE)
    play(engine(widgets(), ledger), developing())
    verified = ledger.size()
    found = audit(ledger, widgets())
    assert ledger.size() > verified
    assert (found.verification.records, found.identical, found.accepted + found.refused) == (verified, verified - 1, verified - 1)


# --- the report


def test_counts_by_month_and_program_as_a_reader_of_the_records_would(golden: SqliteLedger) -> None:
    found = audit(golden)
    counts: dict[tuple[str, str], list[int]] = {}
    for record in golden.records():
        if record.index:
            at = record.recorded_at.astimezone(golden.zone).strftime("%Y-%m"), record.data["edition"]["program"]
            is_fact = not any(f["rule"] == "candidacy.role" for f in record.data["findings"])
            counts.setdefault(at, [0, 0, 0])[0 if is_fact else 1 if record.data["decision"] == "accepted" else 2] += 1
    assert [((t.month, t.program), [t.facts, t.accepted, t.refused]) for t in found.totals] == sorted(counts.items())
    assert sum(t.records for t in found.totals) == found.verification.records - 1 == sum(n for _, n in found.editions)


def test_quotes_a_digest_that_anybody_can_make_of_the_data(golden: SqliteLedger) -> None:
    from hashlib import sha256

    data = json.loads(cli("audit", str(golden.path), "--json").stdout)
    said = data.pop("digest")
    assert sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest() == said
    assert f"digest of this report, as --json has it: {said}" in cli("audit", str(golden.path)).stdout
    data["totals"][0]["accepted"] += 1
    assert sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest() != said


def test_names_what_judged(golden: SqliteLedger) -> None:
    import platform

    versions = dict(audit(golden).versions)
    assert versions["python"] == platform.python_version()
    assert {"candidacy", "attrs", "cattrs", "msgspec", "transitions"} < set(versions)
