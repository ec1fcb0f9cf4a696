"""A record as it was answered, held against what it would have been answered: what is otherwise, and by which requirement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs

from candidacy._answered import GOOD, UNTOLD, Answered, kind_of
from candidacy._words import Reason, reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy.decision import Finding, Json
    from candidacy.program import Edition
    from candidacy.record import Record

KINDS = ("flips", "untold", "consequences", "reasons", "shows")
"""What may have become of a record."""


@attrs.frozen
class Turned:
    """A requirement that would have come out otherwise.

    Attributes:
        requirement, citation: in the words of the edition in which it is open, and where it stands.
        then, now: how it came out and how it would have; "" where the edition did not ask, or does not.
        told: what was found, what is needed, what is missing and from whom; *details*, the same of its parts.
        who: the roles that can supply what is missing.
    """

    rule: str
    requirement: str
    citation: str
    then: str
    now: str
    told: str
    details: tuple[str, ...]
    who: tuple[str, ...]

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "details": list(self.details), "who": list(self.who)}


@attrs.frozen
class Rejudged:
    """A record that would have been answered otherwise, or of which that cannot be told.

    Attributes:
        index, version: of the record, in its ledger and in its case.
        edition: the one that judged it then; *by*, the one that judges it here.
        was: ``accepted`` or ``refused``.
        would_be: the same, or ``cannot be told``; of a consequence, what it would be in the case run again.
        because: the requirements that would have come out otherwise, those not met first.
        why: why it could not be judged at all; "" where it was.
        rerun: where its case was run again, what it would be there; "" where it was not.
    """

    index: int
    case: str
    version: int
    type_name: str
    day: date
    edition: str
    by: str
    was: str
    would_be: str
    because: tuple[Turned, ...] = ()
    why: str = ""
    rerun: str = ""

    def as_data(self) -> Json:
        """As plain values."""
        made = attrs.asdict(self, recurse=False)
        type_name = made.pop("type_name")
        return {**made, "type": type_name, "day": str(self.day), "because": [t.as_data() for t in self.because]}


def weighed(record: Record, now: Answered, again: Answered | None, edition: Edition | None) -> Iterator[tuple[str, Rejudged]]:
    """What became of *record*, each with one of `KINDS`; nothing, where all is the same.

    Args:
        now: on the case as it was; *again*, in the case run again, where it was.
        edition: the one that judged it then, where it is installed.
    """
    findings = record.findings
    was = kind_of(record.word, findings)
    kind = _kind(record, was, now, findings)
    if kind:
        would = now.word if kind != "untold" else UNTOLD
        yield kind, _made(record, now, would, edition, again.kind if again and record.is_act else "")
    if again is None or not record.is_act or kind == "flips" or again.why:
        return
    if (again.kind == "refused" and record.accepted) or again.word == "accepted" != record.word:
        yield "consequences", _made(record, again, again.word, edition, again.kind)
    elif again.kind == UNTOLD != was and kind != "untold":
        yield "consequences", _made(record, again, UNTOLD, edition, again.kind)


def _kind(record: Record, was: str, now: Answered, findings: tuple[Finding, ...]) -> str:
    if not now.word:
        return "untold"
    if record.is_act and now.kind == UNTOLD != was:
        return "untold"
    if record.is_act and now.word != record.word:
        return "flips"
    if _open(findings) != _open(now.findings):
        return "reasons" if record.is_act else "shows"
    return ""


def _open(findings: Iterable[Finding]) -> dict[tuple[str, bool], str]:
    return {(f.rule, f.binding): str(f.outcome) for f in findings if f.outcome not in GOOD}


def _made(record: Record, now: Answered, would_be: str, edition: Edition | None, again: str) -> Rejudged:
    because = () if now.why else tuple(_turned(record, now, edition, all_of_them=would_be == record.word or not record.is_act))
    return Rejudged(
        record.index,
        record.case,
        record.version,
        record.type_name,
        record.day,
        record.edition_id,
        now.edition,
        record.word,
        would_be,
        because,
        now.why,
        again,
    )


def _turned(record: Record, now: Answered, edition: Edition | None, *, all_of_them: bool) -> Iterator[Turned]:
    """What is open in one of the two answers and not in the other, or otherwise: advice too, where *all_of_them* are told."""
    then = record.findings
    before, after = ({rule: out for (rule, _), out in _open(f).items()} for f in (then, now.findings))
    told = {r.rule: r for r in (*reasons(then, edition, type_name=record.type_name), *now.reasons)}
    found = {f.rule: f for f in (*then, *now.findings)}
    outcomes = tuple({f.rule: str(f.outcome) for f in answer} for answer in (then, now.findings))
    chosen = [r for r in dict.fromkeys((*after, *before)) if before.get(r) != after.get(r)]
    chosen = [r for r in chosen if all_of_them or told[r].binding]
    for rule in sorted(chosen, key=lambda r: (not told[r].binding, r not in after, after.get(r) != "unmet")):
        finding = found[rule] if rule in after else next(f for f in then if f.rule == rule)
        yield _of(told[rule], finding, outcomes[0].get(rule, ""), outcomes[1].get(rule, ""))


def _of(reason: Reason, finding: Finding, then: str, now: str) -> Turned:
    who = tuple(finding.data.get("who", ()))
    return Turned(reason.rule, reason.requirement, reason.citation, then, now, reason.told, reason.details, who)
