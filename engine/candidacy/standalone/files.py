"""Reads the files of a packet for verify.py beside it, from a zip or a folder. Nothing is unpacked to disk."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

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
            _need(NAME.fullmatch(name) and len(name) <= LONGEST_NAME, f"a name that no file of a packet has, at byte {at}")
            kind = (entry.flag_bits, entry.compress_type, entry.external_attr >> 16, entry.extra)
            _need(kind == (0, 8, 0o100644, b""), f"{name} encrypted, as a link, or packed in another way")
            _need(last < (last := ("/" in name, name)) and entry.header_offset == at, f"{name} twice, or not in its place")
            _need(entry.file_size <= max(entry.compress_size * TIMES, PIECE), f"{name} packed more than {TIMES} times")
            with zipped.open(entry) as opened:
                yield name, iter(lambda opened=opened: opened.read(PIECE), b"")  # type: ignore[misc]
            at += 30 + len(name) + entry.compress_size
        _need(zipped.start_dir == at > 0, "something between the files and their directory")


def laid_out(folder: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files in a folder, and their bytes in pieces."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    _need(all(path.is_file() and not path.is_symlink() for path in found.values()), "a link, or something that is no file")
    for name in sorted(found, key=lambda name: ("/" in name, name)):
        with found[name].open("rb") as opened:
            yield name, iter(lambda opened=opened: opened.read(PIECE), b"")  # type: ignore[misc]
