"""Where each case stands, folded from the records alone. Needs no plugin."""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from candidacy.case import Case
from candidacy.decision import Json
from candidacy.folding import after, unread
from candidacy.record import Record


@attrs.frozen
class Status:
    """Where a case stands.

    Attributes:
        since: the effective day of the act that put it in its state.
        refused: how many acts were refused.
        open_strands: kind and id of what has begun and not ended.
        last: the newest record.
    """

    case: str
    program: str
    edition: str
    state: str
    since: date | None
    records: int
    refused: int
    open_strands: tuple[tuple[str, str], ...]
    last: Record

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "case": self.case,
            "program": self.program,
            "edition": self.edition,
            "state": self.state,
            "since": str(self.since) if self.since else None,
            "records": self.records,
            "refused": self.refused,
            "open": [{"strand": kind, "id": name} for kind, name in self.open_strands],
            "last": {"index": self.last.index, "type": self.last.type_name, "decision": self.last.data["decision"]},
        }


def statuses(records: Iterable[Record]) -> Iterator[Status]:
    """The status of every case, in order of case id."""
    cases: dict[str, Case] = {}
    refused: dict[str, int] = {}
    begun: dict[str, Record] = {}
    last: dict[str, Record] = {}
    for record in records:
        if record.index == 0:
            continue
        name = record.case
        cases[name] = attrs.evolve(after(cases.get(name, Case(name)), record, unread), entries=())  # the state is all that is asked
        refused[name] = refused.get(name, 0) + (not record.accepted)
        if record.accepted:
            begun.setdefault(name, record)
        last[name] = record
    for name, case in sorted(cases.items()):
        edition = begun.get(name, last[name]).edition
        since = case.since[0] if case.since else None
        yield Status(
            name, edition["program"], edition["name"], case.state, since, case.version, refused[name],
            tuple(sorted(case.open_strands)), last[name],
        )  # fmt: skip
