"""Invented candidates of HHS with every kind of outcome, for the demonstration."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from candidacy import (
    CandidateAppointed,
    CandidateCertified,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    CertificationDenied,
    CertificationRequested,
    Count,
    Discontinued,
    Document,
    Id,
    JudgementGiven,
    PlanApproved,
    PlanSubmitted,
    Removed,
    Resumed,
    SesMembershipRecorded,
    Story,
    Suspended,
    Withdrawn,
)
from candidacy_hhs import events as e
from candidacy_hhs.authority import COMPETENCE, ECQS, GOALS, OBJECTIVES, REMOVAL

CAST = {
    "candidate": "candidate", "mentor": "mentor", "host": "assignment supervisor", "coordinator": "program coordinator",
    "manager": "program manager", "board": "ERB", "qrb": "QRB", "secretary": "Secretary",
}  # fmt: skip


def document(kind: e.DocumentKind, title: str, pages: int, **more: Any) -> e.DocumentFiled:
    """A document of the package, whose invented bytes are its title."""
    known = Document.of(title.encode(), kind="document", title=title, pages=pages)
    return e.DocumentFiled(kind, known.sha256, known.title, known.pages, **more)


class Candidate(Story):
    """A candidate's story; each person's id is made of the case and the part they play."""

    def selected(self, division: str = "cdc", *, inside_hhs: bool = True) -> "Candidate":
        """Chosen in May 2004, enrolled on the first day of orientation in June."""
        roles = self.cast(**CAST)
        self.on("2004-05-03", "coordinator", CandidateSelected(Id("hhs"), Id("january-2004"), roles))
        position = e.PositionRecorded(inside_hhs, Id(division), Id("deputy-director"))
        return self.on("2004-05-03", "coordinator", position)

    def enrolled(self, mentor: str = "mentor", *, member: bool = True) -> "Candidate":
        """In the program from 2004-06-01, and a mentor chosen."""
        self.on("2004-06-01", "coordinator", CandidateEnrolled())
        return self.mentored("2004-06-10", "m1", mentor, member=member)

    def mentored(self, day: str, pairing: str, mentor: str = "mentor", *, member: bool = True) -> "Candidate":
        """A mentor whose SES membership is on record is chosen."""
        person = Id(f"{self.case}.{mentor}")
        self.on(day, "coordinator", SesMembershipRecorded(person, member))
        return self.on(day, "candidate", e.MentorSelected(Id(pairing), person))

    def planned(self) -> "Candidate":
        """A plan approved by the board on 2004-07-02."""
        plan = Id("edp-1")
        self.on("2004-06-21", "candidate", PlanSubmitted(plan)).on("2004-06-25", "coordinator", e.PlanReviewed(plan))
        return self.on("2004-07-02", "board", PlanApproved(plan))

    def assigned(self, name: str, first: str, days: int | None, division: str = "nih") -> "Candidate":
        """An assignment of so many calendar days, both ends counted; still running where None."""
        begun = date.fromisoformat(first)
        start = e.AssignmentStarted(Id(name), True, Id(division), Id("acting-director"), full_time=True)
        self.on(begun, "candidate", start)
        if days is not None:
            last = begun + timedelta(days=days - 1)
            self.on(last, "candidate", e.AssignmentEnded(Id(name)))
            evaluation = document("supervisor evaluation", f"evaluation-{name}", 3, assignment=Id(name))
            self.on(last, "host", evaluation)
        return self

    def trained(self, course: str, day: str, hours: int) -> "Candidate":
        """An interagency course that addresses the ECQs."""
        return self.on(day, "candidate", e.TrainingCompleted(Id(course), Count(hours), interagency=True, ecqs=ECQS))

    def developed(self) -> "Candidate":
        """Two assignments of 60 days and 80 hours of training."""
        self.assigned("a1", "2004-08-02", 60).trained("leading-change", "2004-09-15", 40)
        return self.assigned("a2", "2004-10-04", 60).trained("leading-people", "2004-11-10", 40)

    def packaged(self, day: str = "2004-12-10", hours: int = 80) -> "Candidate":
        """All eight kinds of document but the assignment evaluations."""
        for kind, part in (
            ("memorandum", "candidate"), ("annotated plan", "candidate"), ("program assessment", "candidate"),
            ("mentor evaluation", "mentor"), ("quarterly sessions certificate", "coordinator"),
        ):  # fmt: skip
            self.on(day, part, document(kind, kind.replace(" ", "-"), 1))  # type: ignore[arg-type]
        for n, ecq in enumerate(ECQS, 1):
            self.on(day, "candidate", document("ECQ summary", f"summary-{n}", 2, ecq=ecq))
        certificate = document("training certificate", "certificate-1", 1, hours=Count(hours))
        return self.on(day, "candidate", certificate)

    def requested(self, day: str = "2004-12-13") -> "Candidate":
        """The candidate asks to be certified."""
        return self.on(day, "candidate", CertificationRequested())

    def graduated(self, month: str = "2005-01") -> "Candidate":
        """The manager's review, the board's approval and the way to OPM, all within a month."""
        yes = (JudgementGiven(Id(q.id), answer=True) for q in (COMPETENCE, GOALS, OBJECTIVES))
        self.on(f"{month}-03", "manager", *yes, e.RequestReviewed())
        return self.on(f"{month}-10", "board", CandidateGraduated()).on(f"{month}-12", "manager", e.RequestForwarded())

    def certified(self, day: str = "2005-02-01") -> "Candidate":
        """The qualifications review board certifies."""
        return self.on(day, "qrb", CandidateCertified())


def _two_sixties(c: Candidate) -> None:
    c.selected().enrolled().planned().developed().packaged().requested().graduated().certified()
    c.on("2005-03-07", "secretary", CandidateAppointed())


def _one_long(c: Candidate) -> None:
    c.selected().enrolled().planned().trained("leading-change", "2004-07-20", 80).assigned("a1", "2004-08-02", 120)
    c.packaged("2004-12-01").requested("2004-12-01").graduated().certified()


def _from_outside(c: Candidate) -> None:
    c.selected("state-health", inside_hhs=False).enrolled().planned().developed().packaged().requested().graduated().certified()


def _one_day_short(c: Candidate) -> None:
    c.selected().enrolled().planned().trained("leading-people", "2004-09-15", 80)
    c.assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 59).packaged().requested()
    c.assigned("a3", "2005-01-03", 60).requested("2005-03-04").graduated("2005-04").certified("2005-05-03")


def _one_hour_short(c: Candidate) -> None:
    c.selected().enrolled().planned().assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 60)
    c.trained("leading-change", "2004-09-15", 79).packaged().requested()
    c.trained("ethics", "2005-01-20", 1).requested("2005-01-21").graduated("2005-02").certified("2005-03-01")


def _month_unknown(c: Candidate) -> None:
    c.selected().enrolled().planned().assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 60)
    c.trained("early", "2002-07-15", 40).trained("leading-people", "2004-11-10", 40).packaged().requested()
    c.on("2004-12-20", "coordinator", e.AnnouncementDated(date(2004, 1, 12))).requested("2004-12-21")
    c.graduated().certified()


def _month_still_unknown(c: Candidate) -> None:
    c.selected().enrolled().planned().assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 60)
    c.trained("early", "2002-07-15", 24).trained("leading-people", "2004-11-10", 56).packaged().requested()


def _withdrew(c: Candidate) -> None:
    c.selected().enrolled().planned().assigned("a1", "2004-08-02", 60)
    c.on("2004-11-01", "candidate", Withdrawn())


def _removed(c: Candidate) -> None:
    c.selected().enrolled().planned().on("2005-03-01", "secretary", Removed())
    c.on("2005-03-14", "board", JudgementGiven(Id(REMOVAL.id), answer=True)).on("2005-03-21", "secretary", Removed())


def _under_way(c: Candidate) -> None:
    c.selected().enrolled().planned().assigned("a1", "2004-08-02", 60).trained("leading-change", "2004-09-15", 40)
    c.assigned("a2", "2005-01-10", None)


def _too_early(c: Candidate) -> None:
    c.selected().enrolled().planned().trained("leading-change", "2004-07-20", 80).assigned("a1", "2004-07-06", 120)
    c.packaged("2004-11-29").requested("2004-11-30")


def _mentor_outside_the_ses(c: Candidate) -> None:
    c.selected().enrolled("colleague", member=False).mentored("2004-06-17", "m2").planned().developed().packaged().requested()


def _stood_still(c: Candidate) -> None:
    c.selected().enrolled().planned().on("2004-07-12", "manager", Suspended(Id("s1")))
    c.on("2004-07-26", "manager", Resumed(Id("s1"))).developed().packaged().requested("2004-12-14")
    c.requested("2004-12-15").graduated()


def _not_certified(c: Candidate) -> None:
    c.selected().enrolled().planned().developed().packaged().requested().graduated()
    c.on("2005-02-01", "qrb", CertificationDenied())


def _planning(c: Candidate) -> None:
    c.selected().enrolled().on("2004-06-21", "candidate", PlanSubmitted(Id("edp-1")))


def _own_division(c: Candidate) -> None:
    c.selected().enrolled().planned().assigned("a1", "2004-08-02", 120, division="cdc")
    c.trained("leading-change", "2004-07-20", 80).packaged().requested()
    c.on("2005-01-10", "manager", Discontinued())


LIVES: tuple[Callable[[Candidate], None], ...] = (
    _two_sixties, _one_long, _from_outside, _one_day_short, _one_hour_short, _month_unknown, _month_still_unknown,
    _withdrew, _removed, _under_way, _too_early, _mentor_outside_the_ses, _stood_still, _not_certified, _planning,
    _own_division,
)  # fmt: skip


def commands() -> Iterator[dict[str, Any]]:
    """The commands of all of them, each candidate's in order."""
    return Candidate.lives("hhs", LIVES)
