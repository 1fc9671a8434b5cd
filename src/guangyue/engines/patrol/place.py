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
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from guangyue.engines.patrol.plan import Crew, MustVisit
from guangyue.engines.patrol.tables import crew_of, must_of
from guangyue.engines.roads import Graph, Network, RoadsError, load, metres_between

__all__ = ["DRONE_M_S", "Located", "located", "played"]

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


def played(
    graph: Path, plan: tuple[list[list[list[float]]], list[list[float]]], longitude: npt.NDArray[np.float64],
    latitude: npt.NDArray[np.float64], expected: npt.NDArray[np.float64], *, calls: int, per_day: float, rule: str, seed: int,
) -> dict[str, Any]:  # fmt: skip
    """Simulate rounds and outposts, each with one crew on duty round the clock, against calls where they are expected.

    Returns:
        The report of the simulator.

    Raises:
        SimulateError: when a place cannot be reached.
    """
    from guangyue.engines.patrol.simulate import Rule, simulate
    from guangyue.engines.patrol.simulate.habits import Habits, draw_calls
    from guangyue.engines.patrol.simulate.report import report
    from guangyue.engines.patrol.simulate.streets import lay_out, post, round_trip

    siren = Network(load(graph), "siren")
    ordinary, patrol = Network.sharing(siren, "ordinary"), Network.sharing(siren, "patrol")
    tree = cKDTree(np.column_stack([siren.graph.lon, siren.graph.lat]))

    def nodes(positions: npt.ArrayLike) -> npt.NDArray[np.int32]:
        return np.asarray(tree.query(np.asarray(positions, np.float64).reshape(-1, 2))[1], np.int32)

    rounds = [round_trip(patrol, nodes(line[:-1]).tolist(), dwell_s=300) for line in plan[0]]
    rounds += [post(int(node)) for node in nodes(plan[1])] if plan[1] else []
    at = nodes(np.column_stack([longitude, latitude]))
    place, where = np.unique(at, return_inverse=True)
    ground = lay_out(siren, ordinary, place, rounds, weight=np.bincount(where, weights=expected))
    crews = ground.crews(np.arange(len(rounds)))
    drawn = draw_calls(ground.city, Habits(), calls, per_day, seed=seed)
    kind: Any = rule
    return report(simulate(ground.city, crews, drawn, Rule(kind=kind)))
