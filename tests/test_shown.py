"""Every intervention shows in status, history, path, letter and audit, in words that say who, why and until when."""

from collections.abc import Callable
from datetime import date

import pytest

from candidacy import (
    CertificationRequested,
    Count,
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
from candidacy.cli import show
from candidacy.cli.remaining import told as path_told
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
    "move": (moved, 10, "move to another edition of 2006: from 2005-09-15 on, by g1.o, because of memo-1",
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
    assert any(line in text for text in show.status(world.engine.status("g1")))
    assert any(line in text for text in show.audit(audit(ledger, registry), registry))
    history = "\n".join(show.history(ledger.of_case("g1"), registry))
    assert f"{newest.version:>4}  2005-09-15  {show.short(newest.type_name)}: accepted" in history
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


def test_a_suspension_that_is_over_is_told_with_its_end() -> None:
    world = World.begin().ready()
    suspended(world)
    end: Event = Resumed(Id("s1"))
    world.enter("2005-09-20", "o", end)
    assert [i.kind for i in world.engine.status("g1").interventions] == ["suspension", "resumption"]
