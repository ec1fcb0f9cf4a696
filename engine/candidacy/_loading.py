"""Loading the plugin in a folder, in a process made for it: alone, before the installed ones, or after them."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import attrs

from candidacy import authority
from candidacy._drafting import package
from candidacy.registry import GROUP, Fault, is_for_another_version, load, offered_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from candidacy.program import Edition, Program
    from candidacy.rule import Rule

NEVER_ALONE, SHORTEST_REASON = "CANDIDACY_NEVER_ALONE", 20
"""The name under which a plugin lists rules of which no life shows that they alone refuse; characters of a reason at least."""


@attrs.define
class Loaded:
    """What was loaded of a folder.

    Attributes:
        wrong: why the plugin does not load; "" where it does.
        other_version: whether that is because of the version of the API it is written for.
        others: the names of the programs of the other plugins, each with the entry point that offers it.
        declared: the digests of what the others declare.
        packages: the packages of the others that offer programs.
    """

    name: str
    programs: list[Program] = attrs.field(factory=list)
    caseload: Callable[[], Iterable[Mapping[str, Any]]] | None = None
    wrong: str = ""
    other_version: bool = False
    others: dict[str, str] = attrs.field(factory=dict)
    owners: dict[str, str] = attrs.field(factory=dict)
    declared: dict[str, str] = attrs.field(factory=dict)
    packages: list[str] = attrs.field(factory=list)


class Blocked(MetaPathFinder):
    """Lets nobody import some packages."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = frozenset(packages)

    def find_spec(self, name: str, *_: Any) -> None:
        """Nothing; refuses what is blocked."""
        if name in self._packages:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def loading(folder: Path, order: str) -> Loaded:
    """Load the plugin in a folder, alone, before the installed ones or after them."""
    root, name = package(folder)
    sys.path.insert(0, str(root))
    found = Loaded(name)
    steps: dict[str, tuple[Callable[[Loaded], None], ...]] = {
        "alone": (_own,),
        "first": (_own, _others),
        "last": (_others, _own),
    }
    for step in steps[order]:
        step(found)
    return found


def _own(found: Loaded) -> None:
    entry = EntryPoint(found.name, found.name, GROUP)
    loaded = load(entry)
    if isinstance(loaded, Fault):
        found.wrong, found.other_version = loaded.why, is_for_another_version(entry)
        return
    hooks, found.programs = loaded
    found.caseload = hooks.get("candidacy_caseload")


def _others(found: Loaded) -> None:
    for entry in offered_names()[0]:
        top = entry.value.partition(":")[0].partition(".")[0]
        if top == found.name:
            continue
        loaded = load(entry)
        for program in [] if isinstance(loaded, Fault) else loaded[1]:
            found.others[program.name] = entry.name
            found.packages.append(top)
            for edition in program.editions:
                found.declared[f"{edition.id} r{edition.revision}"] = edition.declared
                found.owners |= {r.id.partition(".")[0]: entry.name for r in edition.rules}


def newest(program: Program) -> list[Edition]:
    """The newest revision of each edition of a program."""
    found = (program.edition(name) for name in dict.fromkeys(e.name for e in program.editions))
    return [edition for edition in found if edition is not None]


def note_what_authorities_make(made: dict[Any, Rule]) -> None:
    """From now on, note every rule as the authority made it, by its function."""
    plain = authority.Asks.__call__

    def noting(self: Any, **given: Any) -> Any:
        decorate = plain(self, **given)

        def decorated(judge: Any) -> Rule:
            rule: Rule = decorate(judge)
            made[judge] = attrs.evolve(rule)
            return rule

        return decorated

    authority.Asks.__call__ = noting  # type: ignore[method-assign]


def never_alone(name: str) -> tuple[dict[str, str], list[str]]:
    """The rules of which a package says that they never refuse alone, each with the reason; and what is wrong with saying so."""
    said = getattr(sys.modules[name], NEVER_ALONE, {})
    if not isinstance(said, dict):
        return {}, [f"found {NEVER_ALONE} = {type(said).__name__}; needed a dict of rule ids, each with the reason"]
    sound = {rule: why for rule, why in said.items() if isinstance(why, str) and len(why.strip()) >= SHORTEST_REASON}
    lacking = [f"{rule}: {NEVER_ALONE} gives no reason of {SHORTEST_REASON} characters" for rule in said if rule not in sound]
    return sound, lacking
