"""Both sides of every number, through `submit` and again through the command line, with the citation of the refusal."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from candidacy import CandidateSelected, Count, Id, PlanApproved, PlanSubmitted, SqliteLedger
from candidacy_commerce import events as commerce
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_dol.caseload import Participant
from candidacy_hhs import events as hhs
from candidacy_hhs.caseload import CAST
from candidacy_hhs.caseload import Candidate as HhsCandidate
from support import ZONE, cli, engine, play, refused_by

LINES_34, LINE_38, LINE_122, SIX_MONTHS = (
    "lines 34-36 (HHS-011",
    "lines 38, 118 (HHS-014",
    "line 122 (HHS-052)",
    "lines 42, 169 (HHS-016, HHS-077)",
)
TWO_OR_ONE, HOURS, WINDOW = (
    "two_short_assignments_or_one_long",
    "eighty_hours_of_interagency_training",
    "training_lies_within_the_credit_window",
)
SUM_OF_DAYS, COMMERCE_DAYS = "one_hundred_and_twenty_days_of_assignments", "lines 14, 47 (DOC-11, DOC-20, DOC-21)"


def ready(case: str = "h") -> HhsCandidate:
    """An HHS candidate with everything but assignments, training and request."""
    return HhsCandidate(case).selected().enrolled().planned().packaged("2004-12-10")


def assigned(*spells: tuple[str, int], request: str = "2004-12-31") -> Callable[[], HhsCandidate]:
    def life() -> HhsCandidate:
        candidate = ready().trained("t", "2004-09-01", 80)
        for n, (first, length) in enumerate(spells):
            candidate.assigned(f"a{n}", first, length)
        return candidate.requested(request)

    return life


def trained(*courses: tuple[str, int], announced: date | None = None) -> Callable[[], HhsCandidate]:
    def life() -> HhsCandidate:
        candidate = ready().assigned("a1", "2004-08-02", 120)
        for n, (day, hours) in enumerate(courses):
            candidate.trained(f"t{n}", day, hours)
        if announced:
            candidate.on("2004-12-01", "coordinator", hhs.AnnouncementDated(announced))
        return candidate.requested("2004-12-31")

    return life


def enrolled_on(day: str, request: str, plan: str = "2004-09-01") -> Callable[[], HhsCandidate]:
    """Enrolled on that day; approved at once, an assignment and training long enough."""

    def life() -> HhsCandidate:
        candidate = HhsCandidate("h")
        roles = candidate.cast(**CAST)
        candidate.on("2004-05-03", "coordinator", CandidateSelected(Id("hhs"), Id("january-2004"), roles))
        candidate.on("2004-05-03", "coordinator", hhs.PositionRecorded(True, Id("cdc"), Id("p")))
        from candidacy import CandidateEnrolled

        candidate.on(day, "coordinator", CandidateEnrolled()).mentored(day, "m1")
        candidate.on(day, "candidate", PlanSubmitted(Id("e"))).on(day, "coordinator", hhs.PlanReviewed(Id("e")))
        candidate.on(plan, "board", PlanApproved(Id("e"))).trained("t", "2004-06-01", 80).assigned("a1", plan, 120)
        return candidate.packaged("2004-12-31").requested(request)

    return life


def pooled(
    *spells: tuple[str, int], ecqs: tuple[Any, ...] = ("Leading Change",), position: str = "elsewhere"
) -> Callable[[], CommerceCandidate]:
    def life() -> CommerceCandidate:
        candidate = CommerceCandidate("c").enrolled().paired().planned()
        for n, (first, length) in enumerate(spells):
            candidate.assigned(f"a{n}", first, length, ecqs=ecqs, position=position)
        return candidate.completed()

    return life


def chain(mentor_from: str | None, until: str | None = None) -> Callable[[], CommerceCandidate]:
    """The mentor, paired on 2004-10-04, is in the chain from one day until another."""

    def life() -> CommerceCandidate:
        candidate = CommerceCandidate("c").enrolled().paired().planned().assigned("a1", "2005-02-01", 120)
        if mentor_from:
            candidate.on(mentor_from, "office", commerce.ChainRecorded((candidate.person("mentor"),)))
        if until:
            candidate.on(until, "office", commerce.ChainRecorded((candidate.person("chief"),)))
        return candidate.completed()

    return life


def rated(questions: int) -> Callable[[], Participant]:
    def life() -> Participant:
        participant = Participant("d").enrolled().rated("pre", "2013-11-12", questions=questions).paired().attended()
        return participant.rated("post", "2014-07-16", questions=questions).completed()

    return life


def matched(day: str) -> Callable[[], Participant]:
    def life() -> Participant:
        participant = Participant("d").enrolled().rated("pre", "2013-11-12").paired(day).attended()
        return participant.rated("post", "2014-07-16").completed()

    return life


CASES: dict[str, tuple[Callable[[], Any], str, str]] = {  # life, the rule that alone refuses ("" if none), its citation
    "2 x 60": (assigned(("2004-08-02", 60), ("2004-10-04", 60)), "", ""),
    "60 and 59": (assigned(("2004-08-02", 60), ("2004-10-04", 59)), TWO_OR_ONE, LINES_34),
    "1 x 120": (assigned(("2004-08-02", 120)), "", ""),
    "1 x 119": (assigned(("2004-08-02", 119)), TWO_OR_ONE, LINES_34),
    "90 and 59 are not pooled": (assigned(("2004-07-02", 90), ("2004-10-04", 59)), TWO_OR_ONE, LINES_34),
    "3 x 40 are not pooled": (assigned(("2004-07-02", 40), ("2004-09-01", 40), ("2004-11-01", 40)), TWO_OR_ONE, LINES_34),
    "overlap counts once": (assigned(("2004-08-02", 60), ("2004-09-30", 60)), TWO_OR_ONE, LINES_34),
    "side by side": (assigned(("2004-08-02", 60), ("2004-10-01", 60)), "", ""),
    "begun a day before approval": (assigned(("2004-07-01", 120)), TWO_OR_ONE, LINES_34),
    "begun on the day of approval": (assigned(("2004-07-02", 120)), "", ""),
    "80 hours": (trained(("2004-09-01", 40), ("2004-10-01", 40)), "", ""),
    "79 hours": (trained(("2004-09-01", 40), ("2004-10-01", 39)), HOURS, LINE_38),
    "month of announcement: before any window": (trained(("2002-06-30", 80)), WINDOW, LINE_122),
    "month of announcement: first day is open": (trained(("2002-07-01", 80)), WINDOW, LINE_122),
    "month of announcement: day before the last": (trained(("2002-07-30", 80)), WINDOW, LINE_122),
    "month of announcement: inside every window": (trained(("2002-07-31", 80)), "", ""),
    "announced on the 12th: day before": (trained(("2002-07-11", 80), announced=date(2004, 1, 12)), WINDOW, LINE_122),
    "announced on the 12th: the day": (trained(("2002-07-12", 80), announced=date(2004, 1, 12)), "", ""),
    "six months: day before": (enrolled_on("2004-07-05", "2005-01-04"), "six_months_in_the_program", SIX_MONTHS),
    "six months: the day": (enrolled_on("2004-07-05", "2005-01-05"), "", ""),
    "six months: day after": (enrolled_on("2004-07-05", "2005-01-06"), "", ""),
    "six months to a shorter month: day before": (enrolled_on("2004-08-31", "2005-02-27"), "six_months_in_the_program", SIX_MONTHS),
    "six months to a shorter month: its last day": (enrolled_on("2004-08-31", "2005-02-28"), "", ""),
    "eighteen months: last day": (enrolled_on("2004-08-31", "2006-03-01"), "", ""),
    "eighteen months: day after": (enrolled_on("2004-08-31", "2006-03-02"), "requested_within_eighteen_months_of_the_plan", "line 15 (HHS-006)"),
    "120 days in all": (pooled(("2005-02-01", 45), ("2005-06-01", 75)), "", ""),
    "119 days in all": (pooled(("2005-02-01", 45), ("2005-06-01", 74)), SUM_OF_DAYS, COMMERCE_DAYS),
    "120 days with one shared": (pooled(("2005-02-01", 60), ("2005-04-01", 60)), SUM_OF_DAYS, COMMERCE_DAYS),
    "121 days with one shared": (pooled(("2005-02-01", 60), ("2005-04-01", 61)), "", ""),
    "in the own position": (pooled(("2005-02-01", 200), position="division-chief"), SUM_OF_DAYS, COMMERCE_DAYS),
    "no ECQ": (pooled(("2005-02-01", 120), ecqs=()), "every_assignment_names_an_ecq", "lines 14, 47, 64 (DOC-11, DOC-24, DOC-33)"),
    "mentor never in the chain": (chain(None), "", ""),
    "mentor in the chain for a day": (chain("2005-03-01", "2005-03-02"), "mentor_stays_outside_the_chain_of_command", "line 8 (DOC-06)"),
    "mentor in the chain on the last day": (chain("2006-09-26"), "mentor_stays_outside_the_chain_of_command", "line 8 (DOC-06)"),
    "mentor in the chain before the pairing": (chain("2004-10-03", "2004-10-04"), "", ""),
    "15 questions": (rated(15), "", ""),
    "14 questions": (rated(14), "assessment_has_fifteen_to_twenty_questions", "line 14 (DOL-07)"),
    "20 questions": (rated(20), "", ""),
    "21 questions": (rated(21), "assessment_has_fifteen_to_twenty_questions", "line 14 (DOL-07)"),
    "paired on the mid-point": (matched("2014-02-05"), "", ""),
    "paired the day after": (matched("2014-02-06"), "mentor_is_paired_at_the_mid_point", "lines 30, 56 (DOL-24, DOL-48)"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_decides_on_the_number_itself(name: str) -> None:
    life, rule, _ = CASES[name]
    answer = play(engine(), life())[-1]
    assert refused_by(answer) == ([rule] if rule else [])
    assert answer.accepted is not bool(rule)


@pytest.mark.parametrize("name", CASES)
def test_decides_the_same_through_the_command_line_and_cites(name: str, tmp_path: Path) -> None:
    life, rule, citation = CASES[name]
    path = tmp_path / "b.ledger"
    *before, last = list(life())
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), before)
    done = cli("submit", str(path), "-", stdin=json.dumps(last))
    assert done.returncode == (1 if rule else 0), done.stderr
    assert done.stdout.startswith("refused" if rule else "accepted")
    if rule:
        assert citation in done.stdout
        assert rule in done.stdout


def test_tries_both_outcomes_of_most_rules() -> None:
    refusing = {rule for _, rule, _ in CASES.values() if rule}
    print(f"{len(CASES)} boundaries, {sum(not r for _, r, _ in CASES.values())} accepted, {len(refusing)} rules refuse alone")
    assert len(refusing) >= 10


@pytest.mark.parametrize(("first", "days"), [("2005-02-01", 120), ("2005-03-01", 122), ("2004-12-01", 121), ("2004-11-15", 120)])
def test_shows_how_many_days_four_months_are(first: str, days: int) -> None:
    """120 days may be short of four months by up to three: that only shows (C1)."""
    last = date.fromisoformat(first) + timedelta(days=days - 1)
    found = {}
    for length in (days - 1, days):
        answer = play(
            engine(), CommerceCandidate("c").enrolled().paired().planned().assigned("a", first, max(length, 120)).completed()
        )[-1]
        found[length] = {f.rule: str(f.outcome) for f in answer.findings}["commerce.four_months_of_assignments"]
        assert answer.accepted
    assert found[days] == "met"
    assert found[days - 1] == ("met" if days == 120 else "unmet"), last


def test_shows_the_four_month_rotation_apart_from_the_days() -> None:
    answers = {n: play(engine(), assigned(("2004-08-02", n))())[-1] for n in (121, 122)}
    found = {n: {f.rule: str(f.outcome) for f in a.findings}["hhs.four_months_full_time_elsewhere"] for n, a in answers.items()}
    assert found == {121: "unmet", 122: "met"}
    assert all(a.accepted for a in answers.values())


def test_counts_months_of_the_hhs_window_by_hand() -> None:
    answers = {d: play(engine(), trained((d, 80))())[-1] for d in ("2002-06-30", "2002-07-01", "2002-07-30", "2002-07-31")}
    found = {d: {f.rule: str(f.outcome) for f in a.findings}[f"hhs.{WINDOW}"] for d, a in answers.items()}
    assert found == {"2002-06-30": "unmet", "2002-07-01": "undetermined", "2002-07-30": "undetermined", "2002-07-31": "met"}


def test_counts_hours_not_from_courses_of_the_own_department_or_without_ecqs() -> None:
    for interagency, ecqs in ((False, ("Leading Change",)), (True, ())):
        candidate = ready().assigned("a1", "2004-08-02", 120)
        course = hhs.TrainingCompleted(Id("x"), Count(80), interagency, ecqs)  # type: ignore[arg-type]
        answer = play(engine(), candidate.on("2004-09-01", "candidate", course).requested("2004-12-31"))[-1]
        assert refused_by(answer) == [HOURS]
