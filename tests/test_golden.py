"""What each release left behind still opens, verifies, and is judged alike; what others may depend on is still there.

`intended.json` of a release names the records (by index) whose answer is to differ now, each with its reason.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import Divergence, Registry, SqliteLedger, audit, verify
from golden.make import public_names
from support import ROOT, cli, engine, play
from widgets import begun
from widgets import registry as widgets

GOLDEN = ROOT / "tests" / "golden"
RELEASES = sorted(p.name for p in GOLDEN.iterdir() if p.is_dir() and p.name[0].isdigit())


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> Path:
    return GOLDEN / str(request.param)


def missing(then: Any, now: Any, path: str = "") -> list[str]:
    """What is no longer there: of objects their keys, of lists their items."""
    if isinstance(then, dict):
        gone = [f"{path}/{key}" for key in then if key not in now]
        return gone + [p for key in then if key in now for p in missing(then[key], now[key], f"{path}/{key}")]
    return [f"{path}/{item}" for item in then if item not in now]


def test_has_the_release_that_the_package_is() -> None:
    import tomllib

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"].partition(".dev")[0] in RELEASES


def test_still_has_every_public_name_of_a_release(release: Path) -> None:
    assert missing(json.loads((release / "names.json").read_text()), public_names()) == []


def test_would_miss_a_name_an_option_a_field_or_a_rule() -> None:
    """Teeth."""
    then = public_names()
    now = json.loads(json.dumps(then))
    now["names"].remove("Engine")
    now["commands"]["import"].remove("--dry-run")
    now["programs"]["hhs"]["hhs/2004"]["events"]["hhs.training_completed.1"].remove("hours")
    del now["programs"]["dol"]
    assert missing(then, now) == [
        "/names/Engine", "/commands/import/--dry-run", "/programs/dol", "/programs/hhs/hhs/2004/events/hhs.training_completed.1/hours",
    ]  # fmt: skip


def opened(release: Path, folder: Path) -> Path:
    shutil.copyfile(release / "demo.ledger", folder / "demo.ledger")
    return folder / "demo.ledger"


def test_opens_and_verifies_the_ledger_of_a_release_and_goes_on_with_it(release: Path, tmp_path: Path) -> None:
    path = opened(release, tmp_path)
    with SqliteLedger(path) as ledger:
        assert verify(ledger).sound
        assert b"".join(r.raw + b"\n" for r in ledger.records()) == (release / "demo.jsonl").read_bytes()
        assert play(engine(widgets(), ledger), begun("new"))[0].accepted
        assert verify(ledger).sound


def test_restores_the_export_of_a_release(release: Path, tmp_path: Path) -> None:
    assert cli("restore", str(tmp_path / "r"), str(release / "demo.jsonl")).returncode == 0
    assert cli("export", str(tmp_path / "r")).stdout == (release / "demo.jsonl").read_text()


def differing(path: Path, registry: Registry) -> set[str]:
    with SqliteLedger(path, read_only=True) as ledger:
        found = audit(ledger, registry)
    assert found.verification.sound
    assert found.untold == ()
    return {str(d.index) for d in found.divergent}


def test_judges_the_ledger_of_a_release_again_and_answers_alike_but_where_it_is_intended(
    release: Path, registry: Registry, tmp_path: Path
) -> None:
    intended = json.loads((release / "intended.json").read_text())
    assert all(isinstance(why, str) and len(why) > 20 for why in intended.values()), "each with its reason"
    assert differing(opened(release, tmp_path), registry) == set(intended)


ANSWERED_OTHERWISE = {"0.1.0": {"126", "200", "215", "232", "294", "310", "357", "697", "824"}}
"""Records whose act is now refused, or of which a rule that was there says something else; of all others more is said, no more."""


def test_says_more_and_nothing_else_but_where_an_answer_is_to_change(release: Path, registry: Registry, tmp_path: Path) -> None:
    with SqliteLedger(opened(release, tmp_path), read_only=True) as ledger:
        divergent = audit(ledger, registry).divergent
    changed = {str(d.index) for d in divergent if not _says_more(d)}
    assert changed == ANSWERED_OTHERWISE[release.name]


def _says_more(divergence: Divergence) -> bool:
    """The same decision and the same move, and each finding of then is there now."""
    then, now = divergence.recorded, divergence.judged
    said = {f["rule"]: f for f in now["findings"]}
    same = all(then[part] == now[part] for part in ("decision", "moved"))
    return same and all(said.get(f["rule"]) == f for f in then["findings"])


def test_would_see_an_answer_that_changed(release: Path, registry: Registry, tmp_path: Path) -> None:
    """Teeth: the same ledger judged by an edition without one of its rules."""
    program = registry.programs["commerce"]
    edition = program.editions[0]
    fewer = attrs.evolve(edition, catalogue=(), rules=[r for r in edition.rules if "chain_of_command" not in r.id])
    changed = attrs.evolve(program, editions=(fewer, *program.editions[1:]))
    assert differing(opened(release, tmp_path), Registry({**registry.programs, "commerce": changed}))
