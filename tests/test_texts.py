"""The auditor's own copies: printed by line where the digest is right, and never where it is not."""

import json
import os
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import pytest

from candidacy import Authority, Case, Check, Citation, Edition, InputError, Program, ProgramCompleted, Registry, holds
from candidacy._texts import LARGEST, Copies, authority_of, copies, sources
from candidacy.cli.documents import quoted, used
from outside import Outside
from support import cli
from widgets import edition as widgets

TEXT = "first line\n\nthird line\r\nfourth\x0bline\x85still\u2028the fourth\nfifth \xe9 line\n".encode()
MANUAL = Authority("widgets", title="Manual", publisher="an office", obtain="from the office", sha256=sha256(TEXT).hexdigest())
STATUTE = Authority("statute", title="Statute", publisher="Parliament", obtain="in any library", dated=date(2001, 2, 3))


@MANUAL.requires(before=ProgramCompleted, at="M-1", lines=(3, 4))
def one(case: Case, end: ProgramCompleted, day: date) -> Check:
    """One."""
    return holds(True, "it")


@STATUTE.requires(before=ProgramCompleted, at="S-1", section="7(b)")
def two(case: Case, end: ProgramCompleted, day: date) -> Check:
    """Two."""
    return holds(True, "it")


def edition(**more: Any) -> Edition:
    """Two rules of the two documents, and no others."""
    given: dict[str, Any] = {"rules": (one, two), "parameters": (), "questions": (), "authorities": (MANUAL, STATUTE)}
    return widgets(**{**given, **more})


def program(*editions: Edition) -> Program:
    return Program("widgets", title="Widgets", editions=editions or (edition(),), announcements={"spring": "2005"})


def place(*lines: tuple[int, int]) -> Citation:
    return Citation("Manual", ("M-1",), lines)


def read(folder: Path) -> Copies:
    return copies(str(folder), [program()])


@pytest.fixture
def held(tmp_path: Path) -> Copies:
    (tmp_path / "whatever it is called").write_bytes(TEXT)
    return read(tmp_path)


# --- which file is which


def test_prints_the_cited_lines_whatever_the_file_is_called(held: Copies) -> None:
    cited = held.cited(place((3, 3)), MANUAL)
    assert (cited.file, cited.lines, cited.needed) == ("whatever it is called", ((3, "third line"),), "")
    assert list(quoted(cited)) == ["    |    3  third line"]


@pytest.mark.parametrize("changed", [TEXT + b"\n", TEXT[:-1], TEXT.replace(b"third", b"thirD"), b""])
def test_never_prints_from_a_file_with_another_digest(tmp_path: Path, changed: bytes) -> None:
    (tmp_path / "manual.txt").write_bytes(changed)
    found = read(tmp_path)
    cited = found.cited(place((3, 3)), MANUAL)
    assert (cited.file, cited.lines) == ("", ())
    assert cited.needed == f"no file in {tmp_path} is Manual (SHA-256 {MANUAL.sha256}); to obtain it: from the office"
    assert found.others == (("manual.txt", sha256(changed).hexdigest()),)
    assert list(used(found)) == [
        f"not used: manual.txt is no document that an installed program names (SHA-256 {sha256(changed).hexdigest()})"
    ]


def test_never_prints_from_the_copy_of_another_document(tmp_path: Path) -> None:
    other = TEXT.replace(b"third", b"3rd")
    annex = attrs.evolve(MANUAL, title="Annex", sha256=sha256(other).hexdigest())
    both = [program(edition(authorities=(MANUAL, annex, STATUTE)))]
    (tmp_path / "manual.txt").write_bytes(other)  # by its name the one, by its digest the other
    found = copies(str(tmp_path), both)
    assert found.cited(place((3, 3)), annex).lines == ((3, "3rd line"),)
    assert found.cited(place((3, 3)), MANUAL).lines == ()
    (tmp_path / "annex.txt").write_bytes(TEXT)
    found = copies(str(tmp_path), both)
    assert (found.cited(place((3, 3)), annex).file, found.cited(place((3, 3)), MANUAL).file) == ("manual.txt", "annex.txt")
    assert found.cited(place((3, 3)), MANUAL).lines == ((3, "third line"),)


def test_reads_no_folder_inside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "manual.txt").write_bytes(TEXT)
    assert read(tmp_path) == Copies(str(tmp_path), {})


def test_takes_the_first_of_two_files_that_are_the_same(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_bytes(TEXT)
    found = read(tmp_path)
    assert found.cited(place((1, 1)), MANUAL).file == "a.txt"
    assert found.others == ()


def test_reads_files_up_to_a_size_and_names_larger_ones(tmp_path: Path) -> None:
    for name, size in (("fits", LARGEST), ("larger", LARGEST + 1)):
        with (tmp_path / name).open("wb") as sparse:
            sparse.truncate(size)
    found = read(tmp_path)
    assert [name for name, _ in found.others] == ["fits"]
    assert found.unread == (("larger", f"it has more than {LARGEST} bytes"),)
    assert f"not used: larger: it has more than {LARGEST} bytes" in list(used(found))


def test_names_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "manual.txt").write_bytes(TEXT)
    os.mkfifo(tmp_path / "pipe")  # no file: reading it would wait for ever
    found = read(tmp_path)
    assert found.unread == ()
    assert list(found.texts) == [MANUAL.sha256]


@pytest.mark.parametrize("name", ["nowhere", "a-file"])
def test_says_so_where_there_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(InputError, match=r"--authorities: found .* which cannot be read as a folder"):
        read(tmp_path / name)


# --- lines


def test_counts_lines_from_one_by_line_feeds_alone(held: Copies) -> None:
    cited = held.cited(place((1, 2), (4, 5)), MANUAL)
    assert cited.lines == ((1, "first line"), (2, ""), (4, "fourth\ufffdline\ufffdstill\ufffdthe fourth"), (5, "fifth \xe9 line"))


def test_says_so_where_the_citation_goes_on_after_the_end(held: Copies) -> None:
    """The text has six lines, of which the last is empty."""
    assert held.cited(place((5, 6)), MANUAL).needed == ""
    cited = held.cited(place((5, 7)), MANUAL)
    assert [n for n, _ in cited.lines] == [5, 6]
    assert cited.needed == "whatever it is called has 6 lines; the citation names lines after its end"


def test_replaces_what_is_no_text_and_what_a_terminal_would_obey(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbfbad \xff byte\n\x1b[2Jgone\ta tab\n"
    authority = attrs.evolve(MANUAL, sha256=sha256(raw).hexdigest())
    (tmp_path / "x").write_bytes(raw)
    found = copies(str(tmp_path), [program(edition(authorities=(authority, STATUTE)))])
    assert found.cited(place((1, 2)), authority).lines == ((1, "bad \ufffd byte"), (2, "\ufffd[2Jgone\ta tab"))


def test_says_why_nothing_can_be_printed_of_a_section_or_of_a_document_nobody_names(held: Copies) -> None:
    said = held.cited(two.citation, STATUTE).needed
    assert said.startswith("no copy of Statute can be checked: the author of the program did not hold its text")
    assert said.endswith("to obtain it: in any library")
    by_section = held.cited(Citation("Manual", ("M-2",), (), "2"), MANUAL)
    assert (by_section.lines, by_section.needed) == (
        (),
        "it is cited by its section, and only lines can be printed; to obtain it: from the office",
    )
    assert held.cited(place((1, 1)), None).needed == "no program that is installed says which text Manual is"
    assert authority_of(edition(), one.citation) == MANUAL
    assert authority_of(edition(authorities=()), one.citation) is None
    assert authority_of(None, one.citation) is authority_of(edition(), None) is None


# --- sources


def test_says_of_each_document_who_uses_it_and_how_many_requirements_cite_it() -> None:
    later = edition(name="2006", rules=(one,))
    found = sources([program(edition(), later)])
    assert [(s.authority, s.editions, s.requirements) for s in found] == [
        (MANUAL, ("widgets/2005 r1", "widgets/2006 r1"), 1), (STATUTE, ("widgets/2005 r1", "widgets/2006 r1"), 1),
    ]  # fmt: skip
    (alone, _) = sources([program(edition(rules=(two,)))])
    assert alone.requirements == 0
    assert found[1].as_data() == {
        "title": "Statute", "publisher": "Parliament", "dated": "2001-02-03", "sha256": "", "obtain": "in any library",
        "editions": ["widgets/2005 r1", "widgets/2006 r1"], "requirements": 1,
    }  # fmt: skip


def test_lists_every_document_of_the_installed_programs(registry: Registry) -> None:
    named = {a for p in registry.programs.values() for e in p.editions for a in e.authorities}
    text, data = cli("programs", "--sources"), cli("programs", "--sources", "--json")
    listed = json.loads(data.stdout)["sources"]
    assert {s["title"] for s in listed} == {a.title for a in named}
    assert len(listed) == len(named)
    for authority in named:
        assert f"  to obtain it: {authority.obtain}" in text.stdout
        assert (authority.sha256 or "its text is not held") in text.stdout
    (one_of,) = json.loads(cli("programs", "dol", "--sources", "--json").stdout)["sources"]
    rules = {r.id for e in registry.programs["dol"].editions for r in e.rules}
    assert one_of["requirements"] == len(rules)
    assert text.returncode == data.returncode == 0
    assert cli("programs", "nobody", "--sources").returncode == 2


CHARTER = "e27e73fcdd75a54f5838f29e6aef6a2e22c96c4af85ddc8d2b6ee4131fa16d12"
"""The digest of the text that the plugin of the tests was worked from."""

# --- the commands, with a plugin whose text is at hand


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    agency = Outside.placed(tmp_path_factory.mktemp("agency"))
    agency.change("it is invented and cannot be had", "it is invented")
    agency.change(CHARTER, MANUAL.sha256)
    (agency.folder / "copies").mkdir()
    (agency.folder / "copies" / "charter.txt").write_bytes(TEXT)
    (agency.folder / "copies" / "other.txt").write_bytes(b"something else\n")
    (agency.folder / "wrong").mkdir()
    (agency.folder / "wrong" / "charter.txt").write_bytes(TEXT + b"one line more\n")
    return agency


def test_prints_the_cited_lines_in_a_trace(outside: Outside) -> None:
    ledger = outside.ledger("cases.ledger", 100)
    done = outside.run("trace", str(ledger), "w1", "--authorities", "copies")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    at = lines.index("      [Charter of the Widget Fellowship, lines 3-4 (WID-1)] widgets.a_hundred_widgets_are_inspected")
    assert lines[at + 1 : at + 3] == ["      |    3  third line", "      |    4  fourth\ufffdline\ufffdstill\ufffdthe fourth"]
    assert f"copy: charter.txt has the digest that is named, {MANUAL.sha256}" in lines
    assert any(line.startswith("not used: other.txt is no document") for line in lines)
    data = json.loads(outside.run("trace", str(ledger), "w1", "--authorities", "copies", "--json").stdout)
    assert [(c["file"], [line["line"] for line in c["lines"]]) for c in data["cited"]] == [("charter.txt", [3, 4])]
    assert data["copies"]["documents"] == [{"sha256": MANUAL.sha256, "file": "charter.txt"}]
    without = outside.run("trace", str(ledger), "w1", "--authorities", "wrong")
    assert without.returncode == 0
    assert "third line" not in without.stdout
    assert (
        f"no file in wrong is Charter of the Widget Fellowship (SHA-256 {MANUAL.sha256}); to obtain it: it is invented"
        in without.stdout
    )


def test_prints_the_cited_lines_below_the_rules_of_a_program(outside: Outside) -> None:
    done = outside.run("programs", "widgets", "--authorities", "copies")
    assert done.returncode == 0
    assert "|    3  third line" in done.stdout
    assert "third line" not in outside.run("programs", "widgets").stdout
    assert "third line" not in outside.run("programs", "widgets", "--authorities", "wrong").stdout
    data = json.loads(outside.run("programs", "widgets", "--authorities", "copies", "--json").stdout)
    assert [c["file"] for c in data["cited"]] == ["charter.txt"]
    assert [e["edition"] for e in data["editions"]] == ["widgets/2024"]
    both = outside.run("programs", "widgets", "--sources", "--authorities", "copies")
    assert "  your copy: charter.txt" in both.stdout
    neither = outside.run("programs", "widgets", "--sources", "--authorities", "wrong")
    assert "  your copy: no file in wrong has this digest" in neither.stdout
    assert outside.run("programs", "--authorities", "copies").returncode == 2
    assert outside.run("programs", "widgets", "--authorities", "nowhere").returncode == 2


def test_says_which_document_is_needed_where_a_folder_holds_none(demo_file: Path, registry: Registry, tmp_path: Path) -> None:
    done = cli("trace", str(demo_file), "commerce-002", "--authorities", str(tmp_path))
    (authority,) = {a for a in registry.programs["commerce"].editions[0].authorities if a.sha256}
    assert done.returncode == 0
    assert f"is {authority.title} (SHA-256 {authority.sha256}); to obtain it: {authority.obtain}" in done.stdout
