"""Forecasts, crews, places and plans as files: CSV, Parquet, GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h3
import numpy as np
import polars as pl
import shapely

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast.predict import Forecast, interval
from guangyue.engines.patrol.grid import Grid
from guangyue.engines.patrol.plan import Crew, MustVisit, Plan, Rest

__all__ = [
    "cell_outline",
    "forecast_table",
    "geojson",
    "plan_features",
    "plan_table",
    "read_blocks",
    "read_plan",
    "read_table",
]

Feature = dict[str, Any]


def read_table(path: Path, needs: tuple[str, ...]) -> pl.DataFrame:
    """A CSV or Parquet table with at least the columns in ``needs``.

    Raises:
        PatrolError: when it cannot be read or lacks a column.
    """
    try:
        table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=10_000)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise PatrolError(
            "patrol.plan.file", f"{path.name} cannot be read: {error}", file=path.name, why="读不出"
        ) from error
    absent = [c for c in needs if c not in table.columns]
    if absent:
        sentence = f"{path.name} lacks the column {', '.join(absent)}; it has {', '.join(table.columns)}."
        raise PatrolError("patrol.plan.file", sentence, file=path.name, why="缺少列" + "、".join(absent))
    return table


def forecast_table(predicted: Forecast, grid: Grid) -> pl.DataFrame:
    """One row per cell and slot: expected calls over the horizon and the 90 % interval."""
    cells, slots = predicted.expected.shape
    flat = predicted.expected.ravel()
    low, high = interval(flat, predicted.dispersion["cell"])
    return pl.DataFrame({
        "cell": np.repeat([h3.int_to_str(int(c)) if grid.resolution else str(c) for c in grid.id], slots),
        "longitude": np.repeat(grid.longitude.round(6), slots), "latitude": np.repeat(grid.latitude.round(6), slots),
        "area": np.repeat(grid.area, slots), "slot": np.tile(np.arange(slots), cells),
        "expected": flat.round(6), "low": low.astype(int), "high": high.astype(int),
        "days": np.full(len(flat), predicted.horizon), "dispersion": np.full(len(flat), predicted.dispersion["cell"]),
    })  # fmt: skip


def cell_outline(cell: str) -> list[tuple[float, float]]:
    """The closed ring of an H3 cell, longitude first; empty for other cells."""
    if not h3.is_valid_cell(cell):
        return []
    ring = [(lng, lat) for lat, lng in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]


def geojson(features: list[Feature], path: Path) -> None:
    """Write a feature collection."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")


def forecast_features(table: pl.DataFrame, least: float = 0.0) -> list[Feature]:
    """Cells with their expected calls over all slots, those above ``least``."""
    summed = table.group_by("cell", maintain_order=True).agg(
        pl.col("expected").sum(),
        pl.col("expected").alias("slots"),
        pl.col("longitude").first(),
        pl.col("latitude").first(),
    )
    out = []
    for row in summed.filter(pl.col("expected") > least).iter_rows(named=True):
        ring = cell_outline(row["cell"])
        shape = (
            {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}
            if ring
            else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
        )
        figures = {
            "cell": row["cell"],
            "expected": round(row["expected"], 4),
            "slots": [round(v, 4) for v in row["slots"]],
        }
        out.append({"type": "Feature", "geometry": shape, "properties": figures})
    return out


def read_crews(path: Path) -> tuple[list[Feature], pl.DataFrame]:
    """Crews with ``name``, ``lon``, ``lat`` and, where given, begins, ends, skills, kind, rest_opens, rest_closes, rest."""
    table = read_table(path, ("name", "lon", "lat"))
    return table.to_dicts(), table


def crew_of(row: Feature, place: int) -> Crew:
    """A crew from a row of the roster; ``kind`` drone flies, ``skills`` are separated by spaces."""
    rest = None
    if row.get("rest"):
        rest = Rest(opens=float(row["rest_opens"]), closes=float(row["rest_closes"]), minutes=float(row["rest"]))
    drone = str(row.get("kind") or "ground") == "drone"
    return Crew(
        name=str(row["name"]), start=place, begins=float(row.get("begins") or 0.0),
        ends=float(row["ends"]) if row.get("ends") is not None else 120.0, profile=1 if drone else 0, rest=rest,
        skills=frozenset(str(row.get("skills") or "").split()) | {"drone" if drone else "ground"},
    )  # fmt: skip


def must_of(row: Feature, place: int) -> MustVisit:
    """A must-visit place from a row: name, opens, closes, minutes, every, needs, calls."""

    def number(key: str, usual: float) -> float:
        return float(row[key]) if row.get(key) is not None else usual

    return MustVisit(
        name=str(row["name"]), place=place, opens=number("opens", 0.0), closes=number("closes", 120.0),
        minutes=number("minutes", 5.0), every=float(row["every"]) if row.get("every") else None,
        needs=frozenset(str(row.get("needs") or "").split()), calls=number("calls", 0.0),
    )  # fmt: skip


def read_blocks(path: Path, longitude: Any, latitude: Any) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401 - arrays
    """The responsibility block of each position, from GeoJSON polygons with a ``name``; outside all: the nearest.

    Raises:
        PatrolError: when the file holds no named polygon.
    """
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        shapes = [shapely.geometry.shape(f["geometry"]) for f in features]
        names = tuple(str(f["properties"]["name"]) for f in features)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = f"{path.name} holds no polygons with a name: {error!r}"
        raise PatrolError("patrol.plan.file", sentence, file=path.name, why="没有带名称的多边形") from error
    apart = np.stack([shapely.distance(shape, shapely.points(longitude, latitude)) for shape in shapes])
    return apart.argmin(axis=0).astype(np.int64), names


def plan_table(made: Plan, crews: tuple[Crew, ...]) -> pl.DataFrame:
    """One row per stop."""
    return pl.DataFrame([
        {
            "crew": crews[s.crew].name, "kind": s.kind, "name": s.name, "arrives": round(s.arrives, 1),
            "leaves": round(s.leaves, 1), "calls": round(s.calls, 3), "rank": s.rank, "detour": round(s.detour, 1),
            "理由": s.reasons["zh"], "reason": s.reasons["en"],
        }
        for s in made.stops
    ])  # fmt: skip


def plan_features(made: Plan, crews: tuple[Crew, ...], longitude: Any, latitude: Any) -> list[Feature]:  # noqa: ANN401 - arrays
    """Routes as lines from stop to stop, stops and outposts as points."""

    def at(place: int) -> list[float]:
        return [round(float(longitude[place]), 6), round(float(latitude[place]), 6)]

    out: list[Feature] = []
    for k, crew in enumerate(crews):
        mine = [s for s in made.stops if s.crew == k]
        line = [at(crew.start), *(at(s.place) for s in mine), at(crew.start if crew.end is None else crew.end)]
        figures = {"crew": crew.name, "stops": len(mine), "calls": round(sum(s.calls for s in mine), 3)}
        out.append({"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": figures})
        for s in mine:
            point = {"type": "Point", "coordinates": at(s.place)}
            told = {"crew": crew.name, "kind": s.kind, "name": s.name, "arrives": round(s.arrives, 1), **s.reasons}
            out.append({"type": "Feature", "geometry": point, "properties": told})
    for post in made.outposts:
        point = {"type": "Point", "coordinates": at(post)}
        out.append({"type": "Feature", "geometry": point, "properties": {"outpost": int(post)}})
    return out


def read_plan(path: Path) -> tuple[list[list[list[float]]], list[list[float]]]:
    """Rounds as lists of positions, and outposts, from the GeoJSON that `plan` wrote.

    Raises:
        PatrolError: when the file holds no route.
    """
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        shapes = [(f["geometry"], f["properties"]) for f in features]
        rounds = [shape["coordinates"] for shape, _ in shapes if shape["type"] == "LineString"]
        posts = [shape["coordinates"] for shape, told in shapes if "outpost" in told]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = f"{path.name} is not a plan: {error!r}"
        raise PatrolError("patrol.plan.file", sentence, file=path.name, why="不是巡防方案") from error
    if not rounds:
        raise PatrolError("patrol.plan.file", f"{path.name} holds no route.", file=path.name, why="没有路线")
    return rounds, posts
