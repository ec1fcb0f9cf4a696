"""Random programs made of the building blocks, and random small lives under them.

Everything is drawn from a seed. Days are whole numbers counted from TODAY; with a *scale* all of them, and all spans,
are so many times as long, while everything else stays as drawn. What a rule asks is an Ask: beside the question it has
the moves by which a life can meet it, for the search that knows no remedies.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Literal

import attrs

from candidacy import (
    CERTIFYING,
    COMPLETING,
    NOT_BEGUN,
    SUSPENSIONS,
    UNKNOWN,
    Act,
    Actor,
    Authority,
    Beginning,
    CandidateCertified,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    Case,
    CertificationRequested,
    Check,
    Command,
    Count,
    Do,
    Edition,
    Either,
    Engine,
    Entry,
    Event,
    Fact,
    Id,
    InputError,
    JudgementGiven,
    Lifecycle,
    MemoryLedger,
    Move,
    Open,
    PlanApproved,
    PlanSubmitted,
    Program,
    ProgramCompleted,
    Question,
    Registry,
    Remedy,
    Resumed,
    Role,
    RoleGiven,
    RoleNamed,
    Rule,
    SesMembershipRecorded,
    Sometime,
    Span,
    Strand,
    Strands,
    Suspended,
    Window,
    act,
    all_of,
    any_of,
    at_least,
    days,
    does_not_apply,
    each,
    enter,
    fact,
    holds,
    in_the_ses,
    judged,
    not_after,
    not_before,
    once,
    partial,
    wait_until,
)
from candidacy.codec import write_command
from candidacy.deciding import judge
from support import ZONE, roles

TODAY = date(2005, 3, 1)
BEGAN = -12
"""No life begins earlier."""
AGENCY = Authority("gadgets", title="Gadgets handbook", publisher="Department of Gadgets", obtain="nowhere", sha256="")
ID = "g1"


@fact("gadgets.trained.1", credits_earlier=True)
class Trained(Fact):
    hours: Count
    outside: bool


@fact("gadgets.announced.1")
class Announced(Fact):
    on: date


@fact("gadgets.attended.1")
class Attended(Fact):
    session: Id


@fact("gadgets.filed.1")
class Filed(Fact):
    kind: Literal["memo", "annex", "evaluation"]
    pages: Count
    about: Id | None = None


@fact("gadgets.detail_begun.1")
class DetailBegun(Fact):
    detail: Id
    place: Literal["home", "away"]


@fact("gadgets.detail_over.1")
class DetailOver(Fact):
    detail: Id


@fact("gadgets.paired.1")
class Paired(Fact):
    pairing: Id
    mentor: Id


@fact("gadgets.pairing_over.1")
class PairingOver(Fact):
    pairing: Id


@act("gadgets.reviewed.1")
class Reviewed(Act):
    panel: Count = Count(1)


@act("gadgets.joined.1")
class Joined(Beginning):
    program: Id
    announcement: Id
    roles: tuple[RoleNamed, ...]


@act("gadgets.started.1")
class Started(Act):
    pass


@act("gadgets.asked.1")
class Asked(Act):
    pass


@act("gadgets.finished.1")
class Finished(Act):
    pass


@act("gadgets.passed.1")
class Passed(Act):
    pass


DETAILS = Strands("detail", DetailBegun, DetailOver, by="candidate")
PAIRINGS = Strands("pairing", Paired, PairingOver, by="candidate")
ONE = AGENCY.asks("fit-for-gadgets", "Is the candidate fit?", by=("board",), at="G-1", lines=(1, 1))
TWO = AGENCY.asks("knows-gadgets", "Does the candidate know them?", by=("office", "board"), at="G-2", lines=(2, 2))
LATE = AGENCY.asks("late-is-fine", "Is it fine to be late?", by=("office",), at="G-3", lines=(3, 3))
EACH = AGENCY.asks("detail-was-useful", "Was the detail useful?", by=("board",), at="G-4", lines=(4, 4), of_each=True)
QUESTIONS = (ONE, TWO, LATE, EACH)

OWN = (
    Lifecycle(
        stages=("joined", "working", "asking", "done"),
        exits=(),
        moves=(
            Move(NOT_BEGUN, Joined, "joined"),
            Move("joined", Started, "working"),
            Move("working", Asked, "asking"),
            Move("asking", Finished, "done"),
            Move("asking", Passed, "done"),
        ),
    )
    .staying(JudgementGiven)
    .staying(Suspended)
    .staying(Resumed)
)
SHORT = Lifecycle(
    stages=("joined", "working", "done"),
    exits=(),
    moves=(Move(NOT_BEGUN, Joined, "joined"), Move("joined", Started, "working"), Move("working", Finished, "done")),
).staying(JudgementGiven)
OPEN_WAYS = {CandidateSelected, CandidateEnrolled, PlanSubmitted, PlanApproved, CertificationRequested, CandidateGraduated,
             CandidateCertified, ProgramCompleted, Joined, Started, Asked, Finished, Passed}  # fmt: skip
"""The acts that lead on; exits and ways back are no moves."""

Step = tuple[Event, date]
Moves = Callable[[Case, date], Iterator[Step]]
Question_ = Callable[[Case, Any, date], Check]


def still(case: Case, day: date) -> Iterator[Step]:
    """No move."""
    yield from ()


@attrs.frozen
class Ask:
    """A question, the moves that may meet it, and which kinds it looks at the day of.

    Attributes:
        name: of the building blocks it is made of.
        patient: kinds of acts that it can be better to put off.
        days: kinds of events whose day it looks at.
        spans: how many days it asks of one detail.
        pool: how many days it asks of all details together.
    """

    name: tuple[str, ...]
    ask: Question_
    moves: Moves = still
    patient: frozenset[type[Event]] = frozenset()
    days: frozenset[type[Event]] = frozenset()
    spans: tuple[int, ...] = ()
    pool: int = 0

    def named(self, *more: str) -> "Ask":
        """The same, with more building blocks in it."""
        return attrs.evolve(self, name=(*self.name, *more))


def joined(name: str, asks: list[Ask], ask: Question_) -> Ask:
    """One of several."""

    def moves(case: Case, day: date) -> Iterator[Step]:
        for a in asks:
            yield from a.moves(case, day)

    names = tuple(n for a in asks for n in a.name)
    none = frozenset[type[Event]]()
    patient, looked_at = (none.union(*(getattr(a, which) for a in asks)) for which in ("patient", "days"))
    spans = tuple(n for a in asks for n in a.spans)
    return Ask((name, *names), ask, moves, patient, looked_at, spans, max((a.pool for a in asks), default=0))


@attrs.frozen(eq=False)
class Made:
    """A generated program.

    Attributes:
        asks: of all of its rules.
        to: the stage that is aimed at.
        details: how many details are begun at most.
        overlaps: whether details may be begun while others run.
    """

    edition: Edition
    program: Program
    asks: tuple[Ask, ...]
    to: str
    day: Callable[[int], date]
    details: int
    overlaps: bool
    beginning: type[Beginning]

    @property
    def blocks(self) -> Counter[str]:
        """What it is made of."""
        return Counter(name for a in self.asks for name in a.name)

    @property
    def patient(self) -> frozenset[type[Event]]:
        """The acts that it can be better to put off."""
        return frozenset[type[Event]]().union(*(a.patient for a in self.asks))

    @property
    def days(self) -> frozenset[type[Event]]:
        """Kinds of events whose day matters."""
        return frozenset[type[Event]]().union(*(a.days for a in self.asks))

    @property
    def spans(self) -> tuple[int, ...]:
        """How many days are asked of one detail."""
        return tuple(sorted({n for a in self.asks for n in a.spans}))

    @property
    def pool(self) -> int:
        """How many days are asked of all details together."""
        return max((a.pool for a in self.asks), default=0)

    def targets(self, case: Case, day: date) -> Iterator[Step]:
        """The acts that reach the stage aimed at."""
        yield from (s for s in self.onward(case, day) if self.edition.table[case.state, s[0].type_name] == self.to)

    def onward(self, case: Case, day: date) -> Iterator[Step]:
        """The acts that lead on."""
        for (state, name), to in self.edition.table.items():
            kind = self.edition.lifecycle.acts[name]
            if state == case.state and to != state and kind in OPEN_WAYS:
                yield self.whole(kind, case), day

    def whole(self, kind: Any, case: Case) -> Event:
        """An act that leads on, with its content."""
        if issubclass(kind, PlanSubmitted):
            return kind(Id("p1"))
        submitted = case.last(PlanSubmitted)
        return kind(submitted.plan) if issubclass(kind, PlanApproved) and submitted else kind()  # type: ignore[no-any-return]

    def ready(self, case: Case, day: date) -> Iterator[Step]:
        """What never hurts to do, if it is accepted."""
        for a in self.asks:
            yield from a.moves(case, day)
        for s in SUSPENSIONS.of(case):
            if s.last is None:
                yield Resumed(Id(s.id)), day
        for step in self.onward(case, day):
            if type(step[0]) not in self.patient and self.edition.table[case.state, step[0].type_name] != self.to:
                yield step

    def choices(self, case: Case, day: date) -> Iterator[Step]:
        """What may be done or left."""
        details = DETAILS.of(case)
        for d in details:
            if d.last is None and d.first <= day:
                yield DetailOver(Id(d.id)), day
        running = [d for d in details if d.last is None and d.begun.place == "away"]
        begun = sum(d.id.startswith("new") for d in details)
        if begun < self.details and (self.overlaps or not running):
            yield DetailBegun(Id(f"new-{begun}"), "away"), day
        for step in self.onward(case, day):
            if type(step[0]) in self.patient and self.edition.table[case.state, step[0].type_name] != self.to:
                yield step


# --- what rules ask


class Maker:
    """Draws the questions of one program."""

    def __init__(self, seed: int, scale: int = 1) -> None:
        self.r = Random(seed)
        self.scale = scale
        self.asks: list[Ask] = []
        self.rules: list[Rule] = []
        self.strands = 0
        self.overlaps = False

    def day(self, n: int) -> date:
        """A day, counted from TODAY."""
        return TODAY + timedelta(days=n * self.scale)

    def span(self, n: int) -> Span:
        """A length of *n* days."""
        return days(n * self.scale)

    def rule(self, ask: Ask, *, binding: bool = True, **where: Any) -> None:
        """A rule that asks it, before an act or on facts."""

        def asked(case: Case, event: Any, day: date) -> Check:
            return ask.ask(case, event, day)

        asked.__name__ = f"rule_{len(self.rules) + 1}_{ask.name[0].replace('-', '_')}"
        asked.__doc__ = f"It asks for {' and '.join(ask.name)}."
        self.rules.append((AGENCY.requires if binding else AGENCY.advises)(at="G-9", lines=(9, 9), **where)(asked))
        self.asks.append(ask if binding else attrs.evolve(ask, moves=still))

    # training

    def hours(self) -> Ask:
        """So many hours of training, in all or outside."""
        n, outside, open_ = self.r.choice((8, 16, 24, 40)), self.r.random() < 0.4, self.r.random() < 0.3

        def train(short: int) -> Do:
            hours: Any = Open("as many as are missing", least=short) if open_ else short
            return enter(Trained, by="candidate", hours=hours, outside=True)

        def ask(case: Case, event: Any, day: date) -> Check:
            counted = case.all(Trained).where(lambda _, t: t.outside or not outside)
            return at_least(counted.total(lambda t: t.hours, "hours"), n, by=train)

        def moves(case: Case, day: date) -> Iterator[Step]:
            if sum(t.hours for _, t in case.all(Trained) if t.outside or not outside) < n:
                yield Trained(Count(n), True), day

        return Ask(("at_least",), ask, moves)

    def recent_hours(self) -> Ask:
        """Hours that are recent enough, where the day that tells is only known within bounds."""
        n, back, first = self.r.choice((8, 16)), self.r.randint(0, 3), self.r.randint(-9, -6)
        some = Sometime(self.day(first), self.day(first + self.r.randint(1, 3)))

        def opens(case: Case) -> Sometime:
            told = case.last(Announced)
            known = Sometime.on(told.on) if told else some
            return known.shifted(self.span(back).before)

        settle = enter(Announced, by="office", supposing="it was announced early enough", on=some.first)

        def ask(case: Case, event: Any, day: date) -> Check:
            since = opens(case)
            counted = case.all(Trained).where(lambda done, _: since.by(done)).total(lambda t: t.hours, "hours")
            by = enter(Trained, by="candidate", hours=n, outside=True)
            return at_least(counted, n, by=lambda _: by, settle=settle)

        def moves(case: Case, day: date) -> Iterator[Step]:
            if case.last(Announced) is None:
                yield Announced(some.first), day
            if not any(d >= TODAY for d, t in case.all(Trained) if t.hours >= n):
                yield Trained(Count(n), True), day

        if self.r.random() < 0.6:
            self.rule(self.wait().named("on-fact"), on=Trained)
        return Ask(("at_least-unsure",), ask, moves)

    # things done once

    def session(self) -> Ask:
        """A session that is held on one day."""
        n = self.r.randint(-1, 8)
        held, name = self.day(n), Id(f"session-{n}")

        def ask(case: Case, event: Any, day: date) -> Check:
            there = any(d == held and a.session == name for d, a in case.all(Attended))
            by = enter(Attended, by="candidate", when=Window(only=(held,)), session=name)
            return holds(there, "attended", by=by, session=name)

        def moves(case: Case, day: date) -> Iterator[Step]:
            if day == held and not any(a.session == name for _, a in case.all(Attended)):
                yield Attended(name), day

        return Ask(("holds", "window-only"), ask, moves)

    def window(self) -> Window:
        """Some days within two weeks."""
        first = self.r.randint(-2, 6)
        which = self.r.random()
        if which < 0.3:
            return Window(only=tuple(self.day(first + n) for n in sorted(self.r.sample(range(8), self.r.randint(1, 3)))))
        last = None if which < 0.6 else self.day(first + self.r.randint(2, 8))
        return Window(first=self.day(first), last=last)

    def document(self) -> Ask:
        """A document of at most two pages, perhaps filed within a window."""
        kind, when = self.r.choice(("memo", "annex")), self.window() if self.r.random() < 0.4 else Window()
        by = self.r.choice(("candidate", "office"))

        def fits(day: date, filed: Filed) -> bool:
            last = when.last is None or day <= when.last
            in_time = last and (when.first is None or day >= when.first) and (not when.only or day in when.only)
            return filed.kind == kind and filed.pages <= 2 and in_time

        def ask(case: Case, event: Any, day: date) -> Check:
            draft = enter(Filed, by=by, when=when, kind=kind, pages=Open("at most two", most=2), about=None)
            return holds(bool(case.all(Filed).where(fits)), "filed", by=draft, kind=kind)

        def moves(case: Case, day: date) -> Iterator[Step]:
            move = Filed(kind, Count(1))  # type: ignore[arg-type]
            if fits(day, move) and not any(fits(d, f) for d, f in case.all(Filed)):
                yield move, day

        return Ask(("holds", "window" if when != Window() else "document"), ask, moves)

    def evaluations(self) -> Ask:
        """An evaluation of every detail that has ended."""
        by = self.r.choice(("candidate", "office"))

        def filed(case: Case, about: str) -> bool:
            return any(f.kind == "evaluation" and f.about == about for _, f in case.all(Filed))

        def one(case: Case, about: str) -> Check:
            draft = enter(Filed, by=by, kind="evaluation", about=about, pages=Open("a few", least=1, most=3))
            return holds(filed(case, about), "evaluated", by=draft, detail=about)

        def ask(case: Case, event: Any, day: date) -> Check:
            return each((one(case, d.id) for d in DETAILS.of(case) if d.last), none="no-detail-has-ended")

        def moves(case: Case, day: date) -> Iterator[Step]:
            for d in DETAILS.of(case):
                if d.last and not filed(case, d.id):
                    yield Filed("evaluation", Count(2), Id(d.id)), day

        return Ask(("each",), ask, moves)

    def after_its_end(self) -> Ask:
        """An evaluation is filed when the detail has ended, perhaps some days later."""
        gap = self.span(self.r.choice((0, 0, 1, 2)))

        def ask(case: Case, event: Filed, day: date) -> Check:
            if event.kind != "evaluation":
                return does_not_apply("no-evaluation")
            mine = next((d for d in DETAILS.of(case) if d.id == event.about), None)
            if mine is None or mine.last is None:
                by: Remedy = enter(DetailOver, by="candidate", detail=event.about) if mine else UNKNOWN
                return holds(False, "has-ended", by=by, detail=event.about)
            return not_before(day, gap.after(mine.last), what="some-days-after-its-end")

        return Ask(("on-fact",), ask, days=frozenset({DetailOver}) if gap.days else frozenset())

    def reviewed(self) -> Ask:
        """A review has been held."""
        when = self.window() if self.r.random() < 0.3 else Window()

        def ask(case: Case, event: Any, day: date) -> Check:
            held = case.day_of(Reviewed) is not None
            return holds(held, "reviewed", by=enter(Reviewed, by="board"))

        def moves(case: Case, day: date) -> Iterator[Step]:
            if case.day_of(Reviewed) is None:
                yield Reviewed(Count(3)), day

        if when != Window():
            self.rule(self.within(when), before=Reviewed)
        if self.r.random() < 0.5:
            self.rule(self.panel(), before=Reviewed)
        return Ask(("holds", "prerequisite"), ask, moves)

    def panel(self) -> Ask:
        """The panel has three members."""

        def ask(case: Case, event: Reviewed, day: date) -> Check:
            return holds(event.panel >= 3, "three-members", instead=partial(Reviewed, panel=3), panel=event.panel)

        return Ask(("instead",), ask)

    def within(self, when: Window) -> Ask:
        """The day lies in a window."""

        def ask(case: Case, event: Any, day: date) -> Check:
            if when.only:
                return holds(day in when.only, "on-a-scheduled-day", by=Do((), "time", when))
            parts = [not_before(day, when.first, what="opening")] if when.first else []
            return all_of(*parts, *([not_after(day, when.last, what="closing")] if when.last else []))

        return Ask(("window",), ask)

    # strands

    def counted(self, *, place: bool = True) -> Callable[[Case], list[Strand[DetailBegun]]]:
        """The details away, no day twice."""
        return lambda case: once([d for d in DETAILS.of(case) if d.begun.place == "away" or not place])

    def enough(self) -> Ask:
        """One or two details of so many days each, or one longer one."""
        n, short = self.r.choice((1, 1, 2)), self.r.randint(2, 4)
        long = short + self.r.randint(1, 3) if self.r.random() < 0.4 else 0
        spans = self.span(short), self.span(long)
        counted, new = self.counted(), partial(DetailBegun, place="away")
        self.strands += n

        def ask(case: Case, event: Any, day: date) -> Check:
            check = DETAILS.enough(counted(case), n, lasting=spans[0], new=new)
            return check | DETAILS.enough(counted(case), 1, lasting=spans[1], new=new) if long else check

        lengths = (short * self.scale, long * self.scale)
        return Ask(("enough", "any_of") if long else ("enough",), ask, spans=lengths if long else lengths[:1])

    def pooled(self) -> Ask:
        """So many days in details, over all of them."""
        n = self.r.randint(3, 7) * self.scale
        counted, new = self.counted(), partial(DetailBegun, place="away")
        self.strands += 1

        def ask(case: Case, event: Any, day: date) -> Check:
            return DETAILS.pooled(counted(case), n, day, new=new)

        return Ask(("pooled",), ask, pool=n)

    def all_over(self) -> Ask:
        """No detail is still open."""

        def ask(case: Case, event: Any, day: date) -> Check:
            over = (
                holds(d.last is not None, "is-over", by=enter(DetailOver, by="candidate", detail=d.id), detail=d.id)
                for d in DETAILS.of(case)
            )
            return each(over, none="no-detail")

        return Ask(("each", "running"), ask)

    def mentor(self) -> Ask:
        """A mentor from the SES serves, perhaps for some days already."""
        least = self.r.choice((0, 0, 2, 4))
        another = enter(Paired, by="candidate")

        def serves(case: Case, p: Strand[Paired], day: date) -> Check:
            member = in_the_ses(case, p.begun.mentor, day)
            record = enter(SesMembershipRecorded, by="office", supposing="a member", person=p.begun.mentor, member=True)
            by = another if member is False else Either((record, another))
            check = holds(member, "mentor-in-the-SES", by=by, mentor=p.begun.mentor)
            return check & not_before(day, self.span(least).after(p.first), what="so-long") if least else check

        def ask(case: Case, event: Any, day: date) -> Check:
            found = [p for p in PAIRINGS.of(case) if p.open_on(day)]
            if not found:
                return holds(False, "a-mentor", by=another)
            return any_of(*(serves(case, p, day) for p in found))

        def moves(case: Case, day: date) -> Iterator[Step]:
            known = {m.person: m.member for _, m in case.all(SesMembershipRecorded)}
            pairs = [p for p in PAIRINGS.of(case) if p.last is None]
            for p in pairs:
                if p.begun.mentor not in known:
                    yield SesMembershipRecorded(p.begun.mentor, True), day
            if "m-new" not in known:
                yield SesMembershipRecorded(Id("m-new"), True), day
            if not any(p.begun.mentor == "m-new" for p in pairs):
                yield Paired(Id("pair-new"), Id("m-new")), day

        if self.r.random() < 0.5:
            self.rule(self.in_the_ses(), on=Paired)
        return Ask(("holds", "supposed", "running"), ask, moves, days=frozenset({Paired}) if least else frozenset())

    def in_the_ses(self) -> Ask:
        """The mentor is a member of the SES when the pairing begins."""

        def ask(case: Case, event: Paired, day: date) -> Check:
            member = in_the_ses(case, event.mentor, day)
            record = enter(SesMembershipRecorded, by="office", supposing="a member", person=event.mentor, member=True)
            return holds(member, "mentor-in-the-SES", by=UNKNOWN if member is False else record, mentor=event.mentor)

        return Ask(("on-fact", "supposed"), ask)

    # judgements

    def judgement(self, question: Question = ONE, since: type[Act] | None = None) -> Ask:
        """A judgement of yes, perhaps since an act."""

        def ask(case: Case, event: Any, day: date) -> Check:
            begun = case.all(since).last if since else None
            if since is not None and begun is None:
                return holds(False, "asked-for", by=enter(since, by="office"))
            return judged(case, question, since=begun)

        def moves(case: Case, day: date) -> Iterator[Step]:
            begun = case.all(since).last if since else None
            answers = [e for e in case.entries if isinstance(e.event, JudgementGiven) and e.event.question == question.id]
            if not any(begun is None or (e.version > begun.version and e.day >= begun.day) for e in answers):
                yield JudgementGiven(Id(question.id), True), day

        return Ask(("judged-since" if since else "judged",), ask, moves)

    def judgement_of_each(self) -> Ask:
        """A judgement of yes about every detail that has ended."""

        def ask(case: Case, event: Any, day: date) -> Check:
            return each((judged(case, EACH, about=d.id) for d in DETAILS.of(case) if d.last), none="no-detail-has-ended")

        def moves(case: Case, day: date) -> Iterator[Step]:
            done = {a.about for _, a in case.all(JudgementGiven) if a.question == EACH.id}
            for d in DETAILS.of(case):
                if d.last and d.id not in done:
                    yield JudgementGiven(Id(EACH.id), True, Id(d.id)), day

        return Ask(("judged-about", "each"), ask, moves)

    def when_judged(self, question: Question) -> Ask:
        """The question is not answered before a day."""
        opens = self.day(self.r.randint(0, 7))

        def ask(case: Case, event: JudgementGiven, day: date) -> Check:
            if event.question != question.id:
                return does_not_apply("another-question")
            return not_before(day, opens, what="mid-point")

        return Ask(("before-judgement", "not_before"), ask)

    # days

    def wait(self, since: type[Act] | None = None) -> Ask:
        """Not before a day, or some days after an act; suspended days do not count."""
        n = self.r.randint(0, 9)
        opens, after = self.day(n), self.span(self.r.randint(1, 6))

        def ask(case: Case, event: Any, day: date) -> Check:
            if since is None:
                return not_before(day, opens, what="a-day")
            begun = case.day_of(since)
            if begun is None:
                return holds(False, "it-began", by=enter(since, by="board" if since is Reviewed else "office"))
            lost = sum(s.days(day) for s in once(SUSPENSIONS.of(case)) if s.first >= begun)
            still = next((s for s in SUSPENSIONS.of(case) if s.last is None), None)
            check = not_before(day, after.after(begun) + timedelta(days=lost), what="some-days-after")
            resume = enter(Resumed, by="office", suspension=still.id) if still else UNKNOWN
            return check & holds(False, "not-suspended", by=resume) if still else check

        return Ask(("not_before-after" if since else "not_before",), ask, days=frozenset({since} if since else ()) | {Resumed})

    def limit(self, since: type[Act] | None = None) -> Ask:
        """Not after a day, or within some days of an act, which may still be to come."""
        closes, after = self.day(self.r.randint(2, 14)), self.span(self.r.randint(2, 8))

        def ask(case: Case, event: Any, day: date) -> Check:
            if since is None:
                return not_after(day, closes, what="the-last-day")
            begun = case.day_of(since)
            if begun is None:
                return holds(False, "it-began", by=enter(since, by="office"))
            return not_after(day, after.after(begun), what="within-some-days")

        which = frozenset[type[Event]]({since} if since else ())
        return Ask(("not_after-within" if since else "not_after",), ask, still, which, which)

    def held(self, since: type[Act]) -> Ask:
        """An act has been accepted before."""

        def ask(case: Case, event: Any, day: date) -> Check:
            return holds(case.day_of(since) is not None, "accepted-first", by=enter(since, by="office"))

        return Ask(("on-fact", "prerequisite"), ask)

    def late(self, since: type[Act]) -> Ask:
        """Within some days, or somebody finds it fine to be late."""
        limit, fine = self.limit(since), self.judgement(LATE)

        def ask(case: Case, event: Any, day: date) -> Check:
            return any_of(limit.ask(case, event, day), fine.ask(case, event, day))

        return joined("any_of", [limit, fine], ask)

    # no way

    def unknown(self) -> Ask:
        """Nobody knows how."""
        opens, fails = self.day(self.r.randint(-6, 12)), self.r.random() < 0.4

        def ask(case: Case, event: Any, day: date) -> Check:
            if fails and day < opens:
                raise ArithmeticError
            return holds(day >= opens, "it-is-so", day=day)

        return Ask(("fails" if fails else "no-way-known",), ask)


# --- programs


def compound(m: Maker, simple: Callable[[], Ask]) -> Ask:
    """One question, or several put together."""
    how = m.r.random()
    if how < 0.6:
        return simple()
    parts = [simple() for _ in range(m.r.choice((2, 2, 3)))]
    if how >= 0.72 and any("each" in p.name for p in parts):  # what nothing needs to meet would be met by doing something
        return joined("all_of", parts, lambda c, e, d: all_of(*(p.ask(c, e, d) for p in parts)))
    if how < 0.72:
        return joined("all_of", parts, lambda c, e, d: all_of(*(p.ask(c, e, d) for p in parts)))
    if how < 0.94:
        return joined("any_of", parts, lambda c, e, d: any_of(*(p.ask(c, e, d) for p in parts)))
    return joined("each", parts, lambda c, e, d: each((p.ask(c, e, d) for p in parts), none="none"))


def program(seed: int, scale: int = 1) -> Made:  # noqa: C901, PLR0912 (one drawing after the other)
    """The program drawn from a seed."""
    m = Maker(seed, scale)
    r = m.r
    which = r.random()
    lifecycle, beginning, acts = (
        (COMPLETING, CandidateSelected, (CandidateEnrolled, PlanSubmitted, PlanApproved, ProgramCompleted))
        if which < 0.3
        else (
            CERTIFYING,
            CandidateSelected,
            (CandidateEnrolled, PlanSubmitted, PlanApproved, CertificationRequested, CandidateGraduated, CandidateCertified),
        )
        if which < 0.6
        else (OWN, Joined, (Started, Asked, Finished))
        if which < 0.8
        else (SHORT, Joined, (Started, Finished))
    )  # fmt: skip
    lasts: tuple[Any, ...] = (Finished, Passed) if lifecycle is OWN else (acts[-1],)
    lifecycle = lifecycle.staying(Reviewed)
    to = lifecycle.goal or lifecycle.stages[-1]
    begun, middle = acts[0], acts[1:-1]
    late = acts[-2] if len(acts) > 2 else None  # the act before the last
    approved = PlanApproved if PlanApproved in acts else acts[0]

    def easy() -> Ask:
        kinds: list[tuple[int, Callable[[], Ask]]] = [
            (4, m.hours), (2, m.recent_hours), (3, m.session), (3, m.document), (2, m.reviewed), (2, m.mentor),
            (2, lambda: m.judgement(r.choice((ONE, TWO)))), (2, m.wait), (2, lambda: m.wait(begun)), (1, m.limit),
        ]  # fmt: skip
        return r.choices([k for _, k in kinds], [w for w, _ in kinds])[0]()

    def hard() -> Ask:
        kinds: list[tuple[int, Callable[[], Ask]]] = [
            (5, m.enough), (4, m.pooled), (2, m.evaluations), (1, m.judgement_of_each), (1, m.all_over), (6, easy),
            (2, lambda: m.wait(approved)), (1, lambda: m.late(approved)), (2, lambda: m.limit(approved)),
        ]  # fmt: skip
        if late is not None and late is not approved:
            kinds += [(2, lambda: m.judgement(ONE, late)), (1, lambda: m.limit(late)), (1, lambda: m.wait(late))]
        return r.choices([k for _, k in kinds], [w for w, _ in kinds])[0]()

    for last in lasts:
        for _ in range(r.choice((1, 2, 2, 3))):
            m.rule(compound(m, hard), before=last)
    for act_ in middle:
        for _ in range(r.choice((0, 0, 1, 1)) if act_ is not late else r.choice((0, 1, 2))):
            simple = hard if act_ is late and act_ is not approved and r.random() < 0.5 else easy
            m.rule(compound(m, simple), before=act_)
    if approved in middle and r.random() < 0.4:
        m.rule(m.within(m.window()).named("board"), before=approved)
    if r.random() < 0.15:
        m.rule(compound(m, easy), before=begun)
    if r.random() < 0.2:
        m.rule(compound(m, easy), before=Reviewed)
    for question in (ONE, TWO):
        if r.random() < 0.3:
            m.rule(m.when_judged(question), before=JudgementGiven)
    if r.random() < 0.35:
        m.rule(m.after_its_end(), on=Filed)
    if r.random() < 0.3:
        m.rule(m.held(approved), on=DetailBegun)
    if r.random() < 0.2:
        m.rule(m.wait().named("on-fact"), on=r.choice((DetailBegun, Trained, Paired)))
    if r.random() < 0.15 and not any(begun in rule.before for rule in m.rules):  # which could ask for the training
        m.rule(m.held(begun), on=Trained)
    if r.random() < 0.15:
        m.rule(
            m.wait().named("before-resumed"), before=Resumed
        ) if lifecycle.staying and Resumed in lifecycle.acts.values() else None
    if r.random() < 0.3:
        m.rule(compound(m, easy).named("advisory"), binding=False, before=r.choice(lasts))
    if r.random() < 0.06:
        m.rule(m.unknown(), before=r.choice(lasts))
    return made(m, lifecycle, beginning, to)


def made(m: Maker, lifecycle: Lifecycle, beginning: type[Beginning], to: str) -> Made:
    """The program of the rules drawn."""
    office, candidate = ("office",), ("candidate", "office")
    by: dict[Any, tuple[str, ...]] = dict.fromkeys(lifecycle.acts.values(), office)
    by |= {
        RoleGiven: office, Trained: candidate, Announced: office, Attended: candidate, Filed: candidate, DetailBegun: candidate,
        DetailOver: candidate, Paired: candidate, PairingOver: candidate, SesMembershipRecorded: office, Reviewed: ("board",),
        JudgementGiven: ("board", "office"),
    }  # fmt: skip
    strands: tuple[Strands[Any], ...] = (DETAILS, PAIRINGS)
    edition = Edition(
        program="gadgets",
        name="2005",
        revision=1,
        in_force=date(2005, 1, 1),
        lifecycle=lifecycle,
        roles=(Role("candidate"), Role("office"), Role("board")),
        entered_by=by,
        rules=tuple(m.rules),
        strands=(*strands, SUSPENSIONS) if Suspended in by else strands,
        questions=QUESTIONS,
    )
    offered = Program("gadgets", title="Gadgets", editions=(edition,), announcements={"spring": "2005"})
    return Made(edition, offered, tuple(m.asks), to, m.day, min(3, m.strands), m.overlaps, beginning)


# --- lives


class Living:
    """A case on an engine of its own, whose clock stands where the last day was."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.day = TODAY
        self.registry = Registry.of(made.program)
        self.engine = Engine(MemoryLedger(ZONE), self.registry, clock=lambda: datetime.combine(self.day, time(17), UTC))
        self.number = 0

    def enter(self, event: Event, day: date, person: str, *, on: date | None = None) -> bool:
        """Whether it was accepted, entered *on* a day."""
        self.number += 1
        self.day = on or day
        command = Command(f"c{self.number}", ID, event, day, Actor(person))
        try:
            return self.engine.submit(write_command(command)).accepted
        except InputError:
            return False

    def person(self, event: Event) -> str:
        """Somebody who may enter it."""
        held = {"candidate": f"{ID}.c", "office": f"{ID}.o", "board": f"{ID}.b"}
        return held[self.made.edition.may_enter(event)[0]]

    @property
    def case(self) -> Case:
        """As its records tell."""
        return self.engine.case(ID)[0]


def life(made: Made, seed: int) -> Living:
    """An unfinished life drawn from a seed, up to and with TODAY."""
    r = Random(seed + 1_000_003)
    living = Living(made)
    begins = r.randint(BEGAN, -1)
    board = {"b": "board"} if r.random() < 0.8 else {}
    first: Any = made.beginning
    who = roles(ID, c="candidate", o="office", **board)
    accepted = living.enter(first(Id("gadgets"), Id("spring"), who), made.day(begins), f"{ID}.o")
    assert accepted
    pace, noise = r.choice((0.05, 0.15, 0.3)), r.choice((0, 0.05, 0.1))
    for n in range(begins, 1):
        day = made.day(n)
        for _ in range(3):
            case = living.case
            steps = [*made.ready(case, day), *made.choices(case, day)]
            for event, on in steps:
                if r.random() < pace and acceptable(made.edition, living.case, event, on):
                    enter_in(living, renamed(event, n), on)
        for event in noises(r, n):
            if r.random() < noise:
                enter_in(living, event, day)
    return living


def renamed(event: Event, n: int) -> Event:
    """The event, with another id where moves yet to come take the same."""
    if isinstance(event, DetailBegun):
        return attrs.evolve(event, detail=Id(f"old-{n + 20}"))
    return event


def enter_in(living: Living, event: Event, day: date) -> None:
    """Entered, where somebody may and it makes sense; refused acts stay in the ledger."""
    strand = living.made.edition.strand_of(type(event))
    if strand is not None and not strand.fits(living.case, event, day).good:
        return
    if not living.made.edition.may_enter(event):
        return
    person = living.person(event)
    if living.case.roles_of(person, day):
        living.enter(event, day, person)


def noises(r: Random, n: int) -> Iterator[Event]:
    """Things that happen, good and bad."""
    yield Trained(Count(r.choice((4, 8, 12))), r.random() < 0.5)
    yield Filed("memo", Count(3))
    yield DetailBegun(Id(f"home-{n + 20}"), "home")
    yield DetailBegun(Id(f"away-{n + 20}"), "away")
    yield Paired(Id(f"pair-{n + 20}"), Id(f"m-{n + 20}"))
    yield Reviewed(Count(3))
    yield SesMembershipRecorded(Id(f"m-{n + 19}"), r.random() < 0.5)
    if r.random() < 0.1:
        yield JudgementGiven(Id(ONE.id), False)
    if r.random() < 0.4:
        yield Suspended(Id(f"s-{n + 20}"))
    yield Resumed(Id(f"s-{n + 18}"))


def acceptable(edition: Edition, case: Case, event: Event, day: date) -> bool:
    """Whether an act is accepted, or no binding rule finds anything against a fact."""
    return not any(j.refuses for j in judge(edition, case, event, day))


def entered(edition: Edition, case: Case, event: Event, day: date) -> Case:
    """The case with it in it."""
    version = case.version + 1
    changes: dict[str, Any] = {"version": version}
    if isinstance(event, Act):
        to = edition.table.get((case.state, event.way), case.state)
        if to != case.state:
            changes |= {"state": to, "since": (day, version)}
    return case.then(Entry(version, day, event), **changes)


__all__ = ["TODAY", "Living", "Made", "acceptable", "entered", "life", "program", "wait_until"]
