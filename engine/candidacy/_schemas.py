"""JSON Schemas (draft 2020-12) of records, decisions, findings, commands and events, made from the code that reads them.

A schema accepts what the door accepts of a document's form: the fields, their types, and the names that the newest edition
of a program knows. What the case, the day of entry or the installed programs decide is no form. What is lost once a text
has been parsed stays with the door: that 1.0 is not 1, a key written twice, the number of bytes.

Each file stands alone, with what it refers to in its own ``$defs``: a ``urn:`` is no base that a file name could be
resolved against, and no validator has to be told where other files are. An event's file describes its payload, and at
``#/$defs/command`` the whole command: one file to an event, in which neither can say what the other does not.
"""

import json
from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from inspect import getdoc
from string import digits
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import quote

import attrs

from candidacy.canonical import LARGEST
from candidacy.check import Outcome
from candidacy.codec import _Envelope
from candidacy.decision import Command, Decision, Finding, Json
from candidacy.events import TYPE_NAME, Count, Event, Id, JudgementGiven, RoleName, Sealed, Sha256, StateName, fields_of
from candidacy.form import INSTANT
from candidacy.program import Edition
from candidacy.record import FIELDS, FIRST, INSIDE, MORE, PART, Record
from candidacy.registry import Registry
from candidacy.standard import JudgementNoted
from candidacy.structure import EARLIEST, LATEST, TEXT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAMES: Mapping[Any, str] = {
    Id: "id", date: "day", Count: "count", int: "number", Sha256: "sha256", RoleName: "role", StateName: "state",
}  # fmt: skip
"""Under which name ``$defs`` has the form of a field's type."""
PLAIN: Mapping[Any, Json] = {
    str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}, dict: {"type": "object"},
    list: {"type": "array"}, type(None): {"type": "null"}, object: {}, Sealed: {"not": {}},
}  # fmt: skip
"""What is said of a type that has nothing more to it; no content fits what is confidential."""


def schemas(registry: Registry) -> dict[str, Json]:
    """Every schema by the name of its file: the engine's own, and one for each event of each program's newest edition."""
    of_records, a_type = _record_forms(), _text(TYPE_NAME.pattern)
    kept = {"record": Record, "decision": Decision, "finding": Finding}
    found = {f"{name}.json": _file(name, f"a {name}", about, of_records[name], of_records) for name, about in kept.items()}
    found["command.json"] = _file("command", "a command of any event", Command, _command(a_type, PLAIN[dict]), _forms())
    for program in registry.programs.values():
        edition = max(program.editions, key=lambda e: (e.in_force, e.revision))
        for kind in _kinds(edition):
            name = f"events/{quote(program.name, safe='')}/{kind.type_name}"
            forms = {**_forms(edition), "command": _command({"const": kind.type_name}, _ref(""))}
            found[f"{name}.json"] = _file(name, f"{kind.type_name} of {edition.id}", kind, _payload(kind, edition), forms)
    return found


def written(schema: Json) -> str:
    """The text of a schema's file."""
    return json.dumps(schema, indent=2, sort_keys=False, ensure_ascii=False) + "\n"


def _kinds(edition: Edition) -> Iterator[type[Event]]:
    yield from (kind for kind in edition.entered_by if kind not in {JudgementGiven, JudgementNoted})
    if edition.questions:
        yield JudgementGiven
        yield JudgementNoted


def _file(name: str, title: str, about: type, body: Json, forms: dict[str, Json]) -> Json:
    head = {"$schema": DIALECT, "$id": f"urn:candidacy:{name}", "title": title, "description": _first_sentence(about)}
    kept = {form: schema for form, schema in forms.items() if form == "command"}
    for form in reversed(forms):  # each refers only to those before it, or to itself
        if json.dumps(_ref(f"/$defs/{form}")) in json.dumps([body, *kept.values()]):
            kept = {form: forms[form], **kept}
    return {**head, **body, "$defs": kept}


def _first_sentence(about: type) -> str:
    sentence, stop, _ = (" ".join((getdoc(about) or "").split()) + " ").partition(". ")
    return sentence + stop.rstrip()


# --- commands and events


def _forms(edition: Edition | None = None) -> dict[str, Json]:
    whole = {**PLAIN[int], "minimum": -LARGEST, "maximum": LARGEST}
    roles = [r.name for r in edition.roles] if edition else []
    states = [*edition.lifecycle.stages, *edition.lifecycle.exits] if edition else []
    return {
        "id": _text(TEXT[Id].pattern),
        "day": _text(_real_days(EARLIEST.year, LATEST.year - 1)),
        "count": {**whole, "minimum": 0},
        "number": whole,
        "sha256": _text(TEXT[Sha256].pattern),
        "role": {"enum": roles},
        "state": {"enum": [s for s in states if TEXT[StateName].fullmatch(s)]},
    }


def _command(type_name: Json, payload: Json) -> Json:
    return _object(_Envelope, {"type": type_name, "payload": payload})


def _payload(kind: type[Event], edition: Edition) -> Json:
    payload = _object(kind, {"question": {"enum": [q.id for q in edition.questions]}} if kind is JudgementNoted else {})
    return {**payload, "anyOf": list(_answers(edition))} if issubclass(kind, JudgementGiven) else payload


def _answers(edition: Edition) -> Iterator[Json]:
    """A question that is asked of each needs what it is about; one that is asked once takes nothing of the kind."""
    once, each = ([q.id for q in edition.questions if q.of_each == of_each] for of_each in (False, True))
    if once:
        yield {"properties": {"question": {"enum": once}, "about": PLAIN[type(None)]}}
    if each:
        yield {"properties": {"question": {"enum": each}, "about": PLAIN[str]}, "required": ["about"]}


def _object(kind: Any, instead: Mapping[str, Json]) -> Json:
    """The fields of *kind*, some described otherwise; a confidential one is no property, so that no content fits it."""
    fields = [a for a in fields_of(kind) if a.type is not Sealed]
    required = [a.name for a in fields_of(kind) if a.default is attrs.NOTHING]
    return _closed({a.name: instead[a.name] if a.name in instead else _field(a.type) for a in fields}, required)


def _field(kind: Any) -> Json:
    args = get_args(kind)
    if kind in NAMES:
        return _ref(f"/$defs/{NAMES[kind]}")
    if get_origin(kind) is Literal:
        return {"enum": list(args)}
    if get_origin(kind) is tuple:
        return _list(_field(args[0]))
    if get_origin(kind) in {Union, UnionType}:
        return {"anyOf": [_field(part) for part in args]}
    return PLAIN[kind] if kind in PLAIN else _object(kind, {})


# --- records


def _record_forms() -> dict[str, Json]:
    """What a record is, and its parts: as `wrong_fields` has it."""
    day = _real_days(date.min.year, date.max.year)
    part = {
        **{name: PLAIN[kind] for name, kind in PART.items()},
        "outcome": {"enum": [str(outcome) for outcome in Outcome]},
        "who": _list(PLAIN[str]),
        "rests_on": _list(PLAIN[int]),
        "parts": _list(_ref("/$defs/part")),
    }
    together = {"dependentRequired": {"joint": ["parts"], "parts": ["joint"]}}
    always = {"format": {**PLAIN[int], "minimum": 1}, "recorded_at": _ref("/$defs/instant")}
    version = {**PLAIN[int], "minimum": 1}
    newer, gone = {"properties": {"format": {"minimum": 2}}}, {"properties": {"moved": {"required": ["gone"]}}}
    needs_newer = {"dependentSchemas": {name: newer for name in MORE if name != "expects"}, "if": gone, "then": newer}
    judged = {
        "actor": _typed(INSIDE["actor"], {"on_behalf_of": PLAIN[str]}),
        "day": _ref("/$defs/day"),
        "decision": {"enum": ["accepted", "refused"]},
        "edition": _typed(INSIDE["edition"], {}),
        "findings": _list(_ref("/$defs/finding")),
        "moved": _typed(
            INSIDE["moved"],
            {"strands": _list(_typed({"strand": str, "id": str, "is": str}, {})), "gone": {**_list(version), "minItems": 1}},
        ),
        "expects": PLAIN[int],
        "corrects": version,
        "request": {"const": True},
        "confirms": version,
        "sealed": {**PLAIN[list], "maxItems": 0},
        "type": _text(TYPE_NAME.pattern),
    }
    first, decision = {"properties": {"index": {"const": 0}}, "required": ["index"]}, ("decision", "findings", "moved")
    return {
        "day": _text(day),
        "instant": {"allOf": [_text(INSTANT.pattern), {"pattern": f"^{day}"}]},
        "part": {**_closed(part, ["outcome"]), **together},
        "finding": {**_closed({"rule": PLAIN[str], "advises": {"const": True}, **part}, ["rule", "outcome"]), **together},
        "decision": _closed({name: judged[name] for name in decision}, decision),
        "first": _typed(FIRST, always),
        "judged": {**_typed(FIELDS, {**always, **judged}), **needs_newer},
        "record": {"if": first, "then": _ref("/$defs/first"), "else": _ref("/$defs/judged")},
    }


def _typed(fields: Mapping[str, type], narrower: Mapping[str, Json]) -> Json:
    """An object with *fields*, each of its type or *narrower*; what only *narrower* has may be left out."""
    return _closed({**{name: PLAIN[kind] for name, kind in fields.items()}, **narrower}, fields)


# --- small pieces


def _ref(path: str) -> Json:
    return {"$ref": f"#{path}"}


def _list(of: Json) -> Json:
    return {**PLAIN[list], "items": of}


def _closed(properties: Json, required: Iterable[str]) -> Json:
    return {**PLAIN[dict], "properties": properties, "required": list(required), "additionalProperties": False}


def _text(pattern: str) -> Json:
    """Text like *pattern* from its first character to its last: in many languages ``$`` lets a line break follow."""
    return {**PLAIN[str], "pattern": f"^({pattern})$", "not": {"pattern": "[^ -~]"}}


@cache
def _real_days(first: int, last: int) -> str:
    """A pattern of the days of the calendar in the years from *first* to *last*, both included."""
    years = range(first, last + 1)
    common = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, monthrange(1999, month)[1] + 1)]
    every, leap = (_any_of([f"{year:04}" for year in of]) for of in (years, filter(isleap, years)))
    return f"({every}-{_any_of(common)}|{leap}-02-29)"


def _any_of(texts: Iterable[str]) -> str:
    """A pattern of these texts of equal length: by first characters, those with the same rests together."""
    rests, firsts = dict[str, list[str]](), dict[str, str]()
    for text in filter(None, texts):
        rests.setdefault(text[0], []).append(text[1:])
    for first, rest in rests.items():
        pattern = _any_of(rest)
        firsts[pattern] = firsts.get(pattern, "") + first
    ways = [_one_of(first) + rest for rest, first in firsts.items()]
    return ways[0] if len(ways) == 1 else f"({'|'.join(ways)})" if ways else ""


def _one_of(characters: str) -> str:
    run = len(characters) > 2 and characters in digits  # noqa: PLR2004 (a run of two is no shorter)
    return characters if len(characters) == 1 else f"[{characters[0]}-{characters[-1]}]" if run else f"[{characters}]"
