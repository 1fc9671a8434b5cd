"""The simulator: the compiled loop equals the plain one, days small enough to check by hand, and what it must obey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tests.engines.patrol_simulate.cities import HOUR, calls_of, city_of, crews_of, scenarios

from guangyue.engines.patrol.simulate import Rule, SimulateError, Track, simulate, simulate_plainly
from guangyue.engines.patrol.simulate.plain import FromTable

RULES = (Rule(), Rule(kind="mexclp", target_s=(300, 600, 900), cover_s=400))
MINUTE = 60_000


@settings(max_examples=80, deadline=None)
@given(scenarios())
def test_the_compiled_loop_is_the_plain_one(scenario):
    city, crews, calls = scenario
    for rule in RULES:
        fast = simulate(city, crews, calls, rule)
        plain = simulate_plainly(city, crews, calls, rule, FromTable(city, crews, calls))
        np.testing.assert_array_equal(fast.crew, plain.crew)
        np.testing.assert_array_equal(fast.arrival_ms, plain.arrival_ms)
        np.testing.assert_array_equal(fast.sent_ms, plain.sent_ms)
        np.testing.assert_array_equal(fast.busy_ms, plain.busy_ms)


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_what_every_run_must_obey(scenario):
    city, crews, calls = scenario
    for rule in RULES:
        run = simulate(city, crews, calls, rule)
        again = simulate(city, crews, calls, rule)
        np.testing.assert_array_equal(run.arrival_ms, again.arrival_ms)
        units = (run.crew >= 0).sum(axis=1)
        np.testing.assert_array_equal(units, calls.units)
        sent = run.crew >= 0
        ready = calls.ring_ms + calls.process_ms
        assert (run.sent_ms[sent] >= np.repeat(ready, units)).all()
        hours = run.sent_ms[sent] // HOUR % 168
        assert crews.duty[run.crew[sent], hours].all()
        need = np.repeat(calls.skill, units)
        assert ((crews.skill[run.crew[sent]] & need) == need).all()
        assert (np.diff(np.where(run.arrival_ms < 0, 2**62, run.arrival_ms), axis=1) >= 0).all()
        for c in range(len(crews)):
            # nobody is in two places: the next order comes after the last scene is done
            mine = np.argwhere(run.crew == c)
            begins = np.sort([run.sent_ms[i, k] for i, k in mine])
            spent = run.busy_ms[c]
            if len(begins):
                assert begins[-1] + spent >= begins[0]
                assert spent <= run.arrival_ms.max() + calls.scene_ms.max() - begins[0] + 1


@pytest.fixture
def line():
    """Three places on a line, ten minutes apart with siren, fifteen without; posts at both ends."""
    minutes = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    city = city_of(np.stack([minutes * 10, minutes * 15]) * MINUTE, 3, site=[1, 3, 5])
    return city, (Track.post(0), Track.post(2))


def test_the_closest_goes_and_comes_back(line):
    city, tracks = line
    crews = crews_of(city, tracks, [0, 1], rejoin_ms=np.array([[0, 30], [15, 15], [30, 0]], np.int32) * MINUTE)
    calls = calls_of([0, MINUTE, 2 * HOUR], [0, 1, 0])
    run = simulate(city, crews, calls, Rule())
    # the first keeps crew 0 at its own door, the second takes crew 1 fifteen minutes, then both are home again
    assert run.first_crew.tolist() == [0, 1, 0]
    assert (run.response_ms / MINUTE).tolist() == [0, 15, 0]
    assert (run.busy_ms / MINUTE).tolist() == [20, 25]


def test_urgent_calls_drive_with_siren_and_jump_the_queue(line):
    city, tracks = line
    crews = crews_of(city, tracks, [0])
    calls = calls_of([0, MINUTE, 2 * MINUTE], [0, 2, 1], priority=np.array([2, 2, 1], np.uint8))
    run = simulate(city, crews, calls, Rule())
    # free at minute 10: first the urgent one (10 min with siren, 10 at the scene), then the one from minute 1
    assert (run.arrival_ms[:, 0] / MINUTE).tolist() == [0, 30 + 15, 20]


def test_a_crew_at_its_post_needs_its_turnout_and_one_on_the_way_back_does_not(line):
    city, tracks = line
    crews = crews_of(city, tracks, [0], rejoin_ms=np.full((3, 2), 40 * MINUTE, np.int32))
    turnout = np.full(2, MINUTE, np.int32)
    calls = calls_of([0, 16 * MINUTE], [0, 2], turnout_ms=turnout)
    run = simulate(city, crews, calls, Rule())
    # done at minute 11, at minute 16 an eighth of the way from place 0 back to its post at 0
    assert (run.response_ms / MINUTE).tolist() == [1, 30]


def test_between_two_stops_a_crew_is_where_its_round_says(line):
    city, _ = line
    there_and_back = Track(np.array([0, 2], np.int32), np.array([0, HOUR // 2], np.int64), HOUR)
    crews = crews_of(city, (there_and_back,), [0])
    for minute, drive in ((0, 0), (15, 15), (30, 30), (45, 15), (60, 0), (67.5, 7.5)):
        run = simulate(city, crews, calls_of([int(minute * MINUTE)], [0]), Rule())
        assert run.response_ms[0] / MINUTE == pytest.approx(drive, abs=0.05), minute


def test_calls_wait_for_the_shift(line):
    city, tracks = line
    duty = np.zeros((1, 168), np.bool_)
    duty[0, 9] = duty[0, 30] = True
    crews = crews_of(city, tracks, [0], duty=duty)
    run = simulate(city, crews, calls_of([0, 10 * HOUR], [0, 0]), Rule())
    assert (run.sent_ms[:, 0] / HOUR).tolist() == [9, 30]


def test_several_crews_are_sent_and_the_missing_one_follows(line):
    city, tracks = line
    crews = crews_of(city, tracks, [0, 1])
    calls = calls_of([0], [0], units=np.array([3], np.uint8))
    run = simulate(city, crews, calls, Rule())
    assert run.crew.tolist() == [[0, 1, 0]]
    assert (run.arrival_ms / MINUTE).tolist() == [[0, 10, 30]]


def test_mexclp_keeps_the_only_cover_of_the_busy_side(line):
    # both crews make the target at the middle; crew 1 covers the heavy end alone, so crew 0 goes
    city, tracks = line
    city = replace(city, weight=np.array([1.0, 1.0, 50.0]))
    ms = city.ms.copy()
    ms[:, 1, 2] = 9 * MINUTE
    city = replace(city, ms=ms)
    crews = crews_of(city, tracks, [0, 1])
    calls = calls_of([0], [1], priority=np.array([1], np.uint8))
    assert simulate(city, crews, calls, Rule()).first_crew.tolist() == [1]
    aware = Rule(kind="mexclp", target_s=(600, 900, 900), cover_s=300)
    assert simulate(city, crews, calls, aware).first_crew.tolist() == [0]
    # out of reach of the target it may not go however little it covers
    strict = replace(aware, target_s=(570, 900, 900))
    assert simulate(city, crews, calls, strict).first_crew.tolist() == [1]


def test_scenarios_that_cannot_be(line):
    city, tracks = line
    crews, calls = crews_of(city, tracks, [0, 1]), calls_of([0, 5], [0, 1])

    def refused(code, city=city, crews=crews, calls=calls):
        with pytest.raises(SimulateError, match=f"^{code}: ") as caught:
            simulate(city, crews, calls, Rule())
        assert caught.value.text.zh

    simulate(city, crews, calls, Rule())
    lost = city.ms.copy()
    lost[1, 2, 0] = 2**31 - 1
    refused("simulate.unreachable", city=replace(city, ms=lost))
    refused("simulate.shape", city=replace(city, ms=city.ms[:1]))
    refused("simulate.value", city=replace(city, weight=np.array([1, np.nan, 1])))
    refused("simulate.value", city=replace(city, site=np.array([1, 2, 5], np.uint8)))
    refused("simulate.no_duty", crews=replace(crews, duty=np.zeros((2, 168), np.bool_)))
    refused("simulate.value", crews=replace(crews, track=np.array([0, 2], np.int32)))
    refused("simulate.shape", crews=replace(crews, rejoin_ms=crews.rejoin_ms[:2]))
    refused("simulate.shape", crews=replace(crews, rejoin_via=crews.rejoin_via[:, :, :3]))
    refused("simulate.value", crews=replace(crews, rejoin_via=crews.rejoin_via - 1))
    backwards = Track(np.array([0, 1], np.int32), np.array([0, 0], np.int64), 10)
    refused("simulate.value", crews=replace(crews, tracks=(tracks[0], backwards)))
    refused("simulate.value", calls=replace(calls, ring_ms=np.array([5, 0])))
    refused("simulate.value", calls=replace(calls, place=np.array([0, 3], np.int32)))
    refused("simulate.value", calls=replace(calls, units=np.array([0, 1], np.uint8)))
    refused("simulate.skill", calls=replace(calls, skill=np.array([0, 4], np.uint32)))
    refused("simulate.empty", calls=calls.first(0))
    with pytest.raises(SimulateError, match=r"simulate\.value"):
        Rule(busy=1.0)
    with pytest.raises(SimulateError, match=r"simulate\.value"):
        Rule(cover_s=float("nan"))
