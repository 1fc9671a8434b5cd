"""A patrol plan as ``guangyue patrol plan`` writes one, along the demo city's streets; invented, and small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guangyue.demo.city.model import City

__all__ = ["write_plan"]

CREWS = ("老城01", "书院01", "运河01", "闸口01", "夜市01")
MINUTES = 120


def write_plan(city: City, folder: Path) -> Path:
    """The file, in the folder where the console looks."""
    path = folder / "patrol" / "plan.geojson"
    path.parent.mkdir(parents=True, exist_ok=True)
    found: list[dict[str, Any]] = []
    spots = list(city.spots)
    for n, crew in enumerate(CREWS):
        mine = spots[n :: len(CREWS)]
        line = [list(s.position) for s in (*mine, mine[0])]
        told = {
            "round": crew, "kind": "ground", "start": line[0], "end": line[-1], "begins": 0, "ends": MINUTES,
            "stops": len(mine), "calls": 0.41 + n / 10, "minutes": 38.5 + n, "km": 11.2 + n,
            "streets": list(dict.fromkeys(s.street for s in mine)),
        }  # fmt: skip
        found.append(_feature({"type": "LineString", "coordinates": line}, told))
        for k, spot in enumerate(mine):
            share = 9 - k
            told = {
                "crew": crew, "kind": "cell", "name": spot.name_zh, "arrives": 6 + 14 * k, "leaves": 11 + 14 * k,
                "zh": f"预计警情居前{share}%，绕行{k + 1}分钟", "en": f"Among the busiest {share} %; a detour of {k + 1} min",
            }  # fmt: skip
            found.append(_feature({"type": "Point", "coordinates": list(spot.position)}, told))
    for n, spot in enumerate(spots[::7]):
        told = {
            "outpost": f"前哨{n + 1}",
            "zh": f"五分钟内可及{31 + n}%的警情",
            "en": f"{31 + n} % of calls within five minutes",
        }
        found.append(_feature({"type": "Point", "coordinates": list(spot.position)}, told))
    about = {"from": "2026-11-23", "slot": 2, "reach": 5.0, "busy": 0.3}
    path.write_text(
        json.dumps({"type": "FeatureCollection", "plan": about, "features": found}, ensure_ascii=False), "utf-8"
    )
    return path


def _feature(geometry: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": told}
