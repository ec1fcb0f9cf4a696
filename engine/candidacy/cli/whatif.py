"""`candidacy whatif`: the caseload under another edition, or a draft of one."""

from __future__ import annotations

import os
from pathlib import Path

import click

from candidacy.cli import CANNOT_BE_TOLD, NO, YES
from candidacy.cli.shared import answer, as_json, as_of_day, day_asked, engine_on, ledger_argument, opened_ledger, seconds_for


@click.command()
@ledger_argument
@click.option(
    "--rules",
    required=True,
    metavar="EDITION|PATH",
    help="An installed edition, such as 2006 or widgets/2006; or the folder of a draft, written with ./ or / in front, "
    "whose code is then executed.",
)
@click.option(
    "--edition", default="", metavar="NAME", help="Of a draft: the edition to judge by; that of the record's name by default."
)
@click.option("--follow", is_flag=True, help="Also run each case again without what would have been refused.")
@as_of_day
@click.option("--no-days", "no_days", is_flag=True, help="Leave out the earliest days of the cases under way.")
@seconds_for("for a draft to load, and for each case")
@as_json
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="markdown is fit for a pull request.",
)
def whatif(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    rules: str,
    edition: str,
    follow: bool,  # noqa: FBT001 (click)
    as_of: str | None,
    no_days: bool,  # noqa: FBT001 (click)
    timeout: int,
    as_json: bool,  # noqa: FBT001 (click)
    form: str,
) -> int:
    """Judge the caseload of LEDGER under another edition, or a draft of one, record by record on each case as it was.

    Says which acts would have been decided otherwise, and by which requirement; of which it cannot be told, and for want of
    what; which earliest days would move. Nothing is entered into LEDGER.

    Exit codes: 0 no act flips; 1 one does; 3 none is known to, and of one it cannot be told.
    """
    from candidacy._whatif import what_if
    from candidacy.cli import flips

    _refuse_what_does_not_fit(rules, edition, as_of, form, no_days=no_days, as_json=as_json)
    if is_folder(rules):
        click.echo(f"candidacy: this executes the code in {rules}, in a process of its own", err=True)
    with opened_ledger(ledger, read_only=True) as opened:
        engine = engine_on(opened)
        day = None if no_days else day_asked(engine, as_of)
        asked = Path(rules) if is_folder(rules) else rules
        found = what_if(engine, asked, as_of=day, follow=follow, edition=edition, seconds=timeout)
    code = NO if found.flips else CANNOT_BE_TOLD if found.untold else YES
    lines = flips.markdown(found) if form == "markdown" else flips.text(found)
    return answer(found.as_data(), lines, as_json=as_json, code=code)


def is_folder(rules: str) -> bool:
    """Whether a folder is meant: code is executed only where that is written so that it can mean nothing else."""
    return rules.startswith(".") or rules.endswith(("/", os.sep)) or Path(rules).is_absolute()


def _refuse_what_does_not_fit(  # noqa: PLR0913 (click)
    rules: str, edition: str, as_of: str | None, form: str, *, no_days: bool, as_json: bool
) -> None:
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    wrong = []
    if edition and not is_folder(rules):
        wrong.append(Problem("--edition", "an edition of a draft beside an installed one", "the folder of a draft in --rules"))
    if as_of is not None and no_days:
        wrong.append(Problem("--as-of", "a day beside --no-days", "one of the two"))
    if as_json and form != "text":
        wrong.append(Problem("--json", f"--format {form}", "one of the two"))
    if not rules:
        wrong.append(Problem("--rules", shown(rules), "an edition, or the folder of a draft"))
    if wrong:
        raise InputError(wrong)
