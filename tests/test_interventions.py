"""Interventions: waivers, extensions, suspensions, overrides, two people. Each shows, none changes a rule of another authority."""

from datetime import date
from typing import Any

import attrs
import pytest

import gadgets as g
from candidacy import (
    CandidateAppointed,
    CandidateCertified,
    CandidateSelected,
    Case,
    CertificationRequested,
    Check,
    Count,
    DecisionVoided,
    DefinitionError,
    Discontinued,
    EditionMoved,
    ExtensionGranted,
    FactVoided,
    How,
    Id,
    InputError,
    OverrideGranted,
    Removed,
    Resumed,
    RoleGiven,
    RoleName,
    Suspended,
    WaiverGranted,
    audit,
    holds,
    path,
)
from candidacy._interventions import by_person, interventions
from gadgets import World, rules_of

MEMO = Id("memo-1")
REQUEST = Id(CertificationRequested.type_name)


def waiver(rule: str = "gadgets.enough_hours", until: str = "2005-10-31", **more: Any) -> WaiverGranted:
    return WaiverGranted(Id(rule), MEMO, date.fromisoformat(until), **more)


def override(*rules: str, until: str = "2005-12-31", act: str = REQUEST) -> OverrideGranted:
    return OverrideGranted(Id(act), tuple(map(Id, rules)), MEMO, date.fromisoformat(until))


# --- waivers


@pytest.mark.parametrize(
    ("day", "accepted"),
    [("2005-09-14", False), ("2005-09-15", True), ("2005-10-31", True), ("2005-11-01", False)],
)
def test_a_waiver_counts_from_its_day_to_its_last_day(day: str, accepted: bool) -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-09-15", "b", waiver(), at="2005-09-15")
    answer = world.enter(day, "c", CertificationRequested(), at=max(day, "2005-09-15"), expect=accepted)
    assert rules_of(answer, "waived" if accepted else "unmet") == ["gadgets.enough_hours"]


def test_what_is_waived_keeps_what_was_seen_and_names_the_waiver() -> None:
    world = World.begin().ready(hours=8)
    given = world.enter("2005-09-15", "b", waiver())
    answer = world.enter("2005-10-03", "c", CertificationRequested())
    (finding,) = [f for f in answer.findings if f.outcome == "waived"]
    assert finding.data["observed"] == {"found": [8, "hours"], "waiver": given.record.version, "until": "2005-10-31"}
    assert finding.data["required"] == {"at least": [10, "hours"]}
    assert finding.data["missing"] == [2, "hours"]
    assert given.record.version in finding.data["rests_on"]
    lines = world.engine.explain(answer)
    assert lines[:2] == [
        "✓ waived: Enough hours of training.",
        "    found 8 hours, until 2005-10-31, waiver 8; needs at least 10 hours; missing 2 hours",
    ]
    assert audit(world.engine.ledger, world.engine.registry).answer == "identical"


def test_a_waiver_for_one_act_lets_off_no_other() -> None:
    world = World.begin().ready(hours=8)
    refused = world.enter("2005-09-15", "b", waiver(act=Id(CandidateCertified.type_name)), expect=False)
    assert rules_of(refused, "unmet") == ["candidacy.waiving"]  # the rule does not stand before that act
    world.enter("2005-09-16", "b", waiver("gadgets.desk_is_known", act=Id(CandidateCertified.type_name)))
    world.enter("2005-10-03", "c", CertificationRequested(), expect=False)
    world.enter("2005-10-04", "b", waiver(act=REQUEST))
    world.enter("2005-10-05", "c", CertificationRequested())


def test_the_longer_of_two_waivers_is_named() -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-09-15", "b", waiver(until="2005-12-31"))
    world.enter("2005-09-16", "b", waiver(until="2005-10-31"))
    answer = world.enter("2005-10-03", "c", CertificationRequested())
    assert [f.data["observed"]["waiver"] for f in answer.findings if f.outcome == "waived"] == [8]


def test_a_waiver_that_was_voided_lets_off_nothing() -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-09-15", "b", waiver())
    world.enter("2005-09-16", "b", DecisionVoided(Count(8), MEMO))
    world.enter("2005-10-03", "c", CertificationRequested(), expect=False)


@pytest.mark.parametrize("who", ["o", "c", "x"])
def test_only_whom_the_authority_names_may_waive(who: str) -> None:
    world = World.begin().ready(hours=8)
    answer = world.enter("2005-09-15", who, waiver(), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.role"]


@pytest.mark.parametrize("rule", ["statute.thirty_days_elsewhere", "gadgets.within_a_year"])
def test_a_rule_that_its_authority_lets_nobody_waive_is_not_waived(rule: str) -> None:
    """The one is another authority's, the other its own but not waivable: refused, with a record that says so."""
    world = World.begin().ready()
    answer = world.enter("2005-09-15", "b", waiver(rule), expect=False)
    assert "candidacy.waiving" in rules_of(answer, "unmet")
    assert "The authority that states the rule lets somebody waive it." in "\n".join(world.engine.explain(answer))


def test_a_waiver_that_is_over_already_is_refused() -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-09-15", "b", waiver(until="2005-09-14"), expect=False)
    world.enter("2005-09-15", "b", waiver(until="2005-09-15"))


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (waiver("gadgets.no_such_rule"), "payload.rule"),
        (waiver("candidacy.role"), "payload.rule"),
        (waiver(act=Id("gadgets.nothing.1")), "payload.act"),
        (ExtensionGranted(Id("no-clock"), date(2006, 1, 1), MEMO), "payload.clock"),
        (override("gadgets.no_such_rule"), "payload.rules[0]"),
        (override("gadgets.enough_hours", act="gadgets.trained.1"), "payload.act"),
    ],
)
def test_names_that_there_are_none_of_are_errors_without_a_record(event: Any, path: str) -> None:
    world = World.begin().ready()
    with pytest.raises(InputError) as wrong:
        world.enter("2005-09-15", "b", event, how=How(request=True) if isinstance(event, OverrideGranted) else How())
    assert [p.path for p in wrong.value.problems] == [path]
    assert world.stands.version == 7


def test_another_authoritys_rule_cannot_be_declared_waivable() -> None:
    mine = g.MANUAL.lets_waive(g.thirty_days_elsewhere, by=("board",), at="G-6", lines=(6, 6))
    theirs = g.STATUTE.lets_waive(g.thirty_days_elsewhere, by=("board",), at="S-2", section="2")
    for given in (mine, theirs):
        with pytest.raises(DefinitionError, match="is another authority's: no program may waive it"):
            g.edition(waivers=(given,))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"waivers": (g.MANUAL.lets_waive(g.enough_hours, by=("nobody",), at="G-6", lines=(6, 6)),)}, "no declared role"),
        ({"waivers": (g.MANUAL.lets_waive(g.enough_hours, by=(), at="G-6", lines=(6, 6)),)}, "waivable by nobody"),
        ({"waivers": g.FIRST.waivers * 2}, "waivable rule 'gadgets.enough_hours' is declared twice"),
        ({"rules": g.RULES[1:]}, "none of its rules"),
        ({"two_people": {Removed: ("office",)}}, "by one person alone"),
        ({"two_people": {OverrideGranted: ("nobody",)}}, "no declared role"),
        ({"clocks": (g.YEAR, g.YEAR)}, "declared twice"),
        ({"two_people": {Removed: (), OverrideGranted: ("office",)}}, "nobody may ask for it"),
        ({"two_people": {CandidateSelected: ("office",), OverrideGranted: ("office",)}}, "begins a case"),
        ({"two_people": {Removed: "office", OverrideGranted: ("office",)}}, "needed a tuple of roles"),
        ({"strands": (g.DETAILS,)}, "nothing would wait"),
        ({"waivers": (g.enough_hours,)}, "found Rule among its waivers; needed Waivable"),
        ({"clocks": ("a",)}, "found str among its clocks; needed Clock"),
        ({"entered_by": {**g.ENTERED_BY, WaiverGranted: ("office",)}}, "needed it left out of entered_by"),
    ],
)
def test_an_edition_that_contradicts_itself_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        g.edition(**change)


# --- overrides, and two people


def test_an_override_takes_a_request_and_another_person_who_confirms_it() -> None:
    world = World.begin().ready(hours=8)
    what = override("gadgets.enough_hours", "gadgets.within_a_year")
    alone = world.enter("2005-09-15", "b", what, expect=False)
    assert rules_of(alone, "unmet") == ["candidacy.two_people"]
    asked = world.enter("2005-09-15", "o", what, how=How(request=True))
    assert asked.record.data["request"] is True
    assert [r.version for r in world.stands.requests] == [9]
    world.enter("2005-10-03", "c", CertificationRequested(), expect=False)  # it was only asked for
    world.enter("2005-10-04", "b", what, how=How(confirms=9))
    assert world.stands.requests == ()
    answer = world.enter("2005-10-05", "c", CertificationRequested())
    (waived,) = [f for f in answer.findings if f.outcome == "waived"]
    assert (waived.rule, waived.data["observed"]["override"]) == ("gadgets.enough_hours", 11)


@pytest.mark.parametrize(
    ("who", "confirmed", "confirms", "found"),
    [
        ("o", override("gadgets.enough_hours"), 8, "another-person"),
        ("b", override("gadgets.within_a_year"), 8, "the-act-that-was-asked-for"),
        ("b", override("gadgets.enough_hours"), 7, "a-request-by-another-person"),
    ],
)
def test_what_is_confirmed_is_the_very_act_by_another(who: str, confirmed: OverrideGranted, confirms: int, found: str) -> None:
    everybody = {**g.ENTERED_BY, OverrideGranted: ("board", "office")}
    world = World.begin(g.edition(entered_by=everybody)).ready(hours=8)
    world.enter("2005-09-15", "o", override("gadgets.enough_hours"), how=How(request=True))
    answer = world.enter("2005-09-16", who, confirmed, how=How(confirms=confirms), expect=False)
    (finding,) = [f for f in answer.findings if f.rule == "candidacy.two_people"]
    parts = finding.data.get("parts", [finding.data])
    assert [p["required"]["that"] for p in parts if p.get("outcome", "unmet") == "unmet"] == [found]


def test_a_confirmation_is_not_dated_before_its_request() -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-09-15", "o", Removed(), how=How(request=True))
    world.enter("2005-09-14", "b", Removed(), at="2005-09-16", how=How(confirms=8), expect=False)
    world.enter("2005-09-15", "b", Removed(), at="2005-09-17", how=How(confirms=8))
    assert world.stands.state == "removed"


def test_a_request_confirms_once() -> None:
    world = World.begin().ready(hours=8)
    what = override("gadgets.enough_hours")
    world.enter("2005-09-15", "o", what, how=How(request=True))
    world.enter("2005-09-16", "b", what, how=How(confirms=8))
    world.enter("2005-09-17", "b", what, how=How(confirms=8), expect=False)


def test_an_override_is_spent_by_the_first_act_it_is_for() -> None:
    from candidacy import RequestReturned

    world = World.begin().ready(hours=8)
    what = override("gadgets.enough_hours")
    world.enter("2005-09-15", "o", what, how=How(request=True))
    world.enter("2005-09-16", "b", what, how=How(confirms=8))
    world.enter("2005-10-03", "c", CertificationRequested())
    world.enter("2005-10-04", "o", RequestReturned())
    world.enter("2005-10-05", "c", CertificationRequested(), expect=False)


@pytest.mark.parametrize(("day", "accepted"), [("2005-10-03", True), ("2005-10-04", False)])
def test_an_override_counts_to_its_last_day(day: str, accepted: bool) -> None:
    world = World.begin().ready(hours=8)
    what = override("gadgets.enough_hours", until="2005-10-03")
    world.enter("2005-09-15", "o", what, how=How(request=True))
    world.enter("2005-09-16", "b", what, how=How(confirms=8))
    world.enter(day, "c", CertificationRequested(), expect=accepted)


def test_an_override_serves_no_act_that_is_dated_before_the_one_it_was_spent_by() -> None:
    rule = g.MANUAL.requires(before=Suspended, at="G-9", lines=(9, 9))(never_suspended)
    world = World.begin(g.edition(rules=(*g.RULES, rule))).ready()
    what = override("gadgets.never_suspended", act=Suspended.type_name)
    world.enter("2005-07-01", "o", what, how=How(request=True))
    world.enter("2005-07-01", "b", what, how=How(confirms=8))
    world.enter("2005-07-20", "o", Suspended(Id("s1")))
    world.enter("2005-07-25", "o", Resumed(Id("s1")))
    answer = world.enter("2005-07-10", "o", Suspended(Id("s2")), at="2005-07-26", expect=False)
    assert "gadgets.never_suspended" in rules_of(answer, "unmet")


def never_suspended(case: Case, act: Suspended, day: date) -> Check:
    """No case is suspended."""
    return holds(False, "no-suspension")


def test_an_override_of_a_rule_that_does_not_stand_before_the_act_is_refused() -> None:
    world = World.begin().ready()
    answer = world.enter("2005-09-15", "o", override("gadgets.desk_is_known"), how=How(request=True), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.overriding"]


def test_a_rule_that_only_bears_the_programs_name_is_not_its_own() -> None:
    theirs = attrs.evolve(g.thirty_days_elsewhere, id="gadgets.thirty_days")
    world = World.begin(g.edition(rules=(*g.RULES[:3], theirs, *g.RULES[4:]))).ready()
    answer = world.enter("2005-09-15", "o", override("gadgets.thirty_days"), how=How(request=True), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.overriding"]


def test_a_waiver_counts_no_longer_where_the_edition_moved_to_lets_nobody_waive() -> None:
    strict = g.edition("2006", waivers=(), parameters=(g.HOURS,))
    world = World.begin(g.FIRST, strict).ready(hours=8)
    world.enter("2005-09-15", "b", waiver())
    world.enter("2005-09-16", "o", EditionMoved(Id("2006"), MEMO))
    assert [d.kind for d in planned(world, "2005-10-01", whole=False).departures] == ["edition"]
    world.enter("2005-10-03", "c", CertificationRequested(), expect=False)


def test_who_asks_by_a_role_that_was_never_given_is_nobody() -> None:
    world = World.begin().ready()
    world.enter("2005-09-01", "o", RoleGiven(Id("g1.n"), RoleName("office")))
    world.enter("2005-09-02", "n", Removed(), how=How(request=True))
    world.enter("2005-09-03", "o", FactVoided(Count(8), MEMO))
    answer = world.enter("2005-09-04", "b", Removed(), how=How(confirms=9), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.two_people"]


def test_what_was_asked_for_by_nobody_is_unsettled_once_that_is_found() -> None:
    world = World.begin().ready()
    world.enter("2005-09-01", "o", RoleGiven(Id("g1.n"), RoleName("office")))
    world.enter("2005-09-02", "n", Removed(), how=How(request=True))
    world.enter("2005-09-03", "b", Removed(), how=How(confirms=9))
    world.enter("2005-09-04", "o", FactVoided(Count(8), MEMO))
    assert world.stands.unsettled == (10,)


def test_who_stands_in_for_another_is_not_another_person() -> None:
    everybody = {**g.ENTERED_BY, Removed: ("office",)}
    world = World.begin(g.edition(entered_by=everybody)).ready()
    world.enter("2005-09-01", "o", RoleGiven(Id("g1.d"), RoleName("office"), "delegated", Id("g1.o")))
    world.enter("2005-09-02", "o", Removed(), how=How(request=True))
    answer = world.enter("2005-09-03", "d", Removed(), how=How(confirms=9), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.two_people"]
    world.enter("2005-09-03", "o2", Removed(), how=How(confirms=9))


def test_no_override_of_another_authoritys_rule() -> None:
    world = World.begin().ready(hours=8)
    answer = world.enter("2005-09-15", "o", override("statute.thirty_days_elsewhere"), how=How(request=True), expect=False)
    assert rules_of(answer, "unmet") == ["candidacy.overriding"]
    world.enter("2005-09-15", "o", override(), how=How(request=True), expect=False)


@pytest.mark.parametrize("version", [0, 8])
def test_what_is_confirmed_is_a_version_of_the_case(version: int) -> None:
    world = World.begin().ready()
    removal = world.command("2005-06-02", "b", Removed(), How(confirms=1))
    with pytest.raises(InputError) as wrong:
        world.engine.submit(attrs.evolve(removal, id="x", confirms=version))
    assert [p.path for p in wrong.value.problems] == ["confirms"]


def test_only_acts_that_take_two_people_are_asked_for_or_confirmed() -> None:
    world = World.begin().ready()
    for how, path_ in ((How(request=True), "request"), (How(confirms=1), "confirms")):
        with pytest.raises(InputError) as wrong:
            world.enter("2005-09-15", "o", Discontinued(), how=how)
        assert [p.path for p in wrong.value.problems] == [path_]


# --- suspensions and extensions


@pytest.mark.parametrize(("day", "accepted"), [("2005-09-15", False), ("2005-09-16", True)])
def test_a_suspension_stops_the_clock_that_says_so(day: str, accepted: bool) -> None:
    """Half a year from 2 March 2005 is over on 2 September; 14 days of suspension make it 16 September."""
    world = World.begin().ready()
    world.enter("2005-06-10", "o", Suspended(Id("s1")))
    world.enter("2005-06-24", "o", Resumed(Id("s1")))
    answer = world.enter(day, "c", CertificationRequested(), expect=accepted)
    assert rules_of(answer, "unmet") == ([] if accepted else ["gadgets.after_half_a_year"])


@pytest.mark.parametrize(
    ("day", "accepted"), [("2006-03-02", True), ("2006-03-03", True), ("2006-03-16", True), ("2006-03-17", False)]
)
def test_a_suspension_across_a_deadline_moves_it(day: str, accepted: bool) -> None:
    """The year from 2 March 2005 is over on 2 March 2006; the case is suspended on 20 February and resumed on 6 March: 14 days."""
    world = World.begin().ready()
    world.enter("2006-02-20", "o", Suspended(Id("s1")))
    world.enter("2006-02-27", "c", CertificationRequested(), expect=False)
    resumed = "2006-03-06" if day >= "2006-03-06" else "2006-03-02"
    world.enter(resumed, "o", Resumed(Id("s1")))
    world.enter(day, "c", CertificationRequested(), expect=accepted)


@pytest.mark.parametrize(
    ("day", "accepted"), [("2006-03-02", True), ("2006-03-03", False)],
)  # fmt: skip
def test_without_an_extension_the_year_is_over(day: str, accepted: bool) -> None:
    world = World.begin().ready()
    world.enter(day, "c", CertificationRequested(), expect=accepted)


@pytest.mark.parametrize(("day", "accepted"), [("2006-06-30", True), ("2006-07-01", False)])
def test_an_extension_lets_the_clock_run_longer(day: str, accepted: bool) -> None:
    world = World.begin().ready()
    world.enter("2006-03-10", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), MEMO))
    answer = world.enter(day, "c", CertificationRequested(), expect=accepted)
    assert rules_of(answer, "unmet") == ([] if accepted else ["gadgets.within_a_year"])


def test_an_extension_counts_from_its_day_on() -> None:
    world = World.begin().ready()
    world.enter("2006-03-10", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), MEMO))
    world.enter("2006-03-09", "c", CertificationRequested(), at="2006-03-11", expect=False)


@pytest.mark.parametrize(
    ("who", "clock", "found"),
    [("o", "a-year", ["candidacy.role"]), ("b", "half-a-year", ["candidacy.role", "candidacy.extending"])],
)
def test_only_a_clock_that_may_be_extended_by_whom_it_names(who: str, clock: str, found: list[str]) -> None:
    world = World.begin().ready()
    answer = world.enter("2006-01-10", who, ExtensionGranted(Id(clock), date(2006, 6, 30), MEMO), expect=False)
    assert rules_of(answer, "unmet") == found


def test_what_may_pass_while_suspended() -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-09-01", "o", Suspended(Id("s1")))
    world.enter("2005-09-02", "b", waiver())
    world.enter("2005-09-03", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), MEMO))
    world.enter("2005-09-20", "c", CertificationRequested(), expect=False)
    world.enter("2005-09-21", "o", Discontinued())


# --- shown


def test_every_intervention_is_counted_by_person_and_kind() -> None:
    world = World.begin().ready(hours=8)
    world.enter("2005-06-10", "o", Suspended(Id("s1")))
    world.enter("2005-06-24", "o", Resumed(Id("s1")))
    world.enter("2005-09-15", "b", waiver())
    world.enter("2005-09-16", "b2", waiver(until="2005-09-30"))
    world.enter("2005-09-17", "b", DecisionVoided(Count(11), MEMO))
    world.enter("2005-09-18", "o", Removed(), how=How(request=True))
    world.enter("2005-09-18", "x", waiver(), expect=False)  # refused: none
    world.enter("2005-09-19", "b", Removed(), how=How(confirms=13))
    found = audit(world.engine.ledger, world.engine.registry).interventions
    assert found == interventions(world.engine.ledger.records()) == world.engine.status("g1").interventions
    assert by_person(found) == [
        ("g1.b", "decision voided", 1), ("g1.b", "removal", 1), ("g1.b", "waiver", 1), ("g1.b2", "waiver", 1),
        ("g1.o", "request", 1), ("g1.o", "resumption", 1), ("g1.o", "suspension", 1),
    ]  # fmt: skip
    (taken,) = [i for i in found if i.gone]
    assert (taken.person, taken.gone, taken.until, taken.reason) == ("g1.b2", 12, date(2005, 9, 30), "memo-1")


def test_what_is_only_asked_for_is_another_activity_than_the_act() -> None:
    from candidacy._exports import COLUMNS, flat
    from candidacy._mining import ocel, xes

    world = World.begin().ready()
    world.enter("2005-09-18", "o", Removed(), how=How(request=True))
    world.enter("2005-09-19", "b", Removed(), how=How(confirms=8))
    told = [row[COLUMNS.index("of the record")] for row in flat(world.engine.ledger.records())][-2:]
    assert told == ["only asked for", "confirms version 8"]
    log = "".join(ocel(world.engine.ledger.records(), world.engine.ledger.zone))
    assert '"type":"removed (asked for)"' in log
    assert '<string key="decision" value="asked for"/>' in "".join(xes(world.engine.ledger.records(), world.engine.ledger.zone))


def test_what_takes_two_people_is_shown_where_nobody_is_named() -> None:
    world = World.begin().ready()
    found = world.engine.consider("g1", Removed())
    assert [str(f.outcome) for f in found.findings if f.rule == "candidacy.two_people"] == ["not applicable"]


# --- the path


def planned(world: World, day: str, **more: Any) -> Any:
    case, edition = world.engine.case("g1", as_of=date.fromisoformat(day))
    return path(case, edition, to="certifying", as_of=date.fromisoformat(day), **more)


def test_the_path_sees_a_waiver_run_out() -> None:
    """A request is possible from 2 September on; a waiver until 15 August is of no use, one until then is."""
    world = World.begin().ready(hours=0)
    plain = planned(world, "2005-07-01")
    assert [s.type_name for s in plain.plan] == ["gadgets.trained.1", CertificationRequested.type_name]
    world.enter("2005-07-01", "b", waiver(until="2005-08-15"))
    assert [s.type_name for s in planned(world, "2005-07-01").plan] == [s.type_name for s in plain.plan]
    world.enter("2005-07-01", "b", waiver(until="2005-09-02"))
    lasting = planned(world, "2005-07-01")
    assert ([s.type_name for s in lasting.plan], lasting.day) == ([CertificationRequested.type_name], date(2005, 9, 2))


def test_the_path_knows_an_extension() -> None:
    world = World.begin().ready()
    late = planned(world, "2006-03-20")
    assert (late.day, [o.rule for o in late.obstacles]) == (None, ["gadgets.within_a_year"])
    world.enter("2006-03-20", "b", ExtensionGranted(Id("a-year"), date(2006, 6, 30), MEMO))
    assert planned(world, "2006-03-20").day == date(2006, 3, 20)


def test_the_path_resumes_a_suspended_case_and_counts_its_days() -> None:
    world = World.begin().ready()
    world.enter("2005-06-10", "o", Suspended(Id("s1")))
    found = planned(world, "2005-06-24")
    assert [s.type_name for s in found.plan] == [Resumed.type_name, CertificationRequested.type_name]
    assert found.day == date(2005, 9, 16)


def test_a_waiver_does_not_reach_what_the_engine_itself_asks() -> None:
    world = World.begin().ready()
    world.enter("2005-09-15", "b", waiver())
    world.enter("2005-09-16", "o", CandidateAppointed(), expect=False)


def test_declared_latitude_is_part_of_the_editions_digest() -> None:
    for change in (
        {"waivers": ()},
        {"clocks": (g.HALF_YEAR, attrs.evolve(g.YEAR, stops=False))},
        {"two_people": {OverrideGranted: ("board",)}},
    ):
        assert attrs.evolve(g.FIRST, **change).declared != g.FIRST.declared  # type: ignore[arg-type]


# --- rules in front of them


@g.MANUAL.requires(before=ExtensionGranted, at="G-2", lines=(2, 2))
def at_most_to_the_end_of_june(case: Case, extension: ExtensionGranted, day: date) -> Check:
    """An extension ends in June at the latest."""
    return holds(extension.until <= date(2006, 6, 30), "june-at-the-latest")


@pytest.mark.parametrize(("until", "accepted"), [(date(2006, 6, 30), True), (date(2006, 7, 1), False)])
def test_asks_a_rule_in_front_of_an_extension(until: date, accepted: bool) -> None:
    world = g.World.begin(g.edition(rules=(*g.RULES, at_most_to_the_end_of_june))).ready()
    world.enter("2006-03-10", "b", ExtensionGranted(Id("a-year"), until, MEMO), expect=accepted)


def test_says_which_clock_a_rule_in_front_of_an_extension_needs() -> None:
    with pytest.raises(DefinitionError, match="which no role may enter; needed a clock with extended_by= in clocks="):
        g.edition(rules=(*g.RULES, at_most_to_the_end_of_june), clocks=(attrs.evolve(g.YEAR, extended_by=()), g.HALF_YEAR))
