"""Proofs of records, made from one pass over a ledger's rows: their bytes are hashed again, and lead to a checkpoint or nowhere."""

from collections.abc import Collection, Iterator

import attrs

from candidacy._signing import unlike
from candidacy.checkpoint import Checkpoint, Consistency, Inclusion, read_checkpoint
from candidacy.errors import DamagedRecordError, InconsistentLedgerError, InputError, LedgerError, Problem
from candidacy.ledger import NO_BYTES, Ledger, holds_bytes
from candidacy.merkle import EMPTY, Tree, consistency_proof, inclusion_proofs, root_by_inclusion
from candidacy.note import Note
from candidacy.record import leaf_hash

MAKE_ONE = "a checkpoint that covers it: `candidacy checkpoint LEDGER` makes one"
HOW_TO_CHECK = """\
What is here shows that certain records stand in a ledger of which somebody has signed a checkpoint.

N.json         the record with index N, byte for byte as it was hashed (there is no line end behind it)
N.tlog-proof   the proof of it: c2sp.org/tlog-proof@v1, with the checkpoint at its end

To check it, without the program that made it:

1. The checkpoint is what follows the first empty line of a proof: a signed note (c2sp.org/signed-note) whose text
   (c2sp.org/tlog-checkpoint) has three lines: the ledger's name, how many records it had, and their root, in base 64. Its
   last line is a signature, by Ed25519, of that text with its last line end. Check it with the line NAME+ID+KEY that you
   were given BY ANOTHER WAY than these files: in base 64, KEY is a byte 1 and the public key; the signature is four bytes ID
   and 64 of Ed25519. If you have kept a checkpoint over as many records before, it must have the same root.
2. The leaf hash of a record is SHA-256 over a byte 0 and the bytes of N.json:
      (printf '\\000'; cat N.json) | sha256sum
3. The lines of the proof between "index N" and the empty line are hashes in base 64, from the leaf's sibling upwards. With
   them, the leaf hash leads to the root in the checkpoint, as RFC 6962, section 2.1.1, and RFC 9162, section 2.1.3.2,
   have it; a node's hash is SHA-256 over a byte 1 and the hashes of its two subtrees.
4. The record itself says its index, its ledger, its case and which record of the case it is ("version"), and names the
   leaf hash of the case's previous record ("previous"). Versions 1, 2, 3 and so on, each naming the one before, are all
   records of the case up to the last one here.

What this does not show: that the case has no later record. A proof says that a record is there, never that another is not.
"""


@attrs.frozen
class Proven:
    """A record's bytes, and the proof that it stands at its index in the ledger of a checkpoint."""

    raw: bytes = attrs.field(repr=False)
    proof: Inclusion


def newest_checkpoint(ledger: Ledger, indexes: Collection[int] = ()) -> Note:
    """The newest checkpoint that *ledger* has kept, if it covers the records at *indexes*.

    Raises:
        InputError: there is none, or it does not cover them.
        InconsistentLedgerError: what is kept is no checkpoint of the ledger.
    """
    kept = ledger.checkpoints()
    if not kept:
        raise InputError([Problem("checkpoint", "none kept with the ledger", MAKE_ONE)])
    try:
        note, said = read_checkpoint(kept[-1].encode())
    except InputError:
        note, said = None, None
    if note is None or said is None or said.ledger != ledger.id:
        raise _wrong(ledger, "found its newest kept checkpoint to be none of it")
    return covering(note, ledger, indexes)


def covering(note: Note, ledger: Ledger, indexes: Collection[int] = ()) -> Note:
    """The checkpoint, if it is one of *ledger* that covers the records at *indexes*.

    Raises:
        InputError: it is not.
    """
    said = Checkpoint.of(note)
    if said.ledger != ledger.id:
        raise InputError([Problem("checkpoint", f"one of {said.origin}", f"one of this ledger, {ledger.id}")])
    if any(index >= said.size for index in indexes):
        raise InputError([Problem("checkpoint", f"one over {said.size} records, before record {max(indexes)}", MAKE_ONE)])
    return note


def inclusions(ledger: Ledger, note: Note, indexes: Collection[int]) -> list[Proven]:
    """The records at *indexes*, each with its proof, in order.

    Args:
        note: a checkpoint that covers them.

    Raises:
        InconsistentLedgerError: the ledger no longer has the records of which the checkpoint tells.
        LedgerError: it is a part of a ledger.
    """
    said, taken, counted = Checkpoint.of(note), dict[int, bytes](), _Leaves(ledger)
    try:
        proofs = inclusion_proofs(counted.leaves(taken, frozenset(indexes)), said.size, indexes)
    except ValueError:
        raise _wrong(ledger, unlike(said, None, counted.read)) from None
    for index, hashes in proofs.items():
        if root_by_inclusion(leaf_hash(taken[index]), index, said.size, hashes) != said.root:
            raise _wrong(ledger, unlike(said, b"", counted.read))
    return [Proven(taken[index], Inclusion(index, proofs[index], note)) for index in sorted(proofs)]


def consistency(ledger: Ledger, older: Checkpoint, note: Note) -> Consistency:
    """The proof that the checkpoint in *note* goes on from *older*, in the form that a witness is given.

    Raises:
        InconsistentLedgerError: the ledger no longer has the records of which the one or the other tells.
        InputError: *older* is of another ledger, or has more records.
        LedgerError: it is a part of a ledger.
    """
    said, counted = Checkpoint.of(note), _Leaves(ledger)
    if (older.origin, older.size) != (said.origin, min(older.size, said.size)):
        needed = f"one of {said.origin} over at most {said.size} records, which the newest kept one covers"
        raise InputError([Problem("checkpoint", f"one of {older.origin} over {older.size} records", needed)])
    tree, found = Tree(), {0: EMPTY}

    def leaves() -> Iterator[bytes]:
        for leaf in counted.leaves({}, frozenset()):
            tree.add(leaf)
            if tree.size in {older.size, said.size}:
                found[tree.size] = tree.root
            yield leaf

    try:
        hashes = consistency_proof(leaves(), said.size, older.size)
    except ValueError:
        raise _wrong(ledger, unlike(said, None, counted.read)) from None
    for one in (older, said):
        if wrong := unlike(one, found[one.size], counted.read):
            raise _wrong(ledger, wrong)
    return Consistency(older.size, hashes, note)


class _Leaves:
    """The leaves of a ledger, hashed anew and counted as they are read."""

    def __init__(self, ledger: Ledger) -> None:
        if getattr(ledger, "partial", False):
            raise LedgerError(f"ledger {ledger.id}: found a part of it; needed all its records to prove one")
        self._ledger, self.read = ledger, 0

    def leaves(self, taken: dict[int, bytes], wanted: frozenset[int]) -> Iterator[bytes]:
        """Each leaf in turn; the bytes of the records *wanted* are put into *taken*."""
        for index, row in enumerate(self._ledger.rows()):
            self.read += 1
            if not holds_bytes(row):
                raise DamagedRecordError(row.index, NO_BYTES)
            if index in wanted:
                taken[index] = row.raw
            yield leaf_hash(row.raw)


def _wrong(ledger: Ledger, what: str) -> InconsistentLedgerError:
    return InconsistentLedgerError(f"ledger {ledger.id}", [what])
