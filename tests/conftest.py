"""Fixtures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from candidacy import Engine, Registry, SqliteLedger, discover
from pg import Server
from support import ZONE, engine, play

settings.register_profile("untimed", deadline=None)  # no test passes or fails by speed
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run the tests marked `scaled` with their full counts")


SLOW = (
    "tests/paths/",
    "tests/test_agencies_checked.py",
    "tests/test_docs.py::test_goes_from",
    "tests/test_faults.py",
    "tests/test_mangled.py",
    "tests/test_packet_proofs.py",
    "tests/test_plugin_points.py::test_catches_a_plugin_that",
    "tests/test_plugin_zoo.py",
    "tests/test_readers.py",
    "tests/test_schemas.py",
)
"""Searches against lives, whole plugins checked, killed processes, mangled files, and each thing left out of a schema."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether counts are to be the full ones."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def registry() -> Registry:
    return discover()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, started for the first test that asks for it."""
    with Server() as server:
        yield server


@pytest.fixture
def memory(registry: Registry) -> Engine:
    """An engine on a ledger in memory."""
    return engine(registry)


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    """A new ledger in a file."""
    path = tmp_path / "cases.ledger"
    SqliteLedger.create(path, ZONE).close()
    return path


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    """The demonstration's ledger; not to be written to."""
    path = tmp_path_factory.mktemp("demo") / "demo.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        for commands in registry.caseloads.values():
            play(engine(registry, ledger), commands())
    return path
