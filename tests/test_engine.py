"""One command, one record: the door, retries, versions, and what reaches the log."""

import json
import logging
import threading
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from candidacy import (
    Actor,
    CandidateSelected,
    Command,
    CommandIdReusedError,
    Count,
    Engine,
    Id,
    InputError,
    MemoryLedger,
    OvertakenError,
    ProgramCompleted,
    RoleGiven,
    RoleName,
    RoleNamed,
    SqliteLedger,
    Withdrawn,
)
from candidacy.codec import write_command
from candidacy.registry import Registry
from support import ZONE, engine, play
from widgets import FIT, DeskRecorded, Toured, Trained, begun, developing, edition, fit, registry


def problems(on: Engine, document: Any) -> dict[str, str]:
    """What is wrong, by path; and nothing was entered."""
    before = len(list(on.ledger.rows()))
    with pytest.raises(InputError) as wrong:
        on.submit(document)
    assert len(list(on.ledger.rows())) == before
    return {p.path: f"{p.found}; {p.needed}" for p in wrong.value.problems}


def told(day: str, event: Any, by: str = "w1.o", case: str = "w1") -> Command:
    return Command(f"x-{day}-{event.type_name}", case, event, date.fromisoformat(day), Actor(by))


def test_opens_for_what_it_knows_only() -> None:
    on = engine(registry())
    play(on, begun())
    assert "w9, which has not begun" in problems(on, told("2005-03-05", Withdrawn(), case="w9"))["case"]
    assert "no role in the case" in problems(on, told("2005-03-05", Withdrawn(), by="stranger"))["actor.person"]
    assert (
        "a role that may enter this fact: candidate, office"
        in problems(on, told("2005-03-05", Trained(Count(1)), by="w1.g"))["actor.person"]
    )
    assert (
        "role the program does not have" in problems(on, told("2005-03-05", RoleGiven(Id("x"), RoleName("queen"))))["payload.role"]
    )
    assert "one of fit-for-widgets" in problems(on, told("2005-03-05", fit().__class__(Id("smart"), True)))["payload.question"]
    no_program = CandidateSelected(Id("gadgets"), Id("spring"), (RoleNamed(Id("w2.o"), RoleName("office")),))
    assert "an installed one: widgets" in problems(on, told("2005-03-05", no_program, case="w2", by="w2.o"))["payload.program"]
    no_announcement = CandidateSelected(Id("widgets"), Id("winter"), (RoleNamed(Id("w2.o"), RoleName("office")),))
    assert "one of spring" in problems(on, told("2005-03-05", no_announcement, case="w2", by="w2.o"))["payload.announcement"]
    no_role = CandidateSelected(
        Id("widgets"), Id("spring"), (RoleNamed(Id("w2.o"), RoleName("office")), RoleNamed(Id("q"), RoleName("queen")))
    )
    assert "does not have" in problems(on, told("2005-03-05", no_role, case="w2", by="w2.o"))["payload.roles[1].role"]


def test_says_everything_that_is_wrong_at_the_door_at_once() -> None:
    on = engine(registry())
    play(on, begun())
    assert set(problems(on, told("2027-01-01", RoleGiven(Id("x"), RoleName("queen")), by="stranger"))) == {
        "day",
        "payload.role",
        "actor.person",
    }


@pytest.mark.parametrize(
    ("now", "day", "enters"),
    [
        ("2027-03-01T04:59:59+00:00", "2027-02-28", True),
        ("2027-03-01T04:59:59+00:00", "2027-03-01", False),
        ("2027-03-01T05:00:00+00:00", "2027-03-01", True),
        ("2026-11-01T04:00:00+00:00", "2026-11-01", True),
    ],
)
def test_takes_the_day_of_entry_from_the_ledger_s_zone(now: str, day: str, enters: bool) -> None:
    on = engine(registry(), now=datetime.fromisoformat(now).astimezone(UTC))
    play(on, begun())
    if enters:
        assert on.submit(told(day, Trained(Count(1)))).accepted
    else:
        assert "which is to come" in problems(on, told(day, Trained(Count(1))))["day"]


def test_takes_nothing_dated_before_the_case_began_but_what_credits_earlier_work() -> None:
    on = engine(registry())
    play(on, begun())
    assert "not before the case began, 2005-03-01" in problems(on, told("2005-02-28", Withdrawn(), by="w1.c"))["day"]
    assert on.submit(told("2005-02-28", Trained(Count(1)))).accepted
    assert on.submit(told("2005-03-01", Withdrawn(), by="w1.c")).accepted


def test_refuses_a_second_fact_of_state_for_the_same_subject_and_day_and_names_the_first() -> None:
    on = engine(registry())
    play(on, begun())
    assert on.submit(told("2005-03-05", DeskRecorded(Id("p"), Id("d1")))).accepted
    second = Command("y", "w1", DeskRecorded(Id("p"), Id("d2")), date(2005, 3, 5), Actor("w1.o"))
    assert "the first is version 2" in problems(on, second)["payload"]
    other = Command("z", "w1", DeskRecorded(Id("q"), Id("d2")), date(2005, 3, 5), Actor("w1.o"))
    assert on.submit(other).accepted
    assert on.submit(told("2005-03-06", DeskRecorded(Id("p"), Id("d2")))).accepted


def test_answers_a_retry_with_the_first_result_for_ever() -> None:
    on = engine(registry())
    play(on, developing())
    tour = told("2005-05-01", Toured(Count(1), Count(1)), by="w1.c")
    first, again = on.submit(tour), on.submit(tour)
    assert (first.record.raw, first.repeated, again.repeated) == (again.record.raw, False, True)
    refused = told("2005-05-02", ProgramCompleted())
    assert not on.submit(refused).accepted
    play(on, [write_command(told("2005-05-02", Trained(Count(10)))), write_command(told("2005-05-02", fit()))])
    again = on.submit(refused)
    assert again.repeated
    assert not again.accepted, "a refused command's id is spent"
    fresh = Command("new-id", "w1", ProgramCompleted(), date(2005, 5, 2), Actor("w1.o"))
    assert on.submit(fresh).accepted


@pytest.mark.parametrize("change", [{"day": "2005-05-02"}, {"payload": {"floor": 2, "days": 1}}, {"expects": 4}, {"case": "w2"}])
def test_refuses_a_used_id_with_other_content(change: dict[str, Any]) -> None:
    on = engine(registry())
    play(on, developing())
    tour = write_command(told("2005-05-01", Toured(Count(1), Count(1)), by="w1.c"))
    on.submit(tour)
    with pytest.raises(CommandIdReusedError, match="record 5"):
        on.submit({**tour, **change})


def test_enters_nothing_for_a_version_that_was_overtaken() -> None:
    on = engine(registry())
    play(on, developing())
    with pytest.raises(
        OvertakenError, match=r"expects version 3, found version 4: since then candidacy\.plan_approved\.1 \(accepted\)"
    ):
        on.submit(Command("v", "w1", Withdrawn(), date(2005, 5, 1), Actor("w1.c"), expects=3))
    assert on.submit(Command("v", "w1", Withdrawn(), date(2005, 5, 1), Actor("w1.c"), expects=4)).accepted


def test_pins_a_case_to_the_edition_of_its_announcement_and_judges_by_its_newest_revision() -> None:
    ledger = MemoryLedger(ZONE)
    first, second = edition(), edition(revision=2)
    play(engine(registry(first), ledger), begun())
    on = engine(registry(first, second), ledger)
    answer = on.submit(told("2005-03-05", Trained(Count(1))))
    assert answer.record.edition["revision"] == 2
    assert next(iter(ledger.of_case("w1"))).edition["revision"] == 1


def test_says_that_the_program_of_a_case_is_not_installed() -> None:
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), begun())
    with pytest.raises(InputError, match="which no installed plugin offers"):
        engine(Registry({}), ledger).case("w1")


def test_writes_a_record_from_which_the_command_can_be_read_again() -> None:
    on = engine(registry())
    documents = list(developing())
    from candidacy.codec import command_in

    answers = play(on, documents)
    assert [command_in(json.loads(a.record.raw)) for a in answers] == documents
    assert set(answers[0].record.data) == {
        "format", "ledger", "index", "case", "version", "previous", "command", "type", "day", "recorded_at", "actor", "edition",
        "decision", "findings", "moved", "payload", "sealed",
    }  # fmt: skip


def test_logs_one_line_a_command_without_content(caplog: pytest.LogCaptureFixture) -> None:
    on = engine(registry())
    with caplog.at_level(logging.INFO, logger="candidacy"):
        play(on, developing().tell("2005-05-01", ProgramCompleted(), by="w1.o"))
    assert len(caplog.records) == 5
    last = caplog.records[-1]
    assert (last.msg, last.__dict__["case"], last.__dict__["decision"]) == ("command_judged", "w1", "refused")
    assert last.__dict__["refused_by"] == ["widgets.ten_hours", "widgets.is_fit"]
    assert "w1.o" not in str(last.__dict__)


def test_serves_several_threads(ledger_file: Any) -> None:
    with SqliteLedger(ledger_file) as ledger:
        on = engine(registry(), ledger)
        play(on, developing())
        answers: list[bool] = []

        def race(n: int) -> None:
            answers.append(on.submit(Command(f"t{n}", "w1", Withdrawn(), date(2005, 5, 1), Actor("w1.c"))).accepted)

        threads = [threading.Thread(target=race, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [False] * 7 + [True]


def test_refuses_a_command_whose_record_would_be_too_large() -> None:
    on = engine(registry())
    many = tuple(RoleNamed(Id(f"p{n:04}" + "x" * 50), RoleName("guest")) for n in range(900))
    big = CandidateSelected(Id("widgets"), Id("spring"), (RoleNamed(Id("w1.o"), RoleName("office")), *many))
    assert "at most 65535" in problems(on, told("2005-03-05", big))[""]


def test_stops_when_a_record_would_not_hold_the_event_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field lost between judging and writing leaves no other trace: all behaviour would look the same."""
    import candidacy.codec
    import candidacy.keeping

    on = engine(registry(edition(questions=(attrs.evolve(FIT, of_each=True),))))
    play(on, developing())
    whole = candidacy.codec.write_command

    def forgetful(command: Command) -> Any:
        document = whole(command)
        return {**document, "payload": {k: v for k, v in document["payload"].items() if k != "about"}}

    from candidacy import JudgementGiven

    document = whole(told("2005-05-01", JudgementGiven(Id("fit-for-widgets"), True, Id("x"))))
    monkeypatch.setattr(candidacy.keeping, "write_command", forgetful)
    before = len(list(on.ledger.rows()))
    with pytest.raises(AssertionError, match="does not hold the event"):
        on.submit(document)
    assert len(list(on.ledger.rows())) == before


def test_reads_a_command_made_by_a_program_as_strictly_as_a_document() -> None:
    on = engine(registry())
    play(on, developing())
    day = date(2005, 5, 1)
    for wrong in (
        Command("Jane Doe, 555", "w1", Withdrawn(), day, Actor("w1.c")),
        Command("x", "Jane's case", Withdrawn(), day, Actor("w1.c")),
        Command("x", "w1", Withdrawn(), day, Actor("w1.c", "told me by phone")),
        Command("x", "w1", Toured(Count(-1), Count(1)), day, Actor("w1.c")),
        Command("x", "w1", Toured(3.0, Count(1)), day, Actor("w1.c")),  # type: ignore[arg-type]
    ):
        assert problems(on, wrong)
    problems(
        on,
        {
            "id": "x",
            "case": "w1",
            "type": "widgets.toured.1",
            "day": day,
            "actor": {"person": "w1.c"},
            "payload": {"floor": 2**60, "days": 1},
        },
    )
    problems(
        on,
        {
            "id": "x",
            "case": "w1",
            "type": "widgets.toured.1",
            "day": day,
            "actor": {"person": "w1.c"},
            "payload": {"floor": {1}, "days": 1},
        },
    )


def test_reads_the_clock_once_a_command() -> None:
    """Stepping back over midnight in between would leave a record that its own audit calls impossible."""
    instants = iter([datetime(2027, 3, 1, 5, 0, tzinfo=UTC), datetime(2027, 3, 1, 4, 0, tzinfo=UTC)])
    ledger = MemoryLedger(ZONE)
    play(engine(registry(), ledger), begun())
    on = Engine(ledger, registry(), clock=lambda: next(instants))
    answer = on.submit(write_command(told("2027-03-01", Trained(Count(1)))))
    assert answer.record.data["recorded_at"] == "2027-03-01T05:00:00.000000Z"


def test_refuses_a_clock_that_does_not_say_where_it_stands() -> None:
    on = Engine(MemoryLedger(ZONE), registry(), clock=lambda: datetime(2027, 3, 1))  # noqa: DTZ001 (the point)
    with pytest.raises(ValueError, match="aware"):
        play(on, begun())


def test_serves_a_program_that_is_written_in_a_script(tmp_path: Any) -> None:
    """The obvious first embedding: rules in __main__."""
    import subprocess
    import sys

    from support import ROOT

    source = (ROOT / "tests" / "widgets.py").read_text() + (
        "\nfrom candidacy import Engine, MemoryLedger, audit\n"
        "on = Engine(MemoryLedger('UTC'), registry())\n"
        "print([on.submit(c).accepted for c in developing()], len(on.ledger.of_case('w1')[0].edition['code']), audit(on.ledger, registry()).answer)\n"
    )
    (tmp_path / "script.py").write_text(source)
    env = {"PYTHONPATH": str(ROOT / "tests"), "PATH": ""}
    done = subprocess.run([sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, check=False, env=env)
    assert done.stdout.split() == ["[True,", "True,", "True,", "True]", "64", "identical"], done.stderr
