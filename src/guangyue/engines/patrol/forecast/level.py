"""How many calls the whole city makes on a day: weekday, season, holidays, weather, and the recent level.

A Poisson regression with a log link (Newton steps, ridge), fading memory; afterwards the level of the last eight weeks
against the fit moves the forecast, as far as its own size warrants (gamma–Poisson).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast.history import Floats, History

__all__ = ["Factors", "Level", "fit_level"]

YEAR = 365.2425
MEMORY = 730.0
"""Half-life of a day's weight in the fit, in days."""
RECENT = 56
PRIOR = 400.0
"""Calls of the last eight weeks at which data and fit weigh the same: a level drifts some 5 % (1 / √400)."""
RIDGE = 1.0
LEAST_DAYS = 28
LARGEST = 20.0
"""The log rate is kept inside plus or minus this."""


@dataclass(frozen=True, slots=True)
class Factors:
    """City-wide influences known for past and coming days: holidays, rain, temperature, school terms.

    Attributes:
        values: name → (first day, one value per day). A day outside has the mean of the days inside: no influence.
    """

    values: dict[str, tuple[int, Floats]] = field(default_factory=dict)

    def spread(self, name: str, first: int, end: int) -> float:
        """The standard deviation of a factor on the days from ``first`` to before ``end``: the unit of its effect."""
        start, series = self.values[name]
        inside = series[max(first - start, 0) : max(end - start, 0)]
        return float(inside.std()) if len(inside) else 0.0

    def matrix(self, first: int, end: int, like: tuple[int, int] | None = None) -> Floats:
        """Days × factors, standardised by the days of ``like`` (the fit's own days)."""
        columns = []
        for name, (start, series) in self.values.items():
            if not np.isfinite(series).all():
                sentence = f"The factor {name!r} holds values that are not numbers."
                raise PatrolError("patrol.factors.values", sentence, factor=name)
            low, high = like or (first, end)
            inside = series[max(low - start, 0) : max(high - start, 0)]
            mean, spread = (inside.mean(), inside.std()) if len(inside) else (0.0, 0.0)
            day = np.arange(first, end) - start
            known = (day >= 0) & (day < len(series))
            value = np.where(known, series[np.clip(day, 0, len(series) - 1)] if len(series) else 0.0, mean)
            columns.append((value - mean) / spread if spread > 0 else np.zeros(end - first))
        return np.column_stack(columns) if columns else np.zeros((end - first, 0))


@dataclass(frozen=True, slots=True)
class Level:
    """A fitted level; ``days`` gives the expected calls of each coming day."""

    coefficient: Floats
    fitted: tuple[int, int]
    factors: Factors
    recent: float

    def days(self, first: int, end: int) -> Floats:
        """Expected calls per day from ``first`` to before ``end``."""
        return self.recent * self._plain(first, end)

    def _plain(self, first: int, end: int) -> Floats:
        return np.asarray(np.exp(_design(first, end, self.factors, self.fitted) @ self.coefficient))

    def effects(self) -> dict[str, tuple[float, float]]:
        """For each factor a step and what it multiplies the calls by: yes against no, or one standard deviation more.

        A factor that never varied has a step of zero and multiplies by one.
        """
        tail = self.coefficient[len(self.coefficient) - len(self.factors.values) :]
        out = {}
        for (name, (_, series)), c in zip(self.factors.values.items(), tail.tolist(), strict=True):
            spread = self.factors.spread(name, *self.fitted)
            if spread <= 0:
                out[name] = (0.0, 1.0)
            elif np.isin(series, (0.0, 1.0)).all():
                out[name] = (1.0, float(np.exp(c / spread)))
            else:
                out[name] = (spread, float(np.exp(c)))
        return out


def fit_level(history: History, origin: int, factors: Factors | None = None, *, years: float = 5.0) -> Level:
    """Fit on the days before ``origin``.

    Raises:
        PatrolError: with less than four weeks of history.
    """
    factors = factors or Factors()
    first = int(max(history.day[0] if len(history.day) else origin, origin - int(years * YEAR)))
    if origin - first < LEAST_DAYS:
        sentence = (
            f"Only {max(origin - first, 0)} days of calls lie before the forecast; at least {LEAST_DAYS} are needed."
        )
        raise PatrolError("patrol.forecast.short", sentence, days=origin - first)
    count = history.daily(first, origin)
    design = _design(first, origin, factors, (first, origin))
    weight = 0.5 ** ((origin - 1 - np.arange(first, origin)) / MEMORY)
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(np.average(count, weights=weight), 1e-3))
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 1e-6
    centre = beta.copy()
    for _ in range(30):
        rate = np.exp(np.clip(design @ beta, -LARGEST, LARGEST))
        gradient = design.T @ (weight * (count - rate)) - ridge * (beta - centre)
        hessian = (design * (weight * rate)[:, np.newaxis]).T @ design + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004 - far below any effect that matters
            break
    plain = Level(beta, (first, origin), factors, 1.0)
    begin = max(first, origin - RECENT)
    expected = plain.days(begin, origin).sum()
    seen = count[begin - first :].sum()
    return Level(beta, (first, origin), factors, float((seen + PRIOR) / (expected + PRIOR)))


def _design(first: int, end: int, factors: Factors, like: tuple[int, int]) -> Floats:
    """Days × (one, six weekdays, two harmonics of the year, factors). 1970-01-01 was a Thursday."""
    day = np.arange(first, end)
    weekday = (day + 3) % 7
    angle = 2 * np.pi * day / YEAR
    columns = [np.ones(len(day)), *((weekday == d).astype(float) - 1 / 7 for d in range(6))]
    if like[1] - like[0] > YEAR:
        columns += [f(k * angle) for k in (1, 2) for f in (np.sin, np.cos)]
    return np.column_stack([np.column_stack(columns), factors.matrix(first, end, like)])
