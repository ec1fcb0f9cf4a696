"""The rule of 2026: known to exist, its numbers unknown, and an agency that sets one on its own word."""

from datetime import date
from typing import Any

import attrs
import pytest

from candidacy import (
    Answer,
    Authority,
    CandidateGraduated,
    DefinitionError,
    Edition,
    Parameter,
    Registry,
    days,
    discover,
    months,
    path,
)
from candidacy_hhs import EDITION_2009, PROGRAM
from candidacy_hhs.federal import FLOOR
from candidacy_opm import FINAL_RULE, IN_FORCE, Successor
from support import engine, outcomes, play, refused_by
from test_floor import GRADUATED, A, one, reviewed, spells
from test_floor import registry as of_2009

LENGTH, TRAINING = "program_is_as_long_as_the_rule_of_2026_asks", "training_is_as_much_as_the_rule_of_2026_asks"
ASSIGNMENTS = "assignments_are_as_long_as_the_rule_of_2026_asks"
MEMORANDUM = Authority(
    "hhs", "HHS memorandum on the rule of 2026, invented for a test", publisher="nobody", obtain="it does not exist"
)


def edition(**numbers: Parameter[Any]) -> Edition:
    """The edition of 2009 with the rule of 2026 beside the floor, as a test has it; no agency ships one."""
    more = Successor(FLOOR, **numbers)
    return attrs.evolve(
        EDITION_2009,
        name="test-2026",
        rules=(*EDITION_2009.rules, *more.rules),
        parameters=(*EDITION_2009.parameters, *more.parameters),
        authorities=(*EDITION_2009.authorities, FINAL_RULE, *([MEMORANDUM] if numbers else [])),
        catalogue=(*EDITION_2009.catalogue, *more.catalogue),
    )


def registry(made: Edition) -> Registry:
    program = attrs.evolve(PROGRAM, editions=(*PROGRAM.editions, made), announcements={"january-2004": made.name})
    return Registry(programs={**discover().programs, "hhs": program})


def sets(name: str, value: Any, unit: str) -> Parameter[Any]:
    return MEMORANDUM.sets(name, value, unit, since=IN_FORCE, at="MEMO-1", section="2")


def graduated(made: Edition, days: int = 122, hours: int = 80, day: str = GRADUATED) -> tuple[Answer, str]:
    on = engine(registry(made))
    answer = play(on, reviewed(spells((A, days), hours=hours)).on(day, "board", CandidateGraduated()))[-1]
    return answer, "\n".join(on.explain(answer, all_of_them=True))


def test_without_its_numbers_the_graduation_is_undetermined_and_names_each() -> None:
    answer, said = graduated(edition())
    assert not answer.accepted
    assert refused_by(answer) == [LENGTH, ASSIGNMENTS, TRAINING]
    assert {outcomes(answer)[name] for name in (LENGTH, ASSIGNMENTS, TRAINING)} == {"undetermined"}
    for number in ("rule of 2026: least length of a program", "rule of 2026: developmental assignments", "rule of 2026: training"):
        assert f"nobody has set '{number}'" in said
    assert "final rule of 2026 (number and date not found), section of a number not found (RULE-2026-1)" in said


def test_no_agency_ships_it_and_no_number_of_it_has_a_value() -> None:
    editions = [e for program in discover().programs.values() for e in program.editions]
    assert not [e.id for e in editions if any("2026" in r.id and r.binding for r in e.rules)]
    assert [p.values for p in Successor(FLOOR).parameters] == [(), (), ()]
    assert "RIN 3206-AO89" in FINAL_RULE.obtain
    assert FINAL_RULE.dated is None


@pytest.mark.parametrize(("day", "seen"), [("2026-03-24", "not applicable"), ("2026-03-25", "undetermined")])
def test_that_it_exists_shows_from_the_day_after_the_older_one_was_last_seen_and_holds_nothing_up(day: str, seen: str) -> None:
    life = reviewed(one(122)()).on(day, "board", CandidateGraduated())
    answer = play(engine(of_2009()), life)[-1]
    assert answer.accepted
    assert outcomes(answer)["rule_of_2026_is_known_to_exist"] == seen


def test_what_one_number_of_an_agency_s_own_lets_tell_leaves_the_others_open() -> None:
    answer, _ = graduated(edition(training=sets("training under the rule of 2026", 100, "hours")), hours=100)
    assert refused_by(answer) == [LENGTH, ASSIGNMENTS]


FOURTEEN = sets("length under the rule of 2026", months(14), "months")
SERVED = sets("assignments under the rule of 2026", days(150), "calendar days")
HUNDRED = sets("training under the rule of 2026", 100, "hours")


@pytest.mark.parametrize(
    ("lived", "wrong"),
    [
        ({"days": 150, "hours": 100, "day": "2005-08-01"}, []),
        ({"days": 149, "hours": 100, "day": "2005-08-01"}, [ASSIGNMENTS]),
        ({"days": 150, "hours": 99, "day": "2005-08-01"}, [TRAINING]),
        ({"days": 150, "hours": 100, "day": "2005-07-31"}, [LENGTH]),
    ],
)
def test_an_agency_s_own_numbers_are_judged_on_both_sides(lived: dict[str, Any], wrong: list[str]) -> None:
    answer, _ = graduated(edition(length=FOURTEEN, assignments=SERVED, training=HUNDRED), **lived)
    assert refused_by(answer) == wrong


def test_says_on_whose_word_the_number_is_in_finding_and_citation() -> None:
    answer, said = graduated(edition(length=FOURTEEN, assignments=SERVED, training=HUNDRED), days=149, hours=99, day="2005-07-31")
    found = {f.rule.partition(".")[2]: f.data["observed"] for f in answer.findings if f.binding and "2026" in f.rule}
    assert {name: seen["on_the_word_of"] for name, seen in found.items()} == dict.fromkeys(found, MEMORANDUM.title)
    assert f"on the word of {MEMORANDUM.title}" in said
    assert (
        "OPM's final rule of 2026 (number and date not found), section of a number not found; its number on the word of "
        "HHS memorandum on the rule of 2026, invented for a test, section 2 (MEMO-1) (RULE-2026-3)"
    ) in said
    assert "set by an agency on its own word, or by nobody" in said


def test_the_document_on_whose_word_it_is_stands_among_the_authorities() -> None:
    """A finding names no document that the edition does not declare: one that sets a number and is not declared is refused."""
    made = edition(training=HUNDRED)
    with pytest.raises(DefinitionError, match=f"the document '{MEMORANDUM.title}' is cited, but is none of its authorities"):
        attrs.evolve(made, authorities=tuple(a for a in made.authorities if a is not MEMORANDUM))


def test_the_path_knows_no_way_to_a_number_that_nobody_has_set() -> None:
    on = engine(registry(edition()))
    play(on, spells((A, 122)))
    case, made = on.case("c", as_of=date(2005, 3, 1))
    found = path(case, made, to="graduated", as_of=date(2005, 3, 1))
    assert found.day is None
    assert {o.rule.partition(".")[2] for o in found.obstacles} >= {LENGTH}
