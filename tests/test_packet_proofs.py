"""Checkpoints and proofs in packets: made, checked without us and by us, and what was done to them is named."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from candidacy import FailedPacketError, FileSigner, PacketLedger, Registry, SqliteLedger, packet, sign_checkpoint
from candidacy.checkpoint import Checkpoint, Inclusion, read_checkpoint
from candidacy.errors import InputError
from candidacy.merkle import inclusion_proofs, roots
from candidacy.note import SigningKey
from candidacy.record import leaf_hash
from candidacy.standalone import proofs as alone
from candidacy_commerce.caseload import Candidate
from support import ZONE, cli, engine, play
from test_packet import (
    VERIFIER,
    Files,
    about,
    bare,
    broken,
    laid_out,
    listed,
    packed,
    recomputed,
    records_in,
    unpacked,
    verifier,
)

OLDER, NEWEST, COUNT = 24, 29, 34
"""Records under the older and the newest checkpoint, and in all."""
OTHER = SigningKey("widgets.example/other", bytes(range(32)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    """A ledger of three cases with two checkpoints kept in it, the key's line, and packets of it: whole and of two cases."""
    folder = tmp_path_factory.mktemp("signed")
    with SqliteLedger.create(folder / "small.ledger", ZONE) as ledger:
        signer = FileSigner.made(folder / "keys", f"widgets.example/{ledger.id}")
        on = engine(registry, ledger)
        commands = []
        for case in ("c1", "c2", "c3"):
            life = Candidate(case).enrolled().paired().planned()
            commands += list(life.assigned("a1", "2005-02-01", 119).completed("2006-06-01"))[: 9 if case == "c3" else None]
        for at, command in enumerate(commands, 2):
            play(on, [command])
            if at in {OLDER, NEWEST}:
                (folder / f"checkpoint.{at}").write_text(sign_checkpoint(ledger, signer))
        assert ledger.size() == COUNT
    shutil.copy(folder / "keys" / "verifier.key", folder / "key")
    assert cli("packet", str(folder / "small.ledger"), "-o", str(folder / "whole.zip")).returncode == 0
    some = ("--case", "c2", "--case", "c3")
    assert cli("packet", str(folder / "small.ledger"), "-o", str(folder / "part.zip"), *some).returncode == 0
    return folder


def bound(path: Path) -> Files:
    """What is in a packet but for the schemas, for the sake of time."""
    return listed({name: content for name, content in unpacked(path).items() if not name.startswith(("schemas/", "report/"))})


@pytest.fixture(scope="module")
def whole(folder: Path) -> Files:
    return bound(folder / "whole.zip")


@pytest.fixture(scope="module")
def part(folder: Path) -> Files:
    return bound(folder / "part.zip")


def told_of(files: Files, place: Path, *options: str, program: Path = VERIFIER) -> tuple[int, str]:
    (place / "made.zip").unlink(missing_ok=True)
    return verifier(packed(files, place), program, *options)


# --- making


def test_holds_the_checkpoints_of_the_ledger_and_is_the_same_made_again(folder: Path, tmp_path: Path) -> None:
    inside = unpacked(folder / "whole.zip")
    assert [name for name in inside if name.startswith(("checkpoints/", "proofs/"))] == ["checkpoints/24", "checkpoints/29"]
    said = [read_checkpoint(inside[f"checkpoints/{size}"])[1] for size in (OLDER, NEWEST)]
    assert json.loads(inside["packet.json"])["checkpoints"] == [{"size": s.size, "root": s.root.hex()} for s in said]
    for source in ("small.ledger", "whole.zip"):
        done = cli("packet", str(folder / source), "-o", str(tmp_path / source))
        assert "\nunder a checkpoint up to record 28; newer ones are here, up to record 33\n" in done.stdout
        assert (tmp_path / source).read_bytes() == (folder / "whole.zip").read_bytes()


def test_holds_for_a_part_the_proof_of_each_record_and_is_the_same_made_of_a_packet(folder: Path, tmp_path: Path) -> None:
    inside = unpacked(folder / "part.zip")
    here = {r["index"]: r for r in records_in(inside)}
    covered = [index for index in here if index < NEWEST]
    assert {n for n in inside if n.startswith("proofs/")} == {f"proofs/{index}.tlog-proof" for index in covered}
    assert 0 < len(covered) < len(here) < COUNT
    lines = inside["records.jsonl"].splitlines()
    for (index, _), line in zip(here.items(), lines, strict=True):
        if index in covered:
            proof = Inclusion.read(inside[f"proofs/{index}.tlog-proof"])
            assert (proof.index, proof.shows(leaf_hash(line)), str(proof.note).encode()) == (index, True, inside["checkpoints/29"])
    for n, (source, cases) in enumerate([("part.zip", ()), ("whole.zip", ("c2", "c3")), ("part.zip", ("c2", "c3"))]):
        done = cli("packet", str(folder / source), "-o", str(tmp_path / f"{n}.zip"), *(o for c in cases for o in ("--case", c)))
        assert (done.returncode, done.stderr.count("Error")) == (0, 0)
        assert (tmp_path / f"{n}.zip").read_bytes() == (folder / "part.zip").read_bytes()


def test_takes_of_a_part_a_smaller_one_with_its_proofs(folder: Path, tmp_path: Path) -> None:
    assert cli("packet", str(folder / "part.zip"), "-o", str(tmp_path / "c2.zip"), "--case", "c2").returncode == 0
    assert cli("packet", str(folder / "small.ledger"), "-o", str(tmp_path / "same.zip"), "--case", "c2").returncode == 0
    assert (tmp_path / "c2.zip").read_bytes() == (tmp_path / "same.zip").read_bytes()
    assert verifier(tmp_path / "c2.zip")[0] == 0


def test_needs_no_proofs_where_the_cases_are_all(folder: Path, tmp_path: Path) -> None:
    options = [o for case in ("c1", "c2", "c3") for o in ("--case", case)]
    assert cli("packet", str(folder / "small.ledger"), "-o", str(tmp_path / "all.zip"), *options).returncode == 0
    assert not [name for name in unpacked(tmp_path / "all.zip") if name.startswith("proofs/")]
    assert "PASS checkpoints: 29 records here" in verifier(tmp_path / "all.zip")[1]


def test_gives_its_checkpoints_to_a_copy_and_to_python(folder: Path, tmp_path: Path) -> None:
    notes = [(folder / f"checkpoint.{size}").read_text() for size in (OLDER, NEWEST)]
    for name in ("whole.zip", "part.zip"):
        with PacketLedger(folder / name) as ledger:
            assert ledger.checkpoints() == notes
            assert (len(ledger.proofs) > 0) == (name == "part.zip")
    assert cli("copy", str(folder / "whole.zip"), str(tmp_path / "copied.ledger")).returncode == 0
    with SqliteLedger(tmp_path / "copied.ledger") as copied:
        assert copied.checkpoints() == notes


def test_takes_checkpoints_that_are_given_and_joins_their_signatures(folder: Path, tmp_path: Path, registry: Registry) -> None:
    """Such as a witness sends back: the same text with one more signature."""
    with SqliteLedger(folder / "small.ledger", read_only=True) as ledger:
        note, said = read_checkpoint((folder / f"checkpoint.{NEWEST}").read_bytes())
        witnessed = OTHER.signed(note.text)
        root = roots((leaf_hash(row.raw) for row in ledger.rows()), {31})[31]
        more = OTHER.signed(str(Checkpoint(said.origin, 31, root)))
        made = packet(ledger, tmp_path / "x.zip", registry, checkpoints=[str(witnessed).encode(), str(more).encode()])
    assert [c["size"] for c in made.about["checkpoints"]] == [24, 29, 31]
    found = read_checkpoint(unpacked(tmp_path / "x.zip")["checkpoints/29"])[0]
    assert found.signatures == (*note.signatures, *witnessed.signatures)
    (tmp_path / "given").write_text(str(witnessed))
    done = cli("packet", str(folder / "small.ledger"), "-o", str(tmp_path / "y.zip"), "--checkpoint", str(tmp_path / "given"))
    assert (done.returncode, unpacked(tmp_path / "y.zip")["checkpoints/29"]) == (0, str(found).encode())


def refused(folder: Path, place: Path, *texts: object, ledger: str = "small.ledger") -> tuple[int, str]:
    options = []
    for n, text in enumerate(texts):
        (place / f"given.{n}").write_text(str(text))
        options += ["--checkpoint", str(place / f"given.{n}")]
    done = cli("packet", str(folder / ledger), "-o", str(place / "no.zip"), *options)
    assert not (place / "no.zip").exists()
    return done.returncode, done.stderr


def test_refuses_checkpoints_that_are_not_of_this_ledger(folder: Path, tmp_path: Path) -> None:
    said = read_checkpoint((folder / f"checkpoint.{NEWEST}").read_bytes())[1]

    def of(origin: str, size: int, root: bytes = said.root) -> object:
        return OTHER.signed(str(Checkpoint(origin, size, root)))

    found = "candidacy: FAIL found other records among the first 30 than a checkpoint over them says\n"
    assert refused(folder, tmp_path, of(said.origin, 30)) == (1, found)
    code, told = refused(folder, tmp_path, of(said.origin, COUNT + 1))
    assert (code, f"found {COUNT} records; needed the {COUNT + 1} of a checkpoint" in told) == (1, True)
    code, told = refused(
        folder,
        tmp_path,
        "nonsense",
        of("a/b", 30),
        of("x/" + said.origin[-32:], 30),
        of(said.origin, 0),
        of(said.origin, NEWEST, b"x" * 32),
    )
    assert (code, told.count("--checkpoint: found")) == (2, 5), told
    code, told = refused(folder, tmp_path, of(said.origin, 30), ledger="part.zip")
    assert (code, "which has no roots to compare" in told) == (2, True)
    assert (
        cli(
            "packet", str(folder / "small.ledger"), "-o", str(tmp_path / "no.zip"), "--checkpoint", str(tmp_path / "none")
        ).returncode
        == 2
    )


def test_is_made_of_a_part_with_a_checkpoint_that_is_in_it(folder: Path, tmp_path: Path) -> None:
    """The other side of the refusal before."""
    given = str(folder / f"checkpoint.{NEWEST}")
    assert cli("packet", str(folder / "part.zip"), "-o", str(tmp_path / "same.zip"), "--checkpoint", given).returncode == 0
    assert (tmp_path / "same.zip").read_bytes() == (folder / "part.zip").read_bytes()


@pytest.mark.parametrize("cases", [(), ("--case", "c2")], ids=["whole", "part"])
def test_is_not_made_of_a_ledger_that_lost_or_changed_what_was_signed(folder: Path, tmp_path: Path, cases: tuple[str, ...]) -> None:
    """The ledger verifies; only the checkpoint that it keeps finds it. One that has all is the other side of each."""
    with SqliteLedger(folder / "small.ledger", read_only=True) as ledger:
        records, notes = list(ledger.records()), ledger.checkpoints()
    SqliteLedger.made_of(tmp_path / "same.ledger", records[:NEWEST], notes).close()
    SqliteLedger.made_of(tmp_path / "cut.ledger", records[: NEWEST - 1], notes).close()
    done = {
        name: cli("packet", str(tmp_path / f"{name}.ledger"), "-o", str(tmp_path / f"{name}.zip"), *cases)
        for name in ("same", "cut")
    }
    assert [done[name].returncode for name in ("same", "cut")] == [0, 1]
    assert "found 28 records; needed the 29 of a checkpoint" in done["cut"].stderr
    assert cli("verify", str(tmp_path / "cut.ledger")).returncode in {1, 3}


def test_leaves_out_checkpoints_of_another_name_and_says_so(folder: Path, tmp_path: Path) -> None:
    with SqliteLedger(folder / "small.ledger", read_only=True) as ledger:
        older = str(OTHER.signed(str(Checkpoint(f"x/{ledger.id}", 3, roots((leaf_hash(r.raw) for r in ledger.rows()), {3})[3]))))
        SqliteLedger.made_of(tmp_path / "two.ledger", ledger.records(), [older, *ledger.checkpoints()]).close()
    done = cli("packet", str(tmp_path / "two.ledger"), "-o", str(tmp_path / "x.zip"))
    assert "1 checkpoints that the ledger keeps are of another origin than its newest, and not in it\n" in done.stdout
    assert (tmp_path / "x.zip").read_bytes() == (folder / "whole.zip").read_bytes()


def test_says_where_no_checkpoint_is_in_it(folder: Path, tmp_path: Path) -> None:
    with SqliteLedger(folder / "small.ledger", read_only=True) as ledger:
        SqliteLedger.made_of(tmp_path / "none.ledger", ledger.records()).close()
    done = cli("packet", str(tmp_path / "none.ledger"), "-o", str(tmp_path / "x.zip"))
    assert "\nno checkpoint is in it: `candidacy checkpoint` makes one\n" in done.stdout
    code, told = verifier(tmp_path / "x.zip", VERIFIER, "--key", str(folder / "key"))
    assert (
        code,
        "NOT CHECKED checkpoints: there are none here\nNOT CHECKED signatures: there is no checkpoint here\n" in told,
    ) == (3, True)
    code, told = verifier(tmp_path / "x.zip", VERIFIER, "--anchor", str(folder / f"checkpoint.{NEWEST}"))
    assert (code, told.splitlines()[-1].startswith("ANCHORED to record 28")) == (0, True)


def test_opens_packets_made_before_there_were_checkpoints(whole: Files, tmp_path: Path) -> None:
    """As release 0.1.0 and later ones made them: one program, nothing of checkpoints in packet.json."""
    said = {key: value for key, value in json.loads(whole["packet.json"]).items() if key != "checkpoints"}
    newer = {"files.py", "proofs.py", "checkpoints/24", "checkpoints/29"}
    files = {**{n: c for n, c in whole.items() if n not in newer}, "packet.json": json.dumps(said).encode()}
    assert "NOT CHECKED checkpoints: there are none here" in told_of(listed(files), tmp_path)[1]
    assert cli("open", str(tmp_path / "made.zip")).returncode == 0
    with PacketLedger(tmp_path / "made.zip") as ledger:
        assert (ledger.checkpoints(), dict(ledger.proofs)) == ([], {})


# --- checked without us


def test_passes_with_python_alone_and_says_what_is_not_checked(folder: Path, part: Files, tmp_path: Path) -> None:
    """With no environment at all: from the zip and in the folder, and where a file of the program is missing."""
    laid = laid_out(part, tmp_path / "laid")
    for arguments in (("verify.py",), ("verify.py", str(folder / "part.zip"))):
        done = bare(*arguments, folder=laid)
        assert (done.returncode, done.stderr) == (0, "")
        *_, records, pages, checkpoints, older, signatures, last = done.stdout.splitlines()
        assert records.startswith("PASS records: ")
        assert pages.startswith("NOT CHECKED pages, rules and answers: ")
        origin = f"widgets.example/{json.loads(part['packet.json'])['ledger']}"
        under = f"under the newest checkpoint of {origin}, of 29 records; 5 newer ones are under none"
        assert checkpoints == f"PASS checkpoints: {len([n for n in part if n.startswith('proofs/')])} records here are {under}"
        assert older.startswith("NOT CHECKED checkpoints: whether the ledger went on from the older ones")
        assert signatures == "NOT CHECKED signatures: no key was given"
        assert last.startswith("NOT ANCHORED: ")
    (laid / "proofs.py").unlink()
    done = bare("verify.py", folder=laid)
    assert (done.returncode, done.stdout.startswith("NO CHECK: "), "proofs.py" in done.stdout) == (2, True, True)


ANCHORED = {
    ("whole", OLDER): (0, "ANCHORED to record 23: it agrees with what was kept elsewhere; 10 newer records are not"),
    ("whole", NEWEST): (0, "ANCHORED to record 28: it agrees with what was kept elsewhere; 5 newer records are not"),
    ("part", NEWEST): (0, "ANCHORED to record 28: it agrees with what was kept elsewhere; 5 newer records are not"),
    ("part", OLDER): (3, "NOT ANCHORED: "),
}


@pytest.mark.parametrize(("which", "size"), ANCHORED)
def test_is_anchored_by_a_checkpoint_kept_elsewhere(folder: Path, which: str, size: int) -> None:
    code, last = ANCHORED[which, size]
    found, told = verifier(folder / f"{which}.zip", VERIFIER, "--anchor", str(folder / f"checkpoint.{size}"))
    assert (found, told.splitlines()[-1].startswith(last)) == (code, True), told
    assert ("NOT CHECKED anchor: it is of 24 records" in told) == (code == 3)


def test_is_anchored_by_a_checkpoint_that_is_not_in_it(folder: Path, tmp_path: Path) -> None:
    """Such as one signed later than the newest that the packet has: over all its records, and over one more."""
    with SqliteLedger(folder / "small.ledger", read_only=True) as ledger:
        found = roots((leaf_hash(row.raw) for row in ledger.rows()), {7, COUNT})
        for size, root in {**found, COUNT + 1: b"x" * 32}.items():
            (tmp_path / str(size)).write_text(str(OTHER.signed(str(Checkpoint(f"x/{ledger.id}", size, root)))))
    for which, size, code, said in (
        ("whole", 7, 0, "ANCHORED to record 6: it agrees with what was kept elsewhere; 27 newer records are not"),
        ("whole", COUNT, 0, "ANCHORED to record 33: it agrees with what was kept elsewhere; 0 newer records are not"),
        ("whole", COUNT + 1, 1, "FAIL the anchor is of 35 records, and packet.json says that the ledger has 34"),
        ("part", COUNT, 3, "NOT CHECKED anchor: it is of 34 records"),
        ("part", COUNT + 1, 1, "FAIL the anchor is of 35 records"),
    ):
        found_code, told = verifier(folder / f"{which}.zip", VERIFIER, "--anchor", str(tmp_path / str(size)))
        assert (found_code, said in told) == (code, True), told


@pytest.mark.parametrize("which", ["whole", "part"])
def test_has_its_signatures_checked_by_openssl(folder: Path, which: str, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(f"{OTHER.verifier}\n")
    (tmp_path / "both").write_text(f"{OTHER.verifier}\n{(folder / 'key').read_text()}")
    for key, code, said in (
        (folder / "key", 0, "PASS signatures: of 2 of 2 checkpoints, the newest with them"),
        (tmp_path / "both", 0, "PASS signatures: of 2 of 2 checkpoints, the newest with them"),
        (tmp_path / "other", 1, "FAIL checkpoints/29: none of the keys that were given signed it, the newest"),
    ):
        found, told = verifier(folder / f"{which}.zip", VERIFIER, "--key", str(key))
        assert (found, said in told) == (code, True), told


SAYS = {
    "nothing of that name": None,
    "one that knows no such keys": "exit 1",
    "one that says nothing": "exit 0",
    "one that cannot be started": "/no/such/program",
    "one that contradicts itself": "echo Signature Verified Successfully; exit 1",
}


@pytest.mark.parametrize("what", SAYS)
def test_says_where_no_openssl_can_check_signatures(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """With the search path empty, or another program of that name on it; asked for a check that cannot be made, it says 3."""
    if (script := SAYS[what]) is not None:
        (tmp_path / "openssl").write_text(f"#!{script}\n" if script[0] == "/" else f"#!/bin/sh\n{script}\n")
        (tmp_path / "openssl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) if script is not None else "")
    code, told = verifier(folder / "whole.zip", VERIFIER, "--key", str(folder / "key"))
    assert (code, "NOT CHECKED signatures: there is no openssl that can check them\nNOT ANCHORED" in told, "PASS sig" in told) == (
        3,
        True,
        False,
    )
    code, told = verifier(folder / "whole.zip", VERIFIER, "--key", str(folder / "key"), "--anchor", str(folder / "checkpoint.29"))
    assert (code, "ANCHORED to record 28" in told) == (3, True)
    assert verifier(folder / "whole.zip")[0] == 0, "where no check was asked for, none is missed"


def test_looks_at_the_signature_of_an_anchor_where_a_key_is_given(folder: Path, tmp_path: Path) -> None:
    """Without a key a file that was kept is believed; with one it must be signed by it, and rightly."""
    note = read_checkpoint((folder / "checkpoint.29").read_bytes())[0]
    text, key = str(note), ("--key", str(folder / "key"))
    (tmp_path / "wrong").write_text(text[:-40] + ("A" if text[-40] != "A" else "B") + text[-39:])
    (tmp_path / "others").write_text(str(OTHER.signed(note.text)))
    (tmp_path / "right").write_text(text)
    unsigned = "FAIL the anchor: none of the keys that were given signed it"
    for name, options, code, said in (
        ("wrong", (), 0, "NOT CHECKED signatures: no key was given"),
        ("wrong", key, 1, "FAIL the anchor: a signature of a key that was given is not right"),
        ("others", (), 0, "NOT CHECKED signatures: no key was given"),
        ("others", key, 1, unsigned),
        ("right", key, 0, "PASS signatures: of 2 of 2 checkpoints"),
    ):
        found, told = verifier(folder / "whole.zip", VERIFIER, "--anchor", str(tmp_path / name), *options)
        assert (found, said in told) == (code, True), told
        assert ("ANCHORED to record 28" in told) == (code == 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "a+00000000+AAAA",
        str(OTHER.verifier)[:-5],
        f"{OTHER.verifier}\nmore\n",
        str(OTHER.verifier).replace("other", "else"),
    ],
)
def test_refuses_what_is_no_key_or_no_anchor(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "given").write_text(text)
    for option in ("--key", "--anchor"):
        code, told = verifier(folder / "whole.zip", VERIFIER, option, str(tmp_path / "given"))
        assert (code, told.startswith(f"NO CHECK, {tmp_path / 'given'}: ")) == (2, True), told
    code, told = verifier(folder / "whole.zip", VERIFIER, "--key", str(tmp_path / "none"))
    assert (code, told.startswith(f"NO CHECK, {tmp_path / 'none'}: ")) == (2, True)


def test_compares_every_anchor_and_every_key_that_is_given(folder: Path, tmp_path: Path) -> None:
    """Whichever comes last: one that contradicts fails, and a key that signed is found."""
    said = read_checkpoint((folder / "checkpoint.29").read_bytes())[1]
    (tmp_path / "contradicts").write_text(str(OTHER.signed(str(Checkpoint(said.origin, 24, said.root)))))
    (tmp_path / "other").write_text(f"{OTHER.verifier}\n")
    older, newer, wrong = (str(path) for path in (folder / "checkpoint.24", folder / "checkpoint.29", tmp_path / "contradicts"))
    for anchors, code, last in (
        ((older, newer), 0, "ANCHORED to record 28: "),
        ((newer, older), 0, "ANCHORED to record 28: "),
        ((wrong, newer), 1, "FAILED"),
        ((newer, wrong), 1, "FAILED"),
    ):
        options = [option for anchor in anchors for option in ("--anchor", anchor)]
        found, told = verifier(folder / "whole.zip", VERIFIER, *options)
        assert (found, told.splitlines()[-1].startswith(last)) == (code, True), told
    for keys in ((folder / "key", tmp_path / "other"), (tmp_path / "other", folder / "key")):
        options = [option for key in keys for option in ("--key", str(key))]
        found, told = verifier(folder / "whole.zip", VERIFIER, *options)
        assert (found, "PASS signatures: of 2 of 2 checkpoints" in told) == (0, True), told


@pytest.mark.parametrize("change", [b"\r\n", b" \n", b"\xef\xbb\xbf", b""])
def test_reads_an_anchor_and_a_key_as_mail_leaves_them(folder: Path, tmp_path: Path, change: bytes) -> None:
    for name, given in (("checkpoint.29", tmp_path / "anchor"), ("key", tmp_path / "lines")):
        raw = (folder / name).read_bytes()
        mailed = raw.replace(b"\n", change) if change.endswith(b"\n") else change + raw if change else raw.rstrip()
        given.write_bytes(mailed)
    options = ("--anchor", str(tmp_path / "anchor"), "--key", str(tmp_path / "lines"))
    code, told = verifier(folder / "whole.zip", VERIFIER, *options)
    assert (code, "PASS signatures" in told, "ANCHORED to record 28" in told) == (0, True, True), told
    done = cli("verify", str(folder / "whole.zip"), *options)
    assert done.returncode == 0, done


# --- tampering


def put(files: Files, name: str, content: bytes | None) -> Files:
    """The same with another file of that name, and packet.json as the checkpoints are."""
    files = {n: c for n, c in files.items() if n != name} | ({} if content is None else {name: content})
    said = [read_checkpoint(c)[1] for n, c in files.items() if n.startswith("checkpoints/") and c.count(b"\n") > 3]
    return about(files, checkpoints=[{"size": s.size, "root": s.root.hex()} for s in sorted(said, key=lambda s: s.size)])


def noted(files: Files, size: int, **changed: Any) -> Files:
    """The same with another checkpoint of so many records, signed by nobody we know, and the proofs as the note is."""
    said = read_checkpoint(files["checkpoints/29"])[1]
    given = {"origin": said.origin, "size": size, "root": said.root, **changed}
    note = str(OTHER.signed(str(Checkpoint(**given)))).encode()
    before = files.get(f"checkpoints/{size}", b"none")
    return put(
        {n: c.replace(before, note) if n.startswith("proofs/") else c for n, c in files.items()}, f"checkpoints/{size}", note
    )


def flipped(files: Files, name: str, at: int) -> Files:
    """With another letter in a file; it is no other line."""
    text = files[name]
    return {**files, name: text[:at] + (b"A" if text[at : at + 1] != b"A" else b"B") + text[at + 1 :]}


def rewritten(files: Files, at: int, **said: Any) -> Files:
    """What somebody makes who can write all of it, but cannot sign: a record edited and all else made to follow."""
    records = records_in(files)
    records[at]["day"] = "2003-01-01"
    kept = json.loads(files["packet.json"])
    return recomputed(files, records, **{"records_in_ledger": kept["records_in_ledger"], **said})


def cut(files: Files, size: int) -> Files:
    """A part of a ledger, as if that had so many records."""
    kept = [record for record in records_in(files) if record["index"] < size]
    gone = {f"proofs/{record['index']}.tlog-proof" for record in records_in(files)[len(kept) :]}
    return recomputed({n: c for n, c in files.items() if n not in gone}, kept, records_in_ledger=size)


def first_proof(files: Files) -> str:
    return next(name for name in sorted(files) if name.startswith("proofs/") and b"index 0\n" not in files[name])


def sibling(files: Files) -> int:
    """Where the first hash of that proof begins."""
    return files[first_proof(files)].index(b"\n", files[first_proof(files)].index(b"index ")) + 5


def reproved(files: Files, at: str, by: str) -> Files:
    """With another proof's content under a name."""
    return {**files, at: files[by]}


TAMPERED: dict[str, tuple[str, Callable[[Files], Files], str]] = {
    "record edited, all recomputed": ("whole", lambda f: rewritten(f, 4), "checkpoints/29: its root is not that of the first 29 records"),
    "record edited, all recomputed, before the older": ("whole", lambda f: rewritten(f, 23), "checkpoints/24: its root is not that of the first 24 records"),
    "cut below a checkpoint, all recomputed": ("whole", lambda f: recomputed(f, records_in(f)[:28]), "checkpoints/29: packet.json says that the ledger has 28 records"),
    "another root": ("whole", lambda f: noted(f, 24), "checkpoints/24: its root is not that of the first 24 records"),
    "a checkpoint added of other records": ("whole", lambda f: noted(f, 30), "checkpoints/30: its root is not that of the first 30 records"),
    "a checkpoint of more records": ("whole", lambda f: noted(f, 35), "checkpoints/35: packet.json says that the ledger has 34 records"),
    "a checkpoint removed": ("whole", lambda f: {n: c for n, c in f.items() if n != "checkpoints/24"}, "its 'checkpoints' are not those that are here"),
    "a checkpoint not listed": ("whole", lambda f: about(f, checkpoints=json.loads(f["packet.json"])["checkpoints"][:1]), "its 'checkpoints' are not those that are here"),
    "none listed": ("whole", lambda f: about(f, checkpoints=[]), "its 'checkpoints' are not those that are here"),
    "more listed": ("whole", lambda f: about(f, checkpoints=[{**c, "more": 1} for c in json.loads(f["packet.json"])["checkpoints"]]), "its 'checkpoints' are not those"),
    "another root listed": ("whole", lambda f: about(f, checkpoints=[{**c, "root": "0" * 64} for c in json.loads(f["packet.json"])["checkpoints"]]), "its 'checkpoints' are not those"),
    "sizes listed as words": ("whole", lambda f: about(f, checkpoints=[{**c, "size": str(c["size"])} for c in json.loads(f["packet.json"])["checkpoints"]]), "its 'checkpoints' are not those"),
    "another name of a checkpoint": ("whole", lambda f: put(put(f, "checkpoints/24", None), "checkpoints/25", f["checkpoints/24"]), "checkpoints/25: it is of 24 records"),
    "another origin": ("whole", lambda f: noted(f, 24, origin=f"x/{json.loads(f['packet.json'])['ledger']}", root=read_checkpoint(f["checkpoints/24"])[1].root), "checkpoints: they are of different origins"),
    "another ledger's": ("whole", lambda f: noted(put(f, "checkpoints/24", None), 29, origin="widgets.example/other"), "checkpoints/29: it is of another ledger"),
    "no checkpoint": ("whole", lambda f: {**f, "checkpoints/24": b"nonsense"}, "checkpoints/24: it is no checkpoint"),
    "a checkpoint with a signature in another writing": ("whole", lambda f: {**f, "checkpoints/24": f["checkpoints/24"][:-1] + b"=\n"}, "checkpoints/24: it is no checkpoint"),
    "a checkpoint without signature": ("whole", lambda f: {**f, "checkpoints/24": f["checkpoints/24"].partition(b"\n\n")[0] + b"\n\n"}, "checkpoints/24: it is no checkpoint"),
    "proofs in a whole": ("whole", lambda f: {**f, "proofs/7.tlog-proof": b"c2sp.org/tlog-proof@v1\nindex 7\n\n" + f["checkpoints/29"]}, "record 7 is not here, or not under the newest checkpoint"),
    "record of a part edited, all recomputed": ("part", lambda f: rewritten(f, 4), "it does not lead from record 16 to the root"),
    "proof removed": ("part", lambda f: {n: c for n, c in f.items() if n != first_proof(f)}, "no proof of it is here, but a checkpoint of it"),
    "all proofs removed": ("part", lambda f: {n: c for n, c in f.items() if not n.startswith("proofs/")}, "record 0: no proof of it is here"),
    "proof of another record": ("part", lambda f: reproved(f, first_proof(f), "proofs/0.tlog-proof"), f"{'it is of record 0'}"),
    "sibling changed": ("part", lambda f: flipped(f, first_proof(f), sibling(f)), "it does not lead from record"),
    "proof cut": ("part", lambda f: {**f, first_proof(f): f[first_proof(f)].replace(f[first_proof(f)].splitlines(keepends=True)[2], b"", 1)}, "it does not lead from record"),
    "proof lengthened": ("part", lambda f: {**f, first_proof(f): f[first_proof(f)].replace(b"\n\n", b"\n" + f[first_proof(f)].splitlines()[2] + b"\n\n", 1)}, "it does not lead from record"),
    "index changed": ("part", lambda f: {**f, first_proof(f): f[first_proof(f)].replace(b"index ", b"index 1", 1)}, "is not here, or not under the newest checkpoint"),
    "proof by the older checkpoint": ("part", lambda f: {**f, first_proof(f): f[first_proof(f)].replace(f["checkpoints/29"], f["checkpoints/24"])}, "it does not end with the newest checkpoint here"),
    "proof of a record that is not here": ("part", lambda f: {**f, "proofs/5.tlog-proof": f["proofs/0.tlog-proof"].replace(b"index 0", b"index 5")}, "record 5 is not here"),
    "no proof": ("part", lambda f: {**f, "proofs/0.tlog-proof": b"nonsense"}, "proofs/0.tlog-proof: it is no proof"),
    "another root of a part": ("part", lambda f: noted(f, 29, root=b"x" * 32), "it does not lead from record 0 to the root"),
    "part of a shorter ledger": ("part", lambda f: cut(f, 28), "checkpoints/29: packet.json says that the ledger has 28 records"),
    "part of a ledger without its end": ("part", lambda f: about(f, records_in_ledger=COUNT - 1), "packet.json: its 'records_in_ledger' is not what the records say"),
}  # fmt: skip


@pytest.mark.parametrize("manifest", ["as it was", "made anew"])
@pytest.mark.parametrize("what", TAMPERED)
def test_names_what_was_done_to_checkpoints_and_proofs(whole: Files, part: Files, tmp_path: Path, what: str, manifest: str) -> None:
    which, change, said = TAMPERED[what]
    before = {"whole": whole, "part": part}[which]
    changed = change(dict(before))
    changed = listed(changed) if manifest == "made anew" else {**changed, "MANIFEST.sha256": before["MANIFEST.sha256"]}
    code, told = told_of(changed, tmp_path)
    assert (code, said in told, "PASS" in told, "ANCHORED" in told) == (1, True, False, False), told
    assert ("not as listed there" in told or "not in the manifest" in told or "not here\n" in told) == (manifest == "as it was")
    with pytest.raises(FailedPacketError) as found:
        PacketLedger(tmp_path / "made.zip")
    assert any(said in failure for failure in found.value.failures)


def test_is_found_by_an_anchor_alone_where_even_the_checkpoints_are_made_anew(folder: Path, whole: Files, tmp_path: Path) -> None:
    """By the key, too, which whoever can write the ledger does not have; without either it can only be NOT ANCHORED."""
    files = rewritten(whole, 4)
    leaves = [leaf_hash(line) for line in files["records.jsonl"].splitlines()]
    for size, root in roots(leaves, {OLDER, NEWEST}).items():
        files = noted(files, size, root=root)
    files = listed(files)
    code, told = told_of(files, tmp_path)
    assert (code, told.splitlines()[-1].startswith("NOT ANCHORED: ")) == (0, True), told
    for options, said in (
        (("--anchor", str(folder / "checkpoint.24")), "FAIL the anchor has another root of the first 24 records"),
        (("--key", str(folder / "key")), "FAIL checkpoints/29: none of the keys that were given signed it, the newest"),
    ):
        code, told = told_of(files, tmp_path, *options)
        assert (code, said in told) == (1, True), told


def test_is_found_by_an_anchor_where_the_checkpoints_are_gone(folder: Path, whole: Files, part: Files, tmp_path: Path) -> None:
    for files in (whole, part):
        none = {n: c for n, c in files.items() if not n.startswith(("checkpoints/", "proofs/"))}
        changed = listed(about(none, checkpoints=[]))
        code, told = told_of(changed, tmp_path)
        assert (code, "NOT CHECKED checkpoints: there are none here" in told) == (0, True)
        code, told = told_of(changed, tmp_path, "--key", str(folder / "key"))
        assert (code, "NOT CHECKED signatures: there is no checkpoint here" in told) == (3, True)
    code, told = told_of(
        listed(
            about(
                rewritten(none | {"records.jsonl": whole["records.jsonl"], "packet.json": whole["packet.json"]}, 4), checkpoints=[]
            )
        ),
        tmp_path,
        "--anchor",
        str(folder / "checkpoint.24"),
    )
    assert (code, "FAIL the anchor has another root" in told) == (1, True), told


# --- the teeth: what only one check finds passes once that is taken out


def signed_wrongly(files: Files, *, which: str) -> Files:
    """A letter of a signature changed: of the newest checkpoint, or of the older one."""
    size = {"newest": 29, "older": 24}[which]
    return listed(flipped(files, f"checkpoints/{size}", len(files[f"checkpoints/{size}"]) - 40))


KEY, ANCHOR = ("--key", "key"), ("--anchor", "checkpoint.24")
BROKEN: dict[str, tuple[str, str, str, str, Callable[[Files], Files], tuple[str, ...]]] = {
    "roots": ("whole", "self.roots.get(size) != note.root", "False", "record edited, all recomputed", listed, ()),
    "longer than the ledger": ("part", 'if size > in_ledger:\n                yield f"checkpoints', 'if False:\n                yield f"checkpoints', "part of a shorter ledger", listed, ()),
    "shorter than its newest": ("part", 'max(int(self.said["records_in_ledger"]), self.index + 1)', 'int(self.said["records_in_ledger"])', "part of a ledger without its end", listed, ()),
    "listed": ("whole", "if self.sizes != sorted(self.notes) or self.listed != here:", "if False:", "more listed", listed, ()),
    "names": ("whole", '(name != f"checkpoints/{note.size}")', "False", "another name of a checkpoint", listed, ()),
    "origins": ("whole", "(len({note.origin for note in self.notes.values()}) > 1)", "False", "another origin", listed, ()),
    "of the ledger": ("whole", '(note.origin.rpartition("/")[2] != self.ledger)', "False", "another ledger's", listed, ()),
    "way to the root": ("part", "!= self.notes[self.newest].root", "is None", "sibling changed", listed, ()),
    "each record proved": ("part", "sorted({*self.leaves} - self.proved)", "()", "proof removed", listed, ()),
    "of what is here": ("whole", "if index not in self.leaves:\n            yield", "if index not in self.leaves:\n            f = ", "proofs in a whole", listed, ()),
    "one way to write": ("whole", "if b64encode(found).decode() != text:", "if False:", "", lambda f: listed(loosely_written(f)), ()),
    "newest checkpoint": ("part", "raw[found.end() :] == self.raw.get(self.newest)", "True", "proof by the older checkpoint", listed, ()),
    "signatures": ("whole", "if False in found:", "if False:", "", lambda f: signed_wrongly(f, which="older"), KEY),
    "newest signed": ("whole", 'elif not found and where in {newest, "the anchor"}:', "elif False:", "", lambda f: listed(by_another(f)), KEY),
    "anchor": ("whole", "elif root != anchor.root and (root or not self.part):", "elif False:", "", lambda f: listed(about(rewritten(without_checkpoints(f), 4), checkpoints=[])), ANCHOR),
    "anchor of the ledger": ("whole", 'if anchor.origin.rpartition("/")[2] != self.ledger:', "if False:", "", dict, ("--anchor", "checkpoint.other")),
    "anchor of more records": ("part", "elif size > in_ledger:", "elif False:", "", dict, ("--anchor", "checkpoint.more")),
}  # fmt: skip


def without_checkpoints(files: Files) -> Files:
    return {n: c for n, c in files.items() if not n.startswith(("checkpoints/", "proofs/"))}


def loosely_written(files: Files) -> Files:
    """With bits set in the last letter of a root that no byte is made of."""
    head, _, rest = files["checkpoints/24"].partition(b"=\n")
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return {**files, "checkpoints/24": head[:-1] + letters[letters.index(head[-1:]) + 1 :][:1] + b"=\n" + rest}


def by_another(files: Files) -> Files:
    return noted(files, 29)


@pytest.mark.parametrize("check", BROKEN)
def test_misses_what_a_check_finds_once_the_check_is_taken_out(
    folder: Path, whole: Files, part: Files, tmp_path: Path, check: str
) -> None:
    which, old, new, tamper, change, options = BROKEN[check]
    said = read_checkpoint((folder / "checkpoint.29").read_bytes())[1]
    (folder / "checkpoint.other").write_text(str(OTHER.signed(str(Checkpoint("x/y", 29, said.root)))))
    (folder / "checkpoint.more").write_text(str(OTHER.signed(str(Checkpoint(said.origin, 35, said.root)))))
    files = dict({"whole": whole, "part": part}[which])
    changed = change(TAMPERED[tamper][1](files) if tamper else files)
    given = [str(folder / option) if n % 2 else option for n, option in enumerate(options)]
    without = broken(tmp_path / "broken", old, new)
    assert told_of(changed, tmp_path, *given)[0] == 1, told_of(changed, tmp_path, *given)[1]
    code, told = told_of(changed, tmp_path, *given, program=without)
    assert code in {0, 3}, told


@pytest.mark.parametrize("what", ["record edited, all recomputed", "sibling changed"])
def test_is_found_by_the_engine_where_the_verifier_misses_it(
    whole: Files, part: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The teeth of the engine's own check, which reads checkpoints and proofs with code of its own."""
    which, change, said = TAMPERED[what]
    path = packed(listed(change(dict({"whole": whole, "part": part}[which]))), tmp_path)

    def blind(self: alone.Proofs, name: str, raw: bytes) -> list[str]:
        if name.startswith("checkpoints/"):
            note = alone.read_note(raw)
            self.notes[note.size], self.raw[note.size] = note, raw
        return []

    monkeypatch.setattr(alone.Proofs, "file", blind)
    monkeypatch.setattr(alone.Proofs, "compared", lambda *_: iter(()))
    with pytest.raises(FailedPacketError, match=said):
        PacketLedger(path)
    path.unlink()
    PacketLedger(packed({"whole": whole, "part": part}[which], tmp_path)).close()


# --- two readings of the same forms


@pytest.mark.scaled
def test_agrees_with_the_engine_on_roots_and_proofs(thorough: bool) -> None:
    """All proofs for all sizes up to a number; with a sibling changed, missing or one too many, none leads to the root."""
    most, tried = 130 if thorough else 40, 0
    leaves = [leaf_hash(str(n).encode()) for n in range(most)]
    wanted = roots(leaves, range(1, most + 1))
    grown = alone.Proofs()
    grown.wanted = set(wanted)
    for n, leaf in enumerate(leaves):
        grown.record(n, leaf)
    assert grown.roots == wanted
    for size in range(1, most + 1):
        for index, path in inclusion_proofs(leaves[:size], size, range(size)).items():
            assert alone.climbed(leaves[index], index, size, path) == wanted[size]
            wrong = [[*path, leaves[0]], path[1:], [*path[:-1], leaves[0]]] if path else [[leaves[0]]]
            assert wanted[size] not in [alone.climbed(leaves[index], index, size, w) for w in wrong if w != list(path)]
            assert size == 1 or alone.climbed(leaves[index], (index + 1) % size, size, path) != wanted[size]
            tried += 1
    print(f"{tried} proofs for sizes up to {most}")


@pytest.mark.scaled
def test_reads_no_checkpoint_that_the_engine_does_not(whole: Files, thorough: bool) -> None:
    """Mutated at random: what is a checkpoint to the verifier is one to the engine, with the same content, and the other way round."""
    seed, both, count = random.Random(2607), 0, 20_000 if thorough else 3_000
    for _ in range(count):
        raw = bytearray(whole[seed.choice(["checkpoints/24", "checkpoints/29"])])
        for _ in range(seed.randrange(3)):
            at = seed.randrange(len(raw))
            raw[at : at + seed.randrange(2)] = seed.choice(
                [b"", b"\n", b" ", b"=", b"0", b"+", b"\xe2", b"\x00", bytes([seed.randrange(256)]), bytes(raw[at : at + 9])]
            )
        try:
            ours = read_checkpoint(bytes(raw))
        except InputError:
            ours = None
        try:
            theirs = alone.read_note(bytes(raw))
        except ValueError:
            theirs = None
        assert (ours is None or ours[1].size == 0) == (theirs is None), bytes(raw)
        if ours and theirs:
            both += 1
            assert (theirs.text, theirs.origin, theirs.size, theirs.root) == (
                ours[0].text,
                ours[1].origin,
                ours[1].size,
                ours[1].root,
            )
            assert [*theirs.signatures] == [(s.name, s.id + s.value) for s in ours[0].signatures]
    print(f"{count} texts, seed 2607; {both} are checkpoints to both")
    assert count > both > count // 5


@pytest.mark.scaled
def test_finds_every_letter_changed_in_the_newest_checkpoint_and_in_proofs(
    folder: Path, part: Files, tmp_path: Path, thorough: bool
) -> None:
    """With the manifest made anew, and the key given: no letter of them is of no account."""
    seed, count = random.Random(1962), 400 if thorough else 30
    names = ["checkpoints/29", *(name for name in part if name.startswith("proofs/"))]
    for n in range(count):
        name = names[0] if n % 2 else seed.choice(names)
        changed = listed(flipped(part, name, seed.randrange(len(part[name]))))
        code, told = told_of(changed, tmp_path, "--key", str(folder / "key"))
        assert code == 1, (name, told)
    print(f"{count} letters, seed 1962")
    assert told_of(part, tmp_path, "--key", str(folder / "key"))[0] == 0
