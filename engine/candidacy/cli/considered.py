"""`candidacy why`: an act named on the command line, or a whole command in a file, considered and not kept."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs

from candidacy.decision import Decision
from candidacy.engine import Engine
from candidacy.errors import InputError, OpenFieldError, Problem
from candidacy.events import Act, Event, JudgementGiven, fields_of, partial
from candidacy.interventions import BY_NAME, EditionMoved
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.standard import JudgementNoted
from candidacy.strict import read_json, shown


@attrs.frozen
class Considered:
    """The decision there would be, the edition and act it is about, and the record that spent the command's id, if any."""

    decision: Decision
    edition: Edition
    type_name: str
    spent: Record | None = None


def consider(  # noqa: PLR0913, PLR0917 (what the command line gives)
    engine: Engine,
    case: str,
    what: str,
    content: tuple[str, ...],
    day: str | None,
    read: Callable[[str], bytes],
    known: datetime | None,
    rules: str,
) -> Considered:
    """The decision there would be on an act; *known* and *rules* as `Cases.case` has them."""
    on = engine.registry.codec.read_day(day, "--day") if day is not None else None
    kind = None if what == "-" else _kind(engine, case, what, rules)
    if kind is None:
        return _whole_command(engine, case, read(what), on, content, known=known, rules=rules)
    event = _drafted(engine, kind, content)
    try:
        decision = engine.consider(case, event, on, known=known, rules=rules)
        return Considered(decision, _under(engine, case, event, rules), kind.type_name)
    except OpenFieldError as lacking:  # without it not even the program is known
        raise InputError([Problem(lacking.field, "nothing", "content, with --with")]) from None


def _under(engine: Engine, case: str, event: Event, rules: str) -> Edition:
    """The edition that judges it."""
    edition = engine.case(case, event, rules=rules)[1]
    return engine.edition_named(edition, event.to, "payload.to") if isinstance(event, EditionMoved) else edition


def _whole_command(  # noqa: PLR0913 (what the command line gives)
    engine: Engine,
    case: str,
    document: bytes,
    day: date | None,
    content: tuple[str, ...],
    *,
    known: datetime | None,
    rules: str,
) -> Considered:
    try:
        command = engine.registry.codec.read_command(document)
    except InputError:
        engine.rehearse(document)  # which says everything that is wrong with it
        raise
    problems = [Problem("--with", "content beside a whole command", "an act, or a command alone")] * bool(content)
    if command.case != case:
        problems.append(Problem("case", f"the case {command.case} in the command", f"the case {shown(case)} that was asked about"))
    if problems:
        raise InputError(problems)
    decision, edition, spent = engine.rehearse(attrs.evolve(command, day=day or command.day), known=known, rules=rules)
    return Considered(decision, edition, command.event.type_name, spent)


def _kind(engine: Engine, case: str, what: str, rules: str) -> type[Event] | None:
    """The event so named (type name, or its middle part), or None where *what* is a file."""
    edition = _edition(engine, case, rules)
    known = (
        (*dict.fromkeys((*edition.entered_by, JudgementGiven, JudgementNoted, *BY_NAME, EditionMoved)),)
        if edition
        else engine.registry.codec.kinds.values()
    )
    kinds: list[type[Event]] = list(known)
    by_name = {name: k for k in kinds for name in (k.type_name, k.type_name.split(".")[1])}
    if what in by_name:
        return by_name[what]
    if "/" in what or what.endswith(".json") or Path(what).exists():
        return None
    acts = ", ".join(sorted(k.type_name.split(".")[1] for k in kinds if issubclass(k, Act)))
    raise InputError([Problem("ACT", f"the name {shown(what)}", f"an act of the program ({acts}), a file, or -")])


def _edition(engine: Engine, case: str, rules: str) -> Edition | None:
    if not any(record.accepted for record in engine.ledger.of_case(case)):
        return None  # it has not begun: any act that begins one may be asked about
    return engine.case(case, rules=rules)[1]


def _drafted(engine: Engine, kind: type[Event], content: tuple[str, ...]) -> Event:
    """An event with the content given; what has none stays open, but a fact needs all of it."""
    problems: list[Problem] = []
    fields: dict[str, Any] = {}
    for pair in content:
        name, equals, text = pair.partition("=")
        if not equals:
            problems.append(Problem("--with", f"text of {len(pair)} characters without =", "FIELD=VALUE"))
            continue
        if name in fields:
            problems.append(Problem(f"--with {shown(name)}", "content twice", "content once"))
        try:
            fields[name] = _content(engine, kind, name, text)
        except InputError as wrong:
            problems += [attrs.evolve(p, path=f"--with {shown(name)}") for p in wrong.problems]
    lacking = [a.name for a in fields_of(kind) if a.name not in fields and a.default is attrs.NOTHING]
    if not issubclass(kind, Act):
        problems += [Problem(name, "nothing", "content, with --with: a fact is entered whole") for name in lacking]
    if problems:
        raise InputError(problems)
    return partial(kind, **fields) if lacking else kind(**fields)


def _content(engine: Engine, kind: type[Event], name: str, text: str) -> object:
    """The content of a field as typed: itself where the field takes it so (an id of digits), else as JSON."""
    with suppress(InputError):
        return engine.registry.codec.read_field(kind, name, text)
    value: Any = text
    with suppress(InputError):
        value = read_json(text)
    return engine.registry.codec.read_field(kind, name, value)
