"""Corrections: what was wrong counts on no day, the case does not move, and what rested on it waits for someone named."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

import gadgets as g
from candidacy import (
    CandidateAppointed,
    CandidateCertified,
    CandidateEnrolled,
    Case,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    DefinitionError,
    Discontinued,
    Event,
    FactVoided,
    How,
    Id,
    InputError,
    JudgementGiven,
    PlanApproved,
    RoleGiven,
    RoleName,
    Suspended,
    audit,
    letter,
    path,
)
from candidacy._letter import told
from gadgets import DeskRecorded, DetailBegun, DetailOver, Trained, World, rules_of

MEMO = Id("memo-1")


def affirm(entry: int) -> DecisionAffirmed:
    return DecisionAffirmed(Count(entry), MEMO)


def void(entry: int) -> DecisionVoided:
    return DecisionVoided(Count(entry), MEMO)


def problems(world: World, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as wrong:
        world.enter(*args, **more)
    return [p.path for p in wrong.value.problems]


def undermined() -> World:
    """Certified, and then the training that the request rested on turns out to be 2 hours: version 13 corrects version 5."""
    world = World.begin().certified()
    world.enter("2005-05-02", "c", Trained(Count(2)), at="2005-12-05", how=How(corrects=5))
    return world


# --- facts


def test_a_corrected_fact_counts_on_no_day_and_moves_nothing() -> None:
    world = undermined()
    record = world.engine.ledger.of_case("g1")[-1]
    assert (record.moved, record.data["format"]) == ({"from": "certified", "to": "certified", "strands": [], "gone": [5]}, 2)
    for day in ("2005-05-02", "2005-08-01", "2005-12-04", "2005-12-05"):
        case, _ = world.engine.case("g1", as_of=date.fromisoformat(day))
        assert [t.hours for _, t in case.all(Trained)] == [2], day
    assert world.stands.state == "certified"


def test_what_was_known_before_it_was_found_is_still_told() -> None:
    world = undermined()
    before = world.engine.case("g1", known=datetime(2005, 12, 4, tzinfo=UTC))[0]
    assert ([t.hours for _, t in before.all(Trained)], before.unsettled) == ([10], ())


def test_a_voided_fact_is_gone_and_what_rested_on_it_is_unsettled() -> None:
    world = World.begin().certified()
    world.enter("2005-12-05", "o", FactVoided(Count(5), MEMO))
    assert (len(world.stands.all(Trained)), world.stands.unsettled) == (0, (8,))
    world.enter("2005-12-05", "o", FactVoided(Count(11), MEMO))
    assert world.stands.unsettled == (8, 12)


def test_only_what_rested_on_it_is_unsettled() -> None:
    world = World.begin().certified()
    late = world.enter("2005-05-10", "c", Trained(Count(3)), at="2005-12-05")  # entered late: nothing rests on it
    assert world.stands.unsettled == ()
    world.enter("2005-12-06", "o", FactVoided(Count(late.record.version), MEMO))
    assert world.stands.unsettled == ()


def test_a_second_fact_of_state_says_how_the_first_is_corrected() -> None:
    world = World.begin().certified()
    with pytest.raises(InputError, match="where that one is wrong, this one with corrects: 11"):
        world.enter("2005-11-02", "o", DeskRecorded(Id("g1.c"), Id("desk-2")), at="2005-12-05")
    world.enter("2005-11-02", "o", DeskRecorded(Id("g1.c"), Id("desk-2")), at="2005-12-05", how=How(corrects=11))
    desk = world.stands.last(DeskRecorded)
    assert (desk and desk.desk, world.stands.unsettled) == ("desk-2", (12,))


@pytest.mark.parametrize(
    ("event", "how", "found"),
    [
        (Trained(Count(2)), How(corrects=99), ["corrects"]),
        (Trained(Count(2)), How(corrects=8), ["corrects"]),  # an act
        (Trained(Count(2)), How(corrects=6), ["corrects"]),  # a fact of another type
        (FactVoided(Count(8), MEMO), How(), ["payload.entry"]),
        (FactVoided(Count(0), MEMO), How(), ["payload.entry"]),
        (FactVoided(Count(5), MEMO), How(corrects=5), ["corrects"]),
        (affirm(99), How(), ["payload.entry"]),
        (void(0), How(), ["payload.entry"]),
    ],
)
def test_what_cannot_be_corrected_is_an_error_without_a_record(event: Event, how: How, found: list[str]) -> None:
    world = World.begin().certified()
    who = "b" if isinstance(event, DecisionVoided | DecisionAffirmed) else "o"
    assert problems(world, "2005-12-05", who, event, how=how) == found
    assert world.stands.version == 12


def test_a_fact_is_corrected_once_and_its_correction_again() -> None:
    world = undermined()
    assert problems(world, "2005-05-02", "c", Trained(Count(4)), at="2005-12-06", how=How(corrects=5)) == ["corrects"]
    assert problems(world, "2005-12-06", "o", FactVoided(Count(5), MEMO)) == ["payload.entry"]
    world.enter("2005-05-02", "c", Trained(Count(12)), at="2005-12-06", how=How(corrects=13))
    assert ([t.hours for _, t in world.stands.all(Trained)], world.stands.unsettled) == ([12], (8,))
    assert problems(world, "2005-12-06", "o", FactVoided(Count(14 + 1), MEMO)) == ["payload.entry"]
    world.enter("2005-12-07", "o", FactVoided(Count(14), MEMO))
    assert problems(world, "2005-12-07", "o", FactVoided(Count(15), MEMO)) == ["payload.entry"]  # a voiding is no such fact


def test_who_may_not_enter_the_fact_may_not_correct_or_void_it() -> None:
    world = World.begin().certified()
    assert problems(world, "2005-11-02", "c", DeskRecorded(Id("g1.c"), Id("d")), at="2005-12-05", how=How(corrects=11)) == [
        "actor.person"
    ]
    assert problems(world, "2005-12-05", "c", FactVoided(Count(5), MEMO)) == ["actor.person"]


def test_a_program_in_which_nobody_settles_has_no_corrections() -> None:
    lacking = {k: v for k, v in g.ENTERED_BY.items() if k is not DecisionVoided}
    with pytest.raises(DefinitionError, match="nobody settles what rests on it"):
        g.edition(entered_by=lacking)
    none = {k: v for k, v in lacking.items() if k not in {DecisionAffirmed, FactVoided}}
    world = World.begin(g.edition(entered_by=none)).certified()
    assert problems(world, "2005-05-02", "c", Trained(Count(2)), at="2005-12-05", how=How(corrects=5)) == ["corrects"]
    assert problems(world, "2005-12-05", "o", FactVoided(Count(5), MEMO)) == ["type"]


def test_a_strand_is_open_again_when_its_end_was_wrong_and_gone_when_its_beginning_was() -> None:
    world = World.begin().ready()
    assert world.engine.status("g1").open_strands == ()
    world.enter("2005-06-10", "o", FactVoided(Count(7), MEMO))
    assert world.engine.status("g1").open_strands == (("detail", "d1"),)
    world.enter("2005-06-20", "c", DetailOver(Id("d1")))
    assert world.engine.status("g1").open_strands == ()
    world.enter("2005-06-21", "o", FactVoided(Count(6), MEMO))
    assert world.engine.status("g1").open_strands == ()
    world.enter("2005-05-09", "c", DetailBegun(Id("d1")), at="2005-06-22")  # the id is free again
    assert world.engine.status("g1").open_strands == ()  # its end is known


def test_a_correction_of_the_end_moves_it() -> None:
    world = World.begin().ready()
    world.enter("2005-06-05", "c", DetailOver(Id("d1")), at="2005-06-10", how=How(corrects=7))
    (detail,) = g.DETAILS.of(world.stands)
    assert detail.last == date(2005, 6, 5)


def test_a_role_that_was_never_given_unsettles_what_was_decided_by_it() -> None:
    world = World.begin().developing()
    world.enter("2005-05-01", "o", RoleGiven(Id("g1.new"), RoleName("candidate")))
    world.enter("2005-05-02", "c", Trained(Count(10)))
    world.enter("2005-05-03", "c", DetailBegun(Id("d1")))
    world.enter("2005-06-02", "c", DetailOver(Id("d1")))
    world.enter("2005-10-03", "new", CertificationRequested())
    world.enter("2005-10-04", "o", FactVoided(Count(5), MEMO))
    assert world.stands.unsettled == (9,)


# --- settling


def test_no_appointment_until_an_undermined_certification_is_affirmed() -> None:
    world = undermined()
    refused = world.enter("2005-12-06", "o", CandidateAppointed(), expect=False)
    assert rules_of(refused, "unmet") == ["candidacy.settled"]
    affirmed = world.enter("2005-12-07", "b", affirm(8))
    assert [(f.rule, str(f.outcome), f.binding) for f in affirmed.findings if not f.outcome.good] == [
        ("gadgets.enough_hours", "unmet", False)
    ]  # what is affirmed is judged again, and it shows
    world.enter("2005-12-08", "o", CandidateAppointed())
    assert audit(world.engine.ledger, world.engine.registry).answer == "identical"


def test_what_was_affirmed_is_unsettled_again_by_the_next_correction() -> None:
    world = undermined()
    world.enter("2005-12-07", "b", affirm(8))  # version 14, which rests on the correction 13
    world.enter("2005-05-02", "c", Trained(Count(1)), at="2005-12-08", how=How(corrects=13))
    assert world.stands.unsettled == (14,)
    world.enter("2005-12-09", "b", affirm(14))
    assert world.stands.unsettled == ()
    world.enter("2005-12-10", "o", FactVoided(Count(6), MEMO))  # the detail, on which the request rested too
    assert world.stands.unsettled == (8, 14, 16)


def test_the_newest_is_settled_first() -> None:
    world = undermined()
    world.enter("2005-12-06", "o", FactVoided(Count(11), MEMO))
    assert world.stands.unsettled == (8, 12)
    assert "candidacy.affirming" in rules_of(world.enter("2005-12-07", "b", affirm(8), expect=False), "unmet")
    world.enter("2005-12-07", "b", affirm(12))
    world.enter("2005-12-07", "b", affirm(8))
    assert world.stands.unsettled == ()


@pytest.mark.parametrize("who", ["o", "c"])
def test_only_whom_the_edition_names_settles(who: str) -> None:
    world = undermined()
    world.enter("2005-12-06", who, affirm(8), expect=False)
    world.enter("2005-12-06", who, void(12), expect=False)


def test_what_is_settled_cannot_be_affirmed() -> None:
    world = World.begin().certified()
    world.enter("2005-12-06", "b", affirm(8), expect=False)


def test_voiding_takes_the_moves_back_the_newest_first() -> None:
    world = undermined()
    refused = world.enter("2005-12-06", "b", void(8), expect=False)
    (finding,) = [f for f in refused.findings if f.rule == "candidacy.voiding"]
    assert [p["observed"] for p in finding.data["parts"] if p["outcome"] == "unmet"] == [{"resting": [9, 10]}]
    states = []
    for version in (12, 10, 9, 8):
        world.enter("2005-12-07", "b", void(version))
        states.append(world.stands.state)
    assert states == ["graduated", "certifying", "certifying", "developing"]
    assert (world.stands.unsettled, world.stands.since) == ((), (date(2005, 4, 1), 4))
    world.enter("2005-12-08", "c", Trained(Count(8)))
    world.enter("2005-12-09", "c", CertificationRequested())
    assert audit(world.engine.ledger, world.engine.registry).answer == "identical"


def test_an_exit_can_be_voided() -> None:
    world = World.begin().ready()
    world.enter("2005-07-01", "o", Discontinued())
    world.enter("2005-07-05", "b", void(8))
    assert world.stands.state == "developing"
    world.enter("2005-10-03", "c", CertificationRequested())


def test_a_suspension_can_be_voided_and_a_voiding_cannot() -> None:
    world = World.begin().ready()
    world.enter("2005-07-01", "o", Suspended(Id("s1")))
    world.enter("2005-07-05", "b", void(8))
    assert world.engine.status("g1").open_strands == ()
    world.enter("2005-07-06", "b", void(9), expect=False)
    world.enter("2005-07-06", "b", void(8), expect=False)
    world.enter("2005-10-03", "c", CertificationRequested())


def test_a_voiding_by_nobody_is_unsettled_and_holds_up_no_other_voiding() -> None:
    world = World.begin().certified()
    world.enter("2005-12-05", "o", RoleGiven(Id("g1.n"), RoleName("board")))
    world.enter("2005-12-06", "n", void(12))
    world.enter("2005-12-07", "o", FactVoided(Count(13), MEMO))
    assert (world.stands.state, world.stands.unsettled) == ("graduated", (14,))
    world.enter("2005-12-08", "b", void(14), expect=False)
    world.enter("2005-12-08", "b", affirm(14))
    world.enter("2005-12-09", "b", void(10))
    assert (world.stands.state, world.stands.unsettled) == ("certifying", ())


@pytest.mark.parametrize(("day", "seen"), [("2005-05-02", "met"), ("2005-05-03", "unmet")])
def test_a_correction_of_another_day_shows(day: str, seen: str) -> None:
    world = World.begin().certified()
    answer = world.enter(day, "c", Trained(Count(2)), at="2005-12-05", how=How(corrects=5))
    assert [str(f.outcome) for f in answer.findings if f.rule == "candidacy.correcting"] == [seen]


def test_what_is_said_of_an_affirmed_act_has_no_last_day() -> None:
    world = undermined()
    affirmed = world.enter("2005-12-07", "b", affirm(8))
    assert "within_a_year" in " ".join(f.rule for f in affirmed.findings)
    case, edition = world.engine.case("g1", as_of=date(2006, 5, 1))
    found = path(case, edition, to="appointed", as_of=date(2006, 5, 1))
    assert found.limits == ()


def test_what_began_the_case_cannot_be_voided() -> None:
    world = World.begin()
    answer = world.enter("2005-03-05", "b", void(1), expect=False)
    assert "candidacy.voiding" in rules_of(answer, "unmet")


@pytest.mark.parametrize(
    ("who", "event"),
    [("c", CertificationRequested()), ("b", CandidateCertified()), ("o", CandidateEnrolled()), ("b", PlanApproved(Id("p1")))],
)
def test_nothing_else_passes_while_something_is_unsettled(who: str, event: Event) -> None:
    world = undermined()
    answer = world.enter("2005-12-06", who, event, expect=False)
    assert "candidacy.settled" in rules_of(answer, "unmet")


def test_facts_judgements_and_exits_pass_all_the_same() -> None:
    world = World.begin().ready()
    world.enter("2005-10-03", "c", CertificationRequested())
    world.enter("2005-10-04", "o", FactVoided(Count(5), MEMO))
    world.enter("2005-10-05", "b", JudgementGiven(Id(g.FIT.id), True))
    world.enter("2005-10-05", "c", Trained(Count(1)))
    world.enter("2005-10-06", "o", Discontinued())
    assert (world.stands.state, world.stands.unsettled) == ("discontinued", (8,))


# --- told


def test_the_path_supposes_that_it_stands_and_says_so() -> None:
    world = undermined()
    case, edition = world.engine.case("g1", as_of=date(2005, 12, 6))
    found = path(case, edition, to="appointed", as_of=date(2005, 12, 6))
    assert [(s.type_name, s.content.get("entry"), s.supposing) for s in found.plan] == [
        ("candidacy.decision_affirmed.1", 8, "it stands all the same"), ("candidacy.candidate_appointed.1", None, ""),
    ]  # fmt: skip
    assert [(d.kind, d.version) for d in found.departures] == [("unsettled", 8)]


def test_the_letter_says_what_has_become_of_it() -> None:
    world = undermined()
    index = next(r.index for r in world.engine.ledger.of_case("g1") if r.version == 8)
    found = letter(world.engine, index, as_of=date(2005, 12, 6))
    assert (found.unsettled, found.since) == (True, "")
    text = "\n".join(told(found, {}))
    assert "It rests on something that was found to be wrong since." in text
    assert "one that was refused can be asked for anew." in text
    world.enter("2005-12-07", "b", affirm(8))
    found = letter(world.engine, index, as_of=date(2005, 12, 7))
    assert (found.unsettled, found.since) == (False, "affirmed by version 14")
    assert "  Since then: affirmed by version 14." in told(found, {})


def test_the_status_needs_no_plugin_and_says_the_same() -> None:
    from candidacy import statuses

    world = undermined()
    (found,) = statuses(world.engine.ledger.records())
    assert found == world.engine.status("g1")
    assert (found.unsettled, found.state) == ((8,), "certified")
    assert [(i.kind, i.about) for i in found.interventions] == [("fact corrected", ("5",))]


def test_a_flat_export_says_what_a_record_says_of_others() -> None:
    from candidacy._exports import COLUMNS, flat

    world = undermined()
    world.enter("2005-12-06", "o", FactVoided(Count(11), MEMO))
    told_ = [row[COLUMNS.index("of the record")] for row in flat(world.engine.ledger.records())]
    assert told_ == ["of the record", *[""] * 12, "corrects version 5", "takes out version 11"]


# --- order


FACTS: tuple[tuple[str, str, Event], ...] = (
    ("2005-05-02", "c", Trained(Count(6))),
    ("2005-05-09", "c", Trained(Count(5))),
    ("2005-05-03", "c", DetailBegun(Id("d1"))),
    ("2005-06-02", "c", DetailOver(Id("d1"))),
    ("2005-05-20", "o", DeskRecorded(Id("g1.c"), Id("desk-1"))),
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (3, 0, 4, 2, 1), (1, 4, 0, 3, 2)])
def test_the_same_facts_in_any_order_between_two_acts_give_the_same_findings(order: tuple[int, ...]) -> None:
    world = World.begin().developing()
    for n in order:
        day, who, event = FACTS[n]
        world.enter(day, who, event, at="2005-07-01")
    answer = world.enter("2005-10-03", "c", CertificationRequested())
    plain = [{k: v for k, v in f.as_data().items() if k != "rests_on"} for f in answer.findings]
    first = World.begin().developing()
    for day, who, event in FACTS:
        first.enter(day, who, event, at="2005-07-01")
    other = first.enter("2005-10-03", "c", CertificationRequested())
    assert plain == [{k: v for k, v in f.as_data().items() if k != "rests_on"} for f in other.findings]


# --- teeth


def test_teeth_without_the_memory_of_what_is_wrong_the_appointment_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = undermined()
    monkeypatch.setattr(Case, "unsettled", property(lambda _: ()))
    world.enter("2005-12-06", "o", CandidateAppointed())
