"""An audit in lines of plain words, for workpapers."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from candidacy._columns import table
from candidacy._interventions import by_person
from candidacy._status_told import intervention
from candidacy._words import MARKS, reasons, short
from candidacy.cli import show
from candidacy.decision import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._audit import Audit
    from candidacy._judging import Divergence
    from candidacy._words import Reason
    from candidacy.decision import Json
    from candidacy.program import Edition
    from candidacy.registry import Registry

SHOWN = 20
"""Indexes of records that cannot be told for one reason, in a line; the data has all."""
NO_SUCH = "no such finding"


def audit(found: Audit, registry: Registry) -> Iterator[str]:
    """What judging again gave."""
    yield from show.verification(found.verification)
    if not found.verification.sound:
        yield "nothing was judged again and nothing counted, since the records themselves are not as they were"
        yield from _last(found)
        return
    yield from _totals(found)
    yield f"answers kept: {found.accepted} accepted, {found.refused} refused"
    otherwise = sum(d.decided_otherwise for d in found.divergent)
    told = f" ({otherwise} decided otherwise, {len(found.divergent) - otherwise} with other findings)" if found.divergent else ""
    yield f"judged again: {found.identical} identical, {len(found.divergent)} divergent{told}; {len(found.untold)} cannot be told"
    yield from (f"note: {note}" for note in found.notes)
    for case in found.taken_over:
        yield from show.taken_over(case)
    for i in found.interventions:
        yield f"INTERVENTION case {i.case}, record {i.record}: {intervention(i)}"
    for person, kind, n in by_person(found.interventions):
        yield f"interventions by {person}: {n} x {kind}"
    for divergence in found.divergent:
        yield from _divergence(divergence, registry)
    yield from _untold(found)
    yield from _last(found)


def _untold(found: Audit) -> Iterator[str]:
    """Records that cannot be told, together where it is for the same reason."""
    for why, records in groupby(sorted(found.untold, key=lambda u: (u.why, u.index)), key=lambda u: u.why):
        indexes = [u.index for u in records]
        shown = ", ".join(map(str, indexes[:SHOWN])) + f" and {len(indexes) - SHOWN} more" * (len(indexes) > SHOWN)
        yield f"CANNOT BE TOLD {'record' if len(indexes) == 1 else f'{len(indexes)} records'} {shown}: {why}"


def _totals(found: Audit) -> Iterator[str]:
    """Control totals, with their sums."""
    yield f"records by month of recording in {found.zone} and by program; record 0, which is no answer, is not among them"
    parts = ("facts", "accepted", "refused", "records")
    rows = [(t.month, t.program, *(getattr(t, part) for part in parts)) for t in found.totals]
    sums = ("all", "", *(sum(getattr(t, part) for t in found.totals) for part in parts))
    head = ("month", "program", "facts", "acts accepted", "acts refused", "records")
    yield from (f"  {line}" for line in table(head, [*rows, sums]))
    for by, n in found.editions:
        told = f"not as installed: {', '.join(by.changed)}" if by.changed else "as installed"
        same = "not installed" if "edition" in by.changed else told
        yield f"judged by {by.edition} r{by.revision}, declared {by.declared[:12]}, code {by.code[:12]}: {n} records, {same}"


def _last(found: Audit) -> Iterator[str]:
    yield f"by {', '.join(f'{name} {version}' for name, version in found.versions)}"
    yield f"digest of this report, as --json has it: {found.digest}"
    altered = "" if found.verification.sound else ": the records themselves are not as they were"
    yield f"audit: {found.answer}{altered}"


def _divergence(found: Divergence, registry: Registry) -> Iterator[str]:
    changed = f"; changed since: {', '.join(found.changed)}" if found.changed else ""
    by = f", judged now by {found.edition}" if found.edition else ""
    yield f"DIVERGENT record {found.index}, case {found.case}, {short(found.type_name)}{by}{changed}"
    yield from both(found, registry)


def both(found: Divergence, registry: Registry) -> Iterator[str]:
    """Both answers side by side: of each finding that differs what was said then, and what now."""
    then, now = found.recorded, found.judged
    if "problems" in now:
        yield f"  recorded: {then['decision']}"
        yield f"  now: {'; '.join(now['problems'])}"
        return
    yield f"  recorded: {_answer(then)}"
    yield f"  now: {_answer(now)}"
    edition = _edition_of(found, registry)
    theirs, ours = (_by_rule(side, edition) for side in (then, now))
    for rule in dict.fromkeys([*theirs, *ours]):
        known = ours.get(rule) or theirs[rule]
        yield f"    {known.requirement}"
        yield f"      [{known.citation}] {rule}" if known.citation else f"      {rule}"
        for when, side in (("recorded", theirs), ("now", ours)):
            yield from _side(when, side.get(rule))


def _side(when: str, reason: Reason | None) -> Iterator[str]:
    if reason is None:
        yield f"      {when}: {NO_SUCH}"
        return
    advice = "" if reason.binding else "advice, "
    yield f"      {when}: {MARKS[reason.outcome]} {advice}{reason.outcome}{': ' * bool(reason.told)}{reason.told}"
    yield from (f"        {detail}" for detail in reason.details)


def _answer(side: Json) -> str:
    moved = side["moved"]
    way = f", {moved['from']} -> {moved['to']}" if moved["from"] != moved["to"] else f", stays {moved['from']}"
    strands = "".join(f"; {s['strand']} {s['id']} {s['is']}" for s in moved["strands"])
    return f"{side['decision']}{way}{strands}"


def _by_rule(side: Json, edition: Edition | None) -> dict[str, Reason]:
    return {r.rule: r for r in reasons(map(Finding.from_data, side["findings"]), edition, all_of_them=True)}


def _edition_of(found: Divergence, registry: Registry) -> Edition | None:
    program, _, rest = found.edition.partition("/")
    name, _, revision = rest.partition(" r")
    known = registry.edition({"program": program, "name": name, "revision": int(revision or 0)})
    return known[0] if known else None
