"""The check of a plugin: every point looked at in processes of their own, with a time limit, and what came of it."""

from __future__ import annotations

import tomllib
from contextlib import ExitStack
from importlib.metadata import entry_points
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import attrs

from candidacy._apart import Apart
from candidacy._drafting import package
from candidacy._points import BY_CODE, POINTS
from candidacy.errors import InputError, Problem
from candidacy.registry import GROUP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from candidacy._points import Point
    from candidacy.decision import Json

SECONDS, OF_A_RULE = 300, 5
"""How long the whole check and one answer of a rule may take."""


@attrs.frozen
class Otherwise:
    """A process that is otherwise in something: for which point, in what, the order of loading, and its environment."""

    code: str
    what: str
    order: str
    env: Mapping[str, str]
    other_words: bool = False
    backwards: bool = False


BEFORE, AFTER = "loaded before the others", "loaded after the others"
EACH = (
    Otherwise("P102", BEFORE, "first", {}),
    Otherwise("P102", AFTER, "last", {}),
    Otherwise("P401", "with another seed for hashes", "alone", {"PYTHONHASHSEED": "1"}),
    Otherwise("P401", "with a third seed for hashes", "alone", {"PYTHONHASHSEED": "4242"}),
    Otherwise("P402", "twelve hours behind UTC", "alone", {"TZ": "AAA12"}),
    Otherwise("P402", "fourteen hours ahead of UTC", "alone", {"TZ": "AAA-14"}),
    Otherwise("P403", "with days in other words", "alone", {}, other_words=True),
    Otherwise("P406", "with the last life first", "alone", {}, backwards=True),
)
"""Processes that are otherwise in one thing each."""
COMPARED = tuple(dict.fromkeys(of.code for of in EACH))
ALL = (
    Otherwise("", BEFORE, "first", {"PYTHONHASHSEED": "1", "TZ": "AAA12"}, other_words=True),
    Otherwise("", AFTER, "last", {"PYTHONHASHSEED": "4242", "TZ": "AAA-14"}, other_words=True, backwards=True),
)
"""Processes that are otherwise in everything: where they answer the same, so does each of the others."""


@attrs.frozen
class Looked:
    """What came of looking at one point.

    Attributes:
        looked: whether it was looked at; where not, *note* says why.
        failures: what is wrong, each with what it is about; () where it passes.
    """

    point: Point
    failures: tuple[str, ...] = ()
    note: str = ""
    looked: bool = True

    @property
    def passed(self) -> bool:
        """Whether it was looked at and nothing is wrong."""
        return self.looked and not self.failures

    def __str__(self) -> str:
        word = "passed" if self.passed else "failed" if self.looked else "not looked at"
        more = [f"  - {failure}" for failure in self.failures] + [f"  what to do: {self.point.mend}"] * (
            not self.passed and self.looked
        )
        return "\n".join([f"{self.point.code} {word}: {self.point.says}" + (f" ({self.note})" if self.note else ""), *more])

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "code": self.point.code, "says": self.point.says, "passed": self.passed, "looked_at": self.looked,
            "failures": list(self.failures), "note": self.note,
        }  # fmt: skip


@attrs.frozen
class Checked:
    """What the check of a plugin found, point by point."""

    plugin: str
    points: tuple[Looked, ...]

    @property
    def passed(self) -> bool:
        """Whether every point passed."""
        return all(looked.passed for looked in self.points)

    @property
    def failed(self) -> tuple[str, ...]:
        """The codes of the points that failed."""
        return tuple(looked.point.code for looked in self.points if looked.failures)

    def __str__(self) -> str:
        return "\n".join([str(looked) for looked in self.points if not looked.passed] or ["every point passed"])

    def as_data(self) -> Json:
        """As plain values."""
        return {"plugin": self.plugin, "passed": self.passed, "points": [looked.as_data() for looked in self.points]}


def check_plugin(folder: str | Path = ".", *, seconds: int = SECONDS, of_a_rule: float = OF_A_RULE) -> Checked:
    """Check the plugin in a folder.

    Args:
        seconds: how long the whole may take.
        of_a_rule: how long a rule may take to answer once.

    Raises:
        InputError: there is no such folder, or not exactly one package in it.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError([Problem("PATH", f"no folder at {path}", "the folder of a plugin")])
    _, name = package(path)
    return _Checking(path.resolve(), name, seconds, of_a_rule).checked()


class _Checking:
    """One check."""

    def __init__(self, folder: Path, name: str, seconds: int, of_a_rule: float) -> None:
        self.folder, self.name, self.of_a_rule = folder, name, of_a_rule
        self.until = monotonic() + seconds
        self.seconds = seconds
        self.found: dict[str, Looked] = {}
        self.lives: list[Json] | None = None
        self.answered: dict[str, Any] = {}
        self.declared: Json = {}
        self.others: dict[str, str] = {}
        self.answering_twice: tuple[str, ...] = ()
        """Rules that answer otherwise when they are asked twice: that they also do elsewhere says nothing more."""

    def checked(self) -> Checked:
        """Everything."""
        (beside,) = self._again((EACH[1],), [])
        self._names(beside.get("others", {}))
        self._whole(beside)
        if self.lives is not None and "P101" in self.found and self.found["P101"].passed:
            self._elsewhere()
        return Checked(self.name, tuple(self.found.get(p.code, Looked(p, (), self._why_not(), looked=False)) for p in POINTS))

    def _why_not(self) -> str:
        if "P101" not in self.found or self.found["P101"].failures:
            return "it does not load"
        return "a rule took too long" if "P105" in self.failing else "the check ended before"

    @property
    def failing(self) -> set[str]:
        """Codes that failed so far."""
        return {code for code, looked in self.found.items() if looked.failures}

    def _say(self, code: str, failures: Iterable[str], note: str = "") -> None:
        before = self.found[code].failures if code in self.found else ()
        told = dict.fromkeys((*before, *failures))
        self.found[code] = Looked(BY_CODE[code], tuple(told), note)

    # --- its processes

    def _left(self) -> float:
        return max(0.0, self.until - monotonic())

    def _whole(self, beside: Json) -> None:
        question = {
            "asks": "whole", "folder": str(self.folder), "blocked": beside.get("packages", []),
            "owners": beside.get("owners", {}), "seconds": self.of_a_rule,
        }  # fmt: skip
        doing, fault, ended, hung = "loading it", "", False, False
        with Apart("candidacy._checking", {"PYTHONHASHSEED": "0", "TZ": "UTC"}) as process:
            for said in process.answers(question, self._left):
                doing, fault = said.get("doing", doing), said.get("fault", fault)
                ended, hung = ended or "done" in said, hung or "hung" in said
                self._heard(said)
        if ended or hung:
            return
        if "P101" not in self.found:
            self._say("P101", [f"loading it {_how(process, self.seconds)}"])
        else:
            self._say("P105", [f"the check {fault or _how(process, self.seconds)}: {doing}"])

    def _heard(self, said: Json) -> None:
        if "point" in said:
            self._say(said["point"], said["failures"], said.get("note", ""))
        self.lives = said.get("lives", self.lives)
        self.declared = said.get("declared", self.declared)
        taken = [p for p in said.get("programs", ()) if p in self.others]
        if taken:
            self._say("P103", [f"the program {p!r} is offered by the plugin {self.others[p]}, too" for p in taken])
        if "answered" in said:
            self.answered[said["answered"]["life"]] = said["answered"]["answers"]

    def _again(self, processes: tuple[Otherwise, ...], lives: list[Json]) -> list[Json]:
        """What more processes answer, in pairs at a time."""
        found = []
        for pair in (processes[n : n + 2] for n in range(0, len(processes), 2)):
            with ExitStack() as stack:
                asked = []
                for of in pair:
                    env = {"PYTHONHASHSEED": "0", "TZ": "UTC", **of.env}
                    process = stack.enter_context(Apart("candidacy._checking", env, quiet=True))
                    question = {
                        "asks": "again",
                        "folder": str(self.folder),
                        "order": of.order,
                        "lives": lives,
                        "other_words": of.other_words,
                        "backwards": of.backwards,
                    }
                    asked.append((of, process.answers(question, self._left)))
                found += [_heard(of, lines) for of, lines in asked]
        return found

    # --- points that compare processes

    def _elsewhere(self) -> None:
        self.answering_twice = self.found["P406"].failures
        lives = self.lives or []
        everything = self._again(ALL, lives)
        same = not any(wrong for f in everything for wrong in self._otherwise(f))
        each = [] if same else self._again(EACH, lives)
        for code in COMPARED:
            self._say(code, (wrong for f in each if f["code"] == code for wrong in self._otherwise(f)))
        if not same and not any(self.found[code].failures for code in COMPARED):
            self._say("P401", (wrong for f in everything for wrong in self._otherwise(f)))
        self._say("P102", _disturbed(everything))

    def _otherwise(self, found: Json) -> Iterator[str]:
        what = found["what"]
        if "done" not in found:
            yield f"{what}: the process ended before it had answered"
            return
        if found.get("wrong"):
            yield f"{what}: it does not load: {found['wrong']}"
            return
        changed = sorted(e for e, digest in self.declared.items() if found["declared"].get(e) != digest)
        yield from (f"{what}: edition {e} is declared otherwise" for e in changed)
        told = {failure.partition(":")[0] for failure in self.answering_twice}
        for life, answers in self.answered.items():
            for n, (ours, theirs) in enumerate(zip(answers, found["answered"].get(life, []), strict=False), 1):
                differing = sorted(r for r in {*ours, *theirs} if ours.get(r) != theirs.get(r) and r != "accepted")
                for rule in (r for r in differing if r not in told):
                    told.add(rule)
                    yield f"{what}: {rule} answers otherwise at command {n} of {life}"
        if {*self.answered} != {*found["answered"]}:
            yield f"{what}: not every life was answered"

    def _names(self, others: dict[str, str]) -> None:
        taken = {e.name: e.value for e in entry_points(group=GROUP) if e.value.partition(":")[0].partition(".")[0] != self.name}
        ours = _entry_names(self.folder, self.name)
        failures = [f"the entry-point name {n!r} is taken by {taken[n]}" for n in ours if n in taken]
        self.others = others
        note = "" if ours else "found no entry point in pyproject.toml to look at"
        self._say("P103", failures, note)


def _heard(of: Otherwise, lines: Iterable[Json]) -> Json:
    """What a process said, as one."""
    found: Json = {"what": of.what, "code": of.code, "answered": {}}
    for said in lines:
        if "answered" in said:
            found["answered"][said["answered"]["life"]] = said["answered"]["answers"]
        else:
            found |= said
    return found


def _disturbed(beside: list[Json]) -> Iterator[str]:
    """What the other plugins declare otherwise because of this one."""
    first, last = (b.get("theirs", {}) for b in beside)
    yield from (f"{edition} of another plugin is declared otherwise beside it" for edition in sorted({*first, *last})
                if first.get(edition) != last.get(edition))  # fmt: skip


def _how(process: Apart, seconds: int) -> str:
    return f"took more than {seconds} seconds" if process.late else f"ended with {process.ended()}"


def _entry_names(folder: Path, package_name: str) -> list[str]:
    """The names under which pyproject.toml offers the package."""
    try:
        told = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        entries = told["project"]["entry-points"][GROUP]
        return [n for n, value in entries.items() if str(value).partition(":")[0].partition(".")[0] == package_name]
    except (OSError, KeyError, TypeError, AttributeError, ValueError):
        return []
