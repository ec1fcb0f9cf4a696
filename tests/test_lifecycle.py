"""Lifecycles: `transitions` is the source; the table, the diagram and the answers follow it."""

import random
from typing import Any

import attrs
import pytest
from transitions import MachineError

from candidacy import (
    CERTIFYING,
    COMPLETING,
    NOT_BEGUN,
    Act,
    CandidateSelected,
    DefinitionError,
    Edition,
    Lifecycle,
    Move,
    PlanApproved,
    Program,
    Registry,
    Withdrawn,
    discover,
)
from candidacy._words import short
from candidacy.cli import show
from candidacy_commerce.caseload import Candidate
from support import engine, outcomes, play

EDITIONS = [e for p in discover().programs.values() for e in p.editions]


class Walker:
    """A model for the oracle."""


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_agrees_with_transitions_on_random_walks(edition: Edition) -> None:
    """The oracle drives the machine itself; the engine's table must say the same at every step."""
    machine, acts = edition.lifecycle.machine, sorted(edition.lifecycle.acts)
    rng, steps, moved = random.Random(7), 0, 0
    for _ in range(100):
        walker: Any = Walker()
        machine.add_model(walker, initial=NOT_BEGUN)
        for _ in range(30):
            act, before = rng.choice(acts), walker.state
            try:
                machine.events[act].trigger(walker)
            except MachineError:
                assert (before, act) not in edition.table
            else:
                assert edition.table[before, act] == walker.state
                moved += 1
            steps += 1
        machine.remove_model(walker)
    print(f"{edition.id}: {steps} steps, {moved} moves, seed 7")
    assert moved > 100


def test_has_no_way_past_the_declared_moves() -> None:
    """`transitions` would add a to_<state> for every state."""
    assert not [name for name in CERTIFYING.machine.events if name.startswith("to_")]


def without(edition: Edition, act: type[Act], source: str, to: str) -> Edition:
    """The edition after a transition is deleted in the machine."""
    lifecycle = attrs.evolve(edition.lifecycle)
    lifecycle.machine.remove_transition(act.type_name, source, to)
    return attrs.evolve(edition, lifecycle=lifecycle)


def test_loses_a_move_everywhere_when_the_transition_is_deleted() -> None:
    commerce = discover().programs["commerce"]
    edition = commerce.editions[0]
    maimed = without(edition, PlanApproved, "planning", "developing")
    programs = {
        name: Registry.of(Program("commerce", title="x", editions=(e,), announcements={"september-2004": "2004"}))
        for name, e in (("whole", edition), ("maimed", maimed))
    }
    answers, why = {}, {}
    for name, registry in programs.items():
        on = engine(registry)
        life = Candidate("c1")
        *told, approval = life.enrolled().paired().planned()
        play(on, told)
        decision, _, _ = on.rehearse(approval)
        why[name] = {f.rule: str(f.outcome) for f in decision.findings}["candidacy.lifecycle"]
        answers[name] = on.submit(approval)
    assert why == {"whole": "met", "maimed": "unmet"}
    assert answers["whole"].accepted
    assert not answers["maimed"].accepted
    assert outcomes(answers["maimed"])["lifecycle"] == "unmet"
    drawn = {name: "\n".join(show.diagram(e)) for name, e in (("whole", edition), ("maimed", maimed))}
    assert "plan approved (program office)" in drawn["whole"]
    assert "plan approved" not in drawn["maimed"]
    assert edition.declared != maimed.declared


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_draws_the_same_moves_as_it_lists(edition: Edition) -> None:
    lines = list(show.diagram(edition))
    blank = lines.index("")
    arrows = [line for line in lines[:blank] if "-->" in line and not line.endswith("[*]")]
    rows = lines[blank + 3 :]
    assert len(arrows) == len(rows) == len(edition.table)
    for (_, name), arrow in zip(((r["state"], r["act"]) for r in show.moves(edition)), arrows, strict=True):
        assert short(name) in arrow


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_reaches_every_state_and_ends_only_in_finals(edition: Edition) -> None:
    reached, grown = {NOT_BEGUN}, True
    while grown:
        new = {to for (source, _), to in edition.table.items() if source in reached} - reached
        reached, grown = reached | new, bool(new)
    assert reached == {NOT_BEGUN, *edition.lifecycle.stages, *edition.lifecycle.exits}
    assert set(edition.lifecycle.exits) <= set(edition.lifecycle.finals)


def test_refines_a_stage_into_steps() -> None:
    refined = CERTIFYING.refined("planning", ("draft", "board"), [Move("planning/draft", Act_, "planning/board")])
    table = refined.table()
    assert table["enrolled", "candidacy.plan_submitted.1"] == "planning/draft"
    assert ("planning/draft", "candidacy.plan_approved.1") not in table
    assert table["planning/board", "candidacy.plan_approved.1"] == "developing"
    for step in ("draft", "board"):
        assert table[f"planning/{step}", "candidacy.plan_returned.1"] == "enrolled"
        assert table[f"planning/{step}", "candidacy.withdrawn.1"] == "withdrawn"
        assert table[f"planning/{step}", "candidacy.suspended.1"] == f"planning/{step}"


def test_leaves_an_exit_that_only_one_stage_has_to_its_last_step() -> None:
    refined = CERTIFYING.refined("graduated", ("approved", "forwarded"), [Move("graduated/approved", Act_, "graduated/forwarded")])
    assert ("graduated/approved", "candidacy.certification_denied.1") not in refined.table()
    assert refined.table()["graduated/forwarded", "candidacy.certification_denied.1"] == "not certified"


def test_ends_a_program_without_certification_in_completed() -> None:
    assert set(COMPLETING.finals) == {"completed", "withdrawn", "discontinued", "removed"}
    assert set(CERTIFYING.finals) == {"appointed", "withdrawn", "discontinued", "removed", "not certified"}


class Act_(Act):  # noqa: N801 (a stand-in without meaning)
    type_name = "widgets.stepped.1"


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ((Move("nowhere", Withdrawn, "a"),), "no declared state"),
        ((Move("a", Withdrawn, "nowhere"),), "no declared state"),
        ((Move("a", Withdrawn, "a"), Move("a", Withdrawn, "b")), "two moves"),
        ((Move(NOT_BEGUN, Withdrawn, "a"),), "needed an act that is a Beginning"),
        ((Move("a", CandidateSelected, "b"),), "is a Beginning; found it possible"),
    ],
)
def test_refuses_moves_that_transitions_would_take(moves: tuple[Move, ...], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        Lifecycle(("a", "b"), (), moves)


def test_refuses_to_refine_a_stage_it_does_not_have() -> None:
    with pytest.raises(DefinitionError):
        CERTIFYING.refined("nowhere", ("a",))


def test_sees_a_transition_that_is_deleted_after_it_was_used() -> None:
    whole = discover().programs["commerce"].editions[0]
    edition = attrs.evolve(whole, lifecycle=attrs.evolve(whole.lifecycle))
    assert ("planning", PlanApproved.type_name) in edition.table
    edition.lifecycle.machine.remove_transition(PlanApproved.type_name, "planning", "developing")
    assert ("planning", PlanApproved.type_name) not in edition.table
    assert "plan approved" not in "\n".join(show.diagram(edition))
