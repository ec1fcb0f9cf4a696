"""The skeleton of a plugin's rules: Python with a stub for each requirement of a table, and the catalogue of all its statements.

What stands in the table becomes text in quotation marks, whatever it is: characters that cannot be seen are written by number.
"""

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator

import attrs

from candidacy._requirements import Requirement

WIDTH = 88
"""Columns of a line: what formatters leave alone."""
LONGEST_NAME = 30
"""Characters of a constant."""
TAKEN = {"c", "date", *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}
"""Names that no stub may have."""
OWN = {"AUTHORITIES", "CATALOGUE", "OWNER", "RULES"}
PLACEHOLDERS = {"publisher": "who issued it", "obtain": "how a reader gets a copy"}
"""What stands in an authority until its author says it."""
HEAD = '"""What the documents say: a stub for each requirement, every statement as catalogue."""'
GO_ON = """\
# To go on: write the body of a stub, choose the act it stands before, and list it
# here; then put its name in place of c.NOT_YET below. Or say there what else stands for
# the statement, or c.NotModelled("why nothing does"). The edition then has
# authorities=AUTHORITIES, rules=RULES, catalogue=CATALOGUE."""


@attrs.frozen
class Group:
    """Something in brackets: what opens it, its items, what closes it."""

    opens: str
    items: tuple["str | Group", ...]
    closes: str = ")"
    alone: str = ""
    """What stands behind an item that is the only one: a comma, in a tuple."""

    @property
    def flat(self) -> str:
        """On one line."""
        inside = ", ".join(item if isinstance(item, str) else item.flat for item in self.items)
        return self.opens + inside + self.alone * (len(self.items) == 1) + self.closes

    def lines(self, indent: str = "", after: str = "") -> Iterator[str]:
        """On one line where it fits, else each item on its own; *after* stands behind it."""
        flat = indent + self.flat + after
        if _width(flat) <= WIDTH:
            yield flat
            return
        yield indent + self.opens
        for item in self.items:
            if isinstance(item, str):
                yield f"{indent}    {item},"
            else:
                yield from item.lines(indent + "    ", ",")
        yield indent + self.closes + after


def skeleton(requirements: Iterable[Requirement], owner: str) -> str:
    """The source of a module for *requirements*; *owner* is the name of the program."""
    found = list(requirements)
    asked = [r for r in found if r.asks]
    documents = list(dict.fromkeys(r.document for r in found))
    of = dict(zip(documents, _names(map(_constant, documents), OWN), strict=True))
    stubs = zip(asked, _names((_function(r.id) for r in asked), TAKEN), strict=True)
    parts = [HEAD, ""]
    parts += ["from datetime import date", ""] if asked else []
    parts += ["import candidacy as c", "", f"OWNER = {literal(owner)}  # the name of the program", ""]
    for document in documents:
        parts += _authority(of[document], document)
    parts += Group("AUTHORITIES = (", tuple(of.values()), alone=",").lines()
    for requirement, name in stubs:
        parts += ["", "", *_stub(requirement, name, of[requirement.document])]
    parts += ["", "", GO_ON, "RULES: tuple[c.Rule, ...] = ()"] if asked else ["", GO_ON, "RULES: tuple[c.Rule, ...] = ()"]
    parts += ["CATALOGUE = (", "    # every statement, in the order of the table"]
    for requirement in found:
        parts += _says(requirement, of[requirement.document]).lines("    ", ",")
    parts += [")"]
    return "\n".join([*parts, ""])


def literal(text: str) -> str:
    """The text as Python has it, in the quotation marks that formatters choose."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    return mark + _seen(text).replace(mark, f"\\{mark}") + mark


def _seen(text: str) -> str:
    """With characters that cannot be seen, and backslashes, written so that Python reads them."""
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text)


def _documented(text: str) -> str:
    """As it stands in a docstring: quotation marks are left alone where they cannot be taken for its end."""
    seen, risky = _seen(text), text.startswith('"') or text.endswith('"') or '"""' in text
    return seen.replace('"', '\\"') if risky else seen


def _width(text: str) -> int:
    """Columns at most: a character beyond ASCII may take two."""
    return sum(1 if character.isascii() else 2 for character in text)


def _authority(name: str, document: str) -> Iterator[str]:
    words = (f"title={literal(document)}", *(f"{name}={literal(words)}" for name, words in PLACEHOLDERS.items()))
    return Group(f"{name} = c.Authority(", ("OWNER", *words)).lines()


def _stub(of: Requirement, name: str, authority: str) -> Iterator[str]:
    """What asks for the requirement, and raises until it is written."""
    verb = "requires" if of.force == "must" else "advises"
    reading = (f"reading={literal(of.reading)}",) if of.reading else ()
    place: str | Group = _lines(of, "lines=(") if of.lines else f"section={literal(of.section)}"
    yield from Group(f"@{authority}.{verb}(", ("before=c.ProgramCompleted", f"at={literal(of.id)}", place, *reading)).lines()
    takes = ("case: c.Case", "act: c.ProgramCompleted", "day: date")
    yield from Group(f"def {name}(", takes, ") -> c.Check:").lines()
    yield f'    """{_documented(of.says)}"""'
    yield "    raise NotImplementedError"


def _says(of: Requirement, authority: str) -> Group:
    where: str | Group = _lines(of, "(") if of.lines else literal(of.section)
    force = f"c.Force.{of.force.name}"
    return Group(f"{authority}.says(", (literal(of.id), force, where, literal(of.says), "c.NOT_YET"))


def _lines(of: Requirement, opens: str) -> Group:
    if len(of.lines) == 1:
        return Group(opens, tuple(map(str, of.lines[0])))
    return Group(opens, tuple(Group("(", tuple(map(str, pair))) for pair in of.lines))


def _function(statement: str) -> str:
    """The id of a statement as the name of a function."""
    name = re.sub("[^a-z0-9]+", "_", statement.lower()).strip("_")
    return f"requirement_{name}" if not name[:1].isalpha() or name in TAKEN else name


def _constant(document: str) -> str:
    """The title of a document, as far as it goes, as the name of a constant."""
    name = re.sub("[^A-Z0-9]+", "_", document.upper()).strip("_")
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME + 1].rpartition("_")[0] or name[:LONGEST_NAME]
    return name if name[:1].isalpha() else f"DOCUMENT_{name}".rstrip("_")


def _names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """The names, each once: one that is taken gets a number."""
    found: dict[str, None] = {}
    for name in wanted:
        free, number = name, 1
        while free in found or free in taken:
            number += 1
            free = f"{name}_{number}"
        found[free] = None
    return list(found)
