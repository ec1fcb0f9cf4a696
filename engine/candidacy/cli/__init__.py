"""The command line. Exit codes: 0 yes, 1 no, 2 the input is wrong, 3 it cannot be told, 70 our own fault."""

import io
import json
import os
import sys
from pathlib import Path
from traceback import extract_tb

import click

YES, NO, WRONG_INPUT, CANNOT_BE_TOLD, OUR_FAULT = 0, 1, 2, 3, 70
REPORT = "please report this line and the command you ran, as CONTRIBUTING.md says under 'Reporting a fault'"


def main() -> None:
    """Run the command line and exit."""
    if any("postgres" in word for word in sys.argv):
        import logging  # late: it takes a fifth of the time of a short command

        logging.getLogger("psycopg").addHandler(logging.NullHandler())  # what it has to say, our own sentences say
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign shows another one
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # nobody reads any more; the answer stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:  # noqa: PLR0911 (one for each exit)
    """Run the command line on *arguments*; the exit code."""
    from candidacy.cli.commands import candidacy
    from candidacy.errors import CandidacyError, InconsistentLedgerError, InputError, why

    try:
        with candidacy.make_context("candidacy", list(arguments)) as context:
            result = candidacy.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as wrong:
        wrong.show()
        return WRONG_INPUT
    except InputError as wrong:
        _say(
            [str(p) for p in wrong.problems],
            [p.as_data() for p in wrong.problems],
            arguments,
        )
        return WRONG_INPUT
    except InconsistentLedgerError as wrong:
        _say(
            [f"FAIL {failure}" for failure in wrong.failures],
            [{"path": wrong.where, "found": failure, "needed": ""} for failure in wrong.failures],
            arguments,
        )
        return NO
    except CandidacyError as wrong:
        _say([str(wrong)], [{"path": "", "found": str(wrong), "needed": ""}], arguments)
        return WRONG_INPUT
    except OSError as wrong:
        if wrong.filename is None or Path(os.fsdecode(wrong.filename)).is_relative_to(Path(__file__).parent.parent):
            return _fault(wrong)
        _say([said := f"{wrong.filename}: {why(wrong)}"], [{"path": "", "found": said, "needed": ""}], arguments)
        return WRONG_INPUT
    except Exception as fault:  # noqa: BLE001 (the last resort: one line, no traceback, no content)
        return _fault(fault)
    return result if isinstance(result, int) else YES


def _fault(fault: Exception) -> int:
    place = extract_tb(fault.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
    click.echo(f"candidacy: a fault of our own ({type(fault).__name__} at {where}); {REPORT}", err=True)
    return OUR_FAULT


def _say(lines: list[str], problems: list[dict[str, str]], arguments: list[str]) -> None:
    from candidacy.cli.shared import say

    for line in lines:
        say(line)
    if "--json" in arguments:
        click.echo(json.dumps({"problems": problems}, indent=2))
