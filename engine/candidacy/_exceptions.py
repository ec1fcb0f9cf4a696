"""What an inspector asks of a ledger: what stands out, case by case, read from the records.

Nothing here says that something was wrong: each of these may be in order, and each is worth a look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import tzinfo

from candidacy._excepted import KINDS, NO_NOTE, RESTS_ON_WRONG, TAKEN_OVER, Excepted, Unlisted
from candidacy._interventions import ASKED_FOR, Intervention, interventions
from candidacy._looking import LET_OFF, Looking, how_gone
from candidacy._phrases import spoken
from candidacy._taken_over import TakingOver
from candidacy._untimely import approved_after, entered_late
from candidacy.errors import DamagedRecordError, InputError, Problem
from candidacy.events import CaseTakenOver, JudgementGiven
from candidacy.ledger import Ledger
from candidacy.record import Record
from candidacy.registry import Registry, discover
from candidacy.standard import JudgementNoted
from candidacy.strict import shown


def exceptions(  # noqa: PLR0913 (what may be asked)
    ledger: Ledger,
    registry: Registry | None = None,
    *,
    late: int = 0,
    kinds: Collection[str] | None = None,
    case: str | None = None,
    left_out: Callable[[Unlisted], object] | None = None,
) -> Iterator[Excepted]:
    """Everything in *ledger* that stands out, one case after the other, in order of record and kind.

    Args:
        registry: the programs; those of the installed plugins by default.
        late: calendar days after its effective day within which an entry is not late; no authority sets a number.
        kinds: only these, of `KINDS`; all by default.
        case: only of this case.
        left_out: is told of each case of which not everything can be told.

    Raises:
        InputError: a kind that is none, days below 0, a case that is not there.
        DamagedRecordError: a record cannot be read; where only its content is not what its type says, *left_out* is told instead.
    """
    unknown = sorted(set(kinds or ()) - set(KINDS))
    problems = [Problem("kinds", f"the kind {shown(kind)}", f"one of {', '.join(KINDS)}") for kind in unknown]
    problems += [Problem("late", str(late), "a number of calendar days from 0 on")] * (late < 0)
    records = None if case is None else ledger.of_case(case)
    if records == []:
        problems.append(Problem("case", f"the case {shown(str(case))}", "a case in this ledger; `candidacy status` lists them"))
    if problems:
        raise InputError(problems)
    asked = registry if registry is not None else discover()
    chosen = frozenset(KINDS if kinds is None else kinds)
    return _of_all(ledger.by_case() if records is None else [records], ledger, asked, late, chosen, left_out)


def _of_all(  # noqa: PLR0913, PLR0917 (what was asked)
    cases: Iterable[list[Record]],
    ledger: Ledger,
    registry: Registry,
    late: int,
    kinds: frozenset[str],
    left_out: Callable[[Unlisted], object] | None,
) -> Iterator[Excepted]:
    for records in cases:
        yield from exceptions_in(records, registry, ledger.zone, late=late, kinds=kinds, left_out=left_out)


def exceptions_in(  # noqa: PLR0913 (what may be asked)
    records: list[Record],
    registry: Registry,
    zone: tzinfo,
    *,
    late: int = 0,
    kinds: frozenset[str] = frozenset(KINDS),
    left_out: Callable[[Unlisted], object] | None = None,
) -> list[Excepted]:
    """What stands out in the records of one case, oldest first; see `exceptions`."""
    try:
        looking = Looking.at(records, registry, zone)
    except DamagedRecordError as damaged:
        if left_out is None:
            raise
        left_out(Unlisted(records[0].case, f"record {damaged.index}: {damaged.what}; nothing is told of the case"))
        return []
    found = [one for one in _of_case(looking, late) if one.kind in kinds]
    if left_out is not None:
        for why in looking.untold(kinds):
            left_out(Unlisted(records[0].case, why))
    return sorted(found, key=lambda one: (one.record, KINDS.index(one.kind), one.records))


def _of_case(looking: Looking, late: int) -> Iterator[Excepted]:
    yield from _resting_on_wrong(looking)
    yield from _departing(looking)
    yield from approved_after(looking)
    yield from entered_late(looking, late)
    yield from looking.deciding_twice()
    yield from _taken_over(looking)
    yield from _without_note(looking)


# --- acts that rest on what was wrong


def _resting_on_wrong(looking: Looking) -> Iterator[Excepted]:
    """Accepted acts that were shown a fact which was corrected or voided afterwards, while they stood."""
    for version, act in sorted(looking.acts.items()):
        wrong = sorted(
            v
            for v in act.rests_on
            if v in looking.wrong and v in looking.versions and not looking.gone_before(version, looking.wrong[v])
        )
        if not wrong:
            continue
        record = looking.versions[version]
        facts = ", ".join(f"record {looking.index(v)} ({_how(looking, v)})" for v in wrong)
        said = f"{looking.said(record)} rests on {facts}; {_since(looking, version)}"
        behind = {looking.index(v) for v in wrong} | {looking.index(looking.wrong[v]) for v in wrong}
        yield looking.excepted(RESTS_ON_WRONG, record, said, behind | looking.settled_by(version))


def _how(looking: Looking, version: int) -> str:
    by = looking.versions[looking.wrong[version]]
    return f"{'corrected' if by.corrects else 'voided'} by record {by.index}"


def _since(looking: Looking, version: int) -> str:
    """What has become of an act that rests on what was wrong."""
    back = looking.back(version)
    if back is not None:
        return f"it was {how_gone(back)} by {back.data['actor']['person']} in record {back.index}"
    if version in looking.case.unsettled:
        return "nobody has affirmed it or taken it back since"
    affirmed = looking.versions[max(looking.affirming(version))]
    return f"it was affirmed by {affirmed.data['actor']['person']} in record {affirmed.index}"


# --- waivers, overrides, corrections and the like

SAID = {
    "move to another edition": "The case was moved to edition {}",
    "suspension": "Suspension {} began",
    "resumption": "Suspension {} ended",
}
SAID_OF_RECORDS = {
    "fact corrected": "What {} says was corrected",
    "fact voided": "What {} says was voided",
    "decision voided": "The act of {} was taken back",
    "decision affirmed": "The act of {} was affirmed",
}
"""How it is said, of what has more to say than its kind."""


def _departing(looking: Looking) -> Iterator[Excepted]:
    for one in interventions(looking.records):
        if one.kind == ASKED_FOR:
            continue
        record, used = looking.versions[one.version], looking.let_off_by(one)
        yield looking.excepted(one.kind, record, _departure(looking, one, used), used | looking.named_in(record))


def _departure(looking: Looking, one: Intervention, used: Iterable[int]) -> str:
    about = [_record(looking, v) for v in one.about] if one.kind in SAID_OF_RECORDS else list(one.about)
    what = {**SAID, **SAID_OF_RECORDS}.get(one.kind, f"{one.kind.capitalize()}{' of {}' * bool(about)}").format(", ".join(about))
    said = f"{what} from {spoken(one.day)} until {spoken(one.until)}" if one.until else f"{what} on {spoken(one.day)}"
    said += f", because of {one.reason}" if one.reason else ""
    if one.kind not in LET_OFF:
        return said
    used = sorted(used)
    return f"{said}; {f'it let off in {_records(used)}' if used else 'it has let off nothing'}"


def _record(looking: Looking, version: str) -> str:
    found = looking.versions.get(int(version))
    return f"record {found.index}" if found else f"version {version}"


def _records(indexes: list[int]) -> str:
    return f"record{'s' * (len(indexes) > 1)} {', '.join(map(str, indexes))}"


# --- cases taken over, judgements


def _taken_over(looking: Looking) -> Iterator[Excepted]:
    taking = TakingOver()
    for record in looking.records:
        taking.see(record)
    for found in taking.found():
        event = looking.events[found.first.version]
        stage = f" into {event.stage}" if isinstance(event, CaseTakenOver) else ""
        attested, unchecked = _many(len(found.attested), "record"), _many(len(found.not_checked), "requirement")
        counts = f"{attested} attested and not judged, {unchecked} not checked for what lies before"
        said = f"The case was taken over{stage} on {spoken(found.first.day)}: {counts}"
        yield looking.excepted(TAKEN_OVER, found.first, said, {r.index for r in found.attested})


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _without_note(looking: Looking) -> Iterator[Excepted]:
    """Judgements that stand and of which no note on record stands."""
    standing = [(r, looking.events[r.version]) for r in looking.entered if looking.back(r.version) is None]
    noted = {event.entry for _, event in standing if isinstance(event, JudgementNoted)}
    for record, event in standing:
        if isinstance(event, JudgementGiven) and record.version not in noted:
            about = f" about {event.about}" if event.about else ""
            answered = f"was answered {'yes' if event.answer else 'no'} on {spoken(record.day)}"
            yield looking.excepted(
                NO_NOTE, record, f"The question {event.question}{about} {answered}, and no note is on record", ()
            )
