"""Signed notes, as C2SP has them: a text, and beside it who signed it. Ed25519 alone.

The only place that knows the library which signs (extra ``checkpoints``); what needs no signature works without it.
"""

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from types import ModuleType
from typing import TYPE_CHECKING, Self

import attrs

from candidacy.errors import InputError, Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\1"
"""The byte that says by which algorithm a key signs."""
PUBLIC, SEED, ID, SIGNATURE = 32, 32, 4, 64
"""Bytes of a public key, of the seed of a signing one, of a key's id, of a signature."""
NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
"""A name without spaces and plus signs; best an address without a scheme, such as ``widgets.example/ledger``."""
BEGINS = "PRIVATE+KEY+"
LARGEST_NOTE, MOST_SIGNATURES = 65_536, 100
DASH = "\u2014 "
NEEDED = "a signed note: a text, an empty line, and a line for each signature"


def _id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID]


def unpacked(text: str) -> bytes | None:
    """The bytes that *text* is in base 64; None where it is not, or not written in the one canonical way."""
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        return None
    return found if packed(found) == text else None


def packed(data: bytes) -> str:
    """Bytes in base 64."""
    return b64encode(data).decode()


@attrs.frozen
class VerifierKey:
    """Whose signature is looked for: what a reader of notes is given once, by another way than the notes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that stand in front of its signatures."""
        return _id(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{packed(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key that *text* is: ``name+id+key``, the way other programs read and write it too.

        Raises:
            InputError: it is none.
        """
        name, _, rest = text.strip().partition("+")
        given, _, key = rest.partition("+")
        data = unpacked(key) or b""
        if not NAME.fullmatch(name) or data[:1] != ED25519 or len(data) != 1 + PUBLIC or _id(name, data[1:]).hex() != given:
            raise InputError(
                [Problem("key", "what is no key to check signatures with", "a line such as name+01234567+AbCd…, of Ed25519")]
            )
        return cls(name, data[1:])


@attrs.frozen
class SigningKey:
    """What signs. Whoever has it can sign in its name."""

    name: str
    seed: bytes = attrs.field(repr=False)

    @classmethod
    def made(cls, name: str) -> Self:
        """A new one.

        Raises:
            InputError: *name* is none that a key can have, or the library that signs is not installed.
        """
        if not NAME.fullmatch(name):
            raise InputError(
                [Problem("name", "a name with a space, a plus sign or nothing in it", "such as widgets.example/ledger")]
            )
        return cls(name, _ed25519().Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> Self:
        """The key that *text* is, as `written` gives it.

        Raises:
            InputError: it is none. Nothing of it is said.
        """
        name, _, rest = text.strip().removeprefix(BEGINS).partition("+")
        given, _, key = rest.partition("+")
        data = unpacked(key) or b""
        well = text.startswith(BEGINS) and NAME.fullmatch(name) and data[:1] == ED25519 and len(data) == 1 + SEED
        found = cls(name, data[1:]) if well else None
        if found is None or found.verifier.id.hex() != given:
            raise InputError(
                [Problem("key", "what is no signing key", "the file that was made with the ledger's first checkpoint")]
            )
        return found

    def written(self) -> str:
        """As text, to be kept where only its owner can read it."""
        return f"{BEGINS}{self.name}+{self.verifier.id.hex()}+{packed(ED25519 + self.seed)}"

    @property
    def verifier(self) -> VerifierKey:
        """What its signatures are checked with."""
        return VerifierKey(self.name, self._key().public_key().public_bytes_raw())

    def signed(self, text: str) -> "Note":
        """The note of *text* with its signature; the same each time."""
        return Note(text, (Signature(self.name, self.verifier.id, self._key().sign(text.encode())),))

    def _key(self) -> "Ed25519PrivateKey":
        key: Ed25519PrivateKey = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)
        return key


@attrs.frozen
class Signature:
    """A line below a note."""

    name: str
    id: bytes
    value: bytes = attrs.field(repr=False)

    def __str__(self) -> str:
        return f"{DASH}{self.name} {packed(self.id + self.value)}\n"


@attrs.frozen
class Note:
    """A text that ends with a line, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = attrs.field(repr=False)

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The note that *raw* is. Whether it is signed, `signed_by` says.

        Raises:
            InputError: it is none.
        """
        try:
            text, parted, below = raw.decode().rpartition("\n\n")
        except UnicodeDecodeError:
            text, parted, below = "", "", ""
        lines = below.removesuffix("\n").split("\n")
        controls = any(ord(sign) < ord(" ") and sign != "\n" for sign in text + below)
        signatures = [] if controls or len(lines) > MOST_SIGNATURES or len(raw) > LARGEST_NOTE else list(map(_signature, lines))
        if not (parted and text and below.endswith("\n") and signatures) or None in signatures:
            raise InputError([Problem("note", "what is no signed note", NEEDED)])
        return cls(text + "\n", tuple(s for s in signatures if s is not None))

    def signed_by(self, key: VerifierKey) -> bool | None:
        """Whether *key* signed it; None where no signature says that it is of that key. One that is wrong makes it False.

        Raises:
            InputError: the library that checks signatures is not installed.
        """
        of_key = [s for s in self.signatures if (s.name, s.id) == (key.name, key.id)]
        return all(_is_right(key, self.text, s.value) for s in of_key) if of_key else None


def _signature(line: str) -> Signature | None:
    name, parted, value = line.removeprefix(DASH).partition(" ")
    data = unpacked(value) or b""
    well = line.startswith(DASH) and parted and NAME.fullmatch(name) and len(data) > ID
    return Signature(name, data[:ID], data[ID:]) if well else None


def _is_right(key: VerifierKey, text: str, signature: bytes) -> bool:
    of_key = _ed25519().Ed25519PublicKey.from_public_bytes(key.public)
    from cryptography.exceptions import InvalidSignature

    try:
        of_key.verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _ed25519() -> ModuleType:
    """The library that signs and checks.

    Raises:
        InputError: it is not installed.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ModuleNotFoundError:
        raise InputError(
            [Problem("signature", "no library that signs or checks", "cryptography (the extra `checkpoints`)")]
        ) from None
    return ed25519
