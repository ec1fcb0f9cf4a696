"""The auditor's own copies of the documents: read only where the digest is the one that a program names.

Lines count from 1 and end at a line feed, as in the texts that the authors of plugins worked from.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from candidacy.errors import InputError, Problem, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.authority import Authority
    from candidacy.citation import Citation
    from candidacy.decision import Json
    from candidacy.program import Edition, Program

LARGEST = 16_777_216
"""Bytes of a copy at most: a larger file is named and not read."""


@attrs.frozen
class Source:
    """A document that programs are taken from.

    Attributes:
        editions: those that name it, with their revisions, as ``widgets/2004 r1``.
        requirements: how many requirements of these editions cite it, each once.
    """

    authority: Authority
    editions: tuple[str, ...]
    requirements: int

    def as_data(self) -> Json:
        """As plain values; an empty digest where the text is not held."""
        of = self.authority
        return {
            "title": of.title,
            "publisher": of.publisher,
            "dated": str(of.dated) if of.dated else None,
            "sha256": of.sha256,
            "obtain": of.obtain,
            "editions": list(self.editions),
            "requirements": self.requirements,
        }


@attrs.frozen
class Cited:
    """The lines that a citation names, out of a copy with the digest of its document.

    Attributes:
        file: the name of the copy; "" where none has the digest, and then there are no lines.
        lines: the number of each cited line, and what stands there.
        needed: which document is needed, its digest and how to obtain it; what else is wrong; "" where all is there.
    """

    citation: str
    file: str
    lines: tuple[tuple[int, str], ...]
    needed: str = ""

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "lines": [{"line": n, "text": text} for n, text in self.lines]}


@attrs.frozen
class Copies:
    """The files of a folder, as far as a program names their digests.

    Attributes:
        texts: by digest, the name of the file and its lines.
        others: names of the files that no document is, each with its digest.
        unread: names of the files that were not read, each with the reason.
    """

    folder: str
    texts: dict[str, tuple[str, tuple[str, ...]]] = attrs.field(repr=False)
    others: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    def cited(self, citation: Citation, authority: Authority | None) -> Cited:
        """What a citation names, out of the copy that has the digest of *authority*, the document it names."""
        said = str(citation)
        if authority is None:
            return Cited(said, "", (), f"no program that is installed says which text {citation.document} is")
        name, text = self.texts.get(authority.sha256, ("", ()))
        if not authority.sha256:
            why = "the author of the program did not hold its text, so that there is no digest"
            return Cited(said, "", (), f"no copy of {citation.document} can be checked: {why}; to obtain it: {authority.obtain}")
        if citation.section:
            return Cited(
                said, name, (), f"it is cited by its section, and only lines can be printed; to obtain it: {authority.obtain}"
            )
        if not name:
            return Cited(said, "", (), f"no file in {self.folder} is {needed(authority)}")
        wanted = [n for first, last in citation.lines for n in range(first, last + 1)]
        lines = tuple((n, text[n - 1]) for n in wanted if n <= len(text))
        short = f"{name} has {len(text)} lines; the citation names lines after its end"
        return Cited(said, name, lines, short if len(lines) < len(wanted) else "")

    def as_data(self) -> Json:
        """Which files were found to be which documents, and which were none."""
        return {
            "folder": self.folder,
            "documents": [{"sha256": digest, "file": name} for digest, (name, _) in sorted(self.texts.items())],
            "others": [{"file": name, "sha256": digest} for name, digest in self.others],
            "not_read": [{"file": name, "why": why} for name, why in self.unread],
        }


def needed(authority: Authority) -> str:
    """A document that is missing: its title, digest, and how to obtain it."""
    return f"{authority.title} (SHA-256 {authority.sha256}); to obtain it: {authority.obtain}"


def copies(folder: str, programs: Iterable[Program]) -> Copies:
    """The files in a folder, not those in folders inside it, whatever they are called.

    Raises:
        InputError: there is no such folder, or it cannot be read.
    """
    named = {a.sha256 for p in programs for e in p.editions for a in e.authorities} - {""}
    texts: dict[str, tuple[str, tuple[str, ...]]] = {}
    others, unread = list[tuple[str, str]](), list[tuple[str, str]]()
    for path in _files(folder):
        try:
            raw = _read(path)
        except OSError as wrong:
            unread.append((path.name, f"it cannot be read ({why(wrong)})"))
            continue
        if len(raw) > LARGEST:
            unread.append((path.name, f"it has more than {LARGEST} bytes"))
            continue
        digest = sha256(raw).hexdigest()
        if digest not in named:
            others.append((path.name, digest))
        elif digest not in texts:
            texts[digest] = path.name, tuple(_lines(raw))
    return Copies(folder, texts, tuple(others), tuple(unread))


def _files(folder: str) -> list[Path]:
    try:
        return sorted(path for path in Path(folder).iterdir() if path.is_file())
    except OSError as wrong:
        found = f"{folder}, which cannot be read as a folder ({why(wrong)})"
        raise InputError([Problem("--authorities", found, "a folder with your own copies of the documents")]) from None


def _read(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _lines(raw: bytes) -> Iterator[str]:
    """The lines of a text; what is no UTF-8 and what a terminal would obey is replaced."""
    for line in raw.decode("utf-8", errors="replace").split("\n"):
        yield "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line.removesuffix("\r").removeprefix("\ufeff"))


def authority_of(edition: Edition | None, citation: Citation | None) -> Authority | None:
    """The document of an edition that a citation names; None where the edition names none of that title."""
    if edition is None or citation is None:
        return None
    return next((a for a in edition.authorities if a.title == citation.document), None)


def sources(programs: Iterable[Program]) -> tuple[Source, ...]:
    """Every document that the editions of *programs* name, in the order in which they first do."""
    named: dict[Authority, list[Edition]] = {}
    for edition in (e for program in programs for e in program.editions):
        for authority in edition.authorities:
            named.setdefault(authority, []).append(edition)
    return tuple(
        Source(
            authority,
            tuple(f"{e.id} r{e.revision}" for e in editions),
            len({rule.id for e in editions for rule in e.rules if rule.citation.document == authority.title}),
        )
        for authority, editions in named.items()
    )
