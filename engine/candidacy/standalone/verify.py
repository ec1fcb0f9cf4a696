"""Checks a packet: python3 -I -S verify.py [PACKET.zip | FOLDER]. Extracts nothing. Exit: 0 sound, 1 failed, 2 no safe packet."""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

MANIFEST, ABOUT, RECORDS = "MANIFEST.sha256", "packet.json", "records.jsonl"
NAME = re.compile(r"MANIFEST\.sha256|README\.txt|packet\.json|records\.jsonl|verify\.py|(coverage|pdf|programs|report|schemas"
                  r"|sources)(/[\w%~+=,@-][\w.%~+=,@-]*)+\.(css|csv|html|json|md|pdf|png|py|sha256|svg|txt)", re.ASCII)  # fmt: skip
MOST_FILES, MOST_BYTES, LONGEST_NAME, LONGEST_RECORD = 65_534, 2**32 - 1, 200, 65_535  # of files, bytes in all, a name, a record
TIMES, AT_ONCE, PIECE, MOST_WRONG = 200, 2**25, 2**16, 10_000  # packed at most; held in memory; read at a time; failures


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


def _laid_out(folder: Path) -> Iterator[tuple[str, Iterator[bytes]]]:  # the files in a folder
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    _need(all(path.is_file() and not path.is_symlink() for path in found.values()), "a link, or something that is no file")
    for name in sorted(found, key=lambda name: ("/" in name, name)):
        with found[name].open("rb") as opened:
            yield name, iter(lambda opened=opened: opened.read(PIECE), b"")  # type: ignore[misc]


class Check:
    """What a packet says, and what is wrong with it. Of the records, the newest of each case is remembered."""

    def __init__(self) -> None:
        self.wrong, self.digests, self.held, self.room = list[str](), dict[str, str](), dict[str, bytes](), AT_ONCE
        self.heads, self.commands, self.editions = dict[str, tuple[int, str, str]](), set[str](), dict[str, int]()
        self.said, self.count, self.index, self.leaf = dict[str, Any](), 0, -1, ""

    def files(self, files: Iterator[tuple[str, Iterator[bytes]]]) -> None:
        """Read every file once, then compare what they say of one another."""
        for name, pieces in files:
            digest, held, kept = sha256(), b"", name in {MANIFEST, ABOUT} or name.endswith(".sha256")
            for piece in pieces:
                digest.update(piece)
                *lines, held = (held + piece).split(b"\n") if name == RECORDS else [held + piece * kept]
                self.wrong += [what for line in lines for what in self.line(line)]
                _need(len(self.wrong) <= MOST_WRONG, f"more than {MOST_WRONG} failures, such as {self.wrong[:1]}")
                self.room -= len(piece) * kept
                _need(self.room >= 0 and (kept or len(held) <= LONGEST_RECORD), f"too much in {name}")
            self.digests[name], self.held[name] = digest.hexdigest(), held
            self.said = dict(json.loads(held)) if name == ABOUT else self.said
        _need(self.said and MANIFEST in self.held and self.held.get(RECORDS) == b"", "no manifest, packet.json or last line")
        self.wrong += self._compared()

    def line(self, raw: bytes) -> list[str]:
        """One more record, which must be written in the one way: keys sorted and in ASCII, no spaces, no fractions."""
        self.count, found = self.count + 1, list[str]()
        try:
            data = json.loads(raw.decode(), parse_float=int, parse_constant=int, parse_int=lambda n: int(n) * (abs(int(n)) < 2**53),
                              object_hook=lambda found: {key.encode("ascii").decode(): found[key] for key in found})  # fmt: skip
            same = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == raw
            found += [] if same and len(raw) <= LONGEST_RECORD else ["it is not written in the canonical way"]
            found += self._record(data, sha256(b"\0" + raw).hexdigest())
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            found += ["it is no record, or not written in the canonical way"]
        return [f"line {self.count} of records.jsonl (record {self.index}): {what}" for what in found]

    def _record(self, data: dict[str, Any], leaf: str) -> Iterator[str]:
        before, self.index, self.leaf = self.index, data["index"], leaf
        gap = self.index != before + 1 and not (self.said["part"] is True and self.index > before >= 0)
        yield from [f"it stands after record {before}"] * gap
        same = data["ledger"] == self.said["ledger"] and data.get("zone", self.said["zone"]) == self.said["zone"]
        yield from [] if same else ["it belongs to another ledger, or its time zone is not what packet.json says"]
        if self.count == 1:
            return
        version, previous, state = self.heads.get(data["case"], (0, "", data["moved"]["from"]))
        for wrong, what in (
            (str(data["version"]) != f"{version + 1}", f"it is version {data['version']} of case {data['case']}, after {version}"),
            (data["previous"] != previous, f"it does not name version {version} of case {data['case']} as that is here"),
            (data["moved"]["from"] != state, f"it finds the case in another state than {state!r}, in which it was left"),
            (data["command"] in self.commands, "its command was judged before"),
        ):
            yield from [what] * wrong
        self.commands.add(data["command"])
        self.heads[data["case"]] = data["version"], leaf, data["moved"]["to"]
        edition = json.dumps(data["edition"], sort_keys=True)
        self.editions[edition] = self.editions.get(edition, 0) + 1

    def _compared(self) -> Iterator[str]:
        listed = {line[66:]: line[:64] for line in self.held[MANIFEST].decode().splitlines()}
        for name in sorted({*listed, *self.digests} - {MANIFEST}):
            what = "not in the manifest" if name not in listed else "not as listed there" if name in self.digests else "not here"
            yield from [f"{name}: {what}"] if listed.get(name) != self.digests.get(name) else []
        written = b"".join(f"{listed[name]}  {name}\n".encode() for name in sorted({*listed} - {MANIFEST}))
        yield from ["MANIFEST.sha256: not a line for each other file, in order of names"] * (self.held[MANIFEST] != written)
        heads, said = {case: {"leaf": head[1], "version": head[0]} for case, head in self.heads.items()}, dict(self.said["heads"])
        yield from (f"case {c}: packet.json names another newest record" for c in {**said, **heads} if said.get(c) != heads.get(c))
        found = {"format": 1, "newest": {"index": self.index, "leaf": self.leaf}, "records_here": self.count,
                 "editions": [{**json.loads(edition), "records": n} for edition, n in sorted(self.editions.items())],
                 "part": self.count != self.said["records_in_ledger"] or self.said["part"] is True,
                 "records_in_ledger": max(int(self.said["records_in_ledger"]), self.count),
                 "cases": sorted(self.heads) if self.said["cases"] != "all" or self.said["part"] is True else "all"}  # fmt: skip
        same = {key: type(self.said.get(key)) is type(found[key]) and self.said[key] == found[key] for key in found}
        yield from (f"packet.json: its {key!r} is not what the records say" for key in found if not same[key])

    def told(self) -> Iterator[str]:
        """What was checked; of each edition, whether the sources here are those that judged by it; and the answer."""
        part = "part of a ledger, so that others may be missing: " * (self.said["part"] is True)
        yield f"{part}{self.count} of {self.said['records_in_ledger']} records of {self.said['ledger']}, {len(self.heads)} cases"
        for edition in map(json.loads, sorted(self.editions)):
            lists = [held for name, held in self.held.items() if self.digests[name] == edition["code"]]
            named = {line[66:]: line[:64] for held in lists for line in held.decode().splitlines()}
            here = "here" if named and all(self.digests.get(f"sources/{f}") == named[f] for f in named) else "not here"
            yield f"{edition['program']}/{edition['name']} revision {edition['revision']}: the sources that judged are {here}"
        yield from (f"FAIL {what}" for what in self.wrong)
        yield "FAILED" if self.wrong else "PASS: it agrees with itself; now compare the zip's SHA-256 with the one you were given"


if __name__ == "__main__":
    given, check = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parent, Check()
    try:
        check.files(_laid_out(given) if given.is_dir() else unzipped(given))
        lines, code = [*check.told()], 1 if check.wrong else 0
    except Exception as refused:  # noqa: BLE001 (whatever a stranger's file brings about)
        lines, code = [f"NO PACKET: {refused} ({type(refused).__name__})"], 2
    print("\n".join(ascii(line)[1:-1] for line in lines))
    sys.exit(code)
