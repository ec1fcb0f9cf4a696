"""Records judged again under another edition of their program: what each would have been answered there."""

from collections.abc import Iterable, Iterator

import attrs

from candidacy.case import NOT_BEGUN, Case
from candidacy.cases import Cases, placed
from candidacy.deciding import decide
from candidacy.decision import Actor, Decision, Json
from candidacy.errors import CandidacyError, InputError
from candidacy.folding import after
from candidacy.interventions import EditionMoved
from candidacy.program import Edition
from candidacy.record import Record


@attrs.frozen
class Again:
    """One record and what it would have been answered; *why* not, where that cannot be told."""

    record: Record
    edition: str
    decision: Decision | None
    why: str = ""

    @property
    def otherwise(self) -> bool:
        """Whether it would have been decided otherwise."""
        return self.decision is not None and self.decision.word != self.record.word

    def as_data(self) -> Json:
        """As plain values."""
        found: Json = {"edition": self.edition, "decision": None, "why": self.why}
        if self.decision is not None:
            findings = [f.as_data() for f in self.decision.findings]
            found = {"edition": self.edition, "decision": self.decision.word, "findings": findings, "moved": self.decision.moved}
        return {"record": self.record.data, "under": found}


def judged_again(cases: Cases, records: Iterable[Record], edition: Edition) -> Iterator[Again]:
    """Each of a case's *records* judged by *edition*, on what was entered before it, as it was accepted then."""
    case = Case()
    for record in records:
        yield _again(cases, case, record, edition)
        case = after(case, record, cases.read)


def _again(cases: Cases, case: Case, record: Record, edition: Edition) -> Again:
    if record.type_name == EditionMoved.type_name:
        return Again(record, edition.id, None, "it moves the case to another edition")
    pinned = cases.registry.newest(record.edition)
    if pinned is None:
        return Again(record, edition.id, None, f"{record.edition_id} is not installed")
    try:
        event = cases.read(record)
        seen = placed(case, pinned, edition) if case.state != NOT_BEGUN else case
        seen = attrs.evolve(seen, id=record.case, parameters=edition.values, edition=edition.id)
        actor = Actor(**record.data["actor"])
        return Again(record, edition.id, decide(edition, seen, event, record.day, actor, record.how))
    except InputError as wrong:
        return Again(record, edition.id, None, "; ".join(f"{p.found}" for p in wrong.problems))
    except CandidacyError as wrong:
        return Again(record, edition.id, None, str(wrong))
