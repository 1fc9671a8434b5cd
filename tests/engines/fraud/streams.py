"""Random streams for the tests: few entities, many ties, records that come late and out of order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guangyue.engines.fraud.batch import Batch
from guangyue.engines.fraud.schema import SERVICE, SLOT_ENTITY, Kind

START = 1_790_000_000_000


@dataclass(frozen=True)
class Stream:
    """Events in arrival order, as a batch and as tuples."""

    batch: Batch
    events: list[tuple[int, int, int, dict[str, int]]]


def random_stream(sources, seed, n=300, span_ms=3 * 86_400_000, tokens=4, disorder_ms=0, step_ms=30_000, weird=0.05):
    """Events on a coarse time grid, so that equal times and exact window edges are common."""
    rng = np.random.default_rng(seed)
    width = max(len(s.columns) for s in sources)
    at = np.sort(rng.integers(0, span_ms // step_ms, n)) * step_ms
    bursts = rng.random(n) < 0.6  # most events crowd together
    at[bursts] = (at[bursts] // (span_ms // 4)) * (span_ms // 4) + rng.integers(0, 120, bursts.sum()) * step_ms
    at = np.sort(at)
    arrival = np.argsort(at + (rng.random(n) * disorder_ms).astype(np.int64), kind="stable")
    number = rng.integers(0, len(sources), n)
    values = np.zeros((n, width), dtype=np.int64)
    events = []
    offsets = dict.fromkeys(range(len(sources)), -1)
    time, source, offset = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i, k in enumerate(arrival):
        s = sources[number[k]]
        row = {c.name: random_value(rng, c, tokens, weird) for c in s.columns}
        for j, c in enumerate(s.columns):
            values[i, j] = row[c.name]
        offsets[number[k]] += int(rng.integers(1, 3))
        time[i], source[i], offset[i] = START + at[k], number[k], offsets[number[k]]
        events.append((int(source[i]), int(time[i]), int(offset[i]), row))
    return Stream(Batch(source, time, offset, values), events)


def random_value(rng, column, tokens, weird):
    if column.kind is Kind.TOKEN:
        if rng.random() < weird:
            return 0 if rng.random() < 0.5 else SERVICE | 7
        few = tokens if column.name in SLOT_ENTITY else 3
        return int(rng.integers(1, few + 1))
    if column.kind is Kind.CODE:
        return int(rng.integers(0, len(column.choices)))
    if column.kind is Kind.FLAG:
        return int(rng.integers(0, 2))
    low, high = column.limits
    return int(
        rng.choice(
            [low, 5, 10, 60, 200, 700, min(high, 15_000), min(high, 200_000), int(rng.integers(low, min(high, 10**6)))]
        )
    )
