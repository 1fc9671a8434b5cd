"""What a plan promises: how many calls find someone near, and how soon, overall and per block, with intervals.

At every moment each crew is at a stop or on its way to the next; outposts stand. A call goes to the nearest crew that
is free, each being engaged a share of the time (as in MEXCLP), so the second and third nearest matter too. Intervals
come from drawing whole slots: calls per cell from the forecast's own distribution, then a moment and a free crew each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guangyue.engines.patrol.plan.build import Demand, Floats, Ints
from guangyue.engines.patrol.routing import Problem, timetable

__all__ = ["Promise", "promise"]

STEP = 300_000
"""Milliseconds between two looks at where the crews are."""
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


def promise(
    problem: Problem, routes: tuple[tuple[int, ...], ...], outposts: tuple[int, ...], demand: Demand, *, reach: float,
    busy: float, visited: Ints, seed: int = 1,
) -> Promise:  # fmt: skip
    """Work out the promise of routes and outposts.

    Args:
        problem: travel times and shifts.
        routes: visits per crew.
        outposts: places with a post.
        demand: expected calls per cell.
        reach: minutes that count as near.
        busy: share of time a crew or post is engaged.
        visited: cells passed by some route.
        seed: of the draws.
    """
    times = _times(problem, routes, outposts, len(demand.expected)) / 60_000
    weight = demand.expected / demand.expected.sum() if demand.expected.sum() else np.zeros(len(demand.expected))
    order = np.asarray(np.sort(times, axis=1), np.float64)
    units = order.shape[1]
    free = np.asarray((1 - busy) * np.power(busy, np.arange(units)), np.float64)
    free = (free / free.sum()).astype(np.float64)
    mean = np.einsum("tuc,u->tc", order, free).mean(axis=0)
    near = np.einsum("tuc,u->tc", (order <= reach).astype(float), free).mean(axis=0)
    blocks = len(demand.blocks)

    def by_block(values: Floats) -> Floats:
        total = np.bincount(demand.block, weights=weight, minlength=blocks)
        return np.bincount(demand.block, weights=weight * values, minlength=blocks) / np.where(total > 0, total, 1.0)

    passed = np.zeros(len(weight))
    passed[visited] = 1.0
    low_high = _drawn(order, free, demand, reach, np.random.default_rng(seed))
    means = (float(weight @ near), float(weight @ mean))
    near_block, mean_block = by_block(near), by_block(mean)
    return Promise(
        passed=float(weight @ passed), near=(means[0], *low_high["near"][-1]), response=(means[1], *low_high["response"][-1]),
        p90=_quantile(order, free, weight, 0.9), passed_by_block=tuple(by_block(passed).tolist()),
        near_by_block=tuple((float(m), *low_high["near"][b]) for b, m in enumerate(near_block)),
        response_by_block=tuple((float(m), *low_high["response"][b]) for b, m in enumerate(mean_block)),
        calls_by_block=tuple(np.bincount(demand.block, weights=demand.expected, minlength=blocks).tolist()),
    )  # fmt: skip


def _times(problem: Problem, routes: tuple[tuple[int, ...], ...], outposts: tuple[int, ...], cells: int) -> Floats:
    """Moments × (crews and posts) × cells, milliseconds until there; a crew off shift is far away."""
    moments = np.arange(int(problem.begins.min()), int(problem.ends.max()) + 1, STEP)
    far = float(problem.travel[problem.travel < 500_000_000].max(initial=STEP)) * 4  # noqa: PLR2004 - any real way
    out = np.full((len(moments), len(routes) + len(outposts), cells), far)
    for k, route in enumerate(routes):
        matrix = problem.travel[problem.profile[k]]
        table = timetable(problem, k, route)
        places = [int(problem.place[v]) for v in route] + [int(problem.end[k])]
        for t, moment in enumerate(moments):
            if not problem.begins[k] <= moment <= problem.ends[k]:
                continue
            j = next((i for i, (_, departure) in enumerate(table) if moment <= departure), len(table) - 1)
            wait = max(0, table[j][0] - moment)
            out[t, k] = np.minimum(wait + matrix[places[j], :cells].astype(float), far)
    for p, post in enumerate(outposts):
        out[:, len(routes) + p] = np.minimum(problem.travel[0, post, :cells].astype(float), far)
    return out


def _quantile(order: Floats, free: Floats, weight: Floats, share: float) -> float:
    """The response time within which a share of the calls is reached."""
    mass = (weight[np.newaxis, np.newaxis, :] * free[np.newaxis, :, np.newaxis] / len(order)) * np.ones_like(order)
    at = np.argsort(order, axis=None)
    total = np.cumsum(mass.ravel()[at])
    return float(order.ravel()[at][min(int(np.searchsorted(total, share * total[-1])), len(at) - 1)])


def _drawn(
    order: Floats, free: Floats, demand: Demand, reach: float, rng: np.random.Generator
) -> dict[str, list[tuple[float, float]]]:
    """The 90 % interval of near and response per block and (last) overall, over drawn slots."""
    blocks = len(demand.blocks)
    seen: dict[str, list[list[float]]] = {
        "near": [[] for _ in range(blocks + 1)],
        "response": [[] for _ in range(blocks + 1)],
    }
    phi = demand.dispersion
    for _ in range(DRAWS):
        rate = demand.expected * (rng.gamma(1 / phi, phi, len(demand.expected)) if phi > 0 else 1.0)
        cell = np.repeat(np.arange(len(rate)), rng.poisson(rate))
        if not len(cell):
            continue
        moment = rng.integers(0, len(order), len(cell))
        unit = rng.choice(len(free), len(cell), p=free)
        took = order[moment, unit, cell]
        for b in range(blocks + 1):
            mine = took if b == blocks else took[demand.block[cell] == b]
            if len(mine):
                seen["near"][b].append(float((mine <= reach).mean()))
                seen["response"][b].append(float(mine.mean()))
    return {
        what: [tuple(np.quantile(v, [0.05, 0.95]).tolist()) if v else (float("nan"), float("nan")) for v in rows]
        for what, rows in seen.items()
    }
