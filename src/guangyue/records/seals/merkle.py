"""Merkle trees as in RFC 6962: roots, proofs that a leaf is in, proofs that one tree continues another.

Leaves and nodes are hashed with different first bytes, so neither can be passed off as the other. SM3 (GB/T 32905) may
stand in for SHA-256 where the city's rules ask for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from typing_extensions import override

__all__ = [
    "Hasher",
    "Leaves",
    "Nodes",
    "Range",
    "consistency",
    "consistent",
    "included",
    "inclusion",
    "root",
    "sha256",
    "sm3",
]

Hasher = Callable[[bytes], bytes]


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3, the hash of GB/T 32905-2016."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def of_leaf(data: bytes, hasher: Hasher = sha256) -> bytes:
    """The hash of a leaf."""
    return hasher(b"\0" + data)


def of_node(left: bytes, right: bytes, hasher: Hasher = sha256) -> bytes:
    """The hash of an inner node."""
    return hasher(b"\1" + left + right)


class Range:
    """The growing edge of a tree: the roots of its whole subtrees, largest first. Appending is cheap."""

    def __init__(self, hasher: Hasher = sha256, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        """An empty tree, or one of ``size`` leaves with the given edge.

        Raises:
            ValueError: when the edge has another length than a tree of that size has.
        """
        self.hasher = hasher
        self.size = size
        self.edge = list(edge)
        if len(self.edge) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} whole subtrees, not {len(self.edge)}")

    def append(self, leaf_hash: bytes) -> list[tuple[int, int, bytes]]:
        """Add one leaf; answers with the subtrees it completes as (level, position, hash), the leaf itself first."""
        position, level, node = self.size, 0, leaf_hash
        done = [(0, position, node)]
        while position & 1:
            node = of_node(self.edge.pop(), node, self.hasher)
            position >>= 1
            level += 1
            done.append((level, position, node))
        self.edge.append(node)
        self.size += 1
        return done

    def root(self) -> bytes:
        """The root of the tree as it is; of an empty one, the hash of nothing."""
        if not self.edge:
            return self.hasher(b"")
        node = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            node = of_node(left, node, self.hasher)
        return node


def root(leaves: Iterable[bytes], hasher: Hasher = sha256) -> bytes:
    """The root over the data of leaves."""
    growing = Range(hasher)
    for data in leaves:
        growing.append(of_leaf(data, hasher))
    return growing.root()


class Nodes(Protocol):
    """Where whole subtrees are found."""

    hasher: Hasher

    def node(self, level: int, position: int) -> bytes:
        """The root of the whole subtree with 2^level leaves that begins at leaf ``position`` · 2^level."""
        ...


class Leaves(Nodes):
    """Whole subtrees computed from leaves in memory."""

    def __init__(self, leaves: Sequence[bytes], hasher: Hasher = sha256) -> None:
        """Take the data of the leaves."""
        self.hasher = hasher
        self._known = {(0, i): of_leaf(data, hasher) for i, data in enumerate(leaves)}

    @override
    def node(self, level: int, position: int) -> bytes:
        if (level, position) not in self._known:
            left, right = self.node(level - 1, 2 * position), self.node(level - 1, 2 * position + 1)
            self._known[level, position] = of_node(left, right, self.hasher)
        return self._known[level, position]


def _span(nodes: Nodes, start: int, end: int) -> bytes:
    """The root over leaves ``start`` to ``end``; ``start`` is where a subtree of that size would begin."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes.node(level, start >> level)
    split = start + (1 << ((size - 1).bit_length() - 1))
    return of_node(_span(nodes, start, split), _span(nodes, split, end), nodes.hasher)


def inclusion(nodes: Nodes, position: int, size: int) -> list[bytes]:
    """The path that shows leaf ``position`` in the tree of ``size`` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= position < size:
        raise ValueError(f"leaf {position} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if position < split:
            path.append(_span(nodes, split, end))
            end = split
        else:
            path.append(_span(nodes, start, split))
            start = split
    path.reverse()
    return path


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``new`` leaves continues that of ``old`` (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves continues none of {old}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= split:
            path.append(_span(nodes, split, end))
            end = split
        else:
            path.append(_span(nodes, start, split))
            start, whole = split, False
    if not whole:
        path.append(_span(nodes, start, end))
    path.reverse()
    return path


def included(
    leaf_hash: bytes, position: int, size: int, path: Sequence[bytes], expected: bytes, hasher: Hasher = sha256
) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    at, last, node = position, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = of_node(sibling, node, hasher)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            node = of_node(node, sibling, hasher)
        at >>= 1
        last >>= 1
    return last == 0 and node == expected


def consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes], hasher: Hasher = sha256
) -> bool:
    """Whether the tree with ``new_root`` continues the one with ``old_root`` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at >>= 1
        last >>= 1
    before = after = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = of_node(sibling, before, hasher), of_node(sibling, after, hasher)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            after = of_node(after, sibling, hasher)
        at >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == new_root
