"""The tables and functions of a ledger in a schema of a PostgreSQL database: who may do what, and what is wrong with them."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from candidacy._postgres_session import run
from candidacy.condition import Condition, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

TABLES = ("candidacy_record", "candidacy_checkpoint", "candidacy_head")
TURNS = ("candidacy_turn()", "candidacy_place(text, text)")
"""What gives a writer its turn; the second one tells where a record will stand, too."""
OBJECTS = (
    """CREATE TABLE {schema}.candidacy_record (
  position bigint PRIMARY KEY,
  case_id text COLLATE "C",
  version bigint,
  command text COLLATE "C" UNIQUE,
  leaf bytea NOT NULL,
  bytes bytea NOT NULL,
  UNIQUE (case_id, version),
  CONSTRAINT candidacy_record_can_be_one CHECK (position >= 0 AND octet_length(leaf) = 32 AND octet_length(bytes) <= 65535
    AND (position = 0) = (case_id IS NULL) AND (position = 0) = (version IS NULL) AND (position = 0) = (command IS NULL))
)""",
    "CREATE TABLE {schema}.candidacy_checkpoint (size bigint PRIMARY KEY, note text NOT NULL)",
    "CREATE TABLE {schema}.candidacy_head (one boolean PRIMARY KEY CHECK (one))",
    "INSERT INTO {schema}.candidacy_head VALUES (true)",
    # With the rights of the owner: to lock a row takes the right to change it, which a writer has not.
    """CREATE FUNCTION {schema}.candidacy_turn() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE mine boolean;
BEGIN SELECT one INTO STRICT mine FROM {schema}.candidacy_head FOR UPDATE; RETURN mine; END $$""",
    # The turn, and then where a record will stand: each statement sees what was committed before it began.
    """CREATE FUNCTION {schema}.candidacy_place(asked_command text, asked_case text,
  OUT taken bigint, OUT following bigint, OUT newest bigint, OUT newest_leaf bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE mine boolean;
BEGIN
  SELECT one INTO STRICT mine FROM {schema}.candidacy_head FOR UPDATE;
  SELECT position INTO taken FROM {schema}.candidacy_record WHERE command = asked_command;
  SELECT max(position) + 1 INTO following FROM {schema}.candidacy_record;
  SELECT version, leaf INTO newest, newest_leaf FROM {schema}.candidacy_record WHERE case_id = asked_case
    ORDER BY version DESC LIMIT 1;
END $$""",
    """CREATE FUNCTION {schema}.candidacy_refuses() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'what a ledger keeps is never changed or removed' USING ERRCODE = 'restrict_violation'; END $$""",
    *(
        f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {{schema}}.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {schema}.candidacy_refuses()"
        for table in TABLES
    ),
    f"REVOKE ALL ON {', '.join(f'{{schema}}.{table}' for table in TABLES)} FROM PUBLIC",
    f"REVOKE ALL ON FUNCTION {', '.join(f'{{schema}}.{name}' for name in (*TURNS, 'candidacy_refuses()'))} FROM PUBLIC",
)
_READER = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT ON {schema}.candidacy_record, {schema}.candidacy_checkpoint TO {role}",
)
_WRITER = (
    "GRANT INSERT ON {schema}.candidacy_record, {schema}.candidacy_checkpoint TO {role}",
    *(f"GRANT EXECUTE ON FUNCTION {{schema}}.{name} TO {{role}}" for name in TURNS),
)
CHECK = "candidacy_record_can_be_one"
COLUMNS = [
    "position bigint not null",
    "case_id text C",
    "version bigint",
    "command text C",
    "leaf bytea not null",
    "bytes bytea not null",
]
KEYS = ["case_id, version", "command", "position"]
# Whoever may create something in a schema on the search path can lay a better fitting function or operator there, which runs
# with the rights of whoever calls it: so every function is named with its schema, and each operator has the very types of its own.
_COLUMNS = """SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), l.collname, a.attnotnull
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid = pg_catalog.to_regclass(%s)::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
_KEYS = """SELECT i.indexrelid::pg_catalog.int8, a.attname FROM pg_catalog.pg_index i
  CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(number, n)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = pg_catalog.to_regclass(%s)::pg_catalog.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
  AND i.indpred IS NULL AND i.indexprs IS NULL ORDER BY i.indexrelid, k.n"""
_KIND = """SELECT c.relkind::pg_catalog.text, c.relpersistence::pg_catalog.text, c.relhasrules, c.relrowsecurity, c.relhassubclass,
  ARRAY(SELECT t.tgname::pg_catalog.text FROM pg_catalog.pg_trigger t
   WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') ORDER BY t.tgname)
FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(%s)::pg_catalog.oid"""
_CHECKS = """SELECT c.conname::pg_catalog.text FROM pg_catalog.pg_constraint c
WHERE c.conrelid = pg_catalog.to_regclass(%s)::pg_catalog.oid AND c.contype = 'c' AND c.convalidated ORDER BY c.conname"""
_FUNCTION = """SELECT p.prosecdef, p.proconfig FROM pg_catalog.pg_proc p
WHERE p.oid = pg_catalog.to_regprocedure(%s)::pg_catalog.oid"""
MORE = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "CREATE")
_RIGHTS = """SELECT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
  pg_catalog.pg_has_role(c.relowner, 'MEMBER'), pg_catalog.has_any_column_privilege(c.oid, 'UPDATE'),
  pg_catalog.has_table_privilege(c.oid, 'DELETE'), pg_catalog.has_table_privilege(c.oid, 'TRUNCATE'),
  pg_catalog.has_any_column_privilege(c.oid, 'REFERENCES'), pg_catalog.has_table_privilege(c.oid, 'TRIGGER'),
  pg_catalog.has_schema_privilege(c.relnamespace, 'CREATE')
FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(%s)::pg_catalog.oid"""


def quoted(name: str) -> str:
    """A name of an object or a role as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def grants(role: str, schema: str = "public", *, writes: bool = True) -> list[str]:
    """The statements that give a role what a writer of a ledger needs, or only what a reader does: never to change or remove.

    Args:
        schema: the one in which the ledger was made.
    """
    statements = _READER + (_WRITER if writes else ())
    return [statement.format(schema=quoted(schema), role=quoted(role)) for statement in statements]


def schema_of(db: Connection[Any]) -> str:
    """The first schema on the search path that has a ledger; "" where none has. Never that of temporary tables."""
    ((path,),) = run(db, "SELECT pg_catalog.current_schemas(false)")
    return next((str(name) for name in path if not name.startswith("pg_") and is_there(db, name)), "")


def is_there(db: Connection[Any], schema: str) -> bool:
    """Whether a schema has a table of records."""
    return run(db, "SELECT pg_catalog.to_regclass(%s)", f"{quoted(schema)}.candidacy_record") != [(None,)]


def schema_to_make_in(db: Connection[Any]) -> str:
    """The schema in which new tables are made; "" where none on the search path is there."""
    ((name,),) = run(db, "SELECT pg_catalog.current_schema()")
    return str(name or "")


def lay_out(db: Connection[Any], schema: str) -> None:
    """Make the objects, in the connection's transaction."""
    for statement in OBJECTS:
        run(db, statement.format(schema=quoted(schema)).replace("%", "%%"))


def objects(db: Connection[Any], schema: str) -> Iterator[Condition]:
    """Each object of the ledger in a schema."""
    yield from vital(db, schema)
    for table in TABLES:
        name, triggers = f"{table}_is_never_changed", _triggers(db, schema, table)
        yield needs(f"triggers of {table}", ", ".join(triggers) or "none", f"{name} alone", fine=triggers == [name])
    yield _checks(db, schema)


def guards(db: Connection[Any], schema: str) -> Iterator[Condition]:
    """What could take away or spoil a record that is being added: no reason not to read."""
    for table in TABLES:
        others = [name for name in _triggers(db, schema, table) if name != f"{table}_is_never_changed"]
        yield needs(f"triggers of others on {table}", ", ".join(others) or "none", "none", fine=not others)
    yield _checks(db, schema)


def _triggers(db: Connection[Any], schema: str, table: str) -> list[str]:
    rows = run(db, _KIND, f"{quoted(schema)}.{table}")
    return list(rows[0][5]) if rows else []


def _checks(db: Connection[Any], schema: str) -> Condition:
    checks = [name for (name,) in run(db, _CHECKS, f"{quoted(schema)}.candidacy_record")]
    return needs("checks of candidacy_record", ", ".join(checks) or "none", f"{CHECK}, as the table is made", fine=CHECK in checks)


def vital(db: Connection[Any], schema: str) -> Iterator[Condition]:
    """The objects without which records could be lost, doubled or put out of order."""
    records = f"{quoted(schema)}.candidacy_record"
    columns = [_told(*column) for column in run(db, _COLUMNS, records)]
    keys = sorted(", ".join(name for _, name in of) for _, of in groupby(run(db, _KEYS, records), key=itemgetter(0)))
    yield needs("columns of candidacy_record", ", ".join(columns), ", ".join(COLUMNS), fine=columns == COLUMNS)
    yield needs("unique keys", "; ".join(keys) or "none", "; ".join(KEYS), fine=set(KEYS) <= set(keys))
    for table in TABLES:
        rows = run(db, _KIND, f"{quoted(schema)}.{table}")
        *kind, rules, security, heirs = rows[0][:5] if rows else ("none", False, False, False)
        found = "none" if not rows else "a table that loses its rows in a crash, or no table" if kind != ["r", "p"] else "a table"
        with_more = found + ", with rules" * rules + ", with row security" * security + ", with tables that inherit from it" * heirs
        yield needs(table, with_more, "an ordinary table without rules, row security or heirs", fine=with_more == "a table")
    for name in TURNS:
        rows = run(db, _FUNCTION, f"{quoted(schema)}.{name}")
        fine = bool(rows) and rows[0][0] and any(s.startswith("search_path=") for s in rows[0][1] or ())
        found = "it" if fine else "none, or one with other rights" if rows else "none"
        yield needs(name, found, "the function that gives a writer its turn, with its owner's rights", fine=fine)


def _told(name: str, kind: str, collation: str | None, needed: bool) -> str:  # noqa: FBT001 (a column of a catalogue)
    collated = f" {collation}" if collation not in {None, "default"} else ""
    return f"{name} {kind}{collated}{' not null' * needed}"


def rights(db: Connection[Any], schema: str) -> Condition:
    """What the session's role may do beyond reading and adding."""
    of_tables = [row for table in TABLES for row in run(db, _RIGHTS, f"{quoted(schema)}.{table}")]
    super_, owns, *more = map(any, zip(*of_tables, strict=True))
    may = ", ".join(word for word, has in zip(MORE, more, strict=True) if has)
    found = "a superuser" if super_ else "the owner of the tables" if owns else f"{may} too" if may else "no more"
    return needs("role", found, "a role that may insert and select, and no more", fine=found == "no more", otherwise="WARN")
