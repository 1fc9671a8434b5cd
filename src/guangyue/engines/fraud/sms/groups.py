"""Groups of near-duplicate messages: one campaign must never stand in both training and test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from guangyue.engines.fraud.sms.text import normalise, profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["near_duplicates"]

_BITS = 20
_GRAM = 3
_BLOCK = 2_000


def near_duplicates(texts: Sequence[str], *, jaccard: float = 0.5) -> NDArray[np.int32]:
    """The group of each text: texts whose sets of 3-grams overlap by at least ``jaccard`` are joined, transitively.

    Messages shorter than three characters join when they are equal. Exact, by a sparse product in blocks: about 10 s
    for 14,000 messages.
    """
    plain = [normalise(t) for t in texts]
    padded = [t if len(t) >= _GRAM else t.center(_GRAM, "\0") for t in plain]
    _, buckets, starts = profiles(padded, shortest=_GRAM, longest=_GRAM, bits=_BITS)
    grams = sparse.csr_matrix((np.ones(len(buckets), np.float32), buckets, starts), shape=(len(texts), 1 << _BITS))
    size = np.diff(starts).astype(np.float32)
    rows, columns = [], []
    other = grams.T.tocsc()
    for first in range(0, len(texts), _BLOCK):
        common = (grams[first : first + _BLOCK] @ other).tocoo()
        left = common.row + first
        near = common.data >= jaccard * (size[left] + size[common.col] - common.data)
        rows.append(left[near])
        columns.append(common.col[near])
    if not rows:
        return np.empty(0, np.int32)
    row, column = np.concatenate(rows), np.concatenate(columns)
    links = sparse.coo_matrix((np.ones(len(row), bool), (row, column)), shape=(len(texts), len(texts)))
    groups: NDArray[np.int32] = connected_components(links, directed=False)[1].astype(np.int32)
    return groups
