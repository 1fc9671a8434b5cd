"""Reference systems at the border of the house: WGS-84, CGCS2000, GCJ-02 (坐标系转换).

Inside, every position is WGS-84. What comes in or goes out may be in another system:

- **CGCS2000** (国家大地坐标系, GB/T 18314): the ellipsoid differs from WGS-84 by 0.1 mm, the frame is fixed at epoch
  2000.0 and has since drifted with the plate by about 3 cm a year. Read as WGS-84 as it stands: the error is under
  one metre until 2030, below what a phone can measure.
- **CGCS2000 in a 3° zone** (三度带高斯投影): metres east and north, see `guangyue.city.geo.zones`.
- **GCJ-02** (the offset system of Chinese web maps): the offset is 50–700 m. No official formula is public; the one
  everybody uses reproduces the web maps to about a metre. Our inverse undoes our forward to under a tenth of a
  millimetre, so nothing is lost by converting and converting back.
"""

from __future__ import annotations

import math
from enum import StrEnum

from guangyue.city.geo.position import Position
from guangyue.city.geo.zones import from_zone, to_zone

__all__ = ["Datum", "from_wgs84", "gcj02_to_wgs84", "to_wgs84", "wgs84_to_gcj02"]

_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
_EAST, _NORTH = 105.0, 35.0
_WEST_LIMIT, _EAST_LIMIT, _SOUTH_LIMIT, _NORTH_LIMIT = 72.004, 137.8347, 0.8293, 55.8271
_TOLERANCE_DEG = 1e-11
_MAX_ROUNDS = 30


class Datum(StrEnum):
    """The system a coordinate pair is given in."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    CGCS2000_ZONE = "cgcs2000-3deg"
    GCJ02 = "gcj02"


def to_wgs84(x: float, y: float, datum: Datum) -> Position:
    """Bring a coordinate pair into the house.

    Args:
        x: longitude in degrees; for `Datum.CGCS2000_ZONE` metres east, the zone number in front (39 412 345.6).
        y: latitude in degrees, or metres north.
        datum: the system of the pair.

    Raises:
        ValueError: the pair lies outside the globe or the zones of China.
    """
    match datum:
        case Datum.WGS84 | Datum.CGCS2000:
            return Position(y, x)
        case Datum.CGCS2000_ZONE:
            return from_zone(x, y)
        case Datum.GCJ02:
            return gcj02_to_wgs84(y, x)


def from_wgs84(position: Position, datum: Datum) -> tuple[float, float]:
    """The pair (x, y) of a position in another system; the inverse of `to_wgs84`."""
    match datum:
        case Datum.WGS84 | Datum.CGCS2000:
            return position.lon, position.lat
        case Datum.CGCS2000_ZONE:
            return to_zone(position)
        case Datum.GCJ02:
            lat, lon = wgs84_to_gcj02(position)
            return lon, lat


def wgs84_to_gcj02(position: Position) -> tuple[float, float]:
    """Latitude and longitude as a Chinese web map shows them. Outside China's rectangle nothing is shifted."""
    if not _shifted(position.lat, position.lon):
        return position.lat, position.lon
    d_lat, d_lon = _offset(position.lat, position.lon)
    return position.lat + d_lat, position.lon + d_lon


def gcj02_to_wgs84(lat: float, lon: float) -> Position:
    """The WGS-84 position of a GCJ-02 pair, by fixed-point iteration (the offset varies slowly, so it contracts)."""
    Position(lat, lon)
    if not _shifted(lat, lon):
        return Position(lat, lon)
    guess_lat, guess_lon = lat, lon
    for _ in range(_MAX_ROUNDS):
        d_lat, d_lon = _offset(guess_lat, guess_lon)
        step_lat, step_lon = lat - d_lat - guess_lat, lon - d_lon - guess_lon
        guess_lat, guess_lon = guess_lat + step_lat, guess_lon + step_lon
        if abs(step_lat) < _TOLERANCE_DEG and abs(step_lon) < _TOLERANCE_DEG:
            break
    return Position(guess_lat, guess_lon)


def _shifted(lat: float, lon: float) -> bool:
    return _SOUTH_LIMIT <= lat <= _NORTH_LIMIT and _WEST_LIMIT <= lon <= _EAST_LIMIT


def _offset(lat: float, lon: float) -> tuple[float, float]:
    """The shift (Δlatitude, Δlongitude) in degrees at a WGS-84 point."""
    x, y = lon - _EAST, lat - _NORTH
    bend = 0.1 * x * y
    root = math.sqrt(abs(x))
    common = (20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + bend + 0.2 * root + common + _waves(y, (20, 160), 12, 320)
    east_m = 300 + x + 2 * y + 0.1 * x * x + bend + 0.1 * root + common + _waves(x, (20, 150), 12, 300)
    phi = math.radians(lat)
    bulge = 1 - _ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (bulge * math.sqrt(bulge))
    parallel_m = _SEMI_MAJOR_M / math.sqrt(bulge) * math.cos(phi)
    return math.degrees(north_m / meridian_m), math.degrees(east_m / parallel_m)


def _waves(v: float, amplitudes: tuple[float, float], wavelength: float, last: float) -> float:
    """The slow waves of one axis, in metres: periods of 2, 6, 24 and 60 degrees."""
    first, second = amplitudes
    slow = first * math.sin(math.pi * v) + 2 * first * math.sin(math.pi * v / 3)
    slower = second * math.sin(math.pi * v / wavelength) + last * math.sin(math.pi * v / 30)
    return (slow + slower) * 2 / 3
