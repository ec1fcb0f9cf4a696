"""The rules handbook of a program: each rule as people keep it, with a life that passes and one that fails."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from candidacy._markdown import block, code, page, table, text
from candidacy._phrases import named, plain
from candidacy._told_lives import Telling
from candidacy._words import explain, words
from candidacy.events import Fact
from candidacy.terms import plain as as_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from candidacy._examples import Example
    from candidacy._noting import Noting
    from candidacy.events import Event
    from candidacy.parameter import Parameter, Value
    from candidacy.program import Edition, Program
    from candidacy.rule import Rule

NO_PROOF = "No life was found in which it alone refuses."


def handbook(program: Program, editions: Iterable[Edition], found: Mapping[str, Mapping[str, Example]], noted: Noting) -> str:
    """The page; *found*, by edition, the lives of its rules."""
    lines = [
        "Each rule is a requirement of a document, in our words; the document is what binds. A rule that says **must** refuses",
        "the act it stands before until it is met; one that says **should** shows what is open and refuses nothing.",
        "",
        "The lives are invented: letters stand for people and things of which nothing else is said. Each passing one was played",
        "and accepted, each failing one was played and answered with the words shown. The numbers of a rule, and who may meet it,",
        "are those that it was seen to ask for in the lives that were played.",
    ]
    before: Edition | None = None
    for edition in editions:
        lines += ["", *_edition(edition, before, found[edition.id], noted)]
        before = edition
    return page(f"{program.title}: the rules", lines)


def _edition(edition: Edition, before: Edition | None, found: Mapping[str, Example], noted: Noting) -> Iterator[str]:
    yield f"## Edition {text(edition.name)}"
    yield ""
    yield f"Revision {edition.revision}, in force from {edition.in_force} on. It has {_many(len(edition.rules), 'rule')}."
    if before is not None:
        yield from _since(before, edition)
    numbers = {rule.id: n for n, rule in enumerate(edition.rules, 1)}
    groups = _groups(edition)
    head = ("rule", "what it asks for", "force", "where it stands")
    yield from table(
        head,
        ((str(numbers[r.id]), text(r.requirement), force(r), text(r.citation)) for _, rules in groups for r in rules),
    )
    for title, rules in groups:
        yield from ("", f"### {text(title)}")
        for rule in rules:
            yield from _rule(rule, numbers[rule.id], edition, found.get(rule.id), noted)


def _groups(edition: Edition) -> list[tuple[str, list[Rule]]]:
    """The rules by the acts and facts they stand before, in reading order."""
    order = {place: n for n, place in reversed(list(enumerate(map(places, edition.rules))))}
    rules = sorted(edition.rules, key=lambda rule: order[places(rule)])
    return [(place, list(of)) for place, of in groupby(rules, key=places)]


def places(rule: Rule) -> str:
    """Where a rule looks: before which acts, and on which facts."""
    said = [f"before {_names(rule.before)}"] if rule.before else []
    said += ["with every fact"] if Fact in rule.on else [f"on {_names(rule.on)}"] if rule.on else []
    joined = " and ".join(said)
    return joined[:1].upper() + joined[1:]


def _names(kinds: tuple[type[Event], ...]) -> str:
    return " and ".join(f"“{named(kind.type_name)}”" for kind in kinds)


def force(rule: Rule) -> str:
    """How strongly a rule speaks."""
    return "should" if not rule.binding else "must" if rule.before else "must (shown, refuses nothing)"


def _since(before: Edition, edition: Edition) -> Iterator[str]:
    """Which rules are otherwise than in the edition before."""
    ours, theirs = ({r.id: r for r in e.rules} for e in (edition, before))
    new = [r for r in ours if r not in theirs]
    gone = [r for r in theirs if r not in ours]
    said = {r: _declared(ours[r]) != _declared(theirs[r]) for r in ours if r in theirs}
    values = [n for n in sorted({*edition.values, *before.values}) if edition.values.get(n) != before.values.get(n)]
    parts = [("new", new), ("no longer there", gone), ("in other words or places", [r for r, other in said.items() if other])]
    yield from ("", f"Against edition {text(before.name)}:", "")
    yield from (f"- {what}: {', '.join(map(code, rules))}" for what, rules in parts if rules)
    told = (f"{name} ({_short(before, name)} then, {_short(edition, name)} now)" for name in values)
    yield from [f"- other numbers: {text('; '.join(told))}"] if values else []
    yield from [] if values or any(rules for _, rules in parts) else ["- the rules and their numbers are the same"]


def _declared(rule: Rule) -> tuple[object, ...]:
    return rule.requirement, str(rule.citation), rule.binding, places(rule), rule.reading


def _short(edition: Edition, name: str) -> str:
    return words(as_plain(edition.values[name])) if name in edition.values else "none"


def _rule(rule: Rule, n: int, edition: Edition, example: Example | None, noted: Noting) -> Iterator[str]:
    yield from ("", f"#### Rule {n}: {text(plain(rule.id.partition('.')[2]))}", "", text(rule.requirement), "")
    yield f"- Force: {force(rule)}. {text(places(rule))}."
    yield f"- Where it stands: {text(rule.citation)}."
    yield from [f"- The reading taken: {text(rule.reading)}"] if rule.reading else []
    for name in sorted(noted.reads.get((edition.id, rule.id), ())):
        yield from (f"- {line}" for line in _number(name, edition))
    roles = sorted(noted.by.get((edition.id, rule.id), ()), key=[r.name for r in edition.roles].index)
    yield f"- Who may meet it: {text(', '.join(roles))}." if roles else "- Who may meet it: no act of anybody was seen to."
    waiver = next((w for w in edition.waivers if w.rule == rule), None)
    if rule.binding and rule.before:
        by = f"{text(', '.join(waiver.by))} ({text(waiver.citation)})" if waiver else "nobody"
        yield f"- Who may waive it: {by}."
    if other := edition.alike_to.get(rule.id):
        yield f"- It asks the same as {code(other)}."
    yield f"- Its name in records: {code(rule.id)}."
    yield from _lives(rule, edition, example)


def _number(name: str, edition: Edition) -> Iterator[str]:
    """A parameter, as a rule reads it."""
    parameter = next((p for p in edition.parameters if p.name == name), None)
    if parameter is None:
        yield f"Number: {text(name)}, which the edition does not have."
        return
    value = parameter.on(edition.in_force)
    yield f"Number: {told_value(parameter, value)}" if value else f"Number: {text(name)}, which has no value."


def told_value(parameter: Parameter[Any], value: Value[Any]) -> str:
    """A value of a parameter with its day and place."""
    return f"{text(parameter.name)}: {text(in_units(parameter, value))}, since {value.since} ({text(value.citation)})."


def in_units(parameter: Parameter[Any], value: Value[Any]) -> str:
    """A value with its unit."""
    said = words(as_plain(value.value))
    return said if parameter.unit in said or parameter.unit == "day" else f"{said} {parameter.unit}"


def _lives(rule: Rule, edition: Edition, example: Example | None) -> Iterator[str]:
    refuses = rule.binding and bool(rule.before)
    if example is None:
        yield from ("", NO_PROOF if refuses else "No life was found in which it shows anything.")
        return
    same = bool(example.passing and example.failing) and example.passing[0] == example.failing[0]
    passing = Telling(edition, example.passing, *([example.failing] if same else []))
    failing = passing if same else Telling(edition, example.failing)
    if example.passing:
        yield from ("", "A life that passes:", "", *_steps(passing, example.passing))
    else:
        yield from ("", "No life beside it was found that passes." if refuses else "No life was found in which it is met.")
    if not example.failing:
        yield from ("", NO_PROOF if refuses else "No life was found in which it is not met.")
        return
    kind = str(example.failing[-1]["type"])
    then = f"“{named(kind)}” is refused" if refuses else f"with “{named(kind)}” it shows what is open"
    changes = "; ".join(failing.otherwise(example.passing, example.failing)) if same else ""
    if changes:
        yield from ("", f"A life that fails: the same, but {text(changes)}. Then {text(then)}:")
    else:
        yield from ("", "A life that fails:", "", *_steps(failing, example.failing), "", f"Then {text(then)}:")
    shown = [f for f in example.findings if f.rule == rule.id]
    yield from block(map(failing.lettered, explain(shown, edition, type_name=kind)))


def _steps(telling: Telling, life: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from (f"{n}. {text(telling.step(document))}" for n, document in enumerate(life, 1))


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
