"""A PostgreSQL server to measure on: the one of the tests, durable, on a disk of this machine and a Unix socket."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pg import Server


@contextmanager
def server() -> "Iterator[Server | None]":
    """The server; None, with a sentence, where there is none to be had."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    try:
        import pg

        pg.programs()
    except (ImportError, AssertionError) as wrong:
        print(f"\nPostgreSQL is not measured: {wrong}")
        yield None
        return
    finally:
        sys.path.pop()
    with pg.Server() as running:
        yield running
