"""For each rule of an edition, a life that passes and one that fails, as short as they can be: proofs, or what lives showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from candidacy._gathering import prove_all
from candidacy._proofs import playing
from candidacy.check import Outcome
from candidacy.errors import CandidacyError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from candidacy._gathering import Gathered
    from candidacy._proofs import Life, Proof
    from candidacy.decision import Finding
    from candidacy.registry import Registry
    from candidacy.rule import Rule


@attrs.frozen
class Example:
    """Two lives for one rule, each up to the command that the rule looks at; () where none was found.

    Attributes:
        alone: whether the rule alone refuses the last command of the failing one.
        findings: what the failing one is answered at its end.
    """

    passing: tuple[dict[str, object], ...] = ()
    failing: tuple[dict[str, object], ...] = ()
    alone: bool = False
    findings: tuple[Finding, ...] = ()


def examples(of: Gathered, doing: Callable[[str], None]) -> dict[str, Example]:
    """By rule, its lives; nothing of a rule of which no life showed anything."""
    binding = {r.id for r in of.edition.rules if r.binding and r.before}
    told = {rule: proof for rule, proof in of.proofs.items() if rule in binding and not _repeated(proof)}
    of.proofs = {rule: proof for rule, proof in of.proofs.items() if rule in binding and rule not in told}
    prove_all(of, binding, doing)
    found = {rule: _of_proof(of, proof) for rule, proof in {**told, **of.proofs}.items()}
    shown = _shown(of, [r for r in of.edition.rules if r.id not in binding])
    return {rule.id: {**shown, **found}[rule.id] for rule in of.edition.rules if rule.id in shown or rule.id in found}


# --- of proofs


def _repeated(proof: Proof) -> bool:
    """Whether what is refused is accepted in the other life."""
    return any(document["type"] == proof.act for document in proof.accepted)


def _of_proof(of: Gathered, proof: Proof) -> Example:
    failing = proof.refused
    passing = _until(proof.accepted, failing[-1])
    holds = _alone(of.registry, proof.rule)
    passing, failing = _shorter(passing, failing, lambda life: _accepted(of.registry, life), holds)
    return Example(tuple(passing), tuple(failing), alone=True, findings=_last(of.registry, failing))


def _until(accepted: Life, refused: dict[str, object]) -> Life:
    """A life up to the command that is refused in the other one; up to the first alike, where that is none of its own."""
    for same in ("id", "type"):
        places = [n for n, document in enumerate(accepted, 1) if document[same] == refused[same]]
        if places:
            return accepted[: places[-1 if same == "type" else 0]]
    return []


def _shorter(passing: Life, failing: Life, passes: Callable[[Life], bool], fails: Callable[[Life], bool]) -> tuple[Life, Life]:
    """Both without the commands that they share and that make no difference."""
    if passing and not passes(passing):
        passing = []
    for document in list(reversed(failing[1:-1])):
        both = [[d for d in life if d is not document and d != document] for life in (passing, failing)]
        if fails(both[1]) and (not passing or (both[0] and passes(both[0]))):
            passing, failing = both
    return passing, failing


def _accepted(registry: Registry, life: Life) -> bool:
    on = playing(registry)
    try:
        return all(on.submit(document).accepted for document in life)
    except (InputError, CandidacyError):
        return False


def _alone(registry: Registry, rule: str) -> Callable[[Life], bool]:
    def alone(life: Life) -> bool:
        if not _accepted(registry, life[:-1]):
            return False
        return {f.rule for f in _last(registry, life) if f.refuses} == {rule}

    return alone


def _last(registry: Registry, life: Life) -> tuple[Finding, ...]:
    """What the last command of a life is answered; () where it cannot be submitted at all."""
    on = playing(registry)
    try:
        for document in life[:-1]:
            on.submit(document)
        return tuple(on.submit(life[-1]).findings)
    except (InputError, CandidacyError):
        return ()


# --- of what only shows


def _shown(of: Gathered, rules: Iterable[Rule]) -> dict[str, Example]:
    """For rules that refuse nothing: the first life in which each is met, and the first in which it is not."""
    wanted = {rule.id for rule in rules}
    met: dict[str, Life] = {}
    open_ones: dict[str, Life] = {}
    for _, life in of.all:
        on, before = playing(of.registry), list[dict[str, object]]()
        for document in life:
            try:
                answer = on.submit(document)
            except (InputError, CandidacyError):
                continue
            for finding in answer.findings:
                if finding.rule in wanted and answer.accepted:
                    to = met if finding.outcome is Outcome.MET else open_ones if not finding.outcome.good else {}
                    to.setdefault(finding.rule, [*before, document])
            if answer.accepted:
                before.append(document)
    return {rule: _example(of, rule, met.get(rule, []), open_ones.get(rule, [])) for rule in sorted(wanted & {*met, *open_ones})}


def _example(of: Gathered, rule: str, passing: Life, failing: Life) -> Example:
    passing = _alone_shorter(of, rule, passing, lambda outcome: outcome is Outcome.MET)
    failing = _alone_shorter(of, rule, failing, lambda outcome: not outcome.good)
    return Example(tuple(passing), tuple(failing), findings=_last(of.registry, failing) if failing else ())


def _alone_shorter(of: Gathered, rule: str, life: Life, shows: Callable[[Outcome], bool]) -> Life:
    """A life without the commands that make no difference for what a rule shows at its end."""
    for document in list(reversed(life[1:-1])):
        other = [d for d in life if d is not document]
        if _accepted(of.registry, other) and any(f.rule == rule and shows(f.outcome) for f in _last(of.registry, other)):
            life = other
    return life
