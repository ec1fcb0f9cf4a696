"""A report as a reader without a browser finds it: every page parsed strictly, links followed, rows counted."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import attrs

EMPTY = {"meta", "br", "link", "hr"}


@attrs.define
class Page(HTMLParser):
    """One page: its elements, ids, links, rows, and what is wrong with its form."""

    name: str
    wrong: list[str] = attrs.field(factory=list)
    elements: list[tuple[str, dict[str, str]]] = attrs.field(factory=list)
    ids: list[str] = attrs.field(factory=list)
    links: list[tuple[str, str, str]] = attrs.field(factory=list)
    """Where to, the class, the text."""
    rows: list[list[str]] = attrs.field(factory=list)
    """Of each row, where its links lead."""
    text: list[str] = attrs.field(factory=list)
    open: list[str] = attrs.field(factory=list)
    link: tuple[str, str] | None = None
    said: list[str] = attrs.field(factory=list)
    in_row: bool = False

    def __attrs_pre_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if len(given) != len(attributes):
            self.wrong.append(f"{tag} has an attribute twice")
        self.elements.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        if given.get("class") == "row":
            self.rows.append([])
        if tag == "a":
            self.link, self.said = (given.get("href", ""), given.get("class", "")), []
            if self.rows:
                self.rows[-1].append(given.get("href", ""))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"{tag} ends inside {self.open[-1:]}")
        else:
            self.open.pop()
        if tag == "a" and self.link:
            self.links.append((*self.link, "".join(self.said)))
            self.link = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.link:
            self.said.append(data)


class Site:
    """All pages below a folder."""

    def __init__(self, folder: Path) -> None:
        self.pages: dict[str, Page] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                page = Page(path.relative_to(folder).as_posix())
                page.feed(path.read_text("utf-8"))
                page.close()
                page.wrong += [f"{page.open} never end"] * bool(page.open)
                self.pages[page.name] = page

    def target(self, page: Page, href: str) -> tuple[str, str]:
        """The page and the place a link leads to."""
        way, _, place = href.partition("#")
        if not way:
            return page.name, place
        parts: list[str] = []
        for part in (*PurePosixPath(page.name).parent.parts, *PurePosixPath(way).parts):
            if part == "..":
                parts.pop()  # leaving the folder raises
            else:
                parts.append(part)
        return "/".join(parts), place

    def dead(self) -> list[str]:
        """Links to a page or a place that is not there."""
        said = []
        for page in self.pages.values():
            for href, _, _ in page.links:
                name, place = self.target(page, href)
                if name not in self.pages or (place and place not in self.pages[name].ids):
                    said.append(f"{page.name}: {href}")
        return said

    def rows_behind(self, page: Page, href: str) -> list[tuple[str, list[str]]]:
        """The rows a number leads to, on all pages of their list: the page, and where the row's links lead."""
        name, _ = self.target(page, href)
        found = []
        while name:
            at = self.pages[name]
            found += [(name, row) for row in at.rows]
            more = [given["href"] for tag, given in at.elements if tag == "a" and given.get("rel") == "next"]
            name = self.target(at, more[0])[0] if more else ""
        return found

    def numbers(self) -> list[tuple[Page, str, int]]:
        """Every number that leads somewhere: on which page, where to, how many."""
        return [
            (page, href, int(text.replace(",", "")))
            for page in self.pages.values()
            for href, style, text in page.links
            if style == "number"
        ]

    def wrong_numbers(self) -> list[str]:
        """Numbers with another number of rows behind them."""
        return [
            f"{page.name}: {n} leads to {len(self.rows_behind(page, href))} rows at {href}"
            for page, href, n in self.numbers()
            if n != len(self.rows_behind(page, href))
        ]

    def wrong(self) -> list[str]:
        """What is wrong with the form of any page."""
        said = [f"{page.name}: {what}" for page in self.pages.values() for what in page.wrong]
        for page in self.pages.values():
            said += [f"{page.name}: the id {i!r} twice" for i, n in Counter(page.ids).items() if n > 1]
            tags = [tag for tag, _ in page.elements]
            said += [
                f"{page.name}: <{tag}>"
                for tag in {"script", "iframe", "object", "embed", "base", "form", "img", "link"} & set(tags)
            ]
            for tag, given in page.elements:
                said += [
                    f"{page.name}: {tag} {name}" for name in given if name.startswith("on") or name in {"src", "style", "srcset"}
                ]
                outside = [v for k, v in given.items() if k.endswith("href") and (":" in v or v.startswith("/"))]
                said += [f"{page.name}: leads outside: {v}" for v in outside]
            labels = [
                i
                for _, given in page.elements
                for name in ("aria-labelledby", "aria-describedby")
                for i in given.get(name, "").split()
            ]
            said += [f"{page.name}: nothing is {i!r}" for i in labels if i not in page.ids]
        return said
