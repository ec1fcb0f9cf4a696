"""What an author can get wrong is refused when it is declared: which rule, what was found, what was needed; all at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest

import candidacy as c
import widgets as w

Parts = dict[str, Any]
SANE: Parts = {a.name: getattr(w.edition(), a.name) for a in attrs.fields(c.Edition)}
REQUIRES = w.HANDBOOK.requires
DONE = c.ProgramCompleted
UNLISTED = w.HANDBOOK.asks("unlisted", "Is it?", by=("office",), at="W-1", lines=1)
UNKNOWN_HOURS: c.Parameter[int] = c.Parameter("unknown hours", "hours", ())
YEAR = w.HANDBOOK.runs("a-year", at="W-1", lines=1)
MONDAYS = w.HANDBOOK.observes("mondays", (), first=date(2005, 1, 1), last=date(2005, 12, 31), at="W-1", lines=1)
TYPO = "offce"


@c.fact("widgets.rested.1")
class Rested(c.Fact):
    rest: c.Id


RESTS = c.Strands("rest", Rested, Rested, by="office")


def made(judge: Any, name: str = "odd", **places: Any) -> c.Rule:
    """A rule of that name."""
    judge.__name__ = name
    judge.__doc__ = judge.__doc__ or "Something holds."
    return REQUIRES(**{"before": DONE, "at": "W-1", "lines": 1, **places})(judge)


def good(case: c.Case, event: Any, day: date) -> c.Check:
    return c.holds(True, "it")


def short(case: c.Case, event: Any) -> c.Check:
    return c.holds(True, "it")


def long(case: c.Case, event: Any, day: date, more: int) -> c.Check:
    return c.holds(True, "it")


def longer_with_a_default(case: c.Case, event: Any, day: date, more: int = 1) -> c.Check:
    return c.holds(True, "it")


async def later(case: c.Case, event: Any, day: date) -> c.Check:
    return c.holds(True, "it")


def yields(case: c.Case, event: Any, day: date) -> Any:
    yield c.holds(True, "it")


def asks_unlisted(case: c.Case, event: Any, day: date) -> c.Check:
    return c.judged(case, UNLISTED)


def asks_listed(case: c.Case, event: Any, day: date) -> c.Check:
    return c.judged(case, w.FIT)


def rests(case: c.Case, event: Any, day: date) -> c.Check:
    return c.each((c.holds(True, "it", rest=r.id) for r in RESTS.of(case)), none="none")


def by_the_clock(case: c.Case, event: Any, day: date) -> c.Check:
    return c.not_before(day, YEAR.opens(case, day, c.months(1), day), what="it")


def by_the_calendar(case: c.Case, event: Any, day: date) -> c.Check:
    return c.not_before(day, MONDAYS.after(day, 3), what="it")


def misspelt(case: c.Case, event: Any, day: date) -> c.Check:
    return c.holds(None, "it", by=c.enter(w.Trained, by="ofice", hours=c.Open("x")), hours=1)


def misspelt_in_a_lambda(case: c.Case, event: Any, day: date) -> c.Check:
    return c.at_least(c.exactly(1, "hours"), 2, by=lambda n: c.enter(w.Trained, by=TYPO, hours=n))


def spelt(case: c.Case, event: Any, day: date) -> c.Check:
    return c.holds(None, "it", by=c.enter(w.Trained, by="office", hours=c.Open("x")), hours=1)


def other_words(case: c.Case, event: Any, day: date) -> c.Check:
    """A word that is handed on otherwise is no role."""
    return c.holds(None, "ofice", by=c.enter(w.Trained, by="office", supposing="ofice"), of="ofice")


def with_parameter(case: c.Case, event: Any, day: date) -> c.Check:
    return c.at_least(c.exactly(1, "hours"), UNKNOWN_HOURS(case), by=lambda _: c.UNKNOWN)


def having(**parts: Any) -> Callable[[], object]:
    """An edition that has these beside what it has, or in its place where it is no tuple."""

    def make() -> object:
        given = {
            k: (*SANE[k], *v) if isinstance(v, tuple) else {**SANE[k], **v} if isinstance(v, dict) else v for k, v in parts.items()
        }
        return c.Edition(**{**SANE, **given})

    return make


def rule(judge: Any, name: str = "odd", **places: Any) -> Callable[[], object]:
    """An edition with one more rule."""
    return lambda: having(rules=(made(judge, name, **places),))()  # noqa: PLW0108 (made anew each time, so that the name is its own)


def program(*rules: c.Rule, **parts: Any) -> Callable[[], object]:
    """A program of an edition with more rules."""
    return lambda: c.Program("widgets", title="Widgets", editions=(having(rules=rules, **parts)(),), announcements={"may": "2005"})  # type: ignore[arg-type]


def sets(value: Any, unit: str = "hours", since: Any = w.IN_2005, **place: Any) -> Callable[[], object]:
    return lambda: w.HANDBOOK.sets("hours", value, unit, since=since, **{"at": "W-1", "lines": 1, **place})


def cited(**place: Any) -> Callable[[], object]:
    return lambda: made(good, **place)


ROLES = ", ".join(r.name for r in SANE["roles"])
FINE = rule(good)
WRONG: list[tuple[str, Callable[[], object], str, Callable[[], object]]] = [
    ("too few arguments", rule(short), "rule widgets.odd takes (case, event); needed (case, event, day)", FINE),
    (
        "too many arguments",
        rule(long),
        "rule widgets.odd takes (case, event, day, more); needed (case, event, day)",
        rule(longer_with_a_default),
    ),
    ("an async function", rule(later), "rule widgets.odd is an async function; needed a plain `def`, which returns a Check", FINE),
    ("a generator", rule(yields), "rule widgets.odd yields; needed a function that returns a Check", FINE),
    (
        "a lambda",
        rule(lambda case, event, day: None, "<lambda>"),
        "rule widgets.<lambda> is a lambda; needed a function with a name, which is the rule's",
        FINE,
    ),
    (
        "before a fact",
        rule(good, before=w.Trained),
        "rule widgets.odd stands before Trained, which is no act; needed on=Trained",
        rule(good, before=(), on=w.Trained),
    ),
    (
        "on an act",
        rule(good, before=(), on=DONE),
        "rule widgets.odd shows on ProgramCompleted, which is no fact; needed before=ProgramCompleted",
        FINE,
    ),
    (
        "before a word",
        rule(good, before="done"),
        "rule widgets.odd stands before 'done', which is no class of events; needed an act, or a pair of them as a tuple",
        FINE,
    ),
    (
        "nowhere",
        rule(good, before=()),
        "rule widgets.odd stands in front of no act and on no fact; needed before=, an act, or on=, a fact",
        FINE,
    ),
    (
        "an event nobody enters",
        rule(good, before=(), on=Rested),
        "rule widgets.odd judges Rested, which no role may enter; needed it in entered_by",
        having(rules=(made(good, before=(), on=Rested),), entered_by={Rested: ("office",)}),
    ),
    ("a rule twice", having(rules=(w.ten_hours,)), "rule 'widgets.ten_hours' is declared twice", FINE),
    (
        "a question not listed",
        rule(asks_unlisted),
        "rule widgets.odd uses the question 'unlisted', which the edition does not list; needed it in questions=",
        rule(asks_listed),
    ),
    (
        "strands not listed",
        rule(rests),
        "rule widgets.odd uses the strand 'rest', which the edition does not list; needed it in strands=",
        having(rules=(made(rests),), strands=(RESTS,), entered_by={Rested: ("office",)}),
    ),
    (
        "a clock not listed",
        rule(by_the_clock),
        "rule widgets.odd uses the clock 'a-year', which the edition does not list; needed it in clocks=",
        having(rules=(made(by_the_clock),), clocks=(YEAR,)),
    ),
    (
        "a calendar not listed",
        rule(by_the_calendar),
        "rule widgets.odd uses the calendar 'mondays', which the edition does not list; needed it in calendars=",
        having(rules=(made(by_the_calendar),), calendars=(MONDAYS,)),
    ),
    (
        "a parameter in no edition",
        program(made(with_parameter)),
        "rule widgets.odd uses the parameter 'unknown hours', which no edition lists; needed it in parameters=",
        program(made(with_parameter), parameters=(UNKNOWN_HOURS,)),
    ),
    (
        "a role misspelt in a remedy",
        rule(misspelt),
        f"rule widgets.odd asks 'ofice' for something, which is no declared role; needed one of {ROLES}",
        rule(spelt),
    ),
    (
        "a role misspelt in a lambda",
        rule(misspelt_in_a_lambda),
        f"rule widgets.odd asks 'offce' for something, which is no declared role; needed one of {ROLES}",
        rule(other_words),
    ),
    (
        "a function that is no rule",
        having(rules=(good,)),
        "found the function odd among its rules; needed a Rule: `@AUTHORITY.requires(before=…, at=…, lines=…)` above it",
        FINE,
    ),
    ("one rule in the place of several", having(rules=w.ten_hours), "needed a tuple of Rules", FINE),
    (
        "a role as a bare word",
        having(entered_by={Rested: "office"}),
        "the class Rested is entered by 'office'; needed a tuple of roles, such as ('office',)",
        having(entered_by={Rested: ("office",)}),
    ),
    (
        "a role misspelt",
        having(entered_by={Rested: ("ofice",)}),
        f"Rested is entered by 'ofice', which is no declared role; needed one of {ROLES}",
        having(entered_by={Rested: ("office",)}),
    ),
    (
        "a day as a word",
        having(in_force="2005-01-01"),
        "found in_force='2005-01-01'; needed a day, such as date(2004, 1, 1)",
        having(in_force=date(2005, 1, 1)),
    ),
    ("a revision as a word", having(revision="1"), "found revision '1'; needed a whole number from 1 on", having(revision=1)),
    (
        "lines reversed",
        cited(lines=(3, 2)),
        "rule widgets.odd: found lines [(3, 2)]; needed first and last line, from 1 on",
        cited(lines=(2, 3)),
    ),
    ("line zero", cited(lines=0), "rule widgets.odd: found lines [(0, 0)]; needed first and last line, from 1 on", cited(lines=1)),
    (
        "three lines",
        cited(lines=(1, 2, 3)),
        "rule widgets.odd: found lines=(1, 2, 3); needed a line, its first and last line, or a tuple of such pairs",
        cited(lines=((1, 2), (3, 3))),
    ),
    (
        "no place",
        cited(lines=()),
        "rule widgets.odd: found neither; needed either the lines of the text worked from, or a section",
        cited(lines=(), section="3"),
    ),
    (
        "two places",
        cited(section="3"),
        "rule widgets.odd: found lines and section='3'; needed either the lines of the text worked from, or a section",
        cited(),
    ),
    (
        "an empty at",
        cited(at=""),
        "rule widgets.odd: found at=''; needed the id of a requirement, or a tuple of ids",
        cited(at="W-1"),
    ),
    (
        "no id at all",
        cited(at=()),
        "rule widgets.odd: found at=(); needed the id of a requirement, or a tuple of ids",
        cited(at=("W-1", "W-2")),
    ),
    ("a word for a number", sets("40"), "parameter 'hours': found '40' in hours; needed a whole number of hours", sets(40)),
    ("truth for a number", sets(True), "parameter 'hours': found True in hours; needed a whole number of hours", sets(0)),
    (
        "a number of months",
        sets(6, "months"),
        "parameter 'hours': found 6 in months; needed a length, such as months(6)",
        sets(c.months(6), "months"),
    ),
    (
        "a number for a day",
        sets(6, "day"),
        "parameter 'hours': found 6 in day; needed a day, or a Sometime",
        sets(date(2005, 1, 1), "day"),
    ),
    (
        "a word for the day of force",
        sets(40, since="2005"),
        "parameter 'hours': found since='2005'; needed days, such as date(2004, 1, 1)",
        sets(40),
    ),
    ("a length of a word", lambda: c.days("60"), "days('60'): found '60'; needed a whole number from 0 on", lambda: c.days(60)),  # type: ignore[arg-type]
    ("a length below zero", lambda: c.months(-1), "months(-1): found -1; needed a whole number from 0 on", lambda: c.months(0)),
    (
        "a question to a bare word",
        lambda: w.HANDBOOK.asks("q", "Is it?", by="office", at="W-1", lines=1),
        "question 'q': found by='office'; needed a tuple of words, such as ('office',)",
        lambda: w.HANDBOOK.asks("q", "Is it?", by=("office",), at="W-1", lines=1),
    ),  # type: ignore[arg-type]
    (
        "a clock by a bare word",
        lambda: w.HANDBOOK.runs("k", extended_by="board", at="W-1", lines=1),
        "clock 'k': found extended_by='board'; needed a tuple of words",
        lambda: w.HANDBOOK.runs("k", extended_by=("board",), at="W-1", lines=1),
    ),  # type: ignore[arg-type]
    (
        "strands of no events",
        lambda: c.Strands("rest", "Rested", Rested, by="office"),
        "strands 'rest': found 'Rested'; needed an event declared with @fact or @act",
        lambda: c.Strands("rest", Rested, Rested, by="office"),
    ),  # type: ignore[type-var,arg-type]
    (
        "by_role of one event",
        lambda: c.by_role({"office": Rested}),
        "for what 'office' enters; needed a tuple of events",
        lambda: c.by_role({"office": (Rested,)}),
    ),  # type: ignore[dict-item]
    (
        "by_role of an event twice",
        lambda: c.by_role({"office": (Rested, Rested)}),
        "under 'office' the event 'Rested' is declared twice",
        lambda: c.by_role({"office": (Rested,), "board": (Rested,)}),
    ),
]


@pytest.mark.parametrize(("make", "says", "right"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_refuses_with_a_sentence(make: Callable[[], object], says: str, right: Callable[[], object]) -> None:
    """And takes the same where that one thing is right."""
    with pytest.raises(c.DefinitionError) as refused:
        make()
    assert says in str(refused.value)
    right()


def test_says_everything_that_is_wrong_with_the_rules_of_an_edition_at_once() -> None:
    wrong = [made(short, "few"), made(later, "waits"), made(misspelt_in_a_lambda, "asks"), made(asks_unlisted, "judges")]
    with pytest.raises(c.DefinitionError) as refused:
        having(rules=tuple(wrong))()
    assert [problem.split()[1] for problem in refused.value.problems] == [rule.id for rule in wrong]


def test_is_undetermined_where_only_the_run_can_tell() -> None:
    """A bare number of days, which mypy would refuse, reaches no remedy."""

    @REQUIRES(before=DONE, at="W-1", lines=1)
    def odd(case: c.Case, event: Any, day: date) -> c.Check:
        """Two long details."""
        return w.DETAILS.enough((), 2, lasting=60)  # type: ignore[arg-type]

    edition = having(rules=(odd,))()
    assert isinstance(edition, c.Edition)
    found = c.decide(edition, edition.case("w"), DONE(), date(2005, 2, 1), None).findings[-1]
    assert (found.rule, found.outcome, found.data["observed"]) == ("widgets.odd", c.Outcome.UNDETERMINED, {"failure": "TypeError"})


@pytest.mark.parametrize(
    "odd",
    [
        lambda *_: c.holds(False, "it", by="office"),
        lambda *_: c.holds(None, "it", settle="office"),
        lambda *_: c.at_least(c.exactly(1, "hours"), 2, by=lambda _: "office"),
    ],
)
def test_is_undetermined_where_a_role_stands_for_a_remedy_and_the_path_goes_on(odd: Any) -> None:
    def asked(case: c.Case, event: Any, day: date) -> c.Check:
        found: c.Check = odd()
        return found

    edition = having(rules=(made(asked),))()
    assert isinstance(edition, c.Edition)
    found = c.decide(edition, edition.case("w"), DONE(), date(2005, 2, 1), None).findings[-1]
    assert (found.rule, found.data["observed"]) == ("widgets.odd", {"failure": "TypeError"})
    assert c.path(edition.case("w"), edition, as_of=date(2005, 2, 1)).day is None


def test_enters_by_role_in_the_order_of_the_roles() -> None:
    assert c.by_role({"office": (w.Trained, Rested), "board": (Rested,)}) == {w.Trained: ("office",), Rested: ("office", "board")}
