"""What a plan promises: how many calls find someone near, and how soon, overall and per block, with intervals.

Intervals come from drawing whole slots: calls per cell from the forecast's own distribution, then a moment and a free
crew each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guangyue.engines.patrol.plan.build import Demand, Floats, Ints
from guangyue.engines.patrol.plan.watch import Reach

__all__ = ["Promise", "promise"]

DRAWS = 400
Band = tuple[float, float, float]
"""Expected, and the ends of the 90 % interval of what one slot will show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Overall and per block.

    Attributes:
        passed: share of the expected calls whose cell is passed by a crew.
        near: share of calls with a free crew or post within reach.
        response: minutes until the first free crew or post is there, mean over calls.
        p90: minutes within which nine of ten calls are reached.
        passed_by_block: as ``passed``.
        near_by_block: as ``near``.
        response_by_block: as ``response``.
        calls_by_block: expected calls.
    """

    passed: float
    near: Band
    response: Band
    p90: float
    passed_by_block: tuple[float, ...]
    near_by_block: tuple[Band, ...]
    response_by_block: tuple[Band, ...]
    calls_by_block: tuple[float, ...]


def promise(reach: Reach, demand: Demand, *, minutes: float, visited: Ints, seed: int = 1) -> Promise:
    """Work out the promise of routes and outposts.

    Args:
        reach: how soon someone free is in each cell; drones and others who take no calls left out.
        demand: expected calls per cell.
        minutes: what counts as near.
        visited: cells passed by some route.
        seed: of the draws.
    """
    total = demand.expected.sum()
    weight = demand.expected / total if total else np.zeros(len(demand.expected))
    mean, near = reach.response(), reach.near(minutes)
    blocks = len(demand.blocks)

    def by_block(values: Floats) -> Floats:
        inside = np.bincount(demand.block, weights=weight, minlength=blocks)
        return np.bincount(demand.block, weights=weight * values, minlength=blocks) / np.where(inside > 0, inside, 1.0)

    passed = np.zeros(len(weight))
    passed[visited] = 1.0
    low_high = _drawn(reach, demand, minutes, np.random.default_rng(seed))
    near_block, mean_block = by_block(near), by_block(mean)
    return Promise(
        passed=float(weight @ passed), near=(float(weight @ near), *low_high["near"][-1]),
        response=(float(weight @ mean), *low_high["response"][-1]), p90=reach.quantile(weight, 0.9),
        passed_by_block=tuple(by_block(passed).tolist()),
        near_by_block=tuple((float(m), *low_high["near"][b]) for b, m in enumerate(near_block)),
        response_by_block=tuple((float(m), *low_high["response"][b]) for b, m in enumerate(mean_block)),
        calls_by_block=tuple(np.bincount(demand.block, weights=demand.expected, minlength=blocks).tolist()),
    )  # fmt: skip


def _drawn(
    reach: Reach, demand: Demand, minutes: float, rng: np.random.Generator
) -> dict[str, list[tuple[float, float]]]:
    """The 90 % interval of near and response per block and (last) overall, over drawn slots."""
    blocks = len(demand.blocks)
    seen: dict[str, list[list[float]]] = {
        "near": [[] for _ in range(blocks + 1)],
        "response": [[] for _ in range(blocks + 1)],
    }
    phi = demand.dispersion
    for _ in range(DRAWS if len(reach.free) else 0):
        rate = demand.expected * (rng.gamma(1 / phi, phi, len(demand.expected)) if phi > 0 else 1.0)
        cell = np.repeat(np.arange(len(rate)), rng.poisson(rate))
        if not len(cell):
            continue
        moment = rng.integers(0, len(reach.order), len(cell))
        unit = rng.choice(len(reach.free), len(cell), p=reach.free)
        took = reach.order[moment, unit, cell]
        for b in range(blocks + 1):
            mine = took if b == blocks else took[demand.block[cell] == b]
            if len(mine):
                seen["near"][b].append(float((mine <= minutes).mean()))
                seen["response"][b].append(float(mine.mean()))
    return {
        what: [tuple(np.quantile(v, [0.05, 0.95]).tolist()) if v else (float("nan"), float("nan")) for v in rows]
        for what, rows in seen.items()
    }
