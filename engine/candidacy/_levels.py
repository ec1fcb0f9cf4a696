"""How far a ledger can be trusted, level by level: from the file it lies in to the rules that judged.

Each level has passed, has failed, or was not checked, and says what of. Without a checkpoint that was kept elsewhere a ledger is
NOT ANCHORED, whatever else passed: whoever can write all of it can make all of it agree.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from candidacy._anchoring import Anchoring, Seen, kept_with
from candidacy._audit import audit
from candidacy._replay import replay
from candidacy._trust import ANCHOR, BROKEN, RECORDS, RULES, SETTINGS, SIGNED, STATES, UNASKED, Level, Trust, Word
from candidacy._verify import Failure, Verification, verify
from candidacy.errors import DamagedRecordError, LedgerBusyError, LedgerError, NewerFormatError
from candidacy.ledger import Ledger
from candidacy.note import VerifierKey
from candidacy.registry import Registry


def levels(  # noqa: PLR0913 (each level has what it is checked with)
    ledger: Ledger,
    *,
    anchors: Sequence[Seen] = (),
    keys: Sequence[VerifierKey] = (),
    now: datetime | None = None,
    states: bool = True,
    registry: Registry | None = None,
) -> Trust:
    """Every level of trust in *ledger*; read once for the records, once more for the states, and once for the rules.

    Args:
        anchors: checkpoints that were kept where nobody who can write the ledger can write.
        keys: one of which must have signed each of *anchors*, and the newest checkpoint that the ledger keeps; without one,
            signatures are not checked.
        now: for the age of the anchors; none is told without it.
        states: whether to replay the states of the cases.
        registry: the programs to judge every record again by; not judged without.

    Raises:
        NewerFormatError: a record is in a format this version does not know.
    """
    kept, unread = kept_with(ledger)
    try:
        found = verify(ledger, sizes={seen.said.size for seen in (*kept, *anchors)})
    except (DamagedRecordError, LedgerBusyError, NewerFormatError):
        raise
    except LedgerError as wrong:  # a file that cannot be read to its end
        return _unread(Verification(0, 0, (), (str(wrong),)))
    looked = Anchoring(ledger, found, keys, kept)
    outside = looked.outside(anchors, now)
    return Trust(
        found,
        (
            _settings(ledger, found),
            _records(found),
            looked.signed(unread),
            outside,
            _again(STATES, found, lambda: _states(ledger, found)) if states else Level(STATES, Word.NOT_CHECKED, (UNASKED,)),
            _again(RULES, found, lambda: _rules(ledger, registry)) if registry else Level(RULES, Word.NOT_CHECKED, (UNASKED,)),
        ),
        max((seen.said.size for seen in anchors), default=0) if outside.word is Word.PASS else 0,
    )


def _settings(ledger: Ledger, found: Verification) -> Level:
    if not hasattr(ledger, "complaints"):
        return Level(SETTINGS, Word.NOT_CHECKED, ("records that are read from no file of a ledger's own",))
    if found.ledger_failures:
        return Level(SETTINGS, Word.FAIL, tuple(f"file: {failure}" for failure in found.ledger_failures))
    if unsure := getattr(ledger, "unsure", ""):
        return Level(SETTINGS, Word.NOT_CHECKED, (unsure,))
    return Level(SETTINGS, Word.PASS, ("the place is sound, and what is committed to it is not lost",))


def _records(found: Verification) -> Level:
    part = f"PART of a ledger of {found.in_ledger} records: whether the others are as they were cannot be told"
    told = [f"{found.records} records, {found.cases} cases: bytes, leaf hashes, order, versions, links, columns"]
    told += [part] if found.in_ledger is not None else []
    told += [f"ledger {found.ledger}, newest record {found.end - 1}, leaf hash {found.head}"] if found.ledger else []
    if found.failures:
        return Level(RECORDS, Word.FAIL, tuple(map(str, found.failures)))
    return Level(RECORDS, Word.PASS, tuple(told))


def _again(name: str, found: Verification, look: Callable[[], Level]) -> Level:
    """A level that only sound records can have."""
    return Level(name, Word.NOT_CHECKED, (BROKEN,)) if found.failures else look()


def _states(ledger: Ledger, found: Verification) -> Level:
    """Whether the acts that stand put each case where its newest record leaves it."""
    cases, wrong = 0, list[str]()
    for status in replay(ledger):
        cases += 1
        version, _, state = found.heads.get(status.case, (0, b"", ""))
        later = status.records > version and status.last.index >= found.end  # others have been writing meanwhile
        if (status.records, status.state) != (version, state) and not later:
            wrong.append(
                f"case {status.case}: its acts put it in {status.state!r}, record {status.last.index} leaves it in {state!r}"
            )
    return Level(STATES, Word.FAIL if wrong else Word.PASS, tuple(wrong) or (f"{cases} cases",))


def _rules(ledger: Ledger, registry: Registry | None) -> Level:
    """Whether the rules of today's programs give every answer again."""
    judged = audit(ledger, registry)
    told = f"{judged.identical} identical, {len(judged.divergent)} divergent, {len(judged.untold)} cannot be told"
    which = [f"record {found.index}: it is answered otherwise now" for found in judged.divergent]
    word = Word.FAIL if judged.divergent else Word.NOT_CHECKED if judged.untold else Word.PASS
    return Level(RULES, word, (told, *which))


def unreadable(damaged: DamagedRecordError) -> Trust:
    """What is to be said of a ledger of which a record cannot even be read."""
    return _unread(Verification(1, 0, (Failure(damaged.index, damaged.what),)))


def _unread(found: Verification) -> Trust:
    others = (Level(name, Word.NOT_CHECKED, (BROKEN,)) for name in (SIGNED, ANCHOR, STATES, RULES))
    files = tuple(f"file: {failure}" for failure in found.ledger_failures)
    settings = Level(SETTINGS, Word.FAIL, files) if files else Level(SETTINGS, Word.NOT_CHECKED, (BROKEN,))
    return Trust(found, (settings, _records(found) if found.failures else Level(RECORDS, Word.NOT_CHECKED, (BROKEN,)), *others))
