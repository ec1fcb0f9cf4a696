"""A caseload under another edition: who flips and by which requirement, held against lists made by hand; and drafts that misbehave."""

import json
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import pytest

import candidacy
import gadgets as g
from candidacy import (
    COMPLETING,
    NOT_BEGUN,
    CandidateEnrolled,
    CandidateSelected,
    CaseTakenOver,
    Count,
    DecisionVoided,
    Edition,
    EditionMoved,
    Engine,
    How,
    Id,
    InputError,
    Lifecycle,
    Move,
    PlanApproved,
    PlanSubmitted,
    ProgramCompleted,
    Registry,
    Rejudged,
    RoleName,
    RoleNamed,
    SqliteLedger,
    StateName,
    Story,
    WhatIf,
    Withdrawn,
    _answered,
    path,
    what_if,
)
from candidacy import registry as registry_module
from candidacy._answered import Asked
from candidacy._drafts import Draft
from sprockets import (
    EDITION_2004,
    EDITION_2010,
    ENTERED_BY,
    PROGRAM,
    DeskRecorded,
    Detailed,
    Trained,
    enough_hours,
)
from support import ROOT, ZONE, cli, engine, play

SOURCE = (Path(__file__).parent / "sprockets.py").read_text()
HANDED_IN = date(2005, 3, 10)
HOURS, YEAR, DAYS, SIXTY, SIX, DESK = (
    "enough_hours", "within_the_year", "thirty_days_elsewhere", "approved_within_sixty_days", "six_months_in_the_program", "has_a_desk",
)  # fmt: skip
APPROVED, COMPLETED, WITHDRAWN = "plan_approved", "program_completed", "withdrawn"


@attrs.frozen
class Life:
    """A case: hours of training, days elsewhere, days from the plan to its approval, a desk, the day of its end, and of a withdrawal."""

    hours: int = 20
    days: int = 30
    approved: int | None = 60
    desk: bool = True
    ended: str = "2005-10-03"
    withdrawn: str = ""

    def told(self, case: str) -> Story:
        who = (RoleNamed(Id(f"{case}.c"), RoleName("candidate")), RoleNamed(Id(f"{case}.o"), RoleName("office")))
        story = Story(case).on("2005-03-01", "o", CandidateSelected(Id("sprockets"), Id("spring"), who))
        story.on("2005-03-02", "o", CandidateEnrolled()).on(HANDED_IN, "c", PlanSubmitted(Id("p")))
        if self.approved is not None:
            story.on(HANDED_IN + timedelta(days=self.approved), "o", PlanApproved(Id("p")))
        story.on("2005-06-01", "c", Trained(Count(self.hours)))
        if self.days:
            story.on("2005-07-01", "c", Detailed(Count(self.days)))
        if self.desk:
            story.on("2005-07-02", "o", DeskRecorded(Id("d")))
        if self.ended:
            story.on(self.ended, "o", ProgramCompleted())
        return story.on(self.withdrawn, "c", Withdrawn()) if self.withdrawn else story


LIVES = {
    "all-well": Life(),
    "19-hours": Life(hours=19),
    "10-hours": Life(hours=10),
    "9-hours": Life(hours=9),
    "29-days": Life(days=29),
    "no-days": Life(days=0),
    "61st-day": Life(approved=61),
    "90th-day": Life(approved=90),
    "1-september": Life(ended="2005-09-01"),
    "2-september": Life(ended="2005-09-02"),
    "1-august": Life(ended="2005-08-01"),
    "19-hours-29-days": Life(hours=19, days=29),
    "19-hours-1-september": Life(hours=19, ended="2005-09-01"),
    "29-days-1-september": Life(days=29, ended="2005-09-01"),
    "everything": Life(10, 0, 61, False, "2005-09-01"),
    "late": Life(ended="2006-01-01"),
    "last-day": Life(ended="2005-12-31"),
    "a-year-late": Life(ended="2006-10-03"),
    "late-19-hours": Life(hours=19, ended="2006-01-01"),
    "late-9-hours": Life(hours=9, ended="2006-01-01"),
    "no-desk": Life(desk=False),
    "no-desk-19-hours": Life(hours=19, desk=False),
    "no-desk-late": Life(desk=False, ended="2006-01-01"),
    "nothing-done": Life(10, 0, 60, False),
    "61st-day-19-hours": Life(hours=19, approved=61),
    "61st-day-late": Life(approved=61, ended="2006-01-01"),
    "40-hours": Life(hours=40),
    "late-withdrawn": Life(ended="2006-01-01", withdrawn="2006-01-10"),
    "under-way": Life(ended=""),
    "in-planning": Life(approved=None, ended=""),
}
Flip = tuple[str, str, str, str, tuple[str, ...]]
REFUSED, ACCEPTED = ("accepted", "refused"), ("refused", "accepted")
FLIPS: list[Flip] = [
    # made by hand: 2004 asks for ten hours and an end within the year; 2010 for twenty hours, thirty days, sixty days, six months, a desk
    ("10-hours", COMPLETED, *REFUSED, (HOURS,)),
    ("19-hours", COMPLETED, *REFUSED, (HOURS,)),
    ("29-days", COMPLETED, *REFUSED, (DAYS,)),
    ("no-days", COMPLETED, *REFUSED, (DAYS,)),
    ("61st-day", APPROVED, *REFUSED, (SIXTY,)),
    ("90th-day", APPROVED, *REFUSED, (SIXTY,)),
    ("1-september", COMPLETED, *REFUSED, (SIX,)),
    ("1-august", COMPLETED, *REFUSED, (SIX,)),
    ("19-hours-29-days", COMPLETED, *REFUSED, (HOURS, DAYS)),
    ("19-hours-1-september", COMPLETED, *REFUSED, (HOURS, SIX)),
    ("29-days-1-september", COMPLETED, *REFUSED, (DAYS, SIX)),
    ("everything", APPROVED, *REFUSED, (SIXTY,)),
    ("everything", COMPLETED, *REFUSED, (HOURS, DAYS, SIX, DESK)),
    ("late", COMPLETED, *ACCEPTED, (YEAR,)),
    ("a-year-late", COMPLETED, *ACCEPTED, (YEAR,)),
    ("no-desk-19-hours", COMPLETED, *REFUSED, (HOURS, DESK)),
    ("nothing-done", COMPLETED, *REFUSED, (HOURS, DAYS, DESK)),
    ("61st-day-19-hours", APPROVED, *REFUSED, (SIXTY,)),
    ("61st-day-19-hours", COMPLETED, *REFUSED, (HOURS,)),
    ("61st-day-late", APPROVED, *REFUSED, (SIXTY,)),
    ("61st-day-late", COMPLETED, *ACCEPTED, (YEAR,)),
    ("late-withdrawn", COMPLETED, *ACCEPTED, (YEAR,)),
]
UNTOLD = [
    ("no-desk", COMPLETED, "accepted", "cannot be told", (DESK,)),
    ("no-desk-late", COMPLETED, "refused", "cannot be told", (DESK, YEAR)),
]
REASONS = [
    ("late-19-hours", COMPLETED, "refused", "refused", (HOURS, YEAR)),
    ("late-9-hours", COMPLETED, "refused", "refused", (YEAR,)),
]
SHOWS = [("40-hours", "trained", "accepted", "accepted", ("not_all_at_once",))]
CONSEQUENCES = [
    ("61st-day", COMPLETED, "accepted", "refused"),
    ("90th-day", COMPLETED, "accepted", "refused"),
    ("late-withdrawn", WITHDRAWN, "accepted", "refused"),
]


def sprockets() -> Registry:
    return Registry.of(PROGRAM)


def lived(lives: dict[str, Life], ledger: Any = None, programs: Registry | None = None) -> Engine:
    made = engine(programs or sprockets(), ledger)
    play(made, (command for name, life in lives.items() for command in life.told(name)))
    return made


@pytest.fixture(scope="module")
def caseload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of all lives; not to be written to."""
    file = tmp_path_factory.mktemp("whatif") / "cases.ledger"
    with SqliteLedger.create(file, ZONE) as ledger:
        lived(LIVES, ledger)
    return file


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of four of them."""
    file = tmp_path_factory.mktemp("few") / "few.ledger"
    with SqliteLedger.create(file, ZONE) as ledger:
        lived({name: LIVES[name] for name in ("61st-day", "late", "no-desk", "all-well")}, ledger)
    return file


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as if it were installed."""
    monkeypatch.setattr(registry_module, "discover", sprockets)


def asked(file: Path, rules: Any, **more: Any) -> WhatIf:
    with SqliteLedger(file, read_only=True) as ledger:
        return what_if(engine(sprockets(), ledger), rules, **more)


def rows(found: Iterable[Rejudged]) -> list[Flip]:
    return [(r.case, r.type_name.split(".")[1], r.was, r.would_be, tuple(t.rule.split(".")[1] for t in r.because)) for r in found]


def by_name(flips: Iterable[Any]) -> list[Any]:
    """In the order in which they are told: by case, then by record."""
    return sorted(flips, key=lambda flip: flip[0])


# --- (a) flips


def test_reports_exactly_the_flips_made_by_hand(caseload: Path) -> None:
    found = asked(caseload, "sprockets/2010")
    assert rows(found.flips) == by_name(FLIPS)
    assert len(FLIPS) >= 20
    assert len({rule for *_, rules in FLIPS for rule in rules}) >= 3
    assert sum(flip[3] == "accepted" for flip in FLIPS) >= 1
    assert (rows(found.reasons), rows(found.shows)) == (by_name(REASONS), SHOWS)
    assert found.counted["cases"] == len(LIVES)
    assert (found.editions, found.answer) == (("sprockets/2010",), "otherwise")


@pytest.mark.parametrize("left_out", [rule for rule in EDITION_2010.rules if rule.binding], ids=lambda rule: rule.id)
def test_reports_other_flips_where_a_rule_is_left_out(caseload: Path, left_out: Any) -> None:
    """The teeth: each binding rule of the edition is needed for the list, and its own part of it goes with it."""
    fewer = attrs.evolve(EDITION_2010, rules=tuple(r for r in EDITION_2010.rules if r is not left_out))
    name = left_out.id.split(".")[1]
    found = rows(asked(caseload, fewer).flips)
    assert found != by_name(FLIPS)
    assert not any(name in rules for *_, would_be, rules in found if would_be == "refused")


@pytest.mark.parametrize("break_it", ["was", "would_be"])
def test_the_comparison_sees_one_wrong_word(caseload: Path, break_it: str) -> None:
    first, *rest = asked(caseload, "2010").flips
    wrong = attrs.evolve(first, **{break_it: "something"})
    assert rows([wrong, *rest]) != by_name(FLIPS)


def test_says_of_each_requirement_how_it_came_out_then_and_now(caseload: Path) -> None:
    found = {(r.case, r.type_name): r for r in asked(caseload, "2010").flips}
    (hours,) = found["19-hours", "candidacy.program_completed.1"].because
    assert (hours.then, hours.now, hours.requirement) == ("met", "unmet", "Enough hours of training.")
    assert hours.told == "found 19 hours; needs at least 20 hours; missing 1 hour; from candidate"
    assert (hours.who, hours.citation) == (("candidate",), "Sprockets manual, line 1 (S-1)")
    (year,) = found["late", "candidacy.program_completed.1"].because
    assert (year.then, year.now, year.citation) == ("unmet", "", "Sprockets manual, line 2 (S-2)")
    (sixty,) = found["61st-day", "candidacy.plan_approved.1"].because
    assert (sixty.then, sixty.now) == ("", "unmet")


def test_counts_the_requirements_by_which_acts_flip(caseload: Path) -> None:
    found = {turned.rule.split(".")[1]: n for turned, n in asked(caseload, "2010").requirements}
    assert found == {HOURS: 8, DAYS: 6, SIX: 5, SIXTY: 5, YEAR: 4, DESK: 3}
    assert found == {rule: sum(rule in rules for *_, rules in FLIPS) for rule in found}


def test_judges_each_record_on_the_case_as_it_was(caseload: Path) -> None:
    """The plan would not have been approved, but the end of the program is judged as if it had been."""
    assert not [f for f in asked(caseload, "2010").flips if f.case == "61st-day" and f.type_name.endswith("completed.1")]


def test_finds_nothing_under_the_edition_that_judged(caseload: Path) -> None:
    found = asked(caseload, "2004")
    assert (found.counted["cases already under it"], found.counted["cases"], found.answer) == (len(LIVES), 0, "the same")
    again = asked(caseload, attrs.evolve(EDITION_2004))
    assert (again.counted["cases"], again.answer, again.reasons, again.shows) == (len(LIVES), "the same", (), ()), (
        "a draft of the same name"
    )


def test_agrees_with_what_is_answered_where_the_last_act_is_considered_under_the_edition() -> None:
    """Another way to the same word: each life without its end, and the end considered under the other edition."""
    ends = {name: life for name, life in LIVES.items() if life.ended and not life.withdrawn}
    on = lived({name: attrs.evolve(life, ended="") for name, life in ends.items()})
    flips = {(flip[0], flip[3]) for flip in FLIPS if flip[1] == COMPLETED}
    for name, life in ends.items():
        asking = ProgramCompleted(), date.fromisoformat(life.ended), candidacy.Actor(f"{name}.o")
        then, now = (on.consider(name, *asking, rules=rules).word for rules in ("2004", "2010"))
        expected = (name, now) in flips or name == "no-desk"
        assert (then != now) == expected, name


# --- (b) what cannot be told


def test_lists_apart_of_whom_it_cannot_be_told_and_what_is_missing(caseload: Path) -> None:
    found = asked(caseload, "2010")
    assert rows(found.untold) == by_name(UNTOLD)
    (desk,) = found.untold[0].because
    assert (desk.now, desk.told, desk.who) == ("undetermined", "needs a desk; from office", ("office",))
    assert found.answer == "otherwise"
    only = what_if(lived({"no-desk": LIVES["no-desk"]}), "2010")
    assert (only.answer, len(only.flips)) == ("cannot be told", 0)


def test_cannot_tell_of_what_the_edition_does_not_know() -> None:
    """A type it does not have, and a stage for which it has no place."""
    short = Lifecycle(
        stages=("selected", "enrolled", "developing", "completed"),
        exits=("withdrawn",),
        moves=(
            Move(NOT_BEGUN, CandidateSelected, "selected"), Move("selected", CandidateEnrolled, "enrolled"),
            Move("enrolled", PlanSubmitted, "developing"), Move("developing", ProgramCompleted, "completed"),
            Move("developing", Withdrawn, "withdrawn"),
        ),
    )  # fmt: skip
    by = {kind: roles for kind, roles in ENTERED_BY.items() if kind in {*(m.act for m in short.moves), Trained, Detailed}}
    other = Edition(
        "sprockets", "2012", 1, date(2012, 1, 1), short, EDITION_2010.roles, by, (enough_hours,), EDITION_2010.parameters
    )
    found = what_if(lived({"c": Life(ended="")}), other)
    assert [(r.version, r.why) for r in found.untold] == [
        (4, "a case in planning, for which sprockets/2012 has no place"),
        (7, "type: found the event type sprockets.desk_recorded.1; needed one of the program sprockets"),
    ]
    assert all(r.would_be == "cannot be told" for r in found.untold)
    assert found.flips == ()


def test_a_rule_that_fails_is_not_told(caseload: Path) -> None:
    def fails(case: Any, completion: ProgramCompleted, day: date) -> Any:
        """It fails."""
        raise RuntimeError(case.id)

    failing = EDITION_2004.authorities[0].requires(before=ProgramCompleted, at="S-8", lines=(8, 8))(fails)
    found = asked(caseload, attrs.evolve(EDITION_2004, rules=(*EDITION_2004.rules, failing)))
    assert found.flips == ()
    assert {r.because[0].told for r in found.untold} == {"the rule failed (RuntimeError)"}


# --- (c) earliest days


@pytest.mark.parametrize(
    ("as_of", "moves"),
    [("2005-08-01", ("2005-08-01", "2005-09-02")), ("2005-09-01", ("2005-09-01", "2005-09-02")), ("2005-09-02", None)],
)
def test_tells_which_earliest_day_moves_and_by_which_requirement(as_of: str, moves: tuple[str, str] | None) -> None:
    found = what_if(lived({"c": LIVES["under-way"]}), "2010", as_of=date.fromisoformat(as_of))
    assert found.days_told == 1
    assert [(d.case, str(d.own.day), str(d.other.day)) for d in found.days] == ([("c", *moves)] if moves else [])
    if moves:
        other = found.days[0].other
        assert (other.rule, other.requirement) == (f"sprockets.{SIX}", "The program lasts six months.")
        assert (other.edition, other.stage, other.to, other.exact) == ("sprockets/2010", "developing", "completed", True)


def test_tells_the_days_that_path_tells(caseload: Path) -> None:
    on = date(2005, 8, 15)
    with SqliteLedger(caseload, read_only=True) as ledger:
        here = engine(sprockets(), ledger)
        found = what_if(here, "2010", as_of=on)
        told = {d.case: (d.own.day, d.other.day) for d in found.days}
        for case in ("19-hours", "in-planning", "all-well", "no-desk"):
            days = tuple(path(*here.case(case, as_of=on, rules=rules), as_of=on).day for rules in ("", "2010"))
            assert told.get(case, (days[0], days[0])) == days
    assert "in-planning" in told
    assert "1-august" not in told, "it had ended by then"


def test_says_of_which_case_no_day_can_be_told() -> None:
    """The edition that judged it is not installed any more; one that had not begun is not asked about."""
    made = lived({"c": LIVES["under-way"]})
    alone = attrs.evolve(PROGRAM, editions=(attrs.evolve(EDITION_2010, takes=()),), announcements={"later": "2010"})
    later = engine(Registry.of(alone), made.ledger)
    found = what_if(later, "2010", as_of=date(2005, 8, 1))
    assert found.days_untold == (("c", "a case of sprockets/2004, which no installed plugin offers"),)
    assert found.counted["cases"] == 1
    early = what_if(later, "2010", as_of=date(2005, 2, 1))
    assert (early.days_untold, early.days_told) == ((), 0)


def test_asks_for_no_days_unless_told_a_day(caseload: Path) -> None:
    found = asked(caseload, "2010")
    assert (found.as_of, found.days, found.days_told, found.days_untold) == (None, (), 0, ())


# --- (d) run again


def test_lists_no_consequences_where_what_would_be_refused_is_entered_all_the_same(
    caseload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teeth of the next one."""
    monkeypatch.setattr(_answered, "rerun", _answered.again)
    assert asked(caseload, "2010", follow=True).consequences == ()


def test_lists_what_follows_as_consequences_and_not_as_flips(caseload: Path) -> None:
    found = asked(caseload, "2010", follow=True)
    assert rows(found.flips) == by_name(FLIPS), "as without"
    assert [row[:4] for row in rows(found.consequences)] == by_name(CONSEQUENCES)
    assert all(r.because[0].rule == "candidacy.lifecycle" for r in found.consequences)
    again = {(r.case, r.type_name.split(".")[1]): r.rerun for r in found.flips}
    assert again["61st-day-late", COMPLETED] == "refused", "accepted on the case as it was; run again, its plan is not approved"
    assert again["late", COMPLETED] == "accepted"
    assert asked(caseload, "2010").consequences == ()


def replayed(commands: Iterable[Any], programs: Registry) -> dict[str, list[str]]:
    """By case, the words of an engine under whose programs the announcement is pinned to the later edition."""
    words: dict[str, list[str]] = {}
    for answer in play(engine(programs), commands):
        words.setdefault(answer.record.case, []).append(answer.record.word)
    return words


def run_again(on: Engine, edition: Edition) -> dict[str, list[str]]:
    """By case, the words of the case run again; but for cases in which something cannot be told, and so stands as it did."""
    found = {}
    for records in on.ledger.by_case():
        answered = Asked(follow=True).of(records, on.read, lambda _: edition).rerun
        if records[0].edition["program"] == edition.program and all(a.kind != "cannot be told" for a in answered):
            found[records[0].case] = [a.word for a in answered]
    return found


def test_runs_a_case_again_as_an_engine_does_that_is_given_the_commands_under_the_later_edition(
    memory: Engine, registry: Registry
) -> None:
    """Another way to the same words: lives of a small program and of an agency, submitted anew."""
    lives = {name: life for name, life in LIVES.items() if life.desk}
    pinned = attrs.evolve(PROGRAM, announcements={"spring": "2010"})
    anew = replayed((c for name, life in lives.items() for c in life.told(name)), Registry.of(pinned))
    assert run_again(lived(lives), EDITION_2010) == anew
    first = replayed((c for name, life in lives.items() for c in life.told(name)), Registry.of(PROGRAM))
    assert first != anew, "the teeth: it is not what was answered before"
    play(memory, registry.caseloads["hhs"]())
    hhs = registry.programs["hhs"]
    later = Registry({**registry.programs, "hhs": attrs.evolve(hhs, announcements={"january-2004": "2009"})})
    submitted = replayed(registry.caseloads["hhs"](), later)
    edition = hhs.edition("2009")
    assert edition is not None
    again = run_again(memory, edition)
    assert len(again) >= 12
    assert again == {case: submitted[case] for case in again}


def gadget(*, hours: int = 10) -> g.World:
    """A case whose request for certification, version 8, flips under 20 hours."""
    world = g.World.begin().ready(hours)
    world.enter("2005-10-03", "c", g.CertificationRequested())
    return world


def test_runs_on_through_corrections_and_voidings_with_the_versions_that_there_were() -> None:
    """By hand: the request is refused, so its voiding has nothing to void, and the next request is refused as before."""
    world = gadget()
    world.enter("2005-10-04", "b", DecisionVoided(Count(8), Id("r")))  # 9
    world.enter("2005-05-10", "c", g.Trained(Count(9)), at="2005-10-05")  # 10
    world.enter("2005-10-06", "c", g.CertificationRequested())  # 11: 19 hours
    world.enter("2005-05-10", "c", g.Trained(Count(10)), at="2005-10-07", how=How(corrects=10))  # 12: 20 hours, 11 is unsettled
    world.enter("2005-10-08", "b", DecisionVoided(Count(11), Id("r")))  # 13
    world.enter("2005-10-09", "c", g.CertificationRequested())  # 14: 20 hours
    found = what_if(world.engine, "gadgets/2006", follow=True)
    assert [(r.version, r.would_be) for r in found.flips] == [(8, "refused"), (11, "refused")]
    assert [(r.version, r.would_be, r.because[0].rule) for r in found.consequences] == [
        (9, "refused", "candidacy.voiding"), (13, "refused", "candidacy.voiding")
    ]  # fmt: skip


def test_an_act_that_would_have_been_accepted_is_entered() -> None:
    """Refused with 15 hours under 20, accepted under ten: what is asked for again is asked for too late."""
    world = g.World.begin(
        g.edition("2005", parameters=(g.MORE_HOURS,), in_force=g.LATER), g.edition("2006", parameters=(g.HOURS,), takes=())
    )
    world.developing()
    world.enter("2005-05-02", "c", g.Trained(Count(15)))
    world.enter("2005-05-03", "c", g.DetailBegun(Id("d1")))
    world.enter("2005-06-02", "c", g.DetailOver(Id("d1")))
    world.enter("2005-10-03", "c", g.CertificationRequested(), expect=False)  # 8
    world.enter("2005-10-04", "c", g.Trained(Count(5)))
    world.enter("2005-10-05", "c", g.CertificationRequested())  # 10
    found = what_if(world.engine, "2006", follow=True)
    assert [(r.version, r.was, r.would_be) for r in found.flips] == [(8, "refused", "accepted")]
    assert [(r.version, r.was, r.would_be, r.because[0].rule) for r in found.consequences] == [
        (10, "accepted", "refused", "candidacy.lifecycle")
    ]


def test_what_two_people_enter_follows_the_request() -> None:
    """A removal asked for and confirmed is the same under both; where a request is refused, what confirms it is a consequence."""
    world = gadget()
    world.enter("2005-10-10", "o", g.Removed(), how=How(request=True))  # 9
    world.enter("2005-10-11", "b", g.Removed(), how=How(confirms=9))  # 10
    found = what_if(world.engine, "2006", follow=True)
    assert [r.version for r in found.flips] == [8]
    assert (found.consequences, found.untold) == ((), ()), "a removal has its place in either stage"
    alone = what_if(world.engine, attrs.evolve(g.SECOND, two_people={g.OverrideGranted: g.OFFICE}), follow=True)
    assert [(r.version, r.why.partition(":")[0]) for r in alone.untold] == [(9, "request"), (10, "confirms")]


def test_a_case_that_would_not_have_begun_has_only_consequences() -> None:
    by = {**ENTERED_BY, CandidateSelected: ("candidate",)}
    found = what_if(lived({"c": Life()}), attrs.evolve(EDITION_2004, entered_by=by), follow=True)
    assert [(r.version, r.would_be) for r in found.flips] == [(1, "refused")]
    assert [r.version for r in found.consequences] == [2, 3, 4, 8], "acts, not facts"


def test_a_case_taken_over_is_judged_from_the_day_on_which_it_was() -> None:
    """What is attested of the time before is judged by neither edition; the end of the program is."""
    changed = {"entered_by": {**ENTERED_BY, CaseTakenOver: ("office",)}, "lifecycle": COMPLETING.taking_over(CaseTakenOver)}
    first, second = attrs.evolve(EDITION_2004, **changed), attrs.evolve(EDITION_2010, **changed)
    who = (RoleNamed(Id("c.c"), RoleName("candidate")), RoleNamed(Id("c.o"), RoleName("office")))
    story = Story("c").on("2005-03-01", "o", CaseTakenOver(Id("sprockets"), Id("spring"), who, StateName("developing")))
    story.on("2004-01-05", "o", PlanSubmitted(Id("p"))).on("2004-05-05", "o", PlanApproved(Id("p")))
    story.on("2005-06-01", "c", Trained(Count(15))).on("2005-10-03", "o", ProgramCompleted())
    made = engine(Registry.of(attrs.evolve(PROGRAM, editions=(first, second))))
    assert all(answer.accepted for answer in play(made, story))
    found = what_if(made, "2010", follow=True)
    assert rows(found.flips) == [("c", COMPLETED, *REFUSED, (HOURS, DAYS, SIX, DESK))]
    assert (found.untold, found.consequences, found.reasons) == ((), (), ())


def test_what_cannot_be_told_stands_as_it_did() -> None:
    """With no desk on record the end cannot be told; run again it stands, and so does what came after."""
    found = what_if(lived({"c": Life(desk=False)}), "2010", follow=True)
    assert ([r.version for r in found.untold], found.consequences, found.flips) == ([7], (), ())


# --- which cases, which edition


def test_leaves_aside_cases_of_other_programs_and_what_is_under_the_edition_already() -> None:
    world = g.World.begin()
    world.ready()
    world.enter("2005-06-10", "o", EditionMoved(Id("2006"), Id("r")))
    world.enter("2005-06-11", "c", g.Trained(Count(5)))
    found = what_if(world.engine, "2006")
    both = Registry.of(PROGRAM, *g.registry().programs.values())
    lived({"s": Life()}, world.engine.ledger, both)
    mixed = what_if(engine(both, world.engine.ledger), "gadgets/2006")
    assert mixed.counted == {**found.counted, "cases of other programs": 1}
    assert (found.counted["moves to another edition"], found.counted["records already under it"]) == (1, 1)
    assert (found.counted["acts"], found.counted["facts"]) == (4, 3)
    with pytest.raises(
        InputError,
        match=r"rules: found an edition without its program, and cases of 2 programs: gadgets, sprockets; needed gadgets/2006",
    ):
        what_if(engine(both, world.engine.ledger), "2006")


def test_keeps_a_case_in_its_stage_though_a_move_would_send_it_back() -> None:
    """Moved to that edition, a case would have its plan approved again; as it was, it was being developed."""
    again = g.edition("2006", again=True, parameters=(g.HOURS,))
    assert again.takes[0].stages["developing"] == "planning"
    world = g.World.begin(g.FIRST, again).ready()
    world.enter("2005-10-03", "c", g.CertificationRequested())
    assert what_if(world.engine, "2006").answer == "the same"


@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        ("2011", "rules: found the edition .*; needed one of sprockets/2004, sprockets/2010; for a draft"),
        ("widgets/2010", "rules: found the edition widgets/2010"),
        (7, "rules: found an int; needed a str or an Edition or a Path"),
    ],
)
def test_refuses_what_is_no_edition(caseload: Path, rules: Any, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        asked(caseload, rules)


# --- (e) drafts


def drafted(folder: Path, change: str = "", to: str = "", *, more: str = "", name: str = "my_sprockets") -> Path:
    """A draft made of the program, in a folder of its own, with something changed or added."""
    assert change in SOURCE
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(SOURCE.replace(change, to) + more if change else SOURCE + more)
    return folder / name


TWELVE = ('"hours of training", 10, "hours"', '"hours of training", 12, "hours"')


def test_judges_by_a_draft_of_the_same_edition(caseload: Path, tmp_path: Path) -> None:
    """By hand: with twelve hours for ten, those who ended with ten and eleven flip, and nobody else."""
    found = asked(caseload, drafted(tmp_path, *TWELVE), as_of=date(2005, 8, 1))
    assert rows(found.flips) == [(case, COMPLETED, *REFUSED, (HOURS,)) for case in ("10-hours", "everything", "nothing-done")]
    assert found.editions == ("sprockets/2004",)
    assert (found.counted["cases"], found.days, found.days_told > 20) == (len(LIVES), (), True)


def test_a_draft_answers_as_the_installed_edition_does(caseload: Path, tmp_path: Path) -> None:
    day = date(2005, 8, 1)
    here = asked(caseload, "2010", as_of=day, follow=True).as_data()
    there = asked(caseload, drafted(tmp_path), edition="2010", as_of=day, follow=True).as_data()
    assert {**there, "rules": ""} == {**here, "rules": ""}
    with pytest.raises(InputError, match=r"found the edition .*, which the draft does not offer: it has 2004, 2010"):
        asked(caseload, drafted(tmp_path / "b"), edition="2011")


def test_a_draft_without_the_cases_edition_judges_by_its_newest(caseload: Path, tmp_path: Path) -> None:
    draft = drafted(tmp_path, "editions=(EDITION_2004, EDITION_2010),", "editions=(EDITION_2010,),") / "__init__.py"
    takes = '    takes=(Takes("2004", {s: s for s in ("selected", "enrolled", "planning", "developing")}),),\n'
    draft.write_text(draft.read_text().replace('"spring": "2004", ', "").replace(takes, ""))
    found = asked(caseload, tmp_path, as_of=date(2005, 8, 1))
    assert rows(found.flips) == by_name(FLIPS)
    assert found.days == asked(caseload, "2010", as_of=date(2005, 8, 1)).days


def test_loads_a_draft_of_one_module_and_leaves_its_folder_as_it_was(few: Path, tmp_path: Path) -> None:
    """As tests/outside_agency has it, beside a pyproject.toml; nothing is compiled there."""
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "my_draft.py").write_text(SOURCE)
    assert asked(few, tmp_path / "draft").answer == "the same"
    assert [p.name for p in (tmp_path / "draft").rglob("*")] == ["my_draft.py"]


def test_refuses_a_draft_whose_rules_come_from_the_installed_plugin(demo_file: Path, tmp_path: Path) -> None:
    """A copy of a plugin under another name imports the original's rules: nothing that is changed in it would be judged by."""
    original = ROOT / "plugins" / "commerce" / "candidacy_commerce"
    for name, refused in (("my_draft", True), ("candidacy_commerce", False)):
        shutil.copytree(original, tmp_path / name)
        done = cli("whatif", str(demo_file), "--rules", str(tmp_path / name), "--no-days")
        assert (done.returncode == 2) is refused, done.stderr
        said = "rules of its own that come from candidacy_commerce, which is not in the folder"
        assert (said in done.stderr) is refused
        shutil.rmtree(tmp_path / name)


LOADS_NOT = {
    "syntax": ("def (", r"a draft that does not load: loading it raised SyntaxError at __init__.py:\d+"),
    "name": ("\nnobody_knows_this\n", r"a draft that does not load: loading it raised NameError at __init__.py:\d+"),
    "import": ("\nimport no_such_package\n", r"loading it raised ModuleNotFoundError \(no_such_package\) at __init__.py:\d+"),
    "no hook": ("\ndel candidacy_programs\n", "found no hook candidacy_programs"),
    "no program": ("\n@hookimpl\ndef candidacy_programs():\n    return []\n", "a draft that offers no program"),
    "twice": ("\n@hookimpl\ndef candidacy_programs():\n    return [PROGRAM, PROGRAM]\n", "a draft that offers a program twice"),
    "stops": ("\nraise KeyboardInterrupt\n", "a draft that does not load: loading it raised KeyboardInterrupt at __init__.py"),
    "exits": ("\nimport sys\nsys.exit(3)\n", "loading it raised SystemExit at __init__.py"),
    "dies": ("\nimport os\nos._exit(3)\n", r"a draft whose process ended \(exit code 3\) while it loaded"),
    "contradicts": ("\nimport attrs\nattrs.evolve(EDITION_2004, roles=())\n", "a draft that does not load: edition sprockets/2004"),
}


@pytest.mark.parametrize("name", LOADS_NOT)
def test_says_in_one_sentence_why_a_draft_does_not_load(few: Path, tmp_path: Path, name: str) -> None:
    more, wrong = LOADS_NOT[name]
    with pytest.raises(InputError, match=wrong) as raised:
        asked(few, drafted(tmp_path, more=more))
    (problem,) = raised.value.problems
    assert (problem.path, "\n" in str(problem)) == ("rules", False)


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        ((), r"a folder with 0 Python packages \(none\)"),
        (("a", "b"), r"a folder with 2 Python packages \(a, b\)"),
        (("json",), "a draft called json, which is the name of another package"),
        (("candidacy",), "a draft called candidacy, which is the name of another package"),
        (("my-draft",), "a package in a folder called my-draft"),
    ],
)
def test_refuses_a_folder_that_holds_no_package_or_several(few: Path, tmp_path: Path, names: tuple[str, ...], wrong: str) -> None:
    for name in names:
        drafted(tmp_path, name=name)
    with pytest.raises(InputError, match=wrong):
        asked(few, tmp_path)
    with pytest.raises(InputError, match="rules: found no folder at"):
        asked(few, tmp_path / "nowhere")


IN_A_RULE = '    hours = case.all(Trained).total(lambda t: t.hours, "hours")\n'


def in_a_rule(folder: Path, what: str) -> Path:
    return drafted(folder, IN_A_RULE, f"    {what}\n{IN_A_RULE}")


def test_says_so_where_a_rule_ends_the_process(caseload: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a draft whose process ended \(exit code 4\) over the case 1-august"):
        asked(caseload, in_a_rule(tmp_path / "a", "import os; os._exit(4)"))
    with pytest.raises(InputError, match=r"a draft whose process ended \(signal 11\) over the case 1-august"):
        asked(caseload, in_a_rule(tmp_path / "b", "import os; os.kill(os.getpid(), 11)"))


def test_ends_a_draft_that_takes_too_long_over_a_case(caseload: Path, tmp_path: Path) -> None:
    with Draft(in_a_rule(tmp_path, "while True: pass"), "", 60) as draft, SqliteLedger(caseload, read_only=True) as ledger:
        draft._seconds = 1
        with pytest.raises(InputError, match="a draft that took more than 1 seconds over the case 1-august"):
            draft.case(Asked(), ledger.of_case("1-august"), days=False)
    assert draft._process.process.returncode is not None, "it is not left behind"


def test_ends_a_draft_that_never_loads(caseload: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a draft that took more than 1 seconds to load"):
        asked(caseload, drafted(tmp_path, more="\nwhile True: pass\n"), seconds=1)


def test_a_rule_that_raises_in_a_draft_is_not_told(few: Path, tmp_path: Path) -> None:
    """As anywhere: even the wish to exit. To be interrupted is no answer."""
    found = asked(few, in_a_rule(tmp_path / "a", "raise SystemExit"))
    assert found.flips == ()
    assert {r.because[0].told for r in found.untold} == {"the rule failed (SystemExit)"}
    with pytest.raises(
        InputError, match=r"a draft that does not answer: judging the case 61st-day by it raised KeyboardInterrupt at __init__.py"
    ):
        asked(few, in_a_rule(tmp_path / "b", "raise KeyboardInterrupt"))


def test_an_event_that_a_draft_has_changed_is_not_told(caseload: Path, tmp_path: Path) -> None:
    """What was recorded does not fit it: the fact cannot be judged, nor what its rules would have seen in it."""
    draft = drafted(tmp_path, "    hours: Count\n", "    hours: Count\n    course: Id\n")
    found = asked(caseload, draft)
    (fact,) = [r for r in found.untold if r.case == "all-well" and r.type_name == "sprockets.trained.1"]
    assert fact.why.startswith("payload.course: found nothing; needed")
    assert [r.because[0].told for r in found.untold if r.case == "all-well" and r.because] == ["the rule failed (AttributeError)"]


# --- (f) the command line


def whatif(ledger: Path, rules: object, *more: str) -> Any:
    return cli("whatif", str(ledger), "--rules", str(rules), *more)


@pytest.mark.parametrize(
    ("lives", "code"),
    [
        (["all-well", "9-hours", "late-19-hours", "40-hours"], 0),
        (["all-well", "29-days", "no-desk"], 1),
        (["all-well", "no-desk"], 3),
        ([], 0),
    ],
)
@pytest.mark.usefixtures("installed")
def test_exits_0_where_nothing_flips_1_where_an_act_does_3_where_it_cannot_be_told(
    tmp_path: Path, lives: list[str], code: int
) -> None:
    file = tmp_path / "c.ledger"
    with SqliteLedger.create(file, ZONE) as ledger:
        lived({name: LIVES[name] for name in lives}, ledger)
    for form in ((), ("--json",), ("--format", "markdown")):
        assert whatif(file, "2010", "--no-days", *form).returncode == code


TOLD = """\
under sprockets/2010
  judged: 4 cases, 20 acts and 11 facts, each on the case as it was
  would be decided otherwise: 2 acts, in 2 cases: 1 refused, 1 accepted
  cannot be told: 1 record
  consequences, if each case is run again: 1 act
  the same word for other reasons: no act
  would have shown otherwise: no fact
  earliest day, as of 15 August 2005: moves in 4 of 4 cases under way

Decided otherwise by
     1  The plan is approved within sixty days of being handed in.
        [Sprockets manual, line 4 (S-4)] sprockets.approved_within_sixty_days
     1  The program ends in the year in which it begins.
        [Sprockets manual, line 2 (S-2)] sprockets.within_the_year

Decided otherwise
  case 61st-day, record 4: plan approved on 10 May 2005 was accepted, would be refused
    ✗ unmet (was not asked): The plan is approved within sixty days of being handed in.
        took 61; needs sixty days at most
        [Sprockets manual, line 4 (S-4)] sprockets.approved_within_sixty_days
  case late, record 16: program completed on 1 January 2006 was refused, would be accepted
    - not asked (was unmet): The program ends in the year in which it begins.
        day 2006-01-01; needs not after 2005-12-31 (the end of the year)
        [Sprockets manual, line 2 (S-2)] sprockets.within_the_year

Cannot be told
  case no-desk, record 23: program completed on 3 October 2005 was accepted, cannot be told
    ? undetermined (was not asked): The candidate has a desk.
        needs a desk; from office
        [Sprockets manual, line 6 (S-6)] sprockets.has_a_desk

Consequences: otherwise only because of what came before in the same case
  case 61st-day, record 8: program completed on 3 October 2005 was accepted, would be refused
    ✗ unmet (was met): The act has its place in the lifecycle.
        state planning; needs a move for this act; from office
        possible in: developing
        candidacy.lifecycle

Earliest days that move
  case 61st-day, developing, until completed: 15 August 2005, would be 2 September 2005
      would take longest: The program lasts six months. [Sprockets manual, line 5 (S-5)] sprockets.six_months_in_the_program
"""


@pytest.mark.usefixtures("installed")
def test_says_it_in_words(few: Path) -> None:
    done = whatif(few, "2010", "--follow", "--as-of", "2005-08-15")
    assert done.stdout.startswith(TOLD)
    assert done.stdout.splitlines()[len(TOLD.splitlines()) :][0] == (
        "  case all-well, developing, until completed: 15 August 2005, would be 2 September 2005"
    )
    assert done.stdout == whatif(few, "2010", "--follow", "--as-of", "2005-08-15").stdout


@pytest.mark.usefixtures("installed")
def test_gives_a_table_fit_for_a_pull_request(few: Path) -> None:
    lines = whatif(few, "2010", "--no-days", "--format", "markdown").stdout.splitlines()
    assert lines[0] == "### What if: sprockets/2010"
    assert lines[2] == "* judged: 4 cases, 20 acts and 11 facts, each on the case as it was"
    at = lines.index("#### Decided otherwise")
    assert lines[at + 2 : at + 6] == [
        "| case | record | act | was | would be | by |",
        "| --- | --- | --- | --- | --- | --- |",
        "| 61st-day | 4 | plan approved on 10 May 2005 | accepted | refused | sprockets.approved\\_within\\_sixty\\_days: unmet (was not asked); took 61; needs sixty days at most |",
        "| late | 16 | program completed on 1 January 2006 | refused | accepted | sprockets.within\\_the\\_year: not asked (was unmet); day 2006-01-01; needs not after 2005-12-31 (the end of the year) |",
    ]
    assert "#### Cannot be told" in lines
    assert (
        "| 1 | The program ends in the year in which it begins. | Sprockets manual, line 2 (S-2) | `sprockets.within_the_year` |"
        in lines
    )


def test_escapes_what_is_a_sign_of_markdown(few: Path, tmp_path: Path) -> None:
    """A requirement with a bar and a tag in it is still one cell."""
    draft = drafted(tmp_path / "d", '"""The plan is approved', '"""A | bar, `code`, <b>and</b> *more*: the plan is approved')
    done = whatif(few, draft, "--edition", "2010", "--no-days", "--format", "markdown")
    (row,) = [line for line in done.stdout.splitlines() if "approved_within_sixty_days`" in line]
    assert "A \\| bar, \\`code\\`, \\<b\\>and\\</b\\> \\*more\\*: the plan" in row
    assert row.replace("\\|", "").count("|") == 5


@pytest.mark.usefixtures("installed")
def test_gives_all_of_it_as_json(caseload: Path) -> None:
    data = json.loads(whatif(caseload, "2010", "--no-days", "--json").stdout)
    assert data["answer"] == "otherwise"
    assert [(f["case"], f["type"].split(".")[1], f["was"], f["would_be"]) for f in data["flips"]] == [f[:4] for f in by_name(FLIPS)]
    assert [f["case"] for f in data["reasons"]] == [f[0] for f in by_name(REASONS)]
    assert data["shows"][0]["because"][0]["now"] == "unmet"
    assert data["requirements"][0] == {
        "rule": f"sprockets.{HOURS}", "requirement": "Enough hours of training.", "citation": "Sprockets manual, line 1 (S-1)", "flips": 8,
    }  # fmt: skip


def test_says_first_that_code_is_executed_and_touches_nothing(caseload: Path, tmp_path: Path, capfd: Any, monkeypatch: Any) -> None:
    """A draft that prints, reads, looks round and writes as it loads and as it judges: the answer is the answer alone."""
    monkeypatch.setenv("CANDIDACY_TEST_SECRET", "s3cret")
    nosy = (
        "\nimport os, sys\nprint('printed while loading')\nos.write(1, b'written while loading')\n"
        "assert 'CANDIDACY_TEST_SECRET' not in os.environ\nassert sys.stdin.read() == ''\n"
        "assert not any(name.endswith('.ledger') for name in [*os.listdir('.'), *sys.argv])\n"
        "open('left-behind', 'w').write('x')\n"
    )
    draft = in_a_rule(tmp_path / "a", "print('printed by a rule'); open('left-behind', 'a').write('x')")
    (draft / "__init__.py").write_text((draft / "__init__.py").read_text() + nosy)
    monkeypatch.chdir(tmp_path)
    before, beside = sha256(caseload.read_bytes()).hexdigest(), sorted(caseload.parent.iterdir())
    done = whatif(caseload, draft, "--no-days", "--json", "--edition", "2010")
    assert done.stderr.splitlines() == [f"candidacy: this executes the code in {draft}, in a process of its own"]
    assert len(json.loads(done.stdout)["flips"]) == len(FLIPS)
    assert sha256(caseload.read_bytes()).hexdigest() == before
    assert sorted(caseload.parent.iterdir()) == beside
    assert not list(tmp_path.rglob("left-behind"))
    out, err = capfd.readouterr()
    assert "printed" not in out
    assert "printed while loading" in err
    assert "printed by a rule" in err


@pytest.mark.usefixtures("installed")
def test_executes_no_folder_that_is_not_written_as_one(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that happens to be called like an edition, or could be, is none: `./` says that it is meant."""
    monkeypatch.chdir(tmp_path)
    drafted(tmp_path, more="\nraise RuntimeError\n", name="draft")
    drafted(tmp_path / "sprockets", more="\nraise RuntimeError\n", name="2010")
    assert whatif(few, "sprockets/2010", "--no-days").returncode == 1
    done = whatif(few, "draft")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "candidacy: rules: found the edition draft; needed one of sprockets/2004, sprockets/2010; "
        "for a draft, its folder, written ./my_draft or in full\n"
    )
    meant = whatif(few, "./draft")
    assert (meant.returncode, meant.stdout) == (2, "")
    assert meant.stderr.splitlines()[0] == "candidacy: this executes the code in ./draft, in a process of its own"
    assert "loading it raised RuntimeError at __init__.py" in meant.stderr.splitlines()[1]
    assert "Traceback" not in meant.stderr


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (["2010", "--edition", "2004"], "--edition: found an edition of a draft beside an installed one"),
        (["2010", "--json", "--format", "markdown"], "--json: found --format markdown; needed one of the two"),
        (["2010", "--no-days", "--as-of", "2005-08-01"], "--as-of: found a day beside --no-days"),
        (["2010", "--as-of", "yesterday"], "--as-of: found"),
        (["", "--no-days"], "--rules: found"),
    ],
)
@pytest.mark.usefixtures("installed")
def test_refuses_what_does_not_fit_together(few: Path, more: list[str], wrong: str) -> None:
    done = whatif(few, *more)
    assert done.returncode == 2
    assert wrong in done.stderr


def test_tells_the_demonstration_under_the_later_edition(demo_file: Path) -> None:
    """With the agencies that are installed: who graduated after half a year would not have."""
    done = cli("whatif", str(demo_file), "--rules", "hhs/2009", "--no-days", "--json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["counted"]["cases"], data["counted"]["cases of other programs"]) == (1, 16, 30)
    assert {f["type"] for f in data["flips"]} == {"candidacy.candidate_graduated.1"}
    assert {t["rule"].partition(".")[0] for f in data["flips"] for t in f["because"]} == {"opm"}
    assert [(u["case"], u["because"][0]["who"]) for u in data["untold"]] == [("hhs-003", ["program coordinator"])]
