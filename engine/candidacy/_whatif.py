"""A caseload under another edition, or a draft of one: who would have been answered otherwise, and by which requirement.

Nothing is entered anywhere. Every record is judged on its case as it was then.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path as Folder
from typing import TYPE_CHECKING

from candidacy._answered import Asked, CaseAnswered, reading
from candidacy._caseload import Caseload, WhatIf
from candidacy._drafts import SECONDS, Draft
from candidacy.errors import InputError, Problem, refuse_other_types
from candidacy.keeping import Keeper
from candidacy.program import Edition
from candidacy.strict import shown

if TYPE_CHECKING:
    from candidacy.engine import Engine
    from candidacy.record import Record


def what_if(  # noqa: PLR0913 (the question, and what a draft may do)
    engine: Engine | Keeper,
    rules: str | Edition | Folder,
    *,
    as_of: date | None = None,
    follow: bool = False,
    edition: str = "",
    seconds: int = SECONDS,
) -> WhatIf:
    """The caseload of a ledger as another edition would have judged it: record by record, each on its case as it was.

    Nothing is entered. Where *rules* is a folder, **the code in it is executed**, in a process of its own that is told neither
    where the ledger is nor what stands in the environment; it is not kept from doing what a program may do.

    Args:
        engine: on the ledger that holds the cases.
        rules: an edition, ``widgets/2006``; in short ``2006``, where all cases of the ledger are of one program; an Edition at
            hand; or, as a `pathlib.Path`, the folder of a draft: a package, or a folder that holds one.
        as_of: the day for which to ask for the earliest day of each case under way, by its own edition and by the other.
        follow: also run each case again without the acts that would have been refused, and with those that would have been
            accepted; what else would then be decided otherwise is a consequence.
        edition: of a draft, the one to judge by; without, for each record the one of the same name, else the newest.
        seconds: how long a draft may take to load, and for each case.

    Raises:
        InputError: there is no such edition; the ledger has cases of several programs and none is named; the draft does not
            load, ends, or takes too long.
        DamagedRecordError: a record is not what was hashed.
    """
    refuse_other_types(
        engine=(engine, Keeper), rules=(rules, (str, Edition, Folder)), as_of=(as_of, (date, type(None))), edition=(edition, str)
    )
    asked = Asked(follow, as_of)
    if isinstance(rules, Folder):
        with Draft(rules, edition, seconds) as draft:
            return Caseload(engine, asked, str(rules), draft.programs, partial(draft.case, asked)).found()
    if edition:
        raise InputError([Problem("edition", f"the edition {shown(edition)} beside {shown(str(rules))}", "one of the two")])
    chosen = rules if isinstance(rules, Edition) else _named(engine, rules)
    ours = any(chosen is e for p in engine.registry.programs.values() for e in p.editions)
    read = engine.read if ours else reading(chosen.entered_by)

    def answered(records: list[Record], *, days: bool) -> CaseAnswered:
        return asked.of(records, read, lambda _: chosen, days=days)

    already = chosen.id if ours else ""
    return Caseload(engine, asked, chosen.id, (chosen.program,), answered, already).found()


def _named(engine: Keeper, name: str) -> Edition:
    """The installed edition of that name, ``2006`` or ``widgets/2006``."""
    program, slash, rest = name.partition("/")
    known = ", ".join(dict.fromkeys(e.id for p in engine.registry.programs.values() for e in p.editions)) or "none is installed"
    if not slash:
        rest, held = name, sorted({records[0].edition["program"] for records in engine.ledger.by_case()})
        if len(held) > 1:
            needed = " or ".join(f"{one}/{rest}" for one in held if _has(engine, one, rest)) or f"one of {known}"
            raise InputError(
                [Problem("rules", f"an edition without its program, and cases of {len(held)} programs: {', '.join(held)}", needed)]
            )
        program = held[0] if held else next((p for p in engine.registry.programs if _has(engine, p, rest)), "")
    found = engine.registry.programs[program].edition(rest) if program in engine.registry.programs else None
    if found is None:
        raise InputError(
            [
                Problem(
                    "rules", f"the edition {shown(name)}", f"one of {known}; for a draft, its folder, written ./my_draft or in full"
                )
            ]
        )
    return found


def _has(engine: Keeper, program: str, edition: str) -> bool:
    found = engine.registry.programs.get(program)
    return found is not None and found.edition(edition) is not None
