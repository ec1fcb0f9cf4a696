"""What is written about a plugin, looked at: citations, numbers, statements, docstrings."""

from __future__ import annotations

import csv
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from candidacy._golden import golden
from candidacy._skeleton import PLACEHOLDERS
from candidacy.catalogue import NOT_YET
from candidacy.errors import CandidacyError
from candidacy.sqlite import SqliteLedger
from candidacy.workdays import WORK_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from candidacy.citation import Citation
    from candidacy.program import Edition, Program
    from candidacy.registry import Registry

SHA256 = re.compile("[0-9a-f]{64}")
REQUIREMENTS = "requirements.csv"
"""The table of requirements that a plugin is made from, with a column ``id``."""


def cited(edition: Edition) -> Iterator[tuple[str, Citation]]:
    """Everything in an edition that cites a document: its name, and the place."""
    for rule in edition.rules:
        yield f"rule {rule.id}", rule.citation
    for parameter in edition.parameters:
        yield from ((f"parameter {parameter.name!r}", value.citation) for value in parameter.values)
    groups: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("clock", edition.clocks), ("calendar", edition.calendars), ("confidentiality class", edition.confidential),
    )  # fmt: skip
    yield from ((f"question {q.id}", q.citation) for q in edition.questions)
    yield from ((f"what is waivable of {w.rule.id}", w.citation) for w in edition.waivers)
    yield from ((f"{what} {of.name}", of.citation) for what, found in groups for of in found)
    yield from ((f"statement {s.id}", s.citation) for s in edition.catalogue)


def wrong_citations(edition: Edition, folder: Path) -> Iterator[str]:
    """P601: what cannot be looked up."""
    documents = {a.title: a for a in edition.authorities}
    if not documents:
        yield f"edition {edition.id} lists no authorities; needed every document that it cites"
        return
    by_lines = dict[str, str]()
    for name, citation in cited(edition):
        if citation.document not in documents:
            yield f"{name} cites {citation.document!r}, which is none of the authorities of edition {edition.id}"
        elif citation.lines:
            by_lines.setdefault(citation.document, name)
        if not all(citation.requirements):
            yield f"{name} cites no requirement id"
    for authority in edition.authorities:
        title = f"the authority {authority.title!r}"
        lacking = [n for n in ("title", "publisher", "obtain") if not getattr(authority, n).strip()]
        yield from (f"{title} has no {name}" for name in lacking)
        yield from (f"{title} has the {name} {words!r}, as the skeleton wrote it; needed your own words"
                    for name, words in PLACEHOLDERS.items() if getattr(authority, name) == words)  # fmt: skip
        if authority.title in by_lines and not SHA256.fullmatch(authority.sha256):
            yield f"{title} is cited by lines ({by_lines[authority.title]}), and has no sha256 of the text worked from"
    yield from _wrong_copies(edition, folder)


def _wrong_copies(edition: Edition, folder: Path) -> Iterator[str]:
    """Citations beyond the end of the copies that lie in ``authorities``."""
    copies = {}
    for file in sorted((folder / "authorities").glob("*")):
        if file.is_file():
            content = file.read_bytes()
            copies[sha256(content).hexdigest()] = len(content.splitlines())
    digests = {a.sha256 for a in edition.authorities}
    if copies and any(digests - {""}) and not digests & copies.keys():
        yield f"no file in `authorities/` has the digest of a document of edition {edition.id}; `sha256sum` prints theirs"
    lengths = {a.title: copies[a.sha256] for a in edition.authorities if a.sha256 in copies}
    for name, citation in cited(edition):
        length = lengths.get(citation.document)
        last = max((last for _, last in citation.lines), default=0)
        if length is not None and last > length:
            yield f"{name} cites line {last} of {citation.document!r}, whose copy has {length}"


def wrong_numbers(edition: Edition, asked: set[str]) -> Iterator[str]:
    """P602: numbers without a day, a source or a place in the edition; *asked*, names of those that rules asked for in vain.

    A day beyond a table of work days is asked for in the same way, and is no fault: the rule is undetermined then.
    """
    listed = {p.name for p in edition.parameters}
    yield from (f"a rule of edition {edition.id} asks for the parameter {name!r}, which is not listed in its `parameters`"
                for name in sorted(asked - listed) if not name.startswith(f"{WORK_DAYS} of the "))  # fmt: skip
    for parameter in edition.parameters:
        if not parameter.unit.strip():
            yield f"parameter {parameter.name!r} has no unit"
        if not parameter.values and not parameter.reading:
            yield f"parameter {parameter.name!r} has no value, and no reading that says who could set one"
        if parameter.values and parameter.on(edition.in_force) is None:
            first = parameter.values[0].since
            yield (f"parameter {parameter.name!r} has a first value from {first} on, after edition {edition.id} is in force "
                   f"({edition.in_force}): its cases have none")  # fmt: skip


def wrong_coverage(editions: list[Edition], owners: set[str]) -> Iterator[str]:
    """P603: statements that nothing was decided about, and ids that are cited and in no catalogue.

    Args:
        owners: for whom the plugin speaks: only of their documents every id has to be a statement.
    """
    there = {(s.citation.document, s.id) for e in editions for s in e.catalogue}
    if editions and not there:
        yield f"no edition ({', '.join(e.id for e in editions)}) has a catalogue; needed every statement of its documents"
        return
    for edition in editions:
        yield from (f"statement {s.id} of edition {edition.id} is not modelled yet" for s in edition.catalogue if NOT_YET in s.by)
        own = {a.title for a in edition.authorities if a.owner in owners}
        for name, citation in cited(edition):
            for one in citation.requirements:
                if citation.document in own and (citation.document, one) not in there:
                    yield f"{name} cites {one}, which is no statement in a catalogue"


def wrong_table(programs: list[Program], folder: Path) -> Iterator[str]:
    """P603, of the table: rows of ``requirements.csv`` that no catalogue has, and the other way round."""
    file = folder / REQUIREMENTS
    if not file.is_file():
        return
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
        wanted = [row["id"].strip() for row in rows if (row["id"] or "").strip()]
    except (UnicodeDecodeError, KeyError, csv.Error):
        yield f"{REQUIREMENTS} is no table in UTF-8 with a column `id`"
        return
    there = {s.id for p in programs for e in p.editions for s in e.catalogue}
    yield from (f"{REQUIREMENTS} has {one}, which no catalogue has" for one in dict.fromkeys(wanted) if one not in there)


def no_readme(folder: Path) -> Iterator[str]:
    """P604: that there is no README."""
    if not any(folder.glob("README*")):
        yield "found no README in the folder"


def wrong_words(edition: Edition, package: str) -> Iterator[str]:
    """P604: what a reader would look for in an edition and not find."""
    for kind in edition.entered_by:
        if kind.__module__.partition(".")[0] == package and not (kind.__doc__ or "").strip():
            yield f"event {kind.type_name} has no docstring"
    yield from (f"question {q.id} has no words" for q in edition.questions if not q.asks.strip())


def wrong_golden(place: Path, registry: Registry) -> Iterator[str]:
    """P605: what kept ledgers are answered otherwise, and what the same revision declares otherwise."""
    try:
        found = golden(place, registry)
    except CandidacyError as wrong:
        yield str(wrong)
        return
    for ledger in found.ledgers:
        if ledger.damaged:
            yield f"{ledger.name}: {ledger.damaged}"
            continue
        yield from (f"{ledger.name}: {why}" for why in ledger.untold)
        for change in ledger.changes:
            of = change.divergence
            what = f"{ledger.name}: record {of.index} ({of.type_name}) is answered otherwise"
            if "revision" not in of.changed:
                yield f"{what} under the same revision of edition {of.edition}: raise it"
            elif change.wrong:
                yield f"{what}, and {change.wrong}"
        yield from (f"{ledger.name}: intended.json names {key}, whose answer does not differ" for key in ledger.stale)
        yield from _declared_otherwise(place / ledger.name, ledger.name, registry)


def _declared_otherwise(path: Path, name: str, registry: Registry) -> Iterator[str]:
    told = set[str]()
    with SqliteLedger(path, read_only=True) as ledger:
        for record in ledger.records():
            if not record.case:  # the first one is about the ledger
                continue
            edition = registry.edition(record.edition)
            if edition is None or not edition[1] or edition[0].declared == record.edition["declared"] or edition[0].id in told:
                continue
            told.add(edition[0].id)
            yield f"{name}: edition {edition[0].id} declares something else under the same revision {edition[0].revision}: raise it"
