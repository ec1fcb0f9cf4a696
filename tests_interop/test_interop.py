"""What others make of our notes, trees and proofs: Go's own libraries, pymerkle and openssl; and what we make of Go's notes.

Not part of `make test`: `make interop` gives pymerkle a virtual environment of its own, and needs Debian's Go.
"""

import json
import os
import re
import subprocess
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from candidacy import FileSigner, InputError, SqliteLedger
from candidacy.checkpoint import Checkpoint, Inclusion, read_checkpoint
from candidacy.merkle import consistency_proof, inclusion_proofs, roots
from candidacy.note import Note, SigningKey, VerifierKey
from candidacy.record import leaf_hash
from conftest import Ask
from support import ROOT, ZONE, cli, engine, play
from widgets import developing, registry

NAME = "widgets.example/0123456789abcdef"
SEED = 20_261_130
SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands in front of a public key of Ed25519 where openssl reads one (RFC 8410)."""
Question = tuple[dict[str, Any], bool]
"""What Go is asked, and whether its answer must be yes."""


def entry(n: int) -> bytes:
    return b"%d" % n


def ours(leaves: list[bytes], size: int, found: dict[int, bytes], index: int | None, old: int | None) -> dict[str, Any]:
    """A question about a proof of ours."""
    if index is not None:
        proof, leaf = inclusion_proofs(leaves, size, [index])[index], leaves[index].hex()
        return {"ask": "inclusion", "index": index, "leaf": leaf, "size": size, "root": found[size].hex(), "proof": texts(proof)}
    assert old is not None
    proof, was = consistency_proof(leaves, size, old), found[old].hex()
    return {"ask": "consistency", "old": old, "was": was, "size": size, "root": found[size].hex(), "proof": texts(proof)}


def texts(proof: tuple[bytes, ...]) -> list[str]:
    return [node.hex() for node in proof]


def with_teeth(question: dict[str, Any], chance: Random) -> Iterator[Question]:
    """A proof as it is, with a byte flipped, and with two siblings swapped."""
    yield question, True
    proof = question["proof"]
    if proof:
        at, byte = chance.randrange(len(proof)), chance.randrange(32)
        node = bytearray.fromhex(proof[at])
        node[byte] ^= 1 << chance.randrange(8)
        yield {**question, "proof": [*proof[:at], node.hex(), *proof[at + 1 :]]}, False
    if len(proof) > 1:
        at = chance.randrange(len(proof) - 1)
        yield {**question, "proof": [*proof[:at], proof[at + 1], proof[at], *proof[at + 2 :]]}, False


def judged(ask: Ask, questions: list[Question]) -> Counter[tuple[str, bool]]:
    """How many there were of each kind, all of them answered as they must be."""
    said = ask(question for question, _ in questions)
    assert len(said) == len(questions)
    for (question, right), answer in zip(questions, said, strict=True):
        assert (answer == "yes") == right, (question, answer)
    return Counter((question["ask"], right) for question, right in questions)


# --- Go


def test_go_agrees_on_every_proof_of_every_small_tree(ask: Ask, thorough: bool) -> None:
    most, chance = 1_024 if thorough else 128, Random(SEED)
    leaves = [leaf_hash(entry(n)) for n in range(most)]
    found, counted = roots(leaves, range(most + 1)), Counter[tuple[str, bool]]()
    for size in range(most + 1):
        proofs = inclusion_proofs(leaves, size, range(size))
        asked = [
            {
                "ask": "inclusion",
                "index": i,
                "leaf": leaves[i].hex(),
                "size": size,
                "root": found[size].hex(),
                "proof": texts(proof),
            }
            for i, proof in proofs.items()
        ]
        # Go asks of trees with a leaf at least; of one without, nothing can be proved, and nothing is written
        assert consistency_proof(leaves, size, 0) == ()
        asked += [ours(leaves, size, found, None, old) for old in range(1, size + 1)]
        counted += judged(ask, [each for question in asked for each in with_teeth(question, chance)])
    print(f"seed {SEED}, sizes 0 to {most}: {dict(counted)}")
    all_of_them = most * (most + 1) // 2
    assert counted["inclusion", True] == counted["consistency", True] == all_of_them
    assert counted["inclusion", False] > all_of_them


def test_go_agrees_on_random_proofs_of_larger_trees(ask: Ask, thorough: bool) -> None:
    many, most, chance = 10_000 if thorough else 500, 5_000, Random(SEED)
    leaves = [leaf_hash(entry(n)) for n in range(most)]
    found, questions = roots(leaves, range(most + 1)), list[Question]()
    for _ in range(many):
        size = chance.randint(1, most)
        questions += with_teeth(ours(leaves, size, found, chance.randrange(size), None), chance)
        questions += with_teeth(ours(leaves, size, found, None, chance.randint(1, size)), chance)
    counted = judged(ask, questions)
    print(f"seed {SEED}, up to {most} leaves: {dict(counted)}")
    assert counted["inclusion", True] == counted["consistency", True] == many


def test_go_computes_the_same_roots(ask: Ask) -> None:
    found = roots(map(leaf_hash, map(entry, range(128))), range(129))
    records = [b64encode(entry(n)).decode() for n in range(128)]
    said = ask({"ask": "tree", "raw": " ".join(records[:size])} for size in range(1, 129))
    assert said == [found[size].hex() for size in range(1, 129)]
    other = roots((leaf_hash(entry(n) + b"\n") for n in range(128)), range(129))
    assert not {root.hex() for root in other.values()} & set(said)  # the teeth


def test_go_opens_our_notes_and_none_with_a_byte_flipped(ask: Ask) -> None:
    questions = list[Question]()
    for size in range(20):
        key = SigningKey.made(f"{NAME}{size}")
        raw = str(key.signed(str(Checkpoint(key.name, size, leaf_hash(entry(size)))))).encode()
        questions.append(({"ask": "note", "key": str(key.verifier), "text": raw.decode()}, True))
        questions.append(({"ask": "note", "key": str(SigningKey.made(key.name).verifier), "text": raw.decode()}, False))
        lax = len(raw) - 3  # the last sign in base 64 has two bits that say nothing, and Go reads them as it finds them
        for i, byte in enumerate(raw):
            if i == lax or byte > 0x7F:
                continue
            flipped = raw[:i] + bytes([byte ^ 1]) + raw[i + 1 :]
            questions.append(({"ask": "note", "key": str(key.verifier), "text": flipped.decode()}, False))
    counted = judged(ask, questions)
    print(dict(counted))
    assert counted["note", True] == 20
    assert counted["note", False] > 3_000


def test_we_open_what_go_signs_and_nothing_with_a_byte_flipped(ask: Ask) -> None:
    names = [f"{NAME}{n}" for n in range(50)]
    texts = [str(Checkpoint(name, n, leaf_hash(entry(n)))) for n, name in enumerate(names)]
    refused = 0
    for text, line in zip(
        texts, ask({"ask": "sign", "name": n, "text": t} for n, t in zip(names, texts, strict=True)), strict=True
    ):
        said = json.loads(line)
        verifier, raw = VerifierKey.read(said["key"]), said["note"].encode()
        note, checkpoint = read_checkpoint(raw)
        assert (note.text, str(checkpoint), note.signed_by(verifier)) == (text, text, True)
        assert str(SigningKey.read(said["private"]).signed(text)) == said["note"]
        for i, byte in enumerate(raw):
            try:
                found = Note.read(raw[:i] + bytes([byte ^ 1]) + raw[i + 1 :]).signed_by(verifier)
            except InputError:
                found = None
            assert found is not True
            refused += 1
    print(f"{len(texts)} notes of Go's, {refused} flipped ones refused")


@pytest.fixture
def proofs(tmp_path: Path) -> tuple[Path, FileSigner]:
    """What the commands make of a ledger of three lives: the proofs of all records, and the key."""
    path = tmp_path / "data" / "a.ledger"
    path.parent.mkdir()
    with SqliteLedger.create(path, ZONE) as ledger:
        for case in ("w1", "w2", "w3"):
            play(engine(registry(), ledger), developing(case))
    assert cli("checkpoint", str(path), "--keys", str(tmp_path / "keys"), "--name", "widgets.example").returncode == 0
    (tmp_path / "proofs").mkdir()
    for what in ("0", "w1", "w2", "w3"):
        assert cli("prove", str(path), what, "-o", str(tmp_path / "proofs" / what)).returncode == 0
    return tmp_path / "proofs", FileSigner(tmp_path / "keys")


def test_go_checks_what_the_commands_write(ask: Ask, proofs: tuple[Path, FileSigner]) -> None:
    folder, signer = proofs
    questions = list[Question]()
    for file in sorted(folder.rglob("*.tlog-proof")):
        text, raw = file.read_text(), file.with_suffix(".json").read_bytes()
        asked = {"ask": "proof", "key": str(signer.verifier), "text": text, "raw": b64encode(raw).decode()}
        questions.append((asked, True))
        questions.append(({**asked, "raw": b64encode(raw + b"\n").decode()}, False))
        questions.append(({**asked, "key": str(SigningKey.made(signer.name).verifier)}, False))
        proof = Inclusion.read(text.encode())
        questions.append(({**asked, "text": str(Inclusion(proof.index ^ 1, proof.hashes, proof.note))}, False))
        a, b, *others = proof.hashes
        questions.append(({**asked, "text": str(Inclusion(proof.index, (b, a, *others), proof.note))}, False))
    counted = judged(ask, questions)
    print(dict(counted))
    assert counted["proof", True] == 13


# --- pymerkle, openssl


def test_pymerkle_agrees_on_roots(pymerkle: str) -> None:
    program = Path(__file__).with_name("roots_of.py")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([pymerkle, str(program), "300"], capture_output=True, text=True, check=True, env=env)
    found = roots(map(leaf_hash, map(entry, range(300))), range(301))
    assert done.stdout.split() == [found[size].hex() for size in range(301)]
    assert done.stdout.split() != [root.hex() for root in roots((leaf_hash(entry(n + 1)) for n in range(300)), range(301)).values()]
    print("301 roots, sizes 0 to 300")


def test_openssl_agrees_on_signatures(tmp_path: Path) -> None:
    agreed = Counter[bool]()
    for n in range(20):
        key = SigningKey.made(NAME)
        note = key.signed(str(Checkpoint(NAME, n, leaf_hash(entry(n)))))
        signature = note.signatures[0].value
        flipped = bytes([signature[0] ^ 1]) + signature[1:]
        for text, value, right in ((note.text, signature, True), (note.text, flipped, False), (note.text + "\n", signature, False)):
            for name, content in (("key", SPKI + key.verifier.public), ("signature", value), ("text", text.encode())):
                (tmp_path / name).write_bytes(content)
            command = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -sigfile signature -in text"
            done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
            assert (done.returncode == 0) == right, done.stderr
            agreed[right] += 1
    print(f"openssl: {agreed[True]} right, {agreed[False]} wrong")


def test_openssl_agrees_as_the_document_has_it(tmp_path: Path) -> None:
    (recipe,) = re.findall(r"^```bash\n(.*?)^```", (ROOT / "docs" / "checkpoints.md").read_text(), re.DOTALL | re.MULTILINE)
    signer = FileSigner.made(tmp_path / "keys", NAME)
    note = signer.sign(1, leaf_hash(b""), lambda _: None)
    (tmp_path / "verifier.key").write_bytes((signer.folder / "verifier.key").read_bytes())
    for text, right in ((note, True), (note.replace("\n1\n", "\n2\n"), False)):
        (tmp_path / "first.checkpoint").write_text(text)
        done = subprocess.run(["bash", "-ec", recipe], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ("Verified Successfully" in done.stdout, done.returncode == 0) == (right, right), done.stderr
