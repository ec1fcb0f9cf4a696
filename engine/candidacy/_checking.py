"""The processes in which a plugin is looked at: one line of JSON in, lines of JSON out.

`whole` looks at everything that one process can; `again` loads the plugin among the others and answers the lives once more;
`docs` writes its pages.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from calendar import day_abbr, day_name, month_abbr, month_name
from contextlib import suppress
from functools import partial as bound
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from candidacy._gathering import excluding, explore, forced, gathered, otherwise_from_the_start, prove_all, stories, told_of
from candidacy._helping import unhelpful
from candidacy._loading import NEVER_ALONE, Blocked, Loaded, loading, never_alone, newest, note_what_authorities_make
from candidacy._pages import pages
from candidacy._papers import no_readme, wrong_citations, wrong_coverage, wrong_golden, wrong_numbers, wrong_table, wrong_words
from candidacy._points import BY_CODE
from candidacy._proofs import playing
from candidacy._purity import PURE_MODULES, impurities
from candidacy._reach import onward, traps, unreached
from candidacy._shifting import ENDS, LEAP, shifts
from candidacy._standing import changed, standing
from candidacy._watching import Watch, asked
from candidacy.api import OLDEST_API
from candidacy.canonical import canonical
from candidacy.case import NOT_BEGUN
from candidacy.check import Outcome
from candidacy.errors import CandidacyError, InputError
from candidacy.registry import DECLARES, Fault, Registry, load, offered_names, why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from candidacy._gathering import Gathered, Told
    from candidacy._proofs import Life
    from candidacy.decision import Json
    from candidacy.program import Program
    from candidacy.rule import Rule

LOOKED_AT_EACH = 3
"""Of how many failures of one rule or edition each point tells."""


def main() -> None:
    """Do what the first line asks for."""
    asks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what the plugin prints is no part of an answer
    question = json.loads(asks.readline())
    say = bound(_say, answers)
    if question.get("other_words"):
        _write_days_otherwise()
    try:
        {"whole": whole, "again": again, "docs": docs}[question["asks"]](question, say)
        say({"done": True})
    except Exception as fault:  # noqa: BLE001 (what a plugin leaves behind may break anything)
        say({"fault": why(fault, "looking")})
    os._exit(0)  # what the plugin left behind, such as threads, ends here


def _say(answers: BinaryIO, data: Json) -> None:
    answers.write(json.dumps(data).encode() + b"\n")
    answers.flush()


def _write_days_otherwise() -> None:
    """Write days and months in other words than English, as a machine in another language does."""
    plain, names = time.strftime, [*month_name, *month_abbr, *day_name, *day_abbr]
    english = re.compile("|".join(sorted(filter(None, names), key=len, reverse=True)))
    time.strftime = lambda *of: english.sub(lambda name: name[0][::-1], plain(*of))


# --- answering lives


def answers(programs: list[Program], lives: list[Json]) -> Iterator[Json]:
    """What becomes of each command of lives, in short: digests of the findings by rule."""
    by_name = {p.name: p for p in programs}
    for life in lives:
        program = by_name.get(life["program"])
        edition = program.edition(life["edition"]) if program else None
        if program is None or edition is None:
            yield {"life": life["name"], "answers": []}
            continue
        on, found = playing(forced(program, edition)), []
        for document in life["life"]:
            try:
                answer = on.submit(document)
            except (InputError, CandidacyError) as wrong:
                found.append({"error": sha256(str(wrong).encode()).hexdigest()[:12]})
                continue
            digests: Json = {f.rule: sha256(canonical(f.as_data())).hexdigest()[:12] for f in answer.findings}
            digests["accepted"] = answer.accepted
            found.append(digests)
        yield {"life": life["name"], "answers": found}


def again(question: Json, say: Callable[[Json], None]) -> None:
    """Load the plugin in an order, and answer lives."""
    found = loading(Path(question["folder"]), question["order"])
    declared = {f"{e.id} r{e.revision}": e.declared for p in found.programs for e in p.editions}
    say(
        {"declared": declared, "others": found.others, "owners": found.owners, "theirs": found.declared,
         "packages": sorted(set(found.packages)), "wrong": found.wrong}
    )  # fmt: skip
    for answered in answers(found.programs, question.get("lives", [])[:: -1 if question.get("backwards") else 1]):
        say({"answered": answered})


# --- documents


def docs(question: Json, say: Callable[[Json], None]) -> None:
    """Write the pages of a plugin in a folder, or of an installed program."""
    found = loading(Path(question["folder"]), "alone") if "folder" in question else _installed(question["program"])
    if found.wrong:
        say({"wrong": found.wrong})
        return
    told = list(told_of(found.caseload(), "caseload")) if found.caseload is not None else []
    if "folder" in question:
        more, problems = stories(Path(question["folder"]), Registry.of(*found.programs))
        if problems:
            say({"wrong": "; ".join(map(str, problems))})
            return
        told = [*more, *told]
    for program in found.programs:
        if question.get("program") in {None, program.name}:
            say({"program": program.name, "pages": pages(program, newest(program), told, lambda what: say({"doing": what}))})


def _installed(name: str) -> Loaded:
    """The plugin that offers an installed program."""
    for entry in offered_names()[0]:
        found, loaded = Loaded(entry.name), load(entry)
        if isinstance(loaded, Fault):
            continue
        hooks, found.programs = loaded
        found.caseload = hooks.get("candidacy_caseload")
        if name in {p.name for p in found.programs}:
            return found
    return Loaded(name, wrong="no installed plugin offers it")


# --- the whole


def whole(question: Json, say: Callable[[Json], None]) -> None:
    """Look at everything that one process can."""
    made: dict[Any, Rule] = {}
    note_what_authorities_make(made)
    sys.meta_path.insert(0, Blocked(question["blocked"]))
    folder, stood = Path(question["folder"]), standing()
    found = loading(folder, "alone")
    shared = "" if found.wrong or found.programs else "it offers no program: what others take from it is looked at in theirs"
    loads = "P104" if found.other_version else "P101"
    say({"point": loads, "failures": [found.wrong] if found.wrong else [], "note": shared})
    if found.wrong:
        return
    say({"point": "P102", "failures": [f"while it loads, {what} is changed" for what in changed(stood)]})
    declared = {f"{e.id} r{e.revision}": e.declared for p in found.programs for e in p.editions}
    say({"declared": declared, "programs": [p.name for p in found.programs]})
    say({"point": "P104", **written_for(found.name)})
    _Whole(found, folder, question, say, made).look()


def written_for(name: str) -> Json:
    """P104: the version of the API for which a package says that it is written."""
    said = getattr(sys.modules[name], DECLARES, None)
    return {"failures": [], "note": f"for version {said}" if said else "declares none, and so counts as written for version 1"}


class _Whole:
    """Everything that is looked at in the process of one plugin."""

    def __init__(self, found: Loaded, folder: Path, question: Json, say: Callable[[Json], None], made: dict[Any, Rule]) -> None:
        self.found, self.folder, self.question, self.say, self.made = found, folder, question, say, made
        self.version = int(getattr(sys.modules[found.name], DECLARES, OLDEST_API))
        self.judges = {id(r): r.judge for p in found.programs for e in p.editions for r in e.rules}
        self.watch = Watch(question["seconds"], self._hung)
        self.editions = [(p, e) for p in found.programs for e in newest(p)]
        self.own = {r.id for _, e in self.editions for r in e.rules if self._is_own(r)}
        self.never, self.wrongly_never = never_alone(found.name)

    def _is_own(self, rule: Rule) -> bool:
        return str(rule.judge.__module__).partition(".")[0] == self.found.name

    def _hung(self, rule: str) -> None:
        took = f"{rule}: took more than {self.question['seconds']} seconds to answer"
        self.say({"point": "P105", "failures": [took]})
        self.say({"hung": rule})
        os._exit(0)

    def doing(self, what: str) -> None:
        """Tell what is being looked at, for where it takes too long."""
        self.say({"doing": what})

    def point(self, code: str, failures: Iterable[str], note: str = "") -> None:
        """Tell what a point found; nothing is wrong where the plugin is written for a version that did not have it."""
        if self.version < BY_CODE[code].since:
            failures, note = [], f"written for version {self.version} of the API, which did not ask for it"
        self.say({"point": code, "failures": list(dict.fromkeys(failures)), "note": note})

    def look(self) -> None:
        """Look at everything, what is quick and needs no life first."""
        self._papers()
        self._lifecycles()
        self.point("P306", self._changed_rules())
        self._sources()
        told = self._told()
        self.watch.over(e for _, e in self.editions)
        stood = standing()
        self._empty_cases()
        gathers = [gathered(p, e, told, self.doing) for p, e in self.editions]
        self._reached(gathers)
        self.watch.closely = True
        for of in gathers:
            self.doing(f"asking the rules of {of.name} closely")
            for _, life in of.all:
                _play(of.registry, life)
            explore(of)
        self.watch.closely = False
        self._moved()
        self._remedies()
        known = frozenset(self.never)
        for of in gathers:
            known = known.union(*(each.proofs for each in gathers))  # what one edition proves need not be proven of another
            prove_all(of, self.own, self.doing, known=known)
        self._alive(gathers)
        self._noticed()
        self.point("P102", (f"while rules are asked, {what} is changed" for what in changed(stood)))
        self._lives(gathers)

    # --- quick ones

    def _papers(self) -> None:
        self.doing("what is written about it")
        editions = [e for _, e in self.editions]
        owners = {p.name for p in self.found.programs} | {i.partition(".")[0] for i in self.own}
        self.point("P601", (w for e in editions for w in wrong_citations(e, self.folder)))
        self.point("P603", [*wrong_coverage(editions, owners), *wrong_table(self.found.programs, self.folder)])
        self.point("P604", [*no_readme(self.folder), *(w for e in editions for w in wrong_words(e, self.found.name))])
        kept = self.folder / "golden"
        self.doing("the kept ledgers")
        registry = Registry.of(*self.found.programs)
        self.point("P605", wrong_golden(kept, registry) if kept.is_dir() else [], "" if kept.is_dir() else "no ledger is kept yet")

    def _lifecycles(self) -> None:
        self.doing("the lifecycle")
        self.point("P201", (w for _, e in self.editions for w in unreached(e)))
        self.point("P202", (w for _, e in self.editions for w in traps(e)))

    def _changed_rules(self) -> Iterator[str]:
        owners = self.question["owners"]
        for _, edition in self.editions:
            for rule in edition.rules:
                owner = rule.id.partition(".")[0]
                if self._is_own(rule):
                    if owner in owners:
                        yield f"{rule.id}: takes the name of {owner!r}, for whom the plugin {owners[owner]} speaks"
                    continue
                original = self.made.get(self.judges[id(rule)])
                if original is None:
                    yield f"{rule.id}: is no rule that an authority of its package made"
                elif attrs.evolve(rule, before=original.before) != original or not set(original.before) <= set(rule.before):
                    changed = [a.name for a in attrs.fields(type(rule)) if getattr(original, a.name) != getattr(rule, a.name)]
                    yield f"{rule.id}: is not as its authority made it: {', '.join(changed)}"

    def _sources(self) -> None:
        self.doing("the source")
        shared = {e.value.partition(":")[0].partition(".")[0] for e in offered_names()[0]} - set(self.question["blocked"])
        allowed = PURE_MODULES | shared | {"candidacy", self.found.name}
        failures = []
        for file in _files(self.found.name):
            try:
                found = list(impurities(file.read_text(encoding="utf-8"), allowed))
            except (SyntaxError, UnicodeDecodeError):
                found = ["cannot be read"]
            failures += [f"{file.name}: {what}" for what in found]
        self.point("P501", failures)

    def _told(self) -> list[Told]:
        registry = Registry.of(*self.found.programs)
        told, problems = stories(self.folder, registry)
        failures = [str(p) for p in problems]
        if self.found.caseload is not None:
            try:
                told += list(told_of(self.found.caseload(), "caseload"))
            except Exception as failure:  # noqa: BLE001 (code of others may raise anything)
                failures.append(f"the caseload raised {type(failure).__name__}")
        names = {p.name for p in self.found.programs}
        failures += [
            f"{t.name}: begins a case of {t.program!r}, which is none of its programs" for t in told if t.program not in names
        ]
        for one in told:
            failures += [f"{one.name}: {wrong}" for wrong in _misunderstood(registry, one.life)]
        self.point("P606", failures, f"{len(told)} lives are told")
        return told

    # --- by asking rules

    def _empty_cases(self) -> None:
        """Ask every rule of a case that knows nothing, about a draft that knows nothing."""
        from candidacy.events import partial

        self.doing("asking the rules of a case that knows nothing")
        for _, edition in self.editions:
            for rule in edition.rules:
                for kind in edition.entered_by:
                    if rule.concerns(kind):
                        with suppress(BaseException):
                            rule.judge(edition.case().watched(), partial(kind), edition.in_force)

    def _reached(self, gathers: list[Gathered]) -> None:
        failures = [
            f"{of.name}: no life reaches {stage!r}: {why}"
            for of in gathers
            for stage, why in of.because.items()
            if stage in onward(of.edition)[NOT_BEGUN]
        ]
        failures += [
            f"{of.name}: its cases begin with an act of its own: needed a story that begins one" for of in gathers if not of.begun
        ]
        self.point("P203", failures, f"{sum(len(of.accepted) for of in gathers)} lives are accepted")
        pairs = []
        for of in gathers:
            self.doing(f"pairs of rules of {of.name}")
            pairs += [
                f"{one} and {other}: in front of {act}, each alone lets a life pass, both together none"
                for act, one, other in excluding(of)
            ]
        self.point("P204", pairs)

    def _moved(self) -> None:
        for code, ends in (("P404", LEAP), ("P405", ENDS)):
            self.watch.raises = code
            self.doing("days where calendars bend")
            for rule, kept in self.watch.situations.items():
                if rule in self.own and ("P302", rule) not in self.watch.seen:
                    for situation in kept[:12]:
                        for case, event, day in shifts(situation, ends):
                            asked(situation, case, event, day)
            self.watch.raises = "P302"

    def _remedies(self) -> None:
        failures = []
        for program, edition in self.editions:
            codec = forced(program, edition).codec
            here = {r.id for r in edition.rules} & self.own
            for rule in sorted(here):
                self.doing(f"the remedies of {rule}")
                said = (
                    w
                    for s in self.watch.situations.get(rule, [])
                    if s.case.edition in {"", edition.id}
                    for w in unhelpful(s, edition, codec)
                )
                failures += [f"{rule}: {what}" for what in list(dict.fromkeys(said))[:LOOKED_AT_EACH]]
        self.point("P305", failures)

    def _alive(self, gathers: list[Gathered]) -> None:
        proven = {rule for of in gathers for rule in of.proofs}
        rules = {r.id: r for _, e in self.editions for r in e.rules if r.id in self.own}
        failures = [*self.wrongly_never, *self._never_alone(rules, proven)]
        for rule in rules.values():
            if rule.binding and rule.before:
                failures += [f"{rule.id}: no life was found in which it alone refuses"] * (rule.id not in {*proven, *self.never})
            elif not self.watch.outcomes.get(rule.id, set()) - {Outcome.MET, Outcome.NOT_APPLICABLE}:
                failures.append(f"{rule.id}: no life was found in which it is not met")
        note = f"{len(rules)} rules, {len(proven & set(rules))} of them with a life in which one alone refuses"
        never = f"; {len(self.never)} said never to refuse alone: {', '.join(sorted(self.never))}" if self.never else ""
        self.point("P301", failures, note + never)

    def _never_alone(self, rules: Mapping[str, Rule], proven: set[str]) -> Iterator[str]:
        """What is wrong with the rules of which the author says that they never refuse alone."""
        for rule in self.never:
            if rule not in rules or not (rules[rule].binding and rules[rule].before):
                yield f"{rule}: {NEVER_ALONE} names it, and it is no binding rule of the plugin in front of an act"
            elif rule in proven:
                yield f"{rule}: {NEVER_ALONE} names it, and a life was found in which it alone refuses"
            elif not self.watch.outcomes.get(rule, set()) - {Outcome.MET, Outcome.NOT_APPLICABLE}:
                yield f"{rule}: {NEVER_ALONE} names it, and no life was found in which it is not met"

    def _noticed(self) -> None:
        """Tell what the watch saw."""
        for code in ("P302", "P303", "P304", "P307", "P404", "P405", "P406", "P407", "P502"):
            self.point(code, (f"{rule}: {what}" for (seen, rule), what in self.watch.seen.items() if seen == code))
        asked = {e.id: {name for of, name in self.watch.missing if of == e.id} for _, e in self.editions}
        self.point("P602", (w for _, e in self.editions for w in wrong_numbers(e, asked[e.id])))
        self.point("P105", [])

    def _lives(self, gathers: list[Gathered]) -> None:
        """Tell the lives that other processes are to answer, and what is answered here."""
        lives = [
            {"program": of.program.name, "edition": of.edition.name, "name": f"{of.name}: {name}", "life": life}
            for of in gathers
            for name, life in [
                *of.each_named,
                *((f"refused by {p.rule}", p.refused) for p in of.proofs.values()),
                *otherwise_from_the_start(of),
            ]
        ]
        self.say({"lives": lives})
        for answered in answers(self.found.programs, lives):
            self.say({"answered": answered})


def _play(registry: Registry, life: Life) -> None:
    on = playing(registry)
    for document in life:
        with suppress(CandidacyError):
            on.submit(document)


def _misunderstood(registry: Registry, life: Life) -> Iterator[str]:
    on = playing(registry)
    for document in life:
        try:
            on.submit(document)
        except InputError as wrong:
            yield from (f"{document['type']} of {document['day']}: {p}" for p in wrong.problems)
        except CandidacyError as wrong:
            yield f"{document['type']} of {document['day']}: {wrong}"


def _files(name: str) -> list[Path]:
    module = import_module(name)
    file = Path(str(module.__file__))
    return sorted(file.parent.rglob("*.py")) if hasattr(module, "__path__") else [file]
