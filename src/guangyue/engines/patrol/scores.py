"""How good a map of expected calls was: PAI and PEI curves, Poisson deviance, cover of the intervals.

PAI = (hits / all) / (area / city); PEI = PAI / the best PAI that area could have reached. One number without cell size
and area means nothing, so the curves are given with both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guangyue.engines.patrol.forecast.history import Floats, History, Ints

__all__ = ["Curve", "bootstrap", "curve", "deviance", "pei"]


@dataclass(frozen=True, slots=True)
class Curve:
    """PAI and PEI at each number of cells; ``area_m2`` is the size of that many cells."""

    cells: Ints
    area_m2: Floats
    hit_rate: Floats
    pai: Floats
    pei: Floats


def order(score: Floats, seed: int = 0) -> Ints:
    """Cells from the highest score down; ties in random order, so that no map gains by the order of its cells."""
    shuffled = np.random.default_rng(seed).permutation(len(score))
    return np.asarray(shuffled[np.argsort(-score[shuffled], kind="stable")], dtype=np.int64)


def pei(score: Floats, seen: Floats, cells: int) -> float:
    """The share of the attainable hits that the ``cells`` best cells caught; nan when nothing happened."""
    best = np.sort(seen)[::-1][:cells].sum()
    return float(seen[order(score)[:cells]].sum() / best) if best else float("nan")


def curve(score: Floats, seen: Floats, history: History, cells: Ints) -> Curve:
    """PAI and PEI of one map over one window."""
    caught = np.concatenate([[0.0], np.cumsum(seen[order(score)])])[cells]
    best = np.concatenate([[0.0], np.cumsum(np.sort(seen)[::-1])])[cells]
    rate = caught / max(seen.sum(), 1.0)
    return Curve(
        cells,
        np.asarray(cells * history.grid.area_m2, np.float64),
        rate,
        rate / (cells / len(seen)),
        caught / np.where(best > 0, best, 1.0),
    )


def deviance(expected: Floats, seen: Floats) -> float:
    """Poisson deviance of a whole map; an expectation of zero where something happened is infinitely wrong."""
    safe = np.maximum(expected, 1e-300)
    return float(
        2 * (np.where(seen > 0, seen * np.log(np.where(seen > 0, seen, 1.0) / safe), 0.0) - (seen - expected)).sum()
    )


def bootstrap(
    differences: Floats, *, draws: int = 10_000, seed: int = 0, coverage: float = 0.9
) -> tuple[float, float, float]:
    """Mean of paired differences and its central interval, resampling whole windows."""
    rng = np.random.default_rng(seed)
    means = differences[rng.integers(0, len(differences), (draws, len(differences)))].mean(axis=1)
    low, high = np.quantile(means, [(1 - coverage) / 2, (1 + coverage) / 2])
    return float(differences.mean()), float(low), float(high)
