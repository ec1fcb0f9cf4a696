"""Lives in words that a program officer can read: who enters what on which day, and what is otherwise in another one."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from candidacy._phrases import ANSWER, named, plain, spoken
from candidacy._words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from candidacy.decision import Json
    from candidacy.program import Edition

    Documents = Sequence[Mapping[str, Any]]

DIGEST = re.compile(r"[0-9a-f]{64}")
LETTERS_OF_A_DIGEST = 8
MADE_UP = re.compile(r"\bnew-[0-9a-f]{8}\b")
"""Ids that `candidacy._filling` makes up."""


class Telling:
    """Tells lives of one edition; people are called by their roles, where those tell them apart."""

    def __init__(self, edition: Edition, *lives: Documents) -> None:
        """Tell *lives*, which share their people."""
        self.edition = edition
        self.roles: dict[str, list[str]] = {}
        self._letters: dict[str, str] = {}
        for document in (d for life in lives for d in life):
            given = document["payload"].get("roles") or [document["payload"]]
            for one in given if isinstance(given, list) else []:
                if isinstance(one, dict) and isinstance(one.get("person"), str) and isinstance(one.get("role"), str):
                    held = self.roles.setdefault(one["person"], [])
                    held += [one["role"]] * (one["role"] not in held)

    def lettered(self, said: str) -> str:
        """Words in which letters, A and B and on, stand for ids that were made up."""
        return MADE_UP.sub(lambda found: self._letters.setdefault(found.group(), _letter(len(self._letters))), said)

    def who(self, person: str) -> str:
        """A person, by role; with the id, where another person has the same one, or by the id alone, where none is known."""
        held = self.roles.get(person)
        if not held:
            return f"{person}, who has no part in the case"
        same = sum(roles == held for roles in self.roles.values()) > 1
        return f"the {' and '.join(held)}" + (f" ({person})" if same else "")

    def step(self, document: Mapping[str, Any]) -> str:
        """One command: the day, who, and what is entered."""
        by, what = self.who(document["actor"]["person"]), self.what(document)
        return self.lettered(f"{spoken(date.fromisoformat(document['day']))}, {by}: {what}")

    def what(self, document: Mapping[str, Any]) -> str:
        """What a command enters, with its content."""
        payload = document["payload"]
        if document["type"] == ANSWER:
            question = self.edition.question(str(payload.get("question")))
            asked = question.asks if question else payload["question"]
            about = f" (about {payload['about']})" if payload.get("about") else ""
            return f"answers {words(payload.get('answer'))} to the question: {asked}{about}"
        said = [f"{_named(name, value)}: {self.value(value)}" for name, value in payload.items() if value is not None]
        special = [f"{how} entry {document[how]}" for how in ("corrects", "confirms") if document.get(how)]
        request = ["asked for, to be entered by another person"] * bool(document.get("request"))
        return named(document["type"]) + "".join(f"; {part}" for part in (*said, *special, *request))

    def value(self, value: Any) -> str:
        """The content of a field."""
        if isinstance(value, list) and value and all(isinstance(v, dict) and {*v} == {"person", "role"} for v in value):
            return ", ".join(v["role"] for v in value)
        if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            return "; ".join(self.value(v) for v in value)
        if isinstance(value, dict):
            return ", ".join(f"{plain(k)} {self.value(v)}" for k, v in value.items() if v is not None)
        if isinstance(value, str) and value in self.roles:
            return self.who(value)
        if isinstance(value, str) and DIGEST.fullmatch(value):
            return f"{value[:LETTERS_OF_A_DIGEST]}…"
        return words(value)

    # --- the other life

    def otherwise(self, passing: Documents, failing: Documents) -> Iterator[str]:
        """What is otherwise in the failing life, against the numbered steps of the passing one."""
        ours = {d["id"]: (n, d) for n, d in enumerate(passing, 1)}
        theirs = {d["id"] for d in failing}
        new = [d for d in failing if d["id"] not in ours]
        instead = passing[-1] if new and new[-1] is failing[-1] and passing[-1]["id"] not in theirs else None
        for name, (n, document) in ours.items():
            if name not in theirs and document is not instead:
                yield f"without step {n} ({named(document['type'])})"
        for document in failing:
            if document["id"] in ours or (document is failing[-1] and instead is not None):
                n, before = ours.get(document["id"], (len(passing), passing[-1]))
                changes = ", ".join(self._changes(before, document))
                yield from [self.lettered(f"step {n} ({named(before['type'])}) {changes}")] if changes else []
            else:
                yield f"also {self.step(document)}"
        if instead is None and [d["id"] for d in failing if d["id"] in ours] != [i for i in ours if i in theirs]:
            yield "with its steps in another order"

    def _changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
        """What is otherwise in one step."""
        if before["type"] != after["type"]:
            yield f"is another: {self.step(after)}"
            return
        if before["day"] != after["day"]:
            yield f"on {_day(after['day'])}, not on {_day(before['day'])}"
        if before["actor"] != after["actor"]:
            yield f"entered by {self.who(after['actor']['person'])}, not by {self.who(before['actor']['person'])}"
        yield from (f"with {change}" for change in self._content(before["payload"], after["payload"]))

    def _content(self, before: Json, after: Json) -> Iterator[str]:
        for name in dict.fromkeys((*before, *after)):
            one, two = before.get(name), after.get(name)
            if one == two:
                continue
            if isinstance(one, list) and isinstance(two, list) and one and two and all(type(v) is dict for v in (*one, *two)):
                gone, new = [v for v in one if v not in two], [v for v in two if v not in one]
                yield from [f"{plain(name)} that lack {self._each(gone)}"] if gone and not new else []
                yield from [f"{plain(name)} that have {self._each(new)}, not {self._each(gone)}"] if new and gone else []
                yield from [f"{plain(name)} that also have {self._each(new)}"] if new and not gone else []
            elif two is None:
                yield f"{plain(name)} left out, not {self.value(one)}"
            else:
                yield f"{plain(name)}: {self.value(two)}, not {'left out' if one is None else self.value(one)}"

    def _each(self, values: list[Any]) -> str:
        return " and ".join(
            f"{self.value(v['person'])} as {v['role']}" if {*v} == {"person", "role"} else self.value(v) for v in values
        )


def _named(name: str, value: Any) -> str:
    """The name of a field; of the people who take part, in plain words."""
    return "taking part" if name == "roles" and isinstance(value, list) else plain(name)


def _letter(n: int) -> str:
    """A to Z, then A1 and on."""
    return chr(ord("A") + n % 26) + (str(n // 26) if n >= 26 else "")  # noqa: PLR2004 (letters)


def _day(day: str) -> str:
    return spoken(date.fromisoformat(day))
