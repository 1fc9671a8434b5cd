"""Boosted trees as flat arrays: the same values as LightGBM's own, without its cost per call.

LightGBM's ``predict`` needs about 100 µs to begin; a walk through a few hundred small trees needs a few. Nodes of all
trees lie in one table, children of a node ``k`` being rows of it, leaves coded as ``-(leaf + 1)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Trees"]

_MISSING = {"None": 0, "Zero": 1, "NaN": 2}
_AS_ZERO = 1e-35
"""LightGBM counts a value this close to zero as zero."""


@numba.njit(cache=True, nogil=True, fastmath=False)
def _sums(
    rows: NDArray[np.float64], roots: NDArray[np.int32], feature: NDArray[np.int32], threshold: NDArray[np.float64],
    child: NDArray[np.int32], rule: NDArray[np.int8], leaf: NDArray[np.float64], out: NDArray[np.float64],
) -> None:  # fmt: skip
    """The sum of the leaves each row falls into; ``rule`` is 2 × missing kind + default left."""
    for row in range(len(rows)):
        total = 0.0
        for tree in range(len(roots)):
            node = roots[tree]
            while node >= 0:
                value = rows[row, feature[node]]
                kind = rule[node] >> 1
                if np.isnan(value) and kind != 2:  # noqa: PLR2004 - NaN
                    value = 0.0
                missing = (kind == 2 and np.isnan(value)) or (kind == 1 and abs(value) <= _AS_ZERO)  # noqa: PLR2004
                left = (rule[node] & 1) == 1 if missing else value <= threshold[node]
                node = child[node, 0] if left else child[node, 1]
            total += leaf[-node - 1]
        out[row] = total


@numba.njit(cache=True, nogil=True)
def _shares(
    row: NDArray[np.float64], roots: NDArray[np.int32], feature: NDArray[np.int32], threshold: NDArray[np.float64],
    child: NDArray[np.int32], rule: NDArray[np.int8], leaf: NDArray[np.float64], inner: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:  # fmt: skip
    """Adds to each feature what the walk gained or lost at its splits (Saabas)."""
    for tree in range(len(roots)):
        node = roots[tree]
        while node >= 0:
            value = row[feature[node]]
            kind = rule[node] >> 1
            if np.isnan(value) and kind != 2:  # noqa: PLR2004 - NaN
                value = 0.0
            missing = (kind == 2 and np.isnan(value)) or (kind == 1 and abs(value) <= _AS_ZERO)  # noqa: PLR2004
            left = (rule[node] & 1) == 1 if missing else value <= threshold[node]
            following = child[node, 0] if left else child[node, 1]
            after = inner[following] if following >= 0 else leaf[-following - 1]
            out[feature[node]] += after - inner[node]
            node = following


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """All trees of a model.

    Attributes:
        roots: int32[trees], the first node of each, or a coded leaf. feature: int32[nodes]. threshold: float64[nodes].
        child: int32[nodes, 2], left (``value <= threshold``) and right. rule: int8[nodes], 2 × missing kind + default left.
        leaf: float64[leaves]. inner: float64[nodes], the value a node would give as a leaf.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    child: NDArray[np.int32]
    rule: NDArray[np.int8]
    leaf: NDArray[np.float64]
    inner: NDArray[np.float64]

    @classmethod
    def of(cls, booster: Any) -> Self:  # noqa: ANN401 - a lightgbm.Booster, which has no types
        """The trees of a LightGBM booster with numeric splits.

        Raises:
            ValueError: when a split is categorical or linear leaves are used.
        """
        nodes: list[tuple[int, float, int, float]] = []
        child: list[list[int]] = []
        leaves: list[float] = []

        def put(node: Mapping[str, Any]) -> int:
            if "leaf_value" in node:
                leaves.append(float(node["leaf_value"]))
                return -len(leaves)
            if node["decision_type"] != "<=":
                raise ValueError("only numeric splits can be flattened")
            here = len(nodes)
            rule = 2 * _MISSING[node["missing_type"]] + int(bool(node["default_left"]))
            nodes.append((int(node["split_feature"]), float(node["threshold"]), rule, float(node["internal_value"])))
            child.append([0, 0])
            child[here] = [put(node["left_child"]), put(node["right_child"])]
            return here

        roots = [put(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
        return cls(
            np.array(roots, np.int32), np.array([n[0] for n in nodes], np.int32), np.array([n[1] for n in nodes]),
            np.array(child, np.int32).reshape(-1, 2), np.array([n[2] for n in nodes], np.int8), np.array(leaves),
            np.array([n[3] for n in nodes]),
        )  # fmt: skip

    def raw(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The raw score (log-odds before calibration) of each row, shape ``(n, features)``."""
        out = np.empty(len(rows))
        _sums(rows, self.roots, self.feature, self.threshold, self.child, self.rule, self.leaf, out)
        return out

    def shares(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much each feature moved the raw score of one row."""
        out = np.zeros(len(row))
        _shares(row, self.roots, self.feature, self.threshold, self.child, self.rule, self.leaf, self.inner, out)
        return out
