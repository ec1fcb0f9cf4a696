"""`verify` and `audit`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, ledger_argument, opened_ledger, registry_found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

ANSWERED = {"identical": YES, "divergent": NO, "cannot be told": CANNOT_BE_TOLD}


@click.command()
@ledger_argument
@click.option("--unanchored-ok", is_flag=True, help="Exit with 0 where nothing failed, although no checkpoint was given.")
@as_json
def verify(ledger: str, unanchored_ok: bool, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Check that every record of LEDGER is what was hashed, complete and in order. Needs no plugin."""
    from candidacy import _verify
    from candidacy.cli import show
    from candidacy.errors import DamagedRecordError

    try:
        with opened_ledger(ledger, read_only=True) as opened:
            found = _verify.verify(opened)
    except DamagedRecordError as damaged:  # not even the first record can be read
        found = _verify.Verification(1, 0, (_verify.Failure(damaged.index, damaged.what),))
    data = {
        "records": found.records,
        "cases": found.cases,
        "ledger": found.ledger,
        "newest": found.end - 1,
        "head": found.head,
        "failures": [{"index": f.index, "what": f.what} for f in found.failures],
        "ledger_failures": list(found.ledger_failures),
        "anchored": False,
        "answer": "nothing failed, not anchored" if found.sound else "failed",
    }
    code = NO if not found.sound else YES if unanchored_ok else CANNOT_BE_TOLD
    return answer(data, show.verification(found), as_json=as_json, code=code)


@click.command()
@ledger_argument
@click.option("--workers", type=click.IntRange(1, 256), default=1, help="Processes of this machine that judge; 1 by default.")
@as_json
def audit(ledger: str, workers: int, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Verify LEDGER, judge every record again by the edition it names, and compare the answers.

    The report is the same however many --workers there are. Its last lines are for workpapers: control totals, the
    versions of what judged, and the report's own digest.
    """
    from candidacy import _audit
    from candidacy.cli import audited

    registry = registry_found()
    with opened_ledger(ledger, read_only=True) as opened, _workers(workers) as executor:
        found = _audit.audit(opened, registry, executor=executor)
    return answer(found.as_data(), audited.audit(found, registry), as_json=as_json, code=ANSWERED[found.answer])


@contextmanager
def _workers(number: int) -> Iterator[Executor | None]:
    """So many processes; none for one, which is this one."""
    if number == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as executor:
        yield executor
