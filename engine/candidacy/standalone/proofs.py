"""Checks the checkpoints and proofs in a packet, for verify.py beside it: RFC 6962 trees, C2SP notes; signatures by openssl."""

import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from functools import reduce
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

NUMBER, HASH, LINE = r"(?:0|[1-9][0-9]{0,15})", r"[A-Za-z0-9+/]{43}=", r"[^\0-\x1f]+\n"
NOTE = re.compile(rf"((?P<origin>[^\0-\x1f]+)\n(?P<size>{NUMBER})\n(?P<root>{HASH})\n(?:{LINE})*)\n"
                  r"((?:\u2014 [^\s+\0-\x1f\x7f]+ [A-Za-z0-9+/]+=*\n){1,100})")  # fmt: skip
PROOF = re.compile(rf"c2sp\.org/tlog-proof@v1\nindex (?P<index>{NUMBER})\n(?P<path>(?:{HASH}\n){{0,63}})\n")
KEY = re.compile(r"(?P<name>[^\s+\0-\x1f\x7f]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]{44})")
ED25519 = bytes.fromhex("302a300506032b6570032100")  # what stands before such a key in DER, RFC 8410
LARGEST_NOTE, ID, SIGNATURE = 65_536, 4, 64  # bytes


class Note(NamedTuple):
    """A checkpoint: so many records had this root; and its signatures, each with a name and its bytes."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...]

    def signed_by(self, keys: Sequence["Key"]) -> Iterator[tuple[bytes, bytes]]:
        """Each signature that says it is of one of *keys*, and that key."""
        of = {(key.name, key.id): key.public for key in keys}
        yield from ((of[name, by[:ID]], by[ID:]) for name, by in self.signatures if (name, by[:ID]) in of)


class Key(NamedTuple):
    """Whose signatures are looked for; the id stands in front of each."""

    name: str
    id: bytes
    public: bytes


def exact(text: str) -> bytes:
    """The bytes that *text* is in base 64, which must be written in the one way."""
    found = b64decode(text, validate=True)
    if b64encode(found).decode() != text:
        raise ValueError("what is no base 64 in the one way to write it")
    return found


def read_note(raw: bytes) -> Note:
    """The checkpoint that *raw* is. Raises ValueError: it is none."""
    found = NOTE.fullmatch(raw.decode()) if len(raw) <= LARGEST_NOTE else None
    signed = [line[2:].split(" ") for line in found[5].splitlines()] if found else []
    if not found or found["size"] == "0" or any(len(exact(value)) <= ID for _, value in signed):
        raise ValueError("it is no checkpoint")
    signatures = tuple((name, exact(value)) for name, value in signed)
    return Note(found[1], found["origin"], int(found["size"]), exact(found["root"]), signatures)


def read_mailed(raw: bytes) -> Note:
    """The checkpoint that *raw* is once the line ends, which mail changes, are as they were. Raises ValueError: it is none."""
    lines = raw[: 2 * LARGEST_NOTE].removeprefix(b"\xef\xbb\xbf").rstrip().split(b"\n")
    return read_note(b"\n".join(line.rstrip(b" \t\r") for line in lines) + b"\n")


def read_keys(text: str) -> list[Key]:
    """The key in each line. Raises ValueError: one is no Ed25519 key to check signatures with."""
    keys = list[Key]()
    for found in map(KEY.fullmatch, text.removeprefix("\ufeff").split() or [""]):
        name, key = (found["name"], exact(found["key"])) if found else ("", b"")
        id_ = sha256(name.encode() + b"\n" + key).digest()[:ID]
        if not found or key[:1] != b"\1" or id_.hex() != found["id"]:
            raise ValueError("what is no key to check signatures with; needed lines such as name+01234567+AbCd...")
        keys.append(Key(name, id_, key[1:]))
    return keys


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\1" + left + right).digest()


def climbed(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that *path* leads to, from the leaf at *index* of *size*; b"" where it is too long or too short."""
    if size == 1 or not path:
        return leaf if size == 1 and not path else b""
    left = 1 << (size - 1).bit_length() - 1  # the largest power of two below the size
    if index < left:
        below = climbed(leaf, index, left, path[:-1])
        return below and node(below, path[-1])
    below = climbed(leaf, index - left, size - left, path[:-1])
    return below and node(path[-1], below)


def is_signed(text: str, key: bytes, signature: bytes) -> bool | None:
    """Whether openssl finds *signature* over *text* right; None where it cannot tell, or is not there."""
    program = shutil.which("openssl")
    if program is None or len(signature) != SIGNATURE:
        return None if program is None else False
    with TemporaryDirectory() as private:
        pem, of, by = (Path(private, name) for name in ("key.pem", "text", "signature"))
        pem.write_text(f"-----BEGIN PUBLIC KEY-----\n{b64encode(ED25519 + key).decode()}\n-----END PUBLIC KEY-----\n")
        of.write_bytes(text.encode())
        by.write_bytes(signature)
        command = [program, "pkeyutl", "-verify", "-pubin", "-inkey", str(pem), "-rawin", "-in", str(of), "-sigfile", str(by)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 (found by its name)
        except (OSError, subprocess.SubprocessError):
            return None
    said = (done.returncode == 0, "Verified Successfully" in done.stdout, "Verification Failure" in done.stdout + done.stderr)
    return {(True, True, False): True, (False, False, True): False}.get(said)


class Proofs:
    """The checkpoints in a packet and what they prove of its records. Records come first, then the files, in order."""

    def __init__(self, keys: Sequence[Key] = (), anchors: Sequence[Note] = ()) -> None:
        """*keys*: to check signatures with. *anchors*: checkpoints that were kept elsewhere."""
        self.keys, self.anchors = keys, anchors
        self.ledger, self.listed, self.sizes, self.part, self.wanted = "", list[dict[str, Any]](), list[int](), False, set[int]()
        self.count, self.peaks, self.roots, self.leaves = 0, list[bytes](), dict[int, bytes](), dict[int, bytes]()
        self.notes, self.raw, self.proved = dict[int, Note](), dict[int, bytes](), set[int]()
        self.anchored, self.signed, self.in_vain = 0, 0, list[str]()

    @property
    def newest(self) -> int:
        """Of how many records the newest checkpoint is that packet.json lists; 0 where it lists none."""
        return max(self.sizes, default=0)

    def said(self, about: dict[str, Any]) -> None:
        """What packet.json says: it comes before the records."""
        self.ledger, self.listed, self.part = about["ledger"], about.get("checkpoints", []), about["part"] is True
        self.sizes = [c["size"] for c in self.listed if type(c["size"]) is int]
        self.wanted = {*self.sizes, *(anchor.size for anchor in self.anchors)}

    def record(self, index: int, leaf: bytes) -> None:
        """One more record. Only the whole of a ledger has the roots; of a part, leaves are kept to be proved."""
        self.count += 1
        if self.part and index < self.newest:
            self.leaves[index] = leaf
        if self.part or not self.wanted:
            return
        self.peaks.append(leaf)
        for _ in range((self.count & -self.count).bit_length() - 1):  # as many subtrees are complete now
            self.peaks[-2:] = [node(*self.peaks[-2:])]
        if self.count in self.wanted:
            self.roots[self.count] = reduce(lambda right, left: node(left, right), reversed(self.peaks))

    def file(self, name: str, raw: bytes) -> list[str]:
        """One more file in checkpoints/ or proofs/; what is wrong with it."""
        try:
            if name.startswith("proofs/"):
                return [f"{name}: {what}" for what in self._proof(name, raw)]
            note = read_note(raw)
        except ValueError:
            return [f"{name}: it is no {'proof' if name.startswith('proofs/') else 'checkpoint'}, or not written in the one way"]
        self.notes[note.size], self.raw[note.size] = note, raw
        return [f"{name}: it is of {note.size} records"] * (name != f"checkpoints/{note.size}")

    def _proof(self, name: str, raw: bytes) -> Iterator[str]:
        found = PROOF.match(raw.decode())
        if not found:
            raise ValueError("it is no proof")
        index, path = int(found["index"]), [exact(line) for line in found["path"].split()]
        self.proved.add(index)
        yield from [f"it is of record {index}"] * (name != f"proofs/{index}.tlog-proof")
        same = raw[found.end() :] == self.raw.get(self.newest)
        yield from [] if same else ["it does not end with the newest checkpoint here"]
        if index not in self.leaves:
            yield f"record {index} is not here, or not under the newest checkpoint, or the packet is no part"
        elif same and climbed(self.leaves[index], index, self.newest, path) != self.notes[self.newest].root:
            yield f"it does not lead from record {index} to the root of the newest checkpoint"

    def compared(self, in_ledger: int) -> Iterator[str]:
        """What is wrong once all files are read."""
        here = [{"size": size, "root": self.notes[size].root.hex()} for size in sorted(self.notes)]
        if self.sizes != sorted(self.notes) or self.listed != here:
            yield "packet.json: its 'checkpoints' are not those that are here"
        yield from ["checkpoints: they are of different origins"] * (len({note.origin for note in self.notes.values()}) > 1)
        for size, note in sorted(self.notes.items()):
            yield from [f"checkpoints/{size}: it is of another ledger"] * (note.origin.rpartition("/")[2] != self.ledger)
            if size > in_ledger:
                yield f"checkpoints/{size}: packet.json says that the ledger has {in_ledger} records"
            elif not self.part and self.roots.get(size) != note.root:
                yield f"checkpoints/{size}: its root is not that of the first {size} records"
        yield from (
            f"record {index}: no proof of it is here, but a checkpoint of it" for index in sorted({*self.leaves} - self.proved)
        )
        for anchor in self.anchors:
            yield from self._anchored(anchor, in_ledger)
        yield from self._signed() if self.keys else ()

    def _anchored(self, anchor: Note, in_ledger: int) -> Iterator[str]:
        size, root = anchor.size, self.roots.get(anchor.size)
        if self.part:  # it has no roots of its own: its records are proved under the newest checkpoint
            root = self.notes[size].root if size in self.notes else None
        if anchor.origin.rpartition("/")[2] != self.ledger:
            yield "the anchor is of another ledger"
        elif size > in_ledger:
            yield f"the anchor is of {size} records, and packet.json says that the ledger has {in_ledger}"
        elif root != anchor.root and (root or not self.part):
            yield f"the anchor has another root of the first {size} records"
        elif self.part and size != self.newest:
            self.in_vain.append(
                f"anchor: it is of {size} records; what is part of a ledger is proved under its newest checkpoint alone"
            )
        else:
            self.anchored = max(size, self.anchored)

    def _signed(self) -> Iterator[str]:
        newest, untold = f"checkpoints/{self.newest}", False
        notes = {f"checkpoints/{size}": note for size, note in sorted(self.notes.items())}
        for where, note in [*notes.items(), *(("the anchor", anchor) for anchor in self.anchors)]:
            found = {is_signed(note.text, key, value) for key, value in note.signed_by(self.keys)}
            self.signed += found == {True} and where in notes
            untold = untold or None in found
            if False in found:
                yield f"{where}: a signature of a key that was given is not right"
            elif not found and where in {newest, "the anchor"}:
                yield f"{where}: none of the keys that were given signed it{', the newest' * (where == newest)}"
        if untold or not notes:
            self.in_vain.append(f"signatures: there is no {'openssl that can check them' if untold else 'checkpoint here'}")

    def told(self) -> Iterator[str]:
        """What was found where nothing is wrong, what could not be checked, and in the end whether it is anchored."""
        covered = len(self.leaves) if self.part else self.newest
        if self.notes:
            newest = f"the newest checkpoint of {self.notes[self.newest].origin}, of {self.newest} records"
            yield f"PASS checkpoints: {covered} records here are under {newest}; {self.count - covered} newer ones are under none"
        else:
            yield "NOT CHECKED checkpoints: there are none here"
        if self.part and len(self.notes) > 1:
            yield "NOT CHECKED checkpoints: whether the ledger went on from the older ones, which no part of it can show"
        if self.signed:
            yield f"PASS signatures: of {self.signed} of {len(self.notes)} checkpoints, the newest with them"
        yield from ["NOT CHECKED signatures: no key was given"] * (not self.keys)
        yield from (f"NOT CHECKED {what}" for what in self.in_vain)
        newer = self.count - (covered if self.part else self.anchored)
        if self.anchored:
            yield f"ANCHORED to record {self.anchored - 1}: it agrees with what was kept elsewhere; {newer} newer records are not"
        else:
            yield (
                "NOT ANCHORED: it agrees with itself; now compare the zip's SHA-256 with the one you were given, "
                "or give --anchor a checkpoint that was kept elsewhere"
            )
