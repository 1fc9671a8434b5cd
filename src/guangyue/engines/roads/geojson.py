"""Streets from a GeoJSON file of lines; lines that share a vertex meet there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.osm import way_from_tags
from guangyue.engines.roads.ways import Built, Way, assemble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["from_geojson"]

_SAME: Final = 10_000_000
"""Vertices equal to 1e-7 degree (a centimetre) are one point."""


def from_geojson(path: Path, *, least_share: float = 0.5) -> Built:
    """The street graph of a FeatureCollection of LineString and MultiLineString features.

    Properties are read as OSM tags: ``highway`` (missing: unclassified), ``name``, ``oneway``, ``maxspeed``,
    ``junction``, ``access``. Other geometries are passed over.

    Raises:
        RoadsError: ``roads.not_found``, ``roads.broken_extract`` with the feature that is wrong, ``roads.empty``,
            ``roads.disconnected``.
    """
    if not path.is_file():
        raise RoadsError("roads.not_found", path=path)
    try:
        features = json.loads(path.read_bytes())["features"]
    except (ValueError, TypeError, KeyError) as error:
        raise RoadsError("roads.broken_extract", path=path, why=f"not a FeatureCollection: {error!r}") from error
    number: dict[tuple[int, int], int] = {}
    points: dict[int, tuple[float, float]] = {}
    ways: list[Way] = []
    for i, feature in enumerate(features):
        try:
            tags = {key: _tag(value) for key, value in (feature.get("properties") or {}).items() if value is not None}
            for line in _lines(feature.get("geometry") or {}):
                refs = []
                for lon, lat, *_ in line:
                    ref = number.setdefault((round(lon * _SAME), round(lat * _SAME)), len(number))
                    points.setdefault(ref, (float(lon), float(lat)))
                    refs.append(ref)
                way = way_from_tags(len(ways), refs, {"highway": "unclassified"} | tags)
                if way is not None:
                    ways.append(way)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise RoadsError("roads.broken_extract", path=path, why=f"feature {i}: {error}") from error
    return assemble(ways, points, least_share=least_share, source=path.name)


def _lines(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    if geometry.get("type") == "LineString":
        yield geometry["coordinates"]
    elif geometry.get("type") == "MultiLineString":
        yield from geometry["coordinates"]


def _tag(value: object) -> str:
    """A JSON value as OSM would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
