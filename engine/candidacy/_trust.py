"""What is said of how far a ledger can be trusted: each level with a word, and what of."""

from enum import StrEnum

import attrs

from candidacy._verify import Verification, told_index
from candidacy.decision import Json

SETTINGS, RECORDS, SIGNED, ANCHOR = "file and settings", "records", "signed checkpoints", "outside anchor"
STATES, RULES = "states replayed", "rules judged again"
BROKEN, UNASKED = "the records are not as they were", "not asked for"


class Word(StrEnum):
    """What is said of a level."""

    PASS = "PASS"  # noqa: S105 (no password)
    FAIL = "FAIL"
    NOT_CHECKED = "NOT CHECKED"
    NOT_ANCHORED = "NOT ANCHORED"


@attrs.frozen
class Level:
    """One level: what it is called, what is said of it, and every reason."""

    name: str
    word: Word
    told: tuple[str, ...]

    def as_data(self) -> Json:
        """As plain values."""
        return {"level": self.name, "result": str(self.word), "told": list(self.told)}


@attrs.frozen
class Trust:
    """What `levels` found.

    Attributes:
        anchored: the number of first records that a checkpoint kept elsewhere shows to be the same ones; 0 without one.
    """

    verification: Verification
    levels: tuple[Level, ...]
    anchored: int = 0

    @property
    def failed(self) -> bool:
        """Whether any level failed."""
        return any(level.word is Word.FAIL for level in self.levels)

    @property
    def untold(self) -> bool:
        """Whether there are records of which the rules were asked and cannot tell."""
        rules = self.levels[-1]
        return rules.word is Word.NOT_CHECKED and rules.told not in {(UNASKED,), (BROKEN,)}

    @property
    def answer(self) -> str:
        """In a few words."""
        if self.failed:
            return "failed"
        told = ", not all could be judged again" * self.untold
        to = f"anchored to record {self.anchored - 1}" if self.anchored else "not anchored"
        return f"nothing failed, {to}{told}"

    def as_data(self) -> Json:
        """As plain values."""
        found = self.verification
        return {
            "records": found.records,
            "cases": found.cases,
            "ledger": found.ledger,
            "newest": told_index(found.end - 1),
            "head": found.head,
            "failures": [{"index": told_index(failure.index), "what": failure.what} for failure in found.failures],
            "ledger_failures": list(found.ledger_failures),
            "levels": [level.as_data() for level in self.levels],
            "anchored": bool(self.anchored),
            "anchored_records": self.anchored,
            "answer": self.answer,
        }
