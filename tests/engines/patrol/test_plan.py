"""A whole plan: crews with breaks and skills, places in any case, outposts, and a promise that holds together."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.plan import Crew, Demand, MustVisit, Rest, Settings, plan
from guangyue.engines.patrol.routing import Budget, faults

CELLS = 40
STEPS = Settings(outposts=3, budget=Budget(steps=1500), reach=4.0)


def ground(seed=0, extra=2):
    rng = np.random.default_rng(seed)
    at = rng.random((CELLS + extra, 2)) * 8_000
    metres = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    return np.stack([metres / 8 * 1000, metres / 14 * 1000]).astype(np.int32)


def demand(seed=0, blocks=4):
    rng = np.random.default_rng(seed)
    expected = rng.gamma(0.5, 1.0, CELLS)
    return Demand(
        expected=expected, low=np.floor(expected / 2), high=np.ceil(expected * 3), block=np.arange(CELLS) % blocks,
        blocks=tuple(f"block {b}" for b in range(blocks)), name=tuple(f"cell {i}" for i in range(CELLS)), dispersion=0.2,
    )  # fmt: skip


def crews(number=4, **more):
    return tuple(Crew(name=f"crew {k}", start=CELLS + k % 2, **more) for k in range(number))


@pytest.fixture(scope="module")
def made():
    rest = Rest(opens=40, closes=70, minutes=15)
    team = (*crews(3, rest=rest), Crew(name="drone", start=CELLS, profile=1, skills=frozenset({"drone"})))
    must = (
        MustVisit(name="market", place=5, opens=20, closes=110, minutes=4, every=45),
        MustVisit(name="roof", place=6, needs=frozenset({"drone"}), minutes=3),
    )
    return plan(ground(), demand(), team, must=must, settings=STEPS)


def test_the_routes_can_be_driven_and_nothing_required_is_missed(made):
    assert faults(made.problem, made.solution.routes) == []
    assert made.missed == ()


def test_every_crew_rests_within_its_window(made):
    rests = [s for s in made.stops if s.kind == "rest"]
    assert sorted(s.crew for s in rests) == [0, 1, 2]
    assert all(40 <= s.leaves - 15 <= 70 for s in rests)


def test_only_the_drone_looks_at_the_roof(made):
    assert [s.crew for s in made.stops if s.name == "roof"] == [3]


def test_the_market_is_seen_often_enough(made):
    seen = sorted(s.leaves - 4 for s in made.stops if s.name == "market")
    assert len(seen) >= 3
    assert all(b - a <= 45 + 1e-6 for a, b in itertools.pairwise(seen))


def test_every_stop_says_why_in_both_languages(made):
    assert all(s.reasons["zh"] and s.reasons["en"] for s in made.stops)
    cell = next(s for s in made.stops if s.kind == "cell")
    assert "calls expected" in cell.reasons["en"]
    assert "预计" in cell.reasons["zh"]


def test_the_promise_holds_together(made):
    p = made.promise
    assert 0 <= p.near[0] <= 1
    assert p.near[1] <= p.near[0] <= p.near[2]
    assert p.response[1] <= p.response[0] <= p.response[2]
    assert p.p90 >= p.response[0] * 0.5
    weight = np.array(p.calls_by_block) / sum(p.calls_by_block)
    assert weight @ [b[0] for b in p.near_by_block] == pytest.approx(p.near[0])
    assert weight @ [b[0] for b in p.response_by_block] == pytest.approx(p.response[0])
    assert weight @ p.passed_by_block == pytest.approx(p.passed)


def test_more_outposts_bring_help_sooner():
    few, many = (
        plan(ground(), demand(), crews(), settings=Settings(outposts=n, budget=Budget(steps=400))) for n in (1, 8)
    )
    assert len(many.outposts) == 8
    assert many.promise.response[0] < few.promise.response[0]
    assert many.promise.near[0] > few.promise.near[0]


def test_a_floor_no_crew_can_reach_is_said():
    short = crews(1, ends=12.0)
    found = plan(ground(), demand(), short, settings=Settings(floor=0.9, outposts=0, budget=Budget(steps=200)))
    assert found.below_floor
    assert found.outposts == ()


def test_a_place_nobody_can_reach_in_time_is_reported_missed():
    must = (MustVisit(name="far", place=1, opens=0, closes=0),)
    found = plan(ground(), demand(), crews(2), must=must, settings=STEPS)
    assert found.missed == ("far (1)",)


@given(st.floats(0, 60), st.floats(1, 300), st.floats(5, 120))
def test_windows_keep_visits_close_enough_whenever_in_them_they_fall(opens, length, every):
    windows = MustVisit(name="x", place=0, opens=opens, closes=opens + length, every=every).windows()
    for (early, _), (_, late) in itertools.pairwise(windows):
        assert late - early <= every + 1e-6
    assert windows[0][0] == opens
    assert opens + length - windows[-1][0] <= every + 1e-6
    assert len(windows) == 1 or opens + length - windows[-2][0] > every


def test_impossible_input_is_refused():
    with pytest.raises(PatrolError, match="no crew"):
        plan(ground(), demand(), ())
    with pytest.raises(PatrolError, match="places"):
        plan(ground()[:, :5, :5], demand(), crews())
    with pytest.raises(PatrolError, match="not possible"):
        plan(ground(), demand(), crews(), must=(MustVisit(name="x", place=1, opens=9, closes=1),))
