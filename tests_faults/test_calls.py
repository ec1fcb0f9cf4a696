"""Every call to the system that writes, syncs, shortens or names goes wrong once: nothing acknowledged is lost.

A ledger is made, opened, written to, closed, opened anew and written to; each time another of these calls kills the process or
fails, once or from then on. Counts are printed: ``pytest -s``.
"""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from candidacy import Registry
from faults.called import FAULTS, Fault, counted, injected
from faults.life import WRONG, commands

pytestmark = pytest.mark.usefixtures("strace")
COMMANDS = 6
STEP, TEETH_STEP = 23, 10
"""Without --thorough, every so manieth call of each kind goes wrong; the places differ from one way of going wrong to another."""
ALSO_WRONG = ("did not happen", "stuck after one fault")
ONCE = ("EIO", "ENOSPC")


def gone_wrong(folder: Path, registry: Registry, hows: list[str], step: int, *flags: str) -> Counter[str]:
    """What came of lives in each of which one call went wrong."""
    given = commands(registry, COMMANDS)
    (folder / "none").mkdir()
    calls = counted(folder / "none" / "a.ledger", registry, given)
    seen = Counter[str]()
    for shift, how in enumerate(hows):
        for call, many in calls.items():
            for n in range(1 + shift * 5 % min(step, many), many + 1, step):
                fault = Fault(call, n, how)
                place = folder / "one"
                found = injected(place, registry, given, fault, flags)
                wrong = {name: found[name] for name in (*WRONG, *ALSO_WRONG) if found[name]}
                if wrong:
                    print(f"{call} {n} {how}: {wrong}")
                shutil.rmtree(place)
                seen.update(found)
    print(f"\n{', '.join(hows)} {' '.join(flags)}: calls {calls}, {dict(seen)}")
    assert seen["acknowledged"] > 0, "nothing was acknowledged: this run shows nothing"
    assert seen["did not happen"] == 0, "strace did not let a call go wrong that was to"
    return seen


@pytest.mark.parametrize("how", FAULTS)
def test_loses_nothing_acknowledged_where_a_call_goes_wrong(tmp_path: Path, registry: Registry, thorough: bool, how: str) -> None:
    seen = gone_wrong(tmp_path, registry, [how], 1 if thorough else STEP)
    assert {name: seen[name] for name in (*WRONG, *ALSO_WRONG)} == dict.fromkeys((*WRONG, *ALSO_WRONG), 0)
    if how == "killed":
        assert seen["ended"] == seen["errors"] == 0
    else:
        assert seen["errors"] > 0, "no failing call was answered with an error"
    if how in ONCE:
        assert seen["acknowledged"] == COMMANDS * seen["looked"], "a command sent again after one fault was not kept"


def test_would_be_seen_to_lose_commands_if_they_were_acknowledged_before_the_commit(tmp_path: Path, registry: Registry) -> None:
    assert gone_wrong(tmp_path, registry, ["killed", "ENOSPC from then on"], TEETH_STEP, "hasty")["lost"] > 0


def test_would_be_seen_to_lose_commands_if_errors_were_not_heard(tmp_path: Path, registry: Registry) -> None:
    assert gone_wrong(tmp_path, registry, ["EIO from then on"], TEETH_STEP, "deaf")["lost"] > 0
