"""Boundaries from GeoJSON (边界导入): counties, communities, beats, grid squares.

Each feature carries ``code`` and ``name`` (or ``编码`` and ``名称``), and ``name_en`` where there is one. The standard
says WGS-84; files from Chinese agencies are often in another system, which must be named. Projected CGCS2000 carries the
zone number in front of the easting.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from shapely.geometry import MultiPolygon, Polygon, shape

from guangyue.city.geo.cover import valid_area
from guangyue.city.geo.datum import Datum, to_wgs84
from guangyue.city.geo.position import Position
from guangyue.city.imports.positions import CHINA, Bounds
from guangyue.city.imports.report import Problem, Report
from guangyue.city.places import add_block

__all__ = ["import_boundaries"]

_Row = tuple[str, str, str, Polygon | MultiPolygon]
_MOST_BYTES = 512 << 20
_CODE = ("code", "编码", "adcode", "id")
_NAME = ("name", "名称", "name_zh")


def import_boundaries(
    path: Path, layer: str, *, datum: Datum = Datum.WGS84, bounds: Bounds = CHINA, skip_wrong: bool = False
) -> Report:
    """Read the boundaries of one layer and store them in one transaction; known codes get their new boundary."""
    report = Report()
    try:
        features = _features(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as why:
        report.problems.append(Problem.of(0, "import.file", why=str(why)[:120]))
        return report
    rows = _rows(features, datum, bounds, report)
    if report.clean or skip_wrong:
        with transaction.atomic():
            for code, name, name_en, area in rows:
                add_block(layer, code, name, area, name_en=name_en)
        report.read = len(rows)
    return report


def _features(path: Path) -> list[Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"> {_MOST_BYTES >> 20} MiB")
    given = json.loads(path.read_text(encoding="utf-8-sig"))
    if given["type"] != "FeatureCollection":
        return [given]
    if not isinstance(given["features"], list):
        raise TypeError("features")
    return given["features"]


def _rows(features: list[Any], datum: Datum, bounds: Bounds, report: Report) -> list[_Row]:
    found: list[_Row] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        row = _row(number, feature, datum, bounds)
        if isinstance(row, Problem):
            report.problems.append(row)
        elif row[0] in seen:
            report.problems.append(Problem.of(number, "import.twice", code=row[0], first=seen[row[0]]))
        else:
            seen[row[0]] = number
            found.append(row)
    return found


def _row(number: int, feature: Any, datum: Datum, bounds: Bounds) -> _Row | Problem:  # noqa: ANN401 - whatever the file holds
    if not isinstance(feature, dict):
        return Problem.of(number, "import.shape", why=type(feature).__name__)
    properties = feature.get("properties") or {}
    code, name = (_first(properties, names) for names in (_CODE, _NAME))
    for field, value, most in (("code", code, 40), ("name", name, 80)):
        if not value:
            return Problem.of(number, "import.empty", field=field)
        if len(value) > most:
            return Problem.of(number, "import.long", field=field, most=most)
    try:
        area = valid_area(_moved(shape(feature["geometry"]), datum))
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as why:
        return Problem.of(number, "import.shape", why=str(why)[:120] or type(why).__name__)
    west, south, east, north = area.bounds
    corners = (Position(south, west), Position(north, east))
    for corner in corners:
        if not bounds.holds(corner):
            return Problem.of(number, "import.outside", x=round(corner.lon, 5), y=round(corner.lat, 5))
    return code, name, str(properties.get("name_en") or "")[:120], area


def _moved(geometry: shapely.Geometry, datum: Datum) -> Any:  # noqa: ANN401 - a geometry of the same kind
    def move(points: np.ndarray) -> np.ndarray:
        moved = (to_wgs84(float(x), float(y), datum) for x, y in points)
        return np.array([(p.lon, p.lat) for p in moved]).reshape(-1, 2)

    return shapely.transform(shapely.force_2d(geometry), move)


def _first(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(properties[n]).strip() for n in names if properties.get(n) not in {None, ""}), "")
