"""Trees, proofs, notes and checkpoints: what RFC 6962 and C2SP say, every size up to 64, and everything changed by a little."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import pairwise

import pytest

from candidacy import InputError
from candidacy import merkle as tree
from candidacy.checkpoint import Checkpoint, Consistency, Inclusion, read_checkpoint
from candidacy.merkle import consistency_proof, inclusion_proofs, is_consistent, root_by_inclusion, roots
from candidacy.note import Note, SigningKey, VerifierKey, packed
from candidacy.record import leaf_hash

MOST = 64
LEAVES = [leaf_hash(b"%d" % n) for n in range(MOST)]
ROOTS = roots(LEAVES, range(MOST + 1))
NAME = "widgets.example/ledger"
PUBLISHED = {
    "": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "00": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "10": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "2021": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "3031": "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "40414243": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "5051525354555657": "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "606162636465666768696a6b6c6d6e6f": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""Entries, and the root after each, as implementations of RFC 6962 have published them for each other's tests."""


def test_has_the_roots_that_others_publish() -> None:
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in PUBLISHED]
    assert [root.hex() for root in roots(leaves, range(1, 9)).values()] == list(PUBLISHED.values())
    assert roots([], [0]) == {0: sha256().digest()}
    assert roots(leaves, [9]) == {}


def test_proves_every_record_of_every_size_and_nothing_else() -> None:
    for size in range(1, MOST + 1):
        proofs = inclusion_proofs(LEAVES, size, range(size))
        for index, proof in proofs.items():
            assert root_by_inclusion(LEAVES[index], index, size, proof) == ROOTS[size]
            assert root_by_inclusion(LEAVES[index - 1], index, size, proof) != ROOTS[size] or size == 1
            assert all(root_by_inclusion(LEAVES[index], index, size, other) != ROOTS[size] for other in spoilt(proof))
            assert root_by_inclusion(LEAVES[index], size, size, proof) is None
            assert root_by_inclusion(LEAVES[index], -1, size, proof) is None


def test_proves_that_every_size_goes_on_from_every_smaller_one_and_from_no_other() -> None:
    for size in range(MOST + 1):
        for old in range(size + 1):
            proof = consistency_proof(LEAVES, size, old)
            assert is_consistent(old, ROOTS[old], size, ROOTS[size], proof)
            assert not any(is_consistent(old, ROOTS[old], size, ROOTS[size], other) for other in spoilt(proof))
            assert not is_consistent(old, ROOTS[(old + 1) % MOST], size, ROOTS[size], proof)
            assert not old or not is_consistent(old, ROOTS[old], size, b"\0" * 32, proof)
            assert not is_consistent(size + 1, ROOTS[old], size, ROOTS[size], proof)
        assert not is_consistent(-1, ROOTS[0], size, ROOTS[size], ())


def spoilt(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """The proof, changed by a little in each place."""
    yield (*proof, b"\0" * 32)
    yield (b"\0" * 32, *proof)
    for i, node in enumerate(proof):
        yield (*proof[:i], *proof[i + 1 :])
        yield (*proof[:i], bytes([node[0] ^ 1]) + node[1:], *proof[i + 1 :])


def test_would_be_seen_to_confuse_a_leaf_with_a_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teeth: where nodes are hashed like leaves, the published roots differ, though every proof still fits."""
    monkeypatch.setattr(tree, "node_hash", lambda left, right: leaf_hash(left + right))
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in PUBLISHED]
    found = roots(leaves, range(1, 9))
    assert [root.hex() for root in found.values()] != list(PUBLISHED.values())
    assert root_by_inclusion(leaves[3], 3, 8, inclusion_proofs(leaves, 8, [3])[3]) == found[8]


@pytest.mark.parametrize("ask", [lambda: inclusion_proofs(LEAVES, 3, [3]), lambda: inclusion_proofs(LEAVES, 3, [-1])])
def test_proves_no_record_that_is_not_there(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="below the size"):
        ask()


def test_says_that_leaves_are_lacking() -> None:
    with pytest.raises(ValueError, match="found 64 leaves; needed 65"):
        inclusion_proofs(LEAVES, 65, [0])
    with pytest.raises(ValueError, match="at most 3"):
        consistency_proof(LEAVES, 3, 4)


# --- notes


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.made(NAME)


@pytest.fixture(scope="module")
def note(key: SigningKey) -> Note:
    return key.signed(str(Checkpoint(NAME, 40, ROOTS[40])))


def test_reads_what_it_writes(key: SigningKey, note: Note) -> None:
    assert SigningKey.read(key.written()) == key
    assert VerifierKey.read(f"{key.verifier}\n") == key.verifier
    assert Note.read(str(note).encode()) == note
    assert read_checkpoint(str(note).encode()) == (note, Checkpoint(NAME, 40, ROOTS[40]))
    assert key.signed(note.text) == note


def test_shows_nothing_of_the_key_it_signs_with(key: SigningKey) -> None:
    assert packed(key.seed) not in repr(key)
    assert key.seed.hex() not in repr(key)
    with pytest.raises(InputError) as refused:
        SigningKey.read(key.written()[:-5] + "AAAA=")
    assert key.written()[30:50] not in str(refused.value)


def test_reads_the_example_that_the_form_gives() -> None:
    """The note in C2SP's description of checkpoints: not signed by us, and read all the same."""
    signature = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
    raw = f"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u2014 example.com/behind-the-sofa {signature}\n"
    note, said = read_checkpoint(raw.encode())
    assert (said.origin, said.size, str(note)) == ("example.com/behind-the-sofa", 20852163, raw)


def test_knows_a_signature_from_any_other(key: SigningKey, note: Note) -> None:
    assert note.signed_by(key.verifier) is True
    other = SigningKey.made(NAME)
    assert note.signed_by(other.verifier) is None  # the same name, another key
    assert note.signed_by(SigningKey("other.example", key.seed).verifier) is None
    assert Note(note.text + "more\n", note.signatures).signed_by(key.verifier) is False
    both = Note(note.text, (*other.signed(note.text).signatures, *note.signatures))
    assert Note.read(str(both).encode()).signed_by(key.verifier) is True
    twice = Note(note.text, (*note.signatures, *Note(note.text, key.signed("other\n").signatures).signatures))
    assert twice.signed_by(key.verifier) is False


def test_finds_every_byte_of_a_note_that_is_changed(key: SigningKey, note: Note) -> None:
    """Each byte in turn: no longer a note, or one that the key has not signed. Nothing raises anything else."""
    raw, read = str(note).encode(), 0
    for i, byte in enumerate(raw):
        for flipped in {byte ^ 1, byte ^ 0x80, ord("\n"), ord(" ")} - {byte}:
            try:
                found = Note.read(raw[:i] + bytes([flipped]) + raw[i + 1 :])
            except InputError:
                continue
            read += 1
            assert found.signed_by(key.verifier) is not True
    assert read > 100


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n\n", b"text\n\n", b"text\n\nno dash AAAAAAA=\n", b"a\x07\n\n\xe2\x80\x94 n AAAAAAA=\n", b"\xff\n\n\xe2\x80\x94 n AAAAAAA=\n", "a\n\n\u2014 n AAAA\n".encode(), "a\n\n\u2014 n AAAAAAB=\n".encode(), "a\n\n\u2014 n AAAAAAA=".encode(), "a\n\n\u2014 n AAAAAAA=\n".encode() * 2 + b"x", b"a\n\n" + "\u2014 n AAAAAAA=\n".encode() * 101],
)  # fmt: skip
def test_reads_nothing_that_is_no_note(raw: bytes) -> None:
    with pytest.raises(InputError, match="what is no"):
        Note.read(raw)


def test_reads_a_note_of_a_hundred_signatures() -> None:
    assert len(Note.read(b"a\n\n" + "\u2014 n AAAAAAA=\n".encode() * 100).signatures) == 100


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "x" * 201, "a\u00a0b"])
def test_gives_no_key_such_a_name(name: str) -> None:
    with pytest.raises(InputError, match=r"widgets\.example/ledger"):
        SigningKey.made(name)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-6], lambda t: t.replace("+", "-"), lambda t: "x" + t, lambda t: t.replace("+A", "+B"), lambda _: ""]
)
def test_reads_no_key_that_is_none(key: SigningKey, spoil: Callable[[str], str]) -> None:
    for read, text in ((VerifierKey.read, str(key.verifier)), (SigningKey.read, key.written())):
        with pytest.raises(InputError, match="what is no"):
            read(spoil(text))


# --- checkpoints and proofs as text


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a\n01\nX\n",
        "a\n-1\nX\n",
        "a\n1\nAAAA\n",
        "a\n1\nX\n\nmore\n",
        "\n1\nX\n",
        "a\n1 \nX\n",
        "a\n99999999999999999\nX\n",
    ],
)
def test_reads_no_checkpoint_that_is_none(key: SigningKey, text: str) -> None:
    note = key.signed(text.replace("X", packed(ROOTS[1])))
    with pytest.raises(InputError, match="no checkpoint"):
        read_checkpoint(str(note).encode())


def test_reads_a_checkpoint_with_a_line_more(key: SigningKey) -> None:
    """As the form allows, though we write none."""
    said = Checkpoint(NAME, 1, ROOTS[1])
    assert read_checkpoint(str(key.signed(f"{said}more\n")).encode())[1] == said


def test_proves_in_text(note: Note) -> None:
    for index, hashes in inclusion_proofs(LEAVES, 40, [0, 1, 17, 39]).items():
        proof = Inclusion(index, hashes, note)
        assert Inclusion.read(str(proof).encode()) == proof
        assert Inclusion.read(str(proof).encode().replace(b"index", b"extra AAAA\nindex")) == proof
        assert proof.shows(LEAVES[index])
        assert not proof.shows(LEAVES[index + 1])
    for old in (1, 8, 39, 40):
        grown = Consistency(old, consistency_proof(LEAVES, 40, old), note)
        assert Consistency.read(str(grown).encode()) == grown
        assert grown.shows(Checkpoint(NAME, old, ROOTS[old]))
        assert not grown.shows(Checkpoint("other.example", old, ROOTS[old]))
        assert not grown.shows(Checkpoint(NAME, old - 1, ROOTS[old - 1]))


def test_proves_one_record_alone_and_a_ledger_from_nothing(key: SigningKey) -> None:
    alone = key.signed(str(Checkpoint(NAME, 1, ROOTS[1])))
    assert Inclusion.read(str(Inclusion(0, (), alone)).encode()).shows(LEAVES[0])
    assert Consistency.read(str(Consistency(0, (), alone)).encode()).shows(Checkpoint(NAME, 0, ROOTS[0]))


def test_finds_every_byte_of_a_proof_that_is_changed(key: SigningKey, note: Note) -> None:
    raw = str(Inclusion(17, inclusion_proofs(LEAVES, 40, [17])[17], note)).encode()
    for i, byte in enumerate(raw):
        try:
            found = Inclusion.read(raw[:i] + bytes([byte ^ 1]) + raw[i + 1 :])
            assert not (found.shows(LEAVES[17]) and found.note.signed_by(key.verifier) and found.index == 17)
        except InputError:
            continue


@pytest.mark.parametrize("spoil", [lambda p: p.replace("@v1", "@v2"), lambda p: p.replace("index 17", "index 017"), lambda p: p.replace("index 17", "at 17"), lambda p: p.replace("\n\n", "\n", 1), lambda p: p.replace("=\n", "\n", 1), lambda p: p[:-1], lambda _: "", lambda p: p.replace("17\n", "17\n" + packed(b"\0" * 32) + "\n" + (packed(b"\0" * 32) + "\n") * 63)])  # fmt: skip
def test_reads_no_proof_that_is_none(note: Note, spoil: Callable[[str], str]) -> None:
    raw = str(Inclusion(17, inclusion_proofs(LEAVES, 40, [17])[17], note))
    with pytest.raises(InputError, match="what is no"):
        Inclusion.read(spoil(raw).encode())
    grown = str(Consistency(17, consistency_proof(LEAVES, 40, 17), note))
    with pytest.raises(InputError, match="what is no"):
        Inclusion.read(grown.encode())
    with pytest.raises(InputError, match="what is no"):
        Consistency.read(raw.encode())


def test_walks_from_checkpoint_to_checkpoint() -> None:
    """Sizes as they come in practice: each consistent with the one before, none with one of another history."""
    other = roots([*LEAVES[:20], leaf_hash(b"forged"), *LEAVES[21:]], range(MOST + 1))
    for old, new in pairwise((1, 5, 20, 21, 40, 63)):
        proof = consistency_proof(LEAVES, new, old)
        assert is_consistent(old, ROOTS[old], new, ROOTS[new], proof)
        assert is_consistent(old, ROOTS[old], new, other[new], proof) == (new <= 20)
