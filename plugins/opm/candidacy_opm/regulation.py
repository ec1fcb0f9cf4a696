"""The regulation and its numbers: 5 CFR 412.302 as in force from 2009-12-10, and the appointments beside it."""

from datetime import date
from typing import Any

from candidacy import Authority, Parameter, days, months
from candidacy_opm.calendar import FEDERAL

IN_FORCE = date(2009, 12, 10)
CFR = Authority(
    "opm",
    title="5 CFR 412.302 (as in force from 2009-12-10)",
    publisher="Office of Personnel Management",
    obtain="Code of Federal Regulations, title 5, section 412.302; 74 FR 65383; the text is not held here",
    dated=IN_FORCE,
)
SCHEDULE_B = Authority(
    "opm",
    title="5 CFR 213.3202(j)",
    publisher="Office of Personnel Management",
    obtain="Code of Federal Regulations, title 5, section 213.3202(j); the text is not held here",
)

LENGTH = CFR.sets("federal: least length of a program", months(12), "months", since=IN_FORCE, at="R-01", section="(a) and (c)")
HOURS = CFR.sets("federal: interagency or multi-sector training", 80, "hours", since=IN_FORCE, at="R-10", section="(c)(2)")
SERVICE = CFR.sets("federal: full-time developmental service", months(4), "months", since=IN_FORCE, at="R-11", section="(c)(3)")
CONTINUOUS = CFR.sets(
    "federal: one assignment away from the position of record", days(90), "calendar days", since=IN_FORCE, at="R-12",
    section="(c)(3)", reading="continuous days are read as calendar days, both ends counted; what leave does to them is not said",
)  # fmt: skip
SUBMISSION = CFR.sets(
    "federal: submission of graduates", 90, "work days", since=IN_FORCE, at="R-04", section="(a)", reading=FEDERAL.reading
)
APPOINTMENT = SCHEDULE_B.sets(
    "federal: appointment under Schedule B", months(36), "months", since=IN_FORCE, at="213.3202(j)", section="213.3202(j)"
)
PARAMETERS: tuple[Parameter[Any], ...] = (LENGTH, HOURS, SERVICE, CONTINUOUS, SUBMISSION, APPOINTMENT)
