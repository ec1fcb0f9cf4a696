"""No binding rule is dead: each has a life in which it alone refuses, which is an accepted life with one thing changed."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Any, get_args

import attrs
import pytest

import candidacy._proofs as made
from candidacy import Check, Id, JudgementGiven, Registry, holds
from candidacy._proofs import Life, judged, proofs
from candidacy_commerce.caseload import Candidate
from candidacy_dol import events as dol
from candidacy_dol.caseload import CLOSE, Participant
from candidacy_dol.rules import NEW_MENTOR
from stories.test_commerce_descriptions import form
from stories.test_commerce_mentors import Volunteer
from stories.test_hhs_plan import SMALL, Planner
from stories.test_taking_over import hhs


def described() -> Life:
    return list(Candidate("commerce-001").enrolled().paired().planned().on("2005-01-10", "candidate", form()))


def mentors() -> Life:
    return list(Volunteer("v").submitted("listens").member().mentors())


def paired() -> Life:
    return mentors()[:4]


def kept() -> Life:
    life = (
        Participant("dol-001").enrolled().on("2013-11-01", "partnership", dol.GuidelinesAccepted(Id("dol-001.own"), accepted=True))
    )
    return list(life.on("2013-11-02", "partnership", dol.MentorPaired(Id("m1"), Id("dol-001.own"), kept=True)))


def another_mentor() -> Life:
    life = Participant("dol-001").enrolled().paired().on("2014-04-17", "partnership", dol.MatchReassessed(Id("m1"), serves=False))
    life.on("2014-04-18", "partnership", *(dol.SupportGiven(Id("m1"), helper) for helper in get_args(dol.Helper)))
    life.on("2014-05-01", "partnership", JudgementGiven(Id(NEW_MENTOR.id), answer=True, about=Id("m1")))
    return list(life.on("2014-05-01", "partnership", dol.MentorPaired(Id("m2"), Id("dol-001.other"))))


def remote_team() -> Life:
    life = Participant("dol-001").enrolled("region").rated("pre", "2013-11-12").paired().attended(coaching="remote")
    life.on("2014-03-03", "partnership", dol.SessionScheduled(Id("team-1"), date(2014, 3, 4), together=False, kind="team"))
    life.on("2014-03-04", "partnership", dol.SessionAttended(Id("team-1"), "remote", webcam=True))
    return list(life.rated("post", CLOSE).completed())


def plan_on_record() -> Life:
    return list(Planner("hhs-001").handed_in())


def revised_by_the_coordinator() -> Life:
    return list(Planner("hhs-001").handed_in().revised("coordinator", **SMALL[0][1]))


def revised_by_the_board() -> Life:
    return list(Planner("hhs-001").handed_in().revised("board", **SMALL[0][1]))


def taken_over() -> Life:
    return list(hhs().assigned("a2", "2004-10-04", 60).trained("t", "2004-11-10", 80).packaged().requested())


def from_outside() -> Life:
    life = Planner("hhs-001").selected("state-health", inside_hhs=False).enrolled().planned().trained("t", "2004-09-01", 80)
    life.assigned("a1", "2004-08-02", 120).assigned("a2", "2004-12-06", 10)
    return list(life.packaged("2005-01-10").requested("2005-01-10"))


def trained_before() -> Life:
    life = Planner("hhs-001").selected().enrolled().planned().assigned("a1", "2004-08-02", 120).trained("t", "2003-01-15", 80)
    return list(life.packaged().requested())


OF_A_PLAN = (
    "hhs.plan_is_made_in_consultation", "hhs.planned_assignments_are_long_enough", "hhs.planned_assignments_have_days_and_ecqs",
    "hhs.eighty_hours_are_planned", "hhs.planned_activities_serve_ecqs", "hhs.quarterly_sessions_are_planned",
)  # fmt: skip
OF_A_DESCRIPTION = (
    "commerce.description_ends_no_sooner_than_it_begins", "commerce.description_names_an_ecq",
    "commerce.description_gives_a_reason_for_each_ecq",
)  # fmt: skip
MORE: dict[str, dict[str, tuple[Callable[[], Life], tuple[str, ...]]]] = {
    "commerce": {"an assignment described": (described, OF_A_DESCRIPTION)},
    "dol": {
        "a mentor who is kept": (kept, ("dol.mentor_who_is_kept_accepts_the_guidelines",)),
        "another mentor": (another_mentor, ("dol.new_mentor_follows_reassessment_and_support",)),
        "a team session from a region": (remote_team, ("dol.webcam_is_used_in_remote_team_sessions",)),
    },
    "hhs": {
        "a plan on record": (plan_on_record, OF_A_PLAN),
        "revised by the coordinator": (revised_by_the_coordinator, ("hhs.minor_revision_is_minor",)),
        "revised by the board": (revised_by_the_board, ("hhs.revision_keeps_the_minimum",)),
        "taken over with a plan": (taken_over, ()),
        "a candidate from outside": (from_outside, ("hhs.outsiders_are_assigned_inside_hhs",)),
        "training before the program": (trained_before, ("hhs.training_lies_within_the_credit_window",)),
    },
    "commercementors": {
        "a mentor to the end": (mentors, ("commerce.mentor_serves_the_length_of_the_program",)),
        "a mentor paired": (paired, ("commerce.mentor_is_in_the_ses_when_assigned",)),
    },
}
"""Accepted lives beside those that a path leads through, each with the rules that it is told for."""


NEVER_ALONE = frozenset({"hhs.plan_is_approved_by_the_board"})
"""Without an approval nothing counts from it either, so that other rules refuse too; the lifecycle lets no case come so far
without it but one that was taken over. It has no proof, and stays because the first release has it."""


def begun(registry: Registry, program: str) -> Life:
    """The act that begins the first case of a program's caseload, or of its own story."""
    if program in registry.caseloads:
        return [dict(next(iter(registry.caseloads[program]())))]
    return mentors()[:1]


def found(registry: Registry, program: str) -> tuple[set[str], dict[str, Any]]:
    edition = registry.programs[program].editions[0]
    more = [(name, life(), rules) for name, (life, rules) in MORE.get(program, {}).items()]
    return {r.id for r in edition.rules if r.binding and r.before}, proofs(
        registry, edition, begun(registry, program), more, NEVER_ALONE
    )


@pytest.mark.parametrize("program", ["commerce", "commercementors", "dol", "hhs"])
def test_proves_every_binding_rule(program: str, registry: Registry) -> None:
    rules, proven = found(registry, program)
    for proof in proven.values():
        print(f"  {proof}")
    print(f"{program}: {len(proven)} of {len(rules)} binding rules alone refuse an accepted life with one thing changed")
    assert rules - set(proven) == NEVER_ALONE & rules


def test_refuses_with_others_where_a_rule_has_no_proof(registry: Registry) -> None:
    cut = [document for document in taken_over() if document["type"] != "candidacy.plan_approved.1"]
    accepted, refusing, _ = judged(registry, cut)
    assert not accepted
    assert refusing > NEVER_ALONE


def test_notices_a_rule_that_is_dead(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Teeth: a rule that never refuses has no proof."""
    program = registry.programs["commercementors"]
    edition = program.editions[0]

    def good(*_: Any) -> Check:
        return holds(True, "so")

    first, *others = edition.rules
    dead = attrs.evolve(edition, catalogue=(), rules=(attrs.evolve(first, judge=good), *others))
    lame = Registry.of(attrs.evolve(program, editions=(dead,)))
    assert first.id in found(registry, "commercementors")[1]
    assert first.id not in dict(proofs(lame, dead, mentors()[:1], [("a mentor to the end", mentors(), (first.id,))]))


def lives(registry: Registry, program: str) -> Iterable[Life]:
    documents = (dict(d) for d in registry.caseloads[program]())
    return (list(life) for _, life in groupby(documents, key=lambda d: d["case"]))


def test_says_of_an_accepted_life_that_it_is_and_of_another_what_refuses_it(registry: Registry) -> None:
    said = [judged(registry, life) for life in lives(registry, "commerce")]
    assert any(accepted for accepted, _, _ in said)
    assert any(not accepted and rules for accepted, rules, _ in said)
    assert made.TRIES > 0
