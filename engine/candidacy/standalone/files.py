"""Reads the files of a packet for verify.py beside it, from a zip or a folder. Nothing is unpacked to disk."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import pack
from typing import BinaryIO

NAME = re.compile(r"MANIFEST\.sha256|README\.txt|packet\.json|records\.jsonl|(files|proofs|verify)\.py|checkpoints/[1-9]\d{0,15}"
                  r"|proofs/(0|[1-9]\d{0,15})\.tlog-proof|(coverage|pdf|programs|report|schemas|sources)(/[\w%~+=,@-]"
                  r"[\w.%~+=,@-]*)+\.(css|csv|html|json|md|pdf|png|py|sha256|svg|txt)", re.ASCII)  # fmt: skip
MOST_FILES, MOST_BYTES, LONGEST_NAME = 65_534, 2**32 - 1, 200  # of files, bytes in all, a name
TIMES, PIECE = 200, 2**16  # packed at most; read at a time


def _need(met: object, found: str) -> None:
    if not met:
        raise zipfile.BadZipFile(f"found {found}; needed a packet as it was made")


def unzipped(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of a zip that holds nothing else, and their bytes in pieces: one after the other, their directory, the end."""
    with (path if path.is_file() else Path()).open("rb") as file:  # a pipe would never end
        file.seek(max(0, path.stat().st_size - 42))
        end = file.read().rjust(42, b"\0")
    _need(end[20:24] == b"PK\5\6" and end[:4] != b"PK\6\7", "no zip, one that is cut off, or one with more behind its end")
    _need(int.from_bytes(end[32:36], "little") <= MOST_FILES * (46 + LONGEST_NAME), "more files than a packet can have")
    at, last = 0, (False, "")
    with zipfile.ZipFile(path) as zipped:
        _need(sum(entry.file_size for entry in zipped.infolist()) <= MOST_BYTES, "more bytes than a packet can have")
        for name, entry in [(entry.filename, entry) for entry in zipped.infolist()]:
            rest = (entry.date_time, entry.comment, entry.create_version, entry.create_system, entry.extract_version)
            _need((*rest, entry.internal_attr) == ((1980, 1, 1, 0, 0, 0), b"", 20, 3, 20, 0), f"{name} described in another way")
            _need(NAME.fullmatch(name) and len(name) <= LONGEST_NAME, f"a name that no file of a packet has, at byte {at}")
            kind = (entry.flag_bits, entry.compress_type, entry.external_attr >> 16, entry.extra)
            _need(kind == (0, 8, 0o100644, b""), f"{name} encrypted, as a link, or packed in another way")
            _need(last < (last := ("/" in name, name)) and entry.header_offset == at, f"{name} twice, or not in its place")
            _need(entry.file_size <= max(entry.compress_size * TIMES, PIECE), f"{name} packed more than {TIMES} times")
            with path.open("rb") as packed:
                packed.seek(at)
                yield name, _unpacked(packed, entry)
            at += 30 + len(name) + entry.compress_size
        _need(zipped.start_dir == at > 0, "something between the files and their directory")


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of one file, whose head says what the directory says; nothing stands between their end and the next one."""
    name, left, given, size, crc, unpacking = entry.filename, entry.compress_size, b"", 0, 0, zlib.decompressobj(-15)
    head = pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x21, entry.CRC, left, entry.file_size, len(name), 0) + name.encode()
    _need(file.read(len(head)) == head, f"{name} with another head than the directory says")
    while not unpacking.eof:
        if not given:
            given = file.read(min(PIECE, left))
            left -= len(given)
        piece = unpacking.decompress(given, PIECE)
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        _need((given or piece or unpacking.eof) and size <= entry.file_size, f"{name} cut off or damaged")
        given = unpacking.unconsumed_tail
        yield piece
    whole = (size, crc, left, unpacking.unused_data) == (entry.file_size, entry.CRC, 0, b"")
    _need(whole, f"{name} damaged, or with something behind its end")


def laid_out(folder: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files in a folder, and their bytes in pieces."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    _need(all(path.is_file() and not path.is_symlink() for path in found.values()), "a link, or something that is no file")
    for name in sorted(found, key=lambda name: ("/" in name, name)):
        with found[name].open("rb") as opened:
            yield name, iter(lambda opened=opened: opened.read(PIECE), b"")  # type: ignore[misc]
