"""Restoring: a ledger made anew of its exported records, byte for byte, or not at all."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import BinaryIO

from candidacy._verify import Checking
from candidacy.errors import DamagedRecordError, InputError, Problem
from candidacy.ledger import Ledger, checked, row_of, zone_of
from candidacy.record import LARGEST_RECORD, Record

NEEDED = "the records of a whole ledger, a line each, as `candidacy export` writes them"
MOST_PROBLEMS = 1_000
"""After so many it is no export."""


def exported(lines: BinaryIO) -> Iterator[Record]:
    """The records of an export, each checked against those before it; record 0 comes first.

    Raises:
        InputError: at the end, with every line that is not what an export of a whole ledger holds there.
        NewerFormatError: a record is in a format this version does not know.
    """
    checking, problems, count = Checking(), list[Problem](), 0
    while line := lines.readline(LARGEST_RECORD + 2):
        count += 1
        record = None
        try:
            record = _read(count - 1, line)
        except DamagedRecordError as damaged:
            problems.append(_not_next(count, damaged.what))
            checking.count += 1
        if record is not None:
            before = len(checking.failures)
            checking.row(row_of(record))
            problems += [_not_next(count, failure.what) for failure in checking.failures[before:]]
            if record.index == 0:
                problems += _unknown_zone(record)
            if not problems:
                yield record
        if len(problems) >= MOST_PROBLEMS:
            break
    if not count:
        problems.append(Problem("line 1", "nothing", NEEDED))
    if problems:
        raise InputError(problems)


def sound(ledger: Ledger) -> Iterator[Record]:
    """The records of a ledger, each checked against those before it, as they are copied.

    Raises:
        DamagedRecordError: in the course of it, at the first one that does not follow.
    """
    checking = Checking()
    for row in ledger.rows():
        record = checked(row)
        checking.row(row)
        for failure in checking.failures:
            raise DamagedRecordError(failure.index, failure.what)
        yield record


def _unknown_zone(first: Record) -> list[Problem]:
    try:
        zone_of(first.data["zone"])
    except InputError as wrong:
        return [_not_next(1, f"{problem.path}: {problem.found}") for problem in wrong.problems]
    return []


def _not_next(line: int, what: str) -> Problem:
    return Problem(f"line {line}", f"what is not the next record ({what})", NEEDED)


def _read(index: int, line: bytes) -> Record:
    raw = line.removesuffix(b"\n")
    if raw.startswith(BOM_UTF8) or raw.endswith(b"\r"):
        what = "a byte order mark before it" if raw.startswith(BOM_UTF8) else "a line end of two characters"
        raise DamagedRecordError(index, f"{what}, which a program put there that the file went through: needed it byte for byte")
    if len(raw) > LARGEST_RECORD:
        raise DamagedRecordError(index, f"more than {LARGEST_RECORD} bytes")
    if not raw.strip():
        raise DamagedRecordError(index, "an empty line")
    return Record.read(index, raw)
