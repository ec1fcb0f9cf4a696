"""The front page of the report: what was audited, the answer, control totals, and what an auditor looks at first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from importlib.metadata import distributions
from typing import TYPE_CHECKING

import attrs

from candidacy._markup import Markup, Part, element, together
from candidacy._picture import Drawing
from candidacy._report_case import Judged, divergence, picture
from candidacy._report_frame import code, digest, frame, numbers_row, page_title, row, section, table_in_view, terms
from candidacy._report_lists import Lists
from candidacy._report_told import TellingOf, name
from candidacy.registry import GROUP

if TYPE_CHECKING:
    from datetime import datetime

    from candidacy._audit import Audit
    from candidacy._report_exceptions import Exceptions
    from candidacy.ledger import Ledger
    from candidacy.program import Edition
    from candidacy.record import Record
    from candidacy.registry import Registry

SHOWN = 20
"""Divergences, and records that cannot be judged, that stand on the front page itself."""
NOT_ANCHORED = "nothing failed; that it was rewritten as a whole, or cut short, would show only against a checkpoint kept elsewhere"
COLUMNS = {"facts": "Facts", "accepted": "Acts accepted", "refused": "Acts refused", "all": "All records"}
CONTENTS = (
    ("audited", "What was audited"),
    ("answers", "Answers"),
    ("divergences", "Divergences"),
    ("untold", "What cannot be told"),
    ("exceptions", "Exceptions"),
    ("totals", "Control totals"),
    ("rules", "Rules"),
    ("lifecycles", "Lifecycles"),
    ("tools", "Tools"),
)


@attrs.define
class Places:
    """What the front page says, gathered while the records go by."""

    ledger: Ledger
    registry: Registry
    audit: Audit
    lists: Lists
    exceptions: Exceptions
    whole: bool
    wanted: set[int]
    """The records whose place is remembered, by index."""
    of: dict[int, str] = attrs.field(factory=dict)
    """By index, the place of such a record on the page of its case."""
    months: set[tuple[str, str]] = attrs.field(factory=set)
    programs: set[str] = attrs.field(factory=set)
    editions: set[tuple[str, str, int, str, str]] = attrs.field(factory=set)
    newest: tuple[int, datetime, str, str] | None = None
    _lifecycles: dict[tuple[str, int], tuple[Edition, str]] = attrs.field(factory=dict)

    def see(self, of: TellingOf, r: Record) -> None:
        """One record more."""
        place = f"{of.page}#r{r.index}"
        if r.index in self.wanted:
            self.of[r.index] = place
        if self.newest is None or r.index > self.newest[0]:
            self.newest = r.index, of.recorded(r), r.case, place

    def lists_of(self, of: TellingOf, r: Record, judged: Judged) -> Iterator[tuple[Hashable, str]]:
        """The lists that a record stands in, each with its title."""
        named, month = r.edition, of.recorded(r).strftime("%Y-%m")
        program = str(named["program"])
        edition = program, str(named["name"]), int(named["revision"]), str(named["declared"]), str(named["code"])
        self.months.add((month, program))
        self.programs.add(program)
        self.editions.add(edition)
        column = "facts" if not r.is_act else r.word
        for key, words in (
            ((), "All records"),
            ((program,), f"Program {program}"),
            ((month, program), f"Program {program}, {month}"),
        ):
            yield ("totals", *key, "column", column), f"{words}: {COLUMNS[column].lower()}"
            yield ("totals", *key, "column", "all"), words
        yield ("answer", r.word), f"Records {r.word}"
        yield ("edition", *edition), f"Records judged by {r.edition_id} revision {named['revision']}"
        if r.index in judged.divergent:
            yield ("judged", "divergent"), "Records that would be answered otherwise now"
        elif r.index in judged.untold:
            yield ("judged", "untold"), "Records that cannot be judged again"
        else:
            yield ("judged", "identical"), "Records judged again with the same answer"

    def lifecycle(self, edition: Edition) -> str:
        """The page of an edition's lifecycle."""
        key = edition.id, edition.revision
        if key not in self._lifecycles:
            self._lifecycles[key] = edition, f"programs/{len(self._lifecycles) + 1}.html"
        return self._lifecycles[key][1]

    def lifecycles(self) -> Iterable[tuple[Edition, str]]:
        """The editions of the cases, each with the page of its lifecycle."""
        return self._lifecycles.values()


# --- the answer in a sentence


def sentence(audit: Audit) -> Markup:
    """The answer of an audit, in a plain sentence."""
    if not audit.verification.sound:
        return _answer(
            "✗",
            "The records do not verify.",
            "What they say cannot be relied on, so nothing was judged again and nothing of it is shown.",
        )
    n, m, worse = len(audit.divergent), len(audit.untold), sum(d.decided_otherwise for d in audit.divergent)
    untold = "One record cannot be judged again." if m == 1 else f"{m:,} records cannot be judged again."
    if n:
        records = "One record" if n == 1 else f"{n:,} records"
        decided = "the decision is the same" if not worse else "the decision is another" if worse == n else f"{worse:,} decided so"
        said = f"{records} would be answered otherwise now: {decided}{', the others with other findings' * (0 < worse < n)}."
        return _answer("✗", said, untold if m else "All others have the same answer as then.")
    if m:
        return _answer("?", untold, "All others have the same answer as then.")
    return _answer("✓", "Every record was judged again by the rules it names, and every answer is the same as then.", "")


def _answer(sign: str, said: str, more: str) -> Markup:
    style = {"✓": "answer good", "✗": "answer bad"}.get(sign, "answer open")
    return element("p", element("strong", f"{sign} {said}"), " ", more, class_=style)


def unsound_page(ledger: Ledger, audit: Audit) -> Markup:
    """The front page where the records do not verify: the failures, and nothing else."""
    failures = [row(str(f.index), f.what, class_=None) for f in audit.verification.failures]
    whole = [element("li", said) for said in audit.verification.ledger_failures]
    return frame(
        "Audit report",
        page_title("Audit report"),
        sentence(audit),
        terms([("Ledger", code(ledger.id)), ("Time zone", code(str(ledger.zone)))]),
        section(
            "failures",
            "What does not verify",
            table_in_view("Records that are not what was hashed", ("Record", "What was found"), *failures) if failures else None,
            element("ul", whole) if whole else None,
        ),
    )


def index_page(of: Places, judged: Judged) -> Markup:
    """The front page."""
    return frame(
        "Audit report",
        page_title("Audit report"),
        sentence(of.audit),
        _part(of),
        section("audited", "What was audited", _audited(of)),
        section("answers", "Answers", _answers(of)),
        section("divergences", "Divergences", *_divergences(of, judged)),
        section("untold", "What cannot be told", *_untold(of, judged)),
        section("exceptions", "Exceptions", *of.exceptions.parts()),
        section("totals", "Control totals by month and program", _totals(of)),
        section("rules", "Rules the records were judged by", *_rules(of)),
        section("lifecycles", "Lifecycles", *_lifecycles(of)),
        section("tools", "Tools", _tools(of)),
        contents=CONTENTS,
    )


def _part(of: Places) -> Markup | None:
    if of.whole:
        return None
    chosen, all_of_them = of.lists.count(("cases",)), of.audit.verification.cases
    in_ledger, read = getattr(of.ledger, "in_ledger", None), of.audit.verification.records
    said = f"This report shows {chosen:,} of the {all_of_them:,} cases that were audited. The answer above is that of all; "
    said += "every number below counts what is shown."
    if in_ledger is not None and in_ledger != read:
        said = f"Audited were {all_of_them:,} cases with {read:,} of the {in_ledger:,} records of the ledger. "
        said += "Whether the others are as they were, and how they would be judged, cannot be told here."
    return element("p", element("strong", "A part. "), said, class_="answer open")


def _audited(of: Places) -> Markup:
    newest = of.newest
    at = f", recorded {newest[1].isoformat(' ', 'seconds')}, case " if newest else ""
    place = together(element("a", f"record {newest[0]}", href=newest[3]), at, code(newest[2])) if newest else None
    return terms(
        [
            ("Ledger", code(of.ledger.id)),
            ("Time zone", code(str(of.ledger.zone))),
            ("Records", [of.lists.number(("totals", "column", "all")), ", beside the one that opens the ledger"]),
            ("Cases", of.lists.number(("cases",))),
            ("Newest record", place),
            ("Bytes, hashes, order", NOT_ANCHORED),
        ]
    )  # fmt: skip


def _answers(of: Places) -> Markup:
    kept = [
        numbers_row([said], of.lists.number(("answer", word)))
        for word, said in (("accepted", "✓ Accepted"), ("refused", "✗ Refused"))
    ]
    again = [
        numbers_row([said], of.lists.number(("judged", which)))
        for which, said in (
            ("identical", "✓ Same answer"),
            ("divergent", "✗ Answered otherwise now"),
            ("untold", "? Cannot be told"),
        )
    ]
    tables = (
        table_in_view("Answers kept", ("Answer", "Records"), *kept, numbers=1),
        table_in_view("Judged again", ("Outcome", "Records"), *again, numbers=1),
    )
    notes = [element("li", note) for note in of.audit.notes]
    return together(element("div", tables, class_="beside"), element("ul", notes, class_="notes") if notes else None)


# --- what is answered otherwise, and what cannot be told


def _divergences(of: Places, judged: Judged) -> Iterator[Part]:
    found = [d for index, d in judged.divergent.items() if index in of.of]
    if not found:
        yield element("p", "None.")
        return
    yield element(
        "p",
        of.lists.number(("judged", "divergent")),
        " in all." if len(found) <= SHOWN else f" in all; the first {SHOWN} stand here.",
    )
    for d in found[:SHOWN]:
        record = of.ledger.record(d.index)
        edition = of.registry.edition(record.edition) if record else None
        yield element(
            "h3",
            element("a", f"Record {d.index}", href=of.of[d.index]),
            ", case ",
            code(d.case),
            f": {name(record)}" if record else None,
        )
        yield divergence(d, edition[0] if edition else None)


def _untold(of: Places, judged: Judged) -> Iterator[Part]:
    found = [u for index, u in judged.untold.items() if index in of.of]
    if not found:
        yield element("p", "None.")
        return
    yield element(
        "p", of.lists.number(("judged", "untold")), " in all." if len(found) <= SHOWN else f" in all; the first {SHOWN} stand here."
    )
    rows = [row(element("a", str(u.index), href=of.of[u.index]), u.why, class_=None) for u in found[:SHOWN]]
    yield table_in_view("Records that cannot be judged again, and why", ("Record", "Why"), *rows, shown=False)


# --- totals, rules, tools


def _totals(of: Places) -> Markup:
    rows = [_total((month, program), (month, code(program)), of) for month, program in sorted(of.months)]
    rows += [_total((program,), ("All months", code(program)), of, "sum") for program in sorted(of.programs)]
    rows.append(_total((), ("All months", "All programs"), of, "sum"))
    caption = f"Records by the month in which they were recorded, in the time zone {of.ledger.zone}, and by program"
    return table_in_view(caption, ("Month", "Program", *COLUMNS.values()), *rows, numbers=len(COLUMNS))


def _total(key: tuple[str, ...], names: tuple[Part, ...], of: Places, style: str | None = None) -> Markup:
    return numbers_row(names, *(of.lists.number(("totals", *key, "column", column)) for column in COLUMNS), class_=style)


def _rules(of: Places) -> Iterator[Part]:
    rows = []
    for edition in sorted(of.editions):
        program, title, revision, declared, source = edition
        name_of, n = together(code(f"{program}/{title}"), f" revision {revision}"), of.lists.number(("edition", *edition))
        rows.append(row(name_of, n, _installed(of.registry, edition), digest(declared), digest(source), class_=None))
    head = ("Edition", "Records", "Installed here", "Digest of what it declares", "Digest of its code")
    yield table_in_view("Editions that the records name, with their digests", head, *rows)


def _installed(registry: Registry, named: tuple[str, str, int, str, str]) -> str:
    program, title, revision, declared, source = named
    found = registry.edition({"program": program, "name": title, "revision": revision})
    if found is None:
        return "✗ no"
    edition, exact = found
    if not exact:
        return f"✗ only revision {edition.revision}"
    unlike = ["other declarations"] * (edition.declared != declared) + ["other code"] * (registry.code(edition) != source)
    return f"✗ with {' and '.join(unlike)}" if unlike else "✓ the very same"


def _lifecycles(of: Places) -> Iterator[Part]:
    for n, (edition, page) in enumerate(of.lifecycles(), 1):
        title = of.registry.programs[edition.program].title
        yield element("h3", code(edition.id), f": {title}")
        yield picture(Drawing(edition), "Stages from top to bottom, exits aside.", f"lifecycle-{n}")
        yield element("p", element("a", f"The lifecycle of {edition.id} as sentences and as a table", href=page))
    if not list(of.lifecycles()):
        yield element("p", "None of the programs is installed here.")


def _tools(of: Places) -> Markup:
    return terms([*of.audit.versions, ("digest of the audit's report", digest(of.audit.digest)), *versions(of.registry)])


def versions(registry: Registry) -> list[tuple[str, str]]:
    """The other distributions that offer programs, and plugins that were left out."""
    offering = {d.name: d.version for d in distributions() if d.entry_points.select(group=GROUP)}
    faults = [(f"plugin {fault.plugin}, left out", fault.why) for fault in registry.faults]
    return [*sorted((f"plugins of {named}", n) for named, n in offering.items() if named != "candidacy"), *faults]
