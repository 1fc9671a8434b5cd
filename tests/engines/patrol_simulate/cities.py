"""Scenarios to test with: random ones without streets, and one on a grid of real streets' kind."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from guangyue.engines.patrol.simulate import Calls, City, Crews, Track
from guangyue.engines.roads import from_edges

HOUR = 3_600_000


def city_of(ms, places, *, weight=None, site=None):
    """A city whose stops are numbered like nodes."""
    ms = np.asarray(ms, np.int32)
    return City(
        place_node=np.arange(places, dtype=np.int32), stop_node=np.arange(ms.shape[2], dtype=np.int32), ms=ms,
        weight=np.ones(places) if weight is None else np.asarray(weight, float),
        site=np.full(places, 5, np.uint8) if site is None else np.asarray(site, np.uint8),
        block=np.arange(places, dtype=np.int32) % 3,
    )  # fmt: skip


def crews_of(city, tracks, track, **more):
    """Crews that come back to the first point of their track in a minute, unless more is said."""
    count = len(track)
    given = {
        "phase_ms": np.zeros(count, np.int64), "duty": np.ones((count, 168), np.bool_),
        "skill": np.ones(count, np.uint32), "tier": np.full(count, 5, np.uint8),
        "rejoin_at": np.zeros((city.places, len(tracks)), np.int32),
        "rejoin_ms": np.full((city.places, len(tracks)), 60_000, np.int32),
        "rejoin_via": np.zeros((city.places, len(tracks), 7), np.int32),
    }  # fmt: skip
    return Crews(tracks=tracks, track=np.asarray(track, np.int32), **(given | more))


def calls_of(ring, place, **more):
    """Calls that need one crew, no time at the desk, ten minutes at the scene."""
    count = len(ring)
    given = {
        "node": np.asarray(place, np.int32), "priority": np.full(count, 2, np.uint8), "units": np.ones(count, np.uint8),
        "skill": np.zeros(count, np.uint32), "process_ms": np.zeros(count, np.int32),
        "turnout_ms": np.zeros(count, np.int32), "drive_permille": np.full(count, 1000, np.int32),
        "scene_ms": np.full(count, 600_000, np.int32),
    }  # fmt: skip
    return Calls(ring_ms=np.asarray(ring, np.int64), place=np.asarray(place, np.int32), **(given | more))


@st.composite
def scenarios(draw):
    """Random cities, crews with rounds, breaks and skills, and busy days; small but with every feature on."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    places, extra, team = draw(st.integers(1, 6)), draw(st.integers(0, 5)), draw(st.integers(1, 6))
    stops = places + extra
    ms = rng.integers(0, 1_500_000, (2, places, stops))
    city = city_of(ms, places, weight=rng.random(places) + 0.01, site=rng.choice([1, 3, 5], places))
    tracks = []
    for _ in range(draw(st.integers(1, 3))):
        length = int(rng.integers(1, 5))
        offset = np.concatenate([[0], np.cumsum(rng.integers(1, 900_000, length - 1))]).astype(np.int64)
        stop = rng.integers(0, stops, length).astype(np.int32)
        tracks.append(Track(stop, offset, int(offset[-1] + rng.integers(1, 900_000))))
    duty = rng.random((team, 168)) < draw(st.sampled_from([0.3, 0.8, 1.0]))
    duty[rng.integers(0, team), rng.integers(0, 168)] = True
    able = rng.integers(1, 4, team).astype(np.uint32)
    able[duty.any(axis=1).argmax()] = 3
    crews = crews_of(
        city, tuple(tracks), rng.integers(0, len(tracks), team), phase_ms=rng.integers(0, 3_000_000, team), duty=duty,
        skill=able, tier=rng.choice([1, 3, 5], team).astype(np.uint8),
        rejoin_at=np.stack([rng.integers(0, len(t.stop), places) for t in tracks], axis=1).astype(np.int32),
        rejoin_ms=rng.integers(0, 900_000, (places, len(tracks))).astype(np.int32),
        rejoin_via=rng.integers(0, stops, (places, len(tracks), 7)).astype(np.int32),
    )  # fmt: skip
    count = draw(st.integers(1, 60))
    gap = draw(st.sampled_from([1_000, 120_000, 2 * HOUR]))
    calls = calls_of(
        np.cumsum(rng.integers(0, gap, count)), rng.integers(0, places, count),
        priority=rng.integers(1, 4, count).astype(np.uint8), units=rng.integers(1, 4, count).astype(np.uint8),
        skill=rng.choice([0, 1, 2], count).astype(np.uint32), process_ms=rng.integers(0, 200_000, count),
        turnout_ms=rng.integers(0, 60_000, count), drive_permille=rng.integers(500, 2000, count),
        scene_ms=rng.integers(0, 3_000_000, count),
    )  # fmt: skip
    return city, crews, calls


def grid(side=12, seconds=25):
    """Square blocks of two-way streets, each driven in the same time; the siren takes two thirds of it."""
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([
        np.column_stack([node[:, :-1].ravel(), node[:, 1:].ravel()]),
        np.column_stack([node[:-1].ravel(), node[1:].ravel()]),
    ])  # fmt: skip
    tail, head = np.concatenate([pairs, pairs[:, ::-1]]).T
    y, x = np.divmod(np.arange(side * side), side)
    took = np.full(len(tail), float(seconds))
    return from_edges(116.0 + x * 0.002, 36.4 + y * 0.002, tail, head, seconds={"ordinary": took, "siren": took / 1.5})
