"""Many thousand generated commands: what the engine holds in memory is what the records tell, here and in every copy.

Valid and refused acts, facts, corrections and voidings of several cases at once, entered in bulk: most into an SQLite ledger, and, when
that has been moved to PostgreSQL, the rest there. Seeds, counts and rates are printed. The thorough run has 200,000 commands.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, zip_longest
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import attrs
import pytest

from candidacy import (
    CandidateAppointed,
    CandidateCertified,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    CertificationDenied,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    Discontinued,
    Engine,
    Event,
    FactVoided,
    How,
    Id,
    InputError,
    JudgementGiven,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Removed,
    RequestReturned,
    Resumed,
    SqliteLedger,
    Suspended,
    Withdrawn,
    keeping,
    open_ledger,
    replay,
    statuses,
    verify,
)
from candidacy.case import Case
from candidacy.decision import Actor, Command
from candidacy.ledger import Ledger, Row
from candidacy.record import Record
from gadgets import FIT, DeskRecorded, DetailBegun, DetailOver, Trained, registry
from pg import Server
from support import cli, roles

PROGRAM = registry()
LIFE = 110
"""Commands of a case, about."""
PER_TRANSACTION = 3
"""Commands of each case that are entered together."""
ZONE = "UTC"
MEMO = Id("memo-1")
ENDED = {"appointed", "withdrawn", "discontinued", "removed"}
STEPS: dict[str, list[tuple[str, Event]]] = {
    "selected": [("o", CandidateEnrolled())],
    "enrolled": [("c", PlanSubmitted(Id("p1")))],
    "planning": [("b", PlanApproved(Id("p1"))), ("b", PlanApproved(Id("p1"))), ("b", PlanReturned(Id("p1")))],
    "developing": [("c", CertificationRequested())],
    "certifying": [
        *[("b", JudgementGiven(Id(FIT.id), True)), ("b", CandidateGraduated())] * 3,
        ("o", RequestReturned()),
    ],
    "graduated": [("b", CandidateCertified()), ("b", CandidateCertified()), ("b", CertificationDenied())],
    "certified": [("o", CandidateAppointed())],
}
ACTS: list[Event] = [event for steps in STEPS.values() for _, event in steps]
ENDS: list[tuple[str, Event]] = [("c", Withdrawn()), ("o", Discontinued()), ("b", Removed())]


@attrs.define
class Life:
    """A case as the generator knows it."""

    case: str
    begun: date
    told: int = 0
    details: list[str] = attrs.field(factory=list)
    desks: set[date] = attrs.field(factory=set)
    taken: set[int] = attrs.field(factory=set)
    """Versions that a command of the same transaction corrects or voids."""

    def command(self, day: date, who: str, event: Event, how: How = How()) -> Command:  # noqa: B008 (frozen)
        self.told += 1
        special = (how.corrects or None, how.request, how.confirms or None)
        return Command(f"{self.case}-{self.told}", self.case, event, day, Actor(f"{self.case}.{who}"), None, *special)

    def begins(self) -> Command:
        who = roles(self.case, c="candidate", o="office", b="board", b2="board", x="guest")
        return self.command(self.begun, "o", CandidateSelected(Id("gadgets"), Id("spring"), who))

    def next(self, chance: Random, stands: Case, today: date) -> Command:
        """A command that may be entered now, whatever becomes of it."""
        what = chance.random()
        if what < 0.30:
            return self.command(today, *self.onward(chance, stands))
        if what < 0.45:
            return self.command(today, chance.choice("cobx"), chance.choice(ACTS))
        if what < 0.75:
            return self.fact(chance, today)
        return self.correction(chance, stands, today) or self.command(today, *self.rare(chance))

    def fact(self, chance: Random, today: date) -> Command:
        day = today - timedelta(days=min(chance.choice((0, 0, 0, 1, 9)), (today - self.begun).days))
        what = chance.random()
        if what < 0.2 and today not in self.desks:
            self.desks.add(today)
            return self.command(today, "o", DeskRecorded(Id(f"{self.case}.c"), Id(f"d-{chance.randrange(9)}")))
        if what > 0.5:
            return self.command(day, chance.choice("co"), Trained(Count(chance.randrange(1, 25))))
        if self.details and chance.random() < 0.5:
            return self.command(today, "c", DetailOver(Id(self.details.pop())))
        self.details.append(f"t-{self.told}")
        return self.command(day, "c", DetailBegun(Id(self.details[-1])))

    def correction(self, chance: Random, stands: Case, today: date) -> Command | None:
        what, fact = chance.random(), self.correctable(chance, stands)
        acts = [a.version for a in stands.acts if a.version > 1 and a.version not in self.taken]
        if what < 0.35 and fact:
            return self.command(fact.day, "o", Trained(Count(chance.randrange(1, 25))), How(corrects=fact.version))
        if what < 0.60 and fact:
            return self.command(today, "o", FactVoided(Count(fact.version), MEMO))
        if what < 0.75 and acts:
            self.taken.add(acts[-1])
            return self.command(today, "b", DecisionVoided(Count(acts[-1]), MEMO))
        if what < 0.90 and stands.unsettled:
            return self.command(today, "b", DecisionAffirmed(Count(stands.unsettled[0]), MEMO))
        return None

    def rare(self, chance: Random) -> tuple[str, Event]:
        """A suspension; now and then an end, which may be taken back."""
        return ("o", Suspended(Id(f"s-{self.told}"))) if chance.random() < 0.8 else chance.choice(ENDS)

    def onward(self, chance: Random, stands: Case) -> tuple[str, Event]:
        suspended = [name for strand, name in stands.open_strands if strand == "suspension"]
        if suspended:
            return "o", Resumed(Id(suspended[0]))
        if stands.unsettled:
            return "b", DecisionAffirmed(Count(stands.unsettled[0]), MEMO)
        return chance.choice(STEPS.get(stands.state, ENDS))

    def correctable(self, chance: Random, stands: Case) -> Any:
        facts = [e for e in stands.entries if isinstance(e.event, Trained) and e.version not in self.taken]
        if not facts:
            return None
        fact = chance.choice(facts)
        self.taken.add(fact.version)
        return fact


@attrs.define
class Run:
    """Commands entered in bulk into one ledger, and where the engine had each case stand when it was left."""

    ledger: Ledger
    chance: Random
    at_once: int = 10
    """Cases that go on beside each other."""
    now: datetime = datetime(2005, 3, 1, 12, tzinfo=UTC)
    lives: list[Life] = attrs.field(factory=list)
    left: dict[str, Case] = attrs.field(factory=dict)
    counts: Counter[str] = attrs.field(factory=Counter)

    def enter(self, many: int) -> None:
        engine = Engine(self.ledger, PROGRAM, clock=lambda: self.now)
        while self.counts["kept"] < many:
            self.lives += [Life(f"g-{self.counts['begun'] + n}", self.now.date()) for n in range(self.at_once - len(self.lives))]
            new = [life for life in self.lives if not life.told]
            self.counts["begun"] += len(new)
            self.submit(engine, [life.begins() for life in new])
            self.now += timedelta(hours=self.chance.choice((20, 100, 400)))
            self.submit(engine, list(self.commands(engine)))
            for life in [life for life in self.lives if life.told >= LIFE]:
                self.left[life.case] = engine.case(life.case)[0]
                self.lives.remove(life)
        self.left |= {life.case: engine.case(life.case)[0] for life in self.lives}

    def commands(self, engine: Engine) -> Iterator[Command]:
        for life in self.lives:
            stands = engine.case(life.case)[0]
            life.taken.clear()
            for _ in range(self.chance.randrange(1, PER_TRANSACTION + 1)):
                yield life.next(self.chance, stands, self.now.date())

    def submit(self, engine: Engine, commands: list[Command]) -> None:
        """All together; if one of them may not be entered, nothing of them is kept, and each is sent for itself."""
        before = self.ledger.size()
        try:
            answers = engine.submit_many(commands)
        except InputError:
            assert self.ledger.size() == before
            self.counts["undone"] += 1
            answers = []
            for command in commands:
                try:
                    answers.append(engine.submit(command))
                except InputError:
                    self.counts["errors"] += 1
        assert not any(answer.repeated for answer in answers)
        self.counts.update(answer.record.word for answer in answers)
        self.counts["kept"] += len(answers)
        self.counts["corrections"] += sum(bool(a.record.gone) for a in answers)


def told_otherwise(run: Run, ledger: Ledger) -> list[str]:
    """The cases of which a ledger's records tell otherwise than the engine had them: whole cases, folded by an engine that knew none."""
    engine = Engine(ledger, PROGRAM, clock=lambda: run.now)
    return [case for case, stood in run.left.items() if parts(engine.case(case)[0]) != parts(stood)]


def parts(case: Case) -> dict[str, Any]:
    """Everything that a case holds, but for what rules have asked of it."""
    return {field.name: getattr(case, field.name) for field in attrs.fields(Case) if field.name != "_seen"}


def unlike(first: Iterable[Row], other: Iterable[Row]) -> list[int]:
    """Where two ledgers differ in a row: its bytes, its leaf hash or its columns, or one has none."""
    return [n for n, (a, b) in enumerate(zip_longest(first, other)) if a != b]


def entered(run: Run, many: int) -> None:
    """Go on until so many commands are kept, and say how quickly that went."""
    before, begun = run.counts["kept"], monotonic()
    run.enter(many)
    kept = run.counts["kept"] - before
    print(f"{kept} commands into {type(run.ledger).__name__}, {kept / (monotonic() - begun):.0f} a second")


def noting(records: Iterable[Record], reached: set[str]) -> Iterator[Record]:
    """The records, and on the way the states that they moved to."""
    for record in records:
        if record.index:
            reached.add(record.moved["to"])
        yield record


def done(*command: object) -> None:
    """A command of the command line that must succeed."""
    ended = cli(*map(str, command))
    assert ended.returncode == 0, ended.stderr


@pytest.mark.scaled
def test_tells_the_same_of_every_case_here_and_in_every_copy(tmp_path: Path, postgres: Server, thorough: bool) -> None:
    many, seed, begun = (200_000 if thorough else 2_000), 9, monotonic()
    one, copied, exported, restored = (
        tmp_path / name for name in ("one.ledger", "copied.ledger", "exported.jsonl", "restored.ledger")
    )
    print(f"\n{many} commands, seed {seed}")
    with SqliteLedger.create(one, ZONE) as ledger:
        run = Run(ledger, Random(seed), 40 if thorough else 10)
        entered(run, many * 9 // 10)
        first = ledger.size()
    moved = postgres.place()
    done("copy", one, moved)
    with open_ledger(moved) as ledger:
        run.ledger = ledger
        entered(run, many)
        print(dict(run.counts))
        assert run.counts["kept"] >= many
        assert min(run.counts[word] for word in ("accepted", "refused")) > many / 20
        assert run.counts["corrections"] > many / 40
        stand = list(replay(ledger))
        assert [s.case for s in stand] == sorted(run.left)
        assert [(s.state, s.records) for s in stand] == [(run.left[s.case].state, run.left[s.case].version) for s in stand]
        reached = set[str]()
        assert stand == list(statuses(noting(ledger.records(), reached)))
        assert reached >= {*STEPS, "withdrawn", "discontinued"}, reached
    for step in (("copy", moved, copied), ("export", moved, "-o", exported), ("restore", restored, exported)):
        done(*step)
    with open_ledger(moved, read_only=True) as ledger, SqliteLedger(one, read_only=True) as before:
        assert ledger.size() == run.counts["kept"] + 1 > first
        assert unlike(islice(ledger.rows(), first), before.rows()) == []
        for path in (copied, restored):
            with SqliteLedger(path, read_only=True) as other:
                assert unlike(ledger.rows(), other.rows()) == []
    with SqliteLedger(copied, read_only=True) as last:
        assert verify(last).sound
        assert told_otherwise(run, last) == []
    print(f"{monotonic() - begun:.0f} seconds in all")


def test_finds_where_two_ledgers_differ(tmp_path: Path) -> None:
    """Teeth: another byte, leaf or column, a row less, a row more."""
    with SqliteLedger.create(tmp_path / "one.ledger", ZONE) as ledger:
        Run(ledger, Random(9)).enter(20)
        rows = list(ledger.rows())
    assert unlike(rows, list(rows)) == []
    for n in (0, len(rows) - 1):
        row = rows[n]
        for other in ({"raw": row.raw + b" "}, {"leaf": bytes(32)}, {"case": "x"}, {"version": 99}, {"command": "x"}):
            assert unlike(rows, [*rows[:n], attrs.evolve(row, **other), *rows[n + 1 :]]) == [n]
    assert unlike(rows, rows[:-1]) == unlike(rows[:-1], rows) == [len(rows) - 1]


@pytest.mark.parametrize("kind", ["gadgets.trained.1", "candidacy.plan_approved.1", "candidacy.fact_voided.1"])
def test_would_be_seen_to_tell_otherwise_if_one_record_were_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Teeth: the engine's memory passes over one accepted record of that kind."""
    after, forgotten = keeping.after, list[str]()

    def forgetting(case: Case, record: Record, read: Any) -> Case:
        whole = after(case, record, read)
        if forgotten or record.type_name != kind or not record.accepted:
            return whole
        forgotten.append(record.case)
        return case.but(version=whole.version)

    with SqliteLedger.create(tmp_path / "one.ledger", ZONE) as ledger:
        run = Run(ledger, Random(9))
        monkeypatch.setattr(keeping, "after", forgetting)
        run.enter(600)
        assert forgotten
        assert told_otherwise(run, ledger) == forgotten
