"""Whether the stream still looks like what the model was trained on (漂移监测)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ALARM", "WATCH", "DriftWatch", "Reference", "psi"]

WATCH, ALARM = 0.1, 0.25
"""The usual reading of a population stability index: look from 0.1, act from 0.25."""
_BINS = 10
_FLOOR = 1e-4


def psi(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """The population stability index of two sets of counts over the same bins; 0 when either is empty."""
    if not expected.sum() or not found.sum():
        return 0.0
    e = np.maximum(expected / expected.sum(), _FLOOR)
    f = np.maximum(found / found.sum(), _FLOOR)
    return float(np.sum((f - e) * np.log(f / e)))


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """How each column was distributed in training.

    Attributes:
        edges: float64[columns, 9], inner edges; equal ones make empty bins. share: float64[columns, 11], weights of the
            ten bins and of missing values.
    """

    edges: NDArray[np.float64]
    share: NDArray[np.float64]

    @classmethod
    def of(cls, rows: NDArray[np.float64], weight: NDArray[np.float64]) -> Self:
        """The distribution of weighted rows, shape ``(n, columns)``."""
        columns = rows.shape[1]
        edges = np.full((columns, _BINS - 1), np.inf)
        for k in range(columns):
            there = ~np.isnan(rows[:, k])
            if there.any():
                order = np.argsort(rows[there, k])
                value, total = rows[there, k][order], np.cumsum(weight[there][order])
                at = np.searchsorted(total, total[-1] * np.arange(1, _BINS) / _BINS)
                edges[k] = value[np.minimum(at, len(value) - 1)]
        made = cls(edges, np.zeros((columns, _BINS + 1)))
        made.share[:] = made.counts(rows, weight)
        return made

    def counts(self, rows: NDArray[np.float64], weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """The weight of rows in each bin of each column."""
        out = np.zeros((rows.shape[1], _BINS + 1))
        for k in range(rows.shape[1]):
            bins = np.searchsorted(self.edges[k], rows[:, k], side="left")
            bins[np.isnan(rows[:, k])] = _BINS
            out[k] = np.bincount(bins, weights=weight, minlength=_BINS + 1)
        return out


class DriftWatch:
    """Counts what passes and compares it with the training data; nothing is stored but counts."""

    def __init__(self, reference: Reference, names: Sequence[str]) -> None:
        self.reference, self.names = reference, tuple(names)
        self._seen = np.zeros_like(reference.share)

    def add(self, rows: NDArray[np.float64]) -> None:
        """Takes the rows of some events; a sample of the stream is enough."""
        self._seen += self.reference.counts(rows)

    def report(self) -> list[tuple[str, float]]:
        """Each column's index, the most drifted first."""
        found = [(n, psi(e, s)) for n, e, s in zip(self.names, self.reference.share, self._seen, strict=True)]
        return sorted(found, key=lambda item: -item[1])

    def drifted(self, above: float = ALARM) -> list[str]:
        """The columns at or above an index."""
        return [name for name, value in self.report() if value >= above]

    def reset(self) -> None:
        """Begins a new period."""
        self._seen[:] = 0
