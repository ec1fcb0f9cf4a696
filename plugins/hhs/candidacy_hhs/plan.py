"""The development plan: what it holds, who is consulted on it, and how it is revised."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any, Literal, TypeVar, get_args

import attrs

from candidacy import (
    UNKNOWN,
    Act,
    Case,
    CertificationRequested,
    Check,
    Count,
    Do,
    Entry,
    Event,
    Fact,
    Id,
    PlanApproved,
    Remedy,
    act,
    all_of,
    at_least,
    calendar_days,
    does_not_apply,
    each,
    enter,
    exactly,
    fact,
    holds,
    never,
)
from candidacy_hhs.authority import ECQS, GUIDELINES, HOURS, LONG, SHORT
from candidacy_hhs.events import ASSIGNMENTS, Ecq, TrainingCompleted
from candidacy_hhs.training import AssessmentCompleted

Partner = Literal["supervisor of record", "mentor", "program coordinator"]
Recipient = Literal["supervisor of record", "mentor"]


@attrs.frozen
class PlannedAssignment:
    """An assignment as planned: the expected days, where, and the ECQs aimed at."""

    assignment: Id
    first: date
    last: date
    inside_hhs: bool
    division: Id
    ecqs: tuple[Ecq, ...]


@attrs.frozen
class PlannedCourse:
    """A course as planned; *taken_on* where it had been taken before."""

    course: Id
    hours: Count
    interagency: bool
    ecqs: tuple[Ecq, ...]
    taken_on: date | None = None


@attrs.frozen
class ShortTerm:
    """A task force or workgroup as planned, and what it is for; it counts towards no days."""

    activity: Id
    serves: Literal["leading", "another skill"]
    ecqs: tuple[Ecq, ...]


@fact("hhs.plan_drawn_up.1")
class PlanDrawnUp(Fact):
    """A version of the plan: what the candidate means to do."""

    plan: Id
    version: Count
    assignments: tuple[PlannedAssignment, ...]
    courses: tuple[PlannedCourse, ...]
    sessions: tuple[Id, ...]
    short_term: tuple[ShortTerm, ...] = ()
    readings: tuple[Id, ...] = ()


@fact("hhs.plan_discussed.1")
class PlanDiscussed(Fact):
    """A version of the plan was talked over with one of those to be consulted."""

    plan: Id
    version: Count
    partner: Partner


@fact("hhs.plan_change_recommended.1")
class PlanChangeRecommended(Fact):
    """The coordinator proposes more development, or something else instead."""

    plan: Id
    version: Count
    kind: Literal["additional development", "substitution"]


@fact("hhs.final_plan_forwarded.1")
class FinalPlanForwarded(Fact):
    """The candidate sent the approved plan on."""

    plan: Id
    recipient: Recipient


@fact("hhs.revision_raised.1")
class RevisionRaised(Fact):
    """Somebody holds a revision to be significant, whatever the table says."""

    plan: Id
    version: Count


class RevisionApproved(Act):
    """The approval of a revision; each kind of it repeats the fields."""

    __slots__ = ()
    plan: Id
    version: Count


@act("hhs.minor_revision_approved.1")
class MinorRevisionApproved(RevisionApproved):
    """The coordinator approves a minor revision of the plan."""

    plan: Id
    version: Count


@act("hhs.significant_revision_approved.1")
class SignificantRevisionApproved(RevisionApproved):
    """The board approves a revision of the plan."""

    plan: Id
    version: Count


REVISIONS: tuple[type[RevisionApproved], ...] = (MinorRevisionApproved, SignificantRevisionApproved)
E = TypeVar("E", bound=Event)


# --- versions


def versions(case: Case) -> list[tuple[date, PlanDrawnUp]]:
    """The approved versions, each with the day of its approval, the one in force last."""
    return [(day, version) for _, day, version in sorted(_approved(case), key=lambda found: found[0])]


def _approved(case: Case) -> Iterator[tuple[int, date, PlanDrawnUp]]:
    """The record and the day of each approval, and what was on record by then: who draws a version again changes nothing."""
    drawn = case.all(PlanDrawnUp)
    if not drawn:
        return
    approvals = [(e.version, e.day, e.event.plan, None) for e in _entries(case, PlanApproved)]
    revisions = [(e.version, e.day, e.event) for kind in REVISIONS for e in _entries(case, kind)]
    for record, day, plan, number in (*approvals, *((record, day, r.plan, r.version) for record, day, r in revisions)):
        known = [d for d in drawn.sure if d.version < record and d.day <= day and d.event.plan == plan]
        wanted = [d.event for d in known if number in {None, d.event.version}]
        if wanted:
            yield record, day, wanted[-1]


def _entries(case: Case, kind: type[E]) -> tuple[Entry[E], ...]:
    """The entries of a kind; the answer rests on them."""
    found = case.all(kind)
    return found.sure if found else ()


def counts_since(case: Case, assignment: str, approved: date) -> date | None:
    """The day from which an assignment counts: the first approval of a version that names it; the plan's, where none does.

    None where versions name it and none of them is approved.
    """
    named = [d for _, d in case.all(PlanDrawnUp) if _names(d, assignment)]
    return min((day for day, version in versions(case) if _names(version, assignment)), default=None) if named else approved


def _names(plan: PlanDrawnUp, assignment: str) -> bool:
    return any(a.assignment == assignment for a in plan.assignments)


def in_force(case: Case) -> PlanDrawnUp | None:
    """The version that was approved last."""
    found = versions(case)
    return found[-1][1] if found else None


def drawn_up(case: Case, plan: str, version: int) -> PlanDrawnUp | None:
    """The version so numbered."""
    found = case.all(PlanDrawnUp).where(lambda _, d: (d.plan, d.version) == (plan, version)).last
    return found.event if found else None


def _contents(case: Case, event: PlanApproved | PlanDrawnUp) -> PlanDrawnUp | None:
    """What is judged: the version told of, or the newest of the plan that is to be approved."""
    if isinstance(event, PlanDrawnUp):
        return event
    drawn = case.all(PlanDrawnUp)
    found = drawn.where(lambda _, d: d.plan == event.plan).last if drawn.sure else None
    return found.event if found else None


ELSEWHERE = "the-contents-are-not-on-record"
KEPT_ELSEWHERE = "where the contents of the plan are not on record, the board judges the document it has"


def _put_right(case: Case, plan: PlanDrawnUp) -> Do:
    """The same version drawn again, with all that the rules on contents ask for; it names no assignment of its own accord."""
    assignments = [attrs.evolve(a, last=max(a.first, a.last), ecqs=a.ecqs or ECQS) for a in plan.assignments]
    if assignments and not _long_enough(case, plan):
        longer = LONG(case).last(assignments[0].first)
        assignments[0] = attrs.evolve(assignments[0], last=max(longer, assignments[0].last))
    courses = [attrs.evolve(c, ecqs=c.ecqs or ECQS) for c in plan.courses]
    if (short := HOURS(case) - _planned_hours(plan)) > 0:
        name = next(Id(f"course-{n}") for n in count(1) if f"course-{n}" not in {c.course for c in courses})
        courses.append(PlannedCourse(name, Count(short), interagency=True, ecqs=ECQS))
    content: dict[str, Any] = {
        "plan": plan.plan,
        "version": plan.version,
        "courses": tuple(courses),
        "sessions": plan.sessions or (Id("quarterly-sessions"),),
        "short_term": tuple(attrs.evolve(s, ecqs=s.ecqs or ECQS) for s in plan.short_term),
        "readings": plan.readings,
    }
    if assignments:
        content["assignments"] = tuple(assignments)
    return enter(PlanDrawnUp, by="candidate", **content)


# --- what a plan holds


@GUIDELINES.advises(
    before=PlanApproved, at="HHS-029", lines=(73, 73),
    reading="a plan may also be handed in as a document alone: then its contents are not checked, and that shows",
)  # fmt: skip
def contents_are_on_record(case: Case, approval: PlanApproved, day: date) -> Check:
    """The assignments and the training that are planned are on record."""
    return holds(
        _contents(case, approval) is not None, "the-contents-of-the-plan", by=enter(PlanDrawnUp, by="candidate", plan=approval.plan)
    )


@GUIDELINES.requires(before=PlanApproved, on=PlanDrawnUp, at="HHS-030", lines=(75, 75), reading=KEPT_ELSEWHERE)
def planned_assignments_have_days_and_ecqs(case: Case, event: PlanApproved | PlanDrawnUp, day: date) -> Check:
    """Each planned assignment has its expected days, in their order, and an ECQ it aims at."""
    plan = _contents(case, event)
    if plan is None:
        return does_not_apply(ELSEWHERE)
    by = _put_right(case, plan)
    return each(
        (holds(bool(a.ecqs) and a.first <= a.last, "days-and-ECQs", by=by, assignment=a.assignment) for a in plan.assignments),
        none="no-assignment-is-planned",
    )


@GUIDELINES.requires(
    before=PlanApproved, on=PlanDrawnUp, at="HHS-031", lines=(75, 75),
    reading="hours taken before and hours still to be taken count together; " + KEPT_ELSEWHERE,
)  # fmt: skip
def eighty_hours_are_planned(case: Case, event: PlanApproved | PlanDrawnUp, day: date) -> Check:
    """The plan has 80 hours of interagency training, taken or to be taken."""
    plan = _contents(case, event)
    return does_not_apply(ELSEWHERE) if plan is None else _hours(case, plan)


def _hours(case: Case, plan: PlanDrawnUp) -> Check:
    return at_least(exactly(_planned_hours(plan), "hours"), HOURS(case), by=lambda _: _put_right(case, plan))


def _planned_hours(plan: PlanDrawnUp) -> int:
    """Hours of interagency training, each course once."""
    return sum({course.course: course.hours for course in plan.courses if course.interagency}.values())


@GUIDELINES.requires(
    before=PlanApproved, on=PlanDrawnUp, at="HHS-032", lines=(75, 75),
    reading="what the sessions treat was still open: they stand in the plan by id; " + KEPT_ELSEWHERE,
)  # fmt: skip
def quarterly_sessions_are_planned(case: Case, event: PlanApproved | PlanDrawnUp, day: date) -> Check:
    """The plan lists the quarterly sessions."""
    plan = _contents(case, event)
    if plan is None:
        return does_not_apply(ELSEWHERE)
    return holds(bool(plan.sessions), "the-quarterly-sessions", by=_put_right(case, plan))


@GUIDELINES.requires(
    before=PlanApproved, on=PlanDrawnUp, at="HHS-033", lines=(75, 75),
    reading="sessions and readings bear no ECQ of their own; " + KEPT_ELSEWHERE,
)  # fmt: skip
def planned_activities_serve_ecqs(case: Case, event: PlanApproved | PlanDrawnUp, day: date) -> Check:
    """Every planned course, task force and workgroup serves an ECQ."""
    plan = _contents(case, event)
    if plan is None:
        return does_not_apply(ELSEWHERE)
    by = _put_right(case, plan)
    named = [(c.course, c.ecqs) for c in plan.courses] + [(s.activity, s.ecqs) for s in plan.short_term]
    return each((holds(bool(ecqs), "an-ECQ", by=by, activity=name) for name, ecqs in named), none="nothing-is-planned")


@GUIDELINES.requires(
    before=PlanApproved, on=PlanDrawnUp, at="HHS-043", lines=(102, 102),
    reading="both ends count (C3); short ones are not added up (C2); " + KEPT_ELSEWHERE,
)  # fmt: skip
def planned_assignments_are_long_enough(case: Case, event: PlanApproved | PlanDrawnUp, day: date) -> Check:
    """The plan has two assignments of at least 60 calendar days each, or one of at least 120."""
    plan = _contents(case, event)
    return does_not_apply(ELSEWHERE) if plan is None else _lengths(case, plan)


def _lengths(case: Case, plan: PlanDrawnUp) -> Check:
    by = _put_right(case, plan) if plan.assignments else UNKNOWN
    planned = tuple(exactly(n, "calendar days") for n in _days(plan))
    return holds(_long_enough(case, plan), "two-short-ones-or-one-long", by=by, planned=planned)


def _days(plan: PlanDrawnUp) -> list[int]:
    return [calendar_days(a.first, a.last) for a in {a.assignment: a for a in plan.assignments}.values()]


def _long_enough(case: Case, plan: PlanDrawnUp) -> bool:
    short, long = (sum(days >= span(case).days for days in _days(plan)) for span in (SHORT, LONG))
    return short >= 2 or long >= 1  # noqa: PLR2004 (two short ones, or one long)


@GUIDELINES.requires(
    before=PlanApproved, at=("HHS-034", "HHS-131", "HHS-144"), lines=((87, 87), (290, 290), (320, 320)),
    reading=KEPT_ELSEWHERE,
)  # fmt: skip
def plan_is_made_in_consultation(case: Case, approval: PlanApproved, day: date) -> Check:
    """Supervisor of record, mentor and coordinator have each been consulted on the plan."""
    plan = _contents(case, approval)
    if plan is None:
        return does_not_apply(ELSEWHERE)
    asked = {told.partner for _, told in case.all(PlanDiscussed) if told.plan == plan.plan}
    return all_of(*(_discussed(plan, partner, partner in asked) for partner in get_args(Partner)))


def _discussed(plan: PlanDrawnUp, partner: str, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    by = enter(PlanDiscussed, by="candidate", plan=plan.plan, version=plan.version, partner=partner)
    return holds(done, "a-consultation", by=by, partner=partner)


@GUIDELINES.advises(before=PlanApproved, on=PlanDrawnUp, at="HHS-047", lines=(106, 106))
def planned_assignments_serve_what_was_assessed(case: Case, event: PlanApproved | PlanDrawnUp, day: date) -> Check:
    """The assignments aim at the ECQs in which the candidate was found to have to grow."""
    plan, assessed = _contents(case, event), case.last(AssessmentCompleted)
    if plan is None or assessed is None:
        return does_not_apply("no-contents-or-no-assessment")
    aimed = {ecq for a in plan.assignments for ecq in a.ecqs}
    left = tuple(ecq for ecq in assessed.needs if ecq not in aimed)
    return holds(not left, "every-ECQ-to-grow-in", by=UNKNOWN, left_out=left)


# --- revisions

SIGNIFICANT = frozenset({"another-assignment", "another-division", "more-training", "below-the-minimum", "something-else"})
"""The changes that the board approves. The list of minor ones is closed, this one open: what neither names is here."""


def changes(case: Case, before: PlanDrawnUp, after: PlanDrawnUp) -> tuple[str, ...]:
    """The kinds of change between two versions, those for the board first. Readings bind nobody: another one is no change."""
    was, now = {a.assignment: a for a in before.assignments}, {a.assignment: a for a in after.assignments}
    had, has = {s.activity: s for s in before.short_term}, {s.activity: s for s in after.short_term}
    kept = [(was[name], a) for name, a in now.items() if name in was]
    hours_were, hours_are = (sum(c.hours for c in plan.courses) for plan in (before, after))
    of_others = any(had[name] != s for name, s in has.items() if name in had) or before.sessions != after.sessions
    found = {
        "another-assignment": bool(set(now) - set(was) or set(has) - set(had)),
        "another-division": any((a.division, a.inside_hhs) != (b.division, b.inside_hhs) for a, b in kept),
        "more-training": len(after.courses) > len(before.courses) or hours_are > hours_were,
        "below-the-minimum": _planned_hours(after) < HOURS(case) or not _long_enough(case, after),
        "something-else": of_others or any(a.ecqs != b.ecqs for a, b in kept),
        "other-days": any((a.first, a.last) != (b.first, b.last) for a, b in kept),
        "other-courses": set(before.courses) != set(after.courses),
        "dropped-activity": bool(set(was) - set(now) or set(had) - set(has)),
    }
    return tuple(kind for kind, so in found.items() if so)


def _nothing_to_compare(approval: RevisionApproved) -> Check:
    by = enter(PlanDrawnUp, by="candidate", plan=approval.plan, version=approval.version)
    return holds(False, "the-version-on-record", by=by, plan=approval.plan, version=approval.version)


def _raised(case: Case, approval: RevisionApproved, after: PlanDrawnUp) -> bool:
    """Whether somebody raised this version, or one with the same contents under another number."""
    raised = [(r.plan, r.version) for _, r in case.all(RevisionRaised)]
    same = [drawn_up(case, *name) for name in raised]
    return (approval.plan, approval.version) in raised or any(d and _contents_of(d) == _contents_of(after) for d in same)


def _contents_of(plan: PlanDrawnUp) -> tuple[Any, ...]:
    return plan.plan, plan.assignments, plan.courses, plan.sessions, plan.short_term


@GUIDELINES.requires(
    before=MinorRevisionApproved, at=("HHS-038", "HHS-039"), lines=(96, 96),
    reading="the class is computed from the two versions; a person may raise it and nobody lowers it; whatever is not named as "
    "minor is significant, and so is dropping below a minimum; the board may approve either class (C8)",
)  # fmt: skip
def minor_revision_is_minor(case: Case, approval: MinorRevisionApproved, day: date) -> Check:
    """The coordinator approves nothing but other days, other courses, and dropping what can be spared."""
    before, after = in_force(case), drawn_up(case, approval.plan, approval.version)
    by = never("the board approves a significant revision, and one of a plan whose contents were not on record")
    if before is None:
        return holds(False, "two-versions-on-record", by=by, plan=approval.plan, version=approval.version)
    if after is None:
        return _nothing_to_compare(approval)
    found, raised = changes(case, before, after), _raised(case, approval, after)
    minor = not raised and not SIGNIFICANT & set(found)
    return holds(minor, "a-minor-revision", by=by, version=after.version, changes=found, raised=raised)


@GUIDELINES.requires(
    before=(MinorRevisionApproved, SignificantRevisionApproved), at=("HHS-031", "HHS-043"), lines=((75, 75), (102, 102)),
    reading="what the plan must hold at least, it must hold after a revision, too (C8)",
)  # fmt: skip
def revision_keeps_the_minimum(case: Case, approval: RevisionApproved, day: date) -> Check:
    """After the revision the plan still has the least number of hours and of days on assignments."""
    after = drawn_up(case, approval.plan, approval.version)
    return _nothing_to_compare(approval) if after is None else all_of(_hours(case, after), _lengths(case, after))


@GUIDELINES.advises(
    before=(MinorRevisionApproved, SignificantRevisionApproved), at="HHS-037", lines=(96, 96),
)  # fmt: skip
def revision_is_discussed_in_advance(case: Case, approval: RevisionApproved, day: date) -> Check:
    """The revision was talked over with supervisor of record and mentor."""
    after = drawn_up(case, approval.plan, approval.version)
    if after is None:
        return _nothing_to_compare(approval)
    told = [d for _, d in case.all(PlanDiscussed) if (d.plan, d.version) == (after.plan, after.version)]
    return all_of(*(_discussed(after, who, who in {d.partner for d in told}) for who in get_args(Recipient)))


@GUIDELINES.advises(
    before=SignificantRevisionApproved, at="HHS-039", lines=(96, 96),
    reading="the same day is not before; where the board approves late, the time before does not count, and that it was late "
    "shows (C8)",
)  # fmt: skip
def significant_revision_precedes_the_activity(case: Case, approval: SignificantRevisionApproved, day: date) -> Check:
    """The board approves before a new assignment begins or a new course is taken."""
    before, after = in_force(case), drawn_up(case, approval.plan, approval.version)
    if before is None or after is None:
        return _nothing_to_compare(approval) if after is None else does_not_apply(ELSEWHERE)
    known = {a.assignment for a in before.assignments} | {c.course for c in before.courses}
    begun = [(a.id, a.first) for a in ASSIGNMENTS.of(case) if any(a.id == p.assignment for p in after.assignments)]
    begun += [(done.course, on) for on, done in case.all(TrainingCompleted) if any(done.course == c.course for c in after.courses)]
    late = [(name, on) for name, on in begun if name not in known and on <= day]
    return each(
        (holds(False, "approved-before-it-begins", by=never("it has begun"), activity=name, begun=on) for name, on in late),
        none="nothing-new-has-begun",
    )


# --- carrying it out


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-039", lines=(96, 96),
    reading="an assignment that no version of the plan names counts from the approval of the plan on, as where its contents are "
    "not on record; that the board has not seen it shows (C8)",
)  # fmt: skip
def assignments_are_in_the_plan(case: Case, request: CertificationRequested, day: date) -> Check:
    """Every assignment taken stands in an approved version of the plan."""
    approved = [version for _, version in versions(case)]
    if not approved:
        return does_not_apply(ELSEWHERE)
    taken = [(a.id, any(_names(version, a.id) for version in approved)) for a in ASSIGNMENTS.of(case)]
    return each((holds(known, "in-the-plan", by=UNKNOWN, assignment=name) for name, known in taken), none="no-assignment-has-begun")


@GUIDELINES.advises(
    before=CertificationRequested, at="HHS-133", lines=(294, 294),
    reading="no day is given by which it is sent: it shows (C31)",
)  # fmt: skip
def final_plan_is_forwarded(case: Case, request: CertificationRequested, day: date) -> Check:
    """The candidate sent the approved plan to supervisor of record and mentor."""
    plan = in_force(case)
    if plan is None:
        return does_not_apply(ELSEWHERE)
    sent = {f.recipient for _, f in case.all(FinalPlanForwarded) if f.plan == plan.plan}
    return all_of(*(_sent(plan, to, to in sent) for to in get_args(Recipient)))


def _sent(plan: PlanDrawnUp, to: str, done: bool) -> Check:  # noqa: FBT001 (the answer itself)
    by = enter(FinalPlanForwarded, by="candidate", plan=plan.plan, recipient=to)
    return holds(done, "sent-on", by=by, recipient=to)


@GUIDELINES.advises(
    before=CertificationRequested, at=("HHS-082", "HHS-138"), lines=((175, 175), (304, 304)),
    reading="readings are no requirement, and never missed; the annotated plan of the package decides, this shows",
)  # fmt: skip
def planned_activities_are_completed(case: Case, request: CertificationRequested, day: date) -> Check:
    """Every assignment and course of the plan in force was completed, or dropped by a revision."""
    plan = in_force(case)
    if plan is None:
        return does_not_apply(ELSEWHERE)
    ended = {a.id for a in ASSIGNMENTS.of(case) if a.last is not None}
    taken = {done.course for _, done in case.all(TrainingCompleted)} | {c.course for c in plan.courses if c.taken_on}
    wanted: list[tuple[str, bool, Remedy]] = [(a.assignment, a.assignment in ended, UNKNOWN) for a in plan.assignments]
    wanted += [(c.course, c.course in taken, _take(c)) for c in plan.courses]
    return each((holds(done, "completed-as-planned", by=by, activity=name) for name, done, by in wanted), none="nothing-is-planned")


def _take(course: PlannedCourse) -> Remedy:
    content: dict[str, Any] = {
        "course": course.course,
        "hours": course.hours,
        "interagency": course.interagency,
        "ecqs": course.ecqs,
    }
    return enter(TrainingCompleted, by="candidate", **content)


RULES = (
    contents_are_on_record,
    planned_assignments_have_days_and_ecqs,
    eighty_hours_are_planned,
    quarterly_sessions_are_planned,
    planned_activities_serve_ecqs,
    plan_is_made_in_consultation,
    revision_is_discussed_in_advance,
    minor_revision_is_minor,
    significant_revision_precedes_the_activity,
    planned_assignments_are_long_enough,
    revision_keeps_the_minimum,
    assignments_are_in_the_plan,
    planned_assignments_serve_what_was_assessed,
    final_plan_is_forwarded,
    planned_activities_are_completed,
)
EVERYBODY = ("candidate", "supervisor of record", "mentor", "program coordinator")
ENTERED_BY = {
    PlanDrawnUp: ("candidate",),
    PlanDiscussed: EVERYBODY,
    PlanChangeRecommended: ("program coordinator",),
    FinalPlanForwarded: ("candidate",),
    RevisionRaised: (*EVERYBODY, "program manager", "ERB"),
    MinorRevisionApproved: ("program coordinator",),
    SignificantRevisionApproved: ("ERB",),
}
