# mypy: disable-error-code="call-arg,unreachable,no-any-return"
"""Cache lines asked for before they are needed: state is far larger than the caches, and every event is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.fields import next_of, row_of
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_ROLES,
    A_STREAMS,
    C_AHEAD,
    C_FETCHED,
    C_H_MASK,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    C_SHARD,
    C_SHARDS,
    ENTITY_SHIFT,
    MASK_STREAM,
    N_META,
    N_TIME,
    NONE,
    R_TAIL,
    S_COLUMN,
    S_ENTITY,
    S_WIDTH,
    S_WORDS,
    SERVICE_BIT,
)
from guangyue.engines.fraud.stream.maps import index_find, mix, shard_of
from guangyue.engines.fraud.stream.pools import index_of, prefetch, ring_of, rows_of
from guangyue.engines.fraud.stream.program import touch_near, touch_oldest, touch_queues, touch_row
from guangyue.engines.fraud.stream.touch import touch_node

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

__all__ = [
    "FAR_AHEAD",
    "MIDDLE_AHEAD",
    "NEAR_AHEAD",
    "fetch_near",
    "fetch_oldest",
    "fetch_places",
    "fetch_queues",
    "fetch_rows",
]

FAR_AHEAD, MIDDLE_AHEAD, NEAR_AHEAD = 12, 7, 3
_OLDEST_AHEAD = 96  # words


@inlined
def _key(p: Ints, s: Ints, values: Ints, base: int, stream: int) -> int:
    here = p[A_STREAMS] + stream * S_WIDTH
    token = values[base + p[here + S_COLUMN]]
    if token == 0 or token & SERVICE_BIT:
        return 0
    key = token | (np.int64(p[here + S_ENTITY]) << ENTITY_SHIFT)
    return 0 if s[C_SHARDS] > 1 and shard_of(key, s[C_SHARDS]) != s[C_SHARD] else key


@outlined
def fetch_places(p: Ints, s: Ints, src: int, values: Ints, base: int) -> None:
    """First: the places in the index where an event's entities are found."""
    index = index_of(s)
    for stream in range(p[p[A_ROLES] + src], p[p[A_ROLES] + src + 1]):
        key = _key(p, s, values, base, stream)
        if key != 0:
            prefetch(index, 2 * (mix(key) & s[C_H_MASK]))


@outlined
def fetch_rows(p: Ints, s: Ints, src: int, values: Ints, base: int, turn: int) -> None:
    """Then: their rows, which are remembered for the next two steps."""
    first = p[p[A_ROLES] + src]
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        key = _key(p, s, values, base, stream)
        row = NONE if key == 0 else index_find(s, index_of(s), key)
        s[C_FETCHED + 8 * turn + stream - first] = row
        if row != NONE:
            touch_row(p, s, row, stream)


@outlined
def fetch_near(p: Ints, s: Ints, src: int, values: Ints, base: int, turn: int) -> None:
    """Then: the newest record of each, the oldest in each of its windows, the places of the event's values."""
    first = p[p[A_ROLES] + src]
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        row = s[C_FETCHED + 8 * turn + stream - first]
        if row != NONE:
            touch_node(s, rows_of(s)[row + R_TAIL])
            touch_near(p, s, row, stream, values, base)


@outlined
def fetch_queues(p: Ints, s: Ints, src: int, turn: int) -> None:
    """Last: the records before the newest in the queues of maxima and minima."""
    rows, ring = rows_of(s), ring_of(s)
    first = p[p[A_ROLES] + src]
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        row = s[C_FETCHED + 8 * turn + stream - first]
        if row != NONE and rows[row + R_TAIL] != NONE:
            newest = rows[row + R_TAIL]
            touch_queues(p, s, newest, ring[(newest & s[C_RING_MASK]) + N_META] & MASK_STREAM)


@outlined
def fetch_oldest(p: Ints, s: Ints) -> None:
    """Brings nearer what letting go of a record a little ahead of the ring's head will touch."""
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    node = max(s[C_AHEAD], s[C_RING_HEAD])
    end = min(s[C_RING_HEAD] + _OLDEST_AHEAD, s[C_RING_TAIL])
    while node < end:
        at = node & mask
        if ring[at + N_TIME] < 0:
            node -= ring[at + N_TIME]
            continue
        stream = ring[at + N_META] & MASK_STREAM
        row = row_of(ring, at)
        if row != 0:
            touch_oldest(p, s, row, at, stream)
            prefetch(ring, next_of(ring, at, node) & mask)
        node += p[p[A_STREAMS] + stream * S_WIDTH + S_WORDS]
    s[C_AHEAD] = node
