"""Documents are known by the digest of their bytes, and an approval names the very revision it approves."""

from datetime import date
from hashlib import sha256
from typing import Any

import attrs
import pytest

from candidacy import (
    CandidateEnrolled,
    Document,
    Engine,
    Id,
    InputError,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    ReferenceRecorded,
)
from candidacy._status import statuses
from candidacy.errors import Problem
from candidacy_hhs.caseload import Candidate
from candidacy_hhs.events import DocumentFiled
from support import engine, play, refused_by
from widgets import begun, registry


def plan(content: str) -> Document:
    return Document.of(
        content.encode(), kind="development-plan", title="plan-of-w1", pages=4, signed_by="w1.c", signed_on=date(2005, 3, 9)
    )


def planned(content: str = "first", *, on: Engine | None = None) -> tuple[Engine, Any]:
    on = on or engine(registry())
    story = begun().tell("2005-03-02", CandidateEnrolled(), by="w1.o")
    story.tell("2005-03-10", PlanSubmitted(Id("p1"), plan(content)), by="w1.c")
    return on, story


def test_knows_a_document_by_the_digest_of_its_bytes_and_keeps_none_of_them() -> None:
    on, story = planned("the plan of a candidate")
    record = play(on, story)[-1].record
    assert record.data["payload"]["document"] == {
        "kind": "development-plan", "sha256": sha256(b"the plan of a candidate").hexdigest(), "title": "plan-of-w1", "pages": 4,
        "signed_by": "w1.c", "signed_on": "2005-03-09",
    }  # fmt: skip
    assert b"the plan of a candidate" not in record.raw


@pytest.mark.parametrize(
    ("revision", "accepted"),
    [(plan("first").sha256, True), (plan("second").sha256, False), (None, False)],
)
def test_approves_only_the_revision_that_was_submitted(revision: Any, accepted: bool) -> None:
    on, story = planned()
    answer = play(on, story.tell("2005-04-01", PlanApproved(Id("p1"), revision), by="w1.o"))[-1]
    assert answer.accepted == accepted
    assert refused_by(answer) == ([] if accepted else ["plan"])


def test_refuses_an_approval_of_a_revision_that_has_moved_on() -> None:
    on, story = planned()
    first, second = plan("first").sha256, plan("second").sha256
    story.tell("2005-03-20", PlanReturned(Id("p1"), first), by="w1.o")
    story.tell("2005-03-25", PlanSubmitted(Id("p1"), plan("second")), by="w1.c")
    story.tell("2005-04-01", PlanApproved(Id("p1"), first), by="w1.o").tell("2005-04-01", PlanApproved(Id("p1"), second), by="w1.o")
    *_, stale, fresh = play(on, story)
    assert (refused_by(stale), fresh.accepted) == (["plan"], True)
    (finding,) = [f for f in stale.findings if f.rule == "candidacy.plan"]
    assert finding.data["parts"][1]["observed"] == {"revision": first, "submitted": second}


def test_approves_a_plan_without_a_document_by_its_id_alone() -> None:
    on = engine(registry())
    story = begun().tell("2005-03-02", CandidateEnrolled(), by="w1.o").tell("2005-03-10", PlanSubmitted(Id("p1")), by="w1.c")
    story.tell("2005-04-01", PlanApproved(Id("p1"), plan("x").sha256), by="w1.o").tell(
        "2005-04-01", PlanApproved(Id("p1")), by="w1.o"
    )
    *_, named, plain = play(on, story)
    assert (refused_by(named), plain.accepted) == (["plan"], True)


@pytest.mark.parametrize("digest", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, 7])
def test_takes_no_other_text_for_a_digest(digest: Any) -> None:
    on, story = planned()
    command = [*story][-1]
    command["payload"]["document"]["sha256"] = digest
    with pytest.raises(InputError) as wrong:
        on.submit(command)
    (problem,) = [p for p in wrong.value.problems if p.path.startswith("payload")]
    assert isinstance(problem, Problem)
    assert (problem.path, problem.needed) == ("payload.document.sha256", "a SHA-256, 64 hexadecimal digits in lower case")


def test_files_the_documents_of_a_package_with_all_that_a_document_has() -> None:
    declared = {a.name for a in attrs.fields(Document)}
    assert declared <= {a.name for a in attrs.fields(DocumentFiled)}  # type: ignore[arg-type]


def test_knows_a_case_and_its_people_by_the_ids_of_other_systems() -> None:
    on = engine()
    life = Candidate("c").selected()
    life.on("2004-05-04", "coordinator", ReferenceRecorded(Id("hr"), Id("E-100"), life.person("candidate")))
    life.on("2004-05-04", "coordinator", ReferenceRecorded(Id("tracker"), Id("77")))
    life.on("2004-06-04", "coordinator", ReferenceRecorded(Id("hr"), Id("E-200"), life.person("candidate")))
    assert all(a.accepted for a in play(on, life))
    (status,) = statuses(on.ledger.records())
    assert status.references == (("", "tracker", "77"), ("c.candidate", "hr", "E-200"))
    again = Candidate("c").on("2004-06-04", "coordinator", ReferenceRecorded(Id("hr"), Id("E-300"), life.person("candidate")))
    with pytest.raises(InputError, match="a second candidacy"):
        on.submit({**next(iter(again)), "id": "again"})
