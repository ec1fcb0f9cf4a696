"""The golden-log gate on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, registry_found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._golden import Change, Golden, GoldenLedger
    from candidacy.registry import Registry


@click.command()
@click.argument("folder")
@click.option("--intend", metavar="REASON", help="Name every change that is not named yet as intended, for this reason.")
@click.option("--add", metavar="LEDGER", help="Keep a copy of this ledger as a golden one, if it audits identical.")
@click.option("--name", metavar="NAME", help="With --add: under which name.")
@as_json
def golden(folder: str, intend: str | None, add: str | None, name: str | None, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Judge the golden ledgers in FOLDER again; every answer that changed must be named in intended.json, with a reason.

    Writes nothing but with --intend or --add. Exit codes: 0 as intended, 1 otherwise, 3 what they were judged by is not installed.
    """
    from candidacy import _golden
    from candidacy.errors import InputError, Problem

    wrong = [Problem("--name", "no --add", "--add with the ledger to keep")] * (name is not None and add is None)
    wrong += [Problem("--add", "no --name", "--name, under which to keep it")] * (add is not None and name is None)
    wrong += [Problem("--intend", "--add", "one of them")] * (add is not None and intend is not None)
    if wrong:
        raise InputError(wrong)
    registry = registry_found()
    if add is not None and name is not None:
        kept = _golden.add(folder, add, name, registry)
        return answer({"kept": str(kept)}, [f"{kept}: kept; nothing is intended to change yet"], as_json=as_json)
    if intend is not None:
        many = _golden.intend(folder, intend, registry)
        click.echo(f"candidacy: {many} change{'s' * (many != 1)} named as intended", err=True)
    found = _golden.golden(folder, registry)
    code = {"as intended": YES, "otherwise": NO, "cannot be told": CANNOT_BE_TOLD}[found.answer]
    return answer(found.as_data(), told(found, registry), as_json=as_json, code=code)


def told(found: Golden, registry: Registry) -> Iterator[str]:
    """What judging again gave, and all that fails the build."""
    for ledger in found.ledgers:
        yield from _ledger(ledger, registry)
    yield f"golden: {found.answer}"


def _ledger(found: GoldenLedger, registry: Registry) -> Iterator[str]:
    if found.damaged:
        yield f"FAIL {found.name}: {found.damaged}"
        return
    intended = len(found.changes) - len(found.unintended)
    otherwise = len(found.unintended)
    yield f"{found.name}: {found.alike} answered as then, {intended} otherwise as intended, {otherwise} otherwise and not intended"
    for change in found.unintended:
        yield from _change(change, registry)
    for key in found.stale:
        yield f"FAIL {found.name}: intended.json names what did not change: {key}"
    yield from (f"CANNOT BE TOLD {found.name}: {why}" for why in found.untold)


def _change(change: Change, registry: Registry) -> Iterator[str]:
    """A record that is answered otherwise: what was said then, what is said now."""
    from candidacy._words import short
    from candidacy.cli import audited

    d = change.divergence
    yield f"FAIL record {d.index}, case {d.case}, {short(d.type_name)}: {change.wrong}"
    yield from audited.both(d, registry)
