"""What checkpoints of a ledger go into a packet, and the proofs that the records in it stand in that ledger."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from candidacy._signing import read_kept, unlike
from candidacy.checkpoint import Inclusion, read_checkpoint
from candidacy.errors import InconsistentLedgerError, InputError, Problem
from candidacy.ledger import Ledger
from candidacy.merkle import Tree, inclusion_proofs
from candidacy.note import Note
from candidacy.record import leaf_hash
from candidacy.strict import shown


class Checkpoints:
    """Those that a ledger keeps, and those that were given beside them; all of the origin that the newest has.

    Attributes:
        left_out: how many that the ledger keeps are of another origin.
    """

    def __init__(self, ledger: Ledger, given: Iterable[bytes] = ()) -> None:
        """Read them: before it is asked how many records the ledger has, so that none can rightly be of more.

        Raises:
            InputError: with everything that is wrong with those that were given.
            InconsistentLedgerError: what the ledger keeps is no checkpoint of it.
        """
        self._ledger, self._partial, texts = ledger, bool(getattr(ledger, "partial", False)), ledger.checkpoints()
        if failures := read_kept(ledger, texts)[1]:
            raise InconsistentLedgerError(f"ledger {ledger.id}", failures)
        kept = [read_checkpoint(text.encode()) for text in texts]
        self._origin = max(kept, key=lambda k: k[1].size)[1].origin if kept else ""
        self._kept = {said.size: (note, said) for note, said in kept if said.origin == self._origin}
        self.left_out = len(kept) - len(self._kept)
        if problems := [problem for raw in given for problem in self._take(raw)]:
            raise InputError(problems)
        self._tree, self._roots = Tree(), dict[int, bytes]()

    def _take(self, raw: bytes) -> Iterator[Problem]:
        """One that was given; what is wrong with it."""
        try:
            note, said = read_checkpoint(raw)
        except InputError as wrong:
            yield from (Problem("--checkpoint", p.found, p.needed) for p in wrong.problems)
            return
        if not self._kept and said.ledger == self._ledger.id:
            self._origin = said.origin
        before, known = self._kept.get(said.size, (note, said))
        if said.size == 0:
            yield Problem("--checkpoint", "a checkpoint of no records", "one of some")
        elif said.ledger != self._ledger.id:
            yield Problem("--checkpoint", f"a checkpoint of {shown(said.origin)}", f"one whose name ends with /{self._ledger.id}")
        elif said.origin != self._origin:
            yield Problem(
                "--checkpoint", f"a checkpoint of {shown(said.origin)}", f"one of {shown(self._origin)}, as the others are"
            )
        elif self._partial and (said.size not in self._kept or known != said):
            yield Problem(
                "--checkpoint", "a part of a ledger, which has no roots to compare", "the whole ledger, or a checkpoint in it"
            )
        elif known != said:
            yield Problem(
                "--checkpoint", f"two checkpoints of {said.size} records with different roots", "checkpoints of one ledger"
            )
        else:
            self._kept[said.size] = (_both(before, note), said)

    @property
    def newest(self) -> int:
        """Of how many records the newest is; 0 where there is none."""
        return max(self._kept, default=0)

    def record(self, leaf: bytes) -> None:
        """One more record of the ledger, whether it is taken or not."""
        if not self._partial and self._tree.size < self.newest:
            self._tree.add(leaf)
            if self._tree.size in self._kept:
                self._roots[self._tree.size] = self._tree.root

    def compare(self) -> None:
        """Compare their roots with those of the ledger, once all its records were told; a part of one was compared when opened.

        Raises:
            InconsistentLedgerError: the ledger is not the one that was signed.
        """
        said = [] if self._partial else [said for _, (_, said) in sorted(self._kept.items())]
        if failures := [wrong for one in said if (wrong := unlike(one, self._roots.get(one.size), self._tree.size))]:
            raise InconsistentLedgerError(f"ledger {self._ledger.id}", failures)

    def listed(self) -> list[dict[str, Any]]:
        """What packet.json says of them."""
        return [{"size": size, "root": said.root.hex()} for size, (_, said) in sorted(self._kept.items())]

    def files(self, leaves: Mapping[int, bytes] | None) -> Iterator[tuple[str, bytes]]:
        """Their files, and those of the proofs: for a part, of whose records *leaves* are, by index."""
        for size, (note, _) in self._kept.items():
            yield f"checkpoints/{size}", str(note).encode()
        covered = {index: leaf for index, leaf in (leaves or {}).items() if index < self.newest}
        if not covered:
            return
        for index, proof in self._proofs(covered):
            if not Inclusion.read(proof.encode()).shows(covered[index]):
                failures = [f"record {index}: found that it changed while it was read"]
                raise InconsistentLedgerError(f"ledger {self._ledger.id}", failures)
            yield f"proofs/{index}.tlog-proof", proof.encode()

    def _proofs(self, covered: Mapping[int, bytes]) -> Iterator[tuple[int, str]]:
        note = self._kept[self.newest][0]
        if self._partial:  # its other records are not here: what it has brought along is all there is
            brought: Mapping[int, str] = getattr(self._ledger, "proofs", {})
            yield from ((index, str(Inclusion(index, Inclusion.read(brought[index].encode()).hashes, note))) for index in covered)
            return
        leaves = (leaf_hash(row.raw) for row in self._ledger.rows())
        found = inclusion_proofs(leaves, self.newest, covered)
        yield from ((index, str(Inclusion(index, hashes, note))) for index, hashes in found.items())


def _both(before: Note, note: Note) -> Note:
    """The note with the signatures of both. What lines it may have beside what a checkpoint says are those of the one given."""
    earlier = before.signatures if before.text == note.text else ()
    return Note(note.text, tuple(dict.fromkeys([*earlier, *note.signatures])))
