"""The report of an audit: every number leads to exactly its records, nothing leads outside, and what is forged stays text."""

import shutil
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from candidacy import (
    Audit,
    CertificationRequested,
    Count,
    FactVoided,
    Id,
    InputError,
    MemoryLedger,
    Program,
    Registry,
    Resumed,
    SqliteLedger,
    Suspended,
    audit,
)
from candidacy._markup import element, escaped, sheet
from candidacy._picture import Drawing, moves, outline
from candidacy._report import report
from candidacy._report_frame import row
from candidacy._report_lists import ROWS_OF_A_PAGE, Lists
from forging import EVIL, evil_ids, evil_words, forged, ledger_of_widgets
from gadgets import World
from support import ZONE, cli, engine, play
from test_shown import overridden
from webpages import Site
from widgets import RULES, Trained, developing, edition
from widgets import registry as widgets


def made(ledger: Any, of: Registry, folder: Path) -> Site:
    """The report of a ledger, parsed."""
    report(ledger, of, audit(ledger, of), folder, cases=None)
    return Site(folder)


@pytest.fixture(scope="module")
def found(demo_file: Path, registry: Registry) -> Audit:
    """The audit of the demonstration."""
    with SqliteLedger(demo_file, read_only=True) as ledger:
        return audit(ledger, registry)


@pytest.fixture(scope="module")
def folder(demo_file: Path, registry: Registry, found: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of every third case of the demonstration."""
    into = tmp_path_factory.mktemp("report")
    with SqliteLedger(demo_file, read_only=True) as ledger:
        report(ledger, registry, found, into, cases=ledger.cases()[::3])
    return into


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return Site(folder)


def text_of(site: Site, page: str = "index.html") -> str:
    return " ".join(" ".join(site.pages[page].text).split())


# --- every number leads to its records


def test_leads_from_every_number_to_exactly_so_many_records(site: Site) -> None:
    assert len(site.numbers()) > 60
    assert site.wrong_numbers() == []


def test_leads_from_every_row_to_a_record_in_its_place(site: Site) -> None:
    for page, href, _ in site.numbers():
        for name, links in site.rows_behind(page, href):
            if name.startswith("lists/"):
                assert links, "each row leads on"
    assert site.dead() == []


def test_has_nothing_that_runs_or_leads_outside_and_is_well_formed(site: Site) -> None:
    assert site.wrong() == []
    for page in site.pages.values():
        policies = [given["content"] for tag, given in page.elements if tag == "meta" and given.get("http-equiv")]
        assert len(policies) == 1
        assert policies[0].startswith("default-src 'none'; style-src 'sha256-")


def test_counts_as_one_who_counts_the_records_one_by_one(demo_file: Path, site: Site) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        records = [r for case in ledger.cases()[::3] for r in ledger.of_case(case)]
    counted: Counter[tuple[str, str, str]] = Counter()
    for r in records:
        month = r.recorded_at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m")
        counted[month, r.edition["program"], r.word if r.is_act else "facts"] += 1
    index = site.pages["index.html"]
    captions = {name: "".join(page.text) for name, page in site.pages.items() if name.startswith("lists/")}
    shown = {(href, n) for page, href, n in site.numbers() if page is index}
    for month, program in {(m, p) for m, p, _ in counted}:
        for column, words in (("facts", "facts"), ("accepted", "acts accepted"), ("refused", "acts refused")):
            n, title = counted[month, program, column], f"Program {program}, {month}: {words}"
            pages = [name for name, text in captions.items() if f"{title}: {n} in all" in text]
            assert [(page, n) for page in pages] == [(page, n) for page, _ in shown if page in pages], title
            assert len(pages) == (n > 0), title
    places = {links[0] for _, links in site.rows_behind(index, next(h for h, n in shown if n == len(records)))}
    assert len(places) == len(records), "each record once"


def test_shows_a_zero_without_a_link(site: Site) -> None:
    assert "✗ Answered otherwise now 0" in text_of(site)
    assert all(n > 0 for _, _, n in site.numbers())


def test_has_a_place_for_every_record_on_the_page_of_its_case(demo_file: Path, site: Site) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        for case in ledger.cases()[::3]:
            records = ledger.of_case(case)
            page = site.pages[f"cases/{records[0].index}.html"]
            assert [i for i in page.ids if i[0] == "r" and i[1:].isdigit()] == [f"r{r.index}" for r in records]
            for finding in (f for r in records for f in r.findings if f.refuses):
                assert finding.rule in " ".join(page.text) or finding.rule.startswith("candidacy.")


def test_sees_numbers_and_links_that_are_wrong(tmp_path: Path) -> None:
    """Teeth: a row less, a page less, an id twice, a link outside, an element that does not end, one that runs."""
    folder = tmp_path / "whole"
    made(ledger_of_widgets(), widgets(), folder)
    for page, old, new, seen in (
        ("lists/1.html", '<tr class="row">', "<tr>", lambda s: s.wrong_numbers()),
        ("index.html", 'href="lists/1.html"', 'href="lists/no.html"', lambda s: s.dead()),
        ("index.html", 'id="totals"', 'id="rules"', lambda s: s.wrong()),
        ("index.html", 'href="#totals"', 'href="https://example.org"', lambda s: s.wrong()),
        ("index.html", "</h1>", "", lambda s: s.wrong()),
        ("index.html", "<h1>", "<h1 onclick=1>", lambda s: s.wrong()),
    ):
        into = tmp_path / str(abs(hash((page, old))))
        shutil.copytree(folder, into)
        text = (into / page).read_text("utf-8")
        assert old in text
        (into / page).write_text(text.replace(old, new, 1), "utf-8")
        assert seen(Site(into)), (old, new)  # type: ignore[no-untyped-call]


def test_makes_the_same_bytes_again(demo_file: Path, registry: Registry, found: Audit, folder: Path, tmp_path: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        report(ledger, registry, found, tmp_path, cases=set(ledger.cases()[::3]))
    one, two = ({p.relative_to(f): p.read_bytes() for f in [where] for p in f.rglob("*.*")} for where in (folder, tmp_path))
    assert one == two


def test_names_no_file_after_what_was_entered(site: Site) -> None:
    for name in site.pages:
        where, _, file = name.rpartition("/")
        assert where in {"", "cases", "lists", "programs"}
        assert name == "index.html" or file.removesuffix(".html").replace("-", "").isdigit()


def test_shows_the_whole_ledger_where_no_cases_are_named(tmp_path: Path) -> None:
    site = made(ledger_of_widgets(4), widgets(), tmp_path)
    said = text_of(site)
    assert "Every record was judged again by the rules it names, and every answer is the same as then." in said
    assert "Records 20 , beside the one that opens the ledger Cases 4" in said
    assert "This report shows" not in said
    assert site.wrong_numbers() == site.dead() == site.wrong() == []


def test_breaks_a_long_list_into_pages_that_lead_on(tmp_path: Path) -> None:
    n = ROWS_OF_A_PAGE * 2 + 1
    for count in (ROWS_OF_A_PAGE, ROWS_OF_A_PAGE + 1, n):
        (tmp_path / str(count) / "lists").mkdir(parents=True)
        (tmp_path / str(count) / "lists" / "1.rows").write_text("left by a report that was not finished", "utf-8")
        lists = Lists(tmp_path / str(count))
        for i in range(count):
            lists.add("k", "Records", row(str(i), "x"))
        link = lists.number("k")
        lists.finish()
        (tmp_path / str(count) / "index.html").write_text(f"<p>{link.text}</p>", "utf-8")
        site = Site(tmp_path / str(count))
        assert len(site.pages) - 1 == -(-count // ROWS_OF_A_PAGE)
        assert site.wrong_numbers() == []
        assert not list((tmp_path / str(count)).rglob("*.rows"))
    assert "page 2 of 3" in text_of(site, "lists/1-2.html")


def test_holds_one_case_at_a_time(tmp_path: Path) -> None:
    """Five times the cases take no more memory, beside what the audit found."""
    peaks = []
    for cases in (6, 30):
        ledger = ledger_of_widgets(cases)
        found = audit(ledger, widgets())
        tracemalloc.start()
        report(ledger, widgets(), found, tmp_path / str(cases), cases=None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    written = sum(path.stat().st_size for path in (tmp_path / "30").rglob("*.html"))
    assert peaks[1] < peaks[0] * 1.5, peaks
    assert peaks[1] < written / 2, "teeth: the report as a whole is larger than that"


def test_shows_some_cases_alone_and_says_so(demo_file: Path, registry: Registry, found: Audit, tmp_path: Path) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        report(ledger, registry, found, tmp_path, cases=["hhs-013", "dol-001"])
        site = Site(tmp_path)
        n = sum(len(ledger.of_case(case)) for case in ("hhs-013", "dol-001"))
        with pytest.raises(InputError) as wrong:
            report(ledger, registry, found, tmp_path / "b", cases=["hhs-013", "nobody", "none"])
    assert len(wrong.value.problems) == 2
    assert "This report shows 2 of the 46 cases" in text_of(site)
    assert f"Records {n} , beside" in text_of(site)
    assert site.wrong_numbers() == site.dead() == site.wrong() == []
    assert sum(name.startswith("cases/") for name in site.pages) == 2


# --- what an audit finds


def test_shows_both_sides_of_a_divergence_and_what_changed(tmp_path: Path) -> None:
    site = made(ledger_of_widgets(), widgets(edition(rules=RULES[:2])), tmp_path)
    said = text_of(site)
    assert "One record would be answered otherwise now: the decision is the same." in said
    assert "Changed since: declared." in said
    assert "widgets.trains_little" in said
    assert "no such finding" in said
    assert site.wrong_numbers() == site.dead() == site.wrong() == []
    assert "Changed since: declared." in text_of(site, "cases/1.html")


def test_names_the_requirement_and_its_citation_where_a_rule_was_added(tmp_path: Path) -> None:
    ledger = MemoryLedger(ZONE)
    before = widgets(edition(rules=RULES[:2]))
    play(engine(before, ledger), developing().tell("2005-05-01", Trained(Count(30)), by="w1.c"))
    said = text_of(made(ledger, widgets(), tmp_path))
    rule = next(r for r in edition().rules if r.id == "widgets.trains_little")
    assert rule.requirement in said
    assert str(rule.citation) in said


def test_says_why_something_cannot_be_told(tmp_path: Path) -> None:
    site = made(ledger_of_widgets(), Registry({}), tmp_path)
    said = text_of(site)
    assert "5 records cannot be judged again." in said
    assert said.count("the edition widgets/2005 is not installed") == 5
    assert "None of the programs is installed here." in said
    assert site.wrong_numbers() == site.dead() == site.wrong() == []
    assert "Cannot be judged again: the edition widgets/2005 is not installed" in text_of(site, "cases/1.html")


def test_shows_failures_alone_where_the_records_do_not_verify(tmp_path: Path) -> None:
    ledger = ledger_of_widgets()
    ledger._rows[2] = attrs.evolve(ledger._rows[2], leaf=bytes(32))
    site = made(ledger, widgets(), tmp_path)
    assert list(site.pages) == ["index.html"]
    assert "The records do not verify." in text_of(site)
    assert site.wrong() == site.dead() == []


def test_lists_what_departs_from_the_rules_by_kind_and_person_and_says_what_became_of_a_record(tmp_path: Path) -> None:
    world = World.begin().ready(hours=8)
    overridden(world)
    world.enter("2005-09-16", "o", Suspended(Id("s1")))
    world.enter("2005-09-17", "o", Resumed(Id("s1")))
    world.enter("2005-10-03", "c", CertificationRequested())
    world.enter("2005-10-04", "o", FactVoided(Count(5), Id("memo-1")))
    site = made(world.engine.ledger, world.engine.registry, tmp_path)
    assert site.wrong_numbers() == site.dead() == site.wrong() == []
    said, case = text_of(site), text_of(site, "cases/1.html")
    for kind in ("override", "fact voided", "suspension", "resumption"):
        assert f"{kind[:1].upper() + kind[1:]} {kind}, each with its record Record Case By What" in said, kind
    assert "confirms version 8" in case
    assert "confirmed by version 9" in case
    assert "voided by version 13" in case
    assert "Waits to be affirmed or taken back record 12" in case
    assert "✓ waived: Enough hours of training." in case


# --- what is forged stays text


@pytest.mark.parametrize("change", [evil_ids, evil_words])
def test_shows_forged_content_as_text_alone(change: Callable[[Any], None], tmp_path: Path) -> None:
    export = tmp_path / "forged.jsonl"
    export.write_bytes(forged(change, ledger_of_widgets()))
    assert cli("restore", str(tmp_path / "forged.ledger"), str(export)).returncode == 0
    with SqliteLedger(tmp_path / "forged.ledger", read_only=True) as ledger:
        site = made(ledger, widgets(), tmp_path / "r")
    assert site.wrong() == site.dead() == site.wrong_numbers() == []
    said = " ".join("".join(page.text) for page in site.pages.values())
    assert EVIL[0] in said, "shown as it stands"
    assert "\u202e" not in said
    assert "<202E>evil" in said
    for path in (tmp_path / "r").rglob("*.html"):
        assert "<script" not in path.read_text("utf-8").lower()


def test_sees_what_is_not_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Teeth: with the one place that escapes taken out, the same test sees it."""
    monkeypatch.setattr("candidacy._markup.escape", lambda text: text)
    with pytest.raises(AssertionError):
        test_shows_forged_content_as_text_alone(evil_words, tmp_path)


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("script", {}),
        ("SCRIPT", {}),
        ("style", {}),
        ("p", {"onClick": "1"}),
        ("a", {"href": "https://example.org"}),
        ("a", {"href": "//example.org"}),
        ("a", {"href": "javascript:1"}),
        ("a", {"href": "../../up.html"}),
        ("p", {"onclick": "1"}),
        ("p", {"style": "x"}),
        ("img", {"src": "x"}),
        ("p", {"a b": "x"}),
        ("p><b", {}),
    ],
)
def test_writes_no_element_that_runs_fetches_or_leads_outside(tag: str, attributes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="found"):
        element(tag, **attributes)


def test_escapes_text_and_attributes_and_shows_what_nobody_sees() -> None:
    assert element("p", "<b>&\"'", title="\"><'").text == '<p title="&quot;&gt;&lt;&#x27;">&lt;b&gt;&amp;&quot;&#x27;</p>'
    assert escaped("a\u202eb\ud800\u0000\u2066\u2028") == "a&lt;202E&gt;b&lt;D800&gt;&lt;0000&gt;&lt;2066&gt;&lt;2028&gt;"
    assert escaped("é ✓ 漢 🜁\u00a0") == "é ✓ 漢 🜁\u00a0"
    with pytest.raises(ValueError, match="tag in a style"):
        sheet("</style>")


# --- the lifecycle, three times the same


def programs(registry: Registry) -> list[Program]:
    return [registry.programs[name] for name in sorted(registry.programs)]


def test_tells_every_move_in_the_table_the_sentences_and_the_picture(registry: Registry) -> None:
    for of in (e for p in programs(registry) for e in p.editions):
        rows = moves(of)
        assert {(r["state"], r["act"]) for r in rows} == set(of.table)
        said = outline(of).text
        assert said.count("”, by ") == len(rows)
        drawn = Drawing(of).svg("p").text
        for state in (*of.lifecycle.stages, *of.lifecycle.exits):
            assert f">{escaped(state)}</text>" in drawn
            assert (
                f"From {escaped(state)}:" in said or f"{escaped(state[:1].upper() + state[1:])}: the end; no act leads on." in said
            )
        assert drawn.count("tip") == sum(1 for r in rows if r["to"]) - _together(of)


def _together(of: Any) -> int:
    """Moves between the same two neighbours are one arrow."""
    order = ["not begun", *of.lifecycle.stages]
    ways = [(s, to) for (s, _), to in of.table.items() if s in order and to in order and order.index(to) == order.index(s) + 1]
    return len(ways) - len(set(ways))


def test_marks_the_way_a_case_took_and_nothing_else() -> None:
    of = edition()
    steps = [(s, a.partition(" ")[0], to) for (s, a), to in of.table.items() if s != to]
    drawn = Drawing(of, steps[:1], steps[0][2], {steps[0][2]: "since 2005-01-02"}).svg("p").text
    assert drawn.count('class="taken"') == 1
    assert drawn.count('class="now"') == 1
    assert "since 2005-01-02" in drawn
    assert 'class="taken"' not in Drawing(of).svg("p").text
