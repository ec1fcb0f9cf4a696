"""Do what the remedy says, and the check gets better: for every refused act of the demonstration."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin

import attrs
import pytest

from candidacy import Act, Case, Check, Count, Do, Document, Edition, Either, Event, Open, Outcome, Remedy, discover
from candidacy.case import Entry
from candidacy.draft import open_fields
from candidacy.errors import MissingValueError, OpenFieldError
from candidacy.events import content_of, fields_of
from support import engine

ORDER = [Outcome.UNMET, Outcome.UNDETERMINED, Outcome.NEEDS_JUDGEMENT, Outcome.WAIVED, Outcome.MET, Outcome.NOT_APPLICABLE]
TEXT = Document.of(b"text", kind="text", title="text", pages=1)
FILLED: dict[str, Any] = {
    "assignment": "new-assignment", "inside_hhs": True, "division": "elsewhere", "position": "elsewhere",
    "full_time": True, "sha256": "new", "title": "new-document", "pages": 1, "course": "new-course", "session": "s", "mode": "in person",
    "matching_on": date(2014, 2, 5), "pairing": "new-pairing", "response": "new-response", "instrument": "180-v1", "questions": 18, "ecqs": ("Leading Change",), "plan": "p",
}  # fmt: skip


def completed(event: Event, case: Case) -> Event:
    """A drafted event with its open fields filled in, as a person would."""
    people = {"mentor": f"{case.id}.another", "rater": None, "person": f"{case.id}.mentor"}
    content = {name: value for name, value in content_of(event).items() if not isinstance(value, Open)}
    within = {name: said.least if said.least is not None else said.most for name, said in open_fields(event).items()}
    content |= {name: bound for name, bound in within.items() if bound is not None and name not in FILLED}
    content |= {name: bound for name, bound in within.items() if isinstance(bound, date)}
    for field in fields_of(type(event)):
        if field.name not in content:
            content[field.name] = people.get(field.name) or FILLED.get(field.name, _any(field.type))
    kind: Any = next(k for k in type(event).__mro__ if k.__dict__.get("type_name") == event.type_name)
    return kind(**content)  # type: ignore[no-any-return]


def _any(kind: Any) -> Any:
    """Something of a type."""
    if type(None) in get_args(kind):
        return None
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return ()
    return {Count: 50, bool: True, int: 50, date: date(2014, 2, 5), Document: TEXT}.get(kind, "id-1")


def ways(remedy: Remedy) -> Iterator[tuple[Do, ...]]:
    """Every way to do it: one of the Either, all of the Every."""
    if isinstance(remedy, Do):
        yield (remedy,)
    elif isinstance(remedy, Either):
        for part in remedy.of:
            yield from ways(part)
    else:
        yield from _all(remedy.of)


def _all(parts: tuple[Remedy, ...]) -> Iterator[tuple[Do, ...]]:
    if not parts:
        yield ()
        return
    for first in ways(parts[0]):
        for rest in _all(parts[1:]):
            yield (*first, *rest)


def done(case: Case, way: tuple[Do, ...], day: date) -> tuple[Case, date]:
    """The case after all of a way, one thing after the other, and the day it ends."""
    for n, do in enumerate(way):
        start = do.when.next(day)
        assert start is not None or do.when.only or do.settles, "a window that is over"
        start = start or (do.when.only[-1] if do.when.only else do.when.last)
        for step in do.steps:
            on = step.lasting.last(start) if step.lasting else start
            event = completed(step.event, case)
            names = {"assignment", "pairing", "sha256", "course"}
            event = attrs.evolve(
                event,
                **{
                    f.name: f"{getattr(event, f.name)}-{n}"
                    for f in fields_of(type(event))
                    if f.name in names and str(getattr(event, f.name)).startswith("new")
                },
            )
            case = case.then(Entry(10_000 + len(case.entries), on, event))
            day = max(day, on)
        day = max(day, start) if do.when.only == () else day
        day += date.resolution
    return case, day


def refused() -> Iterator[Any]:
    registry = discover()
    on = engine(registry)
    for commands in registry.caseloads.values():
        for document in commands():
            command = registry.codec.read_command(document)
            case, edition = on.case(command.case, command.event)
            answer = on.submit(command)
            if not answer.accepted:
                for rule in edition.rules_for(type(command.event)):
                    try:
                        check = rule.judge(case.at(command.day), command.event, command.day)
                    except MissingValueError:
                        continue  # what nobody has set, nobody can meet
                    if not check.good:
                        yield pytest.param(rule, edition, case, command, check, id=f"{command.case}-{rule.id}")


@pytest.mark.parametrize(("rule", "edition", "case", "command", "check"), list(refused()))
def test_gets_better_by_doing_what_the_remedy_says(rule: Any, edition: Edition, case: Case, command: Any, check: Check) -> None:
    found = list(ways(check.remedy))
    if not found:
        assert not check.who or check.parts, "no way is known, or none is left"
        return
    for way in found:
        after, day = done(case, way, command.day)
        try:
            again = rule.judge(after.at(day), command.event, day)
        except MissingValueError:
            assert check.outcome is Outcome.UNMET, "it can no longer be told, which is better than no"
            continue
        better = ORDER.index(again.outcome) > ORDER.index(check.outcome)
        fewer = sum(not p.good for p in again.parts) < sum(not p.good for p in check.parts)
        assert better or fewer, f"{way}: {check.observed} became {again.observed}"
        for do in way:
            for step in do.steps:
                assert do.by in (edition.may_enter(step.event) or (do.by,)), f"{do.by} may not enter {step.event}"


def test_sees_a_remedy_that_does_not_help() -> None:
    """Teeth: the same question asked of a remedy for less than is missing."""
    params = next(p for p in refused() if p.id == "hhs-005-hhs.eighty_hours_of_interagency_training")
    rule, _, case, command, check = params.values
    (way,) = ways(check.remedy)
    lazy = attrs.evolve(
        way[0], steps=(attrs.evolve(way[0].steps[0], event=attrs.evolve(completed(way[0].steps[0].event, case), hours=0)),)
    )
    after, day = done(case, (lazy,), command.day)
    assert rule.judge(after.at(day), command.event, day).outcome is check.outcome


def test_asks_for_nothing_of_an_empty_case() -> None:
    """Every rule survives a case that knows nothing: it is undetermined, unmet or not applicable, and never fails."""
    judged = 0
    for program in discover().programs.values():
        for edition in program.editions:
            for rule in edition.rules:
                for kind in edition.entered_by:
                    if rule.concerns(kind) and issubclass(kind, Act):
                        from candidacy import partial

                        try:
                            check = rule.judge(edition.case("x"), partial(kind), date(2005, 1, 1))
                        except (OpenFieldError, MissingValueError):
                            continue
                        assert isinstance(check, Check)
                        assert check.outcome is not Outcome.MET or not rule.binding, f"{rule.id} is met by nothing"
                        judged += 1
    assert judged > 20
