"""The federal floor: 5 CFR 412.302 as in force from 2009-12-10, in the order of its paragraphs, for programs that name it.

An agency says in its own events what the floor asks; the floor says what is required. Only what was read in the
regulation's text blocks; its text is not held here, so that it is cited by section.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from candidacy import (
    UNKNOWN,
    Act,
    Case,
    Check,
    Fact,
    Outcome,
    Parameter,
    PlanApproved,
    Quantity,
    Question,
    Remedy,
    Rule,
    Span,
    Statement,
    Strand,
    Strands,
    any_of,
    at_least,
    calendar_days,
    does_not_apply,
    else_judged,
    enter,
    holds,
    in_the_ses,
    judged,
    not_after,
    not_before,
    once,
    since_first,
)
from candidacy_opm.calendar import FEDERAL
from candidacy_opm.clauses import clauses
from candidacy_opm.ecqs import retagging
from candidacy_opm.later import notice
from candidacy_opm.participation import agreement, continuation
from candidacy_opm.regulation import APPOINTMENT, CFR, CONTINUOUS, HOURS, LENGTH, SCHEDULE_B, SERVICE, SUBMISSION

B = Any


def _unless_unknown(check: Check, unknown: tuple[Strand[B], ...]) -> Check:
    """*check* where it is good, or nothing is unknown; else it cannot be told, and what supplies the missing would do, too."""
    if check.good or not unknown:
        return check
    named = tuple(strand.id for strand in unknown)
    return attrs.evolve(check, outcome=Outcome.UNDETERMINED, observed={**check.observed, "not_known_whether": named})


def _unknown(_: Case) -> date | None:
    return None


def _name(rule: Rule) -> str:
    return rule.id.partition(".")[2]


def _no_other_agency(_: Case) -> str | None:
    return ""


@attrs.frozen(slots=False)
class Floor:
    """What the floor asks of a program, told in the program's own events.

    Attributes:
        board: the role that is the executive resources board.
        office: the role that records what agencies have approved or agreed on.
        started: the act by which a candidate's participation begins.
        graduated: the act by which the board, or the agency, ends a candidate's development.
        submitted: the act that sends a graduate to the QRB; None where a program sends nobody.
        began: the first day in the program.
        assignments: developmental assignments.
        full_time: whether one is full-time service; None where that is not known.
        position: the fact that records the position of record; it and the beginning of an assignment name a *position*.
        begin: drafts one that counts.
        hours: of interagency or multi-sector training; *train* supplies what is missing.
        mentors: who serves as mentor on a day; *choose* supplies one.
        schedule_b: the first day of an appointment under Schedule B, if the candidate has one.
        continued: the fact that the employing agency approves that a candidate goes on after a move, naming the *position*; None
            where a program records none.
        agreed: the fact that both agencies have signed their agreement and OPM has it, naming the other *agency*; None likewise.
        employing_agency: the other agency that employs the candidate, "" where none does, None where that is not known;
            *find_agency* finds it out.
        already: by the name of a rule, acts before which it is asked as well as before its own: where an agency's own rule asks the
            very same there.
        retagged: the fact that a case was told anew in another list of core qualifications, naming the *vocabulary*; None where
            a program records none, or sends nobody to the QRB.
    """

    board: str
    office: str
    started: type[Act]
    graduated: type[Act]
    began: Callable[[Case], date | None]
    enrol: Remedy
    assignments: Strands[B]
    full_time: Callable[[Strand[B]], bool | None]
    position: type[Fact]
    begin: Callable[[Case], Any]
    hours: Callable[[Case], Quantity]
    train: Callable[[int], Remedy]
    mentors: Callable[[Case, date], Iterable[str]]
    choose: Remedy
    submitted: type[Act] | None = None
    schedule_b: Callable[[Case], date | None] = _unknown
    continued: type[Fact] | None = None
    agreed: type[Fact] | None = None
    employing_agency: Callable[[Case], str | None] = _no_other_agency
    find_agency: Remedy = UNKNOWN
    retagged: type[Fact] | None = None
    already: Mapping[str, tuple[type[Act], ...]] = attrs.field(factory=dict)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the floor leaves to the board."""
        return (self._capable, *([self._late] if self.submitted else ()))

    @cached_property
    def _late(self) -> Question:
        return CFR.asks(
            "federal-late-submission", "May this graduate still go to the QRB, although the 90 work days are over?",
            by=(self.board,), at="R-04", section="(a)",
        )  # fmt: skip

    @cached_property
    def _capable(self) -> Question:
        return CFR.asks(
            "federal-mentor-capable", "Has this mentor, who is not in the SES, the capacity to advise the candidate?",
            by=(self.board,), at="R-17", section="(c)(4)", of_each=True,
        )  # fmt: skip

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the floor, in the order of its paragraphs."""
        found = (
            self._length(),
            self._plan(),
            self._training(),
            self._service(),
            self._continuous(),
            self._mentor(),
            self._appointed(),
        )
        return tuple(self._asked_already(rule) for rule in (*found, *self._where_told()))

    def _asked_already(self, rule: Rule) -> Rule:
        return attrs.evolve(rule, before=(*self.already.get(_name(rule), ()), *rule.before))

    def rule(self, name: str) -> Rule:
        """The rule of that name."""
        return {_name(rule): rule for rule in self.rules}[name]

    def _where_told(self) -> Iterator[Rule]:
        """Those that a program has where it has the acts and facts that they ask for."""
        if self.continued:
            yield continuation(self, self.continued)
        if self.agreed:
            yield agreement(self, self.agreed)
        if self.submitted:
            yield self._submission(self.submitted)
        if self.submitted and self.retagged:
            yield retagging(self, self.submitted, self.retagged)
        yield notice(self)

    @cached_property
    def catalogue(self) -> tuple[Statement, ...]:
        """What becomes of each clause of the regulation in such a program."""
        return tuple(clauses({_name(rule): rule for rule in self.rules}, self._capable))

    def _length(self) -> Rule:
        @CFR.requires(
            before=self.graduated, at="R-01", section="(a) and (c)",
            reading="the length of the program is each candidate's own time in it: twelve months after the first day",
        )  # fmt: skip
        def twelve_months_in_the_program(case: Case, end: Act, day: date) -> Check:
            """The program lasts at least twelve months."""
            return self.lasts(case, day, LENGTH, what="twelve-months-in-the-program")

        return twelve_months_in_the_program

    def lasts(self, case: Case, day: date, least: Parameter[Span], *, what: str) -> Check:
        """The candidate has been in the program for so long on *day*; *what* is a code for it."""
        length, since = least(case), self.began(case)
        if since is None:
            return holds(None, "a-first-day-in-the-program", by=self.enrol)
        return not_before(day, length.after(since), what=what)

    def _plan(self) -> Rule:
        @CFR.requires(before=self.graduated, at="R-09", section="(c)(1)")
        def development_plan_is_approved(case: Case, end: Act, day: date) -> Check:
            """The candidate has a documented development plan that was approved."""
            return holds(case.day_of(PlanApproved) is not None, "an-approved-plan", by=enter(PlanApproved, by=self.board))

        return development_plan_is_approved

    def _training(self) -> Rule:
        @CFR.requires(
            before=self.graduated, at="R-10", section="(c)(2)",
            reading="one experience of 80 hours or several that come to 80; whom it brings one together with is not recorded",
        )  # fmt: skip
        def eighty_hours_across_agencies_or_sectors(case: Case, end: Act, day: date) -> Check:
            """Formal interagency or multi-sector training on the ECQs comes to 80 hours or more."""
            return self.trains(case, HOURS)

        return eighty_hours_across_agencies_or_sectors

    def trains(self, case: Case, least: Parameter[int]) -> Check:
        """The hours of training that count come to so many."""
        return at_least(self.hours(case), least(case), by=self.train)

    def _service(self) -> Rule:
        @CFR.requires(
            before=self.graduated, at="R-11", section="(c)(3)",
            reading="several assignments may make up the four months, which are counted in calendar days from the first day of "
            "the first; a day in two counts once",
        )  # fmt: skip
        def four_months_of_full_time_service(case: Case, end: Act, day: date) -> Check:
            """Developmental assignments come to four months of full-time service."""
            return self.serves(case, day, SERVICE)

        return four_months_of_full_time_service

    def serves(self, case: Case, day: date, least: Parameter[Span]) -> Check:
        """Full-time assignments take so long in all, from the first day of the first on; a day in two counts once."""
        of = self.assignments.counted(case, lambda a: {True: a, False: "not-full-time", None: None}[self.full_time(a)])
        counted, new = once(of.found), self.begin(case)
        if counted:
            needed = calendar_days(counted[0].first, least(case).last(counted[0].first))
            check = self.assignments.pooled(counted, needed, day, new=new, not_counted=of.not_counted)
        else:
            check = self.assignments.enough((), 1, lasting=least(case), new=new, not_counted=of.not_counted)
        return _unless_unknown(check, of.unknown)

    def _continuous(self) -> Rule:
        @CFR.requires(
            before=self.graduated, at="R-12", section="(c)(3)",
            reading=f"{CONTINUOUS.reading}; another position counts; how different it is, the board sees in the plan",
        )  # fmt: skip
        def ninety_continuous_days_elsewhere(case: Case, end: Act, day: date) -> Check:
            """One assignment of 90 continuous days is in another position than the one of record."""

            def counts(a: Strand[B]) -> Strand[B] | str | None:
                away, full = self._elsewhere(case, a), self.full_time(a)
                if away is False or full is False:
                    return "in-the-position-of-record" if away is False else "not-full-time"
                return a if away and full else None

            of = self.assignments.counted(case, counts)
            check = self.assignments.enough(
                of.found, 1, lasting=CONTINUOUS(case), new=self.begin(case), not_counted=of.not_counted
            )  # fmt: skip
            return _unless_unknown(check, of.unknown)

        return ninety_continuous_days_elsewhere

    def _elsewhere(self, case: Case, assignment: Strand[B]) -> bool | None:
        """Whether it is in another position than the one of record on its first day; None where that is not known."""
        own: Any = case.at(assignment.first).last(self.position)
        return None if own is None else bool(assignment.begun.position != own.position)

    def _mentor(self) -> Rule:
        @CFR.requires(
            before=self.graduated, at="R-17", section="(c)(4)",
            reading="asked of whoever is mentor on the day of graduation; the clause names no day",
        )  # fmt: skip
        def mentor_is_in_the_ses_or_found_capable(case: Case, end: Act, day: date) -> Check:
            """The mentor is a member of the SES, or the board has found that they have the capacity."""
            serving = tuple(self.mentors(case, day))
            if not serving:
                return holds(False, "a-mentor", by=self.choose)
            return any_of(*(self._fits(case, mentor, day) for mentor in serving))

        return mentor_is_in_the_ses_or_found_capable

    def _fits(self, case: Case, mentor: str, day: date) -> Check:
        member = in_the_ses(case, mentor, day)
        if member:
            return holds(True, "mentor-in-the-SES", mentor=mentor)
        return judged(case, self._capable, about=mentor)

    def _appointed(self) -> Rule:
        @SCHEDULE_B.requires(
            before=self.graduated, at="213.3202(j)", section="213.3202(j)",
            reading="the agency makes such appointments and records them: who has none on record has none; what is held up is the "
            "graduation of one who is under it still when it is over",
        )  # fmt: skip
        def schedule_b_appointment_is_not_over(case: Case, end: Act, day: date) -> Check:
            """An appointment under Schedule B lasts three years at most, and is not extended."""
            since = self.schedule_b(case)
            if since is None:
                return does_not_apply("no-Schedule-B-appointment")
            return not_after(day, APPOINTMENT(case).last(since), what="three-years-under-Schedule-B")

        return schedule_b_appointment_is_not_over

    def _submission(self, submitted: type[Act]) -> Rule:
        @CFR.requires(
            before=submitted, at="R-04", section="(a)",
            reading=f"{FEDERAL.reading}; nothing is said of what follows where it is late: the board judges then",
        )  # fmt: skip
        def submitted_within_ninety_work_days_of_graduation(case: Case, submission: Act, day: date) -> Check:
            """A graduate is submitted to the QRB within 90 work days of graduation; after that the board judges."""

            def ends(graduated: date) -> Check:
                closes = FEDERAL.after(graduated, SUBMISSION(case))
                return else_judged(not_after(day, closes, what="ninety-work-days-from-graduation"), case, self._late)

            return since_first(case, self.graduated, "a-graduation", ends, by=self.board)

        return submitted_within_ninety_work_days_of_graduation
