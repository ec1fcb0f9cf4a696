"""What is due as a calendar file (RFC 5545): a query like the others, written down; nothing is armed and nothing is kept.

**UID.** The digest of the ledger's id, the case, the kind of entry, the rule and the name of the thing (`Due.name`), never of
a day: an entry keeps its UID while its day moves, in calendars made on other days and after further records.

**SEQUENCE.** The number of records the case has in the ledger plus the calendar days from its beginning to the day the calendar
is made for. A ledger only grows and days only pass: the number never falls from one calendar to a later one, and rises with
every further record of the case and with every further day, so that an entry that moved always has a higher one. Nothing is
stored to tell it. It may rise where nothing moved, which RFC 5545 allows.

**What is gone.** Where the calendar made before is given, its entries that are no longer there are cancelled, each with the next
SEQUENCE: whoever subscribed to the file no longer sees them.

**DTSTAMP.** The later of the instant at which the case's newest record was entered and the beginning, in UTC, of the day the
calendar is made for: the same question about the same records gives the same bytes.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import attrs

from candidacy import _phrases as say
from candidacy._due import LeftOut, ahead
from candidacy.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from candidacy._due import Ahead, Due, Stated
    from candidacy.keeping import Keeper

PRODUCT = "-//Candidacy//What is due//EN"
QUESTION = "X-CANDIDACY-QUESTION"
"""The property of a calendar that tells of which ledger, case, program and role it is; a digest."""
NOTHING = "nothing of it has a day, since it cannot go on as things stand; `candidacy path` tells why"
DEADLINE, STEP, GOAL = "stated", "planned", "goal"


@attrs.frozen
class _Entry:
    """An entry of the calendar: what it is (never its day), and what it says."""

    key: tuple[str, ...]
    day: date
    summary: str
    said: tuple[str, ...]
    categories: tuple[str, ...]
    firm: bool


def calendar(  # noqa: PLR0913 (the question, and what narrows it)
    engine: Keeper,
    *,
    as_of: date,
    role: str | None = None,
    case: str | None = None,
    program: str | None = None,
    left_out: Callable[[LeftOut], None] | None = None,
    before: bytes | None = None,
) -> bytes:
    """The bytes of an iCalendar file (RFC 5545) of all-day entries.

    One for each day an authority states, for each planned step, and for the earliest day of the goal of each open case.
    Stated days are confirmed; planned steps, goals, and stated days that move with the plan are tentative. It names no
    person but by opaque id. The same question about the same records gives the same bytes; made again later, entries
    keep their UID.

    Args:
        engine: on the ledger that holds the cases.
        as_of: the day from which the plans run.
        role: only what this role does; the goal, where its act is that role's.
        case, program: only this one.
        left_out: as in `due`; is also told of each case without an entry because it cannot go on.
        before: the calendar made before for the same question, whose entries that are gone are cancelled.

    Raises:
        InputError: as in `due`; *before* is of another question; or the library that writes calendars is not installed.
    """
    try:
        from icalendar import Calendar, Event
    except ModuleNotFoundError:
        needed = "icalendar: install candidacy[calendar]"
        raise InputError([Problem("calendar", "no library that writes calendars", needed)]) from None
    made: Any = Calendar()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("method", "PUBLISH")
    made.add(QUESTION, _uid(engine.ledger.id, case or "", program or "", role or ""))
    gone = {str(event["uid"]): event for event in _made_before(before, made[QUESTION])}
    midnight = datetime.combine(as_of, time(), UTC)
    for one in ahead(engine, as_of=as_of, role=role, case=case, program=program, left_out=left_out):
        began = one.case.began or as_of
        entries = sorted(_entries(one), key=lambda e: e.day)
        if left_out is not None and not entries and one.rows:
            left_out(LeftOut(one.case.id, NOTHING))
        for entry in entries:
            event: Any = Event()
            event.add("uid", _uid(engine.ledger.id, one.case.id, *entry.key))
            event.add("sequence", one.newest.version + (as_of - began).days)
            event.add("dtstamp", max(midnight, one.newest.recorded_at.replace(microsecond=0)))
            event.add("dtstart", entry.day)
            event.add("summary", f"{one.case.id}: {entry.summary}")
            event.add("description", "\n".join(entry.said))
            event.add("categories", [one.edition.program, *entry.categories])
            event.add("status", "CONFIRMED" if entry.firm else "TENTATIVE")
            event.add("transp", "TRANSPARENT")
            made.add_component(event)
            gone.pop(str(event["uid"]), None)
    for event in gone.values():
        made.add_component(_cancelled(event, midnight))
    if not made.subcomponents:
        made.add_component(_utc())
    written: bytes = made.to_ical()
    return written


def _made_before(before: bytes | None, question: str) -> list[Any]:
    """The entries of a calendar that was made before for the same question."""
    from icalendar import Calendar

    if before is None:
        return []
    try:
        calendar: Any = Calendar.from_ical(before)
    except ValueError:
        calendar = {}
    if calendar.get(QUESTION) != question:
        found = "a calendar of another ledger, case, program or role" if QUESTION in calendar else "no calendar of what is due"
        raise InputError([Problem("before", found, "one made before for the same ledger, case, program and role")])
    return list(calendar.walk("VEVENT"))


def _cancelled(event: Any, at: datetime) -> Any:
    """An entry that is no longer there; one that was cancelled already stays as it is."""
    if event["status"] == "CANCELLED":
        return event
    sequence, stamp = int(event["sequence"]) + 1, max(at, event.decoded("dtstamp"))
    for name, value in {"status": "CANCELLED", "sequence": sequence, "dtstamp": stamp}.items():
        del event[name]
        event.add(name, value)
    return event


def _uid(*key: str) -> str:
    return f"{sha256(json.dumps(key).encode()).hexdigest()[:40]}@candidacy"


def _utc() -> Any:
    """A definition of UTC: a calendar without entries has to hold something (RFC 5545, section 3.6)."""
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 (local time is what the format wants here)
    standard.add("tzoffsetfrom", datetime(1970, 1, 1, tzinfo=UTC).utcoffset())
    standard.add("tzoffsetto", datetime(1970, 1, 1, tzinfo=UTC).utcoffset())
    zone.add_component(standard)
    return zone


# --- what the entries say


def _entries(one: Ahead) -> Iterator[_Entry]:
    told = set[tuple[str, str, date]]()
    for row in one.rows:
        for stated in row.stated:
            same = (stated.rule, row.what, stated.day)
            if stated.own and same not in told:
                told.add(same)
                yield _deadline(row, stated)
        held = any(s.own and s.scheduled and s.day == row.first for s in row.stated)
        if row.step is not None and row.first is not None and not held:
            yield _step(one, row, row.first)
    if one.path.day is not None and one.rows and one.rows[-1].step == one.path.plan[-1]:
        yield _goal(one, one.path.day)


def _deadline(row: Due, stated: Stated) -> _Entry:
    kind = "on this day" if stated.scheduled else "last day" if stated.binding else "last day, not binding"
    settled = "The day is exact: an authority states it."
    moves = settled if stated.firm else "The day is not settled: it moves with the steps planned before it."
    late = [f"It can only be done {say.days_of(row.days_late)} later."] if row.days_late else []
    said = (stated.requirement, f"[{stated.citation}]", _who(row), moves, *late)
    key = (DEADLINE, "held" if stated.scheduled else "last day", stated.rule, row.name)
    return _Entry(key, stated.day, f"{kind}: {row.what}{_by(row)}", said, ("due",), stated.firm)


def _step(one: Ahead, row: Due, day: date) -> _Entry:
    cited = [f"[{row.citation}]"] if row.citation else []
    due = [_due(s) for s in row.stated]
    said = (row.requirement, *cited, _who(row), *_certainty(one, row), *due)
    rule = row.rule if cited else ""  # what only the order of steps asks for is the same step whoever asks
    late = row.step is not None and row.step.day != day
    kind = f"to be recorded, as of {say.spoken(row.step.day)}" if row.step and late else "possible from this day"
    return _Entry((STEP, rule, row.name), day, f"{kind}: {row.what}{_by(row)}", said, ("planned",), firm=False)


def _due(stated: Stated) -> str:
    what = "" if stated.own else f", for {say.named(stated.before)} by {say.spoken(stated.day)}"
    return f"Due on {say.spoken(stated.keeps)}{what}{'' if stated.binding else ', not binding'} [{stated.citation}]"


def _goal(one: Ahead, day: date) -> _Entry:
    last = one.rows[-1]
    critical = next((r for r in one.edition.rules if r.id == one.path.critical), None)
    longest = [f"What takes longest: {critical.requirement}", f"[{critical.citation}]"] if critical else []
    said = (*longest, _who(last), *_certainty(one, last))
    return _Entry((GOAL, one.path.to), day, f"earliest day: {one.path.to}", said, ("goal",), firm=False)


def _by(row: Due) -> str:
    return f" ({row.role})" if row.role else ""


def _who(row: Due) -> str:
    return f"Who must act: {say.who(row.role, row.people)}"


def _certainty(one: Ahead, row: Due) -> Iterator[str]:
    """How certain a first possible day is, and who has to decide at once for it to hold."""
    plan = one.path.plan
    until = plan.index(row.step) + 1 if row.step in plan else 0
    each = say.if_each(dict.fromkeys(step.by for step in plan[:until] if step.decides))
    yield from [f"It holds {each}."] if each else []
    yield from say.certainty(row.depends)
