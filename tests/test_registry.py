"""What is installed: broken plugins are named and left out, and declarations that contradict themselves are refused."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from importlib import invalidate_caches
from importlib.metadata import entry_points
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

import attrs
import pytest

from candidacy import (
    API_VERSION,
    NOT_BEGUN,
    Act,
    CandidateSelected,
    Case,
    Check,
    Count,
    DefinitionError,
    Edition,
    Event,
    Fact,
    Id,
    InputError,
    Lifecycle,
    Move,
    Parameter,
    Program,
    ProgramCompleted,
    Registry,
    Role,
    RoleName,
    Rule,
    Sealed,
    SqliteLedger,
    Strands,
    Withdrawn,
    act,
    discover,
    fact,
    holds,
    partial,
    sealed,
)
from candidacy.codec import Codec
from candidacy.structure import check_fields
from support import ZONE, command, engine, play, process
from widgets import DETAILS, FIT, HANDBOOK, HOURS, IN_2005, RULES, Toured, Trained, begun, edition, ten_hours
from widgets import registry as registry_of

AGENCIES = ["commerce", "commercementors", "dol", "hhs"]
TOLD = ["commerce", "dol", "hhs"]
"""Those with a caseload."""

# --- planting distributions

GOOD = '''
from datetime import date

from candidacy import (
    NOT_BEGUN, CandidateSelected, Count, Edition, Fact, Lifecycle, Move, Program, ProgramCompleted, Role, fact, hookimpl
)

@fact("planted.made.1")
class Made(Fact):
    """Something was made."""

    made: Count

STAGES = ("making", "completed")
MOVES = (Move(NOT_BEGUN, CandidateSelected, "making"), Move("making", ProgramCompleted, "completed"))
BY = {CandidateSelected: ("maker",), ProgramCompleted: ("maker",), Made: ("maker",)}
EDITION = Edition("planted", "2020", 1, date(2020, 1, 1), Lifecycle(STAGES, (), MOVES), (Role("maker"),), BY, rules=())
PROGRAM = Program("planted", "Planted", (EDITION,), {"any": "2020"})

@hookimpl
def candidacy_programs():
    return [PROGRAM]
'''
"""A plugin without fault; the broken ones are made of it by changing one thing."""


def changed(*changes: tuple[str, str]) -> str:
    """The good plugin, each first text in it replaced by the second."""
    source = GOOD
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source


def planted(folder: Path, plugin: str, source: str, points: str = "") -> Path:
    """A distribution of one module, as an installer would leave it, in a folder of its own."""
    site = folder / f"site-{plugin}"
    about = site / f"{plugin}-1.0.dist-info"
    about.mkdir(parents=True)
    (site / f"{plugin}.py").write_text(source, "utf-8")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {plugin}\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[candidacy]\n{points or f'{plugin} = {plugin}'}\n", "utf-8")
    return site


def found_in(sites: Iterable[Path], find: Callable[[], Any] = discover) -> Any:
    """What is found with these folders first on the path; the path and what was imported from them are then forgotten."""
    path, folders = list(sys.path), [str(site) for site in sites]
    sys.path[:0] = folders
    invalidate_caches()
    try:
        return find()
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", "")).startswith(tuple(folders)):
                del sys.modules[name]


def faults(registry: Registry) -> dict[str, str]:
    """Why each plugin was left out, by its name."""
    assert len(registry.faults) == len({f.plugin for f in registry.faults})
    return {f.plugin: f.why for f in registry.faults}


def test_loads_a_good_plugin_beside_the_others(tmp_path: Path) -> None:
    """The teeth of all that follows: the plugin the broken ones are made of is not left out."""
    registry = found_in([planted(tmp_path, "newcomer", GOOD)])
    assert registry.faults == ()
    assert list(registry.programs) == [*AGENCIES, "planted"]


BROKEN = {
    "raises while it is imported": ("raise ValueError('secret')", "loading it raised ValueError"),
    "exits while it is imported": ("raise SystemExit('secret')", "loading it raised SystemExit"),
    "lacks a library": ("import no_such_library", "loading it raised ModuleNotFoundError"),
    "is no Python": ("def (:", "loading it raised SyntaxError"),
    "raises in the hook": (changed(("return [PROGRAM]", "raise RuntimeError('secret')")), "loading it raised RuntimeError"),
    "exits in the hook": (changed(("return [PROGRAM]", "raise SystemExit(0)")), "loading it raised SystemExit"),
    "has no hook": (
        changed(("def candidacy_programs", "def programs")).replace("@hookimpl", ""),
        "found no hook candidacy_programs; needed it, marked with @candidacy.hookimpl",
    ),
    "does not mark the hook": (
        changed(("@hookimpl", "")),
        "found no hook candidacy_programs; needed it, marked with @candidacy.hookimpl",
    ),
    "misspells the hook": (changed(("candidacy_programs()", "candidacy_programmes()")), "candidacy_programmes"),
    "offers what is no program": (changed(("[PROGRAM]", "['planted']")), "found str; needed candidacy.Program"),
    "offers one program twice": (changed(("[PROGRAM]", "[PROGRAM, PROGRAM]")), "the program 'planted' is offered by"),
    "offers an agency's program and another": (
        changed(('"planted.made.1"', '"hhs.made.1"'), ('"planted",', '"hhs",')),
        "the program 'hhs' is offered by broken and hhs",
    ),
    "owns no such events": (
        changed(('"planted.made.1"', '"other.made.1"')),
        "event other.made.1 of program 'planted' belongs to 'other'",
    ),
    "speaks for the engine": (
        changed(('"planted.made.1"', '"candidacy.role_given.1"')),
        "event candidacy.role_given.1 claims to be the engine's",
    ),
    "has a field for free text": (changed(("made: Count", "made: str")), "event Made: field 'made' is"),
    "contradicts itself": (
        changed(('Role("maker")', 'Role("made")')),
        "edition planted/2020: CandidateSelected is entered by 'maker', which is no declared role;",
    ),
    "names a wrong type": (
        changed(('"planted.made.1"', '"Made"')),
        "event Made: found type name 'Made'; needed owner.name.version, such as widgets.training_completed.1",
    ),
}


@pytest.mark.parametrize(("source", "why"), BROKEN.values(), ids=BROKEN)
def test_names_a_plugin_that(source: str, why: str, tmp_path: Path) -> None:
    """It is left out with a sentence that says what is wrong and nothing of what it raised; the others load."""
    registry = found_in([planted(tmp_path, "broken", source), planted(tmp_path, "newcomer", GOOD.replace("planted", "newcomer"))])
    rivals = {"hhs"} if "'hhs'" in why else set()
    found = faults(registry)
    assert set(found) == {"broken"} | rivals
    assert why in found["broken"]
    assert "secret" not in found["broken"]
    assert str(registry.faults[0]).startswith("plugin broken is left out: ")
    assert list(registry.programs) == [a for a in (*AGENCIES, "newcomer") if a not in rivals]


@pytest.mark.parametrize("version", [1, API_VERSION])
def test_loads_a_plugin_for_a_version_of_the_api_that_it_serves(version: int, tmp_path: Path) -> None:
    registry = found_in([planted(tmp_path, "newcomer", f"CANDIDACY_API = {version}\n{GOOD}")])
    assert "planted" in registry.programs


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (f"CANDIDACY_API = {API_VERSION + 1}", f"written for version {API_VERSION + 1} of the API"),
        (f"CANDIDACY_API: int = {API_VERSION + 1}  # the newest\nfrom candidacy import not_there_yet", "install a newer candidacy"),
        ("CANDIDACY_API = 0", "install a newer release of the plugin"),
        ("CANDIDACY_API = '2'", "found CANDIDACY_API = str; needed a whole number"),
        ("CANDIDACY_API = True", "found CANDIDACY_API = bool; needed a whole number"),
        (f"CANDIDACY_API = {API_VERSION} + 1", f"written for version {API_VERSION + 1} of the API"),
    ],
)
def test_refuses_a_plugin_for_another_version_of_the_api_with_a_sentence(declared: str, said: str, tmp_path: Path) -> None:
    registry = found_in([planted(tmp_path, "newcomer", f"{declared}\n{GOOD}")])
    assert "planted" not in registry.programs
    assert said in faults(registry)["newcomer"]
    assert set(AGENCIES) <= set(registry.programs)


def test_leaves_out_every_plugin_that_claims_a_taken_entry_point_name(tmp_path: Path) -> None:
    """pluggy would skip the second in silence, and the order of installation would decide."""
    sites = [planted(tmp_path, name, GOOD.replace("planted", name), f"same = {name}") for name in ("one", "two")]
    registry = found_in(sites)
    assert {(f.plugin, f.why) for f in registry.faults} == {("same", "the entry-point name is taken by one and two")}
    assert list(registry.programs) == AGENCIES


def test_leaves_out_both_plugins_that_offer_one_program(tmp_path: Path) -> None:
    """With all they offer, and their caseloads."""
    registry = found_in([planted(tmp_path, name, GOOD) for name in ("one", "two")])
    assert faults(registry) == dict.fromkeys(("one", "two"), "the program 'planted' is offered by one and two")
    assert (list(registry.programs), list(registry.caseloads)) == (AGENCIES, TOLD)


def test_finds_the_same_in_every_order_of_installation(tmp_path: Path) -> None:
    sites = [
        planted(tmp_path, "zebra", GOOD.replace("planted", "zebra")),
        planted(tmp_path, "one", GOOD),
        planted(tmp_path, "two", GOOD),
        planted(tmp_path, "broken", "raise ValueError"),
    ]
    orders, registries = set(), []
    for order in permutations(sites):
        orders.add(found_in(order, lambda: tuple(e.name for e in entry_points(group="candidacy"))))
        registries.append(found_in(order))
    assert len(orders) == len(registries) == 24  # the teeth: what Python finds first does change
    assert {(tuple(r.programs), r.faults, tuple(r.caseloads)) for r in registries} == {
        ((*AGENCIES, "zebra"), registries[0].faults, tuple(TOLD))
    }
    assert list(faults(registries[0])) == ["broken", "one", "two"]


@pytest.fixture(scope="module")
def ledger(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The life of one participant of DOL, refused before it was accepted."""
    path = tmp_path_factory.mktemp("registry") / "dol.ledger"
    with SqliteLedger.create(path, ZONE) as made:
        play(engine(registry, made), (c for c in registry.caseloads["dol"]() if c["case"] == "dol-003"))
    return str(path)


@pytest.mark.parametrize(
    ("command", "code", "asks_plugins"),
    [
        (("verify", "LEDGER"), 3, False),
        (("status", "LEDGER"), 0, False),
        (("history", "LEDGER", "dol-003"), 0, True),
        (("audit", "LEDGER"), 0, True),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_answers_as_ever_with_broken_plugins_present(
    command: tuple[str, ...], code: int, asks_plugins: bool, ledger: str, tmp_path: Path
) -> None:
    """Same exit code, same answer, no traceback; each broken plugin named by the commands that ask plugins at all."""
    sites = [planted(tmp_path, name, f"raise {name}") for name in ("ValueError", "SystemExit")]
    given = [ledger if word == "LEDGER" else word for word in command]
    whole, broken = process(*given), process(*given, env={"PYTHONPATH": os.pathsep.join(map(str, sites))})
    assert (whole.returncode, whole.stderr) == (code, "")
    assert (broken.returncode, broken.stdout) == (code, whole.stdout)
    assert broken.stderr.splitlines() == [
        f"candidacy: plugin {name} is left out: loading it raised {name} at {name}.py:1"
        for name in ("SystemExit", "ValueError")
        if asks_plugins
    ]


def test_submits_to_a_good_agency_with_a_broken_plugin_present(registry: Registry, tmp_path: Path) -> None:
    site = planted(tmp_path, "broken", "raise SystemExit")
    life = [c for c in registry.caseloads["dol"]() if c["case"] == "dol-001"]
    answers = play(engine(found_in([site])), life)
    assert [a.record.data["findings"] for a in answers] == [a.record.data["findings"] for a in play(engine(registry), life)]


# --- editions that contradict themselves


class Undeclared(Fact):
    """A fact without a type name."""


@fact("widgets.trained.1")
class TrainedAgain(Fact):
    hours: Count


@act("widgets.idled.1")
class Idled(Act):
    """No lifecycle moves on it."""


@act("widgets.slept.1")
class Slept(Act):
    """Nobody may enter it."""


@fact("widgets.shift_begun.1")
class ShiftBegun(Fact):
    shift: Id


@fact("widgets.shift_over.1")
class ShiftOver(Fact):
    shift: Id


def ruled(name: str, *, states: str = "Something holds.", **places: Any) -> Rule:
    """A rule of that name."""

    def judge(case: Case, event: Event, day: date) -> Check:
        return holds(True, "something")

    judge.__name__, judge.__doc__ = name, states
    return HANDBOOK.requires(at="W-1", lines=(1, 1), **places)(judge)


Parts = dict[str, Any]
"""What an Edition is made of."""
SANE: Parts = {a.name: getattr(edition(), a.name) for a in attrs.fields(Edition)}


def more(**parts: Any) -> Callable[[Parts], Parts]:
    """More roles, rules, events …"""

    def change(made: Parts) -> Parts:
        return {**made, **{k: {**made[k], **v} if isinstance(v, Mapping) else (*made[k], *v) for k, v in parts.items()}}

    return change


def moving(*moves: Move) -> Callable[[Parts], Parts]:
    """More moves."""
    return lambda made: {**made, "lifecycle": attrs.evolve(made["lifecycle"], moves=(*made["lifecycle"].moves, *moves))}


def never_begun(made: Parts) -> Parts:
    """No move from the beginning."""
    return {
        **made,
        "lifecycle": attrs.evolve(made["lifecycle"], moves=[m for m in made["lifecycle"].moves if m.state != NOT_BEGUN]),
    }


OFFICE = ("office",)
NEEDED = "; needed one of candidate, office, guest"
CONTRADICTIONS: list[tuple[Callable[[Parts], Parts], tuple[str, ...]]] = [
    (more(roles=[Role("boss", aliases=("guest",))]), ("role 'guest' is declared twice",)),
    (more(rules=[ten_hours]), ("rule 'widgets.ten_hours' is declared twice",)),
    (more(parameters=[HOURS]), ("parameter 'hours of training' is declared twice",)),
    (more(questions=[FIT]), ("question 'fit-for-widgets' is declared twice",)),
    (more(strands=[DETAILS]), ("strand 'detail' is declared twice",)),
    (more(entered_by={TrainedAgain: OFFICE}), ("event 'widgets.trained.1' is declared twice",)),
    (more(entered_by={Undeclared: OFFICE}), ("Undeclared is not declared with @fact or @act",)),
    (more(entered_by={Idled: OFFICE}), ("Idled is an act, but the lifecycle has no move for it in any state",)),
    (moving(Move("planning", Slept, "planning")), ("the lifecycle moves on Slept, but no role may enter it",)),
    (
        more(strands=[Strands("shift", ShiftBegun, ShiftOver, by="office")]),
        ("strand shift has ShiftBegun, which no role may enter", "strand shift has ShiftOver, which no role may enter"),
    ),
    (
        more(rules=[ruled("mute", states="", on=Trained)]),
        ("rule widgets.mute has no docstring; needed one that states the requirement",),
    ),
    (
        more(rules=[ruled("idle")]),
        ("rule widgets.idle stands in front of no act and on no fact; needed before=, an act, or on=, a fact",),
    ),
    (
        more(rules=[ruled("early", before=Trained)]),
        ("rule widgets.early stands before Trained, which is no act; needed on=Trained",),
    ),
    (more(rules=[ruled("late", on=Toured)]), ("rule widgets.late shows on Toured, which is no fact; needed before=Toured",)),
    (
        more(rules=[ruled("lost", before=Slept)]),
        ("rule widgets.lost judges Slept, which no role may enter; needed it in entered_by",),
    ),
    (more(entered_by={Toured: ("visitor",)}), ("Toured is entered by 'visitor', which is no declared role" + NEEDED,)),
    (
        more(questions=[HANDBOOK.asks("tidy", "Is it?", by=("janitor",), at="W-1", lines=(1, 1))]),
        ("question tidy is answered by 'janitor', which is no declared role" + NEEDED,),
    ),
    (
        never_begun,
        (
            "CandidateSelected is an act, but the lifecycle has no move for it in any state",
            "the lifecycle has no act that begins a case",
        ),
    ),
]


def wrong_with(make: Callable[[], object]) -> list[str]:
    """Everything that a declaration is refused for."""
    with pytest.raises(DefinitionError) as refused:
        make()
    assert all(problem in str(refused.value) for problem in refused.value.problems)
    return sorted(refused.value.problems)


def test_takes_an_edition_that_does_not_contradict_itself() -> None:
    """The teeth of what follows."""
    assert Edition(**SANE).id == "widgets/2005"


@pytest.mark.parametrize(("change", "said"), CONTRADICTIONS, ids=[said[0] for _, said in CONTRADICTIONS])
def test_refuses_an_edition_of_which_it_says(change: Callable[[Parts], Parts], said: tuple[str, ...]) -> None:
    """Exactly what is wrong with it."""
    assert wrong_with(lambda: Edition(**change(SANE))) == list(said)


def test_names_everything_that_is_wrong_with_an_edition_at_once() -> None:
    worst = reduce(lambda made, change: change(made), (change for change, _ in CONTRADICTIONS), SANE)
    said = (s.replace(NEEDED, f"{NEEDED}, boss") for _, problems in CONTRADICTIONS for s in problems)
    assert wrong_with(lambda: Edition(**worst)) == sorted(said)


def test_names_everything_that_is_wrong_with_a_program_at_once() -> None:
    sane = edition()
    three = (sane, edition(), edition(revision=2))
    assert wrong_with(lambda: Program("gadgets", title="Gadgets", editions=three, announcements={"may": "1999"})) == [
        "announcement 'may' pins to '1999', which is no edition",
        "edition '2005 r1' is declared twice",
        *["edition widgets/2005 belongs to another program"] * 3,
    ]
    empty = ["found no edition or no announcement; needed at least one of each"]
    assert wrong_with(lambda: Program("widgets", title="Widgets", editions=(), announcements={})) == empty
    assert wrong_with(lambda: Program("widgets", title="Widgets", editions=(sane,), announcements={})) == empty


# --- lifecycles, events, strands and fields


def test_names_everything_that_is_wrong_with_a_lifecycle_at_once() -> None:
    moves = (
        Move(NOT_BEGUN, CandidateSelected, "making"),
        Move("making", Withdrawn, "gone"),
        Move("lost", Idled, "making"),
        Move("making", ProgramCompleted, "completed"),
        Move("making", ProgramCompleted, "making"),
        Move(NOT_BEGUN, Slept, "making"),
    )
    assert wrong_with(lambda: Lifecycle(("making", "completed"), (), moves)) == [
        "Idled moves from 'lost' to 'making': 'lost' is no declared state",
        "Slept begins a case; needed an act that is a Beginning",
        "Withdrawn moves from 'making' to 'gone': 'gone' is no declared state",
        "candidacy.program_completed.1 has two moves from 'making'",
    ]
    assert Lifecycle(("making", "completed"), (), (moves[0], moves[3])).finals == ("completed",)


@pytest.mark.parametrize(
    "name", ["trained", "widgets.trained", "widgets.trained.0", "widgets.trained.01", "Widgets.trained.1", "widgets.a-b.1", ""]
)
def test_refuses_an_event_with_the_type_name(name: str) -> None:
    with pytest.raises(DefinitionError, match=r"needed owner\.name\.version, such as widgets\.training_completed\.1"):
        fact(name)(type("Named", (Fact,), {"__annotations__": {}}))


def test_names_everything_that_is_wrong_with_an_event_at_once() -> None:
    class Wrong(Act):
        widget: Id

    assert wrong_with(lambda: fact("wrong", state_of=("widget", "colour", "age"))(Wrong)) == [  # type: ignore[type-var]
        "found a class that is no Fact; needed `class Wrong(Fact)`",
        "found state_of=('widget', 'colour', 'age'); needed a tuple of names of the event's fields",
        "found type name 'wrong'; needed owner.name.version, such as widgets.training_completed.1",
    ]
    assert wrong_with(lambda: act("widgets.wrong.1")(type("Wrong", (Fact,), {}))) == [
        "found a class that is no Act; needed `class Wrong(Act)`"
    ]


def test_names_each_event_of_a_strand_that_lacks_its_id() -> None:
    assert wrong_with(lambda: Strands("shift", Trained, Idled, by="office")) == [  # type: ignore[type-var]
        "Idled has no field 'shift'",
        "Trained has no field 'shift'",
    ]
    assert Strands("shift", ShiftBegun, ShiftOver, by="office").id_of(ShiftOver(Id("s1"))) == "s1"


@attrs.frozen
class Plain:
    """A value that a document can hold."""

    day: date
    names: tuple[Id, ...]


@attrs.frozen
class Wordy:
    """A value with room for free text."""

    day: date
    remark: str


@fact("widgets.described.1")
class Described(Fact):
    """A field of every type that is known."""

    id: Id
    count: Count
    role: RoleName
    yes: bool
    number: int
    day: date
    colour: Literal["red", "green"]
    some: tuple[Id, ...]
    plain: Plain
    plains: tuple[Plain, ...]
    perhaps: Id | None = None
    hidden: Sealed = sealed("review")


@fact("widgets.told.1")
class Told(Fact):
    """One known field and many that could hold free text, or nothing a document can."""

    id: Id
    text: str
    perhaps: str | None
    several: tuple[str, ...]
    pair: tuple[Id, Id]
    fraction: float
    anything: Any
    wordy: Wordy
    wordies: tuple[Wordy, ...] | None = None


def test_takes_fields_that_a_document_can_hold_and_no_others() -> None:
    """Everything wrong at once, by name of the field."""
    check_fields(Described)
    problems = wrong_with(lambda: check_fields(Told))
    named = [problem.split("'")[1] for problem in problems]
    assert named == ["anything", "fraction", "pair", "perhaps", "several", "text", "wordies", "wordy"]
    assert all(problem.endswith("or an attrs class of these") for problem in problems)


def test_names_every_unknown_field_of_a_draft() -> None:
    assert wrong_with(lambda: partial(Trained, days=1, house=2)) == ["found ['days', 'house']; needed fields of the event"]


def test_refuses_one_event_type_declared_by_two_classes() -> None:
    """Whose would a record be?"""
    others = attrs.evolve(
        edition(), name="2006", entered_by={**without(SANE["entered_by"], Trained), TrainedAgain: OFFICE}, rules=()
    )
    with pytest.raises(DefinitionError, match=r"event 'widgets\.trained\.1' is declared twice"):
        Program("widgets", title="Widgets", editions=(edition(), others), announcements={"spring": "2005"})
    with pytest.raises(DefinitionError, match=r"event widgets\.trained\.1: declared by widgets and by test_registry"):
        Codec([Trained, TrainedAgain])


def without(entered_by: Mapping[type[Event], tuple[str, ...]], kind: type[Event]) -> dict[type[Event], tuple[str, ...]]:
    """Those who may enter all the other events."""
    return {k: by for k, by in entered_by.items() if k is not kind}


# --- what was once taken in silence, or said unclearly


@pytest.mark.parametrize("hook", ["candidacy_programmes()", "candidacy_programs(registry)"])
def test_names_the_hook_that_is_misspelt_or_asks_too_much(hook: str, tmp_path: Path) -> None:
    """Not only that pluggy raised PluginValidationError."""
    site = planted(tmp_path, "broken", changed(("candidacy_programs()", hook)))
    assert hook.partition("(")[0] in faults(found_in([site]))["broken"]


@pytest.mark.parametrize(("offered", "said"), [("PROGRAM", "Program"), ("None", "nothing")])
def test_says_what_a_hook_returned_that_is_no_list(offered: str, said: str, tmp_path: Path) -> None:
    """A forgotten bracket or `return`: found this, needed a list of programs."""
    site = planted(tmp_path, "broken", changed(("[PROGRAM]", offered)))
    assert f"found {said}" in faults(found_in([site]))["broken"]


def test_names_a_taken_entry_point_name_once(tmp_path: Path) -> None:
    sites = [planted(tmp_path, name, GOOD.replace("planted", name), f"same = {name}") for name in ("one", "two")]
    assert len(found_in(sites).faults) == 1


def test_loads_the_others_beside_entry_points_that_cannot_be_parsed(tmp_path: Path) -> None:
    assert list(found_in([planted(tmp_path, "broken", GOOD, "broken")]).programs) == AGENCIES


def test_names_everything_that_is_wrong_with_the_events_of_a_plugin_at_once(tmp_path: Path) -> None:
    site = planted(tmp_path, "broken", changed(('"planted.made.1"', '"other.made.1"'), ("made: Count", "made: str")))
    why = faults(found_in([site]))["broken"]
    assert "belongs to 'other'" in why
    assert "field 'made'" in why


def test_leaves_out_a_plugin_that_declares_one_event_type_by_two_classes(tmp_path: Path) -> None:
    """Else no command of any agency can be read any more, and every audit is divergent."""
    other = """
@fact("planted.made.1")
class MadeOtherwise(Fact):
    count: Count

OLDER = Edition("planted", "2019", 1, date(2019, 1, 1), EDITION.lifecycle, EDITION.roles,
                {**{k: v for k, v in BY.items() if k is not Made}, MadeOtherwise: ("maker",)}, rules=())
PROGRAM = Program("planted", "Planted", (EDITION, OLDER), {"any": "2020"})

@hookimpl"""
    registry = found_in([planted(tmp_path, "broken", changed(("\n@hookimpl", other)))])
    assert "dol.session_attended.1" in registry.codec.kinds
    assert "planted.made.1" in faults(registry)["broken"]


@pytest.mark.parametrize("kind", [list[Id], dict[Id, Id], frozenset[Id], Id | Count, Literal[1, 2]], ids=str)
def test_refuses_a_field_that_no_document_can_hold(kind: Any) -> None:
    with pytest.raises(DefinitionError):
        check_fields(fact("widgets.odd.1")(type("Odd", (Fact,), {"__annotations__": {"odd": kind}})))


@fact("widgets.delegated.1")
class Delegated(Fact):
    to: RoleName


def test_takes_no_free_text_for_a_role_in_an_event_of_a_plugin() -> None:
    made = edition(entered_by={**SANE["entered_by"], Delegated: OFFICE})
    on = engine(registry_of(made))
    play(on, begun())
    with pytest.raises(InputError):
        on.submit(command("w1", "widgets.delegated.1", "2005-03-02", "w1.o", {"to": "Jane Doe was rude to everyone"}))


@fact("widgets.shared_out.1")
class SharedOut(Fact):
    among: tuple[RoleName, ...]
    first: RoleName | None = None


@pytest.mark.parametrize(
    ("content", "path"),
    [({"among": ["office", "Jane Doe"]}, "payload.among[1]"), ({"among": [], "first": "Jane"}, "payload.first")],
)
def test_takes_no_free_text_for_a_role_in_a_list_or_one_that_may_be_left_out(content: dict[str, Any], path: str) -> None:
    on = engine(registry_of(edition(entered_by={**SANE["entered_by"], SharedOut: OFFICE})))
    play(on, begun())
    with pytest.raises(InputError) as wrong:
        on.submit(command("w1", "widgets.shared_out.1", "2005-03-02", "w1.o", content))
    assert [p.path for p in wrong.value.problems] == [path]
    assert on.submit(command("w1", "widgets.shared_out.1", "2005-03-02", "w1.o", {"among": ["office"], "first": "guest"})).accepted


def test_refuses_an_event_that_nobody_may_enter() -> None:
    assert wrong_with(lambda: edition(entered_by={**SANE["entered_by"], Toured: ()}))


def test_refuses_a_subject_that_is_no_tuple_of_fields() -> None:
    assert wrong_with(lambda: fact("widgets.odd.1", state_of="to")(type("Odd", (Fact,), {"__annotations__": {"to": Id}})))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stages", "moves"),
    [
        (("a", "b"), (Move("a", Trained, "b"),)),  # type: ignore[arg-type]
        (("a", "b", "a"), ()),
        ((NOT_BEGUN, "a"), ()),
        (("a",), (Move("a", Withdrawn, NOT_BEGUN),)),
    ],
    ids=["that moves on a fact", "with a stage twice", "that declares the beginning", "that goes back to the beginning"],
)
def test_refuses_a_lifecycle(stages: tuple[str, ...], moves: tuple[Move, ...]) -> None:
    assert wrong_with(lambda: Lifecycle(stages, (), (Move(NOT_BEGUN, CandidateSelected, "a"), *moves)))


def test_says_that_a_beginning_stands_in_the_middle() -> None:
    moves = (Move(NOT_BEGUN, CandidateSelected, "a"), Move("a", CandidateSelected, "b"))
    assert "is no Beginning" not in wrong_with(lambda: Lifecycle(("a", "b"), (), moves))[0]


def test_refuses_a_parameter_that_no_record_can_hold() -> None:
    """Else it would be found out at the first submit or audit, as a fault of our own."""
    assert wrong_with(lambda: edition(parameters=(HANDBOOK.sets("odd", 1.5, "hours", since=IN_2005, at="W-1", lines=(1, 1)),)))


def test_refuses_values_that_are_not_the_oldest_first() -> None:
    """The wrong one would be in force, in silence."""
    newer = HANDBOOK.sets("odd", 2, "hours", since=date(2005, 1, 1), at="W-1", lines=(1, 1))
    older = HANDBOOK.sets("odd", 1, "hours", since=date(2004, 1, 1), at="W-1", lines=(1, 1))
    assert wrong_with(lambda: edition(parameters=(Parameter("odd", "hours", (*newer.values, *older.values)),)))


def test_takes_the_sources_of_each_revision_of_an_edition_for_itself() -> None:
    """A later revision whose rules lie elsewhere is not known by the files of the earlier one, whichever is asked first."""

    def elsewhere(case: Any, request: Any, day: date) -> Any:
        return RULES[0].judge(case, request, day)

    later = edition(revision=2, rules=(attrs.evolve(RULES[0], judge=elsewhere), *RULES[1:]))
    for first, second in ((edition(), later), (later, edition())):
        both = registry_of(edition(), later)
        codes = both.code(first), both.code(second)
        assert codes[0] != codes[1]
        assert codes == (registry_of(first).code(first), registry_of(second).code(second))


def test_gives_a_number_the_values_of_a_later_document() -> None:
    later = HANDBOOK.sets("hours of training", 12, "hours", since=date(2006, 1, 1), at="W-1", lines=(1, 1))
    both = HOURS.amended_by(later)
    assert [(v.value, v.since) for v in both.values] == [(10, IN_2005), (12, date(2006, 1, 1))]
    assert both.current(date(2005, 12, 31)) == 10
    assert both.current(date(2006, 1, 1)) == 12


@pytest.mark.parametrize(
    ("name", "unit", "since", "said"),
    [
        ("hours", "hours", date(2006, 1, 1), "found 'hours' in hours; needed the same number"),
        ("hours of training", "days", date(2006, 1, 1), "needed the same number, in hours"),
        ("hours of training", "hours", date(2004, 1, 1), "needed the oldest first"),
    ],
)
def test_refuses_to_amend_a_number_by_another_or_by_an_older_value(name: str, unit: str, since: date, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        HOURS.amended_by(HANDBOOK.sets(name, 12, unit, since=since, at="W-1", lines=(1, 1)))
