"""What rules are seen to do while lives are played: which numbers they read, and who could meet what they ask for."""

from __future__ import annotations

import functools
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from candidacy.case import Case
from candidacy.check import Check
from candidacy.events import partial
from candidacy.parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from candidacy.program import Edition
    from candidacy.rule import Rule


class Noting:
    """Notes it, in a process that does nothing else: rules, cases and parameters are changed in place.

    Attributes:
        reads: by edition and rule, the names of the parameters that it asked for.
        by: by edition and rule, the roles that can supply what it found missing.
    """

    def __init__(self) -> None:
        """Note nothing yet."""
        self.reads: dict[tuple[str, str], set[str]] = {}
        self.by: dict[tuple[str, str], set[str]] = {}
        self._asked: list[tuple[str, str]] = []

    def over(self, editions: Iterable[Edition]) -> None:
        """Note what the rules of editions do from now on, and ask each of them of a case in which nothing is known."""
        editions = list(editions)
        rules = {id(rule): rule for edition in editions for rule in edition.rules}
        for rule in rules.values():
            object.__setattr__(rule, "judge", self._noted(rule, rule.judge))
        value, current = Case.value, Parameter.current

        def of_a_case(case: Case, parameter: str, kind: type[Any]) -> Any:
            self._read(parameter)
            return value(case, parameter, kind)

        def of_a_day(parameter: Parameter[Any], day: date) -> Any:
            self._read(parameter.name)
            return current(parameter, day)

        Case.value = of_a_case  # type: ignore[method-assign,assignment]
        Parameter.current = of_a_day  # type: ignore[method-assign,assignment]
        for edition in editions:
            for rule in edition.rules:
                for kind in (k for k in edition.entered_by if rule.concerns(k)):
                    with suppress(Exception):  # a draft has no content
                        rule.judge(edition.case(), partial(kind), edition.in_force)

    def _read(self, parameter: str) -> None:
        for asked in self._asked:
            self.reads.setdefault(asked, set()).add(parameter)

    def _noted(self, rule: Rule, judge: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(judge)
        def noted(case: Case, event: Any, day: date) -> Any:
            of = (case.edition, rule.id)
            self._asked.append(of)
            try:
                check = judge(case, event, day)
            finally:
                self._asked.pop()
            if isinstance(check, Check) and not check.good:
                self.by.setdefault(of, set()).update(check.who)
            return check

        return noted
