"""The declaration of a rule: what is wrong with its function, its places, and what it uses of its edition."""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from candidacy.check import TIME
from candidacy.clock import Clock
from candidacy.errors import DefinitionError
from candidacy.events import Act, Event, Fact, JudgementGiven
from candidacy.interventions import ExtensionGranted, WaiverGranted, enterable
from candidacy.parameter import Parameter
from candidacy.reading import given_as, used
from candidacy.rule import Question, Rule
from candidacy.strands import Strands
from candidacy.workdays import WorkCalendar

KINDS: tuple[tuple[type[Any], str, str, str], ...] = (
    (Question, "questions", "question", "id"),
    (Strands, "strands", "strand", "name"),
    (Clock, "clocks", "clock", "name"),
    (WorkCalendar, "calendars", "calendar", "name"),
)
"""What a rule may use of its edition: its class, where the edition lists it, our word for it, and what it is known by."""


def wrong_rule(edition: Any, rule: Rule) -> Iterator[str]:
    """What is wrong with a rule in an edition: what was found, and what was needed."""
    if not rule.requirement:
        yield f"rule {rule.id} has no docstring; needed one that states the requirement"
    if rule.id.partition(".")[0] == "candidacy":
        yield f"rule {rule.id} takes a name of the engine's own; needed the name of the authority"
    yield from _wrong_function(rule)
    yield from _wrong_places(edition, rule)
    yield from _not_listed(edition, rule)
    roles = [r.name for r in edition.roles]
    strange = dict.fromkeys(role for role in given_as(rule.judge, "by") if role not in {*roles, TIME})
    yield from (f"rule {rule.id} asks {role!r} for something, {no_role(roles)}" for role in strange)


def no_role(roles: list[str]) -> str:
    """The end of a sentence about a role that nobody declared."""
    return f"which is no declared role; needed one of {', '.join(roles)}"


def _wrong_function(rule: Rule) -> Iterator[str]:
    judge = rule.judge
    if not callable(judge):
        yield f"rule {rule.id} is judged by {judge!r}; needed a function"
        return
    if rule.id.endswith("<lambda>"):
        yield f"rule {rule.id} is a lambda; needed a function with a name, which is the rule's"
    if inspect.iscoroutinefunction(judge) or inspect.isasyncgenfunction(judge):
        yield f"rule {rule.id} is an async function; needed a plain `def`, which returns a Check"
    elif inspect.isgeneratorfunction(judge):
        yield f"rule {rule.id} yields; needed a function that returns a Check"
    try:
        signature = inspect.signature(judge)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(None, None, None)
    except TypeError:
        yield f"rule {rule.id} takes ({', '.join(signature.parameters)}); needed (case, event, day)"


def _wrong_places(edition: Any, rule: Rule) -> Iterator[str]:
    if not rule.before + rule.on:
        yield f"rule {rule.id} stands in front of no act and on no fact; needed before=, an act, or on=, a fact"
    for kind in rule.before + rule.on:
        where = "stands before" if kind in rule.before else "shows on"
        if not (isinstance(kind, type) and issubclass(kind, Event)):
            needed = "an act" if kind in rule.before else "a fact"
            yield f"rule {rule.id} {where} {kind!r}, which is no class of events; needed {needed}, or a pair of them as a tuple"
        elif kind in rule.before and not issubclass(kind, Act):
            yield f"rule {rule.id} {where} {kind.__name__}, which is no act; needed on={kind.__name__}"
        elif kind in rule.on and not issubclass(kind, Fact):
            yield f"rule {rule.id} {where} {kind.__name__}, which is no fact; needed before={kind.__name__}"
        if isinstance(kind, type) and not any(issubclass(k, kind) for k in enterable(edition)):
            yield f"rule {rule.id} judges {kind.__name__}, which no role may enter; needed {_who(kind)}"


def _who(kind: type[Event]) -> str:
    """Where an edition says who may enter an event."""
    return {
        JudgementGiven: "a question in questions=",
        ExtensionGranted: "a clock with extended_by= in clocks=",
        WaiverGranted: "a rule that may be waived in waivers=",
    }.get(kind, "it in entered_by")


def _not_listed(edition: Any, rule: Rule) -> Iterator[str]:
    """What a rule uses and its edition does not list: it would have nobody to answer it, or no days."""
    for kind, listed, word, name in KINDS:
        there = {getattr(one, name, None) for one in getattr(edition, listed)}
        found = dict.fromkeys(getattr(one, name) for one in used(rule.judge, kind))
        yield from (f"rule {rule.id} uses the {word} {n!r}, which the edition does not list; needed it in {listed}="
                    for n in found if n not in there)  # fmt: skip


def without_value(rules: Iterable[Rule], listed: set[str]) -> Iterator[str]:
    """The parameters that rules use and no edition of their program lists: an edition may leave one out that another has."""
    for rule in rules:
        found = dict.fromkeys(parameter.name for parameter in used(rule.judge, Parameter) if parameter.name not in listed)
        yield from (
            f"rule {rule.id} uses the parameter {name!r}, which no edition lists; needed it in parameters=" for name in found
        )


def refuse_bare_roles(subject: str, **given: object) -> None:
    """Refuse roles that are no tuple of words, by the name of the argument.

    Raises:
        DefinitionError: naming each.
    """
    wrong = [(name, by) for name, by in given.items() if not (isinstance(by, tuple) and all(isinstance(r, str) for r in by))]
    if wrong:
        needed = "needed a tuple of words, such as ('office',)"
        raise DefinitionError(subject, [f"found {name}={by!r}; {needed}" for name, by in wrong])
