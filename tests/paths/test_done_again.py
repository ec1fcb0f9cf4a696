"""What is done too soon to count, or too soon to count still, is done again when it is needed."""

from datetime import date, timedelta

import widgets
from candidacy import Case, Check, PlanApproved, ProgramCompleted, days, enter, holds, not_before
from paths.test_path_cli import AS_OF, asked, required, trained

DAY = timedelta(days=1)
SITS = AS_OF + 10 * DAY


def recently(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A desk was recorded in the last five days."""
    recent = any(day - 5 * DAY <= on for on, _ in case.all(widgets.DeskRecorded))
    return holds(recent, "a-recent-desk", by=enter(widgets.DeskRecorded, by="office"))


def twenty_days(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """One detail of twenty days."""
    return widgets.DETAILS.enough(widgets.DETAILS.of(case), 1, lasting=days(20))


def test_what_expires_is_done_when_it_is_needed() -> None:
    found = asked(widgets.edition((required(recently), required(twenty_days))), trained(), AS_OF)
    assert found.day == AS_OF + 19 * DAY


def when_the_board_sits(case: Case, approval: PlanApproved, day: date) -> Check:
    """The plan is approved when the board sits."""
    return not_before(day, SITS, what="the-board-sits")


def since_the_approval(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A desk was recorded since the plan was approved."""
    approved = case.day_of(PlanApproved)
    since = approved is not None and any(on >= approved for on, _ in case.all(widgets.DeskRecorded))
    return holds(since, "a-desk-since", by=enter(widgets.DeskRecorded, by="office"))


def test_what_counts_from_an_approval_is_done_after_it() -> None:
    board = widgets.HANDBOOK.requires(before=PlanApproved, at="W-8", lines=(8, 8))(when_the_board_sits)
    assert asked(widgets.edition((required(since_the_approval), board)), trained(plan=False), AS_OF).day == SITS


def twenty_days_since_the_approval(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """One detail of twenty days, of which no day before the approval counts."""
    approved = case.day_of(PlanApproved)
    counted = [d for d in widgets.DETAILS.of(case) if approved is not None and d.first >= approved]
    return widgets.DETAILS.enough(counted, 1, lasting=days(20))


def test_what_lasts_and_counts_from_an_approval_begins_with_it() -> None:
    board = widgets.HANDBOOK.requires(before=PlanApproved, at="W-8", lines=(8, 8))(when_the_board_sits)
    found = asked(widgets.edition((required(twenty_days_since_the_approval), board)), trained(plan=False), AS_OF)
    assert (found.day, found.exact) == (SITS + 19 * DAY, True)
    begun = next(s for s in found.plan if s.type_name == "widgets.detail_begun.1")
    assert begun.on == SITS
