"""The commands that sign a checkpoint of a ledger, and that prove its records."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from candidacy.cli import YES
from candidacy.cli.exchange import write
from candidacy.cli.shared import answer, as_json, ledger_argument, opened_ledger, say, stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from candidacy.checkpoint import Checkpoint
    from candidacy.ledger import Ledger
    from candidacy.note import Note
    from candidacy.signer import FileSigner

NAME = "candidacy"
"""What a ledger's name in its checkpoints begins with, where no other one is given."""


@click.command()
@ledger_argument
@click.option("--keys", metavar="FOLDER", help="Where the key and its memory are; ~/.candidacy/keys/LEDGERID by default.")
@click.option("--name", metavar="NAME", help="What the ledger's name in its checkpoints begins with, such as widgets.example.")
@click.option("--new-key", is_flag=True, help="Go on with a new key, although the ledger has checkpoints of another one.")
@click.option("-o", "--output", default="-", metavar="FILE", help="A new file; standard output by default.")
@as_json
def checkpoint(ledger: str, keys: str | None, name: str | None, new_key: bool, output: str, as_json: bool) -> int:  # noqa: FBT001, PLR0913, PLR0917 (click)
    """Verify LEDGER, sign how many records it has and their root, and print that: a checkpoint, to be kept elsewhere.

    Only a checkpoint that is kept where nobody who can write the ledger can write shows later that nothing was altered. The
    first time, a key is made, and the line that the auditor checks signatures with is said. Needs no plugin.
    """
    from candidacy import sign_checkpoint
    from candidacy.placing import in_place

    with damage_said(ledger), opened_ledger(ledger) as opened:
        signer = _signer(opened, Path(keys) if keys is not None else None, name, new_key=new_key)
        if output == "-":
            note = sign_checkpoint(opened, signer)
        else:
            with in_place(output) as making:  # refuses what is there before anything is signed
                note = sign_checkpoint(opened, signer)
                making.write_bytes(note.encode())
        _say_if_not_kept(opened, note)
    if as_json or output != "-":
        return answer(_data(note, signer), [f"{output}: {_in_a_line(note)}"], as_json=as_json)
    write("-", [note.encode()])
    return YES


@click.command()
@ledger_argument
@click.argument("what", metavar="CASE|INDEX", required=False)
@click.option("--checkpoint", "given", metavar="FILE", help="By this checkpoint; by the newest one kept with the ledger otherwise.")
@click.option("--since", metavar="FILE", help="Prove instead that the ledger goes on from this checkpoint.")
@click.option("-o", "--output", metavar="FOLDER", help="Put proofs and records into this new folder, with how to check them.")
def prove(ledger: str, what: str | None, given: str | None, since: str | None, output: str | None) -> int:
    """Prove that the records of a case, or the one with an index, stand in the ledger that a checkpoint tells of.

    Proofs are in the text forms of C2SP, over RFC 6962 trees: others check them without this program. They do not show that a
    case has no later record. Needs no plugin.
    """
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    wrong = []
    if (what is None) == (since is None):
        found = "neither" if what is None else "both"
        wrong.append(Problem("CASE|INDEX", f"{found} of a record to prove and --since", "one of the two"))
    if since is not None and output is not None:
        wrong.append(Problem("-o", shown(output), "no folder: the proof with --since is one text, on standard output"))
    if wrong:
        raise InputError(wrong)
    with damage_said(ledger), opened_ledger(ledger, read_only=True) as opened:
        if what is None:
            write("-", [_since(opened, str(since), given).encode()])
            return YES
        return _records(opened, what, given, output)


@contextmanager
def damage_said(ledger: str) -> Iterator[None]:
    """A record that is not what was hashed is an answer: the ledger is not what it was, and the exit code is 1."""
    from candidacy.errors import DamagedRecordError, InconsistentLedgerError

    try:
        yield
    except DamagedRecordError as damaged:
        raise InconsistentLedgerError(ledger, [f"record {damaged.index}: {damaged.what}"]) from None


# --- signing


def _signer(ledger: Ledger, folder: Path | None, name: str | None, *, new_key: bool) -> FileSigner:
    """The signer in the folder; one that is made there the first time, or on purpose."""
    from candidacy._signing import read_kept
    from candidacy.errors import InputError, Problem
    from candidacy.signer import KEY, FileSigner

    folder = folder if folder is not None else _at_home(ledger.id)
    kept = ledger.checkpoints()
    said, _ = read_kept(ledger, kept)
    before = said[-1].origin if said else None
    origin = f"{name}/{ledger.id}" if name is not None else before or f"{NAME}/{ledger.id}"
    there = (folder / KEY).exists()
    wrong = []
    if not (name is None or name):
        wrong.append(Problem("--name", "nothing", "a name such as widgets.example"))
    if there and new_key:
        wrong.append(Problem("--new-key", f"a key in {folder} already", "another folder, with --keys"))
    if kept and not there and not new_key:
        found = f"no key in {folder}, and checkpoints of another key in the ledger"
        needed = "the folder where that key is, or --new-key to go on with a new one on purpose"
        wrong.append(Problem("--keys", found, needed))
    if name is not None and before not in {None, origin}:
        wrong.append(Problem("--name", f"another one than in the ledger's checkpoints, {before}", "the same name"))
    if wrong:
        raise InputError(wrong)
    signer = FileSigner(folder) if there else _made(folder, origin, ledger)
    if name is not None and signer.name != origin:
        raise InputError([Problem("--name", f"another one than the key's, {signer.name}", "the same name, or another folder")])
    return signer


def _made(folder: Path, origin: str, ledger: Ledger) -> FileSigner:
    from candidacy._signing import beside_it
    from candidacy.errors import InputError
    from candidacy.signer import KEY, FileSigner

    if problems := list(beside_it(folder, ledger)):
        raise InputError(problems)
    signer = FileSigner.made(folder, origin)
    say(f"made a signing key: {folder / KEY}")
    say(f"back up {folder} with all that it will hold, apart from the ledger, and for nobody else to read")
    say("give the auditor this line, by another way than the ledger; signatures are checked with it:")
    click.echo(str(signer.verifier), err=True)
    return signer


def _at_home(ledger: str) -> Path:
    from candidacy.errors import InputError, Problem

    try:
        return Path.home() / ".candidacy" / "keys" / ledger
    except RuntimeError:
        raise InputError([Problem("--keys", "no home folder to keep a key in", "a folder for the key")]) from None


def _say_if_not_kept(ledger: Ledger, note: str) -> None:
    if note not in ledger.checkpoints():
        told = "the ledger keeps one of another key over as many records; this one is kept beside its key, and is printed"
        say(told)


def _data(note: str, signer: FileSigner) -> Mapping[str, object]:
    from candidacy.checkpoint import read_checkpoint

    said = read_checkpoint(note.encode())[1]
    return {
        "origin": said.origin,
        "size": said.size,
        "root": said.root.hex(),
        "checkpoint": note,
        "verifier": str(signer.verifier),
        "keys": str(signer.folder),
    }


def _in_a_line(note: str) -> str:
    from candidacy.checkpoint import read_checkpoint

    said = read_checkpoint(note.encode())[1]
    many = f"{said.size} record{'s' * (said.size != 1)}"
    return f"checkpoint over {many} of {said.origin}, root {said.root.hex()}"


# --- proving


def _records(ledger: Ledger, what: str, given: str | None, output: str | None) -> int:
    from candidacy import _proving
    from candidacy.errors import InputError, Problem
    from candidacy.placing import folder_in_place

    indexes, is_case = _asked(ledger, what)
    if is_case and output is None:
        raise InputError([Problem("-o", "no folder", "a new one: a case has several proofs")])
    note = _proving.covering(_read(given)[0], ledger, indexes) if given else _proving.newest_checkpoint(ledger, indexes)
    proven = _proving.inclusions(ledger, note, indexes)
    if output is None:
        write("-", [str(proven[0].proof).encode()])
        return YES
    with folder_in_place(output) as making:
        for one in proven:
            (making / f"{one.proof.index}.json").write_bytes(one.raw)
            (making / f"{one.proof.index}.tlog-proof").write_bytes(str(one.proof).encode())
        (making / "README.txt").write_text(_proving.HOW_TO_CHECK, encoding="utf-8")
    many = f"{len(proven)} record{'s' * (len(proven) != 1)}"
    return answer(None, [f"{output}: {many}, by the {_in_a_line(str(note))}"], as_json=False)


def _asked(ledger: Ledger, what: str) -> tuple[list[int], bool]:
    """The indexes of the records of a case, or the one that is an index; and whether it is a case."""
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    if records := ledger.of_case(what):
        return [record.index for record in records], True
    size = ledger.size()
    if what.isascii() and what.isdigit() and len(what) < len("9" * 17) and int(what) < size:
        return [int(what)], False
    raise InputError(
        [Problem("CASE|INDEX", what if what.isdigit() else shown(what), f"a case in this ledger, or an index from 0 to {size - 1}")]
    )


def _since(ledger: Ledger, since: str, given: str | None) -> str:
    from candidacy import _proving

    older = _read(since)
    _proving.covering(older[0], ledger)
    newer = _proving.covering(_read(given)[0], ledger) if given else _proving.newest_checkpoint(ledger)
    return str(_proving.consistency(ledger, older[1], newer))


def _read(file: str) -> tuple[Note, Checkpoint]:
    from candidacy.checkpoint import read_mailed
    from candidacy.errors import InputError, Problem
    from candidacy.note import LARGEST_NOTE

    with stream(file) as opened:
        try:
            note, said, mended = read_mailed(opened.read(LARGEST_NOTE + 1))
        except InputError as wrong:
            raise InputError([Problem(file, problem.found, problem.needed) for problem in wrong.problems]) from None
    if mended:
        say(f"{file}: read with its line ends put right")
    return note, said
