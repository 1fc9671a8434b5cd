"""The promise of the engine: online = history = reference, for every feature at every event.

Streams have late, equal-time and out-of-order events, are cut into random batches, and the engine is restarted from a
snapshot in mid-stream. Catalogues are random too, so that no combination of aggregate, window and condition is special.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.fraud.agree import assert_same, expected_vector, final_values, history_values
from tests.engines.fraud.reference import Reference
from tests.engines.fraud.streams import random_stream

from guangyue.engines.fraud import snapshot
from guangyue.engines.fraud.batch import in_order
from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.features import Agg, Feature, FeatureError, Step, check_features
from guangyue.engines.fraud.schema import Sensitivity, Source, code, count, fen, flag, token
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def small(name, lateness, *columns):
    return Source(
        code=name, zh="试", en="trial", owner="test", basis=("反诈法 art. 34",), sensitivity=Sensitivity.GENERAL,
        lateness=lateness, idle=H, columns=columns,
    )  # fmt: skip


SMALL = (
    small("calls", 10 * M, token("person", "人"), token("other_phone", "号"), code("way", "向", "in", "out"), count("long", "长")),
    small(
        "moves", 10 * M, token("person", "人"), token("own_account", "己"), token("other_account", "彼"), fen("amount", "额"),
        code("kind", "类", "a", "b", "c"), flag("new", "新"),
    ),
    small("marks", H, token("person", "人"), token("device", "机"), count("level", "级")),
)  # fmt: skip
BY_CODE = {s.code: s for s in SMALL}
WHERE = {
    "calls": ["", "way = in", "way != in and long >= 60", "new other_phone 30d", "way = in and new other_phone 7d"],
    "moves": [
        "",
        "kind = b",
        "kind in a|c",
        "amount > 100",
        "amount < 700 and new = 0",
        "new other_account 30d and kind != a",
    ],
    "marks": ["", "level <= 10", "new device 2d"],
}
NUMBERS = {"calls": ["long"], "moves": ["amount", "new"], "marks": ["level"]}
LABELS = {"calls": ["other_phone", "way"], "moves": ["other_account", "own_account", "kind"], "marks": ["device"]}
WINDOWS = [5 * M, 30 * M, H, 24 * H, 25 * H, 7 * D, 30 * D]


@st.composite
def features(draw):
    agg = draw(st.sampled_from(list(Agg)))
    source = draw(st.sampled_from(list(BY_CODE)))
    slot = draw(st.sampled_from(BY_CODE[source].slots))
    window = draw(st.sampled_from(WINDOWS))
    more = {}
    if agg is Agg.SEQUENCE:
        slot = "person"
        steps = draw(st.lists(st.sampled_from(list(BY_CODE)), min_size=2, max_size=4))
        more["steps"] = tuple(Step(s, draw(st.sampled_from(WHERE[s]))) for s in steps)
        source, window = steps[-1], draw(st.sampled_from(WINDOWS[:4]))
    elif agg in {Agg.DISTINCT, Agg.FAN_IN, Agg.FAN_OUT}:
        more["column"] = draw(st.sampled_from(LABELS[source]))
    elif agg in {Agg.SUM, Agg.MEAN, Agg.MAX, Agg.MIN, Agg.STD}:
        more["column"] = draw(st.sampled_from(NUMBERS[source]))
    if agg is Agg.RATIO:
        more["over"] = draw(st.sampled_from(WHERE[source]))
        more["column"] = draw(st.sampled_from(["", *NUMBERS[source]]))
    if agg is Agg.BURST:
        window, more["part"] = draw(st.sampled_from([H, 24 * H])), 5 * M
    if agg not in {Agg.SEQUENCE, Agg.SINCE} and draw(st.integers(0, 3)) == 0:
        more["delay"] = draw(st.sampled_from([5 * M, 2 * H]))
        window = min(window, 22 * H)
    where = "" if agg is Agg.SEQUENCE else draw(st.sampled_from(WHERE[source]))
    return Feature(name="f", slot=slot, source=source, where=where, agg=agg, window=window, zh="试", en="trial", **more)


@st.composite
def catalogues(draw):
    drawn = draw(st.lists(features(), min_size=1, max_size=8))
    named = []
    for k, f in enumerate(drawn):
        try:
            named += check_features([Feature(**{**{n: getattr(f, n) for n in f.__slots__}, "name": f"f{k}"})], BY_CODE)
        except FeatureError:
            continue  # such as a `new` on the slot's own column
    return tuple(named)


def restarted(tmp_path, plan):
    def restart(engine):
        path = snapshot.save(engine, tmp_path)
        return snapshot.load(path, plan, engine.settings)[0]

    return restart


def three_ways(plan, stream, cuts, restart=None):
    online, status, engine = final_values(plan, stream.batch, cuts, restart=restart)
    taken = status == 0
    want = Reference(plan.features, plan.sources).run([e for e, good in zip(stream.events, taken, strict=True) if good])
    want = {key: expected_vector(plan, named) for key, named in want.items()}
    assert_same(plan, history_values(plan, stream.batch, taken), want, "history")
    assert_same(plan, online, want, "online")
    return status, engine


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    catalogue=catalogues(), seed=st.integers(0, 2**32), n=st.integers(1, 90), disorder=st.sampled_from([0, 60, 900, 4000]),
    days=st.sampled_from([1, 3, 45]), tokens=st.integers(1, 5), cuts=st.sets(st.integers(1, 89), max_size=5),
)  # fmt: skip
def test_random_catalogues_on_random_streams(catalogue, seed, n, disorder, days, tokens, cuts, tmp_path_factory):
    plan = build(catalogue, SMALL)
    stream = random_stream(SMALL, seed, n=n, span_ms=days * 86_400_000, tokens=tokens, disorder_ms=disorder * 1000)
    restart = restarted(tmp_path_factory.mktemp("state"), plan) if seed % 2 else None
    three_ways(plan, stream, sorted(c for c in cuts if c < n), restart)


@pytest.mark.parametrize("seed", range(6))
def test_the_whole_catalogue_with_late_events_and_restarts(seed, tmp_path):
    plan = build(CATALOGUE, SOURCES)
    stream = random_stream(
        SOURCES, seed, n=300, disorder_ms=0 if seed == 0 else 500_000, span_ms=(2 if seed % 2 else 40) * 86_400_000
    )
    cuts = sorted(set(np.random.default_rng(seed).integers(1, 300, 4).tolist()))
    status, engine = three_ways(plan, stream, cuts, restarted(tmp_path, plan))
    assert (status == 0).sum() > 250
    if seed:
        assert engine.counters().out_of_order > 20, "the stream was meant to be out of order"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 160))
def test_the_whole_catalogue_at_length(seed, tmp_path):
    plan = build(CATALOGUE, SOURCES)
    stream = random_stream(SOURCES, seed, n=1_500, tokens=12, disorder_ms=600_000, span_ms=(1 + seed % 50) * 86_400_000)
    three_ways(
        plan,
        stream,
        sorted({int(c) for c in np.random.default_rng(seed).integers(1, 1_500, 9)}),
        restarted(tmp_path, plan),
    )


def test_one_event_at_a_time_is_the_same_as_all_at_once():
    plan = build(CATALOGUE, SOURCES)
    stream = random_stream(SOURCES, 77, n=250, disorder_ms=300_000)
    one, one_status, _ = final_values(plan, stream.batch, range(1, 250))
    whole, whole_status, _ = final_values(plan, stream.batch)
    assert (one_status == whole_status).all()
    assert_same(plan, one, whole, "one by one")


def test_a_long_window_reaches_back_at_most_its_declared_error_further():
    f = Feature(name="n", slot="person", source="calls", agg=Agg.COUNT, window=7 * D, zh="试", en="trial")
    assert f.error == 6 * H
    plan = build((f,), SMALL[:1])
    stream = random_stream(SMALL[:1], 5, n=600, span_ms=40 * 86_400_000, tokens=1, step_ms=1000, weird=0)
    got, _, _ = final_values(plan, stream.batch)
    ordered = in_order(stream.batch)
    for i, (t, offset) in enumerate(zip(ordered.time, ordered.offset, strict=True)):
        within = i + 1 - np.searchsorted(ordered.time, t - 7 * 86_400_000, "right")
        further = i + 1 - np.searchsorted(ordered.time, t - (7 * 24 + 6) * 3_600_000, "right")
        assert within <= got[0, int(offset)][0] <= further
