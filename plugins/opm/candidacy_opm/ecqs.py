"""The executive core qualifications as dated lists, and a case whose plan was made under another list than its submission.

Which list is in effect follows the day of the submission to the QRB. No document that we have leads from one list to the next.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import attrs

from candidacy import Act, Authority, Case, Check, Fact, PlanApproved, Rule, Sometime, enter, holds

if TYPE_CHECKING:
    from candidacy_opm.floor import Floor

QUALIFICATIONS = Authority(
    "opm",
    title="OPM's lists of executive core qualifications",
    publisher="Office of Personnel Management",
    obtain="the guides and memoranda of OPM by which each list was issued; their texts are not held here",
)
VocabularyName = Literal["ECQ-1997", "ECQ-2006", "ECQ-2025a", "ECQ-2025b"]


@attrs.frozen
class Vocabulary:
    """One list of core qualifications.

    Attributes:
        since: the first day on which it is in effect; a month, where the day is not known.
        sure: whether it was read in a document of OPM's or an agency's; not, where others tell of it.
        source: where it, and its day, were found.
        used: whether it came into effect; not, where another was issued before its day.
    """

    name: VocabularyName
    since: Sometime
    items: tuple[str, ...]
    sure: bool
    source: str
    used: bool = True


VOCABULARIES = (
    Vocabulary(
        "ECQ-1997",
        Sometime.month(1997, 9),
        ("Leading Change", "Leading People", "Results Driven", "Business Acumen", "Building Coalitions/Communications"),
        sure=True,
        source="names as in two agencies' documents of 2004; month as in OPM's guide of October 2006",
    ),
    Vocabulary(
        "ECQ-2006",
        Sometime.on(date(2006, 10, 1)),
        ("Leading Change", "Leading People", "Results Driven", "Business Acumen", "Building Coalitions"),
        sure=True,
        source="OPM's memorandum of 2006-07-07",
    ),
    Vocabulary(
        "ECQ-2025a",
        Sometime.on(date(2025, 7, 1)),
        ("Leading Change", "Leading People", "Driving Results", "Achieving Organizational Success", "Building Coalitions"),
        sure=False,
        source="trade press of January 2025, on a list planned for 2025-07-01; superseded on 2025-05-29, as it seems",
        used=False,
    ),
    Vocabulary(
        "ECQ-2025b",
        Sometime.on(date(2025, 10, 1)),
        (
            "Commitment to the Rule of Law and the Principles of the American Founding",
            "Driving Efficiency",
            "Merit and Competence",
            "Leading People",
            "Achieving Results",
        ),
        sure=False,
        source="trade press on OPM's memorandum of 2025-05-29",
    ),
)
"""Every list that is known, the oldest first."""


def in_effect(day: date) -> Vocabulary | None:
    """The list in effect on *day*; None before the first, and while it is not known whether that has begun."""
    return next((v for v in reversed(VOCABULARIES) if v.used and v.since.by(day)), None)


def retagging(of: "Floor", submitted: type[Act], retagged: type[Fact]) -> Rule:
    """Advice before the act that submits a graduate; *retagged*, the fact that a case was told anew, names the *vocabulary*."""

    @QUALIFICATIONS.advises(
        before=submitted, at=("ECQ-1997", "ECQ-2006", "ECQ-2025b"), section="on when each is in effect",
        reading="that a case has to be told in the list of the day of submission, where its plan was approved under another, "
        "is inferred: no document says so, and it shows; the list of 2025-10-01 is known at second hand",
    )  # fmt: skip
    def qualifications_are_those_in_effect(case: Case, submission: Act, day: date) -> Check:
        """The case is told in the core qualifications in effect when it is submitted, anew where its plan was made under others."""
        planned, now = case.all(PlanApproved).last, in_effect(day)
        before = in_effect(planned.day) if planned else None
        if now is None or before is None:
            return holds(None, "an-approved-plan-and-a-list-in-effect")
        told: Any = case.all(retagged)
        anew = any(t.vocabulary == now.name for _, t in told)
        by = enter(retagged, by=of.office, vocabulary=now.name)
        seen: dict[str, Any] = {"planned_under": before.name, "in_effect": now.name, "list_is_sure": now.sure}
        return holds(before is now or anew, "the-list-in-effect", by=by, **seen)

    return qualifications_are_those_in_effect
