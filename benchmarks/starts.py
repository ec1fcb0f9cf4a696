"""What whole commands cost beside a bare start of Python."""

import subprocess
import sys
from pathlib import Path

from paired import compared, timed

CANDIDACY = str(Path(sys.executable).with_name("candidacy"))


def run(folder: Path, rounds: int) -> None:
    ledger = str(folder / "demo.ledger")
    _start(CANDIDACY, "demo", "--ledger", ledger)
    cases = {
        "python -c pass": timed(lambda: _start(sys.executable, "-c", "pass")),
        "candidacy --help": timed(lambda: _start(CANDIDACY, "--help")),
        "candidacy status LEDGER (46 cases)": timed(lambda: _start(CANDIDACY, "status", ledger)),
    }
    compared("Whole commands", cases, rounds)


def _start(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
