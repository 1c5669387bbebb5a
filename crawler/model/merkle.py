"""A Merkle tree: one hash over many data, and a short proof that data belong to it.

Source: RFC 9162, section 2.1. Each level is computed from pairs of the level below; a node without
a neighbour moves up unchanged.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of data as a leaf of a tree."""
    return hashlib.sha256(b"\0" + data).digest()


def levels(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return all levels of a tree, from the leaves (at least one) to the root."""
    found = [leaves]
    while len(found[-1]) > 1:
        found.append(_above(found[-1]))
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of the tree of these leaves."""
    return levels(leaves)[-1][0]


def path(tree: Iterable[Sequence[bytes]], index: int) -> list[bytes]:
    """Return the neighbours between a leaf and the root."""
    found: list[bytes] = []
    for level in tree:
        found += level[index ^ 1 : (index ^ 1) + 1]
        index //= 2
    return found


def root_by(leaf: bytes, index: int, size: int, neighbours: Iterable[bytes]) -> bytes:
    """Return the root computed from a leaf and its path, in a tree with that many leaves.

    Raises ``ValueError`` if the length of the path does not fit.
    """
    rest = iter(neighbours)
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    while size > 1:
        if index ^ 1 < size:
            neighbour = next(rest, None)
            if neighbour is None:
                raise ValueError("the path is too short")
            leaf = _node(neighbour, leaf) if index % 2 else _node(leaf, neighbour)
        index, size = index // 2, (size + 1) // 2
    if next(rest, None) is not None:
        raise ValueError("the path is too long")
    return leaf


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(*each) for each in zip(level[::2], level[1::2], strict=False)]
    return pairs + list(level[2 * len(pairs) :])


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
