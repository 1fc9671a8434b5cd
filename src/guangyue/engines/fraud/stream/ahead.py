# mypy: disable-error-code="call-arg,unreachable,no-any-return"
"""Cache lines asked for before they are needed: state is far larger than the caches, and every event is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.fields import before_of, next_of, row_of
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_COLUMNS,
    A_FINAL_AT,
    A_FINALS,
    A_PAIR_AT,
    A_PAIRS,
    A_ROLES,
    A_ROW_WORDS,
    A_STREAMS,
    A_WINDOW_AT,
    A_WINDOWS,
    C_AHEAD,
    C_D_MASK,
    C_FETCHED,
    C_H_MASK,
    C_P_MASK,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    C_SHARD,
    C_SHARDS,
    E_WORDS,
    ENTITY_SHIFT,
    MASK_STREAM,
    N_META,
    N_TIME,
    N_VALUES,
    NONE,
    OWNER_BITS,
    P_VALUE,
    P_WORDS,
    R_TAIL,
    S_COLUMN,
    S_COLUMNS,
    S_ENTITY,
    S_NCOLUMNS,
    S_WIDTH,
    S_WORDS,
    SERVICE_BIT,
    V_WORDS,
)
from guangyue.engines.fraud.stream.maps import index_find, mix, mix2, shard_of
from guangyue.engines.fraud.stream.pools import index_of, pairs_of, prefetch, ring_of, rows_of, seen_of

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
_LINE = 8  # words
_ROW_LINES = 4


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
    rows = rows_of(s)
    first = p[p[A_ROLES] + src]
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        key = _key(p, s, values, base, stream)
        row = NONE if key == 0 else index_find(s, index_of(s), key)
        s[C_FETCHED + 8 * turn + stream - first] = row
        if row != NONE:
            for k in range(0, p[p[A_ROW_WORDS] + p[p[A_STREAMS] + stream * S_WIDTH + S_ENTITY]], _LINE):
                prefetch(rows, row + k)


@outlined
def fetch_near(p: Ints, s: Ints, src: int, values: Ints, base: int, turn: int) -> None:
    """Then: the newest record of each, the oldest in each of its windows, the places of the event's values."""
    rows, ring, seen, pairs = rows_of(s), ring_of(s), seen_of(s), pairs_of(s)
    first = p[p[A_ROLES] + src]
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        row = s[C_FETCHED + 8 * turn + stream - first]
        if row == NONE:
            continue
        here = p[A_STREAMS] + stream * S_WIDTH
        entity = p[here + S_ENTITY]
        prefetch(ring, rows[row + R_TAIL] & s[C_RING_MASK])
        prefetch(ring, (rows[row + R_TAIL] & s[C_RING_MASK]) + _LINE)
        for j in range(p[p[A_WINDOW_AT] + entity], p[p[A_WINDOW_AT] + entity + 1]):
            out = rows[row + p[p[A_WINDOWS] + 3 * j + 2]] & s[C_RING_MASK]
            prefetch(ring, out)
            prefetch(ring, out + _LINE)
        first_column = p[A_COLUMNS] + p[here + S_COLUMNS] - N_VALUES
        for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
            final = p[A_FINALS] + 4 * k
            value = values[base + p[first_column + p[final + 1]]]
            place = mix2((row << OWNER_BITS) | p[final + 2], value) & s[C_D_MASK]
            prefetch(seen, V_WORDS * place)
            prefetch(seen, V_WORDS * place + _LINE // 2)
        for k in range(p[p[A_PAIR_AT] + stream], p[p[A_PAIR_AT] + stream + 1]):
            value = values[base + p[first_column + p[p[A_PAIRS] + k * P_WORDS + P_VALUE]]]
            prefetch(pairs, E_WORDS * (mix2((row << OWNER_BITS) | k, value) & s[C_P_MASK]))


@outlined
def fetch_queues(p: Ints, s: Ints, src: int, turn: int) -> None:
    """Last: the records before the newest in the queues of maxima and minima."""
    rows, ring = rows_of(s), ring_of(s)
    first = p[p[A_ROLES] + src]
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        row = s[C_FETCHED + 8 * turn + stream - first]
        if row == NONE or rows[row + R_TAIL] == NONE:
            continue
        at = rows[row + R_TAIL] & s[C_RING_MASK]
        here = p[A_STREAMS] + (ring[at + N_META] & MASK_STREAM) * S_WIDTH
        for k in range(N_VALUES + p[here + S_NCOLUMNS], p[here + S_WORDS]):
            before = before_of(ring[at + k], rows[row + R_TAIL]) & s[C_RING_MASK]
            prefetch(ring, before)
            prefetch(ring, before + _LINE)


@outlined
def fetch_oldest(p: Ints, s: Ints) -> None:
    """Brings nearer what letting go of a record a little ahead of the ring's head will touch."""
    ring, rows, seen = ring_of(s), rows_of(s), seen_of(s)
    mask = s[C_RING_MASK]
    s[C_AHEAD] = max(s[C_AHEAD], s[C_RING_HEAD])
    while s[C_AHEAD] < min(s[C_RING_HEAD] + _OLDEST_AHEAD, s[C_RING_TAIL]):
        node = s[C_AHEAD]
        at = node & mask
        if ring[at + N_TIME] < 0:
            s[C_AHEAD] -= ring[at + N_TIME]
            continue
        stream = ring[at + N_META] & MASK_STREAM
        row = row_of(ring, at)
        s[C_AHEAD] += p[p[A_STREAMS] + stream * S_WIDTH + S_WORDS]
        if row == 0:
            continue
        entity = p[p[A_STREAMS] + stream * S_WIDTH + S_ENTITY]
        for k in range(0, min(p[p[A_ROW_WORDS] + entity], _ROW_LINES * _LINE), _LINE):
            prefetch(rows, row + k)  # of a long row the head and the windows: seldom is there more to do
        prefetch(ring, next_of(ring, at, node) & mask)
        for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
            final = p[A_FINALS] + 4 * k
            place = mix2((row << OWNER_BITS) | p[final + 2], ring[at + p[final + 1]]) & s[C_D_MASK]
            prefetch(seen, V_WORDS * place)
            prefetch(seen, V_WORDS * place + _LINE // 2)
