"""The street graph as arrays: nodes, directed arcs, their shapes and names, and the turns that are forbidden."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from guangyue.engines.roads.arrays import CLOSED, Bools, Bytes, Floats, Ints, Longs, Millis
from guangyue.engines.roads.classes import RoadClass
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.turns import Topology, expand

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Graph", "metres_between"]

EARTH_M = 6_371_008.8


def metres_between(lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike) -> Floats:
    """Great-circle distance in metres between WGS-84 positions (arrays broadcast)."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, half))), dtype=np.float64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Graph:
    """A street graph with ``n`` nodes and ``m`` directed arcs. Immutable: a change makes a new graph.

    Attributes:
        lon: node longitudes, WGS-84 degrees, float64[n].
        lat: node latitudes, WGS-84 degrees, float64[n].
        tail: the node each arc leaves, int32[m].
        head: the node each arc reaches, int32[m].
        metres: arc lengths, float64[m].
        road: :class:`RoadClass` of each arc, uint8[m].
        limit: posted speed limit in km/h, 0 where none is known, uint8[m].
        signals: traffic lights passed on the arc, its head included, uint8[m].
        against: arcs that run against a one-way street; only a profile with ``contraflow_kmh`` drives them, bool[m].
        twin: the arc that runs the same shape the other way, or -1, int32[m].
        street: index into ``names``, int32[m]; ``names[0]`` is the street without a name.
        names: street names as the source writes them.
        shape: index of the polyline of each arc, int32[m]; an arc and its twin share one.
        backward: the arc runs its polyline from the end to the beginning, bool[m].
        shape_at: polyline ``k`` is ``shape_lon[shape_at[k]:shape_at[k + 1]]``, int64[k + 1].
        shape_lon: longitudes of all polylines, float64.
        shape_lat: latitudes of all polylines, float64.
        banned_at: forbidden arc sequence ``b`` is ``banned_arcs[banned_at[b]:banned_at[b + 1]]``, int64[b + 1].
        banned_arcs: the arcs of all forbidden sequences (each at least two long), int32.
        times: measured travel times in ms by profile name, int32[m]; they take the place of speeds by class.
        order: contraction order of the expanded nodes, int32, or None when it has not been computed.
        source: where the graph came from, for messages.
    """

    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    metres: Floats
    road: Bytes
    limit: Bytes
    signals: Bytes
    against: Bools
    twin: Ints
    street: Ints
    names: tuple[str, ...]
    shape: Ints
    backward: Bools
    shape_at: Longs
    shape_lon: Floats
    shape_lat: Floats
    banned_at: Longs = field(default_factory=lambda: np.zeros(1, np.int64))
    banned_arcs: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    times: Mapping[str, Millis] = field(default_factory=dict)
    order: Ints | None = None
    source: str = ""

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.lon)

    @property
    def arcs(self) -> int:
        """How many directed arcs there are."""
        return len(self.tail)

    @cached_property
    def topology(self) -> Topology:
        """The graph in which every way is a permitted way: nodes split where a turn is forbidden."""
        return expand(self.nodes, self.tail, self.head, self.banned_at, self.banned_arcs)

    def street_name(self, arc: int) -> str:
        """The name of an arc's street, or ``""``."""
        return self.names[int(self.street[arc])]

    def polyline(self, arc: int) -> Floats:
        """The shape of an arc in its direction of travel, float64[points, 2] of longitude and latitude."""
        begin, end = self.shape_at[self.shape[arc]], self.shape_at[self.shape[arc] + 1]
        line = np.column_stack([self.shape_lon[begin:end], self.shape_lat[begin:end]])
        return line[::-1] if self.backward[arc] else line

    def where(self, arc: int) -> dict[str, object]:
        """An arc's number, street and place, for messages."""
        node = int(self.tail[arc])
        name = self.street_name(arc) or "unnamed / 无名道路"
        return {"arc": int(arc), "street": name, "place": f"{self.lon[node]:.5f}, {self.lat[node]:.5f}"}

    def check(self) -> Graph:
        """The graph itself, after proving that its arrays fit together.

        Raises:
            RoadsError: ``roads.empty``, ``roads.shape``, ``roads.position``, ``roads.arc_end``, ``roads.length``,
                ``roads.time``, each with the first offender.
        """
        if not self.arcs or not self.nodes:
            raise RoadsError("roads.empty", source=self.source or "the graph")
        sized = ("head", "metres", "road", "limit", "signals", "against", "twin", "street", "shape", "backward")
        for name in sized:
            _sized(name, getattr(self, name), self.arcs)
        _sized("lat", self.lat, self.nodes)
        given = np.isfinite(self.lon) & np.isfinite(self.lat)
        bad = _first(~(given & (abs(self.lon) <= 180) & (abs(self.lat) < 90)))  # noqa: PLR2004
        if bad is not None:
            raise RoadsError("roads.position", index=bad, lon=float(self.lon[bad]), lat=float(self.lat[bad]))
        for ends in (self.tail, self.head):
            bad = _first((ends < 0) | (ends >= self.nodes))
            if bad is not None:
                raise RoadsError("roads.arc_end", arc=bad, node=int(ends[bad]), last=self.nodes - 1)
        bad = _first(~np.isfinite(self.metres) | (self.metres < 0))
        if bad is not None:
            raise RoadsError("roads.length", **self.where(bad), metres=float(self.metres[bad]))
        for name, ms in self.times.items():
            _sized(f"times[{name}]", ms, self.arcs)
            self.check_millis(ms)
        if self.order is not None:
            _sized("order", self.order, self.topology.nodes)
        return self

    def check_millis(self, ms: npt.NDArray[Any]) -> None:
        """Refuse travel times that are not finite or lie below one millisecond.

        Raises:
            RoadsError: ``roads.shape`` or ``roads.time`` with the first arc that is wrong.
        """
        _sized("travel times", ms, self.arcs)
        bad = _first(~np.isfinite(ms) | (ms < 1) | (ms > CLOSED))
        if bad is not None:
            raise RoadsError("roads.time", **self.where(bad), ms=ms[bad])

    def check_nodes(self, nodes: npt.ArrayLike) -> Ints:
        """Node numbers as int32, after proving that they exist.

        Raises:
            RoadsError: ``roads.node`` with the first number that does not.
        """
        given = np.atleast_1d(np.asarray(nodes))
        if not given.size:
            return np.zeros(0, np.int32)
        if given.dtype.kind not in "iu":
            raise RoadsError("roads.node", node=given.ravel()[0], last=self.nodes - 1)
        bad = _first((given < 0) | (given >= self.nodes))
        if bad is not None:
            raise RoadsError("roads.node", node=int(given[bad]), last=self.nodes - 1)
        return given.astype(np.int32)

    def parts(self) -> Ints:
        """The number of the strongly connected part each node lies in (one-way streets obeyed), int32[n]."""
        from scipy.sparse import coo_array  # type: ignore[import-untyped]
        from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

        keep = ~self.against
        ones = np.ones(int(keep.sum()), np.int8)
        links = coo_array((ones, (self.tail[keep], self.head[keep])), shape=(self.nodes, self.nodes))
        return np.asarray(connected_components(links, connection="strong")[1], dtype=np.int32)

    def main_part(self, *, least_share: float = 0.5) -> tuple[Graph, float]:
        """The largest strongly connected part and its share of the street length.

        Extracts cut at a boundary always leave stubs from which nobody comes back; a crew placed there would look
        unreachable, so they are left out.

        Raises:
            RoadsError: ``roads.disconnected`` when the largest part holds less than ``least_share`` of the length.
        """
        part = self.parts()
        inside = part[self.tail] == part[self.head]
        length = np.bincount(part[self.tail[inside]], weights=self.metres[inside], minlength=int(part.max()) + 1)
        best = int(length.argmax())
        share = float(length[best] / max(self.metres.sum(), 1e-9))
        if share < least_share:
            # parts that are single nodes say nothing to the reader; count those with streets
            with_streets = int((length > 0).sum())
            other = int(np.flatnonzero(part != best)[0]) if (part != best).any() else 0
            if with_streets > 1:
                other = int(np.flatnonzero(part == int(np.argsort(length)[-2]))[0])
            place = f"{self.lon[other]:.5f}, {self.lat[other]:.5f}"
            raise RoadsError("roads.disconnected", share=100 * share, parts=max(with_streets, 1), place=place)
        return self.keep_nodes(part == best), share

    def keep_nodes(self, keep: Bools) -> Graph:
        """The graph of some of the nodes and the arcs among them."""
        if keep.all():
            return self
        arcs = np.flatnonzero(keep[self.tail] & keep[self.head])
        node_now = np.cumsum(keep) - 1
        arc_now = np.full(self.arcs + 1, -1, np.int64)
        arc_now[arcs] = np.arange(len(arcs))
        shapes, shape = np.unique(self.shape[arcs], return_inverse=True)
        points, shape_at = _gather(self.shape_at, shapes)
        lengths = np.diff(self.banned_at)
        moved = arc_now[self.banned_arcs]
        whole = np.ones(len(lengths), np.bool_)
        np.logical_and.at(whole, np.repeat(np.arange(len(lengths)), lengths), moved >= 0)
        banned, banned_at = _gather(self.banned_at, np.flatnonzero(whole))
        return replace(
            self, lon=self.lon[keep], lat=self.lat[keep], order=None,
            tail=node_now[self.tail[arcs]].astype(np.int32), head=node_now[self.head[arcs]].astype(np.int32),
            metres=self.metres[arcs], road=self.road[arcs], limit=self.limit[arcs], signals=self.signals[arcs],
            against=self.against[arcs], twin=arc_now[self.twin[arcs]].astype(np.int32), street=self.street[arcs],
            shape=shape.astype(np.int32), backward=self.backward[arcs], shape_at=shape_at,
            shape_lon=self.shape_lon[points], shape_lat=self.shape_lat[points],
            banned_at=banned_at, banned_arcs=moved[banned].astype(np.int32),
            times={name: ms[arcs] for name, ms in self.times.items()},
        )  # fmt: skip

    def summary(self) -> dict[str, object]:
        """Figures a person asks for first: sizes, lengths by class, box, forbidden turns."""
        lengths = {
            RoadClass(int(c)).name.lower(): round(float(self.metres[self.road == c].sum()) / 1000, 3)
            for c in np.unique(self.road)
        }
        return {
            "nodes": self.nodes, "arcs": self.arcs, "against_one_way": int(self.against.sum()),
            "forbidden_turns": len(self.banned_at) - 1, "street_names": len(self.names) - 1,
            "km": round(float(self.metres.sum()) / 1000, 3), "km_by_class": lengths,
            "box": [float(self.lon.min()), float(self.lat.min()), float(self.lon.max()), float(self.lat.max())],
            "times": sorted(self.times), "source": self.source,
        }  # fmt: skip


def _first(wrong: Bools) -> int | None:
    return int(wrong.argmax()) if wrong.any() else None


def _sized(what: str, values: npt.NDArray[Any], wanted: int) -> None:
    if len(values) != wanted:
        raise RoadsError("roads.shape", what=what, wanted=wanted, found=len(values))


def _gather(at: Longs, rows: npt.NDArray[Any]) -> tuple[Longs, Longs]:
    """Positions of the values of some rows of a ragged array, and the offsets of the rows among them."""
    lengths = np.diff(at)[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    return np.repeat(at[:-1][rows], lengths) + within, offsets
