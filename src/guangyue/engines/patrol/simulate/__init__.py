"""The patrol simulator (巡防推演): calls against crews, rounds and a dispatch rule, as discrete events."""

from __future__ import annotations

from guangyue.engines.patrol.simulate.errors import SimulateError
from guangyue.engines.patrol.simulate.scenario import TIER_S, Calls, City, Crews, Rule, Track
from guangyue.engines.patrol.simulate.simulate import Outcome, simulate, simulate_plainly

__all__ = [
    "TIER_S",
    "Calls",
    "City",
    "Crews",
    "Outcome",
    "Rule",
    "SimulateError",
    "Track",
    "simulate",
    "simulate_plainly",
]
