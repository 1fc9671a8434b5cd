"""CGCS2000 in 3° zones: the plane coordinates Chinese surveyors deliver (三度带高斯–克吕格投影).

Transverse Mercator by Krüger's series in the third flattening to the sixth power (Krüger 1912; Karney, J. Geodesy 85,
2011, eq. 35–36), exact to nanometres inside a zone. Zone 39 (central meridian 117° E) holds Liaocheng. False easting
500 km with the zone number in front, scale 1 on the central meridian (GB/T 22021).
"""

from __future__ import annotations

import math

from guangyue.city.geo.position import Position

__all__ = ["FIRST_ZONE", "LAST_ZONE", "from_zone", "to_zone"]

_A = 6_378_137.0
_F = 1 / 298.257_222_101
_N = _F / (2 - _F)
_E = math.sqrt(_F * (2 - _F))
_RECTIFYING = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_FALSE_EASTING = 500_000.0
_ZONE_PREFIX = 1_000_000.0
FIRST_ZONE, LAST_ZONE = 25, 45

_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288 + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630 - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360 - 81 * _N**5 / 512 + 96199 * _N**6 / 604800,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440 + 46 * _N**5 / 105 - 1118711 * _N**6 / 3870720,
    17 * _N**3 / 480 - 37 * _N**4 / 840 - 209 * _N**5 / 4480 + 5569 * _N**6 / 90720,
    4397 * _N**4 / 161280 - 11 * _N**5 / 504 - 830251 * _N**6 / 7257600,
    4583 * _N**5 / 161280 - 108847 * _N**6 / 3991680,
    20648693 * _N**6 / 638668800,
)


def to_zone(position: Position, zone: int | None = None) -> tuple[float, float]:
    """Metres east (zone number in front) and north of a position; the zone is the nearest unless named.

    Raises:
        ValueError: the zone is not one of China's 25…45.
    """
    zone = round(position.lon / 3) if zone is None else zone
    _check(zone)
    phi, lam = math.radians(position.lat), math.radians(position.lon - 3 * zone)
    sin_phi = math.sin(phi)
    t = math.sinh(math.atanh(sin_phi) - _E * math.atanh(_E * sin_phi))
    xi0 = math.atan2(t, math.cos(lam))
    eta0 = math.asinh(math.sin(lam) / math.hypot(t, math.cos(lam)))
    xi, eta = xi0, eta0
    for j, a in enumerate(_ALPHA, start=1):
        xi += a * math.sin(2 * j * xi0) * math.cosh(2 * j * eta0)
        eta += a * math.cos(2 * j * xi0) * math.sinh(2 * j * eta0)
    return zone * _ZONE_PREFIX + _FALSE_EASTING + _RECTIFYING * eta, _RECTIFYING * xi


def from_zone(east: float, north: float) -> Position:
    """The position of a pair in a 3° zone.

    Raises:
        ValueError: no zone number in front, or a zone outside China.
    """
    if not (math.isfinite(east) and math.isfinite(north)):
        raise ValueError("a position needs finite numbers")
    zone, metres = divmod(east, _ZONE_PREFIX)
    _check(int(zone))
    xi, eta = north / _RECTIFYING, (metres - _FALSE_EASTING) / _RECTIFYING
    xi0, eta0 = xi, eta
    for j, b in enumerate(_BETA, start=1):
        xi0 -= b * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
        eta0 -= b * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
    conformal = math.sin(xi0) / math.hypot(math.sinh(eta0), math.cos(xi0))
    lam = math.atan2(math.sinh(eta0), math.cos(xi0))
    return Position(math.degrees(math.atan(_geodetic(conformal))), 3 * zone + math.degrees(lam))


def _geodetic(conformal: float) -> float:
    """Tangent of the geodetic latitude from that of the conformal one (Newton's method, Karney eq. 19–21)."""
    tau = conformal
    for _ in range(6):
        sigma = math.sinh(_E * math.atanh(_E * tau / math.hypot(1, tau)))
        back = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
        slope = (1 - _E**2) * math.hypot(1, back) * math.hypot(1, tau) / (1 + (1 - _E**2) * tau**2)
        step = (conformal - back) / slope
        tau += step
        if abs(step) < 1e-15 * max(1.0, abs(tau)):
            break
    return tau


def _check(zone: int) -> None:
    if not FIRST_ZONE <= zone <= LAST_ZONE:
        raise ValueError(f"zone {zone} is not one of China's 3° zones {FIRST_ZONE}…{LAST_ZONE}")
