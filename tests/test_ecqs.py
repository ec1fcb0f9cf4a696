"""The lists of core qualifications by their days, and a case whose plan was made under another list than its submission."""

from datetime import date
from typing import Any, get_args

import pytest

from candidacy import (
    Answer,
    CandidateGraduated,
    Event,
    Id,
    PlanApproved,
    PlanSubmitted,
    path,
)
from candidacy_commerce import EDITION_2009 as COMMERCE_2009
from candidacy_hhs import EDITION_2004, EDITION_2009
from candidacy_hhs import events as e
from candidacy_hhs.caseload import Candidate
from candidacy_hhs.events import Ecq
from candidacy_hhs.federal import EcqsRetagged
from candidacy_opm import VOCABULARIES, VocabularyName, in_effect
from support import engine, outcomes, play
from test_floor import registry, reviewed

TAGGED = "qualifications_are_those_in_effect"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("1997-08-31", None), ("1997-09-01", None), ("1997-09-29", None), ("1997-09-30", "ECQ-1997"), ("2006-09-30", "ECQ-1997"),
        ("2006-10-01", "ECQ-2006"), ("2025-06-30", "ECQ-2006"), ("2025-07-01", "ECQ-2006"), ("2025-09-30", "ECQ-2006"),
        ("2025-10-01", "ECQ-2025b"), ("2026-11-22", "ECQ-2025b"),
    ],
)  # fmt: skip
def test_a_list_is_in_effect_from_its_first_day_and_the_one_never_used_on_none(day: str, name: str | None) -> None:
    found = in_effect(date.fromisoformat(day))
    assert (found.name if found else None) == name


def test_the_lists_are_five_items_each_and_say_how_sure_they_are() -> None:
    assert [v.name for v in VOCABULARIES] == list(get_args(VocabularyName))
    assert {len(set(v.items)) for v in VOCABULARIES} == {5}
    assert [(v.sure, v.used) for v in VOCABULARIES] == [(True, True), (True, True), (False, False), (False, True)]
    assert VOCABULARIES[0].items == get_args(Ecq), "the names in the guidelines of 2004"
    assert [set(VOCABULARIES[n + 1].items) - set(VOCABULARIES[n].items) for n in (0, 1)] == [
        {"Building Coalitions"}, {"Driving Results", "Achieving Organizational Success"},
    ]  # fmt: skip


def life(year: int, graduated: str) -> Candidate:
    """In the program from 2004 on, with a plan approved on 2 July of *year* and everything done by the next spring."""
    c = Candidate("c").selected().on("2004-05-03", "coordinator", e.AnnouncementDated(date(2004, 1, 12))).enrolled()
    c.on(f"{year}-06-21", "candidate", PlanSubmitted(Id("edp-1"))).on(f"{year}-06-25", "coordinator", e.PlanReviewed(Id("edp-1")))
    c.on(f"{year}-07-02", "board", PlanApproved(Id("edp-1")))
    c.trained("t", f"{year}-09-15", 80).assigned("a1", f"{year}-08-02", 123)
    return reviewed(c, f"{year + 1}-03-01").on(graduated, "board", CandidateGraduated())


def submitted(year: int, graduated: str, day: str, *facts: Event) -> Answer:
    c = life(year, graduated).on(graduated, "coordinator", *facts)
    return play(engine(registry()), c.on(day, "manager", e.RequestForwarded()))[-1]


@pytest.mark.parametrize(
    ("year", "graduated", "day", "told"),
    [
        (2005, "2006-09-01", "2006-09-30", "met"),
        (2005, "2006-09-01", "2006-10-01", "unmet"),
        (2024, "2025-09-02", "2025-09-30", "met"),
        (2024, "2025-09-02", "2025-10-01", "unmet"),
        (2007, "2008-09-02", "2008-09-30", "met"),
    ],
)
def test_a_list_that_changes_between_plan_and_submission_shows_and_refuses_nothing(
    year: int, graduated: str, day: str, told: str
) -> None:
    answer = submitted(year, graduated, day)
    assert (outcomes(answer)[TAGGED], answer.accepted) == (told, True)


@pytest.mark.parametrize(
    ("vocabularies", "told"),
    [(("ECQ-2025b",), "met"), (("ECQ-2025a",), "unmet"), (("ECQ-2006",), "unmet"), (("ECQ-2006", "ECQ-2025b"), "met")],
)
def test_it_is_told_anew_in_the_list_in_effect_and_in_no_other(vocabularies: tuple[Any, ...], told: str) -> None:
    answer = submitted(2024, "2025-09-02", "2025-10-01", *(EcqsRetagged(v) for v in vocabularies))
    finding = next(f for f in answer.findings if f.rule.endswith(TAGGED))
    assert (str(finding.outcome), finding.binding) == (told, False)
    assert finding.data["observed"] == {"planned_under": "ECQ-2006", "in_effect": "ECQ-2025b", "list_is_sure": False}


def test_says_who_tells_it_anew_and_that_the_need_is_inferred() -> None:
    on = engine(registry())
    answer = play(on, life(2024, "2025-09-02").on("2025-10-01", "manager", e.RequestForwarded()))[-1]
    said = "\n".join(on.explain(answer))
    assert (
        "in effect ECQ-2025b, list is sure no, planned under ECQ-2006; needs the list in effect; from program coordinator" in said
    )
    assert "is inferred: no document says so" in said
    case, edition = on.case("c", as_of=date(2025, 10, 1))
    assert path(case, edition, to="certified", as_of=date(2025, 10, 1)).day


def test_where_no_act_submits_nothing_asks() -> None:
    """Commerce's announcement sends nobody to the QRB, and the guidelines of 2004 know one list."""
    ids = {of.id: [r.id for r in of.rules if r.id.endswith(TAGGED)] for of in (EDITION_2004, EDITION_2009, COMMERCE_2009)}
    assert ids == {"hhs/2004": [], "hhs/2009": [f"opm.{TAGGED}"], "commerce/2009": []}
