"""What came after its day: approvals after what they approve, and entries long after they took effect."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from candidacy._excepted import APPROVED_AFTER, LATE
from candidacy._phrases import days_of, spoken
from candidacy._taken_over import is_attested

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._excepted import Excepted
    from candidacy._looking import Looking
    from candidacy.record import Record

APPROVED = "approved"
"""The last word of the name of an event that approves something: ``widgets.detail_approved.1``."""


def approved_after(looking: Looking) -> Iterator[Excepted]:
    """Signatures, second persons and approvals that came after the act or the beginning that they are for.

    On the same day they are in time.
    """
    for record in looking.entered:
        if record.is_act:
            for signed in sorted(d for d in _signed_on(record.data["payload"]) if d > record.day):
                late = (signed - record.day).days
                said = f"{looking.said(record)} rests on a document signed on {spoken(signed)}, {days_of(late)} later"
                yield looking.excepted(APPROVED_AFTER, record, said, (), late)
        if record.confirms in looking.versions and not is_attested(record) and looking.entered_on(record) > record.day:
            late = (looking.entered_on(record) - record.day).days
            said = f"{looking.said(record)} takes two people; the second entered it on {spoken(looking.entered_on(record))}"
            yield looking.excepted(APPROVED_AFTER, record, f"{said}, {days_of(late)} later", [looking.index(record.confirms)], late)
        begun = _begun(looking, record)
        if begun is not None and begun.day < record.day:
            late = (record.day - begun.day).days
            strand = begun.moved["strands"][-1]
            what = f"{strand['strand']} {strand['id']}, which had begun on {spoken(begun.day)}, {days_of(late)} earlier"
            yield looking.excepted(APPROVED_AFTER, record, f"{looking.said(record)} is about {what}", [begun.index], late)


def _signed_on(content: Any) -> Iterator[date]:
    """The days on which documents in a payload were signed."""
    if isinstance(content, dict):
        if isinstance(content.get("signed_on"), str) and "sha256" in content:
            with suppress(ValueError):  # of a type that is not installed nobody has read it
                yield date.fromisoformat(content["signed_on"])
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _signed_on(part)


def _begun(looking: Looking, record: Record) -> Record | None:
    """The record of the beginning of what an approval is about, where it names something that begins and ends by its kind."""
    if APPROVED not in record.type_name.split(".")[1].split("_"):
        return None
    named = {(kind, name) for kind, name in record.data["payload"].items() if isinstance(name, str)}
    found = [r for r in looking.entered if looking.back(r.version) is None and _opens(r) & named]
    return min(found, key=lambda r: (r.day, r.version), default=None)


def _opens(record: Record) -> set[tuple[str, str]]:
    return {(strand["strand"], strand["id"]) for strand in record.moved["strands"][-1:] if strand["is"] == "open"}


def entered_late(looking: Looking, late: int) -> Iterator[Excepted]:
    """What was entered more than *late* calendar days after its effective day; attested entries and corrections are not."""
    for record in looking.entered:
        days = (looking.entered_on(record) - record.day).days
        if days > late and not is_attested(record) and not record.corrects:
            form, on = "an act" if record.is_act else "a fact", spoken(looking.entered_on(record))
            said = f"{looking.said(record)}, {form}, was entered on {on}, {days_of(days)} later"
            yield looking.excepted(LATE, record, said, (), days)
