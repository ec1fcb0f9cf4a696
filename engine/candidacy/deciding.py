"""`decide` judges one event: a function of its arguments alone."""

from datetime import date
from functools import partial as bound
from typing import Any

import attrs

from candidacy.answering import Judged, answer, failed
from candidacy.case import Case, Entry
from candidacy.check import UNKNOWN, Check, does_not_apply
from candidacy.decision import PLAIN, Actor, Decision, Finding, How, Json
from candidacy.errors import OpenFieldError
from candidacy.events import Act, CaseTakenOver, Event
from candidacy.guards import guards, is_attested
from candidacy.interventions import DecisionAffirmed, DecisionVoided, EditionMoved
from candidacy.program import Edition
from candidacy.rule import TAKEN_OVER, Rule
from candidacy.settling import affirmed, goes, let_off, place_in, settling
from candidacy.strands import Strands
from candidacy.terms import refuse_other_words


def decide(  # noqa: PLR0913, PLR0917 (a command is nothing without them)
    edition: Edition, case: Case, event: Event, day: date, actor: Actor | None, how: How = PLAIN
) -> Decision:
    """Judge *event*, effective on *day*, by *edition*: every finding, and what an acceptance moves.

    Args:
        edition: the one that the case is pinned to; where it is moved to another one, that other one.
        actor: who enters it; None when only asking, which leaves the question of the role open.
        how: whether it corrects a fact, is only asked for, or confirms what was asked for.
    """
    findings = tuple(_finding(j, edition.words) for j in judge(edition, case, event, day, actor, how))
    accepted = not isinstance(event, Act) or not any(f.refuses for f in findings)
    moves = accepted and not is_attested(case, day)
    return Decision(accepted, findings, moved(edition, case, event, how, moves=moves, enters=accepted and not how.request))


def judge(  # noqa: PLR0913, PLR0917 (as `decide`, and how much of it)
    edition: Edition,
    case: Case,
    event: Event,
    day: date,
    actor: Actor | None = None,
    how: How = PLAIN,
    *,
    rules: tuple[Rule, ...] | None = None,
) -> list[Judged]:
    """What every guard and rule says of *event*.

    Rules see the case as it stood at the end of *day*; those on a fact see it with the fact in it, and without what it
    corrects or voids, so that the same rule can stand before an act and show on the facts that may break it. A fact is
    always entered. What is dated before the case was taken over is attested: no rule applies to it, and it moves nothing.
    What is affirmed is judged again, on the case as it is known now: that only shows.

    Args:
        rules: only these, and no guard; None for all that concern the event.
    """
    chosen = edition.rules_for(type(event)) if rules is None else rules
    left = case if isinstance(event, Act) else case.without(*goes(edition, case, event, how))
    judged = [] if rules is not None else guards(edition, left, event, day, actor, how)
    judged += [] if rules is not None else settling(edition, case, event, day, actor, how)
    if is_attested(case, day):
        judged += [_not_checked(r) for r in chosen]
    else:
        stood = left.at(day)
        seen = stood if isinstance(event, Act) else stood.then(Entry(case.version + 1, day, event))
        judged += [_judged(edition, left, seen, r, event, day) for r in chosen]
    if isinstance(event, DecisionAffirmed) and (what := affirmed(case, event)):
        act, known = what
        again = (_judged(edition, known, known, r, act.event, act.day) for r in edition.rules_for(type(act.event)))
        judged += [attrs.evolve(j, binding=False, check=_told_alone(j.check)) for j in again]
    return judged + [_not_checked(r) for r in _passed_over(edition, event)]


def _judged(edition: Edition, whole: Case, seen: Case, rule: Rule, event: Event, day: date) -> Judged:  # noqa: PLR0913, PLR0917
    check = answer(bound(_asked, rule, event, day), seen)
    return Judged(rule.id, let_off(edition, whole, rule, event, day, check), rule.binding)


def _told_alone(check: Check) -> Check:
    """A check of what is over: what it saw and wanted, without a last day, or anything that could be done for it."""
    return attrs.evolve(check, closes=None, remedy=UNKNOWN, instead=None, parts=tuple(map(_told_alone, check.parts)))


def _asked(rule: Rule, event: Event, day: date, view: Case) -> Check:
    return rule.judge(view, event, day)


def _not_checked(rule: Rule) -> Judged:
    return Judged(rule.id, does_not_apply(TAKEN_OVER), rule.binding)


def _passed_over(edition: Edition, event: Event) -> list[Rule]:
    """The rules in front of the acts that a case taken over has behind it, each once, in reading order."""
    if not isinstance(event, CaseTakenOver):
        return []
    try:
        behind = edition.lifecycle.acts_before(event.stage)
    except OpenFieldError:
        return []
    return [rule for rule in edition.rules if any(issubclass(act, rule.before) for act in behind)]


def _finding(judged: Judged, words: frozenset[str]) -> Finding:
    """Its stored form; a rule that says what may not be kept has failed."""
    try:
        finding = Finding.of(judged.rule, judged.check, binding=judged.binding)
        refuse_other_words(finding.data, words)
    except Exception as failure:  # noqa: BLE001 (what a rule made may be of any kind)
        check = attrs.evolve(failed(failure), rests_on=judged.check.rests_on)
        return Finding.of(judged.rule, check, binding=judged.binding)
    return finding


def moved(edition: Edition, case: Case, event: Event, how: How, *, moves: bool, enters: bool) -> Json:  # noqa: PLR0913
    """What *event* moves, where it *moves* the case and *enters* it: ``from``, ``to``, ``strands``, and what is ``gone`` by it."""
    way: Json = {"from": case.state, "to": case.state, "strands": []}
    if not enters:
        return way
    gone = goes(edition, case, event, how)
    left = case.without(*gone)
    if isinstance(event, DecisionVoided):
        way["to"] = left.state
    elif isinstance(event, EditionMoved):
        way["to"] = place_in(edition, case)
    elif isinstance(event, Act) and moves and not event.anywhere:
        way["to"] = edition.table[case.state, event.way]
    gone_events = [entry.event for entry in case.entries if entry.version in gone and not isinstance(event, EditionMoved)]
    way["strands"] = _strands_moved(edition, left, event, gone_events)
    return {**way, "gone": list(gone)} if gone else way


def _strands_moved(edition: Edition, case: Case, event: Event, gone: list[Event]) -> list[Json]:
    """Where each strand is that the event, or what goes because of it, begins or ends; *case* is without what goes."""
    found: dict[tuple[str, str], Json] = {}
    for about in (*gone, event):
        strand: Strands[Any] | None = edition.strand_of(type(about))
        if strand is None:
            continue
        name, known = strand.id_of(about), [*(e.event for e in case.entries), *([event] if about is event else [])]
        said = {kind for e in known for kind in (strand.begun, strand.ended) if isinstance(e, kind) and strand.id_of(e) == name}
        is_now = "ended" if strand.ended in said else "open" if strand.begun in said else "gone"
        found[strand.name, name] = {"strand": strand.name, "id": name, "is": is_now}
    return list(found.values())
