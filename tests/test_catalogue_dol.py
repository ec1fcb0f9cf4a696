"""Every entry of DOL's catalogue whose kind the door, a class or the lifecycle can show to be kept."""

from typing import Any, get_args

import attrs
import pytest

from candidacy import Confidential, FormField, LifecycleMove, Sealed, Vocabulary, discover
from candidacy.events import fields_of, words_of

(EDITION,) = discover().programs["dol"].editions
ENTRIES = [by for statement in EDITION.catalogue for by in statement.by]


def of(kind: type[Any]) -> list[Any]:
    """The entries of a kind, each once."""
    return [by for n, by in enumerate(ENTRIES) if isinstance(by, kind) and by not in ENTRIES[:n]]


def test_has_a_class_that_lets_none_but_its_readers_read_and_for_its_purposes_alone() -> None:
    for kept in of(Confidential):
        roles = [r.name for r in EDITION.roles]
        assert not any(kept.may_read(role, kept.purposes[0]) for role in roles if role not in kept.readers)
        assert not any(kept.may_read(role, purpose) for role in roles for purpose in (*kept.forbidden, "gossip"))
        sealed = [a for k in EDITION.entered_by for a in fields_of(k) if a.type is Sealed]
        assert {a.metadata["sealed"] for a in sealed} == {kept.name}


@pytest.mark.parametrize("move", of(LifecycleMove), ids=lambda m: m.act.type_name)
def test_misses_a_move_that_is_removed(move: LifecycleMove) -> None:
    (edition,) = discover().programs["dol"].editions
    lifecycle = attrs.evolve(edition.lifecycle)
    keys = [k for k in lifecycle.table() if k[1] == move.act.type_name and move.state in {"", k[0]}]
    assert keys
    for state, act in keys:
        lifecycle.machine.remove_transition(act, source=state)
    assert not set(keys) & set(lifecycle.table())


@pytest.mark.parametrize("field", [f for f in of(FormField) if f.event], ids=lambda f: f"{f.event.type_name}.{f.name}")
def test_requires_a_field_of_a_form(field: FormField) -> None:
    declared = next(a for a in fields_of(field.event) if a.name == field.name)
    assert declared.default is attrs.NOTHING, "its absence is refused at the door"


@pytest.mark.parametrize("words", of(Vocabulary), ids=lambda f: f"{f.event.type_name}.{f.name}")
def test_has_a_closed_vocabulary(words: Vocabulary) -> None:
    declared = next(a for a in fields_of(words.event) if a.name == words.name)
    assert words_of(declared.type)
    assert str not in get_args(declared.type)
