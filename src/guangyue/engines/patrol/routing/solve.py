"""Search on two cores, recombine, search again from what was found, until the time or the steps are used up."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from guangyue.engines.patrol.routing.problem import Floats, Ints, Problem, Solution
from guangyue.engines.patrol.routing.recombine import Catalogue, pack
from guangyue.engines.patrol.routing.route import Given, Routes
from guangyue.engines.patrol.routing.search import Pool, Worth, anneal, total

__all__ = ["Budget", "solve", "warm_up"]

POOL_SIZE = 20_000
WARM, COLD, REHEAT = 0.7, 0.025, 0.2
"""Temperatures in mean prizes: at the beginning, at the end, and when starting again from recombined routes."""
BAND = 0.008
"""Solutions that fall short of the best by less than this share of all prizes give their routes to recombination."""
FLOOR_PENALTY = 20.0
"""A visit of mean prize missing below its block's floor weighs as much as so many visits of mean prize anywhere."""
ROUNDS, ROUND_SECONDS, ROUND_STEPS = (2, 8), 24.0, 20_000
"""Rounds of search and recombination: one for so many seconds, or steps. Several middling searches whose routes are
recombined beat one long one: what they found differs."""
QUOTA = 4_000
"""Routes that each search hands over, those of its best solutions, so that none crowds out the others."""
PACKING, LONGEST_PACKING = 0.15, 12.0
"""Share of the whole time that each recombination may take, and seconds beyond which it seldom finds more;
what it leaves goes to the next search."""
MARGIN = 0.2
"""Seconds kept for handing over the result, so that the limit holds."""
TICK, STEPS = 0.1, 2_000
"""Seconds, or steps where the clock must not matter, between two looks at the temperature."""
NODES = 30
"""Branches of the exact step where the clock must not matter; most choices are settled at the root."""
PULSE = 0.5
"""Seconds between two reports of progress."""
LEAST_PACKING = 0.05
"""Seconds below which a recombination is not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long to search: by the clock, or by steps per worker where the result must be the same on every machine."""

    seconds: float = 15.0
    steps: int | None = None
    workers: int = 2
    seed: int = 1


@dataclass(slots=True)
class _Worker:
    """One thread's routes; it shares nothing with the others while it runs."""

    routes: Routes
    best: Routes
    pool: Pool
    worth: float
    steps: int = 0
    chunk: int = 400
    catalogue: Catalogue = field(default_factory=lambda: Catalogue({}))

    def drain(self) -> None:
        """Empty the pool into the worker's own catalogue."""
        pool = self.pool
        for j in range(int(pool.used[0])):
            visits = tuple(pool.visit[j, : pool.length[j]].tolist())
            self.catalogue.add(int(pool.kind[j]), visits, float(pool.seen[j]))
        pool.slot[:] = -1
        pool.used[0] = 0


def solve(problem: Problem, budget: Budget | None = None, *, tick: Callable[[float], None] | None = None) -> Solution:
    """Find routes that gather as much prize as possible.

    With ``budget.steps`` the result depends only on problem, seed and workers; with ``budget.seconds`` also on the machine.
    ``tick`` is called with the share that is done: twice a second, or after each round of steps.
    """
    budget = budget or Budget()
    began = time.monotonic()
    if not len(problem.place):
        return Solution(routes=((),) * len(problem.start), prize=0.0)
    given, worth, kinds = _arrays(problem)
    scale = float(problem.prize[problem.prize > 0].mean()) if (problem.prize > 0).any() else 1.0
    workers = [_worker(problem, given, worth, budget.seed + w) for w in range(budget.workers)]
    catalogue = Catalogue({})
    history: list[tuple[float, float]] = []
    top: tuple[float, tuple[tuple[int, ...], ...]] = (-np.inf, ((),) * len(problem.start))
    phases = _phases(budget)
    with ThreadPoolExecutor(budget.workers) as threads:
        for number, (until, steps, packing) in enumerate(phases):
            fresh = [number == 0 or ((number + w) % 2 == 0 and number < len(phases) - 1) for w in range(budget.workers)]
            for worker, empty in zip(workers, fresh, strict=True):
                _restart(worker, ((),) * len(problem.start) if empty else top[1], total_of=worth)
            seeds = [budget.seed * 1_000_003 + 101 * number + 7 * w for w in range(budget.workers)]
            jobs = [
                threads.submit(
                    _run,
                    worker,
                    given,
                    worth,
                    kinds,
                    scale * (WARM if empty else REHEAT),
                    scale * COLD,
                    seed,
                    began,
                    until,
                    steps,
                )
                for worker, seed, empty in zip(workers, seeds, fresh, strict=True)
            ]
            _await(jobs, budget, began, tick)
            for worker in workers:
                worker.drain()
                for key in worker.catalogue.best(QUOTA):
                    seen, visits = worker.catalogue.routes[key]
                    catalogue.add(key[0], visits, seen)
                worker.catalogue.routes.clear()
                if worker.worth > top[0] + 1e-9:
                    top = worker.worth, _tuples(worker.best)
            history.append((time.monotonic() - began, _prize(problem, top[1])))
            limit = packing
            if budget.steps is None:
                limit = min(packing, began + budget.seconds - MARGIN - time.monotonic())
            if budget.steps is not None or limit > LEAST_PACKING:
                routes = pack(
                    catalogue, problem, worth, top[1], seconds=limit, nodes=None if budget.steps is None else NODES
                )
                if routes != top[1]:
                    top = _worth(routes, problem, worth), routes
                    history.append((time.monotonic() - began, _prize(problem, routes)))
            if tick:
                tick((number + 1) / len(phases))
    return Solution(
        routes=top[1], prize=_prize(problem, top[1]), iterations=sum(w.steps for w in workers),
        seconds=time.monotonic() - began, history=tuple(history),
    )  # fmt: skip


def _await(jobs: list[Future[None]], budget: Budget, began: float, tick: Callable[[float], None] | None) -> None:
    """Wait for the searches, telling twice a second how much of the time is gone."""
    pending = set(jobs)
    while pending:
        _, pending = wait(pending, timeout=PULSE if tick else None)
        if tick and budget.steps is None:
            tick(min((time.monotonic() - began) / budget.seconds, 1.0))
    for job in jobs:
        job.result()


def warm_up() -> None:
    """Compile the inner loops (or load them from disk), so that a time limit is spent on searching."""
    one = np.zeros(1, np.int64)
    problem = Problem(
        travel=np.zeros((1, 2, 2), np.int32), place=np.array([0, 1]), service=np.ones(2, np.int64),
        opens=np.zeros(2, np.int64), closes=np.full(2, 9, np.int64), prize=np.ones(2), required=np.zeros(2, np.bool_),
        block=np.zeros(2, np.int64), floor=np.zeros(1), allowed=np.ones((1, 2), np.bool_), profile=one, start=one, end=one,
        begins=one, ends=one + 9,
    )  # fmt: skip
    solve(problem, Budget(steps=3, workers=1))


def _phases(budget: Budget) -> list[tuple[float, int | None, float]]:
    """(end of the search in seconds, steps, seconds for recombination) of each round."""
    wanted = budget.seconds // ROUND_SECONDS if budget.steps is None else budget.steps // ROUND_STEPS
    rounds = int(np.clip(wanted, *ROUNDS))
    packing = min(PACKING * budget.seconds, LONGEST_PACKING)
    search = budget.seconds - MARGIN - rounds * packing
    shares = [1 / rounds] * rounds
    return [
        (
            search * sum(shares[: i + 1]) + packing * i,
            None if budget.steps is None else _part(budget.steps, shares, i),
            packing,
        )
        for i in range(rounds)
    ]  # fmt: skip


def _part(steps: int, shares: list[float], i: int) -> int:
    """The steps of round i, so that all rounds together make exactly ``steps``."""
    return round(steps * sum(shares[: i + 1])) - round(steps * sum(shares[:i]))


def _run(
    worker: _Worker, given: Given, worth: Worth, kinds: Ints, warm: float, cold: float, seed: int,
    began: float, until: float, steps: int | None,
) -> None:  # fmt: skip
    """Anneal in chunks; the temperature follows the share of steps or of time that is used up."""
    band = BAND * float(worth.share.sum())
    entered = time.monotonic() - began
    now, done, number = entered, 0, 0
    while done < steps if steps is not None else now < until:
        if steps is None:
            span = max(until - entered, 1e-3)
            chunk, ends = worker.chunk, [(now - entered) / span, (now + TICK - entered) / span]
        else:
            chunk = min(STEPS, steps - done)
            ends = [done / steps, (done + chunk) / steps]
        heat = [warm * (cold / warm) ** min(1.0, end) for end in ends]
        worker.worth = anneal(
            given, worth, kinds, worker.routes, worker.best, chunk, heat[0], heat[1], band,
            (seed + 15_485_863 * number) % (1 << 32), worker.pool,
        )  # fmt: skip
        worker.steps += chunk
        done += chunk
        number += 1
        if worker.pool.used[0] > POOL_SIZE // 2:
            worker.drain()
        took = time.monotonic() - began - now
        now += took
        worker.chunk = max(1, min(int(chunk * TICK / max(took, 1e-3)), 4 * chunk))


def _arrays(problem: Problem) -> tuple[Given, Worth, Ints]:
    travel = np.ascontiguousarray(np.minimum(problem.travel, 1_000_000_000).astype(np.int32))
    given = Given(
        travel, np.ascontiguousarray(travel.transpose(0, 2, 1)), problem.place, problem.service, problem.opens,
        problem.closes, problem.profile, problem.start, problem.end, problem.begins, problem.ends,
    )  # fmt: skip
    apart = travel[0].astype(np.int64) + travel[0].T
    near = np.argsort(apart[np.ix_(problem.place, problem.place)], axis=1, kind="stable")[:, :200]
    penalty = FLOOR_PENALTY * _rarity(problem)
    bonus = problem.prize.sum() + (penalty * problem.floor).sum() + 1.0
    value = problem.prize + np.where(problem.required, bonus, 0.0)
    worth = Worth(
        value, problem.prize, problem.block, problem.floor.astype(np.float64), penalty,
        np.ascontiguousarray(problem.allowed), np.ascontiguousarray(near.astype(np.int64)),
    )  # fmt: skip
    return given, worth, problem.classes


def _rarity(problem: Problem) -> Floats:
    """How many times smaller a block's mean prize is than the mean of all: its floor must weigh that much more."""
    blocks = len(problem.floor)
    mean = problem.prize.mean() or 1.0
    inside = problem.block >= 0
    total = np.bincount(problem.block[inside], weights=problem.prize[inside], minlength=blocks)
    number = np.bincount(problem.block[inside], minlength=blocks)
    return np.maximum(mean * number / np.where(total > 0, total, 1.0), 1.0).astype(np.float64)


def _worker(problem: Problem, given: Given, worth: Worth, seed: int) -> _Worker:
    kinds = int(problem.classes.max()) + 1
    marks = np.random.default_rng(seed).integers(1, 1 << 62, len(given.place) + kinds, dtype=np.int64)
    width = problem.longest
    pool = Pool(
        np.zeros((POOL_SIZE, width), np.int64), np.zeros(POOL_SIZE, np.int64), np.zeros(POOL_SIZE, np.int64),
        np.zeros(POOL_SIZE, np.int64), np.zeros(POOL_SIZE), np.full(2 * POOL_SIZE + 1, -1, np.int64), marks, np.zeros(1, np.int64),
    )  # fmt: skip
    routes, best = _empty(len(problem.start), width), _empty(len(problem.start), width)
    return _Worker(routes, best, pool, total(worth, best))


def _empty(crews: int, width: int) -> Routes:
    def table(extra: int = 0) -> Ints:
        return np.zeros((crews, width + extra), np.int64)

    return Routes(table(), np.zeros(crews, np.int64), table(), table(), table(1))


def _restart(worker: _Worker, routes: tuple[tuple[int, ...], ...], total_of: Worth) -> None:
    """Begin again from these routes; what the worker found before is in the catalogue."""
    for table in (worker.routes, worker.best):
        for k, route in enumerate(routes):
            table.visit[k, : len(route)] = route
            table.length[k] = len(route)
    worker.worth = total(total_of, worker.best)


def _tuples(routes: Routes) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(routes.visit[k, : routes.length[k]].tolist()) for k in range(len(routes.length)))


def _worth(routes: tuple[tuple[int, ...], ...], problem: Problem, worth: Worth) -> float:
    table = _empty(len(problem.start), problem.longest)
    for k, route in enumerate(routes):
        table.visit[k, : len(route)] = route
        table.length[k] = len(route)
    return total(worth, table)


def _prize(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> float:
    return float(sum(problem.prize[list(route)].sum() for route in routes))
