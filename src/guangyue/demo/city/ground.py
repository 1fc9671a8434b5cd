"""A flat ground to draw on: metres east and north of the tower, turned into degrees at the end."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely
from shapely.geometry import LineString

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CENTRE", "Metres", "degrees", "fractal", "on_globe", "wavy"]

CENTRE = (115.98, 36.456)
"""Where the tower stands."""
Metres = tuple[float, float]
G = TypeVar("G", bound=shapely.Geometry)
_LAT_M = 111_132.0
_LON_M = _LAT_M * math.cos(math.radians(CENTRE[1]))
_PLACES = 6
"""Decimals of a degree: a tenth of a metre."""


def degrees(x: float, y: float) -> tuple[float, float]:
    """A point of the ground in degrees."""
    return round(CENTRE[0] + x / _LON_M, _PLACES), round(CENTRE[1] + y / _LAT_M, _PLACES)


def on_globe(geometry: G) -> G:
    """A drawn geometry in degrees."""
    moved: G = shapely.transform(geometry, lambda points: np.array([degrees(float(x), float(y)) for x, y in points]))
    return moved


def fractal(chance: random.Random, a: Metres, b: Metres, *, rough: float = 0.09, least: float = 900.0) -> list[Metres]:
    """A line from one point to another that wanders as boundaries do; without its last point."""
    length = math.dist(a, b)
    if length < least:
        return [a]
    shift = chance.uniform(-rough, rough) * length
    along = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    middle = (a[0] + b[0]) / 2 - along[1] * shift, (a[1] + b[1]) / 2 + along[0] * shift
    return [
        *fractal(chance, a, middle, rough=rough, least=least),
        *fractal(chance, middle, b, rough=rough, least=least),
    ]


def wavy(points: Iterable[Metres], *, step: float = 250.0) -> LineString:
    """A smooth line through points (Catmull-Rom)."""
    given = list(points)
    ends = [given[0], *given, given[-1]]
    drawn: list[Metres] = []
    for p, q, r, s in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        parts = max(1, round(math.dist(q, r) / step))
        for i in range(parts):
            t = i / parts
            drawn.append((_spline(p[0], q[0], r[0], s[0], t), _spline(p[1], q[1], r[1], s[1], t)))
    return LineString([*drawn, given[-1]])


def _spline(p: float, q: float, r: float, s: float, t: float) -> float:
    return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)))
