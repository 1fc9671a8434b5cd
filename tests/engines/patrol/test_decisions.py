"""Outposts, head-count and the gate: exact where it can be checked by trying everything, cautious where it cannot."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast import History
from guangyue.engines.patrol.gate import judge, on_held_out
from guangyue.engines.patrol.grid import square_grid
from guangyue.engines.patrol.headcount import head_count, waiting
from guangyue.engines.patrol.outposts import cover, expected_cover, greedy, worth
from guangyue.engines.patrol.tidal import tidal


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.floats(0.05, 0.9))
def test_siting_is_the_best_of_all_choices(seed, posts, busy):
    rng = np.random.default_rng(seed)
    within, demand = rng.random((6, 9)) < 0.35, rng.integers(0, 20, 9).astype(float)
    single = max(worth(within, demand, c) for c in itertools.combinations(range(6), posts))
    assert cover(within, demand, posts).covered == pytest.approx(single)
    several = max(worth(within, demand, c, busy) for c in itertools.combinations_with_replacement(range(6), posts))
    assert expected_cover(within, demand, posts, busy).covered == pytest.approx(several)
    assert greedy(within, demand, posts, busy).covered <= several + 1e-9


def test_given_posts_stay_and_impossible_wishes_are_refused():
    within, demand = np.eye(4, dtype=bool), np.array([1.0, 5.0, 3.0, 0.0])
    assert cover(within, demand, 2, fixed=(3,)).sites == (1, 3)
    assert expected_cover(within, demand, 2, 0.5, fixed=(3,)).sites == (1, 3)
    for wrong in (
        lambda: cover(within, demand, 5),
        lambda: cover(within, demand, 1, fixed=(0, 1)),
        lambda: cover(within, -demand, 1),
        lambda: cover(within, demand, 1, fixed=(9,)),
        lambda: expected_cover(within, demand, 2, 1.0),
        lambda: cover(within[:0], demand, 1),
    ):
        with pytest.raises(PatrolError):
            wrong()


def test_erlang_knows_the_textbook_figures():
    assert waiting(0.5, 1) == pytest.approx(0.5)
    assert waiting(2.0, 3) == pytest.approx(4 / 9)
    assert waiting(3.0, 3) == 1.0
    assert waiting(0.0, 1) == 0.0


def test_head_count_is_the_best_division_of_the_hours():
    calls, hours = np.array([2.0, 9.0, 5.0]), np.full(3, 8.0)
    found = head_count(calls, hours, hours_per_call=0.5, crew_hours=8.0 * 14)
    choices = [c for c in itertools.product(range(1, 13), repeat=3) if sum(c) == 14]
    waits = {c: sum(r * waiting(r * 0.5, n) for r, n in zip(calls, c, strict=True)) for c in choices}
    assert sum(r * w for r, w in zip(calls, found.waiting, strict=True)) == pytest.approx(min(waits.values()))
    assert found.crews[1] > found.crews[2] > found.crews[0]
    assert all(0 <= b <= 1 for b in found.busy)


def test_head_count_refuses_too_few_hours_and_impossible_figures():
    with pytest.raises(PatrolError) as few:
        head_count(np.ones(3), np.full(3, 8.0), hours_per_call=0.5, crew_hours=10)
    assert few.value.code == "patrol.headcount.few"
    with pytest.raises(PatrolError):
        head_count(np.array([np.nan]), np.ones(1), hours_per_call=0.5, crew_hours=10)


def test_the_gate_proposes_a_real_gain_and_keeps_on_noise():
    rng = np.random.default_rng(0)
    standing = 0.35 + rng.normal(0, 0.01, 26)
    assert judge(standing, standing + 0.02 + rng.normal(0, 0.01, 26)).answer == "propose"
    assert judge(standing, standing + rng.normal(0, 0.01, 26)).answer == "keep"
    assert judge(standing, standing - 0.02).answer == "keep"
    small = judge(standing, standing + 0.001)
    assert small.answer == "keep"
    assert "worth a change" in small.reasons["en"]
    assert "不到值得改动" in small.reasons["zh"]


def test_few_weeks_are_never_enough_and_different_weeks_cannot_be_compared():
    assert judge(np.zeros(5), np.ones(5)).answer == "keep"
    assert judge(np.zeros(0), np.zeros(0)).answer == "keep"
    with pytest.raises(PatrolError):
        judge(np.zeros(6), np.zeros(7))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_chance_alone_seldom_passes_the_gate(seed):
    rng = np.random.default_rng(seed)
    passed = sum(judge(a, b).answer == "propose" for a, b in rng.normal(0.35, 0.02, (40, 2, 26)))
    assert passed <= 9


def test_a_candidates_habit_is_asked_week_by_week():
    asked = []

    def replan(day):
        asked.append(day)
        return day

    verdict = on_held_out(range(0, 70, 7), 0, replan, lambda plan, day: 1.0 if plan == day and day else 0.5)
    assert asked == list(range(0, 70, 7))
    assert verdict.answer == "propose"


def tide(*, moving):
    """A city whose busy half of each day lies in the west or, when it moves, in the east."""
    rng = np.random.default_rng(4)
    n = 60_000
    day, slot = np.sort(rng.integers(0, 1400, n)), rng.integers(0, 2, n)
    east = (slot == 1) if moving else rng.random(n) < 0.5
    lon = 116 + np.where(east, 0.06, 0.0) + rng.gamma(1.0, 0.004, n)
    grid, cell = square_grid(lon, 36.4 + rng.random(n) * 0.02, side=400.0)
    metres = grid.metres
    near = np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1)) < 500
    return History(grid=grid, day=day, cell=cell, slot=slot, slots=2), sparse.csr_array(near.astype(float))


def test_the_gate_lets_a_true_tide_through_and_stops_a_false_one():
    for moving in (True, False):
        history, near = tide(moving=moving)
        found = tidal(history, range(800, 1344, 28), near=near, units=3, horizon=28, mixture=None)
        mean = {way: np.mean(v) for way, v in found.covered.items()}
        assert mean["gated"] >= mean["standing"] - 0.003
        answers = [v.answer for v in found.verdicts[8:]]
        assert ("propose" in answers) is moving
