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
    C_H_MASK,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    C_SHARD,
    C_SHARDS,
    C_SLOTS,
    ENTITY_SHIFT,
    KEY_NONE,
    KEY_SERVICE,
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
    SLOTS_EVENTS,
    SLOTS_WORDS,
)
from guangyue.engines.fraud.stream.maps import index_find, mix, shard_of, turn_of
from guangyue.engines.fraud.stream.pools import index_of, prefetch, ring_of, rows_of
from guangyue.engines.fraud.stream.program import touch_near, touch_oldest, touch_queues, touch_row
from guangyue.engines.fraud.stream.touch import touch_node

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

__all__ = [
    "FAR_AHEAD",
    "MIDDLE_AHEAD",
    "MOST_STRETCH",
    "NEAR_AHEAD",
    "fetch_near",
    "fetch_oldest",
    "fetch_queues",
    "fetch_rows",
    "note_slots",
    "slots_of",
]

FAR_AHEAD, MIDDLE_AHEAD, NEAR_AHEAD = 16, 10, 5
MOST_STRETCH = 3
"""Of several shards each has a part of the slots only, and so must look further ahead to have as long for the memory."""
_OLDEST_AHEAD = 96  # words


@inlined
def _key(p: Ints, values: Ints, base: int, first: int, stream: int) -> int:
    """The key of the entity in a slot; KEY_NONE when there is none to keep or it stands in a slot before."""
    here = p[A_STREAMS] + stream * S_WIDTH
    token, entity = values[base + p[here + S_COLUMN]], p[here + S_ENTITY]
    if token == 0:
        return KEY_NONE
    if token & SERVICE_BIT:
        return KEY_SERVICE
    for other in range(first, stream):
        there = p[A_STREAMS] + other * S_WIDTH
        if p[there + S_ENTITY] == entity and values[base + p[there + S_COLUMN]] == token:
            return KEY_NONE
    return token | (np.int64(entity) << ENTITY_SHIFT)


@inlined
def slots_of(i: int) -> int:
    """Where in the control block the slots of event ``i`` are noted."""
    return C_SLOTS + SLOTS_WORDS * (i & (SLOTS_EVENTS - 1))


@outlined
def note_slots(p: Ints, s: Ints, i: int, src: int, values: Ints, base: int) -> None:
    """First: which slots of an event are this shard's, and the places in the index where their entities are found.

    Of several shards they take turns with the slots that nobody keeps.
    """
    index = index_of(s)
    shard, shards = s[C_SHARD], s[C_SHARDS]
    turn = turn_of(i, shards) == shard
    first, here = p[p[A_ROLES] + src], slots_of(i)
    n = 0
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        key = _key(p, values, base, first, stream)
        if key > 0:
            if shards > 1 and shard_of(key, shards) != shard:
                continue
            prefetch(index, 2 * (mix(key) & s[C_H_MASK]))
        elif not turn:
            continue
        s[here + 1 + 3 * n] = stream
        s[here + 2 + 3 * n] = key
        n += 1
    s[here] = n


@outlined
def fetch_rows(p: Ints, s: Ints, i: int) -> None:
    """Then: their rows, which are remembered for the next two steps."""
    here = slots_of(i)
    for k in range(here + 1, here + 1 + 3 * s[here], 3):
        key = s[k + 1]
        row = index_find(s, index_of(s), key) if key > 0 else NONE
        s[k + 2] = row
        if row != NONE:
            touch_row(p, s, row, s[k])


@outlined
def fetch_near(p: Ints, s: Ints, i: int, values: Ints, base: int) -> None:
    """Then: the newest record of each, the oldest in each of its windows, the places of the event's values."""
    here = slots_of(i)
    for k in range(here + 1, here + 1 + 3 * s[here], 3):
        row = s[k + 2]
        if row != NONE:
            touch_node(s, rows_of(s)[row + R_TAIL])
            touch_near(p, s, row, s[k], values, base)


@outlined
def fetch_queues(p: Ints, s: Ints, i: int) -> None:
    """Last: the records before the newest in the queues of maxima and minima."""
    rows, ring = rows_of(s), ring_of(s)
    here = slots_of(i)
    for k in range(here + 1, here + 1 + 3 * s[here], 3):
        row = s[k + 2]
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
