"""A condition under which a ledger loses nothing: what was found, what is needed, and what follows."""

from typing import Literal

import attrs

PASS, WARN, FAIL = "PASS", "WARN", "FAIL"


@attrs.frozen
class Condition:
    """One setting or object: what was found, and what was needed. Where it only warns, nothing acknowledged is lost here."""

    name: str
    found: str
    needed: str
    verdict: Literal["PASS", "WARN", "FAIL"]

    @property
    def sentence(self) -> str:
        """As a sentence."""
        return f"{self.name}: found {self.found}; needed {self.needed}"

    def as_data(self) -> dict[str, str]:
        """As plain values."""
        return attrs.asdict(self)


def needs(name: str, found: object, needed: str, *, fine: bool, otherwise: Literal["WARN", "FAIL"] = "FAIL") -> Condition:
    """A condition that holds where it is *fine*."""
    return Condition(name, str(found), needed, "PASS" if fine else otherwise)
