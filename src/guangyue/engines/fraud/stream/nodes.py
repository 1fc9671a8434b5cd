# mypy: disable-error-code="no-any-return"
"""Rows and nodes: finding an entity, writing a record into it, letting both go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.ahead import fetch_oldest
from guangyue.engines.fraud.stream.fields import (
    forget_row,
    next_of,
    next_time,
    rank_of,
    rank_word,
    row_of,
    set_next,
)
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_CONDITIONS,
    A_GROUP_AT,
    A_GROUPS,
    A_PAIRS,
    A_ROW_BLANK,
    A_ROW_BLANK_AT,
    A_ROW_WORDS,
    A_STREAMS,
    A_TERMS,
    A_WINDOW_AT,
    A_WINDOWS,
    C_CAP,
    C_CAPPED,
    C_CLOCK,
    C_FREE,
    C_FREED,
    C_H_MASK,
    C_NODES,
    C_RETAIN,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    C_ROW_TOP,
    C_ROWS,
    C_SLACK,
    C_SWEEP,
    FAR,
    MASK_CONDITIONS,
    MASK_STREAM,
    META_FINAL,
    META_ROW,
    META_STATIC,
    N_LINK,
    N_META,
    N_RANK,
    N_TIME,
    NONE,
    P_GROUP,
    P_WORDS,
    R_CAPPED,
    R_ENTITY,
    R_HEAD,
    R_KEY,
    R_NODES,
    R_RANK,
    R_TAIL,
    R_TIME,
    S_CONDITIONS,
    S_DYNAMIC,
    S_NCONDITIONS,
    S_WIDTH,
    S_WORDS,
    W_IN,
    W_IN_TIME,
    W_OUT,
    W_OUT_TIME,
)
from guangyue.engines.fraud.stream.maps import index_add, index_remove
from guangyue.engines.fraud.stream.pools import index_of, ring_of, rows_of
from guangyue.engines.fraud.stream.program import (
    enter_now,
    fill,
    forget_values,
    leave,
    open_windows,
    roll,
    slide,
    steps_now,
    tiles_now,
)
from guangyue.engines.fraud.stream.tiles import known, trim

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

_NEW = 7  # the operator `new`


@outlined
def new_row(p: Ints, s: Ints, key: int, entity: int) -> int:
    """A blank row for a key that has none."""
    rows = rows_of(s)
    index = index_of(s)
    row = s[C_FREE + entity]
    if row != NONE:
        s[C_FREE + entity] = rows[row + R_HEAD]
    else:
        row = s[C_ROW_TOP]
        s[C_ROW_TOP] += p[p[A_ROW_WORDS] + entity]
    blank = p[p[A_ROW_BLANK_AT] + entity]
    for k in range(p[p[A_ROW_WORDS] + entity]):
        rows[row + k] = p[p[A_ROW_BLANK] + blank + k]
    rows[row + R_KEY] = key
    rows[row + R_ENTITY] = entity
    index_add(s, index, key, row)
    s[C_ROWS] += 1
    return row


@inlined
def new_node(p: Ints, s: Ints, stream: int, time: int, rank: int, row: int, values: Ints, base: int) -> int:
    """Writes a record into the ring, not yet in its entity's list; the caller has seen to the room."""
    ring = ring_of(s)
    size = s[C_RING_MASK] + 1
    words = p[p[A_STREAMS] + stream * S_WIDTH + S_WORDS]
    node = s[C_RING_TAIL]
    room = size - (node & (size - 1))
    if room < words:
        ring[node & (size - 1)] = -room  # a gap: no record is split over the end
        node += room
    s[C_RING_TAIL] = node + words
    at = node & (size - 1)
    mask = fill(p, ring, at, stream, values, base)
    ring[at + N_TIME] = time
    ring[at + N_RANK] = rank_word(rank, row)
    ring[at + N_LINK] = 0
    ring[at + N_META] = stream | (mask << META_STATIC) | (mask << META_FINAL) | (np.int64(row) << META_ROW)
    s[C_NODES] += 1
    return node


@inlined
def _decide_new(p: Ints, s: Ints, row: int, node: int, stream: int, t: int, from_time: int) -> None:
    """Settles the conditions that ask whether a value is new to the entity."""
    ring = ring_of(s)
    at = node & (s[C_RING_MASK])
    meta = ring[at + N_META]
    fixed = (meta >> META_STATIC) & MASK_CONDITIONS
    mask = fixed
    first = p[p[A_STREAMS] + stream * S_WIDTH + S_CONDITIONS]
    for c in range(1, p[p[A_STREAMS] + stream * S_WIDTH + S_NCONDITIONS]):
        if not (fixed >> c) & 1:
            continue
        for k in range(p[p[A_CONDITIONS] + first + c], p[p[A_CONDITIONS] + first + c + 1]):
            if p[p[A_TERMS] + k * 4 + 1] != _NEW:
                continue
            pair = p[p[A_TERMS] + k * 4 + 3]
            length = p[p[A_GROUPS] + p[p[A_PAIRS] + pair * P_WORDS + P_GROUP] * 4 + 1]
            if t // length < from_time // length:
                return  # its tile stands as it was: so does the answer
            value = ring[at + p[p[A_TERMS] + k * 4 + 2]]
            if value == 0 or known(s, row, pair, value):
                mask &= ~(np.int64(1) << c)
    ring[at + N_META] = (meta & ~(np.int64(MASK_CONDITIONS) << META_FINAL)) | (mask << META_FINAL)


@outlined
def apply(p: Ints, s: Ints, row: int, node: int, entity: int, from_time: int) -> None:
    """Moves an entity to the node's time and adds the node at the end of its list.

    ``from_time`` is 0 while time runs forward; when an entity is applied anew, tiles before the one that
    holds it stand.
    """
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    at = node & mask
    t = ring[at + N_TIME]
    stream = ring[at + N_META] & MASK_STREAM
    slide(p, s, row, entity, t)
    roll(p, s, row, entity, t)
    if p[p[A_STREAMS] + stream * S_WIDTH + S_DYNAMIC]:
        _decide_new(p, s, row, node, stream, t, from_time)
    tail = rows[row + R_TAIL]
    if tail == NONE:
        rows[row + R_HEAD] = node
    else:
        set_next(ring, tail & mask, node - tail, t - rows[row + R_TIME])
    rows[row + R_TAIL] = node
    rows[row + R_NODES] += 1
    rows[row + R_TIME] = t
    rows[row + R_RANK] = rank_of(p, ring, at)
    open_windows(p, s, row, entity, node, t)
    enter_now(p, s, row, node, stream, entity, t)
    steps_now(p, s, row, node, stream, t)
    tiles_now(p, s, row, node, stream, entity, t, from_time)


@outlined
def drop_oldest(p: Ints, s: Ints, row: int) -> None:
    """Unlinks an entity's oldest node, which is outside all windows, and leaves it for the ring to free."""
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    node = rows[row + R_HEAD]
    forget_values(p, s, row, node)
    at = node & mask
    after = next_of(ring, at, node)
    rows[row + R_HEAD] = after
    if after == NONE:
        rows[row + R_TAIL] = NONE
    rows[row + R_NODES] -= 1
    forget_row(ring, at)


@inlined
def hold_cap(p: Ints, s: Ints, row: int, entity: int) -> None:
    """Keeps an entity at its cap: the oldest record leaves early, and the entity is marked."""
    rows = rows_of(s)
    while rows[row + R_NODES] > s[C_CAP]:
        evict(p, s, row, entity, rows[row + R_HEAD])
        drop_oldest(p, s, row)
        rows[row + R_CAPPED] += 1
        s[C_CAPPED] += 1


@outlined
def evict(p: Ints, s: Ints, row: int, entity: int, node: int) -> None:
    """Takes an entity's oldest node out of the windows it is still in: the entity is over its cap."""
    rows = rows_of(s)
    ring = ring_of(s)
    at = node & s[C_RING_MASK]
    after, after_time = next_of(ring, at, node), next_time(ring, at, ring[at + N_TIME])
    stream = ring[at + N_META] & MASK_STREAM
    for j in range(p[p[A_WINDOW_AT] + entity], p[p[A_WINDOW_AT] + entity + 1]):
        delay, word = p[p[A_WINDOWS] + j * 3 + 1], row + p[p[A_WINDOWS] + j * 3 + 2]
        entered = True
        if delay and rows[word + W_IN] == node:
            entered = False
            rows[word + W_IN] = after
            rows[word + W_IN_TIME] = after_time
        if rows[word + W_OUT] == node:
            if entered:
                leave(p, s, row, node, stream, j, FAR if not delay else rows[word + W_IN_TIME] - 1)
            rows[word + W_OUT] = after
            rows[word + W_OUT_TIME] = after_time


@outlined
def expire(p: Ints, s: Ints) -> None:
    """Frees the records at the ring's head that no window, even of a late record, can reach."""
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    horizon = s[C_CLOCK] - s[C_RETAIN]
    while s[C_RING_HEAD] < s[C_RING_TAIL]:
        at = s[C_RING_HEAD] & mask
        time = ring[at + N_TIME]
        if time < 0:
            s[C_RING_HEAD] -= time
            continue
        row = row_of(ring, at)
        if row != 0:
            if time > horizon:
                break
            entity = rows[row + R_ENTITY]
            slide(p, s, row, entity, s[C_CLOCK] - s[C_SLACK])
            oldest = ring[(rows[row + R_HEAD] & mask) + N_TIME]
            while oldest <= horizon:
                oldest = next_time(ring, rows[row + R_HEAD] & mask, oldest)
                drop_oldest(p, s, row)
        fetch_oldest(p, s)
        s[C_RING_HEAD] += p[p[A_STREAMS] + (ring[at + N_META] & MASK_STREAM) * S_WIDTH + S_WORDS]
        s[C_NODES] -= 1


@outlined
def sweep(p: Ints, s: Ints, steps: int) -> None:
    """Walks on through the index and frees entities of which nothing is left."""
    rows = rows_of(s)
    index = index_of(s)
    t = s[C_CLOCK] - s[C_SLACK]
    for _ in range(steps):
        i = s[C_SWEEP] & s[C_H_MASK]
        s[C_SWEEP] += 1
        key = index[2 * i]
        if key == 0:
            continue
        row = index[2 * i + 1]
        entity = rows[row + R_ENTITY]
        empty = trim(p, s, row, entity, t)
        if empty and rows[row + R_HEAD] == NONE:
            index_remove(s, index, key)
            rows[row + R_HEAD] = s[C_FREE + entity]
            s[C_FREE + entity] = row
            s[C_ROWS] -= 1
            s[C_FREED] += 1


@outlined
def blank_windows(p: Ints, s: Ints, row: int, entity: int) -> None:
    """Empties the exact part of a row; key, long windows and the mark of a capped entity stay."""
    rows = rows_of(s)
    blank = p[p[A_ROW_BLANK_AT] + entity]
    keep_key, capped = rows[row + R_KEY], rows[row + R_CAPPED]
    end = p[p[A_ROW_WORDS] + entity]
    if p[p[A_GROUP_AT] + entity + 1] > p[p[A_GROUP_AT] + entity]:
        end = p[p[A_GROUPS] + (p[p[A_GROUP_AT] + entity]) * 4 + 2]
    for k in range(end):
        rows[row + k] = p[p[A_ROW_BLANK] + blank + k]
    rows[row + R_KEY], rows[row + R_ENTITY], rows[row + R_CAPPED] = keep_key, entity, capped
