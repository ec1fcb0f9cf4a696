"""The engine's guards about interventions and corrections, and what a waiver lets off. Pure functions."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import attrs

from candidacy.answering import Judged, answer
from candidacy.case import Case, Entry
from candidacy.check import (
    NOTHING,
    Check,
    Do,
    Either,
    Outcome,
    Step,
    all_of,
    does_not_apply,
    enter,
    holds,
    never,
    not_before,
)
from candidacy.decision import Actor, How
from candidacy.draft import amended
from candidacy.errors import OpenFieldError
from candidacy.events import Act, Beginning, Event, Fact, RoleGiven
from candidacy.interventions import (
    DecisionAffirmed,
    DecisionVoided,
    EditionMoved,
    ExtensionGranted,
    FactVoided,
    OverrideGranted,
    WaiverGranted,
)
from candidacy.latitude import Takes, own, settlers
from candidacy.program import Edition
from candidacy.rule import Rule

SETTLED, AFFIRMING, VOIDING = "candidacy.settled", "candidacy.affirming", "candidacy.voiding"
WAIVING, OVERRIDING, EXTENDING = "candidacy.waiving", "candidacy.overriding", "candidacy.extending"
MOVING, TWO_PEOPLE, CORRECTING = "candidacy.moving", "candidacy.two_people", "candidacy.correcting"
KEPT = "it began the case, moved it to another edition, or voids another act"
STANDS = "it stands all the same"
"""What is supposed of a decision that rested on what was wrong."""


def goes(edition: Edition, case: Case, event: Event, how: How) -> tuple[int, ...]:
    """Versions of the entries that stand no longer once *event* is entered."""
    if how.corrects:
        return (how.corrects,)
    if isinstance(event, FactVoided | DecisionVoided):
        return (event.entry,)
    takes = _taken(edition, case) if isinstance(event, EditionMoved) else None
    return tuple(e.version for e in case.entries if isinstance(e.event, takes.again)) if takes else ()


def place_in(edition: Edition, case: Case) -> str:
    """The state in which a case goes on that *edition* takes; its own, where it has no place."""
    takes = _taken(edition, case)
    return takes.stages.get(case.state, case.state) if takes else case.state


def _taken(edition: Edition, case: Case) -> Takes | None:
    return next((t for t in edition.takes if f"{edition.program}/{t.edition}" == case.edition), None)


# --- what lets off


def let_off(edition: Edition, case: Case, rule: Rule, event: Event, day: date, check: Check) -> Check:  # noqa: PLR0913, PLR0917
    """*check*; waived, where a waiver or an override lets off what it found open. What it saw is kept beside that."""
    if check.good or not rule.binding:
        return check
    found = next(_letting_off(edition, case, rule, event, day), None)
    if found is None:
        return check
    how = "waiver" if isinstance(found.event, WaiverGranted) else "override"
    return attrs.evolve(
        check,
        outcome=Outcome.WAIVED,
        observed={**check.observed, how: found.version, "until": found.event.until},
        remedy=NOTHING,
        rests_on=tuple(sorted({*check.rests_on, found.version})),
        closes=found.event.until,
        instead=None,
    )


def _letting_off(
    edition: Edition, case: Case, rule: Rule, event: Event, day: date
) -> Iterator[Entry[WaiverGranted] | Entry[OverrideGranted]]:
    """Waivers and overrides that let off what a rule finds of an event on that day, those that last longest first."""
    found = [e for e in granted(edition, case, day) if e.event.act in {None, event.type_name}]
    waivers = [e for e in found if isinstance(e.event, WaiverGranted) and e.event.rule == rule.id]
    yield from sorted(waivers, key=lambda e: (e.event.until, e.version), reverse=True)
    if own(edition, rule):
        yield from (e for e in reversed(found) if isinstance(e.event, OverrideGranted) and rule.id in e.event.rules)


def granted(edition: Edition, case: Case, day: date) -> Iterator[Entry[WaiverGranted] | Entry[OverrideGranted]]:
    """The waivers and overrides that count on a day; *case* is all that was ever entered.

    A waiver counts while the edition lets its rule be waived; an override, until an act of its type is entered after it.
    """
    view, waivable = case.watched().at(day), {w.rule.id for w in edition.waivers}
    yield from (e for e in view.all(WaiverGranted).sure if e.event.rule in waivable and day <= e.event.until)
    for override in view.all(OverrideGranted).sure:
        spent = any(e.version > override.version and e.event.type_name == override.event.act for e in case.entries)
        if day <= override.event.until and not spent:
            yield override


# --- guards


def settling(  # noqa: PLR0913, PLR0917 (as `decide`)
    edition: Edition, case: Case, event: Event, day: date, actor: Actor | None, how: How
) -> list[Judged]:
    """What the guards about interventions and corrections say of *event*; nothing of most events."""
    if isinstance(event, Fact) and how.corrects:
        return [Judged(CORRECTING, answer(lambda view: _correcting(view, how.corrects, day), case), binding=False)]
    if not isinstance(event, Act):
        return []
    asked: list[tuple[str, Callable[[Case], Check]]] = []
    if case.unsettled and not event.while_suspended:
        asked.append((SETTLED, lambda view: _settled(edition, view)))
    asked += _about_its_own(edition, event, day)
    if type(event) in edition.two_people and not how.request:
        asked.append((TWO_PEOPLE, lambda view: _two_people(edition, view, event, day, actor, how)))
    return [Judged(guard, answer(ask, case), binding=True) for guard, ask in asked]


def _about_its_own(edition: Edition, event: Act, day: date) -> list[tuple[str, Callable[[Case], Check]]]:
    """What is asked of an intervention or a correction because of what it is."""
    match event:
        case DecisionAffirmed():
            found = (AFFIRMING, lambda view: _affirming(view, event))
        case DecisionVoided():
            found = (VOIDING, lambda view: _voiding(edition, view, event))
        case WaiverGranted():
            found = (WAIVING, lambda _: _waiving(edition, event, day))
        case OverrideGranted():
            found = (OVERRIDING, lambda _: _overriding(edition, event, day))
        case ExtensionGranted():
            found = (EXTENDING, lambda _: _extending(edition, event, day))
        case EditionMoved():
            found = (MOVING, lambda view: _moving(edition, view, day))
        case _:
            return []
    return [found]


def _settled(edition: Edition, case: Case) -> Check:
    """Every decision that rests on what was voided or corrected has been affirmed or voided since."""
    newest = case.unsettled[-1]
    ways = tuple(enter(DecisionAffirmed, by=role, supposing=STANDS, entry=newest) for role in settlers(edition)[:1])
    return holds(False, "settled", by=Either(ways), unsettled=case.unsettled)


def _correcting(case: Case, corrects: int, day: date) -> Check:
    """A correction takes effect on the day of what it corrects; where that day itself was wrong, it shows."""
    was = case.entry(corrects)
    return holds(was is not None and was.day == day, "the-day-of-what-it-corrects", day=day, was=was.day if was else None)


def _affirming(case: Case, event: DecisionAffirmed) -> Check:
    """What is affirmed is unsettled, and the newest that is."""
    unsettled, entry = case.unsettled, event.entry
    case.entry(entry)
    right = amended(event, entry=unsettled[-1]) if unsettled else None
    return all_of(
        holds(entry in unsettled, "unsettled", by=never("it is settled"), instead=right, entry=entry),
        holds(not unsettled or entry >= unsettled[-1], "the-newest-first", instead=right, unsettled=unsettled),
    )


def _voiding(edition: Edition, case: Case, event: DecisionVoided) -> Check:
    """What is voided is an act that stands, that no other rests on, and that did not begin the case, move its edition or void."""
    entry, unsettled = event.entry, case.unsettled
    stands, found = case.decided(entry) is not None or case.request(entry) is not None, case.entry(entry)
    resting = case.resting_on(entry)
    void = edition.entered_by.get(DecisionVoided, ())
    first = tuple(enter(DecisionVoided, by=role, entry=resting[-1]) for role in void[:1]) if resting else ()
    kept = found is not None and isinstance(found.event, Beginning | EditionMoved | DecisionVoided)
    return all_of(
        holds(stands, "an-act-that-stands", by=never("no such act stands"), entry=entry),
        holds(
            not kept,
            "an-act-that-can-be-taken-back",
            by=never("it began the case, moved it to another edition, or voids"),
            entry=entry,
        ),
        holds(not resting, "no-act-that-rests-on-it", by=Either(first), resting=resting),
        holds(entry not in unsettled or entry == unsettled[-1], "the-newest-first", unsettled=unsettled),
    )


def affirmed(case: Case, event: DecisionAffirmed) -> tuple[Entry[Act], Case] | None:
    """The act that is affirmed in the end, and the case on which it is judged again: what is known now of the time up to then.

    None where no such act stands, or it is not said which.
    """
    try:
        found, seen = case.entry(event.entry), set[int]()
        while found is not None and isinstance(found.event, DecisionAffirmed) and found.version not in seen:
            seen.add(found.version)
            found = case.entry(found.event.entry)
    except OpenFieldError:
        return None
    if found is None or not isinstance(found.event, Act):
        return None
    version = found.version
    later = [e.version for e in case.entries if e.version >= version and isinstance(e.event, Act)]
    return found, case.without(*later).at(found.day)


def _waiving(edition: Edition, event: WaiverGranted, day: date) -> Check:
    """The rule is the program's own, its authority lets somebody waive it, and it stands before the act that is named."""
    waivable = any(w.rule.id == event.rule for w in edition.waivers)
    before = event.act is None or event.rule in _before(edition, event.act)
    return all_of(
        holds(waivable, "a-rule-that-may-be-waived", by=never("its authority lets nobody waive it"), rule=event.rule),
        holds(before, "a-rule-before-that-act", by=never("it does not stand before it"), act=event.act),
        _not_over(event.until, day),
    )


def _overriding(edition: Edition, event: OverrideGranted, day: date) -> Check:
    """The rules are the program's own, and stand before the act."""
    rules = {r.id: r for r in edition.rules}
    others = tuple(sorted(name for name in event.rules if name not in rules or not own(edition, rules[name])))
    elsewhere = tuple(sorted(set(event.rules) - _before(edition, event.act)))
    return all_of(
        holds(bool(event.rules), "a-rule", rules=event.rules),
        holds(not others, "rules-of-its-own", by=never("no program overrides another authority's rules"), others=others),
        holds(not elsewhere, "rules-before-that-act", by=never("they do not stand before it"), elsewhere=elsewhere),
        _not_over(event.until, day),
    )


def _before(edition: Edition, act: str) -> set[str]:
    """The rules that stand before the act of that type name."""
    return {r.id for kind in edition.entered_by if kind.type_name == act for r in edition.rules_for(kind)}


def _extending(edition: Edition, event: ExtensionGranted, day: date) -> Check:
    """The clock is one that its authority lets somebody extend."""
    extended = any(c.name == event.clock and c.extended_by for c in edition.clocks)
    return all_of(
        holds(extended, "a-clock-that-may-be-extended", by=never("its authority lets nobody extend it"), clock=event.clock),
        _not_over(event.until, day),
    )


def _not_over(until: date, day: date) -> Check:
    return holds(until >= day, "a-last-day-that-is-not-over", until=until, day=day)


def _moving(edition: Edition, case: Case, day: date) -> Check:
    """The edition takes cases of the one the case is pinned to, and has a place for its stage and for what is open in it."""
    takes, strands = _taken(edition, case), {s.name for s in edition.strands}
    is_taken = holds(takes is not None, "an-edition-that-takes-its-cases", by=never("it takes none"), edition=case.edition or None)
    if takes is None:
        return is_taken
    homeless = tuple(sorted({kind for kind, _ in case.open_strands} - strands))
    place = holds(case.state in takes.stages, "a-place-for-the-stage", by=never("it has none"), state=case.state)
    open_ones = holds(not homeless, "a-place-for-what-is-open", by=never("it has none"), open=homeless)
    settled = not case.unsettled or bool(settlers(edition))
    since = case.put_here
    return all_of(
        is_taken,
        place,
        open_ones,
        holds(settled, "someone-who-settles", by=never("nobody settles there"), unsettled=case.unsettled),
        not_before(day, edition.in_force, what="the-edition-in-force"),
        *([] if since is None else [not_before(day, since, what="the-act-that-made-the-state")]),
    )


def _two_people(  # noqa: PLR0913, PLR0917 (as `decide`)
    edition: Edition, case: Case, event: Act, day: date, actor: Actor | None, how: How
) -> Check:
    """The very act was asked for by another person, and not later."""
    if actor is None:
        return does_not_apply("nobody-named")
    asked = case.request(how.confirms) if how.confirms else None
    if asked is None:
        asking = Either(tuple(Do((Step(event),), role) for role in edition.two_people[type(event)]))
        return holds(False, "a-request-by-another-person", by=asking, confirms=how.confirms or None)
    ours, theirs = _behind(case, {actor.person, *filter(None, [actor.on_behalf_of])}), _behind(case, asked.people)
    wrong = asked.rests_on & case.corrected.keys()
    return all_of(
        holds(asked.event == event, "the-act-that-was-asked-for", confirms=how.confirms),
        holds(not ours & theirs, "another-person", confirms=how.confirms),
        holds(not wrong, "a-request-that-rests-on-nothing-wrong", confirms=how.confirms),
        not_before(day, asked.day, what="the-request"),
    )


def _behind(case: Case, people: Iterable[str]) -> set[str]:
    """People, and those in whose place they were ever given a role."""
    found = set(people)
    return found | {str(g.in_place_of) for _, g in case.all(RoleGiven) if g.person in found and g.in_place_of is not None}
