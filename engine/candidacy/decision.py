"""Commands, findings and decisions: what is asked and what was found."""

from datetime import date
from typing import Any

import attrs

from candidacy.check import Check, Outcome
from candidacy.events import Event
from candidacy.terms import plain

Json = dict[str, Any]


@attrs.frozen
class Actor:
    """Who enters a command: an opaque person id, and how the person was identified."""

    person: str
    identified: str = "asserted"
    on_behalf_of: str | None = None


@attrs.frozen
class How:
    """How an event is entered, where not just as itself.

    Attributes:
        corrects: the version of the fact in whose place it is entered; 0 where it is a fact of its own.
        request: whether the act is only asked for, for another person to enter.
        confirms: the version of the request that the act was asked for with; 0 where it was not asked for.
    """

    corrects: int = 0
    request: bool = False
    confirms: int = 0


PLAIN = How()
"""As itself."""


@attrs.frozen
class Command:
    """A request that an event be entered.

    Attributes:
        id: chosen by the caller; the same id with the same content is answered with the first result for ever.
        day: the day the event takes effect.
        expects: the version of the case it was made for; None to judge it on whatever stands.
        corrects: the version of the fact in whose place this one is entered; None where it is a fact of its own.
        request: whether the act is only asked for, for another person to enter.
        confirms: the version of the request that the act was asked for with, where two people have to.
    """

    id: str
    case: str
    event: Event
    day: date
    actor: Actor
    expects: int | None = None
    corrects: int | None = None
    request: bool = False
    confirms: int | None = None

    @property
    def how(self) -> How:
        """How the event is entered."""
        return How(self.corrects or 0, self.request, self.confirms or 0)


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
    if not check.good or check.outcome is Outcome.WAIVED:
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
    """``from`` and ``to`` are states; ``strands`` lists what it opens or ends, ``gone`` the versions that stand no longer."""

    @property
    def word(self) -> str:
        """As it stands in a record."""
        return "accepted" if self.accepted else "refused"
