"""`status` and `history` under another edition of the program: the cases are not moved there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from candidacy._again import judged_again
from candidacy._interventions import marks
from candidacy._status_told import told
from candidacy._words import explain
from candidacy.cases import placed
from candidacy.cli import show
from candidacy.cli.shared import answer, engine_on
from candidacy.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from candidacy._again import Again
    from candidacy._status import Status
    from candidacy.case import Case
    from candidacy.engine import Engine
    from candidacy.ledger import Ledger
    from candidacy.program import Edition
    from candidacy.record import Record


def history(ledger: Ledger, records: list[Record], rules: str, on: date | None, *, as_json: bool) -> int:
    """Every record that took effect until a day, and below each what it would have been answered."""
    engine = engine_on(ledger)
    found = [a for a in _again(engine, records, rules) if on is None or a.record.day <= on]
    return answer([a.as_data() for a in found], _history(engine, found, marks(records)), as_json=as_json)


def _again(engine: Engine, records: list[Record], rules: str) -> list[Again]:
    edition = engine.edition_named(engine.case(records[0].case)[1], rules, "--rules")
    return list(judged_again(engine, records, edition))


def _history(engine: Engine, found: list[Again], become: dict[int, str]) -> Iterator[str]:
    for again in found:
        yield from show.history([again.record], engine.registry, become)
        if again.decision is None:
            yield f"      under {again.edition}: it cannot be told: {again.why}"
            continue
        same = "" if not again.otherwise else ", otherwise"
        yield f"      under {again.edition}: {again.decision.word}{same}"
        name, _, edition = again.edition.partition("/")
        rules = engine.registry.programs[name].edition(edition)
        yield from (f"        {line}" for line in explain(again.decision.findings, rules, type_name=again.record.type_name))


def status(  # noqa: PLR0913 (the clocks, and how it is shown)
    ledger: Ledger, found: list[Status], rules: str, known: datetime | None, on: date | None, *, one: bool, as_json: bool
) -> int:
    """Each case with the stage it has under the edition, and how many of its records would have been answered otherwise there."""
    engine = engine_on(ledger)
    rows: list[dict[str, Any]] = [{**s.as_data(), "under": _under(engine, s, rules, known, on, one=one)} for s in found]
    lines = (line for s, row in zip(found, rows, strict=True) for line in _status(s, row["under"]))
    return answer(rows[0] if one else rows, lines, as_json=as_json)


def _under(  # noqa: PLR0913 (the clocks, and how it is shown)
    engine: Engine, s: Status, rules: str, known: datetime | None, on: date | None, *, one: bool
) -> dict[str, Any]:
    """What the edition would say of a case; why nothing, where others are asked about too."""
    try:
        records = engine.records(s.case, known)
        case, edition = engine.case(s.case, as_of=on, known=known)
        other = engine.edition_named(edition, rules, "--rules")
        stage = _stage(case, edition, other)
    except InputError as wrong:
        if one:
            raise
        return {"edition": rules, "stage": None, "otherwise": [], "why": "; ".join(f"{p.found}" for p in wrong.problems)}
    again = [a for a in judged_again(engine, records, other) if on is None or a.record.day <= on]
    return {"edition": other.id, "stage": stage, "otherwise": [a.record.index for a in again if a.otherwise]}


def _stage(case: Case, edition: Edition, other: Edition) -> str | None:
    try:
        return placed(case, edition, other).state
    except InputError:
        return None


def _status(s: Status, under: dict[str, Any]) -> Iterator[str]:
    yield from told(s)
    if "why" in under:
        yield f"  under {under['edition']}: it cannot be told: {under['why']}"
        return
    stage = under["stage"] or f"it has no place for a case in {s.state}"
    yield f"  under {under['edition']}: {stage}"
    records = ", ".join(map(str, under["otherwise"])) or "none"
    yield f"  records that would have been decided otherwise there: {records}"
