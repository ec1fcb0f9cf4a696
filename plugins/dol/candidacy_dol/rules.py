"""The rules of the DOL SES Training Program 2013-14, in the order of the document."""

from datetime import date
from typing import Any, get_args

import attrs

from candidacy import (
    DAY,
    TAKEN_OVER,
    Authority,
    Case,
    Check,
    Either,
    Every,
    Fact,
    Id,
    Open,
    Parameter,
    ProgramCompleted,
    Remedy,
    RoleGiven,
    Window,
    all_of,
    at_least,
    does_not_apply,
    each,
    each_recorded,
    enter,
    exactly,
    holds,
    judged,
    months,
    never,
    recorded,
    since_first,
    unless_taken_over,
)
from candidacy_dol.events import (
    PAIRINGS,
    AssessmentAnswered,
    CohortAssigned,
    DutyStationRecorded,
    FacilitatorRecorded,
    GuidelinesAccepted,
    Helper,
    MatchReassessed,
    Material,
    MaterialProvided,
    MentoringReviewed,
    MentorPaired,
    MidPointScheduled,
    ParticipantEnrolled,
    QuestionnaireAnswered,
    ReportDelivered,
    ResultDelivered,
    Review,
    SessionAttended,
    SessionKind,
    SessionMissed,
    SessionScheduled,
    StrengthsDiscussed,
    SupervisorRecorded,
    SupportGiven,
    TeamJoined,
    TeamSupported,
    TimeKind,
    TimeSpent,
    Topic,
    Wave,
)

OVERVIEW = Authority(
    "dol",
    title="DOL SES Training Program overview 2013-14",
    publisher="Department of Labor",
    obtain="on request from the department's office of executive resources",
    sha256="9f30e85b6634311a8cf7fe0d70f999bffd923d0c173048a1ed9de71c34804584",
)
IN_2013 = date(2013, 10, 1)
RATERS = ("participant", "supervisor")
ON_MENTORING, FINAL = "mentoring-best-practices", "team-presentations-and-close"


@attrs.frozen
class Session:
    """A session, its day, and whether everyone comes in person."""

    session: str
    held_on: date
    together: bool
    kind: SessionKind | None = None


SESSIONS = OVERVIEW.sets(
    "sessions at the national office",
    (
        Session("agency-presentations", date(2014, 1, 21), together=True),
        Session(ON_MENTORING, date(2014, 2, 19), together=True),
        Session(FINAL, date(2014, 7, 16), together=True),
    ),
    "sessions", since=IN_2013, at=("DOL-41", "DOL-42", "DOL-43"), lines=(45, 47),
    reading="the document dates these three; the others stand in a schedule of their own and are entered as they are set",
)  # fmt: skip
FEWEST_QUESTIONS = OVERVIEW.sets("fewest questions of the assessment", 15, "questions", since=IN_2013, at="DOL-07", lines=(14, 14))
MOST_QUESTIONS = OVERVIEW.sets("most questions of the assessment", 20, "questions", since=IN_2013, at="DOL-07", lines=(14, 14))
COHORTS = OVERVIEW.sets(
    "coaching cohorts", 4, "cohorts", since=IN_2013, at=("DOL-17", "DOL-18", "DOL-53"), lines=((26, 26), (62, 62)),
    reading="as many cohorts as coaches: each cohort has one",
)  # fmt: skip
FEWEST_TEAMS = OVERVIEW.sets("fewest action-learning teams", 4, "teams", since=IN_2013, at="DOL-21", lines=(28, 28))
CLASSROOM_HOURS = OVERVIEW.sets("hours in the classroom", 50, "hours", since=IN_2013, at="DOL-28", lines=(33, 33))
OTHER_HOURS = OVERVIEW.sets(
    "hours with team and mentor", 50, "hours", since=IN_2013, at="DOL-28", lines=(33, 33),
    reading="the document does not divide them between team and mentor: they count together (C17)",
)  # fmt: skip
IN_PERSON = OVERVIEW.sets(
    "sessions that bring the regions to the national office", 3, "sessions", since=IN_2013,
    at=("DOL-34", "DOL-39"), lines=((42, 42), (44, 44)),
)  # fmt: skip
SMALLEST_GROUP: Parameter[int] = Parameter(
    "smallest group of an aggregate", "participants", (),
    reading="the document does not say of how many an aggregate has to be made; the program office could set a number",
)  # fmt: skip
READINGS: Parameter[int] = Parameter(
    "reading assignments", "readings", (),
    reading="the document does not say how many there are; the program office could set a number",
)  # fmt: skip
LENGTH = OVERVIEW.sets("length of the program", months(9), "months", since=IN_2013, at="DOL-31", lines=(39, 39))

MISSED_SESSION = OVERVIEW.asks(
    "missed-session-excused", "May the program be completed although this session was not attended as required?",
    by=("program office",), at=("DOL-30", "DOL-37"), lines=((37, 37), (42, 42)), of_each=True,
)  # fmt: skip
LATE_PAIRING = OVERVIEW.asks(
    "late-pairing-accepted", "May the program be completed although the mentor was paired after the mid-point?",
    by=("program office",), at="DOL-24", lines=(30, 30),
)  # fmt: skip
NEW_MENTOR = OVERVIEW.asks(
    "support-did-not-help", "Has support failed to improve this mentoring relationship, so that another mentor is identified?",
    by=("Partnership",), at="DOL-51", lines=(58, 58), of_each=True,
)  # fmt: skip

ASSESSMENT = OVERVIEW.keeps(
    "assessment180", readers=("participant", "supervisor", "Partnership"),
    purposes=("development", "targeting the program", "measuring the program"),
    never=("performance review", "personnel file"),
    at=("DOL-01", "DOL-08", "DOL-10", "DOL-11", "DOL-12", "DOL-13", "DOL-45", "DOL-47"),
    lines=((3, 3), (17, 17), (19, 19), (51, 51), (53, 53)),
)  # fmt: skip


# --- what several rules ask


def sessions(case: Case) -> tuple[Session, ...]:
    """The sessions the document dates and those scheduled since, by day; a later schedule replaces an earlier one."""
    found = {s.session: s for s in SESSIONS(case)}
    found |= {s.session: Session(s.session, s.held_on, s.together, s.kind) for _, s in case.all(SessionScheduled)}
    return tuple(sorted(found.values(), key=lambda s: (s.held_on, s.session)))


def participant(case: Case, on: date) -> str | None:
    """Who takes part."""
    return next(iter(case.people("participant", on)), None)


def supervisor(case: Case, on: date) -> str | None:
    """The first-level supervisor of that day; None where none was recorded."""
    found = case.at(on).last(SupervisorRecorded)
    return found.supervisor if found else None


# --- the rules


@OVERVIEW.requires(on=AssessmentAnswered, before=ProgramCompleted, at="DOL-07", lines=(14, 14))
def assessment_has_fifteen_to_twenty_questions(case: Case, event: AssessmentAnswered | ProgramCompleted, day: date) -> Check:
    """The assessment has 15 to 20 questions."""
    fewest, most = FEWEST_QUESTIONS(case), MOST_QUESTIONS(case)
    return each(
        (
            holds(
                most >= a.questions >= fewest,
                "as-many-questions-as-set",
                response=a.response,
                questions=exactly(a.questions, "questions"),
            )
            for _, a in case.all(AssessmentAnswered)
        ),
        none="nobody-has-answered",
    )


@OVERVIEW.requires(before=ProgramCompleted, at=("DOL-06", "DOL-07", "DOL-09"), lines=((12, 12), (14, 14), (19, 19)))
def both_raters_answer_before_and_after(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The participant and the first-level supervisor of that day each answer the assessment before and after."""
    before = {rater: _answered(case, "pre", rater, day, ()) for rater in RATERS}
    first = tuple(check.remedy for check in before.values() if not check.good)
    return all_of(*before.values(), *(_answered(case, "post", rater, day, first) for rater in RATERS))


def _answered(case: Case, wave: Wave, rater: str, day: date, first: tuple[Remedy, ...]) -> Check:
    """The answer of a rater; *first* is what comes before it."""

    def is_theirs(on: date, a: AssessmentAnswered) -> bool | None:
        if a.wave != wave:
            return False
        person = participant(case, on) if rater == "participant" else supervisor(case, on)
        return None if person is None else a.rater == person

    found = case.all(AssessmentAnswered).where(is_theirs)
    answered = True if found else None if found.unsure else False
    if wave == "pre" and not answered and case.taken_over is not None:
        return does_not_apply(TAKEN_OVER)
    theirs = an_answer(case, wave, rater, day)
    if not case.all(AssessmentAnswered) and rater != "participant":
        theirs = Either((theirs, an_answer(case, wave, "participant", day)))  # theirs may be the one that says which instrument
    by = Every(first) if first else theirs
    return holds(answered, "an-answer-by-this-rater", by=by, wave=wave, rater=rater)


def an_answer(case: Case, wave: Wave, rater: str, day: date) -> Remedy:
    """An answer to the instrument of the others, what is called after on a day after those called before."""
    person = participant(case, day) if rater == "participant" else supervisor(case, day)
    if person is None and rater == "participant":
        return enter(RoleGiven, by="program office", role=rater)
    if person is None:
        return enter(SupervisorRecorded, by="program office")
    earlier = [on for on, a in case.all(AssessmentAnswered) if a.wave == "pre"] if wave == "post" else []
    when, model = Window(first=max(earlier) + DAY if earlier else None), case.last(AssessmentAnswered)
    fewest, most = FEWEST_QUESTIONS(case), MOST_QUESTIONS(case)
    questions = model.questions if model else Open(f"{fewest} to {most} questions", least=fewest, most=most)
    instrument = model.instrument if model else Open("the instrument that every answer is given to")
    return enter(AssessmentAnswered, by=rater, when=when, wave=wave, rater=person, instrument=instrument, questions=questions)


@OVERVIEW.requires(
    before=ProgramCompleted, at="DOL-09", lines=(19, 19),
    reading="the document sets no days; what is called before must only precede what is called after",
)  # fmt: skip
def answers_before_precede_answers_after(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Every answer given at the beginning precedes every answer given at the end."""
    days = {wave: [on for on, a in case.all(AssessmentAnswered) if a.wave == wave] for wave in get_args(Wave)}
    if not all(days.values()):
        return does_not_apply("not-answered-twice")
    before, after = max(days["pre"]), min(days["post"])
    return holds(after > before, "before-precedes-after", before=before, after=after)


@OVERVIEW.requires(before=ProgramCompleted, at="DOL-07", lines=(14, 14))
def every_answer_is_to_the_same_instrument(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """All answers are to the same assessment."""
    instruments = tuple(sorted({(a.instrument, a.questions) for _, a in case.all(AssessmentAnswered)}))
    names = tuple(name for name, _ in instruments)
    if not instruments:
        return holds(None, "one-instrument", by=an_answer(case, "post" if case.taken_over else "pre", "participant", day))
    return holds(len(instruments) == 1, "one-instrument", instruments=names)


# --- the report


@OVERVIEW.requires(
    before=ReportDelivered, at="DOL-11", lines=(19, 19),
    reading="a report of both waves presupposes that both raters have answered at the end",
)  # fmt: skip
def report_follows_the_answers_at_the_end(case: Case, delivery: ReportDelivered, day: date) -> Check:
    """The report comes after both raters have answered at the end of the program."""
    return all_of(*(_answered(case, "post", rater, day, ()) for rater in RATERS))


@OVERVIEW.requires(
    before=ReportDelivered, at=("DOL-11", "DOL-45"), lines=((19, 19), (51, 51)),
    reading="the direct supervisor is the first-level supervisor of the day on which it is handed over (C16)",
)  # fmt: skip
def report_goes_to_participant_and_supervisor_alone(case: Case, delivery: ReportDelivered, day: date) -> Check:
    """The report goes to the participant and the direct supervisor, and to nobody else."""
    who, boss = participant(case, day), supervisor(case, day)
    right = None if who is None or boss is None else (delivery.participant, delivery.supervisor) == (who, boss)
    by = a_person(case, day)
    return holds(right, "both-and-nobody-else", by=by, participant=delivery.participant, supervisor=delivery.supervisor)


def a_person(case: Case, day: date) -> Remedy:
    """What tells who takes part, or who supervises; where both are known, no way."""
    if participant(case, day) is None:
        return enter(RoleGiven, by="program office", role="participant")
    if supervisor(case, day) is None:
        return enter(SupervisorRecorded, by="program office")
    return never("it is for the participant and the supervisor alone")


@OVERVIEW.requires(
    before=ProgramCompleted, at="DOL-11", lines=(19, 19),
    reading="no day is set for it: whoever closes the program for a participant has handed it over",
)  # fmt: skip
def report_is_delivered(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Participant and supervisor get a report of what was answered before and after."""
    who, boss = participant(case, day), supervisor(case, day)
    known = who is not None and boss is not None
    by = enter(ReportDelivered, by="Partnership", participant=who, supervisor=boss) if known else a_person(case, day)
    return holds(bool(case.all(ReportDelivered)), "a-report", by=by)


# --- workshops, coaching, action learning


@OVERVIEW.advises(
    on=FacilitatorRecorded, at="DOL-15", lines=(24, 24),
    reading="it is the department that chooses who facilitates; no participant is held back for it",
)  # fmt: skip
def facilitator_leads_the_function(case: Case, told: FacilitatorRecorded, day: date) -> Check:
    """A workshop is facilitated by an SES leader who is responsible for the function it is about."""
    last = case.all(SessionScheduled).where(lambda _, s: s.session == told.session).last
    topic = last.event.topic if last else None
    theirs = None if topic is None else told.responsible_for == topic
    return all_of(
        holds(told.in_the_ses, "facilitator-in-the-SES", facilitator=told.facilitator),
        holds(theirs, "responsible-for-the-function", function=told.responsible_for, topic=topic),
    )


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-16", lines=(24, 24),
    reading="the six are named as included, others may be added; the department holds the workshops, so that a gap only shows",
)  # fmt: skip
def workshops_cover_the_six_topics(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """There are workshops on human resources, budget, procurement, IT, performance management, and an overview."""
    return each_recorded(case, get_args(Topic), SessionScheduled, "topic", "a-workshop", by="Partnership", none="no-topic")


@OVERVIEW.requires(
    before=(CohortAssigned, ProgramCompleted), at=("DOL-06", "DOL-17", "DOL-18"), lines=((12, 12), (26, 26)),
    reading="cohorts for coaching and teams for action learning are two groupings (C19)",
)  # fmt: skip
def participant_is_in_one_coaching_cohort(case: Case, event: CohortAssigned | ProgramCompleted, day: date) -> Check:
    """Each participant is in one of the four coaching cohorts, and in no other."""
    found = case.all(CohortAssigned)
    if isinstance(event, CohortAssigned):
        return (
            holds(False, "no-other-cohort", by=never("a participant is in one cohort alone"))
            if found
            else does_not_apply("the-first")
        )
    if not found and case.taken_over:
        return does_not_apply(TAKEN_OVER)
    return holds(bool(found), "a-cohort", by=enter(CohortAssigned, by="Partnership"))


@OVERVIEW.requires(before=TeamJoined, at="DOL-21", lines=(28, 28), reading="teams are no cohorts: a coach may lead several (C19)")
def there_are_four_or_more_teams(case: Case, joined: TeamJoined, day: date) -> Check:
    """There are four or more action-learning teams."""
    return at_least(exactly(joined.of_teams, "teams"), FEWEST_TEAMS(case), by=lambda _: never("fewer teams than four"))


@OVERVIEW.requires(before=ProgramCompleted, at=("DOL-06", "DOL-21", "DOL-22"), lines=((12, 12), (28, 28)))
def participant_works_in_a_team_on_a_challenge(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The participant works in an action-learning team, led by a coach, on a challenge of the department."""
    fewest = FEWEST_TEAMS(case)
    if not case.all(TeamJoined) and case.taken_over:
        return does_not_apply(TAKEN_OVER)
    enough = Open(f"{fewest} or more teams", least=fewest)
    return recorded(case, TeamJoined, "a-team", by="Partnership", of_teams=enough)


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-23", lines=(28, 28),
    reading="how often, and when, is not said: once shows that there was support",
)  # fmt: skip
def coach_supports_the_team_before_the_final_presentation(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The executive coach supports the team before its final presentation."""
    final = next(s.held_on for s in sessions(case) if s.session == FINAL)
    supported = case.all(TeamSupported).where(lambda on, _: final >= on)
    by = enter(TeamSupported, by="coach", when=Window(last=final), supposing="there was support" if day > final else "")
    given = True if supported else None if day > final else False
    return holds(given, "support-before-the-presentation", by=by, presentation=final)


# --- mentoring


@OVERVIEW.requires(
    before=ProgramCompleted, at=("DOL-24", "DOL-48"), lines=((30, 30), (56, 56)),
    reading="the mid-point is a scheduled day, not a computed one (C18); the document has no remedy for a later pairing, "
    "so the program office judges",
)  # fmt: skip
def mentor_is_paired_at_the_mid_point(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A mentor is formally paired by the scheduled mid-point, or one already there is kept."""
    scheduled, pairings = case.last(MidPointScheduled), PAIRINGS.of(case)
    pair = enter(MentorPaired, by="Partnership")
    if not pairings:
        return holds(False, "a-mentor", by=pair, closes=scheduled.matching_on if scheduled else None)
    if scheduled is None:
        first = min((p for p in pairings if p.last is None or p.last >= p.first), key=lambda p: p.first, default=None)
        if first is None:
            return holds(False, "a-mentor", by=pair)
        matching_on = Open("the day on which mentors are matched", least=first.first, most=first.last)
        supposing = "a mentor was paired by then"
        by = enter(MidPointScheduled, by="Partnership", supposing=supposing, matching_on=matching_on)
        return holds(None, "a-scheduled-mid-point", by=by)
    mid_point = scheduled.matching_on
    lasting = [p for p in pairings if p.last is None or p.last >= mid_point]
    if not lasting:
        return holds(False, "a-mentor-at-the-mid-point", by=pair, mid_point=mid_point)
    paired = min(p.first for p in lasting)
    if mid_point >= paired:
        return holds(True, "a-mentor-at-the-mid-point", paired=paired, mid_point=mid_point)
    return judged(case, LATE_PAIRING)


@OVERVIEW.advises(
    before=ProgramCompleted, at=("DOL-25", "DOL-55"), lines=((30, 30), (65, 65)),
    reading="the questionnaire is named, but is made no condition of a pairing; other criteria may count too",
)  # fmt: skip
def both_parties_told_experience_and_goals(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """A match rests on the experience and the goals of both parties; a mentor who is kept was not matched."""
    matched = [p for p in PAIRINGS.of(case) if not p.begun.kept]
    return each(
        (
            _told(case, party, who)
            for p in matched
            for party, who in (("participant", participant(case, p.first)), ("mentor", p.begun.mentor))
        ),
        none="no-match",
    )


def _told(case: Case, party: str, person: str | None) -> Check:
    found = case.all(QuestionnaireAnswered).where(lambda _, q: q.person == person)
    known: dict[str, Any] = {"person": person} if person else {}
    by = enter(QuestionnaireAnswered, by="Partnership", party=party, **known)
    return holds(bool(found), "an-answered-questionnaire", by=by, person=person)


@OVERVIEW.advises(
    before=ProgramCompleted, at=("DOL-26", "DOL-42"), lines=((30, 30), (46, 46)),
    reading="the document dates the session, and has it follow the matches: a later match shows (C18)",
)  # fmt: skip
def session_on_mentoring_follows_the_match(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The session on good mentoring is held once mentors are matched."""
    held = next(s.held_on for s in sessions(case) if s.session == ON_MENTORING)
    first = min((p.first for p in PAIRINGS.of(case)), default=None)
    if first is None:
        return does_not_apply("no-mentor-is-paired")
    return holds(held >= first, "a-match-before-the-session", matched=first, session=held)


@OVERVIEW.requires(
    before=ProgramCompleted, at=("DOL-06", "DOL-27"), lines=((12, 12), (30, 30)),
    reading="the mid-point of the mentoring has no day: what is called check-in must only not follow what ends it",
)  # fmt: skip
def mentoring_is_checked_assessed_and_closed(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The mentoring has a check-in midway, then a final assessment, then a close-out."""
    found: list[Check] = []
    since = None
    for review in get_args(Review):
        check, since = _reviewed(case, review, since)
        found.append(check)
    return all_of(*found)


def _reviewed(case: Case, review: Review, since: date | None) -> tuple[Check, date | None]:
    """A review on a day from *since* on, and that day."""
    days = [on for on, r in case.all(MentoringReviewed) if r.review == review and (since is None or on >= since)]
    if not days and review == "mid-point check-in" and case.taken_over:
        return does_not_apply(TAKEN_OVER), since
    by = enter(MentoringReviewed, by="Partnership", when=Window(first=since), review=review)
    after: dict[str, Any] = {"since": since} if since else {}
    return holds(bool(days), "a-review", by=by, review=review, **after), min(days, default=since)


# --- hours and sessions


@OVERVIEW.advises(
    before=ProgramCompleted,
    at="DOL-28",
    lines=(33, 33),
    reading="the participant is to plan for them: fewer show, none refuses (C17)",
)
def fifty_hours_in_the_classroom(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The participant plans for fifty hours in the classroom."""
    return _hours(case, "classroom", CLASSROOM_HOURS(case))


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-28", lines=(33, 33),
    reading="they count together, and with every mentor; fewer show, none refuses (C17)",
)  # fmt: skip
def fifty_hours_with_team_and_mentor(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The participant plans for fifty hours of work with the action-learning team and the mentor."""
    return _hours(case, "team or mentor", OTHER_HOURS(case))


def _hours(case: Case, kind: TimeKind, wanted: int) -> Check:
    spent = case.all(TimeSpent).where(lambda _, t: t.kind == kind).total(lambda t: t.hours, "hours")
    return at_least(spent, wanted, by=lambda missing: enter(TimeSpent, by="participant", kind=kind, hours=missing))


@OVERVIEW.requires(
    before=ProgramCompleted,
    at=("DOL-06", "DOL-29", "DOL-30", "DOL-32", "DOL-34", "DOL-39", "DOL-41", "DOL-42", "DOL-43"),
    lines=((12, 12), (33, 33), (37, 37), (41, 42), (44, 47)),
    reading="no absence is provided for and no remedy for one: each session not attended as required is judged (C17)",
)  # fmt: skip
def every_session_is_attended(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Every session is attended: in person from the national office; remotely from the regions, but for three sessions."""
    scheduled = sessions(case)
    known = {s.session for s in scheduled}
    others = sorted({m.session for _, m in case.all(SessionMissed) if m.session not in known})
    dated = {s.session: s.held_on for s in SESSIONS(case)}  # a session that is moved does not move out of sight
    attended = (
        unless_taken_over(_attended(case, s, day), case, max(s.held_on, dated.get(s.session, s.held_on))) for s in scheduled
    )
    return each((*attended, *(judged(case, MISSED_SESSION, about=o) for o in others)), none="no-session")


def _attended(case: Case, session: Session, day: date) -> Check:
    mode = asked_mode(case, session)
    attend = enter(
        SessionAttended,
        by="participant",
        when=Window(only=(session.held_on,)),
        supposing="it was attended" if day >= session.held_on else "",
        session=Id(session.session),
        mode=mode or "in person",
        webcam=True if mode == "remote" and session.kind == "team" else None,
    )
    if session.held_on > day:
        return holds(False, "a-session-that-was-held", by=attend, session=session.session, held_on=session.held_on)
    here = case.all(SessionAttended).where(lambda on, a: a.session == session.session and on == session.held_on)
    missed = case.all(SessionMissed).where(lambda _, m: m.session == session.session)
    name = session.session
    if missed:
        return judged(case, MISSED_SESSION, about=name)
    if here and mode is None:
        where, known = "the participant worked in a region then", Window(last=session.held_on)
        by = enter(DutyStationRecorded, by="program office", when=known, supposing=where, station="region")
        return holds(None, "a-duty-station", by=by, session=name)
    if here.where(lambda _, a: a.mode in {"in person", mode}):
        return holds(True, "attendance-as-required", session=name, asked=mode)
    if here:
        return judged(case, MISSED_SESSION, about=name)
    return holds(None, "a-record-of-attendance", by=attend, session=name, asked=mode)


def asked_mode(case: Case, session: Session) -> str | None:
    """How the participant is to attend, by the duty station of that day; None where that is not known."""
    if session.together:
        return "in person"
    station = case.at(session.held_on).last(DutyStationRecorded)
    return None if station is None else "in person" if station.station == "national office" else "remote"


@OVERVIEW.requires(on=SessionMissed, at="DOL-30", lines=(37, 37))
def no_session_is_missed(case: Case, missed: SessionMissed, day: date) -> Check:
    """Attendance is required at every session; one that was missed is judged."""
    return judged(case, MISSED_SESSION, about=missed.session)


@OVERVIEW.advises(on=Fact, before=ProgramCompleted, at="DOL-31", lines=(39, 39))
def program_takes_nine_months(case: Case, event: Fact | ProgramCompleted, day: date) -> Check:
    """The program takes nine months; what is entered later shows."""

    def ends(first: date) -> Check:
        last_day = LENGTH(case).last(first)
        return holds(last_day >= day, "within-the-nine-months", closes=last_day, last_day=last_day)

    return since_first(case, ParticipantEnrolled, "a-first-day", ends, by="program office")


# --- schedule, regions, webcams


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-33", lines=(41, 41),
    reading="the program owes it to the participant: a gap shows and holds nobody back",
)  # fmt: skip
def detailed_schedule_is_provided(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program gives participants a detailed schedule."""
    return _provided(case, "schedule", None, day)


def _provided(case: Case, material: Material, until: date | None, day: date) -> Check:
    """Something was given, by a day where there is one; once that is over, nobody may have recorded it yet."""
    found = case.all(MaterialProvided).where(lambda on, m: m.material == material and (until is None or until >= on))
    over = until is not None and day > until
    supposing = "it was given in time" if over else ""
    by = enter(MaterialProvided, by="program office", when=Window(last=until), supposing=supposing, material=material)
    within: dict[str, Any] = {"until": until} if until else {}
    return holds(True if found else None if over else False, "given-in-time", by=by, material=material, **within)


@OVERVIEW.advises(
    before=ProgramCompleted, on=SessionScheduled, at=("DOL-34", "DOL-39"), lines=((42, 42), (44, 44)),
    reading="participants are asked to come to three; a fourth that is set shows, and holds nobody back",
)  # fmt: skip
def three_sessions_bring_the_regions_to_the_office(case: Case, event: SessionScheduled | ProgramCompleted, day: date) -> Check:
    """Participants from the regions come to the national office for three sessions, no more and no fewer."""
    together = sum(s.together for s in sessions(case))
    return holds(together == IN_PERSON(case), "three-sessions-in-person", found=exactly(together, "sessions"))


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-35", lines=(42, 42), reading="before the first session that was attended from a computer"
)
def instructions_precede_the_first_remote_session(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Participants get instructions on how to attend from a computer."""
    remote = _remote_days(case)
    return _provided(case, "WebEx instructions", remote[0], day) if remote else does_not_apply("no-remote-session")


def _remote_days(case: Case) -> list[date]:
    return [on for on, a in case.all(SessionAttended) if a.mode == "remote"]


@OVERVIEW.requires(
    before=ProgramCompleted, at="DOL-37", lines=(42, 42), reading="a team session attended without one was not attended as required"
)
def webcam_is_used_in_remote_team_sessions(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Participants who attend a team session from a computer use a webcam."""
    team = {s.session for s in sessions(case) if s.kind == "team"}
    attended = [a for _, a in case.all(SessionAttended) if a.mode == "remote" and a.session in team]
    return each((_with_webcam(case, a) for a in attended), none="no-remote-team-session")


def _with_webcam(case: Case, attended: SessionAttended) -> Check:
    if attended.webcam:
        return holds(True, "a-webcam", session=attended.session)
    return judged(case, MISSED_SESSION, about=attended.session)


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-38", lines=(42, 42),
    reading="the program owes it to the participant: a gap shows and holds nobody back",
)  # fmt: skip
def webcam_is_provided(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program gives a webcam to participants who attend from a computer."""
    return _provided(case, "webcam", None, day) if _remote_days(case) else does_not_apply("no-remote-session")


# --- what is offered, and mentors who are kept or do not fit


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-46", lines=(51, 51), reading="a chance that is offered: it shows where nobody took it"
)
def participant_and_supervisor_discuss_strengths(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Participant and supervisor work together on strengths and areas for development."""
    return recorded(case, StrengthsDiscussed, "a-discussion", by="participant")


@OVERVIEW.requires(
    before=MentorPaired,
    at=("DOL-48", "DOL-49"),
    lines=(56, 56),
    reading="what the mentor said last, by the day of the pairing, counts",
)
def mentor_who_is_kept_accepts_the_guidelines(case: Case, pairing: MentorPaired, day: date) -> Check:
    """A participant may keep a mentor who works within the program's guidelines."""
    if not pairing.kept:
        return does_not_apply("not-a-mentor-who-is-kept")
    said = case.all(GuidelinesAccepted).where(lambda _, g: g.mentor == pairing.mentor).last
    by = enter(GuidelinesAccepted, by="Partnership", mentor=pairing.mentor, accepted=True)
    return holds(said.event.accepted if said else None, "guidelines-accepted", by=by, mentor=pairing.mentor)


@OVERVIEW.requires(
    before=MentorPaired, at=("DOL-50", "DOL-51"), lines=(58, 58),
    reading="in this order: the match is looked at again, all three give support, the Partnership judges; no time limit is set",
)  # fmt: skip
def new_mentor_follows_reassessment_and_support(case: Case, pairing: MentorPaired, day: date) -> Check:
    """A match is looked at again; where it fails, coach, DOL and Partnership give support before another mentor is identified."""
    last = {r.pairing: (on, r.serves) for on, r in case.all(MatchReassessed)}
    failing = [(name, on) for name, (on, serves) in last.items() if not serves]
    return each((_supported(case, name, on) for name, on in failing), none="no-match-that-fails")


def _supported(case: Case, pairing: Id, since: date) -> Check:
    """All three gave support from that day on; after it, a judgement that it did not help."""
    given = case.all(SupportGiven).where(lambda on, s: s.pairing == pairing and on >= since)
    helped = {s.helper for _, s in given}
    last = given.last
    lacking = [helper for helper in get_args(Helper) if helper not in helped]
    if lacking or last is None:
        return all_of(*(holds(False, "support", by=_support(pairing, since, h), pairing=pairing, helper=h) for h in lacking))
    return judged(case, NEW_MENTOR, about=pairing, since=last)


def _support(pairing: Id, since: date, helper: Helper) -> Remedy:
    return enter(SupportGiven, by="Partnership", when=Window(first=since), pairing=pairing, helper=helper)


@OVERVIEW.advises(before=ProgramCompleted, at="DOL-52", lines=(60, 60))
def team_delivers_a_measurable_and_positive_result(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The team delivers a result that can be measured and is positive."""
    last = case.last(ResultDelivered)
    by = enter(ResultDelivered, by="Partnership", measurable=True, positive=True)
    good = last is not None and last.measurable and last.positive
    return holds(good, "a-measurable-and-positive-result", by=by)


@OVERVIEW.advises(
    before=ProgramCompleted, at="DOL-54", lines=(62, 62),
    reading="the first coaching session is the earliest that is scheduled as coaching",
)  # fmt: skip
def biographies_come_at_the_first_coaching_session(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Participants get the coaches' biographies at the first coaching session."""
    coaching = [s.held_on for s in sessions(case) if s.kind == "coaching"]
    return _provided(case, "coach biographies", coaching[0] if coaching else None, day)


PARAMETERS = (
    SESSIONS, FEWEST_QUESTIONS, MOST_QUESTIONS, COHORTS, FEWEST_TEAMS, CLASSROOM_HOURS, OTHER_HOURS, IN_PERSON, SMALLEST_GROUP,
    READINGS, LENGTH,
)  # fmt: skip
QUESTIONS = (MISSED_SESSION, LATE_PAIRING, NEW_MENTOR)
RULES = (
    assessment_has_fifteen_to_twenty_questions,
    both_raters_answer_before_and_after,
    answers_before_precede_answers_after,
    every_answer_is_to_the_same_instrument,
    report_follows_the_answers_at_the_end,
    report_goes_to_participant_and_supervisor_alone,
    report_is_delivered,
    facilitator_leads_the_function,
    workshops_cover_the_six_topics,
    participant_is_in_one_coaching_cohort,
    there_are_four_or_more_teams,
    participant_works_in_a_team_on_a_challenge,
    coach_supports_the_team_before_the_final_presentation,
    mentor_is_paired_at_the_mid_point,
    both_parties_told_experience_and_goals,
    session_on_mentoring_follows_the_match,
    mentoring_is_checked_assessed_and_closed,
    fifty_hours_in_the_classroom,
    fifty_hours_with_team_and_mentor,
    every_session_is_attended,
    no_session_is_missed,
    program_takes_nine_months,
    detailed_schedule_is_provided,
    three_sessions_bring_the_regions_to_the_office,
    instructions_precede_the_first_remote_session,
    webcam_is_used_in_remote_team_sessions,
    webcam_is_provided,
    participant_and_supervisor_discuss_strengths,
    mentor_who_is_kept_accepts_the_guidelines,
    new_mentor_follows_reassessment_and_support,
    team_delivers_a_measurable_and_positive_result,
    biographies_come_at_the_first_coaching_session,
)
