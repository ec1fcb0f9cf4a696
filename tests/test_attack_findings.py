"""What somebody found who attacked the ledger, its keys, its packets and its addresses: each with its shortest way."""

import sqlite3
from itertools import count
from pathlib import Path

import psycopg
import pytest

from candidacy import LedgerError, SqliteLedger
from candidacy._doctor import conditions
from candidacy._levels import Word, levels
from candidacy.address import shown
from candidacy.opening import ledger_made_of, new_ledger, open_ledger
from candidacy.postgres import PostgresLedger, grants
from pg import Server
from support import ZONE, cli, engine, play
from widgets import begun, developing, registry

IGNORES = "CREATE TRIGGER x BEFORE INSERT ON Candidacy_Record BEGIN SELECT raise(IGNORE); END"
TAKES_AWAY = (
    "CREATE TRIGGER x AFTER INSERT ON candidacy_record BEGIN DELETE FROM candidacy_record WHERE position = new.position; END"
)
"""Ways in which a file takes a record, says that it has, and has it not."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "w.ledger"
    with SqliteLedger.create(path, ZONE) as ledger:
        play(engine(registry(), ledger), developing("w1"))
    return path


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
