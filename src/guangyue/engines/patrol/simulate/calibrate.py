"""Fit what a city does not record (how long scenes and dispatch desks take) to what it does: busy crews, response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from guangyue.engines.patrol.simulate.errors import SimulateError
from guangyue.engines.patrol.simulate.habits import Habits, draw_calls
from guangyue.engines.patrol.simulate.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from guangyue.engines.patrol.simulate.scenario import City, Crews, Rule
    from guangyue.engines.patrol.simulate.simulate import Outcome

__all__ = ["DETROIT_2022", "Shapes", "calibrate"]

_LOW, _HIGH, _ROUNDS = 0.05, 40.0, 18


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """What to match.

    Attributes:
        busy: share of their time on duty that crews spend on calls.
        urgent_median_s: median from ring to arrival, priority 1.
        median_s: median from ring to arrival, all calls.
    """

    busy: float
    urgent_median_s: float
    median_s: float


DETROIT_2022: Final = Shapes(busy=0.5, urgent_median_s=606.0, median_s=936.0)
"""279,562 calls of 2022: median 15.6 min, priority 1 10.1 min (patrol figures collected for this project); the share of
busy time is a usual staffing figure, not theirs. A city puts in its own."""


def calibrate(
    city: City,
    crews: Crews,
    rule: Rule,
    habits: Habits,
    shapes: Shapes,
    per_day: float,
    *,
    seed: int = 0,
    calls: int = 20_000,
    tolerance: float = 0.02,
    tick: Callable[[float], None] | None = None,
) -> Habits:
    """Habits whose runs have these shapes: scene times for busy crews, desk times for the two medians.

    Each figure grows with its own scale, so each scale is found by bisection on the same drawn day; a second round
    settles what they do to each other.

    ``tick`` is called with the share that is done.

    Raises:
        SimulateError: ``simulate.shapes`` when a shape lies beyond what its scale can do (for instance a median below
            the bare driving time).
    """
    hours = float(crews.duty.mean()) * len(crews)

    scales = {"scene": 1.0, "urgent": 1.0, "other": 1.0}

    runs = 0

    def played(**changed: float) -> Outcome:
        nonlocal runs
        runs += 1
        if tick:
            tick(runs / (2 * 3 * _ROUNDS + 1))
        drawn = draw_calls(city, habits.scaled(**(scales | changed)), calls, per_day, seed=seed)
        return simulate(city, crews, drawn, rule)

    def busy(outcome: Outcome) -> float:
        return float(outcome.busy_ms.sum()) / (hours * float(outcome.calls.ring_ms[-1]))

    def urgent_median(outcome: Outcome) -> float:
        return float(np.median(outcome.response_ms[outcome.calls.priority == 1])) / 1000

    def median(outcome: Outcome) -> float:
        return float(np.median(outcome.response_ms)) / 1000

    for _ in range(2):
        scales["scene"] = _bisect(lambda x: busy(played(scene=x)), shapes.busy)
        scales["urgent"] = _bisect(lambda x: urgent_median(played(urgent=x)), shapes.urgent_median_s)
        scales["other"] = _bisect(lambda x: median(played(other=x)), shapes.median_s)
    final = played()
    reached = (
        ("busy", busy(final), shapes.busy),
        ("urgent_median_s", urgent_median(final), shapes.urgent_median_s),
        ("median_s", median(final), shapes.median_s),
    )
    for what, found, wanted in reached:
        if abs(found - wanted) > tolerance * wanted:
            raise SimulateError("simulate.shapes", what=what, found=found, wanted=wanted)
    return habits.scaled(**scales)


def _bisect(figure: Callable[[float], float], wanted: float) -> float:
    """The scale at which a growing figure takes a value, by halving on the logarithm; a bound when it never does."""
    low, high = np.log(_LOW), np.log(_HIGH)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        if figure(float(np.exp(middle))) < wanted:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))
