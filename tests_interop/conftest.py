"""The option for full counts, and the programs of others."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

Ask = Callable[[Iterable[dict[str, Any]]], list[str]]
GO = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
"""Where Debian's package golang-golang-x-mod-dev puts Go's own libraries for notes and logs."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let counts grow."""
    parser.addoption("--thorough", action="store_true", help="with full counts")


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether counts are to be the full ones."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks Go: a line of answer for each question."""
    place = tmp_path_factory.mktemp("go")
    needed = "needed Debian's golang-go and golang-golang-x-mod-dev; `make interop` says so, too"
    assert shutil.which("go"), f"found no Go; {needed}"
    source = Path(__file__).with_name("check.go")
    env = {**os.environ, **GO, "GOCACHE": str(place / "cache")}
    subprocess.run(["go", "build", "-o", str(place / "check"), str(source)], check=True, env=env)
    return lambda questions: answers(place, questions)


def answers(place: Path, questions: Iterable[dict[str, Any]]) -> list[str]:
    """Go's answers, by way of files: there may be a million of them."""
    from json import dumps

    with (place / "questions").open("w") as file:
        file.writelines(dumps(question) + "\n" for question in questions)
    with (place / "questions").open() as asked, (place / "answers").open("w") as said:
        subprocess.run([str(place / "check")], stdin=asked, stdout=said, check=True)
    return (place / "answers").read_text().splitlines()


@pytest.fixture(scope="session")
def pymerkle() -> str:
    """The Python that has pymerkle."""
    python = os.environ.get("INTEROP_PYTHON", "")
    assert python, "found no INTEROP_PYTHON; needed the Python that has pymerkle: `make interop` names it"
    return python
