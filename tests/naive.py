"""Where a case stands, computed the slow way from the records of one case alone: plain loops over plain JSON, no engine.

Every question goes through all records anew. Nothing is remembered, nothing is folded, and of what a record says it moved only
two things are believed: the state that an act led to, and what a move to another edition set aside.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
DAY = timedelta(days=1)

FACT_VOIDED, VOIDED, AFFIRMED = "candidacy.fact_voided.1", "candidacy.decision_voided.1", "candidacy.decision_affirmed.1"
MOVED, WAIVER, OVERRIDE = "candidacy.edition_moved.1", "candidacy.waiver_granted.1", "candidacy.override_granted.1"
EXTENSION, SUSPENDED, RESUMED = "candidacy.extension_granted.1", "candidacy.suspended.1", "candidacy.resumed.1"
EXITS = ("candidacy.withdrawn.1", "candidacy.discontinued.1", "candidacy.removed.1")
JUDGEMENT, SELECTED, ENROLLED = "candidacy.judgement_given.1", "candidacy.candidate_selected.1", "candidacy.candidate_enrolled.1"
MAY_PASS = {*EXITS, RESUMED, JUDGEMENT, WAIVER, OVERRIDE, EXTENSION, MOVED, VOIDED, AFFIRMED}
"""What may be accepted while a case is suspended or something in it is unsettled."""
INTERVENING = {FACT_VOIDED, VOIDED, AFFIRMED, MOVED, WAIVER, OVERRIDE, EXTENSION, SUSPENDED, RESUMED, *EXITS}
STRANDS = (("detail", "gadgets.detail_begun.1", "gadgets.detail_over.1"), ("suspension", SUSPENDED, RESUMED))
"""What lasts, by the name of the field that names it, and the types that begin and end it."""


@dataclass(frozen=True)
class Naive:
    """What the records tell: as `Case` and `Status` have it."""

    standing: tuple[int, ...]
    state: str
    since: tuple[date, int]
    edition: str
    unsettled: tuple[int, ...]
    requests: tuple[int, ...]
    open_strands: tuple[tuple[str, str], ...]
    interventions: tuple[int, ...]


def day_of(record: Json) -> date:
    return date.fromisoformat(record["day"])


def version_of(record: Json) -> int:
    return int(record["version"])


def is_act(record: Json) -> bool:
    """Of each act it is asked whether the actor's role may enter it."""
    return any(f["rule"] == "candidacy.role" for f in record["findings"])


def is_request(record: Json) -> bool:
    return record.get("request", False) is True


def shown(record: Json) -> set[int]:
    """Versions that any finding of a record rests on."""
    return {v for f in record["findings"] for v in f.get("rests_on", ())}


def known_at(records: Iterable[Json], instant: str | None) -> list[Json]:
    """What was recorded until an instant (RFC 3339, UTC, six digits); the records are of one case, oldest first."""
    return [r for r in records if instant is None or r["recorded_at"] <= instant]


def taken_out(records: Iterable[Json]) -> dict[int, tuple[int, str]]:
    """Entries that were voided or corrected, on whatever day that is dated: by which version, and as what (fact or act)."""
    found: dict[int, tuple[int, str]] = {}
    for r in records:
        if r["decision"] == "accepted" and not is_request(r):
            if r["type"] in {FACT_VOIDED, VOIDED}:
                found[r["payload"]["entry"]] = (version_of(r), "fact" if r["type"] == FACT_VOIDED else "act")
            elif "corrects" in r:
                found[r["corrects"]] = (version_of(r), "fact")
    return found


def happened(records: Iterable[Json], as_of: date | None) -> list[Json]:
    """What was accepted, entered for good, and took effect until a day."""
    return [r for r in records if r["decision"] == "accepted" and not is_request(r) and (as_of is None or day_of(r) <= as_of)]


def standing(records: list[Json], as_of: date | None = None) -> list[Json]:
    """What counts on a day: not voided or corrected, and not set aside by a move that had happened by then."""
    out, there = taken_out(records), happened(records, as_of)
    aside = {v for r in there if r["type"] == MOVED for v in r["moved"].get("gone", ())}
    return [r for r in there if version_of(r) not in out and version_of(r) not in aside]


def moves(record: Json) -> bool:
    """Whether an act that stands put the case into its state."""
    if not is_act(record) or record["type"] == VOIDED:
        return False
    return record["type"] == MOVED or record["moved"]["to"] != record["moved"]["from"]


def mover(records: list[Json], as_of: date | None = None) -> Json | None:
    """The newest act that stands and moved the case."""
    return next((r for r in reversed(standing(records, as_of)) if moves(r)), None)


def unsettled(records: list[Json], as_of: date | None = None) -> tuple[int, ...]:
    """Acts that stand and rest on a fact that was taken out after the newest affirmation of the act that stands."""
    out, affirmed = taken_out(records), dict[int, int]()
    for r in standing(records):
        if r["type"] == AFFIRMED:
            affirmed[r["payload"]["entry"]] = version_of(r)
    wrong = {version: by for version, (by, kind) in out.items() if kind == "fact"}
    there = [r for r in standing(records, as_of) if is_act(r)] if wrong else []
    return tuple(
        version_of(r) for r in there if any(wrong.get(v, 0) > affirmed.get(version_of(r), 0) for v in shown(r) | asked(records, r))
    )


def asked(records: list[Json], record: Json) -> set[int]:
    """What the findings of the request were shown, where an act confirms one."""
    return {v for r in records if version_of(r) == record.get("confirms") for v in shown(r)}


def requests(records: list[Json], as_of: date | None = None) -> tuple[int, ...]:
    """Acts that one person asked for by a day, and that no other had entered by then."""
    out = taken_out(records)
    used = {r["confirms"] for r in happened(records, as_of) if "confirms" in r}
    return tuple(
        version_of(r)
        for r in records
        if r["decision"] == "accepted"
        and is_request(r)
        and (as_of is None or day_of(r) <= as_of)
        and version_of(r) not in {*out, *used}
    )


def open_strands(records: list[Json], as_of: date | None = None) -> tuple[tuple[str, str], ...]:
    """What has begun by a day and has no end by that day, in whatever order that was entered."""
    there, found = standing(records, as_of), set()
    for name, begins, ends in STRANDS:
        over = {r["payload"][name] for r in there if r["type"] == ends}
        found |= {(name, r["payload"][name]) for r in there if r["type"] == begins and r["payload"][name] not in over}
    return tuple(sorted(found))


def interventions(records: list[Json], as_of: date | None = None) -> tuple[int, ...]:
    """Departures from the rules, or from the record, that stand on a day."""
    return tuple(version_of(r) for r in standing(records, as_of) if "corrects" in r or r["type"] in INTERVENING)


def edition(records: list[Json], as_of: date | None = None) -> str:
    """The edition by whose rules the case goes on."""
    there = standing(records, as_of)
    to = [r["payload"]["to"] for r in there if r["type"] == MOVED]
    return f"{there[0]['edition']['program']}/{to[-1] if to else there[0]['edition']['name']}"


def naive(records: Iterable[Json], as_of: date | None = None, known: str | None = None) -> Naive | None:
    """Where a case stood on a day, as was known at an instant; None where it had not begun."""
    there = known_at(records, known)
    begun = next((r for r in there if r["decision"] == "accepted"), None)
    last = mover(there, as_of)
    if begun is None or last is None or (as_of is not None and as_of < day_of(begun)):
        return None
    entered = sorted(standing(there, as_of), key=lambda r: (r["day"], version_of(r)))
    return Naive(
        tuple(version_of(r) for r in entered),
        last["moved"]["to"],
        (day_of(last), version_of(last)),
        edition(there, as_of),
        unsettled(there, as_of),
        requests(there, as_of),
        open_strands(there, as_of),
        interventions(there, as_of),
    )


# --- what rests on what, and what may be taken out


def rests_on(records: list[Json], record: Json) -> set[int]:
    """What an act rests on: what its findings were shown, the act that made the stage, what it affirms."""
    before = mover(records[: version_of(record) - 1])
    affirmed = {record["payload"]["entry"]} if record["type"] == AFFIRMED else set()
    stage = {version_of(before)} if before and not affirmed else set()
    return shown(record) | asked(records, record) | stage | affirmed


def acts(records: list[Json]) -> dict[int, Json]:
    """The acts that stand, voidings apart, by version."""
    return {version_of(r): r for r in standing(records) if is_act(r) and r["type"] != VOIDED}


def may_be_voided(records: list[Json], version: int) -> bool:
    """Whether an act stands that no other rests on, that is no beginning and no move, and the newest if it is unsettled."""
    there, open_ones = acts(records), unsettled(records)
    if version in requests(records):
        return not any(version in rests_on(records, r) for r in there.values())
    if version not in there or there[version]["type"] in {MOVED, SELECTED}:
        return False
    if version in open_ones and version != open_ones[-1]:
        return False
    return not any(version in rests_on(records, r) for r in there.values())


# --- the rules of the gadgets


def later_by_months(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, monthrange(day.year + year, month + 1)[1]))


def days_of(there: list[Json], strand: tuple[str, str, str], until: date) -> tuple[set[date], set[date]]:
    """Calendar days of strands up to a day: of those that ended (the last day among them), and of those that have not."""
    name, begins, ends = strand
    ended, lasting = set[date](), set[date]()
    for strand_id in {r["payload"][name] for r in there if r["type"] == begins}:
        first = max(day_of(r) for r in there if r["type"] == begins and r["payload"][name] == strand_id)
        last = min((day_of(r) for r in there if r["type"] == ends and r["payload"][name] == strand_id), default=None)
        span = {first + n * DAY for n in range(((last or until) - first).days + 1)}
        if last is None:
            lasting |= span
        else:
            ended |= span
    return ended, lasting


def stopped(there: list[Json], since: date, until: date) -> int:
    """Days on which the case was suspended; the day of a resumption is none."""
    ids = {r["payload"]["suspension"] for r in there if r["type"] == SUSPENDED}
    found = set[date]()
    for one in ids:
        only = [r for r in there if r["type"] in {SUSPENDED, RESUMED} and r["payload"]["suspension"] == one]
        ended, lasting = days_of(only, STRANDS[1], until)
        over = min((day_of(r) for r in only if r["type"] == RESUMED), default=None)
        found |= (ended | lasting) - ({over} if over else set())
    return len({d for d in found if since <= d <= until})


def holds(before: list[Json], record: Json) -> dict[str, bool]:
    """Of each rule in front of an act of the gadgets whether it holds, by what was known and stood before the act, on its day."""
    on, there = day_of(record), standing(before)
    there = [r for r in there if day_of(r) <= on]
    there.sort(key=lambda r: (r["day"], version_of(r)))

    def of(kind: str) -> list[Json]:
        return [r for r in there if r["type"] == kind]

    if record["type"] == "candidacy.certification_requested.1":
        needed = {"2005": 10, "2006": 20}[record["edition"]["name"]]
        since = day_of(of(ENROLLED)[0]) if of(ENROLLED) else None
        found = {
            "gadgets.enough_hours": sum(r["payload"]["hours"] for r in of("gadgets.trained.1")) >= needed,
            "statute.thirty_days_elsewhere": len(days_of(there, STRANDS[0], on)[0]) >= 30,
            "gadgets.within_a_year": False,
            "gadgets.after_half_a_year": False,
        }
        if since is not None:
            longer = stopped(there, since, on) * DAY
            granted = [date.fromisoformat(r["payload"]["until"]) for r in of(EXTENSION) if r["payload"]["clock"] == "a-year"]
            found["gadgets.within_a_year"] = on <= max([later_by_months(since, 12) + longer, *granted])
            found["gadgets.after_half_a_year"] = on >= later_by_months(since, 6) + longer
        return found
    if record["type"] == "candidacy.candidate_graduated.1":
        answers = of(JUDGEMENT)
        return {"gadgets.is_fit": bool(answers and answers[-1]["payload"]["answer"])}
    if record["type"] == "candidacy.candidate_certified.1":
        return {"gadgets.desk_is_known": bool(of("gadgets.desk_recorded.1"))}
    return {}


def letting_off(before: list[Json], record: Json, rule: str) -> set[int]:
    """Waivers and overrides that let an act off a rule: accepted, standing, in effect on its day, of the rule, and not spent."""
    on, there, found = day_of(record), standing(before), set()
    for r in there:
        said = r["payload"]
        if r["type"] not in {WAIVER, OVERRIDE} or not (day_of(r) <= on <= date.fromisoformat(said["until"])):
            continue
        if r["type"] == WAIVER and said["rule"] == rule and said.get("act") in {None, record["type"]}:
            found.add(version_of(r))
        spent = any(other["type"] == record["type"] and version_of(other) > version_of(r) for other in there)
        if r["type"] == OVERRIDE and rule in said["rules"] and said["act"] == record["type"] and not spent:
            found.add(version_of(r))
    return found
