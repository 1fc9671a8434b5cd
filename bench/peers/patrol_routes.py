"""A peer's routes for the patrol instance: ``patrol_routes.py NAME INSTANCE SECONDS OUT``; two cores where it can.

Runs in the peer's own environment: numpy and the peer only.
"""

from __future__ import annotations

import json
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

STAY, SHIFT = 300, 7_200
Routes = list[list[int]]


def load(path: str) -> tuple[Any, Any, Any]:
    """Travel in seconds, prizes, the depot of each crew; in C order, which VROOM reads without asking."""
    data = np.load(path)
    return np.ascontiguousarray(data["travel_s"]), data["prize"].astype(int), np.repeat(data["depots"], 3)


def greedy(path: str, _seconds: int, _seed: int) -> Routes:
    """Crew after crew, the visit with the most prize per additional second that still fits."""
    travel, prize, depots = load(path)
    left, routes = set(range(len(prize))), []
    for depot in depots:
        route: list[int] = []
        used = 0.0
        while True:
            best = None
            for v in left:
                stops = [depot, *route, depot]
                for i in range(len(route) + 1):
                    cost = travel[stops[i], v] + travel[v, stops[i + 1]] - travel[stops[i], stops[i + 1]] + STAY
                    if used + cost <= SHIFT - 0.1 and (best is None or prize[v] / cost > best[0]):
                        best = prize[v] / cost, v, i, cost
            if best is None:
                break
            _, v, i, cost = best
            route.insert(i, int(v))
            left.discard(v)
            used += cost
        routes.append(route)
    return routes


def pyvrp(path: str, seconds: int, seed: int) -> Routes:
    """Optional clients with prizes; time in tenths of a second; the prize weighs far more than the way."""
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    travel, prize, depots = load(path)
    tenths = np.ceil(travel * 10).astype(int)
    model = Model()
    places = [model.add_location(0, 0) for _ in range(len(prize))]
    shared = {int(d): model.add_depot(places[int(d)]) for d in dict.fromkeys(depots.tolist())}
    for i, p in enumerate(prize):
        model.add_client(places[i], service_duration=STAY * 10, prize=int(p) * 1_000, required=False)
    for depot in shared.values():
        model.add_vehicle_type(3, start_depot=depot, end_depot=depot, shift_duration=SHIFT * 10)
    for a in range(len(prize)):
        for b in range(len(prize)):
            if a != b:
                model.add_edge(places[a], places[b], distance=int(tenths[a, b]), duration=int(tenths[a, b]))
    found = model.solve(stop=MaxRuntime(seconds), seed=seed, display=False).best
    routes: dict[int, Routes] = {}
    for route in found.routes():
        routes.setdefault(route.vehicle_type(), []).append([int(s.idx) for s in route if s.is_client()])
    out = []
    for kind in range(len(shared)):
        mine = routes.get(kind, [])
        out += mine + [[]] * (3 - len(mine))
    return out


def vroom(path: str, seconds: int, _seed: int) -> Routes:
    """Priorities for prizes (VROOM knows 0 to 100), two threads, its deepest search with a time limit."""
    import vroom as v

    travel, prize, depots = load(path)
    problem = v.Input()
    problem.set_durations_matrix(profile="car", matrix_input=np.ascontiguousarray(np.ceil(travel), np.uint32))
    for k, depot in enumerate(depots):
        problem.add_vehicle(v.Vehicle(k + 1, start=int(depot), end=int(depot), profile="car", time_window=[0, SHIFT]))
    scale = 100 / prize.max()
    for i, p in enumerate(prize):
        problem.add_job(v.Job(i + 1, location=i, default_service=STAY, priority=round(p * scale)))
    import datetime as dt

    answer = problem.solve(exploration_level=5, nb_threads=2, timeout=dt.timedelta(seconds=seconds))
    table = answer.routes
    out: Routes = []
    for k in range(len(depots)):
        mine = table[(table["vehicle_id"] == k + 1) & (table["type"] == "job")]
        out.append([int(i) - 1 for i in mine["id"]])
    return out


def ortools(path: str, seconds: int, _seed: int) -> Routes:
    """Disjunctions with the prize as penalty, guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    travel, prize, depots = load(path)
    n, tenths = len(prize), np.ceil(travel * 10).astype(int)
    ends = list(range(n, n + len(depots)))
    at = np.concatenate([np.arange(n), depots])
    manager = pywrapcp.RoutingIndexManager(n + len(depots), len(depots), ends, ends)
    routing = pywrapcp.RoutingModel(manager)
    stay = np.concatenate([np.full(n, STAY * 10), np.zeros(len(depots), int)])

    def length(i: int, j: int) -> int:
        a, b = manager.IndexToNode(i), manager.IndexToNode(j)
        return int(tenths[at[a], at[b]] + stay[a])

    transit = routing.RegisterTransitCallback(length)
    routing.AddDimension(transit, 0, SHIFT * 10, True, "time")  # noqa: FBT003 - the library's own signature
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    for i in range(n):
        routing.AddDisjunction([manager.NodeToIndex(i)], int(prize[i]) * 1_000)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = seconds
    answer = routing.SolveWithParameters(parameters)
    out: Routes = []
    for k in range(len(depots)):
        i, route = routing.Start(k), []
        while not routing.IsEnd(i):
            if manager.IndexToNode(i) < n:
                route.append(manager.IndexToNode(i))
            i = answer.Value(routing.NextVar(i))
        out.append(route)
    return out


SOLVERS = {"greedy": (greedy, 1), "PyVRP": (pyvrp, 2), "VROOM": (vroom, 1), "OR-Tools": (ortools, 1)}
"""Name → solver and the number of processes; the better answer counts."""


def worker(job: tuple[str, str, int, int]) -> Routes:
    """One seed in one process."""
    name, path, seconds, seed = job
    return SOLVERS[name][0](path, seconds, seed)


def main() -> None:
    """Solve and write the routes and the seconds it took."""
    name, path, seconds, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    _, prize, _ = load(path)
    processes = SOLVERS[name][1]
    began = time.monotonic()
    jobs = [(name, path, seconds, seed) for seed in range(1, processes + 1)]
    if processes == 1:
        found = [worker(jobs[0])]
    else:
        with get_context("spawn").Pool(processes) as pool:
            found = pool.map(worker, jobs)
    best = max(found, key=lambda routes: sum(int(prize[r].sum()) for r in routes))
    out.write_text(json.dumps({"routes": best, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main()
