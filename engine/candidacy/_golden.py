"""The golden-log gate: ledgers kept from earlier are judged again, and an answer that changed must be intended, with a reason.

A folder holds ledgers (``*.ledger``), or folders that do, one for each release. Beside the ledgers stands ``intended.json``: by
index of the record (``NAME:INDEX`` where several ledgers stand there) the reason, or ``{"why": reason, "answer": digest}``,
which binds it to the very answer. `golden` only reads; what writes is asked for by itself.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import attrs

from candidacy._audit import audit
from candidacy.errors import InputError, LedgerError, OutputError, Problem, why
from candidacy.opening import open_ledger
from candidacy.placing import in_place, replaced
from candidacy.registry import discover
from candidacy.sqlite import SqliteLedger
from candidacy.strict import read_json, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from candidacy._audit import Audit
    from candidacy._judging import Divergence
    from candidacy.decision import Json
    from candidacy.registry import Registry

INTENDED = "intended.json"
SHORTEST_REASON = 20
"""Characters of a reason at least."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
DIGEST = re.compile("[0-9a-f]{64}")


@attrs.frozen
class Intent:
    """What ``intended.json`` says of one record: the reason, and the digest of the answer it is bound to, "" for any."""

    key: str
    why: str
    answer: str = ""


@attrs.frozen
class Change:
    """A record that is answered otherwise now, and what names it as intended; None where nothing does."""

    divergence: Divergence
    intent: Intent | None = None

    @property
    def answer(self) -> str:
        """SHA-256 of the canonical bytes of the whole answer now."""
        return self.divergence.answer

    @property
    def wrong(self) -> str:
        """Why it fails the build; "" where it is intended."""
        if self.intent is None:
            return f"{INTENDED} does not name it"
        if len(self.intent.why) < SHORTEST_REASON:
            return f"{INTENDED} names it without a reason of at least {SHORTEST_REASON} characters"
        if self.intent.answer not in {"", self.answer}:
            return f"{INTENDED} names it with another answer than this one: look at it again, and take the entry out first"
        return ""

    def as_data(self) -> Json:
        """As plain values."""
        d = self.divergence
        return {
            "index": d.index,
            "case": d.case,
            "type": d.type_name,
            "recorded": d.recorded,
            "judged": d.judged,
            "answer": self.answer,
            "why": self.intent.why if self.intent else None,
            "wrong": self.wrong,
        }


@attrs.frozen
class GoldenLedger:
    """One ledger, judged again.

    Attributes:
        name: its file, as seen from the folder that was asked for.
        alike: how many records are answered as they were.
        changes: those that are not.
        stale: keys of ``intended.json`` that name a record whose answer does not differ, or none of the ledger's.
        damaged: why it cannot be judged at all; *untold*, why some of its records cannot.
    """

    name: str
    alike: int = 0
    changes: tuple[Change, ...] = ()
    stale: tuple[str, ...] = ()
    damaged: str = ""
    untold: tuple[str, ...] = ()

    @property
    def unintended(self) -> tuple[Change, ...]:
        """The changes that fail the build."""
        return tuple(change for change in self.changes if change.wrong)

    @property
    def passed(self) -> bool:
        """Whether every answer is the one of then, or is to differ."""
        return not (self.unintended or self.stale or self.damaged or self.untold)

    def as_data(self) -> Json:
        """As plain values."""
        return {
            "name": self.name,
            "passed": self.passed,
            "alike": self.alike,
            "changes": [change.as_data() for change in self.changes],
            "stale": list(self.stale),
            "damaged": self.damaged,
            "cannot_be_told": list(self.untold),
        }


@attrs.frozen
class Golden:
    """What judging the golden ledgers of a folder again gave, in order of their names."""

    ledgers: tuple[GoldenLedger, ...]

    @property
    def answer(self) -> str:
        """``as intended``, ``otherwise`` or ``cannot be told``, where nothing else is wrong than what is not installed."""
        if all(ledger.passed for ledger in self.ledgers):
            return "as intended"
        wrong = any(ledger.unintended or ledger.stale or ledger.damaged for ledger in self.ledgers)
        return "otherwise" if wrong else "cannot be told"

    @property
    def passed(self) -> bool:
        """Whether the build may go on."""
        return self.answer == "as intended"

    def as_data(self) -> Json:
        """As plain values."""
        return {"answer": self.answer, "ledgers": [ledger.as_data() for ledger in self.ledgers]}


def golden(folder: str | Path, registry: Registry | None = None) -> Golden:
    """Judge the golden ledgers in *folder* again. Nothing is written there.

    Args:
        registry: the programs; those of the installed plugins by default.

    Raises:
        InputError: there is no such folder, no ledger in it, or an ``intended.json`` that cannot be read.
    """
    programs = registry if registry is not None else discover()
    return Golden(tuple(one for place in _places(Path(folder)) for one in _judged(Path(folder), place, programs)))


def intend(folder: str | Path, why: str, registry: Registry | None = None) -> int:
    """Name every change that nothing names yet in the ``intended.json`` beside its ledger, bound to its answer; how many.

    What is named already is left as it is, also where it fails. For a person, never for a test run.

    Raises:
        InputError: as `golden`, or the reason is too short.
        OutputError: a file cannot be written.
    """
    if len(why.strip()) < SHORTEST_REASON:
        needed = f"why the answers are to differ, in at least {SHORTEST_REASON} characters"
        raise InputError([Problem("--intend", f"a reason of {len(why.strip())} characters", needed)])
    programs, many = registry if registry is not None else discover(), 0
    for place in _places(Path(folder)):
        ledgers = _ledgers(place)
        new = {
            _key(ledgers, path, change.divergence.index): {"why": why.strip(), "answer": change.answer}
            for path, judged in zip(ledgers, _judged(Path(folder), place, programs), strict=True)
            for change in judged.changes
            if change.intent is None
        }
        if new:
            _write(place / INTENDED, new)
        many += len(new)
    return many


def add(folder: str | Path, ledger: str | Path, name: str, registry: Registry | None = None) -> Path:
    """Keep a copy of a ledger that audits identical as a golden one: ``FOLDER/NAME/NAME.ledger``, with nothing intended yet.

    Raises:
        InputError: the name cannot be one, or the ledger does not audit identical.
        LedgerError: it cannot be read.
        OutputError: something is there already, or it cannot be written.
    """
    if not NAME.fullmatch(name):
        raise InputError([Problem("--name", shown(name), "letters, digits, dots, hyphens and underlines, a letter or digit first")])
    place = Path(folder) / name
    with open_ledger(ledger, read_only=True) as opened:
        found = audit(opened, registry if registry is not None else discover())
        if found.answer != "identical":
            raise InputError([Problem("--add", f"a ledger whose audit is {found.answer}", "one that audits identical")])
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            raise OutputError(f"{place}: found something there; needed a name under which nothing is kept") from None
        except OSError as wrong:
            raise OutputError(f"{place}: cannot be made ({why(wrong)})") from None
        try:
            SqliteLedger.made_of(place / f"{name}.ledger", opened.records()).close()
            with in_place(place / INTENDED) as making:
                making.write_text("{}\n", "utf-8")
        except BaseException:
            shutil.rmtree(place)  # made by this call, and nobody else's
            raise
    return place / f"{name}.ledger"


# --- inside


def _places(folder: Path) -> list[Path]:
    """The folder and those in it that hold ledgers or say what is intended."""
    try:
        places = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
        found = [place for place in places if _ledgers(place) or (place / INTENDED).exists()]
    except OSError as wrong:
        raise InputError([Problem("FOLDER", f"{folder}, which cannot be read ({why(wrong)})", "a folder")]) from None
    alone = [place / INTENDED for place in found if not _ledgers(place)]
    problems = [Problem(str(path), "no ledger beside it", "the golden ledger that it is about") for path in alone]
    if not found:
        needed = "golden ledgers (*.ledger), or folders with them; `candidacy golden FOLDER --add LEDGER --name NAME` adds one"
        problems.append(Problem(str(folder), "no ledger", needed))
    if problems:
        raise InputError(problems)
    return found


def _ledgers(place: Path) -> list[Path]:
    """Its ledgers; what cannot be read shows when it is judged, and is not passed over."""
    return sorted(path for path in place.iterdir() if path.suffix == ".ledger" and not path.is_dir())


def _judged(folder: Path, place: Path, registry: Registry) -> list[GoldenLedger]:
    ledgers, intents = _ledgers(place), _intents(place)
    owner = {key: _owner(ledgers, key) for key in intents}
    nobody = [key for key, path in owner.items() if path is None]
    if nobody:
        found = ", ".join(shown(key) for key in nobody)
        needed = "NAME:INDEX with the name of a ledger beside it" if len(ledgers) > 1 else "the index of a record"
        raise InputError([Problem(str(place / INTENDED), f"what names no ledger beside it: {found}", needed)])
    judged = []
    for path in ledgers:
        named = {int(key.rpartition(":")[2]): intent for key, intent in intents.items() if owner[key] == path}
        judged.append(_ledger(path, path.relative_to(folder).as_posix(), named, registry))
    return judged


def _owner(ledgers: list[Path], key: str) -> Path | None:
    """The ledger that a key is about."""
    index = key.rpartition(":")[2]
    if not (index.isascii() and index.isdecimal()):
        return None
    return next((path for path in ledgers if _key(ledgers, path, int(index)) == key), None)


def _key(ledgers: list[Path], path: Path, index: int) -> str:
    return f"{path.stem}:{index}" if len(ledgers) > 1 else str(index)


def _ledger(path: Path, name: str, intents: Mapping[int, Intent], registry: Registry) -> GoldenLedger:
    """One ledger, judged again in a copy, so that not even a log beside it is touched."""
    with TemporaryDirectory() as elsewhere:
        try:
            with SqliteLedger(shutil.copyfile(path, Path(elsewhere) / path.name), read_only=True) as opened:
                found = audit(opened, registry)
        except LedgerError as wrong:
            return GoldenLedger(name, damaged=str(wrong).replace(elsewhere, str(path.parent)))
        except OSError as wrong:
            return GoldenLedger(name, damaged=f"it cannot be read ({why(wrong)})")
    if not found.verification.sound:
        failed = [*map(str, found.verification.failures), *found.verification.ledger_failures]
        return GoldenLedger(name, damaged=f"it does not verify: {failed[0]}" + f", and {len(failed) - 1} more" * (len(failed) > 1))
    changes = tuple(Change(d, intents.get(d.index)) for d in found.divergent)
    stale = tuple(_stale(found, intents))
    untold = tuple(dict.fromkeys(u.why for u in found.untold))
    return GoldenLedger(name, found.identical, changes, stale, untold=untold)


def _stale(found: Audit, intents: Mapping[int, Intent]) -> Iterator[str]:
    """What names a record that is answered as it was; what cannot be told may differ."""
    open_ones = {d.index for d in found.divergent} | {u.index for u in found.untold}
    return (intent.key for index, intent in sorted(intents.items()) if index not in open_ones)


def _intents(place: Path) -> dict[str, Intent]:
    """What ``intended.json`` says, by key.

    Raises:
        InputError: naming everything in it that cannot be understood.
    """
    path = place / INTENDED
    if not path.exists():
        return {}
    try:
        said = read_json(path.read_bytes())
    except OSError as wrong:
        raise InputError([Problem(str(path), f"a file that cannot be read ({why(wrong)})", "a file")]) from None
    except InputError as wrong:
        raise InputError([Problem(f"{path} {p.path}".strip(), p.found, p.needed) for p in wrong.problems]) from None
    if not isinstance(said, dict):
        raise InputError([Problem(str(path), "something else than an object", "an object: index of a record -> reason")])
    found, problems = dict[str, Intent](), list[Problem]()
    for key, value in said.items():
        intent = _intent(key, value)
        if intent is None:
            needed = 'a reason, or {"why": reason, "answer": SHA-256 of the answer}'
            problems.append(Problem(f"{path} {shown(key)}", "something else", needed))
        else:
            found[key] = intent
    if problems:
        raise InputError(problems)
    return found


def _intent(key: str, value: object) -> Intent | None:
    if isinstance(value, str):
        return Intent(key, value)
    if not isinstance(value, dict) or set(value) != {"why", "answer"} or not all(isinstance(v, str) for v in value.values()):
        return None
    return Intent(key, value["why"], value["answer"]) if DIGEST.fullmatch(value["answer"]) else None


def _write(path: Path, new: Mapping[str, Json]) -> None:
    """Add to what is intended; what is there stays as it is."""

    def extended(there: bytes | None) -> bytes:
        said = {} if there is None else read_json(there)
        return (json.dumps(dict(_in_order([*said.items(), *new.items()])), indent=1, ensure_ascii=False) + "\n").encode()

    replaced(path, extended)


def _in_order(entries: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    return sorted(entries, key=lambda entry: (entry[0].rpartition(":")[0], int(entry[0].rpartition(":")[2])))
