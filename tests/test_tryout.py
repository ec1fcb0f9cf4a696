"""A life played against draft rules: the same by both doors; drafts that misbehave; stories that cannot be read."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

import candidacy
from candidacy import (
    Actor,
    CandidateEnrolled,
    CandidateSelected,
    Command,
    Count,
    Edition,
    Id,
    InputError,
    JudgementGiven,
    PlanApproved,
    PlanSubmitted,
    Program,
    ProgramCompleted,
    RoleName,
    RoleNamed,
    Trial,
    _tryout,
    any_of,
    calendar_days,
    days,
    enter,
    holds,
    never,
    try_out,
    wait_until,
)
from candidacy._drafts import Draft
from candidacy._supplied import supplied
from candidacy.check import Do, Step
from candidacy.codec import write_command
from candidacy.spans import Window
from sprockets import EDITION_2004, EDITION_2010, MANUAL, PROGRAM, Detailed, Trained
from support import cli, engine, play
from test_whatif import IN_A_RULE, LIVES, LOADS_NOT, SOURCE, Life, drafted, in_a_rule

PEOPLE = (RoleNamed(Id("c"), RoleName("candidate")), RoleNamed(Id("o"), RoleName("office")))
BEGUN = CandidateSelected(Id("sprockets"), Id("spring"), PEOPLE)
HOURS = "sprockets.enough_hours"


def documents(*told: tuple[str, str, Any], **more: Any) -> list[dict[str, Any]]:
    """Command documents of day, person and event, without id and case."""
    made = (write_command(Command("-", "-", event, date.fromisoformat(day), Actor(who))) for day, who, event in told)
    return [{name: value for name, value in d.items() if name not in {"id", "case"}} | more for d in made]


def ten_months(hours: int = 9) -> list[dict[str, Any]]:
    """A life that ends with a refusal where it has fewer than ten hours."""
    return documents(
        ("2005-03-01", "o", BEGUN),
        ("2005-03-02", "o", CandidateEnrolled()),
        ("2005-03-10", "c", PlanSubmitted(Id("p"))),
        ("2005-05-09", "o", PlanApproved(Id("p"))),
        ("2005-06-01", "c", Trained(Count(hours))),
        ("2005-10-03", "o", ProgramCompleted()),
    )


def written(folder: Path, told: list[dict[str, Any]] | str | bytes) -> Path:
    """A file with a document in each line."""
    folder.mkdir(exist_ok=True, parents=True)
    text = told if isinstance(told, str | bytes) else "".join(json.dumps(d) + "\n" for d in told)
    (folder / "life.jsonl").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / "life.jsonl"


def words(trial: Trial) -> list[str]:
    return [command.word for command in trial.commands]


# --- in Python


TOLD = """\
case life, under sprockets/2004
  2005-03-01  candidate selected, by o: accepted, not begun -> selected
  2005-03-02  candidate enrolled, by o: accepted, selected -> enrolled
  2005-03-10  plan submitted, by c: accepted, enrolled -> planning
  2005-05-09  plan approved, by o: accepted, planning -> developing
  2005-06-01  trained, by c: accepted
  2005-10-03  program completed, by o: refused
      ✗ unmet: Enough hours of training.
          found 9 hours; needs at least 10 hours; missing 1 hour; from candidate
          would be met by: trained: 1 hour, by candidate
          [Sprockets manual, line 1 (S-1)] sprockets.enough_hours

case life, program sprockets, edition 2004
  stage: developing, since 2005-05-09
  records: 6, of them refused: 1
  last: program completed on 2005-10-03, refused (record 6)

life, developing: what remains until completed, as of 3 October 2005

Earliest day: 3 October 2005, if each decides the same day (office).
"""


def test_shows_each_answer_with_its_reason_where_the_case_stands_and_what_remains() -> None:
    trial = try_out(PROGRAM, ten_months())
    assert str(trial).startswith(TOLD)
    (case,) = trial.cases
    assert case.path is not None
    assert [(s.type_name, s.content) for s in case.path.plan] == [
        ("sprockets.trained.1", {"hours": 1}),
        ("candidacy.program_completed.1", {}),
    ]
    assert (trial.answer, case.status.state, case.path.day) == ("refused", "developing", date(2005, 10, 3))  # type: ignore[union-attr]


@pytest.mark.parametrize(("hours", "answer"), [(9, "refused"), (10, "accepted")])
def test_says_accepted_where_every_command_is(hours: int, answer: str) -> None:
    trial = try_out(PROGRAM, ten_months(hours))
    assert (trial.answer, trial.commands[-1].word) == (answer, answer)
    assert trial.cases[0].path is not None
    assert trial.cases[0].path.reached is (answer == "accepted")


def test_takes_a_story_and_documents_and_a_file_and_commands_alike(tmp_path: Path) -> None:
    """Told with names or without, in bytes or in objects: the same life is answered alike."""
    story = Life(hours=9, days=0, desk=False).told("life")
    whole = list(story)
    short = [{k: v for k, v in d.items() if k not in {"id", "case"}} for d in whole]
    file = written(tmp_path, short)
    commands = [candidacy.Registry.of(PROGRAM).codec.read_command(d) for d in whole]
    told = [
        story,
        whole,
        iter(short),
        [json.dumps(d) for d in short],
        [json.dumps(d).encode() for d in whole],
        file,
        file.read_bytes(),
        commands,
    ]
    found = [try_out(PROGRAM, life).as_data() for life in told]
    assert all(one == found[0] for one in found)
    assert found[0]["answer"] == "refused"


def test_puts_the_clock_at_the_end_of_the_last_day_told() -> None:
    """A life may lie ahead of today, and what it is answered does not hang on when it is played."""
    ahead = json.loads(json.dumps(ten_months(10)).replace("2005-", "2995-"))
    trial = try_out(PROGRAM, ahead)
    assert (trial.answer, trial.cases[0].path.as_of) == ("accepted", date(2995, 10, 3))  # type: ignore[union-attr]


def test_the_teeth_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    class Yesterday(_tryout.datetime):
        @classmethod
        def combine(cls, *_: Any, **__: Any) -> Any:
            return _tryout.datetime(2005, 10, 2, 23, tzinfo=_tryout.UTC)

    monkeypatch.setattr(_tryout, "datetime", Yesterday)
    with pytest.raises(InputError, match="command 6, day: found 2005-10-03, which is to come"):
        try_out(PROGRAM, ten_months())


def test_tells_what_remains_from_the_day_asked_and_until_the_stage_asked() -> None:
    (case,) = try_out(PROGRAM, ten_months(), as_of=date(2005, 3, 9), to="planning").cases
    assert case.path is not None
    assert case.status is not None
    assert (case.path.state, case.path.to, case.path.as_of, case.status.state) == (
        "enrolled",
        "planning",
        date(2005, 3, 9),
        "enrolled",
    )
    assert case.commands[-1].word == "refused", "what comes later is played all the same"


def test_says_why_there_is_no_path() -> None:
    refused = [{**ten_months()[0], "actor": {"person": "c"}}, *ten_months()[1:3]]
    (case,) = try_out(PROGRAM, refused).cases
    assert (case.path, case.status, case.why) == (None, None, "the case did not begin")
    assert [c.word for c in case.commands] == ["refused", "not played", "not played"]
    assert case.commands[1].why == "the case has not begun: command 1 was not accepted"
    (early,) = try_out(PROGRAM, ten_months(), as_of=date(2005, 2, 28)).cases
    assert (early.path, early.status) == (None, None)
    assert early.why == "as_of: found 2005-02-28, before the case life began; needed a day from 2005-03-01 on"
    assert str(early.why) in "\n".join(early.lines())
    (first,) = try_out(PROGRAM, ten_months(), as_of=date(2005, 3, 1)).cases
    assert first.path is not None


def test_begins_after_all_where_it_is_begun_again() -> None:
    life = [{**ten_months()[0], "actor": {"person": "c"}}, ten_months()[1], *ten_months()]
    trial = try_out(PROGRAM, life)
    assert words(trial)[:4] == ["refused", "not played", "accepted", "accepted"]


def test_tells_cannot_be_told_apart_from_refused() -> None:
    """The desk is on no record: undetermined. With too few hours as well it is refused for what is known."""
    life = documents(
        ("2012-03-01", "o", attrs.evolve(BEGUN, announcement=Id("later"))),
        ("2012-03-02", "o", CandidateEnrolled()),
        ("2012-03-10", "c", PlanSubmitted(Id("p"))),
        ("2012-05-09", "o", PlanApproved(Id("p"))),
        ("2012-06-01", "c", Trained(Count(20))),
        ("2012-07-01", "c", Detailed(Count(30))),
        ("2012-10-03", "o", ProgramCompleted()),
    )
    trial = try_out(PROGRAM, life)
    assert (trial.answer, trial.commands[-1].word) == ("cannot be told", "cannot be told")
    assert "program completed, by o: refused, since it cannot be told" in str(trial)
    assert "would be met by: desk recorded, by office" in str(trial)
    life[4]["payload"]["hours"] = 19
    assert try_out(PROGRAM, life).answer == "refused"


def test_shows_several_cases_one_after_the_other() -> None:
    one, two = Life(hours=9).told("b"), Life(hours=10).told("a")
    mixed = [document for pair in zip(one, two, strict=True) for document in pair]
    trial = try_out(PROGRAM, mixed)
    assert [(c.case, c.commands[-1].word) for c in trial.cases] == [("b", "refused"), ("a", "accepted")]
    assert [c.line for c in trial.commands] == list(range(1, len(mixed) + 1))
    assert trial.answer == "refused"
    heads = [line for line in str(trial).splitlines() if line.startswith("case ") and "under" in line]
    assert heads == ["case b, under sprockets/2004", "case a, under sprockets/2004"]


def test_begins_under_the_edition_that_is_named_whatever_the_announcement_says() -> None:
    assert [try_out(PROGRAM, ten_months(), edition=e).cases[0].edition for e in ("", "2004", "2010")] == [
        "sprockets/2004", "sprockets/2004", "sprockets/2010"
    ]  # fmt: skip
    with pytest.raises(InputError, match="edition: found the edition of-2011; needed one of 2004, 2010"):
        try_out(PROGRAM, ten_months(), edition="of-2011")


def test_plays_several_programs_and_leaves_them_as_they_were() -> None:
    other = Program(
        "widgets", title="W", editions=(attrs.evolve(EDITION_2004, program="widgets", takes=()),), announcements={"spring": "2004"}
    )
    life = [
        *Life(hours=10).told("s"),
        *json.loads(json.dumps([*Life(hours=10).told("w")]).replace('"program": "sprockets"', '"program": "widgets"')),
    ]
    trial = try_out([PROGRAM, other], life, edition="2010")
    assert [c.edition for c in trial.cases] == ["sprockets/2010", "widgets/2004"]
    assert PROGRAM.announcements == {"spring": "2004", "later": "2010"}


@pytest.mark.parametrize("agency", ["commerce", "dol", "hhs"])
def test_answers_the_caseload_of_an_agency_as_an_engine_does(agency: str, registry: candidacy.Registry) -> None:
    """And tells of every case what remains, without a word that stands for content few may read."""
    commands = list(registry.caseloads[agency]())
    trial = try_out(registry.programs.values(), commands)
    assert [c.findings for c in trial.commands] == [answer.findings for answer in play(engine(registry), commands)]
    assert all(case.path for case in trial.cases)
    offered = [
        line for c in trial.commands for r in c.reasons for line in r.details if line.startswith(("would be met by", "or by"))
    ]
    assert len(offered) > 20
    assert not [line for line in offered if "confidential" in line or " none" in line]


def test_the_teeth_of_answering_as_an_engine_does(registry: candidacy.Registry) -> None:
    commands = list(registry.caseloads["hhs"]())
    later = try_out(registry.programs["hhs"], commands, edition="2009")
    assert [c.findings for c in later.commands] != [answer.findings for answer in play(engine(registry), commands)]


@pytest.mark.parametrize("wrong", [None, [], [PROGRAM, PROGRAM], [EDITION_2004], "sprockets"])
def test_takes_programs_alone(wrong: Any) -> None:
    with pytest.raises(InputError, match=r"programs: found .* candidacy\.Program, or several"):
        try_out(wrong, ten_months())


def test_knows_no_other_stage() -> None:
    with pytest.raises(InputError, match="to: found the stage nowhere, which the program does not have; needed one of selected"):
        try_out(PROGRAM, ten_months(), to="nowhere")


# --- what would meet it


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        (enter(Trained, by="candidate", hours=3), ["would be met by: trained: 3 hours, by candidate"]),
        (enter(Trained, by="candidate"), ["would be met by: trained, by candidate"]),
        (enter(Trained, by="candidate", hours=candidacy.Open(least=3)), ["would be met by: trained: hours at least 3, by candidate"]),
        (wait_until(date(2006, 5, 1)), ["would be met by: waiting until 1 May 2006"]),
        (enter(PlanApproved, by="office", when=Window(first=date(2006, 5, 1))), ["would be met by: plan approved, by office from 1 May 2006 on"]),
        (enter(JudgementGiven, by="office", question="fit-for-sprockets", answer=True), ["would be met by: the answer yes to: Is the candidate fit?, by office"]),
        (never("the-year-is-over"), ["no way is left (the year is over)"]),
        (candidacy.UNKNOWN, ["the rule names no way in which it could be met"]),
        (
            candidacy.Either((enter(Trained, by="candidate", hours=3), candidacy.Every((enter(PlanApproved, by="office"), wait_until(date(2006, 5, 1)))))),
            ["would be met by: trained: 3 hours, by candidate", "or by: plan approved, by office; and waiting until 1 May 2006"],
        ),
        (
            Do((Step(candidacy.partial(Trained)), Step(candidacy.partial(Detailed), days(30))), "candidate"),
            ["would be met by: trained, then detailed on the last day of 30 calendar days, by candidate"],
        ),
        (
            candidacy.Either(tuple(enter(Trained, by="candidate", hours=n) for n in range(1, 8))),
            ["would be met by: trained: 1 hour, by candidate", *(f"or by: trained: {n} hours, by candidate" for n in range(2, 6)), "or in one of 2 more ways"],
        ),
    ],
)  # fmt: skip
def test_says_what_would_meet_a_requirement(remedy: Any, told: list[str]) -> None:
    assert list(supplied(holds(False, "so", by=remedy), EDITION_2010)) == told


def test_says_of_many_things_to_be_done_how_many_more_there_are() -> None:
    six, five = (candidacy.Every(tuple(enter(Trained, by="candidate", hours=h) for h in range(2, n))) for n in (8, 7))
    (long,), (short,) = (list(supplied(holds(False, "so", by=by), EDITION_2010)) for by in (six, five))
    assert long == f"{short}; and 1 more"
    assert short.endswith("; and trained: 6 hours, by candidate")


def against(rule: Callable[..., Any]) -> Trial:
    """A life of ten hours against the edition with one more rule before the end."""
    added = MANUAL.requires(before=ProgramCompleted, at="S-8", lines=(8, 8))(rule)
    edition: Edition = attrs.evolve(EDITION_2004, rules=(*EDITION_2004.rules, added))
    return try_out(attrs.evolve(PROGRAM, editions=(edition, EDITION_2010)), ten_months(10))


def test_a_rule_that_raises_or_gives_something_else_is_not_told() -> None:
    def fails(case: Any, completion: ProgramCompleted, day: date) -> Any:
        """It fails."""
        raise RuntimeError(case.id)

    def says_yes(case: Any, completion: ProgramCompleted, day: date) -> Any:
        """It says yes."""
        return True

    def offers_words(case: Any, completion: ProgramCompleted, day: date) -> Any:
        """It offers words."""
        return holds(False, "so", by="please".strip())  # type: ignore[arg-type]

    for rule, what in ((fails, "RuntimeError"), (says_yes, "TypeError"), (offers_words, "TypeError")):
        trial = against(rule)
        assert trial.answer == "cannot be told", rule
        assert f"the rule failed ({what})" in str(trial)


def test_what_a_rule_offers_in_no_words_hides_no_answer() -> None:
    """The finding is sound; what would meet it, and so what remains, cannot be told."""

    def offers_no_event(case: Any, completion: ProgramCompleted, day: date) -> Any:
        """It offers no event."""
        return holds(False, "so", by=Do((Step("please"),), "office"))  # type: ignore[arg-type]

    trial = against(offers_no_event)
    assert trial.answer == "refused"
    assert "what the rule offers to meet it cannot be read (" in str(trial)
    (case,) = trial.cases
    assert case.path is None
    assert case.why.startswith("looking for it raised ")


# --- stories that cannot be read


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("# a comment", "line 2, column 1: found text that is not JSON; needed a JSON document"),
        ('{"type": ', "line 2, column 10: found text that is not JSON"),
        ("[]", "line 2: found"),
        ("7", "line 2: found"),
        ("{}", "line 2, type: found nothing"),
        ('{"type": "sprockets.trained.1", "type": "x"}', "line 2, type: found the key twice"),
        ('{"day": NaN}', "line 2, day: found"),
        ('{"type": "sprockets.flown.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {}}', "line 2, type: found the event type sprockets.flown.1"),
        ('{"type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {"hours": 1.5}}', "line 2, payload.hours: found"),
        ('{"type": "sprockets.trained.1", "day": "2005-02-30", "actor": {"person": "c"}, "payload": {"hours": 1}}', "line 2, day: found"),
        ('{"type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {"hours": 1}, "mood": 1}', "line 2, mood: found"),
        ('{"id": 3, "type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {"hours": 1}}', "line 2, id: found"),
        ('{"case": "other", "type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {"hours": 1}}', "line 2, type: found sprockets.trained.1 as the first command of the case other"),
        ('{"id": "life-001", "type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {"hours": 1}}', "line 2, id: found the id of line 1, life-001"),
        ('{"type": "sprockets.trained.1", "day": "2005-02-28", "actor": {"person": "c"}, "payload": {"hours": 1}}', "line 2, day: found 2005-02-28"),
        ('{"type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "nobody"}, "payload": {"hours": 1}}', "line 2, actor.person: found a person with no role"),
        ('{"expects": 7, "type": "sprockets.trained.1", "day": "2005-03-02", "actor": {"person": "c"}, "payload": {"hours": 1}}', "line 2: found case life: the command expects version 7, found version 1"),
        (b"\xff\xfe", "line 2, byte 0: found bytes that are not UTF-8"),
    ],
)  # fmt: skip
def test_names_the_line_the_place_what_it_found_and_what_it_needed(tmp_path: Path, line: str | bytes, wrong: str) -> None:
    first = json.dumps(ten_months()[0]).encode() + b"\n"
    told = first + (line if isinstance(line, bytes) else line.encode())
    with pytest.raises(InputError) as raised:
        try_out(PROGRAM, written(tmp_path, told))
    assert any(str(p).startswith(wrong) for p in raised.value.problems), raised.value.problems
    assert all(p.path.startswith("line 2") for p in raised.value.problems)


def test_names_every_wrong_line_at_once_before_anything_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[Any] = []
    monkeypatch.setattr(_tryout.Keeper, "keep", lambda *a, **_: played.append(a))
    life = "\n".join([json.dumps(ten_months()[0]), "", "# no", "{}", json.dumps(ten_months()[1]), '{"type": 7}'])
    with pytest.raises(InputError) as raised:
        try_out(PROGRAM, written(tmp_path, life))
    assert {p.path.partition(",")[0] for p in raised.value.problems} == {"line 3", "line 4", "line 6"}
    assert played == []


def test_the_teeth_of_before_anything_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[Any] = []
    keep = _tryout.Keeper.keep
    monkeypatch.setattr(_tryout.Keeper, "keep", lambda *a, **k: played.append(a) or keep(*a, **k))
    try_out(PROGRAM, ten_months())
    assert len(played) == 6


def test_names_all_that_may_not_even_be_judged_and_no_more_of_a_case_that_cannot_begin() -> None:
    life = ten_months()
    life[2]["actor"]["person"], life[4]["day"] = "nobody", "2004-01-01"
    with pytest.raises(InputError) as raised:
        try_out(PROGRAM, life)
    assert [p.path for p in raised.value.problems] == ["command 3, actor.person", "command 5, day"]
    life[0]["payload"]["announcement"] = "autumn"
    with pytest.raises(InputError) as raised:
        try_out(PROGRAM, life)
    assert [p.path for p in raised.value.problems] == ["command 1, payload.announcement"]


@pytest.mark.parametrize(
    ("life", "wrong"),
    [
        ([], "life: found no command"),
        (b"\n \n", "life: found no command"),
        ("text", "life: found a str; needed a Story"),
        (None, "life: found a NoneType"),
        ([7], "command 1: found a int; needed a command document"),
        (Path("/nowhere/at-all.jsonl"), "a path that cannot be read"),
    ],
)
def test_refuses_what_is_no_life(life: Any, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        try_out(PROGRAM, life)


def test_reads_lines_with_and_without_carriage_returns_and_a_last_line_without_an_end(tmp_path: Path) -> None:
    text = "\r\n".join(json.dumps(d) for d in ten_months())
    assert try_out(PROGRAM, written(tmp_path, text)).as_data() == try_out(PROGRAM, ten_months()).as_data()


# --- the command line, and drafts


def tried(plugin: object, life: Path, *more: str) -> Any:
    return cli("try", str(plugin), str(life), *more)


@pytest.mark.parametrize("name", ["10-hours", "9-hours", "no-desk", "61st-day"])
@pytest.mark.parametrize("edition", ["", "2010"])
def test_both_doors_give_the_same(tmp_path: Path, name: str, edition: str) -> None:
    """What Python gives of the program at hand, and what the command gives of a draft with the same source."""
    story = LIVES[name].told("life")
    file, named = written(tmp_path, list(story)), ["--edition", edition] if edition else []
    here = try_out(PROGRAM, story, edition=edition)
    draft = drafted(tmp_path / "d")
    there = tried(draft, file, "--json", *named)
    assert json.loads(there.stdout) == json.loads(json.dumps(here.as_data()))
    assert there.returncode == {"accepted": 0, "refused": 1, "cannot be told": 3}[here.answer]
    assert tried(draft, file, *named).stdout == f"{here}\n"


def test_both_doors_find_the_same_wrong(tmp_path: Path) -> None:
    file = written(tmp_path, b"# no\n{}\n\xff\n")
    with pytest.raises(InputError) as here:
        try_out(PROGRAM, file)
    there = tried(drafted(tmp_path / "d"), file)
    assert (there.returncode, there.stdout) == (2, "")
    assert there.stderr.splitlines()[1:] == [f"candidacy: {p}" for p in here.value.problems]


def test_the_draft_is_what_judges(tmp_path: Path) -> None:
    """The teeth of the doors: with twelve hours asked for ten, eleven are too few."""
    file = written(tmp_path, ten_months(11))
    assert tried(drafted(tmp_path / "a"), file).returncode == 0
    twelve = drafted(tmp_path / "b", '"hours of training", 10, "hours"', '"hours of training", 12, "hours"')
    done = tried(twelve, file)
    assert done.returncode == 1
    assert "found 11 hours; needs at least 12 hours; missing 1 hour; from candidate" in done.stdout
    assert done.stderr == f"candidacy: this executes the code in {twelve}, in a process of its own\n"


def test_asks_a_draft_for_a_day_and_a_stage(tmp_path: Path) -> None:
    file, draft = written(tmp_path, ten_months()), drafted(tmp_path / "d")
    path = json.loads(tried(draft, file, "--as-of", "2005-03-09", "--to", "planning", "--json").stdout)["cases"][0]["path"]
    assert (path["as_of"], path["to"]) == ("2005-03-09", "planning")
    for more, wrong in (
        (("--to", "nowhere"), "to: found the stage nowhere"),
        (("--edition", "of-2011"), "PLUGIN: found the edition of-2011, which the draft does not offer: it has 2004, 2010"),
        (("--as-of", "soon"), "--as-of: found"),
    ):
        done = tried(draft, file, *more)
        assert (done.returncode, wrong in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("name", LOADS_NOT)
def test_says_in_one_sentence_why_a_draft_does_not_load(tmp_path: Path, name: str) -> None:
    more, wrong = LOADS_NOT[name]
    file, draft = written(tmp_path, ten_months()), drafted(tmp_path / "d", more=more)
    done = tried(draft, file)
    assert (done.returncode, done.stdout) == (2, "")
    _, sentence = done.stderr.splitlines()
    assert sentence.startswith("candidacy: PLUGIN: found ")
    with pytest.raises(InputError, match=wrong):
        Draft(draft, "", 60, named="PLUGIN")


@pytest.mark.parametrize(
    ("does", "wrong"),
    [
        ("import os; os._exit(4)", "a draft whose process ended (exit code 4) over the life"),
        ("import os; os.kill(os.getpid(), 11)", "a draft whose process ended (signal 11) over the life"),
        ("raise KeyboardInterrupt", "a draft that does not answer: playing the life by it raised KeyboardInterrupt at __init__.py"),
    ],
)
def test_says_so_where_a_rule_ends_the_process(tmp_path: Path, does: str, wrong: str) -> None:
    done = tried(in_a_rule(tmp_path / "d", does), written(tmp_path, ten_months()))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"PLUGIN: found {wrong}" in done.stderr


@pytest.mark.parametrize("does", ["raise SystemExit", "return True", "return None", "raise ValueError(case.id)"])
def test_a_rule_that_fails_in_a_draft_cannot_be_told(tmp_path: Path, does: str) -> None:
    done = tried(in_a_rule(tmp_path / "d", does), written(tmp_path, ten_months()))
    assert done.returncode == 3, done.stderr
    assert "? undetermined: Enough hours of training.\n          the rule failed (" in done.stdout


def test_ends_a_draft_that_takes_too_long_over_a_life(tmp_path: Path) -> None:
    life = written(tmp_path, ten_months()).read_bytes()
    with Draft(in_a_rule(tmp_path / "d", "while True: pass"), "", 60) as draft:
        draft._seconds = 1
        with pytest.raises(InputError, match="a draft that took more than 1 seconds over the life"):
            draft.life(life, to=None, as_of=None)
    assert draft._process.process.returncode is not None, "it is not left behind"


def test_ends_a_draft_that_never_loads(tmp_path: Path) -> None:
    done = tried(drafted(tmp_path / "d", more="\nwhile True: pass\n"), written(tmp_path, ten_months()), "--timeout", "1")
    assert (done.returncode, "PLUGIN: found a draft that took more than 1 seconds to load" in done.stderr) == (2, True)


def test_what_a_draft_prints_is_no_part_of_the_answer(tmp_path: Path, capfd: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("CANDIDACY_TEST_SECRET", "s3cret")
    nosy = "\nimport os\nprint('while loading')\nassert 'CANDIDACY_TEST_SECRET' not in os.environ\n"
    draft = in_a_rule(tmp_path / "d", "print('by a rule'); import os; os.write(1, b'{}')")
    (draft / "__init__.py").write_text((draft / "__init__.py").read_text() + nosy)
    done = tried(draft, written(tmp_path, ten_months()), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == json.loads(json.dumps(try_out(PROGRAM, ten_months()).as_data()))
    out, err = capfd.readouterr()
    assert ("rule" in out, "while loading" in err, "by a rule" in err) == (False, True, True)


def test_finds_the_one_package_in_the_folder_of_a_plugin(tmp_path: Path) -> None:
    """Beside it stand the project file, its tests and its stories, one of which is played."""
    drafted(tmp_path / "plugin", name="candidacy_sprockets")
    (tmp_path / "plugin" / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "plugin" / "tests").mkdir()
    (tmp_path / "plugin" / "tests" / "__init__.py").write_text("raise RuntimeError\n")
    file = written(tmp_path / "plugin" / "stories", ten_months(10))
    assert tried(tmp_path / "plugin", file).returncode == 0
    assert tried(tmp_path / "plugin" / "stories", file).returncode == 2


SAYS = """
import os, re
for n in range(3, 20):
    try: os.write(n, b'{"programs": ["sprockets"]}\\n%s\\n')
    except OSError: pass
import time
while True: time.sleep(1)
"""


@pytest.mark.parametrize(
    "answer", ["{}", '{"trial": 7}', '{"problems": 7}', '{"lines": 7, "trial": {}}', '{"problems": [[1]]}', "[]"]
)
def test_takes_no_answer_in_other_words(tmp_path: Path, answer: str) -> None:
    """What forges the first answer is sent the life, and is held to the words of one."""
    draft = drafted(tmp_path / "d", more=SAYS % answer)
    done = tried(draft, written(tmp_path, ten_months()), "--timeout", "20")
    assert (done.returncode, "found a draft" in done.stderr) == (2, True), (done.stdout, done.stderr)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidacy.registry.discover", lambda: candidacy.Registry.of(PROGRAM))


@pytest.mark.usefixtures("installed")
def test_plays_against_an_installed_program_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the same name is not meant: ./ says so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sprockets").mkdir()
    (tmp_path / "sprockets" / "__init__.py").write_text(SOURCE + "\nraise RuntimeError\n")
    file = written(tmp_path, ten_months())
    done = tried("sprockets", file)
    assert (done.returncode, done.stderr, done.stdout) == (1, "", f"{try_out(PROGRAM, file)}\n")
    assert json.loads(tried("sprockets", file, "--json", "--edition", "2010").stdout)["cases"][0]["edition"] == "sprockets/2010"
    nobody = tried("gears", file)
    assert nobody.returncode == 2
    assert nobody.stderr == (
        "candidacy: PLUGIN: found the program gears; needed an installed one: sprockets; "
        "for a draft, its folder, written ./my_draft or in full\n"
    )
    assert "does not load" in tried("./sprockets", file).stderr


@pytest.mark.usefixtures("installed")
def test_reads_a_story_from_standard_input_and_says_where_there_is_none(tmp_path: Path) -> None:
    text = written(tmp_path, ten_months(10)).read_text()
    assert cli("try", "sprockets", "-", stdin=text).returncode == 0
    missing = cli("try", "sprockets", str(tmp_path / "none.jsonl"))
    assert (missing.returncode, "a path that cannot be read" in missing.stderr) == (2, True)


def test_a_rule_of_the_draft_is_found_in_what_is_changed() -> None:
    """`in_a_rule` puts its words where the hours are counted, so that each draft above misbehaves as it judges."""
    assert SOURCE.count(IN_A_RULE) == 1
    assert calendar_days(date(2005, 3, 10), date(2005, 5, 9)) - 1 == 60
    assert any_of(holds(True, "so"), holds(False, "so")).good
