"""One case judged again, record by record, each by the edition it names; the answers compared as data.

A case is judged on its own records alone. So the work can be split by case in whatever way.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from candidacy._interventions import Intervention, interventions
from candidacy._taken_over import TakenOver, TakingOver
from candidacy.case import Case
from candidacy.deciding import decide
from candidacy.decision import Actor, Command, Decision, Json
from candidacy.door import at_the_door
from candidacy.errors import CandidacyError, DamagedRecordError, Problem
from candidacy.events import Beginning, Id
from candidacy.folding import after
from candidacy.form import written
from candidacy.interventions import EditionMoved
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.registry import Registry
from candidacy.strict import shown
from candidacy.structure import TEXT

NAMED = ("code", "declared", "name", "program", "revision")


@attrs.frozen
class Divergence:
    """A record that would be answered otherwise now.

    Attributes:
        edition: the one that it was judged by again; its revision may be another one.
        recorded, judged: decision, findings and moves, then and now, of the findings that differ.
        changed: what is not the same as then: ``revision``, ``declared``, ``code``.
    """

    index: int
    case: str
    type_name: str
    recorded: Json
    judged: Json
    changed: tuple[str, ...]
    edition: str = ""
    answer: str = ""
    """SHA-256 of the canonical bytes of the whole answer now."""

    @property
    def decided_otherwise(self) -> bool:
        """Whether the decision itself is another one, or none; where not, only what was found or moved is."""
        return bool(self.recorded["decision"] != self.judged.get("decision"))

    def as_data(self) -> Json:
        """As plain values."""
        data = attrs.asdict(self, recurse=False)
        return {**data, "type": data.pop("type_name"), "changed": list(self.changed)}


@attrs.frozen
class Untold:
    """A record that cannot be judged again, and why."""

    index: int
    why: str


@attrs.frozen(order=True)
class JudgedBy:
    """An edition that records name, and whether what is installed is the same.

    Attributes:
        declared, code: the two digests that the records name.
        changed: what is not the same now: ``revision``, ``declared``, ``code``, or ``edition`` where it is not installed.
    """

    edition: str
    revision: int
    declared: str
    code: str
    changed: tuple[str, ...] = ()


@attrs.define
class Judged:
    """What judging some cases again gave. Two of them can be put together, in any order."""

    identical: int = 0
    divergent: list[Divergence] = attrs.field(factory=list)
    untold: list[Untold] = attrs.field(factory=list)
    notes: dict[str, int] = attrs.field(factory=dict)
    """Each with the index of the first record that it is about."""
    counts: Counter[tuple[str, str, str]] = attrs.field(factory=Counter)
    """How many records by month, program and kind: ``facts``, ``accepted`` and ``refused``."""
    editions: Counter[JudgedBy] = attrs.field(factory=Counter)
    taken_over: list[TakenOver] = attrs.field(factory=list)
    interventions: list[Intervention] = attrs.field(factory=list)

    def add(self, other: "Judged") -> None:
        """What *other* holds, too."""
        self.identical += other.identical
        for mine, more in (
            (self.divergent, other.divergent), (self.untold, other.untold),
            (self.taken_over, other.taken_over), (self.interventions, other.interventions),
        ):  # fmt: skip
            mine.extend(more)  # type: ignore[arg-type]
        for note, index in other.notes.items():
            self.notes[note] = min(index, self.notes.get(note, index))
        self.counts.update(other.counts)
        self.editions.update(other.editions)


def judged(registry: Registry, zone: str, cases: Iterable[list[bytes]]) -> Judged:
    """Judge the records of *cases* again: of each case the bytes of its records, oldest first, which have been verified.

    A function of a module, so that other processes know it.
    """
    judging = Judging(registry, ZoneInfo(zone))
    with redirect_stdout(sys.stderr):  # what a rule prints is no part of an answer
        for raws in cases:
            judging.case(list(_chained(raws)))
    return judging.found


def _chained(raws: list[bytes]) -> Iterator[Record]:
    """The records, each of which names the leaf of the one before it."""
    previous = ""
    for raw in raws:
        record = Record.verified(raw)
        if record.data["previous"] != previous:
            raise DamagedRecordError(record.index, "it does not name the record before it in its case")
        previous = record.leaf.hex()
        yield record


class Judging:
    """Cases judged again one after the other, and what was found."""

    def __init__(self, registry: Registry, zone: ZoneInfo) -> None:
        """Nothing judged yet."""
        self.registry, self.zone, self.found = registry, zone, Judged()
        self._editions = lru_cache(256)(self._edition)

    def case(self, records: list[Record]) -> None:
        """One whole case."""
        case: Case | None = None
        for record in records:
            case = self._record(record, case)
        taking_over = TakingOver()
        for record in records:
            taking_over.see(record)
        self.found.taken_over.extend(taking_over.found())
        self.found.interventions.extend(interventions(records))

    def _record(self, record: Record, case: Case | None) -> Case | None:
        """The case after one more record."""
        found, named, on = self.found, record.data["edition"], record.recorded_at.astimezone(self.zone).date()
        kind = "facts" if not record.is_act else record.word
        found.counts[on.isoformat()[:7], named["program"], kind] += 1
        edition, by, notes = self._editions(*(named[part] for part in NAMED))
        found.editions[by] += 1
        for note in notes:
            found.notes.setdefault(note, record.index)
        if edition is None:
            found.untold.append(Untold(record.index, f"the edition {named['program']}/{named['name']} is not installed"))
            return case
        case = case or edition.case(record.case)
        if case.parameters is not edition.values:
            case = attrs.evolve(case, parameters=edition.values)
        try:
            event = self.registry.codec.read_event(record.type_name, record.data["payload"])
            now = self._answer(record, edition, case, event, on)
            case = after(case, record, lambda _: event)
        except CandidacyError as wrong:
            now = {"problems": [str(wrong)]}
        self._compare(record, now, edition, by)
        return case

    def _compare(self, record: Record, now: Json, edition: Edition, by: JudgedBy) -> None:
        then: Json = {k: record.data[k] for k in ("decision", "findings", "moved")}
        if now == then and written(now) == written(then):  # as bytes, too, in which true is not 1
            self.found.identical += 1
            return
        recorded, otherwise = _differing(then, now)
        answer = sha256(written(now)).hexdigest()
        now_by = f"{edition.id} r{edition.revision}"
        self.found.divergent.append(
            Divergence(record.index, record.case, record.type_name, recorded, otherwise, by.changed, now_by, answer)
        )

    def _answer(self, record: Record, edition: Edition, case: Case, event: Any, on: date) -> Json:
        actor, how = Actor(**record.data["actor"]), record.how
        command = Command(
            record.command, record.case, event, record.day, actor,
            corrects=how.corrects or None, request=how.request, confirms=how.confirms or None,
        )  # fmt: skip
        if wrong := self._another(record, edition, case, event):
            return {"problems": wrong}
        problems = [*_other_ids(record), *at_the_door(edition, case, command, on)]
        if problems:
            return {"problems": [str(p) for p in problems]}
        decision: Decision = decide(edition, case, event, command.day, actor, how)
        return {"decision": decision.word, "findings": [f.as_data() for f in decision.findings], "moved": decision.moved}

    def _another(self, record: Record, edition: Edition, case: Case, event: Any) -> list[str]:
        """Why the record would not have been judged by the edition it names, or not on what it says it was made for."""
        program, found = self.registry.programs[edition.program], list[str]()
        if isinstance(event, EditionMoved):
            found += [f"it moves the case to {event.to}, and was judged by {edition.id}"] * (event.to != edition.name)
        elif case.began is not None:
            found += [f"it was judged by {edition.id}, and the case was under {case.edition}"] * (case.edition != edition.id)
        elif isinstance(event, Beginning):
            pinned = program.announcements.get(event.announcement)
            wrong = event.program != program.name or pinned != edition.name
            found += [f"it begins under {event.announcement}, and was judged by {edition.id}"] * wrong
        expects = record.data.get("expects", record.version - 1)
        found += [f"it was made for version {expects}, and is version {record.version}"] * (expects != record.version - 1)
        return found

    def _edition(
        self, code: str, declared: str, name: str, program: str, revision: int
    ) -> tuple[Edition | None, JudgedBy, tuple[str, ...]]:
        """The edition that judges what names these, what is not the same as then, and what is to be said of it."""
        named: Mapping[str, Any] = {"program": program, "name": name, "revision": revision}
        by = JudgedBy(f"{program}/{name}", revision, declared, code)
        found = self.registry.edition(named)
        if found is None:
            return None, attrs.evolve(by, changed=("edition",)), ()
        edition, exact = found
        changed = dict(self._changed(edition, by, exact=exact))
        return edition, attrs.evolve(by, changed=tuple(changed)), tuple(changed.values())

    def _changed(self, edition: Edition, by: JudgedBy, *, exact: bool) -> Iterator[tuple[str, str]]:
        if not exact:
            yield "revision", f"{edition.id} r{by.revision} is not shipped; judged by r{edition.revision}"
        elif edition.declared != by.declared:
            yield "declared", f"{edition.id} r{edition.revision}: its declared data is not what the records name"
        if self.registry.code(edition) != by.code:
            yield "code", f"{edition.id} r{edition.revision}: the code is not what the records name"


def _other_ids(record: Record) -> Iterator[Problem]:
    """Ids that no command could have had."""
    actor = record.data["actor"]
    ids = {"id": record.command, "case": record.case, **{f"actor.{k}": v for k, v in actor.items() if k != "identified"}}
    for path, text in ids.items():
        if not TEXT[Id].fullmatch(text):
            yield Problem(path, shown(text), "an id")


def _differing(then: Json, now: Json) -> tuple[Json, Json]:
    """Both answers, of the findings only those that are not the same on both sides."""
    if "problems" in now:
        return {"decision": then["decision"]}, now
    theirs, ours = ({written(f) for f in side["findings"]} for side in (then, now))
    same = theirs & ours
    return tuple(  # type: ignore[return-value]
        {"decision": a["decision"], "moved": a["moved"], "findings": [f for f in a["findings"] if written(f) not in same]}
        for a in (then, now)
    )
