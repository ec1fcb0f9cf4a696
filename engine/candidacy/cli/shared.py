"""What several commands do: open a ledger, find the programs, read a document, print an answer."""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from candidacy.cli import NO, YES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime, tzinfo

    from candidacy._export_ledger import ExportLedger
    from candidacy.engine import Engine
    from candidacy.errors import FailedPacketError, InputError
    from candidacy.ledger import Ledger
    from candidacy.packet_ledger import HeldRecords, PacketLedger
    from candidacy.postgres import PostgresLedger
    from candidacy.registry import Registry
    from candidacy.sqlite import SqliteLedger

Command = TypeVar("Command", bound="Callable[..., Any] | click.Command")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
ledger_argument = click.argument("ledger")
known_at = click.option(
    "--known", metavar="INSTANT", help="As was recorded until then, such as 2005-06-01T17:00:00Z; a day stands for its end."
)
by_rules = click.option("--rules", default="", metavar="EDITION", help="Under another edition of its program; it is not moved.")
as_of_day = click.option("--as-of", "as_of", metavar="DAY", help="The day it is asked for, YYYY-MM-DD; today by default.")


def seconds_for(what: str, seconds: int = 60) -> Callable[[Command], Command]:
    """The option ``--timeout``: how long code of others may take for something."""
    return click.option(
        "--timeout",
        type=click.IntRange(1, 86_400),
        default=seconds,
        show_default=True,
        metavar="SECONDS",
        help=f"How long it may take {what}.",
    )


PACKET = "a packet"
YEARS = range(1900, 9000)
"""Of what can be asked, as of what can be recorded."""


def answer(data: Any, lines: Iterable[str], *, as_json: bool, code: int = YES) -> int:
    """Print an answer, as JSON or as lines; its exit code."""
    text = _escaped(json.dumps(data, indent=2, ensure_ascii=False)) if as_json else "\n".join(map(harmless_line, lines))
    try:
        click.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # nobody reads any more; the answer stands
    except OSError as wrong:
        from candidacy.errors import why

        say(f"the answer could not be written ({why(wrong)}); exit code {code} still tells it")
    return code


LARGEST_MIB, SHA256 = "candidacy.largest_mib", "candidacy.sha256"
"""Under which names a command that is asked of a packet finds what `candidacy open` was told of it."""


OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\r(?!\n|\Z)")
"""What a terminal would obey, and what turns a text around or cannot be seen in it."""


def harmless(text: str) -> str:
    """Text in which each such character is shown by its number, such as <001B>."""
    return OBEYED.sub(lambda found: f"<{ord(found[0]):04X}>", text)


def _escaped(text: str) -> str:
    """JSON in which each such character is escaped, which is the same JSON."""
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def harmless_line(text: str) -> str:
    """The same of a line, in which nobody can begin another one."""
    return harmless(text).replace("\n", "<000A>")


def say(line: str) -> None:
    """Say something on standard error."""
    click.echo(f"candidacy: {harmless_line(line)}", err=True)


def opened_ledger(path: str, *, read_only: bool = False) -> SqliteLedger | PostgresLedger | HeldRecords:
    """The ledger in a file or at an address, or in a packet or an export if it is only read; with a word on what is unusual."""
    from candidacy.address import shown
    from candidacy.errors import LedgerError
    from candidacy.opening import open_ledger

    try:
        opened = open_ledger(path, read_only=read_only)
    except LedgerError as wrong:
        what = only_read(path, wrong)
        if not what:
            raise
        if not read_only:
            raise LedgerError(f"{path}: found {what}; needed a ledger to write to: {what} can only be read") from None
        return opened_packet(path) if what == PACKET else opened_export(path)
    for note in (opened.opened, opened.short, opened.unsure):
        if note:
            say(f"{shown(path)}: {note}")
    return opened


def only_read(path: str, wrong: Exception) -> str:
    """What a file is that cannot be opened as a ledger: a packet, an export, or neither.

    Looked at only where that is so: to open and close a file in which others have a ledger open would let go of their locks.
    """
    if "SQLITE_NOTADB" not in str(wrong):
        return ""
    with Path(path).open("rb") as file:
        begins = file.read(4)
    return PACKET if begins.startswith(b"PK\3\4") else "an export" if begins.startswith(b"{") else ""


def opened_export(path: str) -> ExportLedger:
    """The records of an export; otherwise every line that is not the next one is told, and the answer is no."""
    from candidacy._export_ledger import ExportLedger
    from candidacy.errors import FailedPacketError

    try:
        return ExportLedger(path)
    except FailedPacketError as failed:
        raise _told(path, failed) from None


def _told(path: str, failed: FailedPacketError) -> click.exceptions.Exit:
    for failure in failed.failures:
        say(f"{path}: FAIL {failure}")
    if click.get_current_context().params.get("as_json"):
        problems = [{"path": path, "found": failure, "needed": ""} for failure in failed.failures]
        click.echo(json.dumps({"problems": problems}, indent=2))
    return click.exceptions.Exit(NO)


def opened_packet(path: str) -> PacketLedger:
    """The records in a packet that agrees with itself; otherwise everything that fails is told, and the answer is no."""
    from candidacy.errors import FailedPacketError
    from candidacy.packet_ledger import PacketLedger
    from candidacy.zipped import LARGEST_MIB as USUAL

    context = click.get_current_context()
    told = context.meta
    try:
        opened = PacketLedger(path, largest_mib=told.get(LARGEST_MIB) or USUAL, sha256=told.get(SHA256))
    except FailedPacketError as failed:
        raise _told(path, failed) from None
    if opened.partial:
        here, there = opened.about["records_here"], opened.in_ledger
        click.echo(
            f"candidacy: {path}: part of a ledger: {here} of {there} records; whether others are missing cannot be told", err=True
        )
    return opened


def registry_found() -> Registry:
    """The installed programs, with a word on each plugin that is left out."""
    from candidacy.registry import discover

    registry = discover()
    for fault in registry.faults:
        say(str(fault))
    return registry


def engine_on(ledger: Ledger) -> Engine:
    """An engine with the installed programs."""
    from candidacy.engine import Engine

    return Engine(ledger, registry_found())


def of_case(ledger: Ledger, case: str) -> list[Any]:
    """The records of a case that is there."""
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    records = ledger.of_case(case)
    if not records:
        raise InputError([Problem("CASE", f"the case {shown(case)}", "a case in this ledger; `candidacy status` lists them")])
    return records


def days_asked(given: dict[str, str | None]) -> list[date | None]:
    """The days that options give, in their order; None where one is not given.

    Raises:
        InputError: with every one that is no day.
    """
    from candidacy.codec import read_day
    from candidacy.errors import InputError, Problem

    found: list[date | None] = []
    problems: list[Problem] = []
    for option, text in given.items():
        try:
            found.append(None if text is None else read_day(text, option))
        except InputError as wrong:
            problems += [Problem(option, p.found, p.needed) for p in wrong.problems]
    if problems:
        raise InputError(problems)
    return found


def day_asked(engine: Engine, as_of: str | None) -> date:
    """The day asked for, or today in the ledger's time zone."""
    (on,) = days_asked({"--as-of": as_of})
    return on or engine.today()


def nothing_then(case: str, as_of: str | None, known: str | None) -> InputError:
    """What is wrong where nothing of a case was there yet, on a day or at an instant."""
    from candidacy.errors import InputError, Problem

    asked = {"--as-of": as_of, "--known": known}
    needed = "a later one: `candidacy history` shows when the case began, and when that was recorded"
    return InputError([Problem(o, f"{v}, before anything of the case {case}", needed) for o, v in asked.items() if v is not None])


def instant_asked(zone: tzinfo, text: str | None) -> datetime | None:
    """The instant that ``--known`` gives: with its offset from UTC, or a day, for its end in the ledger's time zone.

    Raises:
        InputError: it is neither.
    """
    from datetime import datetime, time

    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is not None and len(text) == len("2005-06-01") and YEARS[0] <= found.year <= YEARS[-1]:
        return datetime.combine(found.date(), time.max, zone)
    if found is None or found.tzinfo is None or not YEARS[0] < found.year < YEARS[-1]:
        needed = "an instant such as 2005-06-01T17:00:00Z, or a day, YYYY-MM-DD"
        raise InputError([Problem("--known", shown(text), needed)])
    return found


def document(file: str) -> bytes:
    """The bytes of one command, from a file or standard input."""
    from candidacy.strict import LONGEST_DOCUMENT

    with stream(file) as opened:
        return opened.read(LONGEST_DOCUMENT + 1)


@contextmanager
def stream(file: str) -> Iterator[BinaryIO]:
    """A file to read from, or standard input where it is -."""
    if file == "-" and sys.stdin is None:
        raise _unreadable("no standard input")
    if file == "-":
        yield sys.stdin.buffer
        return
    from candidacy.errors import why

    try:
        opened = Path(file).open("rb")  # noqa: SIM115 (closed below; errors while it is read are not those of opening it)
    except OSError as wrong:
        raise _unreadable(f"a path that cannot be read ({why(wrong)})", file) from None
    with opened:
        try:
            opened.peek(1)
        except OSError as wrong:
            raise _unreadable(f"a path that cannot be read ({why(wrong)})", file) from None
        yield opened


def _unreadable(found: str, file: str = "FILE") -> InputError:
    from candidacy.errors import InputError, Problem

    return InputError([Problem(file, found, "a file, or - for standard input")])
