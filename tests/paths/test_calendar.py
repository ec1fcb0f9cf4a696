"""The calendar: valid, the same bytes for the same question, and entries that keep their UID while their day moves."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from icalendar import Calendar

from candidacy import Engine, InputError, NameBook, SqliteLedger
from candidacy import _calendar as module
from candidacy._calendar import calendar
from candidacy._due import Due, Stated
from candidacy_dol.caseload import Participant
from support import NOW, cli, command, engine, play

BEFORE_THE_SESSION = date(2013, 12, 2)
JARGON = re.compile(r"\b(guards?|events?|transitions?|findings?|facts?)\b", re.IGNORECASE)
TEXT = re.compile(rb"[^\r\n]{1,75}")


def entries(made: bytes) -> dict[str, Any]:
    """The entries of a calendar, by UID."""
    (read,) = Calendar.from_ical(made, multiple=True)
    found = list(read.walk("VEVENT"))
    assert not [e.errors for e in found if e.errors]
    by_uid = {str(e["uid"]): e for e in found}
    assert len(by_uid) == len(found), "each entry has a UID of its own"
    return by_uid


def under_way(memory: Engine) -> Engine:
    """A participant before the first session, with a scheduled mid-point."""
    story = Participant("p1").enrolled().rated("pre", "2013-11-12")
    play(memory, story)
    play(memory, [command("p1", "dol.mid_point_scheduled.1", "2013-11-13", "p1.partnership", {"matching_on": "2014-02-05"})])
    return memory


def move_the_session(on: Engine, to: str, said: str = "2013-11-20") -> None:
    """A later schedule, effective on the day *said*, replaces the earlier one."""
    payload = {"session": "first-coaching", "held_on": to, "together": False}
    play(on, [command("p1", "dol.session_scheduled.1", said, "p1.office", payload)])


def entry(made: bytes, summary: str) -> Any:
    (found,) = (e for e in entries(made).values() if str(e["summary"]).startswith(summary))
    return found


@pytest.fixture(scope="session")
def demo(demo_file: Path, registry: Any) -> Iterator[Engine]:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        yield engine(registry, ledger)


# --- the file


@pytest.mark.parametrize("as_of", ["2004-09-01", "2005-01-15", "2013-12-01", "2026-11-22"])
def test_is_a_valid_calendar_file(demo: Engine, as_of: str) -> None:
    made = calendar(demo, as_of=date.fromisoformat(as_of))
    assert made.endswith(b"END:VCALENDAR\r\n")
    assert all(TEXT.fullmatch(line) for line in made.removesuffix(b"\r\n").split(b"\r\n")), "lines of at most 75 octets"
    read = Calendar.from_ical(made)
    assert (str(read["version"]), str(read["method"])) == ("2.0", "PUBLISH")
    assert str(read["prodid"])
    found = entries(made)
    assert len(found) > 20
    for e in found.values():
        assert type(e.decoded("dtstart")) is date, "all day"
        assert e["dtstart"].params["VALUE"] == "DATE"
        assert e.decoded("dtstamp").utcoffset() == timedelta(0)
        assert re.fullmatch(r"[0-9a-f]{40}@candidacy", str(e["uid"]))
        assert int(e["sequence"]) >= 0
        assert str(e["status"]) in {"CONFIRMED", "TENTATIVE"}
        assert "Who must act: " in str(e["description"])
        assert not JARGON.findall(f"{e['summary']} {e['description']}")
        assert re.match(r"(hhs|dol|commerce)-\d{3}: ", str(e["summary"]))
        assert str(e.categories[0]) in {"hhs", "dol", "commerce"}


def test_is_the_same_bytes_for_the_same_question(demo_file: Path, demo: Engine) -> None:
    on = date(2026, 11, 22)
    with SqliteLedger(demo_file, read_only=True) as again:
        assert calendar(engine(ledger=again, now=NOW + timedelta(days=3)), as_of=on) == calendar(demo, as_of=on)


def test_has_stated_days_planned_steps_and_the_goal(memory: Engine) -> None:
    made = calendar(under_way(memory), as_of=BEFORE_THE_SESSION)
    last = entry(made, "p1: last day: mentor paired")
    assert (last.decoded("dtstart"), str(last["status"])) == (date(2014, 2, 5), "CONFIRMED")
    assert last.categories == ["dol", "due"]
    assert "A mentor is formally paired by the scheduled mid-point" in str(last["description"])
    assert "(DOL-24, DOL-48)]" in str(last["description"])
    assert "Who must act: Partnership (p1.partnership)" in str(last["description"])
    assert "The day is exact: an authority states it." in str(last["description"])
    step = entry(made, "p1: possible from this day: mentor paired")
    assert (step.decoded("dtstart"), str(step["status"]), step.categories) == (BEFORE_THE_SESSION, "TENTATIVE", ["dol", "planned"])
    assert "Due on 5 February 2014 [" in str(step["description"])
    session = entry(made, "p1: on this day: session attended: first-coaching")
    assert (session.decoded("dtstart"), str(session["status"])) == (date(2013, 12, 10), "CONFIRMED")
    goal = entry(made, "p1: earliest day: completed")
    assert (goal.decoded("dtstart"), str(goal["status"]), goal.categories) == (date(2014, 7, 16), "TENTATIVE", ["dol", "goal"])
    assert "It may come later: the day is a lower bound. It depends on\n- " in str(goal["description"])
    assert "last day, not binding: program completed" in str(entry(made, "p1: last day, not").get("summary"))


def test_is_still_valid_where_nothing_is_due(demo: Engine) -> None:
    made = calendar(demo, as_of=demo.today(), case="hhs-001")
    read = Calendar.from_ical(made)
    assert (len(entries(made)), len(read.subcomponents)) == (0, 1)
    assert read.subcomponents[0].name == "VTIMEZONE"


def test_narrows_to_a_role(memory: Engine) -> None:
    made = calendar(under_way(memory), as_of=BEFORE_THE_SESSION, role="partnership")
    assert {str(e["summary"]) for e in entries(made).values()} == {
        "p1: last day: mentor paired (Partnership)",
        "p1: possible from this day: mentor paired (Partnership)",
        "p1: possible from this day: mentoring reviewed: mid-point check-in (Partnership)",
        "p1: possible from this day: mentoring reviewed: final assessment (Partnership)",
        "p1: possible from this day: mentoring reviewed: close-out (Partnership)",
        "p1: possible from this day: report delivered: p1.participant, p1.supervisor (Partnership)",
    }
    assert "p1: earliest day: completed" in str(calendar(memory, as_of=BEFORE_THE_SESSION, role="program office"))


# --- UID and SEQUENCE


def keep_their_uid(on: Engine) -> bool:
    """Whether the session, the mid-point's last day and the goal keep their UIDs while days pass and the session is moved."""
    summaries = ("p1: on this day: session attended: first-coaching", "p1: last day: mentor paired", "p1: earliest day: completed")
    seen: list[set[str]] = []
    for as_of, to in ((BEFORE_THE_SESSION, ""), (BEFORE_THE_SESSION, "2013-12-18"), (date(2013, 12, 5), "2014-09-01")):
        if to:
            move_the_session(on, to, str(as_of))
        made = calendar(on, as_of=as_of)
        seen.append({str(entry(made, summary)["uid"]) for summary in summaries})
    return seen[0] == seen[1] == seen[2]


def test_keeps_uids_when_a_correction_moves_a_day(memory: Engine) -> None:
    under_way(memory)
    first = entry(calendar(memory, as_of=BEFORE_THE_SESSION), "p1: on this day: session attended: first-coaching")
    move_the_session(memory, "2013-12-17")
    second = entry(calendar(memory, as_of=BEFORE_THE_SESSION), "p1: on this day: session attended: first-coaching")
    assert [e.decoded("dtstart") for e in (first, second)] == [date(2013, 12, 10), date(2013, 12, 17)]
    assert first["uid"] == second["uid"]
    assert int(second["sequence"]) == int(first["sequence"]) + 1
    assert keep_their_uid(memory)


def test_would_notice_a_uid_made_of_a_day(memory: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The property can fail: it does where the key of an entry holds its day."""
    right = module._deadline

    def with_the_day(row: Due, stated: Stated) -> Any:
        made = right(row, stated)
        return attrs.evolve(made, key=(*made.key, str(made.day)))

    monkeypatch.setattr(module, "_deadline", with_the_day)
    assert not keep_their_uid(under_way(memory))


def test_keeps_uids_from_one_day_to_another_and_raises_the_sequence(demo: Engine) -> None:
    one, other = (entries(calendar(demo, as_of=day, case="hhs-010")) for day in (date(2004, 8, 1), date(2004, 8, 11)))
    (begun,) = one.keys() - other.keys()
    assert "assignment started" in str(one[begun]["summary"]), "it has begun since"
    assert not other.keys() - one.keys()
    moved = [uid for uid in other if one[uid].decoded("dtstart") != other[uid].decoded("dtstart")]
    assert moved
    assert len(moved) < len(other), "the day that the guidelines state stays where it is"
    assert {int(other[uid]["sequence"]) - int(one[uid]["sequence"]) for uid in other} == {10}


def test_raises_the_sequence_with_every_further_record_and_day(memory: Engine) -> None:
    under_way(memory)
    sequences = []
    for n in range(4):
        as_of = BEFORE_THE_SESSION + timedelta(days=n // 2)
        if n % 2:
            move_the_session(memory, f"2013-12-{16 + n}", said=f"2013-11-{20 + n}")
        sequences.append({int(e["sequence"]) for e in entries(calendar(memory, as_of=as_of)).values()})
    assert all(len(s) == 1 for s in sequences)
    flat = [s.pop() for s in sequences]
    assert flat == sorted(set(flat))


def test_has_other_uids_in_another_ledger(registry: Any) -> None:
    one, other = (entries(calendar(under_way(engine(registry)), as_of=BEFORE_THE_SESSION)) for _ in range(2))
    assert not one.keys() & other.keys()


def test_is_stamped_by_the_newest_record_or_the_day_that_was_asked_for(memory: Engine) -> None:
    under_way(memory)
    recorded = entries(calendar(memory, as_of=BEFORE_THE_SESSION))
    assert {e.decoded("dtstamp") for e in recorded.values()} == {NOW}
    later = entries(calendar(memory, as_of=date(2027, 1, 1)))
    assert {e.decoded("dtstamp") for e in later.values()} == {datetime(2027, 1, 1, tzinfo=UTC)}


# --- the command


def test_writes_a_new_file_and_nothing_over_another(demo_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "due.ics"
    arguments = ("calendar", str(demo_file), "--as-of", "2005-01-15", "--program", "hhs")
    done = cli(*arguments, "-o", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert entries(file.read_bytes())
    assert cli(*arguments, "-o", "-").stdout.encode() == file.read_bytes()
    before = file.read_bytes()
    again = cli(*arguments, "-o", str(file))
    assert (again.returncode, file.read_bytes(), list(tmp_path.iterdir())) == (0, before, [file]), "the same question"
    other = cli(*arguments, "-o", str(file), "--role", "board")
    assert other.returncode == 2
    assert "found a calendar of another ledger, case, program or role there; needed" in other.stderr
    for text in ("", "minutes of a meeting", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"):
        file.write_bytes(text.encode())
        done = cli(*arguments, "-o", str(file))
        assert done.returncode == 2
        assert "found no calendar of what is due there; needed" in done.stderr
        assert (file.read_bytes().decode(), list(tmp_path.iterdir())) == (text, [file])
    file.unlink()
    file.mkdir()
    assert "found a folder there" in cli(*arguments, "-o", str(file)).stderr


def test_cancels_what_is_gone(demo: Engine) -> None:
    """Of a calendar that is made again: each entry that is no longer there, once, with the next number."""
    one, other, last = (date(2004, 8, 1), date(2004, 9, 15), date(2005, 6, 1))
    first = calendar(demo, as_of=one, case="hhs-010")
    later = calendar(demo, as_of=other, case="hhs-010", before=first)
    again = calendar(demo, as_of=last, case="hhs-010", before=later)
    alone = entries(calendar(demo, as_of=other, case="hhs-010"))
    gone = set(entries(first)) - set(alone)
    assert gone
    for uid, entry in entries(later).items():
        old = entries(first).get(uid)
        assert (entry["status"] == "CANCELLED") == (uid in gone)
        assert old is None or int(entry["sequence"]) > int(old["sequence"])
        assert uid in gone or entry == alone[uid]
    still = [uid for uid in gone if uid not in entries(calendar(demo, as_of=last, case="hhs-010"))]
    assert all(entries(again)[uid] == entries(later)[uid] for uid in still), "cancelled once"


def test_says_which_cases_have_no_entry(demo_file: Path) -> None:
    done = cli("calendar", str(demo_file), "-o", "-", "--as-of", "2014-09-01", "--case", "dol-005")
    assert "BEGIN:VEVENT" not in done.stdout
    assert "case dol-005 is left out: nothing of it has a day, since it cannot go on" in done.stderr


def test_names_no_person(demo_file: Path, tmp_path: Path) -> None:
    copied = str(tmp_path / "copied.ledger")
    assert cli("copy", str(demo_file), copied).returncode == 0
    NameBook.beside(copied).put("hhs-010.candidate", "Jane Roe")
    done = cli("calendar", copied, "-o", "-", "--case", "hhs-010")
    assert "hhs-010.candidate" in done.stdout.replace("\r\n ", "")
    assert "Roe" not in done.stdout


@pytest.mark.parametrize(
    "arguments", [["--role", "queen"], ["--as-of", "soon"], ["--case", "nobody"], ["--program", "nasa"], ["--as-of", "2000-01-01", "--case", "hhs-001"]]
)  # fmt: skip
def test_refuses_wrong_input_and_leaves_no_file(demo_file: Path, tmp_path: Path, arguments: list[str]) -> None:
    done = cli("calendar", str(demo_file), "-o", str(tmp_path / "due.ics"), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_says_what_to_install_where_the_library_is_missing(demo: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(InputError, match=r"install candidacy\[calendar\]"):
        calendar(demo, as_of=demo.today())
