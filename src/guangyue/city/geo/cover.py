"""Areas as sets of hexagons: the point-in-area question answered by an index instead of a scan (H3, 六边形网格).

The inside of an area is covered by hexagons as large as fit, its border by small ones. A point is looked up by its own
hexagon and the larger ones around it; only on the border the polygon itself is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import h3
import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from guangyue.city.geo.position import EARTH_RADIUS_M, Position

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "BORDER",
    "COARSEST",
    "POINT",
    "Cover",
    "area_m2",
    "cells_around",
    "contains",
    "cover",
    "point_cell",
    "valid_area",
]

BORDER = 10
"""Resolution of border hexagons: about 130 m across."""
COARSEST = 5
"""Resolution of the largest inner hexagons: about 17 km across."""
POINT = 12
"""Resolution that points are indexed at: about 19 m across."""
_LONG_AREA_BORDER = 9
_LARGE_M2 = 200e6


@dataclass(frozen=True, slots=True)
class Cover:
    """The hexagons of an area as 64-bit numbers."""

    whole: frozenset[int]
    border: frozenset[int]


def valid_area(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    """A polygon made valid.

    Raises:
        ValueError: not a polygon, empty, without area, or beyond the globe.
    """
    if not isinstance(geometry, Polygon | MultiPolygon) or geometry.is_empty:
        raise ValueError("not a polygon")
    fixed = geometry if geometry.is_valid else shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if not isinstance(fixed, Polygon | MultiPolygon) or fixed.is_empty or fixed.area == 0:
        raise ValueError("a polygon without area")
    west, south, east, north = fixed.bounds
    Position(south, west)
    Position(north, east)
    return fixed


def cover(area: Polygon | MultiPolygon) -> Cover:
    """The cover of a valid area."""
    finest = BORDER if area_m2(area) < _LARGE_M2 else _LONG_AREA_BORDER
    outline = h3.geo_to_h3shape(area)
    touched = set(h3.h3shape_to_cells_experimental(outline, finest, contain="overlap"))
    inner = set(h3.h3shape_to_cells_experimental(outline, finest, contain="full"))
    whole = h3.compact_cells(inner)
    kept = {c for cell in whole for c in _not_coarser(cell)}
    return Cover(frozenset(map(h3.str_to_int, kept)), frozenset(map(h3.str_to_int, touched - inner)))


def cells_around(position: Position) -> list[int]:
    """Every hexagon a cover might hold a position by."""
    finest = h3.latlng_to_cell(position.lat, position.lon, BORDER)
    return [h3.str_to_int(h3.cell_to_parent(finest, r)) for r in range(COARSEST, BORDER + 1)]


def point_cell(position: Position) -> int:
    """The hexagon a point is indexed under."""
    return int(h3.str_to_int(h3.latlng_to_cell(position.lat, position.lon, POINT)))


def contains(area: BaseGeometry, position: Position) -> bool:
    """Whether an area contains a position; its border counts."""
    return bool(shapely.intersects_xy(area, position.lon, position.lat))


def area_m2(area: BaseGeometry) -> float:
    """The size on the ground, in a sinusoidal projection (equal-area; sphere, so within 0.7 %)."""

    def project(points: np.ndarray) -> np.ndarray:
        phi = np.radians(points[:, 1])
        return np.column_stack((EARTH_RADIUS_M * np.radians(points[:, 0]) * np.cos(phi), EARTH_RADIUS_M * phi))

    return float(shapely.transform(area, project).area)


def _not_coarser(cell: str) -> list[str]:
    """A compacted hexagon, split where it is coarser than any lookup goes."""
    return [cell] if h3.get_resolution(cell) >= COARSEST else list(h3.cell_to_children(cell, COARSEST))
