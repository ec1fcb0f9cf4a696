"""Cases that were taken over from elsewhere, read from the records alone: what is attested, by whom, and what was never checked."""

import attrs

from candidacy.decision import Json
from candidacy.events import CaseTakenOver
from candidacy.record import Record
from candidacy.rule import TAKEN_OVER


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
            "stage": self.first.data["payload"]["stage"],
            "day": str(self.first.day),
            "record": self.first.index,
            "by": self.first.data["actor"]["person"],
            "attested": [
                {"record": r.index, "type": r.type_name, "day": str(r.day), "by": r.data["actor"]["person"]} for r in self.attested
            ],
            "not_checked": {rule: list(records) for rule, records in self.not_checked.items()},
        }


class TakingOver:
    """Watches records go by, in order, and remembers the cases that were taken over."""

    def __init__(self) -> None:
        """None seen."""
        self._records: dict[str, list[Record]] = {}

    def see(self, record: Record) -> None:
        """The next record."""
        mine = self._records.get(record.case)
        if not record.accepted:
            return
        if mine is None and record.type_name == CaseTakenOver.type_name:
            self._records[record.case] = [record]
        elif mine is not None and record.day < mine[0].day:
            mine.append(record)

    def found(self) -> tuple[TakenOver, ...]:
        """All of them, by case."""
        return tuple(_told(records) for _, records in sorted(self._records.items()))


def _told(records: list[Record]) -> TakenOver:
    not_checked: dict[str, list[int]] = {}
    for record in records:
        for finding in record.findings:
            if finding.data.get("observed", {}).get("because") == TAKEN_OVER:
                not_checked.setdefault(finding.rule, []).append(record.index)
    return TakenOver(records[0], tuple(records[1:]), {rule: tuple(found) for rule, found in not_checked.items()})
