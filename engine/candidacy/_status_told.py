"""Where a case stands, and what was done in it by hand, as lines: the same words wherever that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy._words import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy._interventions import Intervention
    from candidacy._status import Status


def told(found: Status) -> Iterator[str]:
    """One case in full."""
    yield f"case {found.case}, program {found.program}, edition {found.edition}"
    yield f"  stage: {found.state}, since {found.since}" if found.since else f"  stage: {found.state}"
    yield from [f"  taken over on {found.taken_over}; what lies before is attested"] if found.taken_over else []
    yield f"  records: {found.records}, of them refused: {found.refused}"
    for kind, name in found.open_strands:
        yield f"  open: {kind} {name}"
    if found.unsettled:
        yield f"  unsettled: {_versions(found.unsettled)}; the newest is to be affirmed or voided first"
    for version, type_name in found.requests:
        yield f"  asked for, and waits for another person: {short(type_name)} (version {version})"
    for i in found.interventions:
        yield f"  {intervention(i)}"
    for who, system, name in found.references:
        yield f"  known to {system} as {name}: {f'person {who}' if who else 'the case'}"
    yield f"  last: {short(found.last.type_name)} on {found.last.day}, {found.last.data['decision']} (record {found.last.index})"


def _versions(versions: Iterable[int]) -> str:
    found = list(versions)
    return f"version{'s' * (len(found) > 1)} {', '.join(map(str, found))}"


OF = {
    **dict.fromkeys(("fact corrected", "fact voided", "decision voided", "decision affirmed"), "of version"),
    "move to another edition": "named",
}
"""How what an intervention is about is joined to its kind."""


def intervention(found: Intervention) -> str:
    """One intervention on a line: what, of what, until when, by whom, why."""
    joint = OF.get(found.kind, "of")
    about = f" {joint} {', '.join(found.about)}" if found.about else ""
    until = f" until {found.until}" if found.until else ""
    whose = f" for {found.on_behalf_of}" if found.on_behalf_of else ""
    why = f", because of {found.reason}" if found.reason else ""
    gone = f"; taken back by version {found.gone}" if found.gone else ""
    return f"{found.kind}{about}{until}: from {found.day} on, by {found.person}{whose}{why} (version {found.version}){gone}"
