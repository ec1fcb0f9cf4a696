"""Replaying a ledger to the states of its cases, fast. Needs no plugin.

Most cases are plain: nothing in them corrects anything, and what a record moved tells where the case stands. Of such a
record little more is read than what it moved. A case with anything else in it goes the long way, which is `candidacy.statuses`, and
is the measure: a test holds the two together.
"""

from collections.abc import Iterator, Sequence

from candidacy._interventions import interventions
from candidacy._status import Status, referred, statuses
from candidacy.events import CaseTakenOver, ReferenceRecorded
from candidacy.form import Glance, glance
from candidacy.interventions import CORRECTIONS, INTERVENTIONS, EditionMoved
from candidacy.ledger import Ledger, Row, checked, holds_bytes
from candidacy.record import Record, leaf_hash

THE_LONG_WAY = frozenset({*(kind.type_name for kind in CORRECTIONS), EditionMoved.type_name})
READ_WHOLE = frozenset({*INTERVENTIONS, ReferenceRecorded.type_name})


def replay(ledger: Ledger) -> Iterator[Status]:
    """Where every case of *ledger* stands, in order of their ids, one after the other: memory does not grow with the ledger.

    The same as `candidacy.statuses` gives of all its records. Each record is checked against its leaf hash.

    Raises:
        DamagedRecordError: a record is not what was hashed, or its columns do not say what its bytes say.
        NewerFormatError: a record is in a format this version does not know.
    """
    for rows in ledger.rows_by_case():
        yield _plainly(rows) or next(statuses(map(checked, rows)))


def _plainly(rows: Sequence[Row]) -> Status | None:
    """Where a plain case stands; None where it is none, or anything is wrong with it."""
    strands: dict[tuple[str, str], bool] = {}
    put_here: Glance | None = None
    refused, whole = 0, list[Record]()
    for row in rows:
        found = _plain(row)
        if found is None:
            return None
        if found.type in READ_WHOLE:
            whole.append(Record.read(row.index, row.raw))
        if found.decision == "refused":
            refused += 1
            continue
        moved = found.moved
        if moved.from_ != moved.to:
            put_here = found
        for strand in moved.strands:
            strands[strand.strand, strand.id] = strand.is_ == "open"
    first, last = (Record.read(row.index, row.raw) for row in (rows[0], rows[-1]))
    if not (first.accepted and first.is_act and put_here):
        return None
    return Status(
        case=first.case,
        program=first.data["edition"]["program"],
        edition=first.data["edition"]["name"],
        state=put_here.moved.to,
        since=put_here.day,
        records=len(rows),
        refused=refused,
        open_strands=tuple(sorted(strand for strand, is_open in strands.items() if is_open)),
        last=last,
        taken_over=first.day if first.type_name == CaseTakenOver.type_name else None,
        references=referred(whole),
        interventions=interventions(whole) if whole else (),
    )


def _plain(row: Row) -> Glance | None:
    """What a record moved; None where it is no plain one, or not what was hashed, or its columns say something else."""
    found = glance(row.raw) if holds_bytes(row) else None
    if found is None or found.format != 1 or found.type in THE_LONG_WAY or leaf_hash(row.raw) != row.leaf:
        return None
    same = found.index == row.index and found.case == row.case and found.version == row.version and found.command == row.command
    return found if same and not found.takes_out else None
