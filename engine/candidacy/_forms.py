"""The forms of a program: everything that may be entered, by whom and when, and the questions that are asked."""

from __future__ import annotations

from datetime import date
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, get_args, get_origin

import attrs

from candidacy._markdown import code, page, table, text
from candidacy._phrases import named, plain
from candidacy._words import words
from candidacy.events import WORDS, Act, Beginning, Event, Id, fields_of, type_words
from candidacy.interventions import Suspended
from candidacy.terms import plain as as_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.program import Edition, Program


def forms(program: Program, editions: Iterable[Edition]) -> str:
    """The page; a form that is as in the edition before is named only."""
    lines = [
        "An **act** is a step of the program, which rules may refuse; a **fact** reports what happened, and no rule refuses it.",
        "Each is entered with its day, and by a person who holds one of the roles. An **id** is at most 64 letters, digits and",
        f"signs out of {code('. _ : / # + -')}, and never a person's name.",
    ]
    before = dict[str, list[str]]()
    for edition in editions:
        now = {kind.type_name: list(_form(kind, by, edition)) for kind, by in _in_order(edition)}
        same = [name for name, form in now.items() if before.get(name) == form]
        lines += ["", f"## Edition {text(edition.name)}"]
        lines += ["", f"As in the edition before: {', '.join(map(code, same))}."] if same else []
        lines += [line for name, form in now.items() if name not in same for line in form]
        lines += [*_questions(edition), *_by_name(edition), *_classes(edition)]
        before = now
    return page(f"{program.title}: the forms", lines)


def _in_order(edition: Edition) -> list[tuple[type[Event], tuple[str, ...]]]:
    """What may be entered: the acts in the order of the lifecycle, other acts, and the facts."""
    order = {act.type_name: n for n, act in reversed(list(enumerate(edition.lifecycle.acts.values())))}
    last = len(order)
    return sorted(
        edition.entered_by.items(),
        key=lambda item: (not issubclass(item[0], Act), order.get(item[0].type_name, last), item[0].type_name),
    )


def _form(kind: type[Event], by: tuple[str, ...], edition: Edition) -> Iterator[str]:
    yield from ("", f"### {text(_capital(named(kind.type_name)))} ({'act' if issubclass(kind, Act) else 'fact'})", "")
    yield text(cleandoc(kind.__doc__)) if kind.__doc__ else "The plugin does not say what it means."
    yield from ("", f"- Entered by: {text(' or '.join(by))}.", f"- When: {text(_when(kind, edition))}.")
    if issubclass(kind, Act) and (asking := edition.two_people.get(kind)):
        yield f"- It takes two people: {text(' or '.join(asking))} asks for it, and another person enters it."
    if issubclass(kind, Act) and kind.while_suspended and Suspended in edition.entered_by:
        yield "- Also while the case is suspended."
    if kind.credits_earlier:
        yield "- It may be dated before the case began."
    if kind.state_of is not None:
        of = " and ".join(map(plain, kind.state_of)) or "case"
        yield f"- It tells how things are from its day on; one for each {text(of)} and day."
    yield f"- Its type: {code(kind.type_name)}."
    rows = list(_fields(kind, edition))
    if rows:
        yield from table(("field", "what it holds", "may be left out", "in commands"), rows)
    else:
        yield from ("", "It has no fields.")


def _when(kind: type[Event], edition: Edition) -> str:
    if issubclass(kind, Beginning):
        return "it begins a case"
    if not issubclass(kind, Act):
        return "in every stage, once the case has begun"
    if kind.anywhere:
        return "in every stage"
    acts = edition.lifecycle.acts
    states = dict.fromkeys(state for state, way in edition.table if acts.get(way) is kind)
    order = (*edition.lifecycle.stages, *edition.lifecycle.exits)
    return f"in {', '.join(sorted(states, key=order.index))}" if states else "in no stage: the lifecycle has no move for it"


def _fields(kind: Any, edition: Edition, inside: str = "") -> Iterator[tuple[str, ...]]:
    """A row for each field, and for the fields of what it is made of."""
    for field in fields_of(kind):
        name = f"{inside}{field.name}"
        yield text(_spoken(name)), text(_holds(field, edition)), text(_left_out(field)), code(name)
        made, many = _made_of(field.type)
        if made is not None and "sealed" not in field.metadata:
            yield from _fields(made, edition, f"{name}[]." if many else f"{name}.")


def _spoken(name: str) -> str:
    return ", ".join(plain(part.removesuffix("[]")) for part in name.split("."))


def _holds(field: attrs.Attribute[Any], edition: Edition) -> str:
    if "sealed" not in field.metadata:
        return type_words(field.type).replace(WORDS[Id], "an id").replace(WORDS[date], "a day")
    name = str(field.metadata["sealed"])
    of = next((c for c in edition.confidential if c.name == name), None)
    if of is None:
        return f"confidential content of the class {name}; not accepted yet"
    who, what = ", ".join(of.readers), ", ".join(map(plain, of.purposes))
    return f"confidential content of the class {name}, for {who} to read, for {what}; not accepted yet"


def _left_out(field: attrs.Attribute[Any]) -> str:
    if "sealed" in field.metadata:
        return "yes"
    if field.default is attrs.NOTHING:
        return "no"
    default = field.default
    made = None if isinstance(default, attrs.Factory) else as_plain(default)  # type: ignore[arg-type]
    return "yes" if made in (None, []) else f"yes; then {words(made)}"


def _made_of(kind: Any) -> tuple[Any, bool]:
    """The class of objects that a field holds, and whether it holds many; None where it holds none."""
    if attrs.has(kind):
        return kind, False
    for part in get_args(kind):
        if attrs.has(part):
            return part, get_origin(kind) is tuple
    return None, False


def _questions(edition: Edition) -> Iterator[str]:
    if not edition.questions:
        return
    yield from ("", "### Questions that somebody answers", "")
    yield "No rule can decide them. The answer, yes or no, is an act of its own; the last one counts."
    head = ("question", "what is asked", "who answers", "of each thing", "where it stands")
    yield from table(
        head,
        (
            (code(q.id), text(q.asks), text(" or ".join(q.by)), "yes" if q.of_each else "no", text(q.citation))
            for q in edition.questions
        ),
    )


def _by_name(edition: Edition) -> Iterator[str]:
    if edition.waivers:
        yield from ("", "### Rules that may be waived")
        rows = ((text(w.rule.requirement), text(" or ".join(w.by)), text(w.citation), code(w.rule.id)) for w in edition.waivers)
        yield from table(("rule", "who may waive it", "where that stands", "its name"), rows)
    if edition.clocks:
        yield from ("", "### Periods that may stand still or be extended")
        head = ("period", "while the case is suspended", "who may extend it", "where it stands", "the reading taken")
        clocks = edition.clocks
        yield from table(
            head,
            (
                (code(c.name), "stands still" if c.stops else "runs on", text(" or ".join(c.extended_by) or "nobody"),
                 text(c.citation), text(c.reading))
                for c in clocks
            ),
        )  # fmt: skip


def _classes(edition: Edition) -> Iterator[str]:
    if not edition.confidential:
        return
    yield from ("", "### Confidential content")
    head = ("class", "who may read it", "for what", "never for", "where it stands")
    yield from table(
        head,
        (
            (code(c.name), text(", ".join(c.readers)), text(", ".join(map(plain, c.purposes))),
             text(", ".join(map(plain, c.forbidden)) or "nothing named"), text(c.citation))
            for c in edition.confidential
        ),
    )  # fmt: skip


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
