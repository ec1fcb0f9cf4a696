"""The Gantt picture of a cohort, looked at in a real Chromium: all of it can be read, and it asks for nothing else.

Needs Debian's chromium on the PATH.
"""

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASKED = {"hhs": ("2004-06-05", "2005-01-10"), "commerce": ("2005-06-01",), "dol": ("2013-11-01", "2014-02-01")}
SECONDS = 120
LOOK = """
addEventListener("load", () => {
  const root = document.querySelector("svg");
  const box = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const texts = [...root.querySelectorAll("text")].map(
    (t) => ({text: t.textContent, box: box(t), size: parseFloat(getComputedStyle(t).fontSize)}));
  const named = [...root.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter(
    (a) => (a.localName == "href" || a.localName == "src") ? !a.value.startsWith("#") : /url\\((?!["']?#)/.test(a.value));
  const styles = [...root.querySelectorAll("style")].filter((e) => /@import|url\\((?!["']?#)/.test(e.textContent));
  const said = {all: box(root), texts, title: root.querySelector("title").textContent, fetched: named.length + styles.length};
  document.getElementById("seen").textContent = JSON.stringify(said);
});
"""


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the demonstration."""
    kept = tmp_path_factory.mktemp("demo") / "demo.ledger"
    candidacy("demo", "--ledger", str(kept))
    return kept


def candidacy(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "candidacy", *arguments], capture_output=True, text=True, timeout=SECONDS, check=True
    )
    return done.stdout


def seen(svg: str, tmp: Path) -> Any:
    """What Chromium makes of a picture: every text with its place, and what it fetched."""
    chromium = shutil.which("chromium")
    assert chromium, "needed chromium on the PATH: apt-get install chromium"
    page = tmp / "page.html"
    page.write_text(f'<!doctype html><meta charset="utf-8"><body>{svg}<pre id="seen"></pre><script>{LOOK}</script>', "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp / 'profile'}", "--virtual-time-budget=10000")
    done = subprocess.run(
        [chromium, *flags, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=SECONDS, check=True
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[:500]
    return json.loads(html.unescape(found[1]))


def wrong(look: Any) -> list[str]:
    """What cannot be read: what runs out of the picture, or over another text, or is too small."""
    left, top, right, bottom = look["all"]
    said = []
    for t in look["texts"]:
        x0, y0, x1, y1 = t["box"]
        if x0 < left or y0 < top or x1 > right or y1 > bottom:
            said.append(f"out of the picture: {t['text']}")
        if t["size"] < 8:
            said.append(f"too small: {t['text']}")
    for i, one in enumerate(look["texts"]):
        for other in look["texts"][i + 1 :]:
            (a0, b0, a1, b1), (c0, d0, c1, d1) = one["box"], other["box"]
            if min(a1, c1) - max(a0, c0) > 1 and min(b1, d1) - max(b0, d0) > 3:
                said.append(f"{one['text']} and {other['text']} lie over each other")
    return said


@pytest.mark.parametrize(("program", "as_of"), [(p, day) for p, days in ASKED.items() for day in days])
def test_shows_every_case_where_it_can_be_read(program: str, as_of: str, ledger: Path, tmp_path: Path) -> None:
    asked = ("cohort", str(ledger), program, "--as-of", as_of)
    look = seen(candidacy(*asked, "--format", "svg"), tmp_path)
    assert wrong(look) == []
    assert look["fetched"] == 0
    assert look["title"]
    told = json.loads(candidacy(*asked, "--json"))
    cases = [row["case"] for part in ("rows", "finished") for row in told[part]]
    shown = [t["text"] for t in look["texts"]]
    assert cases
    assert [text for text in shown if text in set(cases)] == cases, "one row for each case, in the order of the table"


def test_sees_what_cannot_be_read(ledger: Path, tmp_path: Path) -> None:
    """Teeth: a text that is moved out, one over another, one too small, and one thing fetched."""
    svg = candidacy("cohort", str(ledger), "hhs", "--as-of", "2005-01-10", "--format", "svg")
    head, end = svg.rsplit("</svg>", 1)
    for said, more in {
        "out of the picture": '<text x="-20" y="50">moved</text>',
        "lie over each other": '<text x="10" y="18">over</text>',
        "too small": '<text x="1" y="9" style="font-size: 6px">.</text>',
    }.items():
        assert any(said in line for line in wrong(seen(f"{head}{more}</svg>{end}", tmp_path))), said
    for more in ('<image href="dot.svg"/>', '<rect fill="url(other.svg#p)"/>', "<style>@import 'other.css'</style>"):
        assert seen(f"{head}{more}</svg>{end}", tmp_path)["fetched"] == 1
