"""Judging again: identical, divergent or cannot be told; and the teeth of it, in copies of the code with one sign changed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import Count, MemoryLedger, Registry, SqliteLedger, audit
from candidacy.cli import audited
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_dol.caseload import Participant
from candidacy_hhs.caseload import Candidate as HhsCandidate
from candidacy_hhs.caseload import document
from candidacy_hhs.rules import ECQS
from support import ROOT, ZONE, engine, play
from widgets import RULES, Trained, developing, edition, registry


def test_finds_the_demonstration_identical(demo_file: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        found = audit(ledger)
        records = len(list(ledger.records()))
    assert (found.answer, found.identical, found.divergent, found.untold, found.notes) == ("identical", records - 1, (), (), ())
    assert found.accepted + found.refused == records - 1
    assert found.refused > 20


def ledger_of_widgets() -> MemoryLedger:
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), developing().tell("2005-05-01", Trained(Count(30)), by="w1.c"))
    return ledger


def test_says_what_moved_when_an_answer_is_another_one() -> None:
    ledger = ledger_of_widgets()
    found = audit(ledger, registry(edition(rules=RULES[:2])))
    (divergence,) = found.divergent
    assert (found.answer, divergence.index, divergence.changed) == ("divergent", 5, ("declared",))
    assert [f["rule"] for f in divergence.recorded["findings"]] == ["widgets.trains_little"]
    assert divergence.judged["findings"] == []


def test_shows_what_was_said_then_and_what_is_said_now_side_by_side() -> None:
    rules = registry(edition(rules=RULES[:2]))
    lines = list(audited.audit(audit(ledger_of_widgets(), rules), rules))
    first = next(n for n, line in enumerate(lines) if line.startswith("DIVERGENT"))
    assert lines[first : first + 7] == [
        "DIVERGENT record 5, case w1, trained, judged now by widgets/2005 r1; changed since: declared",
        "  recorded: accepted, stays developing",
        "  now: accepted, stays developing",
        "    widgets.trains_little",
        "      widgets.trains_little",
        "      recorded: ✗ advice, unmet: needs at most 20 hours",
        "      now: no such finding",
    ]


def test_finds_the_same_answers_under_other_declared_data_identical_and_says_so_in_one_line() -> None:
    found = audit(ledger_of_widgets(), registry(attrs.evolve(edition(), in_force=date(2005, 1, 2))))
    assert (found.answer, len(found.notes)) == ("identical", 1)


def test_judges_by_the_revision_that_is_recorded_where_it_is_shipped() -> None:
    ledger = ledger_of_widgets()
    stricter = edition(revision=2, rules=RULES[:2])
    assert audit(ledger, registry(edition(), stricter)).answer == "identical"
    found = audit(ledger, registry(stricter))
    assert found.answer == "divergent"
    assert found.divergent[0].changed == ("revision",)
    assert found.notes[0] == "widgets/2005 r1 is not shipped; judged by r2"


def test_cannot_tell_without_the_edition() -> None:
    found = audit(ledger_of_widgets(), Registry({}))
    assert (found.answer, len(found.untold), found.identical) == ("cannot be told", 5, 0)
    assert "widgets/2005 is not installed" in found.untold[0].why


def test_does_not_judge_a_ledger_that_does_not_verify() -> None:
    ledger = ledger_of_widgets()
    ledger._rows[2] = attrs.evolve(ledger._rows[2], leaf=bytes(32))
    found = audit(ledger, registry())
    assert (found.answer, found.identical) == ("divergent", 0)
    assert found.verification.failures[0].index == 2


def forge(ledger: MemoryLedger, index: int, change: Callable[[Any], None]) -> None:
    """Rewrite a record, and every hash after it, as someone who can write the file could."""
    from candidacy import Record
    from candidacy.record import leaf_hash

    heads: dict[str, str] = {}
    for i, row in enumerate(ledger._rows):
        data = json.loads(row.raw)
        if i == index:
            change(data)
        if i:
            data["previous"] = heads.get(data["case"], "")
        raw = Record.make(data).raw
        ledger._rows[i] = attrs.evolve(row, raw=raw, leaf=leaf_hash(raw))
        if i:
            heads[data["case"]] = leaf_hash(raw).hex()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(decision="refused"),
        lambda d: d["findings"].pop(),
        lambda d: d["payload"].update(hours=3),
        lambda d: d["findings"][0].update(outcome="met"),
        lambda d: d["actor"].update(person="w1.g"),
        lambda d: d["actor"].update(person="nobody"),
        lambda d: d.update(day="2030-01-01"),
        lambda d: d.update(type="widgets.unheard_of.1"),
        lambda d: d["payload"].update(extra=1),
    ],
)
def test_finds_a_record_whose_content_was_rewritten_with_all_hashes(change: Callable[[Any], None]) -> None:
    ledger = ledger_of_widgets()
    forge(ledger, 5, change)
    found = audit(ledger, registry())
    assert found.verification.sound, "hashes alone cannot show it"
    assert [d.index for d in found.divergent] == [5]


# --- teeth: a copy of the code with one sign changed must be named at the boundary, and only there


def hhs_life(case: str, *, pages: int = 1, hours: int = 81, last: int = 61, request: str = "2004-12-13") -> HhsCandidate:
    """Everything beyond its boundary, but for what is given."""
    life = HhsCandidate(case).selected().enrolled().planned()
    life.assigned("a1", "2004-08-02", 61).assigned("a2", "2004-10-04", last).trained("t1", "2004-09-15", hours)
    for kind, part in (
        ("memorandum", "candidate"), ("annotated plan", "candidate"), ("program assessment", "candidate"),
        ("mentor evaluation", "mentor"), ("quarterly sessions certificate", "coordinator"),
    ):  # fmt: skip
        life.on("2004-12-10", part, document(kind, kind.replace(" ", "-"), 1))  # type: ignore[arg-type]
    for n, ecq in enumerate(ECQS):
        life.on("2004-12-10", "candidate", document("ECQ summary", f"s{n}", pages, ecq=ecq))
    life.on("2004-12-10", "candidate", document("training certificate", "cert", 1, hours=Count(81)))
    return life.requested(request)


def commerce_life(case: str, *, ecqs: int = 2, length: int = 130) -> CommerceCandidate:
    life = CommerceCandidate(case).enrolled().paired().planned()
    return life.assigned("a1", "2005-02-01", length, ecqs=ECQS[:ecqs]).completed()


def dol_life(case: str, *, questions: int = 18, paired: str = "2014-02-04") -> Participant:
    life = Participant(case).enrolled().rated("pre", "2013-11-12", questions=questions).paired(paired).attended()
    return life.rated("post", "2014-07-16", questions=questions).completed()


REQUEST, COMPLETED, ANSWERED = "candidacy.certification_requested.1", "candidacy.program_completed.1", "dol.assessment_answered.1"
MUTANTS: dict[str, tuple[str, str, str, list[Any], dict[str, list[str]]]] = {
    # name: package, file, the line's sign to change, lives, and by case the types of the records that must diverge
    "hhs pages": (
        "candidacy_hhs", "package.py", "most >= pages",
        [hhs_life("two-pages", pages=2), hhs_life("one-page"), hhs_life("three-pages", pages=3)],
        {"two-pages": [REQUEST]},
    ),
    "commerce ecqs": (
        "candidacy_commerce", "rules.py", "len(begun.ecqs) >= 1",
        [commerce_life("one", ecqs=1), commerce_life("two"), commerce_life("none", ecqs=0)],
        {"one": ["commerce.assignment_started.1", COMPLETED]},
    ),
    "dol pairing": (
        "candidacy_dol", "rules.py", "mid_point >= paired",
        [dol_life("on-the-day", paired="2014-02-05"), dol_life("before"), dol_life("after", paired="2014-02-06")],
        {"on-the-day": [COMPLETED]},
    ),
    "dol questions": (
        "candidacy_dol", "rules.py", "a.questions >= fewest",
        [dol_life("fifteen", questions=15), dol_life("sixteen", questions=16), dol_life("fourteen", questions=14)],
        {"fifteen": [ANSWERED] * 4 + [COMPLETED]},
    ),
    "engine amounts": (
        "candidacy", "check.py", "observed.least >= required",
        [hhs_life("eighty", hours=80), hhs_life("more"), hhs_life("fewer", hours=79), commerce_life("day-120", length=120), commerce_life("day-119", length=119)],
        # "at least two assignments" is reached on the number itself by every life here that has two
        {"eighty": [REQUEST], "more": [REQUEST], "fewer": [REQUEST], "day-120": [COMPLETED]},
    ),
    "engine lengths": (
        "candidacy", "case.py", "self.last >= span.last",
        [hhs_life("sixty", last=60), hhs_life("sixty-one"), hhs_life("fifty-nine", last=59)],
        {"sixty": [REQUEST]},
    ),
    "engine days": (
        "candidacy", "check.py", "if day >= opens:",
        [hhs_life("on-the-day", request="2004-12-31"), hhs_life("advice-on-the-day", request="2005-01-02")],
        {"advice-on-the-day": [REQUEST]},
    ),
}  # fmt: skip


def in_a_process(path: Path, source: Path | None) -> tuple[int, Any]:
    """The audit by the command line, with another copy of a package in front of the installed one."""
    env = {**os.environ, **({"PYTHONPATH": str(source)} if source else {})}
    done = subprocess.run(
        [sys.executable, "-m", "candidacy", "audit", str(path), "--json"], capture_output=True, env=env, check=False
    )
    return done.returncode, json.loads(done.stdout)


def copied(package: str, into: Path) -> Path:
    home = ROOT / "engine" / package if package == "candidacy" else ROOT / "plugins" / package.removeprefix("candidacy_") / package
    shutil.copytree(home, into / package, ignore=shutil.ignore_patterns("__pycache__"))
    return into / package


@pytest.mark.parametrize("name", MUTANTS)
def test_names_exactly_the_boundary_records_when_one_sign_is_changed(name: str, tmp_path: Path) -> None:
    package, file, sign, lives, expected = MUTANTS[name]
    path = tmp_path / "b.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        for life in lives:
            play(engine(ledger=ledger), life)
    assert in_a_process(path, None)[0] == 0
    target = copied(package, tmp_path / "mutant") / file
    text = target.read_text()
    assert text.count(sign) == 1, f"{sign!r} stands {text.count(sign)} times in {file}"
    target.write_text(text.replace(sign, sign.replace(">=", ">")))
    code, found = in_a_process(path, tmp_path / "mutant")
    assert code == 1
    diverged: dict[str, list[str]] = {}
    for d in found["divergent"]:
        diverged.setdefault(d["case"], []).append(d["type"])
        assert d["changed"] == ["code"]
    assert diverged == expected


def test_turns_red_when_the_codec_drops_a_field_on_reading(tmp_path: Path) -> None:
    path = tmp_path / "c.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), hhs_life("eighty", hours=80))
    target = copied("candidacy", tmp_path / "mutant") / "codec.py"
    text = target.read_text()
    sign = "return structured(payload, kind, path)"
    assert text.count(sign) == 1
    target.write_text(text.replace(sign, 'return structured({k: v for k, v in payload.items() if k != "hours"}, kind, path)'))
    code, found = in_a_process(path, tmp_path / "mutant")
    assert code == 1
    kinds = {d["type"] for d in found["divergent"]}
    assert "hhs.training_completed.1" in kinds, "a needed field is missing"
    assert REQUEST in kinds, "an optional field is missing, and the rules see it"


def test_notes_a_code_digest_that_changed_with_the_same_answers(tmp_path: Path) -> None:
    path = tmp_path / "n.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), commerce_life("c1"))
    target = copied("candidacy_commerce", tmp_path / "mutant") / "rules.py"
    target.write_text(target.read_text() + "\n# a comment more\n")
    code, found = in_a_process(path, tmp_path / "mutant")
    assert (code, found["answer"], len(found["notes"])) == (0, "identical", 1)
    assert "code" in found["notes"][0]
