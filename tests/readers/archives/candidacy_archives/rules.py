"""What Policy 14 requires, in its order."""

from datetime import date
from itertools import combinations
from typing import Any, Literal

import candidacy as c

CANDIDATE, OFFICE, PANEL, LEARNING, CHIEF = "candidate", "program office", "selection panel", "office of learning", "division chief"
COORDINATOR, DEPUTY, READER = "library coordinator", "deputy archivist", "reader"
FIRST, REVISED = date(2022, 10, 1), date(2023, 10, 1)
SHA = "16ac02e91f5ad15f26bcac512b512af91e07bcbb1655026035a02a8dfc6e6b9e"
POLICY = c.Authority("archives", "Policy 14", "Bureau of Archives", "ask the program office of the Bureau of Archives", FIRST, SHA)



def amended(name: str, unit: str, first: Any, at: str, lines: tuple[int, int], later: Any, revised: str, stands: tuple[int, int]) -> c.Parameter[Any]:
    """A number of the policy as first issued, and of Revision A."""
    issued, new = POLICY.sets(name, first, unit, since=FIRST, at=at, lines=lines), POLICY.sets(name, later, unit, since=REVISED, at=revised, lines=stands)
    return c.Parameter(name, unit, (*issued.values, *new.values))


CREDITS = amended("credit points", "credit points", 40, "C-1", (31, 32), 50, "A-1", (60, 61))
SINGLE = amended("months of a single rotation", "months", c.months(5), "R-1", (23, 25), c.months(6), "A-2", (61, 61))
REVIEW = amended("months before the review", "months", c.months(6), "V-1", (39, 40), c.months(5), "A-3", (61, 62))
EARLIER = POLICY.sets("credit points from before", 10, "credit points", since=FIRST, at="C-2", lines=(32, 33))
DAYS = (date(2023, 1, 3), date(2023, 4, 4), date(2023, 7, 5), date(2023, 10, 3))
CIRCLES = POLICY.sets("study circles", DAYS, "study circles", since=FIRST, at="Y-1", lines=(35, 37))
MONTH_DAYS = ("2022-10-10 2022-11-11 2022-11-24 2022-12-25 2022-12-26 2023-01-01 2023-01-02 2023-01-16 2023-02-20 "
              "2023-05-29 2023-06-19 2023-07-04 2023-09-04 2023-12-25 2023-12-26")
OFF = tuple(date.fromisoformat(day) for day in MONTH_DAYS.split())
WORK = POLICY.observes("bureau", OFF, first=FIRST, last=date(2023, 12, 31), at="D-4", lines=(17, 21))
LONGEST = POLICY.runs("twenty-four-months", stops=True, extended_by=(PANEL,), at=("E-2", "E-3", "R-4"), lines=((28, 29), (50, 52)))
HALFWAY = POLICY.runs("months-before-the-review", stops=True, at=("V-1", "R-4"), lines=((28, 29), (39, 40)))
GRADES = POLICY.keeps("grades", readers=(CANDIDATE, PANEL, LEARNING), purposes=("program",), at="K-4", lines=(46, 48))
STAY = POLICY.asks("may-stay", "May the candidate stay though progress is not satisfactory?", by=(DEPUTY,), at="V-2", lines=(40, 41))
BOTH = POLICY.asks("both-pass", "Have both readers graded the paper as pass?", by=(LEARNING,), at="K-2", lines=(43, 45))
DIFFER = POLICY.asks("readers-differ", "Do the two grades differ?", by=(LEARNING,), at="K-3", lines=45)
PASSES = POLICY.asks("panel-passes", "Does the paper pass though the readers differ?", by=(PANEL,), at="K-3", lines=45)
READY = POLICY.asks("ready", "Is the candidate ready for a senior position?", by=(PANEL,), at="E-5", lines=(54, 55))


@c.fact("archives.agreement_signed.1", credits_earlier=True)
class AgreementSigned(c.Fact):
    """One of the two has signed the agreement."""
    signer: Literal["candidate", "division-chief"]


@c.fact("archives.home_division_recorded.1", state_of=())
class HomeDivisionRecorded(c.Fact):
    """The division that the candidate comes from."""
    division: c.Id


@c.act("archives.rotation_begun.1")
class RotationBegun(c.Act):
    """A rotation begins, in a division or at the National Library."""
    rotation: c.Id
    place: Literal["division", "library"]
    host: c.Id


@c.fact("archives.rotation_ended.1")
class RotationEnded(c.Fact):
    """This was the last day of a rotation."""
    rotation: c.Id


@c.fact("archives.library_reported.1")
class LibraryReported(c.Fact):
    """The library's coordinator reports that a rotation there has ended."""
    rotation: c.Id


@c.fact("archives.course_completed.1", credits_earlier=True)
class CourseCompleted(c.Fact):
    """The candidate completed an approved course."""
    course: c.Id
    points: c.Count


@c.fact("archives.circle_attended.1")
class CircleAttended(c.Fact):
    """The candidate attended the study circle on this day."""


@c.act("archives.progress_reviewed.1")
class ProgressReviewed(c.Act):
    """The panel has reviewed the candidate's progress."""
    satisfactory: bool


@c.fact("archives.capstone_written.1")
class CapstoneWritten(c.Fact):
    """The candidate hands in the capstone paper."""


@c.fact("archives.capstone_graded.1")
class CapstoneGraded(c.Fact):
    """A reader has graded the capstone paper; the grade is kept apart."""
    reader: c.Id
    outside: bool
    grade: c.Sealed = c.sealed("grades")


ROTATIONS = c.Strands("rotation", RotationBegun, RotationEnded, by=CANDIDATE)


@POLICY.requires(before=c.CandidateEnrolled, at="S-2", lines=(10, 11))
def agreement_is_signed(case: c.Case, act: c.CandidateEnrolled, day: date) -> c.Check:
    """Candidate and division chief have signed the agreement."""
    signers = ("candidate", "division-chief")
    return c.each_recorded(case, signers, AgreementSigned, "signer", "an-agreement", by=OFFICE, none="no-signers")


@POLICY.requires(before=c.PlanSubmitted, at=("D-1", "R-4"), lines=((14, 15), (28, 29)))
def plan_comes_in_time(case: c.Case, act: c.PlanSubmitted, day: date) -> c.Check:
    """The plan is handed in within 30 work days of entry on duty; a suspension makes it later."""
    first = case.day_of(c.CandidateEnrolled) or day
    try:
        closes = c.days(c.suspended_days(case, first, day)).after(WORK.after(first, 30))
    except c.MissingValueError:
        return c.holds(None, "a-closure-table-for-these-days")
    return c.does_not_apply("a-plan-worked-over") if case.last(c.PlanReturned) else c.not_after(day, closes, what="thirty-work-days")


@POLICY.requires(before=RotationBegun, at="D-3", lines=16)
def plan_is_approved(case: c.Case, act: RotationBegun, day: date) -> c.Check:
    """No rotation begins before the plan is approved."""
    return c.recorded(case, c.PlanApproved, "an-approved-plan", by=LEARNING)


@POLICY.requires(before=c.ProgramCompleted, at=("R-1", "R-2", "R-3"), lines=(23, 27))
def rotations_are_long_enough(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """Two rotations of three months, or a single longer one, elsewhere."""
    home, reported = case.last(HomeDivisionRecorded), {event.rotation for _, event in case.all(LibraryReported)}

    def counts(rotation: c.Strand[RotationBegun]) -> c.Strand[RotationBegun] | str | None:
        if rotation.begun.place == "library":
            return rotation if rotation.id in reported else None
        return None if home is None else "at-home" if rotation.begun.host == home.division else rotation

    def settled(rotation: c.Strand[RotationBegun]) -> c.Check:
        report = c.enter(LibraryReported, by=COORDINATOR, rotation=rotation.id)
        origin = c.enter(HomeDivisionRecorded, by=OFFICE, supposing="it is another division")
        return c.holds(None, "a-rotation-that-counts", settle=report if rotation.begun.place == "library" else origin, rotation=rotation.id)

    counted = ROTATIONS.counted(case, counts)
    new, found = c.partial(RotationBegun, place="division", host=c.Open("another division")), c.once(counted.found)
    two = ROTATIONS.enough(found, 2, lasting=c.months(3), new=new, not_counted=counted.not_counted)
    one = ROTATIONS.enough(found, 1, lasting=SINGLE(case), new=new, not_counted=counted.not_counted)
    return c.unless_met(two | one, map(settled, counted.unknown))


@POLICY.requires(before=c.ProgramCompleted, at=("C-1", "C-2"), lines=(31, 33))
def credit_points_are_earned(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The candidate has the credit points; of those from two years before entry, ten at most."""
    first, courses = case.day_of(c.CandidateEnrolled) or day, case.all(CourseCompleted).distinct(lambda e: e.course, least=lambda e: e.points)
    before = sum(e.points for on, e in courses if c.months(24).before(first) <= on < first)
    points = min(before, EARLIER(case)) + sum(e.points for on, e in courses if on >= first)
    return c.at_least(c.exactly(points, "credit points"), CREDITS(case), by=lambda n: c.enter(CourseCompleted, by=LEARNING, when=c.Window(first=first), points=n))


@POLICY.advises(before=c.ProgramCompleted, at="Y-2", lines=37)
def three_study_circles(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The candidate attends three of the four study circles."""
    left = [on for on in CIRCLES(case) if on not in {at for at, _ in case.all(CircleAttended)}]
    ways = combinations([c.enter(CircleAttended, by=CANDIDATE, when=c.Window(only=(on,))) for on in left], max(len(left) - 1, 0))
    return c.holds(len(left) <= 1, "three-study-circles", by=c.Either(tuple(map(c.Every, ways))), attended=4 - len(left))


@POLICY.requires(before=ProgressReviewed, at=("V-1", "R-4", "A-3"), lines=((28, 29), (39, 40), (61, 62)))
def review_waits(case: c.Case, act: ProgressReviewed, day: date) -> c.Check:
    """The review takes place when its months have passed since entry on duty."""
    first = case.day_of(c.CandidateEnrolled) or day
    return c.not_before(day, HALFWAY.opens(case, first, REVIEW(case), day), what="months-before-the-review")


@POLICY.requires(before=c.ProgramCompleted, at=("V-1", "V-2"), lines=(39, 41))
def progress_is_satisfactory(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The review found the progress satisfactory, or the deputy archivist lets the candidate stay."""
    review = case.last(ProgressReviewed)
    if review is not None and not review.satisfactory:
        return c.judged(case, STAY)
    return c.recorded(case, ProgressReviewed, "a-review", by=PANEL, satisfactory=True)


@POLICY.requires(before=c.ProgramCompleted, at="K-1", lines=43)
def capstone_is_written(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The candidate has written a capstone paper."""
    return c.recorded(case, CapstoneWritten, "a-capstone-paper", by=CANDIDATE)


@POLICY.requires(before=c.ProgramCompleted, at="K-2", lines=(43, 45))
def two_readers_grade(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """Two readers have graded the paper, of whom one comes from outside."""
    grades = case.all(CapstoneGraded)
    inside, outside = ({e.reader for _, e in grades if e.outside is side} for side in (False, True))
    missing = [True] * (not outside) + [False] * (2 - len(inside | outside) - (not outside))
    return c.holds(not missing, "two-readers", by=c.Every(tuple(c.enter(CapstoneGraded, by=READER, outside=side) for side in missing)))


@POLICY.requires(before=c.ProgramCompleted, at=("K-2", "K-3"), lines=(43, 45))
def capstone_passes(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """Both readers pass the paper, or they differ and the panel passes it."""
    return c.judged(case, BOTH) | (c.judged(case, DIFFER) & c.judged(case, PASSES))


@POLICY.requires(before=c.ProgramCompleted, at="E-1", lines=(50, 51))
def twelve_months(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The program takes at least 12 months."""
    return c.since_first(case, c.CandidateEnrolled, "a-first-day", lambda first: c.not_before(day, c.months(12).after(first), what="twelve-months"), by=OFFICE)


@POLICY.requires(before=c.ProgramCompleted, at=("E-2", "E-3", "R-4"), lines=((28, 29), (50, 52)), reading="a second extension, and what goes beyond six months, counts for nothing")
def twenty_four_months(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The program takes at most 24 months, or until the day to which it was extended once, by six months at most."""
    limit = LONGEST.opens(case, case.day_of(c.CandidateEnrolled) or day, c.months(24), day)
    extended = case.all(c.ExtensionGranted).first
    closes = limit if extended is None else max(limit, min(extended.event.until, c.months(6).after(limit)))
    return c.not_after(day, closes, what="twenty-four-months")


@POLICY.requires(before=c.ProgramCompleted, at="E-5", lines=(54, 55))
def candidate_is_ready(case: c.Case, act: c.ProgramCompleted, day: date) -> c.Check:
    """The panel has found that the candidate is ready."""
    return c.judged(case, READY)


RULES = (agreement_is_signed, plan_comes_in_time, plan_is_approved, rotations_are_long_enough, credit_points_are_earned, three_study_circles, review_waits, progress_is_satisfactory, capstone_is_written, two_readers_grade, capstone_passes, twelve_months, twenty_four_months, candidate_is_ready)
MUST, SHOULD, MAY, INFO = c.Force.MUST, c.Force.SHOULD, c.Force.MAY, c.Force.INFO
CATALOGUE = (
    POLICY.says("P-1", INFO, (5, 6), "The program develops archivists for senior positions.", c.NotModelled("the purpose asks nothing of a case")),
    POLICY.says("P-2", INFO, (6, 7), "A sentence with should is good practice; all others bind.", c.NotModelled("how the policy is to be read")),
    POLICY.says("S-1", MUST, (9, 10), "The selection panel selects candidates.", c.EngineGuard("role")),
    POLICY.says("S-2", MUST, (10, 11), "Candidate and division chief have signed an agreement when the candidate enters on duty.", agreement_is_signed, AgreementSigned),
    POLICY.says("S-3", MUST, (11, 12), "The program office enters the day of entry on duty.", c.EngineGuard("role")),
    POLICY.says("D-1", MUST, (14, 15), "The plan is handed in within 30 work days of entry on duty.", plan_comes_in_time),
    POLICY.says("D-2", MUST, (15, 16), "The office of learning approves the plan or returns it.", c.LifecycleMove(c.PlanApproved), c.LifecycleMove(c.PlanReturned)),
    POLICY.says("D-3", MUST, 16, "A rotation begins only under an approved plan.", plan_is_approved),
    POLICY.says("D-4", MUST, (17, 21), "The days of the closure table are no work days.", c.NotModelled("the table by which plan_comes_in_time counts")),
    POLICY.says("R-1", MUST, (23, 25), "Two rotations of three months or a single longer one are completed in another division.", rotations_are_long_enough, SINGLE, c.StrandStep(ROTATIONS)),
    POLICY.says("R-2", MUST, (25, 27), "A rotation at the library counts once its coordinator has reported its end.", rotations_are_long_enough, LibraryReported),
    POLICY.says("R-3", MUST, 27, "A day counts for one rotation only.", rotations_are_long_enough),
    POLICY.says("R-4", MUST, (28, 29), "Extended leave suspends the program and stops its periods.", plan_comes_in_time, review_waits, c.EngineGuard("suspension")),
    POLICY.says("C-1", MUST, (31, 32), "The candidate earns the credit points in approved courses.", credit_points_are_earned, CREDITS),
    POLICY.says("C-2", MUST, (32, 33), "Of the two years before entry on duty at most 10 credit points count.", credit_points_are_earned, EARLIER),
    POLICY.says("Y-1", INFO, (35, 37), "The study circle is held on four listed days of 2023.", CIRCLES),
    POLICY.says("Y-2", SHOULD, 37, "The candidate attends three of the four study circles.", three_study_circles, CircleAttended),
    POLICY.says("V-1", MUST, (39, 40), "The panel reviews progress when the set number of months has passed since entry on duty.", review_waits, progress_is_satisfactory, REVIEW),
    POLICY.says("V-2", MUST, (40, 41), "Who does not progress leaves unless the deputy archivist decides otherwise.", progress_is_satisfactory, STAY),
    POLICY.says("K-1", MUST, 43, "The candidate writes a capstone paper in the final phase.", capstone_is_written),
    POLICY.says("K-2", MUST, (43, 45), "Two readers grade the paper and one of them is from outside.", two_readers_grade, capstone_passes, BOTH),
    POLICY.says("K-3", MUST, 45, "Where the readers differ the panel decides.", capstone_passes, DIFFER, PASSES),
    POLICY.says("K-4", MUST, (46, 48), "Grades are for the candidate and the panel and the office of learning only.", GRADES),
    POLICY.says("E-1", MUST, (50, 51), "The program takes at least 12 months.", twelve_months),
    POLICY.says("E-2", MUST, (50, 51), "The program takes at most 24 months.", twenty_four_months),
    POLICY.says("E-3", MAY, (51, 52), "The panel extends the 24 months once by up to six months at the request of the candidate.", twenty_four_months),
    POLICY.says("E-4", MUST, (53, 54), "The program office declares completion when the requirements are met.", c.LifecycleMove(c.ProgramCompleted)),
    POLICY.says("E-5", MUST, (54, 55), "The panel has found that the candidate is ready for a senior position.", candidate_is_ready, READY),
    POLICY.says("W-1", MAY, (57, 58), "The deputy archivist waives the credit points.", c.NotModelled("the edition lets the deputy archivist waive credit_points_are_earned")),
    POLICY.says("W-2", MUST, 58, "No other requirement is waived.", c.EngineGuard("role")),
    POLICY.says("A-1", MUST, (60, 61), "From Revision A on 50 credit points are needed.", CREDITS),
    POLICY.says("A-2", MUST, 61, "From Revision A on a single rotation lasts six months.", SINGLE),
    POLICY.says("A-3", MUST, (61, 62), "From Revision A on the review takes place after five months.", REVIEW),
    POLICY.says("A-4", MAY, (62, 64), "Who entered on duty before Revision A asks in writing to be moved; the review is not repeated.", c.EditionMoved),
)
