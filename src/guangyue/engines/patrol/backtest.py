"""Forecasts of the past, each made from what was known then, beside the simple maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from guangyue.engines.patrol.baselines import BASELINES
from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast.history import Floats, History
from guangyue.engines.patrol.forecast.level import Factors
from guangyue.engines.patrol.forecast.predict import Settings, forecast, pit
from guangyue.engines.patrol.forecast.predict import total as total_of
from guangyue.engines.patrol.scores import curve, deviance, pei

__all__ = ["Backtest", "backtest"]

OURS = "forecast"
EVEN = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5)
"""Shares spread evenly over the city, of which every simple map gets the one that helps it most."""


@dataclass(slots=True)
class Backtest:
    """What each map reached in each window.

    Attributes:
        origins: first day of each window.
        horizon: days in a window.
        cells: number of cells at which PEI is quoted.
        pei: map → one value per window.
        deviance: map → one value per window.
        curve_cells: cells along the curves.
        curve_pai: map → mean PAI at each of them.
        curve_pei: map → mean PEI at each of them.
        cover: scale → share of outcomes inside the 90 % interval, whole counts split at random (see ``pit``).
        expected: calls forecast in each window.
        seen: calls that came.
    """

    origins: list[int]
    horizon: int
    cells: int
    pei: dict[str, list[float]] = field(default_factory=dict)
    deviance: dict[str, list[float]] = field(default_factory=dict)
    curve_cells: list[int] = field(default_factory=list)
    curve_pai: dict[str, Floats] = field(default_factory=dict)
    curve_pei: dict[str, Floats] = field(default_factory=dict)
    cover: dict[str, float] = field(default_factory=dict)
    expected: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)


def backtest(
    history: History, origins: Sequence[int], *, horizon: int, cells: int, factors: Factors | None = None,
    tick: Callable[[int], None] | None = None,
) -> Backtest:  # fmt: skip
    """Forecast every window and hold it against what came.

    Args:
        history: all events, also those after the origins: each forecast looks only at its past.
        origins: first days of the windows.
        horizon: days forecast.
        cells: number of cells for which PEI is quoted.
        factors: city-wide influences.
        tick: called with the number of windows done.

    Raises:
        PatrolError: when no window is given or one reaches beyond the last event.
    """
    if not origins:
        raise PatrolError("patrol.backtest.windows", "No window to test on: the calls cover too short a time.")
    if max(origins) + horizon - 1 > history.day[-1]:
        raise PatrolError(
            "patrol.backtest.future", "A test window reaches beyond the last call; its outcome is unknown."
        )
    out = Backtest(list(origins), horizon, cells)
    out.curve_cells = sorted({max(1, int(c)) for c in np.geomspace(1, max(len(history.grid) // 5, 2), 24)})
    at = np.array(out.curve_cells)
    curves: dict[str, list[tuple[Floats, Floats]]] = {}
    uniform: dict[str, list[Floats]] = {"cell": [], "area": [], "city": []}
    rng = np.random.default_rng(0)
    area = history.grid.area
    for done, origin in enumerate(origins, 1):
        seen = history.counts(origin, origin + horizon)
        predicted = forecast(history, origin, Settings(horizon=horizon), factors=factors)
        maps = {OURS: predicted.cells} | {name: make(history, origin, horizon) for name, make in BASELINES.items()}
        total = predicted.cells.sum()
        for name, score in maps.items():
            out.pei.setdefault(name, []).append(pei(score, seen, cells))
            out.deviance.setdefault(name, []).append(
                deviance(score, seen) if name == OURS else _deviance(score, total, seen)
            )
            c = curve(score, seen, history, at)
            curves.setdefault(name, []).append((c.pai, c.pei))
        for scale, e, s in (
            ("cell", predicted.cells, seen),
            ("area", predicted.areas(area), total_of(area, seen)),
            ("city", np.array([total]), seen.sum(keepdims=True)),
        ):
            uniform[scale].append(pit(s, e, predicted.dispersion[scale], rng))
        out.expected.append(float(total))
        out.seen.append(float(seen.sum()))
        if tick:
            tick(done)
    for name, pairs in curves.items():
        out.curve_pai[name] = np.mean([p for p, _ in pairs], axis=0)
        out.curve_pei[name] = np.mean([p for _, p in pairs], axis=0)
    low, high = 0.05, 0.95
    out.cover = {k: float(np.mean((u > low) & (u < high))) for k, v in uniform.items() for u in [np.concatenate(v)]}
    return out


def _deviance(score: Floats, total: float, seen: Floats) -> float:
    """Of a map of counts scaled to our total, with the even admixture that suits it best in hindsight.

    Without any, a cell never seen before would make every simple map infinitely wrong.
    """
    share = score / max(score.sum(), 1e-9)
    return min(deviance(total * ((1 - even) * share + even / len(share)), seen) for even in EVEN)
