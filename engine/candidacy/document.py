"""Documents: what they are and who signed them. The bytes stay with the host."""

from datetime import date
from hashlib import sha256

import attrs

from candidacy.events import Count, Id, Sha256


@attrs.frozen
class Document:
    """A document, known by the SHA-256 of its bytes. An approval names the revision it approves by that digest.

    Attributes:
        kind: what it is, such as ``development-plan``.
        title: a short title, in words joined by hyphens; never a person's name.
        signed_by: the person who signed it, where someone did.
    """

    kind: Id
    sha256: Sha256
    title: Id
    pages: Count
    signed_by: Id | None = None
    signed_on: date | None = None

    @classmethod
    def of(  # noqa: PLR0913 (a document is nothing without them)
        cls, content: bytes, *, kind: str, title: str, pages: int, signed_by: str | None = None, signed_on: date | None = None
    ) -> "Document":
        """The document whose bytes are *content*, which are not kept."""
        signer = None if signed_by is None else Id(signed_by)
        return cls(Id(kind), revision_of(content), Id(title), Count(pages), signer, signed_on)


def revision_of(content: bytes) -> Sha256:
    """The SHA-256 that tells one revision of a document from another."""
    return Sha256(sha256(content).hexdigest())
