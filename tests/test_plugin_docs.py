"""The documents of a plugin: all that they say is the plugin's own, the same bytes each time, and nothing else is written over."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from candidacy import InputError
from candidacy._markdown import MADE, block, code, page, table, text
from candidacy._plugin_docs import plugin_docs
from candidacy._starter import starter
from support import ROOT, cli

EXAMPLE = ROOT / "docs" / "example-handbook"
OUTSIDE = ROOT / "tests" / "outside_agency"


@pytest.fixture(scope="module")
def scaffold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "p"
    starter("Department of Widgets", "widgets").write(folder)
    return folder


@pytest.fixture(scope="module")
def written(scaffold: Path) -> dict[str, str]:
    return plugin_docs(scaffold)["widgets"]


@pytest.fixture
def changed(scaffold: Path, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """The pages of the scaffold with something else in a file of it."""

    def change(*pairs: tuple[str, str], file: str = "candidacy_widgets/rules.py") -> dict[str, str]:
        copy = tmp_path / "p"
        starter("Department of Widgets", "widgets").write(copy)
        source = (copy / file).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in source
            source = source.replace(old, new)
        (copy / file).write_text(source, encoding="utf-8")
        return plugin_docs(copy)["widgets"]

    return change


# --- what is said


def test_is_the_example_that_is_kept(written: dict[str, str]) -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in (EXAMPLE / "widgets").iterdir()}
    assert written == kept


def test_tells_a_life_that_passes_and_what_fails_against_it(written: dict[str, str]) -> None:
    said = written["handbook.md"]
    assert "3. 5 March 2024, the candidate: training completed; hours: 1\n" in said
    assert "the same, but without step 3 (training completed); step 4 (program completed) on 4 March 2024, not on 5 March" in said
    assert "found 39 hours; needs at least 40 hours; missing 1 hour; from candidate" in said
    assert "- Who may meet it: candidate.\n- Who may waive it: nobody.\n" in said


def test_shows_another_number_and_its_day(written: dict[str, str], changed: Callable[..., dict[str, str]]) -> None:
    new = changed(("    40,\n", "    38,\n"), ("since=date(2024, 1, 1)", "since=date(2023, 5, 6)"))
    assert "Number: hours of training: 40 hours, since 2024-01-01" in written["handbook.md"]
    assert "Number: hours of training: 38 hours, since 2023-05-06" in new["handbook.md"]
    assert "| hours of training | 38 hours | 2023-05-06 |" in new["index.md"]


def test_shows_other_words_another_place_and_a_reading(changed: Callable[..., dict[str, str]]) -> None:
    new = changed(
        ('    """Before the program is completed, the candidate has 40', '    """Before the end, the candidate | has *forty*'),
        (
            '@GUIDE.requires(before=c.ProgramCompleted, at="W-1", lines=(3, 4))',
            '@GUIDE.requires(before=c.ProgramCompleted, at="W-1", lines=(7, 9), reading="any [hours]")',
        ),
    )["handbook.md"]
    assert "| 1 | Before the end, the candidate \\| has \\*forty\\* hours of training. | must |" in new
    assert "Guide to candidate development, Department of Widgets, lines 7-9 (W-1)" in new
    assert "- The reading taken: any \\[hours\\]\n" in new


def test_shows_another_field_and_its_vocabulary(written: dict[str, str], changed: Callable[..., dict[str, str]]) -> None:
    field = '    hours: c.Count\n    kind: Literal["class", "tour"] = "class"\n'
    new = changed(
        ("    hours: c.Count\n", field), ("from datetime import date\n", "from datetime import date\nfrom typing import Literal\n")
    )
    row = "| kind | one of class, tour | yes; then class | `kind` |"
    assert row in new["forms.md"]
    assert row not in written["forms.md"]


def test_shows_another_move_in_the_picture_the_table_and_the_outline(
    written: dict[str, str], changed: Callable[..., dict[str, str]]
) -> None:
    new = changed(("c.Withdrawn", "c.Removed"), file="candidacy_widgets/__init__.py")["lifecycle.md"]
    for said in (
        "s1 --> s3: {} (candidate)",
        "| developing | {} | candidate | withdrawn |",
        "“{}”, by the candidate, leads to withdrawn",
    ):
        assert said.format("withdrawn") in written["lifecycle.md"]
        assert said.format("removed") in new
        assert said.format("withdrawn") not in new


def test_tells_no_life_of_a_rule_that_is_dead(changed: Callable[..., dict[str, str]]) -> None:
    new = changed(
        ("return c.at_least(done, HOURS(case), by=more_training)", "return c.at_least(done, 0 * HOURS(case), by=more_training)")
    )
    assert "No life was found in which it alone refuses." in new["handbook.md"]
    assert "A life that fails" not in new["handbook.md"]


def test_tells_where_a_rule_reads_no_number(changed: Callable[..., dict[str, str]]) -> None:
    new = changed(("HOURS(case), by", "40, by"))
    assert "- Number" not in new["handbook.md"]


def test_is_offline_and_plain(written: dict[str, str]) -> None:
    for said in written.values():
        assert MADE in said.split("\n")[2]
        assert "http" not in said
        assert "<" not in said.replace("\\<", "")
        assert "\n| " in said
    lifecycle = written["lifecycle.md"]
    assert lifecycle.index("```mermaid") < lifecycle.index("### As a table") < lifecycle.index("### As an outline")


# --- the same bytes


def test_is_the_same_in_another_process_with_another_seed_and_zone(written: dict[str, str], scaffold: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": "77", "TZ": "AAA-14"}
    command = [sys.executable, "-m", "candidacy", "plugin", "docs", str(scaffold), "-o", str(tmp_path / "out")]
    subprocess.run(command, env=env, check=True, capture_output=True)
    assert {f.name: f.read_bytes() for f in (tmp_path / "out" / "widgets").iterdir()} == {n: s.encode() for n, s in written.items()}


def test_does_not_hang_on_the_seed_of_its_own_process(
    monkeypatch: pytest.MonkeyPatch, written: dict[str, str], scaffold: Path
) -> None:
    from candidacy import _plugin_docs

    class Other(_plugin_docs.Apart):
        def __init__(self, module: str, env: object) -> None:
            super().__init__(module, {"PYTHONHASHSEED": "99", "TZ": "AAA12"})

    monkeypatch.setattr(_plugin_docs, "Apart", Other)
    assert plugin_docs(scaffold)["widgets"] == written


# --- writing


def test_writes_over_its_own_pages_and_over_nothing_else(scaffold: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli("plugin", "docs", str(scaffold), "-o", str(out)).returncode == 0
    before = {f.name: f.read_bytes() for f in (out / "widgets").iterdir()}
    (out / "widgets" / "forms.md").write_text(f"# Old\n\n{MADE}\n")
    assert cli("plugin", "docs", str(scaffold), "-o", str(out)).returncode == 0
    assert {f.name: f.read_bytes() for f in (out / "widgets").iterdir()} == before
    (out / "widgets" / "forms.md").write_text("mine\n")
    (out / "widgets" / "index.md").unlink()
    refused = cli("plugin", "docs", str(scaffold), "-o", str(out))
    assert refused.returncode == 2
    assert "forms.md: found what `candidacy plugin docs` has not written" in refused.stderr
    assert (out / "widgets" / "forms.md").read_text() == "mine\n"
    assert not (out / "widgets" / "index.md").exists()


@pytest.mark.parametrize("there", ["", "widgets"])
def test_refuses_a_file_where_a_folder_is_needed(there: str, scaffold: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / there if there else tmp_path / "out"
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    assert cli("plugin", "docs", str(scaffold), "-o", str(tmp_path / "out")).returncode == 2
    assert file.read_text() == "mine"


# --- what cannot be written


def test_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    starter("Department of Widgets", "widgets").write(folder)
    init = folder / "candidacy_widgets" / "__init__.py"
    plain = init.read_text()
    for source, said, more in (
        ("raise ValueError\n", "ValueError", ()),
        ("import os\nos._exit(3)\n", "exit code 3", ()),
        ("while True: pass\n", "took more than 1 seconds", ("--timeout", "1")),
    ):
        init.write_text(source + plain)
        done = cli("plugin", "docs", str(folder), "-o", str(tmp_path / "out"), *more)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
        assert not (tmp_path / "out").exists()


def test_refuses_a_folder_that_is_not_there_and_a_program_that_nobody_offers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder at"):
        plugin_docs(tmp_path / "none")
    with pytest.raises(InputError, match="gizmos"):
        plugin_docs("gizmos")


def test_writes_the_pages_of_an_installed_program() -> None:
    found = plugin_docs("commercementors")
    assert list(found) == ["commercementors"]
    assert "No life was found in which it alone refuses." in found["commercementors"]["handbook.md"]


def test_knows_a_plugin_of_the_first_release() -> None:
    assert "without step 2 (widgets inspected)" in plugin_docs(OUTSIDE)["widgets"]["handbook.md"]


# --- Markdown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a | b", "a \\| b"),
        ("two\nlines", "two lines"),
        ("<b>&amp; _x_ a_b", "\\<b\\>\\&amp; \\_x\\_ a_b"),
        ("1. first", "1\\. first"),
        ("# no title", "\\# no title"),
        ("AT&T 1.5", "AT\\&T 1.5"),
        ("`code` [link](x)", "\\`code\\` \\[link\\](x)"),
    ],
)
def test_writes_words_that_stand_for_themselves(words: str, said: str) -> None:
    assert text(words) == said


def test_puts_lines_in_a_block_that_they_cannot_end() -> None:
    assert list(block(["a", "```", "b"])) == ["", "````text", "a", "```", "b", "````", ""]
    assert code("a|b") == "a\\|b"
    assert page("T", table(("a", "b"), [("1", "2")])) == f"# T\n\n{MADE}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
