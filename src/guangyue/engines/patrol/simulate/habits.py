"""How calls arrive and what they take: the shapes measured in cities, and calls drawn from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from guangyue.engines.patrol.simulate.errors import SimulateError
from guangyue.engines.patrol.simulate.scenario import HOUR_MS, WEEK_HOURS, Calls, refuse, sized

if TYPE_CHECKING:
    import numpy.typing as npt

    from guangyue.engines.patrol.simulate.scenario import City

__all__ = ["DAY_SHAPE", "Habits", "draw_calls", "week_of_events"]

DAY_SHAPE: Final = (
    0.86, 0.74, 0.64, 0.56, 0.50, 0.48, 0.49, 0.62, 0.80, 0.92, 1.00, 1.06,
    1.12, 1.14, 1.18, 1.26, 1.34, 1.42, 1.46, 1.42, 1.34, 1.26, 1.14, 1.00,
)  # fmt: skip
"""Calls by hour against the mean: about three times as many at 18 h as at 6 h, as in the cities measured."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """The shapes of a city's calls. All times are seconds; spreads are those of the logarithm.

    Attributes:
        week: weights of the hours of the week, from Monday 00:00.
        shares: shares of priority 1, 2, 3.
        process_s: median time from the ring until a crew can be sent, by priority.
        process_spread: 0.42 puts the 90th percentile at 60 s when the median is 35 s (NFPA 1225: 60 s for 90 %).
        turnout_s: median from the order to the move, for crews at a post.
        turnout_spread: likewise 60 s for 90 % (NFPA 1710).
        scene_s: median at the scene with paperwork, by priority.
        scene_spread: long tails are the rule.
        drive_spread: how real drives scatter about the map's time.
        second: chance that a call needs a second crew, by priority.
        third: chance that it then needs a third.
        special: share of calls that need skill bit 2.
    """

    week: tuple[float, ...] = DAY_SHAPE * 7
    shares: tuple[float, float, float] = (0.25, 0.45, 0.30)
    process_s: tuple[float, float, float] = (35.0, 70.0, 120.0)
    process_spread: float = 0.42
    turnout_s: float = 35.0
    turnout_spread: float = 0.42
    scene_s: tuple[float, float, float] = (1500.0, 1200.0, 960.0)
    scene_spread: float = 0.7
    drive_spread: float = 0.12
    second: tuple[float, float, float] = (0.5, 0.15, 0.0)
    third: tuple[float, float, float] = (0.2, 0.0, 0.0)
    special: float = 0.0

    def __post_init__(self) -> None:
        week = np.asarray(self.week, np.float64)
        sized("week", week, WEEK_HOURS)
        refuse("week", week, ~(np.isfinite(week) & (week >= 0)), "finite and not below 0")
        if not week.sum() > 0:
            raise SimulateError("simulate.empty", what="weights of hours / 时段权重")
        for name in ("shares", "process_s", "scene_s", "second", "third"):
            values = np.asarray(getattr(self, name), np.float64)
            sized(name, values, 3)
            refuse(name, values, ~(np.isfinite(values) & (values >= 0)), "finite and not below 0")
        if not math.isclose(sum(self.shares), 1):
            raise SimulateError("simulate.value", what="shares", index=0, value=self.shares, why="their sum must be 1")

    def scaled(self, *, scene: float = 1.0, urgent: float = 1.0, other: float = 1.0) -> Habits:
        """The habits with longer or shorter scenes and processing."""
        one, two, three = self.process_s
        a, b, c = self.scene_s
        return replace(
            self, process_s=(one * urgent, two * other, three * other), scene_s=(a * scene, b * scene, c * scene)
        )


def draw_calls(
    city: City,
    habits: Habits,
    count: int,
    per_day: float,
    *,
    seed: int,
    nodes: npt.NDArray[np.int32] | None = None,
    nodes_at: npt.NDArray[np.int64] | None = None,
) -> Calls:
    """Calls as an inhomogeneous Poisson process over the hours of the week, places by their weight.

    Args:
        city: where.
        habits: how.
        count: how many.
        per_day: calls per day on the average of the week.
        seed: the same seed gives the same calls.
        nodes: street nodes of the places' surroundings, ragged by ``nodes_at``; calls are spread evenly over them.
        nodes_at: ``nodes[nodes_at[p]:nodes_at[p + 1]]`` belong to place ``p``; without them calls lie at the place.

    Raises:
        SimulateError: ``simulate.value`` for a count or rate that is not above 0.
    """
    for what, value in (("count", count), ("per_day", per_day)):
        if not value > 0:
            raise SimulateError("simulate.value", what=what, index=0, value=value, why="above 0")
    rng = np.random.default_rng(seed)
    ring = _arrivals(rng, np.asarray(habits.week, np.float64), count, per_day)
    place = rng.choice(city.places, count, p=city.weight / city.weight.sum()).astype(np.int32)
    priority = rng.choice(3, count, p=habits.shares).astype(np.uint8)
    second = rng.random(count) < np.asarray(habits.second)[priority]
    third = second & (rng.random(count) < np.asarray(habits.third)[priority])
    node = city.place_node[place]
    if nodes is not None and nodes_at is not None:
        room = nodes_at[place + 1] - nodes_at[place]
        pick = nodes_at[place] + np.minimum((rng.random(count) * room).astype(np.int64), np.maximum(room - 1, 0))
        node = np.where(room > 0, nodes[np.minimum(pick, len(nodes) - 1)], node).astype(np.int32)
    return Calls(
        ring_ms=ring, place=place, node=node, priority=priority + np.uint8(1),
        units=(1 + second + third).astype(np.uint8),
        skill=np.where(rng.random(count) < habits.special, 2, 0).astype(np.uint32),
        process_ms=_spread(rng, np.asarray(habits.process_s)[priority], habits.process_spread),
        turnout_ms=_spread(rng, np.full(count, habits.turnout_s), habits.turnout_spread),
        drive_permille=_spread(rng, np.ones(count), habits.drive_spread),
        scene_ms=_spread(rng, np.asarray(habits.scene_s)[priority], habits.scene_spread),
    )  # fmt: skip


def week_of_events(hour_of_week: npt.ArrayLike, *, prior: float = 20.0) -> tuple[float, ...]:
    """Weights of the hours of the week from real events, shrunk towards the same hour of all days.

    Args:
        hour_of_week: 0 (Monday 00 h) to 167 for each event.
        prior: events' worth of trust in the hour of all days.
    """
    hours = np.asarray(hour_of_week, np.int64)
    refuse("hour_of_week", hours, (hours < 0) | (hours >= WEEK_HOURS), "0 to 167")
    if not len(hours):
        raise SimulateError("simulate.empty", what="events / 事件")
    seen = np.bincount(hours, minlength=WEEK_HOURS).astype(np.float64)
    daily = np.tile(seen.reshape(7, 24).mean(axis=0), 7)
    return tuple((seen + prior * daily / max(daily.mean(), 1e-9)) / (1 + prior / max(daily.mean(), 1e-9)))


def _arrivals(
    rng: np.random.Generator, week: npt.NDArray[np.float64], count: int, per_day: float
) -> npt.NDArray[np.int64]:
    """Rings: unit-rate arrivals bent by the cumulative weight of the week's hours."""
    unit = np.cumsum(rng.exponential(1.0, count)) / (per_day * 7)
    whole = np.floor(unit)
    cumulative = np.concatenate([[0.0], np.cumsum(week)]) / week.sum()
    within = np.interp(unit - whole, cumulative, np.arange(WEEK_HOURS + 1, dtype=np.float64))
    return np.floor((whole * WEEK_HOURS + within) * HOUR_MS).astype(np.int64)


def _spread(rng: np.random.Generator, median: npt.NDArray[np.float64], spread: float) -> npt.NDArray[np.int32]:
    """Log-normal times in ms, cut at the 99.9th percentile."""
    bent = np.clip(rng.standard_normal(len(median)), -3.0, 3.0)
    return np.rint(np.minimum(median * np.exp(spread * bent) * 1000, 2**31 - 1)).astype(np.int32)
