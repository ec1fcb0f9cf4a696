"""Who the candidate is, and what they sign: grade, appointment, mobility."""

from datetime import date
from typing import Literal, get_args

from candidacy import Case, CertificationRequested, Check, Fact, Sha256, enter, fact, holds
from candidacy_hhs.authority import GUIDELINES

Mobility = Literal["organizational", "functional", "geographic"]


@fact("hhs.grade_recorded.1", state_of=())
class GradeRecorded(Fact):
    """The grade at selection; of another one the document that shows it to be equivalent."""

    grade: Literal["GS-14", "GS-15", "other"]
    equivalence: Sha256 | None = None


@fact("hhs.appointment_recorded.1", state_of=())
class AppointmentRecorded(Fact):
    """By which kind of appointment the candidate is in the program."""

    kind: Literal["career appointment", "Schedule B appointment"]


@fact("hhs.mobility_statement_signed.1")
class MobilityStatementSigned(Fact):
    """The candidate signed the statement on mobility, of this text, and accepts these kinds of it."""

    statement: Sha256
    kinds: tuple[Mobility, ...]


@GUIDELINES.requires(
    on=GradeRecorded, at="HHS-004", lines=(15, 15),
    reading="people from outside the government have no such grade: a documented equivalent stands for it (C13)",
)  # fmt: skip
def grade_is_fourteen_or_fifteen_or_equivalent(case: Case, recorded: GradeRecorded, day: date) -> Check:
    """The candidate's grade is GS-14 or GS-15, or its equivalent is documented."""
    fits = recorded.grade != "other" or recorded.equivalence is not None
    return holds(fits, "GS-14-or-GS-15-or-equivalent", grade=recorded.grade)


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-028", lines=(66, 66),
    reading="no day is given by which it is signed, and nothing that follows where it is not: it shows (C31)",
)  # fmt: skip
def mobility_statement_is_signed(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate has signed a statement on geographic mobility."""
    by = enter(MobilityStatementSigned, by="candidate", kinds=get_args(Mobility))
    return holds(case.day_of(MobilityStatementSigned) is not None, "a-signed-statement", by=by)


@GUIDELINES.advises(on=MobilityStatementSigned, at="HHS-026", lines=(66, 66))
def all_kinds_of_mobility_are_accepted(case: Case, signed: MobilityStatementSigned, day: date) -> Check:
    """The candidate accepts assignments that move them in organization, function and place."""
    refused = tuple(kind for kind in get_args(Mobility) if kind not in signed.kinds)
    return holds(not refused, "every-kind-of-mobility", not_accepted=refused)


RULES = (grade_is_fourteen_or_fifteen_or_equivalent, mobility_statement_is_signed, all_kinds_of_mobility_are_accepted)
ENTERED_BY = {
    GradeRecorded: ("program coordinator",),
    AppointmentRecorded: ("program coordinator",),
    MobilityStatementSigned: ("candidate",),
}
