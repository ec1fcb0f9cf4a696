"""The check of a plugin as a plugin of pytest: one test for each point.

Load it with ``-p candidacy.testing`` (or ``pytest_plugins = ["candidacy.testing"]`` in the outermost ``conftest.py``). A test that
asks for the fixture `checked` is then run once for each point of ``candidacy plugin check``::

    def test_passes(checked):
        assert checked.passed, str(checked)

The folder that is checked is that of ``candidacy_plugin`` in pytest's own settings, the one they stand in where none is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from candidacy._plugin_check import SECONDS, Checked, Looked, check_plugin
from candidacy._points import POINTS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["checked", "pytest_addoption", "pytest_generate_tests"]

FOUND: dict[Path, Checked] = {}
"""What the check of a folder found; it is looked at once in a run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two settings: the folder, and how many seconds the check may take."""
    parser.addini("candidacy_plugin", "the folder of the plugin that is checked", default=".")
    parser.addini("candidacy_seconds", "how long the check may take", default=str(SECONDS))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `checked` is run once for each point."""
    if "checked" in metafunc.fixturenames:
        metafunc.parametrize("checked", [p.code for p in POINTS], indirect=True)


@pytest.fixture
def checked(request: pytest.FixtureRequest) -> Looked:
    """What came of looking at one point: `passed`, and in words what is wrong and what to do."""
    folder = (request.config.rootpath / str(request.config.getini("candidacy_plugin"))).resolve()
    if folder not in FOUND:
        FOUND[folder] = check_plugin(folder, seconds=int(request.config.getini("candidacy_seconds")))
    return next(looked for looked in FOUND[folder].points if looked.point.code == request.param)
