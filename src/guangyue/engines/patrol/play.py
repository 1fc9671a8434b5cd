"""A plan played in the simulator: its rounds and posts, round the clock, against calls where they are expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from guangyue.engines.patrol.plan_files import Standing
from guangyue.engines.patrol.simulate import Calls, Crews, Rule, simulate
from guangyue.engines.patrol.simulate.calibrate import Shapes, calibrate
from guangyue.engines.patrol.simulate.habits import Habits, draw_calls
from guangyue.engines.patrol.simulate.simulate import Outcome
from guangyue.engines.patrol.simulate.streets import Ground, lay_out, post, round_trip
from guangyue.engines.roads import Graph, Network, metres_between

__all__ = ["SITE_M", "Stage", "stage"]

SITE_M = 300.0
"""Calls so near to a listed site are measured by its class."""
ROUND_TIER, POST_TIER = 3, 1


@dataclass(frozen=True, slots=True)
class Stage:
    """A plan on the streets, ready to be played by different rules on the same calls."""

    ground: Ground
    crews: Crews
    calls: Calls
    habits: Habits

    def play(self, kind: Literal["closest", "mexclp"]) -> Outcome:
        """Answer the calls by a rule of dispatch."""
        return simulate(self.ground.city, self.crews, self.calls, Rule(kind=kind))


def stage(
    graph: Graph, plan: Standing, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64],
    expected: npt.NDArray[np.float64], *, calls: int, per_day: float, seed: int,
    sites: tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]] | None = None,
    block: npt.NDArray[np.int64] | None = None, shapes: Shapes | None = None, tick: Callable[[float], None] | None = None,
) -> Stage:  # fmt: skip
    """Lay a plan out on the streets and draw the calls.

    Every round has one crew on duty round the clock, every post one; drones see and take no calls, so they stay out.
    Posts count as first-minute teams, rounds as those of three minutes (一三五圈层).

    Args:
        graph: the streets.
        plan: rounds and posts.
        longitude: of each cell.
        latitude: of each cell.
        expected: calls of each cell, on any scale.
        calls: how many to play.
        per_day: calls of all kinds in a day.
        seed: the same seed gives the same calls.
        sites: positions and classes (1, 3, 5) of listed sites; all else is class 5.
        block: responsibility block of each cell.
        shapes: busy crews and median responses to calibrate to, by the rule of the closest crew.
        tick: called with the share of the calibration that is done.

    Raises:
        SimulateError: when a place cannot be reached, or the shapes lie beyond what this plan can do.
    """
    siren = Network(graph, "siren")
    ordinary, patrol = Network.sharing(siren, "ordinary"), Network.sharing(siren, "patrol")
    tree = cKDTree(np.column_stack([graph.lon, graph.lat]))

    def nodes(positions: npt.ArrayLike) -> npt.NDArray[np.int32]:
        return np.asarray(tree.query(np.asarray(positions, np.float64).reshape(-1, 2))[1], np.int32)

    rounds, tiers = [], []
    for driven in plan.rounds:
        if driven.kind != "drone":
            stays = [0.0, *((s.leaves - s.arrives) * 60 for s in driven.stops)]
            rounds.append(round_trip(patrol, nodes([driven.start, *(s.at for s in driven.stops)]).tolist(), stays))
            tiers.append(ROUND_TIER)
    for node in nodes(plan.posts).tolist():
        rounds.append(post(node))
        tiers.append(POST_TIER)
    at = nodes(np.column_stack([longitude, latitude]))
    place, first, where = np.unique(at, return_index=True, return_inverse=True)
    ground = lay_out(
        siren, ordinary, place, rounds, weight=np.bincount(where, weights=expected),
        site=_classes(graph, place, sites), block=None if block is None else block[first],
    )  # fmt: skip
    crews = ground.crews(np.arange(len(rounds)), tier=tiers)
    habits = Habits()
    if shapes is not None:
        habits = calibrate(ground.city, crews, Rule(), habits, shapes, per_day, seed=seed, tick=tick)
    return Stage(ground, crews, draw_calls(ground.city, habits, calls, per_day, seed=seed), habits)


def _classes(
    graph: Graph, place: npt.NDArray[np.int32], sites: tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]] | None
) -> npt.NDArray[np.uint8]:
    """The class of each place: that of the strictest listed site nearby."""
    out = np.full(len(place), 5, np.uint8)
    for (lon, lat), kind in zip(*sites, strict=True) if sites else ():
        near = metres_between(graph.lon[place], graph.lat[place], lon, lat) <= SITE_M
        out[near] = np.minimum(out[near], kind)
    return out
