"""What the charter of gizmos asks, in its order."""

from datetime import date
from typing import Literal

import candidacy as c

FELLOW, OFFICE, BOARD = "fellow", "office", "board"
START = date(2024, 1, 1)
CHARTER = c.Authority(
    "gizmos",
    title="Charter of gizmos",
    publisher="Department of Gizmos",
    obtain="it is invented and cannot be had",
    sha256="0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
)
HOURS = CHARTER.sets("hours of training", 40, "hours", since=START, at="G-1", lines=1)
READY = CHARTER.asks("ready", "Is the fellow ready?", by=(BOARD,), at="G-3", lines=3)
NOTES = CHARTER.keeps("notes", readers=(FELLOW,), purposes=("development",), at="G-6", lines=6)


@c.fact("gizmos.training_completed.1")
class TrainingCompleted(c.Fact):
    """The fellow completed a training."""

    hours: c.Count
    kind: Literal["course", "workshop"] = "course"


@c.fact("gizmos.tour_begun.1")
class TourBegun(c.Fact):
    """The fellow began to work in another office."""

    tour: c.Id


@c.fact("gizmos.tour_ended.1")
class TourEnded(c.Fact):
    """The fellow ended the work in another office."""

    tour: c.Id


@c.fact("gizmos.assessed.1")
class Assessed(c.Fact):
    """The fellow was assessed; what was found is confidential."""

    notes: c.Sealed = c.sealed("notes")


TOURS = c.Strands("tour", TourBegun, TourEnded, by=FELLOW)


@CHARTER.requires(before=c.ProgramCompleted, at="G-1", lines=1)
def forty_hours_of_training(case: c.Case, completion: c.ProgramCompleted, day: date) -> c.Check:
    """Forty hours of training."""
    done = case.all(TrainingCompleted).total(lambda training: training.hours, "hours")
    return c.at_least(done, HOURS(case), by=lambda short: c.enter(TrainingCompleted, by=FELLOW, hours=short))


@CHARTER.requires(before=c.ProgramCompleted, at="G-2", lines=2)
def thirty_days_in_another_office(case: c.Case, completion: c.ProgramCompleted, day: date) -> c.Check:
    """Thirty days in another office."""
    return TOURS.pooled(c.once(TOURS.of(case)), 30, day)


@CHARTER.requires(before=c.ProgramCompleted, at="G-3", lines=3)
def the_board_finds_the_fellow_ready(case: c.Case, completion: c.ProgramCompleted, day: date) -> c.Check:
    """The board finds the fellow ready."""
    return c.judged(case, READY)


@CHARTER.advises(on=TrainingCompleted, at="G-4", lines=4, reading="a day is eight hours")
def a_day_at_most(case: c.Case, training: TrainingCompleted, day: date) -> c.Check:
    """No course takes more than a day."""
    return c.holds(training.hours <= 8, "a-day-at-most", hours=training.hours)


RULES: tuple[c.Rule, ...] = (
    forty_hours_of_training,
    thirty_days_in_another_office,
    the_board_finds_the_fellow_ready,
    a_day_at_most,
)
PARAMETERS: tuple[c.Parameter, ...] = (HOURS,)
CATALOGUE = (
    CHARTER.says("G-1", c.Force.MUST, 1, "Forty hours of training.", forty_hours_of_training, HOURS),
    CHARTER.says("G-2", c.Force.MUST, 2, "Thirty days in another office.", thirty_days_in_another_office),
    CHARTER.says("G-3", c.Force.MUST, 3, "The board finds the fellow ready.", the_board_finds_the_fellow_ready, READY),
    CHARTER.says("G-4", c.Force.SHOULD, 4, "No course takes more than a day.", a_day_at_most),
    CHARTER.says("G-5", c.Force.INFO, 5, "Fellows are called fellows.", c.NotModelled("it is a word")),
    CHARTER.says("G-6", c.Force.MUST, 6, "Assessments are read by the fellow alone.", NOTES),
)
