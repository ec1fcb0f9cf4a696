"""DOL: lives that a program officer can read. Participants are sitting executives; nobody is certified."""

from datetime import date

import pytest

from candidacy import Discontinued, Id, JudgementGiven, ProgramCompleted, discover
from candidacy_dol import events as e
from candidacy_dol.caseload import CLOSE, Participant
from candidacy_dol.rules import MISSED_SESSION
from support import engine, outcomes, play, refused_by

ALL = ("agency-presentations", "mentoring-best-practices", "team-presentations-and-close")


def test_completes_a_participant_of_the_national_office_and_one_of_a_region() -> None:
    for station, mode in (("national office", "in person"), ("region", "remote"), ("region", "in person")):
        life = Participant("d").enrolled(station).rated("pre", "2013-11-12").paired().attended(coaching=mode)  # type: ignore[arg-type]
        assert all(a.accepted for a in play(engine(), life.rated("post", CLOSE).completed()))


def test_knows_no_candidate_no_board_and_no_floor() -> None:
    edition = discover().programs["dol"].editions[0]
    words = str(edition.as_data()).lower()
    assert "candidate" not in words
    assert "qrb" not in words
    assert "certif" not in words
    assert set(edition.lifecycle.finals) == {"completed", "withdrawn", "discontinued"}


def test_asks_for_a_judgement_when_a_session_is_missed_since_nothing_else_can_help() -> None:
    on = engine()
    life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended(missing=ALL[0]).rated("post", CLOSE).completed()
    answers = play(on, life)
    missed = next(a for a in answers if a.record.type_name == "dol.session_missed.1")
    assert missed.accepted
    assert outcomes(missed)["no_session_is_missed"] == "needs judgement"
    refused = answers[-1]
    assert outcomes(refused)["every_session_is_attended"] == "needs judgement"
    (finding,) = [f for f in refused.findings if f.refuses]
    assert finding.data["who"] == ["program office"], "the participant can do nothing"
    life.on("2014-07-18", "office", JudgementGiven(Id(MISSED_SESSION.id), True, Id(ALL[0]))).completed("2014-07-18")
    assert play(on, life)[-1].accepted


def test_excuses_only_the_session_that_was_judged() -> None:
    life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended(missing=ALL[0]).rated("post", CLOSE)
    life.on("2014-07-16", "office", JudgementGiven(Id(MISSED_SESSION.id), True, Id(ALL[1]))).completed()
    assert refused_by(play(engine(), life)[-1]) == ["every_session_is_attended"]


def test_takes_no_remote_attendance_where_everyone_comes_in_person() -> None:
    for station, session, mode, fine in (
        ("region", "2014-01-21", "remote", False),
        ("region", "2013-12-10", "remote", True),
        ("national office", "2013-12-10", "remote", False),
    ):
        life = Participant("d").enrolled(station).rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE).completed()  # type: ignore[arg-type]
        told = [
            {**c, "payload": {**c["payload"], "mode": mode}} if c["day"] == session and "mode" in c["payload"] else c for c in life
        ]
        assert play(engine(), told)[-1].accepted is fine


def test_looks_at_the_duty_station_of_the_day_of_the_session() -> None:
    for moved, fine in (("2013-12-10", True), ("2013-12-11", False)):
        life = Participant("d").enrolled().on(moved, "office", e.DutyStationRecorded("region"))
        life.rated("pre", "2013-11-12").paired().attended(coaching="remote").rated("post", CLOSE).completed()
        assert play(engine(), life)[-1].accepted is fine


def test_cannot_tell_about_a_session_nobody_recorded_and_waits_for_one_to_come() -> None:
    life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE).completed()
    told = [c for c in life if c["payload"].get("session") != ALL[1]]
    assert outcomes(play(engine(), told)[-1])["every_session_is_attended"] == "undetermined"
    on = engine()
    play(on, [c for c in Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended() if c["day"] < CLOSE])
    found = {f.rule: str(f.outcome) for f in on.consider("d", ProgramCompleted(), date(2014, 7, 15)).findings}
    assert found["dol.every_session_is_attended"] == "unmet"


def test_wants_both_raters_before_and_after() -> None:
    for lacking in ("pre-participant", "pre-supervisor", "post-participant", "post-supervisor"):
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE).completed()
        told = [c for c in life if c["payload"].get("response") != lacking]
        assert refused_by(play(engine(), told)[-1]) == [
            "both_raters_answer_before_and_after",
            *["report_is_delivered"] * lacking.startswith("post"),
        ], lacking


def test_wants_the_answer_of_the_supervisor_of_that_day() -> None:
    for changed, fine in (("2014-07-16", False), ("2014-07-17", True)):
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE)
        life.on(changed, "office", e.SupervisorRecorded(Id("d.successor"))).completed("2014-07-17")
        assert play(engine(), life)[-1].accepted is fine


def test_wants_the_same_instrument_every_time() -> None:
    for instrument, questions, fine in (("180-v1", 18, True), ("180-v2", 18, False), ("180-v1", 19, False)):
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended()
        life.rated("post", CLOSE, instrument=instrument, questions=questions).completed()
        assert play(engine(), life)[-1].accepted is fine


def test_keeps_a_mentor_the_participant_already_has() -> None:
    life = Participant("d").enrolled().rated("pre", "2013-11-12").paired("2013-11-20").attended().rated("post", CLOSE).completed()
    assert play(engine(), life)[-1].accepted


def test_shows_what_is_entered_after_the_nine_months() -> None:
    for day, seen in (("2014-07-16", "met"), ("2014-07-17", "unmet")):
        answer = play(engine(), Participant("d").enrolled().on(day, "office", e.SupervisorRecorded(Id("x"))))[-1]
        assert outcomes(answer)["program_takes_nine_months"] == seen
    assert play(engine(), Participant("d").enrolled().on("2014-03-10", "office", Discontinued()))[-1].accepted


def test_judges_a_missed_session_even_where_it_is_on_no_schedule_or_was_attended_too() -> None:
    for told in (e.SessionMissed(Id("workshop-budget")), e.SessionMissed(Id(ALL[1]))):
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE)
        life.on("2014-02-20", "partnership", told).completed()
        answer = play(engine(), life)[-1]
        assert outcomes(answer)["every_session_is_attended"] == "needs judgement"


def test_wants_the_mentor_at_the_mid_point_not_one_who_left_before() -> None:
    for ended, fine in (("2014-02-04", False), ("2014-02-05", True)):
        life = Participant("d").enrolled().rated("pre", "2013-11-12").paired("2013-11-20").attended().rated("post", CLOSE)
        life.on(ended, "partnership", e.PairingEnded(Id("m1"))).completed()
        assert play(engine(), life)[-1].accepted is fine


def test_wants_what_is_called_before_to_precede_what_is_called_after() -> None:
    for pre, fine in (("2014-07-15", True), (CLOSE, False)):
        life = Participant("d").enrolled().paired().attended().rated("pre", pre).rated("post", CLOSE).completed()
        assert play(engine(), life)[-1].accepted is fine


def test_takes_a_judgement_about_a_session_only_with_the_session_and_others_only_without() -> None:
    from candidacy import InputError
    from candidacy_dol.rules import LATE_PAIRING

    on = engine()
    play(on, Participant("d").enrolled())
    for question, about in ((MISSED_SESSION, None), (LATE_PAIRING, Id("x"))):
        life = Participant("d").enrolled().on("2014-07-18", "office", JudgementGiven(Id(question.id), True, about))
        with pytest.raises(InputError, match=r"payload\.about"):
            play(on, life)
