"""Catalogues: every statement of a document, restated in our words, and what stands for it in a program."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeGuard, cast

import attrs

from candidacy.citation import Citation
from candidacy.clock import Clock
from candidacy.confidential import Confidential
from candidacy.errors import DefinitionError
from candidacy.events import Act, Event, fields_of, words_of
from candidacy.interventions import enterable
from candidacy.latitude import Takes, Waivable
from candidacy.parameter import Parameter
from candidacy.rule import Question, Rule
from candidacy.strands import Strands
from candidacy.workdays import WorkCalendar

LONGEST_SHOWN = 80
"""Characters at most that are shown of what has no place in a catalogue."""


class Force(StrEnum):
    """How strongly a statement speaks."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    INFO = "info"


class Kind(StrEnum):
    """What may stand for a statement."""

    RULE = "rule"
    ADVICE = "advice"
    JUDGEMENT = "judgement"
    PARAMETER = "parameter"
    GUARD = "guard"
    MOVE = "lifecycle move"
    STEP = "strand step"
    EVENT = "event"
    FIELD = "form field"
    WORDS = "vocabulary"
    CLASS = "confidentiality class"
    CLOCK = "clock"
    CALENDAR = "work calendar"
    WAIVER = "waiver"
    MOVED = "move to another edition"
    NOT_MODELLED = "not modelled"


@attrs.frozen
class NotModelled:
    """Nothing in the program stands for a statement, and why; a sentence for a program officer."""

    reason: str


NOT_YET = NotModelled("not modelled yet")
"""What stands for a statement until the plugin's author decides; the check of a plugin fails while one is left."""


@attrs.frozen
class EngineGuard:
    """A guard that the engine has for every program: ``role``, ``lifecycle``, ``strand``, ``plan``, ``suspension``."""

    name: str


@attrs.frozen
class LifecycleMove:
    """An act that moves a case on, from a state (any, where none is named)."""

    act: type[Act]
    state: str = ""


@attrs.frozen
class FormField:
    """A field of an event: of a form, of a document, of what is recorded."""

    event: type[Event]
    name: str


@attrs.frozen
class Vocabulary:
    """The closed vocabulary of a field."""

    event: type[Event]
    name: str


@attrs.frozen
class StrandStep:
    """The event that begins a strand, or the one that ends it."""

    strands: Strands[Any]
    ends: bool = False

    @property
    def event(self) -> type[Event]:
        """That event."""
        return self.strands.ended if self.ends else self.strands.begun


Ours = EngineGuard | LifecycleMove | FormField | Vocabulary | StrandStep
Listed = Rule | Question | Parameter[Any] | Confidential | Clock | WorkCalendar | Waivable | Takes
Stood = LifecycleMove | FormField | Vocabulary | StrandStep | type[Event]
By = Listed | NotModelled | Ours | type[Event]


@attrs.frozen
class Statement:
    """One statement of a document, in our words.

    Attributes:
        id: by which it is cited.
        by: what stands for it, the foremost first.
    """

    id: str
    force: Force
    says: str
    citation: Citation
    by: tuple[By, ...]

    @property
    def kind(self) -> Kind:
        """What the foremost of it is."""
        return kind_of(self.by[0])

    @property
    def reason(self) -> str:
        """Why nothing stands for it; "" where something does."""
        return next((by.reason for by in self.by if isinstance(by, NotModelled)), "")


KINDS: dict[type[Any], Kind] = {
    Question: Kind.JUDGEMENT,
    Parameter: Kind.PARAMETER,
    EngineGuard: Kind.GUARD,
    LifecycleMove: Kind.MOVE,
    FormField: Kind.FIELD,
    Vocabulary: Kind.WORDS,
    StrandStep: Kind.STEP,
    Confidential: Kind.CLASS,
    NotModelled: Kind.NOT_MODELLED,
    Clock: Kind.CLOCK,
    WorkCalendar: Kind.CALENDAR,
    Waivable: Kind.WAIVER,
    Takes: Kind.MOVED,
}
GUARDS = frozenset(
    {
        "role",
        "lifecycle",
        "strand",
        "plan",
        "suspension",
        "attested",
        "apart",
        "authority",
        "settled",
        "affirming",
        "voiding",
        "waiving",
        "overriding",
        "extending",
        "moving",
        "two_people",
        "correcting",
    }
)


def kind_of(by: By) -> Kind:
    """What stands for a statement."""
    if isinstance(by, Rule):
        return Kind.RULE if by.binding else Kind.ADVICE
    return Kind.EVENT if isinstance(by, type) else KINDS[type(by)]


def named(by: By, program: str) -> str:
    """The dotted name of what stands for a statement; "" where nothing does."""
    if isinstance(by, NotModelled):
        return ""
    if isinstance(by, EngineGuard):
        return f"candidacy.{by.name}"
    if _is_listed(by):
        return _listed(by, program)
    inside = f".{by.name}" if isinstance(by, FormField | Vocabulary) else ""
    state = f" in {by.state}" if isinstance(by, LifecycleMove) and by.state else ""
    return _event_of(cast("Stood", by)).type_name + inside + state


def _listed(by: Listed, program: str) -> str:
    """The dotted name of what an edition lists."""
    if isinstance(by, Rule | Waivable):
        return by.id if isinstance(by, Rule) else f"{by.rule.id} (waiver)"
    if isinstance(by, Takes):
        return f"{program}/{by.edition}"
    return f"{program}.{(by.id if isinstance(by, Question) else by.name).replace(' ', '_')}"


LISTED_IN: dict[type[Any], str] = {
    Rule: "rules",
    Question: "questions",
    Parameter: "parameters",
    Confidential: "confidential",
    Clock: "clocks",
    WorkCalendar: "calendars",
    Waivable: "waivers",
    Takes: "takes",
}
"""Where an edition lists what may stand for a statement."""


def _is_listed(by: object) -> TypeGuard[Listed]:
    return type(by) in LISTED_IN


def _event_of(by: Stood) -> type[Event]:
    return by if isinstance(by, type) else by.act if isinstance(by, LifecycleMove) else by.event


def lacking(edition: Any) -> Iterator[str]:
    """What a catalogue names and its edition does not have, and statements that contradict themselves."""
    ids = [statement.id for statement in edition.catalogue]
    twice = sorted({n for n in ids if ids.count(n) > 1})
    yield from (f"statement {name} stands twice in the catalogue; needed it once, with all that stands for it" for name in twice)
    for statement in edition.catalogue:
        if not statement.by:
            yield f"statement {statement.id} has nothing that stands for it; needed what does, or why nothing does"
        for by in statement.by:
            if not (isinstance(by, Rule | Ours) or type(by) in KINDS or (isinstance(by, type) and issubclass(by, Event))):
                what = f"{type(by).__name__} {by!r}"[:LONGEST_SHOWN]
                yield f"statement {statement.id} names {what}; needed a rule, a number, an event or another of its kinds"
                continue
            name = named(by, edition.program)
            yield from (f"statement {statement.id} names {name}{wrong}" for wrong in _wrong(by, statement.id, edition) if wrong)


def _wrong(by: By, statement: str, edition: Any) -> Iterator[str]:
    """What is wrong with what stands for a statement, as the end of a sentence."""
    if isinstance(by, NotModelled):
        yield "" if by.reason.strip() else "no reason why it is not modelled"
    elif isinstance(by, EngineGuard):
        yield "" if by.name in GUARDS else ", a guard that the engine does not have"
    elif _is_listed(by):
        where = LISTED_IN[type(by)]
        yield "" if by in getattr(edition, where) else f", which the edition does not have; needed it in {where}="
        cited = [v.citation for v in by.values] if isinstance(by, Parameter) else [] if isinstance(by, Takes) else [by.citation]
        yield "" if not cited or any(statement in c.requirements for c in cited) else ", which does not cite it"
    else:
        yield from _wrong_event(cast("Stood", by), edition)


def _wrong_event(by: Stood, edition: Any) -> Iterator[str]:
    event = _event_of(by)
    yield "" if event in enterable(edition) else ", which no role may enter"
    if isinstance(by, LifecycleMove):
        moved = any(act == event.type_name and by.state in {"", state} for state, act in edition.table)
        yield "" if moved else ", for which the lifecycle has no move"
    if isinstance(by, FormField | Vocabulary):
        field = next((a for a in fields_of(event) if a.name == by.name), None)
        yield "" if field else ", which is no field of it"
        yield ", which has no closed vocabulary" if field and isinstance(by, Vocabulary) and not words_of(field.type) else ""


def restated(owner: str, at: str, says: str) -> str:
    """Our words for a statement, on one line."""
    said = " ".join(says.split())
    if not said:
        raise DefinitionError(f"{owner}: statement {at}", ["found no words; needed the statement in our words"])
    return said
