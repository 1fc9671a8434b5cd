"""Where posts and crews stand, all day or per slot: the tidal plan (潮汐布警), held out and gated.

A placement is a set of cells; a call is covered when one of them lies within reach. The standing placement is one for
all hours; per-slot placements follow the slot's own map, raw or shrunk towards the map of all hours. The gate lets a
per-slot placement replace the standing one only when held-out weeks say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from guangyue.engines.patrol.forecast.history import Floats, History, Ints
from guangyue.engines.patrol.forecast.predict import daily_rhythm
from guangyue.engines.patrol.forecast.share import Mixture
from guangyue.engines.patrol.gate import Verdict, judge

__all__ = ["Tidal", "place", "tidal"]

Placement = tuple[tuple[int, ...], ...]
"""Cells per slot."""
MEMORY = 730


@dataclass(slots=True)
class Tidal:
    """Share of calls covered, per way of planning and held-out window.

    Attributes:
        origins: first days of the windows.
        covered: way → one share per window.
        verdicts: what the gate said at each window, for the best per-slot way.
    """

    origins: list[int]
    covered: dict[str, list[float]] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)


def place(near: sparse.csr_array, demand: Floats, units: int) -> tuple[int, ...]:
    """Greedy maximal covering: within a fraction of a percent of the exact one, and quick enough for many windows.

    Args:
        near: cells × cells, whether a unit in the row's cell covers the column's.
        demand: calls per cell.
        units: how many to place.
    """
    left = demand.astype(np.float64).copy()
    chosen = []
    for _ in range(units):
        best = int(np.argmax(near @ left))
        chosen.append(best)
        left[near.indices[near.indptr[best] : near.indptr[best + 1]]] = 0.0
    return tuple(chosen)


def tidal(
    history: History, origins: Sequence[int], *, near: sparse.csr_array, units: int, horizon: int, mixture: Mixture | None,
    gate_windows: int = 26, tick: Callable[[int], None] | None = None,
) -> Tidal:  # fmt: skip
    """Plan before each origin in every way, and see how much of the following window was covered.

    Args:
        history: all events.
        origins: first days of the windows; each is planned from its past alone.
        near: who covers whom.
        units: posts and crews to place in each slot.
        horizon: days in a window.
        mixture: weights of a forecast learned before the first origin; None plans from two years' counts.
        gate_windows: how many windows the gate looks back on.
        tick: called with the number of windows done.
    """
    out = Tidal(list(origins))
    for done, origin in enumerate(origins, 1):
        plans = _plans(history, origin, near, units, mixture)
        seen = history.slot_counts(origin, origin + horizon)
        for way, plan in plans.items():
            out.covered.setdefault(way, []).append(score(near, plan, seen))
        verdict = judge(
            np.array(out.covered["standing"][-gate_windows - 1 : -1]),
            np.array(out.covered["per slot, shrunk"][-gate_windows - 1 : -1]),
        )
        out.verdicts.append(verdict)
        way = "per slot, shrunk" if verdict.answer == "propose" else "standing"
        out.covered.setdefault("gated", []).append(out.covered[way][-1])
        if tick:
            tick(done)
    return out


def score(near: sparse.csr_array, plan: Placement, seen: Floats) -> float:
    """The share of the calls that had someone within reach in their own slot."""
    caught = sum(seen[_covered(near, cells), s].sum() for s, cells in enumerate(plan))
    return float(caught / max(seen.sum(), 1.0))


def _covered(near: sparse.csr_array, cells: tuple[int, ...]) -> Ints:
    return np.unique(np.concatenate([near.indices[near.indptr[c] : near.indptr[c + 1]] for c in cells])).astype(
        np.int64
    )


def _plans(
    history: History, origin: int, near: sparse.csr_array, units: int, mixture: Mixture | None
) -> dict[str, Placement]:
    counts = history.slot_counts(origin - MEMORY, origin)
    share = counts.sum(axis=1) if mixture is None else mixture.share(history, origin)
    rhythm, _ = daily_rhythm(history, origin)
    shrunk = share[:, np.newaxis] * rhythm
    recent = history.slot_counts(origin - 28, origin)
    slots = range(history.slots)
    return {
        "standing": (place(near, share, units),) * history.slots,
        "per slot, raw": tuple(place(near, counts[:, s], units) for s in slots),
        "per slot, shrunk": tuple(place(near, shrunk[:, s], units) for s in slots),
        "per slot, last 28 days": tuple(place(near, recent[:, s], units) for s in slots),
    }
