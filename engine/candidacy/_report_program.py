"""The page of one edition of a program: its lifecycle as a picture, as a table, and as sentences to be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidacy._markup import Markup, element
from candidacy._phrases import named
from candidacy._picture import Drawing, moves, outline
from candidacy._report_case import picture
from candidacy._report_frame import code, frame, page_title, row, section, table_in_view

if TYPE_CHECKING:
    from candidacy.program import Edition
    from candidacy.registry import Registry

STAYS = "Stages from top to bottom, exits aside. Acts that change nothing about the stage are in the table and in the sentences."


def program_page(edition: Edition, registry: Registry) -> Markup:
    """The lifecycle of an edition, three times the same."""
    program = registry.programs[edition.program]
    head = ("Stage", "Act", "Entered by", "Next stage")
    rows = [
        row(r["state"], named(r["act"].partition(" ")[0]), " or ".join(r["by"]), r["to"] or "(stays)", class_=None)
        for r in moves(edition)
    ]
    caption = f"Moves of {edition.id}: in which stage, by which act, by whom, to which stage"
    return frame(
        f"Lifecycle of {edition.id}",
        page_title(["Lifecycle of ", code(edition.id)]),
        element("p", program.title),
        section("picture", "As a picture", picture(Drawing(edition), STAYS)),
        section("sentences", "As sentences", outline(edition)),
        section("table", "As a table", table_in_view(caption, head, *rows)),
        up="../",
        contents=(("picture", "As a picture"), ("sentences", "As sentences"), ("table", "As a table")),
    )  # fmt: skip
