"""Counties and water."""

from __future__ import annotations

import math
import random
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.ops import polygonize, unary_union

from guangyue.demo.city.ground import degrees, fractal, on_globe, wavy
from guangyue.demo.city.model import County, Water

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from guangyue.demo.city.ground import Metres

__all__ = ["ISLAND", "LAKE", "SEATS", "counties", "waters"]

# fmt: off
SEATS: tuple[tuple[str, str, str, Metres, float], ...] = (
    ("379901", "楼城区", "Loucheng District", (0, 0), 0.34),
    ("379902", "湖西区", "Huxi District", (-19_000, -6_000), 0.12),
    ("379903", "临运市", "Linyun City", (-30_000, 25_000), 0.13),
    ("379904", "青棠县", "Qingtang County", (6_000, 36_000), 0.09),
    ("379905", "阿泉县", "Aquan County", (30_000, 10_000), 0.08),
    ("379906", "金堤县", "Jindi County", (22_000, -24_000), 0.08),
    ("379907", "杏林县", "Xinglin County", (-8_000, -35_000), 0.09),
    ("379908", "徒河县", "Tuhe County", (-40_000, -20_000), 0.07),
)
# fmt: on
"""Code, names, seat in metres from the tower, share of residents."""

_REACH = 52_000
LAKE = shapely.affinity.scale(Point(0, 0).buffer(1, 64), 1_900, 1_450)
"""光岳湖: round the old town."""
ISLAND = Polygon([(-620, -600), (620, -600), (640, 610), (-630, 600)])
"""The old town in the lake, the tower in its middle."""


def counties(chance: random.Random) -> tuple[County, ...]:
    """Eight counties that touch without gap or overlap.

    Raises:
        ArithmeticError: the seed draws borders that cross.
    """
    rim = [
        (_REACH * f * math.cos(a), _REACH * f * math.sin(a))
        for a in (2 * math.pi * i / 24 for i in range(24))
        for f in (chance.uniform(0.88, 1.06),)
    ]
    outline = Polygon([p for a, b in zip(rim, [*rim[1:], rim[0]], strict=True) for p in fractal(chance, a, b)])
    cells = shapely.voronoi_polygons(
        MultiPoint([seat for _, _, _, seat, _ in SEATS]), extend_to=outline, only_edges=True
    )
    inner: list[BaseGeometry] = []
    for line in sorted(getattr(cells, "geoms", ()), key=lambda g: str(g.wkt)):
        ends = list(line.coords)
        for a, b in pairwise(ends):
            inner.append(LineString([*fractal(chance, a, b, rough=0.07), b]))
    found = [
        p for p in polygonize(unary_union([outline.exterior, *inner])) if outline.contains(p.representative_point())
    ]
    if len(found) != len(SEATS):
        raise ArithmeticError(f"{len(found)} counties")
    made = []
    for code, zh, en, seat, share in SEATS:
        area = next(p for p in found if p.contains(Point(seat)))
        made.append(County(code, zh, en, degrees(*seat), share, on_globe(area)))
    return tuple(made)


def waters() -> tuple[Water, ...]:
    """The lake round the old town, the canal, two rivers."""
    canal = wavy(
        [
            (2_300, 30_000),
            (2_900, 14_000),
            (2_250, 5_000),
            (2_350, 0),
            (2_200, -6_000),
            (3_400, -18_000),
            (5_000, -30_000),
        ]
    )
    north = wavy(
        [(-48_000, 6_000), (-24_000, 9_500), (-9_000, 8_600), (6_000, 9_900), (24_000, 18_000), (46_000, 21_000)]
    )
    south = wavy(
        [(-46_000, -27_000), (-22_000, -17_500), (-4_000, -12_500), (16_000, -10_500), (34_000, -3_500), (48_000, 0)]
    )
    drawn = (
        ("光岳湖", "Guangyue Lake", "lake", LAKE.difference(ISLAND)),
        ("古运河", "Old Canal", "canal", canal.buffer(38)),
        ("徒河", "Tu River", "river", north.buffer(75)),
        ("清堤河", "Qingdi River", "river", south.buffer(60)),
    )
    return tuple(Water(zh, en, kind, on_globe(area)) for zh, en, kind, area in drawn)
