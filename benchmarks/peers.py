"""The peers: the same cases rebuilt by `eventsourcing`, and the same moves driven through `transitions`.

Both give the state of every case. Neither verifies a hash, judges anything, or knows what a correction is: they do less
than what they are compared with.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.sqlite import SQLiteFactory
from transitions import Machine


class Kept(Aggregate):
    """A case as an aggregate: each record is an event, and the state is the last that one moved to."""

    @event("Began")
    def __init__(self, name: str, state: str) -> None:
        self.name, self.state, self.records = name, state, 0

    @event("Recorded")
    def record(self, data: dict[str, Any]) -> None:
        self.records += 1
        self.state = data["moved"]["to"]

    @staticmethod
    def create_id(name: str) -> UUID:
        return uuid5(NAMESPACE_URL, name)


def application_at(path: Path) -> Application[UUID]:
    """An application of theirs, in SQLite, with its own settings."""
    return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})


def pragmas(application: Application[UUID]) -> str:
    """What of its settings says whether a commit outlives a power cut; as a connection of its own pool has them."""
    factory = application.factory
    if not isinstance(factory, SQLiteFactory):
        raise TypeError(type(factory).__name__)
    found = {}
    with factory.datastore.transaction(commit=False) as cursor:
        for name in ("journal_mode", "synchronous"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    return ", ".join(f"{name}={value}" for name, value in found.items())


def aggregates(path: Path, ledger: Path) -> tuple[Application[UUID], list[UUID]]:
    """An application of theirs, in SQLite, that holds the records of *ledger*."""
    application = application_at(path)
    ids = []
    for name, records in by_case(ledger):
        kept = Kept(name=name, state="not begun")
        for data in records:
            kept.record(data=data)
        application.save(kept)
        ids.append(kept.id)
    return application, ids


def rebuilt(application: Application[UUID], ids: list[UUID]) -> dict[str, str]:
    """The state of every case, from its events."""
    found: dict[str, str] = {}
    for name in ids:
        kept: Kept = application.repository.get(name)
        found[kept.name] = kept.state
    return found


class Moving:
    """What a machine moves."""

    state: str


def machine_of(ledger: Path) -> Machine:
    """A machine with every move in the ledger, each under its act's name."""
    moves = {(d["type"], d["moved"]["from"], d["moved"]["to"]) for _, records in by_case(ledger) for d in records if moves_it(d)}
    states = sorted({state for _, *ends in moves for state in ends} | {"not begun"})
    triggers = [{"trigger": trigger(*move), "source": move[1], "dest": move[2]} for move in sorted(moves)]
    return Machine(model=None, states=states, transitions=triggers, initial="not begun", auto_transitions=False)


def moves_it(data: dict[str, Any]) -> bool:
    return data["decision"] == "accepted" and data["moved"]["from"] != data["moved"]["to"]


def trigger(name: str, source: str, to: str) -> str:
    """One act may lead to several states; each way is a trigger of its own, so that the machine has nothing to choose."""
    return f"{name} {source} {to}"


def driven(machine: Machine, ledger: Path) -> dict[str, str]:
    """The state of every case, each its own model of the machine, moved by the records in their order."""
    models: dict[str, Moving] = {}
    with closing(sqlite3.connect(ledger)) as db:
        for (raw,) in db.execute("SELECT bytes FROM candidacy_record WHERE position > 0 ORDER BY position"):
            data = orjson.loads(raw)
            model = models.get(data["case"])
            if model is None:
                model = models[data["case"]] = Moving()
                machine.add_model(model)
            if moves_it(data):
                model.trigger(trigger(data["type"], data["moved"]["from"], data["moved"]["to"]))  # type: ignore[attr-defined]
    found = {name: model.state for name, model in models.items()}
    machine.remove_model(list(models.values()))
    return found


def by_case(ledger: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The records of every case."""
    with closing(sqlite3.connect(ledger)) as db:
        names = [name for (name,) in db.execute("SELECT DISTINCT case_id FROM candidacy_record WHERE case_id IS NOT NULL")]
        for name in names:
            query = "SELECT bytes FROM candidacy_record WHERE case_id = ? ORDER BY version"
            yield name, [orjson.loads(raw) for (raw,) in db.execute(query, (name,))]
