# mypy: disable-error-code="call-arg,unreachable"
"""Which cache lines a record of each stream will need, by the tables of the plan; :mod:`.unrolled_touch` in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.fraud.stream.fields import before_of
from guangyue.engines.fraud.stream.jit import inlined
from guangyue.engines.fraud.stream.layout import (
    A_COLUMNS,
    A_FINAL_AT,
    A_FINALS,
    A_PAIR_AT,
    A_PAIRS,
    A_ROW_WORDS,
    A_STREAMS,
    A_WINDOW_AT,
    A_WINDOWS,
    C_D_MASK,
    C_P_MASK,
    C_RING_MASK,
    E_WORDS,
    N_VALUES,
    OWNER_BITS,
    P_VALUE,
    P_WORDS,
    S_COLUMNS,
    S_ENTITY,
    S_NCOLUMNS,
    S_WIDTH,
    S_WORDS,
    V_WORDS,
)
from guangyue.engines.fraud.stream.maps import mix2
from guangyue.engines.fraud.stream.pools import pairs_of, prefetch, ring_of, rows_of, seen_of

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

__all__ = [
    "LINE",
    "OLDEST_LINES",
    "touch_near",
    "touch_node",
    "touch_oldest",
    "touch_queues",
    "touch_row",
    "touch_seen",
]

LINE = 8  # words
OLDEST_LINES = 4


@inlined
def touch_node(s: Ints, node: int) -> None:
    """A record in the ring: it may lie on two lines."""
    ring = ring_of(s)
    prefetch(ring, node & s[C_RING_MASK])
    prefetch(ring, (node & s[C_RING_MASK]) + LINE)


@inlined
def touch_seen(s: Ints, row: int, kind: int, value: int) -> None:
    """The place of a value in the map of seen values, and the one it may have been pushed to."""
    seen = seen_of(s)
    place = V_WORDS * (mix2((row << OWNER_BITS) | kind, value) & s[C_D_MASK])
    prefetch(seen, place)
    prefetch(seen, place + LINE // 2)


@inlined
def touch_row(p: Ints, s: Ints, row: int, stream: int) -> None:
    """The whole row of an entity of this stream."""
    rows = rows_of(s)
    for k in range(0, p[p[A_ROW_WORDS] + p[p[A_STREAMS] + stream * S_WIDTH + S_ENTITY]], LINE):
        prefetch(rows, row + k)


@inlined
def touch_near(p: Ints, s: Ints, row: int, stream: int, values: Ints, base: int) -> None:
    """The oldest record in each window of the entity, the places of the event's values."""
    rows, pairs = rows_of(s), pairs_of(s)
    here = p[A_STREAMS] + stream * S_WIDTH
    entity = p[here + S_ENTITY]
    for j in range(p[p[A_WINDOW_AT] + entity], p[p[A_WINDOW_AT] + entity + 1]):
        touch_node(s, rows[row + p[p[A_WINDOWS] + 3 * j + 2]])
    first_column = p[A_COLUMNS] + p[here + S_COLUMNS] - N_VALUES
    for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
        final = p[A_FINALS] + 4 * k
        touch_seen(s, row, p[final + 2], values[base + p[first_column + p[final + 1]]])
    for k in range(p[p[A_PAIR_AT] + stream], p[p[A_PAIR_AT] + stream + 1]):
        value = values[base + p[first_column + p[p[A_PAIRS] + k * P_WORDS + P_VALUE]]]
        prefetch(pairs, E_WORDS * (mix2((row << OWNER_BITS) | k, value) & s[C_P_MASK]))


@inlined
def touch_queues(p: Ints, s: Ints, node: int, stream: int) -> None:
    """The records before a record of this stream in the queues of maxima and minima."""
    ring = ring_of(s)
    here = p[A_STREAMS] + stream * S_WIDTH
    for k in range(N_VALUES + p[here + S_NCOLUMNS], p[here + S_WORDS]):
        touch_node(s, before_of(ring[(node & s[C_RING_MASK]) + k], node))


@inlined
def touch_oldest(p: Ints, s: Ints, row: int, at: int, stream: int) -> None:
    """What letting go of the record at ``at`` touches; of a long row the head and windows, seldom is there more to do."""
    ring, rows = ring_of(s), rows_of(s)
    words = p[p[A_ROW_WORDS] + p[p[A_STREAMS] + stream * S_WIDTH + S_ENTITY]]
    for k in range(0, min(words, OLDEST_LINES * LINE), LINE):
        prefetch(rows, row + k)
    for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
        final = p[A_FINALS] + 4 * k
        touch_seen(s, row, p[final + 2], ring[at + p[final + 1]])
