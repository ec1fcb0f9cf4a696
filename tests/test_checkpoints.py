"""Checkpoints: what is signed binds, is remembered before it is given away, and is kept with the ledger; proofs lead to it."""

import json
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from candidacy import (
    FileSigner,
    HostLedger,
    InconsistentLedgerError,
    InputError,
    LedgerBusyError,
    LedgerError,
    MemoryLedger,
    OutputError,
    SqliteLedger,
    sign_checkpoint,
    verify,
)
from candidacy._proving import consistency, inclusions, newest_checkpoint
from candidacy.checkpoint import Checkpoint, Consistency, Inclusion, read_checkpoint
from candidacy.ledger import Ledger, Row
from candidacy.merkle import roots
from candidacy.note import Note, SigningKey, VerifierKey
from candidacy.overlay import OverlayLedger
from candidacy.packet_ledger import HeldRecords
from candidacy.record import leaf_hash
from forging import written_into
from support import ZONE, cli, engine, play
from widgets import begun, developing, registry

LEAVES = [leaf_hash(b"%d" % n) for n in range(40)]
OTHERS = [*LEAVES[:5], *(leaf_hash(b"other %d" % n) for n in range(5, 40))]
NAME = "widgets.example/0123456789abcdef"


def history(leaves: list[bytes], most: int = 40) -> Callable[[int], bytes | None]:
    """What a ledger with these first leaves answers a signer."""
    return roots(leaves[:most], range(most + 1)).get


def signed(by: FileSigner, size: int, leaves: list[bytes] = LEAVES) -> str:
    """A checkpoint of the ledger of the first *size* of the leaves."""
    at = history(leaves, size)
    root = at(size)
    assert root is not None
    return by.sign(size, root, at)


def size_of(note: str) -> int:
    return read_checkpoint(note.encode())[1].size


@pytest.fixture
def key(tmp_path: Path) -> FileSigner:
    return FileSigner.made(tmp_path / "keys" / "one", NAME)


@pytest.fixture
def path(ledger_file: Path) -> Path:
    """A ledger of two lives, in a folder of its own."""
    with SqliteLedger(ledger_file) as ledger:
        play(engine(registry(), ledger), developing("w1"))
        play(engine(registry(), ledger), developing("w2"))
    place = ledger_file.parent / "data"
    place.mkdir()
    return ledger_file.rename(place / ledger_file.name)


def more(path: Path, case: str) -> None:
    with SqliteLedger(path) as ledger:
        play(engine(registry(), ledger), developing(case))


# --- the signer


def test_signs_what_goes_on_from_what_it_signed(key: FileSigner) -> None:
    for size in (3, 4, 17, 40):
        note, said = read_checkpoint(signed(key, size).encode())
        assert note.signed_by(VerifierKey.read((key.folder / "verifier.key").read_text())) is True
        assert (said.origin, said.size, said.root) == (NAME, size, history(LEAVES)(size))
    again = FileSigner(key.folder)
    assert signed(again, 40) == str(note)
    assert sorted(int(p.name) for p in (key.folder / "checkpoints").iterdir()) == [3, 4, 17, 40]
    assert (again.name, again.verifier) == (key.name, key.verifier)


class Forgetful(FileSigner):
    """Teeth: a signer that does not look at what it has signed."""

    def _last(self) -> None:
        return None


@pytest.mark.parametrize(
    ("size", "leaves", "found"),
    [
        (9, LEAVES, "found 9 records; needed the ledger to go on from the checkpoint over 10 records"),
        (0, LEAVES, "found 0 records"),
        (10, OTHERS, "found other records among the first 10"),
        (11, OTHERS, "found other records among the first 10"),
    ],
)
def test_signs_no_ledger_that_is_shorter_or_another_one(key: FileSigner, size: int, leaves: list[bytes], found: str) -> None:
    kept = signed(key, 10)
    with pytest.raises(InconsistentLedgerError) as refused:
        signed(key, size, leaves)
    assert found in str(refused.value)
    assert [p.name for p in (key.folder / "checkpoints").iterdir()] == ["10"]
    assert signed(key, 10) == kept
    assert size_of(signed(Forgetful(key.folder), size, leaves)) == size  # the teeth: this one signs the fork


def test_gives_the_newer_checkpoint_where_another_one_signed_meanwhile(key: FileSigner) -> None:
    """And only where the ledger, looked at again, has these records."""
    newer = signed(key, 12)
    root = history(LEAVES)(10)
    assert root is not None
    assert key.sign(10, root, history(LEAVES)) == newer
    with pytest.raises(InconsistentLedgerError):
        key.sign(10, root, history(OTHERS))


def test_makes_a_key_that_nobody_else_can_read(key: FileSigner) -> None:
    assert [(key.folder / name).stat().st_mode & 0o777 for name in (".", "checkpoints", "signing.key")] == [0o700, 0o700, 0o600]
    assert (key.folder.parent.stat().st_mode & 0o777) == 0o700
    assert [p.name for p in key.folder.parent.iterdir()] == ["one"]


def test_makes_a_key_in_an_empty_folder_and_over_nothing(tmp_path: Path, key: FileSigner) -> None:
    (tmp_path / "empty").mkdir()
    assert FileSigner.made(tmp_path / "empty", NAME).verifier != key.verifier
    before = (key.folder / "signing.key").read_text()
    with pytest.raises(OutputError, match="something in it already"):
        FileSigner.made(key.folder, NAME)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="something in it already"):
        FileSigner.made(tmp_path / "file", NAME)
    with pytest.raises(OutputError, match="cannot be written"):
        FileSigner.made(tmp_path / "file" / "below", NAME)
    with pytest.raises(InputError, match="plus sign"):
        FileSigner.made(tmp_path / "new", "a+b")
    assert (key.folder / "signing.key").read_text() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "file", "keys"]


@pytest.mark.parametrize("bit", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
def test_refuses_a_key_that_others_may_use(key: FileSigner, bit: int) -> None:
    for name, fine in (("signing.key", 0o600), (".", 0o700)):
        (key.folder / name).chmod(fine | bit)
        with pytest.raises(InputError, match=rf"found that others may use it .*needed mode {fine:o}"):
            FileSigner(key.folder)
        (key.folder / name).chmod(fine)
    FileSigner(key.folder)


@pytest.mark.parametrize("folder", ["none", "."])
def test_refuses_a_folder_without_a_key(tmp_path: Path, folder: str) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(InputError, match="nothing that can be read; needed a folder with a key"):
        FileSigner(tmp_path / folder)


def test_refuses_a_key_that_is_none_without_a_word_of_it(key: FileSigner) -> None:
    text = (key.folder / "signing.key").read_text()
    (key.folder / "signing.key").write_text(text[:-8])
    with pytest.raises(InputError, match="no signing key") as refused:
        FileSigner(key.folder)
    assert text[40:60] not in str(refused.value)
    (key.folder / "signing.key").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"signing\.key: found a file that cannot be read"):
        FileSigner(key.folder)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p.write_bytes(p.read_bytes()[:-9]),
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(p.read_bytes().replace(b"\n10\n", b"\n11\n")),
        lambda p: p.write_bytes(b"\xff\xfe"),
        lambda p: p.rename(p.with_name("11")),
        lambda p: p.write_text(signed(FileSigner.made(p.parent.parent.parent / "two", NAME), 10)),
        lambda p: p.with_name("10 (copy)").write_bytes(b""),
        lambda p: p.with_name("010").write_bytes(b""),
        lambda p: p.with_name("11").mkdir(),
    ],
)
def test_signs_nothing_with_a_torn_memory_and_names_the_file(key: FileSigner, spoil: Callable[[Path], object]) -> None:
    signed(key, 3)
    signed(key, 10)
    spoil(key.folder / "checkpoints" / "10")
    with pytest.raises(InputError, match=r"checkpoints/(010|1[01])"):
        signed(key, 12)
    assert not (key.folder / "checkpoints" / "12").exists()


def test_signs_nothing_without_the_folder_of_its_memory(key: FileSigner) -> None:
    (key.folder / "checkpoints").rmdir()
    with pytest.raises(
        InputError, match="no folder that can be read; needed what this key signed, as it was written: put the folder"
    ):
        signed(key, 3)


def test_signs_nothing_where_its_memory_lacks_what_the_ledger_keeps_of_it(path: Path, tmp_path: Path) -> None:
    """An empty folder in the place of the lost one; and one put back from before the newest. What others kept mends it."""
    keys = tmp_path / "keys"
    memory = keys / "checkpoints"
    for case in ("", "w3"):
        more(path, case) if case else None
        assert cli("checkpoint", str(path), "--keys", str(keys)).returncode == 0
    older, newer = sorted(memory.iterdir(), key=lambda file: int(file.name))
    kept = newer.read_bytes()
    more(path, "w4")
    for lost in ([newer], [older, newer]):
        for file in lost:
            file.unlink(missing_ok=True)
        done = cli("checkpoint", str(path), "--keys", str(keys))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"no memory of the checkpoint over {newer.name} records that the ledger keeps and this key has signed" in done.stderr
    newer.write_bytes(kept)
    assert cli("checkpoint", str(path), "--keys", str(keys)).returncode == 0


def test_says_that_the_key_has_gone_and_that_a_system_has_no_locks(key: FileSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    place = key.folder.rename(key.folder.with_name("away"))
    with pytest.raises(InputError, match="needed the folder of the key"):
        signed(key, 3)
    place.rename(key.folder)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(InputError, match="without locks on files"):
        signed(key, 3)


def test_goes_on_after_one_that_was_killed_while_it_wrote(key: FileSigner) -> None:
    (key.folder / "checkpoints" / ".making").write_text("half a")
    assert size_of(signed(key, 3)) == 3
    assert [p.name for p in (key.folder / "checkpoints").iterdir()] == ["3"]


def test_waits_for_another_one_and_says_so_after_a_while(key: FileSigner) -> None:
    with key._alone(), pytest.raises(LedgerBusyError, match=r"signing for 0\.05 seconds; try again"):
        signed(FileSigner(key.folder, wait=0.05), 3)
    assert size_of(signed(key, 3)) == 3


class Unlocked(FileSigner):
    """Teeth: a signer that lets another one sign meanwhile, and alone writes what it has signed."""

    writing = threading.Lock()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        yield

    def _remember(self, size: int, note: str) -> None:
        with self.writing:
            super()._remember(size, note)


@pytest.mark.parametrize(("kind", "forked"), [(FileSigner, False), (Unlocked, True)])
def test_keeps_apart_two_that_sign_two_histories_at_once(key: FileSigner, kind: type[FileSigner], forked: bool) -> None:
    """Both look at the same memory, if they can, before either goes on."""
    signed(key, 5)
    both, notes = threading.Barrier(2), list[str]()

    def one(size: int, leaves: list[bytes]) -> None:
        def root_at(many: int) -> bytes | None:
            with suppress(threading.BrokenBarrierError):
                both.wait(0.5)
            return history(leaves, size)(many)

        root = history(leaves)(size)
        assert root is not None
        with suppress(InconsistentLedgerError):
            notes.append(kind(key.folder).sign(size, root, root_at))

    threads = [threading.Thread(target=one, args=(size, leaves)) for size, leaves in ((11, LEAVES), (12, OTHERS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(notes) == 2) == forked


def test_gives_many_that_sign_at_once_one_history(key: FileSigner) -> None:
    notes = list[str]()

    def one(sizes: range) -> None:
        by = FileSigner(key.folder)
        notes.extend(by.sign(size, roots(LEAVES, [size])[size], history(LEAVES)) for size in sizes)

    threads = [threading.Thread(target=one, args=(range(1 + first, 40, 4),)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes) == 39
    for note in notes:
        assert (key.folder / "checkpoints" / str(size_of(note))).read_text() == note


# --- killed while signing


class Hasty(FileSigner):
    """Teeth: a signer that gives a checkpoint away, and then remembers it."""

    given: Callable[[str], None]

    def _remember(self, size: int, note: str) -> None:
        self.given(note)
        super()._remember(size, note)


CALLS = ("open", "write", "fsync", "rename", "close")
"""Calls of the system at each of which the process is killed, before it and after it."""


def killed_at(point: int, kind: type[FileSigner], folder: Path, size: int) -> tuple[str, bool]:
    """What a process gave away that was killed at a call, and whether it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        left = [point]

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any, **more: Any) -> Any:
                for moment in ("before", "after"):
                    left[0] -= 1
                    if left[0] < 0:
                        os._exit(9)
                    if moment == "before":
                        done = real(*arguments, **more)
                return done

            return call

        try:
            by = kind(folder)
            give = os.write
            by.given = lambda note: give(writer, note.encode())  # type: ignore[attr-defined]
            for name in CALLS:
                setattr(os, name, counted(getattr(os, name)))
            note = signed(by, size)
            give(writer, note.encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as given:
        note = given.read().decode()
    return note, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def lost(kind: type[FileSigner], place: Path) -> tuple[int, int]:
    """At how many points a signer was killed, and at how many of these it had given away what it does not remember."""
    killed = forgotten = 0
    while True:
        key = FileSigner.made(place / str(killed), NAME)
        signed(key, 5)
        note, was_killed = killed_at(killed, kind, key.folder, 9)
        if not was_killed:
            assert note.startswith(f"{NAME}\n9\n")
            return killed, forgotten
        killed += 1
        memory = key.folder / "checkpoints" / "9"
        forgotten += bool(note) and not (memory.exists() and memory.read_text() in note)
        assert size_of(signed(key, 9)) == 9, "it goes on without repair"


def test_remembers_what_it_gave_away_wherever_it_is_killed(tmp_path: Path) -> None:
    killed, forgotten = lost(FileSigner, tmp_path)
    print(f"killed at {killed} points of one signature, {forgotten} given away and forgotten")
    assert killed >= 10
    assert forgotten == 0


def test_would_be_seen_to_give_a_checkpoint_away_before_it_is_remembered(tmp_path: Path) -> None:
    killed, forgotten = lost(Hasty, tmp_path)
    assert 0 < forgotten < killed


def test_writes_its_memory_to_the_disk_before_it_is_named_and_names_it_before_it_signs(
    key: FileSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order in which the system is asked: the bytes, the name, the folder."""
    asked = list[str]()
    real, rename = os.fsync, os.rename
    name = {path.stat().st_ino: path.name for path in (key.folder / "checkpoints", key.folder)}.get
    monkeypatch.setattr(os, "fsync", lambda file: (asked.append(f"sync {name(os.fstat(file).st_ino, 'a file')}"), real(file)))
    monkeypatch.setattr(os, "rename", lambda old, new: (asked.append(f"name {Path(new).name}"), rename(old, new)))
    signed(key, 9)
    assert asked == ["sync a file", "name 9", "sync checkpoints"]


# --- kept with the ledger


def host(place: Path) -> sqlite3.Connection:
    db = sqlite3.connect(place, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("BEGIN IMMEDIATE")
    HostLedger.create(db, ZONE)
    db.execute("COMMIT")
    return db


@pytest.fixture(params=["memory", "file", "hosted file", "host", "within"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger(ZONE)
    elif request.param == "file":
        with SqliteLedger.create(tmp_path / "a.ledger", ZONE) as made:
            yield made
    else:
        with closing(host(tmp_path / "host.db")) as db, SqliteLedger(tmp_path / "host.db") as opened:
            if request.param == "hosted file":
                yield opened
                return
            db.execute("BEGIN IMMEDIATE")
            yield HostLedger(db) if request.param == "host" else opened.within(db)
            db.execute("ROLLBACK")
            assert opened.checkpoints() == []


def test_keeps_checkpoints_in_order_of_size_and_each_once(ledger: Ledger) -> None:
    assert ledger.checkpoints() == []
    for size in (10, 9, 100, 10):
        ledger.keep_checkpoint(size, f"note {size}")
    assert ledger.checkpoints() == ["note 9", "note 10", "note 100"]
    with pytest.raises(LedgerError, match="checkpoint of 10 records: found another one kept already"):
        ledger.keep_checkpoint(10, "note")
    assert ledger.checkpoints() == ["note 9", "note 10", "note 100"]


def test_forgets_a_checkpoint_with_the_transaction_that_kept_it(tmp_path: Path) -> None:
    memory = MemoryLedger(ZONE)
    memory.keep_checkpoint(1, "one")
    with suppress(LedgerError), memory.transaction():
        memory.keep_checkpoint(2, "two")
        memory.keep_checkpoint(1, "another")
    assert memory.checkpoints() == ["one"]
    with closing(host(tmp_path / "host.db")) as db:
        for end in ("ROLLBACK", "COMMIT"):
            db.execute("BEGIN IMMEDIATE")
            HostLedger(db).keep_checkpoint(1, "one")
            db.execute(end)
            assert HostLedger(db).checkpoints() == ["one"] * (end == "COMMIT")
        with pytest.raises(LedgerError, match="found no open transaction"):
            HostLedger(db).keep_checkpoint(2, "two")


def test_keeps_checkpoints_in_a_ledger_made_before_there_were_any_and_reads_one_without(path: Path) -> None:
    with SqliteLedger(path, read_only=True) as reader:
        assert reader.checkpoints() == []
        assert not reader._db.execute("SELECT 1 FROM sqlite_schema WHERE name LIKE '%checkpoint%'").fetchall()
        with pytest.raises(LedgerError):
            reader.keep_checkpoint(1, "one")
    with SqliteLedger(path) as opened:
        opened.keep_checkpoint(1, "one")
    with SqliteLedger(path, read_only=True) as reader:
        assert reader.checkpoints() == ["one"]
        assert verify(reader).sound


def test_never_changes_or_removes_a_checkpoint(path: Path) -> None:
    with SqliteLedger(path) as opened:
        opened.keep_checkpoint(1, "one")
        for statement in ("UPDATE candidacy_checkpoint SET note = 'x'", "DELETE FROM candidacy_checkpoint"):
            with pytest.raises(sqlite3.IntegrityError, match="checkpoints are never"):
                opened._db.execute(statement)


def test_refuses_a_table_that_is_none_of_checkpoints(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE VIEW candidacy_checkpoint AS SELECT 1 AS size, 'x' AS note")
    with SqliteLedger(path) as opened:
        with pytest.raises(LedgerError, match="laid out in another way"):
            opened.checkpoints()
        with pytest.raises(LedgerError, match="laid out in another way"):
            opened.keep_checkpoint(1, "one")


def test_reads_those_that_came_with_records_and_keeps_none_there() -> None:
    memory = MemoryLedger(ZONE)
    memory.keep_checkpoint(1, "one")
    rows = list(memory.rows())

    def fill(keep: Callable[[Row], None]) -> None:
        for row in rows:
            keep(row)

    with HeldRecords(fill, "a packet", checkpoints=["one", "two"]) as held:
        assert held.checkpoints() == ["one", "two"]
        with pytest.raises(LedgerError, match="can only be read"):
            held.keep_checkpoint(1, "one")
    assert OverlayLedger(memory).checkpoints() == ["one"]
    with pytest.raises(LedgerError, match="needed the ledger itself"):
        OverlayLedger(memory).keep_checkpoint(2, "two")


def test_takes_checkpoints_along_into_a_copy_and_not_into_an_export(path: Path, tmp_path: Path) -> None:
    assert cli("checkpoint", str(path), "--keys", str(tmp_path / "k")).returncode == 0
    assert cli("copy", str(path), str(tmp_path / "copy.ledger")).returncode == 0
    assert cli("export", str(path), "-o", str(tmp_path / "out.jsonl")).returncode == 0
    assert cli("restore", str(tmp_path / "back.ledger"), str(tmp_path / "out.jsonl")).returncode == 0
    kept = [SqliteLedger(p, read_only=True).checkpoints() for p in (path, tmp_path / "copy.ledger", tmp_path / "back.ledger")]
    assert (len(kept[0]), kept[1], kept[2]) == (1, kept[0], [])
    with pytest.raises(InputError, match="no checkpoint"):
        SqliteLedger.made_of(tmp_path / "x.ledger", SqliteLedger(path).records(), ["x"])
    assert not (tmp_path / "x.ledger").exists()


# --- signing a ledger


def key_of(ledger: Ledger, place: Path) -> FileSigner:
    return FileSigner.made(place, f"widgets.example/{ledger.id}")


def test_signs_a_ledger_in_memory_and_in_a_file(path: Path, tmp_path: Path) -> None:
    with SqliteLedger(path) as opened:
        memory = MemoryLedger(ZONE)
        play(engine(registry(), memory), developing("w1"))
        for ledger, place in ((opened, "a"), (memory, "b")):
            by = key_of(ledger, tmp_path / place)
            note = sign_checkpoint(ledger, by)
            assert read_checkpoint(note.encode())[1] == Checkpoint(
                by.name, ledger.size(), verify(ledger, sizes=[-1]).roots[ledger.size()]
            )
            assert ledger.checkpoints() == [note] == [sign_checkpoint(ledger, by)]
            play(engine(registry(), ledger), developing("w9"))
            newer = sign_checkpoint(ledger, by)
            assert ledger.checkpoints() == [note, newer]


def test_reads_the_rows_once_where_the_ledger_has_kept_what_was_signed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = list[int]()
    real = SqliteLedger.rows
    monkeypatch.setattr(SqliteLedger, "rows", lambda self, after=None: (passes.append(1), real(self, after))[1])
    with SqliteLedger(path) as opened:
        by = key_of(opened, tmp_path / "k")
        sign_checkpoint(opened, by)
        play(engine(registry(), opened), developing("w3"))
        passes.clear()
        sign_checkpoint(opened, by)
        assert len(passes) == 1


def test_goes_on_where_the_checkpoint_was_remembered_and_not_yet_kept(path: Path, tmp_path: Path) -> None:
    """As after a kill between the two: a pass more tells the root at what was signed."""
    with SqliteLedger(path) as opened:
        by = key_of(opened, tmp_path / "k")
        root = verify(opened, sizes=[4]).roots[4]
        assert size_of(by.sign(4, root, lambda _: None)) == 4
        note = sign_checkpoint(opened, by)
        assert opened.checkpoints() == [note]
        assert size_of(note) == opened.size()


class Growing(MemoryLedger):
    """A ledger that gains a case, and a checkpoint of it, once it has been read."""

    def __init__(self, grow: Callable[["Growing"], None]) -> None:
        super().__init__(ZONE)
        self._grow: Callable[[Growing], None] | None = grow

    def rows(self) -> Iterator[Row]:
        yield from super().rows()
        grow, self._grow = self._grow, None
        if grow:
            grow(self)


def test_gives_the_newer_checkpoint_where_another_process_signed_while_it_read(tmp_path: Path) -> None:
    def grow(self: Growing) -> None:
        play(engine(registry(), self), developing("w2"))
        sign_checkpoint(self, FileSigner(tmp_path / "k"))

    ledger = Growing(grow)
    by = key_of(ledger, tmp_path / "k")
    note = sign_checkpoint(ledger, by)
    assert size_of(note) == ledger.size() > 1
    assert ledger.checkpoints() == [note]


def test_signs_nothing_of_a_ledger_that_changed_while_it_was_read(tmp_path: Path) -> None:
    ledger = Growing(lambda self: self._rows.__setitem__(0, MemoryLedger(ZONE)._rows[0]))
    by = key_of(ledger, tmp_path / "k")
    by.sign(0, roots([], [0])[0], lambda _: None)
    by.sign(1, leaf_hash(b"else"), roots([], [0]).get)
    with pytest.raises(InconsistentLedgerError, match="found other records among the first 1"):
        sign_checkpoint(ledger, by)
    (by.folder / "checkpoints" / "1").unlink()
    ledger = Growing(lambda self: self._rows.__setitem__(0, MemoryLedger(ZONE)._rows[0]))
    by = key_of(ledger, tmp_path / "l")
    by.sign(0, roots([], [0])[0], lambda _: None)
    with pytest.raises(InconsistentLedgerError, match="changed while it was read"):
        sign_checkpoint(ledger, by)


def test_signs_nothing_that_may_be_rolled_back(tmp_path: Path) -> None:
    with closing(host(tmp_path / "host.db")) as db, SqliteLedger(tmp_path / "host.db") as opened:
        by = key_of(opened, tmp_path / "k")
        db.execute("BEGIN IMMEDIATE")
        for ledger in (HostLedger(db), opened.within(db)):
            with pytest.raises(LedgerError, match="found it inside a transaction"):
                sign_checkpoint(ledger, by)
        db.execute("ROLLBACK")
        with opened.transaction(), pytest.raises(LedgerError, match="found it inside a transaction"):
            sign_checkpoint(opened, by)
        assert size_of(sign_checkpoint(opened, by)) == 1


def test_refuses_another_ledger_s_key_and_one_beside_the_ledger(path: Path, tmp_path: Path, key: FileSigner) -> None:
    with SqliteLedger(path) as opened:
        with pytest.raises(InputError, match=rf"key: found one of {NAME}; needed one whose name ends with .*{opened.id}"):
            sign_checkpoint(opened, key)
        path.parent.chmod(0o700)
        by = key_of(opened, tmp_path / "k")
        for name in ("signing.key", "checkpoints"):
            (by.folder / name).rename(path.parent / name)
        with pytest.raises(InputError, match="found the folder of the ledger; needed another one for the key"):
            sign_checkpoint(opened, FileSigner(path.parent))
        assert opened.checkpoints() == []
        assert opened.file == path.resolve()


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (lambda ledger, key: "no note", "what is no checkpoint"),
        (lambda ledger, key: str(key.signed(str(Checkpoint("widgets.example/other", 2, LEAVES[0])))), "one of another ledger"),
        (lambda ledger, key: str(key.signed(str(Checkpoint(key.name, 2, LEAVES[0])))), "found other records among the first 2"),
        (lambda ledger, key: str(key.signed(str(Checkpoint(key.name, 999, LEAVES[0])))), "records; needed the 999 of a checkpoint"),
    ],
)
def test_signs_no_ledger_that_belies_what_it_kept(path: Path, tmp_path: Path, kept: Any, found: str) -> None:
    with SqliteLedger(path) as opened:
        by = key_of(opened, tmp_path / "k")
        opened.keep_checkpoint(2, kept(opened, SigningKey.made(by.name)))
        with pytest.raises(InconsistentLedgerError) as refused:
            sign_checkpoint(opened, by)
        assert len(refused.value.failures) == 1
        assert found in refused.value.failures[0]
        assert list((by.folder / "checkpoints").iterdir()) == []


# --- the commands


def spoilt(path: Path, statement: str) -> None:
    """The file, changed by somebody who can write it."""
    with written_into(path) as db:
        db.execute(statement)


EDITED = "UPDATE candidacy_record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'w2', 'w1') AS BLOB) WHERE position = 6"
CUT = "DELETE FROM candidacy_record WHERE position = (SELECT max(position) FROM candidacy_record)"


def test_signs_prints_and_says_the_first_time_what_to_give_the_auditor(path: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    first = cli("checkpoint", str(path), "--keys", str(keys), "--name", "widgets.example")
    assert first.returncode == 0, first.stderr
    note, said = read_checkpoint(first.stdout.encode())
    verifier = VerifierKey.read(first.stderr.splitlines()[-1])
    assert note.signed_by(verifier) is True
    assert said.origin.startswith("widgets.example/")
    assert all(word in first.stderr for word in (str(keys / "signing.key"), "back up", "auditor", "by another way"))
    assert (keys / "signing.key").read_text().strip() not in first.stdout + first.stderr
    again = cli("checkpoint", str(path), "--keys", str(keys))
    assert (again.returncode, again.stdout, again.stderr) == (0, first.stdout, "")
    more(path, "w3")
    told = json.loads(cli("checkpoint", str(path), "--keys", str(keys), "--json").stdout)
    assert (told["size"], told["verifier"]) == (said.size + len(list(developing())), str(verifier))
    assert cli("checkpoint", str(path), "--keys", str(keys)).stdout == told["checkpoint"]


def test_writes_a_file_and_never_over_another(path: Path, tmp_path: Path) -> None:
    keys, file = str(tmp_path / "keys"), tmp_path / "a.note"
    done = cli("checkpoint", str(path), "--keys", keys, "-o", str(file))
    assert done.returncode == 0
    assert done.stdout.startswith(f"{file}: checkpoint over ")
    assert file.read_text() == cli("checkpoint", str(path), "--keys", keys).stdout
    more(path, "w3")
    refused = cli("checkpoint", str(path), "--keys", keys, "-o", str(file))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(list((tmp_path / "keys" / "checkpoints").iterdir())) == 1, "nothing was signed"


def test_keeps_the_key_at_home_by_default(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cli("checkpoint", str(path)).returncode == 0
    with SqliteLedger(path, read_only=True) as opened:
        folder = tmp_path / "home" / ".candidacy" / "keys" / opened.id
    assert FileSigner(folder).name == f"candidacy/{folder.name}"
    assert {p.stat().st_mode & 0o777 for p in (folder, folder.parent, folder.parent.parent)} == {0o700}


@pytest.mark.parametrize(
    ("statement", "found"), [(EDITED, "record 6: its bytes are not those that were hashed"), ("UPDATE candidacy_record SET bytes = x'00' WHERE position = 0", "record 0")]
)  # fmt: skip
def test_signs_nothing_that_does_not_verify(path: Path, tmp_path: Path, statement: str, found: str) -> None:
    spoilt(path, statement)
    done = cli("checkpoint", str(path), "--keys", str(tmp_path / "k"), "--json")
    assert done.returncode == 1
    assert f"FAIL {found}" in done.stderr
    assert any(found in problem["found"] for problem in json.loads(done.stdout)["problems"])
    assert not list(tmp_path.glob("k/checkpoints/*"))


@pytest.mark.parametrize("kept", [True, False])
def test_signs_no_ledger_that_was_cut_off(path: Path, tmp_path: Path, kept: bool) -> None:
    """With its checkpoints, and without them: then the memory of the key alone knows."""
    keys = str(tmp_path / "k")
    assert cli("checkpoint", str(path), "--keys", keys).returncode == 0
    spoilt(path, CUT)
    if not kept:
        spoilt(path, "DROP TABLE candidacy_checkpoint")
    assert cli("verify", str(path), "--unanchored-ok").returncode == int(kept)
    done = cli("checkpoint", str(path), "--keys", keys)
    assert (done.returncode, done.stdout) == (1, "")
    assert "FAIL found 8 records; needed" in done.stderr
    if kept:
        with SqliteLedger(path) as opened:
            with pytest.raises(LedgerError, match="found 8 records, and a checkpoint over 9 that was kept with them"):
                play(engine(registry(), opened), begun("w9"))
            assert opened.size() == 8
    if not kept:  # the teeth: a signer that forgets signs it
        with SqliteLedger(path) as opened:
            assert size_of(sign_checkpoint(opened, Forgetful(keys))) == 8


def test_goes_on_with_a_new_key_only_on_purpose(path: Path, tmp_path: Path) -> None:
    assert cli("checkpoint", str(path), "--keys", str(tmp_path / "a"), "--name", "widgets.example").returncode == 0
    refused = cli("checkpoint", str(path), "--keys", str(tmp_path / "b"))
    assert refused.returncode == 2
    assert "checkpoints of another key" in refused.stderr
    assert "--new-key" in refused.stderr
    assert not (tmp_path / "b").exists()
    same = cli("checkpoint", str(path), "--keys", str(tmp_path / "b"), "--new-key")
    assert same.returncode == 0
    assert "the ledger keeps one of another key over as many records" in same.stderr
    assert "widgets.example/" in same.stdout
    more(path, "w3")
    done = cli("checkpoint", str(path), "--keys", str(tmp_path / "b"))
    assert done.returncode == 0
    with SqliteLedger(path, read_only=True) as opened:
        assert opened.checkpoints()[1:] == [done.stdout]
    assert cli("checkpoint", str(path), "--keys", str(tmp_path / "b"), "--new-key").returncode == 2


def test_keeps_to_one_name(path: Path, tmp_path: Path) -> None:
    keys = str(tmp_path / "k")
    assert cli("checkpoint", str(path), "--keys", keys, "--name", "widgets.example").returncode == 0
    done = cli("checkpoint", str(path), "--keys", keys, "--name", "other.example")
    assert done.returncode == 2
    assert "--name: found another one" in done.stderr
    assert cli("checkpoint", str(path), "--keys", keys, "--name", "widgets.example").returncode == 0
    assert cli("checkpoint", str(path), "--keys", str(tmp_path / "n"), "--name", "a b", "--new-key").returncode == 2
    assert "--name: found nothing" in cli("checkpoint", str(path), "--keys", keys, "--name", "").stderr


def test_refuses_the_ledger_s_own_folder_before_a_key_is_made(path: Path) -> None:
    for folder in (path.parent, path.parent / ".." / "data"):
        done = cli("checkpoint", str(path), "--keys", str(folder))
        assert done.returncode == 2
        assert "found the folder of the ledger" in done.stderr
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_proves_a_record_and_a_case_to_whoever_has_the_verifier(path: Path, tmp_path: Path) -> None:
    keys = tmp_path / "k"
    cli("checkpoint", str(path), "--keys", str(keys))
    verifier = FileSigner(keys).verifier
    done = cli("prove", str(path), "3")
    assert done.returncode == 0, done.stderr
    proof = Inclusion.read(done.stdout.encode())
    with SqliteLedger(path, read_only=True) as opened:
        third, of_case = opened.record(3), opened.of_case("w2")
    assert third is not None
    assert (proof.index, proof.shows(third.leaf), proof.note.signed_by(verifier)) == (3, True, True)
    for what, records in (("3", [third]), ("w2", of_case)):
        folder = tmp_path / f"proofs-{what}"
        assert cli("prove", str(path), what, "-o", str(folder)).returncode == 0
        names = {"README.txt", *(f"{r.index}.{end}" for r in records for end in ("json", "tlog-proof"))}
        assert {p.name for p in folder.iterdir()} == names
        for record in records:
            raw = (folder / f"{record.index}.json").read_bytes()
            found = Inclusion.read((folder / f"{record.index}.tlog-proof").read_bytes())
            assert (raw, found.index, found.shows(leaf_hash(raw))) == (record.raw, record.index, True)
            assert not found.shows(leaf_hash(raw + b"\n"))
        told = (folder / "README.txt").read_text()
        assert all(word in told for word in ("c2sp.org/tlog-proof@v1", "RFC 6962", "BY ANOTHER WAY", "no later record"))
    assert cli("prove", str(path), "w2", "-o", str(tmp_path / "proofs-w2")).returncode == 2


def test_takes_a_case_before_an_index(tmp_path: Path) -> None:
    with SqliteLedger.create(tmp_path / "n.ledger", ZONE) as ledger:
        play(engine(registry(), ledger), developing("2"))
    cli("checkpoint", str(tmp_path / "n.ledger"), "--keys", str(tmp_path / "k"))
    done = cli("prove", str(tmp_path / "n.ledger"), "2")
    assert done.returncode == 2
    assert "a case has several proofs" in done.stderr
    assert cli("prove", str(tmp_path / "n.ledger"), "1").stdout.startswith("c2sp.org/tlog-proof@v1\nindex 1\n")


@pytest.mark.parametrize("what", ["w7", "9", "-1", "1.0", "9" * 30, "", "\u0663"])
def test_proves_nothing_that_is_not_there(path: Path, tmp_path: Path, what: str) -> None:
    cli("checkpoint", str(path), "--keys", str(tmp_path / "k"))
    done = cli("prove", str(path), "--", what)
    assert done.returncode == 2
    assert "needed a case in this ledger, or an index from 0 to 8" in done.stderr
    assert cli("prove", str(path), "8").returncode == 0


def test_says_how_to_get_the_checkpoint_that_is_lacking(path: Path, tmp_path: Path) -> None:
    keys = str(tmp_path / "k")
    done = cli("prove", str(path), "3")
    assert done.returncode == 2
    assert "`candidacy checkpoint LEDGER` makes one" in done.stderr
    cli("checkpoint", str(path), "--keys", keys, "-o", str(tmp_path / "old"))
    more(path, "w3")
    assert cli("prove", str(path), "8").returncode == 0
    done = cli("prove", str(path), "9")
    assert done.returncode == 2
    assert "one over 9 records, before record 9" in done.stderr
    cli("checkpoint", str(path), "--keys", keys)
    assert cli("prove", str(path), "9").returncode == 0
    assert cli("prove", str(path), "8", "--checkpoint", str(tmp_path / "old")).stdout.count("\n9\n") == 1
    assert cli("prove", str(path), "9", "--checkpoint", str(tmp_path / "old")).returncode == 2


def test_proves_that_the_ledger_goes_on_from_an_older_checkpoint(path: Path, tmp_path: Path) -> None:
    keys, old, new = str(tmp_path / "k"), tmp_path / "old", tmp_path / "new"
    cli("checkpoint", str(path), "--keys", keys, "-o", str(old))
    more(path, "w3")
    cli("checkpoint", str(path), "--keys", keys, "-o", str(new))
    done = cli("prove", str(path), "--since", str(old))
    assert done.returncode == 0, done.stderr
    proof = Consistency.read(done.stdout.encode())
    assert proof.shows(read_checkpoint(old.read_bytes())[1])
    assert str(proof.note) == new.read_text()
    assert Consistency.read(cli("prove", str(path), "--since", str(new)).stdout.encode()).hashes == ()
    done = cli("prove", str(path), "--since", str(new), "--checkpoint", str(old))
    assert done.returncode == 2
    assert "over at most 9 records" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], "found neither of a record to prove and --since"),
        (["3", "--since", "NOTE"], "found both"),
        (["--since", "NOTE", "-o", "x"], "one text, on standard output"),
        (["3", "--checkpoint", "LEDGER"], "what is no checkpoint"),
        (["--since", "none"], "cannot be read"),
        (["3", "--checkpoint", "OTHER"], "needed one of this ledger"),
        (["--since", "OTHER"], "needed one of this ledger"),
    ],
)
def test_says_what_is_wrong_with_the_question(path: Path, tmp_path: Path, arguments: list[str], found: str) -> None:
    note, other = tmp_path / "note", tmp_path / "other"
    cli("checkpoint", str(path), "--keys", str(tmp_path / "k"), "-o", str(note))
    other.write_text(str(SigningKey.made(NAME).signed(str(Checkpoint(NAME, 4, LEAVES[0])))))
    given = {"NOTE": str(note), "OTHER": str(other), "LEDGER": str(path)}
    done = cli("prove", str(path), *(given.get(word, word) for word in arguments))
    assert done.returncode == 2
    assert found in done.stderr


RECOMPUTED = "UPDATE candidacy_record SET bytes = (SELECT bytes FROM candidacy_record WHERE position = 2), leaf = (SELECT leaf FROM candidacy_record WHERE position = 2) WHERE position = 6"


@pytest.mark.parametrize("statement", [EDITED, RECOMPUTED, "DELETE FROM candidacy_record WHERE position >= 8", "DELETE FROM candidacy_record WHERE position = 7"])  # fmt: skip
@pytest.mark.parametrize(
    "question", [["3"], ["w1", "-o", "FOLDER"], ["w2", "-o", "FOLDER"], ["--since", "OLD"], ["--since", "NEW"]]
)
def test_proves_nothing_of_a_ledger_that_belies_its_checkpoint(
    path: Path, tmp_path: Path, statement: str, question: list[str]
) -> None:
    """Whatever is asked: also of records that nobody has touched, and where old and new are one checkpoint."""
    with SqliteLedger(path) as opened:
        by = FileSigner.made(tmp_path / "k", f"candidacy/{opened.id}")
        root = verify(opened, sizes=[4]).roots[4]
        (tmp_path / "old").write_text(by.sign(4, root, lambda _: None))
        (tmp_path / "new").write_text(sign_checkpoint(opened, by))
    given = {"OLD": str(tmp_path / "old"), "NEW": str(tmp_path / "new"), "FOLDER": str(tmp_path / "out")}
    asked = [given.get(word, word) for word in question]
    assert cli("prove", str(path), *asked).returncode == 0  # the other side
    (tmp_path / "out").exists() and (tmp_path / "out").rename(tmp_path / "before")
    spoilt(path, statement)
    done = cli("prove", str(path), *asked)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "FAIL" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("note", ["no note", str(SigningKey.made(NAME).signed(str(Checkpoint(NAME, 9, LEAVES[0]))))])
def test_proves_nothing_by_a_kept_checkpoint_that_is_none_of_it(path: Path, note: str) -> None:
    with SqliteLedger(path) as opened:
        opened.keep_checkpoint(9, note)
    done = cli("prove", str(path), "3")
    assert done.returncode == 1
    assert "FAIL found its newest kept checkpoint to be none of it" in done.stderr


def test_proves_nothing_from_a_part_of_a_ledger(path: Path, tmp_path: Path) -> None:
    cli("checkpoint", str(path), "--keys", str(tmp_path / "k"), "-o", str(tmp_path / "note"))
    with SqliteLedger(path, read_only=True) as opened:
        rows, note = [row for row in opened.rows() if row.case != "w1"], newest_checkpoint(opened)

    def fill(keep: Callable[[Row], None]) -> None:
        for row in rows:
            keep(row)

    with HeldRecords(fill, "a packet", partial=True) as held:
        for ask in (lambda: inclusions(held, note, [6]), lambda: consistency(held, Checkpoint.of(note), note)):
            with pytest.raises(LedgerError, match="found a part of it; needed all"):
                ask()


def test_asks_a_packet_for_proofs_and_signs_none(path: Path, tmp_path: Path) -> None:
    cli("checkpoint", str(path), "--keys", str(tmp_path / "k"), "-o", str(tmp_path / "note"))
    assert cli("packet", str(path), "-o", str(tmp_path / "p.zip")).returncode == 0
    done = cli("open", str(tmp_path / "p.zip"), "prove", "3", "--checkpoint", str(tmp_path / "note"))
    assert (done.returncode, done.stdout) == (0, cli("prove", str(path), "3").stdout)
    assert cli("open", str(tmp_path / "p.zip"), "checkpoint").returncode == 2
    assert "needed a ledger to write to" in cli("checkpoint", str(tmp_path / "p.zip")).stderr


def test_reads_the_note_of_an_older_checkpoint_whoever_signed_it(path: Path, tmp_path: Path) -> None:
    """A checkpoint that came back from a witness has a signature more."""
    cli("checkpoint", str(path), "--keys", str(tmp_path / "k"), "-o", str(tmp_path / "note"))
    note = Note.read((tmp_path / "note").read_bytes())
    witness = SigningKey.made("witness.example").signed(note.text)
    (tmp_path / "both").write_text(str(Note(note.text, (*note.signatures, *witness.signatures))))
    assert cli("prove", str(path), "--since", str(tmp_path / "both")).returncode == 0
    assert cli("prove", str(path), "3", "--checkpoint", str(tmp_path / "both")).stdout.count("witness.example") == 1


def test_says_what_is_missing_without_the_library_that_signs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    done = cli("checkpoint", str(path), "--keys", str(tmp_path / "k"))
    assert done.returncode == 2
    assert "extra `checkpoints`" in done.stderr
    assert not (tmp_path / "k").exists()
