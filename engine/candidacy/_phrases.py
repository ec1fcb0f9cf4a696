"""Days, steps, requirements and how certain a day is, in plain words for people who plan: the same words in every command."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from candidacy._path import Bound
from candidacy._remaining import Told
from candidacy._words import FAILURES, sentence, spelt, words
from candidacy.spans import amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from candidacy._departures import Departure
    from candidacy._path import Limit, Obstacle, PlannedStep
    from candidacy._remaining import Requirement
    from candidacy.decision import Json
    from candidacy.program import Edition

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ANSWER = "candidacy.judgement_given.1"
NAMES = {"ecq": "ECQ", "ecqs": "ECQs", "ses": "SES", "sha256": "digest of the document"}
"""How parts of names are written that are no plain words."""
NO_WAY_LEADS_THERE = "no way leads there from where the case is"
EXACT = "The day is exact: nothing unknown can make it later."
BOUND = "It may come later: the day is a lower bound. It depends on"
SOONER = "It may come sooner, if somebody can tell how this can be met:"
HOWEVER = {Told.JUDGEMENT: ", if the answer is yes", Told.UNKNOWN_FACT: ", depending on what is not known yet"}
WITHOUT_A_DAY = {
    Told.COMPUTED: "no day can be told for it alone",
    Told.JUDGEMENT: "needs an answer",
    Told.UNKNOWN_FACT: "depends on what is not known yet",
}


# --- days and names


def spoken(day: date) -> str:
    """A day as it is said: 9 May 2005."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def days_of(n: int) -> str:
    """A number of calendar days: 1 day, 52 days."""
    return f"{n} day" if n == 1 else f"{n} days"


def plain(name: str) -> str:
    """The name of a field, or of what is done, with spaces: full time, SES membership recorded."""
    return " ".join(NAMES.get(part, part) for part in name.split("_"))


def named(type_name: str) -> str:
    """What is done, without its owner and version: certification requested."""
    return plain(type_name.split(".")[1])


def who(role: str, people: Iterable[str]) -> str:
    """Who acts: candidate (c-7.candidate)."""
    return f"{role} ({', '.join(people) or 'nobody yet'})" if role else "nobody is known"


def clause(requirement: str) -> str:
    """What a requirement says first."""
    first = requirement
    for end in (". ", "; ", ": "):
        first = first.partition(end)[0]
    return first.rstrip(".")


# --- steps


def what(made: PlannedStep, edition: Edition) -> str:
    """What is done in a step, in short: training completed: 40 hours, interagency."""
    if made.type_name == ANSWER:
        question = edition.question(made.content["question"])
        about = f" (about {made.content['about']})" if "about" in made.content else ""
        return f"answer to: {question.asks if question else made.content['question']}{about}"
    said = [_said(name, value) for name, value in made.content.items() if value not in made.people]
    of = ", ".join(part for part in said if part)
    return named(made.type_name) + (f": {of}" if of else "")


def step(made: PlannedStep, edition: Edition, since: Mapping[str, str] | None = None) -> str:
    """A step in full: also lists, what is supposed, its own day where it is found out later, and what is to be filled in.

    Args:
        since: by label, the step in which something was chosen that this one may be about, in words.
    """
    lists = [f"{plain(name)} {words(value)}" for name, value in made.content.items() if isinstance(value, list)]
    dated = [f"dated {made.day}"] if made.day != made.on else []
    fill = [plain(name) + _of_field(field, since or {}) for name, field in made.open.items()]
    supposing = {Told.JUDGEMENT: " (supposing yes)", Told.UNKNOWN_FACT: f" (supposing: {made.supposing})"}.get(made.known, "")
    parts = (what(made, edition), *lists, *dated, *([f"to fill in: {', '.join(fill)}"] if fill else []))
    asked = f" (asked for first by {' or '.join(made.asked_by)}, entered by another person)" if made.asked_by else ""
    return "; ".join(parts) + supposing + asked


def _said(name: str, value: Any) -> str:
    """The content of a field in words; "" for lists and for what is still to be chosen."""
    if isinstance(value, bool):
        return plain(name) if value else f"not {plain(name)}"
    if name == "entry":
        return f"version {value} of the case"
    if isinstance(value, int):
        return amount(value, plain(name))
    return value if isinstance(value, str) and not value.startswith("open.") else ""


def _of_field(field: Any, since: Mapping[str, str]) -> str:
    if field.label in since:
        return f" (as in: {since[field.label]})"
    return f" ({field.said.kind})" if field.said.kind else ""


# --- how certain a day is


def if_each(deciders: Iterable[str]) -> str:
    """The condition under which a day holds: every decision falls on the first possible day; "" where nobody decides."""
    all_of_them = ", ".join(deciders)
    return f"if each decides the same day ({all_of_them})" if all_of_them else ""


def bounds(steps: Iterable[PlannedStep], edition: Edition, of: Iterable[Bound] = ()) -> tuple[Bound, ...]:
    """What the days of steps depend on that nobody can compute; what is supposed names its step.

    Args:
        of: the bounds of a path; of these, what might get there sooner in a way that no rule knows is kept.
    """
    found = []
    for made in steps:
        if made.known is Told.JUDGEMENT:
            question = edition.question(made.content.get("question", ""))
            found.append(Bound(made.known, made.rule, made.by, question.asks if question else made.supposing))
        elif made.known is not Told.COMPUTED:
            found.append(Bound(made.known, made.rule, made.by, f"{what(made, edition)} ({made.supposing})"))
    return tuple(dict.fromkeys((*found, *(bound for bound in of if bound.known is Told.NO_WAY_KNOWN))))


def earliest(depends_on: Iterable[Bound]) -> str:
    """What an earliest day is called: an exact one, a lower bound, or that of the ways that are known."""
    kinds = {bound.known for bound in depends_on}
    return "in the ways that are known" if Told.NO_WAY_KNOWN in kinds else "at the earliest" if kinds else "earliest day"


def certainty(depends_on: Iterable[Bound]) -> Iterator[str]:
    """Whether a day is exact or a lower bound, and on what it depends."""
    everything = tuple(depends_on)
    later = [f"- {depends(bound)}" for bound in everything if bound.known is not Told.NO_WAY_KNOWN]
    sooner = [f"- {bound.what}" for bound in everything if bound.known is Told.NO_WAY_KNOWN]
    yield from [BOUND, *later] if later else []
    yield from [SOONER, *sooner] if sooner else []
    yield from [] if everything else [EXACT]


def depends(bound: Bound) -> str:
    """What an earliest day depends on."""
    if bound.known is Told.JUDGEMENT:
        return f"the {bound.by} answering yes to: {bound.what}"
    if bound.known is Told.UNKNOWN_FACT:
        return f"what is not known yet, and is supposed here: {bound.what}"
    if bound.known is Told.NO_WAY_KNOWN:
        return f"somebody telling how this can be met: {bound.what}"
    return bound.what


def limit(of: Limit) -> str:
    """A stated last day, and where the plan lies."""
    left = f"{days_of(abs(of.slack))} {'earlier' if of.slack > 0 else 'later'}" if of.slack else "on that very day"
    stated = "stated" if of.binding else "advised"
    return f"Last day {stated} for {named(of.type_name)}: {spoken(of.closes)}; in the plan it comes {left}"


# --- what is open


def when(of: Requirement) -> str:
    """When a requirement, or a part of one, can be met."""
    if of.earliest is None:
        return WITHOUT_A_DAY.get(of.known, str(of.known))
    return f"possible from {spoken(of.earliest)}{HOWEVER.get(of.known, '')}"


def still(of: Requirement) -> str:
    """An open requirement, or a part of one: what was found and is missing, from whom, and when it can be met."""
    data, asked = of.data, of.data.get("observed", {})
    about = f"about {asked['about']}" if "about" in asked else ""
    if of.question and of.known is Told.JUDGEMENT:
        inside = ", ".join(part for part in (about, when(of).removesuffix(HOWEVER[of.known])) if part)
        return f"waits for an answer of the {_from(of)}: {of.question} ({inside})"
    if of.question and "answer" in asked:
        return f"the answer was {words(asked['answer'])}: {of.question} ({', '.join(part for part in (about, when(of)) if part)})"
    source = f"from the {_from(of)}" if of.who else ""
    waits = str(of.earliest) == data.get("required", {}).get("not before")
    return "; ".join(part for part in (_found(of, data), source, "" if waits else when(of)) if part)


def _from(of: Requirement) -> str:
    return " or the ".join(of.who) or "one who may"


def _found(of: Requirement, data: Json) -> str:
    """What was found against what is needed."""
    observed, required = data.get("observed", {}), data.get("required", {})
    because = f" ({spelt(required['that'])})" if "that" in required else ""
    if "field" in observed:
        return f"not recorded: {plain(observed['field'])}"
    if "not before" in required:
        return f"not before {spoken(date.fromisoformat(required['not before']))}{because}"
    if of.known is Told.CLOSED and of.closes and not set(observed) & set(FAILURES):
        return f"the last day was {spoken(of.closes)}{because}"
    if "missing" in data and "at least" in required and "found" in observed:
        return _amounts(data["missing"], observed, required["at least"])
    seen = sentence({"observed": {plain(name): value for name, value in observed.items()}})
    if set(required) == {"that"} and not set(observed) & set(FAILURES):
        return f"{seen}; needed: {spelt(required['that'])}" if seen else f"needed: {spelt(required['that'])}"
    return sentence({name: value for name, value in data.items() if name != "who"})


def _amounts(missing: Any, observed: Json, needed: Any) -> str:
    """40 hours missing (found 40, needs at least 80)."""
    found, unit = observed["found"], needed[-1]
    range_found = f"{found[0]} to {found[1]}" if len(found) == 3 else str(found[0])  # noqa: PLR2004 (least, most, unit)
    rest = sentence({"observed": {plain(name): value for name, value in observed.items() if name != "found" and value != []}})
    inside = "; ".join(part for part in (f"found {range_found}, needs at least {needed[0]}", rest) if part)
    up_to = "up to " if len(found) == 3 else ""  # noqa: PLR2004 (the same)
    return f"{up_to}{amount(missing[-2], unit)} missing ({inside})"


# --- why not


def obstacle(of: Obstacle, edition: Edition) -> str:
    """Why a stage cannot be reached, with the requirement that made the case wait for it."""
    rules = {rule.id: rule.requirement for rule in edition.rules}
    if not of.requirement:
        return NO_WAY_LEADS_THERE
    said = clause(of.requirement)
    said += f" ({'; '.join(of.because)})" if of.because and not of.closes else ""
    said += f", the last day being {spoken(of.closes)}" if of.closes else ""
    if of.not_before_because in rules:
        said += f", and not before {spoken(of.day)}, because of: {clause(rules[of.not_before_because])}"
    return said


def departure(found: Departure, edition: Edition) -> str:
    """One departure from the rules: waived until 31 October 2005 by entry 8: Enough hours of training."""
    rules = {r.id: r.requirement for r in edition.rules}
    about = "; ".join(rules.get(name, name) for name in found.about)
    until = f" until {spoken(found.until)}" if found.until else ""
    if found.kind == "unsettled":
        return f"unsettled: entry {found.version} rests on what was found to be wrong; it is to be affirmed or taken back"
    return f"{DEPARTED[found.kind]}{until} by entry {found.version}: {about}"


DEPARTED = {
    "edition": "moved to another edition",
    "waiver": "waived",
    "override": "overridden",
    "extension": "extended",
    "suspension": "suspended",
}
