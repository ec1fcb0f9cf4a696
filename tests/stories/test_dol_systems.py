"""DOL: the program, the 180 with its wall, the mentoring, and the teams, as a program officer can read them."""

from typing import Any

import pytest

from candidacy import Count, Id, JudgementGiven, discover
from candidacy_dol import events as e
from candidacy_dol.caseload import CLOSE, Participant
from candidacy_dol.rules import ASSESSMENT, NEW_MENTOR, SMALLEST_GROUP
from support import engine, outcomes, play, refused_by


def whole() -> Participant:
    """A participant from the first day to the answers at the end."""
    return Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE)


def without(kind: str, **content: Any) -> list[Any]:
    """The commands of a whole life but for what is of that kind and content."""
    life = list(whole().completed())
    return [c for c in life if not (c["type"] == f"dol.{kind}.1" and content.items() <= c["payload"].items())]


@pytest.mark.parametrize(
    ("kind", "content", "rule"),
    [
        ("cohort_assigned", {}, "participant_is_in_one_coaching_cohort"),
        ("team_joined", {}, "participant_works_in_a_team_on_a_challenge"),
        ("report_delivered", {}, "report_is_delivered"),
        ("mentoring_reviewed", {"review": "mid-point check-in"}, "mentoring_is_checked_assessed_and_closed"),
        ("mentoring_reviewed", {"review": "final assessment"}, "mentoring_is_checked_assessed_and_closed"),
        ("mentoring_reviewed", {"review": "close-out"}, "mentoring_is_checked_assessed_and_closed"),
    ],
)
def test_s10_is_completed_with_everything_and_refused_without_one_thing(kind: str, content: dict[str, str], rule: str) -> None:
    assert play(engine(), whole().completed())[-1].accepted
    assert refused_by(play(engine(), without(kind, **content))[-1]) == [rule]


def test_s10_hours_are_advice_on_both_sides_of_fifty() -> None:
    """C17: attendance must be, hours should."""
    for hours, seen in ((49, "unmet"), (50, "met")):
        life = whole().on(CLOSE, "participant", e.TimeSpent(Id("h"), "classroom", Count(hours)))
        answer = play(engine(), life.completed())[-1]
        assert answer.accepted
        assert outcomes(answer)["fifty_hours_in_the_classroom"] == seen


def test_s11_the_report_waits_for_the_answers_at_the_end_and_goes_to_nobody_else() -> None:
    early = Participant("d").enrolled().rated("pre", "2013-11-12").reported("2014-07-15")
    assert refused_by(play(engine(), early)[-1]) == ["report_follows_the_answers_at_the_end"]
    life = whole().on(CLOSE, "partnership", e.ReportDelivered(Id("r"), Id("d.participant"), Id("d.mentor")))
    assert refused_by(play(engine(), life)[-1]) == ["report_goes_to_participant_and_supervisor_alone"]


def test_s11_the_department_reads_nothing_and_aggregates_have_no_invented_size() -> None:
    """C16."""
    assert not ASSESSMENT.may_read("program office", "measuring the program")
    assert not ASSESSMENT.may_read("mentor", "development")
    assert not ASSESSMENT.may_read("supervisor", "performance review")
    assert ASSESSMENT.may_read("supervisor", "development")
    assert SMALLEST_GROUP.values == ()


def test_s12_another_mentor_comes_after_reassessment_support_by_three_and_a_judgement() -> None:
    """The mid-point stays a scheduled day (C18)."""
    rule, other = ["new_mentor_follows_reassessment_and_support"], e.MentorPaired(Id("m2"), Id("d.other"))
    life = Participant("d").enrolled().paired().on("2014-04-17", "partnership", e.MatchReassessed(Id("m1"), serves=False))
    helped: tuple[Any, ...] = ("executive coach", "DOL", "Partnership")
    for helper in helped:
        life.on("2014-04-18", "partnership", other)
        life.on("2014-04-18", "partnership", e.SupportGiven(Id("m1"), helper))
    life.on("2014-04-21", "partnership", other)
    life.on("2014-05-01", "partnership", JudgementGiven(Id(NEW_MENTOR.id), answer=True, about=Id("m1")), other)
    answers = [a for a in play(engine(), life) if a.record.type_name == "dol.mentor_paired.1"][1:]
    assert [refused_by(a) for a in answers] == [rule, rule, rule, rule, []]


def test_s12_a_mentor_is_kept_who_accepts_the_guidelines() -> None:
    for accepted, wrong in ((True, []), (False, ["mentor_who_is_kept_accepts_the_guidelines"])):
        life = Participant("d").enrolled().on("2013-11-01", "partnership", e.GuidelinesAccepted(Id("d.own"), accepted))
        life.on("2013-11-02", "partnership", e.MentorPaired(Id("m1"), Id("d.own"), kept=True))
        assert refused_by(play(engine(), life)[-1]) == wrong


def test_s13_teams_are_four_or_more_and_no_cohorts() -> None:
    """C19: a second team may follow, a second cohort may not."""
    for teams, wrong in ((3, ["there_are_four_or_more_teams"]), (4, [])):
        joined = e.TeamJoined(Id("t"), Id("challenge"), Id("d.coach"), Count(teams))
        assert refused_by(play(engine(), Participant("d").enrolled().on(CLOSE, "partnership", joined))[-1]) == wrong
    again = Participant("d").enrolled().on(CLOSE, "partnership", e.CohortAssigned("first", Id("d.coach")))
    assert refused_by(play(engine(), again)[-1]) == ["participant_is_in_one_coaching_cohort"]


def test_accounts_for_all_55_statements_in_order() -> None:
    edition = discover().programs["dol"].editions[0]
    assert [s.id for s in edition.catalogue] == [f"DOL-{n:02}" for n in range(1, 56)]
    assert len(edition.questions) <= 6
