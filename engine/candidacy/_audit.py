"""The audit: verify and judge every record again by the edition it names, in one pass; compare the answers as data."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from candidacy._interventions import Intervening, Intervention
from candidacy._taken_over import TakenOver, TakingOver
from candidacy._verify import Checking, Verification
from candidacy.case import Case
from candidacy.deciding import decide
from candidacy.decision import Actor, Command, Json
from candidacy.door import at_the_door
from candidacy.errors import CandidacyError
from candidacy.events import Beginning
from candidacy.folding import after
from candidacy.interventions import EditionMoved
from candidacy.ledger import Ledger
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.registry import Registry, discover


@attrs.frozen
class Divergence:
    """A record that would be answered otherwise now.

    Attributes:
        recorded, judged: decision, findings and moves, then and now, of the findings that differ.
        changed: what is not the same as then: ``revision``, ``declared``, ``code``.
    """

    index: int
    case: str
    type_name: str
    recorded: Json
    judged: Json
    changed: tuple[str, ...]


@attrs.frozen
class Untold:
    """A record that cannot be judged again, and why."""

    index: int
    why: str


@attrs.frozen
class Audit:
    """What an audit found."""

    verification: Verification
    identical: int = 0
    divergent: tuple[Divergence, ...] = ()
    untold: tuple[Untold, ...] = ()
    notes: tuple[str, ...] = ()
    accepted: int = 0
    refused: int = 0
    taken_over: tuple[TakenOver, ...] = ()
    """Cases that began elsewhere: part of every audit, whatever its answer."""
    interventions: tuple[Intervention, ...] = ()
    """Waivers, extensions, suspensions, corrections and the like: part of every audit, whatever its answer."""

    @property
    def answer(self) -> str:
        """``identical``, ``divergent`` or ``cannot be told``."""
        if not self.verification.sound or self.divergent:
            return "divergent"
        return "cannot be told" if self.untold else "identical"


def audit(ledger: Ledger, registry: Registry | None = None) -> Audit:
    """Verify *ledger* and judge every record again.

    Args:
        registry: the programs; those of the installed plugins by default.

    Raises:
        NewerFormatError: a record is in a format this version does not know.
    """
    checking = Checking()
    auditing = _Auditing(ledger, registry if registry is not None else discover())
    for row in ledger.rows():
        record = checking.row(row)
        if record is not None and record.index and not checking.failures:
            auditing.judge(record)
    verification = checking.result(ledger)
    if not verification.sound:
        return Audit(verification)
    return Audit(
        verification,
        auditing.identical,
        tuple(auditing.divergent),
        tuple(auditing.untold),
        tuple(auditing.notes),
        auditing.accepted,
        auditing.refused,
        auditing.taking_over.found(),
        auditing.intervening.found(),
    )


class _Auditing:
    """The cases as far as the records have been read, and what was found."""

    def __init__(self, ledger: Ledger, registry: Registry) -> None:
        self.ledger, self.registry = ledger, registry
        self.cases: dict[str, Case] = {}
        self.identical = self.accepted = self.refused = 0
        self.divergent: list[Divergence] = []
        self.untold: list[Untold] = []
        self.notes: dict[str, None] = {}
        self.taking_over = TakingOver()
        self.intervening = Intervening()

    def judge(self, record: Record) -> None:
        self.taking_over.see(record)
        self.intervening.see(record)
        self.accepted, self.refused = self.accepted + record.accepted, self.refused + (not record.accepted)
        named = record.data["edition"]
        found = self.registry.edition(named)
        if found is None:
            self.untold.append(Untold(record.index, f"the edition {named['program']}/{named['name']} is not installed"))
            return
        edition, exact = found
        changed = self._changed(edition, named, exact=exact)
        case = self.cases.get(record.case) or edition.case(record.case)
        if case.parameters is not edition.values:
            case = attrs.evolve(case, parameters=edition.values)
        try:
            event = self.registry.codec.read_event(record.type_name, record.data["payload"])
            judged = self._judged(record, edition, case, event)
            self.cases[record.case] = after(case, record, lambda _: event)
        except CandidacyError as wrong:
            judged = {"problems": [str(wrong)]}
        then: Json = {k: record.data[k] for k in ("decision", "findings", "moved")}
        if _as_text(judged) == _as_text(then):
            self.identical += 1
            return
        recorded, now = _differing(then, judged)
        self.divergent.append(Divergence(record.index, record.case, record.type_name, recorded, now, changed))

    def _judged(self, record: Record, edition: Edition, case: Case, event: Any) -> Json:
        actor = Actor(**record.data["actor"])
        how = record.how
        command = Command(
            record.command, record.case, event, record.day, actor,
            corrects=how.corrects or None, request=how.request, confirms=how.confirms or None,
        )  # fmt: skip
        if wrong := self._another(record, edition, case, event):
            return {"problems": wrong}
        problems = at_the_door(edition, case, command, record.recorded_at.astimezone(self.ledger.zone).date())
        if problems:
            return {"problems": [str(p) for p in problems]}
        decision = decide(edition, case, event, record.day, actor, how)
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

    def _changed(self, edition: Edition, named: Mapping[str, Any], *, exact: bool) -> tuple[str, ...]:
        changed = []
        if not exact:
            changed.append("revision")
            self.notes[f"{edition.id} r{named['revision']} is not shipped; judged by r{edition.revision}"] = None
        if exact and edition.declared != named["declared"]:
            changed.append("declared")
            self.notes[f"{edition.id} r{edition.revision}: its declared data is not what the records name"] = None
        if self.registry.code(edition) != named["code"]:
            changed.append("code")
            self.notes[f"{edition.id} r{edition.revision}: the code is not what the records name"] = None
        return tuple(changed)


def _as_text(data: Json) -> str:
    """Data in a form in which true is not 1."""
    return json.dumps(data, sort_keys=True)


def _differing(then: Json, now: Json) -> tuple[Json, Json]:
    """Both answers, of the findings only those that are not the same on both sides."""
    if "problems" in now:
        return {"decision": then["decision"]}, now
    same = [f for f in then["findings"] if f in now["findings"]]
    return tuple(  # type: ignore[return-value]
        {"decision": a["decision"], "moved": a["moved"], "findings": list(_without(a["findings"], same))} for a in (then, now)
    )


def _without(findings: list[Json], same: list[Json]) -> Iterator[Json]:
    return (f for f in findings if f not in same)
