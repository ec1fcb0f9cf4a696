"""The report of an audit in a real Chromium, from the file system: axe finds nothing, nothing is fetched, nothing runs.

Needs Debian's chromium on the PATH, and axe-core, which `make test-pages` installs.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, chromium

from candidacy import Registry, SqliteLedger, audit
from candidacy._report import report
from forging import EVIL, evil_ids, evil_words, forged, ledger_of_widgets
from support import ROOT, cli
from widgets import registry as widgets

AXE = ROOT / ".venv-axe" / "axe_playwright_python" / "axe.min.js"
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (1280, 320)
PAGES = {"front page": "index.html", "case": "cases/*.html", "list": "lists/*.html", "program": "programs/*.html"}
TEXTS = """JSON.stringify([...document.querySelectorAll("svg.lifecycle")].map(svg => {
  const box = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  return {all: box(svg), texts: [...svg.querySelectorAll("text")].map((t) => ({text: t.textContent, box: box(t)})),
    boxes: [...svg.querySelectorAll("rect")].map(box),
    lines: [...svg.querySelectorAll("path.way, path.taken")].map((p) => {
      const at = p.getScreenCTM(), n = p.getTotalLength(), points = [];
      for (let i = 0; i <= n; i += 2) { const q = p.getPointAtLength(i); points.push([q.x * at.a + at.e, q.y * at.d + at.f]); }
      return points; })};
}))"""


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the demonstration, with one program that is not installed and one whose rules have changed."""
    import attrs

    from candidacy import discover

    kept, into = tmp_path_factory.mktemp("demo") / "demo.ledger", tmp_path_factory.mktemp("report")
    cli("demo", "--ledger", str(kept))
    found = discover()
    commerce = found.programs["commerce"]
    editions = tuple(attrs.evolve(e, rules=e.rules[:-6], catalogue=(), revision=e.revision + 1) for e in commerce.editions)
    changed = Registry({"commerce": attrs.evolve(commerce, editions=editions), "hhs": found.programs["hhs"]})
    with SqliteLedger(kept, read_only=True) as ledger:
        report(ledger, changed, audit(ledger, changed), into, cases=None)
    return into


def largest(folder: Path, pattern: str) -> Path:
    """The largest of those pages; of lists, which are all alike, one of middle size, since axe takes long over a thousand rows."""
    found = sorted(folder.glob(pattern), key=lambda path: (path.stat().st_size, path.name))
    return found[len(found) // 2] if pattern.startswith("lists") else found[-1]


def violations(browser: Browser) -> list[Any]:
    """What axe finds on the page that is open."""
    assert AXE.is_file(), f"found no {AXE}; needed axe-core: make .venv-axe/ready"
    browser.run(AXE.read_text("utf-8"))
    asked = json.dumps({"runOnly": {"type": "tag", "values": STANDARDS}})
    found = browser.run(
        f"axe.run({asked}).then(r => JSON.stringify([r.passes.length, r.violations.map(v => [v.id, v.nodes.map(n => n.html)])]))"
    )
    passes, wrong = json.loads(found)
    assert passes > 10, "axe looked at the page"
    return list(wrong)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_and_nothing_is_fetched_or_cut(kind: str, width: int, folder: Path, browser: Browser) -> None:
    page = largest(folder, PAGES[kind])
    browser.open(page, width=width)
    assert browser.fetched == [page.as_uri()]
    assert [
        said for said in browser.events if said.get("method", "").startswith(("Log.", "Runtime.exception", "Runtime.console"))
    ] == []
    assert browser.run("document.documentElement.scrollWidth") <= width, "the page itself never moves sideways"
    assert browser.run("getComputedStyle(document.querySelector('.top')).borderBottomWidth") == "3px", (
        "our own style is let through"
    )
    assert violations(browser) == []


def test_axe_finds_nothing_in_the_dark(folder: Path, browser: Browser) -> None:
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    try:
        for kind in ("front page", "case"):
            browser.open(largest(folder, PAGES[kind]))
            assert browser.run("getComputedStyle(document.documentElement).backgroundColor") == "rgb(22, 25, 29)"
            assert violations(browser) == []
    finally:
        browser.ask("Emulation.setEmulatedMedia", features=[])


POLICY = ("style-src &#x27;sha256-", "style-src &#x27;unsafe-inline&#x27; &#x27;none-")
"""Our style is let in by its digest: another one is only let in by another policy."""
WRONG = {
    "svg-img-alt": [
        ('aria-labelledby="lifecycle', 'data-was="lifecycle'),
        ("<title id=", "<metadata id="),
        ("</title><desc", "</metadata><desc"),
    ],
    "html-has-lang": [('<html lang="en">', "<html>")],
    "color-contrast": [("--ink: #1b1b1b", "--ink: #bbbbbb"), POLICY],
    "heading-order": [("<h2 ", "<h5 "), ("</h2>", "</h5>")],
    "scrollable-region-focusable": [('tabindex="0"', "")],
    "region": [("<main ", "<div "), ("</main>", "</div>")],
}


@pytest.mark.parametrize("rule", WRONG)
def test_axe_sees_what_is_wrong(rule: str, folder: Path, tmp_path: Path, browser: Browser) -> None:
    """Teeth: a picture without words, no language, low contrast, headings out of order, a region that no key reaches, and more."""
    text = (folder / "index.html").read_text("utf-8")
    for old, new in WRONG[rule]:
        assert old in text
        text = text.replace(old, new)
    page = tmp_path / "page.html"
    page.write_text(text, "utf-8")
    browser.open(page, width=320)
    assert rule in [name for name, _ in violations(browser)]


def test_lets_in_no_other_style_and_no_script(folder: Path, tmp_path: Path, browser: Browser) -> None:
    """Teeth of the policy: what somebody puts into a page afterwards neither runs nor fetches nor shows."""
    text = (folder / "index.html").read_text("utf-8")
    more = "<style>h1 { display: none }</style><script>document.title = 'ran'</script>"
    more += "<img src=dot.png onerror=\"document.title = 'ran'\">"
    page = tmp_path / "page.html"
    page.write_text(text.replace("</main>", f"{more}</main>"), "utf-8")
    browser.open(page)
    assert browser.run("document.title") == "Audit report"
    assert browser.run("getComputedStyle(document.querySelector('h1')).display") == "block"


@pytest.mark.parametrize("change", [evil_ids, evil_words])
def test_runs_nothing_of_a_forged_ledger(change: Any, tmp_path: Path, browser: Browser) -> None:
    export = tmp_path / "forged.jsonl"
    export.write_bytes(forged(change, ledger_of_widgets()))
    assert cli("restore", str(tmp_path / "forged.ledger"), str(export)).returncode == 0
    with SqliteLedger(tmp_path / "forged.ledger", read_only=True) as ledger:
        report(ledger, widgets(), audit(ledger, widgets()), tmp_path / "r", cases=None)
    for page in sorted((tmp_path / "r").rglob("*.html")):
        browser.open(page, width=320)
        assert browser.fetched == [page.as_uri()]
        assert browser.run("document.title") not in {"ran", "1"}
        assert browser.run("document.querySelectorAll('script, img, iframe, form, [onmouseover], [onerror]').length") == 0
        assert browser.run("document.querySelectorAll('style').length") == 1
        assert browser.run("document.documentElement.scrollWidth") <= 320, page.name
    browser.open(tmp_path / "r" / "cases" / "1.html")
    assert EVIL[0] in browser.run("document.body.textContent")
    assert violations(browser) == []


def cannot_be_read(look: Any) -> list[str]:
    """Texts that run out of the picture, lie over each other, over an edge, or over a line."""
    said, (left, top, right, bottom) = [], look["all"]
    for i, one in enumerate(look["texts"]):
        x0, y0, x1, y1 = one["box"]
        said += [f"out of the picture: {one['text']}"] * (x0 < left or y0 < top or x1 > right or y1 > bottom)
        for other in look["texts"][i + 1 :]:
            a0, b0, a1, b1 = other["box"]
            said += [f"{one['text']} lies over {other['text']}"] * (min(x1, a1) - max(x0, a0) > 1 and min(y1, b1) - max(y0, b0) > 3)
        for a0, b0, a1, b1 in look["boxes"]:
            meets = x0 < a1 and x1 > a0 and y0 + 3 < b1 and y1 - 3 > b0
            said += [f"over an edge: {one['text']}"] * (meets and not (a0 <= x0 and x1 <= a1))
        said += [f"over a line: {one['text']}"] * any(
            x0 < x < x1 and y0 + 3 < y < y1 - 3 for line in look["lines"] for x, y in line
        )
    return said


def test_shows_every_lifecycle_where_it_can_be_read(folder: Path, tmp_path: Path, browser: Browser) -> None:
    from candidacy import discover
    from candidacy._markup import together
    from candidacy._picture import Drawing
    from candidacy._report_frame import frame

    editions = [e for p in discover().programs.values() for e in p.editions] + [
        e for p in widgets().programs.values() for e in p.editions
    ]
    page = tmp_path / "all.html"
    notes = {s: "since 2005-12-31" for e in editions for s in (*e.lifecycle.stages, *e.lifecycle.exits)}
    pictures = [Drawing(e, [], "", notes).svg(f"p-{n}") for n, e in enumerate(editions)]
    page.write_text(frame("All", together(pictures)).text, "utf-8")
    for path in (page, largest(folder, "cases/*.html"), folder / "index.html"):
        browser.open(path, width=2000)
        looks = json.loads(browser.run(TEXTS))
        assert looks
        for look in looks:
            assert len(look["texts"]) > 3
            assert cannot_be_read(look) == []
    assert len(editions) > 5


def test_sees_what_cannot_be_read_in_a_picture(folder: Path, tmp_path: Path, browser: Browser) -> None:
    """Teeth: a text moved out, one over another, one over a line."""
    text = largest(folder, "cases/*.html").read_text("utf-8")
    for seen, more in {
        "out of the picture": '<text x="-20" y="50">moved</text>',
        "lies over": '<text x="{x}" y="{y}">over it</text>',
        "over a line": '<path class="way" d="M0,0 L2000,2000"/>',
    }.items():
        first = text.split('class="lifecycle"', 1)[1].split("<text ", 1)[1]
        x, y = (first.split(f'{name}="', 1)[1].split('"', 1)[0] for name in ("x", "y"))
        page = tmp_path / "page.html"
        page.write_text(text.replace("</svg>", more.format(x=x, y=y) + "</svg>", 1), "utf-8")
        browser.open(page, width=2000)
        assert any(seen in line for line in cannot_be_read(json.loads(browser.run(TEXTS))[0])), seen


def test_prints_what_is_folded_and_hides_what_only_leads_about(folder: Path, browser: Browser) -> None:
    browser.open(largest(folder, "cases/*.html"), width=900)
    folded = "document.querySelector('details li').checkVisibility()"
    assert browser.run(folded) is False
    browser.ask("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.run(folded) is True
        assert browser.run("getComputedStyle(document.querySelector('.contents')).display") == "none"
    finally:
        browser.ask("Emulation.setEmulatedMedia", media="")


def test_is_reached_by_keys_in_order_and_shows_where_one_is(folder: Path, browser: Browser) -> None:
    browser.open(folder / "index.html")
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0, "the way past the head shows itself"
