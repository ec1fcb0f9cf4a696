"""What an inspector asks for, on cases made by hand: each kind on both sides of its boundary, every row expected by hand."""

import csv
import io
import json
import re
import shlex
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from candidacy import (
    CERTIFYING,
    SUSPENSIONS,
    Act,
    Actor,
    CandidacyError,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    CaseTakenOver,
    CertificationRequested,
    Command,
    Count,
    DamagedRecordError,
    DecisionAffirmed,
    DecisionVoided,
    Document,
    EditionMoved,
    Engine,
    Excepted,
    ExtensionGranted,
    Fact,
    FactVoided,
    How,
    Id,
    InputError,
    JudgementGiven,
    JudgementNoted,
    MemoryLedger,
    OverrideGranted,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    Record,
    Registry,
    Removed,
    Resumed,
    Role,
    RoleEnded,
    RoleGiven,
    RoleName,
    RoleNamed,
    SqliteLedger,
    StateName,
    Strands,
    Suspended,
    Unlisted,
    WaiverGranted,
    _looking,
    _segregation,
    _untimely,
    act,
    exceptions,
    fact,
    transfer,
)
from candidacy import _exceptions as under_test
from candidacy._excepted import KINDS, by_person
from gadgets import (
    BACK,
    BOARD,
    CANDIDATE,
    DETAILS,
    ENTERED_BY,
    FIT,
    MANUAL,
    OFFICE,
    SECOND,
    DetailBegun,
    DetailOver,
    Takes,
    Trained,
    World,
    edition,
    registry,
)
from support import ROOT, cli

PEOPLE = {"c": "candidate", "o": "office", "b": "board", "b2": "board", "m": "mentor", "s": "line manager", "x": "guest"}
START = datetime(2005, 1, 1, tzinfo=UTC)
OWN_VIEW = MANUAL.asks(
    "ready-in-own-view", "Is the candidate ready in the mentor's own view?", by=("mentor",), at="G-7", lines=(7, 7)
)
NOTE = Document.of(b"why", kind="note", title="why", pages=1)


@fact("gadgets.paired.1")
class Paired(Fact):
    pairing: Id
    mentor: Id


@fact("gadgets.parted.1")
class Parted(Fact):
    pairing: Id


@act("gadgets.detail_approved.1")
class DetailApproved(Act):
    detail: Id


PAIRINGS = Strands("pairing", Paired, Parted, by="office")
MORE: dict[str, Any] = {
    "lifecycle": CERTIFYING.staying(DetailApproved).taking_over(CaseTakenOver),
    "roles": (
        Role("candidate"),
        Role("office"),
        Role("board"),
        Role("guest"),
        Role("mentor", named_by=((Paired, "mentor"),)),
        Role("line manager", aliases=("direct supervisor",)),
    ),
    "entered_by": {
        **ENTERED_BY, CaseTakenOver: OFFICE, Paired: OFFICE, Parted: OFFICE, DetailApproved: BOARD, PlanSubmitted: CANDIDATE,
    },
    "strands": (DETAILS, SUSPENSIONS, PAIRINGS),
    "questions": (FIT, OWN_VIEW),
}  # fmt: skip
AGAIN = (Takes("2005", BACK, again=(PlanApproved,)),)
EDITIONS = (edition(**MORE), attrs.evolve(SECOND, **MORE, takes=AGAIN))


def paper(signed: str) -> Document:
    return Document.of(b"plan", kind="plan", title="plan", pages=2, signed_by="g1.c", signed_on=date.fromisoformat(signed))


def begin(world: World, case: str) -> World:
    """A new case, selected on 1 March 2005, by a clock set back to before that."""
    world.case, world.now = case, START
    who = tuple(RoleNamed(Id(f"g1.{part}"), RoleName(role)) for part, role in PEOPLE.items())
    world.enter("2005-03-01", "o", CandidateSelected(Id("gadgets"), Id("spring"), who))
    return world


def requested(world: World, case: str) -> World:
    """Up to a request for certification, version 8, which rests on hours of training, version 5."""
    begin(world, case).ready()
    world.enter("2005-10-03", "c", CertificationRequested())
    return world


def corrected(world: World, at: str = "2005-10-10") -> None:
    world.enter("2005-05-02", "o", Trained(Count(11)), at=at, how=How(corrects=5))


def corrections(world: World) -> None:
    corrected(requested(world, "a1"))
    corrected(requested(world, "a2"))
    world.enter("2005-10-11", "b", DecisionAffirmed(Count(8), Id("memo-1")))
    corrected(requested(world, "a3"))
    world.enter("2005-10-11", "b", DecisionVoided(Count(8), Id("memo-1")))
    requested(world, "a4").enter("2005-10-05", "b", DecisionVoided(Count(8), Id("memo-1")))
    world.enter("2005-10-06", "o", FactVoided(Count(5), Id("memo-1")))


CORRECTIONS = [
    ("rests on a corrected fact", "a1", 8, "c", (5, 9), 0, None),
    ("fact corrected", "a1", 9, "o", (5,), 0, None),
    ("rests on a corrected fact", "a2", 8, "c", (5, 9, 10), 0, None),
    ("fact corrected", "a2", 9, "o", (5,), 0, None),
    ("decision affirmed", "a2", 10, "b", (8,), 0, None),
    ("rests on a corrected fact", "a3", 8, "c", (5, 9, 10), 0, 10),
    ("fact corrected", "a3", 9, "o", (5,), 0, None),
    ("decision voided", "a3", 10, "b", (8,), 0, None),
    # a4: the request was taken back before what it rested on was voided
    ("decision voided", "a4", 9, "b", (8,), 0, None),
    ("fact voided", "a4", 10, "o", (5,), 0, None),
]


def departures(world: World) -> None:
    begin(world, "b1").developing()
    until = date(2005, 12, 31)
    world.enter("2005-05-03", "c", DetailBegun(Id("d1")))
    world.enter("2005-06-02", "c", DetailOver(Id("d1")))
    world.enter("2005-09-30", "b", WaiverGranted(Id("gadgets.enough_hours"), Id("memo-2"), until))
    world.enter("2005-10-01", "b", WaiverGranted(Id("gadgets.desk_is_known"), Id("memo-2"), until))
    world.enter("2005-10-02", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), Id("memo-2")))
    world.enter("2005-10-02", "o", Suspended(Id("s1")))
    world.enter("2005-10-03", "o", Resumed(Id("s1")))
    world.enter("2005-10-03", "b", DecisionVoided(Count(9), Id("memo-2")))
    world.enter("2005-10-04", "c", CertificationRequested())
    override = OverrideGranted(Id("candidacy.candidate_graduated.1"), (Id("gadgets.is_fit"),), Id("memo-3"), until)
    world.enter("2005-10-05", "o", override, how=How(request=True))
    world.enter("2005-10-05", "b", override, how=How(confirms=14))
    world.enter("2005-10-06", "b", CandidateGraduated())
    begin(world, "b2").developing().enter("2005-04-15", "o", EditionMoved(Id("2006"), Id("memo-4")))


DEPARTURES = [
    ("waiver", "b1", 7, "b", (13,), 0, None),
    ("waiver", "b1", 8, "b", (), 0, None),
    ("extension", "b1", 9, "b", (12,), 0, 12),
    ("suspension", "b1", 10, "o", (), 0, None),
    ("resumption", "b1", 11, "o", (), 0, None),
    ("decision voided", "b1", 12, "b", (9,), 0, None),
    ("override", "b1", 15, "b", (16,), 0, None),
    ("move to another edition", "b2", 5, "o", (4,), 0, None),
]


def timing(world: World) -> None:
    begin(world, "c1").enter("2005-03-02", "o", CandidateEnrolled(), at="2005-03-03")
    world.enter("2005-03-10", "c", PlanSubmitted(Id("p1"), paper("2005-03-10")))
    world.enter("2005-03-11", "b", PlanReturned(Id("p1"), paper("2005-03-10").sha256))
    world.enter("2005-03-12", "c", PlanSubmitted(Id("p2"), paper("2005-03-13")), at="2005-03-13")
    world.enter("2005-04-01", "b", PlanApproved(Id("p2"), paper("2005-03-13").sha256))
    world.enter("2005-05-03", "c", DetailBegun(Id("d1")), at="2005-05-05")
    world.enter("2005-05-05", "b", DetailApproved(Id("d1")))
    world.enter("2005-05-06", "c", DetailBegun(Id("d2")))
    world.enter("2005-05-06", "b", DetailApproved(Id("d2")))
    begin(world, "c2").developing().enter("2005-04-10", "o", Removed(), how=How(request=True))
    world.enter("2005-04-10", "b", Removed(), how=How(confirms=5))
    begin(world, "c3").developing().enter("2005-04-10", "o", Removed(), how=How(request=True))
    world.enter("2005-04-10", "b", Removed(), how=How(confirms=5), at="2005-04-11")


TIMING = [
    ("entered late", "c1", 2, "o", (), 1, None),
    ("approved after the act", "c1", 5, "c", (), 1, None),
    ("entered late", "c1", 5, "c", (), 1, None),
    ("entered late", "c1", 7, "c", (), 2, None),
    ("approved after the act", "c1", 8, "b", (7,), 2, None),
    ("removal", "c2", 6, "b", (), 0, None),
    ("removal", "c3", 6, "b", (), 0, None),
    ("approved after the act", "c3", 6, "b", (5,), 1, None),
    ("entered late", "c3", 6, "b", (), 1, None),
]


def given(who: str, role: str, of: str | None = None) -> RoleGiven:
    return RoleGiven(Id(f"g1.{who}"), RoleName(role), "delegated" if of else "own", Id(f"g1.{of}") if of else None)


def plan_back(world: World, asked: str, returned: str, by: str, *, asks: str = "c") -> None:
    world.enter(asked, asks, PlanSubmitted(Id(f"p{world.told}")))
    name = Id(f"p{world.told - 1}")
    world.enter(returned, by, PlanReturned(name))


def parts(world: World) -> None:
    begin(world, "d1").enter("2005-03-05", "o", given("b2", "mentor"))
    world.enter("2005-03-06", "o", CandidateEnrolled())
    plan_back(world, "2005-03-10", "2005-03-19", "b2")  # 4, 5: a mentor still
    world.enter("2005-03-20", "o", RoleEnded(Id("g1.b2"), RoleName("mentor")))
    plan_back(world, "2005-03-20", "2005-03-20", "b2")  # 7, 8: a mentor no longer
    world.enter("2005-03-21", "o", Paired(Id("pr1"), Id("g1.b2")))
    world.enter("2005-03-25", "o", Parted(Id("pr1")))
    plan_back(world, "2005-03-25", "2005-03-25", "b2")  # 11, 12: paired still, though given no role
    plan_back(world, "2005-03-26", "2005-03-26", "b2")  # 13, 14: paired no longer
    world.enter("2005-03-27", "o", given("b", "line manager"))
    plan_back(world, "2005-03-27", "2005-03-27", "b")  # 16, 17: a supervisor by an alias of the role
    world.enter("2005-03-28", "o", given("x", "board"))
    world.enter("2005-03-28", "o", given("x", "candidate"))
    world.enter("2005-03-29", "x", PlanSubmitted(Id("p")))  # 20
    world.enter("2005-03-30", "o", RoleEnded(Id("g1.x"), RoleName("candidate")))
    world.enter("2005-03-30", "x", PlanReturned(Id("p")))  # 22: who asked
    plan_back(world, "2005-03-31", "2005-03-31", "x")  # 23, 24: who has asked nothing this time
    begin(world, "d2").enter("2005-03-02", "o", given("x", "board", of="m"))
    world.enter("2005-03-03", "o", CandidateEnrolled())
    plan_back(world, "2005-03-10", "2005-03-11", "x")  # 4, 5: in the place of a mentor
    world.enter("2005-03-12", "o", given("b2", "board", of="c"))
    plan_back(world, "2005-03-13", "2005-03-14", "b2")  # 7, 8: in the place of the candidate, who asked
    world.enter("2005-03-15", "c", PlanSubmitted(Id("q")))
    world.told += 1
    actor = Actor("g1.b", on_behalf_of="g1.c")
    answer = world.engine.submit(Command("for-another", "d2", PlanReturned(Id("q")), date(2005, 3, 15), actor))
    assert answer.accepted


PARTS = [
    ("segregation of duties", "d1", 5, "b2", (), 0, None),
    ("segregation of duties", "d1", 12, "b2", (), 0, None),
    ("segregation of duties", "d1", 17, "b", (), 0, None),
    ("segregation of duties", "d1", 22, "x", (20,), 0, None),
    ("segregation of duties", "d2", 5, "x", (), 0, None),
    ("segregation of duties", "d2", 8, "b2", (7,), 0, None),
    ("segregation of duties", "d2", 10, "b", (9,), 0, None),
]


def judgements(world: World) -> None:
    begin(world, "e1").developing()
    mentor = JudgementGiven(Id(OWN_VIEW.id), True)
    for n, follow in ((5, [JudgementNoted]), (7, [JudgementNoted, FactVoided]), (10, [DecisionVoided]), (12, [])):
        day = f"2005-04-{n:02d}"
        world.enter(day, "m", mentor)
        noted = {
            JudgementNoted: ("m", JudgementNoted(Count(n), Id(OWN_VIEW.id), NOTE)),
            FactVoided: ("o", FactVoided(Count(n + 1), Id("memo-5"))),
            DecisionVoided: ("b", DecisionVoided(Count(n), Id("memo-5"))),
        }
        for kind in follow:
            world.enter(day, *noted[kind])


JUDGEMENTS = [
    ("judgement without a note", "e1", 7, "m", (), 0, None),
    ("fact voided", "e1", 9, "o", (8,), 0, None),
    ("decision voided", "e1", 11, "b", (10,), 0, None),
    ("judgement without a note", "e1", 12, "m", (), 0, None),
]


def handover(world: World) -> None:
    world.case, world.now = "f1", START
    who = tuple(RoleNamed(Id(f"g1.{part}"), RoleName(role)) for part, role in PEOPLE.items())
    world.enter("2005-03-01", "o", CaseTakenOver(Id("gadgets"), Id("spring"), who, StateName("developing")))
    world.enter("2005-02-01", "o", Trained(Count(9)), at="2005-03-02")
    world.enter("2005-02-10", "o", PlanSubmitted(Id("p1"), paper("2005-02-10")), at="2005-03-02")
    world.enter("2005-03-01", "o", Trained(Count(1)), at="2005-03-02")


HANDOVER = [("taken over", "f1", 1, "o", (2, 3), 0, None), ("entered late", "f1", 4, "o", (), 1, None)]
EXPECTED = [*CORRECTIONS, *DEPARTURES, *TIMING, *PARTS, *JUDGEMENTS, *HANDOVER]
Told = tuple[str, str, int, str, tuple[int, ...], int, int | None]


@pytest.fixture(scope="module")
def world() -> World:
    """One ledger of every case."""
    made = World(EDITIONS)
    for tell in (corrections, departures, timing, parts, judgements, handover):
        tell(made)
    return made


def told(world: World, **asked: Any) -> list[Told]:
    """What was found, records by their version."""
    versions = {r.index: r.version for r in world.engine.ledger.records()}
    return [
        (e.kind, e.case, versions[e.record], e.person.removeprefix("g1."), tuple(versions[i] for i in e.records), e.days,
         versions[e.taken_back] if e.taken_back is not None else None)
        for e in exceptions(world.engine.ledger, world.engine.registry, **asked)
    ]  # fmt: skip


def test_lists_exactly_what_stands_out(world: World) -> None:
    assert told(world) == EXPECTED


def test_has_every_kind_in_its_cases_and_each_of_them_is_looked_for() -> None:
    """But for exits, which are told like a removal."""
    assert set(KINDS) - {kind for kind, *_ in EXPECTED} == {"withdrawal", "discontinuation"}


# --- what is asked


@pytest.mark.parametrize(("late", "versions"), [(0, [2, 5, 7]), (1, [7]), (2, [])])
def test_calls_late_what_was_entered_more_than_so_many_days_after(world: World, late: int, versions: list[int]) -> None:
    assert [v for _, _, v, *_ in told(world, case="c1", kinds=["entered late"], late=late)] == versions


def test_tells_acts_from_facts(world: World) -> None:
    found = exceptions(world.engine.ledger, world.engine.registry, case="c1", kinds=["entered late"])
    assert [(e.type_name.split(".")[1], e.form) for e in found] == [
        ("candidate_enrolled", "act"),
        ("plan_submitted", "act"),
        ("detail_begun", "fact"),
    ]


@pytest.mark.parametrize(("hour", "late"), [(4, []), (5, [1])])
def test_counts_the_day_of_entry_in_the_time_zone_of_the_ledger(hour: int, late: list[int]) -> None:
    """In New York, 05:00 UTC on 2 March is the first instant of that day."""
    at = datetime(2005, 3, 2, hour, tzinfo=UTC)
    on = Engine(MemoryLedger("America/New_York"), registry(*EDITIONS), clock=lambda: at)
    who = tuple(RoleNamed(Id(f"g1.{part}"), RoleName(role)) for part, role in PEOPLE.items())
    selected = CandidateSelected(Id("gadgets"), Id("spring"), who)
    on.submit(Command("c", "z1", selected, date(2005, 3, 1), Actor("g1.o")))
    assert [e.days for e in exceptions(on.ledger, on.registry)] == late


@pytest.mark.parametrize("kind", KINDS)
def test_lists_one_kind_alone(world: World, kind: str) -> None:
    assert told(world, kinds=[kind]) == [row for row in EXPECTED if row[0] == kind]


@pytest.mark.parametrize("case", ["a3", "c1", "d1", "e1"])
def test_lists_one_case_alone(world: World, case: str) -> None:
    assert told(world, case=case) == [row for row in EXPECTED if row[1] == case]


def test_says_everything_that_is_wrong_with_the_question_at_once(world: World) -> None:
    with pytest.raises(InputError) as wrong:
        exceptions(world.engine.ledger, world.engine.registry, kinds=["late", "waiver"], late=-1, case="nobody")
    assert [p.path for p in wrong.value.problems] == ["kinds", "late", "case"]


def test_holds_one_case_at_a_time(world: World) -> None:
    """The first rows are there before a second case is read."""

    class Counted(MemoryLedger):
        read = 0

        def by_case(self) -> Any:
            for records in world.engine.ledger.by_case():
                self.read += 1
                yield records

    ledger = Counted("UTC")
    rows = exceptions(ledger, world.engine.registry)
    assert ledger.read == 0
    next(rows)
    assert ledger.read == 1


# --- sentences


SENTENCES = {
    ("a1", 8, "rests on a corrected fact"): "Certification requested of 3 October 2005 rests on record {5} (corrected by record {9}); "
    "nobody has affirmed it or taken it back since.",
    ("a2", 8, "rests on a corrected fact"): "Certification requested of 3 October 2005 rests on record {5} (corrected by record {9}); "
    "it was affirmed by g1.b in record {10}.",
    ("a3", 8, "rests on a corrected fact"): "Certification requested of 3 October 2005 rests on record {5} (corrected by record {9}); "
    "it was taken back by g1.b in record {10}.",
    ("a4", 10, "fact voided"): "What record {5} says was voided on 6 October 2005, because of memo-1.",
    ("b1", 7, "waiver"): "Waiver of gadgets.enough_hours from 30 September 2005 until 31 December 2005, because of memo-2; it let off in record {13}.",
    ("b1", 8, "waiver"): "Waiver of gadgets.desk_is_known from 1 October 2005 until 31 December 2005, because of memo-2; it has let off nothing.",
    ("b1", 9, "extension"): "Extension of a-year from 2 October 2005 until 30 June 2006, because of memo-2; it was taken back by record {12}.",
    ("b1", 10, "suspension"): "Suspension s1 began on 2 October 2005.",
    ("b2", 5, "move to another edition"): "The case was moved to edition 2006 on 15 April 2005, because of memo-4.",
    ("c1", 5, "approved after the act"): "Plan submitted of 12 March 2005 rests on a document signed on 13 March 2005, 1 day later.",
    ("c1", 5, "entered late"): "Plan submitted of 12 March 2005, an act, was entered on 13 March 2005, 1 day later.",
    ("c1", 7, "entered late"): "Detail begun of 3 May 2005, a fact, was entered on 5 May 2005, 2 days later.",
    ("c1", 8, "approved after the act"): "Detail approved of 5 May 2005 is about detail d1, which had begun on 3 May 2005, 2 days earlier.",
    ("c3", 6, "removal"): "Removal on 10 April 2005.",
    ("c3", 6, "approved after the act"): "Removed of 10 April 2005 takes two people; the second entered it on 11 April 2005, 1 day later.",
    ("d1", 17, "segregation of duties"): "Plan returned of 27 March 2005 was decided by g1.b, who on that day was also line manager in the case.",
    ("d1", 22, "segregation of duties"): "Plan returned of 30 March 2005 was decided by g1.x, who also entered what it decides on (record {20}).",
    ("d2", 8, "segregation of duties"): "Plan returned of 14 March 2005 was decided by g1.b2, who on that day was also candidate in the case, "
    "and who also entered what it decides on (record {7}).",
    ("e1", 7, "judgement without a note"): "The question ready-in-own-view was answered yes on 7 April 2005, and no note is on record.",
}  # fmt: skip


def test_says_it_in_a_sentence(world: World) -> None:
    index = {(r.case, r.version): r.index for r in world.engine.ledger.records()}
    found = {(e.case, e.record, e.kind): e.sentence for e in exceptions(world.engine.ledger, world.engine.registry)}
    for (case, version, kind), sentence in SENTENCES.items():
        numbered = re.sub(r"{(\d+)}", lambda v, case=case: str(index[case, int(v[1])]), sentence)
        assert found[case, index[case, version], kind] == numbered


def test_says_of_a_case_taken_over_what_was_only_attested(world: World) -> None:
    (one,) = (e for e in exceptions(world.engine.ledger, world.engine.registry, case="f1", kinds=["taken over"]))
    assert one.sentence == (
        "The case was taken over into developing on 1 March 2005: 2 records attested and not judged, "
        "0 requirements not checked for what lies before."
    )


# --- without the program


def test_says_what_it_cannot_tell_where_the_edition_is_not_installed(world: World) -> None:
    """Only who decided with another part needs the program; and that is told as far as the records say so themselves."""
    left: list[Unlisted] = []
    with_it = told(world)
    versions = {r.index: r.version for r in world.engine.ledger.records()}
    found = [(e.kind, e.case, versions[e.record]) for e in exceptions(world.engine.ledger, Registry.of(), left_out=left.append)]
    assert found == [row[:3] for row in with_it if row[0] != "segregation of duties"]
    assert [one.case for one in left] == world.engine.ledger.cases()
    assert all("gadgets/2005" in one.why and "is not installed" in one.why for one in left)
    left.clear()
    assert list(exceptions(world.engine.ledger, Registry.of(), kinds=["waiver"], left_out=left.append))
    assert not left, "nothing is missing of what was asked for"


def test_reads_what_a_program_that_keeps_roles_apart_has_recorded(world: World) -> None:
    """The finding `candidacy.apart` tells also without the program, and of roles with other names."""
    roles = tuple(Role(r.name, r.aliases, ("guest",), r.named_by) if r.name == "board" else r for r in MORE["roles"])
    kept = World((edition(**{**MORE, "roles": roles}),))
    begin(kept, "h1").enter("2005-03-02", "o", given("b", "guest"))
    kept.enter("2005-03-02", "o", CandidateEnrolled())
    plan_back(kept, "2005-03-10", "2005-03-11", "b")
    for installed in (kept.engine.registry, Registry.of()):
        (one,) = exceptions(kept.engine.ledger, installed)
        assert (one.kind, one.record) == ("segregation of duties", 5)
        assert "also guest" in one.sentence


# --- counting


def test_counts_by_person_and_kind_with_those_taken_back(world: World) -> None:
    counted = by_person(exceptions(world.engine.ledger, world.engine.registry))
    expected: Counter[tuple[str, str]] = Counter((kind, f"g1.{who}") for kind, _, _, who, *_ in EXPECTED)
    assert {(kind, who): n for kind, who, n, _ in counted} == expected
    assert [(kind, who, back) for kind, who, _, back in counted if back] == [
        ("rests on a corrected fact", "g1.c", 1),
        ("extension", "g1.b", 1),
    ]
    assert [KINDS.index(kind) for kind, *_ in counted] == sorted(KINDS.index(kind) for kind, *_ in counted)


def test_counts_in_the_demonstration_what_a_recount_of_the_bare_rows_counts(demo_file: Path) -> None:
    """Written in another way: from the lines of an export, one pass, no folding."""
    lines = [json.loads(line) for line in cli("export", str(demo_file)).stdout.splitlines()][1:]
    accepted = [line for line in lines if line["decision"] == "accepted" and "request" not in line]
    words = {
        "suspended": "suspension", "resumed": "resumption", "withdrawn": "withdrawal", "discontinued": "discontinuation",
        "removed": "removal", "judgement_given": "judgement without a note",
    }  # fmt: skip
    naive = Counter(words[line["type"].split(".")[1]] for line in accepted if line["type"].split(".")[1] in words)
    naive["entered late"] = sum(line["day"] < line["recorded_at"][:10] for line in accepted)
    naive["segregation of duties"] = sum(
        f["rule"] == "candidacy.apart" and f["outcome"] == "unmet" for line in accepted for f in line["findings"]
    )
    assert not any("gone" in line["moved"] or "corrects" in line or "signed_on" in json.dumps(line["payload"]) for line in accepted)
    with SqliteLedger(demo_file, read_only=True) as ledger:
        found = Counter(e.kind for e in exceptions(ledger))
    assert found == +naive
    assert sum(found.values()) > 800


# --- the note of an answer


@pytest.mark.parametrize(
    ("entry", "question", "who", "path"),
    [
        (4, OWN_VIEW.id, "m", "payload.entry"),
        (99, OWN_VIEW.id, "m", "payload.entry"),
        (5, FIT.id, "b", "payload.entry"),
        (5, "no-question", "m", "payload.question"),
        (5, OWN_VIEW.id, "b", ""),
        (5, OWN_VIEW.id, "m", None),
    ],
)
def test_takes_a_note_only_of_an_answer_by_whom_the_question_names(entry: int, question: str, who: str, path: str | None) -> None:
    on = begin(World(EDITIONS), "n1").developing()
    on.enter("2005-04-05", "m", JudgementGiven(Id(OWN_VIEW.id), True))
    noted = JudgementNoted(Count(entry), Id(question), NOTE)
    if path is None:
        assert on.enter("2005-04-05", who, noted).accepted
        return
    with pytest.raises(InputError) as wrong:
        on.enter("2005-04-05", who, noted, expect=None)
    assert path in {p.path for p in wrong.value.problems} or not path


def test_takes_no_note_of_an_answer_that_was_taken_back() -> None:
    on = begin(World(EDITIONS), "n1").developing()
    on.enter("2005-04-05", "m", JudgementGiven(Id(OWN_VIEW.id), True))
    on.enter("2005-04-06", "b", DecisionVoided(Count(5), Id("memo-6")))
    with pytest.raises(InputError, match="no answer to that question"):
        on.enter("2005-04-07", "m", JudgementNoted(Count(5), Id(OWN_VIEW.id), NOTE), expect=None)


def test_carries_a_note_over_with_its_answer() -> None:
    """Where the other program asks the same question."""
    on = begin(World(EDITIONS), "n1").developing()
    on.enter("2005-04-05", "m", JudgementGiven(Id(OWN_VIEW.id), True))
    on.enter("2005-04-06", "m", JudgementNoted(Count(5), Id(OWN_VIEW.id), NOTE))
    for other, there in ((EDITIONS[0], True), (edition(**{**MORE, "questions": (FIT,)}), False)):
        carried = transfer(on.stands, EDITIONS[0], other, as_of=date(2005, 4, 7)).entries
        assert [bool(c.as_type) for c in carried if c.version in {5, 6}] == [there, there]


# --- the command


def test_answers_as_text_with_a_table_of_persons(demo_file: Path) -> None:
    done = cli("exceptions", str(demo_file), "--late", "100000")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    at = lines.index("hhs-013, record 813: suspension, by hhs-013.manager")
    assert lines[at + 1] == "    Suspension s1 began on 12 July 2004."
    assert "withdrawal                hhs-008.candidate       1" in [line.rstrip() for line in lines]
    assert lines[-1] == "38 in all"


def test_answers_nothing_with_the_exit_code_of_an_answer(ledger_file: Path) -> None:
    done = cli("exceptions", str(ledger_file))
    assert (done.returncode, done.stdout.splitlines()[1:], done.stderr) == (0, ["nothing stands out"], "")
    assert done.stdout.startswith("ledger ")
    done = cli("exceptions", str(ledger_file), "--json")
    empty: dict[str, Any] = {"late": 0, "exceptions": [], "by_kind": {}, "by_person": [], "cannot_be_told": []}
    said = json.loads(done.stdout)
    assert len(said.pop("ledger")) == 32
    assert said.pop("newest") >= 0
    assert (done.returncode, said) == (0, empty)


def test_gives_the_same_as_json_and_csv(demo_file: Path, tmp_path: Path) -> None:
    asked = ("exceptions", str(demo_file), "--case", "hhs-013", "--late", "7900")
    with SqliteLedger(demo_file, read_only=True) as ledger:
        rows = list(exceptions(ledger, case="hhs-013", late=7900))
    data = json.loads(cli(*asked, "--json").stdout)
    assert data["exceptions"] == [row.as_data() for row in rows]
    keys = ("kind", "person", "count", "taken_back")
    assert data["by_person"] == [dict(zip(keys, row, strict=True)) for row in by_person(rows)]
    out = tmp_path / "out.csv"
    done = cli(*asked, "--format", "csv", "-o", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    read = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    assert [(r["kind"], r["case"], int(r["record"]), r["in words"]) for r in read] == [
        (row.kind, row.case, row.record, row.sentence) for row in rows
    ]
    assert cli(*asked, "--format", "csv", "-o", str(out)).returncode == 2, "it writes over nothing"


def test_writes_no_formula_into_a_csv() -> None:
    from candidacy.cli import exceptions as command

    one = Excepted("waiver", "+c", 1, "candidacy.waiver_granted.1", "act", date(2005, 1, 1), "-p", "=1", (), "@s")
    (line,) = csv.reader([b"".join(list(command._csv([one]))[1:]).decode()])
    assert [line[n] for n in (1, 6, 7, 11)] == ["'+c", "'-p", "'=1", "'@s"]


def test_refuses_wrong_options_all_at_once(demo_file: Path) -> None:
    done = cli("exceptions", str(demo_file), "--kind", "late", "--late", "-1", "--case", "nobody")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == ["--kind", "--late", "--case"]
    assert cli("exceptions", str(demo_file), "--json", "--format", "csv").returncode == 2
    assert cli("exceptions", str(demo_file), "--late", "soon").returncode == 2


# --- teeth: each of these breaks makes the list another one


def _never(*_: object, **__: object) -> Any:
    return ()


BACK_OF = _looking.Looking.back
BREAKS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "rests on a corrected fact": (under_test, "_resting_on_wrong", _never),
    "rests on what was voided before": (_looking.Looking, "gone_before", lambda *_: False),
    "who settles": (_looking.Looking, "settled_by", lambda *_: set()),
    "waiver": (under_test, "_departing", _never),
    "what a waiver let off": (_looking.Looking, "let_off_by", lambda *_: set()),
    "answers taken back": (_looking.Looking, "back", lambda on, v: None if on.case.id == "e1" else BACK_OF(on, v)),
    "what is taken back": (_looking.Looking, "back", lambda on, v: None if on.case.id == "b1" else BACK_OF(on, v)),
    "approved after the act": (under_test, "approved_after", _never),
    "signed later": (_untimely, "_signed_on", _never),
    "begun before": (_untimely, "_begun", lambda *_: None),
    "entered late": (under_test, "entered_late", _never),
    "late by a day more": (under_test, "entered_late", lambda looking, late: _untimely.entered_late(looking, late + 1)),
    "late by a day less": (under_test, "entered_late", lambda looking, late: _untimely.entered_late(looking, late - 1)),
    "segregation of duties": (_looking.Looking, "deciding_twice", _never),
    "who asked": (_looking.Looking, "_asked_by_the_same", lambda *_: None),
    "in whose place": (_segregation, "behind", lambda _, people: frozenset(people)),
    "whatever comes before": (_segregation, "answers", lambda *_: True),
    "who is named": (_segregation, "_named", lambda *_: set()),
    "names alone": (_segregation, "_words", lambda role: set(role.name.split())),
    "first role alone": (_segregation, "PARTS", frozenset()),
    "taken over": (under_test, "_taken_over", _never),
    "judgement without a note": (under_test, "_without_note", _never),
    "notes are not read": (under_test, "JudgementNoted", type("Other", (), {})),
    "attested like any": (_untimely, "is_attested", lambda _: False),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_would_be_seen_to_tell_otherwise_if_it_were_broken(world: World, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    where, name, instead = BREAKS[broken]
    monkeypatch.setattr(where, name, instead)
    assert told(world) != EXPECTED


# --- the document


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "docs" / "exceptions.md").read_text(), re.DOTALL | re.MULTILINE)


def test_runs_the_commands_of_its_document(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (text,) = blocks("sh")
    for line in text.splitlines():
        words = shlex.split(line.partition("#")[0].replace("c-7", "hhs-013").replace("cases.ledger", str(demo_file)))
        done = cli(*words[1:], *([] if "--case" in words else ["--case", "hhs-013"]))
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "exceptions.csv").exists()


def test_tells_of_every_kind_in_its_document(registry: Registry) -> None:
    text = (ROOT / "docs" / "exceptions.md").read_text()
    rows = {kind.strip() for line in text.splitlines() if line.startswith("| ") for kind in line.split("|")[1].split(",")}
    assert rows - {"kind"} == set(KINDS)
    (example,) = blocks("json")
    assert isinstance(registry.codec.read_command(example.encode()).event, JudgementNoted)


# --- ledgers that somebody rewrote with their hashes


def rewritten(world: World, case: str, version: int, /, **changes: Any) -> MemoryLedger:
    """The records of a case, one of them with other data."""
    made = [dict(r.data) for r in world.engine.ledger.of_case(case)]
    made[version - 1] |= changes

    class Held(MemoryLedger):
        def by_case(self) -> Any:
            yield [Record.make(data) for data in made]
            yield from world.engine.ledger.by_case()

    return Held("UTC")


def test_says_that_nothing_is_told_of_a_case_whose_record_does_not_hold_what_its_type_says(world: World) -> None:
    """The other cases are told; without anybody to say it to, it stops there."""
    left: list[Unlisted] = []
    forged = rewritten(world, "e1", 5, payload={"question": 5})
    assert len(list(exceptions(forged, world.engine.registry, left_out=left.append))) == len(EXPECTED)
    (one,) = left
    assert one.case == "e1"
    assert one.why.endswith("its content is not that of a candidacy.judgement_given.1; nothing is told of the case")
    with pytest.raises(DamagedRecordError):
        list(exceptions(forged, world.engine.registry))


def test_fails_on_no_record_that_reads_as_one(world: World) -> None:
    """Whatever else is in it: other versions, days and content of every kind."""
    chance, tried = Random(7), 0
    junk: list[Any] = [None, True, 0, -1, 99, "a", "2005-01-01", [], {}, [1], ["a"], {"a": 1}]
    for _ in range(400):
        case = chance.choice(["a2", "a3", "b1", "b2", "c1", "c3", "d2", "e1", "f1"])
        record = chance.choice(world.engine.ledger.of_case(case))
        data = json.loads(record.raw)
        part = chance.choice([p for p in ("payload", "moved", "corrects", "confirms", "type", "edition") if p in data])
        if isinstance(data[part], dict) and data[part]:
            data[part][chance.choice(list(data[part]))] = chance.choice(junk)
        else:
            data[part] = chance.choice(junk)
        try:
            Record.read(record.index, Record.make(data).raw)
        except CandidacyError:
            continue
        left: list[Unlisted] = []
        alone = rewritten(world, case, record.version, **data)
        rows = exceptions(alone, world.engine.registry, left_out=left.append)
        list(takewhile(lambda row: row.case == case, rows))  # noqa: B023 (used at once)
        tried += 1
    print(f"{tried} records changed")
    assert tried > 100
