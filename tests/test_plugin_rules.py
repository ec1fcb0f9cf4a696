"""Tables of requirements become a skeleton of rules: nothing lost, nothing guessed, and what stands in a cell stays text."""

import ast
import csv
import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import candidacy as c
from candidacy import InputError, _skeleton
from candidacy._coverage import coverage
from candidacy._papers import wrong_citations
from candidacy._requirements import LONGEST, MOST_PROBLEMS, Requirement, requirements
from candidacy._skeleton import skeleton
from candidacy.catalogue import Force
from support import ROOT, cli

HEAD = ("id", "force", "document", "lines", "section", "says", "reading")
GOOD = ("W-1", "must", "Guide", "3-4", "", "Forty hours of training.", "")


def table(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def read(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, document: str = "Guidelines") -> list[Requirement]:
    return requirements(io.BytesIO(table(*rows, head=head)), document)


def changed(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(HEAD, GOOD, strict=True))


def wrong(content: bytes) -> list[str]:
    with pytest.raises(InputError) as found:
        requirements(io.BytesIO(content), "Guidelines")
    return [str(problem) for problem in found.value.problems]


def module(source: str) -> dict[str, Any]:
    """What the source makes, once it is run."""
    made: dict[str, Any] = {}
    exec(compile(source, "skeleton.py", "exec"), made)  # noqa: S102 (the generated source is what is tested)
    return made


# --- what becomes of a table


def test_makes_a_stub_of_each_requirement_and_a_statement_of_each_row() -> None:
    found = read(
        GOOD,
        ("W-2", "Should", "Guide", "34, 38\u201340", "", "Mentors meet the candidate.", "a meeting may be a call"),
        ("W-3", "MAY", "", "", "412.3(c)", "A leave.", ""),
        ("W-4", "info", "Guide", "7", "Head", "A heading.", ""),
    )
    made = module(skeleton(found, "widgets"))
    assert [(s.id, str(s.force), s.says, str(s.citation)) for s in made["CATALOGUE"]] == [
        ("W-1", "must", "Forty hours of training.", "Guide, lines 3-4 (W-1)"),
        ("W-2", "should", "Mentors meet the candidate.", "Guide, lines 34, 38-40 (W-2)"),
        ("W-3", "may", "A leave.", "Guidelines, section 412.3(c) (W-3)"),
        ("W-4", "info", "A heading.", "Guide, line 7 (W-4)"),
    ]
    assert {s.by for s in made["CATALOGUE"]} == {(c.NOT_YET,)}
    assert made["RULES"] == ()
    assert [(a.owner, a.title) for a in made["AUTHORITIES"]] == [("widgets", "Guide"), ("widgets", "Guidelines")]
    rules = {name: rule for name, rule in made.items() if isinstance(rule, c.Rule)}
    assert [(name, r.id, r.binding, r.requirement, r.reading) for name, r in rules.items()] == [
        ("w_1", "widgets.w_1", True, "Forty hours of training.", ""),
        ("w_2", "widgets.w_2", False, "Mentors meet the candidate.", "a meeting may be a call"),
    ]
    assert str(rules["w_2"].citation) == "Guide, lines 34, 38-40 (W-2)"
    with pytest.raises(NotImplementedError):
        rules["w_1"].judge(c.Case(""), c.ProgramCompleted(), date(2024, 1, 1))


def edition(made: dict[str, Any], **more: Any) -> c.Edition:
    return c.Edition(
        program="widgets",
        name="2024",
        revision=1,
        in_force=date(2024, 1, 1),
        lifecycle=c.Lifecycle(
            ("begun", "completed"),
            (),
            (c.Move(c.NOT_BEGUN, c.CandidateSelected, "begun"), c.Move("begun", c.ProgramCompleted, "completed")),
        ),
        roles=(c.Role("candidate"), c.Role("office")),
        entered_by={c.CandidateSelected: ("office",), c.ProgramCompleted: ("office",)},
        authorities=made["AUTHORITIES"],
        catalogue=made["CATALOGUE"],
        **{"rules": made["RULES"], **more},
    )


def test_lists_each_statement_as_not_modelled_yet_in_the_coverage_of_an_edition() -> None:
    made = module(skeleton(read(GOOD, changed(id="W-2", force="should")), "widgets"))
    program = c.Program("widgets", title="Widgets", editions=(edition(made),), announcements={"spring": "2024"})
    assert [(row.id, row.status, row.reason) for row in coverage([program])] == [
        ("W-1", "not modelled", "not modelled yet"),
        ("W-2", "not modelled", "not modelled yet"),
    ]
    assert edition(made, rules=(made["w_1"], made["w_2"])).rules, "a stub may be listed as it stands"


def test_knows_columns_by_any_case_and_leaves_others_alone() -> None:
    found = read(
        ("W-1", "MUST", "38", "We say so.", "They say so.", "x"), head=("ID", "Force", "Line", "Says", "words", "ambiguity")
    )
    assert found == [Requirement("W-1", Force.MUST, "Guidelines", ((38, 38),), "", "We say so.")]


@pytest.mark.parametrize(
    ("lines", "pairs"),
    [
        ("38", ((38, 38),)),
        ("34-36", ((34, 36),)),
        (" 34 \u2013 36 ", ((34, 36),)),
        ("34, 38-40", ((34, 34), (38, 40))),
        ("34;38", ((34, 34), (38, 38))),
        ("7-7", ((7, 7),)),
        ("999999", ((999999, 999999),)),
    ],
)
def test_reads_lines_as_people_write_them(lines: str, pairs: Any) -> None:
    assert read(changed(lines=lines))[0].lines == pairs


@pytest.mark.parametrize("lines", ["0", "36-34", "x", "34-", "-3", "3,,4", "1000000", "34-36-38", "٣"])
def test_refuses_what_are_no_lines(lines: str) -> None:
    (told,) = wrong(table(changed(lines=lines)))
    assert told.startswith("row 2, lines: found ")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"id": ""}, "row 2, id: found nothing"),
        ({"id": "W 1"}, "row 2, id: found (3 characters)"),
        ({"id": "-1"}, "row 2, id: found (2 characters)"),
        ({"id": "W" * 41}, "at most 40 of them"),
        ({"force": ""}, "row 2, force: found nothing; needed must, should, may or info"),
        ({"force": "shall"}, "row 2, force: found shall"),
        ({"lines": ""}, "row 2, lines: found nothing; needed lines such as 34-36, or a section"),
        ({"says": ""}, "row 2, says: found nothing"),
        ({"says": "x" * (LONGEST["says"] + 1)}, f"at most {LONGEST['says']}"),
        ({"document": "x" * (LONGEST["document"] + 1)}, f"at most {LONGEST['document']}"),
        ({"says": "a \x07 bell"}, "row 2, says: found a character that is no text"),
        ({"says": "a \0 nothing"}, "row 2, says: found a character that is no text"),
    ],
)
def test_names_the_row_and_the_column_of_what_is_wrong(cells: dict[str, str], told: str) -> None:
    (said,) = wrong(table(changed(**cells)))
    assert told in said


def test_takes_text_at_the_length_it_may_have() -> None:
    assert read(changed(id="W" * 40, says="x" * LONGEST["says"], document="x" * LONGEST["document"]))


def test_says_everything_that_is_wrong_at_once() -> None:
    told = wrong(table(changed(force="shall", says=""), GOOD, GOOD, ("", "must"), (*GOOD, "more")))
    assert [t.partition(":")[0] for t in told] == [
        "row 2, force",
        "row 2, says",
        "row 3, id",
        "row 4, id",
        "row 5, id",
        "row 5, lines",
        "row 5, says",
        "row 6",
    ]
    assert told[2] == "row 3, id: found W-1, which row 2 has, too; needed an id of its own"


def test_reads_on_until_there_is_no_use_in_it() -> None:
    assert len(wrong(table(*(changed(id=f"W-{n}", force="x") for n in range(MOST_PROBLEMS - 1))))) == MOST_PROBLEMS - 1
    told = wrong(table(*(changed(id=f"W-{n}", force="x") for n in range(MOST_PROBLEMS + 5))))
    assert (len(told), "did not read on" in told[-1]) == (MOST_PROBLEMS + 1, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", ["no column 'id' among 0", "no column 'force'", "no column 'says'", "no column 'lines' and no column 'section'"]),
        (
            b"id;force;lines;says\n",
            ["no column 'id'", "no column 'force'", "no column 'says'", "found one column", "no column 'lines'"],
        ),
        (b"id,force,line,words\nW-1,must,1,quoted\n", ["needed it: what the document says, in our own words, never its own"]),
        (b"id,ID,force,lines,says\n", ["2 columns for id (id, ID)"]),
        (b"id,force,lines,line,says\n", ["2 columns for lines (lines, line)"]),
        (b"id,force,lines,says\n", ["row 2: found no row"]),
        (b"id,force,lines,says\n\xff", ["bytes that are not UTF-8"]),
        (b'id,force,lines,says\n"W', ["quotation marks that do not match"]),
        (b"PK\x03\x04 no workbook", ["an archive that cannot be read"]),
    ],
)
def test_says_what_is_wrong_with_a_table_as_a_whole(content: bytes, told: list[str]) -> None:
    found = wrong(content)
    assert len(found) == len(told), found
    for said, words in zip(found, told, strict=True):
        assert words in said


def test_reads_a_workbook_with_one_sheet_and_no_formula(tmp_path: Path) -> None:
    from openpyxl import Workbook

    def book(*rows: tuple[Any, ...], sheets: int = 1) -> bytes:
        made, out = Workbook(), io.BytesIO()
        for row in (("id", "force", "lines", "says"), *rows):
            made.worksheets[0].append(row)
        for _ in range(sheets - 1):
            made.create_sheet()
        made.save(out)
        return out.getvalue()

    found = requirements(io.BytesIO(book(("W-1", "Must", 38, "Said."))), "Guidelines")
    assert found == [Requirement("W-1", Force.MUST, "Guidelines", ((38, 38),), "", "Said.")]
    assert wrong(book(("W-1", "must", date(2024, 3, 4), "=1+1"))) == [
        "row 2, lines: found a day; needed a cell with text",
        "row 2, says: found a formula; needed a cell with text",
    ]
    assert wrong(book(sheets=2)) == ["sheet: found 2 sheets; needed a workbook with one sheet, or a CSV file"]


# --- names


def test_names_each_stub_after_its_id_and_each_authority_after_its_document() -> None:
    ids = ("W-1", "w.1", "W_1", "1", "c", "class", "date", "print", "412.302(c)(3)")
    found = [Requirement(i, Force.MUST, "2024 guide", ((1, 1),), "", "Said.") for i in ids]
    found.append(Requirement("X", Force.MUST, "日本", ((1, 1),), "", "Said."))
    found.append(Requirement("Y", Force.MUST, "Rules", ((1, 1),), "", "Said."))
    found.append(Requirement("Z", Force.MUST, "A guide with a title that goes on and on", ((1, 1),), "", "Said."))
    made = module(skeleton(found, "widgets"))
    assert [name for name, rule in made.items() if isinstance(rule, c.Rule)] == [
        "w_1", "w_1_2", "w_1_3", "requirement_1", "requirement_c", "requirement_class", "requirement_date", "requirement_print",
        "requirement_412_302_c_3", "x", "y", "z",
    ]  # fmt: skip
    authorities = [name for name, value in made.items() if isinstance(value, c.Authority)]
    assert authorities == ["DOCUMENT_2024_GUIDE", "DOCUMENT", "RULES_2", "A_GUIDE_WITH_A_TITLE_THAT_GOES"]


# --- what stands in a cell stays text

TEXT = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=60)
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)
HARD = st.text("\"'\\n{}$#% a\u200b\u202e", min_size=1, max_size=20).map(lambda t: " ".join(t.split())).filter(bool)
SAID = TEXT | HARD
LINES = st.lists(st.tuples(st.integers(1, 99), st.integers(0, 9)).map(lambda p: (p[0], p[0] + p[1])), min_size=1, max_size=12).map(
    tuple
)
PLACE = st.tuples(LINES, st.just("")) | st.tuples(st.just(()), SAID)
ONE = st.builds(
    lambda i, force, document, place, says, reading: Requirement(i, force, document, *place, says, reading),
    st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._()/-]{0,39}\Z"),
    st.sampled_from(list(Force)),
    SAID,
    PLACE,
    SAID,
    st.just("") | SAID,
)
MANY = st.lists(ONE, min_size=1, max_size=4, unique_by=lambda r: r.id)


def told(source: str) -> tuple[Any, ...]:
    """What a generated source says, and that it does nothing else: statements, and stubs by their citation."""
    made = module(source)
    says = [(s.id, s.force, s.citation.document, s.citation.lines, s.citation.section, s.says) for s in made["CATALOGUE"]]
    rules = [r for r in made.values() if isinstance(r, c.Rule)]
    asks = [
        (*r.citation.requirements, r.citation.document, r.citation.lines, r.citation.section, r.requirement, r.reading)
        for r in rules
    ]
    return says, asks, [a.title for a in made["AUTHORITIES"]], len(ast.parse(source).body)


def given_in(found: list[Requirement]) -> tuple[Any, ...]:
    says = [(r.id, r.force, r.document, r.lines, r.section, r.says) for r in found]
    asked = [r for r in found if r.asks]
    asks = [(r.id, r.document, r.lines, r.section, r.says, r.reading) for r in asked]
    documents = list(dict.fromkeys(r.document for r in found))
    head = ["docstring", *(["date"] if asked else []), "candidacy", "OWNER", "AUTHORITIES", "RULES", "CATALOGUE"]
    return says, asks, documents, len(head) + len(documents) + len(asked)


@given(MANY)
def test_says_exactly_what_was_given_whatever_it_is(found: list[Requirement]) -> None:
    assert told(skeleton(found, "widgets")) == given_in(found)


@given(MANY)
def test_shows_no_character_that_cannot_be_seen(found: list[Requirement]) -> None:
    assert all(character.isprintable() or character == "\n" for character in skeleton(found, "widgets"))


@given(MANY)
def test_reads_back_from_a_table_what_was_given(found: list[Requirement]) -> None:
    rows = [
        (r.id, str(r.force), r.document, ", ".join(f"{a}-{b}" for a, b in r.lines), r.section, r.says, r.reading) for r in found
    ]
    assert read(*rows) == found


NASTY = (
    '"""',
    "\\",
    '"',
    "ends with \\",
    'ends with "',
    'it\'s "so"',
    '""" + 1 + """',
    "'",
    "{x} %s $y",
    "\u202eabc\u202c",
    "\\N{BULLET}",
    "a\u00adb",
)


@pytest.mark.parametrize("text", NASTY)
def test_says_exactly_what_would_end_or_turn_a_text(text: str) -> None:
    found = [Requirement("W-1", Force.MUST, text, (), text, text, text)]
    assert told(skeleton(found, "widgets")) == given_in(found)


@pytest.mark.parametrize("part", ["_seen", "_documented"])
def test_would_not_say_it_without_its_care(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teeth of the property: with text left as it is, most of these turn into something else."""
    monkeypatch.setattr(_skeleton, part, lambda text: text)
    lost = 0
    for text in NASTY:
        found = [Requirement("W-1", Force.MUST, "Guide", (), "1", text)]
        try:
            lost += told(skeleton(found, "widgets")) != given_in(found)
        except SyntaxError:
            lost += 1
    assert lost >= 3


# --- linted, formatted and typed as it stands


def ruff(*arguments: str, source: str) -> str:
    tool = [
        str(Path(sys.executable).with_name("ruff")),
        *arguments,
        "--isolated",
        "--no-cache",
        "--stdin-filename",
        "rules.py",
        "-",
    ]
    done = subprocess.run(tool, input=source, capture_output=True, encoding="utf-8", check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MANY)
def test_is_linted_and_formatted_as_it_stands(found: list[Requirement]) -> None:
    source = skeleton(found, "widgets")
    assert ruff("check", source=source) == ""
    assert ruff("format", "--diff", source=source) == ""


@pytest.mark.parametrize("sign", ["x", "\u00a1", "\u65e5"])
@pytest.mark.parametrize("width", range(80, 96))
def test_is_formatted_on_both_sides_of_the_width_of_a_line(width: int, sign: str) -> None:
    says = sign * (width - len('    G.says("W-1", c.Force.MUST, (1, 2), "", c.NOT_YET),'))
    name = "W-" + "2" * (width - len('@G.requires(before=c.ProgramCompleted, at="W-", lines=(1, 2))'))
    found = [Requirement("W-1", Force.MUST, "G", ((1, 2),), "", says), Requirement(name, Force.MUST, "G", ((1, 2),), "", sign)]
    assert "".join(ruff("format", "--diff", source=skeleton(some, "widgets")) for some in (found, found[:1], found[1:])) == ""


def test_would_be_formatted_otherwise_at_another_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_skeleton, "WIDTH", 120)
    assert ruff("format", "--diff", source=skeleton(read(GOOD, changed(id="W-2", says="x" * 50)), "widgets")) != ""


def test_is_typed_as_it_stands(tmp_path: Path) -> None:
    found = read(
        GOOD,
        changed(id="W-2", force="should", lines="1, 3-4"),
        changed(id="W-3", force="may", lines="", section="1(a)", reading="so"),
    )
    (tmp_path / "rules.py").write_text(skeleton(found, "widgets"))
    (tmp_path / "none.py").write_text(skeleton(found[2:], "widgets"))
    env = {**os.environ, "MYPYPATH": str(ROOT / "engine")}
    command = [sys.executable, "-m", "mypy", "--strict", "rules.py", "none.py"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, "2 source files" in done.stdout) == (0, True), done.stdout


# --- the command


def test_prints_the_skeleton_or_writes_it_to_a_new_file(tmp_path: Path) -> None:
    path, output = tmp_path / "table.csv", tmp_path / "rules.py"
    path.write_bytes(b"\xef\xbb\xbf" + table(GOOD, changed(id="W-2", force="info", document="")))
    printed = cli("plugin", "rules", str(path), "--program", "widgets", "--authority", "Handbook")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert [s.citation.document for s in module(printed.stdout)["CATALOGUE"]] == ["Guide", "Handbook"]
    assert (
        cli("plugin", "rules", "-", "--program", "widgets", "--authority", "Handbook", stdin=path.read_bytes()).stdout
        == printed.stdout
    )

    done = cli("plugin", "rules", str(path), "--program", "widgets", "--authority", "Handbook", "-o", str(output))
    assert (done.returncode, done.stdout) == (0, f"{output}: 2 statements, none of them modelled yet; 1 stubs\n")
    assert output.read_text() == printed.stdout
    again = cli("plugin", "rules", str(path), "-o", str(output))
    assert (again.returncode, "needed a path where nothing is" in again.stderr) == (2, True)
    assert output.read_text() == printed.stdout


def test_refuses_a_file_that_is_not_there_and_a_program_that_is_no_name(tmp_path: Path) -> None:
    assert cli("plugin", "rules", str(tmp_path / "none.csv")).returncode == 2
    path = tmp_path / "t.csv"
    path.write_bytes(table(GOOD))
    done = cli("plugin", "rules", str(path), "--program", 'x"y')
    assert (done.returncode, "--program: found the name" in done.stderr) == (2, True)
    path.write_bytes(table(changed(force="shall")))
    done = cli("plugin", "rules", str(path), "-o", str(tmp_path / "rules.py"))
    assert (done.returncode, done.stdout) == (2, "")
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_leaves_placeholders_that_the_check_of_a_plugin_sees() -> None:
    """Both words of the skeleton that an author has to replace; the author's own pass."""
    made = module(skeleton(read(GOOD), "widgets"))
    (authority,) = made["AUTHORITIES"]
    own = attrs.evolve(authority, publisher="Department of Guides", obtain="ask the registry")
    for written, names in ((authority, {"publisher", "obtain"}), (own, set())):
        wrong = wrong_citations(edition({**made, "AUTHORITIES": (written,)}), Path("nowhere"))
        told = [w for w in wrong if "as the skeleton wrote it" in w]
        assert {name for name in ("publisher", "obtain") if any(f" has the {name} " in w for w in told)} == names
        assert len(told) == len(names)
