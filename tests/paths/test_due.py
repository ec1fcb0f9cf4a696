"""What is due: only days that authorities state, for whom, and under which rule."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

import widgets
from candidacy import (
    CandidateEnrolled,
    Case,
    Check,
    Engine,
    Id,
    InputError,
    PlanApproved,
    PlanSubmitted,
    ProgramCompleted,
    Registry,
    Rule,
    SqliteLedger,
    Window,
    Withdrawn,
    _due,
    days,
    discover,
    enter,
    holds,
    not_after,
    path,
)
from candidacy._due import Due, LeftOut, due
from candidacy_dol.caseload import Participant
from candidacy_hhs.caseload import Candidate
from support import ZONE, cli, command, engine, play

LAST = date(2005, 12, 31)
DAY = timedelta(days=1)
JARGON = re.compile(r"\b(guards?|events?|transitions?|findings?|facts?)\b", re.IGNORECASE)


def by_the_end_of_2005(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program is completed in 2005."""
    return not_after(day, LAST, what="the-end-of-2005")


def within_200_days_of_the_plan(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """The program is completed within 200 days of the approved plan."""
    approved = case.day_of(PlanApproved)
    if approved is None:
        return holds(None, "an-approved-plan")
    closes = days(200).after(approved)
    return holds(closes >= day, "within-200-days", closes=closes)


MUST = widgets.HANDBOOK.requires(before=ProgramCompleted, at="W-7", lines=(7, 7))(by_the_end_of_2005)
SHOULD = widgets.HANDBOOK.advises(before=ProgramCompleted, at="W-7", lines=(7, 7))(by_the_end_of_2005)
AFTER_THE_PLAN = widgets.HANDBOOK.advises(before=ProgramCompleted, at="W-8", lines=(8, 8))(within_200_days_of_the_plan)


def office(*rules: Rule) -> Engine:
    """An engine of the widgets program with more rules, and one case in development since 2005-04-01."""
    made = engine(widgets.registry(widgets.edition(rules)))
    play(made, widgets.developing())
    return made


def row(rows: list[Due], what: str) -> Due:
    """The only row that begins so."""
    (found,) = (r for r in rows if r.what.startswith(what))
    return found


@pytest.fixture(scope="session")
def demo(demo_file: Path, registry: Registry) -> Iterator[Engine]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        yield engine(registry, ledger)


# --- days that are stated


def test_has_the_last_day_that_a_rule_states_for_an_act_and_for_what_serves_it() -> None:
    rows = due(office(MUST), as_of=date(2005, 6, 1))
    completed, trained = row(rows, "program completed"), row(rows, "trained: 10 hours")
    assert (completed.day, completed.role, completed.people) == (LAST, "office", ("w1.o",))
    assert (trained.day, trained.role, trained.people) == (LAST, "candidate", ("w1.c",))
    (own,), (inherited,) = completed.stated, trained.stated
    assert (own.own, inherited.own) == (True, False)
    assert (own.rule, own.requirement, own.citation) == (
        "widgets.by_the_end_of_2005",
        "The program is completed in 2005.",
        "Widgets handbook, line 7 (W-7)",
    )
    assert trained.rule == "widgets.ten_hours"
    assert row(rows, "answer to: Is the candidate fit?").day == LAST


def test_invents_no_due_day_where_no_authority_states_one() -> None:
    rows = due(office(), as_of=date(2005, 6, 1))
    assert rows
    assert {r.day for r in rows} == {None}
    assert {r.first for r in rows} == {date(2005, 6, 1)}


@pytest.mark.parametrize(("as_of", "overdue", "possible"), [(LAST - DAY, 0, True), (LAST, 0, True), (LAST + DAY, 1, False)])
def test_is_overdue_from_the_day_after_the_last_one(as_of: date, overdue: int, possible: bool) -> None:
    completed = row(due(office(MUST), as_of=as_of), "program completed")
    assert (completed.day, completed.days_overdue, completed.days_late) == (LAST, overdue, 0)
    assert completed.first == (as_of if possible else None)
    assert completed.hindered == (() if possible else ("the-end-of-2005",))


@pytest.mark.parametrize(("as_of", "days_after"), [(LAST, 0), (LAST + DAY, 1), (LAST + 40 * DAY, 40)])
def test_says_by_how_many_days_advice_is_missed(as_of: date, days_after: int) -> None:
    completed = row(due(office(SHOULD), as_of=as_of), "program completed")
    assert (completed.first, completed.days_overdue, completed.days_late) == (as_of, days_after, days_after)
    assert not completed.stated[0].binding


def test_says_that_a_day_moves_with_the_plan_where_it_hangs_on_a_step_that_is_only_planned() -> None:
    firm = row(due(office(AFTER_THE_PLAN), as_of=date(2005, 6, 1)), "program completed").stated
    assert [(s.day, s.firm) for s in firm] == [(date(2005, 10, 18), True)]
    made = engine(widgets.registry(widgets.edition((AFTER_THE_PLAN,))))
    story = widgets.begun("w2").tell("2005-03-02", CandidateEnrolled(), by="w2.o")
    play(made, story.tell("2005-03-10", PlanSubmitted(Id("p1")), by="w2.c"))
    rows = due(made, as_of=date(2005, 6, 1))
    assert [(s.day, s.firm) for s in row(rows, "program completed").stated] == [(date(2005, 12, 18), False)]
    assert row(rows, "plan approved").day is None, "the approval itself is not due because of a day that it sets"


def test_has_the_nearest_of_several_days_first() -> None:
    completed = row(due(office(MUST, AFTER_THE_PLAN), as_of=date(2005, 6, 1)), "program completed")
    assert [s.day for s in completed.stated] == [date(2005, 10, 18), LAST]
    assert completed.day == date(2005, 10, 18)


@pytest.mark.parametrize(("known", "days_due"), [(False, [LAST]), (None, [])])
def test_what_can_only_be_found_out_has_no_last_day(known: bool | None, days_due: list[date]) -> None:
    def desk_by_the_end_of_2005(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """The candidate has a desk by the end of 2005."""
        by = enter(widgets.DeskRecorded, by="office", when=Window(last=LAST), person=Id("w1.c"))
        return holds(True if case.all(widgets.DeskRecorded) else known, "a-desk", by=by)

    desk = widgets.HANDBOOK.requires(before=ProgramCompleted, at="W-6", lines=(6, 6))(desk_by_the_end_of_2005)
    recorded = row(due(office(desk), as_of=date(2005, 6, 1)), "desk recorded")
    assert [s.day for s in recorded.stated] == days_due


@pytest.mark.parametrize(("until", "found"), [(LAST - DAY, 0), (LAST, 3), (LAST + DAY, 3)])
def test_keeps_what_is_due_until_a_day_that_day_included(until: date, found: int) -> None:
    assert len(due(office(MUST), as_of=date(2005, 6, 1), until=until)) == found


@pytest.mark.parametrize(("until", "found"), [(date(2005, 5, 31), 0), (date(2005, 6, 1), 3)])
def test_keeps_what_has_no_due_day_by_its_first_possible_one(until: date, found: int) -> None:
    assert len(due(office(), as_of=date(2005, 6, 1), until=until)) == found


@pytest.mark.parametrize(("as_of", "overdue"), [(date(2005, 11, 4), 0), (date(2005, 11, 5), 1)])
def test_what_has_to_last_is_due_to_begin_so_much_earlier(memory: Engine, as_of: date, overdue: int) -> None:
    """The request is due on 2006-01-02, and sixty days that end on it begin on 2005-11-04."""
    play(memory, Candidate("h1").selected().enrolled().planned().assigned("a1", "2004-08-02", 60).trained("t1", "2004-09-15", 80))
    rows = due(memory, as_of=as_of)
    begun, ended = row(rows, "assignment started"), row(rows, "assignment ended")
    assert (begun.day, begun.days_overdue, begun.days_late) == (date(2005, 11, 4), overdue, overdue)
    assert (begun.stated[0].day, begun.stated[0].own) == (date(2006, 1, 2), False)
    assert (ended.day, ended.days_overdue, ended.days_late) == (date(2006, 1, 2), 0, overdue)
    assert begun in due(memory, as_of=as_of, until=date(2005, 11, 4)), "it is listed by the day on which it must begin"
    assert begun not in due(memory, as_of=as_of, until=date(2005, 11, 3))


# --- the demonstration


@pytest.mark.parametrize(("as_of", "overdue"), [(date(2006, 1, 2), 0), (date(2006, 1, 3), 1)])
def test_hhs_requests_certification_within_eighteen_months(demo: Engine, as_of: date, overdue: int) -> None:
    rows = due(demo, as_of=as_of, case="hhs-007")
    requested = row(rows, "certification requested")
    assert (requested.day, requested.days_overdue) == (date(2006, 1, 2), overdue)
    assert requested.stated[0].requirement.startswith("Certification follows within 18 months")
    answers = [r for r in rows if r.what == "answer to: May the request be made although the period is over?"]
    assert [a.day for a in answers] == [None] * overdue, "the board is asked because the day has passed, and on no day"


@pytest.mark.parametrize(("as_of", "overdue"), [(date(2013, 12, 10), 0), (date(2013, 12, 11), 1)])
def test_dol_sessions_are_due_on_the_day_they_are_scheduled_for(demo: Engine, as_of: date, overdue: int) -> None:
    attended = row(due(demo, as_of=as_of, case="dol-015"), "session attended: first-coaching")
    assert (attended.day, attended.stated[0].scheduled, attended.days_overdue) == (date(2013, 12, 10), True, overdue)
    assert attended.days_late == 0, "it takes effect on the day it was held, however late it is recorded"


@pytest.mark.parametrize(("as_of", "overdue"), [(date(2014, 2, 5), 0), (date(2014, 2, 6), 1)])
def test_dol_mentors_are_paired_by_the_scheduled_mid_point(memory: Engine, as_of: date, overdue: int) -> None:
    play(memory, Participant("p1").enrolled().rated("pre", "2013-11-12"))
    assert row(due(memory, as_of=date(2013, 11, 12)), "mentor paired").day == date(2014, 7, 16), "no mid-point is scheduled"
    play(memory, [command("p1", "dol.mid_point_scheduled.1", "2013-11-13", "p1.partnership", {"matching_on": "2014-02-05"})])
    paired = row(due(memory, as_of=as_of), "mentor paired")
    assert (paired.day, paired.days_overdue, paired.days_late) == (date(2014, 2, 5), overdue, overdue)
    assert paired.stated[0].rule == "dol.mentor_is_paired_at_the_mid_point"


def test_lists_open_cases_alone_in_order_of_their_days(demo: Engine) -> None:
    rows = due(demo, as_of=demo.today())
    closed = {s for s in demo.ledger.cases() if demo.status(s).state in {"completed", "withdrawn", "removed", "certified"}}
    assert closed
    assert not closed & {r.case for r in rows}
    days_of = [(r.day or date.max, r.first or date.max) for r in rows]
    assert days_of == sorted(days_of)
    stuck = row([r for r in rows if r.case == "dol-005"], "program completed")
    assert (stuck.day, stuck.first, stuck.role, stuck.hindered) == (None, None, "", ("the judgement was no",))


def test_narrows_to_a_role_a_program_and_a_case(demo: Engine) -> None:
    every = due(demo, as_of=demo.today())
    assert due(demo, as_of=demo.today(), role="erb") == [r for r in every if r.role == "ERB"]
    assert due(demo, as_of=demo.today(), program="dol") == [r for r in every if r.program == "dol"]
    assert due(demo, as_of=demo.today(), case="hhs-010") == [r for r in every if r.case == "hhs-010"]


def test_keeps_the_name_of_a_thing_when_days_pass_and_records_are_added(demo: Engine) -> None:
    one, other = (due(demo, as_of=day, case="hhs-010") for day in (date(2004, 8, 1), date(2004, 8, 20)))
    assert len({r.name for r in one}) == len(one)
    begun = "hhs.assignment_started.1|assignment=#1|1"
    assert {r.name for r in one} == {begun, *(r.name for r in other)}, "the first assignment has begun since, and has an id"
    ended = [(r.name, r.what) for r in other if r.what.startswith("assignment ended")]
    assert ended == [
        ("hhs.assignment_ended.1|assignment=#1|1", "assignment ended: a1"),
        ("hhs.assignment_ended.1|assignment=#2|1", "assignment ended"),
    ]


def test_tells_a_further_thing_of_a_kind_from_the_one_that_is_done(memory: Engine) -> None:
    story = Candidate("c1").selected().enrolled().planned()
    play(memory, story)
    assert row(due(memory, as_of=date(2004, 9, 1)), "training completed: 80 hours").name == "hhs.training_completed.1|1"
    play(memory, list(story.trained("t1", "2004-09-01", 30))[-1:])
    assert row(due(memory, as_of=date(2004, 9, 1)), "training completed: 50 hours").name == "hhs.training_completed.1|2"


# --- what cannot be asked


def test_says_so_where_the_first_possible_day_could_not_be_worked_out(demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_due, "path", partial(path, budget=2))
    done = cli("due", str(demo_file), "--case", "hhs-015")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"20\d\d-\d\d-\d\d or later +hhs-015 +nobody is known +certified\n", done.stdout)
    assert "could not be worked out; the one shown is a bound. (the search stopped after judging" in done.stdout


def test_tells_of_a_case_whose_program_is_not_installed_or_raises(demo: Engine) -> None:
    only = Engine(demo.ledger, Registry.of(discover().programs["hhs"]), clock=demo._clock)
    left: list[LeftOut] = []
    rows = due(only, as_of=demo.today(), left_out=left.append)
    assert {r.program for r in rows} == {"hhs"}
    assert len(left) == 30
    assert "no installed plugin offers" in left[0].why
    with pytest.raises(InputError, match="no installed plugin offers"):
        due(only, as_of=demo.today())
    with pytest.raises(InputError, match="no installed plugin offers"):
        due(only, as_of=demo.today(), case="dol-015", left_out=left.append)


def test_names_what_it_does_not_know(demo: Engine) -> None:
    with pytest.raises(InputError, match=r"found the role queen; needed one of ERB, .*program office"):
        due(demo, as_of=demo.today(), role="queen")
    with pytest.raises(InputError, match="found the case nobody"):
        due(demo, as_of=demo.today(), case="nobody")
    with pytest.raises(InputError, match="found the program nasa; needed one that a case belongs to: commerce, dol, hhs"):
        due(demo, as_of=demo.today(), program="nasa")
    with pytest.raises(InputError, match="needed a day from 2013-10-17 on"):
        due(demo, as_of=date(2013, 10, 16), case="dol-015")
    assert due(demo, as_of=date(2013, 10, 17), case="dol-015")
    assert due(demo, as_of=date(2004, 1, 1)) == []


# --- the command


def test_tells_a_coordinator_in_plain_words(demo_file: Path) -> None:
    before = demo_file.read_bytes()
    plain = cli("due", str(demo_file), "--as-of", "2006-01-03")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.startswith("What is due as of 3 January 2006\n")
    assert re.search(
        r"2006-01-02 +overdue by 1 day +2006-01-03 or later, 1 day late +hhs-007 +candidate \(hhs-007.candidate\) +certification requested",
        plain.stdout,
    )
    assert "[HHS SES CDP guidelines" not in plain.stdout
    cited = cli("due", str(demo_file), "--as-of", "2006-01-03", "--cite")
    assert "[HHS SES CDP guidelines, line 15 (HHS-006)] hhs.requested_within_eighteen_months_of_the_plan" in cited.stdout
    today = cli("due", str(demo_file))
    assert "Cannot go on as things stand (" in today.stdout
    for done in (plain, cited, today):
        assert not JARGON.findall(re.sub(r"\[.*\].*", "", done.stdout))
    assert demo_file.read_bytes() == before


def test_says_that_nothing_is_due(demo_file: Path) -> None:
    for arguments in (["--case", "hhs-001"], ["--until", "2000-01-01"], ["--as-of", "2004-01-01"]):
        done = cli("due", str(demo_file), *arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        assert done.stdout.endswith("nothing is due.\n")


def test_gives_everything_as_json(demo_file: Path, demo: Engine) -> None:
    done = cli("due", str(demo_file), "--as-of", "2013-12-01", "--json", "--program", "dol")
    data = json.loads(done.stdout)
    rows = due(demo, as_of=date(2013, 12, 1), program="dol")
    assert (data["as_of"], data["left_out"]) == ("2013-12-01", [])
    assert data["due"] == [r.as_data() for r in rows]
    paired = next(r for r in data["due"] if r["type"] == "dol.mentor_paired.1")
    assert (paired["due"], paired["first_possible"], paired["exact"], paired["role"]) == (
        "2014-02-05",
        "2013-12-01",
        True,
        "Partnership",
    )
    assert paired["stated"][0]["citation"].endswith("(DOL-24, DOL-48)")
    assert paired["step"]["open"].keys() == {"pairing", "mentor"}


@pytest.mark.parametrize(
    "arguments",
    [["--role", "queen"], ["--until", "soon"], ["--as-of", "2026-02-30"], ["--case", "nobody"], ["--program", "nasa"], ["--as-of", "2000-01-01", "--case", "hhs-001"]],
)  # fmt: skip
def test_refuses_wrong_input(demo_file: Path, arguments: list[str]) -> None:
    done = cli("due", str(demo_file), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "found" in done.stderr
    assert "needed" in done.stderr
    assert "Traceback" not in done.stderr
    both = cli("due", str(demo_file), "--until", "soon", "--as-of", "later", "--json")
    assert (both.returncode, len(json.loads(both.stdout)["problems"])) == (2, 2)


def test_names_a_case_it_leaves_out_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "widgets.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(widgets.registry(), ledger), widgets.developing())
    done = cli("due", str(path), "--json")
    assert (done.returncode, json.loads(done.stdout)["due"]) == (0, [])
    assert "case w1 is left out: case: found a case of widgets/2005, which no installed plugin offers" in done.stderr
    assert json.loads(done.stdout)["left_out"][0]["case"] == "w1"


def test_lists_nothing_for_a_case_that_has_ended() -> None:
    made = office(MUST)
    play(made, [command("w1", Withdrawn.type_name, "2005-07-01", "w1.c")])
    assert due(made, as_of=date(2005, 7, 1)) == []
    assert due(made, as_of=date(2005, 6, 30))
