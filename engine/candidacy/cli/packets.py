"""The commands that make a packet of a ledger, and open one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from candidacy.cli import YES
from candidacy.cli.shared import (
    LARGEST_MIB,
    SHA256,
    answer,
    as_json,
    ledger_argument,
    opened_ledger,
    opened_packet,
    registry_found,
    stream,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._packet import Packet
    from candidacy.packet_ledger import PacketLedger

WRITING = frozenset({"checkpoint", "doctor", "import", "names", "new", "restore", "submit"})
"""Commands on a ledger that write to it, or beside it, or look at where it lies; every other one can be asked of a packet."""
TAKING_A_WORD = ("--sha256", "--largest-mib")


@click.command()
@ledger_argument
@click.option("-o", "--output", required=True, metavar="FILE.zip", help="The new file.")
@click.option("--case", "cases", multiple=True, metavar="CASE", help="Only this case; may be given again. All cases by default.")
@click.option("--pdf", is_flag=True, help="Each case as a tagged PDF, too; needs the extra `reports`.")
@click.option(
    "--checkpoint", "checkpoints", multiple=True, metavar="FILE", help="Beside those the ledger keeps; may be given again."
)
@as_json
def packet(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    output: str,
    cases: tuple[str, ...],
    pdf: bool,  # noqa: FBT001
    checkpoints: tuple[str, ...],
    as_json: bool,  # noqa: FBT001
) -> int:
    """Put what an auditor needs of LEDGER into one zip that can be checked without this program.

    It holds the records, the rules as text with the source files that decide, coverage, schemas, the audit as pages for
    a browser, a manifest that `sha256sum -c` checks, and a verifier that needs Python alone; the ledger's checkpoints, and for
    some cases the proofs that their records are under the newest. Made twice of the same records and checkpoints, it is the
    same byte for byte.
    """
    from candidacy._packet import packet as made_of

    registry, given = registry_found(), [_note(file) for file in checkpoints]
    with opened_ledger(ledger, read_only=True) as opened:
        made = made_of(opened, output, registry, cases=cases or None, pdf=pdf, checkpoints=given)
    data = {"file": output, "sha256": made.sha256, "files": made.files, **made.about}
    return answer(data, _made(made, output), as_json=as_json)


def _made(made: Packet, output: str) -> Iterator[str]:
    about = made.about
    yield f"{output}: {_records(about)}, {len(about['heads'])} cases, {made.files} files"
    yield f"the audit of these records: {about['audit']['answer']}"
    yield _under(about)
    if made.left_out:
        yield f"{made.left_out} checkpoints that the ledger keeps are of another origin than its newest, and not in it"
    yield f"SHA-256 {made.sha256}"
    yield "keep it elsewhere, or send it by another way: only with it can be told that this is the packet that was made"


def _note(file: str) -> bytes:
    """The bytes of a checkpoint; what is too long for one is none."""
    from candidacy.note import LARGEST_NOTE

    with stream(file) as opened:
        return opened.read(LARGEST_NOTE + 1)


def _under(about: dict[str, Any]) -> str:
    """How far its newest checkpoint reaches."""
    size = max((c["size"] for c in about["checkpoints"]), default=0)
    if not size:
        return "no checkpoint is in it: `candidacy checkpoint` makes one"
    newer = about["newest"]["index"] + 1 - size
    return f"under a checkpoint up to record {size - 1}{f'; newer ones are here, up to record {size - 1 + newer}' * (newer > 0)}"


def _records(about: dict[str, Any]) -> str:
    part = "part of a ledger: " * about["part"]
    return f"{part}{about['records_here']} of {about['records_in_ledger']} records of ledger {about['ledger']}"


class Opening(click.Command):
    """A command whose own options end where the command to be asked begins."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command.parse_args`: what follows the second bare word is that command's."""
        at = bare = 0
        while at < len(args) and bare < 2 and args[at] != "--":  # noqa: PLR2004 (the file and the command)
            bare += not args[at].startswith("-")
            at += 1 + (args[at] in TAKING_A_WORD) - (bare == 2)  # noqa: PLR2004 (the command is not the file's)
        return super().parse_args(ctx, [*args[:at], *["--"] * (bare == 2), *args[at:]])  # noqa: PLR2004 (the same)


@click.command("open", cls=Opening)
@click.argument("file", metavar="FILE.zip")
@click.argument("asked", metavar="[COMMAND [ARGUMENT …]]", nargs=-1, type=click.UNPROCESSED)
@click.option("--sha256", metavar="HEX", help="What the SHA-256 of the zip must be: the one you were given by another way.")
@click.option(
    "--largest-mib", type=click.IntRange(1, 4_095), metavar="MIB", help="What its files may have in all; 4095 by default."
)
@as_json
@click.pass_context
def open_(  # noqa: PLR0913, PLR0917 (click)
    context: click.Context,
    file: str,
    asked: tuple[str, ...],
    sha256: str | None,
    largest_mib: int | None,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Check everything in a packet, then say what is in it, or answer a COMMAND that only reads a ledger.

    Nothing is unpacked to disk. Exit codes without COMMAND: 0 the packet agrees with itself, 1 something in it is not
    what it says, 2 no packet, or none that can be read safely.
    """
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    assert context.parent is not None  # noqa: S101 (the group's)
    group = context.parent.command
    assert isinstance(group, click.Group)  # noqa: S101 (the same)
    reading = _reading(group)
    if asked and asked[0] not in reading:
        can = ", ".join(reading)
        raise InputError([Problem("COMMAND", shown(asked[0]), f"a command that only reads a ledger: {can}")])
    context.parent.meta[SHA256], context.parent.meta[LARGEST_MIB] = sha256, largest_mib
    if asked:
        command = reading[asked[0]]
        with command.make_context(asked[0], [file, *asked[1:]], parent=context.parent) as inner:
            result = command.invoke(inner)
        return result if isinstance(result, int) else YES
    with opened_packet(file) as opened:
        data = {"file": file, "sha256": opened.sha256, "anchored": sha256 is not None, "commands": list(reading), **opened.about}
        return answer(data, _found(opened, list(reading), anchored=sha256 is not None), as_json=as_json)


def _reading(group: click.Group) -> dict[str, click.Command]:
    """The commands that can be asked of a packet, by name."""
    ledgers = {name: command for name, command in group.commands.items() if [p.name for p in command.params][:1] == ["ledger"]}
    return {name: ledgers[name] for name in sorted(set(ledgers) - WRITING)}


def _found(opened: PacketLedger, reading: list[str], *, anchored: bool) -> Iterator[str]:
    about = opened.about
    yield f"{opened.path}: {_records(about)}, {len(about['heads'])} cases"
    yield from ["whether the ledger's other records are as they were cannot be told"] * about["part"]
    newest = about["newest"]
    yield f"newest record: {newest['index']}, leaf hash {newest['leaf']}"
    yield from opened.told[1:-1]
    audited = about.get("audit")
    answered = audited.get("answer", "not told") if isinstance(audited, dict) else "not told"
    yield f"the audit when it was made, as the packet says: {answered}"
    yield f"SHA-256 {opened.sha256}"
    if anchored:
        yield "sound, and the packet that was made: its SHA-256 is the one that was given"
    else:
        yield "NOT ANCHORED: sound in itself; compare the packet's SHA-256 with the one you were given, or give it with --sha256"
    yield f"can be asked: {', '.join(reading)}"
