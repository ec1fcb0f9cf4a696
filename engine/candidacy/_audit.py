"""The audit: verify, then judge every record again by the edition it names, case by case; compare the answers as data."""

import platform
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version

import attrs

from candidacy._interventions import Intervention, by_person
from candidacy._judging import Divergence, Judged, JudgedBy, Untold, judged
from candidacy._taken_over import TakenOver
from candidacy._verify import Verification, told_index, verify
from candidacy.canonical import digest
from candidacy.decision import Json
from candidacy.errors import DamagedRecordError, LedgerError
from candidacy.ledger import Ledger, Row
from candidacy.record import leaf_hash
from candidacy.registry import Registry, discover

PIECE = 500
"""Records at least that are handed over at a time."""
WAITING = 64
"""Pieces at most that are handed over and not yet answered: what memory an audit takes does not grow with the ledger."""
DECIDING_PACKAGES = ("attrs", "cattrs", "msgspec", "pluggy", "transitions", "tzdata")


@attrs.frozen
class Total:
    """How many records there are of one month and program, for a reader who counts them otherwise.

    Attributes:
        month: of the recording, in the ledger's time zone: ``2004-11``.
        facts: facts entered.
        accepted, refused: acts.
    """

    month: str
    program: str
    facts: int
    accepted: int
    refused: int

    @property
    def records(self) -> int:
        """All of them."""
        return self.facts + self.accepted + self.refused

    def as_data(self) -> Json:
        """As plain values."""
        return {**attrs.asdict(self), "records": self.records}


@attrs.frozen(slots=False)
class Audit:
    """What an audit found. The same whatever the work was split into.

    Attributes:
        accepted, refused: records, facts among the accepted.
        editions: those that the records name, each with how many do.
        versions: of the tools that judged again.
    """

    verification: Verification
    identical: int = 0
    divergent: tuple[Divergence, ...] = ()
    untold: tuple[Untold, ...] = ()
    notes: tuple[str, ...] = ()
    accepted: int = 0
    refused: int = 0
    taken_over: tuple[TakenOver, ...] = ()
    """Cases that began elsewhere: part of every audit, whatever its answer."""
    interventions: tuple[Intervention, ...] = ()
    """Waivers, extensions, suspensions, corrections and the like: part of every audit, whatever its answer."""
    totals: tuple[Total, ...] = ()
    editions: tuple[tuple[JudgedBy, int], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    zone: str = ""
    """The time zone by which months are told."""

    @property
    def answer(self) -> str:
        """``identical``, ``divergent`` or ``cannot be told``."""
        if not self.verification.sound or self.divergent:
            return "divergent"
        return "cannot be told" if self.untold else "identical"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes of `as_data`, but for the digest itself: what workpapers quote."""
        return digest(self._data())

    def as_data(self) -> Json:
        """As plain values, with the digest of the rest."""
        return {**self._data(), "digest": self.digest}

    def _data(self) -> Json:
        return {
            "answer": self.answer,
            "ledger": self.verification.ledger,
            "records": self.verification.records,
            "newest": told_index(self.verification.end - 1),
            "part_of": self.verification.in_ledger,
            "zone": self.zone,
            "cases": self.verification.cases,
            "head": self.verification.head,
            "failures": [{"index": told_index(f.index), "what": f.what} for f in self.verification.failures],
            "ledger_failures": list(self.verification.ledger_failures),
            "identical": self.identical,
            "accepted": self.accepted,
            "refused": self.refused,
            "totals": [t.as_data() for t in self.totals],
            "decided_otherwise": sum(d.decided_otherwise for d in self.divergent),
            "divergent": [d.as_data() for d in self.divergent],
            "cannot_be_told": [{"index": u.index, "why": u.why} for u in self.untold],
            "notes": list(self.notes),
            "editions": [{**attrs.asdict(by), "changed": list(by.changed), "records": n} for by, n in self.editions],
            "taken_over": [case.as_data() for case in self.taken_over],
            "interventions": [i.as_data() for i in self.interventions],
            "interventions_by_person": [
                {"person": person, "kind": kind, "count": n} for person, kind, n in by_person(self.interventions)
            ],
            "versions": dict(self.versions),
        }


def audit(ledger: Ledger, registry: Registry | None = None, *, executor: Executor | None = None) -> Audit:
    """Verify *ledger* and judge every record again that it held then.

    Args:
        registry: the programs; those of the installed plugins by default.
        executor: judges the cases; in this thread where there is none. One whose workers are other processes takes a
            registry that these can make again: `discover`'s, or one made with `Registry.made_by`.

    Raises:
        NewerFormatError: a record is in a format this version does not know.
        InputError: the executor's workers cannot make the registry again.
        DamagedRecordError, LedgerError: the records are not any more those that were verified.
    """
    registry = registry if registry is not None else discover()
    verification = verify(ledger)
    found = Audit(verification, versions=_versions(), zone=ledger.zone.key)
    if not verification.sound:
        return found
    cases = _verified(verification, ledger.rows_by_case())
    again = judged(registry, ledger.zone.key, cases) if executor is None else _spread(executor, registry, ledger.zone.key, cases)
    report = _put_together(found, again)
    if report.accepted + report.refused != verification.records - 1:
        raise LedgerError("found other records than were verified; needed a ledger that keeps what it holds while it is audited")
    return report


def _verified(verification: Verification, cases: Iterable[list[Row]]) -> Iterator[list[bytes]]:
    """The bytes of the records that were verified, case by case: each as it was hashed, and the newest of a case the very same.

    That each names the one before it, is looked at where they are judged.

    Raises:
        DamagedRecordError: one is not any more what it was when it was verified.
    """
    for rows in cases:
        there = [row for row in rows if row.index < verification.end]
        for row in there:
            if leaf_hash(row.raw) != row.leaf:
                raise DamagedRecordError(row.index, "its bytes are not those that were hashed")
        if there:
            newest = there[-1]
            if verification.heads.get(newest.case or "", (0, b"", ""))[1] != newest.leaf:
                raise DamagedRecordError(newest.index, "it is not the one that was verified")
            yield [row.raw for row in there]


def _spread(executor: Executor, registry: Registry, zone: str, cases: Iterable[list[bytes]]) -> Judged:
    """The cases judged by the executor, in pieces."""
    found, waiting = Judged(), set[Future[Judged]]()
    try:
        for piece in _pieces(cases):
            waiting.add(executor.submit(judged, registry, zone, piece))
            if len(waiting) >= WAITING:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    found.add(_answered(future))
        for future in waiting:
            found.add(_answered(future))
    finally:
        for future in waiting:
            future.cancel()
    return found


def _answered(future: Future[Judged]) -> Judged:
    """What a worker found.

    Raises:
        LedgerError: it ended without an answer, or gave something else.
    """
    try:
        found = future.result()
    except BrokenExecutor:
        raise LedgerError("found that a process which judged has ended without an answer; needed it to the end") from None
    if not isinstance(found, Judged):
        raise LedgerError(f"found an executor that gives {type(found).__name__}; needed what its workers found")
    return found


def _pieces(cases: Iterable[list[bytes]]) -> Iterator[list[list[bytes]]]:
    """Whole cases, as many as come to so many records."""
    piece, records = list[list[bytes]](), 0
    for case in cases:
        piece.append(case)
        records += len(case)
        if records >= PIECE:
            yield piece
            piece, records = [], 0
    if piece:
        yield piece


def _put_together(found: Audit, judged: Judged) -> Audit:
    """The report, in an order that the split does not change."""
    months = dict.fromkeys(sorted((month, program) for month, program, _ in judged.counts))
    totals = tuple(Total(*at, *(judged.counts[*at, kind] for kind in ("facts", "accepted", "refused"))) for at in months)
    refused = sum(t.refused for t in totals)
    return attrs.evolve(
        found,
        identical=judged.identical,
        divergent=tuple(sorted(judged.divergent, key=lambda d: d.index)),
        untold=tuple(sorted(judged.untold, key=lambda u: u.index)),
        notes=tuple(sorted(judged.notes, key=lambda note: (judged.notes[note], note))),
        accepted=sum(t.records for t in totals) - refused,
        refused=refused,
        taken_over=tuple(sorted(judged.taken_over, key=lambda t: t.first.case)),
        interventions=tuple(sorted(judged.interventions, key=lambda i: (i.case, i.version))),
        totals=totals,
        editions=tuple(sorted(judged.editions.items())),
    )


def _versions() -> tuple[tuple[str, str], ...]:
    """Of what judges: this package, what it rests on, and Python."""
    found = {"python": platform.python_version()}
    for package in ("candidacy", *DECIDING_PACKAGES):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed as a package"
    return tuple(sorted(found.items()))
