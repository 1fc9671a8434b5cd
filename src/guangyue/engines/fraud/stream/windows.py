# mypy: disable-error-code="no-any-return,arg-type"
"""Exact windows: what happens to an accumulator when a node enters a window and when it leaves.

Maximum and minimum keep a monotonic queue threaded through the nodes; a distinct count counts the nodes that are the
newest of their value, so leaving needs no look-up; squares are summed in 128 bits, so nothing is ever lost to rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.fields import after_of, before_of, next_of, row_of, with_after, with_before
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    C_D_MASK,
    C_D_USED,
    C_RING_MASK,
    FAR,
    MASK_STREAM,
    META_FINAL,
    META_SUPERSEDED,
    N_META,
    N_TIME,
    NONE,
    OWNER_BITS,
    V_BITS,
    V_HASH,
    V_NODE,
    V_WORDS,
)
from guangyue.engines.fraud.stream.maps import mix2, seen_remove
from guangyue.engines.fraud.stream.pools import ring_of, rows_of, seen_of

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

_LOW = np.uint64(0xFFFFFFFF)
_BIT = (1 << V_BITS) - 1
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


@outlined
def extreme_in(s: Ints, row: int, node: int, acc: int, word: int, link: int, sign: int) -> None:
    """A maximum (``sign`` 1) or minimum (-1): nodes that can never be it again leave the queue's end."""
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    value = ring[(node & mask) + word]
    back = rows[row + acc + 1]
    while back != NONE:
        if sign * ring[(back & mask) + word] > sign * value:
            break
        back = before_of(ring[(back & mask) + link], back)
    if back == NONE:
        ring[(node & mask) + link] = 0
        rows[row + acc] = node
        rows[row + acc + 2] = value
    else:
        ring[(node & mask) + link] = with_before(np.int64(0), back - node)
        there = (back & mask) + link
        ring[there] = with_after(ring[there], node - back)
    rows[row + acc + 1] = node


@inlined
def extreme_out(s: Ints, row: int, node: int, acc: int, word: int, link: int) -> None:
    """A maximum or minimum: the front of the queue leaves."""
    rows = rows_of(s)
    if rows[row + acc] != node:
        return
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    following = after_of(ring[(node & mask) + link], node)
    rows[row + acc] = following
    if following == NONE:
        rows[row + acc + 1] = NONE
    else:
        there = (following & mask) + link
        ring[there] = with_before(ring[there], np.int64(0))
        rows[row + acc + 2] = ring[(following & mask) + word]


@outlined
def distinct_in(s: Ints, row: int, node: int, word: int, skip_zero: int, kind: int, bit: int) -> int:
    """A distinct count: the node becomes the newest of its value.

    Returns the time of the one before it, -FAR when there was none, FAR when the value is not counted.
    """
    ring = ring_of(s)
    seen = seen_of(s)
    mask = s[C_RING_MASK]
    value, meta = ring[(node & mask) + word], ring[(node & mask) + N_META]
    if value == 0 and skip_zero:
        return FAR
    whole = mix2((row << OWNER_BITS) | kind, value)
    slots = s[C_D_MASK]
    i = whole & slots
    while seen[V_WORDS * i + V_NODE] != 0:
        if seen[V_WORDS * i + V_HASH] == whole:
            entry = seen[V_WORDS * i + V_NODE] - 1
            there = (entry >> V_BITS) & mask
            stream = (ring[there + N_META] ^ meta) & MASK_STREAM
            if stream == 0 and entry & _BIT == bit and ring[there + word] == value and row_of(ring, there) == row:
                seen[V_WORDS * i + V_NODE] = ((node << V_BITS) | bit) + 1
                ring[there + N_META] |= np.int64(1) << (META_SUPERSEDED + bit)
                return ring[there + N_TIME]
        i = (i + 1) & slots
    seen[V_WORDS * i + V_HASH] = whole
    seen[V_WORDS * i + V_NODE] = ((node << V_BITS) | bit) + 1
    s[C_D_USED] += 1
    return -FAR


@inlined
def distinct_out(s: Ints, row: int, node: int, acc: int, word: int, skip_zero: int, bit: int) -> None:
    """A distinct count: a value leaves with its newest node."""
    ring = ring_of(s)
    at = node & s[C_RING_MASK]
    newest = not (ring[at + N_META] >> (META_SUPERSEDED + bit)) & 1
    if newest and not (ring[at + word] == 0 and skip_zero):
        rows_of(s)[row + acc] -= 1


@inlined
def first_in(s: Ints, row: int, node: int, acc: int) -> None:
    """The first record: where there was none."""
    rows = rows_of(s)
    if rows[row + acc] == NONE:
        rows[row + acc] = node
        rows[row + acc + 1] = ring_of(s)[(node & s[C_RING_MASK]) + N_TIME]


@outlined
def first_out(s: Ints, row: int, node: int, acc: int, condition: int, newest_inside: int) -> None:
    """The first record leaves: the next of its stream and condition, no younger than ``newest_inside``, takes over."""
    rows = rows_of(s)
    if rows[row + acc] != node:
        return
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    at = node & mask
    stream = ring[at + N_META] & MASK_STREAM
    after = next_of(ring, at, node)
    while after != NONE:
        there = after & mask
        if ring[there + N_TIME] > newest_inside:
            after = NONE
            break
        other = ring[there + N_META]
        if (other & MASK_STREAM) == stream and ((other >> META_FINAL) >> condition) & 1:
            break
        after = next_of(ring, there, after)
    rows[row + acc] = after
    if after != NONE:
        rows[row + acc + 1] = ring[(after & mask) + N_TIME]


@outlined
def forget_value(s: Ints, row: int, node: int, word: int, kind: int, bit: int) -> None:
    """Drops a node's value from the map of seen values, where the node is the newest of its value."""
    ring = ring_of(s)
    seen = seen_of(s)
    at = node & s[C_RING_MASK]
    if (ring[at + N_META] >> (META_SUPERSEDED + bit)) & 1:
        return
    slots = s[C_D_MASK]
    entry = ((node << V_BITS) | bit) + 1
    i = mix2((row << OWNER_BITS) | kind, ring[at + word]) & slots
    while seen[V_WORDS * i + V_NODE] != entry:
        if seen[V_WORDS * i + V_NODE] == 0:
            return
        i = (i + 1) & slots
    seen_remove(seen, s, i)
