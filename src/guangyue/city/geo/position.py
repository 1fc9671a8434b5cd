"""A position on the ground: WGS-84 inside the house, always (位置)."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["EARTH_RADIUS_M", "Position", "distance_m"]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG R1)."""
_POLE, _DATE_LINE = 90, 180


@dataclass(frozen=True, slots=True)
class Position:
    """A WGS-84 position in decimal degrees.

    Attributes:
        lat: latitude, −90…90.
        lon: longitude, −180…180.

    Raises:
        ValueError: not a finite number, or outside the globe.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and math.isfinite(self.lon)):
            raise ValueError("a position needs finite numbers")
        if abs(self.lat) > _POLE or abs(self.lon) > _DATE_LINE:
            raise ValueError(f"outside the globe: latitude {self.lat}, longitude {self.lon}")


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance in metres (haversine; within 0.6 % of the ellipsoid)."""
    phi_a, phi_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (phi_b - phi_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))
