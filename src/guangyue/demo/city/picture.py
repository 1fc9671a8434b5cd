"""A picture of the demo city, to look at what a seed has drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw
from shapely.geometry import LineString, Polygon

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

    from guangyue.demo.city.model import City

__all__ = ["draw_city"]

_PAPER, _INK, _WATER, _BORDER, _BLOCK, _SPOT = "#FBFAF7", "#4A5563", "#BFD6EA", "#9AA3AE", "#7A5AA8", "#C0392B"
_WIDTHS = {"trunk": 5, "primary": 4, "secondary": 3, "tertiary": 2, "residential": 1}


def draw_city(city: City, *, metres: float = 14_000, pixels: int = 1600) -> Image.Image:
    """The square of so many metres round the tower, north up."""
    half_lat = metres / 2 / 111_132
    half_lon = half_lat / 0.8044
    picture = Image.new("RGB", (pixels, pixels), _PAPER)
    pen = ImageDraw.Draw(picture)

    def at(point: tuple[float, ...]) -> tuple[float, float]:
        east = (point[0] - city.centre[0]) / half_lon
        north = (point[1] - city.centre[1]) / half_lat
        return (east + 1) * pixels / 2, (1 - north) * pixels / 2

    for water in city.waters:
        _fill(pen, water.area, at, _WATER)
    for county in city.counties:
        _outline(pen, county.area, at, _BORDER, 3)
    for block in city.blocks:
        _outline(pen, block.area, at, _BLOCK, 2)
    for street in city.streets:
        pen.line([at(p) for p in street.line.coords], fill=_INK, width=_WIDTHS[street.highway])
    for spot in city.spots:
        x, y = at(spot.position)
        r = 3 + 5 * spot.weight
        pen.ellipse([x - r, y - r, x + r, y + r], outline=_SPOT, width=3)
    x, y = at(city.centre)
    pen.rectangle([x - 9, y - 9, x + 9, y + 9], fill=_SPOT)
    return picture


def _polygons(area: BaseGeometry) -> list[Polygon]:
    return [g for g in getattr(area, "geoms", [area]) if isinstance(g, Polygon)]


def _fill(pen: ImageDraw.ImageDraw, area: BaseGeometry, at: Callable[..., tuple[float, float]], colour: str) -> None:
    for part in _polygons(area):
        pen.polygon([at(p) for p in part.exterior.coords], fill=colour)
        for hole in part.interiors:
            pen.polygon([at(p) for p in hole.coords], fill=_PAPER)


def _outline(
    pen: ImageDraw.ImageDraw, area: BaseGeometry, at: Callable[..., tuple[float, float]], colour: str, width: int
) -> None:
    for part in _polygons(area):
        for ring in (part.exterior, *part.interiors):
            pen.line([at(p) for p in LineString(ring.coords).coords], fill=colour, width=width)
