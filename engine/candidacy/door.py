"""The door: what may not even be judged. Errors, not refusals; nothing is entered. A pure function."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, get_args, get_origin

import attrs

from candidacy.case import Case
from candidacy.deciding import is_attested, may_enter, roles_held
from candidacy.decision import Command
from candidacy.errors import OpenFieldError, Problem
from candidacy.events import Act, Beginning, Event, JudgementGiven, RoleName, StateName, fields_of
from candidacy.program import Edition


def at_the_door(edition: Edition, case: Case, command: Command, today: date) -> list[Problem]:
    """Everything for which *command* cannot be judged: names its program does not know, days, and who enters it.

    Args:
        today: the day of entry, in the ledger's time zone.
    """
    event, day = command.event, command.day
    problems: list[Problem] = []
    parts = (
        _unknown(event, edition),
        _days(event, day, case, today),
        _past(event, day, case, edition),
        second_state(event, day, case),
        _actor(command, case, edition),
    )
    for part in parts:
        with suppress(OpenFieldError):  # an act that is only being considered may have fields without content
            problems += part
    return problems


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
    if isinstance(event, JudgementGiven):
        question = edition.question(event.question)
        if question is None:
            known = ", ".join(q.id for q in edition.questions) or "it has none"
            yield Problem("payload.question", "a question the program does not ask", f"one of {known}")
        elif question.of_each != (event.about is not None):
            needed = "what it is about: the question is asked of each" if question.of_each else "nothing: it is asked once"
            yield Problem("payload.about", "nothing" if event.about is None else "something it is about", needed)
    elif not edition.may_enter(event):
        yield Problem("type", f"the event type {event.type_name}", f"one of the program {edition.program}")
    roles = {r.name for r in edition.roles}
    for path, role in _named(RoleName, event, "payload"):
        if role not in roles:
            yield Problem(path, "a role the program does not have", f"a role of the program: {', '.join(sorted(roles))}")
    states = (*edition.lifecycle.stages, *edition.lifecycle.exits)
    for path, state in _named(StateName, event, "payload"):
        if state not in states:
            yield Problem(path, "a state the program does not have", f"a state of the program: {', '.join(states)}")


def _named(kind: Any, value: object, path: str, declared: Any = None) -> Iterator[tuple[str, str]]:
    """Every role or state (as *kind* says) that *value*, declared as a certain type, names, with its path."""
    if isinstance(value, tuple):
        of = next((t for t in (declared, *get_args(declared)) if get_origin(t) is tuple), None)
        for i, part in enumerate(value):
            yield from _named(kind, part, f"{path}[{i}]", get_args(of)[0] if of else None)
    elif attrs.has(type(value)):
        for field in fields_of(type(value)):
            yield from _named(kind, getattr(value, field.name), f"{path}.{field.name}", field.type)
    elif isinstance(value, str) and kind in (declared, *get_args(declared)):
        yield path, value


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
                "one such fact a day: a wrong one cannot be corrected yet",
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
