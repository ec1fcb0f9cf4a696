"""The engine's own guards, the same for every program: a place in the lifecycle, a role, one strand once."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from candidacy.answering import Judged, answer
from candidacy.case import Case
from candidacy.check import (
    UNKNOWN,
    Check,
    Do,
    Either,
    Every,
    Remedy,
    Step,
    all_of,
    does_not_apply,
    enter,
    holds,
    never,
    not_before,
    wait_until,
)
from candidacy.clock import SUSPENSIONS
from candidacy.decision import PLAIN, Actor, How
from candidacy.draft import amended
from candidacy.errors import OpenFieldError
from candidacy.events import Act, Beginning, Event, Id, JudgementGiven, RoleGiven, RoleName, RoleNamed
from candidacy.interventions import Resumed
from candidacy.program import Edition
from candidacy.role import Role
from candidacy.spans import DAY
from candidacy.standard import OnPlan, PlanSubmitted

LIFECYCLE, ROLE, STRAND, SUSPENSION, PLAN, ATTESTED, APART, AUTHORITY = (
    f"candidacy.{guard}" for guard in ("lifecycle", "role", "strand", "suspension", "plan", "attested", "apart", "authority")
)


def is_attested(case: Case, day: date) -> bool:
    """Whether what is dated *day* lies before the day on which the case was taken over."""
    taken = case.taken_over
    return taken is not None and day < taken


def guards(  # noqa: PLR0913, PLR0917 (as `decide`)
    edition: Edition, case: Case, event: Event, day: date, actor: Actor | None = None, how: How = PLAIN
) -> list[Judged]:
    """What the engine's own guards say of *event*.

    *case* is all that was ever entered: what was already begun elsewhere in time is begun.
    """
    asked: list[tuple[str, Callable[[Case], Check]]] = []
    strand, past = edition.strand_of(type(event)), is_attested(case, day)
    if past:
        asked.append((ATTESTED, lambda view: holds(True, "attested", day=day, taken_over=view.taken_over)))
    if isinstance(event, Act) and past:
        asked.append((ROLE, lambda view: _role(edition, view, event, day, actor, how)))
    elif isinstance(event, Act):
        if not event.anywhere:
            asked.append((LIFECYCLE, lambda view: _place(edition, view, event, day)))
        asked.append((ROLE, lambda view: _role(edition, view, event, day, actor, how)))
        if SUSPENSIONS in edition.strands and any(s.last is None or s.open_on(day) for s in SUSPENSIONS.of(case)):
            asked.append((SUSPENSION, lambda view: _not_suspended(edition, view, event, day)))
    if isinstance(event, OnPlan) and not past:
        asked.append((PLAN, lambda view: _same_plan(view, event)))
    if strand is not None:
        asked.append((STRAND, lambda view: strand.fits(view, event, day)))
    with suppress(OpenFieldError):  # of a draft the role guard says that it is open
        if isinstance(event, Act) and actor and any(role in edition.apart for role in may_enter(edition, case, event, day)):
            asked.append((APART, lambda view: _apart(edition, view, event, day, actor)))
        if _stands_in(edition, case, event, day, actor):
            asked.append((AUTHORITY, lambda view: _authority(edition, view, event, day, actor)))
    return [Judged(guard, answer(ask, case), binding=guard not in {APART, AUTHORITY}) for guard, ask in asked]


def _place(edition: Edition, case: Case, event: Act, day: date) -> Check:
    """The lifecycle has a move for the act, and the act is not dated before the one that put the case there."""
    put_here = case.put_here
    if (case.state, event.way) in edition.table:
        there = holds(True, "a-move-for-this-act", state=case.state)
        return there if put_here is None else all_of(there, not_before(day, put_here, what="the-act-that-made-the-state"))
    ways = tuple(enter(act, by=edition.entered_by[act][0]) for act in _next_acts(edition, case.state, event.type_name))
    return holds(False, "a-move-for-this-act", by=Either(ways) if ways else never("no way leads there"), state=case.state)


def _next_acts(edition: Edition, state: str, type_name: str) -> Iterator[type[Act]]:
    """Those that somebody may enter."""
    return (act for act in edition.lifecycle.next_acts(state, type_name) if act in edition.entered_by)


def _role(edition: Edition, case: Case, event: Act, day: date, actor: Actor | None, how: How) -> Check:  # noqa: PLR0913, PLR0917
    """The actor holds, on that day, a role that may enter the act, or ask for it."""
    wanted = edition.two_people.get(type(event), ()) if how.request else may_enter(edition, case, event, day)
    if actor is None:
        return does_not_apply("nobody-named")
    held = roles_held(case, event, actor, day)
    others = Either(tuple(Do((Step(event),), role) for role in wanted))
    return holds(bool(held & set(wanted)), "a-role-that-may-enter-this", by=others, roles=tuple(sorted(held)))


def _apart(edition: Edition, case: Case, event: Act, day: date, actor: Actor) -> Check:
    """Who enters the act, by a role that is kept apart from others, is none of those in the case on that day. It only shows.

    Nor is the person in whose place they act. A part is held as a role, or where an event of the case names the person for it.
    """
    held = roles_held(case, event, actor, day)
    entering = held & set(may_enter(edition, case, event, day))
    whose = {actor.on_behalf_of, *(given.in_place_of for given in _stands_in(edition, case, event, day, actor))} - {None}
    parts = held | {role for person in whose for role in case.roles_of(str(person), max(day, case.began or day))}
    parts |= {role.name for role in edition.roles if _named(edition, case, event, day, role) & {actor.person, *whose}}
    also = sorted({other for role in entering for other in edition.apart.get(role, ())} & parts)
    return holds(not also, "one-who-holds-no-other-part", roles=tuple(sorted(entering)), also=tuple(also))


def _named(edition: Edition, case: Case, event: Event, day: date, role: Role) -> set[str | None]:
    """Whom the events of the case, or this one, name for a role on a day: of what begins and ends, while it is open."""
    found = set[str | None]()
    for kind, field in role.named_by:
        strands, last = edition.strand_of(kind), case.at(day).last(kind)
        if strands is not None:
            found |= {getattr(s.begun, field) for s in strands.of(case) if s.open_on(day)}
        elif last is not None:
            found.add(getattr(last, field))
        found |= {getattr(event, field)} if isinstance(event, kind) else set()
    return found


def _stands_in(edition: Edition, case: Case, event: Event, day: date, actor: Actor | None) -> list[RoleGiven]:
    """What the actor acts by in the place of another; nothing where they may enter the act in their own right."""
    if isinstance(event, RoleGiven):
        return [event] if event.capacity != "own" else []
    if not isinstance(event, Act) or actor is None:
        return []
    entering = roles_held(case, event, actor, day) & set(may_enter(edition, case, event, day))
    given = [_given(case, actor.person, role, day) for role in sorted(entering)]
    return [g for g in given if g] if all(g and g.capacity != "own" for g in given) else []


def _given(case: Case, person: str, role: str, day: date) -> RoleGiven | None:
    """How a person came to a role that they hold on a day; None of the first roles, which are their own."""
    known = case.at(max(day, case.began or day))
    found = known.all(RoleGiven).where(lambda _, g: (g.person, g.role) == (person, role)).last
    first = known.all(Beginning).where(lambda _, b: RoleNamed(Id(person), RoleName(role)) in b.roles).last
    return None if found is None or (first and first.day > found.day) else found.event


def _authority(edition: Edition, case: Case, event: Event, day: date, actor: Actor | None) -> Check:
    """What was delegated comes from one who holds it on that day; who is acting needs nobody to. It only shows."""
    found = [_by_whose_word(case, given, day) for given in _stands_in(edition, case, event, day, actor)]
    return next((check for check in found if check.good), found[0])


def _by_whose_word(case: Case, given: RoleGiven, day: date) -> Check:
    told: dict[str, Any] = {"role": given.role, "capacity": given.capacity, "in_place_of": given.in_place_of or "nobody"}
    if given.capacity == "acting":
        return holds(True, "acting", **told)
    return holds(_delegated(case, given, day), "delegated-by-one-who-holds-it", **told)


def _delegated(case: Case, given: RoleGiven, day: date) -> bool:
    """Whether a chain of delegations goes back to one who holds the role, but by no delegation, on a day."""
    on, asked, giver = max(day, case.began or day), set[str](), given.in_place_of
    while giver is not None and giver not in asked and given.role in case.roles_of(giver, on):
        asked.add(giver)
        theirs = _given(case, giver, given.role, day)
        if theirs is None or theirs.capacity != "delegated":
            return True
        giver = theirs.in_place_of
    return False


def may_enter(edition: Edition, case: Case, event: Event, day: date) -> tuple[str, ...]:
    """The roles that may enter *event*: what is attested, those also that take cases over; but nobody judges for another."""
    roles = edition.may_enter(event)
    attests = bool(roles) and is_attested(case, day) and not isinstance(event, JudgementGiven)
    return tuple(dict.fromkeys((*roles, *edition.attesters))) if attests else roles


def roles_held(case: Case, event: Event | None, actor: Actor, day: date) -> frozenset[str]:
    """The actor's roles on *day*. The act that begins the case names the first; they serve for earlier days too."""
    named = getattr(event, "roles", ()) if case.began is None else ()
    on = max(day, case.began or day)
    return case.roles_of(actor.person, on) | {n.role for n in named if n.person == actor.person}


def _not_suspended(edition: Edition, case: Case, event: Act, day: date) -> Check:
    """No suspension covers the day or is still open, or the act is one that may pass all the same."""
    if event.while_suspended:
        return does_not_apply("may-pass-while-suspended")
    still = [s for s in SUSPENSIONS.of(case) if s.last is None or s.open_on(day)]
    resume = tuple(enter(Resumed, by=edition.entered_by[Resumed][0], suspension=s.id) for s in still if s.last is None)
    way = Every(resume) if resume else wait_until(max(s.last for s in still if s.last) + DAY)
    return holds(False, "not-suspended", by=way, suspensions=tuple(s.id for s in still))


def _same_plan(case: Case, event: OnPlan) -> Check:
    """The act is about the plan that was last submitted, and about the very revision of its document."""
    submitted = case.last(PlanSubmitted)
    named = submitted.plan if submitted else None
    newest = submitted.document.sha256 if submitted and submitted.document else None
    right = amended(event, plan=named, revision=newest) if named else None
    first: Remedy = UNKNOWN if submitted else Every()  # the lifecycle asks for a plan before
    same = holds(event.plan == named, "the-plan-last-submitted", by=first, instead=right, plan=event.plan, submitted=named)
    if newest is None and event.revision is None:
        return same
    is_newest = event.revision == newest
    revision = holds(is_newest, "the-revision-last-submitted", instead=right, revision=event.revision, submitted=newest)
    return all_of(same, revision)
