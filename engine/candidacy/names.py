"""The name book: who the opaque person ids of a ledger are. Beside the ledger, never in it."""

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import quote

from candidacy.address import is_address, shown
from candidacy.errors import InputError, LedgerError, Problem
from candidacy.terms import CODE

LONGEST_NAME = 200
"""Characters of a name at most."""


class NameBook:
    """Names by person id, in a file of their own: whoever may read the ledger need not be able to read it.

    A name that is changed or forgotten leaves no bytes in the file.
    """

    def __init__(self, path: str | Path) -> None:
        """Open the name book in *path*, or begin one there when the first name is entered."""
        self.path = Path(path)

    @classmethod
    def beside(cls, ledger: str | Path) -> Self:
        """The name book of the ledger in *ledger*: the same path with ``.names`` at its end.

        Raises:
            LedgerError: the ledger is at an address, beside which there is no place for a file.
        """
        if is_address(ledger):
            needed = "needed a ledger in a file: names are no part of a database that others may read"
            raise LedgerError(f"{shown(ledger)}: found no place for a name book; {needed}")
        return cls(f"{ledger}.names")

    def of(self, person: str) -> str | None:
        """The name of a person; None where none was entered."""
        with self._opened() as db:
            row = db.execute("SELECT name FROM name WHERE person = ?", (person,)).fetchone() if db else None
        return row[0] if row else None

    def put(self, person: str, name: str) -> None:
        """Enter or change a person's name.

        Raises:
            InputError: *person* is no id, or *name* no name.
        """
        problems = []
        if not CODE.fullmatch(person):
            problems.append(Problem("PERSON", f"{len(person)} characters of text", "the id of a person, as in the ledger"))
        if not name.strip() or len(name) > LONGEST_NAME or any(unicodedata.category(c)[0] == "C" for c in name):
            problems.append(Problem("NAME", f"{len(name)} characters", f"1 to {LONGEST_NAME} characters that can be seen"))
        if problems:
            raise InputError(problems)
        with self._opened("rwc") as db:
            if db:
                db.execute("INSERT INTO name VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET name = excluded.name", (person, name))

    def forget(self, person: str) -> bool:
        """Take a person's name out of the book; whether it was there."""
        with self._opened("rw") as db:
            return bool(db and db.execute("DELETE FROM name WHERE person = ?", (person,)).rowcount)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        with self._opened() as db:
            rows = db.execute("SELECT person, name FROM name ORDER BY person").fetchall() if db else []
        return iter(rows)

    @contextmanager
    def _opened(self, mode: str = "ro") -> Iterator[sqlite3.Connection | None]:
        if mode != "rwc" and not self.path.exists():
            yield None
            return
        try:
            if mode == "rwc":
                self.path.touch(mode=0o600)  # for those alone who may know who is who
            db = sqlite3.connect(f"file:{quote(str(self.path.absolute()))}?mode={mode}", uri=True, isolation_level=None)
            try:
                db.execute("PRAGMA secure_delete=1")
                if mode == "rwc":
                    db.execute("CREATE TABLE IF NOT EXISTS name (person TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT")
                yield db
            finally:
                db.close()
        except (sqlite3.Error, OSError) as wrong:
            code = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
            raise LedgerError(f"{self.path}: found a name book that cannot be read or written ({code})") from None
