"""The algebra of outcomes, and the checks that building blocks make."""

from datetime import date
from itertools import product

import pytest

from candidacy import (
    Check,
    Do,
    Either,
    Every,
    Outcome,
    Quantity,
    Withdrawn,
    all_of,
    any_of,
    at_least,
    does_not_apply,
    each,
    enter,
    exactly,
    holds,
    never,
    not_after,
    not_before,
    wait_until,
)

MET, WAIVED, NA = Outcome.MET, Outcome.WAIVED, Outcome.NOT_APPLICABLE
UNMET, UNKNOWN, ASK = Outcome.UNMET, Outcome.UNDETERMINED, Outcome.NEEDS_JUDGEMENT

ALL = {  # the table, written by hand: worst of two
    (MET, MET): MET, (MET, WAIVED): WAIVED, (MET, NA): MET, (MET, UNMET): UNMET, (MET, UNKNOWN): UNKNOWN, (MET, ASK): ASK,
    (WAIVED, WAIVED): WAIVED, (WAIVED, NA): WAIVED, (WAIVED, UNMET): UNMET, (WAIVED, UNKNOWN): UNKNOWN, (WAIVED, ASK): ASK,
    (NA, NA): NA, (NA, UNMET): UNMET, (NA, UNKNOWN): UNKNOWN, (NA, ASK): ASK,
    (UNMET, UNMET): UNMET, (UNMET, UNKNOWN): UNMET, (UNMET, ASK): UNMET,
    (UNKNOWN, UNKNOWN): UNKNOWN, (UNKNOWN, ASK): UNKNOWN, (ASK, ASK): ASK,
}  # fmt: skip
ANY = {  # best of two
    (MET, MET): MET, (MET, WAIVED): MET, (MET, NA): MET, (MET, UNMET): MET, (MET, UNKNOWN): MET, (MET, ASK): MET,
    (WAIVED, WAIVED): WAIVED, (WAIVED, NA): WAIVED, (WAIVED, UNMET): WAIVED, (WAIVED, UNKNOWN): WAIVED, (WAIVED, ASK): WAIVED,
    (NA, NA): NA, (NA, UNMET): UNMET, (NA, UNKNOWN): UNKNOWN, (NA, ASK): ASK,
    (UNMET, UNMET): UNMET, (UNMET, UNKNOWN): UNKNOWN, (UNMET, ASK): ASK,
    (UNKNOWN, UNKNOWN): UNKNOWN, (UNKNOWN, ASK): ASK, (ASK, ASK): ASK,
}  # fmt: skip


def made(outcome: Outcome) -> Check:
    return does_not_apply("x") if outcome is NA else Check(outcome, {}, {}, None if outcome.good else "x")


@pytest.mark.parametrize(("a", "b"), list(product(Outcome, Outcome)))
def test_combines_outcomes_by_one_table(a: Outcome, b: Outcome) -> None:
    assert all_of(made(a), made(b)).outcome is ALL.get((a, b), ALL.get((b, a)))
    assert any_of(made(a), made(b)).outcome is ANY.get((a, b), ANY.get((b, a)))
    assert (made(a) & made(b)).outcome is all_of(made(a), made(b)).outcome
    assert (made(a) | made(b)).outcome is any_of(made(a), made(b)).outcome


def test_writes_every_pair_of_outcomes_into_the_tables() -> None:
    assert len(ALL) == len(ANY) == len(Outcome) * (len(Outcome) + 1) // 2


def test_joins_the_remedies_of_open_parts_only() -> None:
    open_part = holds(False, "x", by=wait_until(date(2005, 1, 1)))
    both = all_of(holds(True, "y"), open_part, does_not_apply("z"))
    assert both.remedy == Every((open_part.remedy,))
    assert any_of(open_part, holds(False, "y", by=never("no"))).remedy == Either((open_part.remedy, never("no")))
    assert any_of(open_part, holds(True, "y")).remedy == Every()


def test_reaches_a_least_amount_on_the_number_itself() -> None:
    def by(n: int) -> Do:
        return enter(Withdrawn, by=f"{n}")

    assert at_least(exactly(80, "hours"), 80, by=by).outcome is MET
    short = at_least(exactly(79, "hours"), 80, by=by)
    assert (short.outcome, short.missing, short.who) == (UNMET, exactly(1, "hours"), ("1",))
    straddling = at_least(Quantity(79, 80, "hours"), 80, by=by, settle=wait_until(date(2005, 1, 1)))
    assert (straddling.outcome, straddling.missing) == (UNKNOWN, exactly(1, "hours"))
    assert isinstance(straddling.remedy, Either)
    assert len(straddling.remedy.of) == 2
    assert at_least(Quantity(78, 79, "hours"), 80, by=by).outcome is UNMET
    assert at_least(Quantity(80, 99, "hours"), 80, by=by).outcome is MET


def test_opens_and_closes_on_the_day_itself() -> None:
    day, before, after = date(2005, 1, 10), date(2005, 1, 9), date(2005, 1, 11)
    assert not_before(day, day, what="x").outcome is MET
    assert not_before(day, after, what="x").remedy == wait_until(after)
    assert not_after(day, day, what="x").outcome is MET
    assert not_after(day, before, what="x").remedy == never("x")


def test_does_not_call_an_unknown_remedy_nothing_to_do() -> None:
    assert holds(False, "x").remedy == Either()
    assert holds(None, "x").outcome is UNKNOWN
    assert each([], none="nothing there").outcome is NA
    assert all_of().outcome is NA
