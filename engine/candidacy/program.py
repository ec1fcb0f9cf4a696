"""Programs and their dated editions: lifecycle, roles, rules, parameters. Frozen, checked when made."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from candidacy.authority import Authority
from candidacy.canonical import digest
from candidacy.case import NOT_BEGUN, Case
from candidacy.catalogue import Statement
from candidacy.check import Outcome
from candidacy.clock import Clock
from candidacy.confidential import Confidential
from candidacy.contradictions import contradictions
from candidacy.declaration import without_value
from candidacy.errors import DefinitionError, twice
from candidacy.events import Act, CaseTakenOver, Event, Fact, JudgementGiven, fields_of, type_words, words_of
from candidacy.interventions import ExtensionGranted, WaiverGranted
from candidacy.latitude import Takes, Waivable
from candidacy.lifecycle import Lifecycle, Table
from candidacy.parameter import Parameter
from candidacy.role import Role
from candidacy.rule import Question, Rule
from candidacy.spans import Span
from candidacy.standard import JudgementNoted
from candidacy.strands import Strands
from candidacy.terms import CODE, plain
from candidacy.workdays import WORK_DAYS, WorkCalendar


@attrs.frozen(eq=False, slots=False)
class Edition:
    """One dated edition of a program.

    Attributes:
        in_force: the day whose parameter values its cases are pinned to.
        revision: raised by the author whenever an answer may change.
        roles: in reading order; the first is whom a case is about.
        entered_by: every event of the program and the roles that may enter it.
        rules: in reading order.
        authorities: the documents they are taken from.
        usual: by role, the parameter that says how long it usually takes to decide (a Span), or on which days it sits
            (days): shown beside the day that the rules give, never mixed into it.
        confidential: the classes of its sealed fields.
        calendars: the tables by which work days are counted.
        catalogue: every statement of its documents, and what stands for it.
        clocks: periods that a suspension stops or a role may extend.
        waivers: its own rules that may be waived, each with the roles that may.
        two_people: acts that one person asks for and another enters, each with the roles that may ask.
        takes: the other editions of the program whose cases may be moved to this one.
        alike: pairs of rules of two documents that ask the very same before the same act, as the agency says: where both say the
            same of a case, it is told once with both citations. Both have their findings in the record all the same.
    """

    program: str
    name: str
    revision: int
    in_force: date
    lifecycle: Lifecycle
    roles: tuple[Role, ...]
    entered_by: Mapping[type[Event], tuple[str, ...]]
    rules: tuple[Rule, ...]
    parameters: tuple[Parameter[Any], ...] = ()
    strands: tuple[Strands[Any], ...] = ()
    questions: tuple[Question, ...] = ()
    authorities: tuple[Authority, ...] = ()
    usual: Mapping[str, Parameter[Any]] = attrs.field(factory=dict)
    confidential: tuple[Confidential, ...] = ()
    calendars: tuple[WorkCalendar, ...] = ()
    catalogue: tuple[Statement, ...] = ()
    clocks: tuple[Clock, ...] = ()
    waivers: tuple[Waivable, ...] = ()
    two_people: Mapping[type[Act], tuple[str, ...]] = attrs.field(factory=dict)
    takes: tuple[Takes, ...] = ()
    alike: tuple[tuple[Rule, Rule], ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse an edition that contradicts itself, saying everything that is wrong."""
        problems = list(contradictions(self))
        if problems:
            raise DefinitionError(f"edition {self.id}", problems)

    @property
    def id(self) -> str:
        """Program and name: ``widgets/2004``."""
        return f"{self.program}/{self.name}"

    @property
    def table(self) -> Table:
        """The lifecycle as the engine runs on it."""
        return self.lifecycle.table()

    @cached_property
    def values(self) -> dict[str, object]:
        """The parameter values its cases are pinned to, by name; those without one in force are missing."""
        found = {p.name: p.on(self.in_force) for p in self.parameters}
        return {name: value.value for name, value in found.items() if value}

    @cached_property
    def waits(self) -> dict[str, Span | tuple[date, ...]]:
        """How long roles usually take to decide, or the days on which they sit, where a value is in force."""
        found = {role: self.values.get(parameter.name) for role, parameter in self.usual.items()}
        return {role: wait for role, wait in found.items() if isinstance(wait, Span | tuple)}

    @cached_property
    def words(self) -> frozenset[str]:
        """Its closed vocabularies: what findings may say beside ids, codes, amounts and days."""
        found = {*self.lifecycle.stages, *self.lifecycle.exits, NOT_BEGUN, "calendar days", "months", WORK_DAYS}
        found |= {p.unit for p in self.parameters} | {f"{s.name}s" for s in self.strands}
        found |= {r.name for r in self.roles} | {p.name for p in self.parameters} | {a.title for a in self.authorities}
        found |= {word for k in (*self.entered_by, JudgementGiven) for a in fields_of(k) for word in words_of(a.type)}
        return frozenset(found | set(Outcome))

    def case(self, case: str = "") -> Case:
        """An empty case under this edition."""
        return Case(case, edition=self.id, parameters=self.values)

    def rules_for(self, kind: type[Event]) -> tuple[Rule, ...]:
        """The rules that judge events of *kind*, in reading order."""
        if kind.type_name not in self._rules_for:
            self._rules_for[kind.type_name] = tuple(r for r in self.rules if r.concerns(kind))
        return self._rules_for[kind.type_name]

    def strand_of(self, kind: type[Event]) -> Strands[Any] | None:
        """The kind of strand that events of *kind* open or close."""
        if kind.type_name not in self._strand_of:
            self._strand_of[kind.type_name] = next((s for s in self.strands if s.concerns(kind)), None)
        return self._strand_of[kind.type_name]

    @cached_property
    def apart(self) -> dict[str, frozenset[str]]:
        """By role, those that the same person had better not hold in a case."""
        return {r.name: frozenset(r.apart_from) for r in self.roles if r.apart_from}

    @property
    def attesters(self) -> tuple[str, ...]:
        """The roles that take cases over, and may attest what lies before."""
        return self.entered_by.get(CaseTakenOver, ())

    @cached_property
    def alike_to(self) -> dict[str, str]:
        """By rule, the one of another document that asks the very same."""
        return {rule.id: other.id for one, two in self.alike for rule, other in ((one, two), (two, one))}

    def question(self, question: str) -> Question | None:
        """The question of that id."""
        return next((q for q in self.questions if q.id == question), None)

    def may_enter(self, event: Event) -> tuple[str, ...]:
        """The roles that may enter *event*; a judgement or its note, those the question names; and so for what may be waived."""
        if isinstance(event, JudgementGiven | JudgementNoted):
            question = self.question(event.question)
            return tuple(question.by) if question else ()
        if isinstance(event, WaiverGranted):
            return next((tuple(w.by) for w in self.waivers if w.rule.id == event.rule), ())
        if isinstance(event, ExtensionGranted):
            return next((tuple(c.extended_by) for c in self.clocks if c.name == event.clock), ())
        return self._entered_by.get(event.type_name, ())

    @cached_property
    def declared(self) -> str:
        """Digest of the declared data: everything but the functions."""
        return digest(self.as_data())

    def as_data(self) -> dict[str, Any]:
        """The declared data, as plain values: what a reader of the edition may compare."""
        return {
            "edition": self.id,
            "revision": self.revision,
            "in_force": str(self.in_force),
            "moves": [[state, act, to] for (state, act), to in sorted(self.table.items())],
            "finals": list(self.lifecycle.finals),
            "roles": [[r.name, *r.aliases] for r in self.roles],
            **self._apart_data(),
            "events": {k.type_name: _event_data(k, by) for k, by in self.entered_by.items()},
            "rules": [_rule_data(r) for r in self.rules],
            "parameters": {p.name: _parameter_data(p) for p in self.parameters},
            "strands": {s.name: [s.begun.type_name, s.ended.type_name, s.by, s.last_day_included] for s in self.strands},
            "authorities": {a.title: [a.publisher, str(a.dated), a.sha256, a.obtain] for a in self.authorities},
            **({"usual": {role: p.name for role, p in self.usual.items()}} if self.usual else {}),
            **self._classes_data(),
            **self._calendars_data(),
            **self._latitude_data(),
            **({"alike": [[one.id, other.id] for one, other in self.alike]} if self.alike else {}),
            "questions": {q.id: [q.asks, list(q.by), str(q.citation), q.of_each] for q in self.questions},
        }

    def _apart_data(self) -> dict[str, Any]:
        named = {r.name: [[kind.type_name, field] for kind, field in r.named_by] for r in self.roles if r.named_by}
        apart = {r.name: list(r.apart_from) for r in self.roles if r.apart_from}
        return {**({"apart": apart} if apart else {}), **({"named_by": named} if named else {})}

    def _classes_data(self) -> dict[str, Any]:
        classes = {c.name: [list(c.readers), list(c.purposes), list(c.forbidden)] for c in self.confidential}
        return {"confidential": classes} if classes else {}

    def _calendars_data(self) -> dict[str, Any]:
        tables = {
            c.name: [str(c.first), str(c.last), [str(day) for day in c.off], str(c.citation), c.reading] for c in self.calendars
        }
        return {"calendars": tables} if tables else {}

    def _latitude_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "clocks": {c.name: [c.stops, list(c.extended_by), str(c.citation), c.reading] for c in self.clocks},
            "waivers": {w.rule.id: [list(w.by), str(w.citation)] for w in self.waivers},
            "two_people": {act.type_name: list(by) for act, by in self.two_people.items()},
            "takes": {t.edition: [dict(t.stages), [a.type_name for a in t.again], t.reading] for t in self.takes},
        }
        return {name: found for name, found in data.items() if found}

    @cached_property
    def _rules_for(self) -> dict[str, tuple[Rule, ...]]:
        return {}

    @cached_property
    def _strand_of(self) -> dict[str, Strands[Any] | None]:
        return {}

    @cached_property
    def _entered_by(self) -> dict[str, tuple[str, ...]]:
        return {kind.type_name: by for kind, by in reversed(list(self.entered_by.items()))}


@attrs.frozen(eq=False)
class Program:
    """An agency's program.

    Attributes:
        name: short name and owner of its event types: ``widgets``.
        editions: every edition, and every revision of one that is still shipped.
        announcements: what its cases begin under, each to the name of the edition it pins them to.
    """

    name: str
    title: str
    editions: tuple[Edition, ...]
    announcements: Mapping[str, str]

    def __attrs_post_init__(self) -> None:
        """Refuse a program whose parts do not fit together."""
        if not isinstance(self.editions, tuple) or not all(isinstance(e, Edition) for e in self.editions):
            raise DefinitionError(f"program {self.name}", [f"found editions={self.editions!r}; needed a tuple of Editions"])
        problems = [f"edition {e.id} belongs to another program" for e in self.editions if e.program != self.name]
        problems += twice("edition", [f"{e.name} r{e.revision}" for e in self.editions])
        kinds = {k for e in self.editions for k in e.entered_by}
        problems += twice("event", [k.type_name for k in kinds])
        names = {e.name for e in self.editions}
        problems += [
            f"edition {e.id} takes cases of {t.edition!r}, which is no other edition"
            for e in self.editions
            for t in e.takes
            if t.edition not in names - {e.name}
        ]
        problems += [
            f"edition {e.id} takes cases of {t.edition!r} in {state!r}, which is no state there"
            for e in self.editions
            for t in e.takes
            for other in self.editions
            if other.name == t.edition
            for state in t.stages
            if state not in {*other.lifecycle.stages, *other.lifecycle.exits}
        ]
        problems += [
            f"announcement {a!r} pins to {e!r}, which is no edition" for a, e in self.announcements.items() if e not in names
        ]
        problems += [f"announcement {a!r} is no id" for a in self.announcements if not CODE.fullmatch(a)]
        rules = {rule.id: rule for e in self.editions for rule in e.rules}
        problems += without_value(rules.values(), {p.name for e in self.editions for p in e.parameters})
        if not self.editions or not self.announcements:
            problems.append("found no edition or no announcement; needed at least one of each")
        if problems:
            raise DefinitionError(f"program {self.name}", problems)

    def edition(self, name: str, revision: int | None = None) -> Edition | None:
        """The newest revision of the edition so named; or exactly *revision*, where it is shipped."""
        named = [e for e in self.editions if e.name == name and revision in (None, e.revision)]
        return max(named, key=lambda e: e.revision, default=None)

    def edition_on(self, day: date) -> Edition:
        """The newest revision of the edition in force on *day*: the one that began last by then, or the first of all."""
        by_day = sorted(self.editions, key=lambda e: (e.in_force, e.revision))
        begun = [edition for edition in by_day if edition.in_force <= day]
        first = [edition for edition in by_day if edition.name == by_day[0].name]
        return (begun or first)[-1]


def _event_data(kind: type[Event], by: tuple[str, ...]) -> dict[str, Any]:
    fields = {a.name: type_words(a.type) for a in fields_of(kind)}
    return {
        "fields": fields,
        "by": list(by),
        "fact": issubclass(kind, Fact),
        "earlier": kind.credits_earlier,
        "state_of": plain(kind.state_of),
        "while_suspended": kind.while_suspended,
    }


def _rule_data(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "requirement": rule.requirement,
        "citation": str(rule.citation),
        "binding": rule.binding,
        "before": [k.type_name or k.__name__ for k in rule.before],
        "on": [k.type_name or k.__name__ for k in rule.on],
        "reading": rule.reading,
    }


def _parameter_data(parameter: Parameter[Any]) -> dict[str, Any]:
    values = [[str(v.since), plain(v.value), str(v.citation)] for v in parameter.values]
    return {"unit": parameter.unit, "values": values, "reading": parameter.reading}
