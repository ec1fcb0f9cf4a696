"""A program's rules as text: what `candidacy programs` prints, and what a packet holds."""

from collections.abc import Callable, Iterator

import attrs

from candidacy._words import words
from candidacy.citation import Citation
from candidacy.events import Act, fields_of, type_words
from candidacy.program import Edition, Program
from candidacy.terms import plain

Cited = Callable[[Edition, Citation], Iterator[str]]


def rules_text(found: Program, cited: Cited | None = None) -> Iterator[str]:
    """A program's editions with parameters, questions and rules in reading order; *cited*, what to show below a rule's citation."""
    yield f"{found.name}: {found.title}"
    yield "announcements: " + ", ".join(f"{a} (edition {e})" for a, e in found.announcements.items())
    for edition in found.editions:
        yield ""
        yield f"edition {edition.name}, revision {edition.revision}, in force on {edition.in_force}"
        yield "  authorities"
        for authority in edition.authorities:
            when = f"of {authority.dated}" if authority.dated else "undated"
            yield f"    {authority.title}, {authority.publisher}, {when}; {authority.obtain}"
            yield f"      SHA-256 of the text worked from: {authority.sha256}" if authority.sha256 else "      its text is not held"
        roles = [f"{r.name} ({', '.join(r.aliases)})" if r.aliases else r.name for r in edition.roles]
        yield f"  roles: {', '.join(roles)}"
        yield "  parameters"
        for parameter in edition.parameters:
            for value in parameter.values:
                said = words(plain(value.value))
                unit = "" if parameter.unit in said or parameter.unit in {"day", "sessions"} else f" {parameter.unit}"
                yield f"    {parameter.name}: {said}{unit}, from {value.since} on [{value.citation}]"
            if parameter.reading:
                yield f"      our reading: {parameter.reading}"
        yield from ["  judgements"] if edition.questions else []
        for question in edition.questions:
            yield f"    {question.id}, by {' or '.join(question.by)}: {question.asks} [{question.citation}]"
        yield from _events(edition)
        yield from _latitude(edition)
        yield from _rules(edition, cited)


def _events(edition: Edition) -> Iterator[str]:
    yield "  events, and who may enter them"
    for kind, by in sorted(edition.entered_by.items(), key=lambda item: item[0].type_name):
        form = "act" if issubclass(kind, Act) else "fact"
        yield f"    {kind.type_name} ({form}), by {' or '.join(by)}"
        for field in fields_of(kind):
            open_to = "" if field.default is attrs.NOTHING else " (may be left out)"
            yield f"        {field.name}: {type_words(field.type)}{open_to}"


def _latitude(edition: Edition) -> Iterator[str]:
    """What may be waived, extended, asked for by one and entered by another, and moved here."""
    if edition.clocks:
        yield "  clocks"
    for clock in edition.clocks:
        stops = "stands still while the case is suspended" if clock.stops else "runs on while the case is suspended"
        extended = f"extended by {' or '.join(clock.extended_by)}" if clock.extended_by else "extended by nobody"
        yield f"    {clock.name}: {stops}; {extended} [{clock.citation}]"
        yield from [f"      our reading: {clock.reading}"] if clock.reading else []
    if edition.waivers:
        yield "  rules that may be waived"
    for waiver in edition.waivers:
        yield f"    {waiver.rule.id}, by {' or '.join(waiver.by)} [{waiver.citation}]"
    for act, by in edition.two_people.items():
        yield f"  takes two people: {_short(act.type_name)}, asked for by {' or '.join(by)}"
    for takes in edition.takes:
        stages = ", ".join(state if state == to else f"{state} as {to}" for state, to in takes.stages.items())
        again = ", ".join(_short(act.type_name) for act in takes.again) or "nothing"
        yield f"  takes cases of edition {takes.edition}: {stages}; to be done again: {again}"
        yield from [f"      our reading: {takes.reading}"] if takes.reading else []


def _rules(edition: Edition, cited: Cited | None) -> Iterator[str]:
    yield "  rules"
    for n, rule in enumerate(edition.rules, 1):
        force = "should" if not rule.binding else "must" if rule.before else "seen"
        places = [f"before {_short(k.type_name)}" for k in rule.before]
        places += [f"shows on {_short(k.type_name) if k.type_name else 'every fact'}" for k in rule.on]
        yield f"    {n:>2}. {rule.requirement}"
        yield f"        {force}, {', '.join(places)} [{rule.citation}] {rule.id}"
        yield from (f"    {line}" for line in cited(edition, rule.citation)) if cited else ()
        if rule.reading:
            yield f"        our reading: {rule.reading}"
        if rule.id in edition.alike_to:
            yield f"        asks the same as {edition.alike_to[rule.id]}"


def _short(type_name: str) -> str:
    return type_name.split(".")[1].replace("_", " ")
