"""What contradicts itself in an edition: everything at once, so that its author mends it in one go."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import FunctionType
from typing import Any

from candidacy.authority import Authority
from candidacy.case import NOT_BEGUN
from candidacy.catalogue import Statement, lacking
from candidacy.confidential import Confidential
from candidacy.declaration import no_role, wrong_rule
from candidacy.errors import twice
from candidacy.events import ROLE_NAME, Act, Event, JudgementGiven, fields_of
from candidacy.latitude import wrong_latitude
from candidacy.lifecycle import Lifecycle
from candidacy.parameter import Parameter
from candidacy.reading import attributes_read
from candidacy.role import Role
from candidacy.rule import Question, Rule
from candidacy.strands import Strands
from candidacy.terms import CODE
from candidacy.workdays import WorkCalendar

LISTED: tuple[tuple[str, type[Any]], ...] = (
    ("roles", Role), ("rules", Rule), ("parameters", Parameter), ("strands", Strands), ("questions", Question),
    ("authorities", Authority), ("confidential", Confidential), ("calendars", WorkCalendar), ("catalogue", Statement),
)  # fmt: skip


def contradictions(edition: Any) -> Iterator[str]:
    """Everything that contradicts itself in an edition; where something is of another type than it must be, that alone."""
    mistyped = list(_mistyped(edition))
    yield from mistyped
    if not mistyped:
        yield from _contradictions(edition)


def _mistyped(edition: Any) -> Iterator[str]:
    for name, kind in LISTED:
        of = getattr(edition, name)
        if not isinstance(of, tuple | list):
            yield f"found {name}={_shown(of)}; needed a tuple of {kind.__name__}s"
            continue
        for one in of:
            decorated = ": `@AUTHORITY.requires(before=…, at=…, lines=…)` above it" if kind is Rule and callable(one) else ""
            if not isinstance(one, kind):
                yield f"found {_shown(one)} among its {name}; needed a {kind.__name__}{decorated}"
    if not isinstance(edition.entered_by, Mapping):
        yield f"found entered_by={_shown(edition.entered_by)}; needed a mapping of events to roles, as `by_role` makes it"
    else:
        yield from (f"found {_shown(kind)} in entered_by; needed a class of events" for kind in edition.entered_by
                    if not (isinstance(kind, type) and issubclass(kind, Event)))  # fmt: skip
        yield from (f"{_shown(kind)} is entered by {by!r}; needed a tuple of roles, such as ('office',)"
                    for kind, by in edition.entered_by.items() if not isinstance(by, tuple))  # fmt: skip
    if not isinstance(edition.lifecycle, Lifecycle):
        yield f"found lifecycle={_shown(edition.lifecycle)}; needed a Lifecycle, such as COMPLETING"
    if type(edition.in_force) is not date:
        yield f"found in_force={edition.in_force!r}; needed a day, such as date(2004, 1, 1)"
    if type(edition.revision) is not int:
        yield f"found revision {edition.revision!r}; needed a whole number from 1 on"


def _shown(value: object) -> str:
    """A value in a sentence: a function or class by its name."""
    named = isinstance(value, type | FunctionType)
    return f"the {'class' if isinstance(value, type) else 'function'} {value.__name__}" if named else repr(value)[:80]  # type: ignore[attr-defined]


def _contradictions(edition: Any) -> Iterator[str]:
    wrong = [n for n in (edition.program, edition.name, *(q.id for q in edition.questions)) if not CODE.fullmatch(n)]
    yield from (f"the name {n!r} is no id: letters, digits and . _ : / # + -, at most 64 of them" for n in wrong)
    titles = {a.title for a in edition.authorities}
    values = [value for parameter in edition.parameters for value in parameter.values]
    citing = (*edition.rules, *edition.questions, *edition.clocks, *edition.waivers, *edition.confidential)
    cited = {of.citation.document for of in (*citing, *values) if hasattr(of, "citation")}
    yield from (f"the document {d!r} is cited, but is none of its authorities" for d in sorted(cited - titles) if titles)
    yield from twice("role", [name for r in edition.roles for name in (r.name, *r.aliases)])
    yield from twice("rule", [r.id for r in edition.rules])
    yield from twice("parameter", [p.name for p in edition.parameters])
    yield from twice("question", [q.id for q in edition.questions])
    yield from twice("calendar", [c.name for c in edition.calendars])
    yield from twice("strand", [s.name for s in edition.strands])
    yield from twice("event", [k.type_name for k in edition.entered_by])
    yield from _wrong_events(edition)
    for rule in edition.rules:
        yield from wrong_rule(edition, rule)
    yield from _wrong_roles(edition)
    yield from _wrong_classes(edition)
    yield from _wrong_pairs(edition)
    yield from lacking(edition)
    yield from wrong_latitude(edition)
    yield from (
        f"the usual wait of {role} is {p.name if isinstance(p, Parameter) else p!r}, which is none of its parameters"
        for role, p in edition.usual.items()
        if p not in edition.parameters
    )
    if edition.revision < 1:
        yield f"found revision {edition.revision}; needed a whole number from 1 on"
    if not any(state == NOT_BEGUN for state, _ in edition.lifecycle.table()):
        yield "the lifecycle has no act that begins a case"


def _wrong_events(edition: Any) -> Iterator[str]:
    moved = {act.type_name: act for act in edition.lifecycle.acts.values()}
    for kind in edition.entered_by:
        if not kind.type_name:
            yield f"{kind.__name__} is not declared with @fact or @act"
        if issubclass(kind, Act) and kind.type_name not in moved and not kind.anywhere:
            yield f"{kind.__name__} is an act, but the lifecycle has no move for it in any state"
    for act in moved.values():
        if act not in edition.entered_by and not issubclass(act, JudgementGiven):
            yield f"the lifecycle moves on {act.__name__}, but no role may enter it"
    for strand in edition.strands:
        for kind in {strand.begun, strand.ended} - set(edition.entered_by):
            yield f"strand {strand.name} has {kind.__name__}, which no role may enter"


def _wrong_pairs(edition: Any) -> Iterator[str]:
    yield from twice("alike to another: rule", [rule.id for pair in edition.alike for rule in pair])
    for one, other in edition.alike:
        pair = f"the rules {one.id} and {other.id}, said to be alike,"
        yield from (f"{pair} name {rule.id}, which the edition does not have" for rule in (one, other) if rule not in edition.rules)
        if one.citation.document == other.citation.document:
            yield f"{pair} are of one document; needed two"
        if one.binding is not other.binding:
            yield f"{pair} differ: one binds and one advises"
        if not set(one.before) & set(other.before):
            yield f"{pair} stand before no act in common"


def _wrong_classes(edition: Any) -> Iterator[str]:
    yield from twice("confidentiality class", [c.name for c in edition.confidential])
    classes, roles = {c.name for c in edition.confidential}, {r.name for r in edition.roles}
    fields = [a for k in edition.entered_by if k.type_name for a in fields_of(k)]
    sealed = dict.fromkeys((a.name, a.metadata["sealed"]) for a in fields if "sealed" in a.metadata)
    yield from (f"the field {name} is of the confidentiality class {of!r}, which it does not have"
                for name, of in sealed if of not in classes)  # fmt: skip
    yield from (
        f"confidentiality class {c.name} is read by {role!r}, which is no declared role"
        for c in edition.confidential
        for role in c.readers
        if role not in roles
    )
    yield from (
        f"rule {rule.id} is judged by no plain function, so that what it reads of confidential fields cannot be seen"
        for rule in edition.rules
        if sealed and not isinstance(rule.judge, FunctionType)
    )
    for rule in edition.rules if sealed else ():
        yield from (
            f"rule {rule.id} reads the field {name}, which is confidential: no rule may"
            for name in sorted(attributes_read(rule.judge) & {name for name, _ in sealed})
        )


def _wrong_roles(edition: Any) -> Iterator[str]:
    roles = {r.name for r in edition.roles}
    yield from (
        f"role {r.name} is named by {kind.__name__}.{field}, which no role may enter"
        for r in edition.roles
        for kind, field in r.named_by
        if kind not in edition.entered_by or field not in {a.name for a in fields_of(kind)}
    )
    yield from (f"role {r!r} is no plain name of at most 40 characters" for r in sorted(roles) if not ROLE_NAME.fullmatch(r))
    yield from (f"{kind.__name__} may be entered by nobody" for kind, by in edition.entered_by.items() if not by)
    yield from (f"question {q.id} is answered by nobody" for q in edition.questions if not q.by)
    named = [(f"{kind.__name__} is entered by", role) for kind, by in edition.entered_by.items() for role in by]
    named += [(f"question {q.id} is answered by", role) for q in edition.questions for role in q.by]
    named += [("the usual wait is of", role) for role in edition.usual]
    named += [(f"role {r.name} is kept apart from", other) for r in edition.roles for other in r.apart_from]
    named += [(f"strand {s.name} is entered by", s.by) for s in edition.strands if s.by]
    there = [r.name for r in edition.roles]
    yield from (f"{what} {role!r}, {no_role(there)}" for what, role in named if role not in roles)
