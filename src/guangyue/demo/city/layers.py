"""The city's vector layers as GeoJSON, for the map and for any tool that reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shapely.geometry import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from guangyue.demo.city.model import City

__all__ = ["LAYERS", "layer", "write_layers"]

LAYERS = ("counties", "blocks", "streets", "water", "spots", "landmarks")

_LANDMARKS = (
    ("光岳楼", "Guangyue Tower", "tower", (0.0, 0.0)),
    ("古运河水闸", "Old Canal lock", "lock", (0.0257, 0.012)),
    ("市政务服务中心", "City service hall", "hall", (0.021, -0.012)),
    ("市公安局指挥中心", "Police command centre", "command", (-0.018, 0.021)),
    ("运河夜市", "Canal night market", "market", (0.018, -0.0285)),
)


def layer(city: City, name: str) -> dict[str, Any]:
    """One layer as a FeatureCollection in WGS-84.

    Raises:
        KeyError: there is no such layer.
    """
    rows: Iterable[tuple[BaseGeometry | tuple[float, float], Mapping[str, Any]]]
    match name:
        case "counties":
            rows = [(c.area, {"code": c.code, "name": c.name_zh, "name_en": c.name_en}) for c in city.counties]
        case "blocks":
            rows = [(b.area, {"code": b.code, "name": b.name_zh, "name_en": b.name_en}) for b in city.blocks]
        case "streets":
            rows = [(s.line, {"name": s.name_zh, "name_en": s.name_en, "highway": s.highway}) for s in city.streets]
        case "water":
            rows = [(w.area, {"name": w.name_zh, "name_en": w.name_en, "kind": w.kind}) for w in city.waters]
        case "spots":
            rows = [(s.position, {"name": s.name_zh, "name_en": s.name_en, "kind": s.kind}) for s in city.spots]
        case "landmarks":
            rows = [
                (
                    (round(city.centre[0] + x, 6), round(city.centre[1] + y, 6)),
                    {"name": zh, "name_en": en, "kind": kind},
                )
                for zh, en, kind, (x, y) in _LANDMARKS
            ]
        case _:
            raise KeyError(name)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": n, "properties": dict(properties), "geometry": _geometry(where)}
            for n, (where, properties) in enumerate(rows, 1)
        ],
    }


def write_layers(city: City, folder: Path) -> list[Path]:
    """Write all layers, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in LAYERS:
        path = folder / f"{name}.geojson"
        text = json.dumps(layer(city, name), ensure_ascii=False, separators=(",", ":"))
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
        written.append(path)
    return written


def _geometry(where: BaseGeometry | tuple[float, float]) -> Any:  # noqa: ANN401 - GeoJSON
    return {"type": "Point", "coordinates": list(where)} if isinstance(where, tuple) else mapping(where)
