"""The door: what may not even be judged. Errors, not refusals; nothing is entered. A pure function."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any, get_args, get_origin

import attrs

from candidacy.case import Case
from candidacy.decision import Command
from candidacy.errors import OpenFieldError, Problem
from candidacy.events import Act, Beginning, Event, Fact, JudgementGiven, RoleName, StateName, fields_of
from candidacy.guards import is_attested, may_enter, roles_held
from candidacy.interventions import (
    BY_NAME,
    CORRECTIONS,
    DecisionAffirmed,
    DecisionVoided,
    ExtensionGranted,
    FactVoided,
    OverrideGranted,
    WaiverGranted,
)
from candidacy.latitude import settlers
from candidacy.program import Edition
from candidacy.standard import JudgementNoted

NAME = re.compile(r"[a-z]+([._-][a-z0-9_]+)*")


def at_the_door(edition: Edition, case: Case, command: Command, today: date) -> list[Problem]:
    """Everything for which *command* cannot be judged: names its program does not know, days, and who enters it.

    Args:
        today: the day of entry, in the ledger's time zone.
    """
    event, day = command.event, command.day
    problems: list[Problem] = []
    left = case.without(*([command.corrects] if command.corrects else ()))
    parts = (
        _unknown(event, edition),
        _names(event, edition, case),
        _manner(command, edition, case),
        _days(event, day, case, today),
        _past(event, day, case, edition),
        second_state(event, day, left),
        _actor(command, case, edition),
    )
    for part in parts:
        with suppress(OpenFieldError):  # an act that is only being considered may have fields without content
            problems += part
    return problems


def unknown_to(edition: Edition, case: Case, command: Command) -> list[Problem]:
    """What *command* names, or is, that *edition* does not know."""
    return [*_unknown(command.event, edition), *_names(command.event, edition, case), *_two(command, edition)]


def half_read(edition: Edition | None, case: Case | None, parts: Mapping[str, Any], today: date) -> list[Problem]:
    """What can be said at the door of a command of which only *parts* could be read, or whose case is not known."""
    day, actor, event = parts.get("day"), parts.get("actor"), parts.get("event")
    problems = list(_to_come(day, today)) if day is not None else []
    if edition is not None and event is not None:
        problems += _unknown(event, edition)
    if case is not None and case.began is not None and day is not None and actor is not None:
        problems += [] if roles_held(case, event, actor, day) else [_stranger(day)]
    return problems


def _unknown(event: Event, edition: Edition) -> Iterator[Problem]:
    if isinstance(event, JudgementGiven | JudgementNoted):
        question = edition.question(event.question)
        if question is None:
            known = ", ".join(q.id for q in edition.questions) or "it has none"
            yield Problem("payload.question", "a question the program does not ask", f"one of {known}")
        elif isinstance(event, JudgementGiven) and question.of_each != (event.about is not None):
            needed = "what it is about: the question is asked of each" if question.of_each else "nothing: it is asked once"
            yield Problem("payload.about", "nothing" if event.about is None else "something it is about", needed)
    elif not edition.may_enter(event) and not isinstance(event, BY_NAME):
        yield Problem("type", f"the event type {event.type_name}", f"one of the program {edition.program}")
    for path, role in _named(RoleName, event, "payload"):
        roles = {r.name for r in edition.roles}
        if role not in roles:
            yield Problem(path, "a role the program does not have", f"a role of the program: {', '.join(sorted(roles))}")
    for path, state in _named(StateName, event, "payload"):
        states = (*edition.lifecycle.stages, *edition.lifecycle.exits)
        if state not in states:
            yield Problem(path, "a state the program does not have", f"a state of the program: {', '.join(states)}")


def _names(event: Event, edition: Edition, case: Case) -> Iterator[Problem]:
    """Rules, acts, clocks and entries that an intervention or a correction names, and that there are none of."""
    named = {"rule": event.rule} if isinstance(event, WaiverGranted) else {}
    named |= {f"rules[{n}]": name for n, name in enumerate(event.rules)} if isinstance(event, OverrideGranted) else {}
    for path, rule in named.items():
        if all(rule != known.id for known in edition.rules):
            yield Problem(
                f"payload.{path}", f"the rule {_quoted(rule)}", f"a rule of {edition.id}; `candidacy programs` lists them"
            )
    act = event.act if isinstance(event, WaiverGranted | OverrideGranted) else None
    if act is not None and act not in {kind.type_name for kind in edition.entered_by if issubclass(kind, Act)}:
        yield Problem("payload.act", f"the act {_quoted(act)}", f"the type name of an act of {edition.id}")
    if isinstance(event, ExtensionGranted) and event.clock not in {c.name for c in edition.clocks}:
        known = ", ".join(c.name for c in edition.clocks) or "it has none"
        yield Problem("payload.clock", f"the clock {_quoted(event.clock)}", f"a clock of {edition.id}: {known}")
    if isinstance(event, DecisionVoided | DecisionAffirmed) and not 1 <= event.entry <= case.version:
        yield Problem("payload.entry", f"the version {event.entry}", f"a version of the case, from 1 to {case.version}")
    if isinstance(event, FactVoided):
        yield from _a_fact("payload.entry", event.entry, None, case)
    if isinstance(event, JudgementNoted):
        noted = case.entry(event.entry)
        if noted is None or not isinstance(noted.event, JudgementGiven) or noted.event.question != event.question:
            what = f"version {event.entry}, which is no answer to that question"
            yield Problem("payload.entry", what, "the version of an answer that stands")


def _manner(command: Command, edition: Edition, case: Case) -> Iterator[Problem]:
    """What a command says that it corrects, asks for or confirms."""
    event, kind = command.event, type(command.event)
    if command.corrects is not None:
        if not isinstance(event, Fact) or isinstance(event, CORRECTIONS):
            yield Problem("corrects", f"a {event.type_name} that corrects", "a fact; what is not one is voided and entered anew")
        elif not settlers(edition):
            yield Problem("corrects", "a correction", f"a fact of its own: {edition.id} says of nobody that they settle decisions")
        else:
            yield from _a_fact("corrects", command.corrects, kind, case)
    yield from _two(command, edition)
    if command.confirms is not None and not 1 <= command.confirms <= case.version:
        yield Problem("confirms", f"the version {command.confirms}", f"a version of the case, from 1 to {case.version}")
    if command.request and command.confirms is not None:
        yield Problem("confirms", "a request that confirms", "one of the two")


def _two(command: Command, edition: Edition) -> Iterator[Problem]:
    """What it asks for or confirms of an act that takes one person."""
    kind = type(command.event)
    for name, value in (("request", command.request or None), ("confirms", command.confirms)):
        if value is not None and kind not in edition.two_people:
            yield Problem(name, f"a {kind.type_name} that takes one person", f"an act that takes two: {_two_of(edition)}")


def _two_of(edition: Edition) -> str:
    return ", ".join(kind.type_name for kind in edition.two_people) or f"{edition.id} has none"


def _a_fact(path: str, version: int, kind: type[Event] | None, case: Case) -> Iterator[Problem]:
    """The problem of a version that is no fact which stands; of *kind*, where one is given."""
    entry = case.entry(version)
    if version in case.corrected:
        by = case.corrected[version]
        yield Problem(path, f"version {version}, which version {by} has voided or corrected", "a fact that stands")
    elif entry is None or isinstance(entry.event, (Act, *CORRECTIONS)):
        yield Problem(path, f"version {version}, which is no fact of the case", "the version of a fact that stands")
    elif kind is not None and type(entry.event) is not kind:
        yield Problem(path, f"version {version}, a {entry.event.type_name}", f"a {kind.type_name}: a fact of the same type")


def _quoted(name: str) -> str:
    """A name of rules, acts or clocks as it was given; of anything else, how long it is."""
    return repr(str(name)) if NAME.fullmatch(name) else f"({len(name)} characters)"


def _named(kind: Any, value: object, path: str, declared: Any = None) -> Iterator[tuple[str, str]]:
    """Every role or state (as *kind* says) that *value*, declared as a certain type, names, with its path."""
    if isinstance(value, tuple):
        of = next((t for t in (declared, *get_args(declared)) if get_origin(t) is tuple), None)
        for i, part in enumerate(value):
            yield from _named(kind, part, f"{path}[{i}]", get_args(of)[0] if of else None)
    elif attrs.has(cls := type(value)):
        for field in _naming(cls, kind):
            yield from _named(kind, getattr(value, field.name), f"{path}.{field.name}", field.type)
    elif isinstance(value, str) and kind in (declared, *get_args(declared)):
        yield path, value


@cache
def _naming(cls: Any, kind: Any) -> tuple["attrs.Attribute[Any]", ...]:
    """The fields of a class in which something of *kind* may be named."""
    return tuple(field for field in fields_of(cls) if _can_name(field.type, kind))


def _can_name(declared: Any, kind: Any) -> bool:
    inside = tuple(f.type for f in fields_of(declared)) if attrs.has(declared) else get_args(declared)
    return declared is kind or any(_can_name(part, kind) for part in inside)


def _days(event: Event, day: date, case: Case, today: date) -> Iterator[Problem]:
    yield from _to_come(day, today)
    if case.began is not None and day < case.began and not event.credits_earlier and not is_attested(case, day):
        yield Problem("day", f"{day}", f"a day not before the case began, {case.began}")


def _past(event: Event, day: date, case: Case, edition: Edition) -> Iterator[Problem]:
    """What is attested of the time before the case was taken over cannot have begun it here or ended it."""
    if not (isinstance(event, Act) and is_attested(case, day)):
        return
    behind = {act.type_name for act in edition.lifecycle.acts_before(case.taken_over_into)}
    stays = {name for (state, name), to in edition.table.items() if state == to}
    other = isinstance(event, Beginning) and event.program != edition.program
    if event.type_name not in behind | stays or other:
        what = "begins a case of another program" if other else "does not lie behind the stage it was taken over in"
        yield Problem("day", f"{day}, before the case was taken over, for an act that {what}", f"a day from {case.began} on")


def _to_come(day: date, today: date) -> Iterator[Problem]:
    if day > today:
        yield Problem("day", f"{day}, which is to come", f"a day not after the day of entry, {today}")


def _stranger(day: date) -> Problem:
    return Problem("actor.person", f"a person with no role in the case on {day}", "someone with a role in it")


def second_state(event: Event, day: date, case: Case) -> Iterator[Problem]:
    """The problem of a second fact of state for the same subject and day, if it is one."""
    if event.state_of is None:
        return
    subject = [getattr(event, name) for name in event.state_of]
    for entry in case.entries:
        if entry.day != day or entry.event.type_name != event.type_name:
            continue
        if [getattr(entry.event, name) for name in event.state_of] == subject:
            what = f"a second {event.type_name} for the same subject on {day}"
            yield Problem(
                "payload",
                f"{what}; the first is version {entry.version} of the case",
                f"one such fact a day: where that one is wrong, this one with corrects: {entry.version}",
            )
            return


def _actor(command: Command, case: Case, edition: Edition) -> Iterator[Problem]:
    event, day = command.event, command.day
    held, wanted = roles_held(case, event, command.actor, day), set(may_enter(edition, case, event, day))
    if not held:
        yield _stranger(day)
    elif not isinstance(event, Act) and wanted and not held & wanted:
        found = f"the role {', '.join(sorted(held))}"
        yield Problem("actor.person", found, f"a role that may enter this fact: {', '.join(sorted(wanted))}")
