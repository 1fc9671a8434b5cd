"""The maps a forecast must beat, each one line of thought: counts, last quarter, last year's window, kernel density."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from guangyue.engines.patrol.forecast.history import Floats, History

__all__ = ["BASELINES"]


def _counts(days: int) -> Callable[[History, int, int], Floats]:
    return lambda history, origin, _horizon: history.counts(origin - days, origin)


def _same_window_last_year(history: History, origin: int, horizon: int) -> Floats:
    return history.counts(origin - 365, origin - 365 + horizon)


def _density(metres: float) -> Callable[[History, int, int], Floats]:
    def density(history: History, origin: int, _horizon: int) -> Floats:
        key = (f"density{metres:g}", origin)
        if key not in history._views:  # noqa: SLF001 - the same cache of views on the past
            history._views[key] = np.asarray(history.grid.kernel(metres) @ history.counts(origin - 730, origin))  # noqa: SLF001
        return history._views[key]  # noqa: SLF001

    return density


BASELINES: dict[str, Callable[[History, int, int], Floats]] = {
    "count, 2 years": _counts(730),
    "count, 1 year": _counts(365),
    "kernel density, 100 m": _density(100.0),
    "last 90 days": _counts(90),
    "same window last year": _same_window_last_year,
}
"""Name → (history, origin, horizon) ↦ score per cell; only events before the origin are used."""
