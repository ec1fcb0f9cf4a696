"""What several tests need: engines in memory, lives told in a few words, commands run as a user runs them."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from candidacy import Answer, Engine, Id, MemoryLedger, Registry, RoleName, RoleNamed, discover
from candidacy.cli import run
from candidacy.decision import Json
from candidacy.ledger import Ledger

ROOT = Path(__file__).parent.parent
ZONE = "America/New_York"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def engine(registry: Registry | None = None, ledger: Ledger | None = None, now: datetime = NOW) -> Engine:
    """An engine whose clock stands still."""
    return Engine(ledger or MemoryLedger(ZONE), registry or discover(), clock=lambda: now)


def play(on: Engine, commands: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Submit them all."""
    return [on.submit(c) for c in commands]


def outcomes(answer: Answer) -> dict[str, str]:
    """Outcome by rule, without the owner's prefix."""
    return {f.rule.partition(".")[2]: str(f.outcome) for f in answer.findings}


def refused_by(answer: Answer) -> list[str]:
    """The rules that refuse, without the owner's prefix."""
    return [f.rule.partition(".")[2] for f in answer.findings if f.refuses]


def command(case: str, type_name: str, day: date | str, person: str, payload: Json | None = None, **more: Any) -> Json:
    """A command document with an id of its own."""
    given = {"case": case, "type": type_name, "day": str(day), "actor": {"person": person}, "payload": payload or {}, **more}
    return {
        "id": f"{case}-{type_name}-{day}-{len(json.dumps(given))}-{abs(hash(json.dumps(given, sort_keys=True))) % 10**9}",
        **given,
    }


def cli(*arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """The command line, in this process: exit code, output and error output."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin if isinstance(stdin, bytes) else stdin.encode()), encoding="utf-8")
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = given, out, err
    try:
        code = run(list(arguments))
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    for stream in (out, err):
        stream.flush()
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(list(arguments), code, *said)


def process(*arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command line, as a process of its own."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "candidacy", *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, **(env or {})},
        check=False,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def roles(case: str, **parts: str) -> tuple[RoleNamed, ...]:
    """Roles by part: ``roles("c1", office="program office")`` names the person c1.office."""
    return tuple(RoleNamed(Id(f"{case}.{part}"), RoleName(role)) for part, role in parts.items())
