"""Scenarios on streets: rounds, tables, exact routing, drawn calls, reports, calibration."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.engines.patrol_simulate.cities import HOUR, grid

from guangyue.engines.patrol.simulate import Rule, SimulateError, simulate, simulate_plainly
from guangyue.engines.patrol.simulate.calibrate import Shapes, calibrate
from guangyue.engines.patrol.simulate.habits import DAY_SHAPE, Habits, draw_calls, week_of_events
from guangyue.engines.patrol.simulate.report import report
from guangyue.engines.patrol.simulate.streets import FromStreets, lay_out, post, round_trip
from guangyue.engines.roads import Network

SIDE = 12


@cache
def laid():
    """A grid of 144 junctions, each a place; three rounds and three posts with two crews each."""
    graph = grid(SIDE)
    siren, ordinary = Network(graph, "siren"), Network(graph, "ordinary")
    corners = [[0, 5, 60, 65], [6, 11, 66, 71], [78, 83, 138, 143]]
    rounds = [round_trip(ordinary, stops, 120) for stops in corners] + [post(n) for n in (26, 74, 117)]
    rng = np.random.default_rng(5)
    site = rng.choice([1, 3, 5], SIDE * SIDE, p=[0.1, 0.2, 0.7])
    weight = rng.gamma(0.5, size=SIDE * SIDE)
    ground = lay_out(siren, ordinary, np.arange(SIDE * SIDE), rounds, weight=weight, site=site)
    return siren, ordinary, ground, ground.crews(np.arange(12) % 6, phase_ms=np.arange(12) * 400_000)


def test_a_round_takes_its_drives_and_stays():
    _, ordinary, _, _ = laid()
    found = round_trip(ordinary, [0, 5, 65], [60, 0, 30])
    # 5 blocks, 5 down, and 10 back at 25 s each, and the stays
    assert found.period_ms == 20 * 25_000 + 90_000
    assert found.node[:2].tolist() == [0, 0]
    assert found.offset_ms[:2].tolist() == [0, 60_000]
    assert (np.diff(found.offset_ms) > 0).all()
    # every block of 25 s is noted, since that is more than the step
    assert len(found.node) == 20 + 2
    assert round_trip(ordinary, [7], 0).period_ms == HOUR
    with pytest.raises(SimulateError, match=r"simulate\.empty"):
        round_trip(ordinary, [], 60)


def test_the_table_holds_the_streets_times():
    siren, ordinary, ground, crews = laid()
    for manner, network in enumerate((siren, ordinary)):
        wanted = network.matrix(ground.city.stop_node, ground.city.place_node).T
        np.testing.assert_array_equal(ground.city.ms[manner], wanted)
    for place in (0, 77, 143):
        for track, found in enumerate(ground.tracks):
            points = ground.city.stop_node[found.stop]
            ms = ordinary.matrix([place], points)[0]
            assert ms.min() == crews.rejoin_ms[place, track] == ms[crews.rejoin_at[place, track]]
            # the stops passed on the way lie on a quickest way: not past their eighth, less than a block before it
            via = ordinary.matrix(ground.city.stop_node[crews.rejoin_via[place, track]], points).min(axis=1)
            left = ms.min() * (1 - np.arange(1, 8) / 8)
            assert ((via >= left) & (via < left + 25_000)).all()


def test_a_place_with_several_addresses_is_their_mean():
    siren, ordinary, _, _ = laid()
    addresses = (np.array([0, 2, 143], np.int32), np.array([0, 2, 3], np.int64))
    ground = lay_out(siren, ordinary, [1, 143], [post(5)], weight=[1, 1], addresses=addresses)
    wanted = ordinary.matrix([5], [0, 2, 143])[0]
    assert ground.city.ms[1, 0, 2] == (wanted[0] + wanted[1]) // 2
    assert ground.city.ms[1, 1, 2] == wanted[2]


def test_the_table_agrees_with_exact_routing():
    siren, ordinary, ground, crews = laid()
    calls = draw_calls(ground.city, Habits(), 900, 300, seed=4)
    table = simulate(ground.city, crews, calls, Rule())
    streets = FromStreets(siren, ordinary, ordinary, ground.city, crews, calls)
    exact = simulate_plainly(ground.city, crews, calls, Rule(), streets)
    assert table.response_ms.mean() == pytest.approx(exact.response_ms.mean(), rel=0.02)
    assert np.median(table.response_ms) == pytest.approx(np.median(exact.response_ms), rel=0.02)
    # until the first near-tie is decided otherwise, the two runs send the same crews
    first = int((table.first_crew != exact.first_crew).argmax())
    assert first > 3
    np.testing.assert_allclose(table.response_ms[:first], exact.response_ms[:first], rtol=0.1, atol=20_000)


def test_a_crew_between_junctions_is_asked_where_it_really_is():
    siren, ordinary, ground, crews = laid()
    calls = draw_calls(ground.city, Habits(), 40, 300, seed=4)
    streets = FromStreets(siren, ordinary, ordinary, ground.city, crews, calls)
    run = simulate_plainly(ground.city, crews, calls, Rule(), streets)
    # turnout and desk aside, no drive is shorter than straight across the grid with siren
    assert (run.response_ms > 0).all()


def test_calls_follow_the_hours_the_places_and_the_seed():
    city = laid()[2].city
    habits = Habits()
    calls = draw_calls(city, habits, 60_000, 900, seed=11)
    assert (draw_calls(city, habits, 60_000, 900, seed=11).ring_ms == calls.ring_ms).all()
    assert (draw_calls(city, habits, 60_000, 900, seed=12).ring_ms != calls.ring_ms).any()
    hours = np.bincount(calls.ring_ms // HOUR % 24, minlength=24)
    wanted = np.array(DAY_SHAPE) / sum(DAY_SHAPE) * 60_000
    assert np.abs(hours - wanted).max() < 5 * np.sqrt(wanted.max())
    assert 2.5 < hours[18] / hours[5] < 3.6
    assert len(calls) / (calls.ring_ms[-1] / (24 * HOUR)) == pytest.approx(900, rel=0.03)
    heavy = np.bincount(calls.place, minlength=city.places) / len(calls)
    assert np.abs(heavy - city.weight / city.weight.sum()).max() < 0.004
    urgent = calls.process_ms[calls.priority == 1]
    assert np.percentile(urgent, 90) == pytest.approx(60_000, rel=0.03)
    assert set(np.unique(calls.units[calls.priority == 3])) == {1}


def test_addresses_of_calls_lie_in_their_place():
    city = laid()[2].city
    nodes = np.arange(2 * city.places, dtype=np.int32) // 2
    at = np.arange(0, 2 * city.places + 1, 2)
    calls = draw_calls(city, Habits(), 500, 900, seed=1, nodes=nodes, nodes_at=at)
    np.testing.assert_array_equal(calls.node, calls.place)


def test_the_week_is_learned_from_events_with_trust_in_all_days():
    rng = np.random.default_rng(0)
    many = rng.choice(168, 50_000, p=np.tile(np.arange(1, 25), 7) / (300 * 7))
    assert np.corrcoef(week_of_events(many), np.tile(np.arange(1, 25), 7))[0, 1] > 0.99
    few = week_of_events([20, 20, 44])
    assert min(few) == 0.0
    assert few[20] > few[44] > few[68] > 0
    with pytest.raises(SimulateError, match=r"simulate\.value"):
        week_of_events([168])


@pytest.mark.parametrize(
    "change",
    [{"week": (1.0,) * 24}, {"week": (0.0,) * 168}, {"shares": (0.5, 0.5, 0.5)}, {"scene_s": (1.0, -1.0, 1.0)}],
)
def test_habits_that_cannot_be(change):
    with pytest.raises(SimulateError):
        Habits(**change)


def test_the_report_counts_what_happened():
    _, _, ground, crews = laid()
    calls = draw_calls(ground.city, Habits(), 6_000, 300, seed=4)
    run = simulate(ground.city, crews, calls, Rule())
    told = report(run)
    seconds = run.response_ms / 1000
    assert told["calls"] == 6_000
    assert told["unanswered"] == 0
    assert told["response_s"]["median"]["value"] == pytest.approx(np.median(seconds), abs=1e-3)
    assert told["response_s"]["p90"]["low"] < np.percentile(seconds, 90) < told["response_s"]["p90"]["high"]
    site = ground.city.site[calls.place]
    for k, limit in ((1, 60), (3, 180), (5, 300)):
        tier = told["tiers"][str(k)]
        assert tier["target_s"] == limit
        assert tier[f"first_within_{limit}_s"]["value"] == pytest.approx((seconds[site == k] <= limit).mean(), abs=1e-4)
        assert sum(tier["first_by_tier"].values()) == (site == k).sum()
    two = (site == 1) & (calls.units >= 2)
    second = (run.arrival_ms[two, 1] - calls.ring_ms[two]) / 1000
    assert told["tiers"]["1"]["second_within_180_s"]["value"] == pytest.approx((second <= 180).mean(), abs=1e-4)
    assert sum(told["calls_by_hour"]) == 6_000
    assert 0 < told["busy_mean"] < 1


def test_intervals_are_withheld_where_there_is_too_little_to_say():
    _, _, ground, crews = laid()
    run = simulate(ground.city, crews, draw_calls(ground.city, Habits(), 100, 300, seed=4), Rule())
    assert report(run)["response_s"]["mean"]["low"] is None


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    _, _, ground, crews = laid()
    days = [draw_calls(ground.city, Habits(), 6_000, 150, seed=seed) for seed in range(40)]
    runs = [simulate(ground.city, crews, calls, Rule()) for calls in days]
    truth = float(np.mean([r.response_ms.mean() / 1000 for r in runs]))
    told = [report(r, level=0.9)["response_s"]["mean"] for r in runs]
    held = sum(t["low"] <= truth <= t["high"] for t in told)
    # 40 tosses at 90 %: fewer than 31 in one of 200 runs
    assert held >= 31


def test_calibration_meets_the_shapes_or_says_it_cannot():
    _, _, ground, crews = laid()
    wanted = Shapes(busy=0.35, urgent_median_s=300.0, median_s=480.0)
    habits = calibrate(ground.city, crews, Rule(), Habits(), wanted, 240, calls=4_000)
    run = simulate(ground.city, crews, draw_calls(ground.city, habits, 20_000, 240, seed=99), Rule())
    urgent = run.calls.priority == 1
    assert np.median(run.response_ms[urgent]) / 1000 == pytest.approx(300, rel=0.05)
    assert np.median(run.response_ms) / 1000 == pytest.approx(480, rel=0.05)
    assert run.busy_ms.sum() / (12 * run.calls.ring_ms[-1]) == pytest.approx(0.35, rel=0.05)
    with pytest.raises(SimulateError, match=r"simulate\.shapes"):
        calibrate(
            ground.city, crews, Rule(), Habits(), Shapes(busy=0.3, urgent_median_s=5, median_s=400), 240, calls=1500
        )
