"""Watching rules while they are asked: what they raise, return, reach, change, and how long they take."""

from __future__ import annotations

import functools
import re
import signal
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._purity import Listening
from candidacy.answering import answer
from candidacy.check import Check, Outcome
from candidacy.decision import Finding
from candidacy.errors import MissingValueError, OpenFieldError
from candidacy.events import Beginning, RoleGiven, content_of, fields_of
from candidacy.registry import why
from candidacy.terms import refuse_other_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from candidacy.case import Case
    from candidacy.events import Event
    from candidacy.program import Edition
    from candidacy.rule import Rule

KEPT = 60
"""How many questions are kept of each rule, for asking them again otherwise."""
SHORTEST_ID = 3
"""Characters of a person's id at least that is looked for in codes."""


@attrs.frozen(eq=False)
class Situation:
    """A question that was put to a rule, and what it answered; None where it raised."""

    rule: Rule
    case: Case
    event: Event
    day: date
    check: Check | None


class Watch:
    """What is noticed of rules while they are asked. The rules themselves are changed in place, for this process alone.

    Attributes:
        seen: by code and rule, what was noticed first.
        situations: by rule, questions that were put to it while it was looked at closely.
        outcomes: by rule, how its checks came out.
        missing: parameters that were asked for in vain, each with the edition.
        closely: whether each question is asked twice, and what it reaches and changes is looked at.
    """

    def __init__(self, seconds: float, hung: Callable[[str], Any]) -> None:
        """Call *hung* with the id of a rule that takes longer than so many seconds."""
        self.seen: dict[tuple[str, str], str] = {}
        self.situations: dict[str, list[Situation]] = {}
        self.outcomes: dict[str, set[Outcome]] = {}
        self.closely, self.raises = False, "P302"
        self.missing = set[tuple[str, str]]()
        self._seconds, self._hung, self._rule = seconds, hung, ""
        self._words: dict[str, frozenset[str]] = {}
        self._left: tuple[tuple[Any, ...] | None, Any] = None, None
        self._known: dict[str, set[object]] = {}
        self._listening = Listening(lambda what: self.saw("P502", what))
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, lambda *_: self._hung(self._rule))

    def saw(self, code: str, what: str, rule: str = "") -> None:
        """Something was noticed of the rule that is being asked."""
        self.seen.setdefault((code, rule or self._rule), what)

    def over(self, editions: Iterable[Edition]) -> None:
        """Watch the rules of editions, and their confidential fields."""
        watched = set[int]()
        for edition in editions:
            for rule in edition.rules:
                self._words[rule.id] = self._words.get(rule.id, frozenset()) | edition.words
                if id(rule) not in watched:
                    watched.add(id(rule))
                    object.__setattr__(rule, "judge", self._watched(rule, rule.judge))
            for kind in edition.entered_by:
                for field in fields_of(kind):
                    if "sealed" in field.metadata and not isinstance(kind.__dict__.get(field.name), _Noticing):
                        setattr(kind, field.name, _Noticing(kind.__dict__[field.name], kind.__name__, field.name, self))

    @property
    def asking(self) -> bool:
        """Whether a rule is being asked."""
        return bool(self._rule)

    # --- inside

    def _watched(self, rule: Rule, judge: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(judge)
        def watched(case: Case, event: Any, day: date) -> Any:
            if self._rule:  # asked by another rule
                return judge(case, event, day)
            return self._asked(rule, judge, case, event, day)

        return watched

    def _asked(self, rule: Rule, judge: Callable[..., Any], case: Case, event: Any, day: date) -> Any:
        before = self._content(case, event) if self.closely else None
        check = None
        try:
            check = self._answer(rule, judge, case, event, day)
            if not isinstance(check, Check):
                self.saw("P303", f"returned {'nothing' if check is None else type(check).__name__}", rule.id)
        finally:
            self._keep(rule, case, event, day, check if isinstance(check, Check) else None)
            if before is not None and self._content(case, event, anew=True) != before:
                self.saw("P407", f"changed what it was given with {event.type_name}", rule.id)
        if isinstance(check, Check):
            self.outcomes.setdefault(rule.id, set()).add(check.outcome)
            if self.closely:
                self._closely(rule, case, check)
                if ("P407", rule.id) not in self.seen and self._answer(rule, judge, case, event, day) != check:
                    self.saw("P406", f"asked twice about {event.type_name} on {day}, it answered otherwise", rule.id)
        return check

    def _content(self, case: Case, event: Event, *, anew: bool = False) -> Any:
        """Everything that a rule is given; as it was left by the rule before, which was given the same."""
        of = (case.entries, event, case.state, case.version)
        last, content = self._left
        if anew or last is None or not all(one is other for one, other in zip(of, last, strict=True)):
            content = _content(case, event)
            self._left = of, content
        return content

    def _answer(self, rule: Rule, judge: Callable[..., Any], case: Case, event: Any, day: date) -> Any:
        self._rule = rule.id
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        try:
            if not self.closely:
                return judge(case, event, day)
            with self._listening:
                return judge(case, event, day)
        except MissingValueError as missing:
            self.missing.add((case.edition, missing.parameter))
            self.outcomes.setdefault(rule.id, set()).add(Outcome.UNDETERMINED)
            raise
        except (OpenFieldError, KeyboardInterrupt):
            raise
        except BaseException as failure:
            words = why(failure, "it").removeprefix("it ")
            self.saw(self.raises, f"{words}, asked about {event.type_name} on {day}", rule.id)
            raise
        finally:
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)
            self._rule = ""

    def _closely(self, rule: Rule, case: Case, check: Check) -> None:
        """Whether what it says may stand in a record, and names nobody in a code."""
        try:
            data = Finding.of(rule.id, check, binding=rule.binding).data
            refuse_other_words(data, self._words[rule.id])
        except Exception as wrong:  # noqa: BLE001 (what a rule made may be of any kind)
            self.saw("P304", str(wrong) if isinstance(wrong, ValueError) else f"found {type(wrong).__name__}", rule.id)
            return
        people = {str(n.person) for e in case.entries if isinstance(e.event, Beginning) for n in e.event.roles}
        people |= {str(g.person) for _, g in case.all(RoleGiven)}
        for code in _texts(data):
            for person in people:
                if len(person) >= SHORTEST_ID and code != person and re.search(rf"(?<![\w.]){re.escape(person)}(?![\w.])", code):
                    self.saw("P304", f"the code {code!r} holds the id of a person, {person!r}", rule.id)

    def _keep(self, rule: Rule, case: Case, event: Any, day: date, check: Check | None) -> None:
        if not self.closely:
            return
        kept, known = self.situations.setdefault(rule.id, []), self._known.setdefault(rule.id, set())
        last = case.entries[-1].event.type_name if case.entries else ""
        like = (event.type_name, last, check.outcome if check else None, len(case.entries) // 4)
        if len(kept) < KEPT and like not in known:
            known.add(like)
            kept.append(Situation(rule, case, event, day, check))


class _Noticing:
    """A confidential field that tells who reads it."""

    def __init__(self, inner: Any, kind: str, name: str, watch: Watch) -> None:
        self._inner, self._what, self._watch = inner, f"reads {kind}.{name}", watch

    def __get__(self, of: Any, kind: Any = None) -> Any:
        if of is None:
            return self
        if self._watch.asking:
            self._watch.saw("P307", self._what)
        return self._inner.__get__(of, kind)

    def __set__(self, of: Any, value: Any) -> None:
        self._inner.__set__(of, value)


def _content(case: Case, event: Event) -> Any:
    """Everything that a rule is given, as values of their own."""
    entries = tuple((e.version, e.day, e.event.type_name, _plain(e.event)) for e in case.entries)
    return entries, _plain(event), case.state, case.since, case.version, dict(case.parameters), case.acts, dict(case.corrected)


def _plain(event: Any) -> Any:
    content = content_of(event) if attrs.has(type(event)) else getattr(event, "payload", None)
    return repr(content)


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(part)


def asked(situation: Situation, case: Case, event: Event, day: date) -> Check:
    """What the rule of a situation answers to another question."""
    return answer(lambda view: situation.rule.judge(view, event, day), case)
