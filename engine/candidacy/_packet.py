"""Packets: what an auditor takes along of a ledger, in one zip that can be checked without us."""

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import attrs

from candidacy._audit import Audit, audit
from candidacy._coverage import markdown
from candidacy._packet_checkpoints import Checkpoints
from candidacy._report import report
from candidacy._report_pdf import pdf_of_case
from candidacy._rules_text import rules_text
from candidacy._schemas import schemas, written
from candidacy.errors import DamagedRecordError, InputError, LedgerError, Problem
from candidacy.ledger import Ledger, Row, row_of
from candidacy.packet_ledger import HeldRecords
from candidacy.placing import in_place
from candidacy.program import Program
from candidacy.record import Record
from candidacy.registry import Registry, discover
from candidacy.strict import shown
from candidacy.zipped import write

FORMAT = 1
"""Of packet.json and of what stands in a packet."""
MANIFEST, ABOUT, RECORDS = "MANIFEST.sha256", "packet.json", "records.jsonl"
VERIFIER = ("files.py", "proofs.py", "verify.py")
README = """\
A packet of records from a ledger of Candidacy
==============================================

What is in it
  packet.json      what this packet is: the ledger, how many records, which cases, the newest record of each, the editions
                   with their digests, and what an audit answered when the packet was made
  records.jsonl    every record exactly as it was hashed, a line each, in order of entry
  programs/        the rules of each program as text, with citations
  coverage/        what becomes of each statement of a program's documents
  sources/         the source files that decide, and for each edition a list of their digests; the digest of that list is what
                   each record names as the code it was judged by
  schemas/         JSON Schemas of records, commands and events
  report/          the audit as pages for a browser: begin with index.html
  pdf/             each case as a PDF, named by the index of its first record, where they were asked for
  checkpoints/     checkpoints of the ledger: how many records it had and what the root over them was, as signed notes (C2SP)
  proofs/          of a part of a ledger, for each record the proof that it stands in the ledger of the newest checkpoint (C2SP)
  verify.py        a program that checks all of this, with files.py and proofs.py; needs Python 3.11 and nothing else
  MANIFEST.sha256  the SHA-256 of every other file

How to check it
  1. Compare the SHA-256 of the zip file with the one you were given by another way: sha256sum PACKET.zip
  2. Unpack it into an empty folder and ask there: sha256sum -c MANIFEST.sha256
  3. Ask the program, with the zip or in the folder: python3 -I -S verify.py
     You may fetch its three files from elsewhere, or read them: they are short.
  4. If you keep a checkpoint of the ledger from earlier: python3 -I -S verify.py --anchor FILE
     If you were given the ledger's key by another way: python3 -I -S verify.py --key FILE (signatures are checked by openssl)

What the answers mean
  The second and the third say whether the packet agrees with itself: nothing lost, added, moved or altered in it since it was
  made. They cannot say more: whoever can write all of it can make all of it agree, checkpoints and all; so they end with NOT
  ANCHORED. That it is the packet that was made, only the first can tell.
  ANCHORED means that the records are those over which the checkpoint was signed that you kept, up to the record that is named.
  It says nothing of newer ones. A signature says that whoever has the key signed: NOT CHECKED without a key, or without openssl.
  Of a packet of some cases, whether the ledger's other records are as they were cannot be told. Under a checkpoint its proofs
  tell that the records here stand in that ledger; they do not tell that a case has no later record.
"""


@attrs.frozen
class Packet:
    """A packet that was made.

    Attributes:
        sha256: of the zip, in hexadecimal, to be kept elsewhere.
        about: what its packet.json says.
        files: how many it holds.
    """

    path: Path
    sha256: str
    about: dict[str, Any]
    files: int
    left_out: int = 0
    """How many checkpoints that the ledger keeps are of another origin than its newest, and so not in it."""


def packet(  # noqa: PLR0913 (what a packet can be made of)
    ledger: Ledger,
    path: str | Path,
    registry: Registry | None = None,
    *,
    cases: Collection[str] | None = None,
    pdf: bool = False,
    checkpoints: Iterable[bytes] = (),
) -> Packet:
    """Make a packet of *ledger* in the new file *path*: whole, or not at all.

    The same records, checkpoints and programs give the same bytes.

    Args:
        registry: the programs; those of the installed plugins by default.
        cases: only these, with record 0; all by default.
        pdf: each case as a PDF, too (extra ``reports``).
        checkpoints: signed notes that go into it beside those that the ledger keeps.

    Raises:
        InputError: naming every one of *cases* that the ledger does not have, and what is wrong with *checkpoints*; or what
            makes the PDFs is not installed.
        DamagedRecordError, LedgerError: the ledger does not verify, or has not the root that a checkpoint says; no packet is
            made of one that does not.
        OutputError: something is at *path*, it cannot be written, or it would be too large.
    """
    registry, noted = registry if registry is not None else discover(), Checkpoints(ledger, checkpoints)
    size = ledger.size()
    if unknown := sorted(case for case in set(cases or ()) if ledger.head(case)[0] == 0):
        raise InputError(
            [Problem("--case", f"{shown(case)}, which the ledger does not have", "a case of the ledger") for case in unknown]
        )
    if (short := getattr(ledger, "short", "")) and not getattr(ledger, "partial", False):
        raise LedgerError(f"no packet is made of a ledger that may be short: {short}")
    with in_place(path) as making, TemporaryDirectory(prefix=f"{making.name}.", dir=making.parent) as given:
        folder = Path(given)
        taken = _Taken(ledger, size, cases, noted)
        with HeldRecords(lambda keep: taken.into(folder / RECORDS, keep), str(path), partial=taken.chosen) as held:
            held.in_ledger = taken.in_ledger
            judged = audit(held, registry)
            if failures := judged.verification.failures:
                raise DamagedRecordError(failures[0].index, failures[0].what)
            noted.compare()
            programs = [registry.programs[name] for name in taken.programs if name in registry.programs]
            for name, text in _texts(registry, programs):
                _put(folder / name, text)
            report(held, registry, judged, folder / "report", cases=taken.cases)
            if pdf:
                for records in held.by_case():
                    _put(folder / "pdf" / f"{records[0].index}.pdf", pdf_of_case(held, registry, records[0].case))
        for name, text in noted.files(taken.leaves if taken.part else None):
            _put(folder / name, text)
        about = taken.about(judged)
        _put(folder / ABOUT, json.dumps(about, indent=1, sort_keys=True, ensure_ascii=True).encode() + b"\n")
        _put(folder / MANIFEST, b"".join(f"{_sha256(file)}  {name}\n".encode() for name, file in _files(folder)))
        files = dict(_files(folder))
        write(making, files)
        return Packet(Path(path), _sha256(making), about, len(files), noted.left_out)


def _texts(registry: Registry, programs: list[Program]) -> Iterator[tuple[str, bytes]]:
    """What stands in a packet beside the records: by name, and written once, however often it is named."""
    yield "README.txt", README.encode()
    for name in VERIFIER:
        yield name, (Path(__file__).parent / "standalone" / name).read_bytes()
    for program in programs:
        name = quote(program.name, safe="")
        yield f"programs/{name}.txt", "".join(f"{line}\n" for line in rules_text(program)).encode()
        yield f"coverage/{name}.md", markdown(program).encode()
    for name, schema in schemas(Registry.of(*programs)).items():
        yield f"schemas/{name}", written(schema).encode()
    sources = dict[str, Path]()
    for edition in (edition for program in programs for edition in program.editions):
        yield (
            f"sources/{quote(edition.program, safe='')}-{quote(edition.name, safe='')}-r{edition.revision}.sha256",
            registry.listed(edition),
        )
        sources |= registry.sources(edition)
    yield from ((f"sources/{name}", file.read_bytes()) for name, file in sources.items())


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Everything that is there, by name."""
    return sorted((file.relative_to(folder).as_posix(), file) for file in folder.rglob("*") if file.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


class _Taken:
    """The records that are taken, and what is to be said of them once all are."""

    def __init__(self, ledger: Ledger, size: int, cases: Collection[str] | None, noted: Checkpoints) -> None:
        self._ledger, self._size, self._cases = ledger, size, None if cases is None else frozenset(cases)
        in_ledger = getattr(ledger, "in_ledger", None)
        self.in_ledger = size if in_ledger is None else int(in_ledger)
        self.chosen = cases is not None or bool(getattr(ledger, "partial", False))
        self.heads, self.editions = dict[str, dict[str, Any]](), dict[str, int]()
        self.count, self.newest = 0, dict[str, Any]()
        self.noted, self.leaves = noted, dict[int, bytes]()

    @property
    def part(self) -> bool:
        """Whether the ledger has more."""
        return self.count != self.in_ledger

    @property
    def cases(self) -> list[str] | None:
        """The cases that are here, where they are some of a ledger's; None where they are all."""
        return sorted(self.heads) if self.chosen else None

    @property
    def programs(self) -> list[str]:
        """The names of the programs that the records name."""
        return sorted({json.loads(edition)["program"] for edition in self.editions})

    def into(self, path: Path, keep: Callable[[Row], None]) -> None:
        """Write each record as it was hashed, a line each, and hand it over."""
        with path.open("xb") as file:
            for record in self._records():
                file.write(record.raw + b"\n")
                keep(row_of(record))

    def _records(self) -> Iterator[Record]:
        for record in self._ledger.records():
            if record.index >= self._size:
                return  # entered since we began
            self.noted.record(record.leaf)
            if record.index and self._cases is not None and record.case not in self._cases:
                continue
            if self.chosen:
                self.leaves[record.index] = record.leaf
            leaf = record.leaf.hex()
            self.count, self.newest = self.count + 1, {"index": record.index, "leaf": leaf}
            if record.index:
                self.heads[record.case] = {"version": record.version, "leaf": leaf}
                edition = json.dumps(record.edition, sort_keys=True)
                self.editions[edition] = self.editions.get(edition, 0) + 1
            yield record

    def about(self, judged: Audit) -> dict[str, Any]:
        """What packet.json says."""
        return {
            "format": FORMAT,
            "ledger": self._ledger.id,
            "zone": str(self._ledger.zone),
            "records_in_ledger": self.in_ledger,
            "records_here": self.count,
            "part": self.part,
            "cases": "all" if self.cases is None else self.cases,
            "newest": self.newest,
            "heads": self.heads,
            "checkpoints": self.noted.listed(),
            "editions": [{**json.loads(edition), "records": n} for edition, n in sorted(self.editions.items())],
            "audit": _judged(judged),
            "made_with": {**dict(judged.versions), "zlib": zlib.ZLIB_RUNTIME_VERSION},
        }


def _judged(found: Audit) -> dict[str, Any]:
    """The audit's answer, and which records it does not find as they were."""
    return {
        "answer": found.answer,
        "digest": found.digest,
        "identical": found.identical,
        "accepted": found.accepted,
        "refused": found.refused,
        "divergent": [divergence.index for divergence in found.divergent],
        "cannot_be_told": [untold.index for untold in found.untold],
        "notes": list(found.notes),
    }
