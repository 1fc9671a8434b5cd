"""One call from demand to plan: outposts exactly, routes by search, then what both promise and why each stop is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.outposts import Siting, expected_cover
from guangyue.engines.patrol.plan.build import MINUTE, Crew, Demand, MustVisit, Settings, problem
from guangyue.engines.patrol.plan.explain import PlannedPost, PlannedStop, posts_explained, stops_explained
from guangyue.engines.patrol.plan.promise import Promise, promise
from guangyue.engines.patrol.plan.watch import Beat, reach_of
from guangyue.engines.patrol.routing import Problem, Solution, faults, solve, timetable

__all__ = ["Plan", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal: nothing moves until a commander accepts it.

    Attributes:
        stops: all stops, by crew and time.
        posts: the outposts and why they stand where they do.
        siting: what the posts cover and whether that is proved best.
        promise: expected coverage and response.
        missed: names of must-visit places (with the number of the visit) no crew can make.
        below_floor: names of blocks that stay below the fairness floor.
        problem: the routing problem, for checks and drawings.
        solution: its solution.
    """

    stops: tuple[PlannedStop, ...]
    posts: tuple[PlannedPost, ...]
    siting: Siting
    promise: Promise
    missed: tuple[str, ...]
    below_floor: tuple[str, ...]
    problem: Problem
    solution: Solution

    @property
    def outposts(self) -> tuple[int, ...]:
        """Places with a standing post."""
        return tuple(post.place for post in self.posts)


def plan(
    travel: npt.NDArray[np.int32], demand: Demand, crews: tuple[Crew, ...], *, must: tuple[MustVisit, ...] = (),
    settings: Settings | None = None, sites: npt.NDArray[np.int64] | None = None,
    answer: npt.NDArray[np.int32] | None = None, tick: Callable[[float], None] | None = None,
) -> Plan:  # fmt: skip
    """Site the outposts, route the crews, state the promise.

    Args:
        travel: profiles × places × places, milliseconds; the first places are the demand's cells.
        demand: expected calls per cell.
        crews: who patrols.
        must: places to be seen in any case.
        settings: the city's wishes.
        sites: places where a post may stand; all cells when None.
        answer: places × cells, milliseconds from there to a call; as the first profile drives when None.
        tick: called with the share of the search that is done.

    Raises:
        PatrolError: when the input cannot be planned for.
    """
    settings = settings or Settings()
    cells = len(demand.expected)
    built, stops = problem(travel, demand, crews, must, settings)
    sites = np.arange(cells) if sites is None else sites
    answer = travel[0][:, :cells] if answer is None else answer
    within = answer[sites] <= settings.reach * MINUTE
    siting = expected_cover(within, demand.expected, settings.outposts, settings.busy) if settings.outposts else None
    siting = siting or Siting((), 0.0, optimal=True)
    posts = tuple(int(sites[s]) for s in siting.sites)
    solution = solve(built, settings.budget, tick=tick)
    wrong = faults(built, solution.routes)
    if wrong:
        raise PatrolError("patrol.plan.faulty", f"The routes found cannot be driven: {wrong[0]}.", faults=wrong)
    made = {v for route in solution.routes for v in route}
    visited = np.array(sorted({stops[v].index for v in made if stops[v].kind == "cell"}), np.int64)
    beats = watches(built, solution.routes, crews, posts)
    stated = promise(
        reach_of(beats, answer, settings.busy), demand, minutes=settings.reach, visited=visited,
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
        stops=tuple(stops_explained(built, solution, stops, demand, crews, must, got)),
        posts=posts_explained(posts, within[list(siting.sites)], demand, settings), siting=siting,
        promise=stated, missed=missed, below_floor=below, problem=built, solution=solution,
    )  # fmt: skip


def watches(
    built: Problem, routes: tuple[tuple[int, ...], ...], crews: tuple[Crew, ...], posts: tuple[int, ...]
) -> tuple[Beat, ...]:
    """The beats of the crews that can take a call, and of the posts."""
    out = []
    for k, route in enumerate(routes):
        if crews[k].answers:
            table = timetable(built, k, route)
            places = [int(built.place[v]) for v in route] + [int(built.end[k])]
            stays = tuple((p, arrival, departure) for p, (arrival, departure) in zip(places, table, strict=True))
            out.append(Beat(int(built.begins[k]), int(built.ends[k]), stays))
    begins, ends = int(built.begins.min()), int(built.ends.max())
    return (*out, *(Beat.post(place, begins, ends) for place in posts))
