"""Forecasts as files: CSV and GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h3
import numpy as np
import polars as pl

from guangyue.engines.patrol.forecast.predict import Forecast, interval
from guangyue.engines.patrol.grid import Grid

__all__ = ["cell_outline", "forecast_features", "forecast_table", "geojson"]

Feature = dict[str, Any]


def forecast_table(predicted: Forecast, grid: Grid, hours: tuple[float, ...]) -> pl.DataFrame:
    """One row per cell and slot: expected calls over the horizon and the 90 % interval.

    ``hours`` are when the slots begin; ``from`` is the first day forecast.
    """
    cells, slots = predicted.expected.shape
    flat = predicted.expected.ravel()
    low, high = interval(flat, predicted.dispersion["cell"])
    return pl.DataFrame({
        "cell": np.repeat([h3.int_to_str(int(c)) if grid.resolution else str(c) for c in grid.id], slots),
        "longitude": np.repeat(grid.longitude.round(6), slots), "latitude": np.repeat(grid.latitude.round(6), slots),
        "area": np.repeat(grid.area, slots), "slot": np.tile(np.arange(slots), cells),
        "begins": np.tile(np.array(hours, np.float64), cells),
        "expected": flat.round(6), "low": low.astype(int), "high": high.astype(int),
        "from": [str(np.datetime64(predicted.origin, "D"))] * len(flat),
        "days": np.full(len(flat), predicted.horizon), "dispersion": np.full(len(flat), predicted.dispersion["cell"]),
    })  # fmt: skip


def cell_outline(cell: str) -> list[tuple[float, float]]:
    """The closed ring of an H3 cell, longitude first; empty for other cells."""
    if not h3.is_valid_cell(cell):
        return []
    ring = [(lng, lat) for lat, lng in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]


def geojson(features: list[Feature], path: Path, **told: Any) -> None:  # noqa: ANN401 - any JSON
    """Write a feature collection; ``told`` becomes further members of it."""
    collection = {"type": "FeatureCollection", **told, "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")


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
