"""The federal floor on top of an agency's rules: what passes under one edition and fails under the other, by name."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from candidacy import (
    Answer,
    CandidateEnrolled,
    CandidateGraduated,
    CandidateSelected,
    Count,
    Fact,
    Id,
    JudgementGiven,
    MissingValueError,
    PlanApproved,
    PlanSubmitted,
    ProgramCompleted,
    Registry,
    RoleGiven,
    RoleName,
    SesMembershipRecorded,
    SqliteLedger,
    discover,
    path,
)
from candidacy_commerce import events as commerce
from candidacy_commerce import federal as at_commerce
from candidacy_commerce.caseload import Candidate as CommerceCandidate
from candidacy_hhs import EDITION_2009
from candidacy_hhs import events as e
from candidacy_hhs import federal as hhs
from candidacy_hhs.authority import COMPETENCE, GOALS, OBJECTIVES
from candidacy_hhs.candidate import AppointmentRecorded
from candidacy_hhs.caseload import Candidate, document
from candidacy_hhs.federal import FLOOR
from candidacy_opm import FEDERAL, PARAMETERS
from support import ZONE, cli, engine, outcomes, play, refused_by

SERVICE, CONTINUOUS, LENGTH = "four_months_of_full_time_service", "ninety_continuous_days_elsewhere", "twelve_months_in_the_program"
SUBMITTED, SCHEDULE = "submitted_within_ninety_work_days_of_graduation", "schedule_b_appointment_is_not_over"
MENTOR = "mentor_is_in_the_ses_or_found_capable"
GRADUATED = "2005-06-01"
Step = tuple[str, Fact]


def registry() -> Registry:
    """The same announcement, pinned to the later edition."""
    found = discover()
    program = attrs.evolve(found.programs["hhs"], announcements={"january-2004": "2009"})
    return Registry(programs={**found.programs, "hhs": program})


def ready() -> Candidate:
    life = Candidate("c").selected().on("2004-05-03", "coordinator", e.AnnouncementDated(date(2004, 1, 12)))
    return life.enrolled().planned()  # type: ignore[return-value]


def reviewed(life: Candidate, day: str = "2005-03-01") -> Candidate:
    """Packaged, requested and reviewed."""
    yes = (JudgementGiven(Id(q.id), answer=True) for q in (COMPETENCE, GOALS, OBJECTIVES))
    return life.packaged(day).requested(day).on(day, "manager", *yes, e.RequestReviewed())


def both(life: Callable[[], Candidate], day: str = GRADUATED) -> tuple[list[str], list[str]]:
    """What refuses the graduation under the guidelines alone, and with the floor."""
    answers = [play(engine(of), reviewed(life()).on(day, "board", CandidateGraduated()))[-1] for of in (None, registry())]
    return refused_by(answers[0]), refused_by(answers[1])


def two_sixties() -> Candidate:
    return ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 60).assigned("a2", "2004-10-04", 60)


def one(days: int) -> Callable[[], Candidate]:
    return lambda: ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", days)


def test_two_sixties_pass_under_the_guidelines_and_fail_under_the_floor_by_name() -> None:
    assert both(two_sixties) == ([], [SERVICE, CONTINUOUS])


@pytest.mark.parametrize(("days", "wrong"), [(122, []), (121, [SERVICE]), (120, [SERVICE])])
def test_four_months_of_service_may_be_three_days_longer_than_120(days: int, wrong: list[str]) -> None:
    """From 2 August to 1 December are 122 days."""
    assert both(one(days)) == ([], wrong)


@pytest.mark.parametrize(("days", "wrong"), [(90, []), (89, [CONTINUOUS])])
def test_one_of_them_is_ninety_days_long(days: int, wrong: list[str]) -> None:
    """The other makes up the four months: 122 days in all."""
    life = ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", days).assigned("a2", "2004-11-15", 60)
    answer = play(engine(registry()), reviewed(life).on(GRADUATED, "board", CandidateGraduated()))[-1]
    assert refused_by(answer) == wrong


@pytest.mark.parametrize(("day", "wrong"), [("2005-05-31", [LENGTH]), ("2005-06-01", []), ("2005-06-02", [])])
def test_twelve_months_lie_between_the_first_day_and_graduation(day: str, wrong: list[str]) -> None:
    """Six are enough under the guidelines."""
    assert both(one(122), day) == ([], wrong)


def test_what_does_not_count_is_named_with_the_reason() -> None:
    """In the position of record it is service, but no assignment away from it; part-time it is neither."""

    def life(position: str, *, full_time: bool) -> Answer:
        c = ready().trained("t", "2004-09-15", 80)
        c.on("2004-08-02", "candidate", e.AssignmentStarted(Id("a"), True, Id("nih"), Id(position), full_time))
        c.on("2004-12-31", "candidate", e.AssignmentEnded(Id("a")))
        return play(engine(registry()), reviewed(c).on(GRADUATED, "board", CandidateGraduated()))[-1]

    for position, full_time, failing, why in (
        ("deputy-director", True, {CONTINUOUS}, "in-the-position-of-record"),
        ("elsewhere", False, {SERVICE, CONTINUOUS}, "not-full-time"),
    ):
        answer = life(position, full_time=full_time)
        opm = {f.rule.partition(".")[2]: f for f in answer.findings if f.rule.startswith("opm.")}
        assert {name for name, f in opm.items() if f.refuses} == failing
        assert ["a", why] in opm[CONTINUOUS].data["observed"]["not_counted"]


@pytest.mark.parametrize(("answer", "wrong"), [(None, [MENTOR]), (False, [MENTOR]), (True, [])])
def test_the_board_may_find_a_mentor_capable_who_is_not_in_the_ses(answer: bool | None, wrong: list[str]) -> None:
    """Under the guidelines none but a member serves: both stand, and the stricter governs by itself."""
    life = one(122)()
    life = reviewed(life)
    life.on("2005-05-02", "coordinator", SesMembershipRecorded(Id("c.mentor"), member=False))
    if answer is not None:
        life.on("2005-05-03", "board", JudgementGiven(Id("federal-mentor-capable"), answer, about=Id("c.mentor")))
    assert refused_by(play(engine(registry()), life.on(GRADUATED, "board", CandidateGraduated()))[-1]) == wrong


def spells(*of: tuple[str, int], hours: int = 80, position: str = "acting-director", full_time: bool = True) -> Candidate:
    life = ready().trained("t", "2004-09-15", hours)
    for n, (first, length) in enumerate(of):
        begun = date.fromisoformat(first)
        life.on(first, "candidate", e.AssignmentStarted(Id(f"a{n}"), True, Id("nih"), Id(position), full_time))
        last = begun + timedelta(days=length - 1)
        life.on(last, "candidate", e.AssignmentEnded(Id(f"a{n}")))
        life.on(last, "host", document("supervisor evaluation", f"evaluation-{n}", 3, assignment=Id(f"a{n}")))
    return life


TWO, HOURS, SIX = "two_short_assignments_or_one_long", "eighty_hours_of_interagency_training", "six_months_in_the_program"
FEDERAL_HOURS = "eighty_hours_across_agencies_or_sectors"
A, B = "2004-08-02", "2004-12-06"
LIVES: dict[str, tuple[Callable[[], Candidate], str, list[str], list[str]]] = {
    # a life, the day of graduation, what refuses the request or the graduation under 2004, and under 2009
    "2 x 60": (lambda: spells((A, 60), (B, 60)), GRADUATED, [], [SERVICE, CONTINUOUS]),
    "60 and 62": (lambda: spells((A, 60), (B, 62)), GRADUATED, [], [CONTINUOUS]),
    "60 and 61": (lambda: spells((A, 60), (B, 61)), GRADUATED, [], [SERVICE, CONTINUOUS]),
    "61 and 61": (lambda: spells((A, 61), (B, 61)), GRADUATED, [], [CONTINUOUS]),
    "89 and 60": (lambda: spells((A, 89), (B, 60)), GRADUATED, [], [CONTINUOUS]),
    "90 and 60": (lambda: spells((A, 90), (B, 60)), GRADUATED, [], []),
    "90 and 31": (lambda: spells((A, 90), (B, 31)), GRADUATED, [TWO], [TWO]),
    "60 and 90": (lambda: spells((A, 60), (B, 80)), GRADUATED, [], [CONTINUOUS]),
    "1 x 119": (lambda: spells((A, 119)), GRADUATED, [TWO], [TWO]),
    "1 x 120": (lambda: spells((A, 120)), GRADUATED, [], [SERVICE]),
    "1 x 121": (lambda: spells((A, 121)), GRADUATED, [], [SERVICE]),
    "1 x 122": (lambda: spells((A, 122)), GRADUATED, [], []),
    "1 x 180": (lambda: spells((A, 180)), GRADUATED, [], []),
    "from 31 October, 120 days": (lambda: spells(("2004-10-31", 120)), GRADUATED, [], []),
    "3 x 40": (lambda: spells((A, 40), ("2004-10-04", 40), (B, 40)), GRADUATED, [TWO], [TWO]),
    "3 x 60": (lambda: spells((A, 60), ("2004-10-04", 60), (B, 60)), GRADUATED, [], [CONTINUOUS]),
    "overlapping, 120 days in all": (lambda: spells((A, 90), ("2004-10-01", 60)), GRADUATED, [TWO], [TWO]),
    "side by side, 150 days": (lambda: spells((A, 90), ("2004-10-31", 60)), GRADUATED, [], []),
    "120 part-time": (lambda: spells((A, 122), full_time=False), GRADUATED, [], [SERVICE, CONTINUOUS]),
    "in the position of record": (lambda: spells((A, 122), position="deputy-director"), GRADUATED, [], [CONTINUOUS]),
    "79 hours": (lambda: spells((A, 122), hours=79), GRADUATED, [HOURS], [HOURS, FEDERAL_HOURS]),
    "80 hours": (lambda: spells((A, 122), hours=80), GRADUATED, [], []),
    "eleven months": (lambda: spells((A, 122)), "2005-05-01", [], [LENGTH]),
    "a day short of twelve months": (lambda: spells((A, 122)), "2005-05-31", [], [LENGTH]),
    "twelve months": (lambda: spells((A, 122)), "2005-06-01", [], []),
    "a day more": (lambda: spells((A, 122)), "2005-06-02", [], []),
    "nine months, 2 x 60": (lambda: spells((A, 60), (B, 60)), "2005-03-07", [], [LENGTH, SERVICE, CONTINUOUS]),
    "two years": (lambda: spells((A, 122)), "2006-06-01", [], []),
    "the mentor left the SES": (lambda: left(spells((A, 122))), GRADUATED, [], [MENTOR]),
    "two mentors, one left": (lambda: left(spells((A, 122)), another=True), GRADUATED, [], []),
    "no assignment": (spells, GRADUATED, [TWO], [TWO]),
    "approved on the first day": (lambda: spells(("2004-07-02", 123)), GRADUATED, [], []),
    "begun a day before approval": (lambda: spells(("2004-07-01", 124)), GRADUATED, [], []),
}


def left(life: Candidate, *, another: bool = False) -> Candidate:
    """The mentor leaves the SES after the request."""
    if another:
        life.mentored("2004-12-20", "m2", "second")
    return life.on("2005-05-02", "coordinator", SesMembershipRecorded(Id("c.mentor"), member=False))


@pytest.mark.parametrize("name", LIVES)
def test_judges_a_life_under_both_editions_as_worked_out_by_hand(name: str) -> None:
    """Where the request is refused already, both editions say so; the floor stands before the graduation."""
    life, day, then, later = LIVES[name]
    for of, expected in ((None, then), (registry(), later)):
        answers = play(engine(of), reviewed(life()).on(day, "board", CandidateGraduated()))
        refused = [a for a in answers if not a.accepted]
        found = refused_by(refused[0]) if refused else []
        assert found == expected


def test_has_thirty_lives_of_which_many_differ() -> None:
    assert len(LIVES) >= 30
    assert sum(then != later for _, _, then, later in LIVES.values()) >= 12


def submitted(day: date) -> Answer:
    life = reviewed(one(122)()).on("2010-06-30", "board", CandidateGraduated())
    return play(engine(registry()), life.on(str(day), "manager", e.RequestForwarded()))[-1]


def test_a_graduate_is_submitted_within_ninety_work_days() -> None:
    """8 November 2010 is the ninetieth after 30 June; ninety calendar days would have been over on 28 September."""
    last = FEDERAL.after(date(2010, 6, 30), 90)
    assert str(last) == "2010-11-08"
    assert submitted(last).accepted
    late = submitted(last + timedelta(days=1))
    assert (refused_by(late), outcomes(late)[SUBMITTED]) == ([SUBMITTED], "needs judgement")  # nothing is said of what follows
    assert submitted(date(2010, 9, 29)).accepted


def test_beyond_the_calendar_it_cannot_be_told() -> None:
    life = reviewed(one(122)()).on("2035-11-30", "board", CandidateGraduated())
    late = engine(registry(), now=datetime(2036, 1, 2, 15, tzinfo=UTC))
    answer = play(late, life.on("2035-12-03", "manager", e.RequestForwarded()))[-1]
    assert outcomes(answer)[SUBMITTED] == "undetermined", "the table ends with 2035"
    with pytest.raises(MissingValueError):
        FEDERAL.after(date(2035, 11, 30), 90)


@pytest.mark.parametrize(("day", "wrong"), [("2007-05-02", []), ("2007-05-03", [SCHEDULE])])
def test_a_schedule_b_appointment_lasts_three_years(day: str, wrong: list[str]) -> None:
    life = ready().on("2004-05-03", "coordinator", AppointmentRecorded("Schedule B appointment"))
    life.trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 122)
    answer = play(engine(registry()), reviewed(life).on(day, "board", CandidateGraduated()))[-1]
    assert refused_by(answer) == wrong


def test_both_requirements_stand_each_with_its_citation() -> None:
    """80 hours of the guidelines and 80 of the regulation: two findings, two citations."""
    life = ready().trained("t", "2004-09-15", 79).assigned("a1", "2004-08-02", 122)
    on = engine(registry())
    answers = play(on, reviewed(life).on(GRADUATED, "board", CandidateGraduated()))
    said = "\n".join(line for answer in answers for line in on.explain(answer))
    assert "5 CFR 412.302 (as in force from 2009-12-10), section (c)(2) (R-10)" in said
    assert "HHS SES CDP guidelines, lines 38, 118" in said


def test_declares_its_calendar_and_its_numbers() -> None:
    made = EDITION_2009
    data = made.as_data()
    assert data["calendars"]["federal"][2][:2] == ["1997-01-01", "1997-01-20"]
    assert made.declared != without_a_holiday().declared
    assert {p.name for p in PARAMETERS} <= set(made.values)
    assert {r.id for r in FLOOR.rules} <= {r.id for r in made.rules}
    assert made.values["federal: submission of graduates"] == 90


def without_a_holiday() -> Any:
    fewer = attrs.evolve(FEDERAL, off=FEDERAL.off[1:])
    return attrs.evolve(EDITION_2009, calendars=(fewer,))


# --- Commerce, and the choice of an edition


def commerce_2009() -> Registry:
    found = discover()
    program = attrs.evolve(found.programs["commerce"], announcements={"september-2004": "2009"})
    return Registry(programs={**found.programs, "commerce": program})


def of_commerce(
    *spells: tuple[str, int], hours: int = 80, full_time: bool | None = True, board: bool = True, also: Iterable[Step] = ()
) -> Answer:
    life = CommerceCandidate("c").enrolled().paired()
    life.on("2004-09-27", "office", RoleGiven(Id("c.board"), RoleName("ERB")))
    life.on("2004-10-25", "candidate", PlanSubmitted(Id("edp-1")))
    life.on("2004-11-01", "board" if board else "office", PlanApproved(Id("edp-1")))
    life.on("2005-01-10", "candidate", at_commerce.TrainingCompleted(Id("t"), Count(hours)))
    for n, (first, length) in enumerate(spells):
        last = date.fromisoformat(first) + timedelta(days=length - 1)
        life.on(first, "candidate", commerce.AssignmentStarted(Id(f"a{n}"), Id("elsewhere"), ("Leading Change",), full_time))
        life.on(last, "candidate", commerce.AssignmentEnded(Id(f"a{n}")))
    for day, fact in also:
        life.on(day, "office", fact)
    return play(engine(commerce_2009()), life.on("2006-09-26", "board", ProgramCompleted()))[-1]


@pytest.mark.parametrize(
    ("life", "wrong"),
    [
        ({"spells": (("2005-02-01", 120),)}, []),
        ({"spells": (("2005-02-01", 60), ("2005-06-01", 62))}, [CONTINUOUS]),
        ({"spells": (("2005-02-01", 89), ("2005-06-01", 62))}, [CONTINUOUS]),
        ({"spells": (("2005-02-01", 90), ("2005-06-01", 30))}, []),
        ({"spells": (("2005-02-01", 120),), "hours": 79}, [FEDERAL_HOURS]),
        ({"spells": (("2005-02-01", 120),), "full_time": None}, [SERVICE, CONTINUOUS]),
        ({"spells": (("2005-02-01", 120),), "full_time": False}, [SERVICE, CONTINUOUS]),
    ],
)
def test_commerce_pools_its_days_and_the_floor_wants_ninety_of_them_in_one_piece(life: dict[str, Any], wrong: list[str]) -> None:
    spells = life.pop("spells")
    assert refused_by(of_commerce(*spells, **life)) == wrong


def test_commerce_s_plan_is_approved_by_the_board_under_the_floor() -> None:
    """The announcement names no board; the regulation does."""
    assert not of_commerce(("2005-02-01", 120), board=False).accepted


@pytest.mark.parametrize(
    ("day", "edition"), [("2004-01-01", "2004"), ("2009-12-09", "2004"), ("2009-12-10", "2009"), ("2026-01-01", "2009")]
)
def test_an_edition_is_in_force_from_its_first_day(day: str, edition: str) -> None:
    """Before the first of all there is none, and the first is looked at."""
    assert discover().programs["hhs"].edition_on(date.fromisoformat(day)).name == edition


def test_a_case_is_pinned_to_the_edition_of_its_announcement() -> None:
    def begun(announcement: str) -> str:
        life = list(Candidate("c").selected())[:1]
        document = {**life[0], "payload": {**life[0]["payload"], "announcement": announcement}}
        on = engine()
        on.submit(document)
        return on.case("c")[1].id

    assert (begun("january-2004"), begun("from-2009-12-10")) == ("hhs/2004", "hhs/2009")


def test_the_look_at_another_program_may_name_its_edition(tmp_path: Any) -> None:
    with SqliteLedger.create(tmp_path / "l", ZONE) as ledger:
        play(engine(ledger=ledger), list(Candidate("c").selected()))
    for to, said in (("commerce", "commerce/2004"), ("commerce/2009", "commerce/2009")):
        done = cli("transfer", str(tmp_path / "l"), "c", "--to", to, "--as-of", "2004-12-15")
        assert f"under {said}, as of" in done.stdout
    wrong = cli("transfer", str(tmp_path / "l"), "c", "--to", "commerce/1999")
    assert wrong.returncode == 2
    assert "--to: found the edition commerce/1999; needed one of commerce/2004, commerce/2009" in wrong.stderr


# --- the path, by hand


def test_the_path_asks_for_a_year_where_the_guidelines_ask_for_six_months() -> None:
    """Enrolled on 1 June 2004, everything else still to be done on 5 July: 60 days twice and six months, or four months and a year."""
    days = {}
    for of in (None, registry()):
        on = engine(of)
        play(on, ready())
        case, edition = on.case("c", as_of=date(2004, 7, 5))
        found = path(case, edition, to="graduated", as_of=date(2004, 7, 5))
        days[edition.id] = found.day
    assert days == {"hhs/2004": date(2004, 12, 1), "hhs/2009": date(2005, 6, 1)}


def test_the_path_plans_service_that_counts_under_both() -> None:
    """As of 2 May 2005 a year is nearly over: four months from that day on end on 1 September. Some of the plan is more than is needed."""
    on = engine(registry())
    play(on, ready().trained("t", "2004-09-15", 80))
    case, edition = on.case("c", as_of=date(2005, 5, 2))
    found = path(case, edition, to="graduated", as_of=date(2005, 5, 2))
    assert found.day == date(2005, 9, 1)
    begun = [step for step in found.plan if step.type_name == e.AssignmentStarted.type_name]
    assert begun
    assert all(step.content["full_time"] is True for step in begun)


# --- moves, and candidates of other agencies


MOVED, AGREED = "employing_agency_approves_after_each_move", "agreement_of_both_agencies_is_signed"


def moved(day: str, position: str = "chief", division: str = "cdc") -> Step:
    return day, e.PositionRecorded(True, Id(division), Id(position))


def approved(day: str, position: str = "chief") -> Step:
    return day, hhs.ContinuationApproved(Id(position))


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], []),
        ([moved("2005-01-10")], [MOVED]),
        ([moved("2005-01-10"), approved("2005-01-10")], []),
        ([moved("2005-01-10"), approved("2004-05-04")], []),
        ([moved("2005-01-10"), approved("2004-05-03")], [MOVED]),
        ([moved("2005-01-10"), approved(GRADUATED)], []),
        ([moved("2005-01-10"), approved("2005-01-12", "deputy-director")], [MOVED]),
        ([moved("2005-01-10"), approved("2005-01-12"), moved("2005-02-01", "director")], [MOVED]),
        ([moved("2005-01-10"), approved("2005-01-12"), moved("2005-02-01", "director"), approved("2005-02-01", "director")], []),
        ([moved("2005-01-10"), approved("2005-01-12"), moved("2005-02-01", "director"), moved("2005-02-08")], [MOVED]),
        ([moved("2005-01-10", "deputy-director")], []),
        ([moved("2005-01-10", "deputy-director", "nih")], [MOVED]),
        ([moved("2004-06-01")], []),
        ([moved("2004-06-02")], [MOVED]),
    ],
    ids=[
        "the first position is no move", "not approved", "approved on the day of the move", "approved long before it",
        "approved on the day of the position before",
        "approved on the last day", "approved for another position", "one of two approved", "both approved",
        "back and forth without another approval", "the same recorded again", "the same in another division",
        "on the first day in the program", "on the second day",
    ],
)  # fmt: skip
def test_a_move_in_the_program_is_approved_by_the_employing_agency(steps: list[Step], wrong: list[str]) -> None:
    """The guidelines alone ask for no such approval."""
    life = ready().trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 122)
    for day, fact in steps:
        life.on(day, "coordinator", fact)
    answer = play(engine(registry()), reviewed(life).on(GRADUATED, "board", CandidateGraduated()))[-1]
    assert refused_by(answer) == wrong


def test_who_is_under_schedule_b_has_no_position_of_a_career_type_to_move_from() -> None:
    life = ready().on("2004-05-03", "coordinator", AppointmentRecorded("Schedule B appointment"))
    life.trained("t", "2004-09-15", 80).assigned("a1", "2004-08-02", 122)
    day, move = moved("2005-01-10")
    life.on(day, "coordinator", move)
    answer = play(engine(registry()), reviewed(life).on(GRADUATED, "board", CandidateGraduated()))[-1]
    assert outcomes(answer)[MOVED] == "not applicable"


def test_says_which_move_lacks_its_approval_and_from_when_on_it_counts() -> None:
    on, (day, move) = engine(registry()), moved("2005-01-10")
    play(on, spells((A, 122)).on(day, "coordinator", move))
    case, edition = on.case("c", as_of=date(2005, 3, 1))
    found = path(case, edition, to="graduated", as_of=date(2005, 3, 1))
    assert [(s.by, s.content) for s in found.plan if s.rule.endswith(MOVED)] == [("program coordinator", {"position": "chief"})]
    lacking = next(r for r in found.remaining if r.rule.endswith(MOVED))
    assert "position chief, moved 2005-01-10" in lacking.parts[0].told


@pytest.mark.parametrize(
    ("inside", "steps", "expected"),
    [
        (True, [], "not applicable"),
        (False, [], "undetermined"),
        (False, [("2004-05-10", hhs.EmployingAgencyRecorded(None))], "not applicable"),
        (False, [("2004-05-10", hhs.EmployingAgencyRecorded(Id("gsa")))], "unmet"),
        (True, [("2004-05-10", hhs.EmployingAgencyRecorded(Id("gsa")))], "unmet"),
        (False, [("2004-05-10", hhs.EmployingAgencyRecorded(Id("gsa"))), ("2004-06-01", hhs.AgreementSigned(Id("gsa")))], "met"),
        (False, [("2004-05-10", hhs.EmployingAgencyRecorded(Id("gsa"))), ("2004-06-02", hhs.AgreementSigned(Id("gsa")))], "unmet"),
        (False, [("2004-05-10", hhs.EmployingAgencyRecorded(Id("gsa"))), ("2004-05-20", hhs.AgreementSigned(Id("nasa")))], "unmet"),
    ],
    ids=[
        "of HHS", "from outside, of whom is not known", "of no agency", "of another", "of another, in HHS on detail",
        "agreed by the first day", "agreed the day after", "agreed with a third",
    ],
)  # fmt: skip
def test_a_candidate_of_another_agency_begins_with_an_agreement(*, inside: bool, steps: list[Step], expected: str) -> None:
    life = Candidate("c").selected(inside_hhs=inside)
    for day, fact in steps:
        life.on(day, "coordinator", fact)
    answer = play(engine(registry()), life.on("2004-06-01", "coordinator", CandidateEnrolled()))[-1]
    assert outcomes(answer)[AGREED] == expected
    assert answer.accepted is (expected in {"met", "not applicable"})


def test_the_path_supposes_no_other_agency_and_says_so() -> None:
    on = engine(registry())
    play(on, Candidate("c").selected(inside_hhs=False))
    case, edition = on.case("c", as_of=date(2004, 5, 4))
    found = path(case, edition, to="enrolled", as_of=date(2004, 5, 4))
    assert [step.supposing for step in found.plan if step.supposing] == ["no other agency employs the candidate"]
    assert not found.exact


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], []),
        ([("2005-03-01", commerce.PositionRecorded(Id("chief")))], [MOVED]),
        (
            [("2005-03-01", commerce.PositionRecorded(Id("chief"))), ("2005-03-01", at_commerce.ContinuationApproved(Id("chief")))],
            [],
        ),
    ],
)
def test_commerce_asks_for_the_approval_of_a_move_too(steps: list[Step], wrong: list[str]) -> None:
    assert refused_by(of_commerce(("2005-02-01", 120), also=steps)) == wrong


@pytest.mark.parametrize(("signed", "wrong"), [(None, [AGREED]), ("2004-09-27", []), ("2004-09-28", [AGREED])])
def test_commerce_begins_with_an_agreement_for_who_is_of_another_agency(signed: str | None, wrong: list[str]) -> None:
    life = CommerceCandidate("c")
    roles = life.cast(candidate="candidate", office="program office")
    life.on("2004-08-30", "office", CandidateSelected(Id("commerce"), Id("september-2004"), roles))
    life.on("2004-08-30", "office", at_commerce.EmployingAgencyRecorded(Id("gsa")))
    if signed:
        life.on(signed, "office", at_commerce.AgreementSigned(Id("gsa")))
    assert refused_by(play(engine(commerce_2009()), life.on("2004-09-27", "office", CandidateEnrolled()))[-1]) == wrong
