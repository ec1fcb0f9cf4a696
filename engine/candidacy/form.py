"""The form of a record, read fast. The only place that knows msgspec.

`read` gives a record only where everything is plainly as it should be: every field there and of its type, nothing
more, written in the one canonical way. Where it gives None, `candidacy.record` and `candidacy.canonical` say what is
wrong, or that nothing is: they are the measure, and a test holds the two together.
"""

from datetime import date
from functools import lru_cache
from re import compile as pattern
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from candidacy.canonical import LARGEST
from candidacy.events import TYPE_NAME

FORMAT = 2
"""The newest format: records that correct, request or confirm, or that take entries out, are written in it, all others in 1."""
INSTANT = pattern(r"(19|[2-8][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")
DEEPEST = 7
"""Objects and arrays in one another that are read fast; what goes deeper is read slowly."""

Integer = Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
Value: Any = str | bool | None | Integer
for _ in range(DEEPEST):
    Value = str | bool | None | Integer | list[Value] | dict[str, Value]


class Strict(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Every field, and no other."""


class Part(Strict, kw_only=True):
    """A part of a finding."""

    outcome: Literal["met", "unmet", "undetermined", "needs judgement", "not applicable", "waived"]
    joint: str | UnsetType = UNSET
    missing: Value | UnsetType = UNSET
    observed: dict[str, Value] | UnsetType = UNSET
    parts: "list[Part] | UnsetType" = UNSET
    required: dict[str, Value] | UnsetType = UNSET
    rests_on: list[Integer] | UnsetType = UNSET
    who: list[str] | UnsetType = UNSET


class Finding(Part, kw_only=True):
    """A finding."""

    rule: str
    advises: bool | UnsetType = UNSET


class Actor(Strict, kw_only=True):
    """Who entered it."""

    identified: str
    person: str
    on_behalf_of: str | UnsetType = UNSET


class Edition(Strict, kw_only=True):
    """What it was judged by."""

    code: str
    declared: str
    name: str
    program: str
    revision: Integer


class Strand(Strict, rename={"is_": "is"}, kw_only=True):
    """A strand that it opened or ended."""

    id: str
    is_: str
    strand: str


class Moved(Strict, rename={"from_": "from"}, kw_only=True):
    """What it moved."""

    from_: str
    strands: list[Strand]
    to: str
    gone: Annotated[list[Positive], msgspec.Meta(min_length=1)] | UnsetType = UNSET


class Form(Strict, kw_only=True):
    """A record but the first one of a ledger."""

    actor: Actor
    case: str
    command: str
    day: str
    decision: Literal["accepted", "refused"]
    edition: Edition
    findings: list[Finding]
    format: Annotated[int, msgspec.Meta(ge=1, le=FORMAT)]
    index: Positive
    ledger: str
    moved: Moved
    payload: dict[str, Value]
    previous: str
    recorded_at: str
    sealed: Annotated[list[None], msgspec.Meta(max_length=0)]
    type: str
    version: Integer
    confirms: Positive | UnsetType = UNSET
    corrects: Positive | UnsetType = UNSET
    expects: Integer | UnsetType = UNSET
    request: bool | UnsetType = UNSET


class Glance(Strict, kw_only=True):
    """What a record moved, and its place; what else it has to have is there, and is passed over. Of the first format alone."""

    actor: msgspec.Raw
    case: str
    command: str
    day: date
    decision: Literal["accepted", "refused"]
    edition: msgspec.Raw
    findings: msgspec.Raw
    format: int
    index: int
    ledger: str
    moved: Moved
    payload: msgspec.Raw
    previous: str
    recorded_at: str
    sealed: msgspec.Raw
    type: str
    version: int
    expects: Integer | UnsetType = UNSET

    @property
    def takes_out(self) -> bool:
        """Whether entries stand no longer because of it."""
        return self.moved.gone is not UNSET


_decoded = msgspec.json.Decoder(Form).decode
_glanced = msgspec.json.Decoder(Glance).decode
_written = msgspec.json.Encoder(order="sorted").encode
plain = msgspec.json.Decoder().decode
"""The values of bytes whose form has been read."""


def read(raw: bytes) -> Form | None:
    """The record that *raw* is, if it is plainly one, in the canonical way; None where that takes a closer look."""
    try:
        form = _decoded(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if _written(form) != raw or not raw.isascii() or not _is_type(form.type):
        return None
    if not (_is_day(form.day) and INSTANT.fullmatch(form.recorded_at) and _is_day(form.recorded_at[:10])):
        return None
    newer = UNSET is form.corrects is form.request is form.confirms is form.moved.gone
    if not newer and (form.format == 1 or form.request is False):
        return None
    return form if all(map(_whole, form.findings)) else None


def glance(raw: bytes) -> Glance | None:
    """What the record that *raw* is moved; None where that cannot be read so."""
    try:
        return _glanced(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def written(data: object) -> bytes:
    """The canonical bytes of data that holds nothing else than `candidacy.canonical` takes; unchecked."""
    return _written(data)


def _whole(finding: Finding) -> bool:
    return finding.advises is not False and _joined(finding)


def _joined(part: Part) -> bool:
    if part.parts is UNSET:
        return part.joint is UNSET
    return part.joint is not UNSET and all(map(_joined, part.parts))


@lru_cache(4096)
def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@lru_cache(1024)
def _is_type(name: str) -> bool:
    return TYPE_NAME.fullmatch(name) is not None
