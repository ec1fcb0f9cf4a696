"""Commerce: lives that a program officer can read."""

from candidacy import Id, SesMembershipRecorded
from candidacy_commerce import events as e
from candidacy_commerce.caseload import Candidate
from support import engine, outcomes, play, refused_by


def test_completes_a_candidate_with_days_pooled_from_two_assignments() -> None:
    on = engine()
    answers = play(
        on, Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 45).assigned("b", "2005-06-01", 75).completed()
    )
    assert all(a.accepted for a in answers)
    assert on.case("c")[0].state == "completed"


def test_pairs_no_mentor_outside_the_ses_above_the_candidate_or_not_known_to_be_in_it() -> None:
    assert refused_by(play(engine(), Candidate("c").enrolled().paired(member=False))[-1]) == ["mentor_is_in_the_ses"]
    assert refused_by(play(engine(), Candidate("c").enrolled().paired("chief"))[-1]) == ["mentor_is_outside_the_chain_of_command"]
    unknown = play(engine(), Candidate("c").enrolled().on("2004-10-04", "office", e.MentorPaired(Id("m1"), Id("c.mentor"))))[-1]
    assert outcomes(unknown)["mentor_is_in_the_ses"] == "undetermined"
    assert not unknown.accepted


def test_shows_a_reassignment_that_puts_the_mentor_above_the_candidate_on_the_day_it_is_entered() -> None:
    life = Candidate("c").enrolled().paired().planned().on("2005-10-03", "office", e.ChainRecorded((Id("c.mentor"),)))
    answer = play(engine(), life)[-1]
    assert answer.accepted, "a fact is entered, however bad the news"
    assert outcomes(answer)["mentor_stays_outside_the_chain_of_command"] == "unmet"


def test_completes_with_a_new_mentor_after_the_old_one_moved_above() -> None:
    life = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 120)
    life.on("2005-10-03", "office", e.ChainRecorded((Id("c.mentor"),))).on("2005-10-10", "office", e.PairingEnded(Id("m1")))
    assert refused_by(play(engine(), life.completed())[-1]) == ["a_mentor_is_assigned"]
    life = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 120)
    life.on("2005-10-03", "office", e.ChainRecorded((Id("c.mentor"),))).on("2005-10-10", "office", e.PairingEnded(Id("m1")))
    assert play(engine(), life.paired("successor", "2005-10-11", "m2").completed())[-1].accepted


def test_shows_a_mentor_who_leaves_the_ses_and_does_not_complete_with_one() -> None:
    life = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 120)
    life.on("2006-01-02", "office", SesMembershipRecorded(Id("c.mentor"), member=False)).completed()
    *_, left, closed = play(engine(), life)
    assert outcomes(left)["mentor_stays_in_the_ses"] == "unmet"
    assert refused_by(closed) == ["mentor_stays_in_the_ses"]


def test_sees_a_late_entry_about_the_chain() -> None:
    """Entered long after, effective in the pairing: the completion is refused all the same."""
    life = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 120)
    life.on("2004-12-01", "office", e.ChainRecorded((Id("c.mentor"),))).on(
        "2004-12-02", "office", e.ChainRecorded((Id("c.chief"),))
    )
    assert refused_by(play(engine(), life.completed())[-1]) == ["mentor_stays_outside_the_chain_of_command"]


def test_shows_an_end_before_the_planned_one_without_refusing_it() -> None:
    for day, seen in (("2006-09-25", "unmet"), ("2006-09-26", "met")):
        answer = play(engine(), Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 123).completed(day))[-1]
        assert answer.accepted
        assert outcomes(answer)["program_lasts_its_planned_length"] == seen


def test_shows_an_assignment_without_an_ecq_on_its_first_day() -> None:
    answer = play(engine(), Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", None, ecqs=()))[-1]
    assert answer.accepted
    assert outcomes(answer)["every_assignment_names_an_ecq"] == "unmet"


def test_counts_only_assignments_that_have_ended() -> None:
    life = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", None).completed()
    answer = play(engine(), life)[-1]
    assert refused_by(answer) == ["one_hundred_and_twenty_days_of_assignments"]
    (finding,) = [f for f in answer.findings if f.refuses]
    assert finding.data["who"] == ["candidate"]
    assert finding.data["missing"] == [120, "calendar days"]


def test_names_an_assignment_in_the_own_position_and_says_why_it_does_not_count() -> None:
    on = engine()
    life = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 200, position="division-chief").completed()
    assert "not counted a (in the position of record)" in "\n".join(on.explain(play(on, life)[-1]))
