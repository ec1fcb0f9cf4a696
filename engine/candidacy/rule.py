"""Rules: a requirement restated in our words, and the function that means the same."""

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

from candidacy.case import Case, Entry
from candidacy.check import Check, Either, Outcome, Remedy, does_not_apply, enter, never
from candidacy.citation import Citation
from candidacy.events import Event, JudgementGiven, RoleName
from candidacy.spans import Window
from candidacy.terms import Term


@attrs.frozen
class Rule:
    """A pure function of (case, event, day), with its citation.

    Attributes:
        id: owner and name: ``widgets.eighty_hours_of_interagency_training``.
        requirement: what is required, in our words.
        binding: whether it refuses ("must") or only shows ("should").
        before: acts it stands in front of.
        on: facts on which its finding shows; it never refuses a fact.
        reading: the reading taken where the text is ambiguous.
    """

    id: str
    requirement: str
    citation: Citation
    binding: bool
    judge: Callable[[Case, Any, date], Check] = attrs.field(repr=False)
    before: tuple[type[Event], ...] = ()
    on: tuple[type[Event], ...] = ()
    reading: str = ""

    def concerns(self, kind: type[Event]) -> bool:
        """Whether it judges events of *kind*; a rule on a base class (``on=Fact``) judges all of its kinds."""
        return issubclass(kind, self.before + self.on)


@attrs.frozen
class Question:
    """What no rule can decide and a named role must judge.

    Attributes:
        id: short name, such as ``objectives-met``.
        asks: the question in our words.
        by: the roles whose answer counts.
        of_each: whether it is asked of each of several things, so that an answer must say what it is about.
    """

    id: str
    asks: str
    by: tuple[RoleName, ...]
    citation: Citation
    of_each: bool = False


def judged(
    case: Case, question: Question, *, about: str | None = None, since: Entry[Any] | None = None, again: Remedy | None = None
) -> Check:
    """A role's judgement, entered as an act. The last answer stands; after a no the rules know no further way but *again*.

    Args:
        about: what it is about, where the question is asked of several things.
        since: the act after whose entry, and from whose day on, answers count (a request made anew is judged anew).
        again: what makes that the question is asked anew after a no.
    """
    opens = since.day if since else date.min
    answers = (
        case.all(JudgementGiven).after(since).where(lambda day, a: a.question == question.id and a.about == about and day >= opens)
    )
    last, roles = answers.last, tuple(question.by)
    observed: dict[str, Term] = {"question": question.id, "answer": last.event.answer if last else None}
    if about is not None:
        observed["about"] = about
    required: dict[str, Term] = {"that": "a-judgement-of-yes"}
    if last is None:
        ways = tuple(
            enter(
                JudgementGiven,
                by=role,
                when=Window(first=since.day if since else None),
                supposing=YES,
                question=question.id,
                answer=True,
                about=about,
            )
            for role in roles
        )
        return Check(Outcome.NEEDS_JUDGEMENT, observed, required, None, Either(ways))
    if last.event.answer:
        return Check(Outcome.MET, observed, required)
    return Check(Outcome.UNMET, observed, required, None, again or never("the judgement was no"))


YES = "the answer is yes"
TAKEN_OVER = "before-the-case-was-taken-over"
"""Why a requirement is not applicable to what happened elsewhere, before the case was taken over."""


def unless_taken_over(check: Check, case: Case, on: date) -> Check:
    """*check*, which looks at the day *on*; not applicable where it is undetermined and the case was taken over later."""
    taken = case.taken_over
    return does_not_apply(TAKEN_OVER) if check.outcome is Outcome.UNDETERMINED and taken is not None and on < taken else check
