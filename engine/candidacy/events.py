"""Events: what a case is told. A fact reports what happened; an act is a step that rules may refuse.

An event is a frozen class declared with ``@fact`` or ``@act`` and a stable type name: owner, name, version,
such as ``widgets.training_completed.1``. Import paths are never stored. Fields are whole numbers, truth values,
days, opaque ids and words of closed vocabularies; there is no field for free text, so none can leak.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Literal, NewType, TypeVar, Union, dataclass_transform, get_args, get_origin

import attrs

from candidacy.errors import DefinitionError, OpenFieldError

Id = NewType("Id", str)
"""An opaque identifier: letters, digits and . _ : / # + -, at most 64 of them. Never a person's name."""
Count = NewType("Count", int)
"""A whole number that is not negative."""
RoleName = NewType("RoleName", str)
"""One of the roles the program declares."""
StateName = NewType("StateName", str)
"""One of the states of the program's lifecycle."""
Sha256 = NewType("Sha256", str)
"""SHA-256 of the bytes of a document: 64 hexadecimal digits in lower case."""

WORDS: dict[Any, str] = {
    Id: "an id (letters, digits and . _ : / # + -, at most 64 of them)",
    Count: "a whole number from 0 on",
    RoleName: "a role of the program",
    StateName: "a state of the program's lifecycle",
    Sha256: "a SHA-256, 64 hexadecimal digits in lower case",
    bool: "true or false",
    int: "a whole number",
    date: "a day, YYYY-MM-DD",
    type(None): "nothing",
}

ROLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 '/-]{0,39}")
TYPE_NAME = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9_]*\.[1-9][0-9]*")


class Event:
    """Something a case is told. Declare a subclass of Fact or Act instead."""

    __slots__ = ()
    type_name: ClassVar[str] = ""
    credits_earlier: ClassVar[bool] = False
    """Whether it may be dated before the case began (training bought earlier)."""
    state_of: ClassVar[tuple[str, ...] | None] = None
    """For a fact of state: the fields that name its subject. One such fact a subject and day."""
    while_suspended: ClassVar[bool] = False
    """For an act: whether it may be accepted while the case is suspended."""


class Fact(Event):
    """Reports what happened. Checked for form, role and day, then entered, however bad the news."""

    __slots__ = ()


class Act(Event):
    """A step in the program. Every rule in front of it judges it and it may be refused."""

    __slots__ = ()
    names_its_state: ClassVar[bool] = False
    """Whether its content names the state it leads to, in a field ``stage``."""
    anywhere: ClassVar[bool] = False
    """Whether it is possible in every state and needs no move of the lifecycle: what decides about the record or the rules."""

    @property
    def way(self) -> str:
        """What the lifecycle knows it by: its type name, with the state it leads to where its content names that."""
        return way_of(type(self), getattr(self, "stage", "")) if self.names_its_state else self.type_name


T = TypeVar("T", bound=Event)


def way_of(kind: type[Act], to: str) -> str:
    """What a lifecycle knows an act by, where it leads to the state *to*."""
    return f"{kind.type_name} {to}" if getattr(kind, "names_its_state", False) else kind.type_name


def fields_of(kind: Any) -> tuple["attrs.Attribute[Any]", ...]:
    """The fields that a class declares, in order."""
    return tuple(attrs.fields(kind))


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def fact(type_name: str, *, credits_earlier: bool = False, state_of: tuple[str, ...] | None = None) -> Callable[[type[T]], type[T]]:
    """Declare a fact.

    Args:
        type_name: owner, name and version: ``widgets.training_completed.1``.
        credits_earlier: whether it may be dated before the case began.
        state_of: for a fact of state, the fields that name its subject; ``()`` when the case is the subject.
    """
    return _declare(type_name, Fact, credits_earlier=credits_earlier, state_of=state_of)


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def act(
    type_name: str, *, while_suspended: bool = False, names_its_state: bool = False, anywhere: bool = False
) -> Callable[[type[T]], type[T]]:
    """Declare an act.

    Args:
        type_name: owner, name and version: ``widgets.tour_approved.1``.
        while_suspended: whether it may pass while the case is suspended (exits, resumption).
        names_its_state: whether its field ``stage``, a StateName, names the state it leads to.
        anywhere: whether it is possible in every state, and the lifecycle has no move for it.
    """
    return _declare(type_name, Act, while_suspended=while_suspended, names_its_state=names_its_state, anywhere=anywhere)


def _declare(type_name: str, base: type[Event], **marks: object) -> Callable[[type[T]], type[T]]:
    def declare(cls: type[T]) -> type[T]:
        problems = []
        if not TYPE_NAME.fullmatch(type_name):
            problems.append(f"found type name {type_name!r}; needed owner.name.version, such as widgets.training_completed.1")
        if not issubclass(cls, base):
            problems.append(f"found a class that is no {base.__name__}; needed `class {cls.__name__}({base.__name__})`")
        declared: type[T] = attrs.frozen(cls)
        try:
            attrs.resolve_types(declared)  # type: ignore[type-var]
        except NameError as unknown:
            problems.append(f"found a field of the type {unknown.name}, which its module does not know; needed a type it does")
        subject = marks.get("state_of")
        if subject is not None and not (isinstance(subject, tuple) and set(subject) <= {a.name for a in fields_of(declared)}):
            problems.append(f"found state_of={subject!r}; needed a tuple of names of the event's fields")
        if problems:
            raise DefinitionError(f"event {cls.__name__}", problems)
        declared.type_name = type_name
        for mark, value in marks.items():
            setattr(declared, mark, value)
        return declared

    return declare


@attrs.frozen
class Sealed:
    """The place of confidential content that is not accepted until it can be sealed."""

    confidential: str


def sealed(confidential: str) -> Any:
    """A field of the confidential class so named. The event says that the content exists; the content is refused."""
    return attrs.field(default=Sealed(confidential), metadata={"sealed": confidential})


@attrs.frozen
class RoleNamed:
    """A person in a role."""

    person: Id
    role: RoleName


class Beginning(Act):
    """The act that begins a case. A subclass repeats the three fields and may add its own."""

    __slots__ = ()
    program: Id
    announcement: Id
    roles: tuple[RoleNamed, ...]


@act("candidacy.case_taken_over.1", names_its_state=True)
class CaseTakenOver(Beginning):
    """A case that began elsewhere is taken over, in a stage of the program, on a day. Begins the case here.

    What is dated before that day is attested by whoever enters it: it counts, but was never judged.
    """

    program: Id
    announcement: Id
    roles: tuple[RoleNamed, ...]
    stage: StateName


@fact("candidacy.role_given.1", state_of=("person", "role"))
class RoleGiven(Fact):
    """From its day on, a person holds a role in the case.

    *capacity*: in their own right; acting, where who holds it is away or nobody does; or delegated by *in_place_of*.
    """

    person: Id
    role: RoleName
    capacity: Literal["own", "acting", "delegated"] = "own"
    in_place_of: Id | None = None


@fact("candidacy.role_ended.1", state_of=("person", "role"))
class RoleEnded(Fact):
    """On its day, a person no longer holds a role in the case."""

    person: Id
    role: RoleName


@fact("candidacy.reference_recorded.1", state_of=("person", "system"))
class ReferenceRecorded(Fact):
    """The id by which another system knows a person of the case, or the case itself where no person is named."""

    system: Id
    reference: Id
    person: Id | None = None


@act("candidacy.judgement_given.1", while_suspended=True)
class JudgementGiven(Act):
    """A role answers a question that no rule can decide. *about* names what it is about, where it needs one."""

    question: Id
    answer: bool
    about: Id | None = None


@attrs.frozen
class Unread:
    """An event whose program is not installed: its type name and payload as stored."""

    type_name: str
    payload: Any


def type_words(kind: Any) -> str:  # noqa: PLR0911 (one for each kind of type)
    """A field's type in plain words, the same on every version of Python."""
    if kind in WORDS:
        return WORDS[kind]
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "one of " + ", ".join(str(a) for a in args)
    if kind is Sealed:
        return "confidential content, not accepted yet"
    if origin is tuple:
        return f"a list, each {type_words(args[0])}"
    if origin in {Union, UnionType}:
        return " or ".join(type_words(a) for a in args)
    if attrs.has(kind):
        return f"an object: {', '.join(a.name for a in fields_of(kind))}"
    return kind.__name__ if isinstance(kind, type) and origin is None else str(kind)


def words_of(kind: Any) -> frozenset[str]:
    """The words of closed vocabularies that a field of this type can hold."""
    if get_origin(kind) is Literal:
        return frozenset(map(str, get_args(kind)))
    inner = get_args(kind) or (tuple(a.type for a in fields_of(kind)) if attrs.has(kind) else ())
    return frozenset(word for part in inner if part is not Ellipsis for word in words_of(part))


def partial(kind: type[T], /, **content: object) -> T:
    """An event of *kind* in which only some fields have content; asking for another raises OpenFieldError."""
    fields = {a.name: a.default for a in fields_of(kind)}
    unknown = set(content) - set(fields)
    if unknown:
        raise DefinitionError(f"a draft of {kind.__name__}", [f"found {sorted(unknown)}; needed fields of the event"])
    made: Any = kind
    event: T = object.__new__(_partial_class(made))
    known = {name: content.get(name, default) for name, default in fields.items()}
    known = {name: value for name, value in known.items() if value is not attrs.NOTHING}
    for name, value in known.items():
        object.__setattr__(event, name, value)
    object.__setattr__(event, "_content", known)
    return event


def content_of(event: Event) -> dict[str, object]:
    """The fields of *event* that have content, by name."""
    if isinstance(event, _Partial):
        return dict(event._content)  # noqa: SLF001 (this module's own)
    return {a.name: getattr(event, a.name) for a in fields_of(type(event))}


class _Partial:
    __slots__ = ()
    _content: dict[str, object]

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        raise OpenFieldError(name)

    def __repr__(self) -> str:
        content = ", ".join(f"{k}={v!r}" for k, v in self._content.items())
        return f"{type(self).__name__}({content}, …)"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._content == other._content

    def __hash__(self) -> int:
        return hash(type(self))


@cache
def _partial_class(kind: Any) -> Any:
    return type(kind.__name__, (_Partial, kind), {"__slots__": ("_content",)})
