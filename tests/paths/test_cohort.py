"""A cohort by how near each case is to the nearest stated limit: the same in words, as a table, as JSON and as a picture."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest

from candidacy import Engine, Id, InputError, Program, Registry, SqliteLedger, Suspended, path
from candidacy import _cohort as cohorts
from candidacy._cohort import Cohort, Doing, Risk, cohort
from candidacy._exports import csv_lines
from candidacy._gantt import Scale, svg
from candidacy._phrases import spoken
from candidacy.cli import cohorts as command
from candidacy_hhs import PROGRAM
from candidacy_hhs.caseload import Candidate
from support import cli, engine, play, process

CLOSES = date(2006, 1, 2)
"""18 months after the plan that `planned` has approved on 2004-07-02."""
SIXTY = timedelta(days=59)
"""From the first day of an assignment of 60 to its last."""
DAYS = {
    "hhs": ("2004-06-05", "2004-12-15", "2005-01-10", "2006-01-10"),
    "commerce": ("2005-06-01", "2006-11-01"),
    "dol": ("2013-11-01", "2014-02-05", "2014-09-01"),
}
ASKED = [(program, day) for program, days in DAYS.items() for day in days]
NS = {"svg": "http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def demo(demo_file: Path, registry: Registry) -> Iterator[Engine]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        yield Engine(ledger, registry)


def of(demo: Engine, program: str, day: str, to: str = "") -> Cohort:
    return cohort(demo, program, as_of=date.fromisoformat(day), to=to)


def one(memory: Engine, story: Candidate, as_of: date) -> cohorts.CohortRow:
    if not memory.ledger.of_case(story.case):
        play(memory, story)
    return next(row for row in cohort(memory, "hhs", as_of=as_of).rows if row.case == story.case)


def one_short(case: str = "c1") -> Candidate:
    """One assignment of 60 days is done and one is missing."""
    return Candidate(case).selected().enrolled().planned().assigned("a1", "2004-08-02", 60).trained("t1", "2004-09-15", 80)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows_of(picture: str) -> dict[str, ET.Element]:
    return {g.attrib["data-case"]: g for g in ET.fromstring(picture).iterfind(".//svg:g[@data-case]", NS)}  # noqa: S314 (ours)


# --- the boundary


@pytest.mark.parametrize(("later", "slack"), [(-1, 1), (0, 0), (1, -1), (40, -40)])
def test_counts_the_days_to_the_limit_on_both_sides_of_it(memory: Engine, later: int, slack: int) -> None:
    row = one(memory, one_short(), CLOSES - SIXTY + timedelta(days=later))
    assert (row.day, row.slack) == (CLOSES + timedelta(days=later), slack)
    assert row.limit is not None
    assert (row.limit.rule, row.limit.closes) == ("hhs.requested_within_eighteen_months_of_the_plan", CLOSES)
    assert row.at_risk is (slack < 0), "the last day itself is in time"
    assert (Risk.LATE in row.risks) is (slack < 0)
    assert (Risk.IF_DECIDED in row.risks) is (slack < 0), "after the 18 months the board judges"


@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        (
            "2004-12-15",
            "at the earliest 12 February 2005; 324 days before 2 January 2006, the last day for certification requested (",
        ),
        ("2005-11-03", "at the earliest 1 January 2006; 1 day before 2 January 2006, the last day for"),
        ("2005-11-04", "at the earliest 2 January 2006; on 2 January 2006 itself, the last day for certification requested ("),
        (
            "2005-11-05",
            '; only if the ERB answers yes to "May the request be made although the period is over?"; 1 day after 2 January',
        ),
    ],
)
def test_says_what_it_needs_when_and_how_far_the_limit_is(memory: Engine, as_of: str, left: str) -> None:
    said = one(memory, one_short(), date.fromisoformat(as_of)).sentence
    assert said.startswith("Needs 1 more assignment of at least 60 calendar days (8 more requirements are open); "), (
        "the rest of the package, and what the program manager judges"
    )
    assert left in said
    assert "(Certification follows within 18 months of the approved plan)" in said, "the limit is named"


def test_says_of_a_running_assignment_until_when_it_has_to_go_on(memory: Engine) -> None:
    row = one(memory, one_short().assigned("a2", "2004-12-01", None), date(2004, 12, 15))
    assert row.missing.startswith("Waits for the end of assignment a2, 29 January 2005 or later: ")
    assert row.day == date(2005, 1, 29)
    drawn = [(bar.name, bar.doing, bar.first, bar.last) for bar in row.bars if bar.kind == "assignment"]
    assert drawn == [
        ("a1", Doing.DONE, date(2004, 8, 2), date(2004, 9, 30)),
        ("a2", Doing.RUNNING, date(2004, 12, 1), None),
        ("a2", Doing.PLANNED, date(2004, 12, 16), date(2005, 1, 29)),
    ]


def test_says_where_a_limit_is_only_that_day_if_the_plan_is_kept(memory: Engine) -> None:
    row = one(memory, Candidate("c1").selected().enrolled(), date(2004, 6, 14))
    assert not row.limit_stands, "no plan is approved yet"
    assert ", then the last day for certification requested" in row.sentence
    assert one(memory, one_short("c2"), date(2004, 12, 15)).limit_stands


def test_calls_an_answer_a_risk_only_where_not_every_case_waits_for_it(memory: Engine) -> None:
    ready = one_short("c1").assigned("a2", "2004-10-04", 60).packaged()
    in_time = one(memory, ready, date(2004, 12, 15))
    assert any("shown competence in every ECQ" in what for what in in_time.depends)
    assert (in_time.at_risk, in_time.exact) == (False, False), "the program manager answers that of every candidate"
    late = one(memory, ready, date(2006, 2, 1))
    assert late.at_risk
    assert [b.by for b in late.unusual] == ["ERB"]
    assert "although the period is over" in late.depends[0], "what is peculiar to the case comes first"


def test_calls_a_day_exact_only_where_nothing_is_left_open(demo: Engine) -> None:
    rows = [row for program, day in ASKED for row in of(demo, program, day).rows if row.day]
    assert {row.exact for row in rows} == {True, False}
    for row in rows:
        said = ("earliest possible " in row.sentence, "at the earliest " in row.sentence)
        assert said == (row.exact, not row.exact), row.sentence
        assert row.exact is not bool(row.depends)


def test_says_where_it_cannot_be_told(demo: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohorts, "path", partial(path, budget=5))
    found = of(demo, "hhs", "2004-12-15")
    stopped = next(row for row in found.rows if row.case == "hhs-010")
    assert (stopped.day, stopped.at_risk, stopped.standing) == (None, None, "cannot be told")
    assert stopped.sentence.startswith(f"Cannot be told; not before {spoken(stopped.path.not_before)}: the search stopped after ")
    assert not out_of_order(found)
    assert rows_of(svg(found))["hhs-010"].attrib["data-standing"] == "cannot be told"


def test_tells_of_a_case_that_stands_still(memory: Engine) -> None:
    story = Candidate("c1").selected().enrolled().planned().assigned("a1", "2004-08-02", 60)
    row = one(memory, story.on("2004-12-01", "manager", Suspended(Id("s1"))), date(2004, 12, 15))
    assert [(bar.name, bar.doing) for bar in row.bars if bar.kind == "suspension"] == [("s1", Doing.RUNNING)]
    assert row.limit is not None
    assert row.limit.closes == CLOSES + timedelta(days=14), "which do not count"
    assert not row.limit_stands, "it goes on until the program manager ends it"


def test_finds_the_day_that_the_path_of_the_case_finds(demo: Engine) -> None:
    for program, day in (("hhs", "2005-01-10"), ("dol", "2014-02-05"), ("commerce", "2006-11-01")):
        for row in of(demo, program, day).rows:
            case, edition = demo.case(row.case, as_of=date.fromisoformat(day))
            alone = path(case, edition, as_of=date.fromisoformat(day))
            assert (row.day, row.exact, row.path.limits) == (alone.day, alone.exact, alone.limits)


def test_counts_what_is_open_on_the_whole_way_as_the_path_does(demo: Engine) -> None:
    """Whatever stage a case is in: before the plan is approved the package is open, too."""
    for program, day in (("hhs", "2004-06-22"), ("hhs", "2005-01-10"), ("dol", "2014-02-05"), ("commerce", "2005-06-01")):
        for row in of(demo, program, day).rows:
            case, edition = demo.case(row.case, as_of=date.fromisoformat(day))
            alone = path(case, edition, as_of=date.fromisoformat(day))
            still = {r.rule for r in alone.remaining if r.binding}
            front = alone.way[0]
            next_to_meet = any(r.before == front for r in alone.remaining if r.binding)
            named = alone.critical in still if alone.critical in {r.id for r in edition.rules} else next_to_meet
            assert row.others == len(still) - named, row.case
            assert row.next == (attrs.evolve(alone.plan[0], at_latest=None) if alone.plan else None)


# --- the order


def out_of_order(found: Cohort) -> list[str]:
    """Cases that stand where they should not, looked at pair by pair."""
    wrong = []
    for above, below in zip(found.rows, found.rows[1:], strict=False):
        if above.day is None:
            continue
        if below.day is None:
            wrong.append(f"{below.case} has no day and stands below")
        elif above.slack is None and below.slack is not None:
            wrong.append(f"{below.case} has a limit and stands below one without")
        elif above.slack is not None and below.slack is not None and above.slack > below.slack:
            wrong.append(f"{below.case} is nearer to its limit")
        elif above.slack is None and below.slack is None and above.day > below.day:
            wrong.append(f"{below.case} is earlier")
    return wrong


def test_lists_first_what_cannot_be_reached_then_by_days_left_then_by_earliest_day(demo: Engine) -> None:
    for program, day in ASKED:
        assert not out_of_order(of(demo, program, day))
    late = of(demo, "dol", "2014-09-01").rows
    assert [row.case for row in late[:3]] == ["dol-005", "dol-009", "dol-010"]
    assert all(row.sentence.startswith("Cannot be reached") for row in late[:3])
    assert [row.slack for row in late[3:]] == [-47] * 5
    mixed = of(demo, "hhs", "2005-01-10").rows
    assert [row.slack is None for row in mixed] == sorted(row.slack is None for row in mixed)
    assert len({row.slack is None for row in mixed}) == 2


@pytest.mark.parametrize("order", [lambda row: row.case, lambda row: -(row.slack or 0), lambda row: (row.day is None, row.case)])
def test_notices_another_order(demo: Engine, monkeypatch: pytest.MonkeyPatch, order: Callable[[cohorts.CohortRow], Any]) -> None:
    monkeypatch.setattr(cohorts, "_nearness", order)
    assert any(out_of_order(of(demo, program, day)) for program, day in ASKED)


def test_lists_apart_those_that_are_there_and_those_that_ended(demo: Engine) -> None:
    found = of(demo, "hhs", "2006-01-10")
    reached = {done.case: done.since for done in found.finished if done.reached}
    assert reached["hhs-001"] == date(2005, 2, 1), "certified then, appointed later"
    ended = {done.case: done.stage for done in found.finished if not done.reached}
    assert ended == {"hhs-008": "withdrawn", "hhs-009": "removed", "hhs-014": "not certified", "hhs-016": "discontinued"}
    assert not {row.case for row in found.rows} & {done.case for done in found.finished}
    assert len(found.cases) == 16


def test_leaves_out_cases_that_had_not_begun_and_those_of_others(demo: Engine) -> None:
    assert of(demo, "hhs", "2004-05-02").cases == ()
    assert len(of(demo, "hhs", "2004-05-03").rows) == 16
    assert {row.case[:3] for row in of(demo, "dol", "2014-02-05").rows} == {"dol"}


def test_asks_for_the_stage_named(demo: Engine) -> None:
    board = of(demo, "hhs", "2005-01-10", to="graduated")
    assert {row.path.to for row in board.rows} == {"graduated"}
    assert "hhs-001" in {done.case for done in board.finished if done.reached}
    assert of(demo, "hhs", "2005-01-10", to="certified").rows == of(demo, "hhs", "2005-01-10").rows


def test_lists_cases_of_an_edition_that_is_not_installed(demo: Engine) -> None:
    edition = PROGRAM.editions[0]
    other = Program("hhs", PROGRAM.title, (attrs.evolve(edition, name="2010"),), {"spring-2010": "2010"})
    found = cohort(engine(Registry.of(other), demo.ledger), "hhs", as_of=date(2004, 12, 15))
    assert (found.rows, len(found.untold)) == ((), 16)
    assert "a case of hhs/2004" in found.untold[0].why


# --- words


JARGON = re.compile(r"\b(guards?|events?|transitions?|findings?|facts?|slack|None|null|True|False)\b")


@pytest.mark.parametrize(("program", "day"), ASKED)
def test_speaks_plainly(demo_file: Path, program: str, day: str) -> None:
    said = cli("cohort", str(demo_file), program, "--as-of", day)
    assert (said.returncode, said.stderr) == (0, "")
    assert not JARGON.search(said.stdout)
    assert "[" not in said.stdout, "citations on request"
    assert not re.search(rf"\b{program}\.", said.stdout), "nor names of rules"


def test_cites_on_request(demo_file: Path) -> None:
    said = cli("cohort", str(demo_file), "hhs", "--as-of", "2005-01-10", "--cite").stdout
    assert "[HHS SES CDP guidelines, line 15 (HHS-006)] hhs.requested_within_eighteen_months_of_the_plan" in said
    assert "our reading: the document gives no consequence after 18 months" in said
    head = table(cli("cohort", str(demo_file), "hhs", "--as-of", "2005-01-10", "--cite", "--format", "csv").stdout)[0]
    assert "(HHS-006)" in head["citations"]


def test_prints_the_table_with_the_sentence_of_each_case(demo: Engine, demo_file: Path) -> None:
    said = cli("cohort", str(demo_file), "dol", "--as-of", "2014-09-01").stdout.splitlines()
    for row in of(demo, "dol", "2014-09-01").rows:
        (line,) = (text for text in said if text.startswith(f"{row.case} "))
        assert line.endswith(row.sentence)
        assert row.limit is None or f"({row.limit.closes})  -47" in line, "in brackets, as it only is advised"
    assert "8 under way, 8 of them at risk; 5 there already; 2 ended without getting there" in said


def test_says_that_there_is_no_case(demo_file: Path) -> None:
    done = cli("cohort", str(demo_file), "hhs", "--as-of", "2001-01-01")
    assert (done.returncode, "0 under way" in done.stdout) == (0, True)
    assert ET.fromstring(cli("cohort", str(demo_file), "hhs", "--as-of", "2001-01-01", "--format", "svg").stdout) is not None  # noqa: S314 (ours)


# --- the same in each form


def differing(found: Cohort, picture: str, text: str) -> list[str]:
    """Where the picture does not show the cases, days and words of the table."""
    cells, drawn, wrong = {row["case"]: row for row in table(text)}, rows_of(picture), []
    if list(cells) != list(drawn):
        wrong.append(f"other cases, or in another order: {list(cells)}, {list(drawn)}")
    columns = {"earliest": "earliest day", "last-day": "last day", "days-left": "days left", "began": "began", "since": "since"}
    for case, row in ((case, row) for case, row in cells.items() if case in drawn):
        marks = drawn[case].attrib
        wrong += [
            f"{case}: {c}" for name, c in {**columns, "standing": "standing"}.items() if marks.get(f"data-{name}", "") != row[c]
        ]
        said = " ".join(t.text or "" for t in drawn[case].iterfind(".//svg:text", NS))
        days = [row[c] for c in ("earliest day", "last day") if row[c]]
        wrong += [f"{case}: {day} in words" for day in days if spoken(date.fromisoformat(day)) not in said]
        if row["in words"] and row["in words"] not in (drawn[case].findtext("svg:title", "", NS)):
            wrong.append(f"{case}: the sentence")
        placed = {m.attrib["class"]: m.attrib["data-day"] for m in drawn[case].iterfind(".//*[@data-day]")}
        marked = {"limit": row["last day"], ("exact" if row["exact"] == "yes" else "bound"): row["earliest day"]}
        if placed != {name: day for name, day in marked.items() if day}:
            wrong.append(f"{case}: marks {placed}")
    return wrong + misplaced(found, picture)


def misplaced(found: Cohort, picture: str) -> list[str]:
    """Marks that do not lie where their days are, by the two ends of the line of days."""
    drawn = ET.fromstring(picture)  # noqa: S314 (ours)
    (edge,) = drawn.iterfind(".//svg:line[@class='edge']", NS)
    scale, (left, right) = Scale.of(found), (float(edge.attrib[x]) for x in ("x1", "x2"))
    a_day = (right - left) / (scale.last - scale.first).days
    marks = {m.attrib["data-day"]: float(m.attrib["data-x"]) for m in drawn.iterfind(".//*[@data-x]")}
    marks |= {m.attrib["data-day"]: float(m.attrib["x1"]) for m in drawn.iterfind(".//svg:line[@class='today']", NS)}
    at = {day: left + (date.fromisoformat(day) - scale.first).days * a_day for day in marks}
    return [f"{day} at {x}" for day, x in marks.items() if abs(at[day] - x) > 0.1]


@pytest.mark.parametrize(("program", "day"), ASKED)
def test_shows_the_same_as_picture_and_as_table(demo: Engine, demo_file: Path, program: str, day: str) -> None:
    asked = ("cohort", str(demo_file), program, "--as-of", day, "--format")
    found = of(demo, program, day)
    assert not differing(found, cli(*asked, "svg").stdout, cli(*asked, "csv").stdout)
    assert len(rows_of(svg(found))) == len(found.cases) > 0


def test_notices_a_picture_that_shows_other_days(demo: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = of(demo, "hhs", "2005-01-10")
    text = b"".join(csv_lines(command.flat(found, cite=False))).decode()
    assert not differing(found, svg(found), text)
    assert differing(found, svg(attrs.evolve(found, rows=found.rows[::-1])), text), "another order"
    assert differing(found, svg(attrs.evolve(found, rows=found.rows[1:])), text), "a case too few"
    later = [attrs.evolve(r, path=attrs.evolve(r.path, day=r.day and r.day + timedelta(days=1))) for r in found.rows]
    assert differing(found, svg(attrs.evolve(found, rows=tuple(later))), text), "a day later"
    x = Scale.x
    monkeypatch.setattr(Scale, "x", lambda scale, day: x(scale, day + timedelta(days=day.day % 2)))
    assert differing(found, svg(found), text), "drawn a day beside"


def test_draws_what_is_done_running_and_planned(demo: Engine) -> None:
    found = of(demo, "hhs", "2005-01-10")
    drawn = rows_of(svg(found))
    for row in found.cases:
        bars = [g.findtext("svg:title", "", NS) for g in drawn[row.case].iterfind("svg:g", NS)]
        assert len(bars) == len(row.bars)
        for bar, said in zip(row.bars, bars, strict=True):
            assert f"{bar.kind} {bar.name}".strip() + f", {bar.doing}: {spoken(bar.first)}" in said
    assert {bar.doing for row in found.rows for bar in row.bars} == set(Doing)


def test_draws_a_picture_that_stands_alone_and_can_be_read_aloud(demo: Engine) -> None:
    picture = svg(of(demo, "hhs", "2006-01-10"))
    root = ET.fromstring(picture)  # noqa: S314 (ours)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [root[0].attrib["id"], root[1].attrib["id"]]
    assert [child.tag.partition("}")[2] for child in root[:2]] == ["title", "desc"]
    assert all(row.sentence in (root[1].text or "") for row in of(demo, "hhs", "2006-01-10").rows)
    outside = picture.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|href|@import|://|\bon[a-z]+=|url\((?!#)|foreignObject", outside)
    assert "AT RISK: after a stated last day" in picture, "in words, not by colour alone"


def test_escapes_everything(demo: Engine) -> None:
    found = of(demo, "hhs", "2005-01-10")
    evil = '</title><script>"&\x00\x1b\ud800'
    first = attrs.evolve(found.rows[0], case=evil, stage=evil, missing=evil)
    picture = svg(attrs.evolve(found, title=evil, rows=(first, *found.rows[1:])))
    root = ET.fromstring(picture.encode())  # noqa: S314 (ours)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert '</title><script>"&' in (root.findtext("svg:title", "", NS))


def test_lets_no_cell_begin_a_formula(demo: Engine) -> None:
    found = of(demo, "hhs", "2005-01-10")
    evil = attrs.evolve(found, rows=(attrs.evolve(found.rows[0], missing="=1+1", next_step="@SUM(A1)"), *found.rows[1:]))
    cells = table(b"".join(csv_lines(command.flat(evil, cite=False))).decode())[0]
    assert (cells["missing"], cells["next step"]) == ("'=1+1", "'@SUM(A1)")


@pytest.mark.parametrize("cite", [(), ("--cite",)])
def test_shows_the_same_in_a_workbook(demo_file: Path, tmp_path: Path, cite: tuple[str, ...]) -> None:
    from openpyxl import load_workbook

    asked = ("cohort", str(demo_file), "hhs", "--as-of", "2006-01-10", *cite, "--format")
    assert cli(*asked, "xlsx", "-o", str(tmp_path / "x.xlsx")).returncode == 0
    rows = list(csv.reader(io.StringIO(cli(*asked, "csv").stdout, newline="")))
    cells = list(load_workbook(tmp_path / "x.xlsx")["cohort"].iter_rows())
    assert [[str(c.value if c.value is not None else "") for c in row] for row in cells] == rows
    numbers = {str(cells[0][c.column - 1].value) for row in cells[1:] for c in row if c.data_type == "n" and c.value is not None}
    assert numbers == {"days left", "more open"}, "all else is text"
    assert all(c.data_type != "f" for row in cells for c in row)


@pytest.mark.parametrize(("program", "day"), ASKED)
def test_tells_all_of_it_as_json(demo_file: Path, program: str, day: str) -> None:
    asked = ("cohort", str(demo_file), program, "--as-of", day)
    data = json.loads(cli(*asked, "--json").stdout)
    cells = table(cli(*asked, "--format", "csv", "--cite").stdout)
    assert [c["case"] for c in cells] == [r["case"] for r in (*data["rows"], *data["finished"], *data["untold"])]
    for row, cell in zip(data["rows"], cells, strict=False):
        limit, step = row["limit"] or {}, row["next"] or {}
        told = {
            "earliest day": row["day"], "last day": limit.get("closes"), "days left": row["slack"], "standing": row["standing"],
            "missing": row["missing"], "in words": row["sentence"], "next step": row["next_in_words"], "next day": step.get("on"),
            "next by": step.get("by"), "stated so": limit.get("requirement"), "more open": row["others_open"], "stage": row["stage"],
            "depends on": "; ".join(row["depends_on_in_words"]), "began": row["began"], "edition": row["edition"],
            "citations": "; ".join(c["citation"] for c in row["cited"]),
        }  # fmt: skip
        assert {name: str(value) if value is not None else "" for name, value in told.items()} == {
            name: cell[name] for name in told
        }
        assert cell["exact"] == ("yes" if row["exact"] else "no")
        assert cell["at risk"] == ("yes" if row["at_risk"] else "no")
        late = row["slack"] is not None and row["slack"] < 0
        assert row["at_risk"] is bool(late or row["day"] is None or row["unusual"]), "and for no other reason"
    assert data["at_risk"] == [row["case"] for row in data["rows"] if row["at_risk"]]


def test_says_the_same_each_time(demo_file: Path) -> None:
    for form in (("--json",), ("--format", "svg"), ("--format", "csv"), ("--cite",)):
        asked = ("cohort", str(demo_file), "dol", "--as-of", "2014-02-05", *form)
        said = {process(*asked, env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
        assert said == {cli(*asked).stdout}


def test_writes_each_form_into_a_new_file(demo_file: Path, tmp_path: Path) -> None:
    asked = ("cohort", str(demo_file), "dol", "--as-of", "2014-02-05")
    for n, form in enumerate(((), ("--json",), ("--format", "svg"), ("--format", "csv"))):
        file = tmp_path / str(n)
        done = cli(*asked, *form, "-o", str(file))
        assert (done.returncode, done.stdout) == (0, "")
        assert file.read_bytes().decode() == cli(*asked, *form).stdout


# --- wrong input


WRONG = [
    (("nasa",), "found the program nasa; needed an installed one: commerce, commercementors, dol, hhs"),
    (("hhs", "--to", "retired"), "found the stage retired; needed one of selected, enrolled,"),
    (("hhs", "--as-of", "2004-13-01"), "--as-of"),
    (("hhs", "--format", "xlsx"), "a file: a workbook is no stream"),
    (("hhs", "--json", "--format", "csv"), "--json: found --format csv; needed one of the two"),
    (("hhs", "--format", "pdf"), "'pdf' is not one of"),
    ((), "Missing argument 'PROGRAM'"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_says_what_is_wrong(demo_file: Path, arguments: tuple[str, ...], said: str) -> None:
    done = cli("cohort", str(demo_file), *arguments)
    assert (done.returncode, done.stdout if "--json" not in arguments else "") == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_names_the_programs_that_are_installed_to_a_caller_too(memory: Engine) -> None:
    with pytest.raises(InputError, match="needed an installed one: commerce, commercementors, dol, hhs"):
        cohort(memory, "nasa", as_of=date(2004, 12, 15))


@pytest.mark.parametrize("form", [(), ("--json",), ("--format", "csv"), ("--format", "xlsx"), ("--format", "svg")])
def test_writes_over_nothing(demo_file: Path, tmp_path: Path, form: tuple[str, ...]) -> None:
    file = tmp_path / "mine"
    file.write_text("mine")
    done = cli("cohort", str(demo_file), "dol", "--as-of", "2014-02-05", *form, "-o", str(file))
    assert (done.returncode, file.read_text()) == (2, "mine")
    assert "found a file there; needed a path where nothing is" in done.stderr
    assert sorted(f.name for f in tmp_path.iterdir()) == ["mine"]


def test_needs_a_ledger(tmp_path: Path) -> None:
    done = cli("cohort", str(tmp_path / "none.ledger"), "hhs")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
