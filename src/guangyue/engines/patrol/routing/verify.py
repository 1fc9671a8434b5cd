"""Is this set of routes allowed? Walked stop by stop, sharing no code with the search that made it."""

from __future__ import annotations

from collections import Counter

from guangyue.engines.patrol.routing.problem import UNREACHABLE_MS, Problem

__all__ = ["faults", "timetable"]


def timetable(problem: Problem, crew: int, route: tuple[int, ...]) -> list[tuple[int, int]]:
    """(arrival, departure) in milliseconds at each stop, the last entry for the end of the shift's way home."""
    matrix = problem.travel[problem.profile[crew]]
    now, here = int(problem.begins[crew]), int(problem.start[crew])
    out = []
    for visit in route:
        there = int(problem.place[visit])
        arrival = now + int(matrix[here, there])
        now = max(arrival, int(problem.opens[visit])) + int(problem.service[visit])
        out.append((arrival, now))
        here = there
    home = now + int(matrix[here, problem.end[crew]])
    out.append((home, home))
    return out


def faults(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> list[str]:
    """Everything wrong with the routes; empty when they can be driven as they stand."""
    out = []
    if len(routes) != len(problem.start):
        out.append(f"{len(routes)} routes for {len(problem.start)} crews")
    for visit, times in Counter(v for route in routes for v in route).items():
        if times > 1:
            out.append(f"visit {visit} is made {times} times")
    for crew, route in enumerate(routes):
        for visit, (arrival, departure) in zip(route, timetable(problem, crew, route), strict=False):
            begin = departure - int(problem.service[visit])
            if begin > problem.closes[visit]:
                out.append(
                    f"crew {crew} begins visit {visit} at {begin} ms, after it closed at {problem.closes[visit]} ms"
                )
            if arrival >= UNREACHABLE_MS:
                out.append(f"crew {crew} cannot reach visit {visit}")
            if not problem.allowed[crew, visit]:
                out.append(f"crew {crew} may not make visit {visit}")
        if route and timetable(problem, crew, route)[-1][0] > problem.ends[crew]:
            out.append(f"crew {crew} is back after its shift")
    return out
