"""The check of a plugin: a good one passes every point, and one with a single planted fault is caught by the very point for it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from candidacy import Checked, check_plugin
from candidacy._points import BY_CODE, POINTS, page
from support import ROOT, cli

AGENCY = ROOT / "tests" / "outside_agency"
RULE = '    """At least 100 widgets are inspected."""\n'
HEADS = "from candidacy import (\n"


def placed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The good plugin in a folder of its own, each first text in it replaced by the second."""
    made = folder / "plugin"
    shutil.copytree(AGENCY, made, ignore=shutil.ignore_patterns("__pycache__"))
    module = made / "candidacy_widgets.py"
    text = module.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    module.write_text(text)
    return made


def doing(*lines: str) -> tuple[str, str]:
    """The rule does this first."""
    return RULE, RULE + "".join(f"    {line}\n" for line in lines)


def failures(found: Checked) -> dict[str, tuple[str, ...]]:
    return {looked.point.code: looked.failures for looked in found.points if looked.failures}


def test_passes_a_good_plugin_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = placed(tmp_path)
    before = sorted(p.relative_to(folder) for p in folder.rglob("*"))
    found = check_plugin(folder)
    assert failures(found) == {}
    assert found.passed
    assert [looked.point for looked in found.points] == list(POINTS)
    assert sorted(p.relative_to(folder) for p in folder.rglob("*")) == before


ANIMALS: dict[str, tuple[tuple[tuple[str, str], ...], set[str]]] = {
    "raises": ((doing("if len(case.all(WidgetsInspected)) > 1:", "    raise LookupError"),), {"P302"}),
    "returns another type": ((doing("if len(case.all(WidgetsInspected)) > 1:", "    return None  # type: ignore[return-value]"),), {"P303"}),
    "counts its calls": ((doing('NOTED.append("")', "if len(NOTED) % 2:", "    return any_of()"), ("@CHARTER.requires", "NOTED: list[str] = []\n\n\n@CHARTER.requires"), (HEADS, f"{HEADS}    any_of,\n")), {"P406"}),
    "changes what it is given": ((doing("for entry in case.entries:", "    if isinstance(entry.event, WidgetsInspected):", '        object.__setattr__(entry.event, "widgets", entry.event.widgets + 1)'),), {"P407"}),
    "reads the clock where no life comes": ((doing("if day.year == 1999:", "    day = date.today()"),), {"P501"}),
    "reads the clock under another name": ((doing('today = getattr(date, "to" + "day")()', "day = max(day, min(day, today))"),), {"P502"}),
    "goes by the order of a set": ((doing('word = next(iter({"amber", "blue", "coral", "dun", "ecru", "fawn"}))', "case.all(WidgetsInspected)"), ("return at_least(inspected, WIDGETS(case)", "return at_least(inspected, WIDGETS(case) + len(word)")), {"P401"}),
    "fails on a leap day": ((doing("day.replace(year=day.year + 1)"),), {"P404"}),
    "fails at the end of a month": ((doing("day.replace(month=day.month % 12 + 1)"),), {"P405"}),
    "is dead": ((("by=lambda short: enter(WidgetsInspected, by=FELLOW, widgets=Count(short)))", "by=lambda short: enter(WidgetsInspected, by=FELLOW, widgets=Count(short))) if not case else at_least(inspected, 0, by=lambda short: enter(WidgetsInspected, by=FELLOW))"),), {"P301"}),
    "asks for too little": ((("widgets=Count(short)", "widgets=Count(0)"),), {"P203", "P305"}),
    "has a stage that nothing leads to": ((('stages=("inspecting", "completed")', 'stages=("inspecting", "resting", "completed")'),), {"P201", "P202"}),
    "writes free text": ((("return at_least(", 'return holds(True, "widgets", said="nobody was there" if len(case.all(WidgetsInspected)) > 1 else "nobody") & at_least('), (HEADS, f"{HEADS}    holds,\n")), {"P304"}),
    "cites a document that is not listed": ((("authorities=(CHARTER,)", "authorities=()"),), {"P601"}),
    "has an event without words": ((('    """The fellow inspected a number of widgets."""\n', ""),), {"P604"}),
    "is for a newer version": ((("FELLOW, OFFICE", "CANDIDACY_API = 99\nFELLOW, OFFICE"),), {"P104"}),
    "does not load": ((("FELLOW, OFFICE", "raise LookupError\nFELLOW, OFFICE"),), {"P101"}),
}  # fmt: skip


@pytest.mark.parametrize("animal", ANIMALS)
def test_catches_a_plugin_that(animal: str, tmp_path: Path) -> None:
    changes, codes = ANIMALS[animal]
    found = failures(check_plugin(placed(tmp_path, *changes)))
    assert set(found) == codes, found


def test_catches_a_rule_that_takes_too_long_and_names_it(tmp_path: Path) -> None:
    found = check_plugin(placed(tmp_path, doing("while case.entries:", "    pass")), of_a_rule=0.2)
    assert failures(found) == {"P105": ("widgets.a_hundred_widgets_are_inspected: took more than 0.2 seconds to answer",)}
    assert not found.passed
    assert any(not looked.looked and looked.note == "a rule took too long" for looked in found.points)


def test_catches_an_entry_point_whose_name_is_taken(tmp_path: Path) -> None:
    folder = placed(tmp_path)
    about = folder / "pyproject.toml"
    about.write_text(about.read_text().replace("widgets = ", "dol = "))
    assert failures(check_plugin(folder)) == {"P103": ("the entry-point name 'dol' is taken by candidacy_dol",)}


def test_catches_a_story_that_cannot_be_read(tmp_path: Path) -> None:
    folder = placed(tmp_path)
    (folder / "stories").mkdir()
    (folder / "stories" / "pat.jsonl").write_text('{"type": "widgets.no_such_thing.1"}\n')
    found = failures(check_plugin(folder))
    assert set(found) == {"P606"}
    assert found["P606"][0].startswith("stories/pat.jsonl, line 1")


def test_says_what_to_do_with_its_exit_code_and_without_a_traceback(tmp_path: Path) -> None:
    bad = placed(tmp_path, doing("day.replace(year=day.year + 1)"))
    done = cli("plugin", "check", str(bad))
    assert done.returncode == 1
    assert "✗ P404 A leap day is a day like others\n    - widgets.a_hundred_widgets_are_inspected: raised ValueError" in done.stdout
    assert f"what to do: {BY_CODE['P404'].mend}" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    told: dict[str, Any] = json.loads(cli("plugin", "check", str(bad), "--json").stdout)
    assert [p["code"] for p in told["points"] if not p["passed"]] == ["P404"]


def test_explains_a_point_and_knows_no_other() -> None:
    done = cli("plugin", "check", "--explain", "p301")
    assert done.returncode == 0
    assert BY_CODE["P301"].mend in done.stdout
    assert cli("plugin", "check", "--explain", "P999").returncode == 2
    assert cli("plugin", "check", "nowhere").returncode == 2


def test_has_a_page_in_the_documents_with_every_point() -> None:
    assert (ROOT / "docs" / "plugin-check.md").read_text() == page()
    assert len(BY_CODE) == len(POINTS) == 31


def test_runs_as_a_plugin_of_pytest_once_for_each_point(tmp_path: Path) -> None:
    folder = placed(tmp_path, doing("day.replace(year=day.year + 1)"))
    (folder / "test_check.py").write_text("def test_passes(checked):\n    assert checked.passed, str(checked)\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "candidacy.testing", "-p", "no:cacheprovider", "test_check.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ)
    assert re.search(r"1 failed, 30 passed", done.stdout), done.stdout
    assert "test_passes[P404]" in done.stdout
    assert BY_CODE["P404"].mend in done.stdout


def test_passes_a_plugin_that_has_just_begun_and_runs_its_own_tests(tmp_path: Path) -> None:
    folder = tmp_path / "plugin"
    assert cli("plugin", "new", "Department of Sprockets", "-o", str(folder)).returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert len(POINTS) <= int(re.search(r"(\d+) passed", done.stdout)[1])  # type: ignore[index]


@pytest.mark.parametrize(
    ("was", "now"), [("Department of Widgets", "who issued it"), ("it is invented and cannot be had", "how a reader gets a copy")]
)
def test_catches_an_authority_of_which_nobody_has_said_whose_it_is(was: str, now: str, tmp_path: Path) -> None:
    found = failures(check_plugin(placed(tmp_path, (f'"{was}"', f'"{now}"'))))
    assert set(found) == {"P601"}
    assert "as the skeleton wrote it; needed your own words" in found["P601"][0]


def test_catches_a_copy_that_is_another_text_than_the_one_worked_from(tmp_path: Path) -> None:
    folder = placed(tmp_path)
    (folder / "authorities" / "charter.txt").write_text("another text\n")
    found = failures(check_plugin(folder))
    assert set(found) == {"P601"}
    assert "no file in `authorities/` has the digest of a document of edition widgets/2024" in found["P601"][0]


def test_finds_nothing_wrong_with_days_beyond_a_table_of_work_days(tmp_path: Path) -> None:
    """A rule that asks for them is undetermined, which is no fault of the plugin; a parameter that nobody lists is one."""
    calendar = (
        'CLOSED = CHARTER.observes("own", (), first=date(2024, 1, 1), last=date(2024, 12, 31), at="WID-1", lines=(3, 4))\n\n\n'
    )
    asks = doing("if len(case.all(WidgetsInspected)) > 1:", "    CLOSED.count(day, date(2030, 1, 1))")
    listed = ("authorities=(CHARTER,)", "authorities=(CHARTER,),\n    calendars=(CLOSED,)")
    assert failures(check_plugin(placed(tmp_path, ("@CHARTER.requires", f"{calendar}@CHARTER.requires"), asks, listed))) == {}
