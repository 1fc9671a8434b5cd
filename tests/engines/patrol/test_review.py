"""One ruler for new and standing plans: who is near when, and a review that knows nothing of the week it judges."""

from __future__ import annotations

import numpy as np
import pytest

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast import History
from guangyue.engines.patrol.grid import hex_grid
from guangyue.engines.patrol.plan import Beat, Crew, Demand, Settings, plan, reach_of
from guangyue.engines.patrol.plan.watch import FAR_MS
from guangyue.engines.patrol.plan_files import Standing, StandingRound, StandingStop
from guangyue.engines.patrol.review import review
from guangyue.engines.patrol.routing import Budget
from guangyue.engines.roads import Network, from_edges

MINUTE = 60_000


def test_a_post_and_a_crew_on_its_way_are_as_near_as_reckoned_by_hand():
    travel = np.array([[0, 6], [6, 0]], np.int32) * MINUTE
    # the crew is at place 0 up to minute 5, then drives to place 1 and stays there from minute 10 to 15
    crew = Beat(0, 15 * MINUTE, ((0, 0, 5 * MINUTE), (1, 10 * MINUTE, 15 * MINUTE)))
    alone = reach_of((crew,), travel, 0.3)
    assert alone.order[:, 0, 0].tolist() == [0, 0, 6, 6]
    assert alone.order[:, 0, 1].tolist() == [6, 6, 0, 0]
    assert alone.near(5.0).tolist() == [0.5, 0.5]
    assert alone.response().tolist() == [3.0, 3.0]
    both = reach_of((crew, Beat.post(1, 0, 15 * MINUTE)), travel, 0.5)
    assert both.free == pytest.approx([2 / 3, 1 / 3])
    # place 1: the post is there in any case, the crew half of the time
    assert both.near(5.0)[1] == pytest.approx(2 / 3 + 1 / 3 * 0.5)
    assert both.quantile(np.array([0.0, 1.0]), 0.5) == 0.0


def test_whoever_is_off_duty_is_far_and_nobody_at_all_too():
    travel = np.zeros((1, 1), np.int32)
    late = (
        Beat(0, 60 * MINUTE, ((0, 0, 60 * MINUTE),)),
        Beat(30 * MINUTE, 60 * MINUTE, ((0, 30 * MINUTE, 60 * MINUTE),)),
    )
    order = reach_of(late, travel, 0.5).order[:, :, 0]
    assert order[0].tolist() == [0, FAR_MS / MINUTE]
    assert order[-1].tolist() == [0, 0]
    none = reach_of((), travel, 0.5)
    assert none.near(5.0).tolist() == [0.0]
    assert none.response().tolist() == [FAR_MS / MINUTE]


def test_a_drone_passes_cells_and_answers_no_call():
    travel = np.full((2, 4, 4), 2 * MINUTE, np.int32)
    demand = Demand.of(np.ones(3), 0.0, np.zeros(3, np.int64), ("all",), ("a", "b", "c"))
    drone = Crew(name="drone", start=3, profile=1, answers=False)
    made = plan(travel, demand, (drone,), settings=Settings(outposts=0, budget=Budget(steps=50)))
    assert made.promise.passed == 1.0
    assert made.promise.near[0] == 0.0
    car = plan(travel, demand, (Crew(name="car", start=3),), settings=Settings(outposts=0, budget=Budget(steps=50)))
    assert car.promise.near[0] == 1.0


@pytest.fixture(scope="module")
def town():
    """Streets, two and a half years of calls in one corner of them, and a plan that stands in the other."""
    lon, lat = (a.ravel() for a in np.meshgrid(116 + np.arange(8) * 0.01, 36.4 + np.arange(8) * 0.008))
    number = np.arange(64).reshape(8, 8)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    both = np.concatenate([across, across[:, ::-1], along, along[:, ::-1]])
    network = Network(from_edges(lon, lat, both[:, 0], both[:, 1])).warm()
    rng = np.random.default_rng(3)
    n = 8_000
    day = np.sort(rng.integers(0, 600, n))
    x, y = (
        np.clip(116.05 + rng.normal(0, 0.008, n), 116, 116.07),
        np.clip(36.44 + rng.normal(0, 0.006, n), 36.4, 36.456),
    )
    grid, cell = hex_grid(x, y)
    history = History(grid=grid, day=day, cell=cell, slot=np.zeros(n, np.int64), slots=1)
    away = (116.0, 36.4)
    standing = Standing((StandingRound("1", "ground", away, away, 0, 120, (StandingStop(away, 0, 120),)),), (away,))
    crews = [{"name": "1", "lon": 116.05, "lat": 36.44}]
    return network, history, standing, crews


WISHES = Settings(outposts=1, budget=Budget(steps=150))


def test_a_plan_where_the_calls_are_replaces_one_where_they_are_not(town):
    network, history, standing, crews = town
    found = review(history, standing, range(540, 590, 7), network, crews, [], slot=0, settings=WISHES, cells=25)
    assert found.verdict.answer == "propose"
    assert min(found.candidate) > max(found.standing)
    assert found.calls[0] == history.counts(540, 547).sum()


def test_a_plan_for_a_week_knows_nothing_of_it(town):
    network, history, standing, crews = town
    known = history.between(0, 547)
    cut = History(
        grid=history.grid, day=history.day[known], cell=history.cell[known], slot=history.slot[known], slots=1
    )
    one, two = (
        review(h, standing, [540], network, crews, [], slot=0, settings=WISHES, cells=25) for h in (history, cut)
    )
    assert one == two
    assert one.verdict.answer == "keep", "one week is never enough"


def test_weeks_without_an_outcome_and_another_citys_streets_are_refused(town):
    network, history, standing, crews = town
    with pytest.raises(PatrolError) as future:
        review(history, standing, [596], network, crews, [], slot=0, settings=WISHES)
    assert future.value.code == "patrol.backtest.future"
    away = Network(from_edges([10.0, 10.01], [50.0, 50.0], [0, 1], [1, 0]))
    with pytest.raises(PatrolError) as elsewhere:
        review(history, standing, [540], away, crews, [], slot=0, settings=WISHES)
    assert elsewhere.value.code == "patrol.plan.none"
