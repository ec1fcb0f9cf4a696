"""Checkpoints compared with the records of a ledger: those it keeps itself, and those that were kept elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from candidacy._trust import ANCHOR, SIGNED, Level, Word
from candidacy._verify import Verification
from candidacy.checkpoint import Checkpoint, read_checkpoint, read_mailed
from candidacy.errors import DamagedRecordError, InputError
from candidacy.ledger import Ledger, instant
from candidacy.note import Note, VerifierKey


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
        note, said, mended = read_mailed(raw)
    except InputError as wrong:
        raise InputError([attrs.evolve(problem, path=where) for problem in wrong.problems]) from None
    return Seen(f"{where} (its line ends put right)" if mended else where, note, said)


def read_keys(where: str, raw: bytes) -> list[VerifierKey]:
    """The keys that somebody was given, a line each.

    Raises:
        InputError: a line is none, or there is none, naming where.
    """
    try:
        lines = [line for line in raw.decode("utf-8-sig", "replace").split("\n") if line.strip()]
        return [VerifierKey.read(line) for line in lines or [""]]
    except InputError as wrong:
        raise InputError([attrs.evolve(problem, path=where) for problem in wrong.problems]) from None


def kept_with(ledger: Ledger) -> tuple[list[Seen], list[str]]:
    """The checkpoints that the ledger itself keeps, and what is wrong with those that cannot be read."""
    read, unread = list[Seen](), list[str]()
    for n, note in enumerate(ledger.checkpoints(), 1):
        try:
            read.append(Seen("kept with it", *read_checkpoint(note.encode())))
        except InputError:
            unread.append(f"the checkpoint that is kept as number {n} cannot be read")
    return read, unread


class Anchoring:
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
        if said.ledger != found.ledger:
            yield f"{which} is of another ledger, {said.origin}"
        elif said.size > (there := found.end if found.in_ledger is None else found.in_ledger):
            yield f"{which} covers {said.size - there} more than there are: found {there} records"
        elif found.in_ledger is not None and any(s.said.root != said.root for s in others if s.said.size == said.size):
            yield f"{which} has another root than one over as many records, so that one of the two is not of this ledger"
        elif found.in_ledger is None and not self._is_met(said):
            first = max((s.said.size for s in others if s.said.size < said.size and self._is_met(s.said)), default=0)
            some = f"among records {first} to {said.size - 1} are some that are not those it was made of"
            among = some if said.size - 1 > first else f"record {first} is not the one it was made of"
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
        by = f"the newest {self._by(kept[-1])}" if self._keys else self._by(kept[-1])
        return Level(SIGNED, Word.PASS, (told, *([part] if self._proven else []), by))

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
        return Level(ANCHOR, Word.PASS, (*self._covered(newest, now), self._by(newest)))

    def _covered(self, newest: Seen, now: datetime | None) -> Iterator[str]:
        """Up to where, since when, and what has come since."""
        size, end = newest.said.size, self._found.end
        last = self._recorded(size - 1) if not self._proven else self._newest_here(size)
        age = f", {_days(now - last)} ago" if now and last else ""
        which = "the records here that it covers" if self._proven else f"records 0 to {size - 1}"
        yield f"{newest.where}: {which} are those it was made of; the newest was recorded at {_told(last)}{age}"
        later = [record.index for record in self._ledger.records() if record.index >= size] if self._proven else range(size, end)
        if later:
            newer = "newer record is" if len(later) == 1 else "newer records are"
            yield f"{len(later)} {newer} NOT ANCHORED, the first recorded at {_told(self._recorded(later[0]))}"

    def _newest_here(self, size: int) -> datetime | None:
        """When the newest was recorded of the records at hand among the first *size*."""
        covered = [record.recorded_at for record in self._ledger.records() if record.index < size]
        return covered[-1] if covered else None

    def _recorded(self, index: int) -> datetime | None:
        try:
            record = self._ledger.record(index)
        except DamagedRecordError:
            return None
        return record.recorded_at if record else None

    def _by(self, seen: Seen) -> str:
        """Whose signatures on it are right."""
        signed = [key for key in self._keys if seen.note.signed_by(key)]
        return f"signed by {_names(signed, 'and')}" if self._keys else "signatures NOT CHECKED: no key was given"


def _names(keys: Sequence[VerifierKey], joint: str = "or") -> str:
    return f" {joint} ".join(f"{key.name}+{key.id.hex()}" for key in keys)


def _told(at: datetime | None) -> str:
    return instant(at) if at else "an instant that cannot be read"


def _days(since: timedelta) -> str:
    return f"{since.days} day{'s' * (since.days != 1)}"
