"""`candidacy demo`: the caseloads of the installed agencies, submitted one command at a time, then read back and audited."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as File
from typing import Any

import click

from candidacy._audit import audit
from candidacy._path import Path, path
from candidacy._path_told import told as path_told
from candidacy._status import Status, statuses
from candidacy.address import shown
from candidacy.cli import CANNOT_BE_TOLD, NO, WRONG_INPUT, YES, audited, show
from candidacy.decision import Json
from candidacy.engine import Engine
from candidacy.errors import CandidacyError, InputError
from candidacy.ledger import Ledger
from candidacy.opening import new_ledger
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.registry import Registry, discover

ZONE = "America/New_York"


def play(kept: str | None, *, as_json: bool) -> int:
    """Play every caseload into a new ledger and report from what the ledger holds."""
    registry = discover()
    for fault in registry.faults:
        click.echo(f"candidacy: {fault}", err=True)
    caseloads = {agency: commands for agency, caseload in registry.caseloads.items() if (commands := _told(agency, caseload))}
    if not caseloads:
        click.echo("candidacy: found no plugin with a caseload; needed at least one", err=True)
        return WRONG_INPUT
    with tempfile.TemporaryDirectory() as folder:
        where = kept or str(File(folder) / "demo.ledger")
        with new_ledger(where, ZONE) as ledger:
            _submit(ledger, registry, caseloads)
            if not as_json:
                click.echo(
                    f"\nThe ledger is {shown(where)}." if kept else "\nThe ledger was temporary; keep one with --ledger FILE."
                )
            return _report(ledger, registry, as_json=as_json)


def _told(agency: str, caseload: Callable[[], Iterable[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """An agency's commands; none where its plugin fails to tell them."""
    try:
        return list(caseload())
    except Exception as failure:  # noqa: BLE001 (a plugin may raise anything)
        click.echo(f"candidacy: the caseload of {agency} is left out: it raised {type(failure).__name__}", err=True)
        return []


def _submit(ledger: Ledger, registry: Registry, caseloads: Mapping[str, list[Mapping[str, Any]]]) -> None:
    engine = Engine(ledger, registry)
    for agency, commands in caseloads.items():
        for n, command in enumerate(commands, 1):
            try:
                engine.submit(command)
            except CandidacyError as wrong:
                click.echo(f"\ncandidacy: command {n} of the caseload of {agency}: {wrong}", err=True)
            if sys.stderr.isatty() or n == len(commands):
                click.echo(f"\r{agency}: {n} of {len(commands)} commands", nl=n == len(commands), err=True)


def _report(ledger: Ledger, registry: Registry, *, as_json: bool) -> int:
    found = list(statuses(ledger.records()))
    refusal = _telling(ledger)
    remained = _remained(ledger, registry, refusal) if refusal else None
    judged = audit(ledger, registry)
    code = {"identical": YES, "divergent": NO, "cannot be told": CANNOT_BE_TOLD}[judged.answer]
    if as_json:
        data = {
            "cases": [s.as_data() for s in found],
            "outcomes": _outcomes(found),
            "refusal": refusal.data if refusal else None,
            "remained": remained[0].as_data() if remained else None,
            "audit": judged.as_data(),
        }
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return code
    click.echo("\nThe cases\n")
    for line in show.cohort(found):
        click.echo(line)
    click.echo("\n" + ", ".join(f"{n} {state}" for state, n in _outcomes(found).items()))
    if refusal:
        click.echo(f"\nWhy case {refusal.case} was refused\n")
        edition = registry.edition(refusal.edition)
        for line in show.history([refusal], registry) if edition else ():
            click.echo(line)
    if refusal and remained:
        click.echo("\nWhat remained on that day, and the earliest day\n")
        for line in path_told(*remained, cite=False):
            click.echo(line)
    click.echo("\nThe audit: every record judged again\n")
    for line in audited.audit(judged, registry):
        click.echo(line)
    return code


def _remained(ledger: Ledger, registry: Registry, refusal: Record) -> tuple[Path, Edition] | None:
    """What remained when an act was refused."""
    try:
        case, edition = Engine(ledger, registry).case(refusal.case, as_of=refusal.day)
    except InputError:
        return None
    return path(case, edition, as_of=refusal.day), edition


def _telling(ledger: Ledger) -> Record | None:
    """The refusal with the most to say: the most different things wanted by what refuses; the oldest of them."""
    refused = [r for r in ledger.records() if r.index and not r.accepted]
    return max(refused, key=lambda r: (max(len(_wanted(f.data)) for f in r.findings if f.refuses), -r.index), default=None)


def _wanted(data: Json) -> set[str]:
    """What the open parts of a finding want, each thing once."""
    parts = [p for p in data.get("parts", []) if p["outcome"] not in {"met", "waived", "not applicable"}]
    return {thing for p in parts for thing in _wanted(p)} if parts else {json.dumps(data.get("required"), sort_keys=True)}


def _outcomes(found: list[Status]) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    for status in found:
        outcomes[status.state] = outcomes.get(status.state, 0) + 1
    return dict(sorted(outcomes.items(), key=lambda item: -item[1]))
