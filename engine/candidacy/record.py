"""Records: judged commands as they are kept."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256

import attrs

from candidacy import form
from candidacy.canonical import canonical
from candidacy.check import Outcome
from candidacy.decision import Finding, How, Json
from candidacy.errors import DamagedRecordError, NewerFormatError
from candidacy.events import TYPE_NAME
from candidacy.form import FORMAT, INSTANT

DEEPEST = 64
"""Objects and arrays in one another that a record may have; a command may have half of that."""
LARGEST_RECORD = 65_535
"""Bytes of a record at most, so that a log of them fits C2SP tlog-tiles."""


@attrs.frozen
class Record:
    """A judged command, as kept. ``raw`` are the bytes that are hashed and stored."""

    raw: bytes = attrs.field(repr=False)
    data: Json = attrs.field(repr=False, eq=False)

    @classmethod
    def make(cls, data: Json) -> "Record":
        """A record of *data*, written in the one canonical way."""
        return cls(canonical(data), data)

    @classmethod
    def read(cls, index: int, raw: bytes) -> "Record":
        """The record written as *raw*.

        Raises:
            NewerFormatError: it is written in a format this version does not know.
            DamagedRecordError: it is no record.
        """
        if form.read(raw) is not None:
            return cls(raw, form.plain(raw))
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError):
            raise DamagedRecordError(index, "its bytes are not JSON") from None
        if not isinstance(data, dict) or type(data.get("format")) is not int:
            raise DamagedRecordError(index, "its bytes are no record")
        if data["format"] > FORMAT:
            raise NewerFormatError(index, data["format"], FORMAT)
        wrong = wrong_fields(data)
        if wrong:
            raise DamagedRecordError(index, f"its field {wrong[0]!r} is missing, unknown or of another type")
        return cls(raw, data)

    @classmethod
    def verified(cls, raw: bytes) -> "Record":
        """The record written as *raw*, which has been verified."""
        return cls(raw, form.plain(raw))

    @property
    def leaf(self) -> bytes:
        """Its RFC 6962 leaf hash."""
        return leaf_hash(self.raw)

    @property
    def index(self) -> int:
        """Its place in the ledger, from 0."""
        return int(self.data["index"])

    @property
    def case(self) -> str:
        """The case it belongs to; "" for record 0."""
        return str(self.data.get("case", ""))

    @property
    def version(self) -> int:
        """Which record of its case it is, from 1."""
        return int(self.data.get("version", 0))

    @property
    def command(self) -> str:
        """The id of the command it judged."""
        return str(self.data.get("command", ""))

    @property
    def type_name(self) -> str:
        """The event's type name."""
        return str(self.data["type"])

    @property
    def day(self) -> date:
        """The day the event takes effect."""
        return date.fromisoformat(self.data["day"])

    @property
    def recorded_at(self) -> datetime:
        """When it was entered, in UTC."""
        return datetime.fromisoformat(self.data["recorded_at"])

    @property
    def edition(self) -> Json:
        """Program, name, revision and the two digests of the edition it was judged by."""
        return dict(self.data["edition"])

    @property
    def accepted(self) -> bool:
        """Whether the event was entered into the case."""
        return bool(self.data["decision"] == "accepted")

    @property
    def word(self) -> str:
        """``accepted`` or ``refused``."""
        return str(self.data["decision"])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in reading order."""
        return tuple(Finding.from_data(f) for f in self.data["findings"])

    @property
    def moved(self) -> Json:
        """``from``, ``to`` and ``strands``."""
        return dict(self.data["moved"])

    @property
    def is_act(self) -> bool:
        """Whether its event is an act: of each it is asked whether the actor's role may enter it."""
        return any(f["rule"] == "candidacy.role" for f in self.data["findings"])

    @property
    def is_request(self) -> bool:
        """Whether it only asks for its act, which another person then enters."""
        return "request" in self.data

    @property
    def corrects(self) -> int:
        """The version of the fact in whose place it was entered; 0 where there is none."""
        return int(self.data.get("corrects", 0))

    @property
    def confirms(self) -> int:
        """The version of the request that it confirms; 0 where there is none."""
        return int(self.data.get("confirms", 0))

    @property
    def how(self) -> How:
        """How its event was entered."""
        return How(self.corrects, self.is_request, self.confirms)

    @property
    def gone(self) -> tuple[int, ...]:
        """Versions of the entries that stand no longer because of it."""
        return tuple(self.data["moved"].get("gone", ()))

    @property
    def people(self) -> frozenset[str]:
        """Who entered it, and in whose name."""
        return frozenset(self.data["actor"][part] for part in ("person", "on_behalf_of") if part in self.data["actor"])

    @property
    def names(self) -> int:
        """The version of the entry that its content names, of what voids, affirms or notes one; 0 where it names none."""
        named = self.data["payload"].get("entry")
        return named if type(named) is int else 0

    @property
    def rests_on(self) -> frozenset[int]:
        """Versions of the entries that its findings were shown."""
        return frozenset(version for f in self.data["findings"] for version in f.get("rests_on", ()))

    @property
    def edition_id(self) -> str:
        """The edition it was judged by: ``widgets/2004``."""
        return f"{self.data['edition']['program']}/{self.data['edition']['name']}"


def leaf_hash(raw: bytes) -> bytes:
    """The Merkle leaf hash of *raw* (RFC 6962, section 2.1): SHA-256 of a zero byte and the entry."""
    return sha256(b"\0" + raw).digest()


FIRST: Mapping[str, type] = {"format": int, "index": int, "ledger": str, "recorded_at": str, "zone": str}
FIELDS: Mapping[str, type] = {
    "actor": dict,
    "case": str,
    "command": str,
    "day": str,
    "decision": str,
    "edition": dict,
    "findings": list,
    "format": int,
    "index": int,
    "ledger": str,
    "moved": dict,
    "payload": dict,
    "previous": str,
    "recorded_at": str,
    "sealed": list,
    "type": str,
    "version": int,
}
MORE: Mapping[str, type] = {"expects": int, "corrects": int, "request": bool, "confirms": int}
"""What may stand in a record beside these."""
INSIDE: Mapping[str, Mapping[str, type]] = {
    "actor": {"identified": str, "person": str},
    "edition": {"code": str, "declared": str, "name": str, "program": str, "revision": int},
    "moved": {"from": str, "strands": list, "to": str},
}
MORE_INSIDE: Mapping[str, Mapping[str, type]] = {"actor": {"on_behalf_of": str}, "moved": {"gone": list}}


def wrong_fields(data: Json) -> list[str]:
    """The fields of a record that are missing, unknown, or not what the format says."""
    try:
        return sorted(set(_wrong(data)))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return ["(its structure)"]


def _wrong(data: Json) -> Iterator[str]:
    yield from [] if _depth(data) <= DEEPEST else ["(its depth)"]
    first = data.get("index") == 0
    extra = {name: kind for name, kind in MORE.items() if name in data and not first}
    yield from _unlike(data, {**(FIRST if first else FIELDS), **extra})
    yield from ["format"] if data["format"] < 1 else []
    yield from [] if INSTANT.fullmatch(data["recorded_at"]) and _is_day(data["recorded_at"][:10]) else ["recorded_at"]
    if first:
        return
    for name, inner in INSIDE.items():
        more = {field: kind for field, kind in MORE_INSIDE.get(name, {}).items() if field in data[name]}
        yield from (f"{name}.{field}" for field in _unlike(data[name], {**inner, **more}))
    gone = data["moved"].get("gone", [1])
    yield from [] if gone and all(type(v) is int and v > 0 for v in gone) else ["moved.gone"]
    yield from (name for name in ("corrects", "confirms") if data.get(name, 1) < 1)
    yield from [] if data.get("request", True) is True else ["request"]
    yield from [] if data["format"] > 1 or not (set(data) & {*MORE} - {"expects"} or "gone" in data["moved"]) else ["format"]
    yield from [] if data["decision"] in {"accepted", "refused"} else ["decision"]
    yield from [] if _is_day(data["day"]) else ["day"]
    yield from [] if TYPE_NAME.fullmatch(data["type"]) else ["type"]
    yield from ["sealed"] if data["sealed"] else []
    for i, finding in enumerate(data["findings"]):
        yield from [] if _is_finding(finding) else [f"findings[{i}]"]
    for i, strand in enumerate(data["moved"]["strands"]):
        yield from (f"moved.strands[{i}].{field}" for field in _unlike(strand, {"id": str, "is": str, "strand": str}))


def _depth(data: object) -> int:
    """Objects and arrays in one another, as far as it matters."""
    level, deep = [data], 0
    while level and deep <= DEEPEST:
        inside = (v for one in level for v in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()))
        level, deep = [v for v in inside if isinstance(v, dict | list)], deep + 1
    return deep


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _unlike(data: Json, wanted: Mapping[str, type]) -> list[str]:
    return [*(set(data) ^ set(wanted)), *(name for name in set(data) & set(wanted) if type(data[name]) is not wanted[name])]


def _is_finding(data: Json) -> bool:
    part = {k: v for k, v in data.items() if k not in {"rule", "advises"}}
    return type(data["rule"]) is str and data.get("advises", True) is True and _is_part(part)


OUTCOMES = frozenset(map(str, Outcome))
PART: Mapping[str, type] = {
    "outcome": str,
    "observed": dict,
    "required": dict,
    "missing": object,
    "who": list,
    "rests_on": list,
    "joint": str,
    "parts": list,
}


def _is_part(data: Json) -> bool:
    fits = set(data) <= set(PART) and all(PART[k] is object or type(v) is PART[k] for k, v in data.items())
    lists = all(type(w) is str for w in data.get("who", ())) and all(type(v) is int for v in data.get("rests_on", ()))
    parts = ("joint" in data) == ("parts" in data) and all(_is_part(p) for p in data.get("parts", ()))
    return fits and lists and parts and data["outcome"] in OUTCOMES
