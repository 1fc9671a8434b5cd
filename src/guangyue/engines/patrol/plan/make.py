"""One call from demand to plan: outposts exactly, routes by search, then what both promise and why each stop is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.outposts import Siting, expected_cover
from guangyue.engines.patrol.plan.build import Crew, Demand, MustVisit, Settings, Stop, problem
from guangyue.engines.patrol.plan.promise import Promise, promise
from guangyue.engines.patrol.routing import Problem, Solution, faults, solve, timetable

__all__ = ["Plan", "PlannedStop", "plan"]

MINUTE = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """A stop of a crew and why it is there; minutes of the slot.

    Attributes:
        crew: index of the crew.
        place: index of the place.
        arrives: when the crew is there.
        leaves: when it goes on.
        kind: cell, must-visit place, or break.
        name: of the cell or place.
        calls: expected calls gathered.
        detour: minutes of way that the crew would save without this stop.
        rank: of the cell among all by expected calls, 1 for the busiest; 0 when not a cell.
        reasons: sentences in Chinese and English.
    """

    crew: int
    place: int
    arrives: float
    leaves: float
    kind: Literal["cell", "must", "rest"]
    name: str
    calls: float
    detour: float
    rank: int
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal: nothing moves until a commander accepts it.

    Attributes:
        stops: all stops, by crew and time.
        outposts: places with a standing post.
        siting: what the posts cover and whether that is proved best.
        promise: expected coverage and response.
        missed: names of must-visit places (with the number of the visit) no crew can make.
        below_floor: names of blocks that stay below the fairness floor.
        problem: the routing problem, for checks and drawings.
        solution: its solution.
    """

    stops: tuple[PlannedStop, ...]
    outposts: tuple[int, ...]
    siting: Siting
    promise: Promise
    missed: tuple[str, ...]
    below_floor: tuple[str, ...]
    problem: Problem
    solution: Solution


def plan(
    travel: npt.NDArray[np.int32], demand: Demand, crews: tuple[Crew, ...], *, must: tuple[MustVisit, ...] = (),
    settings: Settings | None = None, sites: npt.NDArray[np.int64] | None = None,
) -> Plan:  # fmt: skip
    """Site the outposts, route the crews, state the promise.

    Args:
        travel: profiles × places × places, milliseconds; the first places are the demand's cells.
        demand: expected calls per cell.
        crews: who patrols.
        must: places to be seen in any case.
        settings: the city's wishes.
        sites: places where a post may stand; all cells when None.

    Raises:
        PatrolError: when the input cannot be planned for.
    """
    settings = settings or Settings()
    cells = len(demand.expected)
    built, stops = problem(travel, demand, crews, must, settings)
    sites = np.arange(cells) if sites is None else sites
    within = travel[0][sites][:, :cells] <= settings.reach * MINUTE
    siting = expected_cover(within, demand.expected, settings.outposts, settings.busy) if settings.outposts else None
    siting = siting or Siting((), 0.0, optimal=True)
    posts = tuple(int(sites[s]) for s in siting.sites)
    solution = solve(built, settings.budget)
    wrong = faults(built, solution.routes)
    if wrong:
        raise PatrolError("patrol.plan.faulty", f"The routes found cannot be driven: {wrong[0]}.", faults=wrong)
    made = {v for route in solution.routes for v in route}
    visited = np.array(sorted({stops[v].index for v in made if stops[v].kind == "cell"}), np.int64)
    stated = promise(
        built, solution.routes, posts, demand, reach=settings.reach, busy=settings.busy, visited=visited,
        seed=settings.budget.seed,
    )  # fmt: skip
    got = np.zeros(len(demand.blocks))
    for v in made:
        if built.block[v] >= 0:
            got[built.block[v]] += built.prize[v]
    missed = tuple(
        f"{must[s.index].name} ({s.number})" if s.kind == "must" else f"{crews[s.index].name}: rest"
        for v, s in enumerate(stops) if built.required[v] and v not in made
    )  # fmt: skip
    below = tuple(demand.blocks[b] for b in range(len(got)) if got[b] < built.floor[b] - 1e-9)
    return Plan(
        stops=tuple(_explained(built, solution, stops, demand, crews, must, got)), outposts=posts, siting=siting,
        promise=stated, missed=missed, below_floor=below, problem=built, solution=solution,
    )  # fmt: skip


def _explained(
    built: Problem, solution: Solution, stops: tuple[Stop, ...], demand: Demand, crews: tuple[Crew, ...],
    must: tuple[MustVisit, ...], got: npt.NDArray[np.float64],
) -> list[PlannedStop]:  # fmt: skip
    """Every stop with its times and its reasons."""
    rank = np.empty(len(demand.expected), np.int64)
    rank[np.argsort(-demand.expected, kind="stable")] = np.arange(1, len(rank) + 1)
    out = []
    for k, route in enumerate(solution.routes):
        matrix = built.travel[built.profile[k]]
        places = [int(built.start[k]), *(int(built.place[v]) for v in route), int(built.end[k])]
        for i, (v, (arrival, departure)) in enumerate(zip(route, timetable(built, k, route), strict=False), 1):
            a, p, b = places[i - 1 : i + 2]
            detour = (int(matrix[a, p]) + int(matrix[p, b]) - int(matrix[a, b])) / MINUTE
            stop = stops[v]
            if stop.kind == "cell":
                name, reasons = demand.name[stop.index], _cell_reasons(stop.index, demand, rank, detour, built, v, got)
            elif stop.kind == "must":
                place = must[stop.index]
                name, reasons = place.name, _must_reasons(place, stop.number)
            else:
                name = crews[stop.index].name
                reasons = {"zh": "按排班休息。", "en": "The break of the roster."}
            out.append(PlannedStop(
                crew=k, place=p, arrives=arrival / MINUTE, leaves=departure / MINUTE, kind=stop.kind, name=name,
                calls=float(built.prize[v]), detour=detour, rank=int(rank[stop.index]) if stop.kind == "cell" else 0,
                reasons=reasons,
            ))  # fmt: skip
    return out


def _cell_reasons(
    i: int,
    demand: Demand,
    rank: npt.NDArray[np.int64],
    detour: float,
    built: Problem,
    v: int,
    got: npt.NDArray[np.float64],
) -> dict[str, str]:
    zh = (
        f"预计{demand.expected[i]:.1f}起警情（{demand.low[i]:.0f}至{demand.high[i]:.0f}起），"
        f"在{len(rank)}格中列第{rank[i]}，绕行{detour:.1f}分钟。"
    )
    en = (
        f"{demand.expected[i]:.1f} calls expected ({demand.low[i]:.0f} to {demand.high[i]:.0f}), "
        f"number {rank[i]} of {len(rank)} cells, {detour:.1f} min detour."
    )
    block = int(built.block[v])
    if block >= 0 and got[block] - built.prize[v] < built.floor[block]:
        zh += f"{demand.blocks[block]}的巡防下限需要它。"
        en += f" The floor of {demand.blocks[block]} needs it."
    return {"zh": zh, "en": en}


def _must_reasons(place: MustVisit, number: int) -> dict[str, str]:
    if place.every is None:
        return {"zh": "必到点。", "en": "A place to be seen in any case."}
    return {
        "zh": f"必到点，至少每{place.every:g}分钟一次，第{number}次。",
        "en": f"A place to be seen at least every {place.every:g} min; visit {number}.",
    }
