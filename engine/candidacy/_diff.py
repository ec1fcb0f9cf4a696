"""What changed in a ledger from one size to another, case by case, folded from the records alone. Needs no plugin."""

from collections.abc import Iterable
from itertools import takewhile

import attrs

from candidacy._interventions import Intervention
from candidacy._status import Status, statuses
from candidacy.case import NOT_BEGUN
from candidacy.decision import Json
from candidacy.errors import InputError, Problem, UnknownCaseError
from candidacy.ledger import Ledger
from candidacy.record import Record
from candidacy.strict import shown


@attrs.frozen
class Added:
    """A record that was added: its event, the day it takes effect, the answer, who entered it, when it was recorded."""

    index: int
    version: int
    type_name: str
    act: bool
    day: str
    decision: str
    person: str
    recorded_at: str

    def as_data(self) -> Json:
        """As plain values."""
        data = attrs.asdict(self)
        data["type"] = data.pop("type_name")
        return data


@attrs.frozen
class Refusal:
    """A rule that refuses an act of a type for the first time in its case, and the first record in which it does."""

    type_name: str
    rule: str
    outcome: str
    index: int

    def as_data(self) -> Json:
        """As plain values."""
        return {"type": self.type_name, "rule": self.rule, "outcome": self.outcome, "index": self.index}


@attrs.frozen
class CaseDiff:
    """What changed in one case.

    Attributes:
        before, after: its stage then and now; *before* is "" where it had no record then.
        edition_before, edition_after: the editions it was and is under, as ``widgets/2004``.
        added: its records since, oldest first.
        interventions: those entered since; *taken_back*, those of before that stand no longer.
        refusing: what refuses an act for the first time.
        unsettled: versions of the acts that have become unsettled since; *settled*, of those that no longer are.
    """

    case: str
    before: str
    after: str
    edition_before: str
    edition_after: str
    added: tuple[Added, ...]
    interventions: tuple[Intervention, ...]
    taken_back: tuple[Intervention, ...]
    refusing: tuple[Refusal, ...]
    unsettled: tuple[int, ...]
    settled: tuple[int, ...]

    @property
    def began(self) -> bool:
        """Whether it has begun since."""
        return self.before in {"", NOT_BEGUN} and self.after != NOT_BEGUN

    @property
    def moved(self) -> bool:
        """Whether it stands in another stage now, or under another edition; a case that has begun since is not counted."""
        there = self.before not in {"", NOT_BEGUN}
        return there and (self.before, self.edition_before) != (self.after, self.edition_after)

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "before": self.before or None,
            "after": self.after,
            "edition_before": self.edition_before or None,
            "edition_after": self.edition_after,
            "began": self.began,
            "added": [a.as_data() for a in self.added],
            "interventions": [i.as_data() for i in self.interventions],
            "taken_back": [i.as_data() for i in self.taken_back],
            "newly_refusing": [r.as_data() for r in self.refusing],
            "unsettled": list(self.unsettled),
            "settled": list(self.settled),
        }


@attrs.frozen
class Diff:
    """What changed from the record *since* (that one not included) to the record *to* (that one included), by case id."""

    ledger: str
    since: int
    to: int
    cases: tuple[CaseDiff, ...]

    @property
    def totals(self) -> dict[str, int]:
        """How much there is of each."""
        added = [a for case in self.cases for a in case.added]
        return {
            "records": len(added),
            "accepted": sum(a.decision == "accepted" for a in added),
            "refused": sum(a.decision == "refused" for a in added),
            "cases": len(self.cases),
            "begun": sum(case.began for case in self.cases),
            "moved": sum(case.moved for case in self.cases),
            "interventions": sum(len(case.interventions) for case in self.cases),
            "newly_refusing": sum(len(case.refusing) for case in self.cases),
            "unsettled": sum(len(case.unsettled) for case in self.cases),
            "settled": sum(len(case.settled) for case in self.cases),
        }

    def as_data(self) -> Json:
        """As plain values."""
        cases = [case.as_data() for case in self.cases]
        return {"ledger": self.ledger, "from": self.since, "to": self.to, "totals": self.totals, "cases": cases}


def diff(ledger: Ledger, since: int, to: int | None = None, *, case: str = "") -> Diff:
    """What the records after the one with index *since* changed, up to the one with index *to*.

    Args:
        since: the newest record of then; it is not among those that are new. 0, record 0, tells everything.
        to: the newest record of now, which is among them; the ledger's newest by default.
        case: of this case alone; of every case that has new records by default.

    Raises:
        InputError: the ledger has no such records, *to* comes before *since*, or there is no such case.
    """
    newest = ledger.size() - 1
    until = newest if to is None else to
    _refuse(since, until, newest)
    if case and not ledger.head(case)[0]:
        raise UnknownCaseError([Problem("case", f"the case {shown(case)}", "a case in this ledger; `candidacy status` lists them")])
    named = {case} if case else {r.case for r in takewhile(lambda r: r.index <= until, ledger.after(since))}
    found = (_of_case(ledger.of_case(name), since, until) for name in sorted(named))
    return Diff(ledger.id, since, until, tuple(one for one in found if one is not None))


def _of_case(records: Iterable[Record], since: int, to: int) -> CaseDiff | None:
    known = [r for r in records if r.index <= to]
    then, new = [r for r in known if r.index <= since], [r for r in known if r.index > since]
    if not new:
        return None
    (now,), before = statuses(known), next(statuses(then), None)
    stood = {i.version: i for i in before.interventions} if before else {}
    unsettled = before.unsettled if before else ()
    return CaseDiff(
        case=now.case,
        before=before.state if before else "",
        after=now.state,
        edition_before=_edition(before) if before else "",
        edition_after=_edition(now),
        added=tuple(_added(r) for r in new),
        interventions=tuple(i for i in now.interventions if i.version not in stood),
        taken_back=tuple(i for i in now.interventions if i.version in stood and i.gone and not stood[i.version].gone),
        refusing=tuple(_newly(then, new)),
        unsettled=tuple(v for v in now.unsettled if v not in unsettled),
        settled=tuple(v for v in unsettled if v not in now.unsettled),
    )


def _edition(status: Status) -> str:
    return f"{status.program}/{status.edition}"


def _added(record: Record) -> Added:
    data = record.data
    return Added(
        record.index, record.version, record.type_name, record.is_act, data["day"], record.word, data["actor"]["person"],
        data["recorded_at"],
    )  # fmt: skip


def _newly(then: Iterable[Record], new: Iterable[Record]) -> list[Refusal]:
    """What refuses an act of a type in a new record and refused none of that type in any before."""
    seen = {(r.type_name, f.rule) for r in then if not r.accepted for f in r.findings if f.refuses}
    found: dict[tuple[str, str], Refusal] = {}
    for record in new:
        for finding in record.findings if not record.accepted else ():
            at = record.type_name, finding.rule
            if finding.refuses and at not in seen:
                found.setdefault(at, Refusal(*at, str(finding.outcome), record.index))
    return list(found.values())


def _refuse(since: int, to: int, newest: int) -> None:
    given = {"from": since, "to": to}
    wrong = {n: i for n, i in given.items() if type(i) is not int or not 0 <= i <= newest}
    needed = f"the index of a record of this ledger: from 0 to {newest}"
    problems = [Problem(name, f"the index {index}", needed) for name, index in wrong.items()]
    if not wrong and to < since:
        problems.append(Problem("to", f"{to}, which comes before {since}", "an index that is not before the first one"))
    if problems:
        raise InputError(problems)
