"""Moving a case to another edition, and the three clocks: by which rules, on which day, as known when."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

import gadgets as g
from candidacy import (
    CandidateEnrolled,
    CandidateSelected,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    DefinitionError,
    Discontinued,
    EditionMoved,
    FactVoided,
    How,
    Id,
    InputError,
    PlanApproved,
    PlanSubmitted,
    Suspended,
    Takes,
    audit,
    path,
)
from candidacy._again import judged_again
from gadgets import DetailBegun, Trained, World, rules_of

MEMO = Id("memo-1")
AGAIN = g.edition("2006", again=True)


def move(to: str = "2006") -> EditionMoved:
    return EditionMoved(Id(to), MEMO)


# --- moving


def test_a_case_is_moved_and_judged_by_the_other_edition_from_then_on() -> None:
    world = World.begin().ready()
    moved = world.enter("2006-01-10", "o", move())
    assert moved.record.edition_id == "gadgets/2006"
    assert moved.record.moved == {"from": "developing", "to": "developing", "strands": []}
    case, edition = world.engine.case("g1")
    assert (case.edition, edition.id, case.state, case.parameters["hours of training"]) == (
        "gadgets/2006",
        "gadgets/2006",
        "developing",
        20,
    )
    refused = world.enter("2006-01-11", "c", CertificationRequested(), expect=False)
    assert rules_of(refused, "unmet") == ["gadgets.enough_hours"]
    world.enter("2006-01-12", "c", Trained(Count(10)))
    world.enter("2006-01-13", "c", CertificationRequested())
    assert audit(world.engine.ledger, world.engine.registry).answer == "identical"
    assert world.engine.status("g1").edition == "2006"


def test_a_fresh_engine_knows_the_same() -> None:
    from candidacy import Engine

    world = World.begin().ready()
    world.enter("2006-01-10", "o", move())
    fresh = Engine(world.engine.ledger, world.engine.registry).case("g1")
    assert (fresh[0].edition, fresh[0].state, fresh[1].id) == ("gadgets/2006", "developing", "gadgets/2006")


def test_a_stage_without_a_place_stays_and_says_why() -> None:
    world = World.begin()  # selected: the edition of 2006 has no place for it
    answer = world.enter("2006-01-10", "o", move(), expect=False)
    (finding,) = [f for f in answer.findings if f.rule == "candidacy.moving"]
    assert [p["required"]["that"] for p in finding.data["parts"] if p["outcome"] == "unmet"] == ["a-place-for-the-stage"]
    assert "has a place for its stage" in "\n".join(world.engine.explain(answer))
    assert world.engine.case("g1")[1].id == "gadgets/2005"


def test_the_map_of_stages_says_where_it_goes_on() -> None:
    back = g.edition("2006", takes=(Takes("2005", {"developing": "planning"}),))
    world = World.begin(g.FIRST, back).developing()
    world.enter("2006-01-10", "o", move())
    assert (world.stands.state, world.stands.since) == ("planning", (date(2006, 1, 10), 5))
    world.enter("2006-01-09", "b", PlanApproved(Id("p1")), at="2006-01-11", expect=False)  # before the move
    world.enter("2006-01-11", "b", PlanApproved(Id("p1")))


def test_approvals_stay_but_for_those_that_have_to_be_given_again() -> None:
    for edition, left in ((g.SECOND, 1), (AGAIN, 0)):
        world = World.begin(g.FIRST, edition).ready()
        world.enter("2006-01-10", "o", move())
        assert len(world.stands.all(PlanApproved)) == left
        assert len(world.stands.all(PlanSubmitted)) == 1  # facts and other acts stay
        assert world.engine.ledger.of_case("g1")[-1].gone == (() if left else (4,))


def test_what_is_set_aside_was_valid_before_the_move_and_unsettles_nothing() -> None:
    world = World.begin(g.FIRST, AGAIN).ready()
    world.enter("2006-01-10", "o", move())
    assert world.stands.unsettled == ()
    before, edition = world.engine.case("g1", as_of=date(2006, 1, 9))
    assert (edition.id, before.edition, len(before.all(PlanApproved))) == ("gadgets/2005", "gadgets/2005", 1)


def test_what_is_open_keeps_its_id_and_its_first_day() -> None:
    world = World.begin().developing()
    world.enter("2005-12-20", "c", DetailBegun(Id("d1")))
    world.enter("2006-01-10", "o", move())
    (detail,) = g.DETAILS.of(world.stands)
    assert (detail.id, detail.first, world.engine.status("g1").open_strands) == ("d1", date(2005, 12, 20), (("detail", "d1"),))


def test_what_is_open_needs_a_place_too() -> None:
    lacking = {k: v for k, v in g.ENTERED_BY.items() if k.type_name not in {"gadgets.detail_begun.1", "gadgets.detail_over.1"}}
    bare = g.edition("2006", strands=(g.SUSPENSIONS,), entered_by=lacking, rules=g.RULES[:3], waivers=())
    world = World.begin(g.FIRST, bare).developing()
    world.enter("2005-12-20", "c", DetailBegun(Id("d1")))
    answer = world.enter("2006-01-10", "o", move(), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.moving"]
    world.enter("2006-01-12", "c", g.DetailOver(Id("d1")))
    world.enter("2006-01-13", "o", move())


def test_no_way_back_where_the_other_edition_takes_none() -> None:
    world = World.begin().ready()
    world.enter("2006-01-10", "o", move())
    answer = world.enter("2006-01-11", "o", move("2005"), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.moving"]


@pytest.mark.parametrize("to", ["2005", "1999", "gadgets/2006"])
def test_another_edition_has_to_be_named(to: str) -> None:
    world = World.begin().ready()
    with pytest.raises(InputError) as wrong:
        world.enter("2006-01-10", "o", move(to))
    assert [p.path for p in wrong.value.problems] == ["payload.to"]


@pytest.mark.parametrize(("day", "accepted"), [("2005-12-31", False), ("2006-01-01", True)])
def test_a_case_is_moved_to_no_edition_that_is_not_in_force(day: str, accepted: bool) -> None:
    world = World.begin(g.FIRST, g.edition("2006", in_force=date(2006, 1, 1))).ready()
    world.enter(day, "o", move(), expect=accepted)


def test_an_unsettled_case_is_moved_to_no_edition_in_which_nobody_settles() -> None:
    none = {k: v for k, v in g.ENTERED_BY.items() if k not in {DecisionVoided, FactVoided, DecisionAffirmed}}
    for by, accepted in ((none, False), (g.ENTERED_BY, True)):
        world = World.begin(g.FIRST, g.edition("2006", entered_by=by)).ready()
        world.enter("2005-10-03", "c", CertificationRequested())
        world.enter("2005-10-04", "o", FactVoided(Count(5), MEMO))
        world.enter("2006-01-10", "o", move(), expect=accepted)


def test_a_request_to_move_moves_nothing() -> None:
    two = {**g.FIRST.two_people, EditionMoved: ("office",)}
    world = World.begin(g.FIRST, g.edition("2006", two_people=two)).ready()
    world.enter("2006-01-10", "o", move(), how=How(request=True))
    from candidacy import Engine

    for engine in (world.engine, Engine(world.engine.ledger, world.engine.registry)):
        assert engine.case("g1")[1].id == "gadgets/2005"
    world.enter("2006-01-11", "o2", move(), how=How(confirms=8))
    assert world.engine.case("g1")[1].id == "gadgets/2006"
    assert audit(world.engine.ledger, world.engine.registry).answer == "identical"


@pytest.mark.parametrize("who", ["b", "c"])
def test_whom_the_other_edition_names_moves_it(who: str) -> None:
    world = World.begin().ready()
    world.enter("2006-01-10", who, move(), expect=False)


def test_a_move_and_what_lies_before_it_cannot_be_voided() -> None:
    world = World.begin().ready()
    world.enter("2006-01-10", "o", move())
    for version in (8, 4):
        world.enter("2006-01-11", "b", DecisionVoided(Count(version), MEMO), expect=False)


def test_a_closed_case_is_not_moved() -> None:
    world = World.begin().ready()
    world.enter("2005-12-01", "o", Discontinued())
    world.enter("2006-01-10", "o", move(), expect=False)


@pytest.mark.parametrize(
    ("takes", "said"),
    [
        ((Takes("2005", {"developing": "nowhere"}),), "no declared state"),
        ((Takes("2005", {}), Takes("2005", {})), "edition whose cases are taken '2005' is declared twice"),
        ((Takes("2005", {}, again=(EditionMoved,)),), "no move for it"),
        ((Takes("2005", {}, again=(CandidateSelected,)),), "that stays"),
        ((Takes("2005", {}, again=(Suspended,)),), "that stays"),
        ((Takes("2005", g.STAYS, again=(PlanApproved,)),), "in 'developing' never comes to where it can be"),
        (("2005",), "found str among its takes; needed Takes"),
        ((Takes("2005", {}, again=PlanApproved),), "needed a tuple of acts"),  # type: ignore[arg-type]
    ],
)
def test_an_edition_that_takes_what_cannot_be_is_refused(takes: Any, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        g.edition("2006", takes=takes)


@pytest.mark.parametrize(
    ("takes", "said"),
    [(Takes("1999", {}), "which is no other edition"), (Takes("2005", {"nowhere": "developing"}), "which is no state there")],
)
def test_a_program_checks_what_its_editions_take(takes: Takes, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        g.registry(g.FIRST, g.edition("2006", takes=(takes,)))


def test_the_path_after_the_move_is_by_the_other_edition() -> None:
    world = World.begin().ready()
    world.enter("2005-09-10", "o", move())
    case, edition = world.engine.case("g1", as_of=date(2005, 9, 12))
    found = path(case, edition, to="certifying", as_of=date(2005, 9, 12))
    assert [(s.type_name, s.content.get("hours")) for s in found.plan] == [
        ("gadgets.trained.1", 10), (CertificationRequested.type_name, None),
    ]  # fmt: skip


def test_an_audit_sees_a_record_that_was_judged_by_another_edition_than_the_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    from candidacy.cases import Cases

    world = World.begin().ready()
    case = attrs.evolve(world.stands, parameters=g.SECOND.values)
    monkeypatch.setattr(Cases, "_standing", lambda *_: (case, g.SECOND))
    world.enter("2005-09-10", "c", Trained(Count(1)))
    monkeypatch.undo()
    found = audit(world.engine.ledger, world.engine.registry)
    assert [d.judged for d in found.divergent] == [
        {"problems": ["it was judged by gadgets/2006, and the case was under gadgets/2005"]}
    ]


# --- three clocks


def test_each_clock_answers_its_own_question() -> None:
    world = World.begin().developing()
    world.enter("2005-05-02", "c", Trained(Count(4)), at="2005-05-02")
    world.enter("2005-05-03", "c", Trained(Count(8)), at="2005-07-01")  # late
    known = datetime(2005, 6, 1, tzinfo=UTC)

    def hours(**clocks: Any) -> list[int]:
        return [t.hours for _, t in world.engine.case("g1", **clocks)[0].all(Trained)]

    assert hours() == [4, 8]
    assert hours(as_of=date(2005, 5, 2)) == [4]
    assert hours(as_of=date(2005, 5, 3)) == [4, 8]
    assert hours(known=known) == [4]
    assert hours(as_of=date(2005, 5, 3), known=known) == [4]
    assert world.engine.case("g1", rules="2006")[0].parameters["hours of training"] == 20
    assert world.engine.case("g1", rules="gadgets/2006", as_of=date(2005, 5, 2), known=known)[1].id == "gadgets/2006"
    assert world.engine.case("g1")[1].id == "gadgets/2005"


def test_what_is_decided_is_considered_by_all_three() -> None:
    world = World.begin().ready()
    day = date(2005, 9, 2)
    world.enter("2005-10-01", "o", FactVoided(Count(5), MEMO))
    ask = world.engine.consider
    assert not ask("g1", CertificationRequested(), day).accepted
    assert ask("g1", CertificationRequested(), day, known=datetime(2005, 9, 3, tzinfo=UTC)).accepted
    assert not ask("g1", CertificationRequested(), day, known=datetime(2005, 9, 3, tzinfo=UTC), rules="2006").accepted
    with pytest.raises(InputError, match="which is to come"):
        ask("g1", CertificationRequested(), day, known=datetime(2005, 9, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("clocks", "path_"),
    [
        ({"rules": "1999"}, "rules"),
        ({"rules": "widgets/2006"}, "rules"),
        ({"known": datetime(2005, 2, 1, tzinfo=UTC)}, "known"),
        ({"as_of": date(2005, 2, 1)}, "as_of"),
    ],
)
def test_what_cannot_be_asked_is_an_error_that_names_the_clock(clocks: Any, path_: str) -> None:
    world = World.begin()
    with pytest.raises(InputError) as wrong:
        world.engine.case("g1", **clocks)
    assert [p.path for p in wrong.value.problems] == [path_]


def test_an_edition_without_a_place_for_the_stage_cannot_be_asked() -> None:
    from candidacy import (
        COMPLETING,
        CandidateAppointed,
        CandidateCertified,
        CandidateGraduated,
        CertificationDenied,
        ProgramCompleted,
        RequestReturned,
    )

    gone = {
        CandidateAppointed,
        CandidateCertified,
        CandidateGraduated,
        CertificationDenied,
        CertificationRequested,
        RequestReturned,
    }
    by = {k: v for k, v in g.ENTERED_BY.items() if k not in gone} | {ProgramCompleted: ("office",)}
    other = g.edition("2006", lifecycle=COMPLETING, entered_by=by, rules=(), takes=(), waivers=(), questions=())
    world = World.begin(g.FIRST, other).certified()
    with pytest.raises(InputError, match="for which gadgets/2006 has no place"):
        world.engine.case("g1", rules="2006")


def test_history_under_another_edition_says_what_would_have_been_answered() -> None:
    world = World.begin().ready()
    world.enter("2005-10-03", "c", CertificationRequested())
    again = list(judged_again(world.engine, world.engine.records("g1"), g.SECOND))
    assert [a.record.version for a in again if a.otherwise] == [8]
    assert again[-1].decision is not None
    assert not again[-1].decision.accepted
    same = list(judged_again(world.engine, world.engine.records("g1"), g.FIRST))
    assert [a.record.version for a in same if a.otherwise] == []


# --- on the command line


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger in a file with a life of gadgets, and the program as if it were installed."""
    from candidacy import Engine, SqliteLedger
    from candidacy import registry as registry_module

    world = World.begin().ready()
    world.enter("2005-06-10", "c", Trained(Count(1)), at="2005-06-20")
    world.enter("2005-10-03", "c", CertificationRequested())
    world.enter("2005-05-02", "c", Trained(Count(12)), at="2005-10-10", how=How(corrects=5))
    file = tmp_path / "g.ledger"
    now = world.now
    with SqliteLedger.create(str(file), "UTC") as made:
        told = iter([r for r in world.engine.ledger.records() if r.index])
        engine = Engine(made, g.registry(), clock=lambda: now)
        for record in told:
            now = record.recorded_at
            engine.submit(json.loads(json.dumps(_document(record))))
    monkeypatch.setattr(registry_module, "discover", g.registry)
    return file


def _document(record: Any) -> Any:
    from candidacy.codec import command_in

    return command_in(record.data)


def run(*args: str) -> tuple[int, str]:
    from click.testing import CliRunner

    from candidacy.cli.commands import candidacy

    done = CliRunner().invoke(candidacy, list(args), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return int(done.return_value or 0), done.output


def test_status_on_three_clocks(ledger: Path) -> None:
    assert "  stage: certifying, since 2005-10-03" in run("status", str(ledger), "g1")[1]
    assert "  unsettled: version 9; the newest is to be affirmed or voided first" in run("status", str(ledger), "g1")[1]
    assert "  fact corrected of version 5: from 2005-05-02 on, by g1.c (version 10)" in run("status", str(ledger), "g1")[1]
    assert "  stage: developing, since 2005-04-01" in run("status", str(ledger), "g1", "--as-of", "2005-10-02")[1]
    assert "unsettled" not in run("status", str(ledger), "g1", "--known", "2005-10-09")[1]
    said = run("status", str(ledger), "g1", "--known", "2005-10-09", "--rules", "2006")[1]
    assert "  under gadgets/2006: certifying" in said
    assert "  records that would have been decided otherwise there: 9" in said
    data = json.loads(run("status", str(ledger), "g1", "--json", "--rules", "2006")[1])
    assert data["under"] == {"edition": "gadgets/2006", "stage": "certifying", "otherwise": [9]}


def test_history_on_three_clocks(ledger: Path) -> None:
    whole = run("history", str(ledger), "g1")[1]
    assert "   5  2005-05-02  trained: accepted\n      corrected by version 10\n" in whole
    assert "  10  2005-05-02  trained: accepted\n      corrects version 5\n" in whole
    early = run("history", str(ledger), "g1", "--known", "2005-10-09T23:00:00Z")[1]
    assert "corrected by" not in early
    assert "certification requested" not in run("history", str(ledger), "g1", "--as-of", "2005-10-02")[1]
    under = run("history", str(ledger), "g1", "--rules", "2006")[1]
    assert "      under gadgets/2006: refused, otherwise\n        ✗ unmet: Enough hours of training." in under
    assert json.loads(run("history", str(ledger), "g1", "--rules", "2006", "--json")[1])[8]["under"]["decision"] == "refused"


def test_why_and_path_on_three_clocks(ledger: Path) -> None:
    asked = ("why", str(ledger), "g1", "certification_requested", "--day", "2005-09-20", "--known", "2005-09-20")
    assert run(*asked)[0] == 0
    assert run(*asked, "--rules", "2006")[0] == 1
    there = ("path", str(ledger), "g1", "--to", "certifying", "--as-of", "2005-09-20")
    assert "Earliest day: 20 September 2005" in run(*there)[1]
    under = run(*there, "--rules", "gadgets/2006", "--known", "2005-09-20")[1]
    assert "9 hours missing (found 11, needs at least 20)" in under


def test_status_of_many_under_an_edition_that_not_all_have(ledger: Path) -> None:
    code, said = run("status", str(ledger), "--rules", "2006")
    assert (code, "  under gadgets/2006: certifying" in said) == (0, True)
    code, said = run("status", str(ledger), "--rules", "1999")
    assert (code, "  under 1999: it cannot be told: the edition (4 characters)" in said) == (0, True)
    assert run("status", str(ledger), "--rules", "2006", "--reference", "a=b")[0] == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--known", "9999-12-31T23:59:59-12:00"), "--known"),
        (("--known", "0001-01-01T00:00:00+12:00"), "--known"),
        (("--known", "yesterday"), "--known"),
        (("--known", "2005-10-09T12:00:00"), "--known"),
        (("--known", "2004-01-01"), "--known"),
        (("--as-of", "2005-13-01"), "--as-of"),
        (("--as-of", "2004-01-01"), "--as-of"),
        (("--rules", "1999"), "--rules"),
    ],
)
@pytest.mark.parametrize("command", ["status", "history"])
def test_what_cannot_be_asked_is_said(ledger: Path, command: str, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError) as wrong:
        run(command, str(ledger), "g1", *args)
    assert [p.path for p in wrong.value.problems] == [said]


def test_letting_a_plan_go_on_needs_no_new_enrolment() -> None:
    world = World.begin().ready()
    world.enter("2006-01-10", "o", move())
    assert world.stands.day_of(CandidateEnrolled) == date(2005, 3, 2)
