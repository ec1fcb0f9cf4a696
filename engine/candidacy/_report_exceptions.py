"""What an auditor asks for first: departures from the rules and from the record, each with its record and who entered it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from candidacy._audit import Audit
    from candidacy._interventions import Intervention
    from candidacy._taken_over import TakenOver


@attrs.frozen
class Exceptional:
    """One exception: its kind, case, record (by index), who entered it, and what it is, as a sentence."""

    kind: str
    case: str
    record: int
    person: str
    what: str


def exceptional(audit: Audit) -> tuple[Exceptional, ...]:
    """Interventions, corrections and cases taken over, as the audit tells them, by kind."""
    found = [*map(_intervention, audit.interventions), *(one for case in audit.taken_over for one in _taken_over(case))]
    return tuple(sorted(found, key=lambda one: (one.kind, one.case, one.record)))


def _intervention(i: Intervention) -> Exceptional:
    about = f" of {', '.join(i.about)}" if i.about else ""
    until = f", until {i.until}" if i.until else ""
    whose = f", for {i.on_behalf_of}" if i.on_behalf_of else ""
    why = f", because of {i.reason}" if i.reason else ""
    gone = f"; taken back by version {i.gone} of the case" if i.gone else ""
    return Exceptional(i.kind, i.case, i.record, i.person, f"{i.kind}{about}, from {i.day} on{until}{whose}{why}{gone}.")


def _taken_over(found: TakenOver) -> list[Exceptional]:
    first = found.first
    stage = first.data["payload"].get("stage", "")
    what = f"Taken over into {stage} on {first.day}; {len(found.attested)} entries before that day are attested, not judged."
    return [Exceptional("case taken over", first.case, first.index, first.data["actor"]["person"], what)]
