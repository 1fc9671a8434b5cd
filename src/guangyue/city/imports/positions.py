"""Coordinates of a row, brought into the house, with the mistakes people make named."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.city.geo.datum import Datum, to_wgs84
from guangyue.city.geo.position import Position
from guangyue.city.imports.report import Problem

__all__ = ["CHINA", "Bounds", "read_position"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle of WGS-84 degrees everything must lie in."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, position: Position) -> bool:
        """Whether a position lies inside."""
        return self.west <= position.lon <= self.east and self.south <= position.lat <= self.north


CHINA = Bounds(73.0, 3.0, 136.0, 54.0)


def read_position(row: int, x: str, y: str, datum: Datum, bounds: Bounds) -> Position | Problem:
    """The WGS-84 position of two typed numbers, or what is wrong with them."""
    first, second = _number(x), _number(y)
    if first is None or second is None:
        return Problem.of(row, "import.number", given=(x if first is None else y)[:40])
    try:
        position = to_wgs84(first, second, datum)
    except ValueError:
        position = None
    if position is not None and bounds.holds(position):
        return position
    try:
        other = to_wgs84(second, first, datum)
    except ValueError:
        other = None
    if other is not None and bounds.holds(other):
        return Problem.of(row, "import.swapped", x=x, y=y)
    return Problem.of(row, "import.outside", x=x, y=y)


def _number(typed: str) -> float | None:
    try:
        return float(typed.strip().rstrip("°"))
    except ValueError:
        return None
