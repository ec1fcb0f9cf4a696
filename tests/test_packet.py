"""Packets: made twice they are the same, checked by three means, and what was done to one is named or refused."""

import contextlib
import io
import json
import os
import random
import runpy
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from inspect import getsource
from pathlib import Path
from typing import Any

import click
import pytest

from candidacy import FailedPacketError, LedgerError, PacketLedger, Registry, SqliteLedger, audit, packet, verify
from candidacy.canonical import canonical
from candidacy.cli.commands import candidacy as group
from candidacy.cli.packets import WRITING
from candidacy.record import leaf_hash
from candidacy.zipped import order, write
from candidacy_commerce.caseload import Candidate
from support import ZONE, cli, engine, play

BARE = getattr(sys, "_base_executable", sys.executable)
"""The interpreter below the environment of the tests: it knows nothing of us."""

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    """The packet of a ledger of three cases, and beside it the ledger."""
    folder = tmp_path_factory.mktemp("packet")
    with SqliteLedger.create(folder / "small.ledger", ZONE) as ledger:
        on = engine(registry, ledger)
        for case in ("c1", "c2", "c3"):
            life = Candidate(case).enrolled().paired().planned()
            play(on, list(life.assigned("a1", "2005-02-01", 119).completed("2006-06-01"))[: 9 if case == "c3" else None])
    assert cli("packet", str(folder / "small.ledger"), "-o", str(folder / "small.zip")).returncode == 0
    return folder / "small.zip"


@pytest.fixture(scope="module")
def files(small: Path) -> Files:
    """What is in it but for the schemas, for the sake of time: with a manifest that says so."""
    return listed({name: content for name, content in unpacked(small).items() if not name.startswith("schemas/")})


@pytest.fixture(scope="module")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packet of the demonstration's ledger."""
    path = tmp_path_factory.mktemp("demo") / "demo.zip"
    assert cli("packet", str(demo_file), "-o", str(path)).returncode == 0
    return path


def unpacked(path: Path) -> Files:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: Mapping[str, bytes], folder: Path) -> Path:
    """A zip as packets are, of whatever files."""
    laid = laid_out(files, folder / "laid")
    write(folder / "made.zip", {name: laid / name for name in files})
    return folder / "made.zip"


def laid_out(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def listed(files: Files) -> Files:
    """The same with a manifest that says what is there."""
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()) if name != "MANIFEST.sha256")
    return {**files, "MANIFEST.sha256": "".join(lines).encode()}


VERIFIER = Path(__file__).parent.parent / "engine" / "candidacy" / "standalone" / "verify.py"
PROGRAMS = ("files.py", "proofs.py", "verify.py")


def verifier(path: Path, program: Path = VERIFIER, *options: str) -> tuple[int, str]:
    """Exit code and output of the verifier, in this process."""
    before, out = sys.argv, io.StringIO()
    sys.argv = [str(program), str(path), *options]
    try:
        with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
            runpy.run_path(str(program), run_name="__main__")
    finally:
        sys.argv = before
    assert isinstance(ended.value.code, int)
    return ended.value.code, out.getvalue()


def broken(folder: Path, old: str, new: str) -> Path:
    """The verifier with one of its checks taken out."""
    texts = {name: VERIFIER.with_name(name).read_text() for name in PROGRAMS}
    assert sum(text.count(old) for text in texts.values()) == 1, old
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text.replace(old, new))
    return folder / "verify.py"


def bare(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Python alone: no environment, no site, a folder of its own."""
    given = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}
    return subprocess.run([BARE, "-I", "-S", *arguments], cwd=folder, env=given, capture_output=True, text=True, check=False)


# --- making


def test_is_the_same_byte_for_byte_when_it_is_made_again(small: Path, tmp_path: Path) -> None:
    ledger = small.with_name("small.ledger")
    done = cli("packet", str(ledger), "-o", str(tmp_path / "again.zip"))
    assert (tmp_path / "again.zip").read_bytes() == small.read_bytes()
    digest = sha256(small.read_bytes()).hexdigest()
    assert f"SHA-256 {digest}\nkeep it elsewhere" in done.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "again.zip"], "nothing is left beside it"


def test_is_the_same_when_it_is_made_of_a_packet(small: Path, tmp_path: Path) -> None:
    assert cli("packet", str(small), "-o", str(tmp_path / "again.zip")).returncode == 0
    assert (tmp_path / "again.zip").read_bytes() == small.read_bytes()


def test_differs_as_soon_as_one_more_record_is_entered(small: Path, tmp_path: Path, registry: Registry) -> None:
    """The teeth of the two before."""
    assert cli("copy", str(small.with_name("small.ledger")), str(tmp_path / "more.ledger")).returncode == 0
    with SqliteLedger(tmp_path / "more.ledger") as ledger:
        play(engine(registry, ledger), list(Candidate("c4").enrolled())[:1])
        made = packet(ledger, tmp_path / "more.zip", registry)
    assert made.about["records_here"] == made.about["records_in_ledger"] == len(records_in(unpacked(small))) + 1
    assert (tmp_path / "more.zip").read_bytes() != small.read_bytes()


def test_holds_what_it_is_to_hold_in_one_order_with_one_date_and_mode(demo: Path, demo_file: Path) -> None:
    with zipfile.ZipFile(demo) as opened:
        entries = opened.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names, key=order)
    assert names[:7] == [
        "MANIFEST.sha256",
        "README.txt",
        *PROGRAMS[:1],
        "packet.json",
        *PROGRAMS[1:2],
        "records.jsonl",
        "verify.py",
    ]
    assert {(e.date_time, e.external_attr >> 16, e.compress_type) for e in entries} == {((1980, 1, 1, 0, 0, 0), 0o100644, 8)}
    inside = unpacked(demo)
    assert inside["records.jsonl"].decode() == cli("export", str(demo_file)).stdout
    assert all(inside[name] == VERIFIER.with_name(name).read_bytes() for name in PROGRAMS)
    assert inside["programs/dol.txt"].decode() == cli("programs", "dol").stdout
    assert inside["coverage/dol.md"].decode() == (VERIFIER.parents[3] / "docs" / "coverage" / "dol.md").read_text()
    assert inside["schemas/record.json"].decode() == (VERIFIER.parents[3] / "schemas" / "record.json").read_text()
    assert len([name for name in names if name.startswith("schemas/")]) > 100


def test_names_the_sources_by_the_digest_that_the_records_name(demo: Path) -> None:
    inside = unpacked(demo)
    about = json.loads(inside["packet.json"])
    assert [e["name"] for e in about["editions"]]
    for e in about["editions"]:
        lines = inside[f"sources/{e['program']}-{e['name']}-r{e['revision']}.sha256"]
        assert sha256(lines).hexdigest() == e["code"]
        for line in lines.decode().splitlines():
            assert sha256(inside[f"sources/{line[66:]}"]).hexdigest() == line[:64]


def test_leaves_nothing_where_it_cannot_be_made(small: Path, tmp_path: Path) -> None:
    ledger = str(small.with_name("small.ledger"))
    done = cli("packet", ledger, "-o", str(tmp_path / "x.zip"), "--case", "c1", "--case", "none", "--case", "nor this")
    assert (done.returncode, done.stderr.count("which the ledger does not have")) == (2, 2)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "there.zip").write_text("kept")
    assert cli("packet", ledger, "-o", str(tmp_path / "there.zip")).returncode == 2
    assert (tmp_path / "there.zip").read_text() == "kept"
    assert cli("packet", ledger, "-o", str(tmp_path / "no" / "x.zip")).returncode == 2


def test_is_not_made_of_a_ledger_that_does_not_verify(small: Path, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "damaged.ledger"
    assert cli("copy", str(small.with_name("small.ledger")), str(path)).returncode == 0
    db = sqlite3.connect(path)
    db.executescript("DROP TRIGGER candidacy_record_is_never_removed; DELETE FROM candidacy_record WHERE position = 7")
    db.close()
    done = cli("packet", str(path), "-o", str(tmp_path / "x.zip"))
    assert (done.returncode, "record 8: found at this index; needed index 7 next" in done.stderr) == (2, True)
    assert not (tmp_path / "x.zip").exists()


# --- checked by three means


def test_passes_sha256sum(files: Files, tmp_path: Path) -> None:
    laid_out(files, tmp_path)
    command = ["sha256sum", "-c", "MANIFEST.sha256"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count(": OK\n")) == (0, len(files) - 1)
    (tmp_path / "records.jsonl").write_bytes(files["records.jsonl"].replace(b"2005", b"2006", 1))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "records.jsonl: FAILED" in done.stdout) == (1, True)


def test_passes_the_verifier_with_python_alone_in_an_empty_folder(small: Path, files: Files, tmp_path: Path) -> None:
    """The zip from an empty folder, and the folder it is unpacked into; and nothing of us can be imported there."""
    empty, laid = tmp_path / "empty", laid_out(files, tmp_path / "laid")
    empty.mkdir()
    program = laid / "verify.py"
    count = len(records_in(files))
    for done in (
        bare(str(program), str(small), folder=empty),
        bare("verify.py", folder=laid),
        bare(str(program), ".", folder=laid),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"{count} of {count} records of ")
        assert "commerce/2004 revision 4: the sources that judged are here\n" in done.stdout
        last = done.stdout.splitlines()[-1]
        assert last.startswith("NOT ANCHORED: it agrees with itself; now compare the zip's SHA-256 with the one you were given, or")
    assert bare("-c", "import candidacy", folder=empty).returncode == 1
    assert list(empty.iterdir()) == []
    (laid / "programs" / "commerce.txt").write_text("other rules")
    done = bare("verify.py", folder=laid)
    assert (done.returncode, "FAIL programs/commerce.txt: not as listed there\nFAILED\n" in done.stdout) == (1, True)


def test_is_read_from_top_to_bottom() -> None:
    texts = [VERIFIER.with_name(name).read_text().splitlines() for name in PROGRAMS]
    assert [len(lines) <= most for lines, most in zip(texts, (75, 250, 160), strict=True)] == [True] * 3
    imported = {line.split()[1] for lines in texts for line in lines if line.startswith(("import ", "from "))}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_opens_and_says_what_is_inside(small: Path, files: Files) -> None:
    digest = sha256(small.read_bytes()).hexdigest()
    done = cli("open", str(small))
    assert (done.returncode, done.stderr) == (0, "")
    assert "sound in itself; compare the packet's SHA-256 with the one you were given" in done.stdout
    assert f"SHA-256 {digest}" in done.stdout
    anchored = cli("open", str(small), "--sha256", digest.upper(), "--json")
    assert (anchored.returncode, json.loads(anchored.stdout)["anchored"]) == (0, True)
    other = cli("open", "--sha256", "0" * 64, str(small))
    assert (other.returncode, f"its SHA-256 is {digest}, which is not the one that was given" in other.stderr) == (1, True)
    assert cli("open", "--sha256", "0" * 64, str(small), "status").returncode == 1
    assert cli("open", "--sha256", digest, str(small), "status").returncode == 0


def test_reads_no_more_than_was_allowed(small: Path, demo: Path) -> None:
    """A MiB holds the small one and not that of the demonstration, which has some 7 MiB; 9 hold it."""
    assert cli("open", "--largest-mib", "1", str(small), "status").returncode == 0
    done = cli("open", str(demo), "--largest-mib", "1", "status")
    assert (done.returncode, "more than 1 MiB in it; with --largest-mib, `candidacy open` takes more" in done.stderr) == (2, True)
    assert cli("open", str(demo), "--largest-mib", "9", "status").returncode == 0


def test_names_every_failure_in_python(files: Files, tmp_path: Path) -> None:
    path = packed({**files, "README.txt": b"x", "verify.py": b"y"}, tmp_path)
    with pytest.raises(FailedPacketError) as found:
        PacketLedger(path)
    assert found.value.failures == ("README.txt: not as listed there", "verify.py: not as listed there")


# --- the same answers

ASKED = (
    "status", "status c1 --json", "history c1", "history c2 --json", "audit", "export", "export --commands",
    "export --format csv", "export --format xes", "path c3 --as-of 2005-06-01", "why c3 program_completed --day 2006-09-26",
    "due --as-of 2005-03-01", "cohort commerce --as-of 2005-06-01 --json", "letter 9 --as-of 2005-06-01",
    "transfer c3 --to hhs --as-of 2005-06-01", "history nobody", "status --as-of nonsense",
)  # fmt: skip
ASKED_OF_MANY = ("status --json", "history dol-003 --json", "audit --json")


@pytest.mark.parametrize("asked", ASKED)
def test_answers_as_the_ledger_does(small: Path, asked: str) -> None:
    same_answer(small, small.with_name("small.ledger"), asked)


def test_is_verified_as_the_ledger_is_but_for_a_file_that_it_has_not(small: Path) -> None:
    of_ledger, of_packet = (cli("verify", str(path), "--json") for path in (small.with_name("small.ledger"), small))
    assert of_packet.returncode == of_ledger.returncode == 3
    told = [json.loads(done.stdout) for done in (of_ledger, of_packet)]
    files = [data["levels"].pop(0) for data in told]
    assert [level["result"] for level in files] == ["PASS", "NOT CHECKED"]
    assert told[0] == told[1]


@pytest.mark.parametrize("asked", ASKED_OF_MANY)
def test_answers_as_the_ledger_of_the_demonstration_does(demo: Path, demo_file: Path, asked: str) -> None:
    same_answer(demo, demo_file, asked)


def same_answer(packet: Path, ledger: Path, asked: str) -> None:
    command, *rest = asked.split()
    of_ledger, of_packet = (cli(command, str(path), *rest) for path in (ledger, packet))
    assert (of_packet.returncode, of_packet.stdout) == (of_ledger.returncode, of_ledger.stdout)
    assert of_packet.stdout or of_packet.stderr


@pytest.mark.parametrize("asked", ["status c1 --json", "audit", "why c3 program_completed --day 2006-09-26", "history nobody"])
def test_answers_when_it_is_opened_as_the_command_does(small: Path, asked: str) -> None:
    command, *rest = asked.split()
    asked_of, opened = cli(command, str(small), *rest), cli("open", str(small), command, *rest)
    assert (opened.returncode, opened.stdout, opened.stderr) == (asked_of.returncode, asked_of.stdout, asked_of.stderr)


def test_copies_and_makes_files_of_a_packet(small: Path, tmp_path: Path) -> None:
    ledger = small.with_name("small.ledger")
    assert cli("open", str(small), "copy", str(tmp_path / "copied.ledger")).returncode == 0
    assert cli("export", str(tmp_path / "copied.ledger")).stdout == cli("export", str(ledger)).stdout
    for n, source in enumerate((ledger, small)):
        made = cli("calendar", str(source), "-o", str(tmp_path / f"{n}.ics"), "--as-of", "2005-03-01")
        assert made.returncode == 0, made.stderr
    assert (tmp_path / "0.ics").read_bytes() == (tmp_path / "1.ics").read_bytes()


@pytest.mark.parametrize("asked", sorted(WRITING))
def test_is_never_written_to(small: Path, asked: str) -> None:
    before = small.read_bytes()
    done = cli("open", str(small), asked, "x")
    assert (done.returncode, f"COMMAND: found {asked}; needed a command that only reads a ledger: audit," in done.stderr) == (
        2,
        True,
    )
    assert small.read_bytes() == before


def test_refuses_to_be_written_to_by_commands_and_in_python(small: Path) -> None:
    for asked in (("submit", str(small), "-"), ("import", str(small), "-")):
        done = cli(*asked, stdin="{}")
        assert (done.returncode, "a packet can only be read" in done.stderr) == (2, True)
    with PacketLedger(small) as ledger:
        for attempt in (
            lambda: ledger.append("c1", 1, "x", lambda _: None),
            ledger.transaction().__enter__,
            lambda: ledger.within(ledger._db),
        ):  # type: ignore[arg-type, return-value]
            with pytest.raises(LedgerError, match="a packet can only be read"):
                attempt()
        again = Candidate("c9").enrolled()
        with pytest.raises(LedgerError, match="a packet can only be read"):
            play(engine(ledger=ledger), list(again)[:1])


def test_lets_only_commands_be_asked_that_read() -> None:
    """Each command on a ledger says that it only reads, or is named among those that write."""
    ledgers = {name: c for name, c in group.commands.items() if [p.name for p in c.params][:1] == ["ledger"]}
    assert set(ledgers) > WRITING
    for name, command in ledgers.items():
        assert isinstance(command, click.Command)
        assert command.callback is not None
        reads = "read_only=True" in getsource(command.callback) or "_whole(" in getsource(command.callback)
        assert reads or name in WRITING | {"doctor"}, name  # that looks at a ledger's own file, and refuses a packet
    assert cli("doctor", __file__).returncode == 2


# --- some cases


@pytest.fixture(scope="module")
def part(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("part") / "part.zip"
    done = cli("packet", str(demo_file), "-o", str(path), "--case", "hhs-001", "--case", "dol-003")
    assert done.returncode == 0, done.stderr
    return path


def test_holds_some_cases_with_their_own_indexes_and_says_so(part: Path, demo_file: Path, registry: Registry) -> None:
    inside = unpacked(part)
    found = records_in(inside)
    with SqliteLedger(demo_file, read_only=True) as ledger:
        wanted = [r.data for r in ledger.records() if r.index == 0 or r.case in {"hhs-001", "dol-003"}]
        total = ledger.size()
    assert found == wanted
    assert json.loads(inside["packet.json"])["cases"] == ["dol-003", "hhs-001"]
    assert "programs/commerce.txt" not in inside
    code, told = verifier(part)
    assert (code, told.splitlines()[0].partition(f": {len(found)} of {total} records")[0]) == (
        0,
        "part of a ledger, so that others may be missing",
    )
    done = cli("open", str(part))
    assert (done.returncode, "whether the ledger's other records are as they were cannot be told" in done.stdout) == (0, True)
    assert f"part of a ledger: {len(found)} of {total} records" in done.stderr
    with PacketLedger(part) as ledger:
        assert (verify(ledger).sound, verify(ledger).records, verify(ledger).cases) == (True, len(found), 2)
        judged = audit(ledger, registry)
        assert (judged.answer, judged.identical) == ("identical", len(found) - 1)


@pytest.mark.parametrize(
    "asked", ["status hhs-001", "history dol-003", "path hhs-001 --as-of 2006-01-01", "history hhs-001 --json"]
)
def test_answers_of_its_cases_as_the_ledger_does(part: Path, demo_file: Path, asked: str) -> None:
    command, *rest = asked.split()
    of_ledger, of_packet = (cli(command, str(path), *rest) for path in (demo_file, part))
    assert (of_packet.returncode, of_packet.stdout) == (of_ledger.returncode, of_ledger.stdout)


def test_is_no_whole_ledger_and_cannot_become_one(part: Path, tmp_path: Path) -> None:
    assert cli("status", str(part), "hhs-003").returncode == 2
    for asked in (("copy", str(part), str(tmp_path / "x.ledger")), ("export", str(part))):
        done = cli(*asked)
        assert (done.returncode, "not taken for a whole ledger" in done.stderr) == (2, True)
    assert len(cli("export", str(part), "--short-ok").stdout.splitlines()) == len(records_in(unpacked(part)))


def test_is_the_same_part_when_it_is_made_of_a_part(part: Path, tmp_path: Path) -> None:
    assert cli("packet", str(part), "-o", str(tmp_path / "again.zip")).returncode == 0
    assert (tmp_path / "again.zip").read_bytes() == part.read_bytes()


def test_finds_a_record_missing_inside_a_case_of_a_part(part: Path, tmp_path: Path) -> None:
    found = records_in(unpacked(part))
    gone = next(r for r in found if r["index"] and r["version"] == 4)
    path = packed(listed(with_records(unpacked(part), [r for r in found if r is not gone])), tmp_path)
    code, told = verifier(path)
    assert (code, f"it is version 5 of case {gone['case']}, after 3" in told) == (1, True)
    assert cli("open", str(path)).returncode == 1


# --- tampering


def records_in(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["records.jsonl"].splitlines()]


def with_records(files: Files, records: list[dict[str, Any]], write: Callable[[Any], bytes] = canonical) -> Files:
    return {**files, "records.jsonl": b"".join(write(r) + b"\n" for r in records)}


def about(files: Files, **changed: Any) -> Files:
    return {**files, "packet.json": json.dumps({**json.loads(files["packet.json"]), **changed}).encode()}


def recomputed(files: Files, records: list[dict[str, Any]], write: Callable[[Any], bytes] = canonical, **said: Any) -> Files:
    """What somebody makes who can write everything: each hash, packet.json and the manifest follow from the records."""
    heads: dict[str, dict[str, Any]] = {}
    editions: dict[str, int] = {}
    for r in records:
        if r["index"]:
            r["previous"] = heads.get(r["case"], {"leaf": ""})["leaf"]
            heads[r["case"]] = {"version": r["version"], "leaf": leaf_hash(write(r)).hex()}
            edition = json.dumps(r["edition"], sort_keys=True)
            editions[edition] = editions.get(edition, 0) + 1
    counted = {
        "heads": heads, "editions": [{**json.loads(e), "records": n} for e, n in sorted(editions.items())], "records_here": len(records),
        "records_in_ledger": len(records), "newest": {"index": records[-1]["index"], "leaf": leaf_hash(write(records[-1])).hex()},
    }  # fmt: skip
    return listed(about(with_records(files, records, write), **{**counted, **said}))


def edited(files: Files, at: int, change: Callable[[dict[str, Any]], Any]) -> Files:
    records = records_in(files)
    change(records[at])
    return with_records(files, records)


def moved(files: Files, change: Callable[[list[dict[str, Any]]], Any]) -> Files:
    records = records_in(files)
    change(records)
    return with_records(files, records)


def swap(records: list[Any], a: int, b: int) -> None:
    records[a], records[b] = records[b], records[a]


NEXT = r"does not name version 4 of case c1 as that is here"
TAMPERED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "edited": (lambda f: edited(f, 4, lambda r: r.update(day="2003-01-01")), NEXT),
    "deleted": (lambda f: moved(f, lambda r: r.pop(4)), "(record 5): it stands after record 3"),
    "inserted": (lambda f: moved(f, lambda r: r.insert(5, dict(r[4]))), "(record 4): it stands after record 4"),
    "swapped": (lambda f: moved(f, lambda r: swap(r, 4, 5)), "(record 5): it stands after record 3"),
    "truncated": (lambda f: moved(f, lambda r: r.pop()), "case c3: packet.json names another newest record"),
    "cut in the middle": (lambda f: {**f, "records.jsonl": f["records.jsonl"][:-40]}, "last line"),
    "changed finding": (lambda f: edited(f, 4, lambda r: r["findings"][0].update(outcome="waived")), NEXT),
    "changed edition digest": (lambda f: edited(f, 4, lambda r: r["edition"].update(code="0" * 64)), NEXT),
    "renamed type": (lambda f: edited(f, 4, lambda r: r.update(type="commerce.renamed.1")), NEXT),
    "newest of its case edited": (lambda f: edited(f, -1, lambda r: r.update(day="2003-01-01")), "case c3: packet.json names another newest"),
    "no record": (lambda f: {**f, "records.jsonl": f["records.jsonl"].replace(b"\n", b"\n[]\n", 1)}, "line 2 of records.jsonl"),
    "without record 0": (lambda f: moved(f, lambda r: r.pop(0)), "(record 1): it stands after record -1"),
    "another ledger named": (lambda f: about(f, ledger="0" * 32), "belongs to another ledger"),
    "other editions named": (lambda f: about(f, editions=[]), "packet.json: its 'editions' is not what the records say"),
    "other count named": (lambda f: about(f, records_here=3), "packet.json: its 'records_here' is not what the records say"),
    "longer ledger named": (lambda f: about(f, records_in_ledger=999), "packet.json: its 'part' is not what the records say"),
    "another format named": (lambda f: about(f, format=2), "packet.json: its 'format'"),
}  # fmt: skip


@pytest.mark.parametrize("manifest", ["as it was", "made anew"])
@pytest.mark.parametrize("what", TAMPERED)
def test_names_what_was_done_to_records(files: Files, tmp_path: Path, what: str, manifest: str) -> None:
    """By the manifest, and where that is made anew, by what the records say of one another and packet.json of them."""
    change, said = TAMPERED[what]
    changed = change(dict(files))
    path = packed(changed if manifest == "as it was" else listed(changed), tmp_path)
    code, told = verifier(path)
    refused = what == "cut in the middle"
    assert (code, said in told, "PASS" in told) == (2 if refused else 1, True, False), told
    name = "packet.json" if changed["packet.json"] != files["packet.json"] else "records.jsonl"
    assert (f"FAIL {name}: not as listed there" in told) == (manifest == "as it was" and not refused)
    done = cli("open", str(path))
    assert (done.returncode, done.stdout) == (2 if refused else 1, "")
    assert refused or said in done.stderr
    asked = cli("status", str(path), "--json")
    assert asked.returncode == done.returncode
    assert json.loads(asked.stdout)["problems"]


CHANGED: dict[str, tuple[Callable[[Files, Files], Files], str]] = {
    "file changed": (lambda f, _: {**f, "programs/commerce.txt": b"no rule"}, "programs/commerce.txt: not as listed there"),
    "file missing": (lambda f, _: {n: c for n, c in f.items() if n != "README.txt"}, "README.txt: not here"),
    "file added": (lambda f, _: {**f, "report/more.html": b"more"}, "report/more.html: not in the manifest"),
    "verifier changed": (lambda f, _: {**f, "verify.py": b"print('PASS')"}, "verify.py: not as listed there"),
    "another packet's manifest": (lambda f, o: {**f, "MANIFEST.sha256": o["MANIFEST.sha256"]}, "records.jsonl: not as listed there"),
    "another packet's records": (lambda f, o: listed({**f, "records.jsonl": o["records.jsonl"]}), "belongs to another ledger"),
    "a line twice in the manifest": (lambda f, _: {**f, "MANIFEST.sha256": f["MANIFEST.sha256"].splitlines(keepends=True)[0] + f["MANIFEST.sha256"]}, "MANIFEST.sha256: not a line for each"),
    "a list of sources changed": (lambda f, _: {**f, "sources/candidacy/case.py": b"#"}, "sources/candidacy/case.py: not as listed there"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGED)
def test_names_what_was_done_to_files(files: Files, part: Path, tmp_path: Path, what: str) -> None:
    change, said = CHANGED[what]
    changed = change(dict(files), unpacked(part))
    path = packed(changed, tmp_path)
    code, told = verifier(path)
    assert (code, said in told) == (1, True), told
    assert verifier(laid_out(changed, tmp_path / "folder")) == (code, told)
    done = cli("open", str(path))
    assert (done.returncode, said in done.stderr) == (1, True)


def test_says_where_the_sources_are_not_those_that_judged(files: Files, tmp_path: Path) -> None:
    """No failure: a later release judges by other code, and the packet says so."""
    changed = listed({**files, "sources/candidacy/case.py": b"# a later release\n"})
    code, told = verifier(packed(changed, tmp_path))
    assert (code, "commerce/2004 revision 4: the sources that judged are not here" in told) == (0, True)


def test_can_only_be_told_by_its_sha256_where_all_is_recomputed(small: Path, files: Files, tmp_path: Path) -> None:
    """Said plainly in the README of the packet, by the verifier and by `open`; a digest kept elsewhere finds it."""
    records = records_in(files)
    records[4]["day"] = "2003-01-01"
    path = packed(recomputed(files, records), tmp_path)
    code, told = verifier(path)
    assert (code, "now compare the zip's SHA-256" in told) == (0, True)
    assert cli("open", str(path)).returncode == 0
    assert cli("verify", str(path)).returncode == 3
    assert cli("open", str(path), "--sha256", sha256(small.read_bytes()).hexdigest()).returncode == 1
    assert b"whoever can write all of it can make all of it agree" in files["README.txt"]


# --- the teeth: a verifier without one of its checks lets pass what only that check finds


def spaced(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True).encode()


def rewritten(files: Files, change: Callable[[list[dict[str, Any]]], Any], **said: Any) -> Files:
    records = records_in(files)
    change(records)
    return recomputed(files, records, **said)


def rewritten_with_a_fraction(files: Files) -> Files:
    records = records_in(files)
    records[4]["payload"]["share"] = 1.5
    return recomputed(
        files, records, lambda data: json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def with_a_key_twice(files: Files) -> Files:
    return listed({**files, "packet.json": files["packet.json"].replace(b"{", b'{"part": true, ', 1)})


BROKEN: dict[str, tuple[str, str, Callable[[Files], Files]]] = {
    "chain": ('data["previous"] != previous', "False", lambda f: listed(TAMPERED["edited"][0](f))),
    "heads": ("if said.get(c) != heads.get(c)", "if False", lambda f: listed(edited(f, 12, lambda r: r.update(day="2003-01-01")))),
    "manifest": ("if listed.get(name) != self.digests.get(name)", "if False", lambda f: {**f, "programs/commerce.txt": b"no rule"}),
    "order": ("self.index != before + 1 and", "False and", lambda f: rewritten(f, lambda r: r[20].update(index=99), newest=json.loads(f["packet.json"])["newest"])),
    "canonical form": ("same and len(raw)", "len(raw)", lambda f: recomputed(f, records_in(f), spaced)),
    "commands": ('data["command"] in self.commands', "False", lambda f: rewritten(f, lambda r: r[20].update(command=r[19]["command"]))),
    "states": ('data["moved"]["from"] != state', "False", lambda f: rewritten(f, lambda r: r[4]["moved"].update({"from": "elsewhere"}))),
    "versions": ('str(data["version"]) != f"{version + 1}"', "False", lambda f: rewritten(f, lambda r: r[-1].update(version=77))),
    "ledger": ('data["ledger"] == self.said["ledger"] and', "", lambda f: rewritten(f, lambda r: r[5].update(ledger="0" * 32))),
    "count": ('self.count != self.said["records_in_ledger"]', "False", lambda f: rewritten(f, lambda r: r.pop(), records_in_ledger=len(records_in(f)))),
    "keys twice": ("len(dict(pairs)) == len(pairs)", "True", with_a_key_twice),
    "whole numbers": ("parse_float=int", "parse_float=float", rewritten_with_a_fraction),
}  # fmt: skip


@pytest.mark.parametrize("check", BROKEN)
def test_misses_what_a_check_finds_once_the_check_is_taken_out(files: Files, tmp_path: Path, check: str) -> None:
    old, new, change = BROKEN[check]
    without, path = broken(tmp_path / "broken", old, new), packed(change(dict(files)), tmp_path)
    assert verifier(path)[0] == (2 if check == "keys twice" else 1)
    assert verifier(path, without)[0] == 0, verifier(path, without)[1]
    assert cli("open", str(path)).returncode in {1, 2}


# --- hostile and damaged


def entry(name: bytes, content: bytes, **changed: Any) -> tuple[bytes, Callable[[int], bytes]]:
    """One file of a zip made by hand: its head with its bytes, and its entry in the directory, given where it stands."""
    packing = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = changed.get("data", packing.compress(content) + packing.flush())
    flags, method, size = changed.get("flags", 0), changed.get("method", 8), changed.get("size", len(content))
    crc, attributes, extra = changed.get("crc", zlib.crc32(content)), changed.get("mode", 0o100644) << 16, changed.get("extra", b"")
    head = struct.pack("<5H3L2H", 20, flags, method, 0, 0x21, crc, len(data), size, len(name), len(extra))
    of = struct.pack("<2B4H", 20, 3, 20, flags, method, 0) + head[8:]
    tail = struct.pack("<3HLL", 0, 0, 0, attributes, 0)
    return b"PK\3\4" + head + name + extra + data, lambda at: b"PK\1\2" + of + tail[:-4] + struct.pack("<L", at) + name + extra


def raw_zip(*entries: tuple[bytes, Callable[[int], bytes]], comment: bytes = b"", between: bytes = b"", again: int = 0) -> bytes:
    whole, directory = b"", b""
    for n, (head, of) in enumerate(entries):
        directory += of(len(whole)) + (of(len(whole)) if n < again else b"")
        whole += head
    count, at = len(entries) + again, len(whole) + len(between)
    return (
        whole
        + between
        + directory
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), at, len(comment))
        + comment
    )


BOMB = b"\0" * (8 * 2**20)


def hostile(files: Files) -> dict[str, bytes]:
    """By what is wrong with each."""
    good = [entry(name.encode(), files[name]) for name in sorted(files, key=order)]
    names, one = sorted(files, key=order), entry(b"report/x.html", b"x")
    outermost = [made for name, made in zip(names, good, strict=True) if "/" not in name]

    def more(name: bytes, content: bytes = b"x", **changed: Any) -> bytes:
        return raw_zip(*outermost, entry(name, content, **changed))

    def without(name: str, *instead: tuple[bytes, Callable[[int], bytes]]) -> bytes:
        at = names.index(name)
        return raw_zip(*good[:at], *instead, *good[at + 1 :])

    def altered(head: bytes = b"", entry_: bytes = b"") -> bytes:
        """With another time in the head of a file, or a comment on it in the directory."""
        first, of = entry(b"report/x.html", b"x")
        described = (lambda at: of(at)[:32] + struct.pack("<H", len(entry_)) + of(at)[34:] + entry_) if entry_ else of
        return raw_zip(*outermost, (first[:10] + head + first[10 + len(head) :], described))

    def about_of(checkpoints: bytes) -> bytes:
        whole = files["packet.json"].replace(b'"checkpoints": []', b'"checkpoints": ' + checkpoints)
        return without("packet.json", entry(b"packet.json", whole))

    return {
        "nothing": b"",
        "no zip": b"PK\3\4 is how zips begin" * 20,
        "empty zip": raw_zip(),
        "bomb": more(b"report/x.html", BOMB),
        "bomb that says it is small": more(b"report/x.html", BOMB, size=100),
        "more than 4 GiB said": more(b"report/x.html", b"x", size=2**32 - 1),
        "absolute path": more(b"/etc/passwd.txt"),
        "path upwards": more(b"report/../../x.html"),
        "path upwards at once": more(b"../x.html"),
        "backslash": more(b"report\\x.html"),
        "drive": more(b"C:/x.html"),
        "hidden": more(b"report/.x.html"),
        "folder": more(b"report/", b""),
        "no name": more(b""),
        "name with a NUL": more(b"report/x.html\0.py"),
        "name not in ASCII": more("report/\u0455.html".encode()),
        "long name": more(b"report/" + b"x" * 300 + b".html"),
        "unknown place": more(b"elsewhere/x.html"),
        "checkpoint of nothing": more(b"checkpoints/0"),
        "checkpoint with zeros before": more(b"checkpoints/01"),
        "checkpoint of a number too large": more(b"checkpoints/" + b"1" * 17),
        "checkpoint in a folder": more(b"checkpoints/1/1"),
        "proof of no number": more(b"proofs/x.tlog-proof"),
        "proof with zeros before": more(b"proofs/007.tlog-proof"),
        "another thing among proofs": more(b"proofs/7.html"),
        "a proof elsewhere": more(b"report/7.tlog-proof"),
        "checkpoints that are a number": about_of(b"7"),
        "checkpoints that are words": about_of(b'["x"]'),
        "checkpoints that say little": about_of(b'[{"size": 7}, {}]'),
        "bomb for a checkpoint": more(b"checkpoints/1", BOMB),
        "zip in the zip": more(b"report/x.zip"),
        "program": more(b"report/x.exe"),
        "link": raw_zip(*outermost, entry(b"report/x.html", b"/etc/passwd", mode=0o120777)),
        "device": more(b"report/x.html", mode=0o020644),
        "other mode": more(b"report/x.html", mode=0o104755),
        "encrypted": more(b"report/x.html", flags=1),
        "sizes behind": more(b"report/x.html", flags=8),
        "stored": more(b"report/x.html", method=0, data=b"x"),
        "bzip2": more(b"report/x.html", method=12),
        "something behind what it was packed to": more(b"report/x.html", data=b"\x03\x00" + entry(b"records.jsonl", b"forged")[0], crc=0, size=0),
        "another head than in the directory": altered(head=b"\1\0"),
        "a comment on a file": altered(entry_=b"hello"),
        "packet.json with a key twice": without("packet.json", entry(b"packet.json", files["packet.json"].replace(b"{", b'{"part": true, ', 1))),
        "extra field": more(b"report/x.html", extra=b"\x01\x00\x04\x00abcd"),
        "twice": raw_zip(*outermost, one, one),
        "twice in the directory": raw_zip(*good, again=1),
        "out of order": raw_zip(*outermost, entry(b"report/y.html", b"y"), one),
        "comment": raw_zip(*good, comment=b"hello"),
        "something between": raw_zip(*good, between=b"hello"),
        "something before": b"hello" + raw_zip(*good),
        "something behind": raw_zip(*good) + b"hello",
        "wrong checksum": more(b"report/x.html", crc=1),
        "no manifest": without("MANIFEST.sha256"),
        "no packet.json": without("packet.json"),
        "no records": without("records.jsonl"),
        "packet.json is a list": without("packet.json", entry(b"packet.json", b"[1]")),
        "packet.json is deep": without("packet.json", entry(b"packet.json", os.urandom(2000).hex().encode() + b"[" * 100_000)),
        "packet.json says little": without("packet.json", entry(b"packet.json", b'{"part": true}')),
        "a line without end": without("records.jsonl", entry(b"records.jsonl", os.urandom(100_000).hex().encode())),
        "many entries said": raw_zip(*good)[:-22] + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, 2**31, 0, 0),
    }  # fmt: skip


HOSTILE = sorted(hostile(dict.fromkeys(("MANIFEST.sha256", "README.txt", "packet.json", "records.jsonl", *PROGRAMS), b"x")))


@pytest.mark.parametrize("what", HOSTILE)
def test_refuses_a_hostile_zip_with_a_sentence(files: Files, tmp_path: Path, what: str) -> None:
    path = tmp_path / "hostile.zip"
    path.write_bytes(hostile(files)[what])
    code, told = verifier(path)
    assert (code, told.startswith("NO PACKET: ")) == (2, True), told
    done = cli("open", str(path))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert done.stderr.startswith(f"candidacy: {path}: found ")
    assert "; needed a packet as `candidacy packet` writes it" in done.stderr or "MiB in it" in done.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_opens_what_the_hostile_ones_are_made_of(files: Files, tmp_path: Path) -> None:
    """The teeth of the list above: the same hand makes a zip that is fine, equal to ours but for nothing."""
    made = raw_zip(*(entry(name.encode(), files[name]) for name in sorted(files, key=order)))
    path = tmp_path / "fine.zip"
    path.write_bytes(made)
    assert (verifier(path)[0], cli("open", str(path)).returncode) == (0, 0)
    assert path.read_bytes() == packed(files, tmp_path).read_bytes()


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("another head than in the directory", "file.read(len(head)) == head", "file.read(len(head))"),
        ("a comment on a file", "(*rest, entry.internal_attr) == (", "True or ("),
        ("something behind what it was packed to", "(size, crc, left, unpacking.unused_data) == (", "True or ("),
    ],
)
def test_would_be_seen_to_take_bytes_for_nothing(files: Files, tmp_path: Path, what: str, old: str, new: str) -> None:
    """The teeth: without the check the zip reads as any other, but for the file that stands in no manifest."""
    path = tmp_path / "hostile.zip"
    path.write_bytes(hostile(files)[what])
    code, told = verifier(path, broken(tmp_path / "broken", old, new))
    assert (code, "NO PACKET" in told) == (1, False), told


def test_refuses_links_in_a_folder(files: Files, tmp_path: Path) -> None:
    laid = laid_out(files, tmp_path / "laid")
    (laid / "README.txt").unlink()
    (laid / "README.txt").symlink_to("verify.py")
    code, told = verifier(laid)
    assert (code, "a link" in told) == (2, True)


def test_refuses_a_packet_cut_off_anywhere(files: Files, tmp_path: Path) -> None:
    whole, path = packed(files, tmp_path).read_bytes(), tmp_path / "cut.zip"
    for size in sorted(
        {*range(5), 29, 30, 31, *range(100, len(whole), len(whole) // 12), *(len(whole) - n for n in (1, 2, 21, 22, 23))}
    ):
        path.write_bytes(whole[:size])
        code, told = verifier(path)
        assert (code, told.startswith("NO PACKET: ")) == (2, True), size
        with pytest.raises(LedgerError, match="needed a packet"):
            PacketLedger(path)


@pytest.mark.scaled
def test_is_never_sound_with_other_content_whatever_byte_is_flipped(files: Files, tmp_path: Path, thorough: bool) -> None:
    """What is said to be sound unpacks to the very same files: the last bits of a packed file may be anything."""
    whole, path = packed(files, tmp_path).read_bytes(), tmp_path / "flipped.zip"
    seed = random.Random(1907)
    places = [*seed.sample(range(len(whole)), 1_000 if thorough else 40), *range(0, 30, 2), *range(len(whole) - 22, len(whole), 2)]
    sound = 0
    for at in places:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << seed.randrange(8))]) + whole[at + 1 :])
        code, told = verifier(path)
        assert code in {0, 1, 2}
        assert code != 0 or unpacked(path) == files, (at, told)
        try:
            PacketLedger(path).close()
        except LedgerError:
            continue
        sound += 1
        assert unpacked(path) == files, at
    print(f"{len(places)} flips, seed 1907; {sound} of them in bits that nothing is made of")
    assert sound <= 3
