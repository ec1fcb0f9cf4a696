"""Interventions and corrections: where a named person departs from the rules, or from the record, and says why.

The reason is an id: of the ground, or of the paper on which it stands. There is no field for free text.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from candidacy.document import Document
from candidacy.events import Act, Count, Event, Fact, Id, JudgementGiven, act, fact


@act("candidacy.suspended.1")
class Suspended(Act):
    """From this day on the case stands still."""

    suspension: Id


@act("candidacy.resumed.1", while_suspended=True)
class Resumed(Act):
    """On this day the case goes on."""

    suspension: Id


@act("candidacy.waiver_granted.1", while_suspended=True, anywhere=True)
class WaiverGranted(Act):
    """From its day until a day, itself included, an open finding of one rule does not refuse.

    *act*, a type name: for that act alone; for every act that the rule stands before, where none is named.
    """

    rule: Id
    reason: Id
    until: date
    act: Id | None = None
    document: Document | None = None


@act("candidacy.extension_granted.1", while_suspended=True, anywhere=True)
class ExtensionGranted(Act):
    """A clock of the program runs until a day, itself included, where it would have run out before."""

    clock: Id
    until: date
    reason: Id
    document: Document | None = None


@act("candidacy.override_granted.1", while_suspended=True, anywhere=True)
class OverrideGranted(Act):
    """Open findings of the rules so named do not refuse the next act of one type, until a day, itself included."""

    act: Id
    rules: tuple[Id, ...]
    reason: Id
    until: date
    document: Document | None = None


@act("candidacy.edition_moved.1", while_suspended=True, anywhere=True)
class EditionMoved(Act):
    """From now on the case is decided by another edition of its program, which *to* names."""

    to: Id
    reason: Id
    document: Document | None = None


@fact("candidacy.fact_voided.1")
class FactVoided(Fact):
    """A fact of the case, named by the version its record made, was wrong: it counts no longer, on any day."""

    entry: Count
    reason: Id


@act("candidacy.decision_voided.1", while_suspended=True, anywhere=True)
class DecisionVoided(Act):
    """An act of the case, named by its version, counts no longer; the move it made is taken back."""

    entry: Count
    reason: Id


@act("candidacy.decision_affirmed.1", while_suspended=True, anywhere=True)
class DecisionAffirmed(Act):
    """An act that rested on what was wrong, named by its version, stands all the same."""

    entry: Count
    reason: Id


def enterable(edition: Any) -> frozenset[type[Event]]:
    """The events that somebody may enter in an edition, also those for which a question, a clock or a waivable rule names who."""
    extended = any(getattr(c, "extended_by", ()) for c in edition.clocks)
    named = {JudgementGiven: edition.questions, ExtensionGranted: extended, WaiverGranted: edition.waivers}
    return frozenset({*edition.entered_by, *(kind for kind, there in named.items() if there)})


BY_NAME: tuple[type[Act], ...] = (WaiverGranted, ExtensionGranted)
"""Entered by whom the waivable rule or the clock that they name says, as a judgement is by whom its question names."""
CORRECTIONS: tuple[type[Event], ...] = (FactVoided, DecisionVoided, DecisionAffirmed)
"""What is about the record: it holds for every day, whatever day it is dated."""

INTERVENTIONS: Mapping[str, str] = {
    WaiverGranted.type_name: "waiver",
    ExtensionGranted.type_name: "extension",
    OverrideGranted.type_name: "override",
    EditionMoved.type_name: "move to another edition",
    Suspended.type_name: "suspension",
    Resumed.type_name: "resumption",
    FactVoided.type_name: "fact voided",
    DecisionVoided.type_name: "decision voided",
    DecisionAffirmed.type_name: "decision affirmed",
    "candidacy.withdrawn.1": "withdrawal",
    "candidacy.discontinued.1": "discontinuation",
    "candidacy.removed.1": "removal",
}
"""What shows as an intervention in status, history, letter and audit, by type name: no plugin is needed to know it."""
CORRECTED = "fact corrected"
"""The kind of a fact that was entered in the place of another."""
