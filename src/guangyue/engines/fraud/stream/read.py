# mypy: disable-error-code="return-value,arg-type,assignment"
"""Reading an entity's features out of its row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_READ_AT,
    A_READS,
    EMPTY_MAX,
    EMPTY_MIN,
    NONE,
    READ_BURST,
    READ_FIRST,
    READ_FRONT,
    READ_INT,
    READ_MEAN,
    READ_RATIO,
    READ_SEQUENCE,
    READ_SINCE,
    READ_STD,
    READ_TILE,
    READ_TILE_AGE,
    READ_WIDTH,
)
from guangyue.engines.fraud.stream.pools import rows_of

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Floats, Ints

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_TWO_64 = 18446744073709551616.0
_MS = 1000.0


@inlined
def _times(a: int, b: int) -> tuple[int, int]:
    """The 128-bit product of two unsigned words: high, low."""
    ah, al = a >> _32, a & _LOW
    bh, bl = b >> _32, b & _LOW
    low = al * bl
    middle = ah * bl + (low >> _32)
    other = al * bh + (middle & _LOW)
    return ah * bh + (middle >> _32) + (other >> _32), (other << _32) | (low & _LOW)


@inlined
def deviation(n: int, total: int, square_low: int, square_high: int) -> float:
    """The population standard deviation from exact sums; ``total`` is not negative."""
    high, low = _times(np.uint64(n), np.uint64(square_low))
    high += np.uint64(n) * np.uint64(square_high)
    minus_high, minus_low = _times(np.uint64(total), np.uint64(total))
    borrow = np.uint64(1) if low < minus_low else np.uint64(0)
    left = np.float64(high - minus_high - borrow) * _TWO_64 + np.float64(low - minus_low)
    return math.sqrt(left) / n


@outlined
def read_row(p: Ints, s: Ints, row: int, entity: int, t: int, out: Floats, column: int) -> None:  # noqa: PLR0912 - one branch a kind
    """Writes the features of an entity at time ``t`` into a vector, from ``column`` on."""
    rows = rows_of(s)
    first = p[p[A_READ_AT] + entity]
    for k in range(first, p[p[A_READ_AT] + entity + 1]):
        here = p[A_READS] + k * READ_WIDTH
        kind = p[here]
        a = row + p[here + 1]
        value = math.nan
        if kind == READ_INT:
            value = np.float64(rows[a])
        elif kind == READ_MEAN:
            if rows[a] != 0:
                value = rows[row + p[here + 2]] / rows[a]
        elif kind == READ_FRONT:
            if rows[a] != NONE:
                value = np.float64(rows[a + 2])
        elif kind == READ_FIRST:
            if rows[a] != NONE:
                value = (t - rows[a + 1]) / _MS
        elif kind == READ_RATIO:
            below = rows[row + p[here + 2]]
            if below != 0:
                value = rows[a] / below
        elif kind == READ_STD:
            if rows[a] != 0:
                squares = row + p[here + 3]
                value = deviation(rows[a], rows[row + p[here + 2]], rows[squares], rows[squares + 1])
        elif kind == READ_SINCE:
            if rows[a] > t - p[here + 4]:
                value = (t - rows[a]) / _MS
        elif kind == READ_BURST:
            whole = rows[row + p[here + 2]]
            if whole != 0:
                value = rows[a] * (p[here + 4] / p[here + 3]) / whole
        elif kind == READ_SEQUENCE:
            value = 0.0
            for step in range(p[here + 2], 0, -1):
                if rows[a + step - 1] > t - p[here + 4]:
                    value = np.float64(step)
                    break
        elif kind == READ_TILE:
            if rows[a] not in (EMPTY_MAX, EMPTY_MIN):
                value = np.float64(rows[a])
        elif kind == READ_TILE_AGE and rows[a] not in (EMPTY_MAX, EMPTY_MIN):
            value = (t - rows[a]) / _MS
        out[column + k - first] = value
