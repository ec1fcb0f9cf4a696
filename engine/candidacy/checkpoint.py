"""Checkpoints and proofs of them, in the text forms of C2SP: tlog-checkpoint, tlog-proof, and what a witness is asked with.

A checkpoint says how many records a ledger had and what the root of the tree over them was. Kept where nobody who can write the
ledger can write, it shows later whether these records are still the same ones.
"""

import re
from typing import Self

import attrs

from candidacy.errors import InputError, Problem
from candidacy.merkle import is_consistent, root_by_inclusion
from candidacy.note import LARGEST_NOTE, Note, packed, unpacked

HASH = 32
NUMBER = r"0|[1-9][0-9]{0,15}"
HASHES = r"(?P<hashes>(\n[A-Za-z0-9+/]{43}=)*)"
PROOF = "c2sp.org/tlog-proof@v1"
INCLUSION = re.compile(rf"{re.escape(PROOF)}(\nextra [A-Za-z0-9+/]+=*)?\nindex (?P<number>{NUMBER}){HASHES}")
CONSISTENCY = re.compile(rf"old (?P<number>{NUMBER}){HASHES}")
MOST_HASHES = 63
BOM = b"\xef\xbb\xbf"
NEEDED = "a checkpoint: a signed note of the ledger's name, a number of records, and a root"


@attrs.frozen
class Checkpoint:
    """What a checkpoint says.

    Attributes:
        origin: the name of the ledger, which is its key's, too.
        size: how many records there were, record 0 included.
        root: over their leaves.
    """

    origin: str
    size: int
    root: bytes

    @property
    def ledger(self) -> str:
        """The id of the ledger it says it is of: what stands behind the last slash of the origin."""
        return self.origin.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{packed(self.root)}\n"

    @classmethod
    def of(cls, note: Note) -> Self:
        """What *note* says, whoever signed it.

        Raises:
            InputError: it is no checkpoint.
        """
        lines = note.text.removesuffix("\n").split("\n")
        origin, size, root = (*lines, "", "", "")[:3]
        hashed = unpacked(root) or b""
        if not (all(lines) and re.fullmatch(NUMBER, size) and len(hashed) == HASH):
            raise InputError([Problem("checkpoint", "a note that is no checkpoint", NEEDED)])
        return cls(origin, int(size), hashed)


def read_checkpoint(raw: bytes) -> tuple[Note, Checkpoint]:
    """The note that *raw* is, and what it says.

    Raises:
        InputError: it is no checkpoint.
    """
    try:
        note = Note.read(raw)
    except InputError:
        raise InputError([Problem("checkpoint", "what is no checkpoint", NEEDED)]) from None
    return note, Checkpoint.of(note)


def read_mailed(raw: bytes) -> tuple[Note, Checkpoint, bool]:
    """The note that *raw* is once line ends are as they were, what it says, and whether they were put right: mail changes them.

    Nothing else is changed, and a signature is looked for over the text as it is then: what could not be signed before cannot
    be now.

    Raises:
        InputError: it is no checkpoint.
    """
    plain = raw.removeprefix(BOM)
    try:
        return *read_checkpoint(plain), plain != raw
    except InputError:
        lines = [line.rstrip(b" \t\r") for line in plain[: 2 * LARGEST_NOTE].rstrip().split(b"\n")]
        return *read_checkpoint(b"\n".join(lines) + b"\n"), True


@attrs.frozen
class Inclusion:
    """The proof that a record stands at its index in the ledger of a checkpoint."""

    index: int
    hashes: tuple[bytes, ...] = attrs.field(repr=False)
    note: Note

    def __str__(self) -> str:
        return f"{PROOF}\nindex {self.index}\n{_lines(self.hashes)}\n{self.note}"

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The proof that *raw* is.

        Raises:
            InputError: it is none.
        """
        return cls(*_read(raw, INCLUSION, f"a proof that begins with {PROOF}"))

    def shows(self, leaf: bytes) -> bool:
        """Whether the record with that leaf hash stands at the index in the ledger that the checkpoint tells of."""
        said = Checkpoint.of(self.note)
        return root_by_inclusion(leaf, self.index, said.size, self.hashes) == said.root


@attrs.frozen
class Consistency:
    """The proof that the ledger of a checkpoint goes on from the one of an older checkpoint: what a witness is given."""

    old: int
    hashes: tuple[bytes, ...] = attrs.field(repr=False)
    note: Note

    def __str__(self) -> str:
        return f"old {self.old}\n{_lines(self.hashes)}\n{self.note}"

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The proof that *raw* is.

        Raises:
            InputError: it is none.
        """
        return cls(*_read(raw, CONSISTENCY, "a proof that begins with `old` and a number"))

    def shows(self, older: Checkpoint) -> bool:
        """Whether the ledger of the checkpoint goes on from *older*."""
        said = Checkpoint.of(self.note)
        same = (older.origin, older.size) == (said.origin, self.old)
        return same and is_consistent(self.old, older.root, said.size, said.root, self.hashes)


def _lines(hashes: tuple[bytes, ...]) -> str:
    return "".join(f"{packed(node)}\n" for node in hashes)


def _read(raw: bytes, form: re.Pattern[str], needed: str) -> tuple[int, tuple[bytes, ...], Note]:
    """The number, the hashes and the checkpoint of a proof."""
    head, _, note = raw.partition(b"\n\n")
    found = form.fullmatch(head.decode("utf-8", "replace"))
    hashes = [unpacked(line) for line in found["hashes"].split()] if found else []
    if found is None or None in hashes or len(hashes) > MOST_HASHES:
        raise InputError([Problem("proof", "what is no such proof", f"{needed}, with its hashes, an empty line and a checkpoint")])
    return int(found["number"]), tuple(node for node in hashes if node), read_checkpoint(note)[0]
