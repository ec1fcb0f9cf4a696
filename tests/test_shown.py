"""Every intervention shows in status, history, path, letter and audit, in words that say who, why and until when."""

from collections.abc import Callable
from datetime import date

import pytest

from candidacy import (
    CandidateEnrolled,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    EditionMoved,
    Event,
    ExtensionGranted,
    FactVoided,
    How,
    Id,
    OverrideGranted,
    Resumed,
    Suspended,
    WaiverGranted,
    audit,
    letter,
    path,
)
from candidacy._letter import told as letter_told
from candidacy._path_told import told as path_told
from candidacy._status_told import told as status_told
from candidacy._words import short
from candidacy.cli import audited, show
from gadgets import World

MEMO = Id("memo-1")
REQUEST = CertificationRequested.type_name
OVERRIDE = OverrideGranted(Id(REQUEST), (Id("gadgets.enough_hours"),), MEMO, date(2005, 12, 31))


def waived(world: World) -> None:
    world.enter("2005-09-15", "b", WaiverGranted(Id("gadgets.enough_hours"), MEMO, date(2005, 12, 31)))


def extended(world: World) -> None:
    world.enter("2005-09-15", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), MEMO))


def suspended(world: World) -> None:
    world.enter("2005-09-15", "o", Suspended(Id("s1")))


def overridden(world: World) -> None:
    world.enter("2005-09-15", "o", OVERRIDE, how=How(request=True))
    world.enter("2005-09-15", "b", OVERRIDE, how=How(confirms=8))


def moved(world: World) -> None:
    world.enter("2005-09-15", "o", EditionMoved(Id("2006"), MEMO))


def undermined(world: World) -> None:
    world.enter("2005-09-14", "c", CertificationRequested())
    world.enter("2005-09-15", "o", FactVoided(Count(5), MEMO))


SHOWN = {
    "waiver": (waived, 10, "waiver of gadgets.enough_hours until 2005-12-31: from 2005-09-15 on, by g1.b, because of memo-1",
               "waived until 31 December 2005 by entry 8: Enough hours of training."),
    "extension": (extended, 10, "extension of a-year until 2006-06-30: from 2005-09-15 on, by g1.b, because of memo-1",
                  "extended until 30 June 2006 by entry 8: a-year"),
    "suspension": (suspended, 10, "suspension of s1: from 2005-09-15 on, by g1.o", "suspended by entry 8: s1"),
    "override": (overridden, 8, f"override of {REQUEST}, gadgets.enough_hours until 2005-12-31: from 2005-09-15 on, by g1.b, because of memo-1",
                 "overridden until 31 December 2005 by entry 9: Enough hours of training."),
    "move": (moved, 10, "move to another edition named 2006: from 2005-09-15 on, by g1.o, because of memo-1",
             "moved to another edition by entry 8: 2006"),
    "fact voided": (undermined, 10, "fact voided of version 5: from 2005-09-15 on, by g1.o, because of memo-1",
                    "unsettled: entry 8 rests on what was found to be wrong; it is to be affirmed or taken back"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHOWN)
def test_shows_everywhere(kind: str) -> None:
    departs, hours, line, on_the_path = SHOWN[kind]
    world = World.begin().ready(hours=hours)
    departs(world)
    ledger, registry = world.engine.ledger, world.engine.registry
    newest = ledger.of_case("g1")[-1]
    assert any(line in text for text in status_told(world.engine.status("g1")))
    assert any(line in text for text in audited.audit(audit(ledger, registry), registry))
    history = "\n".join(show.history(ledger.of_case("g1"), registry))
    assert f"{newest.version:>4}  2005-09-15  {short(newest.type_name)}: accepted" in history
    assert "memo-1" in history or kind == "suspension"
    case, edition = world.engine.case("g1", as_of=date(2005, 9, 20))
    found = path(case, edition, to="graduated", as_of=date(2005, 9, 20))
    assert f"  {on_the_path}" in list(path_told(found, edition, cite=False))
    about = "\n".join(letter_told(letter(world.engine, newest.index, as_of=date(2005, 9, 20)), {}))
    assert f"Entered by g1.{'o' if kind in {'suspension', 'move', 'fact voided'} else 'b'}" in about


@pytest.mark.parametrize("departs", [waived, overridden])
def test_a_letter_says_what_was_waived_and_by_which_entry(departs: Callable[[World], None]) -> None:
    world = World.begin().ready(hours=8)
    departs(world)
    answer = world.enter("2005-10-03", "c", CertificationRequested())
    text = "\n".join(letter_told(letter(world.engine, answer.record.index, as_of=date(2005, 10, 4)), {}))
    assert "  What was waived, and by which entry:" in text
    assert "found 8 hours" in text
    assert "until 2005-12-31" in text


def test_what_waits_at_the_end_of_a_case_shows_wherever_somebody_would_look() -> None:
    from candidacy import cohort, due, statuses

    world = World.begin().certified()
    world.enter("2005-12-05", "o", FactVoided(Count(5), MEMO))
    on = date(2005, 12, 6)
    (row,) = due(world.engine, as_of=on)
    assert (row.role, row.first, row.rule) == ("board", on, "candidacy.settled")
    assert "affirm or take back version 8" in row.what
    (done,) = cohort(world.engine, "gadgets", as_of=on).finished
    assert done.standing == "reached, unsettled"
    assert any("certified (unsettled)" in line for line in show.cohort(statuses(world.engine.ledger.records())))
    case, edition = world.engine.case("g1", as_of=on)
    told = list(path_told(path(case, edition, as_of=on), edition, cite=False))
    assert told[-1] == "  But unsettled: entry 8 rests on what was found to be wrong; it is to be affirmed or taken back"


def test_the_path_says_of_an_act_that_takes_two_people_who_asks_for_it() -> None:
    import gadgets as g
    from candidacy import PlanApproved, PlanSubmitted

    world = World.begin(g.edition(two_people={PlanApproved: ("office",), OverrideGranted: ("office",)}))
    world.enter("2005-03-02", "o", CandidateEnrolled())
    world.enter("2005-03-10", "c", PlanSubmitted(Id("p1")))
    on = date(2005, 3, 11)
    case, edition = world.engine.case("g1", as_of=on)
    found = path(case, edition, to="developing", as_of=on)
    assert [s.asked_by for s in found.plan] == [("office",)]
    text = "\n".join(path_told(found, edition, cite=False))
    assert "(asked for first by office, entered by another person)" in text
    world.enter("2005-03-11", "o", PlanApproved(Id("p1")), how=How(request=True))
    case, edition = world.engine.case("g1", as_of=on)
    assert [s.asked_by for s in path(case, edition, to="developing", as_of=on).plan] == [()]


def test_a_letter_about_a_request_says_that_nothing_has_changed() -> None:
    world = World.begin().ready(hours=8)
    overridden(world)
    asked, confirmed = world.engine.ledger.of_case("g1")[-2:]
    text = "\n".join(letter_told(letter(world.engine, asked.index, as_of=date(2005, 9, 20)), {}))
    assert "  It was asked for. Nothing has changed yet: another person has to enter it." in text
    assert "  Since then: confirmed by version 9." in text
    text = "\n".join(letter_told(letter(world.engine, confirmed.index, as_of=date(2005, 9, 20)), {}))
    assert "Since then" not in text


def test_a_letter_about_an_affirmation_says_what_stands_although() -> None:
    world = World.begin().certified()
    world.enter("2005-12-05", "o", FactVoided(Count(5), MEMO))
    affirmed = world.enter("2005-12-06", "b", DecisionAffirmed(Count(8), MEMO))
    text = "\n".join(letter_told(letter(world.engine, affirmed.record.index, as_of=date(2005, 12, 7)), {}))
    assert "    about: certification requested of 3 October 2005, version 8 of the case" in text
    assert "  What the rules say of it now, although it is affirmed:\n    i advice, unmet: Enough hours of training." in text


def test_a_letter_before_the_case_began_does_not_say_that_it_is_closed() -> None:
    world = World.begin()
    text = "\n".join(letter_told(letter(world.engine, 1, as_of=date(2005, 1, 1)), {}))
    assert "It cannot be told for that day." in text


def test_a_suspension_that_is_over_is_told_with_its_end() -> None:
    world = World.begin().ready()
    suspended(world)
    end: Event = Resumed(Id("s1"))
    world.enter("2005-09-20", "o", end)
    assert [i.kind for i in world.engine.status("g1").interventions] == ["suspension", "resumption"]
