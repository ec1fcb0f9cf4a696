"""The guidelines of the HHS SES CDP: the numbers they set and the judgements they leave to named roles."""

from datetime import date
from typing import get_args

from candidacy import Authority, Sometime, days, months
from candidacy_hhs.events import Ecq

GUIDELINES = Authority(
    "hhs",
    title="HHS SES CDP guidelines",
    publisher="Department of Health and Human Services",
    obtain="on request from the department's office of human resources",
    sha256="acd693720e4b7a4c0c41fec34be62ca151f7a897b5d046d5ab79d99ad0aaff51",
)
ECQS: tuple[Ecq, ...] = get_args(Ecq)
IN_2004 = date(2004, 1, 1)

ANNOUNCED = GUIDELINES.sets(
    "announcement", Sometime.month(2004, 1), "day", since=IN_2004, at=("HHS-052", "HHS-053"), lines=(122, 122),
    reading="the document names the month alone; any day of it is possible until the exact one is entered",
)  # fmt: skip
EARLIEST_REQUEST = GUIDELINES.sets(
    "time in the program before a request",
    months(6),
    "months",
    since=IN_2004,
    at=("HHS-016", "HHS-077"),
    lines=((42, 42), (169, 169)),
)
LONGEST_PERIOD = GUIDELINES.sets(
    "period from approved plan to certification", months(18), "months", since=IN_2004, at="HHS-006", lines=(15, 15)
)
SHORT = GUIDELINES.sets(
    "short assignment", days(60), "calendar days", since=IN_2004, at=("HHS-011", "HHS-043"), lines=((34, 34), (102, 102))
)
LONG = GUIDELINES.sets(
    "long assignment", days(120), "calendar days", since=IN_2004, at=("HHS-011", "HHS-043"), lines=((34, 34), (102, 102))
)
ROTATION = GUIDELINES.sets("full-time rotation", months(4), "months", since=IN_2004, at="HHS-010", lines=(32, 32))
HOURS = GUIDELINES.sets("interagency training", 80, "hours", since=IN_2004, at=("HHS-014", "HHS-049"), lines=((38, 38), (118, 118)))
LOOK_BACK = GUIDELINES.sets("credit for earlier training", months(18), "months", since=IN_2004, at="HHS-052", lines=(122, 122))
SUMMARY_PAGES = GUIDELINES.sets("pages of an ECQ summary", 2, "pages", since=IN_2004, at="HHS-080", lines=(173, 173))

COMPETENCE = GUIDELINES.asks(
    "competence-in-each-ecq", "Has the candidate shown competence in every ECQ?",
    by=("program manager",), at=("HHS-078", "HHS-093"), lines=((169, 169), (199, 199)),
)  # fmt: skip
GOALS = GUIDELINES.asks(
    "goals-of-the-plan-met", "Were the developmental goals of the approved plan met?",
    by=("program manager",), at="HHS-094", lines=(201, 201),
)  # fmt: skip
OBJECTIVES = GUIDELINES.asks(
    "objectives-fully-met", "Did performance in the assignments fully meet their objectives?",
    by=("program manager",), at=("HHS-072", "HHS-095"), lines=((152, 152), (203, 203)),
)  # fmt: skip
LATE_REQUEST = GUIDELINES.asks(
    "request-after-eighteen-months", "May the request be made although the period is over?",
    by=("ERB",), at="HHS-006", lines=(15, 15),
)  # fmt: skip
REMOVAL = GUIDELINES.asks(
    "removal-recommended", "Does the board recommend removal, progress being insufficient?",
    by=("ERB",), at="HHS-100", lines=(210, 210),
)  # fmt: skip

SIX_MONTHS = GUIDELINES.runs(
    "six-months-in-the-program", stops=True, at=("HHS-016", "HHS-077"), lines=((42, 42), (169, 169)),
    reading="suspended days do not count (C4); nobody is said to shorten or extend it",
)  # fmt: skip
EIGHTEEN_MONTHS = GUIDELINES.runs(
    "eighteen-months-from-the-plan", stops=True, at="HHS-006", lines=(15, 15),
    reading="suspended days do not count (C4); nobody is said to extend it: the board judges a later request",
)  # fmt: skip
CLOCKS = (SIX_MONTHS, EIGHTEEN_MONTHS)
PARAMETERS = (
    ANNOUNCED, EARLIEST_REQUEST, LONGEST_PERIOD, SHORT, LONG, ROTATION, HOURS, LOOK_BACK, SUMMARY_PAGES,
)  # fmt: skip
QUESTIONS = (COMPETENCE, GOALS, OBJECTIVES, LATE_REQUEST, REMOVAL)
