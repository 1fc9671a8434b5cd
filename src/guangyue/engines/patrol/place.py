"""Cells, crews and must-visit places brought onto the streets, and the travel times between them.

A cell whose centre is far from every street (a lake, a field) is left out; a crew or a must-visit place there is an
error, because someone wrote it down. Drones fly straight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.inputs import Row, crew_of, must_of, positions
from guangyue.engines.patrol.plan import Crew, MustVisit
from guangyue.engines.roads import Graph, Network, Places, RoadsError, load, metres_between

__all__ = ["ANSWERING", "CELL_LIMIT_M", "DRONE_M_S", "Located", "located", "near_streets", "on_streets"]

DRONE_M_S = 12.0
"""Cruising speed of a patrol drone with its landing and starting averaged in."""
CELL_LIMIT_M = 500.0
ANSWERING = "ordinary"
"""How crews drive to most calls; the urgent ones, with siren, are reached sooner than a plan promises."""


@dataclass(frozen=True, slots=True)
class Located:
    """Everything a plan needs from the streets.

    Attributes:
        network: the streets at the speed of patrol.
        places: cells, then crews' starts, then must-visits, on the streets.
        travel: 2 × places × places milliseconds: by road, by air.
        answer: places × cells milliseconds: how long a crew there needs to a call.
        cells: which of the given cells lie on the streets.
        crews: with their places.
        must: with their places.
        longitude: of each place.
        latitude: of each place.
    """

    network: Network
    places: Places
    travel: npt.NDArray[np.int32]
    answer: npt.NDArray[np.int32]
    cells: npt.NDArray[np.int64]
    crews: tuple[Crew, ...]
    must: tuple[MustVisit, ...]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]

    @property
    def streets(self) -> npt.NDArray[np.float64]:
        """Segments for a picture, arcs × 2 × 2."""
        graph = self.network.graph
        ends = np.column_stack(
            [graph.lon[graph.tail], graph.lat[graph.tail], graph.lon[graph.head], graph.lat[graph.head]]
        )
        return np.asarray(ends.reshape(-1, 2, 2), np.float64)


def located(
    streets: Path | Graph | Network, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64],
    crews: list[Row], must: list[Row], profile: str = "patrol",
) -> Located:  # fmt: skip
    """Snap everything to the streets and measure the travel times.

    Args:
        streets: a network, a graph, or the file of one.
        longitude: of each cell.
        latitude: of each cell.
        crews: rows of the roster.
        must: rows of places to be seen in any case.
        profile: how crews drive, where ``streets`` is no network.

    Raises:
        RoadsError: when a crew or a must-visit place lies off the map.
        PatrolError: for a row that cannot be.
    """
    network = on_streets(streets, profile)
    cells = near_streets(network, longitude, latitude)
    n = len(cells)
    crew_lon, crew_lat = positions(crews)
    must_lon, must_lat = positions(must)
    team = tuple(crew_of(row, n + i) for i, row in enumerate(crews))
    again = sorted({c.name for c in team if sum(d.name == c.name for d in team) > 1})
    if again:
        raise PatrolError("patrol.plan.names", f"More than one crew is called {', '.join(again)}.", names=again)
    asked = tuple(must_of(row, n + len(crews) + j) for j, row in enumerate(must))
    lon = np.concatenate([longitude[cells], crew_lon, must_lon])
    lat = np.concatenate([latitude[cells], crew_lat, must_lat])
    places = network.snap(lon, lat, limit_m=CELL_LIMIT_M)
    road = network.matrix(places, places)
    air = metres_between(lon[:, np.newaxis], lat[:, np.newaxis], lon[np.newaxis], lat[np.newaxis]) / DRONE_M_S * 1000
    travel = np.stack([road, np.ceil(air).astype(np.int32)]).astype(np.int32)
    answer = Network.sharing(network, ANSWERING).matrix(places, places.take(np.arange(n)))
    return Located(network, places, travel, answer, cells, team, asked, lon, lat)


def on_streets(streets: Path | Graph | Network, profile: str = "patrol") -> Network:
    """A network ready to answer."""
    if isinstance(streets, Network):
        return streets
    return Network(load(streets) if isinstance(streets, Path) else streets, profile).warm()


def near_streets(
    network: Network, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """The positions that lie on or near a street."""
    on = []
    for i, (x, y) in enumerate(zip(longitude.tolist(), latitude.tolist(), strict=True)):
        try:
            network.snap([x], [y], limit_m=CELL_LIMIT_M)
        except RoadsError as error:
            if error.code != "roads.off_map":
                raise
            continue
        on.append(i)
    return np.array(on, np.int64)
