"""A Merkle tree: one hash for many data, and a short path that shows that one is among them.

Source: RFC 9162, section 2.1. A level is made of the one below by pairs; what has no neighbour is
taken along.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """Return the hash under which data stand in a tree."""
    return hashlib.sha256(b"\0" + data).digest()


def levels(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return a tree, from its leaves, of which there must be one, to the level of its root."""
    found = [leaves]
    while len(found[-1]) > 1:
        found.append(_above(found[-1]))
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of the tree of these leaves."""
    return levels(leaves)[-1][0]


def path(tree: Iterable[Sequence[bytes]], index: int) -> list[bytes]:
    """Return the neighbours on the way from a leaf to the root."""
    found: list[bytes] = []
    for level in tree:
        found += level[index ^ 1 : (index ^ 1) + 1]
        index //= 2
    return found


def root_by(leaf: bytes, index: int, size: int, neighbours: Iterable[bytes]) -> bytes:
    """Return the root that a path leads to, in a tree of so many leaves.

    Raises ``ValueError`` if a path of a leaf in this place has another length.
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
