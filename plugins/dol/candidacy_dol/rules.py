"""The rules of the DOL SES Training Program 2013-14, in the order of the document."""

from datetime import date
from typing import get_args

import attrs

from candidacy import (
    DAY,
    TAKEN_OVER,
    Authority,
    Case,
    Check,
    Every,
    Fact,
    Id,
    Open,
    ProgramCompleted,
    Remedy,
    RoleGiven,
    Window,
    all_of,
    does_not_apply,
    each,
    enter,
    exactly,
    holds,
    judged,
    months,
    unless_taken_over,
)
from candidacy_dol.events import (
    PAIRINGS,
    AssessmentAnswered,
    DutyStationRecorded,
    MentorPaired,
    MidPointScheduled,
    ParticipantEnrolled,
    SessionAttended,
    SessionMissed,
    SessionScheduled,
    SupervisorRecorded,
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


@attrs.frozen
class Session:
    """A session, its day, and whether everyone comes in person."""

    session: str
    held_on: date
    together: bool


SESSIONS = OVERVIEW.sets(
    "sessions at the national office",
    (
        Session("agency-presentations", date(2014, 1, 21), together=True),
        Session("mentoring-best-practices", date(2014, 2, 19), together=True),
        Session("team-presentations-and-close", date(2014, 7, 16), together=True),
    ),
    "sessions", since=IN_2013, at=("DOL-41", "DOL-42", "DOL-43"), lines=(45, 47),
    reading="the document dates these three; the others stand in a schedule of their own and are entered as they are set",
)  # fmt: skip
FEWEST_QUESTIONS = OVERVIEW.sets("fewest questions of the assessment", 15, "questions", since=IN_2013, at="DOL-07", lines=(14, 14))
MOST_QUESTIONS = OVERVIEW.sets("most questions of the assessment", 20, "questions", since=IN_2013, at="DOL-07", lines=(14, 14))
LENGTH = OVERVIEW.sets("length of the program", months(9), "months", since=IN_2013, at="DOL-31", lines=(39, 39))

MISSED_SESSION = OVERVIEW.asks(
    "missed-session-excused", "May the program be completed although this session was not attended as required?",
    by=("program office",), at="DOL-30", lines=(37, 37), of_each=True,
)  # fmt: skip
LATE_PAIRING = OVERVIEW.asks(
    "late-pairing-accepted", "May the program be completed although the mentor was paired after the mid-point?",
    by=("program office",), at="DOL-24", lines=(30, 30),
)  # fmt: skip

ASSESSMENT = OVERVIEW.keeps(
    "assessment180", readers=("participant", "supervisor", "Partnership"),
    purposes=("development", "targeting the program", "measuring the program"),
    never=("performance review", "personnel file"),
    at=("DOL-08", "DOL-11", "DOL-12", "DOL-45", "DOL-47"), lines=((17, 17), (19, 19), (51, 51), (53, 53)),
)  # fmt: skip


# --- what several rules ask


def sessions(case: Case) -> tuple[Session, ...]:
    """The sessions the document dates and those scheduled since, by day; a later schedule replaces an earlier one."""
    found = {s.session: s for s in SESSIONS(case)}
    found |= {s.session: Session(s.session, s.held_on, s.together) for _, s in case.all(SessionScheduled)}
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


@OVERVIEW.requires(before=ProgramCompleted, at=("DOL-07", "DOL-09"), lines=((14, 14), (19, 19)))
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
    by = Every(first) if first else an_answer(case, wave, rater, day)
    return holds(answered, "an-answer-by-this-rater", by=by, wave=wave, rater=rater)


def an_answer(case: Case, wave: Wave, rater: str, day: date) -> Remedy:
    """An answer to the instrument of the others, what is called after on a day after those called before."""
    if not case.all(AssessmentAnswered) and rater != "participant":
        return an_answer(case, wave, "participant", day)  # it says which instrument
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


@OVERVIEW.requires(
    before=ProgramCompleted, at=("DOL-30", "DOL-32", "DOL-34", "DOL-39", "DOL-41", "DOL-42", "DOL-43"),
    lines=((37, 37), (41, 42), (44, 47)),
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
    began = case.day_of(ParticipantEnrolled)
    if began is None:
        return holds(None, "a-first-day", by=enter(ParticipantEnrolled, by="program office"))
    last_day = LENGTH(case).last(began)
    return holds(last_day >= day, "within-the-nine-months", closes=last_day, last_day=last_day)


PARAMETERS = (SESSIONS, FEWEST_QUESTIONS, MOST_QUESTIONS, LENGTH)
QUESTIONS = (MISSED_SESSION, LATE_PAIRING)
RULES = (
    assessment_has_fifteen_to_twenty_questions,
    both_raters_answer_before_and_after,
    answers_before_precede_answers_after,
    every_answer_is_to_the_same_instrument,
    mentor_is_paired_at_the_mid_point,
    every_session_is_attended,
    no_session_is_missed,
    program_takes_nine_months,
)
