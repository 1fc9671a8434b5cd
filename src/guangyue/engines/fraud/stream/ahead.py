# mypy: disable-error-code="call-arg,unreachable"
"""Cache lines asked for before they are needed: state is far larger than the caches, and every event is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.jit import outlined
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
    C_H_MASK,
    C_P_MASK,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    E_WORDS,
    ENTITY_SHIFT,
    MASK_STREAM,
    N_META,
    N_ROW,
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
    S_WIDTH,
    S_WORDS,
    SERVICE_BIT,
)
from guangyue.engines.fraud.stream.maps import index_find, mix, mix2
from guangyue.engines.fraud.stream.pools import index_of, pairs_of, prefetch, ring_of, rows_of, seen_of

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

__all__ = ["FAR_AHEAD", "MIDDLE_AHEAD", "NEAR_AHEAD", "fetch_event", "fetch_oldest"]

FAR_AHEAD, MIDDLE_AHEAD, NEAR_AHEAD = 12, 7, 3
_OLDEST_AHEAD = 96  # words
_LINE = 8  # words


@outlined
def fetch_event(p: Ints, s: Ints, src: int, values: Ints, base: int, stage: int) -> None:
    """Brings a coming event's entities nearer: the place where their rows are told, the rows, what the rows point at."""
    index, rows, ring, seen, pairs = index_of(s), rows_of(s), ring_of(s), seen_of(s), pairs_of(s)
    for stream in range(p[p[A_ROLES] + src], p[p[A_ROLES] + src + 1]):
        here = p[A_STREAMS] + stream * S_WIDTH
        token, entity = values[base + p[here + S_COLUMN]], p[here + S_ENTITY]
        if token == 0 or token & SERVICE_BIT:
            continue
        key = token | (np.int64(entity) << ENTITY_SHIFT)
        if stage == FAR_AHEAD:
            prefetch(index, 2 * (mix(key) & s[C_H_MASK]))
            continue
        row = index_find(s, index, key)
        if row == NONE:
            continue
        if stage == MIDDLE_AHEAD:
            for k in range(0, p[p[A_ROW_WORDS] + entity], _LINE):
                prefetch(rows, row + k)
            continue
        prefetch(ring, rows[row + R_TAIL] & s[C_RING_MASK])
        for j in range(p[p[A_WINDOW_AT] + entity], p[p[A_WINDOW_AT] + entity + 1]):
            out = rows[row + p[p[A_WINDOWS] + 3 * j + 2]] & s[C_RING_MASK]
            prefetch(ring, out)
            prefetch(ring, out + _LINE)
        first_column = p[A_COLUMNS] + p[here + S_COLUMNS] - N_VALUES
        for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
            final = p[A_FINALS] + 4 * k
            value = values[base + p[first_column + p[final + 1]]]
            prefetch(seen, E_WORDS * (mix2((row << OWNER_BITS) | p[final + 2], value) & s[C_D_MASK]))
        for k in range(p[p[A_PAIR_AT] + stream], p[p[A_PAIR_AT] + stream + 1]):
            value = values[base + p[first_column + p[p[A_PAIRS] + k * P_WORDS + P_VALUE]]]
            prefetch(pairs, E_WORDS * (mix2((row << OWNER_BITS) | k, value) & s[C_P_MASK]))


@outlined
def fetch_oldest(p: Ints, s: Ints) -> None:
    """Brings nearer what letting go of a record a little ahead of the ring's head will touch."""
    ring, rows, seen = ring_of(s), rows_of(s), seen_of(s)
    mask = s[C_RING_MASK]
    s[C_AHEAD] = max(s[C_AHEAD], s[C_RING_HEAD])
    while s[C_AHEAD] < min(s[C_RING_HEAD] + _OLDEST_AHEAD, s[C_RING_TAIL]):
        at = s[C_AHEAD] & mask
        if ring[at + N_TIME] < 0:
            s[C_AHEAD] -= ring[at + N_TIME]
            continue
        stream = ring[at + N_META] & MASK_STREAM
        row = ring[at + N_ROW]
        s[C_AHEAD] += p[p[A_STREAMS] + stream * S_WIDTH + S_WORDS]
        if row == NONE:
            continue
        for k in range(0, p[p[A_ROW_WORDS] + p[p[A_STREAMS] + stream * S_WIDTH + S_ENTITY]], _LINE):
            prefetch(rows, row + k)
        for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
            final = p[A_FINALS] + 4 * k
            value = ring[at + p[final + 1]]
            prefetch(seen, E_WORDS * (mix2((row << OWNER_BITS) | p[final + 2], value) & s[C_D_MASK]))
