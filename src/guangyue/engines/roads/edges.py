"""A graph from plain arrays: nodes and directed arcs with lengths, speeds or measured times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from guangyue.engines.roads.arrays import CLOSED, Ints, Millis
from guangyue.engines.roads.classes import RoadClass
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.graph import Graph, metres_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["from_edges", "ragged"]

_MOST_KMH = 255
"""A posted limit is kept in one byte."""


def from_edges(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    *,
    metres: npt.ArrayLike | None = None,
    road: npt.ArrayLike | None = None,
    limit: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    kmh: npt.ArrayLike | None = None,
    seconds: Mapping[str, npt.ArrayLike] | None = None,
    banned: Iterable[Sequence[int]] = (),
    source: str = "",
) -> Graph:
    """A graph of straight arcs.

    Args:
        lon: node longitudes, WGS-84 degrees.
        lat: node latitudes.
        tail: node number each arc leaves.
        head: node number each arc reaches.
        metres: arc lengths; without them, great-circle distances.
        road: :class:`RoadClass` of each arc; without it, all are ``UNCLASSIFIED``.
        limit: posted limits in km/h, 0 where unknown.
        names: street name of each arc.
        kmh: measured speed of each arc for the ordinary profile, where ``seconds`` does not hold its time.
        seconds: measured travel times by profile name; infinite closes an arc.
        banned: forbidden arc sequences, each two long or longer.
        source: where it came from, for messages.

    Raises:
        RoadsError: whatever :meth:`Graph.check` finds, ``roads.time`` for measured times and ``roads.speed`` for measured
            speeds that are not above 0, ``roads.speed`` for a posted limit below 0 or above 255.
    """
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    t, h = np.asarray(tail, np.int32), np.asarray(head, np.int32)
    m = len(t)
    for ends in (t, h):
        wrong = (ends < 0) | (ends >= len(x))
        if wrong.any():
            arc = int(wrong.argmax())
            raise RoadsError("roads.arc_end", arc=arc, node=int(ends[arc]), last=len(x) - 1)
    if m == 0 or len(x) == 0:
        raise RoadsError("roads.empty", source=source or "the edge list")
    if len(h) != m or len(y) != len(x):
        raise RoadsError("roads.shape", what="head / lat", wanted=m, found=len(h))
    length = metres_between(x[t], y[t], x[h], y[h]) if metres is None else np.asarray(metres, np.float64)
    numbered = {"": 0}
    street = np.zeros(m, np.int32)
    if names is not None:
        street = np.array([numbered.setdefault(str(name or ""), len(numbered)) for name in names], np.int32)
    twin = _twins(t, h, length)
    first = np.where(twin >= 0, np.minimum(np.arange(m), twin), np.arange(m))
    shapes, shape = np.unique(first, return_inverse=True)
    banned_at, banned_arcs = ragged(banned)
    graph = Graph(
        lon=x, lat=y, tail=t, head=h, metres=length,
        road=np.full(m, RoadClass.UNCLASSIFIED, np.uint8) if road is None else np.asarray(road, np.uint8),
        limit=np.zeros(m, np.uint8),
        signals=np.zeros(m, np.uint8), against=np.zeros(m, np.bool_), twin=twin, street=street, names=tuple(numbered),
        shape=shape.astype(np.int32), backward=first != np.arange(m),
        shape_at=np.arange(0, 2 * len(shapes) + 1, 2, dtype=np.int64),
        shape_lon=np.column_stack([x[t[shapes]], x[h[shapes]]]).ravel(),
        shape_lat=np.column_stack([y[t[shapes]], y[h[shapes]]]).ravel(),
        banned_at=banned_at, banned_arcs=banned_arcs, source=source,
    )  # fmt: skip
    if limit is not None:
        posted = np.asarray(limit, np.float64)
        _speeds(graph, posted, ~(np.isfinite(posted) & (posted >= 0) & (posted <= _MOST_KMH)))
        object.__setattr__(graph, "limit", posted.astype(np.uint8))
    if kmh is not None and "ordinary" not in (seconds or {}):
        driven = np.asarray(kmh, np.float64)
        _speeds(graph, driven, ~(np.isfinite(driven) & (driven > 0)))
        seconds = dict(seconds or {}) | {"ordinary": np.maximum(length / driven * 3.6, 0.001)}
    times = {name: _measured(graph, np.asarray(given, np.float64)) for name, given in (seconds or {}).items()}
    object.__setattr__(graph, "times", times)
    return graph.check()


def _speeds(graph: Graph, kmh: npt.NDArray[np.float64], wrong: npt.NDArray[np.bool_]) -> None:
    if len(kmh) != graph.arcs:
        raise RoadsError("roads.shape", what="kmh / maxspeed", wanted=graph.arcs, found=len(kmh))
    if wrong.any():
        arc = int(wrong.argmax())
        raise RoadsError("roads.speed", **graph.where(arc), kmh=float(kmh[arc]))


def ragged(rows: Iterable[Sequence[int]]) -> tuple[npt.NDArray[np.int64], Ints]:
    """Offsets and values of rows of different lengths."""
    kept = [list(row) for row in rows]
    at = np.concatenate([[0], np.cumsum([len(row) for row in kept])]).astype(np.int64)
    return at, np.array([value for row in kept for value in row], np.int32)


def _twins(tail: Ints, head: Ints, metres: npt.NDArray[np.float64]) -> Ints:
    """For each arc the one that runs back over the same ground (same ends, same length), or -1."""
    m = len(tail)
    cm = np.rint(np.nan_to_num(metres, nan=-1.0, posinf=-1.0) * 100).astype(np.int64)
    twin = np.full(m, -1, np.int32)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    rank = np.lexsort((tail, cm, high, low))
    a, b = rank[:-1], rank[1:]
    pair = (low[a] == low[b]) & (high[a] == high[b]) & (cm[a] == cm[b]) & (tail[a] == head[b]) & (tail[a] != head[a])
    # in a run a, b, c of equal ground only the first two are partners
    taken = np.zeros(m, np.bool_)
    for i in np.flatnonzero(pair).tolist():
        if not taken[a[i]]:
            twin[a[i]], twin[b[i]] = b[i], a[i]
            taken[a[i]] = taken[b[i]] = True
    return twin


def _measured(graph: Graph, seconds: npt.NDArray[np.float64]) -> Millis:
    if len(seconds) != graph.arcs:
        raise RoadsError("roads.shape", what="seconds", wanted=graph.arcs, found=len(seconds))
    wrong = np.isnan(seconds) | (seconds <= 0)
    if wrong.any():
        arc = int(wrong.argmax())
        raise RoadsError("roads.time", **graph.where(arc), ms=float(seconds[arc]) * 1000)
    return np.clip(np.rint(np.where(np.isinf(seconds), CLOSED, seconds * 1000)), 1, CLOSED).astype(np.int32)
