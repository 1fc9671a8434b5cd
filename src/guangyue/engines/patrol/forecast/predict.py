"""The forecast: level × share × slot, scheduled demand on top, and intervals that were measured, not assumed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import special, stats  # type: ignore[import-untyped]

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast.history import Floats, History, Ints
from guangyue.engines.patrol.forecast.level import Factors, Level, fit_level
from guangyue.engines.patrol.forecast.share import Mixture, fit_mixture
from guangyue.law.text import Text

__all__ = ["Forecast", "Scheduled", "Settings", "forecast", "interval", "pit", "total"]

SLOT_MEMORY = 730.0
STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Candidate weights, in calls, of the larger area's daily rhythm against the cell's own."""
SPREADS = np.concatenate([[0.0], np.geomspace(1e-4, 2.0, 60)])
"""Candidate over-dispersions φ of the negative binomial: variance = mean + φ · mean²."""
FEW_CALLS = 200
"""Under so many calls in the two years before, ranking cells is ranking noise."""
FEW = Text(
    "两年内只有{seen}起警情：单个网格的高低只是偶然，请看片区。",
    "Only {seen} calls in the last two years: the map of single cells is noise, use the areas.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """Demand known in advance: a night market, a school's end, a concert (夜市、学校、大型活动).

    Attributes:
        name: for the explanation.
        cell: index of the cell.
        slot: index of the slot.
        days: days since 1970-01-01 on which it takes place.
        calls: expected calls on each of these days, beyond the usual.
    """

    name: str
    cell: int
    slot: int
    days: tuple[int, ...]
    calls: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a forecast is made for and how far it looks back."""

    horizon: int = 7
    windows: int = 13
    window: int = 28
    dispersion_windows: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Expected calls over the horizon.

    Attributes:
        origin: first day forecast.
        horizon: number of days.
        expected: cells × slots.
        dispersion: φ for one cell, one area, the whole city: variance = mean + φ · mean².
        level: the city's fitted level.
        mixture: what the shares were made of.
        strengths: calls that the area's rhythm weighs in a cell, the city's in an area.
        warnings: what a reader must know before acting on it.
    """

    origin: int
    horizon: int
    expected: Floats
    dispersion: dict[str, float]
    level: Level
    mixture: Mixture
    strengths: tuple[float, float]
    warnings: tuple[Text, ...] = field(default=())

    @property
    def cells(self) -> Floats:
        """Expected calls per cell over all slots."""
        return np.asarray(self.expected.sum(axis=1))

    def areas(self, area: Ints) -> Floats:
        """Expected calls per area over all slots."""
        return total(area, self.cells)


def forecast(
    history: History, origin: int, settings: Settings | None = None, *, factors: Factors | None = None,
    scheduled: tuple[Scheduled, ...] = (),
) -> Forecast:  # fmt: skip
    """Forecast the calls per cell and slot on ``settings.horizon`` days from ``origin``; later events are not looked at.

    Raises:
        PatrolError: with less than four weeks of history, or scheduled demand off the grid.
    """
    settings = settings or Settings()
    end = origin + settings.horizon
    level = fit_level(history, origin, factors)
    first = int(history.day[0])
    windows = int(max(1, min(settings.windows, (origin - first) // settings.window - 1)))
    mixture = fit_mixture(history, origin, window=settings.window, windows=windows)
    share = mixture.share(history, origin)
    rhythm, strengths = daily_rhythm(history, origin)
    expected = level.days(origin, end).sum() * share[:, np.newaxis] * rhythm
    for event in scheduled:
        if not (0 <= event.cell < len(share) and 0 <= event.slot < history.slots and event.calls >= 0):
            sentence = f"The scheduled demand {event.name!r} lies off the grid or is negative."
            raise PatrolError("patrol.scheduled", sentence, name=event.name)
        expected[event.cell, event.slot] += event.calls * sum(origin <= day < end for day in event.days)
    warnings = []
    seen = history.counts(origin - int(SLOT_MEMORY), origin).sum()
    if seen < FEW_CALLS:
        warnings.append(FEW.format(seen=f"{seen:.0f}"))
    return Forecast(
        origin=origin, horizon=settings.horizon, expected=expected, strengths=strengths, level=level, mixture=mixture,
        dispersion=dispersions(history, origin, mixture, level, settings), warnings=tuple(warnings),
    )  # fmt: skip


def total(area: Ints, values: Floats) -> Floats:
    """The sum of the values in each area."""
    return np.bincount(area, weights=values).astype(np.float64)


def daily_rhythm(history: History, origin: int) -> tuple[Floats, tuple[float, float]]:
    """Cells × slots, the share of a cell's calls in each slot: the cell's own shrunk to its area's, that to the city's."""
    count = history.slot_counts(origin - int(SLOT_MEMORY), origin)
    if history.slots == 1:
        return np.ones_like(count), (0.0, 0.0)
    area = history.grid.area
    by_area = np.stack([total(area, count[:, s]) for s in range(history.slots)], axis=1)
    city = (count.sum(axis=0) + 1.0) / (count.sum() + history.slots)
    of_area, outer = _shrunk(by_area, np.broadcast_to(city, by_area.shape))
    of_cell, inner = _shrunk(count, of_area[area])
    return of_cell, (inner, outer)


def _shrunk(count: Floats, towards: Floats) -> tuple[Floats, float]:
    """Dirichlet–multinomial shrinkage with the strength of highest likelihood."""
    used = count.sum(axis=1) > 0
    seen, centre = count[used], towards[used]

    def likelihood(strength: float) -> float:
        prior = strength * centre
        one = special.gammaln(seen + prior) - special.gammaln(prior)
        whole = special.gammaln(seen.sum(axis=1) + strength) - special.gammaln(strength)
        return float(one.sum() - whole.sum())

    best = max(STRENGTHS, key=likelihood) if used.any() else STRENGTHS[-1]
    return (count + best * towards) / (count.sum(axis=1, keepdims=True) + best), best


def dispersions(history: History, origin: int, mixture: Mixture, level: Level, settings: Settings) -> dict[str, float]:
    """φ for cell, area and city, from how far windows of the same length before ``origin`` fell from their forecasts.

    The level is fitted anew for each window, from what came before it; the mixture's few weights are those of today.
    """
    step = settings.window * -(-settings.horizon // settings.window)
    pairs: dict[str, list[tuple[Floats, Floats]]] = {"cell": [], "area": [], "city": []}
    for k in range(1, settings.dispersion_windows + 1):
        begin = origin - step * k
        if begin - int(history.day[0]) < max(2 * settings.window, step):
            break
        level_then = fit_level(history, begin, level.factors)
        expected = level_then.days(begin, begin + settings.horizon).sum() * mixture.share(history, begin)
        seen = history.counts(begin, begin + settings.horizon)
        pairs["cell"].append((expected, seen))
        area = history.grid.area
        pairs["area"].append((total(area, expected), total(area, seen)))
        pairs["city"].append((expected.sum(keepdims=True), seen.sum(keepdims=True)))
    return {scale: _dispersion(rows) for scale, rows in pairs.items()}


def _dispersion(pairs: list[tuple[Floats, Floats]]) -> float:
    """The over-dispersion of highest likelihood; cautious (the 5 % level) when no window could be looked at."""
    if not pairs:
        return 0.0025
    expected = np.maximum(np.concatenate([e for e, _ in pairs]), 1e-9)
    seen = np.concatenate([s for _, s in pairs])

    def likelihood(phi: float) -> float:
        if phi == 0.0:
            return float(stats.poisson.logpmf(seen, expected).sum())
        size = 1 / phi
        return float(stats.nbinom.logpmf(seen, size, size / (size + expected)).sum())

    return float(max(SPREADS, key=likelihood))


def interval(expected: Floats, phi: float, coverage: float = 0.9) -> tuple[Floats, Floats]:
    """The central interval of the negative binomial (Poisson when φ is zero), bounds included."""
    low, high = (1 - coverage) / 2, (1 + coverage) / 2
    if phi == 0.0:
        return stats.poisson.ppf(low, expected), stats.poisson.ppf(high, expected)
    size = 1 / phi
    chance = size / (size + np.asarray(expected))
    return stats.nbinom.ppf(low, size, chance), stats.nbinom.ppf(high, size, chance)


def pit(seen: Floats, expected: Floats, phi: float, rng: np.random.Generator) -> Floats:
    """Randomised probability integral transform: uniform on 0..1 when the intervals are right, whole counts included."""
    size = 1 / max(phi, 1e-9)
    chance = size / (size + np.asarray(expected))
    below, up_to = stats.nbinom.cdf(seen - 1, size, chance), stats.nbinom.cdf(seen, size, chance)
    return np.asarray(below + rng.random(len(seen)) * (up_to - below))
