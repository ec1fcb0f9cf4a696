"""Requirements of two documents that ask the very same: two findings, told once with both citations."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import (
    Authority,
    Check,
    DefinitionError,
    Edition,
    Engine,
    Registry,
    Rule,
    SqliteLedger,
    at_least,
    discover,
    enter,
    letter,
    path,
    reasons,
)
from candidacy._letter import told
from candidacy._remaining import told_once
from candidacy._words import told as reasons_told
from candidacy_hhs import EDITION_2004, EDITION_2009, PROGRAM
from candidacy_hhs import events as e
from candidacy_hhs.federal import ALIKE, FLOOR
from candidacy_hhs.rules import formal_training, mentor_from_the_ses_serves, training_lies_within_the_credit_window
from support import ZONE, cli, engine, play
from test_floor import A, ready, registry, reviewed, spells

PLAN, HOURS = ALIKE
GUIDELINES, REGULATION = "HHS SES CDP guidelines, lines 38, 118", "5 CFR 412.302 (as in force from 2009-12-10), section (c)(2)"
HERE, THERE = "Formal interagency courses on the ECQs come to 80 hours", "Formal interagency or multi-sector training on the ECQs"


def refused(of: Registry) -> tuple[Engine, Any]:
    """The request of one who has an hour too few, and the engine that refused it."""
    on = engine(of)
    answers = play(on, reviewed(spells((A, 122), hours=79)))
    return on, next(a for a in answers if a.record.type_name == "candidacy.certification_requested.1")


def judging_otherwise(judge: Callable[..., Check]) -> Registry:
    """The edition of 2009 where the regulation's rule on hours finds something else."""
    other = attrs.evolve(HOURS[1], judge=judge)
    rules = tuple(other if rule is HOURS[1] else rule for rule in EDITION_2009.rules)
    catalogue = tuple(s for s in EDITION_2009.catalogue if HOURS[1] not in s.by)
    made = attrs.evolve(EDITION_2009, rules=rules, alike=(PLAN, (HOURS[0], other)), catalogue=catalogue)
    program = attrs.evolve(PROGRAM, editions=(EDITION_2004, made), announcements={"january-2004": "2009"})
    return Registry(programs={**discover().programs, "hhs": program})


def ninety(case: Any, request: Any, day: date) -> Check:
    """Ten hours more."""
    return at_least(formal_training(case).total(lambda t: t.hours, "hours"), 90, by=FLOOR.train)


def by_the_office(case: Any, request: Any, day: date) -> Check:
    """The same, from somebody else."""
    hours = formal_training(case).total(lambda t: t.hours, "hours")
    return at_least(hours, 80, by=lambda n: enter(e.TrainingCompleted, by="program coordinator", hours=n))


def test_two_findings_are_told_once_with_both_citations() -> None:
    on, answer = refused(registry())
    said = on.explain(answer)
    assert [line for line in said if HERE in line or THERE in line] == [f"✗ unmet: {HERE} or more."]
    first = said.index(f"✗ unmet: {HERE} or more.")
    assert GUIDELINES in said[first + 2]
    assert said[first + 2].endswith(HOURS[0].id)
    assert REGULATION in said[first + 3]
    assert said[first + 3].endswith(HOURS[1].id)
    assert said[first + 4] == f"    our reading: {HOURS[1].reading}", "a reading stands below its own citation"


def test_the_record_keeps_both_and_so_do_the_reasons_one_by_one() -> None:
    on, answer = refused(registry())
    assert [f.rule for f in answer.findings if f.refuses] == [rule.id for rule in HOURS]
    assert {r.rule: r.alike for r in on.reasons(answer) if r.alike} == {HOURS[0].id: HOURS[1].id, HOURS[1].id: HOURS[0].id}
    data = [r.as_data() for r in on.reasons(answer)]
    assert [d["alike"] for d in data if "alike" in d] == [HOURS[1].id, HOURS[0].id]


@pytest.mark.parametrize("judge", [ninety, by_the_office])
def test_two_that_say_different_things_are_told_apart(judge: Callable[..., Check]) -> None:
    on, answer = refused(judging_otherwise(judge))
    said = on.explain(answer)
    assert sum(HERE in line or THERE in line for line in said) == 2
    assert not [r for r in on.reasons(answer) if r.alike]


def test_what_is_good_is_told_once_too() -> None:
    on, answer = refused(registry())
    said = on.explain(answer, all_of_them=True)
    assert sum("development plan" in line and line.startswith("✓") for line in said) == 1
    assert sum(PLAN[0].id in line or PLAN[1].id in line for line in said) == 2


def test_where_no_edition_is_installed_each_stands_for_itself() -> None:
    findings = [f for f in refused(registry())[1].findings if f.refuses]
    assert len([line for line in reasons_told(reasons(findings, None)) if "unmet" in line]) == 2


def test_the_path_lists_both_and_shows_them_in_one_line() -> None:
    on = engine(registry())
    play(on, ready().trained("t", "2004-09-15", 79))
    case, edition = on.case("c", as_of=date(2005, 1, 3))
    found = path(case, edition, to="graduated", as_of=date(2005, 1, 3))
    asked = [r for r in found.remaining if r.rule in {HOURS[0].id, HOURS[1].id}]
    assert [(r.rule, r.before.partition(".")[2], r.alike) for r in asked] == [
        (HOURS[0].id, "certification_requested.1", HOURS[1].id),
        (HOURS[1].id, "certification_requested.1", HOURS[0].id),
        (HOURS[1].id, "candidate_graduated.1", ""),
    ]
    assert [len(of) for of in told_once(asked)] == [2, 1]
    assert [d.get("alike", "") for d in (r.as_data() for r in asked)] == [HOURS[1].id, HOURS[0].id, ""]


def test_the_commands_say_it_once(tmp_path: Path) -> None:
    """By an announcement that pins the case to the edition of 2009."""
    commands = list(ready().trained("t", "2004-09-15", 79))
    commands[0]["payload"]["announcement"] = "from-2009-12-10"
    with SqliteLedger.create(tmp_path / "l", ZONE) as ledger:
        on = engine(ledger=ledger)
        assert all(a.accepted for a in play(on, commands))
    at = str(tmp_path / "l")
    for done in (
        cli("path", at, "c", "--to", "certifying", "--as-of", "2005-01-03", "--cite"),
        cli("why", at, "c", "certification_requested", "--day", "2005-01-03"),
    ):
        assert (done.stdout.count(HERE), done.stdout.count(THERE)) == (1, 0), done.stdout
        assert (done.stdout.count(HOURS[0].id), done.stdout.count(HOURS[1].id)) == (1, 1)
    asked = json.loads(cli("path", at, "c", "--to", "certifying", "--as-of", "2005-01-03", "--json").stdout)
    assert {r["rule"] for r in asked["remaining"] if "alike" in r} == {HOURS[0].id, HOURS[1].id}
    assert f"asks the same as {HOURS[1].id}" in cli("programs", "hhs").stdout


def test_the_letter_says_it_once_and_holds_both() -> None:
    on, answer = refused(registry())
    of = letter(on, answer.record.index, as_of=date(2005, 3, 2))
    lines = list(told(of, {}))
    assert sum(f"✗ unmet: {HERE}" in line for line in lines) == 1
    assert sum(line.strip().startswith(f"✗ {HERE}") for line in lines) == 1, "what remains before the request"
    assert [r["rule"] for r in of.as_data()["why"] if "alike" in r and r["outcome"] == "unmet"] == [rule.id for rule in HOURS]


# --- the declaration


def wrong(*pairs: tuple[Rule, Rule], rules: tuple[Rule, ...] = EDITION_2009.rules) -> str:
    with pytest.raises(DefinitionError) as found:
        attrs.evolve(EDITION_2009, alike=pairs, rules=rules)
    return str(found.value)


def test_refuses_pairs_that_cannot_be_the_same() -> None:
    elsewhere = attrs.evolve(HOURS[1], before=(e.RequestReviewed,))
    advises = attrs.evolve(HOURS[1], binding=False)
    assert f"name {elsewhere.id}, which the edition does not have" in wrong((HOURS[0], elsewhere))
    assert "are of one document; needed two" in wrong((HOURS[0], training_lies_within_the_credit_window))
    assert "stand before no act in common" in wrong(
        (mentor_from_the_ses_serves, FLOOR.rule("mentor_is_in_the_ses_or_found_capable"))
    )
    assert "one binds and one advises" in wrong((HOURS[0], advises))
    assert f"alike to another: rule {HOURS[0].id!r} is declared twice" in wrong(HOURS, (HOURS[0], PLAN[1]))


def test_is_part_of_what_an_edition_declares_only_where_it_says_something() -> None:
    def alike(of: Edition) -> Any:
        return of.as_data().get("alike")

    assert alike(EDITION_2004) is None
    assert alike(EDITION_2009) == [[one.id, other.id] for one, other in (PLAN, HOURS)]
    assert EDITION_2009.declared != attrs.evolve(EDITION_2009, alike=()).declared


def test_a_class_of_confidential_content_may_stand_in_a_section() -> None:
    made = Authority("x", "A text that is not held", "nobody", "nowhere").keeps(
        "notes", readers=("candidate",), purposes=("development",), at="X-1", section="4(b)"
    )
    assert str(made.citation) == "A text that is not held, section 4(b) (X-1)"
