"""Commands, findings, decisions and records: what is asked, what was found, and what is kept."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import attrs

from candidacy.canonical import canonical
from candidacy.check import Check, Outcome
from candidacy.errors import DamagedRecordError, NewerFormatError
from candidacy.events import Event
from candidacy.terms import plain

FORMAT = 1
LARGEST_RECORD = 65_535
"""Bytes of a record at most, so that a log of them fits C2SP tlog-tiles."""

Json = dict[str, Any]


@attrs.frozen
class Actor:
    """Who enters a command: an opaque person id, and how the person was identified."""

    person: str
    identified: str = "asserted"
    on_behalf_of: str | None = None


@attrs.frozen
class Command:
    """A request that an event be entered.

    Attributes:
        id: chosen by the caller; the same id with the same content is answered with the first result for ever.
        day: the day the event takes effect.
        expects: the version of the case it was made for; None to judge it on whatever stands.
    """

    id: str
    case: str
    event: Event
    day: date
    actor: Actor
    expects: int | None = None


@attrs.frozen
class Finding:
    """One rule's check in one decision, in its stored form."""

    rule: str
    outcome: Outcome
    binding: bool
    data: Json = attrs.field(factory=dict)

    @classmethod
    def of(cls, rule: str, check: Check, *, binding: bool) -> "Finding":
        """The stored form of *check*: what a good part saw; what an open one saw, wants, misses and from whom."""
        return cls(
            rule, check.outcome, binding, {**_stored(check), **({"rests_on": list(check.rests_on)} if check.rests_on else {})}
        )

    @property
    def refuses(self) -> bool:
        """Whether an act cannot be accepted with it."""
        return self.binding and not self.outcome.good

    def as_data(self) -> Json:
        """As it stands in a record."""
        return {"rule": self.rule, "outcome": str(self.outcome), **({} if self.binding else {"advises": True}), **self.data}

    @classmethod
    def from_data(cls, data: Json) -> "Finding":
        """From a record."""
        rest = {k: v for k, v in data.items() if k not in {"rule", "outcome", "advises"}}
        return cls(data["rule"], Outcome(data["outcome"]), not data.get("advises", False), rest)


def _stored(check: Check) -> Json:
    data: Json = {}
    if check.observed:
        data["observed"] = plain(check.observed)
    if not check.good:
        data |= {"required": plain(check.required)} if check.required else {}
        data |= {"missing": plain(check.missing)} if check.missing is not None and not check.parts else {}
        data |= {"who": list(check.who)} if check.who else {}
    if check.parts:
        data["joint"] = check.joint
        data["parts"] = [{"outcome": str(p.outcome), **_stored(p)} for p in check.parts]
    return data


@attrs.frozen
class Decision:
    """Accepted or refused, with every finding and what it moves."""

    accepted: bool
    findings: tuple[Finding, ...]
    moved: Json
    """``from`` and ``to`` are states; ``strands`` lists what it opens or ends."""

    @property
    def word(self) -> str:
        """As it stands in a record."""
        return "accepted" if self.accepted else "refused"


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
INSIDE: Mapping[str, Mapping[str, type]] = {
    "actor": {"identified": str, "person": str},
    "edition": {"code": str, "declared": str, "name": str, "program": str, "revision": int},
    "moved": {"from": str, "strands": list, "to": str},
}


def wrong_fields(data: Json) -> list[str]:
    """The fields of a record that are missing, unknown or of another type than the format says."""
    wanted = dict(FIRST if data.get("index") == 0 else FIELDS)
    if "expects" in data:
        wanted["expects"] = int
    wrong = _unlike(data, wanted)
    if data.get("index") != 0:
        for name, inner in INSIDE.items():
            extra = {"on_behalf_of": str} if name == "actor" and "on_behalf_of" in (data.get("actor") or {}) else {}
            if isinstance(data.get(name), dict):
                wrong += [f"{name}.{field}" for field in _unlike(data[name], {**inner, **extra})]
        wrong += [] if data.get("decision") in {"accepted", "refused"} else ["decision"]
        wrong += [] if _is_day(data.get("day")) else ["day"]
        wrong += [f"findings[{i}]" for i, f in enumerate(data.get("findings") or ()) if not _is_finding(f)]
        wrong += [f"moved.strands[{i}]" for i, s in enumerate(_strands(data)) if not _is_strand(s)]
    return sorted(set(wrong)) if _is_instant(data.get("recorded_at")) else sorted({*wrong, "recorded_at"})


def _unlike(data: Json, wanted: Mapping[str, type]) -> list[str]:
    return [*(set(data) ^ set(wanted)), *(name for name in set(data) & set(wanted) if type(data[name]) is not wanted[name])]


def _strands(data: Json) -> list[Any]:
    moved = data.get("moved")
    found = moved.get("strands") if isinstance(moved, dict) else None
    return found if isinstance(found, list) else []


def _is_strand(data: object) -> bool:
    return isinstance(data, dict) and not _unlike(data, {"id": str, "is": str, "strand": str})


def _is_finding(data: object) -> bool:
    if not isinstance(data, dict) or not isinstance(data.get("rule"), str):
        return False
    return data.get("outcome") in set(Outcome) and isinstance(data.get("rests_on", []), list)


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_instant(text: object) -> bool:
    try:
        return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
