"""What the committed schemas say, and that they accept just what the door accepts of a document's form."""

import json
import re
from calendar import isleap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal, get_args, get_origin

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry as Files
from referencing import Resource

from candidacy import (
    COMPLETING,
    SUSPENSIONS,
    Count,
    Edition,
    Fact,
    Id,
    InputError,
    JudgementGiven,
    JudgementNoted,
    Program,
    Registry,
    Role,
    RoleGiven,
    RoleName,
    Sealed,
    SqliteLedger,
    fact,
    sealed,
)
from candidacy._schemas import schemas, written
from candidacy.canonical import LARGEST
from candidacy.codec import command_in
from candidacy.decision import Json
from candidacy.door import half_read
from candidacy.events import Event, Sha256, StateName, fields_of
from candidacy.record import wrong_fields
from support import ROOT
from widgets import FIT, HANDBOOK, edition
from widgets import registry as widgets

FOLDER = ROOT / "schemas"
SEED = 2012
AT_RANDOM = 15
"""How many good documents there are of each event, each of them once with several changes."""
GONE = object()


# --- validators and the door


@attrs.frozen
class Agreement:
    """How often schema and door said the same of a document, and where they did not."""

    tried: int
    accepted: int
    schema_alone: list[str]
    """What the schema accepts and the door refuses."""
    door_alone: list[str]
    """What the door accepts and the schema refuses."""

    @property
    def complete(self) -> bool:
        return not self.schema_alone and not self.door_alone

    def __add__(self, other: "Agreement") -> "Agreement":
        ours, theirs = (attrs.astuple(a) for a in (self, other))
        return Agreement(*(a + b for a, b in zip(ours, theirs, strict=True)))

    def __str__(self) -> str:
        return f"{self.tried} documents, {self.accepted} of them accepted by both, seed {SEED}"


NONE_TRIED = Agreement(0, 0, [], [])
Said = tuple[str, bool]
"""A document, and whether the door accepts it."""


def said(texts: Iterable[str], accepts: Callable[[str], bool]) -> list[Said]:
    return [(text, accepts(text)) for text in dict.fromkeys(texts)]


def both(by_door: Iterable[Said], schema: Json, part: str) -> Iterator[tuple[str, bool, bool]]:
    """Each document, and whether the door and the schema accept it."""
    accepts = validator(schema, part).is_valid
    return ((text, taken, accepts(json.loads(text))) for text, taken in by_door)


def compared(by_door: Iterable[Said], schema: Json, part: str = "") -> Agreement:
    """What *schema* says of each document, against what the door said of it."""
    found = list(both(by_door, schema, part))
    return Agreement(
        len(found),
        sum(taken and fits for _, taken, fits in found),
        [text for text, taken, fits in found if fits and not taken],
        [text for text, taken, fits in found if taken and not fits],
    )


def differ(by_door: Iterable[Said], schema: Json, part: str = "") -> bool:
    """Whether *schema* says something else of any document: `compared`, but for going on to the end."""
    return any(taken != fits for _, taken, fits in both(by_door, schema, part))


def validator(schema: Json, part: str = "") -> Draft202012Validator:
    """What validates against *part* of a schema, by its id alone."""
    files: Any = Files().with_resource(schema["$id"], Resource.from_contents(schema))
    return Draft202012Validator({"$ref": schema["$id"] + part}, registry=files)


def door(of: Registry, by: Edition, kind: type[Event]) -> Callable[[str], bool]:
    """Whether a document is a command to enter *kind*, as far as that can be said without a case or a clock."""

    def accepts(text: str) -> bool:
        command, _, parts = of.codec.examine_command(text)
        return command is not None and type(command.event) is kind and not half_read(by, None, parts, date.max)

    return accepts


def is_record(text: str) -> bool:
    return not wrong_fields(json.loads(text))


def newest(of: Registry, program: str) -> Edition:
    return max(of.programs[program].editions, key=lambda e: (e.in_force, e.revision))


def kinds(by: Edition) -> list[type[Event]]:
    return [*by.entered_by, *[JudgementGiven, JudgementNoted] * bool(by.questions)]


# --- documents


def content(kind: Any, by: Edition, chance: Random) -> Any:
    """Content that a field of this type takes."""
    few: dict[Any, list[Any]] = {
        Id: ["a", "0", "a-1.b_c:d/e#f+g", "x" * 64, "2004-02-29"],
        Count: [0, 1, 80, LARGEST],
        int: [-LARGEST, -1, 0, LARGEST],
        bool: [True, False],
        date: ["1900-01-01", "2000-02-29", "2004-12-31", "8999-12-31"],
        Sha256: ["0123456789abcdef" * 4, "f" * 64],
        RoleName: [r.name for r in by.roles],
        StateName: [*by.lifecycle.stages, *by.lifecycle.exits],
        type(None): [None],
    }
    if kind in few:
        return chance.choice(few[kind])
    args = [part for part in get_args(kind) if part is not Sealed]
    if get_origin(kind) is Literal:
        return chance.choice(args)
    if get_origin(kind) is tuple:
        return [content(args[0], by, chance) for _ in range(chance.randint(0, 3))]
    return content(chance.choice(args), by, chance) if args else payload(kind, by, chance)


def payload(kind: Any, by: Edition, chance: Random) -> Json:
    if kind is JudgementGiven:
        question = chance.choice(by.questions)
        about = {"about": "x"} if question.of_each else chance.choice([{}, {"about": None}])
        return {"question": question.id, "answer": True, **about}
    fields = [a for a in fields_of(kind) if a.type is not Sealed and (a.default is attrs.NOTHING or chance.random() < 0.7)]
    asked = {"question": chance.choice(by.questions).id} if kind is JudgementNoted else {}
    return {a.name: content(a.type, by, chance) for a in fields} | asked


def command(kind: type[Event], by: Edition, chance: Random) -> Json:
    """A command that the door lets in."""
    person = {"person": content(Id, by, chance)}
    more = chance.choice([{"identified": "host", "on_behalf_of": "p-2"}, {}, {"identified": "token", "on_behalf_of": None}])
    whole = {"id": content(Id, by, chance), "case": "k-1", "type": kind.type_name, "day": content(date, by, chance)}
    return {
        **whole, "actor": {**person, **more}, "payload": payload(kind, by, chance),
        **chance.choice([{"expects": 0}, {}, {"expects": LARGEST}, {"expects": None}]),
        **chance.choice([{"corrects": 3}, {}, {"request": True}, {"confirms": 7}, {"corrects": None, "request": False, "confirms": None}]),
    }  # fmt: skip


JSON: list[Any] = [
    None, True, False, 0, 1, -1, 7.5, -0.5, 1e-9, LARGEST, LARGEST + 1, -LARGEST, -LARGEST - 1, 10**16, 10**17, 10**30,
    "", "a", "A", "0", "1", "-a", "a b", " a", "a ", "a\n", "\na", "a\r", "a\r\n", "a\u0085", "a\u2028", "a\tb", "a\0", "\0", "é", "aé", "a\u0301",
    "٣", "\uff13", "a٣", "\ud800", "a\udfff", "😀", "x" * 64, "x" * 65, "x" * 64 + "\n", "true", "null", "a?", "a,b", "_", ".", "../a", "a%2F",
    "1900-01-01", "1899-12-31", "8999-12-31", "9000-01-01", "9999-12-31", "0001-01-01", "0000-01-01", "0000-02-29", "2000-02-29", "2004-02-29",
    "2100-02-29", "1900-02-29", "2005-02-29", "2400-02-29", "2004-02-30", "2004-04-30", "2004-04-31", "2004-01-32", "2004-12-00", "2004-00-10",
    "2004-13-01", "2004-1-1", "20040101", "2004-W01-1", "2004-01-01\n", "2004-01-01 ", "\uff12\uff10\uff10\uff14-01-01", "2004-01-0\uff11", "+2004-01-01", "-2004-01-01",
    "2004-01-01T00:00:00", "2004/01/01", "12004-01-01", "0" * 64, "0" * 63, "a" * 65, "F" * 64, "g" * 64, "0" * 64 + "\n", "0" * 63 + "٣",
    "asserted", "host", "token", "Host", "host\n", [], ["a"], ["a", "a"], ["a\n"], [None], [1], [["a"]], [{}], {}, {"a": 1}, {"": {}}, [[[[]]]],
    {"person": "a"}, [{"person": "a"}],
]  # fmt: skip
"""Content to put anywhere: every type of JSON, what lies on both sides of each bound, and what looks alike."""
OF_RECORDS: list[Any] = [
    *JSON,
    "2026-11-22T15:00:00.000000Z", "2026-11-22T15:00:00.000000Z\n", "2026-11-22T24:00:00.000000Z", "2026-11-22T23:59:60.000000Z", "2026-02-29T15:00:00.000000Z",
    "2000-02-29T23:59:59.999999Z", "2100-02-29T00:00:00.000000Z", "1899-12-31T23:59:59.999999Z", "1900-01-01T00:00:00.000000Z", "9000-01-01T00:00:00.000000Z",
    "8999-12-31T00:00:00.000000Z", "2026-11-22T15:00:00.00000Z", "2026-11-22T15:00:00.000000+00:00", "2026-11-22t15:00:00.000000z", "2026-11-22T15:00:00x000000Z",
    "a.b.1", "a.b.0", "a.b.01", "a.b", "A.b.1", "a.b_c.10", "a.b.1\n", "1a.b.1", "a1.b1.9", "a._b.1", "a..1",
    "accepted", "refused", "Accepted", "met", "not applicable", "waived", "unmet", "undetermined", "needs judgement", "great", ["met"],
]  # fmt: skip
ADDED: list[Any] = [None, True, 0, "a", {}, []]
KEYS = [
    "extra", "", "Id", "id ", "id\n", "a\ud800", "\0", "__proto__", "$ref", "about", "expects", "on_behalf_of", "identified", "advises",
    "joint", "corrects", "request", "confirms", "gone",
]  # fmt: skip
"""Keys to add where they are not."""


def words(by: Edition, kind: type[Event]) -> list[Any]:
    """Names that this edition knows or another could know, and lists and objects that hold them."""
    roles, states = [r.name for r in by.roles], [*by.lifecycle.stages, *by.lifecycle.exits]
    known = [*roles, *states, *(q.id for q in by.questions), *(k.type_name for k in [kind, *by.entered_by][:4])]
    alike = [
        f"{roles[0]}\n",
        f"{states[0]}\n",
        f"{roles[0]} ",
        roles[0].upper(),
        "nobody",
        "begun",
        "unheard-of",
        "candidacy.judgement_given.1",
    ]
    parts = [{"person": "a", "role": role} for role in (*roles, "nobody", f"{roles[0]}\n", None)]
    paper = {"kind": "k", "sha256": "0" * 64, "title": "t", "pages": 1}
    papers = [
        paper,
        {**paper, "signed_by": "a", "signed_on": "2004-02-29"},
        {**paper, "signed_on": "2100-02-29"},
        {**paper, "x": 1},
    ]
    return [*known, *alike, *parts, *papers, *([p] for p in parts), [parts[0], parts[0]], [parts[0], parts[-1]], roles, states]


def places(tree: Any) -> Iterator[tuple[Any, ...]]:
    """The ways to every value inside *tree*, and to itself."""
    yield ()
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    yield from ((key, *rest) for key, value in inside for rest in places(value))


def at(tree: Any, way: tuple[Any, ...]) -> Any:
    return at(tree[way[0]], way[1:]) if way else tree


def changed(tree: Any, way: tuple[Any, ...], value: Any) -> Any:
    """*tree* with *value* in one place, or without that place."""
    if not way:
        return value
    whole, key = list(tree) if isinstance(tree, list) else dict(tree), way[0]
    inside = changed(whole[key], way[1:], value) if len(way) > 1 else value
    if inside is GONE:
        del whole[key]
    else:
        whole[key] = inside
    return whole


def near(value: Any) -> list[Any]:
    """What differs a little from *value*."""
    if isinstance(value, str):
        ends = [value + end for end in ("\n", " ", "\0", "\ud800", value[-1:])]
        return [*ends, "\n" + value, value[:-1], value.swapcase(), value * 20, [value]]
    if type(value) is int:
        return [value + 1, value - 1, -value, str(value), value % 1000 + 0.5, bool(value)]
    if isinstance(value, list):
        return [value[:-1], value + value, [*value, None], {str(i): v for i, v in enumerate(value)}, value * 50]
    return [[value], str(value), list(value) if isinstance(value, dict) else int(value or 0)]


def one_change(tree: Any, values: list[Any], within: tuple[Any, ...] = ()) -> Iterator[Any]:
    """*tree*, and with each place *within* gone or with other content, and with keys added to each object."""
    yield tree
    for way in places(tree):
        if way[: len(within)] == within:
            here = at(tree, way)
            yield from (changed(tree, way, value) for value in (*[GONE] * bool(way), *near(here), *values))
            if isinstance(here, dict):
                yield from (changed(tree, (*way, key), value) for key in KEYS for value in ADDED if key not in here)


def some_changes(tree: Any, values: list[Any], chance: Random) -> Any:
    """*tree* with a few changes at random."""
    for _ in range(chance.randint(1, 3)):
        way = chance.choice(list(places(tree)))
        tree = changed(tree, way, chance.choice([*near(at(tree, way)), *values, *[GONE] * bool(way)]))
    return tree


def commands(kind: type[Event], by: Edition, within: tuple[Any, ...] = ()) -> Iterator[str]:
    """Documents that are commands to enter *kind*, nearly so, or not at all: every change of one place *within*, some of several."""
    chance, values = Random(f"{SEED} {kind.type_name}"), [*JSON, *words(by, kind)]
    good = [command(kind, by, chance) for _ in range(AT_RANDOM)]
    yield from map(json.dumps, good)
    fullest = command(kind, by, Fullest())
    yield from map(json.dumps, one_change(fullest, values, within))
    for answer in good[:4] if kind is JudgementGiven else ():  # no one answer can show them all
        yield from map(json.dumps, one_change(answer, values, ("payload",)))
    confidential = [("payload", a.name) for a in fields_of(kind) if a.type is Sealed]
    yield from (json.dumps(changed(fullest, way, value)) for way in confidential for value in ADDED)
    yield from (json.dumps(some_changes(tree, values, chance)) for tree in good)


class Fullest(Random):
    """Chance that leaves nothing out."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Any) -> Any:
        return seq[0]

    def randint(self, a: int, b: int) -> int:
        return b


def records(good: list[Json]) -> Iterator[str]:
    """Documents that are records, nearly so, or not at all: every change of one place of the first ones, some of several of all."""
    chance = Random(SEED)
    yield from map(json.dumps, good)
    for tree in good[:3]:
        yield from map(json.dumps, one_change(tree, OF_RECORDS))
    for tree in good:
        yield from (json.dumps(some_changes(tree, OF_RECORDS, chance)) for _ in range(3))


# --- a program with every kind of field, and a record with every part


@attrs.frozen
class Place:
    keeper: RoleName
    floors: Count = Count(1)
    stage: StateName | None = None


@fact("widgets.everything_named.1")
class EverythingNamed(Fact):
    """Has every kind of field. This is a second sentence."""

    flag: bool
    number: int
    count: Count
    day: date
    id: Id
    digest: Sha256
    role: RoleName
    stage: StateName
    word: Literal["red", "green"]
    days: tuple[date, ...]
    roles: tuple[RoleName, ...]
    places: tuple[Place, ...]
    place: Place | None
    maybe: RoleName | None = None
    words: tuple[Literal["red", "green"], ...] | None = None
    secret: Sealed = sealed("assessment180")


DESK = HANDBOOK.asks("fit-for-a-desk", "Does the candidate fit the desk?", by=("office",), at="W-3", lines=(3, 3), of_each=True)


@cache
def everything() -> tuple[Registry, Edition]:
    secret = HANDBOOK.keeps("assessment180", readers=("office",), purposes=("development",), at="W-9", lines=(9, 9))
    by = edition(questions=(FIT, DESK), entered_by={**edition().entered_by, EverythingNamed: ("office",)}, confidential=(secret,))
    return widgets(by), by


FULL: Json = {
    "corrects": 1, "request": True, "confirms": 2, "format": 2, "ledger": "l", "index": 3, "case": "k", "version": 2, "previous": "", "command": "c", "type": "widgets.toured.1",
    "day": "2004-02-29", "actor": {"person": "p", "identified": "host", "on_behalf_of": "q"}, "payload": {"floor": 1},
    "expects": 1, "recorded_at": "2026-11-22T15:00:00.000000Z",
    "edition": {"program": "widgets", "name": "2005", "revision": 1, "declared": "d", "code": "e"}, "decision": "refused",
    "findings": [
        {"rule": "r", "outcome": "met", "advises": True, "observed": {"a": [1, "hours"]}, "rests_on": [1]},
        {"rule": "s", "outcome": "unmet", "joint": "and", "parts": [
            {"outcome": "unmet", "observed": {}, "required": {"that": "x"}, "missing": 3, "who": ["office"], "rests_on": [1, 2]},
            {"outcome": "met", "joint": "or", "parts": [{"outcome": "waived"}]},
        ]},
        {"rule": "t", "outcome": "undetermined", "required": {}, "missing": [3, "hours"], "who": ["office", "guest"]},
    ],
    "moved": {"from": "a", "to": "b", "strands": [{"strand": "detail", "id": "d", "is": "open"}], "gone": [1]}, "sealed": [],
}  # fmt: skip
OLDER: Json = {
    **{k: v for k, v in FULL.items() if k not in {"corrects", "request", "confirms"}}, "format": 1,
    "moved": {"from": "a", "to": "b", "strands": []},
}  # fmt: skip
NEWER = [{**OLDER, **more} for more in ({"corrects": 1}, {"request": True}, {"confirms": 2}, {"moved": FULL["moved"]})]
"""Records that say in the older format what only the newer one has."""
FIRST: Json = {"format": 1, "index": 0, "ledger": "l", "recorded_at": "2000-02-29T23:59:59.999999Z", "zone": "America/New_York"}


@pytest.fixture(scope="module")
def kept(demo_file: Path) -> list[Json]:
    """The records of the demonstration."""
    with SqliteLedger(demo_file, read_only=True) as ledger:
        return [record.data for record in ledger.records()]


@pytest.fixture(scope="module")
def made(registry: Registry) -> dict[str, Json]:
    return schemas(registry)


# --- the files


def stale(folder: Path, made: dict[str, Json]) -> list[str]:
    """Files that are not what the code gives, and why."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    lacking, left = sorted(made.keys() - there), sorted(there - made.keys())
    other = [name for name in sorted(made.keys() & there) if (folder / name).read_text("utf-8") != written(made[name])]
    return [*(f"missing: {n}" for n in lacking), *(f"left over: {n}" for n in left), *(f"stale: {n}" for n in other)]


def test_is_committed_as_the_code_gives_it(made: dict[str, Json]) -> None:
    assert stale(FOLDER, made) == []


def test_names_each_file_that_is_not_what_the_code_gives(made: dict[str, Json], tmp_path: Path) -> None:
    for name, schema in made.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(written(schema), "utf-8")
    assert stale(tmp_path, made) == []
    (tmp_path / "record.json").write_text(written(made["record.json"]).rstrip(), "utf-8")
    (tmp_path / "finding.json").unlink()
    (tmp_path / "events" / "old.json").write_text("{}", "utf-8")
    assert stale(tmp_path, made) == ["missing: finding.json", "left over: events/old.json", "stale: record.json"]


def test_has_a_file_for_every_event_of_every_program(made: dict[str, Json], registry: Registry) -> None:
    events = {f"events/{name}/{kind.type_name}.json" for name in registry.programs for kind in kinds(newest(registry, name))}
    assert set(made) == {"record.json", "decision.json", "finding.json", "command.json", *events}


def test_says_in_each_file_what_it_is(made: dict[str, Json]) -> None:
    for name, schema in made.items():
        Draft202012Validator.check_schema(schema)
        assert list(schema)[:4] == ["$schema", "$id", "title", "description"]
        assert schema["$id"] == f"urn:candidacy:{name.removesuffix('.json')}"
        assert schema["title"]
        assert schema["description"].endswith(".")
        assert schema.get("additionalProperties", name == "record.json") is (name == "record.json")


def test_refers_to_nothing_outside_its_own_file_and_defines_nothing_in_vain(made: dict[str, Json]) -> None:
    for name, schema in made.items():
        references = {at(schema, way) for way in places(schema) if way and way[-1] == "$ref"}
        own = {f"#/$defs/{form}" for form in schema["$defs"]}
        assert references - {"#"} == own - {"#/$defs/command"}, name


def test_writes_patterns_that_every_language_reads_alike(made: dict[str, Json]) -> None:
    """Only what JSON Schema recommends: literals, classes, groups, choices, counts, ``^`` and ``$``."""
    simple = re.compile(r"(?:[A-Za-z0-9:_-]|\\\.|\[\^?[^]\\]+\]|\((?!\?)|\)|\||\*|\{[0-9]+(?:,[0-9]+)?\}|^\^|\$$)+")
    patterns = {at(schema, way) for schema in made.values() for way in places(schema) if way and way[-1] == "pattern"}
    assert len(patterns) == 8
    assert [p for p in patterns if not simple.fullmatch(p)] == []
    assert not simple.fullmatch("^(?!x)$")
    assert not simple.fullmatch(r"^\d$")


def test_describes_an_event_by_the_first_sentence_of_its_docstring() -> None:
    schema = schemas(everything()[0])["events/widgets/widgets.everything_named.1.json"]
    assert (schema["title"], schema["description"]) == ("widgets.everything_named.1 of widgets/2005", "Has every kind of field.")


def test_is_made_of_a_program_s_newest_edition() -> None:
    later = {"name": "2006", "in_force": date(2006, 1, 1)}
    newer = edition(**later, revision=2, roles=(*edition().roles, Role("auditor")))
    made = schemas(widgets(edition(), newer, edition(**later)))
    assert made["events/widgets/candidacy.role_given.1.json"]["$defs"]["role"]["enum"] == [
        "candidate",
        "office",
        "guest",
        "auditor",
    ]


def test_keeps_a_program_s_files_in_one_folder_whatever_its_name() -> None:
    """A program's name is an id, and an id may hold slashes, dots and number signs."""
    by = {kind: roles for kind, roles in edition().entered_by.items() if kind.type_name.startswith("candidacy.")}
    named = edition(program="a/../#b", entered_by=by, strands=(SUSPENSIONS,), rules=(), lifecycle=COMPLETING)
    made = schemas(Registry.of(Program("a/../#b", title="", editions=(named,), announcements={"spring": "2005"})))
    assert "events/a%2F..%2F%23b/candidacy.role_given.1.json" in made


# --- what is there already


def test_accepts_every_record_of_the_demonstration(kept: list[Json], made: dict[str, Json]) -> None:
    record, decision, finding = (validator(made[f"{name}.json"]) for name in ("record", "decision", "finding"))
    for data in kept:
        record.validate(data)
        if data["index"]:
            decision.validate({name: data[name] for name in ("decision", "findings", "moved")})
        for found in data.get("findings", ()):
            finding.validate(found)
    assert len(kept) == 908
    print(f"\n{len(kept)} records, {sum(len(d.get('findings', ())) for d in kept)} findings")


def test_accepts_every_command_of_the_demonstration_as_its_event_s(kept: list[Json], made: dict[str, Json]) -> None:
    seen = Counter[str]()
    for data in kept[1:]:
        name = f"events/{data['edition']['program']}/{data['type']}.json"
        validator(made[name]).validate(data["payload"])
        validator(made[name], "#/$defs/command").validate(command_in(data))
        validator(made["command.json"]).validate(command_in(data))
        seen[name] += 1
    assert seen.total() == 907
    print(f"\n{seen.total()} commands of {len(seen)} events")


# --- schema and door


def test_begins_with_commands_that_the_door_accepts(registry: Registry) -> None:
    """Otherwise the two could agree by refusing everything."""
    for program in registry.programs:
        by = newest(registry, program)
        for kind in kinds(by):
            accepts = door(registry, by, kind)
            for number in range(10):
                assert accepts(json.dumps(command(kind, by, Random(number)))), kind
            assert accepts(json.dumps(command(kind, by, Fullest()))), kind
    assert is_record(json.dumps(FULL))
    assert is_record(json.dumps(FIRST))


@pytest.mark.scaled
def test_accepts_just_the_commands_that_the_door_accepts(registry: Registry, made: dict[str, Json], thorough: bool) -> None:
    """The envelope is one for all events: its places are gone through with the first event of each program, the payload's with all."""
    found = NONE_TRIED
    for program in registry.programs:
        by = newest(registry, program)
        for kind in kinds(by)[:: 1 if thorough else 8]:
            within = () if kind is kinds(by)[0] else ("payload",)
            by_door = said(commands(kind, by, within), door(registry, by, kind))
            found += compared(by_door, made[f"events/{program}/{kind.type_name}.json"], "#/$defs/command")
    print(f"\ncommands of {len(registry.programs)} programs: {found}")
    assert (found.schema_alone, found.door_alone) == ([], [])


@pytest.mark.parametrize("kind", [EverythingNamed, JudgementGiven])
def test_accepts_just_what_the_door_accepts_in_fields_of_every_kind(kind: type[Event]) -> None:
    of, by = everything()
    by_door = said(commands(kind, by), door(of, by, kind))
    found = compared(by_door, schemas(of)[f"events/widgets/{kind.type_name}.json"], "#/$defs/command")
    print(f"\ncommands of {kind.type_name}: {found}")
    assert (found.schema_alone, found.door_alone) == ([], [])


def test_says_of_the_envelope_alone_what_every_event_s_command_says(made: dict[str, Json]) -> None:
    envelope = made["command.json"]
    for name, schema in made.items():
        if name.startswith("events/"):
            whole, own = schema["$defs"]["command"], ("type", "payload")
            assert whole == {k: v for k, v in envelope.items() if k in whole} | {
                "properties": {**envelope["properties"], **{k: whole["properties"][k] for k in own}}
            }, name
            assert envelope["$defs"].items() <= schema["$defs"].items()
            assert validator(envelope, "#/properties/type").is_valid(whole["properties"]["type"]["const"])
            assert whole["properties"]["payload"] == {"$ref": "#"}


def test_accepts_just_what_the_engine_reads_as_a_record(kept: list[Json], made: dict[str, Json]) -> None:
    found = compared(said(records([FULL, FIRST, *kept[:: len(kept) // 200]]), is_record), made["record.json"])
    print(f"\nrecords: {found}")
    assert (found.schema_alone, found.door_alone) == ([], [])


def test_accepts_just_the_findings_and_decisions_that_a_record_may_hold(made: dict[str, Json]) -> None:
    parts = {name: FULL[name] for name in ("decision", "findings", "moved")}
    findings = said(records(FULL["findings"]), lambda text: is_record(json.dumps({**FULL, "findings": [json.loads(text)]})))
    decisions = said(records([parts]), lambda text: is_decision(json.loads(text)))
    found = compared(findings, made["finding.json"]) + compared(decisions, made["decision.json"])
    print(f"\nfindings and decisions: {found}")
    assert (found.schema_alone, found.door_alone) == ([], [])


def is_decision(data: Any) -> bool:
    named = isinstance(data, dict) and data.keys() == {"decision", "findings", "moved"}
    return named and is_record(json.dumps({**FULL, **data}))


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates().map(str)
    | st.from_regex(r"[a-z0-9]{60,66}\n?", fullmatch=True),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["person", "role", "keeper", "floors"]), inner),
    max_leaves=8,
)


@given(st.data())
def test_agrees_with_the_door_whatever_stands_in_whatever_place(data: st.DataObject) -> None:
    of, by = everything()
    good = command(EverythingNamed, by, Random(data.draw(st.integers(0, 99))))
    way = data.draw(st.sampled_from(list(places(good))))
    text = json.dumps(changed(good, way, data.draw(ANY_JSON)))
    assert compared(said([text], door(of, by, EverythingNamed)), everything_named(), "#/$defs/command").complete


def test_knows_every_day_of_the_calendar_and_no_other(made: dict[str, Json]) -> None:
    """All days that could be written in three years, and the end of February in all; for commands and for records."""
    of_commands = validator(made["command.json"], "#/$defs/day").is_valid
    of_records = validator(made["record.json"], "#/$defs/day").is_valid
    written_ = [f"{year}-{month:02}-{day:02}" for year in (1999, 2000, 2004) for month in range(14) for day in range(34)]
    for year in range(10_000):
        written_ += [f"{year:04}-02-{day}" for day in (28, 29, 30)] + [f"{year:04}-01-01", f"{year:04}-12-31"]
    for text in written_:
        assert of_records(text) == is_day(text), text
        assert of_commands(text) == (is_day(text) and "1900-01-01" <= text <= "8999-12-31"), text
    print(f"\n{len(written_)} days")


def is_day(text: str) -> bool:
    year, month, day = map(int, text.split("-"))
    longest = [0, 31, 29 if isleap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0]
    return year > 0 and 0 < day <= longest[month]


# --- what JSON Schema cannot say


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        ("that 1.0 is not 1", '{"floor": 1.0, "days": 1}', "the fraction 1.0"),
        ("that 1e0 is not 1", '{"floor": 1e0, "days": 1}', "the fraction 1.0"),
        ("a key written twice", '{"floor": 1, "floor": 1, "days": 1}', "the key twice"),
        ("how long a text is", '{"floor": 1, "days": 1' + " " * 2**20 + "}", "at most 1048576 bytes"),
    ],
)
def test_leaves_to_the_door_what_is_lost_when_a_text_is_parsed(what: str, text: str, said: str) -> None:
    """In the data model of JSON Schema a number is its value, an object has each key once, and there is no text."""
    of, by = everything()
    tour = next(kind for kind in by.entered_by if kind.type_name == "widgets.toured.1")
    whole = json.dumps(command(tour, by, Random(SEED)) | {"payload": "HERE"}).replace('"HERE"', text)
    assert validator(schemas(of)["events/widgets/widgets.toured.1.json"], "#/$defs/command").is_valid(json.loads(whole)), what
    with pytest.raises(InputError, match=said):
        of.codec.read_command(whole)


# --- teeth


def everything_named() -> Json:
    return schemas(everything()[0])["events/widgets/widgets.everything_named.1.json"]


def answers() -> Json:
    return schemas(everything()[0])["events/widgets/candidacy.judgement_given.1.json"]


@cache
def of_event(kind: type[Event]) -> list[Said]:
    of, by = everything()
    return said(commands(kind, by), door(of, by, kind))


@pytest.mark.parametrize(
    ("way", "value", "alone"),
    [
        (("$defs", "id", "pattern"), "^([A-Za-z0-9][A-Za-z0-9_.:/#+-]{0,64})$", "schema_alone"),
        (("$defs", "id", "pattern"), "^([A-Za-z0-9][A-Za-z0-9_.:/#+-]{0,62})$", "door_alone"),
        (("$defs", "count", "minimum"), -1, "schema_alone"),
        (("$defs", "count", "minimum"), 1, "door_alone"),
        (("$defs", "count", "maximum"), LARGEST + 1, "schema_alone"),
        (("$defs", "count", "maximum"), LARGEST - 1, "door_alone"),
        (("$defs", "role", "enum"), ["candidate", "office", "guest", "nobody"], "schema_alone"),
        (("$defs", "role", "enum"), ["candidate", "office"], "door_alone"),
        (("$defs", "day", "pattern"), "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "schema_alone"),
        (("$defs", "day", "pattern"), "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "door_alone"),
        (("$defs", "day", "not"), {"pattern": "x"}, "schema_alone"),
    ],
)
def test_would_notice_a_bound_that_is_looser_or_tighter(way: tuple[str, ...], value: Any, alone: str) -> None:
    schema = schemas(everything()[0])["events/widgets/candidacy.role_given.1.json"]
    assert compared(of_event(RoleGiven), schema, "#/$defs/command").complete
    assert getattr(compared(of_event(RoleGiven), changed(schema, way, value), "#/$defs/command"), alone)


SAID_TWICE = {
    "event": {"$defs/id/type", "$defs/day/type", "$defs/sha256/type"},
    "answer": {"$defs/id/type", "$defs/day/type", "properties/question/$ref"},
    "record": {
        "if/required", "if/required/0", "$defs/day/type", "$defs/instant/allOf/0/type", "$defs/first/properties/index/type",
        "$defs/first/required/1", "$defs/judged/type", "$defs/judged/properties/type/type",
    },
}  # fmt: skip
"""What may be left out without another answer, since another place implies it; it is there for readers and for what errors say."""


@pytest.mark.scaled
def test_would_notice_anything_that_is_left_out(made: dict[str, Json], thorough: bool) -> None:
    """Each keyword, property, word and choice of a schema is taken out in turn, and the documents must show it."""
    cases = {
        "event": (everything_named(), of_event(EverythingNamed), "#/$defs/command"),
        "answer": (answers(), of_event(JudgementGiven), "#/$defs/command"),
        "record": (
            made["record.json"],
            said([*records([FULL, FIRST]), *map(json.dumps, [OLDER, {**OLDER, "format": 0}, *NEWER])], is_record),
            "",
        ),
    }
    for name, (schema, by_door, part) in cases.items():
        some = telling(by_door, schema, part)
        left_out = [way for way in places(schema) if way and way[-1] != "$defs" and way[-2:-1] != ("$defs",) and way[0] not in HEAD]
        left_out = left_out if thorough else left_out[::8]
        unseen = {"/".join(map(str, way)) for way in left_out if not differ(some, changed(schema, way, GONE), part)}
        print(f"\n{name}: {len(left_out)} things left out in turn, {len(some)} of {len(by_door)} documents")
        assert unseen <= SAID_TWICE[name]
        assert unseen == SAID_TWICE[name] or not thorough


HEAD = ("$schema", "$id", "title", "description")


def telling(by_door: Iterable[Said], schema: Json, part: str) -> list[Said]:
    """The first of the documents that *schema* refuses for the same reasons, or accepts alike: enough to see a difference."""
    judge, refused, accepted = validator(schema, part), dict[Any, Said](), dict[Any, Said]()
    words_ = {at(schema, way) for way in places(schema) if way[-2:-1] == ("enum",)}
    for text, taken in by_door:
        data = json.loads(text)
        why = frozenset(reasons(judge.iter_errors(data)))
        if why:
            refused.setdefault(why, (text, taken))
        else:
            leaves = ((way, at(data, way)) for way in places(data))
            accepted.setdefault(
                frozenset((way, v if type(v) is str and v in words_ else type(v)) for way, v in leaves), (text, taken)
            )
    whole, rest = list(accepted.values())[:2], list(accepted.values())[2:]  # the first show what refuses everything
    return [*whole, *refused.values(), *rest]


def reasons(errors: Iterable[ValidationError]) -> Iterator[tuple[Any, ...]]:
    for error in errors:
        what = error.message if "equired" in str(error.validator) else str(error.validator_value)
        yield (*error.absolute_schema_path, what)
        yield from reasons(error.context)
