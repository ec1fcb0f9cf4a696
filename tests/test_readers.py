"""Plugins that readers wrote with the wheel and the documents alone: what the check says of them, as they are."""

import pytest

from candidacy import check_plugin
from support import ROOT

READERS = ROOT / "tests" / "readers"
FAILING: dict[str, set[str]] = {"archives": {"P305"}, "ferries": set()}
"""What fails in each. The archives count earlier courses from the day that is asked where nobody has enrolled (`… or day`, as a document
then taught): what the remedy asks for lies before that day, too, once a day has passed, and never counts."""


@pytest.mark.parametrize("name", sorted(p.name for p in READERS.iterdir() if p.is_dir()))
def test_passes_every_other_point_as_its_author_left_it(name: str) -> None:
    found = check_plugin(READERS / name, seconds=900)
    assert set(found.failed) == FAILING[name], str(found)
    assert all(looked.looked for looked in found.points)
