"""`verify` and `audit`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, document, ledger_argument, opened_ledger, registry_found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

ANSWERED = {"identical": YES, "divergent": NO, "cannot be told": CANNOT_BE_TOLD}


@click.command()
@ledger_argument
@click.option(
    "--anchor", "anchors", multiple=True, metavar="FILE", help="A checkpoint that was kept elsewhere; may be given again."
)
@click.option("--key", "lines", multiple=True, metavar="FILE", help="Lines by which signatures are checked; may be given again.")
@click.option("--judge", is_flag=True, help="Judge every record again by the installed programs, too, as `candidacy audit` does.")
@click.option("--no-replay", is_flag=True, help="Do not replay the states of the cases.")
@click.option("--unanchored-ok", is_flag=True, help="Exit with 0 where nothing failed, although no checkpoint was given.")
@as_json
def verify(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    anchors: tuple[str, ...],
    lines: tuple[str, ...],
    judge: bool,  # noqa: FBT001
    no_replay: bool,  # noqa: FBT001
    unanchored_ok: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """How far LEDGER can be trusted, level by level: PASS, FAIL or NOT CHECKED. Needs no plugin, but for --judge.

    LEDGER may be a ledger others are writing to, a copy, an export or a packet. It is only read. Without --anchor it is NOT
    ANCHORED, whatever else passes: whoever can write all of it can make all of it agree.
    """
    from datetime import UTC, datetime

    from candidacy import _anchoring, _levels
    from candidacy.cli import show
    from candidacy.errors import DamagedRecordError

    given = [_anchoring.read_anchor(file, document(file)) for file in anchors]
    keys = [key for file in lines for key in _anchoring.read_keys(file, document(file))]
    registry = registry_found() if judge else None
    try:
        with opened_ledger(ledger, read_only=True) as opened:
            found = _levels.levels(opened, anchors=given, keys=keys, now=datetime.now(UTC), states=not no_replay, registry=registry)
    except DamagedRecordError as damaged:  # not even the first record can be read
        found = _levels.unreadable(damaged)
    code = NO if found.failed else YES if found.anchored or unanchored_ok else CANNOT_BE_TOLD
    code = CANNOT_BE_TOLD if code == YES and found.untold else code
    return answer(found.as_data(), show.trust(found), as_json=as_json, code=code)


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
