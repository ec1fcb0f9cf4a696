"""How far a ledger can be trusted, level by level: from the file it lies in to the rules that judged.

Each level has passed, has failed, or was not checked, and says what of. Without a checkpoint that was kept elsewhere a ledger is
NOT ANCHORED, whatever else passed: whoever can write all of it can make all of it agree.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from candidacy._audit import audit
from candidacy._replay import replay
from candidacy._verify import Failure, Verification, verify
from candidacy.checkpoint import Checkpoint, read_checkpoint
from candidacy.decision import Json
from candidacy.errors import DamagedRecordError, InputError
from candidacy.ledger import Ledger, instant
from candidacy.note import Note, VerifierKey
from candidacy.registry import Registry

SETTINGS, RECORDS, SIGNED, ANCHOR = "file and settings", "records", "signed checkpoints", "outside anchor"
STATES, RULES = "states replayed", "rules judged again"
BROKEN, UNASKED = "the records are not as they were", "not asked for"


class Word(StrEnum):
    """What is said of a level."""

    PASS = "PASS"  # noqa: S105 (no password)
    FAIL = "FAIL"
    NOT_CHECKED = "NOT CHECKED"
    NOT_ANCHORED = "NOT ANCHORED"


@attrs.frozen
class Level:
    """One level: what it is called, what is said of it, and every reason."""

    name: str
    word: Word
    told: tuple[str, ...]

    def as_data(self) -> Json:
        """As plain values."""
        return {"level": self.name, "result": str(self.word), "told": list(self.told)}


@attrs.frozen
class Trust:
    """What `levels` found.

    Attributes:
        anchored: the number of first records that a checkpoint kept elsewhere shows to be the same ones; 0 without one.
    """

    verification: Verification
    levels: tuple[Level, ...]
    anchored: int = 0

    @property
    def failed(self) -> bool:
        """Whether any level failed."""
        return any(level.word is Word.FAIL for level in self.levels)

    @property
    def untold(self) -> bool:
        """Whether there are records of which the rules were asked and cannot tell."""
        rules = self.levels[-1]
        return rules.word is Word.NOT_CHECKED and rules.told not in {(UNASKED,), (BROKEN,)}

    @property
    def answer(self) -> str:
        """In a few words."""
        if self.failed:
            return "failed"
        told = ", not all could be judged again" * self.untold
        to = f"anchored to record {self.anchored - 1}" if self.anchored else "not anchored"
        return f"nothing failed, {to}{told}"

    def as_data(self) -> Json:
        """As plain values."""
        found = self.verification
        return {
            "records": found.records,
            "cases": found.cases,
            "ledger": found.ledger,
            "newest": found.end - 1,
            "head": found.head,
            "failures": [{"index": failure.index, "what": failure.what} for failure in found.failures],
            "ledger_failures": list(found.ledger_failures),
            "levels": [level.as_data() for level in self.levels],
            "anchored": bool(self.anchored),
            "anchored_records": self.anchored,
            "answer": self.answer,
        }


@attrs.frozen
class Seen:
    """A checkpoint, where it was found, and what it says."""

    where: str
    note: Note
    said: Checkpoint


def read_anchor(where: str, raw: bytes) -> Seen:
    """The checkpoint that somebody kept.

    Raises:
        InputError: it is none, naming where it was.
    """
    try:
        return Seen(where, *read_checkpoint(raw))
    except InputError as wrong:
        raise InputError([attrs.evolve(problem, path=where) for problem in wrong.problems]) from None


def read_keys(where: str, raw: bytes) -> list[VerifierKey]:
    """The keys that somebody was given, a line each.

    Raises:
        InputError: a line is none, or there is none, naming where.
    """
    try:
        lines = [line for line in raw.decode("utf-8", "replace").split("\n") if line.strip()]
        return [VerifierKey.read(line) for line in lines or [""]]
    except InputError as wrong:
        raise InputError([attrs.evolve(problem, path=where) for problem in wrong.problems]) from None


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
    kept, unread = _kept(ledger)
    found = verify(ledger, sizes={seen.said.size for seen in (*kept, *anchors)})
    looked = _Checkpoints(ledger, found, keys, kept)
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
    return Level(SETTINGS, Word.PASS, ("the file is sound, and what is committed to it is not lost",))


def _records(found: Verification) -> Level:
    part = f"PART of a ledger of {found.in_ledger} records: whether the others are as they were cannot be told"
    told = [f"{found.records} records, {found.cases} cases: bytes, leaf hashes, order, versions, links, columns"]
    told += [part] if found.in_ledger is not None else []
    told += [f"ledger {found.ledger}, newest record {found.end - 1}, leaf hash {found.head}"] if found.ledger else []
    if found.failures:
        return Level(RECORDS, Word.FAIL, tuple(map(str, found.failures)))
    return Level(RECORDS, Word.PASS, tuple(told))


def _kept(ledger: Ledger) -> tuple[list[Seen], list[str]]:
    """The checkpoints that the ledger itself keeps, and what is wrong with those that cannot be read."""
    read, unread = list[Seen](), list[str]()
    for n, note in enumerate(getattr(ledger, "checkpoints", list)(), 1):
        try:
            read.append(Seen("kept with it", *read_checkpoint(note.encode())))
        except InputError:
            unread.append(f"the checkpoint that is kept as number {n} cannot be read")
    return read, unread


class _Checkpoints:
    """Checkpoints compared with the records that were read."""

    def __init__(self, ledger: Ledger, found: Verification, keys: Sequence[VerifierKey], kept: Sequence[Seen]) -> None:
        self._ledger, self._found, self._keys, self._kept = ledger, found, keys, kept
        self._proven = str(kept[-1].said) if kept and found.in_ledger is not None else ""
        """Of a part of a ledger: the one that the proofs beside its records lead to, as was checked when it was opened."""

    def _is_met(self, said: Checkpoint) -> bool:
        return str(said) == self._proven if self._proven else self._found.roots.get(said.size) == said.root

    def wrong(self, seen: Seen, others: Sequence[Seen]) -> Iterator[str]:
        """What is wrong with the root that one names, or with whose it is; *others* say from where on."""
        said, found = seen.said, self._found
        which = f"{seen.where}: the checkpoint of {said.size} records"
        if said.origin.rpartition("/")[2] != found.ledger:
            yield f"{which} is of another ledger, {said.origin}"
        elif found.in_ledger is None and said.size > found.end:
            yield f"{which} covers {said.size - found.end} more than there are: found {found.end} records"
        elif found.in_ledger is None and not self._is_met(said):
            first = max((s.said.size for s in others if s.said.size < said.size and self._is_met(s.said)), default=0)
            among = f"among records {first} to {said.size - 1} are some that are not those it was made of"
            yield f"{which} has another root: {among}"

    def unsigned(self, seen: Seen) -> Iterator[str]:
        """What is wrong with its signature, where a key was given."""
        by = [seen.note.signed_by(key) for key in self._keys]
        if self._keys and (False in by or True not in by):
            what = "has a signature that is not right" if False in by else f"has no signature of {_names(self._keys)}"
            yield f"{seen.where}: the checkpoint of {seen.said.size} records {what}"

    def signed(self, unread: Sequence[str]) -> Level:
        """The level of the checkpoints that the ledger keeps."""
        kept = self._kept
        wrong = [*unread, *(what for seen in kept for what in self.wrong(seen, kept))]
        if wrong := [*wrong, *(what for seen in kept[-1:] for what in self.unsigned(seen))]:
            return Level(SIGNED, Word.FAIL, tuple(wrong))
        if not kept:
            return Level(SIGNED, Word.NOT_CHECKED, ("none is kept with it: `candidacy checkpoint` makes one",))
        told = f"{len(kept)}, the newest of {kept[-1].said.size} records, of {kept[-1].said.origin}"
        part = "the proofs beside the records here lead to the newest; older ones can only be compared with all records"
        return Level(SIGNED, Word.PASS, (told, *([part] if self._proven else []), self._by))

    def outside(self, anchors: Sequence[Seen], now: datetime | None) -> Level:
        """The level of the checkpoints that were kept elsewhere."""
        if not anchors:
            none = "no checkpoint kept elsewhere was given, so a rewritten or shortened ledger would not show"
            return Level(ANCHOR, Word.NOT_ANCHORED, (none,))
        wrong = [what for seen in anchors for what in (*self.wrong(seen, [*self._kept, *anchors]), *self.unsigned(seen))]
        if wrong:
            return Level(ANCHOR, Word.FAIL, tuple(wrong))
        newest = max(anchors, key=lambda seen: seen.said.size)
        if newest.said.size == 0:
            return Level(ANCHOR, Word.NOT_ANCHORED, (f"{newest.where}: it covers no record",))
        if self._found.in_ledger is not None and not all(self._is_met(seen.said) for seen in anchors):
            why = "a part of a ledger can only be compared with the checkpoint to which its proofs lead"
            return Level(ANCHOR, Word.NOT_ANCHORED, (why,))
        return Level(ANCHOR, Word.PASS, (*self._covered(newest, now), self._by))

    def _covered(self, newest: Seen, now: datetime | None) -> Iterator[str]:
        """Up to where, since when, and what has come since."""
        size, end = newest.said.size, self._found.end
        last = self._recorded(size - 1)
        age = f", {_days(now - last)} ago" if now and last else ""
        which = "the records here that it covers" if self._proven else f"records 0 to {size - 1}"
        yield f"{newest.where}: {which} are those it was made of; the newest was recorded at {_told(last)}{age}"
        if end > size:
            since = self._recorded(size)
            yield f"{end - size} newer records are NOT ANCHORED, the first of them recorded at {_told(since)}"

    def _recorded(self, index: int) -> datetime | None:
        try:
            record = self._ledger.record(index)
        except DamagedRecordError:
            return None
        return record.recorded_at if record else None

    @property
    def _by(self) -> str:
        return f"signed by {_names(self._keys)}" if self._keys else "signatures NOT CHECKED: no key was given"


def _names(keys: Sequence[VerifierKey]) -> str:
    return " or ".join(f"{key.name}+{key.id.hex()}" for key in keys)


def _told(at: datetime | None) -> str:
    return instant(at) if at else "an instant that cannot be read"


def _days(since: timedelta) -> str:
    return f"{since.days} day{'s' * (since.days != 1)}"


def _again(name: str, found: Verification, look: Callable[[], Level]) -> Level:
    """A level that only sound records can have."""
    return Level(name, Word.NOT_CHECKED, (BROKEN,)) if found.failures else look()


def _states(ledger: Ledger, found: Verification) -> Level:
    """Whether the acts that stand put each case where its newest record leaves it."""
    cases, wrong = 0, list[str]()
    for status in replay(ledger):
        cases += 1
        version, _, state = found.heads.get(status.case, (0, b"", ""))
        if (status.records, status.state) != (version, state) and status.records <= version:
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
    """What is to be said of a ledger whose first record cannot even be read."""
    found = Verification(1, 0, (Failure(damaged.index, damaged.what),))
    others = (Level(name, Word.NOT_CHECKED, (BROKEN,)) for name in (SIGNED, ANCHOR, STATES, RULES))
    return Trust(found, (Level(SETTINGS, Word.NOT_CHECKED, (BROKEN,)), _records(found), *others))
