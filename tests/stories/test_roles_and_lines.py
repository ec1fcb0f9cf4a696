"""Roles and reporting lines as dated facts: who decides and is a party, boards, delegation, and what a reassignment breaks."""

from typing import Any

import pytest

from candidacy import (
    Answer,
    CandidateEnrolled,
    Id,
    InputError,
    JudgementGiven,
    PlanApproved,
    PlanSubmitted,
    Removed,
    RoleEnded,
    RoleGiven,
    RoleName,
    SesMembershipRecorded,
)
from candidacy_dol import events as dol
from candidacy_dol.caseload import Participant
from candidacy_hhs import events as e
from candidacy_hhs.authority import REMOVAL
from candidacy_hhs.caseload import Candidate
from support import engine, outcomes, play


def last(life: Any) -> Answer:
    return play(engine(), life)[-1]


def role(person: str, name: str, **more: Any) -> RoleGiven:
    return RoleGiven(Id(person), RoleName(name), **more)


# --- a decider who is a party


@pytest.mark.parametrize(
    ("also", "seen"), [("mentor", "unmet"), ("supervisor of record", "unmet"), ("assignment supervisor", "unmet"), (None, "met")]
)
def test_a_board_that_approves_the_plan_of_one_whom_its_member_mentors_or_supervises_shows(also: str | None, seen: str) -> None:
    """The approval stands, since no text forbids it; that mentor and board are one person shows with it."""
    life = Candidate("c").selected().enrolled()
    if also:
        life.on("2004-06-15", "coordinator", role("c.board", also))
    answer = last(life.planned())
    assert answer.accepted
    assert outcomes(answer)["apart"] == seen


def test_the_part_counts_on_the_day_of_the_decision_alone() -> None:
    life = Candidate("c").selected().enrolled().on("2004-06-15", "coordinator", role("c.board", "mentor"))
    life.on("2004-07-01", "coordinator", RoleEnded(Id("c.board"), RoleName("mentor")))
    assert outcomes(last(life.planned()))["apart"] == "met"


@pytest.mark.parametrize(("also", "seen"), [("supervisor", "unmet"), ("coach", "met")])
def test_a_partnership_that_pairs_whom_it_supervises_shows(also: str, seen: str) -> None:
    life = Participant("d").enrolled().on("2014-01-06", "office", role("d.partnership", also))
    found = [a for a in play(engine(), life.paired()) if a.record.type_name == dol.MentorPaired.type_name]
    assert outcomes(found[-1])["apart"] == seen


def test_a_member_of_the_board_whom_the_candidate_chose_as_mentor_needs_no_other_word_to_be_seen() -> None:
    """The event that names the mentor is enough, while the pairing is open."""
    life = Candidate("c").selected().on("2004-06-01", "coordinator", CandidateEnrolled()).mentored("2004-06-10", "m1", "board")
    assert outcomes(last(life.planned()))["apart"] == "unmet"
    life = Candidate("c").selected().on("2004-06-01", "coordinator", CandidateEnrolled()).mentored("2004-06-10", "m1", "board")
    life.on("2004-06-30", "candidate", e.MentorReleased(Id("m1")))
    assert outcomes(last(life.planned()))["apart"] == "met"


def test_a_partnership_that_pairs_itself_and_a_delegate_of_the_mentor_show() -> None:
    own = dol.MentorPaired(Id("m1"), Id("d.partnership"))
    assert outcomes(last(Participant("d").enrolled().on("2014-01-06", "partnership", own)))["apart"] == "unmet"
    life = Candidate("c").selected().enrolled().on("2004-06-15", "coordinator", role("c.board", "mentor"))
    life.on("2004-06-15", "coordinator", role("c.delegate", "ERB", capacity="delegated", in_place_of=Id("c.board")))
    life.planned()
    approval = list(life)[-1]
    answer = play(engine(), [*list(life)[:-1], {**approval, "actor": {"person": "c.delegate"}}])[-1]
    assert (outcomes(answer)["apart"], outcomes(answer)["authority"]) == ("unmet", "met")


# --- board membership, acting and delegated authority


def reviewed() -> Candidate:
    """A plan is before the board."""
    life = Candidate("c").selected().enrolled().on("2004-06-21", "candidate", PlanSubmitted(Id("p")))
    return life.on("2004-06-25", "coordinator", e.PlanReviewed(Id("p")))


def test_a_member_of_the_board_decides_from_the_day_of_joining_it() -> None:
    life = reviewed().on("2004-07-02", "coordinator", role("c.member", "ERB"))
    assert last(life.on("2004-07-02", "member", PlanApproved(Id("p")))).accepted
    with pytest.raises(InputError, match="no role in the case on 2004-07-01"):
        last(reviewed().on("2004-07-02", "coordinator", role("c.member", "ERB")).on("2004-07-01", "member", PlanApproved(Id("p"))))


def test_a_member_who_leaves_the_board_decides_until_the_day_before() -> None:
    def leaves(day: str) -> Candidate:
        life = reviewed().on(day, "coordinator", RoleEnded(Id("c.board"), RoleName("ERB")))
        return life.on("2004-07-02", "board", PlanApproved(Id("p")))

    assert last(leaves("2004-07-03")).accepted
    with pytest.raises(InputError, match="no role in the case on 2004-07-02"):
        last(leaves("2004-07-02"))


def removed(*given: tuple[str, RoleGiven | RoleEnded], by: str = "delegate") -> Answer:
    life = Candidate("c").selected().enrolled().planned().on("2005-03-14", "board", JudgementGiven(Id(REMOVAL.id), answer=True))
    for day, event in given:
        life.on(day, "manager", event)
    return last(life.on("2005-03-21", by, Removed()))


def test_who_acts_by_delegation_of_the_secretary_shows_in_whose_place() -> None:
    answer = removed(("2005-03-18", role("c.delegate", "Secretary", capacity="delegated", in_place_of=Id("c.secretary"))))
    assert answer.accepted
    (shown,) = [f for f in answer.findings if f.rule == "candidacy.authority"]
    assert str(shown.outcome) == "met"
    assert shown.data["observed"] == {"role": "Secretary", "capacity": "delegated", "in_place_of": "c.secretary"}
    in_person = removed(by="secretary")
    assert "authority" not in outcomes(in_person), "nothing to say of who decides in their own right"


def test_a_delegation_is_asked_on_the_day_of_the_decision() -> None:
    """Nobody else would notice: the Secretary left on 20 March, and on the 21st the delegate still decides in that name."""
    given = ("2005-03-18", role("c.delegate", "Secretary", capacity="delegated", in_place_of=Id("c.secretary")))
    for day, seen in (("2005-03-20", "unmet"), ("2005-03-21", "unmet"), ("2005-03-22", "met")):
        assert outcomes(removed(given, (day, RoleEnded(Id("c.secretary"), RoleName("Secretary")))))["authority"] == seen


def test_who_is_acting_needs_nobody_to_hold_the_role() -> None:
    gone = ("2005-03-18", RoleEnded(Id("c.secretary"), RoleName("Secretary")))
    assert outcomes(removed(gone, ("2005-03-18", role("c.delegate", "Secretary", capacity="acting"))))["authority"] == "met"


# --- what a reassignment breaks (C14)


@pytest.mark.parametrize(("division", "seen"), [("nih", "unmet"), ("fda", "met")])
def test_c14_a_reassignment_into_the_division_of_the_assignment_shows_and_takes_no_day_away(division: str, seen: str) -> None:
    """C14, C12: the division of the first day decides what counts; that the assignment is no longer elsewhere shows at once."""
    life = (
        Candidate("c").selected().enrolled().planned().trained("leading-change", "2004-07-20", 80).assigned("a1", "2004-08-02", 120)
    )
    moved = e.PositionRecorded(True, Id(division), Id("deputy-director"))
    life.on("2004-08-16", "coordinator", moved)
    assert outcomes(last(life))["running_assignments_stay_elsewhere"] == seen
    assert last(life.packaged("2004-12-01").requested("2004-12-01")).accepted


@pytest.mark.parametrize(
    ("day", "seen"), [("2004-08-01", "not applicable"), ("2004-08-02", "not applicable"), ("2004-08-03", "unmet")]
)
def test_c14_only_an_assignment_under_way_can_lie_in_the_new_division(day: str, seen: str) -> None:
    """Of the first day the new division is the own one: the rule on days then counts none of it."""
    life = Candidate("c").selected().enrolled().planned().assigned("a1", "2004-08-02", None)
    life.on(day, "coordinator", e.PositionRecorded(True, Id("nih"), Id("deputy-director")))
    assert outcomes(last(life))["running_assignments_stay_elsewhere"] == seen


@pytest.mark.parametrize(
    ("person", "member", "seen"), [("mentor", False, "unmet"), ("mentor", True, "met"), ("x", False, "not applicable")]
)
def test_c14_a_mentor_who_leaves_the_ses_shows_on_that_day(person: str, member: bool, seen: str) -> None:
    life = Candidate("c").selected().enrolled().on("2004-09-01", "coordinator", SesMembershipRecorded(Id(f"c.{person}"), member))
    assert outcomes(last(life))["mentor_stays_in_the_ses"] == seen
