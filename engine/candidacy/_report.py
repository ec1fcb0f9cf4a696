"""The report of an audit as pages of HTML in a folder: no script, nothing from elsewhere, every number leads to its records.

Written while the ledger streams by, one case after the other. In memory are one case, a few rows of each list, and what the
audit found.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from candidacy._markup import element, together
from candidacy._report_case import Judged, case_page
from candidacy._report_exceptions import Exceptions
from candidacy._report_frame import answered, code, row
from candidacy._report_index import Places, index_page, unsound_page
from candidacy._report_lists import Lists
from candidacy._report_program import program_page
from candidacy._report_told import TellingOf, kind, name
from candidacy.errors import InputError, Problem
from candidacy.strict import shown

if TYPE_CHECKING:
    from candidacy._audit import Audit
    from candidacy._markup import Markup
    from candidacy.ledger import Ledger
    from candidacy.record import Record
    from candidacy.registry import Registry


def report(ledger: Ledger, registry: Registry, audit: Audit, folder: Path, *, cases: Collection[str] | None) -> None:
    """Write the report of *audit* below *folder*: ``index.html``, ``cases/``, ``lists/``, ``programs/``.

    Names of files are numbers, never ids. The same ledger, audit and programs give the same bytes.

    Args:
        ledger: the one that was audited, as it was then.
        registry: where requirements, citations and lifecycles come from.
        folder: made if it is not there; empty of an earlier report.
        cases: only these; None for all.

    Raises:
        InputError: cases that the ledger does not have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not audit.verification.sound:
        _write(folder / "index.html", unsound_page(ledger, audit))
        return
    _refuse_unknown(ledger, cases)
    writing = _Writing(ledger, registry, audit, folder, whole=cases is None)
    for records in ledger.by_case() if cases is None else map(ledger.of_case, sorted(set(cases))):
        writing.case(TellingOf(records, registry, ledger.zone))
    writing.finish()


def _refuse_unknown(ledger: Ledger, cases: Collection[str] | None) -> None:
    unknown = [case for case in sorted(set(cases or ())) if not ledger.head(case)[0]]
    needed = "a case in this ledger; `candidacy status` lists them"
    if unknown:
        raise InputError([Problem("cases", f"the case {shown(case)}", needed) for case in unknown])


class _Writing:
    """The report as far as it is written."""

    def __init__(self, ledger: Ledger, registry: Registry, audit: Audit, folder: Path, *, whole: bool) -> None:
        self.registry, self.audit, self.folder = registry, audit, folder
        self.lists = Lists(folder)
        self.judged = Judged({d.index: d for d in audit.divergent}, {u.index: u for u in audit.untold})
        self.exceptions = Exceptions(self.lists, registry)
        wanted = {*self.judged.divergent, *self.judged.untold}
        self.places = Places(ledger, registry, audit, self.lists, self.exceptions, whole, wanted)
        (folder / "cases").mkdir(exist_ok=True)
        (folder / "programs").mkdir(exist_ok=True)

    def case(self, of: TellingOf) -> None:
        """One case more: its page, and its rows in the lists."""
        edition = next((e for r in reversed(of.records) if r.accepted and (e := of.edition_of(r))), None)
        lifecycle = self.places.lifecycle(edition) if edition else None
        _write(self.folder / of.page, case_page(of, self.judged, lifecycle))
        self.lists.add(("cases",), "Cases", _case_row(of), CASE_HEAD)
        self.exceptions.see(of)
        for r in of.records:
            self.places.see(of, r)
            line = record_row(of, r)
            for key, title in self.places.lists_of(of, r, self.judged):
                self.lists.add(key, title, line)

    def finish(self) -> None:
        """What is known at the end: lists, the lifecycles, the front page."""
        for edition, page in self.places.lifecycles():
            _write(self.folder / page, program_page(edition, self.registry))
        _write(self.folder / "index.html", index_page(self.places, self.judged))
        self.lists.finish()


def _write(path: Path, page: Markup) -> None:
    path.write_bytes(page.text.encode())


CASE_HEAD = ("Case", "Program and edition", "Stage", "Since", "Records", "Refused", "Last entered")


def record_row(of: TellingOf, r: Record) -> Markup:
    """A record in a list, leading to its place on the page of its case."""
    place = element("a", str(r.index), href=f"../{of.page}#r{r.index}")
    at = of.recorded(r).isoformat(" ", "seconds")
    return row(place, code(r.case), str(r.day), at, f"{kind(r)}: {name(r)}", answered(r.word))


def _case_row(of: TellingOf) -> Markup:
    status, last = of.status(), of.records[-1]
    n = element("a", str(len(of.records)), class_="number", href=f"../{of.page}#timeline")
    refused = [together(" ", element("a", f"✗ {r.index}", href=f"../{of.page}#r{r.index}")) for r in of.records if not r.accepted]
    stage = "cannot be told" if status is None else f"{status.state} (waits to be settled)" if status.unsettled else status.state
    since = str(status.since) if status is not None and status.since else ""
    place = element("a", code(of.case), href=f"../{of.page}")
    return row(place, code(last.edition_id), stage, since, n, refused, f"{name(last)}: {last.word}")
