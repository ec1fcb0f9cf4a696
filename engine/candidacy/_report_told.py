"""One case as its records tell it, ready to be shown: people, what each record said and moved, and the way the case took.

Records may have been forged: what cannot be put into words is shown as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from candidacy._interventions import marks
from candidacy._phrases import named, plain
from candidacy._picture import Drawing, Step
from candidacy._status import Status, statuses
from candidacy._taken_over import is_attested
from candidacy._words import Reason, reasons, words
from candidacy.case import NOT_BEGUN
from candidacy.check import Outcome
from candidacy.decision import Finding
from candidacy.errors import CandidacyError
from candidacy.events import RoleEnded, RoleGiven

if TYPE_CHECKING:
    from candidacy.decision import Json
    from candidacy.program import Edition
    from candidacy.record import Record
    from candidacy.registry import Registry

T = TypeVar("T")
FORGED = (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError, CandidacyError)
"""What wording raises at content that no command could have had."""
AS_IT_STANDS = 2_000
"""Characters of content that is shown as it stands."""


@attrs.frozen
class Holding:
    """A person in a role. *until*: the day on which it ended; None while it has not."""

    person: str
    role: str
    since: date
    record: int
    capacity: str = ""
    until: date | None = None


@attrs.frozen
class TellingOf:
    """A case: its records, oldest first, and what is asked of them more than once."""

    records: list[Record]
    registry: Registry
    zone: tzinfo

    @property
    def case(self) -> str:
        """Its id."""
        return self.records[0].case

    @property
    def page(self) -> str:
        """The name of its page: never made of what was entered."""
        return f"cases/{self.records[0].index}.html"

    def status(self) -> Status | None:
        """Where it stands; None where its records do not tell."""
        return safely(lambda: next(statuses(self.records)), None)

    def become(self) -> Mapping[int, str]:
        """By version, what a record is to another one, and what has become of it."""
        return safely(lambda: marks(self.records), {})

    def edition_of(self, record: Record) -> Edition | None:
        """The edition that a record names, as far as it is installed."""
        found = self.registry.edition(record.edition)
        return found[0] if found else None

    def recorded(self, record: Record) -> datetime:
        """When it was entered, in the ledger's time zone."""
        return record.recorded_at.astimezone(self.zone)

    def steps(self) -> list[tuple[Record, Step]]:
        """The moves from one stage to another, as they were made."""
        made = ((r, (r.moved["from"], r.type_name, r.moved["to"])) for r in self.records if r.accepted)
        return [(r, step) for r, step in made if step[0] != step[2]]

    def drawing(self) -> Drawing | None:
        """The lifecycle with the way it took; None where the edition is not installed."""
        steps, accepted = self.steps(), [r for r in self.records if r.accepted]
        edition = self.edition_of(accepted[-1]) if accepted else None
        if edition is None:
            return None
        reached = {step[2]: f"since {record.day}" for record, step in steps}
        now = steps[-1][1][2] if steps else ""
        notes = {state: said if state == now else said.replace("since", "on") for state, said in reached.items()}
        return Drawing(edition, [step for _, step in steps], now, notes)

    def people(self) -> list[Holding]:
        """Who held which role since when, in the order in which that was recorded."""
        return safely(lambda: list(_holdings(self.records)), [])


def _holdings(records: list[Record]) -> Iterator[Holding]:
    gone = {version for r in records if r.accepted for version in r.gone}
    kept = [r for r in records if r.accepted and r.version not in gone]
    ended = {(r.data["payload"]["person"], r.data["payload"]["role"], r.day) for r in kept if r.type_name == RoleEnded.type_name}
    for r in kept:
        said = r.data["payload"]
        given = [said] if r.type_name == RoleGiven.type_name else []
        if r.moved["from"] == NOT_BEGUN:
            given += list(said.get("roles", ()))
        for one in given:
            person, role = str(one["person"]), str(one["role"])
            until = min((day for p, e, day in ended if (p, e) == (person, role) and day >= r.day), default=None)
            capacity = str(one.get("capacity", "own"))
            place = f" in place of {one['in_place_of']}" if one.get("in_place_of") else ""
            yield Holding(person, role, r.day, r.index, "" if capacity == "own" else capacity + place, until)


def safely(make: Callable[[], T], instead: T) -> T:
    """What *make* gives; *instead*, where content that no command could have had is in its way."""
    try:
        return make()
    except FORGED:
        return instead


def content(record: Record) -> Iterator[tuple[str, str]]:
    """The fields of what was entered, in words."""
    for name, value in record.data["payload"].items():
        yield plain(name), in_words(value)


def in_words(value: Any) -> str:
    """A value in words, or as it stands."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return "; ".join(in_words(one) for one in value)
    said = safely(lambda: words(value), None)
    return str(said) if said is not None else as_it_stands(value)


def as_it_stands(value: Any) -> str:
    """A value as it stands in the record, cut where it is very long."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= AS_IT_STANDS else f"{text[:AS_IT_STANDS]} … ({len(text):,} characters; the export has all of it)"


def told(findings: Iterable[Json], edition: Edition | None, type_name: str = "") -> list[Reason]:
    """Findings in words, what refuses first; one that cannot be put into words as it stands."""
    found = list(findings)
    said = safely(lambda: list(reasons(map(Finding.from_data, found), edition, all_of_them=True, type_name=type_name)), None)
    return said if said is not None else [_raw(one) for one in found]


def _raw(finding: Json) -> Reason:
    return Reason(
        str(finding["rule"]), Outcome(finding["outcome"]), "advises" not in finding, str(finding["rule"]), as_it_stands(finding)
    )


def moved(record: Record) -> list[str]:
    """What a record moved: the stage, and what it began and ended."""
    way = record.moved
    said = [f"{way['from']} → {way['to']}"] if way["from"] != way["to"] else []
    return said + [f"{strand['strand']} {strand['id']}: {strand['is']}" for strand in way["strands"]]


def kind(record: Record) -> str:
    """Whether it is a fact, an act, or only a request for one."""
    return (
        "request for an act"
        if record.is_request
        else "act"
        if record.is_act
        else "fact, attested"
        if is_attested(record)
        else "fact"
    )


def name(record: Record) -> str:
    """What was entered, in words."""
    return str(safely(lambda: named(record.type_name), record.type_name))
