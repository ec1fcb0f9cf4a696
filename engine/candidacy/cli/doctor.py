"""`candidacy doctor`: whether the place where a ledger is keeps what it acknowledges."""

import click

from candidacy.cli import NO, YES
from candidacy.cli.shared import answer, as_json, ledger_argument


@click.command()
@ledger_argument
@as_json
def doctor(ledger: str, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Each setting and object that LEDGER rests on: found, needed, and PASS, WARN or FAIL; exit code 1 where one fails.

    Looks at the place, not at the records: that is what `candidacy verify` does.
    """
    from candidacy._doctor import conditions
    from candidacy.address import shown
    from candidacy.cli.shared import only_read
    from candidacy.condition import FAIL, PASS
    from candidacy.errors import LedgerError

    try:
        found = conditions(ledger)
    except LedgerError as wrong:
        if what := only_read(ledger, wrong):
            needed = f"needed a ledger, of whose place this tells; `candidacy verify {ledger}` checks {what}"
            raise LedgerError(f"{ledger}: found {what}; {needed}") from None
        raise
    failed = any(condition.verdict == FAIL for condition in found)
    data = {"ledger": shown(ledger), "conditions": [condition.as_data() for condition in found]}
    lines = [f"{c.verdict}  {f'{c.name}: found {c.found}' if c.verdict == PASS else c.sentence}" for c in found]
    return answer(data, lines, as_json=as_json, code=NO if failed else YES)
