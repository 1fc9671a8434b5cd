# mypy: disable-error-code="no-any-return,return-value"
"""What is packed into the words of a node: two signed distances in a link, the row in the ends of two others.

Distances instead of places halve the links; a late record lies behind records that follow it, so they have a sign.
A link of zero is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.jit import inlined
from guangyue.engines.fraud.stream.layout import (
    A_STREAMS,
    FAR,
    MASK_STREAM,
    META_ROW,
    N_LINK,
    N_META,
    N_RANK,
    NONE,
    S_SOURCE,
    S_WIDTH,
    SOURCE_SHIFT,
)

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

_LOW = np.int64(0xFFFFFFFF)
_SIGN = np.int64(0x80000000)
_OFFSET = np.int64((1 << SOURCE_SHIFT) - 1)
_REST = np.int64((1 << META_ROW) - 1)
_ROW = np.int64(0xFFFF)


@inlined
def next_of(ring: Ints, at: int, node: int) -> int:
    """The next node of the entity, or NONE."""
    way = ring[at + N_LINK] >> 32
    return node + way if way != 0 else NONE


@inlined
def next_time(ring: Ints, at: int, time: int) -> int:
    """The time of the next node of the entity, or FAR."""
    link = ring[at + N_LINK]
    return time + (link & _LOW) if link != 0 else FAR


@inlined
def set_next(ring: Ints, at: int, way: int, wait: int) -> None:
    """Links a node to one ``way`` words on and ``wait`` milliseconds later."""
    ring[at + N_LINK] = (np.int64(way) << 32) | wait


@inlined
def before_of(link: int, node: int) -> int:
    """The node before in a queue, or NONE."""
    way = ((link & _LOW) ^ _SIGN) - _SIGN
    return node + way if way != 0 else NONE


@inlined
def after_of(link: int, node: int) -> int:
    """The node after in a queue, or NONE."""
    way = link >> 32
    return node + way if way != 0 else NONE


@inlined
def with_after(link: int, way: int) -> int:
    """A queue's link with another distance to the node after."""
    return (link & _LOW) | (np.int64(way) << 32)


@inlined
def with_before(link: int, way: int) -> int:
    """A queue's link with another distance to the node before."""
    return (link & ~_LOW) | (np.int64(way) & _LOW)


@inlined
def row_of(ring: Ints, at: int) -> int:
    """The row a node belongs to; 0 when it is no longer linked."""
    return ((ring[at + N_META] >> META_ROW) & _ROW) | ((ring[at + N_RANK] >> SOURCE_SHIFT) << 16)


@inlined
def forget_row(ring: Ints, at: int) -> None:
    """Marks a node as no longer linked."""
    ring[at + N_META] &= _REST
    ring[at + N_RANK] &= _OFFSET


@inlined
def rank_word(rank: int, row: int) -> int:
    """The rank word of a node."""
    return (rank & _OFFSET) | (np.int64(row >> 16) << SOURCE_SHIFT)


@inlined
def rank_of(p: Ints, ring: Ints, at: int) -> int:
    """The rank of a node's event: its source, then its offset."""
    source = p[p[A_STREAMS] + (ring[at + N_META] & MASK_STREAM) * S_WIDTH + S_SOURCE]
    return (np.int64(source) << SOURCE_SHIFT) | (ring[at + N_RANK] & _OFFSET)
