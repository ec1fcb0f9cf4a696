"""`candidacy try`: a life played against draft rules, or those of an installed program. No ledger is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, days_asked, registry_found, seconds_for, stream
from candidacy.cli.whatif import is_folder

if TYPE_CHECKING:
    from datetime import date

    from candidacy.decision import Json
    from candidacy.program import Program


@click.command("try")
@click.argument("plugin")
@click.argument("life", metavar="STORY.jsonl")
@click.option("--to", metavar="STAGE", help="The stage to reach; the one the program is for by default.")
@click.option("--as-of", "as_of", metavar="DAY", help="The day it is asked for; the last that is told of the case by default.")
@click.option("--edition", default="", metavar="NAME", help="Begin cases under this edition, whatever their announcement says.")
@seconds_for("for a draft to load, and over the story")
@as_json
def try_(  # noqa: PLR0913, PLR0917 (click)
    plugin: str,
    life: str,
    to: str | None,
    as_of: str | None,
    edition: str,
    timeout: int,
    as_json: bool,  # noqa: FBT001 (click)
) -> int:
    """Play the life in STORY.jsonl (or -) against PLUGIN: a draft in a folder, or an installed program.

    A folder is written with ./ or / in front, and the code in it is then executed, in a process of its own. The story has a
    command document in each line, in which `id` and `case` may be left out. Shows what each is answered and why, what would meet
    what refuses it, where the case stands, and what remains. Nothing is kept.

    Exit codes: 0 every command was accepted; 1 one was refused; 3 one was refused only because something cannot be told.
    """
    (on,) = days_asked({"--as-of": as_of})
    told = _read(life)
    if is_folder(plugin):
        click.echo(f"candidacy: this executes the code in {plugin}, in a process of its own", err=True)
        data, lines = _by_draft(plugin, told, to, on, edition, timeout)
    else:
        from candidacy._tryout import try_out

        found = try_out(_installed(plugin), told, to=to, as_of=on, edition=edition)
        data, lines = found.as_data(), list(found.lines())
    code = {"accepted": YES, "cannot be told": CANNOT_BE_TOLD}.get(str(data.get("answer")), NO)
    return answer(data, lines, as_json=as_json, code=code)


def _read(file: str) -> bytes:
    from candidacy._lives import LONGEST_LIFE

    with stream(file) as opened:
        return opened.read(LONGEST_LIFE + 1)


def _by_draft(  # noqa: PLR0913, PLR0917 (the question, and what a draft may do)
    folder: str, life: bytes, to: str | None, on: date | None, edition: str, seconds: int
) -> tuple[Json, list[str]]:
    from candidacy._drafts import Draft

    with Draft(Path(folder), edition, seconds, named="PLUGIN") as draft:
        return draft.life(life, to=to, as_of=on)


def _installed(name: str) -> Program:
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    programs = registry_found().programs
    if name not in programs:
        known = ", ".join(programs) or "none is installed"
        needed = f"an installed one: {known}; for a draft, its folder, written ./my_draft or in full"
        raise InputError([Problem("PLUGIN", f"the program {shown(name)}", needed)])
    return programs[name]
