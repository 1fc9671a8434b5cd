"""Isochrones (等时圈): the streets, and the ground beside them, within a travel time of a place or of any crew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from shapely.ops import substring

from guangyue.engines.roads.arrays import CLOSED
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.places import Places

if TYPE_CHECKING:
    import numpy.typing as npt

    from guangyue.engines.roads.arrays import Floats, Ints
    from guangyue.engines.roads.network import Network, Where

__all__ = ["Direction", "Isochrone", "isochrones"]

Direction = Literal["to", "from"]


@dataclass(frozen=True, eq=False)
class Isochrone:
    """What lies within one limit.

    Attributes:
        seconds: the limit.
        direction: ``"to"``: from where a crew arrives in time; ``"from"``: how far a crew gets.
        arc: the street arcs within, wholly or partly, int32.
        begin: share of each arc where the part within begins, float64.
        end: likewise where it ends.
        area: the ground within ``width_m`` of these streets, small gaps closed, WGS-84.
        metres: length of street within, each street counted once.
    """

    seconds: float
    direction: Direction
    arc: Ints
    begin: Floats
    end: Floats
    area: shapely.MultiPolygon
    metres: float


def isochrones(
    network: Network,
    places: Where,
    seconds: npt.ArrayLike,
    *,
    direction: Direction = "to",
    width_m: float = 60.0,
    gap_m2: float = 40_000.0,
) -> list[Isochrone]:
    """Isochrones around one place, or around the nearest of several, one for each limit, smallest first.

    Args:
        network: streets and speeds.
        places: the place, or several such as all outposts.
        seconds: the limits.
        direction: towards the places or away from them.
        width_m: how far from a street the ground still counts as reached.
        gap_m2: holes up to this size (a city block) are closed.

    Raises:
        RoadsError: ``roads.limit`` for limits that are not above 0, ``roads.no_crews`` without a place.
    """
    limits = np.sort(np.atleast_1d(np.asarray(seconds, np.float64)))
    wrong = ~(np.isfinite(limits) & (limits > 0))
    if wrong.any() or not len(limits):
        raise RoadsError("roads.limit", value=limits[wrong.argmax()] if len(limits) else "–")
    if not len(places):
        raise RoadsError("roads.no_crews")
    far = _times(network, places, float(limits[-1]) * 1000, direction)
    found: list[Isochrone] = []
    for limit in limits.tolist():
        band = _within(network, places, far, limit, direction, width_m, gap_m2)
        if found:
            # simplified outlines may cross by a metre; what is within one minute is within three
            ground = shapely.union(band.area, found[-1].area)
            band = replace(band, area=shapely.MultiPolygon(list(shapely.get_parts(ground))))
        found.append(band)
    return found


def _times(network: Network, places: Where, limit: float, direction: Direction) -> Floats:
    """Time between every expanded node and the nearest place, ms."""
    towards = direction == "to"
    ends = network.goals(places) if towards else network.starts(places)
    search = network.exact.all_to if towards else network.exact.all_from
    best = np.full(network.graph.topology.nodes, np.inf)
    for i in range(len(ends)):
        best = np.minimum(best, search(ends.one(i), limit))
    return best


def _within(
    network: Network, places: Where, far: Floats, seconds: float, direction: Direction, width_m: float, gap_m2: float
) -> Isochrone:
    graph, millis = network.graph, network.millis
    topology = graph.topology
    # share of each arc within the limit, measured from the end that lies nearer to the place in time
    share = np.zeros(graph.arcs)
    use = network.profile.passable(topology.banned) & (millis[topology.base] < CLOSED)
    near = far[topology.head if direction == "to" else topology.tail]
    use &= near < seconds * 1000
    left = (seconds * 1000 - near[use]) / millis[topology.base[use]]
    np.maximum.at(share, topology.base[use], np.minimum(left, 1.0))
    arc = np.flatnonzero(share > 0).astype(np.int32)
    zero, one = np.zeros(len(arc)), np.ones(len(arc))
    begin, end = (1 - share[arc], one) if direction == "to" else (zero, share[arc])
    if isinstance(places, Places):
        own = _own(network, places, seconds * 1000, direction)
        arc, begin, end = (np.concatenate([a, b]) for a, b in zip((arc, begin, end), own, strict=True))
    lines, metres = _lines(network, arc, begin, end)
    ground = shapely.union_all(shapely.buffer(lines, width_m, quad_segs=3))
    ground = shapely.simplify(_closed(ground, gap_m2), width_m / 8)
    area = shapely.transform(ground, network.snapper.round)
    whole = shapely.MultiPolygon([p for p in shapely.get_parts(area) if isinstance(p, shapely.Polygon)])
    return Isochrone(seconds, direction, arc, begin, end, whole, metres)


def _own(network: Network, places: Places, limit: float, direction: Direction) -> tuple[Ints, Floats, Floats]:
    """The parts of the places' own streets within the limit."""
    graph, millis = network.graph, network.millis
    arc = np.concatenate([places.arc, graph.twin[places.arc]])
    along = np.concatenate([places.along, 1 - places.along])
    drivable = (arc >= 0) & (millis[arc] < CLOSED)
    arc, along = arc[drivable], along[drivable]
    reach = limit / millis[arc]
    if direction == "to":
        return arc, np.maximum(along - reach, 0.0), along
    return arc, along, np.minimum(along + reach, 1.0)


def _lines(network: Network, arc: Ints, begin: Floats, end: Floats) -> tuple[npt.NDArray[np.object_], float]:
    """The parts of streets as flat lines, and their length with each street counted once."""
    graph = network.graph
    shape, backward = graph.shape[arc], graph.backward[arc]
    low, high = np.where(backward, 1 - end, begin), np.where(backward, 1 - begin, end)
    whole = (low <= 0) & (high >= 1)
    full = np.unique(shape[whole])
    length = np.zeros(len(graph.shape_at) - 1)
    length[graph.shape] = graph.metres
    lines = [network.snapper.lines[full]]
    metres = float(length[full].sum())
    partial = np.flatnonzero(~whole & ~np.isin(shape, full) & (high > low))
    parts = []
    for k in np.unique(shape[partial]).tolist():
        rows = partial[shape[partial] == k]
        run = network.snapper.lines[k]
        pieces = _merged(sorted(zip(low[rows].tolist(), high[rows].tolist(), strict=True)))
        parts += [substring(run, a, b, normalized=True) for a, b in pieces]
        metres += float(length[k]) * sum(b - a for a, b in pieces)
    lines.append(np.array(parts, dtype=object))
    return np.concatenate(lines), metres


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Sorted spans with those that touch made one."""
    out = [spans[0]]
    for a, b in spans[1:]:
        if a <= out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def _closed(ground: shapely.Geometry, gap_m2: float) -> shapely.MultiPolygon:
    """The ground without its small holes."""
    parts = []
    for part in shapely.get_parts(ground):
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > gap_m2]
        parts.append(shapely.Polygon(part.exterior, holes))
    return shapely.MultiPolygon(parts)
