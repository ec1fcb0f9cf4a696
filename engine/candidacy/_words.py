"""Findings in plain words, with the citation of the rule where its edition is installed. Never compared, only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from candidacy.spans import Quantity, amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.check import Outcome
    from candidacy.decision import Finding, Json
    from candidacy.program import Edition

GUARDS = {
    "candidacy.lifecycle": "The act has its place in the lifecycle.",
    "candidacy.role": "Who enters the act holds a role that may.",
    "candidacy.apart": "Who decides holds no other part in the case that is better kept apart.",
    "candidacy.authority": "Who acts in the place of another is acting, or was delegated by one who holds the role.",
    "candidacy.strand": "What begins or ends does so once.",
    "candidacy.suspension": "The case is not suspended.",
    "candidacy.settled": "What rested on a fact that was voided or corrected has been affirmed or voided since.",
    "candidacy.affirming": "What is affirmed is unsettled, and the newest that is.",
    "candidacy.voiding": "What is voided is an act that stands and that no other act rests on.",
    "candidacy.waiving": "The authority that states the rule lets somebody waive it.",
    "candidacy.overriding": "What is overridden are rules of the program's own.",
    "candidacy.extending": "The authority that states the period lets somebody extend it.",
    "candidacy.moving": "The other edition takes the case, and has a place for its stage and for what is open in it.",
    "candidacy.correcting": "A correction takes effect on the day of the fact that it corrects.",
    "candidacy.two_people": "The very act was asked for by another person.",
    "candidacy.content": "The act has all of its content.",
    "candidacy.plan": "The act is about the plan that was last submitted, and names its revision where it has one.",
    "candidacy.attested": "What is dated before the day the case was taken over is attested: entered, not judged.",
}
WAIVED = "waived"
GOOD = {"met", "waived", "not applicable"}
LIFECYCLE = "candidacy.lifecycle"
MARKS = {"met": "✓", "waived": "✓", "not applicable": "-", "unmet": "✗", "undetermined": "?", "needs judgement": "?"}


def words(term: Any) -> str:  # noqa: PLR0911 (one for each kind of term)
    """A stored term in words: 40 to 64 hours, yes, between 2004-01-01 and 2004-01-31."""
    if term is None:
        return "none"
    if isinstance(term, bool):
        return "yes" if term else "no"
    if isinstance(term, dict):
        if set(term) == {"between"}:
            return f"between {term['between'][0]} and {term['between'][1]}"
        return ", ".join(f"{k.replace('_', ' ')} {words(v)}" for k, v in term.items())
    if isinstance(term, list):
        if len(term) == 2 and type(term[0]) is int and isinstance(term[1], str):  # noqa: PLR2004 (amount and unit)
            return amount(*term)
        if len(term) == 3 and type(term[0]) is type(term[1]) is int and isinstance(term[2], str):  # noqa: PLR2004 (least, most, unit)
            return str(Quantity(*term))
        return ", ".join(words(t) if not _pair(t) else f"{t[0]}: {words(t[1])}" for t in term) or "none"
    return str(term)


def _pair(term: Any) -> bool:
    return isinstance(term, list) and len(term) == 2 and isinstance(term[0], str)  # noqa: PLR2004 (a name and its value)


def short(type_name: str) -> str:
    """An event's name without owner and version, in words."""
    return type_name.split(".")[1].replace("_", " ")


def spelt(code: Any) -> str:
    """A code of words joined by hyphens, with spaces."""
    return str(code).replace("-", " ")


FAILURES = {"failure": "the rule failed", "parameter": "nobody has set", "field": "no content yet in the field"}
"""What a finding says that is about the rule or the question, not about the case."""


def sentence(data: Json) -> str:
    """What was found, what is needed, what is missing and from whom: one stored check in words."""
    observed = data.get("observed", {})
    said = [_observed(observed)] if observed else []
    if "required" in data and not set(observed) & set(FAILURES):
        said.append(f"needs {_required(data['required'])}")
    if "missing" in data and "at least" in data.get("required", {}):
        said.append(f"missing {words(data['missing'])}")
    if "who" in data:
        said.append(f"from {' or '.join(data['who'])}")
    return "; ".join(said)


def _observed(observed: Json) -> str:
    if "because" in observed:
        return f"because: {spelt(observed['because'])}"
    for name, what in FAILURES.items():
        if name in observed:
            return f"{what} ({observed[name]})" if name == "failure" else f"{what} {observed[name]!r}"
    parts = [f"found {words(observed['found'])}"] if "found" in observed else []
    parts += [f"{k.replace('_', ' ')} {_why_not(v) if k in NOT_COUNTED else words(v)}" for k, v in observed.items() if k != "found"]
    return ", ".join(parts)


NOT_COUNTED = {"not_counted", "not counted"}
"""By its name, since a reason is a code to be spelt out and an id is not: both may have hyphens."""


def _why_not(pairs: list[list[str]]) -> str:
    """Those that do not count, each with its reason: a1 (in the own division)."""
    return ", ".join(f"{name} ({spelt(reason)})" for name, reason in pairs)


def _required(required: Json) -> str:
    said = [f"{limit} {words(required[limit])}" for limit in ("at least", "not before", "not after") if limit in required]
    if "that" in required:
        said.append(f"({spelt(required['that'])})" if said else spelt(required["that"]))
    return " ".join(said)


@attrs.frozen
class Reason:
    """One finding in words.

    Attributes:
        requirement: what is required, in the words of the edition; the rule's id where it is not installed.
        told: what was found, what is needed, what is missing and from whom.
        details: the open parts it is made of, questions that wait, states in which the act is possible.
        citation, reading: where the requirement stands, and the reading taken of it; "" where they are not known.
        alike: the rule of another document that asks and says the same here, so that lines tell both once; "" where none does.
    """

    rule: str
    outcome: Outcome
    binding: bool
    requirement: str
    told: str
    details: tuple[str, ...] = ()
    citation: str = ""
    reading: str = ""
    alike: str = ""

    def as_data(self) -> Json:
        """As plain values; *alike* only where there is such a rule."""
        data = {**attrs.asdict(self), "outcome": str(self.outcome), "details": list(self.details)}
        return data if self.alike else {name: value for name, value in data.items() if name != "alike"}

    def lines(self, also: Reason | None = None) -> Iterator[str]:
        """As lines for a reader; with where *also* stands, which says the same."""
        mark, word = (MARKS[self.outcome], str(self.outcome)) if self.binding else ("i", f"advice, {self.outcome}")
        yield f"{mark} {word}: {self.requirement}"
        if self.told:
            yield f"    {self.told}"
        yield from (f"    {detail}" for detail in self.details)
        for of in (self, also) if also else (self,):
            yield from [f"    [{of.citation}] {of.rule}"] if of.citation else []
            yield from [f"    our reading: {of.reading}"] if of.reading else []


def explain(
    findings: Iterable[Finding], edition: Edition | None, *, all_of_them: bool = False, type_name: str = ""
) -> Iterator[str]:
    """Lines that say why; see `reasons`."""
    yield from told(reasons(findings, edition, all_of_them=all_of_them, type_name=type_name))


def told(given: Iterable[Reason]) -> Iterator[str]:
    """Reasons as lines; two that are alike once, where the first of them stands, with both citations."""
    left = list(given)
    while left:
        reason = left.pop(0)
        also = next((other for other in left if other.rule == reason.alike), None)
        left = [other for other in left if other is not also]
        yield from reason.lines(also)


def reasons(
    findings: Iterable[Finding], edition: Edition | None, *, all_of_them: bool = False, type_name: str = ""
) -> Iterator[Reason]:
    """Why: each open finding (or every one) with its requirement, what was found, and its citation.

    What refuses comes first, then other open findings, then advice, then what is good.

    Args:
        edition: where the sentences and citations come from; None where it is not installed.
        type_name: of the act that was judged, to say in which states it is possible.
    """
    rules = {r.id: r for r in edition.rules} if edition else {}
    asks = {q.id: q.asks for q in edition.questions} if edition else {}
    findings = list(findings)
    alike = _alike(findings, edition)
    for finding in sorted(findings, key=lambda f: (f.outcome.good, not f.binding)):
        good, rule = finding.outcome.good, rules.get(finding.rule)
        if good and not all_of_them and str(finding.outcome) != WAIVED:
            continue
        details = (
            []
            if good
            else [*_parts(finding.data, ""), *(f"the question: {asks[q]}" for q in _questions(finding.data) if q in asks)]
        )
        if finding.rule == LIFECYCLE and edition and not good and type_name:
            states = dict.fromkeys(state for state, name in edition.table if name.partition(" ")[0] == type_name)
            details.append(f"possible in: {', '.join(states) or 'no state'}")
        yield Reason(
            rule=finding.rule,
            outcome=finding.outcome,
            binding=finding.binding,
            requirement=rule.requirement if rule else GUARDS.get(finding.rule, finding.rule),
            told=sentence(finding.data),
            details=tuple(details),
            citation=str(rule.citation) if rule else "",
            reading=rule.reading if rule and not good else "",
            alike=alike.get(finding.rule, ""),
        )


def _alike(findings: list[Finding], edition: Edition | None) -> dict[str, str]:
    """By rule, the one that the edition says asks the same, where both say the same here; what they rest on is left out."""
    said = {f.rule: (f.outcome, f.binding, {k: v for k, v in f.data.items() if k != "rests_on"}) for f in findings}
    pairs = edition.alike_to.items() if edition else ()
    return {rule: other for rule, other in pairs if rule in said and said[rule] == said.get(other)}


def _parts(data: Json, indent: str) -> Iterator[str]:
    for i, part in enumerate(data.get("parts", [])):
        joint = f"{data['joint']} " if i and data["joint"] == "or" else ""
        if part["outcome"] in GOOD and data["joint"] == "and":
            continue
        yield f"{indent}{joint}{MARKS[part['outcome']]} {part['outcome']}: {sentence(part)}".rstrip(": ")
        yield from _parts(part, indent + "  ")


def _questions(data: Json) -> dict[str, None]:
    """The questions that wait for an answer in a finding and its parts, each once."""
    found: dict[str, None] = {}
    if "question" in data.get("observed", {}):
        found[data["observed"]["question"]] = None
    for part in data.get("parts", []):
        found |= _questions(part) if part["outcome"] not in GOOD else {}
    return found
