"""Isochrones, routes and crews as GeoJSON and as PNG pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from guangyue.engines.roads.classes import RoadClass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from guangyue.engines.roads.arrays import Floats
    from guangyue.engines.roads.graph import Graph
    from guangyue.engines.roads.isochrone import Isochrone
    from guangyue.engines.roads.route import Route

__all__ = ["collection", "isochrone_features", "picture", "point_features", "route_features"]

_GROUND, _STREET, _INK = "#f7f8fa", "#c3cad4", "#1d2733"
_BANDS: Final = ("#0b5d8f", "#2f8fc4", "#74b9df", "#b5dbee", "#dcedf6")
_ROUTE, _MARK = "#c8321f", "#e08a00"


def collection(features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


def isochrone_features(found: Sequence[Isochrone]) -> list[dict[str, Any]]:
    """One feature per isochrone, the largest first so that a map draws the small ones on top."""
    return [
        {
            "type": "Feature",
            "properties": {
                "seconds": band.seconds,
                "direction": band.direction,
                "street_km": round(band.metres / 1000, 3),
            },
            "geometry": shapely.geometry.mapping(shapely.set_precision(band.area, 1e-6)),
        }
        for band in sorted(found, key=lambda band: -band.seconds)
    ]


def route_features(found: Route, language: str = "zh") -> list[dict[str, Any]]:
    """The line of a way, then one point per instruction."""
    line = {
        "type": "Feature",
        "properties": {"seconds": round(found.ms / 1000, 1), "metres": round(found.metres, 1)},
        "geometry": {"type": "LineString", "coordinates": np.round(found.line, 7).tolist()},
    }
    return [line, *(
        {
            "type": "Feature",
            "properties": {
                "turn": step.turn.name.lower(), "text": step.text.of(language), "street": step.name,
                "metres": round(step.metres, 1), "seconds": round(step.seconds, 1),
            },
            "geometry": {"type": "Point", "coordinates": [round(step.lon, 7), round(step.lat, 7)]},
        }
        for step in found.steps
    )]  # fmt: skip


def point_features(lon: Floats, lat: Floats, properties: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One feature per position."""
    return [
        {"type": "Feature", "properties": dict(p), "geometry": {"type": "Point", "coordinates": [float(x), float(y)]}}
        for x, y, p in zip(np.round(lon, 7), np.round(lat, 7), properties, strict=True)
    ]


def picture(
    path: Path,
    graph: Graph,
    *,
    bands: Sequence[Isochrone] = (),
    ways: Sequence[Route] = (),
    marks: Floats | None = None,
    place: tuple[float, float] | None = None,
    focus: Floats | None = None,
    title: str = "",
) -> None:
    """A map as PNG: streets, isochrones under them, ways and marks on top.

    The picture shows isochrones, ways, the place and the positions in ``focus``; all streets when there are none.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    box = _box(graph, bands, ways, focus, place)
    stretch = 1 / np.cos(np.radians((box[1] + box[3]) / 2))
    tall = (box[3] - box[1]) * stretch / max(box[2] - box[0], 1e-9)
    wide = float(np.clip(10.5 / max(tall, 1e-9), 5, 8.5))
    figure = Figure(figsize=(wide, float(np.clip(wide * tall, 4.5, 11))), dpi=130, facecolor=_GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.93 if title else 0.98))
    axes.set_facecolor(_GROUND)
    legend: list[Any] = []
    for i, band in reversed(list(enumerate(bands))):
        colour = _BANDS[min(i, len(_BANDS) - 1)]
        rings = [np.asarray(p.exterior.coords) for p in shapely.get_parts(band.area)]
        holes = [np.asarray(r.coords) for p in shapely.get_parts(band.area) for r in p.interiors]
        axes.add_collection(PolyCollection(rings, facecolors=colour, edgecolors="none", alpha=0.85, zorder=1))
        behind = _BANDS[min(i + 1, len(_BANDS) - 1)] if i + 1 < len(bands) else _GROUND
        axes.add_collection(PolyCollection(holes, facecolors=behind, edgecolors="none", zorder=1))
        legend.insert(0, Patch(color=colour, label=f"{band.seconds / 60:g} min"))
    once = np.flatnonzero(~graph.backward & ~graph.against)
    shown = once[_inside(graph, once, box)]
    widths = np.where(graph.road[shown] <= RoadClass.SECONDARY, 1.0, 0.45)
    lines = LineCollection([graph.polyline(arc) for arc in shown], colors=_STREET, linewidths=widths, zorder=2)
    axes.add_collection(lines)
    for way in ways:
        axes.plot(way.line[:, 0], way.line[:, 1], color=_ROUTE, linewidth=2.6, zorder=4, solid_capstyle="round")
        legend.append(
            Line2D([], [], color=_ROUTE, linewidth=2.6, label=f"{way.ms / 60000:.1f} min, {way.metres / 1000:.1f} km")
        )
    if marks is not None and len(marks):
        axes.scatter(marks[:, 0], marks[:, 1], s=16, color=_MARK, edgecolors=_INK, linewidths=0.5, zorder=5)
    if place is not None:
        axes.scatter(
            [place[0]], [place[1]], s=110, marker="*", color="#ffd23f", edgecolors=_INK, linewidths=0.9, zorder=6
        )
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])
    axes.set_aspect(float(stretch))
    axes.set_axis_off()
    if legend:
        axes.legend(handles=legend, loc="lower right", framealpha=0.95, fontsize=9)
    if title:
        figure.text(0.02, 0.965, title, fontsize=12, color=_INK, va="center")
    figure.savefig(path)


def _box(
    graph: Graph,
    bands: Sequence[Isochrone],
    ways: Sequence[Route],
    focus: Floats | None,
    place: tuple[float, float] | None,
) -> tuple[float, float, float, float]:
    """The part of the map to show, with a margin."""
    corners = [np.reshape(band.area.bounds, (2, 2)) for band in bands if not band.area.is_empty]
    corners += [way.line for way in ways]
    if focus is not None:
        corners.append(focus)
    if not corners:
        corners = [np.column_stack([graph.lon, graph.lat])]
    if place is not None:
        corners.append(np.array([place]))
    every = np.concatenate(corners)
    low, high = every.min(axis=0), every.max(axis=0)
    margin = np.maximum((high - low) * 0.04, 0.002)
    low, high = low - margin, high + margin
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _inside(graph: Graph, arcs: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    ends = np.stack([graph.tail[arcs], graph.head[arcs]])
    lon, lat = graph.lon[ends], graph.lat[ends]
    within = (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
    return np.asarray(within.any(axis=0))
