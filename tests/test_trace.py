"""From an outcome to its findings, to the facts they rest on, to the citation: by hand, and for every record of the demonstration."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import (
    Case,
    CertificationRequested,
    Count,
    DecisionAffirmed,
    FactVoided,
    Ground,
    How,
    Id,
    InputError,
    Record,
    Registry,
    Removed,
    SqliteLedger,
    Trace,
    UnknownCaseError,
    fold,
    trace,
)
from candidacy._trace import _Tracing
from candidacy.cli.inquiry import traced as told
from candidacy.folding import unread
from gadgets import FIRST, Trained, World
from gadgets import registry as gadgets
from support import cli


def traced(world: World, record: int | None = None, *, deep: bool = False) -> Trace:
    """Record and version are the same number, since the case is alone in its ledger."""
    return trace(world.engine.ledger, "g1", record=record, deep=deep, registry=world.engine.registry)


def finding(found: Trace, rule: str) -> Any:
    return next(f for f in found.outcome.findings if f.said.rule == rule)


# --- by hand


def test_goes_from_the_act_that_put_the_case_there_to_a_fact_who_entered_it_and_when() -> None:
    world = World.begin().certified()
    world.enter("2005-12-10", "c", Trained(Count(1)))  # a later fact, which is not what put the case there
    found = traced(world)
    assert (found.state, found.asked, found.outcome.record.index, found.further) == ("certified", False, 12, ())
    desk = finding(found, "gadgets.desk_is_known")
    assert (desk.said.requirement, str(desk.citation), desk.refuses) == (
        "The candidate's desk is recorded.",
        "Gadgets manual, line 5 (G-5)",
        False,
    )
    assert desk.authority.title == "Gadgets manual"
    assert desk.rests_on == (
        Ground(
            index=11, version=11, type_name="gadgets.desk_recorded.1", content={"person": "g1.c", "desk": "desk-1"}, day=date(2005, 11, 2),
            person="g1.o", identified="asserted", on_behalf_of="", recorded_at="2005-11-02T12:00:00.000000Z",
        ),
    )  # fmt: skip
    (stage,) = finding(found, "candidacy.lifecycle").rests_on
    assert (stage.version, stage.type_name, stage.act) == (10, "candidacy.candidate_graduated.1", True)
    assert found.outcome.stands_on == ()  # nothing that no finding shows
    assert [g.version for g in finding(found, "candidacy.role").rests_on] == [1]


def test_tells_a_refusal_what_refuses_first() -> None:
    world = World.begin().developing()
    world.enter("2005-05-02", "c", Trained(Count(7)))  # 5
    world.enter("2005-06-01", "c", CertificationRequested(), expect=False)  # 6
    found = traced(world, 6)
    assert (found.asked, found.outcome.record.accepted, found.state) == (True, False, "developing")
    words = [(f.said.rule, f.refuses) for f in found.outcome.findings]
    assert words[:3] == [
        ("gadgets.enough_hours", True),
        ("gadgets.after_half_a_year", True),
        ("statute.thirty_days_elsewhere", True),
    ]
    assert not any(refuses for _, refuses in words[3:])
    hours = finding(found, "gadgets.enough_hours")
    assert [g.version for g in hours.rests_on] == [5]
    assert "found 7 hours; needs at least 10 hours; missing 3 hours" in hours.said.told
    assert traced(world).outcome.record.index == 4  # the case stands where the approval of the plan put it


def test_tells_what_has_become_of_a_fact_and_that_the_decision_waits() -> None:
    world = World.begin().certified()
    world.enter("2005-05-02", "c", Trained(Count(20)), at="2005-12-05", how=How(corrects=5))  # 13
    found = traced(world, 8)
    (hours,) = finding(found, "gadgets.enough_hours").rests_on
    assert (hours.version, hours.since, found.outcome.unsettled) == (5, "corrected by version 13", True)
    assert not traced(world, 12).outcome.unsettled
    world.enter("2005-12-06", "b", DecisionAffirmed(8, Id("paper")))  # 14
    again = traced(world, 8).outcome
    assert (again.unsettled, again.since) == (False, "affirmed by version 14")
    affirmation = traced(world, 14)
    affirmed = next(g for f in affirmation.outcome.findings for g in f.rests_on if g.version == 8)
    assert (affirmed.act, affirmed.since) == (True, "affirmed by version 14")


def test_tells_of_a_voided_fact_in_words() -> None:
    world = World.begin().certified()
    world.enter("2005-12-05", "o", FactVoided(11, Id("paper")))
    lines = list(told(traced(world), None, everything=False))
    assert "  unsettled: something that it rests on was voided or corrected; it waits to be affirmed or voided" in lines
    assert "        voided by version 13" in [line.removeprefix("  ") for line in lines]


def test_names_the_request_that_an_act_of_two_people_confirms() -> None:
    world = World.begin().developing()
    world.enter("2005-06-01", "o", Removed(), how=How(request=True))  # 5
    world.enter("2005-06-02", "b", Removed(), how=How(confirms=5))  # 6
    found = traced(world)
    assert found.outcome.record.index == 6
    (request,) = [g for g in finding(found, "candidacy.two_people").rests_on if g.version == 5]
    assert (request.act, request.since) == (True, "confirmed by version 6")


def test_names_what_an_act_rests_on_although_no_finding_shows_it(registry: Registry) -> None:
    world = World.begin().developing()
    records = world.engine.ledger.of_case("g1")
    data = json.loads(records[3].raw)
    data["findings"] = [{k: v for k, v in f.items() if k != "rests_on"} for f in data["findings"]]
    silent = [*records[:3], Record.make(data)]
    assert [g.version for g in _Tracing(silent, gadgets()).traced(4).stands_on] == [3]
    assert list(unlike(silent, gadgets())) == []
    assert [g.version for g in _Tracing(records, gadgets()).traced(4).stands_on] == []


def test_goes_on_with_each_act_once() -> None:
    found = traced(World.begin().certified(), deep=True)
    versions = [t.record.version for t in found.all]
    assert versions[:2] == [12, 10]
    assert sorted(versions) == [1, 2, 3, 4, 8, 9, 10, 12]
    lines = list(told(found, None, everything=False))
    assert sum(line.startswith("record ") for line in lines) == 8
    assert not any("--deep" in line for line in lines)
    shallow = list(told(traced(World.begin().certified()), None, everything=False))
    assert sum(line.startswith("record ") for line in shallow) == 1
    assert any("an act: see record 10 (--deep goes on with it)" in line for line in shallow)


def test_leaves_out_what_does_not_apply_and_says_how_much(demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        record = next(
            r for r in ledger.records() if r.index and r.is_act and any(f.outcome == "not applicable" for f in r.findings)
        )
    of = sum(f.outcome == "not applicable" for f in record.findings)
    asked = ("trace", str(demo_file), record.case, "--record", str(record.index))
    short, everything = cli(*asked).stdout, cli(*asked, "--all").stdout
    assert ": not applicable" not in short.replace("not applicable: ", ": not applicable")
    assert f"  {of} requirement{'s' * (of > 1)} that do" in short
    assert everything.count("not applicable: ") == of
    assert "--all" not in everything


# --- without the plugin, or with another revision of it


def test_needs_no_plugin_and_says_what_is_missing() -> None:
    world = World.begin().certified()
    found = trace(world.engine.ledger, "g1", registry=Registry({}))
    assert found.outcome.installed == 0
    desk = finding(found, "gadgets.desk_is_known")
    assert (desk.said.requirement, desk.said.citation, desk.citation, desk.authority) == ("gadgets.desk_is_known", "", None, None)
    assert [g.version for g in desk.rests_on] == [11]
    assert "  judged by gadgets/2005 revision 1; it is not installed, so that requirements and citations cannot be shown" in list(
        told(found, None, everything=False)
    )


def test_says_so_where_words_are_those_of_another_revision() -> None:
    world = World.begin().certified()
    found = trace(world.engine.ledger, "g1", registry=gadgets(attrs.evolve(FIRST, revision=2)))
    assert found.outcome.installed == 2
    assert any("requirements and citations are those of revision 2" in line for line in told(found, None, everything=False))
    assert not any("are those of revision" in line for line in told(traced(world), None, everything=False))


# --- every record of the demonstration, against the stored bytes and what is folded of them


@pytest.fixture(scope="module")
def cases(demo_file: Path) -> list[list[Record]]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        return list(ledger.by_case())


def unlike(records: list[Record], registry: Registry, traces: Iterable[Any] | None = None) -> Iterator[int]:
    """Records whose trace does not show what the record names, or acts that rest on other entries than the fold says."""
    tracing = _Tracing(records, registry)
    stored = {r.version: json.loads(r.raw) for r in records}
    for one in traces if traces is not None else (tracing.traced(r.version) for r in records):
        data = stored[one.record.version]
        named = sorted((f["rule"], tuple(f.get("rests_on", ()))) for f in data["findings"])
        shown = sorted((f.said.rule, tuple(g.version for g in f.rests_on)) for f in one.findings)
        entries = [g for f in one.findings for g in f.rests_on]
        true = all(
            (g.day.isoformat(), g.person, g.recorded_at, g.content)
            == (
                stored[g.version]["day"],
                stored[g.version]["actor"]["person"],
                stored[g.version]["recorded_at"],
                stored[g.version]["payload"],
            )
            for g in entries
        )
        decided = fold(records[: one.record.version], Case(), unread).decided(one.record.version)
        rests_on = {g.version for g in (*entries, *one.stands_on)}
        if named != shown or not true or (decided is not None and decided.rests_on != rests_on):
            yield one.record.index


def test_shows_of_every_record_all_that_it_rests_on_and_nothing_else(cases: list[list[Record]], registry: Registry) -> None:
    assert sum(map(len, cases)) == 907
    assert [index for records in cases for index in unlike(records, registry)] == []


def test_would_see_an_entry_left_out_or_told_otherwise(cases: list[list[Record]], registry: Registry) -> None:
    """Teeth."""
    records = next(c for c in cases if c[0].case == "commerce-002")
    one = _Tracing(records, registry).traced(records[-1].version)
    n, full = next((n, f) for n, f in enumerate(one.findings) if len(f.rests_on) > 1)

    def other(grounds: tuple[Ground, ...]) -> Any:
        return attrs.evolve(one, findings=(*one.findings[:n], attrs.evolve(full, rests_on=grounds), *one.findings[n + 1 :]))

    ground = full.rests_on[0]
    assert list(unlike(records, registry, [one])) == []
    for changed in (
        other(full.rests_on[1:]),
        other((attrs.evolve(ground, person="somebody.else"), *full.rests_on[1:])),
        other((attrs.evolve(ground, day=date(2000, 1, 1)), *full.rests_on[1:])),
        attrs.evolve(one, stands_on=(attrs.evolve(ground, version=8),)),
    ):
        assert list(unlike(records, registry, [changed])) == [one.record.index]


# --- what cannot be, or is out of the ordinary


def altered(world: World, version: int, **changes: Any) -> list[Record]:
    """The records of the case, of which one is not what it was."""
    records = world.engine.ledger.of_case("g1")
    data = json.loads(records[version - 1].raw)
    for name, value in changes.items():
        if name == "rests_on":
            next(f for f in data["findings"] if f["rule"] == "gadgets.desk_is_known")["rests_on"] = value
        else:
            data[name] = value
    return [*records[: version - 1], Record.make(data), *records[version:]]


def notes(records: list[Record]) -> tuple[Any, list[str]]:
    one = _Tracing(records, gadgets()).traced(12)
    (desk,) = [f for f in one.findings if f.said.rule == "gadgets.desk_is_known"]
    return desk, [note for ground in desk.rests_on for note in ground.notes]


def test_says_what_is_out_of_the_ordinary_and_nothing_otherwise() -> None:
    world = World.begin().certified()
    world.enter("2005-12-05", "o", FactVoided(5, Id("paper")))  # 13
    assert notes(altered(world, 12)) == (notes(altered(world, 12))[0], [])
    cannot_be = "recorded after what rests on it, which cannot be: `candidacy audit` says more"
    assert notes(altered(world, 12, rests_on=[13]))[1] == [cannot_be, "takes effect only after the day of what rests on it"]
    assert notes(altered(world, 12, rests_on=[12]))[1] == ["this record itself"]
    assert notes(altered(world, 12, rests_on=[99, 11]))[0].missing == (99,)
    assert notes(altered(world, 11, day="2005-12-01"))[1] == []
    assert notes(altered(world, 11, day="2005-12-02"))[1] == ["takes effect only after the day of what rests on it"]
    set_back = "recorded before what rests on it, though at a later instant: a clock was set back between them"
    assert notes(altered(world, 11, recorded_at="2005-12-01T12:00:00.000000Z"))[1] == []
    assert notes(altered(world, 11, recorded_at="2005-12-01T12:00:00.000001Z"))[1] == [set_back]
    assert notes(altered(world, 11, decision="refused"))[1] == [
        "refused, and so never entered, which cannot be: `candidacy audit` says more"
    ]


def test_tells_for_whom_an_entry_was_made_and_that_it_was_only_attested() -> None:
    world = World.begin().certified()
    actor = {"person": "g1.x", "identified": "by-badge", "on_behalf_of": "g1.o"}
    plain, (changed,) = traced(world), altered(world, 11, actor=actor)[10:11]
    data = json.loads(changed.raw)
    data["findings"] = [*data["findings"], {"rule": "candidacy.attested", "outcome": "not applicable"}]
    records = [*altered(world, 11)[:10], Record.make(data), *altered(world, 11)[11:]]
    one = _Tracing(records, gadgets()).traced(12)
    (ground,) = next(f for f in one.findings if f.said.rule == "gadgets.desk_is_known").rests_on
    assert (ground.person, ground.identified, ground.on_behalf_of, ground.attested) == ("g1.x", "by-badge", "g1.o", True)
    said = "        entered by g1.x for g1.o (by-badge), attested, known since 2005-11-02T12:00:00.000000Z"
    assert said in [line.removeprefix("  ") for line in told(attrs.evolve(plain, outcome=one), None, everything=False)]
    assert not any("attested" in line for line in told(plain, None, everything=False))


# --- wrong, and printed


def test_says_what_is_asked_for_wrongly() -> None:
    world = World.begin().developing()
    with pytest.raises(UnknownCaseError, match="found the case nobody"):
        trace(world.engine.ledger, "nobody", registry=world.engine.registry)
    for index in (0, 5, -1):
        with pytest.raises(InputError, match=f"found {index}, which is no record of the case"):
            traced(world, index)
    assert traced(world, 4).outcome.record.index == 4


def test_says_so_where_nothing_has_put_the_case_anywhere() -> None:
    world = World()
    from candidacy import CandidateSelected, RoleName, RoleNamed

    nobody = (RoleNamed(Id("g1.o"), RoleName("guest")), RoleNamed(Id("g1.c"), RoleName("candidate")))
    world.enter("2005-03-01", "o", CandidateSelected(Id("gadgets"), Id("spring"), nobody), expect=False)
    with pytest.raises(InputError, match="found a case that no accepted act has put anywhere; needed --record"):
        traced(world)
    assert traced(world, 1).outcome.record.word == "refused"


def test_prints_it_as_text_and_json(demo_file: Path) -> None:
    text, data = (cli("trace", str(demo_file), "commerce-002", *more) for more in ((), ("--json",)))
    assert text.returncode == data.returncode == 0
    found = json.loads(data.stdout)
    outcome = found["outcome"]
    assert (found["state"], outcome["record"]["type"], outcome["unsettled"]) == (
        "completed",
        "candidacy.program_completed.1",
        False,
    )
    assert text.stdout.startswith(
        f"case commerce-002, completed: why it stands there\n\nrecord {outcome['index']}, accepted: program completed on 2006-09-26"
    )
    assert f"  leaf hash {outcome['leaf']}" in text.stdout
    days = next(f for f in outcome["findings"] if f["rule"] == "commerce.one_hundred_and_twenty_days_of_assignments")
    assert days["citation"] in text.stdout
    for ground in days["rests_on"]:
        assert f"record {ground['index']}: " in text.stdout
        assert f"known since {ground['recorded_at']}" in text.stdout
    assert "cited" not in found
    assert cli("trace", str(demo_file), "commerce-999").returncode == 2
    assert cli("trace", str(demo_file), "commerce-002", "--record", "1").returncode == 2
