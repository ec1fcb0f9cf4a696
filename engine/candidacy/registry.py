"""Programs that plugins supply, found through the entry-point group ``candidacy``. The only place that knows pluggy.

Each plugin is loaded and called on its own: one that fails is named and left out, the others load.
Order of installation never decides anything.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pluggy

from candidacy import standard
from candidacy.codec import Codec, check_fields
from candidacy.errors import CandidacyError, DefinitionError
from candidacy.events import Event, JudgementGiven, RoleEnded, RoleGiven
from candidacy.program import Edition, Program

GROUP = "candidacy"
hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)
DECIDING = (
    "authority", "canonical", "case", "check", "citation", "deciding", "errors", "events", "lifecycle", "parameter",
    "program", "record", "rule", "spans", "standard", "strands", "terms",
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
    caseloads: Mapping[str, tuple[Mapping[str, Any], ...]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, *programs: Program) -> "Registry":
        """A registry of these programs alone."""
        return cls({p.name: p for p in programs})

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

    def code(self, edition: Edition) -> str:
        """Digest of the source files that decide under *edition*: its plugins' and the engine's deciding modules."""
        if edition.id not in self._codes:
            packages = {r.judge.__module__.partition(".")[0] for r in edition.rules}
            packages |= {k.__module__.partition(".")[0] for k in edition.entered_by}
            files = [f for p in sorted(packages - {"candidacy"}) for f in _sources(p)]
            here = Path(__file__).parent
            files += [(f"candidacy/{m}.py", here / f"{m}.py") for m in DECIDING]
            self._codes[edition.id] = sha256(
                b"".join(f"{sha256(path.read_bytes()).hexdigest()}  {name}\n".encode() for name, path in files)
            ).hexdigest()
        return self._codes[edition.id]

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {}


def _sources(package: str) -> list[tuple[str, Path]]:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    if not spec.submodule_search_locations:
        return [(Path(spec.origin).name, Path(spec.origin))]
    root = Path(spec.origin).parent
    return sorted((f"{package}/{p.relative_to(root).as_posix()}", p) for p in root.rglob("*.py"))


ENGINE_EVENTS: tuple[type[Event], ...] = (
    JudgementGiven,
    RoleGiven,
    RoleEnded,
    *{m.act for lifecycle in (standard.CERTIFYING, standard.COMPLETING) for m in lifecycle.moves},
)


def discover() -> Registry:
    """The programs of all installed plugins, found anew."""
    found = sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value))
    programs: dict[str, list[tuple[str, Program]]] = {}
    caseloads: dict[str, tuple[Mapping[str, Any], ...]] = {}
    faults: list[Fault] = []
    for entry in found:
        if [e.name for e in found].count(entry.name) > 1:
            faults.append(Fault(entry.name, "the entry-point name is taken by more than one distribution"))
            continue
        try:
            plugin = _loaded(entry)
            offered = list(_call(plugin, "candidacy_programs"))
            _check(entry.name, offered)
            caseloads[entry.name] = tuple(_call(plugin, "candidacy_caseload"))
        except (Exception, SystemExit) as failure:  # noqa: BLE001 (a plugin may raise anything while it loads)
            faults.append(Fault(entry.name, _why(failure)))
            continue
        for program in offered:
            programs.setdefault(program.name, []).append((entry.name, program))
    return _without_rivals(programs, caseloads, faults)


def _without_rivals(
    offered: dict[str, list[tuple[str, Program]]],
    caseloads: dict[str, tuple[Mapping[str, Any], ...]],
    faults: list[Fault],
) -> Registry:
    """Leave out every plugin that offers a program, or an event type, that another offers too."""
    rivals = {name: [plugin for plugin, _ in who] for name, who in offered.items() if len(who) > 1}
    faults += [
        Fault(plugin, f"the program {name!r} is offered by {' and '.join(sorted(set(plugins)))}")
        for name, plugins in rivals.items()
        for plugin in sorted(set(plugins))
    ]
    out = {f.plugin for f in faults}
    kept = {name: who[0][1] for name, who in sorted(offered.items()) if not {p for p, _ in who} & out}
    return Registry(kept, tuple(faults), {k: v for k, v in caseloads.items() if k not in out})


def _loaded(entry: EntryPoint) -> ModuleType:
    plugin = entry.load()
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    manager.register(plugin, name=entry.name)
    manager.check_pending()
    if not any(h.plugin is plugin for h in manager.hook.candidacy_programs.get_hookimpls()):
        raise DefinitionError(
            f"plugin {entry.name}", ["found no hook candidacy_programs; needed it, marked with @candidacy.hookimpl"]
        )
    return plugin  # type: ignore[no-any-return]


def _call(plugin: ModuleType, hook: str) -> Iterable[Any]:
    function = getattr(plugin, hook, None)
    return function() if function else ()


def _check(plugin: str, offered: list[Program]) -> None:
    problems: list[str] = []
    for program in offered:
        if not isinstance(program, Program):
            raise DefinitionError(f"plugin {plugin}", [f"found {type(program).__name__}; needed candidacy.Program"])
        for edition in program.editions:
            for kind in edition.entered_by:
                owner = kind.type_name.partition(".")[0]
                if owner not in {program.name, GROUP}:
                    problems.append(f"event {kind.type_name} of program {program.name!r} belongs to {owner!r}")
                if owner == GROUP and kind not in ENGINE_EVENTS:
                    problems.append(f"event {kind.type_name} claims to be the engine's")
                check_fields(kind)
    if problems:
        raise DefinitionError(f"plugin {plugin}", sorted(set(problems)))


def _why(failure: BaseException) -> str:
    if isinstance(failure, CandidacyError):
        return str(failure)
    return f"loading it raised {type(failure).__name__}"
