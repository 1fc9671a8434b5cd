"""Places on streets: a position snapped to the nearest arc, or a node; and how a way begins or ends there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from guangyue.engines.roads.arrays import CLOSED, Floats, Ints, Longs, Millis
from guangyue.engines.roads.engines import Ends
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.graph import EARTH_M, Graph

if TYPE_CHECKING:
    from guangyue.engines.roads.turns import Topology

__all__ = ["SNAP_LIMIT_M", "Places", "Snapper", "arc_entered", "direct_millis", "goals_at", "starts_at"]

SNAP_LIMIT_M = 500.0
"""Farther than this from any street, a place is said to be off the map."""


@dataclass(frozen=True, eq=False)
class Places:
    """Places on streets, each on an arc at a share of its length.

    Attributes:
        arc: the arc, int32; of a two-way street the one with the smaller number.
        along: share of the arc's length from its tail, 0 to 1, float64.
        metres: distance of the given position from the street, float64.
        lon: the position on the street, float64.
        lat: likewise.
    """

    arc: Ints
    along: Floats
    metres: Floats
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.arc)

    def take(self, rows: npt.ArrayLike) -> Places:
        """Some of the places, in the order asked for."""
        rows = np.atleast_1d(np.asarray(rows))
        return Places(self.arc[rows], self.along[rows], self.metres[rows], self.lon[rows], self.lat[rows])


class Snapper:
    """Finds the nearest street of a position with an R-tree over all shapes (吸附到最近道路)."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._lat0 = float(np.radians((graph.lat.min() + graph.lat.max()) / 2))
        self._scale = EARTH_M * np.cos(self._lat0)

    @cached_property
    def _arc_of_shape(self) -> Ints:
        """The arc that stands for each shape, if possible one that every profile may drive."""
        graph = self.graph
        rank = np.lexsort((np.arange(graph.arcs), graph.against, graph.shape))
        shapes, first = np.unique(graph.shape[rank], return_index=True)
        arc = np.full(len(graph.shape_at) - 1, -1, np.int32)
        arc[shapes] = rank[first]
        return arc

    @cached_property
    def lines(self) -> npt.NDArray[np.object_]:
        """The shapes in flat metres."""
        graph = self.graph
        rows = np.repeat(np.arange(len(graph.shape_at) - 1), np.diff(graph.shape_at))
        return np.asarray(shapely.linestrings(self.flat(graph.shape_lon, graph.shape_lat), indices=rows))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    def flat(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """Mercator metres, true to scale at the middle latitude and true to angle everywhere."""
        x = np.radians(np.asarray(lon, np.float64)) * self._scale
        y = np.arctanh(np.sin(np.radians(np.asarray(lat, np.float64)))) * self._scale
        return np.column_stack([x, y])

    def snap(self, lon: npt.ArrayLike, lat: npt.ArrayLike, *, limit_m: float = SNAP_LIMIT_M) -> Places:
        """The nearest place on a street for each position.

        Args:
            lon: longitudes, WGS-84 degrees.
            lat: latitudes, WGS-84 degrees.
            limit_m: the farthest a position may lie from a street, metres.

        Raises:
            RoadsError: ``roads.position`` for what is not a position, ``roads.off_map`` for one beyond the limit.
        """
        lon, lat = np.atleast_1d(np.asarray(lon, np.float64)), np.atleast_1d(np.asarray(lat, np.float64))
        if lon.shape != lat.shape:
            raise RoadsError("roads.shape", what="lat", wanted=len(lon), found=len(lat))
        wrong = ~(np.isfinite(lon) & np.isfinite(lat) & (abs(lon) <= 180) & (abs(lat) < 90))  # noqa: PLR2004
        if wrong.any():
            i = int(wrong.argmax())
            raise RoadsError("roads.position", index=i, lon=float(lon[i]), lat=float(lat[i]))
        points = shapely.points(self.flat(lon, lat))
        shape = np.asarray(self._tree.nearest(points), np.int64)
        lines = self.lines[shape]
        shrink = np.cos(np.radians(lat)) / np.cos(self._lat0)
        metres = shapely.distance(lines, points) * shrink
        far = metres > limit_m
        if far.any():
            i = int(metres.argmax())
            away = f"{metres[i]:.0f} m" if metres[i] < 10_000 else f"{metres[i] / 1000:.0f} km"  # noqa: PLR2004
            raise RoadsError("roads.off_map", lon=float(lon[i]), lat=float(lat[i]), metres=away, limit=limit_m)
        run = shapely.line_locate_point(lines, points)
        spot = shapely.get_coordinates(shapely.line_interpolate_point(lines, run))
        along = run / np.maximum(shapely.length(lines), 1e-9)
        arc = self._arc_of_shape[shape]
        along = np.clip(np.where(self.graph.backward[arc], 1 - along, along), 0.0, 1.0)
        return Places(
            arc=arc, along=along, metres=metres,
            lon=self.round(spot)[:, 0], lat=self.round(spot)[:, 1],
        )  # fmt: skip

    def round(self, flat: Floats) -> Floats:
        """Longitude and latitude of flat positions: the way back from :meth:`flat`."""
        lat = np.arcsin(np.tanh(flat[:, 1] / self._scale))
        return np.asarray(np.degrees(np.column_stack([flat[:, 0] / self._scale, lat])), np.float64)


def starts_at(graph: Graph, millis: Millis, places: Places) -> Ends:
    """How ways begin at places: on to the arc's head, or back to its tail where the street runs both ways."""
    topology, arc, along = graph.topology, places.arc, places.along
    twin = graph.twin[arc]
    node = np.column_stack([topology.head[arc], topology.head[twin]])
    offset = np.column_stack([_part(millis, arc, 1 - along), _part(millis, twin, along)])
    return Ends(node.ravel().astype(np.int32), offset.ravel(), np.arange(0, 2 * len(places) + 1, 2))


def goals_at(graph: Graph, millis: Millis, places: Places, *, obeys_turns: bool) -> Ends:
    """How ways end at places: by every permitted turn into the arc, or into its twin."""
    topology = graph.topology
    if topology.nodes == graph.nodes:
        arc, twin = places.arc, graph.twin[places.arc]
        node = np.column_stack([graph.tail[arc], graph.tail[twin]])
        offset = np.column_stack([_part(millis, arc, places.along), _part(millis, twin, 1 - places.along)])
        return Ends(node.ravel().astype(np.int32), offset.ravel(), np.arange(0, 2 * len(places) + 1, 2))
    nodes, offsets, at = [], [], [0]
    for arc, along in zip(places.arc.tolist(), places.along.tolist(), strict=True):
        for over, share in ((arc, along), (int(graph.twin[arc]), 1 - along)):
            if over >= 0:
                spent = int(_part(millis, np.array([over]), np.array([share]))[0])
                entries = _entries(topology, over, obeys_turns=obeys_turns)
                nodes += entries
                offsets += [spent] * len(entries)
        at.append(len(nodes))
    return Ends(np.array(nodes, np.int32), np.array(offsets, np.int64), np.array(at, np.int64))


def direct_millis(graph: Graph, millis: Millis, start: Places, goal: Places) -> Millis:
    """Times between places on one and the same street without leaving it, int32[starts, goals]; else CLOSED."""
    same = start.arc[:, None] == goal.arc[None, :]
    out = np.full(same.shape, CLOSED, np.int32)
    rows, columns = np.nonzero(same)
    if len(rows):
        arc, ahead = start.arc[rows], goal.along[columns] - start.along[rows]
        over = np.where(ahead >= 0, arc, graph.twin[arc])
        out[rows, columns] = _part(millis, over, np.abs(ahead))
    return out


def _part(millis: Millis, arc: npt.NDArray[np.int32], share: Floats) -> Longs:
    """Whole ms over a share of an arc; CLOSED where the arc is closed or missing (-1)."""
    whole = np.where(arc >= 0, millis[arc], CLOSED).astype(np.int64)
    return np.where(whole < CLOSED, np.rint(whole * share), CLOSED).astype(np.int64)


def _entries(topology: Topology, arc: int, *, obeys_turns: bool) -> list[int]:
    uses = topology.use_arcs[topology.uses[arc] : topology.uses[arc + 1]]
    if obeys_turns:
        uses = uses[~topology.banned[uses]]
    return [int(n) for n in topology.tail[uses]]


def arc_entered(graph: Graph, places: Places, entry: int, *, obeys_turns: bool) -> tuple[int, float]:
    """The arc and share at which a way ends, from the entry of :func:`goals_at` it joined (for a single place)."""
    arc, along = int(places.arc[0]), float(places.along[0])
    simple = graph.topology.nodes == graph.nodes
    forward = 1 if simple else len(_entries(graph.topology, arc, obeys_turns=obeys_turns))
    return (arc, along) if entry < forward else (int(graph.twin[arc]), 1 - along)
