"""Choose the best set among all good routes ever seen: set packing, exact, with HiGHS.

The search sees tens of thousands of good routes but only the sets it happened to walk through. Packing finds the best
set of them (集合装箱), usually one no walk would have met.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from guangyue.engines.patrol.routing.problem import Floats, Ints, Problem
from guangyue.engines.patrol.routing.search import Worth

__all__ = ["Catalogue", "pack"]

RELAXED = 40_000
"""Routes given to the linear relaxation: those of the best solutions."""
GAP = 1e-4
"""A choice proved this near to the best is taken: the next search changes more."""
COLUMNS = (600, 2_000)
COLUMNS_PER_SECOND = 200
"""Routes given to the exact step, by the time it has: the most promising by reduced cost."""


@dataclass(slots=True)
class Catalogue:
    """Distinct routes per class of crew, each with the worth of the best solution it was part of."""

    routes: dict[tuple[int, frozenset[int]], tuple[float, tuple[int, ...]]]

    def add(self, kind: int, visits: tuple[int, ...], worth: float) -> None:
        """Remember a route."""
        key = kind, frozenset(visits)
        if visits and (key not in self.routes or self.routes[key][0] < worth):
            self.routes[key] = worth, visits

    def best(self, number: int) -> list[tuple[int, frozenset[int]]]:
        """The keys of the routes that were part of the best solutions."""
        keys = list(self.routes)
        if len(keys) <= number:
            return keys
        worth = np.array([self.routes[key][0] for key in keys])
        return [keys[i] for i in np.sort(np.argsort(-worth, kind="stable")[:number])]


def pack(
    catalogue: Catalogue, problem: Problem, worth: Worth, incumbent: tuple[tuple[int, ...], ...], *,
    seconds: float, nodes: int | None = None,
) -> tuple[tuple[int, ...], ...]:  # fmt: skip
    """The best routes from the catalogue, one per crew; the incumbent when nothing better is found in time.

    Args:
        catalogue: candidates; the incumbent's routes need not be among them.
        problem: for the classes of crews and the number of visits.
        worth: values, blocks and floors.
        incumbent: the routes to beat, one per crew.
        seconds: limit for the exact step.
        nodes: limit on its search tree instead, where the result must not depend on the machine's speed.
    """
    began = time.monotonic()
    kinds = problem.classes
    for k, route in enumerate(incumbent):
        catalogue.add(int(kinds[k]), route, np.inf)
    keys = catalogue.best(RELAXED)
    if not keys:
        return incumbent
    chosen = dict.fromkeys(keys, 0)
    for k, route in enumerate(incumbent):
        if route:
            chosen[int(kinds[k]), frozenset(route)] = 1
    value = np.array([worth.value[list(key[1])].sum() for key in keys])
    matrix, upper, lower = _rows(keys, problem, worth, kinds)
    cost = np.concatenate([-value, worth.penalty])
    start = np.concatenate([np.array([float(chosen[key]) for key in keys]), np.zeros(len(worth.floor))])
    start[len(keys) :] = _shortfall(worth, incumbent)
    columns = np.arange(len(cost))
    duals, bound = _relaxed(cost, matrix, lower, upper, worth, seconds if nodes is None else 1e6)
    if duals is not None:
        slack = float(cost @ start) - bound
        promising = np.argsort(duals[: len(keys)], kind="stable")[: _columns(seconds if nodes is None else None)]
        promising = promising[duals[promising] <= slack + 1e-7]
        keep = np.union1d(promising, np.flatnonzero(start[: len(keys)] > 0))
        columns = np.concatenate([keep, np.arange(len(keys), len(cost))])
    seconds -= time.monotonic() - began
    if seconds <= 0 and nodes is None:
        return incumbent
    picked = _integer(
        cost[columns], matrix[:, columns], lower, upper, worth, start[columns], seconds=seconds, nodes=nodes
    )
    if picked is None or cost[columns] @ picked >= cost @ start - 1e-9:
        return incumbent
    return _deal(
        [keys[c] for c, x in zip(columns, picked, strict=True) if c < len(keys) and round(x)], catalogue, kinds
    )


def _columns(seconds: float | None) -> int:
    return COLUMNS[1] if seconds is None else int(np.clip(seconds * COLUMNS_PER_SECOND, *COLUMNS))


def _rows(
    keys: list[tuple[int, frozenset[int]]], problem: Problem, worth: Worth, kinds: Ints
) -> tuple[sparse.csc_array, Floats, Floats]:
    """Rows: each visit at most once, each class at most its crews, each block its floor or a shortfall."""
    n, classes, blocks = len(problem.place), int(kinds.max()) + 1, len(worth.floor)
    row: list[int] = []
    column: list[int] = []
    entry: list[float] = []
    for j, (kind, visits) in enumerate(keys):
        for v in sorted(visits):
            row.append(v)
            column.append(j)
            entry.append(1.0)
            if worth.block[v] >= 0 and worth.floor[worth.block[v]] > 0:
                row.append(n + classes + int(worth.block[v]))
                column.append(j)
                entry.append(float(worth.share[v]))
        row.append(n + kind)
        column.append(j)
        entry.append(1.0)
    for b in range(blocks):
        row.append(n + classes + b)
        column.append(len(keys) + b)
        entry.append(1.0)
    shape = (n + classes + blocks, len(keys) + blocks)
    matrix = sparse.csc_array((np.array(entry), (np.array(row), np.array(column))), shape=shape)
    upper = np.concatenate([np.ones(n), np.bincount(kinds).astype(float), np.full(blocks, np.inf)])
    lower = np.concatenate([np.full(n + classes, -np.inf), worth.floor])
    return matrix, upper, lower


def _shortfall(worth: Worth, routes: tuple[tuple[int, ...], ...]) -> Floats:
    got = np.zeros(len(worth.floor))
    for route in routes:
        for v in route:
            if worth.block[v] >= 0:
                got[worth.block[v]] += worth.share[v]
    return np.maximum(worth.floor - got, 0.0)


def _model(cost: Floats, matrix: sparse.csc_array, lower: Floats, upper: Floats, worth: Worth) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_ = len(cost)
    lp.num_row_ = len(upper)
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(len(cost))
    lp.col_upper_ = np.concatenate([np.ones(len(cost) - len(worth.floor)), worth.floor])
    lp.row_lower_ = lower
    lp.row_upper_ = upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    return lp


def _solver(seconds: float) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("time_limit", max(seconds, 0.1))
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", GAP)
    return solver


def _relaxed(
    cost: Floats, matrix: sparse.csc_array, lower: Floats, upper: Floats, worth: Worth, seconds: float
) -> tuple[npt.NDArray[np.float64] | None, float]:
    """Reduced costs and the bound of the linear relaxation, where it was solved in time."""
    solver = _solver(seconds)
    solver.passModel(_model(cost, matrix, lower, upper, worth))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None, 0.0
    return np.asarray(solver.getSolution().col_dual), float(solver.getInfo().objective_function_value)


def _integer(
    cost: Floats, matrix: sparse.csc_array, lower: Floats, upper: Floats, worth: Worth, start: Floats, *,
    seconds: float, nodes: int | None,
) -> Floats | None:  # fmt: skip
    """The best whole-numbered choice found, beginning at ``start``."""
    lp = _model(cost, matrix, lower, upper, worth)
    whole = len(cost) - len(worth.floor)
    kinds = [highspy.HighsVarType.kInteger] * whole + [highspy.HighsVarType.kContinuous] * len(worth.floor)
    lp.integrality_ = kinds
    solver = _solver(seconds if nodes is None else 1e6)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(lp)
    begin = highspy.HighsSolution()
    begin.col_value = list(start)
    solver.setSolution(begin)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.asarray(solver.getSolution().col_value)


def _deal(picked: list[tuple[int, frozenset[int]]], catalogue: Catalogue, kinds: Ints) -> tuple[tuple[int, ...], ...]:
    """Hand the picked routes to crews of their classes."""
    routes: list[tuple[int, ...]] = [()] * len(kinds)
    waiting: dict[int, list[int]] = {}
    for k in range(len(kinds)):
        waiting.setdefault(int(kinds[k]), []).append(k)
    for key in picked:
        routes[waiting[key[0]].pop(0)] = catalogue.routes[key][1]
    return tuple(routes)
