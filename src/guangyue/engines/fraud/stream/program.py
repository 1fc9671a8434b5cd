# mypy: disable-error-code="no-any-return,return-value"
"""The plan read as a program: what each stream's records do to an entity of theirs.

This interpreter serves any plan at once. For a plan that is used for long, :mod:`.special` writes a module with the
same functions, in which the tables are unrolled into plain statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.fields import next_of, next_time
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_ADD_AT,
    A_ADDS,
    A_COLUMNS,
    A_CONDITIONS,
    A_DROP_AT,
    A_DROPS,
    A_FINAL_AT,
    A_FINALS,
    A_N_WINDOWS,
    A_SPANS,
    A_STEP_AT,
    A_STEPS,
    A_STREAMS,
    A_TERMS,
    A_UNDELAYED,
    A_WINDOW_AT,
    A_WINDOWS,
    C_RING_MASK,
    MASK_STREAM,
    META_FINAL,
    N_META,
    N_VALUES,
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
    S_COLUMNS,
    S_CONDITIONS,
    S_NCOLUMNS,
    S_NCONDITIONS,
    S_WIDTH,
    W_IN,
    W_IN_TIME,
    W_OUT,
    W_OUT_TIME,
)
from guangyue.engines.fraud.stream.pools import ring_of, rows_of
from guangyue.engines.fraud.stream.read import read_row
from guangyue.engines.fraud.stream.tiles import roll, tiles_now
from guangyue.engines.fraud.stream.touch import touch_near, touch_oldest, touch_queues, touch_row
from guangyue.engines.fraud.stream.windows import (
    distinct_in,
    distinct_out,
    extreme_in,
    extreme_out,
    first_in,
    first_out,
    forget_value,
    square_into,
)

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

__all__ = [
    "enter_now", "fill", "forget_values", "leave", "open_windows", "read_row", "roll", "slide", "steps_now", "tiles_now",
    "touch_near", "touch_oldest", "touch_queues", "touch_row",
]  # fmt: skip

(_EQ, _NE, _LT, _LE, _GT, _GE, _IN, _NEW) = range(8)


@inlined
def _holds(p: Ints, values: Ints, base: int, first: int, last: int) -> bool:
    for k in range(first, last):
        op, x, y = p[p[A_TERMS] + k * 4 + 1], values[base + p[p[A_TERMS] + k * 4 + 0]], p[p[A_TERMS] + k * 4 + 2]
        if op == _EQ:
            good = x == y
        elif op == _GE:
            good = x >= y
        elif op == _IN:
            good = (y >> x) & 1 != 0
        elif op == _LE:
            good = x <= y
        elif op == _NE:
            good = x != y
        elif op == _LT:
            good = x < y
        elif op == _GT:
            good = x > y
        else:
            good = True  # `new` depends on what came before: decided when the node is applied
        if not good:
            return False
    return True


@inlined
def fill(p: Ints, ring: Ints, at: int, stream: int, values: Ints, base: int) -> int:
    """Writes a record's values into its node; returns the conditions it satisfies, `new` left open."""
    mask = np.int64(1)
    first = p[p[A_STREAMS] + stream * S_WIDTH + S_CONDITIONS]
    for c in range(1, p[p[A_STREAMS] + stream * S_WIDTH + S_NCONDITIONS]):
        if _holds(p, values, base, p[p[A_CONDITIONS] + first + c], p[p[A_CONDITIONS] + first + c + 1]):
            mask |= np.int64(1) << c
    columns = p[p[A_STREAMS] + stream * S_WIDTH + S_COLUMNS]
    for k in range(p[p[A_STREAMS] + stream * S_WIDTH + S_NCOLUMNS]):
        ring[at + N_VALUES + k] = values[base + p[p[A_COLUMNS] + columns + k]]
    return mask


@inlined
def _enter(p: Ints, s: Ints, row: int, node: int, first: int, last: int, t: int) -> None:
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
            extreme_in(s, row, node, p[op + O_ROW], p[op + O_VALUE], p[op + O_A], 1)
        elif kind == OP_MIN:
            extreme_in(s, row, node, p[op + O_ROW], p[op + O_VALUE], p[op + O_A], -1)
        elif kind == OP_FIRST:
            first_in(s, row, node, p[op + O_ROW])
        elif kind == OP_DISTINCT:
            before = distinct_in(s, row, node, p[op + O_VALUE], p[op + O_D], p[op + O_A] >> 8, p[op + O_A] & 0xFF)
            for k in range(p[op + O_B], p[op + O_C]):
                if before <= t - p[p[A_SPANS] + k * 2 + 0]:
                    rows[row + p[p[A_SPANS] + k * 2 + 1]] += 1


@inlined
def enter_now(p: Ints, s: Ints, row: int, node: int, stream: int, entity: int, t: int) -> None:
    """Lets a node into the windows without delay of its entity."""
    k = stream * p[A_N_WINDOWS] + p[p[A_WINDOW_AT] + entity]
    _enter(p, s, row, node, p[p[A_ADD_AT] + k], p[p[A_ADD_AT] + k + p[p[A_UNDELAYED] + entity]], t)


@inlined
def leave(p: Ints, s: Ints, row: int, node: int, stream: int, j: int, newest_inside: int) -> None:
    """Lets a node out of window ``j``; nodes younger than ``newest_inside`` have not entered yet."""
    rows = rows_of(s)
    ring = ring_of(s)
    at = node & s[C_RING_MASK]
    final = ring[at + N_META] >> META_FINAL
    k = stream * p[A_N_WINDOWS] + j
    for o in range(p[p[A_DROP_AT] + k], p[p[A_DROP_AT] + k + 1]):
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
            extreme_out(s, row, node, p[op + O_ROW], p[op + O_VALUE], p[op + O_A])
        elif kind == OP_FIRST:
            first_out(s, row, node, p[op + O_ROW], p[op + O_CONDITION], newest_inside)
        elif kind == OP_DISTINCT:
            distinct_out(s, row, node, p[op + O_ROW], p[op + O_VALUE], p[op + O_D], p[op + O_A])


@inlined
def _out_until(p: Ints, s: Ints, row: int, word: int, j: int, until: int, inside: int) -> None:
    rows = rows_of(s)
    ring = ring_of(s)
    mask = s[C_RING_MASK]
    while rows[word + W_OUT_TIME] <= until:
        node = rows[word + W_OUT]
        at = node & mask
        leave(p, s, row, node, ring[at + N_META] & MASK_STREAM, j, inside)
        rows[word + W_OUT] = next_of(ring, at, node)
        rows[word + W_OUT_TIME] = next_time(ring, at, rows[word + W_OUT_TIME])


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
        _enter(p, s, row, node, p[p[A_ADD_AT] + k], p[p[A_ADD_AT] + k + 1], time + delay)
        rows[word + W_IN] = next_of(ring, at, node)
        rows[word + W_IN_TIME] = next_time(ring, at, time)
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


@inlined
def open_windows(p: Ints, s: Ints, row: int, entity: int, node: int, t: int) -> None:
    """Makes a new node the oldest of every window that held none."""
    rows = rows_of(s)
    low = p[p[A_WINDOW_AT] + entity]
    split = low + p[p[A_UNDELAYED] + entity]
    for j in range(low, p[p[A_WINDOW_AT] + entity + 1]):
        word = row + p[p[A_WINDOWS] + j * 3 + 2]
        if rows[word + W_OUT] == NONE:
            rows[word + W_OUT] = node
            rows[word + W_OUT_TIME] = t
        if j >= split and rows[word + W_IN] == NONE:
            rows[word + W_IN] = node
            rows[word + W_IN_TIME] = t


@inlined
def steps_now(p: Ints, s: Ints, row: int, node: int, stream: int, t: int) -> None:
    """Moves sequences and last times on."""
    rows = rows_of(s)
    final = ring_of(s)[(node & s[C_RING_MASK]) + N_META] >> META_FINAL
    for k in range(p[p[A_STEP_AT] + stream], p[p[A_STEP_AT] + stream + 1]):
        if not (final >> p[p[A_STEPS] + k * 3 + 1]) & 1:
            continue
        word = row + p[p[A_STEPS] + k * 3 + 2]
        rows[word] = t if p[p[A_STEPS] + k * 3 + 0] == 0 else rows[word - 1]


@outlined
def forget_values(p: Ints, s: Ints, row: int, node: int) -> None:
    """Drops a node's values from the map of seen values, where the node is the newest of its value."""
    meta = ring_of(s)[(node & s[C_RING_MASK]) + N_META]
    stream = meta & MASK_STREAM
    for k in range(p[p[A_FINAL_AT] + stream], p[p[A_FINAL_AT] + stream + 1]):
        final = p[A_FINALS] + k * 4
        if ((meta >> META_FINAL) >> p[final]) & 1:
            forget_value(s, row, node, p[final + 1], p[final + 2], p[final + 3])
