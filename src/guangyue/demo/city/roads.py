"""The street network: a grid round the lake, lanes inside it, a ring, roads to the county seats."""

from __future__ import annotations

import math
import random
from itertools import combinations
from typing import TYPE_CHECKING

from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polygonize, unary_union

from guangyue.demo.city.ground import degrees, on_globe, wavy
from guangyue.demo.city.land import ISLAND, LAKE, SEATS
from guangyue.demo.city.model import NightBlock, Street
from guangyue.demo.city.words import ALLEYS, EAST_WEST, NORTH_SOUTH

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from guangyue.demo.city.ground import Metres

__all__ = ["Drawn", "draw", "night_blocks", "streets"]

GRID = 1_050.0
"""Metres between main streets."""
HALF = 4
"""Main streets on each side of the tower."""
_BLOCK_NAMES = (
    ("西北块", "North-west"), ("书院块", "Academy"), ("闸口块", "Lock"), ("东北块", "North-east"),
    ("湖西块", "West of the lake"), ("老城西块", "Old town west"), ("老城东块", "Old town east"), ("桑园块", "Mulberry Garden"),
    ("西南块", "South-west"), ("柳荫块", "Willow Shade"), ("夜市块", "Night market"), ("东南块", "South-east"),
)  # fmt: skip

Drawn = list[tuple[str, str, str, LineString]]
"""Name, English name, class and line on the ground."""


def draw(chance: random.Random) -> tuple[Drawn, list[LineString], list[LineString]]:
    """All streets on the ground, and the grid's lines (west to east, south to north) before the lake cut them."""
    reach = (HALF + 0.35) * GRID
    steps = [i * GRID for i in range(-HALF, HALF + 1)]
    stops = [-reach, *steps, reach]

    def bend() -> float:
        return chance.uniform(-90, 90)

    level = [wavy([(x, y + (0 if y == 0 else bend())) for x in stops]) for y in steps]
    upright = [wavy([(x + (0 if x == 0 else bend()), y) for y in stops]) for x in steps]
    drawn: Drawn = []
    shore = LAKE.buffer(60)
    for names, lines in ((EAST_WEST, level), (NORTH_SOUTH, upright)):
        for i, ((zh, en), line) in enumerate(zip(names, lines, strict=True)):
            axis = i == HALF
            kept = line if axis else line.difference(shore)
            drawn += [(zh, en, "primary" if axis or i % 4 == 0 else "secondary", part) for part in _parts(kept)]
    drawn.append(("环湖路", "Huanhu Road", "secondary", LineString(LAKE.buffer(60).exterior.coords)))
    drawn.append(("老城根街", "Laochenggen Street", "tertiary", LineString(ISLAND.buffer(-70).exterior.coords)))
    ring = Polygon([(-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach)]).buffer(900, 12)
    drawn.append(("环城快速路", "Ring Expressway", "trunk", LineString(ring.exterior.coords)))
    drawn += _to_ring(ring)
    drawn += _lanes(chance, level, upright)
    drawn += _country(chance, ring)
    return drawn, level, upright


def _to_ring(ring: Polygon) -> Drawn:
    """The two axes go on to the ring."""
    far = (HALF + 0.35) * GRID
    edge = ring.bounds[2] + 5
    return [
        ("光岳东路", "Guangyue East Road", "primary", LineString([(far, 0), (edge, 0)])),
        ("光岳西路", "Guangyue West Road", "primary", LineString([(-far, 0), (-edge, 0)])),
        ("楼前北街", "Louqian North Street", "primary", LineString([(0, far), (0, edge)])),
        ("楼前南街", "Louqian South Street", "primary", LineString([(0, -far), (0, -edge)])),
    ]


def _lanes(chance: random.Random, level: list[LineString], upright: list[LineString]) -> Drawn:
    """Two lanes across some of the grid's squares, ending in its streets."""
    squares = [s for s in polygonize(unary_union([*level, *upright])) if not s.intersects(LAKE.buffer(120))]
    squares.sort(key=lambda s: (round(s.centroid.y / GRID), round(s.centroid.x / GRID)))
    lanes: Drawn = []
    for zh, en, square in ((*name, sq) for name, sq in zip(ALLEYS, chance.sample(squares, len(ALLEYS)), strict=True)):
        west, south, east, north = square.bounds
        at = chance.uniform(0.35, 0.65)
        across = (
            LineString([(west - 50, south + at * (north - south)), (east + 50, south + at * (north - south))])
            if chance.random() < 0.5  # noqa: PLR2004 - a coin
            else LineString([(west + at * (east - west), south - 50), (west + at * (east - west), north + 50)])
        )
        inside = across.intersection(square.buffer(0.5))
        lanes += [(zh, en, "residential", part) for part in _parts(inside)]
    return lanes


def _country(chance: random.Random, ring: Polygon) -> Drawn:
    """A road from the ring to each county seat, and a cross of streets there."""
    roads: Drawn = []
    for _, zh, en, seat, _ in SEATS[1:]:
        short, place = zh[:2], en.split()[0]
        away = math.hypot(*seat)
        start = ring.exterior.interpolate(ring.exterior.project(Point(seat)))
        inward = (start.x * 0.999, start.y * 0.999)
        bent = [
            (seat[0] * f + chance.uniform(-0.04, 0.04) * away, seat[1] * f + chance.uniform(-0.04, 0.04) * away)
            for f in (0.45, 0.7)
        ]
        roads.append((f"光{short[0]}路", f"Guang-{place} Road", "trunk", wavy([inward, *bent, seat], step=900)))
        roads += _cross(short, place, seat)
    return roads


def _cross(short: str, place: str, seat: Metres) -> Drawn:
    x, y = seat
    found: Drawn = []
    for zh, en, off in (("南", "South", -700.0), ("中", "Middle", 0.0), ("北", "North", 700.0)):
        found.append(
            (
                f"{short}{zh}路",
                f"{place} {en} Road",
                "secondary",
                LineString([(x - 1_300, y + off), (x + 1_300, y + off)]),
            )
        )
    for zh, en, off in (("西", "West", -800.0), ("前", "Front", 0.0), ("东", "East", 800.0)):
        found.append(
            (
                f"{short}{zh}街",
                f"{place} {en} Street",
                "secondary",
                LineString([(x + off, y - 1_100), (x + off, y + 1_100)]),
            )
        )
    return found


def streets(drawn: Drawn) -> tuple[Street, ...]:
    """The streets cut at their crossings, in degrees; stretches that meet share the very same point."""
    cuts: list[list[tuple[float, tuple[float, float]]]] = [[] for _ in drawn]
    for (i, one), (j, two) in combinations(enumerate(drawn), 2):
        for point in _points(one[3].intersection(two[3])):
            at = degrees(point.x, point.y)
            cuts[i].append((one[3].project(point), at))
            cuts[j].append((two[3].project(point), at))
    return tuple(
        Street(zh, en, highway, piece)
        for (zh, en, highway, line), at in zip(drawn, cuts, strict=True)
        for piece in _cut(line, sorted(at))
    )


def _cut(line: LineString, cuts: list[tuple[float, tuple[float, float]]]) -> list[LineString]:
    """A line in degrees, cut at distances along it."""
    marks = [(line.project(Point(p)) if 0 < k < len(line.coords) - 1 else 0.0 if k == 0 else line.length, degrees(*p), False)
             for k, p in enumerate(line.coords)]  # fmt: skip
    marks += [(far, at, True) for far, at in cuts]
    marks.sort(key=lambda m: (m[0], m[2]))
    pieces: list[list[tuple[float, float]]] = [[]]
    for _, at, cut in marks:
        if not pieces[-1] or pieces[-1][-1] != at:
            pieces[-1].append(at)
        if cut:
            pieces.append([at])
    return [LineString(p) for p in pieces if len(p) > 1]


def night_blocks(level: list[LineString], upright: list[LineString]) -> tuple[NightBlock, ...]:
    """Twelve blocks between four main streets one way and five the other."""
    rows, columns = [level[i] for i in (0, 3, 5, 8)], [upright[i] for i in (0, 2, 4, 6, 8)]
    found = list(polygonize(unary_union([*rows, *columns])))
    found.sort(key=lambda p: (-round(p.centroid.y / 900), p.centroid.x))
    return tuple(
        NightBlock(f"N{n:02}", zh, en, on_globe(area))
        for n, ((zh, en), area) in enumerate(zip(_BLOCK_NAMES, found, strict=True), 1)
    )


def _parts(line: BaseGeometry) -> list[LineString]:
    return [g for g in getattr(line, "geoms", [line]) if isinstance(g, LineString) and g.length > 40]  # noqa: PLR2004 - no stumps


def _points(shared: BaseGeometry) -> list[Point]:
    return [g for g in getattr(shared, "geoms", [shared]) if isinstance(g, Point)]
