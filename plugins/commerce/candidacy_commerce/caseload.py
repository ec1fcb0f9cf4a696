"""Invented candidates of Commerce with every kind of outcome, for the demonstration."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from candidacy import (
    CandidateEnrolled,
    CandidateSelected,
    Discontinued,
    Id,
    PlanApproved,
    PlanSubmitted,
    ProgramCompleted,
    Removed,
    RoleGiven,
    RoleName,
    SesMembershipRecorded,
    Story,
    Withdrawn,
)
from candidacy_commerce import events as e


class Candidate(Story):
    """A candidate's story; each person's id is made of the case and the part they play."""

    def enrolled(self) -> "Candidate":
        """Selected in August, in the program from 2004-09-27."""
        roles = self.cast(candidate="candidate", mentor="mentor", office="program office", host="assignment supervisor")
        self.on("2004-08-30", "office", CandidateSelected(Id("commerce"), Id("september-2004"), roles))
        self.on("2004-08-30", "office", e.PositionRecorded(Id("division-chief")))
        self.on("2004-08-30", "office", e.ChainRecorded((self.person("chief"), self.person("director"))))
        return self.on("2004-09-27", "office", CandidateEnrolled())

    def paired(self, mentor: str = "mentor", day: str = "2004-10-04", pairing: str = "m1", *, member: bool = True) -> "Candidate":
        """A mentor assigned whose SES membership is on record."""
        self.on(day, "office", SesMembershipRecorded(self.person(mentor), member))
        return self.on(day, "office", e.MentorPaired(Id(pairing), self.person(mentor)))

    def planned(self) -> "Candidate":
        """A plan approved on 2004-11-15, after the mentors' session."""
        self.on("2004-10-26", "office", e.MentorTrained(self.person("mentor")))
        self.on("2004-11-01", "candidate", PlanSubmitted(Id("edp-1")))
        return self.on("2004-11-15", "office", PlanApproved(Id("edp-1")))

    def assigned(
        self,
        name: str,
        first: str,
        days: int | None,
        *,
        position: str = "staff-director",
        ecqs: tuple[e.Ecq, ...] = ("Leading Change",),
    ) -> "Candidate":
        """An assignment of so many calendar days, both ends counted; still running where None."""
        begun = date.fromisoformat(first)
        self.on(begun, "candidate", e.AssignmentStarted(Id(name), Id(position), ecqs))
        if days is not None:
            self.on(begun + timedelta(days=days - 1), "candidate", e.AssignmentEnded(Id(name)))
        return self

    def completed(self, day: str = "2006-09-26") -> "Candidate":
        """The program office closes the program."""
        return self.on(day, "office", ProgramCompleted())


def _pooled(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 45).assigned("a2", "2005-06-01", 75).completed()


def _sixty_and_long(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-01-10", 60).assigned("a2", "2005-09-06", 120).completed()


def _one_day_short(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 119).completed("2006-06-01")
    c.assigned("a2", "2006-06-12", 1).completed()


def _counted_once(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 70).assigned("a2", "2005-03-21", 70).completed()


def _mentor_above(c: Candidate) -> None:
    c.enrolled().paired("director").paired("mentor", "2004-10-05", "m2").planned().assigned("a1", "2005-02-01", 120).completed()


def _mentor_moved_above(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 120)
    c.on("2005-10-03", "office", e.ChainRecorded((c.person("chief"), c.person("mentor")))).completed()


def _mentor_replaced(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 120)
    c.on("2005-10-03", "office", e.ChainRecorded((c.person("chief"), c.person("mentor")))).completed("2006-06-01")
    c.on("2006-06-05", "office", e.PairingEnded(Id("m1"))).paired("successor", "2006-06-06", "m2")
    c.on("2006-06-06", "office", RoleGiven(c.person("successor"), RoleName("mentor"))).completed()


def _no_ecq(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 120, ecqs=()).completed()


def _own_position(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 120, position="division-chief").completed()


def _membership_unknown(c: Candidate) -> None:
    c.enrolled().on("2004-10-04", "office", e.MentorPaired(Id("m1"), c.person("mentor")))


def _withdrew(c: Candidate) -> None:
    c.enrolled().paired().planned().on("2005-05-02", "candidate", Withdrawn())


def _discontinued(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 30).on("2005-07-01", "office", Discontinued())


def _removed(c: Candidate) -> None:
    c.enrolled().paired().planned().on("2005-08-01", "office", Removed())


def _under_way(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2006-06-01", None)


def _early(c: Candidate) -> None:
    c.enrolled().paired().planned().assigned("a1", "2005-02-01", 123).completed("2006-03-31")


LIVES: tuple[Callable[[Candidate], None], ...] = (
    _pooled, _sixty_and_long, _one_day_short, _counted_once, _mentor_above, _mentor_moved_above, _mentor_replaced, _no_ecq,
    _own_position, _membership_unknown, _withdrew, _discontinued, _removed, _under_way, _early,
)  # fmt: skip


def commands() -> Iterator[dict[str, Any]]:
    """The commands of all of them, each candidate's in order."""
    return Candidate.lives("commerce", LIVES)
