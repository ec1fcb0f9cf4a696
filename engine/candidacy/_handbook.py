"""The documents of a program, in Markdown: rules, lifecycle, forms, coverage. Functions of the program and its lives alone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._coverage import markdown
from candidacy._lifecycle_told import mermaid
from candidacy._picture import moves, sentence
from candidacy._proofs import playing
from candidacy._words import explain, short, words
from candidacy.errors import CandidacyError
from candidacy.events import Act, fields_of, type_words
from candidacy.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from candidacy._gathering import Gathered
    from candidacy._proofs import Life
    from candidacy.parameter import Parameter
    from candidacy.program import Edition, Program
    from candidacy.rule import Rule

MADE = "<!-- made by candidacy plugin docs; changes made here are lost -->"
"""The first line of each document that is made, by which one may be written over."""


def documents(program: Program, gathers: list[Gathered], asked: Mapping[str, set[str]]) -> dict[str, str]:
    """The documents of a program by file name.

    Args:
        gathers: the lives of its editions, the newest revision of each, with proofs.
        asked: by rule, the names of the parameters that it asks for.
    """
    made = {
        "index.md": _index(program, [of.edition for of in gathers]),
        "handbook.md": (line for of in gathers for line in _handbook(of, asked)),
        "lifecycle.md": (line for of in gathers for line in _lifecycle(of.edition)),
        "forms.md": (line for of in gathers for line in _forms(of.edition)),
        "coverage.md": markdown(program).splitlines(),
    }
    return {name: "\n".join([MADE, "", *lines]).rstrip() + "\n" for name, lines in made.items()}


def row(*cells: object) -> str:
    """A row of a table, in which nothing breaks the table."""
    return "| " + " | ".join(" ".join(str(c).replace("|", "\\|").split()) for c in cells) + " |"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    return ["", row(*head), "|" + "---|" * len(head), *(row(*cells) for cells in rows)]


# --- the index


def _index(program: Program, editions: list[Edition]) -> Iterator[str]:
    yield f"# {program.title}"
    yield from (
        "",
        "[The rules](handbook.md) · [the lifecycle](lifecycle.md) · [the forms](forms.md) · [every statement](coverage.md)",
    )
    yield from ("", "## Editions")
    under = {e.name: ", ".join(a for a, name in program.announcements.items() if name == e.name) for e in editions}
    yield from _table(
        ("edition", "revision", "in force from", "announcements"),
        ((e.name, e.revision, e.in_force, under[e.name]) for e in editions),
    )
    yield from ("", "## Documents")
    authorities = {a.title: a for e in editions for a in e.authorities}.values()
    rows = ((a.title, a.publisher, a.dated or "undated", a.obtain, a.sha256 or "its text is not held") for a in authorities)
    yield from _table(("title", "publisher", "date", "to obtain it", "SHA-256 of the text worked from"), rows)
    for edition in editions:
        yield from ("", f"## Numbers of edition {edition.name}")
        yield from _numbers(edition.parameters)


def _numbers(parameters: Iterable[Parameter[Any]]) -> list[str]:
    rows: list[tuple[object, ...]] = []
    for p in parameters:
        rows += [(p.name, _amount(v.value, p.unit), v.since, v.citation, p.reading) for v in p.values]
        rows += [(p.name, "nobody has set it", "", "", p.reading)] * (not p.values)
    return _table(("number", "value", "from", "where", "our reading"), rows) if rows else ["", "None."]


def _amount(value: object, unit: str) -> str:
    said = words(plain(value))
    return said if unit in said or unit in {"day", "sessions"} else f"{said} {unit}"


# --- the rules


def _handbook(of: Gathered, asked: Mapping[str, set[str]]) -> Iterator[str]:
    edition = of.edition
    yield f"# {of.program.title}: the rules of edition {edition.name}, revision {edition.revision}"
    yield from (
        "",
        f"In force from {edition.in_force}. Each requirement stands in our own words; the citation says where to read it.",
    )
    for place, rules in groupby(edition.rules, key=_place):
        yield from ("", f"## {place}")
        for rule in rules:
            yield from _rule(of, rule, asked.get(rule.id, set()))
    yield ""


def _place(rule: Rule) -> str:
    before = " and ".join(short(k.type_name) for k in rule.before)
    on = " and ".join(short(k.type_name) if k.type_name else "every fact" for k in rule.on)
    return "; ".join([f"Before: {before}"] * bool(before) + [f"shows on: {on}"] * bool(on))


def _rule(of: Gathered, rule: Rule, asked: set[str]) -> Iterator[str]:
    edition = of.edition
    force = "should: it shows and refuses nothing" if not rule.binding else "must" if rule.before else "seen, and refuses nothing"
    yield from ("", f"### {rule.requirement}", "", f"`{rule.id}`: {force}. [{rule.citation}]")
    if rule.reading:
        yield from ("", f"Our reading: {rule.reading}.")
    if rule.id in edition.alike_to:
        yield from ("", f"It asks the same as `{edition.alike_to[rule.id]}`.")
    for waiver in edition.waivers:
        if waiver.rule.id == rule.id:
            yield from ("", f"It may be waived by {' or '.join(waiver.by)} [{waiver.citation}].")
    used = [p for p in edition.parameters if p.name in asked]
    if used:
        yield from _numbers(used)
    yield from _proof(of, rule)


def _proof(of: Gathered, rule: Rule) -> Iterator[str]:
    proof = of.proofs.get(rule.id)
    if proof is None or not proof.refused:
        if rule.binding and rule.before:
            yield from ("", "No life was found in which it alone refuses.")
        return
    yield from ("", "A life that passes:" if proof.accepted else "A life up to where it refuses:", "")
    yield from _told(proof.accepted or proof.refused[:-1])
    added = {tuple(sorted(map(str, d.items()))) for d in proof.accepted}
    new = [d for d in proof.refused if tuple(sorted(map(str, d.items()))) not in added]
    yield from ("", f"One that fails, {_changed(proof.change)}:", "")
    yield from _told(new or proof.refused[-1:])
    yield from ("", "What is then said:", "", "```text", *_said(of, rule, proof.refused), "```")


def _changed(change: str) -> str:
    """A change in words."""
    return " ".join(short(word) if word.count(".") == 2 and word[-1].isdigit() else word for word in change.split())  # noqa: PLR2004


def _told(life: Life) -> Iterator[str]:
    """The commands of a life as a numbered list."""
    for n, document in enumerate(life, 1):
        content = "; ".join(f"{k.replace('_', ' ')} {_content(v)}" for k, v in document["payload"].items())
        who, what = document["actor"]["person"], short(document["type"])
        yield f"{n}. {document['day']}, {who}: {what}{f' ({content})' if content else ''}"


def _content(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_content, value)) or "none"
    if isinstance(value, dict):
        return " as ".join(_content(v) for v in value.values() if v is not None)
    return words(value)


def _said(of: Gathered, rule: Rule, life: Life) -> list[str]:
    """What is answered to the last command of a life, of one rule."""
    on, answer = playing(of.registry), None
    for document in life:
        try:
            answer = on.submit(document)
        except CandidacyError:
            continue
    findings = tuple(f for f in answer.findings if f.rule == rule.id) if answer else ()
    return list(explain(findings, of.edition, type_name=str(life[-1]["type"])))


# --- the lifecycle


def _lifecycle(edition: Edition) -> Iterator[str]:
    rows = moves(edition)
    yield from (
        f"# The lifecycle of edition {edition.name}",
        "",
        "```mermaid",
        *mermaid(edition),
        "```",
        "",
        "## The same as a table",
    )
    yield from _table(
        ("state", "act", "entered by", "next state"),
        ((r["state"], short(r["act"]), " or ".join(r["by"]), r["to"] or "(stays)") for r in rows),
    )
    yield from ("", "## The same in sentences", "")
    yield from (f"* {sentence(r)}" for r in rows)
    yield from ("", f"A case ends in {', '.join(edition.lifecycle.finals)}.", "")


# --- the forms


def _forms(edition: Edition) -> Iterator[str]:
    yield f"# The forms of edition {edition.name}"
    where: dict[str, list[str]] = {}
    for of in moves(edition):
        where.setdefault(of["act"], []).append(of["state"])
    for kind, by in edition.entered_by.items():
        form = "An act" if issubclass(kind, Act) else "A fact"
        places = f", in {', '.join(dict.fromkeys(where[kind.type_name]))}" if kind.type_name in where else ""
        about = " ".join((kind.__doc__ or "").split())
        yield from (
            "",
            f"## {short(kind.type_name).capitalize()}",
            "",
            f"`{kind.type_name}`. {about}",
            "",
            f"{form}; entered by {' or '.join(by)}{places}.",
        )
        if fields_of(kind):
            yield from _table(("field", "what stands there", "may be left out"), (_field(edition, a) for a in fields_of(kind)))
    yield from ("", "## Questions that somebody must judge") if edition.questions else ()
    if edition.questions:
        rows = ((q.id, q.asks, " or ".join(q.by), q.citation) for q in edition.questions)
        yield from _table(("question", "asked", "answered by", "where"), rows)
    yield ""


def _field(edition: Edition, field: attrs.Attribute[Any]) -> tuple[str, str, str]:
    of = field.metadata.get("sealed")
    kept = next((c for c in edition.confidential if c.name == of), None)
    readers = f"; read by {', '.join(kept.readers)} for {', '.join(kept.purposes)}" if kept else ""
    return field.name.replace("_", " "), f"{type_words(field.type)}{readers}", "no" if field.default is attrs.NOTHING else "yes"
