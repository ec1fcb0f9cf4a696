"""Verifying: are the records what was hashed, complete, in order, and do the columns say what the bytes say?

Needs no plugin. Without a checkpoint kept elsewhere it can never say that nothing was altered: whoever can
write the file can recompute every hash. So the best answer is "nothing failed, not anchored".
"""

import re
from collections.abc import Collection, Iterator, Mapping
from sys import intern

import attrs

from candidacy.canonical import LARGEST, canonical
from candidacy.decision import Json
from candidacy.errors import DamagedRecordError, NewerFormatError
from candidacy.form import Form, read
from candidacy.ledger import NO_BYTES, Ledger, Row, holds_bytes
from candidacy.merkle import EMPTY, Tree
from candidacy.record import LARGEST_RECORD, Record, leaf_hash

ID = re.compile("[0-9a-f]{32}")
"""Of a ledger."""


@attrs.frozen
class Failure:
    """A record, and what is wrong with it."""

    index: int
    what: str

    def __str__(self) -> str:
        return f"record {self.index}: {self.what}"


@attrs.frozen
class Verification:
    """What `verify` found. ``ledger_failures`` concern the file as a whole."""

    records: int
    cases: int
    failures: tuple[Failure, ...]
    ledger_failures: tuple[str, ...] = ()
    head: str = ""
    """Leaf hash of the newest record, hexadecimal."""
    end: int = 0
    """The index after the newest record's."""
    ledger: str = ""
    """Its id, as record 0 has it."""
    in_ledger: int | None = None
    """How many records the ledger has of which these are a part; None where they are all, or that is not known."""
    heads: Mapping[str, tuple[int, bytes, str]] = attrs.field(factory=dict, repr=False, eq=False)
    """By case, the version and the leaf hash of its newest record, and the state it was left in."""
    roots: Mapping[int, bytes] = attrs.field(factory=dict, repr=False, eq=False)
    """The root of the Merkle tree over so many first records, for each number that was asked for: over the bytes as stored."""

    @property
    def sound(self) -> bool:
        """Whether nothing failed (which is not: anchored)."""
        return not self.failures and not self.ledger_failures


def told_index(found: int) -> int | str:
    """As a report can hold it: a damaged file may name a record by a number beyond those that every reader of JSON knows."""
    return found if abs(found) <= LARGEST else str(found)


def verify(ledger: Ledger, *, sizes: Collection[int] = ()) -> Verification:
    """Check every record of *ledger*, streaming.

    Args:
        sizes: numbers of records over which a root is asked for, such as checkpoints name them; -1 for all that there are.

    Raises:
        NewerFormatError: a record is in a format this version does not know.
    """
    checking = Checking(sizes)
    for row in ledger.rows():
        checking.row(row)
    return checking.result(ledger)


class Checking:
    """Rows checked one after the other, each against what has been seen so far."""

    def __init__(self, sizes: Collection[int] = ()) -> None:
        """Nothing seen: record 0 comes first. *sizes* as in `verify`."""
        self._tree, self._sizes = Tree() if sizes else None, frozenset(sizes)
        self._roots = {0: EMPTY} if 0 in self._sizes else dict[int, bytes]()
        self.count = 0
        self.read = 0
        self.ledger = ""
        self.heads: dict[str, tuple[int, bytes, str]] = {}
        self.failures: list[Failure] = []
        self.head = b""

    def row(self, row: Row) -> None:
        """One more row. What is wrong is added to the failures."""
        expected, self.count, self.head = self.count, self.count + 1, row.leaf
        if row.index != expected:
            if not (row.after_a_gap and row.index > expected):
                self._fail(row, f"found at this index; needed index {expected} next")
            self.count = row.index + 1
        self.read += 1
        if not holds_bytes(row):
            self._fail(row, NO_BYTES)
            return
        leaf = leaf_hash(row.raw)
        if self._tree is not None:
            self._tree.add(leaf)
            if self._tree.size in self._sizes:
                self._roots[self._tree.size] = self._tree.root
        whole = leaf == row.leaf
        if not whole:
            self._fail(row, "its bytes are not those that were hashed")
        if len(row.raw) > LARGEST_RECORD:
            self._fail(row, f"it has {len(row.raw)} bytes, more than the {LARGEST_RECORD} that a record may have")
        form = read(row.raw) if whole else None
        if form is None or not self._follows(row, form):
            self._look_closer(row, whole=whole)

    def _follows(self, row: Row, form: Form) -> bool:
        """Whether the record is the next one of its case, and the columns say so: the same as is looked at more closely below."""
        version, leaf, state = self.heads.get(form.case, (0, b"", ""))
        moved = form.moved
        fits = (
            (form.index, form.case, form.version, form.command) == (row.index, row.case, row.version, row.command)
            and form.ledger == self.ledger
            and form.version == version + 1
            and form.previous == leaf.hex()
            and (not state or moved.from_ == state)
        )
        if fits:
            self.heads[form.case] = form.version, row.leaf, intern(moved.to)
        return fits

    def _look_closer(self, row: Row, *, whole: bool) -> None:
        try:
            record = Record.read(row.index, row.raw)
        except DamagedRecordError as damaged:
            self._fail(row, damaged.what)
            return
        except NewerFormatError:
            if whole:
                raise
            return
        for what in (*_columns(row, record), *self._contents(record)):
            self._fail(row, what)

    def result(self, ledger: Ledger) -> Verification:
        """What was found, and what the file itself complains of."""
        complaints: list[str] = getattr(ledger, "complaints", list)()
        in_ledger: int | None = getattr(ledger, "in_ledger", None)
        if self._tree is not None and -1 in self._sizes:
            self._roots[self._tree.size] = self._tree.root
        return Verification(
            records=self.read,
            cases=len(self.heads),
            failures=tuple(self.failures),
            ledger_failures=tuple(complaints),
            head=self.head.hex() if isinstance(self.head, bytes) else "",
            end=self.count,
            ledger=self.ledger,
            in_ledger=None if in_ledger == self.read else in_ledger,
            heads=self.heads,
            roots=self._roots,
        )

    def _fail(self, row: Row, what: str) -> None:
        self.failures.append(Failure(row.index, what))

    def _contents(self, record: Record) -> Iterator[str]:
        data = record.data
        if not _canonical(data, record.raw):
            yield "its bytes are not written in the canonical way"
        if record.index == 0:
            self.ledger = data["ledger"]
            if not ID.fullmatch(self.ledger):
                yield "its ledger has an id that no ledger is given"
            return
        if data["ledger"] != self.ledger:
            yield "it belongs to another ledger"
        version, leaf, state = self.heads.get(record.case, (0, b"", ""))
        if record.version != version + 1:
            yield f"found version {record.version} of case {record.case}; needed version {version + 1}"
        if data["previous"] != leaf.hex():
            yield f"it does not name the leaf of version {version} of case {record.case}"
        if state and data["moved"]["from"] != state:
            yield f"found the case in state {data['moved']['from']!r}; the record before left it in {state!r}"
        self.heads[record.case] = record.version, record.leaf, intern(data["moved"]["to"])


def _columns(row: Row, record: Record) -> Iterator[str]:
    if record.index != row.index:
        yield f"its bytes say index {record.index}"
    data = record.data
    for column, found, said in (
        ("case", row.case, data.get("case")),
        ("version", row.version, data.get("version")),
        ("command", row.command, data.get("command")),
    ):
        if found != said:
            yield f"its column {column!r} does not say what its bytes say"


def _canonical(data: Json, raw: bytes) -> bool:
    try:
        return canonical(data) == raw
    except (TypeError, ValueError):
        return False
