"""What changed from one size of a ledger to another, case by case: neither more nor less than the records in between."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import (
    CertificationRequested,
    Count,
    DecisionAffirmed,
    DecisionVoided,
    Diff,
    EditionMoved,
    FactVoided,
    How,
    Id,
    InputError,
    SqliteLedger,
    Status,
    UnknownCaseError,
    WaiverGranted,
    diff,
    statuses,
)
from candidacy.cli.inquiry import changed
from gadgets import Trained, World
from support import cli


def between(world: World, since: int, to: int | None = None) -> Any:
    """What changed in the one case; record and version are the same number, since it is alone."""
    (case,) = diff(world.engine.ledger, since, to).cases
    return case


# --- by hand


def test_tells_of_a_case_that_goes_on() -> None:
    world = World.begin().ready()  # records 1 to 7; the plan is approved by record 4
    case = between(world, 3, 5)
    assert (case.case, case.before, case.after) == ("g1", "planning", "developing")
    assert [(a.index, a.version, a.type_name, a.act, a.day, a.decision, a.person) for a in case.added] == [
        (4, 4, "candidacy.plan_approved.1", True, "2005-04-01", "accepted", "g1.b"),
        (5, 5, "gadgets.trained.1", False, "2005-05-02", "accepted", "g1.c"),
    ]
    assert case.added[0].recorded_at == "2005-04-01T12:00:00.000000Z"
    assert (case.began, case.moved, case.edition_before, case.edition_after) == (False, True, "gadgets/2005", "gadgets/2005")
    assert (case.interventions, case.taken_back, case.refusing, case.unsettled, case.settled) == ((), (), (), (), ())


def test_leaves_out_the_record_of_then_and_takes_in_that_of_now() -> None:
    ledger = World.begin().ready().engine.ledger
    for since, to, added in (
        (4, 5, [5]),
        (4, 4, []),
        (3, 4, [4]),
        (0, 1, [1]),
        (0, 7, [1, 2, 3, 4, 5, 6, 7]),
        (7, 7, []),
        (6, 7, [7]),
    ):
        found = diff(ledger, since, to)
        assert [a.index for case in found.cases for a in case.added] == added
        assert found.totals["records"] == len(added)
    assert diff(ledger, 2) == diff(ledger, 2, 7)


def test_tells_of_a_case_that_begins() -> None:
    case = between(World.begin().developing(), 0)
    assert (case.before, case.after, case.began, case.moved) == ("", "developing", True, False)
    assert case.edition_before == ""
    assert between(World.begin().developing(), 1).began is False


def test_names_what_refuses_for_the_first_time() -> None:
    world = World.begin().developing()  # 4 records
    world.enter("2005-05-01", "c", CertificationRequested(), expect=False)  # 5: hours, the half year, the details
    world.enter("2005-05-02", "c", CertificationRequested(), expect=False)  # 6: the same
    rules = ["gadgets.enough_hours", "gadgets.after_half_a_year", "statute.thirty_days_elsewhere"]
    found = between(world, 4)
    assert [(r.type_name, r.rule, r.outcome, r.index) for r in found.refusing] == [
        ("candidacy.certification_requested.1", rule, "unmet", 5) for rule in rules
    ]
    assert between(world, 5).refusing == ()
    assert between(world, 4, 5).refusing == found.refusing
    world.enter("2006-06-01", "c", CertificationRequested(), expect=False)  # 7: the year is over; hours and details as before
    assert [(r.rule, r.index) for r in between(world, 6).refusing] == [("gadgets.within_a_year", 7)]
    assert diff(world.engine.ledger, 4).totals == {
        "records": 3, "accepted": 0, "refused": 3, "cases": 1, "begun": 0, "moved": 0, "interventions": 0, "newly_refusing": 4,
        "unsettled": 0, "settled": 0,
    }  # fmt: skip


def test_tells_what_has_become_unsettled_and_what_was_settled() -> None:
    world = World.begin().certified()  # 12 records; the request (8) rests on the hours (5)
    world.enter("2005-12-02", "o", FactVoided(5, Id("paper-1")))  # 13
    voided = between(world, 12)
    assert voided.unsettled == (8,)
    assert [(i.kind, i.about, i.reason) for i in voided.interventions] == [("fact voided", ("5",), "paper-1")]
    world.enter("2005-12-05", "b", DecisionAffirmed(8, Id("paper-2")))  # 14
    affirmed = between(world, 13)
    assert (affirmed.unsettled, affirmed.settled) == ((), (8,))
    both = between(world, 12)
    assert (both.unsettled, both.settled) == ((), ())
    assert [i.kind for i in both.interventions] == ["fact voided", "decision affirmed"]
    assert diff(world.engine.ledger, 13).totals["settled"] == 1


def test_tells_of_a_correction() -> None:
    world = World.begin().ready()  # 7 records
    world.enter("2005-05-02", "c", Trained(Count(12)), at="2005-07-01", how=How(corrects=5))
    assert [(i.kind, i.about) for i in between(world, 7).interventions] == [("fact corrected", ("5",))]


def test_tells_what_was_taken_back_since() -> None:
    world = World.begin().developing()
    world.enter("2005-05-02", "b", WaiverGranted("gadgets.enough_hours", Id("paper"), until=date(2005, 12, 31)))  # 5
    world.enter("2005-05-03", "b", DecisionVoided(5, Id("paper-2")))  # 6
    case = between(world, 5)
    assert [(i.kind, i.version, i.gone) for i in case.taken_back] == [("waiver", 5, 6)]
    assert [i.kind for i in case.interventions] == ["decision voided"]
    whole = between(world, 4)
    assert whole.taken_back == ()
    assert [(i.kind, i.gone) for i in whole.interventions] == [("waiver", 6), ("decision voided", 0)]


def test_tells_of_a_move_to_another_edition() -> None:
    world = World.begin().developing()
    world.enter("2005-05-02", "o", EditionMoved(Id("2006"), Id("paper")))
    case = between(world, 4)
    assert (case.before, case.after, case.edition_before, case.edition_after) == (
        "developing",
        "developing",
        "gadgets/2005",
        "gadgets/2006",
    )
    assert case.moved
    assert "case g1: developing, gadgets/2005 -> gadgets/2006" in changed(diff(world.engine.ledger, 4))


def test_tells_of_one_case_alone() -> None:
    world = World.begin().developing()
    assert [c.case for c in diff(world.engine.ledger, 1, case="g1").cases] == ["g1"]
    assert diff(world.engine.ledger, 4, case="g1").cases == ()
    with pytest.raises(UnknownCaseError):
        diff(world.engine.ledger, 1, case="g2")


# --- all of a ledger, against statuses of two ledgers cut off


def stood(path: Path, at: int) -> dict[str, Status]:
    with SqliteLedger(path, read_only=True) as ledger:
        return {s.case: s for s in statuses(r for r in ledger.records() if r.index <= at)}


def unlike(found: Diff, then: dict[str, Status], now: dict[str, Status], records: Iterable[Any]) -> list[str]:
    """The cases of which something else is told than two readings of the whole tell."""
    told = {case.case: case for case in found.cases}
    wrong = []
    for name in sorted(now.keys() | told.keys()):
        before, after, case = then.get(name), now.get(name), told.get(name)
        added = [r["index"] for r in records if r.get("case") == name and found.since < r["index"] <= found.to]
        if case is None or after is None:
            wrong += [name] * bool(added or case)
            continue
        expected = (
            before.state if before else "", after.state, added, after.records - (before.records if before else 0), after.refused - (before.refused if before else 0),
            [i for i in after.interventions if i.record > found.since], set(after.unsettled) - set(before.unsettled if before else ()),
        )  # fmt: skip
        said = (
            case.before, case.after, [a.index for a in case.added], len(case.added), sum(a.decision == "refused" for a in case.added),
            list(case.interventions), set(case.unsettled),
        )  # fmt: skip
        wrong += [name] * (expected != said)
    return wrong


@pytest.fixture(scope="module")
def records(demo_file: Path) -> list[Any]:
    return [json.loads(line) for line in cli("export", str(demo_file)).stdout.splitlines()]


@pytest.mark.parametrize(("since", "to"), [(0, 907), (0, 1), (100, 101), (133, 500), (450, 460), (700, 907), (907, 907)])
def test_says_of_every_case_what_two_readings_say(demo_file: Path, records: list[Any], since: int, to: int) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        found = diff(ledger, since, to)
    then, now = stood(demo_file, since), stood(demo_file, to)
    assert unlike(found, then, now, records) == []
    assert found.totals["records"] == to - since


def test_would_see_a_record_too_many_or_another_stage(demo_file: Path, records: list[Any]) -> None:
    """Teeth."""
    with SqliteLedger(demo_file, read_only=True) as ledger:
        found, longer = diff(ledger, 100, 200), diff(ledger, 99, 200)
    then, now = stood(demo_file, 100), stood(demo_file, 200)
    assert unlike(attrs.evolve(longer, since=100), then, now, records)
    first = found.cases[0]
    assert unlike(attrs.evolve(found, cases=(attrs.evolve(first, after="elsewhere"), *found.cases[1:])), then, now, records) == [
        first.case
    ]
    assert unlike(attrs.evolve(found, cases=found.cases[1:]), then, now, records) == [first.case]


def test_adds_up(demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        parts, whole = [diff(ledger, 0, 333), diff(ledger, 333, 907)], diff(ledger, 0)
    for name in ("records", "accepted", "refused", "begun", "interventions", "newly_refusing"):
        assert sum(part.totals[name] for part in parts) == whole.totals[name], name
    assert whole.totals["begun"] == 46


# --- wrong, and printed


@pytest.mark.parametrize(
    ("since", "to", "paths"),
    [
        (0, 4, []), (4, 4, []), (0, 5, ["to"]), (5, 5, ["from", "to"]), (-1, 4, ["from"]), (-1, 99, ["from", "to"]), (3, 2, ["to"]), (True, 4, ["from"]),
    ],
)  # fmt: skip
def test_says_everything_that_is_asked_for_wrongly(since: int, to: int, paths: list[str]) -> None:
    ledger = World.begin().developing().engine.ledger
    found = []
    try:
        diff(ledger, since, to)
    except InputError as wrong:
        found = [p.path for p in wrong.problems]
    assert found == paths


def test_prints_it_as_text_and_json(demo_file: Path) -> None:
    text, data = (cli("diff", str(demo_file), "--from", "100", "--to", "115", *more) for more in ((), ("--json",)))
    assert text.returncode == data.returncode == 0
    found = json.loads(data.stdout)
    assert (found["from"], found["to"], found["totals"]["records"]) == (100, 115, 15)
    for case in found["cases"]:
        assert f"case {case['case']}: " in text.stdout
        for added in case["added"]:
            assert f"  record {added['index']}: " in text.stdout
    assert "newly refuses program completed: " in text.stdout
    assert found["totals"]["refused"] == 1
    same = cli("diff", str(demo_file), "--from", "100", "--to", "100")
    assert (same.returncode, same.stdout.count("\n")) == (0, 1)
    assert cli("diff", str(demo_file), "--from", "100", "--to", "99").returncode == 2
    assert cli("diff", str(demo_file), "--from", "100", "--case", "nobody").returncode == 2
    assert json.loads(cli("diff", str(demo_file), "--from", "0", "--case", "hhs-001", "--json").stdout)["totals"]["cases"] == 1


def test_prints_what_became_of_acts_and_interventions() -> None:
    world = World.begin().certified()
    world.enter("2005-12-02", "o", FactVoided(5, Id("paper-1")))
    lines = list(changed(diff(world.engine.ledger, 12)))
    assert "  intervention: fact voided of version 5: from 2005-12-02 on, by g1.o, because of paper-1 (version 13)" in lines
    assert "  unsettled since: the act of version 8" in lines
    assert lines[-1].startswith("in all: records 1, accepted 1, refused 0, ")
