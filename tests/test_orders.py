"""Facts count from the day they took effect: entered in another order between two acts, they give the same findings on the next."""

from itertools import groupby
from random import Random
from typing import Any

import attrs
import pytest

from candidacy import Act, Fact, Registry
from candidacy.decision import Json
from paths.lives import DAY, LIVES, Drawn, written
from support import engine

PROGRAMS = ("commerce", "dol", "hhs")
SEEDS = range(40)


def told(registry: Registry, program: str, seed: int) -> list[Json]:
    """A random life, whole, as commands; what a rule refuses is refused, and it goes on."""
    r = Drawn(f"{program}-{seed}", f"{program} {seed}")
    LIVES[program](r)
    first, *more = r.told
    events = [first, *sorted(more, key=lambda t: t[0])]
    begun = first[0]
    return [
        {"id": f"{r.case}-{n}", "case": r.case, **written(registry, max(day, begun - 800 * DAY), r.person(part), event)}
        for n, (day, part, event) in enumerate(events)
    ]


def is_act(registry: Registry, document: Json) -> bool:
    return issubclass(registry.codec.kinds[document["type"]], Act)


def answers(registry: Registry, life: list[Json]) -> dict[str, Any]:
    """What is said of each act, by the id of its command: the decision and each finding but for what it rests on."""
    on = engine(registry)
    said: dict[str, Any] = {}
    for document in life:
        try:
            answer = on.submit(document)
        except Exception as error:  # noqa: BLE001 (the same error in both orders)
            said[document["id"]] = type(error).__name__
            continue
        if is_act(registry, document):
            findings = [{k: v for k, v in f.as_data().items() if k != "rests_on"} for f in answer.findings]
            said[document["id"]] = (answer.accepted, findings)
    return said


def shuffled(registry: Registry, life: list[Json], r: Random) -> list[Json]:
    """The same, the facts between two acts in another order; facts of one day and type keep theirs."""
    found: list[Json] = []
    for _, group in groupby(life, key=lambda d: is_act(registry, d)):
        run = list(group)
        if not is_act(registry, run[0]):
            places = list(range(len(run)))
            r.shuffle(places)
            mixed = [run[i] for i in places]
            alike: dict[tuple[str, str], list[Json]] = {}
            for document in run:
                alike.setdefault((document["type"], document["day"]), []).append(document)
            run = [alike[d["type"], d["day"]].pop(0) for d in mixed]
        found += run
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_gives_the_same_findings_in_every_order_of_the_facts_between_two_acts(program: str, registry: Registry) -> None:
    moved = 0
    for seed in SEEDS:
        life = told(registry, program, seed)
        other = shuffled(registry, life, Random(seed))
        moved += life != other
        assert answers(registry, life) == answers(registry, other), seed
    print(f"{program}: {moved} of {len(SEEDS)} lives told in another order")
    assert moved > len(SEEDS) // 2


def test_would_see_a_rule_that_asks_for_the_order_of_entry(registry: Registry) -> None:
    """Teeth: a rule that looks at versions instead of days."""
    program = registry.programs["commerce"]
    edition = program.editions[0]
    rule = next(r for r in edition.rules if r.id.endswith("mentor_stays_outside_the_chain_of_command"))

    def by_version(case: Any, event: Any, day: Any) -> Any:
        facts = [e for e in sorted(case.entries, key=lambda e: e.version) if isinstance(e.event, Fact)]
        check = rule.judge(case, event, day)
        return attrs.evolve(check, observed={**check.observed, "last": facts[-1].event.type_name if facts else "none"})

    rules = tuple(attrs.evolve(r, judge=by_version) if r is rule else r for r in edition.rules)
    lame = Registry.of(attrs.evolve(program, editions=(attrs.evolve(edition, catalogue=(), rules=rules), *program.editions[1:])))
    lives = [told(lame, "commerce", seed) for seed in SEEDS]
    assert any(answers(lame, life) != answers(lame, shuffled(lame, life, Random(n))) for n, life in enumerate(lives))


@pytest.mark.parametrize("program", PROGRAMS)
def test_accepts_no_act_of_a_random_life_with_an_unmet_binding_rule(program: str, registry: Registry) -> None:
    acts = 0
    for seed in SEEDS:
        on = engine(registry)
        for document in told(registry, program, seed):
            try:
                answer = on.submit(document)
            except Exception:  # noqa: BLE001, S112 (what is an error is not entered)
                continue
            if answer.accepted and is_act(registry, document):
                acts += 1
                assert all(f.outcome.good for f in answer.findings if f.binding)
    assert acts > len(SEEDS)
