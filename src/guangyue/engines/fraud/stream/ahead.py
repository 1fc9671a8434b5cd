# mypy: disable-error-code="call-arg,unreachable,no-any-return"
"""Cache lines asked for before they are needed: state is far larger than the caches, and every event is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.fraud.stream.fields import next_of, row_of
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_STREAMS,
    C_AHEAD,
    C_H_MASK,
    C_QUEUE,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    MASK_STREAM,
    N_META,
    N_TIME,
    NONE,
    Q_EVENT,
    Q_KEY,
    Q_ROW,
    Q_STREAM_BITS,
    Q_WORDS,
    QUEUE,
    R_TAIL,
    S_WIDTH,
    S_WORDS,
)
from guangyue.engines.fraud.stream.maps import index_find, mix
from guangyue.engines.fraud.stream.pools import index_of, prefetch, ring_of, rows_of
from guangyue.engines.fraud.stream.program import touch_near, touch_oldest, touch_queues, touch_row
from guangyue.engines.fraud.stream.touch import touch_node

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

__all__ = [
    "FAR_AHEAD",
    "MIDDLE_AHEAD",
    "NEAR_AHEAD",
    "NEXT_AHEAD",
    "fetch_near",
    "fetch_oldest",
    "fetch_place",
    "fetch_queues",
    "fetch_row",
    "queued",
    "stream_in",
]

FAR_AHEAD, MIDDLE_AHEAD, NEAR_AHEAD, NEXT_AHEAD = 44, 28, 14, 3
"""Slots, which are looked at one after another whatever their events, so that no shard has to guess how many are its own."""
_OLDEST_AHEAD = 96  # words


@inlined
def queued(k: int) -> int:
    """Where in the control block the ``k``-th slot stands."""
    return C_QUEUE + Q_WORDS * (k & (QUEUE - 1))


@inlined
def stream_in(s: Ints, here: int) -> int:
    """The stream of a queued slot."""
    return s[here + Q_EVENT] & ((1 << Q_STREAM_BITS) - 1)


@inlined
def fetch_place(s: Ints, k: int) -> None:
    """First: the place in the index where its entity is found."""
    prefetch(index_of(s), 2 * (mix(s[queued(k) + Q_KEY]) & s[C_H_MASK]))


@outlined
def fetch_row(p: Ints, s: Ints, k: int) -> None:
    """Then: its row, which is remembered for the next two steps."""
    here = queued(k)
    row = index_find(s, index_of(s), s[here + Q_KEY])
    s[here + Q_ROW] = row
    if row != NONE:
        touch_row(p, s, row, stream_in(s, here))


@outlined
def fetch_near(p: Ints, s: Ints, k: int, values: Ints, width: int) -> None:
    """Then: the newest record, the oldest in each window, the places of the event's values."""
    here = queued(k)
    row = s[here + Q_ROW]
    if row != NONE:
        touch_node(s, rows_of(s)[row + R_TAIL])
        touch_near(p, s, row, stream_in(s, here), values, (s[here + Q_EVENT] >> Q_STREAM_BITS) * width)


@outlined
def fetch_queues(p: Ints, s: Ints, k: int) -> None:
    """Last: the records before the newest in the queues of maxima and minima."""
    rows, ring = rows_of(s), ring_of(s)
    row = s[queued(k) + Q_ROW]
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
