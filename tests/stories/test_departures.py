"""The traps, lived at the agencies: what may not be waived, what turned out wrong, a move to another edition, days that stop."""

from datetime import date

import pytest

from candidacy import (
    CandidateAppointed,
    CandidateGraduated,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    EditionMoved,
    ExtensionGranted,
    FactVoided,
    Id,
    PlanApproved,
    ProgramCompleted,
    Resumed,
    RoleGiven,
    RoleName,
    Suspended,
    WaiverGranted,
    audit,
    path,
    transfer,
)
from candidacy_commerce import events as c
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_hhs import EDITION_2004, EDITION_2009
from candidacy_hhs import events as e
from candidacy_hhs.caseload import Candidate
from support import engine, outcomes, play, refused_by

MEMO = Id("memo-1")


def certified() -> Candidate:
    """Certified on 1 March 2005, on the strength of courses of 80 hours."""
    life = Candidate("k").selected().on("2004-05-03", "coordinator", e.AnnouncementDated(date(2004, 1, 12)))
    life.enrolled().planned().developed().packaged().requested("2004-12-14").graduated().certified("2005-03-01")  # type: ignore[attr-defined]
    return life


# --- what may not be waived


@pytest.mark.parametrize("rule", ["opm.twelve_months_in_the_program", "opm.four_months_of_full_time_service"])
def test_the_floor_cannot_be_waived_by_an_agency(rule: str) -> None:
    from test_floor import registry, two_sixties

    on = engine(registry())
    life = two_sixties().on("2005-01-03", "board", WaiverGranted(Id(rule), MEMO, date(2006, 1, 1)))
    answer = play(on, life)[-1]
    assert not answer.accepted
    assert "waiving" in refused_by(answer)
    assert [i.kind for i in on.status("c").interventions] == []


@pytest.mark.parametrize("rule", ["hhs.six_months_in_the_program", "hhs.eighty_hours_of_interagency_training"])
def test_the_guidelines_let_nobody_waive_anything(rule: str) -> None:
    """No sentence of them speaks of a waiver, so that none is declared: whoever grants one is refused, by name."""
    for part in ("board", "manager", "secretary"):
        life = certified().on("2005-06-01", part, WaiverGranted(Id(rule), MEMO, date(2006, 1, 1)))
        assert set(refused_by(play(engine(), life)[-1])) == {"role", "waiving"}
    assert EDITION_2004.waivers == EDITION_2009.waivers == ()


def test_the_guidelines_let_nobody_extend_the_eighteen_months() -> None:
    life = certified().on("2005-06-01", "board", ExtensionGranted(Id("eighteen-months-from-the-plan"), date(2007, 1, 1), MEMO))
    assert set(refused_by(play(engine(), life)[-1])) == {"role", "extending"}


# --- corrections


def test_no_appointment_after_a_certification_that_a_correction_undermines_until_it_is_affirmed() -> None:
    on, life = engine(), certified()
    play(on, life)
    assert on.case("k")[0].state == "certified"
    course = next(r.version for r in on.ledger.of_case("k") if r.type_name == e.TrainingCompleted.type_name)
    entered = on.ledger.of_case("k")[course - 1].data
    payload, day = {**entered["payload"], "hours": 8}, entered["day"]
    wrong = {
        "id": "k-x1", "case": "k", "type": entered["type"], "day": day, "actor": {"person": "k.coordinator"}, "payload": payload,
        "corrects": course,
    }  # fmt: skip
    on.submit(wrong)
    unsettled = on.case("k")[0].unsettled
    assert [on.ledger.of_case("k")[v - 1].type_name for v in unsettled] == [CertificationRequested.type_name]
    appoint = {
        "case": "k",
        "type": CandidateAppointed.type_name,
        "day": "2005-06-01",
        "actor": {"person": "k.secretary"},
        "payload": {},
    }
    refused = on.submit({"id": "k-x2", **appoint})
    assert refused_by(refused) == ["settled"]
    affirm = {
        "id": "k-x3", "case": "k", "type": DecisionAffirmed.type_name, "day": "2005-06-02", "actor": {"person": "k.board"},
        "payload": {"entry": unsettled[0], "reason": "memo-1"},
    }  # fmt: skip
    affirmed = on.submit(affirm)
    assert affirmed.accepted
    assert outcomes(affirmed)["eighty_hours_of_interagency_training"] == "unmet"
    assert on.submit({"id": "k-x4", **appoint, "day": "2005-06-03"}).accepted
    assert audit(on.ledger, on.registry).answer == "identical"


def test_a_certification_is_taken_back_act_by_act() -> None:
    on, life = engine(), certified()
    play(on, life)
    case = on.case("k")[0]
    while case.state != "developing":
        newest = next(act.version for act in reversed(case.acts) if not act.voids)
        life.on("2005-06-01", "manager", DecisionVoided(Count(newest), MEMO))
        assert play(on, life)[-1].accepted
        case = on.case("k")[0]
    assert case.last(CertificationRequested) is None
    assert case.last(PlanApproved) is not None
    assert audit(on.ledger, on.registry).answer == "identical"


def test_a_mentor_who_was_never_above_though_it_was_recorded_so() -> None:
    """The mentor is recorded as head of the candidate's chain, which refuses the completion; the record was wrong, and is voided."""
    life = CommerceCandidate("m").enrolled().paired("mentor")
    life.on("2005-02-01", "office", c.ChainRecorded((Id("m.chief"), Id("m.mentor"))))
    life.on("2005-03-01", "office", c.ChainRecorded((Id("m.chief"),)))
    on = engine()
    play(on, life.completed())
    assert on.case("m")[0].state != "completed"
    wrong = next(r for r in on.ledger.of_case("m") if r.type_name == c.ChainRecorded.type_name and str(r.day) == "2005-02-01")
    assert wrong.accepted
    before = on.ledger.of_case("m")[-1]
    assert "commerce.mentor_stays_outside_the_chain_of_command" in {f.rule for f in before.findings if f.refuses}
    play(on, life.on("2006-10-02", "office", FactVoided(Count(wrong.version), MEMO), ProgramCompleted()))
    after = on.ledger.of_case("m")[-1]
    assert "commerce.mentor_stays_outside_the_chain_of_command" not in {f.rule for f in after.findings if f.refuses}


# --- a suspension across a last day


@pytest.mark.parametrize(("days", "late"), [(0, True), (30, False)])
def test_a_suspension_across_the_eighteen_months_moves_their_end(days: int, late: bool) -> None:
    """The plan was approved on 1 July 2004; eighteen months are over on 1 January 2006, thirty days later with a suspension."""
    life = Candidate("k").selected().on("2004-05-03", "coordinator", e.AnnouncementDated(date(2004, 1, 12))).enrolled().planned()
    if days:
        life.on("2005-12-15", "manager", Suspended(Id("s1"))).on("2006-01-14", "manager", Resumed(Id("s1")))
    on = engine()
    play(on, life.on("2006-01-20", "candidate", CertificationRequested()))
    (finding,) = [f for f in on.ledger.of_case("k")[-1].findings if f.rule == "hhs.requested_within_eighteen_months_of_the_plan"]
    assert str(finding.outcome) == ("needs judgement" if late else "met")


# --- another edition


def test_two_sixties_pass_and_after_the_move_the_floor_refuses_by_name() -> None:
    """Six months against twelve are in the lives of test_floor: by the day of a move twelve have passed."""
    from test_floor import CONTINUOUS, SERVICE, reviewed, two_sixties

    stays, moves = reviewed(two_sixties()), reviewed(two_sixties())
    assert play(engine(), stays.on("2009-12-11", "board", CandidateGraduated()))[-1].accepted
    on = engine()
    moves.on("2009-12-09", "manager", EditionMoved(Id("2009"), MEMO))  # the day before the regulation is in force
    moves.on("2009-12-10", "manager", EditionMoved(Id("2009"), MEMO))
    answers = play(on, moves.on("2009-12-11", "board", CandidateGraduated()))
    assert [a.accepted for a in answers[-3:]] == [False, True, False]
    assert refused_by(answers[-1]) == [SERVICE, CONTINUOUS]
    assert audit(on.ledger, on.registry).answer == "identical"
    assert on.status("c").edition == "2009"


def test_the_report_before_a_move_says_what_it_would_do() -> None:
    from test_floor import reviewed, two_sixties

    on = engine()
    play(on, reviewed(two_sixties()))
    day = date(2009, 12, 10)
    case, edition = on.case("c", as_of=day)
    found = transfer(case, edition, EDITION_2009, as_of=day)
    assert found.moving is not None
    assert (found.moving.possible, found.moving.stage, found.moving.again) == (True, case.state, ())
    assert found.own.day != found.other.day
    play(on, reviewed(two_sixties()).on("2009-12-10", "manager", EditionMoved(Id("2009"), MEMO)))
    moved, later = on.case("c", as_of=day)
    assert path(moved, later, as_of=day).day == found.other.day


def test_at_commerce_the_board_approves_the_plan_again_that_the_office_had_approved() -> None:
    on = engine()
    life = CommerceCandidate("m").enrolled().paired("mentor").planned()
    play(on, life.on("2009-12-10", "office", EditionMoved(Id("2009"), MEMO), RoleGiven(Id("m.erb"), RoleName("ERB"))))
    case, edition = on.case("m")
    assert (case.state, edition.id, case.all(PlanApproved).last) == ("planning", "commerce/2009", None)
    life.on("2009-12-14", "erb", PlanApproved(Id("edp-1")))
    assert play(on, life)[-1].accepted
    assert on.case("m")[0].state == "developing"


@pytest.mark.parametrize(("first", "seen"), [("2004-07-02", "met"), ("2004-07-01", "unmet")])
def test_an_approval_dated_the_day_of_the_start_is_in_time(first: str, seen: str) -> None:
    """The plan is approved on 2 July 2004: sixty days from that day count, and of sixty from the day before fifty-nine."""
    life = Candidate("k").selected().on("2004-05-03", "coordinator", e.AnnouncementDated(date(2004, 1, 12))).enrolled().planned()
    life.assigned("a1", first, 60).assigned("a2", "2004-10-04", 60).requested("2004-12-14")  # type: ignore[attr-defined]
    assert outcomes(play(engine(), life)[-1])["two_short_assignments_or_one_long"] == seen
