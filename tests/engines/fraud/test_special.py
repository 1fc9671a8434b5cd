"""The kernel written for one plan does what the general one does: same answers, same state, word for word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.fraud.agree import assert_same, expected_vector, final_values
from tests.engines.fraud.reference import Reference
from tests.engines.fraud.streams import random_stream
from tests.engines.fraud.test_headline import SMALL, catalogues

from guangyue.engines.fraud import snapshot
from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.schema import SLOTS
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.stream.ahead import FAR_AHEAD
from guangyue.engines.fraud.stream.plan import build


def state_of(engine):
    """Every word that tells something: no addresses of pools, no scratch."""
    control = engine.state.control.copy()
    control[at.POOL_INDEX : at.C_FREE] = 0
    kept = {n: getattr(engine.state, n) for n in engine.state._fields if n not in {"control", "scratch", "fix_value"}}
    return {"control": control, **kept}


def run_both(plan, batch, cuts, **options):
    general, special = Engine(plan, Settings(**options)), Engine(plan, Settings(special=True, **options))
    for low, high in zip((0, *cuts), (*cuts, len(batch)), strict=True):
        part = batch.take(slice(low, high))
        one, two = general.process(part), special.process(part)
        assert (one.status == two.status).all()
        np.testing.assert_array_equal(one.values, two.values)
        np.testing.assert_array_equal(one.corrections.values, two.corrections.values)
        np.testing.assert_array_equal(one.corrections.offset, two.corrections.offset)
        for name, words in state_of(general).items():
            assert (words == state_of(special)[name]).all(), f"{name} differ after event {high}"
    return general


def test_the_queue_has_room_for_all_slots_of_the_events_admitted_at_a_time():
    assert FAR_AHEAD + at.ADMITTED * len(SLOTS) < at.QUEUE


@pytest.mark.parametrize(("seed", "cap"), [(1, 1 << 30), (2, 1 << 30), (3, 20), (4, 5)])
def test_same_answers_and_same_state_with_late_records_and_caps(seed, cap):
    plan = build(CATALOGUE, SOURCES)
    stream = random_stream(
        SOURCES, seed, n=1_500, tokens=6, disorder_ms=600_000, span_ms=(3 if seed % 2 else 45) * 86_400_000
    )
    counters = run_both(plan, stream.batch, (100, 101, 700), cap=cap).counters()
    assert counters.out_of_order > 100, "the stream was meant to be out of order"
    assert (counters.left_early > 0) == (cap < 100)


@pytest.mark.parametrize("seed", range(6))
def test_online_is_the_reference_and_a_snapshot_passes_from_one_kernel_to_the_other(seed, tmp_path):
    plan = build(CATALOGUE, SOURCES)
    stream = random_stream(SOURCES, 50 + seed, n=300, disorder_ms=500_000, span_ms=(2 if seed % 2 else 40) * 86_400_000)

    def restart(engine):
        path = snapshot.save(engine, tmp_path)
        return snapshot.load(path, plan, Settings(special=not engine.settings.special))[0]

    cuts = sorted(set(np.random.default_rng(seed).integers(1, 300, 4).tolist()))
    engine = Engine(plan, Settings(special=True))
    online, status, _ = final_values(plan, stream.batch, cuts, engine, restart)
    good = [e for e, taken in zip(stream.events, status == 0, strict=True) if taken]
    want = {
        key: expected_vector(plan, named) for key, named in Reference(plan.features, plan.sources).run(good).items()
    }
    assert_same(plan, online, want, "online")


@pytest.mark.long
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(catalogue=catalogues(), seed=st.integers(0, 2**32), days=st.sampled_from([1, 3, 45]))
def test_random_catalogues(catalogue, seed, days):
    stream = random_stream(SMALL, seed, n=400, span_ms=days * 86_400_000, tokens=4, disorder_ms=900_000)
    run_both(build(catalogue, SMALL), stream.batch, (50, 200))
