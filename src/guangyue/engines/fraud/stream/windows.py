"""Exact windows: what happens when a node enters one and when it leaves.

Maximum and minimum keep a monotonic queue threaded through the nodes; a distinct count counts the nodes that are the
newest of their value, so leaving needs no look-up; squares are summed in 128 bits, so nothing is ever lost to rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_ADD_AT,
    A_ADDS,
    A_DROP_AT,
    A_DROPS,
    A_FINAL_AT,
    A_FINALS,
    A_N_WINDOWS,
    A_SPANS,
    A_UNDELAYED,
    A_WINDOW_AT,
    A_WINDOWS,
    C_D_MASK,
    C_D_USED,
    C_RING_MASK,
    E_A,
    FAR,
    MASK_CONDITIONS,
    MASK_STREAM,
    META_FINAL,
    META_SUPERSEDED,
    N_META,
    N_NEXT,
    N_NEXT_TIME,
    N_TIME,
    NONE,
    O_A,
    O_B,
    O_C,
    O_CONDITION,
    O_D,
    O_KIND,
    O_ROW,
    O_VALUE,
    O_WIDTH,
    OP_COUNT,
    OP_DISTINCT,
    OP_FIRST,
    OP_MAX,
    OP_MIN,
    OP_SQUARE,
    OP_SUM,
    OWNER_BITS,
    W_IN,
    W_IN_TIME,
    W_OUT,
    W_OUT_TIME,
)
from guangyue.engines.fraud.stream.maps import seen_claim, seen_find, seen_remove
from guangyue.engines.fraud.stream.pools import ring_of, rows_of, seen_of

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

_LOW = np.uint64(0xFFFFFFFF)
_32, _33, _31 = np.uint64(32), np.uint64(33), np.uint64(31)


@inlined
def square_into(words: Ints, at: int, value: int, sign: int) -> None:
    """Adds ``sign * value**2`` to a 128-bit sum; ``0 <= value < 2**44``."""
    high, low = np.uint64(value) >> _32, np.uint64(value) & _LOW
    middle = high * low
    base = low * low
    add_low = base + (middle << _33)
    add_high = high * high + (middle >> _31)
    if add_low < base:
        add_high += np.uint64(1)
    old = np.uint64(words[at])
    if sign > 0:
        new = old + add_low
        words[at + 1] += np.int64(add_high) + (1 if new < old else 0)
    else:
        new = old - add_low
        words[at + 1] -= np.int64(add_high) + (1 if new > old else 0)
    words[at] = np.int64(new)


@inlined
def _extreme_in(p: Ints, s: Ints, row: int, node: int, op: int, sign: int) -> None:
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    acc, word, link = row + p[op + O_ROW], p[op + O_VALUE], p[op + O_A]
    value = ring[(node & mask) + word]
    back = rows[acc + 1]
    while back != NONE:
        other = ring[(back & mask) + word]
        if sign * other > sign * value:
            break
        back = ring[(back & mask) + link]
    ring[(node & mask) + link] = back
    ring[(node & mask) + link + 1] = NONE
    if back == NONE:
        rows[acc] = node
        rows[acc + 2] = value
    else:
        ring[(back & mask) + link + 1] = node
    rows[acc + 1] = node


@inlined
def _extreme_out(p: Ints, s: Ints, row: int, node: int, op: int) -> None:
    rows = rows_of(s)
    ring = ring_of(s)
    acc = row + p[op + O_ROW]
    if rows[acc] != node:
        return
    mask = s[C_RING_MASK]
    following = ring[(node & mask) + p[op + O_A] + 1]
    rows[acc] = following
    if following == NONE:
        rows[acc + 1] = NONE
    else:
        ring[(following & mask) + p[op + O_A]] = NONE
        rows[acc + 2] = ring[(following & mask) + p[op + O_VALUE]]


@inlined
def _distinct_in(p: Ints, s: Ints, row: int, node: int, op: int, t: int) -> None:
    rows = rows_of(s)
    ring = ring_of(s)
    seen = seen_of(s)
    mask = s[C_RING_MASK]
    value = ring[(node & mask) + p[op + O_VALUE]]
    if value == 0 and p[op + O_D]:
        return
    at = seen_claim(seen, s, C_D_MASK, C_D_USED, (row << OWNER_BITS) | (p[op + O_A] >> 8), value)
    before = seen[at + E_A]
    seen[at + E_A] = node
    before_time = -FAR
    if before != NONE:
        before_time = ring[(before & mask) + N_TIME]
        ring[(before & mask) + N_META] |= np.int64(1) << (META_SUPERSEDED + (p[op + O_A] & 0xFF))
    for k in range(p[op + O_B], p[op + O_C]):
        if before_time <= t - p[p[A_SPANS] + k * 2 + 0]:
            rows[row + p[p[A_SPANS] + k * 2 + 1]] += 1


@inlined
def enter(p: Ints, s: Ints, row: int, node: int, first: int, last: int, t: int) -> None:
    """Applies the operations ``first … last`` for a node that enters a window at time ``t``."""
    rows = rows_of(s)
    ring = ring_of(s)
    at = node & (s[C_RING_MASK])
    final = ring[at + N_META] >> META_FINAL
    for o in range(first, last):
        op = p[A_ADDS] + o * O_WIDTH
        if not (final >> p[op + O_CONDITION]) & 1:
            continue
        kind = p[op + O_KIND]
        if kind == OP_COUNT:
            rows[row + p[op + O_ROW]] += 1
        elif kind == OP_SUM:
            rows[row + p[op + O_ROW]] += ring[at + p[op + O_VALUE]]
        elif kind == OP_SQUARE:
            square_into(rows, row + p[op + O_ROW], ring[at + p[op + O_VALUE]], 1)
        elif kind == OP_MAX:
            _extreme_in(p, s, row, node, op, 1)
        elif kind == OP_MIN:
            _extreme_in(p, s, row, node, op, -1)
        elif kind == OP_FIRST:
            if rows[row + p[op + O_ROW]] == NONE:
                rows[row + p[op + O_ROW]] = node
                rows[row + p[op + O_ROW] + 1] = ring[at + N_TIME]
        elif kind == OP_DISTINCT:
            _distinct_in(p, s, row, node, op, t)


@inlined
def leave(p: Ints, s: Ints, row: int, node: int, first: int, last: int, newest_inside: int) -> None:  # noqa: PLR0912 - one branch an operation
    """Applies the operations for a node that leaves; nodes younger than ``newest_inside`` have not entered yet."""
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    at = node & mask
    meta = ring[at + N_META]
    final = meta >> META_FINAL
    for o in range(first, last):
        op = p[A_DROPS] + o * O_WIDTH
        if not (final >> p[op + O_CONDITION]) & 1:
            continue
        kind = p[op + O_KIND]
        if kind == OP_COUNT:
            rows[row + p[op + O_ROW]] -= 1
        elif kind == OP_SUM:
            rows[row + p[op + O_ROW]] -= ring[at + p[op + O_VALUE]]
        elif kind == OP_SQUARE:
            square_into(rows, row + p[op + O_ROW], ring[at + p[op + O_VALUE]], -1)
        elif kind in (OP_MAX, OP_MIN):
            _extreme_out(p, s, row, node, op)
        elif kind == OP_FIRST:
            if rows[row + p[op + O_ROW]] == node:
                after = ring[at + N_NEXT]
                while after != NONE:
                    there = after & mask
                    if ring[there + N_TIME] > newest_inside:
                        after = NONE
                        break
                    other = ring[there + N_META]
                    same = (other & MASK_STREAM) == (meta & MASK_STREAM)
                    if same and ((other >> META_FINAL) >> p[op + O_CONDITION]) & 1:
                        break
                    after = ring[there + N_NEXT]
                rows[row + p[op + O_ROW]] = after
                if after != NONE:
                    rows[row + p[op + O_ROW] + 1] = ring[(after & mask) + N_TIME]
        elif kind == OP_DISTINCT:
            newest = not (meta >> (META_SUPERSEDED + p[op + O_A])) & 1
            if newest and not (ring[at + p[op + O_VALUE]] == 0 and p[op + O_D]):
                rows[row + p[op + O_ROW]] -= 1


@inlined
def _out_until(p: Ints, s: Ints, row: int, word: int, j: int, until: int, inside: int) -> None:
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    while rows[word + W_OUT_TIME] <= until:
        node = rows[word + W_OUT]
        at = node & mask
        k = (ring[at + N_META] & MASK_STREAM) * p[A_N_WINDOWS] + j
        leave(p, s, row, node, p[p[A_DROP_AT] + k], p[p[A_DROP_AT] + k + 1], inside)
        after = ring[at + N_NEXT]
        rows[word + W_OUT] = after
        rows[word + W_OUT_TIME] = ring[at + N_NEXT_TIME]


@outlined
def _slide_delayed(p: Ints, s: Ints, row: int, j: int, t: int) -> None:
    """Lets nodes in and out of a delayed window in the order in which they would have moved, one by one."""
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    length, delay, word = p[p[A_WINDOWS] + j * 3 + 0], p[p[A_WINDOWS] + j * 3 + 1], row + p[p[A_WINDOWS] + j * 3 + 2]
    while rows[word + W_IN_TIME] <= t - delay:
        node, time = rows[word + W_IN], rows[word + W_IN_TIME]
        at = node & mask
        _out_until(p, s, row, word, j, time - length, time - 1)
        k = (ring[at + N_META] & MASK_STREAM) * p[A_N_WINDOWS] + j
        enter(p, s, row, node, p[p[A_ADD_AT] + k], p[p[A_ADD_AT] + k + 1], time + delay)
        after = ring[at + N_NEXT]
        rows[word + W_IN] = after
        rows[word + W_IN_TIME] = ring[at + N_NEXT_TIME]
    _out_until(p, s, row, word, j, t - length - delay, t - delay)


@inlined
def slide(p: Ints, s: Ints, row: int, entity: int, t: int) -> None:
    """Moves every exact window of an entity to time ``t``."""
    low = p[p[A_WINDOW_AT] + entity]
    split = low + p[p[A_UNDELAYED] + entity]
    for j in range(low, split):
        _out_until(p, s, row, row + p[p[A_WINDOWS] + j * 3 + 2], j, t - p[p[A_WINDOWS] + j * 3 + 0], t)
    for j in range(split, p[p[A_WINDOW_AT] + entity + 1]):
        _slide_delayed(p, s, row, j, t)


@outlined
def evict(p: Ints, s: Ints, row: int, entity: int, node: int) -> None:
    """Takes an entity's oldest node out of the windows it is still in: the entity is over its cap."""
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    at = node & mask
    after = ring[at + N_NEXT]
    after_time = ring[at + N_NEXT_TIME]
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
                k = stream * p[A_N_WINDOWS] + j
                inside = FAR if not delay else rows[word + W_IN_TIME] - 1
                leave(p, s, row, node, p[p[A_DROP_AT] + k], p[p[A_DROP_AT] + k + 1], inside)
            rows[word + W_OUT] = after
            rows[word + W_OUT_TIME] = after_time


@outlined
def forget_values(p: Ints, s: Ints, row: int, node: int) -> None:
    """Drops a node's values from the map of seen values, where the node is the newest of its value."""
    ring = ring_of(s)
    seen = seen_of(s)
    mask = s[C_RING_MASK]
    at = node & mask
    meta = ring[at + N_META]
    stream = meta & MASK_STREAM
    for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
        if not (((meta >> META_FINAL) & MASK_CONDITIONS) >> p[p[A_FINALS] + k * 4 + 0]) & 1:
            continue
        if (meta >> (META_SUPERSEDED + p[p[A_FINALS] + k * 4 + 3])) & 1:
            continue
        owner = (row << OWNER_BITS) | p[p[A_FINALS] + k * 4 + 2]
        found = seen_find(seen, s[C_D_MASK], owner, ring[at + p[p[A_FINALS] + k * 4 + 1]])
        if found != NONE and seen[found + E_A] == node:
            seen_remove(seen, s, C_D_MASK, C_D_USED, found)
