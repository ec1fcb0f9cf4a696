"""Where the documents are, and what stands in the auditor's own copies of them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli.shared import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from candidacy._texts import Cited, Copies, Source
    from candidacy.citation import Citation
    from candidacy.decision import Json
    from candidacy.program import Edition, Program
    from candidacy.registry import Registry

authorities = click.option(
    "--authorities", metavar="FOLDER", help="Also the cited lines, from your own copies in this folder, where the digest is right."
)


def copies_in(folder: str | None, registry: Registry) -> Copies | None:
    """The copies in a folder, where one is given."""
    from candidacy._texts import copies

    return None if folder is None else copies(folder, registry.programs.values())


def quoted(cited: Cited) -> Iterator[str]:
    """The cited lines with their numbers, or what is needed to see them."""
    yield from (f"    | {n:>4}  {text}" for n, text in cited.lines)
    yield from [f"    | {cited.needed}"] if cited.needed else []


def used(copies: Copies) -> Iterator[str]:
    """What the files of the folder were found to be."""
    for digest, (name, _) in sorted(copies.texts.items(), key=lambda item: item[1][0]):
        yield f"copy: {name} has the digest that is named, {digest}"
    for name, digest in copies.others:
        yield f"not used: {name} is no document that an installed program names (SHA-256 {digest})"
    for name, why in copies.unread:
        yield f"not used: {name}: {why}"


def citing(copies: Copies | None) -> Callable[[Edition, Citation], Iterator[str]] | None:
    """What to print below a citation of an edition; None where no copies are at hand."""
    from candidacy._texts import authority_of

    if copies is None:
        return None
    return lambda edition, citation: quoted(copies.cited(citation, authority_of(edition, citation)))


def cited_data(copies: Copies, program: Program) -> Json:
    """Every citation of a program's rules, with its lines, as plain values."""
    from candidacy._texts import authority_of

    places = ((e, r.citation) for e in program.editions for r in e.rules)
    found = {str(c): copies.cited(c, authority_of(e, c)).as_data() for e, c in places}
    return {"copies": copies.as_data(), "cited": list(found.values())}


def sources_told(found: Iterable[Source], copies: Copies | None) -> Iterator[str]:
    """Each document: what it is, its digest, how to obtain it, and who uses it."""
    for n, source in enumerate(found):
        of = source.authority
        yield from [""] if n else []
        yield of.title
        yield f"  {of.publisher}, {f'of {of.dated}' if of.dated else 'undated'}"
        yield f"  SHA-256 of the text worked from: {of.sha256}" if of.sha256 else "  its text is not held"
        yield f"  to obtain it: {of.obtain}"
        many = source.requirements
        yield f"  used by {', '.join(source.editions)}; {many} requirement{'s' * (many != 1)} cite{'s' * (many == 1)} it"
        if copies is not None and of.sha256:
            name = copies.texts.get(of.sha256, ("",))[0]
            yield f"  your copy: {name}" if name else f"  your copy: no file in {copies.folder} has this digest"


def programs(registry: Registry, chosen: list[Program], folder: str | None, *, sources: bool, as_json: bool) -> int:
    """The documents of programs, or one program with the cited lines below its rules."""
    from candidacy import _texts
    from candidacy._rules_text import rules_text
    from candidacy.errors import InputError, Problem

    copies = copies_in(folder, registry)
    if sources:
        found = _texts.sources(chosen)
        data: Json = {"sources": [source.as_data() for source in found]}
        lines = [*sources_told(found, copies)] or ["no program is installed"]
        if copies is not None:
            data["copies"] = copies.as_data()
            lines += ["", *used(copies)]
        return answer(data, lines, as_json=as_json)
    if len(chosen) != 1 or copies is None:
        raise InputError([Problem("--authorities", "no PROGRAM", "the program whose citations to look up, or --sources")])
    (program,) = chosen
    data = {"editions": [e.as_data() for e in program.editions], **cited_data(copies, program)}
    return answer(data, [*rules_text(program, citing(copies)), "", *used(copies)], as_json=as_json)
