"""What an auditor asks for first, gathered case by case for the front page: each exception with its record and who entered it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from candidacy._exceptions import exceptions_in
from candidacy._markup import element
from candidacy._report_frame import code, numbers_row, row, table_in_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from candidacy._excepted import Excepted, Unlisted
    from candidacy._markup import Markup, Part
    from candidacy._report_lists import Lists
    from candidacy._report_told import TellingOf
    from candidacy.registry import Registry

HEAD = ("Record", "Case", "By", "What")
AT_ONCE = 12
"""Exceptions of a kind that stand on the front page itself."""
PEOPLE = 20
"""Rows of persons that do."""
NOT_TOLD = ("exceptions", "not told")


@attrs.define
class Exceptions:
    """What stands out in the cases that have gone by. All of it is in the lists; here are how many, and the first of each kind."""

    lists: Lists
    registry: Registry
    first: dict[str, list[Markup]] = attrs.field(factory=dict)
    """By kind, the first rows."""
    people: set[tuple[str, str]] = attrs.field(factory=set)
    """Who departed from the rules or corrected the record, and by what kind."""

    def see(self, of: TellingOf) -> None:
        """One case more."""
        left: list[Unlisted] = []
        for one in exceptions_in(of.records, self.registry, of.zone, left_out=left.append):
            place = f"{of.page}#r{one.record}"
            line = _row(one, f"../{place}")
            self.lists.add(("exceptions", one.kind), f"Exceptions: {one.kind}", line, HEAD)
            if one.is_departure:
                self.lists.add(("by", one.person, one.kind), f"Exceptions: {one.kind}, by {one.person}", line, HEAD)
                self.people.add((one.person, one.kind))
            first = self.first.setdefault(one.kind, [])
            if len(first) < AT_ONCE:
                first.append(_row(one, place))
        for untold in left:
            line = row(element("a", code(untold.case), href=f"../{of.page}"), untold.why)
            self.lists.add(NOT_TOLD, "Cases of which not every exception can be told", line, ("Case", "Why"))

    def parts(self) -> Iterator[Part]:
        """The section of the front page."""
        if self.lists.count(NOT_TOLD):
            yield element("p", "Cases of which not everything can be told: ", self.lists.number(NOT_TOLD), ".")
        if not self.first:
            yield element("p", "Nothing stands out: no departure from the rules, nothing late, no case taken over.")
            return
        by_kind = [numbers_row([kind], self.lists.number(("exceptions", kind))) for kind in self.first]
        tables = [table_in_view("By kind", ("Kind", "Number"), *by_kind, numbers=1)]
        if self.people:
            shown = sorted(self.people)[:PEOPLE]
            by_person = [numbers_row([code(who), kind], self.lists.number(("by", who, kind))) for who, kind in shown]
            caption = "Departures and corrections by person"
            caption += "" if len(self.people) <= PEOPLE else f"; the first {PEOPLE} of {len(self.people):,}"
            tables.append(table_in_view(caption, ("Person", "Kind", "Number"), *by_person, numbers=1))
        yield element("div", *tables, class_="beside")
        for kind, rows in self.first.items():
            count = self.lists.count(("exceptions", kind))
            yield element("h3", kind[:1].upper() + kind[1:])
            caption = f"{kind}, each with its record" if count <= AT_ONCE else f"{kind}: the first {AT_ONCE} of {count:,}"
            yield table_in_view(caption, HEAD, *rows, shown=count > AT_ONCE)


def _row(one: Excepted, place: str) -> Markup:
    return row(element("a", str(one.record), href=place), code(one.case), code(one.person), f"{one.sentence.rstrip(chr(46))}.")
