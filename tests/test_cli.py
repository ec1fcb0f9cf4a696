"""The command line as its users meet it: exit codes, words, JSON, and never a traceback."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from candidacy import Discontinued, SqliteLedger
from candidacy_dol.caseload import Participant
from candidacy_hhs.caseload import Candidate
from support import ZONE, cli, engine, play, process


@pytest.fixture
def hhs_file(tmp_path: Path) -> Path:
    """Two HHS candidates: one who may ask to be certified, one an hour short, both in developing."""
    path = tmp_path / "hhs.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), Candidate("able").selected().enrolled().planned().developed().packaged())
        short = Candidate("short").selected().enrolled().planned().assigned("a1", "2004-08-02", 120).trained("t", "2004-09-01", 79)
        play(engine(ledger=ledger), short.packaged())
    return path


def request(case: str, **more: Any) -> str:
    person = {"person": f"{case}.candidate"}
    document = {
        "id": f"{case}-r",
        "case": case,
        "type": "candidacy.certification_requested.1",
        "day": "2004-12-13",
        "actor": person,
        "payload": {},
    }
    return json.dumps({**document, **more})


def test_makes_a_ledger_and_refuses_to_make_it_twice(tmp_path: Path) -> None:
    path = str(tmp_path / "n.ledger")
    made = cli("new", path, "--zone", ZONE)
    assert made.returncode == 0, made.stderr
    assert ZONE in made.stdout
    again = cli("new", path, "--zone", ZONE)
    assert (again.returncode, again.stdout) == (2, "")
    assert "found a file there" in again.stderr
    assert cli("new", path + "2", "--zone", "Mars/Olympus").returncode == 2
    assert cli("new", path + "2").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [["submit", "-"], ["status"], ["status", "c"], ["why", "c", "withdrawn"], ["history", "c"], ["verify"], ["audit"]],
)
def test_refuses_a_ledger_that_is_not_there(arguments: list[str], tmp_path: Path) -> None:
    path = tmp_path / "missing.ledger"
    done = cli(arguments[0], str(path), *arguments[1:], stdin="{}")
    assert done.returncode == 2
    assert "candidacy new" in done.stderr
    assert not path.exists()


def test_accepts_refuses_and_repeats(hhs_file: Path) -> None:
    accepted = cli("submit", str(hhs_file), "-", stdin=request("able"))
    assert (accepted.returncode, accepted.stderr) == (0, "")
    assert "developing -> certifying/manager review" in accepted.stdout
    refused = cli("submit", str(hhs_file), "-", stdin=request("short"))
    assert refused.returncode == 1
    assert "found 79 hours; needs at least 80 hours; missing 1 hour; from candidate" in refused.stdout
    assert "[HHS SES CDP guidelines, lines 38, 118 (HHS-014, HHS-049, HHS-050)]" in refused.stdout
    again = cli("submit", str(hhs_file), "-", stdin=request("short"))
    assert again.returncode == 1
    assert "its id is spent" in again.stdout
    other = cli("submit", str(hhs_file), "-", stdin=request("short", day="2004-12-14"))
    assert (other.returncode, other.stdout) == (2, "")
    assert "needed a new id" in other.stderr
    overtaken = cli("submit", str(hhs_file), "-", stdin=request("short", id="r2", expects=3))
    assert overtaken.returncode == 2
    assert "expects version 3" in overtaken.stderr


def test_reads_a_command_from_a_file(hhs_file: Path, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(request("able"))
    done = cli("submit", str(hhs_file), str(tmp_path / "c.json"), "--json")
    assert done.returncode == 0
    record = json.loads(done.stdout)
    assert (record["decision"], record["repeated"], record["moved"]["to"]) == ("accepted", False, "certifying/manager review")
    for path in (tmp_path / "none.json", tmp_path):
        wrong = cli("submit", str(hhs_file), str(path))
        assert (wrong.returncode, "cannot be read" in wrong.stderr) == (2, True)


BAD = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "no UTF-8": b"\xff\xfe",
    "too deep": "[" * 5000,
    "a duplicate key": request("able")[:-1] + ', "case": "able"}',
    "NaN": request("able").replace('"payload": {}', '"payload": {"x": NaN}'),
    "a fraction": request("able", expects=1).replace('"expects": 1', '"expects": 1.0'),
    "a negative version": request("able", expects=-1),
    "an unknown key": request("able", colour="red"),
    "an unknown type": request("able", type="hhs.unheard_of.1"),
    "another program's type": request("able", type="commerce.mentor_trained.1", payload={"mentor": "m"}),
    "an unknown case": request("nobody"),
    "a stranger": request("able", actor={"person": "stranger"}),
    "a day to come": request("able", day="2999-01-01"),
    "a day before the beginning": request("able", day="2004-05-02"),
    "no day": request("able", day="soon"),
    "a payload that is none": request("able", payload=[]),
    "an unknown field": request("able", payload={"reason": "Jane Roe asked for it"}),
    "no payload": request("able").replace(', "payload": {}', ""),
    "a role that is none": request("able", type="candidacy.role_given.1", payload={"person": "x", "role": "queen"}, actor={"person": "able.coordinator"}),
    "a program that is none": request("new", type="candidacy.candidate_selected.1", payload={"program": "nasa", "announcement": "x", "roles": []}),
    "a truth value in words": request(
        "able", type="candidacy.ses_membership_recorded.1", payload={"person": "x", "member": "no"}, actor={"person": "able.coordinator"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_says_what_is_wrong_with_bad_input_and_enters_nothing(hhs_file: Path, name: str) -> None:
    before = hhs_file.read_bytes(), json.loads(cli("verify", str(hhs_file), "--json").stdout)["records"]
    for command in (["submit", str(hhs_file), "-"], ["why", str(hhs_file), "able", "-"]):
        done = cli(*command, stdin=BAD[name])
        assert (done.returncode, done.stdout) == (2, ""), (command, done)
        assert "found" in done.stderr
        assert "needed" in done.stderr
        assert "Traceback" not in done.stderr
        assert "Roe" not in done.stderr
    assert json.loads(cli("verify", str(hhs_file), "--json").stdout)["records"] == before[1]


KEYS = "only id, case, type, day, actor, payload, expects, corrects, request, confirms"


def test_gives_the_problems_as_json_too(hhs_file: Path) -> None:
    done = cli("submit", str(hhs_file), "-", "--json", stdin=BAD["an unknown key"])
    assert json.loads(done.stdout)["problems"] == [{"path": "colour", "found": "an unknown key", "needed": KEYS}]


def test_tells_why_without_keeping_anything(hhs_file: Path) -> None:
    for case, code, word in (("able", 0, "would be accepted"), ("short", 1, "would be refused")):
        for what in ("certification_requested", "candidacy.certification_requested.1", "-"):
            done = cli("why", str(hhs_file), case, what, "--day", "2004-12-13", stdin=request(case))
            assert (done.returncode, done.stdout.splitlines()[0]) == (code, word), done.stderr
    assert "record" not in cli("history", str(hhs_file), "able").stdout.partition("certification requested")[2]


def test_tells_what_a_bare_act_lacks_and_takes_content(hhs_file: Path) -> None:
    bare = cli("why", str(hhs_file), "able", "mentor_selected", "--json")
    assert bare.returncode == 3
    findings = json.loads(bare.stdout)["findings"]
    assert {f["observed"].get("field") for f in findings if f["outcome"] == "undetermined"} == {"pairing", "mentor"}
    whole = ["--with", "pairing=m9", "--with", "mentor=able.mentor", "--day", "2004-12-01"]
    assert cli("why", str(hhs_file), "able", "mentor_selected", *whole).returncode == 0
    unknown = cli(
        "why", str(hhs_file), "able", "mentor_selected", "--with", "pairing=m9", "--with", "mentor=x", "--day", "2004-12-01"
    )
    assert unknown.returncode == 3
    assert "undetermined" in unknown.stdout
    worse = cli(
        "why", str(hhs_file), "able", "mentor_selected", "--with", "pairing=m1", "--with", "mentor=x", "--day", "2004-12-01"
    )
    assert worse.returncode == 1, "unmet counts before undetermined"


@pytest.mark.parametrize(
    "arguments",
    [
        ["able", "unheard_of"],
        ["able", "mentor_selected", "--with", "mentor"],
        ["able", "mentor_selected", "--with", "colour=red"],
        ["able", "mentor_selected", "--with", "mentor=two words"],
        ["able", "mentor_selected", "--day", "tomorrow"],
        ["able", "training_completed", "--with", "hours=3"],
        ["able", "certification_requested", "--day", "2999-01-01"],
        ["nobody", "certification_requested"],
        ["nobody", "candidate_selected"],
    ],
)
def test_says_what_is_wrong_with_a_question(hhs_file: Path, arguments: list[str]) -> None:
    done = cli("why", str(hhs_file), *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert "needed" in done.stderr


def test_answers_needs_judgement_with_cannot_be_told(tmp_path: Path) -> None:
    path = tmp_path / "d.ledger"
    life = (
        Participant("d")
        .enrolled()
        .rated("pre", "2013-11-12")
        .paired()
        .attended(missing="agency-presentations")
        .rated("post", "2014-07-16")
        .reported()
        .closed()
    )
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), life)
    done = cli("why", str(path), "d", "program_completed", "--day", "2014-07-16")
    assert done.returncode == 3
    assert "needs judgement" in done.stdout
    assert "from program office" in done.stdout


def test_refuses_confidential_content(tmp_path: Path) -> None:
    path = tmp_path / "d.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), Participant("d").enrolled())
    payload = {"response": "r1", "wave": "pre", "rater": "d.participant", "instrument": "v1", "questions": 18}
    document = {
        "id": "x",
        "case": "d",
        "type": "dol.assessment_answered.1",
        "day": "2013-11-12",
        "actor": {"person": "d.participant"},
    }
    sealed = cli("submit", str(path), "-", stdin=json.dumps({**document, "payload": {**payload, "answers": [5, 4, 3]}}))
    assert sealed.returncode == 2
    assert "until it can be sealed" in sealed.stderr
    assert cli("submit", str(path), "-", stdin=json.dumps({**document, "payload": payload})).returncode == 0


def test_lists_programs_with_rules_in_reading_order_and_citations() -> None:
    listed = json.loads(cli("programs", "--json").stdout)
    assert [p["program"] for p in listed["programs"]] == ["commerce", "commercementors", "dol", "hhs"]
    text = cli("programs", "hhs").stdout
    places = [text.index(f"{n:>2}. ") for n in range(1, 23)]
    assert places == sorted(places)
    assert "interagency training: 80 hours, from 2004-01-01 on [HHS SES CDP guidelines, lines 38, 118 (HHS-014, HHS-049)]" in text
    assert "announcement: between 2004-01-01 and 2004-01-31" in text
    assert json.loads(cli("programs", "hhs", "--json").stdout)[0]["edition"] == "hhs/2004"
    assert cli("programs", "nasa").returncode == 2
    assert cli("diagram", "nasa").returncode == 2


def test_ships_the_dated_facts_of_the_documents() -> None:
    commerce, dol = cli("programs", "commerce").stdout, cli("programs", "dol").stdout
    assert "between 2004-09-20 and 2004-09-30" in commerce
    assert "2004-10-26" in commerce
    for day in ("2014-01-21", "2014-02-19", "2014-07-16"):
        assert day in dol


def test_shows_status_history_and_a_case_that_is_not_there(hhs_file: Path) -> None:
    rows = json.loads(cli("status", str(hhs_file), "--json").stdout)
    assert [(r["case"], r["state"], r["edition"]) for r in rows] == [
        ("able", "developing", "2004"),
        ("short", "developing", "2004"),
    ]
    one = json.loads(cli("status", str(hhs_file), "able", "--json").stdout)
    assert one["open"] == [{"strand": "pairing", "id": "m1"}]
    assert "stage: developing, since 2004-07-02" in cli("status", str(hhs_file), "able").stdout
    records = json.loads(cli("history", str(hhs_file), "able", "--json").stdout)
    assert [r["version"] for r in records] == list(range(1, len(records) + 1))
    for command in ("status", "history"):
        assert cli(command, str(hhs_file), "nobody").returncode == 2


def test_verifies_and_says_not_anchored(hhs_file: Path) -> None:
    done = cli("verify", str(hhs_file))
    assert done.returncode == 3
    assert "NOT ANCHORED" in done.stdout
    assert "OK" not in done.stdout
    assert cli("verify", str(hhs_file), "--unanchored-ok").returncode == 0
    db = sqlite3.connect(hhs_file)
    db.execute("DROP TRIGGER candidacy_record_is_never_changed")
    db.execute(
        "UPDATE candidacy_record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'accepted', 'ACCEPTED') AS BLOB) WHERE position = 7"
    )
    db.commit()
    db.close()
    for arguments in (["verify"], ["audit"]):
        failed = cli(arguments[0], str(hhs_file))
        assert failed.returncode == 1
        assert "FAIL record 7" in failed.stdout
    assert cli("verify", str(hhs_file), "--unanchored-ok").returncode == 1
    assert cli("status", str(hhs_file)).returncode == 2


def test_fails_verification_of_a_ledger_whose_first_record_is_damaged(hhs_file: Path) -> None:
    db = sqlite3.connect(hhs_file)
    db.execute("DROP TRIGGER candidacy_record_is_never_changed")
    db.execute("UPDATE candidacy_record SET leaf = zeroblob(32) WHERE position = 0")
    db.commit()
    db.close()
    done = cli("verify", str(hhs_file))
    assert done.returncode == 1
    assert "record 0" in done.stdout


def test_audits(hhs_file: Path) -> None:
    done = cli("audit", str(hhs_file))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "audit: identical")
    assert json.loads(cli("audit", str(hhs_file), "--json").stdout)["answer"] == "identical"


def test_draws_a_lifecycle() -> None:
    done = cli("diagram", "hhs")
    assert done.returncode == 0
    assert done.stdout.startswith("stateDiagram-v2")
    assert "certifying/board review" in done.stdout
    rows = json.loads(cli("diagram", "hhs", "--json").stdout)
    assert {
        "state": "not begun",
        "act": "candidacy.candidate_selected.1",
        "by": ["program coordinator", "program manager"],
        "to": "selected",
    } in rows


def test_plays_the_demonstration(tmp_path: Path) -> None:
    path = str(tmp_path / "demo.ledger")
    done = process("demo", "--ledger", path)
    assert done.returncode == 0, done.stderr
    assert "audit: identical" in done.stdout
    assert "of 288 commands" in done.stderr
    data = json.loads(cli("demo", "--json").stdout)
    assert len(data["cases"]) >= 40
    states = {s["state"] for s in data["cases"]}
    assert {"appointed", "certified", "not certified", "completed", "withdrawn", "removed", "discontinued", "developing"} <= states
    later = [s for s in data["cases"] if s["refused"] and s["state"] in {"certified", "completed", "appointed"}]
    assert len(later) >= 6, "refused and later accepted"
    refused = data["refusal"]["findings"]
    assert data["refusal"]["decision"] == "refused"
    assert any(f["outcome"] in {"unmet", "needs judgement"} for f in refused)
    assert data["audit"]["answer"] == "identical"
    assert cli("demo", "--ledger", path).returncode == 2


def test_keeps_a_fault_of_its_own_to_one_line(hhs_file: Path, tmp_path: Path) -> None:
    """Its statuses are broken on purpose, in a folder put in front of the installed package."""
    import shutil

    from support import ROOT

    shutil.copytree(ROOT / "engine" / "candidacy", tmp_path / "x" / "candidacy")
    target = tmp_path / "x" / "candidacy" / "_status.py"
    planted = target.read_text().replace("    cases: dict[str, _Standing] = {}\n", "    raise ValueError('Jane Roe')\n", 1)
    assert "Jane Roe" in planted
    target.write_text(planted)
    done = process("status", str(hhs_file), "--as-of", "2020-01-01", env={"PYTHONPATH": str(tmp_path / "x")})
    assert (done.returncode, done.stdout) == (70, "")
    (line,) = done.stderr.splitlines()
    assert "ValueError at _status.py" in line
    assert "Reporting a fault" in line
    assert "Roe" not in line


def test_has_no_wrong_usage_with_a_traceback() -> None:
    for arguments in ([], ["unheard"], ["submit"], ["why", "x"], ["--colour"]):
        done = cli(*arguments)
        assert done.returncode in {0, 2}
        assert "Traceback" not in done.stderr
    assert cli("--help").returncode == 0
    assert "candidacy, version" in cli("--version").stdout


def test_says_everything_that_is_wrong_with_a_document_and_its_case_at_once(hhs_file: Path) -> None:
    hours = {"course": "t", "hours": 1.5, "interagency": True, "ecqs": []}
    wrong = request("able", type="hhs.training_completed.1", payload=hours, day="2999-01-01", actor={"person": "stranger"})
    paths = {p["path"] for p in json.loads(cli("submit", str(hhs_file), "-", "--json", stdin=wrong).stdout)["problems"]}
    assert paths == {"payload.hours", "day", "actor.person"}
    unknown = request("able", type="hhs.unheard_of.1", payload=[], day="2999-01-01")
    paths = {p["path"] for p in json.loads(cli("submit", str(hhs_file), "-", "--json", stdin=unknown).stdout)["problems"]}
    assert {"day", "payload"} <= paths
    program = {"program": "nasa", "announcement": "x", "roles": []}
    begin = request("new", type="candidacy.candidate_selected.1", payload=program, day="2999-01-01")
    paths = {p["path"] for p in json.loads(cli("submit", str(hhs_file), "-", "--json", stdin=begin).stdout)["problems"]}
    assert paths == {"payload.program", "day"}


def test_answers_why_as_submit_would(hhs_file: Path, tmp_path: Path) -> None:
    for document, said in (
        (request("able", expects=77), "expects version 77"),
        (request("able", id="able-001"), "needed a new id"),
    ):
        for command in (["why", str(hhs_file), "able", "-"], ["submit", str(hhs_file), "-"]):
            done = cli(*command, stdin=document)
            assert (done.returncode, said in done.stderr) == (2, True), done
    plain = tmp_path / "command"
    plain.write_text(request("able"))
    assert cli("why", str(hhs_file), "able", str(plain)).returncode == 0
    for wrong in (
        ["able", str(plain), "--with", "a=b"],
        ["able", "mentor_selected", "--with", "pairing=m2", "--with", "pairing=m3"],
        ["able", "certification_requested", "--day", "20041213"],
        ["able", "judgement_given", "--day", "2999-01-01"],
    ):
        assert cli("why", str(hhs_file), *wrong).returncode == 2, wrong
    assert cli("why", str(hhs_file), "able", "plan_submitted", "--with", "plan=123", "--day", "2004-12-13").returncode == 1, (
        "an id of digits"
    )


def test_asks_about_a_case_whose_beginning_was_refused(tmp_path: Path) -> None:
    path = tmp_path / "z.ledger"
    cli("new", str(path), "--zone", ZONE)
    roles = [{"person": "a", "role": "candidate"}, {"person": "o", "role": "program office"}]
    payload = {"program": "commerce", "announcement": "september-2004", "roles": roles}
    begin = {
        "id": "1",
        "case": "z",
        "type": "candidacy.candidate_selected.1",
        "day": "2004-08-30",
        "actor": {"person": "a"},
        "payload": payload,
    }
    assert cli("submit", str(path), "-", stdin=json.dumps(begin)).returncode == 1
    good = {**begin, "id": "2", "actor": {"person": "o"}}
    assert cli("why", str(path), "z", "-", stdin=json.dumps(good)).returncode == 0
    assert cli("submit", str(path), "-", stdin=json.dumps(good)).returncode == 0


def test_echoes_no_name_that_was_given_for_an_id(hhs_file: Path) -> None:
    for arguments in (["why", "Jane Doe", "withdrawn"], ["history", "Jane Doe"], ["status", "123-45-6789"]):
        done = cli(arguments[0], str(hhs_file), *arguments[1:])
        assert done.returncode == 2
        assert "Jane" not in done.stderr
        assert "6789" not in done.stderr
    long = request("able", expects=1).replace('"expects": 1', '"expects": ' + "9" * 2000)
    done = cli("submit", str(hhs_file), "-", stdin=long)
    assert (done.returncode, "999" in done.stderr) == (2, False)


def test_keeps_its_answer_when_nobody_reads_it_or_it_cannot_be_shown(hhs_file: Path) -> None:
    import subprocess
    import sys

    shell = f"{sys.executable} -m candidacy verify {hhs_file} --unanchored-ok | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("0", "")
    done = process(
        "why", str(hhs_file), "able", "certification_requested", "--day", "2004-12-13", env={"PYTHONIOENCODING": "latin-1"}
    )
    assert done.returncode == 0, done.stderr
    full = f"{sys.executable} -m candidacy status {hhs_file} > /dev/full; echo $?"
    done = subprocess.run(["bash", "-c", full], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
    assert "could not be written" in done.stderr
    closed = f"{sys.executable} -m candidacy submit {hhs_file} - <&-; echo $?"
    done = subprocess.run(["bash", "-c", closed], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2"
    assert "Traceback" not in done.stderr


def test_names_content_that_no_rule_asked_for(hhs_file: Path) -> None:
    done = cli("why", str(hhs_file), "able", "plan_submitted", "--json")
    assert done.returncode == 1, "there is no place for it any more, and that is worse"
    done = cli("why", str(hhs_file), "able", "plan_approved", "--json")
    fields = {f["observed"].get("field") for f in json.loads(done.stdout)["findings"] if f["outcome"] == "undetermined"}
    assert fields == {"plan"}
    begin = ["why", str(hhs_file), "new-1", "candidate_selected", "--with", "program=hhs", "--with", "announcement=january-2004"]
    done = cli(*begin)
    assert done.returncode == 3
    assert "no content yet in the field 'roles'" in done.stdout


def test_judges_a_command_anew_though_its_id_is_spent_and_says_so(hhs_file: Path) -> None:
    cli("submit", str(hhs_file), "-", stdin=request("short"))
    done = cli("why", str(hhs_file), "short", "-", stdin=request("short"))
    assert done.returncode == 1
    assert "its id is spent" in done.stdout.replace("the command's id is spent", "its id is spent")
    course = {"course": "t2", "hours": 1, "interagency": True, "ecqs": ["Leading Change"]}
    more = request("short", id="t2", type="hhs.training_completed.1", payload=course)
    assert cli("submit", str(hhs_file), "-", stdin=more).returncode == 0
    done = cli("why", str(hhs_file), "short", "-", stdin=request("short"))
    assert done.returncode == 0, "it would be accepted now"
    assert "to ask again, use a new id" in done.stdout


def test_says_where_an_act_is_possible_and_what_a_question_asks(hhs_file: Path) -> None:
    done = cli("why", str(hhs_file), "able", "request_reviewed", "--day", "2004-12-31")
    assert "possible in: certifying/manager review" in done.stdout
    assert "the question: Has the candidate shown competence in every ECQ?" in done.stdout
    assert done.stdout.index("The act has its place") < done.stdout.index("The program manager judges")


def test_lists_what_may_be_entered_and_by_whom() -> None:
    text = cli("programs", "dol").stdout
    assert "dol.assessment_answered.1 (fact), by participant or supervisor or Partnership" in text
    assert "answers: confidential content, not accepted yet (may be left out)" in text
    assert "wave: one of pre, post" in text


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"actor": {"person": "able.candidate", "sex": "f"}, "day": "2999-01-01", "case": "nobody"}, {"actor.sex", "day", "case"}),
        ({"case": 7, "day": "2999-01-01"}, {"case", "day"}),
        ({"type": "hhs.unheard_of.1", "case": "nobody"}, {"type", "case"}),
    ],
)
def test_says_of_each_part_that_can_be_read_what_is_wrong_with_it(hhs_file: Path, change: dict[str, Any], paths: set[str]) -> None:
    done = cli("submit", str(hhs_file), "-", "--json", stdin=json.dumps({**json.loads(request("able")), **change}))
    assert {p["path"] for p in json.loads(done.stdout)["problems"]} == paths


def test_names_the_states_of_the_case_s_own_program_where_two_have_an_act_of_one_name(tmp_path: Path) -> None:
    """Commerce and DOL both pair mentors."""
    path = tmp_path / "d.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(ledger=ledger), Participant("d").enrolled().on("2014-03-10", "office", Discontinued()))
    done = cli("why", str(path), "d", "mentor_paired", "--with", "pairing=m1", "--with", "mentor=x")
    assert "possible in: participating" in done.stdout


@pytest.mark.parametrize(
    "asked",
    [
        ("verify", "{}"),
        ("doctor", "{}"),
        ("status", "{}/cases.ledger"),
        ("export", "{}"),
        ("new", "{}", "--zone", ZONE),
        ("checkpoint", "{ledger}", "--keys", "{}"),
        ("verify", "{ledger}", "--anchor", "{}"),
        ("verify", "{ledger}", "--key", "{}"),
        ("copy", "{ledger}", "{}"),
        ("packet", "{ledger}", "-o", "{}"),
    ],
)
def test_says_where_the_system_lets_it_go_no_further(ledger_file: Path, asked: tuple[str, ...]) -> None:
    """As with a folder that may not be entered, which nobody can keep from the superuser: a name that is too long."""
    done = cli(*(word.format("n" * 300, ledger=ledger_file) for word in asked))
    assert (done.returncode, done.stdout, "fault of our own" in done.stderr) == (2, "", False), done.stderr
    assert "n" * 300 in done.stderr
