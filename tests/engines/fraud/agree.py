"""Comparing the three ways: what the engine says in the end, history, and the reference."""

from __future__ import annotations

import numpy as np

from guangyue.engines.fraud.batch import in_order
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.schema import SLOT_ENTITY, SLOTS


def final_values(plan, batch, cuts=(), engine=None, restart=None):
    """The last word of an engine on every event taken: (source, offset) → vector; corrections applied."""
    engine = engine or Engine(plan)
    final: dict[tuple[int, int], np.ndarray] = {}
    statuses = []
    at = {name: k for k, name in enumerate(plan.names)}
    columns = {slot: [at[f"{slot}.{f.name}"] for f in plan.features if f.entity is SLOT_ENTITY[slot]] for slot in SLOTS}
    for low, high in zip((0, *cuts), (*cuts, len(batch)), strict=True):
        part = batch.take(slice(low, high))
        result = engine.process(part)
        statuses.append(result.status)
        for i in range(len(part)):
            if result.status[i] == 0:
                final[int(part.source[i]), int(part.offset[i])] = result.values[i].copy()
        fix = result.corrections
        for i in range(len(fix)):
            where = columns[SLOTS[fix.slot[i]]]
            final[int(fix.source[i]), int(fix.offset[i])][where] = fix.values[i, : len(where)]
        if restart is not None and high != len(batch):
            engine = restart(engine)
    return final, np.concatenate(statuses), engine


def history_values(plan, batch, taken, cap=1 << 30):
    """The same kernel over the events taken, in the total order, in one call."""
    ordered = in_order(batch.take(np.flatnonzero(taken)))
    result = Engine(plan, Settings(once=False, cap=cap)).process(ordered)
    assert len(result.corrections) == 0
    assert not result.status.any()
    return {
        (int(s), int(o)): v for s, o, v in zip(ordered.source, ordered.offset, result.values, strict=True)
    }  # fmt: skip


def expected_vector(plan, named):
    return np.array([named.get(name, np.nan) for name in plan.names], dtype=float)


def assert_same(plan, got, want, what):
    """Every feature of every event; the first difference is told in full."""
    assert set(got) == set(want), f"{what}: other events"
    for key in sorted(want):
        a, b = got[key], want[key]
        wrong = ~((a == b) | (np.isnan(a) & np.isnan(b)) | np.isclose(a, b, rtol=1e-12, atol=0))
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            feature = next(f for f in plan.features if plan.names[k].endswith("." + f.name))
            raise AssertionError(
                f"{what}: event {key}, {plan.names[k]} is {a[k]!r}, should be {b[k]!r} ({feature.describe()}); "
                f"{int(wrong.sum())} features differ in this event"
            )
