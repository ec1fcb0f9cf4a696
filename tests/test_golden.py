"""What each release left behind still opens, verifies, and is judged alike; what others may depend on is still there.

`intended.json` of a release names the records (by index) whose answer is to differ now, each with its reason. And the gate
itself: what it lets through, what it stops, and that it does the same in the continuous integration of a plugin's author.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import (
    Actor,
    Count,
    Divergence,
    Edition,
    Golden,
    GoldenLedger,
    InputError,
    OutputError,
    ProgramCompleted,
    Registry,
    SqliteLedger,
    decide,
    fold,
    golden,
    verify,
)
from candidacy._golden import add, intend
from candidacy.canonical import canonical
from candidacy.cli.golden import told
from golden.make import public_names
from outside import Outside
from support import ROOT, ZONE, cli, engine, play
from widgets import RULES, Trained, begun, developing, fit
from widgets import edition as widgets_edition
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


@pytest.fixture(scope="module")
def judged(registry: Registry) -> dict[str, GoldenLedger]:
    """The ledgers of all releases, judged again once."""
    return {ledger.name: ledger for ledger in golden(GOLDEN, registry).ledgers}


def test_judges_the_ledger_of_a_release_again_and_answers_alike_but_where_it_is_intended(
    release: Path, judged: dict[str, GoldenLedger]
) -> None:
    intended = json.loads((release / "intended.json").read_text())
    reasons = [why if isinstance(why, str) else why["why"] for why in intended.values()]
    assert all(isinstance(why, str) and len(why) > 20 for why in reasons), "each with its reason"
    found = judged[f"{release.name}/demo.ledger"]
    assert (found.damaged, found.untold, found.stale, found.unintended) == ("", (), (), ())
    assert {str(c.divergence.index) for c in found.changes} == set(intended)
    assert found.passed


def test_judges_every_ledger_that_a_release_left_behind(judged: dict[str, GoldenLedger]) -> None:
    assert (
        set(judged)
        == {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.ledger")}
        >= {f"{r}/demo.ledger" for r in RELEASES}
    )


def test_leaves_the_golden_files_as_they_are(release: Path, judged: dict[str, GoldenLedger]) -> None:
    assert sorted(p.name for p in release.iterdir()) == ["demo.jsonl", "demo.ledger", "intended.json", "names.json"]
    with SqliteLedger(release / "demo.ledger", read_only=True) as ledger:
        assert b"".join(r.raw + b"\n" for r in ledger.records()) == (release / "demo.jsonl").read_bytes()


ANSWERED_OTHERWISE = {"0.1.0": {"126", "200", "215", "232", "294", "310", "357", "697", "824"}}
"""Records whose act is now refused, or of which a rule that was there says something else; of all others more is said, no more."""


def test_says_more_and_nothing_else_but_where_an_answer_is_to_change(release: Path, judged: dict[str, GoldenLedger]) -> None:
    divergent = [c.divergence for c in judged[f"{release.name}/demo.ledger"].changes]
    changed = {str(d.index) for d in divergent if not _says_more(d)}
    assert changed == ANSWERED_OTHERWISE[release.name]


def _says_more(divergence: Divergence) -> bool:
    """The same decision and the same move, and each finding of then is there now."""
    then, now = divergence.recorded, divergence.judged
    said = {f["rule"]: f for f in now["findings"]}
    same = all(then[part] == now[part] for part in ("decision", "moved"))
    return same and all(said.get(f["rule"]) == f for f in then["findings"])


def test_would_see_an_answer_that_changed(release: Path, registry: Registry) -> None:
    """Teeth: the same ledger judged by an edition without one of its rules."""
    program = registry.programs["commerce"]
    edition = program.editions[0]
    fewer = attrs.evolve(edition, catalogue=(), rules=[r for r in edition.rules if "chain_of_command" not in r.id])
    changed = attrs.evolve(program, editions=(fewer, *program.editions[1:]))
    (found,) = golden(release, Registry({**registry.programs, "commerce": changed})).ledgers
    assert found.unintended
    assert not found.passed


# --- the gate


LENIENT = widgets_edition(rules=RULES[1:])
"""The edition without its rule that training takes ten hours."""
STRICT = widgets_edition()
WHY = "the handbook no longer asks for ten hours"


def kept(folder: Path, name: str = "one", hours: int = 9) -> Path:
    """A golden ledger: version 5 tells hours of training, version 7 asks to complete the program."""
    folder.mkdir(parents=True, exist_ok=True)
    with SqliteLedger.create(folder / f"{name}.ledger", ZONE) as ledger:
        story = developing().tell("2005-05-02", Trained(Count(hours)), by="w1.c").tell("2005-05-03", fit(), by="w1.o")
        play(engine(widgets(STRICT), ledger), story.tell("2006-06-01", ProgramCompleted(), by="w1.o"))
    return folder


def gate(folder: Path, edition: Edition = STRICT) -> Golden:
    return golden(folder, widgets(edition))


def says(folder: Path, said: Any) -> None:
    (folder / "intended.json").write_text(said if isinstance(said, str) else json.dumps(said))


def wrong(folder: Path, edition: Edition) -> list[tuple[int, str]]:
    return [(c.divergence.index, c.wrong) for ledger in gate(folder, edition).ledgers for c in ledger.unintended]


def test_passes_where_nothing_changed(tmp_path: Path) -> None:
    found = gate(kept(tmp_path))
    assert (found.answer, found.passed) == ("as intended", True)
    assert [(one.name, one.alike, one.changes) for one in found.ledgers] == [("one.ledger", 7, ())]


def test_stops_what_nobody_intended(tmp_path: Path) -> None:
    found = gate(kept(tmp_path), LENIENT)
    assert found.answer == "otherwise"
    (change,) = found.ledgers[0].unintended
    assert (change.divergence.index, change.wrong) == (7, "intended.json does not name it")
    assert (change.divergence.recorded["decision"], change.divergence.judged["decision"]) == ("refused", "accepted")
    with SqliteLedger(tmp_path / "one.ledger", read_only=True) as ledger:
        *others, last = ledger.of_case("w1")
    case = fold(others, LENIENT.case("w1"), lambda r: widgets().codec.read_event(r.type_name, r.data["payload"]))
    now = decide(LENIENT, case, ProgramCompleted(), last.day, Actor(**last.data["actor"]))
    whole = {"decision": now.word, "findings": [f.as_data() for f in now.findings], "moved": now.moved}
    assert change.answer == hashlib.sha256(canonical(whole)).hexdigest()


@pytest.mark.parametrize(("why", "passes"), [("x" * 19, False), ("x" * 20, True), (WHY, True), ("", False)])
def test_wants_a_reason(tmp_path: Path, why: str, passes: bool) -> None:
    says(kept(tmp_path), {"7": why})
    assert gate(tmp_path, LENIENT).passed is passes
    if not passes:
        assert wrong(tmp_path, LENIENT) == [(7, "intended.json names it without a reason of at least 20 characters")]


def test_stops_where_what_is_named_did_not_change(tmp_path: Path) -> None:
    says(kept(tmp_path), {"7": WHY, "5": WHY, "99": WHY})
    found = gate(tmp_path, LENIENT)
    assert found.answer == "otherwise"
    assert found.ledgers[0].stale == ("5", "99")
    assert found.ledgers[0].unintended == ()
    assert gate(tmp_path).ledgers[0].stale == ("5", "7", "99")


def test_holds_to_the_very_answer_where_it_is_bound(tmp_path: Path) -> None:
    (change,) = gate(kept(tmp_path), LENIENT).ledgers[0].changes
    says(tmp_path, {"7": {"why": WHY, "answer": change.answer}})
    assert gate(tmp_path, LENIENT).passed
    again = widgets_edition(rules=RULES[2:])  # nobody has to find the candidate fit, either
    ((index, what),) = wrong(tmp_path, again)
    assert index == 7
    assert what == "intended.json names it with another answer than this one: look at it again, and take the entry out first"
    says(tmp_path, {"7": WHY})  # not bound
    assert gate(tmp_path, again).passed


@pytest.mark.parametrize(
    "said",
    [
        "no json", "[]", '{"7": 1}', '{"7": {"why": "' + WHY + '"}}', '{"7": {"why": "' + WHY + '", "answer": "x"}}', '{"seven": "' + WHY + '"}',
        '{"-7": "' + WHY + '"}', '{"one:7": "' + WHY + '"}', '{"07": "' + WHY + '"}', '{"7": "' + WHY + '", "7": "' + WHY + '"}',
        '{"7": {"why": "' + WHY + '", "answer": "' + "0" * 64 + '", "more": ""}}',
    ],
)  # fmt: skip
def test_says_what_cannot_be_understood(tmp_path: Path, said: str) -> None:
    says(kept(tmp_path), said)
    with pytest.raises(InputError, match=r"intended\.json"):
        gate(tmp_path, LENIENT)


def test_keeps_several_ledgers_of_a_folder_apart(tmp_path: Path) -> None:
    kept(kept(tmp_path, "one"), "two", hours=10)
    says(tmp_path, {"one:7": WHY})
    found = gate(tmp_path, LENIENT)
    assert [(one.name, one.passed, len(one.changes)) for one in found.ledgers] == [
        ("one.ledger", True, 1),
        ("two.ledger", False, 1),
    ]
    says(tmp_path, {"one:7": WHY, "two:7": WHY})
    assert gate(tmp_path, LENIENT).passed
    for key in ("7", "three:7"):
        says(tmp_path, {key: WHY})
        with pytest.raises(InputError, match="what names no ledger beside it"):
            gate(tmp_path, LENIENT)


def test_judges_a_folder_for_each_release(tmp_path: Path) -> None:
    kept(tmp_path / "1.0")
    kept(tmp_path / "1.1", hours=10)
    (tmp_path / "notes").mkdir()
    says(tmp_path / "1.0", {"7": WHY})
    assert [(one.name, one.passed) for one in gate(tmp_path, LENIENT).ledgers] == [
        ("1.0/one.ledger", True),
        ("1.1/one.ledger", False),
    ]


def test_does_not_pass_where_there_is_nothing_to_judge(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"FOLDER|no ledger"):
            gate(folder)
    kept(tmp_path / "1.0")
    (tmp_path / "1.1").mkdir()
    says(tmp_path / "1.1", {})
    with pytest.raises(InputError, match="no ledger beside it"):
        gate(tmp_path)


def test_stops_at_a_damaged_ledger_and_judges_the_others(tmp_path: Path) -> None:
    kept(tmp_path / "1.0")
    kept(tmp_path / "1.1")
    kept(tmp_path / "1.2")
    (tmp_path / "1.3").mkdir()
    (tmp_path / "1.3" / "gone.ledger").symlink_to("nowhere")
    whole = (tmp_path / "1.0" / "one.ledger").read_bytes()
    (tmp_path / "1.0" / "one.ledger").write_bytes(whole.replace(b'"hours":9', b'"hours":8'))
    (tmp_path / "1.1" / "one.ledger").write_bytes(b"no ledger")
    found = gate(tmp_path)
    assert (found.answer, [one.passed for one in found.ledgers]) == ("otherwise", [False, False, True, False])
    assert found.ledgers[0].damaged.startswith("it does not verify: record 5: its bytes are not those that were hashed")
    assert found.ledgers[3].damaged == "it cannot be read (no such file or directory)"
    assert found.ledgers[1].damaged.startswith(str(tmp_path / "1.1" / "one.ledger"))


def test_cannot_tell_where_the_edition_is_not_installed(tmp_path: Path) -> None:
    says(kept(tmp_path), {"7": WHY})
    found = golden(tmp_path, Registry({}))
    assert (found.answer, found.passed) == ("cannot be told", False)
    assert found.ledgers[0].untold == ("the edition widgets/2005 is not installed",)
    assert found.ledgers[0].stale == ()  # it may differ


# --- what is intended is written by a person


def test_writes_nothing_while_it_judges(tmp_path: Path) -> None:
    kept(tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    gate(tmp_path, LENIENT)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_names_all_that_is_not_named_yet_bound_to_its_answer(tmp_path: Path) -> None:
    kept(tmp_path)
    assert intend(tmp_path, f" {WHY} ", widgets(LENIENT)) == 1
    (change,) = gate(tmp_path, LENIENT).ledgers[0].changes
    assert json.loads((tmp_path / "intended.json").read_text()) == {"7": {"why": WHY, "answer": change.answer}}
    assert gate(tmp_path, LENIENT).passed
    assert intend(tmp_path, WHY, widgets(LENIENT)) == 0


def test_takes_nothing_out_of_what_is_intended_and_changes_nothing_in_it(tmp_path: Path) -> None:
    kept(tmp_path)
    says(tmp_path, {"5": "a reason that somebody gave once", "7": "short"})
    assert intend(tmp_path, WHY, widgets(LENIENT)) == 0
    assert json.loads((tmp_path / "intended.json").read_text()) == {"5": "a reason that somebody gave once", "7": "short"}
    says(tmp_path, {"99": "a reason that somebody gave once"})
    assert intend(tmp_path, WHY, widgets(LENIENT)) == 1
    assert list(json.loads((tmp_path / "intended.json").read_text())) == ["7", "99"]
    assert gate(tmp_path, LENIENT).ledgers[0].stale == ("99",)


def test_names_records_of_several_ledgers_by_their_names(tmp_path: Path) -> None:
    kept(kept(tmp_path, "two"), "one")
    assert intend(tmp_path, WHY, widgets(LENIENT)) == 2
    assert list(json.loads((tmp_path / "intended.json").read_text())) == ["one:7", "two:7"]
    assert gate(tmp_path, LENIENT).passed


@pytest.mark.parametrize(("why", "taken"), [("x" * 19, False), (" " * 30, False), ("x" * 20, True)])
def test_takes_no_reason_that_is_too_short(tmp_path: Path, why: str, taken: bool) -> None:
    kept(tmp_path)
    if taken:
        assert intend(tmp_path, why, widgets(LENIENT)) == 1
    else:
        with pytest.raises(InputError, match="--intend"):
            intend(tmp_path, why, widgets(LENIENT))
    assert (tmp_path / "intended.json").exists() is taken


def test_keeps_a_copy_of_a_ledger_that_audits_identical(tmp_path: Path) -> None:
    source = kept(tmp_path / "elsewhere") / "one.ledger"
    made = add(tmp_path / "golden", source, "2005-first", widgets())
    assert made == tmp_path / "golden" / "2005-first" / "2005-first.ledger"
    with SqliteLedger(made, read_only=True) as copy, SqliteLedger(source, read_only=True) as ledger:
        assert [r.raw for r in copy.records()] == [r.raw for r in ledger.records()]
    assert gate(tmp_path / "golden").passed
    assert not gate(tmp_path / "golden", LENIENT).passed


def test_keeps_no_other_ledger_and_nothing_over_what_is_there(tmp_path: Path) -> None:
    source = kept(tmp_path / "elsewhere") / "one.ledger"
    with pytest.raises(InputError, match="a ledger whose audit is divergent; needed one that audits identical"):
        add(tmp_path / "golden", source, "first", widgets(LENIENT))
    with pytest.raises(InputError, match="a ledger whose audit is cannot be told"):
        add(tmp_path / "golden", source, "first", Registry({}))
    assert not (tmp_path / "golden").exists()
    add(tmp_path / "golden", source, "first", widgets())
    before = {p: p.read_bytes() for p in (tmp_path / "golden").rglob("*") if p.is_file()}
    with pytest.raises(OutputError, match="found something there"):
        add(tmp_path / "golden", source, "first", widgets())
    assert {p: p.read_bytes() for p in (tmp_path / "golden").rglob("*") if p.is_file()} == before
    for name in ("", ".", "..", "a/b", "-x", "../up", "x" * 65):
        with pytest.raises(InputError, match="--name"):
            add(tmp_path / "golden", source, name, widgets())


# --- the command, and in a plugin author's own continuous integration


def test_prints_of_the_golden_ledgers_that_all_is_as_intended(tmp_path: Path) -> None:
    text = cli("golden", str(GOLDEN))
    assert (text.returncode, text.stdout.splitlines()[-1]) == (0, "golden: as intended")
    data = cli("golden", str(kept(tmp_path)), "--json")  # of a program that is not installed
    assert (data.returncode, json.loads(data.stdout)["answer"]) == (3, "cannot be told")


def test_prints_all_that_fails_the_build(tmp_path: Path) -> None:
    for name in ("1.0", "1.1"):
        kept(tmp_path / name)
    (change,) = gate(tmp_path / "1.0", LENIENT).ledgers[0].changes
    says(tmp_path / "1.0", {"5": WHY, "7": {"why": WHY, "answer": "0" * 64}})
    (tmp_path / "1.1" / "one.ledger").write_bytes(b"")
    lines = list(told(gate(tmp_path, LENIENT), widgets(LENIENT)))
    assert lines[0] == "1.0/one.ledger: 6 answered as then, 0 otherwise as intended, 1 otherwise and not intended"
    assert lines[1].startswith(
        "FAIL record 7, case w1, program completed: intended.json names it with another answer than this one"
    )
    assert lines[2:8] == [
        "  recorded: refused, stays developing",
        "  now: accepted, developing -> completed",
        "    widgets.ten_hours",
        "      widgets.ten_hours",
        "      recorded: ✗ unmet: found 9 hours; needs at least 10 hours; missing 1 hour; from candidate",
        "      now: no such finding",
    ]
    assert lines[-3] == "FAIL 1.0/one.ledger: intended.json names what did not change: 5"
    assert lines[-2].startswith("FAIL 1.1/one.ledger: ")
    assert lines[-1] == "golden: otherwise"
    assert change.as_data()["answer"] == change.answer


@pytest.mark.parametrize(
    "more",
    [("--name", "x"), ("--add", "x"), ("--add", "x", "--name", "y", "--intend", WHY), ("--intend", "short"), ("--intend", "")],
)
def test_takes_no_options_that_do_not_belong_together(tmp_path: Path, more: tuple[str, ...]) -> None:
    assert cli("golden", str(kept(tmp_path)), *more).returncode == 2


def test_guards_the_build_of_a_plugin_from_outside(tmp_path: Path) -> None:
    """The author keeps a ledger; an upgrade changes an answer: the build fails until the change is intended, with a reason."""
    agency = Outside.placed(tmp_path)
    ledger = agency.ledger("cases.ledger", 110)
    assert agency.run("golden", "tests/golden", "--add", str(ledger), "--name", "1.0").returncode == 0
    assert agency.run("golden", "tests/golden").stdout.splitlines() == [
        "1.0/1.0.ledger: 3 answered as then, 0 otherwise as intended, 0 otherwise and not intended", "golden: as intended",
    ]  # fmt: skip
    agency.change('sets("widgets to inspect", 100', 'sets("widgets to inspect", 120')
    agency.change("revision=1", "revision=2")
    failed = agency.run("golden", "tests/golden")
    assert failed.returncode == 1
    assert failed.stdout.splitlines() == [
        "1.0/1.0.ledger: 2 answered as then, 0 otherwise as intended, 1 otherwise and not intended",
        "FAIL record 3, case w1, program completed: intended.json does not name it",
        "  recorded: accepted, inspecting -> completed",
        "  now: refused, stays inspecting",
        "    At least 100 widgets are inspected.",
        "      [Charter of the Widget Fellowship, lines 3-4 (WID-1)] widgets.a_hundred_widgets_are_inspected",
        "      recorded: ✓ met: found 110 widgets",
        "      now: ✗ unmet: found 110 widgets; needs at least 120 widgets; missing 10 widgets; from fellow",
        "golden: otherwise",
    ]
    named = agency.run("golden", "tests/golden", "--intend", "the charter of 2025 asks for 120 widgets")
    assert (named.returncode, named.stderr) == (0, "candidacy: 1 change named as intended\n")
    (tmp_path / "candidacy_widgets-1.0.dist-info" / "entry_points.txt").unlink()
    untold = agency.run("golden", "tests/golden")
    assert (untold.returncode, untold.stdout.splitlines()[-2]) == (
        3,
        "CANNOT BE TOLD 1.0/1.0.ledger: the edition widgets/2024 is not installed",
    )
