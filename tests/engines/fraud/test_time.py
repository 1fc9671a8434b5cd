"""Watermarks, lateness, duplicates: simulated clocks only."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from guangyue.engines.fraud.batch import Batch, join
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.features import Agg, Feature
from guangyue.engines.fraud.schema import SERVICE, Sensitivity, Source, token
from guangyue.engines.fraud.stream.plan import build

M, H = 60_000, 3_600_000
T0 = 1_790_000_000_000


def source(name, lateness):
    return Source(
        code=name, zh="试", en="trial", owner="test", basis=("反诈法 art. 34",), sensitivity=Sensitivity.GENERAL,
        lateness=timedelta(minutes=lateness), idle=timedelta(minutes=60), columns=(token("person", "人"), token("device", "机")),
    )  # fmt: skip


SOURCES = (source("quick", 5), source("slow", 60))
COUNT = Feature(name="n", slot="person", source="quick", agg=Agg.COUNT, window=timedelta(hours=1), zh="试", en="trial")
PLAN = build((COUNT,), SOURCES)


def events(number, times, offsets=None, persons=None):
    columns = {"time": np.array(times) + T0, "person": np.array(persons if persons is not None else [1] * len(times))}
    columns["offset"] = np.array(offsets if offsets is not None else range(len(times)))
    return Batch.of(SOURCES[number], number, columns, PLAN.columns)


def test_an_event_behind_its_source_is_late_and_the_others_are_not():
    engine = Engine(PLAN)
    status = engine.process(events(0, [10 * M, 5 * M, 5 * M - 1, 20 * M])).status
    assert status.tolist() == [0, 0, 1, 0], "five minutes behind is in time, a millisecond more is late"
    assert engine.counters().late == 1


def test_a_late_event_changes_nothing():
    engine = Engine(PLAN)
    values = engine.process(events(0, [10 * M, 1 * M, 11 * M])).values
    assert values[:, 0].tolist()[::2] == [1, 2]
    assert np.isnan(values[1]).all(), "a late event has no vector"


def test_a_slow_source_is_measured_by_its_own_lateness():
    engine = Engine(PLAN)
    assert engine.process(events(0, [50 * M])).status.tolist() == [0]
    assert engine.process(events(1, [1 * M])).status.tolist() == [0], "49 minutes behind, and allowed an hour"


def test_a_silent_source_cannot_stall_the_watermark():
    engine = Engine(PLAN)
    engine.process(events(1, [0]))
    engine.process(events(0, [k * 10 * M for k in range(30)]))
    assert engine.clock == T0 + 290 * M
    assert engine.watermarks == {"quick": T0 + 285 * M, "slow": T0 + 230 * M}
    assert engine.final == T0 + 230 * M, "an hour behind the clock, though the slow source has said nothing for five"
    assert engine.process(events(1, [100 * M], [7])).status.tolist() == [1]


def test_watermarks_never_go_back():
    rng = np.random.default_rng(3)
    engine = Engine(PLAN)
    last = dict.fromkeys(("quick", "slow"), -(1 << 62))
    for k in range(200):
        engine.process(events(int(rng.integers(2)), [int(rng.integers(0, k + 1)) * M], [k]))
        assert all(engine.watermarks[s] >= last[s] for s in last)
        last = engine.watermarks


def test_an_event_is_taken_once():
    engine = Engine(PLAN)
    batch = events(0, [0, M, 2 * M])
    assert engine.process(batch).status.tolist() == [0, 0, 0]
    assert engine.process(batch).status.tolist() == [2, 2, 2]
    assert engine.process(events(0, [3 * M], [3])).values[0, 0] == 4
    assert engine.counters().duplicate == 3
    assert engine.offsets == {"quick": 3, "slow": -1}


def test_an_out_of_order_event_corrects_those_after_it():
    engine = Engine(PLAN)
    result = engine.process(events(0, [10 * M, 12 * M, 14 * M, 11 * M]))
    assert result.values[:, 0].tolist() == [1, 2, 3, 2], "the event itself sees only what was before it"
    fix = result.corrections
    assert [(int(o), v) for o, v in zip(fix.offset, fix.values[:, 0], strict=True)] == [(1, 3.0), (2, 4.0)]


def test_the_window_is_open_at_its_old_end_and_closed_at_the_new():
    engine = Engine(PLAN)
    assert engine.process(events(0, [0, H - 1, H, 2 * H - 1, 2 * H])).values[:, 0].tolist() == [1, 2, 2, 2, 2]


def test_equal_times_count_one_after_another_in_the_order_of_their_offsets():
    engine = Engine(PLAN)
    assert engine.process(events(0, [M, M, M])).values[:, 0].tolist() == [1, 2, 3]


def test_service_numbers_and_absent_entities_have_no_features():
    engine = Engine(PLAN)
    result = engine.process(events(0, [0, M, 2 * M], persons=[SERVICE | 10086, 0, 5]))
    assert np.isnan(result.values[:2]).all()
    assert result.values[2, 0] == 1
    assert engine.counters().service == 1
    assert engine.counters().entities == 1


def test_a_hot_key_is_capped_and_named():
    engine = Engine(PLAN, Settings(cap=10))
    values = engine.process(events(0, [k * 1000 for k in range(50)], persons=[7] * 49 + [8])).values
    assert values[:, 0].tolist() == [*range(1, 11), *[10] * 39, 1]
    assert [(h.entity, h.token, h.left_early) for h in engine.hot()] == [("person", 7, 39)]


def test_state_of_the_past_is_let_go():
    engine = Engine(PLAN)
    batch = events(0, [k * M for k in range(4000)], persons=range(1, 4001))
    engine.process(batch)
    full = engine.counters()
    assert full.records <= 130, "an hour of windows and an hour of lateness"
    assert full.entities + full.freed == 4000
    later = [4000 * M + 54 * k for k in range(200_000)]  # three hours of one person alone
    engine.process(events(0, later, range(4000, 204_000), persons=[1] * 200_000))
    assert engine.counters().entities <= 10, "the sweep has passed everyone"


def test_memory_does_not_grow_with_time():
    engine = Engine(PLAN)
    rng = np.random.default_rng(4)
    sizes = []
    for day in range(12):
        times = np.sort(rng.integers(0, 24 * H, 5000)) + day * 24 * H
        engine.process(events(0, times, range(day * 5000, day * 5000 + 5000), rng.integers(1, 500, 5000)))
        sizes.append(engine.counters().bytes)
    assert sizes[-1] == sizes[3]


def test_an_empty_batch_is_answered():
    engine = Engine(PLAN)
    assert Engine(PLAN).process(events(0, [])).values.shape == (0, 1)
    assert engine.clock == -1
    assert join([events(0, [1]), events(1, [2])]).source.tolist() == [0, 1]


@pytest.mark.parametrize("shards", [2, 3])
def test_shards_keep_disjoint_parts_of_the_entities(shards):
    batch = events(0, [k * 1000 for k in range(300)], persons=np.arange(300) % 40 + 1)
    whole = Engine(PLAN).process(batch).values
    out = np.full_like(whole, np.nan)
    engines = [Engine(PLAN, Settings(shard=k, shards=shards)) for k in range(shards)]
    for engine in engines:
        engine.process(batch, out)
    assert np.array_equal(out, whole, equal_nan=True)
    parts = [e.counters().entities for e in engines]
    assert sum(parts) == 40
    assert min(parts) > 0


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"values": np.zeros((1, 9), np.int64)}, "needs 2 columns"),
        ({"source": np.array([2])}, "a source is a number from 0 to 1"),
        ({"time": np.array([-5])}, "not negative"),
        ({"offset": np.array([1 << 50])}, "below 2\\*\\*48"),
        ({"values": np.zeros((1, 2))}, "64-bit integers"),
    ],
)
def test_arrays_of_another_shape_are_refused_before_the_kernel_sees_them(broken, said):
    good = events(0, [0])
    parts = {name: getattr(good, name) for name in ("source", "time", "offset", "values")}
    assert Engine(PLAN).process(Batch(**parts)).status.tolist() == [0]
    with pytest.raises(ValueError, match=said):
        Engine(PLAN).process(Batch(**{**parts, **broken}))
