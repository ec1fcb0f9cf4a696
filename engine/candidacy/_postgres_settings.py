"""Under which settings a PostgreSQL server loses nothing that it has acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from candidacy._postgres_session import run
from candidacy.condition import Condition, needs
from candidacy.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

OLDEST_SERVER = 130_000
ALWAYS = {
    "fsync": "on",
    "full_page_writes": "on",
    "zero_damaged_pages": "off",
    "ignore_checksum_failure": "off",
    "data_sync_retry": "off",
}
"""What a setting must be; the server itself would lose records otherwise, or hide that it has."""
_SETTINGS = "synchronous_commit", "synchronous_standby_names", "server_encoding", "client_encoding", "data_checksums", *ALWAYS
_ASKED = "SELECT pg_catalog.pg_is_in_recovery(), " + ", ".join(f"pg_catalog.current_setting('{name}', true)" for name in _SETTINGS)
_STANDBYS = (
    "SELECT coalesce(application_name, ''), sync_state FROM pg_catalog.pg_stat_replication WHERE state IS DISTINCT FROM 'backup'"
)
SAID = {"synchronous_commit", "standbys", "in recovery"}
"""What is said when a ledger is opened, where it only warns."""


def settings(db: Connection[Any], *, read_only: bool) -> Iterator[Condition]:
    """Each setting of the server and of the session, for a reader or a writer."""
    version = db.info.server_version
    yield needs("server version", f"{version // 10_000}", "13 or newer", fine=version >= OLDEST_SERVER)
    ((recovering, *values),) = run(db, _ASKED)
    found = dict(zip(_SETTINGS, values, strict=True))
    for name, needed in ALWAYS.items():
        # where the role may not see a setting, or the server does not know it, it is as the server has it by itself
        yield needs(name, found[name] or needed, needed, fine=found[name] in {needed, None})
    yield _commit(found["synchronous_commit"], found["synchronous_standby_names"])
    for name in ("server_encoding", "client_encoding"):
        yield needs(name, found[name], "UTF8", fine=found[name] == "UTF8")
    if recovering and read_only:
        yield Condition("in recovery", "a standby, which may lag behind", "the primary, to see what was kept last", "WARN")
    else:
        yield needs("in recovery", "yes" if recovering else "no", "no", fine=not recovering)
    sums = found["data_checksums"]
    yield needs("data_checksums", sums, "on, so that the server sees pages that have rotted", fine=sums == "on", otherwise="WARN")


def _commit(found: str, standbys: str) -> Condition:
    if found == "off":
        return Condition("synchronous_commit", "off", "on, so that no commit is lost", "FAIL")
    if found in {"local", "remote_write"} and standbys:
        needed = "on, since a fail-over to a standby could lose acknowledged records"
        return Condition("synchronous_commit", f"{found}, with synchronous standbys named", needed, "WARN")
    return Condition("synchronous_commit", found, "on", "PASS")


def standbys_of(db: Connection[Any]) -> Iterator[Condition]:
    """The standbys that are attached, as far as the role may see them."""
    attached = run(db, _STANDBYS)
    behind = [name or "without a name" for name, state in attached if state not in {"sync", "quorum"}]
    needed = "synchronous ones, since a fail-over to one of these could lose acknowledged records"
    if behind:
        yield Condition("standbys", f"{len(behind)} that may lag behind ({', '.join(sorted(set(behind)))})", needed, "WARN")
    else:
        yield Condition(
            "standbys", f"{len(attached)}, each synchronous" if attached else "none", "none, or synchronous ones", "PASS"
        )


def refuse_what_would_lose(db: Connection[Any], where: str, *, read_only: bool = False, standbys: bool = True) -> list[str]:
    """What is to be said of the settings, and of standbys if wanted, in sentences.

    Raises:
        LedgerError: with every setting under which acknowledged records could be lost on the server itself.
    """
    found = [*settings(db, read_only=read_only), *(standbys_of(db) if standbys else ())]
    wrong = [condition.sentence for condition in found if condition.verdict == "FAIL"]
    if wrong:
        raise LedgerError(f"{where}: {'; '.join(wrong)}")
    return [condition.sentence for condition in found if condition.verdict == "WARN" and condition.name in SAID]
