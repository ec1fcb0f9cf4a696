"""The documents that a plugin makes of itself: what they say is what is declared, and what is answered."""

import shutil
from pathlib import Path

import pytest

from candidacy._handbook import MADE, row
from candidacy._plugin_docs import plugin_documents
from support import ROOT, cli

AGENCY = ROOT / "tests" / "outside_agency"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin that has just begun."""
    folder = tmp_path_factory.mktemp("begun") / "plugin"
    assert cli("plugin", "new", "Department of Widgets", "-o", str(folder)).returncode == 0
    return folder


@pytest.fixture(scope="module")
def made(begun: Path) -> dict[str, str]:
    return plugin_documents(begun)


def changed(begun: Path, folder: Path, then: str, now: str) -> dict[str, str]:
    """The documents of the same plugin, with one text in its rules replaced by another."""
    other = folder / "plugin"
    shutil.copytree(begun, other)
    module = other / "candidacy_widgets" / "rules.py"
    text = module.read_text()
    assert then in text
    module.write_text(text.replace(then, now))
    return plugin_documents(other)


def test_writes_rules_with_a_life_that_passes_and_one_that_fails(made: dict[str, str]) -> None:
    assert list(made) == [f"widgets/{name}.md" for name in ("index", "handbook", "lifecycle", "forms", "coverage")]
    handbook = made["widgets/handbook.md"]
    for part in (
        "## Before: program completed\n",
        "### Before the program is completed, the candidate has 40 hours of training.\n",
        "`widgets.training_is_long_enough`: must. [Guide to candidate development, Department of Widgets, lines 3-4 (W-1)]\n",
        "| hours of training | 40 hours | 2024-01-01 |",
        "A life that passes:\n\n1. 2024-02-01, pat.office: candidate selected (",
        "3. 2024-03-05, pat.candidate: training completed (hours 1)\n",
        "One that fails, with program completed of 2024-03-04:\n\n1. 2024-03-04, pat.office: program completed\n",
        "found 39 hours; needs at least 40 hours; missing 1 hour; from candidate\n",
    ):
        assert part in handbook, part


def test_writes_the_lifecycle_as_a_picture_a_table_and_sentences(made: dict[str, str]) -> None:
    text = made["widgets/lifecycle.md"]
    assert "```mermaid\nstateDiagram-v2\n" in text
    assert "| developing | program completed | program office | completed |" in text
    assert "* “program completed”, by the program office, leads to completed." in text


def test_writes_a_form_for_each_event_and_every_statement(made: dict[str, str]) -> None:
    assert "`widgets.training_completed.1`. The candidate completed a training." in made["widgets/forms.md"]
    assert "| hours | a whole number from 0 on | no |" in made["widgets/forms.md"]
    assert "| W-1 | must |" in made["widgets/coverage.md"]


def test_says_the_same_twice(begun: Path, made: dict[str, str]) -> None:
    assert plugin_documents(begun) == made


@pytest.mark.parametrize(
    ("then", "now", "where"),
    [
        ("    40,\n", "    38,\n", ("handbook", "| hours of training | 38 hours |")),
        ("lines=(3, 4)", "lines=(4, 4)", ("handbook", "line 4 (W-1)")),
        ("The candidate completed a training.", "A training is over.", ("forms", "A training is over.")),
        ("hours: c.Count", "hours: int", ("forms", "| hours | a whole number | no |")),
        (".requires(", ".advises(", ("handbook", "should: it shows and refuses nothing")),
    ],
)
def test_says_otherwise_where_the_plugin_does(
    then: str, now: str, where: tuple[str, str], *, begun: Path, made: dict[str, str], tmp_path: Path
) -> None:
    file, said = where
    assert said not in made[f"widgets/{file}.md"]
    assert said in changed(begun, tmp_path, then, now)[f"widgets/{file}.md"]


def test_says_of_a_dead_rule_that_no_life_shows_it(begun: Path, tmp_path: Path) -> None:
    found = changed(
        begun,
        tmp_path,
        "return c.at_least(done, HOURS(case), by=more_training)",
        "return c.at_least(done, HOURS(case) * 0, by=more_training)",
    )
    assert "No life was found in which it alone refuses." in found["widgets/handbook.md"]


def test_writes_over_what_it_has_written_and_over_nothing_else(begun: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        done = cli("plugin", "docs", str(begun), "-o", str(out))
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[1] == f"{out}/widgets/handbook.md"
    assert (out / "widgets" / "index.md").read_text().startswith(MADE)
    (out / "widgets" / "index.md").write_text("my own")
    done = cli("plugin", "docs", str(begun), "-o", str(out))
    assert done.returncode == 2
    assert "found widgets/index.md there, which this command has not written" in done.stderr
    assert (out / "widgets" / "index.md").read_text() == "my own"


def test_says_what_is_wrong_with_a_plugin_that_does_not_load_or_never_ends(tmp_path: Path) -> None:
    assert cli("plugin", "docs", "nowhere", "-o", str(tmp_path / "o")).returncode == 2
    folder = tmp_path / "plugin"
    shutil.copytree(AGENCY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    module = folder / "candidacy_widgets.py"
    text = module.read_text()
    for planted, seconds, said in (
        ("raise LookupError", 600, "LookupError"),
        ("while True:\n    pass", 2, "took more than 2 seconds"),
    ):
        module.write_text(text.replace("FELLOW, OFFICE", f"{planted}\nFELLOW, OFFICE", 1))
        done = cli("plugin", "docs", str(folder), "-o", str(tmp_path / "o"), "--timeout", str(seconds))
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "o").exists()


def test_keeps_a_table_whole_whatever_stands_in_a_cell() -> None:
    assert row("a|b", "c\nd", 1) == "| a\\|b | c d | 1 |"
