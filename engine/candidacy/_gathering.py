"""The lives of an edition: those its author tells, and those that the path of a case which has just begun leads through."""

from __future__ import annotations

from itertools import groupby, islice
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._filling import Filler, NothingFitsError
from candidacy._lives import read_life
from candidacy._path import path
from candidacy._proofs import TRIES, Changes, Proof, changed, judged, lives, playing, prove
from candidacy.codec import write_command
from candidacy.errors import CandidacyError, InputError, Problem
from candidacy.events import Id, RoleName, RoleNamed, fields_of, type_words
from candidacy.registry import Registry
from candidacy.standard import CandidateSelected
from candidacy.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from candidacy._proofs import Life
    from candidacy.case import Case
    from candidacy.events import Act
    from candidacy.program import Edition, Program

STORIES = "stories"
"""The folder with the lives that an author tells, a file of JSONL each."""
CHECKED = "checked"
"""The announcement of an edition that the program names none for."""
EXPLORED, OF_EACH = 12, 40
"""How many lives of an edition are changed beside, and about how many changes of each are told."""
OF_THE_START = 6
"""How many lives with other content early on every process answers, too."""
MOST_PAIRS = 200
"""How many pairs of rules in front of one act are tried."""


@attrs.frozen
class Told:
    """A life that somebody tells: what it is called, its program, and its commands."""

    name: str
    program: str
    life: Life


@attrs.define
class Gathered:
    """What is known of one edition by its lives.

    Attributes:
        registry: the program, every announcement of which pins to this edition.
        accepted: lives that are accepted as a whole.
        refused: lives as they were told, refusals and all.
        attempted: accepted lives, each with one more act that is possible where they end.
        proofs: by rule, a life in which it alone refuses.
        reached: by state, the life that reaches it first.
        entered: the types of what was accepted in them.
        because: by stage that no life reaches, why the path leads to none.
    """

    program: Program
    edition: Edition
    registry: Registry
    begun: Life = attrs.field(factory=list)
    accepted: list[tuple[str, Life]] = attrs.field(factory=list)
    refused: list[tuple[str, Life]] = attrs.field(factory=list)
    attempted: list[tuple[str, Life]] = attrs.field(factory=list)
    proofs: dict[str, Proof] = attrs.field(factory=dict)
    reached: dict[str, str] = attrs.field(factory=dict)
    entered: set[str] = attrs.field(factory=set)
    because: dict[str, str] = attrs.field(factory=dict)

    @property
    def name(self) -> str:
        """The edition, and its revision."""
        return f"{self.edition.id} r{self.edition.revision}"

    @property
    def all(self) -> list[tuple[str, Life]]:
        """Every life, as it was told: what is accepted of one with refusals in it says nothing more."""
        told = {name for name, _ in self.refused}
        return [*self.refused, *((name, life) for name, life in self.accepted if name not in told), *self.attempted]

    @property
    def each_named(self) -> list[tuple[str, Life]]:
        """The same, each under a name that no other has: what was told with refusals is also there without them."""
        return [*((f"{name}, refusals and all", life) for name, life in self.refused), *self.accepted, *self.attempted]


def forced(program: Program, edition: Edition) -> Registry:
    """A registry in which every case of the program begins under *edition*."""
    names = tuple(program.announcements) or (CHECKED,)
    return Registry.of(attrs.evolve(program, announcements=dict.fromkeys(names, edition.name)))


def stories(folder: Path, registry: Registry) -> tuple[list[Told], list[Problem]]:
    """The lives in the files of a folder's ``stories``, and what cannot be read of them."""
    told: list[Told] = []
    problems: list[Problem] = []
    for file in sorted((folder / STORIES).glob("*.jsonl")):
        try:
            documents = [write_command(line.command) for line in read_life(file, registry.codec)]
        except InputError as wrong:
            problems += [attrs.evolve(p, path=f"{STORIES}/{file.name}, {p.path}") for p in wrong.problems]
            continue
        told += list(told_of(documents, f"{STORIES}/{file.name}"))
    return told, problems


def told_of(documents: Iterable[Mapping[str, Any]], name: str) -> Iterator[Told]:
    """Lives out of the commands of many cases, each under the name of its case."""
    by_case = sorted((dict(d) for d in documents), key=lambda d: str(d["case"]))
    for case, of in groupby(by_case, key=lambda d: str(d["case"])):
        life = list(of)
        program = str(life[0]["payload"].get("program", ""))
        yield Told(f"{name}, {case}", program, life)


def gathered(program: Program, edition: Edition, told: Iterable[Told], doing: Callable[[str], None]) -> Gathered:
    """The lives of an edition."""
    of = Gathered(program, edition, forced(program, edition))
    for one in told:
        if one.program == program.name:
            _played(of, one.name, one.life)
    if not of.begun:
        of.begun = _beginning(of)
    doing(f"looking for lives of {of.name}")
    stages = (*edition.lifecycle.stages, *edition.lifecycle.exits) if of.begun else ()
    untold = tuple(dict.fromkeys(s.partition("/")[0] for s in stages if s not in of.reached))
    for name, life in lives(of.registry, edition, of.begun, wanted=untold) if untold else ():
        _played(of, name, life)
    _attempt(of)
    for stage in stages:
        if stage not in of.reached:
            of.because[stage] = _because(of, stage)
    return of


def _played(of: Gathered, name: str, life: Life) -> None:
    """Play a life: what is accepted of it is a life, and a refusal by one rule alone is a proof."""
    on, refusals = playing(of.registry), 0
    cleaned: Life = []
    for document in life:
        try:
            answer = on.submit(document)
        except (InputError, CandidacyError):
            refusals += 1  # such as a move to another edition: the rest may be possible all the same
            continue
        if answer.accepted:
            cleaned.append(document)
            of.entered.add(str(document["type"]))
            of.reached.setdefault(on.case(str(document["case"]))[0].state, name)
            continue
        refusals += 1
        refusing = {f.rule for f in answer.findings if f.refuses}
        if len(refusing) == 1 and (rule := next(iter(refusing))) not in of.proofs:
            change = f"with {document['type']} of {document['day']}"
            of.proofs[rule] = Proof(rule, name, change, str(document["type"]), [], [*cleaned, document])
    if refusals:
        of.refused.append((name, life))
    if cleaned:
        of.accepted.append((name, cleaned))
        of.begun = of.begun or cleaned[:1]
        for rule, proof in of.proofs.items():
            if proof.life == name and not proof.accepted:
                of.proofs[rule] = attrs.evolve(proof, accepted=cleaned)


def _attempt(of: Gathered) -> None:
    """Try every act that is possible where a case has begun, and where each life ends: a refusal by one rule alone is a proof."""
    looked_at = set[tuple[str, str]]()
    for name, life in [("the beginning", of.begun), *of.accepted] if of.begun else ():
        on = playing(of.registry)
        if not all(on.submit(document).accepted for document in life):
            continue
        case, _ = on.case(str(life[0]["case"]))
        day = max(e.day for e in case.entries)
        filler = Filler(Random(0), day, of.registry.codec.kinds)  # noqa: S311 (a seed, nothing secret)
        for act in of.edition.lifecycle.acts.values():
            if (case.state, act.type_name) not in of.edition.table or (case.state, act.type_name) in looked_at:
                continue
            looked_at.add((case.state, act.type_name))
            document = _filled(of, act, filler, case, day)
            if document is not None:
                _tried(of, name, [*life, document])


def _filled(of: Gathered, act: type[Act], filler: Filler, case: Case, day: date) -> dict[str, Any] | None:
    """A command that enters *act* in a case, whatever its fields hold; None where nobody in the case may."""
    people = [person for role in of.edition.entered_by.get(act, ()) for person in case.people(role, day)]
    fields = {a.name: {"type": type_words(a.type), "label": ""} for a in fields_of(act)}
    try:
        payload = filler.payload({"type": act.type_name, "open": fields, "payload": {}})
    except NothingFitsError:
        return None
    about = {"id": f"{case.id}-{act.type_name}"[:64], "case": case.id, "type": act.type_name, "day": str(day)}
    return {**about, "actor": {"person": people[0]}, "payload": payload} if people else None


def _tried(of: Gathered, name: str, life: Life) -> None:
    accepted, refusing, act = judged(of.registry, life)
    of.attempted.append((f"{name}, and {life[-1]['type']}", life))
    if not accepted and len(refusing) == 1 and (rule := next(iter(refusing))) not in of.proofs:
        of.proofs[rule] = Proof(rule, name, f"with {act} of {life[-1]['day']}", act, life[:-1], life)


def _beginning(of: Gathered) -> Life:
    """The act that begins a case in which everybody takes part, where it is the engine's own; [] where it is not."""
    if CandidateSelected not in of.edition.lifecycle.acts.values():
        return []
    story = Story("life")
    cast = tuple(RoleNamed(Id(f"life.p{n}"), RoleName(role.name)) for n, role in enumerate(of.edition.roles, 1))
    announcement = next(iter(of.registry.programs[of.program.name].announcements))
    by = next((c.person for c in cast if c.role in of.edition.entered_by[CandidateSelected]), cast[0].person)
    story.tell(of.edition.in_force, CandidateSelected(Id(of.program.name), Id(announcement), cast), by=by)
    return [dict(document) for document in story]


def _because(of: Gathered, stage: str) -> str:
    """Why no path leads to a stage."""
    on = playing(of.registry)
    if not all(on.submit(document).accepted for document in of.begun):
        return "the act that begins a case is refused"
    case, _ = on.case(str(of.begun[0]["case"]))
    day = max(e.day for e in case.entries)
    found = path(case, of.edition, to=stage, as_of=day, whole=False)
    if found.obstacles:
        return "; ".join(dict.fromkeys(f"{o.rule}: {', '.join(o.because) or o.known}" for o in found.obstacles))
    if found.bounds and found.day is None:
        return "; ".join(bound.what for bound in found.bounds)
    return "what its plan leaves open was filled in at random, and not accepted: a story has to"


# --- proofs


def prove_all(of: Gathered, rules: set[str], doing: Callable[[str], None], *, known: frozenset[str] = frozenset()) -> None:
    """Look for a proof of each of those *rules* that stand before an act and bind, until each has one or nothing is left to try.

    Args:
        known: rules that are not looked for: there is a proof already, or none can be. What is found of them on the way is kept.
    """
    wanted, kinds = {r.id: r for r in of.edition.rules if r.id in rules and r.binding and r.before}, of.registry.codec.kinds
    for everything in (False, True):  # what is left out of a life is soon tried, and proves most
        for name, life in [*reversed(of.accepted)]:
            types = {kinds[document["type"]] for document in life if document["type"] in kinds}
            missing = wanted.keys() - known - of.proofs.keys()
            open_ones = {i for i in missing if any(issubclass(t, wanted[i].before) for t in types)}
            if open_ones:
                doing(f"looking for lives in which {', '.join(sorted(open_ones))} refuses alone")
                tries = TRIES if everything else len(life) - 1
                prove(of.registry, (name, life), 1, set(wanted), of.proofs, open_ones, tries)


def explore(of: Gathered) -> None:
    """Play accepted lives with one thing changed, some of each: rules are asked about more than their authors thought of."""
    for _, life in of.accepted[:EXPLORED]:
        like, others = Changes(of.registry, life), list(islice(changed(life, 1), TRIES))
        for _, other in others[:: max(1, len(others) // OF_EACH)]:
            like.play(other)


def otherwise_from_the_start(of: Gathered) -> list[tuple[str, Life]]:
    """An accepted life with other content early on, the earliest change last: asked first, it shows what a rule keeps."""
    name, life = of.accepted[0] if of.accepted else ("", [])
    others = (one for one in changed(life, 1) if " with another " in one[0])
    found = ((f"{name}, {what} ({n})", other) for n, (what, other) in enumerate(others, 1))
    return list(islice(found, OF_THE_START))[::-1]


def excluding(of: Gathered) -> Iterator[tuple[str, str, str]]:
    """Pairs of binding rules in front of an act that no life comes to: each alone lets one pass, and both together none."""
    for act in dict.fromkeys(of.edition.lifecycle.acts.values()):
        rules = [r for r in of.edition.rules_for(act) if r.binding and issubclass(act, r.before)]
        if act.type_name in of.entered or len(rules) < 2 or not of.begun:  # noqa: PLR2004 (a pair)
            continue
        alone = {r.id for r in rules if _passes(of, act, {r.id}, rules)}
        pairs = [(a.id, b.id) for n, a in enumerate(rules) for b in rules[n + 1 :] if {a.id, b.id} <= alone][:MOST_PAIRS]
        for one, other in pairs:
            if not _passes(of, act, {one, other}, rules):
                yield act.type_name, one, other


def _passes(of: Gathered, act: type[Act], kept: set[str], rules: list[Any]) -> bool:
    """Whether a path leads to where *act* leads, with only some of the rules in front of it."""
    out = {r.id for r in rules} - kept
    fewer = attrs.evolve(
        of.edition, rules=tuple(r for r in of.edition.rules if r.id not in out), catalogue=(), alike=(), waivers=(), takes=()
    )
    others = tuple(e for e in of.program.editions if e.name != fewer.name)  # what rules may ask for is said of all together
    on = playing(forced(attrs.evolve(of.program, editions=(fewer, *others), announcements={CHECKED: fewer.name}), fewer))
    begun = [{**d, "payload": {**d["payload"], "announcement": CHECKED}} for d in of.begun]
    if not all(on.submit(document).accepted for document in begun):
        return False
    case, _ = on.case(str(begun[0]["case"]))
    for to in dict.fromkeys(m.to for m in of.edition.lifecycle.moves if m.act is act and m.to != m.state):
        found = path(case, fewer, to=to, as_of=max(e.day for e in case.entries), whole=False)
        if found.reached or (found.day is not None and act.type_name in found.way):
            return True
    return False
