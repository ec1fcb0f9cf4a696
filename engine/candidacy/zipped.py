"""Zips of one kind: written so that equal files give equal bytes, and read so that no byte goes unaccounted for.

A zip holds its files by name, those in folders last, each deflated, with one day, one mode and nothing else. So a reader
needs no trust: every byte must be the one that follows from what it holds, and two programs can never read it differently.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from struct import pack, unpack
from typing import BinaryIO, Protocol

from candidacy.errors import OutputError

NAME = re.compile(
    r"MANIFEST\.sha256|README\.txt|packet\.json|records\.jsonl|(files|proofs|verify)\.py"
    r"|checkpoints/[1-9]\d{0,15}|proofs/(0|[1-9]\d{0,15})\.tlog-proof"
    r"|(coverage|pdf|programs|report|schemas|sources)(/[\w%~+=,@-][\w.%~+=,@-]*)+\.(css|csv|html|json|md|pdf|png|py|sha256|svg|txt)",
    re.ASCII,
)
"""The files of a packet. No name begins with a point or a slash, so that none leads out of a folder; a zip is none of them."""
LONGEST_NAME = 200
"""Characters: a name that also fits where names are short."""
MOST_FILES, LARGEST_ZIP = 65_534, 2**32 - 2
"""What a zip can hold without the extensions that programs read differently."""
LARGEST_MIB = 4_095
"""Of all files together, unless another number is asked for: twice what a million records and a page for each case take."""
TIMES = 200
"""How much larger a file may be than it is packed: records and pages take some 10 to 30, and a bomb takes 1,032."""
PIECE = 65_536
"""Bytes looked at at once."""
HEAD = (20, 0, 8, 0, 0x21)
"""Of each file: the version that can read it, no flags, deflate, midnight of 1 January 1980."""
MODE = 0o100644 << 16
"""A plain file that its owner may write and all may read."""


class Read(Protocol):
    """What can be read from."""

    def read(self, most: int, /) -> bytes:
        """The next bytes, at most so many."""


class UnsafeZipError(Exception):
    """A zip that is no packet, or that is not read on for safety's sake. The caller says which it was."""


def order(name: str) -> tuple[bool, str]:
    """What files are sorted by: those of the outermost folder first."""
    return "/" in name, name


def write(path: Path, files: Mapping[str, Path]) -> None:
    """A new zip at *path* of *files*, by their names in it.

    Raises:
        OutputError: they are too many or too large for it, or a name is not one of a packet's.
    """
    if wrong := sorted(name for name in files if not NAME.fullmatch(name) or len(name) > LONGEST_NAME):
        raise OutputError(f"{path}: found {wrong[0]} to be put in it; needed names of a packet's files")
    if len(files) > MOST_FILES:
        raise OutputError(f"{path}: found {len(files)} files to be put in it; needed at most {MOST_FILES}: take fewer cases")
    with path.open("xb") as zipped:
        directory = [_packed(zipped, name, files[name]) for name in sorted(files, key=order)]
        zipped.write(_end(directory, zipped.tell()))
        if zipped.tell() > LARGEST_ZIP:
            raise _too_large(path)


def _packed(zipped: BinaryIO, name: str, file: Path) -> bytes:
    """Write one file; its entry in the directory."""
    at, crc, size, packing = zipped.tell(), 0, 0, zlib.compressobj(6, zlib.DEFLATED, -15)
    zipped.write(_head(name, 0, 0, 0))
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            zipped.write(packing.compress(piece))
    zipped.write(packing.flush())
    end = zipped.tell()
    if end > LARGEST_ZIP or size > LARGEST_ZIP:
        raise _too_large(file)
    packed = end - at - 30 - len(name)
    zipped.seek(at)
    zipped.write(_head(name, crc, packed, size))
    zipped.seek(end)
    return _entry(name, crc, packed, size, at)


def _too_large(path: Path) -> OutputError:
    return OutputError(f"{path.name}: found more than 4 GiB for one packet; needed less: take fewer cases")


def _head(name: str, crc: int, packed: int, size: int) -> bytes:
    return pack("<4s5H3L2H", b"PK\3\4", *HEAD, crc, packed, size, len(name), 0) + name.encode()


def _entry(name: str, crc: int, packed: int, size: int, at: int) -> bytes:
    made = 20, 3  # by version 2.0, on a system whose files have modes
    return pack("<4s2B5H3L5H2L", b"PK\1\2", *made, *HEAD, crc, packed, size, len(name), 0, 0, 0, 0, MODE, at) + name.encode()


def _end(directory: list[bytes], at: int) -> bytes:
    whole, count = b"".join(directory), len(directory)
    return whole + pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(whole), at, 0)


def read(zipped: Read, largest_mib: int = LARGEST_MIB) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file in a zip by name, with its bytes in pieces, counted as they come; each is to be taken before the next.

    Raises:
        UnsafeZipError: in the course of it, at the first byte that is not the one that follows.
    """
    directory, at, left, last = list[bytes](), 0, largest_mib * 2**20, (False, "")
    while (head := zipped.read(30))[:4] == b"PK\3\4" and len(head) == 30:  # noqa: PLR2004 (what the head of a file takes)
        *fixed, crc, packed, size, length, extra = unpack("<5H3L2H", head[4:])
        name = zipped.read(min(length, LONGEST_NAME + 1)).decode("ascii", "replace")
        _need(len(name) == length <= LONGEST_NAME and NAME.fullmatch(name), f"a name that no file of a packet has, at byte {at}")
        _need((*fixed, extra) == (*HEAD, 0), f"{name} encrypted, or packed in another way")
        _need(order(name) > last and len(directory) < MOST_FILES, f"{name} twice, not in its place, or one too many")
        _need(size <= max(packed * TIMES, PIECE), f"{name} packed to less than a {TIMES}th of its size")
        if size > left:
            raise UnsafeZipError(f"found more than {largest_mib} MiB in it; with --largest-mib, `candidacy open` takes more")
        pieces = _unpacked(zipped, name, (crc, packed, size))
        yield name, pieces
        for _ in pieces:
            """What nobody took is looked at all the same."""
        directory.append(_entry(name, crc, packed, size, at))
        at, left, last = at + 30 + length + packed, left - size, order(name)
    end = _end(directory, at)
    _need(directory, "no zip")
    _need(head + zipped.read(len(end)) == end, "one that is cut off, or that has something else in it or after it")


def _unpacked(zipped: Read, name: str, head: tuple[int, int, int]) -> Iterator[bytes]:
    (crc, left, size), unpacking, given, found, count = head, zlib.decompressobj(-15), b"", 0, 0
    while not unpacking.eof:
        if not given:
            given = zipped.read(min(PIECE, left))
            left -= len(given)
        try:
            piece = unpacking.decompress(given, PIECE)
        except zlib.error:
            piece = given = b""
        found, count = zlib.crc32(piece, found), count + len(piece)
        _need((given or piece or unpacking.eof) and count <= size, f"{name} cut off or damaged")
        given = unpacking.unconsumed_tail
        yield piece
    _need((found, left, count, unpacking.unused_data) == (crc, 0, size, b""), f"{name} cut off or damaged")


def _need(met: object, found: str) -> None:
    if not met:
        raise UnsafeZipError(f"found {found}; needed a packet as `candidacy packet` writes it")
