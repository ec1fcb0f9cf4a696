"""What the commands print, as lines of plain words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from candidacy._columns import table
from candidacy._interventions import marks
from candidacy._lifecycle_page import mermaid
from candidacy._picture import moves
from candidacy._taken_over import is_attested
from candidacy._words import explain, short, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from candidacy._coverage import Covered
    from candidacy._status import Status
    from candidacy._taken_over import TakenOver
    from candidacy._trust import Trust
    from candidacy._verify import Verification
    from candidacy.keeping import Answer
    from candidacy.program import Edition
    from candidacy.record import Record
    from candidacy.registry import Registry


def cohort(found: Iterable[Status]) -> Iterator[str]:
    """One line a case."""
    head = ("case", "program", "stage", "since", "records", "refused", "not ended", "last")
    return table(
        head,
        (
            (
                s.case, f"{s.program}/{s.edition}", s.state + " (unsettled)" * bool(s.unsettled), s.since or "", s.records,
                s.refused or "",
                ", ".join(f"{kind} {name}" for kind, name in s.open_strands), f"{short(s.last.type_name)}: {s.last.word}",
            )
            for s in found
        ),
    )  # fmt: skip


def answer(given: Answer, edition: Edition | None) -> Iterator[str]:
    """What became of a command."""
    record = given.record
    if given.repeated:
        yield f"this command was answered before, in record {record.index}; its id is spent: to ask again, use a new id"
    moved = record.moved
    way = f", {moved['from']} -> {moved['to']}" if moved["from"] != moved["to"] else ""
    yield f"{record.data['decision']}: {short(record.type_name)} on {record.day}, case {record.case}, record {record.index}{way}"
    yield from explain(record.findings, edition, type_name=record.type_name)


def history(records: Iterable[Record], registry: Registry, become: Mapping[int, str] | None = None) -> Iterator[str]:
    """Every record, and of each the findings that are open or waived.

    *become*, by version, what has become of it, where *records* are not all that there are.
    """
    records = list(records)
    become = marks(records) if become is None else become
    for record in records:
        moved = record.moved
        way = f"  {moved['from']} -> {moved['to']}" if moved["from"] != moved["to"] else ""
        actor, edition = record.data["actor"], record.edition
        past = ", attested: it lies before the case was taken over, and no rule was applied" * is_attested(record)
        asked = " (asked for)" * record.is_request
        yield f"{record.version:>4}  {record.day}  {short(record.type_name)}{asked}: {record.word}{past}{way}"
        yield from [f"      {become[record.version]}"] if record.version in become else []
        content = ", ".join(f"{k.replace('_', ' ')} {words(v)}" for k, v in record.data["payload"].items())
        yield from [f"      {content}"] if content else []
        yield f"      by {actor['person']} ({actor['identified']}), recorded {record.data['recorded_at']}, record {record.index}"
        yield f"      judged by {edition['program']}/{edition['name']} revision {edition['revision']}"
        installed = registry.edition(record.edition)
        why = explain(record.findings, installed[0] if installed else None, type_name=record.type_name)
        yield from (f"      {line}" for line in why)


def verification(found: Verification) -> Iterator[str]:
    """What was checked and what failed."""
    yield f"{found.records} records, {found.cases} cases"
    part = f"PART of a ledger of {found.in_ledger} records: whether the others are as they were cannot be told"
    yield from [part] if found.in_ledger is not None else []
    yield from [f"ledger {found.ledger}, newest record {found.end - 1}, leaf hash {found.head}"] if found.ledger else []
    yield from (f"FAIL {failure}" for failure in found.failures)
    yield from (f"FAIL file: {failure}" for failure in found.ledger_failures)
    if found.sound:
        yield "PASS bytes, hashes, order, versions, columns"
        yield "NOT ANCHORED: no checkpoint kept elsewhere was given, so a rewritten or shortened ledger would not show"


def trust(found: Trust) -> Iterator[str]:
    """Each level with its word and what it concerns, a line for every failure; the answer last."""
    for level in found.levels:
        failed = level.word == "FAIL"
        first, *more = ("", *level.told) if failed else (*level.told, "")[: max(len(level.told), 1)]
        yield f"{level.word:<12} {level.name}{': ' * bool(first)}{first}"
        yield from (f"FAIL {what}" if failed else f"{'':<12} {what}" for what in more)
    yield f"verify: {found.answer}"


def taken_over(found: TakenOver) -> Iterator[str]:
    """A case that began elsewhere: who attests what, and what was never checked here."""
    first = found.first
    stage, by = first.data["payload"].get("stage"), first.data["actor"]["person"]
    yield f"TAKEN OVER case {first.case}, into {stage} on {first.day} by {by} (record {first.index})"
    for record in found.attested:
        yield f"  attested by {record.data['actor']['person']}: {short(record.type_name)} on {record.day} (record {record.index})"
    for rule, records in found.not_checked.items():
        yield f"  not checked for what lies before: {rule} (record{'s' * (len(records) > 1)} {', '.join(map(str, records))})"


def coverage(rows: Sequence[Covered]) -> Iterator[str]:
    """Each statement on a line, and how many there are of each kind."""
    head = ("id", "force", "kind", "status", "what stands for it, or why nothing does")
    yield from table(head, ((r.id, r.force, r.kind, r.status, r.object or r.reason) for r in rows))
    for edition in dict.fromkeys(r.edition for r in rows):
        kinds = Counter(r.kind for r in rows if r.edition == edition)
        yield f"{edition}: {sum(kinds.values())} statements: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())


def diagram(edition: Edition) -> Iterator[str]:
    """Mermaid, then the same as a table; an act that moves nothing is drawn as an arrow back to its state."""
    yield from mermaid(edition)
    yield ""
    head = ("state", "act", "entered by", "next state")
    rows = moves(edition)
    yield from table(head, ((r["state"], short(r["act"]), " or ".join(r["by"]), r["to"] or "(stays)") for r in rows))
