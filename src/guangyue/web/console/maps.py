"""What the map shows: the city's own areas and streets, and the matters of the list. Nothing comes from elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from guangyue.city.access import visible_blocks
from guangyue.records.database import city_now, db
from guangyue.records.matters import MOST, BadCursorError, matters_for
from guangyue.web.console.asking import Filters
from guangyue.web.console.door import staff_page
from guangyue.web.console.showing import urgency
from guangyue.web.templatetags.guangyue import reader, say

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer

__all__ = ["city", "matters"]

PAGES = 4
LAYERS = ("water", "green", "streets", "landmarks")
"""Files under ``map/`` of the installation that are drawn beneath the areas' names."""
DIGITS = 5
"""Five decimals of a degree are one metre."""
Data = dict[str, Any]


@require_safe
@staff_page
def matters(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The matters of the list that have a position: so many that a map stays readable."""
    asked = Filters.read(request.GET).asked(most=MOST)
    now = city_now(db())
    features: list[Data] = []
    for _ in range(PAGES):
        try:
            page = matters_for(viewer, asked)
        except BadCursorError:
            break
        for line in page.lines:
            if line.position is not None:
                tone = urgency(line, viewer, now)
                said = {"id": line.id, "number": line.number, "title": line.title, "state": say(line.state_title)}
                where = [line.position[0] / 1e6, line.position[1] / 1e6]
                point = {"type": "Point", "coordinates": where}
                features.append({"type": "Feature", "properties": {**said, "tone": tone}, "geometry": point})
        if not page.next:
            break
        asked = replace(asked, after=page.next)
    return JsonResponse({"type": "FeatureCollection", "features": features}, json_dumps_params={"ensure_ascii": False})


@require_safe
@staff_page
def city(request: HttpRequest, viewer: Viewer) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Areas with their names, and the layers that the installation keeps as files (:data:`LAYERS`)."""
    from shapely import to_geojson, wkb

    english = reader() == "en"
    features: list[Data] = []
    box = [180.0, 90.0, -180.0, -90.0]
    for block in visible_blocks(viewer).order_by("-area_m2")[:400]:
        shape = wkb.loads(bytes(block.boundary))
        low_lon, low_lat, high_lon, high_lat = shape.bounds
        box = [min(box[0], low_lon), min(box[1], low_lat), max(box[2], high_lon), max(box[3], high_lat)]
        name = (block.name_en or block.name_zh) if english else block.name_zh
        properties = {"layer": block.layer, "name": name, "code": block.code}
        geometry = _rounded(json.loads(to_geojson(shape)))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    for path in (Path(settings.GUANGYUE_HOME) / "map" / f"{name}.geojson" for name in LAYERS):
        if not path.exists():
            continue
        for feature in json.loads(path.read_text("utf-8"))["features"]:
            given = feature.get("properties") or {}
            title = (given.get("name_en") if english else None) or given.get("name") or given.get("name_zh")
            properties = {"layer": given.get("layer", path.stem), **({"name": title} if title else {})}
            features.append({"type": "Feature", "properties": properties, "geometry": feature["geometry"]})
    said: Data = {"type": "FeatureCollection", "features": features}
    if box[0] <= box[2]:
        said["bbox"] = box
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


def _rounded(geometry: Any) -> Any:  # noqa: ANN401 - a tree of lists
    if isinstance(geometry, float):
        return round(geometry, DIGITS)
    if isinstance(geometry, list):
        return [_rounded(g) for g in geometry]
    if isinstance(geometry, dict):
        return {k: _rounded(v) for k, v in geometry.items()}
    return geometry
