"""What a field accepts, and what a reader of outside documents is told."""

import json
from datetime import date
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidacy import Act, Count, Fact, Id, InputError, RoleName, Sealed, StateName, act, fact, sealed
from candidacy.canonical import canonical
from candidacy.codec import Codec, write, write_command
from candidacy.decision import Actor, Command
from candidacy.strict import read_json


@attrs.frozen
class Place:
    city: Id
    floors: Count


@fact("widgets.everything_told.1")
class EverythingTold(Fact):
    flag: bool
    number: int
    count: Count
    day: date
    id: Id
    role: RoleName
    word: Literal["red", "green"]
    list: tuple[Id, ...]
    place: Place
    maybe: Id | None = None
    secret: Sealed = sealed("assessment180")


@act("widgets.nothing_said.1")
class NothingSaid(Act):
    """Has no fields."""


GOOD: dict[str, Any] = {
    "flag": True,
    "number": -3,
    "count": 0,
    "day": "2004-02-29",
    "id": "a-1",
    "role": "program office",
    "word": "red",
    "list": ["a", "b"],
    "place": {"city": "x", "floors": 2},
}
VALUES: dict[str, Any] = {
    "null": None, "true": True, "zero": 0, "one": 1, "minus": -1, "huge": 2**60, "fraction": 1.0, "exponent": "1e3",
    "empty": "", "yes": "yes", "digits": "7", "day": "2004-02-29", "no day": "2005-02-29", "word": "red", "id": "a-1",
    "spaced": "two words", "long": "x" * 65, "list": ["a"], "numbers": [1], "object": {}, "place": {"city": "x", "floors": 1},
}  # fmt: skip
ACCEPTS: dict[str, set[str]] = {  # field to the names of the values it takes, by hand
    "flag": {"true"},
    "number": {"zero", "one", "minus"},
    "count": {"zero", "one"},
    "day": {"day"},
    "id": {"yes", "digits", "day", "word", "id", "no day"},
    "role": {"yes", "word", "id", "spaced"},
    "word": {"word"},
    "list": {"list"},
    "place": {"place"},
    "maybe": {"null", "yes", "digits", "day", "word", "id", "no day"},
    "secret": set(),
}
CODEC = Codec([EverythingTold, NothingSaid])


def document(payload: Any, **more: Any) -> str:
    given_ = {
        "id": "c-1", "case": "k-1", "type": "widgets.everything_told.1", "day": "2005-01-01",
        "actor": {"person": "p-1"}, "payload": payload,
    }  # fmt: skip
    return json.dumps({**given_, **more}).replace('"1e3"', "1e3")


@pytest.mark.parametrize("field", ACCEPTS)
@pytest.mark.parametrize("value", VALUES)
def test_accepts_only_a_field_s_own_json_type(field: str, value: str) -> None:
    text = document({**GOOD, field: VALUES[value]})
    if value in ACCEPTS[field]:
        assert CODEC.read_command(text).event.type_name == "widgets.everything_told.1"
        return
    with pytest.raises(InputError) as wrong:
        CODEC.read_command(text)
    assert {p.path.partition("[")[0].split(".")[1] for p in wrong.value.problems} == {field}
    assert all(p.found and p.needed for p in wrong.value.problems)


def test_reports_everything_that_is_wrong_with_paths_at_once() -> None:
    text = """{"id": "x 1", "case": 3, "type": "widgets.everything_told.1", "day": "2005-13-01", "actor": {"person": "p", "sex": "f"},
      "payload": {"flag": "no", "number": 7.5, "count": -1, "day": "May 1", "id": "Jane Roe", "role": "", "word": "blue",
      "list": ["ok", 4], "place": {"city": "x"}, "extra": 1, "extra": 2}, "z": NaN}"""
    with pytest.raises(InputError) as wrong:
        CODEC.read_command(text)
    assert {p.path for p in wrong.value.problems} == {
        "id", "case", "day", "actor.sex", "payload.flag", "payload.number", "payload.count", "payload.day", "payload.id",
        "payload.role", "payload.word", "payload.list[1]", "payload.place.floors", "payload.extra", "z",
    }  # fmt: skip
    said = str(wrong.value)
    assert "the fraction 7.5; needed a whole number" in said
    assert 'the text "no"; needed true or false' in said
    assert "the key twice" in said
    assert "NaN" in said
    assert "Jane" not in said


def test_accepts_no_confidential_content() -> None:
    with pytest.raises(InputError, match="until it can be sealed"):
        CODEC.read_command(document({**GOOD, "secret": {"q1": 5}}))
    assert CODEC.read_command(document(GOOD)).event.secret == Sealed("assessment180")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing"),
        ("{", "not JSON"),
        ("[1, 2", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": Infinity}', "Infinity"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": "\\ud800"}', "not text"),
        ('{"a": "\\u0000"}', "not text"),
        ('{"a": 9007199254740992}', "53 bits"),
        ("[" * 40 + "]" * 40, "too deeply"),
        ("[" * 100_000, "too deeply"),
        ('"' + "x" * 1_048_576 + '"', "bytes"),
    ],
)
def test_refuses_json_that_others_let_pass(text: str | bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_json(text)


@pytest.mark.parametrize("text", ['{"a": 9007199254740991}', "[" * 32 + "]" * 32, '"x"', "null", '{"é": "ü"}'])
def test_reads_json_up_to_its_limits(text: str) -> None:
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize("document_", ["[]", "1", '"x"', "null", "{}", '{"payload": 3}', '{"type": 1, "payload": []}'])
def test_refuses_a_document_that_is_no_command(document_: str) -> None:
    with pytest.raises(InputError):
        CODEC.read_command(document_)


def test_names_an_unknown_event_type() -> None:
    with pytest.raises(InputError, match=r"widgets\.unheard_of\.1"):
        CODEC.read_command(document({}, type="widgets.unheard_of.1"))


def test_writes_the_fields_of_the_event_s_own_class() -> None:
    """A declared base class has no fields: writing by it would empty every payload and nobody would notice."""
    event = CODEC.read_event("widgets.everything_told.1", GOOD)
    assert write(event) == GOOD
    command = Command("c", "k", event, date(2005, 1, 1), Actor("p"), expects=4)
    assert write_command(command)["payload"] == GOOD
    assert CODEC.read_command(write_command(command)) == command


IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:/#+-]{0,63}", fullmatch=True).map(Id)


@given(
    st.builds(
        EverythingTold,
        flag=st.booleans(),
        number=st.integers(-(2**53) + 1, 2**53 - 1),
        count=st.integers(0, 2**53 - 1).map(Count),
        day=st.dates(date(1900, 1, 1), date(8999, 12, 31)),
        id=IDS,
        role=st.from_regex(r"[A-Za-z][A-Za-z -]{0,39}", fullmatch=True).map(RoleName),
        word=st.sampled_from(["red", "green"]),
        list=st.lists(IDS).map(tuple),
        place=st.builds(Place, city=IDS, floors=st.integers(0, 9).map(Count)),
        maybe=st.one_of(st.none(), IDS),
    )
)
def test_reads_back_what_it_writes(event: EverythingTold) -> None:
    data = json.loads(canonical(write(event)))
    assert CODEC.read_event(event.type_name, data) == event


def test_writes_the_same_bytes_for_ever() -> None:
    event = CODEC.read_event("widgets.everything_told.1", GOOD)
    assert canonical(write(event)) == (
        b'{"count":0,"day":"2004-02-29","flag":true,"id":"a-1","list":["a","b"],"number":-3,'
        b'"place":{"city":"x","floors":2},"role":"program office","word":"red"}'
    )


@pytest.mark.parametrize("data", [1.5, {1: 2}, {"é": 1}, 2**53, {1, 2}, b"x", [0.0], {"a": {"b": object()}}])
def test_writes_no_data_that_two_machines_could_write_differently(data: object) -> None:
    with pytest.raises(TypeError):
        canonical(data)


def test_finds_an_undeclared_role_or_state_however_deep_it_stands() -> None:
    from candidacy.door import _named

    @attrs.frozen
    class Deep:
        one: RoleName
        maybe: RoleName | None
        many: tuple[RoleName | None, ...]
        lists: tuple[tuple[RoleName, ...], ...]
        maybe_many: tuple[RoleName, ...] | None
        places: tuple[tuple[Place, ...], ...]
        state: StateName
        id: Id

    attrs.resolve_types(Deep)
    value = Deep("a", "b", ("c", None), (("d",), ("e", "f")), ("g",), ((Place("x", 1),),), "s", "i")  # type: ignore[arg-type]
    assert dict(_named(RoleName, value, "payload")) == {
        "payload.one": "a", "payload.maybe": "b", "payload.many[0]": "c", "payload.lists[0][0]": "d", "payload.lists[1][0]": "e",
        "payload.lists[1][1]": "f", "payload.maybe_many[0]": "g",
    }  # fmt: skip
    assert dict(_named(StateName, value, "payload")) == {"payload.state": "s"}
