"""Elements of HTML and SVG. The one place that writes tags: whatever is no finished element is escaped here, always.

What a ledger holds may have been forged. So text cannot become a tag, an attribute cannot end early, a link cannot leave the
folder, and characters that nobody sees, or that turn the direction of the text, are shown by their numbers.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import TypeAlias

import attrs

SEEN = (
    ("\n", "\n"), (" ", "~"), ("\u00a0", "\u00ac"), ("\u00ae", "\u061b"), ("\u061d", "\u180d"), ("\u180f", "\u200a"),
    ("\u2010", "\u2027"), ("\u202f", "\u205f"), ("\u2070", "\ud7ff"), ("\uf900", "\ufefe"), ("\uff00", "\uffef"),
    ("\U00010000", "\U000dffff"),
)  # fmt: skip
"""From which to which character a text is shown as it is."""
HIDDEN = re.compile(f"[^{''.join(f'{first}-{last}' for first, last in SEEN)}]")
"""The others: control characters, halves of characters, what changes the direction of a text, and what has no form of its own."""
NAME = re.compile("[a-zA-Z][a-zA-Z0-9-]*")
INSIDE = re.compile(r"(\.\./)?([a-z0-9]+/)?([a-z0-9-]+\.html)?(#[a-z0-9-]+)?")
"""Links lead to another page of the same folder, or to a place on a page, and nowhere else."""
RUNS_OR_FETCHES = frozenset({"style", "src", "srcset", "srcdoc", "action", "formaction", "data", "ping"})
EMPTY = frozenset({"meta", "br", "link", "hr"})


@attrs.frozen
class Markup:
    """A finished piece of a page. Made by `element` and `together`, nowhere else."""

    text: str


Part: TypeAlias = "Markup | str | int | Iterable[Part] | None"


def element(tag: str, /, *parts: Part, **attributes: str | int | bool | None) -> Markup:
    """An element with its parts; attributes that are None are left out.

    Args:
        attributes: by name; ``class_`` and ``for_`` stand for those that are words of Python, and _ for -.

    Raises:
        ValueError: a link would leave the folder, or a name is none.
    """
    said = [_tag(tag)]
    for given, value in attributes.items():
        name = _attribute(given)
        if name == "href" and not INSIDE.fullmatch(str(value)):
            raise ValueError("found a link that leaves the folder; needed one to a page of the report")
        if value is not None and value is not False:
            said.append(name if value is True else f'{name}="{escaped(str(value))}"')
    head = " ".join(said)
    return Markup(f"<{head}>" if tag in EMPTY else f"<{head}>{together(*parts).text}</{tag}>")


@cache
def _tag(tag: str) -> str:
    if not NAME.fullmatch(tag) or tag.lower() in {"script", "style"}:
        raise ValueError(f"found an element {tag!r}; needed one that does not run, and `sheet` for a style")
    return tag


@cache
def _attribute(given: str) -> str:
    name = given.rstrip("_").replace("_", "-")
    if not NAME.fullmatch(name) or name.lower().startswith("on") or name.lower() in RUNS_OR_FETCHES:
        raise ValueError(f"found an attribute {name!r}; needed one that runs and fetches nothing")
    return name


def together(*parts: Part) -> Markup:
    """Parts one after the other; what is no element is escaped."""
    return Markup("".join(_texts(parts)))


def _texts(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Markup):
            yield part.text
        elif isinstance(part, str | int):
            yield escaped(str(part))
        elif part is not None:
            yield from _texts(part)


def escaped(text: str) -> str:
    """Text as it may stand between tags and in an attribute."""
    return escape(visible(text))


def visible(text: str) -> str:
    """Text without what nobody sees: such a character is shown by its number, as in ``<202E>``."""
    return HIDDEN.sub(lambda found: f"<{ord(found[0]):04X}>", text)


def sheet(style: str) -> Markup:
    """A style of our own: never of anything that was entered."""
    if "<" in style:
        raise ValueError("found a tag in a style; needed none")
    return Markup(f"<style>{style}</style>")
