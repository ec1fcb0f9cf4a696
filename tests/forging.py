"""Exports forged by someone who can write the file: all hashes fit, and ids and words are what no command could have had."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from candidacy import Count, MemoryLedger, Record
from candidacy.ledger import Row
from candidacy.record import leaf_hash
from support import ZONE, engine, play
from widgets import Trained, developing
from widgets import registry as widgets

EVIL = (
    "<script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=1">',
    "'onmouseover='x",
    "</title></style><script>1</script>",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "\u202eevil\u202c\u200b\u0000\u001b[2J",
    "]]>--><!--",
)


@contextmanager
def written_into(path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger's file as somebody changes it who can write it: what guards it is taken away, and made again at the end."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        guards = db.execute("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        left = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for statement in (statement for _, table, statement in guards if table in left):
            db.execute(statement)
        db.commit()


def forged(change: Callable[[Any], None], ledger: MemoryLedger) -> bytes:
    """An export with every record changed, and every hash after it, as someone who can write the file could."""
    heads: dict[str, str] = {}
    lines = []
    for i, stored in enumerate(ledger._rows):
        data = json.loads(stored.raw)
        if i:
            change(data)
            data["previous"] = heads.get(data["case"], "")
        raw = Record.make(data).raw
        lines.append(raw)
        if i:
            heads[data["case"]] = leaf_hash(raw).hex()
    return b"\n".join(lines) + b"\n"


def reforged(rows: list[Row], at: int, change: Callable[[Any], None]) -> list[Row]:
    """The rows of a ledger with one record changed, and every hash after it, as someone who can write the file could."""
    heads: dict[str, str] = {}
    made = []
    for row in rows:
        data = json.loads(row.raw)
        if row.index == at:
            change(data)
        if row.index:
            data["previous"] = heads.get(data["case"], "")
        raw = Record.make(data).raw
        made.append(Row(row.index, row.case, row.version, row.command, leaf_hash(raw), raw))
        heads[data.get("case", "")] = leaf_hash(raw).hex()
    return made


def evil_ids(data: Any) -> None:
    n = data["version"]
    evil = EVIL[(n + 3) % len(EVIL)]
    data["case"] = "<script>1</script>"
    data["command"] = f"{evil}{data['index']}"
    data["actor"] = {"person": evil, "identified": EVIL[0], "on_behalf_of": EVIL[1]}
    data["payload"] = {
        EVIL[0]: EVIL[1],
        "roles": [{"person": EVIL[1], "role": EVIL[3]}],
        "odd": {"between": 5},
        "deep": [[[EVIL[2]]]],
    }
    data["edition"] = {**data["edition"], "program": EVIL[1], "name": EVIL[3], "declared": EVIL[0], "code": EVIL[2]}
    state = ("not begun", *EVIL)
    data["moved"] = {
        "from": state[(n - 1) % len(state)],
        "to": state[n % len(state)],
        "strands": [{"id": EVIL[0], "is": EVIL[1], "strand": EVIL[2]}],
    }
    data["findings"] = [
        {"rule": EVIL[0], "outcome": "unmet", "observed": {"found": EVIL[1], "question": {"a": 1}}, "required": {"that": EVIL[3]}},
        {"rule": EVIL[1], "outcome": "undetermined", "advises": True, "who": [EVIL[0]], "missing": {"between": None}},
    ]


def evil_words(data: Any) -> None:
    """Known programs and editions, so that rules and pictures are there, with people and words that are forged."""
    data["actor"]["person"] = EVIL[(data["version"] + 3) % len(EVIL)]
    data["payload"] = {**data["payload"], "note": EVIL[0], "roles": [{"person": EVIL[1], "role": EVIL[0]}]}
    data["moved"] |= {3: {"to": EVIL[0]}, 4: {"from": EVIL[0]}}.get(data["version"], {})
    for finding in data["findings"]:
        finding["observed"] = {EVIL[0]: EVIL[1], "found": [EVIL[1]]}


def ledger_of_widgets(cases: int = 1) -> MemoryLedger:
    ledger = MemoryLedger(ZONE)
    on = engine(widgets(), ledger)
    for n in range(cases):
        play(on, developing(f"w{n + 1}").tell("2005-05-01", Trained(Count(30)), by=f"w{n + 1}.c"))
    return ledger
