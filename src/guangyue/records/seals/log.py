"""The log in the database: which heads are sealed, and the subtrees that proofs need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from guangyue.records import chain
from guangyue.records.seals.merkle import Hasher, Nodes, Range, of_leaf, of_node, sha256, sm3

if TYPE_CHECKING:
    from guangyue.records.database import Db

__all__ = ["KEPT_LEVEL", "Log", "edge", "grow"]

KEPT_LEVEL = 8
"""Whole subtrees of 2^8 leaves and more are kept; smaller ones are computed from their leaves."""


class Log(Nodes):
    """The sealed log as a source of subtrees, read as needed."""

    def __init__(self, db: Db, *, use_sm3: bool = False) -> None:
        """Read from ``db``; with SHA-256, or with SM3 where the seals carry an SM3 root too."""
        self._db = db
        self._column = "sm3" if use_sm3 else "hash"
        self.hasher: Hasher = sm3 if use_sm3 else sha256
        self._known: dict[tuple[int, int], bytes] = {}

    @override
    def node(self, level: int, position: int) -> bytes:
        key = (level, position)
        if key not in self._known:
            if level >= KEPT_LEVEL:
                self._known[key] = self._kept(level, position)
            elif level == 0:
                self._read_leaves(position >> KEPT_LEVEL << KEPT_LEVEL)
            else:
                left, right = self.node(level - 1, 2 * position), self.node(level - 1, 2 * position + 1)
                self._known[key] = of_node(left, right, self.hasher)
        return self._known[key]

    def _kept(self, level: int, position: int) -> bytes:
        found = self._db.execute(
            f"select {self._column} from seal_node where level = %s and position = %s",  # noqa: S608 - one of two names
            [level, position],
        ).fetchone()
        if found is None or found[0] is None:
            raise LookupError(f"the log has no subtree {level}/{position}")
        return bytes(found[0])

    def _read_leaves(self, start: int) -> None:
        rows = self._db.execute(
            "select position, chain, seq, head from seal_leaf where position between %s and %s order by position",
            [start, start + (1 << KEPT_LEVEL) - 1],
        )
        for position, name, seq, head in rows:
            self._known[0, position] = of_leaf(chain.leaf(name, seq, head), self.hasher)


def edge(log: Log, size: int) -> Range:
    """The growing edge of the tree of ``size`` leaves."""
    roots, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            roots.append(log.node(level, start >> level))
            start += 1 << level
    return Range(log.hasher, size, roots)


def grow(db: Db, edges: list[Range], leaves: list[tuple[str, int, bytes]]) -> None:
    """Append leaves to the log and keep the subtrees they complete.

    Args:
        db: in the sealing transaction.
        edges: the SHA-256 edge, and the SM3 edge where it is wanted; both grow.
        leaves: chain, seq and head of each.
    """
    first = edges[0].size
    nodes: dict[tuple[int, int], list[bytes | None]] = {}
    with db.cursor() as cursor:
        with cursor.copy("copy seal_leaf (position, chain, seq, head) from stdin") as copy:
            for position, (name, seq, head) in enumerate(leaves, first):
                copy.write_row((position, name, seq, head))
        for which, growing in enumerate(edges):
            for name, seq, head in leaves:
                for level, position, node in growing.append(of_leaf(chain.leaf(name, seq, head), growing.hasher)):
                    if level >= KEPT_LEVEL:
                        nodes.setdefault((level, position), [None, None])[which] = node
        with cursor.copy("copy seal_node (level, position, hash, sm3) from stdin") as copy:
            for (level, position), (one, other) in nodes.items():
                copy.write_row((level, position, one, other))
