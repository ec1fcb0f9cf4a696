"""Checks a packet: python3 -I -S verify.py [PACKET.zip | FOLDER] [--key FILE] [--anchor FILE], files.py and proofs.py beside it.

Exit: 0 it agrees with itself, 1 failed, 2 no safe packet, 3 nothing failed, but what was asked cannot be told.
"""

import json
import sys
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from typing import Any

MANIFEST, ABOUT, RECORDS = "MANIFEST.sha256", "packet.json", "records.jsonl"
LONGEST_RECORD, AT_ONCE, MOST_WRONG = 65_535, 2**25, 10_000  # bytes of a record, bytes held in memory, failures


def _need(met: object, found: str) -> None:
    if not met:
        raise zipfile.BadZipFile(f"found {found}; needed a packet as it was made")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _need(len(dict(pairs)) == len(pairs), "a key twice in packet.json")
    return dict(pairs)


class Check:
    """What a packet says, and what is wrong with it. Of the records, the newest of each case is remembered."""

    def __init__(self, proofs: Any) -> None:
        self.proofs = proofs
        self.wrong, self.digests, self.held, self.room = list[str](), dict[str, str](), dict[str, bytes](), AT_ONCE
        self.heads, self.commands, self.editions = dict[str, tuple[int, str, str]](), set[str](), dict[str, int]()
        self.said, self.count, self.index, self.leaf = dict[str, Any](), 0, -1, ""

    def files(self, files: Iterator[tuple[str, Iterator[bytes]]]) -> None:
        """Read every file once, then compare what they say of one another."""
        for name, pieces in files:
            proof, digest, held = name.startswith(("checkpoints/", "proofs/")), sha256(), b""
            kept = proof or name in {MANIFEST, ABOUT} or name.endswith(".sha256")
            for piece in pieces:
                digest.update(piece)
                *lines, held = (held + piece).split(b"\n") if name == RECORDS else [held + piece * kept]
                self.wrong += [what for line in lines for what in self.line(line)]
                _need(len(self.wrong) <= MOST_WRONG, f"more than {MOST_WRONG} failures, such as {self.wrong[:1]}")
                self.room -= len(piece) * kept
                _need(self.room >= 0 and (kept or len(held) <= LONGEST_RECORD), f"too much in {name}")
            self.digests[name], self.held[name] = digest.hexdigest(), b"" if proof else held
            self.wrong += self.proofs.file(name, held) if proof else []
            self.room += len(held) * name.startswith("proofs/")  # of which nothing is remembered
            if name == ABOUT:
                self.said = dict(json.loads(held, object_pairs_hook=_once))
                self.proofs.said(self.said)
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
        self.proofs.record(self.index, bytes.fromhex(leaf))
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
                 "records_in_ledger": max(int(self.said["records_in_ledger"]), self.index + 1),
                 "cases": sorted(self.heads) if self.said["cases"] != "all" or self.said["part"] is True else "all"}  # fmt: skip
        same = {key: type(self.said.get(key)) is type(found[key]) and self.said[key] == found[key] for key in found}
        yield from (f"packet.json: its {key!r} is not what the records say" for key in found if not same[key])
        yield from self.proofs.compared(int(self.said["records_in_ledger"]))

    def told(self) -> Iterator[str]:
        """What was checked; of each edition, whether the sources here are those that judged by it; and the answer."""
        part = "part of a ledger, so that others may be missing: " * (self.said["part"] is True)
        yield f"{part}{self.count} of {self.said['records_in_ledger']} records of {self.said['ledger']}, {len(self.heads)} cases"
        for edition in map(json.loads, sorted(self.editions)):
            lists = [held for name, held in self.held.items() if self.digests[name] == edition["code"]]
            named = {line[66:]: line[:64] for held in lists for line in held.decode().splitlines()}
            here = "here" if named and all(self.digests.get(f"sources/{f}") == named[f] for f in named) else "not here"
            yield f"{edition['program']}/{edition['name']} revision {edition['revision']}: the sources that judged are {here}"
        if self.wrong:
            yield from [*(f"FAIL {what}" for what in self.wrong), "FAILED"]
        else:
            yield "PASS records: they agree with one another and with packet.json, and the files with the manifest"
            yield "NOT CHECKED pages, rules and answers: they are as the packet was made with them, and under no checkpoint"
            yield from self.proofs.told()


def main() -> int:
    """Check what the command line names, and say what was found; the exit code."""
    asked, here, what = ArgumentParser(description=__doc__.partition("\n")[0]), Path(__file__).resolve().parent, "NO CHECK"
    asked.add_argument("packet", nargs="?", type=Path, default=here, help="a zip or a folder; by default the one this is in")
    more: Any = {"type": Path, "action": "append", "default": [], "metavar": "FILE"}
    asked.add_argument("--key", **more, help="whose signatures to look for: lines such as name+01234567+AbCd...")
    asked.add_argument("--anchor", **more, help="a checkpoint of the ledger that was kept elsewhere; may be given again, as --key")
    given, keys, anchors = asked.parse_args(), list[Any](), list[Any]()
    try:
        files, proofs = (run_path(str(here / name)) for name in ("files.py", "proofs.py"))
        for path in given.key:
            what = f"NO CHECK, {path}"
            keys += proofs["read_keys"](path.read_text("utf-8"))
        for path in given.anchor:
            what = f"NO CHECK, {path}"
            anchors.append(proofs["read_mailed"](path.read_bytes()))
        check, what = Check(proofs["Proofs"](keys, anchors)), "NO PACKET"
        check.files(files["laid_out" if given.packet.is_dir() else "unzipped"](given.packet))
        lines, code = [*check.told()], 1 if check.wrong else 3 if check.proofs.in_vain else 0
    except Exception as refused:  # noqa: BLE001 (whatever a stranger's file brings about)
        lines, code = [f"{what}: {refused} ({type(refused).__name__})"], 2
    print("\n".join(ascii(line)[1:-1] for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
