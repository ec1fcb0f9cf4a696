"""Authorities: published documents that set numbers, require and advise."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, overload

import attrs

from candidacy.case import Case
from candidacy.catalogue import By, Force, Statement, restated
from candidacy.check import Check
from candidacy.citation import Lines, cite
from candidacy.clock import Clock
from candidacy.confidential import Confidential
from candidacy.declaration import refuse_bare_roles
from candidacy.events import Act, Event, Fact, RoleName
from candidacy.latitude import Waivable
from candidacy.parameter import Parameter, Value
from candidacy.rule import Question, Rule
from candidacy.workdays import WorkCalendar

A = TypeVar("A", bound=Act)
B = TypeVar("B", bound=Act)
F = TypeVar("F", bound=Fact)
G = TypeVar("G", bound=Event)
V = TypeVar("V")
Judge = Callable[[Case, G, date], Check]


@attrs.frozen
class Authority:
    """A published document.

    Attributes:
        owner: the plugin that speaks for it; prefix of its rules' ids.
        title: as cited.
        publisher: who issued it.
        obtain: how a reader gets a copy.
        dated: its date; None where it bears none.
        sha256: digest of the text worked from; "" where the text is not held.
    """

    owner: str
    title: str
    publisher: str
    obtain: str
    dated: date | None = None
    sha256: str = ""

    @property
    def requires(self) -> "Asks":
        """Make a function a binding rule ("must") of this authority."""
        return Asks(self, binding=True)

    @property
    def advises(self) -> "Asks":
        """Make a function an advisory rule ("should"): its finding shows, it never refuses."""
        return Asks(self, binding=False)

    def sets(  # noqa: PLR0913 (a value is nothing without its unit, day and place)
        self,
        name: str,
        value: V,
        unit: str,
        *,
        since: date,
        at: str | tuple[str, ...],
        lines: Lines = (),
        section: str = "",
        reading: str = "",
    ) -> Parameter[V]:
        """A parameter with the value this authority gives it from *since* on."""
        return Parameter(
            name, unit, (Value(value, since, cite(self.title, at, lines, section, of=f"parameter {name!r}")),), reading
        )

    def asks(  # noqa: PLR0913 (a question is nothing without its words, role and place)
        self,
        question: str,
        asks: str,
        *,
        by: tuple[str, ...],
        at: str | tuple[str, ...],
        lines: Lines = (),
        section: str = "",
        of_each: bool = False,
    ) -> Question:
        """A question that this authority leaves to the judgement of a role; *of_each*: of several things, one by one."""
        refuse_bare_roles(f"question {question!r}", by=by)
        cited = cite(self.title, at, lines, section, of=f"question {question!r}")
        return Question(question, asks, tuple(RoleName(r) for r in by), cited, of_each)

    def keeps(  # noqa: PLR0913 (a class is nothing without its readers, purposes and place)
        self,
        name: str,
        *,
        readers: tuple[str, ...],
        purposes: tuple[str, ...],
        never: tuple[str, ...] = (),
        at: str | tuple[str, ...],
        lines: Lines = (),
        section: str = "",
    ) -> Confidential:
        """A class of confidential content: its readers, what they may read it for, and what nobody may; see `sealed`."""
        refuse_bare_roles(f"confidentiality class {name!r}", readers=readers, purposes=purposes, never=never)
        return Confidential(
            name, readers, purposes, never, cite(self.title, at, lines, section, of=f"confidentiality class {name!r}")
        )

    def observes(  # noqa: PLR0913 (a table is nothing without its days and place)
        self,
        name: str,
        off: tuple[date, ...],
        *,
        first: date,
        last: date,
        at: str | tuple[str, ...],
        lines: Lines = (),
        section: str = "",
        reading: str = "",
    ) -> WorkCalendar:
        """A calendar of work days, from *first* to *last*: *off*, the days beside Saturdays and Sundays without work."""
        return WorkCalendar(name, first, last, off, cite(self.title, at, lines, section, of=f"calendar {name!r}"), reading)

    def runs(  # noqa: PLR0913 (a clock is nothing without its place)
        self,
        clock: str,
        *,
        stops: bool = False,
        extended_by: tuple[str, ...] = (),
        at: str | tuple[str, ...],
        lines: Lines = (),
        section: str = "",
        reading: str = "",
    ) -> Clock:
        """A clock: *stops*, whether it stands still while the case is suspended; *extended_by*, who may let it run longer."""
        refuse_bare_roles(f"clock {clock!r}", extended_by=extended_by)
        roles = tuple(RoleName(r) for r in extended_by)
        return Clock(clock, cite(self.title, at, lines, section, of=f"clock {clock!r}"), stops, roles, reading)

    def lets_waive(
        self, rule: Rule, *, by: tuple[str, ...], at: str | tuple[str, ...], lines: Lines = (), section: str = ""
    ) -> Waivable:
        """What this authority says of its own *rule*: that certain roles may waive it."""
        subject = f"waiver of {rule.id if isinstance(rule, Rule) else rule!r}"
        refuse_bare_roles(subject, by=by)
        return Waivable(rule, tuple(RoleName(r) for r in by), cite(self.title, at, lines, section, of=subject))

    def says(self, at: str, force: Force, where: int | Lines | str, says: str, *by: By) -> Statement:
        """A statement of this authority in our words, for the catalogue; *by*, what stands for it, or `NotModelled`.

        *where* it stands: a line, lines, or the section of a text that is not held.
        """
        section = where if isinstance(where, str) else ""
        lines: Lines = () if isinstance(where, str) else (where, where) if isinstance(where, int) else where
        return Statement(
            at, force, restated(self.owner, at, says), cite(self.title, at, lines, section, of=f"{self.owner}: statement {at}"), by
        )


@attrs.frozen
class Asks:
    """Turns a function into a rule. Its docstring is the requirement in our words.

    ``before=`` an act (or a pair of acts): the rule may refuse it. ``on=`` a fact (or a pair of facts): the
    finding shows, it never refuses; ``on=Fact`` is a standing rule, shown with every fact.
    """

    authority: Authority
    binding: bool

    @overload
    def __call__(
        self, *, before: type[A], at: str | tuple[str, ...], lines: Lines = (), section: str = "", reading: str = ""
    ) -> Callable[[Judge[A]], Rule]: ...
    @overload
    def __call__(
        self, *, before: tuple[type[A], type[B]], at: str | tuple[str, ...], lines: Lines = (), section: str = "", reading: str = ""
    ) -> Callable[[Judge[A | B]], Rule]: ...
    @overload
    def __call__(
        self, *, on: type[F], at: str | tuple[str, ...], lines: Lines = (), section: str = "", reading: str = ""
    ) -> Callable[[Judge[F]], Rule]: ...
    @overload
    def __call__(
        self, *, before: type[A], on: type[F], at: str | tuple[str, ...], lines: Lines = (), section: str = "", reading: str = ""
    ) -> Callable[[Judge[A | F]], Rule]: ...
    def __call__(  # noqa: PLR0913 (a rule is nothing without its acts, place and reading)
        self, *, before: Any = (), on: Any = (), at: Any, lines: Lines = (), section: str = "", reading: str = ""
    ) -> Callable[[Any], Rule]:
        """A decorator. *at* are the requirement ids, *lines* first and last line, both included; or the *section*."""

        def rule(judge: Callable[[Case, Any, date], Check]) -> Rule:
            name = f"{self.authority.owner}.{getattr(judge, '__name__', repr(judge))}"
            return Rule(
                id=name,
                requirement=" ".join((judge.__doc__ or "").split()),
                citation=cite(self.authority.title, at, lines, section, of=f"rule {name}"),
                binding=self.binding,
                judge=judge,
                before=before if isinstance(before, tuple) else (before,),
                on=on if isinstance(on, tuple) else (on,),
                reading=reading,
            )

        return rule
