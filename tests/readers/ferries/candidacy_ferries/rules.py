"""What the guidelines of the Ferry Masters' Executive Program require, in their order, and what the amendment changes."""

from collections.abc import Callable
from datetime import date
from typing import Literal

import candidacy as c

PARTICIPANT, OFFICE, BOARD = "participant", "program office", "training board"
MENTOR, PORT, HOST = "mentor", "port authority", "host officer"
APPROVED, AMENDED, LATER = date(2021, 1, 15), date(2022, 1, 10), date(2022, 2, 2)
DIGEST = "f66523db570601b82fed8cb9395da6751834cf76410c5b74e77eb2cccf32c68a"
ISSUED = ("Harbor and Ferries Commission", "from the program office of the Commission")
GUIDE = c.Authority("ferries", "Guidelines of the Ferry Masters' Executive Program", *ISSUED, APPROVED, DIGEST)
CHANGE = c.Authority("ferries", "Amendment No. 1 to the FMEP guidelines", *ISSUED, AMENDED, DIGEST)

# Numbers
FIRST_SUM = GUIDE.sets("days of voyage assignments", 180, "days", since=APPROVED, at="H-07", lines=((24, 25), (27, 28)))
NEXT_SUM = CHANGE.sets("days of voyage assignments", 210, "days", since=LATER, at="A-01", lines=(70, 71))
LONGEST = GUIDE.sets("days of the longest assignment", 90, "days", since=APPROVED, at="H-08", lines=(25, 26))
LENT = GUIDE.sets("days on vessels of the Port Authority", 30, "days", since=APPROVED, at="H-09", lines=(26, 27))
HOURS = GUIDE.sets("hours of training", 60, "hours", since=APPROVED, at="H-11", lines=33)
FIRST_SAFETY = GUIDE.sets("hours on safety at sea", 16, "hours", since=APPROVED, at="H-13", lines=(35, 36))
NEXT_SAFETY = CHANGE.sets("hours on safety at sea", 20, "hours", since=LATER, at="A-02", lines=(71, 72))
IN_2021, IN_2022 = (date(2021, 3, 1), date(2021, 12, 6), date(2022, 2, 28)), (date(2022, 3, 7), date(2022, 12, 5), date(2023, 2, 27))
FIRST_DAYS = GUIDE.sets("sessions", IN_2021, "sessions", since=APPROVED, at="H-14", lines=((40, 42), (44, 45)))
NEXT_DAYS = CHANGE.sets("sessions", IN_2022, "sessions", since=AMENDED, at="A-04", lines=(75, 76))
DAYS = c.Parameter(FIRST_SUM.name, "days", FIRST_SUM.values + NEXT_SUM.values)
SAFETY = c.Parameter(FIRST_SAFETY.name, "hours", FIRST_SAFETY.values + NEXT_SAFETY.values)
SESSIONS = c.Parameter("sessions", "sessions", FIRST_DAYS.values + NEXT_DAYS.values)
PERIOD = GUIDE.runs("eighteen-months", extended_by=(BOARD,), at="H-16", lines=(49, 50))
FIT = GUIDE.asks("fit-for-command", "Is the participant fit for command?", by=(BOARD,), at="H-18", lines=(55, 56))
MADE_UP = GUIDE.asks("make-up-agreed", "May the winter session be made up a year later?", by=(BOARD,), at="H-15", lines=(42, 44))
LETTERS = GUIDE.keeps("letters", readers=(BOARD,), purposes=("judgement",), never=("personnel-file",), at="H-20", lines=(56, 58))


@c.act("ferries.mentor_named.1")
class MentorNamed(c.Act):
    """The participant names a mentor."""
    mentor: c.Id


@c.fact("ferries.master_recorded.1", state_of=("person",))
class MasterRecorded(c.Fact):
    """Whether a person is a serving master from this day on."""
    person: c.Id
    serving: bool


@c.fact("ferries.chain_recorded.1", state_of=())
class ChainRecorded(c.Fact):
    """From this day on, these are the supervisor and those to whom the supervisor reports."""
    above: tuple[c.Id, ...]


@c.act("ferries.voyage_begun.1")
class VoyageBegun(c.Act):
    """A voyage assignment begins, on a vessel of the Commission or of the Port Authority."""
    voyage: c.Id
    vessel_of: Literal["commission", "port-authority"]


@c.fact("ferries.voyage_ended.1")
class VoyageEnded(c.Fact):
    """A voyage assignment ended; this was its last day."""
    voyage: c.Id


@c.fact("ferries.voyage_confirmed.1")
class VoyageConfirmed(c.Fact):
    """The host officer confirms a voyage assignment."""
    voyage: c.Id


@c.fact("ferries.training_completed.1", credits_earlier=True)
class TrainingCompleted(c.Fact):
    """A course of formal training ended on this day."""
    hours: c.Count
    about: Literal["safety-at-sea", "other"]


@c.fact("ferries.session_attended.1")
class SessionAttended(c.Fact):
    """The participant attended the session of this day."""


@c.fact("ferries.extension_asked_for.1")
class ExtensionAskedFor(c.Fact):
    """The participant asks for more time."""


@c.fact("ferries.letter_written.1")
class LetterWritten(c.Fact):
    """The mentor wrote the letter for the judgement."""
    letter: c.Sealed = c.sealed("letters")


@c.fact("ferries.talk_held.1")
class TalkHeld(c.Fact):
    """Participant and mentor discussed the progress."""


@c.fact("ferries.licence_recorded.1", state_of=())
class LicenceRecorded(c.Fact):
    """Whether the participant holds the licence of a deputy master from this day on."""
    held: bool


VOYAGES = c.Strands("voyage", VoyageBegun, VoyageEnded, by=PARTICIPANT)
Done = c.ProgramCompleted


@GUIDE.requires(before=MentorNamed, at="H-03", lines=17, reading="a second naming is refused while the first stands")
def one_mentor(case: c.Case, naming: MentorNamed, day: date) -> c.Check:
    """A participant names one mentor."""
    return c.holds(case.last(MentorNamed) is None, "no-mentor-yet", by=c.never("a mentor is named"))


@GUIDE.requires(before=MentorNamed, at="H-04", lines=17)
def mentor_is_a_serving_master(case: c.Case, naming: MentorNamed, day: date) -> c.Check:
    """On the day of the naming the mentor is a serving master."""
    known = case.at(day).all(MasterRecorded).where(lambda _, e: e.person == naming.mentor).last
    tell = c.enter(MasterRecorded, by=OFFICE, when=c.Window(last=day), person=naming.mentor, serving=True)
    return c.holds(known.event.serving if known else None, "a-serving-master", by=c.never("not a serving master"), settle=tell, mentor=naming.mentor)


@GUIDE.requires(before=MentorNamed, at="H-05", lines=(17, 19))
def mentor_is_outside_the_chain(case: c.Case, naming: MentorNamed, day: date) -> c.Check:
    """On the day of the naming the mentor is not above the participant in the chain of command."""
    chain = case.at(day).last(ChainRecorded)
    tell = c.enter(ChainRecorded, by=OFFICE, when=c.Window(last=day), supposing="the mentor is not in it")
    outside = None if chain is None else naming.mentor not in chain.above
    return c.holds(outside, "outside-the-chain", by=c.never("the mentor is in the chain"), settle=tell, mentor=naming.mentor)


@GUIDE.requires(before=VoyageBegun, at="H-06", lines=(19, 20), reading="at the latest on the day it begins; asked of each assignment")
def host_officer_is_named(case: c.Case, begun: VoyageBegun, day: date) -> c.Check:
    """Before the first voyage assignment begins, the Port Authority has named a host officer."""
    name = c.enter(c.RoleGiven, by=PORT, when=c.Window(last=day), role=HOST, capacity="own")
    return c.holds(bool(case.people(HOST, day)), "a-host-officer", by=name)


def served(case: c.Case, asks: Callable[[c.Counted[VoyageBegun]], c.Check], *lenders: str) -> c.Check:
    """What *asks* says of the voyages with these lenders; of one that ended and is not confirmed it cannot be told."""
    confirmed = {str(e.voyage): on for on, e in case.all(VoyageConfirmed)}

    def counts(voyage: c.Strand[VoyageBegun]) -> c.Strand[VoyageBegun] | str | None:
        if lenders and voyage.begun.vessel_of not in lenders:
            return "another-vessel"
        return voyage if voyage.last is None or confirmed.get(voyage.id, date.min) >= voyage.last else None

    found = VOYAGES.counted(case, counts)
    asks_host = ((v, c.enter(VoyageConfirmed, by=HOST, when=c.Window(v.last), voyage=v.id)) for v in found.unknown)
    asked = (c.holds(None, "confirmed", by=confirm, voyage=v.id) for v, confirm in asks_host)
    return c.unless_met(asks(found), asked)


@GUIDE.requires(before=Done, at=("H-07", "H-10"), lines=((24, 25), (27, 29)))
def days_of_voyages(case: c.Case, done: Done, day: date) -> c.Check:
    """Voyage assignments that the host officer confirmed come to 180 calendar days in all (210 as amended), no day counted twice."""
    return served(case, lambda v: VOYAGES.pooled(c.once(v.found), DAYS(case), day))


@GUIDE.requires(before=Done, at="H-08", lines=(25, 26))
def one_long_voyage(case: c.Case, done: Done, day: date) -> c.Check:
    """One voyage assignment lasts 90 calendar days without interruption."""
    return served(case, lambda v: VOYAGES.enough(v.found, 1, lasting=c.days(LONGEST(case))))


@GUIDE.requires(before=Done, at="H-09", lines=(26, 27))
def days_on_lent_vessels(case: c.Case, done: Done, day: date) -> c.Check:
    """Of the voyage assignments 30 calendar days are served on a vessel of the Port Authority."""
    lent = c.partial(VoyageBegun, vessel_of="port-authority")
    return served(case, lambda v: VOYAGES.pooled(c.once(v.found), LENT(case), day, new=lent, not_counted=v.not_counted), "port-authority")


def trained(case: c.Case, day: date, needs: int, *about: str) -> c.Check:
    """So many hours about these things, from a year before the selection on."""
    opens = c.months(12).before(case.began or day)
    counted = case.all(TrainingCompleted).where(lambda on, e: on >= opens and (not about or e.about in about))
    what = about[0] if about else c.Open(among=("safety-at-sea", "other"))
    return c.at_least(counted.total(lambda e: e.hours, "hours"), needs, by=lambda n: c.enter(TrainingCompleted, by=PARTICIPANT, hours=n, about=what))


@GUIDE.requires(before=Done, at="H-03", lines=17)
def a_mentor_is_named(case: c.Case, done: Done, day: date) -> c.Check:
    """Before completion the participant has named a mentor."""
    return c.recorded(case, MentorNamed, "a-mentor", by=PARTICIPANT)


@GUIDE.requires(before=Done, at=("H-11", "H-12"), lines=(33, 35))
def hours_of_training(case: c.Case, done: Done, day: date) -> c.Check:
    """A participant has 60 hours of formal training, counted from 12 months before the selection on."""
    return trained(case, day, HOURS(case))


@GUIDE.requires(before=Done, at="H-13", lines=(35, 36))
def hours_on_safety(case: c.Case, done: Done, day: date) -> c.Check:
    """At least 16 hours of the training (20 as amended) deal with safety at sea."""
    return trained(case, day, SAFETY(case), "safety-at-sea")


def attended(case: c.Case, session: date) -> c.Check:
    """The session of that day was attended."""
    there = any(on == session for on, _ in case.all(SessionAttended))
    return c.holds(there, "attended", by=c.enter(SessionAttended, by=OFFICE, when=c.Window(only=(session,))), session=session)


@GUIDE.requires(before=Done, at="H-14", lines=((40, 42), (44, 45)), reading="the class is that of the newest days published when selected")
def opening_and_closing_session(case: c.Case, done: Done, day: date) -> c.Check:
    """The opening and the closing session of the class are attended."""
    own = SESSIONS.current(case.began or day)
    return attended(case, own[0]) & attended(case, own[2])


@GUIDE.requires(before=Done, at="H-15", lines=(42, 44))
def winter_session(case: c.Case, done: Done, day: date) -> c.Check:
    """The winter session is attended, or made up at the closing session of the next class if the training board agrees."""
    began = case.began or day
    later = [v.value[2] for v in SESSIONS.values if began < v.since <= day]
    make_up = attended(case, later[0]) & c.judged(case, MADE_UP) if later else c.holds(None, "days-of-the-next-class")
    return attended(case, SESSIONS.current(began)[1]) | make_up


@GUIDE.requires(before=Done, at="H-16", lines=(49, 50))
def within_eighteen_months(case: c.Case, done: Done, day: date) -> c.Check:
    """The program is completed within 18 months of the opening session."""
    opening = SESSIONS.current(case.began or day)[0]
    return c.not_after(day, PERIOD.closes(case, opening, c.months(18), day), what="eighteen-months")


@GUIDE.requires(before=c.Act, at="H-17", lines=(50, 51))
def one_extension_of_six_months(case: c.Case, extension: c.Act, day: date) -> c.Check:
    """The training board may extend the period once, by 6 months at most, at the request of the participant."""
    if not isinstance(extension, c.ExtensionGranted):
        return c.does_not_apply("no-extension")
    last = c.months(24).after(SESSIONS.current(case.began or day)[0])
    first = c.holds(case.last(c.ExtensionGranted) is None, "the-first-extension", by=c.never("it was extended before"))
    at_most = c.holds(extension.until <= last, "six-months-at-most", by=c.never("too long"), until=extension.until, last=last)
    return first & at_most & c.recorded(case, ExtensionAskedFor, "asked-for", by=PARTICIPANT)


@GUIDE.requires(before=Done, at="H-18", lines=(55, 56))
def fit_for_command(case: c.Case, done: Done, day: date) -> c.Check:
    """Before completion the training board judges whether the participant is fit for command."""
    return c.judged(case, FIT)


@GUIDE.requires(before=c.JudgementGiven, at="H-19", lines=56)
def judged_on_the_letter(case: c.Case, judgement: c.JudgementGiven, day: date) -> c.Check:
    """The board judges the fitness for command when it has the letter of the mentor."""
    if judgement.question != FIT.id:
        return c.does_not_apply("another-question")
    return c.recorded(case, LetterWritten, "a-letter", by=MENTOR)


@GUIDE.advises(before=Done, at="H-21", lines=59, reading="quarters are counted from the day of selection")
def talks_every_quarter(case: c.Case, done: Done, day: date) -> c.Check:
    """Participant and mentor talk about the progress in every quarter."""
    starts = [c.months(3 * n).after(case.began or day) for n in range(13)]
    talks = [on for on, _ in case.all(TalkHeld)]
    past = [(a, b - c.DAY) for a, b in zip(starts, starts[1:]) if b <= day]
    held = (c.holds(any(a <= on <= z for on in talks), "a-talk", by=c.enter(TalkHeld, by=PARTICIPANT, when=c.Window(a, z)), since=a) for a, z in past)
    return c.each(held, none="no-quarter-is-over")


@GUIDE.requires(before=c.Discontinued, at="H-23", lines=(63, 64), reading="it may not for another reason")
def licence_is_lost(case: c.Case, ended: c.Discontinued, day: date) -> c.Check:
    """The Commission may end the participation of one who no longer holds the licence."""
    licence = case.at(day).last(LicenceRecorded)
    lost = None if licence is None else not licence.held
    return c.holds(lost, "no-licence", by=c.enter(LicenceRecorded, by=OFFICE, when=c.Window(last=day), held=False))


BEFORE = (one_mentor, mentor_is_a_serving_master, mentor_is_outside_the_chain, host_officer_is_named)
DURING = (a_mentor_is_named, days_of_voyages, one_long_voyage, days_on_lent_vessels, hours_of_training, hours_on_safety, opening_and_closing_session, winter_session)
AT_THE_END = (within_eighteen_months, one_extension_of_six_months, fit_for_command, judged_on_the_letter, talks_every_quarter, licence_is_lost)
