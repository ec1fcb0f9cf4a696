"""Invented participants of DOL with every kind of outcome, for the demonstration."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from candidacy import (
    Count,
    Discontinued,
    Id,
    JudgementGiven,
    ProgramCompleted,
    Story,
    Withdrawn,
)
from candidacy_dol import events as e
from candidacy_dol.rules import LATE_PAIRING, MISSED_SESSION

DATED = {
    "agency-presentations": "2014-01-21",
    "mentoring-best-practices": "2014-02-19",
    "team-presentations-and-close": "2014-07-16",
}
CLOSE = "2014-07-16"


class Participant(Story):
    """A participant's story; each person's id is made of the case and the part they play."""

    _closed = False

    def enrolled(self, station: e.Station = "national office") -> "Participant":
        """In the program from 2013-10-17; one session beside the three of the document is scheduled."""
        roles = self.cast(participant="participant", supervisor="supervisor", partnership="Partnership", office="program office")
        self.on("2013-10-17", "office", e.ParticipantEnrolled(Id("dol"), Id("cohort-2013"), roles))
        self.on("2013-10-17", "office", e.DutyStationRecorded(station), e.SupervisorRecorded(self.person("supervisor")))
        self.on(
            "2013-10-17", "office", e.SessionScheduled(Id("first-coaching"), date(2013, 12, 10), together=False, kind="coaching")
        )
        self.on("2013-10-17", "partnership", e.CohortAssigned("second", self.person("coach")))
        return self.on("2013-10-17", "partnership", e.TeamJoined(Id("team-3"), Id("challenge-3"), self.person("coach"), Count(4)))

    def rated(self, wave: e.Wave, day: str, *raters: str, instrument: str = "180-v1", questions: int = 18) -> "Participant":
        """Each rater answers the assessment on that day."""
        for rater in raters or ("participant", "supervisor"):
            answer = e.AssessmentAnswered(Id(f"{wave}-{rater}"), wave, self.person(rater), Id(instrument), Count(questions))
            self.on(day, "partnership", answer)
        return self

    def attended(self, *, missing: str = "", coaching: e.Mode = "in person") -> "Participant":
        """Every session, but for the one that is *missing*."""
        self.on("2013-12-10", "partnership", e.SessionAttended(Id("first-coaching"), coaching))
        for session, day in DATED.items():
            told = e.SessionMissed(Id(session)) if session == missing else e.SessionAttended(Id(session), "in person")
            self.on(day, "partnership", told)
        return self

    def paired(self, day: str = "2014-02-05", mid_point: date | None = date(2014, 2, 5)) -> "Participant":
        """A mentor, the mid-point as scheduled, and the check-in."""
        if mid_point:
            self.on("2013-11-04", "partnership", e.MidPointScheduled(mid_point))
        self.on(day, "partnership", e.MentorPaired(Id("m1"), self.person("mentor")))
        return self.on("2014-04-16", "partnership", e.MentoringReviewed("mid-point check-in"))

    def reported(self, day: str = CLOSE) -> "Participant":
        """Participant and supervisor get the report."""
        return self.on(day, "partnership", e.ReportDelivered(Id("report"), self.person("participant"), self.person("supervisor")))

    def closed(self) -> "Participant":
        """The mentoring is assessed and closed."""
        return self.on(CLOSE, "partnership", e.MentoringReviewed("final assessment"), e.MentoringReviewed("close-out"))

    def completed(self, day: str = CLOSE) -> "Participant":
        """The report is given, the mentoring ends, and the program office closes the program; once more where it was refused."""
        self.reported(day if self._closed else CLOSE)
        if not self._closed:
            self.closed()
        self._closed = True
        return self.on(day, "office", ProgramCompleted())


def _national(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE).completed()


def _regional(p: Participant) -> None:
    p.enrolled("region").rated("pre", "2013-11-12").paired().attended(coaching="remote").rated("post", CLOSE).completed()


def _missed_and_excused(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended(missing="mentoring-best-practices").rated("post", CLOSE).completed()
    p.on("2014-07-18", "office", JudgementGiven(Id(MISSED_SESSION.id), answer=True, about=Id("mentoring-best-practices")))
    p.completed("2014-07-21")


def _missed_and_open(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended(missing="agency-presentations").rated("post", CLOSE).completed()


def _missed_and_not_excused(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended(missing="team-presentations-and-close").rated("post", CLOSE)
    p.on("2014-07-18", "office", JudgementGiven(Id(MISSED_SESSION.id), answer=False, about=Id("team-presentations-and-close")))
    p.completed("2014-07-21")


def _remote_from_the_national_office(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended(coaching="remote").rated("post", CLOSE).completed()


def _one_rater_missing(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE, "participant").completed()
    p.rated("post", "2014-07-22", "supervisor").completed("2014-07-23")


def _new_supervisor(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended()
    p.on("2014-04-01", "office", e.SupervisorRecorded(p.person("successor"))).rated("post", CLOSE).completed()


def _another_instrument(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired().attended().rated("post", CLOSE, instrument="180-v2").completed()


def _too_few_questions(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12", questions=14).paired().attended().rated("post", CLOSE, questions=14).completed()


def _paired_late(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired("2014-03-03").attended().rated("post", CLOSE).completed()
    p.on("2014-07-17", "office", JudgementGiven(Id(LATE_PAIRING.id), answer=True)).completed("2014-07-17")


def _mid_point_unknown(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").paired(mid_point=None).attended().rated("post", CLOSE).completed()


def _withdrew(p: Participant) -> None:
    p.enrolled().rated("pre", "2013-11-12").on("2014-01-06", "participant", Withdrawn())


def _discontinued(p: Participant) -> None:
    p.enrolled("region").on("2014-03-10", "office", Discontinued())


def _under_way(p: Participant) -> None:
    p.enrolled("region").rated("pre", "2013-11-12").paired()


LIVES: tuple[Callable[[Participant], None], ...] = (
    _national, _regional, _missed_and_excused, _missed_and_open, _missed_and_not_excused, _remote_from_the_national_office,
    _one_rater_missing, _new_supervisor, _another_instrument, _too_few_questions, _paired_late, _mid_point_unknown, _withdrew,
    _discontinued, _under_way,
)  # fmt: skip


def commands() -> Iterator[dict[str, Any]]:
    """The commands of all of them, each participant's in order."""
    return Participant.lives("dol", LIVES)
