"""The agencies of this repository go through the same door as any other: their folders pass every point of the check.

Each is installed, too, so that what is checked is the folder beside an installed package of the same name.
"""

import shutil
from pathlib import Path

import pytest

from candidacy import check_plugin
from candidacy._points import POINTS
from support import ROOT

PLUGINS = ROOT / "plugins"
SECONDS = 1800
"""For a machine on which the other tests run at the same time."""


@pytest.mark.parametrize("agency", sorted(p.name for p in PLUGINS.iterdir() if p.is_dir()))
def test_passes_every_point(agency: str) -> None:
    found = check_plugin(PLUGINS / agency, seconds=SECONDS, of_a_rule=60)
    assert found.passed, str(found)
    assert [looked.point for looked in found.points] == list(POINTS)


def test_catches_what_is_wrong_in_a_copy_though_the_sound_package_is_installed(tmp_path: Path) -> None:
    """Teeth: one line that makes a rule dead, and a story that no longer can be read."""
    copy = tmp_path / "commerce"
    shutil.copytree(PLUGINS / "commerce", copy, ignore=shutil.ignore_patterns("__pycache__"))
    rules, line = copy / "candidacy_commerce" / "rules.py", "    return holds(len(described.ecqs) >= 1, "
    text = rules.read_text()
    assert text.count(line) == 1
    rules.write_text(text.replace(line, "    return holds(True, "))
    story = copy / "stories" / "a-volunteer-who-is-declined.jsonl"
    story.write_text(story.read_text().replace("volunteer_declined", "volunteer_refused"))
    found = check_plugin(copy, seconds=SECONDS, of_a_rule=60)
    assert set(found.failed) == {"P301", "P606"}, str(found)
    said = {looked.point.code: looked.failures for looked in found.points}
    assert said["P301"] == ("commerce.description_names_an_ecq: no life was found in which it alone refuses",)
    assert said["P606"][0].startswith("stories/a-volunteer-who-is-declined.jsonl, line 2")
