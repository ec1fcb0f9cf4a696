"""What all pages of the report have in common: head, style, landmarks, links between them, and tables."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files

from candidacy._markup import Markup, Part, element, sheet, together
from candidacy._picture import STYLE

SIGNS = {"accepted": "✓", "refused": "✗"}
DOCTYPE = Markup("<!DOCTYPE html>\n")


@cache
def style() -> str:
    """The style that stands in every page, so that each can be read alone."""
    return (files("candidacy") / "_report.css").read_text("utf-8") + STYLE


@cache
def policy() -> str:
    """What a browser may do with a page: show it by our own style, known by its digest, and nothing else."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def frame(title: str, *main: Part, up: str = "", contents: Iterable[tuple[str, str]] = ()) -> Markup:
    """A whole page.

    Args:
        up: the way from the page to the folder of the report.
        contents: the places on the page, each with its name, for its own navigation.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy()),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        sheet(style()),
    )
    here = [element("li", element("a", name, href=f"#{place}")) for place, name in contents]
    body = element(
        "body",
        element("a", "Skip to the content", class_="skip", href="#content"),
        element("header", element("a", "Audit report", href=f"{up}index.html"), class_="top"),
        element("nav", element("ul", here), aria_label="On this page", class_="contents") if here else None,
        element("main", *main, id="content", tabindex=-1),
        element(
            "footer",
            element("p", "Made by Candidacy from the records alone. No script, nothing from elsewhere; people stand by their ids."),
        ),
    )
    return together(DOCTYPE, element("html", head, "\n", body, lang="en"), "\n")


def page_title(title: Part) -> Markup:
    """The heading of a page."""
    return element("h1", title)


def section(place: str, title: str, *parts: Part) -> Markup:
    """A part of a page, under its own heading."""
    return element("section", element("h2", title, id=f"{place}-title"), *parts, id=place, aria_labelledby=f"{place}-title")


def table_in_view(caption: str, head: Iterable[str], *rows: Part, shown: bool = True, numbers: int = 0) -> Markup:
    """A table in a region of its own, which moves sideways where the window is narrow.

    Args:
        shown: whether the caption can be seen; where not, it is for those who listen.
        numbers: how many of the last columns hold numbers.
    """
    names = list(head)
    first = len(names) - numbers
    heads = [element("th", name, scope="col", class_="n" if i >= first else None) for i, name in enumerate(names)]
    table = element(
        "table",
        element("caption", caption, class_=None if shown else "unseen"),
        element("thead", element("tr", heads)),
        element("tbody", "\n", *rows),
    )
    return element("div", table, class_="wide", role="region", aria_label=caption, tabindex=0)


def row(*cells: Part, name: bool = True, class_: str | None = "row", place: str | None = None) -> Markup:
    """A row of a table; its first cell names it, unless not."""
    first = element("th", cells[0], scope="row") if name else element("td", cells[0])
    return element("tr", first, [element("td", cell) for cell in cells[1:]], class_=class_, id=place)


def numbers_row(names: Iterable[Part], *numbers: Part, class_: str | None = None) -> Markup:
    """A row of a table that ends in numbers."""
    first, *more = names
    cells = [element("td", name) for name in more] + [element("td", number, class_="n") for number in numbers]
    return element("tr", element("th", first, scope="row"), cells, class_=class_)


def code(text: str) -> Markup:
    """An id as it stands, which no neighbour turns around."""
    return element("bdi", text, class_="id")


def digest(text: str) -> Markup:
    """A digest, which may be broken anywhere."""
    return element("span", text, class_="id digest")


def answered(word: str) -> Markup:
    """Accepted or refused, with its sign."""
    return element("span", f"{SIGNS.get(word, '?')} {word}", class_=word if word in SIGNS else None)


def terms(pairs: Iterable[tuple[Part, Part]]) -> Markup:
    """Names and what they stand for; those without are left out."""
    told = [(name, value) for name, value in pairs if value is not None and value != ""]
    return element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in told])
