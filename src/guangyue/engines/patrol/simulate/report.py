"""What a run says: response by priority, the 1-3-5 tiers, who waited, how busy crews were; each with an interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from guangyue.engines.patrol.simulate.scenario import HOUR_MS, TIER_S

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from guangyue.engines.patrol.simulate.simulate import Outcome

__all__ = ["interval", "report"]

_BATCHES: Final = 20
_FEW: Final = 40


def report(outcome: Outcome, *, level: float = 0.9) -> dict[str, Any]:
    """The figures of a run. Times in seconds from the first ring; never a mean alone, always percentiles beside it.

    Args:
        outcome: the run.
        level: confidence of the intervals, by batch means over equal stretches of time, so that calls which queue
            together do not count as independent.
    """
    calls, city = outcome.calls, outcome.city
    response = outcome.response_ms / 1000
    answered = outcome.arrival_ms[:, 0] >= 0
    batch = _batches(calls.ring_ms)
    span = max(int(calls.ring_ms[-1]) + 1, 1)
    site = city.site[calls.place]
    waited = outcome.sent_ms[:, 0] - calls.ring_ms - calls.process_ms

    def told(rows: npt.NDArray[np.bool_]) -> dict[str, Any]:
        return _times(response[rows & answered], batch[rows & answered], level)

    everyone = np.ones(len(calls), np.bool_)
    return {
        "calls": len(calls),
        "days": round(span / (24 * HOUR_MS), 2),
        "unanswered": int((~answered).sum()),
        "response_s": told(everyone),
        "by_priority": {str(p): told(calls.priority == p) for p in np.unique(calls.priority).tolist()},
        "by_block": {str(b): told(city.block[calls.place] == b) for b in np.unique(city.block).tolist()},
        "tiers": {str(k): _tier(outcome, site == k, k, batch, level) for k in np.unique(site).tolist()},
        "queued_share": _share(waited > 0, batch, level),
        "drive_s": _times(_drives(outcome)[answered], batch[answered], level),
        "busy": [round(float(b) / span, 4) for b in outcome.busy_ms],
        "busy_mean": round(float(outcome.busy_ms.mean()) / span, 4),
        "calls_by_hour": np.bincount(calls.ring_ms // HOUR_MS % 24, minlength=24).tolist(),
    }


def interval(
    values: npt.NDArray[np.float64],
    batch: npt.NDArray[np.int64],
    figure: Callable[[npt.NDArray[np.float64]], np.floating[Any] | float],
    level: float,
) -> dict[str, float | None]:
    """A figure with its interval by batch means; none where batches are too small to say."""
    if not len(values):
        return {"value": None, "low": None, "high": None}
    value = float(figure(values))
    sizes = np.bincount(batch, minlength=_BATCHES)
    parts = [float(figure(values[batch == b])) for b in np.flatnonzero(sizes)]
    if len(parts) < _BATCHES or sizes.min() < _FEW:
        return {"value": round(value, 4), "low": None, "high": None}
    half = float(stats.t.ppf((1 + level) / 2, len(parts) - 1) * np.std(parts, ddof=1) / np.sqrt(len(parts)))
    return {"value": round(value, 4), "low": round(value - half, 4), "high": round(value + half, 4)}


def _share(met: npt.NDArray[np.bool_], batch: npt.NDArray[np.int64], level: float) -> dict[str, float | None]:
    """A share with its interval, which ends at none and at all."""
    found = interval(met.astype(float), batch, np.mean, level)
    return {name: None if v is None else min(max(v, 0.0), 1.0) for name, v in found.items()}


def _batches(ring: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Equal stretches of time."""
    return np.minimum(ring * _BATCHES // max(int(ring[-1]) + 1, 1), _BATCHES - 1)


def _times(values: npt.NDArray[np.float64], batch: npt.NDArray[np.int64], level: float) -> dict[str, Any]:
    figures: dict[str, Callable[[npt.NDArray[np.float64]], np.floating[Any] | float]] = {
        "mean": np.mean,
        "median": np.median,
        "p90": lambda v: np.percentile(v, 90),
        "p95": lambda v: np.percentile(v, 95),
    }
    return {"calls": len(values)} | {name: interval(values, batch, f, level) for name, f in figures.items()}


def _tier(
    outcome: Outcome, rows: npt.NDArray[np.bool_], site: int, batch: npt.NDArray[np.int64], level: float
) -> dict[str, Any]:
    """How a class of sites did: its own target for the first crew, and the wider rings for the second and third."""
    ring = outcome.calls.ring_ms
    within = [seconds for k, seconds in TIER_S.items() if k >= site]
    answer: dict[str, Any] = {"target_s": within[0]}
    for k, seconds in enumerate(within):
        asked = rows & (outcome.calls.units > k)
        met = (outcome.arrival_ms[:, k] >= 0) & (outcome.arrival_ms[:, k] - ring <= seconds * 1000)
        name = ("first", "second", "third")[k]
        answer[f"{name}_within_{seconds}_s"] = _share(met[asked], batch[asked], level)
    answer["first_by_tier"] = _counts(outcome.crews.tier[outcome.first_crew[rows]])
    return answer | _times(outcome.response_ms[rows] / 1000, batch[rows], level)


def _drives(outcome: Outcome) -> npt.NDArray[np.float64]:
    """From the order to the arrival of the crew that came first, turnout included, seconds."""
    first = (outcome.crew == outcome.first_crew[:, None]).argmax(axis=1)
    sent = outcome.sent_ms[np.arange(len(first)), first]
    return np.asarray((outcome.arrival_ms[:, 0] - sent) / 1000, np.float64)


def _counts(values: npt.NDArray[np.uint8]) -> dict[str, int]:
    kinds, counts = np.unique(values, return_counts=True)
    return {str(k): int(c) for k, c in zip(kinds.tolist(), counts.tolist(), strict=True)}
