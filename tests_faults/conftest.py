"""What these tests need beyond Python: strace, and leave to mount file systems, which is root's."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from candidacy import Registry, discover


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run with the full counts")
    parser.addoption("--no-mounts", action="store_true", help="leave out what mounts file systems, and say so")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--no-mounts"):
        mounting = [item for item in items if "mounts" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=mounting)
        items[:] = [item for item in items if item not in mounting]


def pytest_report_header(config: pytest.Config) -> str:
    left_out = "file systems are not mounted (--no-mounts): power cuts on ext4 and full disks are NOT tested"
    return left_out if config.getoption("--no-mounts") else "file systems are mounted"


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether counts are to be the full ones."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def registry() -> Registry:
    return discover()


@pytest.fixture(scope="session")
def strace() -> None:
    """Strace is there."""
    if not shutil.which("strace"):
        pytest.fail("found no strace; needed Debian's: apt-get install strace", pytrace=False)


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A folder, on a machine on which file systems can be mounted."""
    place = tmp_path / "tried"
    place.mkdir()
    needed = "needed root on a machine that mounts tmpfs and ext4, or --no-mounts to leave these tests out"
    if os.geteuid():
        pytest.fail(f"found another user than root; {needed}", pytrace=False)
    missing = [name for name in ("mount", "umount", "mkfs.ext4") if not shutil.which(name)]
    if missing:
        pytest.fail(f"found no {' and no '.join(missing)}; needed Debian's mount and e2fsprogs", pytrace=False)
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=65536", "tmpfs", place], capture_output=True, check=False)
    if tried.returncode:
        pytest.fail(f"found that nothing can be mounted; {needed}", pytrace=False)
    subprocess.run(["umount", place], check=True)
    return tmp_path
