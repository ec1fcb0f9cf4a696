"""One case as PDF: tagged, PDF/UA-1, the same bytes twice, and what is forged is set as it stands."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst

from candidacy import InputError, MemoryLedger, Registry, SqliteLedger
from candidacy._report_pdf import pdf_of_case
from forging import evil_ids, evil_words, forged, ledger_of_widgets
from support import cli
from widgets import registry as widgets

CASE = "hhs-013"


@pytest.fixture(scope="module")
def made(demo_file: Path, registry: Registry) -> bytes:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        return pdf_of_case(ledger, registry, CASE)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def root_of(pdf: bytes) -> Any:
    return read(pdf).trailer["/Root"]


def missing(pdf: bytes) -> list[str]:
    """What a tagged PDF/UA-1 has and this one lacks."""
    root, said = root_of(pdf), []
    said += ["marked"] * (not _true(root.get("/MarkInfo", {}).get("/Marked")))
    said += ["structure"] * ("/StructTreeRoot" not in root)
    said += ["language"] * (root.get("/Lang") != "en-US")
    said += ["title shown"] * (not _true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")))
    metadata = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    said += ["part 1"] * ("<pdfuaid:part>1</pdfuaid:part>" not in metadata)
    said += ["title"] * (f"Case {CASE}" not in metadata)
    return said


def _true(value: Any) -> bool:
    return value is not None and bool(value.value)


def tags(pdf: bytes) -> dict[str, list[Any]]:
    """The elements of the structure by their kind."""
    found: dict[str, list[Any]] = {}

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found.setdefault(node["/S"], []).append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(root_of(pdf)["/StructTreeRoot"])
    return found


def test_is_a_tagged_pdf_ua_1_with_language_and_title(made: bytes) -> None:
    assert missing(made) == []


def test_has_headings_tables_with_heads_lists_and_a_picture_in_words(made: bytes) -> None:
    found = tags(made)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/P", "/Figure"} <= set(found)
    assert all(
        figure.get("/Alt", "").startswith("Lifecycle of hhs/2004, with the way the case took. Stages in their order: selected,")
        for figure in found["/Figure"]
    )
    assert "it is now in: graduated/forwarded." in found["/Figure"][0]["/Alt"]


def test_embeds_its_fonts_and_runs_and_fetches_nothing(made: bytes) -> None:
    fonts = [f.get_object() for page in read(made).pages for f in page["/Resources"].get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        (inner,) = font.get("/DescendantFonts", [font])
        assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"].get_object())
    for sign in (b"/JavaScript", b"/JS ", b"/URI", b"/Launch", b"/EmbeddedFile", b"/CreationDate", b"/ModDate"):
        assert sign not in made


def test_tells_where_the_case_stands_and_why_a_request_was_refused(made: bytes) -> None:
    said = text_of(made)
    for part in (
        "Stage: graduated/forwarded, since 12 January 2005.",
        "hhs-013.candidate candidate 2004-05-03",
        "2004-12-14 certification requested: ✗ refused",
        "Six months in the program lie before the request.",
        "day 2004-12-14; needs not before 2004-12-15 (six months in the program)",
        "HHS SES CDP guidelines, lines 42, 169 (HHS-016, HHS-077)",
    ):
        assert part in said, part


def test_is_the_same_twice(demo_file: Path, registry: Registry, made: bytes) -> None:
    with SqliteLedger(demo_file, read_only=True) as ledger:
        assert pdf_of_case(ledger, registry, CASE) == made
        assert pdf_of_case(ledger, registry, "hhs-012") != made


def test_sees_what_is_no_tagged_pdf() -> None:
    """Teeth: the same words set without the standard and without tags."""
    plain = typst.compile(b"= Case hhs-013", format="pdf", pdf_tags=False, ignore_system_fonts=True)  # type: ignore[call-overload]
    assert set(missing(plain)) >= {"marked", "structure", "part 1", "title"}


COMMANDS = '#panic("ran") #{1 + 1} *strong* _emph_ $x^2$ #read("/etc/passwd") \\u{41} // gone? /* gone? */ <label> @ref'


def commands(data: Any) -> None:
    data["actor"]["person"] = COMMANDS
    data["payload"] = {**data["payload"], "note": COMMANDS}


@pytest.mark.parametrize("change", [evil_ids, evil_words, commands])
def test_sets_forged_content_as_it_stands(change: Callable[[Any], None], tmp_path: Path) -> None:
    export = tmp_path / "forged.jsonl"
    export.write_bytes(forged(change, ledger_of_widgets()))
    assert cli("restore", str(tmp_path / "forged.ledger"), str(export)).returncode == 0
    with SqliteLedger(tmp_path / "forged.ledger", read_only=True) as ledger:
        (case,) = ledger.cases()
        pdf = pdf_of_case(ledger, widgets(), case)
    said = text_of(pdf).replace(" ", "")
    expected = COMMANDS if change is commands else "<script>document.title='ran'</script>"
    assert expected.replace(" ", "") in said
    assert not set(missing(pdf)) - {"title"}


def test_would_run_what_is_pasted_into_the_source() -> None:
    """Teeth: why nothing is pasted: as source, the same content is commands."""
    with pytest.raises(typst.TypstError):
        typst.compile(COMMANDS.encode(), format="pdf")


def test_names_the_extra_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError) as wrong:
        pdf_of_case(ledger_of_widgets(), widgets(), "w1")
    assert "install candidacy[reports]" in str(wrong.value)


def test_says_where_there_is_no_such_case() -> None:
    with pytest.raises(InputError) as wrong:
        pdf_of_case(MemoryLedger("UTC"), widgets(), "nobody")
    assert [p.path for p in wrong.value.problems] == ["case"]
    assert json.dumps([p.found for p in wrong.value.problems])
