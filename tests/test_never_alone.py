"""A rule that another always refuses with is named by its author, with the reason; that is no way out for any other."""

from pathlib import Path

import pytest

from candidacy import check_plugin
from support import ROOT
from test_plugin_points import HEADS, failures, placed

HEAD, RULE = "FELLOW, OFFICE", "widgets.a_hundred_widgets_are_inspected"
WHY = "the charter says the same in two places"
BODY = (ROOT / "tests" / "outside_agency" / "candidacy_widgets.py").read_text().partition("def a_hundred")[2].partition("\n\n\n")[0]
TWIN = (
    ("EDITION_2024 =", f"@CHARTER.requires(before=ProgramCompleted, at='WID-1', lines=(3, 4))\ndef a_twin{BODY.partition('inspected')[2]}\n\n\nEDITION_2024 ="),
    ("rules=(a_hundred_widgets_are_inspected,)", "rules=(a_hundred_widgets_are_inspected, a_twin)"),
)  # fmt: skip


def naming(said: object) -> tuple[str, str]:
    """The plugin names rules that never refuse alone."""
    return HEAD, f"CANDIDACY_NEVER_ALONE = {said!r}\n{HEAD}"


def test_asks_for_a_life_of_each_of_two_that_always_refuse_together(tmp_path: Path) -> None:
    alone = "no life was found in which it alone refuses"
    assert failures(check_plugin(placed(tmp_path, *TWIN))) == {"P301": (f"{RULE}: {alone}", f"widgets.a_twin: {alone}")}


def test_takes_the_reason_why_there_is_none_and_counts_it(tmp_path: Path) -> None:
    found = check_plugin(placed(tmp_path, *TWIN, naming({RULE: WHY, "widgets.a_twin": WHY})))
    assert failures(found) == {}
    (note,) = [looked.note for looked in found.points if looked.point.code == "P301"]
    assert note.endswith(f"2 said never to refuse alone: {RULE}, widgets.a_twin")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({RULE: WHY}, f"{RULE}: CANDIDACY_NEVER_ALONE names it, and a life was found in which it alone refuses"),
        (
            {"widgets.no_such": WHY},
            "widgets.no_such: CANDIDACY_NEVER_ALONE names it, and it is no binding rule of the plugin in front of an act",
        ),
        ({RULE: "x" * 19}, f"{RULE}: CANDIDACY_NEVER_ALONE gives no reason of 20 characters"),
        ([RULE], "found CANDIDACY_NEVER_ALONE = list; needed a dict of rule ids, each with the reason"),
    ],
)
def test_takes_it_of_no_rule_that_is_found_alone_is_none_or_has_no_reason(said: object, wrong: str, tmp_path: Path) -> None:
    assert failures(check_plugin(placed(tmp_path, naming(said)))) == {"P301": (wrong,)}


def test_takes_it_of_no_rule_that_never_refuses_at_all(tmp_path: Path) -> None:
    dead = ("    inspected = case.all(", '    if day:\n        return holds(True, "so")\n    inspected = case.all(')
    found = failures(check_plugin(placed(tmp_path, dead, (HEADS, f"{HEADS}    holds,\n"), naming({RULE: WHY}))))
    assert found["P301"] == (f"{RULE}: CANDIDACY_NEVER_ALONE names it, and no life was found in which it is not met",)


def test_looks_at_a_package_without_a_program_as_far_as_that_goes(tmp_path: Path) -> None:
    folder = placed(tmp_path, ('    return [Program("widgets"', '    return [] and [Program("widgets"'))
    found = check_plugin(folder)
    assert found.passed, str(found)
    assert next(iter(found.points)).note == "it offers no program: what others take from it is looked at in theirs"
    (folder / "README.md").unlink()
    assert failures(check_plugin(folder)) == {"P604": ("found no README in the folder",)}
