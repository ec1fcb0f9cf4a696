"""Each statement of the agencies' documents does what its catalogue says stands for it: one test for each kind."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache, partial
from itertools import groupby
from random import Random
from typing import Any

import attrs
import pytest

from candidacy import (
    Confidential,
    Count,
    Edition,
    EngineGuard,
    FormField,
    Id,
    InputError,
    JudgementGiven,
    LifecycleMove,
    NotModelled,
    Parameter,
    Question,
    Registry,
    Rule,
    SesMembershipRecorded,
    Statement,
    StrandStep,
    Vocabulary,
    discover,
)
from candidacy._proofs import Life, judged, lives
from candidacy.decision import Json
from candidacy.events import fields_of
from candidacy_dol import events as dol
from candidacy_dol.caseload import Participant
from candidacy_hhs import assignment as a
from candidacy_hhs import candidate as x
from candidacy_hhs import events as hhs
from candidacy_hhs import plan as p
from candidacy_hhs import reviews as v
from candidacy_hhs import side
from candidacy_hhs import training as t
from candidacy_hhs.caseload import Candidate
from candidacy_hhs.caseload import document as filed
from candidacy_hhs.rules import LATE_REQUEST
from declared import DECIDED_BY, NUMBERS, READ_BY
from stories.test_exemplary import LIVES as EXEMPLARY
from stories.test_exemplary import NOT_SET
from stories.test_hhs_assignments import A, Assigned
from stories.test_hhs_plan import A1, A2, EDP, FLAWS, PARTNERS, Planner, drawn, held, stay
from support import engine
from test_proofs import MORE, NEVER_ALONE, begun, found
from test_schemas import command

REGISTRY = discover()
PROGRAMS = [name for name, p in REGISTRY.programs.items() if p.editions[0].catalogue]
ENTRIES = [
    pytest.param(name, statement, by, id=f"{statement.id}-{n}")
    for name in PROGRAMS
    for statement in REGISTRY.programs[name].editions[0].catalogue
    for n, by in enumerate(statement.by)
]


def edition(program: str) -> Edition:
    return REGISTRY.programs[program].editions[0]


def _facilitator() -> Life:
    told = dol.FacilitatorRecorded(Id("first-coaching"), Id("d-1.x"), in_the_ses=False, responsible_for="Budget")
    return list(Participant("d-1").enrolled().on("2013-11-01", "office", told))


def _another_session() -> Life:
    fourth = dol.SessionScheduled(Id("fourth"), date(2014, 3, 4), together=True)
    return list(Participant("d-2").enrolled().rated("pre", "2013-11-12").on("2013-11-01", "office", fourth))


def _another_mentor() -> Life:
    life = Participant("d-3").enrolled().paired().on("2014-05-01", "partnership", dol.PairingEnded(Id("m1")))
    return list(life)


def _february() -> Life:
    return list(Candidate("h-1").selected().on("2004-05-10", "coordinator", hhs.AnnouncementDated(date(2004, 2, 1))))


def _released() -> Life:
    life = Candidate("h-2").selected().enrolled()
    return list(life.on("2004-07-01", "candidate", hhs.MentorReleased(Id("m1"))))


def _late() -> Life:
    life = Candidate("h-3").selected().enrolled().planned().developed().packaged()
    life.on("2006-01-09", "board", JudgementGiven(Id(LATE_REQUEST.id), answer=True))
    return list(life.requested("2006-01-10"))


def _late_approval() -> Life:
    life = Planner("h-5").handed_in().on("2004-12-01", "candidate", drawn(2, assignments=(A1, A2, stay("a3", "2005-01-03", 60))))
    life.assigned("a3", "2005-01-03", None)
    return list(life.on("2005-01-10", "board", p.SignificantRevisionApproved(EDP, Count(2))))


def _outside_the_plan() -> Life:
    life = (
        Planner("h-7").handed_in().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 60).assigned("a3", "2005-01-03", 60)
    )
    life.on("2005-03-10", "candidate", p.FinalPlanForwarded(EDP, "mentor"))
    return list(life.packaged("2005-04-01").requested("2005-04-01"))


def _facts() -> Life:
    life = Candidate("h-6").selected().on("2004-05-04", "coordinator", x.GradeRecorded("other", None)).enrolled()
    life.on("2004-06-01", "coordinator", held("orientation", 2))
    life.on("2004-06-04", "candidate", t.BegunAtOrientation("selecting a mentor"))
    life.on("2004-06-07", "candidate", x.MobilityStatementSigned("a" * 64, ("organizational",)))
    life.on("2004-06-11", "coordinator", t.AssessmentCompleted(("Leading People", "Results Driven")))
    return list(life.on("2004-06-21", "candidate", drawn(assignments=(stay("a", "2004-08-02", 120, ecqs=("Leading People",)),))))


def _followed() -> Life:
    """An assignment with everything about it, a review, and an evaluation of the program, to the graduation."""
    life = Assigned("h-8").through().trained("t", "2004-09-15", 80).assigned("a2", "2004-10-04", 60).packaged()
    reviewed = v.MidProgramReviewed(
        plan_is_carried_out=False, performance_is_fully_satisfactory=True, **dict.fromkeys(REVIEWED, True)
    )
    life.on("2004-12-11", "coordinator", reviewed, v.BoardAdvised("mid-program review"))
    return list(life.requested().graduated())


def _reassigned() -> Life:
    """In the middle of an assignment the candidate is reassigned to its division, and the mentor leaves the SES."""
    life = Candidate("h-10").selected().enrolled().planned().assigned("a1", "2004-08-02", None)
    life.on("2004-08-16", "coordinator", hhs.PositionRecorded(True, Id("nih"), Id("deputy-director")))
    return list(life.on("2004-08-17", "coordinator", SesMembershipRecorded(Id("h-10.mentor"), member=False)))


REVIEWED = ("activities_are_reported", "courses_are_documented", "core_activities_are_attended")


def _conflicting() -> Life:
    """What is against the guidelines in an assignment, a review, and beside them."""
    life = Assigned("h-9").through("e-mail", "declaration", "copy for the mentor").trained("t", "2004-09-15", 80)
    life.on("2004-07-20", "host", a.AssignmentAgreed(A, Id("nih"), date(2004, 8, 2), date(2004, 9, 30), equal_opportunity=False))
    reviewed = v.MidProgramReviewed(
        plan_is_carried_out=False, performance_is_fully_satisfactory=True, **dict.fromkeys(REVIEWED, True)
    )
    life.on("2004-10-04", "coordinator", reviewed)
    life.on("2004-10-05", "candidate", side.ExpenseRecorded(Id("x"), "course", "program", Count(2), Id("none-of-the-plan")))
    life.on("2004-10-05", "candidate", side.ExpenseRecorded(Id("y"), "orientation", "program", Count(1)))
    life.on("2004-10-05", "manager", side.SpendingCapAnnounced(Count(1)), side.ExpensesReimbursed(Id("f"), Count(1)))
    life.on("2004-10-06", "candidate", side.ExpenseRecorded(Id("x"), "course", "program", Count(2), Id("none-of-the-plan")))
    life.on("2004-10-05", "manager", side.FundsSettled(Id("f"), Count(1), "fiscal year", Count(2004), Count(2004)))
    life.on("2004-10-05", "candidate", side.PapersPrepared("course", "assignment organization"))
    life.on(
        "2004-10-05", "candidate", side.PapersPrepared("travel to a course", "assignment organization", sent_to_institution=False)
    )
    life.on(
        "2004-09-05",
        "candidate",
        side.LeaveTaken(date(2004, 9, 6), "supervisor of record", "assignment organization", reported=False),
    )
    life.on(
        "2004-12-11", "candidate", v.ProgramAssessed(filed("program assessment", "program-assessment", 1).sha256, ("overview",))
    )
    return list(life.packaged().requested())


def _flaws() -> Iterator[Life]:
    yield from (list(Planner("h-4").handed_in(drawn(**changed), PARTNERS[:2])) for changed in FLAWS)


SHOWS: dict[str, tuple[Callable[[], Life], ...]] = {
    "dol": (_facilitator, _another_session, _another_mentor),
    "hhs": (
        _february, _released, _late, _late_approval, _outside_the_plan, _facts, _followed, _conflicting, _reassigned,
        *(partial(list, life) for life in _flaws()),
    ),
}  # fmt: skip
"""Lives that leave open what no other does."""


@cache
def told(program: str) -> list[Life]:
    """Lives of a program: those of its caseload, those a path leads through, and those told for proofs."""
    cases: list[Life] = []
    if program in REGISTRY.caseloads:
        documents = (dict(d) for d in REGISTRY.caseloads[program]())
        cases = [list(life) for _, life in groupby(documents, key=lambda d: d["case"])]
    paths = [life for _, life in lives(REGISTRY, edition(program), begun(REGISTRY, program))]
    return [
        *cases,
        *paths,
        *(life() for life in (*(life for life, _ in MORE.get(program, {}).values()), *SHOWS.get(program, ()))),
        *(list(life()) for life in EXEMPLARY.get(program, ())),
    ]


@cache
def said(program: str) -> list[tuple[Json, bool, dict[str, str]]]:
    """Each command of those lives, whether it was accepted, and the outcomes."""
    found = []
    for life in told(program):
        on = engine(REGISTRY)
        for document in life:
            answer = on.submit(document)
            assert not [f.rule for f in answer.findings if "failure" in str(f.as_data())], "a rule failed"
            found.append((document, answer.accepted, {f.rule: str(f.outcome) for f in answer.findings}))
    return found


@cache
def proven(program: str) -> set[str]:
    return set(found(REGISTRY, program)[1])


@pytest.mark.parametrize(("program", "statement", "by"), ENTRIES)
def test_does_what_stands_for_it(program: str, statement: Statement, by: Any) -> None:
    kind = "event" if isinstance(by, type) else type(by).__name__
    CHECKS[kind](program, by)
    assert statement.says


def _rule(program: str, by: Rule) -> None:
    """A binding rule before an act has a life in which it alone refuses; other rules show, both as met and otherwise."""
    if by.binding and by.before:
        assert by.id in proven(program) | NEVER_ALONE
        return
    outcomes = {result[by.id] for _, _, result in said(program) if by.id in result}
    assert outcomes - {"met", "not applicable"}, "it never showed"
    assert "met" in outcomes or by.id in NEVER_MET, "it was never met"


NEVER_MET = {NOT_SET, "hhs.significant_revision_precedes_the_activity"}
"""Of the one nobody has set a number; of the other only what came too late is told."""


def _question(program: str, by: Question) -> None:
    """It waits for the answer of the role that is named: without it, or with that of another, an act is refused."""
    for life in told(program):
        place = next((i for i, d in enumerate(life) if d["payload"].get("question") == by.id and d["payload"]["answer"]), None)
        if place is None:
            continue
        answer, accepted = life[place], _accepted(life)
        if not accepted - _accepted([*life[:place], *life[place + 1 :]]) - {answer["id"]}:
            continue
        by_others = [
            _accepted([*life[:place], {**answer, "actor": {"person": p}}, *life[place + 1 :]]) for p in _others(life, answer)
        ]
        assert by_others, "nobody else who could try"
        assert not any(answer["id"] in others for others in by_others)
        return
    pytest.fail("no life waits for it")


def _others(life: Life, answer: Json) -> list[str]:
    """Those who act in a life by other roles than the one that answers."""
    named = {r["person"]: r["role"] for r in life[0]["payload"]["roles"]}
    return [person for person, role in named.items() if role != named[answer["actor"]["person"]]]


def _accepted(life: Life) -> set[str]:
    """The commands of a life that are accepted."""
    on = engine(REGISTRY)
    found = set[str]()
    for document in life:
        with suppress(InputError):  # a person without a role is not even asked
            found |= {document["id"]} if on.submit(document).accepted else set()
    return found


def _parameter(program: str, by: Parameter[Any]) -> None:
    """It has a value in force, or nobody sets one and the edition says so."""
    assert (by.name in edition(program).values) == bool(by.values)


def _guard(program: str, by: EngineGuard) -> None:
    """It refuses an act of some life, entered by another, or once more at the end."""
    for life in told(program):
        last = max(d["day"] for d in life)
        again = [{**d, "id": f"{d['id']}-again", "day": last} for d in life[1:]]
        others = [{**d, "id": f"{d['id']}-{p}", "actor": {"person": p}} for d in life[1:] for p in _people(life)]
        for extra in (*again, *others):
            on = engine(REGISTRY)
            for document in life:
                on.submit(document)
            with suppress(InputError):
                if f"candidacy.{by.name}" in {f.rule for f in on.submit({**extra, "day": last}).findings if f.refuses}:
                    return
    pytest.fail("it never refuses")


def _people(life: Life) -> list[str]:
    return [role["person"] for role in life[0]["payload"]["roles"]]


@pytest.mark.parametrize("program", PROGRAMS)
def test_lets_nobody_enter_an_act_but_those_who_are_named_for_it(program: str) -> None:
    """Each accepted act of a life, tried by everybody else in it: who may enter it is a table written by hand."""
    tried = 0
    for life in told(program):
        people = {r["person"]: r["role"] for r in life[0]["payload"]["roles"]}
        for i, document in enumerate(life):
            name = document["type"]
            if name not in DECIDED_BY[program] or i == 0 or not judged(REGISTRY, life[: i + 1])[0]:
                continue
            for person, role in people.items():
                on = engine(REGISTRY)
                for before in life[:i]:
                    on.submit(before)
                answer = on.submit({**document, "actor": {"person": person}})
                refused = "candidacy.role" in {f.rule for f in answer.findings if f.refuses}
                assert refused is (role not in DECIDED_BY[program][name]), f"{role} and {name}"
                tried += 1
        if tried > ENOUGH:
            break
    acts = {kind.type_name: by for kind, by in edition(program).entered_by.items() if kind.type_name in DECIDED_BY[program]}
    assert acts == DECIDED_BY[program]


ENOUGH = 60


@pytest.mark.parametrize("program", PROGRAMS)
def test_lets_read_just_those_whom_the_documents_name(program: str) -> None:
    classes = {c.name: (set(c.readers), set(c.purposes), set(c.forbidden)) for c in edition(program).confidential}
    assert classes == READ_BY.get(program, {})


@pytest.mark.parametrize("program", PROGRAMS)
def test_has_the_numbers_of_the_documents_and_no_others(program: str) -> None:
    made = edition(program)
    assert {p.name: str(made.values[p.name]) if p.name in made.values else None for p in made.parameters} == NUMBERS[program]


def _move(program: str, by: LifecycleMove) -> None:
    """Without the move, an act of a life that is accepted is refused, or cannot begin a case."""
    made = edition(program)
    states = {state for state, act in made.table if act == by.act.type_name and by.state in {"", state}}
    assert states
    lame = attrs.evolve(made.lifecycle, moves=tuple(m for m in made.lifecycle.moves if not (m.act is by.act and m.state in states)))
    left = {act for _, act in lame.table()}
    kept = {kind: roles for kind, roles in made.entered_by.items() if kind is not by.act or by.act.type_name in left}
    if kept != dict(made.entered_by):
        assert by.act.type_name not in left, "the act is gone altogether"
        return
    other = attrs.evolve(made, lifecycle=lame, catalogue=())
    of = attrs.evolve(REGISTRY.programs[program], editions=(other,))
    changed = Registry(programs={**REGISTRY.programs, program: of})
    for life in told(program):
        if judged(REGISTRY, life)[0] and by.act.type_name in {d["type"] for d in life}:
            accepted, _, _ = judged(changed, life)
            if not accepted:
                return
    pytest.fail("no life misses it")


def _step(program: str, by: StrandStep) -> None:
    """A strand begins once: the same beginning again, or an end of what never began, shows or is refused."""
    assert by.strands in edition(program).strands
    for life in told(program):
        for place in (i for i, d in enumerate(life) if d["type"] == by.event.type_name):
            on = engine(REGISTRY)
            again = [*life[: place + 1], {**life[place], "id": f"{life[place]['id']}-again"}]
            *_, first, second = [on.submit(document) for document in again]
            if first.accepted:
                assert {str(f.outcome) for f in second.findings if f.rule == "candidacy.strand"} == {"unmet"}
                return
    pytest.fail("no life has it")


def _field(program: str, by: FormField) -> None:
    """Without a field that is required, or with content of another kind, the form is refused at the door, by name."""
    document = _form(program, by)
    REGISTRY.codec.read_command(document)
    required = next(a for a in fields_of(by.event) if a.name == by.name).default is attrs.NOTHING
    for payload in [*([_left_out(document, by.name)] * required), {**document["payload"], by.name: {"no": "such content"}}]:
        with pytest.raises(InputError, match=rf"payload\.{by.name}"):
            REGISTRY.codec.read_command({**document, "payload": payload})


def _words(program: str, by: Vocabulary) -> None:
    """A word that is not of the vocabulary is refused at the door."""
    document = _form(program, by)
    value = document["payload"].get(by.name)
    other = ["no such word"] if isinstance(value, list) else "no such word"
    with pytest.raises(InputError, match=rf"payload\.{by.name}"):
        REGISTRY.codec.read_command({**document, "payload": {**document["payload"], by.name: other}})


def _form(program: str, by: FormField | Vocabulary) -> Json:
    chance = Random(by.name)
    return next(
        d for d in (command(by.event, edition(program), chance) for _ in range(200)) if d["payload"].get(by.name) is not None
    )


def _left_out(document: Json, name: str) -> Json:
    return {key: value for key, value in document["payload"].items() if key != name}


def _class(program: str, by: Confidential) -> None:
    """Only its readers, only for its purposes, nobody for what is forbidden; and no content is taken before it can be sealed."""
    roles = {role.name for role in edition(program).roles}
    assert all(by.may_read(role, purpose) for role in by.readers for purpose in by.purposes)
    assert not any(by.may_read(role, purpose) for role in roles - set(by.readers) for purpose in (*by.purposes, *by.forbidden))
    assert not any(by.may_read(role, purpose) for role in roles for purpose in (*by.forbidden, "curiosity"))
    of = [(k, a.name) for k in edition(program).entered_by for a in fields_of(k) if a.metadata.get("sealed") == by.name]
    assert of
    for event, name in of:
        document = command(event, edition(program), Random(name))
        with pytest.raises(InputError, match=rf"payload\.{name}: found confidential content"):
            REGISTRY.codec.read_command({**document, "payload": {**document["payload"], name: "something secret"}})


def _event(program: str, by: type[Any]) -> None:
    """It is one that somebody may enter, and the door takes it."""
    assert edition(program).entered_by[by]
    REGISTRY.codec.read_command(command(by, edition(program), Random(by.type_name)))


def _nothing(program: str, by: NotModelled) -> None:
    assert len(by.reason.split()) > 3, "a reason that convinces somebody"


CHECKS: dict[str, Any] = {
    "Rule": _rule, "Question": _question, "Parameter": _parameter, "EngineGuard": _guard, "LifecycleMove": _move, "FormField": _field,
    "Vocabulary": _words, "StrandStep": _step, "Confidential": _class, "NotModelled": _nothing, "event": _event,
}  # fmt: skip


def test_has_a_check_for_every_kind() -> None:
    kinds = {"event" if isinstance(p.values[2], type) else type(p.values[2]).__name__ for p in ENTRIES}
    assert kinds <= set(CHECKS)
