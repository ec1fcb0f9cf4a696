"""Cases that were taken over from elsewhere, read from the records alone: what is attested, by whom, and what was never checked."""

import attrs

from candidacy.decision import Json
from candidacy.events import CaseTakenOver
from candidacy.record import Record
from candidacy.rule import TAKEN_OVER

ATTESTED = "candidacy.attested"


@attrs.frozen
class TakenOver:
    """A case taken over.

    Attributes:
        first: the record of the act that took it over.
        attested: records of what is dated before that day.
        not_checked: the requirements that were not applied to what lies before, and to which records (by index).
    """

    first: Record
    attested: tuple[Record, ...]
    not_checked: dict[str, tuple[int, ...]]

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.first.case,
            "stage": self.first.data["payload"].get("stage"),
            "day": str(self.first.day),
            "record": self.first.index,
            "by": self.first.data["actor"]["person"],
            "attested": [
                {"record": r.index, "type": r.type_name, "day": str(r.day), "by": r.data["actor"]["person"]} for r in self.attested
            ],
            "not_checked": {rule: list(records) for rule, records in self.not_checked.items()},
        }


def is_attested(record: Record) -> bool:
    """Whether it was only attested: it lies before its case was taken over, and no rule was applied."""
    return record.index > 0 and any(finding["rule"] == ATTESTED for finding in record.data["findings"])


class TakingOver:
    """Watches records go by, in order, and remembers the cases that were taken over."""

    def __init__(self) -> None:
        """None seen."""
        self._first: dict[str, Record] = {}
        self._attested: dict[str, list[Record]] = {}
        self._not_checked: dict[str, dict[str, list[int]]] = {}

    def see(self, record: Record) -> None:
        """The next record."""
        if not record.accepted:
            return
        first = self._first.get(record.case)
        if first is None and record.type_name == CaseTakenOver.type_name:
            first = self._first[record.case] = record
        if first is None:
            return
        if record.day < first.day:
            self._attested.setdefault(record.case, []).append(record)
        for finding in record.data["findings"]:
            if _says_so(finding):
                self._not_checked.setdefault(record.case, {}).setdefault(finding["rule"], []).append(record.index)

    def found(self) -> tuple[TakenOver, ...]:
        """All of them, by case."""
        return tuple(
            TakenOver(first, tuple(self._attested.get(case, ())), {r: tuple(i) for r, i in self._not_checked.get(case, {}).items()})
            for case, first in sorted(self._first.items())
        )


def _says_so(finding: Json) -> bool:
    """Whether a finding, or a part of it, was not applied because the case was taken over later."""
    return finding.get("observed", {}).get("because") == TAKEN_OVER or any(map(_says_so, finding.get("parts", ())))
