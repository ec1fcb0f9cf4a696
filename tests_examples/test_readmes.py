"""The examples' READMEs keep their word: on a machine with nothing but Python, their commands print what they say.

Needs PyPI and curl. The shell blocks of a README run in order, as one session, with an empty environment, in a copy
of what the repository holds. Only the port is another one, so that two runs do not meet.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.enable_socket  # to find a free port

ROOT = Path(__file__).parent.parent
NEEDED = ("LICENSE", "README.md", "pyproject.toml", "engine", "plugins", "examples")
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.sqlite3*", "*.ledger*", "*.jsonl")
PORTS = {"django_site": "8765", "fastapi_app": "8766"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MARK = "--- the next block ---"
SECONDS = 600


class Session:
    """What came of a README's commands, in a copy of the example that they belong to."""

    def __init__(self, example: str, tmp: Path) -> None:
        checkout = tmp / "checkout"
        checkout.mkdir()
        for path in (ROOT / name for name in NEEDED):
            if path.is_dir():
                shutil.copytree(path, checkout / path.name, ignore=LEFT_OUT)
            else:
                shutil.copy(path, checkout)
        (tmp / "home").mkdir()
        self.folder = checkout / "examples" / example
        self.environment = {"HOME": str(tmp / "home"), "PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"}
        self.source = (self.folder / "README.md").read_text()
        readme = self.source.replace(PORTS[example], free_port())
        script = "".join(f"echo '{MARK}'\n{text}" for kind, text in BLOCK.findall(readme) if kind == "sh")
        self.code, said, self.errors = self.run("sh", "-e", "-c", script)
        self.said = said.split(f"{MARK}\n")[1:]

    def run(self, *command: str) -> tuple[int, str, str]:
        """Exit code, output and error output of a command and of what it leaves running, which is ended."""
        started = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, start_new_session=True, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            said, errors = started.communicate(timeout=SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGTERM)
        return started.returncode, said, errors


def free_port() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return str(found.getsockname()[1])


def promises(readme: str) -> dict[int, str]:
    """What is printed below a shell block, by the number of the block among those of the shell."""
    blocks, shells, found = BLOCK.findall(readme), -1, {}
    for kind, text in blocks:
        shells += kind == "sh"
        if kind == "text":
            found[shells] = text
    return found


def broken(readme: str, said: list[str]) -> list[tuple[str, str]]:
    """Promises that were not kept, each with what was said instead."""
    return [(text, said[n]) for n, text in promises(readme).items() if said[n] != text]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Session]:
    """The session of an example, played once."""
    return cache(lambda example: Session(example, tmp_path_factory.mktemp(example)))


@pytest.fixture(params=sorted(PORTS))
def session(request: pytest.FixtureRequest, played: Callable[[str], Session]) -> Session:
    return played(request.param)


@pytest.fixture
def site(played: Callable[[str], Session]) -> Session:
    return played("django_site")


def test_prints_what_it_says(session: Session) -> None:
    assert session.code == 0, session.errors
    assert broken(session.source, session.said) == []
    assert len(promises(session.source)) >= 4


def test_would_see_a_promise_that_is_not_kept(session: Session) -> None:
    assert len(broken(session.source.replace("undetermined", "unmet"), session.said)) >= 1
    assert len(broken(session.source, [text + "more\n" for text in session.said])) == len(promises(session.source))


def test_runs_every_test_of_the_example(session: Session) -> None:
    sources = [path.read_text() for path in (ROOT / "examples" / session.folder.name).rglob("test*.py")]
    written = sum(len(re.findall(r"^    def test_", source, re.MULTILINE)) for source in sources)
    ran = re.findall(r"^Ran (\d+) tests in .*\n\nOK$", session.errors, re.MULTILINE)
    assert ran == [str(written)]


ROLLED_BACK = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "hr.settings"
import django
django.setup()
from datetime import date
from django.db import transaction
from candidacy import Actor, Command, Id, RoleGiven, RoleName
from hr.ledger import engine
from hr.models import Candidate

@transaction.atomic
def submit(person):
    event = RoleGiven(Id(person), RoleName("mentor"))
    return engine().submit(Command(f"c-7-{person}", "c-7", event, date(2004, 10, 4), Actor("u-1", "host"))).record.index

def stands():
    ledger = engine().ledger
    return [ledger.size(), [row.leaf.hex() for row in ledger.rows()], Candidate.objects.count()]

where, person = sys.argv[1:]
before = stands()
if where == "outside":
    submit(person)
try:
    with transaction.atomic():
        Candidate.objects.create(employee_id="E-1043", case="c-8")
        if where == "inside":
            assert submit(person) == before[0]
        raise RuntimeError("the host's own")
except RuntimeError:
    after = stands()
print(json.dumps([before, after, submit(f"{person}-next")]))
"""


def rolled_back(site: Session, where: str) -> Any:
    """The ledger (size, leaf hashes) and the host's rows before and after the host rolled back, and the next record's index."""
    code, said, errors = site.run(".venv/bin/python", "-c", ROLLED_BACK, where, f"m-{where}")
    assert code == 0, errors
    return json.loads(said)


def test_leaves_the_ledger_as_it_was_where_the_host_rolls_back(site: Session) -> None:
    before, after, following = rolled_back(site, "inside")
    assert before == after
    assert following == before[0], "no gap"


def test_would_see_a_record_submitted_outside_the_host_s_transaction(site: Session) -> None:
    (size, leaves, rows), after, following = rolled_back(site, "outside")
    assert after[0] == size + 1
    assert after[1][:-1] == leaves
    assert after[2] == rows, "the host's own row is gone all the same"
    assert following == size + 1
