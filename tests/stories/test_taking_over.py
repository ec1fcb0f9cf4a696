"""People taken over in mid-program: what is attested counts, was never judged, and is listed for ever."""

from datetime import date
from typing import Any

import pytest

from candidacy import (
    CandidateCertified,
    CandidateEnrolled,
    CandidateSelected,
    CaseTakenOver,
    CertificationRequested,
    Id,
    InputError,
    JudgementGiven,
    PlanApproved,
    PlanSubmitted,
    ProgramCompleted,
    SesMembershipRecorded,
    StateName,
    Withdrawn,
    audit,
)
from candidacy_commerce import events as c
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_dol import events as d
from candidacy_dol.caseload import CLOSE, Participant
from candidacy_hhs import events as h
from candidacy_hhs.authority import COMPETENCE, GOALS, OBJECTIVES, REMOVAL
from candidacy_hhs.caseload import CAST, Candidate
from support import engine, outcomes, play, refused_by

NOT_CHECKED = "before-the-case-was-taken-over"


def taken(program: str, announcement: str, stage: str, roles: Any) -> CaseTakenOver:
    return CaseTakenOver(Id(program), Id(announcement), roles, StateName(stage))


def hhs(stage: str = "developing", day: str = "2004-10-01") -> Candidate:
    """Taken over on 2004-10-01 with a plan, a mentor and one assignment behind; the coordinator attests all of it."""
    life = Candidate("t")
    life.on(day, "coordinator", taken("hhs", "january-2004", stage, life.cast(**CAST)))
    life.on("2004-05-03", "coordinator", h.PositionRecorded(True, Id("cdc"), Id("deputy-director")))
    life.on("2004-06-01", "coordinator", CandidateEnrolled(), SesMembershipRecorded(life.person("mentor"), True))
    life.on("2004-06-10", "coordinator", h.MentorSelected(Id("m1"), life.person("mentor")))
    return life.on("2004-07-02", "coordinator", PlanApproved(Id("edp-1"))).assigned("a1", "2004-08-02", 60)


def test_counts_what_is_attested_and_goes_on_from_there_at_hhs() -> None:
    life = hhs().assigned("a2", "2004-10-04", 60).trained("t", "2004-11-10", 80).packaged().requested()
    answers = play(engine(), life)
    assert all(a.accepted for a in answers)
    mentor = next(a for a in answers if a.record.type_name == "hhs.mentor_selected.1")
    unasked = dict.fromkeys(("mentor_is_in_the_ses", "mentor_is_compatible"), "not applicable")
    assert outcomes(mentor) == dict.fromkeys(("attested", "role", "strand", "apart"), "met") | unasked
    assert mentor.record.moved["from"] == mentor.record.moved["to"] == "developing"
    assert mentor.record.moved["strands"] == [{"strand": "pairing", "id": "m1", "is": "open"}]


def test_still_refuses_what_is_short_of_the_rules_after_all_that_is_attested() -> None:
    life = hhs().assigned("a2", "2004-10-04", 59).trained("t", "2004-11-10", 80).packaged().requested()
    assert refused_by(play(engine(), life)[-1]) == ["two_short_assignments_or_one_long"]


def test_lists_the_requirements_in_front_of_every_act_that_lies_behind() -> None:
    life = Candidate("t")
    stage = taken("hhs", "january-2004", "certifying/board review", life.cast(**CAST))
    (answer,) = play(engine(), life.on("2004-12-20", "manager", stage))
    behind = {f.rule for f in answer.findings if f.data.get("observed", {}).get("because") == NOT_CHECKED}
    assert answer.accepted
    assert {"hhs.eighty_hours_of_interagency_training", "hhs.program_manager_finds_the_criteria_met"} <= behind
    assert "hhs.board_recommends_removal" not in behind
    assert "hhs.mentor_is_in_the_ses" not in behind, "choosing a mentor leads to no stage"


def test_shows_in_every_audit_who_attested_what_and_what_was_never_checked() -> None:
    on = engine()
    play(on, hhs().assigned("a2", "2004-10-04", 60))
    found = audit(on.ledger, on.registry)
    (case,) = found.taken_over
    assert found.answer == "identical"
    assert (case.first.case, str(case.first.day)) == ("t", "2004-10-01")
    assert {(r.type_name.split(".")[1], r.data["actor"]["person"]) for r in case.attested} == {
        ("position_recorded", "t.coordinator"), ("candidate_enrolled", "t.coordinator"), ("plan_approved", "t.coordinator"),
        ("ses_membership_recorded", "t.coordinator"), ("mentor_selected", "t.coordinator"), ("assignment_started", "t.candidate"),
        ("assignment_ended", "t.candidate"), ("document_filed", "t.host"),
    }  # fmt: skip
    edition = on.registry.programs["hhs"].editions[0]
    of_the_plan = {rule.id for rule in edition.rules_for(PlanApproved)}
    of_facts = {"hhs.mentor_stays_in_the_ses", "hhs.running_assignments_stay_elsewhere"}
    assert set(case.not_checked) == {"hhs.mentor_is_in_the_ses", "hhs.mentor_is_compatible", *of_facts, *of_the_plan}
    assert {"hhs.contents_are_on_record", "hhs.eighty_hours_are_planned"} <= of_the_plan


@pytest.mark.parametrize(
    ("day", "part", "event", "wrong"),
    [
        ("2004-09-30", "candidate", Withdrawn(), "does not lie behind the stage"),
        ("2004-09-30", "candidate", PlanApproved(Id("p")), "role"),  # the candidate may not attest it
        ("2004-10-01", "coordinator", PlanApproved(Id("p")), "lifecycle"),  # from that day on acts are judged
        (
            "2004-09-30",
            "coordinator",
            CaseTakenOver(Id("hhs"), Id("january-2004"), (), StateName("developing")),
            "does not lie behind the stage",
        ),
        ("2004-09-30", "secretary", h.MentorReleased(Id("m1")), "a role that may enter this fact"),
    ],
)
def test_lets_nobody_attest_what_they_may_not_or_what_would_move_the_case(day: str, part: str, event: Any, wrong: str) -> None:
    on = engine()
    play(on, hhs())
    (command,) = Candidate("t").on(day, part, event)
    try:
        answer = on.submit({**command, "id": "last"})
    except InputError as error:
        assert wrong in str(error)  # noqa: PT017 (either of the two)
    else:
        assert wrong in refused_by(answer)


def test_counts_a_day_attested_on_both_sides_of_the_boundary() -> None:
    """The day before the taking over is attested, the day itself is judged."""
    on = engine()
    for day, rule in (("2004-09-30", "not applicable"), ("2004-10-01", "undetermined")):
        life = Candidate(f"t{day}")
        life.on("2004-10-01", "coordinator", taken("hhs", "january-2004", "developing", life.cast(**CAST)))
        life.on(day, "candidate", h.MentorSelected(Id("m1"), life.person("mentor")))
        if rule == "not applicable":
            life = Candidate(f"t{day}")
            life.on("2004-10-01", "coordinator", taken("hhs", "january-2004", "developing", life.cast(**CAST)))
            life.on(day, "coordinator", h.MentorSelected(Id("m1"), life.person("mentor")))
        assert outcomes(play(on, life)[-1])["mentor_is_in_the_ses"] == rule


def test_begins_no_case_in_a_stage_that_ends_it_or_that_the_program_does_not_have() -> None:
    life = Candidate("t")
    for stage, wrong in (("appointed", "lifecycle"), ("removed", "lifecycle"), ("not begun", ""), ("dreaming", "")):
        event = taken("hhs", "january-2004", stage, life.cast(**CAST))
        (command,) = Candidate("t").on("2004-10-01", "coordinator", event)
        if wrong:
            assert refused_by(engine().submit(command)) == [wrong]
            continue
        with pytest.raises(InputError, match="a state the program does not have"):
            engine().submit(command)


def test_takes_over_a_commerce_candidate_whose_chain_of_command_then_is_not_known() -> None:
    """Whether the mentor was above the candidate before that day cannot be checked; from that day on it is."""
    life = CommerceCandidate("t")
    cast = life.cast(candidate="candidate", mentor="mentor", office="program office")
    life.on("2005-03-01", "office", taken("commerce", "september-2004", "developing", cast))
    life.on("2004-10-04", "office", CandidateEnrolled(), c.MentorPaired(Id("m1"), life.person("mentor")))
    life.on("2004-10-26", "office", c.MentorTrained(life.person("mentor")))
    life.on("2004-12-01", "office", c.PositionRecorded(Id("chief")))
    life.on("2005-01-10", "office", c.AssignmentStarted(Id("a1"), Id("acting-director"), ("Leading Change",)))
    life.on("2005-05-09", "office", c.AssignmentEnded(Id("a1")))
    life.on("2006-10-05", "office", ProgramCompleted())
    last = play(engine(), life)[-1]
    assert last.accepted
    assert outcomes(last)["mentor_stays_outside_the_chain_of_command"] == "not applicable"
    later = life.on("2005-06-01", "office", c.ChainRecorded((life.person("mentor"),))).on(
        "2006-10-06", "office", ProgramCompleted()
    )
    on, told = engine(), list(later)
    answers = play(on, [*told[:-3], *told[-2:]])
    assert refused_by(answers[-1]) == ["mentor_stays_outside_the_chain_of_command"]


def test_takes_over_a_dol_participant_whose_first_sessions_and_answers_are_not_known() -> None:
    life = Participant("t")
    cast = life.cast(participant="participant", supervisor="supervisor", partnership="Partnership", office="program office")
    life.on("2014-03-03", "office", taken("dol", "cohort-2013", "participating", cast))
    life.on("2013-10-16", "office", d.ParticipantEnrolled(Id("dol"), Id("cohort-2013"), ()))
    life.on("2014-02-05", "office", d.MidPointScheduled(date(2014, 2, 5)))
    life.on("2014-02-05", "office", d.MentorPaired(Id("m1"), life.person("mentor")))
    life.on("2014-03-03", "office", d.SupervisorRecorded(life.person("supervisor")))
    life.on(CLOSE, "participant", d.SessionAttended(Id("team-presentations-and-close"), "in person"))
    life.rated("post", CLOSE).completed()
    last = play(engine(), life)[-1]
    assert last.accepted, refused_by(last)
    (sessions,) = [f for f in last.findings if f.rule == "dol.every_session_is_attended"]
    assert [p["outcome"] for p in sessions.data["parts"]] == ["not applicable", "not applicable", "met"]


def test_attests_an_earlier_beginning_without_beginning_anew() -> None:
    on = engine()
    life = Candidate("t")
    life.on("2004-10-01", "coordinator", taken("hhs", "january-2004", "selected", life.cast(**CAST)))
    life.on("2004-05-03", "coordinator", CandidateSelected(Id("hhs"), Id("january-2004"), ()))
    life.on("2004-10-04", "coordinator", CandidateEnrolled()).on("2004-10-05", "candidate", PlanSubmitted(Id("p")))
    assert all(a.accepted for a in play(on, life))
    case, _ = on.case("t")
    assert (case.began, case.taken_over) == (date(2004, 10, 1), date(2004, 10, 1))
    assert refused_by(play(on, [{**next(iter(Candidate("t").requested("2004-10-06"))), "id": "r"}])[0])[:1] == ["lifecycle"]


@pytest.mark.parametrize(
    ("event", "part", "fine"),
    [
        (PlanApproved(Id("p")), "coordinator", True),
        (h.MentorSelected(Id("m2"), Id("t.mentor")), "coordinator", True),  # moves nothing in any stage
        (CertificationRequested(), "coordinator", False),  # lies ahead
        (CandidateCertified(), "coordinator", False),
        (CandidateSelected(Id("hhs"), Id("january-2004"), ()), "coordinator", True),
        (CandidateSelected(Id("commerce"), Id("september-2004"), ()), "coordinator", False),
    ],
)
def test_attests_only_acts_that_lie_behind_the_stage(event: Any, part: str, fine: bool) -> None:
    on = engine()
    play(on, hhs())
    (command,) = Candidate("t").on("2004-09-01", part, event)
    if fine:
        assert on.submit({**command, "id": "last"}).accepted
        return
    with pytest.raises(InputError, match=r"for an act that (does not lie behind|begins a case of another program)"):
        on.submit({**command, "id": "last"})


def test_lets_nobody_attest_a_judgement_for_those_who_were_to_give_it() -> None:
    on = engine()
    play(on, hhs())
    for part, refused in (("coordinator", ["role"]), ("board", [])):
        (command,) = Candidate("t").on("2004-09-01", part, JudgementGiven(Id(REMOVAL.id), answer=True))
        assert refused_by(on.submit({**command, "id": part})) == refused


def test_counts_no_judgement_dated_before_the_request_it_is_about() -> None:
    life = hhs().assigned("a2", "2004-10-04", 60).trained("t", "2004-11-10", 80).packaged().requested()
    life.on("2004-09-01", "manager", *(JudgementGiven(Id(q.id), answer=True) for q in (COMPETENCE, GOALS, OBJECTIVES)))
    assert refused_by(play(engine(), life.on("2005-01-03", "manager", h.RequestReviewed()))[-1]) == [
        "program_manager_finds_the_criteria_met"
    ]


def test_lists_in_the_audit_what_later_acts_left_unchecked_in_whole_or_in_part() -> None:
    life = Participant("t")
    cast = life.cast(participant="participant", supervisor="supervisor", partnership="Partnership", office="program office")
    life.on("2014-06-01", "office", taken("dol", "cohort-2013", "participating", cast))
    life.on("2014-02-05", "office", d.MidPointScheduled(date(2014, 2, 5)), d.MentorPaired(Id("m1"), life.person("mentor")))
    life.on("2014-06-01", "office", d.SupervisorRecorded(life.person("supervisor")))
    life.on(CLOSE, "participant", d.SessionAttended(Id("team-presentations-and-close"), "in person"))
    on = engine()
    assert play(on, life.rated("post", CLOSE).completed())[-1].accepted
    (case,) = audit(on.ledger, on.registry).taken_over
    assert {"dol.both_raters_answer_before_and_after", "dol.every_session_is_attended"} <= set(case.not_checked)


def test_hides_no_missed_session_by_moving_it_to_before_the_day() -> None:
    life = Participant("t")
    cast = life.cast(participant="participant", supervisor="supervisor", partnership="Partnership", office="program office")
    life.on("2014-06-01", "office", taken("dol", "cohort-2013", "participating", cast))
    life.on("2014-02-05", "office", d.MidPointScheduled(date(2014, 2, 5)), d.MentorPaired(Id("m1"), life.person("mentor")))
    life.on("2014-06-01", "office", d.SupervisorRecorded(life.person("supervisor")))
    life.on("2014-06-02", "office", d.SessionScheduled(Id("team-presentations-and-close"), date(2014, 3, 1), together=True))
    assert "every_session_is_attended" in refused_by(play(engine(), life.rated("post", CLOSE).completed())[-1])
