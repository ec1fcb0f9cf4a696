"""The records behind each number, as pages of rows, written while the ledger streams by: no list is ever held whole."""

import shutil
from collections.abc import Hashable
from pathlib import Path

import attrs

from candidacy._markup import Markup, element, together
from candidacy._report_frame import frame, page_title, table_in_view

ROWS_OF_A_PAGE = 1_000
HELD = 64
"""Rows of a list that are held before they are written."""
RECORD_HEAD = ("Record", "Case", "Effective day", "Recorded", "Fact or act", "Answer")


@attrs.define
class _List:
    number: int
    title: str
    head: tuple[str, ...]
    count: int = 0
    held: list[str] = attrs.field(factory=list)


class Lists:
    """Lists by key, and the number of rows in each. Files are named by numbers in the order in which lists were begun."""

    def __init__(self, folder: Path) -> None:
        """Lists in that folder, which is made."""
        self._folder = folder / "lists"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lists: dict[Hashable, _List] = {}
        for left in self._folder.glob("*.rows"):  # of a report that was not finished
            left.unlink()

    def add(self, key: Hashable, title: str, row: Markup, head: tuple[str, ...] = RECORD_HEAD) -> None:
        """One row more; *title* and *head* are those of its list."""
        of = self._lists.get(key)
        if of is None:
            of = self._lists[key] = _List(len(self._lists) + 1, title, head)
        of.held.append(row.text)
        of.count += 1
        if len(of.held) >= HELD or of.count % ROWS_OF_A_PAGE == 0:
            self._write(of)

    def count(self, key: Hashable) -> int:
        """How many rows a list has."""
        return self._lists[key].count if key in self._lists else 0

    def number(self, key: Hashable, up: str = "") -> Markup:
        """The number of rows, leading to them; a number with nothing behind it leads nowhere."""
        of = self._lists.get(key)
        if of is None:
            return together("0")
        return element("a", f"{of.count:,}", class_="number", href=f"{up}lists/{_page(of.number, 1)}.html")

    def finish(self) -> None:
        """Give every page its head, now that all is counted."""
        for of in self._lists.values():
            self._write(of)
            pages = -(-of.count // ROWS_OF_A_PAGE)
            for page in range(1, pages + 1):
                self._assemble(of, page, pages)

    def _write(self, of: _List) -> None:
        if of.held:
            page = (of.count - 1) // ROWS_OF_A_PAGE + 1
            with (self._folder / f"{_page(of.number, page)}.rows").open("a", encoding="utf-8") as file:
                file.write("\n".join(of.held) + "\n")
            of.held.clear()

    def _assemble(self, of: _List, page: int, pages: int) -> None:
        part = f", page {page} of {pages}" if pages > 1 else ""
        first, last = (page - 1) * ROWS_OF_A_PAGE + 1, min(page * ROWS_OF_A_PAGE, of.count)
        caption = f"{of.title}: {of.count:,} in all" + (f"; these are {first:,} to {last:,}" if part else "")
        before, after = table_in_view(caption, of.head, MARK).text.split(MARK.text)
        around = (page_title(of.title + part), _ways(of.number, page, pages), Markup(before), MARK, Markup(after))
        head, tail = frame(of.title + part, *around, up="../").text.split(MARK.text)
        name = self._folder / _page(of.number, page)
        with name.with_suffix(".html").open("wb") as made, name.with_suffix(".rows").open("rb") as rows:
            made.write(head.encode())
            shutil.copyfileobj(rows, made)
            made.write(tail.encode())
        name.with_suffix(".rows").unlink()


MARK = element("tr", class_="rows-of-the-page")
"""Where the rows go."""


def _page(number: int, page: int) -> str:
    return f"{number}-{page}" if page > 1 else f"{number}"


def _ways(number: int, page: int, pages: int) -> Markup | None:
    """To the page before and the page after."""
    if pages == 1:
        return None
    before = element("a", "Page before", rel="prev", href=f"{_page(number, page - 1)}.html") if page > 1 else None
    after = element("a", "Next page", rel="next", href=f"{_page(number, page + 1)}.html") if page < pages else None
    return element("nav", before, " ", after, aria_label="Pages of this list")
