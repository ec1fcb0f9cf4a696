"""Programs that plugins supply, found through the entry-point group ``candidacy``. The only place that knows pluggy.

Each plugin is loaded and called on its own: one that fails is named and left out, the others load.
Order of installation never decides anything.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.metadata import EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from typing import Any

import attrs
import pluggy

from candidacy import interventions, standard
from candidacy.api import API_VERSION, OLDEST_API
from candidacy.codec import Codec
from candidacy.errors import CandidacyError, DefinitionError, InputError, Problem
from candidacy.events import CaseTakenOver, Event, JudgementGiven, ReferenceRecorded, RoleEnded, RoleGiven
from candidacy.program import Edition, Program
from candidacy.structure import check_fields

GROUP = "candidacy"
hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)
DECIDING = (
    "answering", "asking", "authority", "canonical", "case", "check", "citation", "clock", "codec", "contradictions", "deciding",
    "decision", "document", "door", "draft", "errors", "events", "folding", "form", "guards", "interventions", "latitude",
    "lifecycle", "parameter", "program", "record", "role", "rule",
    "settling", "spans", "standard", "strands", "strict", "structure",
    "terms", "workdays",
)  # fmt: skip
"""The engine's modules whose source a decision rests on."""


class Hooks:
    """What a plugin may offer."""

    @hookspec
    def candidacy_programs(self) -> Iterable[Program]:  # type: ignore[empty-body]
        """The programs of this agency: the only hook an agency needs."""

    @hookspec
    def candidacy_caseload(self) -> Iterable[Mapping[str, Any]]:  # type: ignore[empty-body]
        """Commands of invented people, in order, for the demonstration."""


@attrs.frozen
class Fault:
    """A plugin that was left out, and why."""

    plugin: str
    why: str

    def __str__(self) -> str:
        return f"plugin {self.plugin} is left out: {self.why}"


@attrs.frozen(eq=False, slots=False)
class Registry:
    """The programs that are installed. Make one with `discover`, or of programs at hand with `Registry.of`."""

    programs: Mapping[str, Program]
    faults: tuple[Fault, ...] = ()
    caseloads: Mapping[str, Callable[[], Iterable[Mapping[str, Any]]]] = attrs.field(factory=dict)
    """Where a plugin has one, what gives the commands of its invented people."""
    source: tuple[Any, ...] = ()
    """A function of a module and its arguments, that give this registry again in another process; () where there is none."""

    @classmethod
    def of(cls, *programs: Program) -> "Registry":
        """A registry of these programs alone."""
        return cls({p.name: p for p in programs})

    @classmethod
    def made_by(cls, function: "Callable[..., Registry]", *arguments: object) -> "Registry":
        """The registry that *function*, which a module has, gives for *arguments*; other processes make it again so."""
        return attrs.evolve(function(*arguments), source=(function, *arguments))

    def __reduce__(self) -> tuple[Any, ...]:
        if not self.source:
            found = "a registry of programs at hand, which another process cannot make again"
            raise InputError([Problem("registry", found, "`discover()`, or one made with `Registry.made_by`")])
        return _made_again, self.source

    @cached_property
    def codec(self) -> Codec:
        """Reads and writes the events of these programs and the engine's own."""
        kinds = [k for p in self.programs.values() for e in p.editions for k in e.entered_by]
        return Codec([*ENGINE_EVENTS, *kinds])

    def edition(self, recorded: Mapping[str, Any]) -> tuple[Edition, bool] | None:
        """The edition a record names, and whether in the very revision; None where it is not installed."""
        program = self.programs.get(recorded["program"])
        exact = program.edition(recorded["name"], recorded["revision"]) if program else None
        newest = program.edition(recorded["name"]) if program else None
        return (exact, True) if exact else (newest, False) if newest else None

    def newest(self, recorded: Mapping[str, Any]) -> Edition | None:
        """The newest revision of the edition a record names; None where it is not installed."""
        program = self.programs.get(recorded["program"])
        return program.edition(recorded["name"]) if program else None

    def code(self, edition: Edition) -> str:
        """Digest of the source files that decide under *edition*: its plugins' and the engine's deciding modules."""
        return self._listed(edition)[1]

    def listed(self, edition: Edition) -> bytes:
        """What `code` is the digest of: a line for each of those files, as ``sha256sum`` writes it."""
        return self._listed(edition)[0]

    def _listed(self, edition: Edition) -> tuple[bytes, str]:
        which = edition.id, edition.revision
        if which not in self._lists:
            files = self.sources(edition)
            lines = b"".join(f"{sha256(path.read_bytes()).hexdigest()}  {name}\n".encode() for name, path in files)
            self._lists[which] = lines, sha256(lines).hexdigest()
        return self._lists[which]

    def sources(self, edition: Edition) -> list[tuple[str, Path]]:
        """Those files, each by its name below the folder that holds its package."""
        modules = {r.judge.__module__ for r in edition.rules} | {k.__module__ for k in edition.entered_by}
        packages = {_package(m) for m in modules if m.partition(".")[0] != "candidacy"}
        files = [f for p in sorted(packages) for f in _sources(p)]
        here = Path(__file__).parent
        return files + [(f"candidacy/{m}.py", here / f"{m}.py") for m in DECIDING]

    @cached_property
    def _lists(self) -> dict[tuple[str, int], tuple[bytes, str]]:
        return {}


def _package(module: str) -> str:
    """The outermost package of a module that has source of its own; a namespace above it belongs to many."""
    parts = module.split(".")
    names = [".".join(parts[: n + 1]) for n in range(len(parts))]
    return next((n for n in names if getattr(sys.modules.get(n), "__file__", None)), module)


def _sources(package: str) -> list[tuple[str, Path]]:
    """Its source files by name; none for what was typed in by hand."""
    module = sys.modules.get(package)
    file = getattr(module, "__file__", None)
    if file is None:
        return []
    if not hasattr(module, "__path__"):
        return [(f"{package}.py", Path(file))]
    root = Path(file).parent
    return sorted((f"{package}/{p.relative_to(root).as_posix()}", p) for p in root.rglob("*.py"))


ENGINE_EVENTS: tuple[type[Event], ...] = (
    JudgementGiven,
    CaseTakenOver,
    RoleGiven,
    RoleEnded,
    ReferenceRecorded,
    standard.SesMembershipRecorded,
    standard.JudgementNoted,
    *interventions.CORRECTIONS,
    interventions.WaiverGranted,
    interventions.ExtensionGranted,
    interventions.OverrideGranted,
    interventions.EditionMoved,
    *{m.act for lifecycle in (standard.CERTIFYING, standard.COMPLETING) for m in lifecycle.moves},
)


def discover() -> Registry:
    """The programs of all installed plugins, found anew."""
    entries, faults = offered_names()
    programs: dict[str, list[tuple[str, Program]]] = {}
    caseloads: dict[str, Callable[[], Iterable[Mapping[str, Any]]]] = {}
    for entry in entries:
        found = load(entry)
        if isinstance(found, Fault):
            faults.append(found)
            continue
        hooks, offered = found
        if "candidacy_caseload" in hooks:
            caseloads[entry.name] = hooks["candidacy_caseload"]
        for program in offered:
            programs.setdefault(program.name, []).append((entry.name, program))
    return attrs.evolve(_without_rivals(programs, caseloads, faults), source=(discover,))


@lru_cache(4)
def _made_again(function: Callable[..., Registry], *arguments: object) -> Registry:
    """In another process: the registry that a function gives, made once."""
    return attrs.evolve(function(*arguments), source=(function, *arguments))


def load(entry: EntryPoint) -> tuple[Mapping[str, Callable[[], Any]], list[Program]] | Fault:
    """A plugin's own implementations and the programs it offers, looked through as a whole; or why it is left out."""
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints while it loads is no part of an answer
            hooks = _hooks(entry)
            return hooks, _offered(hooks)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as failure:  # noqa: BLE001 (a plugin may raise anything while it loads)
        return Fault(entry.name, why(failure))


def offered_names() -> tuple[list[EntryPoint], list[Fault]]:
    """The entry points of our group, by name, but for names that more than one distribution takes."""
    found: dict[str, list[tuple[str, EntryPoint]]] = {}
    seen, faults = set[str](), list[Fault]()
    for distribution in distributions():
        who = str(distribution.name)
        if who in seen:  # the first on the path is the one that is imported
            continue
        seen.add(who)
        try:
            for entry in distribution.entry_points.select(group=GROUP):
                found.setdefault(entry.name, []).append((who, entry))
        except Exception:  # noqa: BLE001 (the standard library raises what it likes at a line it cannot read)
            if GROUP in (distribution.read_text("entry_points.txt") or ""):
                faults.append(Fault(who, "its entry points cannot be read; needed lines of the form name = module"))
    for name, who_takes in sorted(found.items()):
        if len(who_takes) > 1:
            faults.append(Fault(name, f"the entry-point name is taken by {' and '.join(sorted(w for w, _ in who_takes))}"))
    return [takes[0][1] for _, takes in sorted(found.items()) if len(takes) == 1], faults


def _without_rivals(
    offered: dict[str, list[tuple[str, Program]]],
    caseloads: dict[str, Callable[[], Iterable[Mapping[str, Any]]]],
    faults: list[Fault],
) -> Registry:
    """Leave out every plugin that offers a program that is offered twice."""
    for name, who in sorted(offered.items()):
        plugins = sorted({plugin for plugin, _ in who})
        if len(who) > 1:
            by = " and ".join(plugins) if len(plugins) > 1 else f"{plugins[0]} twice"
            faults += [Fault(plugin, f"the program {name!r} is offered by {by}") for plugin in plugins]
    out = {f.plugin for f in faults}
    kept = {name: who[0][1] for name, who in sorted(offered.items()) if not {p for p, _ in who} & out}
    return Registry(kept, tuple(faults), {k: v for k, v in caseloads.items() if k not in out})


def _hooks(entry: EntryPoint) -> dict[str, Callable[[], Any]]:
    """The plugin's own implementations, each to be called by itself."""
    _refuse_other_versions(entry, _declared_in_source(entry))
    plugin = entry.load()
    _refuse_other_versions(entry, getattr(plugin, DECLARES, OLDEST_API))
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    manager.register(plugin, name=entry.name)
    manager.check_pending()
    calls = manager.get_hookcallers(plugin) or []
    hooks = {call.name: implementation.function for call in calls for implementation in call.get_hookimpls()}
    if "candidacy_programs" not in hooks:
        raise DefinitionError("", ["found no hook candidacy_programs; needed it, marked with @candidacy.hookimpl"])
    return hooks


DECLARES = "CANDIDACY_API"
"""The name in a plugin's module that says for which version of the API it is written; one without it is written for the oldest."""
IN_SOURCE = re.compile(rf"^{DECLARES}\s*(?::[^=\n]*)?=\s*(\d{{1,9}})\s*(?:#.*)?$", re.MULTILINE)


def _declared_in_source(entry: EntryPoint) -> object:
    """The version that stands in the plugin's source, before anything of it runs: it may import what is not there yet."""
    try:
        spec = find_spec(entry.module.partition(".")[0])
        found = IN_SOURCE.search(Path(str(spec.origin)).read_text(encoding="utf-8")) if spec and spec.origin else None
    except (OSError, ValueError, ImportError):
        return OLDEST_API
    return int(found[1]) if found else OLDEST_API


def _refuse_other_versions(entry: EntryPoint, version: object) -> None:
    """Refuse a plugin that is written for a version of the API which this installation does not serve."""
    if type(version) is not int:
        raise DefinitionError("", [f"found {DECLARES} = {_kind(version)}; needed a whole number, such as {API_VERSION}"])
    serves = (
        f"this installation serves {OLDEST_API} to {API_VERSION}" if OLDEST_API < API_VERSION else f"this one serves {API_VERSION}"
    )
    if version > API_VERSION:
        needed = "install a newer candidacy"
        raise DefinitionError("", [f"{entry.module} is written for version {version} of the API, and {serves}: {needed}"])
    if version < OLDEST_API:
        needed = "install a newer release of the plugin"
        raise DefinitionError("", [f"{entry.module} is written for version {version} of the API, and {serves}: {needed}"])


def is_for_another_version(entry: EntryPoint) -> bool:
    """Whether a plugin that did not load is written for a version of the API which this installation does not serve."""
    try:
        _refuse_other_versions(entry, _declared_in_source(entry))
        _refuse_other_versions(entry, getattr(sys.modules.get(entry.module), DECLARES, OLDEST_API))
    except DefinitionError:
        return True
    return False


def _offered(hooks: Mapping[str, Callable[[], Any]]) -> list[Program]:
    """The programs a plugin offers, looked through as a whole."""
    answer = hooks["candidacy_programs"]()
    if not isinstance(answer, Iterable):
        raise DefinitionError("", [f"found {_kind(answer)} from candidacy_programs; needed a list of programs"])
    offered, problems = list(answer), list[str]()
    for program in offered:
        if isinstance(program, Program):
            problems += _wrong_events(program)
        else:
            problems.append(f"found {_kind(program)}; needed candidacy.Program")
    if problems:
        raise DefinitionError("", sorted(set(problems)))
    return offered


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__


def _wrong_events(program: Program) -> Iterator[str]:
    for kind in {kind for edition in program.editions for kind in edition.entered_by}:
        owner = kind.type_name.partition(".")[0]
        if owner not in {program.name, GROUP}:
            yield f"event {kind.type_name} of program {program.name!r} belongs to {owner!r}"
        if owner == GROUP and kind not in ENGINE_EVENTS:
            yield f"event {kind.type_name} claims to be the engine's"
        try:
            check_fields(kind)
        except DefinitionError as wrong:
            yield str(wrong)


def why(failure: BaseException, doing: str = "loading it") -> str:
    """What was raised, in words, with the file and line where it was."""
    if isinstance(failure, CandidacyError):
        return str(failure)
    if isinstance(failure, pluggy.PluginValidationError):
        return " ".join(str(failure).split())
    if isinstance(failure, SyntaxError) and failure.filename:
        return f"{doing} raised SyntaxError at {Path(failure.filename).name}:{failure.lineno}"
    frames = [f for f in extract_tb(failure.__traceback__) if not f.filename.startswith("<")]
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    missing = f" ({failure.name})" if isinstance(failure, ModuleNotFoundError) else ""
    return f"{doing} raised {type(failure).__name__}{missing}{where}"
