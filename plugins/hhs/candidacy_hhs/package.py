"""The certification package of the HHS SES CDP: eight kinds of document, in the order of the guidelines."""

from datetime import date

from candidacy import DAY, Case, CertificationRequested, Check, Open, Window, at_least, each, enter, holds
from candidacy_hhs.authority import ECQS, GUIDELINES, HOURS, SUMMARY_PAGES
from candidacy_hhs.events import ASSIGNMENTS, DocumentFiled, Ecq


@GUIDELINES.requires(before=CertificationRequested, at="HHS-079", lines=(171, 171))
def memorandum_is_filed(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds a memorandum that asks for certification."""
    return filed(case, "memorandum", by="candidate")


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-080", "HHS-081"), lines=(173, 173))
def each_ecq_is_summarized(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds a summary for each of the five ECQs, of at most two pages each."""
    return each((_summary(case, ecq) for ecq in ECQS), none="no-ECQ")


def _summary(case: Case, ecq: Ecq) -> Check:
    copies = case.all(DocumentFiled).where(lambda _, d: d.kind == "ECQ summary" and d.ecq == ecq)
    newest, most = copies.last, SUMMARY_PAGES(case)
    when = Window(first=newest.day + DAY if newest else None)  # of one day the longest counts
    short = Open(f"at most {most} pages", most=most)
    by = enter(DocumentFiled, by="candidate", when=when, kind="ECQ summary", ecq=ecq, pages=short)
    if newest is None:
        return holds(False, "a-short-summary", by=by, ecq=ecq)
    pages = max(d.pages for _, d in copies.where(lambda day, _: day == newest.day))
    return holds(most >= pages, "a-short-summary", by=by, ecq=ecq, pages=pages)


@GUIDELINES.requires(before=CertificationRequested, at="HHS-082", lines=(175, 175))
def annotated_plan_is_filed(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds a copy of the plan that notes how each planned activity was completed."""
    return filed(case, "annotated plan", by="candidate")


@GUIDELINES.requires(
    before=CertificationRequested, at=("HHS-063", "HHS-083"), lines=((137, 137), (177, 177)),
    reading="at the end is on the last day on record or later; where the last day of work comes before the last calendar day, it "
    "is the end as entered that decides",
)  # fmt: skip
def each_assignment_is_evaluated(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds, of every assignment that has ended, the supervisor's evaluation made at its end or later."""
    ended = ((a.id, a.last) for a in ASSIGNMENTS.of(case) if a.last is not None)
    return each((_evaluation(case, name, last) for name, last in ended), none="no-assignment-has-ended")


def _evaluation(case: Case, assignment: str, last: date) -> Check:
    def follows(day: date, filed: DocumentFiled) -> bool:
        return filed.kind == "supervisor evaluation" and filed.assignment == assignment and day >= last

    by = enter(
        DocumentFiled, by="assignment supervisor", when=Window(first=last), kind="supervisor evaluation", assignment=assignment
    )
    return holds(bool(case.all(DocumentFiled).where(follows)), "an-evaluation-at-its-end", by=by, assignment=assignment)


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-023", "HHS-084"), lines=((59, 59), (179, 179)))
def mentor_evaluation_is_filed(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds the mentor's evaluation."""
    return filed(case, "mentor evaluation", by="mentor")


@GUIDELINES.requires(before=CertificationRequested, at="HHS-085", lines=(181, 181))
def quarterly_sessions_are_certified(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package certifies that the quarterly training sessions were completed."""
    return filed(case, "quarterly sessions certificate", by="program coordinator")


@GUIDELINES.requires(before=CertificationRequested, at="HHS-086", lines=(183, 183))
def certificates_cover_eighty_hours(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds certificates for 80 hours of interagency training in all."""
    certificates = case.all(DocumentFiled).where(lambda _, d: d.kind == "training certificate")
    hours = certificates.distinct(lambda d: d.sha256, least=lambda d: d.hours or 0).total(lambda d: d.hours or 0, "hours")
    return at_least(hours, HOURS(case), by=lambda n: enter(DocumentFiled, by="candidate", kind="training certificate", hours=n))


@GUIDELINES.requires(before=CertificationRequested, at=("HHS-087", "HHS-088", "HHS-089", "HHS-090", "HHS-091"), lines=(185, 193))
def program_assessment_is_filed(case: Case, request: CertificationRequested, day: date) -> Check:
    """The package holds the candidate's assessment of the program."""
    return filed(case, "program assessment", by="candidate")


def filed(case: Case, kind: str, *, by: str) -> Check:
    """A document of that kind has been filed."""
    there = case.all(DocumentFiled).where(lambda _, d: d.kind == kind)
    return holds(bool(there), "in-the-package", by=enter(DocumentFiled, by=by, kind=kind), document=kind)
