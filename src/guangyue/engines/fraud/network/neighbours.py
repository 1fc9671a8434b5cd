"""What the labelled neighbours of a number say, without ever looking at a label that should be unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse  # type: ignore[import-untyped]

__all__ = ["neighbour_share", "undirected"]

_PRIOR_WEIGHT = 0.01


def undirected(adjacency: sparse.spmatrix) -> sparse.csr_matrix:
    """The graph as symmetric 0/1 without loops.

    Many published graphs store one triangle only; row sums of such a triangle would tell the row's place in the file.
    """
    both = (adjacency + adjacency.T).tocsr()
    both.setdiag(0)
    both.eliminate_zeros()
    both.data = np.ones_like(both.data, dtype=np.float64)
    return both


def neighbour_share(
    graph: sparse.csr_matrix, labels: NDArray[np.int_], known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """For each node: its degree, the share of fraud among its known neighbours, plain and weighted by 1/√degree.

    Args:
        graph: from :func:`undirected`; no loops, so a node's own label never reaches its own features.
        labels: 0 or 1 per node; read only where ``known``.
        known: which labels may be used: the training rows.

    Returns:
        Shape ``(nodes, 3)``. Without known neighbours the share is the base rate of the known labels.
    """
    degree = np.asarray(graph.sum(axis=1)).ravel()
    fraud = np.where(known, labels, 0).astype(np.float64)
    base = float(fraud.sum() / max(1, known.sum()))
    columns = [degree]
    for weight in (np.ones_like(degree), 1.0 / np.sqrt(np.maximum(degree, 1.0))):
        bad = graph @ (fraud * weight)
        all_ = graph @ (known * weight)
        columns.append((bad + base * _PRIOR_WEIGHT) / (all_ + _PRIOR_WEIGHT))
    return np.column_stack(columns)
