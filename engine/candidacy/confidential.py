"""Confidentiality classes: who may read the content of a field, and for what; no rule may, and no content is kept yet."""

import attrs

from candidacy.citation import Citation
from candidacy.errors import DefinitionError


@attrs.frozen
class Confidential:
    """A class of confidential content, as an authority protects it.

    Attributes:
        name: by which fields are declared: ``text: Sealed = sealed("notes")``.
        readers: the roles that may read it.
        purposes: what they may read it for.
        forbidden: purposes that are forbidden to everybody.
    """

    name: str
    readers: tuple[str, ...]
    purposes: tuple[str, ...]
    forbidden: tuple[str, ...]
    citation: Citation

    def __attrs_post_init__(self) -> None:
        """Refuse a class that nobody may read, or that allows what it forbids."""
        both = sorted({*self.purposes} & {*self.forbidden})
        problems = [f"found the purpose {purpose!r} both allowed and forbidden" for purpose in both]
        problems += ["found no reader; needed one at least"] * (not self.readers)
        problems += ["found no purpose; needed one at least"] * (not self.purposes)
        if problems:
            raise DefinitionError(f"confidentiality class {self.name!r}", problems)

    def may_read(self, role: str, purpose: str) -> bool:
        """Whether a role may read such content for a purpose; whatever is not declared is a no."""
        return role in self.readers and purpose in self.purposes and purpose not in self.forbidden
