"""Merkle trees of RFC 6962: roots and proofs, made in one pass over the leaves, and checked without the tree.

A leaf is the hash that `candidacy.record.leaf_hash` gives of a record's bytes. Making a proof follows the definitions of
RFC 6962, section 2.1; checking one follows the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2, so that neither repeats
the other's mistakes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256

EMPTY = sha256().digest()
"""The root of a tree without leaves."""

Span = tuple[int, int]
"""A subtree: the index of its first leaf, and the index after its last."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two subtrees: SHA-256 of a byte 1 and both hashes."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf. It holds one hash for each complete subtree: at most 64, however many leaves it has.

    Attributes:
        size: how many leaves it has.
    """

    __slots__ = ("_complete", "size")

    def __init__(self) -> None:
        self.size = 0
        self._complete = list[bytes]()

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        node, left = leaf, self.size
        while left & 1:
            node = node_hash(self._complete.pop(), node)
            left >>= 1
        self._complete.append(node)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._complete:
            return EMPTY
        *others, root = self._complete
        for node in reversed(others):
            root = node_hash(node, root)
        return root


def roots(leaves: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """The roots over the first leaves, for each of *sizes* that there are leaves for."""
    tree, found, wanted = Tree(), dict[int, bytes](), frozenset(sizes)
    if 0 in wanted:
        found[0] = EMPTY
    for leaf in leaves:
        tree.add(leaf)
        if tree.size in wanted:
            found[tree.size] = tree.root
    return found


def inclusion_proofs(leaves: Iterable[bytes], size: int, indexes: Collection[int]) -> dict[int, tuple[bytes, ...]]:
    """For each of *indexes*, the proof that its leaf stands there in the tree of the first *size* leaves, from its sibling upwards.

    Raises:
        ValueError: an index is not below *size*, or there are fewer leaves.
    """
    if wrong := sorted(i for i in indexes if not 0 <= i < size):
        raise ValueError(f"found index {wrong[0]}; needed one below the size, {size}")
    spans = {i: list(_beside(i, 0, size)) for i in indexes}
    found = _hashes(leaves, size, {span for needed in spans.values() for span in needed})
    return {i: tuple(found[span] for span in needed) for i, needed in spans.items()}


def consistency_proof(leaves: Iterable[bytes], size: int, old: int) -> tuple[bytes, ...]:
    """The proof that the tree of the first *size* leaves goes on from the one of the first *old*.

    Raises:
        ValueError: *old* is more than *size*, or there are fewer leaves.
    """
    if not 0 <= old <= size:
        raise ValueError(f"found the older size {old}; needed at most {size}")
    spans = list(_grown(old, 0, size, from_nothing=True)) if old else []
    found = _hashes(leaves, size, set(spans))
    return tuple(found[span] for span in spans)


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root of the tree of *size* leaves that *proof* leads to from *leaf* at *index*; None where it leads nowhere."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(sibling, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether *proof* shows that the tree of *size* leaves with *root* goes on from the one of *old* leaves with *old_root*."""
    if old > size or old < 0:
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == EMPTY
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(node, before), node_hash(node, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, node)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _half(leaves: int) -> int:
    """How many of two or more leaves stand on the left: the largest power of two that is less."""
    return 1 << (leaves - 1).bit_length() - 1


def _beside(index: int, start: int, end: int) -> Iterator[Span]:
    """The subtrees beside the way from a leaf to the root, lowest first."""
    if end - start == 1:
        return
    middle = start + _half(end - start)
    if index < middle:
        yield from _beside(index, start, middle)
        yield middle, end
    else:
        yield from _beside(index, middle, end)
        yield start, middle


def _grown(old: int, start: int, end: int, *, from_nothing: bool) -> Iterator[Span]:
    """The subtrees that both trees are made of, and those that only the newer one has, lowest first."""
    if old == end:
        if not from_nothing:
            yield start, end
        return
    middle = start + _half(end - start)
    if old <= middle:
        yield from _grown(old, start, middle, from_nothing=from_nothing)
        yield middle, end
    else:
        yield from _grown(old, middle, end, from_nothing=False)
        yield start, middle


def _hashes(leaves: Iterable[bytes], size: int, wanted: Collection[Span]) -> dict[Span, bytes]:
    """The hashes of the subtrees *wanted*, in one pass over the first *size* leaves."""
    coming, found = iter(leaves), dict[Span, bytes]()

    def hashed(start: int, end: int) -> bytes:
        if end - start == 1:
            node = next(coming, None)
            if node is None:
                raise ValueError(f"found {start} leaves; needed {size}")
        else:
            middle = start + _half(end - start)
            left = hashed(start, middle)
            node = node_hash(left, hashed(middle, end))
        if (start, end) in wanted:
            found[start, end] = node
        return node

    if size:
        hashed(0, size)
    return found
