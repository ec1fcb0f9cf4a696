"""What somebody found who attacked the ledger, its keys, its packets and its addresses: each with its shortest way."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest

from candidacy import FileSigner, InputError, LedgerError, PacketLedger, Record, SqliteLedger, packet, sign_checkpoint, verify
from candidacy._anchoring import read_anchor
from candidacy._doctor import conditions
from candidacy._levels import levels
from candidacy._trust import Word
from candidacy.address import shown
from candidacy.checkpoint import Checkpoint
from candidacy.note import SigningKey
from candidacy.opening import ledger_made_of, new_ledger, open_ledger
from candidacy.postgres import PostgresLedger, grants
from forging import reforged
from pg import Server
from support import ZONE, cli, engine, play
from widgets import begun, developed, developing, registry

IGNORES = "CREATE TRIGGER x BEFORE INSERT ON Candidacy_Record BEGIN SELECT raise(IGNORE); END"
TAKES_AWAY = (
    "CREATE TRIGGER x AFTER INSERT ON candidacy_record BEGIN DELETE FROM candidacy_record WHERE position = new.position; END"
)
"""Ways in which a file takes a record, says that it has, and has it not."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return developed(tmp_path / "w.ledger")


def changed(path: Path, statement: str) -> None:
    db = sqlite3.connect(path)
    db.execute(statement)
    db.commit()
    db.close()


# --- a record that is acknowledged, and lost


@pytest.mark.parametrize("statement", [IGNORES, TAKES_AWAY])
def test_writes_to_no_file_with_a_trigger_that_loses_records_and_verifies_none(path: Path, statement: str) -> None:
    changed(path, statement)
    with pytest.raises(LedgerError, match="triggers: found 1 with which no ledger is made; needed none"):
        SqliteLedger(path)
    with SqliteLedger(path, read_only=True) as ledger:
        settings = levels(ledger).levels[0]
    assert settings.word is Word.FAIL
    assert ("triggers", "FAIL") in [(one.name, one.verdict) for one in conditions(path)]
    assert settings.told[0].startswith("file: triggers: found 1 with which no ledger is made")


def test_acknowledges_no_record_that_a_trigger_kept_from_a_file_that_was_open(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        before = ledger.size()
        changed(path, IGNORES)
        with pytest.raises(LedgerError, match="did not take a record, and gave no error"):
            play(engine(registry(), ledger), begun("w2"))
        assert ledger.size() == before


def test_opens_what_has_its_own_triggers_alone(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        assert ledger.complaints() == []
        play(engine(registry(), ledger), begun("w2"))


# --- files that say STRICT, and are not


def loosely(path: Path, statement: str) -> None:
    """Change rows as no STRICT table lets anybody, and have the file say again that it is one."""
    with closing(sqlite3.connect(path)) as db:
        (strict,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'candidacy_record'").fetchone()
        loose = "CREATE TABLE candidacy_record (position INTEGER PRIMARY KEY, case_id, version, command UNIQUE, leaf, bytes, "
        for sql in (f"{loose} UNIQUE (case_id, version))", strict):
            with closing(sqlite3.connect(path, isolation_level=None)) as one:
                one.execute("PRAGMA writable_schema=1")
                one.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'candidacy_record'", (sql,))
            if sql != strict:
                with closing(sqlite3.connect(path, isolation_level=None)) as one:
                    one.execute("DROP TRIGGER candidacy_record_is_never_changed")
                    one.execute(statement)


@pytest.mark.parametrize(
    ("change", "asked", "code", "told"),
    [
        ("bytes = 5", ["prove", "1"], 1, "record 3: its columns hold no bytes"),
        ("leaf = 'zz'", ["packet", "-o", "w.zip", "--case", "w1"], 2, "record 3: its columns hold no bytes"),
    ],
)
def test_names_a_row_that_holds_no_bytes(  # noqa: PLR0917 (what is done to which file, and what is said)
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, asked: list[str], code: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if asked[0] == "prove":
        assert cli("checkpoint", str(path), "--keys", "keys", "-o", "w.checkpoint").returncode == 0
    with SqliteLedger(path, read_only=True) as ledger:
        newest = ledger.size() - 1
    loosely(path, f"UPDATE candidacy_record SET {change} WHERE position = {newest}")
    done = cli(asked[0], str(path), *asked[1:])
    assert (done.returncode, told.replace("record 3", f"record {newest}") in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize("index", [2**53, 2**63 - 1])
def test_has_no_record_follow_one_at_the_end_of_all_indexes(path: Path, index: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER candidacy_record_is_never_changed")
        db.execute(f"UPDATE candidacy_record SET position = {index} WHERE position = (SELECT max(position) FROM candidacy_record)")
    with SqliteLedger(path) as ledger, pytest.raises(LedgerError, match="no index that can follow its newest"):
        play(engine(registry(), ledger), begun("w2"))


# --- checkpoints that came by mail, and anchors that contradict a part


def signed(path: Path, size: int | None = None) -> tuple[str, SigningKey]:
    """A checkpoint of all records, or one made up of so many."""
    with SqliteLedger(path, read_only=True) as ledger:
        key = SigningKey.made(f"widgets.example/{ledger.id}")
        root = verify(ledger, sizes=[-1]).roots[ledger.size()] if size is None else bytes(32)
        return str(key.signed(str(Checkpoint(key.name, ledger.size() if size is None else size, root)))), key


MAILED: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "blanks at line ends": lambda text: text.replace("\n", "  \n").encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "no last line end": lambda text: text.removesuffix("\n").encode(),
    "empty lines behind": lambda text: f"{text}\n\n".encode(),
}


@pytest.mark.parametrize("way", MAILED)
def test_reads_a_checkpoint_whose_line_ends_were_changed_on_the_way_and_says_so(path: Path, way: str) -> None:
    note, key = signed(path)
    with SqliteLedger(path, read_only=True) as ledger:
        found = levels(ledger, anchors=[read_anchor("mine", MAILED[way](note))], keys=[key.verifier])
        assert (found.answer, "mine (its line ends put right): " in found.levels[3].told[0]) == (
            f"nothing failed, anchored to record {ledger.size() - 1}",
            True,
        )
        other = note.replace(f"\n{ledger.size()}\n", f"\n{ledger.size() - 1}\n")
        assert levels(ledger, anchors=[read_anchor("mine", MAILED[way](other))], keys=[key.verifier]).failed
        plain = levels(ledger, anchors=[read_anchor("mine", note.encode())], keys=[key.verifier])
        assert plain.levels[3].told[0].startswith("mine: ")


@pytest.mark.parametrize("change", [lambda text: text.replace("widgets", " widgets"), lambda text: text.replace("\n\n", "\n")])
def test_mends_nothing_of_a_checkpoint_but_line_ends(path: Path, change: Callable[[str], str]) -> None:
    note, key = signed(path)
    with SqliteLedger(path, read_only=True) as ledger:
        try:
            anchor = read_anchor("mine", change(note).encode())
        except InputError:
            return
        assert levels(ledger, anchors=[anchor], keys=[key.verifier]).failed


def test_anchors_nothing_that_was_rewritten_and_given_a_checkpoint_of_its_own_over_as_many_records(path: Path) -> None:
    mine, _ = signed(path)
    with SqliteLedger(path, read_only=True) as ledger:
        rows = reforged(list(ledger.rows()), 2, lambda data: data["actor"].update(person="somebody-else"))
    other = path.with_name("rewritten.ledger")
    with SqliteLedger.made_of(other, [Record.read(row.index, row.raw) for row in rows]) as ledger:
        ledger.keep_checkpoint(ledger.size(), signed(other)[0])
        found = levels(ledger, anchors=[read_anchor("mine", mine.encode())])
        assert (found.levels[2].word, found.levels[3].word, found.anchored) == (Word.PASS, Word.FAIL, 0)


def test_fails_a_part_of_a_ledger_that_an_anchor_contradicts(path: Path, tmp_path: Path) -> None:
    with SqliteLedger(path) as ledger:
        play(engine(registry(), ledger), begun("w2"))
        key = FileSigner.made(tmp_path / "keys", f"widgets.example/{ledger.id}")
        note = sign_checkpoint(ledger, key)
        size = ledger.size()
        packet(ledger, tmp_path / "part.zip", registry(), cases=["w1"])
    with PacketLedger(tmp_path / "part.zip") as part:
        for anchor, failed, answer in (
            (note, False, f"nothing failed, anchored to record {size - 1}"),
            (signed(path, size)[0], True, "failed"),
            (signed(path, size + 1)[0], True, "failed"),
            (signed(path, 2)[0], False, "nothing failed, not anchored"),
        ):
            found = levels(part, anchors=[read_anchor("mine", anchor.encode())])
            assert (found.failed, found.answer) == (failed, answer)


# --- passwords in addresses that are none, or miswritten

MISWRITTEN = (
    "postgresql+psycopg://u:s3cret@h/db",
    "POSTGRESQL://u:s3cret@h/db",
    " postgresql://u:s3cret@h/db",
    "'postgresql://u:s3cret@h/db'",
    "postgresql:/u:s3cret@h/db",
    "jdbc:postgresql://h/d?user=u&password=s3cret",
    "host=h user=u password=s3cret dbname=d",
    "postgresql://u:s3cret/db",
    "postgresql://u:s3cret",
    "postgresql://u@h:1/db password=s3cret",
    "postgresql//u:s3cret@h/db",
    "postgresql:u:s3cret@h/db",
    "//u:s3cret@h/db",
    "u:s3cret@h/db",
)


@pytest.mark.parametrize("address", MISWRITTEN)
def test_shows_no_password_of_what_looks_like_an_address(
    address: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "s3cret" not in shown(address)
    with SqliteLedger(path, read_only=True) as ledger:
        for tried in (
            lambda: open_ledger(address),
            lambda: new_ledger(address, ZONE),
            lambda: ledger_made_of(address, ledger.records()),
            lambda: SqliteLedger(Path(address)) if not address.startswith("postgresql://") else open_ledger(address),
        ):
            with pytest.raises(LedgerError, match="needed postgresql://USER@HOST/DATABASE") as refused:
                tried()
            assert "s3cret" not in str(refused.value)
    for asked in (
        ["verify", address, "--json"],
        ["doctor", address],
        ["new", address, "--zone", ZONE],
        ["copy", str(path), address],
    ):
        done = cli(*asked)
        assert (done.returncode, "s3cret" in done.stdout + done.stderr) == (2, False)
    assert [file.name for file in tmp_path.iterdir()] == ["w.ledger"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://u:s3cret@h:5432/db", "postgresql://u@h:5432/db"),
        ("postgres://u:s3cret@h1:1,h2/db?options=-csearch_path%3Ds1", "postgres://u@h1:1,h2/db?options=-csearch_path%3Ds1"),
        ("postgresql://u:s3cret@[::1]:5/db", "postgresql://u@[::1]:5/db"),
        ("postgresql://u@/db?host=%2Fvar%2Frun&password=s3cret", "postgresql://u@/db?host=%2Fvar%2Frun"),
        ("postgresql://u@h/db?options=-cx%3Ds3cret", "postgresql://u@h/db"),
        ("postgresql:///ledgers", "postgresql:///ledgers"),
        ("folder/w.ledger", "folder/w.ledger"),
        ("C:/folder/w.ledger", "C:/folder/w.ledger"),
        ("C:\\people\\me@home\\w.ledger", "C:\\people\\me@home\\w.ledger"),
        ("of 10:30/me@home.ledger", "of 10:30/me@home.ledger"),
        ("password reset.ledger", "password reset.ledger"),
    ],
)
def test_shows_what_says_which_ledger_it_is(address: str, told: str) -> None:
    assert shown(address) == told


# --- a writer of a PostgreSQL ledger who wants more than to insert and select

SIGNATURES = (
    *(f"{name}({kind})" for name in ("quote_ident", "to_regclass", "to_regprocedure") for kind in ("name", "varchar", "oid")),
    "unnest(name[])",
    "unnest(int2[])",
    "current_setting(name)",
    "current_setting(varchar, boolean)",
    "set_config(varchar, varchar, boolean)",
    "format_type(oid, int8)",
    "pg_has_role(oid, varchar)",
    "has_table_privilege(oid, varchar)",
)
OPERATORS = {
    "||": ("name, name", "name, text", "char, char"),
    "!~": ("name, name",),
    "=": ("oid, regclass", "oid, regprocedure", "int2, int8", "name, varchar", "text, varchar", "int8, varchar", "bytea, text"),
    ">": ("int8, varchar", "int2, int8", "int2, int2"),
    "+": ("int8, int8", "int8, varchar"),
}
AGGREGATES = ("array_agg(text)", "array_agg(name)", "string_agg(name, text)", "string_agg(name, name)", "max(oid)")
"""What fits an argument better than what PostgreSQL has: where a function is not named with its schema, this one is taken."""
CAUGHT = "LANGUAGE plpgsql AS $$ BEGIN IF current_user <> '{role}' THEN RAISE EXCEPTION 'caught'; END IF; RETURN NULL; END $$"
ROLES = count()


@pytest.fixture
def trapped(postgres: Server) -> tuple[str, str, str]:
    """A ledger in a schema in which its writer may create, and has: its address, the writer's, and the schema."""
    address = postgres.place()
    schema, role = address.rpartition("%3D")[2], f"trapper{next(ROLES)}"
    PostgresLedger.create(address, ZONE).close()
    postgres.run(f"CREATE ROLE {role} LOGIN")
    postgres.run(f"GRANT CREATE ON SCHEMA {schema} TO {role}")
    for statement in grants(role, schema):
        postgres.run(statement)
    writer = address.replace("postgresql://candidacy@", f"postgresql://{role}@")
    traps, made = CAUGHT.format(role=role), 0
    with psycopg.connect(writer, autocommit=True) as db:
        for signature in SIGNATURES:
            made += _made(db, f"CREATE FUNCTION {schema}.{signature} RETURNS text {traps}")
        for n, (operator, kinds) in enumerate(OPERATORS.items()):
            for m, kind in enumerate(kinds):
                left, right = kind.split(", ")
                made += _made(db, f"CREATE FUNCTION {schema}.trap{n}_{m}({kind}) RETURNS boolean {traps}")
                _made(db, f"CREATE OPERATOR {schema}.{operator} (FUNCTION={schema}.trap{n}_{m}, LEFTARG={left}, RIGHTARG={right})")
        for n, aggregate in enumerate(AGGREGATES):
            kinds = aggregate.partition("(")[2]
            made += _made(db, f"CREATE FUNCTION {schema}.state{n}(text, {kinds} RETURNS text {traps}")
            _made(db, f"CREATE AGGREGATE {schema}.{aggregate} (SFUNC={schema}.state{n}, STYPE=text)")
    print(f"{made} traps")
    return address, writer, schema


def _made(db: "psycopg.Connection[object]", statement: str) -> int:
    db.execute(statement.encode())
    return 1


def test_runs_nothing_that_a_writer_laid_on_the_search_path(trapped: tuple[str, str, str], path: Path, tmp_path: Path) -> None:
    address, writer, _ = trapped
    for given in (address, writer):
        with PostgresLedger(given) as ledger:
            play(engine(registry(), ledger), developing(f"w{given == writer}"))
            assert ledger.complaints() == []
            assert levels(ledger).failed is False
            assert len(list(ledger.by_case())) == len(ledger.cases())
        assert [one for one in conditions(given) if one.verdict == "FAIL"] == []
        assert cli("copy", given, str(tmp_path / f"{given == writer}.ledger")).returncode == 0


def test_would_be_caught_by_a_function_that_is_not_named_with_its_schema(trapped: tuple[str, str, str], postgres: Server) -> None:
    address, _, _ = trapped
    for asked in (
        "SELECT quote_ident(s.name) FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) AS s(name)",
        "SELECT count(*) FROM unnest(pg_catalog.current_schemas(false))",
        "SELECT attname || ' ' FROM pg_catalog.pg_attribute LIMIT 1",
        "SELECT array_agg(attname::text) FROM pg_catalog.pg_attribute",
    ):
        with pytest.raises(psycopg.Error, match="caught"):
            postgres.run(asked, address)


ROWS = {
    "before all others": ("-1, 'c', 1, 'x', decode(repeat('00', 32), 'hex'), ''", False),
    "of no case": ("77, NULL, NULL, NULL, decode(repeat('00', 32), 'hex'), ''", False),
    "with a leaf that is none": ("77, 'c', 1, 'x', '', ''", False),
    "too large": ("77, 'c', 1, 'x', decode(repeat('00', 32), 'hex'), decode(repeat('00', 65536), 'hex')", False),
    "of the largest size": ("77, 'c', 1, 'x', decode(repeat('00', 32), 'hex'), decode(repeat('00', 65535), 'hex')", True),
}


@pytest.mark.parametrize("row", ROWS)
def test_takes_no_row_from_a_writer_that_could_be_no_record(trapped: tuple[str, str, str], row: str) -> None:
    _, writer, schema = trapped
    values, taken = ROWS[row]
    with psycopg.connect(writer, autocommit=True) as db:
        try:
            db.execute(f"INSERT INTO {schema}.candidacy_record VALUES ({values})".encode())
            found = True
        except psycopg.errors.CheckViolation:
            found = False
    assert found is taken


def test_opens_and_verifies_a_file_with_a_row_before_record_0(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("INSERT INTO candidacy_record VALUES (-1, 'c', 1, 'x', x'00', x'00')")
    with SqliteLedger(path, read_only=True) as ledger:
        assert verify(ledger).failures[0].index == -1
