"""What the documents name, copied out of them by hand: who decides, who reads, and the numbers. No plugin is asked."""

DECIDED_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "commerce": {
        "candidacy.candidate_selected.1": ("program office",), "candidacy.candidate_enrolled.1": ("program office",),
        "candidacy.plan_submitted.1": ("candidate",), "candidacy.plan_approved.1": ("program office",),
        "commerce.mentor_paired.1": ("program office",), "candidacy.program_completed.1": ("program office",),
    },
    "commercementors": {
        "commercementors.volunteer_accepted.1": ("program office",), "commercementors.paired.1": ("program office",),
        "commercementors.service_ended.1": ("program office",),
    },
    "dol": {
        "dol.cohort_assigned.1": ("Partnership",), "dol.mentor_paired.1": ("Partnership",), "dol.report_delivered.1": ("Partnership",),
        "candidacy.program_completed.1": ("program office",),
    },
    "hhs": {
        "candidacy.candidate_selected.1": ("program coordinator", "program manager"),
        "candidacy.candidate_enrolled.1": ("program coordinator",), "candidacy.plan_approved.1": ("ERB",),
        "hhs.mentor_selected.1": ("candidate",), "hhs.plan_reviewed.1": ("program coordinator",),
        "hhs.minor_revision_approved.1": ("program coordinator",), "hhs.significant_revision_approved.1": ("ERB",),
        "candidacy.certification_requested.1": ("candidate",), "hhs.request_reviewed.1": ("program manager",),
        "candidacy.candidate_graduated.1": ("ERB",), "hhs.request_forwarded.1": ("program manager",),
        "candidacy.candidate_certified.1": ("QRB",), "candidacy.certification_denied.1": ("QRB",),
        "candidacy.candidate_appointed.1": ("Secretary",), "candidacy.removed.1": ("Secretary",),
    },
}  # fmt: skip
"""Who decides what, as the documents name them."""
READ_BY: dict[str, dict[str, tuple[set[str], set[str], set[str]]]] = {
    "dol": {
        "assessment180": (
            {"participant", "supervisor", "Partnership"}, {"development", "targeting the program", "measuring the program"},
            {"performance review", "personnel file"},
        )
    },
    "hhs": {
        "assessment": ({"candidate", "program coordinator", "program manager", "ERB"}, {"development"}, set()),
        "comments on a course": ({"candidate", "program coordinator"}, {"worth of the course"}, set()),
        "mentor's private notes": ({"mentor", "candidate"}, {"counsel"}, set()),
        "needs that a mentor tells of": ({"mentor", "candidate", "supervisor of record", "ERB"}, {"development"}, set()),
        "concerns that a mentor tells of": (
            {"mentor", "candidate", "program coordinator", "program manager"}, {"concerns with the program"}, set(),
        ),
        "supervisor's evaluation": (
            {"candidate", "assignment supervisor", "mentor", "supervisor of record", "program coordinator", "program manager", "ERB"},
            {"development", "certification", "annual appraisal"}, set(),
        ),
        "candidate's evaluation of an assignment": (
            {"candidate", "program coordinator"}, {"fit of the assignment", "worth to other candidates"}, set(),
        ),
        "evaluation shared with the mentor": ({"candidate", "mentor"}, {"development"}, set()),
        "evaluation shared with the supervisor of record": ({"candidate", "supervisor of record"}, {"development"}, set()),
    },
}  # fmt: skip
"""Who reads what for what, and what nobody may: written by hand beside the lines of the documents."""

SESSIONS = (
    ("agency-presentations", "2014, 1, 21"),
    ("mentoring-best-practices", "2014, 2, 19"),
    ("team-presentations-and-close", "2014, 7, 16"),
)
NUMBERS: dict[str, dict[str, str | None]] = {
    "commerce": {
        "first day of the program": "between 2004-09-20 and 2004-09-30", "Train-the-Mentor session": "2004-10-26",
        "planned length": "24 months", "days of developmental assignments": "120", "assignments in all": "4 months",
        "discussions of mentor and candidate": None,
    },
    "commercementors": {
        "Train-the-Mentor session": "2004-10-26", "hours of the Train-the-Mentor session": "2", "planned length": "24 months",
    },
    "dol": {
        "sessions at the national office": "("
        + ", ".join(f"Session(session='{name}', held_on=datetime.date({day}), together=True, kind=None)" for name, day in SESSIONS)
        + ")",
        "fewest questions of the assessment": "15", "most questions of the assessment": "20", "coaching cohorts": "4",
        "fewest action-learning teams": "4", "hours in the classroom": "50", "hours with team and mentor": "50",
        "sessions that bring the regions to the national office": "3", "smallest group of an aggregate": None,
        "reading assignments": None, "length of the program": "9 months",
    },
    "hhs": {
        "announcement": "between 2004-01-01 and 2004-01-31", "time in the program before a request": "6 months",
        "period from approved plan to certification": "18 months", "short assignment": "60 calendar days",
        "long assignment": "120 calendar days", "full-time rotation": "4 months", "interagency training": "80",
        "credit for earlier training": "18 months", "pages of an ECQ summary": "2", "days of a session": "3",
        "core sessions before a request": "2", "papers of an activity": None, "meetings with the mentor": None,
        "objectives of an assignment": None, "middle of the program": None,
    },
}  # fmt: skip
"""Each number, or None where no number is given."""
