"""Doing what a remedy says: whether the check gets better by it."""

from __future__ import annotations

from collections import Counter
from functools import partial as bound
from random import Random
from typing import TYPE_CHECKING

from candidacy._filling import DAY, Filler, NothingFitsError
from candidacy.answering import answer
from candidacy.case import Entry
from candidacy.check import Outcome, ways
from candidacy.draft import kind_of, open_fields
from candidacy.errors import CandidacyError
from candidacy.events import Act, Sealed, content_of, fields_of, type_words
from candidacy.spans import Quantity
from candidacy.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from candidacy._watching import Situation
    from candidacy.case import Case
    from candidacy.check import Check, Do
    from candidacy.codec import Codec
    from candidacy.decision import Json
    from candidacy.events import Event
    from candidacy.program import Edition

ORDER = (Outcome.UNMET, Outcome.UNDETERMINED, Outcome.NEEDS_JUDGEMENT, Outcome.WAIVED, Outcome.MET, Outcome.NOT_APPLICABLE)
SEEDS, MOST_WAYS, ROUNDS = 8, 4, 3
"""How often what is left open is filled in, how many ways of one remedy are done, and how often what is asked for next."""


def unhelpful(situation: Situation, edition: Edition, codec: Codec) -> Iterator[str]:
    """What is wrong with the remedy of an open check in front of an act: who may not enter it, or that it does not help."""
    check = situation.check
    if check is None or check.good or not isinstance(situation.event, Act):
        return
    for way in ways(check.remedy)[:MOST_WAYS]:
        for do in way:
            for step in do.steps:
                may = edition.may_enter(step.event) if not open_fields(step.event).keys() & {"question", "rule", "clock"} else ()
                if may and do.by not in may:
                    yield f"asks {do.by!r} for {step.event.type_name}, which only {', '.join(may)} may enter"
                if type(step.event).type_name not in {k.type_name for k in edition.entered_by} and not may:
                    yield f"asks for {step.event.type_name}, which no role of the edition may enter"
        if way and check.outcome is Outcome.UNMET and not _helps(situation, check, way, codec):
            said = ", ".join(f"{step.event.type_name}" for do in way for step in do.steps) or "waiting"
            yield f"does not get better by what its remedy says: {said}, asked about {situation.event.type_name} on {situation.day}"


def _helps(situation: Situation, check: Check, way: tuple[Do, ...], codec: Codec) -> bool:
    """Whether the check is better after a way was done, however what it leaves open is filled in, for one filling at least.

    Where it then asks for something else, as for a report when it is known to whom, that is done, too.
    """
    for seed in range(SEEDS):
        r, case, day, doing = Random(f"what a remedy leaves open {seed}"), situation.case, situation.day, way  # noqa: S311 (a seed, nothing secret)
        asked = [check.remedy]
        try:
            while doing and len(asked) <= ROUNDS:
                case, day = _done(case, day, doing, r, codec)
                again = answer(bound(_judge, situation, day), case.at(day))
                if _better(again, check):
                    return True
                doing = () if again.remedy in asked else next(iter(ways(again.remedy)), ())
                asked.append(again.remedy)
        except _OverError:
            return True
        except (NothingFitsError, CandidacyError):
            continue
    return False


def _better(again: Check, check: Check) -> bool:
    better = ORDER.index(again.outcome) > ORDER.index(check.outcome)
    fewer = sum(not p.good for p in again.parts) < sum(not p.good for p in check.parts)
    return better or fewer or (again.observed != check.observed and not isinstance(check.missing, Quantity))


def _judge(situation: Situation, day: date, view: Case) -> Check:
    return situation.rule.judge(view, situation.event, day)


class _OverError(Exception):
    """A window that is over: nothing can be done."""


def _done(case: Case, day: date, way: tuple[Do, ...], r: Random, codec: Codec) -> tuple[Case, date]:
    """The case after all of a way, one thing after the other from a day on, and the day it ends."""
    begun = day
    for do in way:
        start = do.when.next(day)
        if start is None and not do.settles:
            raise _OverError
        start = start or do.when.last or day
        filler, many = Filler(r, begun, codec.kinds), _left_open_by_several(do)
        for step in do.steps:
            on, event = step.on(start), _completed(step.event, filler, many, codec)
            case = case.then(Entry(10_000 + len(case.entries), on, event))
            day = max(day, on)
        day = max(day, start) + DAY
    return case, day


def _left_open_by_several(do: Do) -> set[str]:
    """The fields that more than one step leaves open: the id of what begins and ends."""
    found = Counter(name for step in do.steps for name in open_fields(step.event))
    return {name for name, n in found.items() if n > 1}


def _completed(draft: Event, filler: Filler, many: set[str], codec: Codec) -> Event:
    """A drafted event with what it leaves open filled in."""
    kind, left = kind_of(draft), open_fields(draft)
    fields: Json = {}
    for field in fields_of(kind):
        if field.name in left:
            said = left[field.name]
            bounds = {"least": plain(said.least), "most": plain(said.most), "among": [plain(v) for v in said.among]}
            told = {k: v for k, v in bounds.items() if v not in (None, [])}
            label = field.name if field.name in many else ""
            fields[field.name] = {"label": label, "type": type_words(field.type), **told}
    payload = {n: plain(v) for n, v in content_of(draft).items() if n not in left and not isinstance(v, Sealed)}
    full = filler.payload({"type": kind.type_name, "open": fields, "payload": payload})
    return codec.read_event(kind.type_name, full)
