"""Cells, crews and must-visit places brought onto the streets, and the travel times between them.

A cell whose centre is far from every street (a lake, a field) is left out; a crew or a must-visit place there is an
error, because someone wrote it down. Drones fly straight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.plan import Crew, MustVisit
from guangyue.engines.patrol.tables import crew_of, must_of
from guangyue.engines.roads import Graph, Network, RoadsError, load, metres_between

__all__ = ["DRONE_M_S", "Located", "located"]

DRONE_M_S = 12.0
"""Cruising speed of a patrol drone with its landing and starting averaged in."""
CELL_LIMIT_M = 500.0


@dataclass(frozen=True, slots=True)
class Located:
    """Everything a plan needs from the streets.

    Attributes:
        travel: 2 × places × places milliseconds: by road, by air. Places: cells, then crews' starts, then must-visits.
        cells: which of the given cells lie on the streets.
        crews: with their places.
        must: with their places.
        longitude: of each place.
        latitude: of each place.
        streets: segments for a picture.
    """

    travel: npt.NDArray[np.int32]
    cells: npt.NDArray[np.int64]
    crews: tuple[Crew, ...]
    must: tuple[MustVisit, ...]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    streets: npt.NDArray[np.float64]


def located(
    graph: Path | Graph, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64],
    crews: list[dict[str, Any]], must: list[dict[str, Any]], profile: str = "patrol",
) -> Located:  # fmt: skip
    """Snap everything to the streets and measure the travel times.

    Raises:
        RoadsError: when a crew or a must-visit place lies off the map.
    """
    network = Network(load(graph) if isinstance(graph, Path) else graph, profile).warm()
    on = np.array([_on_street(network, x, y) for x, y in zip(longitude, latitude, strict=True)])
    cells = np.flatnonzero(on)
    rows = [*crews, *must]
    lon = np.concatenate([longitude[cells], [float(r["lon"]) for r in rows]])
    lat = np.concatenate([latitude[cells], [float(r["lat"]) for r in rows]])
    places = network.snap(lon, lat, limit_m=CELL_LIMIT_M)
    road = network.matrix(places, places)
    air = metres_between(lon[:, np.newaxis], lat[:, np.newaxis], lon[np.newaxis], lat[np.newaxis]) / DRONE_M_S * 1000
    travel = np.stack([road, np.ceil(air).astype(np.int32)]).astype(np.int32)
    n = len(cells)
    streets = network.graph
    ends = np.column_stack([
        streets.lon[streets.tail], streets.lat[streets.tail], streets.lon[streets.head], streets.lat[streets.head]
    ]).reshape(-1, 2, 2)  # fmt: skip
    return Located(
        travel, cells, tuple(crew_of(row, n + i) for i, row in enumerate(crews)),
        tuple(must_of(row, n + len(crews) + j) for j, row in enumerate(must)), lon, lat, ends,
    )  # fmt: skip


def _on_street(network: Network, longitude: float, latitude: float) -> bool:
    try:
        network.snap([longitude], [latitude], limit_m=CELL_LIMIT_M)
    except RoadsError:
        return False
    return True
