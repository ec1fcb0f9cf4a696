"""Paragraph (d) of 5 CFR 412.302: to go on in another position, and to take part from another agency."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from candidacy import Act, Case, Check, Fact, Rule, Window, does_not_apply, each, enter, holds
from candidacy_opm.regulation import CFR

if TYPE_CHECKING:
    from candidacy_opm.floor import Floor


def moves(case: Case, kind: type[Fact]) -> Iterator[tuple[date, date, Any]]:
    """From when the position before stood, from when another one does, and that one; the first recorded is no move.

    The same one recorded again is no other; it is another where anything is recorded otherwise.
    """
    yield from ((since, on, after) for (since, before), (on, after) in pairwise(case.all(kind)) if after != before)


def continuation(of: "Floor", approved: type[Fact]) -> Rule:
    """The rule on moves to another position; *approved*, the fact that the employing agency approves, names the *position*."""

    @CFR.requires(
        before=of.graduated, at="R-20", section="(d)(2)",
        reading="no day is stated by which the approval comes: it is asked before graduation, of each move after the first day in "
        "the program; it names the position and is dated after the position before was taken up; who is under no Schedule B "
        "appointment has one of a career type, as (d)(1) lets nobody else take part",
    )  # fmt: skip
    def employing_agency_approves_after_each_move(case: Case, end: Act, day: date) -> Check:
        """Who has a career-type appointment and moves to another position goes on with the employing agency's approval."""
        moved, since = list(moves(case, of.position)), of.began(case)
        if moved and since is None:
            return holds(None, "a-first-day-in-the-program", by=of.enrol)
        asked = ((then, on, to) for then, on, to in moved if since and on > since and of.schedule_b(case.at(on)) is None)
        found = (_approved(of, case, approved, (then, on), to.position) for then, on, to in asked)
        return each(found, none="no-move-in-the-program")

    return employing_agency_approves_after_each_move


def _approved(of: "Floor", case: Case, approved: type[Fact], days: tuple[date, date], position: str) -> Check:
    told: Any = case.all(approved)
    then, on = days
    there = any(day > then and approval.position == position for day, approval in told)
    by = enter(approved, by=of.office, when=Window(first=on), position=position)
    return holds(there, "an-approval-of-the-move", by=by, position=position, moved=on)


def agreement(of: "Floor", signed: type[Fact]) -> Rule:
    """The rule on candidates of another agency; *signed*, the fact that both agencies have signed, names that *agency*."""

    @CFR.requires(
        before=of.started, at="R-22", section="(d)(3)",
        reading="before the start is on the first day at the latest, as the act that begins the participation follows it; who is "
        "of no agency takes part by an appointment of another paragraph",
    )  # fmt: skip
    def agreement_of_both_agencies_is_signed(case: Case, start: Act, day: date) -> Check:
        """A candidate of another agency begins when both agencies have signed an agreement and OPM has it."""
        agency = of.employing_agency(case)
        if agency is None:
            return holds(None, "the-employing-agency", by=of.find_agency)
        if not agency:
            return does_not_apply("of-no-other-agency")
        told: Any = case.all(signed)
        there = any(agreed.agency == agency for _, agreed in told)
        return holds(there, "an-agreement-of-both-agencies", by=enter(signed, by=of.office, agency=agency), agency=agency)

    return agreement_of_both_agencies_is_signed
