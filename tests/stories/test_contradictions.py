"""Where the documents contradict themselves or are silent: each stance we take, by its name, in a life that shows it.

Both sides of the numbers are in tests/test_boundaries.py; here stands what was decided, one test for each.
"""

from datetime import date
from typing import Any

from candidacy import CandidateGraduated, Count, Discontinued, Id, JudgementGiven, NotModelled, Removed, Withdrawn, discover
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_dol import events as dol
from candidacy_dol.caseload import CLOSE, Participant
from candidacy_dol.rules import ASSESSMENT, SMALLEST_GROUP
from candidacy_hhs import events as hhs
from candidacy_hhs import mentoring, side
from candidacy_hhs import plan as p
from candidacy_hhs import training as t
from candidacy_hhs.authority import LATE_REQUEST, REMOVAL
from candidacy_hhs.candidate import AppointmentRecorded, GradeRecorded
from candidacy_hhs.caseload import Candidate
from stories.test_hhs_plan import A1, EDP, Planner, stay
from support import engine, outcomes, play, refused_by
from test_boundaries import assigned, enrolled_on, pooled, trained

DAYS = "two_short_assignments_or_one_long"


def last(life: Any) -> Any:
    return play(engine(), life)[-1]


def hhs_roles() -> dict[str, tuple[str, ...]]:
    return {role.name: role.aliases for role in discover().programs["hhs"].editions[0].roles}


def test_c1_the_days_decide_and_the_four_months_only_show() -> None:
    answer = last(assigned(("2004-08-02", 120))())
    assert answer.accepted
    assert outcomes(answer)[DAYS] == "met"
    assert outcomes(answer)["four_months_full_time_elsewhere"] == "unmet"


def test_c2_short_assignments_are_not_added_up_at_hhs_and_are_at_commerce() -> None:
    spells = (("2004-07-02", 90), ("2004-10-04", 59))
    assert refused_by(last(assigned(*spells)())) == [DAYS]
    assert last(pooled(("2005-02-01", 61), ("2005-05-02", 59))()).accepted


def test_c3_both_ends_count() -> None:
    """From 1 October 2004 to 28 January 2005 are 120 calendar days."""
    life = assigned(("2004-10-01", 120), request="2005-01-28")
    assert last(life()).accepted
    assert refused_by(last(assigned(("2004-10-01", 120), request="2005-01-27")())) != []


def test_c4_two_clocks_run_and_that_they_differ_shows() -> None:
    """Six months from orientation decide; six months from the plan's approval are shown beside them."""
    answer = last(enrolled_on("2004-07-05", "2005-01-05")())
    assert answer.accepted
    said = outcomes(answer)
    assert (said["six_months_in_the_program"], said["six_months_since_the_plan_was_approved"]) == ("met", "unmet")


def test_c5_after_eighteen_months_the_board_judges_and_nothing_happens_of_itself() -> None:
    life = Candidate("c").selected().enrolled().planned().developed().packaged()
    assert refused_by(last(life.requested("2006-01-10"))) == ["requested_within_eighteen_months_of_the_plan"]
    life.on("2006-01-11", "board", JudgementGiven(Id(LATE_REQUEST.id), answer=True))
    assert last(life.requested("2006-01-12")).accepted


def test_c6_every_session_held_until_the_request_and_orientation_and_two_core_ones_at_least() -> None:
    def seen(core: int, attended: int) -> str:
        life = Candidate("c").selected().enrolled().planned().developed()
        for n in range(core + 1):
            kind: t.Session = "core" if n else "orientation"
            life.on(f"2004-07-2{n}", "coordinator", t.SessionHeld(Id(f"s{n}"), kind, Count(3), "Washington"))
            if n <= attended:
                life.on(f"2004-07-2{n}", "coordinator", t.SessionAttended(Id(f"s{n}"), kind, Count(3)))
        return outcomes(last(life.packaged().requested()))["sessions_are_attended"]

    assert (seen(1, 1), seen(2, 2), seen(3, 2), seen(3, 3)) == ("unmet", "met", "unmet", "met")


def test_c7_the_announcement_is_a_range_of_days_until_the_exact_one_is_entered() -> None:
    window = "training_lies_within_the_credit_window"
    found = {day: outcomes(last(trained((day, 80))()))[window] for day in ("2002-06-30", "2002-07-01", "2002-07-30", "2002-07-31")}
    assert list(found.values()) == ["unmet", "undetermined", "undetermined", "met"]
    assert outcomes(last(trained(("2002-07-12", 80), announced=date(2004, 1, 12))()))[window] == "met"


def test_c7_there_is_no_hole_between_the_announcement_and_the_start() -> None:
    """A course in March 2004, after the announcement and before orientation, counts."""
    assert last(trained(("2004-03-15", 80))()).accepted


def test_c8_a_revision_that_no_list_names_is_for_the_board_and_one_below_a_minimum_for_nobody() -> None:
    other_ecqs = {"assignments": (A1, stay("a2", "2004-10-04", 60, ecqs=("Leading People",)))}
    assert refused_by(last(Planner("c").handed_in().revised("coordinator", **other_ecqs))) == ["minor_revision_is_minor"]
    assert last(Planner("c").handed_in().revised("board", **other_ecqs)).accepted
    shorter = {"assignments": (A1, stay("a2", "2004-10-04", 59))}
    assert refused_by(last(Planner("c").handed_in().revised("board", **shorter))) == ["revision_keeps_the_minimum"]


def test_c8_a_person_raises_the_class_and_nobody_lowers_it() -> None:
    other_days = {"assignments": (A1, stay("a2", "2004-10-05", 60))}
    assert last(Planner("c").handed_in().revised("coordinator", **other_days)).accepted
    life = Planner("c").handed_in().on("2004-07-11", "mentor", p.RevisionRaised(EDP, Count(2)))
    assert refused_by(last(life.revised("coordinator", **other_days))) == ["minor_revision_is_minor"]


def test_c8_time_before_the_approval_does_not_count() -> None:
    assert refused_by(last(assigned(("2004-07-01", 120))())) == [DAYS]
    assert last(assigned(("2004-07-02", 120))()).accepted


def test_c9_one_board_of_two_names_advises_on_removal_and_the_secretary_decides() -> None:
    assert {"Executive Review Board", "Executive Resources Board"} <= set(hhs_roles()["ERB"])
    life = Candidate("c").selected().enrolled().planned().on("2005-03-14", "board", JudgementGiven(Id(REMOVAL.id), answer=True))
    assert last(life.on("2005-03-21", "secretary", Removed())).accepted
    entered_by = discover().programs["hhs"].editions[0].entered_by
    assert (entered_by[Removed], entered_by[CandidateGraduated]) == (("Secretary",), ("ERB",))


def test_c10_four_titles_are_two_roles() -> None:
    roles = hhs_roles()
    assert "SES CDP Coordinator" in roles["program coordinator"]
    assert "SES CDP Manager" in roles["program manager"]


def test_c11_a_confidant_and_a_reporter_have_two_classes_of_notes() -> None:
    assert not any(mentoring.PRIVATE.may_read(role, "counsel") for role in hhs_roles() if role not in {"mentor", "candidate"})
    assert mentoring.NEEDS.may_read("ERB", "development")
    assert mentoring.CONCERNS.may_read("program manager", "concerns with the program")


def test_c12_who_comes_from_outside_has_no_own_division_and_is_assigned_inside_hhs() -> None:
    def life(*, inside: bool) -> Candidate:
        c = Candidate("c").selected("state-health", inside_hhs=False).enrolled().planned().trained("t", "2004-09-01", 80)
        c.on("2004-08-02", "candidate", hhs.AssignmentStarted(Id("a"), inside, Id("nih"), Id("x"), full_time=True))
        c.on("2004-11-29", "candidate", hhs.AssignmentEnded(Id("a")))
        return c

    inside, outside = (life(inside=i).requested() for i in (True, False))
    rule = "outsiders_are_assigned_inside_hhs"
    assert (outcomes(last(inside))[rule], outcomes(last(outside))[rule]) == ("met", "unmet")


def test_c13_a_grade_or_a_documented_equivalent_and_a_schedule_b_appointment_beside_it() -> None:
    for equivalence, seen in ((None, "unmet"), ("a" * 64, "met")):
        life = (
            Candidate("c").selected(inside_hhs=False).on("2004-05-04", "coordinator", AppointmentRecorded("Schedule B appointment"))
        )
        answer = last(life.on("2004-05-04", "coordinator", GradeRecorded("other", equivalence)))
        assert outcomes(answer)["grade_is_fourteen_or_fifteen_or_equivalent"] == seen


def test_c14_a_reassignment_asks_the_chain_of_command_again() -> None:
    from candidacy_commerce.events import ChainRecorded

    life = CommerceCandidate("c").enrolled().paired().planned()
    for chief, seen in (("mentor", "unmet"), ("somebody", "met")):
        told = CommerceCandidate("c").enrolled().paired().planned().on("2005-10-03", "office", ChainRecorded((Id(f"c.{chief}"),)))
        assert outcomes(last(told))["mentor_stays_outside_the_chain_of_command"] == seen
    assert last(life).accepted


def test_c15_an_example_is_no_rule() -> None:
    """DOC-23 tells of 60 and 120 days: 120 in all are enough, and no rule, number or judgement stands for the example."""
    assert last(pooled(("2005-02-01", 60), ("2005-06-01", 60))()).accepted
    (said,) = [s for s in discover().programs["commerce"].editions[0].catalogue if s.id == "DOC-23"]
    assert all(isinstance(by, NotModelled) for by in said.by)


def test_c16_three_see_the_results_and_no_size_of_a_group_is_made_up() -> None:
    assert set(ASSESSMENT.readers) == {"participant", "supervisor", "Partnership"}
    assert SMALLEST_GROUP.values == ()


def test_c17_attendance_is_a_must_and_hours_are_advice() -> None:
    def completed(**told: Any) -> Any:
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended(**told).rated("post", CLOSE)
        return last(life.on(CLOSE, "participant", dol.TimeSpent(Id("h"), "classroom", Count(49))).completed())

    assert completed().accepted
    assert outcomes(completed())["fifty_hours_in_the_classroom"] == "unmet"
    assert refused_by(completed(missing="agency-presentations")) == ["every_session_is_attended"]


def test_c18_the_mid_point_is_a_day_that_is_set_and_computed_from_nothing() -> None:
    """Half of nine months would be 1 March 2014; matching is set before the session of 19 February."""
    rule = "mentor_is_paired_at_the_mid_point"
    for set_on, paired, seen in (("2014-02-05", "2014-02-06", "needs judgement"), ("2014-02-10", "2014-02-06", "met")):
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired(paired)
        life.on("2014-01-06", "partnership", dol.MidPointScheduled(date.fromisoformat(set_on)))
        assert outcomes(last(life.attended().rated("post", CLOSE).completed()))[rule] == seen


def test_c19_a_cohort_and_a_team_are_two_groupings() -> None:
    life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE)
    two = [c["type"] for c in life if c["type"] in {dol.CohortAssigned.type_name, dol.TeamJoined.type_name}]
    assert set(two) == {dol.CohortAssigned.type_name, dol.TeamJoined.type_name}
    one = [c for c in life.completed() if c["type"] != dol.TeamJoined.type_name]
    assert "participant_works_in_a_team_on_a_challenge" in refused_by(last(one))
    assert "participant_is_in_one_coaching_cohort" not in refused_by(last(one))


def test_c28_a_candidate_s_plan_is_no_sitting_executive_s() -> None:
    """No agency's plan is another's kind of document: each program has its own words for it."""
    kinds = {kind.type_name for kind in discover().programs["dol"].editions[0].entered_by}
    assert not any("plan" in kind for kind in kinds)


def test_c29_the_fifth_ecq_has_the_name_of_its_day() -> None:
    from candidacy_hhs.authority import ECQS

    assert ECQS[-1] == "Building Coalitions/Communications"


def test_c30_leaving_is_the_engine_s_where_the_documents_are_silent() -> None:
    for program in ("commerce", "dol", "hhs"):
        entered_by = discover().programs[program].editions[0].entered_by
        assert Withdrawn in entered_by
        assert Discontinued in entered_by


def test_c31_what_has_no_day_has_a_parameter_without_a_value_and_is_never_late() -> None:
    unset = [p for p in discover().programs["hhs"].editions[0].parameters if not p.values]
    names = {p.name for p in unset}
    assert names == {"papers of an activity", "objectives of an assignment", "meetings with the mentor", "middle of the program"}
    life = Candidate("c").selected().enrolled().planned().developed().packaged("2005-11-30").requested("2005-12-30")
    assert last(life).accepted, "papers of 2004 may come in 2005"


def test_c32_both_years_are_recorded() -> None:
    names = {a.name for a in side.FundsSettled.__attrs_attrs__}  # type: ignore[attr-defined]
    assert {"calendar_year", "fiscal_year"} <= names


def test_every_stance_that_touches_these_programs_has_a_test() -> None:
    """C20 to C27 are of events and of sitting executives; C33 waits for editions under the federal floor."""
    named = {int(name.split("_")[1][1:]) for name in globals() if name.startswith("test_c") and name.split("_")[1][1:].isdigit()}
    assert {*range(1, 20), 28, 29, 30, 31, 32} <= named
