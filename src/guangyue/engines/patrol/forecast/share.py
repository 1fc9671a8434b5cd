"""Which share of the city's calls falls into each cell: hierarchical shrinkage with weights that are learned.

The gamma–Poisson estimate of a cell's rate pulls its own count towards its neighbourhood's rate, a linear mixture of
the two. We mix several memories of the cell itself (45 days to four years) with three sizes of neighbourhood and the
whole city, and learn the weights by maximum likelihood on windows that came after the counts (EM for mixture weights:
convex, no step size, weights sum to one). Busy cells earn other weights than quiet ones, so each stratum has its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guangyue.engines.patrol.forecast.history import Floats, History, Ints

__all__ = ["NAMES", "Mixture", "fit_mixture", "views"]

HALF_LIVES = (45.0, 180.0, 365.0, 730.0, 1460.0)
NEIGHBOURHOODS = (150.0, 300.0, 600.0)
STRATA = (0.01, 0.05, 0.2)
"""Cells are ranked by long memory; the busiest 1 %, the next 4 %, the next 15 % and the rest learn apart."""
ROUNDS = 100

NAMES = (*(f"cell, half-life {h:g} d" for h in HALF_LIVES), *(f"within {m:g} m" for m in NEIGHBOURHOODS), "whole city")


@dataclass(frozen=True, slots=True)
class Mixture:
    """Weights per stratum (rows) and view (columns, named by :data:`NAMES`), and each stratum's share of all calls."""

    weight: Floats
    stratum_share: Floats

    def share(self, history: History, origin: int) -> Floats:
        """Each cell's share of the city's calls after ``origin``; sums to one."""
        matrix = views(history, origin)
        strata = _strata(history, origin)
        out = np.zeros(matrix.shape[1])
        for g in range(len(self.weight)):
            inside = strata == g
            if inside.any():
                out[inside] = self.stratum_share[g] * (self.weight[g] @ _normal(matrix[:, inside]))
        return np.asarray(out / out.sum())


def views(history: History, origin: int) -> Floats:
    """Views × cells: each looks at the past before ``origin`` in its own way."""
    longest = HALF_LIVES[-1]
    return np.stack([
        *(history.fading(origin, h) for h in HALF_LIVES),
        *(history.spread(origin, longest, m) for m in NEIGHBOURHOODS),
        np.ones(len(history.grid)),
    ])  # fmt: skip


def fit_mixture(history: History, origin: int, *, window: int = 28, windows: int = 13) -> Mixture:
    """Learn the weights on the windows of days before ``origin``, each forecast from what came before it."""
    origins = [origin - window * k for k in range(1, windows + 1)]
    groups = len(STRATA) + 1
    weight = np.zeros((groups, len(NAMES)))
    seen = np.zeros(groups)
    past = [(views(history, o), _strata(history, o), history.counts(o, o + window)) for o in origins]
    for g in range(groups):
        parts = [(_normal(matrix[:, strata == g]), count[strata == g]) for matrix, strata, count in past]
        seen[g] = sum(count.sum() for _, count in parts) + 0.5
        weight[g] = _weights(np.concatenate([m for m, _ in parts], axis=1), np.concatenate([c for _, c in parts]))
    return Mixture(weight, seen / seen.sum())


def _normal(matrix: Floats) -> Floats:
    """Every view as shares; a view that saw nothing here says nothing: even shares."""
    total = matrix.sum(axis=1, keepdims=True)
    even = np.full_like(matrix, 1 / max(matrix.shape[1], 1))
    return np.where(total > 0, matrix / np.where(total > 0, total, 1.0), even)


def _weights(matrix: Floats, count: Floats) -> Floats:
    """Mixture weights of highest likelihood, starting from (and slightly held to) equal ones."""
    weight = np.full(len(matrix), 1 / len(matrix))
    hit = count > 0
    matrix, count = matrix[:, hit], count[hit]
    if not len(count):
        return weight
    for _ in range(ROUNDS):
        weight = weight * (matrix @ (count / (weight @ matrix))) + 0.01
        weight /= weight.sum()
    return weight


def _strata(history: History, origin: int) -> Ints:
    """The stratum of each cell, from its rank in long memory and close neighbourhood."""
    busy = history.fading(origin, HALF_LIVES[-1]) + 0.2 * history.spread(origin, HALF_LIVES[-1], NEIGHBOURHOODS[0])
    rank = np.empty(len(busy), np.int64)
    rank[np.argsort(-busy, kind="stable")] = np.arange(len(busy))
    return np.asarray(np.digitize(rank, [int(cut * len(busy)) for cut in STRATA]), dtype=np.int64)
