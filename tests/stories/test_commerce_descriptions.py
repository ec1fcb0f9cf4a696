"""Commerce's description of a developmental assignment, form and guidance, as a program officer can read it."""

from datetime import date
from typing import Any

import pytest

from candidacy import Document, Id, InputError
from candidacy.codec import write_command
from candidacy.decision import Actor, Command
from candidacy_commerce import events as e
from candidacy_commerce.caseload import Candidate
from support import engine, outcomes, play, refused_by

LC, LP = "Leading Change", "Leading People"


def text(name: str) -> Document:
    return Document.of(name.encode(), kind="text", title=name, pages=1)


def form(**changed: Any) -> e.AssignmentDescribed:
    """The form for 120 days in another office, filled in as the guidance asks."""
    filled: dict[str, Any] = {
        "assignment": Id("a"), "supervisor": Id("c.host"), "bureau": Id("bureau-9"), "title_and_series": Id("director-es-0340"),
        "phone": Id("phone-9"), "address": Id("room-9"), "e_mail": Id("mail-9"), "first": date(2005, 2, 1), "last": date(2005, 5, 31),
        "ecqs": (LC, LP), "duties": text("duties"), "evaluation": text("measures"),
        "reasons": (e.EcqReason(LC, text("why-change")), e.EcqReason(LP, text("why-people"))),
        "deliverables": (Id("report-1"),), "kind": "turnaround",
    }  # fmt: skip
    return e.AssignmentDescribed(**{**filled, **changed})


def described(**changed: Any) -> Any:
    return play(engine(), Candidate("c").enrolled().paired().planned().on("2005-01-10", "candidate", form(**changed)))[-1]


def test_a_description_that_says_everything_is_accepted() -> None:
    answer = described()
    assert answer.accepted
    assert set(outcomes(answer).values()) == {"met"}


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"ecqs": (), "reasons": ()}, ["description_names_an_ecq"]),
        ({"ecqs": (LC,)}, ["description_gives_a_reason_for_each_ecq"]),
        ({"reasons": (e.EcqReason(LC, text("why")),)}, ["description_gives_a_reason_for_each_ecq"]),
        ({"last": date(2005, 1, 31)}, ["description_ends_no_sooner_than_it_begins"]),
        ({"ecqs": (), "last": date(2005, 1, 31)}, [
            "description_names_an_ecq", "description_ends_no_sooner_than_it_begins",
        ]),
    ],
)  # fmt: skip
def test_says_everything_that_a_description_lacks_at_once(changed: dict[str, Any], rules: list[str]) -> None:
    assert refused_by(described(**changed)) == rules


def test_takes_a_period_of_one_day_and_no_deliverable() -> None:
    """C3: both ends belong to the period. DOC-42: nothing need be handed over."""
    assert described(last=date(2005, 2, 1), deliverables=()).accepted


@pytest.mark.parametrize(
    "field",
    [
        "supervisor",
        "bureau",
        "title_and_series",
        "phone",
        "address",
        "e_mail",
        "first",
        "last",
        "ecqs",
        "duties",
        "evaluation",
        "reasons",
    ],
)
def test_takes_no_form_without_one_of_its_fields(field: str) -> None:
    on = engine()
    play(on, Candidate("c").enrolled())
    document = write_command(Command("x", "c", form(), date(2004, 12, 1), Actor("c.candidate")))
    del document["payload"][field]
    with pytest.raises(InputError, match=f"payload.{field}: found nothing"):
        on.submit(document)


def test_an_assignment_that_nobody_described_shows_at_the_end_and_refuses_nothing() -> None:
    bare = Candidate("c").enrolled().paired().planned().assigned("a", "2005-02-01", 120).completed()
    whole = Candidate("c").enrolled().paired().planned().on("2005-01-10", "candidate", form()).assigned("a", "2005-02-01", 120)
    for life, seen in ((bare, "unmet"), (whole.completed(), "met")):
        answer = play(engine(), life)[-1]
        assert answer.accepted
        assert outcomes(answer)["every_assignment_is_described"] == seen


def test_shows_a_plan_without_the_mentor_and_talks_of_which_nobody_sets_the_number() -> None:
    """DOC-10; DOC-12 and C31: the document gives no number, so that nobody can say whether there were enough."""
    plain = Candidate("c").enrolled().paired().planned()
    assert outcomes(play(engine(), plain)[-1])["mentor_helps_with_the_plan"] == "unmet"
    helped = Candidate("c").enrolled().paired().on("2004-10-20", "mentor", e.PlanDiscussed(Id("edp-1"))).planned()
    assert outcomes(play(engine(), helped)[-1])["mentor_helps_with_the_plan"] == "met"
    helped.on("2005-03-01", "mentor", e.MentorMet(Id("talk-1"))).assigned("a", "2005-02-01", 120)
    answer = play(engine(), helped.completed())[-1]
    assert outcomes(answer)["mentor_and_candidate_talk_from_time_to_time"] == "undetermined"
    assert answer.accepted
