"""Signing a checkpoint of a ledger: verified, signed and kept, from one pass over its rows."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from candidacy._verify import Verification, verify
from candidacy.checkpoint import Checkpoint, read_checkpoint
from candidacy.errors import InconsistentLedgerError, InputError, LedgerError, Problem
from candidacy.ledger import Ledger
from candidacy.merkle import roots
from candidacy.record import leaf_hash
from candidacy.signer import MEMORY, NEEDED, FileSigner, Signer


def sign_checkpoint(ledger: Ledger, signer: Signer) -> str:
    """The signed checkpoint over all records that *ledger* has now: a text, which is kept in the ledger, too.

    Everything is verified first. Where the ledger has kept one of another key for as many records, that one stays.

    Raises:
        InconsistentLedgerError: the ledger does not verify, or does not go on from a checkpoint that it has kept or that the
            signer has signed. Nothing was signed.
        InputError: *signer* signs for another ledger, or keeps its key beside this one.
        LedgerError: *ledger* is in the middle of a transaction, or cannot be written.
    """
    _refuse_what_may_be_rolled_back(ledger)
    folder, kept = getattr(signer, "folder", None), ledger.checkpoints()
    beside = beside_it(folder, ledger) if isinstance(folder, Path) else ()
    if problems := [*_of_another_ledger(ledger, signer), *beside, *_forgotten(kept, signer)]:
        raise InputError(problems)
    said, failures = read_kept(ledger, kept)
    found = verify(ledger, sizes={-1, *(one.size for one in said)})
    failures = [
        *_failures(found),
        *failures,
        *(wrong for one in said if (wrong := unlike(one, found.roots.get(one.size), found.records))),
    ]
    if failures:
        raise InconsistentLedgerError(f"ledger {ledger.id}", failures)
    size, root = found.records, found.roots[found.records]

    def root_at(many: int) -> bytes | None:
        if many in found.roots:
            return found.roots[many]
        again = roots((leaf_hash(row.raw) for row in ledger.rows()), {many, size})
        if again.get(size) != root:
            raise InconsistentLedgerError(f"ledger {ledger.id}", [f"found that its first {size} records changed while it was read"])
        return again.get(many)

    note = signer.sign(size, root, root_at)
    signed = read_checkpoint(note.encode())[1].size
    if signed not in {one.size for one in said}:
        ledger.keep_checkpoint(signed, note)
    return note


def read_kept(ledger: Ledger, kept: list[str]) -> tuple[list[Checkpoint], list[str]]:
    """What the checkpoints say that a ledger has kept, and what is wrong with those that are none of it."""
    said, failures = list[Checkpoint](), list[str]()
    for note in kept:
        try:
            one = read_checkpoint(note.encode())[1]
        except InputError:
            failures.append("found among its kept checkpoints what is no checkpoint")
            continue
        if one.ledger == ledger.id:
            said.append(one)
        else:
            failures.append("found among its kept checkpoints one of another ledger")
    return said, failures


def unlike(said: Checkpoint, root: bytes | None, records: int) -> str:
    """What is wrong with a ledger of so many *records* and that *root* over as many as a checkpoint says; "" where nothing is."""
    if root is None:
        return f"found {records} records; needed the {said.size} of a checkpoint"
    return "" if root == said.root else f"found other records among the first {said.size} than a checkpoint over them says"


def _failures(found: Verification) -> Iterator[str]:
    yield from found.ledger_failures
    yield from map(str, found.failures)
    if found.in_ledger is not None:
        yield f"found {found.records} of its {found.in_ledger} records here; needed all"


def _refuse_what_may_be_rolled_back(ledger: Ledger) -> None:
    if not getattr(ledger, "writes", True):
        raise LedgerError(f"ledger {ledger.id}: found it opened to be read only; needed it where its checkpoint can be kept")
    if ledger.joins or getattr(ledger, "in_transaction", False):
        needed = "a ledger of its own, such as SqliteLedger: what is signed can never be rolled back"
        raise LedgerError(f"ledger {ledger.id}: found it inside a transaction; needed {needed}")


def _of_another_ledger(ledger: Ledger, signer: Signer) -> Iterator[Problem]:
    if signer.name.rpartition("/")[2] != ledger.id:
        yield Problem("key", f"one of {signer.name}", f"one whose name ends with a slash and this ledger's id, {ledger.id}")


def _forgotten(kept: list[str], signer: Signer) -> Iterator[Problem]:
    """What is wrong with a signer whose memory lacks what the ledger keeps under its own signature: what else is lost is not known.

    What was kept here was remembered before, so that another process that signs meanwhile is no such case.
    """
    if not isinstance(signer, FileSigner):
        return
    newest = next((one.size for note in reversed(kept) if (one := _signed_by(note, signer))), 0)
    if signer.newest < newest:
        found = f"no memory of the checkpoint over {newest} records that the ledger keeps and this key has signed"
        yield Problem(str(signer.folder / MEMORY), found, NEEDED)


def _signed_by(note: str, signer: FileSigner) -> Checkpoint | None:
    """What a kept note says, where it is a checkpoint that the signer has signed."""
    with suppress(InputError):
        signed, said = read_checkpoint(note.encode())
        return said if signed.signed_by(signer.verifier) is True else None
    return None


def beside_it(folder: Path, ledger: Ledger) -> Iterator[Problem]:
    """What is wrong with a key in *folder* that whoever copies, backs up or reads the ledger's own folder has, too."""
    file = getattr(ledger, "file", None)
    if isinstance(file, Path) and (file.resolve().is_relative_to(folder.resolve()) or folder.resolve() == file.resolve().parent):
        yield Problem(str(folder), "the folder of the ledger", "another one for the key, which is backed up apart from it")
