"""How one event is judged: guards, rules that fail, what a decision moves, and folding."""

from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import pytest

import widgets
from candidacy import (
    Actor,
    Answer,
    CandidateEnrolled,
    CandidateSelected,
    Case,
    Check,
    Count,
    DefinitionError,
    Discontinued,
    Id,
    JudgementGiven,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    ProgramCompleted,
    Resumed,
    Role,
    RoleEnded,
    RoleGiven,
    RoleName,
    Suspended,
    Withdrawn,
    deciding,
    exactly,
    holds,
    partial,
)
from support import engine, outcomes, play, refused_by
from widgets import (
    HOURS,
    UNKNOWN_HOURS,
    DetailBegun,
    DetailOver,
    Toured,
    Trained,
    before_tour,
    begun,
    developing,
    edition,
    fit,
    registry,
)

DAY = date(2005, 5, 1)


def tour(judge: Callable[[Case, Toured, date], Any]) -> Any:
    """The answer to a tour under one more rule."""
    rule = before_tour(judge)
    on = engine(registry(edition([rule])))
    play(on, developing())
    return play(on, developing().tell(DAY, Toured(Count(3), Count(1)), by="w1.c"))[-1]


def raises(case: Case, event: Toured, day: date) -> Check:
    """Raises."""
    raise ValueError("the name of Jane Roe")


def exits(case: Case, event: Toured, day: date) -> Check:
    """Exits."""
    raise SystemExit(0)


def recurses(case: Case, event: Toured, day: date) -> Check:
    """Recurses without end."""
    return recurses(case, event, day)


def answers_otherwise(case: Case, event: Toured, day: date) -> Any:
    """Answers with something that is no Check."""
    return True


def leaks(case: Case, event: Toured, day: date) -> Check:
    """Puts something into its finding that cannot be written down."""
    return holds(False, "x", thing=object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("judge", "failure"),
    [
        (raises, "ValueError"),
        (exits, "SystemExit"),
        (recurses, "RecursionError"),
        (answers_otherwise, "TypeError"),
        (leaks, "TypeError"),
    ],
)
def test_is_undetermined_when_a_rule_fails_and_goes_on(judge: Callable[..., Any], failure: str) -> None:
    answer = tour(judge)
    (finding,) = [f for f in answer.findings if f.rule == f"widgets.{judge.__name__}"]
    assert not answer.accepted
    assert str(finding.outcome) == "undetermined"
    assert finding.data["observed"] == {"failure": failure}
    assert b"Jane" not in answer.record.raw


def test_names_the_parameter_that_has_no_value() -> None:
    def asks(case: Case, event: Toured, day: date) -> Check:
        """Asks for a value that is not in force yet."""
        return holds(UNKNOWN_HOURS(case) > 0, "x")

    answer = tour(asks)
    assert answer.findings[-1].data["observed"] == {"parameter": "hours to come"}
    assert UNKNOWN_HOURS.current(date(2031, 1, 1)) == 10
    assert HOURS.on(date(2004, 12, 31)) is None


def test_rests_on_what_the_rule_was_shown_and_no_more() -> None:
    on = engine(registry())
    story = developing().tell("2005-04-02", Trained(Count(4)), by="w1.c").tell("2005-04-03", DetailBegun(Id("d")), by="w1.c")
    answer = play(on, story.tell("2005-05-01", ProgramCompleted(), by="w1.o"))[-1]
    assert {f.rule: f.data.get("rests_on") for f in answer.findings}["widgets.ten_hours"] == [5]


@pytest.mark.parametrize(
    ("who", "refusing"),
    [("w1.c", []), ("w1.o", ["role"]), ("w1.g", ["role"])],
)
def test_refuses_an_act_of_someone_whose_role_does_not_admit_it(who: str, refusing: list[str]) -> None:
    on = engine(registry())
    assert refused_by(play(on, begun().tell("2005-03-02", Withdrawn(), by=who))[-1]) == refusing


def test_looks_at_the_roles_of_the_day() -> None:
    on = engine(registry())
    story = developing().tell("2005-05-01", RoleGiven(Id("new"), RoleName("office")), by="w1.o")
    story.tell("2005-06-01", RoleEnded(Id("w1.o"), RoleName("office")), by="w1.o")
    play(on, story)
    assert outcome(on, "2005-05-31", "w1.o") == "met"
    assert outcome(on, "2005-06-01", "new") == "met"
    assert outcome(on, "2005-05-01", "new") == "met"


def outcome(on: Any, day: str, who: str) -> str:
    """Of the role guard, for a discontinuation."""
    from candidacy import Actor

    return {f.rule: str(f.outcome) for f in on.consider("w1", Discontinued(), date.fromisoformat(day), Actor(who)).findings}[
        "candidacy.role"
    ]


def test_refuses_an_act_that_has_no_place_and_says_what_comes_first() -> None:
    on = engine(registry())
    answer = play(on, begun().tell("2005-03-05", PlanApproved(Id("p1")), by="w1.o"))[-1]
    (place,) = [f for f in answer.findings if f.rule == "candidacy.lifecycle"]
    assert str(place.outcome) == "unmet"
    assert place.data["observed"] == {"state": "selected"}
    assert place.data["who"] == ["office"]
    assert place.data["rests_on"] == [1]


def test_refuses_an_act_dated_before_the_one_that_made_the_state_but_not_on_its_day() -> None:
    on = engine(registry())
    story = begun().tell("2005-03-02", CandidateEnrolled_(), by="w1.o").tell("2005-03-10", PlanSubmitted(Id("p1")), by="w1.c")
    answers = play(
        on, story.tell("2005-03-09", PlanApproved(Id("p1")), by="w1.o").tell("2005-03-10", PlanApproved(Id("p1")), by="w1.o")
    )
    assert refused_by(answers[-2]) == ["lifecycle"]
    assert answers[-1].accepted


def CandidateEnrolled_() -> Any:  # noqa: N802 (kept short)
    from candidacy import CandidateEnrolled

    return CandidateEnrolled()


def test_stands_still_while_suspended_but_for_exits_and_resumption() -> None:
    on = engine(registry())
    story = developing().tell("2005-05-01", Suspended(Id("s1")), by="w1.o").tell("2005-05-02", PlanReturned(Id("p1")), by="w1.o")
    story.tell("2005-05-02", Toured(Count(1), Count(1)), by="w1.c").tell("2005-05-03", Trained(Count(3)), by="w1.c")
    story.tell("2005-05-04", Resumed(Id("s1")), by="w1.o").tell("2005-05-05", Toured(Count(1), Count(1)), by="w1.c")
    answers = play(on, story)[4:]
    assert [a.accepted for a in answers] == [True, False, False, True, True, True]
    assert "suspension" in refused_by(answers[2])
    play(on, developing("w2").tell("2005-05-01", Suspended(Id("s1")), by="w2.o"))
    assert on.consider("w2", Withdrawn(), date(2005, 5, 2)).accepted


def test_begins_and_ends_a_strand_of_acts_once() -> None:
    on = engine(registry())
    story = developing().tell("2005-05-01", Resumed(Id("s1")), by="w1.o").tell("2005-05-02", Suspended(Id("s1")), by="w1.o")
    story.tell("2005-05-01", Resumed(Id("s1")), by="w1.o").tell("2005-05-04", Resumed(Id("s1")), by="w1.o")
    story.tell("2005-05-05", Resumed(Id("s1")), by="w1.o").tell("2005-05-06", Suspended(Id("s1")), by="w1.o")
    assert [refused_by(a) for a in play(on, story)[4:]] == [["strand"], [], ["strand"], [], ["strand"], ["strand"]]


def test_enters_a_fact_about_a_strand_however_odd_and_shows_it() -> None:
    on = engine(registry())
    story = developing().tell("2005-05-02", DetailOver(Id("d")), by="w1.c").tell("2005-05-01", DetailBegun(Id("d")), by="w1.c")
    story.tell("2005-05-09", DetailOver(Id("d")), by="w1.c").tell("2005-05-03", DetailBegun(Id("d")), by="w1.c")
    answers = play(on, story)[4:]
    assert all(a.accepted for a in answers)
    assert [outcomes(a)["strand"] for a in answers] == ["unmet", "met", "unmet", "unmet"]
    assert [a.record.moved["strands"][0]["is"] for a in answers] == ["ended", "ended", "ended", "ended"]


def test_never_refuses_a_fact_and_shows_what_it_breaks() -> None:
    on = engine(registry())
    answer = play(on, developing().tell("2005-05-01", Trained(Count(21)), by="w1.c"))[-1]
    assert answer.accepted
    assert outcomes(answer)["trains_little"] == "unmet"


def test_needs_a_judgement_until_the_role_answers_and_the_last_answer_stands() -> None:
    on = engine(registry())
    done, found = ProgramCompleted(), []
    story = developing().tell("2005-05-01", Trained(Count(10)), by="w1.c")
    play(on, story)
    for answer in (None, False, True, False):
        if answer is not None:
            story.tell("2005-05-02", fit(answer=answer), by="w1.o")
            play(on, story)
        decision = on.consider("w1", done, date(2005, 5, 3))
        found.append({f.rule: str(f.outcome) for f in decision.findings}["widgets.is_fit"])
    assert found == ["needs judgement", "unmet", "met", "unmet"]


def test_refuses_a_judgement_by_a_role_that_was_not_asked() -> None:
    on = engine(registry())
    assert refused_by(play(on, developing().tell("2005-05-01", fit(), by="w1.c"))[-1]) == ["role"]


FACTS = [
    ("2005-04-10", Trained(Count(4))),
    ("2005-04-05", Trained(Count(5))),
    ("2005-04-05", DetailBegun(Id("d"))),
    ("2005-04-20", DetailOver(Id("d"))),
]


def test_gives_the_same_findings_whatever_the_order_of_the_facts() -> None:
    found = set()
    for order in permutations(FACTS):
        on = engine(registry())
        story = developing()
        for day, event in order:
            story.tell(day, event, by="w1.c")
        answer = play(on, story.tell("2005-05-01", ProgramCompleted(), by="w1.o"))[-1]
        found.add(str([{k: v for k, v in f.as_data().items() if k != "rests_on"} for f in answer.findings]))
    assert len(found) == 1


def test_lets_a_refused_act_change_nothing_but_the_version() -> None:
    on = engine(registry())
    play(on, developing())
    before, _ = on.case("w1")
    play(on, developing().tell("2005-05-01", ProgramCompleted(), by="w1.o"))
    after, _ = on.case("w1")
    assert (after.state, after.since, after.entries) == (before.state, before.since, before.entries)
    assert after.version == before.version + 1


def test_takes_no_earlier_beginning_under_an_id_that_a_strand_has() -> None:
    """Dated before the first, it would move the suspension and with it the clocks."""
    on = engine(registry())
    story = developing().tell("2005-05-10", Suspended(Id("s1")), by="w1.o").tell("2005-05-20", Resumed(Id("s1")), by="w1.o")
    assert refused_by(play(on, story.tell("2005-05-01", Suspended(Id("s1")), by="w1.o"))[-1]) == ["strand"]


@pytest.mark.parametrize(
    ("day", "refusing"), [("2005-05-09", []), ("2005-05-10", ["suspension"]), ("2005-05-19", ["suspension"]), ("2005-05-20", [])]
)
def test_refuses_an_act_dated_inside_a_suspension_that_is_over(day: str, refusing: list[str]) -> None:
    on = engine(registry())
    story = developing().tell("2005-05-10", Suspended(Id("s1")), by="w1.o").tell("2005-05-20", Resumed(Id("s1")), by="w1.o")
    assert refused_by(play(on, story.tell(day, Toured(Count(1), Count(1)), by="w1.c"))[-1]) == refusing


def test_takes_acts_only_about_the_plan_that_was_last_submitted() -> None:
    on = engine(registry())
    story = begun().tell("2005-03-02", CandidateEnrolled_(), by="w1.o").tell("2005-03-10", PlanSubmitted(Id("p1")), by="w1.c")
    story.tell("2005-03-11", PlanApproved(Id("p2")), by="w1.o").tell("2005-03-11", PlanReturned(Id("p2")), by="w1.o")
    story.tell("2005-03-12", PlanReturned(Id("p1")), by="w1.o").tell("2005-03-13", PlanSubmitted(Id("p2")), by="w1.c")
    story.tell("2005-03-14", PlanApproved(Id("p1")), by="w1.o").tell("2005-03-14", PlanApproved(Id("p2")), by="w1.o")
    assert [refused_by(a) for a in play(on, story)[3:]] == [["plan"], ["plan"], [], [], ["plan"], []]


def test_lets_the_end_of_a_role_count_where_it_was_given_on_the_same_day_whatever_the_order() -> None:
    given_, ended = RoleGiven(Id("n"), RoleName("office")), RoleEnded(Id("n"), RoleName("office"))
    for first, second in ((given_, ended), (ended, given_)):
        on = engine(registry())
        play(on, developing().tell("2005-05-01", first, by="w1.o").tell("2005-05-01", second, by="w1.o"))
        assert on.case("w1")[0].roles_of("n", date(2005, 5, 2)) == frozenset()


def test_rests_every_guard_on_the_records_it_looked_at() -> None:
    on = engine(registry())
    story = developing().tell("2005-05-01", RoleGiven(Id("new"), RoleName("office")), by="w1.o")
    answer = play(on, story.tell("2005-05-02", Discontinued(), by="new"))[-1]
    rests = {f.rule.partition(".")[2]: f.data.get("rests_on") for f in answer.findings}
    assert rests == {"lifecycle": [4], "role": [1, 5]}


@pytest.mark.parametrize(
    "said",
    ["Jane Doe was ill", "jane doe", "phone 555 1234", "x" * 65, "née", "a\nb"],
)
def test_keeps_no_free_text_in_a_finding(said: str) -> None:
    def talks(case: Case, event: Toured, day: date) -> Check:
        """Talks."""
        return holds(False, said)

    def notes(case: Case, event: Toured, day: date) -> Check:
        """Notes."""
        return holds(True, "fine", note=said)

    def measures(case: Case, event: Toured, day: date) -> Check:
        """Measures."""
        return holds(True, "fine", amount=exactly(3, said))

    for judge in (talks, notes, measures):
        answer = tour(judge)
        assert str(answer.findings[-1].outcome) == "undetermined"
        assert said.encode() not in answer.record.raw


@pytest.mark.parametrize("value", [2**60, object(), 1.5, {"a": 1}], ids=["large", "object", "fraction", "mapping"])
def test_is_undetermined_when_a_finding_cannot_be_written(value: Any) -> None:
    def says(case: Case, event: Toured, day: date) -> Check:
        """Says something that JSON cannot hold."""
        return holds(True, "fine", value=value)

    assert str(tour(says).findings[-1].outcome) == ("met" if isinstance(value, dict) else "undetermined")


def test_lets_pass_words_of_the_program_s_own_vocabularies() -> None:
    def says(case: Case, event: Toured, day: date) -> Check:
        """Says words of roles, states, units and ids."""
        return holds(True, "fine", role="office", state="not begun", hours=exactly(3, "hours"), plan="p-1/2#3")

    assert tour(says).accepted


class BadlyBehavedError(BaseException):
    """Not even an Exception."""


def test_goes_on_when_a_rule_raises_what_is_not_even_an_exception() -> None:
    def raises_worse(case: Case, event: Toured, day: date) -> Check:
        """Raises."""
        raise BadlyBehavedError

    assert tour(raises_worse).findings[-1].data["observed"] == {"failure": "BadlyBehavedError"}


def test_shows_who_decides_and_holds_another_part() -> None:
    """It holds nothing up; nothing is said where the program keeps no roles apart, and nobody is named."""
    apart = (Role("candidate"), Role("office", apart_from=("candidate", "guest")), Role("guest"))
    edition = widgets.edition(roles=apart)
    on = engine(widgets.registry(edition))
    story = widgets.begun().tell("2005-03-02", RoleGiven(Id("w1.o"), RoleName("guest")), by="w1.o")
    begun, given, enrolled = play(on, story.tell("2005-03-03", CandidateEnrolled(), by="w1.o"))
    assert {f.rule: str(f.outcome) for f in begun.findings}["candidacy.apart"] == "met"
    assert "candidacy.apart" not in {f.rule for f in given.findings}, "a fact decides nothing"
    (shown,) = [f for f in enrolled.findings if f.rule == "candidacy.apart"]
    assert (str(shown.outcome), shown.binding, enrolled.accepted) == ("unmet", False, True)
    assert shown.data["observed"] == {"roles": ["office"], "also": ["guest"]}
    plain = play(engine(widgets.registry()), widgets.begun())[0]
    assert "candidacy.apart" not in {f.rule for f in plain.findings}
    assert "candidacy.apart" not in {
        j.rule for j in deciding.judge(edition, on.case("w1")[0], PlanSubmitted(Id("p")), date(2005, 3, 4))
    }


def authority(answer: Answer) -> tuple[str, dict[str, Any]] | None:
    found = [f for f in answer.findings if f.rule == "candidacy.authority"]
    return (str(found[0].outcome), found[0].data["observed"]) if found else None


def test_shows_who_acts_in_the_place_of_another_and_by_whose_word() -> None:
    """A delegation lasts as long as who gave it holds the role; who is acting needs nobody to; both are dated facts."""
    on = engine(widgets.registry(widgets.edition()))
    given = RoleGiven(Id("w1.d"), RoleName("office"), "delegated", Id("w1.o"))
    story = widgets.begun().tell("2005-03-03", given, by="w1.o").tell("2005-03-03", CandidateEnrolled(), by="w1.d")
    story.tell("2005-03-05", RoleEnded(Id("w1.o"), RoleName("office")), by="w1.o").tell("2005-03-05", Discontinued(), by="w1.d")
    *_, told, enrolled, _, discontinued = play(on, story)
    observed = {"role": "office", "capacity": "delegated", "in_place_of": "w1.o"}
    assert authority(told) == authority(enrolled) == ("met", observed)
    assert authority(discontinued) == ("unmet", observed)
    assert discontinued.accepted, "it only shows"


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (RoleGiven(Id("w1.d"), RoleName("office"), "acting"), "met"),
        (RoleGiven(Id("w1.d"), RoleName("office"), "acting", Id("w1.x")), "met"),
        (RoleGiven(Id("w1.d"), RoleName("office"), "delegated", Id("w1.x")), "unmet"),
        (RoleGiven(Id("w1.d"), RoleName("office"), "delegated"), "unmet"),
        (RoleGiven(Id("w1.d"), RoleName("office")), None),
    ],
)
def test_shows_a_delegation_by_one_who_does_not_hold_the_role(given: RoleGiven, seen: str | None) -> None:
    on = engine(widgets.registry(widgets.edition()))
    story = widgets.begun().tell("2005-03-03", given, by="w1.o").tell("2005-03-03", CandidateEnrolled(), by="w1.d")
    *_, told, enrolled = play(on, story)
    for answer in (told, enrolled):
        found = authority(answer)
        assert answer.accepted, "it only shows"
        assert (found and found[0]) == seen


@pytest.mark.parametrize(
    ("given", "ended", "seen"),
    [
        ((("w1.d", "w1.d"),), "", "unmet"),
        ((("w1.x", "w1.o"), ("w1.d", "w1.x")), "", "met"),
        ((("w1.x", "w1.o"), ("w1.d", "w1.x")), "w1.o", "unmet"),
        ((("w1.x", "w1.d"), ("w1.d", "w1.x")), "", "unmet"),
    ],
)
def test_follows_a_chain_of_delegations_to_one_who_holds_the_role(
    given: tuple[tuple[str, str], ...], ended: str, seen: str
) -> None:
    """Nobody delegates to themselves, and two do not delegate to each other; what its beginning has lost, the chain has lost."""
    on = engine(widgets.registry(widgets.edition()))
    story = widgets.begun()
    for person, of in given:
        story.tell("2005-03-03", RoleGiven(Id(person), RoleName("office"), "delegated", Id(of)), by="w1.o")
    if ended:
        story.tell("2005-03-04", RoleEnded(Id(ended), RoleName("office")), by="w1.o")
    answer = play(on, story.tell("2005-03-05", CandidateEnrolled(), by="w1.d"))[-1]
    assert answer.accepted
    found = authority(answer)
    assert found is not None
    assert found[0] == seen
    (shown,) = [f for f in answer.findings if f.rule == "candidacy.authority"]
    assert len(shown.data["rests_on"]) >= 2, "it rests on the grant, too"


def test_answers_for_a_draft_who_may_enter_it_whatever_is_still_open() -> None:
    on = engine(
        widgets.registry(widgets.edition(roles=(Role("candidate"), Role("office", apart_from=("candidate",)), Role("guest"))))
    )
    play(on, widgets.begun())
    for draft in (partial(JudgementGiven), partial(PlanSubmitted), partial(RoleGiven)):
        decision = on.consider("w1", draft, date(2005, 3, 4), Actor("w1.o"))
        assert decision.findings or decision.accepted
    assert on.consider(
        "new", partial(CandidateSelected, program=Id("widgets"), announcement=Id("spring")), date(2005, 3, 4), Actor("w1.o")
    ).findings


def test_refuses_a_role_kept_apart_from_one_that_nobody_declares() -> None:
    with pytest.raises(DefinitionError, match="role office is kept apart from 'king', which is no declared role"):
        widgets.edition(roles=(Role("candidate"), Role("office", apart_from=("king",)), Role("guest")))
