"""The rules of the Commerce SES CDP 2004-2006, in the order of the document."""

from collections.abc import Iterator
from datetime import date

from candidacy import (
    DAY,
    Authority,
    CandidateEnrolled,
    Case,
    Check,
    Counted,
    Event,
    Every,
    Open,
    Parameter,
    PlanApproved,
    ProgramCompleted,
    Remedy,
    SesMembershipRecorded,
    Sometime,
    Strand,
    Window,
    at_least,
    calendar_days,
    does_not_apply,
    each,
    each_recorded,
    enter,
    holds,
    in_the_ses,
    months,
    never,
    not_before,
    once,
    partial,
    recorded,
    since_first,
    unless_met,
    unless_taken_over,
    wait_until,
)
from candidacy_commerce.events import (
    ASSIGNMENTS,
    PAIRINGS,
    AssignmentDescribed,
    AssignmentStarted,
    ChainRecorded,
    MentorMet,
    MentorPaired,
    MentorTrained,
    PairingEnded,
    PlanDiscussed,
    PositionRecorded,
)

ANNOUNCEMENT = Authority(
    "commerce",
    title="Commerce SES CDP 2004-2006 mentoring and assignment guidance",
    publisher="Department of Commerce",
    obtain="on request from the department's office of executive resources",
    sha256="7eeee9f7cfd55da1b3255e8eaf2460b800931a3c3ef2f28587d853955ad823b9",
)
IN_2004 = date(2004, 9, 1)
OUTSIDE = "mentor-outside-the-chain-of-command"

LAUNCH = ANNOUNCEMENT.sets(
    "first day of the program", Sometime(date(2004, 9, 20), date(2004, 9, 30)), "day", since=IN_2004,
    at=("DOC-03", "DOC-13"), lines=((8, 8), (18, 18)),
    reading="the document says late in the month; the last eleven days are taken for it",
)  # fmt: skip
TRAIN_THE_MENTOR = ANNOUNCEMENT.sets(
    "Train-the-Mentor session", date(2004, 10, 26), "day", since=IN_2004, at="DOC-14", lines=(18, 18)
)
LENGTH = ANNOUNCEMENT.sets(
    "planned length", months(24), "months", since=IN_2004, at="DOC-09", lines=(10, 10),
    reading="the length sets the planned end; the document forbids no earlier one",
)  # fmt: skip
DAYS = ANNOUNCEMENT.sets(
    "days of developmental assignments", 120, "calendar days", since=IN_2004, at=("DOC-11", "DOC-21"), lines=((14, 14), (47, 47)),
    reading="days are calendar days and both ends count (C1, C3)",
)  # fmt: skip
MEETINGS: Parameter[int] = Parameter(
    "discussions of mentor and candidate",
    "discussions",
    (),
    reading="the document asks for them from time to time and gives no number (C31)",
)
TOGETHER = ANNOUNCEMENT.sets("assignments in all", months(4), "months", since=IN_2004, at="DOC-22", lines=(47, 47))


# --- what several rules ask


A_MENTOR = Open("a member of the SES who is not above the candidate")


def outside_the_position(case: Case) -> Counted[AssignmentStarted]:
    """Assignments to another position than the one of record on their first day."""

    def counts(assignment: Strand[AssignmentStarted]) -> Strand[AssignmentStarted] | str | None:
        own = case.at(assignment.first).last(PositionRecorded)
        if own is None:
            return None
        return "in-the-position-of-record" if assignment.begun.position == own.position else assignment

    return ASSIGNMENTS.counted(case, counts)


def new_assignment(case: Case, day: date) -> Event:
    """A draft of an assignment that would count: to another position than the one of record, for an ECQ at least."""
    own = case.at(day).last(PositionRecorded)
    position = Open(f"a position other than {own.position}") if own else Open("a position other than the one of record")
    return partial(AssignmentStarted, position=position, ecqs=Open("at least one of the five ECQs", least=1))


def position_is_known(assignment: Strand[AssignmentStarted]) -> Check:
    """What is missing where no position of record stands on an assignment's first day."""
    by = enter(
        PositionRecorded,
        by="program office",
        when=Window(last=assignment.first),
        supposing="the position of record was another one then",
        position=Open("the position of record on that day, another one than the assignment's"),
    )
    return holds(None, "a-position-of-record", by=by, assignment=assignment.id, on=assignment.first)


def is_above(case: Case, person: str, on: date) -> bool | None:
    """Whether a person is in the candidate's chain of command on that day; None where no chain was recorded."""
    chain = case.at(on).last(ChainRecorded)
    return None if chain is None else person in chain.above


def is_ses(case: Case, mentor: str, on: date, *, by: Remedy) -> Check:
    """The mentor is a member of the SES on that day; where not, *by* is the remedy."""
    member = in_the_ses(case, mentor, on)
    known = enter(
        SesMembershipRecorded,
        by="program office",
        when=Window(last=on),
        supposing="this person is a member of the SES",
        person=mentor,
        member=True,
    )
    return holds(member, "mentor-in-the-SES", by=by, settle=known, mentor=mentor, on=on)


def is_outside(case: Case, mentor: str, on: date, *, by: Remedy) -> Check:
    """The mentor is outside the chain of command on that day; where not, *by* is the remedy."""
    above = is_above(case, mentor, on)
    known = enter(
        ChainRecorded,
        by="program office",
        when=Window(last=on),
        supposing="the mentor is outside it",
        above=Open("the chain of command, without the mentor"),
    )
    return holds(None if above is None else not above, OUTSIDE, by=by, settle=known, mentor=mentor, on=on)


def another_mentor(pairing: Strand[MentorPaired]) -> Remedy:
    """A pairing ends and another one begins; where it has ended, its last day passes."""
    if pairing.last is not None:
        return wait_until(pairing.last + DAY)
    return Every(
        (enter(PairingEnded, by="program office", pairing=pairing.id), enter(MentorPaired, by="program office", mentor=A_MENTOR))
    )


# --- the rules


@ANNOUNCEMENT.requires(before=MentorPaired, at="DOC-05", lines=(8, 8))
def mentor_is_in_the_ses(case: Case, pairing: MentorPaired, day: date) -> Check:
    """The mentor assigned is a member of the SES on that day."""
    return is_ses(case, pairing.mentor, day, by=never("this person is not a member of the SES"))


@ANNOUNCEMENT.requires(
    before=MentorPaired, at="DOC-06", lines=(8, 8),
    reading="the document ascribes this to federal rules, which have no such clause: it is the department's own (C14)",
)  # fmt: skip
def mentor_is_outside_the_chain_of_command(case: Case, pairing: MentorPaired, day: date) -> Check:
    """The mentor assigned does not supervise the candidate on that day, directly or further up."""
    return is_outside(case, pairing.mentor, day, by=never("this person is in the chain of command"))


@ANNOUNCEMENT.requires(before=ProgramCompleted, at=("DOC-04", "DOC-09"), lines=((8, 8), (10, 10)))
def a_mentor_is_assigned(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A mentor is paired with the candidate to the end of the program."""
    found = PAIRINGS.open_on(case, day)
    return holds(bool(found), "a-mentor", by=enter(MentorPaired, by="program office", mentor=A_MENTOR), pairings=len(found))


@ANNOUNCEMENT.requires(
    before=ProgramCompleted, on=ChainRecorded, at="DOC-06", lines=(8, 8),
    reading="looked at again on every recorded change of the chain, over the whole of the pairing that is open (C14)",
)  # fmt: skip
def mentor_stays_outside_the_chain_of_command(case: Case, event: ProgramCompleted | ChainRecorded, day: date) -> Check:
    """Over the whole pairing the mentor never supervises the candidate, directly or further up."""
    changes = [on for on, _ in case.all(ChainRecorded)]
    return each(
        (
            unless_taken_over(is_outside(case, p.begun.mentor, on, by=another_mentor(p)), case, on)
            for p in PAIRINGS.open_on(case, day)
            for on in (p.first, *changes)
            if day >= on >= p.first
        ),
        none="no-mentor-is-paired",
    )


@ANNOUNCEMENT.requires(
    before=ProgramCompleted, on=SesMembershipRecorded, at="DOC-05", lines=(8, 8),
    reading="membership is looked at on the first day of the pairing and on every recorded change",
)  # fmt: skip
def mentor_stays_in_the_ses(case: Case, event: ProgramCompleted | SesMembershipRecorded, day: date) -> Check:
    """Over the whole pairing the mentor is a member of the SES."""
    return each((c for p in PAIRINGS.open_on(case, day) for c in _ses_throughout(case, p, day)), none="no-mentor-is-paired")


def _ses_throughout(case: Case, pairing: Strand[MentorPaired], day: date) -> Iterator[Check]:
    mentor = pairing.begun.mentor
    changes = [on for on, m in case.all(SesMembershipRecorded) if m.person == mentor and day >= on > pairing.first]
    days = (pairing.first, *changes)
    return (unless_taken_over(is_ses(case, mentor, on, by=another_mentor(pairing)), case, on) for on in days)


@ANNOUNCEMENT.advises(before=ProgramCompleted, at="DOC-09", lines=(10, 10))
def program_lasts_its_planned_length(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program takes 24 months; an earlier end shows."""

    def ends(first: date) -> Check:
        return not_before(day, LENGTH(case).last(first), what="the-planned-end")

    return since_first(case, CandidateEnrolled, "a-first-day-in-the-program", ends, by="program office")


@ANNOUNCEMENT.advises(
    before=PlanApproved, at="DOC-10", lines=(12, 12),
    reading="a responsibility of the mentor; the document makes it no condition of the approval, so that it only shows",
)  # fmt: skip
def mentor_helps_with_the_plan(case: Case, approval: PlanApproved, day: date) -> Check:
    """The mentor has a part in the development plan."""
    return recorded(case, PlanDiscussed, "a-discussion-of-the-plan", by="mentor", plan=approval.plan)


@ANNOUNCEMENT.advises(
    before=ProgramCompleted, at="DOC-12", lines=(16, 16),
    reading="the document gives no number: undetermined until the department sets one (C31)",
)  # fmt: skip
def mentor_and_candidate_talk_from_time_to_time(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Mentor and candidate discuss from time to time how the candidate comes on."""
    return at_least(case.all(MentorMet).count("discussions"), MEETINGS(case), by=lambda _: enter(MentorMet, by="mentor"))


@ANNOUNCEMENT.advises(before=ProgramCompleted, at="DOC-14", lines=(18, 18))
def mentor_was_trained(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The mentor attended the session for mentors."""
    mentor = next((p.begun.mentor for p in reversed(PAIRINGS.open_on(case, day))), None)
    trained = case.all(MentorTrained).where(lambda _, t: t.mentor == mentor)
    by = (
        enter(MentorTrained, by="program office", mentor=mentor)
        if mentor
        else enter(MentorPaired, by="program office", mentor=A_MENTOR)
    )
    return holds(bool(trained), "a-trained-mentor", by=by, mentor=mentor, planned_for=TRAIN_THE_MENTOR(case))


@ANNOUNCEMENT.requires(
    before=ProgramCompleted, at=("DOC-11", "DOC-20", "DOC-21"), lines=((14, 14), (47, 47)),
    reading="all assignments count together; days are calendar days, both ends count, no day twice; outside the position "
    "of record, the same bureau is allowed (C1, C2, C3)",
)  # fmt: skip
def one_hundred_and_twenty_days_of_assignments(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Developmental assignments outside the position of record take at least 120 calendar days in all."""
    of, new = outside_the_position(case), new_assignment(case, day)
    check = ASSIGNMENTS.pooled(once(of.found), DAYS(case), day, new=new, not_counted=of.not_counted)
    return unless_met(check, map(position_is_known, of.unknown))


@ANNOUNCEMENT.advises(
    before=ProgramCompleted, at="DOC-22", lines=(47, 47),
    reading="four months are 120 to 123 days, by the first day; the days decide, the months only show (C1)",
)  # fmt: skip
def four_months_of_assignments(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The assignments come to four months in all."""
    found = outside_the_position(case).found
    if not found:
        return holds(None, "an-assignment-elsewhere", by=ASSIGNMENTS.lasting(TOGETHER(case)))
    counted = once(found)
    first = counted[0].first
    return ASSIGNMENTS.pooled(counted, calendar_days(first, TOGETHER(case).last(first)), day)


@ANNOUNCEMENT.requires(
    before=ProgramCompleted, on=AssignmentStarted, at=("DOC-11", "DOC-24", "DOC-33"), lines=((14, 14), (47, 47), (64, 64))
)
def every_assignment_names_an_ecq(case: Case, event: ProgramCompleted | AssignmentStarted, day: date) -> Check:
    """Each assignment is to strengthen at least one of the five ECQs."""
    return each((_names_an_ecq(a.begun) for a in ASSIGNMENTS.of(case)), none="no-assignment-has-begun")


def _names_an_ecq(begun: AssignmentStarted) -> Check:
    return holds(len(begun.ecqs) >= 1, "at-least-one-ECQ", assignment=begun.assignment, ecqs=begun.ecqs)


# --- describing an assignment


@ANNOUNCEMENT.advises(
    before=ProgramCompleted, at="DOC-31", lines=(62, 62),
    reading="the document asks for the description and does not say that an assignment without one does not count",
)  # fmt: skip
def every_assignment_is_described(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Each assignment was described on the program's form."""
    begun = [a.id for a in ASSIGNMENTS.of(case)]
    none = "no-assignment-has-begun"
    return each_recorded(case, begun, AssignmentDescribed, "assignment", "a-description", by="candidate", none=none)


@ANNOUNCEMENT.requires(before=AssignmentDescribed, at=("DOC-33", "DOC-40"), lines=((64, 64), (78, 82)))
def description_names_an_ecq(case: Case, described: AssignmentDescribed, day: date) -> Check:
    """The description names at least one of the five ECQs."""
    return holds(len(described.ecqs) >= 1, "at-least-one-ECQ", ecqs=described.ecqs)


@ANNOUNCEMENT.requires(before=AssignmentDescribed, at="DOC-34", lines=(64, 64))
def description_gives_a_reason_for_each_ecq(case: Case, described: AssignmentDescribed, day: date) -> Check:
    """The description says of each ECQ it names, and of no other, how the assignment strengthens it."""
    if not described.ecqs:
        return does_not_apply("no-ECQ-is-named")
    reasons = tuple(r.ecq for r in described.reasons)
    return holds(set(reasons) == set(described.ecqs), "a-reason-for-each-ECQ", ecqs=described.ecqs, reasons=reasons)


@ANNOUNCEMENT.requires(
    before=AssignmentDescribed, at=("DOC-38", "DOC-39"), lines=((74, 74), (76, 76)), reading="both ends belong to the period (C3)"
)
def description_ends_no_sooner_than_it_begins(case: Case, described: AssignmentDescribed, day: date) -> Check:
    """The period of the assignment does not end before it begins; one day is a period."""
    return holds(described.last >= described.first, "an-end-not-before-the-beginning", first=described.first, last=described.last)


PARAMETERS = (LAUNCH, TRAIN_THE_MENTOR, LENGTH, DAYS, TOGETHER, MEETINGS)
RULES = (
    mentor_is_in_the_ses,
    mentor_is_outside_the_chain_of_command,
    a_mentor_is_assigned,
    mentor_stays_outside_the_chain_of_command,
    mentor_stays_in_the_ses,
    program_lasts_its_planned_length,
    mentor_helps_with_the_plan,
    mentor_and_candidate_talk_from_time_to_time,
    mentor_was_trained,
    one_hundred_and_twenty_days_of_assignments,
    four_months_of_assignments,
    every_assignment_names_an_ecq,
    every_assignment_is_described,
    description_names_an_ecq,
    description_gives_a_reason_for_each_ecq,
    description_ends_no_sooner_than_it_begins,
)
