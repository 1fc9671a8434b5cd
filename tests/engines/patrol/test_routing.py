"""Routes that can be driven, always; the best ones where the best is known; the same ones for the same seed."""

from __future__ import annotations

import dataclasses
import importlib
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.routing import Budget, Problem, faults, solve, timetable, warm_up
from guangyue.engines.patrol.routing.recombine import Catalogue, pack

solver = importlib.import_module("guangyue.engines.patrol.routing.solve")


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    warm_up()


def random_problem(seed, n=14, m=3, *, windows=True, skills=True, blocks=2, floor=0.0, required=0.1):
    rng = np.random.default_rng(seed)
    at = rng.random((n + 2, 2)) * 2_000_000
    way = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    travel = np.stack([way * rng.uniform(0.9, 1.4, way.shape), way * 0.5]).astype(np.int32)
    opens = rng.integers(0, 4_000_000, n) * windows
    prize = rng.integers(1, 50, n).astype(float)
    block = rng.integers(-1, blocks, n)
    total = np.array([prize[block == b].sum() for b in range(blocks)])
    return Problem(
        travel=travel, place=np.arange(n), service=rng.integers(0, 600_000, n), opens=opens,
        closes=opens + (rng.integers(300_000, 3_000_000, n) if windows else 9_000_000), prize=prize,
        required=rng.random(n) < required, block=block, floor=floor * total,
        allowed=(rng.random((m, n)) < 0.7) if skills else np.ones((m, n), bool), profile=rng.integers(0, 2, m),
        start=rng.integers(n, n + 2, m), end=rng.integers(n, n + 2, m), begins=rng.integers(0, 1_000_000, m),
        ends=rng.integers(4_000_000, 7_200_000, m),
    )  # fmt: skip


def best_possible(problem):
    """The most prize any single crew can gather, by trying every order of every subset."""
    best = 0.0
    n = len(problem.place)
    for size in range(n + 1):
        for order in itertools.permutations(range(n), size):
            if not faults(problem, (order,)):
                best = max(best, float(problem.prize[list(order)].sum()))
    return best


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.booleans(), st.booleans(), st.floats(0, 0.6))
def test_every_route_found_can_be_driven(seed, windows, skills, floor):
    problem = random_problem(seed, windows=windows, skills=skills, floor=floor)
    found = solve(problem, Budget(steps=150, seed=seed))
    assert faults(problem, found.routes) == []
    assert found.prize == pytest.approx(sum(problem.prize[list(r)].sum() for r in found.routes))


@pytest.mark.parametrize("seed", range(12))
def test_one_crew_finds_the_best_of_all_orders(seed):
    problem = random_problem(seed, n=6, m=1, skills=False, blocks=0, required=0.0)
    assert solve(problem, Budget(steps=400, seed=1)).prize == best_possible(problem)


def test_the_same_seed_and_steps_make_the_same_routes():
    problem = random_problem(5, n=40, m=4)
    one, two = (solve(problem, Budget(steps=3000, seed=9)) for _ in range(2))
    assert one.routes == two.routes
    assert one.iterations == two.iterations == 6000


def test_required_visits_come_before_prizes():
    problem = random_problem(3, n=30, m=2, windows=False, skills=False, required=0.0)
    poor = np.argsort(problem.prize)[:3]
    must = dataclasses.replace(problem, required=np.isin(np.arange(30), poor))
    made = {v for r in solve(must, Budget(steps=2000)).routes for v in r}
    assert set(poor.tolist()) <= made


def test_a_floor_draws_crews_into_the_poor_block():
    base = random_problem(8, n=40, m=3, windows=False, skills=False, blocks=2, required=0.0)
    base = dataclasses.replace(base, service=np.full(40, 600_000))
    block = (np.arange(40) % 4 == 0).astype(np.int64)
    prize = np.where(block == 1, 1.0, 30.0)
    poor = dataclasses.replace(base, block=block, prize=prize, floor=np.array([0.0, 0.0]))
    fair = dataclasses.replace(poor, floor=np.array([0.0, 5.0]))

    def gathered(problem):
        return sum(prize[v] for r in solve(problem, Budget(steps=1500)).routes for v in r if block[v] == 1)

    rich, poor_got = gathered(fair), gathered(poor)
    assert rich >= 5.0 > poor_got


def test_recombining_never_loses_and_finds_the_better_set():
    problem = random_problem(2, n=12, m=2, windows=False, skills=False, blocks=0, required=0.0)
    same = dataclasses.replace(
        problem, profile=np.zeros(2, np.int64), start=np.full(2, 12), end=np.full(2, 12), begins=np.zeros(2, np.int64),
        ends=np.full(2, 10**9),
    )  # fmt: skip
    _, worth, kinds = solver._arrays(same)
    assert len(set(kinds.tolist())) == 1
    catalogue = Catalogue({})
    for route in ((0, 1, 2), (2, 3, 4), (3, 4, 5), (0, 1)):
        catalogue.add(0, route, 1.0)
    best = pack(catalogue, same, worth, ((2, 3, 4), (0, 1)), seconds=5.0)
    assert sorted(map(sorted, best)) == [[0, 1, 2], [3, 4, 5]]
    assert pack(Catalogue({}), same, worth, best, seconds=5.0) == best


def test_the_check_sees_every_kind_of_fault():
    problem = random_problem(1, n=8, m=2, skills=False, required=0.0)
    assert faults(problem, ((), ())) == []
    assert any("2 times" in f for f in faults(problem, ((0,), (0,))))
    assert any("routes for" in f for f in faults(problem, ((),)))
    closed = dataclasses.replace(problem, opens=np.zeros(8, np.int64), closes=np.zeros(8, np.int64))
    assert any("after it closed" in f for f in faults(closed, ((3,), ())))
    short = dataclasses.replace(problem, ends=problem.begins + 1)
    assert any("after its shift" in f for f in faults(short, ((3,), ())))
    barred = dataclasses.replace(problem, allowed=np.zeros((2, 8), bool))
    assert any("may not" in f for f in faults(barred, ((3,), ())))
    assert solve(barred, Budget(steps=50)).prize == 0


def test_waiting_shows_in_the_timetable():
    problem = dataclasses.replace(
        random_problem(1, n=8, m=1), opens=np.full(8, 3_000_000), closes=np.full(8, 4_000_000)
    )
    (arrival, departure), _ = timetable(problem, 0, (2,))
    assert arrival < 3_000_000
    assert departure == 3_000_000 + problem.service[2]


def test_places_without_a_road_are_left_out():
    problem = random_problem(4, n=10, m=2, windows=False, skills=False, required=0.0)
    travel = problem.travel.copy()
    travel[:, :, 3] = 2_000_000_000
    found = solve(dataclasses.replace(problem, travel=travel), Budget(steps=300))
    assert 3 not in {v for r in found.routes for v in r}
    assert found.prize > 0


def test_no_visits_and_no_prizes_are_no_problem():
    assert solve(random_problem(1, n=0)).routes == ((), (), ())
    worthless = dataclasses.replace(random_problem(1, required=0.0), prize=np.zeros(14))
    assert solve(worthless, Budget(steps=50)).prize == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prize": np.full(14, np.nan)}, "not a number"),
        ({"prize": np.full(14, -1.0)}, "negative"),
        ({"service": np.full(14, -1)}, "negative length"),
        ({"start": np.full(3, 99)}, "outside the travel matrix"),
        ({"profile": np.full(3, 7)}, "profile without"),
        ({"closes": np.full(14, -1)}, "closes before"),
        ({"ends": np.full(3, -1)}, "ends before"),
        ({"block": np.full(14, 9)}, "block without"),
        ({"place": np.zeros(3, np.int64)}, "wrong shape"),
        ({"travel": np.zeros((1, 2, 3), np.int32)}, "wrong shape"),
    ],
)
def test_an_impossible_problem_is_refused_with_its_reason(change, says):
    with pytest.raises(PatrolError, match=says):
        dataclasses.replace(random_problem(1), **change)


def test_a_clock_limit_holds():
    found = solve(random_problem(6, n=60, m=5), Budget(seconds=1.5))
    assert found.seconds < 3.0
    assert found.iterations > 0


def test_the_edmonton_instance_beats_greedy_by_far_in_a_few_thousand_steps():
    root = Path(os.environ.get("GUANGYUE_DATA", Path(__file__).parents[4] / "shared" / "data"))
    path = root / "patrol_instance" / "edmonton_300.npz"
    if not path.exists():
        pytest.skip("the Edmonton instance is not here: set GUANGYUE_DATA")
    data = np.load(path)
    depot = np.repeat(data["depots"], 3).astype(np.int64)
    problem = Problem(
        travel=np.ceil(data["travel_s"] * 1000).astype(np.int32)[None], place=np.arange(300), service=np.full(300, 300_000),
        opens=np.zeros(300, np.int64), closes=np.full(300, 7_200_000), prize=data["prize"].astype(float),
        required=np.zeros(300, bool), block=np.full(300, -1), floor=np.zeros(0), allowed=np.ones((15, 300), bool),
        profile=np.zeros(15, np.int64), start=depot, end=depot, begins=np.zeros(15, np.int64), ends=np.full(15, 7_200_000),
    )  # fmt: skip
    found = solve(problem, Budget(steps=6000))
    assert faults(problem, found.routes) == []
    assert found.prize / problem.prize.sum() > 0.825
