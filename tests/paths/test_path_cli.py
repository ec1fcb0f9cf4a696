"""What remains, as a coordinator reads it and as a program reads it; beside it, what another program would leave open."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

import widgets
from candidacy import (
    Bound,
    CandidateEnrolled,
    Case,
    CaseTakenOver,
    Check,
    Edition,
    Engine,
    Id,
    InputError,
    Parameter,
    PlanSubmitted,
    ProgramCompleted,
    Registry,
    RoleEnded,
    RoleGiven,
    RoleName,
    Rule,
    SqliteLedger,
    StateName,
    Told,
    Window,
    any_of,
    calendar,
    days,
    discover,
    due,
    enter,
    holds,
    never,
    not_after,
    not_before,
    path,
    transfer,
)
from candidacy import Path as Found
from candidacy import _path as module
from candidacy._path_told import told
from candidacy.check import WAYS, Either, Every, ways
from candidacy.errors import DefinitionError
from candidacy_commerce import events as doc
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_hhs.caseload import Candidate
from support import ZONE, cli, engine, play, process

DAY = timedelta(days=1)
JARGON = re.compile(
    r"\b(guards?|events?|transitions?|payloads?|remed(y|ies)|editions?|findings?|facts?|folds?|lifecycles?|solvers?|budget"
    r"|None|null|True|False|undetermined|unmet|computed|open\.\d\S*|\w+\.\w+\.\d+)\b"
)
RULE = re.compile(r"\b(hhs|commerce|dol|candidacy)\.[a-z_]+")
ASKED = [
    ("hhs-001", "2026-11-25"), ("hhs-003", "2004-09-15"), ("hhs-007", "2006-01-03"), ("hhs-008", "2026-11-25"), ("hhs-010", "2004-12-15"),
    ("hhs-012", "2005-01-10"), ("hhs-013", "2005-01-10"), ("hhs-015", "2004-12-01"), ("commerce-002", "2005-06-01"), ("commerce-008", "2005-06-01"),
    ("commerce-010", "2005-01-10"), ("commerce-014", "2005-06-01"), ("dol-004", "2014-09-01"), ("dol-005", "2014-09-01"), ("dol-009", "2014-09-01"),
    ("dol-012", "2014-09-01"), ("dol-015", "2013-12-01"), ("dol-015", "2026-11-25"),
]  # fmt: skip
"""Cases in every situation: under way, waiting for answers, there, ended, stuck."""


@pytest.fixture(scope="session")
def demo(demo_file: Path, registry: Registry) -> Iterator[Engine]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        yield engine(registry, ledger)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An empty ledger in a file, to be filled."""
    file = tmp_path / "cases.ledger"
    SqliteLedger.create(file, ZONE).close()
    return file


def said(file: Path, *arguments: str, code: int = 0, command: str = "path") -> str:
    """What a command prints, in lines."""
    done = cli(command, str(file), *arguments)
    assert (done.returncode, done.stderr) == (code, ""), done
    return done.stdout


def fill(file: Path, *stories: Any) -> Path:
    """Keep stories in a ledger; each of their commands is accepted."""
    with SqliteLedger(file) as ledger:
        on = engine(ledger=ledger)
        for story in stories:
            for answer in play(on, story):
                assert answer.accepted, list(on.explain(answer))
    return file


def found_in(demo: Engine, case: str, as_of: str, to: str = "") -> Found:
    day = date.fromisoformat(as_of)
    folded, edition = demo.case(case, as_of=day)
    return path(folded, edition, to=to, as_of=day)


def open_part(text: str) -> str:
    """What is said to be open, without the plan."""
    return text.partition("What is open today")[2].partition("A plan that gets there")[0]


# --- exit codes


@pytest.mark.parametrize(
    ("case", "arguments", "code", "first"),
    [
        ("hhs-001", [], 0, "It was reached on 1 February 2005."),
        ("hhs-010", ["--as-of", "2004-12-15"], 0, "At the earliest: 12 February 2005, if each decides the same day (program manager, ERB, QRB)."),
        ("commerce-002", ["--as-of", "2005-06-01"], 0, "Earliest day: 30 July 2005, if each decides the same day (program office)."),
        ("hhs-003", ["--to", "certifying", "--as-of", "2004-09-15"], 0, "Earliest day: 1 December 2004."),
        ("hhs-008", [], 1, "It cannot be reached:"),
        ("dol-005", [], 1, "It cannot be reached:"),
        ("commerce-008", ["--as-of", "2005-06-01"], 3, "It cannot be reached in any way that is known, and not before 1 June 2005:"),
    ],
)  # fmt: skip
def test_exits_0_with_a_day_1_without_a_way_3_where_nobody_can_tell(
    demo_file: Path, case: str, arguments: list[str], code: int, first: str
) -> None:
    head, empty, line = said(demo_file, case, *arguments, code=code).splitlines()[:3]
    assert re.fullmatch(rf"{case}, [a-z /]+: what remains until [a-z]+, as of \d+ [A-Z][a-z]+ \d{{4}}", head)
    assert (empty, line) == ("", first)
    assert json.loads(said(demo_file, case, *arguments, "--json", code=code))["case"] == case


def test_exits_3_where_the_search_gives_up_and_says_how_far_it_came(demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "path", partial(path, budget=2))
    done = said(demo_file, "hhs-015", "--as-of", "2004-12-01", code=3)
    assert re.search(
        r"^The day cannot be told; it is not before \d+ \w+ 200\d: the search stopped after judging \d+ times\.$",
        done,
        re.MULTILINE,
    )
    data = json.loads(said(demo_file, "hhs-015", "--as-of", "2004-12-01", "--json", code=3))
    assert (data["day"], data["exact"], data["plan"], data["obstacles"]) == (None, False, [], [])
    assert data["not_before"] >= "2004-12-01"


WRONG = {
    "a case that is not there": (["path", "nobody"], "CASE: found the case nobody; needed a case in this ledger; `candidacy status` lists them"),
    "a case with a name in it": (["path", "Jane Roe"], "CASE: found the case (8 characters); needed a case in this ledger"),
    "no day": (["path", "hhs-015", "--as-of", "soon"], "--as-of: found 4 characters of text; needed a day, YYYY-MM-DD"),
    "a day that no month has": (["path", "hhs-015", "--as-of", "2005-02-29"], "--as-of: found "),
    "a day before it began": (["path", "hhs-015", "--as-of", "2004-05-02"], "found 2004-05-02, before the case hhs-015 began; needed a day from 2004-05-03 on"),
    "a stage of no program": (["path", "hhs-015", "--to", "knighted"], "needed one of selected, enrolled, planning, developing, certifying, graduated, certified, appointed"),
    "a step of no stage": (["path", "hhs-015", "--to", "certifying/tea"], "needed one of selected, enrolled"),
    "a stage with a name in it": (["path", "hhs-015", "--to", "Jane Roe"], "needed one of selected, enrolled"),
    "a transfer of a case that is not there": (["transfer", "nobody", "--to", "dol"], "CASE: found the case nobody; needed a case in this ledger"),
    "a transfer on no day": (["transfer", "hhs-015", "--to", "dol", "--as-of", "soon"], "--as-of: found 4 characters of text; needed a day, YYYY-MM-DD"),
    "a transfer to no program": (["transfer", "hhs-015", "--to", "nasa"], "--to: found the program nasa; needed an installed program: commerce, commercementors, dol, hhs"),
    "a transfer to a name": (["transfer", "hhs-015", "--to", "Jane Roe"], "--to: found the program (8 characters); needed an installed program"),
    "a transfer before it began": (["transfer", "hhs-015", "--to", "dol", "--as-of", "2004-05-02"], "needed a day from 2004-05-03 on"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_says_in_one_sentence_what_is_wrong_and_what_was_needed(demo_file: Path, name: str) -> None:
    (command, *more), wanted = WRONG[name]
    done = cli(command, str(demo_file), *more)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("candidacy: ")
    assert wanted in line
    assert "found" in line
    assert "Traceback" not in done.stderr
    assert "Roe" not in done.stderr
    asked_for_json = cli(command, str(demo_file), *more, "--json")
    (problem,) = json.loads(asked_for_json.stdout)["problems"]
    assert (asked_for_json.returncode, set(problem)) == (2, {"path", "found", "needed"})
    assert all(problem.values())


@pytest.mark.parametrize(
    ("stage", "echoed"), [("knighted", "knighted"), ("certifying/tea", "certifying/tea"), ("Jane Roe", "(8 characters)")]
)
def test_names_the_stage_that_the_program_does_not_have(demo_file: Path, stage: str, echoed: str) -> None:
    assert (
        f"to: found the stage {echoed}, which the program does not have; needed one of selected, "
        in cli("path", str(demo_file), "hhs-015", "--to", stage).stderr
    )


@pytest.mark.parametrize("arguments", [["path", "c"], ["transfer", "c", "--to", "hhs"]])
def test_needs_a_ledger(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "text").write_text("no ledger")
    for file in (tmp_path / "missing.ledger", tmp_path, tmp_path / "text"):
        done = cli(arguments[0], str(file), *arguments[1:])
        assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
        assert done.stderr.startswith(f"candidacy: {file}")
    assert not (tmp_path / "missing.ledger").exists()


@pytest.mark.parametrize("arguments", [["path"], ["transfer"], ["path", "demo"], ["transfer", "demo", "hhs-001"]])
def test_says_how_it_is_used_where_a_word_is_missing(arguments: list[str]) -> None:
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Missing" in done.stderr


def test_is_the_same_as_a_process_of_its_own(demo_file: Path) -> None:
    for arguments in (["path", "hhs-010", "--as-of", "2004-12-15"], ["path", "dol-005"], ["transfer", "dol-015", "--to", "hhs"]):
        here, there = (run(arguments[0], str(demo_file), *arguments[1:]) for run in (cli, process))
        assert (here.returncode, here.stdout, here.stderr) == (there.returncode, there.stdout, there.stderr)


def test_only_reads(demo_file: Path) -> None:
    before = demo_file.read_bytes()
    said(demo_file, "hhs-015", "--as-of", "2004-12-01")
    said(demo_file, "hhs-015", "--to", "dol", command="transfer")
    assert demo_file.read_bytes() == before


# --- as JSON


@pytest.mark.parametrize(("case", "as_of"), ASKED)
def test_gives_the_whole_path_as_json(demo_file: Path, demo: Engine, case: str, as_of: str) -> None:
    found = found_in(demo, case, as_of)
    code = 0 if found.day else 1 if found.exact else 3
    data = json.loads(said(demo_file, case, "--as-of", as_of, "--json", code=code))
    assert data == json.loads(json.dumps(found.as_data()))
    assert data == json.loads(said(demo_file, case, "--as-of", as_of, "--json", "--cite", code=code)), "it is complete without"
    assert set(data) == {
        "case", "edition", "stage", "to", "as_of", "reached", "day", "not_before", "exact", "bounds", "way", "critical",
        "if_each_decides_the_same_day", "otherwise", "usually", "remaining", "plan", "limits", "obstacles", "departures", "judged",
    }  # fmt: skip


def test_gives_of_each_requirement_and_step_all_that_is_known(demo_file: Path) -> None:
    data = json.loads(said(demo_file, "hhs-010", "--as-of", "2004-12-15", "--json"))
    two = next(r for r in data["remaining"] if r["rule"] == "hhs.two_short_assignments_or_one_long")
    assert two["citation"] == "HHS SES CDP guidelines, lines 34-36 (HHS-011, HHS-012, HHS-013)"
    assert (two["who"], two["earliest"], two["known"], two["joint"], two["binding"]) == (
        ["candidate"],
        "2005-02-12",
        "computed",
        "or",
        True,
    )
    assert two["parts"][0]["missing"] == [1, "assignments of at least 60 calendar days"]
    assert {step["on"] for step in data["plan"]} == {"2004-12-15", "2005-02-12"}
    for step in data["plan"]:
        assert {
            "on",
            "day",
            "at_latest",
            "type",
            "by",
            "people",
            "payload",
            "open",
            "rule",
            "supposing",
            "known",
            "decides",
            "asked_by",
            "act",
        } == set(step)
    begun = next(step for step in data["plan"] if step["type"] == "hhs.assignment_started.1")
    assert begun["open"]["division"]["kind"] == "a host outside the division cdc"
    (criteria,) = [r for r in data["remaining"] if r["rule"] == "hhs.program_manager_finds_the_criteria_met"]
    assert [r["question"] for r in criteria["parts"]] == [b["what"] for b in data["bounds"]]


# --- in words


@pytest.mark.parametrize(("case", "as_of"), ASKED)
def test_speaks_plainly_and_cites_on_request(demo_file: Path, demo: Engine, case: str, as_of: str) -> None:
    found = found_in(demo, case, as_of)
    code = 0 if found.day else 1 if found.exact else 3
    plain = said(demo_file, case, "--as-of", as_of, code=code)
    assert not JARGON.findall(plain.replace("human resources, budget, procurement", ""))  # the topics of DOL's workshops
    assert not RULE.findall(plain)
    assert "[" not in plain
    assert "our reading" not in plain
    cited = said(demo_file, case, "--as-of", as_of, "--cite", code=code)
    kept = [line for line in cited.splitlines() if not re.match(r" +(\[.*\] [a-z]+\.[a-z_]+$|our reading: )", line)]
    assert kept == plain.splitlines(), "citations stand on lines of their own"
    assert [f"[{r.citation}] {r.rule}" in cited for r in found.remaining] == [True] * len(found.remaining)
    assert [f"[{one.citation}] {one.rule}" in cited for one in found.limits] == [True] * len(found.limits)


@pytest.mark.parametrize(("case", "as_of"), ASKED)
def test_says_exact_only_of_an_exact_day_and_of_a_bound_what_it_depends_on(
    demo_file: Path, demo: Engine, case: str, as_of: str
) -> None:
    found = found_in(demo, case, as_of)
    text = cli("path", str(demo_file), case, "--as-of", as_of).stdout
    is_exact, is_bound = bool(found.plan) and found.exact, bool(found.plan) and not found.exact
    assert ("Earliest day: " in text, "The day is exact: nothing unknown can make it later." in text) == (is_exact, is_exact)
    assert ("At the earliest: " in text, "It may come later: the day is a lower bound. It depends on\n  - " in text) == (
        is_bound,
        is_bound,
    )
    for bound in found.bounds if found.plan else ():
        assert bound.what in text
        assert bound.by in text


@pytest.mark.parametrize(("case", "as_of"), ASKED)
def test_says_whose_decisions_fall_on_the_same_day(demo_file: Path, demo: Engine, case: str, as_of: str) -> None:
    found = found_in(demo, case, as_of)
    text = cli("path", str(demo_file), case, "--as-of", as_of).stdout
    assert (f"if each decides the same day ({', '.join(found.deciders)})." in text) == bool(found.deciders)


def test_says_nothing_of_deciders_where_the_candidate_acts_alone(demo_file: Path) -> None:
    text = said(demo_file, "hhs-003", "--to", "certifying", "--as-of", "2004-09-15")
    assert "Earliest day: 1 December 2004.\nThe day is exact" in text
    assert "decides the same day" not in text
    assert "What takes longest: Six months in the program lie before the request." in text


def test_shows_each_step_with_its_day_who_acts_and_what_is_open(demo_file: Path) -> None:
    text = said(demo_file, "commerce-002", "--as-of", "2005-06-01")
    assert open_part(text).splitlines()[:4] == [
        " (✗ not met; ? not known yet, or waits for an answer)",
        "  before: program completed",
        "    ✗ Developmental assignments outside the position of record take at least 120 calendar days in all.",
        "        60 calendar days missing (found 60, needs at least 120); from the candidate; possible from 30 July 2005",
    ]
    started, ended, completed = [re.split(r" {2,}", line.strip()) for line in text.splitlines() if line.startswith("  2005-")]
    assert started == [
        "2005-06-01", "2005-06-01", "candidate (commerce-002.candidate)",
        "assignment started; to fill in: assignment, position (a position other than division-chief), ECQs (at least one of the five ECQs)",
    ]  # fmt: skip
    assert ended[3] == "assignment ended; to fill in: assignment (as in: assignment started, 2005-06-01)"
    assert completed == ["2005-07-30", "program office (commerce-002.office)", "program completed"]


def test_says_what_is_supposed_and_of_which_step(demo_file: Path) -> None:
    text = said(demo_file, "dol-015", "--as-of", "2013-12-01")
    assert "  - what is not known yet, and is supposed here: session attended: first-coaching, remote (it was attended)" in text
    assert "session attended: first-coaching, remote (supposing: it was attended)" in text
    later = said(demo_file, "dol-015", "--as-of", "2013-12-11")
    assert "first-coaching, remote; dated 2013-12-10 (supposing: it was attended)" in later, "it is entered later than it was"
    asks = said(demo_file, "dol-004", "--as-of", "2014-09-01")
    assert (
        "answer to: May the program be completed although this session was not attended as required? (about agency-presentations) (supposing yes)"
        in asks
    )


def test_has_somebody_named_for_a_role_that_nobody_holds(kept: Path) -> None:
    story = Candidate("h1").selected().enrolled().planned().developed().packaged()
    with_a_manager = said(fill(kept, story), "h1", "--as-of", "2004-12-15")
    assert "role given" not in with_a_manager
    story = Candidate("h2").selected().enrolled().planned().developed().packaged()
    story.on("2004-12-14", "coordinator", RoleEnded(Id("h2.manager"), RoleName("program manager")))
    text = said(fill(kept, story), "h2", "--as-of", "2004-12-15")
    assert "role given: program manager; to fill in: person (who serves as program manager)" in text
    assert re.search(
        r"program manager \(nobody yet\) +answer to: Has the candidate shown competence in every ECQ\? \(supposing yes\)", text
    )


# --- both sides of a boundary


@pytest.mark.parametrize(
    ("as_of", "left", "reaches"),
    [
        ("2005-11-03", "in the plan it comes 1 day earlier.", "Earliest day: 1 January 2006."),
        ("2005-11-04", "in the plan it comes on that very day.", "Earliest day: 2 January 2006."),
        ("2005-11-05", "in the plan it comes 1 day later.", "At the earliest: 3 January 2006, if each decides the same day (ERB)."),
    ],
)
def test_counts_the_days_to_a_stated_last_day_on_both_sides_of_it(kept: Path, as_of: str, left: str, reaches: str) -> None:
    """The plan was approved on 2004-07-02, one assignment of 60 days is missing, both ends counted."""
    story = (
        Candidate("h1").selected().enrolled().planned().trained("x", "2004-07-20", 80).assigned("a1", "2004-08-02", 60).packaged()
    )
    text = said(fill(kept, story), "h1", "--to", "certifying", "--as-of", as_of)
    assert reaches in text
    assert f"Last day stated for certification requested: 2 January 2006; {left}" in text
    late = "the ERB answering yes to: May the request be made although the period is over?"
    assert (late in text) == (as_of == "2005-11-05")


@pytest.mark.parametrize(("as_of", "reached"), [("2005-01-31", False), ("2005-02-01", True), ("2005-02-02", True)])
def test_is_reached_from_the_day_on_which_it_was(demo_file: Path, as_of: str, reached: bool) -> None:
    text = said(demo_file, "hhs-001", "--as-of", as_of)
    assert ("It was reached on 1 February 2005." in text) == reached
    assert ("A plan that gets there" in text) != reached


def test_is_reached_where_the_case_has_gone_beyond(demo_file: Path) -> None:
    for stage in ("certified", "graduated", "certifying", "selected"):
        text = said(demo_file, "hhs-001", "--to", stage)
        assert re.search(r"^It was reached on ", text, re.MULTILINE), stage
        assert len(text.splitlines()) == 3
    assert "It was reached on 1 November 2004." in said(demo_file, "hhs-008", "--to", "withdrawn")


@pytest.mark.parametrize(("as_of", "code"), [("2004-10-31", 0), ("2004-11-01", 1)])
def test_cannot_be_reached_from_the_day_the_candidate_left(demo_file: Path, as_of: str, code: int) -> None:
    text = said(demo_file, "hhs-008", "--as-of", as_of, code=code)
    assert ("  - no way leads there from where the case is\n" in text) == bool(code)


@pytest.mark.parametrize(
    ("as_of", "in_all", "first", "then"),
    [
        ("2004-11-27", "29 November 2004", ("1 assignment of at least 120", "29 November 2004"), ("2 assignments of at least 60", "26 January 2005")),
        ("2004-09-15", "29 November 2004", ("2 assignments of at least 60", "29 November 2004"), ("1 assignment of at least 120", "29 November 2004")),
    ],
)  # fmt: skip
def test_ranks_ways_by_their_day(kept: Path, as_of: str, in_all: str, first: tuple[str, str], then: tuple[str, str]) -> None:
    """The assignment has run since 2004-08-02: it has its 60 days on 30 September, its 120 on 29 November."""
    story = Candidate("h1").selected().enrolled().planned().assigned("a1", "2004-08-02", None)
    text = open_part(said(fill(kept, story), "h1", "--as-of", as_of))
    assert f"        in one of these ways, possible from {in_all}:\n" in text
    ways = [line.strip() for line in text.splitlines() if " calendar days missing" in line]
    for way, joint, (what, day) in zip(ways, ("-", "or"), (first, then), strict=True):
        assert way.startswith(f"{joint} {what} calendar days missing (found 0, needs at least ")
        assert "lasted a1: open" in way
        assert way.endswith(f"; from the candidate; possible from {day}")


def test_takes_the_nearer_way_where_one_was_begun_and_left(demo_file: Path) -> None:
    ways = [
        w.strip()
        for w in open_part(said(demo_file, "hhs-010", "--as-of", "2004-12-15")).splitlines()
        if "lasted a1: 60 calendar" in w
    ]
    assert ways[0] == (
        "- 1 assignment of at least 60 calendar days missing (found 1, needs at least 2; lasted a1: 60 calendar days); "
        "from the candidate; possible from 12 February 2005"
    )
    assert ways[1].startswith("or 1 assignment of at least 120 calendar days missing (found 0, needs at least 1; ")
    assert ways[1].endswith("possible from 13 April 2005")


def test_says_what_the_answer_was_after_a_no(demo_file: Path) -> None:
    text = said(demo_file, "dol-005", code=1)
    assert "It cannot be reached:\n  - Every session is attended (the judgement was no)\n" in text
    assert (
        "- the answer was no: May the program be completed although this session was not attended as required? (about team-presentations-and-close"
        in text
    )


# --- a small program of our own: limits, suppositions, usual waits

LAST = date(2005, 12, 31)
SITTINGS = widgets.HANDBOOK.sets(
    "sittings of the office", (date(2005, 6, 7), date(2005, 6, 21)), "days", since=widgets.IN_2005, at="W-5", lines=(5, 5)
)
FORTNIGHT = widgets.HANDBOOK.sets("usual wait", days(14), "days", since=widgets.IN_2005, at="W-5", lines=(5, 5))
TO_COME: Parameter[Any] = widgets.HANDBOOK.sets("wait to come", days(14), "days", since=date(2030, 1, 1), at="W-5", lines=(5, 5))


def by_the_end_of_2005(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program is completed in 2005."""
    return not_after(day, LAST, what="the-end-of-2005")


def one_detail_of_thirty_days(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """One detail of thirty days."""
    return widgets.DETAILS.enough(widgets.DETAILS.of(case), 1, lasting=days(30))


def a_desk_or_a_detail(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The candidate had an own desk, or has one detail of thirty days."""
    desks = case.all(widgets.DeskRecorded)
    had = desks.last.event.desk == "own" if desks.last else None
    tell = enter(widgets.DeskRecorded, by="office", supposing="it was an own one", person=Id("w1.c"), desk=Id("own"))
    own = holds(had, "an-own-desk", by=tell if had is None else never("it was none of the candidate's own"))
    return any_of(own, widgets.DETAILS.enough(widgets.DETAILS.of(case), 1, lasting=days(30)))


def required(judge: Any) -> Rule:
    return widgets.HANDBOOK.requires(before=ProgramCompleted, at="W-7", lines=(7, 7))(judge)


def trained(*, fit: bool = True, plan: bool = True) -> Any:
    """A case that only has to be completed, unless something is left out."""
    if not plan:
        story = widgets.begun().tell("2005-03-02", CandidateEnrolled(), by="w1.o")
        story.tell("2005-03-10", PlanSubmitted(Id("p1")), by="w1.c")
    else:
        story = widgets.developing()
    story.tell("2005-04-02", widgets.Trained(10), by="w1.c")
    return story.tell("2005-04-02", widgets.fit(), by="w1.o") if fit else story


def asked(edition: Edition, story: Any, as_of: date) -> Found:
    on = engine(widgets.registry(edition))
    for answer in play(on, story):
        assert answer.accepted, list(on.explain(answer))
    return path(on.case("w1", as_of=as_of)[0], edition, as_of=as_of)


def text_of(found: Found, edition: Edition) -> str:
    return "\n".join(told(found, edition, cite=False))


@pytest.mark.parametrize(
    ("as_of", "day"), [(date(2005, 12, 1), date(2005, 12, 30)), (date(2005, 12, 2), LAST), (date(2005, 12, 3), None)]
)
def test_cannot_be_reached_where_a_last_day_comes_before_what_takes_time_and_names_both(as_of: date, day: date | None) -> None:
    edition = widgets.edition((required(by_the_end_of_2005), required(one_detail_of_thirty_days)))
    found = asked(edition, trained(), as_of)
    text = text_of(found, edition)
    assert (found.day, found.exact) == (day, True)
    if day:
        assert (
            f"Last day stated for program completed: 31 December 2005; in the plan it comes {'on that very day' if day == LAST else '1 day earlier'}."
            in text
        )
        return
    (obstacle,) = found.obstacles
    assert (obstacle.rule, obstacle.closes, obstacle.day) == ("widgets.by_the_end_of_2005", LAST, date(2006, 1, 1))
    assert (
        "It cannot be reached:\n  - The program is completed in 2005, the last day being 31 December 2005, "
        "and not before 1 January 2006, because of: One detail of thirty days\n" in text
    )


AS_OF = date(2005, 6, 1)


@pytest.mark.parametrize(
    ("desk", "day", "otherwise", "exact"),
    [(None, AS_OF, date(2005, 6, 30), False), ("own", AS_OF, None, True), ("shared", date(2005, 6, 30), None, True)],
)
def test_says_the_day_that_holds_where_what_is_supposed_turns_out_otherwise(
    desk: str | None, day: date, otherwise: date | None, exact: bool
) -> None:
    edition = widgets.edition((required(a_desk_or_a_detail),))
    story = trained()
    if desk:
        story.tell("2005-04-03", widgets.DeskRecorded(Id("w1.c"), Id(desk)), by="w1.o")
    found = asked(edition, story, AS_OF)
    assert (found.day, found.otherwise, found.exact) == (day, otherwise, exact)
    text = text_of(found, edition)
    assert ("If what is supposed turns out otherwise: 30 June 2005." in text) == bool(otherwise)
    assert ("what is not known yet, and is supposed here: desk recorded: w1.c, own (it was an own one)" in text) == bool(otherwise)
    assert [b.known for b in found.bounds] == [Told.UNKNOWN_FACT] * bool(otherwise)


def usual(parameter: Parameter[Any], role: str = "office", **more: Any) -> Edition:
    return widgets.edition(parameters=(widgets.HOURS, widgets.UNKNOWN_HOURS, parameter), usual={role: parameter}, **more)


@pytest.mark.parametrize(
    ("as_of", "sits"),
    [
        (date(2005, 6, 6), date(2005, 6, 7)),
        (date(2005, 6, 7), date(2005, 6, 7)),
        (date(2005, 6, 8), date(2005, 6, 21)),
        (date(2005, 6, 21), date(2005, 6, 21)),
        (date(2005, 6, 22), None),  # nobody has said when it sits next
    ],
)
def test_shows_the_sitting_on_or_after_the_day_beside_it(as_of: date, sits: date | None) -> None:
    found = asked(usual(SITTINGS), trained(), as_of)
    assert (found.day, found.exact, found.usually) == (as_of, True, sits)
    assert [step.on for step in found.plan] == [as_of], "the plan does not wait"


def test_adds_the_usual_wait_of_each_decision_beside_the_day_and_never_to_it() -> None:
    """What the office decides from 1 June on comes on the 15th; what follows it, on the 29th."""
    one = asked(usual(FORTNIGHT), trained(), AS_OF)
    assert (one.day, one.exact, one.usually) == (AS_OF, True, date(2005, 6, 15))
    two = asked(usual(FORTNIGHT), trained(plan=False), AS_OF)
    assert (two.day, two.exact, two.usually) == (AS_OF, True, date(2005, 6, 29)), "the plan is approved first"
    three = asked(usual(FORTNIGHT), trained(fit=False), AS_OF)
    assert (three.day, three.exact, three.usually) == (AS_OF, False, date(2005, 6, 29)), "an answer takes as long"


@pytest.mark.parametrize("make", [widgets.edition, lambda: usual(TO_COME), lambda: usual(FORTNIGHT, "guest")])
def test_the_day_is_the_same_with_and_without_usual_waits(make: Any) -> None:
    for as_of in (AS_OF, AS_OF + DAY):
        plain, waiting = asked(make(), trained(plan=False), as_of), asked(usual(FORTNIGHT), trained(plan=False), as_of)
        same = ("day", "not_before", "exact", "plan", "bounds", "limits", "remaining", "critical")
        assert [getattr(plain, name) for name in same] == [getattr(waiting, name) for name in same]
        assert waiting.usually == as_of + 28 * DAY


def test_says_nothing_of_usual_waits_where_none_is_declared_or_in_force() -> None:
    for edition in (widgets.edition(), usual(TO_COME)):
        found = asked(edition, trained(), AS_OF)
        assert found.usually is None
        assert "usual" not in text_of(found, edition)
        assert found.as_data()["usually"] is None


def test_says_the_usual_waits_beside_the_day() -> None:
    edition = usual(FORTNIGHT)
    found = asked(edition, trained(), AS_OF)
    lines = text_of(found, edition).splitlines()
    assert lines[2:5] == [
        "Earliest day: 1 June 2005, if each decides the same day (office).",
        "The day is exact: nothing unknown can make it later.",
        "With the usual waiting times, which the earliest day leaves out: 15 June 2005.",
    ]
    assert found.as_data()["usually"] == "2005-06-15"


@pytest.mark.parametrize(
    ("usual", "told_so"),
    [
        ({"office": FORTNIGHT}, "the usual wait of office is 'usual wait', which is none of its parameters"),
        ({"king": widgets.HOURS}, "the usual wait is of 'king', which is no declared role"),
    ],
)
def test_refuses_a_usual_wait_without_its_value_or_of_no_role(usual: dict[str, Any], told_so: str) -> None:
    with pytest.raises(DefinitionError, match="edition widgets/2005") as wrong:
        widgets.edition(usual=usual)
    assert told_so in str(wrong.value)


def test_says_that_it_may_come_sooner_where_a_way_that_nobody_knows_might_get_there() -> None:
    edition = widgets.edition((required(one_detail_of_thirty_days),))
    exact = asked(edition, trained(), AS_OF)
    unknown = Bound(Told.NO_WAY_KNOWN, "widgets.another_way", "", "Another way.")
    sooner = attrs.evolve(exact, exact=False, not_before=AS_OF, bounds=(unknown,))
    assert text_of(sooner, edition).splitlines()[2:5] == [
        "In the ways that are known: 30 June 2005, if each decides the same day (office).",
        "It may come sooner, if somebody can tell how this can be met:",
        "  - Another way.",
    ]
    assert text_of(exact, edition).splitlines()[2:4] == [
        "Earliest day: 30 June 2005, if each decides the same day (office).",
        "The day is exact: nothing unknown can make it later.",
    ]


# --- under another program


@pytest.mark.parametrize(
    ("case", "to", "as_of"),
    [
        ("hhs-003", "commerce", "2004-12-15"),
        ("commerce-005", "hhs", "2005-06-01"),
        ("dol-015", "hhs", "2013-12-01"),
        ("hhs-008", "dol", "2005-06-01"),
    ],
)
def test_shows_both_programs_side_by_side(demo_file: Path, demo: Engine, case: str, to: str, as_of: str) -> None:
    text = said(demo_file, case, "--to", to, "--as-of", as_of, command="transfer")
    own = case.partition("-")[0]
    head, _, columns, *_ = text.splitlines()
    assert re.match(rf"{case}: what is recorded, under {own}/\d+ and under {to}/\d+, as of ", head)
    assert re.match(rf"{own}/\d+: [a-z /]+, until [a-z]+ {{2,}}{to}/\d+: [a-z /]+, until [a-z]+$", columns)
    assert not JARGON.findall(text)
    assert not RULE.findall(text)
    assert "[" not in text
    assert max(len(line) for line in text.splitlines() if not re.match("(Recorded|Asked) ", line)) <= 126
    day = date.fromisoformat(as_of)
    folded, edition = demo.case(case, as_of=day)
    other = demo.registry.programs[to].edition_on(day)
    data = json.loads(said(demo_file, case, "--to", to, "--as-of", as_of, "--json", command="transfer"))
    assert data == json.loads(json.dumps(transfer(folded, edition, other, as_of=day).as_data()))
    assert data["own"] == json.loads(cli("path", str(demo_file), case, "--as-of", as_of, "--json").stdout)
    assert [e["version"] for e in data["entries"]] == [e.version for e in folded.entries], "nothing is left out silently"
    cited = said(demo_file, case, "--to", to, "--as-of", as_of, "--cite", command="transfer")
    assert ("[" in cited) == any(r["binding"] for side in ("own", "other") for r in data[side]["remaining"])


def test_says_what_the_other_program_does_not_know_and_what_it_asks_more(demo_file: Path) -> None:
    text = said(demo_file, "commerce-005", "--to", "hhs", "--as-of", "2005-06-01", command="transfer")
    assert "Recorded here, unknown there: chain recorded, mentor trained\n" in text
    assert "Asked there, not recorded here, of assignment started: inside hhs, division, full time\n" in text
    assert "not recorded: inside hhs; no way is known" in re.sub(r" +", " ", text)
    same = said(demo_file, "hhs-003", "--to", "hhs", "--as-of", "2004-12-15", command="transfer")
    assert same.endswith("Recorded here, unknown there: nothing\n")


@pytest.mark.parametrize(("case", "as_of"), ASKED)
def test_leaves_open_under_its_own_program_what_its_path_leaves_open(demo: Engine, case: str, as_of: str) -> None:
    day = date.fromisoformat(as_of)
    folded, edition = demo.case(case, as_of=day)
    found = transfer(folded, edition, edition, as_of=day)
    assert found.own.as_data() == found.other.as_data()
    assert [(c.as_type, c.open) for c in found.entries] == [(c.type_name, ()) for c in found.entries]


@pytest.mark.parametrize(("lasted", "missing"), [(119, [1, "calendar days"]), (120, None)])
def test_counts_what_was_done_here_as_the_other_program_counts_it(memory: Engine, lasted: int, missing: list[Any] | None) -> None:
    """Commerce asks for 120 days of assignments in all, and that each names an ECQ, which HHS does not record."""
    play(memory, Candidate("h1").selected().enrolled().planned().assigned("a1", "2004-08-02", lasted))
    as_of = date(2004, 12, 3)
    folded, edition = memory.case("h1", as_of=as_of)
    commerce = memory.registry.programs["commerce"].editions[0]
    found = transfer(folded, edition, commerce, as_of=as_of)
    (started,) = (c for c in found.entries if c.type_name == "hhs.assignment_started.1")
    assert (started.as_type, started.open) == ("commerce.assignment_started.1", ("ecqs",))
    left = {r.rule: r.data for r in found.other.remaining}
    assert left.get("commerce.one_hundred_and_twenty_days_of_assignments", {}).get("missing") == missing
    assert left["commerce.every_assignment_names_an_ecq"]["observed"] == {"field": "ecqs"}
    assert found.other.state == "developing", "both have this stage"


def test_the_one_whom_a_case_is_about_takes_that_part_there(memory: Engine) -> None:
    play(memory, Candidate("h1").selected().enrolled())
    as_of = date(2004, 12, 3)
    folded, edition = memory.case("h1", as_of=as_of)
    dol = memory.registry.programs["dol"].editions[0]
    found = transfer(folded, edition, dol, as_of=as_of)
    answered = next(step for step in found.other.plan if step.type_name == "dol.assessment_answered.1")
    assert (answered.by, answered.people) == ("participant", ("h1.candidate",))


def taken_over(stage: str = "developing") -> CommerceCandidate:
    """A candidate of Commerce taken over on 2005-03-01 with a mentor paired before; nobody recorded who supervises whom."""
    life = CommerceCandidate("t1")
    beginning = CaseTakenOver(
        Id("commerce"), Id("september-2004"), life.cast(someone="candidate", office="program office"), StateName(stage)
    )
    life.on("2005-03-01", "office", beginning)
    life.on("2004-09-27", "office", CandidateEnrolled(), doc.PositionRecorded(Id("division-chief")))
    return life.on("2004-10-04", "office", doc.MentorPaired(Id("m1"), Id("p-9")))


def test_what_was_taken_over_is_taken_over_there_too(memory: Engine) -> None:
    """What lies before that day is attested: under no program is it asked whether it was in order then."""
    for answer in play(memory, taken_over()):
        assert answer.accepted, list(memory.explain(answer))
    as_of = date(2005, 6, 1)
    folded, edition = memory.case("t1", as_of=as_of)
    same = transfer(folded, edition, edition, as_of=as_of)
    assert same.own.as_data() == same.other.as_data()
    assert same.own.exact
    for program in ("hhs", "dol"):
        other = memory.registry.programs[program].editions[0]
        found = transfer(folded, edition, other, as_of=as_of)
        assert CaseTakenOver.type_name in {c.as_type for c in found.entries}
        assert found.other.state == ("developing" if program == "hhs" else "participating")


@pytest.mark.parametrize(("as_of", "state"), [("2005-01-11", "graduated/approved"), ("2005-01-12", "graduated/forwarded")])
def test_stands_in_the_very_step_where_both_have_it(demo: Engine, as_of: str, state: str) -> None:
    day = date.fromisoformat(as_of)
    folded, edition = demo.case("hhs-013", as_of=day)
    assert transfer(folded, edition, edition, as_of=day).other.state == state


def test_a_role_given_later_to_the_one_whom_a_case_is_about_is_that_part_there(memory: Engine) -> None:
    story = Candidate("h1").selected().enrolled()
    story.on("2004-06-11", "coordinator", RoleGiven(Id("h1.renamed"), RoleName("candidate")))
    story.on("2004-06-12", "coordinator", RoleEnded(Id("h1.candidate"), RoleName("candidate")))
    play(memory, story)
    as_of = date(2004, 12, 3)
    folded, edition = memory.case("h1", as_of=as_of)
    dol = memory.registry.programs["dol"].editions[0]
    found = transfer(folded, edition, dol, as_of=as_of)
    assert {step.people for step in found.other.plan if step.by == "participant"} == {("h1.renamed",)}


# --- the same words in every command


def test_says_in_every_command_that_the_days_hold_if_each_decides_the_same_day(demo_file: Path, demo: Engine) -> None:
    as_of = ("--as-of", "2004-12-15")
    for command, *arguments in (
        ["path", "hhs-010"],
        ["transfer", "hhs-010", "--to", "dol"],
        ["due", "--case", "hhs-010"],
        ["cohort", "hhs"],
    ):
        text = re.sub(r"\s+", " ", said(demo_file, *arguments, *as_of, command=command))
        assert "if each decides the same day" in text, command
    made = re.sub(rb"\r\n ", b"", calendar(demo, as_of=date(2004, 12, 15), case="hhs-010")).decode()
    assert r"It holds if each decides the same day (program manager\, ERB\, QRB)." in made
    assert r"the program manager answering yes to: Has the candidate shown competence in every ECQ?" in made


def test_calls_a_step_the_same_in_every_command(demo: Engine, demo_file: Path) -> None:
    as_of = ("--as-of", "2004-12-15")
    rows = due(demo, as_of=date(2004, 12, 15), case="hhs-010")
    for text in (said(demo_file, "hhs-010", *as_of), said(demo_file, "--case", "hhs-010", *as_of, command="due")):
        for row in rows:
            assert re.search(rf"{re.escape(f'{row.role} ({row.people[0]})')} +{re.escape(row.what)}(;| \(supposing|\n)", text), (
                row.what
            )


@pytest.mark.parametrize(
    ("hours", "words"), [(79, "training completed: 1 hour, interagency"), (78, "training completed: 2 hours, interagency")]
)
def test_says_one_hour_and_two_hours(kept: Path, hours: int, words: str) -> None:
    fill(kept, Candidate("h1").selected().enrolled().planned().trained("x", "2004-07-20", hours))
    for command, arguments in (("path", ["h1"]), ("due", ["--case", "h1"])):
        text = said(kept, *arguments, "--as-of", "2004-12-15", command=command)
        assert words in text
        assert "1 hours" not in text
    assert f"{80 - hours} hour{'s' * (hours < 79)} missing (found {hours}, needs at least 80)" in said(
        kept, "h1", "--as-of", "2004-12-15"
    )


@pytest.mark.parametrize(("as_of", "fine"), [(date(1899, 12, 31), False), (date(8999, 12, 31), True), (date(9000, 1, 1), False)])
def test_asks_for_a_day_that_a_record_could_have(as_of: date, fine: bool) -> None:
    """With a stage that there is not, both are told at once."""
    edition = widgets.edition()
    with pytest.raises(InputError) as wrong:
        path(edition.case("w1"), edition, to="nowhere", as_of=as_of)
    assert [p.path for p in wrong.value.problems] == ["to"] + ["as_of"] * (not fine)


def three_desks(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Three desks are recorded."""
    recorded = case.all(widgets.DeskRecorded)
    return holds(len(recorded) >= 3, "three-desks", by=enter(widgets.DeskRecorded, by="office"))


def test_what_a_rule_offers_in_vain_is_no_firm_no() -> None:
    """The remedy enters one at a time, and asks for one still when it is entered: somebody must tell."""
    edition = widgets.edition((required(three_desks),))
    found = asked(edition, trained(), AS_OF)
    assert (found.day, found.exact) == (None, False)
    (obstacle,) = found.obstacles
    assert (obstacle.rule, obstacle.known) == ("widgets.three_desks", Told.NO_WAY_KNOWN)
    assert "what the rule offers to meet it does not" in text_of(found, edition)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"as_of": "2005-06-01"}, "as_of: found a str; needed a date"),
        ({"as_of": datetime(2005, 6, 1, tzinfo=UTC)}, "as_of: found a datetime; needed a date"),
        ({"case": "w1", "to": 3}, "case: found a str; needed a Case"),
        ({"case": "w1", "to": 3}, "to: found an int; needed a str"),
        ({"edition": "widgets/2005"}, "edition: found a str; needed an Edition"),
        ({"budget": 0}, "budget: found 0; needed a whole number from 1 on"),
        ({"budget": True}, "budget: found a bool; needed an int"),
        ({"as_of": date(2005, 1, 1)}, "as_of: found 2005-01-01, before the case w1 began; needed a day from"),
        ({"as_of": date(2005, 3, 2)}, "needed as of 2005-03-02"),
    ],
)
def test_refuses_what_it_cannot_ask_about(wrong: dict[str, Any], named: str) -> None:
    edition = widgets.edition()
    on = engine(widgets.registry(edition))
    play(on, trained())
    given: dict[str, Any] = {"case": on.case("w1")[0], "edition": edition, "as_of": AS_OF} | wrong
    with pytest.raises(InputError) as refused:
        path(given.pop("case"), given.pop("edition"), **given)
    assert named in str(refused.value)


def test_refuses_a_case_of_another_edition() -> None:
    edition = widgets.edition()
    on = engine(widgets.registry(edition))
    play(on, trained())
    with pytest.raises(InputError) as refused:
        path(on.case("w1")[0], discover().programs["hhs"].editions[0], as_of=AS_OF)
    assert "case: found a case of widgets/2005; needed one of hhs/2004" in str(refused.value)


# --- what the search leaves out is told


def desks_on(*held: date) -> Any:
    """A rule that one of these sessions is attended, as a desk recorded on its day."""

    def one_session(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """One of the sessions is attended."""
        there = any(on in held for on, _ in case.all(widgets.DeskRecorded))
        sessions = (enter(widgets.DeskRecorded, by="office", when=Window(only=(on,)), person=f"s-{on}") for on in held)
        return holds(there, "a-session", by=Either(tuple(sessions)))

    return one_session


def after(year: int) -> Any:
    def much_later(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """Much later."""
        return not_before(day, date(year, 6, 1), what="much-later")

    return much_later


def never_yet(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """It is always the day after."""
    return not_before(day, day + DAY, what="tomorrow")


@pytest.mark.parametrize(("sessions", "exact"), [(80, True), (256, True), (257, False)])
def test_looks_at_so_many_ways_and_says_where_there_are_more(sessions: int, exact: bool) -> None:
    held = [AS_OF + n * DAY for n in range(sessions)]
    found = asked(widgets.edition((required(desks_on(*held[:0:-1], held[0])),)), trained(), AS_OF)
    assert found.exact is exact
    if exact:
        assert found.day == AS_OF
    else:
        assert found.not_before == AS_OF
        assert [(b.known, b.what) for b in found.bounds] == [
            (Told.COMPUTED, "only the first 256 ways to meet it were looked at: widgets.one_session")
        ]


@pytest.mark.parametrize(("year", "day"), [(2017, date(2017, 6, 1)), (2018, None)])
def test_looks_twelve_years_ahead_and_says_so(year: int, day: date | None) -> None:
    found = asked(widgets.edition((required(after(year)),)), trained(), AS_OF)
    assert (found.day, found.exact) == (day, day is not None)
    assert [b.what for b in found.bounds] == ["days more than 12 years ahead were not looked at"] * (day is None)


def test_a_wait_that_never_ends_is_no_firm_no() -> None:
    found = asked(widgets.edition((required(never_yet),)), trained(), AS_OF)
    assert (found.day, found.exact) == (None, False)
    assert found.judged[0] < 60
    assert found.bounds[0].what.endswith("it is to wait again: widgets.never_yet")


@pytest.mark.parametrize("running", [3, 12])
def test_more_of_what_runs_does_not_multiply_the_ways(running: int) -> None:
    """Two of sixty days, with so many open: each is a way, and two together are one whatever their order."""

    def one(n: int) -> Any:
        return enter(widgets.DetailOver, by="office", detail=f"d{n}")

    found = ways(Every(tuple(Either(tuple(one(n) for n in range(running))) for _ in range(2))))
    assert len(found) == running * (running + 1) // 2
    assert len(ways(Every(tuple(Either(tuple(one(n) for n in range(9))) for _ in range(8))))) == WAYS + 1


def sooner_somehow(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """Somebody knows a way, or it is the end of 2005."""
    return any_of(holds(False, "a-way-that-somebody-knows"), not_before(day, LAST, what="the-end-of-2005"))


def test_a_day_is_no_exact_one_where_what_takes_longest_has_a_way_that_no_rule_knows() -> None:
    found = asked(widgets.edition((required(sooner_somehow),)), trained(), AS_OF)
    assert (found.day, found.exact, found.not_before) == (LAST, False, AS_OF)
    assert [(b.known, b.rule) for b in found.bounds] == [(Told.NO_WAY_KNOWN, "widgets.sooner_somehow")]


def test_a_case_taken_over_with_more_to_attest_gets_no_firm_no(memory: Engine) -> None:
    """Into the middle of development, with no plan attested: nothing here leads back to it, and it may still be attested."""
    story = Candidate("h1")
    people = story.cast(candidate="candidate", coordinator="program coordinator", manager="program manager", board="ERB")
    taken = CaseTakenOver(Id("hhs"), Id("january-2004"), people, StateName("developing"))
    story.on("2004-10-01", "coordinator", taken)
    for answer in play(memory, story):
        assert answer.accepted
    case, edition = memory.case("h1", as_of=date(2004, 10, 2))
    found = path(case, edition, to="certifying", as_of=date(2004, 10, 2))
    assert (found.day, found.exact) == (None, False)
    assert "But: what happened before the case was taken over may still be attested." in text_of(found, edition)
